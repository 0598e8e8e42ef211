"""Words that hold a number and count nothing: ordinals, names, idioms, codes, slogans, places (一户一策, V11, 三门县)."""

from __future__ import annotations

import re
from functools import cache

from ..corpus.lexicons import Words, alternation, lexical, rows
from .numbered import Numbered, is_han
from .scene import Scene
from .sense import RESULT_RIGHT

_CHINESE_DIGIT = re.compile(r"[一二两三四五六七八九十]{1,3}")

_PURE_SCALE = re.compile(r"十?[百千万亿萬億]+")


def is_ordinal(scene: Scene, this: Numbered) -> bool:
    return this.last == "第"


def is_in_title(scene: Scene, this: Numbered) -> bool:
    span = scene.quoted(this.candidate.start, this.candidate.end)
    return span is not None and scene.text[span[0]] == "《"


def is_in_name(scene: Scene, this: Numbered) -> bool:
    span = scene.quoted(this.candidate.start, this.candidate.end)
    if span is None:
        return False
    inside = scene.text[span[0] + 1 : span[1] - 1]
    return len(inside) <= 26 and "。" not in inside


@cache
def _phrases() -> Words:
    return Words(row[0] for row in rows("phrases"))


@cache
def _phrase_pairs() -> frozenset[str]:
    """Neighbouring characters of the phrases: a quick look before they are sought."""
    return frozenset(phrase[place : place + 2] for phrase, *_ in rows("phrases") for place in range(len(phrase) - 1))


def is_phrase(scene: Scene, this: Numbered) -> bool:
    found = this.candidate
    start = found.number_start
    if found.unit_end - start > 1 and scene.text[start : start + 2] not in _phrase_pairs():
        return False
    floor = max(0, found.start - 6)
    return any(
        phrase.start <= found.number_start and phrase.end >= found.unit_end
        for phrase in _phrases().find(scene.text, floor, found.end + 6)
    )


_PAIRED = re.compile(r"(?:一.){2}")


def is_paired(scene: Scene, this: Numbered) -> bool:
    found = this.candidate
    if found.numeral != "一":
        return False
    start = found.number_start
    return bool(_PAIRED.match(scene.text, start) or _PAIRED.match(scene.text, max(0, start - 2)))


def is_article(scene: Scene, this: Numbered) -> bool:
    """一 counts only where it ends its clause behind a noun, in a list beside another figure, or with a modifier."""
    found = this.candidate
    if found.unit == "番":
        return not this.left.endswith(("翻", "翻了", "翻上"))
    if found.numeral != "一" or found.before or found.behind:
        return False
    right = this.next
    left = this.last
    if left == "各" or (found.needs == "duration" and RESULT_RIGHT.match(this.right)):
        return False
    if left in ("和", "、", "及") and re.search(r"[0-9一二三四五六七八九十百千万]\w{1,9}[和、及]$", this.left[-12:]):
        return False
    ends = not right or right in "，。；、！？,;!?）)\n和及"
    return not (ends and this.before is not None)


def is_letter_code(scene: Scene, this: Numbered) -> bool:
    left = this.last
    if this.candidate.before or this.candidate.dimension in ("money", "ratio"):
        return False
    return bool(left) and ((left.isascii() and (left.isalnum() or left in "._/#№-")) or left in "＋+№—Ⅱ")


def is_zero_word(scene: Scene, this: Numbered) -> bool:
    """零部件, 零距离: 零 alone counts nothing."""
    return this.candidate.numeral in ("零", "〇")


def is_torn(scene: Scene, this: Numbered) -> bool:
    """1 2 0余人, 3 00万元: a number torn apart by blanks; its last part is not its value."""
    numeral = this.candidate.numeral
    return (len(numeral) > 1 and numeral[0] == "0" and numeral[1].isdigit()) or bool(_TORN.search(this.left))


_TORN = re.compile(r"[0-9０-９] $")


def is_formula(scene: Scene, this: Numbered) -> bool:
    if this.next and this.next in "+＋×xX":
        return len(this.right) > 1 and (
            (this.right[1].isalnum() and not is_han(this.right[1])) or this.right[1] in "一二三"
        )
    return this.candidate.behind in ("+", "＋") and this.next.isalnum()


@lexical
def _barred() -> dict[str, str]:
    return {row[0]: row[4] for row in rows("units") if row[4]}


def barred_behind() -> str:
    """Characters behind a unit that can make another word of it."""
    return "".join(sorted(set("".join(_barred().values()))))


def is_other_word(scene: Scene, this: Numbered) -> bool:
    """11部门, 三处理: what looks like a unit begins another word."""
    found = this.candidate
    word = scene.text[found.unit_start : found.unit_end]
    right = this.next
    return bool(right) and not found.behind and right in _barred().get(word, "")


_CLASS_OF = re.compile(r"(?:19|20)\d\d")  # 2023届毕业生
# 十四届全国人大三次会议 is a name; 本届委员会召开五次会议 counts.
_OF_A_TERM = re.compile(r"届(?:(?!召开|举行|举办|组织|先后|累计|[共开][了过计]?$)[^，。；、\d]){0,12}$")


