"""Packs in, the last word on what rules told of brands, sentence types and the types of figures out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from pathlib import Path
from struct import Struct

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from ..corpus.records import Activity, Brand, Refusal
from ..corpus.segmenters import CHARACTERS, Segmentation
from ..extractors.brand_nouns import kind_of, noun_inside
from ..extractors.brands import brand_name
from ..extractors.deeds import Hint
from ..extractors.linking import Rules
from ..extractors.scene import Scene
from ..extractors.signs import Sign
from ..extractors.surroundings import Here
from ..models.linear import NONE, Linear
from ..models.packs import FOLDER, read_linear
from .features import PAIR, WORD, beside_words, figure_features, quotation_features, sentence_features, word_features

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
        self._weigher = _pairs_of(model)
        self._index, self._shared = -1, 0

    def activity(self, here: Here, measure: str, told: str) -> str:
        index = here.number.sentence
        hints, signs = self.hints[index], self.signs[index]
        weigher = self._weigher
        if index != self._index:
            total = weigher.total(here.sentence.text)
            self._index, self._shared = index, weigher.added(total, beside_words(hints, signs))
        total = weigher.added(self._shared, figure_features(here, measure, told, hints, signs))
        found = self.model.likeliest(weigher.sums(total), told or NONE)
        return "" if found == NONE else found


@cache
def _pairs_of(model: Linear) -> Weigher:
    return Weigher(model, PAIR)


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
        votes = {start: {one.type: one.rule for one in ones} for start, ones in groupby(voted, lambda one: one.start)}
        chosen = [index for index, told in enumerate(hints) if told or figures[index] or _tells(signs[index])]
        for index in chosen:
            sentence = scene.sentences[index]
            mine = votes.get(sentence.start, {})
            before = votes.get(scene.sentences[index - 1].start, {}) if index else {}
            features = sentence_features(scene, index, hints[index], signs[index], mine, before, figures[index])
            for kind, share in sorted(self.model.taken(self._sums(sentence.text, features), mine).items()):
                rule = mine.get(kind, TYPE)
                yield Activity(sentence.start, sentence.end, sentence.text, rule, round(share, 3), kind)

    def _sums(self, text: str, features: Iterable[str]) -> list[float]:
        """The sums of the words of a sentence and of its other features."""
        weigher = self._weigher
        if weigher is None:
            return self.model.added(self.model.sums(word_features(self._cut(text))), features)
        return weigher.sums(weigher.added(weigher.total(text), features))


def _tells(signs: Sequence[Sign]) -> bool:
    return any(strength > 1 and kind != NONE for sign in signs for kind, strength in sign.types)


# A sum of weights is told in units so small that nothing is lost, in a lane of so many bits of a long integer.
UNIT, LANE = 10**4, 32
ZERO = 1 << (LANE - 1)


class Weigher:
    """Sums weights as `Linear.sums` does, but finds the features that are characters of a text, named with a prefix, at once.

    The weights of a feature are one long integer with a lane for each label, so that one addition adds them all.
    """

    def __init__(self, model: Linear, prefix: str) -> None:
        labels = range(len(model.labels))
        lanes = {name: _laned(pairs) for name, pairs in model.weights.items()}
        words = {name.removeprefix(prefix): lane for name, lane in lanes.items() if name.startswith(prefix)}
        self._single = {word: lane for word, lane in words.items() if len(word) == 1}
        words = {word: lane for word, lane in words.items() if len(word) > 1}
        self._lanes, self._named, self._weights = Struct(f"<{len(labels)}I"), lanes, list(words.values())
        self._biases = _laned(enumerate(model.biases)) + sum(ZERO << (LANE * label) for label in labels)
        self._finder = AhoCorasick(list(words), matchkind=MatchKind.Standard, implementation=Implementation.DFA)

    def __call__(self, text: str) -> list[float]:
        """The sums of the characters of a text alone."""
        return self.sums(self.total(text))

    def total(self, text: str) -> int:
        """The sums of the characters of a text, in lanes."""
        found = {match[0] for match in self._finder.find_matches_as_indexes(text, overlapping=True)}
        single = self._single
        total = sum([single[each] for each in set(text) if each in single], self._biases)
        return sum(map(self._weights.__getitem__, found), total)

    def added(self, total: int, features: Iterable[str]) -> int:
        """Sums in lanes with those of further features."""
        lanes = self._named
        return sum([lanes[feature] for feature in features if feature in lanes], total)

    def sums(self, total: int) -> list[float]:
        """The sum of each label, out of its lane."""
        return [(lane - ZERO) / UNIT for lane in self._lanes.unpack(total.to_bytes(self._lanes.size, "little"))]


def _laned(pairs: Iterable[tuple[int, float]]) -> int:
    """The weight of each label in its lane.

    >>> _laned([(0, 0.5), (1, 2.0)]) == 5_000 + (20_000 << 32)
    True
    """
    return sum(round(weight * UNIT) << (LANE * label) for label, weight in pairs)
