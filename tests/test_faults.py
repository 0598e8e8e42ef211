"""Promises of a run that meets a fault: killed, out of disk, out of its inputs or not alone, it loses nothing and goes on."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from jianbao.corpus.errors import OutputError
from jianbao.corpus.sources import Source, list_sources
from jianbao.pipeline import lock as lock_module
from jianbao.pipeline import run as run_module
from jianbao.pipeline.engines import processes, serial
from jianbao.pipeline.lock import LOCK, held
from jianbao.pipeline.parts import FOLDER
from jianbao.pipeline.run import run
from made_troubles import (
    COMMAND,
    TABLES,
    Troubled,
    awaited,
    bulletin,
    corpus,
    environment,
    events,
    marked,
    redone,
    rows_but,
    tables,
    told,
)

pytestmark = pytest.mark.usefixtures("small_batches")
posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX system")
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
dice = random.Random(7)
# Twenty random moments, as shares of the time that a run takes; every third run is one of processes.
MOMENTS = [(number, dice.random(), 2 if number % 3 == 2 else 0, dice.random() < 0.5) for number in range(20)]


class Undisturbed:
    """A corpus, and what an undisturbed run of the command makes of it in how many seconds."""

    def __init__(self, folder: Path) -> None:
        self.inputs, self.out = corpus(folder / "in", 200), folder / "out"
        self.seconds = {workers: self._timed(workers) for workers in (0, 2)}
        self.tables = tables(self.out)

    def _timed(self, workers: int) -> float:
        shutil.rmtree(self.out, ignore_errors=True)
        child = started(self.inputs, self.out, workers)
        assert awaited((self.out / LOCK).exists)
        begun = time.monotonic()
        assert child.wait(120) == 3  # some of the articles are empty
        return time.monotonic() - begun


def started(inputs: Path, out: Path, workers: int, mark: str = "", *more: str) -> subprocess.Popen[bytes]:
    """The command at work, in a group of its own."""
    engine = ["--workers", str(workers)] if workers else ["--engine", "serial"]
    return subprocess.Popen(
        [*COMMAND, "-q", "run", inputs, "--out", out, *engine, *more],
        stderr=subprocess.PIPE,
        env=environment(JIANBAO_MARK=mark),
        start_new_session=True,
    )


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    return Undisturbed(tmp_path_factory.mktemp("undisturbed"))


# Killed.


@linux
@pytest.mark.parametrize(("number", "moment", "workers", "with_workers"), MOMENTS)
def test_a_run_that_is_killed_at_any_moment_goes_on_to_the_same_bytes(
    undisturbed: Undisturbed, tmp_path: Path, number: int, moment: float, workers: int, with_workers: bool
) -> None:
    out, mark = tmp_path / "out", f"JIANBAO_MARK=kill-{os.getpid()}-{number}"
    child = started(undisturbed.inputs, out, workers, mark.partition("=")[2])
    assert awaited((out / LOCK).exists)
    time.sleep(moment * undisturbed.seconds[workers])
    os.killpg(child.pid, signal.SIGKILL)
    for process in marked(mark) if with_workers else ():
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
    child.communicate(timeout=30)
    there = tables(out)
    assert all(undisturbed.tables[name] == there[name] for name in there)  # none is half there
    again = started(undisturbed.inputs, out, workers)
    assert again.communicate(timeout=120)[1].count(b"Traceback") == 0
    assert again.returncode == 3
    assert tables(out) == undisturbed.tables
    assert {path.name for path in out.iterdir()} == {path.name for path in undisturbed.out.iterdir()}
    assert len(list((out / FOLDER).iterdir())) == len(list((undisturbed.out / FOLDER).iterdir()))
    assert awaited(lambda: not list(marked(mark)), 10)


@linux
def test_what_was_done_before_a_kill_is_not_done_again(undisturbed: Undisturbed, tmp_path: Path) -> None:
    out = tmp_path / "out"
    child = started(undisturbed.inputs, out, 0)
    assert awaited(lambda: len(list((out / FOLDER).glob("*.json"))) >= 5)
    child.kill()
    child.communicate()
    kept = len(list((out / FOLDER).glob("*.json")))
    run(undisturbed.inputs, out, engine=serial, pipeline=Troubled())
    assert redone(out) == len(list((out / FOLDER).glob("*.json"))) - kept


# Without room.


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own, where this user may have one."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this user may not mount a disk; the next test bounds files instead")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@linux
@pytest.mark.parametrize("kilobytes", [0, 300, 900])
def test_a_full_disk_leaves_the_earlier_tables_and_room_lets_the_run_go_on(
    undisturbed: Undisturbed, tmp_path: Path, disk: Path, kilobytes: int
) -> None:
    out = disk / "out"
    run(corpus(tmp_path / "few", 20), out, engine=serial)
    before = tables(out)
    room = os.statvfs(disk)
    (disk / "ballast").write_bytes(bytes(room.f_bavail * room.f_frsize - (kilobytes << 10)))
    with pytest.raises(OutputError, match="No space left on device") as told:
        run(undisturbed.inputs, out, engine=serial)
    assert str(out) in str(told.value)
    assert "give the same command again" in str(told.value)
    assert tables(out) == before
    assert json.loads((out / "run.json").read_text(encoding="utf-8"))["fingerprint"]
    assert {path.name for path in out.iterdir()} == {path.name for path in undisturbed.out.iterdir()}
    assert not list((out / FOLDER).glob("*.part"))
    kept = len(list((out / FOLDER).glob("*.json"))) - 3
    (disk / "ballast").unlink()
    run(undisturbed.inputs, out, engine=serial)
    assert tables(out) == undisturbed.tables
    assert redone(out) <= len(list((out / FOLDER).glob("*.json"))) - kept


def test_a_disk_that_is_full_for_the_sums_alone_is_told_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import duckdb

    def full(*_: object) -> None:
        raise duckdb.TransactionException(
            f"Failed to commit: Could not write file {'x' * 200}: No space left on device"
        )

    folder = corpus(tmp_path / "in", 20)
    with monkeypatch.context() as patch:
        patch.setattr(run_module, "derive", full)
        with pytest.raises(OutputError, match=r"cannot be summed.*No space left on device.*the same command again"):
            run(folder, tmp_path / "out", engine=serial)
    assert not tables(tmp_path / "out")
    run(folder, tmp_path / "out", engine=serial)
    assert redone(tmp_path / "out") == 0


@linux
def test_a_file_that_may_not_grow_leaves_the_earlier_tables_and_is_told(
    undisturbed: Undisturbed, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run(corpus(tmp_path / "few", 20), out, engine=serial)
    before = tables(out)
    limit = "import resource, signal\nresource.setrlimit(resource.RLIMIT_FSIZE, (40 << 10, 40 << 10))\n"
    limit += "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    command = [*COMMAND[:-1], limit + COMMAND[-1], "run", undisturbed.inputs, "--out", out]
    done = subprocess.run(command, capture_output=True, text=True, env=environment(), timeout=60)
    assert done.returncode == 2
    assert f"{out}: cannot be written: File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert tables(out) == before
    run(undisturbed.inputs, out, engine=serial)
    assert tables(out) == undisturbed.tables


# Inputs that do not stay.


def test_an_input_that_vanishes_before_it_is_read_costs_its_own_row(tmp_path: Path) -> None:
    folder = corpus(tmp_path / "in", 40)
    run(folder, tmp_path / "fine", engine=serial)
    listed = list_sources(folder)
    (folder / "0011.txt").unlink()
    (folder / "0012.txt").unlink()
    (folder / "0012.txt").mkdir()
    run(folder, tmp_path / "out", sources=listed, engine=serial)
    gone = {"0011.txt", "0012.txt"}
    rows = told(tmp_path / "out")
    assert all(rows[name][0] == "failed" and rows[name][1] for name in gone)
    assert rows_but(tmp_path / "out", gone) == rows_but(tmp_path / "fine", gone)


def test_an_input_that_changes_before_it_is_read_is_read_as_it_then_is(tmp_path: Path) -> None:
    folder = corpus(tmp_path / "in", 40)
    listed = list_sources(folder)
    (folder / "0011.txt").write_text(bulletin(500), encoding="utf-8")
    run(folder, tmp_path / "out", sources=listed, engine=serial)
    run(folder, tmp_path / "fine", engine=serial)
    assert tables(tmp_path / "out") == tables(tmp_path / "fine")


@pytest.mark.parametrize("engine", [serial, processes(2)], ids=["serial", "processes"])
def test_inputs_that_change_or_vanish_after_they_were_read_do_not_matter(tmp_path: Path, engine: object) -> None:
    folder = corpus(tmp_path / "in", 40)
    run(folder, tmp_path / "fine", engine=serial)

    def lose(_: int) -> None:
        for path in folder.iterdir():
            path.unlink() if path.name > "0020.txt" else path.write_text(bulletin(600), encoding="utf-8")

    run(folder, tmp_path / "out", counted=lose, engine=engine)  # type: ignore[arg-type]
    assert tables(tmp_path / "out") == tables(tmp_path / "fine")


@posix
def test_a_file_that_is_cut_while_it_is_read_is_read_once(tmp_path: Path) -> None:
    """What its text is and what was found in it come from one reading."""
    folder = corpus(tmp_path / "in", 12)
    path = folder / "0006.txt"
    path.write_text(bulletin(6) * 2000, encoding="utf-8")
    child = started(folder, tmp_path / "out", 0)
    assert awaited((tmp_path / "out" / LOCK).exists)
    os.truncate(path, 3000)
    child.communicate(timeout=60)
    path.write_text(bulletin(6) * 2000, encoding="utf-8")
    run(folder, tmp_path / "whole", engine=serial)
    os.truncate(path, 3000)
    run(folder, tmp_path / "cut", engine=serial)
    assert tables(tmp_path / "out") in (tables(tmp_path / "whole"), tables(tmp_path / "cut"))


# Not alone.


@linux
def test_a_second_run_is_refused_and_told_who_holds_the_folder_until_that_is_dead(tmp_path: Path) -> None:
    folder, out = corpus(tmp_path / "in", 30), tmp_path / "out"
    (folder / "0020.txt").write_text(bulletin(20, "（沉睡）"), encoding="utf-8")
    first = started(folder, out, 0)
    assert awaited(lambda: list((out / FOLDER).glob("*.json")))
    second = started(folder, out, 0)
    said = second.communicate(timeout=30)[1].decode()
    assert second.returncode == 2
    assert f"another run writes here: process {first.pid} on {socket.gethostname()}, since " in said
    assert first.poll() is None
    first.kill()
    first.communicate()
    third = started(folder, out, 0, "", "--limit", "article=1")
    assert third.wait(60) == 3
    assert told(out)["0020.txt"][0] == "failed"
    assert not (out / LOCK).exists()
    third.communicate()


def test_two_runs_in_one_process_are_kept_apart_too(tmp_path: Path) -> None:
    with held(tmp_path), pytest.raises(OutputError, match=f"process {os.getpid()} on"), held(tmp_path):
        pass
    with held(tmp_path):
        assert json.loads((tmp_path / LOCK).read_text(encoding="utf-8"))["process"] == os.getpid()


@posix
def test_a_lock_that_was_removed_before_it_was_had_is_taken_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take, count = lock_module._take, 0

    def late(file: object) -> bool:
        nonlocal count
        count += 1
        if count == 1:
            (tmp_path / LOCK).unlink()
        return take(file)  # type: ignore[arg-type]

    monkeypatch.setattr(lock_module, "_take", late)
    with held(tmp_path):
        assert count == 2
        with pytest.raises(OutputError, match="another run"), held(tmp_path):
            pass


@posix
def test_a_disk_without_locks_keeps_nobody_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno
    import fcntl

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with held(tmp_path):
        assert (tmp_path / LOCK).exists()


# What a fault leaves in the log.


def test_a_fault_of_the_disk_stands_in_the_log_and_the_earlier_record_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = corpus(tmp_path / "in", 20)
    run(folder, tmp_path / "out", engine=serial)
    before = (tmp_path / "out" / "run.json").read_bytes()

    def broken(_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(run_module, "settle", broken)
        with pytest.raises(OutputError, match="Input/output error"):
            run(folder, tmp_path / "out", engine=serial)
    last = events(tmp_path / "out")[-1]
    assert (last["event"], last["state"]) == ("end", "stopped")
    assert "Input/output error" in last["why"]
    assert (tmp_path / "out" / "run.json").read_bytes() == before


def test_the_sources_of_these_tests_are_what_they_say(undisturbed: Undisturbed) -> None:
    assert set(undisturbed.tables) == set(TABLES)
    assert len(list_sources(undisturbed.inputs)) == 200
    assert isinstance(list_sources(undisturbed.inputs)[0], Source)
    assert {state for state, _ in told(undisturbed.out).values()} == {"ok", "repeat", "failed"}
    assert len(list((undisturbed.out / FOLDER).glob("*.json"))) > 20
