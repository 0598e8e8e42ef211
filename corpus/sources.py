"""Paths in, the files to read out: each with the name that it has in the tables."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .decoding import decode
from .errors import InputError
from .formats import SUFFIXES, may_hold_articles, suffix_of

# In a folder that holds both of these, what a run wrote there is no input.
_RUN = ("run.json", "articles.csv")
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
    )
)
TEXTS = "text"  # the folder inside OUT that holds the texts of formats other than plain text


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read and the name that it has in the tables: its path relative to the input folder."""

    id: str
    path: Path


def several(paths: Path | str | Iterable[Path | str]) -> list[Path]:
    """The paths as a list; one alone may stand for a list of one (a string is no list of its letters)."""
    return [Path(paths)] if isinstance(paths, str | Path) else [Path(path) for path in paths]


def readable(path: Path | str) -> str:
    """A path for tables and messages; the bytes of a name that is no UTF-8 (an old archive's) are decoded as text.

    >>> readable(os.fsdecode("简报.txt".encode("gbk")))
    '简报.txt'
    """
    name = str(path)
    return name if name.isprintable() or _is_text(name) else decode(os.fsencode(name)).text


def _is_text(name: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in name)


def list_sources(paths: Path | str | Iterable[Path | str]) -> list[Source]:
    """The files of the paths in name order: each file named, and of each folder those of a format that is read.

    Raises:
        InputError: where a path does not exist, cannot be listed, or no file is found at all.
    """
    sources: list[Source] = []
    taken: set[str] = set()
    listed = several(paths)
    for path in listed:
        for source in _sources_of(path):
            name = _free_name(source.id, path, taken)
            taken.add(name)
            sources.append(source if name == source.id else Source(name, source.path))
    if not sources:
        places = ", ".join(readable(path) for path in listed)
        raise InputError(
            f"no article in {places}: give a folder with texts, pages, documents, tables or archives, or the files"
            " (没有找到可读的文件)"
        )
    return sources


def listed_sources(data: bytes) -> list[Source]:
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
    paths = [_listed(name) for name in _names(data.removeprefix(b"\xef\xbb\xbf")) if name.strip()]
    if not paths:
        raise InputError("the list names no file (文件列表为空)")
    whole = [os.path.abspath(path) for path in paths]
    folder = os.path.commonpath([os.path.dirname(path) for path in whole])
    taken: set[str] = set()
    sources: list[Source] = []
    for path, place in zip(paths, whole, strict=True):
        for source in _sources_of(path) if path.is_dir() else [Source("", path)]:
            inner = f"{os.path.relpath(place, folder)}/{source.id}" if source.id else os.path.relpath(place, folder)
            name = Path(inner).as_posix()
            if name not in taken:  # the same file twice in a list is one article
                taken.add(name)
                sources.append(Source(readable(name), source.path))
    return sources


def _names(data: bytes) -> list[bytes]:
    return data.split(b"\0") if b"\0" in data else data.splitlines()


def _listed(name: bytes) -> Path:
    """A name as the system has it; one written in another encoding than the system's is decoded as text."""
    path = Path(os.fsdecode(name))
    return path if os.path.lexists(path) else Path(decode(name).text)


def _sources_of(path: Path) -> Iterator[Source]:
    try:
        if path.is_dir():
            yield from _walk(path)
        elif path.exists():
            yield Source(readable(path.name), path)
        else:
            raise InputError(f"{readable(path)}: no such file or folder (文件或文件夹不存在)")
    except PermissionError:
        raise InputError(f"{readable(path)}: no permission to read it (没有读取权限)") from None
    except OSError as error:
        raise InputError(f"{readable(path)}: {error.strerror or error}") from None


def _walk(folder: Path) -> Iterator[Source]:
    if not os.access(folder, os.R_OK | os.X_OK):
        raise PermissionError
    unlisted: list[OSError] = []
    for place, folders, files in os.walk(folder, onerror=unlisted.append):
        written = _WRITTEN | {TEXTS} if all(name in files for name in _RUN) else frozenset[str]()
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in written)
        here = Path(place)
        inner = here.relative_to(folder).as_posix()
        before = "" if inner == "." else f"{inner}/"
        for name in sorted(set(files) - written):
            if not name.startswith((".", "~$")) and _is_read(path := here / name):
                yield Source(readable(before + name), path)
    for error in unlisted:
        path = Path(os.fsdecode(error.filename))
        yield Source(readable(path.relative_to(folder).as_posix()), path)


def _is_read(path: Path) -> bool:
    """Whether a file of a folder is an input; one that cannot be opened to be looked at is, and will be told."""
    if suffix_of(path.name) in SUFFIXES:
        return True
    try:
        return path.is_file() and may_hold_articles(str(path))
    except OSError:
        return True


def _free_name(name: str, path: Path, taken: set[str]) -> str:
    """The name, with the input folder's own name before it where two inputs hold the same one."""
    if name not in taken:
        return name
    place = path.resolve().parent if path.is_file() else path.resolve()
    longer = free = f"{readable(place.name)}/{name}"
    number = 2
    while free in taken:
        free, number = f"{longer}~{number}", number + 1
    return free
