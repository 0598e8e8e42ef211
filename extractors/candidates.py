"""Text in, numbers with a unit out: each with its modifiers and the interval that they allow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from ..corpus.lexicons import alternation, lexical, remembered, rows
from ..corpus.records import Bound
from .numerals import NUMERAL, Numeral, parse
from .shares import FIGURE, SHARES, change_of

HALF = Decimal("0.5")


class Candidate(NamedTuple):
    """A number with its unit; `start..end` with the modifiers, `number..unit..` the places of its parts."""

    start: int
    end: int
    number_start: int
    unit_start: int
    unit_end: int
    numeral: str
    low: Decimal
    high: Decimal
    bound: Bound
    unit: str
    dimension: str
    needs: str
    before: str = ""
    behind: str = ""
    step: Decimal = Decimal(1)


@lexical
def units() -> dict[str, tuple[str, str, str]]:
    """Unit as written to (dimension, base unit, what it needs)."""
    return {word: (dimension, unit, needs) for word, dimension, unit, needs, _ in rows("units")}


@cache
def _before() -> dict[str, tuple[Bound, str]]:
    return {word: (bound, barred) for word, side, bound, barred in rows("modifiers") if side == "before"}  # type: ignore[misc]


@cache
def modifiers_behind() -> dict[str, Bound]:
    """The modifiers that stand behind a number, and what each does: 以上, 左右."""
    return {word: bound for word, side, bound, _ in rows("modifiers") if side == "behind"}  # type: ignore[misc]


_PEOPLE_LEFT_OUT = "立果功员为熟绩本都长交效套品就分语千百"
_RANGE = r"(?:至|到|—{1,2}|-{1,2}|－|–|~|～|〜)"
_RUN_WORDS = "〇零一二两兩三四五六七八九壹贰貳叁參肆伍陆陸柒捌玖十拾百佰千仟万萬亿億廿卅数數几幾"
_RUN = f"0-9０-９{_RUN_WORDS}"
# Behind whole yuan: 五元三角, 十块三毛二分, 壹元零伍分.
_CHANGE = rf"(?<![亩顷米里斤克吨倍])[零〇]?(?:{FIGURE}[角毛](?:{FIGURE}分)?|(?<=[零〇]){FIGURE}分)钱?"
# A few 角 alone; 三角, 一角 and 八角 are regions, corners and spices.
_DIMES = rf"(?<![\d.])[2-9二两四五六七九壹贰叁肆伍陆柒捌玖]角(?:{FIGURE}分)?(?=钱|[，。；、！？）\s]|$)"
_AND_HALF = r"(?<![元圆圓块])半(?=[，。；、！？,;)）\s的以]|$)"
# Currency before the figure: 港币50万元 is 港元, ￥3万 元.
_CURRENCIES = {"港币": "港元", "新台币": "新台币", "台币": "新台币", "澳门币": "澳门元", "日币": "日元"}
_SIGNS = {"￥": "元", "¥": "元", "$": "美元", "＄": "美元", "€": "欧元", "£": "英镑"}


@lexical
def pattern() -> re.Pattern[str]:
    """The shape of a candidate: a share (七成, 三分之一, 百分之二十), or a numeral, its second end, unit, modifier."""
    unit = alternation([*units(), "大"])
    behind = alternation(list(modifiers_behind()))
    digit = "[一二两兩三四五六七八九]"
    figures = r"(?<![\d.．])(?:10|[1-9１-９](?:[.．][0-9０-９])?)"
    tenths = rf"{digit}(?:[点點][一二三四五六七八九]|{digit})?|{figures}|(?<![{_RUN}])十"
    share = (
        rf"(?P<percent>[百佰千仟]分之(?:{NUMERAL}))"
        rf"|(?P<fraction>[{_RUN}]{{1,9}}分之(?:{NUMERAL})|(?<![\d/])\d{{1,2}}/\d{{1,2}}(?=的|以上))"
        rf"|(?P<tenths>(?:{tenths})成(?:{digit}(?!{digit}|十)|半(?!品))?[多余]?)(?![{_PEOPLE_LEFT_OUT}])"
        rf"|(?P<half>(?<![另对前后上下])一半(?![天年月]))|(?P<dimes>{_DIMES})"
    )
    number = (
        rf"(?P<first>{NUMERAL})(?P<more>[余多来餘])?"
        rf"(?:(?P<inner>{unit})?(?:[（(]含[)）])?{_RANGE}(?P<second>{NUMERAL})(?P<more2>[余多餘])?(?={unit}|[，。、；,;\s]))?"
        rf"(?P<unit>{unit})?(?:(?<=[元圆圓块亩顷米里斤克吨倍])(?:(?P<change>{_CHANGE})|(?P<and_half>{_AND_HALF})))?"
    )
    majority = r"(?P<majority>半数|过半数?(?![年天月个百生山路夜]))"
    return re.compile(rf"(?:{majority}|(?=[{_RUN}.．点點]{{1,9}}[分成半角/])(?:{share})|{number})(?P<behind>{behind})?")


# Where the groups of a counted number stand among those of the pattern: behind those of the shares.
_FIRST, _UNIT = 6, 11


def candidates(text: str, start: int = 0, end: int | None = None) -> Iterator[Candidate]:
    """Every number of `text[start:end]` that a unit follows, or that counts without one (5800万+, 46万群众).

    >>> [(c.low, c.high, c.bound, c.unit) for c in candidates("捐赠近4万元")]
    [(Decimal('36000'), Decimal('40000'), 'under', '元')]
    """
    previous: Candidate | None = None
    for match in _matches(text, start, len(text) if end is None else end):
        found = _share(text, match) if match["first"] is None else _counted(text, match)
        if found is None:
            continue
        if previous is not None:
            if found.behind and _is_listed(text, previous, found):
                previous = _with_modifier(previous, found.bound)
            elif previous.before and _shares_first(text, previous, found):
                found = _with_modifier(found, previous.bound)
            yield previous
        previous = found
    if previous is not None:
        yield previous


@lexical
def _hint() -> re.Pattern[str]:
    """A run of numeral characters before a character that can begin a unit: a quick look before the whole pattern.

    It begins with a class of characters, for which `re` looks fast; what must stand before follows behind it.
    """
    first = re.escape("".join(sorted({word[0] for word in units()} | set("大至到—-－–~～〜/+＋半角"))))
    return re.compile(
        rf"[0-9０-９{_RUN_WORDS}过半](?:(?<=过)半|(?<=半)(?=数)|(?<![过半])(?<![0-9０-９][0-9０-９])"
        rf"[{_RUN}.．,，点點余多来餘成分之]{{0,40}}(?:(?<=成)|(?<=[万萬亿億余多餘])|(?=[{first}])))"
    )


# Calendar and clock are read as periods; no number of theirs is a candidate: 2023年12月15日, 3月, 17时09分, 4号.
DATE = re.compile(
    r"(?:19|20)\d\d年(?:\d{1,2}月(?:\d{1,2}[日号])?)?|\d{1,2}月(?:\d{1,2}[日号])?|\d{1,2}[日号](?!元|币|[一-龥]?[至—-])|\d{1,2}[时点](?:\d{1,2}分)?"
    r"|[二一][〇零一二三四五六七八九]{3}年(?:[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十]{1,3}日)?)?"
)


def _matches(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Matches of the pattern, tried only where a numeral may begin."""
    search, match_at = _hint().search, pattern().match
    while hint := search(text, start, end):
        place, last = hint.span()
        while place < last:
            if date := DATE.match(text, place, end):
                place = date.end()
                continue
            match = match_at(text, place, end)
            if match is None:
                place += 1
                continue
            yield match
            place = match.end()
        start = place


