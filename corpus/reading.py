"""Paths in, articles out: files are decoded, their heading and body found; what cannot be read says why."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from .article import Article
from .body import body_spans, is_session, page_of
from .decoding import decode, is_binary
from .errors import InputError
from .heading import read_heading
from .reporting import reporting_region

TEXT_SUFFIXES = frozenset({".txt", ".text"})
DOCUMENT_SUFFIXES = frozenset(
    {".htm", ".html", ".mht", ".mhtml", ".doc", ".docx", ".wps", ".rtf", ".pdf", ".odt", ".epub", ".xls", ".xlsx"}
    | {".zip", ".tar", ".gz", ".warc"}
)
MAX_BYTES = 200 * 1024 * 1024
LEAD = 3000
_ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.EBADF, errno.ELOOP)


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read and the name that it has in the tables: its path relative to the input folder."""

    id: str
    path: Path


def several(paths: Path | str | Iterable[Path | str]) -> list[Path]:
    """The paths as a list; one alone may stand for a list of one (a string is no list of its letters)."""
    return [Path(paths)] if isinstance(paths, str | Path) else [Path(path) for path in paths]


# Bytes of the largest file that is read as one article: ten million characters, a shelf of books.
LARGEST = 32 << 20


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
    """The files of the paths in name order: each file named, and the text files and documents of each folder.

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
            sources.append(Source(name, source.path))
    if not sources:
        places = ", ".join(readable(path) for path in listed)
        raise InputError(f"no text file in {places}: give a folder with .txt files, or the files (没有找到 .txt 文件)")
    return sources


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
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            suffix = os.path.splitext(name)[1].lower()
            if not name.startswith(".") and (suffix in TEXT_SUFFIXES or suffix in DOCUMENT_SUFFIXES):
                path = Path(place) / name
                yield Source(readable(path.relative_to(folder).as_posix()), path)
    for error in unlisted:
        path = Path(os.fsdecode(error.filename))
        yield Source(readable(path.relative_to(folder).as_posix()), path)


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


def read(paths: Path | str | Iterable[Path | str]) -> Iterator[Article]:
    """Articles of a path or of several; one that cannot be read has status `failed` and says why in `message`.

    Raises:
        InputError: where a path does not exist or nothing is found in it.
    """
    for source in list_sources(paths):
        yield read_source(source)


def read_source(source: Source) -> Article:
    """The article of one file; never raises for what the file holds."""
    try:
        refusal = _refusal(source.path)
        if refusal:
            return _failed(source.id, refusal)
        data = source.path.read_bytes()
    except PermissionError:
        return _failed(source.id, "no permission to read it (没有读取权限)")
    except OSError as error:
        return _failed(source.id, f"cannot be read: {error.strerror or error} (无法读取)")
    return from_bytes(data, source.id)


def _refusal(path: Path) -> str:
    """Why a path is not read at all, '' for a plain text; the file is asked about once and not opened."""
    try:
        found = os.stat(path)
    except ValueError:  # a NUL in the name
        return "not a regular file (不是普通文件)"
    except OSError as error:
        if error.errno not in _ABSENT:
            raise
        return "not a regular file (不是普通文件)"
    if stat.S_ISDIR(found.st_mode):
        return "this folder cannot be listed (无法列出该文件夹)"
    if not stat.S_ISREG(found.st_mode):
        return "not a regular file (不是普通文件)"
    if found.st_size > LARGEST:
        return f"over {LARGEST >> 20} MB, too large for one article: split the file (文件过大，请先拆分)"
    if path.suffix.lower() in DOCUMENT_SUFFIXES:
        return "not a plain text: save it as .txt first (不是纯文本，请先另存为 .txt)"
    return f"larger than {MAX_BYTES >> 20} MiB: split it (文件过大，请拆分)" if found.st_size > MAX_BYTES else ""


def from_bytes(data: bytes, name: str) -> Article:
    """The article that a file's bytes hold, whatever its encoding."""
    if not data.strip(b" \t\r\n\xef\xbb\xbf\xff\xfe\x00"):
        return _failed(name, "the file is empty (文件为空)")
    if is_binary(data):
        return _failed(name, "not a text: save it as plain text first (不是文本文件，请先另存为纯文本)")
    decoded = decode(data)
    if not decoded.text.strip():
        return _failed(name, "the file is empty (文件为空)")
    message = ""
    if decoded.replaced:
        message = (
            f"{decoded.replaced} stretches are no {decoded.encoding} and were replaced by U+FFFD"
            f" ({decoded.replaced} 处无法解码，已替换)"
        )
    return from_text(decoded.text, name, "partial" if decoded.replaced else "ok", message)


def from_text(text: str, name: str = "", status: str = "ok", message: str = "") -> Article:
    """The article that a flattened page holds: heading, body and reporting division found in its lines."""
    heading = read_heading(text, name)
    body = body_spans(text, heading.title)
    year = heading.published.year if heading.published else None
    region, doubt = reporting_region(heading.contributor, heading.source, heading.title, _lead(text, body), year)
    return Article(
        name,
        text,
        title=heading.title,
        published=heading.published,
        source=heading.source,
        contributor=heading.contributor,
        region=region,
        body=body,
        status=status,
        message="; ".join(part for part in (message, doubt) if part),
    )


def _lead(text: str, body: Iterable[tuple[int, int]]) -> str:
    """What the article opens with: the session at which it was given, which is no body, and the body's first lines."""
    session = [line.text for line in page_of(text).head if is_session(line.text)]
    return "\n".join([*session, *(text[start:end] for start, end in islice(body, LEAD))])[:LEAD]


def _failed(name: str, message: str) -> Article:
    return Article(name, "", status="failed", message=message)
