"""Promises on the shared gold: article fields are right, and no record lies outside the body and the title."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jianbao.corpus.body import body_spans
from jianbao.corpus.decoding import decode
from jianbao.corpus.heading import read_heading, title_span

SHARED = Path(__file__).parents[1].parent / "shared"
PAIRS = [("gold", "seeds"), ("dev/gold", "dev/texts")]
GOLD = [
    (gold, SHARED / texts / f"{gold.stem}.txt")
    for place, texts in PAIRS
    for gold in sorted((SHARED / place).glob("*.json"))
]

pytestmark = pytest.mark.skipif(not GOLD, reason=f"no shared gold in {SHARED}")


def read(gold: Path, text: Path) -> tuple[dict[str, Any], str]:
    return json.loads(gold.read_text(encoding="utf-8")), decode(text.read_bytes()).text


@pytest.mark.parametrize(("gold", "path"), GOLD, ids=lambda path: path.stem)
def test_article_fields_are_those_of_the_gold(gold: Path, path: Path) -> None:
    expected, text = read(gold, path)
    heading = read_heading(text)
    found = (heading.title, str(heading.published or ""), heading.source, heading.contributor)
    assert found == tuple(expected["article"][name] for name in ("title", "published", "source", "contributor"))


@pytest.mark.parametrize(("gold", "path"), GOLD, ids=lambda path: path.stem)
def test_no_record_lies_outside_body_and_title(gold: Path, path: Path) -> None:
    expected, text = read(gold, path)
    title = read_heading(text).title
    spans = [*body_spans(text, title), title_span(text, title) or (0, 0)]
    records = [record for kind in ("indicators", "brands", "activities") for record in expected[kind]]
    assert records
    lost = [
        text[record["start"] : record["end"]]
        for record in records
        if not any(start <= record["start"] and record["end"] <= end for start, end in spans)
    ]
    assert lost == []
