"""Promises of the gist: what is found once for a whole text is what each of its parts would tell by itself."""

from __future__ import annotations

import re
from pathlib import Path

import jianbao
from hypothesis import example, given
from hypothesis import strategies as st
from jianbao.corpus import recurrence
from jianbao.corpus.gist import Gist, gist_of, lined
from jianbao.corpus.recurrence import edge_keys, line_key

GOLD = Path(jianbao.__file__).parent / "corpus" / "gold"
# Lines of mastheads, figures and both scripts; blanks and marks around them as pages have them.
LINES = [
    "侨声简报　第118期", "（２０２３年５月６日）", "二〇二三年五月六日", "2023年5月6日 第九期", "捐款 ３.５萬元，1.2.3", "慰問長者300餘戶", "乾隆年間的乾糧",
    "走访侨眷30户。", "  　走访\t侨商 9.6 万元；", ".5", "5.", "年5月", "", " ", "\x0b", "A.B", "%％", "#", "\ud800", "走访侨商，" * 300,
]  # fmt: skip
texts = st.lists(st.sampled_from(LINES) | st.text(max_size=12), max_size=100).map("\n".join)


def pieces_joined(text: str) -> str:
    """The characters that are kept, one by one: letters and figures, line ends, decimal points between figures."""
    kept = re.compile(r"[\n〇○㐀-鿿豈-﫿0-9A-Za-z０-９Ａ-Ｚａ-ｚ%％]|(?<=[0-9０-９])[.．](?=[0-9０-９])")
    return "".join(match.group() for match in kept.finditer(text))


@given(texts)
def test_a_gist_keeps_letters_figures_and_decimal_points(text: str) -> None:
    plain = "".join(character for character in text if character.isascii())
    assert lined(plain) == pieces_joined(plain).lower()


@given(texts, st.lists(st.integers(0, 200), max_size=6))
@example("首页\n　走访30户 \n\n慰问3.", [4, 9, 10, 15])
@example("首页\n慰問3.5萬戶，乾隆年間", [0, 2, 4, 8])
def test_stretches_of_a_gist_are_the_gist_of_stretches(text: str, places: list[int]) -> None:
    cuts = sorted(min(place, len(text)) for place in places)
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    assert Gist(text).within(spans) == lined("\n".join(text[start:end] for start, end in spans))


@given(texts, st.lists(st.booleans(), min_size=110, max_size=110))
def test_lines_of_a_gist_are_the_gists_of_lines(text: str, shown: list[bool]) -> None:
    spans: list[tuple[int, int]] = []
    place = 0
    for line in text.split("\n"):
        if shown[len(spans)]:
            spans.append((place, place + len(line)))
        place += len(line) + 1
    assert Gist(text).within(spans) == lined("\n".join(text[start:end] for start, end in spans))
    assert Gist(text).whole() == gist_of(text)


def edges_one_by_one(text: str) -> set[int]:
    """Keys of the first forty lines that hold anything and of the last forty, each by itself."""
    raw = text.split("\n")
    head = [line for line in raw if line.strip()][: recurrence._EDGE]
    return {line_key(line) for line in (*head, *raw[-recurrence._EDGE :])} - {0}


def keys_at_once(text: str) -> set[int]:
    gist = Gist(text)
    return {*edge_keys(gist, recurrence._edges(gist.raw))} - {0}


@given(texts)
@example("\n" * 60 + "\n".join(LINES) * 4)
def test_keys_of_edges_are_those_of_the_lines_one_by_one(text: str) -> None:
    assert keys_at_once(text) == edges_one_by_one(text)


def test_keys_of_edges_of_gold_are_those_of_the_lines_one_by_one() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(GOLD.glob("*.txt")))
    for start in range(0, len(text), 700):
        assert keys_at_once(text[start : start + 900]) == edges_one_by_one(text[start : start + 900])


@given(texts)
def test_each_number_and_day_of_an_issue_is_seen_by_its_sign(text: str) -> None:
    for line in lined(text).split("\n"):
        assert recurrence._without_issues(line) == recurrence._ISSUE.sub("#", line)
