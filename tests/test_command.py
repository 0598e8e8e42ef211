"""Promises of the command line: what it says, its exit status, and that no input and no interruption hurts."""

from __future__ import annotations

import csv
import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jianbao
import pytest
from jianbao.corpus.article import Article
from jianbao.corpus.errors import DataError, InputError
from jianbao.corpus.records import Records
from jianbao.corpus.sources import list_sources, readable
from jianbao.pipeline import extraction
from jianbao.pipeline import run as run_module
from jianbao.pipeline.extraction import Pipeline
from jianbao.pipeline.parts import FOLDER
from jianbao.pipeline.tables import COLUMNS, DERIVED, plain
from made_commands import COMMAND, invoke

BULLETINS = Path(jianbao.__file__).parent / "corpus" / "bulletins"
PAGE = "某区侨联晒账单\n2023-05-06\n今年以来，区侨联走访侨眷46户，送去慰问金2000元，推出“侨助工坊”服务。\n"
FOUND = ["46户", "2000元"]
FINAL = {*(f"{name}.csv" for name in (*COLUMNS, *DERIVED)), "run.json", "totals.json", "run.log", FOLDER}
TABLES = {name for name in FINAL if name.endswith(".csv")}
dice = random.Random(2023)
posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX system")


def spawn(*words: str | Path, cwd: Path | None = None, **options: Any) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    done = subprocess.run(
        [*COMMAND, *words], capture_output=True, text=True, encoding="utf-8", errors="replace", cwd=cwd, **options
    )
    assert "Traceback" not in done.stderr
    return done


def page(path: Path, text: str = PAGE, encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path


def table(out: Path, name: str = "articles") -> list[dict[str, str]]:
    with (out / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return [{key: plain(cell) for key, cell in row.items()} for row in csv.DictReader(file)]


def states(out: Path) -> dict[str, str]:
    return {row["article"]: row["status"] for row in table(out)}


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def tables(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in TABLES}


def denied(*_: object, **__: object) -> bytes:
    raise PermissionError(13, "Permission denied")


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


# Articles that cannot be read: 3, and the others are read.


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\xff\xfe", "empty"),
        (" \r\n\u3000\n\t".encode(), "empty"),
        (" \u3000\n".encode("utf-16"), "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "neither text"),
        (b"\x00\x01\x02\x03" * 5000, "neither text"),
        (bytes(range(256)) * 40, "neither text"),
        (b"%PDF-1.4\n" + PAGE.encode(), "broken"),
    ],
)
def test_a_file_that_holds_no_text_fails_and_the_others_are_read(tmp_path: Path, data: bytes, message: str) -> None:
    page(tmp_path / "in" / "b.txt")
    (tmp_path / "in" / "a.txt").write_bytes(data)
    result = invoke("run", tmp_path / "in", "--out", tmp_path / "out")
    assert result.exit_code == 3
    assert states(tmp_path / "out") == {"a.txt": "failed", "b.txt": "ok"}
    assert message in table(tmp_path / "out")[0]["message"]
    assert len(table(tmp_path / "out", "indicators")) == len(FOUND)


@pytest.mark.parametrize("suffix", [".docx", ".PDF", ".html", ".zip"])
def test_a_plain_text_is_read_whatever_its_suffix_says(tmp_path: Path, suffix: str) -> None:
    page(tmp_path / "in" / f"a{suffix}")
    assert invoke("run", tmp_path / "in", "--out", tmp_path / "out").exit_code == 0
    assert table(tmp_path / "out")[0]["format"] == "text"
    assert len(table(tmp_path / "out", "indicators")) == len(FOUND)


def test_a_file_without_permission_fails_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page(tmp_path / "in" / "a.txt")
    page(tmp_path / "in" / "b.txt", PAGE + "完\n")
    opened = Path.open
    monkeypatch.setattr(
        Path, "open", lambda path, *how, **more: denied() if path.name == "a.txt" else opened(path, *how, **more)
    )
    assert invoke("run", tmp_path / "in", "--out", tmp_path / "out").exit_code == 3
    assert states(tmp_path / "out") == {"a.txt": "failed", "b.txt": "ok"}
    assert "no permission" in table(tmp_path / "out")[0]["message"]
    explained = invoke("explain", tmp_path / "in" / "a.txt")
    assert explained.exit_code == 2
    assert "no permission" in explained.output


def test_a_broken_disk_is_named_in_the_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: Path, *how: Any, **more: Any) -> Any:
        if path.name != "a.txt":
            return opened(path, *how, **more)
        raise OSError(5, "Input/output error")

    page(tmp_path / "in" / "a.txt")
    opened = Path.open
    monkeypatch.setattr(Path, "open", broken)
    assert invoke("run", tmp_path / "in", "--out", tmp_path / "out").exit_code == 3
    assert "Input/output error" in table(tmp_path / "out")[0]["message"]


