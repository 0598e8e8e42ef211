"""Promises of the body: furniture is masked line by line, nothing else is. All pages are invented."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jianbao.corpus import line_kinds
from jianbao.corpus.body import body_spans
from jianbao.corpus.labels import is_meta
from jianbao.corpus.line_kinds import is_furniture, is_prose, is_session
from jianbao.corpus.recurrence import Furniture, line_key

# A line of the page behind `+` is body, behind `-` it is not, behind `=` it is the title (and no body).
PAGES = {
    "a district portal with crumbs, counters and records": """
- 简 / 繁
- 您好，欢迎访问本站！ 今天是：
- 鄞州区侨联 >> 基层动态
= 鄞州区“侨助山乡”行动结出硕果
- 发布时间：2022-06-01 08:15:00  作者：本站编辑  来源：本站  浏览次数：318
- 分享
+ 今年以来，鄞州区侨联组织侨商赴四明山区考察15次，促成茶叶订单260余万元。
- 图片
+ 侨商在茶园考察
- 2.png
+ 一是搭平台。举办产销对接会4场，参加侨商90余人。
+ 二是送服务。
+ 组织侨界医生义诊11次，惠及群众1300人次。
- 版权所有：鄞州区归国华侨联合会
- 浙ICP备10002345号-1
- 浙公网安备 33021202000123号
""",
    "an app's page with likes and a disclaimer": """
- 登录
- 下载客户端
- • +1
= 温州：一根侨线牵起两个村
- 2021-09-10 17:20
- 来源：某某新闻·政务
- 字号
+ 在文成县，侨胞的名字常常刻在桥头，玉壶镇的侨团三年捐建便民桥9座。
+ 乡愁有处寄
+ ▲玉壶镇侨胞代表合影
- （供稿：文成县委统战部）
- 原标题：《温州：一根侨线牵起两个村》
- 阅读原文
- 此文由入驻账号上传并发布，只是其本人看法，不代表平台立场。开通账号请登录电脑网页。
- +1
- 收藏
- 我要举报
- 扫码下载客户端
- © 2015-2023 某某报业有限公司
""",
    "a report to the people's congress": """
- 下载
- 打印
- 【字号：
- 加大
- 还原
- 】
= 2019年丽水市政府工作报告
- ——2019年2月18日在丽水市第四届人民代表大会第四次会议上
- 来源：丽水日报
- 时间：2019-02-26
+ 丽水市市长 某某某
+ 各位代表：
+ 下面，由我向各位代表汇报过去一年的政府工作，请大家提出意见。
+ 一、2018年工作回顾
+ 全市生产总值增长8.2%，新增城镇就业2.9万人，办成民生实事十件。
- 相关报道：
""",
    "a teaser above its lead, and reactions below": """
- 注册
= 包河区侨联打造侨胞之家
- 来源：某网安徽频道
- 一年来，包河区侨联深入街道社区，走访归侨侨眷210户，建
+ 一年来，包河区侨联深入街道社区，走访归侨侨眷210户，建成“侨胞之家”6个。
+ 下一步，区侨联将继续做好服务，把好事办到侨胞心坎上。
- [责任编辑：王某某]
- • 好文
- • 可爱
- 今日推荐
- 某某新闻 天天有料
- 分享到:
""",
    "the title as alternative text of every picture": """
- 点击进入侨情系统
= 喜迎侨代会 | 青田县：山海相连，侨心相印
- 2023-07-03 10:00:12
+ 编者按
+ 五年来，青田县侨联接待海外侨团130余批次，协助解决涉侨难题75件。
- 喜迎侨代会 | 青田县：山海相连，侨心相印
+ 2022年侨乡进口商品城开街
+ 进口商品进山村
- 喜迎侨代会｜青田县:山海相连,侨心相印
+ 侨乡进口商品城集聚商户160余家，年销售额超9亿元，带动就业2000余人。
- 来源：某某侨网
- 上一篇：侨界送春联
- 下一篇：没有了
""",
    "a plain text without any furniture": """
= 关于侨界助农工作的汇报
+ 一、基本情况
+ 龙泉市现有侨资企业21家，去年结对村社34个，帮销农产品480万元。
+ 二、下一步打算
+ 继续深化结对，力争全年帮销600万元以上，新增就业岗位150个。
""",
    "a notice whose time and place are body": """
