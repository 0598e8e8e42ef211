"""A record in, its fields as named words out, and back: what a person corrects, and what other tools carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import cast

from ..corpus.errors import InputError
from ..corpus.records import Activity, Bound, Brand, Indicator, Mention, Period, Quantity, Status, indicator_cells
from ..extractors.brands import brand_name
from .cells import holds, kind_of

SORTS: Mapping[str, str] = {"indicator": "indicators", "brand": "brands", "activity": "activities"}
"""The sorts of records, each with its table."""
FIELDS: Mapping[str, tuple[str, ...]] = {
    "indicator": (
        "low", "high", "bound", "unit", "dimension", "per", "measure", "activity", "brand", "period_start", "period_end",
        "period_text", "status", "part_of", "region",
    ),
    "brand": ("kind",),
    "activity": ("type",),
}  # fmt: skip
LONGEST = 400
"""Characters of a field."""
RULE = "review"
Fields = Mapping[str, str]


class FieldError(InputError):
    """A field does not hold what it must; `field` is its name."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field


def sort_of(record: Mention) -> str:
    """Which of `SORTS` a record is."""
    if isinstance(record, Indicator):
        return "indicator"
    return "brand" if isinstance(record, Brand) else "activity"


def fields_of(record: Mention) -> dict[str, str]:
    """The fields of a record, each as its table writes it; empty for unknown.

    >>> found = made("indicator", 0, 3, "30户", {"low": "30", "unit": "户", "dimension": "households"})
    >>> {name: words for name, words in fields_of(found).items() if words}
    {'low': '30', 'high': '30', 'bound': 'exact', 'unit': '户', 'dimension': 'households', 'status': 'done'}
    """
    if isinstance(record, Indicator):
        return indicator_cells(record)
    return {"kind": record.kind} if isinstance(record, Brand) else {"type": cast(Activity, record).type}


def made(
    sort: str, start: int, end: int, surface: str, fields: Fields, rule: str = RULE, confidence: float = 1.0
) -> Mention:
    """The record that the fields describe; what is not told is empty, exact or done.

    Raises:
        FieldError: where a field does not hold what its column may.
    """
    told = {name: _checked(sort, name, fields.get(name, "")) for name in FIELDS[sort]}
    if sort == "indicator":
        _check_order(told)
    return built(sort, start, end, surface, told, rule, confidence)


def built(
    sort: str, start: int, end: int, surface: str, told: Fields, rule: str = RULE, confidence: float = 1.0
) -> Mention:
    """The record of fields that are known to be right, as those of a table."""
    if sort == "brand":
        return Brand(start, end, surface, rule, confidence, brand_name(surface), told["kind"])
    if sort == "activity":
        return Activity(start, end, surface, rule, confidence, told["type"])
    return Indicator(
        start,
        end,
        surface,
        rule,
        confidence,
        _quantity(told),
        told["measure"],
        told["activity"],
        told["brand"],
        _period(told),
        cast(Status, told["status"]),
        _whole(told["part_of"]),
        told["region"] or None,
    )


_USUAL = {"bound": "exact", "status": "done"}


def _checked(sort: str, name: str, words: str) -> str:
    """The words, without space around them, if they may stand in the column."""
    plain = words.strip() or _USUAL.get(name, "")
    if len(plain) > LONGEST or "\n" in plain:
        raise FieldError(name, f"expected one line of at most {LONGEST} characters (须为一行文字)")
    kind = kind_of(SORTS[sort], name)
    if not (name == "high" and not plain) and not holds(kind, plain):
        raise FieldError(name, f"expected {kind.expected}, found {plain!r} (内容不符)")
    return plain


def _check_order(told: Fields) -> None:
    """What no field shows alone."""
    if told["high"] and Decimal(told["high"]) < Decimal(told["low"]):
        raise FieldError("high", f"{told['high']} is less than low, {told['low']} (上限小于下限)")
    if told["period_start"] and told["period_end"] and told["period_end"] < told["period_start"]:
        raise FieldError("period_end", f"{told['period_end']} is before {told['period_start']} (止于起之前)")


def _quantity(told: Fields) -> Quantity:
    low = Decimal(told["low"])
    high = Decimal(told["high"]) if told["high"] else low
    return Quantity(low, high, cast(Bound, told["bound"]), told["unit"], told["dimension"], told["per"])


def _period(told: Fields) -> Period | None:
    start, end, words = told["period_start"], told["period_end"], told["period_text"]
    if not (start or end or words):
        return None
    return Period(date.fromisoformat(start) if start else None, date.fromisoformat(end) if end else None, words)


def _whole(words: str) -> tuple[int, int] | None:
    if not words:
        return None
    start, _, end = words.partition("-")
    return int(start), int(end)


def moved(record: Mention, by: int) -> Mention:
    """The record in a text that begins so many characters earlier.

    >>> moved(made("brand", 0, 2, "侨舍", {"kind": "place"}), 5).start
    5
    """
    if isinstance(record, Indicator) and record.part_of:
        first, last = record.part_of
        record = replace(record, part_of=(first + by, last + by))
    return replace(record, start=record.start + by, end=record.end + by)


def as_review(record: Mention) -> Mention:
    """The record as a person told it: sure, and under the name of the rule that stands for persons."""
    if isinstance(record, Indicator):
        return replace(record.believed(1.0, 1.0, 1.0), rule=RULE)
    named = replace(record, name=brand_name(record.text)) if isinstance(record, Brand) else record
    return replace(named, rule=RULE, confidence=1.0)
