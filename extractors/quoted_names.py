"""A quotation and what stands around it in, the rule that takes or refuses it for a brand out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from ..corpus.lexicons import alternation, rows
from .brand_nouns import Noun, kind_of, noun_behind, noun_inside

LONGEST = 34


class Quotation(NamedTuple):
    """A quotation; of a list “A”“B”“C” each sees the words before the first and behind the last.

    `left` reaches back to the nearest mark, `right` forward to it; `before` are the last characters, marks and all.
    """

    surface: str
    left: str
    right: str
    before: str
    noun: Noun | None


Judge = Callable[[Quotation], str | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A named judgement: None where it stays silent, else the kind (a refusal answers the empty string)."""

    name: str
    judge: Judge
    confidence: float
    example: str


@cache
def _words(*roles: str) -> frozenset[str]:
    return frozenset(word for word, role in rows("quoted") if role in roles)


@cache
def _ends(role: str) -> tuple[str, ...]:
    """Words of a role, for `str.endswith`."""
    return tuple(_words(role))


@cache
def _any(role: str, before: str = "", behind: str = "") -> re.Pattern[str]:
    """Any word of a role between two patterns."""
    return re.compile(f"{before}{alternation(_words(role))}{behind}", re.DOTALL)


def _refuse(holds: bool) -> str | None:
    return "" if holds else None


def is_no_length(this: Quotation) -> str | None:
    """Too short or too long for a name, or marks alone."""
    return _refuse(not 2 <= len(this.surface) <= LONGEST or not any(map(str.isalnum, this.surface)))


_OF_THE_STATE = re.compile(r"(?:\d+·\d+)?(?:国际|世界|全国|中国)[^·]*[日周]|(?:学习|深入|全面)*贯彻.*")


def is_policy(this: Quotation) -> str | None:
    """What everybody is told to do, and the days that all the world keeps: “国际茶日”."""
    names = this.surface in _words("policy") or "习近平" in this.surface
    return _refuse(names or bool(_OF_THE_STATE.fullmatch(this.surface)))


_SIGN = re.compile(r"[+＋×→%％=＝]")
_FORMULA = re.compile(r"[\d.·]+|[一-龥](?:[、—-][一-龥])+")


def is_formula(this: Quotation) -> str | None:
    """党建+网格, 334, 人、房、地: no words of a name; 12345 names a hotline."""
    is_formed = _SIGN.search(this.surface) or _FORMULA.fullmatch(this.surface)
    return _refuse(bool(is_formed) and not this.right.startswith(("热线", "平台")))


_IDIOM = re.compile(
    r"(?:[、，]?一[一-龥]{1,4}){2,}|([一二两三四五六七八九十])[一-龥]{1,3}(?!\1)[一二两三四五六七八九十多][一-龥]{1,3}(?:多点)?|[一-龥]{1,6}[式型化制性]|[零全]\S{1,3}|[两二三四五六七八九十双多\d]+[一-龥]"
    r"|.*[二三四五六七八九十]大[一-龥]{0,6}行动|[一-龥]{2}(?:、[一-龥]{2}){2,}|[一二三四五六七八九十两双多\d]+[个大项条张种本支][一-龥]{0,6}|.*(?:就是|不如|胜过|越来越).*"
)


def is_idiom(this: Quotation) -> str | None:
    """一企一策, 点单式, 四个一, 三化: common words and counted headings, whatever stands behind them."""
    if this.noun is not None and this.noun.use == "firm" and "、" in this.surface:
        return None
    return _refuse(bool(_IDIOM.fullmatch(this.surface)))


def is_metaphor(this: Quotation) -> str | None:
    """A metaphor that everybody uses; with 行动, 计划, 工程 right behind it somebody made it a name."""
    named = this.noun is not None and this.noun.use == "firm" and not this.noun.modifier
    return _refuse(this.surface in _words("metaphor") and not named)


def is_honour(this: Quotation) -> str | None:
    named = this.noun is not None and this.noun.word.endswith(("品牌", "行动", "计划", "工程"))
    honoured = this.surface.startswith("最美") or this.surface.endswith(_ends("honour end"))
    if (honoured and not named) or _any("honour behind", "等?").match(this.right):
        return ""
    return _refuse(this.noun is None and bool(_any("honour verb", "", "了?[^，]{0,12}$").search(this.left)))


def is_ceremony(this: Quotation) -> str | None:
    """One meeting, not a series; a name may stand in it."""
    return _refuse(len(this.surface) > 4 and this.surface.endswith(_ends("ceremony end")))


_TOPIC = r"(?:等|这一|[两三四]个)?(?:主题|议题|话题|课题)(?:展开|进行|开展|作|举行|为|$)"
_AS_THEME = re.compile(
    r"(?:为|作为)(?:活动)?(?:主题|主线|目标|宗旨|核心|重点|引领|导向|理念|抓手|统领|根本|遵循|方向|契机|牵引|切入)"
    rf"|{_TOPIC}|作了?(?:大会|主题|专题)?(?:发言|报告|演讲|交流)|等?(?:平行|专题|主题)?分(?:论坛|会场|议题)"
)


