"""Records for the eye: rows of a table on a terminal, and a text explained mention by mention."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence

import click

from ..corpus.article import Article, Sentence, sentences
from ..corpus.records import Brand, Indicator, Mention, Records, Refusal, activity_types, decimal_text
from ..extractors.calendars import Calendar
from ..extractors.cues import cues
from ..extractors.paragraphs import calendar_of
from ..extractors.periods import time_words
from .tables import Sentences, region_name

HEADER = ("region", "brand", "indicator", "value", "unit", "bound", "period", "evidence")
_WIDTHS = (14, 14, 22, 22, 6, 6, 24, 46)


def choose_rows(found: Sequence[tuple[Article, Records]], count: int) -> list[tuple[Article, Indicator]]:
    """Indicators that show the variety of a corpus: from each article in turn the one that says most."""
    queues = [
        [(article, indicator) for indicator in sorted(records.indicators, key=_says_less)]
        for article, records in found
        if records.indicators
    ]
    rows: list[tuple[Article, Indicator]] = []
    while queues and len(rows) < count:
        for queue in list(queues):
            rows.append(queue.pop(0))
            if not queue:
                queues.remove(queue)
    return rows[:count]


def _says_less(indicator: Indicator) -> tuple[int, int]:
    told = (indicator.brand, indicator.period, indicator.measure, indicator.quantity.bound != "exact")
    return -sum(map(bool, told)), indicator.start


def show_rows(rows: Sequence[tuple[Article, Indicator]]) -> str:
    """A table of indicators, columns aligned by the width that Chinese characters have on a terminal."""
    lines = [HEADER, *(_cells(article, indicator) for article, indicator in rows)]
    return "\n".join(
        "  ".join(fit(cell, cells) for cell, cells in zip(line, _WIDTHS, strict=True)).rstrip() for line in lines
    )


def _cells(article: Article, indicator: Indicator) -> tuple[str, ...]:
    quantity, period = indicator.quantity, indicator.period
    low, high = decimal_text(quantity.low), decimal_text(quantity.high)
    return (
        _short_region(indicator.region),
        indicator.brand,
        indicator.measure,
        low if low == high else f"{low}..{high}",
        quantity.unit,
        quantity.bound,
        _period_text(period.start, period.end, period.text) if period else "",
        _evidence(article, indicator),
    )


def _period_text(start: object, end: object, words: str) -> str:
    return f"{start or ''}..{end or ''}" if start or end else words


def _short_region(code: str | None) -> str:
    from ..corpus.regions import divisions

    row = divisions().by_adcode(code) if code else None
    return row.full_name if row is not None else region_name(code)


def _evidence(article: Article, indicator: Indicator) -> str:
    """The sentence around the figure, its figure in the middle."""
    sentence = " ".join(Sentences(article).around(indicator).split())
    place = sentence.find(indicator.text)
    return sentence if place < 14 else f"…{sentence[max(0, place - 12) :]}"


def width(text: str) -> int:
    """The cells that a text takes on a terminal: two for a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def fit(text: str, cells: int) -> str:
    """The text cut or filled to a width in terminal cells."""
    if width(text) > cells:
        while width(text) > cells - 2:
            text = text[:-1]
        text += "…"
    return text + " " * (cells - width(text))


_COLOURS = {"indicator": "green", "brand": "cyan", "refused": "bright_black"}


def explain(article: Article, records: Records) -> Iterator[str]:
    """Lines that show the text and, below each sentence, its mentions and refusals with their rules."""
    yield from _head(article)
    mentions: list[Mention | Refusal] = [*records.indicators, *records.brands, *records.refusals]
    mentions.sort(key=lambda mention: (mention.start, mention.end))
    types: dict[int, list[str]] = {}
    for activity in records.activities:
        types.setdefault(activity.start, []).append(
            f"{activity.type} {activity_types()[activity.type]} ({activity.rule})"
        )
    starts = [mention.start for mention in mentions]
    calendar = calendar_of(article)
    shown = 0
    for start, end, is_body in _stretches(article):
        for sentence in sentences(article.text, start, end):
            last = bisect_left(starts, sentence.end, shown)
            own, shown = mentions[shown:last], last
            yield (
                _marked(sentence.text, sentence.start, own)
                if is_body
                else click.style(f"  | {sentence.text}", dim=True)
            )
            for mention in own:
                yield _line(mention, article)
            if any(isinstance(mention, Indicator) for mention in own):
                yield from _told(article, sentence, calendar)
            if sentence.start in types:
                yield f"    types      {', '.join(types[sentence.start])}"


