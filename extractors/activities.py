"""A sentence in, the activity types that it reports out; and the one type of a number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ahocorasick_rs import AhoCorasick, MatchKind

from ..corpus.article import Sentence
from ..corpus.lexicons import rows
from ..corpus.records import Activity
from .scene import Scene


@dataclass(frozen=True, slots=True)
class Hint:
    """A word of the activity lexicon in the text: its place, its types, and whether it stands alone (strong)."""

    start: int
    end: int
    types: tuple[tuple[str, bool], ...]


@cache
def _lexicon() -> tuple[AhoCorasick, list[tuple[tuple[str, bool], ...]]]:
    table: dict[str, list[tuple[str, bool]]] = {}
    for word, kind, weight in rows("activities"):
        table.setdefault(word, []).append((kind, weight == "strong"))
    return AhoCorasick(list(table), matchkind=MatchKind.LeftmostLongest), [tuple(types) for types in table.values()]


def hints(scene: Scene) -> list[list[Hint]]:
    """Activity words of each sentence of the scene, in one pass over the text."""
    automaton, types = _lexicon()
    found: list[list[Hint]] = [[] for _ in scene.sentences]
    if not scene.sentences:
        return found
    index, last = 0, len(scene.sentences) - 1
    for word, start, end in automaton.find_matches_as_indexes(scene.text):
        while index < last and scene.sentences[index].end <= start:
            index += 1
        sentence = scene.sentences[index]
        if sentence.start <= start and end <= sentence.end:
            found[index].append(Hint(start, end, types[word]))
    return found


_NO_WORK = re.compile(
    r"(?:坚持|贯彻|秉持|深入学习贯彻)[^，。]{0,30}$|下一步|今后|将(?:继续|进一步|坚持|以)|要(?:坚持|进一步|求)|必须|应当|是[^，。]{0,12}(?:保障|基础|关键|前提)"
)
_WORK = re.compile(
    r"开展|举办|组织|实施|推进|建立|成立|设立|完成|推出|发放|走访|慰问|帮助|搭建|打造|签|召开|举行|募|捐|引进|邀请|培训|解决|办理|创建|建成|落实|出台|建设|制作|联合|带动|参加|评|获|送|服务|启动|发布|组建|开设|推动|宣传|支持|提供|投入|资助|救助|新增|增长|达"
)
_HEADING = re.compile(r"^(?:[一二三四五六七八九十]+[、是]|（[一二三四五六七八九十]+）|\([一二三四五六七八九十]+\)|\d+[.、．]|第[一二三四五六七八九十]+[、，])")
MIN_LENGTH = 10


def activities(scene: Scene, words: list[list[Hint]], numbered: set[int]) -> Iterator[Activity]:
    """The activity types of each sentence that reports work; `numbered` holds the sentences with an indicator."""
    for index, sentence in enumerate(scene.sentences):
        if not words[index] or not _reports_work(scene, sentence, index in numbered):
            continue
        for kind in sorted(_types(scene, words[index], index in numbered)):
            yield Activity(sentence.start, sentence.end, sentence.text, "activity.words", 0.7, kind)


def _reports_work(scene: Scene, sentence: Sentence, has_number: bool) -> bool:
    if has_number:
        return True
    text = sentence.text
    if len(text) < MIN_LENGTH or not _WORK.search(text):
        return False
    is_caption = text[0] in "▲△■●◆" or text[-1] not in "。；;！!？?"
    if is_caption:
        return not _HEADING.match(text) and text[0] in "▲△■●◆"
    if _HEADING.match(text) and len(text) < 24:
        return False
    return not _NO_WORK.search(text)


def _types(scene: Scene, words: list[Hint], has_number: bool) -> set[str]:
    strong = {kind for hint in words for kind, alone in hint.types if alone and not _is_slogan(scene, hint)}
    if strong:
        return strong
    return {kind for hint in words for kind, _ in hint.types} if has_number and len(words) < 3 else strong


def _is_slogan(scene: Scene, hint: Hint) -> bool:
    """Words inside quotation marks or titles name things; they report nothing."""
    return scene.quoted(hint.start, hint.end) is not None


_MONEY_FIRST = ("donation", "investment", "relief")


def activity_of(words: list[Hint], clause: int, start: int, end: int, limit: int) -> str:
    """The type of the word that governs a number: the nearest before it in its clause, then behind, then further left."""
    inside = [hint for hint in words if clause <= hint.start and hint.end <= start]
    for hint in reversed(inside):
        return _first(hint)
    right = [hint for hint in words if end <= hint.start and hint.end <= limit]
    for hint in right:
        return _first(hint)
    left = [hint for hint in words if hint.end <= clause and any(alone for _, alone in hint.types)]
    return _first(left[-1]) if left else ""


def _first(hint: Hint) -> str:
    return next((kind for kind, alone in hint.types if alone), hint.types[0][0])
