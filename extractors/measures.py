"""A number in its clause in, the words that say what it counts out: 走访慰问侨胞, 产业投资资金, 结对村社."""

from __future__ import annotations

import re
from functools import cache

from ..corpus.lexicons import alternation, rows
from .numbers import Number
from .scene import Scene

_TAIL = re.compile(
    r"(?:已经|已|共计|共有|共|总计|累计|合计|达到了|达到|达|为|有|就有|约|分别|均|也|又|再|至|到|了|首次|一次性|合|计|上升到|提高到|成功|增至|增加到|发展到|增长到|保持在|稳定在|扩大到|上升至|提升到|提升至|提高至|降至|降到|下降到|涨至|成交|近|超|逾|各|就|仅|高达|多达|规模达|数达|数量达|突破|是|以来|[，,、：:；;]|\s)+$"
)
_HEAD = re.compile(
    r"^(?:[，,、：:；;\s▲●■◆]|其中|并且|并|还|同时|此外|另外|已经|已|先后|累计|共计|共|总计|合计|全年|今年|去年|目前|一年来|期间|及|和|与|或|以及|[一二三四五六七八九十]是|积极|主动|大力|持续|深入|扎实|切实|有效|广泛|精心|成功|分别|用于|通过|以|由|全面|充分|进一步|不断|集中|协同|联合|直接|间接|整体|促成|又|也|再|能|可|各地|各级|全市|全县|全省|全区|全国|我市|我县|我省|我区|仅|首批|首次|该|其|等)+"
)
_FILLER = re.compile(
    r"累计|总计|共计|一共|已经|各类|各种|各项|一批|系列|多种|多个|每年|每月|年均|人均|户均|月均|年人均|全新|先后|已|等(?=[一-龥])|(?:19|20)\d\d年|近[一二三四五六七八九十两]+年来?|今年以来|近年来|目前|截至[^，,]{1,10}(?:底|末|月|日|目前)"
)
_QUOTED = re.compile(r"[“‘「『][^”’」』]*[”’」』]|《[^》]*》|[（(][^）)]*[）)]")
_ENUMERATION = re.compile(r"^(?P<verb>.*?)[^、]{1,14}(?:、[^、]{1,18})+等(?:方面|领域|各类)?(?P<noun>[一-龥]{2,})$")
_MODIFIER = re.compile(r"^.{2,}的(?=[一-龥]{2,}$)")
LONGEST = 16


@cache
def _verbs() -> re.Pattern[str]:
    words = [row[0] for row in rows("verbs")] + [row[0] for row in rows("activities") if row[1] in ("visit", "donation", "training")]
    return re.compile(alternation(words))


def measure_of(scene: Scene, number: Number, clause: int, previous: Number | None, inherited: str, brand: str) -> str:
    """What the number counts, in words of the text, gaps closed; `inherited` is the measure of a list's first member."""
    text = scene.text
    left = _clean(text[clause : number.start])
    right = ""
    if number.behind is not None:
        right = _strip_noun(text[number.behind.start : number.behind.end])
    if brand:
        left, right = left.replace(brand, ""), right.replace(brand, "")
    if right:
        return _joined(_verb_of(left) or _verb_of(inherited if previous is not None and not left else ""), right, left)
    if left and _has_verb(left):
        return _shortened(left)
    if left:
        verb = _verb_of(inherited) if _is_listed(text, previous, number) else ""
        return _shortened(verb + left)
    return inherited


def _is_listed(text: str, previous: Number | None, number: Number) -> bool:
    return previous is not None and text[previous.end : previous.end + 1] in ("、", "和", "及") and number.start - previous.end < 24


def _clean(left: str) -> str:
    left = _QUOTED.sub("", left)
    left = _HEAD.sub("", _TAIL.sub("", left))
    left = _FILLER.sub("", left)
    return _HEAD.sub("", _TAIL.sub("", left))


def _strip_noun(right: str) -> str:
    return re.sub(r"^(?:的|各类|全新|余)+", "", _QUOTED.sub("", right) or right)


def _has_verb(left: str) -> bool:
    return _verbs().search(left) is not None


def _verb_of(words: str) -> str:
    """The verbs with which a phrase ends, or its last verb: 先后走访慰问 gives 走访慰问."""
    found = list(_verbs().finditer(words))
    if not found:
        return ""
    start = end = found[-1].end()
    for match in reversed(found):
        if match.end() != start and match.end() != end:
            break
        start = match.start()
    return words[start : found[-1].end()]


def _joined(verb: str, right: str, left: str) -> str:
    if left and _verbs().search(left) is None and len(left) <= 8 and re.search(r"[一-龥]$", left):
        return left + right
    tail = left[left.rfind(verb) + len(verb) :] if verb and verb in left else ""
    if verb and 0 < len(tail) <= 8 and not re.search(r"[，、]", tail):
        return verb + tail + right
    return verb + right


def _shortened(left: str) -> str:
    """Verb and object without the enumeration and adjectives between: 发放A、B等材料 becomes 发放材料."""
    match = _ENUMERATION.match(left)
    if match:
        verb = _first_verb(left)
        left = verb + match["noun"]
    found = list(_verbs().finditer(left))
    if found:
        start = found[-1].start()
        for verb in reversed(found[:-1]):
            if start - verb.end() <= 0 or len(left) - verb.start() <= LONGEST:
                start = verb.start()
        left = left[start:] if len(left) - start > 2 or start == 0 else left
    if len(left) > LONGEST:
        left = left[-LONGEST:]
        left = re.sub(r"^[^一-龥]*", "", left)
    return re.sub(r"[，,：:；;\s]", "", left)


def _first_verb(left: str) -> str:
    match = _verbs().search(left)
    return match.group() if match else ""
