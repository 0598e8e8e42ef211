"""Do learned rankers find the measure and the brand of a figure better than the rules? Compared over files of gold.

    python tests/benchmarks/rankers.py

For each figure the wordings around it that may be its measure, and the brands before it, are candidates; a logistic
model tells which is right, fitted in turn without the files that it is judged on. The rules' own answer is always a
candidate. `oracle` takes the right candidate wherever there is one. The shipped pipeline uses the rules for both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from jianbao.corpus.records import Brand, Indicator
from jianbao.extractors import measures as told
from jianbao.extractors.activities import hints
from jianbao.extractors.linking import Rules, link
from jianbao.extractors.measures import Measures
from jianbao.extractors.nouns import lexicon
from jianbao.extractors.numbers import Number, numbers
from jianbao.extractors.scene import prepare
from jianbao.extractors.surroundings import Here, Named
from jianbao.extractors.trimming import BRACKETED, closed
from jianbao.models.fitting import Case, left_out, logistic
from jianbao.models.packs import GOLD
from jianbao.pipeline.features import bucket, pairs
from jianbao.pipeline.scoring import SAME_MEASURE, overlap
from jianbao.pipeline.training import tagged

LONGEST, NEAREST_VERBS, NEAR, MOST = 24, 3, 4, 4
WIDTHS, GAPS, COMMAS = (3, 5, 8, 12, 16, 20), (2, 6, 15, 30, 60, 120), (1, 2, 3, 5)
MODELS = {"logistic, few weights": logistic(0.5, True), "logistic, many weights": logistic(0.3, False)}
_SPACES = re.compile(r"[，,：:；;\s]")


@dataclass(frozen=True, slots=True)
class Question:
    """A figure's question: what gold and rules answer, and the candidates with their features."""

    group: str
    gold: str
    rules: str
    candidates: tuple[tuple[str, tuple[str, ...]], ...]


class Asked(Rules):
    """Lets the rules have their way, and keeps the questions of each figure that stands in the gold."""

    def __init__(self, group: str, gold: Sequence[Indicator]) -> None:
        self.group, self.gold = group, {(one.start, one.end): one for one in gold}
        self.measures: list[Question] = []
        self.brands: list[Question] = []

    def brand(self, here: Here, named: Named, told: str) -> str:
        gold = self.gold.get((here.number.start, here.number.end))
        if gold is not None:
            near = brands_near(here, named)
            found = tuple((one.name, tuple(brand_features(here, near, place, told))) for place, one in enumerate(near))
            self.brands.append(Question(self.group, gold.brand, told, found))
        return told

    def measure(self, here: Here, measures: Measures, told: str) -> str:
        gold = self.gold.get((here.number.start, here.number.end))
        if gold is not None:
            found = options(measures)
            ranked = tuple((words, tuple(measure_features(here, words, ways, told))) for words, ways in found.items())
            self.measures.append(Question(self.group, gold.measure, told, ranked))
        return told


def options(around: Measures) -> dict[str, list[str]]:
    """Wordings that may be the measure, each with the ways that give it."""
    found: dict[str, list[str]] = {}

    def offer(words: str, way: str) -> None:
        words = closed(words, around.brand)
        if 0 < len(words) <= LONGEST:
            found.setdefault(words, []).append(way)

    offer(around.told(), "told")
    left = _SPACES.sub("", around.left)[-LONGEST:]
    verbs = told._verbs_in(left)
    text, number = around.scene.text, around.number
    noun = BRACKETED.sub("", text[number.behind.start : number.behind.end]).lstrip("的") if number.behind else ""
    offer(left, "left")
    for word in lexicon().find(left):
        if 0 < word.start <= len(left) - 2:
            offer(left[word.start :], "left end")
    for verb in verbs[-NEAREST_VERBS:]:
        offer(verb.text, "verb")
        offer(left[verb.start :], "from verb")
        offer(verb.text + noun if noun else "", "verb and noun")
    if noun:
        offer(noun, "noun")
        offer(noun + told._predicate(text, number), "noun and predicate")
        offer(left + noun, "left and noun")
        offer(left[verbs[0].start :] + noun if verbs else "", "from verb and noun")
    if around.inherited:
        before = told._leading_verb(around.inherited)
        offer(around.inherited, "before")
        offer(before + (noun or left) if before else "", "verb before")
    offer(told._deed_behind(text, number), "behind")
    return found


def measure_features(here: Here, words: str, ways: Sequence[str], rules: str) -> Iterator[str]:
    """How a wording was made, its shape, its ends."""
    dimension = here.number.quantity.dimension
    for way in ways:
        yield f"way:{way}"
        yield f"way:{way}:{dimension}"
        yield f"way:{way}:{here.number.behind is not None}:{rules == words}"
    verbs = told._verbs_in(words)
    yield f"verb:{bool(verbs) and verbs[0].start == 0}:{dimension}"
    yield f"width:{bucket(len(words), WIDTHS)}"
    yield f"width:{bucket(len(words), WIDTHS)}:{dimension}"
    yield f"longer:{max(-4, min(4, (len(words) - len(rules)) // 2))}"
    yield f"part:{words in rules}:{rules in words}"
    for size in (1, 2):
        yield f"first:{words[:size]}"
        yield f"last:{words[-size:]}"
    for mark in "、的和在为对":
        if mark in words:
            yield f"holds:{mark}"


