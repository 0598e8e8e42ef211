"""Lexicon files to rows: tab-separated, one header line, checked on reading."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from .errors import DataError

FOLDER = Path(__file__).parent / "lexicons"


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """Rows of `lexicons/NAME.tsv` without the header.

    Raises:
        DataError: with file and line where a row has too few or too many cells, or stands twice.
    """
    return read_rows(FOLDER / f"{name}.tsv")


def read_rows(path: Path) -> tuple[tuple[str, ...], ...]:
    """Rows of a tab-separated file without its header, checked as `rows` says."""
    lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    width = len(lines[0].split("\t"))
    seen: dict[tuple[str, ...], None] = {}
    for number, line in enumerate(lines[1:], start=2):
        cells = tuple(line.split("\t"))
        if len(cells) != width:
            raise DataError(f"{path.name}:{number}: expected {width} cells, found {len(cells)}")
        if cells in seen:
            raise DataError(f"{path.name}:{number}: {cells[0]!r} stands twice")
        seen[cells] = None
    return tuple(seen)


def mapping(name: str) -> dict[str, str]:
    """First cell to second cell of a lexicon."""
    return {row[0]: row[1] for row in rows(name)}


def alternation(words: list[str] | tuple[str, ...] | set[str] | frozenset[str]) -> str:
    """A regular expression for any of the words, longest first, with shared beginnings folded.

    >>> import re
    >>> re.match(alternation(["家", "家次"]), "家次").group()
    '家次'
    """
    import re

    trie: dict[str, dict[str, object]] = {}
    for word in words:
        node: dict[str, object] = trie  # type: ignore[assignment]
        for character in word:
            node = node.setdefault(character, {})  # type: ignore[assignment]
        node[""] = {}

    def fold(node: dict[str, object]) -> str:
        branches = [re.escape(key) + fold(child) for key, child in node.items() if key]  # type: ignore[arg-type]
        if not branches:
            return ""
        body = branches[0] if len(branches) == 1 and "" not in node else f"(?:{'|'.join(branches)})"
        return f"{body}?" if "" in node else body

    return fold(trie)  # type: ignore[arg-type]


class Word(NamedTuple):
    """A lexicon word in a text and its place."""

    text: str
    start: int
    end: int


# A word of a triple, without the call of a Python function: windows hold some each.
_word = partial(tuple.__new__, Word)


class Words:
    """Many words sought at once, longest first from the left; none inside another."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = list(dict.fromkeys(words))
        self._automaton = AhoCorasick(self._words, matchkind=MatchKind.LeftmostLongest)

    def find(self, text: str, start: int = 0, end: int | None = None) -> list[Word]:
        """The words in `text[start:end]`, offsets in the whole text.

        >>> Words(["企业", "小微企业"]).find("惠及小微企业")
        [Word(text='小微企业', start=2, end=6)]
        """
        words = self._words
        window = text[start:end] if start or end is not None else text
        matches = self._automaton.find_matches_as_indexes(window)
        return [_word((words[index], first + start, last + start)) for index, first, last in matches]
