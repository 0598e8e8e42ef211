"""Bytes of Word, RTF, ODF and EPUB files in, documents out: paragraphs, table rows, text boxes and notes in their order."""

from __future__ import annotations

import re
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Literal
from urllib.parse import unquote
from xml.parsers import expat

from .document import Document, Reader, failed
from .errors import InputError
from .libreoffice import converted
from .limits import LimitError, Limits

CHUNK = 1 << 18
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "encrypted: save it without a password (文件已加密，请去掉密码后另存)"
BROKEN = "broken or cut off: save it again (文件损坏或不完整，请重新保存)"
NO_TEXT = "no text in it, pictures at most: run OCR first (文件中没有文字，如为图片请先做文字识别)"
PARTLY = "broken or cut off: read as far as it goes (文件损坏，只读到损坏处)"
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)

# Lines -----------------------------------------------------------------------------------------------------------

_BREAKS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_EMPTY_LINES = re.compile(r"\n{3,}")
_SPACES = re.compile(r"[ \t\r\n]+")


def tidy(text: str) -> str:
    """The text as lines: every break as `\\n`, nothing invisible inside words and numbers, no spaces at a line's end.

    >>> tidy("捐赠3\\u200b0万元 \\x0b走访侨\\xad眷")
    '捐赠30万元\\n走访侨眷'
    """
    text = _INVISIBLE.sub("", _BREAKS.sub("\n", text))
    lines = "\n".join(line.rstrip(" \t") for line in text.split("\n"))
    return _EMPTY_LINES.sub("\n\n", lines).strip("\n")


_SHORTEST, _LONGEST, _OPENING = 4, 120, 3000
_GAP = re.compile(r"\s+")


def opening_title(title: str, text: str) -> str:
    """A title property, where the text opens with it: templates and programs leave titles of other documents behind.

    >>> opening_title("侨务工作简报", "第3期\\n侨务 工作简报\\n走访侨眷30户。"), opening_title("Word 文档", "侨务工作简报")
    ('侨务工作简报', '')
    """
    title = _GAP.sub(" ", tidy(title)).strip()
    wanted = _GAP.sub("", title)
    if not _SHORTEST <= len(wanted) <= _LONGEST:
        return ""
    return title if wanted in _GAP.sub("", text[:_OPENING]) else ""


@dataclass(slots=True)
class _Place:
    """Where text is put: the page, a table row, one of its cells, a text box, a note."""

    kind: Literal["page", "row", "cell", "box", "note"]
    lines: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)
    cells: list[list[str]] = field(default_factory=list)


# Paragraphs that a cell of a table holds at most; one with more is a page laid out as a table.
_CELL = 3


class Lines:
    """The lines of a document as its parts are met: cells of a row side by side, boxes behind their paragraph, notes last."""

    def __init__(self, limits: Limits) -> None:
        self._limits, self._until = limits, time.monotonic() + limits.seconds
        self._places = [_Place("page")]
        self._notes: list[str] = []
        self._characters = 0

    @property
    def kind(self) -> str:
        return self._places[-1].kind

    def write(self, text: str) -> None:
        self._characters += len(text)
        if self._characters > self._limits.text:
            raise LimitError("text", f"over {self._limits.text} characters in one document")
        self._places[-1].pieces.append(text)

    def end_paragraph(self) -> None:
        place = self._places[-1]
        place.lines.append("".join(place.pieces))
        place.lines.extend(place.boxes)
        place.pieces.clear()
        place.boxes.clear()

    def open(self, kind: Literal["row", "cell", "box", "note"]) -> None:
        if len(self._places) > self._limits.nesting:
            raise LimitError("nesting", f"tables and boxes over {self._limits.nesting} deep")
        if kind == "row" and self._places[-1].pieces:
            self.end_paragraph()
        self._places.append(_Place(kind))

    def close(self) -> None:
        if len(self._places) == 1:
            return
        if self._places[-1].pieces or self._places[-1].boxes:
            self.end_paragraph()
        place, holder = self._places.pop(), self._places[-1]
        if place.kind == "cell" and holder.kind == "row":
            holder.cells.append([line for line in place.lines if line.strip()])
        elif place.kind == "row":
            holder.lines.extend(_row(place.cells))
        elif place.kind == "note":
            self._notes.extend(place.lines)
        else:
            holder.boxes.extend(place.lines)

    def check_time(self) -> None:
        if time.monotonic() > self._until:
            raise LimitError("seconds", f"over {self._limits.seconds} seconds for one document")

    def text(self) -> str:
        while len(self._places) > 1:
            self.close()
        if self._places[0].pieces or self._places[0].boxes:
            self.end_paragraph()
        return tidy("\n".join([*self._places[0].lines, *self._notes]))


