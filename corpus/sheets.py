"""Reads tables with a text column (csv, tsv, json, jsonl, xlsx, parquet) row by row, gives a document for each row."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, cast

from . import workbooks
from .decoding import decode
from .document import Document, failed
from .errors import one_line
from .limits import LimitError, Limits
from .table_rows import (
    FIRST_ROWS,
    FIRST_SIZE,
    HEAD_ROWS,
    Columns,
    NoTextError,
    Row,
    TableReader,
    columns_known,
    documents_of,
    documents_under_header,
)

__all__ = ["FORMATS", "Columns", "looks_like_html", "read_bytes", "read_table"]

FORMATS = ("csv", "tsv", "json", "jsonl", "xlsx", "parquet")

_DELIMITERS = ",\t;|"
_SAMPLE = 1 << 20
_REPAIRS = 20
_BROKEN = "\udcff"  # stands for bytes that the encoding does not know; no decoder gives it
_WRAPPED = re.compile(r'\s*\{\s*"[^"\\]{1,60}"\s*:\s*\[\s*(?=[{\]])')
_HTML = re.compile(
    r"<!doctype\s+html|<html[\s>]|<body[\s>]|</(?:p|div|span|table|td|section|article|h[1-6])\s*>|<br\s*/?>",
    re.IGNORECASE,
)


class _RowTooLongError(Exception):
    """A row that holds more characters than an article may."""


# --- the face


def read_table(file: BinaryIO | Path, format: str, columns: Columns, limits: Limits) -> Iterator[Document]:  # noqa: A002
    """A document for each row of the table; `name` is `#` and the number of the data row, from 1.

    A row that cannot be read is a failed document and the others go on, one with replaced bytes or with surplus cells
    is `partial`. Rows without anything in them are passed over. A stream must be seekable; it is left open. `text` is
    the cell as it stands, which may be HTML: ask `looks_like_html`. Parquet belongs in a process aside: pyarrow ends
    the process over some damaged files.

    >>> table = io.BytesIO("标题,正文\\n慰问侨眷,走访46户。\\n".encode("gbk"))
    >>> [(row.name, row.title, row.text) for row in read_table(table, "csv", Columns(), Limits())]
    [('#1', '慰问侨眷', '走访46户。')]

    Raises:
        LimitError: where the table has too many rows or columns, or grows too large in memory; the rows before it
            were given.
    """
    if isinstance(file, Path):
        with file.open("rb") as opened:
            yield from read_table(opened, format, columns, limits)
        return
    reader = _READERS.get(format)
    if reader is None:
        yield failed(f"no table format {format!r}: one of {', '.join(FORMATS)} (不支持的表格格式)", format)
        return
    empty = True
    try:
        for document in reader(file, format, columns, limits):
            empty = False
            yield document
    except (LimitError, MemoryError):
        raise
    except NoTextError as error:
        yield failed(str(error), format)
        return
    except Exception as error:  # what broken bytes raise in openpyxl and pyarrow has no common base
        yield failed(f"not a readable {format} table: {one_line(error)} (表格损坏，无法读取)", format)
        return
    if empty:
        yield failed("the table holds no rows (表中没有数据)", format)


def read_bytes(data: bytes, read_as: str, columns: Columns, limits: Limits) -> Iterator[Document]:
    """`read_table` for a file that is in memory."""
    return read_table(io.BytesIO(data), read_as, columns, limits)


def looks_like_html(text: str) -> bool:
    """Whether a text cell holds the HTML of a page or of a part of one, as crawlers store it.

    >>> looks_like_html("<p>走访侨眷46户。</p>"), looks_like_html("走访侨眷<46户>。")
    (True, False)
    """
    return _HTML.search(text, 0, 20_000) is not None


# --- text streams


def _mark_broken(error: UnicodeError) -> tuple[str, int]:
    return _BROKEN, cast(UnicodeDecodeError, error).end


def _open_text(file: BinaryIO) -> tuple[io.TextIOWrapper, str]:
    """The file as a stream of characters with its line ends, and its encoding; `_BROKEN` stands for bad bytes."""
    codecs.register_error("jianbao.broken", _mark_broken)
    encoding = _encoding_of(file)
    file.seek(0)
    return io.TextIOWrapper(file, encoding, errors="jianbao.broken", newline=""), encoding


def _encoding_of(file: BinaryIO) -> str:
    """The encoding, judged from the head and from the first stretch that is no ASCII."""
    file.seek(0)
    sample = head = file.read(_SAMPLE)
    while len(sample) == _SAMPLE and sample.isascii() and b"\0" not in sample:
        sample = file.read(_SAMPLE)
    if sample.isascii() and b"\0" not in sample:
        return decode(head[:64]).encoding
    end = sample.rfind(b"\n") if len(sample) == _SAMPLE else -1
    return decode(sample[: end + 1] if end > 0 else sample[: len(sample) // 4 * 4]).encoding


class _Lines:
    """The lines of a stream, for a reader that joins them to rows; a row of more than `longest` characters raises."""

    def __init__(self, stream: io.TextIOWrapper, longest: int) -> None:
        self.held: list[str] = []  # the lines of the row that is being read
        self.ended = False
        self._size = 0
        self._stream, self._longest = stream, longest
        self._back: deque[str] = deque()

    def __iter__(self) -> _Lines:
        return self

    def begin(self) -> None:
        """A row begins."""
        self.held.clear()
        self._size = 0

    def look_ahead(self) -> list[str]:
        """The first lines, which are still to be read."""
        size = 0
        while size < FIRST_SIZE and len(self._back) < FIRST_ROWS:
            line = self._stream.readline(self._longest + 1)
            if not line:
                break
            self._back.append(line)
            size += len(line)
        return list(self._back)

    def give_back(self, lines: Sequence[str]) -> None:
        """Lines that are to be read again."""
        self._back.extendleft(reversed(lines))
        self.ended = False

    def __next__(self) -> str:
        line = self._piece()
        if not line:
            self.ended = True
            raise StopIteration
        self._size += len(line)
        self.held.append(line)
        if self._size > self._longest:
            self._drain(line)
            raise _RowTooLongError
        return line

    def _drain(self, line: str) -> None:
        """Read past the rest of a line."""
        while line and line[-1] not in "\r\n":
            line = self._piece()

    def _piece(self) -> str:
        """The next line, or so much of it as a row may hold."""
        return self._back.popleft() if self._back else self._stream.readline(self._longest + 1)


# --- csv


def _read_csv(file: BinaryIO, read_as: str, columns: Columns, limits: Limits) -> Iterator[Document]:
    stream, _ = _open_text(file)
    try:
        lines = _Lines(stream, limits.text)
        rows = _csv_rows(lines, _delimiter(lines, read_as), limits)
        yield from documents_under_header(rows, "", read_as, columns, limits)
    finally:
        stream.detach()


def _delimiter(lines: _Lines, read_as: str) -> str:
    """What parts the cells: said by a first line `sep=;`, else what parts the first rows most evenly."""
    first = lines.look_ahead()
    said = re.fullmatch(r"\ufeff?sep=(.)\s*", first[0]) if first else None
    if said:
        lines.begin()
        next(lines)
        return said.group(1)
    best = "\t" if read_as == "tsv" else ","
    order = best + _DELIMITERS.replace(best, "")
    return max(order, key=lambda delimiter: _evenness(first, delimiter)) if first else best


def _evenness(lines: Sequence[str], delimiter: str) -> tuple[int, float]:
    """How well a delimiter parts the lines: names of columns that it shows, and how many rows are of one width."""
    try:
        rows = [row for row in csv.reader(iter(lines), delimiter=delimiter) if row]
    except csv.Error:
        return 0, 0.0
    known = max((columns_known(row, Columns()) for row in rows[:HEAD_ROWS]), default=0)
    widths = [len(row) for row in rows]
    usual = max(set(widths), key=widths.count, default=1)
    return known, widths.count(usual) / len(widths) if usual > 1 else 0.0


def _csv_rows(lines: _Lines, delimiter: str, limits: Limits) -> Iterator[Row]:
    # The module's own bound on a cell holds for the process: 131,072 characters, less than a report. `lines` bounds rows.
    csv.field_size_limit(max(csv.field_size_limit(), limits.text + 1))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    repairs = width = 0
    while True:
        lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except _RowTooLongError:
            row, repairs = _shortened(lines, delimiter, width if repairs < _REPAIRS else 0, limits), repairs + 1
        except csv.Error:
            row = _mended(lines, delimiter, width)
        else:
            width, row = len(cells) or width, Row(cells)
        if row.cells or row.fault:
            yield row


def _shortened(lines: _Lines, delimiter: str, width: int, limits: Limits) -> Row:
    """The first line of a row that never ends, where the lines behind it are rows of their own."""
    if len(lines.held) > 1 and _are_rows(lines.held[1:-1], delimiter, width):
        return _bare(lines, delimiter)
    return Row([], str(LimitError("text", f"a row of more than {limits.text} characters")))


def _mended(lines: _Lines, delimiter: str, width: int) -> Row:
    """A row with a quote that closes too early or never: read leniently, or its first line alone without quotes."""
    held, ended = list(lines.held), lines.ended
    cells = next(csv.reader(iter(held), delimiter=delimiter), [])
    if not ended and len(cells) == width:
        return Row(cells)
    first = next(csv.reader(held[:1], delimiter=delimiter, quoting=csv.QUOTE_NONE), [])
    if (len(first) == width and not ended) or _are_rows(held[1:], delimiter, width):
        return _bare(lines, delimiter)
    return Row(cells, doubt="the file ends inside quotes (文件在引号内结束)" if ended else "uneven quotes (引号不成对)")


def _are_rows(lines: Sequence[str], delimiter: str, width: int) -> bool:
    """Whether lines that a quote has swallowed are rows of the table and not the lines of one cell."""
    full = sum(line.count(delimiter) >= width - 1 for line in lines)
    return width > 1 and full * 2 > len(lines)


def _bare(lines: _Lines, delimiter: str) -> Row:
    """The first line of a row alone, its quotes taken as characters; the others are read again."""
    first, *others = lines.held
    lines.give_back(others)
    cells = next(csv.reader([first], delimiter=delimiter, quoting=csv.QUOTE_NONE), [])
    return Row(cells, doubt="a quote in the row is not closed (引号未闭合)")


# --- json


def _read_jsonl(file: BinaryIO, read_as: str, columns: Columns, limits: Limits) -> Iterator[Document]:
    stream, _ = _open_text(file)
    try:
        yield from _keyed(_jsonl_values(_Lines(stream, limits.text), limits), read_as, columns, limits)
    finally:
        stream.detach()


def _jsonl_values(lines: _Lines, limits: Limits) -> Iterator[object]:
    """The value of each line that is not blank; a string for one that cannot be read."""
    number = 0
    while True:
        number += 1
        lines.begin()
        try:
            line = next(lines).removeprefix("\ufeff")
        except StopIteration:
            return
        except _RowTooLongError:
            yield str(LimitError("text", f"line {number} has more than {limits.text} characters"))
            continue
        if line.strip():
            yield _object(line, number)


def _object(line: str, number: int) -> object:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        return f"line {number} is no JSON: {one_line(error)} (第 {number} 行不是 JSON)"
    return value if isinstance(value, dict) else f"line {number} is no JSON object (第 {number} 行不是 JSON 对象)"


def _keyed(values: Iterator[object], read_as: str, columns: Columns, limits: Limits) -> Iterator[Document]:
    """Documents of JSON objects; the keys of the first ones are the columns. A string is why there is no object."""
    first = list(islice(values, FIRST_ROWS))
    header = list(dict.fromkeys(key for value in first if isinstance(value, dict) for key in value))
    rows = (_row_of(value, header) for value in chain(first, values))
    if header:
        yield from documents_of(header, rows, "", read_as, columns, limits)
        return
    for number, row in enumerate(rows, start=1):
        yield failed(row.fault or "the object is empty (对象为空)", read_as, f"#{number}")
        if number == FIRST_ROWS:
            return


def _row_of(value: object, header: Sequence[str]) -> Row:
    return Row([value.get(key) for key in header]) if isinstance(value, dict) else Row([], str(value))


def _read_json(file: BinaryIO, read_as: str, columns: Columns, limits: Limits) -> Iterator[Document]:
    stream, _ = _open_text(file)
    try:
        yield from _keyed(_json_values(stream, limits), read_as, columns, limits)
    finally:
        stream.detach()


def _json_values(stream: io.TextIOWrapper, limits: Limits) -> Iterator[object]:
    """The objects of a list (also of one that is all that an object holds), or that stand one behind another."""
    held = stream.read(1 << 16).removeprefix("\ufeff")
    wrapped = _WRAPPED.match(held)
    at = wrapped.end() if wrapped else len(held) - len(held.lstrip(" \t\r\n["))
    scan, step, number = json.JSONDecoder().raw_decode, 1 << 16, 1
    while True:
        at = _skip(held, at)
        if held.startswith("]", at):
            return
        try:
            value, at = scan(held, at)
        except (ValueError, RecursionError) as error:
            more = stream.read(step)
            held, at, step = held[at:] + more, 0, min(step * 2, 1 << 24)
            if more and len(held) <= limits.text and not isinstance(error, RecursionError):
                continue
            if held.strip(" \t\r\n,]}"):
                yield _cut_off(held, number, error, limits)
            return
        yield value if isinstance(value, dict) else f"entry {number} is no JSON object (第 {number} 项不是 JSON 对象)"
        number, step = number + 1, 1 << 16


def _skip(text: str, at: int) -> int:
    """The place of the next value: past blanks and commas."""
    while at < len(text) and text[at] in " \t\r\n,":
        at += 1
    return at


def _cut_off(held: str, number: int, error: Exception, limits: Limits) -> str:
    if len(held) > limits.text:
        return str(LimitError("text", f"entry {number} has more than {limits.text} characters, or is never closed"))
    return f"entry {number} is no JSON, the rest is not read: {one_line(error)} (第 {number} 项损坏，其后未读)"


_READERS: dict[str, TableReader] = {
    "csv": _read_csv,
    "tsv": _read_csv,
    "json": _read_json,
    "jsonl": _read_jsonl,
    **workbooks.READERS,
}
