"""An OUT on shared storage in, a folder of this machine that stands for it out: parts are put there as they come, tables last.

Nothing there keeps a second run out: object storage knows no locks. Two runs of the same inputs write the same bytes.
"""

from __future__ import annotations

import json
import tempfile
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from ..corpus.errors import InputError, OutputError, one_line
from ..corpus.sources import TEXTS
from ..corpus.stores import Address, Store, open_store
from .batches import Part, Tally
from .journal import LOG
from .parts import FOLDER, Parts

_RUN = "run.json"
AHEAD = 16
"""Files of parts that wait to be sent."""
_ASIDE = ".part"
_Told = TypeVar("_Told")


@contextmanager
def worked_on(address: Address, refuse: Callable[[Address, Collection[str], Path], None]) -> Iterator[Afar]:
    """The OUT of an address with a folder of this machine for it, which goes at the end.

    `refuse` is told the names that stand there and where its run.json was copied to, and raises where they are nobody's.

    Raises:
        OutputError: where the storage cannot be had or written.
    """
    with tempfile.TemporaryDirectory(prefix="jianbao-", ignore_cleanup_errors=True) as folder:
        afar = Afar(_opened(address), Path(folder))
        try:
            afar.begin(refuse)
            yield afar
        finally:
            afar.leave()


def _opened(address: Address) -> Store:
    try:
        return open_store(address)
    except InputError as error:
        raise OutputError(str(error)) from None


