"""Do sentences that rules or models labelled help the model of sentence types? Compared over files of gold.

    python tests/benchmarks/weak_supervision.py NEWS.jsonl.gz [REPORTS_FOLDER]

NEWS holds one JSON object a line with `date`, `title` and `text`; REPORTS_FOLDER holds text files. The model `types` is
fitted on gold alone and on gold with a sample of their sentences, whose types rules or models told. `issuer_*` files
are judged by models that were fitted without them (and, where models told the types, on what such models told);
`apart_*` files by models that were fitted on all other gold. From which probability on a type is added to those of the rules is
chosen for each row on the files left out. The interval is that of the difference from gold alone, by drawing articles
anew. The fit is that of `jianbao train`, solved in its dual form: the same weights, much sooner.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import groupby
from pathlib import Path
from typing import Any

from jianbao.corpus.article import Article
from jianbao.corpus.gold import GoldArticle, read_gold
from jianbao.corpus.reading import from_text
from jianbao.corpus.reading import read as read_articles
from jianbao.corpus.records import Activity, Records
from jianbao.corpus.segmenters import DEFAULT
from jianbao.extractors.activities import Hint, activities
from jianbao.extractors.scene import Scene
from jianbao.extractors.signs import Sign
from jianbao.models.fitting import FOLDS, SEED, Case, fit_sums, logistic, slope_and_shift
from jianbao.models.linear import Linear
from jianbao.models.packs import APART, GOLD
from jianbao.pipeline.learned import Types
from jianbao.pipeline.training import MODELS, Tagged, seen, sentence_cases, tagged

MODEL = MODELS["types"]
JUDGED = "issuer_*"
SIZES, WEIGHTS = (5_000, 20_000), (1.0, 0.2)
POOL = 60_000
ADDS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5)
RESAMPLES = 2000
# What rules say: features that a model would copy if it had to foretell what rules say.
TOLD = ("vote", "hint:", "before:")


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """An article with what rules see in it, and a case for each of its sentences."""

    group: str
    gold: GoldArticle
    scene: Scene
    words: list[list[Hint]]
    seen: list[list[Sign]]
    voted: list[Activity]
    figures: Counter[int]
    cases: list[Case]

    def types(self, judge: Types) -> Iterator[Activity]:
        return judge(self.scene, self.words, self.seen, self.voted, self.figures)


Told = Callable[[Text], Iterable[Activity]]


def by_rules(text: Text) -> Iterable[Activity]:
    return text.voted


def by(model: Linear) -> Told:
    """What a model says of each sentence of a text."""
    judge = Types(model, DEFAULT)
    return lambda text: text.types(judge)


def read(group: str, gold: GoldArticle) -> Text:
    this = seen(group, gold)
    figures = Counter(number.sentence for number in this.counted)
    voted = list(activities(this.scene, this.words, set(figures)))
    cases = list(sentence_cases(this, DEFAULT.segmenter()))
    return Text(group, gold, this.scene, this.words, this.signs, voted, figures, cases)


def unmarked(news: Path, reports: Path | None) -> Iterator[Article]:
    """The reports, then the items of the news in an order drawn by lot."""
    if reports is not None:
        yield from read_articles(reports)
    with gzip.open(news, "rt", encoding="utf-8") as lines:
        items = [json.loads(line) for line in lines]
    random.Random(SEED).shuffle(items)
    for item in items:
        yield from_text(f"{item['title']}\n{item['date']} 来源：新闻\n{item['text']}\n", item["title"])


def pool(articles: Iterable[Article]) -> list[Text]:
    """Articles as if they were gold without a mark, until they hold enough sentences."""
    texts: list[Text] = []
    held = 0
    for article in articles:
        texts.append(read("unmarked", GoldArticle(article, Records(), article.id, (1,))))
        held += len(texts[-1].cases)
        if held >= POOL:
            break
    return texts


def _size(texts: Sequence[Text]) -> int:
    return sum(len(text.cases) for text in texts)


def labelled(texts: Sequence[Text], told: Told, known: frozenset[str]) -> list[Case]:
    """The cases of texts with the types that rules or a model told, without sentences that stand in the gold."""
    found: list[Case] = []
    for text in texts:
        types = {start: {one.type for one in group} for start, group in groupby(told(text), lambda one: one.start)}
        for sentence, case in zip(text.scene.sentences, text.cases, strict=True):
            if sentence.text not in known:
                found.append(replace(case, labels=frozenset(types.get(sentence.start, ()))))
    return found


def sample(cases: Sequence[Case], count: int) -> list[Case]:
    """Cases drawn by lot: the same places, whoever labelled them."""
    return random.Random(SEED).sample(list(cases), min(count, len(cases)))


def blind(cases: Iterable[Case]) -> list[Case]:
    """Cases without what rules say of them."""
    return [replace(case, features=tuple(f for f in case.features if not f.startswith(TOLD))) for case in cases]


# Fitting.


@dataclass(frozen=True, slots=True)
class Weighed:
    """A logistic regression whose first cases are gold and weigh 1; the others weigh as much as told."""

    gold: int
    weight: float

    def fit(self, matrix: Any, target: Sequence[bool]) -> Any:
        weights = [1.0] * self.gold + [self.weight] * (len(target) - self.gold)
        learned = logistic(MODEL.strength, MODEL.sparse)().set_params(dual=True, max_iter=20_000)
        return learned.fit(matrix, target, sample_weight=weights)


def fitted(gold: Sequence[Case], weak: Sequence[Case], weight: float) -> Linear:
    return fit_sums([*gold, *weak], MODEL.labels, lambda: Weighed(len(gold), weight))


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model for each fold of files, fitted without it, and one of all files; all calibrated on the files left out."""

    folds: tuple[Linear, ...]
    whole: Linear

    def adding(self, add: float) -> Fitted:
        """The same, but types that rules did not vote for are added from another probability on."""
        return Fitted(tuple(replace(model, add=add) for model in self.folds), replace(self.whole, add=add))


