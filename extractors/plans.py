"""A number in its place in, done or planned out: by plan words, by a time to come, by the section's heading."""

from __future__ import annotations

import re
from bisect import bisect_right

from ..corpus.records import Status
from .calendars import Calendar
from .cues import Cue
from .paragraphs import NEAR_TIMES
from .surroundings import Here, Walk

# Plan words that hold for all parts of a sentence that semicolons part.
_LASTING = frozenset({"要", "计划", "今后", "未来", "明年", "下一年", "下一步", "重点抓好", "力争", "确保"})
_DONE_SINCE = re.compile(r"(?:已经?|实际)(?:完成|达|实现|有|为|到位)?[^，]{0,6}$")
_DONE_WORD = re.compile(r"已|累计|截至")
_SEPARATOR = re.compile(r"[；;。]")
_FORECASTS = frozenset({"预计", "预期"})
_DEADLINES = frozenset({"period.deadline", "period.plan-end"})
MAX_PARTS = 8


def status_of(here: Here, walk: Walk, calendar: Calendar) -> Status:
    """Planned where a plan word reaches the number, its time lies ahead, or its section speaks of plans."""
    spoken = (*_carried(walk, here.number.sentence), *here.spoken)
    if any(_reaches(cue, here, calendar) for cue in spoken if cue.effect == "planned"):
        return "planned"
    if _is_ahead(here, calendar):
        return "planned"
    if here.paragraph.is_plan and not _DONE_WORD.search(here.scene.text, here.sentence.start, here.number.start):
        return "planned"
    return "done"


def _carried(walk: Walk, index: int) -> list[Cue]:
    """Plan words of the parts before, where a semicolon and no full stop parts them: 要新建…；新增…."""
    carried: list[Cue] = []
    sentences = walk.scene.sentences
    for _ in range(MAX_PARTS):
        if not index or sentences[index - 1].text[-1] not in "；;":
            break
        index -= 1
        carried = [cue for cue in walk.cues(index) if cue.word in _LASTING] + carried
    return carried


def _reaches(cue: Cue, here: Here, calendar: Calendar) -> bool:
    between = here.scene.text[cue.end : here.number.start]
    if (cue.ended_by and cue.ended_by in between) or "。" in between:
        return False
    if _SEPARATOR.search(between) and cue.word not in _LASTING:
        return False
    if _DONE_SINCE.search(between):
        return False
    return not (cue.word in _FORECASTS and _is_over(here, calendar))


def _is_over(here: Here, calendar: Calendar) -> bool:
    """预计 about a period that is over tells of something done."""
    last = bisect_right(here.paragraph.ends, here.number.start)
    near = here.paragraph.times[max(0, last - NEAR_TIMES) : last]
    end = next((time.period.end for time in reversed(near) if time.reach == "paragraph"), None)
    return end is not None and calendar.published is not None and end < calendar.published


def _is_ahead(here: Here, calendar: Calendar) -> bool:
    """到2030年, 2035年: a time after publication makes a plan."""
    published = calendar.published
    if published is None:
        return False
    last = bisect_right(here.paragraph.ends, here.number.start)
    for time in reversed(here.paragraph.times[max(0, last - NEAR_TIMES) : last]):
        if time.start < here.sentence.start:
            return False
        if time.reach == "paragraph":
            day = time.period.end if time.rule in _DEADLINES else time.period.start
            return day is not None and day > published
    return False
