"""A match of time words in, the first and last day that they span out: what periods.py knows how to read."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
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


def _count(text: str) -> int | None:
    number = parse(text)
    return None if number is None or number.low != number.low.to_integral_value() else int(number.low)


@cache
def _digits(text: str) -> int:
    return int("".join(str("〇一二三四五六七八九".index(c.replace("○", "〇").replace("零", "〇"))) for c in text))


def _year(groups: Groups, calendar: Calendar) -> int | None:
    """2022, 二〇二六, 今 (the year of publication), 去, 前; without a year word the year of publication."""
    word = groups.get("year")
    if word is None or word in ("今", "本", "当"):
        return calendar.year
    if word in _YEAR_SHIFTS:
        return None if calendar.year is None else calendar.year + _YEAR_SHIFTS[word]
    return int(word) if word.isdigit() and word.isascii() else _digits(word)


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _part(groups: Groups, year: int) -> Span | None:
    """The part of a year that 上半年, 一季度, 1—10月, 前7个月, 3月, 3月5日 name; the whole year without any."""
    if half := groups.get("half"):
        return (date(year, 1, 1), date(year, 6, 30)) if half == "上半年" else (date(year, 7, 1), date(year, 12, 31))
    if quarter := groups.get("quarter"):
        return _quarter(quarter, year)
    if first := groups.get("first"):
        return date(year, int(first), 1), _month_end(year, int(groups.get("last") or first))
    if front := groups.get("front"):
        last = _count(front)
        return (date(year, 1, 1), _month_end(year, last)) if last and last <= 12 else None
    if month := groups.get("month"):
        return _part_of_month(groups, year, _count(month))
    return date(year, 1, 1), date(year, 12, 31)


def _part_of_month(groups: Groups, year: int, month: int | None) -> Span | None:
    if month is None:
        return None
    if day := groups.get("day"):
        return _one_day(year, month, _count(day) or 0)
    if tenth := groups.get("tenth"):
        return _tenth(year, month, tenth)
    return date(year, month, 1), _month_end(year, month)


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
    year = _year(match.groupdict(), calendar)
    if year is None:
        return None, None
    first, last = _SEASONS[match["season"]]
    start, end = date(year, first, 1), _month_end(year + (last < first), last)
    published = calendar.published
    return start, published if published is not None and start <= published < end else end


def since_new_year(_: re.Match[str], calendar: Calendar) -> Span:
    """年初至今, 元旦以来: from January 1 to publication."""
    return (None, None) if calendar.year is None else (date(calendar.year, 1, 1), calendar.published)


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
    if year is None:
        return None, None
    span = _part(match.groupdict(), year)
    if span is None or span[0] is None or published is None or span[0] <= published:
        return span
    return _part(match.groupdict(), year - 1)


def _one_day(year: int, month: int, day: int) -> Span | None:
    if not 0 < day <= monthrange(year, month)[1]:
        return None
    return date(year, month, day), date(year, month, day)


def until(match: re.Match[str], calendar: Calendar) -> Span | None:
    """截至2022年底, 到2025年, 截至10月31日, 三季度末: open at the start."""
    groups = match.groupdict()
    if groups.get("half") or groups.get("quarter"):
        return _until_part(match, calendar)
    counted = match.group().startswith("截") and groups.get("month")
    year = _last_year_of(groups, calendar) if counted else _year(groups, calendar)
    if year is None:
        return None, None
    if groups.get("edge") in ("年初", "初") and not groups.get("month"):
        return None, date(year, 1, 1)
    span = _part(groups, year)
    return None if span is None else (None, span[1])


def _until_part(match: re.Match[str], calendar: Calendar) -> Span | None:
    """到2025年一季度; where only the part is named (截至三季度末), the last one that has begun."""
    told = all_of if match.groupdict().get("year") else of_this_year
    span = told(match, calendar)
    return span if span is None else (None, span[1])


def until_now(_: re.Match[str], calendar: Calendar) -> Span:
    return None, calendar.published


def since(match: re.Match[str], calendar: Calendar) -> Span | None:
    """2020年以来, 今年以来, 自2016年下半年起: from its first day to publication."""
    year = _year(match.groupdict(), calendar)
    if year is None:
        return None, calendar.published
    span = _part(match.groupdict(), year)
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
    year = _year(match.groupdict(), calendar)
    return (None, None) if year is None else _part(match.groupdict(), year)


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


def to_year_end(_: re.Match[str], calendar: Calendar) -> Span:
    """到年底: of the year that the article tells of; what is planned in winter has the next one."""
    return None, None if calendar.told_year is None else date(calendar.told_year, 12, 31)


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
    """11月, 7月1日: the last one before publication; 2022年7月1日."""
    year = _last_year_of(match.groupdict(), calendar)
    return (None, None) if year is None else _part(match.groupdict(), year)


def month_since(match: re.Match[str], calendar: Calendar) -> Span | None:
    """7月以来, 7月1日以来."""
    year = _last_year_of(match.groupdict(), calendar)
    span = None if year is None else _part(match.groupdict(), year)
    if span is None:
        return None, calendar.published
    return (span[1] if match.groupdict().get("edge") in ("底", "末") else span[0]), calendar.published


def _last_year_of(groups: Groups, calendar: Calendar) -> int | None:
    """The year named, else that of the last such month before publication."""
    month, published = _count(groups.get("month") or ""), calendar.published
    if groups.get("year") or published is None:
        return _year(groups, calendar)
    return published.year - 1 if month is not None and month > published.month else published.year


def stretch(match: re.Match[str], calendar: Calendar) -> Span | None:
    """5月3日至6月2日, 2023年12月28日至次年1月3日, 3月初至5月底: from the first day of the one to the last of the other."""
    groups = match.groupdict()
    first = {name: words for name, words in groups.items() if not name.startswith("last_")}
    last = {name.removeprefix("last_"): words for name, words in groups.items() if name.startswith("last_")}
    if not _tells(first) or not _tells(last):
        return None
    if not first["month"] and first.get("day"):
        return None if last["month"] or last["year"] else _days_of_month(first, last, calendar)
    if last.get("day") and not last["month"]:
        last["month"] = first["month"]
    years = _years_between(first, last, calendar)
    return (None, None) if years is None else _joined(_point(first, years[0]), _point(last, years[1]))


def _tells(groups: Groups) -> bool:
    named = any(groups.get(name) for name in ("year", "month", "day", "half", "quarter"))
    return named or (groups.get("edge") or "").startswith("年")


def _years_between(first: Groups, last: Groups, calendar: Calendar) -> tuple[int, int] | None:
    """The years of two points: one that names none takes that of the other, or stands a year off, 12月—1月."""
    wraps = 0 < _order(last) < _order(first)
    if last.get("year") and not first.get("year"):
        end = _year(last, calendar)
        return None if end is None else (end - wraps, end)
    start = _last_year_of(first, calendar)
    if start is None:
        return None
    if last.get("year"):
        end = _year(last, calendar)
        return None if end is None else (start, end)
    return start, start + (wraps or bool(last.get("next")))


def _order(groups: Groups) -> int:
    """The month that a point stands in, for what comes first in a year; 年底 is behind all, what names none is 0."""
    if groups.get("month"):
        return _count(groups["month"] or "") or 0
    return (
        13 if (groups.get("edge") or "").startswith("年") else 12 if groups.get("half") or groups.get("quarter") else 0
    )


def _point(groups: Groups, year: int) -> Span | None:
    """A point of a stretch: 3月5日, 3月上旬, 3月; 初 is its first day, 底 and 末 its last."""
    span, edge = _part(groups, year), groups.get("edge")
    if span is None or not edge:
        return span
    day = span[0] if edge.endswith("初") else span[1]
    return day, day


def _joined(first: Span | None, last: Span | None) -> Span | None:
    start, end = first[0] if first else None, last[1] if last else None
    if start is None or end is None or not start <= end or end.year - start.year > 60:
        return None
    return start, end


def _days_of_month(first: Groups, last: Groups, calendar: Calendar) -> Span | None:
    """28日至30日: days of the month of publication, or of the month before."""
    if calendar.published is None:
        return None, None
    days = [_last_day_named(_count(groups.get("day") or "") or 0, calendar.published) for groups in (first, last)]
    return _joined(*days)


def _last_day_named(day: int, published: date) -> Span | None:
    year, month = published.year, published.month
    if day > published.day:
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    return _one_day(year, month, day)


def day_of(match: re.Match[str], calendar: Calendar) -> Span | None:
    """28日晚, 截至22日: a day of the month of publication, or of the month before."""
    published, day = calendar.published, _count(match["day"]) or 0
    if published is None:
        return None, None
    span = _last_day_named(day, published)
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
