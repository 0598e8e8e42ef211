"""Tables of a run in, sums over regions and a ledger out: which figure was added where, and why the others were not.

All of it is SQL over a DuckDB connection, so that millions of figures need no more memory than a few. The tables `ledger`
and `totals` are left in the connection.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ..corpus.errors import InputError
from ..corpus.records import activity_types
from ..corpus.regions import divisions
from ..corpus.successions import divisions_of, in_year, row_in
from .folding import folded, write_folds
from .store import insert
from .tables import region_name
from .verdicts import pass_verdicts

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BY = ("activity", "brand", "measure", "period", "dimension")
LEVELS = ("province", "prefecture", "county")
EARLIEST = 1990
"""The first year of which the divisions are known."""
TOLD_IN = "year(least(i.period_end, a.published))"
"""SQL of the year whose divisions the region of a figure is of, in `indicators i JOIN articles a`: in January bulletins
tell of the year before."""
_SLOTS = ("activity", "dimension", "unit", "brand", "measure", "period")
_ALWAYS = frozenset({"dimension", "unit"})


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of totals.

    `by`: what parts a region's sums, any of `BY` (dimension and unit always do); `level`: only regions of this level;
    `year`: only figures of this year, in its divisions; `divisions`: the year whose divisions the regions are told in.
    """

    by: tuple[str, ...] = ("activity",)
    level: str | None = None
    year: int | None = None
    divisions: int | None = None

    def __post_init__(self) -> None:
        for name in self.by:
            if name not in BY:
                raise InputError(f"totals by {name!r}: choose of {', '.join(BY)} (不能按此汇总)")
        if self.level is not None and self.level not in LEVELS:
            raise InputError(f"level {self.level!r}: choose of {', '.join(LEVELS)} (没有这个级别)")
        for year in filter(None, (self.year, self.divisions)):
            if not EARLIEST <= year <= date.today().year:
                raise InputError(f"divisions are known from {EARLIEST} to this year, not for {year} (没有该年份的区划)")

    @property
    def tree(self) -> int | None:
        """The year of the divisions, None for regions as the figures tell them."""
        return self.divisions or self.year

    @property
    def is_wide(self) -> bool:
        """Whether the sums can be laid out with a column for each activity, dimension and unit."""
        return set(self.by) <= {"activity", "dimension"}

    @property
    def slots(self) -> tuple[str, ...]:
        """The columns that part the sums."""
        return tuple(slot for slot in _SLOTS if slot in _ALWAYS or slot in self.by)


def total(connection: DuckDBPyConnection, request: Request | None = None) -> None:
    """Make `ledger` and `totals` of the tables `articles` and `indicators`.

    `ledger` has a row for each indicator, in the order of articles and offsets; `totals` one for each region and what it
    is asked by. Tables of these names that stand in the connection are replaced.
    """
    asked = request or Request()
    connection.execute("DROP TABLE IF EXISTS ledger")
    connection.execute("DROP TABLE IF EXISTS totals")
    _map_regions(connection, asked)
    write_folds(connection, _WORDS)
    _gather(connection, asked)
    pass_verdicts(connection)
    _count(connection, asked)
    for statement in (_OUTCOMES, _LEDGER, _OWN, _SOURCES, _totals(asked)):
        connection.execute(statement)
    for name in ("mapped", "tree", "folds", "figures", "verdicts", "counted", "outcomes", "own", "sources"):
        connection.execute(f"DROP TABLE {name}")


def _map_regions(connection: DuckDBPyConnection, request: Request) -> None:
    """`mapped`: each region and year that figures tell of it with its code in the asked divisions; `tree`: what lies in what."""
    pairs = connection.execute(
        f"SELECT DISTINCT i.region, {TOLD_IN} FROM indicators i JOIN articles a USING (article)"
        " WHERE i.region IS NOT NULL ORDER BY ALL"
    ).fetchall()
    moved = [_moved(code, told, request.tree) for code, told in pairs]
    codes = [found for found, _ in moved]
    columns = ([code for code, _ in pairs], [str(told) if told else None for _, told in pairs], codes)
    insert(connection, "mapped", ("region", "year", "code", "land"), (*columns, [land for _, land in moved]))
    _grow_tree(connection, {code for code in codes if code}, request.tree)


def _moved(code: str, told: int | None, year: int | None) -> tuple[str | None, str]:
    """The division that a region's figures count for, None where none holds just that land or it is a part of a bigger one
    than a county (but a part of itself, grown since); and what names the land over time: 临安市 and 临安区 are one, 下城区 is not the 拱墅区 that it went into.
    """
    if year is None:
        return code, code
    found = in_year(code, told or date.today().year, year)
    if found.code is None or found.kind in ("same", "renamed"):
        return found.code, found.code or code
    held = row_in(found.code, year)
    whole = found.kind == "merged" and held is not None and (held.level == "county" or found.code == code)
    return found.code if whole else None, code


