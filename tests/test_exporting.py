"""Promises of the writers: every format gives back what was in the tables, opens where people open it, and is whole or absent."""

from __future__ import annotations

import csv
import json
import re
import shutil
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jianbao.corpus.errors import InputError, OutputError
from jianbao.corpus.records import decimal_text
from jianbao.pipeline import exporting
from jianbao.pipeline.columns import columns_of
from jianbao.pipeline.dictionary import Lang, codes, described
from jianbao.pipeline.exporting import FORMATS, export, export_folder
from jianbao.pipeline.mapping import map_regions, write_mapped
from jianbao.pipeline.notes import Notes, notes_of
from jianbao.pipeline.outputs import opened
from jianbao.pipeline.store import database
from jianbao.pipeline.summing import derive
from jianbao.pipeline.totals import Request
from made_exports import FIGURES, READERS, TABLES, files_in, from_csv, from_parquet, rows_in

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("to", FORMATS)
def test_every_cell_of_every_table_comes_back(
    hard_tables: DuckDBPyConnection, exported: dict[str, Path], to: str, table: str
) -> None:
    kinds = {column.name: column.kind for column in columns_of(hard_tables, table)}
    expected = rows_in(hard_tables, table)
    assert expected
    assert READERS[to](exported[to], table, kinds) == expected


# What all formats have in common.


@pytest.mark.parametrize("to", FORMATS)
def test_what_is_there_is_not_overwritten_unless_asked(
    hard_tables: DuckDBPyConnection, tmp_path: Path, to: str
) -> None:
    place = tmp_path / f"是.{to}"
    files = export(hard_tables, place, to, tables=("brands",))
    before = {path: path.read_bytes() for path in files}
    with pytest.raises(OutputError, match=r"is there already.*文件已存在"):
        export(hard_tables, place, to, tables=("articles",))
    assert {path: path.read_bytes() for path in files} == before
    assert export(hard_tables, place, to, tables=("brands",), existing="overwrite") == files
    assert sorted(files_in(tmp_path)) == sorted(files)


@pytest.mark.parametrize("to", FORMATS)
def test_after_an_error_nothing_is_left_and_what_was_there_is_as_it_was(
    hard_tables: DuckDBPyConnection, tmp_path: Path, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / f"旧.{to}"
    before = {path: path.read_bytes() for path in export(hard_tables, place, to, tables=("brands",))}
    write = exporting._WRITERS[to]

    def break_off(*given: Any) -> None:
        write(*given)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exporting, "_WRITERS", {to: break_off})
    with pytest.raises(OutputError, match=r"No space left.*无法写入"):
        export(hard_tables, place, to, tables=("brands",), existing="overwrite")
    assert {path: path.read_bytes() for path in files_in(tmp_path)} == before
    with pytest.raises(OutputError):
        export(hard_tables, tmp_path / "新" / f"甲.{to}", to)
    assert not (tmp_path / "新").exists()


@pytest.mark.parametrize("to", FORMATS)
def test_a_place_that_cannot_hold_the_export_is_told(hard_tables: DuckDBPyConnection, tmp_path: Path, to: str) -> None:
    (tmp_path / "文件").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="文件"):
        export(hard_tables, tmp_path / "文件" / "里", to)
    if to in ("xlsx", "sqlite", "duckdb"):
        with pytest.raises(OutputError, match="is a folder"):
            export(hard_tables, tmp_path, to)


@pytest.mark.parametrize("to", FORMATS)
def test_the_connection_is_left_as_it_was(hard_tables: DuckDBPyConnection, tmp_path: Path, to: str) -> None:
    standing = hard_tables.execute("SHOW ALL TABLES").fetchall()
    export(hard_tables, tmp_path / f"甲.{to}", to)
    assert hard_tables.execute("SHOW ALL TABLES").fetchall() == standing


def test_nothing_is_fetched_to_write_a_format(hard_tables: DuckDBPyConnection, exported: dict[str, Path]) -> None:
    settings = "SELECT DISTINCT value FROM duckdb_settings() WHERE name LIKE 'auto%known_extensions'"
    assert hard_tables.execute(settings).fetchall() == [("false",)]
    loaded = "SELECT extension_name, install_mode FROM duckdb_extensions() WHERE loaded"
    modes = dict(hard_tables.execute(loaded).fetchall())
    assert {"parquet", "json"} <= modes.keys()
    assert set(modes.values()) == {"STATICALLY_LINKED"}


