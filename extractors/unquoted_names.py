"""Text in, names without quotation marks out: found at the noun that ends them, then read to the left."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from ..corpus.lexicons import alternation, lexical
from ..corpus.records import Brand
from .brand_nouns import noun_inside, words_of

REACH = 20


class Candidate(NamedTuple):
    """A noun and the words before it: `cue` what stands before the name, `words` the name without its noun, `times`
    how often the name stands in the article."""

    cue: str
    words: str
    noun: str
    right: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class Rule:
    """Nouns that may end a name, and what must hold for the words before them."""

    name: str
    nouns: str
    holds: Callable[[Candidate], bool]
    kind: str
    confidence: float
    example: str


@lexical
def _plain() -> re.Pattern[str]:
    return re.compile(alternation(words_of("plain", "modifier")))


def _is_plain(words: str) -> bool:
    """Whether the words are general ones alone: 社区养老, 国际贸易."""
    position = 0
    while position < len(words):
        match = _plain().match(words, position)
        if match is None:
            return False
        position = match.end()
    return True


@lexical
def _any(use: str, before: str = "", behind: str = "") -> re.Pattern[str]:
    """Any word of a use between two patterns."""
    return re.compile(f"{before}{alternation(words_of(use))}{behind}")


_FIRST = r"了?(?:全[国省市县区]|首[个家批支只期]|一[批个支只]|各类|[省市县区]级|的|起|总?规?模?\d+亿?万?元)?$"
_PATTERNED = re.compile(r"[一-龥]{2}中国$|[百千万].{1,4}[百千万]")
_SCALE = re.compile(r"国际|全球|世界|中国|全国|亚洲|亚太|东盟|海峡|两岸|[一-龥]·")
_NUMBERED = re.compile(r"(?:第[一二三四五六七八九十百\d]+届|首届|\d{4}年?|[本上历一]届|一年一度的?)\s*$")
_CONFERENCE = re.compile(r"全国[一-龥]{2,4}$")
_ABBREVIATED = re.compile(r"[进消服广数农渔茶高文旅青西科智绿加哈渝南博昆链工医种苗花]")


def is_told_again(this: Candidate) -> bool:
    """A name of its own that comes back in the article: 瓷剑同护计划…瓷剑同护计划."""
    own = len(this.words) > 2 and not _is_plain(this.words[:2]) and not _is_plain(this.words[-2:])
    return this.times > 1 and own and not _any("body").search(this.words) and not _any("political").search(this.words)


def is_team(this: Candidate) -> bool:
    """Founded here, or told of more than once: 莲池月光服务队."""
    if len(this.words) < 3 or _is_plain(this.words) or _any("body").search(this.words):
        return False
    return is_told_again(this) or _any("setting up", "", _FIRST).search(this.cue) is not None


def is_campaign(this: Candidate) -> bool:
    """暖冬, 强企, 百村万户 make a campaign's name of a plain noun; 文化惠民工程 stays plain."""
    other_word = this.right.startswith(tuple("生师院款量造表性力者员"))
    if len(this.words) < 2 or other_word or _any("no campaign").search(this.words):
        return False
    if this.words.endswith(("惠民", "便民", "利民")):
        return this.noun != "工程" and len(this.words) > 4
    if this.noun != "工程" and is_told_again(this):
        return True
    return bool(_any("bright").search(this.words) or _PATTERNED.search(this.words))


def _is_done(this: Candidate) -> bool:
    return this.cue.endswith("、") or bool(_any("doing", "", _FIRST).search(this.cue))


def _is_political(this: Candidate) -> bool:
    return bool(_any("political").search(this.words) or _CONFERENCE.search(this.words)) or this.right.startswith("党")


def is_place(this: Candidate) -> bool:
    """Any word of its own will do; a 之旅 behind 的 is a figure (选手的逐梦之旅)."""
    if this.noun == "之旅" and this.cue.endswith("的"):
        return False
    return len(this.words) >= 2 and not _is_plain(this.words) and not _any("body").search(this.words)


def is_class(this: Candidate) -> bool:
    return len(this.words) >= 2 and _is_done(this) and not _any("body").search(this.words)


