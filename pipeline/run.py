"""Sources in, a folder of tables out: done in batches that are kept, written aside and renamed when whole, with a record."""

from __future__ import annotations

import csv
import errno
import shutil
import time
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal, NamedTuple, TextIO

from ..corpus.article import Article
from ..corpus.domain import Domain
from ..corpus.errors import OutputError
from ..corpus.reading import Reading
from ..corpus.sources import TEXTS, Place, Source, list_sources, readable, several
from ..corpus.stores import Address, place_of
from .afar import Afar, worked_on
from .aside import PART, aside, drop, rename, settle, write
from .batches import Batch, Part, Tally, Watch, Work, batches, joined
from .engines import Engine, chosen, serial, size_of
from .extraction import Pipeline, of_domain
from .lock import held
from .outputs import opened
from .parts import FOLDER as PARTS
from .parts import Parts
from .record import RUN, Job, is_run
from .shares import Kept, woven
from .spool import Record, Spool, read_of
from .store import write_table
from .summing import RECORD, derive, how_made, verdicts
from .survey import Survey, survey
from .tables import COLUMNS, DERIVED
from .texts import Texts
from .totals import Request

_OURS = (*(f"{name}.csv" for name in (*COLUMNS, *DERIVED)), RECORD, RUN, TEXTS)
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class Report:
    """The end of a run: its tally, the files that it wrote and the seconds that it took."""

    tally: Tally
    files: tuple[Path | Address, ...]
    seconds: float
    tables: dict[str, int]


def run(
    inputs: Place | Sequence[Place],
    out: Place,
    *,
    encoding: str = "utf-8-sig",
    watch: Watch | None = None,
    counted: Callable[[int], None] | None = None,
    advanced: Callable[[int], None] | None = None,
    failed: Callable[[int], None] | None = None,
    sources: Sequence[Source] | None = None,
    pipeline: Pipeline | None = None,
    domain: Domain | None = None,
    reading: Reading | None = None,
    engine: Engine | None = None,
    earlier: Literal["taken", "ignored"] = "taken",
) -> Report:
    """Read a path or several and write tables and run.json into the folder `out`: articles, indicators, brands and
    activities, and what is made of them: totals, ledger, brand registry and brand spread.

    Articles are done in batches, by `engine`: by default one after the other in this process, by several processes where
    there are many (`engines.chosen`). What each batch gave is kept in `out/jianbao-parts`: a run that was stopped goes on
    where it was when it is called again, and of inputs that changed only the articles that did are done anew; unless
    what `earlier` runs did is ignored. Tables of an earlier run are replaced when the new ones are whole; an interrupted
    run leaves them as they were.

    `counted` is told how many articles there are, `advanced` how many more are done, `failed` how many more of these
    failed; `watch` gets each article with its records, which keeps the work in this process and takes no part of an
    earlier run. `domain` adds its rows to the lexicons of the run and of what is made of its tables.

    Inputs and `out` may be addresses of shared storage, `s3://bucket/folder`, as fsspec opens them. A run into one works in
    the system's folder for temporary files; parts are put there as they are finished, tables at the end.

    Raises:
        InputError: where an input path does not exist or holds no article, or a file of the segmenter cannot be read.
        OutputError: where the folder cannot be written, holds tables that no run of jianbao wrote, or another run holds it.
    """
    started = time.monotonic()
    paths = several(inputs)
    listed = list_sources(paths) if sources is None else sources
    told = [readable(path) for path in paths]
    ears = _Ears(watch, counted, advanced, failed)
    with _home(place_of(out)) as home, _faults_told(home.folder, encoding):
        with held(_prepare(home.folder)):
            made = of_domain(pipeline, domain)
            read_as = replace(reading or Reading(), domain=made.domain)
            job = Job(made, read_as, told, started, home.folder)
            report = _run(job, listed, encoding, ears, engine, earlier, home)
        return replace(report, files=tuple(home.settle(report.files)))


class _Here(NamedTuple):
    """An output folder of this machine."""

    folder: Path
    parts: type[Parts] = Parts

    def settle(self, files: Sequence[Path | Address]) -> Sequence[Path | Address]:
        """All is in its place."""
        return files


@contextmanager
def _home(place: Path | Address) -> Iterator[_Here | Afar]:
    """Where a run works: in its output folder, or in one that stands for an address."""
    if isinstance(place, Path):
        yield _Here(place)
        return
    with worked_on(place, _refuse_foreign) as afar:
        yield afar


@contextmanager
def _faults_told(folder: Path, encoding: str) -> Iterator[None]:
    """What the system refuses, told as what the user can mend."""
    try:
        yield
    except UnicodeError as error:
        raise OutputError(f"{encoding}: {_unwritable(error)}; use utf-8-sig or gb18030 (编码无法写出该字符)") from None
    except OSError as error:
        raise _refused(folder, error) from None
    except _WatchError as stopped:
        raise stopped.reason from None


