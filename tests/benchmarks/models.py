"""Which scikit-learn model should judge what rules found? Compared for each pack over files of gold.

    python tests/benchmarks/models.py [--pack types] [--without trees]
    python tests/benchmarks/models.py --score 'apart_issuer_*'

Each model is judged on files of which it has seen none: five folds of files, as `jianbao train` calibrates. It is asked
twice: what it would decide alone (the likeliest label; for types and quotations all from a half on; its features tell
it what the rules said), and what it decides over the rules, as the pipeline asks its pack: with the `keep`, `add`,
`margin` and `silence` of `MODELS`, margins stretched to the scale of the model. All models but the trees are sums of
weights, rounded and pruned as in a pack. `apart_*` files are not used. Intervals are those of the middle 95 % of
articles drawn anew: of the score, of its distance from the rules, and of the best other model's distance from it.

With `--score` nothing is fitted: the table tells how rules alone and the shipped packs do on files so named, for each
type of sentences and each kind of brands.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log
from typing import Any

from jianbao.corpus.article import sentences
from jianbao.corpus.gold import GoldArticle
from jianbao.corpus.records import ACTIVITY_TYPES, BRAND_KINDS
from jianbao.corpus.segmenters import DEFAULT
from jianbao.models.fitting import FOLDS, SEED, Case, left_out, logistic, matrix_of, slope_and_shift, vocabulary
from jianbao.models.linear import NONE, Linear
from jianbao.models.packs import GOLD
from jianbao.pipeline.extraction import Pipeline
from jianbao.pipeline.scoring import _draws, _f1, _home, _interval, _share, _sums, gather
from jianbao.pipeline.training import MODELS, Model, learning_cases, tagged

FEW, MANY = "logistic regression, few weights", "logistic regression, many small weights"
# The pack of words sees the sentences of `types` cut otherwise; segmenters.py compares it.
PACKS = [name for name in MODELS if name != "words"]
# How strong their weights are in packs that ship another model.
STRENGTHS = {FEW: 1.0, MANY: 0.3}
KNOWN, LEAST, MOST = 300, 0.01, 0.99
# Boosting takes minutes where it has more labels to learn.
FEW_LABELS = 10
# The packs of which a case has one right label, and those of which it has any number.
ONE_OF_MANY = frozenset({"figures", "kinds"})
SAYS = {"types": "micro F1", "figures": "accuracy", "quotations": "F1", "kinds": "accuracy"}
Sums = list[list[float]]
Labels = frozenset[str]


@dataclass(slots=True)
class Asked:
    """The cases of a pack, the article that each comes from, and what the rules say of each."""

    cases: list[Case] = field(default_factory=list)
    articles: list[int] = field(default_factory=list)
    rules: list[Labels] = field(default_factory=list)


class Weights:
    """An estimator told to scikit-learn as a sum of weights, of which one stands for a change in the odds by e."""

    def __init__(self, estimator: Any, weights: Callable[[Any], tuple[Any, float]]) -> None:
        self.estimator, self.weights = estimator, weights

    def fit(self, matrix: Any, target: Sequence[bool]) -> Weights:
        coefficients, intercept = self.weights(self.estimator.fit(matrix, target))
        self.coef_, self.intercept_ = [coefficients], [intercept]
        return self


def support_vectors() -> Any:
    """A linear support vector machine; its weights times ten, so that rounding and pruning leave as many as elsewhere."""
    from sklearn.svm import LinearSVC

    machine = LinearSVC(C=0.03, random_state=SEED, max_iter=5000)
    return Weights(machine, lambda fitted: (10 * fitted.coef_[0], 10 * float(fitted.intercept_[0])))


def complement() -> Any:
    """Complement naive Bayes of one label against the others: what a feature says of the one, less what of the others."""
    from sklearn.naive_bayes import ComplementNB

    def weights(fitted: Any) -> tuple[Any, float]:
        return fitted.feature_log_prob_[1] - fitted.feature_log_prob_[0], 0.0

    return Weights(ComplementNB(alpha=1.0), weights)


def tree() -> Any:
    """A small decision tree."""
    from sklearn.tree import DecisionTreeClassifier

    return DecisionTreeClassifier(max_depth=10, min_samples_leaf=5, random_state=SEED)


def boosted() -> Any:
    """Gradient boosting over histograms, of the features that tell most."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.feature_selection import SelectKBest, chi2
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer

    return make_pipeline(
        SelectKBest(chi2, k=KNOWN),
        FunctionTransformer(_dense, accept_sparse=True),
        HistGradientBoostingClassifier(max_iter=60, max_leaf_nodes=8, random_state=SEED),
    )


