"""Promises of the merging of brands: which names are one, which stay two, and that order and number do no harm."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from itertools import combinations
from pathlib import Path
from random import Random

import jianbao
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jianbao.corpus.gold import GoldArticle, parse_gold
from jianbao.corpus.records import Brand
from jianbao.extractors.variants import LONGEST, RULES, MergedBrand, Rule, is_generic, merged, spelling

GOLD = sorted((Path(jianbao.__file__).parent / "corpus" / "gold").glob("issuer_*.txt"))
NOTE = "# variants:"
Pair = frozenset[str]


def told(names: Iterable[str], kind: str = "project") -> list[Brand]:
    return [Brand(place, place + 1, name, "told", 1.0, name, kind) for place, name in enumerate(names)]


def names_of(*names: str) -> list[tuple[str, ...]]:
    return [brand.variants for brand in merged(told(names))]


def pairs_of(brands: Iterable[MergedBrand]) -> set[Pair]:
    return {frozenset(pair) for brand in brands for pair in combinations(brand.variants, 2)}


# The gold.


def noted(path: Path) -> list[tuple[GoldArticle, set[Pair]]]:
    """The blocks of a gold file, each with the pairs of the notes behind it."""
    text = path.read_text(encoding="utf-8-sig")
    blocks = list(parse_gold(text, path.name))
    pairs: dict[int, set[Pair]] = {gold.line: set() for gold in blocks}
    for number, line in enumerate(text.split("\n"), start=1):
        if line.startswith(NOTE):
            last = max(gold.line for gold in blocks if gold.line < number)
            names = [name.strip() for name in line.removeprefix(NOTE).split("=")]
            pairs[last] |= {frozenset(pair) for pair in combinations(names, 2)}
    return [(gold, pairs[gold.line]) for gold in blocks]


BLOCKS = [block for path in GOLD for block in noted(path)]
NOTED = [pytest.param(gold, pairs, id=gold.article.id) for gold, pairs in BLOCKS if pairs]


def test_the_notes_of_the_gold_are_read() -> None:
    assert len(NOTED) >= 17


@pytest.mark.parametrize(("gold", "pairs"), NOTED)
def test_a_block_merges_the_names_of_its_note_and_no_others(gold: GoldArticle, pairs: set[Pair]) -> None:
    assert set().union(*pairs) <= {brand.name for brand in gold.records.brands}
    assert pairs_of(merged(gold.records.brands)) == pairs


def test_nine_of_ten_pairs_are_right_and_nine_of_ten_are_found_over_all_blocks() -> None:
    expected = {(gold.article.id, pair) for gold, pairs in BLOCKS for pair in pairs}
    found = {(gold.article.id, pair) for gold, _ in BLOCKS for pair in pairs_of(merged(gold.records.brands))}
    precision, recall = len(expected & found) / len(found), len(expected & found) / len(expected)
    print(f"pairs: precision {precision:.3f} ({len(found)} found), recall {recall:.3f} ({len(expected)} expected)")
    print("beside the notes:", sorted((where, *sorted(pair)) for where, pair in found - expected))
    assert precision >= 0.9
    assert recall >= 0.9


# The rules.


@pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])
def test_a_rule_holds_for_its_example_and_the_example_is_merged(rule: Rule) -> None:
    full, short = rule.example
    assert rule.holds(full, short)
    assert names_of(full, short) == [(full, short)]


@pytest.mark.parametrize("rule", RULES, ids=[rule.name for rule in RULES])
def test_no_rule_before_it_holds_for_the_example_of_a_rule(rule: Rule) -> None:
    assert next(each.name for each in RULES if each.holds(*rule.example)) == rule.name


@pytest.mark.parametrize(
    "names",
    [
        ("亲情中华·之江同心", "亲情中华之江同心", "“亲情中华”之江同心", "亲情中华—之江同心"),
        ("月满西湖", "2022“月满西湖”", "第三届月满西湖", "月满西湖2023", "月满西湖（2024年）", "首届月满西湖"),
        ("2022侨界春晚", "2023侨界春晚"),
        ("e侨洛阳", "Ｅ侨洛阳"),
        ("金达莱姐姐调解队", "金达莱姐姐"),
        ("津湾同心驿校", "同心驿校"),
        ("暖心计划", "暖心"),
        ("临江橘灯计划", "橘灯计划"),
        ("桑榆乐龄志愿服务队", "桑榆乐龄"),
        ("苏河归来会客厅", "苏河会客厅"),
        ("皖江台胞会客厅", "会客厅"),
    ],
)
def test_names_of_one_brand_are_one(names: tuple[str, ...]) -> None:
    assert names_of(*names) == [names]


@pytest.mark.parametrize(
    "names",
    [
        ("莲心助学", "莲心助老"),
        ("侨胞之家", "侨之家"),
        ("春风行动", "春风送暖行动"),
        ("榕荫驿站", "驿站"),
        ("柳溪工坊", "工坊"),
        ("甘霖基金", "基金"),
        ("同心热线", "热线"),
        ("湖畔爱心驿站", "爱心驿站"),
        ("同心驿站", "同心"),
        ("爱心基金", "爱心"),
        ("小海归驿站", "海归驿站"),
        ("石榴籽青年驿站", "石榴籽驿站"),
        ("第三届夏令营", "夏令营"),
        ("1号小院", "小院"),
        ("9·8茶会", "98茶会"),
        ("9——8茶会", "98茶会"),
        ("林芝12345", "林芝"),
        ("產業學堂", "产业学堂"),
        ("长江飞渡赛暨南岸漂流季", "漂流季"),
    ],
)
def test_names_of_two_brands_stay_two(names: tuple[str, ...]) -> None:
    assert names_of(*names) == [(name,) for name in names]


@pytest.mark.parametrize(
    "names",
    [
        ("小骏马服务站", "小骏马驿站", "小骏马"),
        ("春风行动", "春风送暖行动", "春风"),
        ("甘霖助学基金", "甘霖退役军人关爱基金", "甘霖基金"),
        ("津湾同心驿校", "海湾同心驿校", "同心驿校"),
        ("皖江台胞会客厅", "苏河会客厅", "会客厅"),
    ],
)
def test_a_short_name_that_fits_two_full_names_is_merged_with_none(names: tuple[str, ...]) -> None:
    assert names_of(*names) == [(name,) for name in names]


def test_two_full_names_that_are_one_do_not_stand_in_the_way_of_a_short_one() -> None:
    names = ("津湾金达莱姐姐调解队", "金达莱姐姐调解队", "金达莱·姐姐调解队", "金达莱姐姐")
    assert set(names_of(*names)[0]) >= {"津湾金达莱姐姐调解队", "金达莱姐姐调解队", "金达莱姐姐"}
    assert names_of(*names) == [names]


# Name, kind, variants, count.


def test_the_name_is_the_full_one_though_the_short_one_is_told_more_often() -> None:
    (brand,) = merged(told(["甘霖基金", "甘霖基金", "凉州甘霖退役军人关爱基金"], "fund"))
    assert brand == MergedBrand("凉州甘霖退役军人关爱基金", "fund", ("甘霖基金", "凉州甘霖退役军人关爱基金"), 3)


def test_of_spellings_the_one_without_a_year_gives_the_name_then_the_one_told_most_often() -> None:
    (brand,) = merged(told(["2022月·满西湖", "2022月·满西湖", "月·满西湖", "月满西湖", "月满西湖"]))
    assert (brand.name, brand.count) == ("月满西湖", 5)


def test_the_kind_is_that_of_the_name() -> None:
    brands = [*told(["小骏马", "小骏马"], "project"), *told(["小骏马服务站"], "place")]
    assert [brand.kind for brand in merged(brands)] == ["place"]


def test_no_mention_is_no_brand() -> None:
    assert merged([]) == ()


def test_the_face_merges_the_brands_of_records() -> None:
    records = jianbao.extract("区侨联打造“金达莱姐姐调解队”服务品牌。“金达莱姐姐”服务品牌走访侨眷46户。")
    assert jianbao.merged_brands(records) == merged(records.brands)
    assert [brand.variants for brand in jianbao.merged_brands(records)] == [("金达莱姐姐调解队", "金达莱姐姐")]


# On all names.

WORDS = [
    "金达莱",
    "小骏马",
    "津湾",
    "之家",
    "驿站",
    "基金",
    "行动",
    "计划",
    "助学",
    "青年",
    "会客厅",
    *"甘霖同心侨暖和暨e",
]
SIGNS = [*"·—“”（）０9Ｅ", "2022", "2023年", "第三届", "首届", "2.0"]
PIECES = st.sampled_from([*WORDS, *SIGNS])
NAMES = st.lists(PIECES, min_size=1, max_size=6).map("".join) | st.text(min_size=1, max_size=6)
BRANDS = st.lists(st.builds(lambda name, kind: told([name], kind)[0], NAMES, st.sampled_from(["project", "place"])))


@given(BRANDS)
def test_every_mention_is_in_exactly_one_brand_and_none_is_lost(brands: list[Brand]) -> None:
    found = merged(brands)
    variants = [name for brand in found for name in brand.variants]
    assert sorted(variants) == sorted({brand.name for brand in brands})
    assert sum(brand.count for brand in found) == len(brands)
    for brand in found:
        assert brand.name in brand.variants
        assert brand.count == sum(mention.name in brand.variants for mention in brands)
        assert brand.kind in {mention.kind for mention in brands if mention.name == brand.name}


@given(BRANDS, st.randoms(use_true_random=False))
def test_the_order_of_mentions_changes_nothing_but_the_order(brands: list[Brand], random: Random) -> None:
    shuffled = random.sample(brands, len(brands))
    assert unordered(merged(brands)) == unordered(merged(shuffled))


def unordered(brands: Iterable[MergedBrand]) -> set[tuple[str, str, frozenset[str], int]]:
    return {(brand.name, brand.kind, frozenset(brand.variants), brand.count) for brand in brands}


@given(BRANDS)
def test_variants_and_brands_stand_in_order_of_first_mention(brands: list[Brand]) -> None:
    first = {name: place for place, name in reversed(list(enumerate(brand.name for brand in brands)))}
    found = merged(brands)
    for brand in found:
        assert list(brand.variants) == sorted(brand.variants, key=first.__getitem__)
    heads = [first[brand.variants[0]] for brand in found]
    assert heads == sorted(heads)


@given(BRANDS)
def test_telling_all_again_doubles_the_counts_and_nothing_else(brands: list[Brand]) -> None:
    once, twice = merged(brands), merged([*brands, *brands])
    assert [(brand.name, brand.variants, 2 * brand.count) for brand in once] == [
        (brand.name, brand.variants, brand.count) for brand in twice
    ]


@given(NAMES, NAMES)
def test_a_generic_word_alone_is_merged_only_with_another_spelling_of_itself(name: str, other: str) -> None:
    for word in ("驿站", "工坊", "基金", "热线", "爱心驿站"):
        assert is_generic(word)
        if spelling(name + other) != word:
            assert len(names_of(name + other, word)) == 2


# Time: calls are counted, for a clock tells of the machine.


def calls(names: list[str]) -> int:
    """Calls of functions, of Python and of C, that merging the names takes."""
    count = 0

    def see(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    brands = told(names)
    before = sys.getprofile()
    sys.setprofile(see)
    try:
        merged(brands)
    finally:
        sys.setprofile(before)
    return count


def numbered(count: int) -> list[str]:
    return [f"{chr(0x4E00 + number // 60)}{chr(0x5E00 + number % 60)}" for number in range(count)]


MANY: dict[str, Callable[[int], list[str]]] = {
    "nothing shared": numbered,
    "one noun for all": lambda count: [f"{name}暖心驿站" for name in numbered(count)],
    "one short name in all": lambda count: [
        "甘霖姐姐",
        "甘霖基金",
        *(f"{name}甘霖姐姐青年基金" for name in numbered(count)),
    ],
    "each within the next": lambda count: ["甘" * length for length in range(2, count)],
    "one brand under many years": lambda count: [
        f"{'月' * (1 + number // 30)}满西湖{2000 + number % 30}" for number in range(count)
    ],
}


@pytest.mark.parametrize("case", MANY)
def test_twice_as_many_names_take_about_twice_the_calls(case: str) -> None:
    merged(told(["甘霖基金", "甘霖青年基金"]))
    few, many = calls(MANY[case](500)), calls(MANY[case](1000))
    assert few > 500
    assert many < 2.4 * few


def test_a_name_beyond_the_longest_is_a_brand_by_itself() -> None:
    assert names_of("长" * LONGEST + "同心驿校", "同心驿校") == [("长" * LONGEST + "同心驿校",), ("同心驿校",)]
