"""Which stretches of an article's text are its body: page furniture and second copies are masked, never cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .copies import teasers, title_lines
from .inline_furniture import holes_in
from .line_kinds import SECTION, is_caption, is_list_heading, is_page_matter
from .recurrence import NONE, Furniture
from .text_pages import Line, Page, page_of

Span = tuple[int, int]


def body_spans(text: str, title: str, furniture: Furniture = NONE) -> tuple[Span, ...]:
    """Sorted, disjoint spans of the text that are body: paragraphs, headings, captions, table cells.

    Masked are the title and its copies, teasers, the page's navigation, buttons, counters, records, credits and lists,
    and at the head and the foot the lines of `furniture`, which recur over the articles of the run.

    >>> page = "首页\\n慰问侨眷\\n2023-03-08 来源：杭州日报\\n区侨联走访慰问侨眷30户。\\n浏览次数：12"
    >>> [page[start:end] for start, end in body_spans(page, "慰问侨眷")]
    ['区侨联走访慰问侨眷30户。']
    """
    page = page_of(text, furniture)
    lines = page.lines
    copies = list(title_lines(lines, title))
    hidden = {*range(page.tail, len(lines)), *page.recurring, *copies, *_above(page, copies)}
    hidden.update(_furniture(page, hidden))
    hidden.update(teasers(lines, hidden))
    runs = _runs(lines, hidden)
    if not page.gated:
        return tuple(runs)
    left = _subtract(runs, list(_holes(lines)))
    return tuple(_without_blanks(text, left))


def _furniture(page: Page, known: set[int]) -> Iterator[int]:
    """Lines before the tail that belong to the page; those that are `known` to be hidden are not looked at again."""
    listed = 0
    for number in range(page.tail):
        if page.prose[number]:
            listed = 0
            continue
        line = page.lines[number].text
        inside = page.first < number < page.last
        listed = _still_listed(listed, line, inside)
        if number not in known and (listed or is_page_matter(line, not inside)):
            yield number


def _still_listed(listed: int, line: str, inside: bool) -> int:
    """How many more lines belong to a list of links in the midst of an article; the heading behind it ends it."""
    if inside and is_list_heading(line):
        return 10
    if not listed or SECTION.match(line) or is_caption(line) or line.endswith(("。", "；", ";", "！", "：")):
        return 0
    return listed - 1


def _above(page: Page, copies: list[int]) -> Iterator[int]:
    """Lines above the title that are neither sentences nor captions: navigation, menus, the site's name."""
    headline = copies[0] if copies and copies[0] <= page.first else 0
    for number in range(headline):
        line = page.lines[number].text
        if not (page.prose[number] or is_caption(line) or line.endswith("。")):
            yield number


def _holes(lines: list[Line]) -> Iterator[Span]:
    """Furniture inside the long lines."""
    for line in lines:
        if len(line.text) > 40:
            yield from ((line.start + start, line.start + end) for start, end in holes_in(line.text))


def _runs(lines: list[Line], hidden: set[int]) -> Iterator[Span]:
    """Spans of neighbouring lines that are not hidden."""
    start: int | None = None
    end = 0
    for number, line in enumerate(lines):
        if number not in hidden:
            start, end = line.start if start is None else start, line.end
        elif start is not None:
            yield start, end
            start = None
    if start is not None:
        yield start, end


def _without_blanks(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Spans that begin with the blank behind a hole begin at the next word."""
    for start, end in spans:
        first = end - len(text[start:end].lstrip())
        if first < end:
            yield first, end


def _subtract(spans: Iterable[Span], holes: list[Span]) -> Iterator[Span]:
    """Spans without the holes; both sorted by their start."""
    waiting = sorted(holes, reverse=True)
    for start, end in spans:
        while waiting and waiting[-1][0] < end:
            left, right = waiting.pop()
            if start < left:
                yield start, left
            start = max(start, right)
        if start < end:
            yield start, end
