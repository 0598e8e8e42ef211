"""What a web page is when it is flattened: lines, the blocks that hold them, and what a line is by its links and its end."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from .labels import DATE
from .line_kinds import is_prose

_HEADLINE = 9  # characters of a link that may be a headline
# The name of a file to be fetched; a day with or without its year.
ATTACHED = re.compile(r"^附件|\.(?:docx?|xlsx?|pdf|zip|rar|wps)\b", re.IGNORECASE)
DATED = re.compile(DATE + r"|(?<!\d)\d{1,2}[-/.月]\d{1,2}(?!\d)")
_SENTENCE_ENDS = "。；！？：”…"


class Line(NamedTuple):
    """A line of the flattened page, which prints it as `Flat.text[start:end]`; `text` is how mainland rules read it.

    `linked` of its characters are links; `aside` says that it stands around an article, `loud` that it looks as a headline;
    `table` numbers the table of data of which it is a row, 0 for none.
    """

    start: int
    end: int
    text: str
    linked: int
    aside: bool = False
    loud: bool = False
    table: int = 0


@dataclass(slots=True)
class Block:
    """An element that may hold the article: the lines from `first` up to `last`; `named` as only articles are.

    `aside` is one named as what stands around an article, `never` one that holds none for sure: comments, a footer.
    """

    named: bool
    first: int
    last: int = 0
    aside: bool = False
    never: bool = False


@dataclass(slots=True)
class Flat:
    """A page as lines and the blocks that hold them, the inner ones first.

    `pictures` are the number of lines above and the words; `leads` are the addresses of pages to which a picture leads,
    and the number of lines above that picture; `broken` are the numbers of headlines that the page breaks over lines.
    """

    lines: list[Line] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    text: str = ""
    pictures: list[tuple[int, str]] = field(default_factory=list)
    leads: dict[str, int] = field(default_factory=dict)
    broken: list[int] = field(default_factory=list)

    def printed(self, line: Line) -> str:
        """The line as the page writes it."""
        return self.text[line.start : line.end]


def is_told(line: Line) -> bool:
    """Whether a line is a sentence and mostly no link."""
    return 2 * line.linked < len(line.text) and is_sentence(line)


def is_sentence(line: Line) -> bool:
    """Whether a line is prose, or ends as a sentence does."""
    text = line.text.rstrip()
    return is_prose(text) or (len(text) >= 10 and text[-1:] in _SENTENCE_ENDS)


def is_link(line: Line) -> bool:
    """Whether a line is a link, perhaps with a date beside it, and no file to be fetched."""
    if 5 * line.linked < len(line.text) or ATTACHED.search(line.text):
        return False
    return 5 * line.linked >= 3 * len(DATED.sub("", line.text))


def is_headline(line: Line) -> bool:
    """Whether a line is a link as long as headlines are."""
    return len(line.text) >= _HEADLINE and is_link(line)
