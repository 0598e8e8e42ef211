"""Promises of what is written aside: a name holds all of a file or what it held before, and nothing is left beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from jianbao.pipeline import aside as module
from jianbao.pipeline.aside import aside, drop, final_of, put, rename, write


def full(_: object) -> None:
    raise OSError(28, "No space left on device")


def test_what_is_put_stands_under_its_name_alone(tmp_path: Path) -> None:
    path = tmp_path / "totals.csv"
    path.write_bytes(b"before")
    assert put(path, b"after") == path
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {"totals.csv": b"after"}


@pytest.mark.parametrize("step", ["settle", "rename"])
def test_what_cannot_be_put_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    path = tmp_path / "totals.csv"
    path.write_bytes(b"before")
    monkeypatch.setattr(module, step, full)
    with pytest.raises(OSError, match="No space left"):
        put(path, b"after")
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {"totals.csv": b"before"}


@pytest.mark.parametrize("name", ["totals.csv", "a.part.csv", "text", "坏\udcff.txt"])
def test_a_part_knows_the_name_that_it_takes(tmp_path: Path, name: str) -> None:
    part = aside(tmp_path / name)
    assert part.name != name
    assert final_of(part) == tmp_path / name
    write(part, b"whole")
    assert rename(part).read_bytes() == b"whole"
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_parts_that_are_not_there_are_dropped_without_a_word(tmp_path: Path) -> None:
    write(aside(tmp_path / "a"), b"")
    drop([aside(tmp_path / "a"), aside(tmp_path / "b"), tmp_path / "none" / "c"])
    assert not list(tmp_path.iterdir())
