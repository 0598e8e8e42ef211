"""Words of the tables in, their mainland forms out: what is told in traditional script and in simplified is one thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..corpus.script import fold, table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_BATCH = 20_000


def write_folds(connection: DuckDBPyConnection, words: str) -> None:
    """`folds`: those of the words that hold a character of traditional script or a variant, and how mainland rules write
    them (word, folded). `words` is the SQL of a column `word` that has each once."""
    connection.execute(
        f"CREATE TABLE written_words AS SELECT word FROM ({words}) WHERE regexp_matches(word, ?)",
        [table().foreign.pattern],
    )
    connection.execute("CREATE TABLE folds (word VARCHAR, folded VARCHAR)")
    found = connection.execute("SELECT count(*) FROM written_words").fetchone()
    for first in range(0, found[0] if found else 0, _BATCH):
        window = f"SELECT word FROM written_words WHERE rowid >= {first} AND rowid < {first + _BATCH}"
        some = [word for (word,) in connection.execute(window).fetchall()]
        connection.execute(
            "INSERT INTO folds SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[])", [some, list(map(fold, some))]
        )
    connection.execute("DROP TABLE written_words")


def folded(column: str, alias: str) -> str:
    """The join that gives a column of words its folded form, `alias.folded`: NULL where it is written so already."""
    return f"LEFT JOIN folds {alias} ON {alias}.word = {column}"
