"""Sentences in, paragraphs out: each with its time words; and the period that holds for a number in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from ..corpus.article import Article
from ..corpus.records import Period, Status
from .dates import Calendar
from .numbers import Number
from .periods import TimeWords, time_words
from .scene import Scene

_PLAN_HEADING = re.compile(
    r"(?:工作安排|工作打算|重点工作|主要任务|目标任务|下一步|下步|发展目标|预期目标|工作思路|工作计划|今后|展望|工作建议|总体要求|重点任务|今年[^。]{0,8}(?:要|怎么干|抓)|还?要这样干)"
)
_PAST_HEADING = re.compile(r"(?:回顾|总结|完成情况|工作情况|主要成效|取得|成绩|开展情况|做法|过去)")
_SECTION = re.compile(r"[一二三四五六七八九十（(]")
_CHAPTER = re.compile(r"[一二三四五六七八九十]、")
_YEAR = re.compile(r"20\d\d")
_REPORT_TITLE = re.compile(
    r"(?:工作报告|工作总结|年度总结|工作回顾|年工作综述|工作情况(?:汇报|报告)?|(?:这|五|一)年(?:来|回眸|回顾)?$|回眸|公报|年报)"
)
_TOLD_REPORT = re.compile(r"(?:工作报告|工作总结|年度总结|年总结|工作回顾|年报)$")
_TITLE_YEAR = re.compile(r"((?:19|20)\d\d)年?(?!.*政府工作报告)")
MAX_HEADING = 40
NEAR_TIMES = 8


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the article with its sentences, time words and whether its section speaks of plans."""

    first: int
    last: int
    times: tuple[TimeWords, ...]
    ends: tuple[int, ...]
    is_plan: bool


def calendar_of(article: Article) -> Calendar:
    """Publication and, for a yearly report, the year reported: a report of January to April tells of the year before."""
    published, title = article.published, article.title or _first_line(article.text)
    if not _REPORT_TITLE.search(title):
        return Calendar(published)
    years = _TITLE_YEAR.findall(title)
    if years:
        return Calendar(published, int(years[-1]))
    if published is None:
        return Calendar(None)
    return Calendar(published, published.year - 1 if published.month <= 4 else published.year)


def _first_line(text: str) -> str:
    """The first line of a text without a title of its own, where it may be one."""
    line = text[: MAX_HEADING + 1].partition("\n")[0].strip()
    return line if len(line) <= MAX_HEADING and _TOLD_REPORT.search(line) else ""