def brands_near(here: Here, named: Named) -> list[Brand]:
    """Brands before a figure in its sentence and the few before it, and one right behind; nearest first, each once."""
    first = max(here.paragraph.first, here.number.sentence - NEAR)
    before = list(reversed(named.between(here.scene.sentences[first].start, here.number.start)))
    behind = named.behind(here.number.end)
    if behind is not None and behind.start < here.sentence.end:
        before.append(behind)
    found: dict[str, Brand] = {}
    for brand in before:
        found.setdefault(brand.name, brand)
    return list(found.values())[:MOST]


def brand_features(here: Here, near: Sequence[Brand], place: int, rules: str) -> Iterator[str]:
    """Where a brand stands to a figure, what lies between, and whether the figure before has it."""
    text, number, brand = here.scene.text, here.number, near[place]
    yield "told" if rules == brand.name else "told none" if not rules else "told other"
    yield f"rank:{place}"
    yield f"near:{len(near)}"
    yield f"kind:{brand.kind}"
    last = here.last
    yield f"kept:{last is not None and last.brand == brand.name}:{last is None}"
    if brand.start > number.start:
        yield f"behind:{bucket(brand.start - number.end, GAPS)}"
        return
    same, between = brand.start >= here.sentence.start, text[brand.end : number.start]
    yield f"steps:{min(number.sentence - here.scene.sentence_at(brand.start), 3)}"
    yield f"gap:{bucket(len(between), GAPS)}"
    yield f"commas:{bucket(between.count('，') + between.count(','), COMMAS)}:{same}"
    yield f"semicolon:{'；' in between}"
    tail = between[:6] if same else here.sentence.text[:6]
    for pair in pairs(tail):
        yield f"tail:{pair}:{same}"
    before = here.made[-1] if here.made and here.made[-1].start > brand.start else None
    yield f"before has it:{before is not None and before.brand == brand.name}:{same}"
    yield f"times:{min(3, text.count(brand.name))}"


def questions() -> tuple[list[Question], list[Question]]:
    """The questions of all gold that is not kept apart: measures, brands."""
    measures: list[Question] = []
    brands: list[Question] = []
    for group, gold in tagged(GOLD):
        scene = prepare(gold.article)
        asked = Asked(group, gold.records.indicators)
        counted = [number for number in numbers(scene) if isinstance(number, Number)]
        for _ in link(scene, counted, gold.records.brands, hints(scene), asked):
            pass
        measures += asked.measures
        brands += asked.brands
    return measures, brands


def ranked(asked: Sequence[Question], right: Callable[[str, str], bool], model: str, empty: float | None) -> list[str]:
    """The candidate that a model left to judge unseen files likes best; nothing where none reaches `empty`."""
    cases = [
        Case(features, frozenset(["right"] if right(question.gold, words) else []), question.group)
        for question in asked
        for words, features in question.candidates
    ]
    sums = iter(left_out(cases, ["right"], MODELS[model]))
    answers = []
    for question in asked:
        told = [(next(sums)[0], words) for words, _ in question.candidates]
        best = max(told, default=(0.0, question.rules))
        answers.append("" if empty is not None and (not told or best[0] < empty) else best[1])
    return answers


def line(name: str, asked: Sequence[Question], answers: Sequence[str], right: Callable[[str, str], bool]) -> str:
    """A row of the table: the share right on bulletins by issuers, and on the other gold."""
    shares = []
    for by_issuer in (True, False):
        chosen = [
            right(q.gold, a) for q, a in zip(asked, answers, strict=True) if q.group.startswith("issuer") == by_issuer
        ]
        shares.append(f"{sum(chosen) / len(chosen):.3f}")
    return f"| {name} | {' | '.join(shares)} |"


def alike(gold: str, found: str) -> bool:
    """Whether two measures count as the same."""
    return overlap(gold, found) >= SAME_MEASURE


def equal(gold: str, found: str) -> bool:
    """Whether two answers are the same word for word."""
    return gold == found


def table(name: str, asked: Sequence[Question], right: Callable[[str, str], bool], empty: float | None) -> None:
    """Rules, models and oracle for one kind of question."""
    print(line(f"{name}: rules", asked, [q.rules for q in asked], right))
    for model in MODELS:
        print(line(f"{name}: {model}", asked, ranked(asked, right, model, empty), right))
    best = [
        next((words for words, _ in q.candidates if right(q.gold, words)), "" if empty is not None else q.rules)
        for q in asked
    ]
    print(line(f"{name}: oracle", asked, best, right))


def main() -> None:
    measures, brands = questions()
    issuers = sum(question.group.startswith("issuer") for question in measures)
    print(f"{issuers} figures of bulletins by issuers, {len(measures) - issuers} of other gold\n")
    print("| answer | bulletins by issuers | other gold |\n|---|---|---|")
    table("measure, overlap", measures, alike, None)
    table("measure, word for word", measures, equal, None)
    table("brand", brands, equal, 0.0)


if __name__ == "__main__":
    main()
