"""Crawled web pages in, documents out: the visible text in lines, and which stretches of it are the article."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate, chain, islice, takewhile, zip_longest
from typing import Any

from .body import DATE, Span, body_spans, is_furniture, is_meta
from .decoding import Decoded, decode
from .document import Document, Reader, failed
from .flattening import Block, Flat, Line, flatten, is_sentence, is_told
from .limits import LimitError, Limits
from .page_metadata import Surroundings, is_account, is_stamp, read_metadata
from .script import fold

# --- bytes to text

_DECLARED = re.compile(
    rb"""<(?:meta[^>]{0,200}?charset|\?xml[^>]{0,60}?encoding)\s*=\s*["']?\s*([\w.:-]{2,30})""", re.IGNORECASE
)
_HEAD = 8192
_SAMPLE = 200_000
_TAG = re.compile(rb"<[^>]{0,2000}>")
# Charsets that a page may name; any other name is not believed (latin1 decodes everything and garbles it).
_CHARSETS = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "x-gbk": "gb18030", "gb_2312-80": "gb18030",
    "big5": "big5hkscs", "big5-hkscs": "big5hkscs", "shift_jis": "cp932", "euc-jp": "euc_jp", "euc-kr": "cp949",
}  # fmt: skip


def decode_page(data: bytes) -> Decoded:
    """Text of a page: by its mark, as UTF-8 where it is valid, as it declares where that decodes, else guessed.

    >>> decode_page('<meta charset="gb2312">侨联'.encode("gbk")).encoding
    'gb18030'
    >>> decode_page('<meta charset="gbk">侨联'.encode()).encoding
    'utf-8'
    """
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or _is_wide(data):
        return decode(data)
    data = data.replace(b"\0", b"")
    declared = _declared(data)
    if _decoded(data, "utf-8") is not None:
        return decode(data)
    # Guessed without the tags, whose letters would speak for every encoding; no second byte of GBK or Big5 is < or >.
    for encoding in (declared, decode(_TAG.sub(b" ", data[:_SAMPLE])).encoding):
        if encoding and (text := _decoded(data, encoding)) is not None:
            return Decoded(text, encoding, 0)
    return decode(data)


def _decoded(data: bytes, encoding: str) -> str | None:
    """The bytes as text, None where the encoding does not know them all."""
    try:
        return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        return None


def _is_wide(data: bytes) -> bool:
    """Whether NUL bytes are those of UTF-16 without a mark: a quarter of the first bytes."""
    return data[:2000].count(0) * 4 > len(data[:2000])


def _declared(data: bytes) -> str:
    found = _DECLARED.search(data, 0, _HEAD)
    return _CHARSETS.get(found.group(1).decode("ascii", "ignore").lower(), "") if found else ""


def _tree(text: str) -> Any:
    """The element tree of a page, however broken; None where there is none."""
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.LxmlError:
        return None


# --- lines to article

_LITTLE = 30
_NAMED_SHARE = 0.7
_HEADLINE = 9
_SEVERAL = 6
_FEW = 3
_MOST_FILES = 20
_NOTICE = 60
_SHORTEST = 200
_SCRIPT = 5000
_PARTS = 10_000
_PAGE_TYPES = frozenset(("text/html", "application/xhtml+xml"))
_MOVES = re.compile(r"location(?:\.href)?\s*=|location\.(?:replace|assign)\s*\(")
_NOTE = re.compile(r"<(title|date)>([^<]{1,200})</", re.IGNORECASE)
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
_INTRODUCED = re.compile(r".{0,12}(?:简介|概况|介绍|关于我们|欢迎辞|致辞)(?:更多)?[\W_]*")
_INTRODUCTION = 300
# The head of a contribution to a forum, one of several on its page: `发表于 2014-5-6 20:11`.
_POSTED = re.compile(
    rf"发[表布]于?\s*[:：]?\s*(?:{DATE}|\d{{1,2}}[-月]\d{{1,2}}日?\s+\d{{1,2}}:\d\d|昨天|前天|\d+\s*(?:天|小时|分钟)前)"
)
_FLOOR = re.compile(r"楼主|沙发|板凳|地板|\d\s*[楼#]")
_LONGEST_STAMP = 80
_CLOCK = re.compile(r"(?<!\d)\d{1,2}[:：]\d\d(?:[:：]\d\d)?(?!\d)|(?:星期|周)[一二三四五六日天]")
_MINUTE = re.compile(rf"{DATE}\s*\d{{1,2}}[:：]\d\d")
_FOLLOWED = re.compile(r"\+\s*关注|关注$|(?:阅读|浏览|播放)\s*\d")
_MARKS = re.compile(r"[\W_]+")
_ATTACHED = re.compile(r"^附件|\.(?:docx?|xlsx?|pdf|zip|rar|wps)\b", re.IGNORECASE)
_FILE = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|zip|rar|wps|et|ofd)\b", re.IGNORECASE)
_DATED = re.compile(DATE + r"|(?<!\d)\d{1,2}[-/.月]\d{1,2}(?!\d)")


