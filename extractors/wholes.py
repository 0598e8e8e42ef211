"""A number in its place in, the figure that it is a part or an example of out; and a dimension told by that figure."""

from __future__ import annotations

import re

from ..corpus.records import Indicator
from .cues import Cue
from .surroundings import Here, Named

_RESULT = re.compile(
    r"^[，,、；和]?(?:其余|余下|目前|现|均|已经|已)?(?:当场|全部|成功|实际|帮助|主动|及时|推荐|推动)?(?:已)?"
    r"(?:整改|办结|调成|说和|谈拢|胜诉|查实|吸纳|采用|解决|答复|采纳|投产|在建|开工|竣工|上岗|认领|到账|落实|销号|化解|处置|回应|完成|反馈|录用|就业|其余|完工|交付|入住|评出|调处|转化|获奖|入选|结案|采编|刊用)"
    r"(?:了)?(?:完成|落地|率|成功)?$"
)
_OF_WHOLE = re.compile(r"(?:其中[^，]{0,8}|占)$")
# 其中用地类11条、融资类16条: classes of what the figure before counts.
_CLASS = re.compile(r"[一-龥]类(?:别|型)?$")
_CHANGE = re.compile(r"(?:增长|下降|同比|提高|上升|增加|减少|回升)[^，。；]{0,4}$")
_PARTED = re.compile(r"[，；。,;]")
_BRAND_DIMENSIONS = {"place": "facilities", "event": "events", "project": "projects", "team": "organisations"}


def whole_of(here: Here) -> tuple[int, int] | None:
    """The whole that 其中, 如 or a word of result makes this number a part or an example of."""
    last = here.last
    if last is not None and is_result(here):
        return last.part_of if "其余" in here.between and last.part_of else (last.start, last.end)
    for cue in reversed(here.spoken):
        if cue.effect not in ("part", "example"):
            continue
        if cue.word == "包括" and _PARTED.search(here.scene.text, cue.end, here.number.start):
            continue
        return _told_by(cue, here)
    return None


def _told_by(cue: Cue, here: Here) -> tuple[int, int] | None:
    """The last figure before the cue that is of the same kind; a share may be of any."""
    has_inside = bool(here.made) and here.made[-1].start >= cue.end
    if cue.effect == "example" and has_inside:
        return None
    opens = cue.effect == "example" or cue.start == here.sentence.start
    floor = here.scene.sentences[here.paragraph.first].start if opens else here.sentence.start
    is_change = _CHANGE.search(here.scene.text, cue.end, here.number.start) is not None
    for other in reversed(here.made):
        if other.start < floor:
            return None
        if other.end <= cue.start and not is_change and (_is_alike(other, here) or _is_share(here, has_inside)):
            return other.start, other.end
    return None


_RISE = re.compile(r"(?:增长|增加|提高|上升|下降|减少|多|少|高于|低于)[^，。；]{0,2}$")


def _is_alike(other: Indicator, here: Here) -> bool:
    """Same kind of figure, and no mere change of another: 比去年同期多417万元 has no parts."""
    if _RISE.search(other.measure):
        return False
    one, two = other.quantity, here.number.quantity
    return one.unit == two.unit and (one.dimension == two.dimension or _is_class(here))


def _is_share(here: Here, has_inside: bool) -> bool:
    return here.number.quantity.dimension == "ratio" and not has_inside


def is_result(here: Here) -> bool:
    """发现问题18个，已整改15个: what became of the figure before."""
    return _is_same_unit(here) and _RESULT.match(here.between) is not None


def _is_class(here: Here) -> bool:
    return _CLASS.search(here.between) is not None


def _is_same_unit(here: Here) -> bool:
    unit = here.number.quantity.unit
    return here.before is not None and bool(unit) and here.before.quantity.unit == unit


def dimension_of(here: Here, named: Named) -> str:
    """The dimension that the noun gave; without a noun that of the figure it is a result of, or of the brand beside."""
    number = here.number
    own = number.quantity.dimension
    if here.last is not None and _is_same_unit(here) and _is_class(here):
        return here.last.quantity.dimension
    if number.behind is not None or number.before is not None:
        return own
    if here.last is not None and (is_result(here) or (_is_same_unit(here) and _OF_WHOLE.search(here.between))):
        return here.last.quantity.dimension
    if own in ("other", "organisations"):
        beside = named.between(max(0, number.start - 40), number.start)
        if beside and number.start - beside[-1].end <= 3:
            return _BRAND_DIMENSIONS.get(beside[-1].kind, own)
    return own
