"""Segmenters that are installed, and a sentence for them."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from jianbao.corpus.segmenters import NAMES, Segmentation, Segmenter

SENTENCE = "今年以来，区侨联走访侨眷46户，推出“侨助工坊”服务，落实《实施方案》 OK。"
# Every package that a segmenter loads besides its own.
PACKAGES = [
    ("jieba", "jieba"),
    ("rjieba", "rjieba"),
    ("pkuseg", "spacy_pkuseg"),
    ("spacy", "spacy"),
    ("spacy-jieba", "spacy"),
    ("spacy-jieba", "jieba"),
    ("spacy-pkuseg", "spacy"),
    ("spacy-pkuseg", "spacy_pkuseg"),
]
pkuseg = pytest.mark.skipif(find_spec("spacy_pkuseg") is None, reason="needs spacy-pkuseg")


def cutter(name: str, model: Path, words: Path | None = None) -> Segmenter:
    """A segmenter that is installed."""
    needed = [package for known, package in PACKAGES if known == name]
    missing = [package for package in needed if find_spec(package) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    return Segmentation(name, model if NAMES[name].learned else None, words).segmenter()


def hide(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the package were not installed."""
    loaded = [name for name in sys.modules if name.startswith(f"{package}.")]
    for name in (package, *loaded):
        monkeypatch.setitem(sys.modules, name, None)
