"""Numbers in, indicators out: each linked to its measure, period, status, per, brand, whole and region."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ..corpus.article import Article
from ..corpus.records import Brand, Indicator, Period, Status
from ..corpus.reporting import actor_region
from .activities import Hint, activity_of
from .cues import Cue, cues, per_of
from .measures import measure_of
from .numbers import Number
from .periods import Calendar, TimeWords, time_words
from .scene import Scene
from .sharing import shares

_PLAN_HEADING = re.compile(
    r"(?:工作安排|工作打算|重点工作|主要任务|目标任务|下一步|下步|发展目标|预期目标|工作思路|工作计划|今后|展望|工作建议|总体要求|重点任务)"
)
_PAST_HEADING = re.compile(r"(?:回顾|总结|完成情况|工作情况|主要成效|取得|成绩|开展情况|做法|过去)")
_REPORT_TITLE = re.compile(r"(?:工作报告|工作总结|年度总结|工作回顾|年工作综述|工作情况(?:汇报|报告)?|(?:这|五|一)年(?:来|回眸|回顾)?$|回眸|公报|年报)")
MAX_HEADING = 40
REACH = 400


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of the article with its sentences, time words and whether its section speaks of plans."""

    first: int
    last: int
    times: tuple[TimeWords, ...]
    is_plan: bool


def calendar_of(article: Article) -> Calendar:
    """Publication and, for a yearly report, the year reported: a report of January to April tells of the year before."""
    published = article.published
    reported = None
    if _REPORT_TITLE.search(article.title):
        year = re.search(r"((?:19|20)\d\d)年?(?!.*政府工作报告)", article.title)
        if year:
            reported = int(year[1])
        elif published:
            reported = published.year - 1 if published.month <= 4 else published.year
    return Calendar(published, reported)


def link(scene: Scene, found: Sequence[Number], brands: Sequence[Brand], words: Sequence[list[Hint]]) -> Iterator[Indicator]:
    """Indicators of an article in reading order."""
    calendar = calendar_of(scene.article)
    paragraphs = _Paragraphs(scene, calendar)
    previous: Number | None = None
    made: list[Indicator] = []
    dealt = shares(scene, found)
    brand_starts = [brand.start for brand in brands]
    for number in found:
        if previous is not None and previous.sentence != number.sentence:
            previous = None
        sentence = scene.sentences[number.sentence]
        floor = previous.end if previous is not None else sentence.start
        clause = scene.clause_start(number.start, floor)
        paragraph = paragraphs.of(number.sentence)
        spoken = list(cues(scene.text, max(sentence.start, number.start - REACH), number.start))
        ahead = [*_carried_plans(scene, number.sentence), *spoken]
        per = _per_of(scene, number, clause, spoken, previous, made)
        brand = _brand_of(scene, number, brands, brand_starts, previous, made)
        status = _status_of(scene, number, ahead, paragraph, calendar, previous)
        indicator = Indicator(
            number.start,
            number.end,
            scene.text[number.start : number.end],
            f"number.{number.quantity.bound}",
            0.9,
            replace(number.quantity, per=per, dimension=_dimension(scene, number, previous, made, brands, brand_starts)),
            measure_of(
                scene, number, _measure_start(number, clause, previous), made[-1].measure if previous is not None else "", brand, per,
                _share(dealt.get(number.start), made),
            ),
            _activity(scene, number, words, clause, made[-1] if previous is not None else None),
            brand,
            paragraphs.period(number, paragraph, status, calendar),
            status,
            _whole_of(scene, number, spoken, made, previous, paragraph),
            _region_of(scene, number, calendar.year),
        )
        made.append(indicator)
        previous = number
        yield indicator


def _measure_start(number: Number, clause: int, previous: Number | None) -> int:
    """Where the words of the measure begin: behind the noun of the figure before, 七大展区和|30多场论坛."""
    if previous is None or previous.behind is None:
        return clause
    end = previous.behind.end
    return end if clause <= end <= number.start else clause