class _Ears(NamedTuple):
    """Who is told what, while a run goes on."""

    watch: Watch | None
    counted: Callable[[int], None] | None
    advanced: Callable[[int], None] | None
    failed: Callable[[int], None] | None


def _run(
    job: Job,
    listed: Sequence[Source],
    encoding: str,
    ears: _Ears,
    engine: Engine | None,
    earlier: str,
    home: _Here | Afar,
) -> Report:
    folder, texts = job.folder, Texts(job.folder)
    names = [*(f"{name}.csv" for name in (*COLUMNS, *DERIVED)), RECORD]
    parts = {name.removesuffix(".csv"): aside(folder / name) for name in names}
    try:
        with _scratch(aside(folder / "scratch")) as scratch, ExitStack() as stack:
            files = {name: stack.enter_context(_open(parts[name], encoding)) for name in COLUMNS}
            spool = stack.enter_context(Spool(scratch / "documents"))
            job.note("reading")
            found = survey(listed, job.reading, spool, scratch, 0 if ears.watch else size_of(engine))
            job.count = found.count
            job.begin()
            if ears.counted is not None:
                _tell(ears.counted, found.count)
            store = home.parts(folder, f"{job.reading.limits.article} {job.reading.limits.memory}")
            if earlier == "ignored" or ears.watch is not None:
                store.sweep(())
            keys = _extract(job, spool, found, store, texts, ears, engine or chosen(found.count))
            job.note("writing", now=True)
            _write(files, store, keys)
            _derive(job, folder, parts, encoding, scratch)
        finished = [*(rename(path) for path in parts.values()), *texts.settle()]
        store.sweep(set(keys))
        job.note("done", now=True)
        job.journal.tell("end", state="done", **asdict(job.tally), seconds=round(time.monotonic() - job.started, 3))
    except BaseException as error:
        _clear(texts, parts)  # a full disk needs the room
        with suppress(OSError):
            (folder / PARTS).rmdir()  # only where it is empty
        job.stop(error)
        raise
    finally:
        _clear(texts, parts)
    return Report(job.tally, (*finished, folder / RUN), time.monotonic() - job.started, job.rows)


def _clear(texts: Texts, parts: Mapping[str, Path]) -> None:
    """Remove what was written aside and did not come to its name."""
    texts.drop()
    drop(parts.values())


def _extract(
    job: Job, spool: Spool, found: Survey, store: Parts, texts: Texts, ears: _Ears, engine: Engine
) -> list[str]:
    """Do the batches that no earlier run did; the keys of all, in the order of articles.

    Where an article that others repeat met a fault of ours, those that repeat it stand for it: their batches are done again.
    """
    work = Work(job.pipeline, found.furniture, job.reading.limits.article)
    lost: set[str] = set()
    keep: Callable[[Article], None] = texts.write
    while True:
        turn = _Turn(job, store, ears)
        turn.do(work, batches(_kept(spool.records(), keep), found, job.salt, frozenset(lost)), engine)
        again = {repeat.of for repeat in found.repeats.values() if repeat.of in turn.missed} - lost
        if not again:
            return turn.keys
        lost |= again
        keep = _ignore


class _Turn:
    """One time through all batches: their keys in order, and which articles met a fault of ours.

    Of a batch that holds articles which earlier runs did, only the others are done.
    """

    def __init__(self, job: Job, store: Parts, ears: _Ears) -> None:
        self.keys: list[str] = []
        self.missed: set[str] = set()
        self._job, self._store, self._ears = job, store, ears
        self._kept: dict[str, tuple[list[str], dict[str, Kept]]] = {}
        job.tally, job.rows = Tally(), dict.fromkeys(COLUMNS, 0)

    def do(self, work: Work, every: Iterable[Batch], engine: Engine) -> None:
        """Have the batches done of which there is no part yet, and keep their parts as they come."""
        watch = self._ears.watch
        missing = self._missing(every)
        with _ended(engine(work, missing) if watch is None else serial(work, missing, _heard(watch))) as parts:
            for part in parts:
                self._job.journal.tell_part(part)
                self._job.pace.add(part.tally, part.rows)
                self._keep(part)

    def _keep(self, part: Part) -> None:
        """Keep a part that was done, with what was kept of its batch, and count it."""
        order, kept = self._kept.pop(part.key, ([], {}))
        whole = woven(part.key, order, kept, part) if kept else part
        self._store.write(whole)
        self._count(whole.tally, whole.rows, whole.lost)

    def _missing(self, every: Iterable[Batch]) -> Iterator[Batch]:
        for batch in every:
            self.keys.append(batch.key)
            known = self._store.find(batch.key)
            if known is not None:
                self._count(*known)
                continue
            left = self._left(batch)
            if left.tasks:
                yield left
            else:
                self._keep(joined(batch.key, ()))

    def _left(self, batch: Batch) -> Batch:
        """The articles of a batch that are to be done; the others are kept until those are."""
        kept = self._store.kept(batch)
        if not kept:
            return batch
        self._kept[batch.key] = [task.key for task in batch.tasks], kept
        return replace(batch, tasks=tuple(task for task in batch.tasks if task.key not in kept))

    def _count(self, tally: Tally, rows: Mapping[str, int], missed: Iterable[str]) -> None:
        self._job.add(tally, rows)
        self.missed.update(missed)
        if self._ears.advanced is not None:
            _tell(self._ears.advanced, tally.read)
        if self._ears.failed is not None and tally.failed:
            _tell(self._ears.failed, tally.failed)


