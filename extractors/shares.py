"""The words of a share, or of small change, in, its value out: 七成, 三分之一, 百分之二十, 过半; 三角五分."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from .numerals import Numeral, parse

TEN, HUNDRED = Decimal(10), Decimal(100)
CENT = Decimal("0.01")
FIGURE = "[1-9１-９一二两三四五六七八九壹贰貳叁參肆伍陆陸柒捌玖]"
_CENTS = re.compile(rf"(?:({FIGURE})[角毛])?(?:({FIGURE})分)?钱?$")


def change_of(words: str) -> tuple[Decimal, Decimal]:
    """Step and value of the change behind whole yuan: 三角 is 0.3, 三角五分 0.35, 零五分 0.05."""
    match = _CENTS.search(words)
    dimes, cents = (parse(part) if part else None for part in match.groups()) if match else (None, None)
    value = (dimes.low / TEN if dimes else 0) + (cents.low / HUNDRED if cents else Decimal(0))
    return (1 / HUNDRED if cents else 1 / TEN), value


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
    step, value = change_of(words)
    return Numeral(value, value, step, "exact")


def _tenth_step(value: Decimal) -> Numeral:
    return Numeral(value, value, value / TEN, "exact")


SHARES: dict[str, Callable[[str], Numeral | None]] = {"majority": _majority,
    "percent": _percent, "fraction": _fraction, "tenths": _tenths, "half": _half, "dimes": _dimes,
}  # fmt: skip
