"""A paragraph in, the furniture inside it out: counters, record numbers, the sentences of a disclaimer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .labels import COLON, DATE, TIME

_SENTENCE_ENDS = "。！？!?\n"
# Words of furniture that may stand inside paragraphs, each behind one rare character of it that is sought first.
_GATES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("P", ("ICP",)), ("备", ("公网安备",)), ("证", ("许可证",)), ("数", ("次数",)), ("量", ("量：", "量:")),
    ("布", ("发布时间", "发布日期", "上传并发布")), ("©", ("©",)), ("y", ("opyright",)), ("权", ("版权", "侵权")),
    ("代", ("仅代表", "不代表")), ("责", ("免责声明",)), ("载", ("转载",)),
)  # fmt: skip
_INLINE = re.compile(
    rf"(?:发布|发表|更新)(?:时间|日期){COLON}{DATE}{TIME}*|(?:浏览|点击|阅读|访问)(?:次数|量|数)\s*[:：]\s*\d*|"
    r"\w?ICP[备证]\s?\d+\s?号?(?:-\d+)?|公网安备\s?\d+\s?号?|许可证(?:编号|号)?\s*[:：]\s*[\w-]+"
)
# Sentences that speak of the page; stricter than `MARK_RULES` of lines, for they stand among the sentences of the article.
_DISCLAIMER = re.compile(
    r"上传并发布|免责声明|(?:仅|不)代表.{0,20}(?:观点|立场)|转载.{0,10}(?:注明|授权)|(?:未经|谢绝).{0,15}转载|版权归.{1,20}所有|"
    r"凡(?:本网|本站|注明).{0,30}(?:作品|稿件|来源)|如有侵权|如涉及?.{0,12}侵权|版权所有|©"
)
_REACH = 240


def is_gated(text: str) -> bool:
    """Whether the text holds any word that furniture inside a paragraph holds; most texts do not."""
    for character, words in _GATES:  # a plain loop is twice as fast as any()
        if character in text:
            for word in words:
                if word in text:
                    return True
    return False


def holes_in(line: str) -> Iterator[tuple[int, int]]:
    """Spans of furniture inside a long line: its counters and record numbers, and the sentences of a disclaimer."""
    for match in _INLINE.finditer(line):
        yield match.span()
    for match in _DISCLAIMER.finditer(line):
        yield _sentence_around(line, *match.span())


def is_disclaimer(line: str) -> bool:
    """Whether a line of prose is short and opens with a sentence that speaks of the page."""
    return len(line) <= 300 and _DISCLAIMER.search(line[:120]) is not None


def _sentence_around(line: str, start: int, end: int) -> tuple[int, int]:
    """The sentence that holds `line[start:end]`, with the rest of the line where that is short."""
    left = max(0, start - _REACH)
    begin = max((line.rfind(mark, left, start) for mark in _SENTENCE_ENDS), default=-1) + 1
    ends = [found for mark in _SENTENCE_ENDS if (found := line.find(mark, end, end + _REACH)) >= 0]
    stop = min(ends) + 1 if ends else min(len(line), end + _REACH)
    return max(begin, left), len(line) if len(line) - stop <= 60 else stop
