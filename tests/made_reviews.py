"""Output folders that reviews are tried on: two invented bulletins, and how their records are found again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jianbao.corpus.records import Mention
from jianbao.pipeline.fields import fields_of, sort_of
from jianbao.pipeline.outputs import opened
from jianbao.pipeline.review import Review
from jianbao.pipeline.review_sheet import At
from jianbao.pipeline.reviewed import Standing
from jianbao.pipeline.run import run

FIRST = """临平区侨联开展春季走访

杭州市临平区侨联 2023年5月6日

今年以来，临平区侨联走访慰问归侨侨眷1700余人次，发放慰问金36万元，其中困难补助12万元。推出“侨心驿站”服务品牌，建成站点8个。
5月，举办法律培训班3期，培训260人。
"""
SECOND = """西湖区侨联收到捐款

杭州市西湖区侨联 2023年6月1日

西湖区侨联收到捐款50万元，资助学生120名。
"""


def made_out(folder: Path, **texts: str) -> Path:
    """The output folder of a run over the texts, `a.txt` and `b.txt` where none are given."""
    inputs = folder / "in"
    inputs.mkdir(parents=True, exist_ok=True)
    for name, text in (texts or {"a": FIRST, "b": SECOND}).items():
        (inputs / f"{name}.txt").write_text(text, encoding="utf-8")
    run([inputs], folder / "out")
    return folder / "out"


@contextmanager
def reviewing(out: Path) -> Iterator[Review]:
    """A review of the folder."""
    with opened(out, review="left") as connection:
        yield Review(out, connection)


def standing(review: Review, article: str, text: str, sort: str = "indicator") -> Standing:
    """The record with that wording; of activities the one of that type."""
    [found] = [
        each
        for each in review.sheet(article).standing
        if sort_of(each.record) == sort and text in (each.record.text, getattr(each.record, "type", ""))
    ]
    return found


def at(record: Mention) -> At:
    """Where a record stands."""
    return At(sort_of(record), record.start, record.end, getattr(record, "type", ""))


def rows_of(frame: Any, **cells: object) -> list[dict[str, Any]]:
    """The rows of a data frame with these cells."""
    return [row for row in frame.to_dict("records") if all(row[name] == cell for name, cell in cells.items())]


def change(out: Path, article: str, text: str, **fields: str) -> None:
    """Correct fields of the indicator with that wording."""
    with reviewing(out) as review:
        found = standing(review, article, text).record
        review.correct(article, at(found), (found.start, found.end), {**fields_of(found), **fields})


def bytes_of(out: Path) -> dict[str, bytes]:
    """The tables of a run as they lie in its folder."""
    return {name: (out / f"{name}.csv").read_bytes() for name in ("articles", "indicators", "brands", "activities")}
