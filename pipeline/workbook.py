"""Tables of a DuckDB connection in, one Excel workbook out: a sheet a table, written row by row so that memory stays flat."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from math import ceil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from ..corpus.errors import OutputError
from .columns import Column, batches, columns_of, figure_text
from .dictionary import Lang, heading, title

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    Write = Callable[[int, int, Any], object]

MAX_ROWS = 1_048_575
MAX_COLUMNS = 16_384
MAX_CELL = 32_767
_MAX_DIGITS = 15
_FIRST_DAY = date(1900, 3, 1)  # earlier ones are a day off in spreadsheets
_SAMPLE = 20_000
_WIDEST, _NARROWEST = 72, 7
_ON_ONE_PAGE = 300
_PAPER_A3 = 8
_BUTTON = 4
_PLACES = frozenset({"start", "end", "year"})
_READ_AS_PAGE = frozenset({"notes", "dictionary"})
_PAGE_WIDTHS = {"section": 24, "item": 30, "value": 110, "meaning": 90, "name": 20}
_UNSHOWABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_SHOWN = {**{code: 0x2400 + code for code in range(0x20)}, 0x7F: 0x2421, 0xFFFE: 0xFFFD, 0xFFFF: 0xFFFD}
_FORMATS: dict[str, dict[str, Any]] = {
    "heading": {
        "bold": True,
        "text_wrap": True,
        "align": "left",
        "indent": 1,
        "valign": "vcenter",
        "bg_color": "#DCE6F1",
        "bottom": 1,
    },
    "text": {"valign": "top", "align": "left", "indent": 1},
    "wrapped": {"valign": "top", "align": "left", "indent": 1, "text_wrap": True},
    "cell": {"valign": "top", "align": "right"},
    "place": {"valign": "top", "num_format": "0"},
    "integer": {"valign": "top", "num_format": "#,##0"},
    "decimal": {"valign": "top", "num_format": "#,##0.##########"},
    "number": {"valign": "top", "num_format": "0.00"},
    "date": {"valign": "top", "num_format": "yyyy-mm-dd", "align": "left", "indent": 1},
    "yes/no": {"valign": "top", "align": "center"},
}
_LINE = 15.5
_YES_NO = {"zh": '[=1]"是";[=0]"否"', "en": '[=1]"yes";[=0]"no"'}  # where a program applies formats to booleans


def write_workbook(connection: DuckDBPyConnection, tables: Sequence[str], path: Path, lang: Lang) -> None:
    """Each table as a sheet, one with too many rows as several; text stays text, whatever it begins with.

    Raises:
        OutputError: where a table has more columns than a sheet holds. OSError is left to the caller.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import XlsxWriterException

    with TemporaryDirectory(prefix=path.name, dir=path.parent, ignore_cleanup_errors=True) as scratch:
        book = Workbook(path, {"constant_memory": True, "tmpdir": scratch, "strings_to_formulas": False})
        book.set_properties({"title": title("notes", lang), "comments": "jianbao"})
        formats = {name: book.add_format(told) for name, told in _FORMATS.items()}
        formats["yes/no"].set_num_format(_YES_NO[lang])
        try:
            for table in tables:
                _Sheets(connection, book, formats, table, lang).write()
            book.close()
        except XlsxWriterException as error:
            raise OSError(str(error)) from error


class _Sheets:
    """The sheets of one table."""

    def __init__(
        self, connection: DuckDBPyConnection, book: Workbook, formats: dict[str, Format], table: str, lang: Lang
    ) -> None:
        self._connection, self._book, self._formats, self._table = connection, book, formats, table
        self._lang: Lang = lang
        self._columns = columns_of(connection, table)
        if len(self._columns) > MAX_COLUMNS:
            raise OutputError(
                f"{table} has {len(self._columns)} columns, a sheet holds {MAX_COLUMNS}: export without it (列数过多)"
            )
        self._headings = [heading(table, column.name, lang) for column in self._columns]
        self._widths = _widths(connection, table, self._columns, self._headings)
        self._count = 0

    def write(self) -> None:
        """All rows, on as many sheets as they need."""
        sheet, writes = self._open()
        line = 1
        for batch in batches(self._connection, self._table, [_fetched(column) for column in self._columns]):
            for row in batch:
                if line > MAX_ROWS:
                    self._close(sheet, line - 1)
                    (sheet, writes), line = self._open(), 1
                if self._table in _READ_AS_PAGE:
                    sheet.set_row(line, _LINE * self._lines(row))
                for place, (write, cell) in enumerate(zip(writes, row, strict=True)):
                    if cell is not None:
                        write(line, place, cell)
                line += 1
        self._close(sheet, line - 1)

    def _open(self) -> tuple[Worksheet, list[Write]]:
        self._count += 1
        name = title(self._table, self._lang) + (f" {self._count}" if self._count > 1 else "")
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, _frozen(self._columns))
        sheet.set_row(0, _LINE * self._lines(self._headings, _BUTTON))
        for place, (words, width) in enumerate(zip(self._headings, self._widths, strict=True)):
            sheet.set_column(place, place, width)
            sheet.write_string(0, place, showable(words), self._formats["heading"])
        return sheet, [self._writer(sheet, place) for place in range(len(self._columns))]

    def _lines(self, cells: Sequence[str | None], taken: int = 1) -> int:
        """How many lines a row of wrapped cells needs, of whose width something else takes a part."""
        filled = [(cell, width - taken) for cell, width in zip(cells, self._widths, strict=True) if cell]
        return max(
            (sum(ceil(_places_of(line) / width) or 1 for line in cell.split("\n")) for cell, width in filled), default=1
        )

    def _close(self, sheet: Worksheet, last: int) -> None:
        """What a sheet needs when its rows are known: filters, and how it is printed."""
        columns = len(self._columns) - 1
        if self._table != "notes":
            sheet.autofilter(0, 0, last, columns)
        sheet.ignore_errors({"number_stored_as_text": _area(last, columns)})
        sheet.set_landscape()
        sheet.set_paper(_PAPER_A3)
        sheet.set_margins(0.4, 0.4, 0.5, 0.5)
        sheet.repeat_rows(0)
        sheet.set_footer("&L&A&R&P / &N")
        sheet.hide_gridlines(0)
        pages = ceil(sum(self._widths) / _ON_ONE_PAGE)
        sheet.fit_to_pages(pages, 0)
        if pages > 1 and (frozen := _frozen(self._columns)):
            sheet.repeat_columns(0, frozen - 1)

    def _writer(self, sheet: Worksheet, place: int) -> Write:
        """What writes a cell of a column."""
        column, formats = self._columns[place], self._formats
        kind = "place" if column.name in _PLACES else column.kind
        if kind == "text":
            shown = formats[_alignment(self._table, place)]
            return lambda row, at, cell: sheet.write_string(row, at, showable(cell), shown)
        if kind == "decimal":
            return _figure_writer(sheet, formats)
        if kind == "date":
            return _date_writer(sheet, formats)
        if kind == "yes/no":
            return lambda row, at, cell: sheet.write_boolean(row, at, cell, formats[kind])
        return lambda row, at, cell: sheet.write_number(row, at, cell, formats[kind])


