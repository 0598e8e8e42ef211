"""Promises of the writers: every format gives back what was in the tables, opens where people open it, and is whole or absent."""

from __future__ import annotations

import csv
import json
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import tracemalloc
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jianbao.corpus.errors import InputError, OutputError
from jianbao.corpus.records import decimal_text
from jianbao.pipeline import exporting, workbook
from jianbao.pipeline.columns import columns_of
from jianbao.pipeline.dictionary import Lang, codes, described, heading, title
from jianbao.pipeline.exporting import FORMATS, export, export_folder
from jianbao.pipeline.mapping import map_regions, write_mapped
from jianbao.pipeline.notes import Notes, notes_of
from jianbao.pipeline.run import run
from jianbao.pipeline.store import opened
from jianbao.pipeline.summing import derive
from jianbao.pipeline.tables import plain
from jianbao.pipeline.totals import Request
from jianbao.pipeline.wide import widen

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BULLETINS = Path(__file__).parents[1] / "corpus" / "bulletins"
TABLES = (
    "totals", "wide", "wide_long", "ledger", "indicators", "brands", "brand_registry", "brand_spread", "activities",
    "articles",
)  # fmt: skip
NASTY = "=HYPERLINK(\"http://x\")\n“走访”,\t'引号'\u3000𠮷 _x0041_"
RISKY = ("=1+1", "+86", "-5", "@SUM(A1)", "'=1", "\t制表", NASTY)
FIGURES = ("0.1", "1234567.25", "99999999999999", "123456789012345678", "-3", "0.0000000001", "1000000000000000000")
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of the bundled bulletins."""
    folder = tmp_path_factory.mktemp("exported")
    run([BULLETINS], folder)
    return folder


@pytest.fixture(scope="module")
def connection(out: Path) -> Iterator[DuckDBPyConnection]:
    """All tables, with cells in them that are hard to write."""
    with opened(out) as connection:
        derive(connection)
        widen(connection)
        for place, cell in enumerate((*RISKY, *FIGURES)):
            _add_article(connection, f"难写/{place}.txt", cell)
        for place, figure in enumerate(FIGURES):
            _add_indicator(connection, f"难写/{place}.txt", place, figure)
        yield connection


def _add_article(connection: DuckDBPyConnection, article: str, cell: str) -> None:
    connection.execute(
        "INSERT INTO articles (article, title, source, published, region, characters, status) VALUES (?, ?, ?, ?, ?, 9, 'ok')",
        [article, cell, f"来源{cell}", date(1870, 5, 3), "330106"],
    )


def _add_indicator(connection: DuckDBPyConnection, article: str, place: int, figure: str) -> None:
    connection.execute(
        'INSERT INTO indicators (article, start, "end", text, low, high, bound, dimension, status, confidence)'
        " VALUES (?, ?, ?, ?, ?, ?, 'exact', 'money', 'done', 0.97)",
        [article, place, place + 3, RISKY[place], figure, figure],
    )


@pytest.fixture(scope="module")
def exported(connection: DuckDBPyConnection, out: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every format once."""
    folder = tmp_path_factory.mktemp("files")
    places = {to: folder / (f"简报.{to}" if to in ("xlsx", "sqlite", "duckdb") else to) for to in FORMATS}
    for to, place in places.items():
        export(connection, place, to, notes=notes_of(out, Request()))
    return places


def rows_in(connection: DuckDBPyConnection, table: str) -> Rows:
    """The rows of a table of the connection."""
    found = connection.execute(f"SELECT * FROM {table}")
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


# Readers: what a file holds of a table, its cells as they are in the connection.


