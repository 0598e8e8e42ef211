"""An output folder in, its derived tables out: totals, ledger, wide table, brand registry, and how the totals were made."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..corpus.errors import OutputError
from ..corpus.sources import readable
from .amounts import Language
from .aside import aside, drop, final_of, rename, write
from .mapping import mapped_regions, write_mapped
from .outputs import opened
from .registry import register
from .store import write_table
from .tables import DERIVED
from .totals import Request, total
from .wide import widen

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

WIDE = ("wide", "wide_long")
RECORD = "totals.json"


@dataclass(frozen=True, slots=True)
class Summary:
    """What was written: files, rows of each table, and how many figures have which verdict (`counted`, or the reason)."""

    files: tuple[Path, ...]
    rows: dict[str, int]
    verdicts: dict[str, int]


def derive(connection: DuckDBPyConnection, request: Request | None = None) -> None:
    """Make `totals`, `ledger`, `brand_registry` and `brand_spread` of the tables of a run."""
    total(connection, request)
    register(connection)


def verdicts(connection: DuckDBPyConnection) -> dict[str, int]:
    """How many figures have which verdict, those that count first, then by number."""
    rows = connection.execute(
        "SELECT name, count(*) AS times FROM (SELECT coalesce(reason, verdict) AS name FROM ledger) GROUP BY name"
        " ORDER BY name <> 'counted', times DESC, name"
    ).fetchall()
    return {name: int(count) for name, count in rows}


def how_made(request: Request, lang: Language, told: dict[str, int], files: Sequence[Path]) -> str:
    """What `totals.json` says: the request, the verdicts, and the fingerprint of each file as it was written."""
    content = {
        "version": version("jianbao"),
        "request": asdict(request),
        "lang": lang,
        "verdicts": told,
        "files": {final_of(path).name: fingerprint_of(path) for path in files},
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def fingerprint_of(path: Path) -> str:
    """A hash of what a file holds."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def sum_up(
    out: Path | str,
    request: Request | None = None,
    *,
    target: Path | None = None,
    lang: Language = "zh",
    encoding: str = "utf-8-sig",
    existing: Literal["refuse", "overwrite"] = "refuse",
) -> Summary:
    """Write totals, ledger, brand registry and wide table of an output folder, into it or into `target`.

    There is no wide table of sums that are parted by brand, measure or period: it has one cell for each activity. Sums in
    the divisions of a year come with `regions.csv`, which tells where each region lies in them.

    A file that was changed since it was written is overwritten only where `existing` says so.

    Raises:
        OutputError: where a table is missing or broken (file, line, column), or a file stands in the way.
        InputError: where the request cannot be answered.
    """
    asked, folder = request or Request(), target or Path(out)
    names = (*DERIVED, *WIDE) if asked.is_wide else tuple(DERIVED)
    if existing == "refuse":
        _refuse_changed(folder, [f"{name}.csv" for name in (*DERIVED, *WIDE)])
    with opened(out, encoding=encoding) as connection, _parts(folder, names) as parts:
        derive(connection, asked)
        if asked.is_wide:
            widen(connection, lang)
        rows = {name: write_table(connection, name, part, encoding) for name, part in parts.items()}
        told = verdicts(connection)
        note = aside(folder / RECORD)
        write(note, how_made(asked, lang, told, list(parts.values())).encode())
        files = [rename(part) for part in (*parts.values(), note)]
        _drop_stale(folder, [name for name in WIDE if name not in names])
        if asked.tree is not None:
            files.append(write_mapped(mapped_regions(connection, asked.tree), folder, asked.tree, encoding=encoding))
    return Summary(tuple(files), rows, told)


@contextmanager
def _parts(folder: Path, names: Sequence[str]) -> Iterator[dict[str, Path]]:
    """Where each table is written aside; what is not renamed goes."""
    parts = {name: aside(folder / f"{name}.csv") for name in names}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield parts
    except OSError as error:
        raise OutputError(f"{readable(folder)}: cannot be written: {error.strerror or error} (无法写入)") from None
    finally:
        drop((*parts.values(), aside(folder / RECORD)))


def _drop_stale(folder: Path, names: Sequence[str]) -> None:
    """A wide table of sums that were asked before does not stand beside others."""
    for name in names:
        (folder / f"{name}.csv").unlink(missing_ok=True)


def _refuse_changed(folder: Path, names: Sequence[str]) -> None:
    """Refuse to overwrite what was not written by us, or was changed since."""
    known = _known(folder / RECORD)
    changed = [name for name in names if (folder / name).exists() and known.get(name) != fingerprint_of(folder / name)]
    if changed:
        raise OutputError(
            f"{readable(folder)}: {', '.join(changed)} was changed since it was written, or by other hands: use --overwrite,"
            " or --to another folder (文件已被改动：请用 --overwrite 覆盖，或用 --to 写到别处)"
        )


def _known(path: Path) -> dict[str, str]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    files = content.get("files") if isinstance(content, dict) else None
    return files if isinstance(files, dict) else {}
