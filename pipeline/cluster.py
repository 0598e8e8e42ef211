"""Batches in, their parts out, done by a Dask cluster: one that listens at an address, or one of processes of this machine.

A task hands its batch to a process aside of the worker, as `crew` does: there an alarm can ring, memory is bounded, and
an article that ends its process leaves the worker alive.
"""

from __future__ import annotations

import gc
import json
import logging
import os
import pickle
import signal
import weakref
from collections.abc import Iterator
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from multiprocessing import resource_tracker
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..corpus.errors import InputError, JianbaoError, one_line
from ..corpus.limits import DEFAULT
from .batches import Batch, Part, Work
from .crew import Hand, LostError, finish
from .record import fingerprint

if TYPE_CHECKING:
    from distributed import Client, Future, LocalCluster

PATIENCE = 10
"""Seconds in which a scheduler must answer."""
WAIT = 300
"""Seconds to wait for the first worker: a cluster may start its workers only when there is work."""
AHEAD = 2
"""Batches under way for each thread of the cluster."""
_DEATHS = 0  # of workers of this machine over one batch that Dask does not tell
_LOUDEST = logging.CRITICAL + 1


@dataclass(frozen=True, slots=True)
class Dask:
    """By the workers of the scheduler at `place`, or where that is empty by `size` processes of this machine; `memory`
    bounds what one article may take of them."""

    place: str
    size: int | None
    memory: int

    def __call__(self, work: Work, batches: Iterator[Batch]) -> Iterator[Part]:
        """The parts of the batches as they are done, in any order; few batches are under way at a time."""
        first = next(batches, None)
        if first is None:
            return
        with self._connected() as client:
            yield from _Flow(client, self.place, work, self.memory).parts(chain((first,), batches))

    def _connected(self) -> AbstractContextManager[Client]:
        return _connected(self.place) if self.size is None else _local(self.size)


def dask(scheduler: str | None = None, workers: int | None = None, memory: int = DEFAULT.memory) -> Dask:
    """By the workers of a Dask scheduler; without one by so many processes of this machine, by default one for each core.

    `scheduler` is its address (`tcp://host:8786`) or the file that `dask scheduler --scheduler-file` writes. Workers need
    the same jianbao, and of the files of a run only those that its pipeline names (words, models of a segmenter). A worker
    does as many batches at a time as it has threads, each in a process of its own; `memory` bounds what one article may
    take of it. A script that calls this without an address needs `if __name__ == "__main__":`.

    Raises:
        InputError: where Dask is not installed, nobody answers at the address, or Python, Dask or jianbao are of another version there.
    """
    _check_installed()
    if scheduler is None:
        return Dask("", workers or os.cpu_count() or 1, memory)
    if workers is not None:
        raise InputError("--workers counts processes of this machine; a cluster has its own (集群的进程数由集群决定)")
    address = _address(scheduler)
    with _connected(address):  # told before any article is read
        pass
    return Dask(address, None, memory)


def _check_installed() -> None:
    try:
        import distributed  # noqa: F401
    except ImportError as error:
        raise InputError(
            f'Dask is not installed ({error}): pip install "jianbao[dask]" (未安装 Dask，请先安装)'
        ) from None


def _address(scheduler: str) -> str:
    """The address that a scheduler's file tells, or the one that was given."""
    path = Path(scheduler)
    if "://" in scheduler or not path.is_file():
        return scheduler
    try:
        return str(json.loads(path.read_text(encoding="utf-8"))["address"])
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(f"{scheduler}: is no file of a Dask scheduler (不是 Dask 调度器文件)") from None


# --- the two kinds of cluster


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    """A client of the scheduler there; what it says of a connection that breaks is told as an error of ours."""
    with _quiet():
        client = _client(address)
        try:
            _check_versions(client, address)
            yield client
        finally:
            with suppress(OSError, TimeoutError):
                client.close(PATIENCE)


def _client(address: str) -> Client:
    from distributed import Client

    try:
        return Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, RuntimeError) as error:
        fault = _unanswered(address, error)
    gc.collect()  # a client that did not come to be closes when it is collected: not in the lock of the next one
    raise fault


