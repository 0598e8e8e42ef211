"""Bytes of a zip of XML parts in; its parts, told element by element to who reads them, and its properties out."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from xml.parsers import expat

from .limits import LimitError, Limits
from .lines import BROKEN, ENCRYPTED, RefusalError, on_one_line

CHUNK = 1 << 18
# What zipfile raises for damage; RuntimeError also for a packing or an encryption that it does not know.
UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)


class Package:
    """A zip of parts; each is measured before it is unpacked, and what is not asked for stays packed."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except UNREADABLE:
            raise RefusalError(BROKEN) from None
        self._limits, self._unpacked = limits, 0
        self.names = frozenset(self._zip.namelist())
        if len(self.names) > limits.members:
            raise LimitError("members", f"{len(self.names)} parts")

    def chunks(self, name: str) -> Iterator[bytes]:
        try:
            found = self._zip.getinfo(name)
        except KeyError:
            raise RefusalError(f"{name} is missing: {BROKEN}") from None
        self._measure(found)
        with self._zip.open(found) as part:
            while chunk := part.read(CHUNK):
                yield chunk

    def _measure(self, found: zipfile.ZipInfo) -> None:
        limits = self._limits
        if found.flag_bits & 1:
            raise RefusalError(ENCRYPTED)
        if found.file_size > 1 << 20 and found.file_size > limits.ratio * max(found.compress_size, 1):
            raise LimitError("ratio", f"{found.filename} unpacks to {found.file_size} bytes")
        self._unpacked += found.file_size
        if found.file_size > limits.file or self._unpacked > limits.unpacked:
            name = "file" if found.file_size > limits.file else "unpacked"
            raise LimitError(name, f"{found.filename} unpacks to {found.file_size} bytes")


_SPACES_OF_NAMES = (
    ("wordprocessingml", "w"),
    ("markup-compatibility", "mc"),
    ("/math", "m"),
    ("opendocument:xmlns:text:", "text"),
    ("opendocument:xmlns:table:", "table"),
    ("opendocument:xmlns:drawing:", "draw"),
    ("opendocument:xmlns:office:", "office"),
    ("purl.org/dc/elements", "dc"),
)
Attributes = dict[str, str]


class Part:
    """What reads one XML part: told of each start, end and text with short names such as `w:p`."""

    def start(self, name: str, attributes: Attributes) -> None: ...

    def end(self, name: str) -> None: ...

    def data(self, text: str) -> None: ...

    def pause(self) -> None: ...


def _short(name: str) -> str:
    space, _, local = name.rpartition(" ")
    return next((f"{short}:{local}" for sign, short in _SPACES_OF_NAMES if sign in space), f"?:{local}")


class _ShortNames(dict[str, str]):
    def __missing__(self, name: str) -> str:
        short = _short(name)
        if len(self) < 10_000:
            self[name] = short
        return short


def feed(package: Package, name: str, part: Part) -> bool:
    """Whether a part was read to its end; what stands before damage has been told to `part`.

    A document type is refused: none of these formats has one, and entities that unfold need it.
    """
    short = _ShortNames()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, attributes: part.start(short[tag], attributes)
    parser.EndElementHandler = lambda tag: part.end(short[tag])
    parser.CharacterDataHandler = part.data
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        for chunk in package.chunks(name):
            parser.Parse(chunk, False)
            part.pause()
        parser.Parse(b"", True)
    except (expat.ExpatError, *UNREADABLE):
        return False
    return True


def _refuse_doctype(*_: object) -> None:
    raise RefusalError("its XML declares a document type, which such files never do: not read (文件含有不允许的 DTD)")


class Properties(Part):
    """The Dublin Core elements of a part of properties: name to the values in their order, with attributes."""

    def __init__(self) -> None:
        self.found: dict[str, list[tuple[str, Attributes]]] = {}
        self._open: tuple[str, Attributes] | None = None
        self._pieces: list[str] = []

    def start(self, name: str, attributes: Attributes) -> None:
        if name.startswith("dc:"):
            self._open, self._pieces = (name, attributes), []

    def data(self, text: str) -> None:
        if self._open:
            self._pieces.append(text[:1000])

    def end(self, name: str) -> None:
        if self._open and self._open[0] == name:
            value = on_one_line("".join(self._pieces))
            self.found.setdefault(name, []).append((value, self._open[1]))
            self._open = None

    def first(self, name: str) -> str:
        return next((value for value, _ in self.found.get(name, []) if value), "")


def properties_of(package: Package, name: str) -> Properties:
    properties = Properties()
    if name in package.names:
        feed(package, name, properties)
    return properties
