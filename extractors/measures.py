"""A number in its clause in, the words that say what it counts out: 走访慰问侨胞, 产业投资资金, 结对村社, 粮食产量增长."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..corpus.lexicons import Word, lexical, rows
from .nouns import lexicon
from .numbers import Number
from .scene import Scene

LONGEST = 16
LONGEST_STATISTIC = 22
_FIXED_UNITS = frozenset({"money", "ratio", "area", "length", "weight"})

_TAIL = re.compile(
    r"(?:预计|已经|已|共计|共有|共|总计|累计|合计|达到了|达到|达|为|有|就有|(?<!签)约|分别|均|也|又|再|至|到|了|首次|一次性|计|上升到|提高到|成功|增至|增加到|发展到|增长到|保持在|稳定在|扩大到|"
    r"上升至|提升到|提升至|提高至|增长至|降至|降到|下降到|下降至|涨至|近|超|逾|各|就|仅|高达|多达|突破|是|以来|可达|可|能|的|(?:从|由)(?:过去|原来|此前|治理前|改革前|上年|去年|最初)?的?(?:最多|平均)?|[，,、：:；;（(]|\s)+$"
)
_HEAD = re.compile(
    r"^(?:[，,、：:；;）)（(\s▲●■◆—]|其中|共同(?!富裕|体)|并且|并|还|同时|此外|另外|已经|已|先后|累计|共计|共(?!享|青团|同富裕|同体|有产权|产党|商|治|富|和国|性|识|赢|用|管|建(?![成设立起造有档]))|总计|合计|全年|今年|去年|目前|一年来|期间|及|和|与(?!.{2,8}合作)|或|以及|[一二三四五六七八九十]是|积极|主动|大力|持续|"
    r"深入|扎实|切实|有效|广泛|精心|成功|分别|通过|全面|充分|进一步|不断|集中|直接|间接|整体|又|也|再|能|各地|各级|全市|全县|全省|全区|全州|全国|我国|我市|我县|我省|我区|仅|首批|首次|"
    r"该(?!项目)|其(?![他它余实间])|等|的|了|预计|力争|计划(?=完成|建|培|新)|将|要|在[^，。；]{2,16}?(?:方面|期间|中|上)(?=[一-龥])|建成后|投产后|达产后|截至[^，,]{1,10}?(?:底|末|月|日|目前))+"
)
_FILLER = re.compile(
    r"累计|总计|共计|一共|已经|各类|各种|各项|一批|系列|多种|多个|每年|每月|全新|先后|(?:19|20)\d\d年(?:度)?(?:底|末)?|近[一二三四五六七八九十两]+年来?|今年以来|近年来|今年|去年|今天|昨天|全年|首次|分别|"
    r"前[一二三四五六七八九十\d]+个?(?:月|季度)|[一二三四]季度|上半年|下半年|超额|顺利|成功|平均每.|^该|(?<!签)约"
)
_COMPARED = re.compile(
    r"(?:与[^，。；]{2,10}?相)?(?<![同环占])(?:比|较)[^，。；]{0,12}?(?=增长|下降|上升|提高|提升|增加|减少|降低|回升|扩大|缩短)"
)
_QUOTED_LONG = re.compile(r"[“‘「『][^”’」』]{9,}[”’」』]|《[^》]*》")
_BRACKETED = re.compile(r"[（(][^）)]*[）)]")
_STATISTIC = re.compile(
    r"(?:增长|下降|上升|提高|提升|增加|减少|降低|回升|扩大|缩短|压缩|压减|高于[^，]{0,8}|低于[^，]{0,8}|快于[^，]{0,8}|占比|比重|比例|[率值量额数]|余额|规模|总额|产值|产量|收入|支出|投资|利润|面积|存栏|出栏|年限|寿命|周期|时间|时长|"
    r"用户|人口|覆盖面|升幅|降幅|增幅|增速|效益|资金|全长|容量|装机|储备|缩短至|减少到|上升到|下降到|进出口|出口|进口|客流|吞吐)$"
)
_RISE = "增长|下降|上升|提高|提升|增加|减少|降低|回升|扩大|缩短|压缩|压减|发展|扩充|扩展|跃升|攀升|拓展"
_CONTINUED = re.compile(
    rf"^(?:同比|环比|实际|名义|按?可比[口径价格]*(?:计算)?|年均|平均|净|再|约|已)*(?:(?:{_RISE})(?:至|到|为)?(?:了)?|[高低快]于[^，]{{1,8}}|占比|升幅|降幅|增幅|占[^，]{{2,12}}|[一-龥]{{1,3}}率|满意度)$"
)
_WORTH = re.compile(r"^(?:折款|折合(?:人民币)?|折价|价值|总价值|货值|重|总重|合计|共计)?$")
_HOLDS = re.compile(r"^.{2,}?(?:现有|共有|设有|建有|拥有|下辖|下设|现存)(?=.{2,})")
_BARE_LEFT = re.compile(r"(?:为|对|向|给|让|使|在|被|把|将|由|从|令)$")
_CHANGES_TO = re.compile(
    r"(?:缩短|压缩|压减|减少|上升|下降|提高|提升|降低|增加|扩大|增长|扩充|发展)(?:至|到|为)(?:了)?$"
)
_ENUMERATED = re.compile(r"[^、]{1,16}、.*?等(?:方面|领域|各类|多种|一批|系列)*")
_ADVERB = re.compile(
    r"^(?:全部|全面|均|都|已|已经|顺利|成功|共同|陆续|相继|加快|广泛|积极|先后|首批|初步|正式|分别|主动|不|再|新)+"
)
_VERBLESS_STOP = "，。；！？,;!?\n、：（("


@lexical
def _verbs() -> frozenset[str]:
    words = {row[0] for row in rows("verbs")} - _STATIC
    return frozenset(
        words | {row[0] for row in rows("activities") if len(row[0]) == 2 and row[1] in ("visit", "donation")}
    )


# Verbs that state a size and govern no object.
_STATIC = frozenset(
    [
        "增长",
        "下降",
        "提高",
        "上升",
        "减少",
        "增加",
        "降低",
        "缩短",
        "压缩",
        "提升",
        "扩大",
        "稳定",
        "保持",
        "突破",
        "超过",
        "达到",
        "达",
        "高于",
        "低于",
        "快于",
        "占",
        "占比",
        "增至",
        "拥有",
        "涉及",
        "包括",
        "包含",
        "涵盖",
        "分别",
        "全面",
        "共同",
        "均",
        "就业",
        "收入",
        "创业",
        "交易",
        "成交",
        "免费",
    ]
)


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
            return _closed(self.share, brand)
        if left.startswith("是"):
            return inherited
        if _CONTINUED.match(left):
            return _closed(_subject(inherited) + left, brand)
        right = _right(text, number, left)
        if right:
            return _closed(_with_right(text, number, left, right, inherited), brand)
        if not left or words.rstrip().endswith("等"):
            deed = _deed_behind(text, number)
            if deed:
                return _closed(deed, brand)
        if _WORTH.match(left):
            return inherited
        if not _has_verb(left) and _is_listed(text, number, self.start):
            return _closed(_leading_verb(inherited) + _shortened(left), brand)
        return _closed(_with_shared_head(_shortened(left), inherited), brand)

    @property
    def left(self) -> str:
        """The words before the number without figures, time, brand and other furniture."""
        words = self._before()
        return "" if _BARE_LEFT.search(words) and self.number.behind is not None else _clean(words, self.per)

    def _before(self) -> str:
        words = self.scene.text[max(self.start, self.number.start - 60) : self.number.start]
        return words.replace(f"“{self.brand}”", "").replace(self.brand, "") if self.brand else words


_PUNCTUATION = re.compile(r"[，,：:；;\s]")


def _closed(words: str, brand: str) -> str:
    """The words without brand and punctuation at their ends."""
    if brand and brand != words:
        words = words.replace(f"“{brand}”", "").replace(brand, "")
    return _PUNCTUATION.sub("", words).strip("、的和与及")


def _clean(left: str, per: str) -> str:
    if not left:
        return left
    if _MARKED.search(left):
        left = _LISTED_NAMES.sub("", _CUT_NAME.sub("", left))
        left = _BRACKETED.sub("", _QUOTED_LONG.sub("", left))
        left = re.sub(r"^.*[ 　](?=[^ 　]{2,}$)", "", left)
    if per:
        left = _without_per(left, per)
    left = _strip_head(_strip_tail(left))
    if "比" in left or "较" in left:
        left = _COMPARED.sub("", left)
    left = _FILLER.sub("", left)
    if "有" in left or "下" in left or "现存" in left:
        left = _behind(_HOLDS, left)
    return _strip_head(_strip_tail(left))


_MARKED = re.compile(r"[“”‘「『《（( 　]")
# A name whose first mark was cut off, and names that 等 sums up: “中秋暖侨”“四海迎春”等活动.
_CUT_NAME = re.compile(r"^[^“]*”")
_LISTED_NAMES = re.compile(r"(?:“[^”]*”[、和]?){2,}等?")
_TAIL_ENDS = frozenset(
    "已计有共达了为约别均也又再至到次性功在定大能可从由是以来的近超逾各就仅破多最平，,、：:；;（( 　\n\t"
)


def _strip_head(left: str) -> str:
    return _behind(_HEAD, left)


def _behind(head: re.Pattern[str], words: str) -> str:
    """The words without a beginning; a pattern that is substituted would be tried at every place."""
    match = head.match(words)
    return words[match.end() :] if match else words


def _without_per(left: str, per: str) -> str:
    """The words without those that `per` holds: 人均, 每月, 年产值's 年."""
    left = re.sub(r"(?:平均)?每(?:人次|户次|个月|[一-龥])(?:学生|职工|老人|村|家庭)?", "", left)
    if "person" in per or "household" in per:
        left = re.sub(r"年?[人户]均", "", left)
    if "year" in per:
        left = re.sub(r"年均|年(?=产|销售|营业|收入|利润|发电|接待|增收)", "", left)
    return re.sub(r"[月日]均", "", left) if "month" in per or "day" in per else left


