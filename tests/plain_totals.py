"""The sums of a run in plain Python, slow and obvious: typed rows of articles and indicators in, ledger and totals out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from jianbao.corpus.records import ACTIVITY_TYPES
from jianbao.corpus.regions import divisions
from jianbao.corpus.script import fold
from jianbao.corpus.successions import in_year, row_in

Row = Mapping[str, Any]
TOO_BIG, UNFIT = Decimal(10) ** 18, Decimal(10) ** 28
SHORTEST, MOST_SENTENCES = 12, 64
NEAR, FORTNIGHT = timedelta(days=31), timedelta(days=14)
NUMERALS = "0123456789〇零一二三四五六七八九十百千万亿两"
_ASKABLE = ("brand", "measure", "period")


@dataclass(frozen=True)
class Asked:
    """What is asked of the sums, as `pipeline.totals.Request`."""

    by: tuple[str, ...] = ("activity",)
    level: str | None = None
    year: int | None = None
    divisions: int | None = None

    @property
    def tree(self) -> int | None:
        """The year of the divisions, None for those of today."""
        return self.year if self.divisions is None else self.divisions


@dataclass(eq=False)
class Figure:
    """An indicator with what is known of its article, and the verdict as far as it is made.

    `home` is the region of what it counts: two districts that were merged told of two things, a renamed one of one.
    `others` are the figures of which any may stand in the ledger as `other`.
    """

    row: Row
    article: Row
    region: str | None = None
    home: str | None = None
    reason: str | None = None
    others: list[Figure] = field(default_factory=list)

    @property
    def place(self) -> str:
        return f"{self.row['article']}:{self.row['start']}-{self.row['end']}"

    @property
    def published(self) -> date | None:
        published: date | None = self.article["published"]
        return published

    @property
    def value(self) -> tuple[Decimal, Decimal]:
        return self.row["low"], self.row["high"]

    @property
    def dated(self) -> bool:
        return self.row["period_start"] is not None or self.row["period_end"] is not None

    @property
    def sentence(self) -> str:
        return squeezed(self.row["sentence"])

    @property
    def is_title(self) -> bool:
        return self.sentence != "" and self.sentence == squeezed(self.article.get("title"))

    @property
    def period(self) -> tuple[date | None, date | None]:
        """The effective period: what of it was over when it was told."""
        start, end, told = self.row["period_start"], self.row["period_end"], self.published
        if end is None and start is not None and told is not None and told >= start:
            return start, told
        if end is not None and told is not None and told <= end and (start is None or start <= told):
            return start, told
        return start, end

    @property
    def identity(self) -> tuple[object, ...]:
        row = self.row
        what = ("measure", fold(row["measure"])) if row["measure"] else ("sentence", self.sentence or self)
        return self.home, row["dimension"], row["unit"], what, fold(row["brand"] or "")


def squeezed(text: str | None) -> str:
    """Letters, digits and per cent signs of a text."""
    return "".join(letter for letter in text or "" if letter.isalnum() or letter in "%％")


def reckon(
    articles: Iterable[Row], indicators: Iterable[Row], asked: Asked | None = None
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The ledger and the totals; `other` in the ledger is the list of all figures that may be named there."""
    asked = asked or Asked()
    known = {article["article"]: article for article in articles}
    figures = [Figure(row, known[row["article"]]) for row in indicators]
    for step in (_alone, _parts, _titles, _retold, _same, _revised, _overlapping):
        step(figures, asked)
    return [_ledger_row(figure, asked) for figure in figures], _totals(figures, asked)


def _standing(figures: Iterable[Figure]) -> list[Figure]:
    return [figure for figure in figures if figure.reason is None]


def _grouped(figures: Iterable[Figure], key: Callable[[Figure], object]) -> list[list[Figure]]:
    groups: dict[object, list[Figure]] = {}
    for figure in figures:
        groups.setdefault(key(figure), []).append(figure)
    return list(groups.values())


def _leave(figure: Figure, reason: str, others: Iterable[Figure]) -> None:
    figure.reason, figure.others = reason, list(others)


# 1 to 7: what a figure is by itself.


def _alone(figures: list[Figure], asked: Asked) -> None:
    for figure in figures:
        figure.region, figure.home, lost = _region(figure, asked)
        figure.reason = _own_reason(figure, lost, asked)


