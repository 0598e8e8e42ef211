"""The counted noun of a number: what stands behind 765个 or before 1700余人次, and the dimension that it gives."""

from __future__ import annotations

import re
from typing import NamedTuple

from ..corpus.lexicons import Word, Words, lexical, mapping, rows

STOP = "，。；！？、：,;:!?\n（(）)”’」』》【】"
_OPENING = {"“": "”", "‘": "’", "「": "」", "《": "》", '"': '"'}
_NO_NOUN = frozenset("到向给为在与和及并以从被由于同将已均全共分其用供至达超比较占居即就升降增减提")
# A phrase is over where one of these follows its noun: 110个乡镇通公路.
_AFTER_NOUN = frozenset("通设建获有被实可能签纳享脱受参开投成入全均已还正将达在按以为组")
_WINDOW = 28
# Verbs that stand between two nouns of one phrase: 产业链开发项目.
_NOMINAL = frozenset(
    [
        "开发",
        "建设",
        "改造",
        "培训",
        "服务",
        "发展",
        "管理",
        "扶持",
        "示范",
        "合作",
        "创新",
        "研究",
        "试点",
        "帮扶",
        "救援",
        "宣传",
        "调解",
        "保障",
        "创业",
        "就业",
        "教育",
    ]
)
# Works that end a phrase: 老旧小区改造282个.
_WORKS = frozenset(["改造", "建设", "修缮", "整治", "治理", "维修", "修复"])
# 15个国家华人侨团 counts places, 4家侨资企业产品 counts firms.
_PLACES = frozenset(
    [
        "国家",
        "国家和地区",
        "镇街",
        "街道",
        "社区",
        "村社",
        "村",
        "乡镇",
        "县市",
        "省份",
        "市县",
        "县（市、区）",
        "城市",
        "省区市",
    ]
)
_COMPATIBLE = {
    "家": frozenset({"organisations", "facilities"}),
    "户": frozenset({"organisations", "households"}),
    "所": frozenset({"organisations", "facilities"}),
    "名": frozenset({"people"}),
    "位": frozenset({"people"}),
    "人": frozenset({"people"}),
}
# 51个市、县侨联 counts the bodies of both ranks.
_RANKS = frozenset(["省", "市", "县", "区", "镇", "乡", "街道", "县区", "市县"])
_SUFFIXES = {
    "facilities": "站点室馆园店厅厂库棚桩路桥",
    "organisations": "会社队企校院所团",
    "places": "村镇乡县市省区国",
    "people": "员者师生民商",
    "works": "剧曲片",
    "projects": "题",
}
_SUFFIX = {character: dimension for dimension, characters in _SUFFIXES.items() for character in characters}
_FIGURE = re.compile(r"[0-9０-９]")
_CONNECTOR = re.compile(
    r"(?:已|共计|共有|共|总计|累计|合计|达到|达|为|有|约|总数|总量|数量|数|规模|增至|增加到|发展到|分别|就|均|也|又|再|至|到|了|总|首次|一次性|合|计|上升到|提高到|成功|增加|增长到|保持在|稳定在|超|近|拥有量|保有量|申请量|授权量|寄递量|销售量|产量|建成|开工|投产|签约|落地|投用|竣工|开通|投运|挂牌|在册|在库|入库|发放|各|只有|占)+$"
)


# The characters that end such words.
_CONNECTING = frozenset("已计有共达合到为约总量数模至加别就均也又再了次性功在超近产成工地用通运牌册库放各占")


class Phrase(NamedTuple):
    """A noun phrase beside a number: its place, the lexicon noun that heads it, and the dimension of that noun."""

    start: int
    end: int
    noun: str
    dimension: str


@lexical
def _nouns() -> dict[str, str]:
    return mapping("nouns")


@lexical
def _verbs() -> frozenset[str]:
    return frozenset(row[0] for row in rows("verbs"))


@lexical
def lexicon() -> Words:
    """Any noun or verb of the lexicons, longest first."""
    return Words([*_nouns(), *_verbs()])


