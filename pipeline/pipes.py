"""A program in, a quiet process that runs it out: frames to it and from it over pipes, and its end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import IO, Any

_SIZE = 8  # bytes that say how long a frame is
_PIECE = 1 << 20
KILLED = -getattr(signal, "SIGKILL", 9)
"""The status of a process that the system killed, mostly for want of memory."""


def start(program: str) -> subprocess.Popen[bytes]:
    """Python with a program, in a session of its own. What it says to standard error is told nowhere: who asks it hears
    how it ended."""
    return subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        start_new_session=True,
    )


def send(process: subprocess.Popen[bytes], data: bytes) -> None:
    """Give the process a frame; that it is dead will be seen when it is to answer."""
    assert process.stdin is not None
    with suppress(OSError, ValueError):  # closed by another thread
        write_frame(process.stdin, data)


def receive(process: subprocess.Popen[bytes]) -> bytes | None:
    """The next frame of the process; None where it ended."""
    assert process.stdout is not None
    with suppress(OSError, ValueError):
        return read_frame(process.stdout)
    return None


def status(process: subprocess.Popen[bytes], seconds: float = 1) -> int | None:
    """The status with which the process ends in these seconds; None where it goes on."""
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and what it started itself."""
    with suppress(ProcessLookupError, PermissionError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()


def end(process: subprocess.Popen[bytes]) -> int:
    """Kill the process, and close its pipes; its status."""
    kill(process)
    code = process.wait()
    for stream in (process.stdin, process.stdout):
        with suppress(OSError):
            if stream is not None:
                stream.close()
    return code


def write_frame(stream: IO[bytes], data: bytes) -> None:
    """A frame: its size, then itself; a pipe may take less than all at once."""
    rest = memoryview(len(data).to_bytes(_SIZE, "big") + data)
    while rest:
        rest = rest[stream.write(rest) or 0 :]


def read_frame(stream: IO[bytes]) -> bytes | None:
    """The next frame; None at the end of the stream."""
    size = _exactly(stream, _SIZE)
    return None if size is None else _exactly(stream, int.from_bytes(size, "big"))


def _exactly(stream: IO[bytes], size: int) -> bytes | None:
    pieces, missing = [], size
    while missing:
        piece = stream.read(min(missing, _PIECE))
        if not piece:
            return None
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


# --- in the process aside


def ends() -> tuple[IO[bytes], IO[bytes]]:
    """Where questions come from and answers go to; what a library prints is no answer."""
    answers: Any = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    questions: Any = os.fdopen(os.dup(0), "rb", buffering=0)
    return questions, answers
