"""How far a run is in, a bar on the terminal or a line for each article out."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import click

from ..corpus.article import Article
from ..corpus.records import Records

_MARKS = 50  # batches over which the speed is told


class Progress(NamedTuple):
    """What is told while a run goes on: how many articles there are, how many more are done, and each of them."""

    counted: Callable[[int], None] | None = None
    advanced: Callable[[int], None] | None = None
    failed: Callable[[int], None] | None = None
    watch: Callable[[Article, Records], None] | None = None


@contextmanager
def progress(verbosity: str) -> Iterator[Progress]:
    """A progress bar on a terminal, nothing in a pipe; with --verbose a line for each article."""
    if verbosity == "verbose":
        yield Progress(watch=lambda article, records: click.echo(_line(article, records), err=True))
    elif verbosity == "quiet" or not sys.stderr.isatty():
        yield Progress()
    else:
        rate = Rate()
        with click.progressbar(length=1, label="jianbao", file=sys.stderr, item_show_func=rate.told) as bar:

            def advanced(count: int) -> None:
                rate.add(count)
                bar.update(count, rate)

            yield Progress(lambda count: setattr(bar, "length", max(1, count)), advanced, rate.fail)


class Rate:
    """How fast articles were done of late, and how many failed: what stands behind the bar."""

    def __init__(self) -> None:
        self._failed = self._done = 0
        self._marks = deque([(time.monotonic(), 0)], maxlen=_MARKS)

    def add(self, count: int) -> None:
        """So many more articles are done."""
        self._done += count
        self._marks.append((time.monotonic(), self._done))

    def fail(self, count: int) -> None:
        """So many of them failed."""
        self._failed += count

    def told(self, _: object) -> str:
        """Of the last batches, so that what an earlier run had done is soon left out."""
        (first, before), (last, now) = self._marks[0], self._marks[-1]
        speed = (now - before) / (last - first) if last > first else 0.0
        return f"{speed:,.0f} articles/s, {self._failed} failed"


def _line(article: Article, records: Records) -> str:
    figures = f"{len(records.indicators)} indicators, {len(records.brands)} brands"
    return " ".join(f"{article.id}: {article.status}, {figures} {article.message}".split())
