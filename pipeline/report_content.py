"""The tables of a run with its totals in, what the report shows out: bounded rows, and the text around each figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..corpus.regions import NATION, Region, divisions
from ..corpus.successions import row_in
from .amounts import written
from .dictionary import codes
from .passages import Passage, Told, passages, whole_text
from .store import insert
from .totals import Request, name_in, parents_in
from .wide import Column, headings, in_tree_order, widen

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

LONGEST = 300
"""Characters of a cell that the page shows."""
HEADLINES = 8
_CODES = (
    "activity", "dimension", "reason", "verdict", "bound", "level", "brand kind", "indicator status", "article status",
    "counting",
)  # fmt: skip
_PER_MENTION = 100  # characters that a mention costs beside those of the text
_MENTIONS = ("indicators", "brands", "activities")
Table = dict[str, Any]
Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a page may hold: rows of each sort, and characters of whole articles."""

    totals: int = 12_000
    figures: int = 8_000
    brands: int = 1_500
    mentions: int = 3_000
    sentences: int = 2_500
    articles: int = 3_000
    characters: int = 300_000


WHOLE = Bounds()


def content_of(
    connection: DuckDBPyConnection, out: Path, record: Mapping[str, Any], request: Request, bounds: Bounds = WHOLE
) -> Content:
    """What the page shows of the tables `articles`, `indicators`, `brands`, `activities`, and those that `derive` made of
    them as the request says.
    """
    widen(connection)
    _choose(connection, bounds)
    inputs = [Path(path) for path in record.get("inputs", ()) if isinstance(path, str)]
    texts = _texts(connection, out, inputs, bounds)
    numbers = _number_articles(connection, bounds)
    columns = _columns(connection)
    totals = _totals(connection, columns)
    content: Content = {
        "run": _run(record),
        "request": {"year": request.year, "divisions": request.tree, "level": request.level},
        "counts": _counts(connection),
        "codes": {name: {code: _words(entry) for code, entry in codes(name).items()} for name in _CODES},
        "columns": [[*column, *told] for column, told in columns.items()],
        "totals": totals,
        "headline": _headline(totals, request.tree),
        "figures": _figures(connection),
        "reasons": _verdicts(connection),
        "years": _rows(connection, _YEARS),
        "brands": _rows(connection, _BRANDS),
        "spread": _rows(connection, _SPREAD),
        "mentions": _rows(connection, _MENTIONED),
        "sentences": _rows(connection, _SENTENCES),
        "articles": _rows(connection, _ARTICLES),
        "texts": {numbers[article]: pieces for article, pieces in texts.items() if article in numbers},
    }
    content["regions"] = _regions(content, request.tree)
    return content


def _words(entry: Any) -> list[str]:
    return [entry.name("zh"), entry.name("en"), entry.meaning("zh"), entry.meaning("en")]


def _run(record: Mapping[str, Any]) -> Content:
    """What the record of the run tells; of the inputs no more than their names."""
    names = [Path(path).name for path in record.get("inputs", ()) if isinstance(path, str)]
    kept = {key: record.get(key) for key in ("version", "fingerprint", "models", "failed", "repeated", "characters")}
    return {**kept, "inputs": [_cell(name) for name in names[:20]]}


# What is chosen: tables `shown_...` of the connection hold the rows that the page holds.


def _choose(connection: DuckDBPyConnection, bounds: Bounds) -> None:
    """Of each sum, reason, brand and type of a year one, so that none is without evidence; of the greater ones more."""
    for name, sql in _CHOICES.items():
        connection.execute(f"CREATE OR REPLACE TABLE {name} AS {sql.format(**_limits(bounds))}")


def _limits(bounds: Bounds) -> dict[str, int]:
    return {name: getattr(bounds, name) for name in Bounds.__dataclass_fields__}


