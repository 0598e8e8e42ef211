"""Sources in, what the first pass keeps of each of their articles out: read in this process or by several aside, alike."""

from __future__ import annotations

import logging
import marshal
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, TypeVar

from ..corpus.article import Article
from ..corpus.document import Document, failed
from ..corpus.errors import JianbaoError
from ..corpus.formats import ARCHIVES, TABLES, suffix_of
from ..corpus.gist import Gist
from ..corpus.imprints import Imprint, imprint
from ..corpus.lexicons import Addition, in_force
from ..corpus.limits import LimitError
from ..corpus.opening import Opener
from ..corpus.reading import Reading, from_document
from ..corpus.recurrence import told_of
from ..corpus.sources import Source
from ..corpus.stores import Copies, Distant
from .hands import Ask, Hands, LostError
from .spool import Read, document_of, packed, packed_document

FEW = 1_000
"""Articles up to which processes aside are not worth their start."""
ATTEMPTS = 3
"""How often a source may lose the process that reads it before it is held to be at fault: others may have killed it."""
LARGE = 4 << 20
"""Bytes of a table or an archive from which on it is opened here and its documents alone are read aside."""
_SOURCES, _COPIED = 64, 64 << 20  # files that are handed out at a time, and bytes of those that were fetched
_DOCUMENTS, _CHARACTERS = 64, 1 << 18
_BLOCK = 1 << 18  # bytes of articles that are handed back at a time
_MANY = TABLES | ARCHIVES | {".json"}
_log = logging.getLogger(__name__)
_Given = TypeVar("_Given")
_Told = TypeVar("_Told")


class Entry(NamedTuple):
    """What the first pass keeps of an article: its id, its record for the spool, what repeats are found by, and the keys of
    the lines that may recur; the last two are None where it is not looked at for them."""

    id: str
    record: bytes
    imprint: Imprint | None
    lines: list[int] | None


def entry_of(read: Read) -> Entry:
    """The entry of an article."""
    article = read.article
    if not article.text or article.status == "failed":
        return Entry(article.id, packed(read), None, None)
    gist = Gist(article.text)
    found = imprint(gist, article.body)
    if read.document.body is not None:
        return Entry(article.id, packed(read), found, None)
    lines, edges = told_of(gist)
    return Entry(article.id, packed(read._replace(edges=edges)), found, lines)


# --- what is read in one go, here or aside


@dataclass(frozen=True, slots=True)
class Files:
    """Some files, each with its name in the tables."""

    items: tuple[tuple[str, str], ...]

    def behind(self, place: int) -> Files:
        """What is left behind the first ones."""
        return Files(self.items[place:])

    def reads(self, place: int, opener: Opener) -> Iterator[Read]:
        """The articles of a file; a fault of ours is its own message and does not stop the others."""
        name, path = self.items[place]
        try:
            for document in opener.documents(Path(path)):
                yield _article(document, name + document.name)
        except JianbaoError:  # a broken table of the project is no fault of this file
            raise
        except Exception as error:
            yield _faulty(failed(""), name, error)

    def lost(self, place: int, reason: str) -> Read:
        """What stands for a file that cannot be read."""
        name = self.items[place][0]
        return Read(failed(reason), Article(name, "", status="failed", message=reason))


@dataclass(frozen=True, slots=True)
class Documents:
    """Some documents of a large file, packed, each with the name of its article."""

    items: tuple[tuple[str, list[Any]], ...]

    def behind(self, place: int) -> Documents:
        """What is left behind the first ones."""
        return Documents(self.items[place:])

    def reads(self, place: int, _: Opener) -> Iterator[Read]:
        """The article of a document."""
        name, cells = self.items[place]
        yield _article(document_of([*cells]), name)

    def lost(self, place: int, reason: str) -> Read:
        """What stands for a document that cannot be read."""
        name, cells = self.items[place]
        document = document_of([*cells])
        return Read(document, _failed(document, name, reason))


Load = Files | Documents


def _article(document: Document, name: str) -> Read:
    try:
        return Read(document, from_document(document, name))
    except JianbaoError:
        raise
    except MemoryError:
        return Read(document, _failed(document, name, str(LimitError("memory", "reading"))))
    except Exception as error:
        return _faulty(document, name, error)