def _grow_tree(connection: DuckDBPyConnection, codes: Collection[str], year: int | None) -> None:
    """The table `tree` of the codes and all above them: code, name, level, parent."""
    above = parents_in(year)
    known: dict[str, str | None] = {}
    for code in sorted(codes):
        at: str | None = code
        while at and at not in known:
            known[at] = above(at)
            at = known[at]
    rows = [(code, name_in(code, known, year), _level(code, year), parent) for code, parent in sorted(known.items())]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], [], []]
    insert(connection, "tree", ("code", "name", "level", "parent"), columns)


def parents_in(year: int | None) -> Callable[[str], str | None]:
    """The function that gives the division directly above a code, in the divisions of a year; None for those of today."""
    if year is None:
        return lambda code: next(iter(divisions().ancestors(code)), None)
    rows = {row.adcode: row.parent for row in divisions_of(year)}
    return lambda code: rows.get(code) or next(iter(divisions().ancestors(code)), None)


def name_in(code: str, parents: Mapping[str, str | None], year: int | None) -> str:
    """The full name from the province down, as it was in the year."""
    if year is None:
        return region_name(code)
    names: list[str] = []
    at: str | None = code
    while at and (row := row_in(at, year)) is not None and (row.level != "nation" or not names):
        names.append(row.full_name)
        at = parents.get(at)
    return "".join(reversed(names))


def _level(code: str, year: int | None) -> str:
    row = divisions().by_adcode(code) if year is None else row_in(code, year)
    return row.level if row is not None else ""


def _gather(connection: DuckDBPyConnection, request: Request) -> None:
    """`figures`, as `verdicts` needs them."""
    due = "true" if request.year is None else _DUE.format(year=request.year)
    connection.execute(_FIGURES.replace("@due", due))


_WORDS = "SELECT measure AS word FROM indicators UNION SELECT brand FROM indicators"
# Of a figure told on a day, what lies behind that day was not known.
_UNTIL = """CASE WHEN i.period_end IS NULL AND a.published >= i.period_start THEN a.published
        WHEN a.published <= i.period_end AND (i.period_start IS NULL OR a.published >= i.period_start) THEN a.published
        ELSE i.period_end END"""
_DUE = """coalesce(CASE WHEN since IS NULL AND until IS NULL THEN year(published) = {year}
        ELSE year(until) = {year} AND coalesce(year(since), {year}) = {year} END, false)"""
_SAID = r"regexp_replace(coalesce({0}, ''), '[^\p{{L}}\p{{N}}%％]', '', 'g')"
_FIGURES = f"""CREATE TABLE figures AS WITH told AS (
    SELECT i.rowid AS id, i.article, i."start", i."end", m.code AS region, m.region IS NOT NULL AND m.code IS NULL AS split, m.land,
        i.region AS told_region, coalesce(i.dimension, '') AS dimension, coalesce(i.unit, '') AS unit,
        coalesce(i.activity, '') AS activity, coalesce(m_fold.folded, i.measure, '') AS measure,
        coalesce(b_fold.folded, i.brand, '') AS brand, i.low, i.high, coalesce(i.bound, '') <> 'exact' AS approximate,
        coalesce(i.status, '') = 'planned' AS planned, coalesce(i.per, '') AS per,
        split_part(i.part_of, '-', 1)::BIGINT AS whole_start, split_part(i.part_of, '-', 2)::BIGINT AS whole_end,
        coalesce(a.status, '') = 'repeat' AS repeat, a.published, i.period_start AS since, {_UNTIL} AS until,
        {_SAID.format("i.sentence")} AS said, {_SAID.format("i.text")} AS figure, {_SAID.format("a.title")} AS heading
    FROM indicators i LEFT JOIN articles a USING (article)
    LEFT JOIN mapped m ON m.region = i.region AND m.year IS NOT DISTINCT FROM ({TOLD_IN})::VARCHAR
    {folded("i.measure", "m_fold")} {folded("i.brand", "b_fold")})
    SELECT *, measure <> '' AS measured, CASE WHEN measure <> '' THEN measure WHEN said <> '' THEN '|' || said
        ELSE '|' || id END AS what, @due AS due
    FROM told"""


def _count(connection: DuckDBPyConnection, request: Request) -> None:
    """`counted`: the figures that count, each with what parts the sums, its number (`part`) and the id of its total."""
    slots = {slot: slot if slot in request.slots else "''" for slot in _SLOTS}
    if "period" in request.slots:
        slots["period"] = _PERIOD
    named = ", ".join(f"{value} AS {slot}" for slot, value in slots.items())
    id_of = " || '|' || ".join(
        ["region", *map(_told, (slot for slot in _SLOTS if slot in {*_SLOTS[:3], *request.slots}))]
    )
    connection.execute(
        f"CREATE TABLE counted AS WITH figures AS (SELECT id, article, region, low, high, approximate, {named} FROM figures"
        f" WHERE id NOT IN (SELECT id FROM verdicts))"
        f" SELECT *, min(id) OVER (PARTITION BY {', '.join(_SLOTS)}) AS part, {id_of} AS total FROM figures"
    )


