"""Promises of what is learned: packs are whole and those of the gold, models judge as they were fitted, and only that."""

from __future__ import annotations

import json
import os
import pickle
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise
from math import log
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import jianbao
import pytest
from click.testing import CliRunner
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jianbao.corpus.article import Article
from jianbao.corpus.errors import DataError
from jianbao.corpus.lexicons import rows
from jianbao.corpus.reading import list_sources, read_source
from jianbao.corpus.records import ACTIVITY_TYPES, BRAND_KINDS, Brand, Indicator, Mention, Records, Refusal
from jianbao.extractors.activities import hints
from jianbao.extractors.brands import as_told, quotations
from jianbao.extractors.linking import link
from jianbao.extractors.numbers import Number, numbers
from jianbao.extractors.scene import prepare
from jianbao.extractors.signs import STRENGTHS, Sign, signs
from jianbao.extractors.surroundings import Here
from jianbao.models.fitting import RAREST, Case, fit, fit_sums, left_out, logistic, vocabulary
from jianbao.models.linear import NONE, Linear
from jianbao.models.packs import DIGITS, FOLDER, FORMAT, GOLD, gold_hash, linear_text, read_linear, read_pack
from jianbao.pipeline.command import main
from jianbao.pipeline.confidence import is_quotation
from jianbao.pipeline.extraction import Pipeline
from jianbao.pipeline.features import PAIR, WORD, figure_features, pairs, shared_features, word_features
from jianbao.pipeline.learned import BRAND, NO_BRAND, PACKS, TYPE, Figures, Quotations, Weigher, learned
from jianbao.pipeline.showing import explain

PACKAGE = Path(jianbao.__file__).parent
BULLETINS = PACKAGE / "corpus" / "bulletins"
COMMAND = [sys.executable, "-c", "from jianbao.pipeline.command import main; main(prog_name='jianbao')"]
TEXT = "今年以来，区侨联走访侨眷46户，推出“侨助工坊”行动。“聚民心”，大家都在出力。\n"
LABELS = {"types": set(ACTIVITY_TYPES), "figures": {*ACTIVITY_TYPES, NONE}, "kinds": set(BRAND_KINDS)}
Damage = Callable[[dict[str, Any]], object]


@cache
def articles() -> tuple[Article, ...]:
    return tuple(read_source(source) for source in list_sources([BULLETINS]))


@cache
def readings() -> tuple[tuple[Article, Records, Records], ...]:
    """The bundled bulletins, each read with models and by rules alone."""
    return tuple((each, Pipeline()(each), Pipeline(models=False)(each)) for each in articles())


def article(text: str, *body: tuple[int, int]) -> Article:
    return Article("a", text, body=body or ((0, len(text)),))


# The shipped packs.


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_was_fitted_on_the_gold_as_it_is(name: str) -> None:
    assert read_pack(FOLDER / f"{name}.json", name)["gold"] == gold_hash(), (
        "the gold has changed since: run `jianbao train`"
    )


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_read_and_written_again_is_the_same_to_the_byte(name: str) -> None:
    path = FOLDER / f"{name}.json"
    pack, model = read_pack(path, name), read_linear(path, name)
    text = linear_text(model, name, pack["gold"], segmenter=pack["segmenter"])
    assert text.encode() == path.read_bytes().replace(b"\r\n", b"\n")


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_is_small_rounded_and_names_labels_of_the_house(name: str) -> None:
    path = FOLDER / f"{name}.json"
    model = read_linear(path, name)
    figures = [*model.biases, *(weight for pairs in model.weights.values() for _, weight in pairs)]
    assert path.stat().st_size < 500_000
    assert all(round(figure, DIGITS) == figure for figure in figures)
    assert set(model.labels) == LABELS.get(name, {"brand"})


# Packs that cannot be used.


def spoil(name: str, change: Damage) -> str:
    """The text of a shipped pack after a change to what it holds."""
    pack = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    change(pack)
    return json.dumps(pack)


