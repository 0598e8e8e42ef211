"""An output folder in, the work of a person who reviews it out: what comes next, what was said, and how it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..corpus.errors import InputError
from ..corpus.records import Activity, Indicator, Mention
from .corrections import (
    Correction,
    Opinions,
    Said,
    Verdict,
    correction,
    read_opinions,
    signature,
    stretch_of,
    write_opinions,
)
from .fields import SORTS, FieldError, Fields, fields_of, made, moved, sort_of
from .overlay import inputs_of, look_at
from .reviewed import TABLES, Found, Home, Lost, Placed, Standing, place, standing, verdict_on

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_AT_ONCE = 500
Span = tuple[int, int]


class Entry(NamedTuple):
    """A record of the run in the queue: its place there, its sort, its number in its table, and its article."""

    place: int
    sort: str
    number: int
    article: str


class At(NamedTuple):
    """Where a record stands in its article; of an activity also its type."""

    sort: str
    start: int
    end: int
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """An article on the table: what is known of it, what the run found in it, what was said, and what holds."""

    home: Home
    found: tuple[Found, ...]
    placed: Placed
    standing: tuple[Standing, ...]

    def at(self, place: At) -> Standing:
        """The record that holds there.

        Raises:
            InputError: where there is none.
        """
        for each in self.standing:
            one = each.record
            if (sort_of(one), one.start, one.end) == place[:3] and place.kind in ("", getattr(one, "type", "")):
                return each
        raise InputError(
            f"{self.home.article}: no {place.sort} at {place.start}-{place.end} any more: load the page again"
            " (该处已无此记录)"
        )


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
            self._keep(article, self.opinions.corrections, [_verdict("accept", sheet, this.record)])

    def reject(self, article: str, at: At) -> None:
        """A record is none."""
        sheet = self._fresh_sheet(article)
        self._change(sheet, sheet.at(at), (), "reject")

    def correct(self, article: str, at: At, place: Span, fields: Fields) -> None:
        """A record is another, at `place`."""
        sheet = self._fresh_sheet(article)
        self._change(sheet, sheet.at(at), (_made(sheet, at.sort, place, fields),), "correct")

    def add(self, article: str, sort: str, place: Span, fields: Fields) -> None:
        """A record was missed."""
        sheet = self._fresh_sheet(article)
        self._change(sheet, None, (_made(sheet, sort, place, fields),), "correct")

    def settle(self, article: str, records: Sequence[Mention], sure: bool) -> int:
        """The records of an article are these; the number of stretches that had others. What stays is accepted if `sure`."""
        sheet = self._fresh_sheet(article)
        had, told = {_plain(each.record) for each in sheet.standing}, {_plain(one) for one in records}
        changed = [each.record for each in sheet.standing if _plain(each.record) not in told]
        changed += [one for one in records if _plain(one) not in had]
        every = [*records, *(each.record for each in sheet.standing)]
        stretches = _stretches(sheet, [(one.start, one.end) for one in changed], every)
        corrections = self.opinions.corrections
        for span in stretches:
            corrections = _without(corrections, sheet.placed, span)
            corrections = (*corrections, _correction(sheet, span, records))
        verdicts = [
            _verdict(said, sheet, each.record)
            for each in sheet.found
            if (said := _verdict_of(each.record, sheet, records, sure))
        ]
        if stretches or verdicts:
            self._keep(article, corrections, verdicts)
        return len(stretches)

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
        records = _relinked([one for one in before if this is None or one is not this.record], this, fresh)
        touched = [*fresh, *([this.record] if this else [])]
        whole = min(one.start for one in touched), max(one.end for one in touched)
        [span] = _stretches(sheet, [whole], [*before, *records])
        corrections = _without(self.opinions.corrections, sheet.placed, span)
        verdicts = [_verdict(said, sheet, this.record)] if this is not None and this.number is not None else []
        self._keep(sheet.home.article, (*corrections, _correction(sheet, span, records)), verdicts)

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


def _made(sheet: Sheet, sort: str, place: Span, fields: Fields) -> Mention:
    """The record that a person tells at a place."""
    surface = sheet.home.slice(*place) if 0 <= place[0] < place[1] else None
    if not surface or not surface.strip() or sort not in SORTS:
        raise InputError(f"{sheet.home.article}: no {sort} can stand at {place[0]}-{place[1]} (位置不对)")
    if sort != "activity" and "\n" in surface:
        raise InputError("a record stands in one paragraph (记录不能跨段)")
    found = made(sort, *place, surface, fields)
    whole = found.part_of if isinstance(found, Indicator) else None
    if whole is not None and whole == place:
        raise FieldError("part_of", "a figure is no part of itself (不能是自身的一部分)")
    if whole is not None and not any(
        isinstance(each.record, Indicator) and (each.record.start, each.record.end) == whole for each in sheet.standing
    ):
        raise FieldError("part_of", f"no indicator at {whole[0]}-{whole[1]} (该处没有指标)")
    return found


def _correction(sheet: Sheet, span: Span, records: Iterable[Mention]) -> Correction:
    """What stands in a span of an article."""
    start, end = span
    home, text = sheet.home, sheet.home.slice(start, end)
    if text is None:
        raise InputError(
            f"{home.article}: its text is not at hand, so that nothing can be corrected (原文不在，无法更正)"
        )
    inner = [moved(one, -start) for one in records if one.start < end and start < one.end]
    return correction(home.article, start, text, inner, home.published, home.region)


def _stretches(sheet: Sheet, spans: list[Span], records: Sequence[Mention]) -> list[Span]:
    """The stretches that hold what is touched, as far as blocks that stand already, each apart from the others."""
    blocks = [(said.start, said.start + len(said.text)) for said in sheet.placed.corrections]
    while True:
        wider = apart([_wide(sheet.home, span, records, blocks) for span in spans])
        if wider == spans:
            return spans
        spans = wider


def _wide(home: Home, span: Span, records: Sequence[Mention], blocks: Sequence[Span]) -> Span:
    """The sentences around a span with the records and blocks that they touch."""
    start, end = span
    piece = next((each for each in home.pieces if each.start <= start and end <= each.end), None)
    if piece is not None:
        inner = [moved(one, -piece.start) for one in records if piece.start <= one.start and one.end <= piece.end]
        first, last = stretch_of(piece.text, start - piece.start, end - piece.start, inner)
        start, end = first + piece.start, last + piece.start
    for first, last in blocks:
        if first < end and start < last:
            start, end = min(start, first), max(end, last)
    return start, end


def apart(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that overlap as one."""
    kept: list[Span] = []
    for start, end in sorted(spans):
        if kept and start < kept[-1][1]:
            kept[-1] = kept[-1][0], max(end, kept[-1][1])
        else:
            kept.append((start, end))
    return kept


