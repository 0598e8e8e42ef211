"""What a made bulletin may tell: kinds of things counted, figures that know their verdict, the articles that tell them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

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
SCALES = {"": 1, "万": 10**4, "亿": 10**8}


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
