"""Promises of the frames: documented dtypes, nothing lost, and sums of a frame that are those of the command line."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import jianbao
import pytest
from jianbao.corpus.article import Article
from jianbao.corpus.errors import InputError, OutputError
from jianbao.corpus.records import Records, decimal_text
from jianbao.pipeline.dictionary import codes
from jianbao.pipeline.frames import Totals, frame, totals
from jianbao.pipeline.summing import WIDE, sum_up
from jianbao.pipeline.tables import COLUMNS, DERIVED, plain
from jianbao.pipeline.totals import Request

pd = pytest.importorskip("pandas")

BULLETINS = Path(jianbao.__file__).parent / "corpus" / "bulletins"
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
REQUESTS = (
    Request(),
    Request(("activity", "brand", "measure", "period")),
    Request(("dimension",)),
    Request(level="county"),
    Request(year=2023),
    Request(divisions=2015),
)
Pair = tuple[Article, Records]


@pytest.fixture(scope="module")
def pairs() -> list[Pair]:
    return []


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory, pairs: list[Pair]) -> Path:
    folder = tmp_path_factory.mktemp("frames")
    jianbao.run(BULLETINS, folder, watch=lambda article, records: pairs.append((article, records)))
    sum_up(folder)
    return folder


@pytest.fixture(scope="module")
def indicators(out: Path) -> Any:
    return frame(out)


def dtype_of(table: str, column: str) -> str:
    """The dtype that the documentation promises."""
    for names, dtype in ((INTEGERS, "Int64"), (FLOATS, "Float64"), (DATES, "datetime64[s]"), (BOOLEANS, "boolean")):
        if column in names:
            return dtype
    return "category" if column in CATEGORIES[table].split() else "string"


def cells(path: Path) -> tuple[list[str], list[list[str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    return header, [[plain(cell) for cell in row] for row in rows]


def written(table: Any) -> list[list[str]]:
    """The cells of a frame as a file of a run has them."""
    return [[as_cell(value) for value in row] for row in table.astype(object).itertuples(index=False)]


def as_cell(value: Any) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return decimal_text(Decimal(repr(value))) if isinstance(value, float) else str(value)


def same(found: Totals, folder: Path) -> None:
    """Both tables are those of the files, cell for cell and row for row."""
    for name, table in (("totals", found.table), ("ledger", found.ledger)):
        header, rows = cells(folder / f"{name}.csv")
        assert list(table) == header
        assert written(table) == rows


# What a frame is.


@pytest.mark.parametrize("table", [*COLUMNS, *DERIVED, *WIDE])
def test_every_column_has_the_dtype_that_is_documented(out: Path, table: str) -> None:
    found = frame(out, table)
    assert len(found) > 10
    assert {column: str(dtype) for column, dtype in found.dtypes.items()} == {
        column: dtype_of(table, column) for column in found
    }


@pytest.mark.parametrize("table", [*COLUMNS, *DERIVED, *WIDE])
def test_a_frame_has_the_columns_and_rows_of_its_file_in_their_order(out: Path, table: str) -> None:
    header, rows = cells(out / f"{table}.csv")
    found = frame(out, table)
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


def test_levels_are_ordered_from_the_county_up(out: Path) -> None:
    found = frame(out, "totals")
    assert set(found[found["level"] < "province"]["level"]) == {"county", "prefecture"}


@pytest.mark.parametrize("name", ["reason", "verdict"])
def test_codes_of_the_ledger_are_those_of_the_data_dictionary(out: Path, name: str) -> None:
    assert set(frame(out, "ledger")[name].cat.categories) == set(codes(name))


@pytest.mark.parametrize("column", ["bound", "dimension", "activity", "status", "article_status"])
def test_listed_codes_stay_categories_when_frames_are_put_together(indicators: Any, column: str) -> None:
    others = frame(jianbao.extract("走访慰问侨胞30户。"))
    assert pd.concat([indicators[[column]], others[[column]]])[column].dtype == indicators[column].dtype


@pytest.mark.parametrize("figure", ["0.1", "1639999999.5", "123456789012345", "0.00000123", "1700"])
def test_figures_of_15_digits_are_exact(figure: str) -> None:
    (told,) = jianbao.extract("走访慰问侨胞30户。").indicators
    exact = replace(told, quantity=replace(told.quantity, low=Decimal(figure)))
    assert Decimal(repr(float(frame(Records((exact,)))["low"].tolist()[0]))) == Decimal(figure)


def test_indicators_carry_the_day_and_the_state_of_their_article(out: Path, indicators: Any) -> None:
    articles = frame(out, "articles").set_index("article")
    for _, row in indicators.iterrows():
        told = articles.loc[row["article"]]
        assert row["published"] == told["published"] or (pd.isna(row["published"]) and pd.isna(told["published"]))
        assert row["article_status"] == told["status"]


@pytest.mark.parametrize("table", COLUMNS)
def test_articles_with_their_records_give_the_frame_of_the_folder(out: Path, pairs: list[Pair], table: str) -> None:
    pd.testing.assert_frame_equal(frame(iter(pairs), table), frame(out, table))


def test_records_alone_are_one_article_without_a_name() -> None:
    found = frame(jianbao.extract("全年走访慰问侨胞1700余人次。"))
    assert all(found["article"].isna())
    assert found[["text", "low", "high", "bound"]].values.tolist() == [["1700余人次", 1700.0, 1800.0, "over"]]
    assert frame(Records()).dtypes.equals(found.dtypes.where(found.dtypes != "category", frame(Records()).dtypes))


def test_text_written_harmless_reads_as_it_was(out: Path, tmp_path: Path) -> None:
    for path in out.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    registry = tmp_path / "brand_registry.csv"
    header, rows = cells(registry)
    rows[0][0] = "'=侨帮侨"
    with registry.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    assert frame(tmp_path, "brand_registry")["name"].tolist()[0] == "=侨帮侨"


# Sums of a frame.


@pytest.mark.parametrize("request_", REQUESTS, ids=repr)
def test_totals_of_a_frame_are_those_of_the_command_line(
    out: Path, indicators: Any, tmp_path: Path, request_: Request
) -> None:
    sum_up(out, request_, target=tmp_path)
    found = totals(indicators, request_.by, request_.level, request_.year, request_.divisions)
    same(found, tmp_path)


def test_totals_have_the_dtypes_of_the_tables_of_a_folder(out: Path, indicators: Any) -> None:
    found = totals(indicators)
    pd.testing.assert_frame_equal(found.table, frame(out, "totals"))
    pd.testing.assert_frame_equal(found.ledger, frame(out, "ledger"))


def test_neither_order_nor_index_of_the_rows_matters(out: Path, indicators: Any) -> None:
    mixed = indicators.sample(frac=1, random_state=7)
    same(totals(pd.concat([mixed.iloc[100:], mixed.iloc[:100]])), out)


def test_frames_of_read_tables_give_the_same_totals(out: Path) -> None:
    tables = jianbao.read_tables(out)
    same(totals(tables["indicators"], articles=tables["articles"]), out)


def test_files_read_by_pandas_itself_give_the_same_totals(out: Path) -> None:
    plainly = {name: pd.read_csv(out / f"{name}.csv") for name in ("indicators", "articles")}
    same(totals(plainly["indicators"], articles=plainly["articles"]), out)


def test_only_the_columns_that_are_summed_are_needed(out: Path, indicators: Any) -> None:
    idle = ["period_text", "region_name", "confidence", "confidence_meaning", "confidence_time", "rule"]
    same(totals(indicators.drop(columns=idle)), out)


def test_a_filtered_frame_sums_what_is_left(indicators: Any) -> None:
    money = totals(indicators[indicators["dimension"] == "money"])
    assert set(money.table["dimension"]) == {"money"}
    assert len(money.ledger) == (indicators["dimension"] == "money").sum()


def test_decimals_and_large_floats_lose_nothing(indicators: Any) -> None:
    (told,) = jianbao.extract("2023年走访慰问侨胞30户。", region="330106").indicators
    for low in (Decimal("0.1"), Decimal(123456789012345), Decimal("99999999999.5")):
        found = frame(Records((replace(told, quantity=replace(told.quantity, low=low, high=low)),)))
        for column in (found["low"], pd.Series([low], dtype=object), pd.Series([str(low)])):
            table = totals(found.assign(low=column), level="county").table
            assert Decimal(repr(float(table["own_low"].tolist()[0]))) == low


def test_without_day_and_state_articles_are_of_unknown_day_and_ok(indicators: Any) -> None:
    bare = totals(indicators.drop(columns=["published", "article_status"]))
    blank = totals(indicators.assign(published=pd.NaT, article_status=pd.NA))
    pd.testing.assert_frame_equal(bare.table, blank.table)
    assert "repeat" not in bare.ledger["reason"].tolist()


def test_repeats_of_an_article_are_left_out(indicators: Any) -> None:
    repeated = totals(indicators.assign(article_status="repeat"))
    assert set(repeated.ledger["reason"]) == {"repeat"}
    assert repeated.table.empty


def test_totals_of_nothing_are_empty_tables_of_the_same_dtypes(indicators: Any) -> None:
    nothing, something = totals(indicators.iloc[:0]), totals(indicators)
    assert nothing.table.empty
    assert list(nothing.ledger) == list(something.ledger)
    assert str(nothing.table["own_low"].dtype) == "Float64"


# Several runs.


def told_twice(day: date) -> Any:
    article = Article("a.txt", "2023年走访慰问侨胞30户。", published=day, region="330106")
    return frame([(article, jianbao.extract(article.text, published=day, region="330106"))])


def test_rows_of_two_runs_with_one_name_are_refused() -> None:
    both = pd.concat([told_twice(date(2023, 12, 1)), told_twice(date(2023, 12, 1))])
    with pytest.raises(InputError, match=r"'a.txt':11-14 stands in the frame twice.*assign\(run="):
        totals(both)


def test_one_article_with_two_days_of_publication_is_refused() -> None:
    first, second = told_twice(date(2023, 12, 1)), told_twice(date(2024, 1, 1)).assign(start=99, end=102)
    with pytest.raises(InputError, match=r"'a.txt' has two days of publication or states.*run"):
        totals(pd.concat([first, second]))


def test_a_column_run_tells_articles_of_one_name_apart() -> None:
    runs = [told_twice(date(2023, 12, 1)).assign(run="甲"), told_twice(date(2023, 12, 2)).assign(run="乙")]
    found = totals(pd.concat(runs), level="county")
    assert list(found.ledger["article"]) == ["乙/a.txt", "甲/a.txt"]
    assert [as_cell(reason) for reason in found.ledger["reason"]] == ["", "reported_again"]
    assert list(found.table["own_low"]) == [30.0]


# Bad input.


@pytest.mark.parametrize("column", ["article", "start", "low", "per", "part_of", "region", "sentence", "period_end"])
def test_a_missing_column_is_named(indicators: Any, column: str) -> None:
    with pytest.raises(InputError, match=f"lacks the column '{column}'"):
        totals(indicators.drop(columns=column))


@pytest.mark.parametrize("column", ["article", "published", "status"])
def test_a_missing_column_of_articles_is_named(out: Path, indicators: Any, column: str) -> None:
    with pytest.raises(InputError, match=f"lacks the column '{column}'"):
        totals(indicators, articles=frame(out, "articles").drop(columns=column))


def test_a_column_that_stands_twice_is_named(indicators: Any) -> None:
    with pytest.raises(InputError, match="has twice the column 'low'"):
        totals(pd.concat([indicators, indicators[["low"]]], axis=1))


@pytest.mark.parametrize(
    ("column", "cell", "expected"),
    [
        ("start", "third", "a whole number"),
        ("start", None, "a whole number"),
        ("low", "1,700", "a number"),
        ("region", "330199", "an adcode"),
        ("period_end", "2023年底", "a date"),
        ("period_end", "2023-02-30", "a date"),
        ("part_of", "3", "start-end"),
        ("dimension", "钱", "one of money"),
        ("published", "yesterday", "a date"),
        ("article_status", "fine", "one of ok"),
    ],
)
def test_a_broken_cell_is_shown_with_its_column(indicators: Any, column: str, cell: str | None, expected: str) -> None:
    broken = indicators.iloc[:5].astype({column: object})
    broken.loc[3, column] = cell
    name = "status" if column == "article_status" else column
    with pytest.raises(InputError, match=f"column '{name}': expected {expected}.*found {cell!r}"):
        totals(broken)


def test_an_interval_upside_down_is_told_with_its_place(indicators: Any) -> None:
    broken = indicators.assign(low=indicators["low"].where(indicators.index != 3, indicators["high"] + 1))
    place = "{!r}:{}-{}".format(*indicators.loc[3, ["article", "start", "end"]])
    with pytest.raises(InputError, match=f"^{place}: low is more than high"):
        totals(broken)


def test_a_year_may_come_out_of_a_frame(indicators: Any) -> None:
    year = indicators["period_end"].dt.year.dropna().astype("int64").min()
    assert len(totals(indicators, year=year).ledger) == len(indicators)


@pytest.mark.parametrize("table", ["indicators", "totals", "wide"])
def test_a_byte_order_mark_is_no_part_of_the_first_column(out: Path, table: str) -> None:
    pd.testing.assert_frame_equal(frame(out, table, encoding="utf-8"), frame(out, table))


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"by": "place"}, "by 'place'.*不能"),
        ({"by": ["activity", "year"]}, "by 'year'"),
        ({"by": 3}, "by 3"),
        ({"level": "town"}, "level 'town'.*级别"),
        ({"year": 1900}, "not for 1900"),
        ({"year": "2023"}, "year '2023'.*年份"),
        ({"divisions": 2023.0}, "year 2023.0"),
    ],
)
def test_sums_that_cannot_be_asked_for_are_refused(indicators: Any, asked: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        totals(indicators, **asked)


@pytest.mark.parametrize("given", [None, [], "OUT", {"low": [1]}])
def test_totals_of_anything_but_a_frame_are_refused(given: Any) -> None:
    with pytest.raises(InputError, match=r"made of a data frame.*DataFrame"):
        totals(given)


@pytest.mark.parametrize("source", [None, 3, ["a.txt"], (Article("a", ""), Records()), b"OUT", [(Article("a", ""),)]])
def test_a_source_of_another_kind_is_refused(source: Any) -> None:
    with pytest.raises(InputError, match=r"output folder.*文件夹"):
        frame(source)


@pytest.mark.parametrize("source", ["folder", "records", "pairs"])
def test_an_unknown_table_is_refused_with_those_that_there_are(out: Path, pairs: list[Pair], source: str) -> None:
    given: Any = {"folder": out, "records": Records(), "pairs": pairs}[source]
    with pytest.raises(InputError, match=r"no table 'figures' here: choose of .*indicators.*没有这张表"):
        frame(given, "figures")


def test_records_know_nothing_of_their_article() -> None:
    with pytest.raises(InputError, match="no table 'articles' here: choose of indicators, brands, activities"):
        frame(Records(), "articles")


def test_a_table_that_was_not_made_is_told_with_the_command_that_makes_it(out: Path, tmp_path: Path) -> None:
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
def test_a_table_that_was_broken_by_hand_is_told(out: Path, tmp_path: Path, old: str, new: str, message: str) -> None:
    text = (out / "totals.csv").read_text(encoding="utf-8-sig")
    assert old in text or old == "\r\n"
    broken = text.replace("\n", "\r\n").replace(old, new)
    (tmp_path / "totals.csv").write_text(broken, encoding="utf-8-sig", newline="")
    with pytest.raises(OutputError, match=message):
        frame(tmp_path, "totals")


@pytest.mark.parametrize(
    ("encoding", "message"), [("ascii", "is not in ascii"), ("utf-99", "unknown encoding 'utf-99'")]
)
def test_a_wrong_encoding_is_told(out: Path, encoding: str, message: str) -> None:
    for table in ("indicators", "totals"):
        with pytest.raises(OutputError, match=message):
            frame(out, table, encoding=encoding)
