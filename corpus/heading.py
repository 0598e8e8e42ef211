"""What the page around an article says of it: title, date, source and contributing office."""

from __future__ import annotations

from datetime import date
from itertools import chain
from typing import NamedTuple

from .body import Span
from .heading_credits import shown_contributor, shown_source
from .heading_dates import shown_day
from .heading_titles import TITLE_LABEL, headline_of
from .recurrence import NONE, Furniture
from .script import Original, fold
from .text_pages import Page, page_of


class Heading(NamedTuple):
    """Title as it stands in the text, day of publication, site or paper, and contributing office; unknown is empty."""

    title: str
    published: date | None
    source: str
    contributor: str


def read_heading(text: str, name: str = "", furniture: Furniture = NONE) -> Heading:
    """Title, date, source and contributor that a page shows for its article; what it does not show stays empty.

    `name` is the file's name: among several possible titles it points at the one that it holds. `furniture` are lines
    that recur over the articles of the run; a masthead is no title. Labels are read in traditional script too; what is
    told stands as the page writes it.

    >>> read_heading("侨务要闻\\n慰问归侨侨眷\\n2023-03-08 来源：杭州日报\\n区侨联走访慰问侨眷，送去慰问金3万元。")
    Heading(title='慰问归侨侨眷', published=datetime.date(2023, 3, 8), source='杭州日报', contributor='')
    """
    return heading_of(text, fold(text), name, furniture)


def heading_of(text: str, plain: str, name: str, furniture: Furniture) -> Heading:
    """`read_heading` for a text of which the folded form is known."""
    page = page_of(plain, furniture)
    headline = headline_of(page, fold(name))
    title = "" if headline is None else TITLE_LABEL.sub("", page.lines[headline].text)
    read = Heading(title, shown_day(page, headline or 0), shown_source(page), shown_contributor(page))
    return read if plain is text else _as_written(read, Original(text, plain), page, headline)


def _as_written(read: Heading, original: Original, page: Page, headline: int | None) -> Heading:
    """The heading with the words of the page itself; source and contributor are sought above and below the body."""
    line = page.lines[headline] if headline is not None else None
    title = original.written[line.end - len(read.title) : line.end] if line else ""
    return read._replace(
        title=title, source=_words(read.source, original, page), contributor=_words(read.contributor, original, page)
    )


def _words(read: str, original: Original, page: Page) -> str:
    """Words of a heading as the first line that holds them writes them."""
    for line in chain(page.head, page.foot, page.lines):
        if read and read in line.text:
            start = line.start + line.text.index(read)
            return original.written[start : start + len(read)]
    return original.words(read, 0, 0)


def title_span(text: str, title: str) -> Span | None:
    """Where the title first stands: as a line of its own if it does, else anywhere; None where it does not.

    >>> title_span("首页\\n慰问侨眷\\n正文", "慰问侨眷")
    (3, 7)
    """
    if not title:
        return None
    start = text.find(title)
    alone = start
    while alone >= 0 and not _stands_alone(text, alone, alone + len(title)):
        alone = text.find(title, alone + len(title))
    if alone < 0:
        alone = start
    return (alone, alone + len(title)) if alone >= 0 else None


def _stands_alone(text: str, start: int, end: int) -> bool:
    left = text[max(0, start - 40) : start].rpartition("\n")[2]
    right = text[end : end + 40].partition("\n")[0]
    return not left.strip() and not right.strip()
