"""Stretches in which somebody else's pipeline sees a figure or a brand in, what our rules read in them out."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from ..corpus.lexicons import alternation
from ..corpus.records import Brand, Refusal
from .brand_nouns import kind_of, noun_behind
from .candidates import DATE, Candidate, bounded, modifiers_behind, units
from .numerals import NUMERAL, parse

# Rules of what is found or refused at somebody else's word; a mention bears the label behind the first: `user.ORG`.
USER = "user"
NO_FIGURE = ("refuse.user.no-figure", "a claimed figure in which no number can be read", "热粥若干碗")
NO_NAME = (
    "refuse.user.no-name",
    "a claimed brand that is no name: without two letters, or over the end of a sentence",
    "“”",
)
OUTSIDE = ("refuse.user.outside", "a claim that stands in no sentence of the body, or in two", "[图片说明] 热粥300碗")

_CONFIDENCE = 0.7
_LONGEST_NAME = 90
_AROUND = re.compile(r"[“”‘’「」『』《》\"\s]+")
_BROKEN = re.compile(r"[。！？；\n]")
_WORDS_BEHIND = re.compile(r"[”’」』\"]?([一-龥A-Za-z0-9（）()]{0,20})")


class Claim(NamedTuple):
    """A stretch of an article in which somebody else sees a figure or a brand, and what they call it."""

    start: int
    end: int
    label: str = ""

    @property
    def rule(self) -> str:
        """The rule of what is found there.

        >>> Claim(3, 7, "ORG").rule
        'user.ORG'
        """
        return f"{USER}.{self.label}" if self.label else USER


@dataclass(frozen=True, slots=True)
class Claims:
    """What somebody else sees in one article: where figures stand and where brands do."""

    indicators: tuple[Claim, ...] = ()
    brands: tuple[Claim, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.indicators or self.brands)

    def moved(self, place: Callable[[int, int], tuple[int, int]]) -> Claims:
        """The same in another text, `place` telling where a stretch stands there."""
        indicators, brands = (
            tuple(Claim(*place(claim.start, claim.end), claim.label) for claim in sorted(claims))
            for claims in (self.indicators, self.brands)
        )
        return Claims(indicators, brands)


UNCLAIMED = Claims()


def refused(text: str, claim: Claim, rule: str) -> Refusal:
    """A claim that is no record."""
    return Refusal(claim.start, claim.end, text[claim.start : claim.end], rule)


def inside(claims: Sequence[Claim], start: int, end: int) -> Sequence[Claim]:
    """The claims, which come in order, that lie within `start..end`."""
    first, last = (bisect_left(claims, place, key=lambda claim: claim.start) for place in (start, end))
    return [claim for claim in claims[first:last] if claim.end <= end]


def outside(text: str, claims: Sequence[Claim], spans: Sequence[tuple[int, int]]) -> Iterator[Refusal]:
    """The claims that lie within none of the spans."""
    if not claims:
        return
    within = {claim for start, end in spans for claim in inside(claims, start, end)}
    yield from (refused(text, claim, OUTSIDE[0]) for claim in claims if claim not in within)


@cache
def _figure() -> re.Pattern[str]:
    behind = alternation(list(modifiers_behind()))
    return re.compile(
        rf"(?P<numeral>{NUMERAL}[余多来餘]?)\s*(?P<unit>[一-龥A-Za-z%‰℃°/]{{0,8}}?)(?P<behind>{behind})?\s*$"
    )


def figure_in(text: str, claim: Claim) -> Candidate | None:
    """The number with which a claim ends, whatever its unit: one that no lexicon knows counts as it is written.

    A single Chinese digit behind other words is part of a word: 腊八粥.

    >>> found = figure_in("送出热粥近300碟", Claim(5, 9, "FOOD"))
    >>> found.start, str(found.low), str(found.high), found.unit
    (4, '270', '300', '碟')
    """
    match = _figure().search(text, claim.start, claim.end)
    number = parse(match["numeral"]) if match else None
    if match is None or number is None or DATE.match(text, match.start(), claim.end):
        return None
    dimension, unit, needs = units().get(match["unit"], ("other", match["unit"], ""))
    end = max(match.end(part) for part in ("numeral", "unit", "behind") if match[part])
    found = Candidate(
        match.start(), end, match.start(), match.start("unit"), match.end("unit"), match["numeral"], number.low,
        number.high, number.kind, unit, dimension, needs, behind=match["behind"] or "", step=number.step,
    )  # fmt: skip
    found = bounded(text, found)
    return found if found.start <= claim.start or len(found.numeral) > 1 or found.numeral.isdecimal() else None


def name_in(text: str, claim: Claim, name_of: Callable[[str], str]) -> Brand | Refusal:
    """The brand of a claim, without the marks around it; what stands behind it tells the kind.

    >>> name_in("推出“橘灯”服务品牌", Claim(2, 6, "ORG"), str).kind
    'project'
    """
    start, end = claim.start, claim.end
    if head := _AROUND.match(text, start, end):
        start = head.end()
    while end > start and _AROUND.match(text[end - 1]):
        end -= 1
    name = name_of(text[start:end])
    if sum(map(str.isalnum, name)) < 2 or end - start > _LONGEST_NAME or _BROKEN.search(text, start, end):
        return refused(text, claim, NO_NAME[0])
    right = _WORDS_BEHIND.match(text, end)
    kind = kind_of(name, noun_behind(right[1] if right else ""))
    return Brand(start, end, text[start:end], claim.rule, _CONFIDENCE, name, kind)
