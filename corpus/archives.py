"""Reads the members of an archive (zip, tar, gz, bz2, xz) one after another, gives their bytes under harmless names."""

from __future__ import annotations

import io
import re
import struct
import tarfile
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from .decoding import decode
from .limits import LimitError, Limits

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

FORMATS = ("zip", "tar", "tar.gz", "tar.bz2", "tar.xz", "gz", "bz2", "xz", "7z", "rar")
_CHUNK = 1 << 16
_BLOCK = 1 << 13  # what a tar that breaks off may lose before the break
_SMALL = 1 << 20  # members up to this size may unfold to any multiple
_TAR_HEAD = 4 << 20  # bytes of headers between two members of a tar
_UNPACK = "unpack it first, {} archives are not read (请先解压)"
_ENCRYPTED = "the member is encrypted: unpack the archive with its password first (文件已加密，请先解压)"
_LOCAL = struct.Struct("<4s5H3I2H")
_LOCAL_MARK = b"PK\x03\x04"
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
        yield Member("", message=f"not a readable {format} archive: {_one_line(error)} (压缩包损坏，无法读取)")
        return
    if empty:
        yield Member("", message="the archive holds no file (压缩包内没有文件)")


def _members_of(file: BinaryIO, read_as: str, budget: Budget) -> Iterator[Member]:
    if read_as == "zip":
        return _zip_members(file, budget)
    if read_as in ("7z", "rar"):
        return iter((Member("", message=_UNPACK.format(read_as)),))
    if read_as == "tar":
        return _tar_members(_Metered(file, file, budget), budget)
    packing = read_as.removeprefix("tar.")
    if packing not in _OPENERS:
        return iter((Member("", message=f"no archive format {read_as!r}: one of {', '.join(FORMATS)} (不支持的格式)"),))
    return _unfolded(file, packing, read_as.startswith("tar."), budget)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__


# --- names


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


def _is_hidden(name: str) -> bool:
    """Whether a safe name is furniture of a system: .DS_Store, __MACOSX, Thumbs.db, ~$lock.docx."""
    parts = name.lower().split("/")
    return any(part.startswith((".", "~$")) or part in _FURNITURE for part in parts)


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


def _worded(raw: bytes) -> str:
    """The bytes of a name as text."""
    return decode(raw).text


# --- bytes within bounds


def _unspent(_: int) -> None:
    """What is counted elsewhere."""


