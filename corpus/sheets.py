"""Reads tables with a text column (csv, tsv, json, jsonl, xlsx, parquet) row by row, gives a document for each row."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import unicodedata
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from statistics import median
from typing import Any, BinaryIO, NamedTuple, cast

from .decoding import decode
from .document import Document, failed
from .limits import LimitError, Limits
from .regions import divisions, places, resolve, tails

FORMATS = ("csv", "tsv", "json", "jsonl", "xlsx", "parquet")


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns to take; '' finds the column by the names that are usual for it."""

    text: str = ""
    title: str = ""
    published: str = ""
    source: str = ""
    contributor: str = ""
    region: str = ""
    url: str = ""


# A field and the names that are usual for its column, as `_key` writes them, the surest first.
_USUAL = """
text 正文 文章正文 新闻正文 正文内容 全文 文章内容 新闻内容 信息内容 稿件内容 内容 文本 正文文本
text fulltext articletext articlebody maintext plaintext content contenttext text body article
title 标题 文章标题 新闻标题 信息标题 稿件标题 题名 题目 title headline articletitle newstitle
published 发布时间 发布日期 发表时间 发表日期 刊发日期 发文日期 成文日期 日期 时间
published published publishtime publishdate publishedat pubdate pubtime datepublished date
source 来源 文章来源 新闻来源 信息来源 稿件来源 媒体 媒体名称 source media publisher sitename
contributor 供稿单位 供稿 报送单位 投稿单位 来稿单位 上报单位 contributor
region 行政区划代码 区划代码 行政区划 地区 所属地区 所在地区 adcode region regioncode
url 网址 链接 文章链接 原文链接 url link href articleurl pageurl
"""
_DELIMITERS = ",\t;|"
_SAMPLE = 1 << 20
_FIRST_ROWS = 50  # rows that are looked at before the columns are settled,
_FIRST_SIZE = 1 << 20  # as long as they are no longer than this together
_HEAD_ROWS = 10  # rows among which the header stands: a workbook often opens with its own title
_LONG_HEADER = 60
_LONG_TEXT = 50
_REPAIRS = 20
_BROKEN = "\udcff"  # stands for bytes that the encoding does not know; no decoder gives it
_SURROGATE = re.compile("[\ud800-\udfff]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_ESCAPED = re.compile(r"_x00(0[9AaDd])_")
_UNNAMED = re.compile(r"[\s_\-:：*]|[(（\[【].*")
_SHEET_MARKS = re.compile(r"[\\/:*?\[\]#!]|[^\S ]")
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?:\d{4}|\d{6})?(?!\d)")
_CODE = re.compile(r"([1-9]\d{5})(?:0{3}|0{6}|\.0)?")
_JOINTS = re.compile(r"[\s\-—/\\>·|,，、]+")
_WRAPPED = re.compile(r'\s*\{\s*"[^"\\]{1,60}"\s*:\s*\[\s*(?=[{\]])')
_HTML = re.compile(
    r"<!doctype\s+html|<html[\s>]|<body[\s>]|</(?:p|div|span|table|td|section|article|h[1-6])\s*>|<br\s*/?>",
    re.IGNORECASE,
)
_EMPTY_TEXT = "the text cell is empty (正文为空)"


class _Row(NamedTuple):
    """Cells in the order of the columns; `fault` is why there are none, `doubt` what is wrong with them."""

    cells: Sequence[object]
    fault: str = ""
    doubt: str = ""


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
    except Exception as error:  # what broken bytes raise in openpyxl and pyarrow has no common base
        yield failed(f"not a readable {format} table: {_one_line(error)} (表格损坏，无法读取)", format)
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


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:160] or type(error).__name__


# --- columns


@lru_cache(maxsize=1)
def _usual() -> dict[str, list[str]]:
    """The usual names of each field, in their order."""
    names: dict[str, list[str]] = {}
    for line in _USUAL.split("\n"):
        field, *usual = line.split() or [""]
        names.setdefault(field, []).extend(usual)
    return {field.name: names[field.name] for field in fields(Columns)}


