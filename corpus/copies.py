"""The lines of a page in, those out that say again what another says: copies of the title, teasers of a paragraph."""

from __future__ import annotations

from collections.abc import Iterator

from .line_kinds import SEPARATORS
from .text_pages import Line, stem_of


def title_line(lines: list[Line], title: str) -> int | None:
    """Number of the first line that is the title, alone or with a label or the site's name beside it."""
    return next(title_lines(lines, title), None)


def title_lines(lines: list[Line], title: str) -> Iterator[int]:
    """Every line that is the title or a cut copy of it."""
    key = _squeeze(title)
    if not key:
        return
    first, longest = key[0], 2 * len(title) + 40
    for number, line in enumerate(lines):
        if len(line.text) <= longest and first in line.text and _is_copy(line.text, title, key):
            yield number


def _is_copy(line: str, title: str, key: str) -> bool:
    """Whether a line repeats the title: the same letters, cut by dots, or with a label or site's name beside it."""
    if line == title:
        return True
    squeezed = _squeeze(line)
    if squeezed == key:
        return True
    if len(key) < 6:
        return False
    if line.endswith(("…", "...")) and len(squeezed) >= 6 and key.startswith(squeezed):
        return True
    before, _, after = squeezed.partition(key)
    return squeezed != before and _is_label(line, before) and _is_site(line, after)


def _is_label(line: str, before: str) -> bool:
    return not before or (len(before) <= 6 and ("题" in before or ">" in line))


def _is_site(line: str, after: str) -> bool:
    return not after or (len(after) <= 12 and any(mark in line for mark in "_|｜-—"))


def _squeeze(text: str) -> str:
    """The letters and figures of a text: full and half width, spaces and marks do not count."""
    return SEPARATORS.sub("", text)


def teasers(lines: list[Line], hidden: set[int]) -> Iterator[int]:
    """Lines with which another line begins: of a lead and its teaser the longer stays, of two equal ones the later."""
    shown = [number for number, line in enumerate(lines) if len(line.text) >= 20 and number not in hidden]
    if len(shown) < 2:
        return
    longest: dict[str, tuple[int, str]] = {}
    for number in reversed(shown):
        stem = stem_of(lines[number].text)
        later, wording = longest.get(stem[:20], (number, ""))
        if len(stem) >= 20 and wording.startswith(stem):
            yield number
            continue
        if wording and stem.startswith(wording):
            yield later
        if len(stem) > len(wording):
            longest[stem[:20]] = number, stem
