"""A candidate number in its place: the words beside it and the noun phrases on both sides, sought when asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from .candidates import Candidate
from .nouns import Phrase, before, behind
from .scene import Scene

WINDOW = 18


class Numbered:
    """A candidate beside its nouns: the phrase behind it and the one before it, each sought when first asked for.

    `last` and `next` are the characters before and behind it.
    """

    __slots__ = ("_before", "_behind", "_ceiling", "_floor", "_scene", "candidate", "last", "next")

    def __init__(self, scene: Scene, candidate: Candidate, floor: int, ceiling: int) -> None:
        self.candidate = candidate
        self._scene, self._floor, self._ceiling = scene, floor, ceiling
        text, start, end = scene.text, candidate.start, candidate.end
        self.last, self.next = text[start - 1 : start] if start else "", text[end : end + 1]
        self._behind: Phrase | Literal["unknown"] | None = "unknown"
        self._before: Phrase | Literal["unknown"] | None = "unknown"

    @property
    def left(self) -> str:
        """The words before the number."""
        start = self.candidate.start
        return self._scene.text[max(0, start - WINDOW) : start]

    @property
    def right(self) -> str:
        """The words behind the number."""
        end = self.candidate.end
        return self._scene.text[end : end + WINDOW]

    @property
    def behind(self) -> Phrase | None:
        """The noun phrase that begins where the number ends."""
        if self._behind == "unknown":
            found = self.candidate
            self._behind = behind(self._scene.text, found.end, self._ceiling, found.unit)
        return self._behind

    @property
    def before(self) -> Phrase | None:
        """The noun phrase that ends where the number begins."""
        if self._before == "unknown":
            found = self.candidate
            clause = self._scene.clause_start(found.start, self._floor)
            self._before = before(self._scene.text, clause, found.start, found.unit)
        return self._before


Rule = Callable[[Scene, Numbered], bool]


def is_han(character: str) -> bool:
    """Whether a character is Chinese."""
    return "\u4e00" <= character <= "\u9fff"
