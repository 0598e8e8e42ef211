"""News in, a Markdown table out: characters a second and peak memory of the whole `jianbao run` beside other tools.

    python tests/benchmarks/peers.py NEWS.jsonl.gz [--peers-python PATH] [--rounds 3] [--quick] [--out README.md]

NEWS holds one JSON object a line with `date`, `title` and `text`. `--peers-python` is an interpreter that has the peers:
jieba, rjieba, spacy, jionlp, `recognizers-text-suite` with `emoji<2`; what it does not have is left out and told.

How it is measured. Each side is a process of its own, from its start to its end, in turn with all others in each round;
the seconds are the median of the rounds. Starting, importing and loading models count for every side and also stand in
a column of their own: the same process on one article, the second time, before the rounds; so every cache is warm. Peers
read the texts one after the other from one file; jianbao reads a folder with one file an article, as its users have
them, and writes all tables into a new folder. Slow peers read every n-th article; their characters are counted.
Memory is what a process and all its children hold together (resident, shared pages counted for each), looked at ten
times a second or more; it needs Linux. `--quick` takes a tenth of everything: its figures are mostly start.

`--out FILE` puts the table between the marks `<!-- peers -->` and `<!-- /peers -->` of a file, in Chinese where its name
says `.zh.`; may be given more than once.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count, islice
from pathlib import Path
from typing import NamedTuple

from costs import Cost, FailedError, cost_of
from marks import check_marks, language_of, markdown, tell, write_between

MINUTES = 15
PEER = """
import json, sys
{setup}
failed = 0
for line in open(sys.argv[1], encoding="utf-8"):
    text = json.loads(line)
    try:
        {call}
    except Exception:
        failed += 1
