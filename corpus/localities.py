"""Reads streets and towns (`localities.tsv`), finds in a text those that name the county which holds them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from .errors import DataError
from .place_names import BEFORE_SHORT, Place
from .regions import divisions

_TABLE = Path(__file__).parent / "divisions" / "localities.tsv"
_NO_END = frozenset("化域区级村流")  # 城镇化, 镇区
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LONGEST = 10
_SHORTEST = 3


@lru_cache(maxsize=1)
def localities() -> Mapping[str, tuple[str, ...]]:
    """Street or town → the counties that have one of the name; raises `DataError` with file and line."""
    counties: dict[str, list[str]] = {}
    for number, line in enumerate(_TABLE.read_text(encoding="utf-8").splitlines()[1:], start=2):
        kind, _, rest = line.partition("\t")
        code, _, names = rest.partition("\t")
        if kind == "zone":
            continue
        if divisions().by_adcode(code) is None or not names:
            raise DataError(f"{_TABLE}:{number}: want kind, adcode and names; make it again (请重新生成)")
        for name in names.split(" "):
            counties.setdefault(name, []).append(code)
    return {name: tuple(codes) for name, codes in counties.items()}


@lru_cache(maxsize=1)
def _tails() -> frozenset[str]:
    """How the names end; most words before 镇 end no name."""
    return frozenset(name[-_SHORTEST:] for name in localities())


def add_localities(text: str, found: list[Place]) -> None:
    """Put streets and towns among the places: alone when one county has the name, else behind their parent.

    A street behind its own county only settles which county of the name it is: 西湖区北山街道.
    """
    known, tails = localities(), _tails()
    for end in _ends(text):
        if text[end - _SHORTEST : end] not in tails:
            continue
        for start in range(max(0, end - _LONGEST), end - _SHORTEST + 1):
            codes = known.get(text[start:end])
            if codes:
                _add(text, found, start, end, codes)
                break


def _ends(text: str) -> Iterator[int]:
    """Where 街道 and 镇 end in the text, if they end a word there."""
    for word in ("街道", "镇"):
        at = text.find(word)
        while at >= 0:
            end = at + len(word)
            if text[end : end + 1] not in _NO_END:
                yield end
            at = text.find(word, end)


def _add(text: str, kept: list[Place], start: int, end: int, codes: tuple[str, ...]) -> None:
    """Put the name among the places where it stands free of them and its left side allows it."""
    over = [place for place in kept if place.start < end and start < place.end]
    if over and not _bare(over, start, codes):
        return
    for place in over:
        kept.remove(place)
    before = next((place for place in kept if place.end == start), None)
    if before is None:
        free = start == 0 or text[start - 1] in BEFORE_SHORT or not _HAN.match(text[start - 1])
        if free and len(codes) == 1:
            _put(kept, Place(start, end, text[start:end], codes, "division", start))
        return
    _behind(text, kept, before, start, end, codes)


def _bare(over: Sequence[Place], start: int, codes: tuple[str, ...]) -> bool:
    """Whether all that is overlaid is the short name that a street of one county begins with: 太原|街街道 is in 沈阳."""
    (first, *others) = over
    return not others and first.start == first.chain == start and len(codes) == 1


def _behind(text: str, kept: list[Place], before: Place, start: int, end: int, codes: tuple[str, ...]) -> None:
    """Behind a county the name settles the county; behind what holds one, the name stands for its own."""
    same = tuple(code for code in before.candidates if code in codes)
    if same:
        kept[kept.index(before)] = before._replace(candidates=same)
        return
    lines = divisions().lines
    inside = tuple(code for code in codes if any(outer in lines[code] for outer in before.candidates))
    if inside and before.kind == "division":
        _put(kept, Place(start, end, text[start:end], inside, "division", before.chain))


def _put(kept: list[Place], place: Place) -> None:
    """Put a place in the order of the text."""
    kept.append(place)
    kept.sort(key=lambda each: each.start)


def is_locality(place: Place) -> bool:
    """Whether a place is a street or town that no division was named before."""
    return place.chain == place.start and place.text not in divisions().names and place.text in localities()