def _read_bounded(
    read: Callable[[int], bytes], limits: Limits, spend: Callable[[int], None] = _unspent
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
        return b"".join(parts), f"the member is damaged: {_one_line(error)} (文件损坏)"
    return b"".join(parts), ""


class _Metered(io.RawIOBase):
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
            self.fault = f"the archive is damaged: {_one_line(error)} (压缩包损坏)"
            return b""
        if self._stream is not self._packed:
            self._meter(len(data))
        return data

    def _meter(self, size: int) -> None:
        self._given += size
        self._budget.spend(size)
        if self._given > self._budget.limits.ratio * max(self._packed.tell(), _CHUNK) + _SMALL:
            raise LimitError("ratio", f"{self._given} bytes out of {self._packed.tell()}")


# --- gz, bz2, xz


def _open_gz(file: BinaryIO, _: Limits) -> BinaryIO:
    import gzip

    return cast(BinaryIO, gzip.GzipFile(fileobj=file))


def _open_bz2(file: BinaryIO, _: Limits) -> BinaryIO:
    import bz2

    return cast(BinaryIO, bz2.BZ2File(file))


def _open_xz(file: BinaryIO, limits: Limits) -> BinaryIO:
    import lzma

    lzma.LZMADecompressor(memlimit=limits.memory // 4).decompress(file.read(_CHUNK), 1)  # a dictionary of 4 GB
    file.seek(0)
    return cast(BinaryIO, lzma.LZMAFile(file))


_OPENERS = {"gz": _open_gz, "bz2": _open_bz2, "xz": _open_xz}


def _unfolded(file: BinaryIO, packing: str, is_tar: bool, budget: Budget) -> Iterator[Member]:
    """The members of a tar that is packed as a whole, or the one file that is."""
    file.seek(0)
    name = _gz_name(file.read(1 << 12)) if packing == "gz" else ""
    file.seek(0)
    try:
        stream = _Metered(_OPENERS[packing](file, budget.limits), file, budget)
    except Exception as error:
        yield Member("", message=f"the archive is damaged: {_one_line(error)} (压缩包损坏)")
        return
    if is_tar or stream.look_ahead(512)[257:262] == b"ustar":
        yield from _tar_members(stream, budget)
        return
    budget.count()
    try:
        data, message = _read_bounded(stream.read, budget.limits)
    except LimitError as error:
        if error.name != "ratio":
            raise
        data, message = b"", str(error)
    yield Member(name, len(data), data, message or stream.fault)


def _gz_name(head: bytes) -> str:
    """The name that a gz keeps of its file, '' for none."""
    if len(head) < 10 or not head[3] & 8:
        return ""
    start = 12 + int.from_bytes(head[10:12], "little") if head[3] & 4 else 10
    return safe_name(_worded(head[start:].partition(b"\0")[0]))


# --- tar


class _Header(tarfile.TarInfo):
    """A header that tells the archive what tarfile passes over in silence: broken headers, the mark at the end."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> _Header:
        header = super().frombuf(buf, encoding, errors)
        if header.size < 0 or (header.type in _NAMING and header.size > _TAR_HEAD):
            raise tarfile.InvalidHeaderError("absurd size")  # type: ignore[attr-defined]
        return header

    @classmethod
    def fromtarfile(cls, tarfile: tarfile.TarFile) -> _Header:
        try:
            return super().fromtarfile(tarfile)
        except _HEADER_ERRORS as error:
            state = cast("_Tar", tarfile)
            state.ended = state.ended or type(error).__name__ == "EOFHeaderError"
            state.broken += type(error).__name__ in ("InvalidHeaderError", "TruncatedHeaderError")
            raise


class _Tar(tarfile.TarFile):
    """A tar and what its headers tar."""

    tarinfo = _Header
    ended = False
    broken = 0


_HEADER_ERRORS: type[Exception] = tarfile.HeaderError
_NAMING = (
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)


def _tar_members(stream: _Metered, budget: Budget) -> Iterator[Member]:
    """The files of a tar that is read once from its start; after a broken header the next good one is looked for."""
    tar = _open_tar(stream)
    while tar and (info := _next_header(tar, stream)) is not None:
        tar.members.clear()  # type: ignore[attr-defined]  # what was read would pile up
        budget.count()
        name = safe_name(_worded(info.name.encode("utf-8", "surrogateescape")))
        if info.isreg() and name and not _is_hidden(name):
            yield _tar_member(tar, info, name, budget)
    if stream.fault:
        yield Member("", message=stream.fault)
    elif tar and tar.broken:
        yield Member("", message=f"{tar.broken} blocks are damaged, members may be missing (压缩包部分损坏)")
    elif tar and not tar.ended:
        yield Member("", message="the archive has no end, members may be missing (压缩包不完整)")


def _open_tar(stream: _Metered) -> _Tar | None:
    try:
        return _Tar.open(fileobj=cast(BinaryIO, stream), mode="r|", ignore_zeros=True, errors="surrogateescape")
    except (LimitError, MemoryError):
        raise
    except Exception as error:
        stream.fault = stream.fault or f"not a readable tar archive: {_one_line(error)} (压缩包损坏，无法读取)"
        return None


def _next_header(tar: tarfile.TarFile, stream: _Metered) -> tarfile.TarInfo | None:
    try:
        return tar.next()
    except (LimitError, MemoryError):
        raise
    except Exception as error:
        stream.fault = stream.fault or f"the archive is cut off or damaged: {_one_line(error)} (压缩包不完整)"
        return None


def _tar_member(tar: tarfile.TarFile, info: tarfile.TarInfo, name: str, budget: Budget) -> Member:
    if info.size > budget.limits.file:
        return Member(name, info.size, message=str(LimitError("file", f"a member of {info.size} bytes")))
    if info.issparse():
        return Member(name, info.size, message="a sparse file is not read: pack it again without holes (稀疏文件)")
    content = tar.extractfile(info)
    data, message = (
        _read_bounded(lambda _: cast(io.BufferedReader, content).read1(_BLOCK), budget.limits) if content else (b"", "")
    )
    if len(data) < info.size:
        message = f"the archive ends inside the member, after {len(data)} of {info.size} bytes (压缩包不完整)"
    return Member(name, info.size, data, message)


# --- zip


def _zip_members(file: BinaryIO, budget: Budget) -> Iterator[Member]:
    """The files of a zip by its directory; without one (a download that broke off) by the headers before each member."""
    from zipfile import BadZipFile, ZipFile

    _refuse_directory(file, budget.limits)
    try:
        archive = ZipFile(file)
    except (BadZipFile, ValueError, struct.error, OverflowError, NotImplementedError) as error:
        yield from _walk(file, budget)
        yield Member("", message=f"the zip has no readable directory: {_one_line(error)} (压缩包不完整)")
        return
    infos = archive.infolist()
    encoding = _names_encoding(infos)
    overlapping = _overlapping(infos)
    for info in infos:
        budget.count()
        name = safe_name(_name_of(info, encoding))
        if info.is_dir() or not name or _is_hidden(name) or _is_link(info):
            continue
        message = _refusal(info, id(info) in overlapping, budget.limits)
        data, fault = (b"", "") if message else _zip_member(archive, info, file, budget)
        yield Member(name, info.file_size, data, message or fault)


def _refuse_directory(file: BinaryIO, limits: Limits) -> None:
    """Refuse a zip whose directory has room for more members than are allowed, before it is read."""
    end = file.seek(0, io.SEEK_END)
    file.seek(max(0, end - _CHUNK - 22))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        return
    size = int.from_bytes(tail[at + 12 : at + 16], "little")
    wide = tail.rfind(b"PK\x06\x06")
    if size == 0xFFFFFFFF and 0 <= wide < len(tail) - 56:
        size = int.from_bytes(tail[wide + 40 : wide + 48], "little")
    if min(size, end) // 46 > limits.members:
        raise LimitError("members", f"a zip with a directory of {size} bytes")


def _is_link(info: ZipInfo) -> bool:
    return info.create_system == 3 and (info.external_attr >> 28) not in (0, 8)


def _names_encoding(infos: Sequence[ZipInfo]) -> str:
    """The encoding of the names that do not say theirs, judged from all of them together."""
    raw = (_raw_name(info) for info in infos if not info.flag_bits & 0x800)
    return decode(b"\n".join(islice((name for name in raw if name and not name.isascii()), 1000))).encoding


def _raw_name(info: ZipInfo) -> bytes:
    """The bytes of a name, which zipfile takes to be in the code page of DOS; b'' where it was told better."""
    try:
        info.filename.encode("cp437")
        return info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return b""


def _name_of(info: ZipInfo, encoding: str) -> str:
    raw = b"" if info.flag_bits & 0x800 else _raw_name(info)
    return raw.decode(encoding, "replace") if raw else info.filename


def _overlapping(infos: Sequence[ZipInfo]) -> set[int]:
    """Members of which the bytes reach into another, as those of a bomb do."""
    ordered = sorted(infos, key=lambda info: info.header_offset)
    return {
        id(info)
        for info, after in pairwise(ordered)
        if info.header_offset + 30 + info.compress_size > after.header_offset
    }


def _refusal(info: ZipInfo, overlaps: bool, limits: Limits) -> str:
    """Why a member is not read at all, '' where it is."""
    if info.flag_bits & 1:
        return _ENCRYPTED
    if overlaps:
        return "the member shares its bytes with another: not read (成员互相重叠，疑为压缩炸弹)"
    if info.file_size > limits.file:
        return str(LimitError("file", f"a member of {info.file_size} bytes"))
    if info.file_size > max(_SMALL, limits.ratio * info.compress_size):
        return str(LimitError("ratio", f"{info.file_size} bytes out of {info.compress_size}"))
    return ""


def _zip_member(archive: ZipFile, info: ZipInfo, file: BinaryIO, budget: Budget) -> tuple[bytes, str]:
    """The bytes of a member; those of a damaged one up to the damage."""
    try:
        with archive.open(info) as content:
            data, message = _read_bounded(content.read, budget.limits, budget.spend)
    except NotImplementedError as error:
        return b"", f"{_one_line(error)}: unpack the archive first (不支持的压缩方法，请先解压)"
    except (LimitError, MemoryError):
        raise
    except Exception as error:
        data, message = b"", f"the member is damaged: {_one_line(error)} (文件损坏)"
    if message and info.compress_type in (0, 8):
        file.seek(info.header_offset)
        header = _local_header(file)
        if header:
            more = _unpack(file, info.compress_type, info.compress_size, budget).data
            return (more if len(more) > len(data) else data), message
    return data, message


class _Local(NamedTuple):
    """The header before a member."""

    name: bytes
    flags: int
    method: int
    packed: int
    size: int


class _Unpacked(NamedTuple):
    data: bytes
    message: str


def _local_header(file: BinaryIO) -> _Local | None:
    """The header at the stream's place, which then stands at the member's bytes; None where there is none."""
    raw = file.read(_LOCAL.size)
    if len(raw) < _LOCAL.size or not raw.startswith(_LOCAL_MARK):
        return None
    _, _, flags, method, _, _, _, packed, size, name_size, extra_size = _LOCAL.unpack(raw)
    name, extra = file.read(name_size), file.read(extra_size)
    if size == 0xFFFFFFFF and extra[:2] == b"\1\0" and len(extra) >= 20:
        size, packed = struct.unpack("<2Q", extra[4:20])
    return _Local(name, flags, method, packed, size)


def _walk(file: BinaryIO, budget: Budget) -> Iterator[Member]:
    """The members of a zip without a directory."""
    at = _seek_mark(file, 0)
    while at is not None:
        file.seek(at)
        header = _local_header(file)
        start = file.tell()
        if header is None:
            return
        budget.count()
        name = safe_name(
            header.name.decode() if header.flags & 0x800 and _is_utf8(header.name) else _worded(header.name)
        )
        known = not header.flags & 8
        member = _walked(file, header, name, budget)
        if member and not header.name.endswith((b"/", b"\\")) and name and not _is_hidden(name):
            yield member
        at = _seek_mark(file, start + header.packed if known else file.tell() if header.method == 8 else start)


def _walked(file: BinaryIO, header: _Local, name: str, budget: Budget) -> Member:
    """The member behind a header; the stream then stands behind what was read of it."""
    if header.flags & 1:
        return Member(name, header.size, message=_ENCRYPTED)
    if header.method not in (0, 8) or (header.method == 0 and header.flags & 8):
        return Member(name, header.size, message="packed in a way that needs the directory (缺少目录，无法读取)")
    size = None if header.flags & 8 else header.packed
    return Member(name, header.size, *_unpack(file, header.method, size, budget))


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _seek_mark(file: BinaryIO, at: int) -> int | None:
    """The place of the next header from `at` on."""
    file.seek(at)
    kept = b""
    while chunk := file.read(_CHUNK):
        found = (kept + chunk).find(_LOCAL_MARK)
        if found >= 0:
            return at - len(kept) + found
        at += len(chunk)
        kept = (kept + chunk)[-3:]
    return None


def _unpack(file: BinaryIO, method: int, size: int | None, budget: Budget) -> _Unpacked:
    """The bytes of a member that starts at the stream's place, as far as they are whole; the stream stands behind."""
    packed = _Window(file, size)
    if method == 0:
        data, message = _read_bounded(packed.read, budget.limits, budget.spend)
        return _Unpacked(data, message or ("the member is cut off (文件不完整)" if packed.left else ""))
    inflate = _Inflate(packed, budget)
    data, message = _read_bounded(inflate.read, budget.limits, budget.spend)
    file.seek(packed.end - inflate.unused)
    return _Unpacked(data, message)


class _Window:
    """So many bytes of a stream from its place on; None for all."""

    def __init__(self, file: BinaryIO, size: int | None) -> None:
        self._file, self.left = file, size
        self.end = file.tell()
        self.start = self.end

    def read(self, size: int) -> bytes:
        data = self._file.read(size if self.left is None else min(size, self.left))
        self.end += len(data)
        if self.left is not None:
            self.left -= len(data)
        return data


class _Inflate:
    """Deflated bytes unfolded in small parts."""

    def __init__(self, packed: _Window, budget: Budget) -> None:
        self._packed, self._budget = packed, budget
        self._engine = zlib.decompressobj(-15)
        self._given = 0

    @property
    def unused(self) -> int:
        """How many bytes were read and not used."""
        return len(self._engine.unused_data) + len(self._engine.unconsumed_tail)

    def read(self, size: int) -> bytes:
        while not self._engine.eof:
            chunk = self._engine.unconsumed_tail or self._packed.read(_CHUNK)
            if not chunk:
                raise EOFError("cut off")
            if part := self._engine.decompress(chunk, size):
                self._given += len(part)
                self._bound()
                return part
        return b""

    def _bound(self) -> None:
        taken = self._packed.end - self._packed.start
        if self._given > self._budget.limits.ratio * taken + _SMALL:
            raise zlib.error(str(LimitError("ratio", f"{self._given} bytes out of {taken}")))
