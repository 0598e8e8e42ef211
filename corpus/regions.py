"""Reads the table of divisions (GB/T 2260), gives them as a tree with all the names that a text may use."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

from .errors import DataError

Level = Literal["nation", "province", "prefecture", "county"]
NATION = "100000"
FOLDER = Path(__file__).parent / "divisions"
_RANK = {"nation": 0, "province": 1, "prefecture": 2, "county": 3}


@dataclass(frozen=True, slots=True)
class Region:
    """A division under one name; `began` and `ended` are years, None where unknown or still open."""

    adcode: str
    name: str
    full_name: str
    level: Level
    parent: str | None
    began: int | None
    ended: int | None

    def held(self, year: int | None) -> bool:
        """Whether the division existed in the year; None asks for today."""
        if year is None:
            return self.ended is None
        return (self.began or 0) <= year <= (self.ended or 9999)


class Name(NamedTuple):
    """One name: the rows that bear it, their codes, and what must stand on its left."""

    rows: tuple[Region, ...]
    codes: tuple[str, ...]
    left: Literal["free", "bounded", "chained"]


class Divisions:
    """The table, its tree and its names. Take the one that `divisions()` gives."""

    def __init__(self, rows: Iterable[Region], common: frozenset[str], others: Iterable[tuple[str, str]] = ()) -> None:
        """`others` are further names as (adcode, name): customary short ones (前郭县) and development zones."""
        self.rows = tuple(rows)
        self._latest: dict[str, Region] = {}
        self._children: dict[str, list[str]] = {}
        for row in self.rows:
            self._keep(row)
        for code, row in self._latest.items():
            if row.parent and row.ended is None:
                self._children.setdefault(row.parent, []).append(code)
        self.lines = {code: self._line(code) for code in self._latest}
        others = tuple(others)
        self.names = _names(self.rows, common, others)
        self.others = frozenset(name for _, name in others)
        self.chained = frozenset(
            name for name, entry in self.names.items() if entry.left == "chained" and name[-1] not in "区县"
        )
        self.beginnings = frozenset(name[:2] for name, entry in self.names.items() if entry.left == "free")

    def _keep(self, row: Region) -> None:
        """Of the rows of one code the one that lasts longest is the latest."""
        known = self._latest.get(row.adcode)
        if known is None or (row.ended or 9999) > (known.ended or 9999):
            self._latest[row.adcode] = row

    def _line(self, code: str) -> tuple[str, ...]:
        """The parents of a code, nearest first, the nation last."""
        line: list[str] = []
        at = self._latest[code].parent
        while at and at in self._latest and at not in line:
            line.append(at)
            at = self._latest[at].parent
        return tuple(line)

    def by_adcode(self, code: str) -> Region | None:
        """The latest division of the code, None for an unknown code."""
        return self._latest.get(code)

    def children(self, code: str) -> list[str]:
        """The adcodes directly below that exist today."""
        return list(self._children.get(code, ()))

    def ancestors(self, code: str) -> list[str]:
        """Parents, nearest first, up to 100000; empty for the nation or an unknown code.

        >>> divisions().ancestors("330106")
        ['330100', '330000', '100000']
        """
        return list(self.lines.get(code, ()))

    def province_of(self, code: str) -> str | None:
        """The provincial division that holds the code or is it."""
        return self._at_level(code, "province")

    def prefecture_of(self, code: str) -> str | None:
        """The prefecture that holds the code or is it; None directly under a province."""
        return self._at_level(code, "prefecture")

    def _at_level(self, code: str, level: Level) -> str | None:
        for each in (code, *self.lines.get(code, ())):
            row = self._latest.get(each)
            if row and row.level == level:
                return each
        return None

    def within(self, code: str, outer: str) -> bool:
        """Whether `code` lies inside `outer`, not being it."""
        return outer in self.lines.get(code, ())


def _names(rows: Sequence[Region], common: frozenset[str], others: Iterable[tuple[str, str]]) -> dict[str, Name]:
    """Every name that a text may use, with its rows; the nation is left to the callers' own words."""
    bearers: dict[str, list[Region]] = {}
    for row in rows:
        if row.level != "nation":
            for form in _forms(row):
                bearers.setdefault(form, []).append(row)
    by_code: dict[str, list[Region]] = {}
    for row in rows:
        by_code.setdefault(row.adcode, []).append(row)
    for code, form in others:
        bearers.setdefault(form, []).extend(by_code[code])
    names: dict[str, Name] = {}
    for form, held in bearers.items():
        codes = dict.fromkeys(row.adcode for row in sorted(held, key=_today_and_high))
        names[form] = Name(tuple(held), tuple(codes), _left_of(form, held, common))
    return names


def _today_and_high(row: Region) -> tuple[bool, int, str]:
    """The order of candidates: those of today first, then by level and code."""
    return row.ended is not None, _RANK[row.level], row.adcode


def _forms(row: Region) -> set[str]:
    """Full name, short name, and the short name with its rank for the long ones: 景宁县, 延边州, 鄂温克旗."""
    forms = {row.full_name, row.name}
    if len(row.full_name) > len(row.name) + 1 and row.full_name[-1] in "县州旗区" and row.level != "province":
        forms.add(row.name + row.full_name[-1])
    return {form for form in forms if len(form) > 1}


def _left_of(form: str, rows: list[Region], common: frozenset[str]) -> Literal["free", "bounded", "chained"]:
    """What must stand left of a name: nothing special, the edge of a word, or its own parent."""
    short = any(row.name == form for row in rows)
    top = min(_RANK[row.level] for row in rows)
    if form in common and (short or form[-1] == "区"):
        return "chained"
    if top > 1 and not any(form in (row.full_name, row.name) for row in rows) and len(form) == 2:
        return "bounded"
    if top == _RANK["county"] and (len(form) == 2 or form[:-1] in common):
        return "bounded"
    return "free"


@lru_cache(maxsize=1)
def divisions() -> Divisions:
    """The shipped table, read once; raises `DataError` naming file and line when it is broken."""
    common = (FOLDER / "common_words.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = _read_rows(FOLDER / "divisions.tsv")
    return Divisions(rows, frozenset(line.partition("\t")[0] for line in common), _other_names())


def _other_names() -> list[tuple[str, str]]:
    """(adcode, name) of the customary short names and of the development zones."""
    aliases = (FOLDER / "aliases.tsv").read_text(encoding="utf-8").splitlines()[1:]
    zones = (FOLDER / "zones.tsv").read_text(encoding="utf-8").splitlines()[1:]
    pairs = [(code, name) for code, _, name in (line.partition("\t") for line in aliases)]
    return pairs + [(code, name) for name, _, code in (line.partition("\t") for line in zones)]


def _read_rows(path: Path) -> list[Region]:
    """The rows of the table, in its order."""
    rows: list[Region] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], start=2):
        cells = line.split("\t")
        if len(cells) != 7 or cells[3] not in _RANK:
            raise DataError(f"{path}:{number}: want 7 cells with a known level; make the table again")
        code, name, full, level, parent, began, ended = cells
        years = (int(began) if began else None, int(ended) if ended else None)
        rows.append(Region(code, name, full, level, parent or None, *years))  # type: ignore[arg-type]
    return rows