def _key(name: object) -> str:
    """A column's name for comparison.

    >>> _key("\\ufeff发布时间（年月日）"), _key("Publish_Time")
    ('发布时间', 'publishtime')
    """
    plain = unicodedata.normalize("NFKC", str(name)).replace("\ufeff", "").strip()
    return _UNNAMED.sub("", plain).lower()


def _names_of(columns: Columns) -> dict[str, str]:
    """The fields for which a column was named."""
    return {field.name: name for field in fields(Columns) if (name := getattr(columns, field.name))}


def _known(cells: Iterable[object], columns: Columns) -> int:
    """How many cells are names of columns."""
    names = {name for each in _usual().values() for name in each} | {_key(name) for name in _names_of(columns).values()}
    return sum(_key(cell) in names for cell in cells if isinstance(cell, str) and len(cell) < _LONG_HEADER)


def _header_at(rows: Sequence[Sequence[object]], columns: Columns) -> int | None:
    """The place of the header among the first rows; None where the table has none."""
    head = [place for place, cells in enumerate(rows) if any(map(_plain, cells))][:_HEAD_ROWS]
    scores = [_known(rows[place], columns) for place in head]
    if any(scores):
        return head[scores.index(max(scores))]
    if head and all(isinstance(cell, str | None) and len(cell or "") < _LONG_HEADER for cell in rows[head[0]]):
        return head[0]
    return None


def _settle(header: Sequence[str], samples: Sequence[_Row], columns: Columns) -> dict[str, int]:
    """The place of the column of each field.

    Raises:
        ValueError: where a named column is not there or no column can be told to be the text.
    """
    keys = [_key(name) for name in header]
    found: dict[str, int] = {}
    for field, name in _names_of(columns).items():
        if name not in header and _key(name) not in keys:
            raise ValueError(f"no column {name!r}; {_listed(header)} (没有这一列)")
        found[field] = header.index(name) if name in header else keys.index(_key(name))
    if "text" not in found:
        found["text"] = _text_column(header, keys, samples, set(found.values()))
    for field, usual in _usual().items():
        free = [keys.index(name) for name in usual if name in keys and keys.index(name) not in found.values()]
        if field not in found and free:
            found[field] = free[0]
    return found


def _text_column(header: Sequence[str], keys: list[str], samples: Sequence[_Row], taken: set[int]) -> int:
    """The column of the text: by its name, one that holds long texts before others, else the only one with them."""
    named = [keys.index(name) for name in _usual()["text"] if name in keys]
    lengths = [_usual_length(samples, place) for place in range(len(header))]
    for place in named:
        if lengths[place] >= _LONG_TEXT and place not in taken:
            return place
    long = [place for place, length in enumerate(lengths) if length >= _LONG_TEXT and place not in taken]
    if len(long) == 1 and not (named and lengths[named[0]]):
        return long[0]
    if named:
        return named[0]
    raise ValueError(f"no column is known to be the text: say --text-column NAME; {_listed(header)} (请指明正文列)")


def _usual_length(samples: Sequence[_Row], place: int) -> float:
    """How many Chinese characters a cell of the column usually holds."""
    cells = (_plain(row.cells[place]) for row in samples if place < len(row.cells))
    return median([len(_HAN.findall(cell, 0, 1000)) for cell in cells if cell.strip()] or [0])


def _listed(header: Sequence[str]) -> str:
    shown = ", ".join(" ".join(name.split())[:30] or "''" for name in header[:20])
    return f"the columns are {shown}{' …' if len(header) > 20 else ''}"


# --- rows to documents