def _unanswered(address: str, error: Exception) -> InputError:
    return InputError(
        f"{address}: no Dask scheduler answers within {PATIENCE} s: {one_line(error)}; start one with"
        " `dask scheduler`, and workers with `dask worker ADDRESS` (连不上 Dask 调度器)"
    )


def _check_versions(client: Client, address: str) -> None:
    """Refuse another Python, Dask or jianbao: what is sent from here could be read wrongly there, or not at all."""
    with _told(address):
        found: Any = client.get_versions(packages=["jianbao"])
    ours = _versions(found["client"])
    for place, theirs in [("the scheduler", found["scheduler"]), *found["workers"].items()]:
        if theirs and _versions(theirs) != ours:
            raise InputError(
                f"{address}: {place} has {_shown(_versions(theirs))}, here is {_shown(ours)}: install the same there"
                " (集群与本机的版本不一致)"
            )


def _versions(told: dict[str, Any]) -> dict[str, str]:
    packages = told["packages"]
    return {
        "Python": ".".join(str(packages["python"]).split(".")[:2]),
        **{name: packages.get(name) or "missing" for name in ("dask", "distributed", "jianbao")},
    }


def _shown(versions: dict[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in versions.items())


@contextmanager
def _local(workers: int) -> Iterator[Client]:
    """A cluster of so many processes on this machine, reached over its loopback alone."""
    from distributed import Client

    with _quiet(), _started(workers) as cluster, Client(cluster, set_as_default=False) as client:
        yield client


def _started(workers: int) -> LocalCluster:
    """The processes, started by a thread that hears no Ctrl-C: neither do they, and a run that is stopped meanwhile ends them."""
    from distributed import LocalCluster

    with ThreadPoolExecutor(1, initializer=_hear_nothing) as pool:
        starting = pool.submit(
            LocalCluster,
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,  # pyright: ignore[reportArgumentType]
            memory_limit=0,
            silence_logs=_LOUDEST,
            scheduler_kwargs={"allowed_failures": _DEATHS, "dashboard_address": "127.0.0.1:0"},
        )
        try:
            return starting.result()
        except BaseException:
            with suppress(Exception):
                starting.result().close()
            raise


def _hear_nothing() -> None:
    if hasattr(signal, "pthread_sigmask"):
        resource_tracker.ensure_running()  # whose start would make this thread hear again
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


@contextmanager
def _quiet() -> Iterator[None]:
    """Nothing of what Dask logs: what matters is told as an error, and a worker that is replaced is no news."""
    from dask import config

    names = [name for name in [*logging.root.manager.loggerDict] if name.startswith("distributed")]
    logs = [*map(logging.getLogger, names), logging.getLogger("asyncio"), logging.getLogger("tornado.application")]
    before = [(log, log.handlers, log.propagate) for log in logs]
    for log in logs:
        log.handlers, log.propagate = [logging.NullHandler()], False
    try:
        with config.set({"distributed.admin.large-graph-warning-threshold": "1 TB"}):  # a long article is no mistake
            yield
    finally:
        for log, handlers, propagate in before:
            log.handlers, log.propagate = handlers, propagate


# --- here


class _Flow:
    """Batches on their way through the workers of a cluster, and their parts on their way back."""

    def __init__(self, client: Client, place: str, work: Work, memory: int) -> None:
        from distributed import as_completed

        self._client, self._place = client, place
        self._under_way: dict[Any, Batch] = {}
        self._done: Any = as_completed(loop=client.loop)
        with _told(place):
            self._wait()
            # a task and not data: when all workers that hold it die, the scheduler has it made again
            self._bench = client.submit(Bench, _packed(work, memory), _rules(), pure=False)

    def _wait(self) -> None:
        try:
            self._client.wait_for_workers(1, WAIT)
        except TimeoutError:
            raise InputError(
                f"{self._place}: the scheduler has no worker after {WAIT} s: start some with"
                f" `dask worker {self._place}` (集群没有工作进程)"
            ) from None

    def parts(self, batches: Iterator[Batch]) -> Iterator[Part]:
        for batch in batches:
            while len(self._under_way) >= self._most():
                yield self._part()
            future = self._send(batch)
            self._under_way[future.key] = batch
            self._done.add(future)
        while self._under_way:
            yield self._part()

    def _most(self) -> int:
        """How many batches the cluster should have as it is now; workers come and go."""
        with _told(self._place):
            threads: Any = self._client.nthreads()
        return AHEAD * max(1, int(sum(threads.values())))

    def _send(self, batch: Batch) -> Future:
        with _told(self._place):
            return self._client.submit(_done, self._bench, pickle.dumps(batch), pure=False)

    def _part(self) -> Part:
        """The next part; of a batch that killed its workers its halves are done."""
        with _told(self._place):
            future = next(self._done)
        batch = self._under_way.pop(future.key)
        try:
            return self._result(future)
        except LostError:
            return finish(batch, lambda piece: self._result(self._send(piece)))

    def _result(self, future: Future) -> Part:
        from distributed import KilledWorker

        try:
            with _told(self._place):
                found: Part = future.result()
        except KilledWorker:
            raise LostError("its workers died over it, for want of memory or by a crash (工作进程多次中断)") from None
        finally:
            future.release()
        return found


@contextmanager
def _told(place: str) -> Iterator[None]:
    """What goes wrong between here and the cluster, told as what the user can mend."""
    where = place or "the local Dask cluster"
    try:
        yield
    except JianbaoError:
        raise
    except ImportError as error:
        raise InputError(
            f"{where}: a worker lacks what is installed here: {one_line(error)} (请在集群上安装)"
        ) from None
    except (OSError, CancelledError, TimeoutError) as error:
        raise InputError(
            f"{where}: the cluster is gone: {one_line(error)}; what was done is kept, give the same command again to go on"
            " (与集群的连接中断，重新运行即可继续)"
        ) from None
    except RuntimeError as error:
        if "deserializ" not in str(error):
            raise
        raise InputError(f"{where}: the scheduler has not the jianbao of here (请在调度器上安装相同版本)") from None


def _packed(work: Work, memory: int) -> bytes:
    try:
        return pickle.dumps((work, memory))
    except Exception as error:
        raise InputError(
            f"the pipeline cannot be sent to a worker: {one_line(error)}; define it in a module that can be imported"
            " (流水线无法传给工作进程)"
        ) from None


def _rules() -> str:
    return fingerprint()


# --- on the worker


class Bench:
    """Where a worker does batches: the processes aside, one for each of its threads. Each worker makes its own, and ends
    them when the run has no more use for it."""

    def __init__(self, start: bytes, rules: str) -> None:
        self._start, self._rules = start, rules
        self._hands: list[Hand] = []
        self._idle: list[Hand] = []
        weakref.finalize(self, _close, self._hands)

    def __reduce__(self) -> tuple[type[Bench], tuple[bytes, str]]:
        return Bench, (self._start, self._rules)

    def __call__(self, batch: Batch) -> Part:
        """The part of a batch.

        Raises:
            InputError: where jianbao here is not that of whoever sent the batch.
        """
        try:
            hand = self._idle.pop()
        except IndexError:
            hand = self._hand()
        try:
            return finish(batch, hand.ask)
        finally:
            self._idle.append(hand)

    def _hand(self) -> Hand:
        if _rules() != self._rules:
            raise InputError(
                f"worker {_name()}: has another version of jianbao or of its rules: install the same there"
                " (集群上的 jianbao 版本不同)"
            )
        self._hands.append(hand := Hand(*pickle.loads(self._start)))
        return hand


def _close(hands: list[Hand]) -> None:
    for hand in hands:
        hand.close()


def _name() -> str:
    from distributed import get_worker

    return str(get_worker().address)


def _done(bench: Bench, batch: bytes) -> Part:
    """What a task does."""
    return bench(pickle.loads(batch))
