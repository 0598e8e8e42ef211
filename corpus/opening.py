"""A path in, its documents out: opens files of every format, and tables and archives inside archives, within limits."""

from __future__ import annotations

import errno
import io
import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import BinaryIO
from urllib.parse import urlsplit

from .archives import members
from .decoding import decode, is_binary
from .document import Document, failed
from .errors import InputError
from .formats import opening_of
from .libreoffice import converted
from .limits import LimitError, Limits
from .members import Budget
from .sheets import Columns, looks_like_html, read_table
from .warc import read_warc
from .workshop import Workshop

_ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.EBADF, errno.ELOOP)
_STREAMED = ("csv", "tsv", "json", "jsonl")
_ARCHIVES = ("zip", "tar", "gz", "bz2", "xz", "7z", "rar")
# Formats of old programs, and those into which LibreOffice turns them.
_OLD = {"doc": ".docx", "xls": ".xlsx", "ods": ".xlsx"}
_REFUSED = {
    "empty": "the file is empty (文件为空)",
    "binary": "neither text nor a format that is read (既非文本，也非可读格式)",
    "locked": "encrypted: save it without a password (文件已加密，请去掉密码后另存)",
    "ppt": "slides are not read: save them as PDF (不读幻灯片，请另存为 PDF)",
}
_ROWS = (*_STREAMED, "xlsx", "parquet")


class Opener:
    """Opens files; a context manager, since it keeps a process aside for formats whose readers may go wrong."""

    def __init__(self, columns: Columns, limits: Limits) -> None:
        self._columns, self._limits = columns, limits
        self._workshop = Workshop(limits)

    def __enter__(self) -> Opener:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._workshop.close()

    def documents(self, path: Path) -> Iterator[Document]:
        """The documents of a file, one failed where it cannot be read; names are `#row` or `/member` behind the file's.

        Never raises for what the file holds.
        """
        try:
            refusal = _refusal(path)
            if refusal:
                yield failed(refusal)
                return
            with path.open("rb") as file:
                yield from self._open(file, path.name, Budget(self._limits, depth=0))
        except PermissionError:
            yield failed("no permission to read it (没有读取权限)")
        except OSError as error:
            yield failed(f"cannot be read: {error.strerror or error} (无法读取)")

    def _open(self, file: BinaryIO, name: str, budget: Budget) -> Iterator[Document]:
        read_as, head = opening_of(file, name)
        if read_as == "text":
            yield _plain(file, head, self._limits)
            return
        try:
            for document in self._read(file, name, read_as, budget):
                yield self._bounded(self.unfolded(document) if read_as in _ROWS else document)
        except LimitError as error:
            yield failed(str(error), read_as)

    def _read(self, file: BinaryIO, name: str, read_as: str, budget: Budget) -> Iterator[Document]:
        if read_as in _REFUSED:
            return iter((failed(_REFUSED[read_as], read_as),))
        if read_as in _STREAMED:
            return read_table(file, read_as, self._columns, self._limits)
        if read_as in _ARCHIVES:
            return self._members(file, name, read_as, budget.inside())
        if read_as == "warc":
            return self._captures(file, budget.inside())
        if read_as in _OLD:
            return self._old(_bytes(file, self._limits), read_as)
        return self._workshop.read(read_as, _bytes(file, self._limits), self._columns)

    def _old(self, data: bytes, read_as: str) -> Iterator[Document]:
        target = _OLD[read_as]
        try:
            data = converted(data, f".{read_as}", target, self._limits)
        except InputError as error:
            yield failed(str(error), read_as)
            return
        for document in self._workshop.read(target[1:], data, self._columns):
            yield replace(document, format=read_as)

    def _members(self, file: BinaryIO, name: str, read_as: str, budget: Budget) -> Iterator[Document]:
        """The documents of an archive's members; a single packed file is that file."""
        for member in members(file, read_as, self._limits, budget):
            place = f"/{member.name}" if member.name else ""
            if member.message and not member.data:
                yield failed(member.message, read_as, place)
                continue
            for document in self._open(member.open(), member.name or os.path.splitext(name)[0], budget):
                told = _also(document, member.message) if member.message else document
                yield replace(told, name=place + document.name)

    def _captures(self, file: BinaryIO, budget: Budget) -> Iterator[Document]:
        """The pages of a crawl, each with its address."""
        for capture in read_warc(file, self._limits):
            place = f"#{capture.number}"
            if capture.message and not capture.data:
                yield replace(failed(capture.message, "warc", place), url=capture.url)
                continue
            for document in self._open(io.BytesIO(capture.data), _last(capture.url), budget):
                told = _also(document, capture.message) if capture.message else document
                yield replace(told, name=place + document.name, url=document.url or capture.url)

    def _bounded(self, document: Document) -> Document:
        if len(document.text) <= self._limits.text:
            return document
        message = str(LimitError("text", f"{len(document.text):,} characters in one article"))
        return failed(message, document.format, document.name)

    def unfolded(self, row: Document) -> Document:
        """A table's row whose text is a page: the page's text, and beside it what the other columns say."""
        if row.status == "failed" or not looks_like_html(row.text):
            return row
        page = next(self._workshop.read("html", row.text.encode("utf-8", "replace")), row)
        return replace(
            page,
            name=row.name,
            title=row.title or page.title,
            published=row.published or page.published,
            source=row.source or page.source,
            contributor=row.contributor or page.contributor,
            region=row.region or page.region,
            url=row.url or page.url,
        )


