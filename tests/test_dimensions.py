"""The dimension of a number: the counted noun decides, then the verb that leaves its object unsaid, then the word."""

from __future__ import annotations

import pytest
from jianbao.corpus.article import Article
from jianbao.pipeline.extraction import Pipeline

CASES = [
    # the same measure word, told apart by its noun
    ("全县新建养老驿站12家。", "12家", "facilities"),
    ("全县引进外贸企业12家。", "12家", "organisations"),
    ("走访困难家庭45户。", "45户", "households"),
    ("走访个体工商户和小微企业45户。", "45户", "organisations"),
    ("举办读书会26场。", "26场", "events"),
    ("发放政策折页3000份。", "3000份", "goods"),
    ("签署合作备忘录11份。", "11份", "agreements"),
    ("直播点击量达86万人次。", "86万人次", "views"),
    # the noun that touches the number counts, not the object of the next verb
    ("驻村工作队63支包村联户。", "63支", "organisations"),
    ("名师工作室11个开设学科。", "11个", "facilities"),
    ("2支国家医学救援队赶赴灾区。", "2支", "organisations"),
    ("全省46万建档立卡贫困人口脱贫。", "46万", "people"),
    # no noun at all: the verb tells what it was
    ("人民调解委员会全年成功调解，共调解620件。", "620件", "cases"),
    ("开发区现场签约18项。", "18项", "agreements"),
    ("截至年底，投产27个。", "27个", "projects"),
    ("截至年底，在建十五个。", "十五个", "projects"),
]


@pytest.mark.parametrize(("text", "span", "dimension"), CASES, ids=[text for text, _, _ in CASES])
def test_dimension_of_a_number(text: str, span: str, dimension: str) -> None:
    found = Pipeline()(Article("t", text, body=((0, len(text)),))).indicators
    assert [(text[each.start : each.end], each.quantity.dimension) for each in found] == [(span, dimension)]
