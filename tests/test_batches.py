"""Promises of batches and their parts: few are done again where little changed, damaged ones are, and each is logged."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from jianbao.corpus.errors import InputError, OutputError
from jianbao.corpus.limits import Limits
from jianbao.corpus.reading import Reading
from jianbao.corpus.segmenters import PKUSEG_FILES, Segmentation
from jianbao.pipeline import batches as batches_module
from jianbao.pipeline.batches import Batch, Part, Tally, Task, joined
from jianbao.pipeline.engines import serial
from jianbao.pipeline.extraction import Pipeline
from jianbao.pipeline.journal import LOG, Journal, Pace
from jianbao.pipeline.parts import FOLDER, Parts
from jianbao.pipeline.progress import Rate
from jianbao.pipeline.run import run
from jianbao.pipeline.spool import Record
from jianbao.pipeline.tables import COLUMNS
from made_troubles import (
    COMMAND,
    SMALL,
    Troubled,
    bulletin,
    corpus,
    environment,
    events,
    redone,
    tables,
    told,
)

pytestmark = pytest.mark.usefixtures("small_batches")
posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX system")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the inputs of a run in `in` and what it made of them in `out`."""
    folder = tmp_path_factory.mktemp("batches")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches_module, "ONE_IN", SMALL[0])
        patch.setattr(batches_module, "MOST", SMALL[1])
        run(corpus(folder / "in", 150), folder / "out", engine=serial)
    return folder


@pytest.fixture
def place(first: Path, tmp_path: Path) -> Path:
    """A copy of it to change."""
    shutil.copytree(first, tmp_path / "place")
    return tmp_path / "place"


def again(place: Path, **how: object) -> int:
    """Run again; how many parts were done. The tables are those of a run that had no earlier one."""
    run(place / "in", place / "out", engine=serial, **how)  # type: ignore[arg-type]
    count = redone(place / "out")
    run(place / "in", place / "afresh", engine=serial, **how)  # type: ignore[arg-type]
    assert tables(place / "out") == tables(place / "afresh")
    return count


def count_of(place: Path) -> int:
    return len(list((place / "out" / FOLDER).glob("*.json")))


# What is done again.


def test_nothing_is_done_again_where_nothing_changed(place: Path) -> None:
    assert again(place) == 0
    assert count_of(place) > 15


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "0071.txt").write_text(bulletin(900), encoding="utf-8"),
        lambda folder: (folder / "0071a.txt").write_text(bulletin(901), encoding="utf-8"),
        lambda folder: (folder / "0071.txt").unlink(),
        lambda folder: (folder / "0000a.txt").write_text(bulletin(902), encoding="utf-8"),
    ],
    ids=["changed", "inserted", "removed", "inserted in front"],
)
def test_of_a_change_of_one_article_few_batches_are_done_again(place: Path, change: Callable[[Path], object]) -> None:
    change(place / "in")
    assert 1 <= again(place) <= count_of(place) / 4


def test_parts_that_no_batch_has_any_more_go(place: Path) -> None:
    for number in range(50, 150):
        (place / "in" / f"{number:04}.txt").unlink()
    before = count_of(place)
    again(place)
    names = {path.name for path in (place / "out" / FOLDER).iterdir()}
    assert count_of(place) < before / 2
    assert len(names) == count_of(place) * (1 + len(COLUMNS))


