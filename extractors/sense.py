"""Numbers with a unit that state no result: durations, classes, thresholds, bases of rates, speeds (万吨级, 亿元以上项目)."""

from __future__ import annotations

import re

from .numbered import Numbered, is_han
from .scene import Scene

_PURE_SCALE = re.compile(r"十?[百千万亿萬億]+")

_DISCRETE = frozenset(
    [
        "people",
        "person_times",
        "visits",
        "households",
        "organisations",
        "places",
        "events",
        "cases",
        "projects",
        "agreements",
        "facilities",
        "goods",
        "works",
    ]
)

_DISCRETE_OTHER = frozenset(["宗", "项", "条", "门", "类", "种", "款", "个", "批", "支", "只", "大"])

_RESULT_LEFT = re.compile(
    r"(?:缩至|缩到|压到|压至|减到|减至|降到|降至|缩成|缩短至|缩短到|缩短为|减少到|减少至|压缩至|压缩到|压缩为|压减至|压减到|降至|降到|降为|延长至|延长到|提前|缩短|压缩|压减|节省|节约|提速|缩减|缩减至|缩减到|增加到|达到?|由原来的?|从原来的?|平均(?:用时|耗时|每件用时)?|最多|最长)(?:近|约|了)?$"
)

RESULT_RIGHT = re.compile(r".{0,14}(?:缩短|压缩|压减|减少|降|延长|缩减|提速|缩[至到成]|压[至到]|减[至到])")

_RESULT_NOUN = re.compile(r"(?:时间|年限|寿命|周期|时长|时限|耗时|用时|天数|工期)[^，。；]{0,6}$")


def is_duration(scene: Scene, this: Numbered) -> bool:
    """Time is no indicator, but for a result: 从36个月缩短至22个月, 平均受教育年限13.8年."""
    found = this.candidate
    if found.needs != "duration":
        return False
    if (
        found.unit in ("时", "分", "点", "月", "日", "号", "月份", "年时间", "年零", "周年", "点钟")
        and "个" not in scene.text[found.unit_start : found.unit_end]
    ):
        return True
    if this.right.startswith(("来", "以来")):
        return True
    left = this.left[-16:]
    if found.unit in ("岁", "周岁"):
        return "寿命" not in left
    if re.search(r"19\d\d|20\d\d", found.numeral) or "〇" in found.numeral:
        return True
    changes = _RESULT_LEFT.search(left) is not None
    if changes and re.search(r"平均|最多|最长|达到?|提前|增加到", left[-4:]):
        changes = bool(_RESULT_NOUN.search(left)) or bool(re.search(r"年限|时间|寿命|时长|周期|提前", left))
    comes_from = bool(re.search(r"(?:从|由)[^，。；]{0,10}$", left)) and bool(RESULT_RIGHT.match(this.right))
    stat = bool(re.search(r"(?:预期寿命|平均[^，。；]{0,8}(?:年限|时间|时长|天数))[^，。；]{0,4}$", left))
    return not (changes or comes_from or stat)


def is_decimal_count(scene: Scene, this: Numbered) -> bool:
    """Nobody counts 2.3 books: a section number glued to the next word."""
    found = this.candidate
    counted = (found.dimension in _DISCRETE and found.unit != "人次") or found.unit in _DISCRETE_OTHER
    if not counted or ("." not in found.numeral and "．" not in found.numeral):
        return False
    return not any(c in found.numeral for c in "十百千万亿萬億")


_CLASS = re.compile(
    r"级(?!联)|型(?!号)|档(?!案)|制(?![度定造品药种])|版(?![权画])|强(?![镇村县企校化市])|佳|优(?![势质秀良先惠抚化])|星级|代(?![表理办购码])"
    r"|维(?![修护权和吾])|元化"
)


def is_class(scene: Scene, this: Numbered) -> bool:
    """万吨级, 500千伏: names of a class."""
    found = this.candidate
    if _CLASS.match(scene.text, found.end):
        return True
    return found.unit in ("千瓦", "吨", "兆瓦") and bool(_PURE_SCALE.fullmatch(found.numeral)) and not found.before


def is_per_base(scene: Scene, this: Numbered) -> bool:
    """每万人, 每百户: the base of a rate."""
    return this.last == "每" or (
        this.candidate.unit in ("人", "元", "户") and bool(re.search(r"(?:每|平均)$", this.left[-2:]))
    )


