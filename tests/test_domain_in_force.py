"""Promises of rows in force: a pipeline answers by its own rows alone, whatever others do beside it."""

from __future__ import annotations

import ast
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import jianbao
import pytest
from jianbao import Domain, extract
from jianbao.corpus.lexicons import in_force, own, own_name, rows
from jianbao.corpus.reading import from_text
from jianbao.corpus.records import ACTIVITY_TYPES, Records, activity_types
from jianbao.extractors.nouns import lexicon as nouns
from jianbao.pipeline.extraction import Pipeline

PACKAGE = Path(jianbao.__file__).parent
DOMAINS = Path(__file__).parents[1] / "docs" / "domains"
RED_CROSS = Domain.read(DOMAINS / "red_cross.toml")
DISABLED = Domain.read(DOMAINS / "disabled_persons.toml")
TEXT = "组织无偿献血120人次，采集血小板30治疗量。为残疾儿童提供康复救助260人次，配发盲杖40根。学习七项基本原则，落实残疾人两项补贴。"
ARTICLES = [from_text(text) for text in (TEXT, "走访慰问侨胞30户。", TEXT.replace("120", "150"))]
NONE_OF_ALL = [Pipeline()(article) for article in ARTICLES]


def told(records: Records) -> list[tuple[str, str, str]]:
    """What is told of the figures: words, type, rule."""
    return [(one.text, one.activity, one.rule) for one in records.indicators]


def test_a_domain_gives_units_types_and_refusals_of_its_own() -> None:
    plain, red, disabled = (extract(TEXT, domain=domain) for domain in (None, RED_CROSS, DISABLED))
    assert ("30治疗量", "blood", "domain.red_cross") in told(red)
    assert not [text for text, *_ in told(plain) if "治疗量" in text]
    assert [kind for text, kind, _ in told(red) if text == "120人次"] == ["blood"]
    assert [kind for text, kind, _ in told(disabled) if text == "260人次"] == ["rehabilitation"]
    assert {"blood"} == {one.type for one in red.activities} - set(ACTIVITY_TYPES)
    assert [text for text, *_ in told(plain) if text in ("七项", "两项")] == ["七项", "两项"]
    assert [text for text, *_ in told(red) if text in ("七项", "两项")] == ["两项"]
    assert [text for text, *_ in told(disabled) if text in ("七项", "两项")] == ["七项"]


def test_explained_refusals_say_that_the_domain_refused() -> None:
    refused = Pipeline(domain=RED_CROSS)(ARTICLES[0]).refusals
    assert [found.text for found in refused if found.rule == "refuse.domain"] == ["七项"]


def test_pipelines_with_other_domains_do_not_disturb_each_other() -> None:
    """Interleaved, over many turns: tables and remembered answers of one are not those of another."""
    pipelines = [Pipeline(), Pipeline(domain=RED_CROSS), Pipeline(domain=DISABLED), Pipeline(domain=RED_CROSS)]
    first = [[pipeline(article) for article in ARTICLES] for pipeline in pipelines]
    assert first[0] == NONE_OF_ALL
    assert first[1] == first[3]
    assert first[0] != first[1] != first[2] != first[0]
    for _ in range(3):
        for place in (2, 0, 1, 3, 1, 0):
            assert [pipelines[place](article) for article in ARTICLES] == first[place]
    assert [pipeline.many(ARTICLES) for pipeline in pipelines] == first


def test_more_domains_than_are_kept_at_a_time_still_answer_each_for_itself() -> None:
    domains = [
        Domain.of({"units": [{"word": word, "dimension": "goods"}]}, stem=f"field{place}")
        for place, word in enumerate(["治疗量", "人份", "疗程", "管", "剂次", "例份", "包次"])
    ]
    words = [dict(domain.rows)["units"][0][0] for domain in domains]
    text = from_text("".join(f"采集120{word}。" for word in words))
    for _ in range(2):
        for domain, word in zip(domains, words, strict=True):
            found = told(Pipeline(domain=domain)(text))
            assert (f"120{word}", "", f"domain.{domain.name}") in [(words, "", rule) for words, _, rule in found]
            assert [rule for *_, rule in found].count(f"domain.{domain.name}") == 1


def test_threads_each_have_their_own_rows() -> None:
    pipelines = [Pipeline(), Pipeline(domain=RED_CROSS), Pipeline(domain=DISABLED)] * 2
    expected = [[pipeline(article) for article in ARTICLES] for pipeline in pipelines]
    together = threading.Barrier(len(pipelines))

    def work(pipeline: Pipeline) -> list[list[Records]]:
        together.wait()
        return [[pipeline(article) for article in ARTICLES] for _ in range(5)]

    with ThreadPoolExecutor(len(pipelines)) as pool:
        found = list(pool.map(work, pipelines))
    assert found == [[answer] * 5 for answer in expected]