def test_all_is_done_again_where_that_is_asked_or_rules_changed(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    every = count_of(place)
    assert again(place, earlier="ignored") == every
    assert again(place, pipeline=Pipeline(models=False)) == every
    monkeypatch.setattr("jianbao.pipeline.record.fingerprint", lambda: "other rules")
    assert again(place) == every


@pytest.mark.parametrize("changed", ["words.txt", *(f"model/{name}" for name in PKUSEG_FILES)])
def test_all_is_done_again_where_a_file_of_the_segmenter_has_other_content(tmp_path: Path, changed: str) -> None:
    """Rules alone ask no segmenter: the files are compared and need not be those of a real one."""
    (tmp_path / "model").mkdir()
    files = [tmp_path / "words.txt", *(tmp_path / "model" / name for name in PKUSEG_FILES)]
    for path in files:
        path.write_bytes("侨助工坊\n".encode())
    corpus(tmp_path / "in", 30)

    def done() -> tuple[int, int]:
        segmentation = Segmentation("pkuseg", tmp_path / "model", tmp_path / "words.txt")
        run(tmp_path / "in", tmp_path / "out", engine=serial, pipeline=Pipeline(False, segmentation))
        return redone(tmp_path / "out"), count_of(tmp_path)

    first, every = done()
    assert first == every > 1
    assert done() == (0, every)
    before = (tmp_path / changed).stat()
    (tmp_path / changed).write_bytes("侨捐工坊\n".encode())
    os.utime(tmp_path / changed, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert done() == (every, every)


def test_a_file_of_the_segmenter_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    segmentation = Segmentation(words=tmp_path / "none.txt")
    with pytest.raises(InputError, match=r"none\.txt: cannot be read: No such file"):
        run(corpus(tmp_path / "in", 3), tmp_path / "out", engine=serial, pipeline=Pipeline(False, segmentation))


def test_an_article_that_met_a_limit_is_tried_again_under_another(tmp_path: Path) -> None:
    folder = corpus(tmp_path / "in", 60)
    (folder / "0030.txt").write_text(bulletin(30, "（膨胀）"), encoding="utf-8")
    healed = False

    def swell() -> None:
        if not healed:
            raise MemoryError

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(__import__("made_troubles").TROUBLES, "膨胀", swell)
        small, large = Reading(limits=Limits(memory=1 << 28)), Reading(limits=Limits(memory=1 << 30))
        run(folder, tmp_path / "out", engine=serial, pipeline=Troubled(), reading=small)
        assert "limit memory met" in told(tmp_path / "out")["0030.txt"][1]
        healed = True
        run(folder, tmp_path / "out", engine=serial, pipeline=Troubled(), reading=small)
        assert (redone(tmp_path / "out"), told(tmp_path / "out")["0030.txt"][0]) == (0, "failed")
        run(folder, tmp_path / "out", engine=serial, pipeline=Troubled(), reading=large)
        assert (redone(tmp_path / "out"), told(tmp_path / "out")["0030.txt"]) == (1, ("ok", ""))


# Parts that were damaged.


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def rubbish(path: Path) -> None:
    path.write_bytes(bytes(number * 37 % 256 for number in range(path.stat().st_size)))


def nested(path: Path) -> None:
    path.write_bytes(b"[" * 200_000)


def one_bit(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def other_rows(path: Path) -> None:
    path.write_bytes(gzip.compress("别的\r\n".encode()))


@pytest.mark.parametrize("damage", [cut, empty, rubbish, one_bit, Path.unlink, nested, other_rows])
def test_a_part_that_was_damaged_is_done_again_and_no_other(
    first: Path, damage: Callable[[Path], object], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    shutil.copytree(first / "out", out)
    keys = sorted(path.stem for path in (out / FOLDER).glob("*.json"))
    for number, kind in enumerate(("json", *(f"{name}.csv.gz" for name in COLUMNS))):
        damage(out / FOLDER / f"{keys[number * 3]}.{kind}")
    run(first / "in", out, engine=serial)
    assert redone(out) == 1 + len(COLUMNS) < len(keys)
    assert tables(out) == tables(first / "out")


def test_a_part_that_is_damaged_while_its_run_goes_on_is_told_and_done_by_the_next(place: Path) -> None:
    (place / "in" / "0149.txt").write_text(bulletin(905), encoding="utf-8")
    before = tables(place / "out")

    def lose(_: int) -> None:
        for path in (place / "out" / FOLDER).glob("*.brands.csv.gz"):
            rubbish(path)

    with pytest.raises(OutputError, match="changed while the run went on: give the same command again"):
        run(place / "in", place / "out", engine=serial, advanced=lose)
    assert tables(place / "out") == before
    assert again(place) > 1


def test_a_part_comes_back_as_it_was_given(tmp_path: Path) -> None:
    rows = {name: f"{name},侨\ud800,\r\n".encode("utf-8", "surrogatepass") for name in COLUMNS}
    part = Part("key", rows, dict.fromkeys(COLUMNS, 1), Tally(3, 1, 1, 1, 99), ("坏\udcff.txt",), 1.5)
    store = Parts(tmp_path, "300 1")
    assert store.find("key") is None
    store.write(part)
    assert store.find("key") == (part.tally, part.rows, part.lost)
    assert Parts(tmp_path, "301 1").find("key") is None
    assert store.table("key", "brands").encode("utf-8", "surrogatepass") == rows["brands"]
    (tmp_path / FOLDER / "other.json.part").touch()
    store.sweep({"key"})
    assert len(list((tmp_path / FOLDER).iterdir())) == 1 + len(COLUMNS)
    store.sweep(())
    assert not list((tmp_path / FOLDER).iterdir())


# Pieces.


@pytest.mark.parametrize(
    ("count", "at", "sizes"),
    [(8, None, [4, 4]), (3, None, [1, 2]), (8, 5, [5, 1, 2]), (8, 0, [1, 7]), (8, 7, [7, 1]), (2, 1, [1, 1])],
)
def test_a_batch_falls_into_pieces_that_are_smaller(count: int, at: int | None, sizes: Sequence[int]) -> None:
    tasks = tuple(Task(Record(str(number), "text", b"", (), b""), None) for number in range(count))
    pieces = Batch("key", tasks).pieces(at)
    assert [len(piece.tasks) for piece in pieces] == sizes
    assert tuple(task for piece in pieces for task in piece.tasks) == tasks


def test_parts_of_pieces_are_joined_in_their_order() -> None:
    parts = [
        Part("key", dict.fromkeys(COLUMNS, text), dict.fromkeys(COLUMNS, 1), Tally(1, characters=2), (name,), 0.5)
        for text, name in ((b"a\r\n", "a"), (b"b\r\n", "b"))
    ]
    whole = joined("key", parts)
    assert set(whole.tables.values()) == {b"a\r\nb\r\n"}
    assert (whole.lost, whole.tally.read, whole.tally.characters, whole.seconds) == (("a", "b"), 2, 4, 1.0)
    assert set(whole.rows.values()) == {2}


# The log, and how fast it goes.


def test_the_log_tells_start_parts_failures_and_end(place: Path) -> None:
    (place / "in" / "0001.txt").write_text(bulletin(1, "（出错）"), encoding="utf-8")
    run(place / "in", place / "out", engine=serial, pipeline=Troubled())
    every = events(place / "out")
    record = json.loads((place / "out" / "run.json").read_text(encoding="utf-8"))
    parts = [event for event in every if event["event"] == "part"]
    assert [every[0]["event"], every[1]["event"], every[-1]["event"]] == ["start", "read", "end"]
    assert every[0]["inputs"] == [str(place / "in")]
    assert sum(part["articles"] for part in parts) == every[1]["articles"] == record["read"] == 150
    assert sum(part["characters"] for part in parts) == record["characters"] > 0
    assert sum(part["records"] for part in parts) == sum(record["rows"][name] for name in COLUMNS) - 150
    assert sum(part["seconds"] for part in parts) > 0
    failures = {event["article"]: event["message"] for event in every if event["event"] == "failed"}
    assert failures == {name: message for name, (state, message) in told(place / "out").items() if state == "failed"}
    assert "ValueError: 三" in failures["0001.txt"]
    assert every[-1]["state"] == "done"
    assert every[-1]["failed"] == record["failed"] == len(failures)


def test_the_log_is_appended_and_a_line_left_half_written_stands_alone(place: Path) -> None:
    lines = (place / "out" / LOG).read_text(encoding="utf-8").splitlines()
    with (place / "out" / LOG).open("a", encoding="utf-8") as file:
        file.write('{"event": "pa')
    run(place / "in", place / "out", engine=serial)
    after = (place / "out" / LOG).read_text(encoding="utf-8").splitlines()
    assert after[: len(lines) + 1] == [*lines, '{"event": "pa']
    assert all(json.loads(line)["event"] for line in after[len(lines) + 1 :])


def test_names_that_are_no_text_stand_in_the_log_as_json(tmp_path: Path) -> None:
    Journal(tmp_path).tell("failed", article="简报\udcff\u2028\n.txt")
    (line,) = (tmp_path / LOG).read_bytes().splitlines()
    assert json.loads(line)["article"] == "简报\udcff\u2028\n.txt"


def test_run_json_tells_how_fast_it_goes_and_how_long_it_will(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jianbao.pipeline.record._NOTE_EVERY", 0)
    seen = []

    def look(_: int) -> None:
        seen.append(json.loads((place / "out" / "run.json").read_text(encoding="utf-8")))

    run(place / "in", place / "out", engine=serial, advanced=look, earlier="ignored")
    last = json.loads((place / "out" / "run.json").read_text(encoding="utf-8"))
    assert {record["state"] for record in seen} == {"extracting"}
    assert seen[0]["seconds_left"] > 0
    for record in (*seen, last):
        assert 0 < record["articles_a_second"] < record["records_a_second"] < record["characters_a_second"]
    assert (last["state"], last["seconds_left"]) == ("done", 0)


def test_what_an_earlier_run_had_done_does_not_count_as_speed(place: Path) -> None:
    again(place)
    record = json.loads((place / "out" / "run.json").read_text(encoding="utf-8"))
    assert (record["read"], record["articles_a_second"], record["seconds_left"]) == (150, 0, 0)


def test_the_time_left_is_unknown_before_anything_is_done() -> None:
    assert Pace().told(10)["seconds_left"] is None


@posix
def test_the_bar_shows_speed_and_failures(tmp_path: Path) -> None:
    import pty

    folder = corpus(tmp_path / "in", 60)
    ours, theirs = pty.openpty()
    done = subprocess.Popen(
        [*COMMAND, "run", folder, "--out", tmp_path / "out"],
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env=environment(),
    )
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 1 << 16):
            shown += piece
    except OSError:  # Linux: the other end is closed
        pass
    finally:
        os.close(ours)
    assert done.wait(60) == 3
    assert " articles/s, 4 failed" in shown.decode()
    assert sys.platform != "linux" or "100%" in shown.decode()


def test_the_speed_behind_the_bar_is_that_of_late(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = 0.0
    monkeypatch.setattr("time.monotonic", lambda: clock)
    rate = Rate()
    rate.add(1_000_000)  # taken from an earlier run, at once
    for _ in range(60):
        clock += 1
        rate.add(5)
    rate.fail(2)
    assert rate.told(None) == "5 articles/s, 2 failed"
