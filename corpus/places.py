"""Places of a text in, the division that each means out: by its neighbours, the year and the article's own region."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from .localities import add_localities
from .place_names import Place, named
from .regions import NATION, Region, divisions
from .script import fold
from .successions import in_year


def places(text: str, start: int = 0, end: int | None = None) -> list[Place]:
    """The names of divisions in `text[start:end]`, offsets in the whole text, neighbours narrowed to one chain.

    >>> [(p.text, p.candidates) for p in places("杭州西湖区与嘉兴结对")]
    [('杭州', ('330100',)), ('西湖区', ('330106',)), ('嘉兴', ('330400',))]
    """
    if start == 0 and (end is None or end >= len(text)):
        return list(_places(text))
    return [
        Place(found.start + start, found.end + start, found.text, found.candidates, found.kind, found.chain + start)
        for found in _places(text[start:end])
    ]


# Of some dozens of articles that are read together.
@lru_cache(maxsize=512)
def _places(text: str) -> tuple[Place, ...]:
    """The places of a text; the last texts are kept, since heading, lead and sentences are asked for again."""
    if "區" in text or "縣" in text or "僑" in text or "國" in text:
        return _written(text)
    found = named(text)
    if "镇" in text or ("街" in text and "街道" in text):
        add_localities(text, found)
    return tuple(found)


def _written(text: str) -> tuple[Place, ...]:
    """The places of a text in traditional script, as it writes them: 順德區."""
    return tuple(place._replace(text=text[place.start : place.end]) for place in named(fold(text)))


def tails(found: Sequence[Place]) -> list[Place]:
    """The last place of each chain: what a chain names."""
    last = {place.chain: place for place in found}
    return list(last.values())


def candidates_in(place: Place, year: int | None) -> tuple[str, ...]:
    """The candidates that bore the name in the year; without a year those of today, else all that ever did.

    An old name told as history means those that bore it last, a name used too early those that bore it first.
    """
    if len(place.candidates) == 1 and year is None:
        return place.candidates
    return _held(place.text, place.candidates, year)


@lru_cache(maxsize=4096)
def _held(name: str, candidates: tuple[str, ...], year: int | None) -> tuple[str, ...]:
    """`candidates_in` for a name; the same few names return in every article."""
    table = divisions()
    entry = table.names.get(name) or table.names.get(_plain(name))
    if entry is None or name in table.others:
        return _holding(candidates, year)
    rows = [row for row in entry.rows if row.adcode in candidates]
    if year is None:
        held = {row.adcode for row in rows if row.ended is None}
        return tuple(code for code in candidates if code in held) or candidates
    held = {row.adcode for row in rows if row.held(year)}
    held = held or _nearest([row for row in rows if _in_full(row, name)], year)
    return tuple(code for code in candidates if code in held)


def _in_full(row: Region, name: str) -> bool:
    """Whether the name bears the rank: 江干区, 景宁县."""
    return name == row.full_name or (name[-1] == row.full_name[-1] and len(name) > len(row.name))


def _plain(name: str) -> str:
    """A name in traditional script as the table writes it."""
    return fold(name)


def _holding(candidates: tuple[str, ...], year: int | None) -> tuple[str, ...]:
    """What held in the year what the candidates hold today: 临平街道 lay in 余杭区 in 2018."""
    if year is None:
        return candidates
    held = (in_year(code, _latest_change(), year).code for code in candidates)
    return tuple(dict.fromkeys(code for code in held if code))


@lru_cache(maxsize=1)
def _latest_change() -> int:
    """The last year in which the table knows a change."""
    return max(max(row.began or 0, row.ended or 0) for row in divisions().rows)


def _nearest(rows: Sequence[Region], year: int) -> set[str]:
    """Of rows that none held in the year the last that ended before it, else the first that began after it.

    Only of those written in full: 江干区 in 2023 is history, 湘江 and 杏林 are not the districts that bore these names.
    """
    ended = max((row.ended for row in rows if row.ended is not None and row.ended < year), default=None)
    if ended is not None:
        return {row.adcode for row in rows if row.ended == ended}
    began = min((row.began or 0 for row in rows), default=None)
    return {row.adcode for row in rows if (row.began or 0) == began}


def resolve(
    found: Sequence[Place], year: int | None = None, hint: str | None = None
) -> tuple[str | None, tuple[str, ...]]:
    """Which division the first place means, by the other places, the hint (an adcode) and the year.

    Never by the order of the table; a bare name that a division and others below its level share is the highest,
    one that a county or city and districts elsewhere share is the county.
    Gives the adcode, or None with the candidates that are left.

    >>> resolve(places("西湖区侨联"))
    (None, ('330106', '360103'))
    >>> resolve(places("西湖区侨联走访侨企，杭州市侨联参加"))
    ('330106', ('330106', '360103'))
    """
    if not found:
        return None, ()
    codes = candidates_in(found[0], year)
    if len(codes) < 2:
        return (codes[0] if codes else None), codes
    named = _settled(found[1:], found[0], year)
    for support in (named, _hinted(hint)):
        best = _best_supported(codes, support)
        if best:
            return best, codes
    return _highest(codes) or _no_district(found[0].text, codes), codes


def _settled(others: Sequence[Place], place: Place, year: int | None) -> set[str]:
    """The divisions that other places name beyond doubt, with all that hold them."""
    lines = divisions().lines
    named: set[str] = set()
    for other in others:
        codes = candidates_in(other, year) if other.kind == "division" and other.text != place.text else ()
        if len(codes) > 1 and (top := _highest(codes)):
            codes = (top,)
        if len(codes) == 1:
            named.update((codes[0], *lines[codes[0]]))
    return named


def _hinted(hint: str | None) -> set[str]:
    """The hint and all that hold it."""
    return {hint, *divisions().lines.get(hint, ())} if hint else set()


def _best_supported(codes: tuple[str, ...], support: set[str]) -> str | None:
    """The one code that is named or whose nearest named parent is nearer than that of all others; None when level."""
    lines = divisions().lines
    depths = []
    for code in codes:
        line = (code, *lines[code])
        depths.append((max((len(lines[each]) for each in line if each in support and each != NATION), default=0), code))
    depths.sort(reverse=True)
    best, code = depths[0]
    return code if best and best > depths[1][0] else None


def _no_district(name: str, codes: tuple[str, ...]) -> str | None:
    """Of the bearers of a bare name the one that is no district: 开平 is the city, the district of 唐山 is told with its rank."""
    rows = [row for code in codes if (row := divisions().by_adcode(code)) and row.ended is None]
    others = [row.adcode for row in rows if row.name == name and row.full_name[-1] != "区"]
    return others[0] if len(others) == 1 and len(rows) == len(codes) and all(row.name == name for row in rows) else None


def _highest(codes: tuple[str, ...]) -> str | None:
    """The only code of the highest level, above counties: bare 吉林 is the province, bare 阜新 the city."""
    lines = divisions().lines
    ranked = sorted(codes, key=lambda code: len(lines[code]))
    top, following = divisions().by_adcode(ranked[0]), divisions().by_adcode(ranked[1])
    if top is None or following is None or top.level == "county" or top.level == following.level:
        return None
    return top.adcode
