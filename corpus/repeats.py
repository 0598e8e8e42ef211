"""Articles of a run in, those out that repeat another: the same text, a re-post with light changes, or an excerpt.

Texts are compared by their letters and figures alone. Character shingles behind certain characters (so that a part of a
text gives a part of its shingles) find pairs that may agree; the whole texts then decide, and their figures and places:
bulletins made from one template agree in wording and differ in these.

What is kept of an article lies in files, all but some thirty bytes; the steps at the end are functions of a folder and the
number of a part, so that several processes may do them.
"""

from __future__ import annotations

import marshal
import tempfile
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import IO, Literal, NamedTuple, Protocol, TypeVar

from .firsts import Firsts, key_of
from .gist import Gist
from .likeness import Known, Traits, agreement, encoded, keys_of, may_agree, sample_of
from .recurrence import NONE, Furniture
from .shuffling import Column, Shuffle, Stored, groups_of, pairs_of, spans

# Texts with fewer letters are compared for equality only; bodies with fewer than the second only with all around them.
SHORT = 60
_TINY = 20
# A text with fewer letters than this share of its original is an excerpt; those nearer than the second are equals.
_EXCERPT = 0.75
_EQUAL = 0.9

_CROWD = 8  # up to so many articles that share a shingle are paired each with each, of more all with a few
_FIRST = 3
_PARTNERS = 8  # pairs that are compared for each article
_SHARED = 0.15  # of the shingles of the shorter text, those that a pair has in common which is worth a look
_STRETCH = 1 << 19  # shingles of the articles that are parted at a time
_SIZE = 4  # bytes that say how long a name is
_WORD = 8
_COLUMNS: dict[str, Literal["I", "Q"]] = {"starts": "Q", "letters": "I", "sampled": "I", "firsts": "I"}

Kind = Literal["same", "near", "excerpt"]
_Given = TypeVar("_Given")
_Told = TypeVar("_Told")


class Each(Protocol):
    """What does a function for each of several arguments: `map`, or processes."""

    def __call__(self, function: Callable[[_Given], _Told], given: Iterable[_Given], /) -> Iterable[_Told]: ...


def in_turn(function: Callable[[_Given], _Told], given: Iterable[_Given], /) -> Iterable[_Told]:
    """One after the other, in this process."""
    return map(function, given)


class Repeat(NamedTuple):
    """`id` repeats `of`, which is no repeat itself; `share` of its shingles stand there (or in the repeat between)."""

    id: str
    of: str
    kind: Kind
    share: float


class Imprint(NamedTuple):
    """What of an article is compared: how many letters its body has, a key of all of them (0 where there are none), the
    letters line by line, and its sampled shingles; the last two are empty where it is compared for equality only."""

    letters: int
    key: int
    text: bytes
    shingles: bytes


def imprint(text: str | Gist, spans: Sequence[tuple[int, int]] | None = None) -> Imprint:
    """The imprint of an article, its text or the gist of that; `spans` are its body, the whole text without them."""
    known = text if isinstance(text, Gist) else Gist(text)
    lined = known.lined if spans is None else known.within(spans)
    gist = lined.replace("\n", "")
    whole = gist if len(gist) >= _TINY else known.whole()
    key = key_of(whole) or 1 if whole else 0
    if len(gist) < SHORT:
        return Imprint(len(gist), key, b"", b"")
    return Imprint(len(gist), key, encoded(lined), array("Q", keys_of(sample_of(gist))).tobytes())


