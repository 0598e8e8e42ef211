"""Words of a sentence as features, and how much each counts when a model is fitted."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st
from jianbao.models.fitting import FAINT, Case, fit_sums, logistic, matrix_of, value_of, vocabulary
from jianbao.pipeline.features import WORD, word_features


@given(st.text(max_size=40))
@example("走访侨企")
def test_a_sentence_of_characters_has_each_character_and_each_pair_once(text: str) -> None:
    expected = {f"{WORD}{one}" for one in text} | {f"{WORD}{text[place : place + 2]}" for place in range(len(text) - 1)}
    features = list(word_features(list(text)))
    assert set(features) == expected
    assert len(features) == len(expected)


def test_words_are_told_from_pairs_of_words() -> None:
    assert list(word_features(["走访", "侨企"])) == ["w:走访", "w:侨企", "w:走访_侨企"]


def test_single_characters_alone_count_less_than_other_features() -> None:
    assert [value_of(name) for name in ("w:访", "w:走访", "figures:3", "ordinal")] == [FAINT, 1.0, 1.0, 1.0]


def test_a_matrix_holds_what_each_feature_counts() -> None:
    cases = [Case(("w:访", "w:走访"), frozenset(), "a")] * 3
    known = vocabulary(cases)
    assert matrix_of(cases, known).toarray().tolist() == [[value_of(name) for name in known]] * 3


def test_a_weight_tells_what_the_presence_of_a_feature_adds() -> None:
    told = Case(("w:访", "ordinal"), frozenset(["visit"]), "a")
    other = Case(("w:会", "goes on"), frozenset(), "b")
    model = fit_sums([told, other] * 20, ["visit"], logistic(1.0, False))
    faint, whole = (dict(model.weights[name])[0] for name in ("w:访", "ordinal"))
    assert 0 < faint < whole
