"""Text in, the words in it that hint at an activity type out: `signs.tsv`, much wider and looser than what rules read."""

from __future__ import annotations

from bisect import bisect_left
from functools import cache, partial
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from ..corpus.lexicons import rows
from .scene import Scene

STRENGTHS = {"strong": 2, "weak": 1}


class Sign(NamedTuple):
    """A word in the text and what it hints at: types (or `none`, for no work at all), each with its strength."""

    start: int
    end: int
    types: tuple[tuple[str, int], ...]


@cache
def _finder() -> tuple[AhoCorasick, list[tuple[tuple[str, int], ...]]]:
    words: dict[str, tuple[tuple[str, int], ...]] = {}
    for word, kind, strength in rows("signs"):
        words[word] = (*words.get(word, ()), (kind, STRENGTHS[strength]))
    finder = AhoCorasick(list(words), matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA)
    return finder, list(words.values())


# A sign of a triple, without the call of a Python function: news of a year hold millions.
_sign = partial(tuple.__new__, Sign)


def signs(scene: Scene) -> list[list[Sign]]:
    """The signs of each sentence of the scene, in one pass over the text."""
    finder, types = _finder()
    matches = finder.find_matches_as_indexes(scene.text)
    if not matches:
        return [[] for _ in scene.sentences]
    which, starts, ends = zip(*matches, strict=True)
    seen = list(map(_sign, zip(starts, ends, map(types.__getitem__, which), strict=True)))
    found: list[list[Sign]] = []
    last = 0
    for sentence in scene.sentences:
        first = bisect_left(starts, sentence.start, last)
        last = bisect_left(starts, sentence.end, first)
        crosses = last > first and ends[last - 1] > sentence.end  # no other can: none lies over another
        found.append(seen[first : last - crosses])
    return found
