"""Tables of a run, or the records of articles, in; typed pandas frames out, and totals of such frames."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import index
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..corpus.article import Article
from ..corpus.domain import Domain
from ..corpus.errors import InputError, OutputError
from ..corpus.lexicons import in_force
from ..corpus.records import BOUNDS, BRAND_KINDS, DIMENSIONS, Records, activity_types
from .columns import quoted
from .dictionary import described
from .domains import domain_in_force
from .frame_tables import put_articles, put_indicators, refuse_other
from .outputs import opened
from .store import LINE, database, load_text, typed
from .summing import WIDE
from .tables import COLUMNS, DERIVED, rows_of
from .totals import Request, total
from .verdicts import REASONS

if TYPE_CHECKING:
    import pandas as pd  # type: ignore[import-untyped, unused-ignore]
    from duckdb import DuckDBPyConnection, DuckDBPyRelation

# Codes with a known list keep one dtype when frames are put together; the others list what the frame holds.
_STATUS = ("ok", "partial", "repeat", "failed")
_LISTED: Mapping[str, Sequence[str]] = {
    "bound": BOUNDS,
    "dimension": tuple(DIMENSIONS),
    "kind": tuple(BRAND_KINDS),
    "level": ("county", "prefecture", "province", "nation"),
    "wide_long.source": ("own", "below"),
    "verdict": ("counted", "left_out"),
    "reason": tuple(dict.fromkeys([*(reason.name for reason in REASONS), "reported_again", "overlap"])),
    "article_status": _STATUS,
    "articles.status": _STATUS,
    "indicators.status": ("done", "planned"),
}
# Types of the data dictionary; figures keep the nearest float.
_TYPES = {"integer": "BIGINT", "decimal": "DOUBLE", "number": "DOUBLE", "date": "DATE", "yes/no": "BOOLEAN"}
_OPEN = frozenset({"unit", "per", "region", "region_name", "rule", "format", "status"})
_ORDERED = frozenset({"level"})


def frame(
    source: Path | str | Records | Iterable[tuple[Article, Records]],
    table: str = "indicators",
    *,
    encoding: str = "utf-8-sig",
) -> pd.DataFrame:
    """One table as a typed data frame: of an output folder of `jianbao run`, of the records of one article, or of
    articles with their records.

    Text is `string`, codes (bound, unit, dimension, activity, status, region, level, rule ...) are `category` (`level` is
    ordered, county first), offsets and counts `Int64`, figures, sums and confidence `Float64`, dates `datetime64[s]`, yes
    and no `boolean`; unknown is NA (NaT in dates). Figures are exact as written up to 15 digits; `read_tables` gives
    `Decimal`. Behind the columns of the file stand for indicators `published`, `article_status`, `article_title`, so
    that `totals` can be made of the frame alone.

    >>> from jianbao import extract
    >>> found = frame(extract("全年走访慰问侨胞1700余人次，发放慰问资金近40万元。"))
    >>> found[["text", "low", "high", "unit", "dimension"]]
          text       low      high unit     dimension
    0  1700余人次    1700.0    1800.0   人次  person_times
    1    近40万元  360000.0  400000.0    元         money

    Low and high as intervals, for instance to ask which figures may be 1750:

    >>> import pandas as pd
    >>> low, high = found["low"].astype(float), found["high"].astype(float)
    >>> pd.arrays.IntervalArray.from_arrays(low, high, closed="both").contains(1750)
    array([ True, False])

    Raises:
        InputError: where the source is none of these, or holds no table of that name.
        OutputError: where a table of the folder is broken, with file, line and column.
    """
    if isinstance(source, str | Path):
        return _of_folder(Path(source), table, encoding)
    if table not in COLUMNS or (table == "articles" and isinstance(source, Records)):
        raise _no_table(table, [name for name in COLUMNS if name != "articles" or not isinstance(source, Records)])
    return _of_rows(list(_rows(source)), table)


class Totals(NamedTuple):
    """Sums over regions, and the verdict on each figure that was given: the tables totals.csv and ledger.csv."""

    table: pd.DataFrame
    ledger: pd.DataFrame


def totals(
    frame: pd.DataFrame,
    by: str | Sequence[str] = "activity",
    level: str | None = None,
    year: int | None = None,
    divisions: int | None = None,
    *,
    articles: pd.DataFrame | None = None,
    domain: Domain | None = None,
) -> Totals:
    """The sums of `jianbao totals` over a frame of indicators, with the ledger that says what counted and why not.

    `frame` comes from `frame` or `read_tables`, whole, filtered, sorted or put together. `by`: any of activity, brand,
    measure, period, dimension; `level`: province, prefecture or county; `year`: only figures of that year; `divisions`: the
    year whose divisions the regions are told in. Day of publication and status of the articles are taken from the frame of
    `articles` (article, title, published, status), else from `published`, `article_status`, `article_title`; else they are unknown
    and ok. Rows of several runs whose articles may share a name need a column `run`, which is put before the article
    (`2023/a.txt`): `pd.concat([frame("OUT1").assign(run="2022"), frame("OUT2").assign(run="2023")])`. Figures of a run
    with a domain need that `domain`, whose activity types they name.

    >>> from jianbao import extract
    >>> from jianbao.pipeline.frames import frame
    >>> found = frame(extract("2023年走访慰问侨胞1700余人次。", region="330106"))
    >>> totals(found, level="county").table[["region_name", "activity_name", "own_low", "own_high", "own_count"]]
      region_name activity_name  own_low  own_high  own_count
    0   浙江省杭州市西湖区          走访慰问   1700.0    1800.0          1

    Raises:
        InputError: where a column is missing or a cell broken, where an article or a figure stands in the frame twice, or
            where the sums asked for are unknown.
    """
    request = _request(by, level, year, divisions)
    for given in (frame,) if articles is None else (frame, articles):
        refuse_other(given)
    with in_force(domain), database() as connection:
        put_indicators(connection, frame)
        put_articles(connection, frame, articles)
        total(connection, request)
        return Totals(_framed(connection.table("totals"), "totals"), _framed(connection.table("ledger"), "ledger"))


def _request(by: str | Sequence[str], level: str | None, year: int | None, divisions: int | None) -> Request:
    if not isinstance(by, str | Sequence):
        raise InputError(f"totals by {by!r}: give a name or several (请给出分组列名)")
    return Request((by,) if isinstance(by, str) else tuple(by), level, _year(year), _year(divisions))


def _year(told: int | None) -> int | None:
    if told is None:
        return None
    try:
        return index(told)  # also of a cell of a frame
    except TypeError:
        raise InputError(f"year {told!r}: give a whole number such as 2023 (年份须为整数)") from None


def _of_folder(folder: Path, table: str, encoding: str) -> pd.DataFrame:
    if table in COLUMNS:
        with opened(folder, encoding=encoding, tables={table, "articles"}) as connection:
            return _shown(connection, table)
    if table not in (*DERIVED, *WIDE):
        raise _no_table(table, [*COLUMNS, *DERIVED, *WIDE])
    path = folder / f"{table}.csv"
    if not path.exists():
        raise InputError(f"{path}: is not there; `jianbao totals` makes it (没有这张表，请先运行 jianbao totals)")
    with domain_in_force(folder):
        return _of_derived(path, table, encoding)


def _of_derived(path: Path, table: str, encoding: str) -> pd.DataFrame:
    """A table that was made of the others, each column typed as the data dictionary says."""
    with database() as connection:
        columns = load_text(connection, "written", path, DERIVED.get(table) or _columns_told(path, encoding), encoding)
        types = {column: _TYPES.get(entry.type) for column in columns if (entry := described(table, column))}
        for column, kind in types.items():
            _refuse_untyped(connection, path, column, kind)
        cells = ", ".join(
            f"{quoted(column)}::{types.get(column) or 'VARCHAR'} AS {quoted(column)}" for column in columns
        )
        return _framed(connection.sql(f"SELECT {cells} FROM written"), table)


def _columns_told(path: Path, encoding: str) -> list[str]:
    """The columns of a wide table, which are as many as there are figures."""
    try:
        with path.open(encoding=encoding, newline="") as file:
            return [column.removeprefix("\ufeff") for column in next(csv.reader(file), [])]
    except (UnicodeError, LookupError, csv.Error, OSError):
        return []  # and the reader of the table says what is wrong


def _refuse_untyped(connection: DuckDBPyConnection, path: Path, column: str, kind: str | None) -> None:
    if kind is None:
        return
    name = quoted(column)
    found = connection.execute(
        f"SELECT {LINE}, {name} FROM written WHERE {name} IS NOT NULL AND try_cast({name} AS {kind}) IS NULL LIMIT 1"
    ).fetchone()
    if found:
        line, cell = found
        raise OutputError(f"{path}:{line}: column {column}: expected {kind.lower()}, found {cell!r} (内容不符)")


def _of_rows(rows: list[tuple[str, Sequence[str]]], table: str) -> pd.DataFrame:
    import pandas as pd

    with database() as connection:
        for name in {table, "articles"}:
            columns = list(COLUMNS[name])
            written = pd.DataFrame([row for kind, row in rows if kind == name], columns=columns, dtype="string")
            connection.register("written", written)
            cells = ", ".join(f'nullif("{column}", \'\') AS "{column}"' for column in columns)
            typed(connection, name, f"(SELECT {cells} FROM written)")
        return _shown(connection, table)


def _rows(source: Records | Iterable[tuple[Article, Records]]) -> Iterator[tuple[str, Sequence[str]]]:
    pairs = [(Article("", ""), source)] if isinstance(source, Records) else source
    if not isinstance(pairs, Iterable):
        raise _no_source(source)
    for pair in pairs:
        match pair:
            case (Article() as article, Records() as records):
                yield from rows_of(article, records)
            case _:
                raise _no_source(pair)


def _no_source(source: object) -> InputError:
    return InputError(
        f"a frame is made of an output folder, of Records or of pairs of Article and Records, not of"
        f" {type(source).__name__} (请给输出文件夹、Records，或文章与 Records 的序列)"
    )


def _no_table(table: str, known: Sequence[str]) -> InputError:
    return InputError(f"no table {table!r} here: choose of {', '.join(known)} (没有这张表)")


def _shown(connection: DuckDBPyConnection, table: str) -> pd.DataFrame:
    """A table of the connection as a frame; indicators with what sums need of their article."""
    found = _framed(connection.table(table), table)
    if table != "indicators":
        return found
    articles = _framed(
        connection.sql("SELECT article, published, status AS article_status, title AS article_title FROM articles"),
        table,
    )
    return found.merge(articles.drop_duplicates("article"), how="left", on="article")


def _framed(relation: DuckDBPyRelation, table: str) -> pd.DataFrame:
    """The rows of a table, fetched column by column: as objects all of them need ten times the memory of the frame."""
    import pandas as pd

    kinds = dict(zip(relation.columns, map(str, relation.types), strict=True))
    return pd.DataFrame({column: _array(relation, table, column, kind) for column, kind in kinds.items()})


def _fetched(column: str, kind: str) -> str:
    """A column as SQL hands it over; a decimal goes by its text, which names the nearest float."""
    name = quoted(column)
    if kind.startswith("DECIMAL"):
        return f"{name}::VARCHAR::DOUBLE AS {name}"
    if kind in ("HUGEINT", "INTEGER"):
        return f"{name}::BIGINT AS {name}"
    return f"nullif({name}, '') AS {name}" if kind == "VARCHAR" else name


def _array(relation: DuckDBPyRelation, table: str, column: str, kind: str) -> Any:
    """The cells of a column as an array of its documented dtype."""
    import numpy as np
    import pandas as pd

    found = relation.project(_fetched(column, kind)).fetchnumpy()[column]
    unknown, cells = np.ma.getmaskarray(found), np.ma.getdata(found)
    if kind == "VARCHAR":
        text = cells.astype(object)
        text[unknown] = None
        return _categories(table, column, text) if _is_code(table, column) else pd.array(text, dtype="string")
    if kind == "DATE":
        return pd.array(np.where(unknown, np.datetime64("NaT"), cells).astype("datetime64[s]"))
    if kind == "BOOLEAN":
        return pd.arrays.BooleanArray(cells.astype(bool), unknown)
    if kind in ("BIGINT", "HUGEINT", "INTEGER"):
        return pd.arrays.IntegerArray(cells.astype("int64"), unknown)
    return pd.arrays.FloatingArray(cells.astype("float64"), unknown)


def _is_code(table: str, column: str) -> bool:
    return column in _OPEN or bool(_listed(table, column))


def _listed(table: str, column: str) -> Sequence[str]:
    """The known codes of a column."""
    if column in ("activity", "type"):
        return tuple(activity_types())
    if column == "activity_name":
        return tuple(activity_types().values())
    return _LISTED.get(f"{table}.{column}") or _LISTED.get(column, ())


def _categories(table: str, column: str, cells: Any) -> Any:
    """Codes, the listed ones in the order of their list and any others behind them."""
    import pandas as pd

    listed = _listed(table, column)
    others = set(pd.unique(cells)) - {None, *listed}
    return pd.Categorical(cells, categories=[*listed, *sorted(others)], ordered=column in _ORDERED)
