"""Short articles for tests of whole runs, and a pipeline that meets the trouble which the text of an article names."""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from jianbao.corpus.article import Article
from jianbao.corpus.records import Records
from jianbao.pipeline.batches import Batch, Part, Tally, Watch, Work
from jianbao.pipeline.extraction import Pipeline
from jianbao.pipeline.journal import LOG
from jianbao.pipeline.tables import COLUMNS, DERIVED

TABLES = tuple(f"{name}.csv" for name in (*COLUMNS, *DERIVED))
SMALL = 8, 12
"""A batch ends behind one in so many names, or after so many articles: many batches of few articles."""
INPUTS = 120
"""Articles of the inputs that tests share."""

# The command with small batches and a pipeline that meets troubles.
SCRIPT = """
from jianbao.pipeline import batches, command, options
import made_troubles
batches.ONE_IN, batches.MOST = made_troubles.SMALL
options.Pipeline = made_troubles.Troubled
command.main(prog_name="jianbao")
"""
COMMAND = [sys.executable, "-c", SCRIPT]


def environment(**more: str) -> dict[str, str]:
    """In which the command finds this module and the package."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), **more}


def bulletin(number: int, trouble: str = "") -> str:
    dice = random.Random(number)
    homes, money, people = dice.randint(2, 900), dice.randint(2, 90), dice.randint(20, 400)
    return (
        f"第{number}号简报\n2023-0{number % 9 + 1}-08\n今年以来，区侨联走访慰问侨眷{homes}户，送去慰问金{money}万元。{trouble}\n"
        f"推出“侨助工坊{number}”品牌，举办讲座{dice.randint(2, 40)}场，服务侨胞{people}人次。\n"
    )


def corpus(folder: Path, count: int = 300) -> Path:
    """So many bulletins; one in ten has the text of another, one in fifteen lacks its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        said = bulletin(number - 7 if number % 10 == 9 else number) if number % 15 != 4 else ""
        (folder / f"{number:04}.txt").write_text(said, encoding="utf-8")
    return folder


def tables(out: Path) -> dict[str, bytes]:
    """The tables that are there."""
    return {name: (out / name).read_bytes() for name in TABLES if (out / name).exists()}


def rows_but(out: Path, articles: set[str]) -> dict[str, list[list[str]]]:
    """The rows of all articles but these, by table."""
    return {name: [row for row in _rows(out / f"{name}.csv") if row[0] not in articles] for name in COLUMNS}


def told(out: Path) -> dict[str, tuple[str, str]]:
    """Status and message of each article."""
    head, *rows = _rows(out / "articles.csv")
    place = head.index("status"), head.index("message")
    return {row[0]: (row[place[0]], row[place[1]]) for row in rows}


def _rows(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def events(out: Path) -> list[dict[str, Any]]:
    """What the log says of the last run."""
    lines = (out / LOG).read_text(encoding="utf-8").splitlines()
    every = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]
    starts = [number for number, event in enumerate(every) if event["event"] == "start"]
    return every[starts[-1] :]


def redone(out: Path) -> int:
    """How many parts the last run did."""
    return sum(event["event"] == "part" for event in events(out))


def marked(mark: str) -> Iterator[int]:
    """The processes that have this mark in their environment, by what the system says of them."""
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark.encode() in path.read_bytes() and _state(path.parent) != "Z":
                yield int(path.parent.name)
        except OSError:
            continue


def _state(process: Path) -> str:
    return (process / "stat").read_text(encoding="utf-8", errors="replace").rpartition(") ")[2][:1]


def awaited(what: Callable[[], object], seconds: float = 30) -> bool:
    """Whether it came true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.01)
    return False


# Troubles.


def _sleep() -> None:
    time.sleep(3600)


def _spin() -> None:
    while True:
        pass


def _stick() -> None:
    """In C, where no alarm rings."""
    sum(itertools.repeat(0))


def _swell() -> None:
    held = []
    while True:
        held.append(bytearray(64 << 20))


def _killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _drop() -> None:
    """The alarm rings where what is raised is dropped."""

    class Finalised:
        def __del__(self) -> None:
            time.sleep(1.2)

    Finalised()
    time.sleep(3600)


def _fault() -> None:
    raise ValueError("三")


TROUBLES: dict[str, Callable[[], object]] = {
    "沉睡": _sleep,
    "空转": _spin,
    "卡死": _stick,
    "膨胀": _swell,
    "被杀": _killed,
    "漏铃": _drop,
    "中止": os.abort,
    "退出": lambda: os._exit(7),
    "出错": _fault,
}


class Troubled(Pipeline):
    """Reads as its base does, but for articles whose text names a trouble."""

    __slots__ = ()

    def __call__(self, article: Article) -> Records:
        for word, meet in TROUBLES.items():
            if f"（{word}）" in article.text:
                meet()
        return Pipeline.__call__(self, article)


class Homeless(Pipeline):
    """Cannot be found where it is sent to."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        return _lost_home, ()


def _lost_home() -> None:
    raise ModuleNotFoundError("No module named 'elsewhere'")


class Bulky(Work):
    """Gives as many bytes as a batch has, without reading them."""

    __slots__ = ()

    def __call__(self, batch: Batch, watch: Watch | None = None) -> Part:
        data = b"".join(task.record.data for task in batch.tasks)
        return Part(batch.key, dict.fromkeys(COLUMNS, data), dict.fromkeys(COLUMNS, 1), Tally(read=1), ())
