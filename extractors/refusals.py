"""What is no indicator: a table of named rules, read from top to bottom; the first that answers refuses the number.

Each rule sees the scene and the candidate with its nouns. The example beside it shows a number that it refuses.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Literal

from ..corpus.lexicons import Words, alternation, rows
from .candidates import Candidate
from .nouns import Phrase, before, behind
from .scene import Scene

WINDOW = 18


class Numbered:
    """A candidate beside its nouns: the phrase behind it and the one before it, each sought when first asked for."""

    __slots__ = ("_before", "_behind", "_ceiling", "_floor", "_scene", "candidate", "last", "left", "next", "right")

    def __init__(self, scene: Scene, candidate: Candidate, floor: int, ceiling: int) -> None:
        self.candidate = candidate
        self._scene, self._floor, self._ceiling = scene, floor, ceiling
        text = scene.text
        self.left = (
            text[candidate.start - WINDOW : candidate.start] if candidate.start > WINDOW else text[: candidate.start]
        )
        self.right = text[candidate.end : candidate.end + WINDOW]
        self.last, self.next = self.left[-1:], self.right[:1]
        self._behind: Phrase | Literal["unknown"] | None = "unknown"
        self._before: Phrase | Literal["unknown"] | None = "unknown"

    @property
    def behind(self) -> Phrase | None:
        """The noun phrase that begins where the number ends."""
        if self._behind == "unknown":
            found = self.candidate
            self._behind = behind(self._scene.text, found.end, self._ceiling, found.unit)
        return self._behind

    @property
    def before(self) -> Phrase | None:
        """The noun phrase that ends where the number begins."""
        if self._before == "unknown":
            found = self.candidate
            clause = self._scene.clause_start(found.start, self._floor)
            self._before = before(self._scene.text, clause, found.start, found.unit)
        return self._before


Rule = Callable[[Scene, Numbered], bool]

_CHINESE_DIGIT = re.compile(r"[一二两三四五六七八九十]{1,3}")
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


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def is_ordinal(scene: Scene, this: Numbered) -> bool:
    return this.last == "第"


def is_rank(scene: Scene, this: Numbered) -> bool:
    found = this.candidate
    return this.last in ("前", "列") and found.unit in ("位", "名", "家", "个", "强", "市", "省", "人", "项")


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


def is_phrase(scene: Scene, this: Numbered) -> bool:
    found = this.candidate
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
    if left == "各" or (found.needs == "duration" and _RESULT_RIGHT.match(this.right)):
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
            (this.right[1].isalnum() and not _is_han(this.right[1])) or this.right[1] in "一二三"
        )
    return this.candidate.behind in ("+", "＋") and this.next.isalnum()


_RESULT_LEFT = re.compile(
    r"(?:缩短至|缩短到|缩短为|减少到|减少至|压缩至|压缩到|压缩为|压减至|压减到|降至|降到|降为|延长至|延长到|提前|缩短|压缩|压减|节省|节约|提速|缩减|缩减至|缩减到|增加到|达到?|由原来的?|从原来的?|平均|最多|最长)(?:近|约|了)?$"
)
_RESULT_RIGHT = re.compile(r".{0,14}(?:缩短|压缩|压减|减少|降|延长|缩减|提速)")
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
    left = this.left[-16:]
    if found.unit in ("岁", "周岁"):
        return "寿命" not in left
    if re.search(r"19\d\d|20\d\d", found.numeral) or "〇" in found.numeral:
        return True
    changes = _RESULT_LEFT.search(left) is not None
    if changes and re.search(r"平均|最多|最长|达到?|提前|增加到", left[-4:]):
        changes = bool(_RESULT_NOUN.search(left)) or bool(re.search(r"年限|时间|寿命|时长|周期|提前", left))
    comes_from = bool(re.search(r"(?:从|由)[^，。；]{0,10}$", left)) and bool(_RESULT_RIGHT.match(this.right))
    stat = bool(re.search(r"(?:预期寿命|平均[^，。；]{0,8}(?:年限|时间|时长|天数))[^，。；]{0,4}$", left))
    return not (changes or comes_from or stat)


def is_decimal_count(scene: Scene, this: Numbered) -> bool:
    """Nobody counts 2.3 books: a section number glued to the next word."""
    found = this.candidate
    if ("." not in found.numeral and "．" not in found.numeral) or any(c in found.numeral for c in "十百千万亿萬億"):
        return False
    return (found.dimension in _DISCRETE and found.unit != "人次") or found.unit in _DISCRETE_OTHER


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


@cache
def _barred() -> dict[str, str]:
    return {row[0]: row[4] for row in rows("units") if row[4]}


def is_other_word(scene: Scene, this: Numbered) -> bool:
    """11部门, 三处理: what looks like a unit begins another word."""
    found = this.candidate
    word = scene.text[found.unit_start : found.unit_end]
    right = this.next
    return bool(right) and not found.behind and right in _barred().get(word, "")


def is_digits_word(scene: Scene, this: Numbered) -> bool:
    return this.candidate.unit == "位" and this.next in ("数", "于", "居", "列", "置", "一")


def is_session(scene: Scene, this: Numbered) -> bool:
    found = this.candidate
    if found.unit not in ("届", "次", "期"):
        return False
    right = this.right[:4]
    if found.unit == "届":
        return bool(
            re.match(
                r"[一二三四五六七八九十\d]+次|全国|全[省市县区]|人大|人民|政协|全会|中央|委员|常委|理事|代表|省委|市委|县委|区委|党代|三中|四中|会",
                right,
            )
        )
    if found.unit == "次":
        left = this.left[-2:]
        return bool(re.match(r"(?:全体)?(?:会议|全会|全委会|代表大会|党代会|学习会|理事|常委|执委|委员)", right)) and (
            left[-1:] in ("届", "会") or "届" in left
        )
    return bool(_CHINESE_DIGIT.fullmatch(found.numeral)) and (
        bool(right and _is_han(right[0]) and right[0] not in "和及共")
        or (_is_han(this.last or " ") and this.last not in ("办", "展", "开", "了", "播", "出", "训", "班", "刊"))
    )


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
def _numeral_places() -> re.Pattern[str]:
    """Names of divisions that begin like a number: 三门, 九台, 五台, 三台."""
    from ..corpus.regions import divisions

    names = {name for name in divisions().names if name[0] in "一二三四五六七八九十百千万两" and len(name) > 1}
    return re.compile(alternation(names) or r"(?!)")


def is_place_name(scene: Scene, this: Numbered) -> bool:
    found = this.candidate
    if found.numeral[0].isdigit():
        return False
    match = _numeral_places().match(scene.text, found.number_start)
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
    return bool(right and _is_han(right)) or this.before is None or not this.before.dimension


_SUBJECT = re.compile(r"(?:部门|方|国集团|党)")


def is_party(scene: Scene, this: Numbered) -> bool:
    """教育部等三个部门联合印发: the actors of a sentence, not what they did."""
    found = this.candidate
    if this.last != "等" and found.start:
        return False
    return this.behind is not None and this.behind.noun in ("部门", "政府部门")


_LEAD_NUMBER = re.compile(r"\d{1,2}")


def is_section(scene: Scene, this: Numbered) -> bool:
    """1.个人信息: a list number at the head of a line."""
    found = this.candidate
    return bool(
        this.last in ("", "\n")
        and _LEAD_NUMBER.fullmatch(found.numeral)
        and scene.text[found.unit_start - 1 : found.unit_start] == "."
    )


# name, rule, where it applies, an example that it refuses. It applies to `any` number, to one in Chinese `words`, to units of
# one kind (the `needs` column of the unit lexicon), to numerals with a `point`, or to the units and dimensions it names.
RULES: tuple[tuple[str, Rule, str, str], ...] = (
    ("refuse.ordinal", is_ordinal, "any", "第九批"),
    ("refuse.duration", is_duration, "duration", "连续12年"),
    ("refuse.rank", is_rank, "位 名 家 个 强 市 省 人 项", "居全国前10位"),
    ("refuse.title", is_in_title, "any", "《十项措施》"),
    ("refuse.name", is_in_name, "any", "“百企联百村”"),
    ("refuse.phrase", is_phrase, "words", "千家万户"),
    ("refuse.place-name", is_place_name, "words", "三门县"),
    ("refuse.paired", is_paired, "words", "一户一策"),
    ("refuse.torn", is_torn, "any", "1 2 0人"),
    ("refuse.zero", is_zero_word, "words", "零部件"),
    ("refuse.letter-code", is_letter_code, "any", "V11套"),
    ("refuse.formula", is_formula, "any", "1+2+N"),
    ("refuse.section", is_section, "point", "1.个人"),
    ("refuse.other-word", is_other_word, "any", "11部门"),
    ("refuse.digits", is_digits_word, "位", "两位数"),
    ("refuse.session", is_session, "届 次 期", "十四届三次会议"),
    ("refuse.decimal-count", is_decimal_count, "point", "2.3本"),
    ("refuse.class", is_class, "any", "万吨级"),
    ("refuse.per-base", is_per_base, "any", "每万人"),
    ("refuse.threshold", is_threshold, "any", "亿元以上项目"),
    ("refuse.size-class", is_size_class, "words", "百亿元产业"),
    ("refuse.speed", is_speed, "length", "时速350公里"),
    ("refuse.nature", is_nature, "length 只 头 羽 群 尾", "海拔3200米"),
    ("refuse.list-sum", is_list_sum, "list", "五大主题"),
    ("refuse.slogan", is_slogan, "words", "三个方面"),
    ("refuse.article", is_article, "words", "一系列"),
    ("refuse.place-compound", is_place_compound, "place", "三省一市"),
    ("refuse.figures-needed", is_arabic_needed, "arabic", "一手"),
    ("refuse.no-noun", is_without_noun, "noun", "万众一心"),
    ("refuse.party", is_party, "个 家", "民政部等三个部门"),
)


@cache
def _applying(unit: str, dimension: str, needs: str, form: str) -> tuple[tuple[str, Rule], ...]:
    """The rules for one kind of unit and numeral, in the order of the table."""
    scopes = {"any", unit, dimension, needs, *form.split()}
    return tuple((name, rule) for name, rule, scope, _ in RULES if scopes.intersection(scope.split()))


def refusal(scene: Scene, this: Numbered) -> str | None:
    """Name of the first rule that refuses the number; None where it stands."""
    found = this.candidate
    form = "point" if "." in found.numeral or "．" in found.numeral else "plain"
    if not found.numeral[0].isdigit():
        form += " words"
    for name, rule in _applying(found.unit, found.dimension, found.needs, form):
        if rule(scene, this):
            return name
    return None
