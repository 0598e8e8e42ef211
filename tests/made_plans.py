"""Plans made articles: periods in words, and a planner that hands out fresh things to count and the days to tell them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from made_figures import ARRIVED, DOLLARS, KINDS, PROJECT, PROVINCES, SCALES, YUAN, Kind, Piece, Told, written

_WORDS = [
    "侨心",
    "同心",
    "共富",
    "聚力",
    "凝心",
    "服务",
    "实干",
    "担当",
    "创新",
    "开放",
    "团结",
    "奋进",
    "求真",
    "务实",
    "为民",
    "暖心",
    "携手",
    "前行",
    "扎根",
    "基层",
]
Period = tuple[str, date | None, date | None]


class FullError(Exception):
    """A division has told of everything."""


def whole_year(year: int) -> Period:
    return f"{year}年，", date(year, 1, 1), date(year, 12, 31)


def first_half(year: int) -> Period:
    return f"{year}年上半年，", date(year, 1, 1), date(year, 6, 30)


def second_half(year: int) -> Period:
    return f"{year}年下半年，", date(year, 7, 1), date(year, 12, 31)


def one_month(year: int, month: int) -> Period:
    return f"{year}年{month}月，", date(year, month, 1), date(year, month + 1, 1) - timedelta(days=1)


def until_end_of(year: int) -> Period:
    return f"截至{year}年底，累计", None, date(year, 12, 31)


def since_start_of(year: int, published: date) -> Period:
    return f"{year}年以来，累计", date(year, 1, 1), published


UNDATED: Period = ("", None, None)


class Planner:
    """What a trap plans with: fresh things to count, figures of every written form, and articles to tell them in."""

    def __init__(self, random: Random, province: str) -> None:
        self.random, self.province = random, province
        self.year = random.choice((2021, 2022, 2023))
        self.pieces: dict[tuple[object, ...], Piece] = {}
        self.free: dict[str, list[Kind]] = {}
        self.january = date(self.year + 1, 1, 15)
        self.february = date(self.year + 1, 2, 20)
        self.july = date(self.year, 7, 10)

    def regions(self) -> list[str]:
        line = [self.province]
        for prefecture, counties in PROVINCES[self.province].items():
            line += [prefecture, *counties] if prefecture != self.province else counties
        return line

    def kind(self, *regions: str, of: Sequence[Kind] = KINDS) -> Kind:
        """What none of the regions has told of so far, so that traps keep apart."""
        pools = [self.free.setdefault(region, [*KINDS, YUAN, DOLLARS, PROJECT, ARRIVED]) for region in regions]
        common = [kind for kind in of if all(kind in pool for pool in pools)]
        if not common:
            raise FullError
        kind = self.random.choice(common)
        for pool in pools:
            pool.remove(kind)
        return kind

    def figure(self, kind: Kind, period: Period = UNDATED, **known: Any) -> Told:
        """A figure in one of the forms in which bulletins write it; `up_to` bounds it."""
        size = self.random.randint(*known.pop("between", (100, 900)))
        text, low, high = written(size, self.random.choice(("exact", "over", "under", "about", "range")))
        scale = SCALES[kind.scale]
        told = Told(kind, text + kind.scale + kind.unit, low * scale, high * scale, *period[1:], kind.measure)
        for name, value in known.items():
            setattr(told, name, value)
        return told

    def exact(self, kind: Kind, size: int, period: Period) -> Told:
        value = Decimal(size) * SCALES[kind.scale]
        return Told(kind, f"{size}{kind.scale}{kind.unit}", value, value, *period[1:], kind.measure)

    def again(self, told: Told, period: Period | None = None, **known: Any) -> Told:
        """The same figure told once more."""
        start, end = period[1:] if period else (told.start, told.end)
        copy = Told(told.kind, told.text, told.low, told.high, start, end, told.measure, told.brand)
        for name, value in known.items():
            setattr(copy, name, value)
        return copy

    def say(self, region: str, published: date | None, *words: str | Told, slot: str = "") -> Piece:
        """A paragraph in the article of that day; `slot` parts articles of one day."""
        piece = self.pieces.get((region, published, slot))
        if piece is None:
            name = f"{len(self.pieces):03}.txt"
            piece = self.pieces[region, published, slot] = Piece(name, region, published, [])
            piece.lines.append(["坚持", *self.random.sample(_WORDS, 3), "。"])
        piece.lines.append(list(words))
        return piece

    def tail(self) -> str:
        return self.random.choice(("，反响良好。", "，获得好评。", "，深受欢迎。"))
