"""Reads a page as the tests of pages do: its document, its body, and how much of the article that holds."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("lxml", reason="pages need lxml")
from jianbao.corpus.document import Document
from jianbao.corpus.limits import DEFAULT
from jianbao.corpus.pages import read_html

PROSE = "区侨联走访慰问侨眷30户，送去慰问金3万元。"
BLANKS = re.compile(r"\s+")


def read(page: str | bytes) -> Document:
    [document] = read_html(page.encode() if isinstance(page, str) else page, DEFAULT)
    return document


def body_of(document: Document) -> str:
    return "\n".join(document.text[start:end] for start, end in document.body or ())


def f1(found: str, expected: str) -> float:
    told, known = (Counter(BLANKS.sub("", text)) for text in (found, expected))
    return 2 * (told & known).total() / max(1, told.total() + known.total())


def sidecar(page: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    return told