def weigh(value: object) -> Damage:
    return lambda pack: pack["weights"].update(走访=dict.fromkeys(pack["labels"], value))


def put(**values: object) -> Damage:
    return lambda pack: pack.update(values)


DAMAGES: dict[str, tuple[str, Damage]] = {
    "a foreign pack": ("is a pack of 'calibration', not of", put(pack="calibration")),
    "an outdated format": (f"is no pack of format {FORMAT}", put(format=FORMAT - 1)),
    "no format": (f"is no pack of format {FORMAT}", lambda pack: pack.pop("format")),
    "no weights": ("is damaged", lambda pack: pack.pop("weights")),
    "weights without names": ("is damaged", put(weights=[])),
    "a weight that is a word": ("'heavy' is no number", weigh("heavy")),
    "a weight in quotation marks": ("'1.5' is no number", weigh("1.5")),
    "a weight that is true": ("True is no number", weigh(True)),
    "a weight that is null": ("None is no number", weigh(None)),
    "a weight that is not finite": ("nan is no number", weigh(float("nan"))),
    "a weight beyond all numbers": ("is damaged", weigh(10**400)),
    "a label missing": ("is damaged", lambda pack: pack["labels"].popitem()),
    "labels without biases": ("is damaged", lambda pack: pack.update(labels=list(pack["labels"]))),
    "no labels": ("it holds no labels", put(labels={}, weights={})),
    "a setting missing": ("is damaged", lambda pack: pack.pop("silence")),
    "a slope that does not rise": ("out of range", put(slope=0.0)),
    "a share that is certain": ("out of range", put(keep=1.0)),
}
WRECKS: dict[str, tuple[str, bytes | None]] = {
    "no file": ("cannot be read", None),
    "nothing": (":1: is no JSON", b""),
    "half a file": (":3: is no JSON", b'{\n "format": 2,\n "labels": {'),
    "no text": ("cannot be read", b"\xff\xfe\x00"),
    "a list": ("is no pack of format", b"[]"),
    "a figure too long to read": ("cannot be read", b'{"format": ' + b"9" * 5000 + b"}"),
    "brackets without end": ("cannot be read", b"[" * 200_000),
}


@pytest.mark.parametrize("name", PACKS)
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_pack_is_told_on_one_line_that_says_to_train(tmp_path: Path, damage: str, name: str) -> None:
    message, change = DAMAGES[damage]
    (tmp_path / "pack.json").write_text(spoil(name, change), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_linear(tmp_path / "pack.json", name)
    told = str(caught.value)
    assert message in told
    assert told.startswith(str(tmp_path / "pack.json"))
    assert told.endswith("run `jianbao train`")
    assert "\n" not in told


@pytest.mark.parametrize("wreck", WRECKS)
def test_a_file_that_is_no_pack_is_told_on_one_line_that_says_to_train(tmp_path: Path, wreck: str) -> None:
    message, data = WRECKS[wreck]
    if data is not None:
        (tmp_path / "types.json").write_bytes(data)
    with pytest.raises(DataError) as caught:
        learned(tmp_path)
    assert message in str(caught.value)
    assert str(caught.value).endswith("run `jianbao train`")
    assert "\n" not in str(caught.value)


# The command line with packs other than the shipped ones: on a copy of the package.


class House:
    """A copy of the package whose packs may be spoilt, and its command line in a process of its own."""

    def __init__(self, root: Path) -> None:
        self.root, self.packs = root, root / "jianbao" / "models"
        aside = shutil.ignore_patterns("__pycache__", "gold", "bulletins")
        for folder in ("corpus", "extractors", "models", "pipeline"):
            shutil.copytree(PACKAGE / folder, root / "jianbao" / folder, ignore=aside)
        shutil.copy(PACKAGE / "__init__.py", root / "jianbao")
        (root / "page.txt").write_text(TEXT, encoding="utf-8")

    def restore(self) -> None:
        for name in PACKS:
            shutil.copy(FOLDER / f"{name}.json", self.packs)

    def spoil(self, name: str, change: Damage) -> None:
        (self.packs / f"{name}.json").write_text(spoil(name, change), encoding="utf-8")

    def jianbao(self, *words: str) -> subprocess.CompletedProcess[str]:
        places = {"PYTHONPATH": str(self.root), "PYTHONUTF8": "1"}
        return subprocess.run(
            [*COMMAND, *words],
            capture_output=True,
            encoding="utf-8",
            cwd=self.root,
            env=os.environ | places,
        )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("house"))


