"""Documents in, the same documents out again in their order: what the first pass over the inputs read, kept on disk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from ..corpus.document import Document, cells_of, from_cells


class Spool:
    """A file of documents, one a line. Write all, then iterate."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self._file: IO[bytes] = path.open("wb")

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, name: str, document: Document) -> None:
        """Add a document under the name of its article."""
        line = json.dumps([name, cells_of(document)], ensure_ascii=False)
        self._file.write(line.encode("utf-8", "surrogatepass") + b"\n")
        self.count += 1

    def __iter__(self) -> Iterator[tuple[str, Document]]:
        self._file.flush()
        with self.path.open("rb") as file:
            for line in file:
                name, cells = json.loads(line.decode("utf-8", "surrogatepass"))
                yield name, from_cells(cells)
