"""The tables of a run and a year in, the divisions of that year out that hold the regions of its articles and figures."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..corpus.errors import InputError, OutputError
from ..corpus.successions import in_year, row_in
from .aside import aside, drop, rename, settle
from .outputs import opened
from .tables import region_name, write_rows
from .totals import EARLIEST, TOLD_IN

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MAPPED = "regions.csv"
HEADER = (
    "region", "region_name", "year", "articles", "indicators", "in_year", "in_year_name", "kind", "note",
)  # fmt: skip


class MappedRegion(NamedTuple):
    """A region of the tables, as it is told in the divisions of one year, and the division of the asked year that surely
    holds it. The year of an article is that of its publication, that of a figure the year in which its period ends where
    that comes first: the totals map it alike.

    `kind` is `same`, `renamed` (the same land under another name or code), `merged` (now a part of the division) or
    `split` (several hold it: the division is the one that holds them all). `year` is None where no date is known:
    such regions are read by the divisions of today.
    """

    region: str
    year: int | None
    articles: int
    indicators: int
    code: str
    kind: str
    note: str


def map_regions(out: Path | str, year: int, *, encoding: str = "utf-8-sig") -> list[MappedRegion]:
    """What stands in the tables of `out` for each region and year, and where it lies in the divisions of `year`. Repeats and articles that failed are not counted.

    Raises:
        InputError: where the table of divisions does not reach back to the year, or the year is to come.
        OutputError: where the folder holds no tables, or a table is broken.
    """
    with opened(out, encoding=encoding, tables=("articles", "indicators")) as connection:
        return mapped_regions(connection, year)


def mapped_regions(connection: DuckDBPyConnection, year: int) -> list[MappedRegion]:
    """The same of the tables `articles` and `indicators` of a connection, in the order of codes and years."""
    if not EARLIEST <= year <= date.today().year:
        raise InputError(f"divisions are known from {EARLIEST} to this year, not for {year} (没有该年份的区划)")
    rows = connection.execute(_COUNTED).fetchall()
    return [_mapped(region, told, articles, indicators, year) for region, told, articles, indicators in rows]


_COUNTED = f"""WITH told AS (SELECT * FROM articles WHERE status IN ('ok', 'partial')),
    both_counts AS (SELECT region, year(published) AS year, 1 AS articles, 0 AS indicators FROM told
        UNION ALL SELECT i.region, {TOLD_IN}, 0, 1 FROM indicators i JOIN told a USING (article))
    SELECT region, year, sum(articles)::BIGINT, sum(indicators)::BIGINT FROM both_counts
    WHERE region IS NOT NULL GROUP BY region, year ORDER BY region, year NULLS FIRST"""


def _mapped(region: str, told: int | None, articles: int, indicators: int, year: int) -> MappedRegion:
    mapped = in_year(region, told or date.today().year, year)
    return MappedRegion(region, told, articles, indicators, mapped.code or "", mapped.kind, mapped.note)


def write_mapped(mapped: list[MappedRegion], out: Path, year: int, *, encoding: str = "utf-8-sig") -> Path:
    """The table `regions.csv` in the folder; its path.

    Raises:
        OutputError: where it cannot be written.
    """
    path = out / MAPPED
    part = aside(path)
    try:
        with part.open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow(HEADER)
            write_rows(writer, (_cells(row, year) for row in mapped))
            settle(file)
        return rename(part)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error} (无法写入)") from None
    finally:
        drop((part,))


def _cells(row: MappedRegion, year: int) -> tuple[str, ...]:
    then = row_in(row.code, year) if row.code else None
    return (
        row.region, region_name(row.region), str(row.year or ""), str(row.articles), str(row.indicators),
        row.code, then.full_name if then else "", row.kind, row.note,
    )  # fmt: skip
