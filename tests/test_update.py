"""Promises of a run over inputs that changed: only the articles that changed are done, and the tables are those of a new run."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from jianbao.corpus.reading import Reading
from jianbao.pipeline import batches
from jianbao.pipeline.batches import Batch, Part, Work
from jianbao.pipeline.engines import processes
from jianbao.pipeline.extraction import Pipeline
from jianbao.pipeline.parts import FOLDER
from jianbao.pipeline.run import run
from jianbao.pipeline.tables import COLUMNS, DERIVED

PLACES = ("杭州市临平区", "瑞安市", "青田县", "福州市鼓楼区", "安溪县", "吉林省长春市", "陕西省汉中市")
WORK = (
    "走访慰问侨胞{}余人次",
    "举办培训{}场",
    "发放慰问金{}万元",
    "捐赠图书{}册，惠及学生{}人",
    "走访侨企{}家，推出“侨助工坊”品牌",
)


def text_of(number: int, salt: int = 0) -> str:
    """A bulletin with figures of its own; no two are alike, not even a line of them."""
    chance = random.Random(f"{number} {salt}")
    said = [words.format(*(chance.randint(2, 9000) for _ in range(2))) for words in chance.sample(WORK, 3)]
    place = PLACES[number % len(PLACES)]
    return f"{place}侨联{said[0]}，{said[2]}\n\n2023年{number % 12 + 1}月6日，{place}侨联{said[0]}，{said[1]}。今年以来{said[2]}。\n"


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of eight articles at most."""
    monkeypatch.setattr(batches, "MOST", 8)


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The articles that a pipeline was called for, as they are."""
    called: list[str] = []
    do = Work.__call__

    def told(work: Work, batch: Batch, watch: Any = None) -> Part:
        called.extend(task.record.id for task in batch.tasks)
        return do(work, batch, watch)

    monkeypatch.setattr(Work, "__call__", told)
    return called


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Forty bulletins."""
    place = tmp_path / "in"
    place.mkdir()
    for number in range(40):
        (place / f"{number:03}.txt").write_text(text_of(number), encoding="utf-8")
    return place


def tables(out: Path) -> dict[str, bytes]:
    return {name: (out / f"{name}.csv").read_bytes() for name in (*COLUMNS, *DERIVED)}


def counts(out: Path) -> dict[str, Any]:
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    return {name: record[name] for name in ("articles", "read", "done", "failed", "repeated", "characters", "rows")}


def is_as_new(folder: Path, out: Path) -> bool:
    """Whether an output folder holds what a run into an empty one gives."""
    new = out.with_name("new")
    run(folder, new, earlier="ignored")
    return tables(out) == tables(new) and counts(out) == counts(new)


def test_only_changed_articles_are_done(folder: Path, tmp_path: Path, tried: list[str]) -> None:
    out = tmp_path / "out"
    run(folder, out)
    for number in (3, 17, 18):
        (folder / f"{number:03}.txt").write_text(text_of(number, 1), encoding="utf-8")
    tried.clear()
    run(folder, out)
    assert tried == ["003.txt", "017.txt", "018.txt"]
    assert is_as_new(folder, out)
    tried.clear()
    run(folder, out)
    assert tried == []


def test_new_articles_are_done_and_those_that_went_are_gone(folder: Path, tmp_path: Path, tried: list[str]) -> None:
    out = tmp_path / "out"
    run(folder, out)
    (folder / "012.txt").unlink()
    (folder / "0121.txt").write_text(text_of(121), encoding="utf-8")
    tried.clear()
    run(folder, out)
    assert tried == ["0121.txt"]
    assert is_as_new(folder, out)


