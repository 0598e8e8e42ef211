"""Keys with numbers in, the same out in parts by the key: they lie in files, which several processes may write and read."""

from __future__ import annotations

import mmap
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Literal

PARTS, _PART_BITS = 256, 8
NUMBER_BITS = 28
_NUMBER = (1 << NUMBER_BITS) - 1
KEY = (1 << 64 - NUMBER_BITS + _PART_BITS) - 1
"""The largest key."""
_HELD = 1 << 20  # values in memory before they go to a file
_LOOKED_AT = 1 << 19  # values that are grouped at a time
_SPAN = 1 << 16  # values that are worth a span of parts of their own
_WORD = 8


class Shuffle:
    """Files of keys with a number each, those of one writer under its name; a context manager, which writes what is left."""

    def __init__(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._name = folder, name
        self._parts = [array("Q") for _ in range(PARTS)]
        self._files, self._room = 0, _HELD

    def __enter__(self) -> Shuffle:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self._spill()

    def extend(self, keys: Sequence[int], number: int) -> None:
        """Give some keys one more number."""
        parts = self._parts
        for key in keys:
            parts[key & PARTS - 1].append(key >> _PART_BITS << NUMBER_BITS | number)
        self._room -= len(keys)
        if self._room <= 0:
            self._spill()

    def _spill(self) -> None:
        """A file: where each part ends, then the parts. One that was begun by a writer that died is written again."""
        ends, end = array("Q", [0]), 0
        for part in self._parts:
            end += len(part)
            ends.append(end)
        if not end:
            return
        with (self._folder / f"{self._name}-{self._files:06}").open("wb") as file:
            ends.tofile(file)
            for part in self._parts:
                part.tofile(file)
                del part[:]
        self._files, self._room = self._files + 1, _HELD


def spans(values: int) -> list[range]:
    """The parts in spans for so many values: of few values all parts at once."""
    count = min(PARTS, max(1, values // _SPAN))
    return [range(PARTS * place // count, PARTS * (place + 1) // count) for place in range(count)]


def _values_of(folder: Path, span: range) -> list[array[int]]:
    """The values of each part of a span, writer after writer: key and number in one."""
    parts = [array("Q") for _ in span]
    for path in sorted(folder.iterdir()) if folder.exists() else ():
        with path.open("rb") as file:
            file.seek(span.start * _WORD)
            ends = array("Q", file.read((len(span) + 1) * _WORD))
            file.seek((PARTS + 1 + ends[0]) * _WORD)
            data = memoryview(file.read((ends[-1] - ends[0]) * _WORD))
        for place, part in enumerate(parts):
            part.frombytes(data[(ends[place] - ends[0]) * _WORD : (ends[place + 1] - ends[0]) * _WORD])
    return parts


def pairs_of(folder: Path, span: range) -> Iterator[tuple[int, int]]:
    """Each key of some parts with each number that it was given, once."""
    for part, values in zip(span, _values_of(folder, span), strict=True):
        for value in sorted(set(values)):
            yield (value >> NUMBER_BITS) * PARTS + part, value & _NUMBER


def groups_of(folder: Path, span: range) -> Iterator[tuple[int, list[int]]]:
    """Each key of some parts that was given more than once, with its numbers in the order in which they were given."""
    for part, values in zip(span, _values_of(folder, span), strict=True):
        slices = len(values) // _LOOKED_AT + 1
        for place in range(slices):
            few = values if slices == 1 else [value for value in values if (value >> NUMBER_BITS) % slices == place]
            for key, numbers in _met_again(few):
                yield key * PARTS + part, numbers


def _met_again(values: Iterable[int]) -> Iterable[tuple[int, list[int]]]:
    """The keys that stand in several values, each with the numbers beside it; most keys are met once."""
    once: dict[int, int] = {}
    again: dict[int, list[int]] = {}
    for value in values:
        key = value >> NUMBER_BITS
        if key not in once:
            once[key] = value & _NUMBER
        elif key in again:
            again[key].append(value & _NUMBER)
        else:
            again[key] = [once[key], value & _NUMBER]
    return again.items()


class Column:
    """Numbers of one kind in a file, in the order in which they are added; `kind` is their type as `array` names it."""

    def __init__(self, path: Path, kind: str) -> None:
        self.path = path
        self._recent = array(kind)
        self._file: IO[bytes] = path.open("wb")

    def append(self, number: int) -> None:
        self._recent.append(number)
        if len(self._recent) >= 4096:
            self.flush()

    def flush(self) -> None:
        """What was added stands in the file."""
        self._recent.tofile(self._file)
        del self._recent[:]
        self._file.flush()

    def close(self) -> None:
        self._file.close()


class Stored:
    """The numbers of a `Column`, read where they lie; a context manager."""

    def __init__(self, path: Path, kind: Literal["I", "Q"]) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if path.stat().st_size else None
        self.numbers: memoryview[int] = memoryview(self._map or b"").cast(kind)

    def __enter__(self) -> memoryview[int]:
        return self.numbers

    def __exit__(self, *_: object) -> None:
        self.numbers.release()
        if self._map is not None:
            self._map.close()
