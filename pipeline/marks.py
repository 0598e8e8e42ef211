"""Records of a domain in, the same out with the domain's name as their rule where one of its rows made them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

from ..corpus.lexicons import lexical, own, own_name
from ..corpus.records import Activity, Brand, Mention, Records
from ..extractors.brand_nouns import noun_behind
from ..extractors.deeds import Hint
from ..extractors.numbers import Number
from ..extractors.scene import Scene

_MARKS = '”’」』"'
_REACH = 20
_Found = TypeVar("_Found", bound=Mention)


class Marks(NamedTuple):
    """The rule of a domain, and which indicators, brands and activities its rows made, by place."""

    rule: str
    indicators: frozenset[int]
    brands: frozenset[int]
    activities: frozenset[int]


def marks_of(scene: Scene, numbers: Sequence[Number], records: Records, hints: Sequence[Sequence[Hint]]) -> Marks:
    """What the rows in force made: a number by its unit or the noun that gave its dimension, a brand by its noun, a type
    by its word. `numbers` are those of the indicators; `records` count in the text of the scene."""
    return Marks(
        f"domain.{own_name()}",
        frozenset(place for place, number in enumerate(numbers) if _is_own_number(scene.text, number)),
        frozenset(place for place, brand in enumerate(records.brands) if _is_own_brand(scene.text, brand)),
        frozenset(place for place, one in enumerate(records.activities) if _is_own_type(scene, one, hints)),
    )


def marked(records: Records, marks: Marks) -> Records:
    """The records with the rule of the domain where it made them."""
    return replace(
        records,
        indicators=_ruled(records.indicators, marks.indicators, marks.rule),
        brands=_ruled(records.brands, marks.brands, marks.rule),
        activities=_ruled(records.activities, marks.activities, marks.rule),
    )


def _ruled(found: tuple[_Found, ...], places: frozenset[int], rule: str) -> tuple[_Found, ...]:
    return tuple(replace(one, rule=rule) if place in places else one for place, one in enumerate(found))


@lexical
def _words(lexicon: str) -> dict[str, str]:
    return {row[0]: row[1] for row in own(lexicon) if len(row) > 1 and row[1]}


@lexical
def _deeds() -> dict[str, frozenset[str]]:
    """The types that words of the domain give: acts and objects by themselves, verbs and objects of a pair together."""
    types: dict[str, set[str]] = {}
    for word, kind, _ in own("activities"):
        types.setdefault(word, set()).add(kind)
    for _, word, kind in own("governing"):
        types.setdefault(word, set()).add(kind)
    return {word: frozenset(kinds) for word, kinds in types.items()}


def _is_own_number(text: str, number: Number) -> bool:
    found, nouns = number.candidate, _words("nouns")
    if text[found.unit_start : found.unit_end] in _words("units"):
        return True
    beside = number.behind or number.before
    return beside is not None and nouns.get(beside.noun) == number.quantity.dimension


def _is_own_brand(text: str, brand: Brand) -> bool:
    """Whether a noun of the domain ends the name, or stands behind it."""
    nouns = _words("brand_nouns")
    if any(brand.text.endswith(noun) for noun in nouns):
        return True
    right = text[brand.end : brand.end + _REACH].lstrip(_MARKS)
    noun = noun_behind(right) if nouns else None
    return noun is not None and noun.word in nouns


def _is_own_type(scene: Scene, found: Activity, hints: Sequence[Sequence[Hint]]) -> bool:
    """Whether a word of the domain in the sentence hints at the type."""
    deeds = _deeds()
    place = bisect_right(scene.sentences, found.start, key=lambda sentence: sentence.start) - 1
    told = (hint for hint in hints[place] if hint.type == found.type) if deeds else ()
    for hint in told:
        words = scene.text[hint.start : hint.end]
        if any(words.endswith(word) and found.type in kinds for word, kinds in deeds.items()):
            return True
    return False
