"""An output folder in, the right to write into it out: one run at a time, and who holds it is told to the others."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ..corpus.errors import OutputError
from ..corpus.sources import readable

LOCK = "run.lock"


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the folder. The system lets go of it when the process ends, however that comes.

    Raises:
        OutputError: where another run holds it, with its process, machine and start.
    """
    path = folder / LOCK
    with path.open("a+", encoding="utf-8") as file:
        if not _take(file):
            raise OutputError(f"{readable(folder)}: another run writes here: {_holder(path)} (另一个运行正在写入)")
        file.seek(0)
        file.truncate()
        started = time.strftime("%Y-%m-%d %H:%M:%S")
        json.dump({"process": os.getpid(), "machine": socket.gethostname(), "started": started}, file)
        file.flush()
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def _take(file: IO[str]) -> bool:
    """Whether the lock could be had."""
    try:
        import fcntl
    except ImportError:  # Windows: a byte far behind the text, so that the text can be read
        import msvcrt

        file.seek(1 << 20)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _holder(path: Path) -> str:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return f"process {told['process']} on {told['machine']}, since {told['started']}"
    except (OSError, ValueError, KeyError):
        return "its name is not told"
