"""Articles of a run in, those out that repeat another: the same text, a re-post with light changes, or an excerpt.

Texts are compared by their letters and figures alone. Character shingles behind certain characters (so that a part of a
text gives a part of its shingles) find pairs that may agree; the whole texts then decide, and their figures and places:
bulletins made from one template agree in wording and differ in these.
"""

from __future__ import annotations

import re
import tempfile
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from hashlib import blake2b
from operator import itemgetter
from pathlib import Path
from typing import IO, Literal, NamedTuple

from .gist import Gist
from .recurrence import NONE, Furniture

# A figure with the character behind it: 9.6万元, 三十二户; the last one of a text that is cut behind it has none.
_FIGURE = re.compile(r"([0-9][0-9.]*+%?+[百千万亿]*+|[〇零一二两三四五六七八九十百千万亿]{2,}+)(.?)")
# The end of a division's name, and none of those that stand for the writer's own or for any: 余杭区, but not 为我区.
_PLACE = re.compile(
    r"(?=([㐀-鿿][^我全该本各市县区乡城农社地山园校景小辖片灾牧东西南北中部][省市县縣区區州盟旗镇鎮乡鄉村]))"
)

# Texts with fewer letters are compared for equality only; bodies with fewer than the second only with all around them.
SHORT = 60
_TINY = 20
# The share of the repeat's shingles that the original must hold, and that of a text with fewer letters than _BRIEF.
SHARE = 0.7
_BRIEF, _BRIEF_SHARE = 200, 0.8
# A text with fewer letters than this share of its original is an excerpt; those nearer than the second are equals.
_EXCERPT = 0.75
_EQUAL = 0.9
# One figure in so many may be another (a corrected slip).
_FIGURES_A_SLIP = 12
# A place that stands so early, or twice, is what a text is about.
_HEAD = 60

_ONE_IN = 8  # sampled characters
_SHINGLE = 8  # characters of the basic plane
_FINE_ONE_IN = 2
_FINE_SHINGLE = 6
_WHOLE = 30_000  # letters up to which the finer sample is compared
_KNOWN = 250_000  # letters of the articles whose traits are at hand
_KEY = (1 << 42) - 1
_PARTS, _PART_BITS = 256, 8
_NUMBER_BITS = 28  # of an article's number
_NUMBER = (1 << _NUMBER_BITS) - 1
_CROWD = 8  # up to so many articles that share a shingle are paired each with each, of more all with a few
_FIRST = 3
_PARTNERS = 8  # pairs that are compared for each article
_HELD = 4 << 20  # values in memory before they go to the scratch file
_HELD_BYTES = 32 << 20

Kind = Literal["same", "near", "excerpt"]


class Repeat(NamedTuple):
    """`id` repeats `of`, which is no repeat itself; `share` of its shingles stand there (or in the repeat between)."""

    id: str
    of: str
    kind: Kind
    share: float


class _Facts(NamedTuple):
    """Figures and places of a text. A figure has the character behind it; `ending` is the one that ends the text. `about`
    are the places that count."""

    figures: frozenset[str]
    numerals: frozenset[str]
    ending: str
    places: frozenset[str]
    about: frozenset[str]


class _Traits:
    """What of a text is compared, found when it is first asked for: most pairs are told apart by their shingles."""

    def __init__(self, gist: str) -> None:
        self._gist = gist
        self.letters = len(gist)

    @cached_property
    def fine(self) -> frozenset[str]:
        """The finer sample of shingles; none of a long text."""
        few = self.letters <= _WHOLE
        return frozenset(_sampler(_FINE_ONE_IN, _FINE_SHINGLE).findall(self._gist) if few else ())

    @cached_property
    def shingles(self) -> frozenset[str]:
        return _sample(self._gist)

    @cached_property
    def facts(self) -> _Facts:
        return _facts_of(self._gist)


