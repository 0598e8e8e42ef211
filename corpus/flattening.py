"""The element tree of a web page in, its visible text out: lines, and the blocks of the page that hold them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from .data_tables import drop_labels, is_data, layouts_of
from .elements import BLOCKS, CELLS, HOLDERS, UNSEEN, block_of, is_anchor, is_hidden
from .flat_pages import Block, Flat, Line, is_told
from .inline_elements import INLINE, is_apart, is_mark, is_raised
from .limits import LimitError, Limits
from .loud_elements import JOINT, is_broken, is_loud, is_mostly_loud, without_joints
from .script import fold

_BLANKS = re.compile(r"[ \t\n\r\f\v]+")
_LONGEST_ALT = 100
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|bmp|webp)(?:$|[?#])", re.IGNORECASE)


@dataclass(slots=True)
class _Place:
    """An element that is being read, with what ends when it ends."""

    element: Any
    tag: str
    link: bool = False
    loud: bool = False
    row: bool = False
    headline: bool = False
    block: Block | None = None


def flatten(root: Any, limits: Limits) -> Flat:
    """The visible text of a tree: blocks and <br> end a line, a row of data is one line with tabs between its cells.

    Raises:
        LimitError: where elements lie too deep or the text is too long.
    """
    return _Writer(limits, layouts_of(root, limits.nesting)).write(root)


class _Writer:
    """Walks a tree once, without recursion, and writes its lines and blocks."""

    def __init__(self, limits: Limits, layouts: set[Any]) -> None:
        self.limits, self.layouts = limits, layouts
        self.tables: dict[Any, int] = {}
        self.flat = Flat()
        self.parts: list[str] = []
        self.cells: list[str] | None = None
        self.named: dict[str, bool] = {}
        self.length = self.linked = self.links = self.loud = self.louds = self.kept = 0
        self.headlines = self.table = 0
        self.address = ""

    def write(self, root: Any) -> Flat:
        path: list[_Place] = []
        node = root
        while node is not None:
            place = self.enter(node)
            if place is not None and len(node):
                path.append(place)
                if len(path) > self.limits.nesting:
                    raise LimitError("nesting", f"elements lie more than {self.limits.nesting} deep")
                node = node[0]
                continue
            if place is not None:
                self.leave(place)
            node = self.following(node, root, path)
        self.end_line()
        self.flat.text = "\n".join(line.text for line in self.flat.lines)
        _fold_lines(self.flat)
        drop_labels(self.flat)
        _set_aside(self.flat)
        return self.flat

    def following(self, node: Any, root: Any, path: list[_Place]) -> Any:
        """The element behind a node that was read, its text and those of the places that end there written."""
        while node is not root:
            self.add(node.tail)
            behind = node.getnext()
            if behind is not None:
                return behind
            place = path.pop()
            self.leave(place)
            node = place.element
        return None

    def enter(self, element: Any) -> _Place | None:
        """The place of an element, None for one that is not seen."""
        tag = element.tag
        if tag in UNSEEN or is_hidden(element) or self.is_note(element, tag):
            return None
        place = _Place(element, tag)
        if tag in BLOCKS:
            self.enter_block(place)
        elif tag == "br":
            self.break_line()
        elif tag == "a" and is_anchor(element):
            self.enter_link(place)
        elif tag == "img":
            self.see(element.get("alt"))
        elif tag in INLINE and is_apart(element):
            self.parts.append(" ")
        if is_loud(element, tag, self.named):
            place.loud = True
            self.louds += 1
            place.headline = self.headlines == 0 and is_broken(element, tag)
            self.headlines += place.headline
        self.kept += tag == "pre"
        self.add(element.text)
        return place

    def enter_link(self, place: _Place) -> None:
        self.address = place.element.get("href") or ""
        place.link = not _PICTURE.search(self.address, 0, 2000)
        self.links += place.link

    def enter_block(self, place: _Place) -> None:
        element, tag = place.element, place.tag
        self.break_line()
        if tag == "tr" and self.cells is None and is_data(element, self.layouts):
            place.row, self.cells = True, []
            self.table = self.tables.setdefault(next(element.iterancestors("table")), len(self.tables) + 1)
        if tag in HOLDERS and self.cells is None:
            place.block = block_of(element, tag, len(self.flat.lines))

    def leave(self, place: _Place) -> None:
        tag = place.tag
        self.links -= place.link
        self.louds -= place.loud
        self.headlines -= place.headline
        self.kept -= tag == "pre"
        if tag in CELLS and self.cells is not None:
            self.cells.append(_collapse("".join(self.parts)))
            self.parts.clear()
        elif tag in BLOCKS:
            self.break_line()
        if place.row:
            self.end_row()
        if place.block is not None:
            self.end_block(place.block)

    def end_row(self) -> None:
        cells, self.cells = self.cells or [], None
        rest = _collapse("".join(self.parts))
        self.parts.clear()
        self.put("\t".join([*cells, rest] if rest else cells))
        self.table = 0

    def end_block(self, block: Block) -> None:
        block.last = len(self.flat.lines)
        if block.last > block.first:
            self.flat.blocks.append(block)

    def add(self, text: str | None) -> None:
        if not text:
            return
        if self.kept and self.cells is None and "\n" in text:
            self.add_lines(text)
            return
        self.parts.append(text)
        if self.links or self.louds:
            length = len("".join(text.split()))
            self.linked += length if self.links else 0
            self.loud += length if self.louds else 0

    def is_note(self, element: Any, tag: str) -> bool:
        """Whether an element is the raised mark of a note behind a figure or a word."""
        if not is_raised(element, tag):
            return False
        behind = "".join(part[-20:] for part in self.parts[-3:]).rstrip()
        return bool(behind) and not behind.endswith(JOINT) and is_mark(element, behind, self.links > 0)

    def see(self, alt: str | None) -> None:
        """Words of a picture: a headline may be drawn; and where it leads."""
        if self.links and not self.address.lower().startswith(("#", "javascript:")) and self.address:
            self.flat.leads.setdefault(self.address[:2000], len(self.flat.lines))
        if alt and 4 <= len(alt) <= _LONGEST_ALT and not alt.isspace():
            self.flat.pictures.append((len(self.flat.lines), _collapse(alt)))

    def add_lines(self, text: str) -> None:
        """Text of a <pre>: its line ends are those of the page."""
        for piece in text.split("\n"):
            self.parts.append(piece)
            self.end_line()

    def break_line(self) -> None:
        if self.cells is not None:
            self.parts.append(" ")
        elif self.headlines:
            self.parts.append(JOINT)
        else:
            self.end_line()

    def end_line(self) -> None:
        if self.parts:
            text = "".join(self.parts)
            self.parts.clear()
            if JOINT in text:
                text = without_joints(text)
                self.flat.broken.append(len(self.flat.lines))
            self.put(_collapse(text))

    def put(self, text: str) -> None:
        linked, self.linked = self.linked, 0
        loud, self.loud = self.loud, 0
        if not text or text.isspace():
            return
        line = Line(
            self.length, self.length + len(text), text, linked, loud=is_mostly_loud(loud, text), table=self.table
        )
        self.flat.lines.append(line)
        self.length = line.end + 1
        if self.length > self.limits.text:
            raise LimitError("text", f"more than {self.limits.text} characters on one page")


def _fold_lines(flat: Flat) -> None:
    """Put the lines of a page in traditional script as mainland rules read them; their places stay."""
    plain = fold(flat.text)
    if plain is not flat.text:
        flat.lines = [line._replace(text=plain[line.start : line.end]) for line in flat.lines]


def _set_aside(flat: Flat) -> None:
    """Mark the lines of elements named as what stands around an article, but for those that hold most of the prose."""
    told = [0, *accumulate(len(line.text) if is_told(line) else 0 for line in flat.lines)]
    opened = [0] * (len(flat.lines) + 1)
    for block in flat.blocks:
        if block.aside and (block.never or 2 * (told[block.last] - told[block.first]) <= told[-1]):
            opened[block.first] += 1
            opened[block.last] -= 1
    for number, depth in enumerate(accumulate(opened[:-1])):
        if depth:
            flat.lines[number] = flat.lines[number]._replace(aside=True)


def _collapse(text: str) -> str:
    return _BLANKS.sub(" ", text).strip(" ")
