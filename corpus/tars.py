"""Reads tar archives, and single files packed by gz, bz2 or xz, gives their members."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from typing import BinaryIO, cast

from .errors import one_line
from .limits import LimitError, Limits
from .members import Budget, Member, Metered, is_hidden, read_bounded, safe_name, worded

_CHUNK = 1 << 16
_BLOCK = 1 << 13  # what a tar that breaks off may lose before the break
_TAR_HEAD = 4 << 20  # bytes of headers between two members of a tar


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


OPENERS = {"gz": _open_gz, "bz2": _open_bz2, "xz": _open_xz}


def unfolded(file: BinaryIO, packing: str, is_tar: bool, budget: Budget) -> Iterator[Member]:
    """The members of a tar that is packed as a whole, or the one file that is."""
    file.seek(0)
    name = _gz_name(file.read(1 << 12)) if packing == "gz" else ""
    file.seek(0)
    try:
        stream = Metered(OPENERS[packing](file, budget.limits), file, budget)
    except Exception as error:
        yield Member("", message=f"the archive is damaged: {one_line(error)} (压缩包损坏)")
        return
    if is_tar or stream.look_ahead(512)[257:262] == b"ustar":
        yield from tar_members(stream, budget)
        return
    budget.count()
    try:
        data, message = read_bounded(stream.read, budget.limits)
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
    return safe_name(worded(head[start:].partition(b"\0")[0]))


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


def tar_members(stream: Metered, budget: Budget) -> Iterator[Member]:
    """The files of a tar that is read once from its start; after a broken header the next good one is looked for."""
    tar = _open_tar(stream)
    while tar and (info := _next_header(tar, stream)) is not None:
        tar.members.clear()  # type: ignore[attr-defined]  # what was read would pile up
        budget.count()
        name = safe_name(worded(info.name.encode("utf-8", "surrogateescape")))
        if info.isreg() and name and not is_hidden(name):
            yield _tar_member(tar, info, name, budget)
    if stream.fault:
        yield Member("", message=stream.fault)
    elif tar and tar.broken:
        yield Member("", message=f"{tar.broken} blocks are damaged, members may be missing (压缩包部分损坏)")
    elif tar and not tar.ended:
        yield Member("", message="the archive has no end, members may be missing (压缩包不完整)")


def _open_tar(stream: Metered) -> _Tar | None:
    try:
        return _Tar.open(fileobj=cast(BinaryIO, stream), mode="r|", ignore_zeros=True, errors="surrogateescape")
    except (LimitError, MemoryError):
        raise
    except Exception as error:
        stream.fault = stream.fault or f"not a readable tar archive: {one_line(error)} (压缩包损坏，无法读取)"
        return None


def _next_header(tar: tarfile.TarFile, stream: Metered) -> tarfile.TarInfo | None:
    try:
        return tar.next()
    except (LimitError, MemoryError):
        raise
    except Exception as error:
        stream.fault = stream.fault or f"the archive is cut off or damaged: {one_line(error)} (压缩包不完整)"
        return None


def _tar_member(tar: tarfile.TarFile, info: tarfile.TarInfo, name: str, budget: Budget) -> Member:
    if info.size > budget.limits.file:
        return Member(name, info.size, message=str(LimitError("file", f"a member of {info.size} bytes")))
    if info.issparse():
        return Member(name, info.size, message="a sparse file is not read: pack it again without holes (稀疏文件)")
    content = tar.extractfile(info)
    data, message = (
        read_bounded(lambda _: cast(io.BufferedReader, content).read1(_BLOCK), budget.limits) if content else (b"", "")
    )
    if len(data) < info.size:
        message = f"the archive ends inside the member, after {len(data)} of {info.size} bytes (压缩包不完整)"
    return Member(name, info.size, data, message)
