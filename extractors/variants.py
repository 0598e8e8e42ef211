"""Mentions of brands of one article in, brands out: which of the names told are one, and the name they go under."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from ..corpus.lexicons import lexical, rows
from ..corpus.records import BRAND_KINDS, Brand
from .brands import brand_name

LONGEST = 40
"""Characters; a longer name is no full name of another."""
_MARK = re.compile(r"(?<![\d\W_])(?:[^\w+]|_)++|(?:[^\w+]|_)++(?!\d)")
_YEAR = r"(?<!\d)(?:199|20[0-3])\d(?:\W(?:199|20[0-3])\d)?(?!\d)(?:年度?|版)?"
_EDITION = re.compile(rf"{_YEAR}|第[〇零一二三四五六七八九十百两\d]{{1,4}}[届期季]|^首届|\d\.0版?$")
_SHORTEST = 2
_SHORTEST_ALONE = 3
_CORES = (2, 3, 4)
_JOINED = re.compile(r"暨|[和与及]$")
# By picture, not by what they are: in a bulletin “会客厅” is the one of which it has told.
_PICTURES = frozenset({"夜话", "茶叙", "客厅", "会客厅", "轻骑兵", "帮帮团"})


@dataclass(frozen=True, slots=True)
class MergedBrand:
    """A brand of one article: its full name, the names under which it is told in order of mention, and how often."""

    name: str
    kind: str
    variants: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A named reason why two names are one, and two such names; the fuller one comes first."""

    name: str
    example: tuple[str, str]
    holds: Callable[[str, str], bool]


def merged(brands: Sequence[Brand]) -> tuple[MergedBrand, ...]:
    """The brands that the mentions of one article tell, in order of first mention; each mention is in one of them.

    A short name that stands within two brands of the article is a brand by itself.

    >>> told = [Brand(0, 1, "", "", 1, name, "team") for name in ("金达莱姐姐调解队", "侨邻里", "金达莱姐姐")]
    >>> [(brand.name, brand.variants, brand.count) for brand in merged(told)]
    [('金达莱姐姐调解队', ('金达莱姐姐调解队', '金达莱姐姐'), 2), ('侨邻里', ('侨邻里',), 1)]
    """
    spellings = {brand.name: "" for brand in brands}
    spellings.update((name, spelling(name)) for name in spellings)
    fullest = _fullest(set(spellings.values()))
    groups: dict[str, list[Brand]] = {}
    for brand in brands:
        groups.setdefault(fullest[spellings[brand.name]], []).append(brand)
    return tuple(
        _one(group, [brand for brand in group if spellings[brand.name] == full]) for full, group in groups.items()
    )


def _one(group: list[Brand], full: list[Brand]) -> MergedBrand:
    """A brand of its mentions, of which some tell the full name: best without an edition, then as most often told."""
    told = Counter(brand.name for brand in full)
    name = min(told, key=lambda name: (_unmarked(name) != spelling(name), -told[name], -len(name), name))
    kinds = Counter(brand.kind for brand in full if brand.name == name)
    order = list(BRAND_KINDS)
    kind = min(kinds, key=lambda kind: (-kinds[kind], order.index(kind) if kind in order else len(order), kind))
    return MergedBrand(name, kind, tuple(dict.fromkeys(brand.name for brand in group)), len(group))


def spelling(name: str) -> str:
    """The name without marks and edition, in half width and small letters; two names with one spelling are one.

    >>> spelling("第三届“侨界·春晚”"), spelling("侨界春晚２０２３"), spelling("第三届夏令营"), spelling("林芝12345村村有伴")
    ('侨界春晚', '侨界春晚', '第三届夏令营', '林芝12345村村有伴')
    """
    unmarked = _unmarked(name)
    bare = _EDITION.sub("", unmarked)
    return unmarked if len(bare) < _SHORTEST or bare.isdecimal() or bare in _named() else bare


def _unmarked(name: str) -> str:
    """Marks between digits stay: 9·8 is not 98."""
    plain = brand_name(name).casefold()
    return _MARK.sub("", plain) or plain


def _fullest(spellings: Collection[str]) -> dict[str, str]:
    """For each spelling the longest of its brand; the longest come first, so what a name can join is settled by then."""
    fuller = _fuller(spellings)
    fullest: dict[str, str] = {}
    for short in sorted(spellings, key=len, reverse=True):
        fulls = fuller.get(short, ())
        heads = {fullest[full] for full in fulls}
        joins = len(heads) == 1 and any(_are_one(full, short) for full in fulls)
        fullest[short] = heads.pop() if joins else short
    return fullest


def _fuller(spellings: Collection[str]) -> dict[str, list[str]]:
    """For each spelling the others within which it stands, whole or with the middle left out.

    Names are looked up, not compared with each other, so the time grows with the number of names, not its square.
    """
    lengths = sorted({len(each) for each in spellings})
    fuller: dict[str, list[str]] = {}
    for full in spellings:
        if len(full) <= LONGEST:
            for short in {part for part in _parts(full, lengths) if part in spellings}:
                fuller.setdefault(short, []).append(full)
    return fuller


