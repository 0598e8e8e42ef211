"""Promises of what notebooks show: the text with its records marked, hostile text as text, no script, small."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jianbao
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jianbao.corpus.article import Article
from jianbao.corpus.display import LONGEST, MOST
from jianbao.corpus.errors import InputError
from jianbao.corpus.gold import parse_gold
from jianbao.corpus.marked import marked_html
from jianbao.corpus.records import Activity, Brand, Records
from jianbao.pipeline.extraction import Pipeline
from jianbao.pipeline.notebook import Shown
from test_face import ARTICLES, TEXTS

TEXT = "今年以来，区侨联走访侨眷140余户，其中困难侨眷近30户，推出“侨助工坊”服务。"
HOSTILE = "推出“</mark><script>alert(1)</script><img src=x onerror=alert(1)>”行动，走访侨眷140余户&lt;b&gt;\"'。"
SHOWN_MARKS = 2_000  # bytes of HTML that a record may cost


class Page(HTMLParser):
    """The tags of a page, whether they nest, its text, and the attributes of its marks."""

    VOID = frozenset({"br", "img", "meta", "link", "input"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.open: list[str] = []
        self.parts: list[str] = []
        self.marks: list[dict[str, str | None]] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names.update(name for name, _ in attrs)
        assert tag not in self.VOID
        self.open.append(tag)
        if tag == "mark" or ("class", "types") in attrs:
            self.marks.append(dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.parts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.parts)


def html_of(shown: object) -> str:
    return shown._repr_html_()  # type: ignore[attr-defined, no-any-return]


def parts(html: str) -> list[str]:
    """What stands in marks."""
    return re.findall(r"<mark[^>]*>([^<]*)</mark>", html)


# A text and its records.


def test_a_shown_text_holds_its_records_as_marks_with_what_they_say() -> None:
    html = html_of(jianbao.show(TEXT))
    assert parts(html) == ["140余户", "近30户", "侨助工坊"]
    first, second, brand, types = Page(html).marks
    assert first["data-told"] == "140..150 户"
    told = str(first["title"])
    for words in ("households 户数", "(over)", "走访侨眷", "今年以来", "number.over", "confidence 0."):
        assert words in told
    assert "part of 140余户" in str(second["title"])
    assert (brand["class"], brand["data-told"]) == ("brand", "场所")
    assert "走访慰问" in str(types["data-told"])
    assert "visit: confidence" in str(types["title"])


def test_the_text_of_the_page_is_the_text_of_the_article_and_then_the_tables() -> None:
    for article in ARTICLES.values():
        page = Page(html_of(jianbao.show(article)))
        assert article.text in page.text


def test_the_tables_have_the_columns_of_the_files_and_none_that_is_empty() -> None:
    records = jianbao.extract(TEXT)
    html = html_of(records)
    columns = re.findall(r'<th scope="col">(\w+)</th>', html)
    assert columns[:7] == ["start", "text", "low", "high", "bound", "unit", "dimension"]
    assert {
        "measure",
        "activity",
        "period_text",
        "status",
        "part_of",
        "confidence",
        "rule",
        "name",
        "kind",
        "type",
    } <= set(columns)
    assert {"per", "region", "period_start"}.isdisjoint(columns)
    page = Page(html)
    assert "140余户" in page.text
    assert "走访侨眷" in page.text
    assert "no records" in Page(html_of(Records())).text


def test_refusals_are_shown_where_there_are_any() -> None:
    records = Pipeline()(Article("", "第九批，走访12户。", body=((0, 10),)))
    assert "refuse.ordinal" in Page(html_of(records)).text


def test_an_article_shows_what_is_known_of_it_and_its_text() -> None:
    article = ARTICLES["yongjia_qiaolian_2021.txt"]
    page = Page(html_of(article))
    assert article.text in page.text
    for words in (article.title, str(article.published), article.region):
        assert str(words) in page.text
    failed = html_of(Article("a", "", status="failed", message="the file is empty"))
    assert "the file is empty" in failed


def test_what_is_no_body_is_paler() -> None:
    html = html_of(Article("", "页眉\n走访侨眷30户。", body=((3, 11),)))
    assert '<span class="outside">页眉\n</span>走访侨眷30户。' in html.replace("&#10;", "\n")


def test_gold_shows_what_is_expected() -> None:
    [gold] = parse_gold("走访侨眷[30户|30|户|households|走访侨眷|visit]。<visit>")
    assert parts(html_of(gold)) == ["30户"]


def test_records_of_another_text_are_refused() -> None:
    records = jianbao.extract(TEXT)
    assert jianbao.show(TEXT, records).records is records
    with pytest.raises(InputError, match=r"at 12-17 they have '140余户', the text .*记录与文本不符"):
        jianbao.show("别的文字，没有任何数字，也没有品牌。", records)


def test_printed_it_is_explained_without_colours_or_control_characters() -> None:
    told = repr(jianbao.show(TEXT))
    assert "140余户  140..150 户 over households  measure=走访侨眷" in told
    loud = repr(jianbao.show("\x1b[31m走访侨眷30户\x1b]0;x\x07，\x9b31m。"))
    assert re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", loud) is None
    assert "30户" in loud


# Any text.


def test_hostile_text_stays_text() -> None:
    article = Article("", HOSTILE, title=HOSTILE, source=HOSTILE, message=HOSTILE, body=((0, len(HOSTILE)),))
    found = Pipeline(models=False)(article)
    brand = Brand(3, 40, HOSTILE[3:40], "<i>", 0.5, HOSTILE, "<b>")
    for shown in (article, found, Shown(article, found), Shown(article, replace(found, brands=(brand,)))):
        page = Page(html_of(shown))
        assert page.tags <= {
            "style", "div", "p", "b", "span", "mark", "details", "summary", "table", "caption", "thead", "tbody", "tr", "th", "td",
        }  # fmt: skip
        assert page.names <= {"class", "lang", "dir", "title", "data-told", "scope"}


def test_what_no_page_can_hold_is_replaced() -> None:
    html = html_of(Article("", "走访\x00\ud800\u202e侨眷30户。", body=((0, 12),)))
    assert html.encode("utf-8").decode() == html
    assert "走访\ufffd\ufffd\ufffd侨眷30户。" in html


def test_mathjax_leaves_dollar_signs_alone() -> None:
    assert "tex2jax_ignore mathjax_ignore" in html_of(jianbao.show("$30万$，走访30户。"))


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.data())
def test_marks_are_well_nested_whatever_lies_over_what(text: str, data: st.DataObject) -> None:
    places = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
    spans = data.draw(st.lists(places, max_size=6))
    brands = tuple(Brand(start, end, text[start:end], "r", 0.5, "名", "event") for start, end in spans[:3])
    types = tuple(Activity(start, end, text[start:end], "r", 0.5, "visit") for start, end in spans[3:])
    page = Page(marked_html(Article("", text), Records(brands=brands, activities=types)))
    kept = re.sub("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", "\ufffd", text)
    assert page.text.startswith(kept)


def test_a_long_text_is_cut_and_says_so_and_a_record_costs_little() -> None:
    text = TEXT * 2000
    records = jianbao.extract(text)
    html = html_of(jianbao.show(text, records))
    assert f"{len(text) - LONGEST:,} more characters" in html
    assert f"{len(records.indicators) - MOST:,} more rows" in html
    shown = sum(found.start < LONGEST for found in (*records.indicators, *records.brands, *records.activities))
    assert len(html.encode()) < shown * SHOWN_MARKS
    assert len(html_of(jianbao.extract("")).encode()) < 2_000


# In a browser.

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.mark.skipif(BROWSER is None, reason="needs Chromium on the machine")
@pytest.mark.parametrize("scheme", [("#ffffff", "#202020"), ("#111111", "#e8e8e8")], ids=["light", "dark"])
def test_labels_and_marks_can_be_read_on_light_and_dark_pages(scheme: tuple[str, str], tmp_path: Path) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright")
    paper, ink = scheme
    page_file = tmp_path / "cell.html"
    body = html_of(jianbao.show(TEXT + HOSTILE))
    page_file.write_text(f'<meta charset="utf-8"><body style="background:{paper};color:{ink}">{body}', encoding="utf-8")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-dev-shm-usage"])
        page = browser.new_page()
        alerts: list[object] = []

        def hear(dialog: Any) -> None:
            alerts.append(dialog)
            dialog.dismiss()

        page.on("dialog", hear)
        page.goto(page_file.as_uri())
        assert page.locator("mark.indicator").count() == 3
        inks = page.locator("mark").evaluate_all("all => all.map(one => getComputedStyle(one).color)")
        label = page.locator("mark.indicator").first.evaluate("one => getComputedStyle(one, '::after').content")
        browser.close()
    assert alerts == []
    assert set(inks) == {f"rgb({', '.join(str(int(ink[place : place + 2], 16)) for place in (1, 3, 5))})"}
    assert label == '"140..150 户"'
