"""Parts of a run kept in a folder, each under the name of what it holds: whole or not there, and found again by the next run."""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import asdict
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any

from ..corpus.errors import OutputError
from ..corpus.sources import readable
from .aside import PART, put
from .batches import Batch, Part, Share, Tally
from .shares import Kept, kept_of
from .tables import COLUMNS

FOLDER = "jianbao-parts"
_NOTE = ".json"
_LEVEL = 1  # of packing: a third of the size for little time


class Parts:
    """The folder `jianbao-parts` of an output folder: for each batch a packed file for each table, and last a note that it is whole.

    `bounds` names the limits of time and memory of this run: an article that met those of another run is tried again.
    """

    def __init__(self, out: Path, bounds: str = "") -> None:
        self.folder = out / FOLDER
        self.folder.mkdir(exist_ok=True)
        self._bounds = bounds

    def find(self, key: str) -> tuple[Tally, dict[str, int], tuple[str, ...]] | None:
        """What the part of a batch counted: articles, rows, those that it lost; None where there is no whole part."""
        try:
            note = self._note(key)
            whole = {name: _digest(self._path(key, name).read_bytes()) for name in COLUMNS} == note["digests"]
            retried = note["lost"] and note["bounds"] != self._bounds
            return (Tally(**note["tally"]), note["rows"], tuple(note["lost"])) if whole and not retried else None
        except (OSError, ValueError, KeyError, TypeError):  # also a note of another version
            return None

    def kept(self, batch: Batch) -> dict[str, Kept]:
        """Of the articles of a batch of which there is no part, those that stand in one that began or ended with the same
        article, by their key. One that failed by a fault of ours is tried again."""
        wanted = {task.key for task in batch.tasks}
        for end in (batch.tasks[0].key, batch.tasks[-1].key):
            key = self._ends.get(end)
            if key is not None and self.find(key) is not None:
                shares = [Share(*map(_tuple, cells)) for cells in self._note(key)["shares"]]
                found = kept_of(shares, [self.table(key, name) for name in COLUMNS])
                return {name: one for name, one in found.items() if name in wanted and not one.share.lost}
        return {}

    @cached_property
    def _ends(self) -> dict[str, str]:
        """The parts of earlier runs by their first and by their last article."""
        ends: dict[str, str] = {}
        for key in self._noted():
            with suppress(OSError, ValueError, KeyError, TypeError, IndexError):
                shares = self._note(key)["shares"]
                ends |= {shares[0][0]: key, shares[-1][0]: key}
        return ends

    def _noted(self) -> list[str]:
        """The keys of the parts that have a note."""
        return sorted(name.removesuffix(_NOTE) for name in self._names() if name.endswith(_NOTE))

    def _note(self, key: str) -> Any:
        """What the note of a part says.

        Raises:
            OSError, ValueError: where there is none, or it is broken.
        """
        digest, _, data = (self.folder / f"{key}{_NOTE}").read_bytes().partition(b"\n")
        if digest.decode("ascii") != _digest(data):
            raise ValueError(key)
        return json.loads(data.decode("utf-8", "surrogatepass"))

    def write(self, part: Part) -> None:
        """Keep a part: each file aside, to the disk, then under its name; the note last."""
        digests = {}
        for name, rows in part.tables.items():
            packed = gzip.compress(rows, _LEVEL, mtime=0)
            put(self._path(part.key, name), packed)
            digests[name] = _digest(packed)
        note = {
            "tally": asdict(part.tally),
            "rows": dict(part.rows),
            "lost": part.lost,
            "bounds": self._bounds,
            "digests": digests,
            "shares": part.shares,
        }
        data = json.dumps(note, ensure_ascii=False).encode("utf-8", "surrogatepass")
        put(self.folder / f"{part.key}{_NOTE}", _digest(data).encode("ascii") + b"\n" + data)

    def table(self, key: str, name: str) -> str:
        """The rows of one table of a part, as CSV.

        Raises:
            OutputError: where the part was changed since it was found whole; the next run does it anew.
        """
        path = self._path(key, name)
        try:
            return gzip.decompress(path.read_bytes()).decode("utf-8", "surrogatepass")
        except (OSError, EOFError, ValueError, zlib.error):
            with suppress(OSError):
                path.unlink(missing_ok=True)
            raise OutputError(
                f"{readable(path)}: was changed while the run went on: give the same command again"
                " (运行期间文件被改动，请重新运行)"
            ) from None

    def sweep(self, keys: Collection[str]) -> None:
        """Drop what belongs to none of the batches, and what a killed run left half written."""
        for name in [name for name in self._names() if name.partition(".")[0] not in keys or name.endswith(PART)]:
            with suppress(OSError):
                (self.folder / name).unlink()

    def files(self, key: str) -> list[Path]:
        """Where the files of a part stand, its note last."""
        return [*(self._path(key, name) for name in COLUMNS), self.folder / f"{key}{_NOTE}"]

    def _path(self, key: str, name: str) -> Path:
        return self.folder / f"{key}.{name}.csv.gz"

    def _names(self) -> Iterator[str]:
        with os.scandir(self.folder) as entries:
            yield from (entry.name for entry in entries if entry.is_file())


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=12).hexdigest()


def _tuple(cell: Any) -> Any:
    return tuple(cell) if isinstance(cell, list) else cell