def fit_all(texts: Sequence[Text], weak: Callable[[int], Sequence[Case]], weight: float) -> Fitted:
    """The models of gold and weak cases; `weak` gives those of a fold, and of all files for the fold behind the last."""
    fold = folds(texts)
    gold = [case for text in texts for case in text.cases]
    models = [fitted([one for one in gold if fold[one.group] != held], weak(held), weight) for held in range(FOLDS)]
    sums = [models[fold[one.group]].sums(one.features) for one in gold]
    slope, shift = slope_and_shift(sums, [[label in one.labels for label in MODEL.labels] for one in gold])

    def calibrated(model: Linear) -> Linear:
        return replace(model, slope=slope, shift=shift, keep=MODEL.keep, add=MODEL.add)

    return Fitted(tuple(map(calibrated, models)), calibrated(fitted(gold, weak(FOLDS), weight)))


def folds(texts: Sequence[Text]) -> dict[str, int]:
    """The fold of each file, as `models.fitting.left_out` has it."""
    return {group: index % FOLDS for index, group in enumerate(sorted({text.group for text in texts}))}


# Judging.

Counts = list[tuple[int, int, int]]


def judged(texts: Iterable[Text], told: Callable[[Text], Iterable[Activity]]) -> Counts:
    """Of each article how many types are right, found, and in the gold."""
    counts: Counts = []
    for text in texts:
        found = {(one.start, one.type) for one in told(text)}
        gold = {(one.start, one.type) for one in text.gold.records.activities}
        counts.append((len(found & gold), len(found), len(gold)))
    return counts


def f1(counts: Iterable[tuple[int, int, int]]) -> float:
    right, found, gold = map(sum, zip(*counts, strict=True))
    return 2 * right / (found + gold) if found + gold else 0.0


def both(counts: Counts) -> str:
    """Precision and recall."""
    right, found, gold = map(sum, zip(*counts, strict=True))
    return f"{right / max(1, found):.3f} / {right / max(1, gold):.3f}"


