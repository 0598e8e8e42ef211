"""A stretch of days, the year of a date without one, the year of a plan and the time of a first figure are read as told."""

from __future__ import annotations

from datetime import date

import jianbao
import pytest
from jianbao.corpus.records import Indicator
from jianbao.extractors.calendars import Calendar
from jianbao.extractors.periods import time_words

SPRING = date(2024, 4, 10)
Told = tuple[str, str]


def found_in(text: str, published: date | None = SPRING, title: str = "") -> tuple[Indicator, ...]:
    article = jianbao.Article("", text, title, published, body=((0, len(text)),))
    return jianbao.extract(article).indicators


def span(found: Indicator) -> Told | None:
    """The first and the last day of the period of an indicator, '' where open; None without a period."""
    period = found.period
    return None if period is None else (str(period.start or ""), str(period.end or ""))


def spans(text: str, published: date | None = SPRING, title: str = "") -> list[Told | None]:
    return [span(found) for found in found_in(text, published, title)]


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("3月8日至10日", "2024-03-08", "2024-03-10"),
        ("3月5-7日", "2024-03-05", "2024-03-07"),
        ("2月27日－3月2日", "2024-02-27", "2024-03-02"),
        ("2023年9月5日至8日", "2023-09-05", "2023-09-08"),
        ("2022年12月30日至2023年1月2日", "2022-12-30", "2023-01-02"),
        ("2022年12月30日至1月2日", "2022-12-30", "2023-01-02"),
        ("12月30日～1月2日", "2023-12-30", "2024-01-02"),
        ("11月6日——9日", "2023-11-06", "2023-11-09"),
        ("从3月5日上午至6日下午", "2024-03-05", "2024-03-06"),
        ("3月5日（星期二）至7日（星期四）", "2024-03-05", "2024-03-07"),
        ("三月五日至八日", "2024-03-05", "2024-03-08"),
        ("3月5日、6日", "2024-03-05", "2024-03-06"),
        ("3月5日、6日和8日", "2024-03-05", "2024-03-08"),
        ("28日至30日", "2024-03-28", "2024-03-30"),
        ("1月至3月", "2024-01-01", "2024-03-31"),
        ("去年11月到今年3月", "2023-11-01", "2024-03-31"),
        ("2022年11月至次年3月", "2022-11-01", "2023-03-31"),
        ("自2023年5月起至2024年3月止", "2023-05-01", "2024-03-31"),
        ("1月初至3月底", "2024-01-01", "2024-03-31"),
        ("2023年3月至年底", "2023-03-01", "2023-12-31"),
        ("2月上旬至3月中旬", "2024-02-01", "2024-03-20"),
        ("2021年—2023年", "2021-01-01", "2023-12-31"),
    ],
)
def test_a_stretch_is_one_period_from_its_first_day_to_its_last(words: str, start: str, end: str) -> None:
    (found,) = found_in(f"{words}，县侨联走访侨胞30户。")

    assert found.period is not None
    assert span(found) == (start, end)
    assert found.period.text == words


def test_days_without_a_month_are_days_of_the_month_named_before() -> None:
    assert spans("1月5日，走访侨胞30户。8日至10日，培训20人。") == [
        ("2024-01-05", "2024-01-05"),
        ("2024-01-08", "2024-01-10"),
    ]


@pytest.mark.parametrize("words", ["材料在15日至30日内办结", "每月1日至10日"])
def test_terms_and_days_of_each_month_are_no_stretch(words: str) -> None:
    assert spans(f"{words}，走访侨胞30户。") == [None]


def test_a_stretch_of_days_binds_its_own_sentence() -> None:
    assert spans("3月8日至10日，走访侨胞30户。培训20人。") == [("2024-03-08", "2024-03-10"), None]


@pytest.mark.parametrize(
    "words", ["青年内地交流团", "青年内训班", "少年内务组", "中青年内生动力增强", "三年内", "学年内", "健全年度机制"]
)
def test_a_year_inside_other_words_is_no_period(words: str) -> None:
    assert list(time_words(words, 0, len(words), Calendar(SPRING))) == []


@pytest.mark.parametrize("words", ["年内", "力争年内", "计划于年内", "年内部署并"])
def test_within_the_year_is_the_year(words: str) -> None:
    assert spans(f"{words}走访侨胞30户。") == [("2024-01-01", "2024-12-31")]


@pytest.mark.parametrize(
    ("words", "end"),
    [
        ("三季度末", "2023-09-30"),
        ("截至三季度末", "2023-09-30"),
        ("2023年第三季度末", "2023-09-30"),
        ("2022年上半年末", "2022-06-30"),
        ("到今年一季度末", "2024-03-31"),
    ],
)
def test_the_end_of_a_part_of_the_year_is_a_stock_of_that_day(words: str, end: str) -> None:
    assert spans(f"{words}，全市有慈善组织30家。") == [("", end)]


DATES = "4月18日，走访侨胞30户。1—6月，走访50户。今年以来，走访60户。截至12月20日，走访70户。全年走访80户。"
OF_2022: list[Told | None] = [
    ("2022-04-18", "2022-04-18"),
    ("2022-01-01", "2022-06-30"),
    ("2022-01-01", ""),
    ("", "2022-12-20"),
    ("2022-01-01", "2022-12-31"),
]


