"""A spaCy Doc in, the same with our records as spans and attributes out: the component behind `nlp.add_pipe("jianbao")`."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from ..corpus.article import Article
from ..corpus.document import Document
from ..corpus.errors import InputError
from ..corpus.reading import from_document
from ..corpus.record_cells import cells_of, from_cells, key_of, record_at
from ..corpus.records import Activity, Brand, Indicator, Mention, Period, Quantity, Records, Refusal
from ..corpus.regions import divisions
from ..extractors.claims import Claim, Claims
from .extraction import Pipeline, without_refusals
from .spacy_names import ARTICLE, GROUPS, NAME

# isort: split
# Behind the module above, which says what to install where spaCy is not.
from spacy.pipeline.pipe import Pipe
from spacy.pipeline.spancat import spancat_score
from spacy.tokens import Doc, Span, SpanGroup
from spacy.training import Example

_CLAIMED = ("indicators", "brands")
_TOGETHER = 64  # articles are read step by step, so many at once
_Told = TypeVar("_Told", bound=Mention)


# --- what a span and a Doc say: read from `doc.user_data`, where only plain values stand, for spaCy writes these to bytes


def _cells(doc: Doc) -> Mapping[str, Any] | None:
    found = doc.user_data.get(NAME)
    return found if isinstance(found, Mapping) else None


def _record(span: Span, key: str, sort: type[_Told]) -> _Told | None:
    cells = _cells(span.doc)
    found = record_at(cells, key) if cells is not None and key else None
    return found if isinstance(found, sort) else None


def _indicator(span: Span) -> Indicator | None:
    return _record(span, span.id_, Indicator)


def _brand(span: Span) -> Brand | None:
    return _record(span, span.id_, Brand) or _record(span, span.kb_id_, Brand)


def _activity(span: Span) -> Activity | None:
    return _record(span, span.id_, Activity)


def _quantity(span: Span) -> Quantity | None:
    found = _indicator(span)
    return found.quantity if found else None


def _measure(span: Span) -> str:
    found = _indicator(span)
    return found.measure if found else ""


def _period(span: Span) -> Period | None:
    found = _indicator(span)
    return found.period if found else None


def _whole(span: Span) -> Span | None:
    found = _indicator(span)
    cells = _cells(span.doc)
    if found is None or found.part_of is None or cells is None:
        return None
    whole = record_at(cells, f"indicator:{found.part_of[0]}-{found.part_of[1]}")
    return _span(span.doc, whole, _firsts(from_cells(cells).brands)) if whole else None


def _offsets(span: Span) -> tuple[int, int]:
    found = _record(span, span.id_, Mention)
    return (found.start, found.end) if found else (span.start_char, span.end_char)


def _records(doc: Doc) -> Records:
    cells = _cells(doc)
    return without_refusals(from_cells(cells)) if cells is not None else Records()


def _refused(doc: Doc) -> tuple[Refusal, ...]:
    cells = _cells(doc)
    return from_cells(cells).refusals if cells is not None else ()


OF_SPAN: Mapping[str, Callable[[Span], Any]] = {
    "indicator": _indicator, "brand": _brand, "activity": _activity, "quantity": _quantity, "measure": _measure,
    "period": _period, "whole": _whole, "offsets": _offsets,
}  # fmt: skip
OF_DOC: Mapping[str, Callable[[Doc], Any]] = {"records": _records, "refused": _refused}


def register(prefix: str = "") -> None:
    """Make `span._.indicator` and the others known to spaCy, which the component does where it is made; for reading Docs
    that another process has written.

    Raises:
        InputError: where somebody else has an attribute of that name.
    """
    _register(Span, prefix, OF_SPAN)
    _register(Doc, prefix, OF_DOC)


def _register(owner: Any, prefix: str, attributes: Mapping[str, Callable[..., Any]]) -> None:
    for name, getter in attributes.items():
        told = f"{prefix}{name}"
        if not owner.has_extension(told):
            owner.set_extension(told, getter=getter)
        elif owner.get_extension(told)[2] is not getter:
            raise InputError(
                f"{owner.__name__}._.{told} is somebody else's attribute: set the component's `prefix`, as in"
                f' config={{"prefix": "jianbao_"}} (属性名已被占用)'
            )


# --- records to spans


def _firsts(brands: Iterable[Brand]) -> dict[str, str]:
    """The key of the first mention of each brand by its name: what its other mentions and its figures point to."""
    firsts: dict[str, str] = {}
    for brand in brands:
        firsts.setdefault(brand.name, key_of(brand))
    return firsts


def _span(doc: Doc, found: Mention, firsts: Mapping[str, str]) -> Span | None:
    """The tokens that hold a record, labelled with its dimension, kind or type."""
    label = brand = ""
    if isinstance(found, Indicator):
        label, brand = found.quantity.dimension, found.brand
    elif isinstance(found, Brand):
        label, brand = found.kind, found.name
    elif isinstance(found, Activity):
        label = found.type
    return doc.char_span(
        found.start, found.end, label=label, kb_id=firsts.get(brand, ""), span_id=key_of(found), alignment_mode="expand"
    )


# --- settings


class Source(NamedTuple):
    """Where a user's spans stand: a group of `doc.spans`, or `doc.ents` where it is empty; no labels are all."""

    group: str
    labels: frozenset[str]

    def claims(self, doc: Doc) -> Iterator[Claim]:
        """The stretches of these spans in a Doc."""
        if self.group and self.group not in doc.spans:
            warnings.warn(
                f"{NAME}: doc.spans has no group {self.group!r}: no candidates there (没有这组候选)", stacklevel=2
            )
        for span in doc.spans.get(self.group, ()) if self.group else doc.ents:
            if span.end_char > span.start_char and (not self.labels or span.label_ in self.labels):
                yield Claim(span.start_char, span.end_char, span.label_ or self.group)


