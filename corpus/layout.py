"""Printed lines with their places in, paragraphs out: lines broken by the page joined, running heads and page numbers left out."""

from __future__ import annotations

import re
from bisect import bisect_left as bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from statistics import median

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


def with_rows(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines, those side by side on one height as one with tabs: the cells of a table's row."""
    held: Line | None = None
    for line in lines:
        if held and abs(held.middle - line.middle) < held.size / 2 and line.left > held.right:
            text = f"{held.text}\t{line.text}"
            bottom, top = min(held.bottom, line.bottom), max(held.top, line.top)
            held = replace(held, text=text, right=line.right, bottom=bottom, top=top, cells=held.cells + line.cells)
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
# In sizes of the letters: what is an indent; how near the edge a line ends that goes on, where a sentence ends and where not.
_INDENT, _WIDEST_INDENT = 0.8, 3.2
_SLACK_ENDED, _SLACK_OPEN, _FLUSH = 0.3, 2.0, 3
_ALIKE, _LARGE, _AIR = 0.15, 1.15, 1.45


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
        self._edges: dict[tuple[int, int], float] = {}
        self._columns: dict[int, list[tuple[float, float, float]]] = {}
        self.size = median([line.size for line in lines for _ in range(len(line.text) // 10 + 1)]) if lines else 1.0
        pitches = [first.middle - second.middle for first, second in pairwise(lines) if _follows(first, second)]
        self.pitch = median(pitches) if pitches else 2 * self.size
        self.indents = sum(_INDENT < self.indent(line) <= _WIDEST_INDENT for line in lines if line.cells == 1) > 1

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
                each.right
                for each in self._by_page[line.page]
                if abs(self.left(each) - left) < line.size and each.right < limit
            ]
            margin = self._widths[line.page] - left if not beside else 0.0
            furthest = max(own, default=line.right)
            broad = furthest - left > (margin - left) / 2 or self._is_gap_behind(furthest, line.size)
            self._edges[key] = furthest if len(own) > 2 and broad else max(furthest, margin)
        return self._edges[key]

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
    if first.cells > 1 or second.cells > 1 or abs(first.size - second.size) > _ALIKE * first.size:
        return False
    under = _follows(first, second)
    if under and first.middle - second.middle > _AIR * max(layout.pitch, 1.2 * first.size):
        return False
    if first.size > _LARGE * layout.size:
        return under and _fills_title(first, second, layout)
    ended = bool(_ENDS_SENTENCE.search(first.text))
    flush = layout.indents and layout.indent(second) < _INDENT / 2
    slack = (_SLACK_ENDED if ended else _SLACK_OPEN) * (_FLUSH if flush else 1)
    token = _TOKEN.match(second.text)
    room = first.size * (_width(token.group() if token else "") + slack)
    if first.right + room <= layout.edge(first):
        return False
    if layout.indent(second) > _INDENT:
        return (
            not ended
            and bool(_LISTED.match(opening.text))
            and abs(second.left - first.left) < _WIDEST_INDENT * first.size
        )
    return not ended or layout.indents


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
