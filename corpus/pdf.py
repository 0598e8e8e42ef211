"""Bytes of a PDF in, its document out: lines broken by the page are joined, running heads and page numbers left out."""

from __future__ import annotations

import ctypes
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice, pairwise
from math import hypot, inf
from typing import TYPE_CHECKING, Literal

from .document import Document, Reader, failed
from .limits import LimitError, Limits
from .lines import BROKEN, ENCRYPTED, opening_title
from .printed_lines import Line, Page, is_wide, with_rows
from .printed_paragraphs import text_of

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage, PdfTextPage

SCANNED = "scanned pages without text: run OCR first (扫描件没有文字，请先做文字识别)"
EMPTY = "no text in it (文件中没有文字)"

# Lines -----------------------------------------------------------------------------------------------------------


_HYPHENS = str.maketrans({"\x02": "-", "\ufffe": "-"})
# In sizes of the letters: cells stand further apart than the first; no space is less than what follows, between two
# Latin letters, a Chinese and a Latin one, two Chinese ones.
_CELL_GAP = 2.0
_NO_GAP, _MIXED_GAP, _WIDE_GAP = 0.0, 0.6, 0.2


def _lines_of(page: PdfPage, text: PdfTextPage, number: int) -> Iterator[Line]:
    """Lines with their places; letters are asked for one by one, so that places and text never slip apart."""
    import pypdfium2.raw as raw

    read, count = raw.FPDFText_GetUnicode, text.count_chars()
    letters = "".join([chr(read(text.raw, index)) for index in range(count)]).translate(_HYPHENS)
    turn, start = _turn(page), 0
    for piece in letters.splitlines(keepends=True):
        inner = piece.strip()
        if inner:
            yield from _lines_in(text, inner, start + len(piece) - len(piece.lstrip()), number, turn)
        start += len(piece)


Box = tuple[float, float, float, float]
Letter = tuple[Box, str]
Turn = Callable[[Box], Box]


def _lines_in(text: PdfTextPage, inner: str, first: int, number: int, turn: Turn) -> Iterator[Line]:
    """The line that a stretch of characters is; several, and put in order, where their boxes say so."""
    size = _size(text, first)
    rows = _rows(text, inner, first, size, turn) if _is_shuffled(text, first, len(inner), turn) else []
    for row in rows:
        yield _line(_shown(row, size), [row[0][0], row[-1][0]], number, size)
    if not rows:
        boxes = [turn(text.get_charbox(index, loose=True)) for index in (first, first + len(inner) - 1)]
        yield _line(_spaced(text, inner, first, size or _height(boxes), turn), boxes, number, size)


def _line(shown: str, boxes: Sequence[Box], number: int, size: float) -> Line:
    left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
    return Line(shown, number, left, right, bottom, top, size or _height(boxes), shown.count("\t") + 1)


def _height(boxes: Sequence[Box]) -> float:
    return max(box[3] for box in boxes) - min(box[1] for box in boxes) or 1.0


def _size(text: PdfTextPage, index: int) -> float:
    import pypdfium2.raw as raw

    matrix = raw.FS_MATRIX()
    scale = hypot(matrix.c, matrix.d) if raw.FPDFText_GetMatrix(text.raw, index, matrix) else 1.0
    return float(raw.FPDFText_GetFontSize(text.raw, index)) * (scale or 1.0)


# Letters whose boxes share more than this part of the narrower one are printed over each other.
_OVERPRINTED = 0.5
# In sizes of the letters: how far a run of letters may reach back into the one before it; a space between two
# Latin letters, of which none is told where letters are put in order.
_BACK, _SPACE = 0.3, 0.15
# How many letters the lines have that one stretch holds, on average; how many lines back a letter may belong.
_SHORTEST, _HEIGHTS = 4, 3


def _is_shuffled(text: PdfTextPage, first: int, count: int, turn: Turn) -> bool:
    """Whether a run of letters stands left of one told before it: letters of another font are often printed last."""
    import pypdfium2.raw as raw

    runs = raw.FPDFText_CountRects(text.raw, first, count)
    if runs < 2:
        return False
    left, top, right, bottom = (ctypes.c_double() for _ in range(4))
    read, before = raw.FPDFText_GetRect, -inf
    for run in range(runs):
        read(text.raw, run, left, top, right, bottom)
        box = turn((left.value, bottom.value, right.value, top.value))
        if box[0] < before - _BACK * (box[3] - box[1]):
            return True
        before = box[2]
    return False


