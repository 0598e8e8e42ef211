"""Links between articles in, verdicts out: which repeats which, in what way and by what share."""

from __future__ import annotations

import marshal
import tempfile
from array import array
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Literal, NamedTuple

from .firsts import Firsts, key_of
from .imprints import Index

# A text with fewer letters than this share of its original is an excerpt.
_EXCERPT = 0.75

Kind = Literal["same", "near", "excerpt"]


class Repeat(NamedTuple):
    """`id` repeats `of`, which is no repeat itself; `share` of its shingles stand there (or in the repeat between)."""

    id: str
    of: str
    kind: Kind
    share: float


class Verdicts(Mapping[str, Repeat]):
    """The repeats of a run by their id, in the order of articles. They lie in a file: some thirty bytes of each in memory."""

    def __init__(self, scratch: Path | None, count: int) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile(dir=scratch)  # noqa: SIM115
        self._ends = array("Q", [0])
        self._places = Firsts()
        self.numbers = Numbers(count)
        """The numbers of the repeats, as `Repeats.take` gave them."""

    def add(self, number: int, repeat: Repeat) -> None:
        """Take the next verdict."""
        self._places.first(key_of(repeat.id), len(self._ends) - 1)
        self.numbers.add(number)
        self._file.write(marshal.dumps(tuple(repeat)))
        self._ends.append(self._file.tell())

    def __getitem__(self, id: str) -> Repeat:  # noqa: A002
        place = self._places.find(key_of(id))
        repeat = None if place is None else self._at(place)
        if repeat is None or repeat.id != id:
            raise KeyError(id)
        return repeat

    def _at(self, place: int) -> Repeat:
        start, end = self._ends[place : place + 2]
        self._file.seek(start)
        return Repeat(*marshal.loads(self._file.read(end - start)))

    def __iter__(self) -> Iterator[str]:
        return (self._at(place).id for place in range(len(self)))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __repr__(self) -> str:
        return repr(dict(self))


class Numbers(Collection[int]):
    """Some of the numbers below a limit, a byte for each number."""

    def __init__(self, limit: int) -> None:
        self._flags, self._count = bytearray(limit), 0

    def add(self, number: int) -> None:
        """Take a number that was not taken."""
        self._flags[number] = 1
        self._count += 1

    def __contains__(self, number: object) -> bool:
        return isinstance(number, int) and self._flags[number] == 1

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[int]:
        return (number for number, flag in enumerate(self._flags) if flag)


class Links:
    """For each article the one that it repeats most of, and the share; in arrays, since there are many."""

    def __init__(self, count: int) -> None:
        self._of, self._shares = array("i", [-1]) * count, array("d", [0.0]) * count

    def add(self, repeat: int, original: int, share: float) -> None:
        of = self._of[repeat]
        if of < 0 or (share, -original) > (self._shares[repeat], -of):
            self._of[repeat], self._shares[repeat] = original, share

    def of(self, number: int) -> int:
        """The article that one repeats; below 0 there is none."""
        return self._of[number]

    def share(self, number: int) -> float:
        return self._shares[number]


def judged(index: Index, links: Links, verdicts: Verdicts) -> Verdicts:
    """The verdicts that the links tell."""
    for number, first in enumerate(index.firsts):
        if first != number:
            links.add(number, first, 1.0)
    for number in range(len(index.firsts)):
        chain = _chain(links.of, number)
        if chain[-1] != number:
            repeated = chain[-1]
            share = min(links.share(link) for link in chain[:-1])
            kind = _kind(index, chain)
            verdicts.add(number, Repeat(index.id(number), index.id(repeated), kind, round(share, 3)))
    return verdicts


def _kind(index: Index, chain: Sequence[int]) -> Kind:
    if all(index.firsts[link] != link for link in chain[:-1]):
        return "same"
    return "near" if index.letters[chain[0]] >= _EXCERPT * index.letters[chain[-1]] else "excerpt"


def _chain(of: Callable[[int], int], number: int) -> list[int]:
    """The numbers from a repeat to its last original; a ring ends at its first article of the input."""
    chain = [number]
    while (following := of(chain[-1])) >= 0:
        if following in chain:
            first = min(chain[chain.index(following) :])
            return chain[: chain.index(first) + 1]
        chain.append(following)
    return chain
