"""A numeral of official prose in, its exact value out: 二百余万, 1,100万, 三五, 十几, 1.5亿, 数十, 贰万."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

Kind = Literal["exact", "over", "range"]

_PLAIN = str.maketrans(
    "０１２３４５６７８９．，萬億兩倆幾數餘點個零壹贰貳叁參肆伍陆陸柒捌玖拾佰仟",
    "0123456789.,万亿两两几数余点个〇一二二三三四五六六七八九十百千",
)
_TENS = {"廿": "二十", "卅": "三十"}
_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"两": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_ONE = Decimal(1)
_TOKEN = re.compile(
    r"\d+(?:\.\d+)?|[〇一二三四五六七八九两]+(?:点[〇一二三四五六七八九]+)?|(?<=[十百千万亿])点(?:[〇一二三四五六七八九]+|\d+)|[十百千万亿]"
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")

# Shape of a numeral in running text; 千瓦, 千米 and 百分 keep their first character for the unit.
FIGURES = r"(?:[0-9０-９]{1,3}(?:[,，][0-9０-９]{3}){1,6}(?![0-9０-９])(?:[.．][0-9０-９]+)?|[0-9０-９]{1,60}(?:[.．][0-9０-９]{1,12})?)"
_DECIMAL = "〇零一二三四五六七八九壹贰貳叁參肆伍陆陸柒捌玖"
_DIGIT = _DECIMAL + "两兩倆"
_SCALE = r"(?:[十拾佰万萬亿億廿卅]|百(?!分)|[千仟](?![瓦米克伏卡赫字]))"
# Formal digits that other words hold: 陆地, 登陆, 队伍, 拾起, 放肆; as numbers more of the kind or money follows.
_WORD = "(?<!之)[肆伍陆陸拾](?![零〇壹贰貳叁參肆伍陆陸柒捌玖拾佰仟百千万萬亿億点點元圆圓角分整余餘多])"
# Spoken 两个亿; 5个亿元企业 are five firms.
_YI = "(?:[个個][亿億](?![元级級吨斤千百]))?"
_VAGUE = r"(?:几|幾|(?<![人指总件户次个倍基参函分岁额家少多])[数數])"
NUMERAL = (
    rf"(?:{FIGURES}(?:[余多来几餘]?{_SCALE}+)?{_YI}(?:[零〇]?{FIGURES}{_SCALE}+)*"
    rf"|{_VAGUE}(?={_SCALE}){_SCALE}+(?:[余多餘]{_SCALE}+)?"
    rf"|(?!{_WORD})(?:[{_DIGIT}]|{_SCALE})(?:[{_DIGIT}]|{_SCALE})*(?:[点點][{_DECIMAL}]+{_SCALE}*)?{_YI}(?:[几幾余多来餘]{_SCALE}+|[几幾])?)"
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
    (Decimal('1640000000.0'), Decimal('5'), Decimal('11'))
    """
    text = _plain(surface)
    if not text:
        return None
    for rule in _RULES:
        numeral = rule(text)
        if numeral is not None:
            return numeral
    return None


def _plain(surface: str) -> str:
    text = surface.translate(_PLAIN).replace("个亿", "亿")
    for word, tens in _TENS.items():
        text = text.replace(word, tens)
    return _THOUSANDS.sub("", text)


_VAGUE_TENS = re.compile(r"[几数]([十百千万亿]+)([余多]?)([万亿]*)")


def _vague_tens(text: str) -> Numeral | None:
    """数十 is 20..100, 几百万 is 200万..1000万."""
    match = _VAGUE_TENS.fullmatch(text)
    if match is None:
        return None
    one = _value("一" + match[1] + match[3])
    return None if one is None else Numeral(one[0] * 2, one[0] * 10, one[0], "range")


_VAGUE_UNITS = re.compile(r"(.*[十〇])几([百千万亿]*)")