def test_an_article_that_went_asks_for_no_work(folder: Path, tmp_path: Path, tried: list[str]) -> None:
    out = tmp_path / "out"
    run(folder, out)
    (folder / "039.txt").unlink()
    tried.clear()
    run(folder, out)
    assert tried == []
    assert is_as_new(folder, out)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_changes_the_tables_are_those_of_a_new_run(folder: Path, tmp_path: Path, seed: int) -> None:
    out, chance = tmp_path / "out", random.Random(seed)
    run(folder, out)
    for turn in range(2):
        for path in chance.sample(sorted(folder.iterdir()), 6):
            match chance.choice(("change", "drop", "copy", "new")):
                case "change":
                    path.write_text(text_of(chance.randrange(1000), turn + 1), encoding="utf-8")
                case "drop":
                    path.unlink()
                case "copy":
                    path.with_name(f"{path.stem}-copy.txt").write_bytes(path.read_bytes())
                case "new":
                    path.with_name(f"{path.stem}-new.txt").write_text(
                        text_of(chance.randrange(1000), 9), encoding="utf-8"
                    )
        run(folder, out)
        assert is_as_new(folder, out)


def test_a_batch_whose_ends_both_changed_is_done_anew(folder: Path, tmp_path: Path, tried: list[str]) -> None:
    out = tmp_path / "out"
    run(folder, out)
    for number in range(40):
        if number not in (20, 21):
            (folder / f"{number:03}.txt").write_text(text_of(number, 1), encoding="utf-8")
    tried.clear()
    run(folder, out)
    assert len(tried) == 40
    assert is_as_new(folder, out)


def test_several_processes_do_only_changed_articles(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run(folder, out, engine=processes(2))
    for number in (3, 17, 18):
        (folder / f"{number:03}.txt").write_text(text_of(number, 1), encoding="utf-8")
    run(folder, out, engine=processes(2))
    lines = [json.loads(line) for line in (out / "run.log").read_text(encoding="utf-8").splitlines()]
    last = max(place for place, line in enumerate(lines) if line["event"] == "start")
    assert sum(line["articles"] for line in lines[last:] if line["event"] == "part") == 3
    assert is_as_new(folder, out)


def test_other_rules_take_no_article_of_an_earlier_run(folder: Path, tmp_path: Path, tried: list[str]) -> None:
    run(folder, tmp_path / "out")
    tried.clear()
    run(folder, tmp_path / "out", pipeline=Pipeline(models=False))
    assert len(tried) == 40


def test_an_article_that_met_a_fault_is_tried_again(
    folder: Path, tmp_path: Path, tried: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    attempt, article = Work.attempt, Work._article

    def faulty(work: Work, read: Any, repeat: Any) -> Any:
        if read.article.id == "005.txt":
            raise RuntimeError("a fault")
        return article(work, read, repeat)

    with monkeypatch.context() as patch:
        patch.setattr(Work, "_article", faulty)
        assert run(folder, out).tally.failed == 1
    assert Work.attempt is attempt
    (folder / "003.txt").write_text(text_of(3, 1), encoding="utf-8")
    tried.clear()
    assert run(folder, out).tally.failed == 0
    assert tried == ["003.txt", "005.txt"]
    assert is_as_new(folder, out)


@pytest.mark.parametrize("spoil", ["note", "table"])
def test_a_spoiled_part_is_taken_for_nothing(folder: Path, tmp_path: Path, tried: list[str], spoil: str) -> None:
    out = tmp_path / "out"
    run(folder, out)
    (folder / "003.txt").write_text(text_of(3, 1), encoding="utf-8")
    for path in (out / FOLDER).glob("*.json" if spoil == "note" else "*.indicators.csv.gz"):
        path.write_bytes(path.read_bytes()[:-3])
    tried.clear()
    run(folder, out)
    assert len(tried) == 40
    assert is_as_new(folder, out)


def test_texts_with_any_sign_are_kept_whole(tmp_path: Path, tried: list[str]) -> None:
    rows = [
        f'{{"text": "2023年5月6日，青田县侨联捐赠“𠮷\\u2028{number}\\r\\n=🎉”图书{number + 7}册。"}}'
        for number in range(12)
    ]
    source = tmp_path / "rows.jsonl"
    source.write_text("\n".join(rows), encoding="utf-8")
    run(source, tmp_path / "out", reading=Reading())
    rows[4] = rows[4].replace("捐赠", "又捐赠")
    source.write_text("\n".join(rows), encoding="utf-8")
    tried.clear()
    run(source, tmp_path / "out")
    assert tried == ["rows.jsonl#5"]
    assert is_as_new(source, tmp_path / "out")
