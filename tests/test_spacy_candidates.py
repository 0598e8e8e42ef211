"""Promises of the spaCy component to those who bring spans of their own, and its page in the documentation, tried."""

from __future__ import annotations

import doctest
import re
from collections.abc import Iterable
from typing import Any

import pytest
from jianbao.corpus.records import Brand

spacy = pytest.importorskip("spacy", reason='needs spaCy: pip install "jianbao[spacy]"')

from jianbao.pipeline.spacy_component import register_attributes  # noqa: E402
from jianbao.pipeline.spacy_names import ATTRIBUTES  # noqa: E402
from jianbao.pipeline.spacy_spans import OF_DOC, OF_SPAN, source_of  # noqa: E402
from made_pipelines import KNOWN, PAGE, TEXT, blank  # noqa: E402
from spacy.language import Language  # noqa: E402

# A user's own spans.


def ruled(patterns: Iterable[dict[str, str]], **config: Any) -> Language:
    """A pipeline whose ruler finds spans in the group `mine` and as entities, before ours."""
    nlp: Language = spacy.blank("zh")
    ruler: Any = nlp.add_pipe("span_ruler", config={"spans_key": "mine", "annotate_ents": True})
    ruler.add_patterns(list(patterns))
    nlp.add_pipe("jianbao", config={**KNOWN, **config})
    return nlp


PATTERNS = (
    {"label": "FOOD", "pattern": "300碟"},
    {"label": "THEME", "pattern": "五大主题"},
    {"label": "ORG", "pattern": "暖粥铺"},
    {"label": "ORG", "pattern": "侨小二"},
    {"label": "FOOD", "pattern": "腊八粥"},
)


@pytest.mark.parametrize("source", ["ents:FOOD", "spans:mine:FOOD"])
def test_a_users_spans_are_candidates_for_figures(source: str) -> None:
    doc = ruled(PATTERNS, candidates={"indicators": source})(TEXT)
    (own,) = (span for span in doc.spans["indicators"] if span._.indicator.rule.startswith("user"))
    assert (own.text, own._.indicator.rule, own._.quantity.unit) == ("近300碟", "user.FOOD", "碟")
    assert (own._.quantity.low, own._.quantity.high) == (270, 300)
    assert ("腊八粥", "refuse.user.no-figure") in [(one.text, one.rule) for one in doc._.refused]


def test_a_users_spans_are_candidates_for_brands_and_govern_figures() -> None:
    config = {"candidates": {"brands": "ents:ORG", "indicators": "spans:mine:FOOD,THEME"}}
    doc = ruled(PATTERNS, **config)(TEXT)
    assert [(span.text, span._.brand.rule) for span in doc.spans["brands"]][1:] == [("暖粥铺", "user.ORG")]
    assert doc.spans["brands"][0]._.brand.rule.startswith("brand.")
    linked = {span.text: span._.brand for span in doc.spans["indicators"]}
    assert isinstance(linked["近300碟"], Brand)
    assert linked["近300碟"].name == "暖粥铺"
    assert doc.spans["indicators"][-1]._.indicator.rule == "user.THEME"


def test_where_a_users_span_is_one_of_ours_ours_stands() -> None:
    nlp = blank(**KNOWN)
    patterns = [{"label": "MONEY", "pattern": "近36万元"}, {"label": "ORG", "pattern": "侨小二"}]
    config = {"candidates": {"indicators": "ents:MONEY", "brands": "ents:ORG"}}
    assert ruled(patterns, **config)(TEXT)._.records == nlp(TEXT)._.records


def test_candidates_go_through_batches_and_processes() -> None:
    pipeline = ruled(PATTERNS, candidates={"indicators": "spans:mine"})
    texts = [TEXT, "没有。", "送出300碟。"]
    alone = [pipeline(text)._.records for text in texts]
    assert [doc._.records for doc in pipeline.pipe(texts)] == alone
    assert [doc._.records for doc in pipeline.pipe(texts, n_process=2, batch_size=1)] == alone


def test_a_group_that_is_not_there_is_told() -> None:
    with pytest.warns(UserWarning, match="doc.spans has no group 'mien'"):
        blank(candidates={"brands": "spans:mien"})("走访侨眷46户。")


def test_a_source_names_ents_or_a_group_with_labels_or_without() -> None:
    assert source_of("ents").labels == source_of("spans:money").labels == frozenset()
    assert tuple(source_of("ents:ORG, PRODUCT")) == ("", {"ORG", "PRODUCT"})
    assert tuple(source_of("spans:sc:A,B")) == ("sc", {"A", "B"})


# The page.


def test_the_page_shows_what_the_code_does() -> None:
    register_attributes()
    page = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(r"^```pycon\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert len(blocks) > 5
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, PAGE.name, str(PAGE), 0)
    assert len(test.examples) > 20
    heard: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test, out=heard.append)
    assert not heard, "".join(heard)


def test_the_page_names_every_attribute_and_setting() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert sorted(ATTRIBUTES) == sorted([f"span._.{name}" for name in OF_SPAN] + [f"doc._.{name}" for name in OF_DOC])
    names = [*ATTRIBUTES, *(Language.get_factory_meta("jianbao").default_config or ())]
    assert [name for name in names if f"`{name}`" not in page] == []
