"""Each rule refuses its own example, and the figure beside it still counts."""

from __future__ import annotations

from datetime import date

import pytest
from jianbao.corpus.article import Article
from jianbao.corpus.records import Records
from jianbao.extractors.calendars import Calendar
from jianbao.extractors.periods import RULES as PERIODS
from jianbao.extractors.periods import time_words
from jianbao.extractors.refusals import RULES
from jianbao.pipeline.extraction import Pipeline


def records_of(text: str) -> Records:
    return Pipeline()(Article("t", text, body=((0, len(text)),)))


@pytest.mark.parametrize(("name", "example"), [(name, example) for name, _, _, example in RULES])
def test_a_rule_refuses_its_example_and_nothing_else(name: str, example: str) -> None:
    found = records_of(f"{example}，走访侨胞30户。")

    assert name in [refusal.rule for refusal in found.refusals]
    assert [indicator.text for indicator in found.indicators][-1] == "30户"
    assert not any(indicator.text in example for indicator in found.indicators[:-1])


def test_every_refusal_has_a_name_of_its_own() -> None:
    names = [name for name, *_ in RULES]

    assert len(names) == len(set(names))
    assert all(name.startswith("refuse.") for name in names)


@pytest.mark.parametrize(("rule", "example"), [(rule, example) for rule, _, _, _, example in PERIODS])
def test_a_period_rule_reads_its_example(rule: str, example: str) -> None:
    text = f"{example}，走访侨胞30户。"

    found = list(time_words(text, 0, len(text), Calendar(date(2023, 11, 20), 2022)))

    assert found
    assert (found[0].rule, found[0].start) == (rule, 0)


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("截至2021年底", None, date(2021, 12, 31)),
        ("截至2021年6月底", None, date(2021, 6, 30)),
        ("2019年以来", date(2019, 1, 1), date(2023, 11, 20)),
        ("今年以来", date(2023, 1, 1), date(2023, 11, 20)),
        ("自2017年下半年起", date(2017, 7, 1), date(2023, 11, 20)),
        ("近三年来", date(2020, 11, 20), date(2023, 11, 20)),
        ("2018年", date(2018, 1, 1), date(2018, 12, 31)),
        ("今年上半年", date(2023, 1, 1), date(2023, 6, 30)),
        ("“十三五”期间", date(2016, 1, 1), date(2020, 12, 31)),
        ("2020年2月", date(2020, 2, 1), date(2020, 2, 29)),
        ("今年1—10月", date(2023, 1, 1), date(2023, 10, 31)),
        ("前三季度", date(2023, 1, 1), date(2023, 9, 30)),
        ("连续8年", date(2015, 11, 20), date(2023, 11, 20)),
        ("近年来", None, date(2023, 11, 20)),
        ("自成立以来", None, date(2023, 11, 20)),
        ("2020年3月5日", date(2020, 3, 5), date(2020, 3, 5)),
        ("春节期间", None, None),
        ("近日", None, None),
        ("截至10月末", None, date(2023, 10, 31)),
        ("去年底", None, date(2022, 12, 31)),
    ],
)
def test_a_row_of_the_guideline_is_read_as_it_says(words: str, start: date | None, end: date | None) -> None:
    text = f"{words}，县侨联走访侨胞30户。"

    (found,) = time_words(text, 0, len(text), Calendar(date(2023, 11, 20)))

    assert (found.period.start, found.period.end, found.period.text) == (start, end, words)


@pytest.mark.parametrize("words", ["近三年来", "今年以来", "截至目前", "去年", "一季度", "11月份"])
def test_without_a_day_of_publication_relative_words_have_no_dates(words: str) -> None:
    text = f"{words}，走访侨胞30户。"

    (found,) = time_words(text, 0, len(text), Calendar(None))

    assert (found.period.start, found.period.end) == (None, None)


def test_a_superlative_s_stretch_is_neither_a_figure_nor_a_period() -> None:
    text = "全市火灾起数降至近10年来的最低点。走访企业38家。"
    found = records_of(text)

    assert [text[each.start : each.end] for each in found.indicators] == ["38家"]
    assert found.indicators[0].period is None or not found.indicators[0].period.text
    assert [each.rule for each in found.refusals] == ["refuse.duration"]


def test_the_end_of_a_five_year_plan_is_a_deadline() -> None:
    text = "到“十五五”末，全县建成侨胞之家65家。"
    (found,) = records_of(text).indicators

    assert found.period is not None
    assert (found.period.start, str(found.period.end), found.period.text) == (None, "2030-12-31", "到“十五五”末")


@pytest.mark.parametrize(
    "text",
    ["十四届全国人大三次会议听取报告。", "县政协九届二次会议闭幕。", "关心2023届离校未就业毕业生。"],
)
def test_sessions_and_classes_are_names_not_counts(text: str) -> None:
    found = records_of(text)

    assert not found.indicators
    assert {each.rule for each in found.refusals} == {"refuse.session"}


@pytest.mark.parametrize(
    "text",
    [
        "市侨联全年召开三次会议。",
        "本届委员会召开五次会议。",
        "十一届市政协先后举行八次全体会议。",
        "上届理事会共开了四次会议。",
    ],
)
def test_meetings_that_were_held_are_counted(text: str) -> None:
    assert [each.quantity.dimension for each in records_of(text).indicators] == ["events"]
