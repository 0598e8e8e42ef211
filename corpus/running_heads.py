"""Pages of printed lines in, their running heads, feet and page numbers out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from .printed_lines import Line, Page

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
    """The edge of its page at which a line stands, '' in between."""
    if line.middle > height * (1 - _EDGE):
        return "top"
    return "bottom" if line.middle < height * _EDGE else ""


def _is_page_number(line: Line) -> bool:
    found = _PAGE_NUMBER.fullmatch(line.text)
    return bool(found) and bool(_MARKED.search(line.text) or (found and int(found.group(1)) == line.page + 1))


def running_heads(pages: Sequence[Page]) -> set[Line]:
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


def told_once(heads: set[Line], pages: Sequence[Page]) -> tuple[list[str], list[str]]:
    """Running heads each once, page numbers left out: those that stand first on top of the first page, and the others."""
    told: dict[str, Line] = {}
    for line in sorted(heads, key=lambda line: (line.page, -line.middle)):
        if not _PAGE_NUMBER.fullmatch(line.text):
            told.setdefault(_DIGITS.sub("0", line.text), line)
    opening = [line.text for line in told.values() if not line.page and _edge(line, pages[0].height) == "top"]
    return opening, [line.text for line in told.values() if line.page or _edge(line, pages[0].height) != "top"]


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
