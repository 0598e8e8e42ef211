"""Documents and articles in, the same out again in their order: what the first pass over the inputs read, kept on disk."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import IO, Any, NamedTuple

from ..corpus.article import Article
from ..corpus.document import Document, cells_of, from_cells

# What an article has beside what its document holds.
_OWN = ("id", "title", "published", "source", "contributor", "region", "body", "status", "message")


class Read(NamedTuple):
    """A document, the article that it is when it is read alone, and the keys of the lines at its head and foot."""

    document: Document
    article: Article
    edges: Sequence[int] = ()


class Spool:
    """A file of what was read, one a line. Write all, then iterate."""

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
        article = {name: getattr(read.article, name) for name in _OWN}
        article["published"] = read.article.published.isoformat() if read.article.published else None
        line = json.dumps([cells_of(read.document), article, read.edges], ensure_ascii=False)
        self._file.write(line.encode("utf-8", "surrogatepass") + b"\n")
        self.count += 1

    def __iter__(self) -> Iterator[Read]:
        self._file.flush()
        with self.path.open("rb") as file:
            for line in file:
                cells, own, edges = json.loads(line.decode("utf-8", "surrogatepass"))
                document = from_cells(cells)
                yield Read(document, _article(document, own), edges)


def _article(document: Document, own: dict[str, Any]) -> Article:
    published = date.fromisoformat(own["published"]) if own["published"] else None
    body = tuple((start, end) for start, end in own["body"])
    same = {"text": document.text, "format": document.format, "url": document.url}
    return Article(**{**own, **same, "published": published, "body": body})