def _read_with(domain: Addition | None, reads: Iterator[Read]) -> Iterator[Read]:
    """The articles, each read with the rows of a domain in force, and none in force between them."""
    while True:
        with in_force(domain):
            read = next(reads, None)
        if read is None:
            return
        yield read


def _faulty(document: Document, name: str, error: Exception) -> Read:
    _log.debug("%s", name, exc_info=True)
    return Read(document, _failed(document, name, fault(error)))


def _failed(document: Document, name: str, reason: str) -> Article:
    return Article(name, document.text, status="failed", message=reason, format=document.format)


def fault(error: Exception) -> str:
    """The message of an article that met a fault of ours."""
    return f"{type(error).__name__}: {error}; a fault of jianbao, please report it (程序内部错误，请反馈)"


# --- aside


@dataclass(frozen=True, slots=True)
class _Errand:
    """A load to be read, but for the first articles of its first item; when some were lost, each is told at once."""

    load: Load
    reading: Reading
    told: int = 0
    careful: bool = False


class _Block(NamedTuple):
    """What of an errand is read: items that are done, articles told of the next one, and the entries since the last block."""

    done: int
    told: int
    entries: list[Entry]


@lru_cache(maxsize=1)
def _opener(reading: Reading) -> Opener:
    """The one of this process, whose own process ends with it."""
    return Opener(reading.columns, reading.limits)


def _read_aside(errand: _Errand) -> Iterator[bytes | None]:
    """The blocks of an errand, packed; None between articles."""
    entries: list[Entry] = []
    told, size = errand.told, 0
    opener = _opener(errand.reading)
    for place in range(len(errand.load.items)):
        reads = _read_with(errand.reading.domain, errand.load.reads(place, opener))
        for read in islice(reads, told if place == 0 else 0, None):
            entries.append(entry_of(read))
            told, size = told + 1, size + len(entries[-1].record)
            if size >= _BLOCK or errand.careful:
                yield _packed(_Block(place, told, entries))
                entries, size = [], 0
            yield None
        told = 0
        if errand.careful:
            yield _packed(_Block(place + 1, 0, []))
    yield _packed(_Block(len(errand.load.items), 0, entries))


def _packed(block: _Block) -> bytes:
    entries = [(id_, record, found and tuple(found), lines) for id_, record, found, lines in block.entries]
    return marshal.dumps((block.done, block.told, entries))


def _unpacked(data: bytes) -> _Block:
    done, told, entries = marshal.loads(data)
    return _Block(
        done,
        told,
        [Entry(id_, record, found and Imprint(*found), lines) for id_, record, found, lines in entries],
    )


def _job(load: Load, reading: Reading, ask: Ask) -> Iterator[list[Entry]]:
    """Have a load read; what reads it is lost over the same article again and again, so that is a failed one."""
    silence = max(2 * reading.limits.seconds, reading.limits.article)
    errand, deaths, at = _Errand(load, reading), 0, (-1, -1)
    done = told = 0
    while done < len(load.items):
        begun = done
        try:
            for data in ask(_read_aside, replace(errand, load=load.behind(done), told=told), silence):
                if data is not None:
                    block = _unpacked(data)
                    done, told = begun + block.done, block.told
                    yield block.entries
        except LostError as lost:
            deaths = deaths + 1 if at == (done, told) and errand.careful else 1
            at = (done, told)
            if errand.careful and (deaths >= ATTEMPTS or lost.silent):
                yield [entry_of(load.lost(done, str(lost)))]
                done, told = done + 1, 0
            errand = replace(errand, careful=True)


def _apply(given: tuple[Callable[[_Given], _Told], _Given]) -> Iterator[_Told]:
    function, argument = given
    yield function(argument)


def _step(function: Callable[[_Given], _Told], given: _Given, ask: Ask) -> Iterator[_Told]:
    """Have a function done for an argument; here, where it is lost again and again."""
    for _ in range(ATTEMPTS):
        try:
            return iter([*ask(_apply, (function, given))])
        except LostError as lost:
            _log.debug("%s", lost)
    return iter([function(given)])


