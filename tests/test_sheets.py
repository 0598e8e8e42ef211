"""Promises of tables: each row with a text is a document, what is wrong is told in its row, memory stays bounded."""

from __future__ import annotations

import io
import json
import sys
import tracemalloc
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import made_tables_and_archives as made
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jianbao.corpus.document import Document
from jianbao.corpus.limits import DEFAULT, LimitError, Limits
from jianbao.corpus.sheets import FORMATS, Columns, looks_like_html, read_bytes, read_table
from jianbao.corpus.table_rows import day_of

TABLES = sorted(name for name in made.FORMATS if name.startswith("表格"))


@cache
def whole(name: str) -> bytes:
    return made.FORMATS[name]()


def documents(
    data: bytes, read_as: str = "csv", columns: Columns | None = None, limits: Limits = DEFAULT
) -> list[Document]:
    return list(read_bytes(data, read_as, columns or Columns(), limits))


def one(data: bytes, read_as: str = "csv", columns: Columns | None = None) -> Document:
    (document,) = documents(data, read_as, columns)
    return document


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


# Damage.


def told(name: str) -> list[tuple[str, str, str]]:
    found = documents(made.DAMAGES[name](), name.rpartition(".")[2])
    return [(each.name, each.status, each.message.partition(" (")[0]) for each in found]


def test_a_row_without_text_is_told_and_the_others_go_on() -> None:
    assert told("正文为空.csv") == [("#1", "failed", "the text cell is empty"), ("#2", "ok", "")]


def test_rows_with_nothing_in_them_are_passed_over_and_keep_their_number() -> None:
    rows = [made.ROWS[0], ("",) * 6, made.ROWS[1]]
    assert [each.name for each in documents(made.csv_table(rows))] == ["#1", "#3"]
    assert [name for name, _, _ in told("空行.csv")] == ["#1", "#2", "#3"]


def test_broken_bytes_are_counted_in_their_row_only() -> None:
    assert [status for _, status, _ in told("坏字节.csv")] == ["partial", "ok", "ok"]
    assert told("坏字节.csv")[0][2] == "3 stretches cannot be decoded and were replaced by U+FFFD"


def test_broken_bytes_far_behind_the_head_do_not_change_the_encoding() -> None:
    rows = [(f"{number}", made.TEXTS[0] * 9) for number in range(4000)]
    data = made.csv_table(rows, ["标题", "正文"]) + b'"4001","\xff\xfe' + made.TEXTS[0].encode() + b'"\n'
    found = documents(data)
    assert {each.status for each in found[:4000]} == {"ok"}
    assert (found[-1].status, found[-1].text.count("\ufffd")) == ("partial", 2)


def test_a_long_ascii_head_does_not_hide_the_encoding() -> None:
    rows = [(f"http://example.cn/{number:040}", "none") for number in range(30_000)] + [("u", made.TEXTS[0])]
    assert documents(made.csv_table(rows, ["url", "content"], codec="gb18030"))[-1].text == made.TEXTS[0]


def test_an_open_quote_costs_its_own_row_and_no_other() -> None:
    rows = [(str(number), f"“{number}”号简报") for number in range(1, 60)]
    data = made.csv_table(rows, ["标题", "正文"]).replace("“7”号简报".encode(), '"“7”号简报'.encode())
    found = documents(data)
    assert [each.title for each in found] == [row[0] for row in rows]
    assert [each.name for each in found if each.status != "ok"] == ["#7"]
    assert found[6].text == '"“7”号简报'


def test_a_file_that_ends_inside_quotes_keeps_the_text_up_to_there() -> None:
    data = '标题,正文\n甲,"走访侨眷46户。\n座谈会一场。\n慰问'.encode()
    document = one(data)
    assert (document.text, document.status) == ("走访侨眷46户。\n座谈会一场。\n慰问", "partial")


def test_quotes_that_nobody_doubled_are_characters() -> None:
    assert one('标题,正文\n"侨助工坊"揭牌,建成9家。\n'.encode()).text == "建成9家。"


def test_surplus_cells_are_told_and_belong_to_a_text_that_stands_last() -> None:
    document = one("标题,正文\n甲,走访46户,座谈12场。\n".encode())
    assert (document.text, document.status) == ("走访46户,座谈12场。", "partial")


def test_nul_and_line_ends_are_tidied() -> None:
    assert one('标题,正文\r\n甲,"走\0访\r\n46户"\r\n'.encode()).text == "走访\n46户"


def test_cells_of_any_length_are_read() -> None:
    text = made.TEXTS[0] * 20_000
    assert one(made.csv_table([("甲", text)], ["标题", "正文"])).text == text


def test_a_broken_line_is_told_by_its_number() -> None:
    assert [(name, status) for name, status, _ in told("坏行.jsonl")] == [("#1", "ok"), ("#2", "failed"), ("#3", "ok")]
    assert told("坏行.jsonl")[1][2].startswith("line 2 is no JSON")


def test_objects_before_the_cut_are_read() -> None:
    assert [status for _, status, _ in told("截断.json")] == ["ok", "failed"]


@pytest.mark.parametrize("text", ['[{"正文":"甲"},7,{"正文":"乙"}]', '{"正文":"甲"}\n7\n{"正文":"乙"}'])
def test_what_is_no_object_is_told(text: str) -> None:
    assert [each.status for each in documents(text.encode(), "json")] == ["ok", "failed", "ok"]


def test_endless_nesting_is_a_failed_row() -> None:
    line = b'{"content":' + b"[" * 200_000 + b"\n"
    assert [each.status for each in documents(line + '{"content":"走访"}\n'.encode(), "jsonl")] == ["failed", "ok"]
    assert documents(line, "json")[0].status == "failed"