def is_theme(this: Quotation) -> str | None:
    """以“书香满校园”为主题: a motto; one that work is fitted to (紧扣“…”主题) is a name."""
    fitted = this.left.endswith(("紧扣", "擦亮", "打响"))
    announced = this.left.endswith(("主题为", "主题是", "题为", "口号为", "口号是"))
    return _refuse(announced or (not fitted and bool(_AS_THEME.match(this.right))))


def is_arms(this: Quotation) -> str | None:
    return _refuse(bool(_any("arms behind", "[一-龥]{0,8}").match(this.right)))


def is_idea(this: Quotation) -> str | None:
    if this.noun is not None and not this.noun.modifier:
        return None
    idea, area = _any("idea behind", "的?", "(?!召|线)"), _any("area behind", "[一-龥]{0,12}")
    return _refuse(bool(idea.match(this.right) or area.match(this.right)))


_SPOKEN = re.compile(r".*(?:[？?！!。；;…]|[我你咱俺您他]们?(?![家乡])|[了啊呢吗吧嘛呀啦]$|[，,].*[，,])")


def is_speech(this: Quotation) -> str | None:
    if _SPOKEN.match(this.surface) and not (this.noun is not None and not this.noun.modifier):
        return ""
    told = this.before.endswith(("：", ":")) and len(this.surface) > 14
    return _refuse(told or (this.noun is None and bool(_any("saying", "", "[：:，,]?$").search(this.before))))


def is_figurative(this: Quotation) -> str | None:
    """成为社区的“温暖港湾”, 奏响“同心曲”: what the verb makes of the words."""
    made = _any("figurative", "", "[了起出]?[一-龥]{0,5}$").search(this.left)
    return _refuse(this.noun is None and made is not None and not _naming_verb(this.left))


def has_noun_behind(this: Quotation) -> str | None:
    return kind_of(this.surface, this.noun) if this.noun is not None else None


@cache
def _kinds(role: str) -> dict[str, str]:
    """Kind by word for a role that states it: makes event, class product."""
    return {word: stated.removeprefix(f"{role} ") for word, stated in rows("quoted") if stated.startswith(f"{role} ")}


@cache
def _class_left() -> re.Pattern[str]:
    return re.compile(f"{alternation(list(_kinds('class')))}$")


def has_noun_before(this: Quotation) -> str | None:
    """吉祥物“江小豚”, 搜索引擎“雪山问”: the class stands before the name."""
    match = _class_left().search(this.left)
    return _kinds("class")[match.group()] if match else None


_TELLING = frozenset("坊贷驿舍嫂")


def has_noun_inside(this: Quotation) -> str | None:
    kind, use = noun_inside(this.surface)
    if len(this.surface) > 2 and this.surface[-1] in _TELLING:
        return kind
    return kind if use in ("name", "firm") and len(this.surface) > 3 else None


_DOTTED = re.compile(r"[一-龥A-Za-z0-9 ]{2,}[·•・][一-龥A-Za-z0-9 ]{2,}")


def has_dot(this: Quotation) -> str | None:
    return kind_of(this.surface, None) if _DOTTED.fullmatch(this.surface) else None


@cache
def _naming() -> re.Pattern[str]:
    """A verb that makes things, and what may stand between it and the name: 建成全省首个, 创办临江镇."""
    return re.compile(
        rf"(?<![端装怖府际])(?<!社会)({alternation(list(_kinds('makes')))})"
        r"(?:[了起出的着]|全[国省市县区镇]|[省市县区镇]级|首[个家批支]|一[个批支家所]|系列|线上|本地|各类|特色|年度|\d+[个家所支]|以"
        r"|\d{4}年?(?:度)?|第.{1,3}届|好|[^，的为]{1,5}[省市县区镇乡村]"
        r"|[一-龥]{1,4}(?:侨联|妇联|残联|商会|社区|青年|侨界|女性|乡贤|校园|民族|文化|特色|红色|志愿))*$"
    )


_SLOGAN = re.compile(r"[，、；,;：:的]")


def _naming_verb(left: str) -> str:
    match = _naming().search(left)
    return _kinds("makes")[match[1]] if match else ""


def _is_work(this: Quotation) -> bool:
    """No slogan, no idea, and nothing behind it that makes it one: “智慧养老”服务."""
    if _SLOGAN.search(this.surface) or len(this.surface) < 3 or this.surface.endswith(_ends("idea end")):
        return False
    return not (_any("nothing made").match(this.right) or _any("nothing made near", "[一-龥]{0,6}").match(this.right))


def has_naming_verb(this: Quotation) -> str | None:
    made = _naming_verb(this.left)
    if not made or not _is_work(this):
        return None
    return noun_inside(this.surface)[0] or made


_NAMED = re.compile(r"(?:名[为叫]|叫做|取名|命名为|起名|[，、]叫|^叫)(?:作|了)?$")