= 侨界助农集市通知
+ 为帮助山区农户销售农产品，县侨联决定举办侨界助农集市，现通知如下。
+ 时间：5月20日上午
+ 地点：云和县人民广场
+ 请各侨商会组织会员参加，预计设摊位60个，欢迎广大侨胞前来选购。
- 联系电话：0578-1234567
- 联系人：张某
""",
    "a newspaper's page with a related list": """
- 首页 > 时政要闻 > 正文
= 慈溪侨商回乡办起共享工厂
- 2020-11-02 09:00 来源：宁波晚报 字号：A- A A+
+ 本报讯 侨商沈某某回到慈溪市坎墩街道，投资3200万元办起共享工厂，吸纳周边村民180人就业。
+ 工厂去年产值突破5000万元，利润的一成用于资助困难学生，受助学生已有46名。
- 责任编辑：李某
- 相关新闻
- 侨商助学十年
- 2020-10-12
- 侨胞返乡创业忙
- 2020-10-09
- 网站地图 | 联系我们 | 关于我们
- 主办：某某报社 电话：0574-87654321
- 建议使用1024×768分辨率浏览
""",
    "a statistical communique with a table": """
- 您当前的位置：网站首页>统计信息
= 遂昌县2017年国民经济和社会发展统计公报
- 访问量：88 来源： 发布日期：2018-04-02 10:00:00
- 遂昌县2017年国民经济和社会发展统计公报
+ 2017年，全县实现生产总值1020000万元，比上年增长6.8%，完成年度目标。
+ 产品名称
+ 产量
+ 茶叶
+ 9800
+ 竹炭
+ 21500
+ 全年旅游总收入96亿元，增长18.5%，接待游客1100万人次。
- 上一篇：遂昌县2016年统计公报
- 当前位置
- 县市区政府网站
- 遂昌县人民政府
""",
    "a chat account's article": """
= 海曙侨界：一杯热茶暖归途
- 原创 某某统战 2022-01-28 18:30
- 收录于合集
+ 春运期间，海曙区侨界志愿者在宁波站设立暖心驿站，送出热茶3600杯，服务旅客5000余人次。
+ 图为志愿者为旅客引路。
- 来源丨海曙区委统战部
- 编辑丨小侨
- 审核：陈某
- 阅读 2301
- 点赞
- 在看
- 分享
""",
    "previous and next above comments": """
- 首页
- 新闻
= 瑞安侨胞情系家乡教育
- 2018年12月6日 作者：记者 林某
+ 瑞安市丽岙街道旅法侨胞近日再捐资120万元，用于改建当地小学的操场和图书室。
+ 改建后，学校可多容纳学生300人，图书室藏书将超过2万册，孩子们十分高兴。
- 【打印本页】【关闭窗口】
- 上一条：侨联换届
- 下一条：侨青沙龙
- 发表评论
- 网友评论
- 好样的
- 12
""",
    "links in the midst of an article": """
= 象山侨界支援台风抢险
- 2019/8/12 来源：象山发布
+ 台风登陆后，象山县侨界连夜筹集矿泉水800箱、方便面600箱，送到石浦镇安置点。
- 相关阅读：
- 台风过境
- 安置点见闻
+ 二、恢复生产
+ 侨商会又组织挖掘机12台参加清淤，三天清出淤泥近5000立方米，道路全部恢复通行。
""",
    "a timeline whose dates head passages": """
= 乐清侨界公益大事记
- 2022-12-30 来源：乐清日报
+ 2022年，乐清市侨界公益活动不断，大事记如下，供广大侨胞和读者回顾。
+ 2022年3月5日
+ 侨界志愿队成立，首批队员58人，当天为社区老人理发、量血压和修理家电。
+ 2022年9月1日
+ 侨爱助学金发放仪式举行，37名学生每人领到助学金3000元，仪式简短热烈。
""",
}


def unmark(page: str) -> tuple[str, str, list[str]]:
    """The page's text, its title, and the lines that are body."""
    rows = [(line[0], line[2:]) for line in page.strip().splitlines()]
    title = next(line for mark, line in rows if mark == "=")
    return "\n".join(line for _, line in rows), title, [line for mark, line in rows if mark == "+"]


