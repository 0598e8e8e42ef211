"""Bytes of a web page in, its text and its element tree out."""

from __future__ import annotations

import codecs
import re
from typing import Any

from .decoding import Decoded, decode

_DECLARED = re.compile(
    rb"""<(?:meta[^>]{0,200}?charset|\?xml[^>]{0,60}?encoding)\s*=\s*["']?\s*([\w.:-]{2,30})""", re.IGNORECASE
)
_HEAD = 8192
_SAMPLE = 200_000
_TAG = re.compile(rb"<[^>]{0,2000}>")
# Charsets that a page may name; any other name is not believed (latin1 decodes everything and garbles it).
_CHARSETS = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030",
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "shift_jis": "cp932", "euc-jp": "euc_jp", "euc-kr": "cp949",
}  # fmt: skip


def decode_page(data: bytes) -> Decoded:
    """Text of a page: by its mark, as UTF-8 where it is valid, as it declares where that decodes, else guessed.

    >>> decode_page('<meta charset="gb2312">侨联'.encode("gbk")).encoding
    'gb18030'
    >>> decode_page('<meta charset="gbk">侨联'.encode()).encoding
    'utf-8'
    """
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or _is_wide(data):
        return decode(data)
    data = data.replace(b"\0", b"")
    declared = _declared(data)
    if _decoded(data, "utf-8") is not None:
        return decode(data)
    # Guessed without the tags, whose letters would speak for every encoding; no second byte of GBK or Big5 is < or >.
    for encoding in (declared, decode(_TAG.sub(b" ", data[:_SAMPLE])).encoding):
        if encoding and (text := _decoded(data, encoding)) is not None:
            return Decoded(text, encoding, 0)
    return decode(data)


def _decoded(data: bytes, encoding: str) -> str | None:
    """The bytes as text, None where the encoding does not know them all."""
    try:
        return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        return None


def _is_wide(data: bytes) -> bool:
    """Whether NUL bytes are those of UTF-16 without a mark: a quarter of the first bytes."""
    return data[:2000].count(0) * 4 > len(data[:2000])


def _declared(data: bytes) -> str:
    found = _DECLARED.search(data, 0, _HEAD)
    return _CHARSETS.get(found.group(1).decode("ascii", "ignore").lower(), "") if found else ""


def tree_of(text: str) -> Any:
    """The element tree of a page, however broken; None where there is none."""
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.LxmlError:
        return None


def decode_part(part: Any) -> Decoded:
    """Text of a part of a saved page, by the charset that its head declares where the page itself declares none."""
    data = part.get_payload(decode=True) or b""
    charset = _CHARSETS.get((part.get_content_charset() or "").lower(), "")
    if charset and not _declared(data) and _decoded(data, "utf-8") is None:
        data = f'<meta charset="{charset}">'.encode() + data
    return decode_page(data)
