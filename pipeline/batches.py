"""Articles of the first pass in, batches of them out; a batch in, its rows of each table out: what every engine maps.

A batch ends behind an article whose name says so, so that one article more or less changes its own batch alone.
"""

from __future__ import annotations

import csv
import gc
import io
import logging
import signal
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass, field, replace
from hashlib import blake2b
from types import FrameType
from typing import Any, NamedTuple
from zlib import crc32

from ..corpus.article import Article
from ..corpus.errors import JianbaoError
from ..corpus.lexicons import in_force
from ..corpus.limits import LimitError
from ..corpus.reading import from_document
from ..corpus.records import Records
from ..corpus.recurrence import Furniture
from ..corpus.verdicts import Repeat
from .extraction import Pipeline
from .spool import Read, Record, read_of
from .survey import Survey, fault
from .tables import COLUMNS, rows_of, write_rows

ONE_IN, MOST = 128, 256
"""A batch ends behind one in so many names, or after so many articles."""
LARGEST = 4 << 20
"""Bytes of a batch, but for one article that is larger."""
_AGAIN = 1.0  # seconds
TOGETHER, TOGETHER_SIZE = 128, 512 << 10
"""So many articles, or so many bytes of them, are extracted step by step at once."""
PATIENCE = 5
"""Seconds for these at the most; then they are done one by one, each with the time that it may take."""
_log = logging.getLogger(__name__)
Watch = Callable[[Article, Records], None]
Done = tuple[Article, Records]


@dataclass(slots=True)
class Tally:
    """What a run has done so far: counts of articles and characters."""

    read: int = 0
    done: int = 0
    failed: int = 0
    repeated: int = 0
    characters: int = 0

    def add(self, other: Tally) -> None:
        """Count what another has counted."""
        for name, value in asdict(other).items():
            setattr(self, name, getattr(self, name) + value)


