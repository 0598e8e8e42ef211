"""Promises of the report's page in a real browser: keys, sizes, lights, paper, and text that is hostile, little or much."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jianbao.pipeline.report import write_report
from jianbao.pipeline.report_content import Bounds
from jianbao.pipeline.run import run
from made_browser import OPEN, Opening, choose, needs_browser, texts

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = needs_browser
TITLE = "</script><script>window.broken=1</script>临平区侨联“侨心”行动<b>\"'"
HOSTILE = f"""{TITLE}

杭州市临平区侨联 2023年5月6日

𠮷日，临平区侨联走访慰问侨胞1700余人次，<img src=x onerror="window.broken=2">发放慰问金36万元。\u202e反过来的字\u202c开展“<i>同心</i>护航”品牌活动，举办培训12场。
<!-- ]]> --> <svg onload=window.broken=3> javascript:window.broken=4 &lt;script&gt; {{{{ 7*7 }}}} 捐赠图书500册。
"""
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def report_of(folder: Path, name: str, text: str, **settings: Any) -> Path:
    """The report of one article."""
    (folder / "in").mkdir(parents=True)
    (folder / "in" / name).write_text(text, encoding="utf-8")
    run([folder / "in"], folder / "out")
    return write_report(folder / "out", **settings)


# Keys, sizes, lights, paper.


def test_the_page_is_used_by_keyboard(bulletin_report: Path, show: Opening) -> None:
    page = show(bulletin_report)
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
def test_nothing_runs_over_the_edge(bulletin_report: Path, show: Opening, width: int, language: str) -> None:
    page = show(bulletin_report, width)
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
def test_the_page_is_accessible(bulletin_report: Path, show: Opening, scheme: str, language: str, width: int) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="accessibility needs axe-playwright-python"
    )
    page = show(bulletin_report, width, color_scheme=scheme)
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


def test_light_and_dark_follow_the_system(bulletin_report: Path, show: Opening) -> None:
    def lightness(scheme: str) -> int:
        ground = show(bulletin_report, color_scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(map(int, re.findall(r"\d+", ground)))

    assert lightness("light") > 600
    assert lightness("dark") < 150


def test_on_paper_stand_the_tables_and_no_controls(bulletin_report: Path, show: Opening) -> None:
    page = show(bulletin_report)
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


def test_a_script_that_slips_in_does_not_run(bulletin_report: Path, tmp_path: Path, browser: Browser) -> None:
    page = tmp_path / "tampered.html"
    tampered = bulletin_report.read_text(encoding="utf-8").replace(
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


def test_a_page_of_samples_says_how_many_there_are(bulletin_report: Path, tmp_path: Path, show: Opening) -> None:
    bounds = Bounds(figures=40, brands=5, mentions=5, sentences=20, characters=0)
    page = show(write_report(bulletin_report.parent, tmp_path / "samples.html", bounds=bounds))
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


def test_a_long_sum_is_rounded_outward_on_its_card_and_whole_where_it_opens(tmp_path: Path, show: Opening) -> None:
    text = "2023年5月6日，杭州市临平区侨联走访慰问侨胞，发放慰问金12345678901元，又发放慰问金3210000余元。\n"
    page = show(report_of(tmp_path, "one.txt", text))
    assert texts(page, ".card .main strong") == ["123.4亿–123.5亿"]
    page.locator(".card .main").click()
    assert page.locator(f"{OPEN} .big").inner_text() == "12,348,888,901–12,348,898,901"
