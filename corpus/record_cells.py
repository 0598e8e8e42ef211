"""Records in, values that JSON or msgpack can hold out, and back: each record under a key of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from .records import Activity, Brand, Indicator, Mention, Period, Quantity, Records, Refusal, decimal_text

Cells = Sequence[Any]


def key_of(found: Mention) -> str:
    """What a record is called in its article: its sort and place, of an activity its type too.

    >>> key_of(Activity(0, 8, "走访侨眷30户。", "rule", 0.9, "visit"))
    'activity:0-8:visit'
    """
    place = f"{found.start}-{found.end}"
    if isinstance(found, Activity):
        return f"activity:{place}:{found.type}"
    return f"{'brand' if isinstance(found, Brand) else 'indicator'}:{place}"


def cells_of(records: Records) -> dict[str, Any]:
    """The records as plain values, mentions by their keys.

    >>> from_cells(cells_of(Records())) == Records()
    True
    """
    return {
        "indicator": {key_of(one): _indicator_cells(one) for one in records.indicators},
        "brand": {key_of(one): [*_place(one), one.name, one.kind] for one in records.brands},
        "activity": {key_of(one): [*_place(one), one.type] for one in records.activities},
        "refusal": [[one.start, one.end, one.text, one.rule] for one in records.refusals],
    }


def from_cells(cells: Mapping[str, Any]) -> Records:
    """The records that `cells_of` gave."""
    return Records(
        tuple(map(_indicator, cells["indicator"].values())),
        tuple(map(_brand, cells["brand"].values())),
        tuple(map(_activity, cells["activity"].values())),
        tuple(Refusal(*each) for each in cells["refusal"]),
    )


def record_at(cells: Mapping[str, Any], key: str) -> Mention | None:
    """The record of a key; None where there is none."""
    sort = key.partition(":")[0]
    found = cells[sort].get(key) if sort in _MADE and sort in cells else None
    return _MADE[sort](found) if found is not None else None


def _place(found: Mention) -> list[Any]:
    return [found.start, found.end, found.text, found.rule, found.confidence]


def _indicator_cells(found: Indicator) -> list[Any]:
    quantity, period = found.quantity, found.period
    value = [
        decimal_text(quantity.low), decimal_text(quantity.high), quantity.bound, quantity.unit, quantity.dimension,
        quantity.per,
    ]  # fmt: skip
    days = [*(day and day.isoformat() for day in (period.start, period.end)), period.text] if period else None
    return [
        *_place(found), value, found.measure, found.activity, found.brand, days, found.status,
        list(found.part_of) if found.part_of else None, found.region, found.confidence_meaning, found.confidence_time,
    ]  # fmt: skip


def _indicator(cells: Cells) -> Indicator:
    start, end, text, rule, confidence, value, measure, activity, brand, days, status, part, region, meaning, time = (
        cells
    )
    low, high, *rest = value
    period = Period(_day(days[0]), _day(days[1]), days[2]) if days else None
    return Indicator(
        start, end, text, rule, confidence, Quantity(Decimal(low), Decimal(high), *rest), measure, activity, brand, period,
        status, cast("tuple[int, int]", tuple(part)) if part else None, region, meaning, time,
    )  # fmt: skip


def _day(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None


def _brand(cells: Cells) -> Brand:
    return Brand(*cells)


def _activity(cells: Cells) -> Activity:
    return Activity(*cells)


_MADE: Mapping[str, Callable[[Cells], Mention]] = {"indicator": _indicator, "brand": _brand, "activity": _activity}
