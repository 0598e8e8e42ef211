"""Sources in, a folder of tables out: written aside and renamed when whole, with a record of the run."""

from __future__ import annotations

import csv
import hashlib
import json
import logging
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import TextIO

from ..corpus.article import Article
from ..corpus.errors import JianbaoError, OutputError
from ..corpus.reading import Reading, from_document
from ..corpus.records import Records
from ..corpus.repeats import Repeat
from ..corpus.sources import TEXTS, Source, list_sources, readable, several
from .extraction import Pipeline
from .spool import Read, Spool
from .store import opened, write_table
from .summing import PART, RECORD, derive, how_made, verdicts
from .survey import Survey, fault, survey
from .tables import COLUMNS, DERIVED, rows_of, settle, write_rows
from .texts import Texts
from .totals import Request

RUN = "run.json"
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Tally:
    """What a run has done so far: counts of articles and characters."""

    read: int = 0
    done: int = 0
    failed: int = 0
    repeated: int = 0
    characters: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """The end of a run: its tally, the files that it wrote and the seconds that it took."""

    tally: Tally
    files: tuple[Path, ...]
    seconds: float
    tables: dict[str, int]


def run(
    inputs: Path | str | Sequence[Path | str],
    out: Path | str,
    *,
    encoding: str = "utf-8-sig",
    watch: Callable[[Article, Records], None] | None = None,
    counted: Callable[[int], None] | None = None,
    sources: Sequence[Source] | None = None,
    pipeline: Pipeline | None = None,
    reading: Reading | None = None,
) -> Report:
    """Read a path or several and write tables and run.json into the folder `out`: articles, indicators, brands and
    activities, and what is made of them: totals, ledger, brand registry and brand spread.

    Tables of an earlier run are replaced when the new ones are whole; an interrupted run leaves them as they were.

    Raises:
        InputError: where an input path does not exist or holds no article.
        OutputError: where the folder cannot be written, or holds tables that no run of jianbao wrote.
    """
    started = time.monotonic()
    paths = several(inputs)
    listed = list_sources(paths) if sources is None else list(sources)
    folder = _prepare(Path(out))
    job = _Job(pipeline or Pipeline(), reading or Reading(), Tally(), dict.fromkeys(COLUMNS, 0))
    texts = Texts(folder)
    parts = {name: folder / f"{name}.csv{PART}" for name in COLUMNS}
    try:
        with _scratch(folder / f"scratch{PART}") as scratch, ExitStack() as stack:
            files = {name: stack.enter_context(_open(path, encoding)) for name, path in parts.items()}
            spool = stack.enter_context(Spool(scratch / "documents"))
            found = survey(listed, job.reading, spool, scratch)
            if counted is not None:
                _tell(counted, found.count)
            _write(job, _extract(job, spool, found), files, texts, watch)
            parts |= {name: folder / f"{name}.csv{PART}" for name in DERIVED} | {RECORD: folder / f"{RECORD}{PART}"}
            _derive(job, folder, parts, encoding, scratch)
        seconds = time.monotonic() - started
        parts[RUN] = folder / f"{RUN}{PART}"
        record = job.record([readable(path) for path in paths], seconds)
        parts[RUN].write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        finished = [*(_rename(path) for path in parts.values()), *texts.settle()]
    except UnicodeError as error:
        raise OutputError(f"{encoding}: {_unwritable(error)}; use utf-8-sig or gb18030 (编码无法写出该字符)") from None
    except OSError as error:
        raise _refused(folder, error) from None
    except _WatchError as stopped:
        raise stopped.reason from None
    finally:
        texts.drop()
        for path in parts.values():
            with suppress(OSError):
                path.unlink(missing_ok=True)
    return Report(job.tally, tuple(finished), seconds, job.rows)


@dataclass(frozen=True, slots=True)
class _Job:
    """How a run reads and finds, and what it has counted so far."""

    pipeline: Pipeline
    reading: Reading
    tally: Tally
    rows: dict[str, int]

    def record(self, inputs: list[str], seconds: float) -> dict[str, object]:
        """What `run.json` says."""
        segmentation = self.pipeline.segmentation
        return {
            "version": version("jianbao"),
            "fingerprint": fingerprint(),
            "inputs": inputs,
            **asdict(self.tally),
            "rows": self.rows,
            "models": self.pipeline.models,
            "segmenter": segmentation.name,
            "segmenter_model": readable(segmentation.model) if segmentation.model else None,
            "words": readable(segmentation.words) if segmentation.words else None,
            "columns": {field: column for field, column in asdict(self.reading.columns).items() if column},
            "limits": asdict(self.reading.limits),
            "seconds": round(seconds, 3),
        }


