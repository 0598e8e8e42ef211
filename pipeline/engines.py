"""Batches in, their parts out: one after the other, by processes of this machine, or by a Dask cluster; the parts are the same."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import partial
from typing import Literal

from ..corpus.errors import InputError
from ..corpus.limits import DEFAULT
from .batches import Batch, Part, Watch, Work

Engine = Callable[[Work, Iterator[Batch]], Iterator[Part]]
NAMES = ("serial", "processes", "dask")
MANY = 2_000
"""Articles from which on processes of their own are worth their start."""


def serial(work: Work, batches: Iterator[Batch], watch: Watch | None = None) -> Iterator[Part]:
    """One batch after the other, in this process: what crashes the interpreter crashes the run, and memory has no bound."""
    for batch in batches:
        yield work(batch, watch)


def processes(size: int | None = None, memory: int = DEFAULT.memory) -> Engine:
    """By so many processes, by default one for each core; one that dies is replaced, and its batch done again."""
    from .crew import crew

    return partial(crew, size=size or _cores(), memory=memory)


def _cores() -> int:
    """The cores that this process may use, which may be fewer than there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def chosen(count: int) -> Engine:
    """The engine for so many articles where nobody chose one."""
    return serial if count < MANY or _cores() < 2 else processes()


def engine_of(
    name: Literal["serial", "processes", "dask"], workers: int | None, scheduler: str | None, memory: int
) -> Engine:
    """The engine of a name.

    Raises:
        InputError: where Dask is not installed, or something is asked that the engine does not know.
    """
    if scheduler is not None and name != "dask":
        raise InputError(
            "--scheduler is the address of a Dask scheduler: use it with --engine dask (须与 --engine dask 同用)"
        )
    if name == "serial":
        return serial
    if name == "processes":
        return processes(workers, memory)
    from .cluster import dask

    return dask(scheduler, workers, memory)
