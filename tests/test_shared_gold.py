"""Promises on the shared gold: what `jianbao run` writes for the seeds and the development texts scores high."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jianbao
import pytest

SHARED = Path(__file__).parents[1].parent / "shared"
SCORE = SHARED / "tools" / "score.py"
SETS = {"seeds": ("gold", "seeds"), "dev": ("dev/gold", "dev/texts")}

pytestmark = pytest.mark.skipif(not SCORE.is_file(), reason=f"no shared gold beside the checkout: {SHARED}")


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return {name: score(*places, tmp_path_factory.mktemp(name)) for name, places in SETS.items()}


def score(gold: str, texts: str, out: Path) -> dict[str, Any]:
    """What the shared tool says of the tables of a run over the texts."""
    jianbao.run(SHARED / texts, out)
    words = [sys.executable, str(SCORE), str(SHARED / gold), str(SHARED / texts), str(out), "--json"]
    found: dict[str, Any] = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
    assert found["docs"] == len(list((SHARED / gold).glob("*.json"))) > 0
    return found


@pytest.mark.parametrize("name", SETS)
def test_indicators_are_found(scores: dict[str, dict[str, Any]], name: str) -> None:
    assert scores[name]["indicators"]["f1"] >= 0.95


@pytest.mark.parametrize("name", SETS)
def test_values_of_found_indicators_are_right(scores: dict[str, dict[str, Any]], name: str) -> None:
    assert scores[name]["of matched"]["value"] >= 0.97


@pytest.mark.parametrize("name", SETS)
def test_offsets_are_never_wrong(scores: dict[str, dict[str, Any]], name: str) -> None:
    assert scores[name]["bad_offsets"] == 0


@pytest.mark.parametrize("field", ["title", "published", "contributor", "region"])
def test_articles_of_the_seeds_are_told_whole(scores: dict[str, dict[str, Any]], field: str) -> None:
    assert scores["seeds"]["article"][field] == 1.0
