"""Makes corpora of a province with every trap of a sum, as tables or as articles, and knows each verdict and each total."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from duckdb import DuckDBPyConnection
from hypothesis import strategies as st
from jianbao.corpus.records import decimal_text
from jianbao.pipeline.store import opened
from jianbao.pipeline.tables import COLUMNS
from jianbao.pipeline.totals import Request, total

# Divisions as they are, by province and prefecture; Chongqing has counties and no prefectures.
PROVINCES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "330000": {"330100": ("330113", "330122"), "330300": ("330326", "330327"), "331100": ("331127",)},
    "350000": {"350200": ("350212",), "350500": ("350583", "350524", "350525")},
    "500000": {"500000": ("500151", "500235", "500242")},
}
NAMES = {
    "330000": "浙江省", "330100": "杭州市", "330113": "杭州市临平区", "330122": "杭州市桐庐县", "330300": "温州市",
    "330326": "温州市平阳县", "330327": "温州市苍南县", "331100": "丽水市", "331127": "丽水市景宁畲族自治县",
    "350000": "福建省", "350200": "厦门市", "350212": "厦门市同安区", "350500": "泉州市", "350583": "泉州市南安市",
    "350524": "泉州市安溪县", "350525": "泉州市永春县", "500000": "重庆市", "500151": "重庆市铜梁区",
    "500235": "重庆市云阳县", "500242": "重庆市酉阳土家族苗族自治县", "": "",
}  # fmt: skip
# The characters of the sentences below in traditional script.
_SCRIPT = str.maketrans(
    "访问侨户慰举办讲场约万亿调解纠纷织联谊动发册业资题个家网来进这余间开询训帮扶农员为计划团况东从组总项减",
    "訪問僑戶慰舉辦講場約萬億調解糾紛織聯誼動發冊業資題個家網來進這餘間開詢訓幫扶農員為計劃團況東從組總項減",
)
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


@dataclass(frozen=True, slots=True)
class Kind:
    """What is counted: the words before the number are its measure."""

    measure: str
    unit: str
    dimension: str
    activity: str
    scale: str = ""


KINDS = (
    Kind("走访慰问侨眷", "户", "households", "visit"),
    Kind("发放慰问金", "元", "money", "visit", "万"),
    Kind("募集侨界善款", "元", "money", "donation", "万"),
    Kind("组织侨界义诊服务", "场", "events", "donation"),
    Kind("引进侨资企业", "家", "organisations", "investment"),
    Kind("举办侨法讲座", "场", "events", "training"),
    Kind("培训侨界青年", "人", "people", "training"),
    Kind("调解涉侨纠纷", "件", "cases", "rights"),
    Kind("组织联谊活动", "场", "events", "exchange"),
    Kind("建成侨胞之家", "家", "facilities", "platform"),
    Kind("发放侨法手册", "份", "goods", "publicity"),
    Kind("解决侨企问题", "个", "cases", "service"),
    Kind("收集意见建议", "条", "cases", "consultation"),
)
YUAN, DOLLARS = (Kind("引进外资", unit, "money", "investment", "万") for unit in ("元", "美元"))
PROJECT = Kind("引进项目总投资", "元", "money", "investment", "亿")
ARRIVED = Kind("到位资金", "元", "money", "investment", "亿")
_SCALES = {"": 1, "万": 10**4, "亿": 10**8}


@dataclass(eq=False, slots=True)
class Told:
    """A figure where it is told and the verdict that it must get; any of `others` may stand in the ledger as `other`."""

    kind: Kind
    text: str
    low: Decimal
    high: Decimal
    start: date | None = None
    end: date | None = None
    measure: str | None = ""
    brand: str | None = None
    status: str = "done"
    per: str | None = None
    whole: Told | None = None
    region: str | None = None
    reason: str | None = None
    others: list[Told] = field(default_factory=list)


Words = list[str | Told]


@dataclass(eq=False, slots=True)
class Piece:
    """An article: its lines, and its title where it has a `head`, are words and figures.

    A `copy_of` another has its text and no figures of its own.
    """

    name: str
    region: str
    published: date | None
    lines: list[Words]
    traditional: bool = False
    status: str = "ok"
    copy_of: Piece | None = None
    head: Words = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.placed()[0].partition("\n")[0]

    def scripted(self, text: str) -> str:
        return text.translate(_SCRIPT) if self.traditional else text

    def figures(self) -> list[Told]:
        return [part for line in (self.head, *self.lines) for part in line if isinstance(part, Told)]

    def placed(self) -> tuple[str, dict[Told, tuple[int, int]]]:
        """The text of the article and where each figure stands in it."""
        if self.copy_of:
            return self.copy_of.placed()[0], {}
        day = f"{self.published.isoformat()} " if self.published else ""
        title = self.head or [f"{NAMES[self.region]}侨联工作情况"]
        text, places = "", {}
        for line in (title, [f"{day}来源：{NAMES[self.region]}侨联网"], *self.lines):
            for part in [*line, "\n"]:
                words = part if isinstance(part, str) else part.text
                if isinstance(part, Told):
                    places[part] = (len(text), len(text) + len(words))
                text += words
        return self.scripted(text), places


@dataclass(frozen=True, slots=True)
class Corpus:
    """The plan: articles whose figures know their verdicts."""

    province: str
    pieces: list[Piece]

    def told(self) -> list[tuple[Piece, Told]]:
        return [(piece, figure) for piece in self.pieces for figure in piece.figures()]


# Planning.


class FullError(Exception):
    """A division has told of everything."""


def _year(year: int) -> Period:
    return f"{year}年，", date(year, 1, 1), date(year, 12, 31)


def _half(year: int) -> Period:
    return f"{year}年上半年，", date(year, 1, 1), date(year, 6, 30)


def _second_half(year: int) -> Period:
    return f"{year}年下半年，", date(year, 7, 1), date(year, 12, 31)


def _month(year: int, month: int) -> Period:
    return f"{year}年{month}月，", date(year, month, 1), date(year, month + 1, 1) - timedelta(days=1)


def _until(year: int) -> Period:
    return f"截至{year}年底，累计", None, date(year, 12, 31)


def _since(year: int, published: date) -> Period:
    return f"{year}年以来，累计", date(year, 1, 1), published


# Letters of an article that a repeat is told by.
LONG = 200
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
        scale = _SCALES[kind.scale]
        told = Told(kind, text + kind.scale + kind.unit, low * scale, high * scale, *period[1:], kind.measure)
        for name, value in known.items():
            setattr(told, name, value)
        return told

    def exact(self, kind: Kind, size: int, period: Period) -> Told:
        value = Decimal(size) * _SCALES[kind.scale]
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


def written(size: int, form: str) -> tuple[str, Decimal, Decimal]:
    """How a figure of three digits is written in a form, and the interval that the words allow.

    >>> written(340, "over"), written(300, "under")
    (('340余', Decimal('340'), Decimal('350')), ('近300', Decimal('270'), Decimal('300')))
    """
    step = next(10**power for power in (2, 1, 0) if size % 10**power == 0)
    value = Decimal(size)
    slack = min(Decimal(step) / 2, value / 10)
    if form == "over":
        return f"{size}余", value, value + step
    if form == "under":
        return f"近{size}", value - slack, value
    if form == "about":
        return f"约{size}", value - slack, value + slack
    return (f"{size}至{size + 20}", value, value + 20) if form == "range" else (f"{size}", value, value)


# The traps: each tells of things that nothing else in its divisions tells of.

Trap = Callable[[Planner, str], None]


def plain(plan: Planner, region: str) -> None:
    kind = plan.kind(region)
    period = _year(plan.year)
    plan.say(region, plan.january, period[0], kind.measure, plan.figure(kind, period), plan.tail())


def levels(plan: Planner, region: str) -> None:
    """A province beside its counties, with and without what lies between them."""
    regions = [code for code in plan.regions() if code == plan.province or plan.random.random() < 0.6]
    kind, period = plan.kind(*regions), _year(plan.year)
    for code in regions:
        plan.say(code, plan.january, period[0], kind.measure, plan.figure(kind, period), "。")


def stock(plan: Planner, region: str) -> None:
    kind, first, last = plan.kind(region), _until(plan.year - 1), _until(plan.year)
    now = plan.figure(kind, last)
    before = plan.figure(kind, first, reason="reported_again", others=[now])
    plan.say(region, date(plan.year, 1, 15), first[0], kind.measure, before, plan.tail())
    plan.say(region, plan.january, last[0], kind.measure, now, plan.tail())


def cumulative(plan: Planner, region: str) -> None:
    kind, first, last = plan.kind(region), _since(2020, plan.july), _since(2020, plan.january)
    now = plan.figure(kind, last)
    before = plan.figure(kind, first, reason="reported_again", others=[now])
    plan.say(region, plan.july, first[0], kind.measure, before, plan.tail())
    plan.say(region, plan.january, last[0], kind.measure, now, plan.tail())


def half_and_year(plan: Planner, region: str) -> None:
    kind, first, whole = plan.kind(region), _half(plan.year), _year(plan.year)
    now = plan.figure(kind, whole)
    before = plan.figure(kind, first, reason="reported_again", others=[now])
    plan.say(region, plan.july, first[0], kind.measure, before, "。")
    plan.say(region, plan.january, whole[0], kind.measure, now, "。")


def later_half_and_year(plan: Planner, region: str) -> None:
    kind, half, whole = plan.kind(region), _second_half(plan.year), _year(plan.year)
    now = plan.figure(kind, whole)
    inside = plan.figure(kind, half, reason="overlap", others=[now])
    plan.say(region, plan.january, whole[0], kind.measure, now, "。")
    plan.say(region, plan.february, half[0], kind.measure, inside, "。")


def month_in_year(plan: Planner, region: str) -> None:
    kind, month, whole = plan.kind(region), _month(plan.year, plan.random.randint(2, 6)), _year(plan.year)
    now = plan.figure(kind, whole)
    inside = plan.figure(kind, month, reason="overlap", others=[now])
    plan.say(region, plan.july, month[0], kind.measure, inside, "。")
    plan.say(region, plan.january, whole[0], kind.measure, now, "。")


def months(plan: Planner, region: str) -> None:
    """Equal figures of months that follow each other are two."""
    kind, first, second = plan.kind(region), _month(plan.year, 3), _month(plan.year, 4)
    one = plan.figure(kind, first)
    plan.say(region, date(plan.year, 4, 8), first[0], kind.measure, one, "。")
    plan.say(region, date(plan.year, 5, 8), second[0], kind.measure, plan.again(one, second), "。")


def halves(plan: Planner, region: str) -> None:
    kind, first, second = plan.kind(region), _half(plan.year), _second_half(plan.year)
    plan.say(region, plan.july, first[0], kind.measure, plan.figure(kind, first), "。")
    plan.say(region, plan.january, second[0], kind.measure, plan.figure(kind, second), "。")


def part(plan: Planner, region: str) -> None:
    kind, period = plan.kind(region), _year(plan.year)
    whole = plan.figure(kind, period)
    inside = plan.figure(kind, period, between=(20, 90), whole=whole, reason="part", others=[whole])
    plan.say(region, plan.january, period[0], kind.measure, whole, "，其中", kind.measure, inside, "。")


def example(plan: Planner, region: str) -> None:
    kind, period = plan.kind(region), _year(plan.year)
    whole = plan.figure(kind, period)
    inside = plan.figure(kind, period, between=(20, 90), whole=whole, reason="part", others=[whole])
    plan.say(region, plan.january, period[0], kind.measure, whole, "。如：侨商会", kind.measure, inside, "。")


def part_of_part(plan: Planner, region: str) -> None:
    kind, period = plan.kind(region), _year(plan.year)
    whole = plan.figure(kind, period)
    inside = plan.figure(kind, period, between=(50, 90), whole=whole, reason="part", others=[whole])
    least = plan.figure(kind, period, between=(2, 9), whole=inside, reason="part", others=[inside])
    words = (kind.measure, whole, "，其中", kind.measure, inside, "，包括", kind.measure, least, "。")
    plan.say(region, plan.january, period[0], *words)


def part_of_planned(plan: Planner, region: str) -> None:
    """What has come of a plan counts, the plan does not."""
    project, arrived = plan.kind(region, of=[PROJECT]), plan.kind(region, of=[ARRIVED])
    whole = plan.figure(project, status="planned", reason="planned")
    inside = plan.figure(arrived, between=(20, 90), whole=whole)
    plan.say(region, plan.january, "计划", project.measure, whole, "，其中已", arrived.measure, inside, "。")


def planned(plan: Planner, region: str) -> None:
    kind, period = plan.kind(region), _year(plan.year + 2)
    hoped = plan.figure(kind, period, status="planned", reason="planned")
    plan.say(region, plan.january, f"计划{plan.year + 2}年", kind.measure, hoped, "。")


def ratio(plan: Planner, region: str) -> None:
    kind, period = plan.kind(region), _year(plan.year)
    share = Kind(f"{kind.measure}增长", "%", "ratio", kind.activity)
    rise = plan.figure(share, period, between=(11, 90), reason="ratio")
    plan.say(region, plan.january, period[0], share.measure, rise, "。")


def each(plan: Planner, region: str) -> None:
    kind, period = plan.kind(region), _year(plan.year)
    mean = plan.figure(kind, period, per="household", reason="per")
    plan.say(region, plan.january, period[0], "户均", kind.measure, mean, "。")


def currencies(plan: Planner, region: str) -> None:
    """Equal figures in two currencies are two rows, of the halves of a year too."""
    yuan, dollars, period = plan.kind(region, of=[YUAN]), plan.kind(region, of=[DOLLARS]), _year(plan.year)
    plan.say(region, plan.january, period[0], yuan.measure, plan.figure(yuan, period), "。")
    plan.say(region, plan.january, period[0], dollars.measure, plan.figure(dollars, period), "。")
    half = plan.figure(dollars, _half(plan.year), reason="reported_again")
    half.others = [told for told in plan.pieces[region, plan.january, ""].figures() if told.kind is dollars]
    plan.say(region, plan.july, _half(plan.year)[0], dollars.measure, half, "。")


def told_twice(plan: Planner, region: str) -> None:
    kind, period = plan.kind(region), _year(plan.year)
    first = plan.figure(kind, period)
    again = plan.again(first, reason="same_figure", others=[first])
    plan.say(region, plan.january, period[0], kind.measure, first, plan.tail())
    plan.say(region, plan.february, "回顾", period[0], kind.measure, again, plan.tail())


def told_fully_later(plan: Planner, region: str) -> None:
    """The article that tells more of equal figures counts, also where it came later."""
    kind, period = plan.kind(region), _year(plan.year)
    spring = plan.figure(kind, period)
    both = [spring, plan.again(spring)]
    short = plan.again(spring, reason="same_figure", others=both)
    plan.say(region, plan.january, period[0], kind.measure, short, "。")
    words = ("春季", kind.measure, both[0], "，冬季", kind.measure, both[1], "。")
    plan.say(region, plan.february, period[0], *words)


def undated_twice(plan: Planner, region: str) -> None:
    kind, first = plan.kind(region), date(plan.year, 5, 10)
    told = plan.figure(kind)
    again = plan.again(told, reason="same_figure", others=[told])
    plan.say(region, first, kind.measure, told, "，反响良好。")
    plan.say(region, first + timedelta(days=plan.random.choice((1, 9, 14))), kind.measure, again, "，获得好评。")


def undated_far(plan: Planner, region: str) -> None:
    """A fortnight after the first telling the figure is another, however often it was told between."""
    kind, first = plan.kind(region), date(plan.year, 5, 10)
    told = plan.figure(kind)
    plan.say(region, first, kind.measure, told, "，反响良好。")
    between = plan.again(told, reason="same_figure", others=[told])
    plan.say(region, first + timedelta(days=10), kind.measure, between, "，深受欢迎。")
    later = first + timedelta(days=plan.random.choice((15, 20, 32)))
    plan.say(region, later, kind.measure, plan.again(told), "，获得好评。")


def bulletins(plan: Planner, region: str) -> None:
    """Equal figures of bulletins at the ends of four months are four."""
    kind = plan.kind(region)
    told = plan.figure(kind)
    for month, day in ((1, 31), (2, 28), (3, 31), (4, 30)):
        plan.say(region, date(plan.year, month, day), kind.measure, plan.again(told), plan.tail())


def undated_beside_dated(plan: Planner, region: str) -> None:
    kind, month = plan.kind(region), _month(plan.year, 3)
    dated = plan.figure(kind, month)
    near = plan.again(dated, UNDATED, reason="same_figure", others=[dated])
    when = plan.random.choice((date(plan.year, 3, 10), date(plan.year, 5, 1), None))
    plan.say(region, date(plan.year, 4, 8), month[0], kind.measure, dated, "，反响良好。")
    plan.say(region, when, kind.measure, near, "，获得好评。")


def undated_beyond_dated(plan: Planner, region: str) -> None:
    kind, month = plan.kind(region), _month(plan.year, 3)
    dated = plan.figure(kind, month)
    when = plan.random.choice((date(plan.year, 2, 27), date(plan.year, 5, 2)))
    plan.say(region, date(plan.year, 4, 8), month[0], kind.measure, dated, "，反响良好。")
    plan.say(region, when, kind.measure, plan.again(dated, UNDATED), "，获得好评。")


def two_things(plan: Planner, region: str) -> None:
    kind, period = plan.kind(region), _year(plan.year)
    east = plan.figure(kind, period)
    plan.say(region, plan.january, period[0], "在东片区", kind.measure, east, "。")
    plan.say(region, plan.january, period[0], "在西片区", kind.measure, plan.again(east), "。")


def twice_in_one_breath(plan: Planner, region: str) -> None:
    kind, period = plan.kind(region), _year(plan.year)
    spring = plan.figure(kind, period)
    words = ("春季", kind.measure, spring, "，冬季", kind.measure, plan.again(spring), "。")
    plan.say(region, plan.january, period[0], *words)


def retold(plan: Planner, region: str) -> None:
    """A lead and a caption tell again what the body tells."""
    kind, period = plan.kind(region), _year(plan.year)
    body = plan.figure(kind, period)
    lead = plan.again(body, reason="retold", others=[body])
    caption = plan.again(body, reason="retold", others=[body, lead])
    sentence = (period[0], "侨联系统", kind.measure)
    plan.say(region, plan.january, *sentence, lead, "。")
    plan.say(region, plan.january, *sentence, body, "，送上祝福。")
    plan.say(region, plan.january, *sentence, caption, "。")


def revised(plan: Planner, region: str) -> None:
    """Of the figures of a year that do not agree the latest counts."""
    kind, period = plan.kind(region), _year(plan.year)
    now = plan.figure(kind, period, between=(500, 900))
    before = plan.figure(kind, period, between=(100, 400), reason="reported_again", others=[now])
    plan.say(region, plan.january, period[0], kind.measure, before, plan.tail())
    plan.say(region, plan.february, period[0], kind.measure, now, plan.tail())


def two_of_a_year(plan: Planner, region: str) -> None:
    """Figures of a year that stand in one article both count, and a later article with one of another size does not."""
    kind, period = plan.kind(region), _year(plan.year)
    first = plan.figure(kind, period, between=(100, 300))
    second = plan.figure(kind, period, between=(500, 600))
    later = plan.figure(kind, period, between=(800, 900), reason="reported_again", others=[first])
    plan.say(region, plan.january, period[0], "在东片区", kind.measure, first, "。")
    plan.say(region, plan.january, period[0], "在西片区", kind.measure, second, "。")
    plan.say(region, plan.february, period[0], kind.measure, later, "。")


def one_day(plan: Planner, region: str) -> None:
    """Acts of one day that two articles tell of are two."""
    kind, day = plan.kind(region), date(plan.year, 3, 5)
    period = (f"{plan.year}年3月5日，", day, day)
    for published, between in ((date(plan.year, 3, 6), (100, 400)), (date(plan.year, 3, 8), (500, 900))):
        plan.say(region, published, period[0], kind.measure, plan.figure(kind, period, between=between), plan.tail())


def traditional(plan: Planner, region: str) -> None:
    kind, period = plan.kind(region), _year(plan.year)
    first = plan.figure(kind, period)
    again = plan.again(first, reason="same_figure", others=[first])
    plan.say(region, plan.january, period[0], kind.measure, first, "。")
    plan.say(region, plan.february, period[0], kind.measure, again, "。", slot="traditional").traditional = True


def nowhere(plan: Planner, region: str) -> None:
    kind, period = plan.kind(""), _year(plan.year)
    plan.say("", plan.january, period[0], kind.measure, plan.figure(kind, period, reason="no_region"), "。")


TRAPS: tuple[Trap, ...] = (
    plain, levels, stock, cumulative, half_and_year, later_half_and_year, month_in_year, months, halves, part, example,
    part_of_part, part_of_planned, planned, ratio, each, currencies, told_twice, told_fully_later, undated_twice,
    undated_far, undated_beside_dated, undated_beyond_dated, two_things, twice_in_one_breath, retold, traditional,
    nowhere, bulletins, revised, two_of_a_year, one_day,
)  # fmt: skip


# Traps that only tables can hold.


def told_by_parent(plan: Planner, region: str) -> None:
    """A county's figure in the article of its province is the county's, and once."""
    county = plan.regions()[-1]
    kind, period = plan.kind(county), _year(plan.year)
    first = plan.figure(kind, period)
    again = plan.again(first, reason="same_figure", others=[first], region=county)
    plan.say(county, plan.january, period[0], kind.measure, first, "。")
    plan.say(plan.province, plan.february, period[0], "该县", kind.measure, again, "。")


def too_big(plan: Planner, region: str) -> None:
    kind, period = plan.kind(region), _year(plan.year)
    huge = plan.figure(kind, period, high=Decimal(10) ** plan.random.choice((18, 21)), reason="out_of_range")
    part = plan.figure(kind, period, whole=huge)
    plan.say(region, plan.january, period[0], kind.measure, huge, "，其中", kind.measure, part, "。")


def brands(plan: Planner, region: str) -> None:
    """The same words under two brands are two things; periods of different brands do not overlap."""
    kind, whole, half = plan.kind(region), _year(plan.year), _half(plan.year)
    one = plan.figure(kind, whole, brand="侨助工坊")
    plan.say(region, plan.january, whole[0], kind.measure, one, "。")
    plan.say(region, plan.february, whole[0], kind.measure, plan.again(one, brand="侨胞驿站"), "。")
    plan.say(region, plan.july, half[0], kind.measure, plan.figure(kind, half, brand="侨心之家"), "。")


def inside_a_number(plan: Planner, region: str) -> None:
    """30 stands once in a sentence with 130 and 30, so that the caption that says it again is one telling."""
    kind, period = plan.kind(region), _year(plan.year)
    size, more = plan.random.randint(11, 99), plan.random.randint(1, 8)
    long, short = (plan.exact(kind, figure, period) for figure in (100 * more + size, size))
    words = (period[0], "侨联系统", kind.measure)
    plan.say(region, plan.january, *words, long, "，在东片区", kind.measure, short, "。")
    again = [plan.again(told, reason="retold", others=[told]) for told in (long, short)]
    plan.say(region, plan.january, *words, again[0], "，在东片区", kind.measure, again[1], "。")


def open_end(plan: Planner, region: str) -> None:
    """What began some day and was told nobody knows when gives way to a year."""
    kind, whole = plan.kind(region), _year(plan.year)
    year = plan.figure(kind, whole)
    since = plan.figure(kind, ("2020年以来，", date(2020, 1, 1), None), reason="overlap", others=[year])
    plan.say(region, plan.january, whole[0], kind.measure, year, "。")
    plan.say(region, None, "2020年以来，累计", kind.measure, since, "。")


def titled(plan: Planner, region: str) -> None:
    """The title tells what the body tells in other words; a figure that only the title tells counts."""
    kind, other, period = plan.kind(region), plan.kind(region), _year(plan.year)
    body, alone = plan.figure(kind, period), plan.figure(other, period)
    title = plan.again(body, reason="retold", others=[body])
    piece = plan.say(region, plan.january, period[0], "各级侨联", kind.measure, body, plan.tail(), slot=f"title {kind}")
    piece.head = [f"{NAMES[region]}侨联", kind.measure, title, "、", other.measure, alone]


def nameless(plan: Planner, region: str) -> None:
    """Without a measure the whole sentence says what is counted; what overlaps stays."""
    kind, whole, half = plan.kind(region), _year(plan.year), _half(plan.year)
    one = plan.figure(kind, whole, measure=None)
    again = plan.again(one, reason="same_figure", others=[one])
    plan.say(region, plan.january, whole[0], kind.measure, one, "，反响良好。")
    plan.say(region, plan.february, whole[0], kind.measure, again, "，反响良好。")
    plan.say(region, plan.february, whole[0], kind.measure, plan.again(one), "，获得好评。", slot="other")
    plan.say(region, plan.july, half[0], kind.measure, plan.figure(kind, half, measure=None), "。")


TABLE_TRAPS: tuple[Trap, ...] = (*TRAPS, told_by_parent, too_big, brands, nameless, inside_a_number, open_end, titled)


def planned_corpus(seed: int, traps: Iterable[Trap], repeats: int = 1) -> Corpus:
    """The corpus of a seed: each trap in a division of its own choice; `repeats` articles come again."""
    random = Random(seed)
    plan = Planner(random, random.choice(list(PROVINCES)))
    for trap in traps:
        try:
            trap(plan, random.choice(plan.regions()))
        except FullError:
            continue
    pieces = list(plan.pieces.values())
    long = [piece for piece in pieces if len(piece.placed()[0]) > LONG]
    again = random.sample(long, min(repeats, len(long)))
    pieces += [_repeated(piece, f"9{number:02}.txt", random) for number, piece in enumerate(again)]
    return Corpus(plan.province, pieces)


def _repeated(piece: Piece, name: str, random: Random) -> Piece:
    """The same text under another name, which gives no rows, or a near copy, whose rows all stand for nothing."""
    if random.random() < 0.5:
        return Piece(name, piece.region, piece.published, [], piece.traditional, "repeat", piece)
    copies = {told: replace(told, reason="repeat", others=[]) for told in piece.figures()}
    for told in copies.values():
        told.whole = copies[told.whole] if told.whole else None
    head, *lines = [
        [copies[part] if isinstance(part, Told) else part for part in line] for line in (piece.head, *piece.lines)
    ]
    lines.append(["凝心聚力再出发。"])
    return Piece(name, piece.region, piece.published, lines, piece.traditional, "repeat", head=head)


def corpora(traps: Sequence[Trap] = TABLE_TRAPS) -> st.SearchStrategy[Corpus]:
    """Corpora for properties; they shrink to few traps."""
    lists = st.lists(st.sampled_from(traps), min_size=1, max_size=16)
    return st.builds(planned_corpus, st.integers(0, 10**6), lists, st.integers(0, 2))


# What the plan says of the sums.


def truth(corpus: Corpus) -> dict[str, dict[str, Any]]:
    """The rows of the totals by their id, from what was planned to count."""
    own: dict[str, dict[str, list[tuple[Piece, Told]]]] = {}
    for piece, told in corpus.told():
        if told.reason is None:
            key = "|".join((told.kind.activity, told.kind.dimension, told.kind.unit))
            own.setdefault(key, {}).setdefault(told.region or piece.region, []).append((piece, told))
    rows = {}
    for key, by_region in own.items():
        for region in by_region_upwards(corpus.province):
            here, below = by_region.get(region, []), _under(region, by_region, corpus.province)
            if here or below:
                rows[f"{region}|{key}"] = {**_summed("own", here), **_summed("below", below), **_of_both(here + below)}
    return rows


def _children(province: str) -> dict[str, Sequence[str]]:
    prefectures = PROVINCES[province]
    return {"100000": (province,), province: tuple(prefectures), **prefectures}


def by_region_upwards(province: str) -> list[str]:
    """Every division of a province, the province and the nation."""
    children = _children(province)
    return list(dict.fromkeys(code for codes in (*children.values(), children) for code in codes))


def _under(region: str, own: Mapping[str, list[tuple[Piece, Told]]], province: str) -> list[tuple[Piece, Told]]:
    found = []
    for child in _children(province).get(region, ()):
        found += own.get(child) or _under(child, own, province)
    return found


def _summed(side: str, told: Sequence[tuple[Piece, Told]]) -> dict[str, Any]:
    low = sum((figure.low for _, figure in told), Decimal(0)) if told else None
    high = sum((figure.high for _, figure in told), Decimal(0)) if told else None
    return {f"{side}_low": low, f"{side}_high": high, f"{side}_count": len(told)}


def _of_both(told: Sequence[tuple[Piece, Told]]) -> dict[str, Any]:
    return {
        "approximate": any(figure.low != figure.high for _, figure in told),
        "articles": len({piece.name for piece, _ in told}),
    }


# Rendered as tables.

TypedRow = dict[str, Any]


def typed_tables(corpus: Corpus) -> tuple[list[TypedRow], list[TypedRow]]:
    """The rows of `articles` and `indicators`, cells typed, unknown is None."""
    articles = [_article_row(piece) for piece in corpus.pieces]
    return articles, [row for piece in corpus.pieces for row in _indicator_rows(piece)]


def _article_row(piece: Piece) -> TypedRow:
    return {
        "article": piece.name, "title": piece.title, "published": piece.published, "region": piece.region or None,
        "characters": len(piece.placed()[0]), "status": piece.status,
    }  # fmt: skip


def _indicator_rows(piece: Piece) -> Iterator[TypedRow]:
    text, places = piece.placed()
    spans = {told: f"{start}-{end}" for told, (start, end) in places.items()}
    for told, (start, end) in places.items():
        assert told.whole is None or told.whole in spans
        yield {
            "article": piece.name, "start": start, "end": end, "text": text[start:end], "low": told.low,
            "high": told.high, "bound": "exact" if told.low == told.high else "range", "unit": told.kind.unit,
            "dimension": told.kind.dimension, "per": told.per,
            "measure": piece.scripted(told.measure) if told.measure else None,
            "activity": told.kind.activity, "brand": told.brand, "period_start": told.start, "period_end": told.end,
            "status": told.status, "part_of": spans[told.whole] if told.whole else None,
            "region": told.region or piece.region or None, "sentence": _sentence(text, start, end),
        }  # fmt: skip


def _sentence(text: str, start: int, end: int) -> str:
    begins = max(text.rfind(mark, 0, start) for mark in "。\n") + 1
    return text[begins : min(text.find(mark, end) for mark in "。\n" if mark in text[end:]) + 1]


def write_tables(folder: Path, articles: Iterable[TypedRow], indicators: Iterable[TypedRow]) -> Path:
    """The folder of tables that a run would have left."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = {"articles": articles, "indicators": indicators, "brands": (), "activities": ()}
    for name, columns in COLUMNS.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow(columns)
            writer.writerows([[_cell(column, row) for column in columns] for row in rows[name]])
    record = {"version": "0.1.0", "fingerprint": "0" * 16}
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


