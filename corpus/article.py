"""What an article is: its decoded text, what is known of it, and which stretches of it are body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

_SENTENCE = re.compile(r"[^。！？；;!?\n]*(?:[。！？；;!?]+[”’」』）)]*|\n|$)")


@dataclass(frozen=True, slots=True)
class Article:
    """One bulletin. `text` is the decoded original with line ends as `\\n`; offsets count its code points."""

    id: str
    text: str
    title: str = ""
    published: date | None = None
    source: str = ""
    contributor: str = ""
    region: str | None = None
    body: tuple[tuple[int, int], ...] = ()
    status: str = "ok"
    message: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch between two of 。！？； or line ends, without the white space around it."""

    start: int
    end: int
    text: str
    _tokens: list[str] = field(default_factory=list, repr=False, compare=False)

    @property
    def tokens(self) -> list[str]:
        """The words of the sentence, segmented when first asked for."""
        if not self._tokens and self.text:
            from .segmenters import segment

            self._tokens.extend(segment(self.text))
        return self._tokens


LONGEST = 2000


def sentences(text: str, start: int = 0, end: int | None = None) -> Iterator[Sentence]:
    """Split `text[start:end]` into sentences; offsets count in the whole text.

    >>> [s.text for s in sentences("走访30户。募集善款5万元；")]
    ['走访30户。', '募集善款5万元；']
    """
    stop = len(text) if end is None else end
    for match in _SENTENCE.finditer(text, start, stop):
        yield from _pieces(text, match.start(), match.end())


def _pieces(text: str, start: int, end: int) -> Iterator[Sentence]:
    """A sentence without the white space around it; one that never ends is cut at a comma, so that work stays linear."""
    while end - start > LONGEST:
        cut = max(text.rfind(mark, start + LONGEST // 2, start + LONGEST) for mark in "，,、 ") + 1
        cut = cut if cut > start else start + LONGEST
        yield from _pieces(text, start, cut)
        start = cut
    raw = text[start:end]
    body = raw.strip()
    if body:
        first = start + raw.index(body[0])
        yield Sentence(first, first + len(body), body)
