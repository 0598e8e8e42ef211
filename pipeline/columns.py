"""A table of a DuckDB connection in, its columns and the SQL that writes their cells for other engines out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_ROWS = 5_000
_INTEGERS = ("BIGINT", "HUGEINT", "INTEGER", "SMALLINT", "TINYINT", "UBIGINT", "UHUGEINT", "UINTEGER")


class Column(NamedTuple):
    """A column and its sort: text, integer, decimal, number, date or yes/no."""

    name: str
    kind: str

    @property
    def sql(self) -> str:
        """The name as SQL has it: `"end"`."""
        return quoted(self.name)


def columns_of(connection: DuckDBPyConnection, table: str) -> list[Column]:
    """The columns of a table in their order."""
    described = connection.execute(f"DESCRIBE {table}").fetchall()
    return [Column(name, _kind(told)) for name, told, *_ in described]


def _kind(told: str) -> str:
    if told.startswith("DECIMAL"):
        return "decimal"
    if told in _INTEGERS:
        return "integer"
    return {"DOUBLE": "number", "FLOAT": "number", "DATE": "date", "BOOLEAN": "yes/no"}.get(told, "text")


def quoted(name: str) -> str:
    """A name of a column as SQL has it.

    >>> quoted("end")
    '"end"'
    """
    return '"' + name.replace('"', '""') + '"'


def figure_text(column: Column) -> str:
    """The SQL of a figure in full, without zeros behind its last digit: 1700, 36.5."""
    digits = f"{column.sql}::VARCHAR"
    return f"CASE WHEN contains({digits}, '.') THEN rtrim(rtrim({digits}, '0'), '.') ELSE {digits} END"


def batches(connection: DuckDBPyConnection, table: str, cells: Sequence[str]) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a table, some thousands at a time, with what the SQL of each cell gives."""
    rows = connection.execute(f"SELECT {', '.join(cells)} FROM {table}")
    while batch := rows.fetchmany(_ROWS):
        yield batch