def _dense(matrix: Any) -> Any:
    return matrix.toarray()


def grown(cases: Sequence[Case], labels: Sequence[str], make: Callable[[], Any]) -> Sums:
    """As `left_out`, for models that are no sums: the log odds of each label by a model that has not seen the file."""
    groups = sorted({case.group for case in cases})
    fold = {group: index % FOLDS for index, group in enumerate(groups)}
    sums: Sums = [[0.0] * len(labels) for _ in cases]
    for held in range(min(FOLDS, len(groups))):
        seen = [case for case in cases if fold[case.group] != held]
        unseen = [index for index, case in enumerate(cases) if fold[case.group] == held]
        known = vocabulary(seen)
        matrix, asked = matrix_of(seen, known), matrix_of([cases[index] for index in unseen], known)
        for place, label in enumerate(labels):
            shares = _shares(make(), matrix, [label in case.labels for case in seen], asked)
            for index, share in zip(unseen, shares, strict=True):
                sums[index][place] = log(share / (1 - share))
    return sums


def _shares(model: Any, matrix: Any, target: Sequence[bool], asked: Any) -> Iterator[float]:
    if len(set(target)) < 2:
        yield from [MOST if target[0] else LEAST] * asked.shape[0]
        return
    for share in model.fit(matrix, target).predict_proba(asked)[:, 1]:
        yield min(MOST, max(LEAST, float(share)))


TREES = {"decision tree": tree, "histogram gradient boosting": boosted}


def compared(pack: Model) -> dict[str, Callable[[], Any]]:
    """What makes each model, the shipped one first."""
    strengths = STRENGTHS | {shipped(pack): pack.strength}
    found = {title: logistic(strengths[title], title == FEW) for title in sorted(strengths, key=shipped(pack).__ne__)}
    found |= {"linear support vector machine": support_vectors, "complement naive Bayes": complement}
    return found | {title: make for title, make in TREES.items() if make is tree or len(pack.labels) <= FEW_LABELS}


def shipped(pack: Model) -> str:
    """The title of the model that the pack holds."""
    return FEW if pack.sparse else MANY


def asked_of_all() -> dict[str, Asked]:
    """The cases of each pack over all gold that is not kept apart."""
    found = {name: Asked() for name in MODELS}
    for index, gold in enumerate(tagged(GOLD)):
        for name, cases in learning_cases([gold], DEFAULT.segmenter()).items():
            found[name].cases += cases
            found[name].articles += [index] * len(cases)
            found[name].rules += [rules_say(name, case) for case in cases]
    return found


def rules_say(name: str, case: Case) -> Labels:
    """What the rules say of a case: its features tell."""
    if name == "quotations":
        return frozenset() if "voted:no" in case.features else frozenset(["brand"])
    mark = "vote:" if name == "types" else "told:"
    told = {one.removeprefix(mark) for one in case.features if one.startswith(mark) and one.count(":") == 1}
    return frozenset(told - {NONE}) if name == "types" else frozenset(told)


def decides_alone(name: str, model: Linear, sums: Sequence[float], rules: Labels) -> Labels:
    """The likeliest label, or all from a half on."""
    if name in ONE_OF_MANY:
        return frozenset([model.labels[max(range(len(sums)), key=sums.__getitem__)]])
    return frozenset(replace(model, keep=0.5, add=0.5).taken(sums, ()))


