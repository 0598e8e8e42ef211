"""Promises of broken and endless tables: what is wrong is told in its row, limits hold, memory stays bounded."""

from __future__ import annotations

import io
import json
import sys
import tracemalloc
from functools import cache
from typing import Any

import made_tables_and_archives as made
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jianbao.corpus.document import Document
from jianbao.corpus.limits import DEFAULT, LimitError, Limits
from jianbao.corpus.sheets import FORMATS, Columns, read_bytes, read_table
from made_sheets import TABLES, documents, one


@cache
def whole(name: str) -> bytes:
    return made.FORMATS[name]()


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
