"""What of a web page those are told that look for title, day and source: its lines, and where its article stands among them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from .line_kinds import is_prose

_CRUMBS = re.compile(r"位置\s*[:：]|您在这里|^[^。，]{0,30}(?:首页|主页)\s*[>＞»›/／·-]")
# How a newspaper's page leads through its issue: 第02版, 上一版.
EDITION = re.compile(r"第?\s?[A-Za-z]?\d{1,3}\s?版|[上下]一?[版期篇条页]|(?:版面|标题)导航|返回目录|往期回顾")
BELOW = 12  # lines around the block of an article that may tell of it
_BARE_LABEL = re.compile(
    r"(?:信息|文章|稿件|新闻|新聞|内容|消息|资料|原文|转载)?(?:来源|來源|出处)(?:单位|部门|网站|媒体)?|稿源|"
    r"(?:发布|发表|發布|發佈|發表)(?:时间|日期|時間)"
)
# A day that is told by a clock, or that on which a file was made of the article.
TODAY = re.compile(r"今天是|今日是|现在是|(?:现在|当前|系统)时间|自动生成|页面生成|生成于")


class Surroundings(NamedTuple):
    """The lines of a page as printed, which of them are links, and the first and the last line of the block of its article.

    `plain` are the lines as mainland rules read them, `asides` are lines that stand around an article, `loud` those that look as headlines do, `rows` those of tables
    of data, `broken` the numbers of headlines that are broken over lines, `pictures` the number of the lines above a picture and its words.
    """

    lines: list[str]
    plain: list[str]
    links: list[bool]
    asides: list[bool]
    loud: list[bool]
    rows: list[bool]
    broken: list[int]
    pictures: list[tuple[int, str]]
    first: int
    last: int


def opening(around: Surroundings) -> Iterator[int]:
    """Numbers of the lines between the page's path and the first sentence of its article."""
    start = max(0, around.first - 2 * BELOW)
    for number in range(start, min(around.first + 1, len(around.lines))):
        if _CRUMBS.search(around.plain[number]):
            start = number + 1
    for number in range(start, min(around.last, around.first + 5 * BELOW)):
        line = around.plain[number]
        if number >= around.first and (is_prose(line) or line.endswith(("。", "；", "："))):
            return
        yield number


def is_menu(around: Surroundings, number: int) -> bool:
    """Whether a line is a link or stands around the article."""
    return around.links[number] or around.asides[number]


def with_labels(lines: list[str]) -> Iterator[str]:
    """Lines, a label that stands alone and the value below it as one: `发布日期：`, `2023-04-18`."""
    label = ""
    for line in lines:
        bare = _BARE_LABEL.fullmatch(line.strip()) is not None
        if bare or (len(line) <= 8 and line.rstrip().endswith(("：", ":"))):
            yield from filter(None, [label])
            label = line.strip() + "：" * (line.rstrip()[-1] not in "：:")
            continue
        yield label + line
        label = ""
    if label:
        yield label
