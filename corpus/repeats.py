"""Articles of a run in, those out that repeat another: the same text, a re-post with light changes, or an excerpt.

Texts are compared by their letters and figures alone. Character shingles behind certain characters (so that a part of a
text gives a part of its shingles) find pairs that may agree; the whole texts then decide, and their figures and places:
bulletins made from one template agree in wording and differ in these.

What is kept of an article lies in files, all but some thirty bytes.
"""

from __future__ import annotations

import marshal
import tempfile
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import IO, Protocol, TypeVar

from .firsts import Firsts
from .gist import Gist
from .imprints import COLUMNS, NAME_SIZE, SHINGLE_SIZE, Imprint, Index, imprint
from .recurrence import NONE, Furniture
from .repeat_steps import choose, compare, pair, part_shingles, stretches
from .shuffling import Column, spans
from .verdicts import Links, Verdicts, judged

_Given = TypeVar("_Given")
_Told = TypeVar("_Told")


class Each(Protocol):
    """What does a function for each of several arguments: `map`, or processes."""

    def __call__(self, function: Callable[[_Given], _Told], given: Iterable[_Given], /) -> Iterable[_Told]: ...


def in_turn(function: Callable[[_Given], _Told], given: Iterable[_Given], /) -> Iterable[_Told]:
    """One after the other, in this process."""
    return map(function, given)


class Repeats:
    """An index of a run's articles; what it holds of their texts lies in files in the folder `scratch`, by default in the
    system's one for temporary files.

    >>> lead = "区侨联走访慰问归侨侨眷三十二户，送去慰问金9.6万元，举办侨法宣传活动5场，服务群众一千二百余人次。"
    >>> text = lead + "侨商会牵头对接项目7个，协议投资3.4亿元，为侨资企业解决用工、融资等难题21件。"
    >>> with Repeats() as repeats:
    ...     numbers = repeats.add("a.txt", text), repeats.add("b.txt", text.replace("，", ", "))
    ...     repeats.verdicts()["b.txt"]
    Repeat(id='b.txt', of='a.txt', kind='same', share=1.0)
    """

    def __init__(self, scratch: Path | None = None) -> None:
        self._scratch = scratch
        self._folder = tempfile.TemporaryDirectory(prefix="repeats", dir=scratch, ignore_cleanup_errors=True)
        self._place = Path(self._folder.name)
        self._firsts = Firsts()
        self._count = self._verdicts = 0
        self._texts: IO[bytes] = (self._place / "texts").open("wb")
        self._shingles: IO[bytes] = (self._place / "shingles").open("wb")
        self._columns = {name: Column(self._place / name, kind) for name, kind in COLUMNS.items()}
        self._columns["starts"].append(0)
        self._end = 0
        self._files: list[IO[bytes] | Column] = [self._texts, self._shingles, *self._columns.values()]

    def __enter__(self) -> Repeats:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give up the files; there are no verdicts afterwards."""
        for file in self._files:
            file.close()
        self._folder.cleanup()

    def add(self, id: str, text: str | Gist, spans: Sequence[tuple[int, int]] | None = None) -> int:  # noqa: A002
        """Take the next article of the input, as `imprint` reads it; its number."""
        return self.take(id, imprint(text, spans))

    def take(self, id: str, found: Imprint) -> int:  # noqa: A002
        """Take the next article of the input; its number."""
        number = self._count
        self._count += 1
        first = self._firsts.first(found.key, number) if found.key else number
        text, shingles = (found.text, found.shingles) if first == number else (b"", b"")
        name = id.encode("utf-8", "surrogatepass")
        self._texts.write(b"%b%b%b" % (len(name).to_bytes(NAME_SIZE, "little"), name, text))
        self._shingles.write(shingles)
        self._end += NAME_SIZE + len(name) + len(text)
        columns = self._columns
        columns["starts"].append(self._end)
        columns["letters"].append(found.letters)
        columns["sampled"].append(len(shingles) // SHINGLE_SIZE)
        columns["firsts"].append(first)
        return number

    def verdicts(self, furniture: Furniture = NONE, each: Each = in_turn) -> Verdicts:
        """The repeats; what is not named repeats nothing. Lines of `furniture` do not count. The work is done by `each`."""
        for file in self._files:
            file.flush()
        self._verdicts += 1
        place = self._place / f"verdicts-{self._verdicts}"
        place.mkdir()
        (place / "furniture").write_bytes(marshal.dumps([*furniture.keys]))
        links = Links(self._count)
        for found in self._near(place, each):
            for repeat, original, share in found:
                links.add(repeat, original, share)
        with Index(self._place) as index:
            return judged(index, links, Verdicts(self._scratch, self._count))

    def _near(self, place: Path, each: Each) -> Iterable[list[tuple[int, int, float]]]:
        """Repeats in part, their originals and the shares, found in steps of which each needs all of the one before."""
        _all(each(partial(part_shingles, place), stretches(self._place)))
        parts = spans(self._shingles.tell() // SHINGLE_SIZE)
        _all(each(partial(pair, place), parts))
        _all(each(partial(choose, place), parts))
        return each(partial(compare, place), parts)


def _all(steps: Iterable[object]) -> None:
    for _ in steps:
        pass
