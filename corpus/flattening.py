"""The element tree of a web page in, its visible text out: lines, and the blocks of the page that hold them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate, islice
from typing import Any, NamedTuple

from .body import MAKER_LABELS, is_furniture, is_meta, is_prose
from .limits import LimitError, Limits
from .script import fold

_UNSEEN_TAGS = """
script style noscript template head title svg math iframe frame object embed applet select option datalist
textarea audio video canvas map
"""
_UNSEEN = frozenset(_UNSEEN_TAGS.split())
_BLOCK_TAGS = """
address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav noframes ol p pre section
summary table tbody td tfoot th thead tr ul ucapcontent
"""
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_HOLDER_TAGS = """
article aside blockquote body center dd div dl fieldset footer form header li main nav ol section table td
ucapcontent ul
"""
_HOLDERS = frozenset(_HOLDER_TAGS.split())
_NEVER_TAGS = frozenset(("footer", "nav"))
_CELLS = frozenset(("td", "th"))
_BLANKS = re.compile(r"[ \t\n\r\f\v]+")
_UNDISPLAYED = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_LONGEST_NAMES = 300
_LONGEST_CELL = 600
_MOST_PARAGRAPHS = 6
# Names of elements that content systems of Chinese sites put around an article and nothing else.
_ARTICLE_NAME = re.compile(
    r"(?:^|\s)(?:js_content|rich_media_content|trs_\w*editor\w*|trs_web|ucapcontent|vsb_content\w*|v_news_content|zoom|zoomcon|artibody|endtext|"
    r"wp_articlecontent|xxgk[-_]?content|conttext|rm_txt_con|pages_content|art_con|post_text|post_body|"
    r"(?:article|art|news|detail|text|entry|post|info)[-_]?(?:content|body|text|con)|content[-_](?:article|text|body)|news_txt)(?:\s|$)",
    re.IGNORECASE,
)
# Words in the names of elements that never hold an article, and of those that mostly stand around one.
_NEVER_NAMES = """
comment comments cmt cmts reply replies pinglun footer foot dibu copyright copyrights disclaimer nav navbar navigation menu
"""
_NEVER_WORDS = frozenset(_NEVER_NAMES.split())
_ASIDE_NAMES = """
crumb crumbs breadcrumb breadcrumbs sidebar aside related relate relevant recommend recommended recommendation
share sharing pagination pager rank ranking login friendlink tags prevnext siblings tuijian xiangguan bdshare bdsharebuttonbox jiathis addthis xgwz xgyd xgxw xgnews
"""
_ASIDE_WORDS = frozenset(_ASIDE_NAMES.split())
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_SENTENCE_ENDS = "。；！？：”…"
# What sets a headline apart where it is no <h1>: `p.tit`, `td.title`, `<b>`, `<font size=5>`, the tags of newspapers.
_LOUD_TAGS = frozenset(("h1", "h2", "h3", "h4", "b", "strong", "big", "founder-title"))
_LOUD_NAME = re.compile(
    r"(?:(?<!sub)(?<!sub[-_])title|biaoti|headline|subject|(?:^|[\s_-])(?:tit|bt))\d*(?:$|[\s_-])", re.IGNORECASE
)
_LOUD_STYLE = re.compile(
    r"font-weight\s*:\s*(?:bold|[6-9]00)|font-size\s*:\s*(?:1[89]|[23]\d)(?:\.\d+)?p[xt]", re.IGNORECASE
)
_LOUD_SIZES = frozenset(("4", "5", "6", "7", "+1", "+2", "+3", "+4"))
_LONGEST_ALT = 100
# A headline broken over lines: `<h1>…<br>…</h1>`; in other loud elements the words must be large.
_HEADLINE_TAGS = frozenset(("h1", "h2", "h3", "founder-title"))
_BREAKING_TAGS = frozenset(("br", "p", "div", "span", "b", "strong", "font", "center", "small", "em", "i", "u", "a"))
_LONGEST_HEADLINE = 150
_MOST_PIECES = 4
_SAID = re.compile("[。；;]|^[（(]?[一二三四五六七八九十]{1,3}[）)、]|^\\d{1,2}[.、．]")
_JOINT = "\x1f"  # a line's end inside a headline; no page holds it
_JOINTS = re.compile(f"[\\s{_JOINT}]*{_JOINT}[\\s{_JOINT}]*")
_WESTERN = re.compile("[A-Za-z0-9,.;:!?%)]")
# A mark that leads to a note: `1200<sup>①</sup>人次`; a figure alone may be a power.
_RAISED = re.compile(r"vertical-align\s*:\s*super", re.IGNORECASE)
_NOTE = re.compile(
    r"[①-⑳⑴-⒇❶-❿⓵-⓾]{1,3}|[\[［【〔（(]\s*(?:注|附注|note)?\s*(?:\d{1,3}|[a-z*]|[一二三四五六七八九十]{1,2})\s*[\]］】〕）)]|"
    r"(?:注|附注)\s?\d{0,2}|[*＊※†‡#]{1,3}",
    re.IGNORECASE,
)
_FIGURES = re.compile(r"\d{1,3}(?:\s*[,，-]\s*\d{1,3})*")
_NUMBER = re.compile(r"[\d.,]*\d$")
_HAN = re.compile(r"[\u3001-\u301f\u4e00-\u9fff\uff00-\uff0c\uff1a-\uff1f]")
# Elements of a line that a style sheet sets apart: a label with its value, a day with its hour.
_INLINE = frozenset(("span", "i", "em", "b", "strong", "font", "label", "time", "small", "u", "cite", "var"))
_STAMP = r"(?:(?:19|20)\d\d\s?[-/.年]\s?)?\d{1,2}\s?[-/.月]\s?\d{1,2}日?(?:[T\s]+\d{1,2}[:：]\d\d(?:[:：]\d\d)?)"
_DAY = r"(?:19|20)\d\d[-/]\d{1,2}[-/]\d{1,2}"
_STAMPED = re.compile(rf"\s*(?:{_STAMP}|{_DAY})\s*")
_LABELLED = re.compile(rf"\s*(?:{MAKER_LABELS}|作者|记者|时间|日期|(?:\w{{2}})?来源\w{{0,2}})\s*[:：]")
_LONGEST_OPENING = 40
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|bmp|webp)(?:$|[?#])", re.IGNORECASE)


class Line(NamedTuple):
    """A line of the flattened page, which prints it as `Flat.text[start:end]`; `text` is how mainland rules read it.

    `linked` of its characters are links; `aside` says that it stands around an article, `loud` that it looks as a headline;
    `table` numbers the table of data of which it is a row, 0 for none.
    """

    start: int
    end: int
    text: str
    linked: int
    aside: bool = False
    loud: bool = False
    table: int = 0


@dataclass(slots=True)
class Block:
    """An element that may hold the article: the lines from `first` up to `last`; `named` as only articles are.

    `aside` is one named as what stands around an article, `never` one that holds none for sure: comments, a footer.
    """

    named: bool
    first: int
    last: int = 0
    aside: bool = False
    never: bool = False


@dataclass(slots=True)
class Flat:
    """A page as lines and the blocks that hold them, the inner ones first.

    `pictures` are the number of lines above and the words; `leads` are the addresses of pages to which a picture leads,
    and the number of lines above that picture; `broken` are the numbers of headlines that the page breaks over lines.
    """

    lines: list[Line] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    text: str = ""
    pictures: list[tuple[int, str]] = field(default_factory=list)
    leads: dict[str, int] = field(default_factory=dict)
    broken: list[int] = field(default_factory=list)

    def printed(self, line: Line) -> str:
        """The line as the page writes it."""
        return self.text[line.start : line.end]


@dataclass(slots=True)
class _Place:
    """An element that is being read, with what ends when it ends."""

    element: Any
    tag: str
    link: bool = False
    loud: bool = False
    row: bool = False
    headline: bool = False
    block: Block | None = None


def flatten(root: Any, limits: Limits) -> Flat:
    """The visible text of a tree: blocks and <br> end a line, a row of data is one line with tabs between its cells.

    Raises:
        LimitError: where elements lie too deep or the text is too long.
    """
    return _Writer(limits, _layouts(root, limits.nesting)).write(root)


def _layouts(root: Any, nesting: int) -> set[Any]:
    """Tables that hold tables: they lay out the page and are no data."""
    found: set[Any] = set()
    for table in root.iter("table"):
        above = islice(table.iterancestors(), nesting)
        found.update(islice((element for element in above if element.tag == "table"), 1))
    return found


class _Writer:
    """Walks a tree once, without recursion, and writes its lines and blocks."""

    def __init__(self, limits: Limits, layouts: set[Any]) -> None:
        self.limits, self.layouts = limits, layouts
        self.tables: dict[Any, int] = {}
        self.flat = Flat()
        self.parts: list[str] = []
        self.cells: list[str] | None = None
        self.named: dict[str, bool] = {}
        self.length = self.linked = self.links = self.loud = self.louds = self.kept = 0
        self.headlines = self.table = 0
        self.address = ""

    def write(self, root: Any) -> Flat:
        path: list[_Place] = []
        node = root
        while node is not None:
            place = self.enter(node)
            if place is not None and len(node):
                path.append(place)
                if len(path) > self.limits.nesting:
                    raise LimitError("nesting", f"elements lie more than {self.limits.nesting} deep")
                node = node[0]
                continue
            if place is not None:
                self.leave(place)
            node = self.following(node, root, path)
        self.end_line()
        self.flat.text = "\n".join(line.text for line in self.flat.lines)
        _fold_lines(self.flat)
        _drop_labels(self.flat)
        _set_aside(self.flat)
        return self.flat

    def following(self, node: Any, root: Any, path: list[_Place]) -> Any:
        """The element behind a node that was read, its text and those of the places that end there written."""
        while node is not root:
            self.add(node.tail)
            behind = node.getnext()
            if behind is not None:
                return behind
            place = path.pop()
            self.leave(place)
            node = place.element
        return None

    def enter(self, element: Any) -> _Place | None:
        """The place of an element, None for one that is not seen."""
        tag = element.tag
        if tag in _UNSEEN or _is_hidden(element) or self.is_note(element, tag):
            return None
        place = _Place(element, tag)
        if tag in _BLOCKS:
            self.enter_block(place)
        elif tag == "br":
            self.break_line()
        elif tag == "a" and _is_anchor(element):
            self.enter_link(place)
        elif tag == "img":
            self.see(element.get("alt"))
        elif tag in _INLINE and _is_apart(element):
            self.parts.append(" ")
        if self.is_loud(element, tag):
            place.loud = True
            self.louds += 1
            place.headline = self.headlines == 0 and _is_broken(element, tag)
            self.headlines += place.headline
        self.kept += tag == "pre"
        self.add(element.text)
        return place

    def enter_link(self, place: _Place) -> None:
        self.address = place.element.get("href") or ""
        place.link = not _PICTURE.search(self.address, 0, 2000)
        self.links += place.link

    def enter_block(self, place: _Place) -> None:
        element, tag = place.element, place.tag
        self.break_line()
        if tag == "tr" and self.cells is None and self.is_data(element):
            place.row, self.cells = True, []
            self.table = self.tables.setdefault(next(element.iterancestors("table")), len(self.tables) + 1)
        if tag not in _HOLDERS or self.cells is not None:
            return
        names = _names(element)
        named = tag == "ucapcontent" or bool(names and _ARTICLE_NAME.search(names))
        place.block = Block(named, len(self.flat.lines))
        if tag != "body" and not named and (names or tag == "aside" or tag in _NEVER_TAGS):
            words = _words(names)
            place.block.never = tag in _NEVER_TAGS or not words.isdisjoint(_NEVER_WORDS)
            place.block.aside = place.block.never or tag == "aside" or not words.isdisjoint(_ASIDE_WORDS)

    def leave(self, place: _Place) -> None:
        tag = place.tag
        self.links -= place.link
        self.louds -= place.loud
        self.headlines -= place.headline
        self.kept -= tag == "pre"
        if tag in _CELLS and self.cells is not None:
            self.cells.append(_collapse("".join(self.parts)))
            self.parts.clear()
        elif tag in _BLOCKS:
            self.break_line()
        if place.row:
            self.end_row()
        if place.block is not None:
            self.end_block(place.block)

    def end_row(self) -> None:
        cells, self.cells = self.cells or [], None
        rest = _collapse("".join(self.parts))
        self.parts.clear()
        self.put("\t".join([*cells, rest] if rest else cells))
        self.table = 0

    def end_block(self, block: Block) -> None:
        block.last = len(self.flat.lines)
        if block.last > block.first:
            self.flat.blocks.append(block)

    def is_data(self, row: Any) -> bool:
        """Whether a row holds cells of data and not the columns of a page."""
        table = next(row.iterancestors("table"), None)
        if table is None or table in self.layouts:
            return False
        cells = [cell for cell in row if cell.tag in _CELLS]
        shown = sum(1 for cell in cells if cell.find(".//img") is not None)
        return len(cells) > 1 and shown < 2 and all(map(_is_small, cells)) and not _is_layout(row, cells)

    def add(self, text: str | None) -> None:
        if not text:
            return
        if self.kept and self.cells is None and "\n" in text:
            self.add_lines(text)
            return
        self.parts.append(text)
        if self.links or self.louds:
            length = len("".join(text.split()))
            self.linked += length if self.links else 0
            self.loud += length if self.louds else 0

    def is_loud(self, element: Any, tag: str) -> bool:
        if tag in _LOUD_TAGS or (tag == "font" and element.get("size", "").strip() in _LOUD_SIZES):
            return True
        names = element.get("class") or element.get("id")
        if names and names not in self.named:
            self.named[names] = _LOUD_NAME.search(names, 0, _LONGEST_NAMES) is not None
        if names and self.named[names]:
            return True
        style = element.get("style")
        return bool(style and "font-" in style and _LOUD_STYLE.search(style, 0, 1000))

    def is_note(self, element: Any, tag: str) -> bool:
        """Whether an element is the raised mark of a note behind a figure or a word."""
        if tag != "sup" and not (tag == "span" and _RAISED.search(element.get("style", ""), 0, 1000)):
            return False
        behind = "".join(part[-20:] for part in self.parts[-3:]).rstrip()
        if not behind or behind.endswith(_JOINT):
            return False
        mark = _words_of(element).strip()
        if _NOTE.fullmatch(mark):
            return True
        return _FIGURES.fullmatch(mark) is not None and (self.links > 0 or _refers(element, behind))

    def see(self, alt: str | None) -> None:
        """Words of a picture: a headline may be drawn; and where it leads."""
        if self.links and not self.address.lower().startswith(("#", "javascript:")) and self.address:
            self.flat.leads.setdefault(self.address[:2000], len(self.flat.lines))
        if alt and 4 <= len(alt) <= _LONGEST_ALT and not alt.isspace():
            self.flat.pictures.append((len(self.flat.lines), _collapse(alt)))

    def add_lines(self, text: str) -> None:
        """Text of a <pre>: its line ends are those of the page."""
        for piece in text.split("\n"):
            self.parts.append(piece)
            self.end_line()

    def break_line(self) -> None:
        if self.cells is not None:
            self.parts.append(" ")
        elif self.headlines:
            self.parts.append(_JOINT)
        else:
            self.end_line()

    def end_line(self) -> None:
        if self.parts:
            text = "".join(self.parts)
            self.parts.clear()
            if _JOINT in text:
                text = _joined(text)
                self.flat.broken.append(len(self.flat.lines))
            self.put(_collapse(text))

    def put(self, text: str) -> None:
        linked, self.linked = self.linked, 0
        loud, self.loud = self.loud, 0
        if not text or text.isspace():
            return
        line = Line(self.length, self.length + len(text), text, linked, loud=_holds(loud, text), table=self.table)
        self.flat.lines.append(line)
        self.length = line.end + 1
        if self.length > self.limits.text:
            raise LimitError("text", f"more than {self.limits.text} characters on one page")


def _joined(text: str) -> str:
    """A line's parts as one: a blank stands for the break of a headline between two western words alone.

    >>> _joined("慰问侨眷\\x1f 送去温暖"), _joined("Helping\\x1fHands")
    ('慰问侨眷送去温暖', 'Helping Hands')
    """

    def between(match: re.Match[str]) -> str:
        sides = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        return " " * all(_WESTERN.match(side) for side in sides)

    return _JOINTS.sub(between, text)


def _is_broken(element: Any, tag: str) -> bool:
    """Whether an element is a headline of some short lines: no stamps, buttons, sentences or other elements among them."""
    if tag not in _HEADLINE_TAGS and not _is_large(element, tag):
        return False
    pieces, length = [""], 0
    for inner, text in _told_by(element):
        if inner is not None and inner.tag not in _BREAKING_TAGS | _HEADLINE_TAGS:
            return False
        if inner is not None and (inner.tag in _HEADLINE_TAGS or (inner.tag == "a" and tag not in _HEADLINE_TAGS)):
            return False
        if inner is not None and (inner.tag == "br" or inner.tag in _BLOCKS):
            pieces.append("")
        pieces[-1] += text
        length += len(text)
        if length > _LONGEST_HEADLINE or len(pieces) > 4 * _MOST_PIECES:
            return False
    told = [fold(piece.strip()) for piece in pieces if piece.strip()]
    return 2 <= len(told) <= _MOST_PIECES and all(map(_is_worded, told))


def _is_worded(piece: str) -> bool:
    """Whether a line may be a part of a headline."""
    return len(piece) >= 2 and not (_SAID.search(piece) or is_meta(piece) or is_furniture(piece))


def _is_large(element: Any, tag: str) -> bool:
    """Whether an element that is no <h1> is named or printed as a headline, and is not merely bold."""
    if tag == "font":
        return element.get("size", "").strip() in _LOUD_SIZES
    if tag in _LOUD_TAGS:
        return False
    return bool(_LOUD_NAME.search(_names(element)) or _LARGE.search(element.get("style", ""), 0, 1000))


_LARGE = re.compile(r"font-size\s*:\s*(?:1[89]|[23]\d)(?:\.\d+)?p[xt]", re.IGNORECASE)
_MOST_INSIDE = 60


def _told_by(element: Any) -> Iterator[tuple[Any, str]]:
    """The texts of an element in their order, with the element that opens before each; None for one that goes on."""
    yield None, element.text or ""
    waiting = [(inner, False) for inner in reversed(element[:_MOST_INSIDE])]
    for _ in range(_MOST_INSIDE):
        if not waiting:
            return
        inner, ended = waiting.pop()
        if ended:
            yield (inner if inner.tag in _BLOCKS else None), inner.tail or ""
            continue
        yield inner, inner.text or ""
        waiting.append((inner, True))
        waiting += [(deeper, False) for deeper in reversed(inner[:_MOST_INSIDE])]
    yield element, "-" * _LONGEST_HEADLINE * bool(waiting)


def _words_of(element: Any) -> str:
    """The first words of an element."""
    return "".join(islice(element.itertext(), 6))[:_LONGEST_OPENING]


def _refers(element: Any, behind: str) -> bool:
    """Whether a raised figure is that of a note: behind a Chinese word, or between a number other than ten and its unit."""
    if _HAN.match(behind[-1]) or element.find(".//a") is not None:
        return True
    number = _NUMBER.search(behind)
    return number is not None and number.group() != "10" and bool(_HAN.match((element.tail or "").lstrip()[:1]))


def _is_apart(element: Any) -> bool:
    """Whether a style sheet would set an element apart from the one right before it: a label, or a day with its hour."""
    before = element.getprevious()
    if before is None or before.tag == "br" or (before.tail and not before.tail.isspace()):
        return False
    words = _words_of(element)
    if not words.strip()[:1].isalnum():
        return False
    return bool(_LABELLED.match(words) or _STAMPED.fullmatch(words) or _STAMPED.fullmatch(_words_of(before)))


def _holds(loud: int, text: str) -> bool:
    """Whether so many loud characters are most of a line."""
    return loud > 0 and 5 * loud >= 4 * len("".join(text.split()))


def _is_anchor(element: Any) -> bool:
    """Whether an <a> leads anywhere, if only by a script; one that has but a name is a place in the text."""
    return element.get("href") is not None or (element.get("name") is None and element.get("id") is None)


def _is_hidden(element: Any) -> bool:
    """Whether an element is not displayed; an article that a script would show is read all the same."""
    style = element.get("style")
    if element.get("hidden") is None and not (style and _UNDISPLAYED.search(style, 0, 1000)):
        return False
    return not _ARTICLE_NAME.search(_names(element))


def _names(element: Any) -> str:
    """What an element is called: its class and id."""
    return f"{element.get('class', '')[:_LONGEST_NAMES]} {element.get('id', '')[:_LONGEST_NAMES]}".strip()


def _words(names: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(names)}


def _fold_lines(flat: Flat) -> None:
    """Put the lines of a page in traditional script as mainland rules read them; their places stay."""
    plain = fold(flat.text)
    if plain is not flat.text:
        flat.lines = [line._replace(text=plain[line.start : line.end]) for line in flat.lines]


def _drop_labels(flat: Flat) -> None:
    """Leave the rows of a table that says how the page was made, and of one with hardly any, as common lines."""
    rows: dict[int, list[bool]] = {}
    for line in flat.lines:
        if line.table:
            rows.setdefault(line.table, []).append(any(map(_LABEL_CELL.match, line.text.split("\t", 8)[:8])))
    common = {
        table for table, labelled in rows.items() if len(labelled) < _FEWEST_ROWS or 3 * sum(labelled) >= len(labelled)
    }
    if common:
        flat.lines = [line._replace(table=0) if line.table in common else line for line in flat.lines]


_LABEL_CELL = re.compile(rf"\s*(?:{MAKER_LABELS}|(?:名|主题)\s*(?:称|词)|文号|公开(?:方式|范围|日期))\s*(?:[:：]|$)")
_FEWEST_ROWS = 3


def _set_aside(flat: Flat) -> None:
    """Mark the lines of elements named as what stands around an article, but for those that hold most of the prose."""
    told = [0, *accumulate(len(line.text) if is_told(line) else 0 for line in flat.lines)]
    opened = [0] * (len(flat.lines) + 1)
    for block in flat.blocks:
        if block.aside and (block.never or 2 * (told[block.last] - told[block.first]) <= told[-1]):
            opened[block.first] += 1
            opened[block.last] -= 1
    for number, depth in enumerate(accumulate(opened[:-1])):
        if depth:
            flat.lines[number] = flat.lines[number]._replace(aside=True)


def is_told(line: Line) -> bool:
    """Whether a line is a sentence and mostly no link."""
    return 2 * line.linked < len(line.text) and is_sentence(line)


def is_sentence(line: Line) -> bool:
    """Whether a line is prose, or ends as a sentence does."""
    text = line.text.rstrip()
    return is_prose(text) or (len(text) >= 10 and text[-1:] in _SENTENCE_ENDS)


def _is_layout(row: Any, cells: list[Any]) -> bool:
    """Whether a row is the only one of its table and holds paragraphs: the columns of a page."""
    alone = row.getprevious() is None and row.getnext() is None
    if row.getparent().tag == "tbody":
        alone = alone and row.getparent().getprevious() is None and row.getparent().getnext() is None
    return alone and any(sum(1 for inner in cell.iter("p", "br", "div", "li", "h1", "h2")) >= 2 for cell in cells)


def _is_small(cell: Any) -> bool:
    """Whether a cell holds a figure or some sentences, and no article."""
    length = paragraphs = 0
    for element in cell.iter():
        paragraphs += element.tag in _BLOCKS or element.tag == "br"
        length += len(element.text or "") + len(element.tail or "")
        if length > _LONGEST_CELL or paragraphs > _MOST_PARAGRAPHS:
            return False
    return True


def _collapse(text: str) -> str:
    return _BLANKS.sub(" ", text).strip(" ")
