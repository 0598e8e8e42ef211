"""The CSV tables of a run in, the same as checked and typed tables of a DuckDB connection out; nothing is held in memory."""

from __future__ import annotations

import codecs
import csv
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..corpus.errors import OutputError, one_line
from ..corpus.regions import divisions
from ..corpus.sources import readable
from .aside import settle
from .cells import FIGURE, TEXT, broken, kind_of
from .columns import quoted
from .tables import COLUMNS, check_header, plain, read_rows, region_name, write_rows

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY = "340MB"
LINE = '"#"'
"""The column of the number of a line, in a table of text."""
_ROWS, _LINES = 10_000, 50_000
_REPORT = "give the same command again; where that does not help please report it (汇总失败)"
_SETTINGS = (
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    f"SET memory_limit = '{MEMORY}'",
)


@contextmanager
def database(scratch: Path | None = None) -> Iterator[DuckDBPyConnection]:
    """An empty database in a scratch folder of its own, with the table `divisions`; it goes when it is closed.

    `divisions` has the columns code, name, full_name (from the province down), level, parent.

    Raises:
        OutputError: where the database cannot do what is asked of it, as on a full disk.
    """
    import duckdb

    place = scratch if scratch is not None and _is_plain(scratch) else None
    with tempfile.TemporaryDirectory(prefix="jianbao-", dir=place, ignore_cleanup_errors=True) as folder:
        connection = duckdb.connect(str(Path(folder) / "tables.duckdb"))
        try:
            for setting in (*_SETTINGS, f"SET temp_directory = '{_quoted(str(Path(folder) / 'spill'))}'"):
                connection.execute(setting)
            _write_divisions(connection)
            yield connection
        except duckdb.Error as error:
            reason = " ".join(str(error).split())[-300:]  # what the system said stands last, behind a path
            room = isinstance(error, (duckdb.IOException, duckdb.TransactionException, duckdb.OutOfMemoryException))
            advice = "make room and give the same command again (空间不足)" if room else _REPORT
            raise OutputError(f"{readable(folder)}: tables cannot be summed: {reason}; {advice}") from error
        finally:
            connection.close()


def _write_divisions(connection: DuckDBPyConnection) -> None:
    known = {row.adcode for row in divisions().rows}
    rows = [row for row in map(divisions().by_adcode, sorted(known)) if row is not None]
    columns = (
        [row.adcode for row in rows],
        [row.full_name for row in rows],
        [region_name(row.adcode) for row in rows],
        [row.level for row in rows],
        [row.parent for row in rows],
    )
    insert(connection, "divisions", ("code", "name", "full_name", "level", "parent"), columns)


def insert(
    connection: DuckDBPyConnection, table: str, names: Sequence[str], columns: Sequence[Sequence[str | None]]
) -> None:
    """A new table of text made of columns of one length."""
    shown = ", ".join(f"unnest(?::VARCHAR[]) AS {name}" for name in names)
    connection.execute(f"CREATE TABLE {table} AS SELECT {shown}", [list(column) for column in columns])


def load(connection: DuckDBPyConnection, name: str, path: Path, encoding: str) -> None:
    """A CSV file as the table of that name.

    Raises:
        OutputError: as `outputs.opened` does.
    """
    import duckdb

    check_header(path, COLUMNS[name], encoding)
    with _as_utf8(path, encoding) as plain:
        columns = ", ".join(f"'{column}': 'VARCHAR'" for column in COLUMNS[name])
        source = (
            f"read_csv('{_quoted(str(plain))}', auto_detect = false, header = true, delim = ',', quote = '\"',"
            f" escape = '\"', strict_mode = true, nullstr = '', columns = {{{columns}}})"
        )
        try:
            connection.execute(f"CREATE TABLE raw AS SELECT {_plain_cells(COLUMNS[name])} FROM {source}")
            wrong = has_broken(connection, "raw", name)
        except (duckdb.IOException, duckdb.TransactionException, duckdb.OutOfMemoryException):
            raise  # the disk or the memory, and no fault of the table
        except duckdb.Error as error:
            _tell_fault(path, name, encoding)
            raise OutputError(f"{path}: is no CSV: {one_line(error)}") from None
    if wrong:
        _tell_fault(path, name, encoding)
    typed(connection, name, "raw")
    connection.execute("DROP TABLE raw")


