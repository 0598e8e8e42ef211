"""Seconds and peak memory of `jianbao totals` on a made run, beside pandas that reads the same table and adds it blindly.

    python tests/benchmarks/totals.py [--figures 1000000] [--rounds 3]

The made figures repeat measures, periods and values, so that every reason of the ledger has something to find.
"""

from __future__ import annotations

import argparse
import csv
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from jianbao.corpus.records import ACTIVITY_TYPES
from jianbao.corpus.regions import divisions
from jianbao.pipeline.tables import COLUMNS, region_name

PEER = """
import sys, pandas as pd
frame = pd.read_csv(sys.argv[1] + "/indicators.csv", encoding="utf-8-sig", dtype={"region": str})
keys = ["region", "activity", "dimension", "unit"]
print(len(frame.groupby(keys, dropna=False)[["low", "high"]].sum()))
"""
_FIGURES_AN_ARTICLE = 10
_UNITS = (("money", "元"), ("people", "人"), ("person_times", "人次"), ("events", "场"), ("households", "户"))
_WORK = (
    "走访侨胞",
    "发放慰问金",
    "举办培训班",
    "培训学员",
    "帮扶农户",
    "调解纠纷",
    "募集善款",
    "建成侨胞之家",
    "引进项目",
    "",
)


def write_run(folder: Path, figures: int) -> None:
    """The tables of a made run with so many indicators."""
    dice = random.Random(figures)
    codes = [row.adcode for row in divisions().rows if row.ended is None and row.level != "nation"]
    with Table(folder, "articles") as articles, Table(folder, "indicators") as indicators:
        for number in range(figures // _FIGURES_AN_ARTICLE):
            code, published = dice.choice(codes), date(2015, 1, 1) + timedelta(days=dice.randrange(4000))
            name, place = f"{number:07}.txt", region_name(code)
            status = "repeat" if dice.random() < 0.02 else "ok"
            articles(name, "标题", published.isoformat(), "", "", code, place, "500", status, "", "text", "")
            for row in _figures(dice, published):
                indicators(name, *row[:-1], code, place, "0.90", "count.unit", row[-1], "0.90", "0.90")
    for name in ("brands", "activities"):
        with Table(folder, name):
            pass


def _figures(dice: random.Random, published: date) -> Iterator[tuple[str, ...]]:
    for place in range(_FIGURES_AN_ARTICLE):
        dimension, unit = dice.choice(_UNITS)
        value = dice.choice((dice.randrange(1, 50), dice.randrange(50, 5000), 10 * dice.randrange(1, 9)))
        bound = dice.choice(("exact", "exact", "over"))
        high = value + 10 if bound == "over" else value
        measure, year = dice.choice(_WORK), published.year - dice.randrange(2)
        since, until = dice.choice(
            (("", ""), (f"{year}-01-01", f"{year}-12-31"), ("", f"{year}-12-31"), (f"{year}-01-01", f"{year}-06-30"))
        )
        status = "planned" if dice.random() < 0.08 else "done"
        per = "person" if dice.random() < 0.03 else ""
        whole = f"{100 * place - 100}-{100 * place - 90}" if place and dice.random() < 0.05 else ""
        said = f"{year}年，全区{measure}{value}{unit}，第{dice.randrange(10**6)}次统计。"
        yield (
            str(100 * place), str(100 * place + 10), f"{value}{unit}", str(value), str(high), bound, unit, dimension, per,
            measure, dice.choice((*ACTIVITY_TYPES, "")), "", since, until, "", status, whole, said,
        )  # fmt: skip


class Table:
    """A table of the folder, open for rows."""

    def __init__(self, folder: Path, name: str) -> None:
        self._file = (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="")
        self._writer = csv.writer(self._file, lineterminator="\r\n")
        self._writer.writerow(COLUMNS[name])

    def __enter__(self) -> Table:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __call__(self, *cells: str) -> None:
        self._writer.writerow(cells)


def seconds_of(command: list[str]) -> tuple[float, float]:
    """Wall-clock seconds and peak memory in MB of a whole process."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command[0]} failed with status {status}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description="seconds and memory of totals beside pandas")
    parser.add_argument("--figures", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        write_run(Path(place), arguments.figures)
        ours = [sys.executable, "-m", "jianbao.pipeline", "totals", place, "--overwrite"]
        peer = [sys.executable, "-c", PEER, place]
        rounds = [(seconds_of(ours), seconds_of(peer)) for _ in range(arguments.rounds)]
    for name, side in (("jianbao totals", 0), ("pandas", 1)):
        taken = statistics.median(pair[side][0] for pair in rounds)
        print(f"{name:15} {taken:7.2f} s  {max(pair[side][1] for pair in rounds):6.0f} MB")
    ratio = statistics.median(pair[0][0] / pair[1][0] for pair in rounds)
    print(f"{arguments.figures:,} figures: {ratio:.2f} times the seconds of pandas, which applies no rule")


if __name__ == "__main__":
    main()
