"""Where a quick look spares work, the answer is that of the plain way: on our bulletins and on texts made up."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jianbao.corpus import gold
from jianbao.corpus.article import Article
from jianbao.extractors import nouns, periods, refusals, signs
from jianbao.extractors.candidates import candidates
from jianbao.extractors.numbered import Numbered
from jianbao.extractors.scene import CLAUSE_END, Scene, prepare

BULLETINS = sorted((Path(gold.__file__).parent / "bulletins").glob("*"))
WORDS = (
    "第前列每平均达到破满低于等0１2３5.．一二两三十百千万亿余多个家户项次届期人吨千瓦元米%％+＋xX级型档代维年月日今天去近截至自从到以来期间之际节当天前后晚"
    "“”‘’《》，、。；\n 的企业侨联走访三门县一家人上下半季度初底末成立"
)
TEXTS = st.text(alphabet=sorted(set(WORDS)), max_size=60)


@cache
def _told() -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8", errors="ignore") for path in BULLETINS)


def _scene(text: str) -> Scene:
    return prepare(Article("a", text, body=((0, len(text)),)))


def _numbers(scene: Scene) -> Iterator[Numbered]:
    for sentence in scene.sentences:
        for found in candidates(scene.text, sentence.start, sentence.end):
            yield Numbered(scene, found, sentence.start, sentence.end)


def _refusals_agree(text: str) -> None:
    scene = _scene(text)
    for this in _numbers(scene):
        assert refusals.refusal(scene, this) == refusals.plainly(scene, this), this.candidate


def _plain_start(scene: Scene, position: int, floor: int) -> int:
    inside = [place for place in range(floor, position) if scene.text[place] in CLAUSE_END]
    return next((place + 1 for place in reversed(inside) if scene.quoted(place, place + 1) is None), floor)


def _plain_end(scene: Scene, position: int, ceiling: int) -> int:
    inside = [place for place in range(position, ceiling) if scene.text[place] in CLAUSE_END]
    return next((place for place in inside if scene.quoted(place, place + 1) is None), ceiling)


def _clauses_agree(text: str) -> None:
    scene = _scene(text)
    for sentence in scene.sentences:
        for place in range(sentence.start, sentence.end, 7):
            assert scene.clause_start(place, sentence.start) == _plain_start(scene, place, sentence.start)
            assert scene.clause_end(place, sentence.end) == _plain_end(scene, place, sentence.end)


def _time_hints_agree(text: str) -> None:
    opened, plain = periods._scanner()[0], re.compile(periods._HINT)
    first = re.compile(f"[{periods._FIRST}]")
    wanted = [place for place in range(len(text)) if first.match(text, place) and plain.match(text, place)]
    assert [match.start() for match in opened.finditer(text)] == wanted


def _rules_agree(text: str) -> None:
    """The rules that `_beginning_with` leaves out match nowhere."""
    for place, character in enumerate(text):
        is_day = character == "今" and text[place + 1 : place + 2] not in ("年", "上", "下")
        kept = {row[0] for row in periods._beginning_with("今天" if is_day else character)}
        for rule, pattern, _, _ in periods._beginning_with(character):
            match = None if rule in kept else pattern.match(text, place)
            assert match is None or not match.group(), (rule, text[place:])


def _signs_agree(text: str) -> None:
    scene = _scene(text)
    finder, _ = signs._finder()
    plain: list[list[tuple[int, int]]] = [[] for _ in scene.sentences]
    for _, start, end in finder.find_matches_as_indexes(text):
        index = bisect_right(scene.starts, start) - 1
        if index >= 0 and end <= scene.sentences[index].end:
            plain[index].append((start, end))
    assert [[(sign.start, sign.end) for sign in seen] for seen in signs.signs(scene)] == plain


def _connectors_agree(text: str) -> None:
    for end in range(len(text)):
        window = text[max(0, end - 12) : end]
        if window[-1:] not in nouns._CONNECTING and not window.endswith("\n"):
            assert nouns._CONNECTOR.sub("", window) == window


CHECKS: list[Callable[[str], None]] = [
    _refusals_agree,
    _clauses_agree,
    _time_hints_agree,
    _rules_agree,
    _signs_agree,
    _connectors_agree,
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__.strip("_"))
def test_our_bulletins_are_read_as_the_plain_way_reads_them(check: Callable[[str], None]) -> None:
    assert _told()
    for text in _told():
        check(text)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__.strip("_"))
def test_texts_made_up_are_read_as_the_plain_way_reads_them(check: Callable[[str], None]) -> None:
    given(TEXTS)(check)()
