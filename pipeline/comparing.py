"""Two output folders in, what was added, lost or changed between them out: articles, records and totals."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ..corpus.errors import InputError, OutputError
from ..corpus.sources import readable
from .aside import aside, drop, rename
from .cells import FIGURE, SHARE, kind_of
from .domains import domain_in_force
from .store import database, load, load_text, write_table
from .tables import COLUMNS, DERIVED

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CHANGES = ("table", "change", "article", "start", "end", "column", "before", "after", "type")
FILE = "comparison.csv"
ROUNDING = 0.005
"""Confidence is written with two digits: what differs by no more is the same."""
_SETTINGS = ("version", "fingerprint", "models", "segmenter", "segmenter_model", "words", "domain", "columns", "limits")
_BEFORE, _AFTER = "earlier", "later"
_FIGURES = "concat_ws('; ', 'own ' || {0}.own_low || '..' || {0}.own_high, 'below ' || {0}.below_low || '..' || {0}.below_high)"


@dataclass(frozen=True, slots=True)
class Matching:
    """How rows of two tables are told to be one: by which columns, which stand in the result, and what names a row.

    The n-th row of a key in one table is matched with the n-th in the other.
    """

    key: tuple[str, ...]
    name: str
    article: str = "article"
    aside: tuple[str, ...] = ()


MATCHINGS: Mapping[str, Matching] = {
    "articles": Matching(("article",), "coalesce({0}.title, {0}.article)"),
    "indicators": Matching(("article", "start", "end"), "{0}.text"),
    "brands": Matching(("article", "start", "end"), "{0}.text"),
    "activities": Matching(("article", "start", "end", "type"), "{0}.type"),
    "totals": Matching(
        ("region", "activity", "dimension", "unit", "brand", "measure", "period"), _FIGURES, "total", ("total",)
    ),
}


class Count(NamedTuple):
    """How many rows of a table were added or lost, or how many cells of a column changed (`column` empty otherwise)."""

    table: str
    change: str
    column: str
    number: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two runs: counts, and notes on what explains or hinders the comparison.

    The rows stand in the table `changes` of `connection` with the columns of `CHANGES`, in the order of tables, articles
    and offsets. `start` and `end` are those of the record, `type` is that of an activity; for totals `article` is the id.
    It is a context manager, for the database goes when it is closed.
    """

    connection: DuckDBPyConnection
    counts: tuple[Count, ...]
    notes: tuple[str, ...]
    _stack: ExitStack

    def __enter__(self) -> Comparison:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def lines(self) -> Iterator[str]:
        """The notes, then a line for each table that differs; one line where nothing does."""
        yield from self.notes
        for table in dict.fromkeys(count.table for count in self.counts):
            yield f"{table}: {', '.join(_parts(self.counts, table))}"
        if not self.counts:
            yield "no difference (没有差异)"


def _parts(counts: Sequence[Count], table: str) -> Iterator[str]:
    """3 added, 1 lost, 5 cells changed (high 4, measure 1)."""
    own = [count for count in counts if count.table == table]
    yield from (f"{count.number} {count.change}" for count in own if not count.column)
    cells = [count for count in own if count.column]
    if cells:
        told = ", ".join(f"{count.column} {count.number}" for count in cells)
        yield f"{sum(count.number for count in cells)} cells changed ({told})"


def compare(first: Path | str, second: Path | str, *, encoding: str = "utf-8-sig") -> Comparison:
    """What was added, lost or changed from one output folder to another.

    Articles are matched by name; indicators, brands and activities by article and offsets, activities by type too; totals
    by region and what parts the sums. `encoding` is that of both runs. Totals that one folder lacks are told in the notes,
    as are other versions, rules or settings of the runs.

    >>> import tempfile
    >>> from jianbao import run
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name, text in (("甲", "走访慰问侨胞30户。"), ("乙", "走访慰问侨胞近30户。")):
    ...         place = Path(folder, name)
    ...         place.mkdir()
    ...         _ = (place / "简报.txt").write_text(text, encoding="utf-8")
    ...         _ = run(place, place / "表")
    ...     with compare(Path(folder, "甲", "表"), Path(folder, "乙", "表")) as found:
    ...         [count for count in found.counts if count.table == "indicators"]
    [Count(table='indicators', change='added', column='', number=1), Count(table='indicators', change='lost', column='', number=1)]

    Raises:
        InputError: where a folder is no path.
        OutputError: where a table is missing or broken, with file, line and column.
    """
    folders = _folder(first), _folder(second)
    with ExitStack() as stack:
        connection = stack.enter_context(database())
        notes = list(_settings_notes(*folders))
        tables = [name for name in MATCHINGS if name in COLUMNS]
        for side, folder in zip((_BEFORE, _AFTER), folders, strict=True):
            _load(connection, side, folder, tables, encoding)
        lacking = [folder for folder in folders if not (folder / "totals.csv").exists()]
        notes += [f"{readable(folder)} has no totals.csv: totals are not compared (未比较合计)" for folder in lacking]
        if not lacking:
            tables.append("totals")
            notes += _request_notes(*folders)
            for side, folder in zip((_BEFORE, _AFTER), folders, strict=True):
                load_text(connection, f"{side}.totals", folder / "totals.csv", DERIVED["totals"], encoding)
        _find(connection, tables)
        return Comparison(connection, _count(connection), tuple(notes), stack.pop_all())


