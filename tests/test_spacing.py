"""Promises on blanks between figures and their units: figures are read through them, and stand where they stood."""

from __future__ import annotations

from pathlib import Path

import jianbao
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jianbao.corpus import spacing
from jianbao.corpus.gold import read_gold
from jianbao.corpus.reading import from_text
from jianbao.corpus.spacing import closed
from jianbao.pipeline.extraction import Pipeline

BLANKS = [" ", "\u00a0", "\u2002", "\u3000", "  "]


@pytest.mark.parametrize("blank", BLANKS)
def test_a_blank_between_figure_and_unit_changes_no_record(blank: str) -> None:
    plain = "举办培训班12期，培训300余人次，发放慰问金3.5万元，其中海外1.2万元，满意率98%。"
    spaced = plain
    for unit in ("期", "余人次", "万元", "%"):
        spaced = spaced.replace(unit, blank + unit)
    told = [(found.quantity, found.measure, found.activity) for found in jianbao.extract(plain).indicators]
    records = jianbao.extract(spaced)
    assert [(found.quantity, found.measure, found.activity) for found in records.indicators] == told
    assert len(told) == 5
    assert all(spaced[found.start : found.end] == found.text for found in records.indicators)
    assert records.indicators[0].text == f"12{blank}期"


def test_a_part_points_at_its_whole_where_it_stands() -> None:
    text = "募集善款 20 万元，其中海外侨胞捐赠 5 万元。"
    whole, part = jianbao.extract(text).indicators
    assert part.part_of == (whole.start, whole.end)
    assert text[whole.start : whole.end] == "20 万元"


def test_a_date_with_blanks_is_a_date() -> None:
    (found,) = jianbao.extract("截至 2024 年 5 月底，走访侨眷 300 户。").indicators
    assert found.period is not None
    assert str(found.period.end) == "2024-05-31"


@pytest.mark.parametrize(
    "text", ["走访4 300户", "1 加强组织领导", "a 3 b", "第3 个", "甲 乙 12", "共\t12\t户", "12   户", "12\n户"]
)
def test_other_blanks_stay(text: str) -> None:
    assert closed(text).text in (text, text.replace("3 个", "3个"))


def test_a_heading_number_is_no_figure_but_a_count_is() -> None:
    assert closed("一、总体情况\n2 项目建设").text == "一、总体情况\n2 项目建设"
    assert closed("名单\n3 户侨眷").text == "名单\n3户侨眷"


@given(st.text(alphabet="12 \u3000年月户万元共达走访，。\n", max_size=60))
def test_places_lead_back_to_the_same_characters(text: str) -> None:
    found = closed(text)
    for place, character in enumerate(found.text):
        start, end = found.span(place, place + 1)
        assert text[start:end] == character
    for start in range(len(text) + 1):
        first, last = found.within(start, len(text))
        assert 0 <= first <= last <= len(found.text)


@given(st.text(alphabet="12３4 \u00a0年月户万元余共达走访侨眷，。\n", max_size=80))
def test_every_record_is_a_stretch_of_the_text(text: str) -> None:
    records = jianbao.extract(text)
    for found in (*records.indicators, *records.brands, *records.activities):
        assert text[found.start : found.end] == found.text


GOLD = Path(jianbao.__file__).parent / "corpus" / "gold"
HEADS = [
    "走访慰问归侨侨眷\n2023-03-08 来源：杭州日报\n",
    "第 12 期 简报\n2023 年 3 月 8 日\n",
    "2023-03-08 来源：某报\n",
]


def test_blanks_around_the_body_make_no_difference_to_the_records(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [gold.article.text for path in sorted(GOLD.glob("*.txt")) for gold in read_gold(path)][::7]
    spaced = [text.replace("万元", " 万元").replace("人次", "\u3000人次") for text in texts]
    articles = [from_text(HEADS[number % 3] + text) for number, text in enumerate([*texts, *spaced])]
    found = [Pipeline()(article) for article in articles]
    assert sum(bool(records.indicators) for records in found) > 100
    whole = spacing.closed
    monkeypatch.setattr(spacing, "closed", lambda text, spans=None: whole(text))
    assert [Pipeline()(article) for article in articles] == found


@given(st.text(alphabet="12 \u3000年月户万元共达走访，。\n", max_size=60), st.lists(st.integers(0, 60), max_size=6))
def test_blanks_are_cut_inside_the_spans_alone(text: str, places: list[int]) -> None:
    cuts = sorted({min(place, len(text)) for place in places})
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    whole = list(spacing._gaps(text, [(0, len(text))]))
    inside = [gap for gap in whole if any(start <= gap[0] < end for start, end in spans)]
    assert list(spacing._gaps(text, spans)) == inside
