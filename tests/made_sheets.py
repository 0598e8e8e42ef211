"""Documents of a table's bytes, as the tests of tables ask for them."""

from __future__ import annotations

from jianbao.corpus.document import Document
from jianbao.corpus.limits import DEFAULT, Limits
from jianbao.corpus.sheets import Columns, read_bytes
from made_tables_and_archives import FORMATS

TABLES = sorted(name for name in FORMATS if name.startswith("表格"))


def documents(
    data: bytes, read_as: str = "csv", columns: Columns | None = None, limits: Limits = DEFAULT
) -> list[Document]:
    return list(read_bytes(data, read_as, columns or Columns(), limits))


def one(data: bytes, read_as: str = "csv", columns: Columns | None = None) -> Document:
    (document,) = documents(data, read_as, columns)
    return document
