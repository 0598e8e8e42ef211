"""Promises of pages that are saved, garbled, cut off, too deep or too long: text is whole, damage costs no time."""

from __future__ import annotations

import time
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

pytest.importorskip("lxml", reason="pages need lxml")
from jianbao.corpus.limits import DEFAULT, LimitError, Limits
from jianbao.corpus.page_decoding import decode_page
from jianbao.corpus.pages import READERS, read_html, read_mhtml
from made_pages import PROSE, body_of, read

# --- encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "big5"])
@pytest.mark.parametrize("declared", ["", "utf-8", "gb2312", "iso-8859-1", "no-such-charset"])
def test_a_wrong_charset_garbles_nothing(encoding: str, declared: str) -> None:
    head = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={declared}"></head>'
    prose = "本會舉辦聯歡會，資助學生三十名。" if encoding == "big5" else PROSE
    if encoding == "big5" and declared == "gb2312":
        pytest.skip("Big5 is valid GB18030: only the declaration could tell")
    assert prose in read(f"{head}<p>{prose * 3}</p></html>".encode(encoding)).text


def test_gbk_characters_beyond_gb2312_are_read() -> None:
    assert decode_page('<meta charset="gb2312">朱镕基、堃'.encode("gb18030")).text.endswith("朱镕基、堃")


def test_bytes_that_are_no_text_are_counted() -> None:
    document = read(b"<meta charset=gbk><p>" + PROSE.encode("gbk") + b"\xff\xff</p>")
    assert document.status == "partial"
    assert "U+FFFD" in document.message


# --- saved pages


def saved(*parts: MIMEText, start: str = "") -> bytes:
    message = MIMEMultipart("related")
    if start:
        message.set_param("start", start)
    message["Snapshot-Content-Location"] = "https://www.example.cn/1.html"
    for part in parts:
        message.attach(part)
    return message.as_bytes()


@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
def test_the_root_part_of_a_saved_page_is_read(charset: str) -> None:
    page = MIMEText(f"<h1>走访慰问侨眷</h1><p>{PROSE}</p>", "html", charset)
    [document] = read_mhtml(saved(MIMEText("p{}", "css", "utf-8"), page), DEFAULT)
    assert (document.format, body_of(document)) == ("mhtml", PROSE)
    assert document.url == "https://www.example.cn/1.html"


def test_the_part_named_as_start_is_the_root() -> None:
    first, second = MIMEText("<p>广告</p>", "html", "utf-8"), MIMEText(f"<p>{PROSE}</p>", "html", "utf-8")
    second["Content-ID"] = "<root>"
    [document] = read_mhtml(saved(first, second, start="<root>"), DEFAULT)
    assert body_of(document) == PROSE


def test_a_saved_page_without_a_page_says_so() -> None:
    [document] = read_mhtml(saved(MIMEText("p{}", "css", "utf-8")), DEFAULT)
    assert document.status == "failed"
    assert "没有网页" in document.message


# --- damage

DEEP = [b"<div>", b"<span>", b"<table><tr><td>", b"<ul><li>", b"<b>x", b"<font><p>x</p>"]


@pytest.mark.parametrize("tag", DEEP, ids=[tag.decode() for tag in DEEP])
def test_elements_that_lie_too_deep_meet_the_limit(tag: bytes) -> None:
    with pytest.raises(LimitError, match="limit nesting met"):
        list(read_html(tag * 100_000 + PROSE.encode(), DEFAULT))


def test_parts_that_lie_too_deep_meet_the_limit() -> None:
    parts = b"".join(b"Content-Type: multipart/related; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000))
    with pytest.raises(LimitError, match="limit nesting met"):
        list(read_mhtml(parts, DEFAULT))


def test_a_page_with_too_much_text_meets_the_limit() -> None:
    with pytest.raises(LimitError, match="limit text met"):
        list(read_html(f"<p>{PROSE}</p>".encode() * 1000, Limits(text=10_000)))


HUGE = {
    "attribute": b'<p title="' + b"x" * 20_000_000 + b'">' + PROSE.encode(),
    "class": b'<div class="' + b"nav " * 3_000_000 + b'">' + PROSE.encode(),
    "comments": b"<!--" * 1_000_000 + PROSE.encode(),
    "brackets": b"<" * 1_000_000,
    "ampersands": b"&" * 1_000_000,
    "cells": b"<table><tr>" + b"<td>1</td>" * 50_000,
    "rows": b"<table>" + "<tr><td>侨</td><td>1</td></tr>".encode() * 20_000,
    "tables": b"<table><tr><td>" + b"<table><tr><td>2</td><td>3</td></tr></table>" * 10_000,
    "meta": b"<meta name=a content=b>" * 100_000,
    "title": b"<title>" + b"a_" * 1_000_000 + b"</title><p>" + PROSE.encode(),
    "json": b'<script type="application/ld+json">' + b"[" * 90_000 + b"</script><p>" + PROSE.encode(),
    "links": b"<a href=x>abc</a> " * 50_000,
    "lines": b"<pre>" + b"a\n" * 100_000,
    "one line": ("<p>" + "侨" * 5_000_000).encode(),
    "binary": bytes(range(256)) * 2000,
}


@pytest.mark.parametrize("name", HUGE)
def test_a_huge_or_broken_page_is_read_in_seconds(name: str) -> None:
    start = time.process_time()
    document = read(HUGE[name])
    assert document.format == "html"
    assert time.process_time() - start < 15


@pytest.mark.parametrize("page", ["", " \n", "<html></html>", "<!-- x -->", "<p>&nbsp;</p>"])
def test_an_empty_page_says_so(page: str) -> None:
    document = read(page)
    assert document.status == "failed"
    assert "没有文字" in document.message


@pytest.mark.parametrize("cut", range(0, 4000, 131))
def test_a_page_that_was_cut_off_is_read(cut: int) -> None:
    whole = (Path(__file__).parent / "pages" / "jpage_gov_gbk.html").read_bytes()
    assert read(whole[:cut]).status in ("ok", "partial", "failed")


def test_nul_bytes_are_passed_over() -> None:
    assert body_of(read(f"<p>{PROSE}</p>".encode().replace(b"<p>", b"<p>\0"))) == PROSE


def test_the_readers_are_named_by_format() -> None:
    assert {name: next(reader(b"", DEFAULT)).format for name, reader in READERS.items()} == {
        "html": "html",
        "mhtml": "mhtml",
    }
