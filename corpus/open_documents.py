"""Bytes of ODF and EPUB files in, documents out: paragraphs, table rows, boxes and notes, or chapters, in their order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Literal
from urllib.parse import unquote

from .document import Document, Reader
from .limits import Limits
from .lines import ENCRYPTED, LONGEST_TITLE, Lines, RefusalError, document_of, refusing, squeezed
from .packages import UNREADABLE, Attributes, Package, Part, Properties, feed, properties_of

# OpenDocument ----------------------------------------------------------------------------------------------------

_ODF_PARAGRAPHS = frozenset({"text:p", "text:h"})
_ODF_LEFT_OUT = frozenset(
    {"text:tracked-changes", "office:annotation", "text:note-citation", "text:ruby-text", "text:bibliography-mark"}
    | {"text:sequence-decls", "text:variable-decls", "text:user-field-decls", "office:forms", "office:font-face-decls"}
)
_ODF_SIGNS = {"text:tab": "\t", "text:line-break": "\n"}
_ODF_PLACES: Mapping[str, Literal["row", "cell", "box", "note"]] = {
    "table:table-row": "row",
    "table:table-cell": "cell",
    "draw:text-box": "box",
    "text:note-body": "note",
}
_MOST_SPACES = 1000


class _OpenText(Part):
    """The text of an ODF content part."""

    def __init__(self, lines: Lines) -> None:
        self._lines, self._skipped, self._depth = lines, 0, 0

    def start(self, name: str, attributes: Attributes) -> None:
        if self._skipped or name in _ODF_LEFT_OUT:
            self._skipped += 1
        elif name in _ODF_PARAGRAPHS:
            self._depth += 1
        elif name in _ODF_SIGNS:
            self._lines.write(_ODF_SIGNS[name])
        elif name in _ODF_PLACES:
            self._lines.open(_ODF_PLACES[name])
        elif name == "text:s":
            self._lines.write(" " * _spaces(attributes))

    def end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif name in _ODF_PARAGRAPHS:
            self._depth -= 1
            self._lines.end_paragraph()
        elif name in _ODF_PLACES:
            self._lines.close()

    def data(self, text: str) -> None:
        if self._depth and not self._skipped:
            self._lines.write(squeezed(text))

    def pause(self) -> None:
        self._lines.check_time()


def _spaces(attributes: Attributes) -> int:
    count = next((value for key, value in attributes.items() if key.endswith(" c")), "1")
    return min(int(count), _MOST_SPACES) if count.isdecimal() else 1


class _Signs(Part):
    """Whether a part holds an element of a name."""

    def __init__(self, name: str) -> None:
        self._name, self.met = name, False

    def start(self, name: str, attributes: Attributes) -> None:
        self.met = self.met or name == self._name


def _holds(package: Package, part: str, element: str) -> bool:
    signs = _Signs(element)
    return part in package.names and feed(package, part, signs) and signs.met


def _odt(data: bytes, limits: Limits) -> Document:
    package, lines = Package(data, limits), Lines(limits)
    if _holds(package, "META-INF/manifest.xml", "?:encryption-data"):
        raise RefusalError(ENCRYPTED)
    whole = feed(package, "content.xml", _OpenText(lines))
    return document_of(lines, "odt", whole, properties_of(package, "meta.xml").first("dc:title"))


# EPUB ------------------------------------------------------------------------------------------------------------


class _Book(Properties):
    """An OPF part: properties, and the chapters in reading order."""

    def __init__(self) -> None:
        super().__init__()
        self._items: dict[str, tuple[str, str]] = {}
        self._order: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:
        super().start(name, attributes)
        if name == "?:item" and "html" in attributes.get("media-type", ""):
            self._items[attributes.get("id", "")] = (attributes.get("href", ""), attributes.get("properties", ""))
        elif name == "?:itemref" and attributes.get("linear") != "no":
            self._order.append(attributes.get("idref", ""))

    def chapters(self, folder: PurePosixPath) -> list[str]:
        found = dict.fromkeys(key for key in self._order if key in self._items)
        items = [self._items[key] for key in found]
        return [normpath(str(folder / unquote(href))) for href, kind in items if "nav" not in kind.split()]

    def published(self) -> date | None:
        """The date that the book calls its publication, or its only one where that is a day without a time."""
        dates = self.found.get("dc:date", [])
        named = [value for value, marks in dates if "publication" in marks.values()]
        alone = [dates[0][0]] if len(dates) == 1 and not _event(dates[0][1]) else []
        return next((day for value in named or alone if (day := _day(value))), None)


def _event(attributes: Attributes) -> str:
    return next((value for key, value in attributes.items() if key.endswith(" event")), "")


_EARLIEST = 1949


def _day(value: str) -> date | None:
    try:
        day = date.fromisoformat(value) if len(value) == 10 else None
    except ValueError:
        return None
    return day if day and _EARLIEST <= day.year <= date.today().year else None


class _Container(Part):
    def __init__(self) -> None:
        self.book = ""

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "?:rootfile":
            self.book = self.book or attributes.get("full-path", "")


_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "p div h1 h2 h3 h4 h5 h6 li ul ol dl dt dd blockquote section article header footer aside figure figcaption "
        "table caption pre hr body",
    )
)
_PAGE_LEFT_OUT = frozenset({"head", "script", "style", "nav", "rt", "rp", "svg", "math", "template", "noscript"})
_PAGE_PLACES: Mapping[str, Literal["row", "cell"]] = {"tr": "row", "td": "cell", "th": "cell"}


class _Chapter:
    """The text of an XHTML chapter, as a parser target of lxml; deeper elements than the limit are not told apart."""

    def __init__(self, lines: Lines) -> None:
        self._lines, self._skipped, self._written = lines, 0, False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._skipped or name in _PAGE_LEFT_OUT:
            self._skipped += 1
        elif name in _PAGE_PLACES:
            self._break()
            self._lines.open(_PAGE_PLACES[name])
        elif name in _BLOCKS:
            self._break()
        elif name == "br":
            self._lines.write("\n")

    def end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif name in _PAGE_PLACES:
            self._break()
            self._lines.close()
        elif name in _BLOCKS:
            self._break()

    def data(self, text: str) -> None:
        if not self._skipped and (self._written or text.strip(" \t\r\n")):
            self._lines.write(squeezed(text))
            self._written = True

    def _break(self) -> None:
        if self._written:
            self._lines.end_paragraph()
            self._written = False

    def close(self) -> None:
        self._break()


def _read_chapter(package: Package, name: str, lines: Lines) -> bool:
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

    parser = etree.HTMLParser(target=_Chapter(lines), encoding=None, no_network=True)
    try:
        for chunk in package.chunks(name):
            parser.feed(chunk)
            lines.check_time()
        parser.close()
    except (etree.LxmlError, RefusalError, *UNREADABLE):
        return False
    return True


def _epub(data: bytes, limits: Limits) -> Document:
    package, lines, container, book = Package(data, limits), Lines(limits), _Container(), _Book()
    feed(package, "META-INF/container.xml", container)
    whole = feed(package, container.book, book)
    folder = PurePosixPath(container.book).parent
    chapters = book.chapters(folder)
    if _locked(package, chapters):
        raise RefusalError(ENCRYPTED)
    for chapter in chapters:
        whole = _read_chapter(package, chapter, lines) and whole
    document = document_of(lines, "epub", whole)
    if document.status == "failed":
        return document
    title, source = _named(book.first("dc:title")), _named(book.first("dc:publisher"))
    return Document(
        document.text,
        "epub",
        title=title,
        published=book.published(),
        source=source,
        status=document.status,
        message=document.message,
    )


_UNNAMED = re.compile(
    r"(?i)un(?:known|titled|named)\b.*|no(?:ne| title)|n/?a|(?:无|未知|未命名|没有)(?:标题|书名|作者|出版.*)?|calibre.*"
)


def _named(value: str) -> str:
    """A title or publisher, '' where a program filled in that there is none."""
    return "" if len(value) > LONGEST_TITLE or _UNNAMED.fullmatch(value) else value


class _Locks(Part):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "?:CipherReference":
            self.names.add(unquote(attributes.get("URI", "")))


def _locked(package: Package, chapters: list[str]) -> bool:
    """Whether chapters are encrypted; books often hide their fonts only, which does not matter."""
    locks = _Locks()
    if "META-INF/encryption.xml" in package.names:
        feed(package, "META-INF/encryption.xml", locks)
    return not locks.names.isdisjoint(chapters)


READERS: Mapping[str, Reader] = {"odt": refusing(_odt, "odt"), "epub": refusing(_epub, "epub")}
