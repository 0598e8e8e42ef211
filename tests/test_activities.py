"""Promises of the activity rules: what a sentence reports, what it does not, and what governs a number."""

from __future__ import annotations

import time

import pytest
from jianbao.corpus.article import Article
from jianbao.corpus.lexicons import rows
from jianbao.extractors.activities import activities, hints
from jianbao.extractors.deeds import CONFIDENCE, ROLES, RULES
from jianbao.extractors.scene import Scene, prepare
from jianbao.pipeline.extraction import Pipeline

TYPES = {
    "visit", "donation", "training", "investment", "talent", "pairing", "rights", "publicity", "exchange",
    "consultation", "platform", "service", "relief", "honour", "study",
}  # fmt: skip


def article(text: str) -> Article:
    return Article("test", text, body=((0, len(text)),))


def types_of(text: str) -> list[set[str]]:
    """Types of each sentence of the text, by the whole pipeline."""
    found = Pipeline(models=False)(article(text)).activities
    starts = [sentence.start for sentence in prepare(article(text)).sentences]
    return [{mention.type for mention in found if mention.start == start} for start in starts]


def activity_of(text: str) -> list[str]:
    return [indicator.activity for indicator in Pipeline(models=False)(article(text)).indicators]


ALONE = {
    "visit": ["街道干部冒雪看望独居老人。", "入冬以来走访慰问困难职工85户。", "▲区侨联登门慰问老归侨"],
    "donation": ["乡贤林先生捐资修建村里的凉亭。", "爱心企业捐款12万元。", "青年志愿者开展志愿服务40场。"],
    "training": ["县里开办月嫂培训班。", "农技员授课16场。", "▲镇文化站举办剪纸讲座"],
    "investment": ["全年签约产业链项目23个。", "园区与三家券商签订战略合作协议。", "银行授信6亿元。"],
    "talent": ["引进海外博士14名。", "两所高校与园区开展产学研合作。", "全国重点实验室增至3家。"],
    "pairing": ["机关支部结对帮扶山区薄弱村。", "带动就业320人。", "村集体经济收入翻番，户均增收4000元。"],
    "rights": ["联合司法所调解劳资纠纷31件。", "律师团提供法律援助。"],
    "publicity": ["发放反诈手册3000份。", "县融媒中心拍摄纪录片。", "短视频播放量超20万次。"],
    "exchange": ["举办侨界青年联谊活动。", "接待澳门社团来访12批。", "戏曲演出连演8场。"],
    "consultation": ["召开民营企业家座谈会。", "收集意见建议46条。", "委员围绕养老开展专题调研。"],
    "platform": ["挂牌成立“同心会客厅”工作站。", "新建社区养老服务站9个。", "数据库建成投用。"],
    "service": ["为企业办理通关手续90余件。", "帮助解决用工难题57个。", "发放高龄津贴300万元。"],
    "relief": ["救援队转移群众260人。", "向灾区调拨帐篷400顶。", "连夜驰援抗洪一线。"],
    "honour": ["镇卫生院荣获“省级文明单位”称号。", "2个村入选传统村落名录。"],
    "study": ["机关支部开展主题党日活动。", "中心组学习7次。"],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in ALONE.items() for text in texts])
def test_each_type_is_found_alone(kind: str, text: str) -> None:
    assert types_of(text) == [{kind}]


def test_all_fifteen_types_have_examples() -> None:
    assert set(ALONE) == TYPES


TOGETHER = [
    ("走访企业60家次，收集意见建议25条，办理证照18件。", {"visit", "consultation", "service"}),
    ("举办普法讲座6场，发放宣传册900册，调解纠纷12起。", {"training", "publicity", "rights"}),
    ("签约项目9个，引进硕士博士40名。", {"investment", "talent"}),
    ("成立乡贤联谊会，募集善款70万元。", {"platform", "donation"}),
    ("培训绣娘120人次，带动就业66人。", {"training", "pairing"}),
    ("宣讲员深入茶园开展党课，合作社代表获评先进个人。", {"study", "honour"}),
]


@pytest.mark.parametrize(("text", "kinds"), TOGETHER)
def test_a_sentence_carries_every_type_it_reports(text: str, kinds: set[str]) -> None:
    found = types_of(text)[0]
    assert kinds <= found
    assert len(found - kinds) <= 1


