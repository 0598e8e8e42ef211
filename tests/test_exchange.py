"""Promises of the exchange: gold goes out and in unchanged, as notation and as JSON, or says what it cannot tell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jianbao
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jianbao.corpus.decoding import decode
from jianbao.corpus.errors import DataError, InputError
from jianbao.corpus.gold import GoldArticle, parse_gold, read_gold
from jianbao.corpus.gold_json import from_json, read_json, to_json
from jianbao.corpus.gold_writing import write_block, write_gold
from jianbao.corpus.records import Activity, Brand, Records

OWN = sorted((Path(jianbao.__file__).parent / "corpus" / "gold").glob("*.txt"))
SHARED = Path(__file__).parents[1].parent / "shared"
PAIRS = [
    (gold, SHARED / texts / f"{gold.stem}.txt")
    for place, texts in (("gold", "seeds"), ("dev/gold", "dev/texts"))
    for gold in sorted((SHARED / place).glob("*.json"))
]
WORKSHOP = Brand(0, 4, "侨助工坊", "gold", 1.0, "侨助工坊", "place")
SAMPLE = """\
@ published=2023-12-15 region=330113
走访侨商[140余人次|140..150 over|人次|person_times|走访侨商|visit|period=..2023-12-15 目前]，推出“{临贤贷|platform}”，
授信[2.1亿元|2.1亿|元|money|授信|investment|brand=临贤贷]，其中[8400万元|8400万|元|money|授信|investment|part=2.1亿元]。<visit>
"""
TEXT = "区侨联募集善款30万元。\n其中10万元助学。"
ENTRY: dict[str, Any] = {
    "start": 7, "end": 11, "text": "30万元", "low": 300000, "high": 300000, "bound": "exact", "unit": "元",
    "dimension": "money", "per": "", "measure": "募集善款", "activity": "donation", "brand": "",
    "period": {"start": "", "end": "", "text": ""}, "status": "done", "part_of": None, "region": "",
}  # fmt: skip


def one(text: str) -> GoldArticle:
    [gold] = parse_gold(text)
    return gold


def told(gold: GoldArticle) -> tuple[object, ...]:
    """What the notation and JSON both hold of an article."""
    return gold.article.text, gold.article.published, gold.article.region, gold.records


def blocks(path: Path) -> Iterator[GoldArticle]:
    yield from read_gold(path)


# The notation.


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_own_gold_is_written_and_read_back_unchanged(path: Path) -> None:
    golds = list(blocks(path))
    assert golds
    assert list(map(told, parse_gold(write_gold(golds)))) == list(map(told, golds))
    assert [told(one(write_block(gold))) for gold in golds] == list(map(told, golds))


def test_a_written_block_is_as_short_as_a_person_would_write_it() -> None:
    assert write_block(one(SAMPLE)) == SAMPLE


@given(st.text(alphabet="侨3[]{}<>\\|@# 　\n。，", max_size=30))
def test_any_text_survives_the_notation(text: str) -> None:
    gold = replace(one("占位"), article=replace(one("占位").article, text=text), records=Records())
    if text:
        assert one(write_block(gold)).article.text == text


@given(st.text(alphabet="侨3[]{}<>\\|= .", min_size=1, max_size=12))
def test_any_words_survive_inside_a_mark(words: str) -> None:
    gold = one("走访[30户|30|户|households|走访|visit|brand=甲]。")
    [found] = gold.records.indicators
    strange = replace(gold, records=Records((replace(found, measure=words, brand=words),)))
    assert one(write_block(strange)).records == strange.records


def test_context_lines_stand_only_where_what_they_say_changes() -> None:
    text = "@ region=330100\n走访。\n\n慰问。\n\n@\n调研。\n"
    assert write_gold(parse_gold(text)) == text


def test_an_unknown_region_below_a_known_one_is_told() -> None:
    gold = one("@ region=330100\n走访[30户|30|户|households|走访|visit|region=]。")
    assert gold.records.indicators[0].region is None
    assert told(one(write_block(gold))) == told(gold)


@pytest.mark.parametrize(
    "records",
    [
        Records(brands=(WORKSHOP, replace(WORKSHOP, start=2, text="工坊", name="工坊"))),
        Records(activities=(Activity(0, 2, "侨助", "gold", 1.0, "visit"),)),
        Records(brands=(replace(WORKSHOP, name="另一个名"),)),
    ],
    ids=["one in another", "half a sentence", "name unlike the surface"],
)
def test_what_the_notation_cannot_tell_is_an_error_not_a_loss(records: Records) -> None:
    with pytest.raises(DataError, match=r"^<gold>:1: '.*' cannot be told in the gold notation$"):
        write_block(replace(one("侨助工坊开张。"), records=records))


# JSON.


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_own_gold_goes_through_json_unchanged(path: Path) -> None:
    for gold in blocks(path):
        data = json.loads(json.dumps(to_json(gold), ensure_ascii=False))
        assert told(from_json(data, gold.article.text)) == told(gold)


@pytest.mark.skipif(not PAIRS, reason=f"no shared gold in {SHARED}")
@pytest.mark.parametrize(("gold", "text"), PAIRS, ids=lambda path: path.stem)
def test_shared_gold_goes_through_both_forms_unchanged(gold: Path, text: Path) -> None:
    data = json.loads(gold.read_text(encoding="utf-8"))
    article = from_json(data, decode(text.read_bytes()).text, str(text))
    assert to_json(article) == data
    again = one(write_block(article))
    assert told(again) == told(article)
    assert {**to_json(again), "article": data["article"]} == data


def test_the_whole_is_the_nearest_of_its_surface_before_the_part() -> None:
    text = "一月30户。二月30户，其中5户。"
    entries = [{**ENTRY, "start": start, "end": start + 3, "text": "30户"} for start in (2, 8)]
    part = {**ENTRY, "start": 14, "end": 16, "text": "5户", "part_of": "30户"}
    gold = from_json({"indicators": [*entries, part]}, text)
    assert gold.records.indicators[2].part_of == (8, 11)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"end": 70}, "span 7-70 lies outside the text of 22 characters"),
        ({"text": "40万元"}, "'40万元' at 7-11 is '30万元' in the text"),
        ({"end": None}, "lies outside"),
        ({"low": None}, "low is None, not a number"),
        ({"low": True}, "low is True, not a number"),
        ({"low": 400000}, "high below its low"),
        ({"bound": "circa"}, "bound 'circa' is none of exact, over"),
        ({"dimension": "cash"}, "dimension 'cash' is none of money"),
        ({"activity": "fun"}, "activity 'fun' is none of visit"),
        ({"status": ""}, "status '' is none of done"),
        ({"period": {"start": "2023"}}, "date '2023' is not written like"),
        ({"period": "今年"}, "period is '今年', not an object"),
        ({"measure": 3}, "measure is 3, not a text"),
        ({"part_of": "99万元"}, "part_of '99万元': no such indicator before it"),
    ],
)
def test_a_record_that_breaks_the_form_names_the_place_in_the_text(change: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=r"^甲\.txt:1: the gold's .*") as caught:
        from_json({"indicators": [{**ENTRY, **change}]}, TEXT, "甲.txt")
    assert message in str(caught.value)


def test_the_line_of_an_error_is_that_of_the_record() -> None:
    with pytest.raises(DataError, match=r"^甲\.txt:2: "):
        from_json({"indicators": [ENTRY, {**ENTRY, "start": 15, "end": 19}]}, TEXT, "甲.txt")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"indicators": [{}]}, "indicators[0] has no start"),
        ({"article": []}, "article is [], not an object"),
        ({"brands": [{"start": 0, "end": 3, "kind": "club"}]}, "kind 'club' is none of project"),
        ({"activities": [{"start": 0, "end": 3, "types": ["fun"]}]}, "activity type 'fun' is none of visit"),
    ],
)
def test_other_parts_are_checked_too(data: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError) as caught:
        from_json(data, TEXT)
    assert message in str(caught.value)


def test_a_folder_is_read_in_the_order_of_names_with_texts_in_any_encoding(tmp_path: Path) -> None:
    for name, code in (("乙", "gbk"), ("甲", "utf-16")):
        (tmp_path / f"{name}.txt").write_bytes(TEXT.replace("\n", "\r\n").encode(code))
        (tmp_path / f"{name}.gold.json").write_text(json.dumps({"indicators": [ENTRY]}), encoding="utf-8")
    golds = list(read_json(tmp_path, tmp_path))
    assert [Path(gold.path).stem for gold in golds] == sorted("甲乙")
    assert [gold.article.text for gold in golds] == [TEXT, TEXT]


def test_a_missing_text_and_a_broken_file_are_told(tmp_path: Path) -> None:
    gold = tmp_path / "甲.json"
    gold.write_text("{\n oops", encoding="utf-8")
    with pytest.raises(InputError, match="no such text for the gold"):
        list(read_json(tmp_path, tmp_path))
    (tmp_path / "甲.txt").write_text(TEXT, encoding="utf-8")
    with pytest.raises(DataError, match=r"甲\.json:2: is no JSON"):
        list(read_json(tmp_path, tmp_path))
    gold.write_text("[]", encoding="utf-8")
    with pytest.raises(DataError, match=r"甲\.json:1: expected an object"):
        list(read_json(tmp_path, tmp_path))
