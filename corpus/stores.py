"""Addresses of shared storage in (s3://bucket/folder, sftp://host/folder), their files out: listed, and fetched to be read."""

from __future__ import annotations

import errno
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar
from urllib.parse import urlsplit

from .document import Document, failed
from .errors import InputError, one_line

ATTEMPTS = 3
"""How often a store is asked before it is held to be away."""
_ADDRESS = re.compile(r"[A-Za-z][\w+.-]+(?:::.+)?://")  # not C:/ of Windows
_SECRET = re.compile(r"(?<=://)([^/@:]*):[^/@]*(?=@)|(?<=\?).*", re.DOTALL)
_UNSAFE = re.compile(r'[<>:"|?*\\\x00-\x1f]')
_ABOUT_ONE = (FileNotFoundError, PermissionError, IsADirectoryError)
_FULL = (errno.ENOSPC, errno.EDQUOT)
_LONGEST = 60  # characters of a copy's name; most systems allow 255 bytes
Choose = Callable[[Sequence[str], Sequence[str]], tuple[list[str], list[str]]]
"""Of the names of a folder's folders and of its files those that are looked at, in order."""
_Told = TypeVar("_Told")


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """A place on shared storage; shown without the password, and without what stands behind a question mark.

    >>> Address("sftp://me:secret@host/简报") / "2023.zip"
    sftp://me:***@host/简报/2023.zip
    """

    url: str

    def __str__(self) -> str:
        return _SECRET.sub(lambda found: f"{found[1]}:***" if found[1] is not None else "***", self.url)

    __repr__ = __str__

    def __truediv__(self, name: str) -> Address:
        return Address(f"{self.url.rstrip('/')}/{name}")

    @property
    def name(self) -> str:
        """The last part of its path."""
        return _name_of(self.url)

    @property
    def parent(self) -> Address:
        """What holds it."""
        return Address(self.url.rstrip("/").rpartition("/")[0])

    @property
    def stem(self) -> str:
        """Its name without the suffix."""
        return PurePosixPath(self.name).stem

    @property
    def suffix(self) -> str:
        """The suffix of its name."""
        return PurePosixPath(self.name).suffix


@dataclass(frozen=True, slots=True)
class Store:
    """Shared storage as fsspec opens it, and the place in it that an address names."""

    address: Address
    files: Any
    root: str

    def ask(self, function: Callable[..., _Told], *arguments: Any) -> _Told:
        """What a function of the storage answers, asked again where the storage does not answer.

        Raises:
            OSError: where the file is not there or may not be read, or the disk is full.
            InputError: where the storage cannot be had.
        """
        for attempt in range(ATTEMPTS):
            try:
                return function(*arguments)
            except _ABOUT_ONE:
                raise
            except Exception as error:  # each kind of storage has its own
                if isinstance(error, OSError) and error.errno in _FULL:
                    raise
                if attempt == ATTEMPTS - 1:
                    raise InputError(f"{self.address}: {one_line(error)} (无法访问共享存储)") from None
        raise AssertionError


@dataclass(frozen=True, slots=True)
class Distant:
    """A file of shared storage."""

    store: Store
    path: str


def place_of(path: Path | str | Address) -> Path | Address:
    """An address where the words are one, else a path.

    >>> place_of("s3://bucket/简报"), place_of("简报").name
    (s3://bucket/简报, '简报')
    """
    if isinstance(path, str) and _ADDRESS.match(path):
        return Address(path)
    return path if isinstance(path, Address) else Path(path)


def open_store(address: Address) -> Store:
    """The storage of an address.

    Raises:
        InputError: where fsspec, the package for this kind of storage, or the storage itself cannot be had.
    """
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise InputError(
            f'{address}: shared storage needs fsspec: pip install "jianbao[remote]" (请先安装 fsspec)'
        ) from None
    try:
        files, root = url_to_fs(address.url)
    except ImportError as error:
        raise InputError(f"{address}: {one_line(error)}: pip install it (缺少此类存储的软件包)") from None
    except Exception as error:
        raise InputError(f"{address}: {one_line(error)} (无法访问共享存储)") from None
    return Store(address, files, root)


