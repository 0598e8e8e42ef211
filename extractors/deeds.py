"""Sentences of a scene in, what each of them says was done out: verbs, objects and statistics with their type."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise

from ahocorasick_rs import AhoCorasick, MatchKind

from ..corpus.article import Sentence
from ..corpus.lexicons import rows
from .scene import Scene

# Rules that name a type, best first: name, an example, the share of right answers on our gold
RULES = (
    ("activity.act", "走访侨企86家次 → visit: the word names its type wherever it reports", 0.8),
    ("activity.pair", "发放 × 手册 → publicity: a general verb and its object", 0.75),
    ("activity.deed", "成立…: a verb with a type of its own where no object decides", 0.7),
    ("activity.object", "贷款3亿元 → investment: an object beside a number, no verb known", 0.65),
    ("activity.continued", "其中，欧洲侨胞9000余人次: the sentence before goes on", 0.7),
    ("activity.statistic", "地区生产总值增长5% → none: the state of an economy is nobody's piece of work", 0.9),
)
CONFIDENCE = {name: share for name, _, share in RULES}


@dataclass(frozen=True, slots=True)
class Hint:
    """A typed deed or object in a sentence: its place, its type (empty for statistics) and its rule.

    `reports` is false in clauses of aim and background, `planned` is true for what is still to be done."""

    start: int
    end: int
    type: str
    rule: str
    reports: bool
    planned: bool = False


ALONE, BY_NUMBER, GOVERNED, GOVERNS = 1, 2, 4, 8


@dataclass(slots=True)
class Word:
    """All that the lexicons say of one word."""

    act: str = ""
    object: str = ""
    statistic: bool = False
    trade: bool = False
    context: bool = False
    default: str = ""
    classes: set[str] = field(default_factory=set)
    pairs: dict[str, str] = field(default_factory=dict)
    says: int = 0


@cache
def _lexicon() -> tuple[AhoCorasick, list[Word]]:
    words: dict[str, Word] = {}
    for text, role, kind in rows("activities"):
        word = words.setdefault(text, Word())
        if role in ("act", "object"):
            setattr(word, role, kind)
        else:
            setattr(word, role, True)
    for text, group, kind in rows("deeds"):
        word = words.setdefault(text, Word())
        word.classes.add(group)
        word.default = word.default or kind.removeprefix("none")
    for group, text, kind in rows("governing"):
        words.setdefault(text, Word()).pairs[group] = kind
    for word in words.values():
        word.says = (
            (ALONE if word.act or word.default or word.context else 0)
            | (BY_NUMBER if word.object or word.statistic or word.trade else 0)
            | (GOVERNED if word.pairs else 0)
            | (GOVERNS if word.classes else 0)
        )
    return AhoCorasick(list(words), matchkind=MatchKind.LeftmostLongest), list(words.values())


Place = tuple[int, int, Word]


def _places(scene: Scene) -> list[list[Place]]:
    automaton, words = _lexicon()
    found: list[list[Place]] = [[] for _ in scene.sentences]
    index, last = 0, len(scene.sentences) - 1
    for word, start, end in automaton.find_matches_as_indexes(scene.text):
        while index < last and scene.sentences[index].end <= start:
            index += 1
        sentence = scene.sentences[index]
        if sentence.start <= start and end <= sentence.end:
            found[index].append((start, end, words[word]))
    return found


def hints(scene: Scene) -> list[list[Hint]]:
    """What each sentence of the scene says was done, in one pass over the text.

    Sentences that go on with the deed of the one before (其中…, 累计…) and name none take its type."""
    if not scene.sentences:
        return []
    made: list[list[Hint]] = []
    before: list[Hint] = []
    intends = section = False
    for index, (sentence, places) in enumerate(zip(scene.sentences, _places(scene), strict=True)):
        follows = bool(index) and "\n" not in scene.text[scene.sentences[index - 1].end : sentence.start]
        own = _Reader(scene, sentence, places).read() if places else []
        if follows and not any(hint.rule in _DECIDING for hint in own):
            own = _continued(sentence, before) + own
        intends = (follows and intends and not _DONE.search(sentence.text)) or _INTENDS.match(sentence.text) is not None
        section = _section(sentence, section)
        if (intends or section) and not _DONE.search(sentence.text):
            own = [replace(hint, reports=False, planned=True) for hint in own]
        made.append(own)
        before = own
    return made


# A paragraph that opens so tells of plans to its end: 今年重点抓好十件实事。养老方面，新建…
_INTENDS = re.compile(
    r"(?:新的一年|今年[，]?(?:要|重点|我们将|将|拟|计划|力争)|明年|下一年|下一步|下半年，?(?:力争|将|要)|今后|未来|到20[2-9]\d年|20\d\d年[，]?(?:要|将|计划|重点|力争))"
)
_DONE = re.compile(r"(?:已经?(?!有)|截至|截止|去年|上半年|今年以来|累计)")
# Headings and opening sentences of the part of a report that tells of plans; headings that end it
_PLANS = re.compile(
    r"(?:工作安排|工作打算|主要任务|目标任务|下一步|下步|发展目标|预期目标|工作思路|工作计划|今后|展望|总体要求|重点任务|还要这样干|重点工作$)"
)
_OPENS_PLANS = re.compile(
    r"(?:做好(?:今年|20\d\d年)|今年(?:要)?(?:重点|着力|主要)(?:抓好|做好)|(?:今年|20\d\d年)[^。]{0,16}(?:预期目标|总体要求)|今年[^。]{0,12}工作[，的][^。]{0,10}要求|新的一年)"
)
_PAST = re.compile(r"(?:回顾|总结|完成情况|工作情况|主要成效|成绩|做法|过去)")
LONGEST_TITLE = 40


def _section(sentence: Sentence, before: bool) -> bool:
    """Whether the sentence stands in a part that tells of plans."""
    text = sentence.text
    if len(text) < LONGEST_TITLE and text[-1] not in "。；，、":
        if _PAST.search(text):
            return False
        return before or _PLANS.search(text) is not None
    return before or _OPENS_PLANS.match(text) is not None


_DECIDING = ("activity.act", "activity.pair", "activity.deed", "activity.statistic")
_CONTINUES = re.compile(
    r"(?:其中|此外|累计|目前|截至|截止|同月|次日|同时|每年|年均|平均|其余|全年|已|共|惠及|覆盖|受益|参与|比|较|同比|"
    r"该(?:项目|活动|行动|平台|基金)|活动|项目|平台|自[^，]{0,8}以来)"
)


def _continued(sentence: Sentence, before: Sequence[Hint]) -> list[Hint]:
    typed = [hint for hint in before if hint.rule != "activity.object"]
    if not typed or not _CONTINUES.match(sentence.text):
        return []
    return [Hint(sentence.start, sentence.start, typed[-1].type, "activity.continued", False)]


_DIGIT = re.compile(r"[0-9０-９零一二两三四五六七八九十百千万亿]")
_COMMA = re.compile(r"[，,：:]")
# Clauses that say why, on what ground or to what end: 围绕…, 助力…, 为…提供支撑
_FRAME = re.compile(
    r"据[^，。]{0,30}(?:报道|消息|统计|了解|介绍|数据|发布)|\s*(?:并|以|来|切实|进一步|不断|有效|持续|全力|精准|积极|着力|充分|更好|有力|始终|认真|深入|[一二三四五六七八九十]+是)*"
    r"(?:结合|助力|助推|促进|推动(?!.{0,20}(?:落地|落户|建成|建造|获评))|提升|提高|增强|发挥|围绕|聚焦|依托|立足|针对|坚持|紧扣|面对|根据|按照|贯彻|"
    r"为了|为(?:进一步|深入|切实|更好)|紧抓|紧紧|秉持|弘扬|营造|激发|凝聚|践行|把握|牢记|汇聚|彰显|展现|"
    r"以[^，]{0,20}(?:为(?:牵引|抓手|主线|重点|契机|载体|引领|依托|中心|主题|根本|目标|核心)|$))"
)
_FOR_END = re.compile(r"为[^，。]{0,24}(?:提供|奠定|贡献|注入|打下|树立|创造|营造|夯实|保驾)[^，。]{0,16}$")
# 用于…, 助力…: what follows is what the deed is for
_PURPOSE = re.compile(r"(?:用于|助力|促进|助推|有助于|服务于|致力于|旨在|为了)")
# 培训基地, 维权机制: the word only names a thing
_NAME_TAIL = re.compile(
    r"(?:基地|机构|体系|能力|制度|政策|公司|条例|意识|环境|专家|法》|大学|学院|部门|委员|人员|协会|集团|产业(?!园)|理念|水平|领域|示范区|规划|需求|优势|模式|氛围|体制|改革|难(?![题点])|贵(?![州阳])|[员者]|部(?![分署])|法(?![律治院])|团(?![体结建])|期间|总会|热线|名录|测评|对象)"
)
# Cues that hold to the end of the sentence, and cues of one clause
_PLANNED = re.compile(
    r"(?:将(?!军|近|领|其|士|[^，。]{0,12}(?:转化|送到|送给|纳入))|拟(?!定)|力争|计划(?=[^”’，。]{0,12}(?:[建培开引投招扩]|新[建增植]|实施|募集))|打算|"
    r"争取(?=[^，]{0,4}[在到年带让使])|预期(?:增长|目标)|目标是|下一步|今后|未来|要(?:确保|新增|新建|建设|进一步|加快|坚持|完成|抓)|到20[2-9]\d年(?!底前?已|以来))"
)
_EXPECTED = re.compile(r"(?:预计|预期|有望|可望|建成后|达产后)")
# 筹建…后, 成立六年: when, not what
_SINCE = re.compile(r"(?:以来|之后|至今|之前|前夕|后(?![续勤台])|[一二三四五六七八九十0-9０-９]+(?:周)?年)")
# 成立“…”法律援助站: the deed of founding stays beside these
_KEEPS_BODY = {"rights", "consultation", "publicity", "training", "exchange", "service", "pairing"}
# What is founded: a body, a place, a name in quotation marks; 设立展区, 设立奖项 found nothing
_BODY = re.compile(r"[^，。；]{0,30}?(?:[站室部会队所院库馆园组团校家岗处厅角点]|中心|窗口|平台|机构|集团|公司|联盟|系统|[”」])")
REACH = 24
# 隧道…建成: roads and plants are no stations of the work
_INFRASTRUCTURE = re.compile(r"(?:隧道|高铁|铁路|机场|大桥|电站|水库|机组|电网|风电|光伏|特高压|航道|货币|反应堆|主桥)")


class _Reader:
    """Reads the words of one sentence clause by clause."""

    def __init__(self, scene: Scene, sentence: Sentence, places: list[Place]) -> None:
        self.scene, self.sentence, self.places = scene, sentence, places
        self.found: list[Hint] = []
        self.planned = False

    def read(self) -> list[Hint]:
        text, sentence = self.scene.text, self.sentence
        says = 0
        for _, _, word in self.places:
            says |= word.says
        if not (says & ALONE or says & (GOVERNED | GOVERNS) == GOVERNED | GOVERNS) and not (
            says & BY_NUMBER and _DIGIT.search(text, sentence.start, sentence.end)
        ):
            return []
        is_plan = _PLANNED.search(text, sentence.start, sentence.end) is not None
        is_forecast = _EXPECTED.search(text, sentence.start, sentence.end) is not None
        cuts = [sentence.start, *(match.end() for match in _COMMA.finditer(text, sentence.start, sentence.end)), sentence.end]
        starts = [start for start, _, _ in self.places]
        planned = False
        for first, last in pairwise(cuts):
            low, high = bisect_left(starts, first), bisect_left(starts, last)
            planned = is_plan and (
                (planned and not text.startswith("已", first)) or _PLANNED.search(text, first, last) is not None
            )
            if low < high:
                forecast = is_forecast and _EXPECTED.search(text, first, last) is not None
                self._clause(first, last, self.places[low:high], planned or forecast)
        self.found.sort(key=lambda hint: (hint.end, hint.start))
        return _under_umbrella(text, sentence, self.found, self.places)

    def _clause(self, first: int, last: int, places: list[Place], planned: bool) -> None:
        text = self.scene.text
        self.planned = planned
        framed = planned or _FRAME.match(text, first, last) is not None or _FOR_END.search(text, first, last) is not None
        purpose = _PURPOSE.search(text, first, last)
        aim = first if framed else purpose.start() if purpose else last
        deed: Place | None = None
        place_before: Place | None = None
        governed = False
        for place in places:
            start, end, word = place
            if not self._is_said(start, end, word) or _SINCE.match(text, end) or text[start - 1] == "一":
                continue
            kind = "" if deed is None or start - deed[1] > REACH else self._pair(deed[2], word)
            if kind and deed is not None:
                self._forget(deed, kind)
                self._add(deed[0], end, kind, "activity.pair", deed[0] < aim)
                governed = True
            elif self._takes(place, first, last, aim):
                founds = deed is not None and deed[2].default == "platform"
                governed = governed or not (founds and word.act in _KEEPS_BODY or self._is_listed(start, end, last))
            elif word.object:
                self._add(start, end, word.object, "activity.object", False)
                governed = governed or deed is not None and word.object == deed[2].default
            if "open" in word.classes and not kind and self._opened(place, place_before, aim):
                deed, governed = None, True
            elif word.classes and not kind:
                self._close(deed, governed, aim)
                deed, governed = place, False
            elif governed and deed is not None and not kind:
                deed = None
            place_before = place if "open" in word.pairs else place_before
        self._close(deed, governed, aim)

    def _opened(self, place: Place, thing: Place | None, aim: int) -> bool:
        """学校竣工, 驿站启用: what was opened stands before the verb."""
        if thing is None or place[0] - thing[1] > REACH:
            return False
        self._add(thing[0], place[1], thing[2].pairs["open"], "activity.pair", thing[0] < aim)
        return True

    def _forget(self, deed: Place, kind: str) -> None:
        """签约高校: the object takes the place of the type that its verb has by itself."""
        if deed[2].act and deed[2].act != kind:
            self.found = [hint for hint in self.found if (hint.start, hint.end) != deed[:2]]

    def _takes(self, place: Place, first: int, last: int, aim: int) -> bool:
        """Take a word that names its type by itself, or a statistic."""
        start, end, word = place
        text = self.scene.text
        if word.trade or word.statistic:
            is_of_firms = word.trade and "企" in text[first:start]
            self._add(start, end, "investment" if is_of_firms else "", "activity.act" if is_of_firms else "activity.statistic", start < aim)
            return True
        if not word.act or (word.default and word.classes) or _NAME_TAIL.match(text, end):
            return False
        self._add(start, end, word.act, "activity.act", start < aim)
        return True

    def _is_listed(self, start: int, end: int, last: int) -> bool:
        """用地、融资、用工等难题: a word of a list that 等 sums up governs nothing."""
        text = self.scene.text
        return (text[end : end + 1] == "、" or text[start - 1] == "、") and "等" in text[end:last]

    def _close(self, deed: Place | None, governed: bool, aim: int) -> None:
        if deed is None or governed or not deed[2].default:
            return
        start, end, word = deed
        if word.default == "platform" and _INFRASTRUCTURE.search(self.scene.text, max(self.sentence.start, start - 24), end + 16):
            return
        if word.default != "platform" or _BODY.match(self.scene.text, end):
            self._add(start, end, word.default, "activity.deed", start < aim)

    @staticmethod
    def _pair(deed: Word, word: Word) -> str:
        return next((word.pairs[group] for group in sorted(deed.classes) if group in word.pairs), "")

    def _is_said(self, start: int, end: int, word: Word) -> bool:
        """Inside quotation marks and titles only the noun that ends a short name counts: “西湖非公学堂”."""
        quote = self.scene.quoted(start, end)
        return quote is None or (bool(word.act) and end == quote[1] - 1 and quote[1] - quote[0] <= 20 and self.scene.text[quote[0]] != "《")

    def _add(self, start: int, end: int, kind: str, rule: str, reports: bool) -> None:
        self.found.append(Hint(start, end, kind, rule, reports, self.planned))


_HANDLES = "签|引|招|订|接单|授信|贷|发放贷|解决|办理|办结|协调|帮助|答复|受理|兑[现付]|纾困|减|退税|一网|公证|调解|审批"
# What the main deed of a sentence takes in of the types behind it: how the deed begins, types, how the others begin
_UMBRELLAS = (
    ("visit", re.compile(r"[走慰看探家登送]"), {"donation", "service"}, re.compile(r"(?:发放|送|赠|派|困境|救助|补|临时救助|生活)")),
    ("donation", re.compile(r"[捐募]"), {"service", "investment"}, re.compile(rf"(?!{_HANDLES})")),
)
_COVERING = {"visit", "donation", "rights"}
_IN_DISASTER = re.compile(rf"(?!{_HANDLES})")


def _under_umbrella(text: str, sentence: Sentence, found: list[Hint], places: list[Place]) -> list[Hint]:
    """In a disaster what is given or visited is relief; on a visit it is the visit; what a gift builds is the gift."""
    is_disaster = any(word.context or word.act == "relief" for _, _, word in places)
    if not is_disaster and not any(hint.type in _COVERING for hint in found):
        return found
    if is_disaster:
        place = sentence.start
        gifts = [replace(hint, start=place, end=place) for hint in found if hint.type == "donation" and hint.reports]
        found = [*_covered(text, found, -1, "relief", {"donation", "visit", "service"}, _IN_DISASTER), *gifts[:1]]
        return sorted([*found, Hint(place, place, "relief", "activity.object", False)], key=lambda hint: (hint.end, hint.start))
    legal = next((hint.end for hint in found if hint.type == "rights" and hint.reports), None)
    if legal is not None:
        found = [replace(h, type="rights") if h.rule == "activity.deed" and h.type == "service" and h.start >= legal else h for h in found]
    for kind, opens, covers, begins in _UMBRELLAS:
        main = next((h for h in found if h.type == kind and h.reports and h.rule == "activity.act" and opens.match(text, h.start)), None)
        if main is not None:
            return _covered(text, found, main.end, kind, covers, begins)
    return found


def _covered(text: str, found: list[Hint], after: int, kind: str, covers: set[str], begins: re.Pattern[str]) -> list[Hint]:
    return [
        replace(hint, type=kind) if hint.type in covers and hint.start >= after and begins.match(text, hint.start) else hint
        for hint in found
    ]
