"""A text in, its lines as a page out: which of them are prose, and where its article begins and ends."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from .inline_furniture import is_disclaimer, is_gated
from .line_kinds import SECTION, closes, is_closing, is_page_matter, is_prose
from .recurrence import LONG, NONE, Furniture

_TEASER_LABEL = re.compile(r"^[【\[]?(?:摘要|导读|导语|核心提示|内容提要|内容摘要)\s*[\]】:：]+\s*")
_CUT = re.compile(r"(?:…|\.{2,}|[\[【(（<《]?(?:详细|更多|全文|阅读全文|查看全文|查看详情)[\]】)）>》]*)+$")
TRAILING = 30  # lines below the last paragraph that may speak of the article
_LONGEST_RECURRING = 1000  # characters of a line that may be furniture by its recurrence alone
# Lines of unknown nature over which furniture is looked for from the edge.
_STRANGE = 10


class Line(NamedTuple):
    """A line of a text without the white space around it; `text[start:end]` is its wording."""

    start: int
    end: int
    text: str


class Page(NamedTuple):
    """A text seen as a page: its lines, which of them are prose, and where its article begins and ends.

    `first` and `last` number the article's first and last prose (n and -1 where there is none of n lines), `tail` the
    line at which the page's own matter begins; `gated` says that furniture may stand inside paragraphs. `head` holds
    the lines above the article, as far as anyone would scroll, `foot` those below its last paragraph. `recurring` are
    lines at either end that the run's furniture holds, prose or not.
    """

    lines: list[Line]
    prose: list[bool]
    first: int
    last: int
    tail: int
    gated: bool
    head: list[Line]
    foot: list[Line]
    recurring: frozenset[int] = frozenset()


@lru_cache(maxsize=1)
def page_of(text: str, furniture: Furniture = NONE) -> Page:
    """The page of a text; the last one is kept, for heading and body are read one after the other.

    `furniture` are lines that recur over the articles of the run; they count at the head and the foot alone.
    """
    lines = lines_of(text)
    gated = is_gated(text)
    prose = _prose_of(lines, gated)
    recurring = _recurring(lines, prose, furniture) if furniture else frozenset[int]()
    for number in recurring:
        prose[number] = False
    tail = _tail_of(lines, prose)
    first, last = _core_of(prose[:tail])
    head, foot = lines[: min(first, 400)], lines[last + 1 :] if last >= 0 else []
    return Page(lines, prose, first, last, tail, gated, head, foot, recurring)


def lines_of(text: str) -> list[Line]:
    """The lines of a text that hold anything."""
    found = []
    position = 0
    for raw in text.split("\n"):
        if line := raw.strip():
            start = position + len(raw) - len(raw.lstrip()) if raw[0] != line[0] else position
            found.append(Line(start, start + len(line), line))
        position += len(raw) + 1
    return found


def _prose_of(lines: list[Line], gated: bool) -> list[bool]:
    """For each line whether it is prose of the article; a short disclaimer is none, nor a teaser above the lead."""
    prose = [is_prose(line.text) for line in lines]
    first, _ = _core_of(prose)
    if first + 1 < len(lines) and _is_retold(lines, first):
        prose[first] = False
    if gated:
        for number, line in enumerate(lines):
            if prose[number] and is_disclaimer(line.text):
                prose[number] = False
    return prose


def _recurring(lines: list[Line], prose: list[bool], furniture: Furniture) -> frozenset[int]:
    """Lines of furniture at the head and the foot; none where no prose would be left of all there is."""
    foot = _edge_of(range(len(lines) - 1, -1, -1), lines, prose, furniture)
    head = _edge_of(range(len(lines)), lines, prose, furniture)
    found = frozenset(head + foot)
    left = any(flag for number, flag in enumerate(prose) if number not in found)
    return found if left or True not in prose else frozenset()


def _edge_of(order: range, lines: list[Line], prose: list[bool], furniture: Furniture) -> list[int]:
    """Lines of furniture from one end of a text inwards, as far as the first sentence of its own.

    Short ones (a heading, a cell, a signature) count in one stretch with a long one alone, reached without a break.
    """
    found: list[int] = []
    stretch: list[int] = []
    strange = 0
    for number in order:
        line = lines[number].text
        if _may_recur(line) and line in furniture:
            stretch.append(number)
        elif prose[number] or strange == _STRANGE:
            break
        elif not is_page_matter(line, True):
            found += _if_long(stretch, lines)
            stretch, strange = [], strange + 1
    return found + _if_long(stretch, lines)


def _if_long(stretch: list[int], lines: list[Line]) -> list[int]:
    """A stretch of recurring lines where one of them is long."""
    return stretch if any(len(lines[number].text) >= LONG for number in stretch) else []


def _may_recur(line: str) -> bool:
    """Whether a line may be furniture by its recurrence alone: no heading of a section, none that leads on."""
    return len(line) <= _LONGEST_RECURRING and not line.endswith(("：", ":")) and not SECTION.match(line)


def _is_retold(lines: list[Line], number: int) -> bool:
    """Whether a later line says the same and perhaps more."""
    stem = stem_of(lines[number].text)
    return len(stem) >= 20 and any(line.text.startswith(stem) for line in lines[number + 1 :])


def _core_of(prose: list[bool]) -> tuple[int, int]:
    """Numbers of the first and the last line of prose; (n, -1) where there is none of n lines."""
    if True not in prose:
        return len(prose), -1
    return prose.index(True), len(prose) - 1 - prose[::-1].index(True)


def _tail_of(lines: list[Line], prose: list[bool]) -> int:
    """Number of the line at which the page's own matter begins behind the article, or how many lines there are."""
    first, _ = _core_of(prose)
    lengths = [len(line.text) for line in lines[first:]]
    before, after = 0, sum(length for length, flag in zip(lengths, prose[first:], strict=True) if flag)
    around = sum(lengths)
    for number, length in enumerate(lengths, start=first):
        if prose[number]:
            before, after = before + length, after - length
        elif _is_end(lines[number].text, before, after, around):
            return number
        around -= length
    return len(lines)


def _is_end(line: str, before: int, after: int, rest: int) -> bool:
    """Whether a line closes the article: `after` of the `rest` characters behind it are prose, `before` stood above."""
    if after * 4 <= before:
        return closes(line)
    return after <= before and after * 2 <= rest and is_closing(line)


def stem_of(line: str) -> str:
    """A teaser without the marks that say it was cut, and without its label.

    >>> stem_of("【摘要】走访侨眷三十户，发放慰问金……[详细]")
    '走访侨眷三十户，发放慰问金'
    """
    line = _TEASER_LABEL.sub("", line[:20]) + line[20:]
    return line[:-20] + _CUT.sub("", line[-20:])
