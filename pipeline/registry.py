"""Brands of all articles in, a registry out: each name once, when and where it is used, and its figures; and how it spread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..corpus.records import BRAND_KINDS, DIMENSIONS
from ..corpus.regions import divisions
from .amounts import write_amounts
from .folding import folded, write_folds
from .store import insert
from .tables import region_name
from .wide import in_tree_order

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MOST_FIGURES = 10
_WORDS = (
    "SELECT name AS word FROM mentions UNION SELECT brand FROM mentions"
    " UNION SELECT brand FROM indicators UNION SELECT measure FROM indicators WHERE brand IS NOT NULL"
)
_HELPERS = (
    "mentions", "folds", "heads", "entries", "shown", "places", "above", "told_figures", "figure_sums", "amounts",
)  # fmt: skip


def register(connection: DuckDBPyConnection) -> None:
    """Make `brand_registry` and `brand_spread` of the tables articles, brands, indicators and ledger.

    `brand_registry`: name, variants (its other names, the most often told first), kind, first_seen, last_seen (DATE),
    regions (adcodes in order of first use), region_names, region_count, articles, mentions, indicators, figures (at most
    ten sums of counted figures, 建成 238家；服务侨胞 1,700余人次); the brands of most articles first.
    `brand_spread`: name, year, region, region_name, level, articles, mentions, first_year (whether the region uses the
    name for the first time in that year); unknown where year or region are.

    Articles that repeat another do not count. Traditional and simplified script are one. A name goes under a fuller one
    where the corpus tells it for that one alone, and that one goes under no other. A sum adds up a division's own figures
    and those of others not inside it, since the figure of a province holds those of its counties.
    """
    _gather_mentions(connection)
    write_folds(connection, _WORDS)
    _find_heads(connection)
    _enter(connection)
    _name(connection)
    _place(connection)
    _sum_figures(connection)
    _write_registry(connection)
    _write_spread(connection)
    for name in _HELPERS:
        connection.execute(f"DROP TABLE {name}")


def _gather_mentions(connection: DuckDBPyConnection) -> None:
    """`mentions`: each told name with the full name of its article, and what is known of the article."""
    connection.execute(
        "CREATE TABLE mentions AS SELECT article, name, coalesce(brand, name) AS brand, kind, published, region"
        " FROM brands JOIN articles a USING (article)"
        " WHERE a.status IS DISTINCT FROM 'repeat' AND name IS NOT NULL"
    )


def _find_heads(connection: DuckDBPyConnection) -> None:
    """`heads`: each short name and the one fuller name that it goes under.

    Where two names are each told for the other, the one more often told as the full name is the fuller.
    """
    connection.execute(
        f"""
        CREATE TABLE heads AS
        WITH told AS (
            SELECT coalesce(s.folded, name) AS short, coalesce(f.folded, brand) AS "full"
            FROM mentions {folded("name", "s")} {folded("brand", "f")}
        ), weights AS (
            SELECT "full" AS name, (count(*), length("full"), "full") AS weight FROM told GROUP BY "full"
        ), single AS (
            SELECT short, min("full") AS "full" FROM told WHERE short <> "full"
            GROUP BY short HAVING count(DISTINCT "full") = 1
        ), links AS (
            SELECT one.short, one."full" FROM single one
            LEFT JOIN single back ON back.short = one."full" AND back."full" = one.short
            LEFT JOIN weights mine ON mine.name = one.short
            LEFT JOIN weights its ON its.name = one."full"
            WHERE back.short IS NULL OR its.weight > mine.weight
        )
        SELECT short, "full" AS head FROM links WHERE "full" NOT IN (SELECT short FROM links)
        """
    )


def _enter(connection: DuckDBPyConnection) -> None:
    """`entries`: the mentions, each with the folded name of the brand that it is of."""
    connection.execute(
        f"""
        CREATE TABLE entries AS
        SELECT coalesce(h.head, f.folded, name) AS brand, coalesce(f.folded, name) AS folded, name, kind, article,
            published, region
        FROM mentions {folded("name", "f")} LEFT JOIN heads h ON h.short = coalesce(f.folded, name)
        """
    )


def _name(connection: DuckDBPyConnection) -> None:
    """`shown`: each brand as it is most often written, and its other names; of equals the simplified one."""
    connection.execute(
        """
        CREATE TABLE shown AS
        WITH told AS (
            SELECT *, row_number() OVER (
                PARTITION BY brand ORDER BY folded <> brand, times DESC, name <> folded, name
            ) AS place
            FROM (
                SELECT brand, folded, name, count(*) AS times FROM entries GROUP BY ALL
                UNION ALL SELECT DISTINCT head, head, head, 0 FROM heads ANTI JOIN entries ON folded = head
            )
        )
        SELECT brand, min(name) FILTER (WHERE place = 1) AS name,
            string_agg(name, '、' ORDER BY times DESC, name) FILTER (WHERE place > 1) AS variants
        FROM told GROUP BY brand
        """
    )


def _place(connection: DuckDBPyConnection) -> None:
    """`places`: name, level and place in the tree of the regions; `above`: each region and what it lies in."""
    found = connection.execute(
        "SELECT region FROM entries WHERE region IS NOT NULL UNION SELECT region FROM ledger WHERE region IS NOT NULL"
    ).fetchall()
    codes = in_tree_order(code for (code,) in found)
    rows = [divisions().by_adcode(code) for code in codes]
    columns = (
        codes,
        [region_name(code) or None for code in codes],
        [row.level if row else None for row in rows],
        [f"{place:06}" for place in range(len(codes))],
    )
    insert(connection, "places", ("region", "region_name", "level", "place"), columns)
    above = [(code, outer) for code in codes for outer in divisions().ancestors(code)]
    insert(connection, "above", ("region", "outer_region"), ([code for code, _ in above], [code for _, code in above]))


def _sum_figures(connection: DuckDBPyConnection) -> None:
    """`told_figures`: the figures of each brand; `figure_sums`: the greatest sums of those that count."""
    connection.execute(
        f"""
        CREATE TABLE told_figures AS
        SELECT coalesce(h.head, f.folded, i.brand) AS brand, coalesce(m.folded, i.measure) AS measure,
            coalesce(i.dimension, '') AS dimension, coalesce(i.unit, '') AS unit, l.region, l.low, l.high,
            coalesce(l.verdict = 'counted', false) AS counts
        FROM indicators i JOIN articles a USING (article) {folded("i.brand", "f")} {folded("i.measure", "m")}
        LEFT JOIN heads h ON h.short = coalesce(f.folded, i.brand)
        LEFT JOIN ledger l ON l.article = i.article AND l."start" = i."start" AND l."end" = i."end"
        WHERE i.brand IS NOT NULL AND a.status IS DISTINCT FROM 'repeat'
        """
    )
    connection.execute(
        f"""
        CREATE TABLE figure_sums AS
        WITH own AS (
            SELECT brand, coalesce(measure, '') AS measure, dimension, unit, coalesce(region, '') AS region,
                sum(low) AS low, sum(high) AS high, count(*) AS times
            FROM told_figures WHERE counts GROUP BY ALL
        ), held AS (
            SELECT DISTINCT brand, measure, dimension, unit, own.region FROM own JOIN above USING (region)
            JOIN own upper USING (brand, measure, dimension, unit) WHERE upper.region = outer_region
        ), sums AS (
            SELECT brand, measure, dimension, unit, sum(low) AS low, sum(high) AS high, sum(times) AS times
            FROM own ANTI JOIN held USING (brand, measure, dimension, unit, region) GROUP BY ALL
        )
        SELECT * EXCLUDE (times), row_number() OVER (
            PARTITION BY brand ORDER BY times DESC, high DESC, measure, dimension, unit
        ) AS place
        FROM sums QUALIFY place <= {MOST_FIGURES}
        """
    )
    write_amounts(connection, "figure_sums")


def _write_registry(connection: DuckDBPyConnection) -> None:
    connection.execute(
        f"""
        CREATE OR REPLACE TABLE brand_registry AS
        WITH counts AS (
            SELECT brand, min(published) AS first_seen, max(published) AS last_seen,
                count(DISTINCT article) AS articles, count(*) AS mentions
            FROM entries GROUP BY brand
        ), kinds AS (
            SELECT brand, kind FROM entries WHERE kind IS NOT NULL GROUP BY brand, kind
            QUALIFY row_number() OVER (PARTITION BY brand ORDER BY count(*) DESC, {_place_of_kind()}, kind) = 1
        ), uses AS (
            SELECT brand, region, min(published) AS first FROM entries WHERE region IS NOT NULL GROUP BY brand, region
        ), spread AS (
            SELECT brand, string_agg(region, '、' ORDER BY first NULLS LAST, region) AS regions,
                string_agg(coalesce(region_name, region), '、' ORDER BY first NULLS LAST, region) AS region_names,
                count(*) AS region_count
            FROM uses JOIN places USING (region) GROUP BY brand
        ), told AS (
            SELECT brand, count(*) AS indicators FROM told_figures GROUP BY brand
        ), words AS (
            SELECT brand, string_agg(concat_ws(' ', {_label()}, amount || unit), '；' ORDER BY place) AS figures
            FROM figure_sums JOIN amounts USING (low, high) GROUP BY brand
        )
        SELECT name, variants, kind, first_seen, last_seen, regions, region_names,
            coalesce(region_count, 0) AS region_count, articles, mentions, coalesce(indicators, 0) AS indicators, figures
        FROM shown JOIN counts USING (brand) LEFT JOIN kinds USING (brand) LEFT JOIN spread USING (brand)
        LEFT JOIN told USING (brand) LEFT JOIN words USING (brand)
        ORDER BY articles DESC, mentions DESC, name
        """
    )


def _place_of_kind() -> str:
    """The place of a kind in `BRAND_KINDS`; unknown ones come last."""
    cases = " ".join(f"WHEN '{kind}' THEN {place}" for place, kind in enumerate(BRAND_KINDS))
    return f"CASE kind {cases} ELSE {len(BRAND_KINDS)} END"


def _label() -> str:
    """What a sum counts: its measure, the dimension where neither measure nor unit are known, else nothing."""
    names = " ".join(f"WHEN '{dimension}' THEN '{name}'" for dimension, name in DIMENSIONS.items())
    return f"CASE WHEN measure <> '' THEN measure WHEN unit = '' THEN CASE dimension {names} END END"


def _write_spread(connection: DuckDBPyConnection) -> None:
    connection.execute(
        """
        CREATE OR REPLACE TABLE brand_spread AS
        WITH used AS (
            SELECT brand, year(published) AS year, region, count(DISTINCT article) AS articles, count(*) AS mentions
            FROM entries GROUP BY ALL
        ), first AS (
            SELECT brand, region, min(year) AS year FROM used GROUP BY brand, region
        )
        SELECT name, used.year, used.region, coalesce(region_name, used.region) AS region_name, level, articles, mentions,
            CASE WHEN used.region IS NOT NULL THEN used.year = first.year END AS first_year
        FROM used JOIN shown USING (brand) LEFT JOIN first ON first.brand = used.brand AND first.region = used.region
        LEFT JOIN places ON places.region = used.region
        ORDER BY name, used.year NULLS LAST, place NULLS LAST
        """
    )
