"""A web page in, why it holds no article out: a list, an answered search, frames, a redirect, scripts alone."""

from __future__ import annotations

import re
from itertools import islice
from typing import Any

from .flat_pages import DATED, Block, Flat, Line, is_headline, is_link, is_sentence, is_told
from .labels import is_meta
from .line_kinds import is_furniture
from .page_blocks import is_introduction
from .script import fold
from .stamps import LONGEST_STAMP

_SEVERAL = 6
_FEW = 3
_NOTICE = 60
_SCRIPT = 5000
_MOVES = re.compile(r"location(?:\.href)?\s*=|location\.(?:replace|assign)\s*\(")
_SHELL_TEXT = re.compile(r"(?:启用|开启|打开|enable)\s*javascript|javascript\s*(?:is|被)", re.IGNORECASE)
# A search answered, in the window's title or a line: `找到相关结果约4个`.
_SEARCHED = re.compile(r"(?:搜索|检索|查询|全站搜索)结果")
_FOUND = re.compile(
    r"(?:找到|搜到|搜索到|检索到|查询到|相关结果|搜索结果)[^。]{0,20}?\d+\s*[条个篇项则]|(?:搜索|检索)结果\s*[:：]"
)
# The last words of a sentence that is cut, with its article behind a link: `[详细]`.
_TEASER_END = re.compile(
    r"(?:…|\.{3})[\W_]*$|[\[【(（]?(?:详细|更多|全文|详情|查看|阅读|了解|点击).{0,4}[\]】)）]?[>＞»]*$"
)
_INTRODUCTION = 300
LIST = "a list of links, no article (列表页，没有正文)"
_FRAMES = "a page of frames, its text stands in other files (框架页，正文在其他文件)"
_REDIRECT = "a redirect to another page (跳转页)"
_SHELL = "a page that scripts fill in a browser, no text in the file (由脚本生成的网页，没有正文)"
EMPTY = "the page holds no text (网页没有文字)"


def is_list(flat: Flat, block: Block | None, title: str, evident: bool) -> bool:
    """Whether links to articles are what a page has to say: several headlines, and no prose but their teasers."""
    if _is_gallery(flat, title):
        return True
    if sum(map(is_headline, flat.lines)) < _SEVERAL:
        return False
    lines = flat.lines[block.first : block.last] if block else []
    if _teases(lines):
        return True
    if sum(1 for line in lines if line.table and not line.linked and not line.aside) >= _FEW:
        return False
    told = sum(len(line.text) for line in lines if is_told(line) and not _TEASER_END.search(line.text[-12:]))
    if block and told < _INTRODUCTION and not evident and is_introduction(flat, block):
        return True
    return told < _NOTICE and not (evident or (block is not None and _is_headed(flat, block, title)))


def _is_gallery(flat: Flat, title: str) -> bool:
    """Whether a page shows pictures that lead to their articles, each with its words or day, and says nothing else."""
    captions = {number for number in flat.leads.values() if _is_captioned(flat.lines[number : number + 3])}
    if len(captions) <= _FEW:
        return False
    beside = {number + step for number in captions for step in range(3)}
    told = sum(
        len(line.text)
        for number, line in enumerate(flat.lines)
        if line.table or (is_told(line) and not line.aside and number not in beside and not is_furniture(line.text))
    )
    above = [line for line in flat.lines[: min(captions)] if not line.linked]
    places = [number for number, line in enumerate(above) if title and flat.printed(line).strip() == title]
    headed = places and any(DATED.search(line.text) and is_meta(line.text) for line in above[places[-1] :])
    return told < _NOTICE and not headed


def _is_captioned(lines: list[Line]) -> bool:
    """Whether below a picture stand the words of a link, or words with a day."""
    if not lines or lines[0].aside or len(lines[0].text) < 4:
        return False
    return is_link(lines[0]) or any(DATED.search(line.text) and len(line.text) <= LONGEST_STAMP for line in lines)


def is_search(root: Any, flat: Flat) -> bool:
    """Whether a page answers a search: its window's title says so, or a line counts what was found, and links follow."""
    written = fold("".join(islice((title.text or "" for title in root.iter("title")), 1))[:200])
    counted = any(len(line.text) <= 60 and _FOUND.search(line.text) for line in flat.lines[:80])
    if not (counted or _SEARCHED.search(written)):
        return False
    links = sum(1 for line in flat.lines if len(line.text) >= 5 and is_link(line))
    longest = max((len(line.text) for line in flat.lines if is_told(line)), default=0)
    return links >= _FEW and (counted or longest < _INTRODUCTION)


def _teases(lines: list[Line]) -> bool:
    """Whether the prose of a block is one teaser below each of several headlines that are links."""
    teasers = prose = 0
    behind = False
    for line in lines:
        if is_headline(line):
            behind = True
        elif is_sentence(line):
            prose += 1
            teasers += behind
            behind = False
    return teasers >= _FEW and 5 * teasers >= 4 * prose


def _is_headed(flat: Flat, block: Block, title: str) -> bool:
    """Whether the title and a line that names the day or the source stand right above the block or open it."""
    above = flat.lines[max(0, block.first - 8) : block.first + 4]
    told = [line for line in above if not line.linked]
    dated = any(is_meta(line.text) and DATED.search(line.text) for line in told)
    return dated and any(flat.printed(line).strip() == title for line in told)


def why_empty(root: Any, flat: Flat) -> str:
    """Why a page with next to no text has none, '' where its few words may be all there is."""
    if root.find(".//frame") is not None:
        return _FRAMES
    refresh = (meta.get("http-equiv", "").lower() == "refresh" for meta in root.iter("meta"))
    scripts = "".join((script.text or "")[:_SCRIPT] for script in islice(root.iter("script"), 20))
    if any(refresh) or _MOVES.search(scripts):
        return _REDIRECT
    if flat.text and any(is_sentence(line) for line in flat.lines) and not _SHELL_TEXT.search(fold(flat.text)):
        return ""
    if root.find(".//iframe") is not None:
        return _FRAMES
    if root.find(".//script") is not None:
        return _SHELL
    return "" if flat.text else EMPTY