def decides_over_rules(name: str, model: Linear, sums: Sequence[float], rules: Labels) -> Labels:
    """What stands in the end, in the pipeline."""
    if name in ONE_OF_MANY:
        return frozenset([model.likeliest(sums, next(iter(rules), ""))])
    return frozenset(model.taken(sums, rules))


def calibrated(pack: Model, cases: Sequence[Case], sums: Sums) -> Linear:
    """A model without weights, which decides by sums: they are calibrated, and overrule as those of the pack do."""
    slope, shift = slope_and_shift(sums, [[label in case.labels for label in pack.labels] for case in cases])
    settings = {"keep": pack.keep, "add": pack.add, "margin": pack.margin, "silence": pack.silence}
    return Linear(pack.labels, (0.0,) * len(pack.labels), {}, slope, shift, **settings)


def stretched(model: Linear, slope: float) -> Linear:
    """The same with margins as wide, in odds, as they are for a model of that slope."""
    return replace(model, margin=model.margin * slope / model.slope, silence=model.silence * slope / model.slope)


def is_issuer(case: Case) -> bool:
    return case.group.startswith("issuer_")


@dataclass(slots=True)
class Judge:
    """Counts what was decided of the cases of a pack, on bulletins by issuers and on the other gold."""

    name: str
    asked: Asked

    def scores(self, decided: Sequence[Labels]) -> list[list[float]]:
        """For both kinds of gold the score, and those of articles drawn anew."""
        return [self._scores(decided, chosen) for chosen in (is_issuer, lambda case: not is_issuer(case))]

    def _scores(self, decided: Sequence[Labels], chosen: Callable[[Case], bool]) -> list[float]:
        counts: dict[int, list[int]] = {}
        for case, article, labels in zip(self.asked.cases, self.asked.articles, decided, strict=True):
            if chosen(case):
                more = len(labels & case.labels), len(labels), len(case.labels)
                counts[article] = [sum(pair) for pair in zip(counts.get(article, (0, 0, 0)), more, strict=True)]
        drawn = _draws(len(counts))
        right, found, gold = (_sums([one[place] for one in counts.values()], drawn) for place in range(3))
        if self.name in ONE_OF_MANY:
            return [_share(*pair) for pair in zip(right, gold, strict=True)]
        return [_f1(*three) for three in zip(right, found, gold, strict=True)]


def compare(name: str, asked: Asked, skipped: Collection[str]) -> Iterator[str]:
    """The table of a pack, and intervals."""
    pack, judge = MODELS[name], Judge(name, asked)
    issuers = sum(map(is_issuer, asked.cases))
    yield f"### {name}: {SAYS[name]}, {issuers} cases by issuers, {len(asked.cases) - issuers} others"
    yield ""
    yield "| model | alone: issuers | alone: other | over the rules: issuers | over the rules: other | seconds |"
    yield "|---|---|---|---|---|---|"
    ends = {"rules": judge.scores(asked.rules)}
    yield f"| rules | | | {' | '.join(f'{one[0]:.3f}' for one in ends['rules'])} | |"
    slope = 0.0
    for title, make in compared(pack).items():
        if title in skipped:
            continue
        started = time.perf_counter()
        sums = (grown if title in TREES else left_out)(asked.cases, pack.labels, make)
        seconds = time.perf_counter() - started
        model = calibrated(pack, asked.cases, sums)
        slope = slope or model.slope
        alone, ends[title] = (
            judge.scores([decide(name, model, *one) for one in zip(sums, asked.rules, strict=True)])
            for decide, model in ((decides_alone, model), (decides_over_rules, stretched(model, slope)))
        )
        cells = " | ".join(f"{one[0]:.3f}" for one in (*alone, *ends[title]))
        yield f"| {title}{' (shipped)' if title == shipped(pack) else ''} | {cells} | {seconds:.0f} |"
    yield ""
    yield from intervals(ends, shipped(pack))


