"""A reviewed output folder in, gold to learn from out: the sentences of which all was looked at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..corpus.gold import GoldArticle
from .corrections import gold_of
from .fields import moved, sort_of
from .outputs import opened
from .review import Review
from .review_sheet import Sheet, Span, apart


def reviewed_gold(out: Path, *, encoding: str = "utf-8-sig") -> list[GoldArticle]:
    """The sentences of an output folder that people have gone through, with the records that hold, in the order of articles.

    A sentence counts where each of its records was accepted, corrected or rejected; a block that somebody wrote by hand
    counts as it stands.

    Raises:
        InputError: with file and line where a file of the review is broken.
        OutputError: where a table is missing or broken.
    """
    with opened(out, encoding=encoding, review="left") as connection:
        review = Review(out, connection)
        return [
            gold for article in sorted(review.opinions.articles) for gold in _settled(review, review.sheet(article))
        ]


def _settled(review: Review, sheet: Sheet) -> Iterator[GoldArticle]:
    """The stretches of an article in which nothing is left to be looked at."""
    said = [(one.start, one.start + len(one.text)) for one in sheet.placed.corrections]
    said += [(one.start, one.start + len(one.text)) for one in sheet.placed.verdicts]
    for span in apart(said):
        start, end = span
        text = sheet.home.slice(start, end)
        if text is None or not (_is_looked_at(review, sheet, span) or _is_by_hand(sheet, span)):
            continue
        inner = [moved(each.record, -start) for each in sheet.standing if start <= each.record.start < end]
        yield gold_of(sheet.home.article, start, text, inner, sheet.home.published, sheet.home.region)


def _is_looked_at(review: Review, sheet: Sheet, span: Span) -> bool:
    start, end = span
    inside = [each for each in sheet.found if each.record.start < end and start < each.record.end]
    return all((sort_of(each.record), each.number) in review.said for each in inside)


def _is_by_hand(sheet: Sheet, span: Span) -> bool:
    """Whether nothing was said of the stretch but by a block in the file."""
    start, end = span
    return not any(one.start < end and start < one.start + len(one.text) for one in sheet.placed.verdicts)
