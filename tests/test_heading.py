"""Promises of the heading: title, date, source, contributor as a page shows them, else empty. All invented."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jianbao.corpus.body import body_spans
from jianbao.corpus.heading import read_heading, title_span

LEAD = "今年以来，侨联走访归侨侨眷120余户，送去慰问金18万元，办成实事23件。"
REST = "下一步，侨联将继续当好桥梁，团结海内外侨胞，为家乡建设再添一把力。"

MENU = "首页\n新闻\n政务\n服务\n互动\n数据\n专题\n领导\n机构\n法规\n公告\n规划\n人事\n"

# Page, title, date, source, contributor.
PAGES: dict[str, tuple[str, str, str, str, str]] = {
    "label and full date": (
        f"镇海区侨界绘就共富新图景\n发布时间：2022-06-01 08:15  来源：宁波侨网\n{LEAD}\n{REST}",
        "镇海区侨界绘就共富新图景", "2022-06-01", "宁波侨网", "",
    ),
    "own site in the crumbs, void source, office in brackets": (
        "简/繁\n金华市侨联>> 县市动态\n浦江县侨联三项举措助农\n"
        f"时间:2021-11-30 09:00:01  作者:admin  来源:本站原创\n{LEAD}\n{REST}\n"
        "(供稿:浦江县委统战部)",
        "浦江县侨联三项举措助农", "2021-11-30", "金华市侨联", "浦江县委统战部",
    ),
    "void source and nothing else": (
        f"永康侨商情系桑梓\n2020/5/6 来源：admin\n{LEAD}",
        "永康侨商情系桑梓", "2020-05-06", "", "",
    ),
    "own site in the record lines": (
        f"首页 > 侨务动态 > 正文\n嵊州市侨联开展送温暖活动\n2019-01-28 来源：本网\n{LEAD}\n"
        "版权所有：嵊州市归国华侨联合会\n浙ICP备10002345号",
        "嵊州市侨联开展送温暖活动", "2019-01-28", "嵊州市归国华侨联合会", "",
    ),
    "app with the source on a line of its own": (
        "登录\n下载客户端\n  • +1\n一座侨乡的新老故事\n2021-09-10 17:20\n"
        f"来源：某某新闻·政务\n字号\n{LEAD}\n（供稿：文成县委统战部）\n"
        "原标题：《一座侨乡的新老故事》",
        "一座侨乡的新老故事", "2021-09-10", "某某新闻·政务", "文成县委统战部",
    ),
    "report with a session line and a paper": (
        "下载\n打印\n【字号：\n加大\n】\n2019年丽水市政府工作报告\n"
        "——2019年2月18日在丽水市第四届人民代表大会第四次会议上\n"
        f"来源：丽水日报\n时间：2019-02-26\n丽水市市长 某某某\n各位代表：\n{LEAD}",
        "2019年丽水市政府工作报告", "2019-02-26", "丽水日报", "",
    ),
    "report with nothing but its session line": (
        "政府工作报告\n（二〇二〇年四月八日在文成县第十六届人民代表大会第四次会议上）\n"
        f"县长 某某某\n各位代表：\n{LEAD}",
        "政府工作报告", "2020-04-08", "", "",
    ),
    "no date, source at the head, editor at the foot": (
        f"注册\n包河区侨联打造侨胞之家\n\n来源:某网安徽频道\n{LEAD[:30]}\n{LEAD}\n"
        "[责任编辑:王某某]\n今日推荐\n分享到：",
        "包河区侨联打造侨胞之家", "", "某网安徽频道", "",
    ),
    "source behind the article": (
        "点击进入侨情系统\n喜迎侨代会 | 青田县：山海相连\n2023-07-03 10:00:12\n编者按\n"
        f"{LEAD}\n{REST}\n来源：某某侨报\n上一篇：侨界送春联\n下一篇：没有了",
        "喜迎侨代会 | 青田县：山海相连", "2023-07-03", "某某侨报", "",
    ),
    "source and office at the end of the last paragraph": (
        f"云和侨商返乡投资\n2022年3月9日\n{LEAD}\n{REST}（来源：丽水日报）",
        "云和侨商返乡投资", "2022-03-09", "丽水日报", "",
    ),
    "date in brackets and office before the word": (
        f"松阳茶香飘海外\n[2023.12.15]\n{LEAD}\n{REST}\n（松阳县侨联供稿）",
        "松阳茶香飘海外", "2023-12-15", "", "松阳县侨联",
    ),
    "date below the article": (
        "现在位置： 首页 >> 街道新闻 >> 正文\n大溪镇侨界座谈会举行\n来源于：大溪镇侨联\n"
        f"{LEAD}\n发布日期：2019-03-06 责任编辑：某某\n【打印本页】【关闭窗口】",
        "大溪镇侨界座谈会举行", "2019-03-06", "大溪镇侨联", "",
    ),
    "menus, today's date, and the title twice": (
        "今天是2024年2月29日 星期四\n" + MENU
        + "某某县2017年统计公报解读\n来源： 访问量：88 发布日期：2018-04-02 10:00:00\n"
        + f"某某县2017年统计公报解读\n{LEAD}\n主办：某某县人民政府  承办：某某县政府办公室",
        "某某县2017年统计公报解读", "2018-04-02", "某某县人民政府", "",
    ),
    "chat account with bars for colons": (
        f"海曙侨界：一杯热茶暖归途\n原创 某某统战 2022-01-28 18:30\n{LEAD}\n"
        "来源丨海曙区委统战部\n编辑丨小侨\n供稿丨海曙区侨联 张某",
        "海曙侨界：一杯热茶暖归途", "2022-01-28", "海曙区委统战部", "海曙区侨联",
    ),
    "paper beside the date, reporters only": (
        f"桐乡侨界开展助学活动\n2018-12-06 嘉兴日报 记者 林某\n{LEAD}\n（记者 林某 通讯员 王某 供稿）",
        "桐乡侨界开展助学活动", "2018-12-06", "嘉兴日报", "",
    ),
    "label and value on two lines": (
        f"岱山侨联走进渔村\n发布时间：\n2020-08-01\n来源：\n舟山晚报\n{LEAD}",
        "岱山侨联走进渔村", "2020-08-01", "舟山晚报", "",
    ),
    "gazette's form above the title": (
        "索 引 号：\nK123/2022-1\n发布机构：\n衢州市统计局\n发文日期：\n2022-04-18\n分类：\n"
        f"统计公报\n衢州市2021年统计公报\n访问量：48\n衢州市2021年统计公报\n{LEAD}",
        "衢州市2021年统计公报", "2022-04-18", "", "",
    ),
    "last update behind the day of publication": (
        "德清侨商会换届\n"
        "最后更新：2021-05-09 10:00 发布时间：2021-05-07 09:00 来源：湖州在线 作者：某某\n"
        f"{LEAD}",
        "德清侨商会换届", "2021-05-07", "湖州在线", "",
    ),
    "bulletin with its number and office above the title": (
        f"统战简报\n第12期\n椒江区委统战部办公室    2023年3月1日\n侨界助农开新篇\n{LEAD}",
        "侨界助农开新篇", "2023-03-01", "", "",
    ),
    "newspaper with its page number and reporters": (
        f"今日黄岩\n2023年03月02日 第03版：综合\n侨界助农又开新篇\n本报记者 张某 通讯员 李某\n{LEAD}",
        "侨界助农又开新篇", "2023-03-02", "", "",
    ),
    "labels for everything": (
        f"标题：侨界助农开新篇\n时间：2023年3月2日\n来源：《台州日报》\n供稿单位：路桥区侨联\n正文：\n{LEAD}",
        "侨界助农开新篇", "2023-03-02", "台州日报", "路桥区侨联",
    ),
    "a markdown page": (
        f"# 侨界助农开新篇\n\n**来源**：温岭日报\n\n{LEAD}",
        "侨界助农开新篇", "", "温岭日报", "",
    ),
    "plain text": (f"关于侨界助农工作的汇报\n一、基本情况\n{LEAD}", "关于侨界助农工作的汇报", "", "", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_heading_is_read_from_the_page(name: str) -> None:
    page, title, day, source, contributor = PAGES[name]
    heading = read_heading(page)
    assert (heading.title, str(heading.published or ""), heading.source, heading.contributor) == (
        title,
        day,
        source,
        contributor,
    )


@pytest.mark.parametrize("name", PAGES)
def test_the_title_stands_where_its_span_says_and_is_no_body(name: str) -> None:
    page, title, *_ = PAGES[name]
    span = title_span(page, title)
    assert span is not None
    start, end = span
    assert page[start:end] == title
    assert not any(left < end and start < right for left, right in body_spans(page, title))


def test_title_span_prefers_a_line_of_its_own() -> None:
    page = "政府工作报告。某某 摄\n政府工作报告\n正文"
    assert title_span(page, "政府工作报告") == (12, 18)
    assert title_span("图说政府工作报告", "政府工作报告") == (2, 8)


def test_title_span_of_what_does_not_stand_there_is_none() -> None:
    assert title_span("正文", "标题") is None
    assert title_span("正文", "") is None


@pytest.mark.parametrize(
    "sentence",
    [
        "2021年5月10日，侨联召开换届大会，参加会议的代表有一百六十人，会期一天。",
        "截至2020年12月31日，全市共有侨资企业三百家，去年新增二十一家，势头良好。",
    ],
)
def test_a_date_in_the_running_text_is_no_day_of_publication(sentence: str) -> None:
    assert read_heading(f"侨联换届工作综述\n{sentence}\n{LEAD}").published is None


def test_days_that_cannot_be_are_passed_over() -> None:
    coming = date.today() + timedelta(days=40)
    for day in ("1948-12-31", "2021-13-01", "2021-02-30", coming.isoformat()):
        assert read_heading(f"侨联换届工作综述\n发布时间：{day}\n{LEAD}").published is None


def test_a_day_ahead_is_still_possible() -> None:
    tomorrow = date.today() + timedelta(days=1)
    assert read_heading(f"侨联换届工作综述\n发布时间：{tomorrow}\n{LEAD}").published == tomorrow


@pytest.mark.parametrize(
    "shown",
    [
        "2023-03-08",
        "2023/3/8",
        "2023.03.08",
        "2023年3月8日",
        "2023年03月08日 星期三",
        "二〇二三年三月八日",
        "2023-3-8T09:30",
    ],
)
def test_dates_are_read_in_every_form(shown: str) -> None:
    assert read_heading(f"侨联换届工作综述\n日期：{shown} 来源：嘉兴日报\n{LEAD}").published == date(2023, 3, 8)


@pytest.mark.parametrize(
    "void", ["admin", "本站", "本站原创", "原创", "网络", "未知", "本站编辑", "佚名", "互联网", "本局"]
)
def test_a_source_that_names_nobody_is_empty(void: str) -> None:
    assert read_heading(f"侨联换届工作综述\n2022-01-02 来源：{void} 浏览次数：33\n{LEAD}").source == ""


@pytest.mark.parametrize(
    ("credit", "office"),
    [
        ("（供稿：越城区委统战部）", "越城区委统战部"),
        ("供稿单位：越城区侨联", "越城区侨联"),
        ("撰稿：越城区司法局", "越城区司法局"),
        ("(越城区委统战部供稿)", "越城区委统战部"),
        ("供稿：张三丰", ""),
        ("（记者 张三丰）", ""),
        ("作者：李四", ""),
    ],
)
def test_only_an_office_is_a_contributor(credit: str, office: str) -> None:
    assert read_heading(f"侨联换届工作综述\n2022-01-02\n{LEAD}\n{credit}").contributor == office


def test_the_file_name_points_at_the_title_among_others() -> None:
    page = f"学习宣传贯彻会议精神专题\n侨联换届工作综述全文\n广大侨胞热议会议精神\n{LEAD}"
    assert read_heading(page, "inbox/侨联换届工作综述全文.txt").title == "侨联换届工作综述全文"


@pytest.mark.parametrize("text", ["", "\n\n", "走访侨眷30户", LEAD, f"{LEAD}\n{REST}"])
def test_a_text_without_a_heading_has_none(text: str) -> None:
    assert read_heading(text) == ("", None, "", "")


@given(st.text())
def test_no_text_raises(text: str) -> None:
    heading = read_heading(text)
    assert not heading.title or title_span(text, heading.title) is not None


@pytest.mark.parametrize(
    "text",
    [LEAD * 60_000, "2024-01-02 来源：" * 100_000, "供稿" * 900_000,
     "\n".join(f"{number} 走访侨眷" for number in range(100_000))],
    ids=["one line", "labels", "credits", "short lines"],
)  # fmt: skip
def test_long_texts_take_linear_time(text: str) -> None:
    start = time.process_time()
    read_heading(text)
    assert time.process_time() - start < 10
