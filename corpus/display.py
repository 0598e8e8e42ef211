"""A text with marks, and tables, in; small HTML for notebooks out: text stays text, no script, for light and dark pages alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import NamedTuple

LONGEST, MOST = 20_000, 200
"""Characters of a text and rows of a table that are shown; how many more there are is said."""
# What no page can hold, and what would turn the reading direction of all that follows.
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# Colours let the page shine through and the ink is the page's own: a notebook's theme is not the system's.
_STYLE = (
    "<style>"
    ".jianbao{line-height:1.9}"
    ".jianbao .text{white-space:pre-wrap;overflow-wrap:anywhere;max-height:36em;overflow:auto}"
    ".jianbao mark{color:inherit;background:none;border-radius:3px;padding:1px 2px}"
    ".jianbao .indicator{background:rgba(222,150,0,.3)}"
    ".jianbao .brand{background:rgba(30,150,90,.3)}"
    ".jianbao .outside{opacity:.7}"
    ".jianbao [data-told]::after{content:attr(data-told);font-size:75%;margin:0 .3em;padding:0 .3em;white-space:nowrap;"
    "border:1px solid rgba(128,128,128,.7);border-radius:3px}"
    ".jianbao summary{cursor:pointer}"
    ".jianbao .rows{overflow:auto;max-height:36em}"
    ".jianbao caption,.jianbao td,.jianbao th{text-align:left;vertical-align:top}"
    ".jianbao td{min-width:4em;white-space:normal}"
    "</style>"
)
# MathJax of a notebook typesets what stands between two dollar signs, but for these.
_CLASSES = "jianbao tex2jax_ignore mathjax_ignore"


def framed(content: str) -> str:
    """A piece of a page that holds what is shown."""
    return f'{_STYLE}<div class="{_CLASSES}" lang="zh" dir="ltr">{content}</div>'


def _safe(text: str) -> str:
    """Text that is nothing but text wherever it stands in a page."""
    return escape(_UNSHOWN.sub("\ufffd", text)).replace("\n", "&#10;")


def head_html(told: Iterable[tuple[str, str]]) -> str:
    """What is known of a text, name by name; what is empty is left out."""
    cells = [f"{name} <b>{_safe(value)}</b>" for name, value in told if value]
    return f"<p>{' · '.join(cells)}</p>" if cells else ""


# --- the text


class Mark(NamedTuple):
    """A stretch that looks otherwise: its class, a short label behind it, and what it says when pointed at."""

    start: int
    end: int
    look: str
    label: str = ""
    hint: str = ""


def outside(body: Sequence[tuple[int, int]], length: int) -> Iterator[Mark]:
    """What of a text of that length is no body: it is paler."""
    place = 0
    for start, end in (*body, (length, length)):
        if place < start:
            yield Mark(place, start, "outside")
        place = end


def text_html(text: str, marks: Iterable[Mark], labels: Sequence[Mark]) -> str:
    """The text in pieces, each in the marks that lie over it: well nested however marks overlap."""
    stop = min(len(text), LONGEST)
    waiting = sorted((mark for mark in marks if mark.start < stop), key=lambda mark: (-mark.start, mark.end))
    cuts = {0, stop, *(min(place, stop) for mark in (*waiting, *labels) for place in (mark.start, mark.end))}
    behind = {label.end: label for label in labels}
    parts, over = [], list[Mark]()
    for start, end in pairwise(sorted(cuts)):
        over = [mark for mark in over if mark.end > start]
        while waiting and waiting[-1].start <= start:
            over.append(waiting.pop())
        parts.append(_piece(_safe(text[start:end]), over, end))
        if end in behind:
            parts.append(_tagged("span", behind[end], "", True))
    more = f"<p>… {len(text) - stop:,} more characters</p>" if len(text) > stop else ""
    return f'<div class="text">{"".join(parts)}</div>{more}'


def _piece(words: str, over: Sequence[Mark], end: int) -> str:
    """A piece of the text in its marks, of which each has its label where it ends."""
    for mark in reversed(over):
        words = _tagged("span" if mark.look == "outside" else "mark", mark, words, mark.end == end)
    return words


def _tagged(tag: str, mark: Mark, words: str, is_last: bool) -> str:
    told = f' data-told="{_safe(mark.label)}"' if mark.label and is_last else ""
    hint = f' title="{_safe(mark.hint)}"' if mark.hint else ""
    return f'<{tag} class="{mark.look}"{hint}{told}>{words}</{tag}>'


# --- the tables


class Table(NamedTuple):
    """A table by its name: the names of its columns, and its rows."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def tables_html(tables: Iterable[Table]) -> str:
    """Tables with their names; one without rows, and a column without any value, is left out."""
    return "".join(map(_table, tables)) or "<p>no records 无记录</p>"


def _table(table: Table) -> str:
    name, columns, rows = table
    if not rows:
        return ""
    kept = [place for place in range(len(columns)) if any(row[place] for row in rows)]
    head = "".join(f'<th scope="col">{columns[place]}</th>' for place in kept)
    lines = "".join(f"<tr>{''.join(_cell(row[place]) for place in kept)}</tr>" for row in rows[:MOST])
    more = f"<p>… {len(rows) - MOST:,} more rows</p>" if len(rows) > MOST else ""
    caption = f"<caption>{name}</caption>"
    return f'<div class="rows"><table>{caption}<thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>{more}</div>'


def _cell(words: str) -> str:
    return f"<td>{_safe(words)}</td>"
