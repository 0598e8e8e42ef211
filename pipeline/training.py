"""Gold in, packs out: how records were read and whether they were right, and all that the learned models are fitted on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from ..corpus.errors import InputError, OutputError
from ..corpus.gold import GoldArticle, read_gold
from ..corpus.gold_json import to_json
from ..corpus.records import ACTIVITY_TYPES, BRAND_KINDS
from ..corpus.script import folded
from ..corpus.segmenters import DEFAULT, WORDS, Segmenter
from ..corpus.sources import readable
from ..extractors.activities import Hint, activities, hints
from ..extractors.brands import as_told, quotations
from ..extractors.linking import Rules, link
from ..extractors.numbers import Number, numbers
from ..extractors.scene import Scene, prepare
from ..extractors.signs import Sign, signs
from ..extractors.surroundings import Here
from ..models import calibration
from ..models.fitting import Case, fit, logistic
from ..models.linear import NONE, Linear
from ..models.packs import APART, gold_hash, linear_text
from .confidence import rule_reading
from .extraction import Pipeline
from .features import (
    features_of,
    figure_features,
    quotation_features,
    sentence_parts,
    shared_features,
    word_features,
)
from .learned import told_kind
from .scoring import GROUP_FIELDS, right_fields

Tagged = tuple[str, GoldArticle]


@dataclass(frozen=True, slots=True)
class Model:
    """What a pack is fitted on and how: its name, its labels, the strength of its weights and whether they are few, and
    how far it may overrule the rules (`models/linear.py` says what the last four mean). Those were set on development
    gold: rules are surer on real bulletins than on the training corpus, whose writers avoided stock phrases."""

    name: str
    labels: tuple[str, ...]
    strength: float
    sparse: bool
    keep: float = 0.5
    add: float = 0.5
    margin: float = 0.0
    silence: float = 0.0

    def fitted(self, cases: Sequence[Case]) -> Linear:
        """The linear model of the cases."""
        found = fit(cases, self.labels, logistic(self.strength, self.sparse))
        return replace(found, keep=self.keep, add=self.add, margin=self.margin, silence=self.silence)


MODELS = {
    model.name: model
    for model in (
        Model("types", tuple(ACTIVITY_TYPES), 0.3, sparse=False, keep=0.08, add=0.5),
        Model("words", tuple(ACTIVITY_TYPES), 0.3, sparse=False, keep=0.08, add=0.5),
        Model("figures", (*ACTIVITY_TYPES, NONE), 0.3, sparse=False, margin=3.0, silence=4.5),
        Model("quotations", ("brand",), 1.0, sparse=True, keep=0.05, add=0.88),
        Model("kinds", tuple(BRAND_KINDS), 1.0, sparse=True, margin=1.0),
    )
}


def train(gold: Path, out: Path, reviewed: Sequence[GoldArticle] = ()) -> dict[str, int]:
    """Fit every pack on the gold of a folder, without files kept apart, and on what was `reviewed`, and write them; returns
    the cases of each.

    Raises:
        InputError: where the folder holds no gold, or scikit-learn or the segmenter is not installed.
        DataError: with file and line where the gold is broken.
        OutputError: where a pack cannot be written.
    """
    golds = [*tagged(gold), *(("review", article) for article in reviewed)]
    judged = list(cases([article for _, article in golds]))
    digest = _hash_with(gold_hash(gold), reviewed)
    texts = {"calibration": calibration.pack_text(calibration.fit(judged), digest)}
    counts = {"calibration": len(judged)}
    learned = learning_cases(golds, DEFAULT.segmenter()) | {"words": list(word_cases(golds, WORDS.segmenter()))}
    for name, found in learned.items():
        counts[name] = len(found)
        cut = WORDS.name if name == "words" else DEFAULT.name
        texts[name] = linear_text(_fitted(name, found), name, digest, segmenter=cut)
    for name, text in texts.items():
        _write(out / f"{name}.json", text)
    return counts


def _hash_with(digest: str, reviewed: Sequence[GoldArticle]) -> str:
    """The hash of all gold that packs were fitted on: that of the folder where nothing else was."""
    if not reviewed:
        return digest
    told = [to_json(one) | {"text": one.article.text} for one in reviewed]
    return sha256(f"{digest}{json.dumps(told, ensure_ascii=False, sort_keys=True)}".encode()).hexdigest()[:16]


def tagged(gold: Path) -> list[Tagged]:
    """The gold articles of a folder, but those kept apart, each with the name of its file."""
    files = sorted(path for path in gold.glob("*.txt") if not fnmatchcase(path.name, APART))
    if not files:
        raise InputError(f"{readable(gold)}: holds no gold to learn from (没有可供训练的标注)")
    return [(path.stem, article) for path in files for article in read_gold(path)]


def _fitted(name: str, found: Sequence[Case]) -> Linear:
    try:
        return MODELS[name].fitted(found)
    except ImportError as error:
        raise InputError(
            f"training needs scikit-learn ({error.name} is missing): pip install 'jianbao[learn]' (训练需要 scikit-learn)"
        ) from None


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"{readable(path)}: cannot be written: {error.strerror or error} (无法写入)") from None


class Seen(NamedTuple):
    """What rules see in a gold article before they judge: its scene, hints, signs and numbers."""

    group: str
    gold: GoldArticle
    scene: Scene
    words: list[list[Hint]]
    signs: list[list[Sign]]
    counted: list[Number]


def seen(group: str, gold: GoldArticle) -> Seen:
    """Let the rules look at a gold article."""
    scene = prepare(folded(gold.article))
    counted = [number for number in numbers(scene) if isinstance(number, Number)]
    return Seen(group, gold, scene, hints(scene), signs(scene), counted)


def learning_cases(golds: Iterable[Tagged], cut: Segmenter) -> dict[str, list[Case]]:
    """The cases of each learned model, sentences cut by one segmenter."""
    found: dict[str, list[Case]] = {name: [] for name in MODELS if name != "words"}
    for group, gold in golds:
        this = seen(group, gold)
        found["types"] += sentence_cases(this, cut)
        found["figures"] += _figure_cases(this)
        for case, kinds in _quotation_cases(this):
            found["quotations"].append(case)
            found["kinds"] += kinds
    return found


def word_cases(golds: Iterable[Tagged], cut: Segmenter) -> Iterator[Case]:
    """The cases of sentences alone."""
    for group, gold in golds:
        yield from sentence_cases(seen(group, gold), cut)


def sentence_cases(this: Seen, cut: Segmenter) -> Iterator[Case]:
    """A case for each sentence of an article."""
    scene, words = this.scene, this.words
    figures = Counter(number.sentence for number in this.counted)
    voted = activities(scene, words, set(figures))
    votes = {start: {one.type: one.rule for one in ones} for start, ones in groupby(voted, lambda one: one.start)}
    right: dict[int, set[str]] = {}
    for one in this.gold.records.activities:
        right.setdefault(one.start, set()).add(one.type)
    before: dict[str, str] = {}
    for index, sentence in enumerate(scene.sentences):
        mine = votes.get(sentence.start, {})
        parts = sentence_parts(scene, index, words[index], this.signs[index], mine, before, figures[index])
        labels = frozenset(right.get(sentence.start, ()))
        yield Case((*word_features(cut(sentence.text)), *features_of(parts)), labels, this.group)
        before = mine


class _Recorder(Rules):
    """Lets the rules have their way, and keeps the features of each figure whose type the gold tells."""

    def __init__(self, this: Seen) -> None:
        self.this = this
        self.right = {(one.start, one.end): one.activity or NONE for one in this.gold.records.indicators}
        self.cases: list[Case] = []

    def activity(self, here: Here, measure: str, told: str) -> str:
        right = self.right.get((here.number.start, here.number.end))
        if right is not None:
            index = here.number.sentence
            told_of = self.this.words[index], self.this.signs[index]
            own, shared = figure_features(here, measure, told, *told_of), shared_features(here.sentence, *told_of)
            self.cases.append(Case((*own, *shared), frozenset([right]), self.this.group))
        return told


def _figure_cases(this: Seen) -> list[Case]:
    recorder = _Recorder(this)
    for _ in link(this.scene, this.counted, this.gold.records.brands, this.words, recorder):
        pass
    return recorder.cases


def _quotation_cases(this: Seen) -> Iterator[tuple[Case, list[Case]]]:
    """For each quotation of the body whether it is a brand, and for brands of what kind."""
    group, gold, scene = this.group, this.gold, this.scene
    right = {(one.start, one.end): one.kind for one in gold.records.brands}
    for found in quotations(scene.text, scene.quotes, as_told):
        if any(first <= found.start < last for first, last in gold.article.body):
            features = tuple(quotation_features(scene.text, found))
            kind = right.get((found.start, found.end), "")
            told = told_kind(found)
            kinds = [Case((*features, f"told:{told}"), frozenset([kind]), group)] if kind else []
            yield Case(features, frozenset(["brand"] if kind else ()), group), kinds


def cases(golds: Iterable[GoldArticle]) -> Iterator[calibration.Case]:
    """How each record found on gold by rules was read, and whether it is right."""
    find = Pipeline(models=False).find
    for gold in golds:
        found = find(gold.article)
        expected = {(one.start, one.end): one for one in gold.records.indicators}
        for one, reading in zip(found.records.indicators, found.readings, strict=True):
            known = expected.get((one.start, one.end))
            right = right_fields(known, one) if known is not None else frozenset()
            for group, names in GROUP_FIELDS.items():
                yield calibration.Case(group, reading[group], right.issuperset(names))
        brands = {(one.start, one.end, one.kind) for one in gold.records.brands}
        for brand in found.records.brands:
            yield calibration.Case("brand", rule_reading(brand), (brand.start, brand.end, brand.kind) in brands)
        types = {(one.start, one.type) for one in gold.records.activities}
        for activity in found.records.activities:
            yield calibration.Case("activity", rule_reading(activity), (activity.start, activity.type) in types)
