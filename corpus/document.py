"""What a file, page, table row or archive member gives before it is read as an article: its text and what stands beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Literal

from .limits import Limits


@dataclass(frozen=True, slots=True)
class Document:
    """One document. `text` has line ends as `\\n`; offsets count its code points.

    `name` is that of the row or member inside the file, '' where the file is one document. What the file says beside
    its text (meta tags, properties, columns of a table) stands in title, published, source, contributor, region (an
    adcode) and url; empty is unknown. `body` are the stretches that are the article, None where the text must tell,
    () where there is no article (a list page). `format` is the name of the format read. A document that cannot be
    read has status `failed`, one that was read in part `partial`; `message` says why in English and Chinese.
    """

    text: str = ""
    format: str = "text"
    name: str = ""
    title: str = ""
    published: date | None = None
    source: str = ""
    contributor: str = ""
    region: str | None = None
    url: str = ""
    body: tuple[tuple[int, int], ...] | None = None
    status: Literal["ok", "partial", "failed"] = "ok"
    message: str = ""


# What reads the bytes of one file of a known format; what it cannot read it answers with a failed document.
Reader = Callable[[bytes, Limits], Iterator[Document]]


def failed(message: str, read_as: str = "text", name: str = "") -> Document:
    """The document of something that cannot be read."""
    return Document(format=read_as, name=name, status="failed", message=message)


def cells_of(document: Document) -> dict[str, Any]:
    """The document as values that JSON can hold."""
    cells = {field.name: getattr(document, field.name) for field in fields(Document)}
    cells["published"] = document.published.isoformat() if document.published else None
    return cells


def from_cells(cells: dict[str, Any]) -> Document:
    """The document that `cells_of` gave.

    >>> from_cells(cells_of(Document("走访侨眷30户", body=((0, 7),)))).body
    ((0, 7),)
    """
    published = date.fromisoformat(cells["published"]) if cells["published"] else None
    body = None if cells["body"] is None else tuple((start, end) for start, end in cells["body"])
    return Document(**{**cells, "published": published, "body": body})
