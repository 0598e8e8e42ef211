"""Deeds of a sentence in, the activity types that it reports out; and the one type of a number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..corpus.article import Sentence
from ..corpus.lexicons import BODIES, lexical, own
from ..corpus.records import Activity
from .deeds import CONFIDENCE, Hint, Place, places
from .governing import Reader
from .scene import Scene

__all__ = ["Hint", "activities", "activity_of", "hints"]


def hints(scene: Scene, found: Sequence[list[Place]] | None = None) -> list[list[Hint]]:
    """What each sentence of the scene says was done, in one pass over the text; `found` are its words, where they are
    known.

    Sentences that go on with the deed of the one before (其中…, 累计…) and name none take its type."""
    if not scene.sentences:
        return []
    reader = Reader(scene)
    made: list[list[Hint]] = []
    before: list[Hint] = []
    intends = section = False
    end = 0
    for sentence, words in zip(scene.sentences, places(scene) if found is None else found, strict=True):
        follows = bool(made) and "\n" not in scene.text[end : sentence.start]
        end, text = sentence.end, sentence.text
        own = reader.read(sentence, words) if words else []
        if before and follows and _DECIDING.isdisjoint([hint.rule for hint in own]):
            own = _continued(sentence, before) + own
        intends = intends and follows and _DONE.search(text) is None
        if text[0] in _OPENERS or text[-1] not in _STOPS:
            intends = intends or _INTENDS.match(text) is not None
            section = _section(text, section)
        if own and (intends or section) and _DONE.search(text) is None:
            own = [hint._replace(reports=False, planned=True) for hint in own]
        made.append(own)
        before = own
    return made


# A paragraph that opens so tells of plans to its end: 今年重点抓好十件实事。养老方面，新建…
_INTENDS = re.compile(
    r"(?:新的一年|今年[，]?(?:要|重点|我们将|将|拟|计划|力争)|明年|下一年|下一步|下半年，?(?:力争|将|要)|今后|未来|"
    r"到20[2-9]\d年|20\d\d年[，]?(?:要|将|计划|重点|力争))"
)
_DONE = re.compile(r"(?:已经?(?!有)|截至|截止|去年|上半年|今年以来|累计)")
# Headings and opening sentences of the part of a report that tells of plans; headings that end it
_PLANS = re.compile(
    r"(?:工作安排|工作打算|主要任务|目标任务|下一步|下步|发展目标|预期目标|工作思路|工作计划|今后|展望|总体要求|"
    r"重点任务|重点工作$)"
)
_OPENS_PLANS = re.compile(
    r"(?:做好(?:今年|20\d\d年)|今年(?:要)?(?:重点|着力|主要)(?:抓好|做好)|"
    r"(?:今年|20\d\d年)[^。]{0,16}(?:预期目标|总体要求)|今年[^。]{0,12}工作[，的][^。]{0,10}要求|新的一年)"
)
# The characters with which such sentences begin, and those with which no heading ends
_OPENERS, _STOPS = frozenset("新今明下未到做2"), frozenset("。；，、")
_PAST = re.compile(r"(?:回顾|总结|完成情况|工作情况|主要成效|成绩|做法|过去)")
LONGEST_TITLE = 40


def _section(text: str, before: bool) -> bool:
    """Whether a sentence stands in a part that tells of plans."""
    if len(text) < LONGEST_TITLE and text[-1] not in _STOPS:
        if _PAST.search(text):
            return False
        return before or _PLANS.search(text) is not None
    return before or _OPENS_PLANS.match(text) is not None


_DECIDING = {"activity.act", "activity.pair", "activity.deed", "activity.statistic"}
_CONTINUES = re.compile(
    r"(?:其中|此外|累计|目前|截至|截止|同月|次日|同时|每年|年均|平均|其余|全年|已|共|惠及|覆盖|受益|参与|比|较|同比|"
    r"该(?:项目|活动|行动|平台|基金)|活动|项目|平台|自[^，]{0,8}以来)"
)


def _continued(sentence: Sentence, before: Sequence[Hint]) -> list[Hint]:
    for hint in reversed(before):
        if hint.rule != "activity.object":
            goes_on = _CONTINUES.match(sentence.text) is not None
            return [Hint(sentence.start, sentence.start, hint.type, "activity.continued", False)] if goes_on else []
    return []


# Sentences that report nothing: what should be done, what somebody said, what leaders asked for
_NO_WORK = re.compile(
    r"(?:下一步|今后|要(?![素闻道])|这(?:也|又|正)?是|未来[一二三四五六七八九十几]|“[^”]*[。！？，]”?|会议(?:要求|强调|指出)|"
    r"(?:他|她)(?:说|指出|强调|常说|要求)|各位代表|依照|按照《|根据《|根据国务院|符合下列|详情)"
)
_SPEECH = re.compile(
    r"(?:指出|强调|表示|要求|认为|回忆|嘱咐)[，：,:]|总书记|习近平(?!新时代)|希望(?!小学|工程|之)|愿同|愿与|双方(?:要|应|将)|"
    r"原则上|必须(?:全面|坚持)|应当|不得|请予审议|请(?:各位|市|省|并)|仍然|亟待|依然(?:存在|突出|较)|不够强|能力不足|水平不高|不稳固|压力(?:加|较)大|痛下决心|迫切需要|还有差距|"
    r"清醒(?:看到|认识|地看到)|面临[^，。]{0,12}(?:困难|挑战|问题)|表示[^，。]{0,24}(?:感谢|敬意|祝贺|慰问|问候)"
)
_CAPTION = "▲△■●◆"
_ENDS = "。；;！!？?.”"
_ORDINAL = re.compile(
    r"(?:[一二三四五六七八九十]+[、是]|（[一二三四五六七八九十]+）|\([一二三四五六七八九十]+\)|\d+[.、．]|"
    r"第[一二三四五六七八九十]+[、，]|——)"
)
_ACTORS = r"侨联|基金会|协会|商会|街道|联合会|工会|妇联|团委|委员会|党委|支部|[省市区县镇乡村局院校社]"
_FIGURE = re.compile(
    r"[0-9０-９][0-9０-９,，.．]*|[零一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟几数]{2,}|[百千万](?=[个家人户亩名位])"
)
LONGEST_HEADING = 24
Clause = tuple[int, int, int, int]
NEAR_BEFORE, NEAR_BEHIND, REACH = 4, 8, 18


def activities(scene: Scene, words: list[list[Hint]], numbered: set[int]) -> Iterator[Activity]:
    """The activity types of each sentence that reports work; `numbered` holds the sentences with an indicator."""
    for index, (sentence, heard) in enumerate(zip(scene.sentences, words, strict=True)):
        if not heard:
            continue
        types = _reported(heard)
        if index in numbered:
            types = _with_figures(scene, sentence, heard, types)
        elif not types or not _can_report(sentence.text):
            continue
        for kind, rule in sorted(types.items()):
            yield Activity(sentence.start, sentence.end, sentence.text, rule, CONFIDENCE[rule], kind)


@lexical
def _actor() -> re.Pattern[str]:
    """Who acts at the head of a sentence."""
    return re.compile("|".join([_ACTORS, *(re.escape(body) for (body,) in own(BODIES))]))


def _can_report(text: str) -> bool:
    if text[0] in _CAPTION:
        return True
    if text[-1] not in _ENDS:
        return len(text) >= 12 and not _ORDINAL.match(text) and _actor().search(text, 1, 14) is not None
    if _ORDINAL.match(text) and len(text) < LONGEST_HEADING:
        return False
    return not _NO_WORK.match(text) and not _SPEECH.search(text)


def _reported(words: list[Hint]) -> dict[str, str]:
    """Types that the words report, with the best rule that gives them."""
    found: dict[str, str] = {}
    for _, _, kind, rule, reports, _ in words:
        if reports and kind and rule != "activity.object":
            best = found.get(kind, rule)
            found[kind] = rule if CONFIDENCE[rule] > CONFIDENCE[best] else best
    return found


def _with_figures(scene: Scene, sentence: Sentence, words: list[Hint], found: dict[str, str]) -> dict[str, str]:
    """The reported types and those of the figures; what the sentence goes on with where there are none."""
    if any(_may_add(hint, found) for hint in words):
        for hint in _of_figures(scene, sentence, words):
            if hint.rule != "activity.object" or not found:
                found.setdefault(hint.type, hint.rule)
    return found or {hint.type: hint.rule for hint in words if hint.rule == "activity.continued" and hint.type}


def _may_add(hint: Hint, found: dict[str, str]) -> bool:
    """Whether a figure that the hint governs can give its sentence another type."""
    if hint.planned or not hint.type or hint.start == hint.end:
        return False
    return not found or (hint.rule != "activity.object" and hint.type not in found)


def _of_figures(scene: Scene, sentence: Sentence, words: list[Hint]) -> Iterator[Hint]:
    """What governs each figure of a sentence."""
    for figure in _FIGURE.finditer(scene.text, sentence.start, sentence.end):
        start, end = figure.span()
        clause = scene.clause_start(start, sentence.start)
        if _FOLLOWS.match(scene.text, clause):
            continue
        hint = _governing(words, clause, start, end, scene.clause_end(end, sentence.end))
        if hint is not None and hint.type and not hint.planned:
            yield hint


# A clause that goes on with the number before it, whatever it names, and one that does unless it names a deed
_FOLLOWS = re.compile(r"(?:用于|专项用于|预计|可(?!再)|建成后|达产后|投产后|届时)")
_SHARES = re.compile(r"(?:其中|占|比|同比|增长|人均|户均|亩均|平均|每[人户名位家个]|惠及|覆盖|受益|涉及)")


def activity_of(scene: Scene, words: Sequence[Hint], place: Clause, floor: int, inherited: str | None) -> str:
    """The one type of a number: what governs it in its clause, else what its sentence went on with.

    `place` holds the start of its clause, its own start and end, and the end of its clause; `floor` is the end of the
    number before it in the sentence (or the sentence's start), `inherited` its type, None for the first number."""
    clause, start, end, limit = place
    if inherited and _FOLLOWS.match(scene.text, clause):
        return inherited
    hint = _governing(words, clause, start, end, limit)
    is_weak = hint is not None and hint.rule in ("activity.object", "activity.statistic") and hint.start < start
    if hint is not None and not (inherited and is_weak and _SHARES.match(scene.text, clause)):
        return hint.type
    between = [hint for hint in words if floor <= hint.start and hint.end <= clause and hint.rule != "activity.object"]
    between = [hint for hint in between if hint.reports or hint.planned or not hint.type]
    if between:
        return between[-1].type
    return inherited if inherited is not None else _elsewhere(words, start, limit)


def _elsewhere(words: Sequence[Hint], start: int, limit: int) -> str:
    """For a first number without a word of its own: the next deed of the sentence, else the last word before."""
    behind = (hint for hint in words if hint.start >= limit)
    after = next((hint for hint in behind if hint.rule not in ("activity.object", "activity.statistic")), None)
    near = next((hint for hint in reversed(words) if hint.end <= start), None)
    found = near if after is None else after
    return found.type if found is not None else ""


def _governing(words: Sequence[Hint], clause: int, start: int, end: int, limit: int) -> Hint | None:
    """The hint of the clause that governs a number: a pair around it, the verb before, the verb behind, an object."""
    inside = [hint for hint in words if clause <= hint.start and hint.end <= limit and hint.start < hint.end]
    if not inside:
        return None
    strong = [hint for hint in inside if hint.rule != "activity.object"]
    around = next((hint for hint in strong if hint.start < start and end <= hint.end and hint.end - end <= REACH), None)
    if around is not None:
        return around
    before = [hint for hint in strong if hint.end <= start]
    if before:
        return before[-1]
    if strong:
        return strong[0]
    near = [hint for hint in inside if 0 <= start - hint.end <= NEAR_BEFORE]
    near = near or [hint for hint in inside if 0 <= hint.start - end <= NEAR_BEHIND]
    return near[-1] if near else None