def is_session(scene: Scene, this: Numbered) -> bool:
    """A term, a session of it, a class of a year: 九届二次会议, 2023届毕业生."""
    found = this.candidate
    if found.unit not in ("届", "次", "期"):
        return False
    right = this.right[:4]
    if found.unit == "届":
        return bool(_CLASS_OF.fullmatch(found.numeral)) or bool(
            re.match(
                r"[一二三四五六七八九十\d]+次|全国|全[省市县区]|人大|人民|政协|全会|中央|委员|常委|理事|代表|[省市县区州](?:委|政协|人大|侨|工商|妇|残|团)|党代|三中|四中|会",
                right,
            )
        )
    if found.unit == "次":
        left = this.left[-14:]
        return bool(re.match(r"(?:全体)?(?:会议|全会|全委会|代表大会|党代会|学习会|理事|常委|执委|委员)", right)) and (
            left.endswith("会") or _OF_A_TERM.search(left) is not None
        )
    return bool(_CHINESE_DIGIT.fullmatch(found.numeral)) and (
        bool(right and is_han(right[0]) and right[0] not in "和及共")
        or (is_han(this.last or " ") and this.last not in ("办", "展", "开", "了", "播", "出", "训", "班", "刊"))
    )


_SLOGAN_NOUN = frozenset(
    [
        "意识",
        "自信",
        "维护",
        "确立",
        "全面",
        "务必",
        "结合",
        "先行",
        "坚持",
        "转变",
        "确保",
        "优先",
        "提升",
        "抓手",
        "到位",
        "聚焦",
        "不变",
        "不动",
        "一律",
        "方面",
        "层面",
        "环节",
        "阶段",
        "维度",
        "突出",
        "强化",
        "着力",
        "更加",
        "深化",
        "加强",
        "必须",
        "不能",
        "不让",
        "不准",
        "严禁",
        "有力",
        "重点",
        "关键",
        "导向",
        "目标",
        "文章",
        "专项",
        "融合",
        "集聚",
        "助力",
        "促进",
        "聚力",
        "统筹",
        "拓展",
        "并重",
        "结合",
        "统一",
        "第一",
        "走在",
        "全覆",
        "讲清",
        "覆盖",
        "层次",
        "方向",
        "角度",
        "字",
    ]
)


def is_slogan(scene: Scene, this: Numbered) -> bool:
    """五个聚力, 三个方面: a list's headline, counted in one Chinese digit."""
    found = this.candidate
    if not _CHINESE_DIGIT.fullmatch(found.numeral) or found.unit not in ("个", "项", "大", "条", "种"):
        return False
    return this.right[:2] in _SLOGAN_NOUN or this.next == "字"


def is_list_sum(scene: Scene, this: Numbered) -> bool:
    """五大主题, 两大场景 sum up a list; 设立七大展区 counts what was built."""
    found = this.candidate
    if found.needs != "list":
        return False
    built = re.search(r"(?:设立|设置|设有|建成|建设|打造|布局|规划|新建|开设|建有)(?:了)?$", this.left[-4:])
    return built is None or this.behind is None or this.behind.dimension not in ("facilities", "places")


_PLACE_COMPOUND = "级域直委长府属内外界籍厅史志辖际论画情花树徽歌旗标族粹际防企道医药语文学方政有营立家"


def is_place_compound(scene: Scene, this: Numbered) -> bool:
    """两国, 三省一市, 三级, 五市长: a noun as unit needs a list before it, a figure, or a modifier."""
    found = this.candidate
    if found.needs != "place":
        return False
    word = scene.text[found.unit_start : found.unit_end]
    right = this.right[:2]
    if right and len(word) == 1 and (right[0] in _PLACE_COMPOUND or right[0] in "一二两三四五六七八九"):
        return True
    if found.numeral in ("一", "两", "二", "双"):
        return True
    left = this.left[-3:]
    if any(c.isdigit() for c in found.numeral) or found.before or found.numeral[-1] in "余多":
        return (word in ("地", "国") and not left) or (word == "地" and left[-1:] != "等")
    if word == "地":
        return "、" not in this.left[-8:]
    return len(word) == 1 and not (
        left[-1:] in ("等", "跨", "越", "盖", "及", "赴", "走", "进", "向", "往", "援") or "、" in this.left[-9:]
    )


@cache
def _place_names() -> frozenset[str]:
    """Names of divisions that begin like a number: 三门, 九台, 五台, 三台."""
    from ..corpus.regions import divisions

    names = divisions().names
    return frozenset(name for name in names if name[0] in "一二三四五六七八九十百千万两" and len(name) > 1)


@cache
def _numeral_places() -> re.Pattern[str]:
    return re.compile(alternation(_place_names()) or r"(?!)")


@cache
def _place_pairs() -> frozenset[str]:
    """The characters with which such names begin: a quick look before the pattern."""
    return frozenset(name[:2] for name in _place_names())


def is_place_name(scene: Scene, this: Numbered) -> bool:
    found = this.candidate
    if found.numeral[0].isdigit():
        return False
    start = found.number_start
    if scene.text[start : start + 2] not in _place_pairs():
        return False
    match = _numeral_places().match(scene.text, start)
    return match is not None and match.end() >= found.unit_end


def is_arabic_needed(scene: Scene, this: Numbered) -> bool:
    """一手, 二度, 半席: a rare unit counts only behind figures or a scale."""
    found = this.candidate
    if found.needs != "arabic":
        return False
    if found.bound == "range" or (
        found.numeral in ("两", "三") and found.unit in ("支", "组") and this.next in "志队小专救援服应巡工"
    ):
        return False
    return (
        not any(c.isdigit() or c in "百千万亿萬億余" for c in found.numeral)
        and not found.before
        and len(found.numeral) < 2
    )