def is_fund(this: Candidate) -> bool:
    if _is_plain(this.words) or this.right.startswith(tuple("会规管项净公")):
        return False
    if _any("setting up", "", _FIRST).search(this.cue) or is_told_again(this):
        return True
    return this.noun != "基金会" and this.cue[-1:] in "、，。；\n“" and bool(_any("homely").search(this.words))


def is_fair(this: Candidate) -> bool:
    """第三届…, 国际…大会, 香樟湖论坛: counted, of the world, or with a word of its own."""
    if _is_political(this) or len(this.words) < (3 if this.noun == "峰会" else 2):
        return False
    large = bool(_SCALE.search(this.words))
    if _NUMBERED.search(this.cue):
        return large or not _is_plain(this.words)
    own = this.noun != "大会" and len(this.words) > 2 and not _is_plain(_SCALE.sub("", this.words))
    return own or (large and len(this.words) > 3)


def is_festival(this: Candidate) -> bool:
    if this.right.startswith("目") and not this.right.startswith("目前"):
        return False
    return len(this.words) > 1 and not _is_political(this) and not _is_plain(this.words)


def is_abbreviated(this: Candidate) -> bool:
    return bool(_ABBREVIATED.fullmatch(this.words[-1:])) and len(this.words) == 1


# Read from top to bottom; a noun belongs to the first row that names it.
RULES: tuple[Rule, ...] = (
    Rule(
        "brand.unquoted.fund",
        "基金 基金会 奖学金 助学金 奖教金 慈善信托",
        is_fund, "fund", 0.7, "商会捐资设立竹溪助学基金。",
    ),
    Rule(
        "brand.unquoted.campaign",
        "行动 计划 工程",
        is_campaign, "project", 0.6, "全县开展冬季暖企行动。",
    ),
    Rule(
        "brand.unquoted.fair",
        "论坛 博览会 交易会 展销会 洽谈会 推介会 峰会 大会 创业赛 挑战赛 动漫节 电影节 艺术节 音乐节",
        is_fair, "event", 0.7, "第三届江淮国际茶业博览会开幕。",
    ),
    Rule(
        "brand.unquoted.festival",
        "文化节 旅游节 美食节 采摘节 购物节 丰收节",
        is_festival, "event", 0.7, "醴泉文化节期间，游客不断。",
    ),
    Rule(
        "brand.unquoted.short",
        "博会 交会 洽会 贸会",
        is_abbreviated, "event", 0.7, "一批企业亮相茶博会。",
    ),
    Rule(
        "brand.unquoted.class",
        "红课堂 微课堂 云课堂 大讲堂 会客厅 创客厅",
        is_class, "", 0.6, "街道开设邻里微课堂。",
    ),
    Rule(
        "brand.unquoted.team",
        "服务队 志愿队 调解队 宣讲队 突击队 轻骑队 小分队 讲师团 宣讲团 艺术团 合唱团 帮办团 救援队",
        is_team, "team", 0.6, "街道成立莲池月光服务队。",
    ),
    Rule(
        "brand.unquoted.place",
        "驿站 工坊 小镇 小站 书屋 之家 客厅 沙龙 学堂 讲堂 轻骑兵 帮帮团 网络学院 云平台 之旅 科创园 创客空间 众创空间 "
        "工场 小院 大走廊 职训基地 服务基地 宣传角 议事厅 调解室 工作室 微家",
        is_place, "", 0.6, "市妇联建成木棉花开驿站23个。",
    ),
)  # fmt: skip


@cache
def _by_noun() -> dict[str, Rule]:
    return {noun: rule for rule in reversed(RULES) for noun in rule.nouns.split()}


@cache
def _nouns() -> tuple[AhoCorasick, list[tuple[str, Rule]]]:
    """A finder of the nouns, and each with its rule."""
    nouns = _by_noun()
    finder = AhoCorasick(list(nouns), matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA)
    return finder, list(nouns.items())


# Where a name cannot reach over, beside the verbs of the lexicon: marks, figures, particles, measure words.
_STOPS = (
    r"[^一-龥A-Za-z·（）()—-]|[的了等及在是对将从把向于至届该各这那每本其次]|[为与和](?![平谐])|由(?!于)|以(?!人)|到(?!位)"
    r"|(?<![青少中老童成周])年(?![轻会货味])[初底末中内]?[前后]?|[再又续增扩改重]建|第[一二三四五六七八九十百\d]+[期次场]|名(?![师医匠家品特])|(?<![国专业大农画作老])家(?![园庭政风乡访])|[一二两三四五六七八九十\d][大项]|个(?!人)"
    r"|[所座支项批](?!目)|场(?!景)|多(?!彩)|全[省市县区]|首[个家批]|(?<!可)持续"
)


