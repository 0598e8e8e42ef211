"""Parts of earlier runs in, what of them still holds out: the rows of articles that did not change, beside new ones of the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from .batches import Part, Share, Tally
from .tables import COLUMNS


class Kept(NamedTuple):
    """An article's share and its rows of each table, as CSV, in the order of `COLUMNS`."""

    share: Share
    texts: tuple[str, ...]


def kept_of(shares: Iterable[Share], tables: Sequence[str]) -> dict[str, Kept]:
    """The articles of a part by their key; `tables` are its tables in the order of `COLUMNS`."""
    found: dict[str, Kept] = {}
    at = [0] * len(tables)
    for share in shares:
        ends = [begin + size for begin, size in zip(at, share.sizes, strict=True)]
        texts = (table[begin:end] for table, begin, end in zip(tables, at, ends, strict=True))
        found[share.key] = Kept(share, tuple(texts))
        at = ends
    return found


def woven(key: str, order: Sequence[str], kept: Mapping[str, Kept], part: Part) -> Part:
    """The part of a batch of articles in that order, out of what is kept and what was done anew."""
    done = kept_of(part.shares, [part.tables[name].decode("utf-8", "surrogatepass") for name in COLUMNS])
    every = [kept.get(name) or done[name] for name in order]
    tally = Tally()
    for each in every:
        tally.add(Tally(*each.share.tally))
    tables = [
        "".join(texts).encode("utf-8", "surrogatepass") for texts in zip(*(each.texts for each in every), strict=True)
    ]
    rows = [sum(counts) for counts in zip(*(each.share.rows for each in every), strict=True)]
    return Part(
        key,
        dict(zip(COLUMNS, tables, strict=True)),
        dict(zip(COLUMNS, rows, strict=True)),
        tally,
        part.lost,
        part.seconds,
        tuple(each.share for each in every),
    )
