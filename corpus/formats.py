"""A file's bytes and name in, the name of its format out: by what it holds first, by its name where that leaves a choice."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import BinaryIO

from .decoding import decode, is_binary

PLAIN = frozenset({".txt", ".text", ".md"})
PAGES = frozenset(
    {".htm", ".html", ".shtml", ".shtm", ".xhtml", ".mht", ".mhtml", ".asp", ".aspx", ".jsp", ".jspx", ".php"}
)
OFFICE = frozenset({".doc", ".docx", ".dot", ".docm", ".wps", ".rtf", ".odt", ".epub", ".pdf", ".ppt", ".pptx"})
TABLES = frozenset({".csv", ".tsv", ".tab", ".jsonl", ".ndjson", ".xls", ".xlsx", ".xlsm", ".et", ".parquet"})
ARCHIVES = frozenset({".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz", ".warc", ".7z", ".rar"})
# What a folder is searched for.
SUFFIXES = PLAIN | PAGES | OFFICE | TABLES | ARCHIVES
# What in a folder is no article by its name: code, settings, pictures, films, fonts, programs. `.json` is read where it
# is named: in folders it is mostly settings.
_OTHER = frozenset(
    [
        ".py",
        ".pyc",
        ".ipynb",
        ".js",
        ".mjs",
        ".ts",
        ".map",
        ".css",
        ".less",
        ".scss",
        ".java",
        ".c",
        ".h",
        ".cpp",
        ".go",
        ".rs",
        ".sh",
        ".bat",
        ".ps1",
        ".r",
        ".sql",
        ".vue",
        ".xml",
        ".xsl",
        ".xsd",
        ".dtd",
        ".json",
        ".yaml",
        ".yml",
        ".toml",
        ".ini",
        ".cfg",
        ".conf",
        ".properties",
        ".lock",
        ".log",
        ".bak",
        ".tmp",
        ".part",
        ".swp",
        ".pid",
        ".db",
        ".sqlite",
        ".idx",
        ".pkl",
        ".npy",
        ".bin",
        ".dat",
        ".jpg",
        ".jpeg",
        ".png",
        ".gif",
        ".bmp",
        ".webp",
        ".svg",
        ".ico",
        ".tif",
        ".tiff",
        ".psd",
        ".mp3",
        ".wav",
        ".m4a",
        ".mp4",
        ".avi",
        ".mov",
        ".flv",
        ".m3u8",
        ".ttf",
        ".otf",
        ".woff",
        ".woff2",
        ".eot",
        ".exe",
        ".dll",
        ".so",
        ".dylib",
        ".msi",
        ".apk",
        ".iso",
        ".jar",
        ".class",
        ".whl",
        ".lnk",
        ".url",
        ".ds_store",
    ]
)

_HEAD = 8192
_TAIL = 1 << 20
_MAGIC = (
    (b"%PDF-", "pdf"), (b"{\\rtf", "rtf"), (b"PAR1", "parquet"), (b"\x1f\x8b", "gz"), (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"), (b"7z\xbc\xaf\x27\x1c", "7z"), (b"Rar!\x1a\x07", "rar"), (b"WARC/", "warc"),
)  # fmt: skip
_MAGICS = tuple(magic for magic, _ in _MAGIC)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Names of the main stream inside an OLE file; WPS Writer and Spreadsheets keep Word's and Excel's.
_STREAMS = (
    ("EncryptedPackage", "locked"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
)
_PARTS = ((b"word/document", "docx"), (b"xl/workbook", "xlsx"), (b"ppt/presentation", "ppt"))
_MIMETYPES = (
    (b"mimetypeapplication/epub+zip", "epub"),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", "odt"),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "ods"),
)
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|meta|title|div|table|p|script)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_ELEMENTS = re.compile(r"<(?:html|head|body|div|p|br|td|span|article|section)[\s/>]", re.IGNORECASE)
_MIME = re.compile(r"(?:^|\n)content-type:\s*multipart/(?:related|mixed|alternative)", re.IGNORECASE)
_MIME_VERSION = re.compile(r"(?:^|\n)(?:mime-version:|from: <saved by)", re.IGNORECASE)
_HAN = re.compile("[\u4e00-\u9fff]")
_OBJECT_LINE = re.compile(r'\s*\{\s*"[^"\n]*"\s*:')
# A zip so named that lacks the parts of a document is a damaged one.
_PACKED = {".docx": "docx", ".docm": "docx", ".xlsx": "xlsx", ".xlsm": "xlsx", ".odt": "odt", ".epub": "epub"}
_BY_SUFFIX = {
    ".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json",
}  # fmt: skip


def suffix_of(name: str) -> str:
    """The last suffix of a name in lower case, with its dot; '' where there is none.

    >>> suffix_of("简报/2023年第3期.DOCX"), suffix_of("README")
    ('.docx', '')
    """
    return os.path.splitext(name)[1].lower()


def _open(path: str) -> BinaryIO:
    return open(path, "rb")


def may_hold_articles(path: str, opened: Callable[[str], BinaryIO] = _open) -> bool:
    """Whether a file of a folder is read: by its suffix, and where that says nothing by what it holds. A text without
    a suffix that says so counts where it holds Chinese.

    Raises:
        OSError: where it cannot be opened.
    """
    suffix = suffix_of(path)
    if suffix in SUFFIXES or suffix in _OTHER:
        return suffix in SUFFIXES
    with opened(path) as file:
        found = format_of(file, path)
        return found not in ("empty", "binary", "ppt", "locked", "json") and (
            found != "text" or _HAN.search(decode(file.read(_HEAD)).text) is not None
        )


def format_of(file: BinaryIO, name: str) -> str:
    """The format of an open file; the place in the file is as before.

    One of text, html, mhtml, docx, doc, ppt, rtf, odt, epub, pdf, csv, tsv, jsonl, json, xlsx, xls, ods, parquet, zip, tar,
    gz, bz2, xz, warc, 7z, rar, empty, locked (encrypted) and binary (anything else that is no text).

    >>> import io
    >>> format_of(io.BytesIO("<html><body>走访侨眷30户".encode()), "旧闻.txt")
    'html'
    """
    here = file.tell()
    found, _ = opening_of(file, name)
    file.seek(here)
    return found


def opening_of(file: BinaryIO, name: str) -> tuple[str, bytes]:
    """The format of an open file, and its first bytes where it is text: these are read, the file goes on behind them. Of
    another format nothing is read: the place in the file is as before.
    """
    here = file.tell()
    head = file.read(_HEAD)
    found = _of_head(head, name) or _of_container(file, here, head, name)
    if found == "text":
        return found, head
    file.seek(here)
    return found, b""


def _of_head(head: bytes, name: str) -> str:
    """The format that the first bytes tell; '' for a container and for text."""
    if not head.strip(b" \t\r\n\xef\xbb\xbf\xff\xfe\x00"):
        return "empty"
    if head.startswith(_MAGICS):
        found = next(found for magic, found in _MAGIC if head.startswith(magic))
        return "warc" if found == "gz" and name.lower().endswith(".warc.gz") else found
    return "tar" if head[257:262] == b"ustar" else ""


def _of_container(file: BinaryIO, here: int, head: bytes, name: str) -> str:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _of_zip(head, _tail(file, here)) or _PACKED.get(suffix_of(name), "zip")
    if head.startswith(_OLE):
        return _of_ole(head + file.read(_TAIL) + _tail(file, here), name)
    return _of_text(head, name)


def _tail(file: BinaryIO, here: int) -> bytes:
    end = file.seek(0, os.SEEK_END)
    file.seek(max(here, end - _TAIL))
    return file.read(_TAIL)


def _of_zip(head: bytes, tail: bytes) -> str:
    """The list of members stands at the end of a zip; packed documents name their kind in their first member.

    '' for a zip that is no document, or a damaged one.
    """
    for mark, found in _MIMETYPES:
        if mark in head[:200]:
            return found
    if b"[Content_Types].xml" in head or b"[Content_Types].xml" in tail:
        return next((found for mark, found in _PARTS if mark in tail or mark in head), "")
    return ""


def _of_ole(data: bytes, name: str) -> str:
    for stream, found in _STREAMS:
        if stream.encode("utf-16-le") in data:
            return found
    return {".xls": "xls", ".et": "xls", ".ppt": "ppt", ".doc": "doc", ".wps": "doc"}.get(suffix_of(name), "binary")


def _of_text(head: bytes, name: str) -> str:
    suffix = suffix_of(name)
    if is_binary(head.replace(b"\0", b"") if suffix in _BY_SUFFIX else head):  # a table may hold a stray NUL
        return "binary"
    if not _may_be_marked_up(head):
        return _BY_SUFFIX.get(suffix, "text")
    text = decode(head).text
    if _PAGE.match(text) or (suffix in PAGES and _ELEMENTS.search(text)):
        return "html"
    if _MIME_VERSION.search(text[:2000]) and _MIME.search(text):
        return "mhtml"
    if suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    return "jsonl" if _OBJECT_LINE.match(text) and suffix not in PLAIN else "text"


def _may_be_marked_up(head: bytes) -> bool:
    """Whether the bytes hold a sign of a page, a letter or JSON; in all encodings these signs are the bytes of ASCII."""
    return b"<" in head or b"{" in head or b"content-type" in head.replace(b"\0", b"").lower()
