"""A number among its neighbours: what every linker sees of the sentence, the paragraph and the figures before."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..corpus.article import Sentence
from ..corpus.records import Brand, Indicator
from .calendars import Calendar
from .cues import Cue, cues
from .numbers import Number
from .paragraphs import Paragraph, Paragraphs
from .scene import Scene

# How far a linker looks to the left, in characters.
REACH = 400


@dataclass(slots=True)
class Here:
    """A number in its place: `clause..clause_end` is its clause, `spoken` the cues before it, `before` the figure before
    it in the same sentence with the indicator that was made of it."""

    scene: Scene
    number: Number
    sentence: Sentence
    clause: int
    clause_end: int
    paragraph: Paragraph
    spoken: Sequence[Cue]
    before: Number | None
    made: Sequence[Indicator]

    @property
    def last(self) -> Indicator | None:
        """The indicator made of the figure before in the same sentence."""
        return self.made[-1] if self.before is not None else None

    @property
    def between(self) -> str:
        """The words between the figure before and this one; up to the sentence's start where there is none."""
        start = self.before.end if self.before is not None else self.sentence.start
        return self.scene.text[start : self.number.start]


@dataclass(frozen=True, slots=True)
class Named:
    """The brands of an article in order, and where each starts."""

    brands: Sequence[Brand]
    starts: Sequence[int]

    def between(self, start: int, end: int) -> Sequence[Brand]:
        """Brands that start in `start..end`, both included."""
        return self.brands[bisect_left(self.starts, start) : bisect_right(self.starts, end)]

    def behind(self, position: int) -> Brand | None:
        """The first brand that starts at or behind a position."""
        index = bisect_left(self.starts, position)
        return self.brands[index] if index < len(self.brands) else None


class Walk:
    """Goes from number to number; what belongs to a sentence is found once."""

    def __init__(self, scene: Scene, calendar: Calendar) -> None:
        self.scene = scene
        self.paragraphs = Paragraphs(scene, calendar)
        self._cues: dict[int, tuple[Cue, ...]] = {}

    def steps(self, found: Sequence[Number], made: Sequence[Indicator]) -> Iterator[Here]:
        """Each number with its surroundings; `made` grows while the caller makes indicators of them."""
        scene, before = self.scene, None
        for number in found:
            if before is not None and before.sentence != number.sentence:
                before = None
            sentence = scene.sentences[number.sentence]
            floor = before.end if before is not None else sentence.start
            spoken = [cue for cue in self.cues(number.sentence) if cue.end <= number.start <= cue.end + REACH]
            yield Here(
                scene,
                number,
                sentence,
                scene.clause_start(number.start, floor),
                scene.clause_end(number.end, sentence.end),
                self.paragraphs.of(number),
                spoken,
                before,
                made,
            )
            before = number

    def cues(self, index: int) -> tuple[Cue, ...]:
        """The cue words of a sentence."""
        if index not in self._cues:
            sentence = self.scene.sentences[index]
            self._cues[index] = tuple(cues(self.scene.text, sentence.start, sentence.end))
        return self._cues[index]
