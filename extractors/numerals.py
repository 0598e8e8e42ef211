"""A numeral of official prose in, its exact value out: 二百余万, 1,100万, 三五, 十几, 1.5亿, 数十, 贰万."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

Kind = Literal["exact", "over", "about", "range"]

_ASCII = str.maketrans(
    "０１２３４５６７８９．，萬億兩幾數餘零壹贰貳叁參肆伍陆陸柒捌玖拾佰仟廿卅",
    "0123456789.,万亿两几数余〇一二二三三四五六六七八九十百千念卌",
)
_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_TOKEN = re.compile(r"\d+(?:\.\d+)?|[〇一二三四五六七八九两]+(?:点[〇一二三四五六七八九]+)?|[十百千万亿]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")

# Shape of a numeral in running text; 千瓦, 千米 and 百分 keep their first character for the unit.
FIGURES = r"(?:[0-9０-９]{1,3}(?:[,，][0-9０-９]{3})+(?![0-9０-９])(?:[.．][0-9０-９]+)?|[0-9０-９]+(?:[.．][0-9０-９]+)?)"
_DIGIT = "〇零一二两兩三四五六七八九壹贰貳叁參肆伍陆陸柒捌玖"
_SCALE = r"(?:[十拾佰万萬亿億廿卅]|百(?!分)|[千仟](?![瓦米克伏卡赫字]))"
_VAGUE = r"(?:几|幾|(?<![人指总件户次个倍基参函分岁额家少多])[数數])"
NUMERAL = (
    rf"(?:{FIGURES}(?:[余多来几餘]?{_SCALE}+)?(?:{FIGURES}{_SCALE}+)*"
    rf"|{_VAGUE}(?={_SCALE}){_SCALE}+(?:[余多餘]{_SCALE}+)?"
    rf"|(?:[{_DIGIT}]|{_SCALE})(?:[{_DIGIT}]|{_SCALE})*(?:点[{_DIGIT}]+{_SCALE}*)?(?:[几幾余多来餘]{_SCALE}+|[几幾])?)"
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """Lowest and highest value that the words allow, and the step: one unit of the last non-zero digit as written."""

    low: Decimal
    high: Decimal
    step: Decimal
    kind: Kind


@lru_cache(maxsize=1 << 16)
def parse(surface: str) -> Numeral | None:
    """Value of a numeral without unit; None where the characters make no number.

    >>> parse("二百余万").low, parse("二百余万").high
    (Decimal('2000000'), Decimal('3000000'))
    >>> parse("16.4亿").low, parse("三五").high, parse("十几").low
    (Decimal('1640000000'), Decimal('5'), Decimal('11'))
    """
    text = _plain(surface)
    for rule in _RULES:
        numeral = rule(text)
        if numeral is not None:
            return numeral
    return None


def _plain(surface: str) -> str:
    text = surface.translate(_ASCII).replace("念", "二十").replace("卌", "三十")
    return _THOUSANDS.sub("", text)


_VAGUE_TENS = re.compile(r"[几数]([十百千万亿]+)([余多]?)([万亿]*)")


def _vague_tens(text: str) -> Numeral | None:
    """数十 is 20..100, 几百万 is 200万..1000万."""
    match = _VAGUE_TENS.fullmatch(text)
    if match is None:
        return None
    one = _value("一" + match[1] + match[3])
    return None if one is None else Numeral(one[0] * 2, one[0] * 10, one[0], "range")


_VAGUE_UNITS = re.compile(r"(.*十)几([百千万亿]*)")


def _vague_units(text: str) -> Numeral | None:
    """十几 is 11..20, 三十几万 is 31万..40万."""
    match = _VAGUE_UNITS.fullmatch(text)
    if match is None:
        return None
    base, one = _value(match[1] + match[2]), _value("一" + match[2]) if match[2] else (Decimal(1), Decimal(1))
    if base is None or one is None:
        return None
    return Numeral(base[0] + one[0], base[0] + one[0] * 10, one[0], "range")


_EXCESS = re.compile(r"(.+?)([余多来])([十百千万亿]*)")


def _excess(text: str) -> Numeral | None:
    """二百余万 is 200万..300万, 20多万 is 20万..30万; 十来 is about ten."""
    match = _EXCESS.fullmatch(text)
    if match is None:
        return None
    value = _value(match[1] + match[3])
    if value is None:
        return None
    amount, step = value
    if match[2] == "来":
        return Numeral(amount, amount, step, "about")
    return Numeral(amount, amount + step, step, "over")


_NEIGHBOURS = re.compile(r"(.*?)([一二两三四五六七八九])([二三四五六七八九两])([十百千万亿]*)")


def _neighbours(text: str) -> Numeral | None:
    """三五 is 3..5, 七八十 is 70..80, 十五六 is 15..16, 五六百万 is 500万..600万."""
    match = _NEIGHBOURS.fullmatch(text)
    if match is None or (match[1] and match[1][-1] not in "十百千万亿"):
        return None
    first, second = _DIGITS[match[2]], _DIGITS[match[3]]
    if second - first != 1 and (first, second) != (3, 5):
        return None
    low, high = _value(match[1] + match[2] + match[4]), _value(match[1] + match[3] + match[4])
    if low is None or high is None:
        return None
    return Numeral(low[0], high[0], low[1], "range")


def _exact(text: str) -> Numeral | None:
    """18, 两千三百, 1亿2000万, 三点五万."""
    value = _value(text)
    return None if value is None else Numeral(value[0], value[0], value[1], "exact")


_RULES = (_vague_tens, _vague_units, _excess, _neighbours, _exact)


def _value(text: str) -> tuple[Decimal, Decimal] | None:
    """Value and step of a numeral of digits and scale characters; None where they do not fit together."""
    total = section = Decimal(0)
    number: Decimal | None = None
    step = last_scale = Decimal(1)
    position, previous = 0, ""
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            return None
        token, position = match.group(), match.end()
        if token in _SMALL:
            scale = Decimal(_SMALL[token])
            step = step * scale if number else scale
            section += (Decimal(1) if number is None else number) * scale
            number, last_scale = None, scale
        elif token in _LARGE:
            scale = Decimal(_LARGE[token])
            section += number or 0
            if not section and not total:
                section, step = Decimal(1), Decimal(1)
            number, step, last_scale = None, step * scale, scale
            if token == "万":
                total, section = total + section * scale, Decimal(0)
            elif section and total and total >= scale:
                total, section = total + section * scale, Decimal(0)
            else:
                total, section = (total + section) * scale, Decimal(0)
        else:
            if number is not None:
                return None
            number = _number(token)
            if number is None:
                return None
            if number:
                step = _unit_of_last_digit(number)
            if position == len(text) and _is_elided(token, previous):
                number, step = number * last_scale / 10, last_scale / 10
        previous = token
    return total + section + (number or 0), step


def _is_elided(token: str, previous: str) -> bool:
    """一百五 is 150, 三万二 is 32000; 一百零五 keeps its zero inside the token."""
    return len(token) == 1 and token in _DIGITS and token != "〇" and previous in ("百", "千", "万", "亿")


def _number(token: str) -> Decimal | None:
    """A token of Arabic figures, of one Chinese digit, or of digits read one by one (二〇二六)."""
    if token[0].isdigit() and token[0] not in _DIGITS:
        return Decimal(token)
    whole, _, fraction = token.partition("点")
    if len(whole) > 1 and whole[0] != "〇" and "〇" not in whole and len(whole) < 3:
        return None
    digits = "".join(str(_DIGITS[character]) for character in whole)
    decimals = "".join(str(_DIGITS[character]) for character in fraction)
    return Decimal(f"{digits}.{decimals}" if decimals else digits)


def _unit_of_last_digit(number: Decimal) -> Decimal:
    """One unit of the last non-zero digit: 140 gives 10, 2.10 gives 0.1."""
    exponent = number.normalize().as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
