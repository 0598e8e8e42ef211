"""Promises of claims: what somebody else's pipeline points at is read as our own is, or refused with a reason."""

from __future__ import annotations

import pickle
from datetime import date
from decimal import Decimal

import jianbao
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jianbao.corpus.article import Article
from jianbao.corpus.records import Quantity, Records
from jianbao.extractors.claims import NO_FIGURE, NO_NAME, OUTSIDE, Claim, Claims
from jianbao.pipeline.extraction import Pipeline
from test_face import ARTICLES, TEXTS, check

# 碟, 摊 and 锅 are in no lexicon of units.
SOUP = "今年以来，区侨联“暖粥铺”服务点向环卫工人送出腊八粥近300碟，走访侨眷46户。"
PIPELINE = Pipeline()
RULES = Pipeline(models=False)


def article(text: str) -> Article:
    return Article("", text, published=date(2024, 11, 8), region="330106", body=((0, len(text)),))


def claim(text: str, words: str, label: str = "OWN") -> Claim:
    start = text.index(words)
    return Claim(start, start + len(words), label)


def figures(text: str, *words: str) -> Records:
    return PIPELINE.claimed(article(text), Claims(indicators=tuple(claim(text, each) for each in words)))


def names(text: str, *words: str) -> Records:
    return PIPELINE.claimed(article(text), Claims(brands=tuple(claim(text, each) for each in words)))


def rules(records: Records) -> list[tuple[str, str]]:
    return [(found.text, found.rule) for found in records.refusals]


@pytest.mark.parametrize("name", ARTICLES)
def test_without_claims_nothing_is_different(name: str) -> None:
    assert PIPELINE.claimed(ARTICLES[name], Claims()) == PIPELINE(ARTICLES[name])
    assert PIPELINE.many([ARTICLES[name]], [Claims()]) == [PIPELINE(ARTICLES[name])]


# Figures.


def test_a_claimed_figure_with_a_unit_of_no_lexicon_is_read_and_linked_like_ours() -> None:
    assert [found.text for found in PIPELINE(article(SOUP)).indicators] == ["46户"]
    found, ours = figures(SOUP, "300碟").indicators
    assert (found.text, found.rule) == ("近300碟", "user.OWN")
    assert found.quantity == Quantity(Decimal(270), Decimal(300), "under", "碟", found.quantity.dimension)
    assert (found.brand, found.status, found.region) == ("暖粥铺", "done", "330106")
    assert found.measure.endswith("送出腊八粥")
    assert found.period is not None
    assert (found.period.start, found.period.end) == (date(2024, 1, 1), date(2024, 11, 8))
    assert (ours.text, ours.rule) == ("46户", "number.exact")


@pytest.mark.parametrize(
    ("words", "low", "high", "bound", "unit"),
    [
        ("300碟", 300, 300, "exact", "碟"),
        ("三百余碟", 300, 400, "over", "碟"),
        ("300碟以上", 300, 400, "over", "碟"),
        ("1.2万碟", 12000, 12000, "exact", "碟"),
        ("12,000", 12000, 12000, "exact", ""),
        ("热粥 300 碟", 300, 300, "exact", "碟"),
    ],
)
def test_the_words_of_a_claim_tell_value_bound_and_unit(words: str, low: int, high: int, bound: str, unit: str) -> None:
    records = figures(f"全年送出{words}。", words)
    (found,) = records.indicators
    assert records.refusals == ()
    assert found.quantity == Quantity(Decimal(low), Decimal(high), bound, unit, found.quantity.dimension)  # type: ignore[arg-type]
    assert found.rule == "user.OWN"


def test_a_claim_overrules_the_rule_that_refuses_its_number() -> None:
    text = "活动设五大主题，走访侨眷46户。"
    assert rules(PIPELINE(article(text))) == [("五大", "refuse.list-sum")]
    records = figures(text, "五大主题")
    assert [(found.text, found.rule) for found in records.indicators] == [
        ("五大", "user.OWN"),
        ("46户", "number.exact"),
    ]
    assert records.refusals == ()


@pytest.mark.parametrize("words", ["46户", "走访侨眷46户", "46", "户"])
def test_where_a_claim_lies_over_a_figure_of_ours_ours_stands(words: str) -> None:
    assert figures(SOUP, words) == PIPELINE(article(SOUP))


def test_two_claims_of_one_figure_are_one_figure_by_the_first() -> None:
    claims = Claims(indicators=(claim(SOUP, "近300碟", "B"), claim(SOUP, "300碟", "A"), claim(SOUP, "300", "C")))
    assert [found.rule for found in PIPELINE.claimed(article(SOUP), claims).indicators] == ["user.B", "number.exact"]


@pytest.mark.parametrize("words", ["腊八粥", "今年以来", "2024年", "11月8日"])
def test_a_claim_without_a_number_is_dropped_and_told(words: str) -> None:
    text = f"{SOUP}2024年11月8日收尾。"
    records = figures(text, words)
    assert records.indicators == PIPELINE(article(text)).indicators
    assert (words, NO_FIGURE[0]) in rules(records)


