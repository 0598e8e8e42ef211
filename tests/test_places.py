"""Places in text: which words are divisions and which are not, and homonyms settled by context and year."""

from __future__ import annotations

from pathlib import Path

import pytest
from jianbao.corpus import regions
from jianbao.corpus.place_names import Place
from jianbao.corpus.places import places, resolve, tails


def named(text: str) -> list[str]:
    """The texts of the places that may speak for a division."""
    return [place.text for place in places(text) if place.kind == "division"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("景宁县侨联走访侨眷30户", ["景宁县"]),
        ("嘉兴平湖两地结对", ["嘉兴", "平湖"]),
        ("浙江省杭州市西湖区", ["浙江省", "杭州市", "西湖区"]),
        ("浙江杭州西湖", ["浙江", "杭州", "西湖"]),
        ("创建全国示范县和先进县", []),
        ("振兴县域经济", []),
        ("召开县委常委会", []),
        ("现代县城建设", []),
        ("健康县区行动", []),
        ("省市和县三级联动", []),
        ("人力资源整合", []),
        ("人民和谐安居", []),
        ("社会同心圆", []),
        ("公开平台信息", []),
        ("共同安排部署", []),
        ("朝阳产业发展迅速", []),
        ("和平与发展", []),
        ("平安建设扎实推进", []),
        ("文化长廊与友好城市", []),
        ("完成都市圈规划", []),
        ("黄河南岸与运河北侧", []),
        ("西湖游船与西湖龙井", []),
        ("长江黄河两岸", []),
        ("沈阳和平区设点", ["沈阳", "和平区"]),
        ("重庆长寿开设驿站", ["重庆", "长寿"]),
        ("西安区域合作", ["西安"]),
        ("杭州市场开拓", ["杭州"]),
        ("四川南部山区", ["四川"]),
        ("南充南部县", ["南充", "南部县"]),
        ("恩施州与延边州", ["恩施州", "延边州"]),
        ("鄂温克旗侨联", ["鄂温克旗"]),
        ("内蒙古、广西、新疆、宁夏、西藏", ["内蒙古", "广西", "新疆", "宁夏", "西藏"]),
        ("黔东南州送来锦旗", ["黔东南州"]),
        ("在义乌设立联络站", ["义乌"]),
        ("市区道路改造", []),
        ("老城区改造", []),
        ("洛阳老城区改造", ["洛阳", "老城区"]),
        ("老城区侨联走访侨眷", ["老城区"]),
        ("主城区委托运营", []),
        ("东莞、中山、儋州", ["东莞", "中山", "儋州"]),
        ("仙桃市与济源市", ["仙桃市", "济源市"]),
        ("孙中山故居", []),
        ("推动新建县域医疗中心", []),
        ("顺应城市发展规律", []),
        ("新增城市绿道20公里", []),
        ("苏州新区与合肥滨湖科学城", ["苏州", "合肥"]),
        ("成绩在全州领先", []),
        ("济南市中区与乐山市市中区", ["济南", "市中区", "乐山市", "市中区"]),
        ("我市中区建设", []),
        ("隆重庆祝建会", []),
        ("资源均衡水平提升", []),
        ("重大理论成果", []),
        ("热烈庆祝重庆设市", ["重庆"]),
        ("前郭县与科左中旗结对", ["前郭县", "科左中旗"]),
        ("游船沿松花江而下", []),
        ("臺灣省與廣東省佛山市順德區", ["臺灣省", "廣東省", "佛山市", "順德區"]),
        ("没有地名的一句话", []),
        ("", []),
    ],
)
def test_finds_the_divisions_that_stand_as_words(text: str, wanted: list[str]) -> None:
    assert named(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "浙江大学", "浙江工业大学", "吉林大学", "南京师范大学", "中山大学", "湖州学院", "浙江日报",
        "南方都市里的广州日报", "湖南卫视", "福建侨报", "北京青年报",
        "南京路", "中山路", "山西路", "南京路街道", "中山北路", "北京东路", "武汉大道",
        "南京大桥", "北京时间",
        "上海证券交易所", "杭州银行", "兰州拉面", "青岛啤酒", "金华火腿", "中山装", "海南岛", "日本福建总商会", "意大利温州商会",
        "旅法浙江同乡会", "澳大利亚广东侨团", "北京街", "上海大街", "云南福建商会",
    ],
)  # fmt: skip
def test_names_of_other_things_speak_for_no_division(text: str) -> None:
    assert places(text)[-1].kind == "name"


