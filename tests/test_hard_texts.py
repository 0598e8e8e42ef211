"""Promises about texts that are glued, torn, flattened or very long: no wrong figure, offsets hold."""

from __future__ import annotations

from decimal import Decimal

import pytest
from jianbao.corpus.article import Article
from jianbao.pipeline.extraction import Pipeline


def figures(text: str) -> list[tuple[str, Decimal, Decimal, str]]:
    found = Pipeline()(Article("t", text, body=((0, len(text)),))).indicators
    assert all(text[one.start : one.end] == one.text for one in found)
    return [(one.text, one.quantity.low, one.quantity.high, one.quantity.unit) for one in found]


def test_section_numbers_glued_to_the_next_word_are_no_figures() -> None:
    text = "3.1本工程计划总投资2718.28万元3.2本工程建设地点在河口村3.3本项目占地42亩"

    assert figures(text) == [
        ("2718.28万元", Decimal(27182800), Decimal(27182800), "元"),
        ("42亩", Decimal(42), Decimal(42), "亩"),
    ]


@pytest.mark.parametrize("torn", ["走访侨胞1 2 0 余人次。", "募集善款3 00万元。", "慰问困难户4 5户。"])
def test_a_number_torn_apart_by_blanks_never_gives_its_last_part(torn: str) -> None:
    assert figures(torn) == []


def test_traditional_script_is_read_as_it_stands() -> None:
    text = "全年走訪僑胞860餘人次，慰問困難僑眷三十餘戶，募集善款二百餘萬元，惠及學童1.2萬名。"

    assert figures(text) == [
        ("860餘人次", Decimal(860), Decimal(870), "人次"),
        ("三十餘戶", Decimal(30), Decimal(40), "户"),
        ("二百餘萬元", Decimal(2000000), Decimal(3000000), "元"),
        ("1.2萬名", Decimal(12000), Decimal(12000), "名"),
    ]


def test_a_table_flattened_to_lines_gives_its_cells() -> None:
    text = "项目\n金额\n人数\n助学\n86万元\n430人\n助医\n近52万元\n118人\n合计\n138万元"

    assert [text for text, *_ in figures(text)] == ["86万元", "430人", "近52万元", "118人", "138万元"]


def test_cells_of_one_line_are_not_joined() -> None:
    assert [text for text, *_ in figures("培训班 12期 3400人次 46万元")] == ["12期", "3400人次", "46万元"]


@pytest.mark.parametrize(
    ("piece", "each"),
    [
        ("走访企业30户，", 1),
        ("走访企业30户。", 1),
        ("今年以来走访企业30户，“暖企直通车”解决问题12个；", 2),
        ("走访企业30户", 1),
    ],
)
def test_a_paragraph_of_fifty_thousand_characters_is_read_to_its_end(piece: str, each: int) -> None:
    count = 50_000 // len(piece)

    found = figures(piece * count)

    assert len(found) == count * each
    assert found[-1][0] in ("30户", "12个")


@pytest.mark.parametrize("run", ["1", "1,234,", "9.", "一", "百万", "“", "（", "2023年", "其中"])
def test_a_run_of_one_sign_is_no_trouble(run: str) -> None:
    assert isinstance(figures(run * (60_000 // len(run))), list)
