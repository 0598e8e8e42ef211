"""Promises of the processes aside: answers in the order of jobs, few at a time, and a job is told when its process is lost."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import pytest
from jianbao.corpus.errors import InputError
from jianbao.pipeline import hands as module
from jianbao.pipeline.hands import Ask, Hands, LostError

MEMORY = 1 << 30
linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="signals and bounds of memory are those of Linux"
)

# --- done aside


def counted(limit: int) -> Iterator[int]:
    time.sleep(0.02 * (limit % 3))  # so that a later job is done before an earlier one
    yield from range(limit)


def killed(_: object) -> Iterator[int]:
    yield 1
    os.kill(os.getpid(), signal.SIGKILL)


def aborted(_: object) -> Iterator[int]:
    yield from ()
    os.abort()


def silent(_: object) -> Iterator[int]:
    time.sleep(1000)
    yield 1


def alive(_: object) -> Iterator[int | None]:
    for _ in range(5):
        time.sleep(0.5)
        yield None
    yield 1


def greedy(_: object) -> Iterator[int]:
    yield len(bytes(4 << 30))


def loud(_: object) -> Iterator[int]:
    os.write(1, "出".encode())
    os.write(2, "错".encode())
    yield 1
    os.abort()


def faulty(_: object) -> Iterator[int]:
    yield from ()
    raise InputError("no such thing")


# --- here


def asks(function: Any, given: object, silence: float | None, ask: Ask) -> Iterator[Any]:
    return (answer for answer in ask(function, given, silence) if answer is not None)


def answers(function: Any, given: Iterable[object], size: int = 2, silence: float | None = None) -> list[Any]:
    with Hands(size, MEMORY) as hands:
        return [*hands.do(partial(asks, function, one, silence) for one in given)]


def test_answers_come_in_the_order_of_jobs() -> None:
    assert answers(counted, range(12)) == [each for limit in range(12) for each in range(limit)]


def test_few_jobs_are_under_way_at_a_time() -> None:
    begun: list[int] = []

    def jobs() -> Iterator[Any]:
        for number in range(100):
            begun.append(number)
            yield partial(asks, counted, 1, None)

    with Hands(2, MEMORY) as hands:
        next(hands.do(jobs()))
        assert len(begun) <= 5


def test_many_answers_of_a_later_job_wait_without_end() -> None:
    assert answers(counted, [1, 3000, 1, 2000], size=3)[1:3001] == [*range(3000)]


@linux
@pytest.mark.parametrize(("function", "reason"), [(killed, "limit memory met"), (aborted, "status -6")])
def test_a_job_is_told_that_its_process_died_and_why(function: Any, reason: str) -> None:
    with pytest.raises(LostError, match=reason):
        answers(function, [0])


@linux
def test_a_process_is_replaced_and_the_next_job_done() -> None:
    def twice(ask: Ask) -> Iterator[object]:
        with pytest.raises(LostError) as lost:
            yield from ask(killed, 0)
        yield lost.value.silent
        yield from ask(counted, 2)

    with Hands(1, MEMORY) as hands:
        assert [*hands.do([twice, twice])] == [1, False, 0, 1] * 2


@linux
def test_one_that_says_nothing_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GRACE", 1)
    with pytest.raises(LostError, match="no answer in 1 s") as lost:
        answers(silent, [0], silence=1)
    assert lost.value.silent


@linux
def test_one_that_says_that_it_lives_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GRACE", 1)
    assert answers(alive, [0], silence=1) == [1]


@linux
def test_memory_is_bounded() -> None:
    with pytest.raises(MemoryError):
        answers(greedy, [0])


def test_a_fault_aside_is_raised_here() -> None:
    with pytest.raises(InputError, match="no such thing"):
        answers(faulty, [0])


@linux
def test_what_a_process_says_aside_is_heard_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(LostError, match="status -6"):
        answers(loud, [0])
    assert capfd.readouterr() == ("", "")


@linux
def test_nothing_is_left_when_the_caller_stops() -> None:
    before = threading.active_count()
    with Hands(2, MEMORY) as hands:
        told = hands.do([partial(asks, counted, 5000, None), partial(asks, silent, 0, None)])
        assert next(told) == 0
        processes = [hand._process for hand in hands._hands]
    assert all(process is None or process.poll() is not None for process in processes)
    assert threading.active_count() == before
