"""Reads divisions.tsv, dated events and the hand-kept part, gives `divisions/successions.tsv`: what became of each.

    python -m jianbao.corpus.build_successions historical_changes_v1.json

`divisions/SOURCE.md` says where the events come from. The same input gives the same bytes.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from .building import build_table
from .errors import DataError, InputError
from .regions import Region, divisions

FOLDER = Path(__file__).parent / "divisions"
HEADER = ("from_adcode", "from_name", "to_adcode", "to_name", "year", "kind", "basis")
_NEAR = 1  # years that two yearly tables may differ by
_COMMON_ENDS = ("郊区", "城区", "矿区", "市区", "市中区")  # names that many prefectures give their districts


class Edge(NamedTuple):
    """One division (a row of the table) that went, whole or in part, to another in a year."""

    source: Region
    target: Region
    year: int
    basis: str


def read_events(path: Path) -> dict[tuple[str, str], list[tuple[int, str, str, str]]]:
    """(adcode, name) → (year, kind, new adcode, new name); raises `InputError` when the file cannot be read."""
    try:
        events: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["events"]
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"{path}: no table of events ({error}); give historical_changes_v1.json (缺变更事件表)"
        ) from error
    found: dict[tuple[str, str], list[tuple[int, str, str, str]]] = {}
    for event in events:
        old, new = event["old"] or {}, event["new"] or {}
        if old.get("code") and new.get("code"):
            told = (event["year"], event["type"], new["code"][:6], new["name"])
            found.setdefault((old["code"][:6], old["name"]), []).append(told)
    return found


def read_kept(path: Path, table: Table) -> list[Edge]:
    """The hand-kept edges; raises `DataError` with file and line where a code and name of that year are unknown."""
    edges: list[Edge] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], start=2):
        cells = line.split("\t")
        if len(cells) != 6 or not cells[4].isdigit():
            raise DataError(f"{path}:{number}: want from code and name, to code and name, year, basis (应有六列)")
        year = int(cells[4])
        source, target = table.ending(cells[0], cells[1], year), table.holding(cells[2], cells[3], year)
        if source is None or target is None:
            raise DataError(f"{path}:{number}: {line!r} names no division of {year}; see divisions.tsv (该年无此区划)")
        edges.append(Edge(source, target, year, cells[5]))
    return edges


class Table:
    """The rows of divisions.tsv by code, by name and by parent."""

    def __init__(self, rows: Iterable[Region]) -> None:
        self.rows = [row for row in rows if row.level != "nation"]
        self.by_code: dict[str, list[Region]] = {}
        self.by_name: dict[str, list[Region]] = {}
        for row in self.rows:
            self.by_code.setdefault(row.adcode, []).append(row)
            self.by_name.setdefault(row.name, []).append(row)

    def ending(self, code: str, name: str, year: int) -> Region | None:
        """The row of the code and name that existed before the change of the year."""
        return next((row for row in self.by_code.get(code, ()) if row.full_name == name and _before(row, year)), None)

    def holding(self, code: str, name: str, year: int) -> Region | None:
        """The row of the code and name that exists after the change of the year."""
        return next((row for row in self.by_code.get(code, ()) if row.full_name == name and _after(row, year)), None)

    def above(self, row: Region, year: int) -> Region | None:
        """The parent of a row after the changes of the year."""
        return next((each for each in self.by_code.get(row.parent or "", ()) if _after(each, year)), None)

    def container(self, row: Region) -> Region:
        """The prefecture that held the row, or the row itself directly under a province."""
        above = [each for each in self.by_code.get(row.parent or "", ()) if each.level == "prefecture"]
        held = [
            each
            for each in above
            if (each.began or 0) < (row.ended or 9999) and (row.began or 0) < (each.ended or 9999)
        ]
        return held[0] if held else row


def _province(code: str) -> str:
    """The first two digits; 重庆 counts as 四川, which held it until 1997."""
    return code[:2].replace("50", "51")


def _before(row: Region, year: int) -> bool:
    return (row.began or 0) < year <= (row.ended or 9999)


def _after(row: Region, year: int) -> bool:
    return (row.began or 0) <= year < (row.ended or 9999)


def _starts(row: Region, year: int | None) -> bool:
    """Whether the row began about the year and lasted past it."""
    return year is not None and row.began is not None and abs(row.began - year) <= _NEAR and (row.ended or 9999) > year


def _same_name(table: Table, row: Region) -> list[Region]:
    """The one division of the province and level that took the short name over: 余杭市 → 余杭区."""
    found = [each for each in table.by_name[row.name] if each is not row and each.level == row.level]
    found = [each for each in found if _province(each.adcode) == _province(row.adcode) and _starts(each, row.ended)]
    if row.full_name.endswith(_COMMON_ENDS):
        found = [each for each in found if each.parent == row.parent]
    return found if len(found) == 1 else []


def _took(city: Region, row: Region) -> bool:
    """Whether a prefecture began under the full name of a county that ended."""
    return city.level == "prefecture" and city.full_name == row.full_name and _starts(city, row.ended)


def _by_events(table: Table, row: Region, told: list[tuple[int, str, str, str]]) -> list[Region]:
    """The divisions that an event of that year names, if they existed then; a later code counts by its short name."""
    found: dict[Region, None] = {}
    for year, _, code, name in told:
        if row.ended is None or abs(year - row.ended) > _NEAR + 1:
            continue
        target = table.holding(code, name, row.ended) or _heir(table, row, code, name)
        near = target is not None and _province(target.adcode) == _province(row.adcode)
        if target is not None and target is not row and near and target.level == row.level:
            found[target] = None
    return list(found)


def _heir(table: Table, row: Region, code: str, name: str) -> Region | None:
    """The division of the told short name that began in the year: 邳县 → 邳州市, whose code was another until 1995."""
    short = next((each.name for each in table.by_code.get(code, ()) if each.full_name == name), name)
    found = [each for each in table.by_name.get(short, ()) if each.level == row.level and _starts(each, row.ended)]
    found = [each for each in found if _province(each.adcode) == _province(row.adcode)]
    return found[0] if len(found) == 1 else None


def _same_code(table: Table, row: Region) -> list[Region]:
    """The next row of the code: 东郊区 → 东丽区."""
    return [each for each in table.by_code[row.adcode] if each.began == row.ended and each is not row]


def county_edges(
    table: Table, events: dict[tuple[str, str], list[tuple[int, str, str, str]]], kept: list[Edge]
) -> list[Edge]:
    """Where each county that ended went: kept by hand, by its name, by an event, by its code, else within its parent."""
    edges = list(kept)
    by_hand = {edge.source for edge in kept if edge.source.ended == edge.year}
    left: list[Region] = []
    for row in table.rows:
        if row.ended is None or row in by_hand or row.level != "county":
            continue
        if any(_took(each, row) for each in table.by_name[row.name]):
            left.append(row)  # its name went to its city: 上饶市 → 信州区
            continue
        told = events.get((row.adcode, row.full_name), [])
        for basis, targets in (
            ("same short name", _same_name(table, row)),
            ("event", _by_events(table, row, told)),
        ):
            if targets:
                edges += [Edge(row, target, row.ended, basis) for target in targets]
                break
        else:
            left.append(row)
    reached = {edge.target for edge in edges[len(kept) :]}
    return edges + [edge for row in left for edge in _last_resort(table, row, reached)]


def _last_resort(table: Table, row: Region, reached: set[Region]) -> Iterator[Edge]:
    """The new districts of the prefecture that took the name (郴州市 → 北湖区), the code's next row, or the parent."""
    year = row.ended or 0
    found = [
        each
        for city in table.by_name[row.name]
        if city.level == "prefecture" and city.adcode[:2] == row.adcode[:2] and _starts(city, year)
        for each in table.rows
        if each.parent == city.adcode and each.level == "county" and _starts(each, year) and each not in reached
    ]
    if found:
        yield from (Edge(row, each, year, "new under the city of its name") for each in found)
        return
    if targets := _same_code(table, row):
        yield from (Edge(row, each, year, "same code") for each in targets)
        return
    above = table.above(row, year)
    if above is None:
        raise DataError(f"successions_kept.tsv: {row.adcode} {row.full_name} ended in {year}; add a line (请补一行)")
    yield Edge(row, above, year, "dissolved within its parent")


