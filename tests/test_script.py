"""Promises of script: traditional and variant characters are read as they are, every place and word stays the original's."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import jianbao
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jianbao.corpus.article import Article
from jianbao.corpus.build_script import build, main
from jianbao.corpus.errors import DataError, InputError
from jianbao.corpus.gold import GoldArticle, read_gold
from jianbao.corpus.heading import read_heading, title_span
from jianbao.corpus.lexicons import rows
from jianbao.corpus.records import Indicator, Mention, Records
from jianbao.corpus.script import Original, fold, folded
from jianbao.pipeline.extraction import Pipeline
from jianbao.pipeline.scoring import score

GOLD = Path(jianbao.__file__).parent / "corpus" / "gold"
TRADITIONAL = Path(__file__).parent / "traditional.txt"
EVERY = 4  # of the gold articles one in so many is converted
# What each of these rows may not fall under; scores of the present rules and models stand about 0.01 higher.
FLOORS = {"indicators": 0.98, "value": 0.98, "unit": 0.97, "measure": 0.88}
SAME = {"span": 1.0, "value": 1.0, "unit": 1.0, "dimension": 0.999, "activity": 0.995, "measure": 0.99, "types": 0.995}

READ = {
    "萬億戶僑餘兩臺裏裡羣爲産": "万亿户侨余两台里里群为产",
    "⼀⾦凉⻓⻋⼾": "一金凉长车户",
    "１２，５００人，占９６．５％，ＡＢｃ": "12，500人，占96．5%，ABc",
    "衞説綫啓牀峯溼汙縂飜県戸": "卫说线启床峰湿污縂翻县户",
    "後於瞭解的鍾錶、餅乾與乾糧": "后于了解的钟表、饼干与干粮",
    "計畫、規畫與書畫": "计划、规划与书画",
    "回覆、答覆與覆蓋": "回复、答复与覆盖",
    "隨著、圍繞著、顯著的著作": "随着、围绕着、显著的著作",
    "藉助、憑藉與慰藉": "借助、凭借与慰藉",
}
KEPT = ("乾隆年間", "乾坤", "吉林乾安縣", "瞭望塔", "魏徵", "於潛", "哪吒", "菜薹", "円", "「」『』“”，。")


def run(text: str, **known: object) -> Records:
    return Pipeline()(replace(Article("t", text, body=((0, len(text)),)), **known))  # type: ignore[arg-type]


def mentions(records: Records) -> list[Mention]:
    return [*records.indicators, *records.brands, *records.activities]


def han(first: int, last: int) -> str:
    """The characters of some rows of GB 2312."""
    cells = (bytes((0xA0 + row, 0xA0 + cell)) for row in range(first, last + 1) for cell in range(1, 95))
    return b"".join(cells).decode("gb2312", "ignore")


# Folding.


@pytest.mark.parametrize(("written", "read"), READ.items())
def test_variants_are_read_as_mainland_characters(written: str, read: str) -> None:
    assert fold(written) == read


@pytest.mark.parametrize("word", KEPT)
def test_words_that_mainland_texts_write_so_keep_their_character(word: str) -> None:
    kept = [character for character in word if character in "乾瞭徵於吒薹円"]
    assert [character for character in fold(word) if character in "乾瞭徵於吒薹円"] == kept


def test_the_common_characters_of_mainland_text_are_given_back_as_the_same_object() -> None:
    text = han(16, 55)
    assert len(text) == 3755
    plain = text.replace("乾", "")
    assert fold(plain) is plain
    assert [character for character in text if fold(character) is not character] == ["乾"]


def test_of_the_rarer_mainland_characters_only_these_are_read_otherwise() -> None:
    changed = {character for character in han(56, 87) if fold(character) is not character}
    assert changed == set("夥後徵拚捱摺於榘菸醣麴麽")


@pytest.mark.parametrize("text", ["", "走访30户。\n", "ABC 12.5% km²", "显著、书画、覆盖、计画、慰藉、沈阳"])
def test_text_with_nothing_to_fold_is_not_copied(text: str) -> None:
    assert fold(text) is text
    article = Article("t", text)
    assert folded(article) is article


@given(st.text(st.sampled_from("".join(written for written, *_ in rows("script")) + "划名者助隆坤望，1 \n𠮷a")))
def test_folding_keeps_the_length_and_is_done_once(text: str) -> None:
    once = fold(text)
    assert len(once) == len(text)
    assert fold(once) == once


def test_folding_keeps_line_ends_and_blanks() -> None:
    text = "僑聯\n\n　萬戶\t億 元\n"
    assert fold(text) == "侨联\n\n　万户\t亿 元\n"


def test_the_table_holds_one_row_a_character_and_no_reading_that_is_read_further() -> None:
    singles = {written: read for written, read, basis in rows("script") if basis not in ("kept", "respelt")}
    assert len(singles) > 3500
    assert {len(character) for character in (*singles, *singles.values())} == {1}
    assert [read for read in singles.values() if read in singles] == []
    assert all(len(written) == len(read) for written, read, _ in rows("script"))


def test_folding_plain_text_costs_next_to_nothing() -> None:
    text = "今年以来，区侨联走访慰问归侨侨眷三十余户，募集善款二百余万元。\n" * 20_000
    fold("預熱")
    began = time.process_time()
    assert fold(text) is text
    assert time.process_time() - began < 0.1


# Records.


def test_mentions_are_slices_of_the_original_and_units_are_canonical() -> None:
    text = "二〇二二年，僑聯走訪僑商、僑企三十餘戶，募集善款１２０萬元。"
    records = run(text)
    assert [text[found.start : found.end] for found in mentions(records)] == [found.text for found in mentions(records)]
    assert [found.text for found in records.indicators] == ["三十餘戶", "１２０萬元"]
    assert [found.quantity.unit for found in records.indicators] == ["户", "元"]
    assert [found.measure for found in records.indicators] == ["走訪僑商、僑企", "募集善款"]
    assert {found.period.text for found in records.indicators if found.period} == {"二〇二二年"}


def test_brands_are_named_as_the_article_writes_them() -> None:
    records = run("縣僑聯打造“僑心驛站”服務平臺，服務僑胞300餘人次。")
    assert {brand.name for brand in records.brands} == {"僑心驛站"}
    assert [found.brand for found in records.indicators] == ["僑心驛站"]


def test_a_brand_written_in_both_scripts_has_the_name_of_its_first_mention() -> None:
    records = run("县侨联打造“侨心驿站”服务平台。今年，“僑心驛站”服務平臺服務僑胞300餘人次。")
    assert [brand.text for brand in records.brands] == ["侨心驿站", "僑心驛站"]
    assert {brand.name for brand in records.brands} == {"侨心驿站"}


def test_words_that_were_joined_from_pieces_come_back_in_the_script_of_each() -> None:
    original = Original("走訪僑商、僑企30家", "走访侨商、侨企30家")
    assert original.words("走访侨企", 8, 11) == "走訪僑企"
    assert original.words("GDP", 0, 1) == "GDP"
    assert original.words("从无此词", 0, 1) == "从无此词"


PIECES = (
    "走訪歸僑眷屬", "慰问困难户", "三百餘戶", "逾2,000人次", "３０萬元", "港幣五十萬元", "九成", "“僑心驛站”平臺", "「情暖中華」活動",
    "，", "。", "\n", "去年，", "其中", "共捐贈", "１２.５％", "⼀百⼆⼗個", "乾隆", "計畫", " ", "𠮷", "①", "两岸", "兩萬餘隻",
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_every_mention_of_a_mixture_is_a_slice_and_stands_where_the_folded_text_has_it(text: str) -> None:
    records, plain = run(text), run(fold(text))
    assert all(text[found.start : found.end] == found.text for found in mentions(records))
    assert all(text[found.start : found.end] == found.text for found in records.refusals)
    assert [(found.start, found.end) for found in mentions(records)] == [
        (found.start, found.end) for found in mentions(plain)
    ]


# The gold in traditional script, and the gold converted.


def test_sentences_in_traditional_script_score_above_their_floors() -> None:
    golds = read_gold(TRADITIONAL)
    scores = {row.name: row.f1[0] for row in score(golds, Pipeline()).rows}
    assert len(golds) >= 60
    assert {name: scores[name] for name, floor in FLOORS.items() if scores[name] < floor} == {}


@cache
def simplified() -> tuple[GoldArticle, ...]:
    """Gold articles in simplified script; those kept apart are left alone."""
    files = sorted(path for path in GOLD.glob("*.txt") if not path.name.startswith("apart_"))
    every = [gold for path in files for gold in read_gold(path) if fold(gold.article.text) is gold.article.text]
    return tuple(every[::EVERY])


def inverse() -> Callable[[str], str]:
    """The table turned round, where one traditional character alone is read so."""
    found: dict[str, list[str]] = {}
    for written, read, basis in rows("script"):
        if basis == "traditional":
            found.setdefault(read, []).append(written)
    table = str.maketrans({read: ones[0] for read, ones in found.items() if len(ones) == 1})
    return lambda text: text.translate(table)


def conversion(name: str) -> Callable[[str], str]:
    return inverse() if name == "inverse" else pytest.importorskip("opencc").OpenCC(name).convert


FIELDS: dict[str, Callable[[Indicator], object]] = {
    "span": lambda found: found.end,
    "value": lambda found: (found.quantity.low, found.quantity.high, found.quantity.bound),
    "unit": lambda found: found.quantity.unit,
    "dimension": lambda found: found.quantity.dimension,
    "activity": lambda found: found.activity,
    "measure": lambda found: fold(found.measure),
}


def seen(records: Records) -> dict[str, set[object]]:
    told = {name: {(found.start, field(found)) for found in records.indicators} for name, field in FIELDS.items()}
    return {**told, "types": {(found.start, found.type) for found in records.activities}}  # type: ignore[dict-item]


@pytest.mark.parametrize("name", ["inverse", "s2t", "s2hk", "s2tw"])
def test_gold_converted_to_traditional_script_gives_the_same_records(name: str) -> None:
    convert, find = conversion(name), Pipeline()
    same, all_told = dict.fromkeys(SAME, 0), dict.fromkeys(SAME, 0)
    for gold in simplified():
        text = convert(gold.article.text)
        if len(text) != len(gold.article.text):
            continue
        here, there = seen(find(gold.article)), seen(find(replace(gold.article, text=text)))
        for field in SAME:
            same[field] += len(here[field] & there[field])
            all_told[field] += len(here[field] | there[field])
    assert all_told["span"] > 1000
    assert {name: same[name] / all_told[name] for name in SAME if same[name] < SAME[name] * all_told[name]} == {}


# Heading.


def test_a_heading_in_traditional_script_is_told_as_printed() -> None:
    page = (
        "首頁\n新聞\n僑鄉新貌\n鶴山市僑聯慰問歸僑三百戶\n發佈時間：２０１８-０３-０６ 來源：江門日報\n"
        "今年春節，僑聯走訪歸僑僑眷三百餘戶，送去慰問金二十萬元，辦成實事二十三件。\n（鶴山市僑聯辦公室供稿）\n"
    )
    heading = read_heading(page)
    assert (heading.title, str(heading.published)) == ("鶴山市僑聯慰問歸僑三百戶", "2018-03-06")
    assert (heading.source, heading.contributor) == ("江門日報", "鶴山市僑聯辦公室")
    assert title_span(page, heading.title) is not None


# The table's script.


def sources(folder: Path) -> Path:
    """Small sources as the script reads them; the file of radicals."""
    folder.mkdir(exist_ok=True)
    tables = {
        "TSCharacters": "萬\t万\n長\t长\n乾\t干 乾\n吒\t咤\n鯰\t𩾃\n",
        "HKVariantsRev": "衞\t衛\n台\t臺\n",
        "TWVariantsRev": "裡\t裏\n",
        "JPShinjitaiCharacters": "県\t縣\n円\t圓\n",
        "CJK_Compatibility_Ideographs": "\uf972\t沈\n",
        "TSPhrases": "乾隆\t乾隆\n計畫\t計划\n",
    }
    for name, text in tables.items():
        (folder / f"{name}.txt").write_text(f"# head\n\n{text}", encoding="utf-8")
    radicals = folder / "radicals.txt"
    radicals.write_text("# head\n2ED3          ; 9577 # long\n2F00..2F00 ; 4E00\n31C0 ; 4E00\n", encoding="utf-8")
    return radicals


def test_the_script_makes_one_row_for_each_character_that_is_read_otherwise(tmp_path: Path) -> None:
    radicals = sources(tmp_path)
    made = {tuple(line.split("\t")) for line in build(tmp_path, radicals).splitlines()}
    assert {("萬", "万", "traditional"), ("⻓", "长", "radical"), ("⼀", "一", "radical")} <= made
    assert {("衞", "衛", "variant"), ("\uf972", "沈", "compatibility"), ("乾隆", "乾隆", "kept")} <= made
    assert {written for written, *_ in made}.isdisjoint({"台", "吒", "円", "鯰", "㇀"})
    assert build(tmp_path, radicals) == build(tmp_path, radicals)


def test_a_missing_or_damaged_source_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    radicals = sources(tmp_path)
    with pytest.raises(InputError, match=r"nowhere\.txt: cannot be read"):
        build(tmp_path, tmp_path / "nowhere.txt")
    radicals.write_text("nothing\n", encoding="utf-8")
    with pytest.raises(DataError, match="names no radical"):
        build(tmp_path, radicals)
    (tmp_path / "TSCharacters.txt").write_text("萬\n", encoding="utf-8")
    assert main([str(tmp_path), str(radicals)]) == 1
    assert "want two cells a line" in capsys.readouterr().err
    assert main([]) == 2


def test_no_letter_of_ascii_is_read_otherwise() -> None:
    letters = "".join(map(chr, range(128)))
    assert fold("僑" + letters) == "侨" + letters
