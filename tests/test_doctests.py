"""Promise of the examples: what a docstring shows is what the code does."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import jianbao
import pytest

MODULES = sorted(
    found.name
    for found in pkgutil.walk_packages(jianbao.__path__, "jianbao.")
    if found.name.split(".")[1] in ("corpus", "extractors", "models", "pipeline")
    and not found.name.endswith("__main__")
)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_run(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_there_are_examples_to_run() -> None:
    finder = doctest.DocTestFinder(exclude_empty=True)
    found = [test for name in MODULES for test in finder.find(importlib.import_module(name)) if test.examples]
    assert len(found) > 25