def write_comparison(
    comparison: Comparison,
    target: Path | str,
    *,
    encoding: str = "utf-8-sig",
    existing: Literal["refuse", "overwrite"] = "refuse",
) -> Path:
    """Every difference as a row of a CSV file, by default `comparison.csv` where `target` is a folder; the file written.

    Raises:
        OutputError: where the file is there already, or cannot be written.
    """
    path = Path(target)
    path = path / FILE if path.is_dir() else path
    if existing == "refuse" and path.exists():
        raise OutputError(
            f"{readable(path)}: is there already; ask to overwrite it, or choose another place (文件已存在)"
        )
    part = aside(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_table(comparison.connection, "changes", part, encoding)
        return rename(part)
    except OSError as error:
        raise OutputError(f"{readable(path)}: cannot be written: {error.strerror or error} (无法写入)") from None
    except UnicodeError:
        raise OutputError(f"{encoding}: lacks a character; use utf-8-sig or gb18030 (编码无法写出该字符)") from None
    except LookupError:
        raise OutputError(f"unknown encoding {encoding!r}: use utf-8-sig, utf-8 or gb18030 (未知编码)") from None
    finally:
        drop((part,))


def _folder(told: object) -> Path:
    if not isinstance(told, str | Path):
        raise InputError(f"compare takes two output folders, not {type(told).__name__} (请给两个输出文件夹)")
    return Path(told)


# What is said about the runs.


def _settings_notes(first: Path, second: Path) -> Iterator[str]:
    """Where the runs differ in version, rules or settings: then differences of the tables may come from there."""
    before, after = _record(first / "run.json"), _record(second / "run.json")
    for folder, record in ((first, before), (second, after)):
        if not record:
            yield f"{readable(folder)} has no run.json that can be read: versions are not compared (未比较版本)"
    if before and after:
        for name in _SETTINGS:
            if _setting(before, name) != _setting(after, name):
                yield f"run.json: {name}: {_setting(before, name)} before, {_setting(after, name)} after (运行设置不同)"


def _setting(record: Mapping[str, Any], name: str) -> str:
    """A setting in words; a domain by its name and digest."""
    value = record.get(name)
    if name == "domain" and isinstance(value, dict):
        return f"{value.get('name')} {value.get('digest')}"
    return _told(value)


def _request_notes(first: Path, second: Path) -> Iterator[str]:
    before, after = (_record(folder / "totals.json").get("request") for folder in (first, second))
    if before != after:
        yield f"totals.json: asked {_told(before)} before, {_told(after)} after (合计要求不同)"


def _record(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def _told(value: object) -> str:
    return "nothing" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


# The tables, side by side.


def _load(connection: DuckDBPyConnection, side: str, folder: Path, tables: Sequence[str], encoding: str) -> None:
    """The tables of a folder in a schema of their own."""
    connection.execute(f"CREATE SCHEMA {side}")
    connection.execute(f"SET search_path = '{side},main'")
    with domain_in_force(folder):
        for name in tables:
            load(connection, name, folder / f"{name}.csv", encoding)
    connection.execute("SET search_path = 'main'")


# What differs, in SQL.


def _columns(table: str) -> list[str]:
    """The columns of a table that are compared."""
    matching = MATCHINGS[table]
    known = COLUMNS.get(table) or DERIVED[table]
    return [column for column in known if column not in (*matching.key, *matching.aside)]


def _find(connection: DuckDBPyConnection, tables: Sequence[str]) -> None:
    """Make `changes` and drop the tables that were compared."""
    for table in tables:
        connection.execute(_pairs(table))
        connection.execute(_changes(table))
    places = ", ".join(f"('{table}', {place})" for place, table in enumerate(tables))
    union = " UNION ALL ".join(f"SELECT * FROM changes_{table}" for table in tables)
    connection.execute(
        f'CREATE TABLE changes AS SELECT "table", change, article, "start", "end", "column", before, after, type'
        f' FROM ({union}) JOIN (VALUES {places}) ranks(name, rank) ON name = "table"'
        ' ORDER BY rank, article, "start", "end", type, nth, change, place'
    )
    for table in tables:
        connection.execute(f"DROP TABLE changes_{table}")
    for side in (_BEFORE, _AFTER):
        connection.execute(f"DROP SCHEMA {side} CASCADE")


def _pairs(table: str) -> str:
    """The SQL of `pairs`: row numbers of what stands in one table only, or in both and is not the same.

    Only keys and hashes are sorted and joined, so that memory does not hold sentences.
    """
    key, columns = MATCHINGS[table].key, _columns(table)
    shares = [column for column in columns if kind_of(table, column) is SHARE]
    shown = _quoted((*key, *shares))
    exact = _quoted(column for column in columns if column not in shares)
    side = (
        f"SELECT rowid AS row, {shown}, hash({exact}) AS cells,"
        f" row_number() OVER (PARTITION BY {_quoted(key)} ORDER BY rowid) AS nth FROM {{}}.{table}"
    )
    same = " AND ".join(f'b."{column}" IS NOT DISTINCT FROM a."{column}"' for column in key)
    differs = " OR ".join(["b.cells <> a.cells", *(f"NOT {_close(share)}" for share in shares)])
    return (
        f"CREATE OR REPLACE TABLE pairs AS WITH b AS ({side.format(_BEFORE)}), a AS ({side.format(_AFTER)})"
        f" SELECT b.row AS b_row, a.row AS a_row, coalesce(b.nth, a.nth) AS nth FROM b FULL JOIN a"
        f" ON {same} AND b.nth = a.nth WHERE b.row IS NULL OR a.row IS NULL OR {differs}"
    )


def _quoted(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _close(share: str) -> str:
    """The SQL condition that a share is the same on both sides."""
    before, after = f'b."{share}"', f'a."{share}"'
    return f"coalesce(abs({before} - {after}) <= {ROUNDING}, {before} IS NULL AND {after} IS NULL)"


def _changes(table: str) -> str:
    """The SQL of `changes_TABLE`: a row for each pair that lacks a side, a row for each other cell of the rest."""
    columns, name = _columns(table), MATCHINGS[table].name
    cells = ", ".join(f"{before}, {after}" for before, after in (_cells(table, column) for column in columns))
    beside = ", ".join(f'("b_{column}", "a_{column}") AS "{column}"' for column in columns)
    listed = ", ".join(f"'{column}'" for column in columns)
    source = (
        f"FROM pairs p LEFT JOIN {_BEFORE}.{table} b ON b.rowid = b_row LEFT JOIN {_AFTER}.{table} a ON a.rowid = a_row"
    )
    return f"""CREATE TABLE changes_{table} AS WITH
        whole AS (SELECT {_identity(table)}, CASE WHEN b_row IS NULL THEN 'added' ELSE 'lost' END AS change,
            CASE WHEN b_row IS NOT NULL THEN {name.format("b")} END AS before,
            CASE WHEN a_row IS NOT NULL THEN {name.format("a")} END AS after
            {source} WHERE b_row IS NULL OR a_row IS NULL),
        twins AS (SELECT {_identity(table)}, {cells} {source} WHERE b_row IS NOT NULL AND a_row IS NOT NULL),
        altered AS (FROM twins UNPIVOT INCLUDE NULLS ((before, after) FOR "column" IN ({beside})))
        SELECT *, NULL AS "column", 0 AS place FROM whole
        UNION ALL BY NAME
        SELECT *, 'changed' AS change, list_position([{listed}], "column") AS place FROM altered
        WHERE before IS DISTINCT FROM after"""


def _identity(table: str) -> str:
    """What says which record a row of the result is about."""
    offsets = ('"start"', '"end"')
    told = {"article": MATCHINGS[table].article}
    told |= {name: name if "start" in MATCHINGS[table].key else "" for name in offsets}
    told["type"] = "type" if "type" in MATCHINGS[table].key else ""
    shown = (
        f"coalesce(b.{column}, a.{column}) AS {name}"
        if column
        else f"NULL::{'BIGINT' if name in offsets else 'VARCHAR'} AS {name}"
        for name, column in told.items()
    )
    return f"'{table}' AS \"table\", nth, {', '.join(shown)}"


def _cells(table: str, column: str) -> tuple[str, str]:
    """A column of both sides as text, a figure without zeros behind it, and shares that are close as one."""
    kind = kind_of(table, column)
    before, after = (f'{side}."{column}"::VARCHAR' for side in "ba")
    if kind is FIGURE:
        before, after = (f"rtrim(rtrim({cell}, '0'), '.')" for cell in (before, after))
    if kind is SHARE:
        after = f"CASE WHEN {_close(column)} THEN {before} ELSE {after} END"
    return f'{before} AS "b_{column}"', f'{after} AS "a_{column}"'


def _count(connection: DuckDBPyConnection) -> tuple[Count, ...]:
    """The rows of `changes` by table, change and column, in this order."""
    rows = connection.execute(
        'SELECT "table", change, coalesce("column", \'\') AS name, count(*) FROM changes GROUP BY ALL'
    ).fetchall()
    order = list(MATCHINGS)
    return tuple(sorted((Count(*row) for row in rows), key=lambda count: (order.index(count.table), *count)))
