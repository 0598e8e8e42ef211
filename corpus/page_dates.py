"""A web page in, the day of its article out: as it is shown, else as its tags, scripts or the newspaper's issue say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta, timezone
from itertools import chain, islice
from typing import Any

from .heading_dates import days
from .labels import DATE
from .page_tags import LONGEST_SCRIPT, MOST_READ
from .script import fold
from .stamps import MINUTE, is_stamp
from .surroundings import BELOW, EDITION, TODAY, Surroundings, opening, with_labels

_DATES = (
    "pubdate", "article:published_time", "og:published_time", "publishdate", "publish_time", "pubtime", "publishtime", "apub:time", "og:time",
    "og:release_date", "dc.date.issued", "datepublished", "weibo: article:create_at", "bytedance:published_time", "firstpublishedtime",
)  # fmt: skip
_GENERATED = re.compile(r"页面生成时间\s*(\d{4}-\d\d-\d\d)")

_CHINA = timezone(timedelta(hours=8))
_COMPACT = re.compile(r"(?:19|20)\d{6}(?!\d)|(?:19|20)\d{12}(?!\d)")
_STATED = re.compile(
    rf"(?:(?:发布|发表|发稿|发文|成文|生成)(?:时间|日期)|(?<![\u4e00-\u9fff])发表于)\s*[:：]?\s*[\[【（(]?\s*({DATE})"
)
_MARKED = frozenset(
    ("datepublished", "schema:datepublished", "dc:date", "dc:created", "dc:issued", "dcterms:date", "dcterms:created", "dcterms:issued")
)  # fmt: skip
_SECONDS = re.compile(r"""\b(?:ct|create_time|publish_time)\s*[=:]\s*["'](\d{10})["']""")


def stated_day(around: Surroundings) -> date | None:
    """The day behind 发布日期 and the like, the last one above the article or the first one inside or below it."""
    above = list(with_labels(around.plain[max(0, around.first - 40) : around.first]))
    below = with_labels(around.plain[around.first : around.last + BELOW])
    for line in chain(reversed(above), below):
        match = _STATED.search(line) if len(line) <= 300 and not TODAY.search(line) else None
        if match and (day := next(days([match.group(1)]), None)):
            return day
    return None


def stamped_day(around: Surroundings) -> date | None:
    """The day and minute with which a line above the article opens: `2023-06-03 10:12某某官方账号`."""
    lines = (around.plain[number] for number in opening(around) if not around.asides[number])
    return next(days(line[-60:] if is_stamp(line) else line[:16] for line in lines if _is_minute(line)), None)


def _is_minute(line: str) -> bool:
    return not TODAY.search(line) and (MINUTE.match(line) is not None or is_stamp(line))


def published_on(
    root: Any, around: Surroundings, tags: Mapping[str, str], linked: Mapping[str, str], shown: date | None
) -> date | None:
    """The day that the page shows beside the title, else the one in its tags, else that of a newspaper's issue."""
    if shown:
        return shown
    generated = _generated(around, tags)
    values = [tags.get(name, "") for name in _DATES]
    values += [linked.get(name, "") for name in ("datePublished", "pubDate", "upDate")]
    values += _marked(root)
    values += [element.get("datetime", "") for element in islice(root.iter("time"), 1)]
    values += _clock(root)
    told = (day_of(value) for value in values if value)
    return next((day for day in told if day and day not in generated), None) or _issued(around)


def _generated(around: Surroundings, tags: Mapping[str, str]) -> frozenset[date]:
    """The days on which the page says that it was made."""
    match = _GENERATED.search(fold(tags.get("others", "")))
    told = [match.group(1)] if match else []
    told += [line for line in around.plain if len(line) <= 200 and TODAY.search(line)][:10]
    return frozenset(days(told))


def _marked(root: Any) -> Iterator[str]:
    """Days of publication in the attributes of RDFa and microdata."""
    for element in islice(root.xpath("//*[(@property or @itemprop) and (@content or @datetime)]"), MOST_READ):
        names = f"{element.get('property', '')} {element.get('itemprop', '')}".lower().split()
        if not _MARKED.isdisjoint(names):
            yield element.get("content") or element.get("datetime") or ""


def _issued(around: Surroundings) -> date | None:
    """The day of the newspaper's issue whose pages a page leads to: `第02版：要闻`, `2012年03月16日 星期五`."""
    if sum(1 for line in around.plain if len(line) <= 80 and EDITION.search(line)) < 2:
        return None
    heads = (line for line in around.plain[: around.first + BELOW] if len(line) <= 120 and not TODAY.search(line))
    return next(days(heads), None)


def _clock(root: Any) -> Iterator[str]:
    """The seconds since 1970 that a WeChat page keeps in a script."""
    if root.find(".//*[@id='js_content']") is None:
        return
    for script in islice(root.iter("script"), MOST_READ):
        if match := _SECONDS.search((script.text or "")[:LONGEST_SCRIPT]):
            yield datetime.fromtimestamp(int(match.group(1)), _CHINA).isoformat()


def day_of(value: str) -> date | None:
    """The day of a tag's date, in China; None for one that is in doubt, in the future or before there were pages.

    >>> day_of("2023-03-08T01:15:00Z"), day_of("2023年3月8日 09:15"), day_of("03-08-2023")
    (datetime.date(2023, 3, 8), datetime.date(2023, 3, 8), None)
    """
    value = value.strip()[:40]
    if _COMPACT.fullmatch(value):
        value = f"{value[:4]}-{value[4:6]}-{value[6:8]}"
    try:
        moment = datetime.fromisoformat(value)
        value = (moment.astimezone(_CHINA) if moment.tzinfo else moment).date().isoformat()
    except (ValueError, OverflowError):
        pass
    return next(days([value]), None)
