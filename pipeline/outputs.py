"""An output folder in, its tables out, on a DuckDB connection or as data frames; what was said in the review holds in them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from .cells import COUNT, FIGURE, SHARE, SUM, TRUTH, Kind, kind_of
from .domains import domain_in_force
from .overlay import overlay, overlay_rows
from .store import check_whole, database, load
from .tables import COLUMNS, DERIVED, read_rows

if TYPE_CHECKING:
    import pandas as pd  # type: ignore[import-untyped, unused-ignore]
    from duckdb import DuckDBPyConnection


@contextmanager
def opened(
    out: Path | str,
    *,
    encoding: str = "utf-8-sig",
    tables: Collection[str] = tuple(COLUMNS),
    suffix: str = ".csv",
    scratch: Path | None = None,
    review: Literal["applied", "left"] = "applied",
) -> Iterator[DuckDBPyConnection]:
    """A connection to the tables of an output folder, with the columns of `COLUMNS`; an empty cell is NULL. What was said
    of records in `jianbao review` is applied to them, unless it is to be left.

    Offsets are BIGINT, `low` and `high` DECIMAL(38,10) (NULL where a figure does not fit), dates DATE, shares DOUBLE, all
    else VARCHAR, as they were before they were written harmless. The domain of the run is in force meanwhile.

    Raises:
        InputError: with file and line where a file of the review is broken.
        OutputError: with file, line and column where a table is missing, has other columns, a broken cell or an unknown
            adcode, or belongs to another run than its articles.
    """
    folder = Path(out)
    with domain_in_force(folder), database(scratch) as connection:
        for name in (name for name in COLUMNS if name in tables):
            load(connection, name, folder / f"{name}{suffix}", encoding)
        check_whole(connection, tables, lambda name: folder / f"{name}{suffix}", encoding)
        if review == "applied":
            overlay(connection, folder, tables)
        yield connection


def read_tables(out: Path | str, *, encoding: str = "utf-8-sig") -> dict[str, pd.DataFrame]:
    """The tables of an output folder as data frames, by name: `articles`, `indicators`, `brands`, `activities`, and of
    `totals`, `ledger`, `brand_registry` and `brand_spread` those that are there.

    Text columns are strings with empty cells for unknown; offsets and counts are integers; figures and sums are
    `decimal.Decimal` (None for unknown); `confidence` is a float. What was written harmless for spreadsheets reads as it was.
    `encoding` is that of the run. What `jianbao review` kept is in the records; totals and ledger are as they were written.

    Raises:
        InputError: with file and line where a file of the review is broken.
        OutputError: with file, line and column where a table is missing, has other columns or a broken number.
    """
    import pandas as pd

    folder = Path(out)
    frames = {}
    made = {name: columns for name, columns in DERIVED.items() if (folder / f"{name}.csv").exists()}
    with domain_in_force(folder):
        told = {name: list(read_rows(folder / f"{name}.csv", name, encoding)) for name in COLUMNS}
        overlay_rows(folder, told)
        for name, columns in {**COLUMNS, **made}.items():
            rows = told.pop(name) if name in told else list(read_rows(folder / f"{name}.csv", name, encoding))
            kinds = {column: kind_of(name, column) for column in columns}
            types = {column: _DTYPES.get(kind, "str") for column, kind in kinds.items() if kind not in (FIGURE, SUM)}
            frames[name] = pd.DataFrame(rows, columns=list(columns), dtype=object).astype(types)
    return frames


_DTYPES: Mapping[Kind, str] = {COUNT: "int64", SHARE: "float64", TRUTH: "boolean"}