def behind(text: str, position: int, limit: int, unit: str = "") -> Phrase | None:
    """The noun phrase that begins at `position`, up to a verb or a stop.

    >>> text = "178名调解员入驻平台"
    >>> behind(text, 4, len(text)).noun
    '调解员'
    """
    limit = min(limit, position + _WINDOW)
    begin = position
    if position < limit and text[position] in _OPENING:
        close = text.find(_OPENING[text[position]], position + 1, position + 24)
        if close < 0:
            return None
        position = close + 1
    if position < limit and text[position] == "的":
        position += 1
    if position >= limit or text[position] in STOP or text[position].isdigit():
        return None
    if text[position] in _NO_NOUN and text[position : position + 2] not in (
        "为民",
        "为侨",
        "为企",
        "为老",
        "为农",
        "全新",
    ):
        return None
    stop = _stop(text, position, limit)
    head, ended = _head(text, position, stop, _COMPATIBLE.get(unit))
    if head is None and unit == "家":
        head, ended = _head(text, position, stop, None)
    stop = ended
    if head is not None and text[head.end : head.end + 1] in ("、", "和") and head.noun in _RANKS:
        joined = behind(text, head.end + 1, limit, unit)
        if joined is not None and joined.dimension == "organisations":
            return Phrase(begin, joined.end, joined.noun, joined.dimension)
    if head is not None:
        end = head.end
        if stop - end == 1 and text[end] in _SUFFIX and unit not in _COMPATIBLE:
            return Phrase(begin, stop, text[position:stop], _SUFFIX[text[end]])
        return Phrase(begin, end, head.noun, head.dimension)
    if figure := _FIGURE.search(text, position + 1, stop):
        stop = figure.start()
    if stop - position < 2:
        return None
    return Phrase(begin, stop, text[position:stop], _SUFFIX.get(text[stop - 1], ""))


def _head(text: str, position: int, stop: int, compatible: frozenset[str] | None) -> tuple[Phrase | None, int]:
    """The noun that heads the phrase and where the phrase stops: at a verb, at 的 or 和 behind a noun."""
    head: Phrase | None = None
    found = lexicon().find(text, position, stop)
    for index, (word, start, end) in enumerate(found):
        if head is not None and _is_over(text[head.end : start], word, compatible):
            return head, stop
        if word in _nouns():
            dimension = _nouns()[word]
            if text[start : end + 1] == "国家级" or (compatible is not None and dimension not in compatible):
                continue
            if head is not None and head.noun in _PLACES and dimension in ("people", "organisations"):
                return head, stop
            head = Phrase(start, end, word, dimension)
        elif not _is_modifier(found, index, position, head):
            return head, start
    return head, stop


def _is_over(gap: str, word: str, compatible: frozenset[str] | None) -> bool:
    """Whether the phrase is over before a further word: behind 的 or 和, or at a word that its unit does not count."""
    if gap[:1] and gap[0] in _AFTER_NOUN:
        return True
    if compatible is not None:
        return bool(gap) or _nouns().get(word) not in compatible
    return any(character in "的和与及等共" for character in gap)


def _is_modifier(found: list[Word], index: int, position: int, head: Phrase | None) -> bool:
    """重点培育项目 and 产业链开发项目 hold a verb before its noun; 资金开展项目 ends before it."""
    verb = found[index]
    following = found[index + 1] if index + 1 < len(found) else None
    if following is None or following.start != verb.end or following.text not in _nouns():
        return False
    return verb.text in _NOMINAL or (head is None and verb.start - position <= 2)


_UNBROKEN = re.compile(f"[^{re.escape(STOP)}“‘「《]*")


def _stop(text: str, position: int, limit: int) -> int:
    """The first stop; a quotation is stepped over, one that nothing closes is a stop."""
    place = position
    while place < limit:
        match = _UNBROKEN.match(text, place, limit)
        place = match.end() if match else place
        if place >= limit or text[place] not in "“‘「《":
            break
        close = text.find(_OPENING[text[place]], place + 1, place + 24)
        if close < 0:
            return place
        place = close + 1
    return min(place, limit)


def before(text: str, start: int, position: int, unit: str = "") -> Phrase | None:
    """The noun phrase that ends at `position`, but for words such as 累计 and 达.

    >>> text = "新增全国重点实验室达12家"
    >>> before(text, 0, 10).dimension
    'facilities'
    """
    start = max(start, position - _WINDOW)
    window = text[start:position]
    bare = _CONNECTOR.sub("", window) if window[-1:] in _CONNECTING else window
    found = lexicon().find(bare)
    works = ""
    while found and found[-1].end == len(bare) and found[-1].text not in _nouns():
        works, bare = found[-1].text, bare[: found[-1].start]
        found.pop()
    last = found[-1] if found else None
    if last is None or last.end < len(bare) - 1 or (last.text not in _nouns() and last.end < len(bare)):
        return _by_suffix(bare, start) if unit not in _COMPATIBLE else None
    dimension = _nouns().get(last.text)
    if dimension is None:
        return None
    if works in _WORKS and dimension in ("places", "other") and unit in ("个", "项", "处"):
        dimension = "projects"
    if dimension not in _COMPATIBLE.get(unit, (dimension,)):
        return None
    if last.end == len(bare) - 1 and bare[-1] in _SUFFIX:
        return Phrase(start + last.start, start + len(bare), bare[last.start :], _SUFFIX[bare[-1]])
    return Phrase(start + last.start, start + last.end, last.text, dimension)


def _by_suffix(bare: str, start: int) -> Phrase | None:
    if len(bare) < 2 or bare[-1] not in _SUFFIX or bare[-2] in STOP:
        return None
    return Phrase(start + len(bare) - 2, start + len(bare), bare[-2:], _SUFFIX[bare[-1]])
