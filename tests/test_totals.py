"""Sums over divisions: which figure counts, which is left out and why, one promise a test, figures reckoned by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection
from jianbao.pipeline.totals import Request
from made_ledgers import HALF, HANGZHOU, JIANGGAN, LINPING, TONGLU, YEAR, ZHEJIANG, ledger, said, told, totals
from made_stores import empty_store, fill, sums

# What a figure is by itself.


def test_a_figure_that_was_done_counts(store: DuckDBPyConnection) -> None:
    assert ledger(store, "a", said()) == {"a:0": "counted"}


def test_figures_of_a_repeated_article_stand_for_nothing(store: DuckDBPyConnection) -> None:
    assert ledger(store, "a repeat", said()) == {"a:0": "repeat"}


def test_plans_are_never_added_to_what_was_done(store: DuckDBPyConnection) -> None:
    assert ledger(store, "a", said(), said("a:10", 50, status="planned")) == {"a:0": "counted", "a:10": "planned"}


def test_ratios_are_not_added(store: DuckDBPyConnection) -> None:
    assert ledger(store, "a", said(dimension="ratio", unit="%")) == {"a:0": "ratio"}


def test_what_is_per_head_or_per_year_is_not_added(store: DuckDBPyConnection) -> None:
    assert ledger(store, "a", said(per="person/year")) == {"a:0": "per"}


def test_a_figure_of_no_division_is_not_added(store: DuckDBPyConnection) -> None:
    assert ledger(store, "a", said(region=None)) == {"a:0": "no_region"}
    assert totals(store, "a", said(region=None)) == {}


@pytest.mark.parametrize(("high", "verdict"), [("999999999999999999", "counted"), ("1000000000000000000", "out_of_range"), ("1e28", "out_of_range")])  # fmt: skip
def test_figures_of_a_trillion_millions_are_no_counts(store: DuckDBPyConnection, high: str, verdict: str) -> None:
    assert ledger(store, "a", said(low=1, high=high)) == {"a:0": verdict}


def test_the_first_reason_is_the_one_that_is_told(store: DuckDBPyConnection) -> None:
    row = said(status="planned", dimension="ratio", per="year", region=None, high="1e18")
    assert ledger(store, "a repeat", row) == {"a:0": "repeat"}
    assert ledger(store, "a", row) == {"a:0": "planned"}
    assert ledger(store, "a", row | {"status": "done"}) == {"a:0": "ratio"}
    assert ledger(store, "a", row | {"status": "done", "dimension": "people"}) == {"a:0": "per"}
    assert ledger(store, "a", row | {"status": "done", "dimension": "people", "per": None}) == {"a:0": "no_region"}


# Sums.


def test_low_and_high_add_up_as_intervals(store: DuckDBPyConnection) -> None:
    rows = said(low=1700, high=1800), said("a:10", 36, 40, measure="走访侨商"), said("a:20", "0.5", measure="走访侨企")
    assert totals(store, "a", *rows)[f"{LINPING}|visit|households|户"] == (
        Decimal("1736.5"), Decimal("1840.5"), 3, None, None, 0,
    )  # fmt: skip


def test_a_sum_is_approximate_where_a_figure_in_it_is(store: DuckDBPyConnection) -> None:
    fill(store, told("a"), [said(low=30, high=40), said("a:10", region=TONGLU, activity="relief")])
    _, found = sums(store)
    assert {(row["region"], row["activity"]): row["approximate"] for row in found} == {
        (LINPING, "visit"): True, (HANGZHOU, "visit"): True, (ZHEJIANG, "visit"): True, ("100000", "visit"): True,
        (TONGLU, "relief"): False, (HANGZHOU, "relief"): False, (ZHEJIANG, "relief"): False,
        ("100000", "relief"): False,
    }  # fmt: skip


def test_own_and_below_stand_side_by_side(store: DuckDBPyConnection) -> None:
    rows = said(region=HANGZHOU, low=100), said("b:0", 30), said("b:10", 40, region=TONGLU)
    found = totals(store, "a, b", *rows)
    assert found[f"{HANGZHOU}|visit|households|户"] == (100, 100, 1, 70, 70, 2)
    assert found[f"{LINPING}|visit|households|户"] == (30, 30, 1, None, None, 0)


def test_what_a_division_reports_stands_for_what_lies_below_it(store: DuckDBPyConnection) -> None:
    rows = said(region=HANGZHOU, low=100), said("b:0", 30), said("b:10", 7, region="330326")
    found = totals(store, "a, b", *rows)
    assert found[f"{ZHEJIANG}|visit|households|户"] == (None, None, 0, 107, 107, 2)
    assert found["330300|visit|households|户"] == (None, None, 0, 7, 7, 1)


def test_counties_reach_the_province_where_the_prefecture_is_silent(store: DuckDBPyConnection) -> None:
    found = totals(store, "a", said(), said("a:10", 5, region=ZHEJIANG, measure="走访侨商"))
    assert found[f"{ZHEJIANG}|visit|households|户"] == (5, 5, 1, 30, 30, 1)


def test_figures_of_a_division_that_is_no_more_lie_below_its_parent(store: DuckDBPyConnection) -> None:
    found = totals(store, "a 2018-05-01", said(region=JIANGGAN))
    assert found[f"{HANGZHOU}|visit|households|户"] == (None, None, 0, 30, 30, 1)


def test_currencies_and_dimensions_are_rows_of_their_own(store: DuckDBPyConnection) -> None:
    rows = [said(f"a:{start}", dimension=dimension, unit=unit) for start, dimension, unit in (
        (0, "money", "元"), (10, "money", "美元"), (20, "people", "人"), (30, "people", None), (40, "places", "个"),
        (50, "events", "个"),
    )]  # fmt: skip
    found = totals(store, "a", *rows, level="county")
    assert sorted(found) == [
        f"{LINPING}|visit|{key}" for key in ("events|个", "money|元", "money|美元", "people|", "people|人", "places|个")
    ]
    assert set(found.values()) == {(30, 30, 1, None, None, 0)}


def test_the_row_names_division_level_and_activity(store: DuckDBPyConnection) -> None:
    fill(store, told("a, b"), [said(), said("b:0", 5, measure="走访侨商")])
    (row,) = [row for row in sums(store)[1] if row["region"] == LINPING]
    assert (row["region_name"], row["level"], row["activity_name"]) == ("浙江省杭州市临平区", "county", "走访慰问")
    assert (row["articles"], row["brand"], row["measure"], row["period"]) == (2, None, None, None)


# Parts.


def test_parts_and_examples_are_in_their_whole(store: DuckDBPyConnection) -> None:
    rows = said(), said("a:10", 20, part_of="0-3"), said("a:20", 5, part_of="0-3", measure=None)
    assert ledger(store, "a", *rows) == {"a:0": "counted", "a:10": "part a:0", "a:20": "part a:0"}


def test_a_part_of_a_part_names_the_nearest_whole(store: DuckDBPyConnection) -> None:
    rows = said(), said("a:10", 20, part_of="0-3"), said("a:20", 5, part_of="10-13")
    assert ledger(store, "a", *rows) == {"a:0": "counted", "a:10": "part a:0", "a:20": "part a:10"}


def test_a_done_part_of_a_plan_counts(store: DuckDBPyConnection) -> None:
    rows = said(status="planned"), said("a:10", 20, part_of="0-3", measure="到位")
    assert ledger(store, "a", *rows) == {"a:0": "planned", "a:10": "counted"}


def test_a_part_of_what_does_not_count_is_a_part_of_its_whole(store: DuckDBPyConnection) -> None:
    rows = said(), said("a:10", 40, part_of="0-3", dimension="ratio"), said("a:20", 5, part_of="10-13")
    assert ledger(store, "a", *rows) == {"a:0": "counted", "a:10": "ratio", "a:20": "part a:0"}


def test_a_part_of_another_article_or_of_nothing_counts(store: DuckDBPyConnection) -> None:
    rows = said(), said("b:10", 20, part_of="0-3"), said("a:20", 5, part_of="90-93")
    assert set(ledger(store, "a, b", *rows).values()) == {"counted"}


def test_a_part_stays_out_where_its_whole_is_told_elsewhere(store: DuckDBPyConnection) -> None:
    rows = said(period=YEAR), said("b:0", period=YEAR), said("b:10", 5, part_of="0-3", period=YEAR)
    assert ledger(store, "a 2024-01-01, b 2024-02-01", *rows) == {
        "a:0": "counted", "b:0": "same_figure a:0", "b:10": "part b:0",
    }  # fmt: skip


# What is asked.


def test_level_keeps_rows_of_one_level_and_the_whole_ledger(store: DuckDBPyConnection) -> None:
    rows = said(), said("a:10", 5, region=HANGZHOU)
    assert list(totals(store, "a", *rows, level="prefecture")) == [f"{HANGZHOU}|visit|households|户"]
    assert len(ledger(store, "a", *rows, level="prefecture")) == 2


def test_sums_by_brand_measure_and_period_have_them_in_their_id(store: DuckDBPyConnection) -> None:
    rows = said(period=YEAR, brand="侨爱驿站"), said("a:10", 5)
    found = totals(store, "a", *rows, by=("brand", "measure", "period"), level="county")
    assert set(found) == {f"{LINPING}||households|户|侨爱驿站|走访侨眷|2023", f"{LINPING}||households|户||走访侨眷|"}


def test_bars_in_names_do_not_part_an_id(store: DuckDBPyConnection) -> None:
    row = said(period=YEAR, brand="侨|心", measure="走访|看望", unit="户|家")
    found = totals(store, "a", row, by=("brand", "measure", "period"), level="county")
    assert set(found) == {f"{LINPING}||households|户/家|侨/心|走访/看望|2023"}
    fill(store, told("a"), [row])
    ((counted,), (summed,)) = sums(store, Request(by=("brand", "measure", "period"), level="county"))
    assert counted["total"] == summed["total"]
    assert (summed["unit"], summed["brand"], summed["measure"]) == ("户|家", "侨|心", "走访|看望")


def test_by_dimension_folds_the_activities(store: DuckDBPyConnection) -> None:
    rows = said(), said("a:10", 5, activity="relief", measure="救助"), said("a:20", 1, activity=None, measure="帮助")
    found = totals(store, "a", *rows, by=("dimension",), level="county")
    assert found == {f"{LINPING}||households|户": (36, 36, 3, None, None, 0)}


@pytest.mark.parametrize(("period", "label"), [
    (YEAR, "2023"), (HALF, "2023"), ("2021-01-01..2025-12-31", "2021..2025"), ("..2022-12-31", "..2022"), ("2020-01-01..", "2020.."),
    ("..", None),
])  # fmt: skip
def test_periods_are_named_by_their_years(store: DuckDBPyConnection, period: str, label: str | None) -> None:
    fill(store, told("a"), [said(period=period)])
    _, found = sums(store, Request(by=("period",), level="county"))
    assert [row["period"] for row in found] == [label]


def test_below_takes_the_county_where_the_prefecture_is_silent_about_that_brand(store: DuckDBPyConnection) -> None:
    rows = said(region=HANGZHOU), said("a:10", 5, brand="侨爱驿站")
    found = totals(store, "a", *rows, by=("brand",), level="province")
    assert found == {
        f"{ZHEJIANG}||households|户|": (None, None, 0, 30, 30, 1),
        f"{ZHEJIANG}||households|户|侨爱驿站": (None, None, 0, 5, 5, 1),
    }


def test_a_run_without_figures_has_empty_sums(tmp_path: Path) -> None:
    with empty_store(tmp_path) as connection:
        assert sums(connection) == ([], [])
