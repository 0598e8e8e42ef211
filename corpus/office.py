"""Bytes of Word and WPS files in, documents out: paragraphs, table rows, text boxes and notes in their order."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Literal

from .document import Document, Reader
from .errors import InputError
from .libreoffice import converted
from .limits import Limits
from .lines import ENCRYPTED, Lines, RefusalError, document_of, refusing
from .packages import Attributes, Package, Part, feed, properties_of
from .rtf import rtf_document

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXT = frozenset({"w:t", "m:t"})
_LEFT_OUT = frozenset(
    {"w:del", "w:moveFrom", "w:pPr", "w:sectPr", "w:tblPr", "w:tblGrid", "w:trPr", "w:tcPr", "w:rt", "mc:Fallback"}
)
_SIGNS = {"w:tab": "\t", "w:ptab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-"}
_PLACES: Mapping[str, Literal["row", "cell", "box"]] = {"w:tr": "row", "w:tc": "cell", "w:txbxContent": "box"}
_NOTES = frozenset({"w:footnote", "w:endnote"})
_OFF = frozenset({"0", "false", "off"})


class _Word(Part):
    """The text of WordprocessingML: what was inserted counts, what was deleted, moved away or hidden does not."""

    def __init__(self, lines: Lines) -> None:
        self._lines, self._skipped, self._in_text, self._hidden = lines, 0, False, False

    def start(self, name: str, attributes: Attributes) -> None:
        if self._skipped or name in _LEFT_OUT:
            self._skipped += 1
        elif name in _TEXT:
            self._in_text = not self._hidden
        elif name in _SIGNS:
            self._lines.write(_SIGNS[name])
        elif name in _PLACES:
            self._lines.open(_PLACES[name])
        elif name in _NOTES:
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
        elif name in _TEXT:
            self._in_text = False
        elif name == "w:p":
            self._lines.end_paragraph()
        elif name in _PLACES or name in _NOTES:
            self._lines.close()

    def data(self, text: str) -> None:
        if self._in_text and not self._skipped:
            self._lines.write(text)

    def pause(self) -> None:
        self._lines.check_time()


class _Relations(Part):
    """The main part that a package names; relations that point outside are never followed."""

    def __init__(self) -> None:
        self.main = ""

    def start(self, name: str, attributes: Attributes) -> None:
        inside = attributes.get("TargetMode", "Internal") != "External"
        if name == "?:Relationship" and inside and attributes.get("Type", "").endswith("/officeDocument"):
            self.main = self.main or attributes.get("Target", "").lstrip("/")


def _main_part(package: Package) -> str:
    relations = _Relations()
    if "_rels/.rels" in package.names:
        feed(package, "_rels/.rels", relations)
    return relations.main if relations.main in package.names else "word/document.xml"


def _word(data: bytes, limits: Limits, read_as: str = "docx") -> Document:
    if data.startswith(COMPOUND):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise RefusalError(
            ENCRYPTED if locked else "not a .docx inside: save it as .docx (内容不是 .docx，请另存为 .docx)"
        )
    package, lines = Package(data, limits), Lines(limits)
    main = _main_part(package)
    whole = feed(package, main, _Word(lines))
    for notes in ("footnotes.xml", "endnotes.xml"):
        name = str(PurePosixPath(main).with_name(notes))
        if name in package.names:
            whole = feed(package, name, _Word(lines)) and whole
    return document_of(lines, read_as, whole, properties_of(package, "docProps/core.xml").first("dc:title"))


def _old_word(suffix: str) -> Reader:
    """The reader of a format that LibreOffice turns into .docx; what is another format inside is read as that."""
    read_as = suffix.lstrip(".")

    def read(data: bytes, limits: Limits) -> Document:
        if data.startswith(b"{\\rtf"):
            return rtf_document(data, limits)
        if data.startswith(b"PK"):
            return _word(data, limits)
        if data.startswith(COMPOUND) and "EncryptedPackage".encode("utf-16-le") in data:
            raise RefusalError(ENCRYPTED)
        try:
            return _word(converted(data, suffix, ".docx", limits), limits, read_as)
        except InputError as error:
            raise RefusalError(str(error)) from None

    return refusing(read, read_as)


READERS: Mapping[str, Reader] = {
    "docx": refusing(_word, "docx"),
    "doc": _old_word(".doc"),
    "wps": _old_word(".wps"),
}
