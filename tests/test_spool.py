"""Promises of the spool: what was written comes back equal, in its order."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jianbao.corpus.article import Article
from jianbao.corpus.document import Document
from jianbao.corpus.reading import from_document
from jianbao.pipeline.spool import Read, Spool

DOCUMENTS = [
    Document("慰问侨眷\n2023-03-08 来源：杭州日报\n区侨联走访慰问侨眷30户，送去慰问金3万元。"),
    Document(
        "走访侨眷30户。", "csv", "#2", "标题", date(1949, 10, 1), "来源", "区侨联", "330113", "http://a/", ((0, 8),)
    ),
    Document("\ud800无主的代理字符𠀀", body=(), status="partial", message="1 stretches"),
    Document(format="pdf", status="failed", message="locked"),
    Document("", "html", body=()),
]


def back(path: Path, *reads: Read) -> list[Read]:
    with Spool(path / "spool") as spool:
        for read in reads:
            spool.write(read)
        assert spool.count == len(reads)
        return list(spool)


def test_documents_and_articles_come_back_equal_and_in_order(tmp_path: Path) -> None:
    reads = [Read(one, from_document(one, f"{n}.txt"), [n, 2**64 - 1]) for n, one in enumerate(DOCUMENTS)]
    assert back(tmp_path, *reads) == reads


def test_what_an_article_has_of_its_own_is_no_matter_of_its_document(tmp_path: Path) -> None:
    document = DOCUMENTS[1]
    own = Article(
        "id", document.text, "t", date(2020, 2, 29), "s", "c", "100000", ((1, 3),), "failed", "m", "csv", "http://a/"
    )
    assert back(tmp_path, Read(document, own)) == [Read(document, own, [])]


@given(text=st.text(), title=st.text(), day=st.none() | st.dates(), edges=st.lists(st.integers(0, 2**64 - 1)))
def test_any_text_comes_back(
    tmp_path_factory: pytest.TempPathFactory, text: str, title: str, day: date | None, edges: list[int]
) -> None:
    document = Document(text, title=title, published=day)
    read = Read(document, Article("a", text, title, day), edges)
    assert back(tmp_path_factory.mktemp("spool"), read) == [read]