def _share(dealt: str | None, made: Sequence[Indicator]) -> str | None:
    """The subject that 分别 deals out; one told by place is the measure of that earlier figure."""
    if dealt is None or not dealt.startswith("\0"):
        return dealt
    _, place, change = dealt.split("\0")
    earlier = next((indicator.measure for indicator in reversed(made) if indicator.start == int(place)), "")
    return earlier + change


def _carried_plans(scene: Scene, index: int) -> list[Cue]:
    """Plan words of the parts before, where a semicolon and no full stop parts them: 要新建…；新增…."""
    carried: list[Cue] = []
    while index and len(carried) < 8 and scene.sentences[index - 1].text[-1] in "；;":
        index -= 1
        before = scene.sentences[index]
        found = [cue for cue in cues(scene.text, max(before.start, before.end - REACH), before.end) if cue.word in _LASTING]
        carried = found + carried
    return carried


# Plan words that hold for all parts of a sentence.
_LASTING = frozenset({"要", "计划", "今后", "未来", "明年", "下一年", "下一步", "重点抓好", "力争", "确保"})


_BRAND_DIMENSIONS = {"place": "facilities", "event": "events", "project": "projects", "team": "organisations"}


def _dimension(
    scene: Scene, number: Number, previous: Number | None, made: Sequence[Indicator], brands: Sequence[Brand], starts: list[int]
) -> str:
    """The dimension that the noun gave; without a noun that of the brand beside, or of the figure that it is a result of."""
    own = number.quantity.dimension
    if number.behind is not None or number.before is not None:
        return own
    if made and (_is_result(scene, number, previous) or _is_of_whole(scene, number, previous)):
        return made[-1].quantity.dimension
    if own in ("other", "organisations"):
        index = bisect_right(starts, number.start) - 1
        if index >= 0 and 0 <= number.start - brands[index].end <= 3:
            return _BRAND_DIMENSIONS.get(brands[index].kind, own)
    return own


def _is_of_whole(scene: Scene, number: Number, previous: Number | None) -> bool:
    """培训基地8个，其中滇西3个; 台山占24个."""
    if previous is None or previous.quantity.unit != number.quantity.unit:
        return False
    return re.search(r"(?:其中[^，]{0,8}|占)$", scene.text[previous.end : number.start]) is not None


def _region_of(scene: Scene, number: Number, year: int | None) -> str | None:
    """The division whose work the number tells, by the sentence up to the end of the number's clause."""
    sentence = scene.sentences[number.sentence]
    end = scene.clause_end(number.end, sentence.end)
    if end - sentence.start > REACH:
        return actor_region(scene.text[end - REACH : end], scene.article.region, year)
    return actor_region(scene.text[sentence.start : end], scene.article.region, year, sentence.text)


