"""What the page around an article says of it: title, date, source and contributing office."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import chain
from typing import NamedTuple

from .body import (
    DATE,
    MAKER_LABELS,
    ORGANISATION,
    Line,
    Page,
    Span,
    is_caption,
    is_furniture,
    is_meta,
    is_session,
    page_of,
    title_line,
)
from .recurrence import NONE, Furniture
from .script import Original, fold

_EARLIEST = date(1949, 1, 1)
_UNSET = date(1970, 1, 1)  # where a computer counts from: a day that nobody filled in
_TRAILING = 30

_WORD_DATE = re.compile(
    r"([〇○Ｏ零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
_DAY = re.compile(r"(?<![\d-])((?:19|20)\d\d)\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)")
_DATE_LABEL = re.compile(rf"(?:时间|日期|发布于|发表于)\s*[:：丨｜|]?\s*[\[【（(]?\s*(?={DATE})")
_UPDATE_LABEL = re.compile(r"(?:更新|修改|截止|编辑|录入)(?:时间|日期)?\s*[:：丨｜|]?\s*$")
_WEEKDAY = re.compile(r"星期[一二三四五六日天]|今天是")
_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"○": 0, "Ｏ": 0, "零": 0}

_COLON = r"\s*[:：丨｜|]\s*"
_STOP = rf"(?=\s|$|[|｜;；，,。【\[（()）\]】]|(?:{MAKER_LABELS}|作者|记者|时间|日期|通讯员){_COLON}|https?:)"
_SOURCE = re.compile(
    rf"(?:^|[\s（(\[【|｜\d；;，])(?:(?:文章|信息|新闻|稿件|消息|内容)?来源(?:于|网站)?|稿源|来自){_COLON}"
    rf"(?P<value>(?!{MAKER_LABELS}|作者|记者|时间|日期|通讯员)[^\s]{{1,40}}?){_STOP}"
)
_SOURCE_ALONE = re.compile(r"(?:(?:文章|信息|新闻|稿件)?来源|稿源)\s*[:：]")
_ANCHOR_LABEL = re.compile(r"(?:来源|稿源|发布时间|发布日期|发表时间|发文日期|成文日期)(?:于|\s*[:：丨｜|])")
_CLOSING_SOURCE = re.compile(rf"[（(](?:文章|信息|稿件)?(?:来源|稿源){_COLON}([^（）()。]{{2,30}})[)）]$")
_VOID = re.compile(
    r"(?:本(?:站|网|网站|局|委|会|办|单位|部门|馆|院|校|刊|台|市|县|区|报|报讯|编)|原创|转载|网络|互联网|网上|未知|不详|佚名|无|其[他它]|内部|综合|"
    r"管理员|站长|编辑|作者|投稿|自编|自采|\w?admin\w*|administrator|root|null|none|unknown|test|master)"
    r"(?:原创|编辑|讯|综合|整理|发布|资料|投稿|转载|采编|管理员|\d*)*",
    re.IGNORECASE,
)
_MEDIUM = re.compile(r"[\w·]{1,14}(?:报|网|社|电视台|广播电台|客户端|在线|侨联|政府网|融媒|融媒体中心)")
_CRUMB = re.compile(r"[\W_]*(?:您?(?:当前|现在)?(?:所在)?的?位置\s*[:：]?\s*)?([\w·\s]{3,20}?)\s*[>＞»›]")
_OWNER = re.compile(r"(?:版权所有|主办(?:单位)?)\s*(?:©|\(c\))?\s*[:：]?\s*([\w·]{4,24})")
_COLUMN = re.compile(r".*(?:新闻中心|信息中心|政务中心|服务中心|资讯中心|首页|主页|要闻|动态|政务公开)")

_CONTRIBUTOR = re.compile(
    rf"(?:^|[\s（(\[【|｜])(?:(?:来稿|供稿|撰稿|投稿|组稿|报送|作者)(?:单位|部门)|供稿|撰稿|投稿|报送|稿件提供|信息(?:提供|报送)(?:单位)?|图文){_COLON}"
    r"(?P<value>[^（）()\[\]【】。；;|｜]{2,60})"
)
_CONTRIBUTED = re.compile(r"[（(\[【]([^（）()\[\]【】。]{3,40}?)\s?供稿[)）\]】]")
_CREDIT_SIGN = re.compile("[稿送者息图]")  # every credit of a contributor holds one of these
_OFFICE = re.compile(
    r".+(?:部|委|办|局|会|侨联|工商联|社科联|文联|妇联|残联|中心|院|所|处|科|室|社|学校|中学|小学|大学|学院|公司|集团|街道|[乡镇村]|支部|协会|政府|厅|署|"
    r"[大支]队|馆|团委|区委|县委|市委|组|站|法院|检察院|融媒|党校|企业|园区|开发区|医院|银行|报社|电视台)"
)
_LABELLED = re.compile(rf"\s*(?:{MAKER_LABELS}|作者|记者|时间|日期|通讯员|电话){_COLON}.*")

_FOUR_LETTERS = re.compile(r"(?:[\W\d_]*[^\W\d_]){4}")
_MENU_GAP = re.compile(r"[\s|｜]+")
_SUFFIX = re.compile(r"\.\w{1,5}$")
_TITLE_LABEL = re.compile(r"^(?:#{1,3}\s+|(?:文章|稿件)?(?:标题|题目|正在阅读)\s*[:：]\s*)(?=\S{2})")
_RETITLED = re.compile(r"原(?:文?标题|题)\s*[:：为]\s*[《“\"]?(.{5,100}?)[》”\"]?\s*[）)\]】]?$")
_SECTION = re.compile(
    r"[（(]?[一二三四五六七八九十]{1,3}[）)、]|第[一二三四五六七八九十]{1,3}[章节部篇]|\d{1,2}[.、．]"
)
_SPEAKER = re.compile(
    r".{0,16}(?:省长|市长|县长|区长|州长|主席|镇长|乡长|主任|书记|会长)(?:\s+|　)\S{1,5}(?:\s\S{1,2})?"
)
_NO_TITLE_ENDS = "。；;，,：:、"


class Heading(NamedTuple):
    """Title as it stands in the text, day of publication, site or paper, and contributing office; unknown is empty."""

    title: str
    published: date | None
    source: str
    contributor: str


def read_heading(text: str, name: str = "", furniture: Furniture = NONE) -> Heading:
    """Title, date, source and contributor that a page shows for its article; what it does not show stays empty.

    `name` is the file's name: among several possible titles it points at the one that it holds. `furniture` are lines
    that recur over the articles of the run; a masthead is no title. Labels are read in traditional script too; what is
    told stands as the page writes it.

    >>> read_heading("侨务要闻\\n慰问归侨侨眷\\n2023-03-08 来源：杭州日报\\n区侨联走访慰问侨眷，送去慰问金3万元。")
    Heading(title='慰问归侨侨眷', published=datetime.date(2023, 3, 8), source='杭州日报', contributor='')
    """
    return heading_of(text, fold(text), name, furniture)


def heading_of(text: str, plain: str, name: str, furniture: Furniture) -> Heading:
    """`read_heading` for a text of which the folded form is known."""
    page = page_of(plain, furniture)
    headline = _headline(page, fold(name))
    title = "" if headline is None else _TITLE_LABEL.sub("", page.lines[headline].text)
    read = Heading(title, _published(page, headline or 0), _source(page), _contributor(page))
    return read if plain is text else _as_written(read, Original(text, plain), page, headline)


def _as_written(read: Heading, original: Original, page: Page, headline: int | None) -> Heading:
    """The heading with the words of the page itself; source and contributor are sought above and below the body."""
    line = page.lines[headline] if headline is not None else None
    title = original.written[line.end - len(read.title) : line.end] if line else ""
    return read._replace(
        title=title, source=_words(read.source, original, page), contributor=_words(read.contributor, original, page)
    )


def _words(read: str, original: Original, page: Page) -> str:
    """Words of a heading as the first line that holds them writes them."""
    for line in chain(page.head, page.foot, page.lines):
        if read and read in line.text:
            start = line.start + line.text.index(read)
            return original.written[start : start + len(read)]
    return original.words(read, 0, 0)


def title_span(text: str, title: str) -> Span | None:
    """Where the title first stands: as a line of its own if it does, else anywhere; None where it does not.

    >>> title_span("首页\\n慰问侨眷\\n正文", "慰问侨眷")
    (3, 7)
    """
    if not title:
        return None
    start = text.find(title)
    alone = start
    while alone >= 0 and not _stands_alone(text, alone, alone + len(title)):
        alone = text.find(title, alone + len(title))
    if alone < 0:
        alone = start
    return (alone, alone + len(title)) if alone >= 0 else None


def _stands_alone(text: str, start: int, end: int) -> bool:
    left = text[max(0, start - 40) : start].rpartition("\n")[2]
    right = text[end : end + 40].partition("\n")[0]
    return not left.strip() and not right.strip()


# --- title


def _headline(page: Page, name: str) -> int | None:
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
    weight = 4 if _TITLE_LABEL.match(line) else 0
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
    if _TITLE_LABEL.match(line):
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
    wanted += [match.group(1) for line in page.foot[:_TRAILING] if (match := _RETITLED.search(line.text))]
    for title in wanted:
        if len(title) >= 4 and (found := title_line([page.lines[number] for number in possible], title)) is not None:
            return possible[found]
    return None


def _is_anchor(line: str) -> bool:
    if is_session(line):
        return True
    return is_meta(line) and bool(_DAY.search(line) or _ANCHOR_LABEL.search(line)) and not _WEEKDAY.search(line)


# --- date


def _published(page: Page, headline: int) -> date | None:
    """The date shown below the title, else above it, else at the foot, else in the report's subtitle."""
    return next(_shown(page, headline), None)


