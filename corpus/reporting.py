"""Reads an article's head and its clauses, gives the division that reports and whose work a clause tells."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from .lexicons import BODIES, lexical, own
from .place_names import Place
from .places import candidates_in, resolve, tails
from .places import places as places_and_below
from .regions import NATION, divisions

_RANKS = "省市县区州旗盟"
_LEAD = 400  # characters of the body that may name the reporting body
_BODY_WORDS = (
    "统一战线|统战|侨联|侨办|侨务|侨商|侨界|归侨|工商联|总工会|工会|妇联|科协|文联|残联|红十字|团市委|团县委|团区委|政府|人民|人大|政协|党委|"
    "纪委|监委|[市县区省州旗]?委|[市县区省州旗]?[\u4e00-\u9fff]{0,4}(?:局|厅)|法院|检察院|公安|海关|管委会|党工委|生产建设兵团|兵团|慈善|商会|宣传部|组织部|融媒|新闻办|网信|街道|法学会"
)
_PAPER = re.compile(r"日报|晚报|晨报|商报|都市报|新闻网|广播|电视|卫视|客户端|在线|综合")
_NATIONAL_MEDIA = re.compile(
    r"央视|央广|新华社|新华网|人民日报|人民网|光明日报|经济日报|中新社|中国新闻网|中国[\u4e00-\u9fff]{0,3}[报网]|求是"
)
_NATIONAL_BODY = re.compile(
    r"中国(?:侨联|政府网|残联|科协|文联|红十字会|贸促会|记协)|国务院|全国(?:总工会|工商联|妇联|人大|政协|供销总社|侨联|台联|残联|红十字会|青联|学联)|"
    r"中央(?!商务|公园|厨房)|国家[\u4e00-\u9fff]{2,8}[委局署]|中华全国|(?:民政|财政|教育|商务|农业农村|科技|公安|司法|交通运输|文化和旅游|生态环境|自然资源|"
    r"应急管理|人力资源社会保障|工业和信息化|住房城乡建设|水利|退役军人事务)部|"
    r"海关总署|税务总局|市场监管总局|金融监管总局|证监会|银保监会"
)
_NATION_SIGN = re.compile("[国央部总监]")  # every body of the nation holds one of these
_NATIONAL_WORDS = re.compile(r"我国|全国(?!第|首|人大|政协|前列|先进|文明|优秀|十|百|归侨)|各地|国务院|中央财政")
_VISITS = re.compile(r"[来赴莅到].{0,12}(?:调研|考察|指导|慰问|走访|视察|督导)")
_SENTENCE_END = re.compile(r"(?<=[。！？])")
_CONGRESS = re.compile(r"第?[一二三四五六七八九十\d]+届(?:人民代表大会|人大)")
_SEGMENT_EDGE = re.compile(r"[\s:：|｜】》」”—\-。！？；;，,、（(\d年月日]")
_TITLE_DEED = re.compile(
    r"[:：]|\s*(?:做好|推进|推动|打造|开展|积极|深化|举办|召开|举行|聚力|聚焦|构建|建设|成立|启动|创新|以|着力|持续|多举措|全力|政府工作)"
)

_RECEIVES = re.compile(
    r"(?:援助|支援|援建|帮扶|支持|捐赠|捐给|捐助|赴|前往|走进|走访|考察|奔赴|来到|驰援|助力|服务|送到|送往|运往|销往|发往|落户|"
    r"运抵|抵达|进入|对接|联系|结对|邀请|接待|来自|源自|到访|访问|慰问|向|给|往|至|从|由|与|和|同|到|距|途经|较|比)了?(?:[\u4e00-\u9fff]{0,2}省)?$"
)
_GIVES_BACK = re.compile(r"[\u4e00-\u9fff]{0,8}?(?:捐赠|捐助|捐款|结对|帮扶|协作|对接|支援|援助)")
_VENUE = re.compile(r"(?:成功)?(?:举行|召开|举办|开幕|闭幕|启动|开赛|启幕)")
_AT = re.compile(r"[在于]$")
_LED = re.compile(r"[\u4e00-\u9fff、]{0,10}?(?:领导|指导|关怀|支持|关心|部署)下")
_LISTED = re.compile(r"[、和与及]")
_ACTING = (
    r"[省市县区州旗]|今年|去年|前|第|上半年|一季度|\d|累计|共|已|新增|完成|实现|建成|投资|捐|筹|募|发放|举办|开展|组织|着力|通过|把|"
    r"将|以|的|突出|依托|打造|推出|成立|地区|境内|各"
)
_START = re.compile(
    r"(?:[^\u4e00-\u9fff]|截至|截止|目前|近年来|今年以来|以来|其中|仅|今年|去年|今天|昨天|日前|近日|同时|此外|年|月|日|底|末|上半年|季度|"
    r"[在是的个家张座条省]|米|明确|据|，|：)$"
)
_POINTING = (
    r"(?P<nation>全国|我国)|(?P<home>(?:全[区县市州盟旗省]|[我本该][省市区县州旗])(?![域场别])|"
    r"[省市区县州旗](?:侨联|委(?![员托派])|政府|人民政府|工商联|统战部|总工会|妇联|红十字会{more}))"
)
_BESIDE = re.compile(r"[于比占居列在向达为是过销往自的内受被获由]$")
_BESIDE_BODY = re.compile(r"(?:落实|响应|配合|联合|协助|争取|依托|参加|按照|根据|围绕|对接|联系|获得?|由)$")
_WHOLE_NATION = re.compile(r"共|累计|已|有|新增|完成|范围内|各级|侨联系统|实现|\d")
_RANKED = re.compile(r"第|首|前|最|唯一|先进|优秀|示范|百强|平均|重点|人大|政协|各地|领先|文明|十|排|率先")
_AUTONOMOUS = frozenset(("150000", "450000", "540000", "640000", "650000"))


def _bodies() -> str:
    """The bodies of a domain, as more choices of a pattern."""
    return "".join(f"|{re.escape(body)}" for (body,) in own(BODIES))


@lexical
def _official() -> re.Pattern[str]:
    """A body that speaks for a division, right behind its name."""
    return re.compile(rf"[省市县区州旗]?(?:{_BODY_WORDS}{_bodies()})")


@lexical
def _acts() -> re.Pattern[str]:
    """What follows the name of a division that acts."""
    return re.compile(f"{_official().pattern}|{_ACTING}")


@lexical
def _deixis() -> re.Pattern[str]:
    """Words that point to a division: 全县, 我省, 市侨联."""
    return re.compile(_POINTING.replace("{more}", _bodies()))


def places(text: str, start: int = 0, end: int | None = None) -> list[Place]:
    """The divisions of a text; a street or town that stands alone overrides none of them and is left out."""
    found = places_and_below(text, start, end)
    if "街道" not in text and "镇" not in text:
        return found
    from .localities import is_locality

    return [place for place in found if not is_locality(place)]


def _ranked(place: Place) -> bool:
    """Whether the name bears its rank: 杭州市, 杭州柳浪街道; not 固镇."""
    return place.text[-1] in _RANKS or place.text not in divisions().names


class _Head(NamedTuple):
    """What an article shows at its head: texts whose places settle one another."""

    title: str
    lead: str
    source: str
    contributor: str
    year: int | None

    def resolve(self, place: Place, hint: str | None = None) -> tuple[str | None, tuple[str, ...]]:
        """`regions.resolve` for a place of the head; the others are looked for only where its name is ambiguous."""
        codes = candidates_in(place, self.year)
        if len(codes) < 2:
            return (codes[0] if codes else None), codes
        texts = (self.title, self.lead, self.source, self.contributor)
        return resolve([place, *(other for text in texts for other in places(text))], self.year, hint)


def reporting_region(contributor: str, source: str, title: str, body: str, year: int | None) -> tuple[str | None, str]:
    """The adcode of the division that reports, and '' or the reason (Chinese and English) why it stays open.

    Asked in turn: contributor; source when it is an official body (a division inside it that acts in the title or lead
    is nearer); title; the lead's actor; the nation. A paper's name counts only when the text speaks of the whole.

    >>> reporting_region("临平区委统战部", "", "", "", 2023)
    ('330113', '')
    """
    head = _Head(title, body[:_LEAD], source, contributor, year)
    if _NATIONAL_BODY.match(contributor):
        return NATION, ""
    named = _first(contributor, head, official=False)
    site = _first(source, head, official=True)
    if not named[0] and site[0]:
        return _inside(site[0], head) or site[0], ""
    for code, message in (named, site, _title_actor(head)):
        if code or message:
            return code, message
    code, message = _of_text(head, body)
    return (code, message) if code or message else (_of_locality(head), "")


def _of_locality(head: _Head) -> str | None:
    """The county of the street or town that speaks: 望京街道侨联; looked for where nothing else is named."""
    for text in (head.contributor, head.source, head.title):
        if "街道" not in text and "镇" not in text:
            continue
        for place in tails(places_and_below(text)):
            speaks = _official().match(text, place.end) or (place.start == 0 and place.end == len(text))
            if place.kind == "division" and (speaks or (text is head.title and _leads(text, place))):
                return head.resolve(place)[0]
    return None


def _of_text(head: _Head, body: str) -> tuple[str | None, str]:
    """The division by the congress that a report was given to, the nation, the lead's actor, or the paper."""
    congress = _congress(head.title + "\n" + head.lead, head.year)
    if congress:
        return congress, ""
    if _national(head.source, body):
        return NATION, ""
    actor = _lead_actor(head)
    if actor[0] or actor[1]:
        return actor
    if _nation_acts(head.title) or _nation_acts(head.lead.lstrip()[:30]):
        return NATION, ""
    return _by_paper(head.source, body, head.year), ""