def from_csv(place: Path, table: str, kinds: dict[str, str]) -> Rows:
    with (place / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
        return [{name: _typed(plain(cell), kinds[name]) for name, cell in row.items()} for row in csv.DictReader(file)]


def _typed(cell: str, kind: str) -> Any:
    read: dict[str, Callable[[str], Any]] = {
        "integer": int, "decimal": Decimal, "number": float, "date": date.fromisoformat,
        "yes/no": lambda told: {"true": True, "false": False}[told],
    }  # fmt: skip
    return read.get(kind, str)(cell) if cell else None


def from_json_lines(place: Path, table: str, kinds: dict[str, str]) -> Rows:
    lines = (place / f"{table}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line, parse_float=Decimal) for line in lines]
    return [{name: _from_json(cell, kinds[name]) for name, cell in row.items()} for row in rows]


def _from_json(cell: Any, kind: str) -> Any:
    if cell is None:
        return None
    assert kind != "decimal" or isinstance(cell, int | Decimal)
    return _typed(str(cell), "date") if kind == "date" else float(cell) if kind == "number" else cell


def from_parquet(place: Path, table: str, kinds: dict[str, str]) -> Rows:
    import pyarrow.parquet as pq

    rows: Rows = pq.read_table(place / f"{table}.parquet").to_pylist()
    return rows


def from_duckdb(place: Path, table: str, kinds: dict[str, str]) -> Rows:
    import duckdb

    with duckdb.connect(str(place), read_only=True) as connection:
        return rows_in(connection, table)


def from_sqlite(place: Path, table: str, kinds: dict[str, str]) -> Rows:
    with closing(sqlite3.connect(place)) as file:
        found = file.execute(f"SELECT {', '.join(f'{chr(34)}{name}{chr(34)}' for name in kinds)} FROM {table}")
        return [
            {name: _from_sqlite(cell, kind) for (name, kind), cell in zip(kinds.items(), row, strict=True)}
            for row in found
        ]


def _from_sqlite(cell: Any, kind: str) -> Any:
    if cell is None:
        return None
    read: dict[str, Callable[[Any], Any]] = {
        "decimal": lambda told: Decimal(str(told)),
        "date": date.fromisoformat,
        "yes/no": bool,
    }
    return read.get(kind, lambda told: told)(cell)


def from_workbook(place: Path, table: str, kinds: dict[str, str]) -> Rows:
    import openpyxl

    book = openpyxl.load_workbook(place, read_only=True)
    lines = list(book[title(table, "zh")].iter_rows(values_only=True))
    assert list(lines[0]) == [heading(table, name, "zh") for name in kinds]
    return [
        {name: _from_sheet(cell, kind) for (name, kind), cell in zip(kinds.items(), line, strict=True)}
        for line in lines[1:]
    ]


def _from_sheet(cell: Any, kind: str) -> Any:
    from openpyxl.utils.escape import unescape

    if cell is None:
        return None
    if kind == "decimal":
        return Decimal(str(cell))
    if kind == "date":
        return cell.date() if isinstance(cell, datetime) else date.fromisoformat(cell)
    if kind == "text":
        return unescape(cell)  # spreadsheet programs do so themselves
    return float(cell) if kind == "number" else cell


READERS = {
    "csv": from_csv,
    "jsonl": from_json_lines,
    "parquet": from_parquet,
    "duckdb": from_duckdb,
    "sqlite": from_sqlite,
    "xlsx": from_workbook,
}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("to", FORMATS)
def test_every_cell_of_every_table_comes_back(
    connection: DuckDBPyConnection, exported: dict[str, Path], to: str, table: str
) -> None:
    kinds = {column.name: column.kind for column in columns_of(connection, table)}
    expected = rows_in(connection, table)
    assert expected
    assert READERS[to](exported[to], table, kinds) == expected


# What all formats have in common.


@pytest.mark.parametrize("to", FORMATS)
def test_what_is_there_is_not_overwritten_unless_asked(connection: DuckDBPyConnection, tmp_path: Path, to: str) -> None:
    place = tmp_path / f"是.{to}"
    files = export(connection, place, to, tables=("brands",))
    before = {path: path.read_bytes() for path in files}
    with pytest.raises(OutputError, match=r"is there already.*文件已存在"):
        export(connection, place, to, tables=("articles",))
    assert {path: path.read_bytes() for path in files} == before
    assert export(connection, place, to, tables=("brands",), existing="overwrite") == files
    assert sorted(_files(tmp_path)) == sorted(files)


@pytest.mark.parametrize("to", FORMATS)
def test_after_an_error_nothing_is_left_and_what_was_there_is_as_it_was(
    connection: DuckDBPyConnection, tmp_path: Path, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / f"旧.{to}"
    before = {path: path.read_bytes() for path in export(connection, place, to, tables=("brands",))}
    write = exporting._WRITERS[to]

    def break_off(*given: Any) -> None:
        write(*given)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exporting, "_WRITERS", {to: break_off})
    with pytest.raises(OutputError, match=r"No space left.*无法写入"):
        export(connection, place, to, tables=("brands",), existing="overwrite")
    assert {path: path.read_bytes() for path in _files(tmp_path)} == before
    with pytest.raises(OutputError):
        export(connection, tmp_path / "新" / f"甲.{to}", to)
    assert not (tmp_path / "新").exists()


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("to", FORMATS)
def test_a_place_that_cannot_hold_the_export_is_told(connection: DuckDBPyConnection, tmp_path: Path, to: str) -> None:
    (tmp_path / "文件").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="文件"):
        export(connection, tmp_path / "文件" / "里", to)
    if to in ("xlsx", "sqlite", "duckdb"):
        with pytest.raises(OutputError, match="is a folder"):
            export(connection, tmp_path, to)


@pytest.mark.parametrize("to", FORMATS)
def test_the_connection_is_left_as_it_was(connection: DuckDBPyConnection, tmp_path: Path, to: str) -> None:
    standing = connection.execute("SHOW ALL TABLES").fetchall()
    export(connection, tmp_path / f"甲.{to}", to)
    assert connection.execute("SHOW ALL TABLES").fetchall() == standing


def test_nothing_is_fetched_to_write_a_format(connection: DuckDBPyConnection, exported: dict[str, Path]) -> None:
    settings = "SELECT DISTINCT value FROM duckdb_settings() WHERE name LIKE 'auto%known_extensions'"
    assert connection.execute(settings).fetchall() == [("false",)]
    loaded = "SELECT extension_name, install_mode FROM duckdb_extensions() WHERE loaded"
    modes = dict(connection.execute(loaded).fetchall())
    assert {"parquet", "json"} <= modes.keys()
    assert set(modes.values()) == {"STATICALLY_LINKED"}


def test_an_unknown_format_or_table_is_told(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"'docx'.*choose of csv"):
        export(connection, tmp_path / "甲", "docx")
    with pytest.raises(InputError, match=r"'indicator'.*choose of totals"):
        export(connection, tmp_path / "甲", "csv", tables=("indicator",))
    with pytest.raises(InputError, match="nothing to export"):
        export(connection, tmp_path / "甲", "csv", tables=("comparison",))


def test_only_the_named_tables_are_written(connection: DuckDBPyConnection, tmp_path: Path) -> None:
    files = export(connection, tmp_path, "jsonl", tables=("brands", "articles"))
    assert [path.name for path in files] == ["brands.jsonl", "articles.jsonl", "notes.jsonl", "dictionary.jsonl"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_notes_say_how_many_figures_count_and_why_the_others_do_not(out: Path, tmp_path: Path, lang: Lang) -> None:
    with opened(out) as connection:
        derive(connection, Request(level="county"))
        export(connection, tmp_path, "csv", lang=lang, notes=notes_of(out, Request(level="county")))
        counts = dict(
            connection.execute("SELECT coalesce(reason, verdict), count(*) FROM ledger GROUP BY ALL").fetchall()
        )
    notes = {
        row["item"]: row["value"]
        for row in from_csv(tmp_path, "notes", dict.fromkeys(("section", "item", "value"), ""))
    }
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert record["fingerprint"] in notes.values()
    assert "county" in notes.values()
    reasons = {"counted": codes("verdict")["counted"], **codes("reason")}
    told = {code: int(notes[entry.name(lang)].split(" ")[0].replace(",", "")) for code, entry in reasons.items()}
    assert {code: count for code, count in told.items() if count} == counts
    assert all(entry.meaning(lang) in notes.values() for entry in codes("counting").values())


def test_a_folder_is_exported_with_all_that_is_made_of_it(out: Path, tmp_path: Path) -> None:
    folder = tmp_path / "OUT"
    shutil.copytree(out, folder)
    write_mapped(map_regions(folder, 2015), folder, 2015)
    files = export_folder(folder, "parquet")
    assert [path.stem for path in files] == [*TABLES, "regions", "notes", "dictionary"]
    assert files[0].parent == folder / "jianbao-parquet"
    rows = from_parquet(folder / "jianbao-parquet", "regions", {})
    assert {type(row["articles"]) for row in rows} == {int}
    assert [row["region"] for row in rows] == [row.region for row in map_regions(folder, 2015)]


def test_a_mapping_edited_by_hand_is_told_with_line_and_column(out: Path, tmp_path: Path) -> None:
    folder = tmp_path / "OUT"
    shutil.copytree(out, folder)
    path = write_mapped(map_regions(folder, 2015), folder, 2015)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    lines[2] = re.sub(r",(\d+),(\d+),", r",\1,许多,", lines[2], count=1)
    path.write_text("\n".join(lines), encoding="utf-8-sig")
    with pytest.raises(OutputError, match=r"regions\.csv:3: column \w+: expected a whole number, found '许多'"):
        export_folder(folder, "csv")
    assert not (folder / "csv").exists()


def test_sums_that_are_not_wide_are_exported_without_the_wide_table(out: Path, tmp_path: Path) -> None:
    files = export_folder(out, "csv", tmp_path, request=Request(by=("activity", "period")))
    assert {"totals", "ledger"} <= {path.stem for path in files}
    assert {"wide", "wide_long"}.isdisjoint(path.stem for path in files)


# CSV.


def test_no_cell_of_a_csv_file_runs_as_a_formula(exported: dict[str, Path]) -> None:
    for path in exported["csv"].glob("*.csv"):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf")
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file) for cell in row]
        risky = [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r") and len(cell) > 1]
        assert all(re.fullmatch(r"-[0-9.]+", cell) for cell in risky)


# Parquet and DuckDB.


@pytest.mark.parametrize("table", TABLES)
def test_typed_files_have_the_types_of_the_tables(
    connection: DuckDBPyConnection, exported: dict[str, Path], table: str
) -> None:
    import duckdb

    types = [row[:2] for row in connection.execute(f"DESCRIBE {table}").fetchall()]
    with duckdb.connect(str(exported["duckdb"]), read_only=True) as file:
        assert [row[:2] for row in file.execute(f"DESCRIBE {table}").fetchall()] == types
        path = exported["parquet"] / f"{table}.parquet"
        assert [row[:2] for row in file.execute(f"DESCRIBE FROM '{path}'").fetchall()] == types


def test_parquet_is_packed_with_zstd(exported: dict[str, Path]) -> None:
    import pyarrow.parquet as pq

    packed = pq.ParquetFile(exported["parquet"] / "indicators.parquet").metadata.row_group(0).column(0)
    assert packed.compression == "ZSTD"


def test_tables_and_columns_of_a_duckdb_file_say_what_they_mean(exported: dict[str, Path]) -> None:
    import duckdb

    with duckdb.connect(str(exported["duckdb"]), read_only=True) as file:
        columns = file.execute(
            "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
        tables = dict(file.execute("SELECT table_name, comment FROM duckdb_tables()").fetchall())
    assert tables.keys() == {*TABLES, "notes", "dictionary"}
    for table, column, comment in columns:
        entry = described(table, column)
        assert entry is not None
        assert comment == entry.meaning_zh
        assert tables[table]


# JSON lines.


def test_json_lines_hold_figures_with_all_their_digits_and_chinese_as_it_is(exported: dict[str, Path]) -> None:
    text = (exported["jsonl"] / "indicators.jsonl").read_text(encoding="utf-8")
    assert '"low":123456789012345678,' in text
    assert '"low":0.0000000001,' in text
    assert "“" in text
    assert not re.search(r'"(?:low|high)":[0-9]+\.[0-9]*0[,}]', text)


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


def test_a_key_that_does_not_hold_is_not_declared(out: Path, tmp_path: Path) -> None:
    with opened(out) as connection:
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
    database: sqlite3.Connection, connection: DuckDBPyConnection
) -> None:
    found = database.execute("SELECT article_title, verdict, reason FROM figures ORDER BY id").fetchall()
    expected = connection.execute(
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
    connection: DuckDBPyConnection, out: Path, tmp_path: Path
) -> None:
    pytest.importorskip("datasette")
    place = tmp_path / "jianbao.sqlite"
    export(connection, place, "sqlite", notes=notes_of(out))
    counted = connection.execute("SELECT verdict, count(*) FROM ledger GROUP BY ALL").fetchall()
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


# The workbook.


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_workbook_begins_with_how_it_was_made_and_ends_with_the_dictionary(
    connection: DuckDBPyConnection, out: Path, tmp_path: Path, lang: Lang
) -> None:
    import openpyxl

    export(connection, tmp_path / "甲.xlsx", "xlsx", lang=lang, notes=notes_of(out, Request()))
    book = openpyxl.load_workbook(tmp_path / "甲.xlsx", read_only=True)
    assert book.sheetnames == [title(table, lang) for table in ("notes", *TABLES, "dictionary")]
    first = next(book[title("ledger", lang)].iter_rows(values_only=True))
    assert list(first)[:5] == [
        heading("ledger", name, lang) for name in ("article", "start", "end", "region", "verdict")
    ]


def test_sheets_have_a_frozen_heading_filters_and_formats_and_no_formula(
    connection: DuckDBPyConnection, exported: dict[str, Path]
) -> None:
    import openpyxl

    book = openpyxl.load_workbook(exported["xlsx"])
    for table in (*TABLES, "dictionary"):
        sheet = book[title(table, "zh")]
        assert sheet.freeze_panes == ("C2" if table in ("totals", "wide", "wide_long", "regions") else "A2")
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.print_title_rows == "$1:$1"
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"n", "s", "d", "b"}
    formats = _formats(book[title("indicators", "zh")], connection, "indicators")
    assert formats["low"] == {"#,##0", "#,##0.##########", "General"}
    assert formats["start"] == {"0"}
    assert formats["confidence"] == {"0.00"}
    assert formats["period_start"] == {"yyyy-mm-dd"}
    assert formats["region"] == {"General"}


