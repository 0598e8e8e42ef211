"""What a web page says of its article: title, day, source, contributing office, address; unknown is empty.

Labels are read in traditional script too; titles and names stand as the page writes them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta, timezone
from itertools import chain, islice, pairwise
from typing import Any, NamedTuple

from .body import DATE, MAKER_LABELS, ORGANISATION, is_furniture, is_meta, is_prose
from .heading import Heading, days, is_site, is_source, read_heading
from .script import fold


class Metadata(NamedTuple):
    """What a page says; `evident` where it says in its tags that it is an article."""

    title: str = ""
    published: date | None = None
    source: str = ""
    contributor: str = ""
    url: str = ""
    evident: bool = False


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


# Names of meta tags, the surest first; those of 政府网站标签规范 open each row.
_TITLES = ("articletitle", "og:title", "twitter:title", "dc.title")
_DATES = (
    "pubdate", "article:published_time", "og:published_time", "publishdate", "publish_time", "pubtime", "publishtime", "apub:time", "og:time",
    "og:release_date", "dc.date.issued", "datepublished", "weibo: article:create_at", "bytedance:published_time", "firstpublishedtime",
)  # fmt: skip
_SOURCES = ("contentsource", "source", "mediaid", "og:article:source", "article:source")
_SITES = ("sitename", "og:site_name", "application-name", "apple-mobile-web-app-title")
_COLUMNS = ("columnname", "article:section")
_ADDRESSES = ("og:url", "url")
_GENERATED = re.compile(r"页面生成时间\s*(\d{4}-\d\d-\d\d)")

_CHINA = timezone(timedelta(hours=8))
_COMPACT = re.compile(r"(?:19|20)\d{6}(?!\d)|(?:19|20)\d{12}(?!\d)")
_LARGEST = 200_000
_MOST = 5000
_BLANKS = re.compile(r"\s+")
_MARKS = re.compile(r"[\W_]+")
_SEPARATOR = re.compile(r"\s*[_|｜]+\s*|\s+[-–—]+\s*|\s*[-–—]+\s+|-{1,2}|—{1,2}|\s*[»›>]\s*|\s*::\s*")
_MOST_PIECES = 10
_LONGEST_TITLE = 150
_SHORT = 10


def read_metadata(root: Any, around: Surroundings, noted: Mapping[str, str]) -> Metadata:
    """Title, day, source, contributor and address from tags and JSON-LD, checked against what is visible.

    `noted` are title and date of a comment in which a newspaper's system keeps them.
    """
    tags = _tags(root)
    for name, tag in (("title", "articletitle"), ("date", "pubdate")):
        if name in noted:
            tags.setdefault(tag, noted[name])
    linked = _linked_data(root)
    sites = _sites(root, tags) | _owners(root, around)
    title = _title(root, around, tags, linked, sites) or _shown_title(around, sites)
    heading = _heading(around, title)
    published = _published(root, around, tags, linked, _stated(around) or heading.published or _stamped(around))
    return Metadata(
        title,
        published,
        _source(root, around, tags, heading),
        heading.contributor,
        _address(root, tags),
        _is_evident(tags, linked),
    )


def _tags(root: Any) -> dict[str, str]:
    """Contents of the meta tags by name in small letters; of several the first."""
    found: dict[str, str] = {}
    for meta in islice(root.iter("meta"), _MOST):
        name = (meta.get("name") or meta.get("property") or meta.get("itemprop") or "").strip().lower()
        content = _tidy(meta.get("content", "")[:_MOST])
        if name and content:
            found.setdefault(name, content)
    return found


def _tidy(text: str) -> str:
    return _BLANKS.sub(" ", text).strip()


def _linked_data(root: Any) -> dict[str, str]:
    """The texts of the first JSON-LD object that has a headline or a day of publication."""
    for script in islice(root.iter("script"), _MOST):
        if "ld+json" in (script.get("type") or "") and script.text and len(script.text) <= _LARGEST:
            try:
                read = json.loads(script.text.strip(), strict=False)
            except (ValueError, RecursionError):
                continue
            for item in _objects(read):
                if "headline" in item or "datePublished" in item or "pubDate" in item:
                    return {name: _tidy(value) for name, value in item.items() if isinstance(value, str)}
    return {}


def _objects(read: Any) -> Iterator[Mapping[str, Any]]:
    """The objects of a JSON value, those in lists and graphs too."""
    waiting = [read]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting += [value[name] for name in ("@graph", "mainEntity") if name in value]
        elif isinstance(value, list):
            waiting += reversed(value)


def _is_evident(tags: Mapping[str, str], linked: Mapping[str, str]) -> bool:
    return "articletitle" in tags or tags.get("og:type") == "article" or bool(linked)


# --- title


def _sites(root: Any, tags: Mapping[str, str]) -> frozenset[str]:
    """Names that are the site's or the column's, as their letters: from tags and from the links to the home page."""
    names = [tags[name] for name in (*_SITES, *_COLUMNS) if name in tags]
    return frozenset(_letters(name) for name in (*names, *_homes(root)) if name)


def _homes(root: Any) -> Iterator[str]:
    """The words of the links to the home page."""
    for link in islice(root.iter("a"), _MOST):
        if _HOME.fullmatch(link.get("href", "")[:60].strip()):
            yield _text(link)[:40]


def _owners(root: Any, around: Surroundings) -> frozenset[str]:
    """Parts of the window's title that a line of copyright or record below the article names: `某某同乡会 版权所有`."""
    written = _written(root)
    owned = [_letters(line) for line in around.plain[around.last :][-_FOOT:] if _OWNED.search(line)]
    pieces = (_letters(written[slice(*piece)]) for piece in _pieces(written))
    return frozenset(piece for piece in pieces if len(piece) >= 3 and any(fold(piece) in line for line in owned))