def _alignment(table: str, place: int) -> str:
    """Pages wrap their lines; what people write into a wide table stands on the right, as figures do."""
    return "wrapped" if table in _READ_AS_PAGE else "cell" if table == "wide" and place > 2 else "text"


def _figure_writer(sheet: Worksheet, formats: dict[str, Format]) -> Write:
    whole, broken, text = formats["integer"], formats["decimal"], formats["cell"]

    def write(row: int, at: int, cell: str) -> object:
        if len(cell) > _MAX_DIGITS and len(cell.strip("-").replace(".", "").rstrip("0")) > _MAX_DIGITS:
            return sheet.write_string(row, at, cell, text)
        return sheet.write_number(row, at, float(cell), broken if "." in cell else whole)

    return write


def _date_writer(sheet: Worksheet, formats: dict[str, Format]) -> Write:
    def write(row: int, at: int, cell: date) -> object:
        if cell < _FIRST_DAY:
            return sheet.write_string(row, at, cell.isoformat(), formats["text"])
        return sheet.write_datetime(row, at, cell, formats["date"])  # pyright: ignore[reportArgumentType]

    return write


def showable(cell: str) -> str:
    """A text that a sheet can hold: control characters as symbols, and not too long.

    >>> showable("走访\\x00慰问"), len(showable("侨" * 40_000))
    ('走访␀慰问', 32767)
    """
    if _UNSHOWABLE.search(cell):
        cell = cell.translate(_SHOWN)
    if len(cell) <= MAX_CELL // 2:
        return cell
    units = cell.encode("utf-16-le")
    return cell if len(units) <= 2 * MAX_CELL else units[: 2 * (MAX_CELL - 1)].decode("utf-16-le", "ignore") + "…"


def _fetched(column: Column) -> str:
    """Figures come as text, which says how many digits they have."""
    if column.kind == "text":
        return _as_text(column)
    return figure_text(column) if column.kind == "decimal" else column.sql


def _as_text(column: Column) -> str:
    return f"{column.sql}::VARCHAR"


def _frozen(columns: Sequence[Column]) -> int:
    """How many columns stay in sight: the region where it stands first."""
    return 2 if [column.name for column in columns[:2]] == ["region", "region_name"] else 0


def _area(last: int, columns: int) -> str:
    from xlsxwriter.utility import xl_range

    return str(xl_range(0, 0, max(last, 1), columns))


def _widths(
    connection: DuckDBPyConnection, table: str, columns: Sequence[Column], headings: Sequence[str]
) -> list[float]:
    """Widths that hold nearly all cells of the first rows; a Chinese character takes two places."""
    if not columns:
        return []
    shown = ", ".join(f"coalesce(quantile_disc({_places(column)}, 0.98), 0)" for column in columns)
    found = connection.execute(f"SELECT {shown} FROM (FROM {table} LIMIT {_SAMPLE})").fetchone() or ()
    widths = []
    for column, words, cells in zip(columns, headings, found, strict=True):
        page = _PAGE_WIDTHS.get(column.name) if table in _READ_AS_PAGE else None
        widths.append(page or min(_WIDEST, max(_NARROWEST, cells + 3, _width_of(words) + _BUTTON)))
    return widths


def _places(column: Column) -> str:
    """The SQL of how many places a cell takes: a number has commas, a date ten digits."""
    if column.kind == "decimal":
        return f"length({figure_text(column)}) * 4 // 3"
    if column.kind == "text":
        return f"(strlen({_as_text(column)}) + length({_as_text(column)})) // 2"
    return "10" if column.kind == "date" else f"length({_as_text(column)}) + 1"


def _places_of(words: str) -> int:
    """How many places a line takes."""
    return (len(words.encode()) + len(words)) // 2


def _width_of(heading: str) -> int:
    """A long heading takes two lines."""
    places = _places_of(heading)
    return places if places <= 12 else max(12, places // 2 + 2)
