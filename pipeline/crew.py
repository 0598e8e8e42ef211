"""Batches in, their parts out, done by processes aside: one that dies or falls silent is replaced, and its batch done again."""

from __future__ import annotations

import os
import pickle
import queue
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import IO, Any

from ..corpus.errors import JianbaoError
from ..corpus.limits import LimitError
from ..corpus.workshop import bound_memory
from .batches import Batch, Part, Work, joined, refused

ATTEMPTS = 3
"""How often one article alone may lose its process before it is held to be at fault: others may have killed it."""
GRACE = 15
"""Seconds that a process may be silent beyond the time for one article: it starts, or its alarm could not ring."""
_SIZE = 8
_PROGRAM = "from jianbao.pipeline.crew import serve; serve()"


class LostError(Exception):
    """What did a batch died over it; the message says how."""


def finish(batch: Batch, ask: Callable[[Batch], Part]) -> Part:
    """The part of a batch; where what does it dies, halves are done, until one article alone is left: that one failed."""
    attempts = ATTEMPTS if len(batch.tasks) == 1 else 1
    for _ in range(attempts):
        try:
            return ask(batch)
        except LostError as lost:
            reason = str(lost)
    if len(batch.tasks) == 1:
        return refused(batch, reason)
    return joined(batch.key, [finish(piece, ask) for piece in batch.pieces()])


def crew(work: Work, batches: Iterator[Batch], size: int, memory: int) -> Iterator[Part]:
    """The parts of the batches as they are done, in any order, by so many processes; few batches wait at a time.

    `memory` bounds what one article may take of a process, where the system can.
    """
    waiting: queue.Queue[Batch | None] = queue.Queue(size)
    done: queue.Queue[Part | BaseException] = queue.Queue(size)
    hands = [_Hand(work, memory) for _ in range(size)]
    threads = [threading.Thread(target=_serve, args=(hand, waiting, done), daemon=True) for hand in hands]
    try:
        for thread in threads:
            thread.start()
        yield from _flow(batches, waiting, done, size)
    finally:
        for hand in hands:
            hand.close()
        for _ in threads:
            with suppress(queue.Full):
                waiting.put_nowait(None)


def _flow(
    batches: Iterator[Batch], waiting: queue.Queue[Batch | None], done: queue.Queue[Part | BaseException], size: int
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


def _result(done: queue.Queue[Part | BaseException]) -> Part:
    found = done.get()
    if isinstance(found, BaseException):
        raise found
    return found


def _serve(hand: _Hand, waiting: queue.Queue[Batch | None], done: queue.Queue[Part | BaseException]) -> None:
    """What a thread does: give batches to its process, one after the other."""
    while (batch := waiting.get()) is not None:
        try:
            done.put(finish(batch, hand.ask))
        except BaseException as error:  # told to whoever waits for the part
            done.put(error)
            return


class _Hand:
    """A process that does batches, started when first needed and again after each death."""

    def __init__(self, work: Work, memory: int) -> None:
        self._start = pickle.dumps((work, memory))
        self._silence = work.seconds + GRACE
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    def ask(self, batch: Batch) -> Part:
        """The part of a batch.

        Raises:
            LostError: where the process dies over it, or falls silent.
        """
        process = self._running()
        assert process.stdin is not None
        with suppress(BrokenPipeError, OSError):
            _write(process.stdin, pickle.dumps(batch))
        while (answer := self._answer(process)) == b"":  # one more article is done
            pass
        if answer is None:
            raise LostError(self._death())
        found = pickle.loads(answer)
        if isinstance(found, BaseException):
            raise found
        assert isinstance(found, Part)
        return found

    def _answer(self, process: subprocess.Popen[bytes]) -> bytes | None:
        """The next frame; None where the process ended, or said nothing for too long."""
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], self._silence)
        return _read(process.stdout) if ready else None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._closed:
            raise KeyboardInterrupt
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _PROGRAM],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
                start_new_session=True,
            )
            assert self._process.stdin is not None
            with suppress(BrokenPipeError, OSError):
                _write(self._process.stdin, self._start)
        return self._process

    def _death(self) -> str:
        """Why no part came, for the row of the article."""
        process, self._process = self._process, None
        assert process is not None
        try:
            code = process.wait(1)
        except subprocess.TimeoutExpired:
            _end(process)
            return str(LimitError("article", f"no answer in {self._silence} s"))
        _end(process)
        if code == -getattr(signal, "SIGKILL", 9):
            return str(LimitError("memory", "the process was killed"))
        return f"extraction crashed (status {code}); please report this article (处理该文章时程序崩溃)"

    def close(self) -> None:
        """End the process; it is not started again."""
        self._closed = True
        if self._process is not None:
            _end(self._process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        with suppress(OSError):
            if stream is not None:
                stream.close()


def _write(stream: IO[bytes], data: bytes) -> None:
    """A frame: its size, then itself; a pipe may take less than all at once."""
    rest = memoryview(len(data).to_bytes(_SIZE, "big") + data)
    while rest:
        rest = rest[stream.write(rest) or 0 :]


def _read(stream: IO[bytes]) -> bytes | None:
    """The next frame; None at the end of the stream."""
    size = _exactly(stream, _SIZE)
    return None if size is None else _exactly(stream, int.from_bytes(size, "big"))


def _exactly(stream: IO[bytes], size: int) -> bytes | None:
    pieces, missing = [], size
    while missing:
        piece = stream.read(min(missing, 1 << 20))
        if not piece:
            return None
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


# --- in the process aside


def serve() -> None:
    """Do batches from standard input until it ends. The entry of the process aside."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # what a library prints is no answer
    questions: Any = os.fdopen(os.dup(0), "rb", buffering=0)
    work, memory = pickle.loads(_read(questions) or b"")
    work.pipeline.check()
    bound_memory(memory)
    while (question := _read(questions)) is not None:
        try:
            found: Part | JianbaoError = work(pickle.loads(question), lambda *_: _write(answers, b""))
        except JianbaoError as error:
            found = error
        _write(answers, pickle.dumps(found))
