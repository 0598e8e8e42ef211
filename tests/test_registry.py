"""Promises of the brand registry: a name once however it is told, where and when it is used, and what its figures add up to."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jianbao.corpus.records import BRAND_KINDS
from jianbao.pipeline.registry import register

Row = tuple[object, ...]
TABLES = {
    "articles": "article VARCHAR, region VARCHAR, published DATE, status VARCHAR",
    "brands": "article VARCHAR, name VARCHAR, brand VARCHAR, kind VARCHAR",
    "indicators": 'article VARCHAR, "start" BIGINT, "end" BIGINT, brand VARCHAR, measure VARCHAR, dimension VARCHAR, unit VARCHAR',
    "ledger": 'article VARCHAR, "start" BIGINT, "end" BIGINT, region VARCHAR, verdict VARCHAR, low DECIMAL(38,10), high DECIMAL(38,10)',
}


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def fill(
    connection: duckdb.DuckDBPyConnection,
    articles: Sequence[Row],
    brands: Sequence[Row] = (),
    figures: Sequence[Row] = (),
) -> None:
    """The tables: articles (article, region, published[, status]), brands (article, name, brand, kind) and figures
    (article, brand, measure, dimension, unit, low, high[, verdict]), each in the region of its article."""
    for name, columns in TABLES.items():
        connection.execute(f"CREATE OR REPLACE TABLE {name} ({columns})")
    for article, region, published, *status in articles:
        connection.execute(
            "INSERT INTO articles VALUES (?, ?, ?, ?)", [article, region, published, *(status or ["ok"])]
        )
    for row in brands:
        connection.execute("INSERT INTO brands VALUES (?, ?, ?, ?)", list(row))
    regions = {article: region for article, region, *_ in articles}
    for place, (article, *told, low, high, verdict) in enumerate(
        row if len(row) == 8 else (*row, "counted") for row in figures
    ):
        span = [article, place, place + 1]
        connection.execute("INSERT INTO indicators VALUES (?, ?, ?, ?, ?, ?, ?)", [*span, *told])
        connection.execute(
            "INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?)", [*span, regions[article], verdict, low, high]
        )


def registry(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, object]]:
    """The rows of the registry by name."""
    register(connection)
    return {str(row["name"]): row for row in rows_of(connection, "brand_registry")}


def rows_of(connection: duckdb.DuckDBPyConnection, table: str) -> list[dict[str, object]]:
    names = [name for name, *_ in connection.execute(f"DESCRIBE {table}").fetchall()]
    return [dict(zip(names, row, strict=True)) for row in connection.execute(f"SELECT * FROM {table}").fetchall()]


HANGZHOU, NINGBO, ZHEJIANG, LINPING = "330100", "330200", "330000", "330113"
ARTICLES = [("a", HANGZHOU, date(2021, 3, 1)), ("b", NINGBO, date(2023, 5, 2)), ("c", HANGZHOU, date(2022, 1, 1))]


def test_a_brand_is_one_row_with_its_first_and_last_day_regions_and_counts(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    brands = [(article, "侨助工坊", "侨助工坊", "platform") for article in "abbc"]
    fill(connection, ARTICLES, brands, [("b", "侨助工坊", "建成", "facilities", "家", 238, 238)])
    register(connection)
    assert rows_of(connection, "brand_registry") == [
        {
            "name": "侨助工坊",
            "variants": None,
            "kind": "platform",
            "first_seen": date(2021, 3, 1),
            "last_seen": date(2023, 5, 2),
            "regions": "330100、330200",
            "region_names": "浙江省杭州市、浙江省宁波市",
            "region_count": 2,
            "articles": 3,
            "mentions": 4,
            "indicators": 1,
            "figures": "建成 238家",
        }
    ]


def test_a_repeat_changes_nothing(connection: duckdb.DuckDBPyConnection) -> None:
    brands = [(article, "侨助工坊", "侨助工坊", "platform") for article in "abc"]
    figures: list[Row] = [("b", "侨助工坊", "建成", "facilities", "家", 238, 238)]
    fill(connection, ARTICLES, brands, figures)
    before = registry(connection)
    spread = rows_of(connection, "brand_spread")
    repeat = ("d", LINPING, date(2020, 1, 1), "repeat")
    told = [("d", "侨助工坊", "侨助工坊大会", "event"), ("d", "新名", "新名", "event")]
    again = ("d", "侨助工坊", "建成", "facilities", "家", 238, 238, "left_out")
    fill(connection, [*ARTICLES, repeat], brands + told, [*figures, again])
    assert registry(connection) == before
    assert rows_of(connection, "brand_spread") == spread


def test_both_scripts_are_one_name_shown_as_most_often_written(connection: duckdb.DuckDBPyConnection) -> None:
    names = ["僑助工坊", "僑助工坊", "侨助工坊"]
    brands = [(article, name, name, "platform") for article, name in zip("abc", names, strict=True)]
    fill(
        connection,
        ARTICLES,
        brands,
        [("a", "侨助工坊", "服務", "people", "人", 30, 30), ("b", "僑助工坊", "服务", "people", "人", 8, 8)],
    )
    found = registry(connection)
    assert list(found) == ["僑助工坊"]
    assert found["僑助工坊"]["variants"] == "侨助工坊"
    assert found["僑助工坊"]["figures"] == "服务 38人"


def test_of_two_scripts_told_as_often_the_simplified_is_shown(connection: duckdb.DuckDBPyConnection) -> None:
    fill(connection, ARTICLES, [("a", "愛邻工坊", "愛邻工坊", "platform"), ("b", "爱邻工坊", "爱邻工坊", "platform")])
    assert list(registry(connection)) == ["爱邻工坊"]


def test_a_short_name_goes_under_its_one_fuller_name_also_where_it_stands_alone(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    brands = [
        ("a", "金达莱姐姐调解队", "金达莱姐姐调解队", "team"),
        ("a", "金达莱姐姐", "金达莱姐姐调解队", "team"),
        ("b", "金達萊姐姐", "金達萊姐姐", "team"),
    ]
    fill(connection, ARTICLES, brands, [("b", "金達萊姐姐", "走访侨眷", "households", "户", 46, 46)])
    found = registry(connection)
    assert list(found) == ["金达莱姐姐调解队"]
    assert found["金达莱姐姐调解队"]["variants"] == "金达莱姐姐、金達萊姐姐"
    assert found["金达莱姐姐调解队"]["figures"] == "走访侨眷 46户"
    assert found["金达莱姐姐调解队"]["articles"] == 2


def test_a_short_name_of_two_fuller_ones_stays_alone(connection: duckdb.DuckDBPyConnection) -> None:
    brands = [("a", "同心驿站", "东湖同心驿站", "place"), ("b", "同心驿站", "西湖同心驿站", "place")]
    brands += [("a", "东湖同心驿站", "东湖同心驿站", "place"), ("b", "西湖同心驿站", "西湖同心驿站", "place")]
    fill(connection, ARTICLES, brands)
    assert {name: row["variants"] for name, row in registry(connection).items()} == {
        "东湖同心驿站": None,
        "同心驿站": None,
        "西湖同心驿站": None,
    }


def test_one_hop_only(connection: duckdb.DuckDBPyConnection) -> None:
    """春风 and 春风到家 are told for 春风行动, that one for 临平春风行动: nobody said that they are that."""
    brands = [
        ("a", "春风", "春风行动", "project"),
        ("a", "春风到家", "春风行动", "project"),
        ("a", "春风行动", "春风行动", "project"),
        ("b", "春风行动", "临平春风行动", "project"),
        ("b", "临平春风行动", "临平春风行动", "project"),
    ]
    fill(connection, ARTICLES, brands)
    assert {name: row["variants"] for name, row in registry(connection).items()} == {
        "临平春风行动": "春风行动",
        "春风": None,
        "春风到家": None,
    }


def test_two_names_each_told_for_the_other_are_one(connection: duckdb.DuckDBPyConnection) -> None:
    brands = [
        ("a", "侨界春晚", "第三届侨界春晚", "event"),
        ("a", "第三届侨界春晚", "第三届侨界春晚", "event"),
        ("b", "第三届侨界春晚", "侨界春晚", "event"),
        ("b", "侨界春晚", "侨界春晚", "event"),
        ("c", "侨界春晚", "侨界春晚", "event"),
    ]
    fill(connection, ARTICLES, brands)
    assert {name: row["variants"] for name, row in registry(connection).items()} == {"侨界春晚": "第三届侨界春晚"}


def test_a_fuller_name_that_is_told_nowhere_by_itself_is_still_the_name(connection: duckdb.DuckDBPyConnection) -> None:
    fill(connection, ARTICLES, [("a", "春风", "春风行动", "project")])
    assert {name: row["variants"] for name, row in registry(connection).items()} == {"春风行动": "春风"}


def test_the_kind_is_the_most_frequent_and_of_equals_the_first_of_the_list(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    brands = [("a", "甲", "甲", kind) for kind in ("team", "team", "event")]
    brands += [("a", "乙", "乙", kind) for kind in reversed(BRAND_KINDS)]
    fill(connection, ARTICLES, [*brands, ("a", "丙", "丙", None)])  # type: ignore[list-item]
    found = registry(connection)
    assert [found[name]["kind"] for name in "甲乙丙"] == ["team", "project", None]


def test_what_is_unknown_of_an_article_is_empty_in_the_registry(connection: duckdb.DuckDBPyConnection) -> None:
    fill(connection, [("a", None, None)], [("a", "甲", "甲", "team")])
    row = registry(connection)["甲"]
    assert [row[name] for name in ("first_seen", "last_seen", "regions", "region_names", "figures")] == [None] * 5
    assert (row["region_count"], row["articles"], row["mentions"], row["indicators"]) == (0, 1, 1, 0)
    assert rows_of(connection, "brand_spread") == [
        {"name": "甲", "year": None, "region": None, "region_name": None, "level": None, "articles": 1, "mentions": 1, "first_year": None}
    ]  # fmt: skip


def test_regions_stand_in_order_of_first_use_those_without_a_date_last(connection: duckdb.DuckDBPyConnection) -> None:
    articles = [("a", "330300", None), ("b", NINGBO, date(2020, 1, 1)), ("c", HANGZHOU, date(2022, 1, 1)), ("d", NINGBO, date(2023, 1, 1))]  # fmt: skip
    fill(connection, articles, [(article, "甲", "甲", "team") for article in "abcd"])
    assert registry(connection)["甲"]["regions"] == "330200、330100、330300"


def test_a_code_that_no_table_knows_is_shown_as_it_is(connection: duckdb.DuckDBPyConnection) -> None:
    fill(connection, [("a", "999999", date(2020, 1, 1))], [("a", "甲", "甲", "team")])
    assert registry(connection)["甲"]["region_names"] == "999999"
    assert rows_of(connection, "brand_spread")[0]["level"] is None


def test_figures_add_up_as_intervals_by_measure_and_unit_biggest_groups_first(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    figures: list[Row] = [
        ("a", "甲", "建成", "facilities", "家", 238, 238),
        ("a", "甲", "服务侨胞", "person_times", "人次", 700, 800),
        ("b", "甲", "服务侨胞", "person_times", "人次", 1000, 1000),
        ("a", "甲", "建成", "facilities", "家", 500, 500, "left_out"),
        ("a", "乙", "建成", "facilities", "家", 1, 1),
        ("a", "甲", None, "people", None, 460000, 460000),
    ]
    fill(connection, ARTICLES, [("a", "甲", "甲", "team"), ("a", "乙", "乙", "team")], figures)
    found = registry(connection)
    assert found["甲"]["figures"] == "服务侨胞 1,700余人次；人数 46万；建成 238家"
    assert found["甲"]["indicators"] == 5
    assert found["乙"]["figures"] == "建成 1家"


def test_a_provinces_figure_holds_those_inside_it(connection: duckdb.DuckDBPyConnection) -> None:
    articles = [(code, code, date(2022, 1, 1)) for code in (ZHEJIANG, HANGZHOU, LINPING, "340100")]
    figures: list[Row] = [
        (code, "甲", "建成", "facilities", "家", count, count)
        for code, count in ((ZHEJIANG, 238), (HANGZHOU, 40), (LINPING, 5), ("340100", 2))
    ]
    figures += [(code, "甲", "走访", "households", "户", count, count) for code, count in ((LINPING, 5), ("340100", 2))]
    fill(connection, articles, [(ZHEJIANG, "甲", "甲", "team")], figures)
    assert registry(connection)["甲"]["figures"] == "建成 240家；走访 7户"


def test_at_most_ten_sums_are_shown(connection: duckdb.DuckDBPyConnection) -> None:
    figures: list[Row] = [("a", "甲", f"事{number:02}", "other", "项", number, number) for number in range(1, 15)]
    fill(connection, ARTICLES, [("a", "甲", "甲", "team")], figures)
    shown = str(registry(connection)["甲"]["figures"]).split("；")
    assert shown == [f"事{number:02} {number}项" for number in range(14, 4, -1)]


def test_quotes_formulas_and_signs_in_names_are_characters_like_others(connection: duckdb.DuckDBPyConnection) -> None:
    names = ["=1+2", "@甲", "'乙'", '"丙"', "a;--", "[x]", "丁\\", "%_"]
    fill(connection, ARTICLES, [("a", name, name, "team") for name in names])
    assert set(registry(connection)) == set(names)


def test_no_brands_give_tables_without_rows(connection: duckdb.DuckDBPyConnection) -> None:
    fill(connection, [])
    assert registry(connection) == {}
    assert rows_of(connection, "brand_spread") == []


def test_tables_can_be_made_again_and_nothing_else_is_left(connection: duckdb.DuckDBPyConnection) -> None:
    fill(connection, ARTICLES, [("a", "甲", "甲", "team")])
    assert registry(connection) == registry(connection)
    left = {name for (name,) in connection.execute("SHOW TABLES").fetchall()}
    assert left == {*TABLES, "brand_registry", "brand_spread"}


def test_the_spread_says_in_which_year_a_region_first_used_a_name(connection: duckdb.DuckDBPyConnection) -> None:
    articles = [
        ("a", HANGZHOU, date(2021, 3, 1)),
        ("b", HANGZHOU, date(2022, 3, 1)),
        ("c", NINGBO, date(2022, 1, 1)),
        ("d", NINGBO, None),
        ("e", None, date(2020, 1, 1)),
    ]
    brands = [("a", "甲", "甲", "team"), ("a", "甲", "甲", "team")]
    fill(connection, articles, [*brands, *((article, "甲", "甲", "team") for article in "bcde")])
    register(connection)
    shown = [
        (row["year"], row["region"], row["level"], row["articles"], row["mentions"], row["first_year"])
        for row in rows_of(connection, "brand_spread")
    ]
    assert shown == [
        (2020, None, None, 1, 1, None),
        (2021, HANGZHOU, "prefecture", 1, 2, True),
        (2022, HANGZHOU, "prefecture", 1, 1, False),
        (2022, NINGBO, "prefecture", 1, 1, True),
        (None, NINGBO, "prefecture", 1, 1, None),
    ]


names = st.sampled_from(["春风", "春風", "春风行动", "春風行動", "同心", "同心站"])
told = st.lists(st.tuples(st.sampled_from("abcd"), names, names, st.sampled_from([*BRAND_KINDS])), max_size=12)
figures = st.lists(
    st.tuples(
        st.sampled_from("abcd"), names, st.sampled_from(["建成", "建設", None]), st.sampled_from(["people", "money"]),
        st.sampled_from(["人", None]), st.integers(1, 20), st.integers(20, 30), st.sampled_from(["counted", "left_out"]),
    ),
    max_size=12,
)  # fmt: skip
MADE = [("a", ZHEJIANG, date(2021, 1, 1)), ("b", HANGZHOU, date(2022, 1, 1)), ("c", HANGZHOU, None), ("d", None, date(2023, 1, 1))]  # fmt: skip


@given(told, figures, st.randoms())
@settings(max_examples=25, deadline=None)
def test_the_order_of_rows_does_not_matter_and_every_mention_is_of_one_brand(
    told: list[Row], figures: list[Row], shuffled: random.Random
) -> None:
    with duckdb.connect() as connection:
        fill(connection, MADE, told, figures)
        register(connection)
        made = [connection.execute(f"SELECT * FROM {name}").fetchall() for name in ("brand_registry", "brand_spread")]
        found = rows_of(connection, "brand_registry")
        assert sum(int(str(row["mentions"])) for row in found) == len(told)
        assert sum(int(str(row["mentions"])) for row in rows_of(connection, "brand_spread")) == len(told)
        assert len({row["name"] for row in found}) == len(found)
        articles = list(MADE)
        for rows in (articles, told, figures):
            shuffled.shuffle(rows)  # type: ignore[arg-type]
        fill(connection, articles, told, figures)
        register(connection)
        again = [connection.execute(f"SELECT * FROM {name}").fetchall() for name in ("brand_registry", "brand_spread")]
        assert again == made
