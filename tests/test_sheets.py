"""Promises of tables: each row with a text is a document, its columns found by name or by what they hold."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path

import made_tables_and_archives as made
import pytest
from jianbao.corpus.limits import DEFAULT
from jianbao.corpus.sheets import Columns, looks_like_html, read_table
from jianbao.corpus.table_rows import day_of
from made_sheets import TABLES, documents, one


@pytest.mark.parametrize("name", TABLES)
def test_every_format_gives_each_row_with_its_columns(name: str) -> None:
    read_as = name.rpartition(".")[2]
    found = documents(made.FORMATS[name](), read_as)
    assert [each.text for each in found] == list(made.TEXTS)
    assert [each.title for each in found] == [row[0] for row in made.ROWS]
    assert [each.published for each in found] == [date(2021, 3, 8), date(2022, 11, 5), date(2023, 9, 21)]
    assert [(each.source, each.contributor, each.region) for each in found] == [
        (source, contributor, region) for _, _, source, contributor, region, _ in made.ROWS
    ]
    assert {(each.status, each.format, each.message) for each in found} == {("ok", read_as, "")}


def test_rows_are_named_by_their_number_and_by_the_sheet_where_there_are_several() -> None:
    assert [each.name for each in documents(made.csv_table())] == ["#1", "#2", "#3"]
    assert [each.name for each in documents(made.many_sheets(), "xlsx")] == ["#上半年!1", "#上半年!2", "#下半年!1"]


NOTES = (("填报说明", "日期"), ("每行一篇", "2023-03-08"))
OTHER = (("标题", "备注"), ("甲", "走访侨眷46户。"))


@pytest.mark.parametrize("names", [("说明", "信息"), ("信息", "说明"), ("说明", "目录", "信息")])
def test_sheets_without_a_text_are_passed_over_where_another_has_one(names: tuple[str, ...]) -> None:
    sheets = {name: (made.HEADER, *made.ROWS) if name == "信息" else NOTES for name in names}
    found = documents(made.xlsx_table(sheets), "xlsx")
    assert [(each.name, each.status) for each in found] == [(f"#信息!{number}", "ok") for number in (1, 2, 3)]


def test_of_sheets_those_with_the_named_text_count() -> None:
    data = made.xlsx_table({"说明": NOTES, "信息": (made.HEADER, *made.ROWS), "其他": OTHER})
    assert [each.name for each in documents(data, "xlsx", Columns(text="备注"))] == ["#其他!1"]


def test_a_workbook_in_which_no_sheet_has_a_text_says_so_of_each() -> None:
    data = made.xlsx_table({"说明": NOTES, "目录": NOTES})
    for columns in (Columns(), Columns(text="备注")):
        found = documents(data, "xlsx", columns)
        assert [(each.name, each.status) for each in found] == [("#说明", "failed"), ("#目录", "failed")]


def test_another_named_column_that_a_sheet_lacks_is_told() -> None:
    data = made.xlsx_table({"信息": (made.HEADER, *made.ROWS), "其他": (("标题", "正文"), ("甲", "走访侨眷46户。"))})
    last = documents(data, "xlsx", Columns(source=made.HEADER[2]))[-1]
    assert (last.name, last.status) == ("#其他", "failed")


def test_a_path_is_read_like_a_stream(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_bytes(made.csv_table())
    assert list(read_table(path, "csv", Columns(), DEFAULT)) == documents(made.csv_table())


def test_a_stream_is_left_open() -> None:
    file = io.BytesIO(made.csv_table())
    assert len(list(read_table(file, "csv", Columns(), DEFAULT))) == 3
    assert not file.closed


# Columns.


@pytest.mark.parametrize(
    "name",
    [
        "正文",
        "内容",
        "全文",
        "文本",
        "content",
        "Text",
        "body",
        "article",
        "正 文",
        "正文（全文）",
        "Article_Text",
        "ＣＯＮＴＥＮＴ",
    ],
)
def test_the_text_is_found_by_its_usual_names(name: str) -> None:
    assert one(made.csv_table([("1", "走访侨眷46户。")], ["编号", name])).text == "走访侨眷46户。"


def test_a_column_alone_with_long_chinese_text_is_the_text_whatever_its_name() -> None:
    assert one(made.csv_table([("1", made.TEXTS[0] * 3)], ["编号", "f2"])).text == made.TEXTS[0] * 3


def test_two_columns_with_long_text_are_asked_about() -> None:
    document = one(made.csv_table([(made.TEXTS[0] * 3, made.TEXTS[1] * 3)], ["f1", "f2"]))
    assert document.status == "failed"
    assert "--text-column NAME; the columns are f1, f2" in document.message


def test_a_name_with_long_text_is_preferred_to_a_surer_name_with_little() -> None:
    assert one(made.csv_table([("见附件", made.TEXTS[0] * 3)], ["内容", "content"])).text == made.TEXTS[0] * 3


def test_named_columns_are_taken_and_a_wrong_name_is_told() -> None:
    data = made.csv_table([("甲", "乙", "丙")], ["正文", "备注", "标题"])
    assert one(data, columns=Columns(text="备注", title="正文")).text == "乙"
    assert one(data, columns=Columns(text="备注", title="正文")).title == "甲"
    document = one(data, columns=Columns(source="出处"))
    assert document.status == "failed"
    assert "no column '出处'; the columns are 正文, 备注, 标题" in document.message


def test_a_table_without_header_gives_its_first_row_too() -> None:
    rows = [("1", made.TEXTS[0] * 3), ("2", made.TEXTS[2] * 3)]
    data = made.csv_table(rows[1:], rows[0])
    assert [each.text for each in documents(data)] == [rows[0][1], rows[1][1]]


@pytest.mark.parametrize("line", ["sep=;\n标题;正文\n甲;乙\n", "标题|正文\n甲|乙\n", "标题\t正文\n甲\t乙\n"])
def test_the_delimiter_is_found(line: str) -> None:
    assert one(line.encode()).text == "乙"


# Metadata.


@pytest.mark.parametrize(
    "cell",
    [
        "2023/3/8", "20230308", "2023-03-08T09:00", "2023-03-08 09:00:00+08:00", "2023年3月8日", "2023.3.8", "２０２３－０３－０８",
        "20230308090000", "发布时间：2023-03-08", 20230308, 20230308.0, date(2023, 3, 8), datetime(2023, 3, 8, 9),
    ],
)  # fmt: skip
def test_days_are_read_in_many_forms(cell: object) -> None:
    assert day_of(cell) == date(2023, 3, 8)


@pytest.mark.parametrize(
    "cell",
    ["", None, "昨天", "2023-03", "2023", "3/8/2023", 44993, "1678237200", 1678237200000, "2023-02-30", "2999-01-01"],
)
def test_what_is_no_day_is_none(cell: object) -> None:
    assert day_of(cell) is None


def test_a_serial_number_is_a_day_only_where_the_cell_is_typed_as_one() -> None:
    rows = [("时间", "正文"), (datetime(2023, 3, 8, 9), "甲"), (44993, "乙")]
    assert [each.published for each in documents(made.xlsx_table({"s": rows}), "xlsx")] == [date(2023, 3, 8), None]


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("330106", "330106"), ("330106000000", "330106"), ("浙江省/杭州市/西湖区", "330106"), ("嘉兴", "330400"),
        ("西湖区", None), ("999999", None), ("杭州、宁波", None), ("", None),
    ],
)  # fmt: skip
def test_a_region_is_a_code_or_an_unambiguous_name(cell: str, code: str | None) -> None:
    assert one(made.csv_table([(cell, "走访。")], ["地区", "正文"])).region == code


def test_html_in_a_cell_is_left_as_it_is_and_known() -> None:
    document = one(made.csv_table([(made.PAGE,)], ["content"]))
    assert document.text == made.PAGE
    assert looks_like_html(document.text)
    assert not looks_like_html(made.TEXTS[0])
