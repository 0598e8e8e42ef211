"""Promises of the sums of a frame: those of the command line, whatever its order, and what cannot be summed is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import jianbao
import pytest
from jianbao.corpus.errors import InputError
from jianbao.corpus.records import Records
from jianbao.pipeline.frames import Totals, frame, totals
from jianbao.pipeline.summing import sum_up
from jianbao.pipeline.totals import Request
from made_frames import as_cell, cells, told_twice, written

pd = pytest.importorskip("pandas")


REQUESTS = (
    Request(),
    Request(("activity", "brand", "measure", "period")),
    Request(("dimension",)),
    Request(level="county"),
    Request(year=2023),
    Request(divisions=2015),
)


def same(found: Totals, folder: Path) -> None:
    """Both tables are those of the files, cell for cell and row for row."""
    for name, table in (("totals", found.table), ("ledger", found.ledger)):
        header, rows = cells(folder / f"{name}.csv")
        assert list(table) == header
        assert written(table) == rows


# Sums of a frame.


@pytest.mark.parametrize("request_", REQUESTS, ids=repr)
def test_totals_of_a_frame_are_those_of_the_command_line(
    summed_bulletins: Path, bulletin_indicators: Any, tmp_path: Path, request_: Request
) -> None:
    sum_up(summed_bulletins, request_, target=tmp_path)
    found = totals(bulletin_indicators, request_.by, request_.level, request_.year, request_.divisions)
    same(found, tmp_path)


def test_totals_have_the_dtypes_of_the_tables_of_a_folder(summed_bulletins: Path, bulletin_indicators: Any) -> None:
    found = totals(bulletin_indicators)
    pd.testing.assert_frame_equal(found.table, frame(summed_bulletins, "totals"))
    pd.testing.assert_frame_equal(found.ledger, frame(summed_bulletins, "ledger"))


def test_neither_order_nor_index_of_the_rows_matters(summed_bulletins: Path, bulletin_indicators: Any) -> None:
    mixed = bulletin_indicators.sample(frac=1, random_state=7)
    same(totals(pd.concat([mixed.iloc[100:], mixed.iloc[:100]])), summed_bulletins)


def test_frames_of_read_tables_give_the_same_totals(summed_bulletins: Path) -> None:
    tables = jianbao.read_tables(summed_bulletins)
    same(totals(tables["indicators"], articles=tables["articles"]), summed_bulletins)


def test_files_read_by_pandas_itself_give_the_same_totals(summed_bulletins: Path) -> None:
    plainly = {name: pd.read_csv(summed_bulletins / f"{name}.csv") for name in ("indicators", "articles")}
    same(totals(plainly["indicators"], articles=plainly["articles"]), summed_bulletins)


def test_only_the_columns_that_are_summed_are_needed(summed_bulletins: Path, bulletin_indicators: Any) -> None:
    idle = ["period_text", "region_name", "confidence", "confidence_meaning", "confidence_time", "rule"]
    same(totals(bulletin_indicators.drop(columns=idle)), summed_bulletins)


def test_a_filtered_frame_sums_what_is_left(bulletin_indicators: Any) -> None:
    money = totals(bulletin_indicators[bulletin_indicators["dimension"] == "money"])
    assert set(money.table["dimension"]) == {"money"}
    assert len(money.ledger) == (bulletin_indicators["dimension"] == "money").sum()


def test_decimals_and_large_floats_lose_nothing(bulletin_indicators: Any) -> None:
    (told,) = jianbao.extract("2023年走访慰问侨胞30户。", region="330106").indicators
    for low in (Decimal("0.1"), Decimal(123456789012345), Decimal("99999999999.5")):
        found = frame(Records((replace(told, quantity=replace(told.quantity, low=low, high=low)),)))
        for column in (found["low"], pd.Series([low], dtype=object), pd.Series([str(low)])):
            table = totals(found.assign(low=column), level="county").table
            assert Decimal(repr(float(table["own_low"].tolist()[0]))) == low


def test_without_day_and_state_articles_are_of_unknown_day_and_ok(bulletin_indicators: Any) -> None:
    bare = totals(bulletin_indicators.drop(columns=["published", "article_status"]))
    blank = totals(bulletin_indicators.assign(published=pd.NaT, article_status=pd.NA))
    pd.testing.assert_frame_equal(bare.table, blank.table)
    assert "repeat" not in bare.ledger["reason"].tolist()


def test_repeats_of_an_article_are_left_out(bulletin_indicators: Any) -> None:
    repeated = totals(bulletin_indicators.assign(article_status="repeat"))
    assert set(repeated.ledger["reason"]) == {"repeat"}
    assert repeated.table.empty


def test_totals_of_nothing_are_empty_tables_of_the_same_dtypes(bulletin_indicators: Any) -> None:
    nothing, something = totals(bulletin_indicators.iloc[:0]), totals(bulletin_indicators)
    assert nothing.table.empty
    assert list(nothing.ledger) == list(something.ledger)
    assert str(nothing.table["own_low"].dtype) == "Float64"


def test_rows_of_two_runs_with_one_name_are_refused() -> None:
    both = pd.concat([told_twice(date(2023, 12, 1)), told_twice(date(2023, 12, 1))])
    with pytest.raises(InputError, match=r"'a.txt':11-14 stands in the frame twice.*assign\(run="):
        totals(both)


def test_one_article_with_two_days_of_publication_is_refused() -> None:
    first, second = told_twice(date(2023, 12, 1)), told_twice(date(2024, 1, 1)).assign(start=99, end=102)
    with pytest.raises(InputError, match=r"'a.txt' has two days of publication or states.*run"):
        totals(pd.concat([first, second]))


def test_a_column_run_tells_articles_of_one_name_apart() -> None:
    runs = [told_twice(date(2023, 12, 1)).assign(run="甲"), told_twice(date(2023, 12, 2)).assign(run="乙")]
    found = totals(pd.concat(runs), level="county")
    assert list(found.ledger["article"]) == ["乙/a.txt", "甲/a.txt"]
    assert [as_cell(reason) for reason in found.ledger["reason"]] == ["", "reported_again"]
    assert list(found.table["own_low"]) == [30.0]


# Bad input.


@pytest.mark.parametrize("column", ["article", "start", "low", "per", "part_of", "region", "sentence", "period_end"])
def test_a_missing_column_is_named(bulletin_indicators: Any, column: str) -> None:
    with pytest.raises(InputError, match=f"lacks the column '{column}'"):
        totals(bulletin_indicators.drop(columns=column))


@pytest.mark.parametrize("column", ["article", "published", "status"])
def test_a_missing_column_of_articles_is_named(summed_bulletins: Path, bulletin_indicators: Any, column: str) -> None:
    with pytest.raises(InputError, match=f"lacks the column '{column}'"):
        totals(bulletin_indicators, articles=frame(summed_bulletins, "articles").drop(columns=column))


def test_a_column_that_stands_twice_is_named(bulletin_indicators: Any) -> None:
    with pytest.raises(InputError, match="has twice the column 'low'"):
        totals(pd.concat([bulletin_indicators, bulletin_indicators[["low"]]], axis=1))


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("start", "third", "a whole number"),
        ("start", None, "a whole number"),
        ("low", "1,700", "a number"),
        ("region", "330199", "an adcode"),
        ("period_end", "2023年底", "a date"),
        ("period_end", "2023-02-30", "a date"),
        ("part_of", "3", "start-end"),
        ("dimension", "钱", "one of money"),
        ("published", "yesterday", "a date"),
        ("article_status", "fine", "one of ok"),
    ],
)
def test_a_broken_cell_is_shown_with_its_column(
    bulletin_indicators: Any, column: str, cell: str | None, expected: str
) -> None:
    broken = bulletin_indicators.iloc[:5].astype({column: object})
    broken.loc[3, column] = cell
    name = "status" if column == "article_status" else column
    with pytest.raises(InputError, match=f"column '{name}': expected {expected}.*found {cell!r}"):
        totals(broken)


def test_an_interval_upside_down_is_told_with_its_place(bulletin_indicators: Any) -> None:
    broken = bulletin_indicators.assign(
        low=bulletin_indicators["low"].where(bulletin_indicators.index != 3, bulletin_indicators["high"] + 1)
    )
    place = "{!r}:{}-{}".format(*bulletin_indicators.loc[3, ["article", "start", "end"]])
    with pytest.raises(InputError, match=f"^{place}: low is more than high"):
        totals(broken)


def test_a_year_may_come_out_of_a_frame(bulletin_indicators: Any) -> None:
    year = bulletin_indicators["period_end"].dt.year.dropna().astype("int64").min()
    assert len(totals(bulletin_indicators, year=year).ledger) == len(bulletin_indicators)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"by": "place"}, "by 'place'.*不能"),
        ({"by": ["activity", "year"]}, "by 'year'"),
        ({"by": 3}, "by 3"),
        ({"level": "town"}, "level 'town'.*级别"),
        ({"year": 1900}, "not for 1900"),
        ({"year": "2023"}, "year '2023'.*年份"),
        ({"divisions": 2023.0}, "year 2023.0"),
    ],
)
def test_sums_that_cannot_be_asked_for_are_refused(
    bulletin_indicators: Any, asked: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        totals(bulletin_indicators, **asked)


@pytest.mark.parametrize("given", [None, [], "OUT", {"low": [1]}])
def test_totals_of_anything_but_a_frame_are_refused(given: Any) -> None:
    with pytest.raises(InputError, match=r"made of a data frame.*DataFrame"):
        totals(given)
