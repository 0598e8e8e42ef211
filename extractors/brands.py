"""An article in, the names under which its work is done out: quoted ones by what stands around them, unquoted by their nouns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ..corpus.lexicons import alternation, mapping
from ..corpus.records import Brand, Refusal
from .scene import Scene

_OPEN = "“‘「『\""
_CLOSE = "”’」』\""
MAX_LENGTH = 34
_STRAY = re.compile(r"[“”‘’「」『』\"\s]")


@cache
def _kinds() -> dict[str, str]:
    return mapping("brand_nouns")


@cache
def _roles() -> dict[str, str]:
    return mapping("quoted")


@cache
def _noun() -> re.Pattern[str]:
    return re.compile(alternation(list(_kinds())))


_VERB_LEFT = re.compile(
    r"(?:开展|举办|打造|推出|创建|创办|创立|建立|设立|搭建|实施|深化|启动|组建|成立|建成|开设|开发|上线|构建|叫响|擦亮|落实|做强|做优|做实|做好|办好|建好|建设|承办|主办|联办|协办|参加|"
    r"组织|发起|探索|推广|培育|运营|创新|命名为|名为|命名|发布|主推|推行|注册|举行|聚焦|紧扣|依托|通过|推进|入驻|升级|优化|打响|唱响|形成|用好|集中打造|积极打造|成功举办|持续开展|联合|设|持续擦亮|围绕)"
    r"(?:了|起|出|的|全省|全国|全市|全县|全区|首个|首家|首批|各类|一批|系列|以|了一批|一个|线上|本地|\d{4}年?(?:度)?|第[一二三四五六七八九十\d]+届|[省市县区]级)*(?:[一-龥]{0,8})$"
)
_NOT_BEHIND = re.compile(
    r"(?:的)?(?:重要|战略|理念|精神|原则|思想|要求|主线|模式|格局|方针|目标|论述|思路|方式|经验|作用|意识|效应|问题|称号|荣誉|奖|之路|难题|桥梁|纽带|角色|优势|特色|路径|路子|效果|氛围|态势|局面|样板|职能|意义|部署|政策|规划|建设$|期间|以来|时期|开局|指示|会议|讲话|协作|共识|合力|文章|字诀|法宝|底色|关|步|转变|升级|跨越|攻坚|融合|体系|制度|国家|沿线|倡议|双循环|标准|标杆|范例|案例|单位|先进|示范|智能化|精准化)"
)
_LIST_COUNT = re.compile(r"^[一二三四五六七八九十两双多\d]+[个大项条张种本支讲抓心抓强]")
_HONOUR_INSIDE = re.compile(r"(?:单位|称号|案例|先进|标兵|奖|城市|集体|个人|示范[县区市村点户]|百强|强县|十佳|模范|[县区市]|第一书记|工匠)$")
_HONOUR_LEFT = re.compile(r"(?:获评|荣获|获得|获|评为|授予|入选|命名为|入围|誉为|称为|称作|被称|称号|当选|争创|跻身)(?:了)?(?:[一-龥]{0,12})$")
_METAPHOR_LEFT = re.compile(r"(?:当好|当|做|成为|变成|变为|变|化为|充当|担当|视为|好|吹响|奏响|奏出|下好|种下|筑牢|架起|架设|拧成|念好|打通|跑出|跑好|交出|按下|绘就|描绘|书写|谱写|讲好|厚植|唱好|打好|端稳|守好|扩大|就地|迈向|从|像|是|以|实现|坚持|树立|秉承|秉持|强化|增强|突出|聚力|破解|解决|拓宽)(?:了|起|好|出)?(?:[一-龥]{0,6})$")
_SPEECH_LEFT = re.compile(r"[：:说道称问答讲]$")
_FORMULA = re.compile(r"[+＋×→%％]|[？?！!。]")
_LISTING = re.compile(r"[”’」』\"、，,和及与·—]")
_WORK_NOUN = re.compile(r"[一-龥A-Za-z]{0,8}")


def brands(scene: Scene, start: int, end: int) -> Iterator[Brand | Refusal]:
    """Brands of `text[start:end]` in order; refused quotations as `Refusal`."""
    quoted = list(_quoted(scene, start, end))
    known = {brand.name: brand.kind for brand in quoted if isinstance(brand, Brand)}
    found = [_again(this, known) for this in quoted]
    taken = [(this.start, this.end) for this in found]
    found += [brand for brand in _unquoted(scene.text, start, end, known) if not _overlaps(brand, taken)]
    yield from sorted(found, key=lambda this: this.start)


def _overlaps(brand: Brand, taken: list[tuple[int, int]]) -> bool:
    return any(first < brand.end and brand.start < last for first, last in taken)


def _again(this: Brand | Refusal, known: dict[str, str]) -> Brand | Refusal:
    """A quotation that was refused here but is a brand elsewhere in the article is a brand."""
    name = brand_name(this.text)
    if isinstance(this, Refusal) and name in known:
        return Brand(this.start, this.end, this.text, "brand.again", 0.7, name, known[name])
    return this


def brand_name(surface: str) -> str:
    """The name without inner quotation marks, spaces and half/full-width differences.

    >>> brand_name("‘亲情中华·之江同心’")
    '亲情中华·之江同心'
    """
    table = str.maketrans("，！（）：；＋", ",!():;+")
    return _STRAY.sub("", surface).translate(table)


def _quoted(scene: Scene, start: int, end: int) -> Iterator[Brand | Refusal]:
    for first, last in scene.quotes:
        if first < start or last > end or scene.text[first] not in _OPEN:
            continue
        inner = _inner(scene.text, first + 1, last - 1)
        yield _judge(scene.text, *inner, start, end, outer=(first, last))


def _inner(text: str, first: int, last: int) -> tuple[int, int]:
    """Of nested quotation marks the inner, if it encloses a whole name at the head: “‘亲情中华·之江同心’——侨联…”."""
    if text[first] in "‘「『":
        close = text.find(_CLOSE[_OPEN.index(text[first])], first + 1, last + 1)
        if close > 0:
            return first + 1, close
    return first, last


def _judge(text: str, first: int, last: int, start: int, end: int, outer: tuple[int, int]) -> Brand | Refusal:
    surface = text[first:last]
    refused = _refused(text, surface, outer, start)
    rule, kind = _accepted(text, surface, outer, start, end)
    if refused and (rule in ("", "brand.verb") or refused in ("refuse.quote.policy", "refuse.quote.formula", "refuse.quote.honour")):
        return Refusal(first, last, surface, refused)
    if not rule:
        return Refusal(first, last, surface, "refuse.quote.no-cue")
    return Brand(first, last, surface, rule, {"brand.noun-behind": 0.9, "brand.noun-inside": 0.85}.get(rule, 0.6), brand_name(surface), kind)


def _refused(text: str, surface: str, outer: tuple[int, int], start: int) -> str | None:
    left = text[max(start, outer[0] - 16) : outer[0]]
    right = text[outer[1] : outer[1] + 8]
    role = _roles().get(surface)
    if role == "policy":
        return "refuse.quote.policy"
    if len(surface) < 2 or len(surface) > MAX_LENGTH:
        return "refuse.quote.length"
    if _FORMULA.search(surface):
        return "refuse.quote.formula"
    if role or _METAPHOR_LEFT.search(_clause(left)):
        return "refuse.quote.metaphor"
    if _HONOUR_INSIDE.search(surface) or (_HONOUR_LEFT.search(_clause(left)) and not _noun().match(right)):
        return "refuse.quote.honour"
    if _LIST_COUNT.match(surface):
        return "refuse.quote.count"
    if _NOT_BEHIND.match(right):
        return "refuse.quote.idea"
    if _SPEECH_LEFT.search(left):
        return "refuse.quote.speech"
    return None


def _clause(left: str) -> str:
    return re.split(r"[，。；！？,;\n]", left)[-1]


def _accepted(text: str, surface: str, outer: tuple[int, int], start: int, end: int) -> tuple[str, str]:
    """The rule that takes the quotation for a brand, and its kind: the noun behind, the noun inside, the verb before."""
    inside = _tail_kind(surface)
    behind = _kind_behind(text, outer[1], end)
    left = _clause(text[max(start, outer[0] - 24) : outer[0]])
    if behind:
        return "brand.noun-behind", _finest(inside, behind)
    if inside:
        return "brand.noun-inside", inside
    if _VERB_LEFT.search(left):
        return "brand.verb", "project"
    return "", ""


def _finest(inside: str, behind: str) -> str:
    """The name's own noun says more than a generic one behind it: “临贤贷”金融服务项目 is a platform."""
    return inside if inside and behind in ("project", "event", "product") else behind


