"""Sums over divisions: which figure counts, which is left out and why, one promise a test, figures reckoned by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from duckdb import DuckDBPyConnection
from jianbao.pipeline.totals import Request
from made_corpora import empty_store, fill, sums
from plain_totals import Asked, reckon

ZHEJIANG, HANGZHOU, LINPING, TONGLU = "330000", "330100", "330113", "330122"
JIANGGAN, XIACHENG, GONGSHU = "330104", "330103", "330105"
JINAN, LAIWU, FUYANG, FUYANG_NOW = "370100", "371200", "330183", "330111"  # 富阳市 became 富阳区 in 2014
YEAR, HALF, MARCH, LATE = "2023-01-01..2023-12-31", "2023-01-01..2023-06-30", "2023-03-01..2023-03-31", "2023-07-01..2023-12-31"  # fmt: skip
LEAD = "2023年全区走访慰问困难归侨侨眷30户。"
BODY = "2023年全区走访慰问困难归侨侨眷30户，送上祝福。"
Row = dict[str, Any]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBPyConnection]:
    with empty_store(tmp_path_factory.mktemp("store")) as connection:
        yield connection


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def said(place: str = "a:0", low: float | str = 30, high: float | str | None = None, **cells: Any) -> Row:
    """An indicator at ARTICLE:START; its span has three characters."""
    article, start = place.split(":")
    begins, _, ends = cells.pop("period", "..").partition("..")
    figure = {"low": Decimal(str(low)), "high": Decimal(str(low if high is None else high))}
    row: Row = {
        "article": article, "start": int(start), "end": int(start) + 3, "text": "30户", **figure,
        "bound": "exact" if figure["low"] == figure["high"] else "over", "unit": "户", "dimension": "households",
        "per": None, "measure": "走访侨眷", "activity": "visit", "brand": None, "period_start": day(begins),
        "period_end": day(ends), "status": "done", "part_of": None, "region": LINPING, "sentence": "30户。",
    }  # fmt: skip
    return row | cells


def told(line: str) -> list[Row]:
    """Articles as `a 2024-01-15, b, c repeat, d =title`."""
    articles = []
    for words in line.split(","):
        name, *rest = words.split()
        published = next((date.fromisoformat(word) for word in rest if word[0].isdigit()), None)
        title = next((word[1:] for word in rest if word[0] == "="), None)
        status = "repeat" if "repeat" in rest else "ok"
        articles.append({"article": name, "published": published, "status": status, "title": title})
    return articles


def ledger(store: DuckDBPyConnection, articles: str, *rows: Row, **asked: Any) -> dict[str, str]:
    """`counted`, or the reason and what stands instead, by ARTICLE:START; the oracle must say the same."""
    fill(store, told(articles), rows)
    found, _ = sums(store, Request(**asked))
    plain, _ = reckon(told(articles), rows, Asked(**asked))
    assert {_place(row): row["reason"] for row in found} == {_place(row): row["reason"] for row in plain}
    for row in found:
        assert row["verdict"] == ("left_out" if row["reason"] else "counted")
        assert (row["total"] is None) == (row["reason"] is not None)
    return {_place(row): _verdict(row) for row in found}


def _place(row: Row) -> str:
    return f"{row['article']}:{row['start']}"


def _verdict(row: Row) -> str:
    return f"{row['reason']} {row['other'].partition('-')[0]}" if row["other"] else row["reason"] or "counted"


def totals(store: DuckDBPyConnection, articles: str, *rows: Row, **asked: Any) -> dict[str, tuple[Any, ...]]:
    """Own low, high, count and below low, high, count by the id of the total."""
    fill(store, told(articles), rows)
    _, found = sums(store, Request(**asked))
    names = [f"{side}_{name}" for side in ("own", "below") for name in ("low", "high", "count")]
    return {row["total"]: tuple(row[name] for name in names) for row in found}


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


# The same statement again in one article.


def test_a_lead_that_the_body_tells_more_fully_is_retold(store: DuckDBPyConnection) -> None:
    rows = said(sentence=LEAD), said("a:50", sentence=BODY)
    assert ledger(store, "a", *rows) == {"a:0": "retold a:50", "a:50": "counted"}


def test_a_caption_with_the_words_of_the_body_is_retold(store: DuckDBPyConnection) -> None:
    rows = said(sentence=BODY), said("a:50", sentence=f"▲ {BODY}")
    assert ledger(store, "a", *rows) == {"a:0": "counted", "a:50": "retold a:0"}


def test_equal_figures_of_two_sentences_are_two_things(store: DuckDBPyConnection) -> None:
    rows = said(sentence="东片区走访慰问困难归侨侨眷30户。"), said("a:50", sentence="西片区走访慰问困难归侨侨眷30户。")
    assert set(ledger(store, "a", *rows).values()) == {"counted"}


def test_a_figure_counts_as_often_as_its_sentence_holds_it(store: DuckDBPyConnection) -> None:
    sentence = "春季走访慰问侨眷30户，冬季走访慰问侨眷30户。"
    rows = [said(f"a:{start}", sentence=sentence) for start in (0, 10, 50, 60)]
    found = ledger(store, "a", *rows)
    assert [verdict.partition(" ")[0] for verdict in found.values()] == ["counted", "counted", "retold", "retold"]


def test_short_sentences_are_no_statement_again(store: DuckDBPyConnection) -> None:
    rows = said(sentence="走访慰问侨眷30户。"), said("a:50", sentence="走访慰问侨眷30户。")
    assert set(ledger(store, "a", *rows).values()) == {"counted"}


@pytest.mark.parametrize(("others", "verdict"), [(62, "retold a:9"), (63, "counted")])
def test_among_more_than_64_sentences_none_is_sought_in_another(
    store: DuckDBPyConnection, others: int, verdict: str
) -> None:
    rows = [said(f"a:{20 + 5 * place}", sentence=f"第{place}组走访慰问困难归侨侨眷30户。") for place in range(others)]
    found = ledger(store, "a", said(sentence=LEAD), said("a:9", sentence=BODY), *rows)
    assert found.pop("a:0") == verdict
    assert set(found.values()) == {"counted"}


def test_a_sentence_of_another_figure_is_no_statement_again(store: DuckDBPyConnection) -> None:
    rows = said(sentence=LEAD), said("a:50", 31, sentence=BODY), said("a:90", region=TONGLU, sentence=BODY)
    assert set(ledger(store, "a", *rows).values()) == {"counted"}


def test_a_figure_of_the_title_is_told_again_in_the_body(store: DuckDBPyConnection) -> None:
    rows = (
        said(sentence="临平区走访侨眷30户"),
        said("a:50", sentence="年内，走访慰问侨眷30户。"),
        said("a:90", sentence="共30户。"),
    )
    assert ledger(store, "a =临平区走访侨眷30户", *rows) == {
        "a:0": "retold a:50", "a:50": "counted", "a:90": "counted",
    }  # fmt: skip


def test_a_title_is_known_by_its_letters_however_short(store: DuckDBPyConnection) -> None:
    rows = said(sentence="走访30户！"), said("a:50", sentence="年内走访侨眷30户。")
    assert ledger(store, "a 【走访】30户", *rows)["a:0"] == "counted"
    assert ledger(store, "a =【走访】30户", *rows)["a:0"] == "retold a:50"


def test_a_figure_that_only_the_title_tells_counts(store: DuckDBPyConnection) -> None:
    title = said(sentence="临平区走访侨眷30户")
    for other in ({"low": 31, "high": 31}, {"unit": "家"}, {"region": TONGLU}, {"dimension": "people"}, {"sentence": title["sentence"]}):  # fmt: skip
        rows = title, said("a:50", sentence="年内走访侨眷30户。") | other
        assert set(ledger(store, "a =临平区走访侨眷30户", *rows).values()) == {"counted"}
    rows = title, said("b:0", sentence="年内走访侨眷30户。", measure="看望")
    assert set(ledger(store, "a =临平区走访侨眷30户, b", *rows).values()) == {"counted"}


def test_a_caption_within_the_title_counts_where_nothing_fuller_stands(store: DuckDBPyConnection) -> None:
    rows = (
        said(sentence="临平区：全年走访慰问困难归侨侨眷30户"),
        said("a:50", sentence="全年走访慰问困难归侨侨眷30户。"),
    )
    found = ledger(store, "a =临平区：全年走访慰问困难归侨侨眷30户", *rows)
    assert found == {"a:0": "retold a:50", "a:50": "counted"}


@pytest.mark.parametrize("longer", ["130户", "一百三十户", "3.30户", "三千二百〇30户", "两30户"])
def test_a_figure_at_the_end_of_a_longer_one_is_not_that_figure(store: DuckDBPyConnection, longer: str) -> None:
    text = "三十户" if longer == "一百三十户" else "30户"
    sentence = f"全年走访侨眷{longer}，慰问困难侨眷{text}。"
    rows = said(sentence=sentence, text=text), said("a:50", sentence=sentence, text=text)
    assert ledger(store, "a", *rows) == {"a:0": "counted", "a:50": "retold a:0"}
    sentence = f"全年走访侨眷{longer}，送上温暖和祝福。"  # a figure stands once in its sentence, wherever it was found
    rows = said(sentence=sentence, text=text), said("a:50", sentence=sentence, text=text)
    assert ledger(store, "a", *rows) == {"a:0": "counted", "a:50": "retold a:0"}


def test_figures_side_by_side_are_each_counted(store: DuckDBPyConnection) -> None:
    sentence = "走访侨眷和侨属分别为30户、30户、130户、30户。"
    rows = [said(f"a:{start}", sentence=sentence) for start in (10, 20, 30, 60)]
    assert ledger(store, "a", *rows) == {
        "a:10": "counted", "a:20": "counted", "a:30": "counted", "a:60": "retold a:10",
    }  # fmt: skip


# The same figure in two articles.


def test_a_figure_told_in_two_articles_counts_where_it_was_told_first(store: DuckDBPyConnection) -> None:
    rows = said(period=YEAR), said("b:0", period=YEAR), said("c:0", period=YEAR)
    assert ledger(store, "a 2024-02-01, b 2024-01-15, c", *rows) == {
        "a:0": "same_figure b:0", "b:0": "counted", "c:0": "same_figure b:0",
    }  # fmt: skip


def test_the_article_that_tells_more_of_equal_figures_counts(store: DuckDBPyConnection) -> None:
    rows = said(period=YEAR), said("b:0", period=YEAR), said("b:10", period=YEAR)
    assert ledger(store, "a 2024-01-15, b 2024-02-01", *rows) == {
        "a:0": "same_figure b:0", "b:0": "counted", "b:10": "counted",
    }  # fmt: skip


def test_a_figure_told_in_traditional_script_is_the_same(store: DuckDBPyConnection) -> None:
    rows = said(period=YEAR, brand="侨爱驿站"), said("b:0", period=YEAR, measure="走訪僑眷", brand="僑愛驛站")
    assert ledger(store, "a, b", *rows) == {"a:0": "counted", "b:0": "same_figure a:0"}


@pytest.mark.parametrize("other", [
    {"period": HALF, "measure": None}, {"region": TONGLU}, {"unit": "家"}, {"unit": None}, {"dimension": "visits"}, {"measure": "走访侨商"}, {"measure": None}, {"brand": "侨爱驿站"},
])  # fmt: skip
def test_figures_that_differ_in_anything_are_not_the_same(store: DuckDBPyConnection, other: Row) -> None:
    rows = said(period=YEAR), said("b:0", **({"period": YEAR} | other))
    assert set(ledger(store, "a, b", *rows).values()) == {"counted"}


def test_figures_of_two_activities_are_the_same_by_their_measure(store: DuckDBPyConnection) -> None:
    rows = said(period=YEAR), said("b:0", period=YEAR, activity=None)
    assert ledger(store, "a, b", *rows) == {"a:0": "counted", "b:0": "same_figure a:0"}


def test_the_sentence_says_what_is_counted_where_no_measure_does(store: DuckDBPyConnection) -> None:
    rows = [said(f"{name}:0", period=YEAR, measure=None, sentence=words) for name, words in zip("abc", (LEAD, LEAD, BODY), strict=True)]  # fmt: skip
    assert ledger(store, "a, b, c", *rows) == {"a:0": "counted", "b:0": "same_figure a:0", "c:0": "counted"}


def test_a_period_ends_where_it_was_told(store: DuckDBPyConnection) -> None:
    rows = said(period=YEAR), said("b:0", period="2023-01-01.."), said("c:0", period="2023-01-01..2023-07-10")
    found = ledger(store, "a 2023-07-10, b 2023-07-10, c 2023-12-01", *rows)
    assert found == {"a:0": "counted", "b:0": "same_figure a:0", "c:0": "same_figure a:0"}


def test_undated_figures_are_one_within_a_fortnight(store: DuckDBPyConnection) -> None:
    assert ledger(store, "a 2023-05-01, b 2023-05-15", said(), said("b:0")) == {"a:0": "counted", "b:0": "same_figure a:0"}  # fmt: skip
    assert set(ledger(store, "a 2023-05-01, b 2023-05-16", said(), said("b:0")).values()) == {"counted"}


def test_a_fortnight_runs_from_the_first_telling(store: DuckDBPyConnection) -> None:
    rows = said(), said("b:0"), said("c:0")
    assert ledger(store, "a 2023-05-10, b 2023-05-20, c 2023-06-11", *rows) == {
        "a:0": "counted", "b:0": "same_figure a:0", "c:0": "counted",
    }  # fmt: skip
    rows = *rows, said("d:0")
    assert ledger(store, "a 2023-05-10, b 2023-05-20, c 2023-05-30, d 2023-06-05", *rows) == {
        "a:0": "counted", "b:0": "same_figure a:0", "c:0": "counted", "d:0": "same_figure c:0",
    }  # fmt: skip


def test_bulletins_of_four_months_tell_of_four_acts(store: DuckDBPyConnection) -> None:
    rows = said(), said("b:0"), said("c:0"), said("d:0")
    articles = "a 2023-01-31, b 2023-02-28, c 2023-03-31, d 2023-04-30"
    assert set(ledger(store, articles, *rows).values()) == {"counted"}
    assert totals(store, articles, *rows, level="county") == {f"{LINPING}|visit|households|户": (120, 120, 4, None, None, 0)}  # fmt: skip


def test_undated_figures_without_a_day_belong_to_the_earliest(store: DuckDBPyConnection) -> None:
    rows = said(), said("b:0"), said("c:0")
    assert ledger(store, "a, b 2023-05-01, c 2023-09-01", *rows) == {
        "a:0": "same_figure b:0", "b:0": "counted", "c:0": "counted",
    }  # fmt: skip
    assert ledger(store, "a, b", said(), said("b:0")) == {"a:0": "counted", "b:0": "same_figure a:0"}


@pytest.mark.parametrize(("published", "verdict"), [
    ("2023-02-28", "counted"), ("2023-03-01", "same_figure a:0"), ("2023-05-01", "same_figure a:0"), ("2023-05-02", "counted"),
    ("", "same_figure a:0"),
])  # fmt: skip
def test_an_undated_figure_is_the_dated_one_up_to_a_month_later(
    store: DuckDBPyConnection, published: str, verdict: str
) -> None:
    rows = said(period=MARCH), said("b:0")
    assert ledger(store, f"a 2023-04-10, b {published}", *rows) == {"a:0": "counted", "b:0": verdict}


def test_an_undated_figure_beside_a_dated_one_in_its_article_is_another(store: DuckDBPyConnection) -> None:
    assert set(ledger(store, "a 2023-03-20", said(period=MARCH), said("a:10")).values()) == {"counted"}


def test_telling_a_dated_figure_elsewhere_takes_no_undated_one_away(store: DuckDBPyConnection) -> None:
    rows = said("b:0", period=MARCH), said("b:10"), said(period=MARCH)
    assert ledger(store, "a 2023-04-02, b 2023-04-10", *rows) == {
        "a:0": "counted", "b:0": "same_figure a:0", "b:10": "counted",
    }  # fmt: skip


# Figures of one period that were revised or rounded.


def test_of_a_revised_figure_of_a_year_the_latest_counts(store: DuckDBPyConnection) -> None:
    rows = said(period=YEAR), said("b:0", 31, period=YEAR), said("c:0", 30, 40, period=YEAR)
    assert ledger(store, "a 2024-01-15, b 2024-03-01, c 2024-01-20", *rows) == {
        "a:0": "reported_again b:0", "b:0": "counted", "c:0": "reported_again b:0",
    }  # fmt: skip
    assert totals(store, "a 2024-01-15, b 2024-03-01, c 2024-01-20", *rows, level="county") == {
        f"{LINPING}|visit|households|户": (31, 31, 1, None, None, 0)
    }


def test_revisions_without_a_day_are_the_earliest_and_the_first_of_a_day_counts(store: DuckDBPyConnection) -> None:
    rows = said(period=YEAR), said("b:0", 31, period=YEAR)
    assert ledger(store, "a 2024-01-15, b", *rows) == {"a:0": "counted", "b:0": "reported_again a:0"}
    assert ledger(store, "a, b", *rows) == {"a:0": "counted", "b:0": "reported_again a:0"}


def test_two_figures_of_one_article_both_count(store: DuckDBPyConnection) -> None:
    rows = said(period=YEAR), said("a:10", 12, period=YEAR)
    assert set(ledger(store, "a", *rows).values()) == {"counted"}
    assert totals(store, "a", *rows, level="county") == {f"{LINPING}|visit|households|户": (42, 42, 2, None, None, 0)}


def test_an_article_with_more_figures_of_the_period_stands_for_later_ones(store: DuckDBPyConnection) -> None:
    rows = said("a:0", 12, period=YEAR), said("a:10", period=YEAR), said("b:0", 41, period=YEAR)
    assert ledger(store, "a 2024-01-15, b 2024-03-01", *rows) == {
        "a:0": "counted", "a:10": "counted", "b:0": "reported_again a:0",
    }  # fmt: skip


def test_what_is_the_same_figure_is_no_revision(store: DuckDBPyConnection) -> None:
    """The third article tells two, one of which the first has told already: one of it remains against one of the second."""
    rows = said(period=YEAR), said("b:0", 35, period=YEAR), said("c:0", period=YEAR), said("c:10", 12, period=YEAR)
    assert ledger(store, "a 2024-01-15, b 2024-03-01, c 2024-02-01", *rows) == {
        "a:0": "reported_again b:0", "b:0": "counted", "c:0": "same_figure a:0", "c:10": "reported_again b:0",
    }  # fmt: skip


def test_acts_of_one_day_in_two_articles_both_count(store: DuckDBPyConnection) -> None:
    rows = said(period="2023-03-05..2023-03-05"), said("b:0", 12, period="2023-03-05..2023-03-05")
    assert set(ledger(store, "a 2023-03-06, b 2023-03-07", *rows).values()) == {"counted"}
    rows = said(period="2023-03-05..2023-03-06"), said("b:0", 12, period="2023-03-05..2023-03-06")
    assert ledger(store, "a 2023-03-06, b 2023-03-07", *rows) == {"a:0": "reported_again b:0", "b:0": "counted"}


@pytest.mark.parametrize("period", ["..2022-12-31", "2023-01-01.."])
def test_a_period_without_end_or_start_is_longer_than_a_day(store: DuckDBPyConnection, period: str) -> None:
    rows = said(period=period), said("b:0", 12, period=period)
    assert ledger(store, "a, b", *rows) == {"a:0": "counted", "b:0": "reported_again a:0"}


def test_what_only_its_sentence_names_is_not_revised(store: DuckDBPyConnection) -> None:
    rows = said(period=YEAR, measure=None), said("b:0", 12, period=YEAR, measure=None)
    assert set(ledger(store, "a, b", *rows).values()) == {"counted"}


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


def test_a_report_in_january_tells_of_the_divisions_of_the_year_before(store: DuckDBPyConnection) -> None:
    rows = (said(region="370100", period=("2018-01-01..2018-12-31")),)
    assert ledger(store, "a 2019-01-15", *rows, year=2018) == {"a:0": "counted"}


def test_a_prefecture_that_took_in_others_keeps_what_it_reported_before(store: DuckDBPyConnection) -> None:
    rows = (said(region="370100", period=("2009-01-01..2009-12-31")),)
    assert ledger(store, "a 2010-01-15", *rows, divisions=2023) == {"a:0": "counted"}