_WHERE_MISSING = {
    "characters": "0", "confidence": "1.00", "confidence_meaning": "1.00", "confidence_time": "1.00", "bound": "exact",
    "rule": "made",
}  # fmt: skip


@contextmanager
def empty_store(folder: Path) -> Iterator[DuckDBPyConnection]:
    """The store of a run that found nothing, to `fill`."""
    with opened(write_tables(folder, [], [])) as connection:
        yield connection


def fill(connection: DuckDBPyConnection, articles: Iterable[TypedRow], indicators: Iterable[TypedRow]) -> None:
    """Other rows in the place of those of a store; a figure that does not fit is NULL, as the store reads it."""
    for name, rows in (("articles", list(articles)), ("indicators", list(indicators))):
        connection.execute(f"DELETE FROM {name}")
        cells = [[_stored_cell(column, row) for row in rows] for column in COLUMNS[name]]
        connection.execute(f"INSERT INTO {name} SELECT {', '.join(['unnest(?::VARCHAR[])'] * len(cells))}", cells)


def _stored_cell(column: str, row: TypedRow) -> str | None:
    cell = row.get(column)
    return None if isinstance(cell, Decimal) and cell >= 10**28 else _cell(column, row) or None


def sums(connection: DuckDBPyConnection, request: Request | None = None) -> tuple[list[TypedRow], list[TypedRow]]:
    """The ledger and the totals that the pipeline makes of a store."""
    total(connection, request or Request())
    return _rows(connection, "ledger"), _rows(connection, "totals")


