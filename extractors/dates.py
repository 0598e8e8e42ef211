"""A match of time words in, the first and last day that they span out: what periods.py knows how to read."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from .calendars import Calendar, Groups, Span, count_of, month_end, one_day, part_of_year, year_of

_SEASONS = {"春": (3, 5), "夏": (6, 8), "秋": (9, 11), "冬": (12, 2)}


def season(match: re.Match[str], calendar: Calendar) -> Span | None:
    """今年春天, 去年冬天, 今秋: three months, and no day behind publication where they have begun."""
    year = year_of(match.groupdict(), calendar)
    if year is None:
        return None, None
    first, last = _SEASONS[match["season"]]
    start, end = date(year, first, 1), month_end(year + (last < first), last)
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
    span = part_of_year(match.groupdict(), year)
    if span is None or span[0] is None or published is None or span[0] <= published:
        return span
    return part_of_year(match.groupdict(), year - 1)


def until(match: re.Match[str], calendar: Calendar) -> Span | None:
    """截至2022年底, 到2025年, 截至10月31日, 三季度末: open at the start."""
    groups = match.groupdict()
    if groups.get("half") or groups.get("quarter"):
        return _until_part(match, calendar)
    counted = match.group().startswith("截") and groups.get("month")
    year = _last_year_of(groups, calendar) if counted else year_of(groups, calendar)
    if year is None:
        return None, None
    if groups.get("edge") in ("年初", "初") and not groups.get("month"):
        return None, date(year, 1, 1)
    span = part_of_year(groups, year)
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
    year = year_of(match.groupdict(), calendar)
    if year is None:
        return None, calendar.published
    span = part_of_year(match.groupdict(), year)
    return None if span is None else (span[0], calendar.published)


def back(match: re.Match[str], calendar: Calendar) -> Span | None:
    """近三年来, 连续12年, 过去一年: N years before publication."""
    years = count_of(match["n"])
    if years is None or years > 120:
        return None
    published = calendar.published
    return (None, None) if published is None else (_years_before(published, years), published)


def months_back(match: re.Match[str], calendar: Calendar) -> Span | None:
    months, published = count_of(match["n"]), calendar.published
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
    year = year_of(match.groupdict(), calendar)
    return (None, None) if year is None else part_of_year(match.groupdict(), year)


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
    years, published = count_of(match["n"]), calendar.published
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
    return (None, None) if year is None else part_of_year(match.groupdict(), year)


def month_since(match: re.Match[str], calendar: Calendar) -> Span | None:
    """7月以来, 7月1日以来."""
    year = _last_year_of(match.groupdict(), calendar)
    span = None if year is None else part_of_year(match.groupdict(), year)
    if span is None:
        return None, calendar.published
    return (span[1] if match.groupdict().get("edge") in ("底", "末") else span[0]), calendar.published


def _last_year_of(groups: Groups, calendar: Calendar) -> int | None:
    """The year named, else that of the last such month before publication."""
    month, published = count_of(groups.get("month") or ""), calendar.published
    if groups.get("year") or published is None:
        return year_of(groups, calendar)
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
        end = year_of(last, calendar)
        return None if end is None else (end - wraps, end)
    start = _last_year_of(first, calendar)
    if start is None:
        return None
    if last.get("year"):
        end = year_of(last, calendar)
        return None if end is None else (start, end)
    return start, start + (wraps or bool(last.get("next")))


def _order(groups: Groups) -> int:
    """The month that a point stands in, for what comes first in a year; 年底 is behind all, what names none is 0."""
    if groups.get("month"):
        return count_of(groups["month"] or "") or 0
    return (
        13 if (groups.get("edge") or "").startswith("年") else 12 if groups.get("half") or groups.get("quarter") else 0
    )


def _point(groups: Groups, year: int) -> Span | None:
    """A point of a stretch: 3月5日, 3月上旬, 3月; 初 is its first day, 底 and 末 its last."""
    span, edge = part_of_year(groups, year), groups.get("edge")
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
    days = [_last_day_named(count_of(groups.get("day") or "") or 0, calendar.published) for groups in (first, last)]
    return _joined(*days)


def _last_day_named(day: int, published: date) -> Span | None:
    year, month = published.year, published.month
    if day > published.day:
        year, month = (year - 1, 12) if month == 1 else (year, month - 1)
    return one_day(year, month, day)


def day_of(match: re.Match[str], calendar: Calendar) -> Span | None:
    """28日晚, 截至22日: a day of the month of publication, or of the month before."""
    published, day = calendar.published, count_of(match["day"]) or 0
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
