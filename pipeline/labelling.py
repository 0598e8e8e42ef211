"""Gold in, how each rule does by itself out: how often it speaks, agrees and disagrees with others, and is right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from ..corpus.gold import GoldArticle
from ..corpus.lexicons import Words
from ..corpus.records import ACTIVITY_TYPES, Activity, Brand, Records, Refusal
from ..extractors import deeds, quoted_names, unquoted_names
from ..extractors.activities import Hint, hints
from ..extractors.brand_nouns import noun_behind
from ..extractors.brands import _LEFT_REACH, _MARKS, AGAIN, NO_CUE, _list_around, _right, as_told, quotations
from ..extractors.quoted_names import Quotation
from ..extractors.scene import Scene, prepare
from .extraction import Pipeline
from .features import OPENING
from .scoring import Wrong

# What rules speak of: a quotation is a brand of a kind or none, other words are a name, a sentence tells of a type.
QUOTATIONS, NAMES, SENTENCES = "quotations", "names", "sentences"
SORTS = (QUOTATIONS, NAMES, SENTENCES)
INSTANCES = 10
_BEFORE, _BEHIND, _LONGEST = 16, 12, 40


@dataclass(frozen=True, slots=True)
class Answer:
    """What one rule says of one candidate, whether others say the same or contradict, and the error if it is one."""

    sort: str
    rule: str
    is_shared: bool
    is_contradicted: bool
    error: Wrong | None


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule over a set of gold articles: its answers among the candidates of its sort, and some of its errors.

    `candidates` are the quotations, the names and nouns of names outside quotation marks, or the sentences."""

    sort: str
    rule: str
    candidates: int
    shared: int
    contradicted: int
    right: int
    wrong: int
    instances: tuple[Wrong, ...] = ()

    @property
    def answers(self) -> int:
        """The candidates on which the rule speaks."""
        return self.right + self.wrong

    @property
    def coverage(self) -> float | None:
        """The share of the candidates on which the rule speaks; None where there are none."""
        return _share(self.answers, self.candidates)

    @property
    def overlap(self) -> float | None:
        """The share of its answers that another rule gives too; None where it is silent."""
        return _share(self.shared, self.answers)

    @property
    def conflict(self) -> float | None:
        """The share of its answers that another rule contradicts; None where it is silent."""
        return _share(self.contradicted, self.answers)

    @property
    def precision(self) -> float | None:
        """The share of its answers that are right; None where it is silent."""
        return _share(self.right, self.answers)


def tabulate(golds: Iterable[GoldArticle], most: int = INSTANCES) -> tuple[RuleRow, ...]:
    """A row for each rule, with at most so many of its errors: brand rules as they are read, then activity rules by type.

    Brand rules that never speak have a row too. Of a quotation the first rule that answers decides; the rules behind it
    overlap where they give the same kind and contradict where they give another or none. A name without quotation marks
    is contradicted by another rule that reads another name there; a type by another type on its sentence that is false.
    """
    candidates: Counter[str] = Counter()
    answers: dict[tuple[str, str], list[Answer]] = {place: [] for place in _order()}
    for gold in golds:
        for sort, count, found in _answers(gold):
            candidates[sort] += count
            for answer in found:
                answers[sort, answer.rule].append(answer)
    rows = (_row(*place, candidates[place[0]], found, most) for place, found in answers.items())
    return tuple(row for row in rows if row.answers or row.sort != SENTENCES)


def _order() -> Iterator[tuple[str, str]]:
    """Every rule with what it speaks of, in the order of the tables that hold the rules."""
    yield from ((QUOTATIONS, rule.name) for rule in quoted_names.RULES)
    yield QUOTATIONS, NO_CUE[0]
    yield from ((NAMES, rule.name) for rule in unquoted_names.RULES)
    yield from ((NAMES, unquoted_names.LISTED[0]), (NAMES, AGAIN[0]))
    yield from ((SENTENCES, f"{rule} {kind}") for rule, _, _ in deeds.RULES for kind in ACTIVITY_TYPES)


def _row(sort: str, rule: str, candidates: int, answers: Sequence[Answer], most: int) -> RuleRow:
    errors = [answer.error for answer in answers if answer.error is not None]
    return RuleRow(
        sort,
        rule,
        candidates,
        sum(answer.is_shared for answer in answers),
        sum(answer.is_contradicted for answer in answers),
        len(answers) - len(errors),
        len(errors),
        tuple(errors[:most]),
    )