@pytest.fixture
def house(built: House) -> House:
    built.restore()
    return built


@pytest.mark.parametrize("damage", ["no file", "a foreign pack", "an outdated format", "a weight that is a word"])
def test_a_run_ends_on_one_line_where_a_pack_is_unfit(house: House, damage: str) -> None:
    if damage == "no file":
        (house.packs / "kinds.json").unlink()
    else:
        house.spoil("kinds", DAMAGES[damage][1])
    done = house.jianbao("run", "page.txt", "--out", "with")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "kinds.json" in done.stderr
    assert done.stderr.endswith("run `jianbao train`\n")
    assert not (house.root / "with").exists()


def test_a_run_without_models_needs_no_packs_of_models_and_says_what_it_was(house: House) -> None:
    for name in PACKS:
        (house.packs / f"{name}.json").unlink()
    done = house.jianbao("run", "page.txt", "--out", "without", "--no-models")
    assert (done.returncode, done.stderr) == (0, "rules alone, without learned models (只用规则，未用模型)\n")
    assert json.loads((house.root / "without" / "run.json").read_text(encoding="utf-8"))["models"] is False


def test_a_run_with_whole_packs_says_so_in_its_record_alone(house: House) -> None:
    done = house.jianbao("run", "page.txt", "--out", "whole")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads((house.root / "whole" / "run.json").read_text(encoding="utf-8"))["models"] is True


def lean(bias: float) -> Damage:
    """All labels alike, for or against whatever the rules say."""
    return lambda pack: pack.update(labels=dict.fromkeys(pack["labels"], bias))


def test_explain_names_the_rule_of_what_a_model_added_or_refused(house: House) -> None:
    house.spoil("types", lean(90))
    house.spoil("quotations", lean(90))
    eager = house.jianbao("explain", "page.txt")
    assert f"({TYPE})" in eager.stdout
    assert any("聚民心" in line and line.endswith(BRAND) for line in eager.stdout.splitlines())
    house.spoil("quotations", lean(-90))
    strict = house.jianbao("explain", "page.txt")
    assert any("侨助工坊" in line and line.endswith(NO_BRAND) for line in strict.stdout.splitlines())
    assert (eager.returncode, strict.returncode) == (0, 0)


# A linear model.


MODEL = Linear(("visit", "study"), (-1.0, 0.5), {"走访": ((0, 2.0),), "学习": ((0, -0.5), (1, 1.5))})
TOTALS = st.lists(st.floats(-30, 30), min_size=2, max_size=2)
SHARES = st.floats(0.01, 0.99)


def test_a_sum_is_the_bias_and_the_weights_of_known_features() -> None:
    assert MODEL.sums([]) == [-1.0, 0.5]
    assert MODEL.sums(["走访", "学习", "开会"]) == [0.5, 2.0]


def test_sums_may_be_added_to_piece_by_piece() -> None:
    assert MODEL.added(MODEL.sums(["走访"]), ["学习"]) == MODEL.sums(["走访", "学习"])
    assert MODEL.biases == (-1.0, 0.5)


@given(TOTALS, SHARES, SHARES, st.sets(st.sampled_from(MODEL.labels)), st.floats(0.1, 3), st.floats(-2, 2))
def test_labels_voted_for_are_kept_and_others_added_from_their_own_share_on(
    sums: list[float], keep: float, add: float, voted: set[str], slope: float, shift: float
) -> None:
    model = replace(MODEL, keep=keep, add=add, slope=slope, shift=shift)
    taken = model.taken(sums, voted)
    for label, share in zip(model.labels, model.probabilities(sums), strict=True):
        bar = min(keep, add) if label in voted else add
        assert abs(share - bar) < 1e-9 or (label in taken) == (share > bar)
        assert taken.get(label, share) == share