def _is_listed(text: str, first: Candidate, second: Candidate) -> bool:
    """90%、95%以上: the modifier behind the last bounds the first too."""
    return (
        first.bound == "exact"
        and first.unit == second.unit
        and text[first.end : second.start] in ("、", "和", "及", "与")
    )


def _shares_first(text: str, first: Candidate, second: Candidate) -> bool:
    """分别超过400万家、223万个: the modifier before the first bounds the second too."""
    left = text[max(0, first.start - 4) : first.start]
    return (
        not (second.before or second.behind)
        and second.bound == "exact"
        and "分别" in left
        and text[first.end : second.start] in ("、", "和", "及", "与")
    )


def _with_modifier(found: Candidate, bound: Bound) -> Candidate:
    low, high = interval(found.low, found.step, bound)
    return found._replace(low=low, high=high, bound=bound)


def interval(value: Decimal, step: Decimal, bound: Bound) -> tuple[Decimal, Decimal]:
    """Lowest and highest value of a bounded number (guideline, section 1).

    >>> interval(Decimal(40000), Decimal(10000), "under")
    (Decimal('36000'), Decimal('40000'))
    """
    slack = min(step / 2, value / 10)
    if bound == "over":
        return value, value + step
    if bound == "under":
        return value - slack, value
    if bound == "about":
        return value - slack, value + slack
    return value, value


