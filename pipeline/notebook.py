"""A text and its records in, what a notebook or a terminal shows of them out: the text with everything marked in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..corpus.article import Article
from ..corpus.errors import InputError
from ..corpus.marked import marked_html
from ..corpus.reading import from_text
from ..corpus.records import Records
from .face import extract

_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True, repr=False)
class Shown:
    """An article with its records; a notebook shows it marked, a terminal explained line by line.

    Raises:
        InputError: where the records are those of another text.
    """

    article: Article
    records: Records

    def __post_init__(self) -> None:
        text = self.article.text
        for found in (*self.records.indicators, *self.records.brands, *self.records.activities):
            if text[found.start : found.end] != found.text:
                raise InputError(
                    f"the records are not of this text: at {found.start}-{found.end} they have {found.text[:20]!r}, the"
                    f" text {text[found.start : found.end][:20]!r}; give the text that they were found in (记录与文本不符)"
                )

    def _repr_html_(self) -> str:
        return marked_html(self.article, self.records)

    def __repr__(self) -> str:
        from click import unstyle

        from .showing import explain

        return _CONTROL.sub("\ufffd", unstyle("\n".join(explain(self.article, self.records))))


def show(text: str | Article, records: Records | None = None) -> Shown:
    """A text or article with its records marked in it: in a notebook in colours, with value, period, rule and confidence
    where one points at a mark; printed, line by line. Without `records` they are found as `extract` finds them.

    >>> print(show("走访慰问侨胞1700余人次。"))  # doctest: +ELLIPSIS
    title:       -
    ...
    走访慰问侨胞1700余人次。
        indicator  1700余人次  1700..1800 人次 over person_times  measure=走访慰问侨胞...

    Raises:
        InputError: where the records are those of another text.
    """
    article = from_text(text) if isinstance(text, str) else text
    return Shown(article, extract(article) if records is None else records)
