"""A candidate number in its place: the words beside it and the noun phrases on both sides, sought when asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from .candidates import Candidate
from .nouns import Phrase, before, behind
from .scene import Scene

WINDOW = 18


class Numbered:
    """A candidate beside its nouns: the phrase behind it and the one before it, each sought when first asked for."""

    __slots__ = ("_before", "_behind", "_ceiling", "_floor", "_scene", "candidate", "last", "left", "next", "right")

    def __init__(self, scene: Scene, candidate: Candidate, floor: int, ceiling: int) -> None:
        self.candidate = candidate
        self._scene, self._floor, self._ceiling = scene, floor, ceiling
        text = scene.text
        self.left = (
            text[candidate.start - WINDOW : candidate.start] if candidate.start > WINDOW else text[: candidate.start]
        )
        self.right = text[candidate.end : candidate.end + WINDOW]
        self.last, self.next = self.left[-1:], self.right[:1]
        self._behind: Phrase | Literal["unknown"] | None = "unknown"
        self._before: Phrase | Literal["unknown"] | None = "unknown"

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
