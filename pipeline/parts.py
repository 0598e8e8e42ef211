"""Parts of a run kept in a folder, each under the name of what it holds: whole or not there, and found again by the next run."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from .batches import Part, Tally
from .tables import COLUMNS

FOLDER = "jianbao-parts"
_ASIDE = ".part"
_LEVEL = 1  # of packing: a third of the size for little time


class Parts:
    """The folder `jianbao-parts` of an output folder: for each batch a packed file for each table, and last a note that it is whole."""

    def __init__(self, out: Path) -> None:
        self.folder = out / FOLDER
        self.folder.mkdir(exist_ok=True)

    def find(self, key: str) -> tuple[Tally, dict[str, int], tuple[str, ...]] | None:
        """What the part of a batch counted: articles, rows, those that it lost; None where there is no whole part."""
        try:
            note = json.loads((self.folder / f"{key}.json").read_text(encoding="utf-8"))
            sizes = {name: (self.folder / f"{key}.{name}.csv.gz").stat().st_size for name in COLUMNS}
            rows = {name: int(note["rows"][name]) for name in COLUMNS}
            return (Tally(**note["tally"]), rows, tuple(note["lost"])) if sizes == note["sizes"] else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def write(self, part: Part) -> None:
        """Keep a part: each file aside, to the disk, then under its name; the note last."""
        sizes = {}
        for name, rows in part.tables.items():
            packed = gzip.compress(rows, _LEVEL, mtime=0)
            self._put(f"{part.key}.{name}.csv.gz", packed)
            sizes[name] = len(packed)
        note = {"tally": asdict(part.tally), "rows": dict(part.rows), "lost": part.lost, "sizes": sizes}
        self._put(f"{part.key}.json", json.dumps(note, ensure_ascii=False).encode("utf-8", "surrogatepass"))

    def _put(self, name: str, data: bytes) -> None:
        aside = self.folder / f"{name}{_ASIDE}"
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(self.folder / name)

    def table(self, key: str, name: str) -> str:
        """The rows of one table of a part, as CSV."""
        return gzip.decompress((self.folder / f"{key}.{name}.csv.gz").read_bytes()).decode("utf-8", "surrogatepass")

    def sweep(self, keys: Collection[str]) -> None:
        """Drop what belongs to none of the batches, and what a killed run left half written."""
        for path in self._files():
            if path.name.partition(".")[0] not in keys or path.name.endswith(_ASIDE):
                with suppress(OSError):
                    path.unlink()

    def _files(self) -> Iterator[Path]:
        with os.scandir(self.folder) as entries:
            yield from [Path(entry.path) for entry in entries if entry.is_file()]