def _tail_kind(surface: str) -> str:
    for length in range(min(6, len(surface) - 1), 0, -1):
        tail = surface[-length:]
        if tail in _kinds() and (length > 1 or tail in _TAILS):
            return _kinds()[tail]
    return ""


_TAILS = frozenset("通贷码坊园站角节营赛馆队班驿保云展网")


def _kind_behind(text: str, position: int, end: int) -> str:
    """Kind of the generic noun behind the quotation, past further quotations and an adjective: “A”“B”等…活动."""
    place = position
    for _ in range(6):
        if place < end and text[place] in "、和及与" and text[place + 1 : place + 2] in _OPEN:
            place += 1
        if place < end and text[place] in _OPEN:
            close = text.find(_CLOSE[_OPEN.index(text[place])], place + 1, min(end, place + 40))
            if close < 0:
                break
            place = close + 1
        else:
            break
    stretch = re.match(r"(?:等)?[一-龥A-Za-z]{0,14}", text[place:end])
    words = stretch.group() if stretch else ""
    best = ""
    for match in _noun().finditer(words):
        if match.start() > 9:
            break
        if len(match.group()) > 1:
            best = _kinds()[match.group()]
            if match.group() in ("品牌",) or not words[match.end() :].startswith(("品牌", "项目", "活动", "平台")):
                break
    return best