def _rows_with_header(
    rows: Iterator[_Row], prefix: str, read_as: str, columns: Columns, limits: Limits
) -> Iterator[Document]:
    """Documents of rows of which one may be the header."""
    first = _first(rows)
    at = _header_at([row.cells for row in first], columns)
    if at is None:
        width = max((len(row.cells) for row in first), default=0)
        header, data = [str(number) for number in range(1, width + 1)], first
    else:
        header, data = [_plain(cell).strip().removeprefix("\ufeff") for cell in first[at].cells], first[at + 1 :]
    yield from _documents(header, chain(data, rows), prefix, read_as, columns, limits)


def _first(rows: Iterator[_Row]) -> list[_Row]:
    """The first rows, fewer where they are long."""
    taken, size = list[_Row](), 0
    while len(taken) < _FIRST_ROWS and size < _FIRST_SIZE:
        row = next(rows, None)
        if row is None:
            break
        taken.append(row)
        size += sum(len(cell) for cell in row.cells if isinstance(cell, str))
    return taken


def _documents(
    header: Sequence[str], rows: Iterator[_Row], prefix: str, read_as: str, columns: Columns, limits: Limits
) -> Iterator[Document]:
    """Documents of the rows under a header."""
    if len(header) > limits.cells:
        raise LimitError("cells", f"a table of {len(header)} columns")
    first = _first(rows)
    if not any(header) and not first:
        return
    try:
        found = _settle(header, first, columns)
    except ValueError as error:
        yield failed(str(error), read_as, prefix.removesuffix("!"))
        return
    for number, row in enumerate(chain(first, rows), start=1):
        if number > limits.rows:
            raise LimitError("rows", f"a table of more than {limits.rows} rows")
        if len(row.cells) > limits.cells:
            row = _Row([], str(LimitError("cells", f"a row of {len(row.cells)} cells")))
        document = _document(_whole(row, len(header), found["text"], read_as), found, read_as, limits)
        if document:
            yield replace(document, name=f"{prefix or '#'}{number}")


def _whole(row: _Row, width: int, text: int, read_as: str) -> _Row:
    """The row with surplus cells told; behind a text that stands last they are its parts, cut at bare delimiters.

    In a workbook they are notes beside the table.
    """
    if len(row.cells) <= width or read_as not in ("csv", "tsv") or not any(map(_plain, row.cells[width:])):
        return row
    doubt = f"the row has {len(row.cells)} cells, the header {width} (列数与表头不符)"
    cells = list(row.cells)
    if text == width - 1:
        cells[text:] = [("," if read_as == "csv" else "\t").join(map(_plain, cells[text:]))]
    return row._replace(cells=cells, doubt="; ".join(filter(None, (row.doubt, doubt))))


def _document(row: _Row, found: dict[str, int], read_as: str, limits: Limits) -> Document | None:
    """The document of one row, without its name; None for a row with nothing in it."""
    if row.fault:
        return failed(row.fault, read_as)
    cells = {field: row.cells[place] for field, place in found.items() if place < len(row.cells)}
    text, replaced = _tidy(_plain(cells.get("text")), read_as)
    if len(text) > limits.text:
        return failed(str(LimitError("text", f"a cell of {len(text)} characters")), read_as)
    if not text.strip():
        return failed(_EMPTY_TEXT, read_as) if any(map(_plain, row.cells)) else None
    published = day_of(cells.get("published"))
    doubts = [row.doubt] if row.doubt else []
    if replaced:
        doubts.append(f"{replaced} stretches cannot be decoded and were replaced by U+FFFD ({replaced} 处无法解码)")
    return Document(
        text=text,
        format=read_as,
        title=_line(cells.get("title")),
        published=published,
        source=_line(cells.get("source")),
        contributor=_line(cells.get("contributor")),
        region=_region(cells.get("region"), published),
        url=_line(cells.get("url")),
        status="partial" if doubts else "ok",
        message="; ".join(doubts),
    )


