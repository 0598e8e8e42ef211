"""Confidences that were told and whether they held, in; how far they can be believed, out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .scoring import Told

EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)


@dataclass(frozen=True, slots=True)
class Bin:
    """Records whose confidence lies in `low..high`: how many, the mean that was told, the share that is right."""

    group: str
    low: float
    high: float
    count: int
    told: float
    right: float


def groups_of(told: Iterable[Told]) -> list[str]:
    """The groups of fields in the order in which they first appear."""
    return list(dict.fromkeys(one.group for one in told))


def bins(told: Sequence[Told], group: str) -> Iterator[Bin]:
    """The bins of a group that hold anything, from the lowest confidence; the last one holds 1 too."""
    mine = [one for one in told if one.group == group]
    for low, high in pairwise(EDGES):
        inside = [one for one in mine if low <= one.confidence < high or one.confidence == high == EDGES[-1]]
        if inside:
            count = len(inside)
            mean = sum(one.confidence for one in inside) / count
            yield Bin(group, low, high, count, mean, sum(one.right for one in inside) / count)


def calibration_error(found: Iterable[Bin]) -> float:
    """The mean distance between what was told and what is right, weighted by the records of each bin.

    >>> calibration_error([Bin("brand", 0.8, 0.9, 3, 0.85, 0.95), Bin("brand", 0.9, 0.95, 1, 0.9, 0.9)])
    0.075
    """
    listed = list(found)
    count = sum(one.count for one in listed)
    return round(sum(abs(one.told - one.right) * one.count for one in listed) / count, 6) if count else 0.0
