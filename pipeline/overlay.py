"""The tables of a run in a DuckDB connection or as rows in, the same with what people said of them out."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..corpus.article import Article
from ..corpus.records import Activity, Brand, Indicator, Mention, decimal_text
from ..extractors.variants import merged
from .corrections import Opinions, read_opinions
from .fields import FIELDS, built, moved, sort_of
from .reviewed import TABLES, Found, Home, Lost, Placed, Standing, home_of, place, standing, tell_lost
from .tables import COLUMNS, MAX_SENTENCE, Row, Sentences, indicator_row, typed_row

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SURE = ("confidence", "confidence_meaning", "confidence_time")
_FACTS = ("format", "characters", "published", "region", "title")


def inputs_of(out: Path) -> list[Path]:
    """The inputs that the record of a run names."""
    try:
        record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    inputs = record.get("inputs") if isinstance(record, dict) else None
    return [Path(path) for path in inputs if isinstance(path, str)] if isinstance(inputs, list) else []


def record_of(table: str, cells: Mapping[str, Any]) -> Mention:
    """The record of a row whose columns are typed; a figure with more digits than are kept is 0."""
    sort = TABLES[table]
    fields = {name: _words(cells[name]) for name in FIELDS[sort]}
    fields |= {name: "0" for name in ("low", "high") if name in fields and not fields[name]}
    text = _words(cells["sentence" if sort == "activity" else "text"])
    rule, confidence = _words(cells["rule"]), float(cells["confidence"])
    found = built(sort, int(cells["start"]), int(cells["end"]), text, fields, rule, confidence)
    if isinstance(found, Indicator):
        return found.believed(confidence, float(cells[_SURE[1]]), float(cells[_SURE[2]]))
    return found


def _words(cell: object) -> str:
    return decimal_text(cell) if isinstance(cell, Decimal) else "" if cell is None else str(cell)


# What changes.


class Fresh(NamedTuple):
    """A row that a person told: it stands behind the row of that number."""

    behind: int
    row: Row


@dataclass(slots=True)
class Changes:
    """What becomes of the rows of a table: those that go, that are sure, whose brand has another full name, that come."""

    gone: list[int] = field(default_factory=list)
    sure: list[int] = field(default_factory=list)
    full: dict[int, str] = field(default_factory=dict)
    come: list[Fresh] = field(default_factory=list)

    def add(self, name: str, home: Home, held: Sequence[Found], placed: Placed, floor: int) -> None:
        """What was said of an article; `floor` is the number of the last row of the articles before it."""
        stand = [each for each in standing(held, placed) if TABLES[name] == sort_of(each.record)]
        kept = {each.number for each in stand}
        full = _full_names(stand)
        self.gone += [each.number for each in held if each.number not in kept]
        self.sure += [each.number for each in stand if each.accepted and each.number is not None]
        at = held[0].number - 1 if held else floor
        for each in stand:
            if each.number is None:
                self.come.append(Fresh(at, row_of(home, each.record, placed, full)))
                continue
            at = max(at, each.number)
            if isinstance(each.record, Brand):
                self.full[each.number] = full[each.record.name]


def _full_names(stand: Sequence[Standing]) -> dict[str, str]:
    """The name that each name of an article's brands is a variant of."""
    brands = tuple(each.record for each in stand if isinstance(each.record, Brand))
    return {variant: brand.name for brand in merged(brands) for variant in brand.variants}


def row_of(home: Home, record: Mention, placed: Placed, full: Mapping[str, str]) -> Row:
    """The row of a record that a person told; its sentence is cut out of the corrected text."""
    said = next(each for each in placed.corrections if each.start <= record.start < each.start + len(each.text))
    sentence = Sentences(Article(home.article, said.text)).around(moved(record, -said.start))
    if isinstance(record, Indicator):
        return indicator_row(Article(home.article, ""), record, sentence)
    told, sure = (home.article, str(record.start), str(record.end)), f"{record.confidence:.2f}"
    if isinstance(record, Activity):
        return (*told, record.type, sure, record.rule, record.text[:MAX_SENTENCE])
    assert isinstance(record, Brand)
    return (*told, record.text, record.name, record.kind, sure, record.rule, sentence, full[record.name])