_FOOT = 60
_OWNED = re.compile(r"版权|copyright|©|主办|承办|备案|ICP备|地址\s*[:：]", re.IGNORECASE)
_HOME = re.compile(r"(?!$)/?(?:(?:\.\./)*|\./)?(?:(?:index|default)\.\w{3,5})?")


def _written(root: Any) -> str:
    """The title of the window."""
    return _tidy("".join(islice((title.text or "" for title in root.iter("title")), 1))[:500])


def _letters(text: str) -> str:
    return _MARKS.sub("", text).lower()


def _text(element: Any) -> str:
    return _tidy("".join(islice(element.itertext(), 200)))


def _title(
    root: Any, around: Surroundings, tags: Mapping[str, str], linked: Mapping[str, str], sites: frozenset[str]
) -> str:
    """The title that most of the page's tags, headings and lines agree on."""
    visible = _visible(around)
    written = _written(root)
    first = [tags.get(name, "") for name in _TITLES] + [linked.get("headline", ""), linked.get("title", "")]
    heads = [_text(head)[:300] for tag in ("h1", "h2") for head in islice(root.iter(tag), 20)]
    told = [_piece(text, visible, sites) for text in (*first, *heads, written)]
    told += [line for line in around.lines[: around.first + _BELOW] if 8 <= len(line) <= 100 and _within(line, written)]
    possible = list(dict.fromkeys(text for text in told if _may_be_title(text, sites)))
    scores = {text: _score(text, visible, written, first, heads) for text in possible}
    best = max(possible, key=lambda text: scores[text], default="")
    if not best or scores[best] < 2:
        return ""
    # The name of a column or a site that is shown as a link at most, beside a headline that is shown.
    if len(best) <= _SHORT and scores[best] <= 2 and not visible.get(_letters(best)):
        return _loud_title(around, sites) or best
    return _as_shown(best, around)


def _as_shown(title: str, around: Surroundings) -> str:
    """The title as the line that shows it: a tag may hold a blank where the headline breaks, or one of its parts."""
    key = _letters(title)
    for line in (around.lines[number] for number in around.broken[:_MOST_PIECES] if number < around.last):
        whole = _letters(line)
        if len(key) >= 4 and (whole.startswith(key) or whole.endswith(key)) and len(line) <= _LONGEST_TITLE:
            return line
    bare = _BLANKS.sub("", title)
    shown = (line for line in around.lines[: around.last] if len(line) <= 2 * _LONGEST_TITLE and line[:1] == title[:1])
    return next((line.strip() for line in shown if _BLANKS.sub("", line) == bare), title)


