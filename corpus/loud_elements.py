"""An element of a web page in, whether it sets a headline apart, and one that the page breaks over lines out whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .elements import BLOCKS, LONGEST_NAMES, names_of
from .labels import is_meta
from .line_kinds import is_furniture
from .script import fold

# What sets a headline apart where it is no <h1>: `p.tit`, `td.title`, `<b>`, `<font size=5>`, the tags of newspapers.
_LOUD_TAGS = frozenset(("h1", "h2", "h3", "h4", "b", "strong", "big", "founder-title"))
_LOUD_NAME = re.compile(
    r"(?:(?<!sub)(?<!sub[-_])title|biaoti|headline|subject|(?:^|[\s_-])(?:tit|bt))\d*(?:$|[\s_-])", re.IGNORECASE
)
_LOUD_STYLE = re.compile(
    r"font-weight\s*:\s*(?:bold|[6-9]00)|font-size\s*:\s*(?:1[89]|[23]\d)(?:\.\d+)?p[xt]", re.IGNORECASE
)
_LOUD_SIZES = frozenset(("4", "5", "6", "7", "+1", "+2", "+3", "+4"))
# A headline broken over lines: `<h1>…<br>…</h1>`; in other loud elements the words must be large.
_HEADLINE_TAGS = frozenset(("h1", "h2", "h3", "founder-title"))
_BREAKING_TAGS = frozenset(("br", "p", "div", "span", "b", "strong", "font", "center", "small", "em", "i", "u", "a"))
_LONGEST_HEADLINE = 150
_MOST_PIECES = 4
_SAID = re.compile("[。；;]|^[（(]?[一二三四五六七八九十]{1,3}[）)、]|^\\d{1,2}[.、．]")
JOINT = "\x1f"  # a line's end inside a headline; no page holds it
_JOINTS = re.compile(f"[\\s{JOINT}]*{JOINT}[\\s{JOINT}]*")
_WESTERN = re.compile("[A-Za-z0-9,.;:!?%)]")
_LARGE = re.compile(r"font-size\s*:\s*(?:1[89]|[23]\d)(?:\.\d+)?p[xt]", re.IGNORECASE)
_MOST_INSIDE = 60


def without_joints(text: str) -> str:
    """A line's parts as one: a blank stands for the break of a headline between two western words alone.

    >>> without_joints("慰问侨眷\\x1f 送去温暖"), without_joints("Helping\\x1fHands")
    ('慰问侨眷送去温暖', 'Helping Hands')
    """

    def between(match: re.Match[str]) -> str:
        sides = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        return " " * all(_WESTERN.match(side) for side in sides)

    return _JOINTS.sub(between, text)


def is_loud(element: Any, tag: str, known: dict[str, bool]) -> bool:
    """Whether an element sets its words apart as headlines are; `known` keeps which names of elements say so."""
    if tag in _LOUD_TAGS or (tag == "font" and element.get("size", "").strip() in _LOUD_SIZES):
        return True
    names = element.get("class") or element.get("id")
    if names and names not in known:
        known[names] = _LOUD_NAME.search(names, 0, LONGEST_NAMES) is not None
    if names and known[names]:
        return True
    style = element.get("style")
    return bool(style and "font-" in style and _LOUD_STYLE.search(style, 0, 1000))


def is_broken(element: Any, tag: str) -> bool:
    """Whether an element is a headline of some short lines: no stamps, buttons, sentences or other elements among them."""
    if tag not in _HEADLINE_TAGS and not _is_large(element, tag):
        return False
    pieces, length = [""], 0
    for inner, text in _told_by(element):
        if inner is not None and inner.tag not in _BREAKING_TAGS | _HEADLINE_TAGS:
            return False
        if inner is not None and (inner.tag in _HEADLINE_TAGS or (inner.tag == "a" and tag not in _HEADLINE_TAGS)):
            return False
        if inner is not None and (inner.tag == "br" or inner.tag in BLOCKS):
            pieces.append("")
        pieces[-1] += text
        length += len(text)
        if length > _LONGEST_HEADLINE or len(pieces) > 4 * _MOST_PIECES:
            return False
    told = [fold(piece.strip()) for piece in pieces if piece.strip()]
    return 2 <= len(told) <= _MOST_PIECES and all(map(_is_worded, told))


def _is_worded(piece: str) -> bool:
    """Whether a line may be a part of a headline."""
    return len(piece) >= 2 and not (_SAID.search(piece) or is_meta(piece) or is_furniture(piece))


def _is_large(element: Any, tag: str) -> bool:
    """Whether an element that is no <h1> is named or printed as a headline, and is not merely bold."""
    if tag == "font":
        return element.get("size", "").strip() in _LOUD_SIZES
    if tag in _LOUD_TAGS:
        return False
    return bool(_LOUD_NAME.search(names_of(element)) or _LARGE.search(element.get("style", ""), 0, 1000))


def _told_by(element: Any) -> Iterator[tuple[Any, str]]:
    """The texts of an element in their order, with the element that opens before each; None for one that goes on."""
    yield None, element.text or ""
    waiting = [(inner, False) for inner in reversed(element[:_MOST_INSIDE])]
    for _ in range(_MOST_INSIDE):
        if not waiting:
            return
        inner, ended = waiting.pop()
        if ended:
            yield (inner if inner.tag in BLOCKS else None), inner.tail or ""
            continue
        yield inner, inner.text or ""
        waiting.append((inner, True))
        waiting += [(deeper, False) for deeper in reversed(inner[:_MOST_INSIDE])]
    yield element, "-" * _LONGEST_HEADLINE * bool(waiting)


def is_mostly_loud(loud: int, text: str) -> bool:
    """Whether so many loud characters are most of a line."""
    return loud > 0 and 5 * loud >= 4 * len("".join(text.split()))