SILENT = {
    "intent": "下一步，全区将继续开展走访慰问。",
    "plan": "到2030年，力争引进高层次人才500名。",
    "plan of a paragraph": "明年重点办好三件实事。",
    "purpose": "为招商引资、引才引智工作提供坚强支撑。",
    "praise": "她说：“培训班办到了我们心坎上。”",
    "demand": "会议要求，必须坚持走访慰问困难群众，应当落实捐赠台账。",
    "background": "“十三五”之初，这里山高路远，出门全靠两条腿。",
    "ceremony": "现在，我向大会报告工作，请予审议。",
    "heading": "一、聚焦走访慰问",
    "announcing phrase": "三是开展暖心慰问活动。",
    "overview": "围绕培训、维权、联谊等工作，扎实推进各项任务。",
    "leader": "习近平总书记在考察调研时十分关心茶农。",
    "greeting": "向所有关心支持结对帮扶工作的朋友，表示衷心的感谢！",
    "directive": "要深入开展走访慰问，抓好技能培训。",
    "shortcoming": "中小微企业融资难问题依然存在。",
    "name of a thing": "某某培训基地位于城东。",
    "slogan in quotes": "墙上写着“捐款光荣、献血光荣”八个大字。",
}


@pytest.mark.parametrize("text", SILENT.values(), ids=SILENT)
def test_sentences_that_report_no_work_carry_no_type(text: str) -> None:
    assert types_of(text) == [set()]


def test_a_paragraph_that_opens_with_plans_stays_a_plan() -> None:
    text = "今年重点抓好民生实事。出行方面，新建停车泊位300个；养老方面，新建助餐点8个。"
    assert types_of(text) == [set(), set(), set()]


def test_a_section_of_plans_carries_no_types_until_the_next_review() -> None:
    text = "三、下一步工作计划\n开展走访慰问20次。\n一、工作回顾\n走访慰问侨胞20次。"
    assert types_of(text) == [set(), set(), set(), {"visit"}]


def test_captions_carry_the_types_of_their_verb() -> None:
    assert types_of("▲结对共建签字现场\n▲茶园晨雾") == [{"pairing"}, set()]


def test_what_the_work_is_for_gives_no_type() -> None:
    assert types_of("召开座谈会3场，助力招商引资。") == [{"consultation"}]


GOVERNED = [
    ("投资8亿元。", ["investment"]),
    ("签约项目12个。", ["investment"]),
    ("到位资金3亿元。", ["investment"]),
    ("接到订单500万元。", ["investment"]),
    ("银行授信20亿元。", ["investment"]),
    ("乡亲捐款40万元。", ["donation"]),
    ("募集善款16万元。", ["donation"]),
    ("资助学生25名。", ["donation"]),
    ("地震发生后，会员捐款90万元。", ["relief"]),
    ("走访侨企35家次。", ["visit"]),
    ("慰问困难党员60人，送去慰问金3万元。", ["visit", "visit"]),
    ("培训电工200人次。", ["training"]),
    ("开设课程14门。", ["training"]),
    ("结对村社9个。", ["pairing"]),
    ("带动就业80人。", ["pairing"]),
    ("农户户均增收5000元。", ["pairing"]),
    ("视频点击量30万。", ["publicity"]),
    ("发放手册700册。", ["publicity"]),
    ("建成驿站6个。", ["platform"]),
    ("设立服务点15个。", ["platform"]),
    ("收集意见50条。", ["consultation"]),
    ("上报信息专报22篇。", ["consultation"]),
    ("办理证件310件。", ["service"]),
    ("解决问题44个。", ["service"]),
    ("化解纠纷18起。", ["rights"]),
    ("提供法律咨询130人次。", ["rights"]),
    ("接待来访团19批。", ["exchange"]),
    ("举办夏令营4期。", ["exchange"]),
    ("引进人才33名。", ["talent"]),
    ("争取科研经费200万元。", ["talent"]),
]


