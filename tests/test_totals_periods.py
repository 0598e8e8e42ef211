"""Sums over time: stocks and flows, periods that overlap, years and the divisions of a year."""

from __future__ import annotations

import pytest
from duckdb import DuckDBPyConnection
from jianbao.pipeline.totals import Request
from made_ledgers import (
    FUYANG,
    FUYANG_NOW,
    GONGSHU,
    HALF,
    JIANGGAN,
    JINAN,
    LAIWU,
    LATE,
    LINPING,
    MARCH,
    TONGLU,
    XIACHENG,
    YEAR,
    Row,
    ledger,
    said,
    told,
    totals,
)
from made_stores import fill, sums

# Stocks and flows.


def test_of_a_stock_that_is_reported_again_the_latest_counts(store: DuckDBPyConnection) -> None:
    rows = said(low=200, period="..2021-12-31"), said("b:0", 238, period="..2022-12-31")
    assert ledger(store, "a 2022-01-15, b 2023-01-15", *rows) == {"a:0": "reported_again b:0", "b:0": "counted"}
    assert totals(store, "a, b", *rows, level="county") == {f"{LINPING}|visit|households|户": (238, 238, 1, None, None, 0)}  # fmt: skip


def test_of_what_grows_since_a_day_the_latest_counts(store: DuckDBPyConnection) -> None:
    rows = said(low=500, period="2020-01-01.."), said("b:0", 660, period="2020-01-01..")
    assert ledger(store, "a 2022-07-10, b 2023-07-10", *rows) == {"a:0": "reported_again b:0", "b:0": "counted"}


def test_half_a_year_is_in_the_year(store: DuckDBPyConnection) -> None:
    rows = said(low=120, period=HALF), said("b:0", 300, period=YEAR), said("c:0", 180, period=LATE)
    assert ledger(store, "a 2023-07-10, b 2024-01-15, c 2024-01-15", *rows) == {
        "a:0": "reported_again b:0", "b:0": "counted", "c:0": "overlap b:0",
    }  # fmt: skip


def test_halves_and_months_that_do_not_touch_all_count(store: DuckDBPyConnection) -> None:
    rows = said(low=120, period=HALF), said("b:0", 120, period=LATE)
    assert set(ledger(store, "a 2023-07-10, b 2024-01-15", *rows).values()) == {"counted"}


def test_periods_that_share_one_day_overlap(store: DuckDBPyConnection) -> None:
    rows = said(low=1, period="2023-01-01..2023-03-01"), said("a:10", 2, period=MARCH)
    assert ledger(store, "a", *rows) == {"a:0": "counted", "a:10": "overlap a:0"}


def test_a_period_falls_only_with_one_that_is_kept(store: DuckDBPyConnection) -> None:
    rows = (
        said(low=1, period="2023-01-01..2023-06-30"), said("a:10", 2, period="2023-06-01..2023-09-30"),
        said("a:20", 3, period="2023-09-01..2023-10-31"),
    )  # fmt: skip
    assert ledger(store, "a", *rows) == {"a:0": "counted", "a:10": "overlap a:0", "a:20": "counted"}


def test_of_equally_long_periods_the_later_is_kept(store: DuckDBPyConnection) -> None:
    rows = said(low=1, period="2023-01-01..2023-01-31"), said("a:10", 2, period="2023-01-31..2023-03-02")
    assert ledger(store, "a", *rows) == {"a:0": "overlap a:10", "a:10": "counted"}


def test_a_period_without_end_gives_way_to_every_other(store: DuckDBPyConnection) -> None:
    rows = said(low=500, period="2020-01-01.."), said("a:10", period=YEAR), said("a:20", 7, period="2022-05-01..2022-05-01")  # fmt: skip
    assert ledger(store, "a", *rows) == {"a:0": "overlap a:10", "a:10": "counted", "a:20": "counted"}


def test_a_stock_since_unknown_times_takes_the_year_with_it(store: DuckDBPyConnection) -> None:
    rows = said(low=500, period="..2023-12-31"), said("a:10", period=YEAR)
    assert ledger(store, "a", *rows) == {"a:0": "counted", "a:10": "overlap a:0"}


