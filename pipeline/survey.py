"""Sources in, what only all of them together tell out: which articles repeat others, and which lines are furniture."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..corpus.document import Document, failed
from ..corpus.opening import Opener
from ..corpus.reading import Reading
from ..corpus.recurrence import Furniture, Recurrence
from ..corpus.repeats import Repeat, Repeats
from ..corpus.sources import Source
from .spool import Spool

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Survey:
    """The first pass over the inputs: number of articles, those that repeat another by id, lines that recur."""

    count: int
    repeats: Mapping[str, Repeat]
    furniture: Furniture


def survey(sources: Sequence[Source], reading: Reading, spool: Spool, scratch: Path) -> Survey:
    """Read all sources once into the spool, and look at them together; memory stays bounded, the rest is in `scratch`."""
    recurrence = Recurrence()
    with Repeats(scratch) as repeats:
        for name, document in _documents(sources, reading):
            spool.write(name, document)
            if document.text and document.status != "failed":
                repeats.add(name, document.text, document.body)
                if document.body is None:
                    recurrence.add(name, document.text)
        found = repeats.verdicts()
    return Survey(spool.count, found, recurrence.furniture(found))


def _documents(sources: Sequence[Source], reading: Reading) -> Iterator[tuple[str, Document]]:
    """The documents of the sources; a fault of ours in one is its own message and does not stop the others."""
    with Opener(reading.columns, reading.limits) as opener:
        for source in sources:
            try:
                for document in opener.documents(source.path):
                    yield source.id + document.name, document
            except Exception as error:
                _log.debug("%s", source.id, exc_info=True)
                yield source.id, failed(fault(error))


def fault(error: Exception) -> str:
    """The message of an article that met a fault of ours."""
    return f"{type(error).__name__}: {error}; a fault of jianbao, please report it (程序内部错误，请反馈)"
