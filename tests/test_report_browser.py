"""Promises of the report in a real browser: it loads in silence, answers to mouse and keys, and shows hostile text as text."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jianbao.pipeline.report import write_report
from jianbao.pipeline.report_content import Bounds
from jianbao.pipeline.run import run
from jianbao.pipeline.totals import Request

playwright = pytest.importorskip("playwright.sync_api", reason="the browser tests need playwright")
pytest.importorskip("jinja2", reason="the report needs Jinja2")
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="the browser tests need Chromium on the machine")

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BULLETINS = Path(__file__).parents[1] / "corpus" / "bulletins"
TITLE = "</script><script>window.broken=1</script>临平区侨联“侨心”行动<b>\"'"
HOSTILE = f"""{TITLE}

杭州市临平区侨联 2023年5月6日

𠮷日，临平区侨联走访慰问侨胞1700余人次，<img src=x onerror="window.broken=2">发放慰问金36万元。\u202e反过来的字\u202c开展“<i>同心</i>护航”品牌活动，举办培训12场。
<!-- ]]> --> <svg onload=window.broken=3> javascript:window.broken=4 &lt;script&gt; {{{{ 7*7 }}}} 捐赠图书500册。
"""
OPEN = "dialog[open]"
PATIENCE = 10_000  # milliseconds
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
Opening = Callable[..., "Page"]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the bundled bulletins."""
    out = tmp_path_factory.mktemp("report")
    run([BULLETINS], out)
    return write_report(out)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield opened
        opened.close()


@pytest.fixture
def show(browser: Browser) -> Iterator[Opening]:
    """Open a page; at the end nothing was said on its console, nothing failed, and nothing was asked of the network."""
    faults: list[str] = []
    contexts = []

    def opening(page: Path, width: int = 1280, **settings: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, offline=True, **settings)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        shown = context.new_page()
        shown.on("console", lambda message: faults.append(message.text))
        shown.on("pageerror", lambda error: faults.append(str(error)))
        shown.on("request", lambda request: None if request.url.startswith("file:") else faults.append(request.url))
        shown.goto(page.resolve().as_uri())
        return shown

    yield opening
    for context in contexts:
        context.close()
    assert faults == []


def texts(page: Page, selector: str) -> list[str]:
    return [text.strip() for text in page.locator(selector).all_inner_texts()]


def choose(page: Page, section: str, label: str, value: str) -> None:
    field = page.locator(f"#{section} label", has=page.get_by_text(label, exact=True))
    field.locator("select").select_option(value)


def report_of(folder: Path, name: str, text: str, **settings: Any) -> Path:
    """The report of one article."""
    (folder / "in").mkdir(parents=True)
    (folder / "in" / name).write_text(text, encoding="utf-8")
    run([folder / "in"], folder / "out")
    return write_report(folder / "out", **settings)


# It shows what the tables hold.


def test_all_sections_are_shown_in_chinese_and_in_english(report: Path, show: Opening) -> None:
    page = show(report)
    assert texts(page, "main h2[id]") == ["地图", "地区", "历年", "品牌", "核算", "文章", "说明"]
    before = page.locator("main").inner_text()
    page.click("#language")
    assert texts(page, "main h2[id]") == ["Map", "Regions", "Years", "Brands", "Ledger", "Articles", "About"]
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.title() == "Bulletin report"
    page.click("#language")
    assert page.locator("main").inner_text() == before


def test_the_page_opens_in_the_asked_language(report: Path, tmp_path: Path, show: Opening) -> None:
    page = show(write_report(report.parent, tmp_path / "english.html", lang="en"))
    assert texts(page, "h1") == ["Bulletin report"]
    assert "undefined" not in page.locator("main").inner_text()
    assert not re.search(
        "[\u4e00-\u9fff]",
        page.locator("#overview .told").inner_text() + page.locator("#map .controls label span").inner_text(),
    )


def test_a_headline_figure_opens_as_many_figures_as_it_says(report: Path, show: Opening) -> None:
    page = show(report)
    for card in page.locator(".card .main").all()[:4]:
        amount = card.locator("strong").inner_text()
        count = int(re.findall(r"(\d+) 条", card.inner_text())[0])
        card.click()
        assert page.locator(f"{OPEN} .big").inner_text() == amount
        assert page.locator(f"{OPEN} .items li").count() == count
        page.click("#close")


