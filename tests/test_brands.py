"""Promises of the brands: which names are found, of which kind, and what is refused and why. All sentences invented."""

from __future__ import annotations

import gc
import time
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jianbao.corpus.article import Article
from jianbao.corpus.lexicons import rows
from jianbao.corpus.records import BRAND_KINDS, Brand, Refusal
from jianbao.extractors.brand_nouns import kind_of, noun_behind, noun_inside
from jianbao.extractors.brands import AGAIN, NO_CUE, brand_name, brands
from jianbao.extractors.quoted_names import RULES as QUOTED
from jianbao.extractors.scene import prepare
from jianbao.extractors.unquoted_names import LISTED
from jianbao.extractors.unquoted_names import RULES as UNQUOTED


def find(text: str) -> list[Brand | Refusal]:
    scene = prepare(Article(id="a", text=text, body=((0, len(text)),)))
    return list(brands(scene, 0, len(text)))


def named(text: str) -> list[tuple[str, str]]:
    return [(found.text, found.kind) for found in find(text) if isinstance(found, Brand)]


def refused(text: str) -> list[str]:
    return [found.rule for found in find(text) if isinstance(found, Refusal)]


EXAMPLES = [
    *((rule.name, rule.example) for rule in QUOTED),
    *((rule.name, rule.example) for rule in UNQUOTED),
    *((name, example) for name, _, example in (NO_CUE, AGAIN, LISTED)),
]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=[rule for rule, _ in EXAMPLES])
def test_every_rule_speaks_on_its_own_example(rule: str, example: str) -> None:
    assert rule in {found.rule for found in find(example)}


def test_rule_names_are_stable_and_stand_once() -> None:
    names = [rule for rule, _ in EXAMPLES]
    assert len(set(names)) == len(names)
    assert all(name.startswith(("brand.", "refuse.quote.")) for name in names)


KINDS: dict[str, list[tuple[str, str]]] = {
    "project": [
        ("市残联实施“光影无碍”计划。", "光影无碍"),
        ("团县委发起“候鸟回巢”行动，返乡青年踊跃报名。", "候鸟回巢"),
        ("连续六年开展“围炉暖冬”捐衣行动。", "围炉暖冬"),
        ("妇联组织“邻里手拉手”走访慰问活动。", "邻里手拉手"),
        ("“百医联千村”机制运行平稳。", "百医联千村"),
        ("教育局推行“午间半小时”工作法。", "午间半小时"),
        ("总工会启动“夏日清泉”2021年专项行动。", "夏日清泉"),
        ("校友会设立“竹溪班”，资助山里的孩子。", "竹溪班"),
    ],
    "event": [
        ("民革支部举办“议事厅里话振兴”建言活动。", "议事厅里话振兴"),
        ("“运河听涛”音乐会座无虚席。", "运河听涛"),
        ("“老街讲堂”每周五开讲。", "老街讲堂"),
        ("“书香江城”系列活动走进校园。", "书香江城"),
        ("省侨联承办“根在河洛”夏令营。", "根在河洛"),
        ("“寻味陇原之旅”吸引华裔青年。", "寻味陇原之旅"),
    ],
    "platform": [
        ("银行推出“商户贷”金融服务项目。", "商户贷"),
        ("司法局上线“法小助”小程序。", "法小助"),
        ("“银龄e家”云平台注册老人三万名。", "银龄e家"),
        ("全省首个藏文搜索引擎“雪山问”亮相。", "雪山问"),
        ("民政局开通“救助一键达”，群众少跑腿。", "救助一键达"),
    ],
    "place": [
        ("街道建成“梧桐树下驿站”31个。", "梧桐树下驿站"),
        ("县侨联把旧粮仓改成“稻香书房”。", "稻香书房"),
        ("巧手妇女办起“沂水绣坊”。", "沂水绣坊"),
        ("“乐邻”调解室化解纠纷40件。", "乐邻"),
        ("打造“两岸青年创业园”。", "两岸青年创业园"),
    ],
    "fund": [
        ("企业家出资设立“青禾”助学基金。", "青禾"),
        ("“榕城侨爱基金”首期到账两百万元。", "榕城侨爱基金"),
        ("乡亲向“莲塘助学”捐资30万元。", "莲塘助学"),
    ],
    "team": [
        ("“红袖标”志愿服务队走上街头。", "红袖标"),
        ("妇联开通“月季”维权热线。", "月季"),
        ("组建“老支书”宣讲团。", "老支书"),
        ("深化“警医联动”机制。", "警医联动"),
        ("“浔阳大姐”家政培训办了九期。", "浔阳大姐"),
    ],
    "product": [
        ("“云顶雪芽”白茶品牌远销海外。", "云顶雪芽"),
        ("“太行山货”区域公用品牌授权企业12家。", "太行山货"),
        ("首趟“丝路蜜语号”中欧班列发车。", "丝路蜜语号"),
        ("大赛发布吉祥物“江小豚”。", "江小豚"),
        ("“陇字号”农产品卖到沿海。", "陇字号"),
    ],
}
KIND_CASES = [(kind, text, name) for kind, cases in KINDS.items() for text, name in cases]


