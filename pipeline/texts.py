"""Articles of formats other than plain text in, `OUT/text/ARTICLE.txt` out: the text in which their offsets count."""

from __future__ import annotations

import hashlib
import shutil
import unicodedata
from pathlib import Path, PurePosixPath

from ..corpus.article import Article
from ..corpus.sources import TEXTS
from .aside import aside, rename

_LONGEST = 200  # bytes of a file's name; most systems allow 255
_RESERVED = frozenset('<>:"|?*\\')


def text_name(article: str) -> PurePosixPath:
    """Where the text of an article stands inside OUT: its id with `.txt` behind; what no file may be called is replaced,
    and a hash of the id then keeps two ids apart. Never outside the folder.

    >>> str(text_name("简报/第3期.docx")), text_name("../../etc/passwd").parts[:2]
    ('text/简报/第3期.docx.txt', ('text', '_'))
    """
    parts = [part for part in article.split("/") if part not in ("", ".")] or ["_"]
    safe = [_safe(part) for part in parts]
    changed = "/".join(safe) != article
    name = safe[-1] + (
        f"~{hashlib.blake2b(article.encode('utf-8', 'surrogatepass'), digest_size=6).hexdigest()}" if changed else ""
    )
    return PurePosixPath(TEXTS, *safe[:-1], f"{name}.txt")


def _safe(part: str) -> str:
    if part == "..":
        return "_"
    kept = "".join(
        "_" if character in _RESERVED or unicodedata.category(character)[0] == "C" else character for character in part
    )
    while len(kept.encode()) > _LONGEST:
        kept = kept[: len(kept) * _LONGEST // len(kept.encode())]
    return kept.rstrip(". ") or "_"


class Texts:
    """The folder of texts of a run: written aside, and put in its place when the run is whole."""

    def __init__(self, out: Path) -> None:
        self._final = out / TEXTS
        self._part = aside(out / TEXTS)
        self.count = 0
        self.drop()

    def write(self, article: Article) -> None:
        """Keep the text of an article whose offsets do not count in its file."""
        if article.format == "text" or not article.text:
            return
        path = self._part.joinpath(*text_name(article.id).parts[1:])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(article.text.encode("utf-8", "replace"))
        self.count += 1

    def settle(self) -> list[Path]:
        """Put the new texts in the place of those of an earlier run; the folder, or nothing where there are no texts."""
        shutil.rmtree(self._final, ignore_errors=True)
        if not self.count:
            return []
        return [rename(self._part)]

    def drop(self) -> None:
        """Remove what was written aside."""
        shutil.rmtree(self._part, ignore_errors=True)