def _national(source: str, body: str) -> bool:
    """Whether a body of the nation speaks, or a paper of the nation about all of it."""
    if _NATIONAL_BODY.search(source):
        return True
    if not _NATIONAL_MEDIA.search(source):
        return False
    return bool(_NATIONAL_WORDS.search(body) or _NATIONAL_BODY.search(body))


def _nation_acts(text: str) -> bool:
    """Whether a body of the nation stands at the head and is no visitor: 国务院印发, not 中国侨联来我区调研."""
    head = _NATIONAL_BODY.search(text[:30]) if _NATION_SIGN.search(text, 0, 30) else None
    if head is None or _VISITS.search(text, head.end()):
        return False
    return _at_edge(text[: head.start()])


def _at_edge(before: str) -> bool:
    """Whether a segment begins behind these words: they are none, or a mark, figure or date ends them."""
    return not before or _SEGMENT_EDGE.match(before[-1]) is not None


def _first(text: str, head: _Head, *, official: bool) -> tuple[str | None, str]:
    """The first division that a contributor or source names; of a source only where a body of it follows."""
    if not text or (official and _PAPER.search(text)):
        return None, ""
    found = tails(places(text))
    guilds = {place.chain for place in found if place.kind == "name" and "商会" in text[place.end :]}  # 内蒙古|福建商会
    for place in found:
        ranked = _ranked(place)
        speaks = _official().match(text, place.end) is not None or place.end in guilds
        if place.kind == "division" and (speaks or (ranked and not official) or (ranked and place.end == len(text))):
            return _settle(place, head)
    return None, ""