_LEVEL = "CASE level WHEN 'nation' THEN 0 WHEN 'province' THEN 1 WHEN 'prefecture' THEN 2 ELSE 3 END"
_CHOICES = {
    "shown_totals": f"SELECT * FROM totals ORDER BY {_LEVEL}, own_count + below_count DESC, total LIMIT {{totals}}",
    "all_figures": """SELECT i.rowid AS id, i.*, l.region AS place, l.verdict, l.reason, l.total, l.other
        FROM indicators i JOIN ledger l ON l.article = i.article AND l."start" = i."start" AND l."end" = i."end"
        QUALIFY row_number() OVER (PARTITION BY i.rowid ORDER BY l.verdict) = 1""",
    "shown_indicators": """SELECT id FROM (SELECT id, article, "start", (row_number() OVER (
            PARTITION BY coalesce(total, reason) ORDER BY CASE WHEN total IS NULL THEN NULL ELSE high END DESC NULLS LAST,
            md5(article || "start"), id) - 1) / sqrt(count(*) OVER (PARTITION BY coalesce(total, reason))) AS place
        FROM all_figures) ORDER BY place, article, "start" LIMIT {figures}""",
    "shown_registry": "SELECT * FROM brand_registry ORDER BY articles DESC, mentions DESC, name LIMIT {brands}",
    "named": """SELECT b.rowid AS id, b.*, r.name AS head FROM brands b JOIN (
            SELECT name, unnest(list_append(string_split(coalesce(variants, ''), '、'), name)) AS form FROM shown_registry
        ) r ON r.form = b.name QUALIFY row_number() OVER (PARTITION BY b.rowid ORDER BY r.name <> b.name, r.name) = 1""",
    "shown_brands": """SELECT id FROM (SELECT id, article, "start", row_number() OVER (PARTITION BY head ORDER BY
        md5(article || "start"), id) AS place FROM named) ORDER BY place, article, "start" LIMIT {mentions}""",
    "shown_activities": """SELECT id FROM (SELECT s.rowid AS id, article, "start", row_number() OVER (
            PARTITION BY year(published), type ORDER BY md5(article || "start"), s.rowid) AS place
        FROM activities s JOIN articles a USING (article) WHERE a.status IS DISTINCT FROM 'repeat')
        ORDER BY place, article, "start" LIMIT {sentences}""",
}


def _texts(connection: DuckDBPyConnection, out: Path, inputs: Sequence[Path], bounds: Bounds) -> dict[str, Any]:
    """The whole text of as many articles as the page may hold, those with most of the chosen figures first; all mentions of
    these are then shown; of all others the sentences of what was chosen.
    """
    whole = _whole_texts(connection, out, inputs, bounds.characters)
    insert(connection, "whole", ("article",), (list(whole),))
    for name in _MENTIONS:
        connection.execute(
            f"INSERT INTO shown_{name} SELECT rowid FROM {name} WHERE article IN (SELECT article FROM whole)"
            f" AND rowid NOT IN (SELECT id FROM shown_{name})"
        )
    told = _told(connection, "article NOT IN (SELECT article FROM whole)")
    parts = {article: passages(mentions) for article, mentions in told.items()}
    pieces = {**{article: [Passage(0, text)] for article, text in whole.items()}, **parts}
    return {article: [[piece.start, piece.text] for piece in held] for article, held in sorted(pieces.items())}


def _whole_texts(connection: DuckDBPyConnection, out: Path, inputs: Sequence[Path], characters: int) -> dict[str, str]:
    found: dict[str, str] = {}
    rows = connection.execute(_CANDIDATES, [characters]).fetchall()
    connection.execute(
        "CREATE OR REPLACE TABLE chosen AS SELECT unnest(?::VARCHAR[]) AS article", [[r[0] for r in rows]]
    )
    for name in _MENTIONS:
        connection.execute(f"CREATE OR REPLACE TEMP VIEW every_{name} AS SELECT rowid AS id FROM {name}")
    told = _told(connection, "article IN (SELECT article FROM chosen)", "every")
    for article, form, length in rows:
        text = whole_text(out, inputs, article, form or "", length, told.get(article, ()))
        if text is not None:
            found[article] = text
    return found


# Articles whose texts and mentions fit together into the bound.
_CANDIDATES = f"""WITH marks AS (
        SELECT article, count(*) AS times FROM (SELECT article FROM indicators UNION ALL SELECT article FROM brands
            UNION ALL SELECT article FROM activities) GROUP BY article
    ), picked AS (
        SELECT article, count(*) AS times FROM all_figures JOIN shown_indicators USING (id) GROUP BY article
    ), costs AS (
        SELECT article, format, characters, coalesce(p.times, 0) AS picked,
            characters + {_PER_MENTION} * coalesce(m.times, 0) AS cost
        FROM articles LEFT JOIN marks m USING (article) LEFT JOIN picked p USING (article) WHERE characters > 0
    )
    SELECT article, format, characters FROM costs
    QUALIFY sum(cost) OVER (ORDER BY picked::DOUBLE / cost DESC, article ROWS UNBOUNDED PRECEDING) <= ?"""


