"""A web page in, the title of its article out: what tags, headings and lines agree on, else what looks as one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

from .heading import read_heading
from .heading_dates import days
from .labels import ORGANISATION, is_meta
from .line_kinds import is_furniture
from .page_tags import BLANKS, letters_of, title_pieces, window_title, words_of
from .script import fold
from .site_names import is_site_name
from .surroundings import BELOW, EDITION, Surroundings, is_menu, opening

# Names of meta tags, the surest first; those of 政府网站标签规范 open each row.
_TITLES = ("articletitle", "og:title", "twitter:title", "dc.title")
_LONGEST_TITLE = 150
_MOST_BROKEN = 10
_SHORT = 10
_NUMBERED = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[）)、]|\d{1,2}[.、．]")
_COLUMN = re.compile(
    r"(?!关于).{0,4}(?:动态|要闻|新闻|资讯|公告|公示|通知|快讯|公开|首页|详情|内容|正文|文章|信息|新闻中心|专栏|专题|列表|频道|页面|网|网站|官网|平台)(?:页|详情|内容|正文)?"
)


def told_title(
    root: Any, around: Surroundings, tags: Mapping[str, str], linked: Mapping[str, str], sites: frozenset[str]
) -> str:
    """The title that most of the page's tags, headings and lines agree on."""
    visible = _visible(around)
    written = window_title(root)
    first = [tags.get(name, "") for name in _TITLES] + [linked.get("headline", ""), linked.get("title", "")]
    heads = [words_of(head)[:300] for tag in ("h1", "h2") for head in islice(root.iter(tag), 20)]
    told = [_piece(text, visible, sites) for text in (*first, *heads, written)]
    told += [line for line in around.lines[: around.first + BELOW] if 8 <= len(line) <= 100 and _within(line, written)]
    possible = list(dict.fromkeys(text for text in told if _may_be_title(text, sites)))
    scores = {text: _score(text, visible, written, first, heads) for text in possible}
    best = max(possible, key=lambda text: scores[text], default="")
    if not best or scores[best] < 2:
        return ""
    # The name of a column or a site that is shown as a link at most, beside a headline that is shown.
    if len(best) <= _SHORT and scores[best] <= 2 and not visible.get(letters_of(best)):
        return _loud_title(around, sites) or best
    return _as_shown(best, around)


def _as_shown(title: str, around: Surroundings) -> str:
    """The title as the line that shows it: a tag may hold a blank where the headline breaks, or one of its parts."""
    key = letters_of(title)
    for line in (around.lines[number] for number in around.broken[:_MOST_BROKEN] if number < around.last):
        whole = letters_of(line)
        if len(key) >= 4 and (whole.startswith(key) or whole.endswith(key)) and len(line) <= _LONGEST_TITLE:
            return line
    bare = BLANKS.sub("", title)
    shown = (line for line in around.lines[: around.last] if len(line) <= 2 * _LONGEST_TITLE and line[:1] == title[:1])
    return next((line.strip() for line in shown if BLANKS.sub("", line) == bare), title)


def shown_title(around: Surroundings, sites: frozenset[str]) -> str:
    """Of a page whose tags tell no title: the line that looks as one, else the one above the date, else a picture's words."""
    title = _loud_title(around, sites) or _plain_title(around, sites)
    return title or _drawn_title(around, sites)


def _loud_title(around: Surroundings, sites: frozenset[str]) -> str:
    """The last loud line above the date, or the first between the page's path and the first sentence of the article."""
    numbers = list(opening(around))
    loud = [number for number in numbers if around.loud[number] and _is_headline(around, number, sites)]
    if not loud:
        return ""
    dated = next((number for number in numbers if number > loud[0] and _is_dated(around.plain[number])), loud[0] + 1)
    above = [number for number in loud if number < dated]
    again = [number for number in loud if around.lines.count(around.lines[number]) > 1]
    return around.lines[(again or above)[-1]]