# --- here


class Readers:
    """Reads sources; a context manager.

    `size` is the number of processes aside that read, 0 to read all in this one; by default there are some where there
    are many articles, and cores for them. Files of shared storage are fetched into `scratch`, a few loads of them at a time.
    """

    def __init__(self, reading: Reading, size: int | None = 0, scratch: Path | None = None) -> None:
        self._reading = reading
        self._cores = (os.cpu_count() or 1) if size is None else size
        self._here = 0 if size else FEW if size is None and self._cores > 1 else None
        self._hands: Hands | None = None
        self._opener = Opener(reading.columns, reading.limits)
        self._copies = Copies(scratch)
        self._stack = ExitStack()

    def __enter__(self) -> Readers:
        self._stack.enter_context(self._copies)
        self._stack.enter_context(self._opener)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

    def entries(self, sources: Iterable[Source]) -> Iterator[Entry]:
        """The entries of all articles, in the order of sources."""
        loads = self._loads(sources)
        count = 0
        for load in loads:
            if self._here is not None and count >= self._here:
                loads = chain((load,), loads)
                break
            for place in range(len(load.items)):
                for read in _read_with(self._reading.domain, load.reads(place, self._opener)):
                    count += 1
                    yield entry_of(read)
            self._drop(load)
        else:
            return
        self._hands = self._stack.enter_context(Hands(self._cores, self._reading.limits.memory))
        for entries in self._hands.do(partial(self._read, load) for load in loads):
            yield from entries

    def each(self, function: Callable[[_Given], _Told], given: Iterable[_Given], /) -> Iterable[_Told]:
        """A function done for each of several arguments, by the processes that read where there are any."""
        if self._hands is None:
            return map(function, given)
        return self._hands.do(partial(_step, function, one) for one in given)

    def _read(self, load: Load, ask: Ask) -> Iterator[list[Entry]]:
        """Have a load read; then it is fetched no more."""
        yield from _job(load, self._reading, ask)
        self._drop(load)

    def _drop(self, load: Load) -> None:
        if isinstance(load, Files):
            for _, path in load.items:
                self._copies.drop(path)

    def _loads(self, sources: Iterable[Source]) -> Iterator[Load]:
        """The sources in loads; those of a large file are its documents."""
        files: list[tuple[str, str]] = []
        size = 0
        for source in sources:
            place = self._copies.at_hand(source.path)
            apart = self._apart(source.id, place)
            if isinstance(place, Path) and apart is None:
                files.append((source.id, os.fspath(place)))
                size += place.stat().st_size if isinstance(source.path, Distant) else 0
            if files and (apart is not None or len(files) >= _SOURCES or size >= _COPIED):
                yield Files(tuple(files))
                files, size = [], 0
            yield from apart or ()
        if files:
            yield Files(tuple(files))

    def _apart(self, name: str, place: Path | Document) -> Iterator[Documents] | None:
        """The documents of what shares no load with others: a large file, or one that could not be fetched."""
        if isinstance(place, Document):
            return iter((Documents(((name, packed_document(place)),)),))
        return self._documents(name, place) if self._here is not None and _is_large(place) else None

    def _documents(self, name: str, path: Path) -> Iterator[Documents]:
        """The documents of a large file, in loads."""
        items: list[tuple[str, list[Any]]] = []
        size = 0
        for document in self._opened(name, path):
            items.append((name + document.name, packed_document(document)))
            size += len(document.text)
            if len(items) >= _DOCUMENTS or size >= _CHARACTERS:
                yield Documents(tuple(items))
                items, size = [], 0
        self._copies.drop(path)
        if items:
            yield Documents(tuple(items))

    def _opened(self, name: str, path: Path) -> Iterator[Document]:
        try:
            yield from self._opener.documents(path)
        except JianbaoError:
            raise
        except Exception as error:
            _log.debug("%s", name, exc_info=True)
            yield failed(fault(error))


def _is_large(path: Path) -> bool:
    try:
        return suffix_of(path.name) in _MANY and path.stat().st_size >= LARGE
    except (OSError, ValueError):
        return False
