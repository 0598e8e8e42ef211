"""Words, paragraphs, table rows, boxes and notes as a reader meets them in; the tidy lines of one document out."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from .document import Document, Reader, failed
from .limits import LimitError, Limits

ENCRYPTED = "encrypted: save it without a password (文件已加密，请去掉密码后另存)"
BROKEN = "broken or cut off: save it again (文件损坏或不完整，请重新保存)"
NO_TEXT = "no text in it, pictures at most: run OCR first (文件中没有文字，如为图片请先做文字识别)"
PARTLY = "broken or cut off: read as far as it goes (文件损坏，只读到损坏处)"

_BREAKS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_EMPTY_LINES = re.compile(r"\n{3,}")
_SPACES = re.compile(r"[ \t\r\n]+")
_GAP = re.compile(r"\s+")
_SHORTEST, LONGEST_TITLE, _OPENING = 4, 120, 3000
# Paragraphs that a cell of a table holds at most; one with more is a page laid out as a table.
_CELL = 3


def tidy(text: str) -> str:
    """The text as lines: every break as `\\n`, nothing invisible inside words and numbers, no spaces at a line's end.

    >>> tidy("捐赠3\\u200b0万元 \\x0b走访侨\\xad眷")
    '捐赠30万元\\n走访侨眷'
    """
    text = _INVISIBLE.sub("", _BREAKS.sub("\n", text))
    lines = "\n".join(line.rstrip(" \t") for line in text.split("\n"))
    return _EMPTY_LINES.sub("\n\n", lines).strip("\n")


def on_one_line(text: str) -> str:
    """The words of a text, tidy, with one space between them."""
    return _GAP.sub(" ", tidy(text)).strip()


def squeezed(text: str) -> str:
    """The text with each stretch of blanks as one space."""
    return _SPACES.sub(" ", text)


def opening_title(title: str, text: str) -> str:
    """A title property, where the text opens with it: templates and programs leave titles of other documents behind.

    >>> opening_title("侨务工作简报", "第3期\\n侨务 工作简报\\n走访侨眷30户。"), opening_title("Word 文档", "侨务工作简报")
    ('侨务工作简报', '')
    """
    title = on_one_line(title)
    wanted = _GAP.sub("", title)
    if not _SHORTEST <= len(wanted) <= LONGEST_TITLE:
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
    return ["\t".join(" ".join(squeezed(line).strip(" ") for line in lines) for lines in cells)]


class RefusalError(Exception):
    """A part is not read: the reason, as a document says it."""


def document_of(lines: Lines, read_as: str, whole: bool, title: str = "") -> Document:
    """The document that the lines make; `whole` where nothing was damaged, `title` the property of that name."""
    text = lines.text()
    if not text.strip():
        return failed(NO_TEXT if whole else BROKEN, read_as)
    status: Literal["ok", "partial"] = "ok" if whole else "partial"
    return Document(text, read_as, title=opening_title(title, text), status=status, message="" if whole else PARTLY)


def refusing(read: Callable[[bytes, Limits], Document], read_as: str) -> Reader:
    """A reader of one document whose refusals are failed documents."""

    def reader(data: bytes, limits: Limits) -> Iterator[Document]:
        try:
            yield read(data, limits)
        except RefusalError as refusal:
            yield failed(str(refusal), read_as)

    return reader