@pytest.mark.parametrize(
    ("sums", "told", "right"),
    [
        ([0.0, 1.0], "visit", "visit"),
        ([0.0, 1.6], "visit", "study"),
        ([1.6, 0.0], "visit", "visit"),
        ([0.0, 1.6], "unheard", "study"),
        ([2.0, 0.0], NONE, "visit"),
    ],
)
def test_the_label_told_yields_only_to_one_far_enough_ahead(sums: list[float], told: str, right: str) -> None:
    assert replace(MODEL, margin=1.5, silence=4.0).likeliest(sums, told) == right


def test_silence_of_the_rules_has_a_margin_of_its_own() -> None:
    model = Linear(("visit", NONE), (0.0, 0.0), {}, margin=1.5, silence=4.0)
    assert [model.likeliest([ahead, 0.0], NONE) for ahead in (3.9, 4.1)] == [NONE, "visit"]
    assert [model.likeliest([0.0, ahead], "visit") for ahead in (1.4, 1.6)] == ["visit", NONE]


def test_slope_and_shift_turn_a_sum_into_its_probability() -> None:
    calibrated = replace(MODEL, slope=2.0, shift=-1.0)
    assert calibrated.probabilities([(log(0.8 / 0.2) + 1) / 2, 0.5]) == pytest.approx([0.8, 0.5])
    assert calibrated.probabilities([1e6, -1e6]) == [1.0, 0.0]


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


@given(st.text(max_size=8))
@example("走访\\0户")  # once stood for a model without words
def test_a_model_without_words_weighs_every_text_alike(text: str) -> None:
    assert Weigher(MODEL, WORD)(text) == list(MODEL.biases)


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


# Fitting.


SPARSE, DENSE = logistic(1.0, True), logistic(0.3, False)
GROUPS = [f"file {number}" for number in range(10)]


def cases(count: int = 8) -> Iterator[Case]:
    """In every group: `走访` tells a visit, `大家` is said everywhere, each case has a word of its own."""
    for group in GROUPS:
        for number in range(count):
            visit = number % 2 == 0
            own = ("大家", f"{group} {number}", *(["走访"] if visit else []))
            yield Case(own, frozenset(["visit"] if visit else ()), group)


def test_a_feature_that_decides_is_learned_and_rare_ones_are_not() -> None:
    for make in (SPARSE, DENSE):
        model = fit(list(cases()), ("visit",), make)
        assert set(model.weights) <= {"走访", "大家"}
        assert dict(model.weights["走访"])[0] > 1
        told, silent = (model.probabilities(model.sums(words))[0] for words in (["大家", "走访"], ["大家"]))
        assert silent < 0.1 < 0.9 < told


def test_the_vocabulary_holds_what_several_cases_have_in_order() -> None:
    known = vocabulary(list(cases()))
    assert known == {"大家": 0, "走访": 1}
    rare = [Case(("少", "少", "少"), frozenset(), "a")] * (RAREST - 1)
    assert vocabulary(rare) == {}


def test_weights_are_rounded_and_light_ones_left_out() -> None:
    dice = random.Random(7)
    noisy = [replace(case, features=(*case.features, *dice.sample("一二三四五六七八九十", 3))) for case in cases()]
    model = fit(noisy, ("visit",), DENSE)
    figures = [weight for pairs in model.weights.values() for _, weight in pairs]
    assert len(figures) > 3
    assert all(round(figure, DIGITS) == figure and abs(figure) >= 0.1 for figure in figures)
    assert all(round(figure, DIGITS) == figure for figure in (*model.biases, model.slope, model.shift))