@pytest.mark.parametrize("name", PAGES)
def test_of_a_page_just_the_article_is_body(name: str) -> None:
    text, title, expected = unmark(PAGES[name])
    found = [line for start, end in body_spans(text, title) for line in text[start:end].split("\n")]
    assert found == expected


@pytest.mark.parametrize("name", PAGES)
def test_layout_does_not_matter(name: str) -> None:
    text, title, expected = unmark(PAGES[name])
    spread = "\n\n".join(f"　　{line} \u00a0" for line in text.split("\n"))
    spans = body_spans(spread, title)
    found = [line.strip() for start, end in spans for line in spread[start:end].split("\n") if line.strip()]
    assert found == expected


def test_without_a_title_no_sentence_is_lost() -> None:
    for page in PAGES.values():
        text, _, expected = unmark(page)
        body_text = "".join(text[start:end] for start, end in body_spans(text, ""))
        assert all(line in body_text for line in expected if is_prose(line))


def test_a_page_of_short_notes_keeps_every_note() -> None:
    text = "走访侨眷30户\n发放慰问金6万元\n举办讲座2场"
    assert body_spans(text, "") == ((0, len(text)),)


def test_of_two_equal_leads_the_later_stays() -> None:
    lead = "今年以来，余姚市侨联走访侨资企业三十家，办成实事十二件。"
    text = f"侨联办实事\n{lead}\n2020-01-02 来源：余姚日报\n{lead}\n下一步继续努力。"
    [(start, end)] = body_spans(text, "侨联办实事")
    assert (start, text[start:end]) == (text.rindex(lead), f"{lead}\n下一步继续努力。")


def test_of_a_lead_and_its_cut_copy_the_longer_stays_wherever_it_stands() -> None:
    lead = "今年以来，余姚市侨联走访侨资企业三十家，办成实事十二件，好评如潮。"
    for cut in (lead[:26], lead[:24] + "……", f"【摘要】{lead[:25]}...[详细]"):
        for text in (f"{cut}\n{lead}", f"{lead}\n{cut}"):
            assert [text[start:end] for start, end in body_spans(text, "")] == [lead]


def test_a_disclaimer_inside_the_last_paragraph_is_masked_as_a_sentence() -> None:
    article = "奉化区侨联走访侨眷52户，送去慰问金10万元。" * 12
    text = f"{article}本文仅代表作者个人观点，与本站无关。浏览次数：1234"
    assert "".join(text[start:end] for start, end in body_spans(text, "")) == article


def test_counters_and_records_inside_a_page_of_one_line_are_masked() -> None:
    text = (
        "发布时间：2020-05-06 10:20 浏览次数：567 平湖市侨联走访侨眷52户，送去慰问金10万元。" * 2
        + "浙ICP备12345678号-2"
    )
    found = "".join(text[start:end] for start, end in body_spans(text, ""))
    assert "52户" in found
    assert not re.search(r"567|2020|12345678", found)


@pytest.mark.parametrize(
    "line",
    [
        "侨联开展版权保护培训，发放许可证5张，受理侵权举报12件，帮助企业挽回损失300万元。",
        "编辑出版侨史丛书3部",
        "点击量超过500万次的短视频有4部",
        "来源于侨界的捐款达80万元，全部用于助学，受助学生120名。",
        "关注侨界困难群众240户",
        "电话回访侨眷300余人次",
        "分享创业经验的侨商有20位",
        "上一年度走访侨眷65户",
        "产值>5000万元的侨企有7家",
        "图1 走访慰问侨眷12户",
    ],
)
def test_lines_that_only_look_like_furniture_stay(line: str) -> None:
    text = f"侨界工作综述\n2020-02-02 来源：湖州日报\n{PARAGRAPH}\n{line}\n{PARAGRAPH[::-1]}。"
    assert any(line in text[start:end] for start, end in body_spans(text, "侨界工作综述"))


PARAGRAPH = "湖州市侨联一年来坚持为侨服务，深入乡镇街道，走访慰问归侨侨眷，受到普遍好评。"


@pytest.mark.parametrize(("name", "pattern", "example"), [*line_kinds.LINE_RULES, *line_kinds.MARK_RULES])
def test_each_rule_reads_its_example(name: str, pattern: str, example: str) -> None:
    assert name
    assert re.search(pattern, example, re.IGNORECASE)
    assert is_furniture(example)


