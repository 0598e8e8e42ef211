"""A numeral of official prose has one value, or the interval that its words allow."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jianbao.extractors.numerals import parse

EXACT = {
    "18": "18",
    "１８０": "180",
    "1,024": "1024",
    "１２，３４５": "12345",
    "7.25": "7.25",
    "〇": "0",
    "两": "2",
    "十": "10",
    "二十六": "26",
    "一百零八": "108",
    "一百五": "150",
    "三万二": "32000",
    "一百一十三万六": "1136000",
    "九千": "9000",
    "四千零六万": "40060000",
    "六万零三十": "60030",
    "三亿零五": "300000005",
    "1亿2000万": "120000000",
    "3万4千": "34000",
    "2,300万": "23000000",
    "8.6亿": "860000000",
    "一万二千亿": "1200000000000",
    "三十万亿": "30000000000000",
    "6.3万亿": "6300000000000",
    "四点五万": "45000",
    "十二点五": "12.5",
    "两百点零四": "200.04",
    "二〇二六": "2026",
    "廿八": "28",
    "卅": "30",
    "百": "100",
    "万": "10000",
    "0万": "0",
    "叁佰贰拾": "320",
    "壹仟零伍": "1005",
    "伍拾萬": "500000",
    "兩億": "200000000",
    "三个亿": "300000000",
}
INTERVALS = {
    "140余": ("140", "150", "over"),
    "260多": ("260", "270", "over"),
    "20多万": ("200000", "300000", "over"),
    "4000余万": ("40000000", "50000000", "over"),
    "百余": ("100", "200", "over"),
    "二百余万": ("2000000", "3000000", "over"),
    "六十来": ("60", "70", "over"),
    "數百": ("200", "1000", "range"),
    "数十": ("20", "100", "range"),
    "几百": ("200", "1000", "range"),
    "几百万": ("2000000", "10000000", "range"),
    "十几": ("11", "20", "range"),
    "三十几万": ("310000", "400000", "range"),
    "一百零几": ("101", "110", "range"),
    "三五": ("3", "5", "range"),
    "两三": ("2", "3", "range"),
    "七八十": ("70", "80", "range"),
    "十五六": ("15", "16", "range"),
    "五六百万": ("5000000", "6000000", "range"),
}
NO_NUMBER = ["", "零点", "点五", "十七十八", "人", "一一", "五十千", "1..2万"]

SMALL = ("", "十", "百", "千")
LARGE = ("", "万", "亿", "万亿")
FORMAL = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
TRADITIONAL = str.maketrans("两万亿", "兩萬億")


def written(number: int) -> str:
    """Words of an integer below 10 ** 16, as a report spells it: 10300 is 一万零三百."""
    if not number:
        return "零"
    sections, words = [number // 10**place % 10**4 for place in (12, 8, 4, 0)], ""
    for place, section in zip((3, 2, 1, 0), sections, strict=True):
        if not section:
            continue
        gap = bool(words) and (section < 1000 or not sections[2 - place] if place < 3 else False)
        words += ("零" if gap else "") + section_words(section) + scale_of(place, sections)
    return words.removeprefix("一") if words.startswith("一十") else words


def scale_of(place: int, sections: list[int]) -> str:
    """万亿 is said once: 三万二千亿, but 三万亿."""
    return "万" if place == 3 and sections[1] else LARGE[place]


def section_words(section: int) -> str:
    """Words of 1..9999."""
    words = ""
    for place in (3, 2, 1, 0):
        digit = section // 10**place % 10
        if digit:
            words += "零一二三四五六七八九"[digit] + SMALL[place]
        elif words and section % 10**place and not words.endswith("零"):
            words += "零"
    return words


@pytest.mark.parametrize(("words", "value"), EXACT.items())
def test_exact_numeral_has_its_value(words: str, value: str) -> None:
    numeral = parse(words)
    assert numeral is not None
    assert (numeral.low, numeral.high, numeral.kind) == (Decimal(value), Decimal(value), "exact")


@pytest.mark.parametrize(("words", "interval"), INTERVALS.items())
def test_vague_numeral_has_its_interval(words: str, interval: tuple[str, str, str]) -> None:
    numeral = parse(words)
    assert numeral is not None
    assert (numeral.low, numeral.high, numeral.kind) == (Decimal(interval[0]), Decimal(interval[1]), interval[2])


@pytest.mark.parametrize("words", NO_NUMBER)
def test_what_makes_no_number_is_none(words: str) -> None:
    assert parse(words) is None


@pytest.mark.parametrize(
    ("words", "step"),
    [
        ("140", "10"),
        ("4000万", "1e7"),
        ("1.6亿", "1e7"),
        ("百", "100"),
        ("2.10", "0.1"),
        ("一万五", "1000"),
        ("六十", "10"),
    ],
)
def test_step_is_one_unit_of_the_last_digit_that_is_not_zero(words: str, step: str) -> None:
    numeral = parse(words)
    assert numeral is not None
    assert numeral.step == Decimal(step)


@given(st.integers(0, 10**12 - 1) | st.integers(0, 10**5) | st.integers(1, 9999).map(lambda section: section * 10**12))
def test_integer_in_chinese_numerals_is_read_back(number: int) -> None:
    words = written(number)
    for spelling in (words, words.translate(FORMAL), words.translate(TRADITIONAL)):
        numeral = parse(spelling)
        assert numeral is not None, spelling
        assert (numeral.low, numeral.high, numeral.kind) == (Decimal(number), Decimal(number), "exact"), spelling


@given(st.integers(0, 10**15))
def test_figures_are_read_back_with_and_without_separators(number: int) -> None:
    full_width = str.maketrans("0123456789,", "０１２３４５６７８９，")
    for figures in (str(number), f"{number:,}", f"{number:,}".translate(full_width)):
        numeral = parse(figures)
        assert numeral is not None
        assert numeral.low == number


@given(st.integers(1, 9999), st.sampled_from(["万", "亿", "万亿"]))
def test_step_divides_the_value_and_bounds_the_excess(number: int, scale: str) -> None:
    exact, over = parse(f"{number}{scale}"), parse(f"{number}余{scale}")
    assert exact is not None
    assert over is not None
    assert exact.low % exact.step == 0
    assert (over.low, over.high) == (exact.low, exact.low + exact.step)


@given(st.text("0123456789.,〇零一二两三九十百千万亿几数余多来点壹拾个廿", max_size=9))
def test_any_string_of_numeral_characters_is_read_or_none(words: str) -> None:
    numeral = parse(words)
    assert numeral is None or (numeral.low <= numeral.high and numeral.step > 0)