def test_an_unknown_format_or_table_is_told(hard_tables: DuckDBPyConnection, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"'docx'.*choose of csv"):
        export(hard_tables, tmp_path / "甲", "docx")
    with pytest.raises(InputError, match=r"'indicator'.*choose of totals"):
        export(hard_tables, tmp_path / "甲", "csv", tables=("indicator",))
    with pytest.raises(InputError, match="nothing to export"):
        export(hard_tables, tmp_path / "甲", "csv", tables=("comparison",))


def test_only_the_named_tables_are_written(hard_tables: DuckDBPyConnection, tmp_path: Path) -> None:
    files = export(hard_tables, tmp_path, "jsonl", tables=("brands", "articles"))
    assert [path.name for path in files] == ["brands.jsonl", "articles.jsonl", "notes.jsonl", "dictionary.jsonl"]


@pytest.mark.parametrize("to", FORMATS)
def test_a_wide_table_may_have_more_columns_than_an_expression_may_be_deep(tmp_path: Path, to: str) -> None:
    with database() as connection:
        amounts = ", ".join(f'{place}::DECIMAL(38,10) AS "走访慰问 {place} 人次"' for place in range(1_500))
        connection.execute(f"CREATE TABLE wide AS SELECT '330106' AS region, {amounts}")
        files = export(connection, tmp_path / "甲", to, tables=("wide",))
    assert files[0].stat().st_size


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_notes_say_how_many_figures_count_and_why_the_others_do_not(
    bulletin_run: Path, tmp_path: Path, lang: Lang
) -> None:
    with opened(bulletin_run) as connection:
        derive(connection, Request(level="county"))
        export(connection, tmp_path, "csv", lang=lang, notes=notes_of(bulletin_run, Request(level="county")))
        counts = dict(
            connection.execute("SELECT coalesce(reason, verdict), count(*) FROM ledger GROUP BY ALL").fetchall()
        )
    notes = {
        row["item"]: row["value"]
        for row in from_csv(tmp_path, "notes", dict.fromkeys(("section", "item", "value"), ""))
    }
    record = json.loads((bulletin_run / "run.json").read_text(encoding="utf-8"))
    assert record["fingerprint"] in notes.values()
    assert "county" in notes.values()
    reasons = {"counted": codes("verdict")["counted"], **codes("reason")}
    told = {code: int(notes[entry.name(lang)].split(" ")[0].replace(",", "")) for code, entry in reasons.items()}
    assert {code: count for code, count in told.items() if count} == counts
    assert all(entry.meaning(lang) in notes.values() for entry in codes("counting").values())


def test_a_folder_is_exported_with_all_that_is_made_of_it(bulletin_run: Path, tmp_path: Path) -> None:
    folder = tmp_path / "OUT"
    shutil.copytree(bulletin_run, folder)
    write_mapped(map_regions(folder, 2015), folder, 2015)
    files = export_folder(folder, "parquet")
    assert [path.stem for path in files] == [*TABLES, "regions", "notes", "dictionary"]
    assert files[0].parent == folder / "jianbao-parquet"
    rows = from_parquet(folder / "jianbao-parquet", "regions", {})
    assert {type(row["articles"]) for row in rows} == {int}
    assert [row["region"] for row in rows] == [row.region for row in map_regions(folder, 2015)]


def test_a_mapping_edited_by_hand_is_told_with_line_and_column(bulletin_run: Path, tmp_path: Path) -> None:
    folder = tmp_path / "OUT"
    shutil.copytree(bulletin_run, folder)
    path = write_mapped(map_regions(folder, 2015), folder, 2015)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    lines[2] = re.sub(r",(\d+),(\d+),", r",\1,许多,", lines[2], count=1)
    path.write_text("\n".join(lines), encoding="utf-8-sig")
    with pytest.raises(OutputError, match=r"regions\.csv:3: column \w+: expected a whole number, found '许多'"):
        export_folder(folder, "csv")
    assert not (folder / "csv").exists()


def test_sums_that_are_not_wide_are_exported_without_the_wide_table(bulletin_run: Path, tmp_path: Path) -> None:
    files = export_folder(bulletin_run, "csv", tmp_path, request=Request(by=("activity", "period")))
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
    hard_tables: DuckDBPyConnection, exported: dict[str, Path], table: str
) -> None:
    import duckdb

    types = [row[:2] for row in hard_tables.execute(f"DESCRIBE {table}").fetchall()]
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


def test_figures_are_written_as_people_read_them() -> None:
    assert [decimal_text(Decimal(figure)) for figure in FIGURES] == list(FIGURES)


def test_notes_need_the_record_of_a_run(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"run\.json: no record of a run"):
        notes_of(tmp_path)
    assert Notes().run == {}
