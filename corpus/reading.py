"""Paths in, articles out: heading, body and reporting division of each document that the files hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from itertools import islice
from pathlib import Path

from .article import Article
from .body import body_spans
from .document import Document
from .errors import InputError
from .heading import Heading, heading_of
from .lexicons import Addition, in_force
from .limits import DEFAULT, Limits
from .line_kinds import is_session
from .opening import Opener
from .recurrence import NONE, Furniture
from .reporting import reporting_region
from .script import fold
from .sheets import Columns
from .sources import Place, Source, list_sources
from .stores import Copies
from .text_pages import page_of

LEAD = 3000
_PAGES = frozenset(("html", "mhtml"))


@dataclass(frozen=True, slots=True)
class Reading:
    """How inputs are read: which column of a table means what, how much one input may ask for, and who may report."""

    columns: Columns = field(default_factory=Columns)
    limits: Limits = DEFAULT
    domain: Addition | None = None
    """Whose bodies may report, beside those that the package knows."""


def columns_of(settings: Iterable[str]) -> Columns:
    """The columns that settings such as `text=正文` name.

    >>> columns_of(["title=标题", "text=正文"]).title
    '标题'

    Raises:
        InputError: where a field is unknown or no column is named.
    """
    known = [one.name for one in fields(Columns)]
    named: dict[str, str] = {}
    for setting in settings:
        name, _, column = setting.partition("=")
        if name not in known or not column:
            raise InputError(f"--column {setting}: want FIELD=COLUMN, a field of {', '.join(known)} (应为 字段=列名)")
        named[name] = column
    return Columns(**named)


def read(
    paths: Place | Iterable[Place],
    *,
    text_column: str = "",
    limits: Limits = DEFAULT,
    domain: Addition | None = None,
) -> Iterator[Article]:
    """Articles of a path or of several; one that cannot be read has status `failed` and says why in `message`.

    Texts, pages, Word, PDF, tables with a text column (`text_column`, else the one that looks like it) and archives of
    all these; a table's row and an archive's member are articles of their own. Offsets of a format other than plain
    text count in the article's `text`. `domain` names further bodies that may report.

    Raises:
        InputError: where a path does not exist or nothing is found in it.
    """
    reading = Reading(Columns(text=text_column), limits, domain)
    for name, document in read_documents(list_sources(paths), reading):
        with in_force(domain):
            article = from_document(document, name)
        yield article


def read_documents(sources: Iterable[Source], reading: Reading) -> Iterator[tuple[str, Document]]:
    """The documents of the sources, each with the name of its article; never raises for what a file holds."""
    with Opener(reading.columns, reading.limits) as opener, Copies() as copies:
        for source in sources:
            path = copies.at_hand(source.path)
            for document in opener.documents(path) if isinstance(path, Path) else [path]:
                yield source.id + document.name, document
            if isinstance(path, Path):
                copies.drop(path)


def from_document(document: Document, name: str, furniture: Furniture = NONE) -> Article:
    """The article of a document: what stands beside the text goes before what the text says of itself.

    `furniture`: lines that recur over the articles of the run.
    """
    text, body = document.text, document.body
    plain = fold(text)
    heading = _heading(document, plain, name, furniture)
    read = _folded(heading)
    if body is None:
        body = body_spans(plain, read.title, furniture) if text else ()
    region, doubt = (
        (document.region, "") if document.region or not body else _region(read, _lead(plain, body, furniture))
    )
    return Article(
        name,
        text,
        title=heading.title,
        published=heading.published,
        source=heading.source,
        contributor=heading.contributor,
        region=region,
        body=body,
        status=document.status,
        message="; ".join(part for part in (document.message, doubt) if part),
        format=document.format,
        url=document.url,
    )


def _region(heading: Heading, lead: str) -> tuple[str | None, str]:
    """The division that reports, and '' or why it stays open."""
    year = heading.published.year if heading.published else None
    return reporting_region(heading.contributor, heading.source, heading.title, lead, year)


def _folded(heading: Heading) -> Heading:
    """The heading as mainland rules read it."""
    return Heading(fold(heading.title), heading.published, fold(heading.source), fold(heading.contributor))


def _heading(document: Document, plain: str, name: str, furniture: Furniture) -> Heading:
    """What the document says of itself; where a page or table is silent its text is asked, but a page's metadata, which
    were read with the text, stay empty."""
    told = Heading(document.title, document.published, document.source, document.contributor)
    if all(told) or document.format in _PAGES or not document.text:
        return told
    shown = heading_of(document.text, plain, name, furniture)
    if not any(told):
        return shown
    return Heading(
        told.title or shown.title,
        told.published or shown.published,
        told.source or shown.source,
        told.contributor or shown.contributor,
    )


def from_text(text: str, name: str = "") -> Article:
    """The article that a flattened page holds: heading, body and reporting division found in its lines."""
    return from_document(Document(text), name)


def _lead(text: str, body: Iterable[tuple[int, int]], furniture: Furniture) -> str:
    """What the article opens with: the session at which it was given, which is no body, and the body's first lines."""
    session = [line.text for line in page_of(text, furniture).head if is_session(line.text)]
    return "\n".join([*session, *(text[start:end] for start, end in islice(body, LEAD))])[:LEAD]
