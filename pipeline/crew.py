"""Batches in, their parts out, done by processes aside: one that dies or falls silent is replaced, and its batch done again."""

from __future__ import annotations

import faulthandler
import os
import pickle
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import IO

from ..corpus.errors import InputError, JianbaoError, one_line
from ..corpus.limits import LimitError
from ..corpus.workshop import bound_memory
from .batches import Batch, Part, Work, joined, refused
from .pipes import KILLED, end, ends, kill, read_frame, receive, send, start, status, write_frame

ATTEMPTS = 3
"""How often one article alone may lose its process before it is held to be at fault: others may have killed it."""
START, GRACE = 120, 15
"""Seconds that a process may be silent while it starts, and beyond the time for one article: its alarm could not ring."""
_LOOK, _SLEPT = 0.5, 5.0  # seconds between two looks at the clock, and that tell of a machine that was asleep
_PROGRAM = "from jianbao.pipeline.crew import serve; serve()"


class LostError(Exception):
    """What did a batch died over it; the message says how. `at` is the article that it was at, where that is known."""

    def __init__(self, reason: str, at: int | None = None) -> None:
        super().__init__(reason)
        self.at = at


class SilentError(LostError):
    """What did a batch took longer than it may: it would do so again."""


class _ClosedError(Exception):
    """The crew goes home."""


def finish(batch: Batch, ask: Callable[[Batch], Part]) -> Part:
    """The part of a batch. Where what does it dies, it is done again one article at a time; then the article that it died
    over, or else each half, is done by itself, and so on until one article alone is left: that one failed."""
    parts: list[Part] = []
    rest = [batch]
    while rest:
        piece = rest.pop()
        found = _attempt(piece, ask)
        if isinstance(found, Part):
            parts.append(found)
        elif len(piece.tasks) == 1:
            parts.append(refused(piece, str(found)))
        elif not piece.careful:
            rest.append(replace(piece, careful=True))
        else:
            at = found.at if found.at is not None and found.at < len(piece.tasks) else None
            rest.extend(reversed(piece.pieces(at)))
    return parts[0] if len(parts) == 1 else joined(batch.key, parts)