_STRONG_TAIL = (
    "驿站|工坊|家园|小站|云平台|沙龙|微课堂|红课堂|学堂|大讲堂|会客厅|客厅|书屋|之家|之旅|轻骑兵|网络学院|暖心计划|英才计划|创投基金|引导基金|助学基金会|慈善基金会?|专项基金|奖学金|爱心基金|共富基金|帮扶基金|"
    "论坛|博览会|交易会|峰会|洽谈会|展销会|青年交流大会|电影节|艺术节|文化节|科创走廊|大走廊|科创园|工作室|调解室|议事厅|云课堂|暖心行动|暖侨行动|攻坚行动|关爱行动|春风行动|爱心超市|幸福食堂|共富工坊|职训基地|直播基地|孵化基地|培训基地|服务热线"
)
_UNQUOTED = re.compile(
    rf"(?:(?<=[、，。；：\s届年])|(?<=打造)|(?<=举办)|(?<=启动)|(?<=设立)|(?<=成立)|(?<=实施)|(?<=开展)|(?<=深化)|(?<=推出)|(?<=创建)|(?<=建成)|(?<=创办)|(?<=开设)|(?<=首个)|(?<=首家)|(?<=发起)|(?<=建立)|(?<=各类)|(?<=参加)|(?<=以)|(?<=依托)|(?<=升级))"
    rf"(?P<name>(?![一-龥]{{0,3}}(?:打造|举办|启动|设立|成立|实施|开展|深化|推出|创建|建成|创办|开设|发起|建立|参加|依托|等|各|多|一批|全[国省市县区]|加快|建设|推进|推动|积极|加强|国家级|省级|市级|的|与|和|在|为))[一-龥A-Za-z·]{{2,9}}?(?:{_STRONG_TAIL}))"
    r"(?![一-龥]{0,2}(?:组织|负责人|主任|员|长))"
)
_GENERIC = re.compile(
    r"^(?:侨联|统战|残疾人|职业|技能|创业|就业|人才|科技|文化|法律|志愿|公益|慈善|社区|农村|乡村|青年|妇女|儿童|老年|党建|红色|国际|全国|特色|新型|专题|主题|各地|本地|村级|镇级|县级|法治|教育|实践|示范|产业|创新|孵化|直播|电商|培训|企业|重点|高端|专项|基层|相关|爱心|大学生|高校|青少年|企业家|校外|研学|实训|线上|线下|服务|维权|调解|个人|名师|名医|院士|专家|博士|劳模|金牌|省|市|县|区|级|家|个|所|处|座|场|次|期|类)+$"
)


def _unquoted(text: str, start: int, end: int, known: dict[str, str]) -> Iterator[Brand]:
    for match in _UNQUOTED.finditer(text, start, end):
        name = match["name"]
        tail = next((t for t in sorted(_STRONG_TAIL.replace("?", "").split("|"), key=len, reverse=True) if name.endswith(t)), "")
        distinct = name[: len(name) - len(tail)]
        if len(distinct) < 2 or _GENERIC.match(distinct) or re.search(r"[的了和与及]", distinct):
            continue
        kind = _tail_kind(name) or "project"
        yield Brand(match.start("name"), match.end("name"), name, "brand.unquoted", 0.55, brand_name(name), kind)
    for name, kind in known.items():
        if len(name) < 4:
            continue
        for match in re.finditer(re.escape(name), text[start:end]):
            yield Brand(start + match.start(), start + match.end(), name, "brand.again", 0.7, name, kind)
