"""Rows of tables in a few words, and the ledger and the totals that the pipeline and the oracle make of them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from duckdb import DuckDBPyConnection
from jianbao.pipeline.totals import Request
from made_stores import fill, sums
from plain_totals import Asked, reckon

ZHEJIANG, HANGZHOU, LINPING, TONGLU = "330000", "330100", "330113", "330122"
JIANGGAN, XIACHENG, GONGSHU = "330104", "330103", "330105"
JINAN, LAIWU, FUYANG, FUYANG_NOW = "370100", "371200", "330183", "330111"  # 富阳市 became 富阳区 in 2014
YEAR, HALF, MARCH, LATE = "2023-01-01..2023-12-31", "2023-01-01..2023-06-30", "2023-03-01..2023-03-31", "2023-07-01..2023-12-31"  # fmt: skip
LEAD = "2023年全区走访慰问困难归侨侨眷30户。"
BODY = "2023年全区走访慰问困难归侨侨眷30户，送上祝福。"
Row = dict[str, Any]


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def said(place: str = "a:0", low: float | str = 30, high: float | str | None = None, **cells: Any) -> Row:
    """An indicator at ARTICLE:START; its span has three characters."""
    article, start = place.split(":")
    begins, _, ends = cells.pop("period", "..").partition("..")
    figure = {"low": Decimal(str(low)), "high": Decimal(str(low if high is None else high))}
    row: Row = {
        "article": article, "start": int(start), "end": int(start) + 3, "text": "30户", **figure,
        "bound": "exact" if figure["low"] == figure["high"] else "over", "unit": "户", "dimension": "households",
        "per": None, "measure": "走访侨眷", "activity": "visit", "brand": None, "period_start": day(begins),
        "period_end": day(ends), "status": "done", "part_of": None, "region": LINPING, "sentence": "30户。",
    }  # fmt: skip
    return row | cells


def told(line: str) -> list[Row]:
    """Articles as `a 2024-01-15, b, c repeat, d =title`."""
    articles = []
    for words in line.split(","):
        name, *rest = words.split()
        published = next((date.fromisoformat(word) for word in rest if word[0].isdigit()), None)
        title = next((word[1:] for word in rest if word[0] == "="), None)
        status = "repeat" if "repeat" in rest else "ok"
        articles.append({"article": name, "published": published, "status": status, "title": title})
    return articles


def ledger(store: DuckDBPyConnection, articles: str, *rows: Row, **asked: Any) -> dict[str, str]:
    """`counted`, or the reason and what stands instead, by ARTICLE:START; the oracle must say the same."""
    fill(store, told(articles), rows)
    found, _ = sums(store, Request(**asked))
    plain, _ = reckon(told(articles), rows, Asked(**asked))
    assert {_place(row): row["reason"] for row in found} == {_place(row): row["reason"] for row in plain}
    for row in found:
        assert row["verdict"] == ("left_out" if row["reason"] else "counted")
        assert (row["total"] is None) == (row["reason"] is not None)
    return {_place(row): _verdict(row) for row in found}


def _place(row: Row) -> str:
    return f"{row['article']}:{row['start']}"


def _verdict(row: Row) -> str:
    return f"{row['reason']} {row['other'].partition('-')[0]}" if row["other"] else row["reason"] or "counted"


def totals(store: DuckDBPyConnection, articles: str, *rows: Row, **asked: Any) -> dict[str, tuple[Any, ...]]:
    """Own low, high, count and below low, high, count by the id of the total."""
    fill(store, told(articles), rows)
    _, found = sums(store, Request(**asked))
    names = [f"{side}_{name}" for side in ("own", "below") for name in ("low", "high", "count")]
    return {row["total"]: tuple(row[name] for name in names) for row in found}