print(failed)
"""
JIEBA = "import jieba; jieba.setLogLevel(60)"
SPACY = "import spacy; read = spacy.blank('zh')"
JIONLP = "import logging, jionlp; logging.disable(50)"
RECOGNIZERS = """
from recognizers_date_time import DateTimeRecognizer
from recognizers_number import NumberRecognizer
from recognizers_number_with_unit import NumberWithUnitRecognizer
from recognizers_text import Culture
units = NumberWithUnitRecognizer(Culture.Chinese)
models = [
    NumberRecognizer(Culture.Chinese).get_number_model(),
    units.get_currency_model(),
    units.get_dimension_model(),
    DateTimeRecognizer(Culture.Chinese).get_datetime_model(),
]
"""


class Peer(NamedTuple):
    """Another tool: its distribution, what it is asked for (English, Chinese), its program, and of how many characters;
    0 for all."""

    name: str
    distribution: str
    gives: tuple[str, str]
    setup: str
    call: str
    sample: int = 0


PEERS = (
    Peer("`jieba.lcut`", "jieba", ("words", "分词"), JIEBA, "jieba.lcut(text)"),
    Peer("`rjieba.cut`", "rjieba", ("words", "分词"), "import rjieba", "rjieba.cut(text)"),
    Peer("spaCy `blank('zh')`", "spacy", ("characters as tokens", "按字切分"), SPACY, "read(text)"),
    Peer(
        "JioNLP",
        "jionlp",
        ("money, times, places", "货币、时间、地名"),
        JIONLP,
        "jionlp.ner.extract_money(text), jionlp.ner.extract_time(text), jionlp.recognize_location(text)",
        1_000_000,
    ),
    Peer(
        "Recognizers-Text",
        "recognizers-text-suite",
        ("numbers, currencies, dimensions, dates and times", "数字、货币、量纲、日期时间"),
        RECOGNIZERS,
        "[model.parse(text) for model in models]",
        300_000,
    ),
)
JIANBAO: Mapping[str, tuple[str, ...]] = {
    "`jianbao run`": ("--engine", "serial"),
    "`jianbao run --no-models`": ("--engine", "serial", "--no-models"),
    "`jianbao run`, 2 processes": ("--engine", "processes", "--workers", "2"),
    "`jianbao run`, Dask, 2 workers": ("--engine", "dask", "--workers", "2"),
}
GIVES = ("all tables", "全部表格")
YARDSTICK = "`jieba.lcut`"


# --- what is read


class Corpus(NamedTuple):
    """The same texts in a folder with a file each, and in one file with a JSON string a line."""

    folder: Path
    file: Path
    articles: int
    characters: int


def texts_of(news: Path) -> Iterator[str]:
    """Title, date and text of each item."""
    with gzip.open(news, "rt", encoding="utf-8") as lines:
        for item in map(json.loads, lines):
            yield f"{item['title']}\n{item['date']} 来源：新闻\n{item['text']}\n"


def write_corpus(texts: Iterable[str], place: Path) -> Corpus:
    """Write the texts one by one: what this process holds is small."""
    folder, file, characters = place / "articles", place / "all.jsonl", 0
    folder.mkdir(parents=True)
    number = 0
    with file.open("w", encoding="utf-8") as lines:
        for number, text in enumerate(texts, 1):
            (folder / f"{number:06}.txt").write_text(text, encoding="utf-8")
            lines.write(json.dumps(text, ensure_ascii=False) + "\n")
            characters += len(text)
    return Corpus(folder, file, number, characters)


# --- the sides


class Side(NamedTuple):
    """One row of the table: its command for a corpus, and what it reads."""

    name: str
    gives: tuple[str, str]
    command: Callable[[Corpus], list[str]]
    corpus: Corpus


class Row(NamedTuple):
    """What was measured of a side."""

    side: Side
    start: float
    costs: list[Cost]

    @property
    def seconds(self) -> float:
        return statistics.median(cost.seconds for cost in self.costs)

    @property
    def speed(self) -> float:
        """Million characters a second."""
        return self.side.corpus.characters / self.seconds / 1e6

    @property
    def memory(self) -> float:
        return max(cost.memory for cost in self.costs)


def output(python: str, code: str) -> str | None:
    """What a program prints; None where it fails."""
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=False, timeout=120)
    return done.stdout.strip() if done.returncode == 0 else None


def our_command(options: Iterable[str], scratch: Path) -> Callable[[Corpus], list[str]]:
    """`jianbao run` into a folder that is new each time."""
    base, turns = [sys.executable, "-m", "jianbao.pipeline", "run"], count()
    return lambda corpus: [*base, str(corpus.folder), "--out", str(scratch / f"{next(turns)}"), *options]


def our_sides(corpus: Corpus, place: Path, missing: list[str]) -> Iterator[Side]:
    for number, (name, options) in enumerate(JIANBAO.items()):
        if (
            "dask" in options
            and output(sys.executable, "from jianbao.pipeline.cluster import dask; import distributed") is None
        ):
            missing.append(f"{name} (not installed)")
            continue
        yield Side(name, GIVES, our_command(options, place / f"out{number}"), corpus)


def peer_sides(
    python: str, corpus: Corpus, news: Callable[[], Iterator[str]], share: float, place: Path, missing: list[str]
) -> Iterator[Side]:
    """The peers that are installed; a slow one reads a sample of about its characters."""
    for peer in PEERS:
        version = f"from importlib.metadata import version; print(version('{peer.distribution}'))"
        found = output(python, f"{peer.setup}\n{version}")
        if found is None:
            missing.append(f"{peer.name} (not installed)")
            continue
        program = PEER.format(setup=peer.setup, call=peer.call)
        step = round(corpus.characters / (peer.sample * share)) if peer.sample else 1
        read = write_corpus(islice(news(), 0, None, step), place / peer.distribution) if step > 1 else corpus
        yield Side(
            f"{peer.name} {found.splitlines()[-1]}",
            peer.gives,
            lambda corpus, program=program: [python, "-c", program, str(corpus.file)],
            read,
        )


# --- measuring


def measured(sides: Iterable[Side], single: Corpus, rounds: int, deadline: float, missing: list[str]) -> list[Row]:
    """Each side in turn, and that again; sides that fail are left out, and no round begins that would end too late."""
    rows = []
    for side in sides:
        try:
            costs = [cost_of(side.command(single), deadline) for _ in range(2)]
            rows.append(Row(side, costs[1].seconds, []))
        except FailedError as error:
            missing.append(f"{side.name} ({error})")
    longest = 0.0
    for turn in range(rounds):
        began = time.monotonic()
        if turn and began + longest > deadline:
            tell(f"no time for round {turn + 1}")
            break
        rows = [row for row in rows if _measure(row, deadline, missing)]
        longest = max(longest, time.monotonic() - began)
        tell(f"round {turn + 1}: {time.monotonic() - began:.0f} s")
    return rows


def _measure(row: Row, deadline: float, missing: list[str]) -> bool:
    """Run a side once more; whether there is anything to tell of it."""
    try:
        row.costs.append(cost_of(row.side.command(row.side.corpus), deadline))
    except FailedError as error:
        tell(f"{row.side.name}: {error}")
        if not row.costs:
            missing.append(f"{row.side.name} ({error})")
    return bool(row.costs)


# --- the table

TEXTS = {
    "en": {
        "lead": "{articles:,} real news items of {millions:.1f} million characters ({python}, {cores} cores; median of rounds: {rounds}). Each side is a whole process, its start included, in turn with the others in the same run. Sides with fewer characters read every n-th item.",
        "head": ("", "gives", "million characters", "start alone, s", "seconds", "million characters a second", "times `jieba.lcut`", "peak memory, MB"),
        "missing": "Not measured: {names}.",
        "failed": "{name} raised an exception on {count} texts.",
    },
    "zh": {
        "lead": "{articles:,} 条真实新闻，共 {millions:.1f} 百万字（{python}，{cores} 核；{rounds} 轮取中位数）。各方均为完整进程，含启动时间，在同一次运行中轮流测量；字数较少者为等距抽样。",
        "head": ("", "输出", "百万字", "仅启动，秒", "秒", "百万字每秒", "为 `jieba.lcut` 的倍数", "内存峰值 MB"),
        "missing": "未测：{names}。",
        "failed": "{name} 对 {count} 篇文本抛出异常。",
    },
}  # fmt: skip


def table_of(rows: list[Row], missing: list[str], corpus: Corpus, language: str) -> str:
    """The table in a language, `en` or `zh`, with what to know of it."""
    words = TEXTS[language]
    yardstick = next((row for row in rows if row.side.name.startswith(YARDSTICK)), None)
    lead = str(words["lead"]).format(
        articles=corpus.articles,
        millions=corpus.characters / 1e6,
        python=f"CPython {platform.python_version()}",
        cores=os.cpu_count(),
        rounds=max((len(row.costs) for row in rows), default=0),
    )
    lines = markdown(tuple(words["head"]), (cells(row, yardstick, language) for row in rows))
    notes = [
        str(words["failed"]).format(name=row.side.name, count=row.costs[-1].said)
        for row in rows
        if row.side.gives is not GIVES and row.costs[-1].said not in ("", "0")
    ]
    if missing:
        notes.append(str(words["missing"]).format(names=", ".join(missing)))
    return "\n\n".join([lead, lines, *notes])


def cells(row: Row, yardstick: Row | None, language: str) -> tuple[str, ...]:
    """A row of the table."""
    characters = row.side.corpus.characters
    ratio = statistics.median(times(row, yardstick)) if yardstick else 0.0
    return (
        row.side.name,
        row.side.gives[language == "zh"],
        f"{characters / 1e6:.2f}",
        f"{row.start:.1f}",
        f"{row.seconds:.1f}",
        f"{row.speed:.3f}" if row.speed < 0.1 else f"{row.speed:.2f}",
        f"{ratio:.2f}" if yardstick else "–",
        f"{row.memory:.0f}",
    )


def times(row: Row, yardstick: Row) -> list[float]:
    """How many times as fast a side was, round by round."""
    share = row.side.corpus.characters / yardstick.side.corpus.characters
    return [share * other.seconds / cost.seconds for cost, other in zip(row.costs, yardstick.costs, strict=False)]


def main() -> None:
    parser = argparse.ArgumentParser(description="characters a second and peak memory beside other tools")
    parser.add_argument("news", type=Path)
    parser.add_argument("--peers-python", default=sys.executable, metavar="PATH", help="an interpreter with the peers")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="a tenth of the news and of the samples")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="no round begins that would end later")
    parser.add_argument("--out", type=Path, action="append", default=[], metavar="FILE", help="write between its marks")
    arguments = parser.parse_args()
    check_marks(arguments.out, "peers")
    deadline, missing = time.monotonic() + 60 * arguments.minutes, list[str]()
    step = 10 if arguments.quick else 1

    def news() -> Iterator[str]:
        return islice(texts_of(arguments.news), 0, None, step)

    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        corpus, single = write_corpus(news(), place / "all"), write_corpus(islice(news(), 1), place / "single")
        sides = [
            *our_sides(corpus, place, missing),
            *peer_sides(arguments.peers_python, corpus, news, 1 / step, place, missing),
        ]
        rows = measured(sides, single, max(1, arguments.rounds), deadline, missing)
    for file in arguments.out:
        write_between(file, "peers", table_of(rows, missing, corpus, language_of(file)))
    print(table_of(rows, missing, corpus, "en"))


if __name__ == "__main__":
    main()