@pytest.mark.parametrize(
    "text",
    [
        "浙江吉利集团", "上海浦东发展银行", "温州农村商业银行", "深圳特区报", "河南消费报", "泉州广播电视台",
        "福建人民出版社", "广州火车站", "杭州东站", "泉州五中", "温州中学", "大阪福建会馆", "智利广东同乡总会",
        "肯尼亚山东十邑同乡会", "加纳江西商会",
    ],
)  # fmt: skip
def test_firms_stations_schools_and_guilds_abroad_speak_for_no_division(text: str) -> None:
    assert {place.kind for place in places(text)} == {"name"}


@pytest.mark.parametrize(
    "text",
    [
        "哈密瓜", "祁连山", "澜沧江", "年俗大同小异", "实现长治久安", "一盆长春花", "出口大理石与普洱茶", "加拿大连锁餐厅",
        "佛罗里达州", "红海南部", "最大同心圆", "乌兰巴托", "吉隆坡侨胞", "多伦多侨团", "作出三明确要求", "建筑面积四平方米",
        "祝侨胞阖家安康", "守护群众安康", "高平说，他很感动", "侨联主席李广安捐款", "归侨王长春老人", "吴忠先生回乡", "墨尔本新华书店",
        "推进信息化和政府服务", "黄河南岸", "在巴中国公民", "各位来宾致辞", "叙利亚阿盟成员国资格", "平安建设", "东方文化", "资源整合", "鄂伦春族侨眷",
    ],
)  # fmt: skip
def test_words_and_persons_that_look_like_divisions_are_none(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("新开通辽宁至日本航班", ["辽宁"]),
        ("物资从江苏启运", ["江苏"]),
        ("三明确保供应", ["三明"]),
        ("河南省新县侨联", ["河南省", "新县"]),
        ("新县侨联", ["新县"]),
        ("同仁侨联与平安侨联", ["同仁", "平安"]),
        ("安康侨企复工", ["安康"]),
        ("调研组来到安康", ["安康"]),
        ("福清籍侨领回乡", ["福清"]),
        ("德州市侨联", ["德州市"]),
        ("鼓楼区东街街道", ["鼓楼区"]),
        ("福建侨商走进紫金集团", ["福建"]),
        ("温州企业集团化发展", ["温州"]),
        ("安徽村级侨联组织", ["安徽"]),
        ("贵州村超走红", ["贵州"]),
        ("在海口成立公司", ["海口"]),
        ("亲临江苏考察", ["江苏"]),
        ("意大利青田籍侨胞", ["青田"]),
        ("杭西湖区侨联", ["西湖区"]),
        ("和田市第十二小学", ["和田市"]),
        ("新疆生产建设兵团第一师阿拉尔市", ["新疆", "兵团第一师", "阿拉尔市"]),
    ],
)
def test_divisions_beside_such_words_stay(text: str, wanted: list[str]) -> None:
    assert named(text) == wanted


@pytest.mark.parametrize("text", ["南京街道办", "北京路径清晰", "中山装备制造", "杭州学习平台", "福建商会", "浙江银杏"])
def test_words_that_only_begin_alike_leave_the_division(text: str) -> None:
    assert places(text)[0].kind == "division"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("浙江省杭州市西湖区", "330106"),
        ("江西南昌西湖区", "360103"),
        ("南京市鼓楼区", "320106"),
        ("福建福州鼓楼区", "350102"),
        ("北京市朝阳区", "110105"),
        ("长春朝阳区", "220104"),
        ("吉林省吉林市", "220200"),
        ("吉林吉林市", "220200"),
        ("白银市白银区", "620402"),
        ("湘潭湘潭县", "430321"),
        ("丽水景宁", "331127"),
        ("广东茂名高州市", "440981"),
        ("新疆霍城", "654023"),
        ("西藏措美", "540526"),
        ("海南省五指山市", "469001"),
        ("新疆石河子", "659001"),
        ("上海浦东", "310115"),
        ("重庆江北区", "500105"),
        ("浙江宁波江北区", "330205"),
    ],
)
def test_a_chain_names_its_last_division(text: str, wanted: str) -> None:
    (tail,) = tails(places(text))
    assert resolve([tail], 2020)[0] == wanted


