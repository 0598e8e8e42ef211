"""A number in its place in, what it is per out: person, household, each, year, month, day."""

from __future__ import annotations

import re

from .cues import per_of
from .surroundings import Here

_EVERY = frozenset({"每年", "每月", "每天", "每日", "每晚", "每个月"})
_JOINS = frozenset({"、", "和", "及", "与", "，"})
_RISEN = re.compile(r"(?:增|提高|上升|扩大|降|减|缩|压|发展|提升|扩|升|涨|跃)[一-龥]{0,3}(?:到|至|为)?$")


def rate_of(here: Here) -> str:
    """Own per words; else 每天 and the like from earlier in the clause, or those of the figure that it continues."""
    number, text = here.number, here.scene.text
    spoken = [cue for cue in here.spoken if cue.effect.startswith("per:")]
    own = per_of(text, here.clause, number, [cue for cue in spoken if cue.start >= here.clause])
    if own:
        return own
    if here.before is None:
        opens = spoken and spoken[0] is here.spoken[0] and spoken[0].start == here.sentence.start
        return spoken[0].effect[4:] if opens else ""
    if here.before.quantity.unit == number.quantity.unit and _continues(here.between):
        return here.made[-1].quantity.per
    if number.quantity.dimension == "ratio" or not spoken:
        return ""
    start = here.scene.clause_start(number.start, here.sentence.start)
    every = [cue for cue in spoken if cue.word in _EVERY and cue.start >= start]
    return every[-1].effect[4:] if every else ""


def _continues(between: str) -> bool:
    return between in _JOINS or (len(between) < 8 and _RISEN.search(between) is not None)