@lexical
def _bound() -> re.Pattern[str]:
    """From the start of a window to behind the rightmost stop."""
    return re.compile(rf".*(?:{_STOPS}|{alternation(words_of('bound'))})", re.DOTALL)


_OFFICE = re.compile(r"[一-龥]{2,6}?(?:(?<![社园地片景])[区省县]|(?<!城)市|镇)(?=[一-龥]{2})")
_CLOSED = frozenset("”’」』》")
_GLUED = frozenset("师院款员者长史型类费率")


class _Found(NamedTuple):
    """A noun in the text with its rule, and where its name begins and ends."""

    noun: str
    rule: Rule
    first: int
    place: int
    last: int


def unquoted(text: str, start: int, end: int) -> Iterator[Brand]:
    """Names without quotation marks in `text[start:end]`, in reading order."""
    found = list(_with_nouns(text, start, end))
    times = Counter(text[this.first : this.last] for this in found)
    for noun, rule, first, place, last in found:
        surface, right = text[first:last], text[last : min(end, last + 4)]
        if rule.holds(
            Candidate(text[max(0, start, first - 8) : first], text[first:place], noun, right, times[surface])
        ):
            last = _with(text, last, end)
            surface = text[first:last]
            yield Brand(first, last, surface, rule.name, rule.confidence, surface, rule.kind or noun_inside(surface)[0])


def _with_nouns(text: str, start: int, end: int) -> Iterator[_Found]:
    finder, nouns = _nouns()
    for which, place, behind in finder.find_matches_as_indexes(text[start:end]):
        (noun, rule), place, behind = nouns[which], start + place, start + behind
        if behind < end and text[behind] in _GLUED:
            continue
        first = _name_start(text, max(start, place - REACH), place, rule)
        if first < place and not (first > start and text[first - 1] in _CLOSED):
            yield _Found(noun, rule, first, place, behind)


def _name_start(text: str, floor: int, noun: int, rule: Rule) -> int:
    window = text[floor:noun]
    bound = _bound().match(window)
    first = floor + bound.end() if bound else floor
    if close := max(window.rfind("）"), window.rfind(")")):
        opened = max(text.rfind("（", first, noun), text.rfind("(", first, noun))
        if close > 0 and opened < 0:
            first = max(first, floor + close + 1)
    while first < noun and text[first] in "·—-":
        first += 1
    if rule.kind != "event" and (office := _OFFICE.match(text, first, noun)):
        first = office.end()
    return first


_WITH = re.compile(r"暨[一-龥]{2,8}?(?:月|周|节|行动|大会|论坛)")


def _with(text: str, position: int, end: int) -> int:
    """Where a name ends that goes on behind its noun: 暖春行动暨招工服务月."""
    match = _WITH.match(text, position, end)
    return match.end() if match else position


_LIST_REACH = 40
_ITEM = re.compile(r"[^、和]+")
_LISTED = re.compile(r"((?:[一-龥]{2,6}[、和])*[一-龥]{2,6})等(?:[一-龥]{2})?(?:区域公用|公用|地标|地理标志)品牌")


def listed(text: str, start: int, end: int) -> Iterator[Brand]:
    """Products of a list that ends in their class: 临澧山茶、石门柑橘等区域公用品牌."""
    place = text.find("品牌", start, end)
    while place >= 0:
        for match in _LISTED.finditer(text, max(start, place - _LIST_REACH), place + 2):
            bound = _bound().match(text[match.start(1) : match.end(1)].partition("、")[0])
            head = match.start(1) + (bound.end() if bound else 0)
            for item in _ITEM.finditer(text, head, match.end(1)):
                yield Brand(*item.span(), item.group(), LISTED[0], 0.6, item.group(), "product")
        place = text.find("品牌", place + 2, end)


LISTED = ("brand.unquoted.listed", "a list that ends in 公用品牌", "推介云岭野茶、澜沧蜜柚等区域公用品牌。")
