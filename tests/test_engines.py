"""Promises on engines: the same tables from each, an article that breaks its process costs its own row, and nobody is left behind."""

from __future__ import annotations

import os
import pickle
import random
import signal
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from jianbao.corpus.errors import InputError, JianbaoError
from jianbao.corpus.limits import Limits
from jianbao.corpus.reading import Reading
from jianbao.corpus.recurrence import Furniture
from jianbao.pipeline import batches as batches_module
from jianbao.pipeline import crew as crew_module
from jianbao.pipeline import run as run_module
from jianbao.pipeline.batches import Batch, Part, Task, Work, joined, refused
from jianbao.pipeline.crew import LostError, SilentError, crew, finish
from jianbao.pipeline.engines import Engine, engine_of, processes, serial, size_of
from jianbao.pipeline.extraction import Pipeline
from jianbao.pipeline.pipes import read_frame, write_frame
from jianbao.pipeline.run import run
from jianbao.pipeline.spool import Record
from jianbao.pipeline.survey import survey
from made_troubles import (
    COMMAND,
    Bulky,
    Homeless,
    Troubled,
    awaited,
    bulletin,
    corpus,
    environment,
    marked,
    rows_but,
    tables,
    told,
)

pytestmark = pytest.mark.usefixtures("small_batches")
posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX system")
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc, bounds memory")
EMPTY = Furniture()


def backwards(work: Work, every: Iterator[Batch]) -> Iterator[Part]:
    """An engine that is done with the last batch first."""
    yield from map(work, reversed(list(every)))


def shuffled(work: Work, every: Iterator[Batch]) -> Iterator[Part]:
    parts = list(map(work, every))
    random.Random(7).shuffle(parts)
    yield from parts


@pytest.mark.parametrize(
    "engine",
    [processes(1), processes(2), processes(3), backwards, shuffled],
    ids=["one", "two", "three", "backwards", "shuffled"],
)
def test_all_engines_give_the_same_bytes_in_whatever_order_they_are_done(
    inputs: Path, expected: dict[str, bytes], tmp_path: Path, engine: Engine
) -> None:
    run(inputs, tmp_path / "out", engine=engine)
    assert tables(tmp_path / "out") == expected


def test_the_size_of_batches_changes_no_table(
    inputs: Path, expected: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches_module, "LARGEST", 1000)
    run(inputs, tmp_path / "out", engine=serial)
    assert tables(tmp_path / "out") == expected


@pytest.mark.parametrize(
    ("engine", "size"),
    [(serial, 0), (processes(3), 3), (engine_of("processes", 2, None, 1 << 28), 2), (backwards, None), (None, None)],
    ids=["serial", "three", "two", "backwards", "none"],
)
def test_an_engine_says_how_many_processes_it_has_also_when_it_was_sent(
    engine: Engine | None, size: int | None
) -> None:
    assert size_of(engine) == size
    assert size_of(pickle.loads(pickle.dumps(engine))) == size
    assert pickle.loads(pickle.dumps(engine)) == engine


