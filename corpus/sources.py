"""Paths in, the files to read out: each with the name that it has in the tables."""

from __future__ import annotations

import marshal
import os
import re
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, overload

from .decoding import decode
from .errors import InputError
from .firsts import Firsts, key_of
from .formats import SUFFIXES, may_hold_articles, suffix_of
from .stores import Address, Distant, Store, files_of, open_store, place_of

# In a folder that holds all of one of these, what a run wrote there is no input; the last are those of a stopped run.
_RUNS = (("run.json", "articles.csv"), ("run.json", "run.log"), ("run.lock", "run.log"))
_WRITTEN = frozenset(
    (
        "articles.csv",
        "indicators.csv",
        "brands.csv",
        "activities.csv",
        "totals.csv",
        "ledger.csv",
        "regions.csv",
        "brand_registry.csv",
        "brand_spread.csv",
        "wide.csv",
        "wide_long.csv",
        "comparison.csv",
        "totals.json",
        *(f"jianbao.{form}" for form in ("xlsx", "sqlite", "sqlite.metadata.json", "duckdb")),
        *(f"jianbao-{form}" for form in ("csv", "parquet", "jsonl", "parts")),
        "run.lock",
        "run.log",
        "report.html",
    )
)
_AT_A_TIME = 1024  # sources that are read from a listing
Place = Path | str | Address
TEXTS = "text"  # the folder inside OUT that holds the texts of formats other than plain text
_ASIDE = frozenset(f"{name}.part" for name in (*_WRITTEN, "run.json", "scratch", TEXTS))


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read and the name that it has in the tables: its path relative to the input folder."""

    id: str
    path: Path | Distant


class Listing(Sequence[Source]):
    """Sources in their order; they lie in a file of the system's folder for temporary ones, since there may be millions.

    >>> listing = Listing()
    >>> listing.add("第1期.txt", "简报/第1期.txt")
    >>> len(listing), listing[0].id
    (1, '第1期.txt')
    """

    def __init__(self) -> None:
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        self._ends = array("Q", [0])
        self._stores: list[Store] = []

    def add(self, name: str, path: str, store: Store | None = None) -> None:
        """Take one more source, of this machine or of shared storage."""
        if store is not None and not (self._stores and self._stores[-1] is store):
            self._stores.append(store)
        data = marshal.dumps((name, path, None if store is None else len(self._stores) - 1))
        self._file.write(data)
        self._ends.append(self._ends[-1] + len(data))

    def __len__(self) -> int:
        return len(self._ends) - 1

    @overload
    def __getitem__(self, place: int) -> Source: ...

    @overload
    def __getitem__(self, place: slice) -> list[Source]: ...

    def __getitem__(self, place: int | slice) -> Source | list[Source]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        return next(self._between(*_one(place, len(self))))

    def __iter__(self) -> Iterator[Source]:
        for start in range(0, len(self), _AT_A_TIME):
            yield from self._between(start, min(start + _AT_A_TIME, len(self)))

    def _between(self, start: int, end: int) -> Iterator[Source]:
        first = self._ends[start]
        self._file.seek(first)
        data = memoryview(self._file.read(self._ends[end] - first))
        for place in range(start, end):
            name, path, store = marshal.loads(data[self._ends[place] - first : self._ends[place + 1] - first])
            yield Source(name, Path(path) if store is None else Distant(self._stores[store], path))


class _Names:
    """Names that are taken, some thirty bytes for each, however long it is."""

    def __init__(self) -> None:
        self._known = Firsts()

    def add(self, name: str) -> None:
        """Take a name."""
        self._known.first(key_of(name), 0)

    def __contains__(self, name: str) -> bool:
        return self._known.find(key_of(name)) is not None


def _one(place: int, count: int) -> tuple[int, int]:
    """A place and the one behind it, counted from the end where it is below 0."""
    if not -count <= place < count:
        raise IndexError(place)
    return place % count, place % count + 1


def several(paths: Place | Iterable[Place]) -> list[Path | Address]:
    """The paths as a list; one alone may stand for a list of one (a string is no list of its letters)."""
    return [place_of(paths)] if isinstance(paths, Place) else [place_of(path) for path in paths]


def readable(path: Place) -> str:
    """A path for tables and messages; the bytes of a name that is no UTF-8 (an old archive's) are decoded as text.

    >>> readable(os.fsdecode("简报.txt".encode("gbk")))
    '简报.txt'
    """
    name = str(path)
    return name if name.isprintable() or _is_text(name) else decode(os.fsencode(name)).text


def _is_text(name: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in name)


def list_sources(paths: Place | Iterable[Place]) -> Listing:
    """The files of the paths in name order: each file named, and of each folder those of a format that is read. An address
    of shared storage, `s3://bucket/folder`, is a path too.

    Raises:
        InputError: where a path does not exist, cannot be listed, or no file is found at all.
    """
    sources, taken = Listing(), _Names()
    listed = several(paths)
    for path in listed:
        store = open_store(path) if isinstance(path, Address) else None
        for name, place in _sources_of(path, store):
            free = _free_name(name, path, taken)
            taken.add(free)
            sources.add(free, place, store)
    if not sources:
        places = ", ".join(readable(path) for path in listed)
        raise InputError(
            f"no article in {places}: give a folder with texts, pages, documents, tables or archives, or the files"
            " (没有找到可读的文件)"
        )
    return sources


def listed_sources(data: bytes) -> Listing:
    """The files that a list names in its order, one a line, or parted by NUL as `find -print0` does; their names in the
    tables are relative to the folder that holds them all. A folder in the list stands for the files in it; what is not
    there will be told as an article that failed.

    >>> listed_sources(b"")
    Traceback (most recent call last):
      ...
    jianbao.corpus.errors.InputError: the list names no file (文件列表为空)

    Raises:
        InputError: where the list is empty.
    """
    folder = _folder_of(_paths(data))
    sources, taken = Listing(), _Names()
    for path in _paths(data):
        outer = os.path.relpath(os.path.abspath(path), folder)
        for inner, place in _sources_of(path) if path.is_dir() else [("", str(path))]:
            name = Path(f"{outer}/{inner}" if inner else outer).as_posix()
            if name not in taken:  # the same file twice in a list is one article
                taken.add(name)
                sources.add(readable(name), place)
    return sources


def _folder_of(paths: Iterable[Path]) -> str:
    """The folder that holds all paths.

    Raises:
        InputError: where there are none.
    """
    folders = (os.path.dirname(os.path.abspath(path)) for path in paths)
    folder = next(folders, None)
    if folder is None:
        raise InputError("the list names no file (文件列表为空)")
    for other in folders:
        if other != folder:
            folder = os.path.commonpath((folder, other))
    return folder


def _paths(data: bytes) -> Iterator[Path]:
    """The paths of a list, one after the other."""
    names = re.finditer(rb"[^\0]+" if b"\0" in data else rb"[^\r\n]+", data.removeprefix(b"\xef\xbb\xbf"))
    return (_listed(name.group()) for name in names if name.group().strip())


def _listed(name: bytes) -> Path:
    """A name as the system has it; one written in another encoding than the system's is decoded as text."""
    path = Path(os.fsdecode(name))
    return path if os.path.lexists(path) else Path(decode(name).text)


def _sources_of(path: Path | Address, store: Store | None = None) -> Iterator[tuple[str, str]]:
    """The names and paths of a file or of the files of a folder, of this machine or of a store."""
    if store is not None:
        yield from files_of(store, _looked_at, may_hold_articles)
    elif isinstance(path, Path):
        yield from _files_here(path)


def _files_here(path: Path) -> Iterator[tuple[str, str]]:
    try:
        if path.is_dir():
            yield from _walk(path)
        elif path.exists():
            yield readable(path.name), str(path)
        else:
            raise InputError(f"{readable(path)}: no such file or folder (文件或文件夹不存在)")
    except PermissionError:
        raise InputError(f"{readable(path)}: no permission to read it (没有读取权限)") from None
    except OSError as error:
        raise InputError(f"{readable(path)}: {error.strerror or error}") from None


def _looked_at(folders: Iterable[str], files: Iterable[str]) -> tuple[list[str], list[str]]:
    """Of the names of a folder's folders and files those that are looked at, in order; not what a run wrote there."""
    names = set(files)
    ours = any(names.issuperset(run) for run in _RUNS)
    written = _WRITTEN | _ASIDE | {TEXTS} if ours else frozenset[str]()
    return (
        sorted(name for name in folders if not name.startswith(".") and name not in written),
        sorted(name for name in names if name not in written and not name.startswith((".", "~$"))),
    )


def _walk(folder: Path) -> Iterator[tuple[str, str]]:
    if not os.access(folder, os.R_OK | os.X_OK):
        raise PermissionError
    unlisted: list[OSError] = []
    for place, folders, files in os.walk(folder, onerror=unlisted.append):
        folders[:], looked_at = _looked_at(folders, files)
        inner = Path(place).relative_to(folder).as_posix()
        before = "" if inner == "." else f"{inner}/"
        here = os.path.join(Path(place), "")  # as `Path` writes it
        for name in looked_at:
            if _is_read(here + name):
                yield readable(before + name), here + name
    for error in unlisted:
        path = Path(os.fsdecode(error.filename))
        yield readable(path.relative_to(folder).as_posix()), str(path)


def _is_read(path: str) -> bool:
    """Whether a file of a folder is an input; one that cannot be opened to be looked at is, and will be told."""
    if suffix_of(path) in SUFFIXES:
        return True
    try:
        return os.path.isfile(path) and may_hold_articles(path)
    except OSError:
        return True


def _free_name(name: str, path: Path | Address, taken: _Names) -> str:
    """The name, with the input folder's own name before it where two inputs hold the same one."""
    if name not in taken:
        return name
    longer = free = f"{readable(_folder_name(path, name))}/{name}"
    number = 2
    while free in taken:
        free, number = f"{longer}~{number}", number + 1
    return free


def _folder_name(path: Path | Address, name: str) -> str:
    """The name of an input folder, or of the folder that holds an input file."""
    if isinstance(path, Address):
        return path.parent.name if path.name == name else path.name
    return (path.resolve().parent if path.is_file() else path.resolve()).name
