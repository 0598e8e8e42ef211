"""Text in, numbers with a unit out: each with its modifiers and the interval that they allow."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from ..corpus.lexicons import alternation, rows
from ..corpus.records import Bound
from .numerals import NUMERAL, Numeral, parse

TEN, HUNDRED = Decimal(10), Decimal(100)
HALF, CENT = Decimal("0.5"), Decimal("0.01")


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


@cache
def units() -> dict[str, tuple[str, str, str]]:
    """Unit as written to (dimension, base unit, what it needs)."""
    return {word: (dimension, unit, needs) for word, dimension, unit, needs, _ in rows("units")}


@cache
def _before() -> dict[str, tuple[Bound, str]]:
    return {word: (bound, barred) for word, side, bound, barred in rows("modifiers") if side == "before"}  # type: ignore[misc]


@cache
def _behind() -> dict[str, Bound]:
    return {word: bound for word, side, bound, _ in rows("modifiers") if side == "behind"}  # type: ignore[misc]


_PEOPLE_LEFT_OUT = "立果功员为熟绩本都长交效套品就分语千百"
_RANGE = r"(?:至|到|—{1,2}|-{1,2}|－|–|~|～|〜)"
_RUN_WORDS = "〇零一二两兩三四五六七八九壹贰貳叁參肆伍陆陸柒捌玖十拾百佰千仟万萬亿億廿卅数數几幾"
_RUN = f"0-9０-９{_RUN_WORDS}"
_FIGURE = "[1-9１-９一二两三四五六七八九壹贰貳叁參肆伍陆陸柒捌玖]"
# Behind whole yuan: 五元三角, 十块三毛二分, 壹元零伍分.
_CHANGE = rf"(?<![亩顷米里斤克吨倍])[零〇]?(?:{_FIGURE}[角毛](?:{_FIGURE}分)?|(?<=[零〇]){_FIGURE}分)钱?"
# A few 角 alone; 三角, 一角 and 八角 are regions, corners and spices.
_DIMES = rf"(?<![\d.])[2-9二两四五六七九壹贰叁肆伍陆柒捌玖]角(?:{_FIGURE}分)?(?=钱|[，。；、！？）\s]|$)"
_AND_HALF = r"(?<![元圆圓块])半(?=[，。；、！？,;)）\s的以]|$)"
# Currency before the figure: 港币50万元 is 港元, ￥3万 元.
_CURRENCIES = {"港币": "港元", "新台币": "新台币", "台币": "新台币", "澳门币": "澳门元", "日币": "日元"}
_SIGNS = {"￥": "元", "¥": "元", "$": "美元", "＄": "美元", "€": "欧元", "£": "英镑"}


@cache
def pattern() -> re.Pattern[str]:
    """The shape of a candidate: a share (七成, 三分之一, 百分之二十), or a numeral, its second end, unit, modifier."""
    unit = alternation([*units(), "大"])
    behind = alternation(list(_behind()))
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
            if _is_listed(text, previous, found):
                previous = _with_modifier(previous, found.bound)
            elif _shares_first(text, previous, found):
                found = _with_modifier(found, previous.bound)
            yield previous
        previous = found
    if previous is not None:
        yield previous


@cache
def _hint() -> re.Pattern[str]:
    """A run of numeral characters before a character that can begin a unit: a quick look before the whole pattern."""
    first = re.escape("".join(sorted({word[0] for word in units()} | set("大至到—-－–~～〜/+＋半角"))))
    return re.compile(
        rf"(?:(?<![0-9０-９])[0-9０-９]|[{_RUN_WORDS}])[{_RUN}.．,，点點余多来餘成分之]{{0,40}}(?:(?<=成)|(?<=[万萬亿億余多餘])|(?=[{first}]))|过?半(?=数)|过半"
    )


# Calendar and clock are read as periods; no number of theirs is a candidate: 2023年12月15日, 3月, 17时09分, 4号.
_DATE = re.compile(
    r"(?:19|20)\d\d年(?:\d{1,2}月(?:\d{1,2}[日号])?)?|\d{1,2}月(?:\d{1,2}[日号])?|\d{1,2}[日号](?!元|币|[一-龥]?[至—-])|\d{1,2}[时点](?:\d{1,2}分)?"
    r"|[二一][〇零一二三四五六七八九]{3}年(?:[一二三四五六七八九十]{1,2}月(?:[一二三四五六七八九十]{1,3}日)?)?"
)


def _matches(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """Matches of the pattern, tried only where a numeral may begin."""
    search, match_at = _hint().search, pattern().match
    while hint := search(text, start, end):
        place, last = hint.span()
        while place < last:
            if date := _DATE.match(text, place, end):
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
        bool(second.behind)
        and first.bound == "exact"
        and first.unit == second.unit
        and text[first.end : second.start] in ("、", "和", "及", "与")
    )


def _shares_first(text: str, first: Candidate, second: Candidate) -> bool:
    """分别超过400万家、223万个: the modifier before the first bounds the second too."""
    left = text[max(0, first.start - 4) : first.start]
    return (
        bool(first.before)
        and not (second.before or second.behind)
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


def _counted(text: str, match: re.Match[str]) -> Candidate | None:
    unit_word = match["unit"] or ""
    first = match["first"] + (match["more"] or "")
    number = parse(first)
    if number is None:
        return None
    numeral, start = first, match.start()
    kind: Bound = number.kind
    low, high, step = number.low, number.high, number.step
    if match["second"]:
        ends = _range(match, number)
        if ends is not None:
            low, high, step, kind = ends
            numeral = text[start : match.start("unit")] if unit_word else text[start : match.end("second")]
    sign = _SIGNS.get(text[start - 1 : start]) if start and not unit_word else None
    if sign:
        dimension, unit, needs = "money", sign, ""
        unit_start, unit_end = start - 1, start
    elif not unit_word:
        if numeral[-1] not in "万亿萬億余多餘" or not any(c in numeral for c in "万亿萬億"):
            return None
        dimension, unit, needs = "other", "", "noun"
        unit_start = unit_end = match.start("behind") if match["behind"] else match.end()
    elif unit_word == "大":
        dimension, unit, needs = "other", "大", "list"
        unit_start, unit_end = match.span("unit")
    else:
        dimension, unit, needs = units()[unit_word]
        unit_start, unit_end = match.span("unit")
        if "多" in unit_word and kind == "exact":
            kind, high = "over", low + step
        if unit == "元":
            unit = _currency(text, start)
        if match["change"]:
            step, change = _change(match["change"])
            low, high = low + change, high + change
            dimension, unit, needs = "money", "元" if unit == "块" else unit, ""
        elif match["and_half"]:
            step, low, high = HALF, low + HALF, high + HALF
    found = Candidate(
        start - 1 if sign else start, match.end(), start, unit_start, unit_end, numeral, low, high, kind,
        unit, dimension, needs, behind=match["behind"] or "", step=step,
    )  # fmt: skip
    return _bounded(text, found)


def _range(match: re.Match[str], first: Numeral) -> tuple[Decimal, Decimal, Decimal, Bound] | None:
    """3至5, 500-1000, 3—5万 (the scale serves both), 20万元至30万元."""
    second = parse(match["second"] + (match["more2"] or ""))
    if second is None:
        return None
    low = first.low
    if not match["inner"]:
        low = _sharing_scale(match["first"], match["second"], second.low) or low
    return (low, second.high, second.step, "range") if low < second.high else None


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
    return next((unit for word, unit in _CURRENCIES.items() if left.endswith(word)), "元")


_CENTS = re.compile(rf"(?:({_FIGURE})[角毛])?(?:({_FIGURE})分)?钱?$")


def _change(words: str) -> tuple[Decimal, Decimal]:
    """Step and value of the change behind whole yuan: 三角 is 0.3, 三角五分 0.35, 零五分 0.05."""
    match = _CENTS.search(words)
    dimes, cents = (parse(part) if part else None for part in match.groups()) if match else (None, None)
    value = (dimes.low / TEN if dimes else 0) + (cents.low / HUNDRED if cents else Decimal(0))
    return (1 / HUNDRED if cents else 1 / TEN), value


def _share(text: str, match: re.Match[str]) -> Candidate | None:
    """七成 is 70 %, 三分之一 a third of 100 %, 百分之二十 20 %, 五角 0.5 元."""
    name = next(name for name in _SHARES if match[name])
    number = _SHARES[name](match[name])
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
    return _bounded(text, found)


def _majority(words: str) -> Numeral:
    """半数 is 50, 过半 50..55."""
    step = Decimal(5)
    half = Decimal(50)
    return Numeral(half, half + step, step, "over") if words[0] == "过" else Numeral(half, half, step, "exact")


def _percent(words: str) -> Numeral | None:
    return parse(words[3:])


def _fraction(words: str) -> Numeral | None:
    """三分之一 is 33.33, 万分之五 0.05: what has no end is rounded to two decimals."""
    bottom, top = words.split("分之") if "分之" in words else reversed(words.split("/"))
    whole, part = parse(bottom), parse(top)
    if whole is None or part is None or part.low >= whole.low:
        return None
    share = HUNDRED * part.low / whole.low
    return _tenth_step(share if len(share.as_tuple().digits) < 20 else share.quantize(CENT))


_TENTHS = re.compile(r"(.+)成([一二两三四五六七八九]?)(半?)([多余]?)")


def _tenths(words: str) -> Numeral | None:
    """七成 is 70, 七成六 76, 九成半 95, 三四成 30..40, 三成多 30..33."""
    match = _TENTHS.match(words)
    whole = parse(match[1]) if match else None
    if match is None or whole is None:
        return None
    rest = parse(match[2]) if match[2] else None
    share = _tenth_step(whole.low * TEN + (rest.low if rest else 0) + (5 if match[3] else 0))
    if whole.kind == "range":
        return Numeral(share.low, whole.high * TEN, share.step, "range")
    return Numeral(share.low, share.low + share.step, share.step, "over") if match[4] else share


def _half(words: str) -> Numeral:
    return _tenth_step(HUNDRED / 2)


def _dimes(words: str) -> Numeral:
    step, value = _change(words)
    return Numeral(value, value, step, "exact")


def _tenth_step(value: Decimal) -> Numeral:
    return Numeral(value, value, value / TEN, "exact")


_SHARES: dict[str, Callable[[str], Numeral | None]] = {"majority": _majority,
    "percent": _percent, "fraction": _fraction, "tenths": _tenths, "half": _half, "dimes": _dimes,
}  # fmt: skip


_PURE_SCALE = re.compile(r"[十百千万亿萬億]+")


def _bounded(text: str, found: Candidate) -> Candidate:
    """The candidate with the modifiers on both sides in its span and value."""
    word = _modifier_before(text, found)
    if not word and not found.behind:
        return found
    bound = _before()[word][0] if word else _behind()[found.behind]
    start = found.start - len(word)
    if bound == found.bound or found.bound == "range" or (found.bound == "over" and bound == "about"):
        return found._replace(start=start, before=word)
    low, high = interval(found.low, found.step, bound)
    return found._replace(start=start, before=word, low=low, high=high, bound=bound)


@cache
def _last_characters() -> frozenset[str]:
    return frozenset(word[-1] for word in _before())


def _modifier_before(text: str, found: Candidate) -> str:
    words = _before()
    if text[found.start - 1 : found.start] not in _last_characters():
        return ""
    for length in (3, 2, 1):
        word = text[max(0, found.start - length) : found.start]
        if word not in words:
            continue
        if word == "上" and not _PURE_SCALE.fullmatch(found.numeral):
            return ""
        barred = words[word][1]
        left = text[found.start - length - 1 : found.start - length]
        if left and left in barred:
            continue
        return word
    return ""