def test_a_folder_inside_that_cannot_be_listed_is_a_failed_row_not_a_hole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page(tmp_path / "in" / "a.txt")
    page(tmp_path / "in" / "secret" / "b.txt")
    scan = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: _denied_scan(path) if str(path).endswith("secret") else scan(path))
    assert invoke("run", tmp_path / "in", "--out", tmp_path / "out").exit_code == 3
    assert states(tmp_path / "out") == {"a.txt": "ok", "secret": "failed"}


def _denied_scan(path: object) -> object:
    raise PermissionError(13, "Permission denied", str(path))


def test_an_input_folder_without_permission_is_wrong_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page(tmp_path / "in" / "a.txt")
    monkeypatch.setattr(os, "access", lambda *_: False)
    result = invoke("run", tmp_path / "in", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "is not readable" in result.output
    with pytest.raises(InputError, match="no permission"):
        list_sources(tmp_path / "in")


def test_a_fault_of_ours_in_one_article_does_not_lose_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(article: Article) -> Article:
        if article.id == "a.txt":
            raise ValueError("low is above high")
        return article

    page(tmp_path / "in" / "a.txt")
    page(tmp_path / "in" / "b.txt", PAGE + "完\n")
    monkeypatch.setattr(extraction, "folded", stumble)
    assert invoke("run", tmp_path / "in", "--out", tmp_path / "out").exit_code == 3
    assert states(tmp_path / "out") == {"a.txt": "failed", "b.txt": "ok"}
    assert table(tmp_path / "out")[0]["message"].startswith("ValueError: low is above high; a fault of jianbao")


def test_a_broken_lexicon_stops_the_run_and_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(article: Article) -> Article:
        raise DataError("nouns.tsv:3: '户' stands twice")

    monkeypatch.setattr(extraction, "folded", stumble)
    result = invoke("run", page(tmp_path / "a.txt"), "--out", tmp_path / "out")
    assert (result.exit_code, result.output) == (1, "jianbao: nouns.tsv:3: '户' stands twice\n")
    assert names(tmp_path / "out") == set()


# Encodings, names, repeats.


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_a_page_gives_the_same_rows_in_every_encoding(tmp_path: Path, encoding: str, ends: str) -> None:
    page(tmp_path / "a.txt", PAGE.replace("\n", ends), encoding)
    assert invoke("run", tmp_path / "a.txt", "--out", tmp_path / "out").exit_code == 0
    rows = table(tmp_path / "out", "indicators")
    assert [PAGE[int(row["start"]) : int(row["end"])] for row in rows] == FOUND
    assert table(tmp_path / "out")[0]["message"] == ""


def test_broken_bytes_make_an_article_partial_and_its_rows_stay(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(PAGE.encode() + "侨".encode()[:2] + b"\n" + b"\xff\xfe\n")
    assert invoke("run", tmp_path / "a.txt", "--out", tmp_path / "out").exit_code == 0
    (row,) = table(tmp_path / "out")
    assert row["status"] == "partial"
    assert "replaced by U+FFFD" in row["message"]
    assert [row["text"] for row in table(tmp_path / "out", "indicators")] == FOUND


@posix
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"my page.txt", "my page.txt"),
        ("简报（第一期）.txt".encode(), "简报（第一期）.txt"),
        ("😀.txt".encode(), "😀.txt"),
        (b"two\nlines.txt", "two\nlines.txt"),
        (b"-o.txt", "-o.txt"),
        (b'a,"b".txt', 'a,"b".txt'),
        (b"\xff.txt", "\ufffd.txt"),
        ("侨联简报.txt".encode("gbk"), "侨联简报.txt"),
        (b"UP.TXT", "UP.TXT"),
    ],
)
def test_odd_file_names_are_read_and_shown(tmp_path: Path, name: bytes, shown: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    path = Path(os.fsdecode(os.path.join(os.fsencode(folder), name)))
    try:
        page(path)
    except OSError:
        pytest.skip("the file system refuses such a name")
    for given in (folder, path):
        done = spawn("-v", "run", given, "--out", tmp_path / "out")
        assert done.returncode == 0
        assert states(tmp_path / "out") == {shown: "ok"}
        assert {row["article"] for row in table(tmp_path / "out", "indicators")} == {shown}
    assert spawn("explain", path).returncode == 0
    assert spawn("run", path.with_suffix(".none"), "--out", tmp_path / "out").returncode == 2


@posix
def test_an_output_folder_may_have_an_odd_name_too(tmp_path: Path) -> None:
    page(tmp_path / "a.txt")
    out = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff out\n"))
    done = spawn("run", tmp_path / "a.txt", "--out", out)
    assert done.returncode == 0
    assert names(out) == FINAL
    assert readable(out).encode()


def test_two_inputs_with_the_same_file_name_stay_apart(tmp_path: Path) -> None:
    for number, folder in enumerate(("甲", "乙", "丙/乙", "丁/乙")):
        page(tmp_path / folder / "a.txt", f"{PAGE}共{number + 1}次。\n")
    folders = [tmp_path / folder for folder in ("甲", "乙", "丙/乙", "丁/乙")]
    assert invoke("run", *folders, "--out", tmp_path / "out").exit_code == 0
    assert list(states(tmp_path / "out")) == ["a.txt", "乙/a.txt", "乙/a.txt~2", "乙/a.txt~3"]


def test_the_article_is_named_by_its_path_inside_the_input_folder(tmp_path: Path) -> None:
    page(tmp_path / "in" / "b" / "c" / "d.txt")
    page(tmp_path / "in" / "a.txt", PAGE + "完\n")
    assert invoke("run", tmp_path / "in", "--out", tmp_path / "out").exit_code == 0
    assert list(states(tmp_path / "out")) == ["a.txt", "b/c/d.txt"]


def test_the_same_text_twice_is_read_once_and_named(tmp_path: Path) -> None:
    page(tmp_path / "in" / "a.txt")
    page(tmp_path / "in" / "b.txt", PAGE, "gbk")
    result = invoke("run", tmp_path / "in", "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert "1 done, 1 repeated" in result.output
    assert states(tmp_path / "out") == {"a.txt": "ok", "b.txt": "repeat"}
    assert table(tmp_path / "out")[1]["message"] == "the same text as a.txt (与 a.txt 相同)"
    assert {row["article"] for row in table(tmp_path / "out", "indicators")} == {"a.txt"}


def test_a_folder_and_a_file_in_it_are_not_counted_twice(tmp_path: Path) -> None:
    path = page(tmp_path / "in" / "a.txt")
    assert invoke("run", tmp_path / "in", path, "--out", tmp_path / "out").exit_code == 0
    assert list(states(tmp_path / "out").values()) == ["ok", "repeat"]
    assert len(table(tmp_path / "out", "indicators")) == len(FOUND)


def test_one_path_is_no_list_of_its_letters(tmp_path: Path) -> None:
    path = page(tmp_path / "a.txt")
    assert [source.path for source in list_sources(str(path))] == [path]
    assert [article.id for article in jianbao.read(str(path))] == ["a.txt"]
    assert jianbao.run(str(path), tmp_path / "out").tally.done == 1
    with pytest.raises(InputError):
        list_sources([])


@posix
def test_a_loop_of_links_ends_and_a_broken_link_fails(tmp_path: Path) -> None:
    page(tmp_path / "in" / "a.txt")
    (tmp_path / "in" / "again").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "self.txt").symlink_to("self.txt")
    (tmp_path / "in" / "gone.txt").symlink_to("nowhere.txt")
    done = spawn("run", tmp_path / "in", "--out", tmp_path / "out", timeout=30)
    assert done.returncode == 3
    assert states(tmp_path / "out") == {"a.txt": "ok", "gone.txt": "failed", "self.txt": "failed"}
    assert spawn("run", tmp_path / "in" / "self.txt", "--out", tmp_path / "out", timeout=30).returncode == 2


@posix
def test_a_pipe_or_a_device_is_refused_without_waiting(tmp_path: Path) -> None:
    page(tmp_path / "in" / "a.txt")
    os.mkfifo(tmp_path / "in" / "b.txt")
    done = spawn("run", tmp_path / "in", "/dev/zero", "--out", tmp_path / "out", timeout=30)
    assert done.returncode == 3
    assert states(tmp_path / "out") == {"a.txt": "ok", "b.txt": "failed", "zero": "failed"}


# Large and strange texts.


def limited() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))


