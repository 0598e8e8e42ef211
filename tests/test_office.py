"""Promises of the readers of Word, RTF, ODF and EPUB files: text in its order, nothing deleted or hidden, damage told."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import made_documents as made
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jianbao.corpus import libreoffice
from jianbao.corpus.document import Document
from jianbao.corpus.errors import InputError
from jianbao.corpus.libreoffice import converted, program
from jianbao.corpus.limits import DEFAULT, LimitError, Limits
from jianbao.corpus.lines import opening_title, tidy
from jianbao.corpus.sheets import Columns
from jianbao.corpus.workshop import reader_of

READERS = {kind: reader_of(kind, Columns()) for kind in ("docx", "doc", "wps", "rtf", "odt", "epub")}
PARAGRAPHS = list(made.PARAGRAPHS)
ROWS = ["\t".join(cells) for cells in made.ROWS]
needs_libreoffice = pytest.mark.skipif(program() is None, reason="LibreOffice is not installed: soffice is not on PATH")


def read(kind: str, data: bytes, limits: Limits = DEFAULT) -> Document:
    (document,) = READERS[kind](data, limits)
    return document


def lines(kind: str, data: bytes) -> list[str]:
    document = read(kind, data)
    assert (document.status, document.message) == ("ok", "")
    return document.text.split("\n")


def outcome(kind: str, data: bytes) -> tuple[str, str]:
    """Status and message, those of a limit that was met among them."""
    try:
        document = read(kind, data)
    except LimitError as error:
        return "failed", str(error)
    return document.status, document.message


def word(inner: str) -> list[str]:
    return lines("docx", made.word_body(inner))


def run(text: str, marks: str = "") -> str:
    return f"<w:r><w:rPr>{marks}</w:rPr><w:t>{text}</w:t></w:r>"


# All formats


@pytest.mark.parametrize(("kind", "make"), [("docx", made.docx), ("rtf", made.rtf), ("odt", made.odt)])
def test_paragraphs_and_tables_come_in_their_order(kind: str, make: Callable[..., bytes]) -> None:
    assert lines(kind, make(made.PARAGRAPHS, made.ROWS)) == [*PARAGRAPHS, *ROWS]


@pytest.mark.parametrize("name", [name for name in made.FORMATS if not name.endswith(".pdf")])
def test_every_format_gives_the_same_text(name: str) -> None:
    kind = name.rsplit(".", 1)[1]
    document = read(kind, made.FORMATS[name]())
    assert (document.format, document.text.split("\n")) == (kind, PARAGRAPHS)


@pytest.mark.parametrize("name", [name for name in made.DAMAGES if not name.endswith(".pdf")])
def test_every_damage_is_told_in_one_line_or_as_a_limit(name: str) -> None:
    make, status = made.DAMAGES[name]
    began = time.process_time()
    data = make()
    made_in = time.process_time() - began
    told, message = outcome(name.rsplit(".", 1)[1], data)
    assert told == status
    assert "(" in message
    assert "\n" not in message
    assert time.process_time() - began - made_in < 5


@pytest.mark.parametrize("kind", ["docx", "rtf", "odt", "epub"])
@settings(max_examples=40, deadline=None)
@given(noise=st.binary(max_size=200), place=st.integers(0, 1500))
def test_nothing_that_the_bytes_hold_raises(kind: str, noise: bytes, place: int) -> None:
    sound = {"docx": made.docx, "rtf": made.rtf, "odt": made.odt, "epub": made.epub}[kind]()
    for data in (
        noise,
        b"PK\x03\x04" + noise,
        b"{\\rtf1" + noise,
        sound[:place],
        sound[:place] + noise + sound[place + len(noise) :],
    ):
        assert outcome(kind, data)[0] in {"ok", "partial", "failed"}


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("捐赠3\u200b0万元", "捐赠30万元"),
        ("走访侨\xad眷", "走访侨眷"),
        ("第一页\f第二页", "第一页\n第二页"),
        ("上\v下\u2028末", "上\n下\n末"),
        ("行末 \t\n下", "行末\n下"),
        ("\u3000\u3000段首\xa0空", "\u3000\u3000段首\xa0空"),
        ("\u202a12\u202c户\ufeff", "12户"),
        ("一\r\n二\r三", "一\n二\n三"),
    ],
)
def test_what_is_invisible_breaks_no_word_and_no_figure(raw: str, clean: str) -> None:
    assert tidy(raw) == clean


def test_a_page_of_spaces_is_tidied_in_time_in_line_with_its_length() -> None:
    began = time.process_time()
    assert len(tidy(" " * 2_000_000 + "末")) == 2_000_001
    assert time.process_time() - began < 2


# Word


def test_inserted_text_counts_and_deleted_or_moved_text_does_not() -> None:
    inner = (
        f"<w:p>{run('走访侨眷')}<w:del><w:r><w:delText>30</w:delText></w:r></w:del><w:ins>{run('46')}</w:ins>"
        f"<w:moveFrom>{run('旧处')}</w:moveFrom>{run('户')}</w:p>"
    )
    assert word(inner) == ["走访侨眷46户"]


def test_hidden_text_is_left_out_and_a_mark_that_hides_nothing_is_not() -> None:
    inner = f"<w:p>{run('看得见')}{run('看不见', '<w:vanish/>')}{run('又看见', chr(60) + 'w:vanish w:val=' + chr(34) + '0' + chr(34) + '/>')}</w:p>"
    assert word(inner) == ["看得见又看见"]


def test_a_figure_split_over_runs_is_whole() -> None:
    assert word(f"<w:p>{run('1')}{run(',2')}{run('00')}{run('户')}</w:p>") == ["1,200户"]


def test_a_text_box_is_read_once_and_behind_its_paragraph() -> None:
    box = f"<w:txbxContent>{made.word_paragraph('框内：捐款5万元')}</w:txbxContent>"
    space = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    both = f"<mc:AlternateContent {space}><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    assert word(f"<w:p>{run('正文前')}<w:r>{both}</w:r>{run('正文后')}</w:p>") == ["正文前正文后", "框内：捐款5万元"]


def test_a_page_laid_out_as_a_table_keeps_its_lines() -> None:
    cell = "".join(map(made.word_paragraph, ["第一段。", "第二段。", "第三段。", "第四段。"]))
    inner = f"<w:tbl><w:tr><w:tc>{cell}</w:tc><w:tc>{made.word_paragraph('旁栏')}</w:tc></w:tr></w:tbl>"
    assert word(inner) == ["第一段。", "第二段。", "第三段。", "第四段。", "旁栏"]


def test_a_table_in_a_table_keeps_its_rows() -> None:
    inner = f"<w:tbl><w:tr><w:tc>{made.word_table(made.ROWS)}{made.word_paragraph('')}</w:tc></w:tr></w:tbl>"
    assert word(inner) == ROWS


def test_notes_come_last() -> None:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    notes = f"<w:footnotes {space}><w:footnote>{made.word_paragraph('数据为初步统计。')}</w:footnote></w:footnotes>"
    data = made.word_body("".join(map(made.word_paragraph, PARAGRAPHS)), extra={"word/footnotes.xml": notes})
    assert lines("docx", data) == [*PARAGRAPHS, "数据为初步统计。"]


def test_tab_stops_are_no_tabs() -> None:
    assert word(
        f"<w:p><w:pPr><w:tabs><w:tab w:val='left'/></w:tabs></w:pPr>{run('一')}<w:r><w:tab/></w:r>{run('二')}</w:p>"
    ) == ["一\t二"]


@pytest.mark.parametrize("title", ["Word 文档", "PowerPoint 演示文稿", "附件1.doc", "别处的旧标题", "简报", ""])
def test_a_title_that_the_text_does_not_open_with_is_left_out(title: str) -> None:
    assert read("docx", made.docx(title=title)).title == ""


def test_a_title_that_the_text_opens_with_is_taken_and_no_date_or_author() -> None:
    document = read("docx", made.docx(title=made.TITLE))
    assert (document.title, document.published, document.source, document.contributor) == (made.TITLE, None, "", "")
    assert opening_title("侨务工作简报", "正文。" * 2000 + "侨务工作简报") == ""


def test_a_link_to_elsewhere_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert lines("docx", made.docx_with_external_link()) == PARAGRAPHS


def test_a_bomb_that_no_part_of_the_text_needs_stays_packed() -> None:
    data = made.word_body(made.word_paragraph("走访30户。"), extra={"word/media/image1.bmp": bytes(50 << 20)})
    assert lines("docx", data) == ["走访30户。"]


@pytest.mark.parametrize(
    ("limits", "name"),
    [
        (replace(DEFAULT, text=20), "text"),
        (replace(DEFAULT, members=2), "members"),
        (replace(DEFAULT, unpacked=100), "unpacked"),
        (replace(DEFAULT, file=100), "file"),
    ],
)
def test_each_limit_is_named_where_it_is_met(limits: Limits, name: str) -> None:
    with pytest.raises(LimitError) as met:
        read("docx", made.docx(), limits)
    assert met.value.name == name


def test_tables_in_tables_without_end_meet_the_limit() -> None:
    deep = "<w:tbl><w:tr><w:tc>" * 2000 + made.word_paragraph("底") + "</w:tc></w:tr></w:tbl>" * 2000
    with pytest.raises(LimitError, match="limit nesting met"):
        read("docx", made.word_body(deep))


def test_what_python_docx_writes_is_read() -> None:
    docx = pytest.importorskip("docx", reason="python-docx is not installed")
    from io import BytesIO

    document, file = docx.Document(), BytesIO()
    for paragraph in PARAGRAPHS:
        document.add_paragraph(paragraph)
    table = document.add_table(rows=0, cols=3)
    for cells in made.ROWS:
        for place, cell in zip(table.add_row().cells, cells, strict=True):
            place.text = cell
    document.sections[0].header.paragraphs[0].text = "页眉不读"
    document.save(file)
    assert lines("docx", file.getvalue()) == [*PARAGRAPHS, *ROWS]


# RTF


def rtf(inner: str, head: str = "\\ansi\\ansicpg936") -> list[str]:
    return lines("rtf", ("{\\rtf1" + head + "\n" + inner + "}").encode("latin-1"))


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        ("\\'d7\\'df\\'b7\\'c330\\'bb\\'a7", "走访30户"),
        ("\\'d7\\'df\n\\'b7\\'c3", "走访"),
        ("\\'d7\xdf\\'b7\xc3", "走访"),
        ("\\'86A", b"\x86A".decode("gb18030")),
        ("\\u36208?\\u-29745\\'3f", "走" + chr(65536 - 29745)),
        ("{\\uc2\\u36208\\'d7\\'df}\\u35775?", "走访"),
        ("\\u-10179?\\u-8704?", "😀"),
        ("a{\\*\\bkmkstart x}b{\\field{\\*\\fldinst HYPERLINK x}{\\fldrslt c}}", "abc"),
        ("甲".encode("gbk").decode("latin-1") + "{\\pict\\bin4 }{}}}\\'d2\\'d2", "甲乙"),
        ("a{\\deleted x}b{\\v y}c\\v z\\v0 d", "abcd"),
        ("a{\\header x}{\\footer y}{\\info{\\title z}}b", "ab"),
        ("50\\'a3\\'a5\\tab 1\\line 2", "50％\t1\n2"),
        ("a{\\shp{\\*\\shpinst{\\sp{\\sn n}{\\sv v}}{\\shptxt box\\par}}{\\shprslt old}}b", "ab\nbox"),
        ("a{\\footnote note}b", "ab\nnote"),
        ("3\\-0\\~x\\_y", "30\xa0x-y"),
    ],
)
def test_rtf_is_read_as_chinese_programs_write_it(inner: str, text: str) -> None:
    assert "\n".join(rtf(inner)) == text


def test_the_character_set_of_the_font_beats_the_code_page() -> None:
    fonts = (
        "\\ansi\\ansicpg1252{\\fonttbl{\\f0\\fcharset0 Times;}{\\f1\\fcharset134 SimSun;}{\\f2\\fcharset136 MingLiU;}}"
    )
    assert rtf("{\\f1 \\'d7\\'df}{\\f2 \\'a8\\'ab}\\f0 \\'e9", fonts) == ["走" + b"\xa8\xab".decode("big5") + "é"]


def test_groups_without_end_meet_the_limit() -> None:
    with pytest.raises(LimitError, match="limit nesting met"):
        read("rtf", b"{\\rtf1" + b"{" * 100_000)


def test_a_long_rtf_is_read_in_time_in_line_with_its_length() -> None:
    data = made.rtf(PARAGRAPHS * 2000)
    began = time.process_time()
    assert len(read("rtf", data).text.split("\n")) == 6000
    assert time.process_time() - began < 10


# EPUB


def test_chapters_come_in_the_order_of_the_spine() -> None:
    assert lines("epub", made.epub()) == PARAGRAPHS


@pytest.mark.parametrize(
    ("metadata", "published"),
    [
        ("<dc:date>2023-05-04</dc:date>", date(2023, 5, 4)),
        ("<dc:date>2023-05-04T10:11:12Z</dc:date>", None),
        ("<dc:date>0101-01-01</dc:date>", None),
        ("<dc:date>2023</dc:date>", None),
        ('<dc:date opf:event="modification">2023-05-04</dc:date>', None),
        (
            '<dc:date opf:event="creation">2020-01-01</dc:date><dc:date opf:event="publication">2023-05-04</dc:date>',
            date(2023, 5, 4),
        ),
    ],
)
def test_only_a_date_of_publication_is_taken(metadata: str, published: date | None) -> None:
    assert read("epub", made.epub(metadata=metadata)).published == published


def test_a_book_tells_its_title_and_publisher() -> None:
    document = read("epub", made.epub(metadata="<dc:title>侨乡志</dc:title><dc:publisher>某某出版社</dc:publisher>"))
    assert (document.title, document.source) == ("侨乡志", "某某出版社")
    assert read("epub", made.epub(metadata="<dc:title>Unknown Title</dc:title>")).title == ""


# LibreOffice


def test_without_libreoffice_a_doc_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    document = read("doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))
    assert document.status == "failed"
    assert document.message.startswith("needs LibreOffice to read .doc: install it or save as .docx (")


def test_a_doc_that_is_another_format_inside_needs_no_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert [lines(kind, data) for kind in ("doc", "wps") for data in (made.rtf(), made.docx())] == [PARAGRAPHS] * 4


def test_a_program_that_hangs_is_ended_with_its_children(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    slow = folder / "soffice"
    slow.write_text(f"#!/bin/sh\n(sleep 3; touch {folder}/survived) &\nsleep 30\n", encoding="utf-8")
    slow.chmod(0o755)
    monkeypatch.setattr(libreoffice, "program", lambda: str(slow))
    began = time.monotonic()
    with pytest.raises(LimitError, match="limit seconds met"):
        converted(b"x", ".doc", ".docx", replace(DEFAULT, seconds=1))
    assert time.monotonic() - began < 3
    time.sleep(3)
    assert not (folder / "survived").exists()


@needs_libreoffice
@pytest.mark.parametrize("kind", ["doc", "docx", "odt", "rtf", "epub"])
def test_what_libreoffice_writes_is_read_back(kind: str) -> None:
    source, suffix = (made.docx, ".docx") if kind != "docx" else (made.odt, ".odt")
    data = converted(source(made.PARAGRAPHS, made.ROWS), suffix, f".{kind}", DEFAULT)
    assert [line for line in lines(kind, data) if line.strip()] == [*PARAGRAPHS, *ROWS]


@needs_libreoffice
def test_libreoffice_reaches_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.5)
        port = server.getsockname()[1]
        page = f'<html><body><p>走访30户</p><img src="http://127.0.0.1:{port}/a.png"></body></html>'
        converted(page.encode(), ".html", ".odt", DEFAULT)
        with pytest.raises(TimeoutError):
            server.accept()


@needs_libreoffice
def test_what_libreoffice_cannot_read_says_so() -> None:
    with pytest.raises(InputError, match=r"cannot read this \.doc"):
        converted(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), ".doc", ".nonsense", DEFAULT)