class Afar:
    """An output folder on shared storage, and the folder of this machine in which the run works.

    All is asked of the storage by one thread, so that a run goes on while its parts are sent.
    """

    def __init__(self, store: Store, folder: Path) -> None:
        self.folder = folder
        self._store = store
        self._root = store.root.rstrip("/")
        self._thread = ThreadPoolExecutor(1, "jianbao-afar")
        self._sent: deque[Future[None]] = deque()
        self._there: set[str] = set()
        self._made: set[str] = set()
        self._is_settled = self._is_told = False

    def begin(self, refuse: Callable[[Address, Collection[str], Path], None]) -> None:
        """See what is there, and whether it can be written; run.json and run.log go on where they were."""
        names = self._names(self._root)
        for name in {_RUN, LOG} & names:
            self._ask(self._store.files.get_file, f"{self._root}/{name}", str(self.folder / name))
        refuse(self._store.address, names, self.folder / _RUN)
        self._ask(self._store.files.makedirs, f"{self._root}/{FOLDER}", True)
        probe = f"{self._root}/{_RUN}{_ASIDE}"
        self._ask(self._store.files.pipe_file, probe, b"")
        self._ask(self._store.files.rm_file, probe)
        self._there = self._names(f"{self._root}/{FOLDER}")

    def parts(self, out: Path, bounds: str) -> SentParts:
        """The parts of the run."""
        return SentParts(self, out, bounds)

    def fetch(self, paths: Iterable[Path]) -> None:
        """Have those files of parts here that are there, fetched together where the storage can."""
        missing = [path for path in paths if path.name in self._there and not path.exists()]
        if missing:
            with suppress(FileNotFoundError):
                self._ask(self._store.files.get, [*map(self._place, missing)], [*map(str, missing)])

    def names(self) -> frozenset[str]:
        """The names of the files of parts that are there."""
        return frozenset(self._there)

    def send(self, paths: Iterable[Path]) -> None:
        """Have files of parts there, each as soon as those before it are; the first time, what tells of the run before them."""
        if not self._is_told:
            self._is_told = True
            self._send([self.folder / _RUN, self.folder / LOG])
        self._send(paths)

    def _send(self, paths: Iterable[Path]) -> None:
        for path in paths:
            self._sent.append(self._thread.submit(self._told, self._put, path))
            if path.parent.name == FOLDER:
                self._there.add(path.name)
        while len(self._sent) > AHEAD:
            self._sent.popleft().result()

    def drop(self, names: Collection[str]) -> None:
        """Have no such files of parts there any more."""
        for name in sorted(set(names) & self._there):
            self._ask(self._removed, f"{self._root}/{FOLDER}/{name}")
            self._there.discard(name)

    def settle(self, files: Sequence[Path | Address]) -> Sequence[Path | Address]:
        """Put the tables there: all aside, then each under its name; run.json, which says that they are whole, last.

        Until then it says that the run is writing.
        """
        self._is_settled = True
        every = [path for path in files if isinstance(path, Path) and path.name != _RUN]
        self._drain()
        self._ask(self._store.files.pipe_file, f"{self._root}/{_RUN}", self._writing())
        tables = [path for path in every if path.is_file()]
        for path in tables:
            self._ask(self._store.files.put_file, str(path), f"{self._place(path)}{_ASIDE}")
        self._put_texts()
        for path in tables:
            self._ask(self._renamed, f"{self._place(path)}{_ASIDE}", self._place(path))
        for name in (LOG, _RUN):
            self._ask(self._put, self.folder / name)
        return [self._store.address / path.relative_to(self.folder).as_posix() for path in (*every, self.folder / _RUN)]

    def _writing(self) -> bytes:
        record = json.loads((self.folder / _RUN).read_text(encoding="utf-8"))
        return (json.dumps({**record, "state": "writing"}, ensure_ascii=False, indent=1) + "\n").encode()

    def _put_texts(self) -> None:
        """The texts of this run in the place of those of an earlier one."""
        here = [path for path in (self.folder / TEXTS).rglob("*") if path.is_file()]
        for path in here:
            self._ask(self._put, path)
        kept = {self._place(path).strip("/") for path in here}
        for place in self._ask(self._found, f"{self._root}/{TEXTS}"):
            if place.strip("/") not in kept:
                self._ask(self._removed, place)

    def leave(self) -> None:
        """Of a run that was stopped or met a fault, what tells of it; nothing is awaited of storage that is away."""
        if not self._is_settled:
            with suppress(OutputError, OSError):
                self._drain()
                for name in (_RUN, LOG):
                    if self._is_told or (self.folder / name).exists():
                        self._ask(self._put, self.folder / name)
        self._thread.shutdown(cancel_futures=True)

    def _drain(self) -> None:
        while self._sent:
            self._sent.popleft().result()

    # --- what the thread does

    def _ask(self, function: Callable[..., _Told], *arguments: object) -> _Told:
        """The answer of the storage, when all that was sent before is there."""
        return self._thread.submit(self._told, function, *arguments).result()

    def _told(self, function: Callable[..., _Told], *arguments: object) -> _Told:
        try:
            return self._store.ask(function, *arguments)
        except InputError as error:
            raise OutputError(f"{error}; what was done is kept: give the same command again (请再次运行)") from None
        except FileNotFoundError:
            raise
        except OSError as error:
            reason = error.strerror or one_line(error)
            raise OutputError(f"{self._store.address}: cannot be written: {reason} (无法写入)") from None

    def _put(self, path: Path) -> None:
        """Some storage has folders that must be made, some has none."""
        place = self._place(path)
        folder = place.rpartition("/")[0]
        if folder not in self._made:
            self._store.files.makedirs(folder, exist_ok=True)
            self._made.add(folder)
        self._store.files.put_file(str(path), place)

    def _removed(self, place: str) -> None:
        with suppress(FileNotFoundError):
            self._store.files.rm_file(place)

    def _renamed(self, aside: str, place: str) -> None:
        """Some storage renames over what is there, some does not."""
        try:
            self._store.files.mv(aside, place)
        except FileExistsError:
            self._store.files.rm_file(place)
            self._store.files.mv(aside, place)

    def _found(self, place: str) -> list[str]:
        try:
            return [str(path) for path in self._store.files.find(place)]
        except FileNotFoundError:
            return []

    def _names(self, place: str) -> set[str]:
        """The names in a folder; none where there is none.

        Raises:
            OutputError: where it is a file.
        """
        try:
            entries = self._ask(self._store.files.ls, place, True)
        except FileNotFoundError:
            return set()
        if [str(entry["name"]).strip("/") for entry in entries if entry["type"] == "file"] == [place.strip("/")]:
            raise OutputError(f"{self._store.address}: is a file; --out needs a folder (输出位置是一个文件)")
        return {str(entry["name"]).rstrip("/").rpartition("/")[2] for entry in entries}

    def _place(self, path: Path) -> str:
        return f"{self._root}/{path.relative_to(self.folder).as_posix()}"


class SentParts(Parts):
    """Parts that are kept on shared storage too: found there, sent there, and dropped there."""

    def __init__(self, afar: Afar, out: Path, bounds: str) -> None:
        super().__init__(out, bounds)
        self._afar = afar

    def find(self, key: str) -> tuple[Tally, dict[str, int], tuple[str, ...]] | None:
        """See `Parts`."""
        self._afar.fetch(self.files(key))
        return super().find(key)

    def _noted(self) -> list[str]:
        self._afar.fetch(self.folder / name for name in sorted(self._afar.names()) if name.endswith(".json"))
        return super()._noted()

    def write(self, part: Part) -> None:
        """See `Parts`; the note is sent last."""
        super().write(part)
        self._afar.send(self.files(part.key))

    def sweep(self, keys: Collection[str]) -> None:
        """See `Parts`."""
        super().sweep(keys)
        self._afar.drop([name for name in self._afar.names() if name.partition(".")[0] not in keys])