def _weight(line: Line) -> float:
    """How much a line speaks for the block that holds it: prose for, links and the page's own matter against."""
    length = len(line.text) - line.text.count(" ")
    if line.aside:
        return -float(length)
    if line.linked and _ATTACHED.search(line.text):
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


def _article(flat: Flat) -> tuple[Block | None, float]:
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
    if best is not None and _is_introduction(flat, best) and (other := _beside(flat, best, sums)):
        return other, sums[other.last] - sums[other.first]
    return best, most


def _beside(flat: Flat, box: Block, sums: list[float]) -> Block | None:
    """The block with most to say apart from a box in which the page's owner is introduced, below a line with its day."""
    best: Block | None = None
    most = float(_LITTLE) / 3
    for block in flat.blocks:
        worth = sums[block.last] - sums[block.first]
        if worth > most and (block.last <= box.first or block.first >= box.last):
            above = flat.lines[max(0, block.first - 8) : block.first + 4]
            if any(not line.linked and is_meta(line.text) and _DATED.search(line.text) for line in above):
                best, most = block, worth
    return best


def _contribution(flat: Flat, block: Block) -> Block:
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
    match = _POSTED.search(line.text, 0, _LONGEST_STAMP)
    if match is None or "。" in line.text[: match.start()]:
        return False
    return len(line.text) <= _LONGEST_STAMP or _FLOOR.search(line.text, 0, match.start()) is not None


def _body(flat: Flat, block: Block, title: str) -> Iterator[Span]:
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
    if below and len(below[0].text) <= 8 and _ATTACHED.search(below[0].text) and not _FILE.search(below[0].text):
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
        if (line.table or led) and not line.aside and not _is_link(line):
            place = bisect_right(edges, line.start)
            if not (place and spans[place - 1][1] > line.start):
                yield line.start, line.end


def _stamps(lines: list[Line]) -> Iterator[Line]:
    """Short lines above an article's first sentence that hold a day or an hour, and buttons or one name beside it."""
    for line, below in zip_longest(lines, lines[1:]):
        if is_sentence(line) or line.table:
            return
        if len(line.text) <= _LONGEST_STAMP and (_DATED.search(line.text) or _CLOCK.search(line.text)):
            rest = _CLOCK.sub(" ", _DATED.sub(" ", line.text))
            known = is_furniture(" ".join(_MARKS.split(rest)).strip()) or _FOLLOWED.search(rest)
            if known or _MINUTE.match(line.text) or is_stamp(line.text):
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
        elif _is_link(line):
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
        links = sum(map(_is_headline, lines))
        if links > 1 and sum(map(is_told, lines)) <= links:
            yield from lines


_RECOMMENDED = re.compile(
    r"\W*(?:相关|热门|热点|最新|推荐|精彩|更多|往期|延伸|猜您?你?喜欢|编辑|大家){1,2}(?:的|都在)?"
    r"(?:推荐|阅读|新闻|文章|报道|资讯|内容|信息|链接|回顾|喜欢|看)?\W*(?:更多)?\W*"
)


def _is_shared(line: Line) -> bool:
    """Whether a line is a row of buttons without blanks between them: `分享到：微信微博`."""
    return line.linked > 0 and len(line.text) <= 40 and _SHARED.match(line.text) is not None


_SHARED = re.compile(r"\W*(?:一键|好文)?(?:分享|转发|推荐)(?:到|至|给)?\W")


