"""Printed lines with their places in, paragraphs out: lines broken by the page joined, running heads and page numbers left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .layout import AIR, ENDS_SENTENCE, INDENT, LARGE, PAUSE, WIDEST_INDENT, Layout
from .lines import tidy
from .printed_lines import Line, Page, follows, is_wide, joined
from .running_heads import running_heads, told_once

_TOKEN = re.compile(r"[（(《“‘「『【]*(?:[A-Za-z0-9.,%+-]+|.)[，。、；：？！）)》”’」』】%％]*")
_LISTED = re.compile(r"[•●◆■▪○◇□★▲-]|[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[.．、)）]")
# A line all in brackets: no sentence runs through it.
_BRACKETED = re.compile(r"[（(【\[][^（(【\[）)】\]]+[）)】\]]")
# A number that the end of a line tears: at its comma or point (1,|236  12.|5万  1|,236  12|.5), or between two digits.
_TORN_AT_MARK = re.compile(r"\d,\n\d{3}(?!\d)|[^\n\d.]\d+\.\n\d+[%％\u4e00-\u9fff]|\d\n(?:,\d{3}(?!\d)|\.\d)", re.ASCII)
_TORN = re.compile(r"\d[.,]?\n(?!\d{1,2}[.．](?!\d))\d", re.ASCII)
_NUMBERED = re.compile(r"\d{1,2}[.．](?!\d)", re.ASCII)
_ENDING = 24
# In sizes of the letters: how near the edge a line ends that goes on, where a sentence ends and where not.
_SLACK_ENDED, _SLACK_OPEN, _FLUSH = 0.3, 2.0, 3


def _continues(first: Line, second: Line, opening: Line, layout: Layout) -> bool:
    """Whether a sentence or paragraph runs on from the end of one line into the next; `opening` began the paragraph."""
    if first.cells > 1 or second.cells > 1 or abs(first.size - second.size) > layout.alike * first.size:
        return False
    under = follows(first, second)
    if under and first.middle - second.middle > layout.air * layout.pitch(first):
        return False
    if _is_torn(first, second, layout):
        return True
    if first.size > LARGE * layout.size:
        return under and _fills_title(first, second, layout)
    if _stands_alone(first, second, layout) or not _reaches_edge(first, second, opening, layout):
        return False
    ended = bool(ENDS_SENTENCE.search(first.text))
    if layout.indent(second) > INDENT:
        return (
            not ended
            and bool(_LISTED.match(opening.text))
            and abs(second.left - first.left) < WIDEST_INDENT * first.size
        )
    listed = ended and first.text[-1] in "；;" and not _LISTED.match(second.text)
    return not ended or layout.indents or listed or (under and layout.air < AIR)


def _reaches_edge(first: Line, second: Line, opening: Line, layout: Layout) -> bool:
    """Whether a line is so long that what the next one begins with found no room on it."""
    begun = layout.indent(opening) > INDENT or second.text[:1].islower()
    flush = layout.indents and begun and layout.indent(second) < INDENT / 2
    slack = (_SLACK_ENDED if ENDS_SENTENCE.search(first.text) else _SLACK_OPEN) * (_FLUSH if flush else 1)
    token = _TOKEN.match(second.text)
    room = first.size * (_width(token.group() if token else "") + slack)
    return first.right + room > layout.edge(first)


def _is_torn(first: Line, second: Line, layout: Layout) -> bool:
    """Whether the end of a line tears a number: by its look alone at a comma or point, at the column's edge elsewhere."""
    seam = f"{first.text[-_ENDING:]}\n{second.text[:_ENDING]}"
    if layout.indent(second) > INDENT or not (found := _TORN_AT_MARK.search(seam) or _TORN.search(seam)):
        return False
    return found.re is _TORN_AT_MARK or first.right + first.size > layout.edge(first)


def _stands_alone(first: Line, second: Line, layout: Layout) -> bool:
    """Whether one of two lines is no part of a paragraph: metadata, parts far apart, a subtitle, one that is centred."""
    before, after = layout.is_apart(first), layout.is_apart(second)
    if before and not after:
        return not _runs_over(first, second, layout)
    if before or after:
        return True
    if first.text[-1:].isdigit() and _NUMBERED.match(second.text):
        return True
    if _BRACKETED.fullmatch(second.text) and not PAUSE.search(first.text):
        return True
    return follows(first, second) and (_is_centred(first, second) or _is_centred(second, first))


def _runs_over(first: Line, second: Line, layout: Layout) -> bool:
    """Whether a line of metadata is so long that its end stands on the next."""
    flush = abs(first.left - second.left) < first.size / 2
    return flush and first.right + first.size / 2 > layout.edge(first) and not layout.is_full(second)


def _is_centred(line: Line, other: Line) -> bool:
    before, after = line.left - other.left, other.right - line.right
    return min(before, after) > WIDEST_INDENT * line.size and abs(before - after) < line.size


def _fills_title(first: Line, second: Line, layout: Layout) -> bool:
    """Whether a large line is the first part of a title on two lines: broad, and centred as the other or flush with it."""
    broad = first.right - first.left > 0.6 * (layout.edge(first) - layout.left(first))
    centred = abs(first.left + first.right - second.left - second.right) < 1.5 * first.size
    dashed = second.text.startswith(("—", "-", "―", "（", "("))
    return broad and not dashed and (centred or abs(first.left - second.left) < 0.5 * first.size)


def _width(text: str) -> float:
    return sum(1.0 if is_wide(letter) else 0.5 for letter in text)


def paragraphs(lines: Sequence[Line], layout: Layout) -> Iterator[str]:
    """The paragraphs of lines in reading order."""
    pieces: list[str] = []
    opening: Line | None = None
    for index, line in enumerate(lines):
        if opening and _continues(lines[index - 1], line, opening, layout):
            pieces.append(line.text)
            continue
        if pieces:
            yield _together(pieces)
        pieces, opening = [line.text], line
    if pieces:
        yield _together(pieces)


def _together(pieces: Sequence[str]) -> str:
    """The pieces joined; each seam looks at the ends of two lines only."""
    made = list(pieces[:1])
    for piece in pieces[1:]:
        seam = joined(made[-1][-2:], piece[:1])
        made[-1] = made[-1][:-2] + seam.removesuffix(piece[:1])
        made.append(piece)
    return "".join(made)


def text_of(pages: Sequence[Page]) -> str:
    """The text of pages: paragraphs whole across pages; a running head once, where it stands first on the first page or last."""
    running = running_heads(pages)
    lines = [line for page in pages for line in page.lines if line not in running]
    heads, feet = told_once(running, pages)
    return tidy("\n".join([*heads, *paragraphs(lines, Layout(pages, lines)), *feet]))
