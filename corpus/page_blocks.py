"""A flattened page in, the block out that holds its article."""

from __future__ import annotations

import re
from itertools import accumulate

from .flat_pages import ATTACHED, DATED, Block, Flat, Line, is_sentence, is_told
from .labels import DATE, is_meta
from .line_kinds import is_furniture
from .stamps import LONGEST_STAMP

LITTLE = 30  # weight of a block that has next to nothing to say
_NAMED_SHARE = 0.7
_INTRODUCED = re.compile(r".{0,12}(?:简介|概况|介绍|关于我们|欢迎辞|致辞)(?:更多)?[\W_]*")
# The head of a contribution to a forum, one of several on its page: `发表于 2014-5-6 20:11`.
_POSTED = re.compile(
    rf"发[表布]于?\s*[:：]?\s*(?:{DATE}|\d{{1,2}}[-月]\d{{1,2}}日?\s+\d{{1,2}}:\d\d|昨天|前天|\d+\s*(?:天|小时|分钟)前)"
)
_FLOOR = re.compile(r"楼主|沙发|板凳|地板|\d\s*[楼#]")


def _weight(line: Line) -> float:
    """How much a line speaks for the block that holds it: prose for, links and the page's own matter against."""
    length = len(line.text) - line.text.count(" ")
    if line.aside:
        return -float(length)
    if line.linked and ATTACHED.search(line.text):
        return 0.3 * length
    if 2 * line.linked > length:
        return -float(line.linked)
    if line.table:
        return float(length - line.linked) * (1.0 if is_sentence(line) else 0.3)
    if length <= 120 and (is_furniture(line.text) or is_meta(line.text)):
        return -float(length)
    if is_sentence(line):
        return float(length - line.linked)
    return 0.3 * (length - line.linked)


def article_of(flat: Flat) -> tuple[Block | None, float]:
    """The block whose lines speak most for it, the innermost of equals; one named as an article where it holds most."""
    sums = [0.0, *accumulate(map(_weight, flat.lines))]
    best: Block | None = None
    named: Block | None = None
    most = most_named = 0.0
    for block in flat.blocks:
        worth = sums[block.last] - sums[block.first]
        if worth > most:
            best, most = block, worth
        if block.named and worth > most_named:
            named, most_named = block, worth
    if most_named >= _NAMED_SHARE * most:
        return named, most_named
    if best is not None and is_introduction(flat, best) and (other := _beside(flat, best, sums)):
        return other, sums[other.last] - sums[other.first]
    return best, most


def _beside(flat: Flat, box: Block, sums: list[float]) -> Block | None:
    """The block with most to say apart from a box in which the page's owner is introduced, below a line with its day."""
    best: Block | None = None
    most = float(LITTLE) / 3
    for block in flat.blocks:
        worth = sums[block.last] - sums[block.first]
        if worth > most and (block.last <= box.first or block.first >= box.last):
            above = flat.lines[max(0, block.first - 8) : block.first + 4]
            if any(not line.linked and is_meta(line.text) and DATED.search(line.text) for line in above):
                best, most = block, worth
    return best


def contribution(flat: Flat, block: Block) -> Block:
    """The first contribution where a page holds the thread of a forum, else the block of its article."""
    heads = [number for number, line in enumerate(flat.lines) if _is_post(line)]
    if len(heads) < 2 or block.last <= heads[0] or any(map(is_told, flat.lines[block.first : heads[0]])):
        return block
    first, last = heads[0] + 1, heads[1]
    if first == last:
        return block
    told = [0, *accumulate(len(line.text) if is_told(line) else 0 for line in flat.lines[first:last])]
    inside = [other for other in flat.blocks if first <= other.first and other.last <= last]
    whole = [other for other in inside if told[other.last - first] - told[other.first - first] == told[-1]]
    return whole[0] if told[-1] and whole else Block(False, first, last)


def _is_post(line: Line) -> bool:
    """Whether a line is the head of a contribution, or opens with one and its place: `沙发 发表于 2014-5-6 21:30`."""
    match = _POSTED.search(line.text, 0, LONGEST_STAMP)
    if match is None or "。" in line.text[: match.start()]:
        return False
    return len(line.text) <= LONGEST_STAMP or _FLOOR.search(line.text, 0, match.start()) is not None


def is_introduction(flat: Flat, block: Block) -> bool:
    """Whether a block is the box in which a home page says what its owner is: 简介, 概况."""
    opening = flat.lines[max(0, block.first - 1) : block.first + 1]
    return any(len(line.text) <= 20 and _INTRODUCED.fullmatch(line.text) for line in opening)
