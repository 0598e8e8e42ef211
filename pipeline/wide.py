"""Sums over regions in, the table that people open out: a row for each region, a column for each thing that is counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..corpus.lexicons import lexical, mapping
from ..corpus.records import DIMENSIONS, activity_types
from ..corpus.regions import divisions
from .amounts import Language, write_amounts
from .dictionary import codes
from .store import insert

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_NO_ACTIVITY: dict[Language, str] = {"zh": "未分类", "en": "unclassified"}
_BELOW: dict[Language, str] = {"zh": "（下级）", "en": " (below)"}
_HELPERS = ("cells", "ranks", "headings", "amounts")


class Column(NamedTuple):
    """What one column of the wide table sums; an unknown activity, dimension or unit is empty."""

    activity: str
    dimension: str
    unit: str


def widen(connection: DuckDBPyConnection, lang: Language = "zh") -> None:
    """Make `wide` and `wide_long` of the table `totals`, which was asked by activity.

    `wide`: region, region_name, level, then a column of text for each activity, dimension and unit, such as
    走访慰问（人次）; in the cell what the division itself reports, 1,700余, else what those below it do, 1,700余（下级）.
    `wide_long`: region, region_name, level, indicator (the heading), activity, dimension, unit, cell, low, high, count,
    source (`own` or `below`); a row for each cell that is not empty.
    Regions stand in the order of the tree, columns in that of `activity_types`, `DIMENSIONS` and by number of regions.
    """
    _choose_cells(connection)
    columns = _columns(connection)
    shown = headings(columns, lang)
    insert(connection, "headings", ("place", "heading", *Column._fields), _numbered(shown, columns))
    _rank_regions(connection)
    write_amounts(connection, "cells", lang)
    _write_long(connection, lang)
    _pivot(connection, shown)
    for name in _HELPERS:
        connection.execute(f"DROP TABLE {name}")


def _choose_cells(connection: DuckDBPyConnection) -> None:
    """`cells`: of each total what the division itself reports, else what those below do; the unknown is empty."""
    keys = ", ".join(f"coalesce({name}, '') AS {name}" for name in Column._fields)
    values = ", ".join(
        f"CASE WHEN own_count > 0 THEN own_{name} ELSE below_{name} END AS {name}" for name in ("low", "high", "count")
    )
    connection.execute(
        f"CREATE TABLE cells AS SELECT region, region_name, level, {keys}, {values},"
        " CASE WHEN own_count > 0 THEN 'own' ELSE 'below' END AS source"
        " FROM totals WHERE own_count > 0 OR below_count > 0"
    )


def _columns(connection: DuckDBPyConnection) -> list[Column]:
    """The columns in their order."""
    counted = connection.execute("SELECT activity, dimension, unit, count(*) FROM cells GROUP BY ALL").fetchall()
    activity, dimension = _place_in(activity_types()), _place_in(DIMENSIONS)
    regions = {Column(*key): count for *key, count in counted}
    return sorted(regions, key=lambda key: (activity(key.activity), dimension(key.dimension), -regions[key], key))


def _place_in(known: Iterable[str]) -> Callable[[str], int]:
    """The place of a word among the known ones; then come others, then none."""
    places = {word: place for place, word in enumerate(known)}
    places[""] = len(places) + 1
    return lambda word: places.get(word, len(places) - 1)


def headings(columns: Sequence[Column], lang: Language = "zh") -> list[str]:
    """The heading of each column; no two are one, not even for an engine that does not tell A from a.

    >>> headings([Column("visit", "person_times", "人次"), Column("donation", "money", "元"), Column("", "people", "")])
    ['走访慰问（人次）', '捐赠公益（元）', '未分类（人数）']
    >>> headings([Column("visit", "households", "家"), Column("visit", "organisations", "家")])
    ['走访慰问·户数（家）', '走访慰问·机构（家）']
    >>> headings([Column("training", "events", "场次"), Column("training", "events", "")])
    ['培训授课·场次（场次）', '培训授课·场次']
    >>> headings([Column("visit", "people", "人"), Column("visit", "people", "名")], "en")
    ['visits and condolence (persons 人)', 'visits and condolence (persons 名)']
    """
    shown = [_told(column, lang) for column in columns]
    for tell in (_with_unit, _with_dimension, _with_both):
        told = Counter(heading.casefold() for heading in shown)
        better = [tell(column, lang) for column in columns]
        fuller = Counter(heading.casefold() for heading in better)
        shown = [
            new if told[old.casefold()] > 1 and fuller[new.casefold()] < told[old.casefold()] else old
            for old, new in zip(shown, better, strict=True)
        ]
    return _apart(shown)


def _told(column: Column, lang: Language) -> str:
    return _heading(_activity(column, lang), _unit(column, lang), lang)


def _with_unit(column: Column, lang: Language) -> str:
    return _heading(_activity(column, lang), _both_units(column, lang), lang)


def _with_dimension(column: Column, lang: Language) -> str:
    return _heading(_activity_and_dimension(column, lang), _unit(column, lang) if column.unit else "", lang)


def _with_both(column: Column, lang: Language) -> str:
    return _heading(_activity_and_dimension(column, lang), _both_units(column, lang), lang)


def _heading(subject: str, unit: str, lang: Language) -> str:
    if not unit:
        return subject
    return f"{subject} ({unit})" if lang == "en" else f"{subject}（{unit}）"


def _activity_and_dimension(column: Column, lang: Language) -> str:
    joint = ", " if lang == "en" else "·"
    return _activity(column, lang) + joint + _dimension(column, lang)


def _activity(column: Column, lang: Language) -> str:
    found = codes("activity").get(column.activity)
    return found.name(lang) if found else column.activity or _NO_ACTIVITY[lang]


def _dimension(column: Column, lang: Language) -> str:
    """person_times is 人次, in English person-times."""
    if lang == "en":
        return column.dimension.replace("_", "-")
    return DIMENSIONS.get(column.dimension, column.dimension)


def _unit(column: Column, lang: Language) -> str:
    """The unit; the dimension where there is none (46万群众)."""
    if not column.unit:
        return _dimension(column, lang)
    return _units_in_english().get(column.unit, column.unit) if lang == "en" else column.unit


def _both_units(column: Column, lang: Language) -> str:
    word = _unit(column, lang)
    return word if word == column.unit or not column.unit else f"{word} {column.unit}"


@lexical
def _units_in_english() -> dict[str, str]:
    return mapping("units_en")


def _apart(shown: list[str]) -> list[str]:
    """Headings with a number behind those that stood before: tables made by hand may have any unit."""
    taken: set[str] = set()
    apart = []
    for heading in shown:
        new, number = heading, 1
        while new.casefold() in taken:
            number += 1
            new = f"{heading} {number}"
        taken.add(new.casefold())
        apart.append(new)
    return apart


def _numbered(shown: Sequence[str], columns: Sequence[Column]) -> list[list[str]]:
    keys = [[column[slot] for column in columns] for slot in range(len(Column._fields))]
    return [[str(place) for place in range(len(columns))], list(shown), *keys]


def _rank_regions(connection: DuckDBPyConnection) -> None:
    """`ranks`: the place of each region in the order of the tree."""
    codes = in_tree_order(code for (code,) in connection.execute("SELECT DISTINCT region FROM cells").fetchall())
    insert(connection, "ranks", ("region", "place"), (codes, [str(place) for place in range(len(codes))]))


def in_tree_order(codes: Iterable[str]) -> list[str]:
    """Codes so that each division stands before those inside it; unknown ones by their digits.

    >>> in_tree_order(["340000", "330106", "330100", "330000", "330200"])
    ['330000', '330100', '330106', '330200', '340000']
    """
    lines = divisions().lines
    roots = {code: lines.get(code) or ("",) for code in codes if code is not None}
    return sorted(roots, key=lambda code: (*reversed(roots[code]), code) if code in lines else ("100000", code))


def _write_long(connection: DuckDBPyConnection, lang: Language) -> None:
    mark = f"CASE source WHEN 'below' THEN '{_BELOW[lang]}' ELSE '' END"
    keys = ", ".join(f"nullif({name}, '') AS {name}" for name in Column._fields)
    connection.execute(
        f"CREATE OR REPLACE TABLE wide_long AS SELECT region, region_name, level, heading AS indicator, {keys},"
        f' amount || {mark} AS cell, low, high, "count", source'
        " FROM cells JOIN headings USING (activity, dimension, unit) JOIN ranks USING (region)"
        " JOIN amounts USING (low, high) ORDER BY ranks.place::BIGINT, headings.place::BIGINT"
    )


def _pivot(connection: DuckDBPyConnection, shown: Sequence[str]) -> None:
    rows = "SELECT region, region_name, level, place::BIGINT AS place, indicator, cell FROM wide_long JOIN ranks USING (region)"
    if not shown:
        connection.execute(f"CREATE OR REPLACE TABLE wide AS SELECT DISTINCT region, region_name, level FROM ({rows})")
        return
    named = ", ".join("'" + heading.replace("'", "''") + "'" for heading in shown)
    connection.execute(
        f"CREATE OR REPLACE TABLE wide AS SELECT * EXCLUDE (place) FROM (PIVOT ({rows}) ON indicator IN ({named})"
        " USING max(cell) GROUP BY region, region_name, level, place) ORDER BY place"
    )
