"""分别 in, subjects out: A、B分别增长5%、3% deals two subjects out to two figures."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .numbers import Number
from .scene import Scene

_SHARED = re.compile(
    r"(?:增加值|产值|产量|销量|收入|支出|总额|余额|投资|进出口|出口|进口|人数|出栏|存栏|面积|利润|规模|占比|比重|率|数量|总量|金额|资金|贷款|企业|单位|保险参保人数|参保人数|消费品零售额|零售额|床位|床位数|学位|岗位)(?:年均|均|累计|总)?$"
)
_CHANGE = re.compile(r"^(?:年均|同比)*(?:增长|下降|提高|上升|增加|减少|回升|扩大|降低)")
_PARTS = re.compile(r"[、和与及]")
# What the subjects of a list share begins with one of these: 新材料、生物医药|产业产值; 城镇、农村|居民人均收入.
_CLASS = re.compile(
    r"(?<=[一-龥]{2})(?:产业|行业|工业|制造业|产品|居民|企业|机构|学校|院校|项目|领域|人口|学生|职工|地区|市场主体|贷款|存款)"
)
REACH = 90


def shares(scene: Scene, found: Sequence[Number]) -> dict[int, str]:
    """Place of a number to the words of its own subject, for every 分别 of the article."""
    dealt: dict[int, str] = {}
    if "分别" not in scene.text:
        return dealt
    for index, first in enumerate(found):
        text = scene.text
        floor = max(scene.sentences[first.sentence].start, first.start - REACH)
        place = text.rfind("分别", floor, first.start)
        if place < 0 or first.start - place > 10 or (index and found[index - 1].end > place):
            continue
        chain = _chain(text, found, index)
        clause = scene.clause_start(place, floor)
        before = [number for number in found[max(0, index - 6) : index] if number.start >= floor]
        change = text[place + 2 : first.start]
        subject = re.sub(r"(?:年均|累计|均|，|,)+$", "", text[clause:place])
        parts = _parts(subject, len(chain))
        if parts:
            suffix = change if _CHANGE.match(change) else ""
            for number, part in zip(chain, parts, strict=True):
                dealt[number.start] = part + re.sub(r"(?:为|到|至|约|近|超|超过|达|达到)+$", "", suffix)
        elif not subject.strip() and len(before) >= len(chain):
            for number, earlier in zip(chain, before[-len(chain) :], strict=True):
                dealt[number.start] = f"\0{earlier.start}\0{change}"
    return dealt


def _chain(text: str, found: Sequence[Number], index: int) -> list[Number]:
    """The figures that follow one another, parted by 、 or 和 alone."""
    chain = [found[index]]
    for number in found[index + 1 : index + 9]:
        if text[chain[-1].end : number.start] not in ("、", "和", "及", "与", "，", ","):
            break
        chain.append(number)
    return chain


def _parts(subject: str, count: int) -> list[str]:
    """The subjects of a list, each with what the last one shares with them: 有色、石化产业增加值."""
    subject = re.sub(r"^[，,、\s]+|^(?:其中|全市|全省|全县|全国|全区)", "", subject)
    parts = _PARTS.split(subject)
    if len(parts) != count:
        parts = subject.split("、")
    if len(parts) != count or count < 2 or not all(parts):
        return []
    shared = _SHARED.search(parts[-1])
    if shared is None or _SHARED.search(parts[0]):
        return parts
    named = _CLASS.search(parts[-1], 0, shared.start())
    own = named.start() if named else min(len(parts[0]), shared.start()) or len(parts[0])
    tail = parts[-1][own:]
    return [*(part + tail for part in parts[:-1]), parts[-1]]
