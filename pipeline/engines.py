"""Batches in, their parts out: one after the other, by processes of this machine, or by a Dask cluster; the parts are the same."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from ..corpus.errors import InputError
from ..corpus.limits import DEFAULT
from .batches import Batch, Part, Watch, Work

Engine = Callable[[Work, Iterator[Batch]], Iterator[Part]]
"""Those of here are frozen and have a `size`: how many processes of this machine do the work, None where that is not known."""
NAMES = ("serial", "processes", "dask")
MANY = 2_000
"""Articles from which on processes of their own are worth their start."""


@dataclass(frozen=True, slots=True)
class Serial:
    """One batch after the other, in this process: what crashes the interpreter crashes the run, and memory has no bound."""

    size = 0

    def __call__(self, work: Work, batches: Iterator[Batch], watch: Watch | None = None) -> Iterator[Part]:
        for batch in batches:
            yield work(batch, watch)


serial = Serial()


@dataclass(frozen=True, slots=True)
class Processes:
    """By so many processes aside; `memory` bounds what one article may take of them. One that dies is replaced."""

    size: int
    memory: int = DEFAULT.memory

    def __call__(self, work: Work, batches: Iterator[Batch]) -> Iterator[Part]:
        from .crew import crew

        return crew(work, batches, self.size, self.memory)


def processes(size: int | None = None, memory: int = DEFAULT.memory) -> Processes:
    """By so many processes, by default one for each core; one that dies is replaced, and its batch done again."""
    return Processes(size or _cores(), memory)


def _cores() -> int:
    """The cores that this process may use, which may be fewer than there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def chosen(count: int) -> Engine:
    """The engine for so many articles where nobody chose one."""
    return serial if count < MANY or _cores() < 2 else processes()


def size_of(engine: Engine | None) -> int | None:
    """How many processes of this machine an engine has, 0 for none but this one; None where it does not say."""
    size = getattr(engine, "size", None)
    return size if isinstance(size, int) else None


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
