"""Gold in, how well the pipeline finds it out: counts of each field, their intervals, and each error."""

from __future__ import annotations

import difflib
import random
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from ..corpus.article import Article, Sentence, sentences
from ..corpus.errors import InputError
from ..corpus.gold import GoldArticle, read_gold
from ..corpus.gold_json import read_json
from ..corpus.records import Activity, Indicator, Mention, Records, decimal_text
from ..corpus.sources import readable
from .extraction import Pipeline

FIELDS = (
    "value", "unit", "dimension", "per", "status", "full", "period", "measure", "measure_exact", "activity", "brand",
    "region", "part_of", "whole",
)  # fmt: skip
# What each row is counted among: mentions of that sort, found and gold.
ROWS: Mapping[str, str] = {
    "indicators": "indicators",
    **dict.fromkeys(FIELDS, "indicators"),
    "brands": "brands",
    "kind": "brands",
    "types": "types",
}
FULL = ("value", "unit", "dimension", "per", "status")
GROUP_FIELDS: Mapping[str, tuple[str, ...]] = {
    "figure": ("value", "unit", "dimension"),
    "meaning": ("measure", "activity", "brand"),
    "time": ("period", "status"),
}
SAME_MEASURE = 0.5
RESAMPLES, SEED = 1000, 20240131
NO_CANDIDATE = "no candidate"
_BEFORE, _BEHIND, _LONGEST = 16, 12, 40


@dataclass(frozen=True, slots=True)
class Wrong:
    """One error: where it stands, its kind, the text around, gold against found, and the rule at fault."""

    path: str
    line: int
    start: int
    kind: str
    around: str
    gold: str
    found: str
    rule: str


@dataclass(frozen=True, slots=True)
class Told:
    """A confidence that was told, of which group of fields, and whether the group was right."""

    group: str
    confidence: float
    right: bool