class Repeats:
    """An index of a run's articles; what it holds of their texts lies in files in the folder `scratch`.

    Without a folder the files lie in the system's one for temporary files; they are there only once a run is large.

    >>> lead = "区侨联走访慰问归侨侨眷三十二户，送去慰问金9.6万元，举办侨法宣传活动5场，服务群众一千二百余人次。"
    >>> text = lead + "侨商会牵头对接项目7个，协议投资3.4亿元，为侨资企业解决用工、融资等难题21件。"
    >>> with Repeats() as repeats:
    ...     repeats.add("a.txt", text)
    ...     repeats.add("b.txt", text.replace("，", ", "))
    ...     repeats.verdicts()["b.txt"]
    Repeat(id='b.txt', of='a.txt', kind='same', share=1.0)
    """

    def __init__(self, scratch: Path | None = None) -> None:
        folder = None if scratch is None else str(scratch)
        self._ids: list[str] = []
        self._letters = array("Q")
        self._sampled = array("L")
        self._starts = array("Q", [0])
        self._firsts: dict[int, int] = {}
        self._same: dict[int, int] = {}
        self._texts: IO[bytes] = tempfile.SpooledTemporaryFile(_HELD_BYTES, dir=folder)  # noqa: SIM115
        self._shingles = _Spool(scratch)
        self._pairs = _Spool(scratch)

    def __enter__(self) -> Repeats:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give up the scratch files; there are no verdicts afterwards."""
        for file in (self._texts, self._shingles, self._pairs):
            file.close()

    def add(self, id: str, text: str | Gist, spans: Sequence[tuple[int, int]] | None = None) -> None:  # noqa: A002
        """Take the next article of the input, its text or the gist of that; `spans` are its body, the whole text without
        them."""
        known = text if isinstance(text, Gist) else Gist(text)
        lined = known.lined if spans is None else known.within(spans)
        gist = lined.replace("\n", "")
        number = len(self._ids)
        self._ids.append(id)
        self._letters.append(len(gist))
        first = self._first(gist if len(gist) >= _TINY else known.whole(), number)
        if first != number:
            self._same[number] = first
        self._store(number, lined, gist) if first == number and len(gist) >= SHORT else self._store(number, "", "")

    def _first(self, gist: str, number: int) -> int:
        """The number of the first article with this text; one without letters is the first of its kind."""
        if not gist:
            return number
        digest = blake2b(gist.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        return self._firsts.setdefault(int.from_bytes(digest, "little"), number)

    def _store(self, number: int, lined: str, gist: str) -> None:
        """The text for a later look, and its sampled shingles for the index; nothing of a text that is not compared."""
        self._texts.write(_encoded(lined))
        self._starts.append(self._texts.tell())
        sample = _sample(gist)
        self._sampled.append(len(sample))
        self._shingles.extend(_keys(sample), number)

    def verdicts(self, furniture: Furniture = NONE) -> dict[str, Repeat]:
        """The repeats by their id; what is not named repeats nothing. Lines of `furniture` do not count."""
        found = self._near(furniture)
        links = {number: of for number, (of, _) in found.items()} | self._same
        verdicts = {}
        for number in sorted(links):
            chain = _chain(links, number)
            if chain[-1] != number:
                share = min((found[link][1] for link in chain[:-1] if link in found), default=1.0)
                kind = self._kind(number, chain[-1], all(link in self._same for link in chain[:-1]))
                verdicts[self._ids[number]] = Repeat(self._ids[number], self._ids[chain[-1]], kind, round(share, 3))
        return verdicts

    def _kind(self, number: int, of: int, same: bool) -> Kind:
        if same:
            return "same"
        return "near" if self._letters[number] >= _EXCERPT * self._letters[of] else "excerpt"

    def _near(self, furniture: Furniture) -> dict[int, tuple[int, float]]:
        """For each article that repeats another one in part, the one that it repeats most of, and the share."""
        traits = _Known(lambda number: _Traits(self._wording(number, furniture)))
        found: dict[int, tuple[int, float]] = {}
        for one, other in self._candidates():
            left, right = traits.of(one), traits.of(other)
            if not _may_agree(left, right):  # so it is of nearly all pairs
                continue
            repeat, original = self._ordered(one, other, left, right)
            share = _agreement(left, right) if repeat == one else _agreement(right, left)
            best = found.get(repeat)
            if share and (best is None or (share, -original) > (best[1], -best[0])):
                found[repeat] = original, share
        return found

    @staticmethod
    def _ordered(one: int, other: int, left: _Traits, right: _Traits) -> tuple[int, int]:
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

    def _wording(self, number: int, furniture: Furniture) -> str:
        """An article's letters without the lines of furniture, or with them where little else is left."""
        start, end = self._starts[number : number + 2]
        self._texts.seek(start)
        lines = self._texts.read(end - start).decode("utf-16-le", "surrogatepass").split("\n")
        own = "".join([line for line in lines if not furniture.holds_gist(line)])
        return own if len(own) >= SHORT else "".join(lines)

    def _candidates(self) -> Iterator[tuple[int, int]]:
        """Pairs worth a look: for each article the few others with which it shares most of its sampled shingles."""
        for _, numbers in self._shingles.groups():
            self._pair(numbers)
        seen: set[tuple[int, int]] = set()
        for one, partners in self._pairs.groups():
            for other, shared in _closest(partners):
                pair = min(one, other), max(one, other)
                if pair not in seen and self._is_promising(one, other, shared):
                    seen.add(pair)
                    yield pair

    def _is_promising(self, one: int, other: int, shared: int) -> bool:
        return shared >= 0.15 * min(self._sampled[one], self._sampled[other])

    def _pair(self, numbers: list[int]) -> None:
        """Note the articles that share a shingle as partners; in a crowd those of the first few and of the longest."""
        if len(numbers) <= _CROWD:
            for other in numbers:
                self._pairs.extend([one for one in numbers if one != other], other)
            return
        for other in {*numbers[:_FIRST], max(numbers, key=self._letters.__getitem__)}:
            self._pairs.extend([one for one in numbers if one != other], other)


