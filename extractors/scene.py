"""What surrounds a number: its sentence, clause and paragraph, and the quoted stretches of the article."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from ..corpus.article import Article, Sentence, sentences

_QUOTED = re.compile(
    r"“[^“”\n]{1,90}”|‘[^‘’\n]{1,60}’|「[^「」\n]{1,60}」|『[^『』\n]{1,60}』|《[^《》\n]{1,80}》|\"[^\"\n。]{1,40}\""
)
CLAUSE_END = "，。；！？：,;:!?\n"
_MARK = re.compile(f"[{CLAUSE_END}]")
# Most clauses begin within so many characters.
NEAR = 60


@dataclass(frozen=True, slots=True)
class Scene:
    """An article prepared for the rules: sentences of its body in order, and the quoted stretches of its text."""

    article: Article
    text: str
    sentences: tuple[Sentence, ...]
    starts: tuple[int, ...]
    quotes: tuple[tuple[int, int], ...]
    quote_starts: tuple[int, ...]

    def quoted(self, start: int, end: int) -> tuple[int, int] | None:
        """The quoted stretch, marks included, in which `start..end` lies."""
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
        near = max(floor, position - NEAR)
        ends = [mark.end() for mark in _MARK.finditer(self.text, near, position) if not self._is_inside(mark.start())]
        if not ends and near > floor:
            ends = [mark.end() for mark in _MARK.finditer(self.text, floor, near) if not self._is_inside(mark.start())]
        return ends[-1] if ends else floor

    def clause_end(self, position: int, ceiling: int) -> int:
        """Where the clause that holds `position` ends."""
        for mark in _MARK.finditer(self.text, position, ceiling):
            if not self._is_inside(mark.start()):
                return mark.start()
        return ceiling

    def _is_inside(self, place: int) -> bool:
        return self.quoted(place, place + 1) is not None


def prepare(article: Article) -> Scene:
    """The scene of an article: sentences of its body spans and its quotes."""
    text = article.text
    found = tuple(sentence for start, end in article.body for sentence in sentences(text, start, end))
    quotes = tuple(match.span() for match in _QUOTED.finditer(text))
    return Scene(article, text, found, tuple(s.start for s in found), quotes, tuple(start for start, _ in quotes))