def _rows(text: PdfTextPage, inner: str, first: int, size: float, turn: Turn) -> list[list[Letter]]:
    """The letters of each height from left to right.

    Nothing where letters do not stand side by side: text set upwards, printed twice or without boxes.
    """
    import pypdfium2.raw as raw

    rows: list[list[Letter]] = []
    for index, letter in enumerate(inner, first):
        if raw.FPDFText_IsGenerated(text.raw, index) != 1:
            box = turn(text.get_charbox(index, loose=True))
            near = next((row for row in rows[-_HEIGHTS:] if abs(_middle(row[0][0]) - _middle(box)) < size / 2), None)
            if near is None:
                rows.append(near := [])
            near.append((box, letter))
    rows = [_trimmed(sorted(row, key=lambda letter: letter[0][0])) for row in rows]
    beside = all(_is_beside(one, other) for row in rows for one, other in pairwise(row))
    sound = all(rows) and len(rows) * _SHORTEST <= max(_SHORTEST, sum(map(len, rows)))
    return rows if beside and sound else []


def _trimmed(row: list[Letter]) -> list[Letter]:
    seen = [at for at, (_, letter) in enumerate(row) if not letter.isspace()]
    return row[seen[0] : seen[-1] + 1] if seen else []


def _shown(row: Sequence[Letter], size: float) -> str:
    gaps = (_gap(other[0] - one[2], size, before, after) for (one, before), (other, after) in pairwise(row))
    return row[0][1] + "".join(gap + letter for gap, (_, letter) in zip(gaps, row[1:], strict=True))


def _middle(box: Box) -> float:
    return (box[1] + box[3]) / 2


def _is_beside(one: Letter, other: Letter) -> bool:
    """Whether a letter stands right of another at its height; a blank may have no box."""
    (first, before), (second, after) = one, other
    narrow, low = min(first[2] - first[0], second[2] - second[0]), min(first[3] - first[1], second[3] - second[1])
    if before.isspace() or after.isspace():
        return True
    shared = min(first[3], second[3]) - max(first[1], second[1])
    return narrow > 0 < low and first[2] - second[0] <= _OVERPRINTED * narrow and shared > low / 2


def _gap(width: float, size: float, before: str, after: str) -> str:
    """What a gap between two letters put in order stands for: the next cell, a space, nothing."""
    if width > _CELL_GAP * size:
        return "\t"
    if before.isspace() or after.isspace():
        return ""
    least = (_SPACE, _MIXED_GAP, _WIDE_GAP)[is_wide(before) + is_wide(after)]
    return " " if width > least * size else ""


def _spaced(text: PdfTextPage, inner: str, first: int, size: float, turn: Turn) -> str:
    """The line with tabs for wide gaps, and without the spaces that are but the air around Chinese letters."""
    import pypdfium2.raw as raw

    pieces, start = list[str](), 0
    for found in re.finditer(r"(?<=\S) (?=\S)", inner):
        before, after = found.start() - 1, found.end()
        if raw.FPDFText_IsGenerated(text.raw, first + found.start()) != 1:
            continue
        gap = turn(text.get_charbox(first + after))[0] - turn(text.get_charbox(first + before))[2]
        wide = is_wide(inner[before]) + is_wide(inner[after])
        airy = gap < size * (_NO_GAP, _MIXED_GAP, _WIDE_GAP)[wide]
        if airy or gap > _CELL_GAP * size:
            pieces += [inner[start : found.start()], "" if airy else "\t"]
            start = after
    return "".join([*pieces, inner[start:]])


def _turn(page: PdfPage) -> Turn:
    """What makes of a box the one that the reader of a turned page sees."""
    (width, height), rotation = page.get_size(), page.get_rotation()
    turns: dict[int, Turn] = {
        90: lambda box: (box[1], height - box[2], box[3], height - box[0]),
        180: lambda box: (width - box[2], height - box[3], width - box[0], height - box[1]),
        270: lambda box: (width - box[3], box[0], width - box[1], box[2]),
    }
    return turns.get(rotation, lambda box: box)