def _plain(cell: object) -> str:
    """A cell as text; the parts of a list are lines, what has no text is ''."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, list):
        return "\n".join(part for part in cell if isinstance(part, str))
    if isinstance(cell, bytes):
        return decode(cell).text
    if cell is None or isinstance(cell, bool | dict):
        return ""
    if isinstance(cell, float) and cell == cell and abs(cell) < 1e15 and cell == int(cell):
        return str(int(cell))
    return str(cell)


def _tidy(text: str, read_as: str) -> tuple[str, int]:
    """The text with line ends as `\\n` and without NUL, and how many stretches were replaced."""
    if read_as == "xlsx" and "_x00" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match.group(1), 16)), text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\0", "").removeprefix("\ufeff")
    return _SURROGATE.subn("\ufffd", text)


def _line(cell: object) -> str:
    """A cell of metadata on one line; what is too long for one is none."""
    plain = _plain(cell)
    return _SURROGATE.sub("\ufffd", " ".join(plain.replace("\0", "").split())) if len(plain) < 2000 else ""


def day_of(cell: object) -> date | None:
    """The day that a cell names, None for what is no day: a serial number, seconds since 1970, a month.

    >>> day_of("2023/3/8 09:00"), day_of(20230308), day_of("发布于2023年3月8日"), day_of(44993), day_of("2023-02-30")
    (datetime.date(2023, 3, 8), datetime.date(2023, 3, 8), datetime.date(2023, 3, 8), None, None)
    """
    if isinstance(cell, datetime):
        cell = cell.date()
    if not isinstance(cell, date):
        shown = unicodedata.normalize("NFKC", _plain(cell)[:200])
        match = _DAY.search(shown) or _COMPACT.search(shown)
        try:
            cell = date(*map(int, match.groups())) if match else None
        except ValueError:
            return None
    return cell if cell and date(1900, 1, 2) <= cell <= date.today() + timedelta(days=1) else None


def _region(cell: object, published: date | None) -> str | None:
    """The adcode that a cell gives or names beyond doubt."""
    return _adcode(_line(cell)[:100], published.year if published else None) if cell else None


@lru_cache(maxsize=4096)
def _adcode(name: str, year: int | None) -> str | None:
    """The adcode of a code or a name.

    >>> _adcode("330106", None), _adcode("浙江省-杭州市-西湖区", None), _adcode("西湖区", None), _adcode("999999", None)
    ('330106', '330106', None, None)
    """
    code = _CODE.fullmatch(name)
    if code:
        return code.group(1) if divisions().by_adcode(code.group(1)) else None
    found = [place for place in places(_JOINTS.sub("", name)) if place.kind == "division"]
    last = tails(found)
    if len(last) != 1:
        return None
    return resolve([last[0], *(place for place in found if place is not last[0])], year)[0]


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
        while size < _FIRST_SIZE and len(self._back) < _FIRST_ROWS:
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
        yield from _rows_with_header(rows, "", read_as, columns, limits)
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
    known = max((_known(row, Columns()) for row in rows[:_HEAD_ROWS]), default=0)
    widths = [len(row) for row in rows]
    usual = max(set(widths), key=widths.count, default=1)
    return known, widths.count(usual) / len(widths) if usual > 1 else 0.0


def _csv_rows(lines: _Lines, delimiter: str, limits: Limits) -> Iterator[_Row]:
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
            width, row = len(cells) or width, _Row(cells)
        if row.cells or row.fault:
            yield row


def _shortened(lines: _Lines, delimiter: str, width: int, limits: Limits) -> _Row:
    """The first line of a row that never ends, where the lines behind it are rows of their own."""
    if len(lines.held) > 1 and _are_rows(lines.held[1:-1], delimiter, width):
        return _bare(lines, delimiter)
    return _Row([], str(LimitError("text", f"a row of more than {limits.text} characters")))


def _mended(lines: _Lines, delimiter: str, width: int) -> _Row:
    """A row with a quote that closes too early or never: read leniently, or its first line alone without quotes."""
    held, ended = list(lines.held), lines.ended
    cells = next(csv.reader(iter(held), delimiter=delimiter), [])
    if not ended and len(cells) == width:
        return _Row(cells)
    first = next(csv.reader(held[:1], delimiter=delimiter, quoting=csv.QUOTE_NONE), [])
    if (len(first) == width and not ended) or _are_rows(held[1:], delimiter, width):
        return _bare(lines, delimiter)
    return _Row(
        cells, doubt="the file ends inside quotes (文件在引号内结束)" if ended else "uneven quotes (引号不成对)"
    )


def _are_rows(lines: Sequence[str], delimiter: str, width: int) -> bool:
    """Whether lines that a quote has swallowed are rows of the table and not the lines of one cell."""
    full = sum(line.count(delimiter) >= width - 1 for line in lines)
    return width > 1 and full * 2 > len(lines)


def _bare(lines: _Lines, delimiter: str) -> _Row:
    """The first line of a row alone, its quotes taken as characters; the others are read again."""
    first, *others = lines.held
    lines.give_back(others)
    cells = next(csv.reader([first], delimiter=delimiter, quoting=csv.QUOTE_NONE), [])
    return _Row(cells, doubt="a quote in the row is not closed (引号未闭合)")


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
        return f"line {number} is no JSON: {_one_line(error)} (第 {number} 行不是 JSON)"
    return value if isinstance(value, dict) else f"line {number} is no JSON object (第 {number} 行不是 JSON 对象)"


def _keyed(values: Iterator[object], read_as: str, columns: Columns, limits: Limits) -> Iterator[Document]:
    """Documents of JSON objects; the keys of the first ones are the columns. A string is why there is no object."""
    first = list(islice(values, _FIRST_ROWS))
    header = list(dict.fromkeys(key for value in first if isinstance(value, dict) for key in value))
    rows = (_row_of(value, header) for value in chain(first, values))
    if header:
        yield from _documents(header, rows, "", read_as, columns, limits)
        return
    for number, row in enumerate(rows, start=1):
        yield failed(row.fault or "the object is empty (对象为空)", read_as, f"#{number}")
        if number == _FIRST_ROWS:
            return


def _row_of(value: object, header: Sequence[str]) -> _Row:
    return _Row([value.get(key) for key in header]) if isinstance(value, dict) else _Row([], str(value))


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
    return f"entry {number} is no JSON, the rest is not read: {_one_line(error)} (第 {number} 项损坏，其后未读)"


# --- xlsx


def _read_xlsx(file: BinaryIO, read_as: str, columns: Columns, limits: Limits) -> Iterator[Document]:
    import warnings

    from openpyxl import load_workbook

    _refuse_large(file, limits)
    warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
    book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    taken: set[str] = set()
    for sheet in sheets:
        prefix = _sheet_prefix(sheet.title, taken) if len(sheets) > 1 else ""
        try:
            yield from _rows_with_header(_sheet_rows(sheet, limits), prefix, read_as, columns, limits)
        except (LimitError, MemoryError):
            raise
        except Exception as error:  # a broken sheet; the others may be whole
            message = f"the sheet is broken, what follows is not read: {_one_line(error)} (工作表损坏，其后未读)"
            yield failed(message, read_as, prefix.removesuffix("!"))


def _sheet_prefix(title: str, taken: set[str]) -> str:
    """What stands before the row numbers of a sheet: harmless in a path, and of this sheet alone."""
    plain = free = _SHEET_MARKS.sub("_", title)[:60] or "_"
    number = 2
    while free in taken:
        free, number = f"{plain}~{number}", number + 1
    taken.add(free)
    return f"#{free}!"


def _refuse_large(file: BinaryIO, limits: Limits) -> None:
    """Refuse a workbook that would not fit: shared strings and styles are held in memory, sheets are streamed."""
    from zipfile import ZipFile

    with ZipFile(file) as archive:
        sizes = {info.filename: info.file_size for info in archive.infolist()}
    held = sum(size for name, size in sizes.items() if "worksheets/" not in name and "media/" not in name)
    if sum(sizes.values()) > limits.unpacked:
        raise LimitError("unpacked", f"a workbook of {sum(sizes.values())} bytes unpacked")
    if held > limits.memory // 4:
        raise LimitError("memory", f"a workbook with {held} bytes of shared strings")


def _sheet_rows(sheet: Any, limits: Limits) -> Iterator[_Row]:
    """The rows of a sheet; what it says of its own size is not believed, what one row may hold is bounded."""
    sheet.reset_dimensions()
    opened, guards = sheet._get_source, list[_RowGuard]()

    def guarded() -> _RowGuard:
        guards.append(_RowGuard(opened(), limits))
        return guards[-1]

    sheet._get_source = guarded
    for cells in sheet.iter_rows(values_only=True):
        guards[-1].begin()
        yield _Row(cells)


class _RowGuard(io.RawIOBase):
    """The XML of a sheet, as long as no row of it asks for too much."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        self._stream, self._limits = stream, limits
        self._bytes = self._tags = 0

    def begin(self) -> None:
        """A row begins."""
        self._bytes = self._tags = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._bytes += len(data)
        self._tags += data.count(b"<")
        if self._bytes > max(4 * self._limits.text, 1 << 18):
            raise LimitError("text", f"a row of more than {self._bytes} bytes")
        if self._tags > 8 * self._limits.cells + (1 << 20):
            raise LimitError("cells", f"a row of more than {self._tags // 8} cells")
        return data

    def close(self) -> None:
        self._stream.close()
        super().close()