def _told(slot: str) -> str:
    """What stands for a slot in the id of a total."""
    return f"replace({slot}, '|', '/')"


# 2023, 2021..2025, ..2022, 2020.., and nothing where no period is known.
_PERIOD = """CASE WHEN since IS NULL AND until IS NULL THEN '' WHEN year(since) = year(until) THEN year(since)::VARCHAR
        ELSE coalesce(year(since)::VARCHAR, '') || '..' || coalesce(year(until)::VARCHAR, '') END"""
# What came of each figure; found before the ledger, whose joins and order would need the memory at one time.
_OUTCOMES = """CREATE TABLE outcomes AS
    SELECT id, NULL::VARCHAR AS reason, total, NULL::VARCHAR AS other FROM counted
    UNION ALL
    SELECT v.id, v.reason, NULL, o.article || ':' || o."start" || '-' || o."end"
    FROM verdicts v LEFT JOIN figures o ON o.id = v.other"""
_LEDGER = """CREATE TABLE ledger AS SELECT f.article, f."start", f."end", coalesce(f.region, f.told_region) AS region,
        CASE WHEN o.reason IS NULL THEN 'counted' ELSE 'left_out' END AS verdict, o.reason, o.total, o.other,
        nullif(f.activity, '') AS activity, nullif(f.dimension, '') AS dimension, nullif(f.unit, '') AS unit, f.low, f.high
    FROM figures f LEFT JOIN outcomes o USING (id) ORDER BY f.article, f."start", f."end", f.id"""
_OWN = """CREATE TABLE own AS SELECT region, part, sum(low) AS low, sum(high) AS high, count(*) AS count,
        bool_or(approximate) AS approximate FROM counted GROUP BY ALL"""
# Whose own sums make up the sum below a region: those directly inside it, and through one without own figures further.
_SOURCES = """CREATE TABLE sources AS WITH RECURSIVE up AS (
        SELECT t.parent AS region, o.part, o.region AS source FROM own o JOIN tree t ON t.code = o.region
        WHERE t.parent IS NOT NULL
        UNION ALL
        SELECT t.parent, u.part, u.source FROM up u JOIN tree t ON t.code = u.region
        LEFT JOIN own o ON o.region = u.region AND o.part = u.part
        WHERE t.parent IS NOT NULL AND o.region IS NULL)
    SELECT * FROM up"""


def _quoted(name: str) -> str:
    return name.replace("'", "''")


def _totals(request: Request) -> str:
    """The SQL of the table `totals`."""
    names = ", ".join(
        f"('{code}', '{_quoted(name)}', {place})" for place, (code, name) in enumerate(activity_types().items())
    )
    level = f"WHERE t.level = '{request.level}'" if request.level else ""
    extra = " || ".join(f"'|' || {_told('k.' + slot)}" for slot in _SLOTS[3:] if slot in request.slots)
    return f"""CREATE TABLE totals AS WITH
    keys AS (SELECT DISTINCT part, {", ".join(_SLOTS)} FROM counted),
    below AS (SELECT s.region, s.part, sum(o.low) AS low, sum(o.high) AS high, sum(o.count)::BIGINT AS count,
        bool_or(o.approximate) AS approximate
        FROM sources s JOIN own o ON o.region = s.source AND o.part = s.part GROUP BY ALL),
    shares AS (SELECT region, part, region AS source FROM own UNION ALL SELECT * FROM sources),
    told AS (SELECT s.region, part, count(DISTINCT c.article) AS articles
        FROM shares s JOIN counted c USING (part) WHERE c.region = s.source GROUP BY ALL),
    activities(activity, name, place) AS (VALUES {names})
    SELECT told.region, t.name AS region_name, t.level, nullif(k.activity, '') AS activity, a.name AS activity_name,
        nullif(k.dimension, '') AS dimension, nullif(k.unit, '') AS unit,
        o.low AS own_low, o.high AS own_high, coalesce(o.count, 0) AS own_count,
        b.low AS below_low, b.high AS below_high, coalesce(b.count, 0) AS below_count,
        coalesce(o.approximate, false) OR coalesce(b.approximate, false) AS approximate, told.articles,
        nullif(k.brand, '') AS brand, nullif(k.measure, '') AS measure, nullif(k.period, '') AS period,
        told.region || '|' || k.activity || '|' || k.dimension || '|' || {_told("k.unit")}{f" || {extra}" if extra else ""} AS total
    FROM told JOIN keys k USING (part) LEFT JOIN tree t ON t.code = told.region
    LEFT JOIN own o ON o.region = told.region AND o.part = told.part
    LEFT JOIN below b ON b.region = told.region AND b.part = told.part
    LEFT JOIN activities a ON a.activity = k.activity
    {level} ORDER BY told.region, a.place NULLS LAST, k.dimension, k.unit, k.brand, k.measure, k.period"""