def _without(corrections: tuple[Correction, ...], placed: Placed, span: Span) -> tuple[Correction, ...]:
    """The corrections but those of an article that stand in the span now."""
    start, end = span
    gone = {
        (said.article, said.text, said.written)
        for said in placed.corrections
        if said.start < end and start < said.start + len(said.text)
    }
    return tuple(said for said in corrections if (said.article, said.text, said.written) not in gone)


def _relinked(rest: Sequence[Mention], this: Standing | None, fresh: Sequence[Mention]) -> list[Mention]:
    """The records that stay and those that come; parts of one that goes are parts of what comes for it, or of nothing."""
    if this is None or not isinstance(this.record, Indicator):
        return [*rest, *fresh]
    span = this.record.start, this.record.end
    now = next(((one.start, one.end) for one in fresh), None)
    kept = [
        replace(one, part_of=now) if isinstance(one, Indicator) and one.part_of == span and now != span else one
        for one in rest
    ]
    return [*kept, *fresh]


def _verdict(said: Said, sheet: Sheet, record: Mention) -> Verdict:
    """What is said of a record of the run, with the stretch in which it stands."""
    found = [each.record for each in sheet.found]
    start, end = _wide(sheet.home, (record.start, record.end), found, ())
    inner = moved(record, -start)
    text = sheet.home.slice(start, end)
    if text is None:
        raise InputError(f"{sheet.home.article}: its text is not at hand (原文不在)")
    return Verdict(said, sheet.home.article, start, text, sort_of(record), inner.start, inner.end, fields_of(inner))


def _plain(record: Mention) -> tuple[object, ...]:
    """A record without who told it."""
    return sort_of(record), record.start, record.end, *fields_of(record).items()


def _verdict_of(record: Mention, sheet: Sheet, records: Sequence[Mention], sure: bool) -> Said | None:
    """What a whole set of records says of one that the run found; None where that was said before or is not sure."""
    if any(_plain(one) == _plain(record) for one in records):
        said: Said | None = "accept" if sure else None
    elif any(sort_of(one) == sort_of(record) and one.start < record.end and record.start < one.end for one in records):
        said = "reject" if isinstance(record, Activity) else "correct"
    else:
        said = "reject"
    return None if said == verdict_on(record, sheet.placed) else said
