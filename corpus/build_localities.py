"""Reads the ministry's streets and towns and the hand-kept zones, gives `divisions/localities.tsv`.

    python -m jianbao.corpus.build_localities townships_v1.json

`divisions/SOURCE.md` says where the townships come from. The same input gives the same bytes.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from .building import build_table
from .errors import DataError, InputError
from .regions import divisions

FOLDER = Path(__file__).parent / "divisions"
HEADER = ("kind", "adcode", "names")
_KINDS = {"街道": "street", "镇": "town"}
_WHOLE = re.compile(r"[\u4e00-\u9fff]{2,8}(?:街道|镇)")
_NO_NAME = re.compile(r"(?:[小古重名强集乡村]镇|建制镇)$|^(?:中心|重点|特色|示范|工业|文明|先进|美丽)(?:镇|街道)$")


def read_townships(path: Path) -> dict[str, list[str]]:
    """County → its streets and towns; raises `InputError` when the file cannot be read."""
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        return {code[:6]: list(county["townships"]) for code, county in table.items()}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: no table of townships ({error}); give townships_v1.json (缺乡镇表)") from error


def kind_of(name: str) -> str | None:
    """street or town; None for townships (乡), for slips and for names that are common words (中心镇)."""
    if not _WHOLE.fullmatch(name) or _NO_NAME.search(name):
        return None
    return next(kind for end, kind in _KINDS.items() if name.endswith(end))


def read_zones(path: Path) -> list[tuple[str, str]]:
    """(name, adcode) of the hand-kept zones; raises `DataError` with file and line for a code that is not of today."""
    zones: list[tuple[str, str]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], start=2):
        name, _, code = line.partition("\t")
        row = divisions().by_adcode(code)
        if len(name) < 3 or row is None or row.ended is not None:
            raise DataError(f"{path}:{number}: want a zone and a division of today; see divisions.tsv (须为现行区划)")
        zones.append((name, code))
    return zones


def build(townships: Path) -> str:
    """The whole table as text: kind, county, its names with a blank between them; a header line first."""
    held: dict[tuple[str, str], list[str]] = {}
    for name, code in read_zones(FOLDER / "zones.tsv"):
        held.setdefault(("zone", code), []).append(name)
    named = {row.full_name for row in divisions().rows}
    for code, names in read_townships(townships).items():
        for name in names:
            kind = kind_of(name)
            if kind and name not in named:
                held.setdefault((kind, code), []).append(name)
    lines = ["\t".join((kind, code, " ".join(sorted(names)))) for (kind, code), names in sorted(held.items())]
    return "\n".join(["\t".join(HEADER), *lines]) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Write the table; 2 and a usage line when the arguments are wrong, 1 where a source is missing or damaged."""
    return build_table(FOLDER / "localities.tsv", build, ["townships_v1.json"], arguments)


if __name__ == "__main__":
    sys.exit(main())
