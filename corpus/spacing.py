"""A text with blanks between figures and their units in, the text as it is read out, and where its characters stood."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .article import Article

_FIGURES, _WORDS = "0123456789０１２３４５６７８９%％万亿", "年月第约近超逾达共至到"
_FIGURE_BEFORE, _WORD_BEFORE = frozenset(_FIGURES), frozenset(_WORDS)
_BLANK = "[ \u00a0\u2002\u2003\u2005\u2009\u202f\u3000]"
# What stands before the blanks is asked behind the first of them, for a blank is quickly found.
_BLANKS = re.compile(rf"{_BLANK}(?<=[{_FIGURES}{_WORDS}].){_BLANK}?(?=[0-9\u4e00-\u9fff%％‰])")
_COUNTED = frozenset("户名件场家期份亩万亿余多元条支批届篇台套辆吨人%％‰年月")
_HEADING = re.compile(r"(?:^|\n)\s*[0-9]{1,2}$")


@dataclass(frozen=True, slots=True)
class Closed:
    """A text without the blanks that part figures from their units, and where these were cut: `places` in this text,
    and the number of characters cut up to each."""

    text: str
    places: tuple[int, ...]
    cut: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of this text stands in the original.

        >>> closed("培训 300 人。").span(3, 7)
        (3, 8)
        """
        return self._place(start), self._place(end - 1) + 1 if end > start else self._place(start)

    def within(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the original stands in this text."""
        return self._closed(start), self._closed(end)

    def _place(self, place: int) -> int:
        index = bisect_right(self.places, place) - 1
        return place + (self.cut[index] if index >= 0 else 0)

    def _closed(self, place: int) -> int:
        low, high = 0, len(self.places)
        while low < high:  # the last cut that ends at or before the place
            middle = (low + high) // 2
            if self.places[middle] + self.cut[middle] <= place:
                low = middle + 1
            else:
                high = middle
        return min(place - (self.cut[low - 1] if low else 0), self.places[low] if low < len(self.places) else place)


def closed(text: str, spans: Sequence[tuple[int, int]] | None = None) -> Closed:
    """The text without blanks between a figure and its unit or within a date; no other blank is touched, and none
    outside of the spans, where there are any.

    >>> closed("2024 年 5 月举办培训班 12 期，培训 300 余人次，4 300 户").text
    '2024年5月举办培训班 12期，培训 300余人次，4 300户'
    """
    parts, places, cut = [], [], []
    kept = total = length = 0
    for start, end in _gaps(text, ((0, len(text)),) if spans is None else spans):
        parts.append(text[kept:start])
        length += start - kept
        total += end - start
        places.append(length)
        cut.append(total)
        kept = end
    return Closed("".join(parts) + text[kept:], tuple(places), tuple(cut))


def _gaps(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for first, last in spans:
        for blank in _BLANKS.finditer(text, first, last + 2):  # what follows the last blank is looked at too
            start, end = blank.span()
            if start >= last:
                break
            if _parts(text, start, end):
                yield start, end


def _parts(text: str, start: int, end: int) -> bool:
    """Whether a blank parts what belongs together: a figure and the word behind it, 年 and a month.

    The number of a heading at the start of a line (1 加强领导) is no figure; before a measure word (3 户侨眷) it is one.
    """
    before, behind = text[start - 1], text[end]
    if behind.isascii() and behind.isdigit():
        return before in _WORD_BEFORE
    if before not in _FIGURE_BEFORE:
        return False
    return before in "万亿" or behind in _COUNTED or not _HEADING.search(text, max(0, start - 6), start)


def without_gaps(article: Article) -> tuple[Article, Closed | None]:
    """The article as it is read, and how to find its stretches again; the same article where no blank is cut.

    Around the body a blank (`2023-03-08 来源`) is cut only where the title, or what stands for it, is sought in the text.
    """
    title = closed(article.title)
    found = closed(article.text, None if title.places or not title.text else article.body)
    if not found.places:
        return article, None
    body = tuple(found.within(start, end) for start, end in article.body)
    return replace(article, text=found.text, title=title.text, body=body), found