@pytest.mark.parametrize(("kind", "text", "name"), KIND_CASES, ids=[name for _, _, name in KIND_CASES])
def test_kind(kind: str, text: str, name: str) -> None:
    assert named(text) == [(name, kind)]


def test_every_kind_has_cases() -> None:
    assert set(KINDS) == set(BRAND_KINDS)


REFUSED = {
    "slogan in a heading": ("二、党建引领“聚合力”。", "refuse.quote.no-cue"),
    "counted slogan": ("“四个聚焦”推动工作。", "refuse.quote.idiom"),
    "idea": ("秉持“小切口、大民生”理念。", "refuse.quote.idea"),
    "metaphor of a person": ("当好群众的“贴心人”。", "refuse.quote.metaphor"),
    "metaphor of a place": ("就业在“家门口”实现。", "refuse.quote.metaphor"),
    "metaphor made by a verb": ("小院成为邻居们的“温情客厅”。", "refuse.quote.figurative"),
    "idiom of coming and going": ("坚持“走出去、请进来”活动方式。", "refuse.quote.metaphor"),
    "formula": ("打造“支部+网格+楼栋”品牌。", "refuse.quote.formula"),
    "figures alone": ("推广“622”机制。", "refuse.quote.formula"),
    "speech": ("大娘笑着说：“这下方便多了。”", "refuse.quote.speech"),
    "speech behind a verb": ("他感慨“回家的感觉真好”。", "refuse.quote.speech"),
    "policy": ("落实“八八战略”行动。", "refuse.quote.policy"),
    "plan of the state": ("开展“十四五”规划宣讲活动。", "refuse.quote.policy"),
    "day of the world": ("“世界读书日”活动精彩纷呈。", "refuse.quote.policy"),
    "honour behind": ("获“敬业奉献好人”称号。", "refuse.quote.honour"),
    "honour before": ("社区获评“全省和谐家园”。", "refuse.quote.honour"),
    "honour inside": ("创建“无诈示范村”。", "refuse.quote.honour"),
    "theme of one meeting": ("展会以“光影未来”为主题。", "refuse.quote.theme"),
    "topic of a session": ("与会者围绕“青年与乡村”主题展开讨论。", "refuse.quote.theme"),
    "ceremony": ("举办“第三届邻居节启动仪式”。", "refuse.quote.ceremony"),
    "common idiom before a noun": ("推行“一户一档”工作法。", "refuse.quote.idiom"),
    "manner": ("提供“菜单式”服务项目。", "refuse.quote.idiom"),
    "class of a region": ("“江南北”新能源产业走廊加快建设。", "refuse.quote.idea"),
    "arms": ("部队使用“闪电”防空导弹。", "refuse.quote.arms"),
    "one character": ("做足“茶”文章。", "refuse.quote.length"),
}


@pytest.mark.parametrize(("text", "rule"), REFUSED.values(), ids=REFUSED)
def test_is_no_brand(text: str, rule: str) -> None:
    assert named(text) == []
    assert refused(text) == [rule]


PLAIN = {
    "book title": "举办《春江诗集》首发式。",
    "general place": "新建社区养老驿站12个、爱心驿站8个。",
    "general action": "开展环境整治专项行动，实施城市更新行动。",
    "state project": "推进引水工程，实施水利工程。",
    "engineer": "暖通工程师下乡。",
    "foundation that gives": "爱心人士和银杏慈善基金会捐款。",
    "general fund": "设立产业投资基金。",
    "meeting of the state": "出席联合国气候变化大会。",
    "party meeting": "召开全市党员代表大会。",
    "home as a figure": "大家齐心重建家园。",
    "forum unnamed": "举行高峰论坛和主题论坛。",
    "organisation": "江南大学校友会、滨江区人民法院到场。",
}


