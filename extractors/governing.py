"""Words of one sentence in, its typed hints out: what governs, what is only an aim, a name, a plan."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from itertools import pairwise

from ..corpus.article import Sentence
from .deeds import ALONE, BY_NUMBER, GOVERNED, GOVERNS, Hint, Place, Word
from .scene import Scene

_DIGIT = re.compile(r"[0-9０-９零一二两三四五六七八九十百千万亿]")
_COMMA = re.compile(r"[，,：:]")
# Clauses that say why, on what ground or to what end: 围绕…, 助力…, 为…提供支撑
_FRAME = re.compile(
    r"据[^，。]{0,30}(?:报道|消息|统计|了解|介绍|数据|发布)|"
    r"\s*(?:并|以|来|切实|进一步|不断|有效|持续|全力|精准|积极|着力|充分|更好|有力|始终|认真|深入|"
    r"[一二三四五六七八九十]+是)*"
    r"(?:结合|助力|助推|促进|"
    r"推动(?!.{0,20}(?:落地|落户|建成|建造|获评))|提升|提高|增强|发挥|围绕|聚焦|依托|立足|针对|坚持|紧扣|面对|根据|按照|贯彻|"
    r"为了|为(?:进一步|深入|切实|更好)|紧抓|紧紧|秉持|弘扬|营造|激发|凝聚|践行|把握|牢记|汇聚|彰显|展现|"
    r"以[^，]{0,20}(?:为(?:牵引|抓手|主线|重点|契机|载体|引领|依托|中心|主题|根本|目标|核心)|$))"
)
_FOR_END = re.compile(
    r"为[^，。]{0,24}(?:提供[^，。]{0,16}(?:支撑|保障|支持|力量|动力|样板|示范|基础|条件)|"
    r"奠定|贡献|注入|打下|树立|创造|营造|夯实|保驾)[^，。]{0,12}[，。；,;]?$"
)
# 用于…, 助力…: what follows is what the deed is for
_PURPOSE = re.compile(r"(?:用于|助力|促进|助推|有助于|服务于|致力于|旨在|为了)")
# 培训基地, 维权机制: the word only names a thing
_NAME_TAIL = re.compile(
    r"(?:基地|机构|体系|能力|制度|政策|公司|条例|意识|环境|专家|法》|大学|学院|部门|委员|人员|协会|集团|"
    r"产业(?!园)|理念|水平|领域|示范区|规划|需求|优势|模式|氛围|体制|改革|"
    r"难(?![题点])|贵(?![州阳])|[员者]|部(?![分署])|法(?![律治院])|团(?![体结建])|期间|总会|热线|名录|测评|对象)"
)
# Cues that hold to the end of the sentence, and cues of one clause
_PLANNED = re.compile(
    r"(?:将(?!军|近|领|其|士|[^，。]{0,12}(?:转化|送到|送给|纳入))|拟(?!定)|力争|计划(?=[^”’，。]{0,12}(?:[建培开引投招扩]|新[建增植]|实施|募集))|"
    r"打算|争取(?=[^，]{0,4}[在到年带让使])|预期(?:增长|目标)|目标是|下一步|今后|未来|"
    r"要(?:确保|新增|新建|建设|进一步|加快|坚持|完成|抓)|到20[2-9]\d年(?!底前?已|以来))"
)
_EXPECTED = re.compile(r"(?:预计|预期|有望|可望|建成后|达产后)")
# 筹建…后, 成立六年: when, not what
_SINCE = re.compile(r"(?:以来|之后|至今|之前|前夕|后(?![续勤台])|[一二三四五六七八九十0-9０-９]+(?:周)?年)")
# 成立“…”法律援助站: the deed of founding stays beside these
_KEEPS_BODY = {"rights", "consultation", "publicity", "training", "exchange", "service", "pairing", "talent"}
# What is founded: a body, a place, a name in quotation marks; 设立展区, 设立奖项 found nothing
_BODY = re.compile(
    r"[^，。；]{0,30}?(?:[站室部会队所院库馆园组团校家岗处厅角点]|中心|窗口|平台|机构|集团|公司|联盟|系统|[”」])"
)
REACH = 24
LONGEST_NAME = 20
# 隧道…建成: roads and plants are no stations of the work
_INFRASTRUCTURE = re.compile(r"(?:隧道|高铁|铁路|机场|大桥|电站|水库|机组|电网|风电|光伏|特高压|航道|货币|反应堆|主桥)")


class Reader:
    """Reads the words of one sentence clause by clause."""

    def __init__(self, scene: Scene, sentence: Sentence, places: list[Place]) -> None:
        self.scene, self.sentence, self.places = scene, sentence, places
        self.found: list[Hint] = []
        self.planned = self.governed = False
        self.first = self.last = self.aim = sentence.start
        self.deed: Place | None = None
        self.thing: Place | None = None

    def read(self) -> list[Hint]:
        text, sentence = self.scene.text, self.sentence
        if not self._can_say():
            return []
        is_plan = _PLANNED.search(text, sentence.start, sentence.end) is not None
        is_forecast = _EXPECTED.search(text, sentence.start, sentence.end) is not None
        commas = (match.end() for match in _COMMA.finditer(text, sentence.start, sentence.end))
        cuts = [sentence.start, *commas, sentence.end]
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

    def _can_say(self) -> bool:
        """Whether the words together can give a type: one by itself, a verb with an object, an object with a number."""
        says = 0
        for _, _, word in self.places:
            says |= word.says
        if says & ALONE or says & (GOVERNED | GOVERNS) == GOVERNED | GOVERNS:
            return True
        return bool(says & BY_NUMBER) and _DIGIT.search(self.sentence.text) is not None

    def _clause(self, first: int, last: int, places: list[Place], planned: bool) -> None:
        """Verbs wait for their object; what follows a verb and is no object of it closes it."""
        self.planned, self.first, self.last = planned, first, last
        self.aim = first if planned else self._aim(first, last)
        self.deed, self.thing, self.governed = None, None, False
        for place in places:
            if not self._is_silent(place):
                self._hear(place)
        self._close()

    def _aim(self, first: int, last: int) -> int:
        """Where in the clause the words about its aim begin."""
        text = self.scene.text
        if _FRAME.match(text, first, last) or _FOR_END.search(text, first, last):
            return first
        purpose = _PURPOSE.search(text, first, last)
        return purpose.start() if purpose else last

    def _hear(self, place: Place) -> None:
        start, end, word = place
        kind = self._pair(start, word)
        if kind:
            self._take_object(end, kind)
        elif self._takes(place):
            founds = self.deed is not None and self.deed[2].default == "platform"
            keeps = (founds and word.act in _KEEPS_BODY) or self._is_listed(start, end)
            self.governed = self.governed or not keeps
        elif word.object:
            self._add(start, end, word.object, "activity.object", False)
            self.governed = self.governed or (self.deed is not None and word.object == self.deed[2].default)
        if not kind:
            self._turn(place)
        self.thing = place if "open" in word.pairs else self.thing

    def _turn(self, place: Place) -> None:
        """Let a verb open, and let what is no object close the verb before."""
        if "open" in place[2].classes and self._opened(place, self.thing):
            self.deed, self.governed = None, True
        elif place[2].classes:
            self._close()
            self.deed, self.governed = place, False
        elif self.governed:
            self.deed = None

    def _pair(self, start: int, word: Word) -> str:
        if self.deed is None or start - self.deed[1] > REACH:
            return ""
        return next((word.pairs[group] for group in sorted(self.deed[2].classes) if group in word.pairs), "")

    def _take_object(self, end: int, kind: str) -> None:
        """签约高校: the object also takes the place of the type that its verb has by itself."""
        assert self.deed is not None
        start, behind, verb = self.deed
        if verb.act and verb.act != kind:
            self.found = [hint for hint in self.found if (hint.start, hint.end) != (start, behind)]
        self._add(start, end, kind, "activity.pair", start < self.aim)
        self.governed = True

    def _opened(self, place: Place, thing: Place | None) -> bool:
        """学校竣工, 驿站启用: what was opened stands before the verb."""
        if thing is None or place[0] - thing[1] > REACH:
            return False
        self._add(thing[0], place[1], thing[2].pairs["open"], "activity.pair", thing[0] < self.aim)
        return True

    def _takes(self, place: Place) -> bool:
        """Take a word that names its type by itself, or a statistic."""
        start, end, word = place
        text = self.scene.text
        if word.trade or word.statistic:
            if word.trade and "企" in text[self.first : start]:
                self._add(start, end, "investment", "activity.act", start < self.aim)
            else:
                self._add(start, end, "", "activity.statistic", False)
            return True
        if not word.act or (word.default and word.classes) or _NAME_TAIL.match(text, end):
            return False
        self._add(start, end, word.act, "activity.act", start < self.aim)
        return True

    def _is_listed(self, start: int, end: int) -> bool:
        """用地、融资、用工等难题: a word of a list that 等 sums up governs nothing."""
        text = self.scene.text
        return (text[end : end + 1] == "、" or text[start - 1 : start] == "、") and "等" in text[end : self.last]

    def _close(self) -> None:
        if self.deed is None or self.governed or not self.deed[2].default:
            return
        start, end, word = self.deed
        text = self.scene.text
        around = (max(self.sentence.start, start - REACH), end + REACH)
        founds = _BODY.match(text, end) and not _INFRASTRUCTURE.search(text, *around)
        if word.default != "platform" or founds:
            self._add(start, end, word.default, "activity.deed", start < self.aim)

    def _is_silent(self, place: Place) -> bool:
        """Whether a word only tells when (成立以来, 一月一走访) or stands in a name that no verb governs."""
        start, end, word = place
        text = self.scene.text
        if _SINCE.match(text, end) or text[start - 1 : start] == "一":
            return True
        if self.scene.quoted(start, end) is None:
            return False
        is_name = self._ends_name(start, end)
        if is_name and self.deed is None and word.act:
            self._add(start, end, word.act, "activity.object", False)
        return self.deed is None or not is_name

    def _ends_name(self, start: int, end: int) -> bool:
        """In quotation marks only the noun that ends a short name counts: 创办“茶乡学堂”."""
        quote = self.scene.quoted(start, end)
        if quote is None:
            return False
        return end == quote[1] - 1 and quote[1] - quote[0] <= LONGEST_NAME and self.scene.text[quote[0]] != "《"

    def _add(self, start: int, end: int, kind: str, rule: str, reports: bool) -> None:
        self.found.append(Hint(start, end, kind, rule, reports, self.planned))


_OTHERS = re.compile(
    r"(?!签|引|招|订|接单|授信|贷|发放贷|解决|办理|办结|协调|帮助|答复|受理|兑[现付]|纾困|减|退税|一网|公证|调解|审批)"
)
_HANDED_OVER = re.compile(r"(?:发放|送|赠|派|困境|救助|补|临时|生活)")
# What the main deed of a sentence takes in of the types behind it: how the deed begins, types, how the others begin
_UMBRELLAS = (
    ("visit", re.compile(r"[走慰看探家登送]"), {"donation", "service"}, _HANDED_OVER),
    ("donation", re.compile(r"[捐募]"), {"service", "investment"}, _OTHERS),
)
_COVERING = {"visit", "donation", "rights"}


def _under_umbrella(text: str, sentence: Sentence, found: list[Hint], places: list[Place]) -> list[Hint]:
    """In a disaster what is given or visited is relief; on a visit it is the visit; what a gift builds is the gift."""
    if any(word.context or word.act == "relief" for _, _, word in places):
        return _in_disaster(text, sentence.start, found)
    if not any(hint.type in _COVERING for hint in found):
        return found
    found = _in_law(found)
    for kind, opens, covers, begins in _UMBRELLAS:
        acts = (hint for hint in found if hint.type == kind and hint.reports and hint.rule == "activity.act")
        main = next((hint for hint in acts if opens.match(text, hint.start)), None)
        if main is not None:
            return _covered(text, found, main.end, kind, covers, begins)
    return found


def _in_disaster(text: str, place: int, found: list[Hint]) -> list[Hint]:
    """Gifts stay a second type of the sentence; numbers without a word of their own are relief."""
    gifts = [replace(hint, start=place, end=place) for hint in found if hint.type == "donation" and hint.reports]
    covered = _covered(text, found, -1, "relief", {"donation", "visit", "service"}, _OTHERS)
    silent = Hint(place, place, "relief", "activity.object", False)
    return sorted([*covered, *gifts[:1], silent], key=lambda hint: (hint.end, hint.start))


def _in_law(found: list[Hint]) -> list[Hint]:
    """来信来访116件，办结114件: what was handled is the dispute before."""
    legal = next((hint.end for hint in found if hint.type == "rights" and hint.reports), None)
    if legal is None:
        return found
    return [
        replace(hint, type="rights")
        if hint.rule == "activity.deed" and hint.type == "service" and hint.start >= legal
        else hint
        for hint in found
    ]


def _covered(
    text: str, found: list[Hint], after: int, kind: str, covers: set[str], begins: re.Pattern[str]
) -> list[Hint]:
    return [
        replace(hint, type=kind)
        if hint.type in covers and hint.start >= after and begins.match(text, hint.start)
        else hint
        for hint in found
    ]
