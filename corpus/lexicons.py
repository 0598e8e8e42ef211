"""Lexicon files to rows: tab-separated, one header line, checked on reading; and the rows that a domain adds to them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial, update_wrapper
from hashlib import blake2b
from inspect import signature
from pathlib import Path
from typing import Any, NamedTuple, ParamSpec, TypeVar

from ahocorasick_rs import AhoCorasick, MatchKind

from .errors import DataError

FOLDER = Path(__file__).parent / "lexicons"
Rows = tuple[tuple[str, ...], ...]
# How many cells of a row say what it is about, where that is not the first alone: added rows take the place of such rows.
_KEYS = {"deeds": 2, "governing": 2, "dictionary": 3}
BODIES, REFUSED = "bodies", "refused"
"""Added rows that no file of the package holds: who reports, and words that hold a number and count nothing."""
LONGEST = 20
"""Characters of an added word."""
_DOMAINS = 4  # whose tables are kept at a time
_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True, repr=False)
class Addition:
    """Rows that stand beside those of the lexicons, by lexicon; those of the lexicons that are about the same give way."""

    name: str
    rows: tuple[tuple[str, Rows], ...]
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        content = json.dumps([self.name, self.rows], ensure_ascii=False)
        object.__setattr__(self, "digest", blake2b(content.encode(), digest_size=8).hexdigest())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, {self.digest!r})"


# In force for the thread, and for what is done within `in_force` alone.
_IN_FORCE: ContextVar[Addition | None] = ContextVar("addition", default=None)
_asked = _IN_FORCE.get


@contextmanager
def in_force(addition: Addition | None) -> Iterator[None]:
    """Add rows to the lexicons for what is done within, by this thread; None for the lexicons alone."""
    token = _IN_FORCE.set(addition)
    try:
        yield
    finally:
        _IN_FORCE.reset(token)


def own(name: str) -> Rows:
    """The rows that are added to a lexicon here and now."""
    addition = _asked()
    return dict(addition.rows).get(name, ()) if addition is not None else ()


def own_name() -> str:
    """The name under which rows are added here and now; empty where none are."""
    addition = _asked()
    return addition.name if addition is not None else ""


def lexical(make: Callable[_Given, _Made]) -> Callable[_Given, _Made]:
    """A function that makes something of lexicon rows, made to do so once for the lexicons and once for each addition."""
    return _kept(make, cache)


def remembered(size: int) -> Callable[[Callable[_Given, _Made]], Callable[_Given, _Made]]:
    """The same for what depends on texts too: the last answers are kept."""
    return partial(_kept, keep=lru_cache(maxsize=size))


def _kept(make: Callable[_Given, _Made], keep: Callable[[Any], Any]) -> Callable[_Given, _Made]:
    shipped = keep(make)

    def bare() -> Any:
        return shipped() if _asked() is None else _of_addition(make, keep)()

    def given(*arguments: Any) -> Any:
        return shipped(*arguments) if _asked() is None else _of_addition(make, keep)(*arguments)

    kept: Any = update_wrapper(given if signature(make).parameters else bare, make)
    kept.cache_clear = shipped.cache_clear
    return kept  # type: ignore[no-any-return]


def _of_addition(make: Callable[..., Any], keep: Callable[[Any], Any]) -> Any:
    """The function that keeps what is made with the rows in force."""
    addition = _asked()
    known = _tables(addition.digest if addition is not None else "")
    return known.get(make) or known.setdefault(make, keep(make))


@lru_cache(maxsize=_DOMAINS)
def _tables(digest: str) -> dict[Callable[..., Any], Any]:
    """What is made of the lexicons with an addition, by what makes it."""
    return {}


@lexical
def rows(name: str) -> Rows:
    """Rows of `lexicons/NAME.tsv` without the header, with those that are added to them.

    Raises:
        DataError: with file and line where a row has too few or too many cells, or stands twice.
    """
    shipped, added = _shipped(name), own(name)
    width = _KEYS.get(name, 1)
    taken = {row[:width] for row in added}
    return (*(row for row in shipped if row[:width] not in taken), *added) if added else shipped


@cache
def _shipped(name: str) -> Rows:
    return read_rows(FOLDER / f"{name}.tsv")


def read_rows(path: Path) -> Rows:
    """Rows of a tab-separated file without its header, checked as `rows` says."""
    lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    width = len(lines[0].split("\t"))
    seen: dict[tuple[str, ...], None] = {}
    for number, line in enumerate(lines[1:], start=2):
        cells = tuple(line.split("\t"))
        if len(cells) != width:
            raise DataError(f"{path.name}:{number}: expected {width} cells, found {len(cells)}")
        if cells in seen:
            raise DataError(f"{path.name}:{number}: {cells[0]!r} stands twice")
        seen[cells] = None
    return tuple(seen)


def mapping(name: str) -> dict[str, str]:
    """First cell to second cell of a lexicon."""
    return {row[0]: row[1] for row in rows(name)}


def alternation(words: list[str] | tuple[str, ...] | set[str] | frozenset[str]) -> str:
    """A regular expression for any of the words, longest first, with shared beginnings folded.

    >>> import re
    >>> re.match(alternation(["家", "家次"]), "家次").group()
    '家次'
    """
    import re

    trie: dict[str, dict[str, object]] = {}
    for word in words:
        node: dict[str, object] = trie  # type: ignore[assignment]
        for character in word:
            node = node.setdefault(character, {})  # type: ignore[assignment]
        node[""] = {}

    def fold(node: dict[str, object]) -> str:
        branches = [re.escape(key) + fold(child) for key, child in node.items() if key]  # type: ignore[arg-type]
        if not branches:
            return ""
        body = branches[0] if len(branches) == 1 and "" not in node else f"(?:{'|'.join(branches)})"
        return f"{body}?" if "" in node else body

    return fold(trie)  # type: ignore[arg-type]


class Word(NamedTuple):
    """A lexicon word in a text and its place."""

    text: str
    start: int
    end: int


# A word of a triple, without the call of a Python function: windows hold some each.
_word = partial(tuple.__new__, Word)


class Words:
    """Many words sought at once, longest first from the left; none inside another."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = list(dict.fromkeys(words))
        self._automaton = AhoCorasick(self._words, matchkind=MatchKind.LeftmostLongest)

    def find(self, text: str, start: int = 0, end: int | None = None) -> list[Word]:
        """The words in `text[start:end]`, offsets in the whole text.

        >>> Words(["企业", "小微企业"]).find("惠及小微企业")
        [Word(text='小微企业', start=2, end=6)]
        """
        words = self._words
        window = text[start:end] if start or end is not None else text
        matches = self._automaton.find_matches_as_indexes(window)
        return [_word((words[index], first + start, last + start)) for index, first, last in matches]
