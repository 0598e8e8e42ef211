"""Printed lines in, the layout of their document out: where columns begin and end, how its lines follow each other."""

from __future__ import annotations

import re
from bisect import bisect_left as bisect
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain, pairwise
from statistics import median

from .labels import is_meta
from .printed_lines import Line, Page, follows

ENDS_SENTENCE = re.compile(r"[。！？!?…；;：:][”’」』）)】》\"]*$")
# Parts of a line set far apart (发文单位　　　　日期): no sentence runs through them.
_APART_PARTS = re.compile(r"\S(?:\u3000{3,}| {6,})\S")
PAUSE = re.compile(r"[，。；！？]")
# In sizes of the letters: what is an indent.
INDENT, WIDEST_INDENT = 0.8, 3.2
# What differs less in size is one text, what is so many times as large a title; beyond so many pitches no text goes on.
_ALIKE, LARGE, AIR = 0.15, 1.15, 1.45
# A text with no more sizes than this means them all, also those that differ less than `_ALIKE`; a scan read by OCR has many.
_SIZES, _SAME = 8, 0.04
# In sizes of the letters: how near its edge a line is full, how broad a column is whose metadata fits in a line.
_FULL, _BROAD = 3.0, 16.0
# Lines of a narrow column of prose: how near the furthest they end, in sizes of the letters, and what part of them does.
_NEAR, _MOSTLY = 2.0, 0.6
# How many times the height of a line is the way to the next paragraph, where air sets paragraphs apart.
_SPACED, _FEW = 1.2, 5


