"""Articles in, what of them is compared out: letters and sampled shingles, and the files in which those of a run lie."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Literal, NamedTuple

from .firsts import key_of
from .gist import Gist
from .likeness import encoded, keys_of, sample_of
from .recurrence import Furniture
from .shuffling import Stored

# Texts with fewer letters are compared for equality only; bodies with fewer than the second only with all around them.
SHORT = 60
_TINY = 20
NAME_SIZE = 4  # bytes that say how long a name is
SHINGLE_SIZE = 8  # bytes of a shingle
# Files of a number for each article: where its text ends, how many letters and shingles it has, the first that equals it.
COLUMNS: dict[str, Literal["I", "Q"]] = {"starts": "Q", "letters": "I", "sampled": "I", "firsts": "I"}


class Imprint(NamedTuple):
    """What of an article is compared: how many letters its body has, a key of all of them (0 where there are none), the
    letters line by line, and its sampled shingles; the last two are empty where it is compared for equality only."""

    letters: int
    key: int
    text: bytes
    shingles: bytes


def imprint(text: str | Gist, spans: Sequence[tuple[int, int]] | None = None) -> Imprint:
    """The imprint of an article, its text or the gist of that; `spans` are its body, the whole text without them."""
    known = text if isinstance(text, Gist) else Gist(text)
    lined = known.lined if spans is None else known.within(spans)
    gist = lined.replace("\n", "")
    whole = gist if len(gist) >= _TINY else known.whole()
    key = key_of(whole) or 1 if whole else 0
    if len(gist) < SHORT:
        return Imprint(len(gist), key, b"", b"")
    return Imprint(len(gist), key, encoded(lined), array("Q", keys_of(sample_of(gist))).tobytes())


class Index:
    """The files of what is known of all articles, open to be read; a context manager."""

    def __init__(self, place: Path) -> None:
        self._stack = ExitStack()
        self._texts: IO[bytes] = self._stack.enter_context((place / "texts").open("rb"))
        self._starts, self.letters, self.sampled, self.firsts = (
            self._stack.enter_context(Stored(place / name, kind)) for name, kind in COLUMNS.items()
        )

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def id(self, number: int) -> str:
        """The name of an article."""
        self._texts.seek(self._starts[number])
        size = int.from_bytes(self._texts.read(NAME_SIZE), "little")
        return self._texts.read(size).decode("utf-8", "surrogatepass")

    def wording(self, number: int, furniture: Furniture) -> str:
        """An article's letters without the lines of furniture, or with them where little else is left."""
        start, end = self._starts[number], self._starts[number + 1]
        self._texts.seek(start)
        data = self._texts.read(end - start)
        text = data[NAME_SIZE + int.from_bytes(data[:NAME_SIZE], "little") :]
        lines = text.decode("utf-16-le", "surrogatepass").split("\n")
        own = "".join([line for line in lines if not furniture.holds_gist(line)])
        return own if len(own) >= SHORT else "".join(lines)
