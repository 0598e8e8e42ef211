"""An element inside a line in, whether it is the mark of a note, or is set apart from what stands before it."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from .labels import MAKER_LABELS

# A mark that leads to a note: `1200<sup>①</sup>人次`; a figure alone may be a power.
_RAISED = re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE)
_NOTE = re.compile(
    r"[①-⑳⑴-⒇❶-❿⓵-⓾]{1,3}|[\[［【〔（(]\s*(?:注|附注|note)?\s*(?:\d{1,3}|[a-z*]|[一二三四五六七八九十]{1,2})\s*[\]］】〕）)]|"
    r"(?:注|附注)\s?\d{0,2}|[*＊※†‡#]{1,3}",
    re.IGNORECASE,
)
_FIGURES = re.compile(r"\d{1,3}(?:\s*[,，-]\s*\d{1,3})*")
_NUMBER = re.compile(r"[\d.,]*\d$")
_HAN = re.compile(r"[\u3001-\u301f\u4e00-\u9fff\uff00-\uff0c\uff1a-\uff1f]")
# Elements of a line that a style sheet sets apart: a label with its value, a day with its hour.
INLINE = frozenset(("span", "i", "em", "b", "strong", "font", "label", "time", "small", "u", "cite", "var"))
_STAMP = r"(?:(?:19|20)\d\d\s?[-/.年]\s?)?\d{1,2}\s?[-/.月]\s?\d{1,2}日?(?:[T\s]+\d{1,2}[:：]\d\d(?:[:：]\d\d)?)"
_DAY = r"(?:19|20)\d\d[-/]\d{1,2}[-/]\d{1,2}"
_STAMPED = re.compile(rf"\s*(?:{_STAMP}|{_DAY})\s*")
_LABELLED = re.compile(rf"\s*(?:{MAKER_LABELS}|作者|记者|时间|日期|(?:\w{{2}})?来源\w{{0,2}})\s*[:：]")
_LONGEST_OPENING = 40


def is_raised(element: Any, tag: str) -> bool:
    """Whether an element stands above its line, by its tag or its style."""
    return tag == "sup" or (tag == "span" and _RAISED.search(element.get("style", ""), 0, 1000) is not None)


def is_mark(element: Any, behind: str, linked: bool) -> bool:
    """Whether a raised element is the mark of a note behind these words: a sign, or a figure that leads or refers to one."""
    mark = words_of(element).strip()
    if _NOTE.fullmatch(mark):
        return True
    return _FIGURES.fullmatch(mark) is not None and (linked or _refers(element, behind))


def words_of(element: Any) -> str:
    """The first words of an element."""
    return "".join(islice(element.itertext(), 6))[:_LONGEST_OPENING]


def _refers(element: Any, behind: str) -> bool:
    """Whether a raised figure is that of a note: behind a Chinese word, or between a number other than ten and its unit."""
    if _HAN.match(behind[-1]) or element.find(".//a") is not None:
        return True
    number = _NUMBER.search(behind)
    return number is not None and number.group() != "10" and bool(_HAN.match((element.tail or "").lstrip()[:1]))


def is_apart(element: Any) -> bool:
    """Whether a style sheet would set an element apart from the one right before it: a label, or a day with its hour."""
    before = element.getprevious()
    if before is None or before.tag == "br" or (before.tail and not before.tail.isspace()):
        return False
    words = words_of(element)
    if not words.strip()[:1].isalnum():
        return False
    return bool(_LABELLED.match(words) or _STAMPED.fullmatch(words) or _STAMPED.fullmatch(words_of(before)))
