"""A match of time words in, the first and last day that they span out: what periods.py knows how to read."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from .numerals import parse


@dataclass(frozen=True, slots=True)
class Calendar:
    """What relative words refer to: the day of publication and the year that the article reports."""

    published: date | None
    reported: int | None = None

    @property
    def told_year(self) -> int | None:
        """The year that 全年 and 一年来 tell of: the reported one, else by the month, since winter looks back."""
        if self.reported is not None or self.published is None:
            return self.reported
        return self.published.year - 1 if self.published.month <= 3 else self.published.year

    @property
    def year(self) -> int | None:
        """The year of publication."""
        return self.published.year if self.published else None


Span = tuple[date | None, date | None]
Reader = Callable[[re.Match[str], Calendar], Span | None]

_YEAR_SHIFTS = {"去": -1, "前": -2, "明": 1}


def _count(text: str) -> int | None:
    number = parse(text)
    return None if number is None or number.low != number.low.to_integral_value() else int(number.low)


@cache
def _digits(text: str) -> int:
    return int("".join(str("〇一二三四五六七八九".index(c.replace("○", "〇").replace("零", "〇"))) for c in text))


def _year(match: re.Match[str], calendar: Calendar) -> int | None:
    """2022, 二〇二六, 今 (the year of publication), 去, 前; without a year word the year of publication."""
    word = match.groupdict().get("year")
    if word is None or word in ("今", "本", "当"):
        return calendar.year
    if word in _YEAR_SHIFTS:
        return None if calendar.year is None else calendar.year + _YEAR_SHIFTS[word]
    return int(word) if word.isdigit() and word.isascii() else _digits(word)


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _part(match: re.Match[str], year: int) -> Span | None:
    """The part of a year that 上半年, 一季度, 1—10月, 前7个月, 3月, 3月5日 name; the whole year without any."""
    groups = match.groupdict()
    if groups.get("half"):
        return (
            (date(year, 1, 1), date(year, 6, 30))
            if groups["half"] == "上半年"
            else (date(year, 7, 1), date(year, 12, 31))
        )
    if groups.get("quarter"):
        return _quarter(groups["quarter"], year)
    if groups.get("first"):
        return date(year, int(groups["first"]), 1), _month_end(year, int(groups["last"]))
    if groups.get("front"):
        last = _count(groups["front"])
        return (date(year, 1, 1), _month_end(year, last)) if last and last <= 12 else None
    if groups.get("month"):
        month = _count(groups["month"])
        if month is None:
            return None
        if groups.get("day"):
            return _one_day(year, month, _count(groups["day"]) or 0)
        if groups.get("tenth"):
            return _tenth(year, month, groups["tenth"])
        return date(year, month, 1), _month_end(year, month)
    return date(year, 1, 1), date(year, 12, 31)


def _quarter(words: str, year: int) -> Span | None:
    number = _count(words.strip("第前季度"))
    if number is None:
        return None
    first = 1 if words.startswith("前") else 3 * number - 2
    return date(year, first, 1), _month_end(year, 3 * number)


def _tenth(year: int, month: int, words: str) -> Span:
    """上旬, 中旬, 下旬: the days to the 10th, to the 20th, to the end of a month."""
    first = {"上": 1, "中": 11, "下": 21}[words[0]]
    return date(year, month, first), _month_end(year, month) if first == 21 else date(year, month, first + 9)


_SEASONS = {"春": (3, 5), "夏": (6, 8), "秋": (9, 11), "冬": (12, 2)}


def season(match: re.Match[str], calendar: Calendar) -> Span | None:
    """今年春天, 去年冬天, 今秋: three months, and no day behind publication where they have begun."""
    year = _year(match, calendar)
    if year is None:
        return None, None
    first, last = _SEASONS[match["season"]]
    start, end = date(year, first, 1), _month_end(year + (last < first), last)
    published = calendar.published
    return start, published if published is not None and start <= published < end else end


def since_new_year(_: re.Match[str], calendar: Calendar) -> Span:
    """年初至今, 元旦以来: from January 1 to publication."""
    published = calendar.published
    return (None, None) if published is None else (date(published.year, 1, 1), published)


def last_month(match: re.Match[str], calendar: Calendar) -> Span:
    """上个月, 到上月底: the month before that of publication."""
    published = calendar.published
    if published is None:
        return None, None
    last = published.replace(day=1) - timedelta(days=1)
    return None if match.groupdict().get("edge") else last.replace(day=1), last


def of_this_year(match: re.Match[str], calendar: Calendar) -> Span | None:
    """上半年, 四季度: of the year of publication; of the year before where they have not begun yet."""
    year, published = calendar.year, calendar.published
    if year is None or published is None:
        return None, None
    span = _part(match, year)
    return span if span is None or span[0] is None or span[0] <= published else _part(match, year - 1)


def _one_day(year: int, month: int, day: int) -> Span | None:
    if not 0 < day <= monthrange(year, month)[1]:
        return None
    return date(year, month, day), date(year, month, day)


def until(match: re.Match[str], calendar: Calendar) -> Span | None:
    """截至2022年底, 到2025年, 截至10月31日: open at the start."""
    year = _year(match, calendar)
    if year is None:
        return None, None
    if match.groupdict().get("edge") in ("年初", "初") and not match.groupdict().get("month"):
        return None, date(year, 1, 1)
    span = _part(match, year)
    return None if span is None else (None, span[1])


def until_now(_: re.Match[str], calendar: Calendar) -> Span:
    return None, calendar.published


def since(match: re.Match[str], calendar: Calendar) -> Span | None:
    """2020年以来, 今年以来, 自2016年下半年起: from its first day to publication."""
    year = _year(match, calendar)
    if year is None:
        return None, calendar.published
    span = _part(match, year)
    return None if span is None else (span[0], calendar.published)


def back(match: re.Match[str], calendar: Calendar) -> Span | None:
    """近三年来, 连续12年, 过去一年: N years before publication."""
    years = _count(match["n"])
    if years is None or years > 120:
        return None
    published = calendar.published
    return (None, None) if published is None else (_years_before(published, years), published)


def months_back(match: re.Match[str], calendar: Calendar) -> Span | None:
    months, published = _count(match["n"]), calendar.published
    if months is None or published is None:
        return None, None
    total = published.year * 12 + published.month - 1 - months
    year, month = divmod(total, 12)
    return date(year, month + 1, min(published.day, monthrange(year, month + 1)[1])), published


def _years_before(day: date, years: int) -> date:
    year = day.year - years
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


def all_of(match: re.Match[str], calendar: Calendar) -> Span | None:
    """2019年, 今年上半年, 一季度: all of it."""
    year = _year(match, calendar)
    return (None, None) if year is None else _part(match, year)


def whole_year(match: re.Match[str], calendar: Calendar) -> Span | None:
    """全年, 一年来: the year that the article reports; 一年来 elsewhere is a year before publication."""
    year = calendar.told_year
    if (
        calendar.reported is None
        and "一年" in match.group()
        and calendar.published
        and 3 < calendar.published.month < 11
    ):
        return _years_ago(1, calendar)
    return (None, None) if year is None else (date(year, 1, 1), date(year, 12, 31))


def by_year_end(_: re.Match[str], calendar: Calendar) -> Span:
    return None, None if calendar.year is None else date(calendar.year, 12, 31)


def five_years(_: re.Match[str], calendar: Calendar) -> Span | None:
    """这五年, 五年来 in a report of a term: the five years reported; elsewhere five years before publication."""
    year = calendar.reported
    return _years_ago(5, calendar) if year is None else (date(year - 4, 1, 1), date(year, 12, 31))


def _years_ago(years: int, calendar: Calendar) -> Span:
    published = calendar.published
    return (None, None) if published is None else (_years_before(published, years), published)


_PLANS = {"九五": 1996, "十五": 2001, "十一五": 2006, "十二五": 2011, "十三五": 2016, "十四五": 2021, "十五五": 2026}


def plan(match: re.Match[str], _: Calendar) -> Span | None:
    first = _PLANS.get(match["plan"])
    return None if first is None else (date(first, 1, 1), date(first + 4, 12, 31))


def plan_since(match: re.Match[str], calendar: Calendar) -> Span | None:
    first = _PLANS.get(match["plan"])
    return None if first is None else (date(first, 1, 1), calendar.published)


def plan_end(match: re.Match[str], _: Calendar) -> Span | None:
    first = _PLANS.get(match["plan"])
    return None if first is None else (None, date(first + 4, 12, 31))


def years_ahead(match: re.Match[str], calendar: Calendar) -> Span | None:
    """未来五年, 三年内: from publication on."""
    years, published = _count(match["n"]), calendar.published
    if years is None or published is None or years > 60:
        return None, None
    return published, _years_before(published, -years)


def half_year_back(_: re.Match[str], calendar: Calendar) -> Span:
    published = calendar.published
    if published is None:
        return None, None
    year, month = divmod(published.year * 12 + published.month - 7, 12)
    return date(year, month + 1, min(published.day, monthrange(year, month + 1)[1])), published


def month_of(match: re.Match[str], calendar: Calendar) -> Span | None:
    """11月, 7月1日: the last one before publication."""
    year = _last_year_of(match, calendar)
    return (None, None) if year is None else _part(match, year)


def month_since(match: re.Match[str], calendar: Calendar) -> Span | None:
    """7月以来, 7月1日以来."""
    year = _last_year_of(match, calendar)
    span = None if year is None else _part(match, year)
    if span is None:
        return None, calendar.published
    return (span[1] if match.groupdict().get("edge") in ("底", "末") else span[0]), calendar.published


def _last_year_of(match: re.Match[str], calendar: Calendar) -> int | None:
    month, published = _count(match["month"]), calendar.published
    if month is None or published is None:
        return None
    return published.year - 1 if month > published.month else published.year


def day_of(match: re.Match[str], calendar: Calendar) -> Span | None:
    """28日晚, 截至22日: a day of the month of publication, or of the month before."""
    published, day = calendar.published, _count(match["day"]) or 0
    if published is None:
        return None, None
    year, month = published.year, published.month
    if day > published.day:
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    span = _one_day(year, month, day)
    return span if span is None or not match.group().startswith("截") else (None, span[1])


def relative_day(match: re.Match[str], calendar: Calendar) -> Span:
    shift = {"今": 0, "昨": -1, "前": -2, "当": 0, "明": 1, "次": 1, "翌": 1}[match.group()[0]]
    if calendar.published is None:
        return None, None
    day = calendar.published + timedelta(days=shift)
    return day, day


def unknown(_: re.Match[str], __: Calendar) -> Span:
    return None, None


def last_years(match: re.Match[str], calendar: Calendar) -> Span | None:
    first, last = int(match["a"]), int(match["b"])
    return (date(first, 1, 1), date(last, 12, 31)) if first < last <= first + 60 else None