def _parts(full: str, lengths: list[int]) -> Iterator[str]:
    for length in lengths:
        if length >= len(full):
            break
        for start in range(len(full) - length + 1):
            yield full[start : start + length]
    for noun in _standing(full):
        yield from _cores(full, noun)


def _cores(full: str, noun: str) -> Iterator[str]:
    """What is left when at least two characters before the noun are left out, and any before the core."""
    end = len(full) - len(noun) - _SHORTEST
    for length in _CORES:
        for start in range(end - length + 1):
            yield full[start : start + length] + noun


def _are_one(full: str, short: str) -> bool:
    return len(short) >= _SHORTEST and any(rule.holds(full, short) for rule in RULES)


# The rules, and the words that they ask for.


def _same_but_marks(full: str, short: str) -> bool:
    return _unmarked(full) == _unmarked(short)


def _same_but_edition(full: str, short: str) -> bool:
    return spelling(full) == spelling(short)


def _noun_left_out(full: str, short: str) -> bool:
    """暖心 for 暖心计划, but not 爱心 for 爱心基金 nor 同心 for 同心驿站: such words are of many places and funds."""
    noun = full[len(short) :]
    if not full.startswith(short) or len(noun) < _SHORTEST or short in _named():
        return False
    if noun in _nouns("firm", "generic"):
        return short in _plain() or not is_generic(short)
    return noun in _nouns("name", "behind") and len(short) >= _SHORTEST_ALONE and not is_generic(short)


def _lead_left_out(full: str, short: str) -> bool:
    """What stands before is a place, a host or an own half of the name; 小 before 海归驿站 is none, nor is 大会暨."""
    lead = full.removesuffix(short)
    if not full.endswith(short) or len(lead) < _SHORTEST or _JOINED.search(lead):
        return False
    return short in _PICTURES or (len(short) >= _SHORTEST_ALONE and not is_generic(short))


def _middle_left_out(full: str, short: str) -> bool:
    """For places and funds, of which there is one; actions come in series: 春风行动 is not 春风送暖行动.

    A place with 青年 or 法律 in it is another one; a fund says for whom it is.
    """
    return any(_is_core(full, short, noun) for noun in _standing(full) if short.endswith(noun))


def _is_core(full: str, short: str, noun: str) -> bool:
    core, rest = short.removesuffix(noun), full.removesuffix(noun)
    place = rest.find(core)
    middle = rest[place + len(core) :]
    if len(core) not in _CORES or place < 0 or len(middle) < _SHORTEST or is_generic(short):
        return False
    return noun in _nouns_of("fund") or not any(word in middle for word in _plain() if len(word) >= _SHORTEST)


RULES = (
    Rule("variant.marks", ("亲情中华·之江同心", "亲情中华之江同心"), _same_but_marks),
    Rule("variant.edition", ("第三届侨界春晚", "侨界春晚2023"), _same_but_edition),
    Rule("variant.noun", ("金达莱姐姐调解队", "金达莱姐姐"), _noun_left_out),
    Rule("variant.lead", ("津湾同心驿校", "同心驿校"), _lead_left_out),
    Rule("variant.middle", ("凉州甘霖退役军人关爱基金", "甘霖基金"), _middle_left_out),
)


def is_generic(name: str) -> bool:
    """Whether a name is made of nothing but words that many names share: 驿站, 爱心驿站, 助学基金, 侨胞之家.

    >>> is_generic("爱心驿站"), is_generic("药香驿站")
    (True, False)
    """
    words = _generic()
    reached = [0]
    for end in range(1, len(name) + 1):
        if any(name[start:end] in words for start in reached[-_longest() :] if end - start <= _longest()):
            reached.append(end)
    return reached[-1] == len(name)


@lexical
def _generic() -> frozenset[str]:
    return _named() | _plain()


@lexical
def _named() -> frozenset[str]:
    """Words that say of what kind a name is, and so are none alone."""
    return frozenset(word.casefold() for word, kind, _ in rows("brand_nouns") if kind)


@lexical
def _longest() -> int:
    return max(map(len, _generic()))


@lexical
def _plain() -> frozenset[str]:
    return frozenset(word.casefold() for word, _, use in rows("brand_nouns") if use in ("plain", "homely", "modifier"))


@lexical
def _nouns(*uses: str) -> frozenset[str]:
    return frozenset(word.casefold() for word, kind, use in rows("brand_nouns") if kind and use in uses)


@lexical
def _nouns_of(kind: str) -> frozenset[str]:
    """Nouns of at least two characters of a kind."""
    return frozenset(word for word, its, use in rows("brand_nouns") if its == kind and len(word) > 1 and use == "name")


def _standing(name: str) -> list[str]:
    """The nouns of a place or a fund that end a name: 助学基金 and 基金."""
    ends = (name[-length:] for length in range(_SHORTEST, min(len(name), _longest()) + 1))
    return [end for end in ends if end in _nouns_of("place") or end in _nouns_of("fund")]
