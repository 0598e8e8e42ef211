"""Sentences in, paragraphs out: each with its time words; and the period that holds for a number in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from ..corpus.article import Article
from ..corpus.records import Period, Status
from .calendars import Calendar
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
# A year that a title tells, 2024年, 2021—2023年; and the days that a text dates in full, but those that something began.
# Both open with the figures, for which `re` looks fast; what must not stand before follows behind them.
_TOLD_YEAR = re.compile(r"(?:19|20)(?<!\d..)\d\d(?=年|[-—–－~～至到]+(?:19|20)\d\d)")
_DATED = re.compile(
    r"((?:19|20)(?<![\d自从]..)\d\d)年(?:1[0-2]|0?[1-9])月(?:\d{1,2}[日号])?(?!\d)(?![^，。；\n]{0,16}(?:以来|成立|创[办立建]|起))"
)
MAX_HEADING = 40
NEAR_TIMES = 8


@dataclass(slots=True)
class Paragraph:
    """A line of the article with its sentences, time words as far as they were read, and whether its section speaks of
    plans."""

    first: int
    last: int
    is_plan: bool
    unread: Iterator[TimeWords]
    times: list[TimeWords] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def read_to(self, place: int) -> None:
        """Read the time words that end before a place; nobody asks for those behind the last figure."""
        while not self.ends or self.ends[-1] <= place:
            time = next(self.unread, None)
            if time is None:
                return
            self.times.append(time)
            self.ends.append(time.end)


def calendar_of(article: Article) -> Calendar:
    """Publication and, for a yearly report, the year reported: a report of January to April tells of the year before."""
    published, title = article.published, article.title or _first_line(article.text)
    headed = _told_year(title, article) if published is None else None
    report = _REPORT_TITLE.search(title)
    if report is None:
        return Calendar(published, None, headed)
    years = _TITLE_YEAR.findall(title, 0, report.end()) or _TITLE_YEAR.findall(title)
    if years:
        return Calendar(published, int(years[-1]), headed)
    if published is None:
        return Calendar(None, None, headed)
    return Calendar(published, published.year - 1 if published.month <= 4 else published.year)


def _told_year(title: str, article: Article) -> int | None:
    """The year of an article without a day of publication: the one of its title, else the one of all its full dates."""
    titled = set(map(int, _TOLD_YEAR.findall(title)))
    dated = {int(year) for start, end in article.body for year in _DATED.findall(article.text, start, end)}
    if titled:
        return min(titled) if len(titled) == 1 and (not dated or titled <= dated) else None
    latest = {int(year) for start, end in article.body for year in _TOLD_YEAR.findall(article.text, start, end)}
    return min(dated) if len(dated) == 1 and max(latest | dated) in dated else None


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

    def of(self, number: Number) -> Paragraph:
        """The paragraph that holds a number, with its time words up to there."""
        paragraph = self._of(number.sentence)
        paragraph.read_to(number.start)
        return paragraph

    def _of(self, sentence: int) -> Paragraph:
        if sentence not in self._found:
            first, last = self._edges(sentence)
            self._read_headings(first)
            start, end = self.scene.sentences[first].start, self.scene.sentences[last].end
            told = time_words(self.scene.text, start, end, self.calendar)
            times = _same_days(self.scene.text, HeadedYears(self.scene, first, last, self.calendar).read(told))
            paragraph = Paragraph(first, last, self._is_plan, times)
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
        paragraph = self.of(number)
        last = bisect_right(paragraph.ends, number.start)
        own = self._own(paragraph.times, last, start, number, status)
        if own:
            return self._ahead(_nearest(own), status)
        item = self._item_start(number.sentence, paragraph)
        for index in range(last - 1, -1, -1):
            time = paragraph.times[index]
            if time.start < item:
                break
            if time.reach == "paragraph" and time.start < start and self._may_bind(time, number, status):
                return time.period
        return None

    def _own(
        self, times: Sequence[TimeWords], last: int, start: int, number: Number, status: Status
    ) -> list[TimeWords]:
        """Time words of the sentence itself that may bind; a vague stretch gives way to a dated one before it."""
        own: list[TimeWords] = []
        index = last - 1
        while index >= 0 and times[index].start >= start:
            if self._may_bind(times[index], number, status):
                own.insert(0, times[index])
            index -= 1
        near = times[max(0, last - NEAR_TIMES) : last]
        if own and _is_vague(own[-1]) and any(time.reach == "paragraph" or time.rule == "period.days" for time in near):
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

    def _may_bind(self, time: TimeWords, number: Number, status: Status) -> bool:
        """Planned figures take no past period, but their deadline or the year that they are planned for."""
        if _tells_base(self.scene.text, time, number):
            return False
        if status == "done":
            return True
        if time.rule in _PRESENT:
            return False
        period, published = self._ahead(time, status), self.calendar.published
        return period.end is None or published is None or period.end > published

    def _ahead(self, time: TimeWords, status: Status) -> Period:
        """A month or half year without a year that a plan names is the next one, not the last."""
        period, published = time.period, self.calendar.published
        if status == "done" or published is None or period.end is None or period.end > published:
            return period
        if not _is_yearless(time):
            return period
        later = Period(_shifted(period.start, 1), _shifted(period.end, 1), period.text)
        told = later.start or later.end
        return later if told is not None and told.year == published.year else period


_YEARLESS = frozenset(
    {"period.month", "period.tenth", "period.of-this-year", "period.days", "period.months", "period.to-year-end"}
)
_NAMED_YEAR = re.compile(r"\d{4}|[今去前当本明]年|二[〇○零]")


def _is_yearless(time: TimeWords) -> bool:
    """11月, 上半年, 5月3日至6日: a part of a year that is not named."""
    return time.rule in _YEARLESS and _NAMED_YEAR.search(time.period.text) is None


class HeadedYears:
    """2024年，…，5月…，全年…: parts of a year behind the year that heads their sentence or paragraph are parts of it."""

    def __init__(self, scene: Scene, first: int, last: int, calendar: Calendar) -> None:
        self.scene, self.calendar = scene, calendar
        self.start, self.end = scene.sentences[first].start, scene.sentences[last].end

    def read(self, times: Iterable[TimeWords]) -> Iterator[TimeWords]:
        """The time words, with the years told before."""
        head, until = None, self.start
        for time in times:
            if _NAMED_YEAR.search(time.period.text):
                head, until = time.period, self._hold(time)
            elif head is not None and time.start < until and time.rule in _PARTS:
                time = self._of_year(time, head)
            yield time

    def _hold(self, time: TimeWords) -> int:
        """Where the hold of a year ends; at once where it heads nothing."""
        day, published = time.period.start, self.calendar.published
        if day is None or time.rule not in _HEADS or _BEGAN.match(self.scene.text, time.end):
            return self.start
        if time.start == self.start or (published is not None and day > published):
            return self.end
        sentence = self.scene.sentences[self.scene.sentence_at(time.start)]
        return sentence.end if sentence.start == time.start else self.start

    def _of_year(self, time: TimeWords, head: Period) -> TimeWords:
        """去年12月，…；3月…: what would lie before its head is of a later year, as it was read."""
        if head.start is None or head.end is None:
            return time
        same = _read_again(self.scene.text, time, Calendar(None, head.end.year, head.end.year))
        day = same.period.start or same.period.end
        return time if day is None or day < head.start else same


def _read_again(text: str, time: TimeWords, calendar: Calendar) -> TimeWords:
    """Time words as another calendar has them."""
    same = next(time_words(text, time.start, time.end, calendar), time)
    return same if (same.rule, same.end) == (time.rule, time.end) else time


_HEADS = frozenset(
    {"period.year", "period.whole-year", "period.part-of-year", "period.one-day", "period.days", "period.months"}
)
_PARTS = _YEARLESS | {
    "period.one-year",
    "period.one-day",
    "period.until",
    "period.month-end",
    "period.part-end",
    "period.until-month",
}
_BEGAN = re.compile(r"，?[^，。；]{0,14}(?:成立|创[办建立]|获|当选|被评|出台|印发)")
_SAME_DAY = re.compile(r"当|次|翌")
_DAYS = frozenset({"period.one-day", "period.day", "period.day-word"})
_IN_MONTH = _DAYS | {"period.days", "period.month"}


def _same_days(text: str, times: Iterable[TimeWords]) -> Iterator[TimeWords]:
    """9月8日…当天…次日…10日至12日: words that count from a day or a month named before in the paragraph."""
    day: date | None = None
    month: date | None = None
    for time in times:
        if time.rule == "period.days" and month is not None and "月" not in time.period.text:
            time = _read_again(text, time, Calendar(month.replace(day=monthrange(month.year, month.month)[1])))
        if time.rule in _IN_MONTH:
            month = time.period.end or month
        if time.rule == "period.day-word" and day is not None and _SAME_DAY.match(time.period.text):
            told = day + timedelta(days=time.period.text[0] in "次翌")
            time = time._replace(period=Period(told, told, time.period.text))
        if time.rule in _DAYS and time.period.start is not None:
            day = time.period.start
        yield time


def _shifted(day: date | None, years: int) -> date | None:
    """The same day so many years later."""
    if day is None:
        return None
    return day.replace(year=day.year + years, day=28 if (day.month, day.day) == (2, 29) else day.day)


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


_GROWN = re.compile(
    r"的[^，。；、\d]{0,12}\d[\d.,]{0,12}[^，。；、\d]{0,8}，?[^，。；、\d]{0,6}(?:增|提高|上升|扩|发展|跃升|缩|压|降|减|提升|攀升|拓展|升)"
    r"(?P<goal>[^，。；\d]{0,2}[到至为])?"
)


def _tells_base(text: str, time: TimeWords, number: Number) -> bool:
    """由去年底的87.5%提高到94%: the time of the first figure is not that of the second."""
    grown = _GROWN.match(text, time.end)
    if grown is None or grown.end() > number.start:
        return False
    return grown["goal"] is not None or text[time.start - 1 : time.start] in ("从", "由", "自")


def _is_vague(time: TimeWords) -> bool:
    return time.period.end is None and _VAGUE.search(time.period.text) is not None


def _nearest(own: Sequence[TimeWords]) -> TimeWords:
    """Of the time words of a sentence the last; a day of publication gives way to a stretch that is counted."""
    last = own[-1]
    if last.rule in ("period.day-word", "period.some-days") and len(own) > 1 and own[-2].reach == "paragraph":
        return own[-2]
    return last
