"""One article in, its records out: the frozen, picklable pipeline that every engine maps over articles."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..corpus.article import Article
from ..corpus.heading import title_span
from ..corpus.records import Activity, Brand, Indicator, Mention, Records, Refusal
from ..corpus.script import Original, folded
from ..corpus.segmenters import DEFAULT, Segmentation
from ..corpus.spacing import Closed, without_gaps
from ..extractors.activities import Hint, activities, hints
from ..extractors.brands import as_told, brand_name, brands
from ..extractors.linking import Judge, Rules, link
from ..extractors.numbers import Number, numbers
from ..extractors.scene import Scene, prepare
from ..extractors.signs import Sign, signs
from ..models.calibration import calibration
from .confidence import Found, assess, readings
from .learned import Figures, Quotations, learned, types_of


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Finds the records of an article; holds no state, so that any engine can map it over articles.

    `models`: whether what was learned has the last word over the rules; `segmentation`: what cuts sentences to words.
    """

    models: bool = True
    segmentation: Segmentation = DEFAULT

    def __call__(self, article: Article) -> Records:
        """Indicators, brands, activity types and refusals of the body; brands of the title too.

        Raises:
            DataError: where a pack or a lexicon is missing or damaged.
            InputError: where the segmenter is not installed or lacks its model.
        """
        return assess(self.find(article), calibration())

    def check(self) -> None:
        """Load what the pipeline needs, so that a fault is told before any article is read.

        Raises:
            DataError, InputError: as a call does.
        """
        calibration()
        if self.models:
            types_of(self.segmentation)

    def find(self, article: Article) -> Found:
        """The same before confidence is told, with how each indicator was read.

        Rules and models read traditional script and variant characters as their mainland forms; the words of what they
        find are given back as the article writes them, units and codes stay canonical (戶 is counted in 户).
        """
        if not article.body:
            return Found(Records())
        plain = folded(article)
        read, gaps = without_gaps(plain)
        found = self._find(read)
        records = found.records if gaps is None else _with_gaps(found.records, plain.text, gaps)
        if plain is not article:
            records = _as_written(records, article.text, plain.text)
        return found if records is found.records else replace(found, records=records)

    def _find(self, article: Article) -> Found:
        scene = prepare(article)
        named = self._brands(article, scene)
        names = [found for found in named if isinstance(found, Brand)]
        judged = list(numbers(scene))
        counted = [found for found in judged if isinstance(found, Number)]
        inside = set(_inside_names(counted, names))
        accepted = [found for found in counted if found.start not in inside]
        swallowed = [
            Refusal(found.start, found.end, article.text[found.start : found.end], "refuse.brand")
            for found in counted
            if found.start in inside
        ]
        words = hints(scene)
        seen = signs(scene) if self.models else []
        indicators = tuple(link(scene, accepted, names, words, self._figures(words, seen)))
        types = tuple(self._types(scene, words, seen, Counter(number.sentence for number in accepted)))
        refused = [found for found in [*judged, *named, *swallowed] if isinstance(found, Refusal)]
        records = Records(indicators, tuple(names), types, tuple(sorted(refused, key=lambda found: found.start)))
        return Found(records, tuple(readings(scene, accepted, indicators)), self.models)

    def _figures(self, words: Sequence[Sequence[Hint]], seen: Sequence[Sequence[Sign]]) -> Judge:
        return Figures(learned().figures, words, seen) if self.models else Rules()

    def _types(
        self, scene: Scene, words: list[list[Hint]], seen: Sequence[Sequence[Sign]], figures: Counter[int]
    ) -> Iterator[Activity]:
        voted = activities(scene, words, set(figures))
        return types_of(self.segmentation)(scene, words, seen, list(voted), figures) if self.models else voted

    def _brands(self, article: Article, scene: Scene) -> list[Brand | Refusal]:
        judge = Quotations(learned()) if self.models else as_told
        spans = list(article.body)
        head = title_span(article.text, article.title) if article.title else None
        if head is not None and not any(first <= head[0] < last for first, last in spans):
            spans.insert(0, head)
        return sorted(
            (found for first, last in spans for found in brands(scene, first, last, judge)), key=lambda f: f.start
        )


def _inside_names(counted: Sequence[Number], names: Sequence[Brand]) -> Iterator[int]:
    """Starts of the numbers that stand inside a brand's name: 千人计划."""
    starts = [brand.start for brand in names]
    for number in counted:
        index = bisect_right(starts, number.start) - 1
        if index >= 0 and number.end <= names[index].end:
            yield number.start


def _with_gaps(records: Records, text: str, gaps: Closed) -> Records:
    """Records of a text whose blanks were cut, in the text that has them: 12期 stands there as 12 期."""

    def back(found: Mention | Refusal) -> tuple[int, int, str]:
        start, end = gaps.span(found.start, found.end)
        return start, end, text[start:end]

    def whole(found: Indicator) -> Indicator:
        start, end, words = back(found)
        if end == found.end:  # no blank was cut before it, nor before the figure of which it is a part
            return found
        part_of = None if found.part_of is None else gaps.span(*found.part_of)
        return Indicator(
            start, end, words, found.rule, found.confidence, found.quantity, found.measure, found.activity, found.brand,
            found.period, found.status, part_of, found.region, found.confidence_meaning, found.confidence_time,
        )  # fmt: skip

    return Records(
        tuple(map(whole, records.indicators)),
        tuple(Brand(*back(one), one.rule, one.confidence, one.name, one.kind) for one in records.brands),
        tuple(Activity(*back(one), one.rule, one.confidence, one.type) for one in records.activities),
        tuple(Refusal(*back(one), one.rule) for one in records.refusals),
    )


def _as_written(records: Records, text: str, plain: str) -> Records:
    """Records of a folded text with the words of the text itself; one brand has one name, that of its first mention."""
    original = Original(text, plain)
    names: dict[str, str] = {}
    for brand in records.brands:
        names.setdefault(brand.name, brand_name(original.words(brand.name, brand.start, brand.end)))
    return Records(
        tuple(_indicator(found, original, names) for found in records.indicators),
        tuple(replace(brand, text=text[brand.start : brand.end], name=names[brand.name]) for brand in records.brands),
        tuple(replace(found, text=text[found.start : found.end]) for found in records.activities),
        tuple(replace(found, text=text[found.start : found.end]) for found in records.refusals),
    )


def _indicator(found: Indicator, original: Original, names: Mapping[str, str]) -> Indicator:
    """One indicator with its words as written; unit, dimension, per and codes are canonical and stay."""
    period, (start, end) = found.period, (found.start, found.end)
    if period is not None:
        period = replace(period, text=original.words(period.text, start, end))
    return replace(
        found,
        text=original.written[start:end],
        measure=original.words(found.measure, start, end),
        brand=names.get(found.brand, found.brand),
        period=period,
    )


def without_refusals(records: Records) -> Records:
    """The records alone."""
    return replace(records, refusals=())