class _Told(NamedTuple):
    """What the words of a number tell wherever they stand; `unit_start..unit_end` counts from their beginning."""

    numeral: str
    low: Decimal
    high: Decimal
    step: Decimal
    bound: Bound
    unit: str
    dimension: str
    needs: str
    unit_start: int
    unit_end: int


Groups = tuple[str | None, ...]


def _counted(text: str, match: re.Match[str]) -> Candidate | None:
    start, end = match.span()
    groups = match.groups()
    words, unit, behind = match.group(), groups[_UNIT], groups[-1] or ""
    sign = "" if unit or not start else _SIGNS.get(text[start - 1], "")
    told = _tell(words, groups, sign, "")
    if told is None:
        return None
    head = start - 1 if sign else start
    word = _modifier_before(text, head, told.numeral)
    if word:
        told = _tell(words, groups, sign, word) or told
    is_yuan = unit and told.unit == "元" and units()[unit][1] == "元"
    return Candidate(
        head - len(word), end, start, start + told.unit_start, start + told.unit_end, told.numeral, told.low, told.high,
        told.bound, _currency(text, start) if is_yuan else told.unit, told.dimension, told.needs, word, behind, told.step,
    )  # fmt: skip


@remembered(1 << 14)
def _tell(words: str, groups: Groups, sign: str, before: str) -> _Told | None:
    """What a match of the pattern tells behind a modifier; kept, since texts count the same things again and again."""
    told = _tell_value(words, groups, sign)
    behind = groups[-1]
    if told is None or not (before or behind):
        return told
    bound = _before()[before][0] if before else modifiers_behind()[behind or ""]
    if not _binds(bound, told.bound):
        return told
    low, high = interval(told.low, told.step, bound)
    return told._replace(low=low, high=high, bound=bound)


def _tell_value(words: str, groups: Groups, sign: str) -> _Told | None:
    more, inner, second, more2, unit_word, change, and_half, behind = groups[_FIRST + 1 :]
    first = groups[_FIRST] or ""
    numeral = first + (more or "")
    number = parse(numeral)
    if number is None:
        return None
    unit_end = len(words) - len(behind or "") - len(change or and_half or "")
    unit_start = unit_end - len(unit_word or "")
    kind: Bound = number.kind
    low, high, step = number.low, number.high, number.step
    if second:
        ends = _range(first, inner, second, more2, number)
        if ends is not None:
            low, high, step, kind = ends
            numeral = words[:unit_start] if unit_word else words[: unit_start - len(more2 or "")]
    if sign:
        return _Told(numeral, low, high, step, kind, sign, "money", "", -1, 0)
    if not unit_word:
        if numeral[-1] not in "万亿萬億余多餘" or not any(c in numeral for c in "万亿萬億"):
            return None
        return _Told(numeral, low, high, step, kind, "", "other", "noun", unit_start, unit_end)
    if unit_word == "大":
        return _Told(numeral, low, high, step, kind, "大", "other", "list", unit_start, unit_end)
    dimension, unit, needs = units()[unit_word]
    if "多" in unit_word and kind == "exact":
        kind, high = "over", low + step
    if change:
        step, value = change_of(change)
        low, high = low + value, high + value
        dimension, unit, needs = "money", "元" if unit == "块" else unit, ""
    elif and_half:
        step, low, high = HALF, low + HALF, high + HALF
    return _Told(numeral, low, high, step, kind, unit, dimension, needs, unit_start, unit_end)