def _vague_units(text: str) -> Numeral | None:
    """十几 is 11..20, 三十几万 is 31万..40万, 一百零几 101..110."""
    match = _VAGUE_UNITS.fullmatch(text)
    if match is None:
        return None
    base, one = _value(match[1] + match[2]), _value("一" + match[2]) if match[2] else (_ONE, _ONE)
    if base is None or one is None:
        return None
    return Numeral(base[0] + one[0], base[0] + one[0] * 10, one[0], "range")


_EXCESS = re.compile(r"(.+?)([余多来])([十百千万亿]*)")


def _excess(text: str) -> Numeral | None:
    """二百余万 is 200万..300万, 20多万 is 20万..30万, 三百来 300..400."""
    match = _EXCESS.fullmatch(text)
    if match is None:
        return None
    value = _value(match[1] + match[3])
    if value is None:
        return None
    amount, step = value
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
    sum_ = _Sum()
    position, previous = 0, ""
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            return None
        token, position = match.group(), match.end()
        if token in _SMALL:
            fits = sum_.scale_by(Decimal(_SMALL[token]))
        elif token in _LARGE:
            fits = sum_.close(Decimal(_LARGE[token]), previous)
        else:
            fits = sum_.take(token, position == len(text) and _is_elided(token, previous))
        if not fits:
            return None
        previous = token
    return sum_.total + sum_.section + (sum_.number or 0), sum_.step


class _Sum:
    """A numeral as it is read: what 万 and 亿 closed, the section below them, and the number that awaits its scale."""

    __slots__ = ("last", "number", "section", "small", "step", "total")

    def __init__(self) -> None:
        self.total = self.section = Decimal(0)
        self.number: Decimal | None = None
        self.step = self.last = _ONE
        self.small = Decimal(10**4)

    def scale_by(self, scale: Decimal) -> bool:
        """十, 百 or 千; scales fall within a section (十七十八 is none)."""
        if scale >= self.small:
            return False
        self.step = self.step * scale if self.number else scale
        self.section += (self.number or _ONE) * scale
        self.number, self.last, self.small = None, scale, scale
        return True

    def close(self, scale: Decimal, previous: str) -> bool:
        """万 or 亿 ends the section: 一百二十万, 三千亿, 1万亿, 四万万."""
        bare = self.number is None and not self.section
        self.section += self.number or 0
        if bare and not self.total:
            self.section = self.step = _ONE
        self.number, self.step, self.last, self.small = None, self.step * scale, scale, Decimal(10**4)
        if (previous in _LARGE and bare) or (scale > 10**4 and not (self.section and self.total >= scale)):
            self.total = (self.total + self.section) * scale
        else:
            self.total += self.section * scale
        self.section = Decimal(0)
        return True

    def take(self, token: str, elided: bool) -> bool:
        """Digits; where their scale is left out (一百五) it is a tenth of the last."""
        number = None if self.number else _number(token)
        if number is None:
            return False
        if number:
            self.step = _unit_of_last_digit(number)
        if elided:
            self.step = self.last / 10
            number *= self.step
        self.number = number
        return True


def _is_elided(token: str, previous: str) -> bool:
    """一百五 is 150, 三万二 is 32000; 一百零五 keeps its zero inside the token."""
    return len(token) == 1 and token in _DIGITS and token != "〇" and previous in ("百", "千", "万", "亿")


def _number(token: str) -> Decimal | None:
    """A token of Arabic figures, of one Chinese digit, or of digits read one by one (二〇二六)."""
    if token[0].isdecimal():
        return Decimal(token)
    whole, _, fraction = token.partition("点")
    if len(whole) == 2 and "〇" not in whole and not fraction:
        return None
    digits = "".join(str(_DIGITS[character]) for character in whole) or "0"
    decimals = "".join(str(_DIGITS.get(character, character)) for character in fraction)
    return Decimal(f"{digits}.{decimals}" if decimals else digits)


def _unit_of_last_digit(number: Decimal) -> Decimal:
    """One unit of the last non-zero digit: 140 gives 10, 2.10 gives 0.1."""
    exponent = number.normalize().as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