@contextmanager
def _ended(parts: Iterator[Part]) -> Iterator[Iterator[Part]]:
    """The parts of an engine, which is told when nobody waits for more: its processes end at once."""
    try:
        yield parts
    finally:
        if isinstance(parts, Generator):
            parts.close()


def _kept(records: Iterable[Record], keep: Callable[[Article], None]) -> Iterator[Record]:
    """The records, each text of another format than plain text kept on the way."""
    for record in records:
        if record.format != "text":
            keep(read_of(record).article)
        yield record


def _ignore(_: Article) -> None:
    """Keep nothing."""


def _heard(watch: Watch) -> Watch:
    """The caller's own function, whose faults are no faults of ours."""
    return lambda article, records: _tell(watch, article, records)


def _write(files: Mapping[str, TextIO], store: Parts, keys: Sequence[str]) -> None:
    """The tables out of the parts."""
    for name, file in files.items():
        csv.writer(file, lineterminator="\r\n").writerow(COLUMNS[name])
        for key in keys:
            file.write(store.table(key, name))
        settle(file)


def _derive(job: Job, folder: Path, parts: dict[str, Path], encoding: str, scratch: Path) -> None:
    """Totals, ledger and brand registry of the tables that were just written, each aside; and how they were made."""
    request = Request()
    with opened(folder, encoding=encoding, suffix=f".csv{PART}", scratch=scratch) as connection:
        derive(connection, request)
        job.rows.update((name, write_table(connection, name, parts[name], encoding)) for name in DERIVED)
        told = verdicts(connection)
    told_how = how_made(request, "zh", told, [parts[name] for name in DERIVED])
    write(parts[RECORD], told_how.encode())


class _WatchError(Exception):
    """What the caller's own `watch` raised: no fault of the tables."""

    def __init__(self, reason: Exception) -> None:
        self.reason = reason


def _tell(watch: Callable[..., None], *news: object) -> None:
    try:
        watch(*news)
    except Exception as error:
        raise _WatchError(error) from error


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A folder for what the run must remember; what a killed run left there goes."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _unwritable(error: UnicodeError) -> str:
    return f"cannot write {error.object[error.start]!r}" if isinstance(error, UnicodeEncodeError) else "writes no text"


def _refused(folder: Path, error: OSError) -> OutputError:
    advice = "; make room and give the same command again" if error.errno in _FULL else ""
    return OutputError(f"{readable(folder)}: cannot be written: {error.strerror or error}{advice} (无法写入)")


def _prepare(folder: Path) -> Path:
    """The folder, made where it is missing; nobody else's tables are overwritten."""
    try:
        if folder.exists() and not folder.is_dir():
            raise OutputError(f"{readable(folder)}: is a file; --out needs a folder (输出位置是一个文件)")
        _refuse_foreign(folder, [name for name in _OURS if (folder / name).exists()], folder / RUN)
        folder.mkdir(parents=True, exist_ok=True)
        probe = aside(folder / RUN)
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise _refused(folder, error) from None
    return folder


def _refuse_foreign(place: Path | Address, names: Collection[str], record: Path) -> None:
    """Refuse a folder with such names in it where the record of a run is none of ours."""
    foreign = [name for name in _OURS if name in names]
    if foreign and not is_run(record):
        raise OutputError(
            f"{readable(place)}: holds {', '.join(foreign)}, which no run of jianbao wrote:"
            " choose another folder (文件夹中已有其他表格，请换一个)"
        )


def _open(path: Path, encoding: str) -> TextIO:
    try:
        return path.open("w", encoding=encoding, newline="")
    except LookupError:
        raise OutputError(f"unknown encoding {encoding!r}: use utf-8-sig, utf-8 or gb18030 (未知编码)") from None