@posix
@pytest.mark.parametrize(
    "make",
    [
        lambda: "今年以来走访慰问侨胞送去温暖" * 250_000,
        lambda: " ".join(map(str, range(1_400_000))),
        lambda: "侨" * 3_400_000,
    ],
    ids=["words", "numbers", "letter"],
)
def test_a_line_of_ten_megabytes_is_read_in_a_minute_and_two_gigabytes(tmp_path: Path, make: Callable[[], str]) -> None:
    path = page(tmp_path / "a.txt", make())
    assert path.stat().st_size > 9_500_000
    done = spawn("run", path, "--out", tmp_path / "out", timeout=60, preexec_fn=limited)
    assert done.returncode == 0
    assert states(tmp_path / "out") == {"a.txt": "ok"}
    assert spawn("explain", path, timeout=60, preexec_fn=limited).returncode == 0


@posix
def test_a_line_of_a_hundred_megabytes_fails_at_once_and_the_others_are_read(tmp_path: Path) -> None:
    page(tmp_path / "in" / "a.txt")
    (tmp_path / "in" / "b.txt").write_bytes("侨".encode() * 33_000_000)
    done = spawn("run", tmp_path / "in", "--out", tmp_path / "out", timeout=30, preexec_fn=limited)
    assert done.returncode == 3
    assert states(tmp_path / "out") == {"a.txt": "ok", "b.txt": "failed"}
    assert "split the file" in (tmp_path / "out" / "articles.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda count: "".join(f"走访{dice.randint(1, 9999)}户" for _ in range(count)), id="units"),
        pytest.param(lambda count: "今年，推出“侨助工坊”，走访侨眷46户，其中困难侨眷7户；" * (count // 4), id="brands"),
        pytest.param(lambda count: "走访30户\n" * count, id="lines"),
        pytest.param(lambda count: "1" * count * 4, id="digits"),
        pytest.param(lambda count: "一二三四五六七八九十百千万亿" * (count // 3), id="numerals"),
        pytest.param(lambda count: "“‘" * count * 2, id="quotes"),
    ],
)
def test_time_grows_with_the_length_of_the_text_and_no_faster(make: Callable[[int], str]) -> None:
    def seconds(text: str) -> float:
        started = time.process_time()
        jianbao.extract(text)
        return time.process_time() - started

    jianbao.extract(PAGE)
    short = min(seconds(make(1500)) for _ in range(2))
    assert seconds(make(6000)) < 8 * short + 0.2


# The output folder.


def test_a_file_in_the_place_of_the_output_folder_is_wrong_use_and_stays(tmp_path: Path) -> None:
    path = page(tmp_path / "a.txt")
    result = invoke("run", path, "--out", page(tmp_path / "out", "mine"))
    assert result.exit_code == 2
    assert "is a file" in result.output
    assert (tmp_path / "out").read_text(encoding="utf-8") == "mine"
    assert invoke("run", path, "--out", tmp_path / "out" / "deeper").exit_code == 2


@pytest.mark.parametrize("name", ["indicators.csv", "run.json"])
@pytest.mark.parametrize("text", ["mine", '{"scripts": {}}'])
def test_tables_of_others_are_not_overwritten(tmp_path: Path, name: str, text: str) -> None:
    path = page(tmp_path / "a.txt")
    page(tmp_path / "out" / name, text)
    result = invoke("run", path, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert name in result.output
    assert names(tmp_path / "out") == {name}
    assert (tmp_path / "out" / name).read_text(encoding="utf-8") == text


def test_other_files_in_the_output_folder_stay(tmp_path: Path) -> None:
    page(tmp_path / "out" / "notes.md", "mine")
    assert invoke("run", page(tmp_path / "a.txt"), "--out", tmp_path / "out").exit_code == 0
    assert names(tmp_path / "out") == {*FINAL, "notes.md"}


def test_tables_of_an_earlier_run_are_replaced(tmp_path: Path) -> None:
    invoke("run", BULLETINS, "--out", tmp_path / "out")
    assert invoke("run", page(tmp_path / "a.txt"), "--out", tmp_path / "out").exit_code == 0
    assert states(tmp_path / "out") == {"a.txt": "ok"}
    assert len(table(tmp_path / "out", "indicators")) == len(FOUND)
    assert json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))["read"] == 1


@pytest.mark.parametrize("method", ["mkdir", "touch", "open"])
def test_an_output_folder_that_cannot_be_written_is_wrong_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    path = page(tmp_path / "a.txt")
    monkeypatch.setattr(Path, method, denied)
    result = invoke("run", path, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "cannot be written: Permission denied" in result.output


@posix
@pytest.mark.parametrize("out", ["/proc/jianbao", "x" * 300, "\x01" * 5000])
def test_an_output_folder_that_cannot_be_made_is_wrong_use(tmp_path: Path, out: str) -> None:
    assert spawn("run", page(tmp_path / "a.txt"), "--out", out, cwd=tmp_path).returncode == 2


def test_a_full_disk_leaves_the_earlier_tables_and_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    invoke("run", BULLETINS, "--out", tmp_path / "out")
    before = tables(tmp_path / "out"), (tmp_path / "out" / "run.json").read_bytes()
    monkeypatch.setattr(run_module, "settle", full)
    result = invoke("run", page(tmp_path / "a.txt"), "--out", tmp_path / "out")
    assert result.exit_code != 0
    assert "No space left on device" in result.output
    assert (tables(tmp_path / "out"), (tmp_path / "out" / "run.json").read_bytes()) == before
    assert names(tmp_path / "out") == FINAL


def test_an_input_folder_may_hold_the_output_folder(tmp_path: Path) -> None:
    page(tmp_path / "a.txt")
    for out in (tmp_path / "out", tmp_path, tmp_path / "out"):
        assert invoke("run", tmp_path, "--out", out).exit_code == 0
        assert states(out) == {"a.txt": "ok"}


# Interruptions.


@pytest.mark.parametrize("stop", [KeyboardInterrupt, MemoryError, OSError, UnicodeError, BrokenPipeError])
def test_what_the_watcher_raises_comes_through_and_the_earlier_tables_stay(
    tmp_path: Path, stop: type[BaseException]
) -> None:
    def watch(article: Article, _: Records) -> None:
        if article.id.startswith("l"):
            raise stop

    jianbao.run(page(tmp_path / "a.txt"), tmp_path / "out")
    before = tables(tmp_path / "out")
    with pytest.raises(stop):
        jianbao.run(BULLETINS, tmp_path / "out", watch=watch)
    assert tables(tmp_path / "out") == before
    with pytest.raises(stop):
        jianbao.run(BULLETINS, tmp_path / "new", watch=watch)
    assert names(tmp_path / "new") == ({"run.json", "run.log"} if stop is KeyboardInterrupt else set())


@posix
@pytest.mark.parametrize("sort", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_stopped_leaves_the_earlier_tables_and_no_half_one(tmp_path: Path, sort: signal.Signals) -> None:
    for number in range(3000):
        page(tmp_path / "in" / f"{number:04}.txt", f"{PAGE * 5}共{number}次。\n")
    jianbao.run(page(tmp_path / "a.txt"), tmp_path / "out")
    before = tables(tmp_path / "out")
    child = subprocess.Popen(
        [*COMMAND, "-v", "run", tmp_path / "in", "--out", tmp_path / "out"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert child.stderr is not None
    with child.stderr:
        assert child.stderr.readline().startswith("0000.txt: ok")
        child.send_signal(sort)
        rest = child.stderr.read()
    assert child.wait(60) == (-sort if sort == signal.SIGKILL else 1)
    assert "Traceback" not in rest
    assert tables(tmp_path / "out") == before
    if sort != signal.SIGKILL:
        assert names(tmp_path / "out") | {FOLDER} == FINAL
        assert "give the same command again" in rest
    assert invoke("run", tmp_path / "a.txt", "--out", tmp_path / "out").exit_code == 0
    assert names(tmp_path / "out") == FINAL