def test_of_two_periods_without_end_the_earlier_is_kept(store: DuckDBPyConnection) -> None:
    rows = said(low=500, period="2020-01-01.."), said("a:10", period="2021-01-01..")
    assert ledger(store, "a", *rows) == {"a:0": "counted", "a:10": "overlap a:0"}


def test_all_figures_of_one_telling_count_or_none(store: DuckDBPyConnection) -> None:
    rows = said(low=1, period=YEAR), said("a:10", 2, period=YEAR), said("b:0", 3, period=HALF), said("b:10", 4, period=HALF)  # fmt: skip
    assert ledger(store, "a, b", *rows) == {
        "a:0": "counted", "a:10": "counted", "b:0": "reported_again a:0", "b:10": "reported_again a:0",
    }  # fmt: skip


@pytest.mark.parametrize("other", [{"measure": "走访侨商"}, {"measure": None}, {"brand": "侨爱驿站"}, {"region": TONGLU}, {"unit": "家"}, {"period": ".."}])  # fmt: skip
def test_only_figures_of_one_thing_and_a_known_time_overlap(store: DuckDBPyConnection, other: Row) -> None:
    rows = said(period=YEAR), said("b:0", 12, **({"period": HALF} | other))
    assert set(ledger(store, "a, b", *rows).values()) == {"counted"}


def test_what_only_its_sentence_names_never_overlaps(store: DuckDBPyConnection) -> None:
    rows = said(period=YEAR, measure=None), said("b:0", 12, period=HALF, measure=None)
    assert set(ledger(store, "a, b", *rows).values()) == {"counted"}


# Years and divisions.


@pytest.mark.parametrize(("period", "published", "verdict"), [
    (YEAR, "2024-01-15", "counted"), (HALF, "2023-07-10", "counted"), ("..2023-12-31", "2024-01-15", "counted"),
    ("2022-07-01..2023-06-30", "2023-07-10", "other_year"), ("2023-01-01..", "2023-09-01", "counted"),
    ("2023-01-01..", "", "other_year"), ("2022-01-01..", "2023-09-01", "other_year"), ("..2024-12-31", "2023-09-01", "counted"),
    ("..", "2023-09-01", "counted"), ("..", "2024-09-01", "other_year"), ("..", "", "other_year"),
])  # fmt: skip
def test_figures_of_a_year_ended_and_began_in_it(
    store: DuckDBPyConnection, period: str, published: str, verdict: str
) -> None:
    assert ledger(store, f"a {published}", said(period=period), year=2023) == {"a:0": verdict}


def test_a_part_in_the_year_counts_where_its_whole_is_of_more_years(store: DuckDBPyConnection) -> None:
    rows = said(period="2021-01-01..2023-12-31"), said("a:10", 5, part_of="0-3", period=YEAR)
    assert ledger(store, "a", *rows, year=2023) == {"a:0": "other_year", "a:10": "counted"}


def test_a_longer_period_takes_nothing_from_a_year(store: DuckDBPyConnection) -> None:
    rows = said(period="2021-01-01..2023-12-31"), said("a:10", 5, period=YEAR)
    assert ledger(store, "a", *rows) == {"a:0": "counted", "a:10": "overlap a:0"}
    assert ledger(store, "a", *rows, year=2023) == {"a:0": "other_year", "a:10": "counted"}


def test_figures_go_to_the_division_that_holds_theirs_in_the_asked_year(store: DuckDBPyConnection) -> None:
    found = totals(store, "a 2018-05-01", said(region=XIACHENG), divisions=2023, level="county")
    assert found == {"330105|visit|households|户": (30, 30, 1, None, None, 0)}  # 下城区 came to 拱墅区
    found = totals(store, "a 2023-05-01", said(region=LINPING), divisions=2018, level="county")
    assert found == {"330110|visit|households|户": (30, 30, 1, None, None, 0)}