def is_named(this: Quotation) -> str | None:
    """一款名叫“湄江翠”的小罐茶."""
    if not _NAMED.search(this.left) or _SLOGAN.search(this.surface):
        return None
    return kind_of(this.surface, noun_behind(this.right[1:]) if this.right.startswith("的") else None)


_CARRIER = re.compile(r"为(?:载体|品牌|平台|阵地)")


def is_carrier(this: Quotation) -> str | None:
    """以“慈善一日捐”为载体: what work is done through."""
    if _CARRIER.match(this.right) and not _SLOGAN.search(this.surface):
        return kind_of(this.surface, None)
    return None


_WORKING_ALSO = r"自\d{4}|为[^，]{1,10}(?:提供|送去|减|办)|里$"


@cache
def _working() -> re.Pattern[str]:
    adverb = r"(?:已|共|又|也|还|全年|今年|再次|正式|首次|首批|连续)*"
    return re.compile(rf"{adverb}(?:{alternation(_words('works'))}|{_WORKING_ALSO})")


def is_working(this: Quotation) -> str | None:
    """“莞侨法律诊所”走进侨企: the name does the work of the sentence."""
    if not _working().match(this.right) or not _is_work(this):
        return None
    if this.right.startswith("捐"):
        return "fund"
    held = this.right.startswith(("开课", "开讲", "开班", "举办", "办了", "开了"))
    return "event" if held else kind_of(this.surface, None)


_CODED = re.compile(r"[一-龥A-Za-z]{2,10}[-—–]?(?:19[5-9]\d|20(?:0[1-9]|[1-4]\d))[A-Z]?")


def is_coded(this: Quotation) -> str | None:
    """“海上联合-2024”: a name with its year."""
    if not _CODED.fullmatch(this.surface):
        return None
    return "event" if re.match(r".{0,6}[演赛节展]", this.right) else "project"


# Read from top to bottom: the first that answers decides.
RULES: tuple[Rule, ...] = (
    Rule("refuse.quote.length", is_no_length, 0.9, "发挥“侨”的优势。"),
    Rule("refuse.quote.policy", is_policy, 0.9, "推进“一带一路”项目。"),
    Rule("refuse.quote.formula", is_formula, 0.9, "打造“党建+网格”品牌。"),
    Rule("refuse.quote.ceremony", is_ceremony, 0.8, "举办“助残日启动仪式”。"),
    Rule("refuse.quote.idiom", is_idiom, 0.9, "推行“一村一策”工作法。"),
    Rule("refuse.quote.metaphor", is_metaphor, 0.9, "打造乡亲的“朋友圈”平台。"),
    Rule("refuse.quote.honour", is_honour, 0.9, "荣获全省“敬老文明号”称号。"),
    Rule("refuse.quote.theme", is_theme, 0.8, "活动以“书香满校园”为主题。"),
    Rule("refuse.quote.arms", is_arms, 0.8, "拦截“飓风”火箭炮系统。"),
    Rule("refuse.quote.idea", is_idea, 0.8, "坚持“群众点单”理念。"),
    Rule("refuse.quote.speech", is_speech, 0.8, "老人说：“今年的饭菜很香。”"),
    Rule("brand.noun-behind", has_noun_behind, 0.9, "实施“雨燕归巢”行动。"),
    Rule("refuse.quote.figurative", is_figurative, 0.8, "社区成为老人的“温暖港湾”。"),
    Rule("brand.noun-before", has_noun_before, 0.8, "发布赛事吉祥物“竹小宝”。"),
    Rule("brand.noun-inside", has_noun_inside, 0.85, "来到“沂蒙红嫂工坊”参观。"),
    Rule("brand.dotted", has_dot, 0.7, "“漓江情·一家亲”在桂林落幕。"),
    Rule("brand.coded", is_coded, 0.7, "参加“山海联合-2021”任务。"),
    Rule("brand.carrier", is_carrier, 0.7, "以“爱心一元捐”为载体募集善款。"),
    Rule("brand.named", is_named, 0.7, "办起一家名叫“竹里馆”的民宿。"),
    Rule("brand.verb", has_naming_verb, 0.65, "上线“滨城侨易办”，方便侨胞。"),
    Rule("brand.working", is_working, 0.6, "“榕树法律课”走进12所学校。"),
)


def judge(this: Quotation) -> tuple[Rule | None, str]:
    """The rule that decides a quotation and its kind; None where no rule speaks.

    >>> rule, kind = judge(quotation("商户贷", "推出", "金融服务项目", "近期推出"))
    >>> rule.name, kind
    ('brand.noun-behind', 'platform')
    """
    for rule in RULES:
        kind = rule.judge(this)
        if kind is not None:
            return rule, kind
    return None, ""


def quotation(surface: str, left: str, right: str, before: str) -> Quotation:
    """A quotation with the noun behind it."""
    return Quotation(surface, left, right, before, noun_behind(right))
