"""Promises of the tables: columns, cells that no spreadsheet runs, offsets that hold, and tables read back."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from pathlib import Path

import jianbao
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jianbao.corpus.decoding import decode
from jianbao.corpus.errors import OutputError
from jianbao.corpus.records import ACTIVITY_TYPES, BRAND_KINDS, DIMENSIONS, decimal_text
from jianbao.corpus.regions import divisions
from jianbao.pipeline.tables import COLUMNS, DERIVED, harmless, plain, write_rows
from made_calls import BULLETINS, table

pd = pytest.importorskip("pandas")


CONTRACT = {
    "articles": "article, title, published, source, contributor, region, region_name, characters, status, message, "
    "format, url",
    "indicators": "article, start, end, text, low, high, bound, unit, dimension, per, measure, activity, brand, "
    "period_start, period_end, period_text, status, part_of, region, region_name, confidence, rule, sentence, "
    "confidence_meaning, confidence_time",
    "brands": "article, start, end, text, name, kind, confidence, rule, sentence, brand",
    "activities": "article, start, end, type, confidence, rule, sentence",
    "totals": "region, region_name, level, activity, activity_name, dimension, unit, own_low, own_high, own_count, "
    "below_low, below_high, below_count, approximate, articles, brand, measure, period, total",
    "ledger": "article, start, end, region, verdict, reason, total, other, activity, dimension, unit, low, high",
    "brand_registry": "name, variants, kind, first_seen, last_seen, regions, region_names, region_count, articles, "
    "mentions, indicators, figures",
    "brand_spread": "name, year, region, region_name, level, articles, mentions, first_year",
}
COUNTS = {
    "start",
    "end",
    "characters",
    "articles",
    "mentions",
    "indicators",
    "region_count",
    "own_count",
    "below_count",
}
FIGURES = {"low", "high", "own_low", "own_high", "below_low", "below_high"}
Row = dict[str, str]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return {path.name: decode(path.read_bytes()).text for path in BULLETINS.iterdir()}


def copy(out: Path, folder: Path) -> Path:
    for path in out.glob("*.*"):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


# How a file is written.


@pytest.mark.parametrize("name", CONTRACT)
def test_columns_are_those_of_the_contract_in_its_order(bulletin_run: Path, name: str) -> None:
    header = (bulletin_run / f"{name}.csv").read_text(encoding="utf-8-sig").partition("\n")[0]
    assert header == CONTRACT[name].replace(", ", ",")
    assert ", ".join({**COLUMNS, **DERIVED}[name]) == CONTRACT[name]


@pytest.mark.parametrize("name", CONTRACT)
def test_files_open_with_one_byte_order_mark_and_end_each_row_with_crlf(bulletin_run: Path, name: str) -> None:
    data = (bulletin_run / f"{name}.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\xef\xbb\xbf") == 1
    assert data.endswith(b"\r\n")
    bare = re.sub(rb'"(?:[^"]|"")*"', b"", data)
    assert bare.count(b"\n") == bare.count(b"\r\n") == len(table(bulletin_run, name)) + 1


def test_run_json_tells_what_was_done(bulletin_run: Path) -> None:
    record = json.loads((bulletin_run / "run.json").read_text(encoding="utf-8"))
    articles = table(bulletin_run, "articles")
    assert record["version"] == jianbao.__version__
    assert re.fullmatch("[0-9a-f]{16}", record["fingerprint"])
    assert record["inputs"] == [str(BULLETINS)]
    assert record["read"] == record["done"] + record["failed"] + record["repeated"] == len(articles)
    assert record["characters"] == sum(int(row["characters"]) for row in articles)
    assert record["rows"] == {name: len(table(bulletin_run, name)) for name in CONTRACT}
    assert record["seconds"] > 0


# Cells.

CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
RISKY = st.builds(
    lambda quotes, sign, rest: quotes + sign + rest, st.text("'", max_size=3), st.sampled_from("=+-@\t\r"), CELLS
)


@given(st.lists(CELLS | RISKY, min_size=2, max_size=6))
def test_any_cells_are_written_harmless_and_read_back_unchanged(cells: list[str]) -> None:
    file = io.StringIO(newline="")
    write_rows(csv.writer(file, lineterminator="\r\n"), [cells])
    file.seek(0)
    (written,) = csv.reader(file)
    assert [cell for cell in written if cell[:1] in ("=", "+", "-", "@", "\t", "\r")] == []
    assert [plain(cell) for cell in written] == cells


@pytest.mark.parametrize("cell", ["=1+2", "+86", "-5", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''+1"])
def test_a_formula_gets_one_apostrophe_and_loses_it_again(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert plain(harmless(cell)) == cell


@pytest.mark.parametrize("cell", ["", "'", "'侨'", "侨=1", "1-2", "“侨助工坊”", "''"])
def test_other_cells_are_left_alone(cell: str) -> None:
    assert harmless(cell) == plain(cell) == cell


def test_a_bulletin_that_holds_formulas_reads_back_as_it_was(tmp_path: Path) -> None:
    name, title = "=cmd|'calc'!A1.txt", "+1侨联晒出一年账单"
    (tmp_path / name).write_text(
        f"{title}\n2023-05-06\n=2023年，区侨联走访侨眷46户，送去慰问金2000元。\n", encoding="utf-8"
    )
    jianbao.run(tmp_path, tmp_path / "out")
    assert b"\n=" not in (tmp_path / "out" / "articles.csv").read_bytes()
    read = jianbao.read_tables(tmp_path / "out")
    assert read["articles"]["article"].tolist() == [name]
    assert read["articles"]["title"].tolist() == [title]
    assert read["indicators"]["sentence"].str.startswith("=2023年").all()
    assert read["indicators"]["text"].tolist() == ["46户", "2000元"]


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=None))
def test_figures_are_written_without_exponent_separators_or_idle_zeros(value: Decimal) -> None:
    text = decimal_text(value)
    assert re.fullmatch(r"-?\d+(\.\d*[1-9])?", text)
    assert Decimal(text) == value


@pytest.mark.parametrize(
    ("value", "text"), [("1.50E+8", "150000000"), ("36000.0", "36000"), ("5.50", "5.5"), ("0E+3", "0"), ("100", "100")]
)
def test_figures_are_written_as_people_write_them(value: str, text: str) -> None:
    assert decimal_text(Decimal(value)) == text


# What the rows of a run say.


def test_start_and_end_give_the_text_in_the_decoded_file(bulletin_run: Path, texts: dict[str, str]) -> None:
    rows = [row for name in ("indicators", "brands") for row in table(bulletin_run, name)]
    assert len(rows) > 400
    assert [row for row in rows if texts[row["article"]][int(row["start"]) : int(row["end"])] != row["text"]] == []


def test_an_activity_row_holds_a_whole_sentence(bulletin_run: Path, texts: dict[str, str]) -> None:
    rows = table(bulletin_run, "activities")
    assert rows
    assert [row for row in rows if texts[row["article"]][int(row["start"]) : int(row["end"])] != row["sentence"]] == []


def test_the_sentence_holds_the_mention(bulletin_run: Path) -> None:
    rows = [row for name in ("indicators", "brands") for row in table(bulletin_run, name)]
    assert [row for row in rows if row["text"] not in row["sentence"]] == []


def test_numbers_are_plain_and_low_is_not_above_high(bulletin_run: Path) -> None:
    rows = table(bulletin_run, "indicators")
    assert [row for row in rows if not re.fullmatch(r"\d+(\.\d+)?", row["low"])] == []
    assert [row for row in rows if Decimal(row["low"]) > Decimal(row["high"])] == []
    assert [row for row in rows if (row["bound"] == "exact") != (row["low"] == row["high"])] == []


def test_cells_hold_only_the_words_that_the_contract_knows(bulletin_run: Path) -> None:
    indicators = table(bulletin_run, "indicators")
    assert {row["bound"] for row in indicators} <= {"exact", "over", "under", "about", "range"}
    assert {row["status"] for row in indicators} <= {"done", "planned"}
    assert {row["dimension"] for row in indicators} <= set(DIMENSIONS)
    assert {row["activity"] for row in indicators} <= {"", *ACTIVITY_TYPES}
    assert {row["kind"] for row in table(bulletin_run, "brands")} <= set(BRAND_KINDS)
    assert {row["type"] for row in table(bulletin_run, "activities")} <= set(ACTIVITY_TYPES)
    assert {row["status"] for row in table(bulletin_run, "articles")} == {"ok"}


def test_dates_are_iso_or_empty_and_periods_do_not_end_before_they_start(bulletin_run: Path) -> None:
    dates = [row["published"] for row in table(bulletin_run, "articles")]
    periods = [(row["period_start"], row["period_end"]) for row in table(bulletin_run, "indicators")]
    dates += [day for period in periods for day in period]
    assert "" in dates
    assert [day for day in dates if day and not re.fullmatch(r"(19|20)\d\d-[01]\d-[0-3]\d", day)] == []
    assert [(start, end) for start, end in periods if start and end and start > end] == []


def test_a_part_points_at_an_indicator_of_its_article(bulletin_run: Path) -> None:
    rows = table(bulletin_run, "indicators")
    spans = {(row["article"], f"{row['start']}-{row['end']}") for row in rows}
    parts = [row for row in rows if row["part_of"]]
    assert parts
    assert [row for row in parts if (row["article"], row["part_of"]) not in spans] == []
    assert [row for row in parts if row["part_of"] == f"{row['start']}-{row['end']}"] == []


def test_a_brand_of_an_indicator_is_a_brand_of_its_article(bulletin_run: Path) -> None:
    known = {(row["article"], row["name"]) for row in table(bulletin_run, "brands")}
    named = {(row["article"], row["brand"]) for row in table(bulletin_run, "indicators") if row["brand"]}
    assert named
    assert named <= known


def test_the_last_cell_of_a_brand_is_a_name_that_its_article_tells(bulletin_run: Path) -> None:
    rows = table(bulletin_run, "brands")
    told = {(row["article"], row["name"]) for row in rows}
    assert rows
    assert [row for row in rows if (row["article"], row["brand"]) not in told] == []


def test_mentions_under_two_names_of_one_brand_share_its_cell(tmp_path: Path) -> None:
    text = "区侨联工作简报\n区侨联打造“金达莱姐姐调解队”服务品牌。“金达莱姐姐”服务品牌走访侨眷46户。\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    jianbao.run(tmp_path / "a.txt", tmp_path / "out")
    cells = [(row["name"], row["brand"]) for row in table(tmp_path / "out", "brands")]
    assert cells == [("金达莱姐姐调解队", "金达莱姐姐调解队"), ("金达莱姐姐", "金达莱姐姐调解队")]


def test_regions_are_codes_of_the_divisions_table_with_their_names(bulletin_run: Path) -> None:
    rows = [row for name in ("articles", "indicators") for row in table(bulletin_run, name)]
    coded = [row for row in rows if row["region"]]
    assert len(coded) > 100
    divided = divisions()
    for row in coded:
        found = divided.by_adcode(row["region"])
        assert found is not None
        assert row["region_name"].endswith(found.full_name)
    assert [row for row in rows if bool(row["region"]) != bool(row["region_name"])] == []


def test_rows_stand_in_the_order_of_the_articles_and_of_the_text(bulletin_run: Path) -> None:
    order = {row["article"]: number for number, row in enumerate(table(bulletin_run, "articles"))}
    assert len(order) == len(list(BULLETINS.iterdir()))
    for name in ("indicators", "brands", "activities"):
        places = [(order[row["article"]], int(row["start"])) for row in table(bulletin_run, name)]
        assert places == sorted(places)


# Tables read back.


def test_read_tables_gives_each_column_its_type(bulletin_run: Path) -> None:
    read = jianbao.read_tables(bulletin_run)
    assert list(read) == list(CONTRACT)
    for name, columns in CONTRACT.items():
        frame = read[name]
        assert ", ".join(frame.columns) == columns
        assert len(frame) == len(table(bulletin_run, name))
        for column in frame.columns:
            if column in COUNTS:
                assert frame[column].dtype == "int64"
            elif column.startswith("confidence"):
                assert frame[column].dtype == "float64"
            elif column in FIGURES:
                assert all(isinstance(cell, Decimal) or cell is None for cell in frame[column])
            elif column in ("approximate", "first_year"):
                assert frame[column].dtype == "boolean"
            else:
                assert all(isinstance(cell, str) for cell in frame[column])


def test_unknown_reads_back_as_an_empty_string_not_as_a_missing_value(bulletin_run: Path) -> None:
    articles = jianbao.read_tables(bulletin_run)["articles"]
    assert "" in articles["source"].tolist()
    assert articles.isna().to_numpy().sum() == 0


def test_codes_keep_their_zeros_and_figures_their_digits(bulletin_run: Path) -> None:
    read = jianbao.read_tables(bulletin_run)
    assert set(read["articles"]["region"]) >= {"330324", "460000"}
    assert [str(cell) for cell in read["indicators"]["low"]] == [
        row["low"] for row in table(bulletin_run, "indicators")
    ]


def test_tables_without_rows_read_back_with_their_columns(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"")
    jianbao.run(tmp_path / "a.txt", tmp_path / "out")
    read = jianbao.read_tables(tmp_path / "out")
    assert [len(read[name]) for name in CONTRACT] == [1, 0, 0, 0, 0, 0, 0, 0]
    assert ", ".join(read["indicators"].columns) == CONTRACT["indicators"]
    assert read["indicators"]["start"].dtype == "int64"


def test_tables_in_another_encoding_read_back_when_it_is_named(bulletin_run: Path, tmp_path: Path) -> None:
    jianbao.run(BULLETINS, tmp_path, encoding="gb18030")
    assert jianbao.read_tables(tmp_path, encoding="gb18030")["indicators"].equals(
        jianbao.read_tables(bulletin_run)["indicators"]
    )
    with pytest.raises(OutputError, match=r"articles\.csv: is not in utf-8-sig.*--encoding"):
        jianbao.read_tables(tmp_path)


def broken(out: Path, folder: Path, name: str, old: str, new: str) -> Path:
    """A copy of the tables in which the first `old` of one table is `new`."""
    path = copy(out, folder) / f"{name}.csv"
    text = path.read_bytes().decode("utf-8")
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode("utf-8"))
    return folder


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("indicators", ",low,", ",lowest,", r"indicators\.csv:1: expected the columns article, start"),
        ("brands", ",kind,", ",", r"brands\.csv:1: expected the columns"),
        ("articles", ",ok,", ",ok,,", r"articles\.csv:2: expected 12 cells, found 13"),
    ],
)
def test_a_broken_table_is_named_with_its_place(
    bulletin_run: Path, tmp_path: Path, name: str, old: str, new: str, message: str
) -> None:
    with pytest.raises(OutputError, match=message):
        jianbao.read_tables(broken(bulletin_run, tmp_path, name, old, new))


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        *(("low", cell) for cell in ("", "NaN", "1_000", "1e3", "1,000", "１２", " 12", "+12")),
        *(("start", cell) for cell in ("", "-1", "1.0", "一")),
        *(("confidence", cell) for cell in ("", "inf", "much")),
    ],
)
def test_a_number_that_the_tables_never_hold_is_refused_with_line_and_column(
    bulletin_run: Path, tmp_path: Path, column: str, cell: str
) -> None:
    with (copy(bulletin_run, tmp_path) / "indicators.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[:4]
    rows[3][rows[0].index(column)] = cell
    with (tmp_path / "indicators.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    with pytest.raises(OutputError, match=rf"indicators\.csv:4: column {column}: .*{re.escape(repr(cell))}"):
        jianbao.read_tables(tmp_path)


def test_a_missing_table_an_empty_one_and_a_folder_in_its_place_are_named(bulletin_run: Path, tmp_path: Path) -> None:
    copy(bulletin_run, tmp_path)
    (tmp_path / "brands.csv").write_bytes(b"")
    with pytest.raises(OutputError, match=r"brands\.csv:1: expected the columns"):
        jianbao.read_tables(tmp_path)
    (tmp_path / "brands.csv").unlink()
    with pytest.raises(OutputError, match=r"brands\.csv: no such table"):
        jianbao.read_tables(tmp_path)
    (tmp_path / "brands.csv").mkdir()
    with pytest.raises(OutputError, match=r"brands\.csv: cannot be read"):
        jianbao.read_tables(tmp_path)
    with pytest.raises(OutputError, match="unknown encoding 'klingon'"):
        jianbao.read_tables(bulletin_run, encoding="klingon")
