"""Reads what became of each division (`successions.tsv`), gives the divisions of a year and maps codes between years."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from .errors import DataError
from .regions import NATION, Region, divisions

Kind = Literal["same", "renamed", "merged", "split"]
_TABLE = Path(__file__).parent / "divisions" / "successions.tsv"
_SAID = {"renamed": "更名或改码", "merged": "并入", "split": "分入"}


@dataclass(frozen=True, slots=True)
class Share:
    """A division of the asked year that holds something of what a code held in another year."""

    adcode: str
    name: str
    kind: Kind


class Mapped(NamedTuple):
    """The division of the asked year that surely holds all of it, how it came to, and a note for the reader.

    `kind` is 'same', 'renamed' (the same land under another name or code), 'merged' (a part of the new one) or
    'split' (several hold it: `code` is their common parent). `code` is None for an unknown code.
    """

    code: str | None
    kind: Kind
    note: str


class _Move(NamedTuple):
    """Land that went from one row of the table to another in a year."""

    source: Region
    target: Region
    year: int


class _Moves(NamedTuple):
    """The moves by the row that gave and by the row that took, and the rows of each code in order."""

    leaving: dict[Region, list[_Move]]
    arriving: dict[Region, list[_Move]]
    rows: dict[str, list[Region]]


@lru_cache(maxsize=1)
def _moves() -> _Moves:
    """The shipped table, read once; raises `DataError` with file and line where it is broken."""
    rows: dict[str, list[Region]] = {}
    for row in divisions().rows:
        rows.setdefault(row.adcode, []).append(row)
    named = {(row.adcode, row.full_name): row for row in divisions().rows}
    moves = _Moves({}, {}, rows)
    for number, line in enumerate(_TABLE.read_text(encoding="utf-8").splitlines()[1:], start=2):
        cells = line.split("\t")
        source, target = named.get((cells[0], cells[1])), named.get((cells[2], cells[3])) if len(cells) == 7 else None
        if source is None or target is None or not cells[4].isdigit():
            raise DataError(
                f"{_TABLE}:{number}: want two divisions of the table and a year; make it again (请重新生成)"
            )
        move = _Move(source, target, int(cells[4]))
        moves.leaving.setdefault(source, []).append(move)
        moves.arriving.setdefault(target, []).append(move)
    return moves


def in_force(row: Region, year: int) -> bool:
    """Whether the division existed at the end of the year."""
    return (row.began or 0) <= year < (row.ended or 9999)


@lru_cache(maxsize=64)
def divisions_of(year: int) -> tuple[Region, ...]:
    """The divisions at the end of a year, in the order of codes.

    >>> [row.full_name for row in divisions_of(2020) if row.adcode in ("330104", "330113")]
    ['江干区']
    """
    return tuple(row for row in divisions().rows if in_force(row, year))


def row_in(code: str, year: int) -> Region | None:
    """What a code stood for at the end of a year; else the one nearest in time, None for an unknown code."""
    rows = _moves().rows.get(code)
    if not rows:
        return None
    return next((row for row in rows if in_force(row, year)), None) or min(rows, key=lambda row: _distance(row, year))


def _distance(row: Region, year: int) -> int:
    return max((row.began or 0) - year, year - (row.ended or 9999), 0)


def succession(code: str, year_from: int, year_to: int) -> tuple[Share, ...]:
    """Which divisions of `year_to` hold what the code held at the end of `year_from`; empty for an unknown code.

    >>> [(share.name, share.kind) for share in succession("330104", 2018, 2023)]
    [('上城区', 'split'), ('钱塘区', 'split')]
    >>> [(share.name, share.kind) for share in succession("330113", 2023, 2018)]
    [('余杭区', 'merged')]
    """
    row = row_in(code, year_from)
    if row is None:
        return ()
    held = _held_by(row, year_from, year_to)
    kind = _kind(row, held, year_from, year_to)
    return tuple(Share(each.adcode, each.full_name, kind) for each in sorted(held, key=lambda one: one.adcode))


@lru_cache(maxsize=8192)
def in_year(code: str, year_from: int, year_to: int) -> Mapped:
    """The division of `year_to` that surely holds what the code held at the end of `year_from`.

    >>> in_year("330104", 2018, 2023).code, in_year("330113", 2023, 2018).code, in_year("371200", 2015, 2020).code
    ('330100', '330110', '370100')
    """
    row = row_in(code, year_from)
    if row is None:
        return Mapped(None, "split", f"no division has the code {code} (区划表中无此代码)")
    held = _held_by(row, year_from, year_to)
    kind = _kind(row, held, year_from, year_to)
    (one, *others) = sorted(held, key=lambda each: each.adcode)
    if not others:
        return Mapped(one.adcode, kind, "" if kind == "same" else _told(row, (one,), kind, year_from, year_to))
    return Mapped(_common(held, year_to), "split", _told(row, (one, *others), "split", year_from, year_to))


def _told(row: Region, held: Iterable[Region], kind: Kind, year_from: int, year_to: int) -> str:
    """The note: 2018年江干区(330104)在2023年分入上城区(330102)、钱塘区(330114)."""
    names = "、".join(f"{each.full_name}({each.adcode})" for each in held)
    said = _SAID[kind] if year_from <= year_to or kind == "renamed" else {"merged": "属", "split": "分属"}[kind]
    return f"{year_from}年{row.full_name}({row.adcode})在{year_to}年{said}{names}"


def _kind(row: Region, held: frozenset[Region], year_from: int, year_to: int) -> Kind:
    """How the rows hold it: one that holds nothing else is the same or renamed, one that holds more is merged."""
    if len(held) > 1:
        return "split"
    (one,) = held
    if _held_by(one, year_to, year_from) != {row}:
        return "merged"
    return "same" if one is row else "renamed"


@lru_cache(maxsize=16384)
def _held_by(row: Region, year_from: int, year_to: int) -> frozenset[Region]:
    """The rows in force at the end of `year_to` that hold some of the row's land; the outermost of nested ones."""
    if year_to >= year_from:
        start = min(year_from, (row.ended or 9999) - 1)
        found = _walk(row, start, lambda one, since: _onward(one, since, year_to))
        if not in_force(row, start):  # asked for a year before it began
            found = _walk(row, row.began or start, lambda one, since: _onward(one, since, year_to))
            if (row.began or 0) > year_to:
                found = _walk(row, row.began or 0, lambda one, until: _back(one, until, year_to))
    else:
        start = max(year_from, row.began or 0)
        last = min(start, (row.ended or 9999) - 1)
        found = _walk(row, last, lambda one, until: _back(one, until, year_to))
        if row.ended is not None and row.ended <= year_to:
            found = _walk(row, row.ended - 1, lambda one, since: _onward(one, since, year_to))
    return frozenset(one for one in found if not any(_inside(one, other) for other in found if other is not one))