def _shown_title(around: Surroundings, sites: frozenset[str]) -> str:
    """Of a page whose tags tell no title: the line that looks as one, else the one above the date, else a picture's words."""
    title = _loud_title(around, sites) or _plain_title(around, sites)
    return title or _drawn_title(around, sites)


def _loud_title(around: Surroundings, sites: frozenset[str]) -> str:
    """The last loud line above the date, or the first between the page's path and the first sentence of the article."""
    numbers = list(_opening(around))
    loud = [number for number in numbers if around.loud[number] and _is_headline(around, number, sites)]
    if not loud:
        return ""
    dated = next((number for number in numbers if number > loud[0] and _is_dated(around.plain[number])), loud[0] + 1)
    above = [number for number in loud if number < dated]
    again = [number for number in loud if around.lines.count(around.lines[number]) > 1]
    return around.lines[(again or above)[-1]]


def _plain_title(around: Surroundings, sites: frozenset[str]) -> str:
    lines = [around.lines[number] for number in _opening(around) if not _is_menu(around, number)]
    title = read_heading("\n".join([*lines, *around.lines[around.first : around.last]]), "").title
    return title if title in lines and _may_be_title(title, sites) else ""


def _opening(around: Surroundings) -> Iterator[int]:
    """Numbers of the lines between the page's path and the first sentence of its article."""
    start = max(0, around.first - 2 * _BELOW)
    for number in range(start, min(around.first + 1, len(around.lines))):
        if _CRUMBS.search(around.plain[number]):
            start = number + 1
    for number in range(start, min(around.last, around.first + 5 * _BELOW)):
        line = around.plain[number]
        if number >= around.first and (is_prose(line) or line.endswith(("。", "；", "："))):
            return
        yield number


_CRUMBS = re.compile(r"位置\s*[:：]|您在这里|^[^。，]{0,30}(?:首页|主页)\s*[>＞»›/／·-]")
_EDITION = re.compile(r"第?\s?[A-Za-z]?\d{1,3}\s?版|[上下]一?[版期篇条页]|(?:版面|标题)导航|返回目录|往期回顾")


def _is_menu(around: Surroundings, number: int) -> bool:
    return around.links[number] or around.asides[number]


def _is_headline(around: Surroundings, number: int, sites: frozenset[str]) -> bool:
    line = around.lines[number]
    if _is_menu(around, number) or len(line) < 6 or line[0] in "—―–▲•·>" or line[-1] in "：:，,、":
        return False
    return _may_be_title(line, sites) and not _NUMBERED.match(line) and not _is_dated(around.plain[number])


_NUMBERED = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[）)、]|\d{1,2}[.、．]")


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
    key = _letters(text)
    score = 2 * any(key in _letters(told) for told in first if told)
    score += 2 * (key in _letters(written))
    score += any(key == _letters(head) for head in heads)
    return score + (visible.get(key, 0) or _nearly(key, visible))


def _within(line: str, written: str) -> bool:
    return line[:4] in written and _letters(line) in _letters(written)


def _nearly(key: str, visible: Mapping[str, int]) -> int:
    """2 where a line shows the title behind a label such as 原创."""
    return 2 * any(0 < len(line) - len(key) <= 6 and line.endswith(key) for line, worth in visible.items() if worth)


def _visible(around: Surroundings) -> dict[str, int]:
    """The lines that may show the title, as their letters: 2 where it is no link and stands above the article."""
    found: dict[str, int] = {}
    for number, line in enumerate(around.lines[: around.last]):
        if 4 <= len(line) <= 2 * _LONGEST_TITLE:
            worth = 2 if not around.links[number] and number <= around.first + 8 else 0
            key = _letters(line)
            found[key] = max(found.get(key, 0), worth)
    return found