def source_of(told: str) -> Source:
    """The source that a setting names.

    >>> source_of("ents:ORG").labels, source_of("spans:money").group
    (frozenset({'ORG'}), 'money')

    Raises:
        InputError: where it names none.
    """
    kind, *parts = told.split(":")
    group = parts.pop(0) if kind == "spans" and parts else ""
    if kind not in ("ents", "spans") or (kind == "spans" and not group) or len(parts) > 1:
        raise InputError(
            f"candidates {told!r}: say `ents`, `ents:LABEL,LABEL`, `spans:GROUP` or `spans:GROUP:LABEL` (候选来源不明)"
        )
    labels = parts[0].split(",") if parts else []
    return Source(group, frozenset(label.strip() for label in labels if label.strip()))


def _known(setting: str, told: Mapping[str, str], known: Iterable[str]) -> Mapping[str, str]:
    if unknown := set(told).difference(known):
        raise InputError(f"{setting}: no {min(unknown)!r} here: choose of {', '.join(known)} (没有这一项)")
    return told


def _day(told: object, place: str) -> date | None:
    """A day as somebody says it: a date, or words in the form of 2024-11-08."""
    if told is None or told == "":
        return None
    try:
        return date.fromisoformat(str(told)[:10])
    except ValueError:
        raise InputError(f"{place}: expected a day as 2024-11-08, found {told!r} (日期应为 2024-11-08)") from None


def _adcode(told: object, place: str) -> str | None:
    """The code of a division as somebody says it."""
    if told is None or told == "":
        return None
    if divisions().by_adcode(str(told)) is None:
        raise InputError(f"{place}: no division has the code {told!r}: six figures as 330106 (没有这个区划代码)")
    return str(told)


class Settings(NamedTuple):
    """What the config of the component says, read and checked."""

    published: date | None
    region: str | None
    article: Mapping[str, str]
    spans: Mapping[str, str]
    candidates: Mapping[str, Source]

    def article_of(self, doc: Doc) -> Article:
        """The Doc as an article: what stands beside the text goes before the config, that before what the text says."""
        told = {field: _told_at(doc, place) for field, place in self.article.items() if place}
        published = _day(told.get("published"), self.article.get("published", ""))
        region = _adcode(told.get("region"), self.article.get("region", ""))
        title, source, contributor = (str(told.get(field) or "") for field in ("title", "source", "contributor"))
        document = Document(
            doc.text,
            title=title,
            published=published or self.published,
            source=source,
            contributor=contributor,
            region=region or self.region,
        )
        return from_document(document, "")

    def claims_of(self, doc: Doc) -> Claims:
        """Where the user's own spans stand."""
        found = {sort: tuple(source.claims(doc)) for sort, source in self.candidates.items()}
        return Claims(found.get("indicators", ()), found.get("brands", ()))


