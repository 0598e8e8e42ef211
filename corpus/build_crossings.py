"""Reads jieba's dictionary, gives `divisions/crossing_words.tsv`: words that run across the edges of a division's name.

    python -m jianbao.corpus.build_crossings

In 隆重庆祝 the words 隆重 and 庆祝 share the two characters of 重庆: there the text names no division. A row holds a character
of such names, the side, and the characters that make a common word with it on that side. jieba is MIT licensed.
The same version of jieba gives the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from .building import build_table
from .regions import divisions

FOLDER = Path(__file__).parent / "divisions"
OFTEN = 300
"""Counts in jieba's dictionary from which a word is common."""
_NAMES = ("ns", "nr", "nt", "nz", "t", "m", "q", "r")  # of places, persons, times; numerals and pronouns


def common_pairs() -> Iterator[str]:
    """The common words of two characters that name nothing."""
    import jieba

    for line in jieba.get_dict_file():
        word, count, kind = line.decode("utf-8").split()
        if len(word) == 2 and int(count) >= OFTEN and not kind.startswith(_NAMES):
            yield word


def build() -> str:
    """The whole table as text, a header line first."""
    names = [name for name, entry in divisions().names.items() if len(name) == 2 and entry.left == "free"]
    firsts, seconds = {name[0] for name in names}, {name[1] for name in names}
    held: dict[tuple[str, str], set[str]] = {}
    for word in common_pairs():
        if word[1] in firsts:
            held.setdefault((word[1], "left"), set()).add(word[0])
        if word[0] in seconds:
            held.setdefault((word[0], "right"), set()).add(word[1])
    lines = ["\t".join((letter, side, "".join(sorted(others)))) for (letter, side), others in sorted(held.items())]
    return "\n".join(["character\tside\tothers", *lines]) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Write the table; 2 and a usage line when the arguments are wrong, 1 where a source is missing or damaged."""
    return build_table(FOLDER / "crossing_words.tsv", build, arguments=arguments)


if __name__ == "__main__":
    sys.exit(main())
