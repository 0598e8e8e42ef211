"""What a run has done so far in, its record `run.json` out; and whose record it is: which rules, words and models read."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from ..corpus.errors import InputError
from ..corpus.reading import Reading
from ..corpus.segmenters import Segmentation
from ..corpus.sources import readable
from .aside import put
from .batches import Tally
from .extraction import Pipeline
from .journal import Journal, Pace
from .parts import FOLDER
from .summing import fingerprint_of
from .tables import COLUMNS

RUN = "run.json"
_NOTE_EVERY = 2.0  # seconds


class Job:
    """How a run reads and finds, what it has counted so far, and its record in `run.json`."""

    def __init__(self, pipeline: Pipeline, reading: Reading, inputs: list[str], started: float, folder: Path) -> None:
        self.pipeline, self.reading, self.inputs, self.started, self.folder = pipeline, reading, inputs, started, folder
        self.tally, self.rows, self.count = Tally(), dict.fromkeys(COLUMNS, 0), 0
        self._fingerprint = fingerprint()
        self.salt = f"{self._fingerprint} {pipeline!r} {' '.join(_contents(pipeline.segmentation))}"
        """What of rules and settings decides what an article gives."""
        self._noted = 0.0
        self._before = _bytes_of(folder / RUN)
        self.journal, self.pace = Journal(folder), Pace()
        self.journal.tell("start", version=version("jianbao"), fingerprint=self._fingerprint, inputs=inputs)

    def begin(self) -> None:
        """All is read: from here on articles are done."""
        self.pace = Pace()
        self.journal.tell("read", articles=self.count)

    def add(self, tally: Tally, rows: Mapping[str, int]) -> None:
        """Count what a batch gave."""
        self.tally.add(tally)
        for name, number in rows.items():
            self.rows[name] += number
        self.note("extracting")

    def note(self, state: str, *, now: bool = False) -> None:
        """Write `run.json` as things stand; not more often than every few seconds, unless `now`."""
        moment = time.monotonic()
        if now or moment - self._noted > _NOTE_EVERY:
            self._noted = moment
            put(self.folder / RUN, (json.dumps(self._record(state), ensure_ascii=False, indent=1) + "\n").encode())

    def stop(self, error: BaseException) -> None:
        """Say in `run.json` that the run was stopped; where it met a fault instead, the earlier record stands again."""
        with suppress(OSError):
            if isinstance(error, KeyboardInterrupt):
                self.note("stopped", now=True)
            elif self._before is None:
                (self.folder / RUN).unlink(missing_ok=True)
            else:
                put(self.folder / RUN, self._before)
        with suppress(OSError):
            self.journal.tell("end", state="stopped", why=f"{type(error).__name__}: {error}", read=self.tally.read)
            if not (self.folder / RUN).exists() and not (self.folder / FOLDER).exists():
                self.journal.path.unlink()  # nothing came of it

    def _record(self, state: str) -> dict[str, object]:
        """What `run.json` says."""
        segmentation = self.pipeline.segmentation
        return {
            "version": version("jianbao"),
            "fingerprint": self._fingerprint,
            "state": state,
            "inputs": self.inputs,
            "articles": self.count,
            **asdict(self.tally),
            "rows": self.rows,
            "models": self.pipeline.models,
            "segmenter": segmentation.name,
            "segmenter_model": readable(segmentation.model) if segmentation.model else None,
            "words": readable(segmentation.words) if segmentation.words else None,
            "domain": self.pipeline.domain.record() if self.pipeline.domain else None,
            "columns": {field: column for field, column in asdict(self.reading.columns).items() if column},
            "limits": asdict(self.reading.limits),
            "seconds": round(time.monotonic() - self.started, 3),
            **self.pace.told(self.count - self.tally.read),
        }


def _bytes_of(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def is_run(path: Path) -> bool:
    """Whether a file is the record of a run of jianbao."""
    if not path.exists():
        return False
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return False
    return isinstance(record, dict) and {"version", "fingerprint"} <= record.keys()


def _contents(segmentation: Segmentation) -> Iterator[str]:
    """A hash of each file that a segmentation names: of another file under the same name it would be another."""
    for path in segmentation.files:
        try:
            yield fingerprint_of(path)
        except OSError as error:
            raise InputError(f"{readable(path)}: cannot be read: {error.strerror or error} (无法读取)") from None


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
