"""Promises of what recurs over a run: lines at the edges of many articles, never those of articles posted again."""

from __future__ import annotations

import pickle
import random
from pathlib import Path

import pytest
from jianbao.corpus import recurrence as module
from jianbao.corpus.body import body_spans
from jianbao.corpus.recurrence import NONE, Recurrence, line_key
from jianbao.corpus.repeats import Repeats

PLACES = "鹿城 瓯海 洞头 龙港 平阳 苍南 文成 泰顺 乐清 瑞安 永嘉 青田 缙云 遂昌 松阳 云和 庆元 景宁 龙泉 莲都".split()  # noqa: SIM905
DEEDS = ["走访侨眷", "慰问老人", "举办讲座", "组织义诊", "开展调研", "帮销茶叶", "调解纠纷", "培训技工"]


def article(number: int) -> list[str]:
    """Lines of an invented bulletin, heading and table cells included; no two are alike."""
    chance = random.Random(number)
    place, deed = chance.choice(PLACES), chance.choice(DEEDS)
    figures = [chance.randrange(3, 900) for _ in range(6)]
    return [
        f"{place}侨联{deed}侧记之{number}",
        "现将有关情况汇报如下：",
        f"今年以来，{place}侨联{deed}{figures[0]}次，惠及群众{figures[1]}人，得到一致好评。",
        "一、基本情况",
        f"{place}现有侨资企业{figures[2]}家，去年实现产值{figures[3]}万元，吸纳就业人员一批。",
        "单位：万元",
        "合计",
        f"{figures[4]}",
        "二、下一步打算",
        f"{place}侨联将继续{deed}，力争全年服务侨胞{figures[5]}人次，把好事办好、把实事办实。",
    ]


# Heads and feet of invented sites; no rule knows the words of the prose among them.
SITES = [
    (
        ["侨海观澜融媒平台", "让世界看见家乡的温度"],
        ["本平台由某某侨海传媒集团运营，所载内容仅供读者参考，平台不对其准确性作出任何承诺。"],
    ),
    (
        ["侨声简报", "第{issue}期"],
        [
            "本刊每周一出版，面向全市侨界单位免费赠阅，各单位可到服务大厅领取，欢迎惠赐佳作。",
            "订阅本刊，请将单位名称、收件人发送至本刊信箱，收到后三个工作日内安排寄送，不收任何费用。",
        ],
    ),
    (
        ["某某新闻门户欢迎广大读者选购数字报，年费优惠，凭会员卡可享受八折，详情请询门店。"],
        ["某某数字科技有限公司提供技术保障，如遇页面打开缓慢，请更换网络环境后重试，感谢理解。", "某某数字科技"],
    ),
]


def page(site: int, number: int) -> str:
    head, foot = SITES[site]
    return "\n".join([*(line.format(issue=number) for line in head), *article(number), *foot])


def run_of(*texts: str) -> Recurrence:
    recurrence = Recurrence()
    for number, text in enumerate(texts):
        recurrence.add(number, text)
    return recurrence


def masked(text: str, title: str, recurrence: Recurrence | None = None) -> list[str]:
    """The lines of a text that are no body."""
    furniture = recurrence.furniture() if recurrence else NONE
    body = [line for start, end in body_spans(text, title, furniture) for line in text[start:end].split("\n")]
    return [line for line in text.split("\n") if line not in body]


@pytest.mark.parametrize("site", range(len(SITES)))
def test_what_stands_at_the_edges_of_thirty_pages_is_masked_and_no_more(site: int) -> None:
    recurrence = run_of(*(page(site, number) for number in range(30)))
    for number in range(30):
        head, foot = SITES[site]
        lines = article(number)
        found = masked(page(site, number), lines[0], recurrence)
        assert found == [*(line.format(issue=number) for line in head), lines[0], *foot]


def test_without_the_run_the_prose_of_the_footers_is_taken_for_body() -> None:
    for site, (_, foot) in enumerate(SITES):
        assert foot[0] not in masked(page(site, 1), article(1)[0])


def test_sites_that_are_mixed_are_told_apart_by_nobody_and_masked_all_the_same() -> None:
    pages = [(number % 3, number) for number in range(60)]
    recurrence = run_of(*(page(*which) for which in pages))
    assert all(SITES[site][1][0] in masked(page(site, n), article(n)[0], recurrence) for site, n in pages)


def test_a_small_site_in_a_large_run_is_masked() -> None:
    texts = [page(0, number) for number in range(60)] + ["\n".join(article(number)) for number in range(60, 4000)]
    assert SITES[0][1][0] in run_of(*texts).furniture()