def _settle(place: Place, head: _Head) -> tuple[str | None, str]:
    """Resolve one place by the others; when it stays open the message names the candidates."""
    code, left = head.resolve(place)
    if code or not left:
        return code, ""
    table = divisions()
    full = "、".join("".join(_full_line(each)) + f"({each})" for each in left if table.by_adcode(each))
    chinese = f"“{place.text}”可指{full}，文中没有依据可定"
    return None, f"{chinese} / {place.text} may mean {', '.join(left)}; the text does not say which"


def _full_line(code: str) -> list[str]:
    """Full names from the province down."""
    table = divisions()
    rows = [table.by_adcode(each) for each in reversed((code, *table.ancestors(code)))]
    return [row.full_name for row in rows if row and row.level != "nation"]


def _inside(outer: str, head: _Head) -> str | None:
    """The division inside `outer` that acts in the title, else at the head of the lead."""
    table = divisions()
    for text in (head.title, "".join(_SENTENCE_END.split(head.lead, 2)[:2])):
        for place in _actors(text):
            code = head.resolve(place, outer)[0]
            if code and table.within(code, outer):
                return code
    return None


def _actors(text: str) -> list[Place]:
    """The places of a text that stand as subjects: not receivers, not parts of names."""
    return [place for place in tails(places(text)) if place.kind == "division" and _leads(text, place)]


