"""Promises of `jianbao score`: its counts are those counted by hand, each error names its rule, intervals hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import jianbao
import pytest
from jianbao.corpus.gold import GoldArticle, parse_gold, read_gold
from jianbao.corpus.records import Brand, Period, Records, Refusal
from jianbao.pipeline.reliability import bins, calibration_error
from jianbao.pipeline.scorecard import table, wrong_line
from jianbao.pipeline.scoring import FIELDS, ROWS, Score, Scores, Told, overlap, score
from jianbao.pipeline.showing import width

GOLD = Path(jianbao.__file__).parent / "corpus" / "gold"
BLOCK = """\
@ published=2023-12-15 region=330113
# a comment
今年，走访侨眷[30户|30|户|households|走访侨眷|visit|period=2023-01-01..2023-12-15 今年]，
其中[5户|5|户|households|慰问侨眷|visit|part=30户]；推出“{侨助工坊|place}”。<visit>
"""
OTHER = "募集善款[8万元|8万|元|money|募集善款|donation]。<donation>\n"


def golds(text: str = BLOCK) -> list[GoldArticle]:
    return list(parse_gold(text, "甲.txt"))


def scored(change: Callable[[Records], Records], text: str = BLOCK) -> Scores:
    """Scores where the pipeline finds what the gold says, but changed."""
    listed = golds(text)
    known = {gold.article: gold.records for gold in listed}
    return score(listed, lambda article: change(known[article]))


def row(scores: Scores, name: str) -> Score:
    return next(one for one in scores.rows if one.name == name)


def first(records: Records, **changes: Any) -> Records:
    """The records with the first indicator changed."""
    found, *others = records.indicators
    return replace(records, indicators=(replace(found, rule="number.test", **changes), *others))


def quantity(records: Records, **changes: Any) -> Records:
    return first(records, quantity=replace(records.indicators[0].quantity, **changes))


# Counts.


def test_gold_found_as_it_is_scores_one_everywhere() -> None:
    scores = scored(lambda records: records)
    assert [one.name for one in scores.rows] == list(ROWS)
    assert {one.f1 for one in scores.rows} == {(1.0, 1.0, 1.0)}
    assert (scores.articles, scores.wrong) == (1, ())
    assert [(one.gold, one.found, one.right) for one in scores.rows[:2]] == [(2, 2, 2), (2, 2, 2)]
    assert [row(scores, name).gold for name in ("brands", "types")] == [1, 1]


WRONG_FIELDS: dict[str, Callable[[Records], Records]] = {
    "value": lambda records: quantity(records, high=Decimal(40)),
    "unit": lambda records: quantity(records, unit="个"),
    "dimension": lambda records: quantity(records, dimension="visits"),
    "per": lambda records: quantity(records, per="year"),
    "status": lambda records: first(records, status="planned"),
    "period": lambda records: first(records, period=Period(date(2023, 1, 1), None, "今年")),
    "measure": lambda records: first(records, measure="召开会议"),
    "activity": lambda records: first(records, activity="donation"),
    "brand": lambda records: first(records, brand="侨助工坊"),
    "region": lambda records: first(records, region="330100"),
    "part_of": lambda records: first(records, part_of=(0, 2)),
}
DRAGGED = {"value": {"full"}, "unit": {"full"}, "dimension": {"full"}, "per": {"full"}, "status": {"full"},
           "measure": {"measure_exact"}, "part_of": {"whole"}}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_FIELDS)
def test_a_wrong_field_costs_its_own_row_and_no_other(name: str) -> None:
    scores = scored(WRONG_FIELDS[name])
    missed = {one.name for one in scores.rows if one.right < row(scores, ROWS[one.name]).right}
    assert missed == {name} | DRAGGED.get(name, set())
    assert row(scores, name).of_matched == 0.5
    [wrong] = scores.wrong
    assert (wrong.kind, wrong.rule, wrong.path, wrong.line) == (name, "number.test", "甲.txt", 3)


def test_the_words_of_a_period_are_not_judged() -> None:
    scores = scored(lambda records: first(records, period=Period(date(2023, 1, 1), date(2023, 12, 15), "今年以来")))
    assert row(scores, "period").right == 2


def test_a_measure_half_of_which_is_shared_is_right_but_not_word_for_word() -> None:
    scores = scored(lambda records: first(records, measure="走访侨眷和侨企"))
    assert (row(scores, "measure").right, row(scores, "measure_exact").right) == (2, 1)
    assert [wrong.kind for wrong in scores.wrong] == ["measure_exact"]
    assert (overlap("", "走访"), overlap("走访", "走访"), overlap("走访侨眷", "走访")) == (0.0, 1.0, 0.5)


def test_a_part_of_another_whole_is_a_part_all_the_same() -> None:
    def change(records: Records) -> Records:
        return replace(records, indicators=(records.indicators[0], replace(records.indicators[1], part_of=(0, 2))))

    scores = scored(change)
    assert (row(scores, "part_of").right, row(scores, "whole").right) == (2, 1)
    assert [wrong.kind for wrong in scores.wrong] == ["whole"]


def test_precision_recall_and_f1_are_those_counted_by_hand() -> None:
    def change(records: Records) -> Records:
        extra = replace(records.indicators[0], start=0, end=2, text="今年", rule="number.extra")
        more = replace(records.indicators[0], start=1, end=2, text="年", rule="number.extra")
        return replace(records, indicators=(records.indicators[0], extra, more))

    found = row(scored(change), "indicators")
    assert (found.gold, found.found, found.right) == (2, 3, 1)
    assert (found.precision[0], found.recall[0], found.f1[0]) == pytest.approx((1 / 3, 1 / 2, 2 / 5))


def test_nothing_found_and_nothing_to_find_are_no_division_by_zero() -> None:
    scores = scored(lambda records: Records(), "没有数字。\n")
    assert {one.f1 for one in scores.rows} == {(0.0, 0.0, 0.0)}
    assert list(table(score([])))


# Errors.


def lines(change: Callable[[Records], Records]) -> list[str]:
    return [wrong_line(wrong) for wrong in scored(change).wrong]


def test_a_false_indicator_names_its_rule() -> None:
    def change(records: Records) -> Records:
        extra = replace(records.indicators[0], start=0, end=2, text="今年", rule="number.extra")
        return replace(records, indicators=(extra, *records.indicators))

    assert lines(change) == [
        "甲.txt:3: indicator false: [今年]，走访侨眷30户，⏎其中 | gold -; found 今年 | number.extra"
    ]


MISSED = "甲.txt:3: indicator missed: 今年，走访侨眷[30户]，⏎其中5户；推出“侨助 | gold 30户; found - | "


@pytest.mark.parametrize(
    ("refusals", "rule"),
    [
        ((Refusal(7, 9, "30", "refuse.part"), Refusal(7, 10, "30户", "refuse.test")), "refuse.test"),
        ((Refusal(0, 2, "今年", "refuse.far"),), "no candidate"),
    ],
)
def test_a_missed_indicator_names_the_rule_that_refused_it(refusals: tuple[Refusal, ...], rule: str) -> None:
    def change(records: Records) -> Records:
        return replace(records, indicators=records.indicators[1:], refusals=refusals)

    [missed, *_] = lines(change)
    assert missed == MISSED + rule


def test_a_missed_indicator_names_the_rule_that_read_another_span_there() -> None:
    def change(records: Records) -> Records:
        return first(records, start=7, end=9, text="30")

    assert [line.rpartition(" | ")[2] for line in lines(change)] == ["number.test", "number.test"]


def test_the_line_of_an_error_counts_comments_too() -> None:
    def change(records: Records) -> Records:
        return replace(records, brands=())

    text = BLOCK.replace("，\n其中", "，\n# again\n其中")
    [wrong] = scored(change, text).wrong
    assert (wrong.kind, wrong.line) == ("brand missed", 5)


BRANDS: dict[str, tuple[Callable[[Brand], tuple[Brand, ...]], list[str]]] = {
    "missed": (lambda brand: (), ["brand missed"]),
    "kind": (lambda brand: (replace(brand, kind="team", rule="brand.test"),), ["kind"]),
    "span": (
        lambda brand: (replace(brand, start=brand.start + 1, text="助工坊", rule="brand.test"),),
        ["brand missed", "brand false"],
    ),
}


@pytest.mark.parametrize("name", BRANDS)
def test_a_wrong_brand_names_its_rule(name: str) -> None:
    change, kinds = BRANDS[name]
    wrong = scored(lambda records: replace(records, brands=change(records.brands[0]))).wrong
    assert [one.kind for one in wrong] == kinds
    assert {one.rule for one in wrong} == ({"no candidate"} if name == "missed" else {"brand.test"})


def test_a_wrong_type_is_one_missed_and_one_false() -> None:
    def change(records: Records) -> Records:
        [activity] = records.activities
        return replace(records, activities=(replace(activity, type="relief", rule="activity.test"),))

    scores = scored(change)
    assert sorted((one.kind, one.gold, one.found, one.rule) for one in scores.wrong) == [
        ("type false", "", "relief", "activity.test"),
        ("type missed", "visit", "", "no candidate"),
    ]
    assert row(scores, "types").f1[0] == 0


def test_a_found_sentence_belongs_to_the_gold_sentence_that_it_shares_most_with() -> None:
    def change(records: Records) -> Records:
        [activity] = records.activities
        return replace(records, activities=(replace(activity, start=activity.start + 3, text=activity.text[3:]),))

    assert row(scored(change), "types").right == 1


# Intervals.


def test_intervals_hold_the_estimate_and_are_the_same_each_time() -> None:
    files = [path for path in sorted(GOLD.glob("*.txt")) if not path.name.startswith("apart_")]
    listed = [gold for path in files for gold in read_gold(path)][::8]
    scores = score(listed)
    for one in scores.rows:
        for estimate, low, high in (one.precision, one.recall, one.f1):
            assert 0 <= low <= estimate <= high <= 1
    assert any(one.f1[1] < one.f1[0] < one.f1[2] for one in scores.rows)
    assert score(listed) == scores


def test_an_interval_is_wide_where_one_article_of_two_is_wrong() -> None:
    def change(records: Records) -> Records:
        return records if records.brands else Records()

    found = row(scored(change, f"{BLOCK}\n{OTHER}"), "indicators")
    assert found.recall == (2 / 3, 0.0, 1.0)


# Reliability.


def test_bins_and_calibration_error_are_those_counted_by_hand() -> None:
    told = [Told("figure", 0.9, True), Told("figure", 0.94, False), Told("figure", 1.0, True), Told("time", 0.2, True)]
    low, high = bins(told, "figure")
    assert (low.low, low.high, low.count, round(low.told, 9), low.right) == (0.9, 0.95, 2, 0.92, 0.5)
    assert (high.low, high.high, high.count, high.told, high.right) == (0.95, 1.0, 1, 1.0, 1.0)
    assert calibration_error([low, high]) == pytest.approx((2 * 0.42 + 0) / 3)
    assert calibration_error([]) == 0


GROUPS = {"value": {"figure"}, "unit": {"figure"}, "dimension": {"figure"}, "measure": {"meaning"},
          "activity": {"meaning"}, "brand": {"meaning"}, "period": {"time"}, "status": {"time"}}  # fmt: skip


@pytest.mark.parametrize("name", WRONG_FIELDS)
def test_a_wrong_field_belies_the_confidence_of_its_group_alone(name: str) -> None:
    scores = scored(WRONG_FIELDS[name])
    assert {one.group for one in scores.told if not one.right} == GROUPS.get(name, set())
    assert len(scores.told) == 3 * 2 + 1 + 1


def test_each_group_is_judged_by_its_own_confidence() -> None:
    scores = scored(lambda records: first(records, confidence=0.7, confidence_meaning=0.6, confidence_time=0.5))
    assert [(one.group, one.confidence) for one in scores.told[:3]] == [
        ("figure", 0.7),
        ("meaning", 0.6),
        ("time", 0.5),
    ]


def test_a_false_mention_belies_every_confidence_it_told() -> None:
    scores = scored(lambda records: first(records, start=0, end=2, text="今年"))
    assert {one.group for one in scores.told if not one.right} == {"figure", "meaning", "time"}


# What is printed.


def test_columns_are_aligned_in_terminal_cells() -> None:
    listed = list(table(scored(WRONG_FIELDS["value"])))
    head = next(line for line in listed if line.startswith("field"))
    rows = listed[listed.index(head) + 1 : listed.index("", 3)]
    place = width(head[: head.index("gold") + len("gold")])
    assert len(rows) == len(ROWS)
    for line in rows:
        cells = "".join(character + "\0" * (width(character) - 1) for character in line)
        assert cells[place - 1].isdigit()
        assert cells[place] == " "


def test_every_field_has_a_row() -> None:
    assert set(FIELDS) < set(ROWS)
    assert {one.name for one in score([]).rows} == set(ROWS)
