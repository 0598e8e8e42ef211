"""Two texts in, how much of the one stands in the other: by a sample of their shingles, their figures and their places."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache, cached_property
from typing import NamedTuple

from .shuffling import KEY

# A figure with the character behind it: 9.6万元, 三十二户; the last one of a text that is cut behind it has none.
_FIGURE = re.compile(r"([0-9][0-9.]*+%?+[百千万亿]*+|[〇零一二两三四五六七八九十百千万亿]{2,}+)(.?)")
# The end of a division's name, and none of those that stand for the writer's own or for any: 余杭区, but not 为我区.
_PLACE = re.compile(
    r"(?=([㐀-鿿][^我全该本各市县区乡城农社地山园校景小辖片灾牧东西南北中部][省市县縣区區州盟旗镇鎮乡鄉村]))"
)

# The share of the repeat's shingles that the original must hold, and that of a text with fewer letters than _BRIEF.
SHARE = 0.7
_BRIEF, _BRIEF_SHARE = 200, 0.8
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


class Facts(NamedTuple):
    """Figures and places of a text. A figure has the character behind it; `ending` is the one that ends the text. `about`
    are the places that count."""

    figures: frozenset[str]
    numerals: frozenset[str]
    ending: str
    places: frozenset[str]
    about: frozenset[str]


class Traits:
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
        return sample_of(self._gist)

    @cached_property
    def facts(self) -> Facts:
        return facts_of(self._gist)


def encoded(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


@cache
def _sampler(one_in: int, length: int) -> re.Pattern[str]:
    """Shingles behind one in so many kinds of characters; which ones is settled by a multiplicative hash."""
    chosen = "".join(chr(code) for code in range(0x3400, 0xA000) if (code * 2_654_435_761 >> 16) % one_in == 0)
    return re.compile(f"[{chosen}](?=(.{{{length}}}))")


def sample_of(gist: str) -> frozenset[str]:
    return frozenset(_sampler(_ONE_IN, _SHINGLE).findall(gist))


def keys_of(sample: Iterable[str]) -> list[int]:
    """A number of 42 bits for each shingle of eight characters, which are sixteen bytes; a hash of two integers is the
    same in every process, that of a string is not."""
    halves = iter(array("Q", encoded("".join(sample))))
    return [mixed & KEY for mixed in map(hash, zip(halves, halves, strict=True))]


class Known:
    """Traits of articles by their number; those that were not asked for lately are forgotten."""

    def __init__(self, read: Callable[[int], Traits]) -> None:
        self._read = read
        self._traits: dict[int, Traits] = {}
        self._letters = 0

    def of(self, number: int) -> Traits:
        found = self._traits.pop(number, None)
        if found is None:
            found = self._read(number)
            self._letters += found.letters
            while self._letters > _KNOWN and self._traits:
                self._letters -= self._traits.pop(next(iter(self._traits))).letters
        self._traits[number] = found
        return found


def facts_of(gist: str) -> Facts:
    places = Counter(_PLACE.findall(gist))
    about = {place for place, count in places.items() if count > 1} | set(_PLACE.findall(gist[:_HEAD]))
    found = _FIGURE.findall(gist)
    return Facts(
        figures=frozenset(numeral + unit for numeral, unit in found if unit),
        numerals=frozenset(numeral for numeral, _ in found),
        ending=next((numeral for numeral, unit in found[-1:] if not unit), ""),
        places=frozenset(places),
        about=frozenset(about),
    )


def may_agree(left: Traits, right: Traits) -> bool:
    """Whether one of two holds so much of the other that their facts are worth a look."""
    mine, others = left.fine, right.fine
    common = len(mine & others)
    if not common:
        mine, others = left.shingles, right.shingles
        common = len(mine & others)
    return common > 0 and common / min(len(mine), len(others)) >= SHARE


def agreement(repeat: Traits, original: Traits) -> float:
    """The share of the repeat's shingles that stand in the original; 0 where that is little or the facts differ."""
    share = _share(repeat, original)
    if share < (SHARE if repeat.letters >= _BRIEF else _BRIEF_SHARE):
        return 0.0
    told, known = repeat.facts, original.facts
    strange = sum(figure[:-1] != known.ending for figure in told.figures - known.figures)
    if strange > len(told.figures) // _FIGURES_A_SLIP:
        return 0.0
    return 0.0 if told.about - known.places and known.about - told.places else share


def _share(part: Traits, whole: Traits) -> float:
    """How much of the part stands in the whole, by the finer sample where both have one in common."""
    return _held(part.fine, whole.fine) or _held(part.shingles, whole.shingles)


def _held(part: frozenset[str], whole: frozenset[str]) -> float:
    """How much of the part stands in the whole; 0 where one of them is not known."""
    return len(part & whole) / len(part) if part and whole else 0.0
