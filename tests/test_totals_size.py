"""Sums of many figures need a bounded memory, since the database puts the rest on the disk."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from jianbao.pipeline.outputs import opened
from jianbao.pipeline.totals import total

FIGURES = 600_000
MEMORY = "160MB"


def test_a_table_several_times_as_large_as_the_memory_is_summed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parent / "benchmarks")
    import_module("totals").write_run(tmp_path, FIGURES)
    with opened(tmp_path) as connection:
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        total(connection)
        counts = connection.execute("SELECT verdict, count(*) FROM ledger GROUP BY ALL").fetchall()
        own = connection.execute("SELECT sum(own_count) FROM totals").fetchone()
    assert sum(count for _, count in counts) == FIGURES
    assert own == (dict(counts)["counted"],)
