"""Promises of the linear model and of its fitting: sums, floors and margins, calibration, training."""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import log
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from jianbao.corpus.article import Article
from jianbao.extractors.brands import quotations
from jianbao.extractors.scene import prepare
from jianbao.models.fitting import LIGHTEST, RAREST, Case, fit, fit_sums, left_out, logistic, vocabulary
from jianbao.models.linear import NONE, Linear
from jianbao.models.packs import DIGITS, GOLD, gold_hash, read_pack
from jianbao.pipeline.command import main
from jianbao.pipeline.learned import PACKS, Quotations, learned
from made_calls import COMMAND

TEXT = "今年以来，区侨联走访侨眷46户，推出“侨助工坊”行动。“聚民心”，大家都在出力。\n"


def article(text: str, *body: tuple[int, int]) -> Article:
    return Article("a", text, body=body or ((0, len(text)),))


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
    assert all(round(figure, DIGITS) == figure and abs(figure) >= LIGHTEST for figure in figures)
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