def _leads(text: str, place: Place) -> bool:
    """Whether a place stands at the edge of a segment or a body of it follows, and nothing is done to it."""
    before = text[max(0, place.chain - 8) : place.chain]
    if text.startswith("籍", place.end):
        return False
    if not (_at_edge(before) or _official().match(text, place.end) or _TITLE_DEED.match(text, place.end)):
        return False
    return not (_LED.match(text, place.end) or _RECEIVES.search(before))


def _title_actor(head: _Head) -> tuple[str | None, str]:
    """The first subject of the title; a list of several names none."""
    for place in _actors(head.title):
        if not _LISTED.match(head.title, place.end):
            return _settle(place, head)
    return None, ""


def _congress(text: str, year: int | None) -> str | None:
    """The division whose people's congress the text names in its head: 在某省第十四届人民代表大会第四次会议上."""
    if "届人" not in text:
        return None
    for match in _CONGRESS.finditer(text[: _LEAD + 200]):
        before = [place for place in tails(places(text, 0, match.start())) if place.end == match.start()]
        if before:
            return resolve(before, year)[0]
    return None


def _lead_actor(head: _Head) -> tuple[str | None, str]:
    """The division that acts most often in the lead; level counts leave it open."""
    votes: Counter[str] = Counter()
    message = ""
    for place in _actors(head.lead):
        ranked = _ranked(place) and place.text not in divisions().others
        if ranked or place.chain != place.start or _official().match(head.lead, place.end):
            code, why = _settle(place, head)
            message = message or why
            if code:
                votes[code] += 1
    if not votes:
        return None, message
    (best, most), *others = votes.most_common(2)
    return (best, "") if not others or most > others[0][1] else (_common_line(votes), "")


def _common_line(votes: Counter[str]) -> str | None:
    """Where counts are level: the innermost division, if all the others hold it."""
    lines = divisions().lines
    inner = max(votes, key=lambda code: len(lines[code]))
    return inner if all(code == inner or code in lines[inner] for code in votes) else None


def _by_paper(source: str, body: str, year: int | None) -> str | None:
    """The division in a paper's name, when the body speaks of all of it: 全省, 市人民政府."""
    for place in tails(places(source)):
        code = resolve([place], year)[0]
        row = divisions().by_adcode(code) if code else None
        if row and re.search(_whole(row.full_name, row.level), body):
            return code
    return None


def _whole(full_name: str, level: str) -> str:
    """The words by which a body speaks of its own whole division."""
    rank = "区" if full_name.endswith("自治区") else full_name[-1]
    if level == "county" and rank not in "县区市旗":
        rank = "县"
    return rf"[全我]{rank}|{rank}人民政府|{rank}委"


def actor_region(clause: str, home: str | None, year: int | None, sentence: str | None = None) -> str | None:
    """The division whose work a clause tells: a named subject, 全国 or 省侨联 and the like, else `home`.

    Receivers (援助新疆, 赴淳安县), venues and lists of places leave it with `home`. `sentence` is a longer text that
    begins with the clause: its places are found once for all its clauses.

    >>> actor_region("全市侨联系统走访侨企140家", "330113", 2023), actor_region("向松溪县捐赠30万元", "330113", 2023)
    ('330100', '330113')
    """
    limit = len(clause)
    found = [place for place in places(sentence or clause) if place.end <= limit]
    if found:
        named = _subject(clause, found, home, year)
        if named:
            return named
    for match in _deixis().finditer(clause):
        if not any(place.start <= match.start() < place.end or place.end == match.start() for place in found):
            code = _pointed(clause, match, home)
            if code:
                return code
    return home


def _subject(clause: str, found: list[Place], home: str | None, year: int | None) -> str | None:
    """The last division that is a subject: the nearest before the figures of the clause."""
    ends = tails(found)
    for index in range(len(ends) - 1, -1, -1):
        place = ends[index]
        if (
            place.kind == "name"
            or clause.startswith("籍", place.end)
            or _in_list(clause, place, found)
            or not _is_subject(clause, place.chain, place.end)
        ):
            continue
        code = resolve([place, *found], year, home)[0]
        if code and not (home and _only_mentioned(clause, place, code, home)):
            return code
    return None


