"""A web page in, the site, paper or office out from which its article comes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice, pairwise
from typing import Any

from .heading import Heading
from .heading_credits import is_site, is_source
from .labels import DATE, MAKER_LABELS, ORGANISATION
from .line_kinds import is_furniture
from .page_tags import MOST_READ, words_of
from .script import fold
from .site_names import site_of
from .stamps import STAMP, STAMP_PARTS, is_account, is_stamp
from .surroundings import Surroundings, opening, with_labels

_SOURCES = ("contentsource", "source", "mediaid", "og:article:source", "article:source")
_ORIGIN = re.compile(r"来源|稿源|来自|出处")
_END = rf"(?=\s|$|[|｜;；，,。【\[（()）\]】]|(?:{MAKER_LABELS}|作者|记者|通讯员|时间|日期|来源)\s*[:：]|(?:{MAKER_LABELS})\s|https?:|{DATE})"
_VALUE = rf"\s*[:：\t]\s*(?!(?:{MAKER_LABELS}|作者|记者|通讯员|时间|日期)\s*[:：])([^\s:：]{{2,40}}?){_END}"
_SOURCE_NAMES = re.compile(
    r"(?:(?:信息|文章|稿件|新闻|内容|消息|资料|原文|转载)(?:来源|出处)(?:单位|部门|网站|媒体)?|"
    rf"(?<![\u4e00-\u9fff])(?:来源|出处)(?:单位|部门|网站|媒体)?|(?<![\u4e00-\u9fff])稿源){_VALUE}"
)
_ISSUER_NAMES = re.compile(rf"(?:发布|发文|公开)(?:机构|单位|部门){_VALUE}")
_DOTS = " \xa0\u3000·•|｜"
_AUTHOR = re.compile(r"^\w{2,4}[/／]")  # 张三/山城日报
_DAYS = re.compile(rf"{DATE}|\d{{1,2}}月\d{{1,2}}日|\d{{1,2}}-\d{{1,2}}")
_BETWEEN = re.compile(r"[\s·|｜,，/:：+]+")
_CALLED = re.compile(r"账号|帐号|认证|粉丝")
_FOLLOW = frozenset(("关注", "+关注", "+ 关注"))
_SOURCE_LABEL = "来源："


def source_of(root: Any, around: Surroundings, tags: Mapping[str, str], heading: Heading) -> str:
    """The site or paper of a tag, else the one that is shown beside the title, else the site's own name."""
    for name in _SOURCES:
        value = tags.get(name, "")
        value = value[len(_SOURCE_LABEL) :].strip() if fold(value).startswith(_SOURCE_LABEL) else value
        if 2 <= len(value) <= 40 and is_source(fold(value)):
            return value
    account = root.find(".//*[@id='js_name']")  # the account of a WeChat page
    if account is not None and (name := words_of(account)):
        return name[:40]
    told = heading.source if _is_told(heading.source, around) else ""
    shown = _without_link(root, next(_named(around, _SOURCE_NAMES), "") or told) or _account(around)
    issuer = _above_stamp(around) or next(_named(around, _ISSUER_NAMES), "")
    return shown or issuer or _without_link(root, heading.source) or site_of(root, around, tags)


def _is_told(source: str, around: Surroundings) -> bool:
    """Whether a source stands behind a label or beside a day, and is not merely the site's owner or its first crumb."""
    plain = fold(source)
    lines = islice(with_labels(around.plain), MOST_READ)
    return bool(source) and any(plain in line and (_ORIGIN.search(line) or _DAYS.search(line)) for line in lines)


def _named(around: Surroundings, label: re.Pattern[str]) -> Iterator[str]:
    """Values behind a label above the article's first sentence: `作者：信息来源：山城日报发布时间：2023-03-08`."""
    numbers = [number for number in opening(around) if not around.rows[number]]
    for line in with_labels([around.plain[number] for number in numbers]):
        for match in label.finditer(line) if len(line) <= 300 else ():
            value = match.group(1).strip("《》“”\"' ·、/")
            if 2 <= len(value) <= 40 and is_source(value):
                yield next(
                    (_as_printed(value, around, number) for number in numbers if value in around.plain[number]), value
                )


def _as_printed(value: str, around: Surroundings, number: int) -> str:
    """A value of a line as the page writes it."""
    place = around.plain[number].index(value)
    return around.lines[number][place : place + len(value)]


def _above_stamp(around: Surroundings) -> str:
    """The office whose name stands alone between the title and a line of day and hour."""
    numbers = [number for number in opening(around) if not around.asides[number]]
    for number, below in pairwise(numbers):
        line = around.plain[number].strip(_DOTS)
        if is_stamp(around.plain[below]) and STAMP.match(around.plain[below]) and is_account(line) and is_site(line):
            return _AUTHOR.sub("", around.lines[number].strip(_DOTS))
    return ""


def _account(around: Surroundings) -> str:
    """The account that stands beside the day without a label: an office, or any name with the button 关注 behind it."""
    for number in opening(around):
        line = around.plain[number]
        if around.asides[number] or not (4 < len(line) <= 80 and _DAYS.search(line)):
            continue
        rest = STAMP_PARTS.sub(" ", line)
        words = [word for word in _BETWEEN.split(rest) if word and not is_furniture(word)]
        if len(words) == 1 and 3 <= len(words[0]) <= 20 and is_source(words[0]) and not _CALLED.search(words[0]):
            followed = "关注" in line or around.plain[min(number + 1, len(around.plain) - 1)] in _FOLLOW
            if followed or is_site(words[0]):
                return _as_printed(words[0], around, number)
    return ""


def _without_link(root: Any, source: str) -> str:
    """A source without the button that stands behind it with no blank between: 求是网参与互动."""
    if len(source) < 5:
        return source
    for link in islice(root.iter("a"), MOST_READ):
        words = re.split(r"\W", words_of(link), maxsplit=1)[0]
        if len(words) >= 2 and source != words and source.endswith(words):
            name = source.removesuffix(words).strip()
            return name if ORGANISATION.fullmatch(fold(name)) else source
    return source
