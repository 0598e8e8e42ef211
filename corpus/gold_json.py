"""Gold as JSON, with offsets into a text of its own, in and out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from .article import Article
from .decoding import decode
from .errors import DataError, InputError
from .gold import GoldArticle
from .reading import from_text
from .records import (
    BOUNDS,
    BRAND_KINDS,
    DIMENSIONS,
    STATUSES,
    Activity,
    Bound,
    Brand,
    Indicator,
    Mention,
    Period,
    Quantity,
    Records,
    Status,
    activity_types,
    indicator_cells,
)

Json = dict[str, Any]
Fault = Callable[[str], DataError]
_SCALES = (("亿", 8), ("万", 4))
_MARKS = re.compile(r"[\\\[{<]")
_BARS = re.compile(r"[\\|\]}]")


def read_json(folder: Path, texts: Path, names: Iterable[str] | None = None) -> Iterator[GoldArticle]:
    """Gold of every `NAME.json` of a folder (or of those named), each with the text `NAME.txt` of another folder.

    Raises:
        InputError: where a text is missing.
        DataError: with file and line where a gold file is no JSON, or says what its text does not.
    """
    for name in sorted(path.name for path in folder.glob("*.json")) if names is None else names:
        text = texts / f"{name.removesuffix('.json').removesuffix('.gold')}.txt"
        if not text.is_file():
            raise InputError(f"{text}: no such text for the gold {folder / name} (缺少对应文本)")
        yield from_json(_loaded(folder / name), decode(text.read_bytes()).text, str(text))


def _loaded(path: Path) -> Json:
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except json.JSONDecodeError as error:
        raise DataError(f"{path}:{error.lineno}: is no JSON: {error.msg}") from None
    except (OSError, UnicodeError) as error:
        raise DataError(f"{path}:1: cannot be read: {error}") from None
    if not isinstance(data, dict):
        raise DataError(f"{path}:1: expected an object with article, indicators, brands, activities")
    return data


def from_json(data: Mapping[str, Any], text: str, path: str = "<gold>") -> GoldArticle:
    """The gold article of a JSON object and the text into which its offsets point; `path` is that of the text.

    What is body is read from the text; title, published, source, contributor and region are those of the gold.

    Raises:
        DataError: with the text's path and line where a record does not fit the text or breaks the guideline.
    """
    line = 1

    def fault(what: str) -> DataError:
        return DataError(f"{path}:{line}: the gold's {what}")

    def of(sort: str) -> Iterator[Json]:
        nonlocal line
        for index, entry in enumerate(data.get(sort, ())):
            if not isinstance(entry, dict) or not isinstance(entry.get("start"), int):
                raise fault(f"{sort}[{index}] has no start")
            line = text.count("\n", 0, entry["start"]) + 1
            yield entry

    article = _article(_known(data, fault), text, path, fault)
    indicators: list[Indicator] = []
    for entry in of("indicators"):
        indicators.append(_indicator(entry, text, indicators, fault))
    brands = tuple(_brand(entry, text, fault) for entry in of("brands"))
    activities = tuple(found for entry in of("activities") for found in _activities(entry, text, fault))
    return GoldArticle(
        article, Records(tuple(indicators), brands, activities), path, tuple(range(1, text.count("\n") + 2))
    )


def _known(data: Mapping[str, Any], fault: Fault) -> Json:
    known = data.get("article", {})
    if not isinstance(known, dict):
        raise fault(f"article is {known!r}, not an object")
    return known


def _article(known: Json, text: str, path: str, fault: Fault) -> Article:
    return replace(
        from_text(text, Path(path).name),
        title=_words(known, "title", fault),
        published=_day(_words(known, "published", fault), fault),
        source=_words(known, "source", fault),
        contributor=_words(known, "contributor", fault),
        region=_words(known, "region", fault) or None,
    )


def _words(entry: Json, name: str, fault: Fault) -> str:
    words = entry.get(name)
    if words is not None and not isinstance(words, str):
        raise fault(f"{name} is {words!r}, not a text")
    return words or ""


def _one_of(entry: Json, name: str, known: Iterable[str], fault: Fault) -> str:
    word = _words(entry, name, fault)
    if word not in known:
        raise fault(f"{name} {word!r} is none of {', '.join(filter(None, known))}")
    return word


def _day(words: str, fault: Fault) -> date | None:
    try:
        return date.fromisoformat(words) if words else None
    except ValueError:
        raise fault(f"date {words!r} is not written like 2023-12-31") from None


def _span(entry: Json, text: str, fault: Fault) -> tuple[int, int, str]:
    start, end = entry["start"], entry.get("end")
    if not isinstance(end, int) or not 0 <= start < end <= len(text):
        raise fault(f"span {start}-{end} lies outside the text of {len(text)} characters")
    surface = text[start:end]
    if entry.get("text", surface) != surface:
        raise fault(f"{entry['text']!r} at {start}-{end} is {surface!r} in the text")
    return start, end, surface


def _number(entry: Json, name: str, fault: Fault) -> Decimal:
    number = entry.get(name)
    if isinstance(number, bool) or not isinstance(number, int | float | Decimal):
        raise fault(f"{name} is {number!r}, not a number")
    return Decimal(str(number))


def _indicator(entry: Json, text: str, before: list[Indicator], fault: Fault) -> Indicator:
    start, end, surface = _span(entry, text, fault)
    low, high = _number(entry, "low", fault), _number(entry, "high", fault)
    if high < low:
        raise fault(f"{surface!r} has its high below its low")
    quantity = Quantity(
        low,
        high,
        cast(Bound, _one_of(entry, "bound", BOUNDS, fault)),
        _words(entry, "unit", fault),
        _one_of(entry, "dimension", DIMENSIONS, fault),
        _words(entry, "per", fault),
    )
    return Indicator(
        start,
        end,
        surface,
        "gold",
        1.0,
        quantity,
        _words(entry, "measure", fault),
        _one_of(entry, "activity", ("", *activity_types()), fault),
        _words(entry, "brand", fault),
        _period(entry.get("period") or {}, fault),
        cast(Status, _one_of(entry, "status", STATUSES, fault)),
        _whole(_words(entry, "part_of", fault), start, before, fault),
        _words(entry, "region", fault) or None,
    )


def _period(told: Any, fault: Fault) -> Period | None:
    if not isinstance(told, dict):
        raise fault(f"period is {told!r}, not an object")
    start, end, words = (_words(told, name, fault) for name in ("start", "end", "text"))
    return Period(_day(start, fault), _day(end, fault), words) if start or end or words else None


def _whole(surface: str, start: int, before: list[Indicator], fault: Fault) -> tuple[int, int] | None:
    """The nearest indicator before with that surface."""
    if not surface:
        return None
    wholes = [(found.start, found.end) for found in before if found.text == surface and found.start < start]
    if not wholes:
        raise fault(f"part_of {surface!r}: no such indicator before it")
    return max(wholes)


def _brand(entry: Json, text: str, fault: Fault) -> Brand:
    start, end, surface = _span(entry, text, fault)
    return Brand(start, end, surface, "gold", 1.0, surface, _one_of(entry, "kind", BRAND_KINDS, fault))


def _activities(entry: Json, text: str, fault: Fault) -> Iterator[Activity]:
    start, end, surface = _span(entry, text, fault)
    types = entry.get("types", [])
    for name in types:
        if name not in activity_types():
            raise fault(f"activity type {name!r} is none of {', '.join(activity_types())}")
    yield from (Activity(start, end, surface, "gold", 1.0, name) for name in sorted(types))


def to_json(gold: GoldArticle) -> Json:
    """The JSON object of a gold article: what is known of it, indicators, brands, and the types of each sentence.

    >>> from .gold import parse_gold
    >>> [gold] = parse_gold("募集善款[800余万元|800万..900万 over|元|money|募集善款|donation]。<donation>")
    >>> [(found["start"], found["high"]) for found in to_json(gold)["indicators"]]
    [(4, 9000000)]
    """
    article, records = gold.article, gold.records
    types: dict[tuple[int, int], list[str]] = {}
    for found in records.activities:
        types.setdefault((found.start, found.end), []).append(found.type)
    return {
        "article": {
            "title": article.title,
            "published": str(article.published or ""),
            "source": article.source,
            "contributor": article.contributor,
            "region": article.region or "",
        },
        "indicators": [_told(found, article.text) for found in records.indicators],
        "brands": [{**_place(found), "kind": found.kind} for found in records.brands],
        "activities": [{"start": start, "end": end, "types": names} for (start, end), names in types.items()],
    }


def _place(found: Mention) -> Json:
    return {"start": found.start, "end": found.end, "text": found.text}


def _told(found: Indicator, text: str) -> Json:
    cells = indicator_cells(found)
    period = {name: cells.pop(f"period_{name}") for name in ("start", "end", "text")}
    return {
        **_place(found),
        **cells,
        "low": _plain(found.quantity.low),
        "high": _plain(found.quantity.high),
        "period": period,
        "part_of": text[slice(*found.part_of)] if found.part_of else None,
    }


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
