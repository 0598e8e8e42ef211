"""What is known of a sentence, a figure and a name, as names of features: one place for training and for use."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ..corpus.article import Sentence
from ..corpus.lexicons import remembered
from ..corpus.records import Brand, Refusal
from ..extractors.brand_nouns import noun_behind, noun_inside
from ..extractors.deeds import Hint
from ..extractors.scene import Scene
from ..extractors.signs import Sign
from ..extractors.surroundings import Here
from ..models.linear import NONE

_ORDINAL = re.compile(r"[一二三四五六七八九十]+[、是]|[（(][一二三四五六七八九十]+[）)]|\d+[.、．]")
_NUMBERING = frozenset("一二三四五六七八九十（(")
_CAPTION = frozenset("▲△■●◆○—【")
_COMMAS = "，,：:"
_AHEAD = re.compile(r"将|拟|力争|计划|打算|下一步|今后|未来|明年|预计|要")
_DONE = re.compile(r"已|了|累计|共|先后|完成|截至|今年以来|去年|全年")
_FIGURE = re.compile(r"\d+|[一二两三四五六七八九十百千万几数]{2,}")
_ASKS = re.compile(r"要求|强调|指出|表示|希望|认为|说[：，“]|介绍")
_FOR = re.compile(r"为了?|以便|助力|推动|促进|提升|增强|营造|凝聚|贡献")
WORD = "w:"
LENGTHS = (8, 16, 28, 45, 70, 110)


def bucket(count: int, edges: Sequence[int]) -> int:
    """Where a count falls among rising edges."""
    return bisect_right(edges, count)


def grams(words: Sequence[str]) -> Iterator[str]:
    """Single words and neighbours; those of single characters without a line between them.

    >>> list(grams("走访")), list(grams(["走访", "侨企"]))
    (['走', '访', '走访'], ['走访', '侨企', '走访_侨企'])
    """
    between = "" if all(len(word) == 1 for word in words) else "_"
    yield from words
    for first, second in itertools.pairwise(words):
        yield f"{first}{between}{second}"


def word_features(words: Sequence[str]) -> Iterator[str]:
    """Features of the words of a sentence, each once."""
    yield from dict.fromkeys(f"{WORD}{gram}" for gram in grams(words))


# A part of the features: the function that makes them and what it is given. Parts recur much (a sentence without votes,
# a figure in 万元), so what weighs features may remember the sum of each.
Part = tuple[Any, ...]


def features_of(parts: Iterable[Part]) -> Iterator[str]:
    """The features of each part.

    >>> list(features_of([(vote_features, ("visit", "activity.act")), (figures_beside, 2)]))
    ['vote:visit', 'vote:visit:activity.act', 'figures:2']
    """
    for make, *given in parts:
        yield from make(*given)


def sentence_parts(
    scene: Scene,
    index: int,
    hints: Sequence[Hint],
    signs: Sequence[Sign],
    votes: Mapping[str, str],
    before: Iterable[str],
    figures: int,
) -> tuple[Part, ...]:
    """Parts of the features of a sentence beside its words: its shape, its place, what rules vote for it (type and rule)
    and what they voted for the one before, how many figures it holds."""
    heard = (
        {(hint.type, hint.planned, hint.reports) for hint in hints if hint.type and hint.type not in votes}
        if hints
        else ()
    )
    return (
        (vote_features, *votes.items()),
        (hint_features, *sorted(heard)),
        (kind_features, "before", *before),
        (sign_features, "sign", *[sign.types for sign in signs]),
        _shape(scene, scene.sentences[index], index),
        (figures_beside, min(figures, 3)),
    )


def vote_features(*votes: tuple[str, str]) -> Iterator[str]:
    """Features of the types that rules vote for, each with its rule."""
    for kind, rule in votes:
        yield f"vote:{kind}"
        yield f"vote:{kind}:{rule}"
    if not votes:
        yield "vote:none"
    elif len(votes) > 1:
        yield "votes"


def hint_features(*heard: tuple[str, bool, bool]) -> list[str]:
    """Features of the types that words name and no rule votes for: each with whether it is planned and reported."""
    return sorted(
        {f"hint:{kind}:{'planned' if planned else 'told' if reports else 'silent'}" for kind, planned, reports in heard}
    )


def figures_beside(count: int) -> tuple[str]:
    """The feature of how many figures stand in a sentence, three for many."""
    return (f"figures:{count}",)


def sign_features(name: str, *types: Sequence[tuple[str, int]]) -> Iterator[str]:
    """For each type that words hint at how strongly they do so together, and which type they hint at most."""
    weights: dict[str, int] = {}
    for hinted in types:
        for kind, strength in hinted:
            weights[kind] = weights.get(kind, 0) + strength
    for kind, weight in sorted(weights.items()):
        yield f"{name}:{kind}"
        yield f"{name}:{kind}:{min(weight, 5)}"
    if weights:
        best = max(sorted(weights), key=weights.__getitem__)
        yield f"{name} most:{best}"
    else:
        yield f"{name}:nothing"


_SPOKEN = (("ahead", _AHEAD), ("done", _DONE), ("number", _FIGURE), ("asks", _ASKS), ("for", _FOR))


def _shape(scene: Scene, sentence: Sentence, index: int) -> Part:
    text, start = sentence.text, sentence.start
    return (
        shape_features,
        text[-1] in "。；;！!？?" or text[-2:-1] in "。！？",
        bucket(len(text), LENGTHS),
        not index,
        not start or scene.text[start - 1] == "\n",
        (text[0] in _NUMBERING or text[0].isdecimal()) and _ORDINAL.match(text) is not None,
        text[0] in _CAPTION,
        *[pattern.search(text) is not None for _, pattern in _SPOKEN],
        not any(mark in text for mark in _COMMAS),
    )


def shape_features(
    stops: bool, length: int, first: bool, opens: bool, ordinal: bool, caption: bool, *spoken: bool
) -> Iterator[str]:
    """Features of how a sentence looks, where it stands and of which sort its words are."""
    yield f"stops:{stops}"
    yield f"length:{length}"
    yield "first" if first else "inside"
    yield "opens" if opens else "goes on"
    if ordinal:
        yield "ordinal"
    if caption:
        yield "caption"
    names = (*(name for name, _ in _SPOKEN), "one clause")
    yield from (name for name, is_so in zip(names, spoken, strict=True) if is_so)


LEFT, RIGHT = 14, 10
PAIR = "s:"


def pairs(text: str) -> list[str]:
    """Neighbouring characters of a text, each pair once."""
    return list(dict.fromkeys(text[place : place + 2] for place in range(len(text) - 1)))


def figure_features(here: Here, measure: str, told: str, hints: Sequence[Hint], signs: Sequence[Sign]) -> Iterator[str]:
    """Features of a figure for its activity: what the rules say, what it counts, the words beside it; those that all
    figures of its sentence share come from `shared_features`."""
    own, *near = figure_parts(here, told, hints, signs)
    yield from features_of([own])
    for name, words in zip(WINDOWS, (measure, *windows(here)), strict=True):
        for pair in pairs(words):
            yield f"{name}{pair}"
    yield from features_of(near)


# The words of a figure: its measure, those to the left and to the right of it in its clause.
WINDOWS = ("m:", "l:", "r:")


def windows(here: Here) -> tuple[str, str]:
    """The words to the left and to the right of a figure."""
    text, number = here.scene.text, here.number
    left = text[max(here.clause, number.start - LEFT) : number.start]
    return left, text[number.end : min(here.clause_end, number.end + RIGHT)]


def figure_parts(here: Here, told: str, hints: Sequence[Hint], signs: Sequence[Sign]) -> tuple[Part, Part, Part]:
    """The parts of `figure_features`, but for its words."""
    quantity, clause, end = here.number.quantity, here.clause, here.clause_end
    last = here.last
    before = "first" if last is None else last.activity or NONE
    kinds = {hint.type for hint in hints if hint.type and clause <= hint.start < end} if hints else ()
    return (
        (quantity_features, told or NONE, quantity.dimension, before, quantity.unit),
        (kind_features, "clause", *sorted(kinds)),
        (sign_features, "near", *[sign.types for sign in signs if clause <= sign.start < end]),
    )


def quantity_features(told: str, dimension: str, last: str, unit: str) -> tuple[str, ...]:
    """Features of what rules tell of a figure, and of its quantity."""
    return f"told:{told}", f"told:{told}:{dimension}", f"last:{last}", f"dimension:{dimension}", f"unit:{unit}"


def kind_features(name: str, *kinds: str) -> list[str]:
    """Features of types."""
    return [f"{name}:{kind}" for kind in kinds]


def shared_features(sentence: Sentence, hints: Sequence[Hint], signs: Sequence[Sign]) -> Iterator[str]:
    """Features that all figures of a sentence share: its words and what they hint at."""
    for pair in pairs(sentence.text):
        yield f"{PAIR}{pair}"
    yield from beside_words(hints, signs)


def beside_words(hints: Sequence[Hint], signs: Sequence[Sign]) -> Iterator[str]:
    """Features of a sentence beside its words: what they hint at."""
    return features_of(beside_parts(hints, signs))


def beside_parts(hints: Sequence[Hint], signs: Sequence[Sign]) -> tuple[Part, Part]:
    """The parts of `beside_words`."""
    kinds = {hint.type for hint in hints if hint.type} if hints else ()
    return (kind_features, "hint", *sorted(kinds)), (sign_features, "sign", *[sign.types for sign in signs])


_CLAUSE = re.compile(r"[，。；！？\n]")
_MARKS = re.compile(r"[，。；！？、\n“”]")
_SHAPES = (
    ("dot", re.compile(r"[·•]")),
    ("dash", re.compile(r"[—–-]")),
    ("comma", re.compile(r"、")),
    ("clauses", re.compile(r"[，,]")),
    ("plus", re.compile(r"[+＋]")),
    ("spoken", re.compile(r"[？?！!。]")),
    ("digits", re.compile(r"\d")),
    ("numerals", re.compile(r"[一二三四五六七八九十百千万两]")),
    ("letters", re.compile(r"[A-Za-z]")),
    ("particle", re.compile(r"[的了是我你]")),
)
OPENING, CLOSING = '“‘「『"', '”’」』"'
BESIDE, SHORT_LINE = 14, 40


def quotation_features(text: str, found: Brand | Refusal) -> Iterator[str]:
    """Features of a quotation, for whether it is a brand and of what kind: what the rules say of it, its words and
    shape, the words beside it, its place in the line and how often it stands in the article."""
    start, end, name = found.start, found.end, found.text
    yield f"rule:{found.rule}"
    yield f"voted:{found.kind if isinstance(found, Brand) else 'no'}"
    yield from name_features(name)
    yield from _beside(text, start, end)
    first, stop = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    line = text[first : stop if stop >= 0 else len(text)]
    yield f"heading:{line[-1:] not in '。；！？”' and len(line) < SHORT_LINE}"
    yield f"times:{min(4, text.count(name))}"


# Names recur, in an article and in many: 一带一路.
@remembered(1 << 13)
def name_features(name: str) -> tuple[str, ...]:
    """Features of the words and the shape of a quotation."""
    sizes = range(1, min(4, len(name)))
    kind, use = noun_inside(name)
    return (
        f"width:{min(len(name), 14)}",
        *[feature for size in sizes for feature in (f"begins:{name[:size]}", f"ends:{name[-size:]}")],
        *[f"in:{pair}" for pair in pairs(name)],
        *[f"shape:{shape}" for shape, pattern in _SHAPES if pattern.search(name)],
        f"inside:{kind}:{use}",
    )


def _beside(text: str, start: int, end: int) -> Iterator[str]:
    """Features of the words to the left and right of a quotation, marks left aside."""
    left, right = text[max(0, start - BESIDE) : start], text[end : end + BESIDE]
    mark = left[-1:] if left[-1:] in OPENING else ""
    yield f"mark:{mark or 'none'}"
    left = left.removesuffix(mark) if mark else left
    right = right[1:] if right[:1] in CLOSING else right
    for size in (1, 2, 3):
        yield f"left {size}:{left[-size:]}"
        yield f"right {size}:{right[:size]}"
    for pair in pairs(_CLAUSE.split(left)[-1][-8:]):
        yield f"left:{pair}"
    behind = _MARKS.split(right)[0]
    for pair in pairs(behind[:10]):
        yield f"right:{pair}"
    noun = noun_behind(behind)
    yield f"noun:{noun.kind}:{noun.use}" if noun else "noun:none"
    if noun:
        yield f"noun:{noun.word}"
    yield f"listed:{right[:1] in OPENING + '、和' and right[:1] != ''}:{left[-1:] in CLOSING + '、和' and left != ''}"
