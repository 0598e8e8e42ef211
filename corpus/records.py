"""What a record is: mentions with half-open offsets into `Article.text`, and the figures that they carry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, get_args

from .lexicons import lexical, own

if TYPE_CHECKING:
    from .display import Table

Bound = Literal["exact", "over", "under", "about", "range"]
Status = Literal["done", "planned"]
BOUNDS: tuple[Bound, ...] = get_args(Bound)
STATUSES: tuple[Status, ...] = get_args(Status)

DIMENSIONS: dict[str, str] = {
    "money": "金额",
    "people": "人数",
    "person_times": "人次",
    "visits": "家次户次",
    "households": "户数",
    "organisations": "机构",
    "places": "地方",
    "events": "场次",
    "cases": "问题意见",
    "projects": "项目",
    "agreements": "协议",
    "facilities": "设施",
    "goods": "物资",
    "works": "作品",
    "views": "受众",
    "area": "面积",
    "length": "长度",
    "weight": "重量",
    "ratio": "比率",
    "other": "其他",
}
ACTIVITY_TYPES: dict[str, str] = {
    "visit": "走访慰问",
    "donation": "捐赠公益",
    "training": "培训授课",
    "investment": "招商引资",
    "talent": "引才创新",
    "pairing": "结对共富",
    "rights": "维权法务",
    "publicity": "宣传普及",
    "exchange": "联谊交流",
    "consultation": "调研建言",
    "platform": "阵地平台",
    "service": "服务办事",
    "relief": "抗疫救灾",
    "honour": "荣誉表彰",
    "study": "学习教育",
}

BRAND_KINDS: dict[str, str] = {
    "project": "项目行动",
    "event": "活动",
    "platform": "平台",
    "place": "场所",
    "fund": "基金",
    "team": "团队机制",
    "product": "产品",
}


@lexical
def activity_types() -> dict[str, str]:
    """The types of the package and those of the domain in force, with their Chinese names."""
    return {**ACTIVITY_TYPES, **{code: chinese for _, _, code, *_, chinese, _, _ in own("dictionary")}}


@lexical
def own_types() -> frozenset[str]:
    """The types of the domain in force alone: no model knows them."""
    return frozenset(row[2] for row in own("dictionary"))


@lru_cache(maxsize=1 << 14)
def decimal_text(value: Decimal) -> str:
    """A figure with `.` as decimal sign, without exponent, thousands separators or trailing zeros.

    >>> decimal_text(Decimal("1.50E+8"))
    '150000000'
    """
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value as the interval that the words allow, in the base unit: 近4万元 is 36000..40000 元."""

    low: Decimal
    high: Decimal
    bound: Bound
    unit: str
    dimension: str
    per: str = ""


@dataclass(frozen=True, slots=True)
class Period:
    """Start and end as ISO dates, each None where the text leaves it open, and the words that said so."""

    start: date | None
    end: date | None
    text: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch of an article, `article.text[start:end] == text`, and the rule or model that found it."""

    start: int
    end: int
    text: str
    rule: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Indicator(Mention):
    """A number with a unit or counted noun that states the size of some work, means or result."""

    quantity: Quantity
    measure: str = ""
    activity: str = ""
    brand: str = ""
    period: Period | None = None
    status: Status = "done"
    part_of: tuple[int, int] | None = None
    region: str | None = None
    confidence_meaning: float = 1.0
    confidence_time: float = 1.0

    def believed(self, figure: float, meaning: float, time: float) -> Indicator:
        """The same with other confidences; every record passes here, and `replace` takes thrice as long."""
        return Indicator(
            self.start,
            self.end,
            self.text,
            self.rule,
            figure,
            self.quantity,
            self.measure,
            self.activity,
            self.brand,
            self.period,
            self.status,
            self.part_of,
            self.region,
            meaning,
            time,
        )


@dataclass(frozen=True, slots=True)
class Brand(Mention):
    """A proper name that the reporting body, its members or partners give to their own work."""

    name: str
    kind: str

    def believed(self, confidence: float) -> Brand:
        """The same with another confidence."""
        return Brand(self.start, self.end, self.text, self.rule, confidence, self.name, self.kind)


@dataclass(frozen=True, slots=True)
class Activity(Mention):
    """One activity type of one sentence; a sentence has as many of these as it has types."""

    type: str

    def believed(self, confidence: float) -> Activity:
        """The same with another confidence."""
        return Activity(self.start, self.end, self.text, self.rule, confidence, self.type)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A candidate that is no record, and the rule that refused it."""

    start: int
    end: int
    text: str
    rule: str


