"""Made corpora as a run leaves them, in files or in a store, and the sums that the pipeline makes of a store."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from duckdb import DuckDBPyConnection
from jianbao.corpus.records import decimal_text
from jianbao.pipeline.outputs import opened
from jianbao.pipeline.tables import COLUMNS
from jianbao.pipeline.totals import Request, total
from made_figures import Corpus, Piece

TypedRow = dict[str, Any]


def typed_tables(corpus: Corpus) -> tuple[list[TypedRow], list[TypedRow]]:
    """The rows of `articles` and `indicators`, cells typed, unknown is None."""
    articles = [_article_row(piece) for piece in corpus.pieces]
    return articles, [row for piece in corpus.pieces for row in _indicator_rows(piece)]


def _article_row(piece: Piece) -> TypedRow:
    return {
        "article": piece.name, "title": piece.title, "published": piece.published, "region": piece.region or None,
        "characters": len(piece.placed()[0]), "status": piece.status,
    }  # fmt: skip


def _indicator_rows(piece: Piece) -> Iterator[TypedRow]:
    text, places = piece.placed()
    spans = {told: f"{start}-{end}" for told, (start, end) in places.items()}
    for told, (start, end) in places.items():
        assert told.whole is None or told.whole in spans
        yield {
            "article": piece.name, "start": start, "end": end, "text": text[start:end], "low": told.low,
            "high": told.high, "bound": "exact" if told.low == told.high else "range", "unit": told.kind.unit,
            "dimension": told.kind.dimension, "per": told.per,
            "measure": piece.scripted(told.measure) if told.measure else None,
            "activity": told.kind.activity, "brand": told.brand, "period_start": told.start, "period_end": told.end,
            "status": told.status, "part_of": spans[told.whole] if told.whole else None,
            "region": told.region or piece.region or None, "sentence": _sentence(text, start, end),
        }  # fmt: skip


def _sentence(text: str, start: int, end: int) -> str:
    begins = max(text.rfind(mark, 0, start) for mark in "。\n") + 1
    return text[begins : min(text.find(mark, end) for mark in "。\n" if mark in text[end:]) + 1]


def write_tables(folder: Path, articles: Iterable[TypedRow], indicators: Iterable[TypedRow]) -> Path:
    """The folder of tables that a run would have left."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = {"articles": articles, "indicators": indicators, "brands": (), "activities": ()}
    for name, columns in COLUMNS.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow(columns)
            writer.writerows([[_cell(column, row) for column in columns] for row in rows[name]])
    record = {"version": "0.1.0", "fingerprint": "0" * 16}
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


_WHERE_MISSING = {
    "characters": "0", "confidence": "1.00", "confidence_meaning": "1.00", "confidence_time": "1.00", "bound": "exact",
    "rule": "made",
}  # fmt: skip


@contextmanager
def empty_store(folder: Path) -> Iterator[DuckDBPyConnection]:
    """The store of a run that found nothing, to `fill`."""
    with opened(write_tables(folder, [], [])) as connection:
        yield connection


def fill(connection: DuckDBPyConnection, articles: Iterable[TypedRow], indicators: Iterable[TypedRow]) -> None:
    """Other rows in the place of those of a store; a figure that does not fit is NULL, as the store reads it."""
    for name, rows in (("articles", list(articles)), ("indicators", list(indicators))):
        connection.execute(f"DELETE FROM {name}")
        cells = [[_stored_cell(column, row) for row in rows] for column in COLUMNS[name]]
        connection.execute(f"INSERT INTO {name} SELECT {', '.join(['unnest(?::VARCHAR[])'] * len(cells))}", cells)


def _stored_cell(column: str, row: TypedRow) -> str | None:
    cell = row.get(column)
    return None if isinstance(cell, Decimal) and cell >= 10**28 else _cell(column, row) or None


def sums(connection: DuckDBPyConnection, request: Request | None = None) -> tuple[list[TypedRow], list[TypedRow]]:
    """The ledger and the totals that the pipeline makes of a store."""
    total(connection, request or Request())
    return _rows(connection, "ledger"), _rows(connection, "totals")


def _rows(connection: DuckDBPyConnection, table: str) -> list[TypedRow]:
    found = connection.execute(f"SELECT * FROM {table}")
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _cell(column: str, row: TypedRow) -> str:
    value = row.get(column)
    if value is None:
        return _WHERE_MISSING.get(column, "")
    return decimal_text(value) if isinstance(value, Decimal) else str(value)