def gain(base: Counts, other: Counts) -> tuple[float, float, float]:
    """The difference in F1, and the ends of the middle 95 % of it over articles drawn anew."""
    source, places = random.Random(SEED), range(len(base))
    drawn = [source.choices(places, k=len(base)) for _ in range(RESAMPLES)]
    gains = sorted(f1(other[place] for place in draw) - f1(base[place] for place in draw) for draw in drawn)
    tail = RESAMPLES // 40
    return f1(other) - f1(base), gains[tail], gains[-1 - tail]


@dataclass(frozen=True, slots=True)
class Judged:
    """From which probability on types were added, and the counts of the files left out and kept apart."""

    add: float
    held: Counts
    apart: Counts


@dataclass(frozen=True, slots=True)
class Board:
    """The gold: files to learn from, those of them that are judged when left out, and files kept apart."""

    texts: list[Text]
    apart: list[Text]

    def judge(self, models: Fitted) -> Judged:
        """How models do on the files left out in turn, with what is best for these, and on those kept apart."""
        add, held = max(((add, self.held(models.adding(add))) for add in ADDS), key=lambda one: f1(one[1]))
        return Judged(add, held, judged(self.apart, by(models.adding(add).whole)))

    def held(self, models: Fitted) -> Counts:
        fold, tellers = folds(self.texts), [by(model) for model in models.folds]
        texts = (text for text in self.texts if fnmatchcase(text.group, JUDGED))
        return judged(texts, lambda text: tellers[fold[text.group]](text))

    def sentences(self) -> frozenset[str]:
        return frozenset(sentence.text for text in [*self.texts, *self.apart] for sentence in text.scene.sentences)


def board() -> Board:
    apart: list[Tagged] = [(path.stem, gold) for path in sorted(GOLD.glob(APART)) for gold in read_gold(path)]
    return Board([read(*one) for one in tagged(GOLD)], [read(*one) for one in apart])


def row(name: str, base: Judged, found: Judged) -> str:
    cells = [name, f"{found.add:g}"]
    for before, after in ((base.held, found.held), (base.apart, found.apart)):
        more, low, high = gain(before, after)
        cells += [both(after), f"{f1(after):.3f}", "" if before is after else f"{more:+.3f} ({low:+.3f}..{high:+.3f})"]
    return f"| {' | '.join(cells)} |"


def compare(gold: Board, texts: Sequence[Text]) -> Iterator[str]:
    """The lines of the table, gold alone first."""
    yield "| learned from | added from | left out: P / R | F1 | gain | kept apart: P / R | F1 | gain |"
    yield "|---|---|---|---|---|---|---|---|"
    alone = fit_all(gold.texts, lambda held: [], 1.0)
    base = gold.judge(alone)
    yield row("gold alone", base, base)
    known = gold.sentences()
    rules = labelled(texts, by_rules, known)
    taught = [labelled(texts, by(model), known) for model in (*alone.folds, alone.whole)]
    ways: dict[str, Sequence[Sequence[Case]]] = {
        "rules": [rules] * (FOLDS + 1),
        "rules, their votes hidden": [blind(rules)] * (FOLDS + 1),
        "models": taught,
        "models, votes of rules hidden": list(map(blind, taught)),
    }
    for name, weak in ways.items():
        for count in SIZES:
            drawn = [sample(cases, count) for cases in weak]
            for weight in WEIGHTS:
                models = fit_all(gold.texts, drawn.__getitem__, weight)
                yield row(f"{count:,} sentences, told by {name}, weight {weight:g}", base, gold.judge(models))


def main() -> None:
    parser = argparse.ArgumentParser(description="weak supervision of the model of sentence types")
    parser.add_argument("news", type=Path)
    parser.add_argument("reports", type=Path, nargs="?")
    arguments = parser.parse_args()
    texts, gold = pool(unmarked(arguments.news, arguments.reports)), board()
    print(f"{_size(gold.texts)} sentences of gold, {_size(gold.apart)} kept apart; {_size(texts)} unmarked\n")
    for line in compare(gold, texts):
        print(line, flush=True)


if __name__ == "__main__":
    main()
