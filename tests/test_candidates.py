"""A number with its unit has a span, a unit, a bound and the interval of the guideline's value table."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jianbao.corpus.lexicons import rows
from jianbao.extractors.candidates import Candidate, candidates, interval, units

# surface, low, high, bound, unit; most are the guideline's own examples
VALUES = [
    ("18场", "18", "18", "exact", "场"),
    ("140余人次", "140", "150", "over", "人次"),
    ("260多个", "260", "270", "over", "个"),
    ("20多万份", "2e5", "3e5", "over", "份"),
    ("4000余万元", "4e7", "5e7", "over", "元"),
    ("1.6亿+", "1.6e8", "1.7e8", "over", ""),
    ("百余人", "100", "200", "over", "人"),
    ("上百人", "100", "200", "over", "人"),
    ("上千户", "1000", "2000", "over", "户"),
    ("超千名", "1000", "2000", "over", "名"),
    ("三百来家", "300", "400", "over", "家"),
    ("近4万元", "36000", "40000", "under", "元"),
    ("近1300万元", "1.25e7", "1.3e7", "under", "元"),
    ("近100万人", "9e5", "1e6", "under", "人"),
    ("3000元左右", "2700", "3300", "about", "元"),
    ("3至5户", "3", "5", "range", "户"),
    ("500-1000元", "500", "1000", "range", "元"),
    ("数十家", "20", "100", "range", "家"),
    ("几百户", "200", "1000", "range", "户"),
    ("十几个", "11", "20", "range", "个"),
    ("三五户", "3", "5", "range", "户"),
    ("5.5%", "5.5", "5.5", "exact", "%"),
    ("七成", "70", "70", "exact", "%"),
    ("2.3个百分点", "2.3", "2.3", "exact", "百分点"),
    ("1.8‰", "1.8", "1.8", "exact", "‰"),
    ("2.5倍", "2.5", "2.5", "exact", "倍"),
    ("两届", "2", "2", "exact", "届"),
    ("26县", "26", "26", "exact", "县"),
    ("5800万+", "5.8e7", "5.9e7", "over", ""),
]
SHARES = [
    ("百分之二十", "20", "20", "exact", "%"),
    ("百分之6.5", "6.5", "6.5", "exact", "%"),
    ("百分之百", "100", "100", "exact", "%"),
    ("百分之十几", "11", "20", "range", "%"),
    ("千分之三", "3", "3", "exact", "‰"),
    ("万分之五", "0.05", "0.05", "exact", "%"),
    ("四分之三", "75", "75", "exact", "%"),
    ("三分之二", "66.67", "66.67", "exact", "%"),
    ("三分之二以上", "66.67", "73.337", "over", "%"),
    ("八成五", "85", "85", "exact", "%"),
    ("八成半", "85", "85", "exact", "%"),
    ("近六成", "57", "60", "under", "%"),
    ("两三成", "20", "30", "range", "%"),
    ("四成多", "40", "44", "over", "%"),
    ("9.5成", "95", "95", "exact", "%"),
    ("一半", "50", "50", "exact", "%"),
    ("超过一半", "50", "55", "over", "%"),
    ("4%以内", "3.6", "4", "under", "%"),
]
RANGES = [
    ("2～3个", "2", "3", "range", "个"),
    ("3—5万元", "30000", "50000", "range", "元"),
    ("20万元至30万元", "200000", "300000", "range", "元"),
    ("一千到两千万元", "1e7", "2e7", "range", "元"),
    ("两到三百户", "200", "300", "range", "户"),
    ("8500到3万元", "8500", "30000", "range", "元"),
    ("6万(含)至9万元", "60000", "90000", "range", "元"),
    ("五六十家", "50", "60", "range", "家"),
]
FORMS = [
    ("１２００盏", "1200", "1200", "exact", "盏"),
    ("３．５万元", "35000", "35000", "exact", "元"),
    ("1，650户", "1650", "1650", "exact", "户"),
    ("12,800元", "12800", "12800", "exact", "元"),
    ("叁拾伍万元", "350000", "350000", "exact", "元"),
    ("贰佰陆拾元伍角", "260.5", "260.5", "exact", "元"),
    ("四元七角", "4.7", "4.7", "exact", "元"),
    ("六块八毛钱", "6.8", "6.8", "exact", "元"),
    ("30块钱", "30", "30", "exact", "元"),
    ("45萬元", "450000", "450000", "exact", "元"),
    ("1.2億元", "1.2e8", "1.2e8", "exact", "元"),
    ("1200多萬元", "1.2e7", "1.3e7", "over", "元"),
    ("7亿人民币", "7e8", "7e8", "exact", "元"),
    ("￥3万", "30000", "30000", "exact", "元"),
    ("$5万", "50000", "50000", "exact", "美元"),
    ("80万英镑", "8e5", "8e5", "exact", "英镑"),
    ("6亿日元", "6e8", "6e8", "exact", "日元"),
    ("两亩半", "2.5", "2.5", "exact", "亩"),
    ("40余台（套）", "40", "50", "over", "台（套）"),
    ("90人（次）", "90", "90", "exact", "人次"),
    ("三千余封", "3000", "4000", "over", "封"),
    ("约300多户", "300", "400", "over", "户"),
]
# Read as dates and clock times, never as candidates.
CALENDAR = {"月", "日", "号", "时", "点", "点钟", "月份"}
BEFORE = {row[0]: row[3] for row in rows("modifiers") if row[1] == "before"}


def only(text: str) -> Candidate:
    """The one candidate of the text."""
    (found,) = candidates(text)
    return found


@pytest.mark.parametrize("left", ["", "全县共有"])
@pytest.mark.parametrize(("surface", "low", "high", "bound", "unit"), VALUES + SHARES + RANGES + FORMS)
def test_surface_has_the_interval_bound_and_unit_of_the_guideline(
    left: str, surface: str, low: str, high: str, bound: str, unit: str
) -> None:
    text = f"{left}{surface}。"
    found = only(text)
    assert text[found.start : found.end] == surface
    assert (found.low, found.high, found.bound, found.unit) == (Decimal(low), Decimal(high), bound, unit)


@pytest.mark.parametrize("row", rows("modifiers"), ids=lambda row: row[0])
def test_each_modifier_of_the_lexicon_bounds_its_number_and_joins_the_span(row: tuple[str, ...]) -> None:
    word, side, bound, _ = row
    number, value = ("千户", Decimal(1000)) if word == "上" else ("160户", Decimal(160))
    surface = word + number if side == "before" else number + word
    text = f"其中{surface}，"
    found = only(text)
    step = Decimal(1000) if word == "上" else Decimal(10)
    assert text[found.start : found.end] == surface
    assert (found.bound, (found.low, found.high)) == (bound, interval(value, step, bound))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("word", "barred"), [(word, left) for word in BEFORE for left in BEFORE[word] if left + word not in BEFORE]
)
def test_modifier_that_ends_another_word_stays_outside(word: str, barred: str) -> None:
    number = "千户" if word == "上" else "160户"
    text = f"{barred}{word}{number}，"
    found = only(text)
    assert (text[found.start : found.end], found.bound) == (number, "exact")


@pytest.mark.parametrize("word", sorted(set(units()) - CALENDAR))
def test_each_unit_of_the_lexicon_is_read_behind_figures(word: str) -> None:
    found = only(f"共37{word}，")
    assert (found.low, found.unit) == (Decimal(37), units()[word][1])


@pytest.mark.parametrize(
    ("text", "unit"),
    [("港币60万元", "港元"), ("折合新台币 90万元", "新台币"), ("人民币八十元", "元"), ("日币5万元", "日元")],
)
def test_currency_before_the_figure_names_the_unit(text: str, unit: str) -> None:
    assert only(text).unit == unit


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("3.4本期计划投入87.65万元3.5本期目标", "87.65万元"),
        ("（1）改造水渠9.2公里（2）修路", "9.2公里"),
        ("6.1总投资4.3亿元6.2建设", "4.3亿元"),
    ],
)
def test_section_number_glued_to_a_sum_leaves_it_whole(text: str, surface: str) -> None:
    assert surface in [text[each.start : each.end] for each in candidates(text)]


@pytest.mark.parametrize(
    "text", ["长三角一体化", "珠三角地区", "陆地面积", "登陆部队", "拾起石子", "放肆", "半成品", "2.5D", ""]
)
def test_words_that_only_look_like_numbers_give_none(text: str) -> None:
    assert not list(candidates(text))


def test_list_shares_the_modifier_behind_its_last_number() -> None:
    first, second = candidates("分别达85%、90%以上")
    assert (first.bound, first.high, second.bound) == ("over", Decimal(86), "over")


def test_list_shares_the_modifier_before_its_first_number() -> None:
    first, second = candidates("分别超过120户、40户")
    assert (first.bound, second.bound, second.high) == ("over", "over", Decimal(50))


BOUNDED = [(row[0], row[1]) for row in rows("modifiers") if row[0] != "上"]


@given(st.integers(1, 10**9), st.sampled_from(BOUNDED), st.sampled_from(["户", "万元", "亿斤", "人次", "%"]))
def test_interval_holds_the_stated_value(number: int, modifier: tuple[str, str], unit: str) -> None:
    word, side = modifier
    value = Decimal(number) * {"万": 10**4, "亿": 10**8}.get(unit[0], 1)
    found = only(f"{word}{number}{unit}" if side == "before" else f"{number}{unit}{word}")
    assert found.low <= value <= found.high
    assert found.low < found.high


@given(
    st.lists(
        st.tuples(st.sampled_from(["达", "近", "建成", "，", "其中"]), st.integers(2, 10**6)), min_size=1, max_size=6
    )
)
def test_spans_give_back_the_surface(parts: list[tuple[str, int]]) -> None:
    text = "。".join(f"{left}{number}户" for left, number in parts)
    found = list(candidates(text))
    wanted = [f"近{number}户" if left == "近" else f"{number}户" for left, number in parts]
    assert [text[each.start : each.end] for each in found] == wanted
    assert [text[each.number_start : each.unit_start] for each in found] == [str(number) for _, number in parts]


@given(
    st.text(
        "0123456789.,一二两三五九十百千万亿几数余多来成分之半角元块户人个近超约上至到-%以+￥（），。个月", max_size=24
    )
)
def test_any_text_gives_ordered_spans_and_sound_intervals(text: str) -> None:
    end = 0
    for found in candidates(text):
        assert end <= found.start <= found.number_start <= found.end <= len(text)
        assert found.low <= found.high
        end = found.end
