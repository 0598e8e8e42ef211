"""Every row of the lexicons that read figures occurs in the gold, so that a row nobody has seen at work cannot stay."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import pytest
from jianbao.corpus.gold import read_gold
from jianbao.corpus.lexicons import rows


@cache
def gold_text() -> str:
    return "\n".join(gold.article.text for gold in read_gold(str(files("jianbao.corpus") / "gold")))


@pytest.mark.parametrize("lexicon", ["units", "modifiers", "cues", "phrases", "nouns", "verbs", "activities", "quoted"])
def test_every_row_of_a_lexicon_stands_in_a_gold_line(lexicon: str) -> None:
    missing = [row[0] for row in rows(lexicon) if row[0] not in gold_text()]

    assert missing == []


def test_a_fifth_of_the_gold_is_kept_apart() -> None:
    blocks = read_gold(str(files("jianbao.corpus") / "gold"))

    apart = sum("apart_" in block.path for block in blocks)

    assert len(blocks) >= 600
    assert 0.17 <= apart / len(blocks) <= 0.25