def _region(figure: Figure, asked: Asked) -> tuple[str | None, str | None, str | None]:
    """The division that the figure is added to, the one that it is told of, and the reason where there is none."""
    code = figure.row["region"]
    if code is None:
        return None, None, "no_region"
    if asked.tree is None:
        return code, code, None
    days = [day for day in (figure.row["period_end"], figure.published) if day]
    told = min(days).year if days else date.today().year
    mapped = in_year(code, told, asked.tree)
    if mapped.kind in ("same", "renamed"):
        return mapped.code, mapped.code, None
    is_county = _level(mapped.code or "", asked.tree) == "county"
    is_whole = mapped.kind == "merged" and (is_county or mapped.code == code)
    return (mapped.code, code, None) if is_whole else (code, code, "region_split")


def _own_reason(figure: Figure, lost: str | None, asked: Asked) -> str | None:
    row = figure.row
    if figure.article["status"] == "repeat":
        return "repeat"
    if row["status"] == "planned":
        return "planned"
    if row["dimension"] == "ratio":
        return "ratio"
    if row["per"]:
        return "per"
    if lost:
        return lost
    if any(bound >= TOO_BIG for bound in figure.value):
        return "out_of_range"
    return "other_year" if asked.year is not None and not _lies_in(figure, asked.year) else None


def _lies_in(figure: Figure, year: int) -> bool:
    start, end = figure.period
    if not figure.dated:
        return figure.published is not None and figure.published.year == year
    return end is not None and end.year == year and (start is None or start.year == year)


# 8: parts.


def _parts(figures: list[Figure], asked: Asked) -> None:
    spans = {(figure.row["article"], f"{figure.row['start']}-{figure.row['end']}"): figure for figure in figures}
    passed = set(_standing(figures))
    for figure in list(passed):
        wholes = [whole for whole in _wholes(figure, spans) if whole in passed]
        if wholes:
            _leave(figure, "part", wholes[:1])


def _wholes(figure: Figure, spans: Mapping[tuple[str, str], Figure]) -> list[Figure]:
    """What a figure is a part of, nearest first."""
    line: list[Figure] = []
    at = spans.get((figure.row["article"], figure.row["part_of"]))
    while at is not None and at is not figure and at not in line:
        line.append(at)
        at = spans.get((at.row["article"], at.row["part_of"]))
    return line


# 9: the same statement again in one article.


def _statement(figure: Figure) -> tuple[object, ...]:
    return figure.region, *(figure.row[column] for column in ("article", "dimension", "unit", "low", "high"))


def _titles(figures: list[Figure], asked: Asked) -> None:
    for group in _grouped(_standing(figures), _statement):
        elsewhere = sorted((one for one in group if not one.is_title), key=lambda one: one.row["start"])
        for figure in [one for one in group if one.is_title and elsewhere]:
            _leave(figure, "retold", elsewhere[:1])


def _retold(figures: list[Figure], asked: Asked) -> None:
    told = [figure for figure in _standing(figures) if len(figure.sentence) >= SHORTEST]
    for group in _grouped(told, _statement):
        for alike in _grouped(group, lambda one: (one.sentence, one.row["text"])):
            alike.sort(key=lambda one: one.row["start"])
            often = max(1, _times(squeezed(alike[0].row["text"]), alike[0].sentence))
            for figure in alike[often:]:
                _leave(figure, "retold", alike[:often])
        sentences = {figure.sentence for figure in group}
        if len(sentences) > MOST_SENTENCES:
            continue
        longest = [one for one in _standing(group) if not any(_inside(one.sentence, each) for each in sentences)]
        for figure in _standing(group):
            if any(_inside(figure.sentence, each) for each in sentences):
                _leave(figure, "retold", [one for one in longest if _inside(figure.sentence, one.sentence)])


def _times(text: str, sentence: str) -> int:
    """How often a sentence holds a figure that is not the end of a longer one."""
    found, at = 0, sentence.find(text) if text else -1
    while at >= 0:
        alone = at == 0 or sentence[at - 1] not in NUMERALS
        found += alone
        at = sentence.find(text, at + (len(text) if alone else 1))
    return found


def _inside(sentence: str, other: str) -> bool:
    return sentence != other and sentence in other