def _formats(sheet: Any, connection: DuckDBPyConnection, table: str) -> dict[str, set[str]]:
    """The number formats of the filled cells of each column."""
    columns = columns_of(connection, table)
    return {
        column.name: {cell.number_format for cell in cells[1:] if cell.value is not None}
        for column, cells in zip(columns, sheet.iter_cols(), strict=True)
    }


def test_adcodes_are_text_and_figures_are_numbers(exported: dict[str, Path]) -> None:
    import openpyxl

    book = openpyxl.load_workbook(exported["xlsx"], read_only=True)
    heads, *lines = book[title("totals", "zh")].iter_rows(values_only=True)
    rows = [dict(zip(heads, line, strict=True)) for line in lines]
    assert {type(row["区划代码"]) for row in rows} == {str}
    assert {type(row["下级上限"]) for row in rows} <= {int, float, type(None)}
    assert {type(row["约数"]) for row in rows} == {bool}


def test_a_table_with_more_rows_than_a_sheet_holds_goes_on_in_the_next(
    connection: DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import openpyxl

    monkeypatch.setattr(workbook, "MAX_ROWS", 40)
    export(connection, tmp_path / "甲.xlsx", "xlsx", tables=("brands",))
    book = openpyxl.load_workbook(tmp_path / "甲.xlsx", read_only=True)
    sheets = [list(book[name].iter_rows(values_only=True)) for name in book.sheetnames if name.startswith("品牌提及")]
    assert [name for name in book.sheetnames if "品牌" in name] == ["品牌提及", "品牌提及 2", "品牌提及 3"]
    assert all(sheet[0] == sheets[0][0] for sheet in sheets)
    rows = [row for sheet in sheets for row in sheet[1:]]
    assert [row[4] for row in rows] == [row["name"] for row in rows_in(connection, "brands")]


def test_a_table_that_fills_a_sheet_exactly_has_no_second(
    connection: DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import openpyxl

    monkeypatch.setattr(workbook, "MAX_ROWS", max(len(rows_in(connection, "brands")), 300))
    export(connection, tmp_path / "甲.xlsx", "xlsx", tables=("brands",))
    assert openpyxl.load_workbook(tmp_path / "甲.xlsx", read_only=True).sheetnames == ["说明", "品牌提及", "数据字典"]


def test_cells_that_no_sheet_can_hold_are_shown_as_near_as_can_be(out: Path, tmp_path: Path) -> None:
    import openpyxl

    with opened(out) as connection:
        _add_article(connection, "长.txt", "侨" * 40_000)
        _add_article(connection, "宽.txt", "𠮷" * 20_000)
        _add_article(connection, "控制.txt", "走访\x00慰\x1b问\r\x0b\uffff")
        connection.execute("DELETE FROM articles WHERE article NOT IN ('长.txt', '宽.txt', '控制.txt')")
        export(connection, tmp_path / "甲.xlsx", "xlsx", tables=("articles",))
    book = openpyxl.load_workbook(tmp_path / "甲.xlsx", read_only=True)
    titles = {row[0]: row[1] for row in book["文章"].iter_rows(min_row=2, values_only=True)}
    assert titles["长.txt"] == "侨" * 32_766 + "…"
    assert titles["宽.txt"] == "𠮷" * 16_383 + "…"
    assert titles["控制.txt"] == "走访␀慰␛问␍␋\ufffd"


def test_a_table_with_too_many_columns_is_told(
    connection: DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MAX_COLUMNS", 1_000)
    columns = ", ".join(f"'' AS 列{place}" for place in range(2_100))
    connection.execute(f"CREATE TABLE comparison AS SELECT {columns}")
    try:
        for to in ("xlsx", "sqlite"):
            with pytest.raises(OutputError, match="comparison has 2100 columns"):
                export(connection, tmp_path / f"甲.{to}", to, tables=("comparison",))
    finally:
        connection.execute("DROP TABLE comparison")
    assert _files(tmp_path) == []


def test_memory_does_not_grow_with_the_rows_of_a_workbook(out: Path, tmp_path: Path) -> None:
    with opened(out) as connection:
        connection.execute("CREATE OR REPLACE TABLE brands AS SELECT b.* FROM brands b, range(300)")
        tracemalloc.start()
        try:
            export(connection, tmp_path / "甲.xlsx", "xlsx", tables=("brands",))
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        cells = len(rows_in(connection, "brands")) * 10
    assert cells > 200_000
    assert peak < 30 << 20


# LibreOffice, for real.

AS_UTF8 = "--infilter=CSV:44,34,76,1"  # the dialog finds this by the byte-order mark; without a window it must be said


def convert(place: Path, kind: str, folder: Path, *options: str) -> Path:
    """A file as LibreOffice converts it, with a profile of its own."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not on this machine")
    profile = (folder / "profile").as_uri()
    command = [office, "--headless", f"-env:UserInstallation={profile}", "--convert-to", kind, "--outdir", str(folder)]
    subprocess.run([*command, *options, str(place)], check=True, capture_output=True, timeout=180)
    return folder / f"{place.stem}.{kind}"


def test_libreoffice_prints_the_workbook_with_its_chinese(out: Path, tmp_path: Path) -> None:
    import pypdfium2

    with opened(out) as connection:
        derive(connection)
        place = tmp_path / "合计.xlsx"
        export(connection, place, "xlsx", notes=notes_of(out, Request()), tables=("totals", "ledger"))
    pdf = pypdfium2.PdfDocument(convert(place, "pdf", tmp_path))
    pages = [page.get_textpage().get_text_range() for page in pdf]
    assert codes("counting")["own_below"].meaning_zh[:30] in pages[0].replace("\r\n", "")
    assert any("本级上限" in page for page in pages)
    assert any("走访慰问" in page for page in pages)
    assert not any("###" in page for page in pages)


def test_libreoffice_opens_a_csv_file_with_its_chinese(
    connection: DuckDBPyConnection, exported: dict[str, Path], tmp_path: Path
) -> None:
    import openpyxl

    (sheet,) = openpyxl.load_workbook(convert(exported["csv"] / "articles.csv", "xlsx", tmp_path, AS_UTF8)).worksheets
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    heads, *lines = sheet.iter_rows(values_only=True)
    assert list(heads) == [column.name for column in columns_of(connection, "articles")]
    assert [line[0] for line in lines] == [row["article"] for row in rows_in(connection, "articles")]
    assert [line[6] for line in lines] == [row["region_name"] for row in rows_in(connection, "articles")]


def test_figures_are_written_as_people_read_them() -> None:
    assert [decimal_text(Decimal(figure)) for figure in FIGURES] == list(FIGURES)


def test_notes_need_the_record_of_a_run(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"run\.json: no record of a run"):
        notes_of(tmp_path)
    assert Notes().run == {}
