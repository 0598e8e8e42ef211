"""What an article is: its decoded text, what is known of it, and which stretches of it are body."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

_SENTENCE = re.compile(r"[^。！？；;!?\n]*(?:[。！？；;!?]+[”’」』）)]*|\n|$)")
# Where a sentence that never ends may be cut: behind a comma that is none of a figure (1,260万元).
_PAUSE = re.compile(r"[，、\s]|(?<!\d),|,(?!\d)")
_FIGURE = re.compile(r"[\d.,，．〇零一二两三四五六七八九十百千万亿余多]+$")


@dataclass(frozen=True, slots=True)
class Article:
    """One bulletin. `text` is the decoded original with line ends as `\\n`, of a page, document or table row its text;
    offsets count its code points. `format` names what was read, `url` is the page's address where it is known."""

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
    format: str = "text"
    url: str = ""

    def head(self) -> list[tuple[str, str]]:
        """What is known of the article, name by name; the status where something is amiss."""
        names = ("title", "published", "source", "contributor", "region", "status", "message")
        told = [(name, str(getattr(self, name) or "")) for name in names]
        return [(name, value) for name, value in told if value and (name, value) != ("status", "ok")]

    def _repr_html_(self) -> str:
        """What is known of the article and its text, for a notebook; what is no body is paler."""
        from .display import framed, head_html, outside, text_html

        return framed(head_html(self.head()) + text_html(self.text, outside(self.body, len(self.text)), ()))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A stretch between two of 。！？； or line ends, without the white space around it."""

    start: int
    end: int
    text: str

    @property
    def tokens(self) -> tuple[str, ...]:
        """The words of the sentence, segmented when first asked for."""
        from .segmenters import words_of

        return words_of(self.text)


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
    """A sentence without the white space around it; one without an end is cut at a comma, for linear work."""
    while end - start > LONGEST:
        cut = _cut(text, start + LONGEST // 2, start + LONGEST)
        yield from _pieces(text, start, cut)
        start = cut
    raw = text[start:end]
    body = raw.strip()
    if body:
        first = start + raw.index(body[0])
        yield Sentence(first, first + len(body), body)


def _cut(text: str, floor: int, ceiling: int) -> int:
    """The last pause between the two places, else the last place that does not part a figure, else the ceiling."""
    pauses = [pause.end() for pause in _PAUSE.finditer(text, floor, ceiling)]
    if pauses:
        return pauses[-1]
    figure = _FIGURE.search(text[floor:ceiling])
    return floor + figure.start() if figure and figure.start() else ceiling
