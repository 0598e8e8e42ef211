"""An article and its records in, its text with every record marked in it out, as HTML for notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .article import Article
from .display import Mark, framed, head_html, outside, tables_html, text_html
from .records import (
    BRAND_KINDS,
    DIMENSIONS,
    Activity,
    Indicator,
    Period,
    Quantity,
    Records,
    activity_types,
    decimal_text,
)


def marked_html(article: Article, records: Records) -> str:
    """The text with its indicators and brands marked and the types behind each sentence; the tables folded below."""
    marks = [*outside(article.body, len(article.text)), *_marks(article, records)]
    text = text_html(article.text, marks, _types(records.activities))
    tables = tables_html(records.tables())
    return framed(f"{head_html(article.head())}{text}<details><summary>{_counts(records)}</summary>{tables}</details>")


def _counts(records: Records) -> str:
    sorts = {"indicators": records.indicators, "brands": records.brands, "activities": records.activities}
    return ", ".join(f"{len(found)} {name}" for name, found in sorts.items())


def _marks(article: Article, records: Records) -> Iterator[Mark]:
    for brand in records.brands:
        kind = BRAND_KINDS.get(brand.kind, brand.kind)
        hint = (f"{brand.name}: {brand.kind} {kind}", f"confidence {brand.confidence:.2f}", brand.rule)
        yield Mark(brand.start, brand.end, "brand", kind, "\n".join(hint))
    for found in records.indicators:
        value, unit = value_text(found.quantity), found.quantity.unit
        label = "" if f"{value}{unit}" == found.text else f"{value} {unit}".strip()
        yield Mark(found.start, found.end, "indicator", label, "\n".join(_facts(found, article.text)))


def value_text(quantity: Quantity) -> str:
    """The value or the interval.

    >>> from decimal import Decimal
    >>> value_text(Quantity(Decimal(36000), Decimal(40000), "under", "元", "money"))
    '36000..40000'
    """
    low, high = decimal_text(quantity.low), decimal_text(quantity.high)
    return low if low == high else f"{low}..{high}"


def _period_text(period: Period) -> str:
    return f"{period.start or ''}..{period.end or ''}" if period.start or period.end else ""


def _facts(found: Indicator, text: str) -> Iterator[str]:
    quantity, period = found.quantity, found.period
    yield f"{value_text(quantity)} {quantity.unit}{quantity.per and ' / ' + quantity.per} ({quantity.bound})"
    yield f"{quantity.dimension} {DIMENSIONS.get(quantity.dimension, '')}"
    if found.measure:
        yield f"measure {found.measure}"
    if found.activity:
        yield f"activity {found.activity} {activity_types().get(found.activity, '')}"
    if found.brand:
        yield f"brand {found.brand}"
    if period:
        yield f"period {_period_text(period)} ({period.text})"
    if found.part_of:
        yield f"part of {text[slice(*found.part_of)]}"
    if found.region:
        yield f"region {found.region}"
    yield f"{found.status}, confidence {found.confidence:.2f}, of meaning {found.confidence_meaning:.2f}, of time {found.confidence_time:.2f}"
    yield found.rule


def _types(activities: Iterable[Activity]) -> list[Mark]:
    """One label behind each sentence, with all its types."""
    sentences: dict[int, list[Activity]] = {}
    for found in activities:
        sentences.setdefault(found.end, []).append(found)
    return [
        Mark(
            end,
            end,
            "types",
            " · ".join(activity_types().get(one.type, one.type) for one in ones),
            "\n".join(f"{one.type}: confidence {one.confidence:.2f}, {one.rule}" for one in ones),
        )
        for end, ones in sorted(sentences.items())
    ]