@pytest.mark.parametrize(
    "line",
    [
        "2024/1/4 09:00",
        "[2023.12.15]",
        "作者：张某 来源：嘉兴在线 2020-01-01",
        "供稿单位：区侨联",
        "（记者：王某 责编：李某）",
        "海宁日报 2021年3月2日",
    ],
)
def test_lines_about_the_page_are_meta(line: str) -> None:
    assert is_meta(line)


@pytest.mark.parametrize(
    "line", ["2021年3月2日海宁市侨联换届大会召开", "记者在现场看到侨商忙碌的身影", "来源广泛的捐款"]
)
def test_lines_of_the_article_are_not_meta(line: str) -> None:
    assert not is_meta(line)


@pytest.mark.parametrize(
    "line",
    [
        "——2021年1月20日在嘉善县第十六届人民代表大会第五次会议上",
        "（2018年1月25日在浙江省第十三届人民代表大会第一次会议上）",
        "――二〇二〇年四月八日在文成县第十六届人民代表大会第四次会议上",
    ],
)
def test_the_session_line_of_a_report_is_known(line: str) -> None:
    assert is_session(line)


PIECES = st.sampled_from(
    ["侨联走访侨眷30户，", "送去慰问金5万元。", "\n", "\n\n", " ", "首页", "来源：", "2021-01-02", "©", "转载请注明",
     "…",
     ">>", "标题",
     "上一篇：", "责任编辑：", "浏览次数：12", "相关阅读", "1.jpg", "\u3000"]
)  # fmt: skip


@example("侨联走访侨眷30户，" * 3 + "浏览次数：12\u3000侨联走访侨眷30户，", "")  # a blank behind a counter
@given(st.lists(PIECES, max_size=60).map("".join), st.sampled_from(["", "标题", "侨联走访侨眷30户，", " "]))
def test_spans_are_sorted_disjoint_and_inside_the_text(text: str, title: str) -> None:
    position = 0
    for start, end in body_spans(text, title):
        assert position <= start < end <= len(text)
        assert not text[start].isspace()
        position = end


@given(st.lists(PIECES, max_size=60).map("".join), st.sets(PIECES))
def test_furniture_only_masks_and_never_all_prose(text: str, recurring: set[str]) -> None:
    furniture = Furniture(frozenset(map(line_key, recurring)))
    alone = "".join(text[start:end] for start, end in body_spans(text, ""))
    among = "".join(text[start:end] for start, end in body_spans(text, "", furniture))
    assert any(map(is_prose, among.split("\n"))) or not any(map(is_prose, alone.split("\n")))


def test_furniture_of_the_run_is_masked_at_the_edges_alone() -> None:
    notice = "本平台由某某集团运营，所载内容仅供读者参考，平台不作任何承诺。"
    furniture = Furniture(frozenset({line_key(notice), line_key("某某融媒平台")}))
    text = f"某某融媒平台\n{notice}\n走访侨眷\n{PARAGRAPH}\n{notice}\n{PARAGRAPH[::-1]}。\n某某融媒平台\n{notice}"
    [(start, end)] = body_spans(text, "走访侨眷", furniture)
    assert text[start:end] == f"{PARAGRAPH}\n{notice}\n{PARAGRAPH[::-1]}。"


@given(st.text(), st.text(max_size=8))
def test_no_text_raises(text: str, title: str) -> None:
    assert all(0 <= start < end <= len(text) for start, end in body_spans(text, title))


@pytest.mark.parametrize(
    "text",
    [
        "今年以来，区侨联走访侨眷30户，转载须注明，" * 90_000,
        "仅代表" * 600_000,
        "走" + " " * 2_000_000 + "访",
        "2024-01-02 " * 180_000,
        ">" * 2_000_000,
        "\n".join(f"{number} 走访" for number in range(100_000)),
        "\n".join(
            "今年以来区侨联走访慰问侨眷侨商侨企送去慰问金三千元" + "很" * (number % 50) for number in range(100_000)
        ),
        "\n".join(["今年以来，区侨联走访侨眷30户，送去慰问金五万元。"] + ["下一篇：走访"] * 100_000),
    ],
    ids=["one line", "gates", "spaces", "dates", "arrows", "short lines", "one stem", "closings"],
)
def test_long_texts_take_linear_time(text: str) -> None:
    start = time.process_time()
    body_spans(text, "走访侨眷")
    assert time.process_time() - start < 10
