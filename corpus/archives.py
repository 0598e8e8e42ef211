"""Reads the members of an archive (zip, tar, gz, bz2, xz) one after another, gives their bytes under harmless names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from .errors import one_line
from .limits import LimitError, Limits
from .members import Budget, Member, Metered
from .tars import OPENERS, tar_members, unfolded
from .zips import zip_members

FORMATS = ("zip", "tar", "tar.gz", "tar.bz2", "tar.xz", "gz", "bz2", "xz", "7z", "rar")
_UNPACK = "unpack it first, {} archives are not read (请先解压)"


def members(file: BinaryIO, format: str, limits: Limits, budget: Budget | None = None) -> Iterator[Member]:  # noqa: A002
    """The files of the archive in its order; folders, links, devices and hidden files are left out.

    The stream must be seekable and is left open; nothing is written to disk. A single .gz, .bz2 or .xz that holds a tar
    is read as one. For an archive in an archive give `budget.inside()` of the outer one.

    Raises:
        LimitError: where the archive asks for more than `limits` allow it; the members before were given.
    """
    budget = budget or Budget(limits)
    names, empty = _Names(), True
    try:
        for member in _members_of(file, format, budget):
            empty = False
            yield Member(names.free(member.name) if member.name else "", member.size, member.data, member.message)
    except (LimitError, MemoryError):
        raise
    except Exception as error:  # what broken bytes raise in zipfile, tarfile and lzma has no common base
        yield Member("", message=f"not a readable {format} archive: {one_line(error)} (压缩包损坏，无法读取)")
        return
    if empty:
        yield Member("", message="the archive holds no file (压缩包内没有文件)")


def _members_of(file: BinaryIO, read_as: str, budget: Budget) -> Iterator[Member]:
    if read_as == "zip":
        return zip_members(file, budget)
    if read_as in ("7z", "rar"):
        return iter((Member("", message=_UNPACK.format(read_as)),))
    if read_as == "tar":
        return tar_members(Metered(file, file, budget), budget)
    packing = read_as.removeprefix("tar.")
    if packing not in OPENERS:
        return iter((Member("", message=f"no archive format {read_as!r}: one of {', '.join(FORMATS)} (不支持的格式)"),))
    return unfolded(file, packing, read_as.startswith("tar."), budget)


class _Names:
    """The names given so far; one that was given has a number put before its suffix."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def free(self, name: str) -> str:
        """The name, or the next free one like it; case does not tell names apart."""
        free = name
        while free.casefold() in self._taken:
            self._taken[name.casefold()] = number = self._taken.get(name.casefold(), 0) + 1
            folder, _, last = name.rpartition("/")
            stem, dot, suffix = last.rpartition(".")
            last = f"{stem}~{number + 1}.{suffix}" if dot and stem else f"{last}~{number + 1}"
            free = f"{folder}/{last}" if folder else last
        self._taken[free.casefold()] = 0
        return free