def _range(
    first: str, inner: str | None, second: str, more: str | None, number: Numeral
) -> tuple[Decimal, Decimal, Decimal, Bound] | None:
    """3至5, 500-1000, 3—5万 (the scale serves both), 20万元至30万元."""
    last = parse(second + (more or ""))
    if last is None:
        return None
    low = number.low
    if not inner:
        low = _sharing_scale(first, second, last.low) or low
    return (low, last.high, last.step, "range") if low < last.high else None


_LAST_SCALE = re.compile(r"(?:[百佰千仟]|[万萬亿億]+)$")


def _sharing_scale(first: str, second: str, ceiling: Decimal) -> Decimal | None:
    """The first end with the scale of the second: 3至5千, 一千到两千万; None where it has its own (8500到3万)."""
    scale = _LAST_SCALE.search(second)
    if scale is None or first[-1] in "万萬亿億":
        return None
    for place in range(len(scale.group())):
        shared = parse(first + scale.group()[place:])
        if shared is not None and shared.low < ceiling:
            return shared.low
    return None


def _currency(text: str, start: int) -> str:
    """元 of 港币两千元 is 港元."""
    left = text[max(0, start - 4) : start].rstrip()
    if not left.endswith("币"):
        return "元"
    return next((unit for word, unit in _CURRENCIES.items() if left.endswith(word)), "元")


def _share(text: str, match: re.Match[str]) -> Candidate | None:
    """七成 is 70 %, 三分之一 a third of 100 %, 百分之二十 20 %, 五角 0.5 元."""
    name = next(name for name in SHARES if match[name])
    number = SHARES[name](match[name])
    if number is None:
        return None
    end = match.end() - len(match["behind"] or "")
    unit, dimension = ("元", "money") if match["dimes"] else ("%", "ratio")
    if match["percent"] and match["percent"][0] in "千仟":
        unit = "‰"
    found = Candidate(
        match.start(), match.end(), match.start(), end, end, match.group(), number.low, number.high, number.kind,
        unit, dimension, "", behind=match["behind"] or "", step=number.step,
    )  # fmt: skip
    return bounded(text, found)


_PURE_SCALE = re.compile(r"[十百千万亿萬億]+")


def bounded(text: str, found: Candidate) -> Candidate:
    """The candidate with the modifiers on both sides in its span and value."""
    word = _modifier_before(text, found.start, found.numeral)
    if not word and not found.behind:
        return found
    bound = _before()[word][0] if word else modifiers_behind()[found.behind]
    start = found.start - len(word)
    if not _binds(bound, found.bound):
        return found._replace(start=start, before=word)
    low, high = interval(found.low, found.step, bound)
    return found._replace(start=start, before=word, low=low, high=high, bound=bound)


def _binds(bound: Bound, own: Bound) -> bool:
    """Whether a modifier tells more than the words of the number themselves: 约二十余 is over 20."""
    return not (bound == own or own == "range" or (own == "over" and bound == "about"))


@cache
def _last_characters() -> frozenset[str]:
    return frozenset(word[-1] for word in _before())


def _modifier_before(text: str, start: int, numeral: str) -> str:
    """The modifier that ends where a number begins."""
    if not start or text[start - 1] not in _last_characters():
        return ""
    words = _before()
    for length in (3, 2, 1):
        word = text[max(0, start - length) : start]
        if word not in words:
            continue
        if word == "上" and not _PURE_SCALE.fullmatch(numeral):
            return ""
        barred = words[word][1]
        left = text[start - length - 1 : start - length]
        if left and left in barred:
            continue
        return word
    return ""
