"""How well and how fast repeats are found, as Markdown tables: recall and precision by kind of change, speed, memory.

    python tests/benchmarks/repeats.py [--articles 100000] [--news FILE.jsonl.gz]

Base texts are the news of `--news` (rows with `text`), else made sentences. Each tenth is changed in a known way; what
the index names besides is counted as false. `datasketch` and `rensa` (where installed) judge the same texts by MinHash
over the same letters. For speed the base is multiplied: each copy in characters of its own, so that none repeats another.
"""

# pyright: reportMissingImports=false, reportAttributeAccessIssue=false, reportArgumentType=false
# The peers are installed by who compares.

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from jianbao.corpus.body import body_spans
from jianbao.corpus.gist import gist_of
from jianbao.corpus.repeats import Repeats
from jianbao.corpus.script import fold

NEWS = Path(__file__).parents[3] / "shared" / "texts" / "news_2022_2024.jsonl.gz"
SENTENCE = re.compile(r"[^。！？]+[。！？]?")
WORDS: list[str] = re.findall("..", "走访慰问侨眷企业乡村项目服务群众调解活动志愿联谊投资捐赠助学培训就业医疗讲座座谈")
PLACES = re.compile(r"[\u4e00-\u9fff]{2}[省市县区镇乡村]")


class Made(NamedTuple):
    """A text of the corpus; `truth` is the id of the one that it repeats, '' where it repeats none."""

    id: str
    text: str
    change: str = ""
    truth: str = ""


def news(path: Path) -> list[str]:
    """Texts of the news that are long enough to compare, each once; made ones where there is no such file."""
    if not path.exists():
        return made_texts(4000)
    with gzip.open(path, "rt", encoding="utf-8") as file:
        texts = dict.fromkeys(str(json.loads(line)["text"]) for line in file)
    return [text for text in texts if len(text) >= 150]


def made_texts(count: int) -> list[str]:
    chance = random.Random(7)

    def sentence() -> str:
        return "".join(chance.choices(WORDS, k=9)) + f"{chance.randrange(2, 9000)}人次。"

    return ["".join(sentence() for _ in range(chance.randrange(6, 30))) for _ in range(count)]


def retyped(text: str, chance: random.Random, _: str) -> str:
    return text.replace("，", ", ").replace("“", '"').replace("1", "１").replace("。", "。\n　　")


def reposted(text: str, chance: random.Random, _: str) -> str:
    return f"首页 > 要闻\n2024-05-06 来源：某某网\n编者按：现予转载，供各地参考。\n{text}\n责任编辑：某某\n浏览次数：{chance.randrange(9999)}"


def rewritten(text: str, chance: random.Random, _: str) -> str:
    """One sentence in twelve dropped, a word in one of four sentences exchanged."""
    kept = [part for part in SENTENCE.findall(text) if chance.random() > 1 / 12]
    return "据介绍，" + "".join(exchanged(part, chance) if chance.random() < 0.25 else part for part in kept)


def exchanged(sentence: str, chance: random.Random) -> str:
    places = [found.start() for found in re.finditer(r"[\u4e00-\u9fff]{2}(?![省市县区镇乡村])", sentence)]
    place = chance.choice(places or [0])
    return sentence[:place] + chance.choice(WORDS) + sentence[place + 2 :]