def _shown(page: Page, headline: int) -> Iterator[date]:
    """Days in the order of their worth; a place is looked at when those before it held none."""
    head = page.head
    below = _metas(head[headline:])
    yield from _labelled(below)
    yield from days(below)
    yield from days(line for line in _metas(head[:headline]) if not _WEEKDAY.search(line))
    yield from _labelled(_metas(page.foot[:_TRAILING]))
    yield from days(_metas(page.lines[page.last + 1 : page.tail][:4]))
    yield from days(line.text for line in head if is_session(line.text))


def _metas(lines: list[Line]) -> list[str]:
    return [line.text for line in lines if is_meta(line.text)]


def _labelled(lines: Iterable[str]) -> Iterator[date]:
    """Days behind 发布时间, 时间, 日期; those of the last update come last."""
    updates: list[date] = []
    for line in lines:
        for match in _DATE_LABEL.finditer(line):
            for day in days([line[match.end() : match.end() + 20]]):
                if _UPDATE_LABEL.search(line[: match.end()]):
                    updates.append(day)
                else:
                    yield day
                break
    yield from updates


def days(lines: Iterable[str]) -> Iterator[date]:
    """All possible days of publication in the lines, in their order."""
    for line in lines:
        for day in _calendar(line):
            if _EARLIEST <= day <= date.today() + timedelta(days=1) and day != _UNSET:
                yield day