def test_as_many_processes_read_as_the_engine_has(
    inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def noted(*given: Any) -> object:
        asked.append(given[-1])
        return survey(*given[:-1])

    monkeypatch.setattr(run_module, "survey", noted)
    for number, engine in enumerate((serial, backwards, processes(2))):
        run(inputs, tmp_path / f"{number}", engine=engine)
    assert asked == [0, None, 2]


# Articles that break what does them.


@linux
def test_each_trouble_costs_its_own_row_with_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(crew_module, "GRACE", 1)
    troubles = {
        "沉睡": "limit article met",
        "空转": "limit article met",
        "卡死": "limit article met: no answer",
        "膨胀": "limit memory met",
        "被杀": "limit memory met: the process was killed",
        "中止": "crashed (status -6)",
        "退出": "crashed (status 7)",
        "出错": "ValueError: 三; a fault of jianbao",
    }
    folder = corpus(tmp_path / "in", 100)
    for number, word in enumerate(troubles):
        (folder / f"{number * 11 + 5:04}.txt").write_text(bulletin(1000 + number, f"（{word}）"), encoding="utf-8")
    reading = Reading(limits=Limits(article=1))
    run(folder, tmp_path / "fine", engine=serial, reading=reading)
    run(folder, tmp_path / "out", engine=processes(2, 256 << 20), reading=reading, pipeline=Troubled())
    failed = {f"{number * 11 + 5:04}.txt": reason for number, reason in enumerate(troubles.values())}
    rows = told(tmp_path / "out")
    for name, reason in failed.items():
        assert rows[name][0] == "failed"
        assert reason in rows[name][1]
        assert "（" in rows[name][1] or "(" in rows[name][1]
    assert rows_but(tmp_path / "out", set(failed)) == rows_but(tmp_path / "fine", set(failed))
    assert capfd.readouterr().err == ""


@posix
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("word", ["沉睡", "空转", "漏铃"])
def test_an_article_that_hangs_in_this_process_costs_its_own_row(tmp_path: Path, word: str) -> None:
    folder = corpus(tmp_path / "in", 8)
    (folder / "0003.txt").write_text(bulletin(3, f"（{word}）"), encoding="utf-8")
    reading = Reading(limits=Limits(article=1))
    before = signal.getsignal(signal.SIGALRM)
    run(folder, tmp_path / "fine", engine=serial)
    run(folder, tmp_path / "out", engine=serial, reading=reading, pipeline=Troubled())
    assert told(tmp_path / "out")["0003.txt"][0] == "failed"
    assert "limit article met: 1 s" in told(tmp_path / "out")["0003.txt"][1]
    assert rows_but(tmp_path / "out", {"0003.txt"}) == rows_but(tmp_path / "fine", {"0003.txt"})
    assert signal.getsignal(signal.SIGALRM) == before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@linux
def test_processes_that_are_killed_at_random_cost_nothing(
    inputs: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    over, killed = threading.Event(), []

    def kill() -> None:
        dice = random.Random(5)
        while not over.wait(dice.uniform(0, 0.5)):
            if children := list(workers_of(os.getpid())):
                killed.append(dice.choice(children))
                with suppress(ProcessLookupError):
                    os.kill(killed[-1], signal.SIGKILL)
                time.sleep(1)

    thread = threading.Thread(target=kill)
    thread.start()
    try:
        run(inputs, tmp_path / "out", engine=slowly(processes(2)))
    finally:
        over.set()
        thread.join()
    assert killed
    assert tables(tmp_path / "out") == expected


def slowly(engine: Engine) -> Engine:
    """The engine, asked for its parts one by one: there is time to kill."""

    def slow(work: Work, every: Iterator[Batch]) -> Iterator[Part]:
        for part in engine(work, every):
            time.sleep(0.15)
            yield part

    return slow


def workers_of(parent: int) -> Iterator[int]:
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError):
            stat = (path / "stat").read_text(encoding="utf-8", errors="replace")
            if int(stat.rpartition(") ")[2].split()[1]) == parent and b"crew" in (path / "cmdline").read_bytes():
                yield int(path.name)


# How one article is found among many.


def batch_of(count: int, size: int = 10) -> Batch:
    records = [Record(f"{number:03}", "text", b"", (), bytes(size)) for number in range(count)]
    return Batch("key", tuple(Task(record, None) for record in records))


class Asked:
    """Does batches but for some articles, which kill it; told or not where it was."""

    def __init__(self, poison: set[str], knows: bool, error: type[LostError] = LostError) -> None:
        self.poison, self.knows, self.error, self.count = poison, knows, error, 0
        self.done: list[str] = []

    def __call__(self, batch: Batch) -> Part:
        self.count += 1
        for number, task in enumerate(batch.tasks):
            if task.record.id in self.poison:
                raise self.error("dead", number if self.knows else None)
        self.done += [task.record.id for task in batch.tasks]
        return joined(batch.key, [])


@pytest.fixture
def refused_names(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []

    def noted(batch: Batch, reason: str) -> Part:
        names.extend(task.record.id for task in batch.tasks)
        return joined(batch.key, [])

    monkeypatch.setattr(crew_module, "refused", noted)
    assert refused is not noted
    return names


@pytest.mark.parametrize(("knows", "most"), [(True, 7), (False, 22)])
def test_one_article_of_a_large_batch_is_found_with_few_deaths(
    refused_names: list[str], knows: bool, most: int
) -> None:
    asked = Asked({"200"}, knows)
    finish(batch_of(256), asked)
    assert refused_names == ["200"]
    assert asked.done == [f"{number:03}" for number in range(256) if number != 200]
    assert asked.count <= most


@pytest.mark.parametrize("knows", [True, False])
def test_of_articles_that_all_kill_each_is_refused_in_its_turn(refused_names: list[str], knows: bool) -> None:
    asked = Asked({f"{number:03}" for number in range(256)}, knows)
    finish(batch_of(256), asked)
    assert refused_names == sorted(asked.poison)


def test_an_article_that_makes_its_process_silent_alone_is_not_tried_again(refused_names: list[str]) -> None:
    asked = Asked({"000"}, True, SilentError)
    finish(batch_of(1), asked)
    assert (refused_names, asked.count) == (["000"], 1)


# Processes that cannot be had.


def test_a_pipeline_that_cannot_be_sent_is_told_before_any_article_fails(inputs: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot be sent to another process.*elsewhere.*--engine serial"):
        run(inputs, tmp_path / "out", engine=processes(2), pipeline=Homeless())
    with pytest.raises(InputError, match="cannot be sent to another process"):
        list(crew(Work(lambda _: None, EMPTY, 5), iter([]), 1, 1 << 30))  # type: ignore[arg-type]


def test_processes_that_do_not_start_end_the_run_and_no_article_is_blamed(
    inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew_module, "_PROGRAM", "raise SystemExit(9)")
    with pytest.raises(JianbaoError, match=r"cannot be started.*status 9"):
        run(inputs, tmp_path / "out", engine=processes(2))
    assert not (tmp_path / "out" / "articles.csv").exists()


# What waits, and what is left behind.


def test_few_batches_wait_at_a_time_and_memory_stays_flat() -> None:
    given = taken = 0

    def many() -> Iterator[Batch]:
        nonlocal given
        for _ in range(60):
            given += 1
            yield batch_of(1, 1 << 20)

    tracemalloc.start()
    try:
        with closing(crew(Bulky(Pipeline(), EMPTY, 5), many(), 2, 1 << 30)) as parts:  # type: ignore[type-var]
            for _ in parts:
                taken += 1
                assert given - taken <= 4
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (given, taken) == (60, 60)
    assert peak < 50 << 20  # each part is of 4 MB; all together are of 240 MB


@linux
@pytest.mark.parametrize("sort", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_stopped_leaves_no_process(tmp_path: Path, sort: signal.Signals) -> None:
    folder = corpus(tmp_path / "in", 40)
    for number in (20, 30):
        (folder / f"{number:04}.txt").write_text(bulletin(number, "（沉睡）"), encoding="utf-8")
    mark = f"JIANBAO_MARK={os.getpid()}-{sort}"
    child = subprocess.Popen(
        [*COMMAND, "run", folder, "--out", tmp_path / "out", "--workers", "2", "--limit", "article=4"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment(JIANBAO_MARK=mark.partition("=")[2]),
    )
    assert awaited(lambda: len(list(marked(mark))) == 3)
    time.sleep(1)
    child.send_signal(sort)
    said = child.communicate(timeout=30)[0].decode()
    assert child.returncode == (-9 if sort == signal.SIGKILL else 1)
    assert "Traceback" not in said
    if sort != signal.SIGKILL:
        assert "give the same command again" in said
        assert not list(marked(mark))
    assert awaited(lambda: not list(marked(mark)), 10)


@linux
def test_a_process_that_is_stuck_when_nobody_is_left_ends_by_itself() -> None:
    program = "from jianbao.pipeline import crew; crew.GRACE = 0; crew.serve()"
    child = subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        env=environment(),
    )
    assert child.stdin is not None
    assert child.stdout is not None
    write_frame(child.stdin, pickle.dumps((Stuck(Pipeline(), EMPTY, 1), 1 << 30)))
    assert read_frame(child.stdout) == b""
    write_frame(child.stdin, pickle.dumps(batch_of(1)))
    said = child.communicate(timeout=20)[1]
    assert child.returncode == 1
    assert said == b""


class Stuck(Bulky):
    """Never answers, and no signal reaches it."""

    __slots__ = ()

    def __call__(self, batch: Batch, watch: object = None) -> Part:
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
        sum(iter(int, 1))
        raise AssertionError