def load_text(
    connection: DuckDBPyConnection, name: str, path: Path, columns: Sequence[str], encoding: str
) -> Sequence[str]:
    """A CSV file of any columns as a table of text, NULL where empty, with the line of each row in `#`; its columns.

    Raises:
        OutputError: with file and line where it is missing, has other columns, or a row has not one cell for each.
    """
    if len({column.casefold() for column in columns}) < len(columns):
        raise OutputError(f"{path}:1: a column stands twice (有重复的列)")
    names = [*map(quoted, columns), LINE]
    insert(connection, name, names, [[] for _ in names])
    shown = ", ".join("nullif(unnest(?::VARCHAR[]), '')" for _ in names)
    lines = check_header(path, columns, encoding)
    while batch := list(islice(lines, _LINES)):
        odd = next(((row, line) for row, line in batch if len(row) != len(columns)), None)
        if odd:
            raise OutputError(f"{path}:{odd[1]}: expected {len(columns)} cells, found {len(odd[0])} (单元格数不符)")
        cells = [list(map(plain, column)) for column in zip(*(row for row, _ in batch), strict=True)]
        connection.execute(f"INSERT INTO {name} SELECT {shown}", [*cells, [str(line) for _, line in batch]])
    return columns


def has_broken(connection: DuckDBPyConnection, source: str, name: str) -> bool:
    """Whether some cell of a relation of text may not stand in the table."""
    conditions = [broken(kind_of(name, column), f'"{column}"') for column in COLUMNS[name]]
    told = " OR ".join(filter(None, conditions))
    found = connection.execute(f"SELECT count(*) FROM {source} WHERE {told}").fetchone()
    return bool(found and found[0])


def typed(connection: DuckDBPyConnection, name: str, source: str) -> None:
    """The table of a name, its columns typed, made of a relation of text with the same columns."""
    cells = ", ".join(_typed_cell(name, column) for column in COLUMNS[name])
    connection.execute(f"CREATE TABLE {name} AS SELECT {cells} FROM {source}")


def _typed_cell(name: str, column: str) -> str:
    kind = kind_of(name, column)
    if kind is FIGURE:  # a figure with more digits than are kept is unknown, not rounded
        fits = rf"regexp_full_match(\"{column}\", '-?[0-9]{{1,28}}(\.[0-9]{{1,10}})?')".replace('\\"', '"')
        return f'CASE WHEN {fits} THEN "{column}"::{kind.type} END AS "{column}"'
    return f'"{column}"' if kind.type == TEXT.type else f'"{column}"::{kind.type} AS "{column}"'


def _plain_cells(columns: Iterable[str]) -> str:
    """The cells as they were before `harmless`."""
    risky = r"starts_with({0}, '''') AND regexp_matches({0}, '^''+[=+\-@\t\r]')"
    cell = f"CASE WHEN {risky} THEN {{0}}[2:] ELSE {{0}} END AS {{0}}"
    return ", ".join(cell.format(f'"{column}"') for column in columns)


def check_whole(
    connection: DuckDBPyConnection, tables: Collection[str], place: Callable[[str], Path], encoding: str
) -> None:
    """Refuse what no cell shows alone: an article stands once, records belong to an article, no interval is upside down."""
    for name, fault in (pair for pair in _FAULTS if pair[0] in tables and "articles" in tables):
        found = connection.execute(fault.sql.format(name)).fetchone()
        if found is not None:
            told = ["" if cell is None else str(cell) for cell in found]
            line = _line_of(place(name), name, dict(zip(fault.where, told, strict=False)), encoding, fault.nth)
            raise OutputError(f"{place(name)}:{line}: column {fault.told.format(*told)}")


