"""Crawled web pages in, documents out: the visible text in lines, and which stretches of it are the article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from .articleless import EMPTY, LIST, is_list, is_search, why_empty
from .body import body_spans
from .decoding import Decoded
from .document import Document, Reader, failed
from .flat_pages import DATED, Block, Flat, Line, is_told
from .flattening import flatten
from .limits import LimitError, Limits
from .page_blocks import LITTLE, article_of, contribution
from .page_body import body_of
from .page_decoding import decode_page, decode_part, tree_of
from .page_metadata import read_metadata
from .script import fold
from .surroundings import Surroundings

_SHORTEST = 200
_PARTS = 10_000
_PAGE_TYPES = frozenset(("text/html", "application/xhtml+xml"))
_LONGEST_NOTE = 5000
_NOTE = re.compile(r"<(title|date)>([^<]{1,200})</", re.IGNORECASE)


def read_html(data: bytes, limits: Limits) -> Iterator[Document]:
    """The one document of a web page: visible text in lines, its article's stretches, and what the page says of it.

    >>> page = "<title>慰问侨眷_某区侨联</title><h1>慰问侨眷</h1><p>区侨联走访慰问侨眷30户，送去慰问金。</p>"
    >>> [document] = read_html(page.encode(), Limits())
    >>> document.title, [document.text[start:end] for start, end in document.body or ()]
    ('慰问侨眷', ['区侨联走访慰问侨眷30户，送去慰问金。'])

    Raises:
        LimitError: where the page is nested too deep or holds too much text.
    """
    yield _read(decode_page(data), limits, "html", "")


def _read(decoded: Decoded, limits: Limits, read_as: str, url: str) -> Document:
    root = tree_of(decoded.text)
    if root is None:
        return failed(EMPTY, read_as)
    flat = flatten(root, limits)
    if len(flat.text) < _SHORTEST and (reason := why_empty(root, flat)):
        return Document(flat.text, read_as, status="failed", message=reason, body=(), url=url)
    block, worth = article_of(flat)
    post = contribution(flat, block) if block else None
    known = read_metadata(root, _surroundings(flat, post), _noted(decoded.text))
    if is_list(flat, block, known.title, known.evident) or is_search(root, flat):
        return Document(flat.text, read_as, url=known.url or url, status="failed", message=LIST, body=())
    spoken = post and (
        worth > LITTLE or any(is_told(line) or line.table for line in flat.lines[post.first : post.last])
    )
    whole = Block(False, 0, len(flat.lines))
    body = tuple(body_of(flat, post if post and spoken else whole, known.title)) if flat.lines else ()
    message = _replaced(decoded)
    return Document(
        flat.text,
        read_as,
        title=known.title,
        published=known.published,
        source=known.source,
        contributor=known.contributor,
        url=known.url or url,
        body=body or body_spans(fold(flat.text), fold(known.title)),
        status="partial" if message else "ok",
        message=message,
    )


def _surroundings(flat: Flat, block: Block | None) -> Surroundings:
    """What of a page is told to those that look for title, date and source."""
    first, last = (block.first, block.last) if block else (0, len(flat.lines))
    lines = [flat.printed(line) for line in flat.lines]
    links = list(map(_is_linked, flat.lines))
    plain = [line.text for line in flat.lines]
    asides = [line.aside for line in flat.lines]
    loud = [line.loud for line in flat.lines]
    rows = [line.table > 0 for line in flat.lines]
    return Surroundings(lines, plain, links, asides, loud, rows, flat.broken, flat.pictures, first, last)


def _is_linked(line: Line) -> bool:
    """Whether a line is a link from end to end, but for a date beside it."""
    return line.linked > 0 and 5 * line.linked >= 4 * len(DATED.sub("", line.text).strip("[]（）() "))


def _noted(text: str) -> dict[str, str]:
    """What the systems of newspapers note of an article in a comment: `<!--enpproperty <title>…</title> … -->`."""
    start = text.find("<!--enpproperty")
    note = text[start : start + _LONGEST_NOTE].partition("-->")[0] if start >= 0 else ""
    return {match.group(1).lower(): match.group(2).strip() for match in _NOTE.finditer(note)}


def _replaced(decoded: Decoded) -> str:
    if not decoded.replaced:
        return ""
    return (
        f"{decoded.replaced} stretches are no {decoded.encoding} and were replaced by U+FFFD"
        f" ({decoded.replaced} 处无法解码，已替换)"
    )


def read_mhtml(data: bytes, limits: Limits) -> Iterator[Document]:
    """The one document of a page that a browser saved with its pictures: its root part is read as `read_html` does.

    Raises:
        LimitError: where parts or elements are nested too deep or there is too much text.
    """
    from email import message_from_bytes
    from email.policy import compat32

    try:
        root = _root_part(message_from_bytes(data, policy=compat32))
    except RecursionError:
        raise LimitError("nesting", "parts of the saved page lie too deep") from None
    if root is None:
        yield failed("no web page among the parts (存档中没有网页)", "mhtml")
        return
    part, url = root
    yield _read(decode_part(part), limits, "mhtml", url)


def _root_part(message: Any) -> tuple[Any, str] | None:
    """The part that the archive names as its start, else its first page; and the address it was saved from."""
    start = message.get_param("start") or ""
    address = str(message.get("Snapshot-Content-Location") or "")
    pages = [part for part in islice(message.walk(), _PARTS) if part.get_content_type() in _PAGE_TYPES]
    named = [part for part in pages if start and part.get("Content-ID") == start]
    for part in named or pages:
        return part, (address or str(part.get("Content-Location") or "")).strip()
    return None


READERS: Mapping[str, Reader] = {"html": read_html, "mhtml": read_mhtml}