def files_of(
    store: Store, choose: Choose, may_hold: Callable[[str, Callable[[str], Any]], bool]
) -> Iterator[tuple[str, str]]:
    """The name and the path of the file that the address names, or of those in the folder, in the order of names.

    `may_hold` says by its path whether a file of a folder is read, and may open it.

    Raises:
        InputError: where nothing is there, or it cannot be listed.
    """
    try:
        if store.ask(store.files.isdir, store.root):
            yield from _walk(store, store.root, "", choose, may_hold)
        elif store.ask(store.files.exists, store.root):
            yield _name_of(store.root), store.root
        else:
            raise InputError(f"{store.address}: no such file or folder (文件或文件夹不存在)")
    except PermissionError:
        raise InputError(f"{store.address}: no permission to read it (没有读取权限)") from None
    except OSError as error:
        raise InputError(f"{store.address}: {error.strerror or one_line(error)}") from None


def _walk(
    store: Store, folder: str, before: str, choose: Choose, may_hold: Callable[[str, Callable[[str], Any]], bool]
) -> Iterator[tuple[str, str]]:
    """As `os.walk` goes: the files of a folder, then those of the folders in it; no folder that is a link."""
    folders, files = _entries(store, folder)
    inner, read = choose([*folders], [*files])
    for name in read:
        if _is_read(store, files[name], may_hold):
            yield before + name, files[name]
    for name in inner:
        yield from _walk(store, folders[name], f"{before}{name}/", choose, may_hold)


def _entries(store: Store, folder: str) -> tuple[dict[str, str], dict[str, str]]:
    """The folders and the files of a folder: their paths by name. Some storage lists a folder as one of its own files."""
    found: tuple[dict[str, str], dict[str, str]] = {}, {}
    for entry in store.ask(_listed, store.files, folder):
        path = str(entry["name"])
        is_folder = entry["type"] == "directory"
        if path.strip("/") != folder.strip("/") and not (is_folder and entry.get("islink")):
            found[not is_folder][_name_of(path)] = path
    return found


def _listed(files: Any, folder: str) -> list[dict[str, Any]]:
    return list(files.ls(folder, detail=True))


def _is_read(store: Store, path: str, may_hold: Callable[[str, Callable[[str], Any]], bool]) -> bool:
    """One that cannot be opened to be looked at is read, and will be told."""
    try:
        return store.ask(may_hold, path, store.files.open)
    except OSError:
        return True


def _name_of(path: str) -> str:
    """The last part of a path; of a web address without what is asked there."""
    plain = urlsplit(path).path if path.startswith(("http://", "https://")) else path
    return plain.rstrip("/").rpartition("/")[2]


class Copies:
    """Copies of distant files in a folder of this machine, each there for as long as it is read; a context manager.

    The folder is made when it is first needed, inside `place` or the system's for temporary files.
    """

    def __init__(self, place: Path | None = None) -> None:
        self._place = place
        self._folder: Path | None = None
        self._count = 0

    def __enter__(self) -> Copies:
        return self

    def __exit__(self, *_: object) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def at_hand(self, place: Path | Distant) -> Path | Document:
        """A path as it is; of a distant file that of a copy, or a document that says why there is none.

        Raises:
            InputError: where the storage cannot be had.
            OSError: where the disk is full.
        """
        try:
            return place if isinstance(place, Path) else self._take(place)
        except PermissionError:
            return failed("no permission to read it (没有读取权限)")
        except _ABOUT_ONE as error:
            return failed(f"cannot be read: {error.strerror or 'No such file or directory'} (无法读取)")

    def _take(self, distant: Distant) -> Path:
        path = self._free_place() / _local_name(distant.path)
        try:
            distant.store.ask(distant.store.files.get_file, distant.path, str(path))
        except BaseException:
            self.drop(path)
            raise
        return path

    def _free_place(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="jianbao-", dir=self._place))
        self._count += 1
        place = self._folder / str(self._count)
        place.mkdir()
        return place

    def drop(self, path: Path | str) -> None:
        """Remove a copy; any other file stays."""
        if self._folder is not None and Path(path).parent.parent == self._folder:
            shutil.rmtree(Path(path).parent, ignore_errors=True)


def _local_name(path: str) -> str:
    """A name that every system allows, with the suffix, which may decide how the file is read."""
    name = PurePosixPath(_UNSAFE.sub("_", _name_of(path)) or "_")
    return name.stem[:_LONGEST] + name.suffix[:_LONGEST]