def _plain_title(around: Surroundings, sites: frozenset[str]) -> str:
    lines = [around.lines[number] for number in opening(around) if not is_menu(around, number)]
    title = read_heading("\n".join([*lines, *around.lines[around.first : around.last]]), "").title
    return title if title in lines and _may_be_title(title, sites) else ""


def _is_headline(around: Surroundings, number: int, sites: frozenset[str]) -> bool:
    line = around.lines[number]
    if is_menu(around, number) or len(line) < 6 or line[0] in "—―–▲•·>" or line[-1] in "：:，,、":
        return False
    return _may_be_title(line, sites) and not _NUMBERED.match(line) and not _is_dated(around.plain[number])


def _is_dated(line: str) -> bool:
    return is_meta(line) and next(days([line]), None) is not None


def _drawn_title(around: Surroundings, sites: frozenset[str]) -> str:
    """The words of a picture that stands right above the article, where a headline is drawn."""
    for number, words in reversed(around.pictures):
        if around.first - 1 <= number <= around.first and number and len(words) >= 6 and _may_be_title(words, sites):
            return words
    return ""


def _score(text: str, visible: Mapping[str, int], written: str, first: list[str], heads: list[str]) -> int:
    """How many places of a page say so: its tags, its headings, the window's title, a line above the article."""
    key = letters_of(text)
    score = 2 * any(key in letters_of(told) for told in first if told)
    score += 2 * (key in letters_of(written))
    score += any(key == letters_of(head) for head in heads)
    return score + (visible.get(key, 0) or _nearly(key, visible))


def _within(line: str, written: str) -> bool:
    return line[:4] in written and letters_of(line) in letters_of(written)


def _nearly(key: str, visible: Mapping[str, int]) -> int:
    """2 where a line shows the title behind a label such as 原创."""
    return 2 * any(0 < len(line) - len(key) <= 6 and line.endswith(key) for line, worth in visible.items() if worth)


def _visible(around: Surroundings) -> dict[str, int]:
    """The lines that may show the title, as their letters: 2 where it is no link and stands above the article."""
    found: dict[str, int] = {}
    for number, line in enumerate(around.lines[: around.last]):
        if 4 <= len(line) <= 2 * _LONGEST_TITLE:
            worth = 2 if not around.links[number] and number <= around.first + 8 else 0
            key = letters_of(line)
            found[key] = max(found.get(key, 0), worth)
    return found


def _piece(text: str, visible: Mapping[str, int], sites: frozenset[str]) -> str:
    """The part of a window's title that is the article's: the longest shown as a line, else without the site's names."""
    pieces = title_pieces(text)
    if len(pieces) < 2:
        return text
    runs = [
        text[pieces[first][0] : pieces[last][1]] for first in range(len(pieces)) for last in range(first, len(pieces))
    ]
    shown = [run for run in runs if visible.get(letters_of(run)) and _may_be_title(run, sites)]
    if shown:
        return max(shown, key=len)
    while len(pieces) > 1 and is_site_name(text[slice(*pieces[-1])], sites):
        pieces.pop()
    while len(pieces) > 1 and is_site_name(text[slice(*pieces[0])], sites):
        pieces.pop(0)
    return text[pieces[0][0] : pieces[-1][1]]


def _may_be_title(text: str, sites: frozenset[str]) -> bool:
    if not 4 <= len(text) <= _LONGEST_TITLE or letters_of(text) in sites:
        return False
    plain = fold(text)
    if is_meta(plain) or is_furniture(plain) or plain.endswith(("。", "；")):
        return False
    return not (_is_column(plain) or (len(plain) <= 30 and EDITION.search(plain)))


def _is_column(text: str) -> bool:
    """Whether a text is the name of a column or an office and no headline."""
    return len(text) <= 16 and bool(ORGANISATION.fullmatch(text) or _COLUMN.fullmatch(text))
