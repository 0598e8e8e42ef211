"""Which dimension a number has: the counted noun decides, the measure word where there is none."""

from __future__ import annotations

import re

from .candidates import Candidate
from .nouns import Phrase
from .scene import Scene

_VIEWS = re.compile(
    r"(?:点击|观看|浏览|播放|阅读量|阅读数|受众|收看|曝光|访问量|关注量|转发量|点赞|收听)[^，。；]{0,8}$"
)
_FIXED = frozenset(["money", "area", "length", "weight", "ratio", "person_times", "visits", "people", "views"])
_EVENT_UNITS = frozenset(["场", "场次", "期", "届", "次", "堂", "课次", "班次", "节", "节次"])
_KIND_UNITS = frozenset(["类", "门"])
_WORK_UNITS = frozenset(["篇", "部", "幅", "首", "集"])
_HOUSEHOLD_NOUNS = frozenset({"organisations", "households"})
_CONTINUOUS = re.compile(
    r"千瓦|兆瓦|瓦时|吉瓦|度|立方|小时|月|年|天|秒|周|TEU|TB|PB|GB|P|EB|次$|手|列|班|趟|学时|课时|学分|吨公里|马力|字|工作日"
)


def dimension_of(scene: Scene, found: Candidate, behind: Phrase | None, before: Phrase | None) -> str:
    """Dimension of a number by its unit and by the noun beside it: 12家 of 实验室 are facilities."""
    left = scene.text[max(0, found.start - 14) : found.start]
    if found.unit in ("人次", "次", "人", "", "户次", "户", "万", "个", "名") and _VIEWS.search(left):
        return "views"
    if found.dimension in _FIXED:
        return found.dimension
    if found.unit in _EVENT_UNITS:
        return "works" if before is not None and before.dimension == "works" else "events"
    if found.unit in _KIND_UNITS or found.needs in ("place", "list", "duration"):
        return _listed(found, behind)
    if found.unit in _WORK_UNITS and _noun_dimension(behind, before) not in ("goods", "facilities"):
        return "works"
    noun = _noun_dimension(None if _governs_from_left(found, behind, before) else behind, before) or _by_verb(
        left, found.unit
    )
    if noun == "organisations" and _BUILT.search(left) and _beside(behind, before) in _INSTITUTIONS:
        return "facilities"
    if found.unit == "支" and noun in ("places", "people"):
        return "organisations"  # 2支国家医学救援队, 宣讲团12支: neither 国家 nor 宣讲员 is what 支 counts
    if found.dimension == "households":
        return noun if noun in _HOUSEHOLD_NOUNS else "households"
    if found.dimension == "other" and _CONTINUOUS.search(found.unit):
        return "other"
    return noun or ("cases" if found.unit in _CASE_UNITS else found.dimension)


# 起 and 宗 count what happened: disputes, fires, lawsuits.
_CASE_UNITS = frozenset(["起", "宗"])


# A verb that leaves its object unsaid tells it still: 调解620件 are cases, 签约18项 agreements, 投产27个 projects.
_UNSAID: dict[str, tuple[frozenset[str], re.Pattern[str]]] = {
    "cases": (
        frozenset(["件", "起", "宗", "条"]),
        re.compile(
            r"(?:受理|办理|办结|办成|办妥|办件|代办|通办|申办|调解|调成|化解|调处|处置|查处|查办|查实|立案|结案|审结|执结|破获|侦破|胜诉|答复|采纳|采用|吸纳|献策|答疑|转办|督办|接手|援助|公证|诉讼|信访|申诉|抗诉"
            r"|诉求|来电|来信|来访|手续|矛盾|口角|案|需求|援助)(?:了|成功|共|达|约|近|超)*$"
        ),
    ),
    "agreements": (
        frozenset(["项", "宗", "份", "个", "单", "笔"]),
        re.compile(r"(?:签约|签署|签订|签下|缔约|续签|新签)(?:了|共|达|约|近|超)*$"),
    ),
    "projects": (
        frozenset(["个", "项", "宗"]),
        re.compile(r"(?:投产|在建|开工|竣工|完工|续建|新开工|投运|立项|落户)(?:了|共|达|约|近|超)*$"),
    ),
}


def _by_verb(left: str, unit: str) -> str:
    for dimension, (units, verb) in _UNSAID.items():
        if unit in units and verb.search(left):
            return dimension
    return ""


_BUILT = re.compile(r"(?:新建|改建|扩建|改扩建|建设|建成|修建|援建|捐建|新改扩建)[^，。；]{0,10}$")
_INSTITUTIONS = frozenset(
    [
        "学校",
        "小学",
        "中学",
        "中小学",
        "幼儿园",
        "医院",
        "卫生院",
        "敬老院",
        "高中",
        "院校",
        "职校",
        "福利院",
        "中小学校",
        "义务教育学校",
        "普惠性幼儿园",
    ]
)


def _governs_from_left(found: Candidate, behind: Phrase | None, before: Phrase | None) -> bool:
    """Whether the noun on the left touches the number and the one behind does not: 名师工作室11个开设学科."""
    if behind is None or before is None or found.unit in ("", "人", "名", "位"):
        return False
    return before.end == found.start and behind.end - len(behind.noun) > found.end


def _beside(behind: Phrase | None, before: Phrase | None) -> str:
    return behind.noun if behind is not None else before.noun if before is not None else ""


def _listed(found: Candidate, behind: Phrase | None) -> str:
    if found.needs == "list" and behind is not None:
        return behind.dimension
    return found.dimension


def _noun_dimension(behind: Phrase | None, before: Phrase | None) -> str:
    if behind is not None and behind.dimension:
        return behind.dimension
    return before.dimension if before is not None else ""
