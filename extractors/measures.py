"""A number in its clause in, the words that say what it counts out: 走访慰问侨胞, 产业投资资金, 结对村社, 粮食产量增长."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..corpus.lexicons import Word, lexical, rows
from .nouns import lexicon
from .numbers import Number
from .scene import Scene
from .trimming import BRACKETED, FILLER, clean, closed, without_head

LONGEST = 16
LONGEST_STATISTIC = 22
_FIXED_UNITS = frozenset({"money", "ratio", "area", "length", "weight"})
_RISE = "增长|下降|上升|提高|提升|增加|减少|降低|回升|扩大|缩短|压缩|压减|发展|扩充|扩展|跃升|攀升|拓展"
_CONTINUED = re.compile(
    rf"^(?:同比|环比|实际|名义|按?可比[口径价格]*(?:计算)?|年均|平均|净|再|约|已)*(?:(?:{_RISE})(?:至|到|为)?(?:了)?|[高低快]于[^，]{{1,8}}|占比|升幅|降幅|增幅|占[^，]{{2,12}}|[一-龥]{{1,3}}率|满意度)$"
)
_WORTH = re.compile(r"^(?:折款|折合(?:人民币)?|折价|价值|总价值|货值|重|总重|合计|共计)?$")
_BARE_LEFT = re.compile(r"(?:为|对|向|给|让|使|在|被|把|将|由|从|令)$")
_ENUMERATED = re.compile(r"[^、]{1,16}、.*?等(?:方面|领域|各类|多种|一批|系列)*")
_ADVERB = re.compile(
    r"^(?:全部|全面|均|都|已|已经|顺利|成功|共同|陆续|相继|加快|广泛|积极|先后|首批|初步|正式|分别|主动|不|再|新)+"
)
_VERBLESS_STOP = "，。；！？,;!?\n、：（("


@lexical
def _verbs() -> frozenset[str]:
    """Verbs that govern what is counted: those that state a size do not."""
    words = {row[0] for row in rows("verbs")} - _of_role("static")
    return frozenset(
        words | {row[0] for row in rows("activities") if len(row[0]) == 2 and row[1] in ("visit", "donation")}
    )


@lexical
def _of_role(role: str) -> frozenset[str]:
    """Verbs that state a size and govern no object (`static`: 增长), or have others do something (`causative`: 带动)."""
    return frozenset(word for word, told in rows("verbs") if told == role)


def _verbs_in(words: str) -> list[Word]:
    return [word for word in lexicon().find(words) if word.text in _verbs()]


@dataclass(frozen=True, slots=True)
class Measures:
    """The words around a number from which its measure is taken.

    `start` is where its clause begins, behind the figure before it; `inherited` is that figure's measure where it stands
    in the same sentence; `share` is its subject where 分别 deals several subjects out to several figures.
    """

    scene: Scene
    number: Number
    start: int
    inherited: str
    brand: str
    per: str
    share: str | None

    def told(self) -> str:
        """What the number counts as the rules read it, in words of the text, gaps closed."""
        text, number, inherited, brand = self.scene.text, self.number, self.inherited, self.brand
        words, left = self._before(), self.left
        if self.share is not None:
            return closed(self.share, brand)
        if left.startswith("是"):
            return inherited
        if _CONTINUED.match(left):
            return closed(_subject(inherited) + left, brand)
        right = _right(text, number, left)
        if right:
            return closed(_with_right(text, number, left, right, inherited), brand)
        if not left or words.rstrip().endswith("等"):
            deed = _deed_behind(text, number)
            if deed:
                return closed(deed, brand)
        if _WORTH.match(left):
            return inherited
        if not _has_verb(left) and _is_listed(text, number, self.start):
            return closed(_leading_verb(inherited) + _shortened(left), brand)
        return closed(_with_shared_head(_shortened(left), inherited), brand)

    @property
    def left(self) -> str:
        """The words before the number without figures, time, brand and other furniture."""
        words = self._before()
        return "" if _BARE_LEFT.search(words) and self.number.behind is not None else clean(words, self.per)

    def _before(self) -> str:
        words = self.scene.text[max(self.start, self.number.start - 60) : self.number.start]
        return words.replace(f"“{self.brand}”", "").replace(self.brand, "") if self.brand else words


def _has_verb(words: str) -> bool:
    return bool(_verbs_in(words))


def _right(text: str, number: Number, left: str) -> str:
    """The noun phrase behind the number, where it is what is counted: not behind 总投资2亿元的…."""
    phrase = number.behind
    if phrase is None:
        return ""
    if text[number.end : number.end + 1] == "的" and _AMOUNT.search(left):
        return ""
    if (
        number.quantity.dimension in _FIXED_UNITS
        and left
        and not (_ends_with_verb(left) and phrase.dimension in _GIVEN)
    ):
        return ""
    words = BRACKETED.sub("", text[phrase.start : phrase.end]).lstrip("的")
    if number.quantity.dimension in _FIXED_UNITS:
        verbs = _verbs_in(words)
        if verbs and verbs[0].start == 0:
            return ""
    return without_head(_LEADING, words)


_LEADING = re.compile(r"(?:各类|全新|余|以|主要)+")

# What money, land and weight are spent on or made of: 捐赠近1000万元冬衣.
_GIVEN = frozenset({"goods", "projects", "facilities", "works", "other", "agreements", "events"})
_AMOUNT = re.compile(r"(?:投资|产值|规模|总额|资金|面积|收入|价值|金额|容量)$")


def _ends_with_verb(words: str) -> bool:
    found = lexicon().find(words)
    return bool(found) and found[-1].end == len(words) and found[-1].text in _verbs()


_HAN_END = re.compile(r"[一-龥]$")


def _with_right(text: str, number: Number, left: str, right: str, inherited: str) -> str:
    """Verb before and noun behind (结对+村社), or the noun as subject of what follows (企业+主板上市)."""
    if left.endswith("等") and "、" not in left and not _has_verb(left):
        left = ""
    verb = _governing(left)
    if verb and not (verb in _of_role("causative") and _predicate(text, number)):
        return verb + right
    if left and number.quantity.dimension != "ratio" and _HAN_END.search(left) and len(left) <= 10 and "、" not in left:
        return left + right
    predicate = _predicate(text, number)
    if predicate:
        return right + predicate
    return _leading_verb(inherited) + right if not left and _is_listed(text, number, number.start - 1) else right


_PREPOSITIONS = frozenset("、为向对给")
_OWN_PLACE = re.compile(r"[一-龥]{2,10}(?:省|市|县|区|镇|乡|街道)$")


def _governing(left: str) -> str:
    """The verbs that take the noun behind the number, with a short object between: 实施优化营商环境(21条)升级举措."""
    left = _without_list(left)
    found = _verbs_in(left)
    if not found:
        return ""
    start = found[-1].start
    for verb in reversed(found[:-1]):
        if verb.end < start:
            break
        start = verb.start
    rest = left[start:]
    if _OWN_PLACE.fullmatch(left[found[-1].end :]):
        return left[start : found[-1].end]
    if len(rest) > 12 or not _PREPOSITIONS.isdisjoint(rest):
        return left[start : found[-1].end] if len(rest) <= 12 or "、" in rest else ""
    return rest


def _without_list(left: str) -> str:
    """The words without an enumeration that 等 closes: 创建甲、乙等 gives 创建, A、B等 gives nothing."""
    if "等" not in left and not left.endswith("、"):
        return left
    match = _ENUMERATED.search(left)
    if match is None:
        return re.sub(r"等(?:方面|领域|各类)?$", "", left)
    head = left[: left.find("、")]
    verbs = _verbs_in(head)
    return head[verbs[0].start : verbs[-1].end] if verbs and verbs[-1].end < len(head) else ""


_NEXT_FIGURE = re.compile(r"[超近逾约达]{0,2}[\d一二三四五六七八九十]")


def _predicate(text: str, number: Number) -> str:
    """What the counted noun does, up to the end of its clause: 获批国家标准化试点."""
    phrase = number.behind
    if phrase is None:
        return ""
    end = phrase.end
    while end < len(text) and end - phrase.end < 24 and text[end] not in _VERBLESS_STOP:
        ranking = _RANKING.match(text, end)
        if ranking is None and text[end].isdigit():
            break
        end = ranking.end() if ranking else end + 1
    if _NEXT_FIGURE.match(text, end, end + 3):
        return ""
    words = _ADVERB.sub("", FILLER.sub("", text[phrase.end : end]))
    if words[:1] in ("的", "、", "和", "及", "与", ""):
        return ""
    verbs = [word for word in lexicon().find(words) if word.text in _verbs() or word.text in _of_role("static")]
    if not (verbs and verbs[0].start <= 4) and len(words) > 6:
        return ""
    return words[:LONGEST]


_CLAUSE_END = re.compile(r"[，。；！？,;!?\n（(]")


def _deed_behind(text: str, number: Number) -> str:
    """What those counted do, where a verb follows the number at once: 甲、乙等10人|当选…."""
    words = FILLER.sub("", _CLAUSE_END.split(text[number.end : number.end + 30], maxsplit=1)[0])
    verbs = _verbs_in(words)
    return words[:LONGEST] if verbs and verbs[0].start == 0 and not re.search(r"\d", words) else ""


_SHORT = re.compile(r"^[一-龥]{0,3}(?:占比|比重|规模|总量|总额|额|收入|面积)$")


def _with_shared_head(left: str, inherited: str) -> str:
    """清洁能源装机规模…、装机占比…: a short statistic takes the head of the one before it."""
    place = inherited.find(left[:2]) if _SHORT.match(left) and len(left) > 2 else -1
    return inherited[:place] + left if place > 0 else left


_RANKING = re.compile(r"\d+强")


def _subject(inherited: str) -> str:
    """The measure before, without its own change: 进出口同比增长 gives 进出口."""
    return _OWN_CHANGE.sub("", inherited)


_OWN_CHANGE = re.compile(rf"(?:同比|环比|实际|年均|平均)*(?:(?:{_RISE})(?:至|到|为)?|升幅|降幅|增幅)$")


def _is_listed(text: str, number: Number, start: int) -> bool:
    """Whether the number continues a list: 发放慰问金40余万元、祝福包200余份."""
    return text[start : start + 1] in ("、", "和", "及") or text[start - 1 : start] == "、"


def _leading_verb(measure: str) -> str:
    """The verbs with which a measure begins: 发放慰问金 gives 发放."""
    end = 0
    for word in lexicon().find(measure):
        if word.start != end or word.text not in _verbs():
            break
        end = word.end
    return measure[:end]


def _shortened(left: str) -> str:
    """Verb and object without what stands between and before: 发放A、B等材料 gives 发放材料; a statistic stays whole."""
    left = _without_enumeration(left)
    found = _verbs_in(left)
    if found and not _is_statistic(left, found[-1].end):
        left = left[_phrase_start(left, found) :]
        return left if len(left) <= LONGEST + 4 else left[-LONGEST:]
    if len(left) > LONGEST_STATISTIC:
        left = left[-LONGEST_STATISTIC:]
    return left


# Last characters of those who act: 侨联捐赠 is the deed of 侨联, 税收入库 is a deed done to 税收.
_ACTOR_ENDS = frozenset("会局部委办司团院校企联市县区镇乡村社生家人员者族友胞商行厅站队户")
_RISEN = re.compile(rf"(?:{_RISE}|[高低快]于[^，]{{1,8}})(?:至|到|为)?$")
_SIZE = re.compile(
    r"^(?:和|及|与|、)?[一-龥]{0,3}(?:余额|规模|总额|总值|总量|人数|面积|[率量数额值]|占比|比重|金额|用户|人口|时间|周期|年限|效益|任务)$"
)


def _is_statistic(left: str, verb_end: int) -> bool:
    """Whether the last verb only modifies what is measured: 科技贷款余额, 高技术服务业投资增长."""
    return _RISEN.search(left) is not None or _SIZE.match(left[verb_end:]) is not None


_TOWARDS = frozenset("，为向给")


def _phrase_start(left: str, found: list[Word]) -> int:
    """Where the verb phrase begins: at the first verb that leaves it short, 收到定向捐赠, 发放物资保障包."""
    length = len(left)
    last = found[-1]
    if last.end == length and 0 < last.start <= LONGEST and len(found) == 1 and left[last.start - 1] not in _ACTOR_ENDS:
        return last.start if left[0] in "向对给与为由" else 0
    for verb in found:
        rest = left[verb.start :]
        if length - verb.start <= LONGEST - 4 and _TOWARDS.isdisjoint(rest[:-2]):
            return verb.start
    return found[-1].start


_SUMMED = re.compile(r"等(?:方面|领域|各类|多种|一批|系列)*(?=[一-龥])")


def _without_enumeration(left: str) -> str:
    """反映解决用电、土地等方面问题 gives 反映解决问题."""
    match = _SUMMED.search(left) if "、" in left else None
    if match is None or "、" not in left[: match.start()]:
        return left
    head = left[: left.find("、")]
    verbs = _verbs_in(head)
    chain = ""
    if verbs:
        end = verbs[0].end
        for verb in verbs[1:]:
            if verb.start != end:
                break
            end = verb.end
        chain = head[verbs[0].start : end]
    return left if not chain and len(left) <= LONGEST - 4 else chain + left[match.end() :]
