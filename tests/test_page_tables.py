"""Promises of pages that hold tables of data, galleries and boxes: what belongs to the article is its body, the rest is none."""

from __future__ import annotations

import pytest

pytest.importorskip("lxml", reason="pages need lxml")
from made_pages import PROSE, body_of, read

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
