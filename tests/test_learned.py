"""Promises of the judges: found fast as summed slowly, changing nothing but what they judge, in any process."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import jianbao
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jianbao.corpus.article import Article
from jianbao.corpus.gold import read_gold
from jianbao.corpus.reading import read
from jianbao.corpus.records import Brand, Indicator, Mention, Records, Refusal
from jianbao.corpus.segmenters import DEFAULT
from jianbao.extractors.activities import activities, hints
from jianbao.extractors.brands import as_told, quotations
from jianbao.extractors.linking import link
from jianbao.extractors.numbers import Number, numbers
from jianbao.extractors.scene import prepare
from jianbao.extractors.signs import signs
from jianbao.extractors.surroundings import Here
from jianbao.models.linear import NONE, Linear
from jianbao.models.packs import GOLD
from jianbao.pipeline import learned as learned_module
from jianbao.pipeline.confidence import is_quotation
from jianbao.pipeline.extraction import Pipeline
from jianbao.pipeline.features import (
    PAIR,
    WORD,
    Part,
    features_of,
    figure_features,
    pairs,
    shared_features,
    word_features,
)
from jianbao.pipeline.learned import BRAND, LANE, NO_BRAND, TYPE, ZERO, Figures, Quotations, Types, Weigher, learned
from jianbao.pipeline.showing import explain

PACKAGE = Path(jianbao.__file__).parent
BULLETINS = PACKAGE / "corpus" / "bulletins"
TEXT = "今年以来，区侨联走访侨眷46户，推出“侨助工坊”行动。“聚民心”，大家都在出力。\n"


@cache
def articles() -> tuple[Article, ...]:
    return tuple(read(BULLETINS))


@cache
def readings() -> tuple[tuple[Article, Records, Records], ...]:
    """The bundled bulletins, each read with models and by rules alone."""
    return tuple((each, Pipeline()(each), Pipeline(models=False)(each)) for each in articles())


def article(text: str, *body: tuple[int, int]) -> Article:
    return Article("a", text, body=body or ((0, len(text)),))


# The same sums, found faster.


@cache
def characters() -> str:
    return "".join(sorted({each for path in GOLD.glob("*.txt") for each in path.read_text(encoding="utf-8")}))


@cache
def pieces() -> tuple[str, ...]:
    """What the models weigh: words of sentence types, pairs of figures."""
    weights = (*learned().types.weights, *learned().figures.weights)
    return tuple(name[2:] for name in weights if name.startswith((WORD, PAIR)))


TEXTS = st.deferred(
    lambda: st.lists(st.one_of(st.sampled_from(characters()), st.sampled_from(pieces())), max_size=60).map("".join)
)


@settings(deadline=None)
@example("")
@example("访")
@example("走访走访走访")
@given(TEXTS)
def test_a_sentence_of_characters_is_weighed_as_its_features_are(text: str) -> None:
    models = learned()
    words, neighbours = weighers()
    assert words(text) == pytest.approx(models.types.sums(word_features(list(text))))
    assert neighbours(text) == pytest.approx(models.figures.sums(f"{PAIR}{pair}" for pair in pairs(text)))


@cache
def weighers() -> tuple[Weigher, Weigher]:
    return Weigher(learned().types, WORD), Weigher(learned().figures, PAIR)


@given(st.lists(st.sampled_from(["走访侨企", "捐赠3万元", "培训", "", "走访侨企。"])))
def test_sentences_weighed_ahead_weigh_the_same_however_few_are_kept(texts: list[str]) -> None:
    plain = Weigher(learned().types, WORD)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(learned_module, "TEXTS", 2)
        ahead = Weigher(learned().types, WORD)
        ahead.weigh(texts)
        assert [ahead(text) for text in texts] == [plain(text) for text in texts]


@given(st.text(max_size=8))
@example("走访\\0户")  # once stood for a model without words
def test_a_model_without_words_weighs_every_text_alike(text: str) -> None:
    model = Linear(("a", "b"), (0.5, -0.25), {"told:a": ((0, 1.0),)})
    assert Weigher(model, WORD)(text) == list(model.biases)


class _Compared(Figures):
    """Judges figures, and once more with all features of each summed at once."""

    answers: list[tuple[str, str]]

    def activity(self, here: Here, measure: str, told: str) -> str:
        found = super().activity(here, measure, told)
        told_of = self.hints[here.number.sentence], self.signs[here.number.sentence]
        features = (*figure_features(here, measure, told, *told_of), *shared_features(here.sentence, *told_of))
        whole = self.model.likeliest(self.model.sums(features), told or NONE)
        self.answers.append((found, "" if whole == NONE else whole))
        return found


def test_figures_are_judged_as_if_all_features_were_summed_at_once() -> None:
    answers: list[tuple[str, str]] = []
    for each in articles():
        scene = prepare(each)
        words = hints(scene)
        judge = _Compared(learned().figures, words, signs(scene))
        judge.answers = answers
        counted = [number for number in numbers(scene) if isinstance(number, Number)]
        assert len(list(link(scene, counted, [], words, judge))) == len(counted)
    assert len(answers) > 400
    assert [found for found, _ in answers] == [whole for _, whole in answers]


class _Summed(Types):
    """Judges sentences by all features of each, summed one by one."""

    def _taken(self, text: str, parts: Iterable[Part], voted: Mapping[str, str]) -> dict[str, float]:
        features = [*word_features(list(text)), *features_of(parts)]
        return self.model.taken(self.model.sums(features), voted)


def test_sentences_are_judged_as_if_all_features_were_summed_one_by_one() -> None:
    fast, slow = (kind(learned().types, DEFAULT) for kind in (Types, _Summed))
    count = 0
    for each in (*articles(), *(gold.article for path in sorted(GOLD.glob("*.txt"))[:4] for gold in read_gold(path))):
        scene = prepare(each)
        words, seen = hints(scene), signs(scene)
        figures = Counter(number.sentence for number in numbers(scene) if isinstance(number, Number))
        voted = list(activities(scene, words, set(figures)))
        told = [list(judge(scene, words, seen, voted, figures)) for judge in (fast, slow)]
        assert told[0] == told[1]
        count += len(told[0])
    assert count > 400


BORDER = st.sampled_from([-4474, -4473, -4472, 0, 29_999, 30_000, 30_001, 44_999, 45_000, 45_001])


@given(st.lists(BORDER | st.integers(-(10**6), 10**6), min_size=16, max_size=16), st.integers(0, 16))
def test_signs_of_lanes_tell_what_sums_tell(units: list[int], place: int) -> None:
    model = learned().figures
    weigher = weighers()[1]
    total = sum((unit + ZERO) << (LANE * label) for label, unit in enumerate(units))
    sums = weigher.sums(total)
    assert weigher.adds(total) == bool(model.taken(sums, ()))
    told = (*model.labels, "unknown")[place].replace(NONE, "")
    assert weigher.likeliest(total, told) == model.likeliest(sums, told or NONE).replace(NONE, "")


# What models may change.


def bare(indicator: Indicator) -> Indicator:
    return replace(indicator, activity="", brand="")


def inside(indicator: Indicator, brands: Sequence[Brand]) -> bool:
    return any(brand.start <= indicator.start and indicator.end <= brand.end for brand in brands)


def test_models_change_nothing_of_a_figure_but_its_activity_and_its_brand() -> None:
    seen = 0
    for _, judged, told in readings():
        brands = [*judged.brands, *told.brands]
        one, other = ([bare(each) for each in every.indicators if not inside(each, brands)] for every in (judged, told))
        assert one == other
        seen += len(one)
    assert seen > 400


def test_a_figure_has_another_brand_only_where_a_quotation_was_judged_otherwise() -> None:
    for _, judged, told in readings():
        names, before = ({brand.name for brand in every.brands} for every in (judged, told))
        own = {each.start: each.brand for each in told.indicators}
        changed = [{each.brand, own[each.start]} for each in judged.indicators if own[each.start] != each.brand]
        assert all(pair & (names ^ before) for pair in changed)


def test_models_leave_alone_what_is_no_quotation() -> None:
    def apart(records: Records) -> tuple[list[Brand], list[Refusal]]:
        return (
            [brand for brand in records.brands if brand.rule.startswith("brand.unquoted.")],
            [each for each in records.refusals if not each.rule.startswith("refuse.quote.")],
        )

    assert all(apart(judged) == apart(told) for _, judged, told in readings())
    assert any(apart(told)[0] for _, _, told in readings())
    assert sum(len(apart(told)[1]) for _, _, told in readings()) > 100


def test_what_models_found_names_them_and_what_rules_found_keeps_its_rule() -> None:
    changed = 0
    for _, judged, told in readings():
        types = {(each.start, each.type): each.rule for each in told.activities}
        assert all(each.rule == types.get((each.start, each.type), TYPE) for each in judged.activities)
        rules = {each.start: each.rule for each in told.brands if is_quotation(each)}
        quoted = [each for each in judged.brands if is_quotation(each)]
        assert all(each.rule == rules.get(each.start, BRAND) for each in quoted)
        changed += sum(each.rule in (TYPE, BRAND) for each in (*judged.activities, *judged.brands))
    assert changed > 10


def test_explain_prints_every_rule_of_the_shipped_models() -> None:
    for each, judged, _ in readings():
        lines = "\n".join(explain(each, judged))
        for rule in (TYPE, BRAND, NO_BRAND):
            mentions: tuple[Mention | Refusal, ...] = (*judged.activities, *judged.brands, *judged.refusals)
            assert lines.count(rule) == sum(one.rule == rule for one in mentions)


@pytest.mark.parametrize(("bias", "kind", "rule"), [(90.0, Brand, BRAND), (-90.0, Refusal, NO_BRAND)])
def test_a_quotation_that_a_model_takes_or_refuses_names_the_model(
    bias: float, kind: type[Brand | Refusal], rule: str
) -> None:
    scene = prepare(article(TEXT))
    before = quotations(TEXT, scene.quotes, as_told)
    judge = Quotations(replace(learned(), quotations=Linear(("brand",), (bias,), {})))
    found = quotations(TEXT, scene.quotes, judge)
    assert [type(each) for each in before] == [Brand, Refusal]
    assert [(each.start, each.end, each.text) for each in found] == [(e.start, e.end, e.text) for e in before]
    assert {type(each) for each in found} == {kind}
    kept = before[[Brand, Refusal].index(kind)].rule
    assert {each.rule for each in found} == {kept, rule}


# Processes.


def test_a_pipeline_with_models_is_small_to_send_and_equal_to_its_copy() -> None:
    data = pickle.dumps(Pipeline())
    assert len(data) < 1000
    assert pickle.loads(data) == Pipeline()


def test_another_process_finds_the_same_records() -> None:
    some = list(articles()[:8])
    with get_context("spawn").Pool(1) as pool:
        elsewhere = pool.map(Pipeline(), some)
    assert elsewhere == [Pipeline()(each) for each in some]


def test_models_judge_without_any_learning_library() -> None:
    code = (
        f"import sys, jianbao; found = [jianbao.extract(each.text) for each in jianbao.read({str(BULLETINS)!r})];"
        f"print(any(one.rule == {TYPE!r} for records in found for one in records.activities),"
        " {'sklearn', 'scipy', 'numpy', 'pandas', 'jieba', 'spacy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd="/")
    assert done.stdout == "True set()\n"