# 10: the same figure in two articles.


def _same(figures: list[Figure], asked: Asked) -> None:
    for group in _grouped(_standing(figures), lambda one: (one.identity, one.value)):
        dated = _grouped([one for one in group if one.dated], lambda one: one.period)
        chosen = [(alike, _one_article(alike)) for alike in dated]
        rest = []
        for figure in [one for one in group if not one.dated]:
            fitting = [kept for alike, kept in chosen if _fits(figure, alike)]
            if fitting:
                _leave(figure, "same_figure", [one for kept in fitting for one in kept])
            else:
                rest.append(figure)
        for piece in _pieces(rest):
            _one_article(piece)


def _one_article(alike: list[Figure]) -> list[Figure]:
    """Leaves the rows of all articles but one, and gives those of that one."""
    telling = _grouped(alike, lambda one: one.row["article"])
    best = min(telling, key=lambda rows: (-len(rows), rows[0].published or date.max, rows[0].row["article"]))
    for figure in alike:
        if figure not in best:
            _leave(figure, "same_figure", best)
    return best


def _fits(figure: Figure, alike: list[Figure]) -> bool:
    """Whether an undated figure may be the one that others tell with its period."""
    if any(one.row["article"] == figure.row["article"] for one in alike):
        return False
    (start, end), told = alike[0].period, figure.published
    return told is None or ((start is None or start <= told) and (end is None or told <= end + NEAR))


def _pieces(rest: list[Figure]) -> list[list[Figure]]:
    """Undated figures in order of publication; a piece lasts a fortnight from its first."""
    first = min((one.published for one in rest if one.published), default=date.min)
    line = sorted(rest, key=lambda one: one.published or first)
    pieces: list[list[Figure]] = []
    for figure in line:
        if pieces and (figure.published or first) - (pieces[-1][0].published or first) <= FORTNIGHT:
            pieces[-1].append(figure)
        else:
            pieces.append([figure])
    return pieces


# 11: flows and stocks.


def _named(figures: Iterable[Figure]) -> list[Figure]:
    return [one for one in _standing(figures) if one.dated and one.row["measure"] is not None]


def _revised(figures: list[Figure], asked: Asked) -> None:
    """Of the articles that tell of one thing in one period the one that tells most of it counts, then the latest."""
    for telling in _grouped(_named(figures), lambda one: (one.identity, one.period)):
        start, end = telling[0].period
        if start == end:
            continue
        by_article = _grouped(telling, lambda one: one.row["article"])
        by_article.sort(key=lambda rows: rows[0].row["article"])
        best = max(by_article, key=lambda rows: (len(rows), rows[0].published or date.min))
        first = min(best, key=lambda one: one.row["start"])
        for figure in [one for one in telling if one not in best]:
            _leave(figure, "reported_again", [first])


def _overlapping(figures: list[Figure], asked: Asked) -> None:
    for group in _grouped(_named(figures), lambda one: one.identity):
        tellings = _grouped(group, lambda one: one.period)
        while tellings:
            best = min(tellings, key=lambda told: _rank(told[0].period))
            fallen = [told for told in tellings if told is not best and _overlap(told[0].period, best[0].period)]
            first = min(best, key=lambda one: (one.published or date.max, one.row["article"], one.row["start"]))
            for told in fallen:
                again = told[0].period[0] == best[0].period[0]
                for figure in told:
                    _leave(figure, "reported_again" if again else "overlap", [first])
            tellings = [told for told in tellings if told is not best and told not in fallen]


def _bounds(period: tuple[date | None, date | None]) -> tuple[date, date]:
    return period[0] or date.min, period[1] or date.max


def _rank(period: tuple[date | None, date | None]) -> tuple[float, int, int]:
    start, end = _bounds(period)
    length = -1 if period[1] is None else float("inf") if period[0] is None else (end - start).days
    return -length, -end.toordinal(), start.toordinal()


def _overlap(one: tuple[date | None, date | None], other: tuple[date | None, date | None]) -> bool:
    (start, end), (begins, ends) = _bounds(one), _bounds(other)
    return start <= ends and begins <= end


# The tables.


