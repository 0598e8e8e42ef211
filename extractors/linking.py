"""Numbers in, indicators out: each linked to its measure, period, status, per, brand, whole and region."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from ..corpus.actors import actor_region
from ..corpus.records import Brand, Indicator, Quantity
from .activities import Hint, activity_of
from .measures import Measures
from .naming import brand_of
from .numbers import Number
from .paragraphs import calendar_of
from .plans import status_of
from .rates import rate_of
from .scene import Scene
from .sharing import shares
from .surroundings import REACH, Here, Named, Walk
from .wholes import dimension_of, whole_of

CONFIDENCE = 0.9


class Judge(Protocol):
    """Has the last word on what the rules told of a number; each answer may look at the number's surroundings."""

    def brand(self, here: Here, named: Named, told: str) -> str:
        """The name of the brand that governs the number, of those in the article; empty where none does."""
        ...

    def activity(self, here: Here, measure: str, told: str) -> str:
        """The type of the number, given what it counts."""
        ...

    def measure(self, here: Here, measures: Measures, told: str) -> str:
        """What the number counts."""
        ...


class Rules:
    """The judge that leaves everything as the rules told it."""

    def brand(self, here: Here, named: Named, told: str) -> str:
        return told

    def activity(self, here: Here, measure: str, told: str) -> str:
        return told

    def measure(self, here: Here, measures: Measures, told: str) -> str:
        return told


def link(
    scene: Scene, found: Sequence[Number], brands: Sequence[Brand], words: Sequence[list[Hint]], judge: Judge
) -> Iterator[Indicator]:
    """Indicators of an article in reading order."""
    if not found:
        return
    calendar = calendar_of(scene.article)
    walk = Walk(scene, calendar)
    named = Named(brands, [brand.start for brand in brands])
    dealt = shares(scene, found)
    made: list[Indicator] = []
    for here in walk.steps(found, made):
        number = here.number
        per, status = rate_of(here), status_of(here, walk, calendar)
        brand = judge.brand(here, named, brand_of(here, named)) if brands else ""
        measures = _measures(here, brand, per, dealt.get(number.start))
        measure = judge.measure(here, measures, measures.told())
        indicator = Indicator(
            number.start,
            number.end,
            scene.text[number.start : number.end],
            number.rule or f"number.{number.quantity.bound}",
            CONFIDENCE,
            _quantity(number, per, dimension_of(here, named)),
            measure,
            judge.activity(here, measure, _activity(here, words)),
            brand,
            walk.paragraphs.period(number, status),
            status,
            whole_of(here),
            _region(here, calendar.year),
        )
        made.append(indicator)
        yield indicator


def _quantity(number: Number, per: str, dimension: str) -> Quantity:
    quantity = number.quantity
    if not per and dimension == quantity.dimension:
        return quantity
    return replace(quantity, per=per, dimension=dimension)


def _measures(here: Here, brand: str, per: str, dealt: str | None) -> Measures:
    inherited = here.last.measure if here.last is not None else _measure_before(here)
    return Measures(here.scene, here.number, _measure_start(here), inherited, brand, per, _share(dealt, here.made))


def _measure_before(here: Here) -> str:
    """The measure of the last figure where only a semicolon parts the two: …升幅0.5%；较上年末上升…."""
    index = here.number.sentence
    if not here.made or not index or here.scene.sentences[index - 1].text[-1] not in "；;":
        return ""
    return here.made[-1].measure if here.made[-1].start >= here.scene.sentences[index - 1].start else ""


def _measure_start(here: Here) -> int:
    """Where the words of the measure begin: behind the noun of the figure before, 七大展区和|30多场论坛."""
    if here.before is None or here.before.behind is None:
        return here.clause
    end = here.before.behind.end
    return end if here.clause <= end <= here.number.start else here.clause


def _share(dealt: str | None, made: Sequence[Indicator]) -> str | None:
    """The subject that 分别 deals out; one told by place is the measure of that earlier figure."""
    if dealt is None or not dealt.startswith("\0"):
        return dealt
    _, place, change = dealt.split("\0")
    earlier = next((indicator.measure for indicator in reversed(made) if indicator.start == int(place)), "")
    return earlier + change


def _activity(here: Here, words: Sequence[list[Hint]]) -> str:
    floor, inherited = (here.sentence.start, None) if here.before is None else (here.before.end, here.made[-1].activity)
    place = (here.clause, here.number.start, here.number.end, here.clause_end)
    return activity_of(here.scene, words[here.number.sentence], place, floor, inherited)


def _region(here: Here, year: int | None) -> str | None:
    """The division whose work the number tells, by the sentence up to the end of the number's clause."""
    text, home, end = here.scene.text, here.scene.article.region, here.clause_end
    if end - here.sentence.start > REACH:
        return actor_region(text[end - REACH : end], home, year)
    return actor_region(text[here.sentence.start : end], home, year, here.sentence.text)
