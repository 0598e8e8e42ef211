"""Documents and articles in, the same out again in their order: what the first pass over the inputs read, kept on disk."""

from __future__ import annotations

import marshal
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date
from hashlib import blake2b
from operator import attrgetter
from pathlib import Path
from typing import IO, Any, NamedTuple

from ..corpus.article import Article
from ..corpus.document import Document

_SIZE = 8  # bytes that say how long a record is
_DOCUMENT = tuple(field.name for field in fields(Document))
# What an article has beside what its document holds, in the order of its fields; text, format and url are kept once.
_OWN = ("id", "title", "published", "source", "contributor", "region", "body", "status", "message")
_DOCUMENT_DAY, _OWN_DAY = _DOCUMENT.index("published"), _OWN.index("published")
_cells_of = attrgetter(*_DOCUMENT)
_own_of = attrgetter(*_OWN)


class Read(NamedTuple):
    """A document, the article that it is when it is read alone, and the keys of the lines at its head and foot."""

    document: Document
    article: Article
    edges: Sequence[int] = ()


class Record(NamedTuple):
    """A read article as the spool keeps it: its name, its format, a digest of all that was read, the keys of its lines, and
    the rest."""

    id: str
    format: str
    digest: bytes
    edges: Sequence[int]
    data: bytes


def read_of(record: Record) -> Read:
    """The document and the article of a record."""
    cells, own = marshal.loads(record.data)
    document = document_of(cells)
    return Read(document, _article(document, own), record.edges)


def packed(read: Read) -> bytes:
    """A document with its article as the spool keeps it: head and data of its record, each behind its size."""
    cells = packed_document(read.document)
    own = [*_own_of(read.article)]
    own[_OWN_DAY] = _ordinal(read.article.published)
    head = marshal.dumps((read.article.id, read.document.format, _digest(cells, own), [*read.edges]))
    data = marshal.dumps((cells, own))
    return b"".join((len(head).to_bytes(_SIZE, "little"), head, len(data).to_bytes(_SIZE, "little"), data))


def packed_document(document: Document) -> list[Any]:
    """The cells of a document as values that `marshal` takes."""
    cells = [*_cells_of(document)]
    cells[_DOCUMENT_DAY] = _ordinal(document.published)
    return cells


def document_of(cells: list[Any]) -> Document:
    """The document that `packed_document` packed."""
    cells[_DOCUMENT_DAY] = _date(cells[_DOCUMENT_DAY])
    return Document(*cells)


class Spool:
    """A file of what was read, one record behind the other. Write all, then iterate over reads or records: they are in
    Python's own notation for values, which is several times faster than JSON and nobody else's business."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._file: IO[bytes] = path.open("wb")

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, read: Read) -> None:
        """Add a document with its article."""
        self.append(packed(read))

    def append(self, record: bytes) -> None:
        """Add what `packed` made of a document with its article, here or in another process."""
        self._file.write(record)
        self.count += 1

    def __iter__(self) -> Iterator[Read]:
        return map(read_of, self.records())

    def records(self) -> Iterator[Record]:
        """What was written, in its order."""
        self._file.flush()
        with self.path.open("rb") as file:
            while size := file.read(_SIZE):
                name, read_as, digest, edges = marshal.loads(file.read(int.from_bytes(size, "little")))
                data = file.read(int.from_bytes(file.read(_SIZE), "little"))
                yield Record(name, read_as, digest, edges, data)


def _digest(cells: Sequence[object], own: Sequence[object]) -> bytes:
    """Of the values and not of their bytes in the file, which depend on what else the process holds."""
    return blake2b(f"{cells!r} {own!r}".encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _article(document: Document, own: list[Any]) -> Article:
    own[_OWN_DAY] = _date(own[_OWN_DAY])
    cells = [own[0], document.text, *own[1:], document.format, document.url]
    return Article(*cells)


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0


def _date(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if ordinal else None
