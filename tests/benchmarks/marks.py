"""Writes what was measured between the marks of a README, as Markdown, in the language of the file."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path


def tell(news: str) -> None:
    print(news, file=sys.stderr, flush=True)


def markdown(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def check_marks(files: Iterable[Path], name: str) -> None:
    """Refuse a file without marks before hours of work."""
    for file in files:
        text = file.read_text(encoding="utf-8")
        if not 0 <= text.find(f"<!-- {name} -->") < text.find(f"<!-- /{name} -->"):
            raise SystemExit(f"{file}: has no marks <!-- {name} --> and <!-- /{name} -->")


def write_between(file: Path, name: str, text: str) -> None:
    """Put a text between the marks of a file."""
    old = file.read_text(encoding="utf-8")
    before, mark, rest = old.partition(f"<!-- {name} -->")
    behind = rest[rest.index(f"<!-- /{name} -->") :]
    file.write_text(f"{before}{mark}\n{text}\n{behind}", encoding="utf-8")


def language_of(file: Path) -> str:
    return "zh" if ".zh." in file.name else "en"
