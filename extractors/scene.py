"""What surrounds a number: its sentence, clause and paragraph, and the quoted stretches of the article."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..corpus.article import Article, Sentence, sentences

_QUOTED = re.compile(
    r"“[^“”\n]{1,90}”|‘[^‘’\n]{1,60}’|「[^「」\n]{1,60}」|『[^『』\n]{1,60}』|《[^《》\n]{1,80}》|\"[^\"\n。]{1,40}\""
)
CLAUSE_END = "，。；！？：,;:!?\n"
_MARK = re.compile(f"[{CLAUSE_END}]")


@dataclass(frozen=True, slots=True)
class Scene:
    """An article prepared for the rules: sentences of its body in order, and the quoted stretches of its text."""

    article: Article
    text: str
    sentences: tuple[Sentence, ...]
    starts: tuple[int, ...]
    quotes: tuple[tuple[int, int], ...]
    quote_starts: tuple[int, ...]
    _marks: list[int] | None = field(default=None, init=False, repr=False, compare=False)

    def quoted(self, start: int, end: int) -> tuple[int, int] | None:
        """The quoted stretch, marks included, in which `start..end` lies."""
        if not self.quotes:
            return None
        place = bisect_right(self.quote_starts, start) - 1
        if place < 0:
            return None
        first, last = self.quotes[place]
        return (first, last) if end <= last else None

    def sentence_at(self, position: int) -> int:
        """Index of the sentence that holds `position`."""
        return max(0, bisect_right(self.starts, position) - 1)

    def clause_start(self, position: int, floor: int) -> int:
        """Where the clause that holds `position` begins; commas inside quotation marks do not part clauses."""
        marks = self._parting()
        place = bisect_left(marks, position) - 1
        return marks[place] + 1 if place >= 0 and marks[place] >= floor else floor

    def clause_end(self, position: int, ceiling: int) -> int:
        """Where the clause that holds `position` ends."""
        marks = self._parting()
        place = bisect_left(marks, position)
        return marks[place] if place < len(marks) and marks[place] < ceiling else ceiling

    def _parting(self) -> list[int]:
        """The marks that part clauses, found when first asked for: texts without a figure need none."""
        if self._marks is None:
            object.__setattr__(self, "_marks", list(_outside(self.text, self.quotes)))
        return self._marks or []


def _outside(text: str, quotes: tuple[tuple[int, int], ...]) -> Iterator[int]:
    """Places of the marks outside the quotes."""
    end = 0
    for first, last in quotes:
        for mark in _MARK.finditer(text, end, first):
            yield mark.start()
        end = last
    for mark in _MARK.finditer(text, end):
        yield mark.start()


def prepare(article: Article) -> Scene:
    """The scene of an article: sentences of its body spans and its quotes."""
    text = article.text
    found = tuple(sentence for start, end in article.body for sentence in sentences(text, start, end))
    quotes = tuple(match.span() for match in _QUOTED.finditer(text))
    return Scene(article, text, found, tuple(s.start for s in found), quotes, tuple(start for start, _ in quotes))
