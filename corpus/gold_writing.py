"""Gold in, the lines of its notation out, which are read back as the same text and records."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from .errors import DataError
from .gold import EMPTY_LINE, GoldArticle, parse_gold, spoken
from .records import (
    Indicator,
    Records,
    decimal_text,
)

Json = dict[str, Any]
Fault = Callable[[str], DataError]
_SCALES = (("亿", 8), ("万", 4))
_MARKS = re.compile(r"[\\\[{<]")
_BARS = re.compile(r"[\\|\]}]")


def write_gold(golds: Iterable[GoldArticle]) -> str:
    """Gold articles in the notation, a blank line between them; each `@` line stands where what it says changes.

    Raises:
        DataError: where a record cannot be told in the notation, as one mention inside another.
    """
    written, known = [], ""
    for gold in golds:
        context = _context(gold)
        head = f"{context or '@'}\n" if context != known else ""
        written.append(head + _body(gold))
        known = context
    return "\n".join(written)


def write_block(gold: GoldArticle) -> str:
    """One gold article in the notation, which `parse_gold` reads back as the same text and records.

    >>> [gold] = parse_gold("走访[30户|30|户|households|走访|visit]\\\\[一]。<visit>")
    >>> write_block(gold)
    '走访[30户|30|户|households|走访|visit]\\\\[一]。<visit>\\n'
    """
    return write_gold([gold])


def _context(gold: GoldArticle) -> str:
    article, origin = gold.article, gold.origin
    told = [f"article={spoken(origin.article)}", f"start={origin.start}"] if origin else []
    told += [f"published={article.published}"] if article.published else []
    told += [f"region={article.region}"] if article.region else []
    return f"@ {' '.join(told)}" if told else ""


def _body(gold: GoldArticle) -> str:
    """The marked text; read back once, so that nothing is lost unseen."""
    text, parts, position = gold.article.text, [], 0
    for start, end, mark in sorted(_marks(gold)):
        parts += [_MARKS.sub(r"\\\g<0>", text[position:start]), mark]
        position = end
    lines = "".join([*parts, _MARKS.sub(r"\\\g<0>", text[position:])]).split("\n")
    written = "\n".join(map(_line, lines)) + "\n"
    known = _context(gold)
    again = list(parse_gold(f"{known}\n{written}", gold.path))
    if len(again) != 1 or again[0].article.text != text or again[0].records != _ordered(gold.records):
        raise DataError(f"{gold.path}:{gold.line}: {_lost(gold, again)} cannot be told in the gold notation")
    return written


def _ordered(records: Records) -> Records:
    """Records in the order in which the notation tells them."""
    return Records(
        tuple(sorted(records.indicators, key=lambda found: found.start)),
        tuple(sorted(records.brands, key=lambda found: found.start)),
        tuple(sorted(records.activities, key=lambda found: (found.start, found.type))),
    )


def _lost(gold: GoldArticle, again: list[GoldArticle]) -> str:
    kept = again[0].records if again else Records()
    pairs = ((gold.records.indicators, kept.indicators), (gold.records.brands, kept.brands))
    lost = [found.text for had, has in pairs for found in had if found not in has]
    lost += [found.text for found in gold.records.activities if found not in kept.activities]
    return repr(lost[0][:40]) if lost else "the text"


def _line(line: str) -> str:
    """A line that would be read as an empty one, a comment or a context line, made readable as text."""
    if not line:
        return EMPTY_LINE
    return f"\\{line}" if not line.strip() or line[0] in "#@" else line


def _marks(gold: GoldArticle) -> Iterator[tuple[int, int, str]]:
    """Start, end and notation of each mark; types stand behind their sentence and cover nothing."""
    text, home = gold.article.text, gold.article.region
    indicators = sorted(gold.records.indicators, key=lambda found: found.start)
    for found in indicators:
        yield found.start, found.end, f"[{'|'.join(map(_kept, _cells(found, _part(found, indicators, text), home)))}]"
    for brand in gold.records.brands:
        yield brand.start, brand.end, f"{{{_kept(brand.text)}|{brand.kind}}}"
    types: dict[int, set[str]] = {}
    for activity in gold.records.activities:
        types.setdefault(activity.end, set()).add(activity.type)
    yield from ((end, end, f"<{','.join(sorted(names))}>") for end, names in types.items())


def _kept(words: str) -> str:
    return _BARS.sub(r"\\\g<0>", words)


def _part(found: Indicator, every: Sequence[Indicator], text: str) -> str:
    """The whole of an indicator as the notation names it: by its surface where that is enough, else by its number."""
    if found.part_of is None:
        return ""
    surface, places = text[slice(*found.part_of)], [(one.start, one.end) for one in every]
    before = [
        place for one, place in zip(every, places, strict=True) if one.start < found.start and one.text == surface
    ]
    if found.part_of not in places or before[-1:] == [found.part_of]:
        return surface
    return f"#{places.index(found.part_of) + 1}"


def _cells(found: Indicator, part: str, home: str | None) -> Iterator[str]:
    quantity, period = found.quantity, found.period
    low, high = _figure(quantity.low), _figure(quantity.high)
    value = low if quantity.low == quantity.high else f"{low}..{high}"
    yield found.text
    yield value if quantity.bound == "exact" else f"{value} {quantity.bound}"
    yield from (quantity.unit, quantity.dimension, found.measure, found.activity)
    named = {
        "per": quantity.per,
        "brand": found.brand,
        "period": f"{period.start or ''}..{period.end or ''} {period.text}".rstrip(" ") if period else "",
        "status": found.status if found.status != "done" else "",
        "part": part,
    }
    yield from (f"{name}={told}" for name, told in named.items() if told)
    if found.region != home:
        yield f"region={found.region or ''}"


def _figure(value: Decimal) -> str:
    """A figure as short as it can be told: 2.1亿, 3.47万, 1260.

    >>> [_figure(Decimal(value)) for value in (210000000, 36000, 1260)]
    ['2.1亿', '3.6万', '1260']
    """
    scaled = [decimal_text(value.scaleb(-places)) + scale for scale, places in _SCALES if value >= 10**places]
    return min([decimal_text(value), *scaled], key=len)
