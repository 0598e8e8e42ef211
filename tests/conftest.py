"""What tests of whole runs have in common: small batches, some inputs, and what an undisturbed run makes of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from jianbao.pipeline import batches
from jianbao.pipeline.engines import serial
from jianbao.pipeline.run import run
from made_troubles import INPUTS, SMALL, corpus, tables


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many batches of few articles."""
    monkeypatch.setattr(batches, "ONE_IN", SMALL[0])
    monkeypatch.setattr(batches, "MOST", SMALL[1])


@pytest.fixture(scope="session")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of short articles, which nobody changes; beside it, once asked for, `expected`."""
    return corpus(tmp_path_factory.mktemp("undisturbed") / "in", INPUTS)


@pytest.fixture(scope="session")
def expected(inputs: Path) -> dict[str, bytes]:
    """The tables that a run of one process makes of the inputs."""
    run(inputs, inputs.parent / "expected", engine=serial)
    return tables(inputs.parent / "expected")
