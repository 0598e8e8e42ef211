"""Promises of the command line: what it says, and its exit status where it is used wrongly."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import jianbao
import pytest
from jianbao.pipeline.extraction import Pipeline
from jianbao.pipeline.parts import FOLDER
from made_calls import BULLETINS, COMMAND, FINAL, FOUND, PAGE, invoke, names, page, posix, spawn, table

# What it says.


@pytest.mark.parametrize("words", [(), ("run",), ("demo",), ("explain",)])
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_every_command_explains_itself_in_two_languages(words: tuple[str, ...], flag: str) -> None:
    result = invoke(*words, flag)
    assert result.exit_code == 0
    assert "Usage: main" in result.output
    assert any("\u4e00" <= character <= "\u9fff" for character in result.output)


def test_help_names_the_exit_states_and_every_command() -> None:
    output = invoke("--help").output
    assert all(words in output for words in ("0 all articles read", "3 some failed", "2 the command", "1 anything"))
    assert all(f"\n  {name} " in output for name in ("run", "demo", "explain"))


def test_version_is_that_of_the_package() -> None:
    done = spawn("--version")
    assert (done.returncode, done.stdout) == (0, f"jianbao {jianbao.__version__}\n")


def test_run_says_what_it_read_and_where_the_tables_are(tmp_path: Path) -> None:
    page(tmp_path / "in" / "a.txt")
    result = invoke("run", tmp_path / "in", "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert "1 articles read: 1 done, 0 repeated, 0 failed" in result.output
    assert names(tmp_path / "out") == FINAL
    assert f"{tmp_path / 'out' / 'indicators.csv'}  2 rows" in result.output
    assert [row["text"] for row in table(tmp_path / "out", "indicators")] == FOUND


def test_quiet_says_nothing_when_all_went_well_and_names_failures(tmp_path: Path) -> None:
    page(tmp_path / "in" / "a.txt")
    assert invoke("-q", "run", tmp_path / "in", "--out", tmp_path / "out").output == ""
    page(tmp_path / "in" / "b.txt", "")
    failed = invoke("-q", "run", tmp_path / "in", "--out", tmp_path / "out")
    assert failed.exit_code == 3
    assert (
        failed.output == f"jianbao: 1 articles failed; see status and message in {tmp_path / 'out' / 'articles.csv'}\n"
    )


def test_verbose_names_every_article_as_it_is_read(tmp_path: Path) -> None:
    page(tmp_path / "in" / "a.txt")
    page(tmp_path / "in" / "b.txt", "")
    done = spawn("-v", "run", tmp_path / "in", "--out", tmp_path / "out")
    assert done.stderr.splitlines()[:2] == [
        "a.txt: ok, 2 indicators, 1 brands",
        "b.txt: failed, 0 indicators, 0 brands the file is empty (文件为空)",
    ]


def test_no_progress_bar_in_a_pipe(tmp_path: Path) -> None:
    done = spawn("run", BULLETINS, "--out", tmp_path / "out")
    assert done.stderr == ""
    assert "\r" not in done.stdout
    assert "\x1b" not in done.stdout


def test_demo_prints_rows_of_the_bundled_bulletins(tmp_path: Path) -> None:
    done = spawn("demo", "--rows", "7", cwd=tmp_path)
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert lines[0].split() == ["region", "brand", "indicator", "value", "unit", "bound", "period", "evidence"]
    assert lines[8].startswith(f"{len(list(BULLETINS.iterdir()))} articles read")
    assert names(tmp_path / "jianbao-demo") == FINAL


def test_explain_names_rules_and_refusals_and_marks_what_is_no_body(tmp_path: Path) -> None:
    path = page(tmp_path / "a.txt", PAGE + "这是第九批侨眷，有12户。\n上一篇：没有了\n")
    done = spawn("explain", path)
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert any(line.startswith("    indicator  46户  46..46 户 exact households") for line in lines)
    assert any(line.startswith("    brand      侨助工坊") and "brand." in line for line in lines)
    assert any(line.startswith("    refused    ") and "refuse." in line for line in lines)
    assert "  | 上一篇：没有了" in lines
    assert "\x1b" not in done.stdout
    assert "\x1b" in invoke("explain", path, "--colour").output


def test_explain_shows_each_mention_of_every_bulletin_once() -> None:
    for path in sorted(BULLETINS.iterdir()):
        (article,) = jianbao.read(path)
        records = Pipeline()(article)
        output = invoke("explain", path).output
        assert output.count("\n    indicator  ") == len(records.indicators)
        assert output.count("\n    brand      ") == len(records.brands)
        assert output.count("\n    refused    ") == len(records.refusals)


@posix
@pytest.mark.parametrize(
    "words", [["explain", "{page}"], ["demo", "--rows", "200"], ["-v", "run", "{page}", "-o", "out"]]
)
def test_a_reader_that_leaves_early_is_no_error_to_speak_of(tmp_path: Path, words: list[str]) -> None:
    path = page(tmp_path / "a.txt", PAGE * 3000)
    child = subprocess.Popen(
        [*COMMAND, *(word.format(page=path) for word in words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
    )
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.close()
    said = child.stderr.read().decode()
    child.stderr.close()
    assert child.wait(60) in (0, 1)
    assert "Traceback" not in said
    assert "BrokenPipe" not in said


@posix
def test_a_console_that_cannot_show_chinese_stops_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "简报 一期"
    page(folder / "a.txt")
    env = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    done = spawn("run", folder, "--out", tmp_path / "输出", env=env)
    assert done.returncode == 0
    assert "\\u8f93\\u51fa" in done.stdout
    assert spawn("explain", folder / "a.txt", env=env).returncode == 0


# Used wrongly: 2.


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["run"],
        ["run", "x"],
        ["frobnicate"],
        ["run", "x", "-o", "y", "--nope"],
        ["demo", "--rows", "0"],
        ["explain"],
    ],
)
def test_a_command_line_that_is_none_is_wrong_use(words: list[str]) -> None:
    result = invoke(*words)
    assert result.exit_code == 2
    assert "Usage: main" in result.output


def test_a_path_that_is_not_there_is_wrong_use_and_makes_no_folder(tmp_path: Path) -> None:
    result = invoke("run", tmp_path / "无", "--out", tmp_path / "out")
    assert (result.exit_code, result.output) == (
        2,
        f"jianbao: {tmp_path / '无'}: no such file or folder (文件或文件夹不存在)\n",
    )
    assert names(tmp_path) == set()


def test_a_folder_without_articles_is_wrong_use(tmp_path: Path) -> None:
    page(tmp_path / "in" / "photo.jpg")
    page(tmp_path / "in" / ".hidden.txt")
    result = invoke("run", tmp_path / "in", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "no article in" in result.output


@pytest.mark.parametrize("encoding", ["klingon", "hex", "undefined", "idna"])
def test_an_encoding_that_cannot_be_written_is_wrong_use(tmp_path: Path, encoding: str) -> None:
    page(tmp_path / "a.txt")
    result = invoke("run", tmp_path / "a.txt", "--out", tmp_path / "out", "--encoding", encoding)
    assert result.exit_code == 2
    assert encoding in result.output
    assert names(tmp_path / "out") <= {FOLDER, "run.log"}


def test_an_encoding_that_lacks_a_character_says_which(tmp_path: Path) -> None:
    page(tmp_path / "a.txt", PAGE.replace("侨眷", "𠮷姓侨眷😀"))
    result = invoke("run", tmp_path / "a.txt", "--out", tmp_path / "out", "--encoding", "gbk")
    assert result.exit_code == 2
    assert "gbk: cannot write '𠮷'; use utf-8-sig or gb18030" in result.output
    assert names(tmp_path / "out") <= {FOLDER, "run.log"}
    assert invoke("run", tmp_path / "a.txt", "--out", tmp_path / "out", "--encoding", "gb18030").exit_code == 0


def test_explain_takes_one_readable_file(tmp_path: Path) -> None:
    assert "is a folder" in invoke("explain", tmp_path).output
    page(tmp_path / "a.txt", "")
    result = invoke("explain", tmp_path / "a.txt")
    assert (result.exit_code, result.output) == (2, f"jianbao: {tmp_path / 'a.txt'}: the file is empty (文件为空)\n")
    assert invoke("explain", tmp_path / "b.txt").exit_code == 2
