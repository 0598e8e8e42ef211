"""Promises of the review in a real browser: by keyboard alone, in both languages, and hostile text stays text."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jianbao
import pytest
from jianbao.pipeline.fields import FIELDS
from jianbao.pipeline.outputs import opened
from jianbao.pipeline.review import Review
from jianbao.pipeline.review_page import DESK, phrases
from jianbao.pipeline.review_server import served
from made_reviews import FIRST, made_out, rows_of

playwright = pytest.importorskip("playwright.sync_api", reason="the browser tests need playwright")
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="the browser tests need Chromium on the machine")

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HOSTILE = """</script><script>window.broken=1</script>临平区侨联“侨心”行动<b>\"'

杭州市临平区侨联 2023年5月6日

𠮷日，临平区侨联走访慰问侨胞1700余人次，<img src=x onerror="window.broken=2">发放慰问金36万元。\u202e反过来的字\u202c开展“<i>同心</i>护航”品牌活动，举办培训12场。
<!-- ]]> --> <svg onload=window.broken=3> javascript:window.broken=4 &lt;script&gt; {{ 7*7 }} 捐赠图书500册。
"""
PATIENCE = 15_000  # milliseconds
AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
Opening = Callable[..., "Page"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield started
        started.close()


@pytest.fixture
def show(browser: Browser) -> Iterator[Opening]:
    """Serve the review of a folder and open its page; at the end nothing was said on its console but answers that refuse,
    and nothing was asked of any other host."""
    faults: list[str] = []
    with ExitStack() as stack:

        def opening(out: Path, width: int = 1280, lang: Any = "zh", **settings: Any) -> Page:
            connection = stack.enter_context(opened(out, review="left"))
            server, address = served(Review(out, connection), lang, 0)
            stack.enter_context(server)
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            context = browser.new_context(viewport={"width": width, "height": 800}, **settings)
            stack.callback(context.close)
            context.set_default_timeout(PATIENCE)
            page = context.new_page()
            page.on("console", lambda message: None if "422" in message.text else faults.append(message.text))
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.on(
                "request",
                lambda told: None if told.url.startswith(("http://127.0.0.1:", "data:")) else faults.append(told.url),
            )
            page.goto(address)
            page.wait_for_selector("#record-title")
            return page

        yield opening
    assert faults == []


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return made_out(tmp_path)


def seen(page: Page) -> str:
    """How far the review is, as the page says it."""
    return str(page.locator(".progress strong").inner_text())


def rest(page: Page) -> None:
    """Wait until what was said has been answered."""
    page.wait_for_selector("body:not([aria-busy])")


def wait(page: Page, selector: str, text: str) -> None:
    """Wait until something says just that."""
    page.locator(selector).filter(has_text=re.compile(f"^{re.escape(text)}$")).wait_for()


def choose(page: Page, sort: str) -> None:
    """Only records of a sort, the least sure of them first."""
    page.select_option("#sort", sort)
    words = {"indicator": "指标", "brand": "品牌", "activity": "活动类型"}[sort]
    page.locator("#record .note").filter(has_text=re.compile(f"^{words} 未看")).wait_for()
    rest(page)


def open_mark(page: Page, text: str) -> None:
    """Open the form of a marked record."""
    page.locator(".passage .mark", has_text=re.compile(f"^{re.escape(text)}$")).first.click()
    page.wait_for_selector("#record form")


def select(page: Page, text: str) -> None:
    """Select words of the article, wherever marks cut them."""
    found = page.evaluate(
        """text => {
            const passage = document.querySelector(".passage"), walker = document.createTreeWalker(passage, NodeFilter.SHOW_TEXT);
            const nodes = []; let whole = "";
            while (walker.nextNode()) { nodes.push([whole.length, walker.currentNode]); whole += walker.currentNode.data; }
            const at = whole.indexOf(text), range = document.createRange();
            const place = (offset, last) => { const [from, node] = nodes.findLast(([from]) => last ? from < offset : from <= offset); return [node, offset - from]; };
            range.setStart(...place(at, false)); range.setEnd(...place(at + text.length, true));
            getSelection().removeAllRanges(); getSelection().addRange(range);
            return at >= 0;
        }""",
        text,
    )
    assert found


def test_the_token_leaves_the_address(out: Path, show: Opening) -> None:
    page = show(out)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", page.url)
    assert page.evaluate("document.cookie") == ""


def test_records_are_accepted_rejected_and_taken_back_by_keys(out: Path, show: Opening) -> None:
    page = show(out)
    total = int(seen(page).split(" / ")[1])
    assert seen(page) == f"已看 0 / {total}"
    first = page.locator("#record-title").inner_text()
    for key, told in (("a", f"已看 1 / {total}"), ("r", f"已看 2 / {total}")):
        page.keyboard.press(key)
        wait(page, ".progress strong", told)
        rest(page)
    page.keyboard.press("u")
    wait(page, ".progress strong", f"已看 1 / {total}")
    assert page.locator("#told").inner_text() == "已撤销。"
    rest(page)
    page.keyboard.press("p")
    page.wait_for_selector(".said.accept")
    assert page.locator("#record-title").inner_text() == first


def test_a_field_is_corrected_by_keys_and_is_in_the_tables(out: Path, show: Opening) -> None:
    page = show(out)
    choose(page, "indicator")
    text = page.locator("#record-title").inner_text()
    page.keyboard.press("e")
    page.wait_for_selector("#record form")
    assert page.evaluate("document.activeElement.name") == "low"
    page.keyboard.press("Control+A")
    page.keyboard.type("1")
    page.fill("[name=measure]", "改过的计量")
    page.keyboard.press("Enter")
    page.wait_for_selector(".said.correct")
    assert page.evaluate("document.activeElement.id") == "record"
    [row] = rows_of(jianbao.read_tables(out)["indicators"], measure="改过的计量")
    assert (row["text"], row["low"], row["rule"]) == (text, Decimal(1), "review")


def test_a_wrong_field_is_named_and_keeps_what_was_written(out: Path, show: Opening) -> None:
    page = show(out)
    choose(page, "indicator")
    page.keyboard.press("e")
    page.fill("[name=measure]", "没有写完")
    page.fill("[name=low]", "很多")
    page.keyboard.press("Enter")
    page.wait_for_selector("[name=low][aria-invalid=true]")
    assert "low" in page.locator(".wrong").inner_text()
    assert page.input_value("[name=measure]") == "没有写完"
    assert page.evaluate("document.activeElement.name") == "low"
    page.keyboard.press("Escape")
    assert page.locator("#record form").count() == 0
    assert not (out / "review").exists()


def test_a_missed_record_is_added_from_selected_text(out: Path, show: Opening) -> None:
    page = show(out)
    choose(page, "indicator")
    open_mark(page, "1700余人次") if page.locator(".passage", has_text="1700余人次").count() else page.keyboard.press(
        "n"
    )
    page.keyboard.press("Escape")
    page.wait_for_selector(".passage >> text=1700余人次")
    select(page, "法律培训班")
    page.keyboard.press("b")
    page.wait_for_selector("#record form")
    assert page.locator("#record-title").inner_text() == "法律培训班"
    page.select_option("[name=kind]", "event")
    page.keyboard.press("Tab")
    page.locator("#record form button[type=submit]").press("Enter")
    page.wait_for_selector(".passage .mark.brand >> text=法律培训班")
    [row] = rows_of(jianbao.read_tables(out)["brands"], text="法律培训班")
    assert (row["start"], row["kind"]) == (FIRST.index("法律培训班"), "event")


def test_a_place_is_corrected_by_selecting_other_text(tmp_path: Path, show: Opening) -> None:
    out = made_out(tmp_path, a=HOSTILE)
    page = show(out)
    open_mark(page, "500册")
    select(page, "图书500册")
    page.click("[data-deed=use_selection]")
    wait(page, "#record-title", "图书500册")
    page.locator("#record form button[type=submit]").press("Enter")
    page.wait_for_selector(".passage .mark >> text=图书500册")
    [row] = rows_of(jianbao.read_tables(out)["indicators"], text="图书500册")
    assert HOSTILE[row["start"] : row["end"]] == "图书500册"


def test_hostile_text_stays_text(tmp_path: Path, show: Opening) -> None:
    out = made_out(tmp_path, **{"<script>window.broken=5<\u29f8script>'": HOSTILE})
    page = show(out)
    shown = page.locator(".passage").inner_text()
    assert '<img src=x onerror="window.broken=2">' in shown
    assert "⟨U+202E⟩反过来的字" in shown
    assert "{{ 7*7 }}" in shown
    open_mark(page, "1700余人次")
    page.fill("[name=measure]", "<img src=x onerror=window.broken=6>")
    page.keyboard.press("Enter")
    page.wait_for_selector(".passage .mark.sure")
    assert page.evaluate("window.broken") is None
    assert page.locator(".passage img, .passage script, .passage svg, #record img").count() == 0


def test_both_languages_and_the_help(out: Path, show: Opening) -> None:
    page = show(out, lang="en")
    assert page.title() == "Review of bulletins"
    page.keyboard.press("?")
    assert page.locator("#help[open] dt").count() == 9
    page.keyboard.press("Escape")
    assert page.locator("#help[open]").count() == 0
    for words in page.locator("#record .deeds button, .progress, .switches button, #record dt").all_inner_texts():
        assert not re.search("[\u4e00-\u9fff]", words.replace("中文", "")), words
    page.click("#language")
    assert page.title() == "简报复核"


def test_every_phrase_is_said_and_every_said_phrase_is_there() -> None:
    script = (DESK / "review.js").read_text(encoding="utf-8") + (DESK / "review.html.j2").read_text(encoding="utf-8")
    said = set(re.findall(r'\bt\(\s*"(\w+)"', script)) | set(re.findall(r'data-t="(\w+)"', script))
    said |= set(re.findall(r"words\.(\w+)", (DESK / "review.html.j2").read_text(encoding="utf-8")))
    assert said <= set(phrases())
    named = {name for names in FIELDS.values() for name in names}
    made = ("one_", "said_", "key_", "field_")  # put together of a word and a key
    idle = [
        key for key in phrases() if f'"{key}"' not in script and key not in said | named and not key.startswith(made)
    ]
    assert idle == []
    assert all(told["zh"] and told["en"] for told in phrases().values())


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_runs_over_the_edge(out: Path, show: Opening, width: int) -> None:
    page = show(out, width, "en")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("e")
    page.wait_for_selector("#record form")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(
    ("scheme", "lang", "width"), [("light", "zh", 1280), ("dark", "en", 360), ("dark", "zh", 1280)]
)
def test_the_page_is_accessible(out: Path, show: Opening, scheme: str, lang: str, width: int) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="accessibility needs axe-playwright-python"
    )
    page = show(out, width, lang, color_scheme=scheme)
    faults = []
    for state in ("record", "form", "help"):
        if state == "form":
            page.select_option("#sort", "indicator")
            rest(page)
            page.keyboard.press("e")
            page.wait_for_selector("#record form")
        if state == "help":
            page.keyboard.press("Escape")
            page.keyboard.press("?")
        answer = axe.Axe().run(page, options=AXE).response
        assert len(answer["passes"]) > 15
        faults += [(state, fault["id"], fault["nodes"][0]["html"]) for fault in answer["violations"]]
    assert faults == []


def test_light_and_dark_follow_the_system(out: Path, show: Opening) -> None:
    def lightness(scheme: str) -> int:
        ground = show(out, color_scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(map(int, re.findall(r"\d+", ground)))

    assert lightness("light") > 600
    assert lightness("dark") < 150
