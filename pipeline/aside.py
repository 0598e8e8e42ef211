"""What is to be written in, files under their names out: aside first and to the disk, so that no name ever holds half a file."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

PART = ".part"


def aside(path: Path) -> Path:
    """Where a file is written until it is whole.

    >>> aside(Path("OUT/totals.csv")).name
    'totals.csv.part'
    """
    return path.with_name(path.name + PART)


def final_of(part: Path) -> Path:
    """The name that a part takes when it is whole."""
    return part.with_name(part.name.removesuffix(PART))


def settle(file: IO[Any]) -> None:
    """To the disk before the rename: else a final name could hold half a file after a loss of power."""
    file.flush()
    os.fsync(file.fileno())


def write(part: Path, data: bytes) -> None:
    """Bytes as a file, to the disk."""
    with part.open("wb") as file:
        file.write(data)
        settle(file)


def rename(part: Path) -> Path:
    """Put a part in its place; the file."""
    return part.replace(final_of(part))


def drop(parts: Iterable[Path]) -> None:
    """Remove what did not come to its name; a full disk needs the room."""
    for part in parts:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def put(path: Path, data: bytes) -> Path:
    """Bytes under a name, whole or not at all.

    Raises:
        OSError: where they cannot be written; what the name held before stays.
    """
    part = aside(path)
    try:
        write(part, data)
        return rename(part)
    except BaseException:
        drop((part,))
        raise
