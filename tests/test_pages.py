"""Promises on crawled pages: their text is whole, their article is found, lists give none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("lxml", reason="pages need lxml")
from made_pages import BLANKS, PROSE, body_of, f1, read, sidecar

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))
SHARED = Path(__file__).parents[1].parent / "shared" / "html"


# --- our own pages


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_says_of_its_article_is_read_exactly(page: Path) -> None:
    document, told = read(page.read_bytes()), sidecar(page)
    found = (document.status, document.title, str(document.published or ""), document.source, document.contributor)
    assert found == tuple(told[name] for name in ("status", "title", "published", "source", "contributor"))
    assert document.url == told["url"]


@pytest.mark.parametrize("page", [page for page in PAGES if sidecar(page)["body"]], ids=lambda page: page.stem)
def test_the_body_of_a_page_is_its_article(page: Path) -> None:
    document, told = read(page.read_bytes()), sidecar(page)
    assert f1(body_of(document), "\n".join(told["body"])) >= 0.94
    assert document.text.count(told["body"][0].strip()) >= 1


@pytest.mark.parametrize("page", [page for page in PAGES if not sidecar(page)["body"]], ids=lambda page: page.stem)
def test_a_page_without_an_article_says_why(page: Path) -> None:
    document = read(page.read_bytes())
    assert document.body == ()
    reasons = {"list": "列表页", "frames": "框架页", "redirect": "跳转页", "shell": "脚本"}
    assert reasons[sidecar(page)["kind"]] in document.message


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_body_spans_are_sorted_disjoint_and_inside_the_text(page: Path) -> None:
    document = read(page.read_bytes())
    edges = [edge for span in document.body or () for edge in span]
    assert edges == sorted(edges)
    assert all(start < end for start, end in document.body or ())
    assert edges[-1:] <= [len(document.text)]


# --- shared pages


def shared_rows() -> list[dict[str, Any]]:
    manifest = SHARED / "manifest.json"
    return json.loads(manifest.read_text(encoding="utf-8")) if manifest.exists() else []


needs_shared = pytest.mark.skipif(not shared_rows(), reason=f"no shared pages in {SHARED}")


@needs_shared
def test_all_shared_list_pages_are_lists_and_no_article_is() -> None:
    wrong = []
    for row in shared_rows():
        path = SHARED / Path(row["file"]).name
        listed = "列表页" in read(path.read_bytes()).message
        if listed != ("list" in row.get("kind", "")):
            wrong.append(path.name)
    assert wrong == []


@needs_shared
def test_shared_titles_are_part_of_the_window_title_and_none_is_missing() -> None:
    wrong = []
    for row in shared_rows():
        if "list" in row.get("kind", "") or "title" not in row:
            continue
        title = read((SHARED / Path(row["file"]).name).read_bytes()).title
        if not title or BLANKS.sub("", title) not in BLANKS.sub("", row["title"]):
            wrong.append(row["file"])
    assert len(wrong) <= 1  # the window of one page shows the column's name only


@needs_shared
def test_shared_bodies_hold_what_is_expected() -> None:
    scores = []
    for row in shared_rows():
        if "expected" not in row:
            continue
        expected = (SHARED / Path(row["expected"]).name).read_text(encoding="utf-8")
        content = json.loads(expected)["content"] if row["expected"].endswith(".json") else expected
        scores.append(f1(body_of(read((SHARED / Path(row["file"]).name).read_bytes())), content))
    assert sum(scores) / len(scores) >= 0.97
    assert min(scores) >= 0.8


# --- text


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>走访<b>侨眷</b>30<span>户</span></p>", "走访侨眷30户"),
        ("<div>甲<div>乙</div>丙</div>", "甲\n乙\n丙"),
        ("甲<br>乙<br/>丙", "甲\n乙\n丙"),
        ("<p>侨联&nbsp;&amp;&#20392;办</p>", "侨联\xa0&侨办"),
        ("<p>走访\n  \t 侨眷</p>", "走访 侨眷"),
        ("<p>甲<!-- 乙 -->丙</p>", "甲丙"),
        ("<p>甲</p><script>乙</script><style>丙</style><noscript>丁</noscript><template>戊</template>己", "甲\n己"),
        ("<p>甲</p><p hidden>乙</p><p style='DISPLAY : none'>丙</p>丁", "甲\n丁"),
        ("<table><tr><th>区县</th><th>户数</th></tr><tr><td>甲县</td><td></td><td>30</td></tr></table>", "区县\t户数\n甲县\t\t30"),
        ("<table><tr><td><p>甲</p><p>乙</p></td></tr></table>", "甲\n乙"),
        ("<table><tr><td><table><tr><td>1</td><td>2</td></tr></table></td><td>丙</td></tr></table>", "1\t2\n丙"),
        ("<pre>甲\n  乙</pre>", "甲\n乙"),
        ("<p>服务1<b>,200</b><sup>①</sup>人次</p>", "服务1,200人次"),
        ("<p>服务1200<sup>[1]</sup>人次、300<sup>*</sup>人</p>", "服务1200人次、300人"),
        ("<p>服务1200<sup>2</sup>人次、300<a href='#n3'><sup>3</sup></a>人</p>", "服务1200人次、300人"),
        ("<p>服务1200<span style='vertical-align: super'>②</span>人次</p>", "服务1200人次"),
        ("<p>面积900m<sup>2</sup>，10<sup>4</sup>千瓦，CO<sub>2</sub>，2<sup>3</sup>=8</p>", "面积900m2，104千瓦，CO2，23=8"),
        ("<p><sup>①</sup>含流动服务点。</p>", "①含流动服务点。"),
        ("<h1>甲乙丙<br>\n &nbsp;丁戊己</h1>", "甲乙丙丁戊己"),
        ("<div class=title>甲乙丙<br>——丁戊己</div>", "甲乙丙——丁戊己"),
        ("<h1>Helping<br>Hands</h1>", "Helping Hands"),
        ("<h1>甲乙丙<br><small>发布时间：2024-07-09</small></h1>", "甲乙丙\n发布时间：2024-07-09"),
        ("<div class=title><h2>甲乙丙</h2><p>丁戊己</p></div>", "甲乙丙\n丁戊己"),
        ("<p><b>甲乙丙<br>丁戊己</b></p>", "甲乙丙\n丁戊己"),
        ("<div><span>县侨联</span><span>2024-07-09 08:30</span><span>关注</span></div>", "县侨联 2024-07-09 08:30 关注"),
        ("<div><span>作者：</span><span>信息来源：</span><span>县侨联</span><span>发布时间：</span></div>", "作者： 信息来源：县侨联 发布时间："),
        ("<p>于<span>2024-07-09</span>召开</p>", "于2024-07-09召开"),
        ("<table><tr><td>甲<br>乙<br>丙</td><td>丁</td></tr></table>", "甲\n乙\n丙\n丁"),
    ],
)  # fmt: skip
def test_a_page_is_flattened_as_a_browser_shows_it(page: str, text: str) -> None:
    assert read(page).text == text


def test_an_article_that_a_script_would_show_is_read() -> None:
    document = read(f"<div id='js_content' style='display:none'><p>{PROSE}</p></div>")
    assert body_of(document) == PROSE


def test_comments_are_text_and_no_body() -> None:
    answer = "家乡变化真大，期待早日回去看看，为侨联点赞。"
    document = read(f"<div><p>{PROSE * 3}</p></div><div class='comment-list'><p>{answer * 8}</p></div>")
    assert answer in document.text
    assert body_of(document) == PROSE * 3


def test_an_article_in_an_element_with_a_misleading_name_is_read() -> None:
    prose = f"{PROSE}\n下一步，区侨联将完善联系侨胞的长效机制。"
    page = "".join(f"<p>{line}</p>" for line in prose.splitlines())
    assert body_of(read(f"<div class='layout right-sidebar'>{page}</div>")) == prose


def test_a_notice_without_a_sentence_end_is_an_article() -> None:
    links = "".join(f"<li><a href='{n}'>关于公布第{n}批侨界人才名单的通知</a></li>" for n in range(9))
    page = f"<ul>{links}</ul><h1>关于放假的通知</h1><p>2023-01-19</p><div>1月21日至27日放假，28日上班</div>"
    document = read(page)
    assert document.status == "ok"
    assert "1月21日至27日放假" in body_of(document)


# --- traditional script


def test_a_page_in_traditional_script_is_read_as_one_in_simplified_script_and_keeps_its_words() -> None:
    page = (
        "<title>慰問僑眷</title><div>網站首頁 新聞中心</div><h1>慰問僑眷</h1><div>發布時間：2023-03-08 來源：山城僑報</div>"
        f"<div><p>{PROSE}</p><p>縣僑聯舉辦聯誼會，邀請歸僑僑眷50餘人。</p><p>責任編輯：張三</p></div>"
        "<div>上一篇：<a href=1>召開換屆大會</a></div><div>版權所有 山城區僑聯</div>"
    )
    document = read(page)
    assert body_of(document) == f"{PROSE}\n縣僑聯舉辦聯誼會，邀請歸僑僑眷50餘人。"
    assert (document.title, str(document.published), document.source) == ("慰問僑眷", "2023-03-08", "山城僑報")


def test_a_list_of_links_in_traditional_script_is_no_article() -> None:
    rows = "".join(f"<li><a href={n}>縣僑聯走訪慰問歸僑僑眷第{n}次</a> 2023-03-0{n}</li>" for n in range(1, 9))
    assert read(f"<title>工作動態</title><ul>{rows}</ul>").status == "failed"


def test_a_page_that_asks_for_scripts_in_traditional_script_holds_no_text() -> None:
    document = read("<script>1</script><p>請啟用 JavaScript 後再瀏覽本頁，感謝您的配合。</p>")
    assert (document.status, document.body) == ("failed", ())
