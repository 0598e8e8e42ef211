"""The tables of a run and a year in, the divisions of that year out that hold the regions of its articles and figures."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from ..corpus.errors import InputError, OutputError
from ..corpus.successions import in_year, row_in
from .tables import COLUMNS, read_rows, region_name, write_rows

MAPPED = "regions.csv"
_EARLIEST = 1990
HEADER = (
    "region", "region_name", "year", "articles", "indicators", "in_year", "in_year_name", "kind", "note",
)  # fmt: skip


class MappedRegion(NamedTuple):
    """A region of the tables, as articles of one year name it, and the division of the asked year that surely holds it.

    `kind` is `same`, `renamed` (the same land under another name or code), `merged` (now a part of the division) or
    `split` (several hold it: the division is the one that holds them all). `year` is None for articles without a date,
    which are read by the divisions of today.
    """

    region: str
    year: int | None
    articles: int
    indicators: int
    code: str
    kind: str
    note: str


def map_regions(out: Path | str, year: int, *, encoding: str = "utf-8-sig") -> list[MappedRegion]:
    """What stands in the tables of `out` for each region and year of article, and where it lies in the divisions of
    `year`. Repeats and articles that failed are not counted.

    Raises:
        InputError: where the table of divisions does not reach back to the year, or the year is to come.
        OutputError: where the folder holds no tables, or a table is broken.
    """
    if not _EARLIEST <= year <= date.today().year:
        raise InputError(f"divisions are known from {_EARLIEST} to this year, not for {year} (没有该年份的区划)")
    counts = _counted(Path(out), encoding)
    return [_mapped(region, told, articles, indicators, year) for (region, told), (articles, indicators) in counts]


def _counted(out: Path, encoding: str) -> list[tuple[tuple[str, int | None], tuple[int, int]]]:
    """Articles and indicators for each region and year, in the order of codes and years."""
    years: dict[str, int | None] = {}
    articles: Counter[tuple[str, int | None]] = Counter()
    for row in _rows(out, "articles", encoding):
        if row["status"] in ("ok", "partial"):
            told = years[row["article"]] = int(row["published"][:4]) if row["published"] else None
            articles[row["region"], told] += 1
    indicators = Counter(
        (row["region"], years[row["article"]]) for row in _rows(out, "indicators", encoding) if row["article"] in years
    )
    keys = sorted({key for key in (*articles, *indicators) if key[0]}, key=lambda key: (key[0], key[1] or 0))
    return [(key, (articles[key], indicators[key])) for key in keys]


def _rows(out: Path, name: str, encoding: str) -> Iterator[dict[str, str]]:
    for row in read_rows(out / f"{name}.csv", COLUMNS[name], encoding):
        yield {column: str(cell) for column, cell in zip(COLUMNS[name], row, strict=True)}


def _mapped(region: str, told: int | None, articles: int, indicators: int, year: int) -> MappedRegion:
    mapped = in_year(region, told or date.today().year, year)
    return MappedRegion(region, told, articles, indicators, mapped.code or "", mapped.kind, mapped.note)


def write_mapped(mapped: list[MappedRegion], out: Path, year: int, *, encoding: str = "utf-8-sig") -> Path:
    """The table `regions.csv` in the folder; its path.

    Raises:
        OutputError: where it cannot be written.
    """
    path = out / MAPPED
    try:
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow(HEADER)
            write_rows(writer, (_cells(row, year) for row in mapped))
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error} (无法写入)") from None
    return path


def _cells(row: MappedRegion, year: int) -> tuple[str, ...]:
    then = row_in(row.code, year) if row.code else None
    return (
        row.region, region_name(row.region), str(row.year or ""), str(row.articles), str(row.indicators),
        row.code, then.full_name if then else "", row.kind, row.note,
    )  # fmt: skip
