"""Cases with their features in, a linear model out: fitted with scikit-learn, calibrated on groups that it has not seen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .linear import Linear
from .packs import DIGITS

SEED = 20240131
FOLDS = 5
# Features seen in fewer cases, or in fewer than one of so many, are not learned from; weights below are left out of the
# pack.
RAREST, ONE_OF = 3, 1200
LIGHTEST = 0.04
# A single character (w:访) says little, and a sentence holds many: it counts less than other features, so that the
# penalty of a weight keeps its own small.
CHARACTER, FAINT = re.compile(r"w:."), 0.5


@dataclass(frozen=True, slots=True)
class Case:
    """What is learned from: the features of one thing, the labels that are right for it, the group it comes from."""

    features: tuple[str, ...]
    labels: frozenset[str]
    group: str


Fitted = Callable[[Any, Any], Any]


def logistic(strength: float, sparse: bool) -> Callable[[], Any]:
    """Makes logistic regressions: with few weights (`sparse`), or with many small ones."""

    def make() -> Any:
        from sklearn.linear_model import LogisticRegression

        return LogisticRegression(
            C=strength, l1_ratio=float(sparse), solver="liblinear", random_state=SEED, max_iter=300, tol=1e-5
        )

    return make


def fit(cases: Sequence[Case], labels: Sequence[str], make: Callable[[], Any]) -> Linear:
    """A linear model of the labels, its probabilities calibrated on groups left out in turn."""
    slope, shift = slope_and_shift(
        left_out(cases, labels, make), [[label in case.labels for label in labels] for case in cases]
    )
    return replace(fit_sums(cases, labels, make), slope=slope, shift=shift)


def left_out(cases: Sequence[Case], labels: Sequence[str], make: Callable[[], Any]) -> list[list[float]]:
    """For each case the sums that a model tells which was fitted without the case's fold of groups."""
    groups = sorted({case.group for case in cases})
    fold = {group: index % FOLDS for index, group in enumerate(groups)}
    sums: list[list[float]] = [[] for _ in cases]
    for held in range(min(FOLDS, len(groups))):
        model = fit_sums([case for case in cases if fold[case.group] != held], labels, make)
        for index, case in enumerate(cases):
            if fold[case.group] == held:
                sums[index] = model.sums(case.features)
    return sums


def fit_sums(cases: Sequence[Case], labels: Sequence[str], make: Callable[[], Any]) -> Linear:
    """A linear model of the labels, not yet calibrated."""
    known = vocabulary(cases)
    matrix = matrix_of(cases, known)
    biases: list[float] = []
    weights: dict[str, list[tuple[int, float]]] = {}
    names = list(known)
    for index, label in enumerate(labels):
        target = [label in case.labels for case in cases]
        if len(set(target)) < 2:
            biases.append(9.0 if target and target[0] else -9.0)
            continue
        learned = make().fit(matrix, target)
        biases.append(round(float(learned.intercept_[0]), DIGITS))
        for place, weight in enumerate(learned.coef_[0]):
            weight = float(weight) * value_of(names[place])
            if abs(weight) >= LIGHTEST:
                weights.setdefault(names[place], []).append((index, round(weight, DIGITS)))
    return Linear(tuple(labels), tuple(biases), {name: tuple(pairs) for name, pairs in sorted(weights.items())})


def vocabulary(cases: Sequence[Case]) -> dict[str, int]:
    """Features seen in several cases, in order, with their columns."""
    seen = Counter(feature for case in cases for feature in set(case.features))
    rarest = max(RAREST, len(cases) // ONE_OF)
    return {name: place for place, name in enumerate(sorted(name for name, count in seen.items() if count >= rarest))}


def value_of(name: str) -> float:
    """How much a feature counts where it is present.

    >>> value_of("w:访"), value_of("w:走访"), value_of("vote:visit")
    (0.5, 1.0, 1.0)
    """
    return FAINT if CHARACTER.fullmatch(name) else 1.0


def matrix_of(cases: Sequence[Case], known: dict[str, int]) -> Any:
    import numpy
    from scipy.sparse import csr_matrix

    columns: list[int] = []
    ends = [0]
    for case in cases:
        columns += sorted({known[feature] for feature in case.features if feature in known})
        ends.append(len(columns))
    shape = (len(cases), max(1, len(known)))
    places = (numpy.array(columns, dtype="int32"), numpy.array(ends, dtype="int32"))
    values = numpy.array([value_of(name) for name in known] or [1.0])
    return csr_matrix((values[places[0]], *places), shape=shape)


def slope_and_shift(sums: Sequence[Sequence[float]], truth: Sequence[Sequence[bool]]) -> tuple[float, float]:
    """The slope and shift that turn the sums of all labels into probabilities that hold.

    Where groups left out tell nothing (there is one only, or a few that share nothing) sums stay as they are.
    """
    from sklearn.linear_model import LogisticRegression

    totals = [[total] for row in sums for total in row]
    right = [answer for row in truth for answer in row]
    if len(set(right)) < 2:
        return 1.0, 0.0
    learned = LogisticRegression(C=1e4, solver="liblinear", random_state=SEED).fit(totals, right)
    slope, shift = (round(float(found), DIGITS) for found in (learned.coef_[0][0], learned.intercept_[0]))
    return (slope, shift) if slope > 0 else (1.0, 0.0)
