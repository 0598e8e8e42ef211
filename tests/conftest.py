"""Fixtures that several test files share: one run of the bundled bulletins, stores, exports, models, a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from duckdb import DuckDBPyConnection
from made_stores import empty_store


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBPyConnection]:
    """The store of a run that found nothing, to fill with other rows."""
    with empty_store(tmp_path_factory.mktemp("store")) as connection:
        yield connection