@pytest.mark.parametrize("text", PLAIN.values(), ids=PLAIN)
def test_plain_words_are_no_names(text: str) -> None:
    assert named(text) == []


UNQUOTED_CASES = {
    "campaign": ("市侨联深化金秋暖侨行动，走访侨户。", [("金秋暖侨行动", "project")]),
    "campaign with a season": ("全省开展春季稳岗攻坚行动。", [("春季稳岗攻坚行动", "project")]),
    "talent plan": ("优化升级楚天英才计划。", [("楚天英才计划", "project")]),
    "campaign and a month": ("举办2022年暖春行动暨招工服务月活动。", [("暖春行动暨招工服务月", "project")]),
    "place with a figure": ("龙舟驿站增至18个。", [("龙舟驿站", "place")]),
    "places in a list": ("深化木兰小镇、芷江工场等基地建设。", [("木兰小镇", "place"), ("芷江工场", "place")]),
    "counted fair": ("第六届淮河流域农业博览会开幕。", [("淮河流域农业博览会", "event")]),
    "fair with a year": ("2019全球湿地论坛昨天开幕。", [("全球湿地论坛", "event")]),
    "fair with brackets": ("2020中国（长沙）国际陶瓷博览会开幕。", [("中国（长沙）国际陶瓷博览会", "event")]),
    "short fair": ("组织企业参加第四届茶博会。", [("茶博会", "event")]),
    "festival": ("桃花潭文化节期间，客房满员。", [("桃花潭文化节", "event")]),
    "fund set up": ("商会牵头组建惠商互助基金。", [("惠商互助基金", "fund")]),
    "foundation set up": ("理事长发起雨花助学基金会。", [("雨花助学基金会", "fund")]),
    "class": ("社区开设邻里云课堂。", [("邻里云课堂", "event")]),
    "products in a list": (
        "推介临澧山茶、石门柑橘等区域公用品牌。",
        [("临澧山茶", "product"), ("石门柑橘", "product")],
    ),
}


@pytest.mark.parametrize(("text", "expected"), UNQUOTED_CASES.values(), ids=UNQUOTED_CASES)
def test_names_without_quotation_marks(text: str, expected: list[tuple[str, str]]) -> None:
    assert named(text) == expected


def test_list_shares_the_noun_behind_its_last_item() -> None:
    found = named("下设“老王说事”“老王送暖”、“老王助农”和“老王普法”团队。")
    assert found == [(name, "team") for name in ("老王说事", "老王送暖", "老王助农", "老王普法")]


def test_list_shares_the_verb_before_its_first_item() -> None:
    assert [name for name, _ in named("市妇联推出“花样云”“她时光”，妇女点赞。")] == ["花样云", "她时光"]


def test_quoted_and_plain_items_share_a_noun() -> None:
    found = named("“湘江橙韵”和洞庭银鱼等区域公用品牌走红。")
    assert found == [("湘江橙韵", "product"), ("洞庭银鱼", "product")]


NESTED = {
    "whole name at the head": ("举办“‘丝路情·同心圆梦’——侨界文艺巡演活动”。", "丝路情·同心圆梦"),
    "year before the inner": ("主办“2018‘月满西湖’晚会”。", "月满西湖"),
    "year inside": ("开展“2020年清风行动”专项活动。", "清风行动"),
    "half a name": ("“‘石桥夜谈’·老街故事”沙龙每季度一次。", "‘石桥夜谈’·老街故事"),
}


@pytest.mark.parametrize(("text", "name"), NESTED.values(), ids=NESTED)
def test_of_nested_marks_the_name_is_taken(text: str, name: str) -> None:
    assert [found for found, _ in named(text)] == [name]


@pytest.mark.parametrize("marks", ["“”", "‘’", "「」", "『』", '""'])
def test_all_quotation_marks_are_alike(marks: str) -> None:
    assert named(f"实施{marks[0]}金桥引路{marks[1]}行动。") == [("金桥引路", "project")]


def test_fund_inside_a_ceremony() -> None:
    assert named("举办“莲塘乡贤助学金颁发仪式”。") == [("莲塘乡贤助学金", "fund")]


def test_known_name_is_found_again_without_marks_and_joints() -> None:
    text = "实施“银企结对、助力山乡”行动。\n▲银企结对助力山乡签约现场"
    assert [name for name, _ in named(text)] == ["银企结对、助力山乡", "银企结对助力山乡"]