def test_evidence_marks_the_figure_in_its_text_with_rule_and_confidence(report: Path, show: Opening) -> None:
    page = show(report)
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


def test_another_mark_in_the_text_tells_its_own_facts(report: Path, show: Opening) -> None:
    page = show(report)
    page.locator("#articles tbody .open").first.click()
    mark = page.locator(f"{OPEN} .mark.indicator").nth(1)
    mark.focus()
    page.keyboard.press("Enter")
    assert texts(page, f"{OPEN} .mark.current") == [mark.inner_text()]
    assert "置信度" in page.locator(f"{OPEN} .beside").inner_text()


def test_a_brand_tells_when_and_where(report: Path, show: Opening) -> None:
    page = show(report)
    row = page.locator("#brands tbody tr").first
    name, region = row.locator(".open").inner_text(), row.locator("td").nth(1).inner_text()
    row.locator(".open").click()
    assert page.locator(f"{OPEN} .spread tbody th").first.inner_text() == region
    assert page.locator(f"{OPEN} .spread td").first.inner_text().startswith("●")
    assert texts(page, f"{OPEN} .mark.brand.current") == [name]


def test_the_page_of_a_year_says_so(report: Path, tmp_path: Path, show: Opening) -> None:
    request = Request(level="county", year=2023)
    page = show(write_report(report.parent, tmp_path / "year.html", request=request))
    assert "合计只算 2023 年的数据" in page.locator("#overview .notice").inner_text()
    assert "区划按 2023 年底" in page.locator("#overview .notice").inner_text()
    assert page.title() == "简报数据报告 · 2023"
    assert set(texts(page, "#regions tbody td:nth-child(2)")) == {"县级"}
    page.locator(".card .main").first.click()
    assert page.locator(f"{OPEN} .mark.current").count() == 1
    page.click("#close")
    assert page.locator(".tile .worth").evaluate_all("tiles => tiles.some(it => it.textContent)")


def test_a_year_opens_its_sentences(report: Path, show: Opening) -> None:
    page = show(report)
    cell = page.locator("#years td .open").first
    count = int(cell.inner_text())
    cell.click()
    assert max(1, page.locator(f"{OPEN} .items li").count()) == count
    assert page.locator(f"{OPEN} .activity.current").count() >= 1


# Tables.


def test_the_ledger_is_filtered_by_verdict_reason_and_words(report: Path, show: Opening) -> None:
    page = show(report)
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


def test_regions_are_sorted_by_a_column_with_the_unknown_last(report: Path, show: Opening) -> None:
    page = show(report)
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


def test_regions_without_a_figure_in_the_shown_columns_are_told_and_found_by_name(report: Path, show: Opening) -> None:
    page = show(report)
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


def test_names_of_regions_stay_in_view_when_a_table_is_moved_aside(report: Path, show: Opening) -> None:
    page = show(report, 360)
    table = page.locator("#regions .scroll")
    table.evaluate("it => (it.scrollLeft = 200)")
    left = table.bounding_box()
    name = page.locator("#regions tbody th").first.bounding_box()
    assert left
    assert name
    assert abs(name["x"] - left["x"]) < 3


def test_a_long_sum_is_rounded_outward_on_its_card_and_whole_where_it_opens(tmp_path: Path, show: Opening) -> None:
    text = "2023年5月6日，杭州市临平区侨联走访慰问侨胞，发放慰问金12345678901元，又发放慰问金3210000余元。\n"
    page = show(report_of(tmp_path, "one.txt", text))
    assert texts(page, ".card .main strong") == ["123.4亿–123.5亿"]
    page.locator(".card .main").click()
    assert page.locator(f"{OPEN} .big").inner_text() == "12,348,888,901–12,348,898,901"


def test_regions_are_searched_and_columns_chosen(report: Path, show: Opening) -> None:
    page = show(report)
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


def test_more_rows_come_on_demand(report: Path, show: Opening) -> None:
    page = show(report)
    before = page.locator("#ledger tbody tr").count()
    page.locator("#ledger .rows button").click()
    assert page.locator("#ledger tbody tr").count() > before