# --- parquet


def _read_parquet(file: BinaryIO, read_as: str, columns: Columns, limits: Limits) -> Iterator[Document]:
    try:
        from pyarrow.parquet import ParquetFile
    except ImportError:
        yield failed("parquet needs pyarrow: pip install 'jianbao[parquet]' (请先安装 pyarrow)", read_as)
        return
    table = ParquetFile(file, pre_buffer=False, buffer_size=1 << 20)
    header = list(table.schema_arrow.names)
    if len(header) > limits.cells:
        raise LimitError("cells", f"a table of {len(header)} columns")
    _refuse_unfolding(table.metadata, limits)
    yield from _documents(header, _parquet_rows(table), "", read_as, columns, limits)


def _refuse_unfolding(metadata: Any, limits: Limits) -> None:
    """Refuse a table of which a column unfolds to more than its size warrants."""
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        chunks = (group.column(place) for place in range(group.num_columns))
        for size, packed in ((chunk.total_uncompressed_size, chunk.total_compressed_size) for chunk in chunks):
            if size > limits.ratio * max(packed, 1 << 20):
                raise LimitError("ratio", f"a column of {size} bytes in {packed}")


def _parquet_rows(table: Any) -> Iterator[_Row]:
    for batch in table.iter_batches(batch_size=64, use_threads=False):
        columns = [_values(column) for column in batch.columns]
        for cells in zip(*columns, strict=True):
            yield _Row(cells)


def _values(column: Any) -> list[object]:
    """The cells of a column as Python values; times to the microsecond, what has no such value is None."""
    import pyarrow

    try:
        if pyarrow.types.is_timestamp(column.type):
            column = column.cast(pyarrow.timestamp("us", column.type.tz), safe=False)
        return cast("list[object]", column.to_pylist())
    except (ValueError, OverflowError, ImportError):  # years beyond 9999, an unknown time zone
        return [None] * len(column)


_READERS: dict[str, Callable[[BinaryIO, str, Columns, Limits], Iterator[Document]]] = {
    "csv": _read_csv,
    "tsv": _read_csv,
    "json": _read_json,
    "jsonl": _read_jsonl,
    "xlsx": _read_xlsx,
    "parquet": _read_parquet,
}
