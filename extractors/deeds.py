"""Text in, the words of the activity lexicons in it out: acts, objects, statistics and the verbs that govern them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from ..corpus.lexicons import lexical, own, rows
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


class Hint(NamedTuple):
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
# What a word can say: by itself, beside a number, under a verb, over an object; that its sentence tells of a disaster
ALONE, BY_NUMBER, GOVERNED, GOVERNS, DISASTER = 1, 2, 4, 8, 16
PAIRED = GOVERNED | GOVERNS
# What words must say together to give a type: one by itself or beside a number, or a verb and an object
TELLING = frozenset(says for says in range(32) if says & (ALONE | BY_NUMBER) or says & PAIRED == PAIRED)


@dataclass(slots=True)
class Word:
    """All that the lexicons say of one word; `pairs` holds its type under the verbs of each class."""

    act: str = ""
    object: str = ""
    statistic: bool = False
    trade: bool = False
    context: bool = False
    default: str = ""
    classes: tuple[str, ...] = ()
    pairs: dict[str, str] = field(default_factory=dict)
    opens: bool = False
    says: int = 0


@lexical
def lexicon() -> tuple[AhoCorasick, list[Word]]:
    words: dict[str, Word] = {}
    for text, kind, role in rows("activities"):
        word = words.setdefault(text, Word())
        if role in ("act", "object"):
            setattr(word, role, kind)
        else:
            setattr(word, role, True)
    acts = {text for text, _, role in own("activities") if role == "act"}
    first = {group for _, group, _ in own("deeds")}
    for text, group, kind in rows("deeds"):
        if text in acts:  # of a domain: it names its type wherever it reports
            continue
        word = words.setdefault(text, Word())
        word.classes = tuple(sorted({*word.classes, group}, key=lambda group: (group not in first, group)))
        word.default = word.default or kind.removeprefix("none")
    for group, text, kind in rows("governing"):
        words.setdefault(text, Word()).pairs[group] = kind
    for word in words.values():
        word.opens = "open" in word.pairs
        word.says = (
            (ALONE if word.act or word.default or word.context else 0)
            | (BY_NUMBER if word.object or word.statistic or word.trade else 0)
            | (GOVERNED if word.pairs else 0)
            | (GOVERNS if word.classes else 0)
            | (DISASTER if word.context or word.act == "relief" else 0)
        )
    finder = AhoCorasick(list(words), matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA)
    return finder, list(words.values())


Place = tuple[int, int, Word]


def places(scene: Scene) -> list[list[Place]]:
    """Words of each sentence of the scene, in one pass over the text."""
    automaton, words = lexicon()
    sentences = iter(scene.sentences)
    found: list[list[Place]] = []
    here: list[Place] = []
    first = stop = -1
    for which, start, end in automaton.find_matches_as_indexes(scene.text):
        while stop <= start:
            sentence = next(sentences, None)
            if sentence is None:
                return found
            first, stop = sentence.start, sentence.end
            here = []
            found.append(here)
        if first <= start and end <= stop:
            here.append((start, end, words[which]))
    found.extend([] for _ in sentences)
    return found