def _is_link(line: Line) -> bool:
    """Whether a line is a link, perhaps with a date beside it, and no file to be fetched."""
    if 5 * line.linked < len(line.text) or _ATTACHED.search(line.text):
        return False
    return 5 * line.linked >= 3 * len(_DATED.sub("", line.text))


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


def _is_list(flat: Flat, block: Block | None, title: str, evident: bool) -> bool:
    """Whether links to articles are what a page has to say: several headlines, and no prose but their teasers."""
    if _is_gallery(flat, title):
        return True
    if sum(map(_is_headline, flat.lines)) < _SEVERAL:
        return False
    lines = flat.lines[block.first : block.last] if block else []
    if _teases(lines):
        return True
    if sum(1 for line in lines if line.table and not line.linked and not line.aside) >= _FEW:
        return False
    told = sum(len(line.text) for line in lines if is_told(line) and not _TEASER_END.search(line.text[-12:]))
    if block and told < _INTRODUCTION and not evident and _is_introduction(flat, block):
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
    headed = places and any(_DATED.search(line.text) and is_meta(line.text) for line in above[places[-1] :])
    return told < _NOTICE and not headed


def _is_captioned(lines: list[Line]) -> bool:
    """Whether below a picture stand the words of a link, or words with a day."""
    if not lines or lines[0].aside or len(lines[0].text) < 4:
        return False
    return _is_link(lines[0]) or any(_DATED.search(line.text) and len(line.text) <= _LONGEST_STAMP for line in lines)


def _is_introduction(flat: Flat, block: Block) -> bool:
    """Whether a block is the box in which a home page says what its owner is: 简介, 概况."""
    opening = flat.lines[max(0, block.first - 1) : block.first + 1]
    return any(len(line.text) <= 20 and _INTRODUCED.fullmatch(line.text) for line in opening)


def _is_search(root: Any, flat: Flat) -> bool:
    """Whether a page answers a search: its window's title says so, or a line counts what was found, and links follow."""
    written = fold("".join(islice((title.text or "" for title in root.iter("title")), 1))[:200])
    counted = any(len(line.text) <= 60 and _FOUND.search(line.text) for line in flat.lines[:80])
    if not (counted or _SEARCHED.search(written)):
        return False
    links = sum(1 for line in flat.lines if len(line.text) >= 5 and _is_link(line))
    longest = max((len(line.text) for line in flat.lines if is_told(line)), default=0)
    return links >= _FEW and (counted or longest < _INTRODUCTION)


def _is_headline(line: Line) -> bool:
    return len(line.text) >= _HEADLINE and _is_link(line)


def _teases(lines: list[Line]) -> bool:
    """Whether the prose of a block is one teaser below each of several headlines that are links."""
    teasers = prose = 0
    behind = False
    for line in lines:
        if _is_headline(line):
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
    dated = any(is_meta(line.text) and _DATED.search(line.text) for line in told)
    return dated and any(flat.printed(line).strip() == title for line in told)


# --- the readers

_LIST = "a list of links, no article (列表页，没有正文)"
_FRAMES = "a page of frames, its text stands in other files (框架页，正文在其他文件)"
_REDIRECT = "a redirect to another page (跳转页)"
_SHELL = "a page that scripts fill in a browser, no text in the file (由脚本生成的网页，没有正文)"
_EMPTY = "the page holds no text (网页没有文字)"


def read_html(data: bytes, limits: Limits) -> Iterator[Document]:
    """The one document of a web page: visible text in lines, its article's stretches, and what the page says of it.

    >>> page = "<title>慰问侨眷_某区侨联</title><h1>慰问侨眷</h1><p>区侨联走访慰问侨眷30户，送去慰问金。</p>"
    >>> [document] = read_html(page.encode(), Limits())
    >>> document.title, [document.text[start:end] for start, end in document.body or ()]
    ('慰问侨眷', ['区侨联走访慰问侨眷30户，送去慰问金。'])

    Raises:
        LimitError: where the page is nested too deep or holds too much text.
    """
    yield _read(decode_page(data), limits, "html", "")


