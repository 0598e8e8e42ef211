"""Text in, names without quotation marks out: found at the noun that ends them, then read to the left."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from ..corpus.lexicons import alternation
from ..corpus.records import Brand
from .brand_nouns import noun_inside, words_of

REACH = 20
_STRAY = re.compile(r"[\s]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A noun and the words before it: `cue` what stands before the name, `words` the name without its noun."""

    cue: str
    words: str
    noun: str
    right: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Nouns that may end a name, and what must hold for the words before them."""

    name: str
    nouns: str
    holds: Callable[[Candidate], bool]
    kind: str
    confidence: float
    example: str


@cache
def _plain() -> re.Pattern[str]:
    return re.compile(f"{alternation(words_of('plain', 'modifier'))}")


def _is_plain(words: str) -> bool:
    """Whether the words are general ones alone: 社区养老, 国际贸易."""
    position = 0
    while position < len(words):
        match = _plain().match(words, position)
        if match is None:
            return False
        position = match.end()
    return True


# A word that makes a campaign's name of a plain noun: 暖冬, 春季, 强企, 百村万户.
_BRIGHT = re.compile(
    r"暖|爱心|春风|春蕾|阳光|清朗|金秋|[春夏秋冬]季|雏鹰|英才|领航|护航|护苗|[圆筑逐追放]梦|石榴|同心|桑梓|雨露|青苗|头雁|归巢|归雁|燕|[强助惠富兴稳][企村农民商侨工学老残](?!业)|安居|康居|光明"
    r"|微笑|希望|守护(?!神)|牵手|携手|手拉手|种子|星火|火炬|灯塔|巾帼|木兰|蒲公英|向日葵|[一-龥]{2}中国$|[百千万].{1,4}[百千万]|万家|侨[心爱乡]|侨眷|凤凰|彩虹|情|焕新|向未来|清风|利剑|护[蕾航眼河绿春]|净网|春雷|春耕|昆仑"
)
_NO_CAMPAIGN = re.compile(r"载人|航天|安居|供[暖氧]|取暖|[惠便利]民$|改革|生产|电网|输电|水利|污染|违法|违规|收费|军事|恐怖|武装|联合国|救援|搜救|搜寻")
_START = re.compile(r"(?:设立|成立|发起|组建|创立|创设|建立|出资|冠名|注资|捐资|筹建|牵头)(?:了|的|起)?(?:首[个支只期]|一[个支只]|总?规?模?\d+亿?万?元)?$")
_DOING = re.compile(
    r"(?:实施|开展|启动|深化|推进|组织|升级|发起|参与|参加|打造|创办|创建|举办|建成|建立|设立|成立|推出|开设|开通|上线|搭建|落实|承办|主办|依托|走进|入驻|通过|新建|有|建|设)了?"
    r"(?:全[国省市县区]|首[个家批]|一批|各类|[省市县区]级)?$|[、]$"
)
_BODY = re.compile(r"联[会盟]|侨联|妇联|工会|协会|商会|委员|代表|支部|公司|大学|学院|医院|法院|检察|局|办公")
_SCALE = re.compile(r"国际|全球|世界|中国|全国|亚洲|亚太|东盟|海峡|两岸|[一-龥]·")
_NUMBERED = re.compile(r"(?:第[一二三四五六七八九十百\d]+届|首届|\d{4}年?|本届|上届|历届|一年一度的?|一届)[\s]*$")
_POLITICAL = re.compile(r"缔约|奖励|中[非阿拉欧]合作|全国[一-龥]{2,4}$|联合国|领导人|G20|二十国|金砖|上合|欧盟|北约|中亚|APEC|代表|卫生大会|党员|动员|表彰|总结|庆祝|纪念|职工|会员|股东|分论坛|平行|主旨|分会|东盟峰会|阿拉伯|非洲联盟|北极|奥林匹克|奥运|残奥|亚运|领袖|首脑|外长|部长|人民")
_HOMELY = re.compile(r"爱心|慈善|助学|扶贫|帮扶|乡贤|共富|创投|创业投资|奖学|互助|救助|关爱|[一-龥]{2,4}(?=教育|专项)|侨|仁|善|助")
_ABBREVIATED = re.compile(r"[进消服广数农渔茶高文旅青西科智绿加哈渝南博昆链工医种苗花]")


def is_campaign(this: Candidate) -> bool:
    if this.right[:1] in "生师院款量造表性力者员" and this.right:
        return False
    if this.words.endswith("惠民") and this.noun != "工程":
        return len(this.words) > 4
    return bool(_BRIGHT.search(this.words)) and not _NO_CAMPAIGN.search(this.words) and len(this.words) >= 2


def is_place(this: Candidate) -> bool:
    return len(this.words) >= 2 and not _is_plain(this.words) and not _BODY.search(this.words)


def is_class(this: Candidate) -> bool:
    return len(this.words) >= 2 and bool(_DOING.search(this.cue)) and not _BODY.search(this.words)


def is_fund(this: Candidate) -> bool:
    if _is_plain(this.words) or this.right[:1] in ("会", "规", "管", "项", "净", "公"):
        return False
    return bool(_START.search(this.cue)) or (bool(_HOMELY.search(this.words)) and this.noun != "基金会" and this.cue[-1:] in "、，。；\n“")


def is_fair(this: Candidate) -> bool:
    if _POLITICAL.search(this.words) or len(this.words) < 2 or this.right.startswith("党"):
        return False
    if _NUMBERED.search(this.cue):
        return not _is_plain(this.words) or bool(_SCALE.search(this.words))
    if this.noun == "大会":
        return bool(_SCALE.search(this.words)) and len(this.words) >= 4
    return len(this.words) >= 3 and not _is_plain(_SCALE.sub("", this.words)) or (bool(_SCALE.search(this.words)) and len(this.words) >= 4)


def is_festival(this: Candidate) -> bool:
    return not _POLITICAL.search(this.words) and not _is_plain(this.words) and len(this.words) >= 2


def is_abbreviated(this: Candidate) -> bool:
    return bool(_ABBREVIATED.fullmatch(this.words[-1:])) and len(this.words) == 1


# Read from top to bottom; a noun belongs to the first row that names it.
RULES: tuple[Rule, ...] = (
    Rule("brand.unquoted.fund", "基金 基金会 奖学金 助学金 奖教金 慈善信托", is_fund, "fund", 0.7, "商会捐资设立竹溪助学基金。"),
    Rule("brand.unquoted.campaign", "行动 计划 工程", is_campaign, "project", 0.6, "全县开展冬季暖企行动。"),
    Rule(
        "brand.unquoted.fair",
        "论坛 博览会 交易会 展销会 洽谈会 推介会 峰会 大会 创业赛 挑战赛 动漫节 电影节 艺术节 音乐节",
        is_fair, "event", 0.7, "第三届江淮国际茶业博览会开幕。",
    ),
    Rule("brand.unquoted.festival", "文化节 旅游节 美食节 采摘节 购物节 丰收节", is_festival, "event", 0.7, "醴泉文化节期间，游客不断。"),
    Rule("brand.unquoted.short", "博会 交会 洽会 贸会", is_abbreviated, "event", 0.7, "一批企业亮相茶博会。"),
    Rule("brand.unquoted.class", "红课堂 微课堂 云课堂 大讲堂 会客厅 创客厅", is_class, "", 0.6, "街道开设邻里微课堂。"),
    Rule(
        "brand.unquoted.place",
        "驿站 工坊 小镇 小站 书屋 之家 客厅 沙龙 学堂 讲堂 轻骑兵 帮帮团 网络学院 云平台 之旅 科创园 创客空间 众创空间 工场 小院 大走廊 职训基地 服务基地 宣传角 议事厅 调解室 工作室 微家",
        is_place, "", 0.6, "市妇联建成木棉花开驿站23个。",
    ),
)  # fmt: skip


@cache
def _by_noun() -> dict[str, Rule]:
    return {noun: rule for rule in reversed(RULES) for noun in rule.nouns.split()}


@cache
def _nouns() -> re.Pattern[str]:
    return re.compile(alternation(list(_by_noun())))


# Where a name cannot reach over: marks, figures, particles, verbs. The rightmost one before the noun bounds the name.
_BOUND = re.compile(
    r".*(?:[^一-龥A-Za-z·（）()—-]|[的了等及在是对将从把向于至届该各这那每本其次]|[为与和](?![平谐])|由(?!于)|(?<![青少中老童成周])年(?![轻会货味])|名(?![师医匠家品特])|(?<![国专业大农画作老])[家](?![园庭政风乡访])"
    r"|[一二两三四五六七八九十\d][大项]|个(?!人)|[所座支项批](?!目)|场(?!景)|多(?!彩)|一批|全[省市县区]|首[个家批]|以及|通过|依托|走进"
    r"|实施|开展|启动|深化|推进|组织|升级|发起|参与|参加|打造|创办|举办|建成|建立|设立|成立|推出|开设|开通|上线|搭建|落实|承办|主办|入驻|新建|创建|举行|召开|出席|迎来|召集|才能|筹建|发布|印发|制定|出台|推动|加快|积极|(?<!可)持续|聚焦|围绕|支持|优化|挂牌|捐建|共建|亮相|携手|助力|牵头|冠名|出资|组建|成功|正式|参展|包括|以来|期间|来到|利用|抓好|扎实|创立|安排|运营|做好|启用|宣布|巡视|参观|考察|一同|到(?!位)|问题|相关|主持|办好|做[强优]|用好|拓展|入选|倚重|建设|构筑|借助|发挥|祝贺|贯彻|落实|签署|以(?!人))",
    re.DOTALL,
)
_OFFICE = re.compile(r"[一-龥]{2,6}?(?:(?<![社园地片景])[区省县]|(?<!城)市|镇)(?=[一-龥]{2})")
_CLOSED = frozenset("”’」』》")
_GLUED = frozenset("师院款员者长史型类费率")


def unquoted(text: str, start: int, end: int) -> Iterator[Brand]:
    """Names without quotation marks in `text[start:end]`, in reading order."""
    for match in _nouns().finditer(text, start, end):
        rule = _by_noun()[match.group()]
        first = _name_start(text, max(start, match.start() - REACH), match.start(), rule)
        words = text[first : match.start()]
        if not words or (first > start and text[first - 1] in _CLOSED) or (match.end() < end and text[match.end()] in _GLUED):
            continue
        if rule.holds(Candidate(text[max(start, first - 8) : first], words, match.group(), text[match.end() : min(end, match.end() + 4)])):
            last = _with(text, match.end(), end)
            surface = text[first:last]
            kind = rule.kind or noun_inside(surface)[0]
            yield Brand(first, last, surface, rule.name, rule.confidence, _STRAY.sub("", surface), kind)


def _name_start(text: str, floor: int, noun: int, rule: Rule) -> int:
    window = text[floor:noun]
    bound = _BOUND.match(window)
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
    """Where a name ends that goes on behind its noun: 春风行动暨就业援助月."""
    match = _WITH.match(text, position, end)
    return match.end() if match else position


_LISTED = re.compile(r"((?:[一-龥]{2,6}[、和])*[一-龥]{2,6})等(?:[一-龥]{2})?(?:区域公用|公用|地标|地理标志)品牌")


def listed(text: str, start: int, end: int) -> Iterator[Brand]:
    """Products of a list that ends in their class: 临海蜜橘、常山胡柚等区域公用品牌."""
    place = text.find("品牌", start, end)
    while place >= 0:
        for match in _LISTED.finditer(text, max(start, place - 40), place + 2):
            for item in re.finditer(r"[^、和]+", match[1]):
                first = match.start(1) + item.start()
                yield Brand(first, first + len(item.group()), item.group(), LISTED[0], 0.6, item.group(), "product")
        place = text.find("品牌", place + 2, end)


LISTED = ("brand.unquoted.listed", "a list that ends in 公用品牌", "推介云岭野茶、澜沧蜜柚等区域公用品牌。")