def test_a_tile_opens_its_prefectures_and_counties(report: Path, show: Opening) -> None:
    page = show(report)
    assert page.locator(".tile").count() == 34
    choose(page, "map", "指标", "-1")
    page.locator('[data-tile="330000"]').click()
    assert page.locator('[data-tile="330000"]').get_attribute("aria-pressed") == "true"
    assert page.locator("#map .inside h3").inner_text() == "浙江省"
    assert {"杭州市", "临平区"} <= set(texts(page, "#map .bars .name"))
    page.locator('[data-tile="710000"]').click()
    assert "没有数据" in page.locator("#map .inside").inner_text()


def test_bars_are_as_long_as_their_figures(report: Path, show: Opening) -> None:
    page = show(report)
    choose(page, "map", "指标", "-1")
    page.locator('[data-tile="330000"]').click()
    figures = [int(text.replace(",", "")) for text in texts(page, "#map .bars .fact")]
    widths = page.locator("#map .bars .to-high").evaluate_all(
        "bars => bars.map(bar => bar.getBoundingClientRect().width)"
    )
    assert [round(width / max(widths), 2) for width in widths] == pytest.approx(
        [figure / max(figures) for figure in figures], abs=0.03
    )


def test_a_count_on_the_map_opens_the_figures_that_it_counts(report: Path, show: Opening) -> None:
    page = show(report)
    choose(page, "map", "指标", "-1")
    page.locator('[data-tile="330000"]').click()
    for row in page.locator("#map .bars li").all()[:3]:
        count = int(row.locator(".fact").inner_text())
        row.locator(".open").click()
        while page.locator(f"{OPEN} .listed .quiet:visible").count():
            page.locator(f"{OPEN} .listed .quiet").click()
        assert page.locator(f"{OPEN} .items li").count() == count > 1
        page.click("#close")


# Keys, sizes, lights, paper.


def test_the_page_is_used_by_keyboard(report: Path, show: Opening) -> None:
    page = show(report)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    opener = page.locator("#ledger tbody .open").first
    opener.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(OPEN)
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
    page.keyboard.press("Escape")
    assert page.locator(OPEN).count() == 0
    assert opener.evaluate("it => it === document.activeElement")
    tile = page.locator('[data-tile="330000"]')
    tile.focus()
    page.keyboard.press(" ")
    assert tile.evaluate("it => it === document.activeElement && it.ariaPressed === 'true'")


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_runs_over_the_edge(report: Path, show: Opening, width: int, language: str) -> None:
    page = show(report, width)
    if language == "en":
        page.click("#language")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(".card .main").first.click()
    assert page.evaluate("document.querySelector('#evidence-body').scrollWidth") <= width
    page.click("#close")
    over = page.locator(".tile").evaluate_all("tiles => tiles.filter(it => it.scrollWidth > it.clientWidth + 1).length")
    assert over == 0


@pytest.mark.parametrize(
    ("scheme", "language", "width"),
    [("light", "zh", 360), ("dark", "en", 360), ("light", "en", 1280), ("dark", "zh", 1280)],
)
def test_the_page_is_accessible(report: Path, show: Opening, scheme: str, language: str, width: int) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="accessibility needs axe-playwright-python"
    )
    page = show(report, width, color_scheme=scheme)
    if language == "en":
        page.click("#language")
    faults = []
    for state in ("main", "figures", "brand"):
        if state != "main":
            page.locator({"figures": ".card .main", "brand": "#brands tbody .open"}[state]).first.click()
        answer = axe.Axe().run(page, options=AXE).response
        assert len(answer["passes"]) > 20
        faults += [(state, fault["id"], fault["nodes"][0]["html"]) for fault in answer["violations"]]
        if state != "main":
            page.click("#close")
    assert faults == []