def _row(cells: list[list[str]]) -> list[str]:
    """The lines of a table row: one with tabs, or those of the cells where the table only lays out a page."""
    filled = [lines for lines in cells if lines]
    if len(filled) < 2 or max(map(len, filled)) > _CELL:
        return [line for lines in filled for line in lines]
    return ["\t".join(" ".join(_SPACES.sub(" ", line).strip(" ") for line in lines) for lines in cells)]


# Packages --------------------------------------------------------------------------------------------------------


class _RefusalError(Exception):
    """A part is not read: the reason, as a document says it."""


class _Package:
    """A zip of parts; each is measured before it is unpacked, and what is not asked for stays packed."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except _UNREADABLE:
            raise _RefusalError(BROKEN) from None
        self._limits, self._unpacked = limits, 0
        self.names = frozenset(self._zip.namelist())
        if len(self.names) > limits.members:
            raise LimitError("members", f"{len(self.names)} parts")

    def chunks(self, name: str) -> Iterator[bytes]:
        try:
            found = self._zip.getinfo(name)
        except KeyError:
            raise _RefusalError(f"{name} is missing: {BROKEN}") from None
        self._measure(found)
        with self._zip.open(found) as part:
            while chunk := part.read(CHUNK):
                yield chunk

    def _measure(self, found: zipfile.ZipInfo) -> None:
        limits = self._limits
        if found.flag_bits & 1:
            raise _RefusalError(ENCRYPTED)
        if found.file_size > 1 << 20 and found.file_size > limits.ratio * max(found.compress_size, 1):
            raise LimitError("ratio", f"{found.filename} unpacks to {found.file_size} bytes")
        self._unpacked += found.file_size
        if found.file_size > limits.file or self._unpacked > limits.unpacked:
            name = "file" if found.file_size > limits.file else "unpacked"
            raise LimitError(name, f"{found.filename} unpacks to {found.file_size} bytes")


_SPACES_OF_NAMES = (
    ("wordprocessingml", "w"),
    ("markup-compatibility", "mc"),
    ("/math", "m"),
    ("opendocument:xmlns:text:", "text"),
    ("opendocument:xmlns:table:", "table"),
    ("opendocument:xmlns:drawing:", "draw"),
    ("opendocument:xmlns:office:", "office"),
    ("purl.org/dc/elements", "dc"),
)
Attributes = dict[str, str]


class _Part:
    """What reads one XML part: told of each start, end and text with short names such as `w:p`."""

    def start(self, name: str, attributes: Attributes) -> None: ...

    def end(self, name: str) -> None: ...

    def data(self, text: str) -> None: ...

    def pause(self) -> None: ...


def _short(name: str) -> str:
    space, _, local = name.rpartition(" ")
    return next((f"{short}:{local}" for sign, short in _SPACES_OF_NAMES if sign in space), f"?:{local}")


class _ShortNames(dict[str, str]):
    def __missing__(self, name: str) -> str:
        short = _short(name)
        if len(self) < 10_000:
            self[name] = short
        return short


def _feed(package: _Package, name: str, part: _Part) -> bool:
    """Whether a part was read to its end; what stands before damage has been told to `part`.

    A document type is refused: none of these formats has one, and entities that unfold need it.
    """
    short = _ShortNames()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, attributes: part.start(short[tag], attributes)
    parser.EndElementHandler = lambda tag: part.end(short[tag])
    parser.CharacterDataHandler = part.data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        for chunk in package.chunks(name):
            parser.Parse(chunk, False)
            part.pause()
        parser.Parse(b"", True)
    except (expat.ExpatError, *_UNREADABLE):
        return False
    return True


def _refuse_doctype(*_: object) -> None:
    raise _RefusalError("its XML declares a document type, which such files never do: not read (文件含有不允许的 DTD)")


class _Properties(_Part):
    """The Dublin Core elements of a part of properties: name to the values in their order, with attributes."""

    def __init__(self) -> None:
        self.found: dict[str, list[tuple[str, Attributes]]] = {}
        self._open: tuple[str, Attributes] | None = None
        self._pieces: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:
        if name.startswith("dc:"):
            self._open, self._pieces = (name, attributes), []

    def data(self, text: str) -> None:
        if self._open:
            self._pieces.append(text[:1000])

    def end(self, name: str) -> None:
        if self._open and self._open[0] == name:
            value = _GAP.sub(" ", tidy("".join(self._pieces))).strip()
            self.found.setdefault(name, []).append((value, self._open[1]))
            self._open = None

    def first(self, name: str) -> str:
        return next((value for value, _ in self.found.get(name, []) if value), "")


def _properties(package: _Package, name: str) -> _Properties:
    properties = _Properties()
    if name in package.names:
        _feed(package, name, properties)
    return properties


def _answer(lines: Lines, read_as: str, whole: bool, title: str = "") -> Document:
    text = lines.text()
    if not text.strip():
        return failed(NO_TEXT if whole else BROKEN, read_as)
    status: Literal["ok", "partial"] = "ok" if whole else "partial"
    return Document(text, read_as, title=opening_title(title, text), status=status, message="" if whole else PARTLY)


def _refusing(read: Callable[[bytes, Limits], Document], read_as: str) -> Reader:
    """A reader of one document whose refusals are failed documents."""

    def reader(data: bytes, limits: Limits) -> Iterator[Document]:
        try:
            yield read(data, limits)
        except _RefusalError as refusal:
            yield failed(str(refusal), read_as)

    return reader


# Word ------------------------------------------------------------------------------------------------------------

_WORD_TEXT = frozenset({"w:t", "m:t"})
_WORD_LEFT_OUT = frozenset(
    {"w:del", "w:moveFrom", "w:pPr", "w:sectPr", "w:tblPr", "w:tblGrid", "w:trPr", "w:tcPr", "w:rt", "mc:Fallback"}
)
_WORD_SIGNS = {"w:tab": "\t", "w:ptab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-"}
_WORD_PLACES: Mapping[str, Literal["row", "cell", "box"]] = {"w:tr": "row", "w:tc": "cell", "w:txbxContent": "box"}
_WORD_NOTES = frozenset({"w:footnote", "w:endnote"})
_OFF = frozenset({"0", "false", "off"})


class _Word(_Part):
    """The text of WordprocessingML: what was inserted counts, what was deleted, moved away or hidden does not."""

    def __init__(self, lines: Lines) -> None:
        self._lines, self._skipped, self._in_text, self._hidden = lines, 0, False, False

    def start(self, name: str, attributes: Attributes) -> None:
        if self._skipped or name in _WORD_LEFT_OUT:
            self._skipped += 1
        elif name in _WORD_TEXT:
            self._in_text = not self._hidden
        elif name in _WORD_SIGNS:
            self._lines.write(_WORD_SIGNS[name])
        elif name in _WORD_PLACES:
            self._lines.open(_WORD_PLACES[name])
        elif name in _WORD_NOTES:
            self._lines.open("note")
        else:
            self._mark(name, attributes)

    def _mark(self, name: str, attributes: Attributes) -> None:
        if name == "w:r":
            self._hidden = False
        elif name == "w:vanish":
            value = next((value for key, value in attributes.items() if key.endswith(" val")), "true")
            self._hidden = value not in _OFF

    def end(self, name: str) -> None:
        if self._skipped:
            self._skipped -= 1
        elif name in _WORD_TEXT:
            self._in_text = False
        elif name == "w:p":
            self._lines.end_paragraph()
        elif name in _WORD_PLACES or name in _WORD_NOTES:
            self._lines.close()

    def data(self, text: str) -> None:
        if self._in_text and not self._skipped:
            self._lines.write(text)

    def pause(self) -> None:
        self._lines.check_time()


class _Relations(_Part):
    """The main part that a package names; relations that point outside are never followed."""

    def __init__(self) -> None:
        self.main = ""

    def start(self, name: str, attributes: Attributes) -> None:
        inside = attributes.get("TargetMode", "Internal") != "External"
        if name == "?:Relationship" and inside and attributes.get("Type", "").endswith("/officeDocument"):
            self.main = self.main or attributes.get("Target", "").lstrip("/")


def _main_part(package: _Package) -> str:
    relations = _Relations()
    if "_rels/.rels" in package.names:
        _feed(package, "_rels/.rels", relations)
    return relations.main if relations.main in package.names else "word/document.xml"


def _word(data: bytes, limits: Limits, read_as: str = "docx") -> Document:
    if data.startswith(COMPOUND):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise _RefusalError(
            ENCRYPTED if locked else "not a .docx inside: save it as .docx (内容不是 .docx，请另存为 .docx)"
        )
    package, lines = _Package(data, limits), Lines(limits)
    main = _main_part(package)
    whole = _feed(package, main, _Word(lines))
    for notes in ("footnotes.xml", "endnotes.xml"):
        name = str(PurePosixPath(main).with_name(notes))
        if name in package.names:
            whole = _feed(package, name, _Word(lines)) and whole
    return _answer(lines, read_as, whole, _properties(package, "docProps/core.xml").first("dc:title"))


read_docx = _refusing(_word, "docx")


def _old_word(suffix: str) -> Reader:
    """The reader of a format that LibreOffice turns into .docx; what is another format inside is read as that."""
    read_as = suffix.lstrip(".")

    def read(data: bytes, limits: Limits) -> Document:
        if data.startswith(b"{\\rtf"):
            return _rtf(data, limits)
        if data.startswith(b"PK"):
            return _word(data, limits)
        if data.startswith(COMPOUND) and "EncryptedPackage".encode("utf-16-le") in data:
            raise _RefusalError(ENCRYPTED)
        try:
            return _word(converted(data, suffix, ".docx", limits), limits, read_as)
        except InputError as error:
            raise _RefusalError(str(error)) from None

    return _refusing(read, read_as)


read_doc, read_wps = _old_word(".doc"), _old_word(".wps")

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


class _OpenText(_Part):
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
            self._lines.write(_SPACES.sub(" ", text))

    def pause(self) -> None:
        self._lines.check_time()


def _spaces(attributes: Attributes) -> int:
    count = next((value for key, value in attributes.items() if key.endswith(" c")), "1")
    return min(int(count), _MOST_SPACES) if count.isdecimal() else 1


class _Signs(_Part):
    """Whether a part holds an element of a name."""

    def __init__(self, name: str) -> None:
        self._name, self.met = name, False

    def start(self, name: str, attributes: Attributes) -> None:
        self.met = self.met or name == self._name


def _holds(package: _Package, part: str, element: str) -> bool:
    signs = _Signs(element)
    return part in package.names and _feed(package, part, signs) and signs.met


def _odt(data: bytes, limits: Limits) -> Document:
    package, lines = _Package(data, limits), Lines(limits)
    if _holds(package, "META-INF/manifest.xml", "?:encryption-data"):
        raise _RefusalError(ENCRYPTED)
    whole = _feed(package, "content.xml", _OpenText(lines))
    return _answer(lines, "odt", whole, _properties(package, "meta.xml").first("dc:title"))


read_odt = _refusing(_odt, "odt")

# EPUB ------------------------------------------------------------------------------------------------------------


class _Book(_Properties):
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


class _Container(_Part):
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
            self._lines.write(_SPACES.sub(" ", text))
            self._written = True

    def _break(self) -> None:
        if self._written:
            self._lines.end_paragraph()
            self._written = False

    def close(self) -> None:
        self._break()


def _read_chapter(package: _Package, name: str, lines: Lines) -> bool:
    from lxml import etree

    parser = etree.HTMLParser(target=_Chapter(lines), encoding=None, no_network=True)
    try:
        for chunk in package.chunks(name):
            parser.feed(chunk)
            lines.check_time()
        parser.close()
    except (etree.LxmlError, _RefusalError, *_UNREADABLE):
        return False
    return True


def _epub(data: bytes, limits: Limits) -> Document:
    package, lines, container, book = _Package(data, limits), Lines(limits), _Container(), _Book()
    _feed(package, "META-INF/container.xml", container)
    whole = _feed(package, container.book, book)
    folder = PurePosixPath(container.book).parent
    chapters = book.chapters(folder)
    if _locked(package, chapters):
        raise _RefusalError(ENCRYPTED)
    for chapter in chapters:
        whole = _read_chapter(package, chapter, lines) and whole
    document = _answer(lines, "epub", whole)
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
    return "" if len(value) > _LONGEST or _UNNAMED.fullmatch(value) else value


class _Locks(_Part):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "?:CipherReference":
            self.names.add(unquote(attributes.get("URI", "")))


def _locked(package: _Package, chapters: list[str]) -> bool:
    """Whether chapters are encrypted; books often hide their fonts only, which does not matter."""
    locks = _Locks()
    if "META-INF/encryption.xml" in package.names:
        _feed(package, "META-INF/encryption.xml", locks)
    return not locks.names.isdisjoint(chapters)


read_epub = _refusing(_epub, "epub")

# RTF -------------------------------------------------------------------------------------------------------------

_RTF_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|((?:\\'[0-9a-fA-F]{2})+)|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)",
    re.DOTALL,
)
_CHARSETS = {128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5hkscs", 238: "cp1250", 204: "cp1251", 161: "cp1253"}
_CODE_PAGES = {936: "gb18030", 54936: "gb18030", 950: "big5hkscs", 65001: "utf-8", 10008: "gb18030", 10002: "big5hkscs"}
_ONE_BYTE = "cp1252"
_RTF_SIGNS = {
    "tab": "\t", "line": "\n", "lbr": "\n", "page": "\n", "column": "\n", "emdash": "—", "endash": "–", "emspace": "\u2003",
    "enspace": "\u2002", "qmspace": "\u2005", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "nestcell": "\t", "nestrow": "\n",
}  # fmt: skip
_RTF_SYMBOLS = {b"~": "\xa0", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\"}
_RTF_LEFT_OUT = frozenset(
    re.findall(
        r"\w+",
        "annotation atnauthor atndate atnid atnref atntime atrfend atrfstart author background bkmkend bkmkstart category "
        "colorschememapping colortbl comment company datastore defchp defpap doccomm docvar falt fchars ffname file filetbl "
        "fldinst fname fontemb footer footerf footerl footerr ftncn ftnsep ftnsepc generator header headerf headerl headerr info "
        "keywords latentstyles lchars levelnumbers leveltext listtable listoverridetable listpicture listtext lsdlockedexcept "
        "nesttableprops nonesttables nonshppict objclass objdata objname operator pgptbl picprop pict pn pnseclvl pntext private "
        "revtbl rsidtbl rxe shprslt sn sp stylesheet subject sv tc template themedata title txe upr userprops xe "
        "wgrffmtfilter xmlnstbl mmathPr do",
    )
)
# Destinations marked as skippable that hold text all the same.
_RTF_HOLDERS = frozenset({"shpinst", "shptxt", "fldrslt", "footnote"})


@dataclass(slots=True)
class _Group:
    skip: bool = False
    gone: bool = False
    encoding: str = ""
    fallback: int = 1
    place: bool = False


class _Rtf:
    """A walk over the tokens of RTF; bytes are decoded as the font's character set or the code page says."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.lines = Lines(limits)
        self._data, self._limits = data, limits
        self._groups = [_Group()]
        self._page, self._fonts, self._font, self._in_fonts = _ONE_BYTE, dict[int, str](), 0, 0
        self._bytes, self._units = bytearray(), list[str]()
        self._to_skip, self._starred, self._in_table, self._default = 0, False, False, 0
        self.whole = False

    def read(self) -> None:
        position, count = 0, 0
        while found := _RTF_TOKEN.match(self._data, position):
            position = found.end()
            count += 1
            if not count & 0xFFFF:
                self.lines.check_time()
            word, number, hexes, symbol, brace, plain = found.groups()
            if word == b"bin":
                position += max(int(number or 0), 0)
            elif word:
                self._word(word.decode("ascii"), None if number is None else int(number))
            elif hexes:
                self._take(bytes.fromhex(hexes.replace(b"\\'", b"").decode("ascii")))
            elif plain:
                self._take(plain)
            elif symbol:
                self._symbol(symbol)
            elif brace == b"{":
                self._begin()
            elif brace and not self._end():
                break
        self._flush()
        self.whole = len(self._groups) == 1

    def _begin(self) -> None:
        self._flush()
        if len(self._groups) > self._limits.nesting:
            raise LimitError("nesting", f"groups over {self._limits.nesting} deep")
        top = self._groups[-1]
        self._groups.append(_Group(top.skip, top.gone, top.encoding, top.fallback))
        self._to_skip, self._starred = 0, False

    def _end(self) -> bool:
        """Whether the document goes on after the end of a group."""
        self._flush()
        self._to_skip = 0
        if len(self._groups) == 1:
            return False
        group = self._groups.pop()
        if group.place:
            self.lines.close()
        if len(self._groups) < self._in_fonts:
            self._in_fonts = 0
        return len(self._groups) > 1

    def _take(self, data: bytes) -> None:
        skipped = min(self._to_skip, len(data))
        self._to_skip -= skipped
        if not self._groups[-1].skip and not self._groups[-1].gone and skipped < len(data):
            self._write_units()
            self._bytes += data[skipped:]

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._starred = True
        elif symbol in b"\r\n":
            self._word("par", None)
        elif self._to_skip:
            self._to_skip -= 1
        elif symbol in _RTF_SYMBOLS:
            self._write(_RTF_SYMBOLS[symbol])

    def _word(self, word: str, number: int | None) -> None:
        starred, self._starred = self._starred, False
        group = self._groups[-1]
        if word == "u" and number is not None:
            self._unicode(number % 0x10000)
        elif word == "fonttbl":
            self._in_fonts, group.skip = len(self._groups), True
        elif word in _RTF_LEFT_OUT or (starred and word not in _RTF_HOLDERS):
            self._flush()
            group.skip = True
        elif self._in_fonts:
            self._font_word(word, number)
        elif not group.skip:
            self._set(word, number, group)

    def _unicode(self, unit: int) -> None:
        group = self._groups[-1]
        self._to_skip = group.fallback
        if not group.skip and not group.gone:
            self._write_bytes()
            self._units.append(chr(unit))

    def _font_word(self, word: str, number: int | None) -> None:
        if word == "f":
            self._font = number or 0
        elif word == "fcharset" and number in _CHARSETS:
            self._fonts[self._font] = _CHARSETS[number]
        elif word == "cpg" and number in _CODE_PAGES:
            self._fonts[self._font] = _CODE_PAGES[number]

    def _set(self, word: str, number: int | None, group: _Group) -> None:
        if word in _RTF_SIGNS:
            self._write(_RTF_SIGNS[word])
        elif word in ("par", "sect"):
            self._write("")
            self.lines.end_paragraph()
        elif word == "f":
            self._flush()
            group.encoding = self._fonts.get(number or 0, self._page)
        elif word == "plain":
            self._flush()
            group.encoding, group.gone = "", False
        elif word in ("v", "deleted"):
            self._flush()
            group.gone = number != 0
        elif word == "uc":
            group.fallback = min(max(number or 0, 0), 16)
        elif word == "deff":
            self._default = number or 0
        elif word == "ansicpg":
            self._page = _CODE_PAGES.get(number or 0, _ONE_BYTE)
        else:
            self._lay_out(word, group)

    def _lay_out(self, word: str, group: _Group) -> None:
        if word == "intbl" and self.lines.kind in ("page", "box"):
            self._flush()
            self.lines.open("row")
            self.lines.open("cell")
        elif word == "cell" and self.lines.kind == "cell":
            self._flush()
            self.lines.close()
            self.lines.open("cell")
        elif word == "row" and self.lines.kind == "cell":
            self._flush()
            self.lines.close()
            self.lines.close()
        elif word in ("shptxt", "footnote"):
            self._flush()
            self.lines.open("box" if word == "shptxt" else "note")
            group.place, group.skip = True, False

    def _write(self, text: str) -> None:
        if not self._groups[-1].skip and not self._groups[-1].gone:
            self._flush()
            self.lines.write(text)

    def _flush(self) -> None:
        self._write_bytes()
        self._write_units()

    def _write_bytes(self) -> None:
        if self._bytes:
            encoding = self._groups[-1].encoding or self._fonts.get(self._default, self._page)
            self.lines.write(self._bytes.decode(encoding, "replace"))
            self._bytes.clear()

    def _write_units(self) -> None:
        if self._units:
            units = "".join(self._units).encode("utf-16-le", "surrogatepass")
            self.lines.write(units.decode("utf-16-le", "replace"))
            self._units.clear()


def _rtf(data: bytes, limits: Limits) -> Document:
    if not data.lstrip(b" \t\r\n\xef\xbb\xbf").startswith(b"{\\rtf"):
        raise _RefusalError("not an RTF file inside: save it again (内容不是 RTF，请重新保存)")
    walk = _Rtf(data.lstrip(b" \t\r\n\xef\xbb\xbf"), limits)
    walk.read()
    return _answer(walk.lines, "rtf", walk.whole)


read_rtf = _refusing(_rtf, "rtf")

READERS: Mapping[str, Reader] = {
    "docx": read_docx,
    "doc": read_doc,
    "wps": read_wps,
    "rtf": read_rtf,
    "odt": read_odt,
    "epub": read_epub,
}
