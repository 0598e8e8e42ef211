"""Data frames of articles in, data frames of their records out, batch by batch: the function that Spark, Ray or Dask map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from ..corpus.article import Article
from ..corpus.document import Document
from ..corpus.domain import Domain
from ..corpus.errors import InputError, JianbaoError
from ..corpus.lexicons import in_force
from ..corpus.limits import DEFAULT, Limits
from ..corpus.opening import Opener
from ..corpus.reading import from_document
from ..corpus.records import Records
from ..corpus.recurrence import NONE
from ..corpus.table_rows import Columns, NoTextError, Row, documents_of
from .batches import Work
from .cells import COUNT, DAY, FIGURE, SHARE, Kind, kind_of
from .extraction import Pipeline, of_domain
from .spool import Read
from .survey import fault
from .tables import COLUMNS, rows_of

if TYPE_CHECKING:
    import pandas as pd  # type: ignore[import-untyped, unused-ignore]

_FORMAT = "frame"
# What the sums over indicators ask of their article.
_OF_ARTICLE = ("published", "article_status", "article_title")
_SPARK: Mapping[Kind, str] = {COUNT: "BIGINT", FIGURE: "DOUBLE", SHARE: "DOUBLE", DAY: "DATE"}


def extract_frame(
    frame: pd.DataFrame,
    table: str = "indicators",
    *,
    text: str = "text",
    article: str = "article",
    pipeline: Pipeline | None = None,
    domain: Domain | None = None,
    limits: Limits = DEFAULT,
    **columns: str,
) -> pd.DataFrame:
    """The records of a frame of articles, one article a row: the frame of `table` (indicators, brands, activities, or articles).

    `text` names the column of the texts, `article` that of their names, which should be unique; where it is not there, or
    a cell is empty, an article is named by a hash of its text, the same in every batch. Title, published, source, contributor,
    region and url are taken from the columns that have their usual names (title, 标题, 发布日期 …), or the ones that are
    named: `title="headline"`. Offsets count in the text with line ends as `\\n`. `domain` adds its rows to the lexicons.

    Columns are those of `jianbao.frame`, with one dtype each whatever the rows are, none too: `string` (codes as well), `Int64`,
    `Float64`, `datetime64[s]`. Each article is read alone: what repeats another is not told, so drop duplicates before. An
    article that cannot be read or done gives no records and does not stop the others; in the table `articles` its row has
    the status `failed` and the reason.

    >>> import pandas as pd
    >>> articles = pd.DataFrame({"article": ["a"], "text": ["全年走访慰问侨胞1700余人次，发放慰问资金近40万元。"]})
    >>> extract_frame(articles)[["article", "text", "low", "high", "dimension"]]
      article     text       low      high     dimension
    0       a  1700余人次    1700.0    1800.0  person_times
    1       a    近40万元  360000.0  400000.0         money

    With Ray Data: `dataset.map_batches(jianbao.extract_frame, batch_format="pandas", fn_kwargs={"table": "brands"})`; with
    Dask: `frame.map_partitions(jianbao.extract_frame, meta=jianbao.extract_frame(frame.head(0)))`; with Spark see
    `extract_frames`.

    Raises:
        InputError: where a column that was named is not there, or no table has that name.
        DataError: where a pack or lexicon is missing.
    """
    named = _columns(text, columns)
    header = [str(name) for name in frame.columns]
    _check(header, named)
    shown = _shown(table)
    made = of_domain(pipeline, domain)
    work = Work(made, NONE, limits.article)
    with in_force(made.domain):
        reads = _reads(frame, header, article, named, limits)
        rows = [row for read in reads for row in _rows(*work.attempt(read, None), table)]
    return _framed(rows, table, shown)


def extract_frames(frames: Iterable[pd.DataFrame], table: str = "indicators", **options: Any) -> Iterator[pd.DataFrame]:
    """`extract_frame` of each of the frames, which is what Spark asks for; `options` are those of `extract_frame`::

        records = articles.mapInPandas(jianbao.extract_frames, jianbao.frame_schema())
        brands = articles.mapInPandas(
            lambda frames: jianbao.extract_frames(frames, "brands", text="正文"), jianbao.frame_schema("brands")
        )

    Raises:
        InputError, DataError: as `extract_frame` does.
    """
    for frame in frames:
        yield extract_frame(frame, table, **options)


def frame_schema(table: str = "indicators") -> str:
    """The columns of `extract_frame` with their types, as Spark writes a schema.

    >>> frame_schema("activities")
    '`article` STRING, `start` BIGINT, `end` BIGINT, `type` STRING, `confidence` DOUBLE, `rule` STRING, `sentence` STRING'

    Raises:
        InputError: where no table has that name.
    """
    return ", ".join(f"`{name}` {_SPARK.get(kind_of(table, name), 'STRING')}" for name in _shown(table))


# --- frames to articles


def _columns(text: str, named: Mapping[str, str]) -> Columns:
    known = [field.name for field in fields(Columns)]
    if unknown := [name for name in named if name not in known]:
        raise InputError(f"no field {unknown[0]!r} of an article: one of {', '.join(known)} (没有这个字段)")
    return Columns(text=text, **named)


def _check(header: Sequence[str], named: Columns) -> None:
    for field in fields(Columns):
        name = getattr(named, field.name)
        if name and name not in header:
            raise InputError(
                f"the frame has no column {name!r} for the {field.name}: say {field.name}=NAME; its columns are"
                f" {', '.join(header[:20])} (没有这一列)"
            )


def _reads(frame: pd.DataFrame, header: Sequence[str], article: str, named: Columns, limits: Limits) -> Iterator[Read]:
    """The rows as articles; wholly empty ones are passed over."""
    cells = frame.astype(object)
    rows = list(cells.where(cells.notna(), None).itertuples(index=False, name=None))
    names = _Names(header, article, named.text)
    bounds = replace(limits, rows=max(limits.rows, len(rows)), cells=max(limits.cells, len(header)))
    with Opener(named, limits) as opener:
        try:
            for document in documents_of(header, map(Row, rows), "", _FORMAT, named, bounds):
                name = names.of(rows[int(document.name.removeprefix("#")) - 1])
                yield _read(opener.unfolded(document), name)
        except NoTextError as error:
            raise InputError(str(error)) from None


class _Names:
    """What the article of a row is called."""

    def __init__(self, header: Sequence[str], article: str, text: str) -> None:
        self._article = header.index(article) if article in header else None
        self._text = header.index(text)

    def of(self, cells: Sequence[object]) -> str:
        """The cell that names it, else a hash of its text."""
        told = None if self._article is None else cells[self._article]
        if told is not None and str(told).strip():
            return str(told).encode("utf-8", "replace").decode()
        return blake2b(str(cells[self._text]).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _read(document: Document, name: str) -> Read:
    try:
        return Read(document, from_document(document, name))
    except JianbaoError:
        raise
    except Exception as error:
        failed = Article(name, document.text, status="failed", message=fault(error), format=document.format)
        return Read(document, failed)


# --- records to frames


def _shown(table: str) -> tuple[str, ...]:
    """The columns of the frame of a table."""
    if table not in COLUMNS:
        raise InputError(f"no table {table!r} here: choose of {', '.join(COLUMNS)} (没有这张表)")
    return (*COLUMNS[table], *_OF_ARTICLE) if table == "indicators" else COLUMNS[table]


def _rows(article: Article, records: Records, table: str) -> Iterator[Sequence[str]]:
    published = article.published.isoformat() if article.published else ""
    more = (published, article.status, article.title) if table == "indicators" else ()
    for name, row in rows_of(article, records):
        if name == table:
            yield (*row, *more)


def _framed(rows: Sequence[Sequence[str]], table: str, columns: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    cells = zip(*rows, strict=True) if rows else [()] * len(columns)
    kinds = [kind_of(table, column) for column in columns]
    return pd.DataFrame(dict(zip(columns, map(_array, kinds, cells), strict=True)))


def _array(kind: Kind, cells: Sequence[str]) -> Any:
    """The cells of a column as an array of the dtype that it always has."""
    import numpy as np
    import pandas as pd

    if kind is DAY:
        return pd.array(np.array([cell or "NaT" for cell in cells], dtype="datetime64[s]"))
    if kind is COUNT:
        return pd.array([int(cell) if cell else None for cell in cells], dtype="Int64")
    if kind in (FIGURE, SHARE):
        return pd.array([float(cell) if cell else None for cell in cells], dtype="Float64")
    return pd.array([cell or None for cell in cells], dtype="string")