def prefecture_edges(table: Table, counties: list[Edge], kept: set[Region]) -> Iterator[Edge]:
    """Where the prefectures went, by the counties that moved between them; those without counties by name or code."""
    moved: dict[tuple[Region, Region, int], None] = {}
    for edge in counties:
        if edge.source.level == edge.target.level == "county":
            source, target = table.container(edge.source), table.container(edge.target)
            if _moves(source, target, edge.year):
                moved[source, target, edge.year] = None
    yield from (Edge(*each, "by its counties") for each in moved if each[0] not in kept)
    for row in table.rows:
        if row.level != "county" and row.ended is not None and row not in kept:
            named = _same_name(table, row) or _same_code(table, row)
            yield from (
                Edge(row, each, row.ended, "same name or code") for each in named if (row, each, row.ended) not in moved
            )


def _moves(source: Region, target: Region, year: int) -> bool:
    """Whether land left a prefecture: for another, or to stand directly under the province for good.

    The codes 139002 to 659001 of 1990 to 1995 stood under provinces on paper: their prefectures went on governing them.
    """
    if source is target or source.level == "county" or (source.ended or 9999) < year or not _after(target, year):
        return False
    return target.level == "prefecture" or target.ended is None


def kind_of(edge: Edge, leaving: int, arriving: int) -> str:
    """`part` when the source goes on, `split` when it went to several, `merged` into what holds more, else `renamed`."""
    if edge.source.ended != edge.year:
        return "part"
    if leaving > 1:
        return "split"
    whole = arriving < 2 and edge.target.began is not None and edge.target.began >= edge.year - _NEAR
    return "renamed" if whole else "merged"


def build(events: Path) -> str:
    """The whole table as text, a header line first, in the order of codes and years."""
    table = Table(divisions().rows)
    kept = read_kept(FOLDER / "successions_kept.tsv", table)
    counties = county_edges(table, read_events(events), kept)
    edges = [
        *counties,
        *prefecture_edges(table, counties, {edge.source for edge in kept if edge.source.level != "county"}),
    ]
    out = [(edge.source, edge.year) for edge in edges]
    gone = set(out)
    for row in table.rows:
        if row.ended is not None and (row, row.ended) not in gone:
            raise DataError(
                f"successions_kept.tsv: {row.adcode} {row.full_name} ended in {row.ended}; add a line (请补一行)"
            )
    into = [(edge.target, edge.year) for edge in edges if edge.source.level == edge.target.level]
    lines = ["\t".join(HEADER)]
    for edge in sorted(edges, key=lambda one: (one.source.adcode, one.year, one.source.full_name, one.target.adcode)):
        kind = kind_of(edge, out.count((edge.source, edge.year)), into.count((edge.target, edge.year)))
        names = (edge.source.adcode, edge.source.full_name, edge.target.adcode, edge.target.full_name)
        lines.append("\t".join((*names, str(edge.year), kind, edge.basis)))
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Write the table; 2 and a usage line when the arguments are wrong, 1 where a source is missing or damaged."""
    return build_table(FOLDER / "successions.tsv", build, ["historical_changes_v1.json"], arguments)


if __name__ == "__main__":
    sys.exit(main())