def _only_mentioned(clause: str, place: Place, code: str, home: str) -> bool:
    """Whether a division on the line of `home` is but a part or a whole of it: it speaks with a body or its rank."""
    lines = divisions().lines
    if code == home or code in lines.get(home, ()):
        return _acts().match(clause, place.end) is None
    return home != NATION and home in lines[code] and not _speaks(clause, place)


def _speaks(clause: str, place: Place) -> bool:
    """Whether a body follows the name (杭州市侨联), or the name bears its rank (杭州市)."""
    return _ranked(place) or _official().match(clause, place.end) is not None


def _in_list(clause: str, place: Place, found: list[Place]) -> bool:
    """Whether the place is one of several (甲、乙等地) or an end of a way (甲到乙)."""
    head = place.chain
    before = clause[head - 1 : head] if head else ""
    if before in ("、", "到", "至") and any(other.end < head and head - other.end < 10 for other in found):
        return True
    for other in found:
        gap = clause[place.end : other.start]
        if other.start > place.end and len(gap) < 10 and (gap in ("和", "与", "及", "到", "至") or gap.endswith("、")):
            return True
    return False


def _is_subject(clause: str, start: int, end: int) -> bool:
    """Whether the words around a chain make it the one that acts or that the figure is of."""
    before = clause[max(0, start - 8) : start]
    if _LED.match(clause, end) or _RECEIVES.search(before):
        return False
    if _AT.search(before) and _VENUE.match(clause, end):
        return False
    if not before or _START.search(before):
        return True
    return _acts().match(clause, end) is not None


def _pointed(clause: str, match: re.Match[str], home: str | None) -> str | None:
    """The division that 全国, 我省, 市侨联 point to from `home`; None where the words only compare or receive."""
    if _BESIDE.search(clause, 0, match.start()) or _BESIDE_BODY.search(clause, 0, match.start()):
        return None
    if _RANKED.match(clause, match.end()) or _LED.match(clause, match.end()):
        return None
    if match["nation"]:
        return NATION if home in (None, NATION) or _WHOLE_NATION.match(clause, match.end()) else None
    return _of_rank(match.group()[0] if match.group()[0] in "省市区县州旗" else match.group()[1], home)


def _of_rank(rank: str, home: str | None) -> str | None:
    """The division of the rank on the line of `home`, None when the line has none."""
    table = divisions()
    row = table.by_adcode(home) if home else None
    if row is None or row.level == "nation":
        return None
    province = table.province_of(row.adcode)
    if rank == "省":
        return province
    if row.level == "county" and (rank in "区县旗" or (rank == "市" and row.full_name.endswith("市"))):
        return row.adcode
    if rank == "区":
        return province if province in _AUTONOMOUS else None
    return (table.prefecture_of(row.adcode) or province) if rank in "市州盟" else None


_SELF = re.compile(
    r"(?P<nation>全国|我国|国务院|中华全国|中国侨联|中央(?:统战部|政府|组织部|宣传部|社院)|国家侨办|国家(?=[^，。]{2,8}[部委局署])|(?:民政|财政|教育|司法|农业农村|退役军人事务|人力资源和?社会保障|文化和旅游)部)|(?P<province>自治区|特别行政区|特区|[全本](?=[港澳台])[港澳台])|"
    r"(?P<below>[社街园校辖]区|开发区|新区|街道|[全我本该]?[镇乡村校]|办事处|高校|学校|学院|大学|企业|集团|公司)|"
    r"(?P<league>地区|行署|行政公署|地委)|(?P<rank>[省市区县州旗盟])"
)


_MUNICIPALITIES = frozenset(("110000", "120000", "310000", "500000"))


def deictic(words: str, home: str | None) -> str | None:
    """The division that 我区, 全县, 市侨联, 省工商联 point to in an article of `home`; None where its line has none.

    What lies below a county (街道侨联, 该镇, 高校侨联) stays with `home`.

    >>> [deictic(words, "330113") for words in ("区侨联", "市委统战部", "我省", "该镇", "全国")]
    ['330113', '330100', '330000', '330113', '100000']
    """
    match = _SELF.search(words)
    if match is None or match.lastgroup is None:
        return None
    if match["nation"]:
        return NATION
    if match["below"] or not home:
        return home
    if match["province"]:
        return divisions().province_of(home)
    if match["rank"] == "省" and divisions().province_of(home) in _MUNICIPALITIES:
        return None
    return _of_rank("州" if match["league"] else match["rank"], home)
