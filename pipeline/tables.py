"""Records in, tables out, and tables read back: the columns of the CSV files and how a cell is written."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from ..corpus.article import Article
from ..corpus.errors import OutputError
from ..corpus.records import Indicator, Mention, Records, indicator_cells
from ..corpus.regions import divisions
from ..extractors.variants import merged
from .cells import COUNT, FIGURE, SHARE, SUM, TRUTH, Kind, holds, kind_of

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "articles": (
        "article", "title", "published", "source", "contributor", "region", "region_name", "characters", "status",
        "message", "format", "url",
    ),
    "indicators": (
        "article", "start", "end", "text", "low", "high", "bound", "unit", "dimension", "per", "measure", "activity",
        "brand", "period_start", "period_end", "period_text", "status", "part_of", "region", "region_name",
        "confidence", "rule", "sentence", "confidence_meaning", "confidence_time",
    ),
    "brands": ("article", "start", "end", "text", "name", "kind", "confidence", "rule", "sentence", "brand"),
    "activities": ("article", "start", "end", "type", "confidence", "rule", "sentence"),
}  # fmt: skip
DERIVED: Mapping[str, tuple[str, ...]] = {
    "totals": (
        "region", "region_name", "level", "activity", "activity_name", "dimension", "unit", "own_low", "own_high",
        "own_count", "below_low", "below_high", "below_count", "approximate", "articles", "brand", "measure", "period",
        "total",
    ),
    "ledger": (
        "article", "start", "end", "region", "verdict", "reason", "total", "other", "activity", "dimension", "unit",
        "low", "high",
    ),
    "brand_registry": (
        "name", "variants", "kind", "first_seen", "last_seen", "regions", "region_names", "region_count", "articles",
        "mentions", "indicators", "figures",
    ),
    "brand_spread": ("name", "year", "region", "region_name", "level", "articles", "mentions", "first_year"),
}  # fmt: skip
"""Tables that are made of the others."""
_TYPES: Mapping[Kind, Callable[[str], object]] = {
    FIGURE: Decimal,
    SUM: lambda cell: Decimal(cell) if cell else None,
    COUNT: int,
    SHARE: float,
    TRUTH: {"true": True, "false": False, "": None}.__getitem__,
}
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_RISKY = "=+-@\t\r'"
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")
MAX_SENTENCE = 600

Row = Sequence[str]


def harmless(cell: str) -> str:
    """A cell that a spreadsheet would run as a formula, with an apostrophe before it.

    >>> harmless("=1+2"), harmless("侨助工坊"), plain(harmless("=1+2"))
    ("'=1+2", '侨助工坊', '=1+2')
    """
    return f"'{cell}" if cell and cell[0] in _RISKY and _FORMULA.match(cell) else cell


def plain(cell: str) -> str:
    """The cell as it was before `harmless`."""
    return cell[1:] if _ESCAPED.match(cell) else cell


@lru_cache(maxsize=1 << 13)
def region_name(code: str | None) -> str:
    """The full name of a division from its county upwards: 浙江省杭州市临平区."""
    if not code:
        return ""
    table = divisions()
    line = [code, *table.ancestors(code)]
    names = [row.full_name for row in map(table.by_adcode, line) if row is not None and row.level != "nation"]
    own = table.by_adcode(code)
    return "".join(reversed(names)) or (own.full_name if own else "")


def article_row(article: Article) -> Row:
    """The row of `articles.csv`."""
    published = article.published.isoformat() if article.published else ""
    return (
        article.id, article.title, published, article.source, article.contributor, article.region or "",
        region_name(article.region), str(len(article.text)), article.status, article.message, article.format, article.url,
    )  # fmt: skip


class Sentences:
    """The sentence around each mention of an article, cut to a bounded length."""

    def __init__(self, article: Article) -> None:
        self._text = article.text
        self._last = (0, 0, "")

    def around(self, mention: Mention) -> str:
        """The sentence in which the mention stands."""
        start, end, sentence = self._last
        if not start <= mention.start < mention.end <= end:
            start, end = self._window(mention)
            sentence = self._text[start:end].strip()
            self._last = start, end, sentence
        return sentence

    def _window(self, mention: Mention) -> tuple[int, int]:
        floor, ceiling = max(0, mention.start - MAX_SENTENCE), min(len(self._text), mention.end + MAX_SENTENCE)
        start = max(self._text.rfind(mark, floor, mention.start) for mark in _ENDS) + 1
        ends = [place for mark in _ENDS if (place := self._text.find(mark, mention.end, ceiling)) >= 0]
        end = min(ends) + 1 if ends else ceiling
        return max(start, floor), end


_ENDS = "。！？；;!?\n"


def _mention_cells(article: Article, mention: Mention) -> tuple[str, str, str, str]:
    return article.id, str(mention.start), str(mention.end), mention.text


def indicator_row(article: Article, found: Indicator, sentence: str) -> Row:
    """The row of `indicators.csv`."""
    return (
        *_mention_cells(article, found), *indicator_cells(found).values(), region_name(found.region),
        f"{found.confidence:.2f}", found.rule, sentence, f"{found.confidence_meaning:.2f}", f"{found.confidence_time:.2f}",
    )  # fmt: skip


def rows_of(article: Article, records: Records) -> Iterator[tuple[str, Row]]:
    """Every row that an article gives, each with the name of its table."""
    yield "articles", article_row(article)
    around = Sentences(article).around
    for indicator in records.indicators:
        yield "indicators", indicator_row(article, indicator, around(indicator))
    full = {variant: brand.name for brand in merged(records.brands) for variant in brand.variants}
    for brand in records.brands:
        named = (brand.name, brand.kind, f"{brand.confidence:.2f}", brand.rule, around(brand), full[brand.name])
        yield "brands", (*_mention_cells(article, brand), *named)
    for activity in records.activities:
        typed = (activity.type, f"{activity.confidence:.2f}", activity.rule, activity.text[:MAX_SENTENCE])
        yield "activities", (article.id, str(activity.start), str(activity.end), *typed)


def write_rows(writer: Any, rows: Iterable[Row]) -> None:
    """Rows to a csv writer, each cell harmless."""
    writer.writerows([harmless(cell) if cell and cell[0] in _RISKY else cell for cell in row] for row in rows)


def read_rows(path: Path, table: str, encoding: str) -> Iterator[list[object]]:
    """The rows of a file that holds one of the tables, each cell of its column's type.

    Raises:
        OutputError: as `read_tables` does.
    """
    columns = COLUMNS.get(table) or DERIVED[table]
    kinds = [kind_of(table, column) for column in columns]
    lines = check_header(path, columns, encoding)
    for row, line in lines:
        if len(row) != len(columns):
            raise OutputError(f"{path}:{line}: expected {len(columns)} cells, found {len(row)} (单元格数不符)")
        cells = list(map(plain, row))
        for column, kind, cell in zip(columns, kinds, cells, strict=True):
            if not holds(kind, cell):
                raise OutputError(
                    f"{path}:{line}: column {column}: expected {kind.expected}, found {cell!r} (内容不符)"
                )
        yield typed_row(table, cells)


def typed_row(table: str, cells: Row) -> list[object]:
    """The cells of a row, each of its column's type."""
    return [read(cell) for read, cell in zip(_readers(table), cells, strict=True)]