def test_half_a_surrogate_pair_becomes_a_replacement_mark() -> None:
    document = one(b'{"content":"a\\ud800b"}', "jsonl")
    assert (document.text, document.status) == ("a\ufffdb", "partial")


@pytest.mark.parametrize("name", ["空.csv", "只有表头.csv", "无正文列.csv", "截断.xlsx", "截断.parquet", "坏.parquet"])
def test_a_table_that_gives_nothing_says_why(name: str) -> None:
    (row,) = told(name)
    assert row[1] == "failed"
    assert row[2]


def test_an_unknown_format_is_told() -> None:
    assert "one of csv, tsv" in one(b"", "xls").message


def test_parquet_without_pyarrow_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    assert "pip install 'jianbao[parquet]'" in one(made.parquet_table(), "parquet").message


def test_the_names_of_sheets_are_harmless_and_differ() -> None:
    data = made.xlsx_table({"甲 乙": (made.HEADER, made.ROWS[0]), "丙": (made.HEADER, made.ROWS[0])})
    with_path = made.rewritten(data, "xl/workbook.xml", '"甲 乙"'.encode(), b'"../../x"')
    assert [each.name for each in documents(with_path, "xlsx")] == ["#.._.._x!1", "#丙!1"]


# Limits.


def test_more_rows_than_allowed_stop_the_table_after_those() -> None:
    given_rows: list[Document] = []
    with pytest.raises(LimitError, match="limit rows"):
        given_rows.extend(read_bytes(made.csv_table(), "csv", Columns(), Limits(rows=2)))
    assert len(given_rows) <= 2


@pytest.mark.parametrize("read_as", ["csv", "jsonl", "json"])
def test_a_row_over_the_limit_of_text_is_told_and_the_next_is_read(read_as: str) -> None:
    long = "侨" * 3000
    objects: list[dict[str, Any]] = [{"title": "1", "content": long}, {"title": "2", "content": "走访。"}]
    data = {
        "csv": f'title,content\n1,"{long}"\n2,走访。\n',
        "jsonl": "\n".join(json.dumps(each, ensure_ascii=False) for each in objects),
        "json": json.dumps(objects, ensure_ascii=False),
    }[read_as]
    first, *rest = documents(data.encode(), read_as, limits=Limits(text=2000))
    assert first.status == "failed"
    assert "limit text" in first.message
    assert [each.text for each in rest] == ["走访。"] or read_as == "json"


def test_a_row_over_the_limit_of_cells_is_told_and_a_header_over_it_refused() -> None:
    assert "limit cells" in documents("正文,a\n甲,乙,丙,丁\n".encode(), limits=Limits(cells=3))[0].message
    with pytest.raises(LimitError, match="limit cells"):
        documents(made.DAMAGES["过宽.csv"]())


def test_one_line_of_a_hundred_megabytes_takes_little_memory() -> None:
    class Endless(io.RawIOBase):
        """`正文` and a line of so many bytes, made when asked for."""

        def __init__(self) -> None:
            self.at = 0

        def seekable(self) -> bool:
            return True

        def readable(self) -> bool:
            return True

        def seek(self, at: int, whence: int = 0) -> int:
            self.at = at
            return at

        def readinto(self, buffer: Any) -> int:
            data = ("正文\n".encode() + b"a" * len(buffer))[self.at : self.at + len(buffer)] if self.at < 7 else None
            data = b"a" * min(len(buffer), (100 << 20) - self.at) if data is None else data
            buffer[: len(data)] = data
            self.at += len(data)
            return len(data)

    tracemalloc.start()
    found = list(read_table(io.BufferedReader(Endless()), "csv", Columns(), Limits(text=1 << 20)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "limit text" in found[0].message
    assert peak < 24 << 20


def test_a_large_workbook_and_an_endless_row_are_refused() -> None:
    with pytest.raises(LimitError, match="limit memory"):
        documents(made.xlsx_table(), "xlsx", limits=Limits(memory=1 << 10))
    with pytest.raises(LimitError, match="limit unpacked"):
        documents(made.xlsx_table(), "xlsx", limits=Limits(unpacked=1 << 10))
    endless = b"<row>" + b'<c t="inlineStr"><is><t>' + b"a" * (1 << 20) + b"</t></is></c></row></sheetData>"
    data = made.rewritten(made.xlsx_table(), "xl/worksheets/sheet1.xml", b"</sheetData>", endless)
    with pytest.raises(LimitError, match="limit text"):
        documents(data, "xlsx", limits=Limits(text=1 << 10))


def test_memory_does_not_grow_with_the_rows_of_a_table() -> None:
    def peak(rows: int) -> int:
        data = made.csv_table([(str(number), made.TEXTS[0]) for number in range(rows)], ["标题", "正文"])
        tracemalloc.start()
        assert sum(1 for _ in read_bytes(data, "csv", Columns(), DEFAULT)) == rows
        found = tracemalloc.get_traced_memory()[1] - len(data)
        tracemalloc.stop()
        return found

    assert peak(20_000) < 12 << 20


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(FORMATS),
    st.one_of(
        st.binary(max_size=400), st.text(st.sampled_from('正文,内容"\n\r;|\t{}[]:0a\\'), max_size=200).map(str.encode)
    ),
)
def test_random_bytes_never_raise(read_as: str, data: bytes) -> None:
    assert documents(data, read_as)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([name for name in TABLES if not name.endswith(".parquet")]), st.data())
def test_damaged_tables_never_raise(name: str, data: st.DataObject) -> None:
    # pyarrow ends the process over some damaged files: they are read in a process aside
    broken = bytearray(whole(name))
    for _ in range(data.draw(st.integers(1, 4))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    assert documents(bytes(broken), name.rpartition(".")[2])