def _calendar(line: str) -> Iterator[date]:
    figures = [tuple(map(int, match.groups())) for match in _DAY.finditer(line)]
    figures += [tuple(map(_numeral, match.groups())) for match in _WORD_DATE.finditer(line)]
    for year, month, day in figures:
        try:
            yield date(year, month, day)
        except ValueError:
            continue


def _numeral(text: str) -> int:
    """A year digit by digit, a month or day with 十.

    >>> _numeral("二〇二四"), _numeral("十一"), _numeral("二十七"), _numeral("三十")
    (2024, 11, 27, 30)
    """
    if "十" not in text:
        return int("".join(str(_DIGITS[character]) for character in text))
    tens, _, ones = text.partition("十")
    return 10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)


# --- source


def _source(page: Page) -> str:
    """The site or paper: behind 来源 above the article or below it, else the site that the page shows to be."""
    head = [line.text.replace("*", "") for line in page.head]
    for value in chain(_sources(head), _unlabelled(head), _closing(page)):
        if is_source(value):
            return value
    return _site(page)


def _sources(lines: list[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        if len(line) > 160 or not ("源" in line or "来自" in line):
            continue
        found = False
        for match in _SOURCE.finditer(line):
            found = True
            yield match.group("value").strip("《》“”\"' ·、/")
        if (
            not found
            and _SOURCE_ALONE.fullmatch(line)
            and number + 1 < len(lines)
            and _may_be_source(lines[number + 1])
        ):
            yield lines[number + 1]


def _may_be_source(line: str) -> bool:
    return 2 <= len(line) <= 20 and not (is_meta(line) or is_furniture(line))


def _unlabelled(head: list[str]) -> Iterator[str]:
    """A paper's or site's name beside the date: `2023-05-11 人民日报`."""
    for line in head:
        if len(line) <= 60 and is_meta(line) and "来源" not in line and _DAY.search(line):
            yield from (word for word in _MENU_GAP.split(line) if _MEDIUM.fullmatch(word))


def _closing(page: Page) -> Iterator[str]:
    foot = [line.text for line in page.foot[:_TRAILING]]
    yield from _sources(foot)
    if page.last >= 0 and (match := _CLOSING_SOURCE.search(page.lines[page.last].text[-50:])):
        yield match.group(1).strip("《》“” ")


def is_source(value: str) -> bool:
    """Whether a value names a site, a paper or an office, and is no filler such as 本站 or admin."""
    return len(value) >= 2 and not _VOID.fullmatch(value) and not value.isdecimal() and "://" not in value


def _site(page: Page) -> str:
    """The site's own name: first of the breadcrumbs, or the owner in the page's last lines."""
    for line in page.head:
        match = _CRUMB.match(line.text) if len(line.text) <= 80 else None
        if match and is_site(match.group(1)):
            return match.group(1).strip()
    for line in page.foot[-2 * _TRAILING :]:
        match = _OWNER.search(line.text) if len(line.text) <= 200 else None
        if match and is_site(match.group(1)):
            return match.group(1)
    return ""


def is_site(name: str) -> bool:
    """Whether a name is that of an organisation and not of a column of its site."""
    return bool(ORGANISATION.fullmatch(name.strip())) and not _COLUMN.fullmatch(name.strip())


# --- contributor


def _contributor(page: Page) -> str:
    """The office that sent the article in; names of persons alone are none."""
    lines = [line.text for line in (*page.head, *page.foot[:_TRAILING])]
    lines += [page.lines[page.last].text[-80:]] if page.last >= 0 else []
    for line in lines:
        if len(line) > 160 or not _CREDIT_SIGN.search(line):
            continue
        for pattern in (_CONTRIBUTOR, _CONTRIBUTED):
            match = pattern.search(line)
            if match and (office := _office(match.group(1))):
                return office
    return ""


def _office(words: str) -> str:
    """The offices among the words of a credit, joined as they stand.

    >>> _office("西湖区委统战部 张三"), _office("李四 王五"), _office("区侨联、区司法局")
    ('西湖区委统战部', '', '区侨联、区司法局')
    """
    words = _LABELLED.sub("", words)
    offices = [word for word in words.split() if _OFFICE.fullmatch(word) and len(word) >= 3]
    return offices[0].strip("、，,") if offices else ""