@cache
def _readers(table: str) -> tuple[Callable[[str], object], ...]:
    """What reads the cells of each column."""
    columns = COLUMNS.get(table) or DERIVED[table]
    return tuple(_TYPES.get(kind_of(table, column), str) for column in columns)


def check_header(path: Path, columns: Sequence[str], encoding: str) -> Iterator[tuple[list[str], int]]:
    """The rows behind the header, each with the number of its last line.

    Raises:
        OutputError: where the header names other columns, or the file cannot be read.
    """
    lines = _lines_of(path, encoding)
    header, _ = next(lines, ([], 0))
    if tuple(header) != tuple(columns):
        raise OutputError(
            f"{path}:1: expected the columns {', '.join(columns)}; found {', '.join(header) or 'none'};"
            " a table of another version must be made again (表头不符；其他版本的表格请重新生成)"
        )
    return lines


def _lines_of(path: Path, encoding: str) -> Iterator[tuple[list[str], int]]:
    """The rows of a CSV file as they are written, each with the number of its last line."""
    csv.field_size_limit(1 << 30)
    line = 0
    try:
        plain_utf8 = codecs.lookup(encoding).name == "utf-8"
        with path.open(encoding="utf-8-sig" if plain_utf8 else encoding, newline="") as file:
            reader = csv.reader(file)
            for row in reader:
                line = reader.line_num
                yield row, line
    except FileNotFoundError:
        raise OutputError(f"{path}: no such table; is this the OUT of `jianbao run`? (不是输出文件夹)") from None
    except LookupError:
        raise OutputError(f"unknown encoding {encoding!r}: say the one that the run was given (未知编码)") from None
    except UnicodeError:
        raise OutputError(f"{path}: is not in {encoding}: say the --encoding of the run (编码不符)") from None
    except csv.Error as error:
        raise OutputError(f"{path}:{line + 1}: is no CSV: {error}") from None
    except OSError as error:
        raise OutputError(f"{path}: cannot be read: {error.strerror or error} (无法读取)") from None
