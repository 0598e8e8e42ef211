"""What a run found and what people said of it in, the records that hold out: told again in texts that moved, none lost unseen."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

from ..corpus.records import Activity, Mention
from ..corpus.sources import readable
from .corrections import FOLDER, TEXT, VERDICTS, Correction, Opinions, Verdict, in_order
from .fields import SORTS, built, fields_of, moved, sort_of
from .passages import Passage, Told, passages, whole_text

_log = logging.getLogger(__name__)
TABLES: Mapping[str, str] = {table: sort for sort, table in SORTS.items()}
_TOLD, _SHOWN = 5, 40
_WHY = {
    "gone": "this text no longer stands in its article; what was said of it is kept and has no effect"
    " (原文已变，此条保留但未生效)",
    "overlaps": "another block says what stands in a part of this text; this one has no effect: join the two"
    " (与另一块重叠，未生效，请合并)",
}
Key = tuple[str, int, int, tuple[tuple[str, str], ...]]


class Found(NamedTuple):
    """A record of a run, and its number in its table."""

    number: int
    record: Mention
    sentence: str


class Standing(NamedTuple):
    """A record that holds: as the run found it (with its number) or as a person told it; whether it was accepted."""

    record: Mention
    number: int | None
    accepted: bool


@dataclass(frozen=True, slots=True)
class Home:
    """An article as the tables tell it, and what is known of its text: all of it, or pieces around its records."""

    article: str
    characters: int
    published: Any = None
    region: str | None = None
    text: str | None = None
    pieces: tuple[Passage, ...] = ()

    def slice(self, start: int, end: int) -> str | None:
        """The text of a stretch, None where it is not known."""
        for piece in self.pieces:
            if piece.start <= start and end <= piece.end:
                return piece.text[start - piece.start : end - piece.start]
        return None

    def holds(self, start: int, text: str) -> bool:
        """Whether the text stands there, as far as that is known."""
        end = start + len(text)
        if any(piece.start < end and start < piece.end for piece in self.pieces):
            return self.slice(start, end) == text
        return self.text is None and end <= self.characters

    def places(self, text: str) -> Iterator[int]:
        """Every place where the text stands."""
        for piece in self.pieces:
            at = piece.text.find(text) if text else -1
            while at >= 0:
                yield piece.start + at
                at = piece.text.find(text, at + 1)


def home_of(out: Path, inputs: Sequence[Path], article: str, facts: Mapping[str, Any], found: Iterable[Found]) -> Home:
    """What is known of an article: `facts` are its format, characters, published and region."""
    told = [_told(each) for each in found]
    text = whole_text(out, inputs, article, facts["format"] or "", facts["characters"], told)
    pieces = (Passage(0, text),) if text is not None else tuple(passages(told))
    return Home(article, facts["characters"], facts["published"], facts["region"] or None, text, pieces)


def _told(found: Found) -> Told:
    record = found.record
    wording = found.sentence if isinstance(record, Activity) else record.text
    return Told(record.start, min(record.end, record.start + len(wording)), wording, found.sentence)


@dataclass(slots=True)
class Placed:
    """What was said of one article, where it stands now; and what stands there no more."""

    corrections: list[Correction] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)


class Lost(NamedTuple):
    """Something that was said and has no effect: where it stands, and why."""

    where: str
    why: Literal["gone", "overlaps"]


def place(opinions: Opinions, home: Home) -> Placed:
    """What was said of an article, each stretch at the place where its text stands now."""
    placed = Placed()
    mine = [said for said in opinions.corrections if said.article == home.article]
    starts = _starts([(said.start, said.text) for said in mine], home)
    taken: list[tuple[int, int]] = []
    for said, start in zip(mine, starts, strict=True):
        where = f"{FOLDER}/{TEXT}:{said.line}"
        if start is None:
            placed.lost.append(Lost(where, "gone"))
            continue
        end = start + len(said.text)
        if any(first < end and start < last for first, last in taken):
            placed.lost.append(Lost(where, "overlaps"))
            continue
        taken.append((start, end))
        placed.corrections.append(_correction_at(said, start))
    told = [said for said in opinions.verdicts if said.article == home.article]
    for verdict, start in zip(told, _starts([(said.start, said.text) for said in told], home), strict=True):
        if start is not None:
            placed.verdicts.append(verdict._replace(start=start))
        elif verdict.said == "accept":
            surface = " ".join(verdict.text[verdict.first : verdict.last].split())
            placed.lost.append(Lost(f"{FOLDER}/{VERDICTS}: {surface[:_SHOWN]}", "gone"))
    return placed


def _correction_at(said: Correction, start: int) -> Correction:
    return Correction(said.article, start, said.text, said.records, said.written, said.line)


def _starts(stretches: Sequence[tuple[int, str]], home: Home) -> list[int | None]:
    """Where each stretch stands now: where it stood, else where its text stands nearest to there; each place but once."""
    found: list[int | None] = [start if home.holds(start, text) else None for start, text in stretches]
    taken = {(start, text) for (_, text), start in zip(stretches, found, strict=True) if start is not None}
    moves: dict[tuple[int, str], int] = {}
    shift = 0
    for at, (start, text) in sorted(enumerate(stretches), key=lambda pair: pair[1][0]):
        if found[at] is None and (start, text) not in moves:
            free = [each for each in home.places(text) if (each, text) not in taken]
            if not free:
                continue
            moves[start, text] = min(free, key=lambda each: abs(each - start - shift))
            shift = moves[start, text] - start
            taken.add((moves[start, text], text))
        if found[at] is None:
            found[at] = moves[start, text]
    return found


def key_of(record: Mention) -> Key:
    """What makes two records the same: sort, place and fields, whoever found them."""
    return sort_of(record), record.start, record.end, tuple(fields_of(record).items())


def standing(found: Sequence[Found], placed: Placed) -> list[Standing]:
    """The records of an article that hold: in a corrected stretch those of the correction, elsewhere those of the run."""
    told = [moved(one, said.start) for said in placed.corrections for one in said.records]
    stretches = [(said.start, said.start + len(said.text)) for said in placed.corrections]
    accepted = {_key_said(said) for said in placed.verdicts if said.said == "accept"}
    kept: list[Standing] = []
    for each in found:
        one = each.record
        inside = any(one.start < end and start < one.end for start, end in stretches)
        again = next((other for other in told if _same(one, other)), None) if inside else None
        if again is not None:
            told.remove(again)
        if not inside or again is not None:
            kept.append(Standing(one, each.number, key_of(one) in accepted))
    fresh = {one: Standing(one, None, False) for one in told}
    order = {one: at for at, one in enumerate(in_order([*(each.record for each in kept), *fresh]))}
    return sorted([*kept, *fresh.values()], key=lambda each: order[each.record])


def _same(one: Mention, other: Mention) -> bool:
    """Whether two records say the same; a type says it of a sentence, however that is cut."""
    if isinstance(one, Activity) and isinstance(other, Activity):
        return one.type == other.type and one.start < other.end and other.start < one.end
    return key_of(one) == key_of(other)


def _key_said(verdict: Verdict) -> Key:
    """The key of the record of which a verdict was said, where it stands now."""
    first, last = verdict.start + verdict.first, verdict.start + verdict.last
    fields = dict(verdict.fields)
    if part := fields.get("part_of"):
        start, _, end = part.partition("-")
        fields["part_of"] = f"{int(start) + verdict.start}-{int(end) + verdict.start}"
    return key_of(built(verdict.sort, first, last, "", fields))


def verdict_on(record: Mention, placed: Placed) -> str:
    """What was said of a record of the run: the last word on its place; empty where none was said.

    An acceptance holds for the reading that was accepted, and not for another of the same words.
    """
    said = ""
    for verdict in placed.verdicts:
        place_of = (verdict.start + verdict.first, verdict.start + verdict.last)
        if verdict.sort != sort_of(record) or place_of != (record.start, record.end):
            continue
        if verdict.sort == "activity" and verdict.fields.get("type") != fields_of(record)["type"]:
            continue
        if verdict.said != "accept" or _key_said(verdict) == key_of(record):
            said = verdict.said
    return said


def tell_lost(out: Path, lost: Sequence[Lost]) -> None:
    """Say what was said of a text that stands there no more; it stays in its file."""
    for one in lost[:_TOLD]:
        _log.warning("%s: %s", readable(out / one.where), _WHY[one.why])
    if len(lost) > _TOLD:
        _log.warning("%s: %d more that no longer fit (另有更正已不适用)", readable(out / FOLDER), len(lost) - _TOLD)