# Pages -----------------------------------------------------------------------------------------------------------

# A page with a picture on more than this part of it and fewer letters than that is a scan.
_PICTURE, _FEW = 0.4, 20
# Drawn outlines in this number on a page without text are letters turned into curves.
_OUTLINES = 200
_MOST_OBJECTS = 5_000
_NO_LETTER = re.compile(r"[\x00-\x08\x0e-\x1f\ufffd\ue000-\uf8ff]")


def _page(document: PdfDocument, number: int) -> Page:
    page = document[number]
    try:
        text = page.get_textpage()
        try:
            lines = tuple(with_rows(_lines_of(page, text, number)))
        finally:
            text.close()
        width, height = page.get_size()
        return Page(lines, width, height, _is_unread(page, lines))
    finally:
        page.close()


def _is_unread(page: PdfPage, lines: Sequence[Line]) -> bool:
    """Whether a page shows text that its characters do not say: a scan, outlines, fonts without a table of characters."""
    text = "".join(line.text for line in lines)
    if len(_NO_LETTER.findall(text)) * 3 > len(text) > 0:
        return True
    return len(text) < _FEW and _is_drawn(page)


def _is_drawn(page: PdfPage) -> bool:
    import pypdfium2.raw as raw

    width, height = page.get_size()
    outlines = 0
    for thing in islice(
        page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH), max_depth=3), _MOST_OBJECTS
    ):
        left, bottom, right, top = thing.get_bounds()
        kind = raw.FPDFPageObj_GetType(thing.raw)
        if kind == raw.FPDF_PAGEOBJ_IMAGE and (right - left) * (top - bottom) > _PICTURE * width * height:
            return True
        outlines += kind == raw.FPDF_PAGEOBJ_PATH
    return outlines > _OUTLINES


def _pages(document: PdfDocument, limits: Limits) -> Iterator[Page]:
    """The pages; one that cannot be opened counts as unread."""
    from pypdfium2 import PdfiumError

    until, characters = time.monotonic() + limits.seconds, 0
    for number in range(len(document)):
        if time.monotonic() > until:
            raise LimitError("seconds", f"over {limits.seconds} seconds at page {number + 1}")
        try:
            page = _page(document, number)
        except PdfiumError:
            page = Page((), 0.0, 0.0, True)
        characters += sum(len(line.text) for line in page.lines)
        if characters > limits.text:
            raise LimitError("text", f"over {limits.text} characters at page {number + 1}")
        yield page


def read_pdf(data: bytes, limits: Limits) -> Iterator[Document]:
    """The one document of a PDF. Its dates say when the file was made, not when the article came out: they are not taken.

    Raises:
        LimitError: where it has more than `limits.pages` pages, or more text or work than the limits say.
    """
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        document = PdfDocument(data)
    except PdfiumError as error:
        yield failed(ENCRYPTED if "password" in str(error).lower() else BROKEN, "pdf")
        return
    try:
        if len(document) > limits.pages:
            raise LimitError("pages", f"{len(document)} pages")
        yield _document(list(_pages(document, limits)), document.get_metadata_value("Title"))
    except PdfiumError:
        yield failed(BROKEN, "pdf")
    finally:
        document.close()


def _document(pages: Sequence[Page], title: str) -> Document:
    unread = sum(page.unread for page in pages)
    text = text_of(pages) if pages else ""
    if unread and unread == sum(page.unread or bool(page.lines) for page in pages):
        return failed(SCANNED if any(page.width for page in pages) else BROKEN, "pdf")
    if not text.strip():
        return failed(EMPTY, "pdf")
    status: Literal["ok", "partial"] = "partial" if unread else "ok"
    message = f"{unread} of {len(pages)} pages give no text, scans mostly: run OCR on them ({len(pages)} 页中有 {unread} 页没有文字)"
    return Document(text, "pdf", title=opening_title(title, text), status=status, message=message if unread else "")


READERS: Mapping[str, Reader] = {"pdf": read_pdf}