def _read(decoded: Decoded, limits: Limits, read_as: str, url: str) -> Document:
    root = _tree(decoded.text)
    if root is None:
        return failed(_EMPTY, read_as)
    flat = flatten(root, limits)
    if len(flat.text) < _SHORTEST and (reason := _why_empty(root, flat)):
        return Document(flat.text, read_as, status="failed", message=reason, body=(), url=url)
    block, worth = _article(flat)
    post = _contribution(flat, block) if block else None
    known = read_metadata(root, _surroundings(flat, post), _noted(decoded.text))
    if _is_list(flat, block, known.title, known.evident) or _is_search(root, flat):
        return Document(flat.text, read_as, url=known.url or url, status="failed", message=_LIST, body=())
    spoken = post and (
        worth > _LITTLE or any(is_told(line) or line.table for line in flat.lines[post.first : post.last])
    )
    whole = Block(False, 0, len(flat.lines))
    body = tuple(_body(flat, post if post and spoken else whole, known.title)) if flat.lines else ()
    message = _replaced(decoded)
    return Document(
        flat.text,
        read_as,
        title=known.title,
        published=known.published,
        source=known.source,
        contributor=known.contributor,
        url=known.url or url,
        body=body or body_spans(fold(flat.text), fold(known.title)),
        status="partial" if message else "ok",
        message=message,
    )


def _surroundings(flat: Flat, block: Block | None) -> Surroundings:
    """What of a page is told to those that look for title, date and source."""
    first, last = (block.first, block.last) if block else (0, len(flat.lines))
    lines = [flat.printed(line) for line in flat.lines]
    links = list(map(_is_linked, flat.lines))
    plain = [line.text for line in flat.lines]
    asides = [line.aside for line in flat.lines]
    loud = [line.loud for line in flat.lines]
    rows = [line.table > 0 for line in flat.lines]
    return Surroundings(lines, plain, links, asides, loud, rows, flat.broken, flat.pictures, first, last)


def _is_linked(line: Line) -> bool:
    """Whether a line is a link from end to end, but for a date beside it."""
    return line.linked > 0 and 5 * line.linked >= 4 * len(_DATED.sub("", line.text).strip("[]（）() "))


def _noted(text: str) -> dict[str, str]:
    """What the systems of newspapers note of an article in a comment: `<!--enpproperty <title>…</title> … -->`."""
    start = text.find("<!--enpproperty")
    note = text[start : start + _SCRIPT].partition("-->")[0] if start >= 0 else ""
    return {match.group(1).lower(): match.group(2).strip() for match in _NOTE.finditer(note)}


def _replaced(decoded: Decoded) -> str:
    if not decoded.replaced:
        return ""
    return (
        f"{decoded.replaced} stretches are no {decoded.encoding} and were replaced by U+FFFD"
        f" ({decoded.replaced} 处无法解码，已替换)"
    )


def _why_empty(root: Any, flat: Flat) -> str:
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
    return "" if flat.text else _EMPTY


def read_mhtml(data: bytes, limits: Limits) -> Iterator[Document]:
    """The one document of a page that a browser saved with its pictures: its root part is read as `read_html` does.

    Raises:
        LimitError: where parts or elements are nested too deep or there is too much text.
    """
    from email import message_from_bytes
    from email.policy import compat32

    try:
        root = _root_part(message_from_bytes(data, policy=compat32))
    except RecursionError:
        raise LimitError("nesting", "parts of the saved page lie too deep") from None
    if root is None:
        yield failed("no web page among the parts (存档中没有网页)", "mhtml")
        return
    part, url = root
    yield _read(_decode_part(part), limits, "mhtml", url)


def _root_part(message: Any) -> tuple[Any, str] | None:
    """The part that the archive names as its start, else its first page; and the address it was saved from."""
    start = message.get_param("start") or ""
    address = str(message.get("Snapshot-Content-Location") or "")
    pages = [part for part in islice(message.walk(), _PARTS) if part.get_content_type() in _PAGE_TYPES]
    named = [part for part in pages if start and part.get("Content-ID") == start]
    for part in named or pages:
        return part, (address or str(part.get("Content-Location") or "")).strip()
    return None


def _decode_part(part: Any) -> Decoded:
    data = part.get_payload(decode=True) or b""
    charset = _CHARSETS.get((part.get_content_charset() or "").lower(), "")
    if charset and not _declared(data) and _decoded(data, "utf-8") is None:
        data = f'<meta charset="{charset}">'.encode() + data
    return decode_page(data)


READERS: Mapping[str, Reader] = {"html": read_html, "mhtml": read_mhtml}