@dataclass(frozen=True, slots=True)
class Records:
    """All that was found in one article, each list in reading order."""

    indicators: tuple[Indicator, ...] = ()
    brands: tuple[Brand, ...] = ()
    activities: tuple[Activity, ...] = ()
    refusals: tuple[Refusal, ...] = ()

    def _repr_html_(self) -> str:
        """Tables of the records, for a notebook; `jianbao.show` shows them in their text."""
        from .display import framed, tables_html

        return framed(tables_html(self.tables()))

    def tables(self) -> tuple[Table, ...]:
        """What is shown of the records: the columns of `indicators.csv` and the others."""
        from .display import Table

        return (
            Table("indicators 指标", _INDICATOR, [_indicator_row(found) for found in self.indicators]),
            Table("brands 品牌", _BRAND, [_brand_cells(found) for found in self.brands]),
            Table("activities 活动类型", _ACTIVITY, [_activity_cells(found) for found in self.activities]),
            Table("refused 未采纳", _REFUSAL, [(str(one.start), one.text, one.rule) for one in self.refusals]),
        )


_INDICATOR = (
    "start", "text", "low", "high", "bound", "unit", "dimension", "per", "measure", "activity", "brand", "period_start",
    "period_end", "period_text", "status", "part_of", "region", "confidence", "rule",
)  # fmt: skip
_BRAND = ("start", "text", "name", "kind", "confidence", "rule")
_ACTIVITY = ("start", "text", "type", "confidence", "rule")
_REFUSAL = ("start", "text", "rule")


def indicator_cells(found: Indicator) -> dict[str, str]:
    """What an indicator says in the columns of `indicators.csv` from `low` to `region`; empty for unknown.

    >>> found = Indicator(0, 3, "30户", "", 1, Quantity(Decimal(30), Decimal(30), "exact", "户", "households"), "走访")
    >>> {name: words for name, words in indicator_cells(found).items() if words}
    {'low': '30', 'high': '30', 'bound': 'exact', 'unit': '户', 'dimension': 'households', 'measure': '走访', 'status': 'done'}
    """
    quantity, period = found.quantity, found.period
    return {
        "low": decimal_text(quantity.low),
        "high": decimal_text(quantity.high),
        "bound": quantity.bound,
        "unit": quantity.unit,
        "dimension": quantity.dimension,
        "per": quantity.per,
        "measure": found.measure,
        "activity": found.activity,
        "brand": found.brand,
        "period_start": period.start.isoformat() if period and period.start else "",
        "period_end": period.end.isoformat() if period and period.end else "",
        "period_text": period.text if period else "",
        "status": found.status,
        "part_of": f"{found.part_of[0]}-{found.part_of[1]}" if found.part_of else "",
        "region": found.region or "",
    }


def _indicator_row(found: Indicator) -> tuple[str, ...]:
    return str(found.start), found.text, *indicator_cells(found).values(), f"{found.confidence:.2f}", found.rule


def _brand_cells(found: Brand) -> tuple[str, ...]:
    return str(found.start), found.text, found.name, found.kind, f"{found.confidence:.2f}", found.rule


def _activity_cells(found: Activity) -> tuple[str, ...]:
    return str(found.start), found.text, found.type, f"{found.confidence:.2f}", found.rule
