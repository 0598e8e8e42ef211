"""Promises on crawled pages: their text is whole, their article is found, lists give none, damage costs no time."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("lxml", reason="pages need lxml")

from jianbao.corpus.document import Document
from jianbao.corpus.limits import DEFAULT, LimitError, Limits
from jianbao.corpus.page_decoding import decode_page
from jianbao.corpus.pages import READERS, read_html, read_mhtml

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))
SHARED = Path(__file__).parents[1].parent / "shared" / "html"
PROSE = "区侨联走访慰问侨眷30户，送去慰问金3万元。"
BLANKS = re.compile(r"\s+")


def read(page: str | bytes) -> Document:
    [document] = read_html(page.encode() if isinstance(page, str) else page, DEFAULT)
    return document


def body_of(document: Document) -> str:
    return "\n".join(document.text[start:end] for start, end in document.body or ())


def f1(found: str, expected: str) -> float:
    told, known = (Counter(BLANKS.sub("", text)) for text in (found, expected))
    return 2 * (told & known).total() / max(1, told.total() + known.total())


def sidecar(page: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    return told


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


# --- encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "big5"])
@pytest.mark.parametrize("declared", ["", "utf-8", "gb2312", "iso-8859-1", "no-such-charset"])
def test_a_wrong_charset_garbles_nothing(encoding: str, declared: str) -> None:
    head = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={declared}"></head>'
    prose = "本會舉辦聯歡會，資助學生三十名。" if encoding == "big5" else PROSE
    if encoding == "big5" and declared == "gb2312":
        pytest.skip("Big5 is valid GB18030: only the declaration could tell")
    assert prose in read(f"{head}<p>{prose * 3}</p></html>".encode(encoding)).text


def test_gbk_characters_beyond_gb2312_are_read() -> None:
    assert decode_page('<meta charset="gb2312">朱镕基、堃'.encode("gb18030")).text.endswith("朱镕基、堃")


def test_bytes_that_are_no_text_are_counted() -> None:
    document = read(b"<meta charset=gbk><p>" + PROSE.encode("gbk") + b"\xff\xff</p>")
    assert document.status == "partial"
    assert "U+FFFD" in document.message


# --- saved pages


def saved(*parts: MIMEText, start: str = "") -> bytes:
    message = MIMEMultipart("related")
    if start:
        message.set_param("start", start)
    message["Snapshot-Content-Location"] = "https://www.example.cn/1.html"
    for part in parts:
        message.attach(part)
    return message.as_bytes()


@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
def test_the_root_part_of_a_saved_page_is_read(charset: str) -> None:
    page = MIMEText(f"<h1>走访慰问侨眷</h1><p>{PROSE}</p>", "html", charset)
    [document] = read_mhtml(saved(MIMEText("p{}", "css", "utf-8"), page), DEFAULT)
    assert (document.format, body_of(document)) == ("mhtml", PROSE)
    assert document.url == "https://www.example.cn/1.html"


def test_the_part_named_as_start_is_the_root() -> None:
    first, second = MIMEText("<p>广告</p>", "html", "utf-8"), MIMEText(f"<p>{PROSE}</p>", "html", "utf-8")
    second["Content-ID"] = "<root>"
    [document] = read_mhtml(saved(first, second, start="<root>"), DEFAULT)
    assert body_of(document) == PROSE


def test_a_saved_page_without_a_page_says_so() -> None:
    [document] = read_mhtml(saved(MIMEText("p{}", "css", "utf-8")), DEFAULT)
    assert document.status == "failed"
    assert "没有网页" in document.message


# --- damage

DEEP = [b"<div>", b"<span>", b"<table><tr><td>", b"<ul><li>", b"<b>x", b"<font><p>x</p>"]


@pytest.mark.parametrize("tag", DEEP, ids=[tag.decode() for tag in DEEP])
def test_elements_that_lie_too_deep_meet_the_limit(tag: bytes) -> None:
    with pytest.raises(LimitError, match="limit nesting met"):
        list(read_html(tag * 100_000 + PROSE.encode(), DEFAULT))


def test_parts_that_lie_too_deep_meet_the_limit() -> None:
    parts = b"".join(b"Content-Type: multipart/related; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000))
    with pytest.raises(LimitError, match="limit nesting met"):
        list(read_mhtml(parts, DEFAULT))


def test_a_page_with_too_much_text_meets_the_limit() -> None:
    with pytest.raises(LimitError, match="limit text met"):
        list(read_html(f"<p>{PROSE}</p>".encode() * 1000, Limits(text=10_000)))


HUGE = {
    "attribute": b'<p title="' + b"x" * 20_000_000 + b'">' + PROSE.encode(),
    "class": b'<div class="' + b"nav " * 3_000_000 + b'">' + PROSE.encode(),
    "comments": b"<!--" * 1_000_000 + PROSE.encode(),
    "brackets": b"<" * 1_000_000,
    "ampersands": b"&" * 1_000_000,
    "cells": b"<table><tr>" + b"<td>1</td>" * 50_000,
    "rows": b"<table>" + "<tr><td>侨</td><td>1</td></tr>".encode() * 20_000,
    "tables": b"<table><tr><td>" + b"<table><tr><td>2</td><td>3</td></tr></table>" * 10_000,
    "meta": b"<meta name=a content=b>" * 100_000,
    "title": b"<title>" + b"a_" * 1_000_000 + b"</title><p>" + PROSE.encode(),
    "json": b'<script type="application/ld+json">' + b"[" * 90_000 + b"</script><p>" + PROSE.encode(),
    "links": b"<a href=x>abc</a> " * 50_000,
    "lines": b"<pre>" + b"a\n" * 100_000,
    "one line": ("<p>" + "侨" * 5_000_000).encode(),
    "binary": bytes(range(256)) * 2000,
}


@pytest.mark.parametrize("name", HUGE)
def test_a_huge_or_broken_page_is_read_in_seconds(name: str) -> None:
    start = time.perf_counter()
    document = read(HUGE[name])
    assert document.format == "html"
    assert time.perf_counter() - start < 15


@pytest.mark.parametrize("page", ["", " \n", "<html></html>", "<!-- x -->", "<p>&nbsp;</p>"])
def test_an_empty_page_says_so(page: str) -> None:
    document = read(page)
    assert document.status == "failed"
    assert "没有文字" in document.message


@pytest.mark.parametrize("cut", range(0, 4000, 131))
def test_a_page_that_was_cut_off_is_read(cut: int) -> None:
    whole = (Path(__file__).parent / "pages" / "jpage_gov_gbk.html").read_bytes()
    assert read(whole[:cut]).status in ("ok", "partial", "failed")


def test_nul_bytes_are_passed_over() -> None:
    assert body_of(read(f"<p>{PROSE}</p>".encode().replace(b"<p>", b"<p>\0"))) == PROSE


def test_the_readers_are_named_by_format() -> None:
    assert {name: next(reader(b"", DEFAULT)).format for name, reader in READERS.items()} == {
        "html": "html",
        "mhtml": "mhtml",
    }


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


# --- what stands around an article


def test_of_a_forums_thread_the_first_contribution_is_the_body() -> None:
    answer = "支持侨联的工作，希望以后多到我们村里来，这里的老人都盼着义诊，" * 4
    posts = [("楼主", PROSE), ("沙发", answer), ("板凳", answer)]
    rows = [
        f"<div><p>{floor}</p><p>发表于 2014-5-{6 + day} 20:11</p><div>{text}</div></div>"
        for day, (floor, text) in enumerate(posts)
    ]
    document = read(f"<title>慰问侨眷三十户 - 山城论坛</title><h1>慰问侨眷三十户</h1>{''.join(rows)}")
    assert (body_of(document), str(document.published)) == (PROSE, "2014-05-06")


@pytest.mark.parametrize("place", ["inside", "below"])
def test_files_that_a_notice_links_to_are_body(place: str) -> None:
    files = "<p><a href=1.doc>附件1：申报表.doc</a></p><p><a href=2.xls>附件2：汇总表.xls</a></p>"
    inside, below = (files, "") if place == "inside" else ("", files)
    document = read(
        f"<h1>关于申报项目的通知</h1><div class=con><p>{PROSE}</p>{inside}</div>{below}<p><a href=0>返回</a></p>"
    )
    assert [line for line in body_of(document).split("\n") if line] == [PROSE, "附件1：申报表.doc", "附件2：汇总表.xls"]


def test_a_home_page_with_a_box_about_its_owner_is_a_list() -> None:
    links = "".join(f"<li><a href={day}>县侨商会{day}月走访会员企业</a> 10-1{day}</li>" for day in range(8))
    about = "<div><h3>商会简介</h3><p>县侨商会成立于1998年，由海内外侨商自愿组成，现有会员企业126家，遍布21个国家，累计捐资3600万元。</p></div>"
    assert "列表页" in read(f"<title>县侨商会</title><ul>{links}</ul>{about}").message


def test_the_answers_to_a_search_are_a_list() -> None:
    found = "".join(f"<h3><a href={n}>侨心义诊进山村{n}</a></h3><p>{PROSE}</p>" for n in range(4))
    assert "列表页" in read(f"<title>“义诊”的搜索结果</title><p>为您找到相关结果约4个，用时0.031秒</p>{found}").message


def test_toolbars_and_editors_lines_are_no_body() -> None:
    tools = "<p>2012年03月16日 星期五 返回目录 放大 缩小 默认 朗读</p><p>点击蓝字，关注我们</p>"
    document = read(
        f"<h1>慰问侨眷</h1><div>{tools}<p>{PROSE * 2}</p><p>【纠错】 【责任编辑:李四】</p><p>深度观察</p></div>"
    )
    assert body_of(document) == PROSE * 2


SHARES = "<div class=bdsharebuttonbox>分享到：<a href=#>微信</a><a href=#>微博</a></div>"
OTHERS = "<ul><li><a href=1>县侨联召开换届大会通知</a></li><li><a href=2>县侨联举办侨法宣传月</a></li></ul>"


@pytest.mark.parametrize(
    "beside",
    [SHARES, f"<div><h3>相关阅读</h3>{OTHERS}</div>", f"{SHARES}<div class=xgwz><h4>相关文章</h4>{OTHERS}</div>"],
)
def test_a_numbered_list_is_body_and_what_stands_in_its_box_for_sharing_is_not(beside: str) -> None:
    items = ["走访侨眷30户，送去慰问金3万元", "举办义诊3场，服务420人次", "开展法律咨询2场"]
    rows = "".join(f"<li>{item}</li>" for item in items)
    document = read(f"<h1>慰问侨眷</h1><div class=content><p>{PROSE}</p><ol>{rows}</ol>{beside}</div>")
    assert body_of(document) == "\n".join([PROSE, *items])


# --- tables of data

ROWS = [
    ("日期", "捐赠人", "金额"),
    ("2011-8-12", "陈先生", "3000元"),
    ("2011-8-15", "侨商会", "5万元"),
    ("2011-8-21", "林女士", "800元"),
]
DATA = (
    "<table border=1>" + "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in ROWS) + "</table>"
)
TOLD = ["\t".join(row) for row in ROWS]
SIDE = "".join(
    f"<tr><td><a href={n}>县侨联召开第{n}次侨法宣传工作会议</a></td><td>[08-1{n}]</td></tr>" for n in range(8)
)


def laid_out(content: str) -> str:
    """A page of nested tables: a list of links on the left, an article on the right."""
    head = (
        "<tr><td align=center><b>侨界爱心助学捐款公告</b></td></tr><tr><td>发布时间：2011-8-30 来源：山城侨联</td></tr>"
    )
    return (
        f"<title>山城侨联</title><table><tr><td><table><tr><td>最新动态</td></tr>{SIDE}</table></td>"
        f"<td><table>{head}<tr><td>{content}</td></tr><tr><td>【打印】【关闭】</td></tr></table></td></tr></table>"
    )


@pytest.mark.parametrize(
    ("content", "body"),
    [
        (DATA, TOLD),
        (f"<p>捐款公布如下：</p>{DATA}<p>合计53800元。</p>", ["捐款公布如下：", *TOLD, "合计53800元。"]),
        (f"<div>捐款公布如下：</div><div>{DATA}</div><div>合计53800元。</div>", ["捐款公布如下：", *TOLD, "合计53800元。"]),
        (f"<p>一、个人</p>{DATA}<p>二、单位</p>{DATA}", ["一、个人", *TOLD, "二、单位", *TOLD]),
        (
            "<p>捐款公布如下：</p>" + DATA.replace("<tr>", "<caption>侨界爱心助学捐款公告</caption><tr>", 1),
            ["捐款公布如下：", *TOLD],
        ),
    ],
)  # fmt: skip
def test_an_announcement_round_a_table_inside_tables_is_body_with_its_rows(content: str, body: list[str]) -> None:
    document = read(laid_out(content))
    assert (document.title, str(document.published)) == ("侨界爱心助学捐款公告", "2011-08-30")
    assert body_of(document).split("\n") == body


def test_days_in_a_table_are_not_that_of_publication() -> None:
    page = laid_out(DATA).replace("发布时间：2011-8-30 来源：山城侨联", "")
    assert (read(page).status, read(page).published) == ("ok", None)


def test_the_columns_of_a_page_are_no_row_of_data() -> None:
    links = "<a href=1>工作动态</a><br><a href=2>通知公告</a>"
    document = read(f"<table><tr><td>{links}</td><td><p><b>慰问侨眷活动</b></p><p>{PROSE}</p></td></tr></table>")
    assert PROSE in document.text.split("\n")


# --- galleries


def gallery(address: str, lead: str = "") -> str:
    words = ["迎春联谊会举办", "走访困难归侨", "侨法宣传进社区", "侨胞回乡参访", "侨界青年座谈", "义诊走进侨村"]
    items = "".join(
        f"<li><a href={address.format(n)}><img src={n}.jpg></a><p><a href={address.format(n)}>{word}</a></p><i>2024-01-1{n}</i></li>"
        for n, word in enumerate(words)
    )
    return f"<meta property=og:type content=article><title>图片新闻</title><h1>图片新闻</h1>{lead}<ul>{items}</ul>"


def test_pictures_that_lead_to_articles_are_a_list_whatever_the_page_calls_itself() -> None:
    assert "列表页" in read(gallery("/p/{}.html")).message


@pytest.mark.parametrize("address", ["/p/{}.html", "/big/{}.jpg"])
def test_pictures_with_a_lead_are_an_article(address: str) -> None:
    document = read(gallery(address, f"<p>{PROSE * 3}</p>"))
    assert document.status == "ok"
    assert PROSE * 3 in body_of(document)


def test_pictures_that_lead_to_themselves_are_an_article() -> None:
    assert read(gallery("/big/{}.jpg")).status == "ok"
