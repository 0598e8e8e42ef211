"""Pages of the documentation in, what stands on them out: fenced blocks, inline code, tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import NamedTuple

CHECKOUT = Path(__file__).parents[1]
DOCS = CHECKOUT / "docs"
_FENCE = re.compile(r"^(?P<indent> *)```(?P<info>\S[^\n]*)\n(?P<body>.*?)^(?P=indent)``` *$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_TABLE = re.compile(r"(?:^\|.*\n)+", re.MULTILINE)


class Block(NamedTuple):
    """A fenced block: its page and line, what stands behind the fence, its options and its lines."""

    page: str
    line: int
    info: str
    options: dict[str, str]
    body: str

    @property
    def place(self) -> str:
        """Where it stands, as an editor finds it."""
        return f"{self.page}:{self.line}"


def pages() -> list[Path]:
    """The pages of the site and those of the checkout that show commands."""
    return [
        *sorted(DOCS.rglob("*.md")),
        *(CHECKOUT / name for name in ("README.md", "README.zh.md", "CONTRIBUTING.md")),
    ]


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page in their order."""
    text = page.read_text(encoding="utf-8")
    for found in _FENCE.finditer(text):
        body = dedent(found["body"])
        head = re.match(r"(?::[\w-]+:[^\n]*\n)*", body)
        options = re.findall(r"^:([\w-]+): *(.*)$", head.group() if head else "", re.MULTILINE)
        line = text.count("\n", 0, found.start()) + 1
        rest = body[head.end() if head else 0 :].removeprefix("\n" if options else "")
        yield Block(page.relative_to(CHECKOUT).as_posix(), line, found["info"], dict(options), rest)


def all_blocks(*infos: str) -> list[Block]:
    """The blocks of all pages that have one of these words behind their fence."""
    return [block for page in pages() for block in blocks(page) if block.info in infos]


def inline_code(page: Path) -> list[str]:
    """What stands between backticks, outside of fenced blocks."""
    return _CODE.findall(_FENCE.sub("", page.read_text(encoding="utf-8")))


def tables(page: Path) -> list[list[dict[str, str]]]:
    """The tables of a page, a row by the words of its header, without backticks."""
    return [_rows(found.group()) for found in _TABLE.finditer(_FENCE.sub("", page.read_text(encoding="utf-8")))]


def _rows(table: str) -> list[dict[str, str]]:
    lines = [[cell.strip().strip("`") for cell in line.strip().strip("|").split("|")] for line in table.splitlines()]
    return [dict(zip(lines[0], cells, strict=True)) for cells in lines[2:]]