def _told(connection: DuckDBPyConnection, condition: str, choice: str = "shown") -> dict[str, list[Told]]:
    """The chosen mentions of the articles that meet a condition; an activity's own text is its sentence."""
    told: dict[str, list[Told]] = defaultdict(list)
    for name in _MENTIONS:
        text = "sentence" if name == "activities" else "text"
        rows = connection.execute(
            f"SELECT article, \"start\", \"end\", coalesce({text}, ''), coalesce(sentence, '') FROM {name} m"
            f' JOIN {choice}_{name} s ON s.id = m.rowid WHERE {condition} ORDER BY article, "start"'
        ).fetchall()
        for article, start, end, wording, sentence in rows:
            last = min(end, start + len(wording))  # a long sentence is cut in the table
            told[article].append(Told(start, last, wording, sentence))
    return told


def _number_articles(connection: DuckDBPyConnection, bounds: Bounds) -> dict[str, int]:
    """`numbered`: the articles that the page names, the latest first, each with its number."""
    connection.execute(
        f"CREATE OR REPLACE TABLE numbered AS SELECT article, row_number() OVER (ORDER BY published DESC NULLS LAST, article)"
        f" - 1 AS number FROM ({_CHOSEN_ARTICLES.format(limit=bounds.articles)})"
    )
    return dict(connection.execute("SELECT article, number FROM numbered").fetchall())


# What is shown.


def _counts(connection: DuckDBPyConnection) -> Content:
    """Of each sort of rows: how many the page holds, and how many there are."""
    shown = {
        "totals": "SELECT (SELECT count(*) FROM shown_totals), count(*) FROM totals",
        "figures": "SELECT (SELECT count(*) FROM shown_indicators), count(*) FROM indicators",
        "brands": "SELECT (SELECT count(*) FROM shown_registry), count(*) FROM brand_registry",
        "mentions": "SELECT (SELECT count(*) FROM shown_brands), count(*) FROM brands",
        "sentences": "SELECT (SELECT count(*) FROM shown_activities), count(*) FROM activities",
        "texts": "SELECT (SELECT count(*) FROM whole), count(*) FROM articles WHERE characters > 0",
        "articles": "SELECT (SELECT count(*) FROM numbered), count(*) FROM articles",
    }
    told: Content = {name: list(connection.execute(sql).fetchone() or (0, 0)) for name, sql in shown.items()}
    first, last, regions = connection.execute(
        "SELECT min(published), max(published), (SELECT count(DISTINCT region) FROM totals WHERE own_count > 0) FROM articles"
    ).fetchone() or (None, None, 0)
    return {**told, "published": [_cell(first), _cell(last)], "regions": regions}


# Those that evidence names, then those that were not read well, then the latest.
_CHOSEN_ARTICLES = """SELECT article, published FROM (
        SELECT article, status, published, article IN (SELECT article FROM whole
            UNION ALL SELECT article FROM indicators i JOIN shown_indicators s ON s.id = i.rowid
            UNION ALL SELECT article FROM brands b JOIN shown_brands s ON s.id = b.rowid
            UNION ALL SELECT article FROM activities c JOIN shown_activities s ON s.id = c.rowid) AS needed FROM articles)
    QUALIFY needed OR row_number() OVER (PARTITION BY needed ORDER BY status = 'ok', published DESC NULLS LAST, article)
        <= {limit}"""


def _columns(connection: DuckDBPyConnection) -> dict[Column, tuple[str, str]]:
    """The columns of the wide table in their order, with their headings in Chinese and English."""
    keys = dict.fromkeys(
        Column(*(cell or "" for cell in row))
        for row in connection.execute(
            "SELECT l.activity, l.dimension, l.unit FROM (SELECT column_name AS indicator, column_index AS place"
            " FROM duckdb_columns() WHERE table_name = 'wide') w JOIN (SELECT DISTINCT indicator, activity, dimension, unit"
            " FROM wide_long) l USING (indicator) ORDER BY place"
        ).fetchall()
    )
    columns = list(keys)
    return dict(zip(columns, zip(headings(columns), headings(columns, "en"), strict=True), strict=True))


