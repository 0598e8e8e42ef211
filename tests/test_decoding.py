"""Promises of decoding: every encoding of a Chinese file is read, and nothing raises."""

from __future__ import annotations

import os
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jianbao.corpus.decoding import decode, is_binary

PAGE = "慰问归侨侨眷\n2021-03-08 来源：绍兴日报\n一年来，柯桥区侨联走访侨眷46户，最多一户送去慰问金2000元。\n"
TRADITIONAL = "今年以來，臺中市僑界舉辦活動十七場，參加的僑胞有三百餘人，捐贈書籍六百冊。\n"
CHINESE = st.text(st.sampled_from("一是最开侨联走访慰问了三十余户，。：“”（）、0123 \nABz"), min_size=1)


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("gb2312", "gb18030"),
        ("gbk", "gb18030"),
        ("gb18030", "gb18030"),
    ],
)
def test_a_page_reads_the_same_in_every_encoding(codec: str, name: str) -> None:
    assert decode(PAGE.encode(codec)) == (PAGE, name, 0)


def test_characters_beyond_gbk_are_read_from_gb18030() -> None:
    assert decode("䶮镇走访𠮷姓侨眷，送去慰问金。".encode("gb18030")).text == "䶮镇走访𠮷姓侨眷，送去慰问金。"


def test_traditional_text_is_read_from_big5() -> None:
    assert decode(TRADITIONAL.encode("big5")) == (TRADITIONAL, "big5", 0)


def test_a_long_ascii_head_does_not_hide_the_encoding() -> None:
    head = "id,name,url\n" * 2000
    assert decode((head + PAGE).encode("gbk")) == (head + PAGE, "gb18030", 0)


def test_line_ends_become_newlines_and_the_mark_is_dropped() -> None:
    assert decode("\ufeff一\r\n二\r三\n".encode()).text == "一\n二\n三\n"


def test_broken_bytes_are_replaced_and_counted() -> None:
    broken = decode(PAGE[:9].encode() + b"\xff" + PAGE[9:30].encode() + b"\xfe" + PAGE[30:].encode())
    assert (broken.encoding, broken.replaced) == ("utf-8", 2)
    assert broken.text.replace("\ufffd", "") == PAGE


def test_a_replacement_mark_that_the_writer_typed_is_not_counted() -> None:
    assert decode("侨\ufffd联".encode()).replaced == 0
    assert decode("侨\ufffd联走访慰问侨眷，".encode() + b"\xff").replaced == 1


def test_a_foreign_line_does_not_change_the_encoding_of_the_rest() -> None:
    mixed = decode(PAGE.encode() * 5 + PAGE.encode("gbk"))
    assert mixed.encoding == "utf-8"
    assert mixed.text.startswith(PAGE * 5)
    assert mixed.replaced > 0


def test_a_utf8_line_in_a_gbk_file_leaves_the_others_readable() -> None:
    mixed = decode(PAGE.encode() + PAGE.encode("gbk") * 5)
    assert mixed.encoding == "gb18030"
    assert PAGE * 4 in mixed.text


def test_an_empty_file_is_an_empty_text() -> None:
    assert decode(b"") == ("", "utf-8", 0)


@given(CHINESE)
def test_utf8_round_trips(text: str) -> None:
    assert decode(text.encode()).text == text


@given(CHINESE)
def test_utf16_with_its_mark_round_trips(text: str) -> None:
    assert decode(text.encode("utf-16")).text == text


@given(CHINESE, st.sampled_from(["utf-16-le", "utf-16-be"]))
def test_utf16_of_pages_with_lines_round_trips_without_a_mark(text: str, codec: str) -> None:
    page = PAGE + text + "\n"
    assert decode(page.encode(codec)).text == page


@given(CHINESE)
def test_gb18030_of_pages_round_trips(text: str) -> None:
    page = PAGE + text
    assert decode(page.encode("gb18030")).text == page


@given(st.binary(max_size=400))
def test_no_bytes_raise(data: bytes) -> None:
    decoded = decode(data)
    assert "\r" not in decoded.text
    assert decoded.replaced >= 0
    assert is_binary(data) in (True, False)


@given(st.binary(max_size=60), st.integers(0, 200))
def test_no_splice_into_a_page_raises(splice: bytes, place: int) -> None:
    data = PAGE.encode()
    assert decode(data[:place] + splice + data[place:]).text


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n",
        b"%PDF-1.4\n%\xe2\xe3",
        b"PK\x03\x04\x14\x00",
        b"\x7fELF\x02\x01",
        b"\xff\xd8\xff\xe0",
        zlib.compress(PAGE.encode() * 40 + os.urandom(3000)),
        b"\x00\x01\x02\x03" * 50,
        bytes(range(1, 256)) * 8,
    ],
)
def test_binary_files_are_known(data: bytes) -> None:
    assert is_binary(data)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_texts_are_not_binary(codec: str) -> None:
    assert not is_binary(PAGE.encode(codec))
    assert not is_binary(b"")


def test_a_large_file_is_decoded_in_linear_time() -> None:
    data = PAGE.encode("gbk") * 20_000
    start = time.process_time()
    assert decode(data).replaced == 0
    assert time.process_time() - start < 5
