"""A page of text in, the day out on which it shows its article to have been published."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from .labels import DATE, is_meta
from .line_kinds import is_session
from .text_pages import TRAILING, Line, Page

_EARLIEST = date(1949, 1, 1)
_UNSET = date(1970, 1, 1)  # where a computer counts from: a day that nobody filled in

_WORD_DATE = re.compile(
    r"([〇○Ｏ零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
DAY = re.compile(r"(?<![\d-])((?:19|20)\d\d)\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)")
_DATE_LABEL = re.compile(rf"(?:时间|日期|发布于|发表于)\s*[:：丨｜|]?\s*[\[【（(]?\s*(?={DATE})")
_UPDATE_LABEL = re.compile(r"(?:更新|修改|截止|编辑|录入)(?:时间|日期)?\s*[:：丨｜|]?\s*$")
WEEKDAY = re.compile(r"星期[一二三四五六日天]|今天是")
_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"○": 0, "Ｏ": 0, "零": 0}


def shown_day(page: Page, headline: int) -> date | None:
    """The date shown below the title, else above it, else at the foot, else in the report's subtitle."""
    return next(_shown(page, headline), None)


def _shown(page: Page, headline: int) -> Iterator[date]:
    """Days in the order of their worth; a place is looked at when those before it held none."""
    head = page.head
    below = _metas(head[headline:])
    yield from _labelled(below)
    yield from days(below)
    yield from days(line for line in _metas(head[:headline]) if not WEEKDAY.search(line))
    yield from _labelled(_metas(page.foot[:TRAILING]))
    yield from days(_metas(page.lines[page.last + 1 : page.tail][:4]))
    yield from days(line.text for line in head if is_session(line.text))


def _metas(lines: list[Line]) -> list[str]:
    return [line.text for line in lines if is_meta(line.text)]


def _labelled(lines: Iterable[str]) -> Iterator[date]:
    """Days behind 发布时间, 时间, 日期; those of the last update come last."""
    updates: list[date] = []
    for line in lines:
        for match in _DATE_LABEL.finditer(line):
            for day in days([line[match.end() : match.end() + 20]]):
                if _UPDATE_LABEL.search(line[: match.end()]):
                    updates.append(day)
                else:
                    yield day
                break
    yield from updates


def days(lines: Iterable[str]) -> Iterator[date]:
    """All possible days of publication in the lines, in their order."""
    for line in lines:
        for day in _calendar(line):
            if _EARLIEST <= day <= date.today() + timedelta(days=1) and day != _UNSET:
                yield day


def _calendar(line: str) -> Iterator[date]:
    figures = [tuple(map(int, match.groups())) for match in DAY.finditer(line)]
    figures += [tuple(map(_numeral, match.groups())) for match in _WORD_DATE.finditer(line)]
    for year, month, day in figures:
        try:
            yield date(year, month, day)
        except ValueError:
            continue


def _numeral(text: str) -> int:
    """A year digit by digit, a month or day with 十.

    >>> _numeral("二〇二四"), _numeral("十一"), _numeral("二十七"), _numeral("三十")
    (2024, 11, 27, 30)
    """
    if "十" not in text:
        return int("".join(str(_DIGITS[character]) for character in text))
    tens, _, ones = text.partition("十")
    return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)