def _totals(connection: DuckDBPyConnection, columns: Collection[Column]) -> Table:
    """The sums: region, number of the column, and of both sides low, high, the words of both languages and how many."""
    places = {column: place for place, column in enumerate(columns)}
    rows = connection.execute(
        "SELECT region, coalesce(activity, ''), coalesce(dimension, ''), coalesce(unit, ''), own_low, own_high, own_count,"
        " below_low, below_high, below_count, articles, total FROM shown_totals"
    ).fetchall()
    order = {code: place for place, code in enumerate(in_tree_order({row[0] for row in rows}))}
    rows.sort(key=lambda row: (order[row[0]], places[Column(*row[1:4])]))
    numbers = [str(number) for number in range(len(rows))]
    insert(connection, "total_numbers", ("total", "number"), ([row[-1] for row in rows], numbers))
    names = [f"{side}_{name}" for side in ("own", "below") for name in ("low", "high", "zh", "en", "count")]
    return {
        "columns": ["region", "column", *names, "articles"],
        "rows": [[row[0], places[Column(*row[1:4])], *_side(row[4:7]), *_side(row[7:10]), row[10]] for row in rows],
    }


def _side(cells: Sequence[Any]) -> list[Any]:
    low, high, count = cells
    if not count or low is None or high is None:
        return [None, None, None, None, 0]
    return [float(low), float(high), written(low, high), written(low, high, "en"), count]


def _headline(totals: Table, year: int | None) -> Content:
    """The division that holds all that is summed, and its sums of most figures: of each activity one, then others."""
    rows = [dict(zip(totals["columns"], row, strict=True)) for row in totals["rows"]]
    by_region: dict[str, list[tuple[int, Table]]] = defaultdict(list)
    for place, row in enumerate(rows):
        by_region[row["region"]].append((place, row))
    top = _top(by_region, year)
    ranked = sorted(by_region.get(top, ()), key=lambda pair: -(pair[1]["own_count"] + pair[1]["below_count"]))
    return {"region": top, "totals": [place for place, _ in ranked[: HEADLINES * 3]]}


def _top(by_region: Mapping[str, Sequence[tuple[int, Table]]], year: int | None) -> str:
    """From the nation down for as long as a division reports nothing itself and all lies in one inside it."""
    inside: dict[str, list[str]] = defaultdict(list)
    above = parents_in(year)
    for code in by_region:
        inside[above(code) or ""].append(code)
    at = NATION if NATION in by_region else next(iter(by_region), "")
    while len(inside[at]) == 1 and not any(row["own_count"] for _, row in by_region[at]):
        at = inside[at][0]
    return at


def _figures(connection: DuckDBPyConnection) -> Table:
    """The chosen figures with their verdicts, in the order of articles and offsets."""
    table = _rows(connection, _FIGURES)
    low, high = table["columns"].index("low"), table["columns"].index("high")
    for row in table["rows"]:
        told = row[low] is not None and row[high] is not None
        row += [written(row[low], row[high]), written(row[low], row[high], "en")] if told else [None, None]
        row[low], row[high] = (None if cell is None else float(cell) for cell in (row[low], row[high]))
    table["columns"] += ["zh", "en"]
    return table


_FIGURES = r"""SELECT n.number AS article, "start", "end", text, low, high, bound, unit, dimension, per, measure, activity, brand,
        period_start, period_end, period_text, status, part_of, place AS region, confidence, confidence_meaning,
        confidence_time, rule, verdict, reason, t.number::BIGINT AS total,
        o.number AS other, regexp_extract(other, ':(\d+)-(\d+)$', 1) AS other_start
    FROM all_figures f JOIN shown_indicators USING (id) JOIN numbered n USING (article)
    LEFT JOIN total_numbers t ON t.total = f.total
    LEFT JOIN numbered o ON o.article = regexp_extract(other, '^(.*):\d+-\d+$', 1, 's')
    ORDER BY n.number, "start", "end", id"""
