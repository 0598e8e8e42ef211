"""Text in, the words in it that hint at an activity type out: `signs.tsv`, much wider and looser than what rules read."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
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
    finder = AhoCorasick(list(words), matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA)
    return finder, list(words.values())


def signs(scene: Scene) -> list[list[Sign]]:
    """The signs of each sentence of the scene, in one pass over the text."""
    finder, types = _finder()
    found: list[list[Sign]] = [[] for _ in scene.sentences]
    starts, sentences = scene.starts, scene.sentences
    for which, start, end in finder.find_matches_as_indexes(scene.text):
        index = bisect_right(starts, start) - 1
        if index >= 0 and end <= sentences[index].end:
            found[index].append(Sign(start, end, types[which]))
    return found
