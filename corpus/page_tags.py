"""The element tree of a web page in, what its tags say out: meta tags, JSON-LD, the window's title, the address."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import Any

from .line_kinds import SEPARATORS

_ADDRESSES = ("og:url", "url")
LONGEST_SCRIPT = 200_000  # characters
MOST_READ = 5000  # elements of a kind, lines, characters of a tag
BLANKS = re.compile(r"\s+")
_SEPARATOR = re.compile(r"\s*[_|｜]+\s*|\s+[-–—]+\s*|\s*[-–—]+\s+|-{1,2}|—{1,2}|\s*[»›>]\s*|\s*::\s*")
_MOST_PIECES = 10


def tags_of(root: Any) -> dict[str, str]:
    """Contents of the meta tags by name in small letters; of several the first."""
    found: dict[str, str] = {}
    for meta in islice(root.iter("meta"), MOST_READ):
        name = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").strip().lower()
        content = tidied(meta.get("content", "")[:MOST_READ])
        if name and content:
            found.setdefault(name, content)
    return found


def tidied(text: str) -> str:
    """The text with one blank for each stretch of them, and none around it."""
    return BLANKS.sub(" ", text).strip()


def linked_data(root: Any) -> dict[str, str]:
    """The texts of the first JSON-LD object that has a headline or a day of publication."""
    for script in islice(root.iter("script"), MOST_READ):
        if "ld+json" in (script.get("type") or "") and script.text and len(script.text) <= LONGEST_SCRIPT:
            try:
                read = json.loads(script.text.strip(), strict=False)
            except (ValueError, RecursionError):
                continue
            for item in _objects(read):
                if "headline" in item or "datePublished" in item or "pubDate" in item:
                    return {name: tidied(value) for name, value in item.items() if isinstance(value, str)}
    return {}


def _objects(read: Any) -> Iterator[Mapping[str, Any]]:
    """The objects of a JSON value, those in lists and graphs too."""
    waiting = [read]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting += [value[name] for name in ("@graph", "mainEntity") if name in value]
        elif isinstance(value, list):
            waiting += reversed(value)


def is_evident(tags: Mapping[str, str], linked: Mapping[str, str]) -> bool:
    """Whether a page says in its tags that it is an article."""
    return "articletitle" in tags or tags.get("og:type") == "article" or bool(linked)


def window_title(root: Any) -> str:
    """The title of the window."""
    return tidied("".join(islice((title.text or "" for title in root.iter("title")), 1))[:500])


def letters_of(text: str) -> str:
    """The letters and figures of a text, in small letters: by these titles and names are compared."""
    return SEPARATORS.sub("", text).lower()


def words_of(element: Any) -> str:
    """The text of an element on one line."""
    return tidied("".join(islice(element.itertext(), 200)))


def title_pieces(text: str) -> list[tuple[int, int]]:
    """Where the parts between separators stand; too many are one."""
    found: list[tuple[int, int]] = []
    start = 0
    for match in chain(_SEPARATOR.finditer(text), [None]):
        end = match.start() if match else len(text)
        if start < end:
            found.append((start, end))
        start = match.end() if match else end
    return found if len(found) <= _MOST_PIECES else [(0, len(text))]


def address_of(root: Any, tags: Mapping[str, str]) -> str:
    """The page's own address, as it gives it itself."""
    links = (
        link.get("href", "")
        for link in islice(root.iter("link"), MOST_READ)
        if link.get("rel", "").lower() == "canonical"
    )
    for value in chain(links, (tags.get(name, "") for name in _ADDRESSES)):
        if value.strip().startswith(("http://", "https://")):
            return str(value.strip()[:2000])
    return ""
