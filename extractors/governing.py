"""Words of one sentence in, its typed hints out: what governs, what is only an aim, a name, a plan."""

from __future__ import annotations

import re
from bisect import bisect_left
from operator import itemgetter

from ..corpus.article import Sentence
from .deeds import ALONE, BY_NUMBER, DISASTER, GOVERNED, PAIRED, TELLING, Hint, Place, Word
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
_PLAN_WORDS = (
    r"将(?!军|近|领|其|士|[^，。]{0,12}(?:转化|送到|送给|纳入))|拟(?!定)|力争|计划(?=[^”’，。]{0,12}(?:[建培开引投招扩]|新[建增植]|实施|募集))|"
    r"打算|争取(?=[^，]{0,4}[在到年带让使])|预期(?:增长|目标)|目标是|下一步|今后|未来|"
    r"要(?:确保|新增|新建|建设|进一步|加快|坚持|完成|抓)|到20[2-9]\d年(?!底前?已|以来)"
)
_FORECAST_WORDS = r"预计|预期|有望|可望|建成后|达产后"
_PLANNED, _EXPECTED = re.compile(f"(?:{_PLAN_WORDS})"), re.compile(f"(?:{_FORECAST_WORDS})")
_AHEAD = re.compile(f"(?:{_PLAN_WORDS}|{_FORECAST_WORDS})")
# 筹建…后, 成立六年: when, not what; and the characters with which that begins
_SINCE = re.compile(r"(?:以来|之后|至今|之前|前夕|后(?![续勤台])|[一二三四五六七八九十0-9０-９]+(?:周)?年)")
_SINCE_OPENS = frozenset("以之至前后一二三四五六七八九十0123456789０１２３４５６７８９")
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
    """Reads the words of an article sentence by sentence, clause by clause."""

    __slots__ = (
        "aim", "deed", "first", "found", "governed", "has_quotes",
        "last", "planned", "scene", "sentence", "text", "thing",
    )  # fmt: skip

    def __init__(self, scene: Scene) -> None:
        self.scene, self.text = scene, scene.text
        self.deed: Place | None = None
        self.thing: Place | None = None

    def read(self, sentence: Sentence, places: list[Place]) -> list[Hint]:
        """The hints of a sentence, given its words."""
        says = 0
        for _, _, word in places:
            says |= word.says
        if says not in TELLING or (_needs_number(says) and _DIGIT.search(sentence.text) is None):
            return []
        self.sentence = sentence
        self.found: list[Hint] = []
        self.has_quotes = self._holds_quotes()
        self._read_clauses(places)
        found = self.found
        if says & DISASTER:
            return _in_disaster(self.text, sentence.start, found)
        return found if _COVERING.isdisjoint([hint.type for hint in found]) else _under_umbrella(self.text, found)

    def _holds_quotes(self) -> bool:
        before = bisect_left(self.scene.quote_starts, self.sentence.end) - 1
        return before >= 0 and self.scene.quotes[before][1] > self.sentence.start

    def _read_clauses(self, places: list[Place]) -> None:
        """Part the sentence at its commas and hear the clauses whose words can give a type."""
        text, behind, end = self.text, self.sentence.start, self.sentence.end
        is_ahead = _AHEAD.search(text, behind, end) is not None
        planned = False
        index, count = 0, len(places)
        for piece in _COMMA.split(self.sentence.text):
            first, behind = behind, min(behind + len(piece) + 1, end)
            if is_ahead:
                planned = (planned and not text.startswith("已", first)) or bool(_PLANNED.search(text, first, behind))
            low, says = index, 0
            while index < count and places[index][0] < behind:
                says |= places[index][2].says
                index += 1
            if says in TELLING:
                is_to_come = planned or (is_ahead and _EXPECTED.search(text, first, behind) is not None)
                self._clause(first, behind, places[low:index], is_to_come)
            if index == count:
                break
        self.found.sort(key=_ends)

    def _clause(self, first: int, last: int, places: list[Place], planned: bool) -> None:
        """Verbs wait for their object; what follows a verb and is no object of it closes it."""
        self.first, self.last, self.planned = first, last, planned
        self.aim = first if planned else -1
        self.deed, self.thing, self.governed = None, None, False
        for place in places:
            word = place[2]
            if self.deed is None and word.says == GOVERNED and not word.opens:
                continue
            if not self._is_silent(place):
                self._hear(place)
        self._close()

    def _reports(self, start: int) -> bool:
        """Whether a deed stands before the words of its clause about the aim."""
        if self.aim < 0:
            self.aim = self._aim()
        return start < self.aim

    def _aim(self) -> int:
        """Where in the clause the words about its aim begin."""
        text, first, last = self.text, self.first, self.last
        if _FRAME.match(text, first, last) or _FOR_END.search(text, first, last):
            return first
        purpose = _PURPOSE.search(text, first, last)
        return purpose.start() if purpose else last

    def _hear(self, place: Place) -> None:
        start, end, word = place
        kind = self._pair(self.deed, start, word) if self.deed is not None and word.pairs else ""
        if self.deed is not None and kind:
            self._take_object(self.deed, end, kind)
        else:
            if word.says & (ALONE | BY_NUMBER):
                self._hear_alone(place)
            if word.classes:
                self._turn(place)
            elif self.governed:
                self.deed = None
        if word.opens:
            self.thing = place

    def _hear_alone(self, place: Place) -> None:
        """A word that names its type, a statistic, or an object that may stand beside a number."""
        start, end, word = place
        deed = self.deed
        if self._takes(place):
            if deed is not None and not self.governed:
                keeps = deed[2].default == "platform" and word.act in _KEEPS_BODY
                self.governed = not (keeps or self._is_listed(start, end))
        elif word.object:
            self._add(start, end, word.object, "activity.object", False)
            if deed is not None and word.object == deed[2].default:
                self.governed = True

    def _turn(self, place: Place) -> None:
        """Let a verb open what stands before it, or close the verb before and wait for its object."""
        if "open" in place[2].classes and self._opened(place, self.thing):
            self.deed, self.governed = None, True
            return
        self._close()
        self.deed, self.governed = place, False

    def _pair(self, deed: Place, start: int, word: Word) -> str:
        """The type of a word as an object of the verb before."""
        _, behind, verb = deed
        if start - behind > REACH:
            return ""
        for group in verb.classes:
            if group in word.pairs:
                return word.pairs[group]
        return ""

    def _take_object(self, deed: Place, end: int, kind: str) -> None:
        """签约高校: the object also takes the place of the type that its verb has by itself."""
        start, behind, verb = deed
        if verb.act and verb.act != kind:
            self.found = [hint for hint in self.found if (hint.start, hint.end) != (start, behind)]
        self._add(start, end, kind, "activity.pair", self._reports(start))
        self.governed = True

    def _opened(self, place: Place, thing: Place | None) -> bool:
        """学校竣工, 驿站启用: what was opened stands before the verb."""
        if thing is None or place[0] - thing[1] > REACH:
            return False
        self._add(thing[0], place[1], thing[2].pairs["open"], "activity.pair", self._reports(thing[0]))
        return True

    def _takes(self, place: Place) -> bool:
        """Take a word that names its type by itself, or a statistic."""
        start, end, word = place
        if word.trade or word.statistic:
            if word.trade and "企" in self.text[self.first : start]:
                self._add(start, end, "investment", "activity.act", self._reports(start))
            else:
                self._add(start, end, "", "activity.statistic", False)
            return True
        if not word.act or (word.default and word.classes) or _NAME_TAIL.match(self.text, end):
            return False
        self._add(start, end, word.act, "activity.act", self._reports(start))
        return True

    def _is_listed(self, start: int, end: int) -> bool:
        """用地、融资、用工等难题: a word of a list that 等 sums up governs nothing."""
        text = self.text
        return (text[end : end + 1] == "、" or text[start - 1 : start] == "、") and "等" in text[end : self.last]

    def _close(self) -> None:
        if self.deed is None or self.governed or not self.deed[2].default:
            return
        start, end, word = self.deed
        if word.default != "platform" or self._founds(start, end):
            self._add(start, end, word.default, "activity.deed", self._reports(start))

    def _founds(self, start: int, end: int) -> bool:
        around = (max(self.sentence.start, start - REACH), end + REACH)
        return bool(_BODY.match(self.text, end)) and not _INFRASTRUCTURE.search(self.text, *around)

    def _is_silent(self, place: Place) -> bool:
        """Whether a word only tells when (成立以来, 一月一走访) or stands in a name that no verb governs."""
        start, end, word = place
        text = self.text
        if text[start - 1 : start] == "一" or (text[end : end + 1] in _SINCE_OPENS and _SINCE.match(text, end)):
            return True
        quote = self.scene.quoted(start, end) if self.has_quotes else None
        if quote is None:
            return False
        is_name = self._ends_name(end, quote)
        if is_name and self.deed is None and word.act:
            self._add(start, end, word.act, "activity.object", False)
        return self.deed is None or not is_name

    def _ends_name(self, end: int, quote: tuple[int, int]) -> bool:
        """In quotation marks only the noun that ends a short name counts: 创办“茶乡学堂”."""
        first, last = quote
        return end == last - 1 and last - first <= LONGEST_NAME and self.text[first] != "《"

    def _add(self, start: int, end: int, kind: str, rule: str, reports: bool) -> None:
        self.found.append(Hint(start, end, kind, rule, reports, self.planned))


