"""Promises of the workbook, and of what LibreOffice makes of our files: formats, sheets, cells that no sheet can hold."""

from __future__ import annotations

import shutil
import subprocess
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jianbao.corpus.errors import OutputError
from jianbao.pipeline import workbook
from jianbao.pipeline.columns import columns_of
from jianbao.pipeline.dictionary import Lang, codes, heading, title
from jianbao.pipeline.exporting import export
from jianbao.pipeline.notes import notes_of
from jianbao.pipeline.outputs import opened
from jianbao.pipeline.summing import derive
from jianbao.pipeline.totals import Request
from made_exports import TABLES, add_article, files_in, rows_in

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


# The workbook.


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_workbook_begins_with_how_it_was_made_and_ends_with_the_dictionary(
    hard_tables: DuckDBPyConnection, bulletin_run: Path, tmp_path: Path, lang: Lang
) -> None:
    import openpyxl

    export(hard_tables, tmp_path / "甲.xlsx", "xlsx", lang=lang, notes=notes_of(bulletin_run, Request()))
    book = openpyxl.load_workbook(tmp_path / "甲.xlsx", read_only=True)
    assert book.sheetnames == [title(table, lang) for table in ("notes", *TABLES, "dictionary")]
    first = next(book[title("ledger", lang)].iter_rows(values_only=True))
    assert list(first)[:5] == [
        heading("ledger", name, lang) for name in ("article", "start", "end", "region", "verdict")
    ]


def test_sheets_have_a_frozen_heading_filters_and_formats_and_no_formula(
    hard_tables: DuckDBPyConnection, exported: dict[str, Path]
) -> None:
    import openpyxl

    book = openpyxl.load_workbook(exported["xlsx"])
    for table in (*TABLES, "dictionary"):
        sheet = book[title(table, "zh")]
        assert sheet.freeze_panes == ("C2" if table in ("totals", "wide", "wide_long", "regions") else "A2")
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.print_title_rows == "$1:$1"
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"n", "s", "d", "b"}
    formats = _formats(book[title("indicators", "zh")], hard_tables, "indicators")
    assert formats["low"] == {"#,##0", "#,##0.##########", "General"}
    assert formats["start"] == {"0"}
    assert formats["confidence"] == {"0.00"}
    assert formats["period_start"] == {"yyyy-mm-dd"}
    assert formats["region"] == {"General"}


def _formats(sheet: Any, hard_tables: DuckDBPyConnection, table: str) -> dict[str, set[str]]:
    """The number formats of the filled cells of each column."""
    columns = columns_of(hard_tables, table)
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
    hard_tables: DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import openpyxl

    monkeypatch.setattr(workbook, "MAX_ROWS", 40)
    export(hard_tables, tmp_path / "甲.xlsx", "xlsx", tables=("brands",))
    book = openpyxl.load_workbook(tmp_path / "甲.xlsx", read_only=True)
    sheets = [list(book[name].iter_rows(values_only=True)) for name in book.sheetnames if name.startswith("品牌提及")]
    assert [name for name in book.sheetnames if "品牌" in name] == ["品牌提及", "品牌提及 2", "品牌提及 3"]
    assert all(sheet[0] == sheets[0][0] for sheet in sheets)
    rows = [row for sheet in sheets for row in sheet[1:]]
    assert [row[4] for row in rows] == [row["name"] for row in rows_in(hard_tables, "brands")]


def test_a_table_that_fills_a_sheet_exactly_has_no_second(
    hard_tables: DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import openpyxl

    monkeypatch.setattr(workbook, "MAX_ROWS", max(len(rows_in(hard_tables, "brands")), 300))
    export(hard_tables, tmp_path / "甲.xlsx", "xlsx", tables=("brands",))
    assert openpyxl.load_workbook(tmp_path / "甲.xlsx", read_only=True).sheetnames == ["说明", "品牌提及", "数据字典"]


def test_cells_that_no_sheet_can_hold_are_shown_as_near_as_can_be(bulletin_run: Path, tmp_path: Path) -> None:
    import openpyxl

    with opened(bulletin_run) as connection:
        add_article(connection, "长.txt", "侨" * 40_000)
        add_article(connection, "宽.txt", "𠮷" * 20_000)
        add_article(connection, "控制.txt", "走访\x00慰\x1b问\r\x0b\uffff")
        connection.execute("DELETE FROM articles WHERE article NOT IN ('长.txt', '宽.txt', '控制.txt')")
        export(connection, tmp_path / "甲.xlsx", "xlsx", tables=("articles",))
    book = openpyxl.load_workbook(tmp_path / "甲.xlsx", read_only=True)
    titles = {row[0]: row[1] for row in book["文章"].iter_rows(min_row=2, values_only=True)}
    assert titles["长.txt"] == "侨" * 32_766 + "…"
    assert titles["宽.txt"] == "𠮷" * 16_383 + "…"
    assert titles["控制.txt"] == "走访␀慰␛问␍␋\ufffd"


def test_a_table_with_too_many_columns_is_told(
    hard_tables: DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MAX_COLUMNS", 1_000)
    columns = ", ".join(f"'' AS 列{place}" for place in range(2_100))
    hard_tables.execute(f"CREATE TABLE comparison AS SELECT {columns}")
    try:
        for to in ("xlsx", "sqlite"):
            with pytest.raises(OutputError, match="comparison has 2100 columns"):
                export(hard_tables, tmp_path / f"甲.{to}", to, tables=("comparison",))
    finally:
        hard_tables.execute("DROP TABLE comparison")
    assert files_in(tmp_path) == []


def test_memory_does_not_grow_with_the_rows_of_a_workbook(bulletin_run: Path, tmp_path: Path) -> None:
    with opened(bulletin_run) as connection:
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


def test_libreoffice_prints_the_workbook_with_its_chinese(bulletin_run: Path, tmp_path: Path) -> None:
    import pypdfium2

    with opened(bulletin_run) as connection:
        derive(connection)
        place = tmp_path / "合计.xlsx"
        export(connection, place, "xlsx", notes=notes_of(bulletin_run, Request()), tables=("totals", "ledger"))
    pdf = pypdfium2.PdfDocument(convert(place, "pdf", tmp_path))
    pages = [page.get_textpage().get_text_range() for page in pdf]
    assert codes("counting")["own_below"].meaning_zh[:30] in pages[0].replace("\r\n", "")
    assert any("本级上限" in page for page in pages)
    assert any("走访慰问" in page for page in pages)
    assert not any("###" in page for page in pages)


def test_libreoffice_opens_a_csv_file_with_its_chinese(
    hard_tables: DuckDBPyConnection, exported: dict[str, Path], tmp_path: Path
) -> None:
    import openpyxl

    (sheet,) = openpyxl.load_workbook(convert(exported["csv"] / "articles.csv", "xlsx", tmp_path, AS_UTF8)).worksheets
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    heads, *lines = sheet.iter_rows(values_only=True)
    assert list(heads) == [column.name for column in columns_of(hard_tables, "articles")]
    assert [line[0] for line in lines] == [row["article"] for row in rows_in(hard_tables, "articles")]
    assert [line[6] for line in lines] == [row["region_name"] for row in rows_in(hard_tables, "articles")]
