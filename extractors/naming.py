"""A number in its place in, the brand that governs it out."""

from __future__ import annotations

import re

from ..corpus.records import Brand
from .surroundings import Here, Named

_CONTINUES = re.compile(
    r"(?:累计|目前|截至|已|现已|该|活动|项目|平台|全年|今年以来|自|先后|共|至今|其中|组织|近年来|成立以来|启动以来|本届|其间|会上|论坛|大会|峰会|展会|博览会|展销会|两天)"
)
# These go on about what was opened up to two sentences before.
_LONG = re.compile(r"(?:本届|其间|会上|论坛|大会|峰会|展会|博览会|展销会|该)")
_RISES = re.compile(r"(?:增长|下降|上升|提高|增加|减少|占比|占)[^，。；]{0,4}$")
_LISTED = re.compile(r"[”’」』\"]?[、，,和及与]?[“‘「『\"]?")
_NEW_SUBJECT = re.compile(r"[；;]")
MAX_COMMAS = 5


def brand_of(here: Here, named: Named) -> str:
    """The brand right behind the number, else the nearest before it in its sentence, else one that it continues."""
    text, number, sentence = here.scene.text, here.number, here.sentence
    behind = named.behind(number.end)
    if behind is not None and behind.start - number.end <= 1 and behind.start < sentence.end:
        return behind.name
    before = named.between(sentence.start, number.start)
    if not before:
        return _continued(here, named)
    last = before[-1]
    if len(before) > 1 and _are_listed(text, before[-2], last) and number.start > last.end:
        return ""
    between = text[last.end : number.start]
    if number.quantity.dimension == "ratio" and last.end < here.clause and "，" in between and _RISES.search(between):
        return here.last.brand if here.last is not None and here.last.brand else ""
    if _is_aside(between):
        return here.last.brand if here.last is not None else ""
    return last.name


def _are_listed(text: str, first: Brand, second: Brand) -> bool:
    return _LISTED.fullmatch(text, first.end, second.start) is not None


def _is_aside(between: str) -> bool:
    """A semicolon or a long way between the name and the number lets the name go."""
    return _NEW_SUBJECT.search(between) is not None or between.count("，") + between.count(",") > MAX_COMMAS


def _continued(here: Here, named: Named) -> str:
    """The one brand of the sentence before, where this one goes on about it: 累计…, 该项目…."""
    index = here.number.sentence
    if not index or not _CONTINUES.match(here.sentence.text):
        return ""
    reach = 3 if _LONG.match(here.sentence.text) else 1
    for earlier in reversed(here.scene.sentences[max(here.paragraph.first, index - reach) : index]):
        names = {brand.name for brand in named.between(earlier.start, earlier.end)}
        if names:
            return names.pop() if len(names) == 1 else ""
    return ""
