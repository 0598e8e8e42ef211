"""Jobs in, their answers out in the order of the jobs, done by processes aside: one that dies or falls silent is replaced.

A job is a function that is given `ask` and yields its answers; it asks for what is to be done aside as often as it needs,
and decides what to do where the process is lost.
"""

from __future__ import annotations

import pickle
import queue
import select
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import IO, Any, Protocol

from ..corpus.limits import LimitError
from ..corpus.workshop import bound_memory
from .pipes import KILLED, end, ends, read_frame, receive, send, start, status, write_frame

GRACE = 15
"""Seconds that a process may be silent beyond the time for what it was asked: it starts."""
_AHEAD = 4  # answers of a job that wait to be taken
_ANSWER, _BEAT, _END, _FAULT = b"abef"
_BEAT_EVERY = 1.0  # seconds
_PROGRAM = "from jianbao.pipeline.hands import serve; serve()"


class LostError(Exception):
    """The process that was asked is gone; the message says how it went, `silent` whether it had to be ended."""

    def __init__(self, message: str, silent: bool = False) -> None:
        super().__init__(message)
        self.silent = silent


class Ask(Protocol):
    """Has a function of a module done aside: it is given `given` and yields answers, None where it only lives.

    Raises LostError where the process dies over it, or says nothing for so many seconds.
    """

    def __call__(
        self, function: Callable[[Any], Iterable[Any]], given: object, silence: float | None = None, /
    ) -> Iterator[Any]: ...


Job = Callable[[Ask], Iterator[Any]]
_Answers = queue.Queue[tuple[int, Any]]


class Hands:
    """So many processes, each started when first needed; a context manager. `memory` bounds what each may take beyond
    what it takes at its start, where the system can."""

    def __init__(self, size: int, memory: int) -> None:
        self._size = size
        self._waiting: queue.Queue[tuple[Job, _Answers] | None] = queue.Queue()
        self._hands = [_Hand(memory) for _ in range(size)]
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Hands:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the processes; what is under way is dropped."""
        for hand in self._hands:
            hand.close()
        for _ in self._threads:
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()
        self._threads = []

    def do(self, jobs: Iterable[Job]) -> Iterator[Any]:
        """The answers of the jobs, in the order of jobs; two jobs for each process are under way at a time."""
        self._start()
        under_way: deque[_Answers] = deque()
        for job in jobs:
            under_way.append(_Answers(_AHEAD))
            self._waiting.put((job, under_way[-1]))
            if len(under_way) >= 2 * self._size:
                yield from _taken(under_way.popleft())
        while under_way:
            yield from _taken(under_way.popleft())

    def _start(self) -> None:
        if not self._threads:
            self._threads = [threading.Thread(target=self._serve, args=(hand,), daemon=True) for hand in self._hands]
            for thread in self._threads:
                thread.start()

    def _serve(self, hand: _Hand) -> None:
        """What a thread does: have jobs done by its process, one after the other. Jobs are begun in their order, so that
        the one whose answers are waited for is never behind one whose answers nobody takes yet."""
        while (turn := self._waiting.get()) is not None and not hand.closed:
            job, answers = turn
            try:
                for answer in job(hand.ask):
                    _put(answers, (_ANSWER, answer), hand)
                _put(answers, (_END, None), hand)
            except BaseException as error:  # told to whoever waits for the answers
                _put(answers, (_FAULT, error), hand)


def _taken(answers: _Answers) -> Iterator[Any]:
    while True:
        kind, answer = answers.get()
        if kind == _END:
            return
        if kind == _FAULT:
            raise answer
        yield answer


def _put(answers: _Answers, answer: tuple[int, Any], hand: _Hand) -> None:
    """Leave an answer as soon as there is room, unless nobody waits any more."""
    while not hand.closed:
        with suppress(queue.Full):
            answers.put(answer, timeout=0.5)
            return


class _Hand:
    """A process that does what it is asked, started when first needed and again after each death."""

    def __init__(self, memory: int) -> None:
        self.closed = False
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def ask(
        self, function: Callable[[Any], Iterable[Any]], given: object, silence: float | None = None, /
    ) -> Iterator[Any]:
        """See `Ask`."""
        process = self._running()
        send(process, pickle.dumps((function, given)))
        while True:
            frame = self._frame(process, silence)
            if frame is None:
                raise self._death(silence)
            kind, data = frame[0], memoryview(frame)[1:]
            if kind == _END:
                return
            if kind == _FAULT:
                raise pickle.loads(data)
            if kind == _ANSWER:
                yield pickle.loads(data)

    @staticmethod
    def _frame(process: subprocess.Popen[bytes], silence: float | None) -> bytes | None:
        """The next frame; None where the process ended, or said nothing for too long."""
        assert process.stdout is not None
        with suppress(OSError, ValueError):  # it was ended meanwhile
            ready, _, _ = select.select([process.stdout], [], [], silence and silence + GRACE)
            return receive(process) if ready else None
        return None

    def _running(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self.closed:
                raise KeyboardInterrupt
            if self._process is None or self._process.poll() is not None:
                self._process = start(_PROGRAM)
                send(self._process, pickle.dumps(self._memory))
            return self._process

    def _death(self, silence: float | None) -> LostError:
        """Why no answer came."""
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return LostError("stopped")
        code = status(process)
        end(process)
        if code is None:
            return LostError(str(LimitError("seconds", f"no answer in {silence} s")), silent=True)
        if code == KILLED:
            return LostError(str(LimitError("memory", "the process was killed")))
        return LostError(f"reading crashed (status {code}); please report this file (读取该文件时程序崩溃)")

    def close(self) -> None:
        """End the process; it is not started again."""
        with self._lock:
            self.closed = True
            process, self._process = self._process, None
        if process is not None:
            end(process)


# --- in the process aside


def serve() -> None:
    """Do what standard input asks until it ends. The entry of the process aside."""
    questions, answers = ends()
    bound_memory(pickle.loads(read_frame(questions) or b""))
    while (question := read_frame(questions)) is not None:
        try:
            _tell(answers, *pickle.loads(question))
        except Exception as error:
            write_frame(answers, bytes([_FAULT]) + pickle.dumps(error))


def _tell(answers: IO[bytes], function: Callable[[Any], Iterable[Any]], given: object) -> None:
    told = time.monotonic()
    for answer in function(given):
        if answer is not None:
            write_frame(answers, bytes([_ANSWER]) + pickle.dumps(answer))
        elif time.monotonic() - told < _BEAT_EVERY:
            continue
        else:
            write_frame(answers, bytes([_BEAT]))
        told = time.monotonic()
    write_frame(answers, bytes([_END]))
