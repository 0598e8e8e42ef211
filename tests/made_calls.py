"""Calls the command in this process or in one of its own, writes pages for it, and reads the tables that it wrote."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jianbao
import pytest
from click.testing import CliRunner, Result
from jianbao.pipeline.command import main
from jianbao.pipeline.parts import FOLDER
from jianbao.pipeline.tables import COLUMNS, DERIVED, plain

BULLETINS = Path(jianbao.__file__).parent / "corpus" / "bulletins"
PAGE = "某区侨联晒账单\n2023-05-06\n今年以来，区侨联走访侨眷46户，送去慰问金2000元，推出“侨助工坊”服务。\n"
FOUND = ["46户", "2000元"]
FINAL = {*(f"{name}.csv" for name in (*COLUMNS, *DERIVED)), "run.json", "totals.json", "run.log", FOLDER}
TABLES = {name for name in FINAL if name.endswith(".csv")}
COMMAND = [sys.executable, "-c", "from jianbao.pipeline.command import main; main(prog_name='jianbao')"]
posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX system")


def invoke(*words: object, typed: bytes | None = None) -> Result:
    """The command in this process; whatever it raises besides its exit status is the test's failure."""
    result = CliRunner().invoke(main, [str(word) for word in words], input=typed)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert "Traceback" not in result.output
    return result


def spawn(*words: str | Path, cwd: Path | None = None, **options: Any) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    done = subprocess.run(
        [*COMMAND, *words], capture_output=True, text=True, encoding="utf-8", errors="replace", cwd=cwd, **options
    )
    assert "Traceback" not in done.stderr
    return done


def page(path: Path, text: str = PAGE, encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(encoding))
    return path


def table(out: Path, name: str = "articles") -> list[dict[str, str]]:
    with (out / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return [{key: plain(cell) for key, cell in row.items()} for row in csv.DictReader(file)]


def states(out: Path) -> dict[str, str]:
    return {row["article"]: row["status"] for row in table(out)}


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def tables(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in TABLES}


def denied(*_: object, **__: object) -> bytes:
    raise PermissionError(13, "Permission denied")
