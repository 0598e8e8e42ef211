"""Promises of the report in a real browser: it shows what the tables hold, and its tables and map answer."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jianbao.pipeline.report import write_report
from jianbao.pipeline.totals import Request
from made_browser import OPEN, Opening, choose, needs_browser, texts

if TYPE_CHECKING:
    pass

pytestmark = needs_browser


# It shows what the tables hold.


def test_all_sections_are_shown_in_chinese_and_in_english(bulletin_report: Path, show: Opening) -> None:
    page = show(bulletin_report)
    assert texts(page, "main h2[id]") == ["地图", "地区", "历年", "品牌", "核算", "文章", "说明"]
    before = page.locator("main").inner_text()
    page.click("#language")
    assert texts(page, "main h2[id]") == ["Map", "Regions", "Years", "Brands", "Ledger", "Articles", "About"]
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.title() == "Bulletin report"
    page.click("#language")
    assert page.locator("main").inner_text() == before


def test_the_page_opens_in_the_asked_language(bulletin_report: Path, tmp_path: Path, show: Opening) -> None:
    page = show(write_report(bulletin_report.parent, tmp_path / "english.html", lang="en"))
    assert texts(page, "h1") == ["Bulletin report"]
    assert "undefined" not in page.locator("main").inner_text()
    assert not re.search(
        "[\u4e00-\u9fff]",
        page.locator("#overview .told").inner_text() + page.locator("#map .controls label span").inner_text(),
    )


def test_a_headline_figure_opens_as_many_figures_as_it_says(bulletin_report: Path, show: Opening) -> None:
    page = show(bulletin_report)
    for card in page.locator(".card .main").all()[:4]:
        amount = card.locator("strong").inner_text()
        count = int(re.findall(r"(\d+) 条", card.inner_text())[0])
        card.click()
        assert page.locator(f"{OPEN} .big").inner_text() == amount
        assert page.locator(f"{OPEN} .items li").count() == count
        page.click("#close")


def test_evidence_marks_the_figure_in_its_text_with_rule_and_confidence(bulletin_report: Path, show: Opening) -> None:
    page = show(bulletin_report)
    for place in range(3):
        opener = page.locator("#ledger tbody .open").nth(place)
        figure = opener.inner_text()
        opener.click()
        assert texts(page, f"{OPEN} .mark.current") == [figure]
        facts = page.locator(f"{OPEN} .beside").inner_text()
        assert re.search(r"规则\s+number\.", facts)
        assert re.search(r"置信度\s+\d+%", facts)
        assert page.locator(f"{OPEN} .mark.indicator").count() > 1
        assert page.locator(f"{OPEN} .passage .activity .type").count() > 0
        box, text = page.locator(f"{OPEN} .mark.current").bounding_box(), page.locator(f"{OPEN} .text").bounding_box()
        assert box
        assert text
        assert text["y"] <= box["y"] <= text["y"] + text["height"]
        page.click("#close")


def test_another_mark_in_the_text_tells_its_own_facts(bulletin_report: Path, show: Opening) -> None:
    page = show(bulletin_report)
    page.locator("#articles tbody .open").first.click()
    mark = page.locator(f"{OPEN} .mark.indicator").nth(1)
    mark.focus()
    page.keyboard.press("Enter")
    assert texts(page, f"{OPEN} .mark.current") == [mark.inner_text()]
    assert "置信度" in page.locator(f"{OPEN} .beside").inner_text()


def test_a_brand_tells_when_and_where(bulletin_report: Path, show: Opening) -> None:
    page = show(bulletin_report)
    row = page.locator("#brands tbody tr").first
    name, region = row.locator(".open").inner_text(), row.locator("td").nth(1).inner_text()
    row.locator(".open").click()
    assert page.locator(f"{OPEN} .spread tbody th").first.inner_text() == region
    assert page.locator(f"{OPEN} .spread td").first.inner_text().startswith("●")
    assert texts(page, f"{OPEN} .mark.brand.current") == [name]


def test_a_year_opens_its_sentences(bulletin_report: Path, show: Opening) -> None:
    page = show(bulletin_report)
    cell = page.locator("#years td .open").first
    count = int(cell.inner_text())
    cell.click()
    assert max(1, page.locator(f"{OPEN} .items li").count()) == count
    assert page.locator(f"{OPEN} .activity.current").count() >= 1


# Tables.


def test_the_ledger_is_filtered_by_verdict_reason_and_words(bulletin_report: Path, show: Opening) -> None:
    page = show(bulletin_report)
    rows = "#ledger tbody tr"
    choose(page, "ledger", "结论", "planned")
    assert set(texts(page, f"{rows} td:nth-child(6)")) == {"计划数"}
    page.locator('[data-key="verdict ratio"]').click()
    assert set(texts(page, f"{rows} td:nth-child(6)")) == {"比率"}
    choose(page, "ledger", "结论", "counted")
    assert set(texts(page, f"{rows} td:nth-child(6)")) == {"计入"}
    choose(page, "ledger", "活动类型", "training")
    assert set(texts(page, f"{rows} td:nth-child(4)")) == {"培训授课"}
    page.locator("#ledger input[type=search]").press_sequentially("没有这样的字")
    assert texts(page, rows) == ["没有符合条件的行。"]
    assert page.evaluate("document.activeElement.value") == "没有这样的字"


def test_regions_are_sorted_by_a_column_with_the_unknown_last(bulletin_report: Path, show: Opening) -> None:
    page = show(bulletin_report)
    heading = page.locator("#regions thead th").nth(2)
    cells = "#regions tbody td:nth-child(3)"
    heading.locator("button").click()
    assert page.locator("#regions thead th").nth(2).get_attribute("aria-sort") == "descending"
    assert page.evaluate("document.activeElement.dataset.key").startswith("sort c")
    down = texts(page, cells)
    heading.locator("button").click()
    up = texts(page, cells)
    assert page.locator("#regions thead th").nth(2).get_attribute("aria-sort") == "ascending"
    assert down[0] == max(filter(None, up), key=up.index)
    for told in (down, up):
        known = [bool(cell) for cell in told]
        assert known == sorted(known, reverse=True)


def test_regions_are_searched_and_columns_chosen(bulletin_report: Path, show: Opening) -> None:
    page = show(bulletin_report)
    page.locator("#regions input[type=search]").press_sequentially("浙江")
    names = texts(page, "#regions tbody th")
    assert len(names) > 3
    assert all(name.startswith("浙江省") for name in names)
    choose(page, "regions", "级别", "county")
    assert set(texts(page, "#regions tbody td:nth-child(2)")) == {"县级"}
    before = page.locator("#regions thead th").count()
    page.click("#regions summary")
    key = page.locator("#regions fieldset input:not(:checked)").last.get_attribute("data-key")
    page.locator(f'[data-key="{key}"]').check()
    assert page.locator("#regions thead th").count() == before + 1
    assert page.evaluate("document.activeElement.dataset.key") == key
    assert page.locator("#regions fieldset").evaluate("list => list.scrollTop") > 0


def test_more_rows_come_on_demand(bulletin_report: Path, show: Opening) -> None:
    page = show(bulletin_report)
    before = page.locator("#ledger tbody tr").count()
    page.locator("#ledger .rows button").click()
    assert page.locator("#ledger tbody tr").count() > before


def test_a_tile_opens_its_prefectures_and_counties(bulletin_report: Path, show: Opening) -> None:
    page = show(bulletin_report)
    assert page.locator(".tile").count() == 34
    choose(page, "map", "指标", "-1")
    page.locator('[data-tile="330000"]').click()
    assert page.locator('[data-tile="330000"]').get_attribute("aria-pressed") == "true"
    assert page.locator("#map .inside h3").inner_text() == "浙江省"
    assert {"杭州市", "临平区"} <= set(texts(page, "#map .bars .name"))
    page.locator('[data-tile="710000"]').click()
    assert "没有数据" in page.locator("#map .inside").inner_text()


def test_bars_are_as_long_as_their_figures(bulletin_report: Path, show: Opening) -> None:
    page = show(bulletin_report)
    choose(page, "map", "指标", "-1")
    page.locator('[data-tile="330000"]').click()
    figures = [int(text.replace(",", "")) for text in texts(page, "#map .bars .fact")]
    widths = page.locator("#map .bars .to-high").evaluate_all(
        "bars => bars.map(bar => bar.getBoundingClientRect().width)"
    )
    assert [round(width / max(widths), 2) for width in widths] == pytest.approx(
        [figure / max(figures) for figure in figures], abs=0.03
    )


def test_the_page_of_a_year_says_so(bulletin_report: Path, tmp_path: Path, show: Opening) -> None:
    request = Request(level="county", year=2023)
    page = show(write_report(bulletin_report.parent, tmp_path / "year.html", request=request))
    assert "合计只算 2023 年的数据" in page.locator("#overview .notice").inner_text()
    assert "区划按 2023 年底" in page.locator("#overview .notice").inner_text()
    assert page.title() == "简报数据报告 · 2023"
    assert set(texts(page, "#regions tbody td:nth-child(2)")) == {"县级"}
    page.locator(".card .main").first.click()
    assert page.locator(f"{OPEN} .mark.current").count() == 1
    page.click("#close")
    assert page.locator(".tile .worth").evaluate_all("tiles => tiles.some(it => it.textContent)")


def test_regions_without_a_figure_in_the_shown_columns_are_told_and_found_by_name(
    bulletin_report: Path, show: Opening
) -> None:
    page = show(bulletin_report)
    (hidden,) = re.findall(r"另有 (\d+) 个区划", page.locator("#regions").inner_text())
    shown, every = (
        int(count) for count in re.findall(r"已显示 (\d+) / (\d+)", page.locator("#regions").inner_text())[0]
    )
    assert int(hidden) > 0
    page.locator("#regions .rows button").click()
    assert page.locator("#regions tbody tr").count() == every > shown
    assert all(
        any(cells)
        for cells in page.locator("#regions tbody tr").evaluate_all(
            "rows => rows.map(row => [...row.cells].slice(2).map(cell => cell.textContent))"
        )
    )
    page.locator("#regions input[type=search]").press_sequentially("承德")
    assert texts(page, "#regions tbody th")[0] == "河北省承德市"


def test_names_of_regions_stay_in_view_when_a_table_is_moved_aside(bulletin_report: Path, show: Opening) -> None:
    page = show(bulletin_report, 360)
    table = page.locator("#regions .scroll")
    table.evaluate("it => (it.scrollLeft = 200)")
    left = table.bounding_box()
    name = page.locator("#regions tbody th").first.bounding_box()
    assert left
    assert name
    assert abs(name["x"] - left["x"]) < 3


def test_a_count_on_the_map_opens_the_figures_that_it_counts(bulletin_report: Path, show: Opening) -> None:
    page = show(bulletin_report)
    choose(page, "map", "指标", "-1")
    page.locator('[data-tile="330000"]').click()
    for row in page.locator("#map .bars li").all()[:3]:
        count = int(row.locator(".fact").inner_text())
        row.locator(".open").click()
        while page.locator(f"{OPEN} .listed .quiet:visible").count():
            page.locator(f"{OPEN} .listed .quiet").click()
        assert page.locator(f"{OPEN} .items li").count() == count > 1
        page.click("#close")
