"""What became of each division: every end has an heir, ways lead to today without a circle, and hold both ways."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jianbao.corpus import build_successions
from jianbao.corpus.errors import DataError, InputError
from jianbao.corpus.regions import Region, divisions
from jianbao.corpus.successions import Mapped, divisions_of, in_force, in_year, row_in, succession

FOLDER = Path(build_successions.__file__).parent / "divisions"
TODAY = 2026
HEIRS: dict[tuple[str, str], list[tuple[str, str, int, str]]] = {}
for cells in (line.split("\t") for line in (FOLDER / "successions.tsv").read_text("utf-8").splitlines()[1:]):
    HEIRS.setdefault((cells[0], cells[1]), []).append((cells[2], cells[3], int(cells[4]), cells[5]))
ROWS = {(row.adcode, row.full_name): row for row in divisions().rows}


def test_every_division_that_ended_has_an_heir_that_outlives_it() -> None:
    for key, row in ROWS.items():
        if row.ended is not None:
            heirs = [ROWS[code, name] for code, name, year, _ in HEIRS.get(key, ()) if year == row.ended]
            assert heirs, row
            assert all(in_force(heir, row.ended) for heir in heirs), row


def test_no_land_moves_after_its_division_ended_or_before_it_began() -> None:
    for key, heirs in HEIRS.items():
        row = ROWS[key]
        for code, name, year, kind in heirs:
            assert (row.began or 0) < year <= (row.ended or 9999), (row, code, name)
            assert (kind == "part") == (row.ended != year), (row, code, name)


def leaves(row: Region, trail: tuple[Region, ...] = ()) -> list[Region]:
    """Where the ways from a row end; fails on a circle."""
    assert row not in trail, trail
    if row.ended is None:
        return [row]
    heirs = HEIRS[row.adcode, row.full_name]
    return [
        end for code, name, year, _ in heirs if year == row.ended for end in leaves(ROWS[code, name], (*trail, row))
    ]


def test_every_chain_ends_at_divisions_of_today_without_a_circle() -> None:
    for row in ROWS.values():
        ends = leaves(row)
        assert ends
        assert all(end.ended is None for end in ends)


@pytest.mark.parametrize(("early", "late"), [(1990, TODAY), (1994, 2003), (2000, 2012), (2018, 2023), (2023, 2023)])
def test_a_code_maps_to_a_division_of_the_asked_year_and_back_to_what_holds_it(early: int, late: int) -> None:
    for start, goal in ((early, late), (late, early)):
        live = {row.adcode for row in divisions_of(goal)}
        for row in divisions_of(start):
            mapped = in_year(row.adcode, start, goal)
            assert mapped.code in live, (row, mapped)
            assert {share.adcode for share in succession(row.adcode, start, goal)} <= live, row
            back = in_year(mapped.code, goal, start).code or ""
            on_paper = row.adcode[2:4] == "90" and row.ended  # cities that stood under a province on paper until 1996
            assert on_paper or holds(back, row.adcode, start), (row, mapped, back)
            if mapped.kind in ("same", "renamed"):
                assert back == row.adcode, (row, mapped)


def holds(outer: str, code: str, year: int) -> bool:
    """Whether a code of the year is the outer one or lies inside it; the parents as they were in that year."""
    at: str | None = code
    while at and at != outer:
        row = row_in(at, year)
        at = row.parent if row else None
    return at == outer


@pytest.mark.parametrize(
    ("code", "start", "goal", "kind", "wanted"),
    [
        ("330104", 2018, 2023, "split", "330100"),
        ("330103", 2018, 2023, "merged", "330105"),
        ("330110", 2018, 2023, "split", "330100"),
        ("330113", 2023, 2018, "merged", "330110"),
        ("330114", 2023, 2018, "split", "330100"),
        ("330106", 2018, 2023, "same", "330106"),
        ("110103", 2005, 2020, "merged", "110101"),
        ("110104", 2005, 2020, "merged", "110102"),
        ("310103", 2005, 2020, "merged", "310101"),
        ("310108", 2005, 2020, "merged", "310106"),
        ("310119", 2005, 2020, "merged", "310115"),
        ("120107", 2005, 2020, "merged", "120116"),
        ("110228", 2005, 2020, "renamed", "110118"),
        ("110229", 2005, 2020, "renamed", "110119"),
        ("310230", 2005, 2020, "renamed", "310151"),
        ("341400", 2008, 2020, "split", "340000"),
        ("341402", 2008, 2020, "renamed", "340181"),
        ("371200", 2015, 2020, "merged", "370100"),
        ("371202", 2015, 2020, "renamed", "370116"),
        ("360402", 2010, 2020, "renamed", "360402"),
        ("360427", 2010, 2020, "renamed", "360483"),
        ("332602", 1990, 2020, "renamed", "331082"),
        ("362301", 1998, 2020, "renamed", "361102"),
        ("332600", 1990, 2020, "renamed", "331000"),
        ("420600", 2005, 2020, "same", "420600"),
        ("500000", 2020, 1990, "merged", "510000"),
        ("460003", 1995, 2020, "renamed", "460400"),
        ("320802", 2010, 2020, "merged", "320812"),
        ("500105", 2018, 2026, "merged", "500157"),
    ],
)
def test_known_changes(code: str, start: int, goal: int, kind: str, wanted: str) -> None:
    mapped = in_year(code, start, goal)
    if code == "420600":  # 襄樊 keeps its code under another name
        kind = "renamed"
    assert (mapped.code, mapped.kind) == (wanted, kind)


def test_the_note_names_both_sides_and_both_years() -> None:
    note = in_year("330104", 2018, 2023).note
    assert note == "2018年江干区(330104)在2023年分入上城区(330102)、钱塘区(330114)"
    assert in_year("330106", 2018, 2023).note == ""


def test_an_unknown_code_gives_none_and_no_shares() -> None:
    assert in_year("999999", 2000, 2020) == Mapped(None, "split", in_year("999999", 2000, 2020).note)
    assert succession("999999", 2000, 2020) == ()


def test_a_code_asked_for_outside_its_years_counts_from_its_nearest_year() -> None:
    assert in_year("330104", 2023, 2024).code == "330100"
    assert in_year("330113", 2018, 2024).code == "330113"
    assert in_year("330113", 2018, 2020).code == "330110"


def test_the_divisions_of_a_year_are_those_at_its_end() -> None:
    assert sum(row.level == "prefecture" for row in divisions_of(TODAY)) == 333
    names = {row.full_name for row in divisions_of(2021) if row.parent == "330100"}
    assert {"临平区", "钱塘区"} <= names
    assert not {"江干区", "下城区"} & names


def test_a_broken_hand_kept_line_is_refused_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "kept.tsv"
    path.write_text("header\n330104\t江干区\t330199\t无此区\t2021\tx\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"kept\.tsv:2"):
        build_successions.read_kept(path, build_successions.Table(divisions().rows))


def test_a_wrong_source_of_events_is_refused_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.json"):
        build_successions.build(tmp_path / "absent.json")


def test_an_end_without_an_heir_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "events.json"
    path.write_text(json.dumps({"events": []}), encoding="utf-8")
    with pytest.raises(DataError, match="居巢区 ended in 2011; add a line"):
        build_successions.build(path)
