"""News in, Markdown tables out: seconds and memory of `jianbao run` from 1,000 to 100,000 articles, and of a run resumed.

    python tests/benchmarks/scaling.py NEWS.jsonl.gz [--quick] [--no-models] [--curve FILE.csv] [--out README.md]

NEWS holds one JSON object a line with `date`, `title` and `text`. The first articles are the news as they are. The
further ones are made of them, so that they read like news and repeat nothing: a made article takes half of the
sentences of one item and half of those of another, drawn and put in an order by chance; each place name becomes another
one of the news, of the same length; each figure becomes another with as many digits, but for years, months, days, hours and
minutes. Chance is seeded: the same news give the same articles. How many articles were found to repeat another is told.

Each size is run from start to tables by one process (`--engine serial`) and by two (`--engine processes --workers 2`),
as whole processes into a new folder; both must give the same bytes. How time grows is told by the b of
seconds ~ articles^b over the three largest sizes (1 is linear; smaller runs are mostly start), and by the seconds of
each further 1,000 articles from size to size. Then the largest run is killed (SIGKILL) once half of its articles are done
and the same command given again; its tables are compared byte for byte with those of the undisturbed run. Memory is
measured by `costs.py`; the curve of the largest run by two processes is drawn, and written to `--curve` for each
second. `--quick` takes a tenth of the news and goes from 100 to 10,000 articles.

`--out FILE` puts all of it between the marks `<!-- scaling -->` and `<!-- /scaling -->` of a file, in Chinese where its
name says `.zh.`; may be given more than once.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import platform
import random
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, NamedTuple

from costs import Cost, FailedError, cost_of
from marks import check_marks, language_of, markdown, tell, write_between
from peers import texts_of

SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)
MINUTES = 20
IN_A_FOLDER = 1_000
ONE = ("--engine", "serial")
TWO = ("--engine", "processes", "--workers", "2")
WIDTH, HEIGHT = 60, 8
SENTENCE = re.compile(r"[^。！？\n]+[。！？]?")
PLACE = re.compile(r"[\u4e00-\u9fff]{2}[省市县区镇乡村]")
FIGURE = re.compile(r"\d+(?!\d|[年月日时分:：])")


# --- what is read


def articles_of(news: Path, step: int) -> Iterator[str]:
    """The news, or one of so many, then articles made of them without end."""
    texts = list(islice(texts_of(news), 0, None, step))
    places = sorted({place for text in texts for place in PLACE.findall(text)})
    yield from texts
    yield from (made(texts, places, number) for number in range(sys.maxsize))


def made(texts: Sequence[str], places: Sequence[str], number: int) -> str:
    """An article of halves of two items, with other names and figures.

    >>> made(["甲\\n一。二。\\n", "乙\\n三。四。\\n"], ["余杭区"], 0).count("\\n")
    3
    """
    chance = random.Random(number)
    turn, place = divmod(number, len(texts))
    one, other = texts[place], texts[(place + 7 + 1009 * (turn + 1)) % len(texts)]
    title, date, body = one.split("\n", 2)
    mixed = "".join(chance.sample(both := half(body, chance) + half(other.split("\n", 2)[2], chance), len(both)))
    return f"{renamed(title, places, chance)}\n{date}\n{renamed(mixed, places, chance)}\n"


def half(body: str, chance: random.Random) -> list[str]:
    """Half of the sentences."""
    sentences = SENTENCE.findall(body)
    return chance.sample(sentences, (len(sentences) + 1) // 2)


def renamed(text: str, places: Sequence[str], chance: random.Random) -> str:
    """The same wording with other places and figures."""
    moved = PLACE.sub(lambda _: chance.choice(places), text)
    return FIGURE.sub(lambda found: str(chance.randrange(10 ** (len(found[0]) - 1), 10 ** len(found[0]))), moved)


def write_articles(texts: Iterator[str], folder: Path, first: int, last: int) -> int:
    """Write the articles up to a number as files, in folders of a thousand; gives their characters."""
    characters = 0
    for number, text in zip(range(first, last), texts, strict=False):
        place = folder / f"{number // IN_A_FOLDER:04}"
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{number:07}.txt").write_text(text, encoding="utf-8")
        characters += len(text)
    return characters


# --- runs


class Row(NamedTuple):
    """A size: its articles and characters, what one process and two took, and how many articles repeat another."""

    articles: int
    characters: int
    one: Cost
    two: Cost
    repeated: int


class Resumed(NamedTuple):
    """Seconds until a run was killed, articles done by then, seconds of the run that went on, and whether all bytes agree."""

    before: float
    done: int
    after: float
    agree: bool


def command_of(articles: Path, out: Path, options: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "jianbao.pipeline", "run", str(articles), "--out", str(out), *options]


def record_of(out: Path) -> Mapping[str, Any]:
    """What the run says of itself; nothing before it says anything."""
    with suppress(OSError, ValueError):
        found: Mapping[str, Any] = json.loads((out / "run.json").read_text(encoding="utf-8"))
        return found
    return {}


def digests_of(out: Path) -> dict[str, bytes]:
    """A digest of each table."""
    return {path.name: blake2b(path.read_bytes()).digest() for path in sorted(out.glob("*.csv"))}


class Bench:
    """The runs over one folder of articles that grows."""

    def __init__(self, place: Path, options: Sequence[str], deadline: float) -> None:
        self.articles, self._out, self._options, self._deadline = place / "articles", place / "out", options, deadline
        self.digests: dict[str, bytes] = {}

    def row(self, size: int, characters: int) -> Row:
        """Both runs over all articles that there are."""
        one = self._cost(ONE)
        repeated = record_of(self._out).get("repeated", 0)
        first = digests_of(self._out)
        two = self._cost(TWO)
        self.digests = digests_of(self._out)
        if first != self.digests:
            raise SystemExit("one process and two give different tables")
        tell(f"{size:,} articles: {one.seconds:.1f} s by one process, {two.seconds:.1f} s by two")
        return Row(size, characters, one, two, repeated)

    def resumed(self, size: int) -> Resumed:
        """The last run again, killed at half, then given again.

        Raises:
            FailedError: where it was done before it could be killed, or failed.
        """
        shutil.rmtree(self._out, ignore_errors=True)
        command, started, killed = command_of(self.articles, self._out, (*TWO, *self._options)), time.monotonic(), []

        def at_half() -> str:
            if record_of(self._out).get("read", 0) * 2 < size:
                return ""
            killed.append(time.monotonic() - started)
            return "at half"

        with suppress(FailedError):
            cost_of(command, self._deadline, at_half)
        done = record_of(self._out)
        if not killed or done.get("state") == "done":
            raise FailedError("the run was not killed at half")
        after = cost_of(command, self._deadline)
        return Resumed(killed[0], done.get("read", 0), after.seconds, digests_of(self._out) == self.digests)

    def _cost(self, options: Sequence[str]) -> Cost:
        shutil.rmtree(self._out, ignore_errors=True)
        return cost_of(command_of(self.articles, self._out, (*options, *self._options)), self._deadline)


# --- what is told


def slope(rows: Sequence[tuple[float, float]]) -> float:
    """The b of y ~ x^b by least squares.

    >>> round(slope([(1, 2), (10, 20), (100, 200)]), 3)
    1.0
    """
    logs = [(math.log(x), math.log(y)) for x, y in rows]
    middle, mean = (sum(values) / len(logs) for values in zip(*logs, strict=True))
    return sum((x - middle) * (y - mean) for x, y in logs) / sum((x - middle) ** 2 for x, _ in logs)


def picture(curve: Sequence[float]) -> str:
    """A curve of MB a second as text."""
    top = max(curve)
    columns = min(WIDTH, len(curve))
    edges = [len(curve) * number // columns for number in range(columns + 1)]
    most = [max(curve[start:end]) for start, end in pairwise(edges)]
    lines = []
    for level in range(HEIGHT, 0, -1):
        label = f"{top * level / HEIGHT:6.0f} MB" if level in (HEIGHT, HEIGHT // 2) else " " * 9
        lines.append(
            f"{label} |" + "".join("#" if value > top * (level - 1) / HEIGHT else " " for value in most).rstrip()
        )
    return "\n".join([*lines, " " * 10 + "+" + "-" * columns, f"{'':11}0{f'{len(curve)} s':>{columns - 1}}"])


# What is said, in English and in Chinese.
TEXTS: Mapping[str, tuple[Any, Any]] = {
    "lead": (
        "`jianbao run{options}` from start to tables, {python}, {cores} cores. The first {news:,} articles are news; the others are made of their sentences with other places and figures, so that they repeat nothing ({repeated:,} of {articles:,} were found to repeat another).",
        "`jianbao run{options}` 从启动到写完表格，{python}，{cores} 核。前 {news:,} 篇为真实新闻，其余由其句子重组、换地名与数字而成，互不重复（{articles:,} 篇中有 {repeated:,} 篇被判为重复）。",
    ),
    "head": (
        ("articles", "million characters", "1 process, s", "articles a second", "peak memory, MB", "2 processes, s", "articles a second", "times 1 process", "peak memory, MB"),
        ("篇数", "百万字", "1 进程，秒", "篇每秒", "内存峰值 MB", "2 进程，秒", "篇每秒", "为 1 进程的倍数", "内存峰值 MB"),
    ),
    "slope": (
        "Seconds grow as articles^{one:.2f} by one process and as articles^{two:.2f} by two over the sizes from {upper:,} (1 is linear); seconds for each further 1,000 articles, from size to size: {ones}; {twos}. Memory from {first:,} to {last:,} articles {all_one:+.0f} MB by one process and {all_two:+.0f} MB by two; from {before:,} to {last:,} {end_one:+.0f} MB and {end_two:+.0f} MB.",
        "自 {upper:,} 篇起，用时随篇数的 {one:.2f} 次方（1 进程）与 {two:.2f} 次方（2 进程）增长（1 为线性）；各档之间每多 1,000 篇所需秒数：{ones}；{twos}。内存从 {first:,} 到 {last:,} 篇，1 进程 {all_one:+.0f} MB，2 进程 {all_two:+.0f} MB；从 {before:,} 到 {last:,} 篇，{end_one:+.0f} MB 与 {end_two:+.0f} MB。",
    ),
    "curve": (
        "Memory of both processes and the one that leads them over the {articles:,} articles:",
        "处理 {articles:,} 篇时两个工作进程与主进程的内存合计：",
    ),
    "resumed": (
        "Killed with {done:,} of {articles:,} articles done, after {before:.1f} s, then called again: {after:.1f} s, {total:.1f} s together where the undisturbed run took {whole:.1f} s; the tables are {agree}.",
        "完成 {articles:,} 篇中的 {done:,} 篇（{before:.1f} 秒）时强行终止，再次运行同一命令：{after:.1f} 秒，合计 {total:.1f} 秒，未中断时为 {whole:.1f} 秒；表格{agree}。",
    ),
    "agree": (
        ("NOT THE SAME", "the same bytes"),
        ("不一致", "逐字节相同"),
    ),
    "unknown": (
        "A run that is resumed was not measured.",
        "未测续跑。",
    ),
}  # fmt: skip


def report(rows: Sequence[Row], resumed: Resumed | None, news: int, options: Sequence[str], language: str) -> str:
    """All that was measured, in a language, `en` or `zh`."""
    words, last = {name: both[language == "zh"] for name, both in TEXTS.items()}, rows[-1]
    lead = str(words["lead"]).format(
        options="".join(f" {option}" for option in options),
        python=f"CPython {platform.python_version()}",
        cores=os.cpu_count(),
        news=min(news, last.articles),
        repeated=last.repeated,
        articles=last.articles,
    )
    pieces = [lead, markdown(tuple(words["head"]), map(cells, rows))]
    if len(rows) > 1:
        pieces.append(str(words["slope"]).format(**slopes(rows)))
    if last.two.curve:
        pieces += [str(words["curve"]).format(articles=last.articles), f"```text\n{picture(last.two.curve)}\n```"]
    return "\n\n".join([*pieces, resumption(last, resumed, words)])


def cells(row: Row) -> tuple[str, ...]:
    one, two = row.one, row.two
    return (
        f"{row.articles:,}",
        f"{row.characters / 1e6:.2f}",
        *(f"{one.seconds:.1f}", f"{row.articles / one.seconds:.0f}", f"{one.memory:.0f}"),
        *(f"{two.seconds:.1f}", f"{row.articles / two.seconds:.0f}", f"{one.seconds / two.seconds:.2f}"),
        f"{two.memory:.0f}",
    )


def slopes(rows: Sequence[Row]) -> dict[str, object]:
    """How time and memory grow."""
    upper, first, before, last = rows[-3:], rows[0], rows[-2], rows[-1]
    return {
        "upper": upper[0].articles,
        "first": first.articles,
        "before": before.articles,
        "last": last.articles,
        "one": slope([(row.articles, row.one.seconds) for row in upper]),
        "two": slope([(row.articles, row.two.seconds) for row in upper]),
        "ones": steps([(row.articles, row.one.seconds) for row in rows]),
        "twos": steps([(row.articles, row.two.seconds) for row in rows]),
        "all_one": last.one.memory - first.one.memory,
        "all_two": last.two.memory - first.two.memory,
        "end_one": last.one.memory - before.one.memory,
        "end_two": last.two.memory - before.two.memory,
    }


def steps(rows: Sequence[tuple[float, float]]) -> str:
    """Seconds for each thousand articles more.

    >>> steps([(1000, 2), (3000, 3), (10_000, 10)])
    '0.50, 1.00'
    """
    return ", ".join(f"{1000 * (more - some) / (many - few):.2f}" for (few, some), (many, more) in pairwise(rows))


def resumption(last: Row, resumed: Resumed | None, words: Mapping[str, str | tuple[str, ...]]) -> str:
    if resumed is None:
        return str(words["unknown"])
    return str(words["resumed"]).format(
        done=resumed.done,
        articles=last.articles,
        before=resumed.before,
        after=resumed.after,
        total=resumed.before + resumed.after,
        whole=last.two.seconds,
        agree=words["agree"][resumed.agree],
    )


def write_curve(path: Path, curve: Sequence[float]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("second", "megabytes"))
        rows.writerows((second, round(held, 1)) for second, held in enumerate(curve))


def grown(bench: Bench, texts: Iterator[str], sizes: Sequence[int], deadline: float) -> Iterator[Row]:
    """The rows; a size that would not end in time is left out."""
    before, characters, taken = 0, 0, 0.0
    for size in sizes:
        if time.monotonic() + taken * size / max(before, 1) > deadline:
            tell(f"no time for {size:,} articles")
            return
        began = time.monotonic()
        characters += write_articles(texts, bench.articles, before, size)
        try:
            yield bench.row(size, characters)
        except FailedError as error:
            tell(f"{size:,} articles: {error}")
            return
        before, taken = size, time.monotonic() - began


def resumption_of(bench: Bench, size: int) -> Resumed | None:
    """The run that is killed and resumed; None where that could not be measured, which is told."""
    try:
        return bench.resumed(size)
    except FailedError as error:
        tell(f"resumption: {error}")
        return None


def main() -> None:
    parser = argparse.ArgumentParser(description="seconds and memory of jianbao run by the number of articles")
    parser.add_argument("news", type=Path)
    parser.add_argument("--quick", action="store_true", help="a tenth of each size")
    parser.add_argument("--no-models", action="store_true", help="rules alone")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="no size begins that would end later")
    parser.add_argument("--curve", type=Path, metavar="FILE", help="write the memory curve as CSV")
    parser.add_argument("--out", type=Path, action="append", default=[], metavar="FILE", help="write between its marks")
    arguments = parser.parse_args()
    check_marks(arguments.out, "scaling")
    options = ("--no-models",) if arguments.no_models else ()
    step = 10 if arguments.quick else 1
    sizes = [size // step for size in SIZES]
    deadline = time.monotonic() + 60 * arguments.minutes
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name), options, deadline)
        rows = list(grown(bench, articles_of(arguments.news, step), sizes, deadline))
        if not rows:
            raise SystemExit("nothing was measured")
        resumed = resumption_of(bench, rows[-1].articles)
    news = sum(1 for _ in islice(texts_of(arguments.news), 0, None, step))
    if arguments.curve:
        write_curve(arguments.curve, rows[-1].two.curve)
    for file in arguments.out:
        write_between(file, "scaling", report(rows, resumed, news, options, language_of(file)))
    print(report(rows, resumed, news, options, "en"))


if __name__ == "__main__":
    main()