class Repeats:
    """An index of a run's articles; what it holds of their texts lies in files in the folder `scratch`, by default in the
    system's one for temporary files.

    >>> lead = "区侨联走访慰问归侨侨眷三十二户，送去慰问金9.6万元，举办侨法宣传活动5场，服务群众一千二百余人次。"
    >>> text = lead + "侨商会牵头对接项目7个，协议投资3.4亿元，为侨资企业解决用工、融资等难题21件。"
    >>> with Repeats() as repeats:
    ...     numbers = repeats.add("a.txt", text), repeats.add("b.txt", text.replace("，", ", "))
    ...     repeats.verdicts()["b.txt"]
    Repeat(id='b.txt', of='a.txt', kind='same', share=1.0)
    """

    def __init__(self, scratch: Path | None = None) -> None:
        self._scratch = scratch
        self._folder = tempfile.TemporaryDirectory(prefix="repeats", dir=scratch, ignore_cleanup_errors=True)
        self._place = Path(self._folder.name)
        self._firsts = Firsts()
        self._count = self._verdicts = 0
        self._texts: IO[bytes] = (self._place / "texts").open("wb")
        self._shingles: IO[bytes] = (self._place / "shingles").open("wb")
        self._columns = {name: Column(self._place / name, kind) for name, kind in _COLUMNS.items()}
        self._columns["starts"].append(0)
        self._end = 0
        self._files: list[IO[bytes] | Column] = [self._texts, self._shingles, *self._columns.values()]

    def __enter__(self) -> Repeats:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give up the files; there are no verdicts afterwards."""
        for file in self._files:
            file.close()
        self._folder.cleanup()

    def add(self, id: str, text: str | Gist, spans: Sequence[tuple[int, int]] | None = None) -> int:  # noqa: A002
        """Take the next article of the input, as `imprint` reads it; its number."""
        return self.take(id, imprint(text, spans))

    def take(self, id: str, found: Imprint) -> int:  # noqa: A002
        """Take the next article of the input; its number."""
        number = self._count
        self._count += 1
        first = self._firsts.first(found.key, number) if found.key else number
        text, shingles = (found.text, found.shingles) if first == number else (b"", b"")
        name = id.encode("utf-8", "surrogatepass")
        self._texts.write(b"%b%b%b" % (len(name).to_bytes(_SIZE, "little"), name, text))
        self._shingles.write(shingles)
        self._end += _SIZE + len(name) + len(text)
        columns = self._columns
        columns["starts"].append(self._end)
        columns["letters"].append(found.letters)
        columns["sampled"].append(len(shingles) // _WORD)
        columns["firsts"].append(first)
        return number

    def verdicts(self, furniture: Furniture = NONE, each: Each = in_turn) -> Verdicts:
        """The repeats; what is not named repeats nothing. Lines of `furniture` do not count. The work is done by `each`."""
        for file in self._files:
            file.flush()
        self._verdicts += 1
        place = self._place / f"verdicts-{self._verdicts}"
        place.mkdir()
        (place / "furniture").write_bytes(marshal.dumps([*furniture.keys]))
        links = _Links(self._count)
        for found in self._near(place, each):
            for repeat, original, share in found:
                links.add(repeat, original, share)
        with _Index(self._place) as index:
            return _judged(index, links, Verdicts(self._scratch, self._count))

    def _near(self, place: Path, each: Each) -> Iterable[list[tuple[int, int, float]]]:
        """Repeats in part, their originals and the shares, found in steps of which each needs all of the one before."""
        _all(each(partial(_part_shingles, place), _stretches(self._place)))
        parts = spans(self._shingles.tell() // _WORD)
        _all(each(partial(_pair, place), parts))
        _all(each(partial(_choose, place), parts))
        return each(partial(_compare, place), parts)


def _all(steps: Iterable[object]) -> None:
    for _ in steps:
        pass


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


class _Links:
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


class _Index:
    """The files of what is known of all articles, open to be read; a context manager."""

    def __init__(self, place: Path) -> None:
        self._stack = ExitStack()
        self._texts: IO[bytes] = self._stack.enter_context((place / "texts").open("rb"))
        self._starts, self.letters, self.sampled, self.firsts = (
            self._stack.enter_context(Stored(place / name, kind)) for name, kind in _COLUMNS.items()
        )

    def __enter__(self) -> _Index:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def id(self, number: int) -> str:
        """The name of an article."""
        self._texts.seek(self._starts[number])
        size = int.from_bytes(self._texts.read(_SIZE), "little")
        return self._texts.read(size).decode("utf-8", "surrogatepass")

    def wording(self, number: int, furniture: Furniture) -> str:
        """An article's letters without the lines of furniture, or with them where little else is left."""
        start, end = self._starts[number], self._starts[number + 1]
        self._texts.seek(start)
        data = self._texts.read(end - start)
        text = data[_SIZE + int.from_bytes(data[:_SIZE], "little") :]
        lines = text.decode("utf-16-le", "surrogatepass").split("\n")
        own = "".join([line for line in lines if not furniture.holds_gist(line)])
        return own if len(own) >= SHORT else "".join(lines)


