"""Texts of a run in, the lines out that stand at the edges of many of its articles: mastheads, menus, footers, notices."""

from __future__ import annotations

import re
from array import array
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from zlib import adler32, crc32

from .gist import Gist, gist_of

# A line recurs when it stands in so many articles that repeat no other: in any case, this share, but never more than.
FEWEST = 5
SHARE = 0.02
MOST = 50

LONG = 12  # characters of a line that speaks for shorter ones beside it
_EDGE = 40  # lines at either end of a text that are counted
_LONGEST = 1000  # characters of a line
_SEEN = 300_000  # lines that were seen once and are remembered
_OFTEN = 100_000  # lines that were seen more often
_SAMPLE = 32  # articles that are remembered of a line
# What changes from issue to issue in a masthead: 第118期, 2023年5月6日. It never goes over the end of a line, and each of
# it holds one of two stretches, which are sought many times faster since a single character begins them.
_ISSUE = re.compile(
    r"第[0-9〇零一二三四五六七八九十百]{1,6}期|(?:19|20)\d\d年\d{1,2}月\d{1,2}日|[二一][〇零九]..年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}日"
)
_NUMBER = re.compile("第[0-9〇零一二三四五六七八九十百]{1,6}期")
_DAY = re.compile("年[0-9一二三四五六七八九十]{1,2}月[0-9一二三四五六七八九十]{1,3}日")


@dataclass(frozen=True, slots=True, eq=False)
class Furniture:
    """The lines that recur over a run, by a hash of their letters and figures; small, and the same in all processes.

    >>> "本平台由某某传媒运营，内容仅供参考。" in Furniture(frozenset({line_key("本平台由某某传媒运营, 内容仅供参考")}))
    True
    """

    keys: frozenset[int] = frozenset()

    def __contains__(self, line: object) -> bool:
        return bool(self.keys) and isinstance(line, str) and line_key(line) in self.keys

    def __len__(self) -> int:
        return len(self.keys)

    def holds_gist(self, gist: str) -> bool:
        """Whether a line with this gist is furniture."""
        return bool(self.keys) and gist_key(gist) in self.keys

    def touches(self, keys: Iterable[int]) -> bool:
        """Whether one of the lines with these keys is furniture."""
        return not self.keys.isdisjoint(keys)

    @property
    def digest(self) -> bytes:
        """The same for the same lines."""
        return blake2b(repr(sorted(self.keys)).encode(), digest_size=16).digest()


NONE = Furniture()


def line_key(line: str) -> int:
    """A number for a line: spaces, marks and width do not count, nor an issue's number and day; 0 for a single letter."""
    return gist_key(gist_of(line[:_LONGEST]))


def gist_key(gist: str) -> int:
    """`line_key` for the gist of a line."""
    return _key(_without_issues(gist[:_LONGEST]))


def _without_issues(gist: str) -> str:
    return _ISSUE.sub("#", gist) if _NUMBER.search(gist) or _DAY.search(gist) else gist


def _key(gist: str) -> int:
    if len(gist) < 2:
        return 0
    data = gist.encode("utf-8", "surrogatepass")
    return crc32(data) << 32 | adler32(data)


def edge_keys(gist: Gist, numbers: Iterable[int]) -> list[int]:
    """`line_key` for each of these lines of a text."""
    lines = _without_issues("\n".join(gist.lines(numbers, _LONGEST)))
    return [_key(line) for line in lines.split("\n")]


def told_of(gist: Gist) -> tuple[list[int], list[int]]:
    """Of a text the keys of the lines at its head and foot that are counted; and of those by which `Furniture.touches` it:
    short ones count beside a long one alone."""
    lines = _edges(gist.raw)
    keys = edge_keys(gist, lines)
    told = sorted({*keys} - {0})
    if len(gist.raw) > _EDGE:  # behind many short lines a long one may stand
        return told, told
    return told, [key for key, line in zip(keys, lines, strict=True) if key and len(gist.raw[line]) >= LONG]


class Recurrence:
    """Counts the lines at the head and foot of a run's articles, in memory that does not grow with the run.

    Of more lines than it has room for, those are forgotten that were seen once and longest ago, then the rarest.
    """

    def __init__(self) -> None:
        self._count = 0
        self._once: dict[int, int] = {}
        self._often: dict[int, array[int]] = {}  # how many articles, then the numbers of some of them

    def add(self, number: int, text: str | Gist) -> list[int]:
        """Take the next article, its number and its text or the gist of that; the keys of those lines by which
        `Furniture.touches` it."""
        told, edges = told_of(text if isinstance(text, Gist) else Gist(text))
        self.take(number, told)
        return edges

    def take(self, number: int, told: Iterable[int]) -> None:
        """Take the next article: its number, and the keys of its lines, each once."""
        for key in told:
            if entry := self._often.get(key):
                _note(entry, key ^ self._count, number)
            elif (first := self._once.pop(key, None)) is not None:
                self._often[key] = array("I", (2, first, number))
            else:
                self._once[key] = number
        self._count += 1
        self._forget()

    def _forget(self) -> None:
        if len(self._once) > _SEEN:
            for key in list(islice(self._once, _SEEN // 2)):
                del self._once[key]
        if len(self._often) > _OFTEN:
            rarest = sorted(self._often, key=lambda key: self._often[key][0])
            for key in rarest[: _OFTEN // 2]:
                del self._often[key]

    def furniture(self, repeats: Collection[int] = ()) -> Furniture:
        """The lines that recur, each counted in the articles alone that are not among `repeats` (their numbers)."""
        wanted = max(FEWEST, min(MOST, SHARE * (self._count - len(repeats))))
        return Furniture(frozenset(key for key, entry in self._often.items() if _recurs(entry, wanted, repeats)))


def _recurs(entry: array[int], wanted: float, repeats: Collection[int]) -> bool:
    count, *numbers = entry
    own = sum(number not in repeats for number in numbers)
    return own >= FEWEST and count * own >= wanted * len(numbers)


def _note(entry: array[int], chance: int, number: int) -> None:
    """One article more; of many a sample is kept, the same in every run: `chance` is any number."""
    entry[0] += 1
    if len(entry) <= _SAMPLE:
        entry.append(number)
        return
    place = (chance * 0x9E3779B97F4A7C15 >> 24) % entry[0]
    if place < _SAMPLE:
        entry[1 + place] = number


def _edges(lines: Sequence[str]) -> Collection[int]:
    """Numbers of the first lines of a text that hold anything, and of the last ones."""
    if len(lines) <= _EDGE:
        return range(len(lines))
    head = islice((number for number, line in enumerate(lines) if line and not line.isspace()), _EDGE)
    return {*head, *range(len(lines) - _EDGE, len(lines))}