@pytest.mark.parametrize("title", ["县工商联2022年第二季度工作动态", "2022年县侨联工作总结", "县慈善总会2022年度年报"])
def test_the_one_year_of_the_title_dates_an_article_without_a_day(title: str) -> None:
    assert spans(DATES, None, title) == OF_2022


def test_the_one_year_of_all_full_dates_dates_an_article_without_a_day() -> None:
    assert spans(f"2022年3月6日，走访侨胞20户。\n{DATES}", None, "县侨联动态")[1:] == OF_2022


@pytest.mark.parametrize(
    ("title", "before"),
    [
        ("县侨联2021年总结和2022年打算", ""),
        ("县侨联2021—2023年工作", ""),
        ("县侨联动态", "2021年3月6日，走访侨胞20户。\n2022年3月6日，走访侨胞20户。\n"),
        ("县侨联动态", "2021年3月6日，走访侨胞20户。\n2022年，走访侨胞20户。\n"),
        ("县侨联动态", "2019年5月成立以来，走访侨胞20户。\n"),
        ("纪念1949年起义", "2021年3月6日，走访侨胞20户。\n2022年5月6日，走访侨胞20户。\n"),
    ],
)
def test_where_the_year_is_in_doubt_dates_stay_open(title: str, before: str) -> None:
    assert spans(f"{before}4月18日，走访侨胞30户。", None, title)[-1] == ("", "")


def test_a_report_of_a_year_with_a_plan_for_the_next_reports_the_first() -> None:
    assert spans("全年走访侨胞30户。", date(2024, 1, 15), "县侨联2023年工作总结和2024年工作计划") == [
        ("2023-01-01", "2023-12-31")
    ]


def test_a_date_without_a_year_is_the_last_before_publication() -> None:
    assert spans("12月28日，走访侨胞30户。截至11月底，走访50户。") == [("2023-12-28", "2023-12-28"), ("", "2023-11-30")]


def test_parts_of_a_year_follow_the_year_that_heads_their_paragraph() -> None:
    assert spans("2021年，走访侨胞300户。5月，走访30户。5月6日至8日，走访20户。全年捐款5万元。") == [
        ("2021-01-01", "2021-12-31"),
        ("2021-05-01", "2021-05-31"),
        ("2021-05-06", "2021-05-08"),
        ("2021-01-01", "2021-12-31"),
    ]


@pytest.mark.parametrize("began", ["2019年成立的服务队", "2019年，县侨联获评先进。"])
def test_the_year_in_which_something_began_heads_nothing(began: str) -> None:
    assert spans(f"{began}3月走访侨胞30户。") == [("2024-03-01", "2024-03-31")]


def test_a_month_before_the_one_that_heads_the_paragraph_is_of_a_later_year() -> None:
    assert spans("去年12月，走访侨胞30户。3月，走访20户。") == [
        ("2023-12-01", "2023-12-31"),
        ("2024-03-01", "2024-03-31"),
    ]


WINTER = date(2023, 12, 20)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("县民政局2025年计划新建养老点5个。", [("2025-01-01", "2025-12-31")]),
        ("县民政局明年计划新建养老点5个。", [("2024-01-01", "2024-12-31")]),
        ("县民政局预计到年底新建养老点5个。", [("", "2023-12-31")]),
        ("2024年，将力争新建养老点6个，全年开展活动不少于30场。", [("2024-01-01", "2024-12-31")] * 2),
        ("2024年，将新建养老点6个；上半年培训30人。", [("2024-01-01", "2024-12-31"), ("2024-01-01", "2024-06-30")]),
        ("去年新建养老点5个，下一步计划新建6个。", [("2022-01-01", "2022-12-31"), None]),
    ],
)
def test_what_is_planned_has_the_year_that_it_is_planned_for(text: str, told: list[Told | None]) -> None:
    found = found_in(text, WINTER)

    assert [span(each) for each in found] == told
    assert found[-1].status == "planned"


def test_to_the_end_of_the_year_is_the_year_past_for_what_is_done_and_the_next_for_plans() -> None:
    january = date(2024, 1, 20)

    assert spans("到年底，全县有养老点50个。", january) == [("", "2023-12-31")]
    assert spans("县民政局力争到年底新建养老点50个。", january) == [("", "2024-12-31")]


@pytest.mark.parametrize("words", ["2022年计划的", "2022年计划任务完成"])
def test_a_plan_named_by_its_year_tells_no_period(words: str) -> None:
    assert list(time_words(words, 0, len(words), Calendar(SPRING))) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("覆盖率由去年底的87.5%提高到94%。", [("", "2022-12-31"), None]),
        (
            "今年，人均收入从2021年的46503元提高到58794元。",
            [("2021-01-01", "2021-12-31"), ("2023-01-01", "2023-12-31")],
        ),
        (
            "截至2023年6月，会员从2020年底的3000多人增加到5000多人。",
            [("", "2020-12-31"), ("", "2023-06-30")],
        ),
        (
            "侨胞之家从2021年的5个增加到2023年的15个。",
            [("2021-01-01", "2021-12-31"), ("2023-01-01", "2023-12-31")],
        ),
        ("2022年的募捐额30万元，提高了10%。", [("2022-01-01", "2022-12-31")] * 2),
    ],
)
def test_the_time_of_a_first_figure_is_not_that_of_what_it_grew_to(text: str, told: list[Told | None]) -> None:
    found = found_in(text, WINTER)

    assert [span(each) for each in found] == told
    assert {each.status for each in found} == {"done"}