# --- the steps, each done for a stretch of articles or a part of the keys


class _Stretch(NamedTuple):
    """Articles one behind the other, and the place of the shingles of the first."""

    name: str
    articles: range
    shingles: int


def _stretches(place: Path) -> Iterator[_Stretch]:
    """The articles in stretches of so many shingles."""
    first = start = held = 0
    with Stored(place / "sampled", "I") as sampled:
        for number, count in enumerate(sampled):
            held += count
            if held >= _STRETCH or number == len(sampled) - 1:
                yield _Stretch(f"{first:010}", range(first, number + 1), start)
                first, start, held = number + 1, start + held, 0


def _part_shingles(place: Path, stretch: _Stretch) -> None:
    """The shingles of some articles to the parts."""
    with (
        Stored(place.parent / "sampled", "I") as sampled,
        (place.parent / "shingles").open("rb") as file,
        Shuffle(place / "shingles", stretch.name) as shingles,
    ):
        file.seek(stretch.shingles * _WORD)
        for number in stretch.articles:
            shingles.extend(array("Q", file.read(sampled[number] * _WORD)), number)


def _pair(place: Path, parts: range) -> None:
    """Note the articles that share a shingle as partners; in a crowd those of the first few and of the longest."""
    with Stored(place.parent / "letters", "I") as letters, Shuffle(place / "partners", f"{parts.start:03}") as partners:
        for _, numbers in groups_of(place / "shingles", parts):
            few = len(numbers) <= _CROWD
            for other in numbers if few else {*numbers[:_FIRST], max(numbers, key=letters.__getitem__)}:
                partners.extend([one for one in numbers if one != other], other)


def _choose(place: Path, parts: range) -> None:
    """Pairs worth a look: for each article the few others with which it shares most of its sampled shingles."""
    with Stored(place.parent / "sampled", "I") as sampled, Shuffle(place / "pairs", f"{parts.start:03}") as pairs:
        for one, partners in groups_of(place / "partners", parts):
            for other, shared in _closest(partners):
                if shared >= _SHARED * min(sampled[one], sampled[other]):
                    pairs.extend([min(one, other)], max(one, other))


def _compare(place: Path, parts: range) -> list[tuple[int, int, float]]:
    """Of the pairs those of which one repeats the other: the repeat, the original and the share."""
    furniture = Furniture(frozenset(marshal.loads((place / "furniture").read_bytes())))
    found = []
    with _Index(place.parent) as index:
        traits = Known(lambda number: Traits(index.wording(number, furniture)))
        for one, other in pairs_of(place / "pairs", parts):
            left, right = traits.of(one), traits.of(other)
            if not may_agree(left, right):  # so it is of nearly all pairs
                continue
            repeat, original = _ordered(one, other, left, right)
            share = agreement(left, right) if repeat == one else agreement(right, left)
            if share:
                found.append((repeat, original, share))
    return found


def _ordered(one: int, other: int, left: Traits, right: Traits) -> tuple[int, int]:
    """Which of two would be the repeat: the shorter, of equals that with fewer figures of its own, then the later."""
    if left.letters < _EQUAL * right.letters:
        return one, other
    if right.letters < _EQUAL * left.letters:
        return other, one
    mine, others = left.facts.numerals, right.facts.numerals
    own = len(mine - others) - len(others - mine)
    if own:
        return (other, one) if own > 0 else (one, other)
    return max(one, other), min(one, other)


def _closest(partners: Iterable[int]) -> list[tuple[int, int]]:
    """The few partners that were named most often, each with how often; of equals the first, those named once are none."""
    named = [(partner, count) for partner, count in Counter(partners).items() if count > 1]
    return sorted(sorted(named), key=itemgetter(1), reverse=True)[:_PARTNERS]


def _judged(index: _Index, links: _Links, verdicts: Verdicts) -> Verdicts:
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


def _kind(index: _Index, chain: Sequence[int]) -> Kind:
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