# In a database.


def overlay(connection: DuckDBPyConnection, out: Path, tables: Collection[str], said: Opinions | None = None) -> None:
    """Put what `out/review` says into those tables of a connection that stand beside `articles`; rows stay in order.

    Raises:
        InputError: with file and line where a file of the review is broken.
    """
    opinions = read_opinions(out) if said is None else said
    names = [name for name in TABLES if name in tables]
    if not opinions.articles or "articles" not in tables or not names:
        return
    changes = {name: Changes() for name in names}
    lost: list[Lost] = []
    for home, found, placed in gathered(connection, out, opinions, names):
        lost += placed.lost
        for name, held in found.items():
            floor = -1 if held else _floor(connection, name, home.article)
            changes[name].add(name, home, held, placed, floor)
    tell_lost(out, lost)
    for name, change in changes.items():
        _mark(connection, name, change)
        _replace(connection, name, change)


def gathered(
    connection: DuckDBPyConnection, out: Path, said: Opinions, names: Sequence[str]
) -> Iterator[tuple[Home, dict[str, list[Found]], Placed]]:
    """Each article of which something was said, in the order of the table, with its records by table and what was said."""
    inputs = inputs_of(out)
    ranks = dict(
        connection.execute(
            "SELECT article, rowid FROM articles WHERE article IN (SELECT unnest(?::VARCHAR[]))", [list(said.articles)]
        ).fetchall()
    )
    for article in sorted(said.articles, key=lambda name: (name not in ranks, ranks.get(name, 0))):
        home, found = look_at(connection, out, inputs, article, names)
        yield home, found, place(said, home)


def look_at(
    connection: DuckDBPyConnection, out: Path, inputs: Sequence[Path], article: str, names: Sequence[str]
) -> tuple[Home, dict[str, list[Found]]]:
    """An article and its records by table; one that is there no more has no characters and no records."""
    row = connection.execute(f"SELECT {', '.join(_FACTS)} FROM articles WHERE article = ?", [article]).fetchone() or (
        None,
        0,
        None,
        None,
        None,
    )
    found = {name: _found_in(connection, name, article) for name in names}
    facts: dict[str, Any] = dict(zip(_FACTS, row, strict=True))
    return home_of(out, inputs, article, facts, [each for held in found.values() for each in held]), found


def _found_in(connection: DuckDBPyConnection, table: str, article: str) -> list[Found]:
    """The records of an article in a table, in their order."""
    shown = ", ".join(f'"{column}"' for column in COLUMNS[table])
    rows = connection.execute(f"SELECT rowid, {shown} FROM {table} WHERE article = ? ORDER BY rowid", [article])
    return [_found(table, number, cells) for number, *cells in rows.fetchall()]


def _found(table: str, number: int, cells: Sequence[object]) -> Found:
    told = dict(zip(COLUMNS[table], cells, strict=True))
    return Found(number, record_of(table, told), _words(told["sentence"]))


def _floor(connection: DuckDBPyConnection, table: str, article: str) -> int:
    """The number of the last row of the articles before this one."""
    row = connection.execute(
        f"SELECT coalesce(max(t.rowid), -1) FROM {table} t JOIN articles a USING (article)"
        " WHERE a.rowid < (SELECT min(rowid) FROM articles WHERE article = ?)",
        [article],
    ).fetchone()
    return int(row[0]) if row else -1


def _mark(connection: DuckDBPyConnection, name: str, change: Changes) -> None:
    """What was accepted is sure; brands go by the fullest name that the article now has for them."""
    if change.sure:
        sure = ", ".join(f"{column} = 1.0" for column in _SURE if column in COLUMNS[name])
        connection.execute(f"UPDATE {name} SET {sure} WHERE rowid IN (SELECT unnest(?::BIGINT[]))", [change.sure])
    if change.full:
        connection.execute(
            f"UPDATE {name} SET brand = t.named FROM (SELECT unnest(?::BIGINT[]) AS number, unnest(?::VARCHAR[]) AS named) t"
            f" WHERE {name}.rowid = t.number AND {name}.brand IS DISTINCT FROM t.named",
            [list(change.full), list(change.full.values())],
        )


