"""What a cell of each column may hold: told once, for Python that reads rows and for SQL that reads tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from ..corpus.lexicons import lexical
from ..corpus.records import BOUNDS, BRAND_KINDS, DIMENSIONS, activity_types
from ..corpus.regions import divisions


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of cell: what it must match, in words, and its type in a database."""

    pattern: str
    expected: str
    type: str


TEXT = Kind("", "text", "VARCHAR")
COUNT = Kind(r"[0-9]{1,18}", "a whole number such as 120", "BIGINT")
FIGURE = Kind(r"-?[0-9]+(\.[0-9]+)?", "a number such as 120000000 or 1.5", "DECIMAL(38,10)")
SUM = Kind(r"(-?[0-9]+(\.[0-9]+)?)?", "a number such as 120000000 or 1.5, or nothing", "DECIMAL(38,10)")
SHARE = Kind(r"[0-9]+(\.[0-9]+)?", "a number such as 0.95", "DOUBLE")
DAY = Kind(r"([1-9][0-9]{3}-[0-9]{2}-[0-9]{2})?", "a date such as 2023-05-06", "DATE")
TRUTH = Kind("(true|false)?", "true or false", "BOOLEAN")
ADCODE = Kind(r"([0-9]{6})?", "an adcode of GB/T 2260 such as 330106", "VARCHAR")
SPAN = Kind(r"([0-9]{1,18}-[0-9]{1,18})?", "start-end such as 120-128", "VARCHAR")


def _codes(*codes: str) -> Kind:
    return Kind(f"({'|'.join(codes)})", f"one of {', '.join(code or 'nothing' for code in codes)}", "VARCHAR")


KINDS: Mapping[str, Kind] = {
    "start": COUNT, "end": COUNT, "characters": COUNT,
    "low": FIGURE, "high": FIGURE,
    "confidence": SHARE, "confidence_meaning": SHARE, "confidence_time": SHARE,
    "published": DAY, "period_start": DAY, "period_end": DAY, "first_seen": DAY, "last_seen": DAY,
    "own_low": SUM, "own_high": SUM, "below_low": SUM, "below_high": SUM, "ledger.low": SUM, "ledger.high": SUM,
    "own_count": COUNT, "below_count": COUNT, "approximate": TRUTH, "first_year": TRUTH,
    "region_count": COUNT, "articles": COUNT, "mentions": COUNT, "indicators": COUNT,
    "verdict": _codes("counted", "left_out"),
    "region": ADCODE, "part_of": SPAN,
    "bound": _codes(*BOUNDS), "dimension": _codes(*DIMENSIONS), "kind": _codes(*BRAND_KINDS),
    "indicators.status": _codes("done", "planned"), "articles.status": _codes("ok", "partial", "repeat", "failed"),
}  # fmt: skip


@lexical
def _typed() -> Mapping[str, Kind]:
    """Columns of activity types, those of the domain in force among them."""
    return {"activity": _codes(*activity_types(), ""), "type": _codes(*activity_types())}


def kind_of(table: str, column: str) -> Kind:
    """The kind of a column."""
    return KINDS.get(f"{table}.{column}") or KINDS.get(column) or _typed().get(column, TEXT)


@cache
def _compiled(kind: Kind) -> re.Pattern[str]:
    return re.compile(kind.pattern)


def holds(kind: Kind, cell: str) -> bool:
    """Whether a cell may stand in a column of the kind.

    >>> holds(DAY, "2023-02-30"), holds(ADCODE, "330106"), holds(ADCODE, "330199"), holds(FIGURE, "1.2E+08")
    (False, True, False, False)
    """
    if kind is TEXT:
        return True
    if not _compiled(kind).fullmatch(cell):
        return False
    if kind is DAY:
        return not cell or _is_day(cell)
    return kind is not ADCODE or not cell or divisions().by_adcode(cell) is not None


def _is_day(cell: str) -> bool:
    try:
        date.fromisoformat(cell)
    except ValueError:
        return False
    return True


def broken(kind: Kind, column: str) -> str:
    """The SQL condition under which a cell of text (NULL where empty) may not stand in the column; empty for any text.

    An adcode is looked up in the table `divisions`.
    """
    if kind is TEXT:
        return ""
    cell = f"coalesce({column}, '')"
    wrong = f"NOT regexp_full_match({cell}, '{kind.pattern}')"
    if kind is DAY:
        return f"({wrong} OR ({column} IS NOT NULL AND try_cast({column} AS DATE) IS NULL))"
    if kind is ADCODE:
        return f"({wrong} OR ({column} IS NOT NULL AND {column} NOT IN (SELECT code FROM divisions)))"
    return f"({wrong})"
