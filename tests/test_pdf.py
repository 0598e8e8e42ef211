"""Promises of the PDF reader: sentences broken by the page are whole, what runs on every page is out, damage is told."""

from __future__ import annotations

import time
from dataclasses import replace

import made_documents as made
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jianbao.corpus.document import Document
from jianbao.corpus.layout import joined
from jianbao.corpus.libreoffice import converted, program
from jianbao.corpus.limits import DEFAULT, LimitError, Limits
from jianbao.corpus.pdf import READERS

OPENING = "近年来，各级侨联组织走访归侨侨眷，帮助解决困难，"


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
def test_a_damaged_or_empty_file_fails_with_one_line(make: object) -> None:
    assert callable(make)
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