class _Paragraphs:
    """Paragraphs of the scene, found once and asked in order."""

    def __init__(self, scene: Scene, calendar: Calendar) -> None:
        self.scene, self.calendar = scene, calendar
        self.found: dict[int, Paragraph] = {}
        self.is_plan = False
        self.read_to = 0

    def of(self, sentence: int) -> Paragraph:
        """The paragraph that holds a sentence."""
        if sentence in self.found:
            return self.found[sentence]
        scene = self.scene
        first = last = sentence
        while first and "\n" not in scene.text[scene.sentences[first - 1].end : scene.sentences[first].start]:
            first -= 1
        while last + 1 < len(scene.sentences) and "\n" not in scene.text[scene.sentences[last].end : scene.sentences[last + 1].start]:
            last += 1
        self._read_headings(first)
        start, end = scene.sentences[first].start, scene.sentences[last].end
        times = tuple(time_words(scene.text, start, end, self.calendar))
        paragraph = Paragraph(first, last, times, self.is_plan)
        for index in range(first, last + 1):
            self.found[index] = paragraph
        return paragraph

    def _read_headings(self, sentence: int) -> None:
        """Section headings up to a sentence turn plans on and off."""
        for index in range(self.read_to, sentence):
            text = self.scene.sentences[index].text
            if len(text) > MAX_HEADING or text[-1] in "；;":
                continue
            year = re.search(r"20\d\d", text)
            published = self.calendar.year
            if _PAST_HEADING.search(text):
                self.is_plan = False
            elif _PLAN_HEADING.search(text) and (
                re.match(r"^[一二三四五六七八九十（(]", text) or year is not None and (published is None or int(year[0]) >= published)
            ):
                self.is_plan = True
            elif re.match(r"^[一二三四五六七八九十]、", text):
                self.is_plan = self.is_plan and year is None
        self.read_to = max(self.read_to, sentence)

    def period(self, number: Number, paragraph: Paragraph, status: Status, calendar: Calendar) -> Period | None:
        """The nearest time words before the number in its sentence, else those that carry on from earlier ones."""
        if _is_base(self.scene.text, number):
            return None
        sentence = self.scene.sentences[number.sentence]
        times = [time for time in paragraph.times if time.end <= number.start]
        own = [time for time in times if time.start >= sentence.start and _may_bind(time, status, calendar)]
        if own:
            return _best_own(own).period
        reset = self._item_start(number.sentence, paragraph)
        for time in reversed(times):
            if time.start < reset:
                break
            if time.reach == "paragraph" and time.start < sentence.start and _may_bind(time, status, calendar):
                return time.period
        return None

    def _item_start(self, sentence: int, paragraph: Paragraph) -> int:
        """Where the news item that holds a sentence begins: at the last sentence that opens with a day or a source."""
        for index in range(sentence, paragraph.first, -1):
            if _ITEM.search(self.scene.sentences[index].text[:60]):
                return self.scene.sentences[index].start
        return self.scene.sentences[paragraph.first].start


_FROM = re.compile(r"(?:由|从)(?:原来的?|过去的?|治理前的?)?(?:最多|不足)?$")
_GROWS = re.compile(r"(?:[^，。；]{0,4})(?:增|提高|上升|扩|发展|跃升|缩|压|降|减|提升|攀升|拓展|升)")


def _is_base(text: str, number: Number) -> bool:
    """由595亿元增加到2643亿元: the first figure is of another time."""
    return bool(_FROM.search(text, max(0, number.start - 8), number.start)) and bool(_GROWS.match(text, number.end))


_ITEM = re.compile(r"^[^，。；、]{4,40}[ 　](?=[^，。；]{2})|(?:今天|昨天|今日|昨日|近日|日前|记者|[（(]\d{1,2}月\d{1,2}日[）)]|获悉|据[^，]{2,12}(?:统计|消息|介绍))")


def _best_own(own: Sequence[TimeWords]) -> TimeWords:
    """Of the time words of a sentence the nearest; a day of publication gives way to a stretch that is counted."""
    last = own[-1]
    if last.rule in ("period.day-word", "period.some-days") and len(own) > 1 and own[-2].reach == "paragraph":
        return own[-2]
    return last


def _may_bind(time: TimeWords, status: Status, calendar: Calendar) -> bool:
    """Planned figures take no past period, but their deadline or the year that they are planned for."""
    if status == "done":
        return True
    if time.rule in ("period.to-now", "period.until-now", "period.day-word", "period.one-day"):
        return False
    end = time.period.end
    return end is None or calendar.published is None or end > calendar.published


_EVERY = frozenset({"每年", "每月", "每天", "每日", "每晚", "每个月"})
_RISEN = re.compile(r"(?:增|提高|上升|扩大|降|减|缩|压|发展|提升|扩|升|涨|跃)[一-龥]{0,3}(?:到|至|为)?$")