@dataclass(slots=True)
class Judged:
    """What the comparison of one article counts: right by row, found and gold by sort of mention."""

    right: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ROWS, 0))
    found: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ROWS.values(), 0))
    gold: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ROWS.values(), 0))
    wrong: list[Wrong] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Score:
    """A row of the table: counts, and precision, recall and F1, each with the ends of its interval."""

    name: str
    gold: int
    found: int
    right: int
    matched: int
    precision: tuple[float, float, float]
    recall: tuple[float, float, float]
    f1: tuple[float, float, float]

    @property
    def of_matched(self) -> float:
        """The share right of the mentions whose span is right."""
        return _share(self.right, self.matched)


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of a set of gold articles, every error in reading order, and every confidence told."""

    articles: int
    rows: tuple[Score, ...]
    wrong: tuple[Wrong, ...]
    told: tuple[Told, ...]


def gather(gold: Path, texts: Path | None, match: Sequence[str] = (), skip: Sequence[str] = ()) -> list[GoldArticle]:
    """Gold articles of a file or folder in the notation, or of a folder of JSON with its folder of texts.

    `match` and `skip` choose files of a folder by name patterns.

    Raises:
        InputError: where nothing is there to be scored.
        DataError: with file and line where the gold is broken.
    """
    if not gold.exists():
        raise InputError(f"{readable(gold)}: no such file or folder (路径不存在)")
    if texts is not None and not (gold.is_dir() and texts.is_dir()):
        raise InputError(f"{readable(texts)}: --texts and GOLD must both be folders (须为文件夹)")
    if texts is None and (gold.suffix == ".json" or (gold.is_dir() and not any(gold.glob("*.txt")))):
        raise InputError(f"{readable(gold)}: JSON gold needs --texts, the folder of its texts; other gold is *.txt")
    files = _chosen(gold, "*.txt" if texts is None else "*.json", match, skip)
    if texts is not None:
        return list(read_json(gold, texts, [path.name for path in files]))
    return [article for path in files for article in read_gold(path)]


def _chosen(gold: Path, pattern: str, match: Sequence[str], skip: Sequence[str]) -> list[Path]:
    def named(path: Path, patterns: Sequence[str]) -> bool:
        return any(fnmatchcase(path.name, one) or fnmatchcase(path.stem, one) for one in patterns)

    files = sorted(gold.glob(pattern)) if gold.is_dir() else [gold]
    files = [path for path in files if (not match or named(path, match)) and not named(path, skip)]
    if not files:
        raise InputError(f"{readable(gold)}: no gold file of that name (没有符合名称的标注文件)")
    return files


def score(golds: Sequence[GoldArticle], find: Callable[[Article], Records] | None = None) -> Scores:
    """Compare gold with what the pipeline (or `find`) gives for each article."""
    find = find or Pipeline()
    judged = [judge(gold, find(gold.article)) for gold in golds]
    return Scores(
        len(golds),
        tuple(_scores(judged)),
        tuple(wrong for one in judged for wrong in sorted(one.wrong, key=lambda wrong: wrong.start)),
        tuple(told for one in judged for told in one.told),
    )


def judge(gold: GoldArticle, records: Records) -> Judged:
    """The comparison of one article."""
    judged = Judged()
    _judge_indicators(gold, records, judged)
    _judge_brands(gold, records, judged)
    _judge_types(gold, records, judged)
    return judged


def _judge_indicators(gold: GoldArticle, records: Records, judged: Judged) -> None:
    expected = {(one.start, one.end): one for one in gold.records.indicators}
    found = {(one.start, one.end): one for one in records.indicators}
    _judge_spans("indicators", "indicator ", gold, records, expected, found, judged)
    for span, one in found.items():
        right = right_fields(expected[span], one) if span in expected else frozenset()
        for group, names in GROUP_FIELDS.items():
            judged.told.append(Told(group, _confidence(one, group), right.issuperset(names)))
        if span in expected:
            for name in right:
                judged.right[name] += 1
            judged.wrong += _wrong_fields(gold, expected[span], one, right)


def _confidence(found: Indicator, group: str) -> float:
    return {"meaning": found.confidence_meaning, "time": found.confidence_time}.get(group, found.confidence)


def _judge_brands(gold: GoldArticle, records: Records, judged: Judged) -> None:
    expected = {(one.start, one.end): one for one in gold.records.brands}
    found = {(one.start, one.end): one for one in records.brands}
    _judge_spans("brands", "brand ", gold, records, expected, found, judged)
    for span, one in found.items():
        right = span in expected and expected[span].kind == one.kind
        judged.right["kind"] += right
        judged.told.append(Told("brand", one.confidence, right))
        if span in expected and not right:
            judged.wrong.append(_wrong(gold, one, "kind", expected[span].kind, one.kind, one.rule))


def _judge_spans(
    sort: str,
    label: str,
    gold: GoldArticle,
    records: Records,
    expected: Mapping[tuple[int, int], Mention],
    found: Mapping[tuple[int, int], Mention],
    judged: Judged,
) -> None:
    judged.gold[sort], judged.found[sort] = len(expected), len(found)
    judged.right[sort] = len(expected.keys() & found.keys())
    for span in expected.keys() - found.keys():
        one = expected[span]
        judged.wrong.append(_wrong(gold, one, f"{label}missed", one.text, "", _rule_of_missed(one, found, records)))
    for span in found.keys() - expected.keys():
        one = found[span]
        judged.wrong.append(_wrong(gold, one, f"{label}false", "", one.text, one.rule))


def _rule_of_missed(missed: Mention, found: Mapping[tuple[int, int], Mention], records: Records) -> str:
    """The rule that read something else there or refused it: what shares most with the missed mention."""

    def shared(other: tuple[int, int]) -> tuple[int, int]:
        start, end = other
        return min(end, missed.end) - max(start, missed.start), start - end

    there = [(span, one.rule) for span, one in found.items()]
    there += [((refused.start, refused.end), refused.rule) for refused in records.refusals]
    best = max(there, key=lambda one: shared(one[0]), default=None)
    return best[1] if best is not None and shared(best[0])[0] > 0 else NO_CANDIDATE


def _judge_types(gold: GoldArticle, records: Records, judged: Judged) -> None:
    homes = list(sentences(gold.article.text))
    expected = {(one.start, one.type): one for one in gold.records.activities}
    found: dict[tuple[int, str], Activity] = {}
    for one in records.activities:
        found.setdefault((_home(one, homes), one.type), one)
    judged.gold["types"], judged.found["types"] = len(expected), len(found)
    judged.right["types"] = len(expected.keys() & found.keys())
    for place, one in found.items():
        judged.told.append(Told("activity", one.confidence, place in expected))
    for place in expected.keys() - found.keys():
        judged.wrong.append(_wrong(gold, expected[place], "type missed", place[1], "", NO_CANDIDATE))
    for place in found.keys() - expected.keys():
        judged.wrong.append(_wrong(gold, found[place], "type false", "", place[1], found[place].rule))


def _home(found: Activity, homes: Sequence[Sentence]) -> int:
    """The start of the gold sentence that the found one shares most characters with."""
    first = max(0, bisect_right(homes, found.start, key=lambda home: home.start) - 1)
    last = bisect_left(homes, found.end, key=lambda home: home.start)
    shared = {min(found.end, home.end) - max(found.start, home.start): home for home in reversed(homes[first:last])}
    return shared[max(shared)].start if shared and max(shared) > 0 else found.start


def facets(found: Indicator) -> dict[str, str]:
    """What an indicator says in each field, as words that can be compared and shown."""
    quantity, period = found.quantity, found.period
    low, high = decimal_text(quantity.low), decimal_text(quantity.high)
    return {
        "value": f"{low if low == high else f'{low}..{high}'} {quantity.bound}",
        "unit": quantity.unit,
        "dimension": quantity.dimension,
        "per": quantity.per,
        "status": found.status,
        "period": f"{period.start or ''}..{period.end or ''}" if period and (period.start or period.end) else "",
        "measure": found.measure,
        "measure_exact": found.measure,
        "activity": found.activity,
        "brand": found.brand,
        "region": found.region or "",
        "part_of": "a part" if found.part_of else "",
        "whole": f"{found.part_of[0]}-{found.part_of[1]}" if found.part_of else "",
    }


def right_fields(expected: Indicator, found: Indicator) -> frozenset[str]:
    """The names of the fields that are right."""
    had, has = facets(expected), facets(found)
    right = {name for name in had if had[name] == has[name]}
    if overlap(expected.measure, found.measure) >= SAME_MEASURE:
        right.add("measure")
    return frozenset(right | {"full"} if right.issuperset(FULL) else right)


def overlap(first: str, second: str) -> float:
    """Characters that two wordings share in one order, of the longer.

    >>> overlap("走访侨商侨企", "走访侨商")
    0.6666666666666666
    """
    if first == second:
        return 1.0
    blocks = difflib.SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / max(len(first), len(second))


def _wrong_fields(gold: GoldArticle, expected: Indicator, found: Indicator, right: frozenset[str]) -> Iterator[Wrong]:
    had, has = facets(expected), facets(found)
    for name in had:
        if name in right or (name == "measure_exact" and "measure" not in right):
            continue
        if name == "whole" and "part_of" not in right:
            continue
        yield _wrong(gold, found, name, had[name], has[name], found.rule)


def _wrong(gold: GoldArticle, at: Mention, kind: str, expected: str, found: str, rule: str) -> Wrong:
    text = gold.article.text
    before, behind = text[max(0, at.start - _BEFORE) : at.start], text[at.end : at.end + _BEHIND]
    marked = at.text if len(at.text) <= _LONGEST else f"{at.text[: _LONGEST - 1]}…"
    around = f"{before}[{marked}]{behind}".replace("\n", "⏎")
    return Wrong(gold.path, gold.line_at(at.start), at.start, kind, around, expected, found, rule)


def _scores(judged: Sequence[Judged]) -> Iterator[Score]:
    """A score for each row, with intervals from resampled articles: fixed seed, so always the same."""
    drawn = _draws(len(judged))
    sorts = dict.fromkeys(ROWS.values())
    gold = {sort: _sums([one.gold[sort] for one in judged], drawn) for sort in sorts}
    found = {sort: _sums([one.found[sort] for one in judged], drawn) for sort in sorts}
    right = {name: _sums([one.right[name] for one in judged], drawn) for name in ROWS}
    for name, sort in ROWS.items():
        yield Score(
            name,
            gold[sort][0],
            found[sort][0],
            right[name][0],
            right[sort][0],
            _interval([_share(one, among) for one, among in zip(right[name], found[sort], strict=True)]),
            _interval([_share(one, among) for one, among in zip(right[name], gold[sort], strict=True)]),
            _interval([_f1(*three) for three in zip(right[name], found[sort], gold[sort], strict=True)]),
        )


def _draws(count: int) -> list[list[int]]:
    """The articles themselves, then as many drawn with replacement, again and again."""
    source = random.Random(SEED)
    return [list(range(count)), *(source.choices(range(count), k=count) for _ in range(RESAMPLES if count else 0))]


def _sums(counts: Sequence[int], drawn: Sequence[Sequence[int]]) -> list[int]:
    return [sum(map(counts.__getitem__, draw)) for draw in drawn]


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _f1(right: int, found: int, gold: int) -> float:
    return _share(2 * right, found + gold)


def _interval(values: Sequence[float]) -> tuple[float, float, float]:
    """The estimate, which comes first, and the ends of the middle 95 % of the resampled ones, around it."""
    estimate, *resampled = values
    if not resampled:
        return estimate, estimate, estimate
    resampled.sort()
    tail = len(resampled) // 40
    return estimate, min(estimate, resampled[tail]), max(estimate, resampled[-1 - tail])
