"""Sources in, what only all of them together tell out: which articles repeat others, and which lines are furniture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..corpus.reading import Reading
from ..corpus.recurrence import Furniture, Recurrence
from ..corpus.repeats import Repeats
from ..corpus.sources import Source
from ..corpus.verdicts import Repeat
from .readers import Readers, fault
from .spool import Spool

__all__ = ["Survey", "fault", "survey"]


@dataclass(frozen=True, slots=True)
class Survey:
    """The first pass over the inputs: number of articles, those that repeat another by id, lines that recur."""

    count: int
    repeats: Mapping[str, Repeat]
    furniture: Furniture


def survey(sources: Iterable[Source], reading: Reading, spool: Spool, scratch: Path, size: int | None = 0) -> Survey:
    """Read all sources once into the spool, and look at them together; memory stays bounded, the rest is in `scratch`.

    `size` is the number of processes that read, 0 for this one alone; by default as many as are worth it. What they give is the same.
    """
    recurrence = Recurrence()
    with Repeats(scratch) as repeats, Readers(reading, size, scratch) as readers:
        for entry in readers.entries(sources):
            spool.append(entry.record)
            if entry.imprint is not None:
                number = repeats.take(entry.id, entry.imprint)
                if entry.lines is not None:
                    recurrence.take(number, entry.lines)
        found = repeats.verdicts(recurrence.furniture(), readers.each)
    return Survey(spool.count, found, recurrence.furniture(found.numbers))