_Step = Callable[[Region, int], tuple[bool, list[tuple[Region, int]]]]


def _walk(row: Region, year: int, step: _Step) -> set[Region]:
    """The rows where the ways from a row end."""
    ends: set[Region] = set()
    seen: set[tuple[Region, int]] = set()
    ways = [(row, year)]
    while ways:
        at = ways.pop()
        if at in seen:
            continue
        seen.add(at)
        stays, further = step(*at)
        if stays:
            ends.add(at[0])
        ways += further
    return ends


def _onward(row: Region, since: int, year_to: int) -> tuple[bool, list[tuple[Region, int]]]:
    """Whether the row still stands in `year_to`, and where its land went after `since`."""
    moves = [move for move in _moves().leaving.get(row, ()) if since < move.year <= year_to]
    return row.ended is None or row.ended > year_to, [(move.target, move.year) for move in moves]


def _back(row: Region, until: int, year_to: int) -> tuple[bool, list[tuple[Region, int]]]:
    """Whether the row stood in `year_to` already, and whence its land came up to `until`; else its parent had it."""
    moves = [move for move in _moves().arriving.get(row, ()) if year_to < move.year <= until]
    further = [(move.source, move.year - 1) for move in moves]
    stood = row.began is None or row.began <= year_to
    if not stood and not further:
        began = row.began or year_to
        above = row_in(row.parent or NATION, began)
        further = [(above, began if above.began == began else began - 1)] if above else []
    return stood, further


def _inside(row: Region, outer: Region) -> bool:
    """Whether a row lies inside another by the tree."""
    return outer.adcode in _line(row)


def _line(row: Region) -> tuple[str, ...]:
    """The parents of a row, nearest first."""
    return (row.parent, *divisions().ancestors(row.parent)) if row.parent else ()


def _common(held: Iterable[Region], year: int) -> str:
    """The nearest division in force that holds all the rows."""
    lines = [(row.adcode, *_line(row)) for row in held]
    for code in lines[0]:
        if all(code in line for line in lines[1:]) and any(in_force(row, year) for row in _moves().rows[code]):
            return code
    return NATION
