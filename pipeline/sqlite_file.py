"""Tables of a DuckDB connection in, a SQLite file with keys, indices and views out, and beside it what Datasette shows."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..corpus.errors import OutputError
from .columns import Column, batches, columns_of, figure_text, quoted
from .dictionary import COLUMNS, Lang, described, heading, title

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MAX_COLUMNS = 1_999  # SQLite holds 2000, one of which may be the id
_TYPES = {
    "text": "TEXT",
    "integer": "INTEGER",
    "decimal": "NUMERIC",
    "number": "REAL",
    "date": "DATE",
    "yes/no": "BOOLEAN",
}
_ID = '"article" || \':\' || "start" || \'-\' || "end"'
_KEYS = {
    "articles": "article", "indicators": "id", "ledger": "id", "totals": "total", "divisions": "code",
    "wide": "region", "brand_registry": "name",
}  # fmt: skip
_REFERENCES = (
    ("indicators", "article", "articles"), ("indicators", "region", "divisions"),
    ("brands", "article", "articles"), ("activities", "article", "articles"), ("articles", "region", "divisions"),
    ("ledger", "id", "indicators"), ("ledger", "other", "indicators"), ("ledger", "article", "articles"),
    ("ledger", "region", "divisions"), ("ledger", "total", "totals"),
    ("totals", "region", "divisions"), ("wide", "region", "divisions"), ("wide_long", "region", "divisions"),
    ("brand_spread", "region", "divisions"), ("brand_spread", "name", "brand_registry"), ("regions", "region", "divisions"), ("divisions", "parent", "divisions"),
)  # fmt: skip
_INDEXED: Mapping[str, tuple[str, ...]] = {
    "articles": ("region", "published", "status", "source"),
    "indicators": (
        "article",
        "region",
        "region_name",
        "activity",
        "dimension",
        "brand",
        "status",
        "period_end",
        "measure",
    ),
    "brands": ("article", "brand", "name", "kind"),
    "activities": ("article", "type"),
    "ledger": ("article", "region", "verdict", "reason", "total", "other", "activity", "dimension"),
    "totals": ("region", "region_name", "level", "activity", "activity_name", "dimension", "unit"),
    "wide_long": ("region", "indicator", "activity", "dimension"),
    "brand_registry": ("name", "kind"),
    "brand_spread": ("name", "region"),
    "divisions": ("parent", "level"),
}
_BY_ID = {"indicators": ("id",), "ledger": ("id",)}
_LABELS = {
    "articles": "title", "indicators": "text", "divisions": "full_name", "totals": "total", "brand_registry": "name",
}  # fmt: skip
_FACETS: Mapping[str, tuple[str, ...]] = {
    "totals": ("level", "activity_name", "dimension", "region_name"),
    "wide": ("level",),
    "wide_long": ("level", "activity", "dimension", "region_name", "source"),
    "ledger": ("verdict", "reason", "activity", "dimension"),
    "indicators": ("activity", "dimension", "region_name", "status", "bound"),
    "brands": ("kind", "brand"),
    "brand_registry": ("kind",),
    "activities": ("type",),
    "articles": ("status", "region_name", "format", "source"),
    "regions": ("kind",),
    "divisions": ("level",),
    "figures": ("verdict", "reason", "activity", "dimension", "region_name"),
}
_SORTED = {
    "articles": ("sort_desc", "published"), "totals": ("sort_desc", "articles"), "indicators": ("sort", "article"),
    "ledger": ("sort", "article"), "brand_registry": ("sort_desc", "articles"), "regions": ("sort", "region"),
}  # fmt: skip
_FIGURES = "figures"
_WORDS = {
    "zh": {
        "title": "简报指标库",
        _FIGURES: "指标、文章与结论",
        "told": "每条指标及其文章和是否计入合计。",
        "source": "由 jianbao 生成；各列含义见 dictionary 表，合计办法见 notes 表。",
    },
    "en": {
        "title": "Indicators of bulletins",
        _FIGURES: "Figures with article and verdict",
        "told": "Each indicator with its article and whether it counts in the totals.",
        "source": "Made by jianbao; the table dictionary says what columns mean, the table notes how totals are made.",
    },
}
_VIEW = """CREATE VIEW figures AS SELECT i.*, a.title AS article_title, a.published, a.source, a.url,
    l.verdict, l.reason, l.total, l.other
    FROM indicators i JOIN articles a ON a.article = i.article JOIN ledger l ON l.id = i.id"""


@dataclass(frozen=True, slots=True)
class _Plan:
    """A table of the file: its columns, its key, and what its columns refer to."""

    table: str
    source: str
    columns: Sequence[Column]
    key: str | None
    references: Mapping[str, str]

    @property
    def statement(self) -> str:
        """The SQL that makes the table."""
        parts = [self._column(column) for column in self.columns]
        for column, target in self.references.items():
            parts.append(f"FOREIGN KEY ({quoted(column)}) REFERENCES {target} ({quoted(_KEYS[target])})")
        return f"CREATE TABLE {quoted(self.table)} ({', '.join(parts)})"

    def _column(self, column: Column) -> str:
        key = " PRIMARY KEY NOT NULL" if column.name == self.key else ""
        return f"{column.sql} {_TYPES[column.kind]}{key}"


def write_sqlite(
    connection: DuckDBPyConnection, tables: Sequence[str], path: Path, metadata: Path, name: str, lang: Lang
) -> None:
    """A typed table each, the divisions that they name, a view of figures with their verdicts; keys are declared where
    all rows keep them. `metadata` is for `datasette serve FILE -m FILE.metadata.json`, which calls the file by `name`.

    Raises:
        OutputError: where a table has more columns than SQLite holds. OSError and sqlite3.Error are left to the caller.
    """
    with _divisions_named(connection, tables) as named:
        plans = _plans(connection, {**{table: table for table in tables}, **named})
        with closing(sqlite3.connect(path, isolation_level=None)) as file:
            for setting in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -64000"):
                file.execute(f"PRAGMA {setting}")
            for plan in plans:
                file.execute(plan.statement)
            for plan in plans:
                _fill(connection, file, plan)
            _finish(file, plans)
        _write_metadata(plans, name, metadata, lang)


@contextmanager
def _divisions_named(connection: DuckDBPyConnection, tables: Sequence[str]) -> Iterator[dict[str, str]]:
    """The name and the source of the table of the divisions that the tables name, and of those above them."""
    standing = {name for (name,) in connection.execute("SHOW TABLES").fetchall()}
    naming = [table for table in tables if any(column.name == "region" for column in columns_of(connection, table))]
    if "divisions" not in standing or not naming:
        yield {}
        return
    codes = " UNION ".join(f"SELECT region AS code FROM {table}" for table in naming)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE divisions_named AS WITH RECURSIVE named AS ({codes} UNION"
        " SELECT d.parent FROM named n JOIN divisions d ON d.code = n.code)"
        " SELECT * FROM divisions WHERE code IN (SELECT code FROM named) ORDER BY code"
    )
    try:
        yield {"divisions": "divisions_named"}
    finally:
        connection.execute("DROP TABLE IF EXISTS temp.divisions_named")


def _plans(connection: DuckDBPyConnection, sources: Mapping[str, str]) -> list[_Plan]:
    """What the file will hold; a key is one where no two rows share it, a reference one where no row lacks its other."""
    columns = {table: columns_of(connection, source) for table, source in sources.items()}
    for table, found in columns.items():
        if len(found) > MAX_COLUMNS:
            raise OutputError(
                f"{table} has {len(found)} columns, SQLite holds {MAX_COLUMNS}: export without it (列数过多)"
            )
    keys = {table: _KEYS[table] for table in sources if table in _KEYS and _is_key(connection, table, sources[table])}
    plans = []
    for table, source in sources.items():
        references = {
            column: target
            for owner, column, target in _REFERENCES
            if owner == table
            and target in keys
            and (column in _BY_ID.get(table, ()) or column in [each.name for each in columns[table]])
            and _holds(connection, (source, column), (sources[target], keys[target]))
        }
        made = [Column("id", "text")] if _KEYS.get(table) == "id" else []
        plans.append(_Plan(table, source, [*made, *columns[table]], keys.get(table), references))
    return plans


def _is_key(connection: DuckDBPyConnection, table: str, source: str) -> bool:
    key = _sql(_KEYS[table])
    found = connection.execute(f"SELECT count(*) = count(DISTINCT {key}) FROM {source}").fetchone()
    return bool(found and found[0])


def _holds(connection: DuckDBPyConnection, refers: tuple[str, str], target: tuple[str, str]) -> bool:
    """Whether every cell of a column is empty or the key of a row of the other table."""
    (table, column), (other, key) = refers, target
    found = connection.execute(
        f"SELECT 1 FROM (SELECT {_sql(column)} AS cell FROM {table}) WHERE cell IS NOT NULL"
        f" AND cell NOT IN (SELECT {_sql(key)} FROM {other}) LIMIT 1"
    ).fetchone()
    return found is None


def _sql(column: str) -> str:
    return _ID if column == "id" else quoted(column)


def _fill(connection: DuckDBPyConnection, file: sqlite3.Connection, plan: _Plan) -> None:
    marks = ", ".join("?" * len(plan.columns))
    file.execute("BEGIN")
    for batch in batches(connection, plan.source, [_cell(column) for column in plan.columns]):
        file.executemany(f"INSERT INTO {quoted(plan.table)} VALUES ({marks})", batch)
    file.execute("COMMIT")


def _cell(column: Column) -> str:
    """Figures go in as text: SQLite keeps whole ones as integers and others as numbers."""
    if column.kind == "decimal":
        return figure_text(column)
    if column.kind == "yes/no":
        return f"{column.sql}::INTEGER"
    return f"{_sql(column.name)}::VARCHAR" if column.kind in ("text", "date") else column.sql


def _finish(file: sqlite3.Connection, plans: Sequence[_Plan]) -> None:
    """Indices and the view, when all rows are in; then everything to the disk."""
    for plan in plans:
        names = {column.name for column in plan.columns}
        for column in dict.fromkeys((*_INDEXED.get(plan.table, ()), *plan.references)):
            if column in names and column != plan.key:
                file.execute(f"CREATE INDEX {quoted(f'{plan.table}_{column}')} ON {plan.table} ({quoted(column)})")
    if _has_figures(plans):
        file.execute(_VIEW)
    file.execute("PRAGMA foreign_keys = ON")
    file.execute("ANALYZE")


def _has_figures(plans: Sequence[_Plan]) -> bool:
    return {"indicators", "articles", "ledger"} <= {plan.table for plan in plans}


def _write_metadata(plans: Sequence[_Plan], name: str, metadata: Path, lang: Lang) -> None:
    """What Datasette shows of the file: words for tables and columns, what to filter by, how rows are ordered."""
    words = _WORDS[lang]
    tables = {plan.table: _shown(plan, lang) for plan in plans}
    if _has_figures(plans):
        columns = tables["indicators"]["columns"]
        told = {"title": words[_FIGURES], "description": words["told"], "columns": columns}
        tables[_FIGURES] = {**told, "facets": list(_FACETS[_FIGURES])}
    shown = {"title": words["title"], "description": words["source"]}
    page = {**shown, "databases": {name: {**shown, "tables": tables}}}
    metadata.write_text(json.dumps(page, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _shown(plan: _Plan, lang: Lang) -> dict[str, object]:
    """What Datasette shows of a table."""
    names = [column.name for column in plan.columns]
    found = described(plan.table)
    shown: dict[str, object] = {
        "title": title(plan.table, lang),
        "description": found.meaning(lang) if found else "",
        "columns": {name: _column_told(plan.table, name, lang) for name in names if described(plan.table, name)},
    }
    if facets := [name for name in _FACETS.get(plan.table, ()) if name in names]:
        shown["facets"] = facets
    if plan.table in _LABELS:
        shown["label_column"] = _LABELS[plan.table]
    way, column = _SORTED.get(plan.table, ("", ""))
    return {**shown, way: column} if column in names else shown


def _column_told(table: str, column: str, lang: Lang) -> str:
    entry = described(table, column)
    if entry is None:
        return ""
    told = f"{heading(table, column, lang)}: {entry.meaning(lang)}"
    unit = entry.row(lang)[COLUMNS.index("unit")]
    return f"{told} [{unit}]" if unit else told
