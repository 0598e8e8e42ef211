"""Text in traditional script or variant characters in, the same text as mainland rules read it out, of the same length.

The table `lexicons/script.tsv` is made by `build_script.py`, which names its sources and their licences.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from .article import Article
from .lexicons import rows

# How far before and behind a record the words are sought that it took from the text.
NEAR, BEHIND = 400, 60


class Word(NamedTuple):
    """How a word with an open character is read, and which of its letters that character is."""

    written: str
    read: str
    place: int


class Table(NamedTuple):
    """Characters by code point; words by the character that they decide; what shows that a text needs folding."""

    characters: Mapping[int, str]
    words: Mapping[str, tuple[Word, ...]]
    defaults: Mapping[str, str]
    foreign: re.Pattern[str]
    open: re.Pattern[str]


@cache
def table() -> Table:
    """The table of the lexicon, read when first asked for."""
    singles = {written: read for written, read, basis in rows("script") if basis not in ("kept", "respelt")}
    words: dict[str, list[Word]] = {}
    for written, read, basis in rows("script"):
        for place, character in enumerate(written):
            open_here = character in singles or character == "著" if basis == "kept" else character != read[place]
            if basis in ("kept", "respelt") and open_here:
                words.setdefault(character, []).append(Word(written, read, place))
    defaults = {character: singles.get(character, character) for character in words} | {"著": "着"}
    characters = {ord(written): read for written, read in singles.items() if written not in words}
    return Table(
        characters,
        {character: tuple(ones) for character, ones in words.items()},
        defaults,
        re.compile(f"[{re.escape(''.join(sorted(singles)))}]"),
        re.compile(f"[{''.join(sorted(words))}]"),
    )


def fold(text: str) -> str:
    """The text with each character as mainland rules read it; the same object where nothing is to be read otherwise.

    >>> fold("慰問長者３００餘戶，乾隆年間的乾糧"), fold("按計畫回覆僑胞")
    ('慰问长者300余户，乾隆年间的干粮', '按计划回复侨胞')
    """
    if text.isascii():  # told in no time, and so are the names of files and what is unknown
        return text
    known = table()
    if known.foreign.search(text) is None:
        return text
    plain = text.translate(known.characters)
    return known.open.sub(lambda found: _read(plain, found.start()), plain)


def _read(text: str, place: int) -> str:
    """The open character at a place as the word around it decides."""
    known, character = table(), text[place]
    for word in known.words[character]:
        start = place - word.place
        if start >= 0 and text.startswith(word.written, start):
            return word.read[word.place]
    return known.defaults[character]


def folded(article: Article) -> Article:
    """The article as rules and models read it: text and title folded, all places as they were."""
    text = fold(article.text)
    return article if text is article.text else replace(article, text=text, title=fold(article.title))


class Original:
    """Gives words that were taken from a folded text back as the original writes them."""

    def __init__(self, written: str, read: str) -> None:
        self.written, self.read = written, read
        self._letters: dict[str, str] | None = None

    def words(self, read: str, start: int, end: int) -> str:
        """The words as they stand around `start..end`; letter by letter where they stand nowhere near.

        >>> Original("走訪僑商、僑企30家", "走访侨商、侨企30家").words("走访侨企", 8, 11)
        '走訪僑企'
        """
        if read.isascii():
            return read
        parts: list[str] = []
        place = 0
        while place < len(read):
            found, length = self._longest(read[place:], start, end)
            parts.append(self.written[found : found + length] if length else self._letter(read[place]))
            place += length or 1
        return "".join(parts)

    def _longest(self, read: str, start: int, end: int) -> tuple[int, int]:
        """Place and length of the longest beginning of the words that stands there: inside, before or behind."""
        floor, ceiling = max(0, start - NEAR), end + BEHIND
        for length in range(len(read), 0, -1):
            part = read[:length]
            found = self.read.find(part, start, end)
            if found < 0:
                found = self.read.rfind(part, floor, end)
            if found < 0:
                found = self.read.find(part, start, ceiling)
            if found >= 0:
                return found, length
        return 0, 0

    def _letter(self, read: str) -> str:
        """The letter as the text first writes it."""
        if self._letters is None:
            self._letters = dict(zip(reversed(self.read), reversed(self.written), strict=True))
        return self._letters.get(read, read)