@pytest.mark.parametrize(("text", "kinds"), GOVERNED)
def test_the_verb_that_governs_a_number_gives_its_type(text: str, kinds: list[str]) -> None:
    assert activity_of(text) == kinds


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("发放贷款3亿元。", ["investment"]),
        ("发放补贴3万元。", ["service"]),
        ("发放宣传单3万份。", ["publicity"]),
        ("发放慰问金3万元。", ["visit"]),
        ("引进企业8家、资金2亿元。", ["investment", "investment"]),
        ("引进博士8名。", ["talent"]),
        ("新建中小学校8所。", ["service"]),
        ("新建工作站8个。", ["platform"]),
    ],
)
def test_one_verb_has_the_type_of_its_object(text: str, kinds: list[str]) -> None:
    assert activity_of(text) == kinds


@pytest.mark.parametrize(
    "text",
    [
        "全市地区生产总值达到900亿元，同比增长6%。",
        "规模以上工业增加值增长8.1%。",
        "常住人口88万人。",
        "财政收入增长4.5%。",
        "社会消费品零售总额260亿元。",
        "粮食产量稳定在30万吨。",
        "城乡居民人均可支配收入增长5.9%。",
        "森林覆盖率达到61%。",
        "外贸进出口增长7%。",
        "全年接待游客310万人次。",
        "新增市场主体2.4万户。",
    ],
)
def test_statistics_of_an_economy_have_no_activity_and_no_type(text: str) -> None:
    assert set(activity_of(text)) == {""}
    assert types_of(text) == [set()]


def test_trade_of_firms_is_investment_and_of_a_province_is_none() -> None:
    assert activity_of("6家侨企出口额3亿元。全省出口额3亿元。") == ["investment", "investment", ""]


def test_a_share_goes_on_with_the_number_before_it() -> None:
    assert activity_of("募集善款80万元，其中港币20万元，惠及学生90名。") == ["donation"] * 3


def test_what_a_gift_builds_is_the_gift() -> None:
    assert activity_of("捐款300万元，用于建设教学楼2幢，预计可新增学位400个。") == ["donation"] * 3


def test_a_sentence_goes_on_with_the_one_before() -> None:
    assert activity_of("走访侨户900户。其中，空巢家庭70户。") == ["visit", "visit"]


def test_every_mention_names_a_public_rule_and_its_confidence() -> None:
    text = "走访企业30家，发放手册500册，成立服务队。"
    scene = prepare(article(text))
    found = list(activities(scene, hints(scene), {0}))
    assert {mention.rule for mention in found} <= {name for name, _, _ in RULES}
    assert all(mention.confidence == CONFIDENCE[mention.rule] for mention in found)
    assert all(text[mention.start : mention.end] == mention.text == text for mention in found)


def test_rows_of_the_activity_lexicon_agree() -> None:
    table = rows("activities")
    assert {role for _, _, role in table} == {role for role, _ in ROLES}
    assert {kind for _, kind, _ in table} <= TYPES | {"none"}
    kinds: dict[str, set[str]] = {}
    for word, kind, role in table:
        assert len(word) >= 2
        assert word == word.strip()
        if role != "context":
            kinds.setdefault(word, set()).add(f"{role} {kind}")
        assert (kind == "none") == (role == "statistic")
    assert [word for word, said in kinds.items() if len(said) > 1] == []


def test_every_type_has_its_words() -> None:
    assert {kind for _, kind, role in rows("activities") if role == "act"} == TYPES


def test_rows_of_deeds_and_governing_agree() -> None:
    deeds, pairs = rows("deeds"), rows("governing")
    assert {kind for _, _, kind in deeds} <= TYPES | {"none"}
    assert {kind for _, _, kind in pairs} == {kind for _, _, kind in pairs} & TYPES
    assert {group for group, _, _ in pairs} <= {group for _, group, _ in deeds}
    assert len({(group, word) for group, word, _ in pairs}) == len(pairs)
    assert len({(word, group) for word, group, _ in deeds}) == len(deeds)


def test_time_is_linear_in_the_text() -> None:
    def seconds(text: str) -> float:
        scene = prepare(article(text))
        hints(scene)
        return min(once(scene) for _ in range(3))

    def once(scene: Scene) -> float:
        began = time.process_time()
        words = hints(scene)
        list(activities(scene, words, set(range(len(words)))))
        return time.process_time() - began

    for unit in ("走访企业3家，", "发放为了以", "走访慰问捐赠培训签约3个"):
        assert seconds(unit * 8000) < 20 * seconds(unit * 1000) + 0.1