def _replace(connection: DuckDBPyConnection, name: str, change: Changes) -> None:
    """Take out the rows that go and put in those that come."""
    from .store import insert, typed

    if not change.gone and not change.come:
        return
    columns = [[each.row[at] or None for each in change.come] for at in range(len(COLUMNS[name]))]
    insert(connection, "told_text", COLUMNS[name], columns)
    connection.execute(f"ALTER TABLE {name} RENAME TO run_rows")
    typed(connection, name, "told_text")
    connection.execute(f"ALTER TABLE {name} RENAME TO told_rows")
    behind = [each.behind for each in change.come]
    connection.execute("CREATE TABLE told_places AS SELECT unnest(?::BIGINT[]) AS behind", [behind])
    shown = ", ".join(f'"{column}"' for column in COLUMNS[name])
    connection.execute(
        f"CREATE TABLE {name} AS SELECT {shown} FROM ("
        f"SELECT rowid AS behind, -1 AS nth, {shown} FROM run_rows WHERE rowid NOT IN (SELECT unnest(?::BIGINT[]))"
        f" UNION ALL SELECT p.behind, p.rowid AS nth, {shown} FROM told_rows JOIN told_places p ON p.rowid = told_rows.rowid"
        ") ORDER BY behind, nth",
        [change.gone],
    )
    for rest in ("run_rows", "told_rows", "told_text", "told_places"):
        connection.execute(f"DROP TABLE {rest}")


# As rows.


def overlay_rows(out: Path, rows: dict[str, list[list[object]]]) -> None:
    """Put what `out/review` says into tables read as rows of typed cells.

    Raises:
        InputError: as `overlay` does.
    """
    said, inputs, lost = read_opinions(out), inputs_of(out), list[Lost]()
    changes = {name: Changes() for name in TABLES}
    ranks = {str(row[0]): rank for rank, row in enumerate(rows["articles"])}
    for article in sorted(said.articles, key=lambda name: (name not in ranks, ranks.get(name, 0))):
        facts = (
            dict(zip(COLUMNS["articles"], rows["articles"][ranks[article]], strict=True)) if article in ranks else {}
        )
        found = {name: _rows_of(name, rows[name], article) for name in TABLES}
        known = {"format": "", "characters": 0, "published": None, "region": None, **facts}
        home = home_of(out, inputs, article, known, [each for held in found.values() for each in held])
        placed = place(said, home)
        lost += placed.lost
        for name, held in found.items():
            floor = max(
                (at for at, row in enumerate(rows[name]) if ranks[str(row[0])] < ranks.get(article, 0)), default=-1
            )
            changes[name].add(name, home, held, placed, floor)
    tell_lost(out, lost)
    for name, change in changes.items():
        rows[name] = list(_changed(name, rows[name], change))


def _rows_of(table: str, rows: Sequence[Sequence[object]], article: str) -> list[Found]:
    return [_found(table, at, row) for at, row in enumerate(rows) if row[0] == article]


def _changed(name: str, rows: Sequence[list[object]], change: Changes) -> Iterator[list[object]]:
    """The rows of a table after what was said of them."""
    gone, sure, columns = set(change.gone), set(change.sure), COLUMNS[name]
    for at in range(-1, len(rows)):
        if at >= 0 and at not in gone:
            cells = dict(zip(columns, rows[at], strict=True))
            cells |= {column: 1.0 for column in _SURE if at in sure and column in cells}
            cells |= {"brand": change.full[at]} if at in change.full else {}
            yield list(cells.values())
        yield from (typed_row(name, each.row) for each in change.come if each.behind == at)