def test_a_claim_outside_the_body_or_over_two_sentences_is_told() -> None:
    text = "图片说明：300碟\n走访侨眷46户。慰问12人。"
    seen = Article("", text, body=((text.index("走访"), len(text)),))
    claims = Claims(indicators=(claim(text, "300碟"), claim(text, "46户。慰问12人")), brands=(claim(text, "图片说明"),))
    records = PIPELINE.claimed(seen, claims)
    assert rules(records) == [("图片说明", OUTSIDE[0]), ("300碟", OUTSIDE[0]), ("46户。慰问12人", OUTSIDE[0])]
    assert [found.text for found in records.indicators] == ["46户", "12人"]
    assert rules(PIPELINE.claimed(Article("", text), claims)) == [
        ("300碟", OUTSIDE[0]), ("46户。慰问12人", OUTSIDE[0]), ("图片说明", OUTSIDE[0]),
    ]  # fmt: skip


def test_a_claimed_figure_stands_in_the_text_as_it_is_written() -> None:
    text = "2024 年 5 月走訪 12 戶，送出臘八粥 300 碟。"
    _, found = figures(text, "300 碟").indicators
    assert text[found.start : found.end] == found.text == "300 碟"
    assert found.measure == "送出臘八粥"


# Brands.


def test_a_claimed_name_is_a_brand_has_a_kind_and_governs_figures() -> None:
    text = "橘灯读书会全年走访侨眷46户。此后橘灯读书会暂停。"
    assert PIPELINE(article(text)).brands == ()
    records = names(text, "橘灯读书会")
    assert [(found.name, found.rule) for found in records.brands] == [
        ("橘灯读书会", "user.OWN"), ("橘灯读书会", "brand.again"),
    ]  # fmt: skip
    assert {found.kind for found in records.brands} == {"event"}
    assert [found.brand for found in records.indicators] == ["橘灯读书会"]
    assert all(0 < found.confidence < 1 for found in records.brands)


@pytest.mark.parametrize("words", ["聚民心", "“聚民心”"])
def test_a_claim_overrules_a_quotation_that_is_refused(words: str) -> None:
    text = "“聚民心”，各地都在行动，走访侨眷46户。"
    assert PIPELINE(article(text)).brands == ()
    records = names(text, words)
    assert [(found.text, found.rule) for found in records.brands] == [("聚民心", "user.OWN")]
    assert records.refusals == ()


@pytest.mark.parametrize("words", ["暖粥铺", "“暖粥铺”", "“暖粥铺”服务点", "粥铺"])
def test_where_a_claim_lies_over_a_brand_of_ours_ours_stands(words: str) -> None:
    assert names(SOUP, words) == PIPELINE(article(SOUP))


@pytest.mark.parametrize("words", ["，走", "橘灯。读书会", "“”"])
def test_a_claim_that_is_no_name_is_told(words: str) -> None:
    text = "开展橘灯。读书会“”，走访侨眷46户。"
    records = names(text, words)
    assert records.brands == PIPELINE(article(text)).brands
    assert (words, NO_NAME[0]) in rules(records)


def test_a_figure_inside_a_claimed_name_is_part_of_the_name() -> None:
    text = "百户连心坊走访侨眷46户，结对30人。"
    records = names(text, "百户连心坊")
    assert [found.text for found in records.brands] == ["百户连心坊"]
    assert [found.text for found in records.indicators] == ["46户", "30人"]


# All together.


def test_many_articles_with_claims_are_done_as_each_alone() -> None:
    texts = [SOUP, "全年走访12户。", "橘灯读书会走访侨眷46户。"]
    claims = [
        Claims(indicators=(claim(SOUP, "300碟"),)),
        Claims(),
        Claims(brands=(claim(texts[2], "橘灯读书会"),)),
    ]
    articles = [article(text) for text in texts]
    assert PIPELINE.many(articles, claims) == [PIPELINE.claimed(*pair) for pair in zip(articles, claims, strict=True)]
    with pytest.raises(ValueError, match="shorter"):
        PIPELINE.many(articles, claims[:2])
    assert pickle.loads(pickle.dumps(claims)) == claims


def test_a_pipeline_of_somebodys_own_answers_by_itself_where_there_are_no_claims() -> None:
    class Own(Pipeline):
        def __call__(self, article: Article) -> Records:
            return Records()

    assert Own().many([article(SOUP)]) == [Records()]
    own, asked = Claims(indicators=(claim(SOUP, "300碟"),)), [article(SOUP)] * 2
    assert Own().many(asked, [Claims(), own]) == [Records(), PIPELINE.claimed(article(SOUP), own)]


def test_a_claim_inside_another_and_one_inside_a_refused_quotation_leave_no_two_brands_over_each_other() -> None:
    text = "“聚民心聚民心”，各地都在行动，聚民心走访侨眷46户。"
    claims = Claims(brands=(Claim(1, 4, "A"), Claim(2, 4, "B"), Claim(3, 3, "C"), Claim(4, 7, "D")))
    records = PIPELINE.claimed(article(text), claims)
    check(text, records)
    assert [found.rule for found in records.brands] == ["user.A", "user.D"]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS.filter(bool), st.data())
def test_no_claim_on_any_text_breaks_a_promise(text: str, data: st.DataObject) -> None:
    def some(label: str) -> tuple[Claim, ...]:
        places = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted)
        return tuple(Claim(start, end, label) for start, end in data.draw(st.lists(places, max_size=4)))

    claims = Claims(some("FIGURE"), some("NAME"))
    records = RULES.claimed(article(text), claims)
    check(text, records)
    assert all(found.rule.startswith(("number.", "user.FIGURE")) for found in records.indicators)
    assert RULES.claimed(article(text), Claims()) == RULES(article(text))


def test_the_public_face_takes_no_claims() -> None:
    with pytest.raises(TypeError):
        jianbao.extract(SOUP, claims=Claims())  # type: ignore[call-arg]
