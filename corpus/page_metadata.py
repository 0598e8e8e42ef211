"""What a web page says of its article: title, day, source, contributing office, address; unknown is empty.

Labels are read in traditional script too; titles and names stand as the page writes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from .heading import Heading, read_heading
from .page_dates import published_on, stamped_day, stated_day
from .page_sources import source_of
from .page_tags import address_of, is_evident, letters_of, linked_data, tags_of
from .page_titles import shown_title, told_title
from .site_names import site_names
from .surroundings import BELOW, TODAY, Surroundings, with_labels

_ABOVE = 6


class Metadata(NamedTuple):
    """What a page says; `evident` where it says in its tags that it is an article."""

    title: str = ""
    published: date | None = None
    source: str = ""
    contributor: str = ""
    url: str = ""
    evident: bool = False


def read_metadata(root: Any, around: Surroundings, noted: Mapping[str, str]) -> Metadata:
    """Title, day, source, contributor and address from tags and JSON-LD, checked against what is visible.

    `noted` are title and date of a comment in which a newspaper's system keeps them.
    """
    tags = tags_of(root)
    for name, tag in (("title", "articletitle"), ("date", "pubdate")):
        if name in noted:
            tags.setdefault(tag, noted[name])
    linked = linked_data(root)
    sites = site_names(root, around, tags)
    title = told_title(root, around, tags, linked, sites) or shown_title(around, sites)
    heading = _heading(around, title)
    published = published_on(root, around, tags, linked, stated_day(around) or heading.published or stamped_day(around))
    return Metadata(
        title,
        published,
        source_of(root, around, tags, heading),
        heading.contributor,
        address_of(root, tags),
        is_evident(tags, linked),
    )


def _heading(around: Surroundings, title: str) -> Heading:
    """What the lines from the title to the end of the article show."""
    lines = around.lines
    start = max(0, around.first - BELOW)
    key = letters_of(title)
    copies = [
        number
        for number in range(max(0, around.first - 60), min(around.last, around.first + 12))
        if key and letters_of(lines[number]) == key
    ]
    if copies:
        start = max(0, copies[-1] - _ABOVE)
    told = [
        lines[number]
        for number in range(start, min(len(lines), around.last + BELOW))
        if (title or not around.links[number] or len(lines[number]) < 8)
        and not around.rows[number]
        and not TODAY.search(around.plain[number])
    ]
    return read_heading("\n".join(with_labels(told)), title)
