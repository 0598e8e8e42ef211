"""Keys of 64 bits in, the number that was first given with each out: in some 30 bytes a key, where a dict takes two hundred."""

from __future__ import annotations

from array import array
from hashlib import blake2b

_TABLES, _BITS = 256, 8  # each grows by itself, so that there is never a copy of all
_ROOM = 16


def key_of(text: str) -> int:
    """A key for a text, the same in every process.

    >>> key_of("简报") == key_of("简报") != key_of("简讯")
    True
    """
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


class Firsts:
    """For each key the number that it was first given with.

    >>> firsts = Firsts()
    >>> [firsts.first(key_of(word), number) for number, word in enumerate("甲乙甲丙乙")]
    [0, 1, 0, 3, 1]
    >>> firsts.find(key_of("丙")), firsts.find(key_of("丁")), len(firsts)
    (3, None, 3)
    """

    def __init__(self) -> None:
        self._tables = [_Table() for _ in range(_TABLES)]

    def __len__(self) -> int:
        return sum(table.count for table in self._tables)

    def first(self, key: int, number: int) -> int:
        """The first number of a key, which is this one where the key is new."""
        return self._tables[key & _TABLES - 1].first(key or 1, number)

    def find(self, key: int) -> int | None:
        """The first number of a key."""
        return self._tables[key & _TABLES - 1].find(key or 1)


class _Table:
    """Keys in the places that their bits name, or in the next free ones; 0 is free."""

    __slots__ = ("count", "keys", "numbers")

    def __init__(self, room: int = _ROOM) -> None:
        self.keys, self.numbers, self.count = array("Q", bytes(8 * room)), array("I", bytes(4 * room)), 0

    def first(self, key: int, number: int) -> int:
        place = self._place(key)
        if self.keys[place]:
            return self.numbers[place]
        self.keys[place], self.numbers[place] = key, number
        self.count += 1
        if 3 * self.count > 2 * len(self.keys):
            self._grow()
        return number

    def find(self, key: int) -> int | None:
        place = self._place(key)
        return self.numbers[place] if self.keys[place] else None

    def _place(self, key: int) -> int:
        keys = self.keys
        last = len(keys) - 1
        place = key >> _BITS & last
        while (known := keys[place]) and known != key:
            place = place + 1 & last
        return place

    def _grow(self) -> None:
        larger = _Table(2 * len(self.keys))
        for key, number in zip(self.keys, self.numbers, strict=True):
            if key:
                larger.first(key, number)
        self.keys, self.numbers = larger.keys, larger.numbers
