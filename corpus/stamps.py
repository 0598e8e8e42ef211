"""A line in, whether it is the stamp of an article: a day with its hour, a name, counters and buttons beside it."""

from __future__ import annotations

import re

from .labels import DATE
from .line_kinds import is_furniture

LONGEST_STAMP = 80
# A day with its hour, the year left out or not; a day and minute; what stands in a stamp besides a name.
STAMP = re.compile(
    r"(?:(?:19|20)\d\d\s?[-/.年]\s?)?\d{1,2}\s?[-/.月]\s?\d{1,2}日?\s+\d{1,2}[:：]\d\d(?:[:：]\d\d)?(?![\d:：])"
)
_NO_NAME = re.compile(r"[:：，,。；;、！？!?“”《》\d\s]|时间|日期")
MINUTE = re.compile(rf"{DATE}\s*\d{{1,2}}[:：]\d\d")
STAMP_PARTS = re.compile(
    rf"{DATE}|\d{{1,2}}月\d{{1,2}}日|\d{{1,2}}-\d{{1,2}}|\d{{1,2}}[:：]\d\d(?:[:：]\d\d)?|星期[一二三四五六日天]|"
    r"\+?\s*关注|(?:阅读|浏览|播放|评论|点赞|转发)(?:数|量)?\s*[:：]?\s*[\d.]+万?\+?|(?:发[布表]于|来自)\S{1,12}$|原创"
)


def is_stamp(line: str) -> bool:
    """Whether a line is a day with its hour, perhaps behind a name and before counters.

    >>> is_stamp("山城县融媒体中心 2024-07-09 08:30"), is_stamp("07-09 08:30"), is_stamp("活动时间：7-9 8:30")
    (True, True, False)
    """
    match = STAMP.search(line) if len(line) <= LONGEST_STAMP else None
    if match is None:
        return False
    rest = STAMP_PARTS.sub(" ", f"{line[: match.start()]} {line[match.end() :]}")
    words = [word for word in rest.split() if not is_furniture(word)]
    return not words or (len(words) == 1 and is_account(words[0]))


def is_account(word: str) -> bool:
    """Whether a word may be the name under which an article was put out: no label, sentence or figure in it."""
    return 2 <= len(word) <= 20 and not _NO_NAME.search(word) and not is_furniture(word)