def test_light_and_dark_follow_the_system(report: Path, show: Opening) -> None:
    def lightness(scheme: str) -> int:
        ground = show(report, color_scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(map(int, re.findall(r"\d+", ground)))

    assert lightness("light") > 600
    assert lightness("dark") < 150


def test_on_paper_stand_the_tables_and_no_controls(report: Path, show: Opening) -> None:
    page = show(report)
    page.emulate_media(media="print")
    assert not page.locator(".controls").first.is_visible()
    assert not page.locator(".top").is_visible()
    assert page.locator("#regions thead .printed").first.is_visible()
    assert page.locator("#ledger tbody").is_visible()
    assert page.pdf().startswith(b"%PDF")


# What may be hostile, little or much.


def test_hostile_text_stays_text(tmp_path: Path, show: Opening) -> None:
    page = show(report_of(tmp_path, "<script>window.broken=5<\u29f8script>'.txt", HOSTILE))
    assert page.evaluate("window.broken") is None
    assert "</script><script>window.broken=1</script>" in page.locator("#articles tbody th").first.inner_text()
    page.locator("#articles tbody .open").first.click()
    told = page.locator(f"{OPEN} .passage").inner_text()
    assert '<img src=x onerror="window.broken=2">' in told
    assert "⟨U+202E⟩反过来的字⟨U+202C⟩" in told
    assert "&lt;script&gt; {{ 7*7 }}" in told
    assert "1700余人次" in texts(page, f"{OPEN} .mark.indicator")
    assert page.locator("main img, main svg, dialog img, dialog svg, dialog i, dialog b").count() == 0
    assert page.evaluate("window.broken") is None
    assert "\u202e" not in page.locator("body").inner_text()


def test_a_script_that_slips_in_does_not_run(report: Path, tmp_path: Path, browser: Browser) -> None:
    page = tmp_path / "tampered.html"
    tampered = report.read_text(encoding="utf-8").replace(
        "<footer>", "<footer><script>window.broken=1</script><img src=http://127.0.0.1/x>"
    )
    page.write_text(tampered, encoding="utf-8")
    shown = browser.new_page()
    shown.goto(page.as_uri())
    assert shown.locator("h1").is_visible()
    assert shown.evaluate("window.broken") is None
    shown.close()


def test_one_article_is_a_report(tmp_path: Path, show: Opening) -> None:
    text = "临平区侨联走访侨胞\n\n2023年5月6日，杭州市临平区侨联走访慰问侨胞1700余人次。\n"
    page = show(report_of(tmp_path, "one.txt", text))
    assert "浙江省杭州市临平区" in page.locator("#overview h2").inner_text()
    assert texts(page, ".card .main strong") == ["1,700余"]
    assert texts(page, '[data-tile="330000"] .worth') != [""]


def test_a_run_without_figures_says_so(tmp_path: Path, show: Opening) -> None:
    page = show(report_of(tmp_path, "none.txt", "今天天气很好。\n"))
    assert "没有可以计入合计的数据" in page.locator("#overview").inner_text()
    assert page.locator(".tile").count() == 34
    page.locator("#articles tbody .open").first.click()
    assert "今天天气很好。" in page.locator(f"{OPEN} .passage").inner_text()


def test_a_region_that_is_unknown_has_no_sums_but_a_ledger(tmp_path: Path, show: Opening) -> None:
    page = show(report_of(tmp_path, "nowhere.txt", "我们走访慰问侨胞1700余人次。\n"))
    assert "没有可以计入合计的数据" in page.locator("#overview").inner_text()
    assert texts(page, "#ledger tbody td:nth-child(6)") == ["区划不明"]
    page.locator("#ledger tbody .open").first.click()
    assert "区划不明" in page.locator(f"{OPEN} .beside").inner_text()


def test_a_page_of_samples_says_how_many_there_are(report: Path, tmp_path: Path, show: Opening) -> None:
    bounds = Bounds(figures=40, brands=5, mentions=5, sentences=20, characters=0)
    page = show(write_report(report.parent, tmp_path / "samples.html", bounds=bounds))
    assert "这里有 40 条，共 531 条。" in page.locator("#ledger").inner_text()
    assert "40 / 531" in page.locator("#about").inner_text()
    page.locator("#ledger tbody .open").first.click()
    assert "只收入了所在句子" in page.locator(f"{OPEN} .legend").inner_text()
    assert page.locator(f"{OPEN} .mark.current").count() == 1


def test_a_file_that_was_not_read_stands_with_its_reason(tmp_path: Path, show: Opening) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    (tmp_path / "in" / "a.txt").write_text("杭州市临平区侨联走访侨胞12人。", encoding="utf-8")
    run([tmp_path / "in"], tmp_path / "out")
    message = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))["failed"]
    assert message == 1
    page = show(write_report(tmp_path / "out"))
    assert "未能读取" in page.locator("#overview").inner_text()
    choose(page, "articles", "状态", "failed")
    assert page.locator("#articles tbody tr").count() == 1
    assert page.locator("#articles tbody td small").first.inner_text()