def _write(
    job: _Job,
    results: Iterator[tuple[Article, Records]],
    files: dict[str, TextIO],
    texts: Texts,
    watch: Callable[[Article, Records], None] | None,
) -> None:
    """Rows and texts of all articles to the files."""
    writers = {name: csv.writer(file, lineterminator="\r\n") for name, file in files.items()}
    for name, writer in writers.items():
        writer.writerow(COLUMNS[name])
    for article, records in results:
        texts.write(article)
        for name, row in rows_of(article, records):
            write_rows(writers[name], [row])
            job.rows[name] += 1
        if watch is not None:
            _tell(watch, article, records)
    for file in files.values():
        settle(file)


def _derive(job: _Job, folder: Path, parts: dict[str, Path], encoding: str, scratch: Path) -> None:
    """Totals, ledger and brand registry of the tables that were just written, each aside; and how they were made."""
    request = Request()
    with opened(folder, encoding=encoding, suffix=f".csv{PART}", scratch=scratch) as connection:
        derive(connection, request)
        job.rows.update((name, write_table(connection, name, parts[name], encoding)) for name in DERIVED)
        told = verdicts(connection)
    note = how_made(request, "zh", told, [parts[name] for name in DERIVED])
    parts[RECORD].write_text(note, encoding="utf-8")


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
    return OutputError(f"{readable(folder)}: cannot be written: {error.strerror or error} (无法写入)")


def _prepare(folder: Path) -> Path:
    """The folder, made where it is missing; nobody else's tables are overwritten."""
    try:
        if folder.exists() and not folder.is_dir():
            raise OutputError(f"{readable(folder)}: is a file; --out needs a folder (输出位置是一个文件)")
        ours = [*(f"{name}.csv" for name in (*COLUMNS, *DERIVED)), RECORD, RUN, TEXTS]
        foreign = [name for name in ours if (folder / name).exists()]
        if foreign and not _is_run(folder / RUN):
            raise OutputError(
                f"{readable(folder)}: holds {', '.join(foreign)}, which no run of jianbao wrote:"
                " choose another folder (文件夹中已有其他表格，请换一个)"
            )
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f"{RUN}{PART}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise _refused(folder, error) from None
    return folder


def _is_run(path: Path) -> bool:
    """Whether a file is the record of a run of jianbao."""
    if not path.exists():
        return False
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return False
    return isinstance(record, dict) and {"version", "fingerprint"} <= record.keys()


def _open(path: Path, encoding: str) -> TextIO:
    try:
        return path.open("w", encoding=encoding, newline="")
    except LookupError:
        raise OutputError(f"unknown encoding {encoding!r}: use utf-8-sig, utf-8 or gb18030 (未知编码)") from None


def _rename(part: Path) -> Path:
    final = part.with_name(part.name.removesuffix(PART))
    part.replace(final)
    return final


def _extract(job: _Job, spool: Spool, found: Survey) -> Iterator[tuple[Article, Records]]:
    """The articles in turn, each with its records; counts them by what became of them."""
    tally = job.tally
    lost: set[str] = set()  # originals that met a fault of ours: what repeats them stands for them
    for read in spool:
        repeat = found.repeats.get(read.article.id)
        article, records = _attempt(read, job.pipeline, found, None if repeat and repeat.of in lost else repeat)
        if article.status == "failed" and read.article.status != "failed":
            lost.add(article.id)
        tally.read += 1
        tally.failed += article.status == "failed"
        tally.repeated += article.status == "repeat"
        tally.done += article.status not in ("failed", "repeat")
        tally.characters += len(article.text)
        yield article, records


def _attempt(read: Read, pipeline: Pipeline, found: Survey, repeat: Repeat | None) -> tuple[Article, Records]:
    """One article and its records; whatever goes wrong with it is its own message and does not stop the others."""
    document, article, edges = read
    if article.status == "failed":
        return article, Records()
    try:
        if document.body is None and found.furniture.touches(edges):
            article = from_document(document, article.id, found.furniture)
        if repeat is None:
            return article, pipeline(article)
        told = replace(article, status="repeat", message=_told(repeat))
        return told, Records() if repeat.kind == "same" else pipeline(article)
    except JianbaoError:  # a broken lexicon or pack is no fault of this article
        raise
    except Exception as error:
        _log.debug("%s", article.id, exc_info=True)
        return replace(article, status="failed", message=fault(error)), Records()


def _told(repeat: Repeat) -> str:
    """Which article is repeated, and how; the records of one that is not the same text stay in the tables."""
    share = f"{repeat.share:.0%}"
    return {
        "same": f"the same text as {repeat.of} (与 {repeat.of} 相同)",
        "near": f"nearly the text of {repeat.of}: {share} (与 {repeat.of} 几乎相同)",
        "excerpt": f"an excerpt of {repeat.of}: {share} (摘自 {repeat.of})",
    }[repeat.kind]


def fingerprint() -> str:
    """A hash of the rules and lexicons that made the tables: the same value, the same reading of the same text."""
    root = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for folder in ("corpus", "extractors", "models", "pipeline"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".py", ".tsv", ".json") and path.is_file():
                digest.update(path.relative_to(root).as_posix().encode())
                digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:16]
