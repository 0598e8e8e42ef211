"""Promises of the SQLite file: keys that hold, indexes, a view, and what Datasette shows of it."""

from __future__ import annotations

import json
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jianbao.pipeline.dictionary import described, title
from jianbao.pipeline.exporting import export
from jianbao.pipeline.notes import notes_of
from jianbao.pipeline.outputs import opened
from jianbao.pipeline.summing import derive
from jianbao.pipeline.totals import Request
from made_exports import TABLES, rows_in

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


# SQLite.


@pytest.fixture
def database(exported: dict[str, Path]) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(exported["sqlite"])) as file:
        yield file


def test_sqlite_is_sound_and_every_reference_finds_its_row(database: sqlite3.Connection) -> None:
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize(
    ("table", "references"),
    [
        ("indicators", {("article", "articles"), ("region", "divisions")}),
        ("brands", {("article", "articles")}),
        ("activities", {("article", "articles")}),
        ("totals", {("region", "divisions")}),
        (
            "ledger",
            {
                ("article", "articles"), ("id", "indicators"), ("other", "indicators"), ("total", "totals"),
                ("region", "divisions"),
            },
        ),
        ("divisions", {("parent", "divisions")}),
    ],
)  # fmt: skip
def test_sqlite_declares_what_refers_to_what(
    database: sqlite3.Connection, table: str, references: set[tuple[str, str]]
) -> None:
    found = {(row[3], row[2]) for row in database.execute(f"PRAGMA foreign_key_list({table})")}
    assert found == references


def test_a_key_that_does_not_hold_is_not_declared(bulletin_run: Path, tmp_path: Path) -> None:
    with opened(bulletin_run) as connection:
        derive(connection, Request(level="county"))
        connection.execute("INSERT INTO indicators SELECT * FROM indicators LIMIT 1")
        export(connection, tmp_path / "甲.sqlite", "sqlite")
        count = len(rows_in(connection, "indicators"))
    with closing(sqlite3.connect(tmp_path / "甲.sqlite")) as file:
        assert file.execute("SELECT count(*) FROM indicators").fetchone() == (count,)
        assert {row[2] for row in file.execute("PRAGMA foreign_key_list(ledger)")} == {"articles", "divisions"}
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("indicators", "activity"), ("indicators", "region"), ("indicators", "article"), ("ledger", "reason"),
        ("ledger", "verdict"), ("totals", "dimension"), ("brands", "brand"), ("articles", "published"),
    ],
)  # fmt: skip
def test_what_people_filter_by_has_an_index(database: sqlite3.Connection, table: str, column: str) -> None:
    plan = database.execute(f'EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE "{column}" = ?', ["x"]).fetchall()
    assert f"{table}_{column}" in plan[0][3]


def test_divisions_in_sqlite_are_those_named_and_all_above_them(database: sqlite3.Connection) -> None:
    found = dict(database.execute("SELECT code, parent FROM divisions"))
    named = {
        code for (code,) in database.execute("SELECT region FROM articles UNION SELECT region FROM totals") if code
    }
    assert named <= found.keys()
    assert {parent for parent in found.values() if parent} <= found.keys()
    assert len(found) < 200


def test_the_view_joins_a_figure_with_its_article_and_verdict(
    database: sqlite3.Connection, hard_tables: DuckDBPyConnection
) -> None:
    found = database.execute("SELECT article_title, verdict, reason FROM figures ORDER BY id").fetchall()
    expected = hard_tables.execute(
        "SELECT title, verdict, reason FROM ledger JOIN articles USING (article)"
        " ORDER BY encode(article || ':' || start || '-' || \"end\")"
    ).fetchall()
    assert sorted(map(repr, found)) == sorted(map(repr, expected))


# Datasette, for real.


@contextmanager
def served(place: Path) -> Iterator[Callable[[str], str]]:
    """A Datasette that serves the file on a free port of this machine; what it answers to a path."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "datasette", "serve", str(place), "-m", f"{place}.metadata.json", "-p", str(port)]
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def ask(path: str) -> str:
        with opener.open(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return str(answer.read().decode("utf-8"))

    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(ask, process)
        yield ask
    finally:
        process.terminate()
        process.wait(timeout=30)


def _await(ask: Callable[[str], str], process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        assert process.poll() is None
        try:
            ask("/-/versions.json")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("Datasette did not start")


def test_datasette_shows_facets_labels_and_what_columns_mean(
    hard_tables: DuckDBPyConnection, bulletin_run: Path, tmp_path: Path
) -> None:
    pytest.importorskip("datasette")
    place = tmp_path / "jianbao.sqlite"
    export(hard_tables, place, "sqlite", notes=notes_of(bulletin_run))
    counted = hard_tables.execute("SELECT verdict, count(*) FROM ledger GROUP BY ALL").fetchall()
    with served(place) as ask:
        ledger = json.loads(ask("/jianbao/ledger.json?_labels=on&reason=part"))
        assert {"verdict", "reason", "activity", "dimension"} <= ledger["facet_results"].keys()
        assert ledger["rows"][0]["region"]["label"].endswith(("区", "县", "市", "省"))
        assert ledger["rows"][0]["other"]["label"]
        everything = json.loads(ask("/jianbao/ledger.json"))["facet_results"]["verdict"]["results"]
        assert {(each["value"], each["count"]) for each in everything} == set(counted)
        indicators = json.loads(ask("/jianbao/indicators.json"))["facet_results"]
        assert {"activity", "dimension", "region_name", "status"} <= indicators.keys()
        page = ask("/jianbao/indicators")
        assert described("indicators", "low").meaning_zh in page  # type: ignore[union-attr]
        assert 'href="/jianbao/divisions/' in page
        assert title("indicators", "zh") in page
        for table in (*TABLES, "figures", "divisions", "notes", "dictionary"):
            assert json.loads(ask(f"/jianbao/{table}.json?_size=1"))["rows"]