def _per_of(
    scene: Scene, number: Number, clause: int, spoken: Sequence[Cue], previous: Number | None, made: Sequence[Indicator]
) -> str:
    """Own per words; else 每天 and the like from earlier in the clause, or those of the figure that it continues."""
    own = per_of(scene.text, clause, number.start, number.end, number.quantity.dimension)
    if own:
        return own
    if previous is None:
        return _sentence_per(spoken, scene.sentences[number.sentence].start, previous)
    same_unit = previous.quantity.unit == number.quantity.unit
    between = scene.text[previous.end : number.start]
    if same_unit and (between in ("、", "和", "及", "与", "，") or _RISEN.fullmatch(between) or _RISEN.search(between) and len(between) < 8):
        return made[-1].quantity.per
    if number.quantity.dimension != "ratio":
        start = scene.clause_start(number.start, scene.sentences[number.sentence].start)
        every = [cue for cue in spoken if cue.word in _EVERY and cue.start >= start]
        return every[-1].effect[4:] if every else ""
    return ""


def _sentence_per(spoken: Sequence[Cue], start: int, previous: Number | None) -> str:
    """每年，各党派开展活动40余次: a per word that opens the sentence serves its first number."""
    if previous is None and spoken and spoken[0].start == start and spoken[0].effect.startswith("per:"):
        return spoken[0].effect[4:]
    return ""


_SEPARATOR = re.compile(r"[；;。]")


def _status_of(
    scene: Scene, number: Number, spoken: Sequence[Cue], paragraph: Paragraph, calendar: Calendar, previous: Number | None
) -> Status:
    for cue in reversed(spoken):
        if cue.effect != "planned":
            continue
        between = scene.text[cue.end : number.start]
        if cue.ended_by and cue.ended_by in between or "。" in between:
            continue
        if _SEPARATOR.search(between) and cue.word not in _LASTING:
            continue
        if re.search(r"(?:已经?|实际)(?:完成|达|实现|有|为|到位)?[^，]{0,6}$", between):
            continue
        if cue.word in ("预计", "预期") and _is_over(paragraph, number, calendar):
            continue
        return "planned"
    if _future_deadline(paragraph, scene, number, calendar):
        return "planned"
    if paragraph.is_plan and not re.search(r"(?:已|累计|截至)", scene.text[scene.sentences[number.sentence].start : number.start]):
        return "planned"
    return "done"


def _is_over(paragraph: Paragraph, number: Number, calendar: Calendar) -> bool:
    """预计 about a period that is over tells of something done."""
    before = [time for time in paragraph.times if time.end <= number.start and time.reach == "paragraph"]
    end = before[-1].period.end if before else None
    return end is not None and calendar.published is not None and end < calendar.published


def _future_deadline(paragraph: Paragraph, scene: Scene, number: Number, calendar: Calendar) -> bool:
    """到2030年, 2035年: a time after publication makes a plan."""
    published = calendar.published
    if published is None:
        return False
    sentence = scene.sentences[number.sentence]
    for time in reversed(paragraph.times):
        if sentence.start <= time.start and time.end <= number.start and time.reach == "paragraph":
            end, start = time.period.end, time.period.start
            if time.rule == "period.deadline":
                return end is not None and end > published
            return start is not None and start > published
    return False


def _whole_of(
    scene: Scene, number: Number, spoken: Sequence[Cue], made: Sequence[Indicator], previous: Number | None, paragraph: Paragraph
) -> tuple[int, int] | None:
    """The whole that 其中 or 如 makes this number a part or an example of; both must be of one dimension, but for shares."""
    sentence = scene.sentences[number.sentence]
    opened = scene.sentences[paragraph.first].start
    if made and _is_result(scene, number, previous):
        return made[-1].part_of if "其余" in scene.text[made[-1].end : number.start] and made[-1].part_of else (made[-1].start, made[-1].end)
    for cue in reversed(spoken):
        if cue.effect not in ("part", "example"):
            continue
        if cue.word == "包括" and re.search(r"[，；。,;]", scene.text[cue.end : number.start]):
            continue
        inside = [other for other in made if cue.end <= other.start]
        if cue.effect == "example" and inside:
            return None
        for other in reversed(made):
            if other.end > cue.start:
                continue
            if other.start < (opened if cue.effect == "example" or cue.start == sentence.start else sentence.start):
                break
            same = other.quantity.dimension == number.quantity.dimension and other.quantity.unit == number.quantity.unit
            share = number.quantity.dimension == "ratio" and not inside and not _is_change(scene, cue.end, number.start)
            if same and not _is_change(scene, cue.end, number.start) or share:
                return other.start, other.end
        return None
    return None


