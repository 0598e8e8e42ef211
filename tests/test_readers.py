"""Promises of the first pass: it gives the same by several processes as in one, and what kills a process fails alone."""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import made_documents
import made_tables_and_archives as made
import pytest
from jianbao.corpus.document import Document
from jianbao.corpus.limits import Limits
from jianbao.corpus.opening import Opener
from jianbao.corpus.reading import Reading
from jianbao.corpus.sources import list_sources
from jianbao.pipeline import hands, readers
from jianbao.pipeline.hands import Ask, Hands
from jianbao.pipeline.readers import Entry, Readers, entry_of
from jianbao.pipeline.spool import Read, Record, Spool, read_of
from jianbao.pipeline.survey import Survey, survey

READING = Reading()
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="signals are those of Linux")
PLACES = "鹿城 瓯海 洞头 龙港 平阳 苍南 文成 泰顺 乐清 瑞安".split()  # noqa: SIM905
FOOT = "本平台由某某侨海传媒集团运营，所载内容仅供读者参考，平台不对其准确性作出任何承诺。"


def bulletin(number: int) -> str:
    chance = random.Random(number)
    place = chance.choice(PLACES)
    deeds = "\n".join(
        f"{place}侨联在{chance.choice(PLACES)}举办第{chance.randrange(99)}场活动，服务群众{chance.randrange(900)}人次，"
        f"签约项目{chance.randrange(40)}个，协议投资{chance.randrange(90)}亿元。"
        for _ in range(6)
    )
    return f"{place}侨联工作侧记之{number}\n2023-03-08 来源：温州日报\n{deeds}\n{FOOT}\n"


