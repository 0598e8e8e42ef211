"""Promises of the PDF reader: sentences broken by the page are whole, what runs on every page is out, damage is told."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import made_documents as made
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jianbao.corpus.document import Document
from jianbao.corpus.libreoffice import converted, program
from jianbao.corpus.limits import DEFAULT, LimitError, Limits
from jianbao.corpus.pdf import READERS
from jianbao.corpus.printed_lines import Line, joined, with_rows

OPENING = "近年来，各级侨联组织走访归侨侨眷，帮助解决困难，"


FILLER = made.set_lines(["全市侨联系统深化为侨服务，走访归侨侨眷，帮助解决实际困难，举办各类活动。" * 4])


def read(data: bytes, limits: Limits = DEFAULT) -> Document:
    (document,) = READERS["pdf"](data, limits)
    return document


def page(*lines: tuple[str, float, float]) -> str:
    return "".join(made.printed(*line) for line in lines)


def report(sections: int) -> list[str]:
    """Paragraphs of different lengths, each with figures that end up at line ends."""
    return [
        f"{OPENING * (number % 5 + 1)}第{number}次捐款近{number * 37}万元，惠及{number * 1234}人。"
        for number in range(1, sections + 1)
    ]


def test_a_sentence_broken_by_lines_is_read_as_one() -> None:
    assert read(made.pdf()).text.split("\n") == list(made.PARAGRAPHS)


def test_paragraphs_come_out_as_they_went_in_over_many_pages() -> None:
    paragraphs = report(60)
    assert read(made.pdf(paragraphs, lines_a_page=20)).text.split("\n") == paragraphs


@pytest.mark.parametrize("width", range(14, 40, 3))
def test_a_figure_is_whole_wherever_the_line_breaks(width: int) -> None:
    paragraphs = report(6)
    rows = [
        (text, made.MARGIN + indent * made.SIZE, 780 - row * 18)
        for row, (text, indent) in enumerate(made.set_lines(paragraphs, width))
    ]
    # A narrow page, so that its right margin is like the left one.
    content = page(*rows)
    data = made.pdf_of_pages([content]).replace(
        b"[0 0 595 842]", b"[0 0 %d 842]" % (2 * made.MARGIN + width * made.SIZE)
    )
    assert read(data).text.split("\n") == paragraphs


def test_a_running_head_is_read_once_and_page_numbers_are_left_out() -> None:
    paragraphs = report(40)
    lines = read(made.pdf(paragraphs, lines_a_page=20, header="侨联工作通讯")).text.split("\n")
    assert lines == ["侨联工作通讯", *paragraphs]


def test_a_running_head_that_counts_the_pages_is_read_once() -> None:
    contents = [
        page((f"侨联通讯 第{number}页", 78, 800), (f"第{number}户走访侨眷{number * 7}户。", 102, 600))
        for number in range(1, 5)
    ]
    lines = read(made.pdf_of_pages(contents)).text.split("\n")
    assert sorted(line for line in lines if "通讯" in line) == ["侨联通讯 第1页"]
    assert [line for line in lines if "走访" in line] == [
        f"第{number}户走访侨眷{number * 7}户。" for number in range(1, 5)
    ]


def test_rows_at_the_same_height_with_other_words_are_no_running_heads() -> None:
    contents = [
        page((f"{name}走访侨眷{figure}户。", 102, 800)) for name, figure in (("甲县", 30), ("乙县", 41), ("丙县", 9))
    ]
    assert read(made.pdf_of_pages(contents)).text == "甲县走访侨眷30户。\n乙县走访侨眷41户。\n丙县走访侨眷9户。"


def test_figures_alike_but_for_their_value_are_no_running_heads() -> None:
    contents = [page((f"合计捐款{figure}万元。", 102, 60)) for figure in (30, 41, 9)]
    assert read(made.pdf_of_pages(contents)).text == "合计捐款30万元。\n合计捐款41万元。\n合计捐款9万元。"


def test_a_heading_stands_apart_from_what_follows() -> None:
    first, second = report(2)
    rows = [("一、走访慰问", 102.0, 780.0)]
    rows += [
        (text, 78.0 + 12 * indent, 750.0 - 18 * row)
        for row, (text, indent) in enumerate(made.set_lines([first, second]))
    ]
    assert read(made.pdf_of_pages([page(*rows)])).text.split("\n") == ["一、走访慰问", first, second]


def test_short_lines_one_under_the_other_stay_apart() -> None:
    rows = [("编辑：张三", 78.0, 700.0), ("电话：0571-88880000", 78.0, 682.0), ("地址：人民路1号", 78.0, 664.0)]
    assert read(made.pdf_of_pages([page(*rows)])).text.split("\n") == [text for text, _, _ in rows]


def test_two_columns_are_read_one_behind_the_other() -> None:
    paragraphs = report(6)
    lines = made.set_lines(paragraphs, 16)
    half = len(lines) // 2 + 3
    rows = [(text, 78 + 12 * indent, 780 - 16 * row) for row, (text, indent) in enumerate(lines[:half])]
    rows += [(text, 310 + 12 * indent, 780 - 16 * row) for row, (text, indent) in enumerate(lines[half:])]
    assert read(made.pdf_of_pages([page(*rows)])).text.split("\n") == paragraphs


def test_a_table_gives_a_line_for_each_row() -> None:
    rows = [
        (cell, 78.0 + 150 * column, 700.0 - 20 * row)
        for row, cells in enumerate(made.ROWS)
        for column, cell in enumerate(cells)
    ]
    assert read(made.pdf_of_pages([page(*rows)])).text.split("\n") == ["\t".join(cells) for cells in made.ROWS]


def test_a_page_turned_on_its_side_reads_as_the_others() -> None:
    lines = "".join(
        f"BT /F1 12 Tf 0 1 -1 0 {90 + row * 18} {78 + indent * 12} Tm <{text.encode('utf-16-be').hex()}> Tj ET\n"
        for row, (text, indent) in enumerate(made.set_lines(report(3), 57))
    )
    assert read(made.pdf_of_pages([lines], rotate=90)).text.split("\n") == report(3)


@pytest.mark.parametrize(
    "lines",
    [
        ("今年以来，侨联小组围绕“侨胞之家”建设，开展“侨法”联谊活动40场次，", "惠及“侨眷”3,030人次。"),
        ("今年以来，侨联小组围绕为侨服务开展工作，建设“侨胞之家”“侨法讲堂”“", "暖心驿站”“石榴籽驿站”6个。"),
        ("“侨胞之家”、“侨法讲堂”“暖心驿站”共走访1,236户，发放慰问金三万元", "，“人均”2000元。"),
    ],
)
def test_quotes_of_another_font_stand_where_they_are_seen(lines: tuple[str, str]) -> None:
    printed = [made.printed_in_two(text, 102 - 24 * row, 700 - 18 * row) for row, text in enumerate(lines)]
    filler = page(*((text, 78 + 12 * indent, 640 - 18 * row) for row, (text, indent) in enumerate(FILLER)))
    assert read(made.pdf_of_pages(["".join(printed) + filler])).text.split("\n")[0] == "".join(lines)


def test_quotes_of_another_font_do_not_join_the_cells_of_a_row() -> None:
    content = made.printed_in_two("“侨胞之家”", 102, 700) + made.printed_in_two("“侨法讲堂”", 302, 700)
    assert read(made.pdf_of_pages([content])).text == "“侨胞之家”\t“侨法讲堂”"


@pytest.mark.parametrize("shift", [0.4, 1.5])
def test_a_line_printed_twice_keeps_its_order(shift: float) -> None:
    content = page(("走访侨眷三十户", 78, 700), ("走访侨眷三十户", 78 + shift, 700))
    assert read(made.pdf_of_pages([content])).text.replace("\t", "") in {"走访侨眷三十户", "走访侨眷三十户" * 2}


def test_text_that_runs_downwards_keeps_its_order() -> None:
    content = page(*((letter, 500, 780 - 14 * row) for row, letter in enumerate("走访侨眷三十户捐款四万元")))
    assert read(made.pdf_of_pages([content])).text == "走访侨眷三十户捐款四万元"


def test_what_stands_close_on_one_height_is_one_text() -> None:
    def line(text: str, left: float, right: float) -> Line:
        return Line(text, 0, left, right, 700, 712, 12)

    (close,) = with_rows([line("第", 78, 90), line("7", 92, 98), line("期", 100, 112)])
    (cells,) = with_rows([line("甲县", 78, 102), line("30", 150, 162)])
    assert (close.text, close.cells, close.right) == ("第7期", 1, 112)
    assert (cells.text, cells.cells) == ("甲县\t30", 2)


# A page as a browser prints it: no indents, lines as broad as the page, its lines all of one size.
BROWSED = (
    "10月8日至10日，瓯海区民政局联合区慈善总会开展慈善募捐活动，为困难家庭送温",
    "暖，共募集善款128.5万元，比去年同期多23万元。",
    "截至9月底，全区已建成社区老年食堂四十七家，覆盖十三个镇街，日均服务老人三千六",
    "百余人次，累计供餐86万份。",
)
WIDE = 60.0
TIMES = "发布日期：2024-10-11 08:20 浏览：356 来源：瓯海区民政局"


def browsed(*heads: tuple[str, float, float], gap: float = 0.0) -> list[str]:
    """The paragraphs of a page with these lines above the article, each with its left end and its size."""
    content, bottom = "", 780.0
    for text, left, size in heads:
        content += made.printed(text, left, bottom, size)
        bottom -= 18 + gap
    for row, text in enumerate(BROWSED):
        content += made.printed(text, WIDE, bottom)
        bottom -= 18 + gap * (row % 2)
    return read(made.pdf_of_pages([content])).text.split("\n")


ARTICLE = ["".join(BROWSED[:2]), "".join(BROWSED[2:])]
FULL = "首页政务公开工作动态互动交流办事服务走进我区民政资讯为民服务机关党建通知公告"


def test_a_line_of_metadata_as_broad_as_the_page_stands_apart() -> None:
    assert browsed((TIMES, WIDE, 12)) == [TIMES, *ARTICLE]


def test_a_full_line_apart_from_the_text_by_air_is_a_paragraph() -> None:
    assert browsed((FULL[:39], WIDE, 12), gap=9) == [FULL[:39], *ARTICLE]


def test_a_full_line_in_letters_of_another_size_is_a_paragraph() -> None:
    assert browsed((FULL[:36], WIDE, 13)) == [FULL[:36], *ARTICLE]


def test_a_line_centred_over_the_text_is_a_paragraph() -> None:
    assert browsed((FULL[:30], WIDE + 54, 12), (FULL[30:], WIDE + 186, 12)) == [FULL[:30], FULL[30:], *ARTICLE]


def test_a_line_whose_parts_stand_far_apart_is_a_paragraph() -> None:
    line = "瓯海区慈善总会办公室" + "\u3000" * 23 + "2024年"
    assert browsed((line, WIDE, 12)) == [line, *ARTICLE]


def test_a_subtitle_in_brackets_stands_under_a_full_title() -> None:
    assert browsed((FULL[:39], WIDE, 12), ("（第17期）", WIDE, 12)) == [FULL[:39], "（第17期）", *ARTICLE]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("折合人民币1,", "236.45万元。"),
        ("折合人民币1", ",236.45万元。"),
        ("折合人民币12.", "5万元。"),
        ("安装率达到86", ".6%。"),
    ],
)
def test_a_number_torn_at_its_comma_or_point_is_whole_in_the_shortest_text(first: str, second: str) -> None:
    content = page((first, 78, 700), (second, 78, 682))
    assert read(made.pdf_of_pages([content])).text == first + second


@pytest.mark.parametrize("width", range(8, 15))
@pytest.mark.parametrize("comma", ["", ","])
def test_a_number_is_whole_in_a_narrow_column_on_a_broad_page(width: int, comma: str) -> None:
    paragraphs = [
        f"{OPENING}捐款1{comma}236.45万元，惠及{number}1{comma}234人，走访8{comma}205户。" for number in range(1, 6)
    ]
    rows = made.set_lines(paragraphs, width)
    content = page(*((text, 78 + 12 * indent, 790 - 12 * row) for row, (text, indent) in enumerate(rows)))
    text = read(made.pdf_of_pages([content])).text
    assert [paragraph for paragraph in paragraphs if paragraph not in text.split("\n")] == []


def test_a_list_of_lines_alike_in_length_is_no_column_of_prose() -> None:
    rows = [(f"第{number}区走访3户，捐款30元；", 78.0, 700.0 - 18 * number) for number in range(1, 9)]
    rows += [(f"某企业{number} 1000", 78.0, 700.0 - 18 * number) for number in range(1, 9)]
    for part in (rows[:8], rows[8:]):
        assert read(made.pdf_of_pages([page(*part)])).text.split("\n") == [text for text, _, _ in part]


def test_a_number_at_the_end_of_a_line_is_not_joined_with_the_number_of_a_list() -> None:
    rows = ["附件：1.关于公布二〇二三年度全区民政系统先进集体和先进个人评选结果的通知2023", "2.名单"]
    content = page(*((text, 78, 700 - 18 * row) for row, text in enumerate(rows)))
    assert "20232." not in read(made.pdf_of_pages([content])).text


def test_a_date_line_does_not_run_into_a_text_that_begins_with_a_figure() -> None:
    content = page(("2024-10-11 08:20", 78, 700), *((text, 78, 682 - 18 * row) for row, text in enumerate(BROWSED)))
    assert read(made.pdf_of_pages([content])).text.split("\n") == ["2024-10-11 08:20", *ARTICLE]


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("捐款近4万", "元", "捐款近4万元"),
        ("共12", "00户", "共1200户"),
        ("a sister", "city", "a sister city"),
        ("inter-", "national", "international"),
        ("COVID-", "19", "COVID-19"),
        ("引进", "LNG项目", "引进LNG项目"),
    ],
)
def test_lines_are_joined_as_their_script_wants(first: str, second: str, whole: str) -> None:
    assert joined(first, second) == whole


def test_a_scan_says_that_it_needs_ocr() -> None:
    document = read(made.scanned_pdf())
    assert (document.status, document.text) == ("failed", "")
    assert document.message == "scanned pages without text: run OCR first (扫描件没有文字，请先做文字识别)"


def test_a_page_number_printed_on_a_scan_makes_it_no_text() -> None:
    content = f"q {made.WIDTH} 0 0 {made.HEIGHT} 0 0 cm /P1 Do Q\n" + made.printed("— 1 —", 290, 30)
    assert read(made.pdf_of_pages([content])).status == "failed"


def test_a_partly_scanned_file_counts_the_pages_without_text() -> None:
    document = read(made.partly_scanned_pdf())
    assert (document.status, document.text) == ("partial", "走访侨眷30户。\n捐款4万元。")
    assert document.message.startswith("1 of 3 pages")


def test_letters_without_characters_are_no_text() -> None:
    assert read(made.pdf_of_pages([made.printed("\ue001\ue002\ue003" * 30, 78, 700)])).status == "failed"


def test_a_password_is_asked_for_and_an_empty_one_is_given() -> None:
    pytest.importorskip("pypdf", reason="pypdf makes the encrypted file")
    locked, owned = read(made.encrypted_pdf("secret")), read(made.encrypted_pdf(""))
    assert (locked.status, locked.message) == (
        "failed",
        "encrypted: save it without a password (文件已加密，请去掉密码后另存)",
    )
    assert owned.text.split("\n") == list(made.PARAGRAPHS)


def test_more_pages_than_the_limit_are_not_read() -> None:
    with pytest.raises(LimitError, match="limit pages met"):
        read(made.pdf(report(40), lines_a_page=5), replace(DEFAULT, pages=3))


def test_more_text_than_the_limit_is_not_kept() -> None:
    with pytest.raises(LimitError, match="limit text met"):
        read(made.pdf(report(40)), replace(DEFAULT, text=500))


@pytest.mark.parametrize(
    "make", [made.empty_pdf, made.pdf_that_loops, lambda: made.pdf()[:200], lambda: b"", lambda: b"%PDF-1.7"]
)
def test_a_damaged_or_empty_file_fails_with_one_line(make: Callable[[], bytes]) -> None:
    document = read(make())
    assert document.status == "failed"
    assert document.message
    assert "\n" not in document.message


def test_the_title_is_taken_where_the_text_opens_with_it() -> None:
    assert read(made.pdf(title="侨务工作简报")).title == "侨务工作简报"
    assert read(made.pdf(title="Microsoft Word - 附件1.doc")).title == ""


def test_no_date_is_taken_from_the_file() -> None:
    assert read(made.pdf()).published is None


def test_reading_takes_time_in_line_with_the_length() -> None:
    began = time.process_time()
    document = read(made.pdf(report(1500)))
    assert len(document.text) > 100_000
    assert time.process_time() - began < 10


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 2000))
def test_nothing_that_the_bytes_hold_raises(noise: bytes, place: int) -> None:
    sound = made.pdf()
    for data in (noise, b"%PDF-1.7\n" + noise, sound[:place], sound[:place] + noise + sound[place + len(noise) :]):
        assert read(data).status in {"ok", "partial", "failed"}


@pytest.mark.skipif(program() is None, reason="LibreOffice is not installed: no PDF of its making can be read back")
def test_what_libreoffice_prints_is_read_back() -> None:
    paragraphs = report(12)
    text = read(converted(made.docx(paragraphs, made.ROWS), ".docx", ".pdf", DEFAULT)).text
    figures = [f"第{number}次捐款近{number * 37}万元" for number in range(1, 13)]
    assert [figure for figure in figures if figure not in text] == []
    assert text.split("\n")[-3:] == ["\t".join(cells) for cells in made.ROWS]


@pytest.mark.skipif(program() is None, reason="LibreOffice is not installed: no PDF of its making can be read back")
def test_quotes_for_which_libreoffice_takes_another_font_are_read_in_place() -> None:
    # A text marked as English takes its quotes from the Latin font, as that of many templates does.
    fonts = '<w:rPr><w:rFonts w:ascii="Cambria" w:hAnsi="Cambria" w:eastAsia="MS Mincho"/><w:lang w:eastAsia="en-US"/></w:rPr>'
    paragraphs = [
        f"（{number}）今年以来，侨联小组围绕“侨胞之家”建设，开展“侨法”、“暖心”联谊活动{number}场次，"
        f"服务归侨侨眷{number * 317}余人次，发放慰问金{number * 7.03:.2f}万元。"
        for number in range(1, 9)
    ]
    inner = "".join(made.word_paragraph(text).replace("<w:r>", f"<w:r>{fonts}") for text in paragraphs)
    text = read(converted(made.word_body(inner), ".docx", ".pdf", DEFAULT)).text
    assert text.split("\n") == paragraphs
