"""A text in, its letters and figures out: that by which articles and lines are compared, in one width, case and script."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .script import fold

# Letters, figures, decimal points and per cent signs; all else is layout.
_KEPT = re.compile(r"[\n〇○㐀-鿿豈-﫿0-9A-Za-z０-９Ａ-Ｚａ-ｚ%％]+|(?<=[0-9０-９])[.．](?=[0-9０-９])")
_WIDE = re.compile("[Ａ-Ｚａ-ｚ０-９％．○]")
_NARROW = {ord(wide): chr(ord(wide) - 0xFEE0) for wide in map(chr, range(0xFF05, 0xFF5B))} | {ord("○"): "〇"}

Span = tuple[int, int]


def gist_of(text: str) -> str:
    """The letters and figures of a text, in one width, case and script; layout and punctuation are gone.

    >>> gist_of("捐款 ３.５萬元，\\n1,200 人！")
    '捐款3.5万元1200人'
    """
    return lined(text).replace("\n", "")


def lined(text: str) -> str:
    """The gist with its line ends."""
    return _kept(fold(text))


def _kept(folded: str) -> str:
    gist = "".join(_KEPT.findall(folded))
    return (gist.translate(_NARROW) if _WIDE.search(gist) else gist).lower()


class Gist:
    """The gist of a text, found once for all who ask for its lines or for stretches of it."""

    def __init__(self, text: str) -> None:
        folded = fold(text)
        self.text = text
        self.raw = text.split("\n")
        self.lined = _kept(folded)
        # Folding looks at the words around a character: of a text in mainland script alone the parts are as the whole.
        self._parts = self.lined.split("\n") if folded is text else None

    def whole(self) -> str:
        """`gist_of` the text."""
        return self.lined.replace("\n", "")

    def lines(self, numbers: Iterable[int], longest: int) -> list[str]:
        """`gist_of` these lines, of a long one as far as it is looked at."""
        raw, parts = self.raw, self._parts
        if parts is None:
            return [gist_of(raw[number][:longest]) for number in numbers]
        return [parts[number] if len(raw[number]) <= longest else gist_of(raw[number][:longest]) for number in numbers]

    def within(self, spans: Sequence[Span]) -> str:
        """`lined` for the stretches, each on lines of its own.

        >>> Gist("首页\\n走访30户，\\n慰问3人。").within([(3, 16)])
        '走访30户\\n慰问3人'
        """
        found: list[str] = []
        number = place = 0
        for start, end in spans:
            if self._parts is None or start < place or not self._is_whole_lines(start, end):
                return lined("\n".join([self.text[start:end] for start, end in spans]))
            first = number + self.text.count("\n", place, start)
            number, place = first + self.text.count("\n", start, end), end
            found += self._parts[first : number + 1]
        return "\n".join(found)

    def _is_whole_lines(self, start: int, end: int) -> bool:
        """Whether nothing but blanks stands beside a stretch on its first and its last line."""
        text = self.text
        before = text[text.rfind("\n", 0, start) + 1 : start]
        if before and not before.isspace():
            return False
        line_end = text.find("\n", end)
        behind = text[end : line_end if line_end >= 0 else len(text)]
        return not behind or behind.isspace()