class _Fault(NamedTuple):
    """What may be wrong with a table: the SQL that gives the cells of a row at fault, their columns, how it is told."""

    sql: str
    where: tuple[str, ...]
    told: str
    nth: int = 1


_STRANGE = _Fault(
    "SELECT article FROM {0} WHERE article IS NULL OR article NOT IN (SELECT article FROM articles WHERE article IS NOT NULL)",
    ("article",),
    "article: {0!r} is not in articles.csv; are these tables of one run? (articles.csv 中没有这篇文章，表格是否来自同一次运行？)",
)
_TWICE = _Fault(
    "SELECT article FROM {0} GROUP BY article HAVING count(*) > 1 OR article IS NULL ORDER BY article",
    ("article",),
    "article: {0!r} stands here twice, or is empty (文章重复或为空)",
    2,
)
_UPSIDE_DOWN = _Fault(
    """SELECT article, "start", "end", rtrim(rtrim(low::VARCHAR, '0'), '.'), rtrim(rtrim(high::VARCHAR, '0'), '.') FROM {0} WHERE low > high""",
    ("article", "start", "end"),
    "low: {3} is more than high, {4} (low 大于 high)",
)
_FAULTS = (
    ("articles", _TWICE),
    *((name, _STRANGE) for name in COLUMNS if name != "articles"),
    ("indicators", _UPSIDE_DOWN),
)


def _line_of(path: Path, name: str, where: dict[str, str], encoding: str, nth: int) -> int:
    """The line of the n-th row with these cells, of the last one where there are fewer."""
    places = {COLUMNS[name].index(column): cell for column, cell in where.items()}
    rows = check_header(path, COLUMNS[name], encoding)
    lines = [line for row, line in rows if all(plain(row[place]) == cell for place, cell in places.items())]
    return lines[:nth][-1]


def _tell_fault(path: Path, name: str, encoding: str) -> None:
    """Raise the error of the first line at fault."""
    for _ in read_rows(path, name, encoding):
        pass


@contextmanager
def _as_utf8(path: Path, encoding: str) -> Iterator[Path]:
    """The file itself, or a copy in UTF-8 where it is in another encoding or its name is no text."""
    if codecs.lookup(encoding).name in ("utf-8", "utf-8-sig") and _is_plain(path):
        yield path
        return
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", suffix=".csv", delete=False) as copy:
        place = Path(copy.name)
    try:
        with path.open(encoding=encoding, newline="") as file, place.open("w", encoding="utf-8", newline="") as copy:
            while piece := file.read(1 << 20):
                copy.write(piece)
        yield place
    except UnicodeError:
        raise OutputError(f"{path}: is not in {encoding}: say the --encoding of the run (编码不符)") from None
    finally:
        place.unlink(missing_ok=True)


def _is_plain(path: Path) -> bool:
    """Whether a path is text: the bytes of an old archive's names may be none, and no database takes them."""
    return readable(path) == str(path)


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def write_table(connection: DuckDBPyConnection, table: str, path: Path, encoding: str) -> int:
    """A table of the connection as a CSV file like those of a run; the number of its rows.

    Raises:
        OutputError: where the encoding cannot write a character. OSError is left to the caller.
    """
    described = connection.execute(f"DESCRIBE {table}").fetchall()
    cells = ", ".join(_written_cell(name, kind) for name, kind, *_ in described)
    count = 0
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([name for name, *_ in described])
        rows = connection.execute(f"SELECT {cells} FROM {table}")
        while batch := rows.fetchmany(_ROWS):
            write_rows(writer, batch)
            count += len(batch)
        settle(file)
    return count


def _written_cell(name: str, kind: str) -> str:
    """A cell as text: a figure without trailing zeros, NULL as nothing."""
    cell = f"{quoted(name)}::VARCHAR"
    if kind.startswith("DECIMAL"):
        cell = f"rtrim(rtrim({cell}, '0'), '.')"
    return f"coalesce({cell}, '')"