_CONDITION = re.compile(
    r"的(?:[，。；,;）)]|不得|可以?|应|须|给予|予以|一律|另行|标准|奖励|按|均须|不予|人员|家庭|居民|企业|项目|单位|个人|农户|工程|部分|对象|申请|学生)|且|或"
)

_QUALIFIED = re.compile(
    r"(?:的)?(?:重点|重大|大|新|规模|特困|老|高龄|困难|低收入)?(?:项目|企业|家庭|农户|人员|老人|老年人|人口|城市|群众|居民|党员|学生|工程|对象|产业|园区|单位|个人|投资项目|工业|技改)"
)

_WITHIN = frozenset({"不超过", "不高于", "不满", "不多于", "不足", "不低于", "超过"})


def is_threshold(scene: Scene, this: Numbered) -> bool:
    """亿元以上项目, 收入不超过12万元的家庭: a condition, not a result."""
    found = this.candidate
    if found.dimension == "ratio" or not this.next:
        return False
    if found.behind in ("以上", "以下", "以内", "（含）以上", "(含)以上"):
        return _QUALIFIED.match(this.right) is not None or _CONDITION.match(this.right) is not None
    if found.before in _WITHIN:
        return _CONDITION.match(this.right) is not None
    if found.dimension == "money" and this.left.endswith(
        ("首次突破", "低于每亩", "高于每亩", "低于", "少于", "高于", "达到", "满")
    ):
        return bool(re.match(r"的(?:[，。；]|不得|可|给予|予以|另行|一律|企业|项目)", this.right))
    return found.before == "突破" and bool(re.match(r"的(?:[，。；]|给予|予以|另行)", this.right))


def is_size_class(scene: Scene, this: Numbered) -> bool:
    """亿元产业, 百亿斤粮仓, 万人大会: a bare scale that names a class."""
    found = this.candidate
    if not _PURE_SCALE.fullmatch(found.numeral) or found.before or found.behind:
        return False
    if found.dimension in ("money", "weight"):
        return True
    if found.dimension in ("area", "length"):
        return False
    if found.unit in ("人次", "家次", "户次") or (found.unit in ("人", "名") and this.before is not None):
        return False
    right = this.next
    return (
        this.behind is None
        or this.behind.dimension == ""
        or right in ("大", "计")
        or (found.unit in ("家", "户", "村", "企", "校") and this.behind.dimension not in _DISCRETE)
    )


def is_speed(scene: Scene, this: Numbered) -> bool:
    found = this.candidate
    return found.dimension == "length" and bool(
        re.search(r"(?:时速|速度|每小时)[^，。；]{0,6}$", this.left[-10:]) or this.right[:2] in ("每小", "/小", "/时")
    )


def is_nature(scene: Scene, this: Numbered) -> bool:
    found = this.candidate
    left = this.left[-8:]
    if found.dimension == "length" and re.search(r"(?:海拔|水位|水深|高程|震源)[^，。；]{0,4}$", left):
        return "回升" not in left and "上升" not in left
    if found.unit in ("毫米", "厘米", "mm", "cm"):
        return bool(
            re.search(r"(?:降雨|降水|雨量|积雪|雨雪|暴雨|降雪)[^，。；]{0,10}$", this.left)
        ) or this.right.startswith("口径")
    right = this.right[:6]
    return found.unit in ("只", "头", "羽", "群", "尾") and bool(
        re.match(r".{0,3}(?:鹭|候鸟|天鹅|白鹤|丹顶鹤|大雁|麋鹿|野鸭|藏羚羊|飞鸟|鸟|蝴蝶|萤火虫|猴)", right)
    )


def is_without_noun(scene: Scene, this: Numbered) -> bool:
    """A scaled number without a unit counts only beside a counted noun, or with a plus sign: 46万群众, 5800万+."""
    found = this.candidate
    if found.needs != "noun":
        return False
    if found.behind in ("+", "＋"):
        return False
    if _PURE_SCALE.fullmatch(found.numeral):
        return True
    if this.behind is not None and this.behind.dimension:
        return False
    right = this.next
    return bool(right and is_han(right)) or this.before is None or not this.before.dimension


def is_party(scene: Scene, this: Numbered) -> bool:
    """教育部等三个部门联合印发: the actors of a sentence, not what they did."""
    found = this.candidate
    if this.last != "等" and found.start:
        return False
    return this.behind is not None and this.behind.noun in ("部门", "政府部门")


def is_rank(scene: Scene, this: Numbered) -> bool:
    found = this.candidate
    return this.last in ("前", "列") and found.unit in ("位", "名", "家", "个", "强", "市", "省", "人", "项")