def _told_at(doc: Doc, place: str) -> object:
    """What stands at `user_data.NAME` or `_.NAME`; None where nothing does."""
    owner, _, name = place.partition(".")
    if owner == "user_data":
        return doc.user_data.get(name)
    return doc._.get(name) if doc.has_extension(name) else None


def settings_of(
    published: str | None,
    region: str | int | None,
    article: Mapping[str, str],
    spans: Mapping[str, str],
    candidates: Mapping[str, str],
) -> Settings:
    for field, place in _known("article", article, ARTICLE).items():
        if place and (not place.startswith(("_.", "user_data.")) or place.endswith(".")):
            raise InputError(
                f"article.{field}: say `_.NAME` or `user_data.NAME`, not {place!r} (应为 _.名称 或 user_data.名称)"
            )
    sources = {sort: source_of(told) for sort, told in _known("candidates", candidates, _CLAIMED).items() if told}
    groups = {sort: group for sort, group in _known("spans", spans, GROUPS).items() if group}
    taken = [source.group for source in sources.values()]
    if twice := [group for group in groups.values() if group in taken or list(groups.values()).count(group) > 1]:
        raise InputError(f"spans: the group {twice[0]!r} is named twice: name another one (分组名重复)")
    return Settings(_day(published, "published"), _adcode(region, "region"), article, groups, sources)


# --- the component


class Component(Pipe):
    """Finds the records of a Doc; holds settings and no state, so that its config alone makes it again."""

    def __init__(self, name: str, pipeline: Pipeline, settings: Settings) -> None:
        self.name, self.pipeline, self.settings = name, pipeline, settings

    def __call__(self, doc: Doc) -> Doc:
        """The Doc with its records.

        Raises:
            InputError: where a title, date or region that stands beside the text cannot be used.
            DataError: where a pack or a lexicon is missing or damaged.
        """
        found = self._found([doc])[0]
        if isinstance(found, Exception):
            self._hand_over(doc, found)
            return doc
        return self._marked(doc, found)

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = _TOGETHER) -> Iterator[Doc]:
        """The Docs with their records, a batch at a time; one that fails goes to the error handler alone."""
        waiting = iter(stream)
        while docs := list(islice(waiting, min(batch_size, _TOGETHER))):
            for doc, found in zip(docs, self._found(docs), strict=True):
                if isinstance(found, Exception):
                    self._hand_over(doc, found)
                else:
                    yield self._marked(doc, found)

    def score(self, examples: Iterable[Example], **kwargs: Any) -> dict[str, Any]:
        """Precision, recall and F of each group of spans, as `spans_indicators_f`, where the examples have that group."""
        kept = list(examples)
        scores: dict[str, Any] = {}
        for group in self.settings.spans.values():
            scores.update(spancat_score(kept, **{**kwargs, "spans_key": group}))
        return scores

    def _hand_over(self, doc: Doc, error: Exception) -> None:
        """Give a Doc that failed to the error handler of the pipeline, which raises unless the user has set another."""
        handle: Callable[..., object] = self.get_error_handler()
        handle(self.name, self, [doc], error)

    def _found(self, docs: Sequence[Doc]) -> list[Records | Exception]:
        reads = [self._read(doc) for doc in docs]
        good = [read for read in reads if not isinstance(read, Exception)]
        found = iter(self.pipeline.many([article for article, _ in good], [claims for _, claims in good]))
        return [read if isinstance(read, Exception) else next(found) for read in reads]

    def _read(self, doc: Doc) -> tuple[Article, Claims] | Exception:
        try:
            return self.settings.article_of(doc), self.settings.claims_of(doc)
        except Exception as error:  # the error handler of the pipeline decides
            return error

    def _marked(self, doc: Doc, records: Records) -> Doc:
        doc.user_data[NAME] = cells_of(records)
        firsts = _firsts(records.brands)
        for sort, group in self.settings.spans.items():
            spans = (_span(doc, found, firsts) for found in getattr(records, sort))
            doc.spans[group] = SpanGroup(doc, name=group, spans=[span for span in spans if span is not None])
        return doc
