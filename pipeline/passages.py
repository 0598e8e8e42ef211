"""Mentions of an output folder in, the text around them out: of some articles the whole text, of others the sentences."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..corpus.decoding import decode
from .texts import text_name

AROUND = 240
"""Characters that are kept on each side of a mention where the whole text is not."""
_LONGEST_CODE = 4  # bytes of a character


@dataclass(frozen=True, slots=True)
class Told:
    """A mention as the tables tell it; the sentence may be cut, and spaces at its ends are gone."""

    start: int
    end: int
    text: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of an article and where it begins in the article's text."""

    start: int
    text: str

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.start + len(self.text)


def whole_text(
    out: Path, inputs: Sequence[Path], article: str, form: str, characters: int, mentions: Iterable[Told]
) -> str | None:
    """The text of an article, from `OUT/text` or, of a plain file, from the input; None where it cannot be had, or is no
    more what was read.
    """
    places = _places(inputs, article) if form in ("", "text") else [out.joinpath(*text_name(article).parts)]
    for place in places:
        text = _read(place, characters)
        if text is not None and all(text[told.start : told.end] == told.text for told in mentions):
            return text
    return None


def _places(inputs: Sequence[Path], article: str) -> Iterator[Path]:
    """Where an article of that name may stand: inside an input folder, or an input itself; never outside."""
    for path in inputs:
        inner = path / article
        if path.is_dir() and ".." not in Path(article).parts and inner.is_relative_to(path):
            yield inner
        elif path.name == article:
            yield path


def _read(place: Path, characters: int) -> str | None:
    """The text of a file where it has that many characters."""
    try:
        if not place.is_file() or place.stat().st_size > (characters + 1) * _LONGEST_CODE:
            return None
        text = decode(place.read_bytes()).text
    except (OSError, ValueError):
        return None
    return text if len(text) == characters else None


def passages(mentions: Iterable[Told]) -> list[Passage]:
    """The pieces of one article that show its mentions, in order and apart; no longer than `AROUND` on each side.

    >>> passages([Told(10, 15, "1200人", "走访侨胞1200人。"), Told(30, 32, "5场", "举办5场。")])
    [Passage(start=6, text='走访侨胞1200人。'), Passage(start=28, text='举办5场。')]
    """
    told = sorted(mentions, key=lambda each: (each.start, each.end))
    ways = list(_ways(told))
    kept = _joined(way[0] for way in ways if len(way) == 1)
    for mention, way in zip(told, ways, strict=True):
        if len(way) > 1:
            fitting = (piece for piece in way if _fits(piece, kept))
            insort(kept, next(fitting, Passage(mention.start, mention.text)), key=_order)
    return _joined(kept)


def _ways(mentions: Sequence[Told]) -> Iterator[list[Passage]]:
    """The pieces that each mention may stand in: a sentence may hold the same wording twice, and an article the sentence."""
    begins = [_beginnings(told) for told in mentions]
    shared: dict[str, set[int]] = {}
    for told, each in zip(mentions, begins, strict=True):
        shared[told.sentence] = shared.get(told.sentence, set(each)) & set(each)
    for told, each in zip(mentions, begins, strict=True):
        ways = sorted(shared[told.sentence]) or each
        yield [_window(told, begin) for begin in ways] or [Passage(told.start, told.text)]


def _window(told: Told, begin: int) -> Passage:
    """What is kept of the sentence, where it begins there."""
    first = max(0, told.start - begin - AROUND)
    return Passage(begin + first, told.sentence[first : told.end - begin + AROUND])


def _beginnings(told: Told) -> list[int]:
    """Where the sentence may begin in the text, by each place where it holds the mention's wording."""
    begins: list[int] = []
    at = told.sentence.find(told.text) if told.text else -1
    while at >= 0 and len(begins) < AROUND:
        begins.append(told.start - at)
        at = told.sentence.find(told.text, at + 1)
    return [begin for begin in begins if begin >= 0]


def _order(piece: Passage) -> tuple[int, int]:
    return piece.start, -len(piece.text)


def _agree(one: Passage, other: Passage) -> bool:
    """Whether two pieces say the same where both say something."""
    first, last = max(one.start, other.start), min(one.end, other.end)
    return (
        first >= last
        or one.text[first - one.start : last - one.start] == other.text[first - other.start : last - other.start]
    )


def _fits(piece: Passage, kept: Sequence[Passage]) -> bool:
    """Whether a piece agrees with its neighbours among pieces in order."""
    at = bisect_left(kept, _order(piece), key=_order)
    near = kept[max(0, at - 2) : at + 1]
    for other in kept[at + 1 :]:
        if other.start >= piece.end:
            break
        near = [*near, other]
    return all(_agree(piece, other) for other in near)


def _joined(pieces: Iterable[Passage]) -> list[Passage]:
    """Pieces in order, those that overlap as one; those that touch stay apart, and one that contradicts those before goes."""
    kept: list[Passage] = []
    for piece in sorted(pieces, key=_order):
        last = kept[-1] if kept else None
        if last is None or piece.start >= last.end:
            kept.append(piece)
        elif piece.end > last.end and _agree(last, piece):
            kept[-1] = Passage(last.start, last.text + piece.text[last.end - piece.start :])
    return kept
