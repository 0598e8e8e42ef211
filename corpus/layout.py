"""Printed lines with their places in, paragraphs out: lines broken by the page joined, running heads and page numbers left out."""

from __future__ import annotations

import re
from bisect import bisect_left as bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from statistics import median

from .body import is_meta
from .lines import tidy


@dataclass(frozen=True, slots=True)
class Line:
    """A line as printed: its text, where it stands on its page (points from the lower left), the size of its letters."""

    text: str
    page: int
    left: float
    right: float
    bottom: float
    top: float
    size: float
    cells: int = 1

    @property
    def middle(self) -> float:
        return (self.bottom + self.top) / 2


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page in reading order, its width and height, and whether it shows what no character says."""

    lines: tuple[Line, ...]
    width: float
    height: float
    unread: bool


def is_wide(letter: str) -> bool:
    """Whether a letter is as broad as a Chinese one."""
    return letter >= "\u2e80"


# In sizes of the letters: what stands no further apart is one text.
_CLOSE = 0.6


def with_rows(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines, those side by side on one height as one with tabs: the cells of a table's row."""
    held: Line | None = None
    for line in lines:
        if held and abs(held.middle - line.middle) < held.size / 2 and line.left > held.right:
            apart = line.left - held.right > _CLOSE * held.size
            text = f"{held.text}\t{line.text}" if apart else joined(held.text, line.text)
            bottom, top = min(held.bottom, line.bottom), max(held.top, line.top)
            cells = held.cells + line.cells - (not apart)
            held = replace(held, text=text, right=line.right, bottom=bottom, top=top, cells=cells)
            continue
        if held:
            yield held
        held = line
    if held:
        yield held


# Running heads ---------------------------------------------------------------------------------------------------

# The part of a page's height, at its top and its bottom, where running heads and page numbers stand.
_EDGE = 0.12
# On this part of the pages a line is a running head wherever it stands; on fewer it stands apart, in sizes of its letters.
_MOST, _APART = 0.6, 2.2
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[-—–―－~·•.\s]*(?:第\s*)?(?:page\s*)?(\d{1,4})(?:\s*页)?(?:\s*(?:[/／,，]|of|共)\s*(?:共\s*)?\d{1,4}\s*页?)?[-—–―－~·•.\s]*",
    re.IGNORECASE,
)
_MARKED = re.compile(r"[-—–―－·•页/／]|page", re.IGNORECASE)


def _edge(line: Line, height: float) -> str:
    if line.middle > height * (1 - _EDGE):
        return "top"
    return "bottom" if line.middle < height * _EDGE else ""


def _is_page_number(line: Line) -> bool:
    found = _PAGE_NUMBER.fullmatch(line.text)
    return bool(found) and bool(_MARKED.search(line.text) or (found and int(found.group(1)) == line.page + 1))


def _running(pages: Sequence[Page]) -> set[Line]:
    """The lines at the edges that come again on another page at the same height: same words, figures that count pages."""
    places: dict[tuple[str, str, int], list[Line]] = defaultdict(list)
    for page in pages:
        for line in page.lines:
            edge = _edge(line, page.height)
            if edge:
                places[_DIGITS.sub("0", line.text), edge, round(line.middle / 4)].append(line)
    found: set[Line] = set()
    for lines in places.values():
        for same in _counting(lines):
            on = len({line.page for line in same})
            usual = on >= max(3, _MOST * len(pages))
            found.update(line for line in same if usual or (on > 1 and _is_apart(line, pages[line.page])))
    found.update(line for page in pages for line in page.lines if _edge(line, page.height) and _is_page_number(line))
    return found


def _is_apart(line: Line, page: Page) -> bool:
    """Whether the space between a line at an edge and the page's text is wider than between two lines of text."""
    inward = any(not _edge(other, page.height) for other in page.lines)
    beside = [
        abs(other.middle - line.middle) for other in page.lines if abs(other.middle - line.middle) > line.size / 2
    ]
    return not inward or min(beside) > _APART * line.size


def _counting(lines: Iterable[Line]) -> Iterable[list[Line]]:
    """Groups of lines alike but for figures that rise with the pages."""
    groups: dict[tuple[tuple[int, ...], ...], list[Line]] = defaultdict(list)
    for line in lines:
        figures = [int(figure[-9:]) for figure in _DIGITS.findall(line.text)]
        if len(figures) < 4:
            fixed = tuple(figures)
            groups[(fixed,)].append(line)
            if figures:
                groups[(tuple(figure - line.page for figure in figures[-1:]), tuple(figures[:-1]))].append(line)
    return groups.values()


# Paragraphs ------------------------------------------------------------------------------------------------------