def intervals(ends: Mapping[str, list[list[float]]], chosen: str) -> Iterator[str]:
    """What is shipped, its distance from the rules, and how far the best of the others is from it."""
    others = [title for title in ends if title not in ("rules", chosen)]
    best = max(others, key=lambda title: sum(scores[0] for scores in ends[title]))
    for place, gold in enumerate(("issuers", "other")):
        score, rules, other = (ends[title][place] for title in (chosen, "rules", best))
        yield (
            f"* {gold}, over the rules: shipped {shown(score)}; from the rules {shown(distance(score, rules), '+')};"
            f" {best}, from the shipped {shown(distance(other, score), '+')}"
        )


def distance(first: Sequence[float], second: Sequence[float]) -> list[float]:
    """How much greater the first score is, on the articles and on those drawn anew."""
    return [one - other for one, other in zip(first, second, strict=True)]


def shown(values: Sequence[float], sign: str = "") -> str:
    """A score or a distance with its interval."""
    estimate, low, high = _interval(values)
    return f"{estimate:{sign}.3f} [{low:{sign}.3f}, {high:{sign}.3f}]"


def shipped_scores(pattern: str) -> Iterator[str]:
    """The table of F1 by type of sentences (its type right) and by kind of brands (span and kind right)."""
    golds = gather(GOLD, None, [pattern])
    by_rules, by_models = ([by_label(gold, find) for gold in golds] for find in (Pipeline(models=False), Pipeline()))
    drawn = _draws(len(golds))
    yield "| label | gold | rules alone | with models | distance |"
    yield "|---|---|---|---|---|"
    for label in (*(f"type {name}" for name in ACTIVITY_TYPES), *(f"kind {name}" for name in BRAND_KINDS)):
        rules, models = resampled(by_rules, label, drawn), resampled(by_models, label, drawn)
        gold = sum(one["gold"][label] for one in by_rules)
        yield f"| {label} | {gold} | {shown(rules)} | {shown(models)} | {shown(distance(models, rules), '+')} |"


def by_label(gold: GoldArticle, find: Pipeline) -> dict[str, Counter[str]]:
    """For each type and kind how many an article has in gold, how many are found, and how many of these are right."""
    found, homes = find(gold.article), list(sentences(gold.article.text))
    had = {(f"type {one.type}", one.start, 0) for one in gold.records.activities}
    had |= {(f"kind {one.kind}", one.start, one.end) for one in gold.records.brands}
    has = {(f"type {one.type}", _home(one, homes), 0) for one in found.activities}
    has |= {(f"kind {one.kind}", one.start, one.end) for one in found.brands}
    counted = {"right": had & has, "found": has, "gold": had}
    return {name: Counter(label for label, _, _ in places) for name, places in counted.items()}


def resampled(articles: Sequence[dict[str, Counter[str]]], label: str, drawn: Sequence[Sequence[int]]) -> list[float]:
    """F1 of a label on the articles, and on those drawn anew."""
    right, found, gold = (_sums([one[name][label] for one in articles], drawn) for name in ("right", "found", "gold"))
    return [_f1(*three) for three in zip(right, found, gold, strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser(description="models for each pack, compared over files of gold")
    parser.add_argument("--pack", choices=PACKS, action="append", help="only this one")
    parser.add_argument("--without", choices=["trees"], help="leave the slow models out")
    parser.add_argument(
        "--score", metavar="PATTERN", help="score the shipped packs on files of gold so named, by label"
    )
    arguments = parser.parse_args()
    if arguments.score:
        print(*shipped_scores(arguments.score), sep="\n")
        return
    asked = asked_of_all()
    for name in arguments.pack or PACKS:
        for line in compare(name, asked[name], TREES if arguments.without else ()):
            print(line, flush=True)
        print()


if __name__ == "__main__":
    main()
