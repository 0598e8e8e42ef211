"""Sources named on the command line in, a table of the project out: the command that every build script is."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from inspect import getsourcefile
from pathlib import Path

from .errors import JianbaoError


def build_table(
    target: Path, build: Callable[..., str], sources: Sequence[str] = (), arguments: Sequence[str] | None = None
) -> int:
    """Write what `build` makes of the named sources into `target`; 2 where other arguments were given than sources
    are wanted, 1 where a source is missing or damaged."""
    given = sys.argv[1:] if arguments is None else arguments
    if len(given) != len(sources):
        print("usage: python -m", f"jianbao.corpus.{Path(getsourcefile(build) or '').stem}", *sources, file=sys.stderr)
        return 2
    try:
        text = build(*map(Path, given))
    except JianbaoError as error:
        print(error, file=sys.stderr)
        return 1
    target.write_text(text, encoding="utf-8", newline="\n")
    return 0
