"""An article under review in, what of it a correction must say out: the stretches that it touches, and the verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from ..corpus.errors import InputError
from ..corpus.records import Activity, Indicator, Mention
from .corrections import Correction, Said, Verdict, correction, stretch_of
from .fields import SORTS, FieldError, Fields, fields_of, made, moved, sort_of
from .reviewed import Found, Home, Placed, Standing, verdict_on

Span = tuple[int, int]


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


def told_at(sheet: Sheet, sort: str, place: Span, fields: Fields) -> Mention:
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


def correction_in(sheet: Sheet, span: Span, records: Iterable[Mention]) -> Correction:
    """What stands in a span of an article."""
    start, end = span
    home, text = sheet.home, sheet.home.slice(start, end)
    if text is None:
        raise InputError(
            f"{home.article}: its text is not at hand, so that nothing can be corrected (原文不在，无法更正)"
        )
    inner = [moved(one, -start) for one in records if one.start < end and start < one.end]
    return correction(home.article, start, text, inner, home.published, home.region)


def stretches(sheet: Sheet, spans: list[Span], records: Sequence[Mention]) -> list[Span]:
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


def without(corrections: tuple[Correction, ...], placed: Placed, span: Span) -> tuple[Correction, ...]:
    """The corrections but those of an article that stand in the span now."""
    start, end = span
    gone = {
        (said.article, said.text, said.written)
        for said in placed.corrections
        if said.start < end and start < said.start + len(said.text)
    }
    return tuple(said for said in corrections if (said.article, said.text, said.written) not in gone)


def relinked(rest: Sequence[Mention], this: Standing | None, fresh: Sequence[Mention]) -> list[Mention]:
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


def verdict_for(said: Said, sheet: Sheet, record: Mention) -> Verdict:
    """What is said of a record of the run, with the stretch in which it stands."""
    found = [each.record for each in sheet.found]
    start, end = _wide(sheet.home, (record.start, record.end), found, ())
    inner = moved(record, -start)
    text = sheet.home.slice(start, end)
    if text is None:
        raise InputError(f"{sheet.home.article}: its text is not at hand (原文不在)")
    return Verdict(said, sheet.home.article, start, text, sort_of(record), inner.start, inner.end, fields_of(inner))


def plain(record: Mention) -> tuple[object, ...]:
    """A record without who told it."""
    return sort_of(record), record.start, record.end, *fields_of(record).items()


def verdict_of(record: Mention, sheet: Sheet, records: Sequence[Mention], sure: bool) -> Said | None:
    """What a whole set of records says of one that the run found; None where that was said before or is not sure."""
    if any(plain(one) == plain(record) for one in records):
        said: Said | None = "accept" if sure else None
    elif any(sort_of(one) == sort_of(record) and one.start < record.end and record.start < one.end for one in records):
        said = "reject" if isinstance(record, Activity) else "correct"
    else:
        said = "reject"
    return None if said == verdict_on(record, sheet.placed) else said
