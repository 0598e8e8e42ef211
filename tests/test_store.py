"""Promises of the store: tables come in as they were written, and what was broken by hand is told with its place."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import jianbao
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jianbao.corpus.errors import OutputError
from jianbao.pipeline.cells import KINDS, broken, holds, kind_of
from jianbao.pipeline.outputs import opened
from jianbao.pipeline.store import database, insert, write_table
from jianbao.pipeline.tables import COLUMNS, harmless

PAGE = "临平区侨联晒出账单\n2023-05-06\n2022年，临平区侨联走访侨眷46户，送去慰问金2000元，推出“侨助工坊”服务。\n"
ODD = ["=1+2", "'", "''-", "带“引号”,和逗号", 'with "quotes"', "两\n行", "\ttab", "NULL", "", "𠮷"]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "page.txt").write_text(PAGE, encoding="utf-8")
    jianbao.run(tmp_path / "in", tmp_path / "out")
    return tmp_path / "out"


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def rewrite(path: Path, lines: list[list[str]], encoding: str = "utf-8-sig") -> None:
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    path.write_bytes(text.getvalue().encode(encoding))


def put(out: Path, table: str, column: str, cell: str) -> Path:
    """The cell of the first row is another now."""
    path = out / f"{table}.csv"
    lines = rows(path)
    lines[1][COLUMNS[table].index(column)] = cell
    rewrite(path, lines)
    return path


def fault(out: Path) -> str:
    with pytest.raises(OutputError) as caught, opened(out):
        pass
    return str(caught.value)


def test_tables_are_typed(out: Path) -> None:
    with opened(out) as connection:
        found = connection.execute(
            'SELECT "start", low, high, period_start, region, brand, confidence > 0.5 FROM indicators ORDER BY "start"'
        ).fetchall()
        published = connection.execute("SELECT published FROM articles").fetchall()
    place = PAGE.index("46户")
    assert found[0] == (place, Decimal(46), Decimal(46), date(2022, 1, 1), "330113", None, True)
    assert published == [(date(2023, 5, 6),)]


@pytest.mark.parametrize(
    ("table", "column", "cell", "expected"),
    [
        ("indicators", "low", "1.2E+08", "expected a number such as 120000000"),
        ("indicators", "high", "", "expected a number"),
        ("indicators", "start", "12.0", "expected a whole number"),
        ("indicators", "region", "330199", "expected an adcode"),
        ("indicators", "region", "浙江", "expected an adcode"),
        ("indicators", "period_start", "2022/1/1", "expected a date such as 2023-05-06"),
        ("indicators", "period_end", "2022-02-30", "expected a date"),
        ("indicators", "dimension", "人数", "expected one of money, people"),
        ("indicators", "activity", "visits", "expected one of visit"),
        ("indicators", "status", "已完成", "expected one of done, planned"),
        ("indicators", "part_of", "3", "expected start-end"),
        ("indicators", "confidence", "高", "expected a number"),
        ("articles", "published", "06.05.2023", "expected a date"),
        ("articles", "status", "done", "expected one of ok, partial, repeat, failed"),
        ("brands", "kind", "品牌", "expected one of project"),
        ("activities", "type", "", "expected one of visit"),
    ],
)
def test_a_cell_broken_by_hand_is_told_with_file_line_and_column(
    out: Path, table: str, column: str, cell: str, expected: str
) -> None:
    path = put(out, table, column, cell)
    told = fault(out)
    assert told.startswith(f"{path}:2: column {column}: {expected}"), told
    assert repr(cell) in told


def test_a_wrong_header_is_told_with_both_headers(out: Path) -> None:
    path = out / "indicators.csv"
    lines = rows(path)
    lines[0][4] = "lowest"
    rewrite(path, lines)
    assert fault(out).startswith(f"{path}:1: expected the columns article, start, end, text, low,")
    assert "lowest" in fault(out)


def test_a_row_with_a_cell_too_many_is_told_with_its_line(out: Path) -> None:
    path = out / "indicators.csv"
    lines = rows(path)
    lines[2].append("note")
    rewrite(path, lines)
    assert fault(out).startswith(f"{path}:3: expected 25 cells, found 26")


def test_records_of_another_run_are_told(out: Path) -> None:
    path = put(out, "brands", "article", "other.txt")
    assert fault(out).startswith(f"{path}:2: column article: 'other.txt' is not in articles.csv")


def test_an_article_told_twice_is_told(out: Path) -> None:
    path = out / "articles.csv"
    lines = rows(path)
    rewrite(path, [*lines, lines[1]])
    assert fault(out).startswith(f"{path}:3: column article: 'page.txt' stands here twice")


def test_a_figure_whose_low_is_above_its_high_is_told(out: Path) -> None:
    path = put(out, "indicators", "low", "47")
    assert fault(out).startswith(f"{path}:2: column low: 47 is more than high, 46")


def test_a_missing_table_is_told(out: Path) -> None:
    (out / "brands.csv").unlink()
    assert "brands.csv: no such table" in fault(out)


def test_a_table_in_another_encoding_is_read_as_such_or_told(out: Path) -> None:
    for name in COLUMNS:
        rewrite(out / f"{name}.csv", rows(out / f"{name}.csv"), "gb18030")
    with opened(out, encoding="gb18030") as connection:
        assert connection.execute("SELECT unit FROM indicators").fetchall() == [("户",), ("元",)]
    assert "is not in utf-8-sig" in fault(out)


def test_an_unknown_encoding_is_told(out: Path) -> None:
    with pytest.raises(OutputError, match="unknown encoding"), opened(out, encoding="utf-99"):
        pass


@pytest.mark.parametrize("cell", ODD)
def test_odd_cells_come_in_as_they_were(out: Path, cell: str) -> None:
    put(out, "brands", "name", harmless(cell))
    with opened(out) as connection:
        assert connection.execute("SELECT name FROM brands").fetchall() == [(cell or None,)]


def test_a_table_written_from_the_store_has_the_bytes_of_the_run(out: Path, tmp_path: Path) -> None:
    put(out, "brands", "name", harmless("=侨助工坊"))
    with opened(out) as connection:
        for name in ("articles", "brands", "activities"):
            write_table(connection, name, tmp_path / f"{name}.csv", "utf-8-sig")
            assert rows(tmp_path / f"{name}.csv") == rows(out / f"{name}.csv")


def test_a_figure_with_more_digits_than_are_kept_is_unknown_and_not_rounded(out: Path) -> None:
    put(out, "indicators", "high", "46.12345678901")
    with opened(out) as connection:
        found = connection.execute('SELECT low, high FROM indicators ORDER BY "start" LIMIT 1').fetchall()
    assert found == [(Decimal(46), None)]


CELLS = st.one_of(
    st.sampled_from(
        ["", "1", "0.5", "-3", "1.", ".5", "１", "2023-02-29", "2024-02-29", "330106", "330199", "done", "ok"]
    ),
    st.sampled_from(["1-2", "12-", "visit", "visit\n", "exact", "money", "place", "9" * 18, "9" * 19, "'1", "=1"]),
    st.text(max_size=8).filter(lambda text: "\x00" not in text),
    st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", fullmatch=True),
)


@pytest.fixture(scope="module")
def empty() -> object:
    with database() as connection:
        yield connection


@settings(max_examples=150, deadline=None)
@given(cells=st.lists(CELLS, min_size=1, max_size=40))
def test_sql_and_python_refuse_the_same_cells(empty: object, cells: list[str]) -> None:
    connection = empty
    connection.execute("DROP TABLE IF EXISTS tried")  # type: ignore[attr-defined]
    insert(connection, "tried", ("cell",), [cells])  # type: ignore[arg-type]
    for kind in (*KINDS.values(), kind_of("indicators", "activity"), kind_of("activities", "type")):
        wrong = broken(kind, "nullif(cell, '')")
        sql = f"SELECT cell FROM tried WHERE {wrong}"
        refused = {cell for (cell,) in connection.execute(sql).fetchall()}  # type: ignore[attr-defined]
        assert refused == {cell for cell in cells if not holds(kind, cell)}, kind


@pytest.mark.parametrize(
    ("error", "advice"),
    [("OutOfMemoryException", "make room"), ("IOException", "make room"), ("ConversionException", "please report it")],
)
def test_what_the_database_cannot_do_is_told_with_what_to_do(error: str, advice: str) -> None:
    import duckdb

    with pytest.raises(OutputError, match=rf"tables cannot be summed: no more; .*{advice}"), database():
        raise getattr(duckdb, error)("no\n  more")
