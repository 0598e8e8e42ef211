"""Promises of the index of repeats: copies, re-posts and excerpts are named, bulletins from one template are not."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jianbao.corpus import likeness, shuffling
from jianbao.corpus import repeat_steps as module
from jianbao.corpus.gist import gist_of
from jianbao.corpus.recurrence import Recurrence
from jianbao.corpus.repeats import Repeats
from jianbao.corpus.verdicts import Repeat

REPORT = """今年以来，青田县侨联围绕中心、服务大局，走访慰问归侨侨眷六百三十二户，送去慰问金48.6万元。
在方山乡建成侨胞之家9个，组织侨界医生义诊27次，惠及老人和留守儿童4100余人次，群众拍手称好。
县侨联还牵线搭桥，邀请海外侨团考察团15批共230人，签约项目7个，协议投资3.4亿元，其中农业项目3个。
针对侨资企业用工难、融资难，开展银企对接会6场，帮助企业获得贷款1.2亿元，招到技工380名。
海外侨胞心系桑梓，捐资1260万元修建学校和道路，惠及村庄42个，受助学生达到2170名。
下一步，县侨联将办好侨界运动会，深化侨助乡村行动，力争全年帮销农产品5000万元以上。"""
LINES = REPORT.split("\n")
OTHER = """龙游县总工会开展夏送清凉活动，慰问一线职工3200名，发放防暑药品和饮料，总价值达到56万元。
工会志愿者走进工地、车间和环卫驿站，检查高温津贴发放情况，督促企业整改问题18个。
同时举办职业技能竞赛11场，一线工人踊跃报名，评出技术能手64名，奖金总额达到25万元。"""


def judged(*texts: str, scratch: Path | None = None) -> dict[str, Repeat]:
    """The verdicts on texts that are named 0, 1, 2 …"""
    with Repeats(scratch) as repeats:
        for number, text in enumerate(texts):
            repeats.add(str(number), text)
        return dict(repeats.verdicts())


def kinds(*texts: str) -> dict[str, tuple[str, str]]:
    return {name: (found.of, found.kind) for name, found in judged(*texts).items()}


@pytest.mark.parametrize(
    "copy",
    [
        REPORT,
        REPORT.replace("\n", "\n\n　　"),
        REPORT.replace("，", ", ").replace("。", "．"),
        REPORT.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)}),
        REPORT.replace("万", "萬").replace("户", "戶").replace("侨", "僑").replace("县", "縣"),
    ],
    ids=["equal", "layout", "punctuation", "width", "script"],
)
def test_a_copy_is_the_same_whatever_its_layout_width_and_script(copy: str) -> None:
    assert kinds(OTHER, REPORT, copy) == {"2": ("1", "same")}


@pytest.mark.parametrize(
    "post",
    [
        "编者按：现将青田经验予以刊发，供各地学习借鉴。\n" + REPORT,
        "\n".join(LINES[:4] + LINES[5:]),
        REPORT.replace("拍手称好", "纷纷点赞").replace("心系桑梓", "情系家乡").replace("还牵线搭桥", "积极牵线"),
        "首页 > 要闻\n" + REPORT + "\n责任编辑：某某",
    ],
    ids=["editor's note", "a paragraph less", "other words", "page around it"],
)
def test_a_re_post_with_light_changes_is_near(post: str) -> None:
    assert kinds(REPORT, OTHER, post) == {"2": ("0", "near")}


def test_of_two_versions_the_fuller_is_the_original_wherever_it_stands() -> None:
    shorter = "\n".join(LINES[:5])
    assert kinds(shorter, REPORT)["0"][0] == "1"
    assert kinds(REPORT, shorter)["1"][0] == "0"


def test_an_excerpt_is_the_repeat_even_if_it_stands_first() -> None:
    excerpt = "\n".join(LINES[1:3])
    assert kinds(excerpt, OTHER, REPORT) == {"0": ("2", "excerpt")}
    assert kinds(REPORT, OTHER, excerpt) == {"2": ("0", "excerpt")}


def test_an_article_inside_a_collection_is_an_excerpt_of_it() -> None:
    assert kinds(REPORT, f"{OTHER}\n{REPORT}\n{OTHER[::-1]}") == {"0": ("1", "excerpt")}


def test_a_chain_is_followed_to_its_end() -> None:
    long = f"{REPORT}\n{OTHER}"
    excerpt = "\n".join(LINES[:3])
    found = kinds(excerpt, REPORT, long, excerpt)
    assert found == {"0": ("2", "excerpt"), "1": ("2", "excerpt"), "3": ("2", "excerpt")}


def refilled(seed: int, name: str) -> str:
    """The report of another county or year: the same words, other figures."""
    chance = random.Random(seed)
    text = "".join(str(chance.randrange(1, 10)) if letter.isdecimal() else letter for letter in REPORT)
    return text.replace("青田县", name).replace("六百三十二", f"{'二三四五七'[seed % 5]}百{'一四五六'[seed % 4]}十七")


def test_bulletins_of_other_counties_from_one_template_are_no_repeats() -> None:
    assert kinds(REPORT, *(refilled(seed, f"{name}县") for seed, name in enumerate(["云和", "庆元", "遂昌"]))) == {}


def test_bulletins_of_other_years_from_one_template_are_no_repeats() -> None:
    assert kinds(*(refilled(seed, "青田县") for seed in range(30))) == {}


def test_another_place_without_any_figures_is_no_repeat() -> None:
    text = "云和县召开侨务工作会议，传达上级精神，部署下一阶段任务。会议要求各单位提高站位，压实责任，把服务侨胞的好事办实、实事办好。"
    text += "与会人员围绕引资引智、为侨服务、基层建设等内容作了交流发言，气氛十分热烈。云和县各乡镇负责人参加会议。"
    assert kinds(text, text.replace("云和县", "庆元县")) == {}
    assert kinds(text, text.replace("十分", "非常")) == {"1": ("0", "near")}


def test_a_re_post_is_found_in_a_crowd_from_the_same_template() -> None:
    crowd = [refilled(seed, "青田县") for seed in range(40)]
    assert kinds(*crowd, crowd[17] + "\n编者：供各地参考。") == {"40": ("17", "near")}


def test_many_light_re_posts_all_name_the_first() -> None:
    posts = [f"{REPORT}\n供稿编辑{chr(0x4E00 + 97 * number)}{chr(0x5E00 + 89 * number)}" for number in range(60)]
    assert {name: found.of for name, found in judged(REPORT, *posts).items()} == {str(n): "0" for n in range(1, 61)}


def test_the_same_lead_or_a_quotation_makes_no_repeat() -> None:
    assert kinds(REPORT, LINES[0] + OTHER, OTHER[:90] + LINES[4] + OTHER[90:]) == {}


def test_a_figure_with_a_point_is_not_the_figure_without_it() -> None:
    text = "全县侨资企业累计捐赠物资折合人民币1.5亿元。"
    assert kinds(text, text.replace("1.5", "15")) == {}


def test_short_texts_are_repeats_only_if_equal() -> None:
    text = "区侨联走访慰问侨眷30户，送去慰问金和慰问品。"
    assert kinds(text, text.replace("走访", "上门"), text) == {"2": ("0", "same")}


def test_texts_without_letters_repeat_nothing() -> None:
    assert kinds("", "", "……", "。") == {}


def test_tiny_bodies_count_with_what_stands_around_them() -> None:
    with Repeats() as repeats:
        for name, title in (("a", "关于表彰先进的通知"), ("b", "关于召开年会的通知"), ("c", "关于表彰先进的通知")):
            repeats.add(name, f"{title}\n详见附件。", [(len(title) + 1, len(title) + 6)])
        assert {name: found.of for name, found in repeats.verdicts().items()} == {"c": "a"}


def test_only_the_body_is_compared() -> None:
    pages = [f"{menu}\n{REPORT}\n{menu[::-1] * 30}" for menu in ("首页要闻公告专题视频", "登录注册搜索无障碍长者版")]
    with Repeats() as repeats:
        for number, page in enumerate(pages):
            start = page.index(REPORT)
            repeats.add(str(number), page, [(start, start + len(REPORT))])
        assert repeats.verdicts() == {"1": Repeat("1", "0", "same", 1.0)}


def test_a_footer_that_recurs_makes_no_repeats_of_short_articles() -> None:
    footer = "本平台由某某传媒集团运营，所载内容仅供读者参考，平台不对其准确性作出任何承诺，读者据此行事风险自担。" * 3
    notes = [
        f"{place}侨联开展活动，组织{what}，大家兴致很高，气氛热烈，活动圆满结束，参加者都说收获很大。"
        for place, what in NOTES
    ]
    texts = [
        f"{note}本次活动由{note[:4]}主办，得到各界支持，今后还将继续开展{note[8:12]}等服务。\n{footer}"
        for note in notes
    ]
    recurrence = Recurrence()
    with Repeats() as repeats:
        for number, text in enumerate(texts):
            recurrence.add(number, text)
            repeats.add(str(number), text)
        assert repeats.verdicts() != {}  # what the footer would do
        assert repeats.verdicts(recurrence.furniture()) == {}


NOTES = [("鹿城", "茶艺体验"), ("瓯海", "亲子阅读"), ("洞头", "渔家美食"), ("龙港", "书画笔会"), ("平阳", "健康讲座"), ("苍南", "植树护绿")]  # fmt: skip


def test_verdicts_are_the_same_in_every_process() -> None:
    code = (
        "from jianbao.corpus.repeats import Repeats\n"
        "r = Repeats()\n"
        f"for n, t in enumerate({[REPORT, OTHER, LINES[0] + LINES[1], REPORT + OTHER]!r}): r.add(str(n), t)\n"
        "print(r.verdicts())"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1
    assert told.pop().count("Repeat(") == 3


def test_what_lies_on_the_disk_gives_the_same_verdicts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [refilled(seed, "青田县") for seed in range(20)] + [REPORT, OTHER, REPORT[:200], OTHER + REPORT]
    held = judged(*texts)
    monkeypatch.setattr(shuffling, "_HELD", 50)
    monkeypatch.setattr(shuffling, "_LOOKED_AT", 10)
    monkeypatch.setattr(module, "_STRETCH", 50)
    assert held == judged(*texts, scratch=tmp_path)
    assert held
    assert list(tmp_path.iterdir()) == []


def test_a_long_text_is_compared_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likeness, "_WHOLE", 200)
    assert kinds(REPORT, OTHER, "\n".join(LINES[1:4])) == {"2": ("0", "excerpt")}


@given(st.lists(st.sampled_from([*LINES, OTHER, REPORT, "", "走访30户"]).map("".join), max_size=8))
def test_an_original_is_never_a_repeat_itself(texts: Sequence[str]) -> None:
    found = judged(*texts)
    assert all(repeat.of not in found and repeat.of != name == repeat.id for name, repeat in found.items())
    assert all(0 < repeat.share <= 1 for repeat in found.values())


@given(st.lists(st.text(max_size=80), max_size=4))
def test_no_text_raises(texts: list[str]) -> None:
    assert len(judged(*texts, "\ud800" * 70, "𠀀" * 90)) <= len(texts) + 1


@given(st.text())
def test_a_gist_of_a_gist_is_itself(text: str) -> None:
    gist = gist_of(text)
    assert gist_of(gist) == gist
    assert "\n" not in gist


@given(st.lists(st.lists(st.sampled_from(LINES), min_size=1, max_size=9).map("".join), min_size=2, max_size=6))
def test_what_is_told_by_shingles_alone_is_told_the_same_with_all_facts(texts: list[str]) -> None:
    found = judged(*texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "may_agree", lambda left, right: True)
        assert judged(*texts) == found
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(likeness, "_KNOWN", 0)
        assert judged(*texts) == found
