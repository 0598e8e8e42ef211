"""An output folder in, the work of a person who reviews it out: what comes next, what was said, and how it is kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..corpus.errors import InputError
from ..corpus.records import Mention
from .corrections import (
    Correction,
    Opinions,
    Said,
    Verdict,
    read_opinions,
    signature,
    write_opinions,
)
from .fields import Fields, sort_of
from .overlay import inputs_of, look_at
from .review_sheet import (
    At,
    Sheet,
    Span,
    correction_in,
    plain,
    relinked,
    stretches,
    told_at,
    verdict_for,
    verdict_of,
    without,
)
from .reviewed import TABLES, Lost, Standing, place, standing, verdict_on

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AT_ONCE = 500


class Entry(NamedTuple):
    """A record of the run in the queue: its place there, its sort, its number in its table, and its article."""

    place: int
    sort: str
    number: int
    article: str


class Review:
    """A review of an output folder whose tables stand in a connection as the run wrote them.

    Raises:
        InputError: with file and line where a file of the review is broken.
    """

    def __init__(self, out: Path, connection: DuckDBPyConnection) -> None:
        self._out, self._connection, self._inputs = out, connection, inputs_of(out)
        self._past: list[tuple[Opinions, str]] = []
        connection.execute(_QUEUE)
        self._load()

    def _load(self) -> None:
        self._signature = signature(self._out)
        self.opinions = read_opinions(self._out)
        self._past.clear()
        self.said: dict[tuple[str, int], str] = {}
        self.lost: list[Lost] = []
        for article in self.opinions.articles:
            self.lost += self._hear(article)

    def _hear(self, article: str) -> list[Lost]:
        """Note what was said of the records of an article; what fits no more is given back."""
        sheet = self.sheet(article)
        for each in sheet.found:
            key = sort_of(each.record), each.number
            self.said.pop(key, None)
            if said := verdict_on(each.record, sheet.placed):
                self.said[key] = said
        return sheet.placed.lost

    # What there is.

    def count(self, sort: str = "") -> int:
        """How many records there are to be looked at."""
        row = self._connection.execute("SELECT count(*) FROM queue WHERE ? IN ('', sort)", [sort]).fetchone()
        return int(row[0]) if row else 0

    def done(self, sort: str = "") -> dict[str, int]:
        """How many of them were accepted, rejected and corrected."""
        told = [said for (kind, _), said in self.said.items() if sort in ("", kind)]
        return {said: told.count(said) for said in ("accept", "reject", "correct")}

    def entry(self, place: int) -> Entry:
        """What stands at a place of the queue.

        Raises:
            InputError: where the queue has no such place.
        """
        row = self._connection.execute(f"{_ENTRIES} WHERE place = ?", [place]).fetchone()
        if row is None:
            raise InputError(f"place {place}: the queue has no such place (没有这一条)")
        return Entry(*row)

    def next(self, place: int, sort: str = "") -> Entry | None:
        """The first record behind a place of which nothing was said yet."""
        while rows := self._entries(f"place > ? AND ? IN ('', sort) ORDER BY place LIMIT {_AT_ONCE}", place, sort):
            for entry in rows:
                if (entry.sort, entry.number) not in self.said:
                    return entry
            place = rows[-1].place
        return None

    def beside(self, place: int, sort: str, step: int) -> Entry | None:
        """The record behind a place, or before it where `step` is negative."""
        order = (
            "place > ? AND ? IN ('', sort) ORDER BY place"
            if step > 0
            else "place < ? AND ? IN ('', sort) ORDER BY place DESC"
        )
        return next(iter(self._entries(f"{order} LIMIT 1", place, sort)), None)

    def _entries(self, condition: str, *values: object) -> list[Entry]:
        return [
            Entry(*row) for row in self._connection.execute(f"{_ENTRIES} WHERE {condition}", list(values)).fetchall()
        ]

    def articles(self) -> Iterator[str]:
        """The articles that hold records, in the order of the table."""
        rows = self._connection.execute(
            "SELECT article FROM articles a WHERE status <> 'failed' AND characters > 0 ORDER BY a.rowid"
        )
        yield from (name for (name,) in rows.fetchall())

    def sheet(self, article: str) -> Sheet:
        """An article with all that was found and said.

        Raises:
            InputError: where the tables hold no such article.
        """
        home, found = look_at(self._connection, self._out, self._inputs, article, list(TABLES))
        placed = place(self.opinions, home)
        held = tuple(each for rows in found.values() for each in rows)
        return Sheet(home, held, placed, tuple(standing(held, placed)))

    def facts(self, article: str) -> dict[str, str]:
        """What the page tells of an article.

        Raises:
            InputError: where the tables hold no such article.
        """
        names = ("article", "title", "published", "source", "contributor", "region", "region_name", "url")
        row = self._connection.execute(
            f"SELECT {', '.join(names)} FROM articles WHERE article = ?", [article]
        ).fetchone()
        if row is None:
            raise InputError(f"{article}: the tables hold no such article (没有这篇文章)")
        return {name: "" if cell is None else str(cell) for name, cell in zip(names, row, strict=True)}

    # What is said.

    def accept(self, article: str, at: At) -> None:
        """A record is right as it was read."""
        sheet = self._fresh_sheet(article)
        this = sheet.at(at)
        if this.number is not None:
            self._keep(article, self.opinions.corrections, [verdict_for("accept", sheet, this.record)])

    def reject(self, article: str, at: At) -> None:
        """A record is none."""
        sheet = self._fresh_sheet(article)
        self._change(sheet, sheet.at(at), (), "reject")

    def correct(self, article: str, at: At, place: Span, fields: Fields) -> None:
        """A record is another, at `place`."""
        sheet = self._fresh_sheet(article)
        self._change(sheet, sheet.at(at), (told_at(sheet, at.sort, place, fields),), "correct")

    def add(self, article: str, sort: str, place: Span, fields: Fields) -> None:
        """A record was missed."""
        sheet = self._fresh_sheet(article)
        self._change(sheet, None, (told_at(sheet, sort, place, fields),), "correct")

    def settle(self, article: str, records: Sequence[Mention], sure: bool) -> int:
        """The records of an article are these; the number of stretches that had others. What stays is accepted if `sure`."""
        sheet = self._fresh_sheet(article)
        had, told = {plain(each.record) for each in sheet.standing}, {plain(one) for one in records}
        changed = [each.record for each in sheet.standing if plain(each.record) not in told]
        changed += [one for one in records if plain(one) not in had]
        every = [*records, *(each.record for each in sheet.standing)]
        spans = stretches(sheet, [(one.start, one.end) for one in changed], every)
        corrections = self.opinions.corrections
        for span in spans:
            corrections = without(corrections, sheet.placed, span)
            corrections = (*corrections, correction_in(sheet, span, records))
        verdicts = [
            verdict_for(said, sheet, each.record)
            for each in sheet.found
            if (said := verdict_of(each.record, sheet, records, sure))
        ]
        if spans or verdicts:
            self._keep(article, corrections, verdicts)
        return len(spans)

    def undo(self) -> str | None:
        """Take back what was said last; the article that it was said of."""
        self._reread()
        if not self._past:
            return None
        self.opinions, article = self._past.pop()
        self._write()
        self._hear(article)
        return article

    def _fresh_sheet(self, article: str) -> Sheet:
        self._reread()
        self.facts(article)
        return self.sheet(article)

    def _reread(self) -> None:
        """Take in what somebody else wrote into the files meanwhile."""
        if signature(self._out) != self._signature:
            self._load()

    def _change(self, sheet: Sheet, this: Standing | None, fresh: Sequence[Mention], said: Said) -> None:
        """One record goes, or others come."""
        before = [each.record for each in sheet.standing]
        records = relinked([one for one in before if this is None or one is not this.record], this, fresh)
        touched = [*fresh, *([this.record] if this else [])]
        whole = min(one.start for one in touched), max(one.end for one in touched)
        [span] = stretches(sheet, [whole], [*before, *records])
        corrections = without(self.opinions.corrections, sheet.placed, span)
        verdicts = [verdict_for(said, sheet, this.record)] if this is not None and this.number is not None else []
        self._keep(sheet.home.article, (*corrections, correction_in(sheet, span, records)), verdicts)

    def _keep(self, article: str, corrections: tuple[Correction, ...], verdicts: Sequence[Verdict]) -> None:
        self._past.append((self.opinions, article))
        self.opinions = Opinions(corrections, (*self.opinions.verdicts, *verdicts))
        try:
            self._write()
        except BaseException:
            self.opinions, _ = self._past.pop()
            raise
        self._hear(article)

    def _write(self) -> None:
        write_opinions(self._out, self.opinions)
        self._signature = signature(self._out)


_QUEUE = """CREATE OR REPLACE TABLE queue AS SELECT row_number() OVER (
        ORDER BY sure, a.rowid, "start", "end", sort, number) - 1 AS place, sort, number, article
    FROM (SELECT 'indicator' AS sort, rowid AS number, article, "start", "end",
            least(confidence, confidence_meaning, confidence_time) AS sure FROM indicators
        UNION ALL SELECT 'brand', rowid, article, "start", "end", confidence FROM brands
        UNION ALL SELECT 'activity', rowid, article, "start", "end", confidence FROM activities) f
    JOIN articles a USING (article) WHERE a.status IS DISTINCT FROM 'repeat'"""
_ENTRIES = "SELECT place, sort, number, article FROM queue"
