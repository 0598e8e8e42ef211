"""Cells that are hard to write, and readers: what a file of each format holds of a table."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jianbao.pipeline.dictionary import heading, title
from jianbao.pipeline.tables import plain

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


TABLES = (
    "totals", "wide", "wide_long", "ledger", "indicators", "brands", "brand_registry", "brand_spread", "activities",
    "articles",
)  # fmt: skip
NASTY = "=HYPERLINK(\"http://x\")\n“走访”,\t'引号'\u3000𠮷 _x0041_"
RISKY = ("=1+1", "+86", "-5", "@SUM(A1)", "'=1", "\t制表", NASTY)
FIGURES = ("0.1", "1234567.25", "99999999999999", "123456789012345678", "-3", "0.0000000001", "1000000000000000000")
Rows = list[dict[str, Any]]


def add_article(connection: DuckDBPyConnection, article: str, cell: str) -> None:
    connection.execute(
        "INSERT INTO articles (article, title, source, published, region, characters, status) VALUES (?, ?, ?, ?, ?, 9, 'ok')",
        [article, cell, f"来源{cell}", date(1870, 5, 3), "330106"],
    )


def add_indicator(connection: DuckDBPyConnection, article: str, place: int, figure: str) -> None:
    connection.execute(
        'INSERT INTO indicators (article, start, "end", text, low, high, bound, dimension, status, confidence)'
        " VALUES (?, ?, ?, ?, ?, ?, 'exact', 'money', 'done', 0.97)",
        [article, place, place + 3, RISKY[place], figure, figure],
    )


def rows_in(connection: DuckDBPyConnection, table: str) -> Rows:
    """The rows of a table of the connection."""
    found = connection.execute(f"SELECT * FROM {table}")
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


# Readers: what a file holds of a table, its cells as they are in the connection.


def from_csv(place: Path, table: str, kinds: dict[str, str]) -> Rows:
    with (place / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return [{name: _typed(plain(cell), kinds[name]) for name, cell in row.items()} for row in csv.DictReader(file)]


def _typed(cell: str, kind: str) -> Any:
    read: dict[str, Callable[[str], Any]] = {
        "integer": int, "decimal": Decimal, "number": float, "date": date.fromisoformat,
        "yes/no": lambda told: {"true": True, "false": False}[told],
    }  # fmt: skip
    return read.get(kind, str)(cell) if cell else None


def from_json_lines(place: Path, table: str, kinds: dict[str, str]) -> Rows:
    lines = (place / f"{table}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line, parse_float=Decimal) for line in lines]
    return [{name: _from_json(cell, kinds[name]) for name, cell in row.items()} for row in rows]


def _from_json(cell: Any, kind: str) -> Any:
    if cell is None:
        return None
    assert kind != "decimal" or isinstance(cell, int | Decimal)
    return _typed(str(cell), "date") if kind == "date" else float(cell) if kind == "number" else cell


def from_parquet(place: Path, table: str, kinds: dict[str, str]) -> Rows:
    import pyarrow.parquet as pq

    rows: Rows = pq.read_table(place / f"{table}.parquet").to_pylist()
    return rows


def from_duckdb(place: Path, table: str, kinds: dict[str, str]) -> Rows:
    import duckdb

    with duckdb.connect(str(place), read_only=True) as connection:
        return rows_in(connection, table)


def from_sqlite(place: Path, table: str, kinds: dict[str, str]) -> Rows:
    with closing(sqlite3.connect(place)) as file:
        found = file.execute(f"SELECT {', '.join(f'{chr(34)}{name}{chr(34)}' for name in kinds)} FROM {table}")
        return [
            {name: _from_sqlite(cell, kind) for (name, kind), cell in zip(kinds.items(), row, strict=True)}
            for row in found
        ]


def _from_sqlite(cell: Any, kind: str) -> Any:
    if cell is None:
        return None
    read: dict[str, Callable[[Any], Any]] = {
        "decimal": lambda told: Decimal(str(told)),
        "date": date.fromisoformat,
        "yes/no": bool,
    }
    return read.get(kind, lambda told: told)(cell)


def from_workbook(place: Path, table: str, kinds: dict[str, str]) -> Rows:
    import openpyxl

    book = openpyxl.load_workbook(place, read_only=True)
    lines = list(book[title(table, "zh")].iter_rows(values_only=True))
    assert list(lines[0]) == [heading(table, name, "zh") for name in kinds]
    return [
        {name: _from_sheet(cell, kind) for (name, kind), cell in zip(kinds.items(), line, strict=True)}
        for line in lines[1:]
    ]


def _from_sheet(cell: Any, kind: str) -> Any:
    from openpyxl.utils.escape import unescape

    if cell is None:
        return None
    if kind == "decimal":
        return Decimal(str(cell))
    if kind == "date":
        return cell.date() if isinstance(cell, datetime) else date.fromisoformat(cell)
    if kind == "text":
        return unescape(cell)  # spreadsheet programs do so themselves
    return float(cell) if kind == "number" else cell


READERS = {
    "csv": from_csv,
    "jsonl": from_json_lines,
    "parquet": from_parquet,
    "duckdb": from_duckdb,
    "sqlite": from_sqlite,
    "xlsx": from_workbook,
}
