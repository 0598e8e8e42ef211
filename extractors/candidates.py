"""Text in, numbers with a unit out: each with its modifiers and the interval that they allow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from ..corpus.lexicons import alternation, rows
from ..corpus.records import Bound
from .numerals import NUMERAL, Numeral, parse

TEN, HUNDRED = Decimal(10), Decimal(100)


@dataclass(frozen=True, slots=True)
class Candidate:
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
_RANGE = r"(?:至|到|—{1,2}|-|－|–|~|～|〜)"


@cache
def pattern() -> re.Pattern[str]:
    """The shape of a candidate: a share (七成, 三分之一, 百分之二十) or a numeral, its second end, unit and modifier."""
    unit = alternation([*units(), "大"])
    behind = alternation(list(_behind()))
    share = (
        rf"(?P<percent>(?:百分之|千分之)(?:{NUMERAL}))|(?P<fraction>[二三四五六七八九十百]{{1,3}}分之[一二两三四五六七八九十]{{1,3}}|(?<![\d/])\d{{1,2}}/\d{{1,2}}(?=的|以上))"
        rf"|(?P<tenths>(?:[一二两三四五六七八九]|(?<![\d.])[1-9](?:\.\d)?)成(?:[一二三四五六七八九](?![一二三四五六七八九十]))?)(?![{_PEOPLE_LEFT_OUT}])"
    )
    number = (
        rf"(?P<first>{NUMERAL})(?P<more>[余多来餘])?"
        rf"(?:(?P<inner>{unit})?{_RANGE}(?P<second>{NUMERAL})(?P<more2>[余多餘])?(?={unit}|[，。、；,;\s]))?(?P<unit>{unit})?"
    )
    return re.compile(rf"(?:{share}|{number})(?P<behind>{behind})?")


def candidates(text: str, start: int = 0, end: int | None = None) -> Iterator[Candidate]:
    """Every number of `text[start:end]` that a unit follows, or that counts without one (5800万+, 46万群众).

    >>> [(c.low, c.high, c.bound, c.unit) for c in candidates("捐赠近4万元")]
    [(Decimal('36000.0'), Decimal('40000'), 'under', '元')]
    """
    previous: Candidate | None = None
    for match in _matches(text, start, len(text) if end is None else end):
        found = _share(text, match) if match.lastgroup in _SHARES or match["first"] is None else _counted(text, match)
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
    first = "".join(sorted({word[0] for word in units()} | set("大至到—-－–~～〜/+＋"))).replace("]", r"\]").replace("-", r"\-")
    run = "0-9０-９〇零一二两兩三四五六七八九壹贰貳叁參肆伍陆陸柒捌玖十拾百佰千仟万萬亿億廿卅数數几幾"
    return re.compile(rf"[{run}][{run}.．,，点余多来餘成分之]*(?:(?<=成)|(?<=[万萬亿億余多餘])|(?=[{first}]))")


# Calendar and clock are read as periods; no number of theirs is a candidate: 2023年12月15日, 3月, 17时09分, 4号.
_DATE = re.compile(
    r"(?:19|20)\d\d年(?:\d{1,2}月(?:\d{1,2}[日号])?)?|\d{1,2}月(?:\d{1,2}[日号])?|\d{1,2}[日号](?![一-龥]?[至—-])|\d{1,2}[时点](?:\d{1,2}分)?"
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


_SHARES = frozenset({"percent", "fraction", "tenths"})


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
    return replace(found, low=low, high=high, bound=bound)


def interval(value: Decimal, step: Decimal, bound: Bound) -> tuple[Decimal, Decimal]:
    """Lowest and highest value of a bounded number (guideline, section 1).

    >>> interval(Decimal(40000), Decimal(10000), "under")
    (Decimal('36000.0'), Decimal('40000'))
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
    if not unit_word:
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
    found = Candidate(
        start, match.end(), start, unit_start, unit_end, numeral, low, high, kind, unit, dimension, needs,
        behind=match["behind"] or "", step=step,
    )  # fmt: skip
    return _bounded(text, found)


def _range(match: re.Match[str], first: Numeral) -> tuple[Decimal, Decimal, Decimal, Bound] | None:
    """3至5, 500-1000, 3—5万 (the scale serves both), 20万元至30万元."""
    second = parse(match["second"] + (match["more2"] or ""))
    if second is None:
        return None
    low = first.low
    scale = re.search(r"[千万亿]+$", match["second"])
    if scale and not match["inner"] and match["first"][-1] not in "千万亿":
        shared = parse(match["first"] + scale.group())
        if shared is not None and shared.low < second.low:
            low = shared.low
    return (low, second.high, second.step, "range") if low < second.high else None


def _share(text: str, match: re.Match[str]) -> Candidate | None:
    """七成 is 70 %, 三分之一 a third of 100 %, 百分之二十 20 %; the step is a tenth of the value but for 百分之."""
    value: Decimal | None
    step, unit = None, "%"
    if match["percent"]:
        number = parse(match["percent"][3:])
        if number is None:
            return None
        value, step = number.low, number.step
        unit = "%" if match["percent"].startswith("百") else "‰"
    elif match["fraction"]:
        value = _fraction(match["fraction"])
    else:
        value = _tenths(match["tenths"])
    if value is None:
        return None
    start, end = match.start(), match.end()
    found = Candidate(
        start, end, start, end - len(match["behind"] or ""), end - len(match["behind"] or ""), match.group(),
        value, value, "exact", unit, "ratio", "", behind=match["behind"] or "", step=step or value / TEN,
    )  # fmt: skip
    return _bounded(text, found)


def _fraction(words: str) -> Decimal | None:
    bottom, top = words.split("分之") if "分之" in words else reversed(words.split("/"))
    whole, part = parse(bottom), parse(top)
    if whole is None or part is None or not whole.low or part.low >= whole.low:
        return None
    share = HUNDRED * part.low / whole.low
    rounded = share.quantize(Decimal("0.0001"))
    return rounded.normalize() if rounded != rounded.to_integral() else rounded.to_integral()


def _tenths(words: str) -> Decimal | None:
    head, _, tail = words.partition("成")
    whole, part = parse(head), parse(tail) if tail else None
    if whole is None:
        return None
    return whole.low * TEN + (part.low if part else 0)


_PURE_SCALE = re.compile(r"[十百千万亿萬億]+")


def _bounded(text: str, found: Candidate) -> Candidate:
    """The candidate with the modifiers on both sides in its span and value."""
    word = _modifier_before(text, found)
    bound: Bound = found.bound
    if word:
        bound = _before()[word][0]
        found = replace(found, start=found.start - len(word), before=word)
    elif found.behind:
        bound = _behind()[found.behind]
    if bound == found.bound and bound != "about":
        return found
    if found.bound == "range":
        return found
    low, high = interval(found.low, found.step, bound)
    return replace(found, low=low, high=high, bound=bound)


def _modifier_before(text: str, found: Candidate) -> str:
    for length in (3, 2, 1):
        word = text[max(0, found.start - length) : found.start]
        if word not in _before():
            continue
        if word == "上" and not _PURE_SCALE.fullmatch(found.numeral):
            return ""
        barred = _before()[word][1]
        left = text[found.start - length - 1 : found.start - length]
        if left and left in barred:
            continue
        return word
    return ""