_ends = itemgetter(1, 0)


def _needs_number(says: int) -> bool:
    return not says & ALONE and says & PAIRED != PAIRED


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


def _under_umbrella(text: str, found: list[Hint]) -> list[Hint]:
    """On a visit what is given is the visit; what a gift builds is the gift."""
    found = _in_law(found)
    for kind, opens, covers, begins in _UMBRELLAS:
        acts = (hint for hint in found if hint.type == kind and hint.reports and hint.rule == "activity.act")
        main = next((hint for hint in acts if opens.match(text, hint.start)), None)
        if main is not None:
            return _covered(text, found, main.end, kind, covers, begins)
    return found


def _in_disaster(text: str, place: int, found: list[Hint]) -> list[Hint]:
    """What is given or visited is relief, and so are numbers without a word of their own; gifts stay a second type."""
    gifts = [hint._replace(start=place, end=place) for hint in found if hint.type == "donation" and hint.reports]
    covered = _covered(text, found, -1, "relief", {"donation", "visit", "service"}, _OTHERS)
    silent = Hint(place, place, "relief", "activity.object", False)
    return sorted([*covered, *gifts[:1], silent], key=_ends)


def _in_law(found: list[Hint]) -> list[Hint]:
    """来信来访116件，办结114件: what was handled is the dispute before."""
    legal = next((hint.end for hint in found if hint.type == "rights" and hint.reports), None)
    if legal is None:
        return found
    return [
        hint._replace(type="rights")
        if hint.rule == "activity.deed" and hint.type == "service" and hint.start >= legal
        else hint
        for hint in found
    ]


def _covered(
    text: str, found: list[Hint], after: int, kind: str, covers: set[str], begins: re.Pattern[str]
) -> list[Hint]:
    return [
        hint._replace(type=kind)
        if hint.type in covers and hint.start >= after and begins.match(text, hint.start)
        else hint
        for hint in found
    ]
