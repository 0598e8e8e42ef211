"""Runs a command to its end and tells what it took: seconds, and the memory that it and its children held.

Needs Linux: it looks at /proc ten times a second or more.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

LOOK_EVERY = 0.1  # seconds; a young process is looked at more often
YOUNG = 2.0
_KILO_OF_MEGA = 1024
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class Cost(NamedTuple):
    """Wall-clock seconds and peak MB of a process and its children, the most MB in each second, and its last line."""

    seconds: float
    memory: float
    curve: tuple[float, ...]
    said: str


class FailedError(Exception):
    """A process failed or was out of time; the message says how."""


def cost_of(command: list[str], deadline: float, watch: Callable[[], str] = str) -> Cost:
    """Run a command to its end, and kill it with its children at the deadline, or once `watch` gives a reason to.

    Raises:
        FailedError: where it was killed, or its status is not 0.
    """
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=said, stderr=complained, env={**os.environ, **_ONE_THREAD})
        meter = _Meter(process.pid, deadline, watch)
        try:
            status = process.wait()  # without a timeout: that would look at it in steps
            seconds = time.monotonic() - started
        finally:
            meter.stop()
        if meter.reason:
            raise FailedError(meter.reason)
        if status:
            raise FailedError(f"status {status}: {_last_line(complained.fileno())}")
        return Cost(seconds, meter.memory, tuple(meter.curve), _last_line(said.fileno()))


def _last_line(descriptor: int) -> str:
    size = os.lseek(descriptor, 0, os.SEEK_END)
    lines = os.pread(descriptor, 2000, max(0, size - 2000)).decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""


class _Meter:
    """Looks at a process and its children until it is stopped."""

    def __init__(self, pid: int, deadline: float, watch: Callable[[], str]) -> None:
        self.memory, self.curve, self.reason = 0.0, list[float](), ""
        self._pid, self._deadline, self._watch = pid, deadline, watch
        self._seen: dict[int, str] = {}
        self._started = time.monotonic()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop looking; children that outlive the process by seconds are ended."""
        self._ended.set()
        self._thread.join()
        for _ in range(50):
            if not any(_born(pid) == born for pid, born in self._seen.items()):
                return
            time.sleep(LOOK_EVERY)
        self._kill(self._seen)

    def _look_on(self) -> None:
        while not self._ended.wait(LOOK_EVERY / 10 if time.monotonic() - self._started < YOUNG else LOOK_EVERY):
            tree = list(_tree(self._pid))
            self._seen.update((pid, _born(pid)) for pid in tree if pid not in self._seen)
            self._note([_resident(pid) for pid in tree])
            self.reason = self._watch() or ("out of time" if time.monotonic() > self._deadline else "")
            if self.reason:
                self._kill({self._pid: self._seen.get(self._pid, "")})
                return

    def _note(self, held: list[tuple[float, float]]) -> None:
        """What each holds now and held at most; a single process tells its peak exactly."""
        now = sum(resident for resident, _ in held)
        self.memory = max([self.memory, now, *(most for _, most in held)])
        second = int(time.monotonic() - self._started)
        self.curve += [now] * (second + 1 - len(self.curve))
        self.curve[second] = max(self.curve[second], now)

    @staticmethod
    def _kill(processes: Mapping[int, str]) -> None:
        for pid, born in processes.items():
            with suppress(OSError):
                if born and _born(pid) == born:
                    os.kill(pid, signal.SIGKILL)


def _tree(pid: int) -> Iterator[int]:
    """A process and all below it."""
    yield pid
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in thread.read_text().split():
                yield from _tree(int(child))


def _born(pid: int) -> str:
    """When a process began, which tells it from a later one of the same number; '' where there is none, or a dead one."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return "" if fields[0] == "Z" else fields[19]
    return ""


def _resident(pid: int) -> tuple[float, float]:
    """MB that a process holds, and the most that it held."""
    with suppress(OSError):
        lines = [line.split() for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
        held = {words[0]: int(words[1]) / _KILO_OF_MEGA for words in lines if words[0] in ("VmRSS:", "VmHWM:")}
        return held.get("VmRSS:", 0.0), held.get("VmHWM:", 0.0)
    return 0.0, 0.0
