"""Promises of amounts: an interval is written as people write it, and what is written reads back as the interval."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jianbao.extractors.candidates import candidates, interval
from jianbao.pipeline.amounts import write_amounts, written

CASES = [
    ("1700", "1700", "1,700", "1,700"),
    ("0", "0", "0", "0"),
    ("3.50", "3.50", "3.5", "3.5"),
    ("1700", "1800", "1,700余", "1,700+"),
    ("40000000", "50000000", "4,000余万", "40,000,000+"),
    ("160000000", "170000000", "1.6亿余", "160,000,000+"),
    ("40000", "50000", "4万余", "40,000+"),
    ("36000", "40000", "近4万", "nearly 40,000"),
    ("2700", "3300", "约3,000", "about 3,000"),
    ("2700", "3400", "2,700–3,400", "2,700–3,400"),
    ("1234500", "1234500", "123.45万", "1,234,500"),
    ("1234567", "1234567", "1,234,567", "1,234,567"),
    ("1234560000", "1234560000", "123,456万", "1,234,560,000"),
    ("2270000000000", "2270000000000", "2.27万亿", "2,270,000,000,000"),
    ("90000000", "110000001", "90,000,000–110,000,001", "90,000,000–110,000,001"),
    ("80000000", "110000000", "8,000万–1.1亿", "80,000,000–110,000,000"),
    ("257982910000", "258194000000", "2,579.8291亿–2,581.94亿", "257,982,910,000–258,194,000,000"),
    ("2", "30000", "2–30,000", "2–30,000"),
    ("0", "1", "0–1", "0–1"),
]


@pytest.mark.parametrize(("low", "high", "chinese", "english"), CASES)
def test_an_interval_is_written_as_people_write_it(low: str, high: str, chinese: str, english: str) -> None:
    assert written(Decimal(low), Decimal(high)) == chinese
    assert written(Decimal(low), Decimal(high), "en") == english


@pytest.mark.parametrize(("low", "high", "chinese", "english"), CASES)
def test_zeros_behind_the_point_change_nothing(low: str, high: str, chinese: str, english: str) -> None:
    padded = Decimal(low).quantize(Decimal("1.0000000000")), Decimal(high).quantize(Decimal("1.0000000000"))
    assert (written(*padded), written(*padded, "en")) == (chinese, english)


def read(words: str) -> list[tuple[Decimal, Decimal]]:
    return [(found.low, found.high) for found in candidates(f"捐赠{words}元。")]


amounts = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(exponent), st.integers(1, 999_999), st.integers(-2, 12)
)
bounds = st.sampled_from(["exact", "over", "under", "about"])


def step(value: Decimal) -> Decimal:
    return Decimal(1).scaleb(int(value.normalize().as_tuple().exponent))


@given(amounts, bounds)
@example(Decimal(10), "under")
@example(Decimal("0.5"), "about")
def test_what_a_word_means_is_written_with_a_word_that_means_it(value: Decimal, bound: str) -> None:
    low, high = interval(value, step(value), bound)  # type: ignore[arg-type]
    assert "–" not in written(low, high)
    assert read(written(low, high)) == [(low, high)]


@given(amounts, amounts)
@example(Decimal(2), Decimal(30000))
@example(Decimal(8500), Decimal(30000))
@example(Decimal(90000000), Decimal(110000000))
def test_any_interval_reads_back_as_itself(one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    assert read(written(low, high)) == [(low, high)]


@given(amounts, amounts)
def test_english_has_no_chinese_and_keeps_every_digit(one: Decimal, other: Decimal) -> None:
    low, high = sorted((one, other))
    words = written(low, high, "en")
    assert words.isascii() or "–" in words
    assert not set(words) & set("万亿余近约")
    if low == high:
        assert Decimal(words.replace(",", "")) == low


def test_a_sum_of_forty_digits_loses_none() -> None:
    value = Decimal("1234567890123456789012345678.0123456789")
    assert written(value, value) == "1,234,567,890,123,456,789,012,345,678.0123456789"


def test_amounts_of_a_table_are_those_of_its_intervals_each_once() -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE sums AS SELECT (i % 30000)::DECIMAL(38,10) AS low, (i % 30000 + 1)::DECIMAL(38,10) AS high"
            " FROM range(60000) numbers(i)"
        )
        connection.execute("INSERT INTO sums VALUES (NULL, NULL)")
        write_amounts(connection, "sums")
        rows = connection.execute("SELECT low, high, amount FROM amounts ORDER BY low").fetchall()
        assert len(rows) == 30000
        assert [(low, high, amount) for low, high, amount in rows if amount != written(low, high)] == []
        assert [name for (name,) in connection.execute("SHOW TABLES").fetchall()] == ["amounts", "sums"]
