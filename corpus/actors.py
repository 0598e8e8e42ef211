"""A clause in, the division out whose work it tells."""

from __future__ import annotations

import re

from .deixis import deixis, pointed
from .lexicons import lexical
from .place_names import Place
from .places import resolve, tails
from .regions import NATION, divisions
from .speaking import LED, RECEIVES, is_ranked, official_body, places

_VENUE = re.compile(r"(?:成功)?(?:举行|召开|举办|开幕|闭幕|启动|开赛|启幕)")
_AT = re.compile(r"[在于]$")
_ACTING = (
    r"[省市县区州旗]|今年|去年|前|第|上半年|一季度|\d|累计|共|已|新增|完成|实现|建成|投资|捐|筹|募|发放|举办|开展|组织|着力|通过|把|"
    r"将|以|的|突出|依托|打造|推出|成立|地区|境内|各"
)
_START = re.compile(
    r"(?:[^\u4e00-\u9fff]|截至|截止|目前|近年来|今年以来|以来|其中|仅|今年|去年|今天|昨天|日前|近日|同时|此外|年|月|日|底|末|上半年|季度|"
    r"[在是的个家张座条省]|米|明确|据|，|：)$"
)


@lexical
def _acts() -> re.Pattern[str]:
    """What follows the name of a division that acts."""
    return re.compile(f"{official_body().pattern}|{_ACTING}")


def actor_region(clause: str, home: str | None, year: int | None, sentence: str | None = None) -> str | None:
    """The division whose work a clause tells: a named subject, 全国 or 省侨联 and the like, else `home`.

    Receivers (援助新疆, 赴淳安县), venues and lists of places leave it with `home`. `sentence` is a longer text that
    begins with the clause: its places are found once for all its clauses.

    >>> actor_region("全市侨联系统走访侨企140家", "330113", 2023), actor_region("向松溪县捐赠30万元", "330113", 2023)
    ('330100', '330113')
    """
    limit = len(clause)
    found = [place for place in places(sentence or clause) if place.end <= limit]
    if found:
        named = _subject(clause, found, home, year)
        if named:
            return named
    for match in deixis().finditer(clause):
        if not any(place.start <= match.start() < place.end or place.end == match.start() for place in found):
            code = pointed(clause, match, home)
            if code:
                return code
    return home


def _subject(clause: str, found: list[Place], home: str | None, year: int | None) -> str | None:
    """The last division that is a subject: the nearest before the figures of the clause."""
    ends = tails(found)
    for index in range(len(ends) - 1, -1, -1):
        place = ends[index]
        if (
            place.kind == "name"
            or clause.startswith("籍", place.end)
            or _in_list(clause, place, found)
            or not _is_subject(clause, place.chain, place.end)
        ):
            continue
        code = resolve([place, *found], year, home)[0]
        if code and not (home and _only_mentioned(clause, place, code, home)):
            return code
    return None


def _only_mentioned(clause: str, place: Place, code: str, home: str) -> bool:
    """Whether a division on the line of `home` is but a part or a whole of it: it speaks with a body or its rank."""
    lines = divisions().lines
    if code == home or code in lines.get(home, ()):
        return _acts().match(clause, place.end) is None
    return home != NATION and home in lines[code] and not _speaks(clause, place)


def _speaks(clause: str, place: Place) -> bool:
    """Whether a body follows the name (杭州市侨联), or the name bears its rank (杭州市)."""
    return is_ranked(place) or official_body().match(clause, place.end) is not None


def _in_list(clause: str, place: Place, found: list[Place]) -> bool:
    """Whether the place is one of several (甲、乙等地) or an end of a way (甲到乙)."""
    head = place.chain
    before = clause[head - 1 : head] if head else ""
    if before in ("、", "到", "至") and any(other.end < head and head - other.end < 10 for other in found):
        return True
    for other in found:
        gap = clause[place.end : other.start]
        if other.start > place.end and len(gap) < 10 and (gap in ("和", "与", "及", "到", "至") or gap.endswith("、")):
            return True
    return False


def _is_subject(clause: str, start: int, end: int) -> bool:
    """Whether the words around a chain make it the one that acts or that the figure is of."""
    before = clause[max(0, start - 8) : start]
    if LED.match(clause, end) or RECEIVES.search(before):
        return False
    if _AT.search(before) and _VENUE.match(clause, end):
        return False
    if not before or _START.search(before):
        return True
    return _acts().match(clause, end) is not None
