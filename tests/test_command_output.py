"""Promises of the command line on where it writes: nothing of others is lost, and no interruption leaves half a table."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import jianbao
import pytest
from jianbao.corpus.article import Article
from jianbao.corpus.records import Records
from jianbao.pipeline import run as run_module
from jianbao.pipeline.parts import FOLDER
from made_calls import (
    BULLETINS,
    COMMAND,
    FINAL,
    FOUND,
    PAGE,
    denied,
    invoke,
    names,
    page,
    posix,
    spawn,
    states,
    table,
    tables,
)

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


@pytest.fixture(scope="module")
def many_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So many that a run takes seconds."""
    folder = tmp_path_factory.mktemp("many")
    for number in range(3000):
        page(folder / f"{number:04}.txt", f"{PAGE * 5}共{number}次。\n")
    return folder


@posix
@pytest.mark.parametrize("sort", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_stopped_leaves_the_earlier_tables_and_no_half_one(
    tmp_path: Path, many_pages: Path, sort: signal.Signals
) -> None:
    jianbao.run(page(tmp_path / "a.txt"), tmp_path / "out")
    before = tables(tmp_path / "out")
    child = subprocess.Popen(
        [*COMMAND, "-v", "run", many_pages, "--out", tmp_path / "out"],
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
