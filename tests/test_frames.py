"""Promises of the frames: documented dtypes, nothing lost, and what is no table of ours told."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import jianbao
import pytest
from jianbao.corpus.article import Article
from jianbao.corpus.errors import InputError, OutputError
from jianbao.corpus.records import Records
from jianbao.pipeline.dictionary import codes
from jianbao.pipeline.frames import frame
from jianbao.pipeline.summing import WIDE
from jianbao.pipeline.tables import COLUMNS, DERIVED
from made_frames import as_cell, cells

pd = pytest.importorskip("pandas")


CATEGORIES = {
    "indicators": "bound unit dimension per activity status region region_name rule article_status",
    "articles": "region region_name status format",
    "brands": "kind rule",
    "activities": "type rule",
    "totals": "region region_name level activity activity_name dimension unit",
    "ledger": "region verdict reason activity dimension unit",
    "brand_registry": "kind",
    "brand_spread": "region region_name level",
    "wide": "region region_name level",
    "wide_long": "region region_name level activity dimension unit source",
}
INTEGERS = {
    "start", "end", "characters", "own_count", "below_count", "articles", "region_count", "mentions", "indicators", "year",
    "count",
}  # fmt: skip
FLOATS = {
    "low", "high", "own_low", "own_high", "below_low", "below_high", "confidence", "confidence_meaning", "confidence_time",
}  # fmt: skip
DATES = {"published", "period_start", "period_end", "first_seen", "last_seen"}
BOOLEANS = {"approximate", "first_year"}
Pair = tuple[Article, Records]


def dtype_of(table: str, column: str) -> str:
    """The dtype that the documentation promises."""
    for names, dtype in ((INTEGERS, "Int64"), (FLOATS, "Float64"), (DATES, "datetime64[s]"), (BOOLEANS, "boolean")):
        if column in names:
            return dtype
    return "category" if column in CATEGORIES[table].split() else "string"


# What a frame is.


@pytest.mark.parametrize("table", [*COLUMNS, *DERIVED, *WIDE])
def test_every_column_has_the_dtype_that_is_documented(summed_bulletins: Path, table: str) -> None:
    found = frame(summed_bulletins, table)
    assert len(found) > 10
    assert {column: str(dtype) for column, dtype in found.dtypes.items()} == {
        column: dtype_of(table, column) for column in found
    }


@pytest.mark.parametrize("table", [*COLUMNS, *DERIVED, *WIDE])
def test_a_frame_has_the_columns_and_rows_of_its_file_in_their_order(summed_bulletins: Path, table: str) -> None:
    header, rows = cells(summed_bulletins / f"{table}.csv")
    found = frame(summed_bulletins, table)
    assert list(found)[: len(header)] == header
    assert list(found)[len(header) :] == (
        ["published", "article_status", "article_title"] if table == "indicators" else []
    )
    dates = found.select_dtypes("datetime").columns
    text = found[header].assign(
        **{column: found[column].dt.strftime("%Y-%m-%d") for column in dates if column in header}
    )
    shares = [place for place, column in enumerate(header) if column.startswith("confidence")]
    expected = [
        [cell.rstrip("0").rstrip(".") if place in shares else cell for place, cell in enumerate(row)] for row in rows
    ]
    text = text.astype(object).where(text.notna(), None)
    assert [[as_cell(cell) for cell in row] for row in text.itertuples(index=False)] == expected


def test_levels_are_ordered_from_the_county_up(summed_bulletins: Path) -> None:
    found = frame(summed_bulletins, "totals")
    assert set(found[found["level"] < "province"]["level"]) == {"county", "prefecture"}


@pytest.mark.parametrize("name", ["reason", "verdict"])
def test_codes_of_the_ledger_are_those_of_the_data_dictionary(summed_bulletins: Path, name: str) -> None:
    assert set(frame(summed_bulletins, "ledger")[name].cat.categories) == set(codes(name))


@pytest.mark.parametrize("column", ["bound", "dimension", "activity", "status", "article_status"])
def test_listed_codes_stay_categories_when_frames_are_put_together(bulletin_indicators: Any, column: str) -> None:
    others = frame(jianbao.extract("走访慰问侨胞30户。"))
    assert (
        pd.concat([bulletin_indicators[[column]], others[[column]]])[column].dtype == bulletin_indicators[column].dtype
    )


@pytest.mark.parametrize("figure", ["0.1", "1639999999.5", "123456789012345", "0.00000123", "1700"])
def test_figures_of_15_digits_are_exact(figure: str) -> None:
    (told,) = jianbao.extract("走访慰问侨胞30户。").indicators
    exact = replace(told, quantity=replace(told.quantity, low=Decimal(figure)))
    assert Decimal(repr(float(frame(Records((exact,)))["low"].tolist()[0]))) == Decimal(figure)


def test_indicators_carry_the_day_and_the_state_of_their_article(
    summed_bulletins: Path, bulletin_indicators: Any
) -> None:
    articles = frame(summed_bulletins, "articles").set_index("article")
    for _, row in bulletin_indicators.iterrows():
        told = articles.loc[row["article"]]
        assert row["published"] == told["published"] or (pd.isna(row["published"]) and pd.isna(told["published"]))
        assert row["article_status"] == told["status"]


@pytest.mark.parametrize("table", COLUMNS)
def test_articles_with_their_records_give_the_frame_of_the_folder(
    summed_bulletins: Path, bulletin_records: list[Pair], table: str
) -> None:
    pd.testing.assert_frame_equal(frame(iter(bulletin_records), table), frame(summed_bulletins, table))


def test_records_alone_are_one_article_without_a_name() -> None:
    found = frame(jianbao.extract("全年走访慰问侨胞1700余人次。"))
    assert all(found["article"].isna())
    assert found[["text", "low", "high", "bound"]].values.tolist() == [["1700余人次", 1700.0, 1800.0, "over"]]
    assert frame(Records()).dtypes.equals(found.dtypes.where(found.dtypes != "category", frame(Records()).dtypes))


def test_text_written_harmless_reads_as_it_was(summed_bulletins: Path, tmp_path: Path) -> None:
    for path in summed_bulletins.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    registry = tmp_path / "brand_registry.csv"
    header, rows = cells(registry)
    rows[0][0] = "'=侨帮侨"
    with registry.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    assert frame(tmp_path, "brand_registry")["name"].tolist()[0] == "=侨帮侨"


@pytest.mark.parametrize("table", ["indicators", "totals", "wide"])
def test_a_byte_order_mark_is_no_part_of_the_first_column(summed_bulletins: Path, table: str) -> None:
    pd.testing.assert_frame_equal(frame(summed_bulletins, table, encoding="utf-8"), frame(summed_bulletins, table))


@pytest.mark.parametrize("source", [None, 3, ["a.txt"], (Article("a", ""), Records()), b"OUT", [(Article("a", ""),)]])
def test_a_source_of_another_kind_is_refused(source: Any) -> None:
    with pytest.raises(InputError, match=r"output folder.*文件夹"):
        frame(source)


@pytest.mark.parametrize("source", ["folder", "records", "pairs"])
def test_an_unknown_table_is_refused_with_those_that_there_are(
    summed_bulletins: Path, bulletin_records: list[Pair], source: str
) -> None:
    given: Any = {"folder": summed_bulletins, "records": Records(), "pairs": bulletin_records}[source]
    with pytest.raises(InputError, match=r"no table 'figures' here: choose of .*indicators.*没有这张表"):
        frame(given, "figures")


def test_records_know_nothing_of_their_article() -> None:
    with pytest.raises(InputError, match="no table 'articles' here: choose of indicators, brands, activities"):
        frame(Records(), "articles")


def test_a_table_that_was_not_made_is_told_with_the_command_that_makes_it(
    summed_bulletins: Path, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=r"wide.csv: is not there; `jianbao totals` makes it \(没有这张表"):
        frame(tmp_path, "wide")
    with pytest.raises(OutputError, match=r"articles.csv: no such table"):
        frame(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("own_low", "own", "1: expected the columns region, .*found .*own,"),
        (",false,", ",perhaps,", r"totals.csv:[0-9]+: column approximate: expected boolean, found 'perhaps'"),
        (",false,1,", ",1,", r"totals.csv:[0-9]+: expected 19 cells, found 18"),
        ("\r\n", ",1\r\n", "1: expected the columns"),
    ],
)
def test_a_table_that_was_broken_by_hand_is_told(
    summed_bulletins: Path, tmp_path: Path, old: str, new: str, message: str
) -> None:
    text = (summed_bulletins / "totals.csv").read_text(encoding="utf-8-sig")
    assert old in text or old == "\r\n"
    broken = text.replace("\n", "\r\n").replace(old, new)
    (tmp_path / "totals.csv").write_text(broken, encoding="utf-8-sig", newline="")
    with pytest.raises(OutputError, match=message):
        frame(tmp_path, "totals")


@pytest.mark.parametrize(
    ("encoding", "message"), [("ascii", "is not in ascii"), ("utf-99", "unknown encoding 'utf-99'")]
)
def test_a_wrong_encoding_is_told(summed_bulletins: Path, encoding: str, message: str) -> None:
    for table in ("indicators", "totals"):
        with pytest.raises(OutputError, match=message):
            frame(summed_bulletins, table, encoding=encoding)
