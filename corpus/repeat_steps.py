"""The files of a run's imprints in, pairs of which one repeats the other out, in steps that several processes may do.

Each step needs all of the one before, and is a function of a folder and of some articles or a part of the keys.
"""

from __future__ import annotations

import marshal
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from .imprints import SHINGLE_SIZE, Index
from .likeness import Known, Traits, agreement, may_agree
from .recurrence import Furniture
from .shuffling import Shuffle, Stored, groups_of, pairs_of

# A text with fewer letters than this share of the other is the shorter; those that are nearer are equals.
_EQUAL = 0.9
_CROWD = 8  # up to so many articles that share a shingle are paired each with each, of more all with a few
_FIRST = 3
_PARTNERS = 8  # pairs that are compared for each article
_SHARED = 0.15  # of the shingles of the shorter text, those that a pair has in common which is worth a look
_STRETCH = 1 << 19  # shingles of the articles that are parted at a time


class _Stretch(NamedTuple):
    """Articles one behind the other, and the place of the shingles of the first."""

    name: str
    articles: range
    shingles: int


def stretches(place: Path) -> Iterator[_Stretch]:
    """The articles in stretches of so many shingles."""
    first = start = held = 0
    with Stored(place / "sampled", "I") as sampled:
        for number, count in enumerate(sampled):
            held += count
            if held >= _STRETCH or number == len(sampled) - 1:
                yield _Stretch(f"{first:010}", range(first, number + 1), start)
                first, start, held = number + 1, start + held, 0


def part_shingles(place: Path, stretch: _Stretch) -> None:
    """The shingles of some articles to the parts."""
    with (
        Stored(place.parent / "sampled", "I") as sampled,
        (place.parent / "shingles").open("rb") as file,
        Shuffle(place / "shingles", stretch.name) as shingles,
    ):
        file.seek(stretch.shingles * SHINGLE_SIZE)
        for number in stretch.articles:
            shingles.extend(array("Q", file.read(sampled[number] * SHINGLE_SIZE)), number)


def pair(place: Path, parts: range) -> None:
    """Note the articles that share a shingle as partners; in a crowd those of the first few and of the longest."""
    with Stored(place.parent / "letters", "I") as letters, Shuffle(place / "partners", f"{parts.start:03}") as partners:
        for _, numbers in groups_of(place / "shingles", parts):
            few = len(numbers) <= _CROWD
            for other in numbers if few else {*numbers[:_FIRST], max(numbers, key=letters.__getitem__)}:
                partners.extend([one for one in numbers if one != other], other)


def choose(place: Path, parts: range) -> None:
    """Pairs worth a look: for each article the few others with which it shares most of its sampled shingles."""
    with Stored(place.parent / "sampled", "I") as sampled, Shuffle(place / "pairs", f"{parts.start:03}") as pairs:
        for one, partners in groups_of(place / "partners", parts):
            for other, shared in _closest(partners):
                if shared >= _SHARED * min(sampled[one], sampled[other]):
                    pairs.extend([min(one, other)], max(one, other))


def compare(place: Path, parts: range) -> list[tuple[int, int, float]]:
    """Of the pairs those of which one repeats the other: the repeat, the original and the share."""
    furniture = Furniture(frozenset(marshal.loads((place / "furniture").read_bytes())))
    found = []
    with Index(place.parent) as index:
        traits = Known(lambda number: Traits(index.wording(number, furniture)))
        for one, other in pairs_of(place / "pairs", parts):
            left, right = traits.of(one), traits.of(other)
            if not may_agree(left, right):  # so it is of nearly all pairs
                continue
            repeat, original = _ordered(one, other, left, right)
            share = agreement(left, right) if repeat == one else agreement(right, left)
            if share:
                found.append((repeat, original, share))
    return found


def _ordered(one: int, other: int, left: Traits, right: Traits) -> tuple[int, int]:
    """Which of two would be the repeat: the shorter, of equals that with fewer figures of its own, then the later."""
    if left.letters < _EQUAL * right.letters:
        return one, other
    if right.letters < _EQUAL * left.letters:
        return other, one
    mine, others = left.facts.numerals, right.facts.numerals
    own = len(mine - others) - len(others - mine)
    if own:
        return (other, one) if own > 0 else (one, other)
    return max(one, other), min(one, other)


def _closest(partners: Iterable[int]) -> list[tuple[int, int]]:
    """The few partners that were named most often, each with how often; of equals the first, those named once are none."""
    named = [(partner, count) for partner, count in Counter(partners).items() if count > 1]
    return sorted(sorted(named), key=itemgetter(1), reverse=True)[:_PARTNERS]