_ENDS_SENTENCE = re.compile(r"[。！？!?…；;：:][”’」』）)】》\"]*$")
_TOKEN = re.compile(r"[（(《“‘「『【]*(?:[A-Za-z0-9.,%+-]+|.)[，。、；：？！）)》”’」』】%％]*")
_LISTED = re.compile(r"[•●◆■▪○◇□★▲-]|[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[.．、)）]")
# Parts of a line set far apart (发文单位　　　　日期), and a line all in brackets: no sentence runs through them.
_APART_PARTS = re.compile(r"\S(?:\u3000{3,}| {6,})\S")
_BRACKETED = re.compile(r"[（(【\[][^（(【\[）)】\]]+[）)】\]]")
_PAUSE = re.compile(r"[，。；！？]")
# A number that the end of a line tears: at its comma or point (1,|236  12.|5万  1|,236  12|.5), or between two digits.
_TORN_AT_MARK = re.compile(r"\d,\n\d{3}(?!\d)|[^\n\d.]\d+\.\n\d+[%％\u4e00-\u9fff]|\d\n(?:,\d{3}(?!\d)|\.\d)", re.ASCII)
_TORN = re.compile(r"\d[.,]?\n(?!\d{1,2}[.．](?!\d))\d", re.ASCII)
_NUMBERED = re.compile(r"\d{1,2}[.．](?!\d)", re.ASCII)
_ENDING = 24
# In sizes of the letters: what is an indent; how near the edge a line ends that goes on, where a sentence ends and where not.
_INDENT, _WIDEST_INDENT = 0.8, 3.2
_SLACK_ENDED, _SLACK_OPEN, _FLUSH = 0.3, 2.0, 3
_ALIKE, _LARGE, _AIR = 0.15, 1.15, 1.45
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
        pairs = [pair for pair in pairwise(lines) if _follows(*pair)]
        self._pitches = self._pitches_of(pairs)
        self.air = _SPACED if self._is_spaced(pairs) else _AIR
        self.alike = _SAME if len({round(line.size, 1) for line in lines}) <= _SIZES else _ALIKE
        self.indents = sum(_INDENT < self.indent(line) <= _WIDEST_INDENT for line in lines if line.cells == 1) > 1

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
        if _PAUSE.search(line.text) or not is_meta(line.text):
            return False
        return self.edge(line) - self.left(line) > _BROAD * line.size

    def left(self, line: Line) -> float:
        """Where the column of a line begins."""
        for lefts in (self._page_lefts.get(line.page, []), self._lefts):
            near = bisect(lefts, line.left - _WIDEST_INDENT * line.size)
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
    within = sum(bool(_PAUSE.search(line.text[:-1])) for line in lines)
    ended = sum(bool(_ENDS_SENTENCE.search(line.text)) for line in lines)
    return len(lines) >= _FEW and near > _MOSTLY * len(lines) and within > max(1, ended)


def _shared(lines: Iterable[Line], least: int) -> list[float]:
    """The left ends that at least so many lines share, from left to right."""
    places: dict[int, list[float]] = defaultdict(list)
    for line in lines:
        places[round(line.left / max(line.size / 2, 1.0))].append(line.left)
    return sorted(min(lefts) for lefts in places.values() if len(lefts) >= least)


def _follows(first: Line, second: Line) -> bool:
    """Whether the second line stands under the first on the same page."""
    return (
        first.page == second.page
        and first.middle > second.middle
        and first.left < second.right
        and second.left < first.right
    )


def _continues(first: Line, second: Line, opening: Line, layout: Layout) -> bool:
    """Whether a sentence or paragraph runs on from the end of one line into the next; `opening` began the paragraph."""
    if first.cells > 1 or second.cells > 1 or abs(first.size - second.size) > layout.alike * first.size:
        return False
    under = _follows(first, second)
    if under and first.middle - second.middle > layout.air * layout.pitch(first):
        return False
    if _is_torn(first, second, layout):
        return True
    if first.size > _LARGE * layout.size:
        return under and _fills_title(first, second, layout)
    if _stands_alone(first, second, layout) or not _reaches_edge(first, second, opening, layout):
        return False
    ended = bool(_ENDS_SENTENCE.search(first.text))
    if layout.indent(second) > _INDENT:
        return (
            not ended
            and bool(_LISTED.match(opening.text))
            and abs(second.left - first.left) < _WIDEST_INDENT * first.size
        )
    listed = ended and first.text[-1] in "；;" and not _LISTED.match(second.text)
    return not ended or layout.indents or listed or (under and layout.air < _AIR)


def _reaches_edge(first: Line, second: Line, opening: Line, layout: Layout) -> bool:
    """Whether a line is so long that what the next one begins with found no room on it."""
    begun = layout.indent(opening) > _INDENT or second.text[:1].islower()
    flush = layout.indents and begun and layout.indent(second) < _INDENT / 2
    slack = (_SLACK_ENDED if _ENDS_SENTENCE.search(first.text) else _SLACK_OPEN) * (_FLUSH if flush else 1)
    token = _TOKEN.match(second.text)
    room = first.size * (_width(token.group() if token else "") + slack)
    return first.right + room > layout.edge(first)


