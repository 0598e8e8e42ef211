"""An interval in, the words out by which people write it: 1,700余, 近4万, 约3,000; in English 1,700+, nearly 40,000."""

from __future__ import annotations

from decimal import Context, Decimal, localcontext
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from ..corpus.records import Bound
from ..extractors.candidates import interval

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Language = Literal["zh", "en"]
_DIGITS = Context(prec=80)
_SCALES = ((Decimal(10**12), "万亿"), (Decimal(10**8), "亿"), (Decimal(10**4), "万"))
_DECIMALS = 2
_RANGE_DECIMALS = 4  # of the ends of a range, which are told by one scale
_BATCH = 20_000


@lru_cache(maxsize=1 << 14)
def written(low: Decimal, high: Decimal, lang: Language = "zh") -> str:
    """The interval `low..high` as a reader of the language writes it; what is written reads back as the same interval.

    >>> [written(Decimal(low), Decimal(high)) for low, high in ((1700, 1800), (36000, 40000), (2700, 3300), (5, 8))]
    ['1,700余', '近4万', '约3,000', '5–8']
    >>> written(Decimal(40000000), Decimal(50000000)), written(Decimal(1234500), Decimal(1234500))
    ('4,000余万', '123.45万')
    >>> written(Decimal(1700), Decimal(1800), "en"), written(Decimal(36000), Decimal(40000), "en")
    ('1,700+', 'nearly 40,000')
    """
    with localcontext(_DIGITS):
        bound, value = _shape(low, high)
        if lang == "en":
            return _english(bound, value, low, high)
        return _chinese(bound, value, low, high)


def _shape(low: Decimal, high: Decimal) -> tuple[Bound, Decimal]:
    """The bounded value that means this interval, as the guideline reads it: 36000..40000 is under 40000."""
    if low == high:
        return "exact", low
    middle = (low + high) / 2
    guesses: tuple[tuple[Bound, Decimal], ...] = (("over", low), ("under", high), ("about", middle))
    for bound, value in guesses:
        if value > 0 and interval(value, _step(value), bound) == (low, high):
            return bound, value
    return "range", low


def _step(value: Decimal) -> Decimal:
    """One unit of the last digit that is not zero: 1700 gives 100."""
    return Decimal(1).scaleb(int(value.normalize().as_tuple().exponent))


def _english(bound: Bound, value: Decimal, low: Decimal, high: Decimal) -> str:
    if bound == "range":
        return f"{_grouped(low)}–{_grouped(high)}"
    before, behind = {"over": ("", "+"), "under": ("nearly ", ""), "about": ("about ", "")}.get(bound, ("", ""))
    return f"{before}{_grouped(value)}{behind}"


def _chinese(bound: Bound, value: Decimal, low: Decimal, high: Decimal) -> str:
    if bound == "range":
        return _chinese_range(low, high)
    digits, scale = _folded(value)
    if bound == "over":
        return _chinese_excess(digits, scale)
    return {"under": "近", "about": "约"}.get(bound, "") + digits + scale


def _chinese_excess(digits: str, scale: str) -> str:
    """4,000余万, but 1.6亿余 and 4万余."""
    return f"{digits}余{scale}" if digits.endswith("0") and "." not in digits else f"{digits}{scale}余"


def _chinese_range(low: Decimal, high: Decimal) -> str:
    """Both ends fold or none: 2–3万 would be 20000..30000; and by one scale where that reads: 2,579.8291亿–2,581.94亿."""
    shares = [(value / 10**8).normalize() for value in (low, high)]
    if min(shares) >= 1 and all(int(share.as_tuple().exponent) >= -_RANGE_DECIMALS for share in shares):
        return "–".join(f"{_grouped(share)}亿" for share in shares)
    ends = _folded(low), _folded(high)
    if all(scale for _, scale in ends):
        return "–".join(digits + scale for digits, scale in ends)
    return f"{_grouped(low)}–{_grouped(high)}"


def _folded(value: Decimal) -> tuple[str, str]:
    """Digits and scale by the largest scale that leaves at most two decimals: 123.45万, 1,234,567."""
    for size, word in _SCALES:
        share = (value / size).normalize()
        if share >= 1 and int(share.as_tuple().exponent) >= -_DECIMALS:
            return _grouped(share), word
    return _grouped(value), ""


def _grouped(value: Decimal) -> str:
    return format(value.normalize(), ",f")


def write_amounts(connection: DuckDBPyConnection, source: str, lang: Language = "zh") -> None:
    """Make the table `amounts` (low, high, amount) of the intervals in the columns `low` and `high` of a relation.

    An interval is written once, however many rows have it; only a bounded number of them is held in memory.
    """
    connection.execute(f"CREATE TABLE pairs AS SELECT DISTINCT low, high FROM {source} WHERE low <= high")
    connection.execute("CREATE TABLE texts (pair BIGINT, amount VARCHAR)")
    for first in range(0, _count(connection, "pairs"), _BATCH):
        window = f"SELECT low, high FROM pairs WHERE rowid >= {first} AND rowid < {first + _BATCH} ORDER BY rowid"
        texts = [written(low, high, lang) for low, high in connection.execute(window).fetchall()]
        connection.execute(
            "INSERT INTO texts SELECT unnest(range(?, ?)), unnest(?::VARCHAR[])", [first, first + len(texts), texts]
        )
    connection.execute("CREATE TABLE amounts AS SELECT low, high, amount FROM pairs JOIN texts ON pairs.rowid = pair")
    connection.execute("DROP TABLE pairs")
    connection.execute("DROP TABLE texts")


def _count(connection: DuckDBPyConnection, name: str) -> int:
    found = connection.execute(f"SELECT count(*) FROM {name}").fetchone()
    return int(found[0]) if found else 0
