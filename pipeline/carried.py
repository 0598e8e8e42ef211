"""Records in, what other annotation tools carry of them out, and back: labels, links, and all else as one text beside."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..corpus.errors import InputError
from ..corpus.records import Brand, Indicator, Mention, decimal_text
from ..extractors.brands import brand_name
from ..extractors.candidates import candidates
from .corrections import in_order
from .fields import FIELDS, SORTS, built, fields_of, made, sort_of

PART, BRAND = "part_of", "brand"
"""The links between records: of a part to its whole, of a figure to the mention of its brand."""
NAMED = {"indicator": "dimension", "brand": "kind", "activity": "type"}
"""The field of each sort that its label tells."""
_SURE = ("confidence_meaning", "confidence_time")
Json = dict[str, Any]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Task:
    """An article as a tool gets it and gives it back; `confirmed` where a person has submitted it."""

    article: str
    text: str
    records: tuple[Mention, ...]
    facts: Mapping[str, str]
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Region:
    """A marked stretch as a tool gives it back: its label, the fields that the tool lets people write, its links. None
    says that the tool knows no such thing, so that what was carried beside holds."""

    start: int
    end: int
    label: str
    fields: Mapping[str, str] | None
    links: Mapping[str, Span] | None


def label_of(record: Mention) -> str:
    """The label of a record.

    >>> label_of(Brand(0, 2, "侨舍", "gold", 1.0, "侨舍", "place"))
    'brand.place'
    """
    return f"{sort_of(record)}.{fields_of(record)[NAMED[sort_of(record)]]}"


def links_of(record: Mention, records: Sequence[Mention]) -> dict[str, Span]:
    """The spans of the records that a figure is linked to: its whole, and the nearest mention of its brand."""
    if not isinstance(record, Indicator):
        return {}
    links = {}
    wholes = [one for one in records if isinstance(one, Indicator) and (one.start, one.end) == record.part_of]
    if wholes and record.part_of:
        links[PART] = record.part_of
    named = [one for one in records if isinstance(one, Brand) and record.brand and one.name == record.brand]
    if named:
        near = min(named, key=lambda one: (one.start > record.start, abs(record.start - one.start), one.end))
        links[BRAND] = near.start, near.end
    return links


def carried(records: Iterable[Mention]) -> str:
    """All of the records as one text that a tool keeps unread beside the article."""
    return json.dumps([_entry(one) for one in records], ensure_ascii=False, separators=(",", ":"))


def _entry(one: Mention) -> Json:
    entry = {"sort": sort_of(one), "start": one.start, "end": one.end, **fields_of(one), "rule": one.rule}
    entry["confidence"] = one.confidence
    if isinstance(one, Indicator):
        entry |= {name: getattr(one, name) for name in _SURE}
    return entry | ({"name": one.name} if isinstance(one, Brand) else {})


def uncarried(told: object, text: str) -> tuple[Mention, ...]:
    """The records of a text that `carried` wrote; none where it was lost or broken on the way."""
    try:
        entries = json.loads(told) if isinstance(told, str) else []
        return tuple(_uncarried(entry, text) for entry in entries)
    except (ValueError, KeyError, TypeError, ArithmeticError, AttributeError):
        return ()


def _uncarried(entry: Json, text: str) -> Mention:
    sort, start, end = entry["sort"], entry["start"], entry["end"]
    fields = {name: entry[name] for name in FIELDS[sort]}
    found = built(sort, start, end, text[start:end], fields, entry["rule"], entry["confidence"])
    if isinstance(found, Indicator):
        return found.believed(found.confidence, *(entry[name] for name in _SURE))
    return replace(found, name=entry["name"]) if isinstance(found, Brand) else found


def rebuilt(regions: Sequence[Region], before: Sequence[Mention], text: str, where: str) -> tuple[Mention, ...]:
    """The records of what a tool gives back; `before` is what was carried beside.

    A record that nobody changed is the one that was carried, with the rule that found it and its confidence.

    Raises:
        InputError: with the place in the article where a region cannot be a record.
    """
    names = {(one.start, one.end): brand_name(text[one.start : one.end]) for one in regions if _sort(one) == "brand"}
    names |= {
        (one.start, one.end): one.name for one in before if isinstance(one, Brand) if (one.start, one.end) in names
    }
    return in_order(dict.fromkeys(_record(one, before, names, text, where) for one in regions))


def _sort(region: Region) -> str:
    return region.label.partition(".")[0]


def _record(region: Region, before: Sequence[Mention], names: Mapping[Span, str], text: str, where: str) -> Mention:
    sort, _, code = region.label.partition(".")
    surface = text[region.start : region.end]
    if sort not in SORTS:
        raise InputError(f"{where}: {region.label!r} at {region.start}-{region.end} is no label of ours (标签未知)")
    known = _known(region, sort, code, before)
    fields = {**(_usual(sort, surface) if known is None else fields_of(known))}
    if region.fields is not None:
        told = {name: region.fields.get(name, "") for name in FIELDS[sort] if name not in (NAMED[sort], PART)}
        whole = {"unit"} if told.get("low") else set()  # who tells the value tells that it has no unit
        fields |= {name: words for name, words in told.items() if words or known is not None or name in whole}
    fields[NAMED[sort]] = code
    if sort == "indicator" and region.links is not None:
        fields |= _linked(region.links, known, before, names, fields)
    if known is not None and fields == fields_of(known):
        return known
    try:
        return made(sort, region.start, region.end, surface, fields)
    except InputError as error:
        raise InputError(f"{where}: {surface!r} at {region.start}-{region.end}: {error}") from None


def _known(region: Region, sort: str, code: str, before: Sequence[Mention]) -> Mention | None:
    """The record that was carried for a region: with its label, else the only one there with another."""
    there = [one for one in before if (sort_of(one), one.start, one.end) == (sort, region.start, region.end)]
    same = [one for one in there if fields_of(one)[NAMED[sort]] == code]
    return same[0] if same else there[0] if len(there) == 1 and sort != "activity" else None


def _usual(sort: str, surface: str) -> dict[str, str]:
    """The fields of a record that somebody marked: of a figure the value that its words tell."""
    fields = dict.fromkeys(FIELDS[sort], "")
    return fields | (value_in(surface) if sort == "indicator" else {})


def value_in(surface: str) -> dict[str, str]:
    """The value that the words of a figure tell by themselves.

    >>> value_in("近4万元")["low"], value_in("近4万元")["high"], value_in("许多")
    ('36000', '40000', {'status': 'done', 'bound': 'exact'})
    >>> value_in("46万")["low"], value_in("46万")["unit"]
    ('460000', '')
    """
    usual = {"status": "done", "bound": "exact"}
    for told in (surface, f"{surface}个"):  # a figure alone is one with any measure word
        for found in candidates(told):
            low, high = decimal_text(found.low), decimal_text(found.high)
            unit = found.unit if told == surface else ""
            return usual | {"low": low, "high": high, "bound": found.bound, "unit": unit}
    return usual


def _linked(
    links: Mapping[str, Span],
    known: Mention | None,
    before: Sequence[Mention],
    names: Mapping[Span, str],
    fields: Mapping[str, str],
) -> dict[str, str]:
    """What links say: one that was drawn anew or taken away says more than the field that was carried."""
    had = links_of(known, before) if known is not None else {}
    told: dict[str, str] = {}
    if PART in links or PART in had:
        told[PART] = "{}-{}".format(*links[PART]) if PART in links else ""
    brand = names.get(links[BRAND], "") if BRAND in links else ""
    written = fields["brand"] != (known.brand if isinstance(known, Indicator) else "")
    if brand and (links[BRAND] != had.get(BRAND) or not written):
        told[BRAND] = brand if links[BRAND] != had.get(BRAND) else fields["brand"]
    elif BRAND in had and BRAND not in links and not written:
        told[BRAND] = ""
    return told