class _Spool:
    """Keys with the number of an article, in parts by the key; what memory is not to hold lies in a scratch file."""

    def __init__(self, scratch: Path | None) -> None:
        self._scratch = scratch
        self._file: IO[bytes] | None = None
        self._parts = [array("Q") for _ in range(_PARTS)]
        self._written: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        self._room = _HELD

    def extend(self, keys: Sequence[int], number: int) -> None:
        parts = self._parts
        for key in keys:
            parts[key & _PARTS - 1].append(key >> _PART_BITS << _NUMBER_BITS | number)
        self._room -= len(keys)
        if self._room <= 0:
            self._spill()

    def _spill(self) -> None:
        file = self._file = self._file or tempfile.TemporaryFile(dir=self._scratch)  # noqa: SIM115
        file.seek(0, 2)
        for part, values in enumerate(self._parts):
            self._written[part].append((file.tell(), len(values)))
            values.tofile(file)
            del values[:]
        self._room = _HELD

    def groups(self) -> Iterator[tuple[int, list[int]]]:
        """Each key that was given more than once, with its numbers in the order in which they were given."""
        for part in range(_PARTS):
            for key, numbers in _met_again(self._take(part)):
                yield key * _PARTS + part, numbers

    def _take(self, part: int) -> array[int]:
        values = array("Q")
        for start, count in self._written[part]:
            if self._file is not None:
                self._file.seek(start)
                values.frombytes(self._file.read(count * values.itemsize))
        values.extend(self._parts[part])
        return values

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def _encoded(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


@cache
def _sampler(one_in: int, length: int) -> re.Pattern[str]:
    """Shingles behind one in so many kinds of characters; which ones is settled by a multiplicative hash."""
    chosen = "".join(chr(code) for code in range(0x3400, 0xA000) if (code * 2_654_435_761 >> 16) % one_in == 0)
    return re.compile(f"[{chosen}](?=(.{{{length}}}))")


def _sample(gist: str) -> frozenset[str]:
    return frozenset(_sampler(_ONE_IN, _SHINGLE).findall(gist))


def _keys(sample: Iterable[str]) -> list[int]:
    """A number of 42 bits for each shingle of eight characters, which are sixteen bytes; a hash of two integers is the
    same in every process, that of a string is not."""
    halves = iter(array("Q", _encoded("".join(sample))))
    return [mixed & _KEY for mixed in map(hash, zip(halves, halves, strict=True))]


def _closest(partners: Iterable[int]) -> list[tuple[int, int]]:
    """The few partners that were named most often, each with how often; of equals the first, those named once are none."""
    named = [(partner, count) for partner, count in Counter(partners).items() if count > 1]
    return sorted(sorted(named), key=itemgetter(1), reverse=True)[:_PARTNERS]


class _Known:
    """Traits of articles by their number; those that were not asked for lately are forgotten."""

    def __init__(self, read: Callable[[int], _Traits]) -> None:
        self._read = read
        self._traits: dict[int, _Traits] = {}
        self._letters = 0

    def of(self, number: int) -> _Traits:
        found = self._traits.pop(number, None)
        if found is None:
            found = self._read(number)
            self._letters += found.letters
            while self._letters > _KNOWN and self._traits:
                self._letters -= self._traits.pop(next(iter(self._traits))).letters
        self._traits[number] = found
        return found


def _facts_of(gist: str) -> _Facts:
    places = Counter(_PLACE.findall(gist))
    about = {place for place, count in places.items() if count > 1} | set(_PLACE.findall(gist[:_HEAD]))
    found = _FIGURE.findall(gist)
    return _Facts(
        figures=frozenset(numeral + unit for numeral, unit in found if unit),
        numerals=frozenset(numeral for numeral, _ in found),
        ending=next((numeral for numeral, unit in found[-1:] if not unit), ""),
        places=frozenset(places),
        about=frozenset(about),
    )


def _may_agree(left: _Traits, right: _Traits) -> bool:
    """Whether one of two holds so much of the other that their facts are worth a look."""
    mine, others = left.fine, right.fine
    common = len(mine & others)
    if not common:
        mine, others = left.shingles, right.shingles
        common = len(mine & others)
    return common > 0 and common / min(len(mine), len(others)) >= SHARE


def _agreement(repeat: _Traits, original: _Traits) -> float:
    """The share of the repeat's shingles that stand in the original; 0 where that is little or the facts differ."""
    share = _share(repeat, original)
    if share < (SHARE if repeat.letters >= _BRIEF else _BRIEF_SHARE):
        return 0.0
    told, known = repeat.facts, original.facts
    strange = sum(figure[:-1] != known.ending for figure in told.figures - known.figures)
    if strange > len(told.figures) // _FIGURES_A_SLIP:
        return 0.0
    return 0.0 if told.about - known.places and known.about - told.places else share


def _share(part: _Traits, whole: _Traits) -> float:
    """How much of the part stands in the whole, by the finer sample where both have one in common."""
    return _held(part.fine, whole.fine) or _held(part.shingles, whole.shingles)


def _held(part: frozenset[str], whole: frozenset[str]) -> float:
    """How much of the part stands in the whole; 0 where one of them is not known."""
    return len(part & whole) / len(part) if part and whole else 0.0


def _met_again(values: Iterable[int]) -> Iterable[tuple[int, list[int]]]:
    """The keys that stand in several values, each with the numbers beside it; most keys are met once."""
    once: dict[int, int] = {}
    again: dict[int, list[int]] = {}
    for value in values:
        key = value >> _NUMBER_BITS
        if key not in once:
            once[key] = value & _NUMBER
        elif key in again:
            again[key].append(value & _NUMBER)
        else:
            again[key] = [once[key], value & _NUMBER]
    return again.items()


def _chain(links: Mapping[int, int], number: int) -> list[int]:
    """The numbers from a repeat to its last original; a ring ends at its first article of the input."""
    chain = [number]
    while chain[-1] in links:
        following = links[chain[-1]]
        if following in chain:
            first = min(chain[chain.index(following) :])
            return chain[: chain.index(first) + 1]
        chain.append(following)
    return chain
