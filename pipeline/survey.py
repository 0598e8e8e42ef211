"""Sources in, what only all of them together tell out: which articles repeat others, and which lines are furniture."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..corpus.article import Article
from ..corpus.document import Document, failed
from ..corpus.errors import JianbaoError
from ..corpus.gist import Gist
from ..corpus.opening import Opener
from ..corpus.reading import Reading, from_document
from ..corpus.recurrence import Furniture, Recurrence
from ..corpus.repeats import Repeat, Repeats
from ..corpus.sources import Source
from .spool import Read, Spool

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
        for read in _read(sources, reading):
            article, edges = read.article, read.edges
            if article.text and article.status != "failed":
                gist = Gist(article.text)
                repeats.add(article.id, gist, article.body)
                if read.document.body is None:
                    edges = recurrence.add(article.id, gist)
            spool.write(read._replace(edges=edges))
        found = repeats.verdicts(recurrence.furniture())
    return Survey(spool.count, found, recurrence.furniture(found))


def _read(sources: Sequence[Source], reading: Reading) -> Iterator[Read]:
    """The documents of the sources; a fault of ours in one is its own message and does not stop the others."""
    with Opener(reading.columns, reading.limits) as opener:
        for source in sources:
            try:
                for document in opener.documents(source.path):
                    yield _article(document, source.id + document.name)
            except JianbaoError:  # a broken table of the project is no fault of this file
                raise
            except Exception as error:
                yield _faulty(failed(""), source.id, error)


def _article(document: Document, name: str) -> Read:
    try:
        return Read(document, from_document(document, name))
    except JianbaoError:
        raise
    except Exception as error:
        return _faulty(document, name, error)


def _faulty(document: Document, name: str, error: Exception) -> Read:
    _log.debug("%s", name, exc_info=True)
    return Read(document, Article(name, document.text, status="failed", message=fault(error), format=document.format))


def fault(error: Exception) -> str:
    """The message of an article that met a fault of ours."""
    return f"{type(error).__name__}: {error}; a fault of jianbao, please report it (程序内部错误，请反馈)"
