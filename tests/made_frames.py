"""Frames written as the files of a run have them, and rows of one article as two runs tell it."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import jianbao
import pytest
from jianbao.corpus.article import Article
from jianbao.corpus.records import decimal_text
from jianbao.pipeline.frames import frame
from jianbao.pipeline.tables import plain

pd = pytest.importorskip("pandas")


def cells(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    return header, [[plain(cell) for cell in row] for row in rows]


def written(table: Any) -> list[list[str]]:
    """The cells of a frame as a file of a run has them."""
    return [[as_cell(value) for value in row] for row in table.astype(object).itertuples(index=False)]


def as_cell(value: Any) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return decimal_text(Decimal(repr(value))) if isinstance(value, float) else str(value)


# Several runs.


def told_twice(day: date) -> Any:
    article = Article("a.txt", "2023年走访慰问侨胞30户。", published=day, region="330106")
    return frame([(article, jianbao.extract(article.text, published=day, region="330106"))])
