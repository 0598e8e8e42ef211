"""A page of text in, the site or paper out that it names as its source, and the office that sent it in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from .heading_dates import DAY
from .labels import COLON, MAKER_LABELS, ORGANISATION, is_meta
from .line_kinds import is_furniture
from .text_pages import TRAILING, Page

_STOP = rf"(?=\s|$|[|｜;；，,。【\[（()）\]】]|(?:{MAKER_LABELS}|作者|记者|时间|日期|通讯员){COLON}|https?:)"
_SOURCE = re.compile(
    rf"(?:^|[\s（(\[【|｜\d；;，])(?:(?:文章|信息|新闻|稿件|消息|内容)?来源(?:于|网站)?|稿源|来自){COLON}"
    rf"(?P<value>(?!{MAKER_LABELS}|作者|记者|时间|日期|通讯员)[^\s]{{1,40}}?){_STOP}"
)
_SOURCE_ALONE = re.compile(r"(?:(?:文章|信息|新闻|稿件)?来源|稿源)\s*[:：]")
_CLOSING_SOURCE = re.compile(rf"[（(](?:文章|信息|稿件)?(?:来源|稿源){COLON}([^（）()。]{{2,30}})[)）]$")
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
    rf"(?:^|[\s（(\[【|｜])(?:(?:来稿|供稿|撰稿|投稿|组稿|报送|作者)(?:单位|部门)|供稿|撰稿|投稿|报送|稿件提供|信息(?:提供|报送)(?:单位)?|图文){COLON}"
    r"(?P<value>[^（）()\[\]【】。；;|｜]{2,60})"
)
_CONTRIBUTED = re.compile(r"[（(\[【]([^（）()\[\]【】。]{3,40}?)\s?供稿[)）\]】]")
_GAP = re.compile(r"[\s|｜]+")
_CREDIT_SIGN = re.compile("[稿送者息图]")  # every credit of a contributor holds one of these
_OFFICE = re.compile(
    r".+(?:部|委|办|局|会|侨联|工商联|社科联|文联|妇联|残联|中心|院|所|处|科|室|社|学校|中学|小学|大学|学院|公司|集团|街道|[乡镇村]|支部|协会|政府|厅|署|"
    r"[大支]队|馆|团委|区委|县委|市委|组|站|法院|检察院|融媒|党校|企业|园区|开发区|医院|银行|报社|电视台)"
)
_LABELLED = re.compile(rf"\s*(?:{MAKER_LABELS}|作者|记者|时间|日期|通讯员|电话){COLON}.*")


def shown_source(page: Page) -> str:
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
        if len(line) <= 60 and is_meta(line) and "来源" not in line and DAY.search(line):
            yield from (word for word in _GAP.split(line) if _MEDIUM.fullmatch(word))


def _closing(page: Page) -> Iterator[str]:
    foot = [line.text for line in page.foot[:TRAILING]]
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
    for line in page.foot[-2 * TRAILING :]:
        match = _OWNER.search(line.text) if len(line.text) <= 200 else None
        if match and is_site(match.group(1)):
            return match.group(1)
    return ""


def is_site(name: str) -> bool:
    """Whether a name is that of an organisation and not of a column of its site."""
    return bool(ORGANISATION.fullmatch(name.strip())) and not _COLUMN.fullmatch(name.strip())


def shown_contributor(page: Page) -> str:
    """The office that sent the article in; names of persons alone are none."""
    lines = [line.text for line in (*page.head, *page.foot[:TRAILING])]
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