def _rows(connection: DuckDBPyConnection, table: str) -> list[TypedRow]:
    found = connection.execute(f"SELECT * FROM {table}")
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _cell(column: str, row: TypedRow) -> str:
    value = row.get(column)
    if value is None:
        return _WHERE_MISSING.get(column, "")
    return decimal_text(value) if isinstance(value, Decimal) else str(value)


# Rendered as articles.


def write_articles(folder: Path, corpus: Corpus) -> Path:
    """Each article as a text file."""
    folder.mkdir(parents=True, exist_ok=True)
    for piece in corpus.pieces:
        (folder / piece.name).write_text(piece.placed()[0], encoding="utf-8", newline="\n")
    return folder


# Tables that nobody planned: small domains, so that figures meet.

_SENTENCES = (
    "全年走访慰问侨眷30户，冬季30户，三十户。", "2023年全年走访慰问侨眷30户，冬季30户，三十户，送上祝福。", "走访慰问30户三十户。",
    "全年走訪慰問僑眷30户，冬季30户，三十户。", "▲2023年，全年走访慰问侨眷30户，冬季30户，三十户，送上祝福。", None,
    "走访慰问侨眷一百三十户、130户，其中30户、30户，三十户。", "30户30户130户，三十户、三十户，共三百三十户。",
)  # fmt: skip
_TITLES = ("全年走访慰问侨眷30户，冬季30户，三十户", "走访慰问30户，三十户", "30户三十户", "侨联工作情况", None)
_DAYS = (
    None, date(2015, 5, 1), date(2018, 12, 31), date(2021, 1, 1), date(2022, 12, 31), date(2023, 1, 1), date(2023, 3, 31),
    date(2023, 4, 14), date(2023, 4, 15), date(2023, 5, 1), date(2023, 5, 2), date(2023, 6, 30), date(2023, 12, 31),
    date(2024, 1, 31),
)  # fmt: skip
_NEAR_DAYS = (date(2023, 3, 31), date(2023, 4, 10), date(2023, 4, 14), date(2023, 4, 15), date(2023, 4, 28))
# Hangzhou and its districts before and after 2021, counties that became districts, Chongqing, Laiwu that went to Jinan.
_CODES = (
    None, "330000", "330100", "330102", "330104", "330103", "330105", "330113", "330110", "330181", "330183", "330111",
    "500151", "371200", "371202", "370116", "370100", "100000",
)  # fmt: skip
_ALIKE_CODES = (
    ("330103", "330105"),
    ("330183", "330111"),
    ("330113", "330110"),
    ("371200", "370100"),
    ("371202", "370116"),
)


