"""Names of years and of their parts in, days out: what relative words refer to, and which days 三季度, 前7个月, 中旬 are."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from .numerals import parse


@dataclass(frozen=True, slots=True)
class Calendar:
    """What relative words refer to: the day of publication, the year that the article reports, and the year that
    its title or its dates tell where it bears no day of publication."""

    published: date | None
    reported: int | None = None
    headed: int | None = None

    @property
    def told_year(self) -> int | None:
        """The year that 全年 and 一年来 tell of: the reported one, else by the month, since winter looks back."""
        if self.reported is not None:
            return self.reported
        if self.published is None:
            return self.headed
        return self.published.year - 1 if self.published.month <= 3 else self.published.year

    @property
    def year(self) -> int | None:
        """The year of publication, else the year told."""
        return self.published.year if self.published else self.headed


Span = tuple[date | None, date | None]
Reader = Callable[[re.Match[str], Calendar], Span | None]
Groups = Mapping[str, str | None]

_YEAR_SHIFTS = {"去": -1, "前": -2, "明": 1}


def count_of(text: str) -> int | None:
    """The number that figures or characters tell, of time words; None where they tell none."""
    number = parse(text)
    return None if number is None or number.low != number.low.to_integral_value() else int(number.low)


@cache
def _digits(text: str) -> int:
    return int("".join(str("〇一二三四五六七八九".index(c.replace("○", "〇").replace("零", "〇"))) for c in text))


def year_of(groups: Groups, calendar: Calendar) -> int | None:
    """2022, 二〇二六, 今 (the year of publication), 去, 前; without a year word the year of publication."""
    word = groups.get("year")
    if word is None or word in ("今", "本", "当"):
        return calendar.year
    if word in _YEAR_SHIFTS:
        return None if calendar.year is None else calendar.year + _YEAR_SHIFTS[word]
    return int(word) if word.isdigit() and word.isascii() else _digits(word)


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def part_of_year(groups: Groups, year: int) -> Span | None:
    """The part of a year that 上半年, 一季度, 1—10月, 前7个月, 3月, 3月5日 name; the whole year without any."""
    if half := groups.get("half"):
        return (date(year, 1, 1), date(year, 6, 30)) if half == "上半年" else (date(year, 7, 1), date(year, 12, 31))
    if quarter := groups.get("quarter"):
        return _quarter(quarter, year)
    if first := groups.get("first"):
        return date(year, int(first), 1), month_end(year, int(groups.get("last") or first))
    if front := groups.get("front"):
        last = count_of(front)
        return (date(year, 1, 1), month_end(year, last)) if last and last <= 12 else None
    if month := groups.get("month"):
        return _part_of_month(groups, year, count_of(month))
    return date(year, 1, 1), date(year, 12, 31)


def _part_of_month(groups: Groups, year: int, month: int | None) -> Span | None:
    if month is None:
        return None
    if day := groups.get("day"):
        return one_day(year, month, count_of(day) or 0)
    if tenth := groups.get("tenth"):
        return _tenth(year, month, tenth)
    return date(year, month, 1), month_end(year, month)


def _quarter(words: str, year: int) -> Span | None:
    number = count_of(words.strip("第前季度"))
    if number is None:
        return None
    first = 1 if words.startswith("前") else 3 * number - 2
    return date(year, first, 1), month_end(year, 3 * number)


def _tenth(year: int, month: int, words: str) -> Span:
    """上旬, 中旬, 下旬: the days to the 10th, to the 20th, to the end of a month."""
    first = {"上": 1, "中": 11, "下": 21}[words[0]]
    return date(year, month, first), month_end(year, month) if first == 21 else date(year, month, first + 9)


def one_day(year: int, month: int, day: int) -> Span | None:
    """A day alone; None where the month has none of that number."""
    if not 0 < day <= monthrange(year, month)[1]:
        return None
    return date(year, month, day), date(year, month, day)