def test_bare_quotation_of_a_known_name_is_a_brand() -> None:
    assert len(named("“雁归楚乡”让山村热闹起来。去年实施“雁归楚乡”工程。")) == 2


def test_lexical_refusals_are_not_overturned() -> None:
    assert named("“朋友圈”越来越大，打造“朋友圈”平台。") == []


def test_mentions_of_one_name_have_the_kind_of_the_surest() -> None:
    kinds = {kind for _, kind in named("以“繁花家园”为核心。“繁花家园”数字平台上线。")}
    assert kinds == {"platform"}


def test_name_drops_inner_marks_spaces_and_width() -> None:
    assert brand_name("‘春江 潮’（ＡＢ）") == "春江潮(AB)"
    found = find("开展“青苗（一期）”行动和“青苗(一期)”项目。")
    assert [this.name for this in found if isinstance(this, Brand)] == ["青苗(一期)"] * 2


def test_spans_judge_with_the_whole_article() -> None:
    text = "“松涛助学”记\n\n去年实施“松涛助学”计划。"
    scene = prepare(Article(id="a", text=text, body=((8, len(text)),)))
    assert [found.text for found in brands(scene, 0, 7) if isinstance(found, Brand)] == ["松涛助学"]


def test_nothing_is_found_outside_the_span() -> None:
    text = "实施“甲乙丙丁”行动。实施“戊己庚辛”行动。"
    scene = prepare(Article(id="a", text=text, body=((0, len(text)),)))
    assert [found.text for found in brands(scene, 11, len(text))] == ["戊己庚辛"]


PIECES = st.sampled_from(
    [
        *"“”‘’「」\"、，。\n等的（）", "2023年", "第三届", "实施", "打造", "设立", "成为", "石榴", "朋友圈",
        "暖侨行动", "同心驿站", "助学基金", "茶博会", "国际论坛", "活动", "平台", "区域公用品牌",
    ]
)  # fmt: skip


@example('"““"暖侨行动')  # a quotation of marks alone has no name
@given(st.lists(PIECES, max_size=40).map("".join))
def test_offsets_hold_and_no_mention_lies_in_another(text: str) -> None:
    found = find(text)
    assert [this.start for this in found] == sorted(this.start for this in found)
    assert all(text[this.start : this.end] == this.text for this in found)
    mentions = [this for this in found if isinstance(this, Brand)]
    assert all(one.end <= other.start for one, other in pairwise(mentions))
    assert all(this.kind in BRAND_KINDS and 0 < this.confidence < 1 and this.name for this in mentions)


PASSAGES = {
    "quotations": "去年实施“红梅迎春”行动，办起“柳编人家”工坊。",
    "a long list": "“甲乙丙”",
    "nouns without a bound": "暖心行动驿站基金论坛",
    "open marks": "“实施‘",
    "plain text": "干部进村入户了解情况",
}


@pytest.mark.parametrize("passage", PASSAGES.values(), ids=PASSAGES)
def test_time_is_linear(passage: str) -> None:
    short, long = passage * 1500, passage * 12000
    find(short)
    assert min(_seconds(long) for _ in range(2)) < 24 * min(_seconds(short) for _ in range(3)) + 0.05


def test_time_is_linear_in_the_number_of_names() -> None:
    texts = ["".join(f"实施“山海{n:05d}春”行动。" for n in range(size)) for size in (1500, 12000)]
    short, long = (min(_seconds(text) for _ in range(2)) for text in texts)
    assert long < 24 * short + 0.05


def _seconds(text: str) -> float:
    gc.disable()  # it walks all that other tests left
    before = time.process_time()
    find(text)
    taken = time.process_time() - before
    gc.enable()
    return taken


def test_nouns_behind_stop_at_verbs_and_particles() -> None:
    assert noun_behind("成为样板工程") is None
    assert noun_behind("的活动") is None
    assert noun_behind("持续拓展") is None


def test_firm_nouns_outweigh_the_name() -> None:
    assert kind_of("晨曦家园", noun_behind("托养计划")) == "project"
    assert kind_of("木棉成长计划", noun_behind("志愿者")) == "project"
    assert noun_inside("绿荫学堂") == ("event", "name")


def test_kinds_of_the_lexicon_are_known() -> None:
    assert {kind for _, kind, _ in rows("brand_nouns")} <= {*BRAND_KINDS, ""}
