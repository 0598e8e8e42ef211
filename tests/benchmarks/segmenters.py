"""What each segmenter is good for, as a Markdown table: words, sentence types, characters a second beside `jieba.lcut`.

    python tests/benchmarks/segmenters.py [--characters 2000000]

Words: F1 on `corpus/words/test.txt`, which no model has seen. Types: micro F1 of sentence types on the gold, each file
judged by a model that was fitted without its fifth of the files, after the words of the segmenter. Speed: lines of the
gold, again and again; jieba cuts the same lines just before. The pkuseg model is trained here, into a temporary folder.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import accumulate, cycle, pairwise
from pathlib import Path

from jianbao.corpus.segmenters import NAMES, Segmentation, Segmenter
from jianbao.models.fitting import Case, left_out, logistic, slope_and_shift
from jianbao.models.linear import Linear
from jianbao.models.packs import GOLD
from jianbao.pipeline.segmenting import WORDS, train_pkuseg
from jianbao.pipeline.training import MODELS, Tagged, learning_cases, tagged

SLOW = {"pkuseg": 10, "spacy-pkuseg": 10, "spacy": 2, "spacy-jieba": 2}
TYPES = MODELS["types"]


def f1(right: int, expected: int, found: int) -> float:
    return 2 * right / (expected + found) if expected + found else 0.0


def spans(words: Iterable[str]) -> set[tuple[int, int]]:
    """Starts and ends of words that stand one behind the other."""
    return set(pairwise(accumulate(map(len, words), initial=0)))


def word_f1(cut: Segmenter, sentences: Sequence[str]) -> float:
    right = expected = found = 0
    for sentence in sentences:
        told, known = spans(cut(sentence.replace(" ", ""))), spans(sentence.split(" "))
        right, expected, found = right + len(told & known), expected + len(known), found + len(told)
    return f1(right, expected, found)


def is_judged(case: Case) -> bool:
    """Whether the pipeline asks the model at all: the sentence holds a hint, a sign or a figure."""
    silent = {"vote:none", "sign:nothing", "figures:0"} <= set(case.features)
    return not silent or any(feature.startswith("hint:") for feature in case.features)


@cache
def type_f1(cases: tuple[Case, ...]) -> float:
    """Micro F1 of the labels that are taken, with the sums that a model tells which has not seen the case's file."""
    sums = left_out(cases, TYPES.labels, logistic(TYPES.strength, TYPES.sparse))
    slope, shift = slope_and_shift(sums, [[label in case.labels for label in TYPES.labels] for case in cases])
    model = Linear(TYPES.labels, (), {}, slope, shift, keep=TYPES.keep, add=TYPES.add)
    right = expected = found = 0
    for case, told in zip(cases, sums, strict=True):
        voted = [label for label in TYPES.labels if f"vote:{label}" in case.features]
        taken = set(model.taken(told, voted)) if is_judged(case) else set()
        right, expected, found = right + len(taken & case.labels), expected + len(case.labels), found + len(taken)
    return f1(right, expected, found)


def lines_of(golds: Iterable[Tagged], characters: int) -> list[str]:
    """Lines of the gold, again and again, up to a number of characters."""
    lines = [line for _, gold in golds for line in gold.article.text.split("\n") if line]
    found: list[str] = []
    total = 0
    for line in cycle(lines):
        if total >= characters:
            return found
        found.append(line)
        total += len(line)
    raise SystemExit("the gold holds no text")


def speed(cut: Callable[[str], Iterable[str]], lines: Sequence[str]) -> float:
    """Characters a second, after a first line that loads what is needed."""
    list(cut(lines[0]))
    started = time.perf_counter()
    for line in lines:
        list(cut(line))
    return sum(map(len, lines)) / (time.perf_counter() - started)


def main() -> None:
    parser = argparse.ArgumentParser(description="words, sentence types and speed of each segmenter")
    parser.add_argument("--characters", type=int, default=2_000_000)
    parser.add_argument("names", nargs="*", default=list(NAMES))
    arguments = parser.parse_args()
    import jieba

    jieba.setLogLevel(60)
    sentences = WORDS.with_name("test.txt").read_text(encoding="utf-8").splitlines()
    golds = tagged(GOLD)
    rows = ["| segmenter | word F1 | sentence type F1 | characters a second | times as fast as `jieba.lcut` |"]
    rows.append("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as place:
        train_pkuseg(WORDS, Path(place))
        for name in arguments.names:
            cut = Segmentation(name, Path(place) if NAMES[name].learned else None).segmenter()
            lines = lines_of(golds, arguments.characters // SLOW.get(name, 1))
            peer, ours = speed(jieba.lcut, lines), speed(cut, lines)
            types = type_f1(tuple(learning_cases(golds, cut)["types"]))
            rows.append(f"| `{name}` | {word_f1(cut, sentences):.3f} | {types:.3f} | {ours:,.0f} | {ours / peer:.2f} |")
    print(*rows, sep="\n")


if __name__ == "__main__":
    main()
