"""Gold in, how each rule does by itself out: how often it speaks, agrees and disagrees with others, and is right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from ..corpus.gold import GoldArticle
from ..corpus.lexicons import Words
from ..corpus.records import ACTIVITY_TYPES, Activity, Brand, Mention, Records, Refusal
from ..corpus.script import folded
from ..extractors import deeds, quoted_names, unquoted_names
from ..extractors.activities import Hint, hints
from ..extractors.brands import AGAIN, NO_CUE, as_told, quotation_at, quotations
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
    """A row for each rule, with at most so many of its errors: brand rules in their order, then activity rules by type.

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
    scene, records = prepare(folded(gold.article)), Pipeline(models=False)(gold.article)
    quoted = list(_of_quotations(gold, scene))
    yield QUOTATIONS, len(quoted), quoted
    names = list(_names(scene, records))
    yield NAMES, len(names) + _nouns_beside(scene, names), list(_of_names(gold, scene, names))
    yield SENTENCES, len(scene.sentences), list(_of_sentences(gold, scene, records))


def _is_body(scene: Scene, place: int) -> bool:
    return any(first <= place < last for first, last in scene.article.body)


# Quotations.


def _of_quotations(gold: GoldArticle, scene: Scene) -> Iterator[Answer]:
    right = {(brand.start, brand.end): brand.kind for brand in gold.records.brands}
    quotes = [span for span in scene.quotes if scene.text[span[0]] in OPENING]
    for index, found in enumerate(quotations(scene.text, scene.quotes, as_told)):
        if _is_body(scene, found.start):
            (rule, told), *behind = _said(quotation_at(scene.text, quotes, index)[2])
            kind = right.get((found.start, found.end), "")
            others = {said for _, said in behind}
            error = None if told == kind else _error(gold, found, "quotation", kind, told, rule)
            yield Answer(QUOTATIONS, rule, told in others, bool(others - {told}), error)


def _said(this: Quotation) -> list[tuple[str, str]]:
    """Each rule that answers and the kind that it gives, in the order of the rules; no cue where none answers."""
    answers = ((rule.name, rule.judge(this)) for rule in quoted_names.RULES)
    return [(name, kind) for name, kind in answers if kind is not None] or [(NO_CUE[0], "")]


# Names without quotation marks.


def _names(scene: Scene, records: Records) -> Iterator[Brand]:
    """The brands of the body that are not all that quotation marks hold."""
    quoted = {(found.start, found.end) for found in quotations(scene.text, scene.quotes, as_told)}
    for brand in records.brands:
        if (brand.start, brand.end) not in quoted and _is_body(scene, brand.start):
            yield brand


@cache
def _nouns() -> Words:
    return Words(noun for rule in unquoted_names.RULES for noun in rule.nouns.split())


def _nouns_beside(scene: Scene, names: Sequence[Brand]) -> int:
    """How many nouns that could end a name stand outside quotation marks and in none of the names."""
    nouns = [noun for first, last in scene.article.body for noun in _nouns().find(scene.text, first, last)]
    free = (noun for noun in nouns if scene.quoted(noun.start, noun.end) is None)
    return sum(not any(_meet((noun.start, noun.end), name) for name in names) for noun in free)


def _of_names(gold: GoldArticle, scene: Scene, names: Sequence[Brand]) -> Iterator[Answer]:
    kinds = {(brand.start, brand.end): brand.kind for brand in gold.records.brands}
    read = [*_read(scene, unquoted_names.unquoted), *_read(scene, unquoted_names.listed)]
    for name in names:
        this = (name.start, name.end), name.kind
        beside = [other for other in read if other.rule != name.rule and _meet((other.start, other.end), name)]
        others = {((other.start, other.end), other.kind) for other in beside}
        kind = kinds.get(this[0], "")
        error = None if kind == name.kind else _error(gold, name, "name", kind, name.kind, name.rule)
        yield Answer(NAMES, name.rule, this in others, bool(others - {this}), error)


def _read(scene: Scene, rules: Callable[[str, int, int], Iterator[Brand]]) -> Iterator[Brand]:
    return (brand for first, last in scene.article.body for brand in rules(scene.text, first, last))


def _meet(span: tuple[int, int], other: Brand) -> bool:
    return span[0] < other.end and other.start < span[1]


# Sentences.


def _of_sentences(gold: GoldArticle, scene: Scene, records: Records) -> Iterator[Answer]:
    heard = {sentence.start: words for sentence, words in zip(scene.sentences, hints(scene), strict=True)}
    for start, group in groupby(records.activities, lambda found: found.start):
        told = list(group)
        right = {one.type for one in gold.records.activities if one.start < told[0].end and start < one.end}
        false = {found.type for found in told} - right
        for found in told:
            rule = f"{found.rule} {found.type}"
            expected = ",".join(sorted(right))
            error = _error(gold, found, "sentence", expected, found.type, rule) if found.type in false else None
            yield Answer(SENTENCES, rule, _is_echoed(found, heard[start]), bool(false - {found.type}), error)


def _is_echoed(found: Activity, heard: Iterable[Hint]) -> bool:
    """Whether another rule heard the same type reported in the sentence."""
    return any(hint.reports and hint.type == found.type and hint.rule != found.rule for hint in heard)


def _error(gold: GoldArticle, at: Mention | Refusal, kind: str, expected: str, told: str, rule: str) -> Wrong:
    text = gold.article.text
    marked = at.text if len(at.text) <= _LONGEST else f"{at.text[: _LONGEST - 1]}…"
    around = f"{text[max(0, at.start - _BEFORE) : at.start]}[{marked}]{text[at.end : at.end + _BEHIND]}"
    line = gold.line_at(at.start)
    return Wrong(gold.path, line, at.start, kind, around.replace("\n", "⏎"), expected, told, rule)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
