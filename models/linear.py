"""Names of features in, the probability of each label out: a linear model that needs nothing but its weights."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, log

NONE = "none"
Weights = Mapping[str, Sequence[tuple[int, float]]]


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """Labels, their biases, and by feature the weights of the labels that it speaks for or against.

    Features are present or absent; unknown ones weigh nothing. `slope` and `shift` turn a sum into a calibrated
    probability. Rules have voted before: a label that they voted for is kept from the probability `keep` on, another
    is added from `add` on; where one label alone can be right, another takes the place of theirs if its sum is
    greater by `margin`.

    >>> model = Linear(("visit",), (-1.0,), {"走访": ((0, 2.0),)})
    >>> [round(share, 3) for share in model.probabilities(model.sums(["走访", "企业"]))]
    [0.731]
    """

    labels: tuple[str, ...]
    biases: tuple[float, ...]
    weights: Weights
    slope: float = 1.0
    shift: float = 0.0
    keep: float = 0.5
    add: float = 0.5
    margin: float = 0.0
    silence: float = 0.0

    def sums(self, features: Iterable[str]) -> list[float]:
        """The sum of the weights of each label, its bias among them."""
        return self.added(list(self.biases), features)

    def added(self, sums: list[float], features: Iterable[str]) -> list[float]:
        """The sums with the weights of further features added to them, in place."""
        known = self.weights.get
        for feature in features:
            pairs = known(feature)
            if pairs is not None:
                for label, weight in pairs:
                    sums[label] += weight
        return sums

    def probabilities(self, sums: Iterable[float]) -> list[float]:
        """The probability of each label by itself, given its sum."""
        slope, shift = self.slope, self.shift
        return [logistic(slope * total + shift) for total in sums]

    def taken(self, sums: Sequence[float], voted: Collection[str]) -> dict[str, float]:
        """The labels that are kept of those voted for, and those added, each with its probability."""
        keep, add = (total_of(share, self.slope, self.shift) for share in (self.keep, self.add))
        if max(sums, default=keep) < min(keep, add):
            return {}
        return {
            label: self.probabilities([total])[0]
            for label, total in zip(self.labels, sums, strict=True)
            if total >= add or (total >= keep and label in voted)
        }

    def likeliest(self, sums: Sequence[float], told: str) -> str:
        """The one label that is right: the likeliest, where it leaves the one told far enough behind."""
        best = max(range(len(sums)), key=sums.__getitem__)
        margin = self.silence if told == NONE else self.margin
        if told in self.labels and sums[best] - sums[self.labels.index(told)] <= margin:
            return told
        return self.labels[best]


@lru_cache(maxsize=64)
def total_of(share: float, slope: float, shift: float) -> float:
    """The sum that stands for a probability.

    >>> total_of(0.5, 2.0, -1.0)
    0.5
    """
    return (log(share / (1 - share)) - shift) / slope


def logistic(total: float) -> float:
    """A sum of weights as a share of 1.

    >>> logistic(0.0), logistic(-800.0)
    (0.5, 0.0)
    """
    if total < -700:
        return 0.0
    return 1 / (1 + exp(-total))