def rows(numbers: range) -> bytes:
    lines = (json.dumps({"标题": f"之{each}", "正文": bulletin(each)}, ensure_ascii=False) for each in numbers)
    return "\n".join(lines).encode()


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of texts (some of them twice), pages, documents, tables and archives, whole and broken."""
    folder = tmp_path_factory.mktemp("mixed")
    for number in range(150):
        (folder / f"{number:03}.txt").write_text(bulletin(number % 130), encoding="utf-8")
    (folder / "页.html").write_text(made.PAGE, encoding="utf-8")
    for name in ("空.csv", "坏字节.csv", "坏行.jsonl", "截断.xlsx", "截断.zip", "加密.zip", "列数不符.csv"):
        (folder / name).write_bytes(made.DAMAGES[name]())
    for name in ("cut.docx", "broken.docx", "empty.pdf"):
        (folder / name).write_bytes(made_documents.DAMAGES[name][0]())
    for name, make in {**made.FORMATS, **made_documents.FORMATS}.items():
        (folder / name).write_bytes(make())
    (folder / "大表.jsonl").write_bytes(rows(range(100, 400)))
    with zipfile.ZipFile(folder / "大包.zip", "w") as archive:
        for number in range(400, 500):
            archive.writestr(f"{number}.txt", bulletin(number))
        archive.writestr("里/表.jsonl", rows(range(450, 520)))
    (folder / "乱.bin.txt").write_bytes(bytes(range(256)) * 9)
    return folder


def surveyed(folder: Path, scratch: Path, size: int | None) -> tuple[list[Record], Survey]:
    with Spool(scratch / "spool") as spool:
        found = survey(list_sources(folder), READING, spool, scratch, size)
        return [*spool.records()], found


def plain(records: list[Record]) -> list[tuple[object, ...]]:
    """The bytes of two spools may differ where equal values were one object; what they hold may not."""
    return [(one.id, one.format, one.digest, one.edges, read_of(one)) for one in records]


@pytest.mark.parametrize("size", [1, 2, 5, None])
@pytest.mark.parametrize("large", [1, 1 << 14, 1 << 30], ids=["tables are parted", "large ones are", "none is"])
def test_processes_give_what_one_gives(
    mixed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int | None, large: int
) -> None:
    monkeypatch.setattr(readers, "LARGE", large)
    monkeypatch.setattr(readers, "FEW", 100)
    monkeypatch.setattr(readers, "_BLOCK", 5000)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    records, here = surveyed(mixed, tmp_path, 0)
    others, aside = surveyed(mixed, tmp_path, size)
    assert plain(others) == plain(records)
    assert aside.count == here.count == len(records)
    assert aside.furniture.keys == here.furniture.keys
    assert FOOT in here.furniture
    assert aside.repeats == here.repeats
    assert len(here.repeats) > 50


@dataclass(frozen=True)
class Hazards:
    """Names of articles, parted by blanks: what reads 'dies' is killed, 'hangs' says nothing, 'once' is killed the first time."""

    items: tuple[str, ...]
    folder: Path

    def behind(self, place: int) -> Hazards:
        return Hazards(self.items[place:], self.folder)

    def reads(self, place: int, _: object) -> Iterator[Read]:
        for name in self.items[place].split():
            if name == "hangs":
                time.sleep(1000)
            if name == "dies" or (name == "once" and not (self.folder / "was").exists()):
                (self.folder / "was").touch()
                os.kill(os.getpid(), signal.SIGKILL)
            yield readers._article(Document("走访侨眷30户。"), name)

    def lost(self, place: int, reason: str) -> Read:
        return readers._faulty(Document(), f"lost {self.items[place]}", ValueError(reason))


def hazards(folder: Path, *items: str) -> list[str]:
    def job(ask: Ask) -> Iterator[list[Entry]]:
        return readers._job(Hazards(items, folder), Reading(limits=Limits(seconds=1, article=1)), ask)  # type: ignore[arg-type]

    with Hands(1, 1 << 30) as aside:
        return [entry.id for entries in aside.do([job]) for entry in entries]


@linux
@pytest.mark.parametrize(
    ("items", "told"),
    [
        (("a b", "c", "dies", "d e"), "a b c|lost dies|d e"),
        (("dies",), "|lost dies|"),
        (("a", "b c dies d", "e"), "a b c|lost b c dies d|e"),
        (("a", "b once c", "d"), "a b once c d||"),
        (("dies", "dies", "a", "dies"), "|lost dies|lost dies a|lost dies|"),
        (("a hangs", "b"), "a|lost a hangs|b"),
    ],
)
def test_what_kills_its_process_fails_alone_and_nothing_is_told_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, items: tuple[str, ...], told: str
) -> None:
    monkeypatch.setattr(hands, "GRACE", 2)
    assert " ".join(hazards(tmp_path, *items)).split() == told.replace("|", " ").split()


def squared_here(given: tuple[int, int]) -> int:
    here, number = given
    if os.getpid() != here:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


@linux
def test_a_step_that_is_lost_again_and_again_is_done_here() -> None:
    with Hands(1, 1 << 30) as aside:
        jobs = [partial(readers._step, squared_here, (os.getpid(), number)) for number in (2, 3)]
        assert [*aside.do(jobs)] == [4, 9]


def test_a_table_is_opened_once_however_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "表.jsonl").write_bytes(rows(range(60)))
    monkeypatch.setattr(readers, "LARGE", 1)
    opened: list[Path] = []

    def documents(_: Opener, path: Path) -> Iterator[Document]:
        opened.append(path)
        yield Document("甲")

    monkeypatch.setattr(Opener, "documents", documents)
    with Readers(READING, 2) as two:
        assert [entry.id for entry in two.entries(list_sources(tmp_path))] == ["表.jsonl"]
    assert opened == [tmp_path / "表.jsonl"]


def test_what_exhausts_the_memory_is_its_own_message(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(readers, "from_document", exhausted)
    entry = entry_of(readers._article(Document("走访侨眷30户。"), "a"))
    assert entry.imprint is None
    assert b"limit memory met" in entry.record
