"""Tables of a web page in, which of their rows are data out, and which lay out the page or say how it was made."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from .elements import BLOCKS, CELLS
from .flat_pages import Flat
from .labels import MAKER_LABELS

_LONGEST_CELL = 600
_MOST_PARAGRAPHS = 6
_LABEL_CELL = re.compile(rf"\s*(?:{MAKER_LABELS}|(?:名|主题)\s*(?:称|词)|文号|公开(?:方式|范围|日期))\s*(?:[:：]|$)")
_FEWEST_ROWS = 3


def layouts_of(root: Any, nesting: int) -> set[Any]:
    """Tables that hold tables: they lay out the page and are no data."""
    found: set[Any] = set()
    for table in root.iter("table"):
        above = islice(table.iterancestors(), nesting)
        found.update(islice((element for element in above if element.tag == "table"), 1))
    return found


def is_data(row: Any, layouts: set[Any]) -> bool:
    """Whether a row holds cells of data and not the columns of a page."""
    table = next(row.iterancestors("table"), None)
    if table is None or table in layouts:
        return False
    cells = [cell for cell in row if cell.tag in CELLS]
    shown = sum(1 for cell in cells if cell.find(".//img") is not None)
    return len(cells) > 1 and shown < 2 and all(map(_is_small, cells)) and not _is_layout(row, cells)


def drop_labels(flat: Flat) -> None:
    """Leave the rows of a table that says how the page was made, and of one with hardly any, as common lines."""
    rows: dict[int, list[bool]] = {}
    for line in flat.lines:
        if line.table:
            rows.setdefault(line.table, []).append(any(map(_LABEL_CELL.match, line.text.split("\t", 8)[:8])))
    common = {
        table for table, labelled in rows.items() if len(labelled) < _FEWEST_ROWS or 3 * sum(labelled) >= len(labelled)
    }
    if common:
        flat.lines = [line._replace(table=0) if line.table in common else line for line in flat.lines]


def _is_layout(row: Any, cells: list[Any]) -> bool:
    """Whether a row is the only one of its table and holds paragraphs: the columns of a page."""
    alone = row.getprevious() is None and row.getnext() is None
    if row.getparent().tag == "tbody":
        alone = alone and row.getparent().getprevious() is None and row.getparent().getnext() is None
    return alone and any(sum(1 for inner in cell.iter("p", "br", "div", "li", "h1", "h2")) >= 2 for cell in cells)


def _is_small(cell: Any) -> bool:
    """Whether a cell holds a figure or some sentences, and no article."""
    length = paragraphs = 0
    for element in cell.iter():
        paragraphs += element.tag in BLOCKS or element.tag == "br"
        length += len(element.text or "") + len(element.tail or "")
        if length > _LONGEST_CELL or paragraphs > _MOST_PARAGRAPHS:
            return False
    return True
