"""Tables that nobody planned: small domains, so that figures meet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from random import Random

from hypothesis import strategies as st
from made_stores import TypedRow

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
