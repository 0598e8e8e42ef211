"""Bytes of a document in, its documents out, read in a process aside: a reader that hangs, swells or crashes stops there.

The process has no network, `Limits.memory` bytes of memory and `Limits.seconds` for each document. It is started when
first needed and again after each death.
"""

from __future__ import annotations

import io
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from types import TracebackType
from typing import IO, Any

from .document import Document, Reader, cells_of, failed, from_cells
from .limits import DEFAULT, LimitError, Limits
from .sheets import Columns, read_table

_SIZE = 8
_PROGRAM = "from jianbao.corpus.workshop import serve; serve()"
_AHEAD = 64  # frames read ahead of who asked
_Answers = queue.Queue[dict[str, Any] | None]
_FORBIDDEN = frozenset(("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"))


class Workshop:
    """The process aside. Use it as a context manager, or `close` it; it holds no state between documents."""

    def __init__(self, limits: Limits = DEFAULT) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None
        self._answers = _Answers(_AHEAD)

    def __enter__(self) -> Workshop:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def read(self, read_as: str, data: bytes, columns: Columns | None = None) -> Iterator[Document]:
        """The documents of a file's bytes; where the reader dies, a failed one that says which limit was met."""
        if len(data) > self._limits.file:
            yield failed(str(LimitError("file", f"{len(data) >> 20} MB")), read_as)
            return
        self._ask(read_as, data, columns)
        finished = False
        try:
            while (answer := self._answer()) is not None:
                if "done" in answer:
                    finished = answer["done"]
                    return
                yield from_cells(answer)
            yield failed(self._death(), read_as)
        finally:
            if not finished:  # what the process still has to say is not for the next document
                self.close()

    def _answer(self) -> dict[str, Any] | None:
        """The next frame of the process; None where it ended or did not answer in time."""
        try:
            return self._answers.get(timeout=self._limits.seconds)
        except queue.Empty:
            return None

    def _ask(self, read_as: str, data: bytes, columns: Columns | None) -> None:
        """Give the process its work."""
        process = self._running()
        question = {"format": read_as, "limits": asdict(self._limits), "columns": columns and asdict(columns)}
        assert process.stdin is not None
        with suppress(BrokenPipeError, OSError):
            _write(process.stdin, json.dumps(question).encode())
            _write(process.stdin, data)
            process.stdin.flush()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.close()
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
        self._answers = _Answers(_AHEAD)
        threading.Thread(target=_listen, args=(self._process, self._answers), daemon=True).start()
        return self._process

    def _death(self) -> str:
        """Why no answer came, told for the row."""
        seconds = self._limits.seconds
        try:
            code = self._process.wait(1) if self._process is not None else 0
        except subprocess.TimeoutExpired:
            return str(LimitError("seconds", f"no answer in {seconds} s"))
        if code in (-signal.SIGABRT, -getattr(signal, "SIGKILL", 9)):
            return str(LimitError("memory", f"reading took over {self._limits.memory >> 20} MB"))
        return f"the reader of this format crashed (status {code}): the file is damaged (文件损坏，读取程序崩溃)"

    def close(self) -> None:
        """End the process; the next document starts another."""
        if self._process is None:
            return
        process, self._process = self._process, None
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            with suppress(OSError):
                if stream is not None:
                    stream.close()


def _listen(process: subprocess.Popen[bytes], answers: _Answers) -> None:
    """Move frames from the process to the queue until it ends; the queue's length bounds what waits in memory."""
    assert process.stdout is not None
    with suppress(OSError, ValueError):
        while frame := _read(process.stdout):
            if not _put(answers, json.loads(frame.decode("utf-8", "surrogatepass")), process):
                return
    _put(answers, None, process)


def _put(answers: _Answers, answer: dict[str, Any] | None, process: subprocess.Popen[bytes]) -> bool:
    """Queue an answer as soon as there is room; False where nobody waits for it any more."""
    while True:
        try:
            answers.put(answer, timeout=1)
            return True
        except queue.Full:
            if process.returncode is not None:
                return False


def _write(stream: IO[bytes], data: bytes) -> None:
    stream.write(len(data).to_bytes(_SIZE, "big"))
    stream.write(data)


def _read(stream: IO[bytes]) -> bytes:
    """The next frame; b'' at the end of the stream."""
    size = stream.read(_SIZE)
    return stream.read(int.from_bytes(size, "big")) if len(size) == _SIZE else b""


# --- in the process aside


def serve() -> None:
    """Answer questions from standard input until it ends. The entry of the process aside."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    sys.addaudithook(_no_network)
    questions, bounded = sys.stdin.buffer, False
    while question := _read(questions):
        asked, data = json.loads(question), _read(questions)
        limits = Limits(**asked["limits"])
        if not bounded:
            bound_memory(limits.memory)
            bounded = True
        columns = Columns(**asked["columns"]) if asked["columns"] else Columns()
        _answer(answers, asked["format"], data, limits, columns)


def _no_network(event: str, _: object) -> None:
    if event in _FORBIDDEN:
        raise PermissionError("readers have no network")


def bound_memory(memory: int) -> None:
    """Memory above what the process takes now; where the system cannot bound it, time alone is bounded."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        taken = _taken()
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (taken + memory, hard))


def _taken() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")


def _answer(answers: IO[bytes], read_as: str, data: bytes, limits: Limits, columns: Columns) -> None:
    """Write the documents of the bytes as frames; `done` is false where the process should be made anew."""
    sound = True
    try:
        for document in reader_of(read_as, columns)(data, limits):
            _tell(answers, document)
    except LimitError as error:
        _tell(answers, failed(str(error), read_as))
    except MemoryError:
        _tell(answers, failed(str(LimitError("memory", f"reading took over {limits.memory >> 20} MB")), read_as))
        sound = False
    except RecursionError:
        _tell(answers, failed(str(LimitError("nesting", "parts inside parts without end")), read_as))
    except ImportError as error:
        _tell(answers, failed(f"{error}: install it to read {read_as} (请先安装)", read_as))
    except Exception as error:
        _tell(answers, failed(f"{type(error).__name__}: {error}; the file is damaged (文件损坏)", read_as))
    _write(answers, json.dumps({"done": sound}).encode())
    answers.flush()


def _tell(answers: IO[bytes], document: Document) -> None:
    _write(answers, json.dumps(cells_of(document), ensure_ascii=False).encode("utf-8", "surrogatepass"))
    answers.flush()


def reader_of(read_as: str, columns: Columns) -> Reader:
    """The reader of a format; imported when first asked for.

    Raises:
        KeyError: for a format that has none.
    """
    if read_as in ("html", "mhtml"):
        from .pages import READERS
    elif read_as == "pdf":
        from .pdf import READERS
    elif read_as in ("xlsx", "parquet"):
        return lambda data, limits: read_table(io.BytesIO(data), read_as, columns, limits)
    elif read_as == "rtf":
        from .rtf import READERS
    elif read_as in ("odt", "epub"):
        from .open_documents import READERS
    else:
        from .office import READERS
    return READERS[read_as]
