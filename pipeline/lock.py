"""An output folder in, the right to write into it out: one run at a time, and who holds it is told to the others."""

from __future__ import annotations

import errno
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from ..corpus.errors import OutputError
from ..corpus.sources import readable

LOCK = "run.lock"
_TAKEN = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the folder. The system lets go of it when the process ends, however that comes. A disk that knows no locks, as
    some of networks do, keeps nobody out.

    Raises:
        OutputError: where another run holds it, with its process, machine and start.
    """
    path = folder / LOCK
    with _taken(path) as file:
        try:
            _sign(file)
            yield
        finally:
            with suppress(OSError):  # Windows removes no file that is open; a lock file that nobody holds is no lock
                path.unlink()


def _sign(file: IO[str]) -> None:
    """Say who holds the folder."""
    file.seek(0)
    file.truncate()
    started = time.strftime("%Y-%m-%d %H:%M:%S")
    json.dump({"process": os.getpid(), "machine": socket.gethostname(), "started": started}, file)
    file.flush()


def _taken(path: Path) -> IO[str]:
    """The lock file, locked."""
    while True:
        file = path.open("a+", encoding="utf-8")
        try:
            if not _take(file):
                raise OutputError(
                    f"{readable(path.parent)}: another run writes here: {_holder(path)} (另一个运行正在写入)"
                )
            if _is_there(file, path):
                return file
        except BaseException:
            file.close()
            raise
        file.close()  # who held it removed it between the two


def _is_there(file: IO[str], path: Path) -> bool:
    """Whether the open file is still the one under the path."""
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except OSError:
        return False


def _take(file: IO[str]) -> bool:
    """Whether the lock could be had."""
    try:
        import fcntl
    except ImportError:  # Windows: a byte far behind the text, so that the text can be read
        import msvcrt

        file.seek(1 << 20)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
        except OSError as error:
            return error.errno not in _TAKEN
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in _TAKEN
    return True


def _holder(path: Path) -> str:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return f"process {told['process']} on {told['machine']}, since {told['started']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "its name is not told"
