"""Promises of the gold notation: it says what it means, goes out and in unchanged, and names each fault's place."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import jianbao
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jianbao.corpus.errors import DataError
from jianbao.corpus.gold import GoldArticle, parse_gold, read_gold
from jianbao.corpus.lexicons import FOLDER, alternation, mapping, read_rows, rows
from jianbao.corpus.records import ACTIVITY_TYPES, BRAND_KINDS, DIMENSIONS, Brand, Indicator, Quantity

GOLD = Path(jianbao.__file__).parent / "corpus" / "gold"
SAMPLE = """\
# a comment
@ published=2023-12-15 region=330113
今年以来，走访侨商[140余人次|140..150 over|人次|person_times|走访侨商|visit|period=2023-01-01..2023-12-15 今年以来]，
推出“{临贤贷|platform}”，授信[2.1亿元|2.1亿|元|money|授信|investment|brand=临贤贷]。<investment,service>
其中首批[近4万元|36000..4万 under|元|money|授信|investment|part=2.1亿元|status=planned|region=330100|per=household]。

@ region=460000
写作\\[草稿\\]，办\\{会\\}。
"""


def written(gold: GoldArticle) -> str:
    """A gold article in the notation again."""
    marks: list[tuple[int, int, str]] = []
    marks += [(found.start, found.end, _indicator(found, gold)) for found in gold.records.indicators]
    marks += [(brand.start, brand.end, f"{{{brand.text}|{brand.kind}}}") for brand in gold.records.brands]
    types: dict[int, list[str]] = {}
    for activity in gold.records.activities:
        types.setdefault(activity.end, []).append(activity.type)
    marks += [(end, end, f"<{','.join(names)}>") for end, names in types.items()]
    text, place = "", 0
    for start, end, mark in sorted(marks):
        text += _kept(gold.article.text[place:start]) + mark
        place = end
    context = [f"{name}={value}" for name in ("published", "region") if (value := getattr(gold.article, name))]
    return "@ " + " ".join(context) + "\n" + text + _kept(gold.article.text[place:]) + "\n"


def _kept(text: str) -> str:
    for sign in ("\\", "[", "{", "<"):
        text = text.replace(sign, f"\\{sign}")
    return "\n".join(f"\\{line}" if line[:1] in ("#", "@") else line for line in text.split("\n"))


def _indicator(found: Indicator, gold: GoldArticle) -> str:
    quantity, period = found.quantity, found.period
    parts = [found.text, f"{quantity.low}..{quantity.high} {quantity.bound}", quantity.unit, quantity.dimension]
    parts += [found.measure, found.activity, f"per={quantity.per}", f"brand={found.brand}", f"status={found.status}"]
    if period is not None:
        parts.append(f"period={period.start or ''}..{period.end or ''} {period.text}")
    if found.part_of is not None:
        parts.append(f"part={gold.article.text[slice(*found.part_of)]}")
    if found.region:
        parts.append(f"region={found.region}")
    return f"[{'|'.join(parts)}]"


def test_a_block_gives_text_without_marks_and_what_they_say() -> None:
    first, second = parse_gold(SAMPLE, "sample.txt")
    assert first.article.text.startswith("今年以来，走访侨商140余人次，\n推出“临贤贷”，授信2.1亿元。\n其中")
    assert (first.article.published, first.article.region) == (date(2023, 12, 15), "330113")
    assert (first.article.id, first.path, first.line) == ("sample.txt:3", "sample.txt", 3)
    visit, credit, part = first.records.indicators
    assert visit.quantity == Quantity(Decimal(140), Decimal(150), "over", "人次", "person_times")
    assert visit.period is not None
    assert (visit.period.start, visit.period.end) == (date(2023, 1, 1), date(2023, 12, 15))
    assert (credit.quantity.low, credit.quantity.high, credit.brand) == (Decimal("2.1e8"), Decimal("2.1e8"), "临贤贷")
    assert part.quantity == Quantity(Decimal(36000), Decimal(40000), "under", "元", "money", "household")
    assert (part.part_of, part.status, part.region) == ((credit.start, credit.end), "planned", "330100")
    assert [(brand.name, brand.kind) for brand in first.records.brands] == [("临贤贷", "platform")]
    assert [activity.type for activity in first.records.activities] == ["investment", "service"]
    assert second.article.text == "写作[草稿]，办{会}。"
    assert (second.article.region, second.article.published) == ("460000", None)


@pytest.mark.parametrize("text", [SAMPLE, *(path.read_text(encoding="utf-8") for path in sorted(GOLD.glob("*.txt")))])
def test_gold_goes_out_and_in_unchanged(text: str) -> None:
    found = list(parse_gold(text))
    assert found
    for gold in found:
        (again,) = parse_gold(written(gold))
        assert again.article.text == gold.article.text
        assert again.article.published == gold.article.published
        assert again.records == gold.records


@given(st.lists(st.text("侨联走访[]{}<>\\|#@12户。", min_size=1), min_size=1, max_size=3).map("\n".join))
def test_a_backslash_keeps_any_text(text: str) -> None:
    (gold,) = parse_gold(_kept(text))
    assert gold.article.text == text
    assert gold.records == jianbao.Records()


def test_every_mention_of_the_shipped_gold_stands_where_it_says() -> None:
    found = read_gold(GOLD)
    assert len(found) > 100
    kinds = {kind for gold in found for kind in gold.records.brands}
    assert {brand.kind for brand in kinds if isinstance(brand, Brand)} <= set(BRAND_KINDS)
    for gold in found:
        for mention in (*gold.records.indicators, *gold.records.brands, *gold.records.activities):
            assert gold.article.text[mention.start : mention.end] == mention.text
        assert {each.quantity.dimension for each in gold.records.indicators} <= set(DIMENSIONS)
        assert {each.type for each in gold.records.activities} <= set(ACTIVITY_TYPES)


MARK = "[8户|8|户|households|走访|visit]"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("走访[8户|8|户|households|走访|visit。", "a mark is not closed by ']'"),
        ("走访[8户|8|户]。", "an indicator needs surface"),
        ("走访[|8|户|households|走访|visit]。", "an indicator needs surface"),
        ("走访[8户|八|户|households|走访|visit]。", "'八' is no value"),
        ("走访[8户|NaN|户|households|走访|visit]。", "'NaN' is no value"),
        ("走访[8户|1..Infinity|户|households|走访|visit]。", "is no value"),
        ("走访[8户|万|户|households|走访|visit]。", "'万' is no value"),
        ("走访[8户|9..8 range|户|households|走访|visit]。", "high is below low"),
        ("走访[8户|8 some|户|households|走访|visit]。", "bound 'some' is none of"),
        ("走访[8户|8|户|homes|走访|visit]。", "dimension 'homes' is none of"),
        ("走访[8户|8|户|households|走访|walk]。", "activity 'walk' is none of"),
        (MARK.replace("visit]", "visit|size=3]"), "expected one of brand, part, per, period, region, status with ="),
        (MARK.replace("visit]", "visit|planned]"), "found 'planned'"),
        (MARK.replace("visit]", "visit|status=soon]"), "status 'soon' is none of done, planned"),
        (MARK.replace("visit]", "visit|period=今年]"), "expected start..end words"),
        (MARK.replace("visit]", "visit|period=2023..2024 两年]"), "dates are written 2023-12-31"),
        (MARK.replace("visit]", "visit|part=9户]"), "part=9户: no such indicator before it"),
        ("“{侨助工坊|shed}”", "brand kind 'shed' is none of"),
        ("“{|place}”", "a brand needs surface"),
        ("走访。<walk>", "activity type 'walk' is none of"),
        ("@ published", "expected name=value, found 'published'"),
        ("@ date=2023-01-01", "'date' is none of article, published, region, start"),
        ("@ published=2023-13-01", "published=2023-13-01: dates are written 2023-12-31"),
    ],
)
def test_a_fault_is_named_with_file_and_line(line: str, message: str) -> None:
    with pytest.raises(DataError) as caught:
        list(parse_gold(f"# one\n\n走访8户。\n{line}\n", "a.txt"))
    assert str(caught.value).startswith("a.txt:4: ")
    assert message in str(caught.value)


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    with pytest.raises(DataError, match=r"^a\.txt:2: "):
        list(parse_gold("走访\u2028侨眷\x0c8户\x85。\n{x|y}\n", "a.txt"))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.txt: cannot be read"):
        read_gold(tmp_path / "none.txt")
    (tmp_path / "a.txt").write_bytes("走访8户。\n".encode() + "走访".encode("gbk"))
    with pytest.raises(DataError, match=r"a\.txt:2: gold files are UTF-8"):
        read_gold(tmp_path)


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    for name in ("b.txt", "a.txt", "c.md"):
        (tmp_path / name).write_text(f"\ufeff{name}", encoding="utf-8")
    assert [gold.article.text for gold in read_gold(tmp_path)] == ["a.txt", "b.txt"]


# Lexicons have places in their errors too.


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("word\tkind\n户\thouseholds\n家\n", "a.tsv:3: expected 2 cells, found 1"),
        ("word\tkind\n户\ta\tb\n", "a.tsv:2: expected 2 cells, found 3"),
        ("word\tkind\n户\ta\n户\ta\n", "a.tsv:3: '户' stands twice"),
        ("word\tkind\n户\ta\n\n", "a.tsv:3: expected 2 cells, found 1"),
    ],
)
def test_a_fault_of_a_lexicon_is_named_with_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "a.tsv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_rows(tmp_path / "a.tsv")
    assert str(caught.value) == message


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.tsv")), ids=lambda path: path.stem)
def test_every_shipped_lexicon_is_read(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    assert ["\t".join(row) for row in rows(path.stem)] == lines[1:]
    if "\t" in lines[0]:
        assert set(mapping(path.stem)) == {row[0] for row in rows(path.stem)}


@given(st.lists(st.text("家户次人.+[|", min_size=1, max_size=4), min_size=1, max_size=8, unique=True))
def test_an_alternation_finds_the_longest_of_its_words(words: list[str]) -> None:
    import re

    pattern = re.compile(alternation(words))
    for word in words:
        assert pattern.fullmatch(word)
    text = "".join(words)
    longest = max((word for word in words if text.startswith(word)), key=len)
    found = pattern.match(text)
    assert found is not None
    assert found.group() == longest
