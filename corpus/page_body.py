"""The block of an article in, its stretches out: without lists of links, stamps, comments and what else is the page's."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import chain, takewhile, zip_longest

from .body import Span, body_spans
from .flat_pages import ATTACHED, DATED, Block, Flat, Line, is_headline, is_link, is_sentence, is_told
from .labels import is_meta
from .line_kinds import SEPARATORS, is_furniture
from .script import fold
from .stamps import LONGEST_STAMP, MINUTE, is_account, is_stamp

_MOST_FILES = 20
_CLOCK = re.compile(r"(?<!\d)\d{1,2}[:：]\d\d(?:[:：]\d\d)?(?!\d)|(?:星期|周)[一二三四五六日天]")
_FOLLOWED = re.compile(r"\+\s*关注|关注$|(?:阅读|浏览|播放)\s*\d")
_FILE = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|zip|rar|wps|et|ofd)\b", re.IGNORECASE)
_RECOMMENDED = re.compile(
    r"\W*(?:相关|热门|热点|最新|推荐|精彩|更多|往期|延伸|猜您?你?喜欢|编辑|大家){1,2}(?:的|都在)?"
    r"(?:推荐|阅读|新闻|文章|报道|资讯|内容|信息|链接|回顾|喜欢|看)?\W*(?:更多)?\W*"
)
_SHARED = re.compile(r"\W*(?:一键|好文)?(?:分享|转发|推荐)(?:到|至|给)?\W")


def body_of(flat: Flat, block: Block, title: str) -> Iterator[Span]:
    """The stretches of a block that are its article: without what `body_spans` masks, lists of links and comments."""
    lines = flat.lines[block.first : block.last]
    below = _files_below(flat, block)
    start, end = lines[0].start, lines[-1].end
    foreign = chain(_foreign(lines), _stamps(lines), _recommended(flat, block))
    holes = sorted({(line.start, line.end) for line in foreign})
    found: list[Span] = []
    for first, last in body_spans(fold(flat.text[start:end]), fold(title)):
        found += _without(first + start, last + start, holes)
    yield from sorted((*found, *_attached([*lines, *below], found), *_rows(lines, found, title)))


def _files_below(flat: Flat, block: Block) -> list[Line]:
    """The lines right below an article's block that are files to be fetched, a heading such as 附件下载 left out."""
    below = flat.lines[block.last : block.last + _MOST_FILES]
    if below and len(below[0].text) <= 8 and ATTACHED.search(below[0].text) and not _FILE.search(below[0].text):
        below = below[1:]
    return list(takewhile(_is_file, below))


def _is_file(line: Line) -> bool:
    return line.linked > 0 and not line.aside and _FILE.search(line.text) is not None


def _attached(lines: list[Line], spans: list[Span]) -> list[Span]:
    """Files that an article links to and the rules of plain text take for names of pictures."""
    files = list(filter(_is_file, lines))
    edges = [start for start, _ in spans]
    return [
        (line.start, line.end)
        for line in files
        if (place := bisect_right(edges, line.start)) and spans[place - 1][1] <= line.start
    ]


def _rows(lines: list[Line], spans: list[Span], title: str) -> Iterator[Span]:
    """What the rules of plain text take for the page's own matter round a table of data: its rows, with days and names.

    Also the sentence above a table that has the article's title again for its own.
    """
    edges = [start for start, _ in spans]
    plain = fold(title)
    copies = [number for number, line in enumerate(lines) if title and line.text.strip() == plain]
    behind = next((line.table for line in lines[copies[0] + 1 :][:1]), 0) if copies else 0
    for number, line in enumerate(lines):
        led = (
            behind
            and number < copies[0]
            and not line.linked
            and line.text.endswith(("。", "："))
            and not is_meta(line.text)
        )
        if (line.table or led) and not line.aside and not is_link(line):
            place = bisect_right(edges, line.start)
            if not (place and spans[place - 1][1] > line.start):
                yield line.start, line.end


def _stamps(lines: list[Line]) -> Iterator[Line]:
    """Short lines above an article's first sentence that hold a day or an hour, and buttons or one name beside it."""
    for line, below in zip_longest(lines, lines[1:]):
        if is_sentence(line) or line.table:
            return
        if len(line.text) <= LONGEST_STAMP and (DATED.search(line.text) or _CLOCK.search(line.text)):
            rest = _CLOCK.sub(" ", DATED.sub(" ", line.text))
            known = is_furniture(" ".join(SEPARATORS.split(rest)).strip()) or _FOLLOWED.search(rest)
            if known or MINUTE.match(line.text) or is_stamp(line.text):
                yield line
        elif below and is_account(line.text) and is_stamp(below.text):
            yield line


def _foreign(lines: list[Line]) -> Iterator[Line]:
    """Lines of a block that belong to the page: those in an element named so, runs of links, buttons for sharing."""
    asides = sum(line.end - line.start for line in lines if line.aside)
    inside = 2 * asides < sum(line.end - line.start for line in lines)
    run: list[Line] = []
    for line in lines:
        if (inside and line.aside) or _is_shared(line):
            yield line
        elif is_link(line):
            run.append(line)
        else:
            yield from run if len(run) > 1 else ()
            run = []
    yield from run


def _recommended(flat: Flat, block: Block) -> Iterator[Line]:
    """Lines of the boxes inside an article's block that open with a heading such as 热门推荐 and lead elsewhere."""
    boxes: dict[int, int] = {}
    for inner in flat.blocks:
        if (
            block.first < inner.first
            and inner.last <= block.last
            and _RECOMMENDED.fullmatch(flat.lines[inner.first].text)
        ):
            boxes[inner.first] = max(inner.last, boxes.get(inner.first, 0))
    for first, last in boxes.items():
        lines = flat.lines[first:last]
        links = sum(map(is_headline, lines))
        if links > 1 and sum(map(is_told, lines)) <= links:
            yield from lines


def _is_shared(line: Line) -> bool:
    """Whether a line is a row of buttons without blanks between them: `分享到：微信微博`."""
    return line.linked > 0 and len(line.text) <= 40 and _SHARED.match(line.text) is not None


def _without(start: int, end: int, holes: Iterable[Span]) -> Iterator[Span]:
    """A span without the holes, which are whole lines in order, and without the line ends beside them."""
    for left, right in holes:
        if right <= start or left >= end:
            continue
        if start < left - 1:
            yield start, left - 1
        start = min(end, right + 1)
    if start < end:
        yield start, end
