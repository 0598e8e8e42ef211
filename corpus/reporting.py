"""An article's head in, the division out that reports."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from .place_names import Place
from .places import candidates_in, resolve, tails
from .places import places as places_and_below
from .regions import NATION, divisions
from .speaking import LED, RECEIVES, is_ranked, official_body, places

_LEAD = 400  # characters of the body that may name the reporting body
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
_LISTED = re.compile(r"[、和与及]")


class _Head(NamedTuple):
    """What an article shows at its head: texts whose places settle one another."""

    title: str
    lead: str
    source: str
    contributor: str
    year: int | None

    def resolve(self, place: Place, hint: str | None = None) -> tuple[str | None, tuple[str, ...]]:
        """`places.resolve` for a place of the head; the others are looked for only where its name is ambiguous."""
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
            speaks = official_body().match(text, place.end) or (place.start == 0 and place.end == len(text))
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
        ranked = is_ranked(place)
        speaks = official_body().match(text, place.end) is not None or place.end in guilds
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
    if not (_at_edge(before) or official_body().match(text, place.end) or _TITLE_DEED.match(text, place.end)):
        return False
    return not (LED.match(text, place.end) or RECEIVES.search(before))


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
        ranked = is_ranked(place) and place.text not in divisions().others
        if ranked or place.chain != place.start or official_body().match(head.lead, place.end):
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
