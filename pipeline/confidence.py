"""Records in, the same with calibrated confidence out: how each was read, in the words of models/calibration.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ..corpus.records import Activity, Brand, Indicator, Period, Records
from ..extractors.brands import AGAIN
from ..extractors.claims import USER
from ..extractors.numbers import Number
from ..extractors.scene import Scene
from ..models.calibration import HIGHEST, Calibration, Reading
from .marks import Marks, marked

# The groups of fields of an indicator, each with a confidence of its own.
FIGURE = ("figure", "meaning", "time")
LENGTHS = ("0-3", "4-7", "8-11", "12+")


@dataclass(frozen=True, slots=True)
class Found:
    """The records of an article before they are assessed, how its indicators were read, one for each, whether
    what was learned judged its quotations and sentences, so that these carry their own confidence, and which of them a
    row of a domain made."""

    records: Records
    readings: tuple[dict[str, Reading], ...] = ()
    learned: bool = False
    marks: Marks | None = None


def readings(scene: Scene, numbers: Sequence[Number], indicators: Sequence[Indicator]) -> Iterator[dict[str, Reading]]:
    """How each indicator was read, by group of fields.

    figure: the dimension that the unit alone tells, what the unit needs, whether the noun decided otherwise;
    meaning: on which side the counted noun stands, how long the measure is;
    time: the status, and whether the words of the period stand in the number's own sentence.
    """
    for number, found in zip(numbers, indicators, strict=True):
        told = number.candidate.dimension
        yield {
            "figure": (
                told or "none",
                number.candidate.needs or "nothing",
                "unit" if told == found.quantity.dimension else "noun",
            ),
            "meaning": (
                "behind" if number.behind else "before" if number.before else "none",
                LENGTHS[min(len(found.measure) // 4, len(LENGTHS) - 1)],
            ),
            "time": (found.status, _place(found.period, scene.sentences[number.sentence].text)),
        }


def _place(period: Period | None, sentence: str) -> str:
    if period is None:
        return "none"
    return "own" if period.text in sentence else "carried"


def rule_reading(found: Brand | Activity) -> Reading:
    """How a brand or an activity type was read: by its rule."""
    return (found.rule,)


def is_quotation(brand: Brand) -> bool:
    """Whether a brand was judged as a quotation, not found without marks, by its name alone or at somebody's word."""
    return brand.rule != AGAIN[0] and not brand.rule.startswith(("brand.unquoted.", USER))


def assess(found: Found, calibration: Calibration) -> Records:
    """The records with calibrated confidence."""
    known, records = calibration.probability, found.records
    assessed = Records(
        tuple(
            indicator.believed(*[known(group, reading[group]) for group in FIGURE])
            for indicator, reading in zip(records.indicators, found.readings, strict=True)
        ),
        tuple(
            brand.believed(_told(found.learned and is_quotation(brand), known, "brand", brand))
            for brand in records.brands
        ),
        tuple(activity.believed(_told(found.learned, known, "activity", activity)) for activity in records.activities),
        records.refusals,
    )
    return assessed if found.marks is None else marked(assessed, found.marks)


def _told(judged: bool, known: Callable[[str, Reading], float], group: str, found: Brand | Activity) -> float:
    """The model's own probability where it judged, never certain; else how often the rule is right."""
    return min(HIGHEST, found.confidence) if judged else known(group, rule_reading(found))