def _piece(text: str, visible: Mapping[str, int], sites: frozenset[str]) -> str:
    """The part of a window's title that is the article's: the longest shown as a line, else without the site's names."""
    pieces = _pieces(text)
    if len(pieces) < 2:
        return text
    runs = [
        text[pieces[first][0] : pieces[last][1]] for first in range(len(pieces)) for last in range(first, len(pieces))
    ]
    shown = [run for run in runs if visible.get(_letters(run)) and _may_be_title(run, sites)]
    if shown:
        return max(shown, key=len)
    while len(pieces) > 1 and _is_name(text[slice(*pieces[-1])], sites):
        pieces.pop()
    while len(pieces) > 1 and _is_name(text[slice(*pieces[0])], sites):
        pieces.pop(0)
    return text[pieces[0][0] : pieces[-1][1]]


def _pieces(text: str) -> list[tuple[int, int]]:
    """Where the parts between separators stand; too many are one."""
    found: list[tuple[int, int]] = []
    start = 0
    for match in chain(_SEPARATOR.finditer(text), [None]):
        end = match.start() if match else len(text)
        if start < end:
            found.append((start, end))
        start = match.end() if match else end
    return found if len(found) <= _MOST_PIECES else [(0, len(text))]


def _is_name(piece: str, sites: frozenset[str]) -> bool:
    """Whether a part of a title names a site or a column."""
    piece = piece.strip()
    if _letters(piece) in sites or len(piece) <= 6:
        return True
    plain = fold(piece)
    return len(plain) <= 20 and bool(ORGANISATION.fullmatch(plain) or _SITE.search(plain))


_SITE = re.compile(
    r"(?:网|网站|官网|频道|门户|平台|在线|之窗|客户端|动态|要闻|新闻|资讯)$|\.(?:cn|com|net|org)\b|^[A-Za-z.\s]+$"
)


def _may_be_title(text: str, sites: frozenset[str]) -> bool:
    if not 4 <= len(text) <= _LONGEST_TITLE or _letters(text) in sites:
        return False
    plain = fold(text)
    if is_meta(plain) or is_furniture(plain) or plain.endswith(("。", "；")):
        return False
    return not (_is_column(plain) or (len(plain) <= 30 and _EDITION.search(plain)))


def _is_column(text: str) -> bool:
    """Whether a text is the name of a column or an office and no headline."""
    return len(text) <= 16 and bool(ORGANISATION.fullmatch(text) or _COLUMN.fullmatch(text))


_COLUMN = re.compile(
    r"(?!关于).{0,4}(?:动态|要闻|新闻|资讯|公告|公示|通知|快讯|公开|首页|详情|内容|正文|文章|信息|新闻中心|专栏|专题|列表|频道|页面|网|网站|官网|平台)(?:页|详情|内容|正文)?"
)


# --- day, source, address

_ABOVE = 6
_BELOW = 12


def _heading(around: Surroundings, title: str) -> Heading:
    """What the lines from the title to the end of the article show."""
    lines = around.lines
    start = max(0, around.first - _BELOW)
    key = _letters(title)
    copies = [
        number
        for number in range(max(0, around.first - 60), min(around.last, around.first + 12))
        if key and _letters(lines[number]) == key
    ]
    if copies:
        start = max(0, copies[-1] - _ABOVE)
    told = [
        lines[number]
        for number in range(start, min(len(lines), around.last + _BELOW))
        if (title or not around.links[number] or len(lines[number]) < 8)
        and not around.rows[number]
        and not _TODAY.search(around.plain[number])
    ]
    return read_heading("\n".join(_joined(told)), title)


def _joined(lines: list[str]) -> Iterator[str]:
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


def _stated(around: Surroundings) -> date | None:
    """The day behind 发布日期 and the like, the last one above the article or the first one inside or below it."""
    above = list(_joined(around.plain[max(0, around.first - 40) : around.first]))
    below = _joined(around.plain[around.first : around.last + _BELOW])
    for line in chain(reversed(above), below):
        match = _STATED.search(line) if len(line) <= 300 and not _TODAY.search(line) else None
        if match and (day := next(days([match.group(1)]), None)):
            return day
    return None


