"""Sums of what is told again: in a lead or a title, in another article, revised or rounded later."""

from __future__ import annotations

import pytest
from duckdb import DuckDBPyConnection
from made_ledgers import BODY, HALF, LEAD, LINPING, MARCH, TONGLU, YEAR, Row, ledger, said, totals

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
