"""One article in, its records out: the frozen, picklable pipeline that every engine maps over articles."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, repeat

from ..corpus.article import Article
from ..corpus.domain import Domain
from ..corpus.heading import title_span
from ..corpus.lexicons import in_force
from ..corpus.places import places as divisions_in
from ..corpus.records import Activity, Brand, Indicator, Mention, Records, Refusal, own_types
from ..corpus.script import Original, folded
from ..corpus.segmenters import DEFAULT, Segmentation
from ..corpus.spacing import Closed, without_gaps
from ..extractors.activities import Hint, activities, hints
from ..extractors.brands import as_told, brand_name, brands
from ..extractors.claims import UNCLAIMED, Claims, outside
from ..extractors.deeds import Place, places
from ..extractors.linking import Rules, link
from ..extractors.numbers import Number, numbers
from ..extractors.scene import Scene, prepare
from ..extractors.signs import Sign, signs
from ..models.calibration import calibration
from .confidence import Found, assess, readings
from .learned import Figures, Quotations, learned, types_of, weigh_figures
from .marks import marks_of


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Finds the records of an article; holds no state, so that any engine can map it over articles.

    `models`: whether what was learned has the last word over the rules; `segmentation`: what cuts sentences to words;
    `domain`: rows that are added to the lexicons while this pipeline is at work, and for it alone.
    """

    models: bool = True
    segmentation: Segmentation = DEFAULT
    domain: Domain | None = None

    def __call__(self, article: Article) -> Records:
        """Indicators, brands, activity types and refusals of the body; brands of the title too.

        Raises:
            DataError: where a pack or a lexicon is missing or damaged.
            InputError: where the segmenter is not installed or lacks its model.
        """
        return assess(self.find(article), calibration())

    def claimed(self, article: Article, claims: Claims) -> Records:
        """The same where somebody else sees figures and brands too: these are read and linked as our own are, bear the
        rule `user.LABEL`, and are refused where nothing can be read; where one of ours stands it stays.

        Raises:
            DataError, InputError: as a call does.
        """
        return assess(self.find(article, claims), calibration())

    def check(self) -> None:
        """Load what the pipeline needs, so that a fault is told before any article is read.

        Raises:
            DataError, InputError: as a call does.
        """
        calibration()
        if self.models:
            types_of(self.segmentation)

    def many(self, articles: Iterable[Article], claims: Iterable[Claims] | None = None) -> list[Records | Exception]:
        """The records of each article as a call finds them, or what went wrong with it alone; with the claims of each, if
        there are any.

        Done step by step for all: the patterns and scanners of a step are slow for the first article and quick for those
        behind it. What the steps find is held until all is done, so give it some ten to a hundred articles at a time.

        Raises:
            MemoryError: where it runs out, since that tells of no article by itself.
        """
        pairs = zip(articles, repeat(UNCLAIMED)) if claims is None else zip(articles, claims, strict=True)
        if type(self).__call__ is not _CALL:  # a pipeline of somebody's own says by itself what an article gives
            return [_tried(self, article, claimed) for article, claimed in pairs]
        drafts = [_Draft(article, claimed) for article, claimed in pairs]
        with in_force(self.domain):
            for step in self._steps():
                for draft in drafts:
                    if draft.error is None and draft.article.body:
                        _try(step, draft)
        known = calibration()
        return [draft.error or assess(draft.found, known) for draft in drafts]

    def find(self, article: Article, claims: Claims = UNCLAIMED) -> Found:
        """The same before confidence is told, with how each indicator was read.

        Rules and models read traditional script and variant characters as their mainland forms; the words of what they
        find are given back as the article writes them, units and codes stay canonical (戶 is counted in 户).
        """
        draft = _Draft(article, claims)
        if article.body:
            with in_force(self.domain):
                for step in self._steps():
                    step(draft)
        return draft.found

    def _steps(self) -> Sequence[Callable[[_Draft], None]]:
        """What is done to an article, in this order."""
        return (
            _read, _count, _scan, _hear, self._see, self._name, _accept, self._weigh, _locate, self._link, self._type,
            self._tell,
        )  # fmt: skip

    def _name(self, draft: _Draft) -> None:
        article, scene = draft.read, draft.scene
        judge = Quotations(learned()) if self.models else as_told
        spans = list(article.body)
        head = title_span(article.text, article.title) if article.title else None
        if head is not None and not any(first <= head[0] < last for first, last in spans):
            spans.insert(0, head)
        claims = draft.claims.brands
        draft.named = [found for first, last in spans for found in brands(scene, first, last, judge, claims)]
        draft.named += outside(article.text, claims, spans)
        draft.named.sort(key=_start)
        draft.brands = [found for found in draft.named if isinstance(found, Brand)]

    def _see(self, draft: _Draft) -> None:
        draft.signs = signs(draft.scene) if self.models else ()

    def _weigh(self, draft: _Draft) -> None:
        if not self.models:
            return
        sentences = draft.scene.sentences
        types_of(self.segmentation).weigh(draft.scene, draft.hints, draft.signs, draft.figures)
        weigh_figures(learned().figures, [sentences[index].text for index in draft.figures])

    def _link(self, draft: _Draft) -> None:
        judge = Figures(learned().figures, draft.hints, draft.signs) if self.models else Rules()
        draft.indicators = tuple(link(draft.scene, draft.accepted, draft.brands, draft.hints, judge))

    def _type(self, draft: _Draft) -> None:
        scene, words, figures = draft.scene, draft.hints, draft.figures
        types: Iterator[Activity] = activities(scene, words, set(figures))
        if self.models:
            types = types_of(self.segmentation)(scene, words, draft.signs, list(types), figures)
        draft.activities = tuple(sorted(types, key=_place)) if own_types() else tuple(types)

    def _tell(self, draft: _Draft) -> None:
        """All that was found, in the words and places of the article as it is written."""
        refused = [found for found in (*draft.judged, *draft.named, *draft.swallowed) if isinstance(found, Refusal)]
        refused.sort(key=_start)
        records = Records(draft.indicators, tuple(draft.brands), draft.activities, tuple(refused))
        read = tuple(readings(draft.scene, draft.accepted, draft.indicators))
        marks = marks_of(draft.scene, draft.accepted, records, draft.hints) if self.domain is not None else None
        if draft.gaps is not None:
            records = _with_gaps(records, draft.plain.text, draft.gaps)
        if draft.plain is not draft.article:
            records = _as_written(records, draft.article.text, draft.plain.text)
        draft.found = Found(records, read, self.models, marks)