def test_a_thread_that_starts_within_has_the_rows_of_the_lexicons() -> None:
    with in_force(RED_CROSS), ThreadPoolExecutor(1) as pool:
        assert own("units")
        assert pool.submit(own, "units").result() == ()


def test_what_is_in_force_ends_with_its_block_and_may_be_nested() -> None:
    assert (own_name(), activity_types()) == ("", ACTIVITY_TYPES)
    with in_force(RED_CROSS):
        assert "blood" in activity_types()
        assert told(extract(TEXT)) == told(NONE_OF_ALL[0]), "a pipeline without a domain has none within another's"
        with in_force(DISABLED):
            assert (own_name(), "blood" in activity_types()) == ("disabled_persons", False)
        with pytest.raises(KeyError), in_force(None):
            raise KeyError(own_name())
        assert own_name() == "red_cross"
    assert (own_name(), activity_types()) == ("", ACTIVITY_TYPES)


def test_a_fault_within_a_step_leaves_nothing_in_force(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError(own_name())

    monkeypatch.setattr("jianbao.pipeline.extraction._hear", broken)
    with pytest.raises(RuntimeError, match="red_cross"):
        Pipeline(domain=RED_CROSS)(ARTICLES[0])
    assert all(isinstance(found, RuntimeError) for found in Pipeline(domain=RED_CROSS).many(ARTICLES))
    assert own_name() == ""


def test_a_pipeline_with_a_domain_answers_alike_in_another_process() -> None:
    pipeline = Pipeline(domain=RED_CROSS)
    assert pickle.loads(pickle.dumps(pipeline)) == pipeline
    assert pickle.loads(pickle.dumps(pipeline))(ARTICLES[0]) == pipeline(ARTICLES[0])
    assert repr(pipeline) != repr(replace(pipeline, domain=DISABLED)) != repr(Pipeline())


def test_rules_alone_give_the_types_of_a_domain_too() -> None:
    found = Pipeline(models=False, domain=RED_CROSS)(ARTICLES[0])
    assert ("120人次", "blood") in [(text, kind) for text, kind, _ in told(found)]
    assert "blood" in {one.type for one in found.activities}


def test_a_row_of_a_domain_stands_in_the_place_of_the_row_about_the_same() -> None:
    before = [row for row in rows("activities") if row[0] == "献血"]
    with in_force(RED_CROSS):
        assert [row for row in rows("activities") if row[0] == "献血"] == [("献血", "blood", "act")]
        within = nouns()
    assert before == [row for row in rows("activities") if row[0] == "献血"] == [("献血", "donation", "act")]
    assert within is not nouns()


def test_no_shipped_row_is_lost_to_a_domain() -> None:
    """Names and units of a domain change what they are about, and nothing else that an article says."""
    text = "累计走访慰问侨胞1700余人次，发放慰问资金40余万元，推出“侨助工坊”品牌，举办培训班12期。"
    for domain in (RED_CROSS, DISABLED):
        assert extract(text, domain=domain) == extract(text)


CACHES = {"cache", "lru_cache"}
FIXED = {"modifiers", "phrases", "quoted", "script", "signs"}  # lexicons to which no domain adds


def test_no_table_that_a_domain_may_change_is_kept_without_asking_for_the_domain() -> None:
    """What `functools` keeps reads no lexicon to which a domain adds, nor asks a function that does."""
    kept: list[tuple[str, ast.FunctionDef]] = []
    lexical: set[str] = {"rows", "mapping", "own"}
    for path in sorted(PACKAGE.glob("*/*.py")):
        if path.parent.name == "tests" or path.stem == "lexicons":
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                names = {each.id for one in node.decorator_list for each in ast.walk(one) if isinstance(each, ast.Name)}
                kept += [(path.stem, node)] if names & CACHES else []
                if names & {"lexical", "remembered"}:
                    lexical |= {f"{path.stem}.{node.name}", "" if node.name[0] == "_" else node.name}
    assert len(kept) > 20
    wrong = [f"{stem}.{node.name}" for stem, node in kept if _asks(stem, node, lexical)]
    assert not wrong


def _asks(stem: str, node: ast.FunctionDef, lexical: set[str]) -> bool:
    for call in (each for each in ast.walk(node) if isinstance(each, ast.Call) and isinstance(each.func, ast.Name)):
        name = call.func.id  # type: ignore[attr-defined]
        first = call.args[0] if call.args else None
        is_fixed = isinstance(first, ast.Constant) and first.value in FIXED
        if f"{stem}.{name}" in lexical or (name in lexical and not is_fixed):
            return True
    return False