_YEARS = """WITH told AS (
        SELECT year(published) AS year, type, count(*) AS sentences, count(DISTINCT article) AS articles
        FROM activities JOIN articles a USING (article) WHERE a.status IS DISTINCT FROM 'repeat' GROUP BY ALL
    ), counted AS (
        SELECT year(published) AS year, activity AS type, count(*) AS figures FROM ledger JOIN articles USING (article)
        WHERE verdict = 'counted' AND activity IS NOT NULL GROUP BY ALL
    )
    SELECT coalesce(t.year, c.year) AS year, coalesce(t.type, c.type) AS type, coalesce(sentences, 0) AS sentences,
        coalesce(articles, 0) AS articles, coalesce(figures, 0) AS figures
    FROM told t FULL JOIN counted c ON c.type = t.type AND c.year IS NOT DISTINCT FROM t.year
    ORDER BY year NULLS LAST, type"""
_BRANDS = "SELECT * EXCLUDE (regions, region_names) FROM shown_registry"
_SPREAD = """SELECT name, year, region, articles, mentions, first_year FROM brand_spread
    WHERE name IN (SELECT name FROM shown_registry) ORDER BY name, year NULLS LAST, region NULLS LAST LIMIT 6000"""
_MENTIONED = """SELECT m.number AS article, b."start", b."end", b.text, b.kind, b.confidence, b.rule, coalesce(n.head, b.name) AS name
    FROM brands b JOIN shown_brands s ON s.id = b.rowid JOIN numbered m ON m.article = b.article
    LEFT JOIN named n ON n.id = b.rowid ORDER BY m.number, b."start", b."end" """
_SENTENCES = """SELECT number AS article, "start", "end", type, confidence, rule, year(published) AS year,
        a.status IS NOT DISTINCT FROM 'repeat' AS repeat
    FROM activities c JOIN shown_activities s ON s.id = c.rowid JOIN articles a USING (article)
    JOIN numbered USING (article) ORDER BY number, "start", "end", type"""
_ARTICLES = """SELECT article, title, published, source, contributor, region, characters, status, message, format, url,
        (SELECT count(*) FROM indicators i WHERE i.article = a.article) AS figures,
        article IN (SELECT article FROM whole) AS whole
    FROM articles a JOIN numbered USING (article) ORDER BY number"""


def _verdicts(connection: DuckDBPyConnection) -> list[list[Any]]:
    """How many figures have which verdict and reason, in the order of the reasons."""
    found = connection.execute("SELECT coalesce(reason, verdict), count(*) FROM ledger GROUP BY ALL").fetchall()
    counts = dict(found)
    known = ["counted", *codes("reason")]
    return [[name, counts[name]] for name in known if name in counts]


def _regions(content: Content, year: int | None) -> dict[str, list[Any]]:
    """Each division that the page names and those that hold it, as they were in the year: short name, full name from the
    province, level, parent."""
    named: set[str] = {row[0] for row in content["totals"]["rows"]}
    for table in ("figures", "spread", "articles"):
        at = content[table]["columns"].index("region")
        named |= {row[at] for row in content[table]["rows"] if row[at]}
    parents = _lines(named, year)
    rows = [(code, _division(code, year)) for code in in_tree_order(parents)]
    return {
        code: [row.full_name, name_in(code, parents, year), row.level, parents[code]]
        for code, row in rows
        if row is not None
    }


def _lines(codes: Collection[str], year: int | None) -> dict[str, str | None]:
    """The codes and all above them, each with the one directly above it."""
    above = parents_in(year)
    parents: dict[str, str | None] = {}
    for code in codes:
        at: str | None = code
        while at and at not in parents:
            parents[at] = above(at)
            at = parents[at]
    return parents


def _division(code: str, year: int | None) -> Region | None:
    return divisions().by_adcode(code) if year is None else row_in(code, year)


def _rows(connection: DuckDBPyConnection, sql: str) -> Table:
    """What a query gives, as names of columns and rows that JSON can hold; sums stay decimals."""
    found = connection.execute(sql)
    names = [str(each[0]) for each in found.description or ()]
    return {"columns": names, "rows": [list(map(_cell, row)) for row in found.fetchall()]}


def _cell(value: Any) -> Any:
    """A cell of the page: dates as text, a long text cut, a number as it is."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and len(value) > LONGEST:
        return f"{value[:LONGEST]}…"
    return value
