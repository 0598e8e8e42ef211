"""Frames of figures and of articles in, the tables that sums are made of out: every cell checked, with its place in an error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..corpus.errors import InputError
from .cells import COUNT, DAY, FIGURE, Kind, broken, kind_of
from .store import typed
from .tables import COLUMNS

if TYPE_CHECKING:
    import pandas as pd  # type: ignore[import-untyped, unused-ignore]
    from duckdb import DuckDBPyConnection

_SUMMED = (
    "article", "start", "end", "text", "low", "high", "bound", "unit", "dimension", "per", "measure", "activity", "brand",
    "period_start", "period_end", "status", "part_of", "region", "sentence",
)  # fmt: skip


def put_indicators(connection: DuckDBPyConnection, frame: pd.DataFrame) -> None:
    """The frame as the table `indicators`, in the order of a run: by article and offset."""
    _put_text(connection, "given", frame, "indicators", (*_SUMMED, *_run_of(frame)))
    _refuse_twice(connection, "given", 'article, "start", "end"', _FIGURE_TWICE)
    lacking = ", ".join(f'NULL::VARCHAR AS "{column}"' for column in COLUMNS["indicators"] if column not in _SUMMED)
    order = 'article, "start"::BIGINT, "end"::BIGINT'
    typed(connection, "indicators", f"(SELECT *, {lacking} FROM given ORDER BY {order})")
    _refuse_upside_down(connection)
    connection.execute("DROP TABLE given")


def put_articles(connection: DuckDBPyConnection, frame: pd.DataFrame, articles: pd.DataFrame | None) -> None:
    """The table `articles`: what the sums ask of the article of each figure."""
    told = _articles_of(frame) if articles is None else articles
    known = told if "title" in told else told.assign(title=None)
    _put_text(connection, "given", known, "articles", ("article", "title", "published", "status", *_run_of(frame)))
    connection.execute(
        "CREATE TABLE articles AS SELECT DISTINCT article, title, published::DATE AS published, status FROM given"
    )
    _refuse_twice(connection, "articles", "article", _ARTICLE_TWICE)
    connection.execute("DROP TABLE given")


def _articles_of(frame: pd.DataFrame) -> pd.DataFrame:
    """What the frame of indicators itself says of its articles."""
    columns = ["article", "article_title", "published", "article_status", *_run_of(frame)]
    known: Any = frame[[column for column in columns if column in frame]].drop_duplicates()
    return known.reindex(columns=columns).rename(columns={"article_status": "status", "article_title": "title"})


def _run_of(frame: pd.DataFrame) -> tuple[str, ...]:
    return ("run",) if "run" in frame else ()


def _put_text(
    connection: DuckDBPyConnection, name: str, frame: pd.DataFrame, table: str, columns: Sequence[str]
) -> None:
    """Columns of a frame as a table of text, each cell one that may stand in the named table; the run put before the article."""
    import pandas as pd

    _refuse_lacking(frame, columns)
    told = {column: _told(frame[column], kind_of(table, column)) for column in columns}
    connection.register("registered", pd.DataFrame({column: cells for column, (cells, _) in told.items()}))
    article = "concat_ws('/', run, coalesce(article, ''))" if "run" in columns else "coalesce(article, '')"
    shown = ", ".join(f'{sql} AS "{column}"' for column, (_, sql) in told.items())
    connection.execute(
        f"CREATE TABLE {name} AS SELECT {article} AS article, * EXCLUDE ({', '.join({'article', 'run'} & {*columns})})"
        f" FROM (SELECT {shown} FROM registered)"
    )
    connection.unregister("registered")
    for column in columns:
        if column != "run":
            _refuse_broken(connection, name, table, column)


def _refuse_lacking(frame: pd.DataFrame, columns: Sequence[str]) -> None:
    for column in columns:
        if (count := list(frame.columns).count(column)) != 1:
            fault = "lacks the column" if not count else "has twice the column"
            raise InputError(f"the frame {fault} {column!r}, which totals are made of (缺列或重列)")


def refuse_other(given: object) -> None:
    import pandas as pd

    if not isinstance(given, pd.DataFrame):
        raise InputError(f"totals are made of a data frame, not of {type(given).__name__} (请给 DataFrame)")


def _told(cells: Any, kind: Kind) -> tuple[Any, str]:
    """Cells as the database takes them, and the SQL that writes them as a file does: 330106.0 is 330106."""
    import pandas as pd

    name = f'"{cells.name}"'
    if pd.api.types.is_datetime64_dtype(cells):
        return cells, f"{name}::DATE::VARCHAR"
    if not pd.api.types.is_float_dtype(cells):
        midnight = f"regexp_replace({name}, '[ T]00:00:00([.]0+)?$', '')" if kind is DAY else name
        return cells.astype("string"), f"nullif({midnight}, '')"
    if kind is FIGURE:
        return cells.astype("Float64"), f"try_cast({name}::VARCHAR AS {FIGURE.type})::VARCHAR"
    return cells.astype("Float64"), f"regexp_replace({name}::VARCHAR, '[.]0$', '')"


def _refuse_broken(connection: DuckDBPyConnection, name: str, table: str, column: str) -> None:
    kind = kind_of(table, column)
    needed = "" if kind is COUNT else f'"{column}" IS NOT NULL AND '
    condition = broken(kind, f'"{column}"')
    if not condition:
        return
    found = connection.execute(f'SELECT "{column}", article FROM {name} WHERE {needed}{condition} LIMIT 1').fetchone()
    if found:
        cell, article = found
        raise InputError(f"column {column!r}: expected {kind.expected}, found {cell!r} in {article!r} (内容不符)")


def _refuse_upside_down(connection: DuckDBPyConnection) -> None:
    found = connection.execute('SELECT article, "start", "end" FROM indicators WHERE low > high LIMIT 1').fetchone()
    if found:
        article, start, end = found
        raise InputError(f"{article!r}:{start}-{end}: low is more than high (low 大于 high)")


def _refuse_twice(connection: DuckDBPyConnection, name: str, key: str, fault: str) -> None:
    found = connection.execute(
        f"SELECT {key} FROM {name} GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 1"
    ).fetchone()
    if found:
        raise InputError(f"{found[0]!r}{':' * (len(found) > 1)}{'-'.join(found[1:])} {fault}")


_RUNS = "give the rows of each run a column `run`, as in frame.assign(run='2023'), or drop what is double (多次运行的表请加 run 列)"
_FIGURE_TWICE = f"stands in the frame twice: {_RUNS}"
_ARTICLE_TWICE = f"has two days of publication or states: {_RUNS}"