_BARE_LABEL = re.compile(
    r"(?:信息|文章|稿件|新闻|新聞|内容|消息|资料|原文|转载)?(?:来源|來源|出处)(?:单位|部门|网站|媒体)?|稿源|"
    r"(?:发布|发表|發布|發佈|發表)(?:时间|日期|時間)"
)
# A day that is told by a clock, or that on which a file was made of the article.
_TODAY = re.compile(r"今天是|今日是|现在是|(?:现在|当前|系统)时间|自动生成|页面生成|生成于")
_STATED = re.compile(
    rf"(?:(?:发布|发表|发稿|发文|成文|生成)(?:时间|日期)|(?<![\u4e00-\u9fff])发表于)\s*[:：]?\s*[\[【（(]?\s*({DATE})"
)


def _stamped(around: Surroundings) -> date | None:
    """The day and minute with which a line above the article opens: `2023-06-03 10:12某某官方账号`."""
    lines = (around.plain[number] for number in _opening(around) if not around.asides[number])
    return next(days(line[-60:] if is_stamp(line) else line[:16] for line in lines if _is_minute(line)), None)


def _is_minute(line: str) -> bool:
    return not _TODAY.search(line) and (_MINUTE.match(line) is not None or is_stamp(line))


def is_stamp(line: str) -> bool:
    """Whether a line is a day with its hour, perhaps behind a name and before counters.

    >>> is_stamp("山城县融媒体中心 2024-07-09 08:30"), is_stamp("07-09 08:30"), is_stamp("活动时间：7-9 8:30")
    (True, True, False)
    """
    match = _STAMP.search(line) if len(line) <= 80 else None
    if match is None:
        return False
    rest = _STAMPS.sub(" ", f"{line[: match.start()]} {line[match.end() :]}")
    words = [word for word in rest.split() if not is_furniture(word)]
    return not words or (len(words) == 1 and is_account(words[0]))


def is_account(word: str) -> bool:
    """Whether a word may be the name under which an article was put out: no label, sentence or figure in it."""
    return 2 <= len(word) <= 20 and not _NO_NAME.search(word) and not is_furniture(word)


_STAMP = re.compile(
    r"(?:(?:19|20)\d\d\s?[-/.年]\s?)?\d{1,2}\s?[-/.月]\s?\d{1,2}日?\s+\d{1,2}[:：]\d\d(?:[:：]\d\d)?(?![\d:：])"
)
_NO_NAME = re.compile(r"[:：，,。；;、！？!?“”《》\d\s]|时间|日期")


_MINUTE = re.compile(rf"{DATE}\s*\d{{1,2}}[:：]\d\d")


