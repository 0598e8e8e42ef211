"""Reads zip archives by their directory, broken ones by the headers before each member, gives their members."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from .decoding import decode
from .errors import one_line
from .limits import LimitError, Limits
from .members import Budget, Member, is_hidden, read_bounded, safe_name, worded

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

_CHUNK = 1 << 16
_SMALL = 1 << 20  # members up to this size may unfold to any multiple
_ENCRYPTED = "the member is encrypted: unpack the archive with its password first (文件已加密，请先解压)"
_LOCAL = struct.Struct("<4s5H3I2H")
_LOCAL_MARK = b"PK\x03\x04"


def zip_members(file: BinaryIO, budget: Budget) -> Iterator[Member]:
    """The files of a zip by its directory; without one (a download that broke off) by the headers before each member."""
    from zipfile import BadZipFile, ZipFile

    _refuse_directory(file, budget.limits)
    try:
        archive = ZipFile(file)
    # RuntimeError: the directory asks for a version of zip that zipfile does not know.
    except (BadZipFile, ValueError, struct.error, OverflowError, RuntimeError) as error:
        yield from _walk(file, budget)
        yield Member("", message=f"the zip has no readable directory: {one_line(error)} (压缩包不完整)")
        return
    infos = archive.infolist()
    encoding = _names_encoding(infos)
    overlapping = _overlapping(infos)
    for info in infos:
        budget.count()
        name = safe_name(_name_of(info, encoding))
        if info.is_dir() or not name or is_hidden(name) or _is_link(info):
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
            data, message = read_bounded(content.read, budget.limits, budget.spend)
    except NotImplementedError as error:  # what zipfile raises for a packing that it does not know
        return b"", f"{one_line(error)}: unpack the archive first (不支持的压缩方法，请先解压)"
    except (LimitError, MemoryError):
        raise
    except Exception as error:
        data, message = b"", f"the member is damaged: {one_line(error)} (文件损坏)"
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
            header.name.decode() if header.flags & 0x800 and _is_utf8(header.name) else worded(header.name)
        )
        known = not header.flags & 8
        member = _walked(file, header, name, budget)
        if member and not header.name.endswith((b"/", b"\\")) and name and not is_hidden(name):
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
        data, message = read_bounded(packed.read, budget.limits, budget.spend)
        return _Unpacked(data, message or ("the member is cut off (文件不完整)" if packed.left else ""))
    inflate = _Inflate(packed, budget)
    data, message = read_bounded(inflate.read, budget.limits, budget.spend)
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