class Task(NamedTuple):
    """An article as the first pass kept it, and what it repeats; `key` names what it holds and how it is read."""

    record: Record
    repeat: Repeat | None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Articles that are done together; `key` names what they hold and how they are read.

    `careful` ones are done one by one, so that a death over one of them is known to be over that one.
    """

    key: str
    tasks: tuple[Task, ...]
    careful: bool = False

    def pieces(self, at: int | None = None) -> list[Batch]:
        """The two halves; or one article by itself, and those before and behind it."""
        middle = len(self.tasks) // 2
        ends = (middle, middle) if at is None else (at, at + 1)
        pieces = self.tasks[: ends[0]], self.tasks[ends[0] : ends[1]], self.tasks[ends[1] :]
        return [Batch(self.key, piece, True) for piece in pieces if piece]


class Share(NamedTuple):
    """What one article gave of a part: the characters of its rows in each table and their number, in the order of
    `COLUMNS`, its counts in the order of a tally, and whether it was read and then failed."""

    key: str
    sizes: tuple[int, ...]
    rows: tuple[int, ...]
    tally: tuple[int, ...]
    lost: bool


@dataclass(frozen=True, slots=True)
class Part:
    """What a batch gave: rows of each table as CSV in UTF-8 without a header, their number, counts of articles, the names
    of those that were read and then failed, the seconds that it took, and what each article gave of it."""

    key: str
    tables: Mapping[str, bytes]
    rows: Mapping[str, int]
    tally: Tally
    lost: tuple[str, ...]
    seconds: float = field(default=0.0, compare=False)
    shares: tuple[Share, ...] = ()


def batches(records: Iterator[Record], found: Survey, salt: str, lost: Collection[str] = ()) -> Iterator[Batch]:
    """The articles in turn, in batches; `salt` stands for rules and settings. What repeats a lost article stands for it."""
    tasks: list[Task] = []
    size = 0
    key_of = _Keys(salt, found.furniture)
    for record in records:
        if tasks and size + len(record.data) > LARGEST:
            yield _batch(tasks)
            tasks, size = [], 0
        known = found.repeats.get(record.id)
        repeat = None if known and known.of in lost else known
        tasks.append(Task(record, repeat, key_of(record, repeat)))
        size += len(record.data)
        if len(tasks) == MOST or crc32(record.id.encode("utf-8", "surrogatepass")) % ONE_IN == 0:
            yield _batch(tasks)
            tasks, size = [], 0
    if tasks:
        yield _batch(tasks)


def _batch(tasks: Sequence[Task]) -> Batch:
    digest = blake2b("".join(task.key for task in tasks).encode(), digest_size=12)
    return Batch(digest.hexdigest(), tuple(tasks))


class _Keys:
    """Names for articles: the same for the same one, read by the same rules."""

    def __init__(self, salt: str, furniture: Furniture) -> None:
        self._begun, self._furniture, self._lines = blake2b(salt.encode(), digest_size=12), furniture, furniture.digest

    def __call__(self, record: Record, repeat: Repeat | None) -> str:
        digest = self._begun.copy()
        digest.update(record.digest)
        digest.update(self._lines if self._furniture.touches(record.edges) else b"-")
        digest.update(repr(repeat).encode("utf-8", "surrogatepass"))
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Work:
    """From a batch to its part; holds no state, so that any engine can send it anywhere.

    `seconds` bounds the time for one article where the system can interrupt it.
    """

    pipeline: Pipeline
    furniture: Furniture
    seconds: int

    def __call__(self, batch: Batch, watch: Watch | None = None) -> Part:
        """Rows of all articles of the batch; what goes wrong with one is its own row.

        Raises:
            DataError, InputError: where a pack, lexicon or segmenter is missing.
        """
        started = time.perf_counter()
        rows = _Rows()
        for tasks in [[task] for task in batch.tasks] if batch.careful else _armfuls(batch.tasks):
            reads = [read_of(task.record) for task in tasks]
            every = self._done(reads, [task.repeat for task in tasks])
            for task, read, done in zip(tasks, reads, every, strict=True):
                with in_force(self.pipeline.domain):
                    rows.add(*done, read.article.status, task.key)
                if watch is not None:
                    watch(*done)
        return replace(rows.part(batch.key), seconds=time.perf_counter() - started)

    def _done(self, reads: Sequence[Read], repeats: Sequence[Repeat | None]) -> Iterator[Done]:
        """Each article with its records: those done together as they are, the others one by one as they are asked for."""
        for read, repeat, done in zip(reads, repeats, self._together(reads, repeats), strict=True):
            yield self.attempt(read, repeat) if done is None else done

    def _together(self, reads: Sequence[Read], repeats: Sequence[Repeat | None]) -> Sequence[Done | None]:
        """The articles with their records, done step by step for all of them; None for what is to be done alone, so that
        its own limits hold and its own fault is told: one with which something is wrong, or all where time or memory ran
        out over them."""
        if len(reads) < 2:
            return [None] * len(reads)
        try:
            with _uncollected(), _within(min(self.seconds, PATIENCE)):
                return self._extracted(reads, repeats)
        except (_OverdueError, MemoryError):
            return [None] * len(reads)

    def _extracted(self, reads: Sequence[Read], repeats: Sequence[Repeat | None]) -> Sequence[Done | None]:
        articles = [self._article_or_none(read, repeat) for read, repeat in zip(reads, repeats, strict=True)]
        done: list[Done | None] = [None if article is None else (article, Records()) for article in articles]
        wanted = {
            place: article
            for place, (article, repeat) in enumerate(zip(articles, repeats, strict=True))
            if article is not None and _is_extracted(article, repeat)
        }
        for (place, article), found in zip(wanted.items(), self.pipeline.many(wanted.values()), strict=True):
            done[place] = None if isinstance(found, Exception) else (article, found)
        return done

    def _article_or_none(self, read: Read, repeat: Repeat | None) -> Article | None:
        try:
            return self._article(read, repeat)
        except MemoryError:
            raise
        except Exception:
            return None

    def attempt(self, read: Read, repeat: Repeat | None) -> Done:
        """One article and its records; whatever goes wrong with it is its own message and does not stop the others."""
        article = read.article
        try:
            with _within(self.seconds):
                told = self._article(read, repeat)
                return told, self.pipeline(told) if _is_extracted(told, repeat) else Records()
        except JianbaoError:  # a broken lexicon or pack is no fault of this article
            raise
        except _OverdueError:
            signal.setitimer(signal.ITIMER_REAL, 0)
            return replace(article, status="failed", message=str(LimitError("article", f"{self.seconds} s"))), Records()
        except MemoryError:
            return replace(article, status="failed", message=str(LimitError("memory", "extraction"))), Records()
        except Exception as error:
            _log.debug("%s", article.id, exc_info=True)
            return replace(article, status="failed", message=fault(error)), Records()

    def _article(self, read: Read, repeat: Repeat | None) -> Article:
        """The article without the lines that recur over all, and with what it repeats."""
        document, article, edges = read
        if article.status == "failed":
            return article
        if document.body is None and self.furniture.touches(edges):
            with in_force(self.pipeline.domain):
                article = from_document(document, article.id, self.furniture)
        return article if repeat is None else replace(article, status="repeat", message=_told(repeat))


def _is_extracted(article: Article, repeat: Repeat | None) -> bool:
    """Whether records of an article are wanted: it was read, and is not the same text as another."""
    return article.status != "failed" and (repeat is None or repeat.kind != "same")


def _armfuls(tasks: Sequence[Task]) -> Iterator[list[Task]]:
    """The articles in turn, some at a time: as many as are done together."""
    some: list[Task] = []
    size = 0
    for task in tasks:
        if some and (len(some) == TOGETHER or size + len(task.record.data) > TOGETHER_SIZE):
            yield some
            some, size = [], 0
        some.append(task)
        size += len(task.record.data)
    if some:
        yield some


def refused(batch: Batch, reason: str) -> Part:
    """The part of a batch of one article that cannot be done."""
    rows = _Rows()
    for task in batch.tasks:
        read = read_of(task.record)
        rows.add(replace(read.article, status="failed", message=reason), Records(), read.article.status, task.key)
    return rows.part(batch.key)


def joined(key: str, parts: Sequence[Part]) -> Part:
    """The parts of the pieces of a batch as one."""
    tally = Tally()
    for part in parts:
        tally.add(part.tally)
    return Part(
        key,
        {name: b"".join(part.tables[name] for part in parts) for name in COLUMNS},
        {name: sum(part.rows[name] for part in parts) for name in COLUMNS},
        tally,
        tuple(name for part in parts for name in part.lost),
        sum(part.seconds for part in parts),
        tuple(share for part in parts for share in part.shares),
    )


class _Rows:
    """The rows of articles as they are added."""

    def __init__(self) -> None:
        self._texts = {name: io.StringIO(newline="") for name in COLUMNS}
        self._writers = {name: csv.writer(text, lineterminator="\r\n") for name, text in self._texts.items()}
        self._counts = dict.fromkeys(COLUMNS, 0)
        self._tally = Tally()
        self._lost: list[str] = []
        self._shares: list[Share] = []

    def add(self, article: Article, records: Records, before: str, key: str) -> None:
        """The rows of an article of that key; `before` is its status when it was read."""
        begun, counted = self._ends(), dict(self._counts)
        for name, row in rows_of(article, records):
            write_rows(self._writers[name], [row])
            self._counts[name] += 1
        status = article.status
        is_lost = status == "failed" and before != "failed"
        if is_lost:
            self._lost.append(article.id)
        tally = Tally(
            1,
            int(status not in ("failed", "repeat")),
            int(status == "failed"),
            int(status == "repeat"),
            len(article.text),
        )
        self._tally.add(tally)
        sizes = tuple(now - then for now, then in zip(self._ends(), begun, strict=True))
        rows = tuple(self._counts[name] - counted[name] for name in COLUMNS)
        self._shares.append(Share(key, sizes, rows, astuple(tally), is_lost))

    def _ends(self) -> list[int]:
        return [text.tell() for text in self._texts.values()]

    def part(self, key: str) -> Part:
        tables = {name: text.getvalue().encode("utf-8", "surrogatepass") for name, text in self._texts.items()}
        return Part(key, tables, self._counts, self._tally, tuple(self._lost), shares=tuple(self._shares))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Search for no cycles of objects meanwhile: what many articles give is kept, and looked at again in vain."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _OverdueError(BaseException):
    """An article took longer than it may; no rule catches it as a fault of its own."""


@contextmanager
def _within(seconds: int) -> Iterator[None]:
    """Interrupt what takes longer, where the system has such an alarm and this is its thread."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _overdue)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        _silence(before)


def _silence(before: Any) -> None:
    """No alarm any more; one that rings this very moment does not leave another behind."""
    try:
        signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _overdue(_: int, __: FrameType | None) -> None:
    signal.setitimer(signal.ITIMER_REAL, _AGAIN)  # where the interpreter drops what is raised, as in a finaliser
    raise _OverdueError


def _told(repeat: Repeat) -> str:
    """Which article is repeated, and how; the records of one that is not the same text stay in the tables."""
    share = f"{repeat.share:.0%}"
    return {
        "same": f"the same text as {repeat.of} (与 {repeat.of} 相同)",
        "near": f"nearly the text of {repeat.of}: {share} (与 {repeat.of} 几乎相同)",
        "excerpt": f"an excerpt of {repeat.of}: {share} (摘自 {repeat.of})",
    }[repeat.kind]