class Paragraphs:
    """Paragraphs of a scene, found when first asked for, in order."""

    def __init__(self, scene: Scene, calendar: Calendar) -> None:
        self.scene, self.calendar = scene, calendar
        self._found: dict[int, Paragraph] = {}
        self._items: dict[int, int] = {}
        self._is_plan = False
        self._read_to = 0

    def of(self, sentence: int) -> Paragraph:
        """The paragraph that holds a sentence."""
        if sentence not in self._found:
            first, last = self._edges(sentence)
            self._read_headings(first)
            start, end = self.scene.sentences[first].start, self.scene.sentences[last].end
            times = tuple(_same_days(time_words(self.scene.text, start, end, self.calendar)))
            paragraph = Paragraph(first, last, times, tuple(time.end for time in times), self._is_plan)
            self._found.update(dict.fromkeys(range(first, last + 1), paragraph))
        return self._found[sentence]

    def _edges(self, sentence: int) -> tuple[int, int]:
        text, all_sentences = self.scene.text, self.scene.sentences
        first = last = sentence
        while first and "\n" not in text[all_sentences[first - 1].end : all_sentences[first].start]:
            first -= 1
        while (
            last + 1 < len(all_sentences) and "\n" not in text[all_sentences[last].end : all_sentences[last + 1].start]
        ):
            last += 1
        return first, last

    def _read_headings(self, sentence: int) -> None:
        """Section headings up to a sentence turn plans on and off."""
        for index in range(self._read_to, sentence):
            text = self.scene.sentences[index].text
            if len(text) > MAX_HEADING or text[-1] in "；;":
                continue
            if _PAST_HEADING.search(text):
                self._is_plan = False
            elif _PLAN_HEADING.search(text) and (_SECTION.match(text) or self._is_ahead(text)):
                self._is_plan = True
            elif _CHAPTER.match(text):
                self._is_plan = self._is_plan and _YEAR.search(text) is None
        self._read_to = max(self._read_to, sentence)

    def _is_ahead(self, heading: str) -> bool:
        year, published = _YEAR.search(heading), self.calendar.year
        return year is not None and (published is None or int(year[0]) >= published)

    def period(self, number: Number, status: Status) -> Period | None:
        """The nearest time words before the number in its sentence, else those that carry on from earlier ones."""
        if is_base(self.scene.text, number):
            return None
        start = self.scene.sentences[number.sentence].start
        paragraph = self.of(number.sentence)
        last = bisect_right(paragraph.ends, number.start)
        own = self._own(paragraph.times, last, start, status)
        if own:
            return self._ahead(_nearest(own), status)
        item = self._item_start(number.sentence, paragraph)
        for index in range(last - 1, -1, -1):
            time = paragraph.times[index]
            if time.start < item:
                break
            if time.reach == "paragraph" and time.start < start and self._may_bind(time, status):
                return time.period
        return None

    def _own(self, times: Sequence[TimeWords], last: int, start: int, status: Status) -> list[TimeWords]:
        """Time words of the sentence itself that may bind; a vague stretch gives way to a dated one before it."""
        own: list[TimeWords] = []
        index = last - 1
        while index >= 0 and times[index].start >= start:
            if self._may_bind(times[index], status):
                own.insert(0, times[index])
            index -= 1
        near = times[max(0, last - NEAR_TIMES) : last]
        if own and _is_vague(own[-1]) and any(time.reach == "paragraph" for time in near):
            own.pop()
        return own

    def _item_start(self, sentence: int, paragraph: Paragraph) -> int:
        """Where the news item that holds a sentence begins: at the last sentence that opens with a day or a source."""
        if sentence not in self._items:
            found = self.scene.sentences[paragraph.first].start
            for index in range(paragraph.first, paragraph.last + 1):
                if index > paragraph.first and _ITEM.search(self.scene.sentences[index].text[:60]):
                    found = self.scene.sentences[index].start
                self._items[index] = found
        return self._items[sentence]

    def _may_bind(self, time: TimeWords, status: Status) -> bool:
        """Planned figures take no past period, but their deadline or the year that they are planned for."""
        if status == "done":
            return True
        if time.rule in _PRESENT:
            return False
        period, published = self._ahead(time, status), self.calendar.published
        return period.end is None or published is None or period.end > published

    def _ahead(self, time: TimeWords, status: Status) -> Period:
        """A month or half year without a year that a plan names is the next one, not the last."""
        period, published = time.period, self.calendar.published
        if status == "done" or time.rule not in _YEARLESS or period.start is None or period.end is None:
            return period
        if published is None or period.end > published:
            return period
        later = Period(_next_year(period.start), _next_year(period.end), period.text)
        return later if later.start is not None and later.start.year == published.year else period


_YEARLESS = frozenset({"period.month", "period.tenth", "period.of-this-year"})
_SAME_DAY = re.compile(r"当|次|翌")
_DAYS = frozenset({"period.one-day", "period.day", "period.day-word"})


def _same_days(times: Iterable[TimeWords]) -> Iterator[TimeWords]:
    """9月8日…当天…次日: words that count from a day named before in the paragraph."""
    day: date | None = None
    for time in times:
        if time.rule == "period.day-word" and day is not None and _SAME_DAY.match(time.period.text):
            told = day + timedelta(days=time.period.text[0] in "次翌")
            time = time._replace(period=Period(told, told, time.period.text))
        if time.rule in _DAYS and time.period.start is not None:
            day = time.period.start
        yield time


def _next_year(day: date) -> date:
    return day.replace(year=day.year + 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)


# A stretch that earlier words date: 专项整治期间; feasts have dates of their own.
_VAGUE = re.compile(r"(?<![节假日])期间$")
_PRESENT = frozenset({"period.to-now", "period.until-now", "period.day-word", "period.one-day"})
_ITEM = re.compile(
    r"^[^，。；、]{4,40}[ 　](?=[^，。；]{2})|(?:今天|昨天|今日|昨日|近日|日前|记者|[（(]\d{1,2}月\d{1,2}日[）)]|获悉|据[^，]{2,12}(?:统计|消息|介绍))"
)
_FROM = re.compile(r"(?:由|从)(?:原来的?|过去的?|治理前的?)?(?:最多|不足)?$")
_GROWS = re.compile(r"(?:[^，。；]{0,4})(?:增|提高|上升|扩|发展|跃升|缩|压|降|减|提升|攀升|拓展|升)")


def is_base(text: str, number: Number) -> bool:
    """由595亿元增加到2643亿元: the first figure is of another time."""
    return bool(_FROM.search(text, max(0, number.start - 8), number.start)) and bool(_GROWS.match(text, number.end))


def _is_vague(time: TimeWords) -> bool:
    return time.period.end is None and _VAGUE.search(time.period.text) is not None


def _nearest(own: Sequence[TimeWords]) -> TimeWords:
    """Of the time words of a sentence the last; a day of publication gives way to a stretch that is counted."""
    last = own[-1]
    if last.rule in ("period.day-word", "period.some-days") and len(own) > 1 and own[-2].reach == "paragraph":
        return own[-2]
    return last