def _attempt(batch: Batch, ask: Callable[[Batch], Part]) -> Part | LostError:
    """The part, or how it was lost: at once for many articles, for one alone after several times."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return ask(batch)
        except LostError as lost:
            if len(batch.tasks) > 1 or attempt == ATTEMPTS or isinstance(lost, SilentError):
                return lost
    raise AssertionError


def crew(work: Work, batches: Iterator[Batch], size: int, memory: int) -> Iterator[Part]:
    """The parts of the batches as they are done, in any order, by so many processes; few batches wait at a time.

    `memory` bounds what one article may take of a process, where the system can.

    Raises:
        InputError: where the pipeline cannot be sent to another process.
        JianbaoError: where no process can be started, or one finds a pack or lexicon missing.
    """
    waiting: queue.SimpleQueue[Batch | None] = queue.SimpleQueue()
    done: queue.SimpleQueue[Part | BaseException] = queue.SimpleQueue()
    hands = [Hand(work, memory) for _ in range(size)]
    threads = [threading.Thread(target=_serve, args=(hand, waiting, done), daemon=True) for hand in hands]
    try:
        for thread in threads:
            thread.start()
        yield from _flow(batches, waiting, done, size)
    finally:
        for hand in hands:
            hand.close()
        for _ in hands:
            waiting.put(None)
        for thread in threads:
            thread.join()


def _packed(work: Work, memory: int) -> bytes:
    try:
        return pickle.dumps((work, memory))
    except Exception as error:
        raise _unsendable(error) from None


def _unsendable(error: Exception) -> InputError:
    return InputError(
        f"the pipeline cannot be sent to another process: {one_line(error)}; define it in a module that can be imported,"
        " or use --engine serial (流水线无法传给其他进程)"
    )


def _flow(
    batches: Iterator[Batch],
    waiting: queue.SimpleQueue[Batch | None],
    done: queue.SimpleQueue[Part | BaseException],
    size: int,
) -> Iterator[Part]:
    """Keep two batches for each hand under way until there are no more."""
    under_way = 0
    for batch in batches:
        while under_way >= 2 * size:
            yield _result(done)
            under_way -= 1
        waiting.put(batch)
        under_way += 1
    for _ in range(under_way):
        yield _result(done)


def _result(done: queue.SimpleQueue[Part | BaseException]) -> Part:
    found = done.get()
    if isinstance(found, BaseException):
        raise found
    return found


def _serve(hand: Hand, waiting: queue.SimpleQueue[Batch | None], done: queue.SimpleQueue[Part | BaseException]) -> None:
    """What a thread does: give batches to its process, one after the other."""
    try:
        while (batch := waiting.get()) is not None:
            done.put(finish(batch, hand.ask))
    except _ClosedError:
        pass
    except BaseException as error:  # told to whoever waits for the part
        done.put(error)
    finally:
        hand.end()


class Hand:
    """A process that does batches, started when first needed and again after each death. One thread asks; any may close it.

    Raises:
        InputError: where the pipeline cannot be sent to another process.
    """

    def __init__(self, work: Work, memory: int) -> None:
        self._start, self._seconds = _packed(work, memory), work.seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._over = threading.Event()  # of the process
        self._lock = threading.Lock()
        self._closed = self._silent = False
        self._until: float | None = None

    def ask(self, batch: Batch) -> Part:
        """The part of a batch.

        Raises:
            LostError: where the process dies over it, or falls silent.
        """
        process = self._running()
        at = 0
        self._expect(self._seconds + GRACE)
        send(process, pickle.dumps(batch))
        while (told := receive(process)) == b"":  # one more article is done
            at += 1
            self._expect(self._seconds + GRACE)
        self._until = None
        if told is None:
            raise self._death(at)
        found = pickle.loads(told)
        if isinstance(found, BaseException):
            raise found
        assert isinstance(found, Part)
        return found

    def _expect(self, seconds: float) -> None:
        self._until = time.monotonic() + seconds

    def _guard(self, process: subprocess.Popen[bytes], over: threading.Event) -> None:
        """End the process where it is silent for too long; time in which the machine slept does not count."""
        before = time.monotonic()
        while not over.wait(_LOOK):
            now, until = time.monotonic(), self._until
            if until is not None and now - before > _SLEPT:
                self._until = until + now - before
            elif until is not None and now > until and not over.is_set():
                self._silent = True
                kill(process)
            before = now

    def _running(self) -> subprocess.Popen[bytes]:
        """The process, started and ready; a start that fails is tried again."""
        if self._process is not None and self._process.poll() is None:
            return self._process
        reason = ""
        for _ in range(ATTEMPTS):
            self.end()
            process = self._started()
            self._expect(START)
            send(process, self._start)
            told = receive(process)
            self._until = None
            if told == b"":
                return process
            if told is not None:
                raise pickle.loads(told)
            reason = str(self._death(None))
        raise JianbaoError(
            f"a process for the work cannot be started: {reason}; use --engine serial (无法启动工作进程)"
        )

    def _started(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._closed:
                raise _ClosedError
            self._silent = False
            self._over = threading.Event()
            self._process = start(_PROGRAM)
            threading.Thread(target=self._guard, args=(self._process, self._over), daemon=True).start()
            return self._process

    def _death(self, at: int | None) -> LostError:
        """Why no answer came, for the row of the article."""
        code = self.end()
        if self._closed:
            raise _ClosedError
        if self._silent:
            return SilentError(str(LimitError("article", f"no answer in {self._seconds + GRACE} s")), at)
        if code == KILLED:
            return LostError(str(LimitError("memory", "the process was killed")), at)
        return LostError(f"extraction crashed (status {code}); please report this article (处理该文章时程序崩溃)", at)

    def end(self) -> int:
        """End the process; its status."""
        with self._lock:
            process, self._process = self._process, None
            self._over.set()
        if process is None:
            return 0
        code = status(process)
        killed = end(process)
        return killed if code is None else code

    def close(self) -> None:
        """Kill the process, for good; who asks it hears of that."""
        with self._lock:
            self._closed = True
            if self._process is not None:
                kill(self._process)
        if self._until is None:  # nobody waits for it
            self.end()


# --- in the process aside


def serve() -> None:
    """Do batches from standard input until it ends, which it does when who asked is gone. The entry of the process aside."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asked ends the work
    questions, answers = ends()
    with suppress(BrokenPipeError):
        work = _begun(questions, answers)
        while work is not None and (question := read_frame(questions)) is not None:
            write_frame(answers, pickle.dumps(_done(work, pickle.loads(question), answers)))


def _begun(questions: IO[bytes], answers: IO[bytes]) -> Work | None:
    """The work that is asked, once it can be done; else why not is told."""
    try:
        work, memory = pickle.loads(read_frame(questions) or b"")
        work.pipeline.check()
    except JianbaoError as error:
        write_frame(answers, pickle.dumps(error))
        return None
    except Exception as error:
        write_frame(answers, pickle.dumps(_unsendable(error)))
        return None
    bound_memory(memory)
    write_frame(answers, b"")
    assert isinstance(work, Work)
    return work


def _done(work: Work, batch: Batch, answers: IO[bytes]) -> Part | JianbaoError:
    with open(os.devnull, "w", encoding="ascii") as nowhere:
        fuse = _Fuse(work.seconds + 2 * GRACE, nowhere)

        def tell(*_: object) -> None:
            fuse.light()
            write_frame(answers, b"")

        try:
            return work(batch, tell)
        except JianbaoError as error:
            return error
        finally:
            faulthandler.cancel_dump_traceback_later()


class _Fuse:
    """Ends this process, whatever it is caught in, when nothing was done for so many seconds: nobody may be left to do it."""

    def __init__(self, seconds: float, nowhere: IO[str]) -> None:
        self._seconds, self._nowhere = seconds, nowhere
        self._lit = 0.0
        self.light()

    def light(self) -> None:
        """Start to count again; not oftener than every second."""
        now = time.monotonic()
        if now - self._lit > 1:
            self._lit = now
            faulthandler.dump_traceback_later(self._seconds + 1, exit=True, file=self._nowhere)
