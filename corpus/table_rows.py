"""Rows of a table in, a document for each of them out: which column is the text, which the title, day, source and region."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import chain
from statistics import median
from typing import BinaryIO, NamedTuple

from .decoding import decode
from .document import Document, failed
from .limits import LimitError, Limits
from .places import places, resolve, tails
from .regions import divisions

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
FIRST_ROWS = 50  # rows that are looked at before the columns are settled,
FIRST_SIZE = 1 << 20  # as long as they are no longer than this together
HEAD_ROWS = 10  # rows among which the header stands: a workbook often opens with its own title
_LONG_HEADER = 60
_LONG_TEXT = 50
_SURROGATE = re.compile("[\ud800-\udfff]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_ESCAPED = re.compile(r"_x00(0[9AaDd])_")
_UNNAMED = re.compile(r"[\s_\-:：*]|[(（\[【].*")
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?:\d{4}|\d{6})?(?!\d)")
_CODE = re.compile(r"([1-9]\d{5})(?:0{3}|0{6}|\.0)?")
_JOINTS = re.compile(r"[\s\-—/\\>·|,，、]+")
_EMPTY_TEXT = "the text cell is empty (正文为空)"


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


class NoTextError(ValueError):
    """No column of a table is known to be the text, or the one that was named is not there."""


class Row(NamedTuple):
    """Cells in the order of the columns; `fault` is why there are none, `doubt` what is wrong with them."""

    cells: Sequence[object]
    fault: str = ""
    doubt: str = ""


# What reads a table of one format from a seekable stream.
TableReader = Callable[[BinaryIO, str, Columns, Limits], Iterator[Document]]


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


def columns_known(cells: Iterable[object], columns: Columns) -> int:
    """How many cells are names of columns."""
    names = {name for each in _usual().values() for name in each} | {_key(name) for name in _names_of(columns).values()}
    return sum(_key(cell) in names for cell in cells if isinstance(cell, str) and len(cell) < _LONG_HEADER)


def _header_at(rows: Sequence[Sequence[object]], columns: Columns) -> int | None:
    """The place of the header among the first rows; None where the table has none."""
    head = [place for place, cells in enumerate(rows) if any(map(_plain, cells))][:HEAD_ROWS]
    scores = [columns_known(rows[place], columns) for place in head]
    if any(scores):
        return head[scores.index(max(scores))]
    if head and all(isinstance(cell, str | None) and len(cell or "") < _LONG_HEADER for cell in rows[head[0]]):
        return head[0]
    return None


def _settle(header: Sequence[str], samples: Sequence[Row], columns: Columns) -> dict[str, int]:
    """The place of the column of each field.

    Raises:
        NoTextError: where the column named for the text is not there or no column can be told to be the text.
        ValueError: where another named column is not there.
    """
    keys = [_key(name) for name in header]
    found: dict[str, int] = {}
    for field, name in _names_of(columns).items():
        if name not in header and _key(name) not in keys:
            kind = NoTextError if field == "text" else ValueError
            raise kind(f"no column {name!r}; {_listed(header)} (没有这一列)")
        found[field] = header.index(name) if name in header else keys.index(_key(name))
    if "text" not in found:
        found["text"] = _text_column(header, keys, samples, set(found.values()))
    for field, usual in _usual().items():
        free = [keys.index(name) for name in usual if name in keys and keys.index(name) not in found.values()]
        if field not in found and free:
            found[field] = free[0]
    return found


def _text_column(header: Sequence[str], keys: list[str], samples: Sequence[Row], taken: set[int]) -> int:
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
    raise NoTextError(f"no column is known to be the text: say --text-column NAME; {_listed(header)} (请指明正文列)")


def _usual_length(samples: Sequence[Row], place: int) -> float:
    """How many Chinese characters a cell of the column usually holds."""
    cells = (_plain(row.cells[place]) for row in samples if place < len(row.cells))
    return median([len(_HAN.findall(cell, 0, 1000)) for cell in cells if cell.strip()] or [0])


def _listed(header: Sequence[str]) -> str:
    shown = ", ".join(" ".join(name.split())[:30] or "''" for name in header[:20])
    return f"the columns are {shown}{' …' if len(header) > 20 else ''}"


# --- rows to documents


def documents_under_header(
    rows: Iterator[Row], prefix: str, read_as: str, columns: Columns, limits: Limits
) -> Iterator[Document]:
    """Documents of rows of which one may be the header.

    Raises:
        NoTextError: where no column is the text.
    """
    first = _first(rows)
    at = _header_at([row.cells for row in first], columns)
    if at is None:
        width = max((len(row.cells) for row in first), default=0)
        header, data = [str(number) for number in range(1, width + 1)], first
    else:
        header, data = [_plain(cell).strip().removeprefix("\ufeff") for cell in first[at].cells], first[at + 1 :]
    yield from documents_of(header, chain(data, rows), prefix, read_as, columns, limits)


def _first(rows: Iterator[Row]) -> list[Row]:
    """The first rows, fewer where they are long."""
    taken, size = list[Row](), 0
    while len(taken) < FIRST_ROWS and size < FIRST_SIZE:
        row = next(rows, None)
        if row is None:
            break
        taken.append(row)
        size += sum(len(cell) for cell in row.cells if isinstance(cell, str))
    return taken


def documents_of(
    header: Sequence[str], rows: Iterator[Row], prefix: str, read_as: str, columns: Columns, limits: Limits
) -> Iterator[Document]:
    """Documents of the rows under a header.

    Raises:
        NoTextError: where no column is the text.
    """
    if len(header) > limits.cells:
        raise LimitError("cells", f"a table of {len(header)} columns")
    first = _first(rows)
    if not any(header) and not first:
        return
    try:
        found = _settle(header, first, columns)
    except NoTextError:
        raise
    except ValueError as error:
        yield failed(str(error), read_as, prefix.removesuffix("!"))
        return
    for number, row in enumerate(chain(first, rows), start=1):
        if number > limits.rows:
            raise LimitError("rows", f"a table of more than {limits.rows} rows")
        if len(row.cells) > limits.cells:
            row = Row([], str(LimitError("cells", f"a row of {len(row.cells)} cells")))
        document = _document(_whole(row, len(header), found["text"], read_as), found, read_as, limits)
        if document:
            yield replace(document, name=f"{prefix or '#'}{number}")


def _whole(row: Row, width: int, text: int, read_as: str) -> Row:
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


def _document(row: Row, found: dict[str, int], read_as: str, limits: Limits) -> Document | None:
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