@pytest.mark.parametrize(
    ("text", "year", "hint", "wanted"),
    [
        ("西湖区侨联", None, None, None),
        ("西湖区侨联，杭州市", None, None, "330106"),
        ("西湖区侨联，南昌市", None, None, "360103"),
        ("西湖区侨联", None, "330113", "330106"),
        ("西湖区侨联", None, "360100", "360103"),
        ("鼓楼区", None, None, None),
        ("鼓楼区，徐州市", None, None, "320302"),
        ("鼓楼区，福建省", None, None, "350102"),
        ("鼓楼区，江苏省", None, None, None),
        ("朝阳区", None, "110000", "110105"),
        ("朝阳区，吉林省", None, None, "220104"),
        ("吉林", None, None, "220000"),
        ("海南", None, None, "460000"),
        ("阜新", None, None, "210900"),
        ("开平", None, None, "440783"),
        ("开平，唐山市", None, None, "130205"),
        ("江干区", 2019, None, "330104"),
        ("江干区", 2021, None, "330104"),
        ("江干区", 2023, None, "330104"),
        ("江干区", None, None, "330104"),
        ("临平区", 2023, None, "330113"),
        ("临平区", 2019, None, "330113"),
        ("钱塘区", 2022, None, "330114"),
        ("钱塘区", 2018, None, "330114"),
        ("余杭市", 1998, None, "330184"),
        ("余杭", 2015, None, "330110"),
        ("襄樊市", 2005, None, "420600"),
        ("襄樊市", 2015, None, "420600"),
        ("杭西湖区侨联", 2022, None, "330106"),
        ("两江新区", 2018, None, "500000"),
        ("两江新区", 2026, None, "500157"),
        ("邹县", 2017, None, "370825"),
        ("呼盟", 1998, None, "152100"),
        ("伊盟", 1998, None, "152700"),
        ("兵团第八师", 2020, None, "659001"),
        ("莱芜市", 2015, None, "371200"),
        ("莱芜", 2022, None, "370116"),
        ("崇文区", 2005, None, "110103"),
        ("崇文区", 2015, None, "110103"),
        ("重庆市", 2024, None, "500000"),
        ("米林市", 2024, None, "540481"),
        ("米林县", 2024, None, "540422"),
        ("湘江", 2024, None, None),
        ("开平区，江门市", 2024, None, "130205"),
    ],
)
def test_homonyms_are_settled_by_context_and_year(text: str, year: int | None, hint: str | None, wanted: str) -> None:
    assert resolve(places(text), year, hint)[0] == wanted


def test_no_other_word_is_a_name_or_speaks_for_a_division() -> None:
    folder = Path(regions.__file__).parent / "divisions"
    words = [line.split("\t")[0] for line in (folder / "other_words.tsv").read_text(encoding="utf-8").splitlines()[1:]]
    assert len(words) == len(set(words)) > 100
    assert [word for word in words if named(word)] == []


def test_what_is_not_settled_gives_the_candidates() -> None:
    code, left = resolve(places("西湖区"), 2023)
    assert code is None
    assert set(left) == {"330106", "360103"}
    assert resolve([]) == (None, ())


@pytest.mark.parametrize(("start", "end"), [(0, None), (2, None), (3, 9), (0, 4)])
def test_offsets_count_in_the_whole_text(start: int, end: int | None) -> None:
    text = "𠮷日，浙江省杭州市临平区"
    for place in places(text, start, end):
        assert text[place.start : place.end] == place.text
        assert start <= place.start < place.end <= (end or len(text))


def test_places_of_a_chain_share_their_start() -> None:
    found = places("请浙江杭州与福建南平参加")
    assert [place.chain for place in found] == [1, 1, 6, 6]
    assert isinstance(found[0], Place)
