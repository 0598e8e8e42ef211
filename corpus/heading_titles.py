"""A page of text in, the line out that is the title of its article."""

from __future__ import annotations

import re
from collections import Counter

from .copies import title_line
from .heading_dates import DAY, WEEKDAY
from .labels import ORGANISATION, is_meta
from .line_kinds import is_caption, is_furniture, is_session
from .text_pages import TRAILING, Line, Page

_ANCHOR_LABEL = re.compile(r"(?:来源|稿源|发布时间|发布日期|发表时间|发文日期|成文日期)(?:于|\s*[:：丨｜|])")

_FOUR_LETTERS = re.compile(r"(?:[\W\d_]*[^\W\d_]){4}")
_MENU_GAP = re.compile(r"[\s|｜]+")
_SUFFIX = re.compile(r"\.\w{1,5}$")
TITLE_LABEL = re.compile(r"^(?:#{1,3}\s+|(?:文章|稿件)?(?:标题|题目|正在阅读)\s*[:：]\s*)(?=\S{2})")
_RETITLED = re.compile(r"原(?:文?标题|题)\s*[:：为]\s*[《“\"]?(.{5,100}?)[》”\"]?\s*[）)\]】]?$")
_SECTION = re.compile(
    r"[（(]?[一二三四五六七八九十]{1,3}[）)、]|第[一二三四五六七八九十]{1,3}[章节部篇]|\d{1,2}[.、．]"
)
_SPEAKER = re.compile(
    r".{0,16}(?:省长|市长|县长|区长|州长|主席|镇长|乡长|主任|书记|会长)(?:\s+|　)\S{1,5}(?:\s\S{1,2})?"
)
_NO_TITLE_ENDS = "。；;，,：:、"


def headline_of(page: Page, name: str) -> int | None:
    """Number of the title's line among the lines above the first paragraph."""
    head = page.head
    possible = [number for number, line in enumerate(head) if number not in page.recurring and _may_be_title(line.text)]
    if not possible or len(page.lines) < 2:
        return None
    if len(possible) == 1 and page.last >= 0:
        return possible[0]
    named = _named(page, possible, name)
    return _best(page, head, possible) if named is None else named


def _best(page: Page, head: list[Line], possible: list[int]) -> int | None:
    """The highest score; of equals the first in a plain text, the last below a page's menus."""
    near = _nearness(head, possible)
    if page.last < 0 and not near:
        return possible[0] if possible[0] == 0 else None
    counts = Counter(line.text for line in page.lines) if len(page.lines) > 3 else Counter[str]()
    order = 1 if len(head) > 12 else -1

    def rank(number: int) -> tuple[int, int]:
        line = head[number].text
        return near.get(number, 0) + _weight(line, counts[line]) + (
            number == 0 and not near and len(line) > 4
        ), order * number

    return max(possible, key=rank)


def _weight(line: str, copies: int) -> int:
    """How much a line looks like a headline by itself: labelled, long, repeated on the page, no mere office."""
    weight = 4 if TITLE_LABEL.match(line) else 0
    if ORGANISATION.fullmatch(line) and len(line) <= 16:
        weight -= 3
    if len(line) < 10:
        return weight + (len(line) >= 6)
    return weight + (5 if copies > 1 else 2)


def _nearness(head: list[Line], possible: list[int]) -> dict[int, int]:
    """3, 2, 1 for the possible titles next above the first line of date, source or session that has any above it."""
    for number, line in enumerate(head):
        if number > possible[0] and _is_anchor(line.text):
            above = [candidate for candidate in possible if candidate < number and _is_worded(head[candidate].text)][
                -3:
            ]
            if above:
                return {candidate: 3 - place for place, candidate in enumerate(reversed(above))}
    return {}


def _may_be_title(line: str) -> bool:
    """Whether a leading line can be a headline: no sentence, button, label, caption, section or speaker."""
    if not 4 <= len(line) <= 120 or line[-1] in _NO_TITLE_ENDS or line[0] in "—―–▲•·>":
        return False
    if TITLE_LABEL.match(line):
        return True
    if not _FOUR_LETTERS.match(line) or is_meta(line) or is_session(line) or is_furniture(line):
        return False
    return not (is_caption(line) or _SECTION.match(line) or _SPEAKER.fullmatch(line) or _is_menu(line))


def _is_menu(line: str) -> bool:
    """Whether a line is many short words, as menus are.

    >>> _is_menu("要闻 公告 统战 侨务 党建 专题"), _is_menu("凝侨心 护侨益 聚侨力 谱新篇")
    (True, False)
    """
    words = _MENU_GAP.split(line)
    return len(words) >= 5 and sum(map(len, words)) <= 5 * len(words)


def _is_worded(line: str) -> bool:
    """Whether a line says more than the name of a column, an office or a paper."""
    return len(line) > 4 and not (len(line) <= 16 and ORGANISATION.fullmatch(line))


def _named(page: Page, possible: list[int], name: str) -> int | None:
    """The line that retells the file's name or the page's own 原标题."""
    wanted = [_SUFFIX.sub("", name.replace("\\", "/").rpartition("/")[2])]
    wanted += [match.group(1) for line in page.foot[:TRAILING] if (match := _RETITLED.search(line.text))]
    for title in wanted:
        if len(title) >= 4 and (found := title_line([page.lines[number] for number in possible], title)) is not None:
            return possible[found]
    return None


def _is_anchor(line: str) -> bool:
    if is_session(line):
        return True
    return is_meta(line) and bool(DAY.search(line) or _ANCHOR_LABEL.search(line)) and not WEEKDAY.search(line)