def test_figures_of_a_division_that_was_parted_are_named(store: DuckDBPyConnection) -> None:
    assert ledger(store, "a 2018-05-01", said(region=JIANGGAN), divisions=2023) == {"a:0": "region_split"}


def test_districts_that_were_merged_told_of_two_things(store: DuckDBPyConnection) -> None:
    rows = said(region=GONGSHU, period="..2018-12-31"), said("b:0", region=XIACHENG, period="..2018-12-31")
    rows = *rows, said("a:10", 12, region=GONGSHU), said("b:10", 12, region=XIACHENG)
    articles = "a 2018-12-31, b 2018-12-31"
    assert set(ledger(store, articles, *rows, divisions=2023).values()) == {"counted"}
    assert totals(store, articles, *rows, divisions=2023, level="county") == {
        f"{GONGSHU}|visit|households|户": (84, 84, 4, None, None, 0)
    }


def test_a_renamed_county_reports_its_stock_again_under_its_new_code(store: DuckDBPyConnection) -> None:
    rows = (
        said(low=200, region=FUYANG, period="..2013-12-31"), said("b:0", 238, region=FUYANG_NOW, period="..2022-12-31"),
        said("a:10", region=FUYANG, measure="看望", period="2013-01-01..2013-12-31"),
        said("b:10", region=FUYANG_NOW, measure="看望", period="2013-01-01..2013-12-31"),
    )  # fmt: skip
    articles = "a 2013-12-31, b 2023-01-15"
    assert ledger(store, articles, *rows, divisions=2023) == {
        "a:0": "reported_again b:0", "b:0": "counted", "a:10": "counted", "b:10": "same_figure a:10",
    }  # fmt: skip
    assert totals(store, articles, *rows, divisions=2023, level="county") == {
        f"{FUYANG_NOW}|visit|households|户": (268, 268, 2, None, None, 0)
    }
    assert set(ledger(store, articles, *rows).values()) == {"counted"}


def test_the_figures_of_a_prefecture_that_was_dissolved_are_not_those_of_the_one_that_took_it(
    store: DuckDBPyConnection,
) -> None:
    rows = said(region=LAIWU), said("b:0", 100, region=JINAN), said("a:10", 7, region="371202")
    assert ledger(store, "a 2015-05-01, b 2020-05-01", *rows, divisions=2023) == {
        "a:0": "region_split", "b:0": "counted", "a:10": "counted",
    }  # fmt: skip
    found = totals(store, "a 2015-05-01, b 2020-05-01", *rows, divisions=2023, level="prefecture")
    assert found == {f"{JINAN}|visit|households|户": (100, 100, 1, 7, 7, 1)}


def test_a_split_figure_keeps_the_region_that_it_was_told_of(store: DuckDBPyConnection) -> None:
    fill(store, told("a 2015-05-01"), [said(region=LAIWU), said("a:10", region=JIANGGAN)])
    ledger, found = sums(store, Request(divisions=2023))
    assert [(row["region"], row["reason"]) for row in ledger] == [(LAIWU, "region_split"), (JIANGGAN, "region_split")]
    assert found == []


def test_a_year_takes_its_own_divisions_and_others_when_asked(store: DuckDBPyConnection) -> None:
    rows = [said(region=JIANGGAN, period="2018-01-01..2018-12-31")]
    assert ledger(store, "a 2018-12-31", *rows, year=2018) == {"a:0": "counted"}
    assert ledger(store, "a 2018-12-31", *rows, year=2018, divisions=2023) == {"a:0": "region_split"}


def test_a_report_in_january_tells_of_the_divisions_of_the_year_before(store: DuckDBPyConnection) -> None:
    rows = (said(region="370100", period=("2018-01-01..2018-12-31")),)
    assert ledger(store, "a 2019-01-15", *rows, year=2018) == {"a:0": "counted"}


def test_a_prefecture_that_took_in_others_keeps_what_it_reported_before(store: DuckDBPyConnection) -> None:
    rows = (said(region="370100", period=("2009-01-01..2009-12-31")),)
    assert ledger(store, "a 2010-01-15", *rows, divisions=2023) == {"a:0": "counted"}
