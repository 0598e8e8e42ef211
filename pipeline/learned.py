"""Packs in, the last word on what rules told of brands, sentence types and the types of figures out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from math import floor
from pathlib import Path
from struct import Struct

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from ..corpus.records import Activity, Brand, Refusal, own_types
from ..corpus.segmenters import CHARACTERS, Segmentation
from ..extractors.brand_nouns import kind_of, noun_inside
from ..extractors.brands import brand_name
from ..extractors.deeds import Hint
from ..extractors.linking import Rules
from ..extractors.scene import Scene
from ..extractors.signs import Sign
from ..extractors.surroundings import Here
from ..models.linear import NONE, Linear, total_of
from ..models.packs import FOLDER, read_linear
from .features import (
    PAIR,
    WINDOWS,
    WORD,
    Part,
    beside_parts,
    features_of,
    figure_parts,
    quotation_features,
    sentence_parts,
    windows,
    word_features,
)

TYPE, BRAND, NO_BRAND = "activity.learned", "brand.learned", "refuse.quote.learned"
PACKS = ("types", "figures", "quotations", "kinds")
WORD_PACK = "words"


@dataclass(frozen=True, slots=True, eq=False)
class Learned:
    """The models of the packs: sentence types, types of figures, whether a quotation is a brand, and its kind."""

    types: Linear
    figures: Linear
    quotations: Linear
    kinds: Linear


@cache
def learned(folder: Path = FOLDER) -> Learned:
    """The packs of a folder, read when first asked for.

    Raises:
        DataError: where one is missing, damaged or of another format.
    """
    return Learned(*(read_linear(folder / f"{name}.json", name) for name in PACKS))


@cache
def word_types(folder: Path = FOLDER) -> Linear:
    """The model of sentence types that looks at words, read when a segmenter that cuts words is asked for.

    Raises:
        DataError: as `learned`.
    """
    return read_linear(folder / f"{WORD_PACK}.json", WORD_PACK)


@dataclass(frozen=True, slots=True)
class Quotations:
    """Judges quotations: takes or refuses for a brand what the rules refused or took, and says of what kind it is."""

    models: Learned

    def __call__(self, text: str, found: Brand | Refusal) -> Brand | Refusal:
        features = list(quotation_features(text, found))
        voted = isinstance(found, Brand)
        taken = self.models.quotations.taken(self.models.quotations.sums(features), ("brand",) if voted else ())
        if not taken:
            return found if not voted else Refusal(found.start, found.end, found.text, NO_BRAND)
        told = told_kind(found)
        kind = self.models.kinds.likeliest(self.models.kinds.sums([*features, f"told:{told}"]), told)
        share = round(taken["brand"], 3)
        if isinstance(found, Brand):
            return replace(found, kind=kind, confidence=share)
        return Brand(found.start, found.end, found.text, BRAND, share, brand_name(found.text), kind)


def told_kind(found: Brand | Refusal) -> str:
    """The kind of a quotation as rules tell it, whether they took it for a brand or not."""
    return found.kind if isinstance(found, Brand) else noun_inside(found.text)[0] or kind_of(found.text, None)


class Figures(Rules):
    """Judges what activity a figure tells of; all else stays as the rules told it."""

    def __init__(self, model: Linear, hints: Sequence[Sequence[Hint]], signs: Sequence[Sequence[Sign]]) -> None:
        self.model, self.hints, self.signs = model, hints, signs
        self._weigher, self._windows = _figures_of(model)
        self._index, self._shared = -1, 0

    def activity(self, here: Here, measure: str, told: str) -> str:
        if told in own_types():
            return told
        index = here.number.sentence
        hints, signs = self.hints[index], self.signs[index]
        weigher = self._weigher
        if index != self._index:
            total = weigher.total(here.sentence.text)
            self._index, self._shared = index, weigher.joined(total, beside_parts(hints, signs))
        total = weigher.joined(self._shared, figure_parts(here, told, hints, signs))
        for weigh, words in zip(self._windows, (measure, *windows(here)), strict=True):
            total += weigh(words)
        return weigher.likeliest(total, told)


def weigh_figures(model: Linear, texts: Iterable[str]) -> None:
    """Weigh the words of sentences with figures ahead."""
    _figures_of(model)[0].weigh(texts)


@cache
def _figures_of(model: Linear) -> tuple[Weigher, tuple[Grams, ...]]:
    return Weigher(model, PAIR), tuple(Grams(model, prefix) for prefix in WINDOWS)


@cache
def types_of(segmentation: Segmentation) -> Types:
    """The judge of sentence types for a segmentation, made once."""
    return Types(learned().types if segmentation.name in CHARACTERS else word_types(), segmentation)


class Types:
    """Judges the activity types of sentences; its words are weighed in one pass over the text."""

    def __init__(self, model: Linear, segmentation: Segmentation) -> None:
        self.model = model
        self._cut = segmentation.segmenter()
        self._weigher = (
            Weigher(model, WORD) if segmentation.name == "characters" and segmentation.words is None else None
        )

    def __call__(
        self,
        scene: Scene,
        hints: Sequence[Sequence[Hint]],
        signs: Sequence[Sequence[Sign]],
        voted: Sequence[Activity],
        figures: Counter[int],
    ) -> Iterator[Activity]:
        """The types of each sentence that holds a hint, a figure or a strong sign of work, given those that rules voted for."""
        strange = own_types()  # of a domain: no model knows them, they stand as the rules told them
        if strange:
            yield from (one for one in voted if one.type in strange)
        votes = {
            start: {one.type: one.rule for one in ones if one.type not in strange}
            for start, ones in groupby(voted, lambda one: one.start)
        }
        for index in self._chosen(hints, signs, figures):
            sentence = scene.sentences[index]
            mine = votes.get(sentence.start, {})
            before = votes.get(scene.sentences[index - 1].start, {}) if index else {}
            parts = sentence_parts(scene, index, hints[index], signs[index], mine, before, figures[index])
            for kind, share in sorted(self._taken(sentence.text, parts, mine).items()):
                rule = mine.get(kind, TYPE)
                yield Activity(sentence.start, sentence.end, sentence.text, rule, round(share, 3), kind)

    def weigh(
        self, scene: Scene, hints: Sequence[Sequence[Hint]], signs: Sequence[Sequence[Sign]], figures: Counter[int]
    ) -> None:
        """Weigh the words of these sentences ahead, which is quicker for many than for one now and then."""
        if self._weigher is not None:
            self._weigher.weigh(scene.sentences[index].text for index in self._chosen(hints, signs, figures))

    def _chosen(
        self, hints: Sequence[Sequence[Hint]], signs: Sequence[Sequence[Sign]], figures: Counter[int]
    ) -> list[int]:
        return [index for index, told in enumerate(hints) if told or index in figures or _tells(signs[index])]

    def _taken(self, text: str, parts: Iterable[Part], voted: Mapping[str, str]) -> dict[str, float]:
        """The types of a sentence, by its words and its other features, each with its probability."""
        weigher = self._weigher
        if weigher is None:
            words = self.model.sums(word_features(self._cut(text)))
            return self.model.taken(self.model.added(words, features_of(parts)), voted)
        total = weigher.joined(weigher.total(text), parts)
        if not voted and not weigher.adds(total):
            return {}
        return self.model.taken(weigher.sums(total), voted)


def _tells(signs: Sequence[Sign]) -> bool:
    return any(strength > 1 and kind != NONE for sign in signs for kind, strength in sign.types)


# A sum of weights is told in units so small that nothing is lost, in a lane of so many bits of a long integer.
UNIT, LANE = 10**4, 32
ZERO = 1 << (LANE - 1)
# So many sums of parts, and of the characters of sentences, are remembered.
PARTS, TEXTS = 1 << 16, 1 << 12


class Lanes(dict[str, int]):
    """The weights of each feature that a model knows, named behind a prefix: one long integer with a lane for each
    label, made when first asked for, since a text asks for few of them."""

    def __init__(self, model: Linear, prefix: str = "") -> None:
        super().__init__()
        self.model, self.prefix = model, prefix

    def __missing__(self, name: str) -> int:
        found = self[name] = _laned(self.model.weights.get(self.prefix + name, ()))
        return found


class Grams:
    """Weighs the features that are characters of a text and pairs of them, each once, named with a prefix.

    The finder hands back its own strings, so that none is made for what stands in the text.
    """

    def __init__(self, model: Linear, prefix: str) -> None:
        names = [name.removeprefix(prefix) for name in model.weights if name.startswith(prefix)]
        finder = AhoCorasick(
            names, matchkind=MatchKind.Standard, store_patterns=True, implementation=Implementation.ContiguousNFA
        )
        self._lane_of, self._find = Lanes(model, prefix).__getitem__, finder.find_matches_as_strings

    def __call__(self, text: str) -> int:
        """The sums of the characters of a text, in lanes."""
        return sum(map(self._lane_of, {*self._find(text, True)}))


class Weigher:
    """Sums weights as `Linear.sums` does, but all labels at once, in lanes of a long integer; what characters weigh,
    named with a prefix, is found in one pass over the text, and what parts of features weigh is remembered."""

    def __init__(self, model: Linear, prefix: str) -> None:
        labels = range(len(model.labels))
        self.model, self._lanes = model, Lanes(model)
        self._bits = Struct(f"<{len(labels)}I")
        self._ones = sum(1 << (LANE * label) for label in labels)
        self._biases = _laned(enumerate(model.biases)) + ZERO * self._ones
        self._grams = Grams(model, prefix)
        self._parts: dict[Part, int] = {}
        self._texts: dict[str, int] = {}
        # What makes the sign of each lane tell whether its sum would be added, whether it leaves another behind.
        self._signs = ZERO * self._ones
        self._add = -_least(total_of(model.add, model.slope, model.shift)) * self._ones
        self._places = {label: LANE * place for place, label in enumerate(model.labels)}
        self._leads = {told: ZERO - self._lead(told) for told in model.labels}

    def _lead(self, told: str) -> int:
        """By how much another label must lead at the least to take the place of the one told; less by rounding."""
        return _least(self.model.silence if told == NONE else self.model.margin) - 1

    def __call__(self, text: str) -> list[float]:
        """The sums of the characters of a text alone."""
        return self.sums(self.total(text))

    def total(self, text: str) -> int:
        """The sums of the characters of a text, in lanes."""
        found = self._texts.get(text)
        return self._total(text) if found is None else found

    def weigh(self, texts: Iterable[str]) -> None:
        """Sum the characters of texts that will be asked for."""
        for text in texts:
            self.total(text)

    def _total(self, text: str) -> int:
        known = self._texts
        if len(known) >= TEXTS:
            known.clear()
        found = known[text] = self._biases + self._grams(text)
        return found

    def joined(self, total: int, parts: Iterable[Part]) -> int:
        """Sums in lanes with those of parts of features."""
        known = self._parts
        for part in parts:
            lane = known.get(part)
            total += self._weighed(part) if lane is None else lane
        return total

    def _weighed(self, part: Part) -> int:
        known = self._parts
        if len(known) >= PARTS:
            known.clear()
        found = known[part] = sum(
            map(self._lanes.__getitem__, filter(self.model.weights.__contains__, features_of([part])))
        )
        return found

    def adds(self, total: int) -> bool:
        """Whether any label is added that nobody voted for."""
        return (total + self._add) & self._signs != 0

    def likeliest(self, total: int, told: str) -> str:
        """The likeliest label, empty for none; most often the one told, which no other leaves behind."""
        place = self._places.get(told or NONE)
        if place is not None:
            ahead = self._leads[told or NONE] - (total >> place & (1 << LANE) - 1)
            if not (total + ahead * self._ones) & self._signs:
                return told if told != NONE else ""
        found = self.model.likeliest(self.sums(total), told or NONE)
        return "" if found == NONE else found

    def sums(self, total: int) -> list[float]:
        """The sum of each label, out of its lane."""
        return [(lane - ZERO) / UNIT for lane in self._bits.unpack(total.to_bytes(self._bits.size, "little"))]


def _least(total: float) -> int:
    """The least sum in units that is as great as a total.

    >>> _least(0.5), _least(-0.44737)
    (5000, -4473)
    """
    least = floor(total * UNIT) - 1
    while least / UNIT < total:
        least += 1
    return least


def _laned(pairs: Iterable[tuple[int, float]]) -> int:
    """The weight of each label in its lane.

    >>> _laned([(0, 0.5), (1, 2.0)]) == 5_000 + (20_000 << 32)
    True
    """
    return sum(round(weight * UNIT) << (LANE * label) for label, weight in pairs)
