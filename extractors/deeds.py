"""Text in, the words of the activity lexicons in it out: acts, objects, statistics and the verbs that govern them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind

from ..corpus.lexicons import rows
from .scene import Scene

# Rules that name a type, best first: name, an example, the share of right answers on our gold
RULES = (
    ("activity.act", "走访侨企86家次 → visit: the word names its type wherever it reports", 0.88),
    ("activity.pair", "发放 × 手册 → publicity: a general verb and its object", 0.85),
    ("activity.deed", "成立…工作室 → platform: a verb with a type of its own where no object decides", 0.6),
    ("activity.object", "贷款3亿元 → investment: an object beside a number, no verb known", 0.5),
    ("activity.continued", "其中，欧洲侨胞9000余人次: the sentence before goes on", 0.7),
    ("activity.statistic", "地区生产总值增长5% → none: the state of an economy is nobody's piece of work", 0.9),
)
CONFIDENCE = {name: share for name, _, share in RULES}


@dataclass(frozen=True, slots=True)
class Hint:
    """A typed deed or object in a sentence: its place, its type (empty for statistics) and its rule.

    `reports` is false in clauses of aim and background, `planned` is true for what is still to be done."""

    start: int
    end: int
    type: str
    rule: str
    reports: bool
    planned: bool = False


# Roles of a word in `activities.tsv`
ROLES = (
    ("act", "走访, 培训班, 荣获: names its type wherever it reports"),
    ("object", "贷款, 停车泊位: names its type beside a number, or under the verbs of `governing.tsv`"),
    ("statistic", "地区生产总值, 常住人口: its number has no type"),
    ("trade", "出口额: a statistic, but investment where firms are its subject"),
    ("context", "地震, 疫情: turns gifts and visits of its sentence into relief"),
)
# What a word can say: by itself, beside a number, under a verb, over an object
ALONE, BY_NUMBER, GOVERNED, GOVERNS = 1, 2, 4, 8


@dataclass(slots=True)
class Word:
    """All that the lexicons say of one word."""

    act: str = ""
    object: str = ""
    statistic: bool = False
    trade: bool = False
    context: bool = False
    default: str = ""
    classes: set[str] = field(default_factory=set)
    pairs: dict[str, str] = field(default_factory=dict)
    says: int = 0


@cache
def lexicon() -> tuple[AhoCorasick, list[Word]]:
    words: dict[str, Word] = {}
    for text, kind, role in rows("activities"):
        word = words.setdefault(text, Word())
        if role in ("act", "object"):
            setattr(word, role, kind)
        else:
            setattr(word, role, True)
    for text, group, kind in rows("deeds"):
        word = words.setdefault(text, Word())
        word.classes.add(group)
        word.default = word.default or kind.removeprefix("none")
    for group, text, kind in rows("governing"):
        words.setdefault(text, Word()).pairs[group] = kind
    for word in words.values():
        word.says = (
            (ALONE if word.act or word.default or word.context else 0)
            | (BY_NUMBER if word.object or word.statistic or word.trade else 0)
            | (GOVERNED if word.pairs else 0)
            | (GOVERNS if word.classes else 0)
        )
    return AhoCorasick(list(words), matchkind=MatchKind.LeftmostLongest), list(words.values())


Place = tuple[int, int, Word]


def places(scene: Scene) -> list[list[Place]]:
    """Words of each sentence of the scene, in one pass over the text."""
    automaton, words = lexicon()
    found: list[list[Place]] = [[] for _ in scene.sentences]
    index, last = 0, len(scene.sentences) - 1
    for word, start, end in automaton.find_matches_as_indexes(scene.text):
        while index < last and scene.sentences[index].end <= start:
            index += 1
        sentence = scene.sentences[index]
        if sentence.start <= start and end <= sentence.end:
            found[index].append((start, end, words[word]))
    return found
