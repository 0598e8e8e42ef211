"""Pipelines of spaCy for tests, and what a Doc of them holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

spacy = pytest.importorskip("spacy", reason='needs spaCy: pip install "jianbao[spacy]"')

from spacy.lang.zh import Chinese  # noqa: E402
from spacy.language import Language  # noqa: E402
from spacy.tests.util import assert_docs_equal  # noqa: E402
from spacy.tokens import Doc  # noqa: E402

PAGE = Path(__file__).parents[1] / "docs" / "spacy.md"
TEXT = (
    "今年以来，瑞安市侨联依托“侨小二”工作站走访慰问归侨侨眷1200余人次，发放慰问金近36万元，其中困难侨眷近3万元。"
    "暖粥铺送出腊八粥近300碟，设五大主题。"
)
KNOWN = {"published": "2024-11-08", "region": "330381"}
SORTS = ("indicators", "brands", "activities")


def blank(segmenter: str = "char", **config: Any) -> Language:
    nlp = Chinese.from_config({"nlp": {"tokenizer": {"segmenter": segmenter}}})
    nlp.add_pipe("jianbao", config=config)
    return nlp


def cutting(segmenter: str, request: pytest.FixtureRequest) -> Language:
    """A pipeline whose tokenizer is the named one."""
    found = blank(segmenter)
    if segmenter == "pkuseg":
        pytest.importorskip("spacy_pkuseg")
        folder = request.getfixturevalue("pkuseg_model")
        tokenizer: Any = found.tokenizer
        tokenizer.initialize(pkuseg_model=str(folder))
    return found


def told(doc: Doc) -> list[tuple[object, ...]]:
    """All that stands in the groups of a Doc."""
    return [
        (name, span.start_char, span.end_char, span.label_, span.id_, span.kb_id_, span._.offsets, span._.indicator,
         span._.brand, span._.activity, span._.whole)
        for name in SORTS for span in doc.spans[name]
    ]  # fmt: skip


def assert_same(first: Doc, second: Doc) -> None:
    assert_docs_equal(first, second)
    assert first.text == second.text
    assert [row[:-1] for row in told(first)] == [row[:-1] for row in told(second)]
    assert [row[-1] and row[-1].text for row in told(first)] == [row[-1] and row[-1].text for row in told(second)]  # type: ignore[attr-defined]
    assert first._.records == second._.records
    assert first._.refused == second._.refused
    assert first._.records.indicators