def test_a_label_told_by_one_group_alone_is_unknown_where_that_group_is_left_out() -> None:
    telling = [
        Case((*case.features, "联谊"), case.labels | {"exchange"}, case.group) if case.group == GROUPS[3] else case
        for case in cases()
    ]
    own = [index for index, case in enumerate(telling) if case.group == GROUPS[3]]
    assert len(own) >= RAREST
    strong = logistic(10.0, False)
    apart = left_out(telling, ("visit", "exchange"), strong)
    whole = fit_sums(telling, ("visit", "exchange"), strong)
    assert all(whole.sums(telling[index].features)[1] > 0 for index in own)
    assert all(apart[index][1] < -1 for index in own)
    assert all((apart[index][0] > 0) == ("visit" in telling[index].labels) for index in own)


def test_the_sums_of_a_case_do_not_depend_on_its_own_group() -> None:
    def told(labels: frozenset[str]) -> list[list[float]]:
        changed = [replace(case, labels=labels) if case.group == GROUPS[0] else case for case in cases()]
        found = left_out(changed, ("visit",), DENSE)
        return [found[index] for index, case in enumerate(changed) if case.group == GROUPS[0]]

    assert told(frozenset()) == told(frozenset(["visit"]))


@pytest.mark.parametrize(("labels", "share"), [(frozenset(["visit"]), 1.0), (frozenset[str](), 0.0)])
def test_a_label_that_all_cases_have_or_none_is_told_by_its_bias(labels: frozenset[str], share: float) -> None:
    model = fit([replace(case, labels=labels) for case in cases()], ("visit",), DENSE)
    assert model.weights == {}
    assert model.probabilities(model.sums(["走访"]))[0] == pytest.approx(share, abs=0.01)


SHARE = {"strong": 0.9, "mild": 0.6, "plain": 0.2}


def drawn(dice: random.Random, count: int) -> Iterator[Case]:
    """Cases whose word tells how often they are a visit, among words that tell nothing."""
    for number in range(count):
        word = dice.choice(list(SHARE))
        noise = [f"noise {dice.randrange(150)}" for _ in range(10)]
        yield Case((word, *noise), frozenset(["visit"] if dice.random() < SHARE[word] else ()), f"file {number % 30}")


def gap(model: Linear, judged: Sequence[Case]) -> float:
    """How far the probabilities of a model are from the shares that came true, over ten ranges of probability."""
    told = sorted((model.probabilities(model.sums(case.features))[0], bool(case.labels)) for case in judged)
    size = len(told) // 10
    tenths = [told[place : place + size] for place in range(0, len(told), size)]
    return sum(abs(sum(share - right for share, right in tenth)) for tenth in tenths) / len(told)


def test_calibrated_probabilities_hold_on_cases_never_seen() -> None:
    dice = random.Random(20231215)
    model = fit(list(drawn(dice, 1500)), ("visit",), logistic(100.0, False))
    fresh = list(drawn(dice, 3000))
    raw = replace(model, slope=1.0, shift=0.0)
    assert model.slope < 0.9  # weights as strong as these are too sure of themselves
    assert gap(model, fresh) < 0.04 < gap(raw, fresh)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_a_single_group_leaves_sums_as_they_are(share: float) -> None:
    few = [
        Case(("走访",) if told else ("开会",), frozenset(["visit"] if told else ()), "one") for told in chances(share)
    ]
    model = fit(few, ("visit",), SPARSE)
    assert model.slope > 0
    known, unknown = (model.taken(model.sums([word]), ["visit"]) for word in ("走访", "开会"))
    assert known.get("visit", 0.0) >= unknown.get("visit", 0.0)


def chances(share: float, count: int = 40) -> list[bool]:
    return [number < share * count for number in range(count)]


# Training.


def blocks(name: str, count: int) -> str:
    """The first articles of a gold file."""
    return "\n@ ".join((GOLD / name).read_text(encoding="utf-8").split("\n@ ")[:count]) + "\n"


def small_gold(folder: Path, files: int) -> Path:
    folder.mkdir()
    names = sorted(path.name for path in GOLD.glob("issuer_*.txt"))[:files]
    for name in names:
        (folder / name).write_text(blocks(name, 3), encoding="utf-8")
    return folder