def _strip_tail(left: str) -> str:
    """Words such as 累计 and 达 off the end; a change to a value keeps its word: 缩短至."""
    if not left or left[-1] not in _TAIL_ENDS or _CHANGES_TO.search(left):
        return left
    bare = _TAIL.sub("", left)
    return bare + left[len(bare) : len(bare) + 2] if _CHANGES_TO.search(left[: len(bare) + 2]) else bare


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
    words = _BRACKETED.sub("", text[phrase.start : phrase.end]).lstrip("的")
    if number.quantity.dimension in _FIXED_UNITS:
        verbs = _verbs_in(words)
        if verbs and verbs[0].start == 0:
            return ""
    return _behind(_LEADING, words)


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
    if verb and not (verb in _CAUSATIVE and _predicate(text, number)):
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
    words = _ADVERB.sub("", _FILLER.sub("", text[phrase.end : end]))
    if words[:1] in ("的", "、", "和", "及", "与", ""):
        return ""
    verbs = [word for word in lexicon().find(words) if word.text in _verbs() or word.text in _STATIC]
    if not (verbs and verbs[0].start <= 4) and len(words) > 6:
        return ""
    return words[:LONGEST]


_CLAUSE_END = re.compile(r"[，。；！？,;!?\n（(]")


def _deed_behind(text: str, number: Number) -> str:
    """What those counted do, where a verb follows the number at once: 甲、乙等10人|当选…."""
    words = _FILLER.sub("", _CLAUSE_END.split(text[number.end : number.end + 30], maxsplit=1)[0])
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


_CAUSATIVE = frozenset(
    [
        "发动",
        "组织",
        "动员",
        "引导",
        "推动",
        "带动",
        "号召",
        "促成",
        "支持",
        "帮助",
        "联合",
        "邀请",
        "吸引",
        "协助",
        "指导",
        "促进",
    ]
)


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
