"""The nouns of `brand_nouns.tsv`: what kind of work a name is, by the noun that ends it and the noun behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..corpus.lexicons import alternation, lexical, rows

LONGEST_TAIL = 6
REACH = 10
"""Characters between a name and its noun: “榕荫议事”新的社会阶层舆情工作室."""


@dataclass(frozen=True, slots=True)
class Noun:
    """A generic noun behind a name, the words between them, and how much the noun says.

    `use` is firm (行动: a project whatever the name says), generic (活动: the words around decide), or name and behind.
    """

    word: str
    kind: str
    use: str
    modifier: str


_NOUNS = ("firm", "generic", "name", "behind", "either")


@lexical
def _table() -> dict[str, tuple[str, str]]:
    """Kind and use of the words that are nouns, or tell the kind of one."""
    return {word: (kind, use) for word, kind, use in rows("brand_nouns") if kind}


@lexical
def words_of(*uses: str) -> frozenset[str]:
    """Words of the lexicon that are of one of these uses."""
    return frozenset(word for word, _, use in rows("brand_nouns") if use in uses)


@lexical
def _behind() -> re.Pattern[str]:
    return re.compile(alternation(words_of(*_NOUNS)))


@lexical
def _modifier() -> re.Pattern[str]:
    return re.compile(alternation(words_of("modifier", "either")))


# What may stand before the noun phrase: “A”等一批品牌, “青苗”2021年暑期专项行动.
_LEAD = re.compile(
    r"(?:[和与及、][一-龥]{2,8}(?=等))?等?(?:\d{4}年?(?:度)?)?(?:\d{1,3}[个家项支])?(?:一批|两大|[三四五六七八]大)?"
)
# A verb or particle between name and noun parts them: “雪山问”用户覆盖…平台.
_PARTING = re.compile(
    r"[和与及的了在是已将对向被由从把后时并也都让使给到称获]|为(?![企民侨农老])|走进|开展|举办|建立|建成|推动|推进|成为|覆盖|进入|实现|累计|组织|带动|助力"
    r"|启动|启用|上线|发布|落户|发放|征集|受理|接待|设立|成立|打造|参加|吸引|亮相|结合|收集|募集|招募|依托|通过|联合|学习|[采品喝种卖买吃]"
)
# A noun of one character must end its phrase: “她守护”维权队办理…, but not 队员, 节目, 园区.
_PHRASE_END = re.compile(r"(?![一-龥])|[已共现自走开举为在有接累办从将今昨启落入获帮送和及与揭成调巡深到进采摘]")
# What looks like such a noun ends another word: 持续拓展, 联网, 运营, 环节.
_OTHER_WORD = re.compile(
    r"(?<=[拓发开进扩施])展|(?<=[联互全官上])网|(?<=[运经民国私自])营|(?<=[环季情细调])节|(?<=[乡农])村|(?<=[排列])队"
)
_UNBROKEN = 4


def noun_behind(right: str) -> Noun | None:
    """The noun behind a name, given what follows the name up to the next mark.

    >>> noun_behind("民族团结进步创建示范平台").word, noun_behind("成为样板工程")
    ('平台', None)
    """
    lead = _LEAD.match(right)
    first = lead.end() if lead else 0
    found = _next_noun(right, first, REACH)
    if found is None:
        return None
    modifier = right[first : found.start()]
    while _table()[found.group()][1] != "firm":
        further = _next_noun(right, found.end(), _UNBROKEN)
        if further is None:
            break
        modifier, found = right[first : further.start()], further
    kind, use = _table()[found.group()]
    return Noun(found.group(), kind, use, modifier)


def _next_noun(right: str, first: int, reach: int) -> re.Match[str] | None:
    for match in _behind().finditer(right, first):
        if match.start() - first > reach or _PARTING.search(right, first, match.start()):
            return None
        if len(match.group()) > 1 or _is_word(right, match):
            return match
    return None


def _is_word(right: str, match: re.Match[str]) -> bool:
    """Whether a noun of one character stands for itself."""
    return bool(_PHRASE_END.match(right, match.end())) and not _OTHER_WORD.match(right, match.start())


def noun_inside(name: str) -> tuple[str, str]:
    """Kind and use of the longest noun that ends a name; two empty strings where none does.

    >>> noun_inside("木棉花驿站"), noun_inside("商户贷"), noun_inside("围炉暖冬")
    (('place', 'name'), ('platform', 'behind'), ('', ''))
    """
    for length in range(min(LONGEST_TAIL, len(name) - 1), 0, -1):
        kind, use = _table().get(name[-length:], ("", ""))
        if kind and use != "modifier" and (length > 1 or use == "tail" or name[-1] in _TAILS):
            return kind, use
    return "", ""


_TAILS = frozenset("赛节营展队贷码室馆站园村")

# What an action does for people makes it a project where its noun is only 活动: “福彩助学·放飞梦想”活动.
_HELPING = re.compile(r"[助捐送帮扶暖援惠献]|关爱|爱心|圆梦|心愿|慈善|行$|行动")
# Many who help many: a campaign, though a 机制 runs it: “百名专员联百企”机制.
_CAMPAIGN = re.compile(r"^[百千万]|[百千万].{1,4}[百千万]")


def kind_of(name: str, noun: Noun | None) -> str:
    """The kind of a name by the noun behind it, the name's own noun, and the words between; project where nothing says.

    >>> kind_of("商户贷", noun_behind("金融服务项目")), kind_of("聊振兴", noun_behind("建言活动"))
    ('platform', 'event')
    """
    inside, use = noun_inside(name)
    if noun is None or use == "firm":
        return inside or "project"
    if noun.use == "firm":
        return noun.kind
    if noun.word.endswith("机制") and _CAMPAIGN.search(name):
        return "project"
    if noun.kind == "platform" and inside == "event" and use == "name":
        return inside
    if noun.use != "generic":
        return inside if noun.kind == "product" and inside in ("place", "team") else noun.kind
    return _by_name_or_modifier(name, noun, inside)


def _by_name_or_modifier(name: str, noun: Noun, inside: str) -> str:
    stated = [match.group() for match in _modifier().finditer(noun.modifier + noun.word)]
    if inside and not (stated and inside == "project"):
        return inside
    if stated:
        return _table()[stated[-1]][0]
    if noun.word.endswith("活动") and not _HELPING.search(name):
        return "event"
    return noun.kind