def _published(
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
    told += [line for line in around.plain if len(line) <= 200 and _TODAY.search(line)][:10]
    return frozenset(days(told))


def _marked(root: Any) -> Iterator[str]:
    """Days of publication in the attributes of RDFa and microdata."""
    for element in islice(root.xpath("//*[(@property or @itemprop) and (@content or @datetime)]"), _MOST):
        names = f"{element.get('property', '')} {element.get('itemprop', '')}".lower().split()
        if not _MARKED.isdisjoint(names):
            yield element.get("content") or element.get("datetime") or ""


_MARKED = frozenset(
    ("datepublished", "schema:datepublished", "dc:date", "dc:created", "dc:issued", "dcterms:date", "dcterms:created", "dcterms:issued")
)  # fmt: skip


def _issued(around: Surroundings) -> date | None:
    """The day of the newspaper's issue whose pages a page leads to: `第02版：要闻`, `2012年03月16日 星期五`."""
    if sum(1 for line in around.plain if len(line) <= 80 and _EDITION.search(line)) < 2:
        return None
    heads = (line for line in around.plain[: around.first + _BELOW] if len(line) <= 120 and not _TODAY.search(line))
    return next(days(heads), None)


def _clock(root: Any) -> Iterator[str]:
    """The seconds since 1970 that a WeChat page keeps in a script."""
    if root.find(".//*[@id='js_content']") is None:
        return
    for script in islice(root.iter("script"), _MOST):
        if match := _SECONDS.search((script.text or "")[:_LARGEST]):
            yield datetime.fromtimestamp(int(match.group(1)), _CHINA).isoformat()


_SECONDS = re.compile(r"""\b(?:ct|create_time|publish_time)\s*[=:]\s*["'](\d{10})["']""")


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


def _source(root: Any, around: Surroundings, tags: Mapping[str, str], heading: Heading) -> str:
    """The site or paper of a tag, else the one that is shown beside the title, else the site's own name."""
    for name in _SOURCES:
        value = tags.get(name, "")
        value = value[len(_SOURCE_LABEL) :].strip() if fold(value).startswith(_SOURCE_LABEL) else value
        if 2 <= len(value) <= 40 and is_source(fold(value)):
            return value
    account = root.find(".//*[@id='js_name']")  # the account of a WeChat page
    if account is not None and (name := _text(account)):
        return name[:40]
    told = heading.source if _is_told(heading.source, around) else ""
    shown = _without_link(root, next(_named(around, _SOURCE_NAMES), "") or told) or _account(around)
    issuer = _above_stamp(around) or next(_named(around, _ISSUER_NAMES), "")
    return shown or issuer or _without_link(root, heading.source) or _site(root, around, tags)


def _is_told(source: str, around: Surroundings) -> bool:
    """Whether a source stands behind a label or beside a day, and is not merely the site's owner or its first crumb."""
    plain = fold(source)
    lines = islice(_joined(around.plain), _MOST)
    return bool(source) and any(plain in line and (_ORIGIN.search(line) or _DAYS.search(line)) for line in lines)


_ORIGIN = re.compile(r"来源|稿源|来自|出处")


def _named(around: Surroundings, label: re.Pattern[str]) -> Iterator[str]:
    """Values behind a label above the article's first sentence: `作者：信息来源：山城日报发布时间：2023-03-08`."""
    numbers = [number for number in _opening(around) if not around.rows[number]]
    for line in _joined([around.plain[number] for number in numbers]):
        for match in label.finditer(line) if len(line) <= 300 else ():
            value = match.group(1).strip("《》“”\"' ·、/")
            if 2 <= len(value) <= 40 and is_source(value):
                yield next(
                    (_as_printed(value, around, number) for number in numbers if value in around.plain[number]), value
                )


def _as_printed(value: str, around: Surroundings, number: int) -> str:
    place = around.plain[number].index(value)
    return around.lines[number][place : place + len(value)]


_END = rf"(?=\s|$|[|｜;；，,。【\[（()）\]】]|(?:{MAKER_LABELS}|作者|记者|通讯员|时间|日期|来源)\s*[:：]|(?:{MAKER_LABELS})\s|https?:|{DATE})"
_VALUE = rf"\s*[:：\t]\s*(?!(?:{MAKER_LABELS}|作者|记者|通讯员|时间|日期)\s*[:：])([^\s:：]{{2,40}}?){_END}"
_SOURCE_NAMES = re.compile(
    r"(?:(?:信息|文章|稿件|新闻|内容|消息|资料|原文|转载)(?:来源|出处)(?:单位|部门|网站|媒体)?|"
    rf"(?<![\u4e00-\u9fff])(?:来源|出处)(?:单位|部门|网站|媒体)?|(?<![\u4e00-\u9fff])稿源){_VALUE}"
)
_ISSUER_NAMES = re.compile(rf"(?:发布|发文|公开)(?:机构|单位|部门){_VALUE}")


def _above_stamp(around: Surroundings) -> str:
    """The office whose name stands alone between the title and a line of day and hour."""
    numbers = [number for number in _opening(around) if not around.asides[number]]
    for number, below in pairwise(numbers):
        line = around.plain[number].strip(_DOTS)
        if is_stamp(around.plain[below]) and _STAMP.match(around.plain[below]) and is_account(line) and is_site(line):
            return _AUTHOR.sub("", around.lines[number].strip(_DOTS))
    return ""


_DOTS = " \xa0\u3000·•|｜"
_AUTHOR = re.compile(r"^\w{2,4}[/／]")  # 张三/山城日报


def _account(around: Surroundings) -> str:
    """The account that stands beside the day without a label: an office, or any name with the button 关注 behind it."""
    for number in _opening(around):
        line = around.plain[number]
        if around.asides[number] or not (4 < len(line) <= 80 and _DAYS.search(line)):
            continue
        rest = _STAMPS.sub(" ", line)
        words = [word for word in _BETWEEN.split(rest) if word and not is_furniture(word)]
        if len(words) == 1 and 3 <= len(words[0]) <= 20 and is_source(words[0]) and not _CALLED.search(words[0]):
            followed = "关注" in line or around.plain[min(number + 1, len(around.plain) - 1)] in _FOLLOW
            if followed or is_site(words[0]):
                place = line.index(words[0])
                return around.lines[number][place : place + len(words[0])]
    return ""


_DAYS = re.compile(rf"{DATE}|\d{{1,2}}月\d{{1,2}}日|\d{{1,2}}-\d{{1,2}}")
_STAMPS = re.compile(
    rf"{DATE}|\d{{1,2}}月\d{{1,2}}日|\d{{1,2}}-\d{{1,2}}|\d{{1,2}}[:：]\d\d(?:[:：]\d\d)?|星期[一二三四五六日天]|"
    r"\+?\s*关注|(?:阅读|浏览|播放|评论|点赞|转发)(?:数|量)?\s*[:：]?\s*[\d.]+万?\+?|(?:发[布表]于|来自)\S{1,12}$|原创"
)
_BETWEEN = re.compile(r"[\s·|｜,，/:：+]+")
_CALLED = re.compile(r"账号|帐号|认证|粉丝")
_FOLLOW = frozenset(("关注", "+关注", "+ 关注"))


_SOURCE_LABEL = "来源："


def _without_link(root: Any, source: str) -> str:
    """A source without the button that stands behind it with no blank between: 求是网参与互动."""
    if len(source) < 5:
        return source
    for link in islice(root.iter("a"), _MOST):
        words = re.split(r"\W", _text(link), maxsplit=1)[0]
        if len(words) >= 2 and source != words and source.endswith(words):
            name = source.removesuffix(words).strip()
            return name if ORGANISATION.fullmatch(fold(name)) else source
    return source


def _site(root: Any, around: Surroundings, tags: Mapping[str, str]) -> str:
    """The site's own name: from tags, or the end of the window's title and the link to the home page where it is shown."""
    shown = "\n".join(around.lines[:200] + around.lines[-60:])
    written = _written(root)
    pieces = [written[slice(*piece)] for piece in _pieces(written)]
    pieces = pieces if len(pieces) == 1 and _PAPER.fullmatch(fold(written)) else pieces[1:]
    told = [tags[name] for name in _SITES if name in tags]
    seen = [_without_suffix(name.strip()) for name in (*reversed(pieces), *_homes(root))]
    names = (*map(_without_suffix, told), *(name for name in seen if name and name in shown))
    return next((name for name in names if 3 <= len(name) <= 24 and is_site(fold(name))), "")


_PAPER = re.compile(r"\w{2,10}报(?:数字报|电子报|电子版)?")


def _without_suffix(name: str) -> str:
    """A site's name without what calls it a site."""
    return name[: len(_SITE_SUFFIX.sub("", fold(name)))]


_SITE_SUFFIX = re.compile(r"(?:官方网站|门户网站|官网|网站|门户|(?<=报)(?:数字|电子)(?:报纸?|版))$")


def _address(root: Any, tags: Mapping[str, str]) -> str:
    """The page's own address, as it gives it itself."""
    links = (
        link.get("href", "") for link in islice(root.iter("link"), _MOST) if link.get("rel", "").lower() == "canonical"
    )
    for value in chain(links, (tags.get(name, "") for name in _ADDRESSES)):
        if value.strip().startswith(("http://", "https://")):
            return str(value.strip()[:2000])
    return ""