def _told(article: Article, sentence: Sentence, calendar: Calendar) -> Iterator[str]:
    """The time words and cues of a sentence with figures: what each does and which rule read it."""
    for time in time_words(article.text, sentence.start, sentence.end, calendar):
        dates = f"{time.period.start or ''}..{time.period.end or ''}"
        yield f"    time       {time.period.text}  {dates}  holds for the {time.reach}  [{time.start}-{time.end}]  {time.rule}"
    for cue in cues(article.text, sentence.start, sentence.end):
        yield f"    cue        {cue.word}  {cue.effect}  [{cue.start}-{cue.end}]  cue.{cue.effect.partition(':')[0]}"


def _head(article: Article) -> Iterator[str]:
    for name in ("title", "published", "source", "contributor"):
        yield f"{name + ':':13}{getattr(article, name) or '-'}"
    yield f"{'region:':13}{article.region or '-'} {region_name(article.region)}".rstrip()
    if article.message:
        yield f"{'message:':13}{article.message}"
    yield "  | marks lines that are not body (页面附件，不计)"
    yield ""


def _stretches(article: Article) -> Iterator[tuple[int, int, bool]]:
    """The whole text in order: body spans and what lies between them."""
    position = 0
    for start, end in article.body:
        if position < start:
            yield position, start, False
        yield start, end, True
        position = end
    if position < len(article.text):
        yield position, len(article.text), False


def _marked(text: str, offset: int, mentions: Sequence[Mention | Refusal]) -> str:
    parts, position = [], 0
    for mention in mentions:
        start, end = mention.start - offset, mention.end - offset
        if start < position or end > len(text):
            continue
        parts += [
            text[position:start],
            click.style(text[start:end], fg=_COLOURS[_sort(mention)], bold=_sort(mention) != "refused"),
        ]
        position = end
    return "".join([*parts, text[position:]])


def _sort(mention: Mention | Refusal) -> str:
    return "refused" if isinstance(mention, Refusal) else "brand" if isinstance(mention, Brand) else "indicator"


def _line(mention: Mention | Refusal, article: Article) -> str:
    place = f"{mention.start}-{mention.end}"
    if isinstance(mention, Refusal):
        return f"    refused    {mention.text}  [{place}]  {mention.rule}"
    if isinstance(mention, Brand):
        return f"    brand      {mention.name}  {mention.kind}  [{place}]  {mention.rule}"
    assert isinstance(mention, Indicator)
    quantity = mention.quantity
    facts = [
        f"{decimal_text(quantity.low)}..{decimal_text(quantity.high)} "
        f"{quantity.unit} {quantity.bound} {quantity.dimension}",
        f"measure={mention.measure}" if mention.measure else "",
        f"per={quantity.per}" if quantity.per else "",
        f"activity={mention.activity}" if mention.activity else "",
        f"brand={mention.brand}" if mention.brand else "",
        f"period={_period_text(mention.period.start, mention.period.end, mention.period.text)} ({mention.period.text})"
        if mention.period
        else "",
        mention.status if mention.status != "done" else "",
        f"part_of={article.text[slice(*mention.part_of)]}" if mention.part_of else "",
        f"region={mention.region}" if mention.region and mention.region != article.region else "",
    ]
    return f"    indicator  {mention.text}  {'  '.join(fact for fact in facts if fact)}  [{place}]  {mention.rule}"
