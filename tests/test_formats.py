"""Promises on formats: what a file holds decides, its name only where that leaves a choice."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jianbao.corpus import formats as module
from jianbao.corpus.formats import SUFFIXES, format_of, opening_of, suffix_of
from jianbao.corpus.limits import Limits
from jianbao.corpus.opening import Opener
from jianbao.corpus.sheets import Columns
from jianbao.corpus.sources import list_sources

PAGE = "<!DOCTYPE html>\n<html><head><meta charset='gbk'></head><body><p>走访侨眷30户</p></body></html>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def packed(*names: str, first: bytes = b"x") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, first)
    return file.getvalue()


def tarred() -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("简报.txt"))
    return file.getvalue()


CASES: dict[str, tuple[bytes, str, str]] = {
    "a page": (PAGE.encode("gbk"), "a.html", "html"),
    "a page called a text": (PAGE.encode(), "a.txt", "html"),
    "a page called a Word file, as old offices save it": (PAGE.encode("gb18030"), "通知.doc", "html"),
    "a page without a name": (PAGE.encode(), "a", "html"),
    "a page in UTF-16": (PAGE.encode("utf-16"), "a.htm", "html"),
    "a page behind an XML head and a remark": (b'<?xml version="1.0"?>\n<!-- saved -->\n' + PAGE.encode(), "a", "html"),
    "a piece of a page": ("走访<br>侨眷".encode(), "a.shtml", "html"),
    "a text called a page": ("走访侨眷30户。".encode(), "a.html", "text"),
    "a text that speaks of a < b": ("a < b，<30户".encode(), "a.txt", "text"),
    "a saved page": (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n", "a.mht", "mhtml"),
    "a letter of text": ("来信：Content-Type 是什么".encode(), "a.txt", "text"),
    "a Word file": (packed("[Content_Types].xml", "word/document.xml"), "a.docx", "docx"),
    "a Word file called a zip": (packed("_rels/.rels", "word/document.xml", "[Content_Types].xml"), "a.zip", "docx"),
    "a workbook": (packed("[Content_Types].xml", "xl/workbook.xml"), "a.xlsx", "xlsx"),
    "slides": (packed("[Content_Types].xml", "ppt/presentation.xml"), "a.pptx", "ppt"),
    "an ODF text": (packed("mimetype", first=b"application/vnd.oasis.opendocument.text"), "a.odt", "odt"),
    "a book": (packed("mimetype", first=b"application/epub+zip"), "a.epub", "epub"),
    "a zip": (packed("简报/第3期.txt"), "a", "zip"),
    "a Word file that lost its parts": (packed("docProps/app.xml"), "a.docx", "docx"),
    "a Word file with a password": (OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", "locked"),
    "a table with a stray NUL": ("标题,正文\n慰\0问,走访".encode(), "a.csv", "csv"),
    "a zip without members": (packed(), "a.zip", "zip"),
    "an old Word file": (OLE + "WordDocument".encode("utf-16-le"), "a.bin", "doc"),
    "an old workbook": (OLE + "Workbook".encode("utf-16-le"), "a.doc", "xls"),
    "a WPS file": (OLE, "a.wps", "doc"),
    "some OLE file": (OLE, "thumbs.db", "binary"),
    "RTF called Word": (rb"{\rtf1\ansi\ansicpg936 \'d7\'df}", "a.doc", "rtf"),
    "a PDF": (b"%PDF-1.7\n", "a.txt", "pdf"),
    "a table": ("标题,正文\n慰问,走访".encode(), "a.csv", "csv"),
    "a table of tabs": ("标题\t正文\n慰问\t走访".encode("utf-16"), "a.TSV", "tsv"),
    "a text with commas": ("标题,正文\n慰问,走访".encode(), "a.txt", "text"),
    "JSON lines": ('{"正文": "走访"}\n'.encode(), "a.dat", "jsonl"),
    "JSON lines by name": (b"\n", "a.jsonl", "empty"),
    "JSON": ('[{"正文": "走访"}]'.encode(), "a.json", "json"),
    "Parquet": (b"PAR1\x15\x04", "a", "parquet"),
    "gzip": (gzip.compress("走访".encode()), "a.txt.gz", "gz"),
    "bzip2": (bz2.compress(b"x"), "a.bz2", "bz2"),
    "xz": (lzma.compress(b"x"), "a.xz", "xz"),
    "tar": (tarred(), "a.tar", "tar"),
    "WARC": (b"WARC/1.0\r\nWARC-Type: warcinfo\r\n", "crawl", "warc"),
    "packed WARC": (gzip.compress(b"WARC/1.0\r\n"), "crawl.warc.gz", "warc"),
    "7z": (b"7z\xbc\xaf\x27\x1c\x00\x04", "a.7z", "7z"),
    "rar": (b"Rar!\x1a\x07\x01\x00", "a.rar", "rar"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "a.txt", "binary"),
    "nothing": (b"", "a.docx", "empty"),
    "blanks": (b"\xef\xbb\xbf  \r\n", "a.txt", "empty"),
    "a text": ("走访侨眷30户。".encode("gb18030"), "a.txt", "text"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_format_is_told_by_what_the_file_holds(name: str) -> None:
    data, file, expected = CASES[name]
    assert format_of(io.BytesIO(data), file) == expected


def test_the_place_in_the_file_stays() -> None:
    file = io.BytesIO(b"12345" + PAGE.encode())
    file.seek(5)
    assert format_of(file, "a") == "html"
    assert file.tell() == 5


@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.doc", "a.html", "a.csv", "a"]))
def test_any_bytes_have_a_format(data: bytes, name: str) -> None:
    assert format_of(io.BytesIO(data), name)


SIGNS = [
    "<",
    "<p ",
    "<html>",
    "{",
    '{"正文": "走访"}',
    "\n",
    "MIME-Version: 1.0\n",
    "Content-Type: multipart/mixed",
    "侨联",
    "，",
    "\0",
]


@given(
    st.lists(st.sampled_from(SIGNS), max_size=8).map("".join),
    st.sampled_from(["utf-8", "utf-16", "utf-16-be", "gb18030", "big5"]),
    st.sampled_from(["a.txt", "a.html", "a.csv", "a.json", "a"]),
)
def test_bytes_without_signs_of_a_page_are_told_as_if_they_were_looked_at(text: str, encoding: str, name: str) -> None:
    data = text.encode(encoding, "replace")
    told = format_of(io.BytesIO(data), name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_may_be_marked_up", lambda head: True)
        assert format_of(io.BytesIO(data), name) == told


class Watched(io.BytesIO):
    """A file that counts what is read of it."""

    given = 0

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self.given += len(data)
        return data


def test_a_plain_text_is_read_once() -> None:
    for data in ("走访侨眷30户。".encode(), "走访侨眷30户。\n".encode() * 3000):
        file = Watched(data)
        found, head = opening_of(file, "a.txt")
        assert (found, head + file.read(), file.given) == ("text", data, len(data))


def test_what_makes_a_long_text_binary_is_found_behind_its_head() -> None:
    text = "走访侨眷30户。\n".encode() * 1000
    with tempfile.TemporaryDirectory() as folder, Opener(Columns(), Limits()) as opener:
        for name, data in (("a.txt", text), ("b.txt", text + bytes(9))):
            Path(folder, name).write_bytes(data)
        told = [next(opener.documents(Path(folder, name))) for name in ("a.txt", "b.txt")]
    assert [(one.status, one.text) for one in told] == [("ok", text.decode()), ("failed", "")]


def test_suffixes_are_lower_case_with_a_dot() -> None:
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in SUFFIXES)
    assert suffix_of("简报.TXT") in SUFFIXES


def test_a_folder_is_searched_by_content_where_names_say_nothing(tmp_path: Path) -> None:
    held = {
        "无后缀": "走访侨眷30户。".encode("gb18030"),
        "1024": PAGE.encode(),
        "简报.第3期": "走访侨眷31户。".encode(),
        "README": b"This is a folder of articles.",
        "脚本.py": "# 走访侨眷30户".encode(),
        "照片.jpg": b"\xff\xd8\xff\xe0",
        "扫描": b"\x89PNG\r\n\x1a\n",
        "幻灯.pptx": packed("[Content_Types].xml", "ppt/presentation.xml"),
        "空": b"",
        "参数.json": b"[]",
    }
    for name, data in held.items():
        (tmp_path / name).write_bytes(data)
    assert {source.id for source in list_sources(tmp_path)} == {"无后缀", "1024", "简报.第3期", "幻灯.pptx"}
    assert [source.id for source in list_sources(tmp_path / "参数.json")] == ["参数.json"]
