"""How much a single input may ask for: bytes, seconds, memory, members; and how a limit that was met is told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace

from .errors import InputError

_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*([kKmMgG]?)(?:i?[bB])?")
_SCALES = {"": 1, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one input; an article that meets one says which in its row, and the others go on.

    `file`: bytes of a file that is read whole; `text`: bytes of a plain text, and characters that any file may give
    as one article; `unpacked`: bytes that one archive may unfold to, all its members together; `ratio`: how many times
    its packed size a member may grow to once it is over a megabyte; `members`: files in one archive; `depth`: archives
    inside archives; `rows`: rows of one table; `cells`: cells of one row; `pages`: pages of one PDF; `nesting`: how deep the elements
    of a page may lie; `seconds` and `memory` (bytes): time and memory for reading one document, the
    memory also for what an article gives; `article`: seconds for finding what one article gives.
    """

    file: int = 200 << 20
    text: int = 32 << 20
    unpacked: int = 4 << 30
    ratio: int = 200
    members: int = 1_000_000
    depth: int = 3
    rows: int = 5_000_000
    cells: int = 10_000
    pages: int = 5_000
    nesting: int = 500
    seconds: int = 60
    memory: int = 2 << 30
    article: int = 300


DEFAULT = Limits()


class LimitError(Exception):
    """A limit was met: its name in `Limits`, and what was found."""

    def __init__(self, name: str, found: str) -> None:
        super().__init__(name, found)
        self.name, self.found = name, found

    def __str__(self) -> str:
        return f"limit {self.name} met: {self.found}; raise it with --limit {self.name}=… (超出限制 {self.name})"


def limits_of(settings: Iterable[str], base: Limits = DEFAULT) -> Limits:
    """The limits with settings such as `seconds=30` or `memory=512M` put in.

    >>> limits_of(["seconds=30", "memory=512M"]).memory == 512 << 20
    True

    Raises:
        InputError: where a name is unknown or an amount is no number above 0.
    """
    names = [field.name for field in fields(Limits)]
    for setting in settings:
        name, _, amount = setting.partition("=")
        found = _AMOUNT.fullmatch(amount.strip())
        if name.strip() not in names:
            raise InputError(f"--limit {setting}: no such limit; one of {', '.join(names)} (没有这个限制)")
        value = int(float(found.group(1)) * _SCALES[found.group(2).lower()]) if found else 0
        if value < 1:
            raise InputError(f"--limit {setting}: want NAME=NUMBER, such as seconds=30 or memory=512M (应为正数)")
        base = replace(base, **{name.strip(): value})
    return base


def told(limits: Limits) -> str:
    """The limits as settings, sizes in M or G.

    >>> told(Limits()).split()[:2]
    ['file=200M', 'text=32M']
    """
    return " ".join(f"{field.name}={_amount(getattr(limits, field.name))}" for field in fields(Limits))


def _amount(value: int) -> str:
    for letter in "GM":
        whole, rest = divmod(value, _SCALES[letter.lower()])
        if whole and not rest:
            return f"{whole}{letter}"
    return str(value)
