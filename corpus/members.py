"""What the member of an archive is: a harmless name, its bytes read within bounds, and what an archive may still ask for."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO

from .decoding import decode
from .errors import one_line
from .limits import LimitError, Limits

_CHUNK = 1 << 16
_SMALL = 1 << 20  # members up to this size may unfold to any multiple
_DRIVE = re.compile(r"^(?:[/\\]{2}[?.][/\\])?[A-Za-z]:(?=[/\\])")
_FURNITURE = frozenset(("__macosx", "thumbs.db", "desktop.ini", "icon"))
_LONGEST = 80  # characters of one part of a name: 240 bytes of the 255 that a file system takes


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: a harmless relative name, which no other member has, and its bytes.

    `message` is '' or says why it cannot be read; what could be read of a damaged one stands in `data`, which is b''
    where nothing could. `size` is what the archive says. The name is '' for an archive that names no member: the only
    one of a .gz has the name of the archive without its suffix, a message on an archive as a whole that of the archive.
    """

    name: str
    size: int = 0
    data: bytes = b""
    message: str = ""

    def open(self) -> BinaryIO:
        """The bytes as a stream."""
        return io.BytesIO(self.data)


@dataclass(slots=True)
class _Spent:
    unpacked: int = 0
    members: int = 0


@dataclass(frozen=True, slots=True)
class Budget:
    """What an archive and all archives inside it may still ask for; `inside` is the budget of one inside."""

    limits: Limits
    depth: int = 1
    _spent: _Spent = field(default_factory=_Spent)

    def spend(self, size: int) -> None:
        """Count unpacked bytes; raises LimitError."""
        self._spent.unpacked += size
        if self._spent.unpacked > self.limits.unpacked:
            raise LimitError("unpacked", f"an archive of more than {self.limits.unpacked} bytes unpacked")

    def count(self) -> None:
        """Count a member; raises LimitError."""
        self._spent.members += 1
        if self._spent.members > self.limits.members:
            raise LimitError("members", f"an archive of more than {self.limits.members} members")

    def inside(self) -> Budget:
        """The same budget one archive deeper; raises LimitError."""
        if self.depth >= self.limits.depth:
            raise LimitError("depth", f"archives {self.depth + 1} deep")
        return Budget(self.limits, self.depth + 1, self._spent)


def safe_name(name: str) -> str:
    """A relative path that stays where it is put and that any system can write; '' where nothing is left.

    >>> safe_name("../../etc/简报.txt"), safe_name("C:\\\\简报\\\\第1期.txt"), safe_name("/a/\\u202ecod.exe\\0.txt")
    ('etc/简报.txt', '简报/第1期.txt', 'a/cod.exe.txt')
    """
    parts = (_safe_part(part) for part in re.split(r"[/\\]", _DRIVE.sub("", name)))
    return "/".join([part for part in parts if part][-20:])


def _safe_part(part: str) -> str:
    """One part of a path without control characters and marks with a meaning, cut in its middle where it is long."""
    plain = "".join("_" if c in '<>:"|?*' else c for c in part if unicodedata.category(c)[0] != "C").strip()
    plain = plain if plain.strip(".") else ""
    plain = plain.rstrip(". ")
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 21]}…{plain[-20:]}"


def is_hidden(name: str) -> bool:
    """Whether a safe name is furniture of a system: .DS_Store, __MACOSX, Thumbs.db, ~$lock.docx."""
    parts = name.lower().split("/")
    return any(part.startswith((".", "~$")) or part in _FURNITURE for part in parts)


def worded(raw: bytes) -> str:
    """The bytes of a name as text."""
    return decode(raw).text


def unspent(_: int) -> None:
    """What is counted elsewhere."""


def read_bounded(
    read: Callable[[int], bytes], limits: Limits, spend: Callable[[int], None] = unspent
) -> tuple[bytes, str]:
    """All that `read` gives, and '' or why it ends too early."""
    parts, size = [], 0
    try:
        while part := read(_CHUNK):
            spend(len(part))
            size += len(part)
            if size > limits.file:
                return b"", str(LimitError("file", f"a member of more than {limits.file} bytes"))
            parts.append(part)
    except (LimitError, MemoryError):
        raise
    except Exception as error:
        return b"".join(parts), f"the member is damaged: {one_line(error)} (文件损坏)"
    return b"".join(parts), ""


class Metered(io.RawIOBase):
    """A stream that unfolds from another and may not grow to more than its size warrants; `fault` is why it ended."""

    def __init__(self, stream: BinaryIO, packed: BinaryIO, budget: Budget) -> None:
        self._stream, self._packed, self._budget = stream, packed, budget
        self._read = getattr(stream, "read1", stream.read)  # `read` loses what stands before damage
        self._given = 0
        self._head = b""
        self.fault = ""

    def look_ahead(self, size: int) -> bytes:
        """The first bytes, which are still to be read."""
        while len(self._head) < size and (part := self._next(size)):
            self._head += part
        return self._head[:size]

    def read(self, size: int = -1) -> bytes:
        if not self._head:
            return self._next(size)
        size = len(self._head) if size < 0 else size
        data, self._head = self._head[:size], self._head[size:]
        return data

    def _next(self, size: int) -> bytes:
        try:
            data = self._read(size if 0 <= size <= _CHUNK else _CHUNK)
        except MemoryError:
            raise
        except Exception as error:  # the end of a truncated or damaged stream; what came before is good
            self.fault = f"the archive is damaged: {one_line(error)} (压缩包损坏)"
            return b""
        if self._stream is not self._packed:
            self._meter(len(data))
        return data

    def _meter(self, size: int) -> None:
        self._given += size
        self._budget.spend(size)
        if self._given > self._budget.limits.ratio * max(self._packed.tell(), _CHUNK) + _SMALL:
            raise LimitError("ratio", f"{self._given} bytes out of {self._packed.tell()}")