@st.composite
def wild_tables(draw: st.DrawFn) -> tuple[list[TypedRow], list[TypedRow]]:
    """Articles and indicators of a few values each."""
    return random_tables(draw(st.randoms(use_true_random=False)), draw(st.integers(0, 12)))


def random_tables(random: Random, size: int) -> tuple[list[TypedRow], list[TypedRow]]:
    """The same from a seeded source: `size` indicators in up to four articles."""
    names = ("a.txt", "b.txt", "乙.txt", "B.txt")[: random.randint(1, 4)]
    codes = random.choices(_CODES[1:], k=random.randint(1, 3)) * 4 + random.choices(_CODES)
    if random.random() < 0.3:
        codes = list(random.choice(_ALIKE_CODES))
    days = [None, *random.choices(_DAYS, k=random.randint(0, 3))]
    told = random.choice((_DAYS, _DAYS, _NEAR_DAYS))
    articles = [
        {
            "article": name,
            "published": random.choice(told),
            "status": _seldom(random, "repeat", "ok"),
            "title": random.choice(_TITLES),
        }
        for name in names
    ]
    rows = [_random_row(random, names, place * 10, codes, days) for place in range(size)]
    for row in rows:
        others = [one for one in rows if one["article"] == row["article"] and one["start"] < row["start"]]
        if others and random.random() < 0.12:
            whole = random.choice(others)
            row["part_of"] = f"{whole['start']}-{whole['end']}"
    if random.random() < 0.5:
        values = random.choice(((30,), (30, 31), (30, 31, 32, 33)))
        rows = [row | _alike(random, codes[:2], values) for row in rows]
    if random.random() < 0.3:
        period = random.choice(_ONE_PERIOD)
        rows = [row | {"period_start": period[0], "period_end": period[1]} for row in rows]
    random.shuffle(rows)
    return articles, rows


