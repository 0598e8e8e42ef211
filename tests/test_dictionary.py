"""Promises of the data dictionary: every column and code is described, in both languages, and the page is that of the data."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pytest
from jianbao.corpus.lexicons import rows
from jianbao.corpus.records import ACTIVITY_TYPES, BRAND_KINDS, DIMENSIONS, Bound, Status
from jianbao.corpus.regions import Level
from jianbao.corpus.successions import Kind
from jianbao.pipeline.columns import columns_of
from jianbao.pipeline.comparing import CHANGES
from jianbao.pipeline.dictionary import (
    COLUMNS,
    codes,
    described,
    dictionary_page,
    dictionary_rows,
    entries,
    heading,
    title,
)
from jianbao.pipeline.mapping import HEADER
from jianbao.pipeline.outputs import opened
from jianbao.pipeline.summing import derive
from jianbao.pipeline.tables import COLUMNS as TABLES
from jianbao.pipeline.wide import widen

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


CHECKOUT = Path(__file__).parents[1]
DERIVED = ("totals", "ledger", "wide_long", "brand_registry", "brand_spread", "divisions")
WRITTEN = {**TABLES, "regions": HEADER, "comparison": CHANGES, "dictionary": COLUMNS}


@pytest.fixture(scope="module")
def connection(bulletin_run: Path) -> Iterator[DuckDBPyConnection]:
    """The tables of the bundled bulletins with all that is made of them."""
    with opened(bulletin_run) as connection:
        derive(connection)
        widen(connection)
        yield connection


def told(table: str) -> list[str]:
    return [entry.column for entry in entries() if entry.table == table and entry.column]


@pytest.mark.parametrize("table", WRITTEN)
def test_every_column_that_is_written_is_described_in_its_order_and_no_other(table: str) -> None:
    assert told(table) == list(WRITTEN[table])
    assert described(table) is not None


@pytest.mark.parametrize("table", [*DERIVED, *TABLES])
def test_every_column_of_a_made_table_is_described_with_its_type(connection: DuckDBPyConnection, table: str) -> None:
    made = columns_of(connection, table)
    assert told(table) == [column.name for column in made]
    assert {column.name: described(table, column.name).type for column in made} == {  # type: ignore[union-attr]
        column.name: column.kind for column in made
    }


@pytest.mark.parametrize("table", [*DERIVED, *TABLES])
def test_what_is_never_empty_is_never_empty(connection: DuckDBPyConnection, table: str) -> None:
    full = [entry.column for entry in entries() if entry.table == table and entry.empty == "no"]
    counts = ", ".join(f'count("{column}")' for column in full)
    total, *found = connection.execute(f"SELECT count(*), {counts} FROM {table}").fetchall()[0]
    assert total > 10
    assert dict(zip(full, found, strict=True)) == dict.fromkeys(full, total)


@pytest.mark.parametrize("table", [*DERIVED, *TABLES])
def test_cells_of_a_code_list_hold_its_codes_only(connection: DuckDBPyConnection, table: str) -> None:
    for entry in (entry for entry in entries() if entry.table == table and entry.codes):
        cells = connection.execute(f'SELECT DISTINCT "{entry.column}" FROM {table}').fetchall()
        parts = {part for (cell,) in cells if cell for part in cell.split("/")}
        assert parts <= codes(entry.codes).keys(), entry.column


def test_every_figure_of_the_wide_table_has_one_description(connection: DuckDBPyConnection) -> None:
    figures = [column.name for column in columns_of(connection, "wide")][3:]
    assert figures
    assert {described("wide", name) for name in figures} == {described("wide", "*")}
    assert [heading("wide", name, "en") for name in figures] == figures


def test_code_lists_are_those_of_the_records() -> None:
    assert list(codes("dimension")) == list(DIMENSIONS)
    assert list(codes("activity")) == list(ACTIVITY_TYPES)
    assert list(codes("brand kind")) == list(BRAND_KINDS)
    assert set(codes("bound")) == set(get_args(Bound))
    assert set(codes("indicator status")) == set(get_args(Status))
    assert set(codes("level")) == set(get_args(Level))
    assert set(codes("mapping kind")) == set(get_args(Kind))


def test_chinese_of_known_codes_is_told_once_in_the_records() -> None:
    assert {code: entry.chinese for code, entry in codes("dimension").items()} == DIMENSIONS
    assert {code: entry.chinese for code, entry in codes("activity").items()} == ACTIVITY_TYPES
    assert {code: entry.chinese for code, entry in codes("brand kind").items()} == BRAND_KINDS
    known = {*DIMENSIONS, *ACTIVITY_TYPES, *BRAND_KINDS}
    lists = ("dimension", "activity", "brand kind")
    assert not any(row[8] for row in rows("dictionary") if row[1] in lists and row[0] == "codes" and row[2] in known)


def test_everything_has_a_name_and_a_meaning_in_both_languages() -> None:
    for entry in entries():
        assert all((entry.english, entry.chinese, entry.meaning_en, entry.meaning_zh)), entry
        assert any(letter >= "\u4e00" for letter in entry.meaning_zh), entry


def test_a_column_names_a_code_list_that_is_there_and_every_list_is_named() -> None:
    used = {entry.codes for entry in entries() if entry.codes}
    assert all(codes(name) for name in used)
    listed = {entry.column for entry in entries() if entry.table == "codes"}
    assert listed - used == {"counting", "format"}


def test_no_two_rows_are_about_the_same() -> None:
    places = [(entry.table, entry.column, entry.code) for entry in entries()]
    assert len(set(places)) == len(places)


def test_headings_of_one_table_differ_in_both_languages() -> None:
    for table in {entry.table for entry in entries()} - {"codes"}:
        for shown in ({heading(table, column, lang) for column in told(table)} for lang in ("zh", "en")):
            assert len(shown) == len(told(table)), table


def test_rows_of_some_tables_hold_the_code_lists_that_they_use_and_no_others() -> None:
    found = dictionary_rows("zh", {"articles"})
    assert {row[0] for row in found} == {"articles", "codes"}
    assert {row[1] for row in found if row[0] == "codes"} == {"article status", "format"}
    assert ("codes", "article status", "repeat", "重复") in [row[:4] for row in found]
    assert len(dictionary_rows("en")) == len(entries())


def test_rows_speak_the_language_that_is_asked() -> None:
    (chinese,) = (row for row in dictionary_rows("zh") if row[:2] == ("totals", "own_low"))
    (english,) = (row for row in dictionary_rows("en") if row[:2] == ("totals", "own_low"))
    assert chinese[3:7] == ("本级下限", "小数", "见单位列", "是")
    assert english[3:7] == ("own, low", "decimal", "unit", "yes")
    assert title("ledger", "zh") == "核算明细"


def test_the_page_of_the_checkout_is_the_generated_one() -> None:
    page = CHECKOUT / "DICTIONARY.md"
    if not page.exists():
        pytest.skip("DICTIONARY.md belongs to the checkout, not to the wheel")
    assert page.read_text(encoding="utf-8") == dictionary_page(), "run: jianbao dictionary > DICTIONARY.md"


def test_the_page_is_a_table_a_reader_of_markdown_can_show() -> None:
    lines = dictionary_page().split("\n")
    tables = [line for line in lines if line.startswith("|")]
    assert len(tables) > len(entries())
    assert {line.replace("\\|", "").count("|") for line in tables} == {4, 8}