def test_training_gives_the_same_bytes_in_a_process_that_orders_sets_differently(tmp_path: Path) -> None:
    gold = small_gold(tmp_path / "gold", 4)
    words = ["-q", "train", "--gold", str(gold), "--out"]
    assert CliRunner().invoke(main, [*words, str(tmp_path / "here")]).exit_code == 0
    subprocess.run([*COMMAND, *words, str(tmp_path / "there")], check=True, env=os.environ | {"PYTHONHASHSEED": "1"})
    here, there = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("here", "there"))
    assert set(here) == {"calibration.json", *(f"{name}.json" for name in (*PACKS, "words"))}
    assert here == there
    assert len(learned(tmp_path / "here").types.weights) > 20
    assert read_pack(tmp_path / "here" / "types.json", "types")["gold"] == gold_hash(gold) != gold_hash()


def test_packs_of_a_single_file_of_gold_can_be_used(tmp_path: Path) -> None:
    gold = small_gold(tmp_path / "gold", 1)
    assert CliRunner().invoke(main, ["train", "--gold", str(gold), "--out", str(tmp_path)]).exit_code == 0
    judge = Quotations(learned(tmp_path))
    found = quotations(TEXT, prepare(article(TEXT)).quotes, judge)
    assert [each.text for each in found] == ["侨助工坊", "聚民心"]


# Signs of activity types.


def test_every_sign_names_a_known_type_and_strength() -> None:
    assert {kind for _, kind, _ in rows("signs")} == {*ACTIVITY_TYPES, NONE}
    assert {strength for _, _, strength in rows("signs")} == set(STRENGTHS)


def test_signs_are_words_of_two_to_eight_characters_without_marks() -> None:
    words = {word for word, _, _ in rows("signs")}
    assert [word for word in words if not 2 <= len(word) <= 8] == []
    assert [word for word in words if not word.isalnum()] == []


def test_no_sign_stands_twice_for_one_type() -> None:
    told = [(word, kind) for word, kind, _ in rows("signs")]
    assert [pair for pair, following in pairwise(sorted(told)) if pair == following] == []


def test_a_sign_tells_its_types_and_its_place() -> None:
    told: dict[str, tuple[tuple[str, int], ...]] = {}
    for word, kind, strength in rows("signs"):
        told[word] = (*told.get(word, ()), (kind, STRENGTHS[strength]))
    several = max(told, key=lambda word: (len(told[word]), word))
    text = f"今天。{several}。"
    found = signs(prepare(article(text)))
    assert len(told[several]) > 1
    assert found == [[], [Sign(3, 3 + len(several), told[several])]]


def test_a_word_that_sentences_part_or_that_is_no_body_is_no_sign() -> None:
    word = next(word for word, _, _ in rows("signs") if len(word) == 4)
    assert signs(prepare(article(word, (0, 2), (2, 4)))) == [[], []]
    assert signs(prepare(article(f"{word}。你好。", (5, 8)))) == [[]]
    assert [len(found) for found in signs(prepare(article(f"你好。{word}。")))] == [0, 1]


SIGNS = st.deferred(lambda: st.sampled_from([word for word, _, _ in rows("signs")]))


@settings(deadline=None)
@given(
    st.lists(st.one_of(SIGNS, st.sampled_from("。；，\n的了")), max_size=20).map("".join),
    st.integers(0, 30),
    st.integers(0, 30),
)
def test_signs_lie_inside_their_sentence_in_order_and_apart(text: str, first: int, length: int) -> None:
    cut = min(first, len(text)), min(first + length, len(text))
    scene = prepare(article(text, *(span for span in ((0, cut[0]), cut) if span[0] < span[1])))
    known = {word for word, _, _ in rows("signs")}
    for sentence, found in zip(scene.sentences, signs(scene), strict=True):
        assert all(sentence.start <= sign.start < sign.end <= sentence.end for sign in found)
        assert all(text[sign.start : sign.end] in known for sign in found)
        assert all(one.end <= other.start for one, other in pairwise(found))
