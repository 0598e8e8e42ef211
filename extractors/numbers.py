"""An article in, its numbers out: those that are indicators, with quantity, and those that a rule refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..corpus.records import Quantity, Refusal
from .candidates import Candidate, candidates
from .dimensions import dimension_of
from .nouns import Phrase
from .numbered import Numbered
from .refusals import refusal
from .scene import Scene


class Number(NamedTuple):
    """An accepted number: its place, candidate, quantity, the nouns beside it, and the sentence that holds it."""

    start: int
    end: int
    candidate: Candidate
    quantity: Quantity
    behind: Phrase | None
    before: Phrase | None
    sentence: int


def numbers(scene: Scene) -> Iterator[Number | Refusal]:
    """Every number with a unit in the body: a `Number`, or a `Refusal` that names its rule."""
    for index, sentence in enumerate(scene.sentences):
        floor = sentence.start
        for found in candidates(scene.text, sentence.start, sentence.end):
            accepted = _judge(scene, found, floor, sentence.end, index)
            if isinstance(accepted, Number):
                floor = found.end
            yield accepted


def _judge(scene: Scene, found: Candidate, floor: int, ceiling: int, index: int) -> Number | Refusal:
    this = Numbered(scene, found, floor, ceiling)
    refused = refusal(scene, this)
    if refused is not None:
        return Refusal(found.start, found.end, scene.text[found.start : found.end], refused)
    dimension = dimension_of(scene, found, this.behind, this.before)
    unit = "" if found.unit == "大" else found.unit
    quantity = Quantity(found.low, found.high, found.bound, unit, dimension)
    return Number(found.start, found.end, found, quantity, this.behind, this.before, index)
