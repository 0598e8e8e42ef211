"""An output folder in, the domain that its run was given out; and put in force for those who read its tables."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..corpus.domain import Domain
from ..corpus.errors import OutputError
from ..corpus.lexicons import in_force
from ..corpus.sources import readable

_RUN = "run.json"


def domain_of(out: Path | str) -> Domain | None:
    """The domain that stands in the record of a run; None where there is none.

    Raises:
        OutputError: where what stands there is no domain.
    """
    path = Path(out) / _RUN
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # who needs the record says so
        return None
    told = record.get("domain") if isinstance(record, dict) else None
    try:
        return None if told is None else Domain.recorded(told)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise OutputError(
            f"{readable(path)}: domain: is none that jianbao wrote; run it again (领域记录已损坏，请重新运行)"
        ) from None


@contextmanager
def domain_in_force(out: Path | str) -> Iterator[None]:
    """The domain of an output folder in force for what reads its tables: its types stand there, with their names."""
    with in_force(domain_of(out)):
        yield
