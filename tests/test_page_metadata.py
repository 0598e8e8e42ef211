"""Promises on what pages say of themselves: the article's own title, day, source and address, and rather none than a wrong one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

pytest.importorskip("lxml", reason="pages need lxml")

from jianbao.corpus.document import Document
from jianbao.corpus.limits import DEFAULT
from jianbao.corpus.page_dates import day_of
from jianbao.corpus.pages import read_html

PROSE = "近日，区侨联组织志愿者走访慰问困难归侨侨眷30户，送去慰问金3万元。" * 2
TITLE = "区侨联走访慰问困难归侨侨眷"


def read(head: str, above: str = "", below: str = "") -> Document:
    page = f"<html><head><meta charset=utf-8>{head}</head><body>{above}<div><p>{PROSE}</p></div>{below}</body></html>"
    [document] = read_html(page.encode(), DEFAULT)
    return document


@pytest.mark.parametrize(
    ("head", "above"),
    [
        (f"<title>{TITLE}</title>", ""),
        (f"<title>{TITLE}_工作动态_山城区侨联</title>", f"<h2>{TITLE}</h2>"),
        (f"<title>{TITLE} - 山城区侨联</title>", f"<div>{TITLE}</div>"),
        (f"<title>山城区侨联 | {TITLE}</title>", f"<div>{TITLE}</div>"),
        (f"<title>{TITLE}--山城日报</title>", ""),
        (f"<title>{TITLE}—山城区归国华侨联合会</title>", ""),
        (f"<title>{TITLE}-欢迎光临乐善堂</title><meta property='og:site_name' content='欢迎光临乐善堂'>", ""),
        (f"<title>山城区侨联</title><meta name='ArticleTitle' content='{TITLE}'>", f"<div>{TITLE}</div>"),
        (f"<title>新闻</title><meta property='og:title' content='{TITLE}'>", f"<div>{TITLE}</div>"),
        ("<title>山城区侨联</title><meta property='og:title' content='山城区侨联'>", f"<h1>{TITLE}</h1>"),
        ("<title>工作动态-山城区侨联</title>", f"<h1>山城区侨联</h1><div>{TITLE}</div><div>2023-03-08 来源：山城日报</div>"),
        (f'<script type="application/ld+json">{{"headline": "{TITLE}"}}</script>', f"<div>{TITLE}</div>"),
        (f"<title>{TITLE}_山城</title>", f"<div>原创{TITLE}</div>"),
    ],
)  # fmt: skip
def test_the_title_is_the_articles_without_names_of_site_and_column(head: str, above: str) -> None:
    assert read(head, above).title == TITLE


def test_separators_inside_a_title_stay() -> None:
    title = "“双招双引”进行时——2023侨商大会-海外分会场侧记"
    assert read(f"<title>{title}_山城日报</title>", f"<h1>{title}</h1>").title == title


@pytest.mark.parametrize("head", ["", "<title>首页</title>", "<title>工作动态</title>", "<title>山城区侨联</title>"])
def test_no_title_is_better_than_the_columns_or_the_sites(head: str) -> None:
    assert read(head, "<a href='/'>首页</a>").title == ""


@pytest.mark.parametrize(
    ("head", "above"),
    [
        ("<meta name='PubDate' content='2023-03-08 09:15'>", ""),
        ("<meta property='article:published_time' content='2023-03-08T09:15:00+08:00'>", ""),
        ("<meta property='article:published_time' content='2023-03-07T17:15:00Z'>", ""),
        ('<script type="application/ld+json">{"datePublished": "2023-03-08"}</script>', ""),
        ('<script type="application/ld+json">[{"@graph": [{"pubDate": "2023-03-08T01:02:03"}]}]</script>', ""),
        ("", "<time datetime='2023-03-08T09:15'>三月八日</time>"),
        ("", "<div>2023年3月8日 09:15</div>"),
        ("", "<div>二〇二三年三月八日</div>"),
        ("", "<div>发布日期：</div><div>2023/03/08</div>"),
        ("", "<div>发布时间：2023.3.8 来源：山城日报</div>"),
        ("<meta name='PubDate' content='1970-01-01 08:00'>", "<div>2023-03-08</div>"),
        ("<meta name='PubDate' content='2024-05-06 07:08:09'>", "<div>发布日期：2023-03-08</div>"),
        ("", "<div>今天是2026年1月5日 星期一</div><div>发布时间：2023-03-08</div>"),
    ],
)  # fmt: skip
def test_the_day_is_that_of_the_article(head: str, above: str) -> None:
    assert read(head, f"<h1>{TITLE}</h1>{above}").published == date(2023, 3, 8)


@pytest.mark.parametrize(
    ("head", "above", "below"),
    [
        ("", "", ""),
        ("<meta name='PubDate' content='1970-01-01'>", "", ""),
        ("", "<div>03-08-2023</div>", ""),
        ("", "", "<div>Copyright © 2018-2023 山城区侨联 版权所有</div>"),
        ("", "<div>今天是2023年1月5日 星期四</div>", ""),
        ("<meta name='PubDate' content='2022-04-24 10:00:43'><meta name='others' content='页面生成时间 2022-04-24 10:00:43'>", "", ""),
        ("", "", "<ul><li><a href=1>山城区召开侨联换届大会通知</a> 2023-03-01</li><li><a href=2>侨界代表人士座谈会召开</a> 2023-02-01</li></ul>"),
    ],
)  # fmt: skip
def test_no_day_is_better_than_another_ones(head: str, above: str, below: str) -> None:
    assert read(head, f"{above}<h1>{TITLE}</h1>", below).published is None


def test_a_day_in_the_future_is_none() -> None:
    assert day_of((date.today() + timedelta(days=30)).isoformat()) is None


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("20230308", date(2023, 3, 8)),
        ("20230308091500", date(2023, 3, 8)),
        ("2023/3/8 9:15", date(2023, 3, 8)),
        ("2023-03-08T23:59:59-05:00", date(2023, 3, 9)),
        ("2023-13-40", None),
        ("昨天", None),
        ("", None),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59-12:00", None),
    ],
)
def test_days_of_tags_are_read_in_china(value: str, day: date | None) -> None:
    assert day_of(value) == day


@pytest.mark.parametrize(
    ("head", "above", "source"),
    [
        ("<meta name='ContentSource' content='山城日报'>", "", "山城日报"),
        ("<meta name='ContentSource' content='本站'>", "<div>2023-03-08 来源：山城日报</div>", "山城日报"),
        ("", "<div>2023-03-08 来源：<a>山城日报</a><a href='#c'>参与互动(3)</a></div>", "山城日报"),
        ("", "<div>2023-03-08 来源：admin</div>", ""),
        ("", "<div>2023-03-08 来源：本站原创</div>", ""),
        ("", "<div>2023-03-08 作者：佚名</div>", ""),
        ("<meta name='SiteName' content='山城区人民政府门户网站'>", "<div>2023-03-08 来源：本站</div>", "山城区人民政府"),
        (f"<title>{TITLE}_山城日报</title>", "<div><a href='/'>山城日报</a></div>", "山城日报"),
        (f"<title>{TITLE}_山城日报</title>", "", ""),
        ("", "<div><a href='https://www.example.cn/'>中国互联网举报中心</a></div>", ""),
    ],
)  # fmt: skip
def test_the_source_is_a_site_or_paper_that_the_page_names(head: str, above: str, source: str) -> None:
    assert read(head, f"<h1>{TITLE}</h1>{above}").source == source


def test_the_contributor_is_the_office_that_sent_the_article() -> None:
    above = f"<h1>{TITLE}</h1><div>2023-03-08 来源：山城日报 供稿单位：双溪镇侨联</div>"
    assert read("", above).contributor == "双溪镇侨联"


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ("<link rel='canonical' href='https://www.example.cn/1.html'>", "https://www.example.cn/1.html"),
        ("<meta property='og:url' content='http://www.example.cn/2.html'>", "http://www.example.cn/2.html"),
        ("<meta name='Url' content='http://www.example.cn/3.html'>", "http://www.example.cn/3.html"),
        ("<link rel='canonical' href='/4.html'>", ""),
        ("<link rel='canonical' href='javascript:alert(1)'>", ""),
    ],
)
def test_the_address_is_the_whole_one_that_the_page_gives(head: str, url: str) -> None:
    assert read(head).url == url


@pytest.mark.parametrize("data", ["{", "null", '"x"', '{"@graph": 5}', '{"headline": ["x"]}', '{"headline": null}'])
def test_broken_linked_data_is_passed_over(data: str) -> None:
    assert read(f'<script type="application/ld+json">{data}</script><title>{TITLE}</title>').title == TITLE


# --- traditional script

WRITTEN = "僑聯走訪慰問困難歸僑僑眷"
TOLD = "近日，區僑聯組織志願者走訪慰問困難歸僑僑眷30戶，送去慰問金3萬元。" * 2


def read_traditional(head: str, above: str, below: str = "") -> Document:
    page = f"<meta charset=utf-8>{head}<body><h1>{WRITTEN}</h1>{above}<div><p>{TOLD}</p></div>{below}"
    [document] = read_html(page.encode(), DEFAULT)
    return document


@pytest.mark.parametrize(
    "above",
    [
        "<div>發布時間：2023-03-08 來源：山城僑報</div>",
        "<div>發佈日期：</div><div>2023年3月8日</div><div>來源：山城僑報</div>",
        "<div>今天是2026年1月5日 星期一</div><div>發表時間：2023/3/8　文章來源：山城僑報　編輯：張三</div>",
        "<div>更新時間：2024-01-02</div><div>發布時間：2023-03-08</div><div>稿源：山城僑報</div>",
    ],
)
def test_labels_in_traditional_script_are_read_and_words_stand_as_printed(above: str) -> None:
    document = read_traditional(f"<title>{WRITTEN}_工作動態_山城區僑聯</title>", above)
    found = (document.title, document.published, document.source)
    assert found == (WRITTEN, date(2023, 3, 8), "山城僑報")


@pytest.mark.parametrize("label", ["發布時間", "發佈日期", "發表日期", "發文時間"])
def test_a_labelled_day_in_traditional_script_goes_before_one_without_a_label(label: str) -> None:
    assert read_traditional("", "<div>2024-01-02 開幕</div>", f"<div>{label}：2023-03-08</div>").published == date(
        2023, 3, 8
    )


@pytest.mark.parametrize(
    ("head", "source"),
    [
        ("<meta name='ContentSource' content='來源：山城僑報'>", "山城僑報"),
        ("<meta name='ContentSource' content='本網原創'>", ""),
        ("<meta name='SiteName' content='山城區歸國華僑聯合會官方網站'>", "山城區歸國華僑聯合會"),
    ],
)
def test_sources_of_tags_in_traditional_script_are_read_as_others_are(head: str, source: str) -> None:
    assert read_traditional(head, "").source == source


def test_the_contributor_in_traditional_script_stands_as_printed() -> None:
    above = "<div>2023-03-08 來源：山城僑報 供稿單位：雙溪鎮僑聯</div>"
    assert read_traditional("", above).contributor == "雙溪鎮僑聯"


@pytest.mark.parametrize(
    "shown", ["<div>1970-01-01</div>", "<div>發布時間：1970年1月1日</div>", "<div>发布日期：1970-01-01</div>"]
)
def test_the_day_from_which_computers_count_is_no_day(shown: str) -> None:
    assert read("", f"<h1>{TITLE}</h1>{shown}").published is None


# --- pages whose tags tell nothing

SITE = "<title>山城县统一战线</title><meta property='og:title' content='山城县统一战线'>"
DAY = "<p>发布日期：2020-08-09 浏览：33次</p>"
BESIDE = "<table><tr><td><b>通知公告</b></td></tr><tr><td><a href=1>关于召开全县统战工作会议的通知</a>[2020-01-02]</td></tr></table>"
PATH = "<div>当前位置：首页 &gt; 统战要闻</div>"


@pytest.mark.parametrize(
    "shown",
    [
        f"<p align=center><span style='font-size: 22px'><strong>{TITLE}</strong></span></p>{DAY}",
        f"<center><font color=red size=+2>{TITLE}</font></center>{DAY}",
        f"<div class=biaoti>{TITLE}</div>{DAY}",
        f"<div>{TITLE}</div><div>2020/08/09</div>",
        f"<p class=tit>{TITLE}</p>",
        f"<img src=t.gif alt='{TITLE}'>",
    ],
)
def test_a_title_that_no_tag_tells_is_read_where_it_is_shown(shown: str) -> None:
    assert read(SITE, BESIDE + PATH + shown, "<div>版权所有：山城县统一战线</div>").title == TITLE


def test_the_sites_name_that_the_footer_owns_is_no_title() -> None:
    head = "<title>旅港山城同鄉會 - 會務活動</title>"
    assert read(head, "<a href=1>會務活動</a>", "<p>版權所有 © 2005 旅港山城同鄉會</p>").title == ""


def test_of_a_newspapers_page_its_issue_and_its_name_are_told() -> None:
    above = "<p>第A3版：民生</p><a href=1>上一版</a> <a href=2>下一版</a><div>2013年05月08日 星期三 <a href=3>上一篇</a></div>"
    page = read("<title>山城日报数字报</title>", f"{above}<h2>{TITLE}</h2>", "<p>山城日报社版权所有</p>")
    assert (page.title, page.published, page.source) == (TITLE, date(2013, 5, 8), "山城日报")


def test_what_a_newspapers_system_notes_in_a_comment_is_read() -> None:
    note = f"<!--enpproperty <date>2012-03-16 00:00:00:0</date><title>{TITLE}</title>/enpproperty-->"
    page = read(f"<title>山城日报</title>{note}")
    assert (page.title, page.published) == (TITLE, date(2012, 3, 16))


@pytest.mark.parametrize(
    "shown",
    [
        "<span property='dc:date dc:created' content='2016-11-17T10:22:41+08:00'>由 admin 于 周四, 11/17/2016 提交</span>",
        "<time itemprop=datePublished datetime='2016-11-17'>11/17/2016</time>",
    ],
)
def test_a_day_in_an_attribute_is_read_where_the_shown_one_is_in_doubt(shown: str) -> None:
    assert read(f"<title>{TITLE}</title>", f"<h1>{TITLE}</h1>{shown}").published == date(2016, 11, 17)


@pytest.mark.parametrize(
    ("above", "below"),
    [("<p>今天是：2016年3月5日 星期六</p>", ""), ("", "<p>本页面由系统于2016-03-05 08:31:07自动生成</p>")],
)
def test_the_day_on_which_a_page_was_made_is_not_that_of_its_article(above: str, below: str) -> None:
    head = f"<title>{TITLE}</title><meta name=PubDate content='2016-03-05 08:31:07'>"
    assert read(head, f"{above}<h1>{TITLE}</h1>", below).published is None


@pytest.mark.parametrize(
    ("shown", "source"),
    [
        ("2022-10-11 10:12·<a href=1>山城县融媒体中心</a>", "山城县融媒体中心"),
        ("<a href=1>侨爱山城</a>3月12日 14:30 阅读 3412<a>+关注</a>", "侨爱山城"),
        ("2022-10-11 10:12 <a href=1>公益活动</a>", ""),
    ],
)
def test_an_account_beside_the_day_is_the_source_and_a_column_is_not(shown: str, source: str) -> None:
    assert read(f"<title>{TITLE}</title>", f"<h1>{TITLE}</h1><div>{shown}</div>").source == source


# --- lines without labels, labels without blanks

NAME = "山城县融媒体中心"


@pytest.mark.parametrize(
    ("shown", "day"),
    [
        (f"<span>{NAME}</span><span>2024-07-09 08:30</span>", date(2024, 7, 9)),
        (f"<b>{NAME}</b><i>2024年07月09日 08:30:11</i>", date(2024, 7, 9)),
        (f"<div>{NAME}</div><div>2024-07-09 08:30</div>", date(2024, 7, 9)),
        (f"<div>{NAME}</div><div>07-09 08:30</div>", None),
        (f"<span>{NAME}</span><span>07-09 08:30</span><span>阅读 1.2万</span>", None),
    ],
)
@pytest.mark.parametrize("inside", [False, True])
def test_a_day_with_its_hour_beside_a_name_is_read_and_a_day_without_year_is_none(
    shown: str, day: date | None, inside: bool
) -> None:
    above = f"<h1>{TITLE}</h1><div>{shown}</div>"
    page = f"<title>{TITLE}</title><div>{'' if inside else above}<div class=con>{above if inside else ''}<p>{PROSE}</p></div></div>"
    [document] = read_html(page.encode(), DEFAULT)
    assert (document.published, document.source) == (day, NAME)
    assert "".join(document.text[start:end] for start, end in document.body or ()) == PROSE


LABELS = [
    "信息来源",
    "文章来源",
    "稿件来源",
    "新闻来源",
    "内容来源",
    "消息来源",
    "来源单位",
    "来源部门",
    "文章出处",
    "来源",
    "稿源",
]
FORMS = [
    "{}：山城侨报 发布时间：2023-03-08",
    "作者： {}：山城侨报 发布时间：2023-03-08",
    "作者：{}：山城侨报发布时间：2023-03-08",
    "<span>作者：</span><span>{}：</span><span>山城侨报</span><span>发布时间：</span><span>2023-03-08</span><span>浏览次数：22</span>",
    "<table><tr><td>{}：</td><td>山城侨报</td><td>作者：</td><td></td><td>发布时间：</td><td>2023-03-08</td></tr></table>",
    "<ul><li>发布时间：</li><li>2023-03-08</li><li>作者：</li><li>{}：</li><li>山城侨报</li></ul>",
    "<dl><dt>作者</dt><dd></dd><dt>{}</dt><dd>山城侨报</dd><dt>发布时间</dt><dd>2023-03-08</dd></dl>",
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("label", LABELS)
def test_a_source_is_read_behind_any_of_its_labels(label: str, form: str) -> None:
    document = read("", f"<h1>{TITLE}</h1><div>{form.format(label)}</div>", "<div>版权所有：山城县归国华侨联合会</div>")
    assert (document.source, document.published) == ("山城侨报", date(2023, 3, 8))


@pytest.mark.parametrize(
    ("shown", "source"),
    [
        ("发布机构：山城县司法局 发布时间：2023-03-08", "山城县司法局"),
        ("发布机构：山城县司法局 来源：山城侨报", "山城侨报"),
        ("作者：来源：发布时间：2023-03-08", ""),
        ("资金来源：县财政局", ""),
    ],
)
def test_the_office_that_put_an_article_out_is_its_source_where_no_other_is_named(shown: str, source: str) -> None:
    assert read("", f"<h1>{TITLE}</h1><div>{shown}</div>").source == source


@pytest.mark.parametrize(
    "window", ["山城县侨联", "侨心暖侨乡志愿者走村入户", "侨心暖侨乡 志愿者走村入户_山城县侨联", "志愿者走村入户"]
)
@pytest.mark.parametrize(
    "heading",
    [
        "<h1>侨心暖侨乡<br>志愿者走村入户</h1>",
        "<h2><span>侨心暖侨乡</span><br>\n<span>&nbsp;志愿者走村入户</span></h2>",
        "<div class=title>侨心暖侨乡<br>志愿者走村入户</div>",
        "<p align=center><font size=5><b>侨心暖侨乡<br>志愿者走村入户</b></font></p>",
    ],
)
def test_a_headline_of_two_lines_is_one_title(window: str, heading: str) -> None:
    page = read(f"<title>{window}</title>", f"{heading}<div>2023-03-08 来源：山城侨报</div>")
    assert page.title == "侨心暖侨乡志愿者走村入户"
