"""Characters a second of `jianbao run`, one process, start to tables, beside `jieba.lcut` alone on the same texts.

    python tests/benchmarks/speed.py NEWS.jsonl.gz [--rounds 3] [--no-models]

NEWS holds one JSON object a line with `date`, `title` and `text`. Both sides run as whole processes in turn in the same
run; jieba reads the texts from one file, jianbao from a folder with one file an article, as its users have them.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PEER = """
import sys, jieba
jieba.setLogLevel(60)
text = open(sys.argv[1], encoding="utf-8").read().split("\\x00")
tokenizer = jieba.Tokenizer()
print(sum(len(tokenizer.lcut(item)) for item in text))
"""


def write_articles(news: Path, folder: Path) -> int:
    """One text file an item, and all of them in one file for the peer; gives the number of characters."""
    (folder / "articles").mkdir()
    texts = []
    with gzip.open(news, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            item = json.loads(line)
            text = f"{item['title']}\n{item['date']} 来源：新闻\n{item['text']}\n"
            (folder / "articles" / f"{number:06}.txt").write_text(text, encoding="utf-8")
            texts.append(text)
    (folder / "all.txt").write_text("\x00".join(texts), encoding="utf-8")
    return sum(map(len, texts))


def seconds_of(command: list[str]) -> tuple[float, float]:
    """Wall-clock seconds and peak memory in MB of a whole process."""
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command[0]} failed with status {status}")
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description="characters a second beside jieba.lcut")
    parser.add_argument("news", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-models", action="store_true", help="rules alone")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        characters = write_articles(arguments.news, folder)
        ours = [sys.executable, "-m", "jianbao.pipeline", "run", str(folder / "articles"), "--out", str(folder / "out")]
        ours += ["--no-models"] if arguments.no_models else []
        peer = [sys.executable, "-c", PEER, str(folder / "all.txt")]
        rounds = [(seconds_of(ours), seconds_of(peer)) for _ in range(arguments.rounds)]
    for name, side in (("jianbao run", 0), ("jieba.lcut", 1)):
        taken = [pair[side][0] for pair in rounds]
        memory = max(pair[side][1] for pair in rounds)
        speed = characters / statistics.median(taken) / 1e6
        print(f"{name:12} {statistics.median(taken):7.2f} s  {speed:6.2f} M characters/s  {memory:6.0f} MB")
    ratios = sorted(pair[1][0] / pair[0][0] for pair in rounds)
    print(f"jianbao is {statistics.median(ratios):.2f} times as fast (rounds: {', '.join(f'{r:.2f}' for r in ratios)})")


if __name__ == "__main__":
    main()
