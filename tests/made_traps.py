"""The traps of a sum, each planned in a division: it tells of things that nothing else there tells of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from made_figures import ARRIVED, DOLLARS, NAMES, PROJECT, YUAN, Kind
from made_plans import (
    UNDATED,
    Period,
    Planner,
    first_half,
    one_month,
    second_half,
    since_start_of,
    until_end_of,
    whole_year,
)

Trap = Callable[[Planner, str], None]
Telling = tuple[Period, date | None]


def plain(plan: Planner, region: str) -> None:
    kind = plan.kind(region)
    period = whole_year(plan.year)
    plan.say(region, plan.january, period[0], kind.measure, plan.figure(kind, period), plan.tail())


def levels(plan: Planner, region: str) -> None:
    """A province beside its counties, with and without what lies between them."""
    regions = [code for code in plan.regions() if code == plan.province or plan.random.random() < 0.6]
    kind, period = plan.kind(*regions), whole_year(plan.year)
    for code in regions:
        plan.say(code, plan.january, period[0], kind.measure, plan.figure(kind, period), "。")


def superseded(plan: Planner, region: str, first: Telling, last: Telling, ending: Callable[[], str]) -> None:
    """A figure that the later one of the same thing replaces."""
    kind = plan.kind(region)
    now = plan.figure(kind, last[0])
    before = plan.figure(kind, first[0], reason="reported_again", others=[now])
    for (period, published), told in ((first, before), (last, now)):
        plan.say(region, published, period[0], kind.measure, told, ending())


def stock(plan: Planner, region: str) -> None:
    first, last = until_end_of(plan.year - 1), until_end_of(plan.year)
    superseded(plan, region, (first, date(plan.year, 1, 15)), (last, plan.january), plan.tail)


def cumulative(plan: Planner, region: str) -> None:
    first, last = since_start_of(2020, plan.july), since_start_of(2020, plan.january)
    superseded(plan, region, (first, plan.july), (last, plan.january), plan.tail)


def half_and_year(plan: Planner, region: str) -> None:
    first, last = first_half(plan.year), whole_year(plan.year)
    superseded(plan, region, (first, plan.july), (last, plan.january), lambda: "。")


def later_half_and_year(plan: Planner, region: str) -> None:
    kind, half, whole = plan.kind(region), second_half(plan.year), whole_year(plan.year)
    now = plan.figure(kind, whole)
    inside = plan.figure(kind, half, reason="overlap", others=[now])
    plan.say(region, plan.january, whole[0], kind.measure, now, "。")
    plan.say(region, plan.february, half[0], kind.measure, inside, "。")


def month_in_year(plan: Planner, region: str) -> None:
    kind, month, whole = plan.kind(region), one_month(plan.year, plan.random.randint(2, 6)), whole_year(plan.year)
    now = plan.figure(kind, whole)
    inside = plan.figure(kind, month, reason="overlap", others=[now])
    plan.say(region, plan.july, month[0], kind.measure, inside, "。")
    plan.say(region, plan.january, whole[0], kind.measure, now, "。")


def months(plan: Planner, region: str) -> None:
    """Equal figures of months that follow each other are two."""
    kind, first, second = plan.kind(region), one_month(plan.year, 3), one_month(plan.year, 4)
    one = plan.figure(kind, first)
    plan.say(region, date(plan.year, 4, 8), first[0], kind.measure, one, "。")
    plan.say(region, date(plan.year, 5, 8), second[0], kind.measure, plan.again(one, second), "。")


def halves(plan: Planner, region: str) -> None:
    kind, first, second = plan.kind(region), first_half(plan.year), second_half(plan.year)
    plan.say(region, plan.july, first[0], kind.measure, plan.figure(kind, first), "。")
    plan.say(region, plan.january, second[0], kind.measure, plan.figure(kind, second), "。")


def part(plan: Planner, region: str) -> None:
    kind, period = plan.kind(region), whole_year(plan.year)
    whole = plan.figure(kind, period)
    inside = plan.figure(kind, period, between=(20, 90), whole=whole, reason="part", others=[whole])
    plan.say(region, plan.january, period[0], kind.measure, whole, "，其中", kind.measure, inside, "。")


def example(plan: Planner, region: str) -> None:
    kind, period = plan.kind(region), whole_year(plan.year)
    whole = plan.figure(kind, period)
    inside = plan.figure(kind, period, between=(20, 90), whole=whole, reason="part", others=[whole])
    plan.say(region, plan.january, period[0], kind.measure, whole, "。如：侨商会", kind.measure, inside, "。")


def part_of_part(plan: Planner, region: str) -> None:
    kind, period = plan.kind(region), whole_year(plan.year)
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
    kind, period = plan.kind(region), whole_year(plan.year + 2)
    hoped = plan.figure(kind, period, status="planned", reason="planned")
    plan.say(region, plan.january, f"计划{plan.year + 2}年", kind.measure, hoped, "。")


def ratio(plan: Planner, region: str) -> None:
    kind, period = plan.kind(region), whole_year(plan.year)
    share = Kind(f"{kind.measure}增长", "%", "ratio", kind.activity)
    rise = plan.figure(share, period, between=(11, 90), reason="ratio")
    plan.say(region, plan.january, period[0], share.measure, rise, "。")


def each(plan: Planner, region: str) -> None:
    kind, period = plan.kind(region), whole_year(plan.year)
    mean = plan.figure(kind, period, per="household", reason="per")
    plan.say(region, plan.january, period[0], "户均", kind.measure, mean, "。")


def currencies(plan: Planner, region: str) -> None:
    """Equal figures in two currencies are two rows, of the halves of a year too."""
    yuan, dollars, period = plan.kind(region, of=[YUAN]), plan.kind(region, of=[DOLLARS]), whole_year(plan.year)
    plan.say(region, plan.january, period[0], yuan.measure, plan.figure(yuan, period), "。")
    plan.say(region, plan.january, period[0], dollars.measure, plan.figure(dollars, period), "。")
    half = plan.figure(dollars, first_half(plan.year), reason="reported_again")
    half.others = [told for told in plan.pieces[region, plan.january, ""].figures() if told.kind is dollars]
    plan.say(region, plan.july, first_half(plan.year)[0], dollars.measure, half, "。")


def told_twice(plan: Planner, region: str) -> None:
    kind, period = plan.kind(region), whole_year(plan.year)
    first = plan.figure(kind, period)
    again = plan.again(first, reason="same_figure", others=[first])
    plan.say(region, plan.january, period[0], kind.measure, first, plan.tail())
    plan.say(region, plan.february, "回顾", period[0], kind.measure, again, plan.tail())


def told_fully_later(plan: Planner, region: str) -> None:
    """The article that tells more of equal figures counts, also where it came later."""
    kind, period = plan.kind(region), whole_year(plan.year)
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
    kind, month = plan.kind(region), one_month(plan.year, 3)
    dated = plan.figure(kind, month)
    near = plan.again(dated, UNDATED, reason="same_figure", others=[dated])
    when = plan.random.choice((date(plan.year, 3, 10), date(plan.year, 5, 1), None))
    plan.say(region, date(plan.year, 4, 8), month[0], kind.measure, dated, "，反响良好。")
    plan.say(region, when, kind.measure, near, "，获得好评。")


def undated_beyond_dated(plan: Planner, region: str) -> None:
    kind, month = plan.kind(region), one_month(plan.year, 3)
    dated = plan.figure(kind, month)
    when = plan.random.choice((date(plan.year, 2, 27), date(plan.year, 5, 2)))
    plan.say(region, date(plan.year, 4, 8), month[0], kind.measure, dated, "，反响良好。")
    plan.say(region, when, kind.measure, plan.again(dated, UNDATED), "，获得好评。")


def two_things(plan: Planner, region: str) -> None:
    kind, period = plan.kind(region), whole_year(plan.year)
    east = plan.figure(kind, period)
    plan.say(region, plan.january, period[0], "在东片区", kind.measure, east, "。")
    plan.say(region, plan.january, period[0], "在西片区", kind.measure, plan.again(east), "。")


def twice_in_one_breath(plan: Planner, region: str) -> None:
    kind, period = plan.kind(region), whole_year(plan.year)
    spring = plan.figure(kind, period)
    words = ("春季", kind.measure, spring, "，冬季", kind.measure, plan.again(spring), "。")
    plan.say(region, plan.january, period[0], *words)


def retold(plan: Planner, region: str) -> None:
    """A lead and a caption tell again what the body tells."""
    kind, period = plan.kind(region), whole_year(plan.year)
    body = plan.figure(kind, period)
    lead = plan.again(body, reason="retold", others=[body])
    caption = plan.again(body, reason="retold", others=[body, lead])
    sentence = (period[0], "侨联系统", kind.measure)
    plan.say(region, plan.january, *sentence, lead, "。")
    plan.say(region, plan.january, *sentence, body, "，送上祝福。")
    plan.say(region, plan.january, *sentence, caption, "。")


def revised(plan: Planner, region: str) -> None:
    """Of the figures of a year that do not agree the latest counts."""
    kind, period = plan.kind(region), whole_year(plan.year)
    now = plan.figure(kind, period, between=(500, 900))
    before = plan.figure(kind, period, between=(100, 400), reason="reported_again", others=[now])
    plan.say(region, plan.january, period[0], kind.measure, before, plan.tail())
    plan.say(region, plan.february, period[0], kind.measure, now, plan.tail())


def two_of_a_year(plan: Planner, region: str) -> None:
    """Figures of a year that stand in one article both count, and a later article with one of another size does not."""
    kind, period = plan.kind(region), whole_year(plan.year)
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
    kind, period = plan.kind(region), whole_year(plan.year)
    first = plan.figure(kind, period)
    again = plan.again(first, reason="same_figure", others=[first])
    plan.say(region, plan.january, period[0], kind.measure, first, "。")
    plan.say(region, plan.february, period[0], kind.measure, again, "。", slot="traditional").traditional = True


def nowhere(plan: Planner, region: str) -> None:
    kind, period = plan.kind(""), whole_year(plan.year)
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
    kind, period = plan.kind(county), whole_year(plan.year)
    first = plan.figure(kind, period)
    again = plan.again(first, reason="same_figure", others=[first], region=county)
    plan.say(county, plan.january, period[0], kind.measure, first, "。")
    plan.say(plan.province, plan.february, period[0], "该县", kind.measure, again, "。")


def too_big(plan: Planner, region: str) -> None:
    kind, period = plan.kind(region), whole_year(plan.year)
    huge = plan.figure(kind, period, high=Decimal(10) ** plan.random.choice((18, 21)), reason="out_of_range")
    part = plan.figure(kind, period, whole=huge)
    plan.say(region, plan.january, period[0], kind.measure, huge, "，其中", kind.measure, part, "。")


def brands(plan: Planner, region: str) -> None:
    """The same words under two brands are two things; periods of different brands do not overlap."""
    kind, whole, half = plan.kind(region), whole_year(plan.year), first_half(plan.year)
    one = plan.figure(kind, whole, brand="侨助工坊")
    plan.say(region, plan.january, whole[0], kind.measure, one, "。")
    plan.say(region, plan.february, whole[0], kind.measure, plan.again(one, brand="侨胞驿站"), "。")
    plan.say(region, plan.july, half[0], kind.measure, plan.figure(kind, half, brand="侨心之家"), "。")


def inside_a_number(plan: Planner, region: str) -> None:
    """30 stands once in a sentence with 130 and 30, so that the caption that says it again is one telling."""
    kind, period = plan.kind(region), whole_year(plan.year)
    size, more = plan.random.randint(11, 99), plan.random.randint(1, 8)
    long, short = (plan.exact(kind, figure, period) for figure in (100 * more + size, size))
    words = (period[0], "侨联系统", kind.measure)
    plan.say(region, plan.january, *words, long, "，在东片区", kind.measure, short, "。")
    again = [plan.again(told, reason="retold", others=[told]) for told in (long, short)]
    plan.say(region, plan.january, *words, again[0], "，在东片区", kind.measure, again[1], "。")


def open_end(plan: Planner, region: str) -> None:
    """What began some day and was told nobody knows when gives way to a year."""
    kind, whole = plan.kind(region), whole_year(plan.year)
    year = plan.figure(kind, whole)
    since = plan.figure(kind, ("2020年以来，", date(2020, 1, 1), None), reason="overlap", others=[year])
    plan.say(region, plan.january, whole[0], kind.measure, year, "。")
    plan.say(region, None, "2020年以来，累计", kind.measure, since, "。")


def titled(plan: Planner, region: str) -> None:
    """The title tells what the body tells in other words; a figure that only the title tells counts."""
    kind, other, period = plan.kind(region), plan.kind(region), whole_year(plan.year)
    body, alone = plan.figure(kind, period), plan.figure(other, period)
    title = plan.again(body, reason="retold", others=[body])
    piece = plan.say(region, plan.january, period[0], "各级侨联", kind.measure, body, plan.tail(), slot=f"title {kind}")
    piece.head = [f"{NAMES[region]}侨联", kind.measure, title, "、", other.measure, alone]


def nameless(plan: Planner, region: str) -> None:
    """Without a measure the whole sentence says what is counted; what overlaps stays."""
    kind, whole, half = plan.kind(region), whole_year(plan.year), first_half(plan.year)
    one = plan.figure(kind, whole, measure=None)
    again = plan.again(one, reason="same_figure", others=[one])
    plan.say(region, plan.january, whole[0], kind.measure, one, "，反响良好。")
    plan.say(region, plan.february, whole[0], kind.measure, again, "，反响良好。")
    plan.say(region, plan.february, whole[0], kind.measure, plan.again(one), "，获得好评。", slot="other")
    plan.say(region, plan.july, half[0], kind.measure, plan.figure(kind, half, measure=None), "。")


TABLE_TRAPS: tuple[Trap, ...] = (*TRAPS, told_by_parent, too_big, brands, nameless, inside_a_number, open_end, titled)