def _is_torn(first: Line, second: Line, layout: Layout) -> bool:
    """Whether the end of a line tears a number: by its look alone at a comma or point, at the column's edge elsewhere."""
    seam = f"{first.text[-_ENDING:]}\n{second.text[:_ENDING]}"
    if layout.indent(second) > _INDENT or not (found := _TORN_AT_MARK.search(seam) or _TORN.search(seam)):
        return False
    return found.re is _TORN_AT_MARK or first.right + first.size > layout.edge(first)


def _stands_alone(first: Line, second: Line, layout: Layout) -> bool:
    """Whether one of two lines is no part of a paragraph: metadata, parts far apart, a subtitle, one that is centred."""
    before, after = layout.is_apart(first), layout.is_apart(second)
    if before and not after:
        return not _runs_over(first, second, layout)
    if before or after:
        return True
    if first.text[-1:].isdigit() and _NUMBERED.match(second.text):
        return True
    if _BRACKETED.fullmatch(second.text) and not _PAUSE.search(first.text):
        return True
    return _follows(first, second) and (_is_centred(first, second) or _is_centred(second, first))


def _runs_over(first: Line, second: Line, layout: Layout) -> bool:
    """Whether a line of metadata is so long that its end stands on the next."""
    flush = abs(first.left - second.left) < first.size / 2
    return flush and first.right + first.size / 2 > layout.edge(first) and not layout.is_full(second)


def _is_centred(line: Line, other: Line) -> bool:
    before, after = line.left - other.left, other.right - line.right
    return min(before, after) > _WIDEST_INDENT * line.size and abs(before - after) < line.size


def _fills_title(first: Line, second: Line, layout: Layout) -> bool:
    """Whether a large line is the first part of a title on two lines: broad, and centred as the other or flush with it."""
    broad = first.right - first.left > 0.6 * (layout.edge(first) - layout.left(first))
    centred = abs(first.left + first.right - second.left - second.right) < 1.5 * first.size
    dashed = second.text.startswith(("—", "-", "―", "（", "("))
    return broad and not dashed and (centred or abs(first.left - second.left) < 0.5 * first.size)


def _width(text: str) -> float:
    return sum(1.0 if is_wide(letter) else 0.5 for letter in text)


def joined(first: str, second: str) -> str:
    """Two lines of one paragraph as one: no space between Chinese letters or parts of a number, one between words.

    >>> joined("合力捐赠近4万", "元，"), joined("a sister", "city"), joined("inter-", "national")
    ('合力捐赠近4万元，', 'a sister city', 'international')
    """
    last, next_ = first[-1:], second[:1]
    if last == "-" and first[-2:-1].isascii() and first[-2:-1].isalpha() and next_.isascii() and next_.islower():
        return first[:-1] + second
    words = last.isascii() and next_.isascii() and last.isalnum() and next_.isalnum()
    ended = last.isascii() and last in ".,;:!?)" and next_.isascii() and next_.isalpha()
    return f"{first} {second}" if (words and not (last.isdigit() and next_.isdigit())) or ended else first + second


def paragraphs(lines: Sequence[Line], layout: Layout) -> Iterator[str]:
    """The paragraphs of lines in reading order."""
    pieces: list[str] = []
    opening: Line | None = None
    for index, line in enumerate(lines):
        if opening and _continues(lines[index - 1], line, opening, layout):
            pieces.append(line.text)
            continue
        if pieces:
            yield _together(pieces)
        pieces, opening = [line.text], line
    if pieces:
        yield _together(pieces)


def _together(pieces: Sequence[str]) -> str:
    """The pieces joined; each seam looks at the ends of two lines only."""
    made = list(pieces[:1])
    for piece in pieces[1:]:
        seam = joined(made[-1][-2:], piece[:1])
        made[-1] = made[-1][:-2] + seam.removesuffix(piece[:1])
        made.append(piece)
    return "".join(made)


def text_of(pages: Sequence[Page]) -> str:
    """The text of pages: paragraphs whole across pages; a running head once, where it stands first on the first page or last."""
    running = _running(pages)
    lines = [line for page in pages for line in page.lines if line not in running]
    told: dict[str, Line] = {}
    for line in sorted(running, key=lambda line: (line.page, -line.middle)):
        if not _PAGE_NUMBER.fullmatch(line.text):
            told.setdefault(_DIGITS.sub("0", line.text), line)
    heads = [line.text for line in told.values() if not line.page and _edge(line, pages[0].height) == "top"]
    feet = [line.text for line in told.values() if line.page or _edge(line, pages[0].height) != "top"]
    return tidy("\n".join([*heads, *paragraphs(lines, Layout(pages, lines)), *feet]))