_RESULT = re.compile(
    r"^[，,、；和]?(?:其余|余下|目前|现|均|已经|已)?(?:当场|全部|成功|实际|帮助|主动|及时|推荐|推动)?(?:已)?(?:整改|办结|解决|答复|采纳|采用|投产|在建|开工|竣工|上岗|认领|到账|落实|销号|化解|处置|回应|完成|反馈|录用|就业|其余|完工|交付|入住|评出|调处|转化|获奖|入选|结案|调解成功|采编|刊用)(?:了)?(?:完成|落地|率|成功)?$"
)


def _is_result(scene: Scene, number: Number, previous: Number | None) -> bool:
    """发现问题18个，已整改15个: what became of the figure before."""
    if previous is None or previous.quantity.unit != number.quantity.unit or not number.quantity.unit:
        return False
    return _RESULT.match(scene.text[previous.end : number.start]) is not None


_CHANGE = re.compile(r"(?:增长|下降|同比|提高|上升|增加|减少|回升)[^，。；]{0,4}$")


def _is_change(scene: Scene, start: int, end: int) -> bool:
    return _CHANGE.search(scene.text[start:end]) is not None


def _activity(scene: Scene, number: Number, words: Sequence[list[Hint]], clause: int, previous: Indicator | None) -> str:
    sentence = scene.sentences[number.sentence]
    limit = scene.clause_end(number.end, sentence.end)
    floor, inherited = (sentence.start, None) if previous is None else (previous.end, previous.activity)
    return activity_of(scene, words[number.sentence], (clause, number.start, number.end, limit), floor, inherited)


_CONTINUES = re.compile(r"^(?:累计|目前|截至|已|现已|该|活动|项目|平台|全年|今年以来|自|先后|共|至今|其中|组织|近年来|成立以来|启动以来)")


def _brand_of(
    scene: Scene, number: Number, brands: Sequence[Brand], starts: list[int], previous: Number | None, made: Sequence[Indicator]
) -> str:
    """The brand that governs the number: right behind it, else the nearest before it in its sentence, else continued."""
    text, sentence = scene.text, scene.sentences[number.sentence]
    index = bisect_left(starts, number.end)
    if index < len(brands) and brands[index].start - number.end <= 1 and brands[index].start <= sentence.end:
        return brands[index].name
    first = bisect_left(starts, sentence.start)
    last = bisect_right(starts, number.start)
    before = list(brands[first:last])
    if before:
        if len(before) > 1 and _are_listed(text, before[-2], before[-1]) and _is_summed(text, before[-1], number):
            return ""
        if _is_aside(text[before[-1].end : number.start]):
            return made[-1].brand if previous is not None else ""
        return before[-1].name
    if number.sentence and _CONTINUES.match(sentence.text):
        earlier = scene.sentences[number.sentence - 1]
        if "\n" in text[earlier.end : sentence.start]:
            return ""
        names = {brand.name for brand in brands[bisect_left(starts, earlier.start) : first]}
        return names.pop() if len(names) == 1 else ""
    return ""


def _are_listed(text: str, first: Brand, second: Brand) -> bool:
    return re.fullmatch(r"[”’」』\"]?[、，,和及与]?[“‘「『\"]?", text[first.end : second.start]) is not None


def _is_summed(text: str, last: Brand, number: Number) -> bool:
    return number.start > last.end


_NEW_SUBJECT = re.compile(r"[；;]")


def _is_aside(between: str) -> bool:
    """A semicolon or a long way between the name and the number lets the name go."""
    return _NEW_SUBJECT.search(between) is not None or between.count("，") + between.count(",") > 5


