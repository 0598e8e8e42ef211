"""Promises of the wide table: regions as rows in the order of the tree, headings that say what is counted, cells to read."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import product
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jianbao.corpus.lexicons import rows
from jianbao.corpus.records import ACTIVITY_TYPES, DIMENSIONS
from jianbao.pipeline.amounts import written
from jianbao.pipeline.dictionary import codes
from jianbao.pipeline.wide import Column, headings, in_tree_order, widen

Total = tuple[Any, ...]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def fill(connection: duckdb.DuckDBPyConnection, totals: Sequence[Total]) -> None:
    """The table of totals of rows: region, activity, dimension, unit, own (low, high, count) and below."""
    connection.execute(
        "CREATE OR REPLACE TABLE totals (region VARCHAR, region_name VARCHAR, level VARCHAR, activity VARCHAR,"
        " activity_name VARCHAR, dimension VARCHAR, unit VARCHAR, own_low DECIMAL(38,10), own_high DECIMAL(38,10),"
        " own_count BIGINT, below_low DECIMAL(38,10), below_high DECIMAL(38,10), below_count BIGINT,"
        " approximate BOOLEAN, articles BIGINT, brand VARCHAR, measure VARCHAR, period VARCHAR, total VARCHAR)"
    )
    for region, activity, dimension, unit, own, below in totals:
        connection.execute(
            "INSERT INTO totals (region, region_name, level, activity, dimension, unit, own_low, own_high, own_count,"
            " below_low, below_high, below_count) VALUES (?, ?, 'county', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                region,
                f"第{region}区",
                activity,
                dimension,
                unit,
                *(own or (None, None, 0)),
                *(below or (None, None, 0)),
            ],
        )


def wide(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[str | None, ...]]:
    """Cells by heading, in the order of columns and of regions."""
    names = [name for name, *_ in connection.execute("DESCRIBE wide").fetchall()]
    cells = connection.execute("SELECT * FROM wide").fetchall()
    return dict(zip(names, zip(*cells, strict=True) if cells else [()] * len(names), strict=True))


VISITS = ("330100", "visit", "person_times", "人次", (1700, 1800, 3), (900, 900, 2))
GIFTS = ("330000", "donation", "money", "元", None, (36000, 40000, 1))


def test_a_row_is_a_region_and_a_cell_what_it_reports_itself_or_else_those_below(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    fill(connection, [VISITS, GIFTS])
    widen(connection)
    assert wide(connection) == {
        "region": ("330000", "330100"),
        "region_name": ("第330000区", "第330100区"),
        "level": ("county", "county"),
        "走访慰问（人次）": (None, "1,700余"),
        "捐赠公益（元）": ("近4万（下级）", None),
    }


def test_english_headings_and_cells_hold_no_chinese(connection: duckdb.DuckDBPyConnection) -> None:
    fill(connection, [VISITS, GIFTS])
    widen(connection, "en")
    shown = wide(connection)
    assert shown["visits and condolence (person-times)"] == (None, "1,700+")
    assert shown["donations and public good (yuan)"] == ("nearly 40,000 (below)", None)


def test_the_long_form_has_the_interval_and_its_source(connection: duckdb.DuckDBPyConnection) -> None:
    fill(connection, [VISITS, GIFTS])
    widen(connection)
    assert connection.execute("SELECT * FROM wide_long").fetchall() == [
        ("330000", "第330000区", "county", "捐赠公益（元）", "donation", "money", "元", "近4万（下级）", Decimal(36000), Decimal(40000), 1, "below"),
        ("330100", "第330100区", "county", "走访慰问（人次）", "visit", "person_times", "人次", "1,700余", Decimal(1700), Decimal(1800), 3, "own"),
    ]  # fmt: skip
    assert [name for name, *_ in connection.execute("DESCRIBE wide_long").fetchall()] == [
        "region", "region_name", "level", "indicator", "activity", "dimension", "unit", "cell", "low", "high", "count", "source",
    ]  # fmt: skip


def test_columns_follow_activities_dimensions_and_how_many_regions_have_them(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    one = (1, 1, 1)
    fill(
        connection,
        [
            ("330101", None, "people", "人", one, None),
            ("330101", "donation", "goods", "册", one, None),
            ("330101", "donation", "goods", "份", one, None),
            ("330102", "donation", "goods", "册", one, None),
            ("330101", "donation", "money", "元", one, None),
            ("330101", "visit", "households", "户", one, None),
        ],
    )
    widen(connection)
    assert list(wide(connection))[3:] == [
        "走访慰问（户）", "捐赠公益（元）", "捐赠公益（册）", "捐赠公益（份）", "未分类（人）",
    ]  # fmt: skip


def test_regions_stand_in_the_order_of_the_tree(connection: duckdb.DuckDBPyConnection) -> None:
    codes = [
        "100000",
        "330000",
        "330100",
        *(f"3301{number:02}" for number in range(2, 12)),
        "330200",
        "340000",
        "659001",
    ]
    fill(connection, [(code, "visit", "people", "人", (1, 1, 1), None) for code in reversed(codes)])
    widen(connection)
    assert wide(connection)["region"] == tuple(codes)
    assert [code for (code,) in connection.execute("SELECT region FROM wide_long").fetchall()] == codes


def test_a_division_stands_before_those_inside_it_whatever_their_codes() -> None:
    codes = ["370100", "371202", "330106", "330000", "370000", "371300", "100000", "429004", "420000", "999999"]
    order = in_tree_order(codes)
    assert sorted(order) == sorted(codes)
    assert order.index("370100") < order.index("371202") < order.index("371300")
    assert order[0] == "100000"
    assert order[-1] == "999999"


def test_no_totals_give_tables_without_rows(connection: duckdb.DuckDBPyConnection) -> None:
    fill(connection, [])
    widen(connection)
    assert wide(connection) == {"region": (), "region_name": (), "level": ()}
    assert connection.execute("SELECT count(*) FROM wide_long").fetchall() == [(0,)]


def test_unknown_units_dimensions_and_activities_have_a_heading(connection: duckdb.DuckDBPyConnection) -> None:
    fill(
        connection,
        [
            ("330101", "visit", "people", None, (1, 1, 1), None),
            ("330101", None, "people", None, (2, 2, 1), None),
            ("330101", None, None, None, (3, 3, 1), None),
            ("330101", "fishing", "boats", "艘", (4, 4, 1), None),
        ],
    )
    widen(connection)
    assert {name: cells for name, cells in wide(connection).items() if not name.isascii()} == {
        "走访慰问（人数）": ("1",),
        "fishing（艘）": ("4",),
        "未分类（人数）": ("2",),
        "未分类": ("3",),
    }
    assert connection.execute("SELECT unit FROM wide_long WHERE low = 1").fetchall() == [(None,)]


def test_quotes_formulas_and_letters_of_two_sizes_are_units_like_others(connection: duckdb.DuckDBPyConnection) -> None:
    units = ["'", '"', "=1+2", "P", "p", "a,b\nc", ";--", "）"]
    fill(connection, [("330101", "visit", "other", unit, (1, 1, 1), None) for unit in units])
    widen(connection)
    shown = wide(connection)
    assert len(shown) == 3 + len(units)
    assert {f"走访慰问（{unit}）" for unit in units} - {"走访慰问（P）", "走访慰问（p）"} <= set(shown)
    assert all(cells == ("1",) for name, cells in shown.items() if name.startswith("走访"))


def test_tables_can_be_made_again_in_another_language(connection: duckdb.DuckDBPyConnection) -> None:
    fill(connection, [VISITS])
    widen(connection)
    widen(connection, "en")
    assert list(wide(connection))[3:] == ["visits and condolence (person-times)"]
    assert [name for (name,) in connection.execute("SHOW TABLES").fetchall()] == ["totals", "wide", "wide_long"]


def test_the_order_of_totals_does_not_matter(connection: duckdb.DuckDBPyConnection) -> None:
    values = [None, (5, 9, 2), (40000, 50000, 1)]
    sums = [
        (region, activity, dimension, "家", own, below)
        for region, activity, dimension, own, below in product(
            ["330100", "330000"], ["visit", None], ["people", "households"], values, values
        )
        if own or below
    ]
    chosen = list({one[:3]: one for one in sums}.values())
    shown = []
    for seed in range(3):
        random.Random(seed).shuffle(chosen)
        fill(connection, chosen)
        widen(connection)
        long = connection.execute("SELECT * FROM wide_long").fetchall()
        shown.append((list(wide(connection).items()), long))
    assert shown[0] == shown[1] == shown[2]
    assert len(shown[0][1]) == len(chosen) == 8


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_hundreds_of_columns_of_every_region_keep_their_cells(connection: duckdb.DuckDBPyConnection, lang: str) -> None:
    fill(connection, [])
    connection.execute(
        "INSERT INTO totals (region, region_name, level, activity, dimension, unit, own_low, own_high, own_count)"
        " SELECT (330000 + r)::VARCHAR, 'x', 'county', 'visit', 'other', 'u' || k, r * 1000 + k, r * 1000 + k, 1"
        " FROM range(1, 40) regions(r), range(300) units(k)"
    )
    widen(connection, lang)  # type: ignore[arg-type]
    shown = wide(connection)
    assert len(shown) == 303
    heading = next(name for name in shown if "u299" in name)
    codes = [str(code) for code in shown["region"]]
    expected = [written(value, value, lang) for value in (Decimal((int(code) - 330000) * 1000 + 299) for code in codes)]  # type: ignore[arg-type]
    assert list(shown[heading]) == expected


columns = st.lists(
    st.builds(
        Column,
        st.sampled_from(["visit", "donation", "", "x"]),
        st.sampled_from(["people", "money", "other", ""]),
        st.sampled_from(["人", "名", "元", "", "P", "p", "persons"]),
    ),
    unique=True,
)


@given(columns, st.sampled_from(["zh", "en"]))
def test_no_two_columns_have_one_heading(columns: list[Column], lang: str) -> None:
    shown = headings(columns, lang)  # type: ignore[arg-type]
    assert len({heading.lower() for heading in shown}) == len(columns)


@given(columns, st.sampled_from(["zh", "en"]), st.randoms())
def test_a_heading_does_not_depend_on_the_order_unless_nothing_parts_them(
    columns: list[Column], lang: str, shuffled: random.Random
) -> None:
    columns = [column for column in columns if column.unit not in ("P", "p", "persons") and column.dimension]
    shown = dict(zip(columns, headings(columns, lang), strict=True))  # type: ignore[arg-type]
    shuffled.shuffle(columns)
    assert dict(zip(columns, headings(columns, lang), strict=True)) == shown  # type: ignore[arg-type]


def test_every_activity_has_an_english_name_and_every_translated_unit_is_a_unit() -> None:
    assert list(codes("activity")) == list(ACTIVITY_TYPES)
    assert {unit for unit, _ in rows("units_en")} <= {unit for _, _, unit, _, _ in rows("units")}
    assert len({unit for unit, _ in rows("units_en")}) == len(rows("units_en"))


def test_common_units_of_each_dimension_are_translated() -> None:
    known = {unit for unit, _ in rows("units_en")}
    for dimension in DIMENSIONS:
        units = {unit for _, its, unit, needs, _ in rows("units") if its == dimension and not needs}
        assert len(units - known) <= len(units) / 3, dimension
