"""Promises of articles that are extracted together: the same records, rows and messages as one by one."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jianbao.corpus import gold
from jianbao.corpus.article import Article
from jianbao.corpus.document import Document
from jianbao.corpus.errors import DataError
from jianbao.corpus.reading import from_document, from_text
from jianbao.corpus.records import Records
from jianbao.corpus.recurrence import NONE
from jianbao.corpus.verdicts import Repeat
from jianbao.pipeline import batches, extraction
from jianbao.pipeline.batches import Batch, Part, Task, Work
from jianbao.pipeline.extraction import Pipeline
from jianbao.pipeline.spool import Read, Spool

PAGES = [
    "慰问侨眷\n2023-03-08 来源：杭州日报\n区侨联走访慰问侨眷30户，送去慰问金3万元。",
    "走访僑企 12 家，推出“侨商贷”产品，解决難題5個。",
    "",
    "打造“侨心驿站”品牌，累计服务侨胞2300余人次；其中，老侨胞86人次。",
    "全县开展冬季暖企行动，走访企业140家，达成合作意向8个。",
]
PIECES = st.lists(
    st.sampled_from([
        "走访侨企", "30余户", "1 2 0人", "“侨商贷”", "，", "。", "\n", "捐贈", "近4万元", "其中", "举办培训班", "二是", "去年",
        "下一步将", "莲池月光服务队", "三门县", "同比增长5%", " ", "\u3000", "《十项措施》", "\ud800", "𠀀", "第九批",
    ]),
    max_size=30,
).map("".join)  # fmt: skip


def bulletins() -> list[Article]:
    folder = Path(gold.__file__).parent / "bulletins"
    return [from_text(path.read_text("utf-8", "replace"), path.name) for path in sorted(folder.glob("*"))]


@pytest.mark.parametrize("pipeline", [Pipeline(), Pipeline(models=False)], ids=["models", "rules"])
def test_articles_together_give_what_each_gives_alone(pipeline: Pipeline) -> None:
    articles = [*(one.article for path in gold_files() for one in gold.read_gold(path)), *bulletins()]
    assert len(articles) > 100
    assert pipeline.many(articles) == [pipeline(article) for article in articles]


def gold_files() -> list[Path]:
    return sorted((Path(gold.__file__).parent / "gold").glob("*.txt"))


@given(st.lists(PIECES, max_size=6))
def test_texts_made_up_give_together_what_each_gives_alone(texts: list[str]) -> None:
    articles = [Article(str(place), text, body=((0, len(text)),) * bool(text)) for place, text in enumerate(texts)]
    assert [told(found) for found in Pipeline().many(articles)] == [told(by_itself(article)) for article in articles]


def by_itself(article: Article) -> Records | Exception:
    try:
        return Pipeline()(article)
    except UnicodeEncodeError as error:  # half a character
        return error


def told(found: Records | Exception) -> Records | str:
    return repr(found) if isinstance(found, Exception) else found


def stumbling(name: str, error: BaseException) -> Callable[[Article], Article]:
    def stumble(article: Article) -> Article:
        if article.id == name:
            raise error
        return article

    return stumble


def test_a_fault_is_told_of_its_own_article(monkeypatch: pytest.MonkeyPatch) -> None:
    articles = [from_text(text, str(place)) for place, text in enumerate(PAGES)]
    fault = ValueError("low is above high")
    monkeypatch.setattr(extraction, "folded", stumbling("3", fault))
    found = Pipeline().many(articles)
    assert found[3] is fault
    assert [found[place] for place in (0, 1, 2, 4)] == [Pipeline()(articles[place]) for place in (0, 1, 2, 4)]


def test_memory_that_runs_out_is_nobodys_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "folded", stumbling("1", MemoryError()))
    with pytest.raises(MemoryError):
        Pipeline().many([from_text(text, str(place)) for place, text in enumerate(PAGES)])


# Batches of a run.


def batch(folder: Path) -> Batch:
    with Spool(folder / "spool") as spool:
        for place, text in enumerate([*PAGES, PAGES[0], PAGES[1]]):
            document = Document(text)
            spool.write(Read(document, from_document(document, str(place))))
        locked = Document(format="pdf", status="failed", message="locked")
        spool.write(Read(locked, from_document(locked, "7")))
        repeats = {"5": Repeat("5", "0", "same", 1.0), "6": Repeat("6", "1", "near", 0.9)}
        return Batch("key", tuple(Task(record, repeats.get(record.id)) for record in spool.records()))


def part(folder: Path, seconds: int = 60) -> tuple[Part, list[tuple[str, str, Records]]]:
    heard: list[tuple[str, str, Records]] = []
    watch = lambda article, records: heard.append((article.id, article.status, records))  # noqa: E731
    return Work(Pipeline(), NONE, seconds)(batch(folder), watch), heard


def alone(monkeypatch: pytest.MonkeyPatch, folder: Path, seconds: int = 60) -> tuple[Part, object]:
    with monkeypatch.context() as patch:
        patch.setattr(batches, "TOGETHER", 1)
        return part(folder, seconds)


def test_a_batch_has_the_rows_of_its_articles_done_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = part(tmp_path)
    assert [name for name, _, _ in found[1]] == list("01234567")
    assert found[0].rows["indicators"] > 5
    assert found == alone(monkeypatch, tmp_path)


@pytest.mark.parametrize("error", [ValueError("low is above high"), MemoryError(), RecursionError()], ids=repr)
def test_what_goes_wrong_with_an_article_is_its_own_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(extraction, "folded", stumbling("3", error))
    found = part(tmp_path)
    assert found[0].lost == ("3",)
    assert found == alone(monkeypatch, tmp_path)


def test_a_fault_of_the_project_stops_the_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "folded", stumbling("3", DataError("nouns.tsv:3: '户' stands twice")))
    with pytest.raises(DataError, match="twice"):
        part(tmp_path)


def test_an_article_that_takes_too_long_loses_its_own_row_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, _ = part(tmp_path)

    def tarry(article: Article) -> Article:
        if article.id == "3":
            time.sleep(30)
        return article

    monkeypatch.setattr(extraction, "folded", tarry)
    monkeypatch.setattr(batches, "PATIENCE", 0.2)
    found, heard = part(tmp_path, 1)
    assert found.lost == ("3",)
    assert [status for _, status, _ in heard] == ["ok", "ok", "ok", "failed", "ok", "repeat", "repeat", "failed"]
    assert found.tally == replace(whole.tally, done=whole.tally.done - 1, failed=whole.tally.failed + 1)


def test_a_batch_that_takes_long_as_a_whole_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = part(tmp_path)
    monkeypatch.setattr(batches, "PATIENCE", 1e-6)
    assert part(tmp_path) == whole