def label(period: tuple[date | None, date | None]) -> str | None:
    """The label of a period: 2023, 2021..2025, ..2022, 2020.. ; None for no period."""
    if period == (None, None):
        return None
    start, end = (str(day.year) if day else "" for day in period)
    return start if start == end else f"{start}..{end}"


def _key(figure: Figure, asked: Asked) -> tuple[str | None, ...]:
    """Activity, dimension, unit, brand, measure, period, each None where it is not asked for."""
    row = figure.row
    names = {name: fold(row[name]) if row[name] else None for name in ("brand", "measure")}
    cells = names | {"period": label(figure.period)}
    activity = row["activity"] if "activity" in asked.by else None
    return activity, row["dimension"], row["unit"], *(cells[name] if name in asked.by else None for name in _ASKABLE)


def _id(region: str, key: Sequence[str | None], asked: Asked) -> str:
    behind = [cell for name, cell in zip(_ASKABLE, key[3:], strict=True) if name in asked.by]
    return "|".join((cell or "").replace("|", "/") for cell in (region, *key[:3], *behind))


def _ledger_row(figure: Figure, asked: Asked) -> dict[str, Any]:
    counted = figure.reason is None
    cells = ("article", "start", "end", "activity", "dimension", "unit", "low", "high")
    return {name: _fitting(figure.row[name]) for name in cells} | {
        "region": figure.region,
        "verdict": "counted" if counted else "left_out",
        "reason": figure.reason,
        "total": _id(figure.region or "", _key(figure, asked), asked) if counted else None,
        "other": [other.place for other in figure.others],
    }


def _fitting(cell: object) -> object:
    """The cell as the tables hold it: a figure beyond DECIMAL(38,10) is unknown."""
    return None if isinstance(cell, Decimal) and cell >= UNFIT else cell


def _parent(code: str, tree: int | None) -> str | None:
    row = divisions().by_adcode(code) if tree is None else row_in(code, tree)
    return row.parent if row else None


def _level(code: str, tree: int | None) -> str | None:
    row = divisions().by_adcode(code) if tree is None else row_in(code, tree)
    return row.level if row else None


def _totals(figures: list[Figure], asked: Asked) -> list[dict[str, Any]]:
    rows = []
    for alike in _grouped(_standing(figures), lambda one: _key(one, asked)):
        key = _key(alike[0], asked)
        own: dict[str, list[Figure]] = {}
        for figure in alike:
            own.setdefault(figure.region or "", []).append(figure)
        rows += [_total_row(region, key, own, asked) for region in _with_ancestors(own, asked)]
    return [row for row in rows if asked.level in (None, row["level"])]


def _with_ancestors(regions: Iterable[str], asked: Asked) -> list[str]:
    found: list[str] = []
    for region in regions:
        at: str | None = region
        while at is not None and at not in found:
            found.append(at)
            at = _parent(at, asked.tree)
    return found


def _below(region: str, own: Mapping[str, list[Figure]], asked: Asked) -> list[Figure]:
    children = [code for code in _with_ancestors(own, asked) if _parent(code, asked.tree) == region]
    return [figure for child in children for figure in own.get(child) or _below(child, own, asked)]


def _total_row(
    region: str, key: tuple[str | None, ...], own: Mapping[str, list[Figure]], asked: Asked
) -> dict[str, Any]:
    here, below = own.get(region, []), _below(region, own, asked)
    activity, dimension, unit, brand, measure, period = key
    return {
        "region": region,
        "level": _level(region, asked.tree),
        "activity": activity,
        "activity_name": ACTIVITY_TYPES.get(activity or ""),
        "dimension": dimension,
        "unit": unit,
        **_sums("own", here),
        **_sums("below", below),
        "approximate": any(figure.row["low"] != figure.row["high"] for figure in here + below),
        "articles": len({figure.row["article"] for figure in here + below}),
        "brand": brand,
        "measure": measure,
        "period": period,
        "total": _id(region, key, asked),
    }


def _sums(side: str, figures: Sequence[Figure]) -> dict[str, Any]:
    if not figures:
        return {f"{side}_low": None, f"{side}_high": None, f"{side}_count": 0}
    low = sum((figure.row["low"] for figure in figures), Decimal(0))
    high = sum((figure.row["high"] for figure in figures), Decimal(0))
    return {f"{side}_low": low, f"{side}_high": high, f"{side}_count": len(figures)}
