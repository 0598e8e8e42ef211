"""Promises of the public face: extract, read, read_tables and run do what their page says, on any text."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import jianbao
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jianbao.corpus.article import LONGEST, Article, sentences
from jianbao.corpus.errors import InputError
from jianbao.corpus.records import Mention, Quantity, Records
from jianbao.corpus.regions import divisions
from jianbao.corpus.segmenters import segment
from jianbao.pipeline.extraction import Pipeline

BULLETINS = Path(jianbao.__file__).parent / "corpus" / "bulletins"
ARTICLES = {article.id: article for article in jianbao.read(BULLETINS)}
SENTENCE = "今年以来，区侨联走访侨眷140余户，其中困难侨眷近30户，推出“侨助工坊”服务。"

# Pieces that bulletins are made of, and what breaks extractors: bare scales, units, modifiers, marks of all kinds.
DIGITS = st.sampled_from(["0", "1", "7", "30", "1,260", "12.5", "３５", "1/4", "2023", "00", "1.", ".5", "9" * 40])
HAN = st.sampled_from(
    ["一", "两", "十", "百", "三百余", "十几", "千", "万", "亿", "零", "廿", "半", "几", "数十", "五成", "百分之"]
)
UNITS = st.sampled_from(
    [
        "户",
        "人次",
        "万元",
        "个",
        "家",
        "%",
        "亿美元",
        "年",
        "月",
        "日",
        "届",
        "次",
        "平方米",
        "个百分点",
        "号",
        "大",
        "倍",
    ]
)
SIGNS = st.sampled_from(
    ["近", "超", "约", "余", "多", "以上", "左右", "至", "-", "+", "不足", "第", "其中", "每", "年均", "将", "计划"]
)
MARKS = st.sampled_from(
    ["，", "。", "、", "；", "：", "“", "”", "‘", "’", "「", "」", "《", "》", '"', "(", ")", "\n", " ", "\u3000", "…"]
)
WORDS = st.sampled_from(
    [
        "走访",
        "侨眷",
        "推出",
        "服务",
        "杭州市",
        "西湖区",
        "全省",
        "今年以来",
        "截至",
        "品牌",
        "计划",
        "活动",
        "侨助工坊",
        "建成",
        "如",
        "等",
    ]
)
ODD = st.text(max_size=3)
TEXTS = st.lists(DIGITS | HAN | UNITS | SIGNS | MARKS | WORDS | ODD, max_size=40).map("".join)


def mentions(records: Records) -> Iterator[Mention]:
    yield from records.indicators
    yield from records.brands
    yield from records.activities


def check(text: str, records: Records) -> None:
    """What holds for every text."""
    for mention in mentions(records):
        assert text[mention.start : mention.end] == mention.text
        assert mention.text.strip()
        assert mention.rule
        assert 0 < mention.confidence <= 1
    for refusal in records.refusals:
        assert text[refusal.start : refusal.end] == refusal.text
        assert refusal.rule
    for found in records.indicators:
        quantity = found.quantity
        assert isinstance(quantity.low, Decimal)
        assert isinstance(quantity.high, Decimal)
        assert quantity.low.is_finite()
        assert quantity.high.is_finite()
        assert 0 <= quantity.low <= quantity.high
        assert found.part_of is None or found.part_of in {(each.start, each.end) for each in records.indicators}
        assert found.region is None or divisions().by_adcode(found.region)
    for kind in (records.indicators, records.brands):
        spans = [(mention.start, mention.end) for mention in kind]
        assert spans == sorted(spans)
        assert [after for before, after in pairwise(spans) if after[0] < before[1]] == []


# As README shows it.


def test_extract_gives_indicators_brands_and_activities_of_a_text() -> None:
    records = jianbao.extract(SENTENCE, published=date(2023, 12, 15), region="330113")
    first, second = records.indicators
    assert first.quantity == Quantity(Decimal(140), Decimal(150), "over", "户", "households")
    assert (first.text, first.measure) == ("140余户", "走访侨眷")
    assert first.period is not None
    assert (first.period.start, first.period.end, first.period.text) == (
        date(2023, 1, 1),
        date(2023, 12, 15),
        "今年以来",
    )
    assert (second.text, second.part_of) == ("近30户", (first.start, first.end))
    assert [brand.name for brand in records.brands] == ["侨助工坊"]
    assert "visit" in {activity.type for activity in records.activities}
    assert {found.region for found in records.indicators} == {"330113"}


def test_extract_shows_no_refusals_and_the_pipeline_does() -> None:
    text = "这是第九批侨眷，走访12户。"
    assert jianbao.extract(text).refusals == ()
    assert [found.text for found in Pipeline()(jianbao.Article("", text, body=((0, len(text)),))).refusals] == ["九批"]


def test_what_the_caller_knows_overrules_what_the_text_says() -> None:
    article = ARTICLES["yongjia_qiaolian_2021.txt"]
    told = jianbao.extract(article, published=date(2001, 2, 3), region="460000")
    assert {found.region for found in told.indicators} >= {"460000"}
    assert "330324" in {found.region for found in jianbao.extract(article).indicators}
    assert jianbao.extract(article, published=article.published, region=article.region) == jianbao.extract(article)
    with pytest.raises(AttributeError):
        article.published = None  # type: ignore[misc]


def test_without_a_date_relative_periods_stay_open() -> None:
    (found, _) = jianbao.extract(SENTENCE).indicators
    assert found.period is not None
    assert (found.period.start, found.period.end, found.period.text) == (None, None, "今年以来")


def test_read_gives_articles_of_paths_and_says_why_one_failed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SENTENCE, encoding="utf-8")
    (tmp_path / "b.txt").write_bytes(b"")
    good, bad = jianbao.read([tmp_path])
    assert (good.id, good.text, good.status) == ("a.txt", SENTENCE, "ok")
    assert isinstance(good, jianbao.Article)
    assert (bad.id, bad.text, bad.status) == ("b.txt", "", "failed")
    assert "empty" in bad.message
    assert jianbao.extract(bad) == jianbao.Records()
    with pytest.raises(InputError, match="no such file"):
        list(jianbao.read([tmp_path / "c.txt"]))


def test_run_and_read_tables_are_two_ends_of_one_pipe(tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    seen: list[str] = []
    report = jianbao.run([BULLETINS], tmp_path, watch=lambda article, records: seen.append(article.id))
    tables = jianbao.read_tables(tmp_path)
    assert report.tables == {name: len(frame) for name, frame in tables.items()}
    assert seen == tables["articles"]["article"].tolist() == list(ARTICLES)
    texts = [found.text for article in ARTICLES.values() for found in jianbao.extract(article).indicators]
    assert tables["indicators"]["text"].tolist() == texts
    highs = [found.quantity.high for article in ARTICLES.values() for found in jianbao.extract(article).indicators]
    assert tables["indicators"]["high"].tolist() == highs


# On every text.


@pytest.mark.parametrize("name", ARTICLES)
def test_every_mention_of_a_bulletin_stands_where_it_says(name: str) -> None:
    article = ARTICLES[name]
    records = Pipeline()(article)
    assert records.indicators
    check(article.text, records)
    title = article.text.find(article.title)
    for mention in mentions(records):
        inside = any(start <= mention.start and mention.end <= end for start, end in article.body)
        assert inside or title <= mention.start <= title + len(article.title)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TEXTS)
def test_no_mixture_of_numbers_units_and_marks_breaks_a_promise(text: str) -> None:
    check(text, Pipeline()(Article("", text, published=date(2023, 5, 6), region="330106", body=((0, len(text)),))))


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS)
def test_extract_never_raises_whatever_the_page(head: str, rest: str) -> None:
    text = f"{head}\n{SENTENCE}{rest}"
    check(text, jianbao.extract(text))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_extract_never_raises_for_any_text_at_all(text: str) -> None:
    check(text, jianbao.extract(text))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(ARTICLES)), st.data())
def test_a_bulletin_cut_anywhere_still_holds_its_offsets(name: str, data: st.DataObject) -> None:
    whole = ARTICLES[name].text
    start = data.draw(st.integers(0, len(whole)))
    text = whole[start : start + data.draw(st.integers(0, 600))]
    check(text, jianbao.extract(text))


@settings(deadline=None)
@given(TEXTS)
def test_sentences_cover_all_but_white_space_and_overlap_nowhere(text: str) -> None:
    place = 0
    for sentence in sentences(text):
        assert text[sentence.start : sentence.end] == sentence.text == sentence.text.strip() != ""
        assert text[place : sentence.start].strip() == ""
        place = sentence.end
    assert text[place:].strip() == ""


def test_a_sentence_without_end_is_cut_but_never_within_a_figure() -> None:
    for text in ("走访1,260户次、" * 900, "走访1260户 " * 900, "侨联12345户" * 900, "捐赠一百二十万元给侨眷" * 900):
        pieces = list(sentences(text))
        assert len(pieces) > 2
        assert max(len(piece.text) for piece in pieces) <= LONGEST
        figures = [text[cut.end - 1 : cut.end + 1] for cut in pieces[:-1]]
        assert [pair for pair in figures if all(each in "0123456789,一二十百万" for each in pair)] == []
    assert max(len(piece.text) for piece in sentences("1" * 9000)) <= LONGEST


@settings(deadline=None)
@given(TEXTS)
def test_words_of_a_sentence_lose_nothing(text: str) -> None:
    assert "".join(segment(text)) == text
    for sentence in sentences(text):
        assert "".join(sentence.tokens) == sentence.text


# Engines need these.


def test_the_pipeline_is_picklable_and_its_copy_finds_the_same() -> None:
    pipeline = Pipeline()
    twin = pickle.loads(pickle.dumps(pipeline))
    article = pickle.loads(pickle.dumps(ARTICLES["yongjia_qiaolian_2021.txt"]))
    assert twin == pipeline
    assert twin(article) == pipeline(ARTICLES["yongjia_qiaolian_2021.txt"])
    assert pickle.loads(pickle.dumps(twin(article))) == twin(article)


def test_an_article_gives_the_same_records_whatever_was_read_before() -> None:
    pipeline = Pipeline()
    forth = {name: pipeline(article) for name, article in ARTICLES.items()}
    back = {name: pipeline(article) for name, article in reversed(ARTICLES.items())}
    assert forth == back


def test_two_runs_write_the_same_bytes_but_for_the_seconds(tmp_path: Path) -> None:
    for name in ("a", "b"):
        jianbao.run(BULLETINS, tmp_path / name)
    for path in (tmp_path / "a").glob("*.csv"):
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()
    first, second = (json.loads((tmp_path / name / "run.json").read_text(encoding="utf-8")) for name in ("a", "b"))
    for name in ("seconds", "articles_a_second", "characters_a_second", "records_a_second"):
        assert first.pop(name) > 0
        second.pop(name)
    assert first == second