_ONE_PERIOD = (None, None), (None, None), (date(2023, 1, 1), date(2023, 12, 31)), (date(2023, 4, 1), date(2023, 4, 1))


def _alike(random: Random, codes: Sequence[str | None], values: Sequence[int]) -> TypedRow:
    """What makes a row one of the same thing, told in a sentence too short to be a statement again."""
    value = Decimal(random.choice(values))
    return {
        "low": value, "high": value, "bound": "exact", "unit": "户", "dimension": "households", "brand": None, "per": None,
        "sentence": "30户三十户。", "region": random.choice(codes),
        "measure": random.choice(("走访侨眷", "走訪僑眷", "走访侨眷", None)),
    }  # fmt: skip


def _random_row(
    random: Random, names: Sequence[str], start: int, codes: Sequence[str | None], days: Sequence[date | None]
) -> TypedRow:
    period = [random.choice(days), random.choice(days)]
    if None not in period:
        period.sort(key=str)
    low = random.choice((Decimal(30), Decimal(30), Decimal("40.5")))
    high = low + 10 if random.random() < 0.1 else low if random.random() < 0.95 else random.choice(_HUGE)
    return {
        "article": random.choice(names), "start": start, "end": start + 3,
        "text": random.choice(("30户", "30户", "三十户")), "low": low, "high": high,
        "bound": "exact" if low == high else "over", "unit": _seldom(random, None, "户"),
        "dimension": _seldom(random, "ratio", "households"), "per": _seldom(random, "year", None),
        "measure": random.choice((None, "走访侨眷", "走訪僑眷", "走访侨眷")),
        "brand": random.choice((None, None, None, None, None, None, "侨助工坊", "僑助工坊", "侨|助")),
        "activity": random.choice((None, "visit", "visit")), "period_start": period[0], "period_end": period[1],
        "status": _seldom(random, "planned", "done"), "part_of": _seldom(random, "999-1000", None),
        "region": random.choice(codes), "sentence": random.choice(_SENTENCES),
    }  # fmt: skip


_HUGE = (Decimal(10) ** 18, Decimal(10) ** 30)


def _seldom(random: Random, rare: str | None, common: str | None) -> str | None:
    return rare if random.random() < 0.06 else common


def joined(
    worlds: Iterable[tuple[list[TypedRow], list[TypedRow]]],
) -> tuple[list[TypedRow], list[TypedRow]]:
    """Tables side by side that do not touch: articles and units bear the number of their world."""
    articles: list[TypedRow] = []
    indicators: list[TypedRow] = []
    for number, (some, rows) in enumerate(worlds):
        articles += [row | {"article": f"{number}/{row['article']}"} for row in some]
        named = [row | {"article": f"{number}/{row['article']}"} for row in rows]
        indicators += [row | {"unit": f"{number}{row['unit']}" if row["unit"] else None} for row in named]
    return articles, indicators