class _Draft:
    """An article whose records are being found: what each step leaves for those behind it."""

    __slots__ = (
        "accepted", "activities", "article", "brands", "claims", "error", "figures", "found", "gaps", "hints", "indicators",
        "judged", "named", "plain", "read", "scene", "signs", "swallowed", "words",
    )  # fmt: skip
    plain: Article  # in mainland script
    read: Article  # and without the blanks between figures and their units
    gaps: Closed | None
    scene: Scene
    judged: list[Number | Refusal]
    words: list[list[Place]]  # of each sentence, as `hints` and `signs`
    hints: list[list[Hint]]
    signs: Sequence[Sequence[Sign]]
    named: list[Brand | Refusal]
    brands: list[Brand]
    accepted: list[Number]
    swallowed: list[Refusal]
    figures: Counter[int]  # accepted numbers of each sentence that has any
    indicators: tuple[Indicator, ...]
    activities: tuple[Activity, ...]

    def __init__(self, article: Article, claims: Claims) -> None:
        self.article, self.claims = article, claims
        unread = [outside(article.text, told, ()) for told in (claims.indicators, claims.brands)]
        self.found = Found(Records(refusals=tuple(chain.from_iterable(unread))))
        self.error: Exception | None = None


_CALL = Pipeline.__call__


def _tried(pipeline: Pipeline, article: Article, claims: Claims) -> Records | Exception:
    try:
        return pipeline.claimed(article, claims) if claims else pipeline(article)
    except MemoryError:
        raise
    except Exception as error:
        return error


def _try(step: Callable[[_Draft], None], draft: _Draft) -> None:
    """Take a step; what goes wrong is kept and ends the work on this article alone."""
    try:
        step(draft)
    except MemoryError:
        raise
    except Exception as error:
        draft.error = error


def _read(draft: _Draft) -> None:
    draft.plain = folded(draft.article)
    draft.read, draft.gaps = without_gaps(draft.plain)
    draft.scene = prepare(draft.read)
    if draft.claims:
        draft.claims = draft.claims.moved(_as_is if draft.gaps is None else draft.gaps.within)


def _as_is(start: int, end: int) -> tuple[int, int]:
    return start, end


def _count(draft: _Draft) -> None:
    draft.judged = list(numbers(draft.scene, draft.claims.indicators))


def _scan(draft: _Draft) -> None:
    draft.words = places(draft.scene)


def _hear(draft: _Draft) -> None:
    draft.hints = hints(draft.scene, draft.words)


def _accept(draft: _Draft) -> None:
    """Part the numbers that stand inside the name of a brand from the others."""
    counted = [found for found in draft.judged if isinstance(found, Number)]
    inside = set(_inside_names(counted, draft.brands))
    draft.accepted = [found for found in counted if found.start not in inside]
    draft.swallowed = [
        Refusal(found.start, found.end, draft.read.text[found.start : found.end], "refuse.brand")
        for found in counted
        if found.start in inside
    ]
    draft.figures = Counter(number.sentence for number in draft.accepted)


def _locate(draft: _Draft) -> None:
    """Find the divisions in the sentences with figures ahead; the linker asks for them again."""
    for index in draft.figures:
        divisions_in(draft.scene.sentences[index].text)


def _place(found: Activity) -> tuple[int, str]:
    return found.start, found.type


def _start(found: Brand | Refusal) -> int:
    return found.start


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


def of_domain(pipeline: Pipeline | None, domain: Domain | None) -> Pipeline:
    """The pipeline, by default the shipped one, with the rows of a domain where one is given."""
    made = pipeline or Pipeline()
    return made if domain is None else replace(made, domain=domain)


def without_refusals(records: Records) -> Records:
    """The records alone."""
    return replace(records, refusals=())