class Layout:
    """Where the columns of a document begin and end, how its lines follow each other."""

    def __init__(self, pages: Sequence[Page], lines: Sequence[Line]) -> None:
        self._widths = {number: page.width for number, page in enumerate(pages)}
        self._by_page: dict[int, list[Line]] = defaultdict(list)
        for line in lines:
            if line.cells == 1:
                self._by_page[line.page].append(line)
        self._page_lefts = {page: _shared(own, 2) for page, own in self._by_page.items()}
        self._lefts = _shared(chain.from_iterable(self._by_page.values()), 3)
        self._by_left: dict[int, list[Line]] = defaultdict(list)
        for line in chain.from_iterable(self._by_page.values()):
            self._by_left[round(self.left(line))].append(line)
        self._usual: dict[int, float] = {}
        self._edges: dict[tuple[int, int], float] = {}
        self._columns: dict[int, list[tuple[float, float, float]]] = {}
        self.size = median([line.size for line in lines for _ in range(len(line.text) // 10 + 1)]) if lines else 1.0
        pairs = [pair for pair in pairwise(lines) if follows(*pair)]
        self._pitches = self._pitches_of(pairs)
        self.air = _SPACED if self._is_spaced(pairs) else AIR
        self.alike = _SAME if len({round(line.size, 1) for line in lines}) <= _SIZES else _ALIKE
        self.indents = sum(INDENT < self.indent(line) <= WIDEST_INDENT for line in lines if line.cells == 1) > 1

    def _pitches_of(self, pairs: Sequence[tuple[Line, Line]]) -> dict[int | None, float]:
        """How far a full line is from the next, on every page that tells (None: on all of them)."""
        ways: dict[int | None, list[float]] = defaultdict(list)
        for first, second in pairs:
            if self.is_full(first):
                ways[first.page].append(first.middle - second.middle)
        every = [way for own in ways.values() for way in own] or [
            first.middle - second.middle for first, second in pairs
        ]
        found = {page: median(own) for page, own in ways.items() if len(own) >= _FEW}
        return {None: median(every) if every else 2 * self.size} | found

    def _is_spaced(self, pairs: Sequence[tuple[Line, Line]]) -> bool:
        """Whether paragraphs are further apart than their lines: most lines that end early show it."""
        short = [
            first.middle - second.middle > _SPACED * self.pitch(first)
            for first, second in pairs
            if not self.is_full(first)
        ]
        return len(short) > 1 and sum(short) > _MOSTLY * len(short)

    def pitch(self, line: Line) -> float:
        """How far the next line of a paragraph is from a line: large letters stand in high lines."""
        usual = self._pitches.get(line.page) or self._pitches[None]
        return max(usual * max(1.0, line.size / self.size), 1.2 * line.size)

    def is_full(self, line: Line) -> bool:
        return line.cells == 1 and line.right + _FULL * line.size > self.edge(line)

    def is_apart(self, line: Line) -> bool:
        """Whether a line is no sentence: its parts stand far apart, or it says how the page was made (in a broad column)."""
        if _APART_PARTS.search(line.text):
            return True
        if PAUSE.search(line.text) or not is_meta(line.text):
            return False
        return self.edge(line) - self.left(line) > _BROAD * line.size

    def left(self, line: Line) -> float:
        """Where the column of a line begins."""
        for lefts in (self._page_lefts.get(line.page, []), self._lefts):
            near = bisect(lefts, line.left - WIDEST_INDENT * line.size)
            if near < len(lefts) and lefts[near] <= line.left + 0.3 * line.size:
                return lefts[near]
        return line.left

    def indent(self, line: Line) -> float:
        return (line.left - self.left(line)) / line.size

    def edge(self, line: Line) -> float:
        """Where the column of a line ends: at the next column, at the furthest of its lines, at a margin like the left one."""
        left = self.left(line)
        beside = [start for start, bottom, top in self._beside(line.page) if start > line.right and line.middle <= top]
        key = (line.page, round(left)) if not beside else (line.page, round(left) + 10_000 * round(min(beside)))
        if key not in self._edges:
            limit = min(beside, default=self._widths[line.page])
            own = [
                each
                for each in self._by_page[line.page]
                if abs(self.left(each) - left) < line.size and each.right < limit
            ]
            margin = self._widths[line.page] - left if not beside else 0.0
            furthest = max((each.right for each in own), default=line.right)
            broad = furthest - left > (margin - left) / 2 or self._is_gap_behind(furthest, line.size)
            shown = len(own) > 2 and (broad or _is_prose(own, furthest))
            self._edges[key] = furthest if shown else max(furthest, self._usual_edge(left) or margin)
        return self._edges[key]

    def _usual_edge(self, left: float) -> float:
        """Where a narrow column of prose that begins here ends on all pages together; 0 where none is."""
        key = round(left)
        if key not in self._usual:
            own = self._by_left[key]
            furthest = max((line.right for line in own), default=0.0)
            self._usual[key] = furthest if _is_prose(own, furthest) else 0.0
        return self._usual[key]

    def _is_gap_behind(self, right: float, size: float) -> bool:
        """Whether a column begins shortly behind on any page: the last page may fill the first column only."""
        near = bisect(self._lefts, right)
        return near < len(self._lefts) and self._lefts[near] < right + 4 * size

    def _beside(self, page: int) -> list[tuple[float, float, float]]:
        """The columns of a page that begin right of its middle part: where they begin, their lowest and highest line."""
        if page not in self._columns:
            own: dict[float, list[Line]] = defaultdict(list)
            for line in self._by_page[page]:
                own[self.left(line)].append(line)
            leftmost = min(own, default=0.0)
            self._columns[page] = [
                (left, min(line.bottom for line in lines), max(line.top for line in lines))
                for left, lines in own.items()
                if len(lines) > 2 and left > leftmost + 8 * lines[0].size
            ]
        return self._columns[page]


def _is_prose(lines: Sequence[Line], edge: float) -> bool:
    """Whether lines fill a column: most end at its edge, and more stops stand in their midst than sentences end with them."""
    near = sum(line.right > edge - _NEAR * line.size for line in lines)
    within = sum(bool(PAUSE.search(line.text[:-1])) for line in lines)
    ended = sum(bool(ENDS_SENTENCE.search(line.text)) for line in lines)
    return len(lines) >= _FEW and near > _MOSTLY * len(lines) and within > max(1, ended)


def _shared(lines: Iterable[Line], least: int) -> list[float]:
    """The left ends that at least so many lines share, from left to right."""
    places: dict[int, list[float]] = defaultdict(list)
    for line in lines:
        places[round(line.left / max(line.size / 2, 1.0))].append(line.left)
    return sorted(min(lefts) for lefts in places.values() if len(lefts) >= least)
