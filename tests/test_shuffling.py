"""Promises of what is kept of many articles in little memory: tables, files and listings tell what plain dicts and lists do."""

from __future__ import annotations

import tracemalloc
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jianbao.corpus import shuffling
from jianbao.corpus.firsts import Firsts, key_of
from jianbao.corpus.imprints import Imprint
from jianbao.corpus.repeats import Repeats
from jianbao.corpus.shuffling import KEY, Column, Shuffle, Stored, groups_of, pairs_of, spans
from jianbao.corpus.sources import Listing
from jianbao.corpus.verdicts import Numbers

keys = st.integers(0, 2**64 - 1) | st.sampled_from([0, 1, 256, 512, 2**64 - 1])
given_keys = st.lists(st.tuples(st.lists(st.integers(0, KEY) | st.integers(0, 600)), st.integers(0, 2**28 - 1)))


@given(st.lists(keys))
@example([each << 8 for each in range(1, 200)] * 2)
def test_the_first_number_of_each_key_is_that_of_a_dict(given: list[int]) -> None:
    firsts, known = Firsts(), dict[int, int]()
    for number, key in enumerate(given):
        assert firsts.first(key, number) == known.setdefault(key or 256, number) if key != 256 else True
    assert all(firsts.find(key) is not None for key in given if key != 256)


@pytest.mark.parametrize("held", [3, 1 << 20])
@pytest.mark.parametrize("looked_at", [2, 1 << 20])
@given(given=given_keys, values=st.integers(0, 1 << 25))
def test_groups_are_those_of_a_dict(
    tmp_path_factory: pytest.TempPathFactory, held: int, looked_at: int, given: list[tuple[list[int], int]], values: int
) -> None:
    folder = tmp_path_factory.mktemp("shuffle") / "files"
    known = defaultdict[int, list[int]](list)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shuffling, "_HELD", held)
        patch.setattr(shuffling, "_LOOKED_AT", looked_at)
        for writer in range(2):
            with Shuffle(folder, str(writer)) as shuffle:
                for each, number in given:
                    shuffle.extend(each, number)
                    for key in each:
                        known[key].append(number)
        groups = [group for span in spans(values) for group in groups_of(folder, span)]
    assert dict(groups) == {key: numbers for key, numbers in known.items() if len(numbers) > 1}
    assert len(groups) == len(dict(groups))
    pairs = [pair for span in spans(values) for pair in pairs_of(folder, span)]
    assert sorted(pairs) == sorted({(key, number) for key, numbers in known.items() for number in numbers})


def test_spans_hold_each_part_once() -> None:
    for values in (0, 1, 70_000, 10**6, 10**9):
        assert [part for span in spans(values) for part in span] == [*range(shuffling.PARTS)]


@pytest.mark.parametrize("count", [0, 1, 5000])
def test_a_column_comes_back(tmp_path: Path, count: int) -> None:
    column = Column(tmp_path / "column", "Q")
    for number in range(count):
        column.append(number << 40)
    column.flush()
    with Stored(tmp_path / "column", "Q") as numbers:
        assert [*numbers] == [number << 40 for number in range(count)]
    column.close()


def test_a_listing_is_a_sequence_of_sources() -> None:
    listing = Listing()
    names = [f"第{number}期\n.txt" for number in range(3000)] + ["\udcff.txt"]
    for name in names:
        listing.add(name, f"简报/{name}")
    assert [source.id for source in listing] == names
    assert [str(source.path) for source in listing[-2:]] == [f"简报/{name}" for name in names[-2:]]
    assert listing[-1].id == names[-1]
    assert list(zip(listing, listing, strict=True))[-1][0] == listing[3000]
    with pytest.raises(IndexError):
        listing[3001]


def test_numbers_are_a_set_of_small_numbers() -> None:
    numbers = Numbers(5)
    numbers.add(3)
    assert (3 in numbers, 2 in numbers, len(numbers), [*numbers]) == (True, False, 1, [3])


def test_an_article_takes_tens_of_bytes_of_memory(tmp_path: Path) -> None:
    text, shingles = b"x" * 200, b"y" * 80
    with Repeats(tmp_path) as repeats:
        listing = Listing()
        tracemalloc.start()
        for number in range(30_000):
            name = f"一个相当长的文件夹名/另一个文件夹/第{number}期.txt"
            listing.add(name, name)
            repeats.take(name, Imprint(100, key_of(name), text, shingles))
        grown, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert grown < 60 * 30_000
