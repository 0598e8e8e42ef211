"""Articles and records in, small HTML for notebooks out: text stays text, no script, for light and dark pages alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import NamedTuple

from .article import Article
from .records import (
    BRAND_KINDS,
    DIMENSIONS,
    Activity,
    Brand,
    Indicator,
    Period,
    Quantity,
    Records,
    activity_types,
    decimal_text,
)

LONGEST, MOST = 20_000, 200
"""Characters of a text and rows of a table that are shown; how many more there are is said."""
# What no page can hold, and what would turn the reading direction of all that follows.
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# Colours let the page shine through and the ink is the page's own: a notebook's theme is not the system's.
_STYLE = (
    "<style>"
    ".jianbao{line-height:1.9}"
    ".jianbao .text{white-space:pre-wrap;overflow-wrap:anywhere;max-height:36em;overflow:auto}"
    ".jianbao mark{color:inherit;background:none;border-radius:3px;padding:1px 2px}"
    ".jianbao .indicator{background:rgba(222,150,0,.3)}"
    ".jianbao .brand{background:rgba(30,150,90,.3)}"
    ".jianbao .outside{opacity:.7}"
    ".jianbao [data-told]::after{content:attr(data-told);font-size:75%;margin:0 .3em;padding:0 .3em;white-space:nowrap;"
    "border:1px solid rgba(128,128,128,.7);border-radius:3px}"
    ".jianbao summary{cursor:pointer}"
    ".jianbao .rows{overflow:auto;max-height:36em}"
    ".jianbao caption,.jianbao td,.jianbao th{text-align:left;vertical-align:top}"
    ".jianbao td{min-width:4em;white-space:normal}"
    "</style>"
)
# MathJax of a notebook typesets what stands between two dollar signs, but for these.
_CLASSES = "jianbao tex2jax_ignore mathjax_ignore"


def article_html(article: Article) -> str:
    """What is known of an article, and its text; what is no body is paler."""
    return _framed(_head(article) + _text(article.text, _outside(article), ()))


def records_html(records: Records) -> str:
    """Tables of the records, with the columns of `indicators.csv` and the others; a column without any value is left out."""
    return _framed(_tables(records))


def marked_html(article: Article, records: Records) -> str:
    """The text with its indicators and brands marked and the types behind each sentence; the tables folded below."""
    text = _text(article.text, [*_outside(article), *_marks(article, records)], _types(records.activities))
    return _framed(f"{_head(article)}{text}<details><summary>{_counts(records)}</summary>{_tables(records)}</details>")


def _framed(content: str) -> str:
    return f'{_STYLE}<div class="{_CLASSES}" lang="zh" dir="ltr">{content}</div>'


def _safe(text: str) -> str:
    """Text that is nothing but text wherever it stands in a page."""
    return escape(_UNSHOWN.sub("\ufffd", text)).replace("\n", "&#10;")


def _head(article: Article) -> str:
    names = ("title", "published", "source", "contributor", "region", "status", "message")
    told = [(name, str(getattr(article, name) or "")) for name in names]
    cells = [f"{name} <b>{_safe(value)}</b>" for name, value in told if value and (name, value) != ("status", "ok")]
    return f"<p>{' · '.join(cells)}</p>" if cells else ""


# --- the text


class _Mark(NamedTuple):
    """A stretch that looks otherwise: its class, a short label behind it, and what it says when pointed at."""

    start: int
    end: int
    look: str
    label: str = ""
    hint: str = ""


def _outside(article: Article) -> Iterator[_Mark]:
    place = 0
    for start, end in (*article.body, (len(article.text), len(article.text))):
        if place < start:
            yield _Mark(place, start, "outside")
        place = end


def _marks(article: Article, records: Records) -> Iterator[_Mark]:
    for brand in records.brands:
        kind = BRAND_KINDS.get(brand.kind, brand.kind)
        hint = (f"{brand.name}: {brand.kind} {kind}", f"confidence {brand.confidence:.2f}", brand.rule)
        yield _Mark(brand.start, brand.end, "brand", kind, "\n".join(hint))
    for found in records.indicators:
        value, unit = value_text(found.quantity), found.quantity.unit
        label = "" if f"{value}{unit}" == found.text else f"{value} {unit}".strip()
        yield _Mark(found.start, found.end, "indicator", label, "\n".join(_facts(found, article.text)))


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


def _types(activities: Iterable[Activity]) -> list[_Mark]:
    """One label behind each sentence, with all its types."""
    sentences: dict[int, list[Activity]] = {}
    for found in activities:
        sentences.setdefault(found.end, []).append(found)
    return [
        _Mark(
            end,
            end,
            "types",
            " · ".join(activity_types().get(one.type, one.type) for one in ones),
            "\n".join(f"{one.type}: confidence {one.confidence:.2f}, {one.rule}" for one in ones),
        )
        for end, ones in sorted(sentences.items())
    ]


def _text(text: str, marks: Iterable[_Mark], labels: Sequence[_Mark]) -> str:
    """The text in pieces, each in the marks that lie over it: well nested however marks overlap."""
    stop = min(len(text), LONGEST)
    waiting = sorted((mark for mark in marks if mark.start < stop), key=lambda mark: (-mark.start, mark.end))
    cuts = {0, stop, *(min(place, stop) for mark in (*waiting, *labels) for place in (mark.start, mark.end))}
    behind = {label.end: label for label in labels}
    parts, over = [], list[_Mark]()
    for start, end in pairwise(sorted(cuts)):
        over = [mark for mark in over if mark.end > start]
        while waiting and waiting[-1].start <= start:
            over.append(waiting.pop())
        parts.append(_piece(_safe(text[start:end]), over, end))
        if end in behind:
            parts.append(_tagged("span", behind[end], "", True))
    more = f"<p>… {len(text) - stop:,} more characters</p>" if len(text) > stop else ""
    return f'<div class="text">{"".join(parts)}</div>{more}'


def _piece(words: str, over: Sequence[_Mark], end: int) -> str:
    """A piece of the text in its marks, of which each has its label where it ends."""
    for mark in reversed(over):
        words = _tagged("span" if mark.look == "outside" else "mark", mark, words, mark.end == end)
    return words


def _tagged(tag: str, mark: _Mark, words: str, is_last: bool) -> str:
    told = f' data-told="{_safe(mark.label)}"' if mark.label and is_last else ""
    hint = f' title="{_safe(mark.hint)}"' if mark.hint else ""
    return f'<{tag} class="{mark.look}"{hint}{told}>{words}</{tag}>'


# --- the tables


def _counts(records: Records) -> str:
    sorts = {"indicators": records.indicators, "brands": records.brands, "activities": records.activities}
    return ", ".join(f"{len(found)} {name}" for name, found in sorts.items())


def _tables(records: Records) -> str:
    parts = (
        _table("indicators 指标", _INDICATOR, [_indicator_cells(found) for found in records.indicators]),
        _table("brands 品牌", _BRAND, [_brand_cells(found) for found in records.brands]),
        _table("activities 活动类型", _ACTIVITY, [_activity_cells(found) for found in records.activities]),
        _table("refused 未采纳", _REFUSAL, [(str(one.start), one.text, one.rule) for one in records.refusals]),
    )
    return "".join(parts) or "<p>no records 无记录</p>"


_INDICATOR = (
    "start", "text", "low", "high", "bound", "unit", "dimension", "per", "measure", "activity", "brand", "period_start",
    "period_end", "period_text", "status", "part_of", "region", "confidence", "rule",
)  # fmt: skip
_BRAND = ("start", "text", "name", "kind", "confidence", "rule")
_ACTIVITY = ("start", "text", "type", "confidence", "rule")
_REFUSAL = ("start", "text", "rule")


def _indicator_cells(found: Indicator) -> tuple[str, ...]:
    quantity, period = found.quantity, found.period
    return (
        str(found.start), found.text, decimal_text(quantity.low), decimal_text(quantity.high), quantity.bound,
        quantity.unit, quantity.dimension, quantity.per, found.measure, found.activity, found.brand,
        str(period.start or "") if period else "", str(period.end or "") if period else "", period.text if period else "",
        found.status, "-".join(map(str, found.part_of or ())), found.region or "", f"{found.confidence:.2f}", found.rule,
    )  # fmt: skip


def _brand_cells(found: Brand) -> tuple[str, ...]:
    return str(found.start), found.text, found.name, found.kind, f"{found.confidence:.2f}", found.rule


def _activity_cells(found: Activity) -> tuple[str, ...]:
    return str(found.start), found.text, found.type, f"{found.confidence:.2f}", found.rule


def _table(name: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    kept = [place for place in range(len(columns)) if any(row[place] for row in rows)]
    head = "".join(f'<th scope="col">{columns[place]}</th>' for place in kept)
    lines = "".join(f"<tr>{''.join(_cell(row[place]) for place in kept)}</tr>" for row in rows[:MOST])
    more = f"<p>… {len(rows) - MOST:,} more rows</p>" if len(rows) > MOST else ""
    caption = f"<caption>{name}</caption>"
    return f'<div class="rows"><table>{caption}<thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>{more}</div>'


def _cell(words: str) -> str:
    return f"<td>{_safe(words)}</td>"