def _also(document: Document, message: str) -> Document:
    """A document of a damaged member: what could be read of it."""
    told = "; ".join(part for part in (document.message, message) if part)
    return replace(document, status="failed" if document.status == "failed" else "partial", message=told)


def _last(url: str) -> str:
    """The last part of an address, which may end in the suffix of a format."""
    return urlsplit(url).path.rpartition("/")[2] if url else ""


def _refusal(path: Path) -> str:
    """Why a path is not opened at all; the file is asked about once."""
    try:
        found = os.stat(path)
    except ValueError:  # a NUL in the name
        return "not a regular file (不是普通文件)"
    except OSError as error:
        if error.errno not in _ABSENT:
            raise
        if not path.is_symlink() and not path.parent.is_file() and not os.path.lexists(path):
            return "no such file (文件不存在)"
        return "not a regular file (不是普通文件)"
    if stat.S_ISDIR(found.st_mode):
        return "this folder cannot be listed (无法列出该文件夹)"
    return "" if stat.S_ISREG(found.st_mode) else "not a regular file (不是普通文件)"


def _bytes(file: BinaryIO, limits: Limits) -> bytes:
    """All bytes of a file that is read whole.

    Raises:
        LimitError: where it holds more than `limits.file`.
    """
    data = file.read(limits.file + 1)
    if len(data) > limits.file:
        raise LimitError("file", f"a file of more than {limits.file >> 20} MB")
    return data


def _plain(file: BinaryIO, head: bytes, limits: Limits) -> Document:
    """The text of a plain file, whatever its encoding; `head` was read and found to be no binary."""
    rest = file.read(max(0, limits.text + 1 - len(head)))
    data = head + rest
    if len(data) > limits.text:
        return failed(
            f"over {limits.text >> 20} MB, too large for one article: split the file, or raise --limit text="
            " (文件过大，请先拆分)"
        )
    if b"\0" in rest and is_binary(data):
        return failed(_REFUSED["binary"])
    decoded = decode(data)
    if not decoded.text or decoded.text.isspace():
        return failed(_REFUSED["empty"])
    if not decoded.replaced:
        return Document(decoded.text)
    message = (
        f"{decoded.replaced} stretches are no {decoded.encoding} and were replaced by U+FFFD"
        f" ({decoded.replaced} 处无法解码，已替换)"
    )
    return Document(decoded.text, status="partial", message=message)
