"""Promises of the signs of activity types: a lexicon of known types, found inside their sentences."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from jianbao.corpus.article import Article
from jianbao.corpus.lexicons import rows
from jianbao.corpus.records import ACTIVITY_TYPES
from jianbao.extractors.scene import prepare
from jianbao.extractors.signs import STRENGTHS, Sign, signs
from jianbao.models.linear import NONE


def article(text: str, *body: tuple[int, int]) -> Article:
    return Article("a", text, body=body or ((0, len(text)),))


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