def test_headings_formulas_and_cells_of_a_series_stay_body() -> None:
    texts = ["\n".join(article(number)) for number in range(40)]
    recurrence = run_of(*texts)
    assert "现将有关情况汇报如下：" in recurrence.furniture()
    for number, text in enumerate(texts):
        title = article(number)[0]
        assert masked(text, title, recurrence) == masked(text, title) == [title]


def test_a_table_at_the_end_stays_body() -> None:
    texts = ["\n".join([*article(number), "合计", f"{number}", "单位：万元", "备注"]) for number in range(40)]
    recurrence = run_of(*texts)
    assert all("备注" not in masked(text, article(n)[0], recurrence) for n, text in enumerate(texts))


def test_a_line_between_two_paragraphs_stays_body_even_if_it_is_furniture_elsewhere() -> None:
    foot = SITES[0][1][0]
    recurrence = run_of(*(page(0, number) for number in range(30)))
    lines = article(77)
    text = "\n".join([*lines[:5], foot, *lines[5:]])
    assert foot not in masked(text, lines[0], recurrence)


def test_an_article_posted_again_and_again_is_no_furniture() -> None:
    again = [f"{'甲乙丙丁戊己庚辛壬癸'[number]}网转发\n" + "\n".join(article(5)) for number in range(10)]
    texts = again + ["\n".join(article(number)) for number in range(100, 140)]
    recurrence = run_of(*texts)
    with Repeats() as repeats:
        for number, text in enumerate(texts):
            repeats.add(str(number), text)
        named = repeats.verdicts(recurrence.furniture())
    assert len(named) == 9
    assert article(5)[-1] in recurrence.furniture()
    assert article(5)[-1] not in recurrence.furniture(named.numbers)


def test_a_page_of_nothing_but_recurring_lines_keeps_its_prose() -> None:
    text = "\n".join(SITES[1][1])
    recurrence = run_of(*(page(1, number) for number in range(30)))
    assert masked(text, "", recurrence) == []


def test_a_single_article_has_no_furniture() -> None:
    recurrence = run_of(page(0, 1))
    assert len(recurrence.furniture()) == 0
    assert masked(page(0, 1), article(1)[0], recurrence) == masked(page(0, 1), article(1)[0])


def test_four_articles_are_too_few_and_five_enough() -> None:
    foot = SITES[0][1][0]
    assert foot not in run_of(*(page(0, number) for number in range(4))).furniture()
    assert foot in run_of(*(page(0, number) for number in range(5))).furniture()


def test_a_line_that_stands_twice_in_an_article_counts_once() -> None:
    texts = ["\n".join([SITES[0][1][0], *article(number), SITES[0][1][0]]) for number in range(3)]
    assert SITES[0][1][0] not in run_of(*texts).furniture()


def test_issue_numbers_and_days_do_not_make_another_line() -> None:
    assert line_key("侨声简报　第118期（2023年5月6日）") == line_key("侨声简报 第九期(2024年11月12日)")
    assert line_key("走访侨眷118户") != line_key("走访侨眷119户")
    assert line_key("—") == line_key("") == 0


def test_furniture_is_small_and_survives_a_process_border() -> None:
    furniture = run_of(*(page(1, number) for number in range(30))).furniture()
    packed = pickle.dumps(furniture)
    assert len(packed) < 2000
    assert pickle.loads(packed).keys == furniture.keys


def test_memory_is_bounded_and_what_recurs_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SEEN", 200)
    monkeypatch.setattr(module, "_OFTEN", 40)
    recurrence = run_of(*(page(0, number) for number in range(500)))
    assert SITES[0][1][0] in recurrence.furniture()
    assert len(recurrence._once) <= 200 + 30
    assert len(recurrence._often) <= 40 + 30


def test_a_text_without_line_ends_takes_no_longer_than_its_length(tmp_path: Path) -> None:
    recurrence = run_of("走访侨眷30户，" * 300_000, "\n" * 1_000_000, " \n" * 500_000)
    assert len(recurrence.furniture()) == 0


def test_an_article_that_no_furniture_touches_is_read_as_without_it() -> None:
    shorts = ["导读", "要闻简报", "某某快讯"]
    menus = [f"栏目{number}" for number in range(50)]
    heads: list[list[str]] = [[], [*shorts], [*shorts, SITES[0][1][0]], [*menus], [*menus, SITES[0][1][0]]]
    texts = ["\n".join([*heads[number % len(heads)], *article(number)]) for number in range(100)]
    recurrence = Recurrence()
    edges = [recurrence.add(number, text) for number, text in enumerate(texts)]
    furniture = recurrence.furniture()
    touched = [furniture.touches(keys) for keys in edges]
    assert touched[:5] == [False, False, True, True, True]
    for number, text in enumerate(texts):
        title = article(number)[0]
        differs = body_spans(text, title, furniture) != body_spans(text, title)
        assert touched[number] or not differs
        assert differs == (number % len(heads) in (2, 4))
