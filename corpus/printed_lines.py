"""Pieces of printed lines in, lines out: where they stand on their page, cells of a row as one, words joined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

# In sizes of the letters: what stands no further apart is one text.
_CLOSE = 0.6


@dataclass(frozen=True, slots=True)
class Line:
    """A line as printed: its text, where it stands on its page (points from the lower left), the size of its letters."""

    text: str
    page: int
    left: float
    right: float
    bottom: float
    top: float
    size: float
    cells: int = 1

    @property
    def middle(self) -> float:
        return (self.bottom + self.top) / 2


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page in reading order, its width and height, and whether it shows what no character says."""

    lines: tuple[Line, ...]
    width: float
    height: float
    unread: bool


def is_wide(letter: str) -> bool:
    """Whether a letter is as broad as a Chinese one."""
    return letter >= "\u2e80"


def with_rows(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines, those side by side on one height as one with tabs: the cells of a table's row."""
    held: Line | None = None
    for line in lines:
        if held and abs(held.middle - line.middle) < held.size / 2 and line.left > held.right:
            apart = line.left - held.right > _CLOSE * held.size
            text = f"{held.text}\t{line.text}" if apart else joined(held.text, line.text)
            bottom, top = min(held.bottom, line.bottom), max(held.top, line.top)
            cells = held.cells + line.cells - (not apart)
            held = replace(held, text=text, right=line.right, bottom=bottom, top=top, cells=cells)
            continue
        if held:
            yield held
        held = line
    if held:
        yield held


def follows(first: Line, second: Line) -> bool:
    """Whether the second line stands under the first on the same page."""
    return (
        first.page == second.page
        and first.middle > second.middle
        and first.left < second.right
        and second.left < first.right
    )


def joined(first: str, second: str) -> str:
    """Two lines of one paragraph as one: no space between Chinese letters or parts of a number, one between words.

    >>> joined("合力捐赠近4万", "元，"), joined("a sister", "city"), joined("inter-", "national")
    ('合力捐赠近4万元，', 'a sister city', 'international')
    """
    last, next_ = first[-1:], second[:1]
    if last == "-" and first[-2:-1].isascii() and first[-2:-1].isalpha() and next_.isascii() and next_.islower():
        return first[:-1] + second
    words = last.isascii() and next_.isascii() and last.isalnum() and next_.isalnum()
    ended = last.isascii() and last in ".,;:!?)" and next_.isascii() and next_.isalpha()
    return f"{first} {second}" if (words and not (last.isdigit() and next_.isdigit())) or ended else first + second