def _answers(gold: GoldArticle) -> Iterator[tuple[str, int, list[Answer]]]:
    """For each sort the number of its candidates in an article, and what rules say of them."""
    scene, records = prepare(gold.article), Pipeline(models=False)(gold.article)
    quoted = list(_of_quotations(gold, scene))
    yield QUOTATIONS, len(quoted), quoted
    names = [brand for brand in records.brands if brand.rule in _NAME_RULES and not _is_quotation(scene, brand)]
    nouns = _nouns_in_none(scene, names)
    yield NAMES, len(names) + nouns, [_of_name(gold, scene, name) for name in names]
    yield SENTENCES, len(scene.sentences), list(_of_sentences(gold, scene, records))


# Quotations.


def _of_quotations(gold: GoldArticle, scene: Scene) -> Iterator[Answer]:
    right = {(brand.start, brand.end): brand.kind for brand in gold.records.brands}
    quotes = [span for span in scene.quotes if scene.text[span[0]] in OPENING]
    for index, found in enumerate(quotations(scene.text, scene.quotes, as_told)):
        if any(first <= found.start < last for first, last in gold.article.body):
            (rule, told), *behind = _said(_quotation(scene.text, quotes, index, found))
            kind = right.get((found.start, found.end), "")
            others = {said for _, said in behind}
            error = None if told == kind else _error(gold, found, "quotation", kind, told, rule)
            yield Answer(QUOTATIONS, rule, told in others, bool(others - {told}), error)


def _said(this: Quotation) -> list[tuple[str, str]]:
    """Each rule that answers and the kind that it gives, in the order of the rules; no cue where none answers."""
    answers = ((rule.name, rule.judge(this)) for rule in quoted_names.RULES)
    return [(name, kind) for name, kind in answers if kind is not None] or [(NO_CUE[0], "")]


def _quotation(text: str, quotes: list[tuple[int, int]], index: int, found: Brand | Refusal) -> Quotation:
    """A quotation as the rules saw it when they told what was found."""
    head, tail = _list_around(text, quotes, index)
    close = quotes[index][1]
    right = _right(text, found.end + 1, close - 1) if found.end + 1 < close else _right(text, tail, len(text))
    before = text[max(0, head - _LEFT_REACH) : head]
    return Quotation(found.text, _MARKS.split(before)[-1], right, before[-6:], noun_behind(right))


# Names without quotation marks.

_NAME_RULES = frozenset(rule for sort, rule in _order() if sort == NAMES)


@cache
def _nouns() -> Words:
    return Words(noun for rule in unquoted_names.RULES for noun in rule.nouns.split())


def _is_quotation(scene: Scene, brand: Brand) -> bool:
    """Whether a name is all that its quotation marks hold: “莲心助学” told of before."""
    return scene.quoted(brand.start, brand.end) is not None and brand.rule == AGAIN[0]


def _nouns_in_none(scene: Scene, names: Sequence[Brand]) -> int:
    """How many nouns that could end a name stand outside quotation marks and in no name."""
    nouns = [noun for first, last in scene.article.body for noun in _nouns().find(scene.text, first, last)]
    return sum(
        scene.quoted(noun.start, noun.end) is None and not any(_meet(noun, name) for name in names) for noun in nouns
    )


def _of_name(gold: GoldArticle, scene: Scene, name: Brand) -> Answer:
    line = scene.text.rfind("\n", 0, name.start) + 1, scene.text.find("\n", name.end)
    span = line[0], line[1] if line[1] >= 0 else len(scene.text)
    read = [*unquoted_names.unquoted(scene.text, *span), *unquoted_names.listed(scene.text, *span)]
    others = {(other.start, other.end, other.kind) for other in read if other.rule != name.rule and _meet(other, name)}
    this = name.start, name.end, name.kind
    right = {(brand.start, brand.end, brand.kind): brand for brand in gold.records.brands}
    kind = next((brand.kind for brand in gold.records.brands if (brand.start, brand.end) == this[:2]), "")
    error = None if this in right else _error(gold, name, "name", kind, name.kind, name.rule)
    return Answer(NAMES, name.rule, this in others, bool(others - {this}), error)