def excerpt(text: str, chance: random.Random, _: str) -> str:
    parts = SENTENCE.findall(text)
    size = max(3, len(parts) * 2 // 5)
    first = chance.randrange(max(1, len(parts) - size))
    return "".join(parts[first : first + size])


def refilled(text: str, chance: random.Random, _: str) -> str:
    """The same template of another county: all figures and names of places are others."""
    other = "".join(chance.choices("临安富阳桐庐建德淳余杭萧山", k=2))
    return refigured(PLACES.sub(lambda found: other + found.group()[-1], text), chance, "")


def refigured(text: str, chance: random.Random, _: str) -> str:
    """The same template in another year: all figures are others."""
    return re.sub(r"\d+", lambda found: str(chance.randrange(2, 10 ** len(found.group()) + 9)), text)


def led(text: str, chance: random.Random, other: str) -> str:
    """Another article behind the same lead."""
    return "".join(SENTENCE.findall(text)[:2]) + other


def quoting(text: str, chance: random.Random, other: str) -> str:
    """Another article that quotes two sentences."""
    parts = SENTENCE.findall(text)
    place = chance.randrange(max(1, len(parts) - 2))
    return other[: len(other) // 2] + "".join(parts[place : place + 2]) + other[len(other) // 2 :]


CHANGES: dict[str, tuple[Callable[[str, random.Random, str], str], bool]] = {
    "retyped": (retyped, True),
    "re-posted": (reposted, True),
    "rewritten": (rewritten, True),
    "excerpt": (excerpt, True),
    "other county": (refilled, False),
    "other year": (refigured, False),
    "same lead": (led, False),
    "quotation": (quoting, False),
}


def corpus(texts: list[str]) -> list[Made]:
    """The texts, half of them with a changed copy behind or before them, and digests of three each."""
    chance = random.Random(5)
    base, spare = texts[: len(texts) * 2 // 3], texts[len(texts) * 2 // 3 :]
    spares = iter(spare)
    made: list[Made] = []
    names = [*CHANGES, "digest"]
    for number, text in enumerate(base):
        change = names[number % len(names)]
        made.append(
            Made(f"{number}", text, "digested" if change == "digest" else "", f"{number}d" * (change == "digest"))
        )
        if change == "digest":
            made.append(Made(f"{number}d", "\n".join([text, next(spares), next(spares)]), "digest"))
        else:
            make, repeats = CHANGES[change]
            if change in ("other county", "other year") and len(re.findall(r"\d+", text)) < 3:
                continue
            other = next(spares) if change in ("same lead", "quotation") else ""
            made.append(Made(f"{number}c", make(text, chance, other), change, f"{number}" * repeats))
    return made


Finder = Callable[[Iterable[Made]], dict[str, str]]


def ours(made: Iterable[Made]) -> dict[str, str]:
    with Repeats() as repeats:
        for item in made:
            repeats.add(item.id, item.text, body_spans(item.text, ""))
        return {name: verdict.of for name, verdict in repeats.verdicts().items()}


def shingles(text: str) -> list[bytes]:
    gist = gist_of(text)
    return [gist[place : place + 5].encode() for place in range(len(gist) - 4)]


def by_datasketch(made: Iterable[Made]) -> dict[str, str]:
    from datasketch import MinHash, MinHashLSH

    index, found = MinHashLSH(threshold=0.5, num_perm=128), {}
    for item in made:
        sketch = MinHash(128)
        sketch.update_batch(shingles(item.text))
        if earlier := index.query(sketch):
            found[item.id] = min(earlier)
        else:
            index.insert(item.id, sketch)
    return found


def by_rensa(made: Iterable[Made]) -> dict[str, str]:
    from rensa import RMinHash, RMinHashLSH

    index, ids, found = RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32), [], {}
    for number, item in enumerate(made):
        ids.append(item.id)
        sketch = RMinHash(num_perm=128, seed=1)
        sketch.update([piece.decode() for piece in shingles(item.text)])
        if earlier := index.query(sketch):
            found[item.id] = ids[min(earlier)]
        else:
            index.insert(number, sketch)
    return found


def judged(made: list[Made], found: dict[str, str]) -> Iterator[str]:
    """A row for each change: repeats found of those there are; for texts that repeat nothing, how many were named."""
    total, right, named = Counter[str](), Counter[str](), Counter[str]()
    for item in made:
        total[item.change] += 1
        right[item.change] += bool(item.truth) and found.get(item.id) == item.truth
        named[item.change] += item.id in found
    true = sum(right.values())
    for change in sorted(total):
        yield f"| {change or 'untouched'} | {total[change]} | {named[change]} | {right[change]} |"
    wanted = sum(bool(item.truth) for item in made)
    yield f"| **recall {true / wanted:.4f}, precision {true / max(1, sum(named.values())):.4f}** | | | |"


def many(texts: list[str], count: int) -> Iterator[Made]:
    """As many articles: the texts again and again, each time in other characters; each twentieth is posted again."""
    han = sorted({character for text in texts for character in fold(text) if "一" <= character <= "鿿"})
    number = 0
    while number < count:
        mixed = random.Random(number).sample(han, len(han))
        table = str.maketrans(dict(zip(han, mixed, strict=True)))
        for text in islice(texts, count - number):
            made = text.translate(table) if number else text
            yield Made(f"{number}", made)
            number += 1
            if number % 20 == 0:
                yield Made(f"{number}again", f"首页\n{made}\n责任编辑：某某")


def measure_speed(texts: list[str], count: int) -> str:
    spent, characters, again = 0.0, 0, 0
    with Repeats() as repeats:
        for item in many(texts, count):
            start = time.process_time()
            repeats.add(item.id, item.text)
            spent += time.process_time() - start
            characters += len(item.text)
            again += item.id.endswith("again")
        added, start = spent, time.process_time()
        found = repeats.verdicts()
        spent += time.process_time() - start
    right = sum(name.endswith("again") for name in found)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"{count} articles, {characters / 1e6:.1f} M characters: {characters / spent / 1e6:.2f} M characters/s"
        f" (added {added:.1f} s, verdicts {spent - added:.1f} s), peak memory of the process {memory:.0f} MB,"
        f" {right} of {again} re-posts found, {len(found) - right} others named"
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--news", type=Path, default=NEWS)
    parser.add_argument("--peers", nargs="*", default=["datasketch", "rensa"])
    arguments = parser.parse_args()
    texts = news(arguments.news)
    print(measure_speed(texts, arguments.articles), end="\n\n")
    made = corpus(texts)
    peers: dict[str, Finder] = {"datasketch": by_datasketch, "rensa": by_rensa}
    finders: dict[str, Finder] = {"jianbao": ours} | {name: peers[name] for name in arguments.peers}
    for name, find in finders.items():
        start = time.process_time()
        try:
            found = find(made)
        except ImportError:
            print(f"{name} is not installed")
            continue
        seconds = time.process_time() - start
        speed = sum(len(item.text) for item in made) / seconds / 1e6
        print(f"{name}: {speed:.2f} M characters/s\n\n| change | texts | named | right |\n| --- | --- | --- | --- |")
        print("\n".join(judged(made, found)), end="\n\n")


if __name__ == "__main__":
    main()
