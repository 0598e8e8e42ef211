"""An article in, its numbers out: those that are indicators, with quantity, and those that a rule refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ..corpus.records import Quantity, Refusal
from .candidates import Candidate, candidates
from .claims import NO_FIGURE, Claim, figure_in, inside, outside, refused
from .dimensions import dimension_of
from .nouns import Phrase
from .numbered import Numbered
from .refusals import refusal
from .scene import Scene


class Number(NamedTuple):
    """An accepted number: its place, candidate, quantity, the nouns beside it, the sentence that holds it, and the rule of
    the claim by which it stands, empty where ours took it."""

    start: int
    end: int
    candidate: Candidate
    quantity: Quantity
    behind: Phrase | None
    before: Phrase | None
    sentence: int
    rule: str = ""


def numbers(scene: Scene, claims: Sequence[Claim] = ()) -> Iterator[Number | Refusal]:
    """Every number with a unit in the body: a `Number`, or a `Refusal` that names its rule.

    A claim, of which there may be some in order, is a number too if one can be read in it, whatever our rules say.
    """
    for index, sentence in enumerate(scene.sentences):
        found = candidates(scene.text, sentence.start, sentence.end)
        mine = inside(claims, sentence.start, sentence.end) if claims else ()
        yield from _claimed(scene, index, list(found), mine) if mine else _judged(scene, index, found, {})
    if claims:
        yield from outside(scene.text, claims, [(sentence.start, sentence.end) for sentence in scene.sentences])


def _judged(
    scene: Scene, index: int, found: Iterable[Candidate], claimed: Mapping[Candidate, str]
) -> Iterator[Number | Refusal]:
    """The candidates of a sentence, judged from left to right; those that are claimed stand by the rule of their claim."""
    sentence = scene.sentences[index]
    floor = sentence.start
    for candidate in found:
        this = Numbered(scene, candidate, floor, sentence.end)
        accepted = _judge(scene, this, index, claimed.get(candidate, "") if claimed else "")
        if isinstance(accepted, Number):
            floor = candidate.end
        yield accepted


def _judge(scene: Scene, this: Numbered, index: int, rule: str) -> Number | Refusal:
    found = this.candidate
    refused_by = None if rule else refusal(scene, this)
    if refused_by is not None:
        return Refusal(found.start, found.end, scene.text[found.start : found.end], refused_by)
    dimension = dimension_of(scene, found, this.behind, this.before)
    unit = "" if found.unit == "大" else found.unit
    quantity = Quantity(found.low, found.high, found.bound, unit, dimension)
    return Number(found.start, found.end, found, quantity, this.behind, this.before, index, rule)


def _claimed(scene: Scene, index: int, found: list[Candidate], claims: Sequence[Claim]) -> Iterator[Number | Refusal]:
    """The same with the claims: where a number of ours stands it stays, else the one that is refused there, else what can
    be read in the claim alone."""
    ours = [one for one in _judged(scene, index, found, {}) if isinstance(one, Number)]
    claimed: dict[Candidate, str] = {}
    unread: list[Refusal] = []
    for claim in claims:
        if any(_shared(one, claim) for ones in (ours, claimed) for one in ones):
            continue
        read = max(found, key=lambda one: _shared(one, claim), default=None)
        if read is None or not _shared(read, claim):
            read = figure_in(scene.text, claim)
        elif not read.unit:  # 1.2万 of 1.2万碟
            read = figure_in(scene.text, claim) or read
        if read is None:
            unread.append(refused(scene.text, claim, NO_FIGURE[0]))
        else:
            claimed[read] = claim.rule
    apart = [one for one in found if one not in claimed and not any(_shared(one, other) for other in claimed)]
    yield from _judged(scene, index, sorted([*apart, *claimed], key=lambda one: one.start), claimed)
    yield from unread


def _shared(one: Number | Candidate, claim: Claim | Candidate) -> int:
    """How many characters a number shares with a claim or another number."""
    return max(0, min(one.end, claim.end) - max(one.start, claim.start))
