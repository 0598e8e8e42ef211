"""Reads a WARC file of a crawler, plain or gzipped, gives the pages and documents that it captured."""

from __future__ import annotations

import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from .errors import one_line
from .limits import LimitError, Limits

# Content types of what may be an article, in one part of the address for those that are sent without one.
TYPES = frozenset(
    (
        "text/html", "application/xhtml+xml", "text/plain", "application/pdf", "application/msword",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/rtf", "text/rtf",
        "application/vnd.oasis.opendocument.text", "application/vnd.ms-works", "application/kswps",
        "application/wps-office.doc", "application/wps-office.docx", "application/epub+zip", "multipart/related",
    )
)  # fmt: skip
SUFFIXES = {
    "htm": "text/html", "html": "text/html", "shtml": "text/html", "txt": "text/plain", "pdf": "application/pdf",
    "doc": "application/msword", "wps": "application/kswps", "rtf": "application/rtf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}  # fmt: skip
_UNTYPED = frozenset(("", "application/octet-stream", "application/download", "application/force-download"))
_GIVING = frozenset(("response", "resource", "conversion"))
_CHUNK = 1 << 14
_HEAD = 1 << 16  # bytes of the headers of a record, of a response
_SMALL = 1 << 20
_FAULTS = 1000
_GZIP = b"\x1f\x8b\x08"
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(r"(\d{3})(?!\d)")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_CUT_OFF = "the record is cut off (记录不完整)"


@dataclass(frozen=True, slots=True)
class WebCapture:
    """One capture: `number` counts all records of the file from 1; `data` is the payload as the site meant it.

    `content_type` is lower case and bare, `charset` what the site said of it, '' for nothing; `captured` is the time of
    the capture. `message` is '' or says why the record cannot be read, or not whole: `data` then holds what could be.
    """

    number: int
    url: str = ""
    captured: datetime | None = None
    content_type: str = ""
    charset: str = ""
    data: bytes = b""
    message: str = ""


def read_warc(file: BinaryIO, limits: Limits, others: Counter[str] | None = None) -> Iterator[WebCapture]:
    """The captures of the file that were answered with success and may be articles, in their order.

    What is passed over is counted in `others`: by type of record (`request`), status (`status 404`), content type
    (`image/png`). Behind a broken record the next one is looked for. The stream must be seekable and is left open.

    Raises:
        LimitError: where the file has too many records or unfolds to more than `limits` allow.
    """
    others = Counter() if others is None else others
    number = faults = 0
    for stream in _streams(file, limits):
        for capture in _captures(stream, limits, others, number):
            number = capture.number
            faults += bool(capture.message)
            if number > limits.members:
                raise LimitError("members", f"a file of more than {limits.members} records")
            if capture.url or capture.message:
                yield capture
            if faults > _FAULTS:
                yield WebCapture(number + 1, message="too much is broken: the rest is not read (损坏过多，其余未读)")
                return
    if not number:
        yield WebCapture(1, message="no WARC record found (没有 WARC 记录)")


# --- streams


class _Raw:
    """The bytes of a gzipped file, of which some may be given back."""

    def __init__(self, file: BinaryIO) -> None:
        self.taken = 0
        self._file, self._back = file, b""

    def read(self) -> bytes:
        data, self._back = self._back or self._file.read(_CHUNK), b""
        self.taken += len(data)
        return data

    def give_back(self, data: bytes) -> None:
        self.taken -= len(data)
        self._back = data

    def find_member(self) -> bool:
        """Move to the next place where a gzip member may begin."""
        kept = b""
        while chunk := self.read():
            found = (kept + chunk).find(_GZIP)
            if found >= 0:
                self.give_back((kept + chunk)[found:])
                return True
            kept = chunk[-2:]
        return False


class _GzipMember(io.RawIOBase):
    """One member of a gzipped file, unfolded; `fault` is why it ended too early."""

    def __init__(self, raw: _Raw, limits: Limits, before: int) -> None:
        self.fault = ""
        self.given = before
        self._raw, self._limits = raw, limits
        self._start, self._before = raw.taken, before
        self._engine, self._ended = zlib.decompressobj(31), False
        self._chunk = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        part = self._part(len(buffer))
        buffer[: len(part)] = part
        return len(part)

    def _part(self, size: int) -> bytes:
        while not self._ended:
            tail = self._engine.unconsumed_tail
            self._chunk = tail or self._raw.read()
            try:
                part = self._engine.decompress(self._chunk, size)
            except zlib.error as error:
                self._end(self._chunk[1:], f"the compressed record is broken: {error} (压缩记录损坏)")
                return b""
            if self._engine.eof:
                self._end(self._engine.unused_data, "")
            elif not self._chunk and not part:
                self._end(b"", _CUT_OFF)
            if part:
                self._meter(len(part))
                return part
        return b""

    def _end(self, rest: bytes, fault: str) -> None:
        self._ended, self.fault = True, fault
        self._raw.give_back(rest)

    def _meter(self, size: int) -> None:
        self.given += size
        if self.given > self._limits.unpacked:
            raise LimitError("unpacked", f"more than {self._limits.unpacked} bytes unpacked")
        packed = self._raw.taken - self._start + _CHUNK
        if self.given - self._before > self._limits.ratio * packed + _SMALL:
            raise LimitError("ratio", f"{self.given - self._before} bytes out of {packed}")


def _streams(file: BinaryIO, limits: Limits) -> Iterator[tuple[io.BufferedReader, _GzipMember | None]]:
    """The plain file, or each gzip member of it; mostly one record is one member."""
    file.seek(0)
    head = file.read(3)
    file.seek(0)
    if head != _GZIP:
        yield io.BufferedReader(_Plain(file), _CHUNK), None
        return
    raw, given = _Raw(file), 0
    while raw.find_member():
        member = _GzipMember(raw, limits, given)
        reader: io.BufferedReader = io.BufferedReader(member, _CHUNK)
        yield reader, member
        while reader.read(_CHUNK):
            pass
        given = member.given


class _Plain(io.RawIOBase):
    """A stream under a reader of its own, which may be closed without it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


# --- records


def _captures(
    source: tuple[io.BufferedReader, _GzipMember | None], limits: Limits, others: Counter[str], number: int
) -> Iterator[WebCapture]:
    """A capture for each record; one without address and message is of those that were counted only."""
    stream, member = source
    stray = told = False
    while line := stream.readline(_HEAD):
        if not line.startswith(b"WARC/"):
            if line.strip() and not stray:
                stray, told, number = True, True, number + 1
                yield WebCapture(
                    number, message="no record begins here: its bytes are passed over (此处不是 WARC 记录)"
                )
            continue
        stray, number = False, number + 1
        capture = _safely(number, line + _record_head(stream), stream, limits, others)
        told = bool(capture.message)
        yield capture
    if member and member.fault and not told:
        yield WebCapture(number + 1, message=member.fault)


def _record_head(stream: io.BufferedReader) -> bytes:
    """The header lines of a record with the blank line behind them, or as many as a header may have."""
    lines, size = [], 0
    while size < _HEAD and (line := stream.readline(_HEAD)):
        lines.append(line)
        size += len(line)
        if not line.strip():
            break
    return b"".join(lines)


def _safely(number: int, head: bytes, stream: io.BufferedReader, limits: Limits, others: Counter[str]) -> WebCapture:
    """`_capture`, and a message where a header is such as warcio does not expect."""
    try:
        return _capture(number, head, stream, limits, others)
    except (LimitError, MemoryError):
        raise
    except Exception as error:
        return WebCapture(number, message=f"the record is broken: {one_line(error)} (记录损坏)")


def _capture(number: int, head: bytes, stream: io.BufferedReader, limits: Limits, others: Counter[str]) -> WebCapture:
    """The capture of the record behind a head; the stream then stands behind the record."""
    from warcio.statusandheaders import StatusAndHeadersParser

    broken = WebCapture(number, message="the head of the record is broken (记录头损坏)")
    try:
        record = StatusAndHeadersParser([], verify=False).parse(io.BytesIO(head))
        length = int(record.get_header("Content-Length") or "")
    except (ValueError, EOFError):
        return broken
    kind, url = str(record.get_header("WARC-Type") or ""), str(record.get_header("WARC-Target-URI") or "").strip("<> ")
    if length < 0:
        return broken
    if not kind or (kind in _GIVING and not url):
        _skip(stream, length)
        return broken
    if kind not in _GIVING or record.get_header("WARC-Segment-Number") not in (None, "1"):
        others[kind] += 1
        return WebCapture(number, message=_skip(stream, length))
    captured = _time(record.get_header("WARC-Date"))
    if length > limits.file + _HEAD:
        _skip(stream, length)
        return WebCapture(number, url, captured, message=str(LimitError("file", f"a record of {length} bytes")))
    block = _block(stream, length)
    cut = "" if len(block) == length else _CUT_OFF
    if kind == "response" and url.lower().startswith(("http:", "https:")):
        return _response(number, url, captured, block, cut, limits, others)
    said = str(record.get_header("Content-Type") or "")
    return _kept(WebCapture(number, url, captured, *_typed(said, url), block, cut), limits, others)


def _block(stream: io.BufferedReader, length: int) -> bytes:
    """So many bytes, or all that there are: what a head claims is not set aside before it is there."""
    parts = []
    while length > 0 and (part := stream.read(min(length, _SMALL))):
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def _skip(stream: io.BufferedReader, length: int) -> str:
    """Pass over so many bytes; says so where there are fewer."""
    while length > 0 and (part := stream.read(min(length, _SMALL))):
        length -= len(part)
    return _CUT_OFF if length > 0 else ""


def _time(text: str | None) -> datetime | None:
    with suppress(ValueError):
        return datetime.fromisoformat(text or "")
    return None


def _typed(said: str, url: str) -> tuple[str, str]:
    """Content type and charset; the type by the address where the site gave none that says anything."""
    bare = said.partition(";")[0].strip().lower()
    charset = _CHARSET.search(said[:500])
    if bare in _UNTYPED:
        with suppress(ValueError):
            bare = SUFFIXES.get(urlsplit(url).path.rpartition(".")[2].lower(), bare)
    return bare, charset.group(1).lower() if charset else ""


def _kept(capture: WebCapture, limits: Limits, others: Counter[str]) -> WebCapture:
    """The capture, bare of all but its number where it is none that may be an article."""
    if capture.content_type not in TYPES or capture.url.endswith("/robots.txt"):
        others[capture.content_type or "no content type"] += 1
        return WebCapture(capture.number, message=capture.message)
    if len(capture.data) > limits.file:
        message = str(LimitError("file", f"a payload of {len(capture.data)} bytes"))
        return WebCapture(capture.number, capture.url, capture.captured, capture.content_type, message=message)
    return capture


# --- responses


def _response(
    number: int, url: str, captured: datetime | None, block: bytes, cut: str, limits: Limits, others: Counter[str]
) -> WebCapture:
    """The capture of an HTTP response: the payload with its transfer and content encoding undone."""
    from warcio.statusandheaders import StatusAndHeadersParser

    end = _END_OF_HEAD.search(block, 0, _HEAD)
    if end is None or not block.startswith(b"HTTP/"):
        return WebCapture(number, url, captured, message="the response has no head (缺少 HTTP 响应头)")
    head = StatusAndHeadersParser([], verify=False).parse(io.BytesIO(block[: end.end()]))
    status = _STATUS.match(str(head.statusline))
    if status is None or not status.group(1).startswith("2"):
        others[f"status {status.group(1) if status else 'unknown'}"] += 1
        return WebCapture(number, message=cut)
    content_type, charset = _typed(str(head.get_header("Content-Type") or ""), url)
    capture = _kept(WebCapture(number, url, captured, content_type, message=cut), limits, others)
    if not capture.url:
        return capture
    body, fault = _undone(block[end.end() :], head, limits)
    return _kept(WebCapture(number, url, captured, content_type, charset, body, cut or fault), limits, others)


def _undone(body: bytes, head: Any, limits: Limits) -> tuple[bytes, str]:
    """The payload behind transfer and content encoding, and '' or why it is not whole."""
    from warcio.bufferedreaders import ChunkedDataReader

    if "chunked" in str(head.get_header("Transfer-Encoding") or "").lower():
        body = ChunkedDataReader(io.BytesIO(body)).read()
    encoding = str(head.get_header("Content-Encoding") or "").strip().lower()
    if encoding in ("", "identity", "utf-8", "none"):
        return body, ""
    if encoding not in ("gzip", "x-gzip", "deflate"):
        return b"", f"the content encoding {encoding[:40]!r} is not read (不支持的内容编码)"
    if encoding != "deflate" and not body.startswith(_GZIP):
        return body, ""  # many a crawler keeps the header and stores the body unpacked
    return _inflated(body, 31 if encoding != "deflate" else 15 if body[:1] == b"\x78" else -15, limits)


def _inflated(body: bytes, window: int, limits: Limits) -> tuple[bytes, str]:
    engine = zlib.decompressobj(window)
    try:
        data = engine.decompress(body, limits.file + 1)
    except zlib.error as error:
        return _salvaged(body, window, limits), f"the payload is broken: {error} (内容损坏)"
    if len(data) > limits.file or len(data) > limits.ratio * max(len(body), _SMALL // limits.ratio):
        name = "file" if len(data) > limits.file else "ratio"
        return b"", str(LimitError(name, f"a payload of {len(data)} bytes or more out of {len(body)}"))
    return data, "" if engine.eof else "the payload is cut off (内容不完整)"


def _salvaged(body: bytes, window: int, limits: Limits) -> bytes:
    """What a broken payload gives up to where it breaks."""
    engine, parts, size = zlib.decompressobj(window), list[bytes](), 0
    with suppress(zlib.error):
        for at in range(0, len(body), 256):
            parts.append(engine.decompress(body[at : at + 256], _SMALL))
            size += len(parts[-1])
            if size > limits.file:
                return b""
    return b"".join(parts)
