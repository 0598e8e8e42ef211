"""Number, percent, range, unit and money cases of neighbouring projects: the values that the words allow."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
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
CENT = Decimal("0.01")
Case = dict[str, Any]
Found = Numeral | Candidate


def cases(suite: str) -> list[Case]:
    """The number cases of one suite; skips where the folder of suites is absent."""
    path = SUITES / f"{suite}.jsonl"
    if not path.exists():
        pytest.skip(f"no suites beside the checkout: {path} is absent")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row["category"] in CATEGORIES]


REASONS: tuple[tuple[str, Callable[[Case], bool]], ...] = ()


def read(case: Case) -> list[Found]:
    """What we read: a bare number by `parse`, bare numbers in a sentence one by one, all else as candidates."""
    text, expected = case["text"].strip(), case["expected"]
    bare = case["category"] in ("a_numeral", "a_range") and not any(re.search("分之|/", each["text"]) for each in expected)
    number = parse(text) if bare or case["category"] == "b_money" else None
    if number is not None:
        return [number]
    if case["category"] == "a_numeral" and bare and expected and not re.search("[元圆]", text):
        return [each for match in re.finditer(NUMERAL, text) if (each := parse(match.group()))]
    found = list(candidates(text))
    return [each for each in found if case["category"] != "b_money" or each.dimension == "money"]


def ends(found: Found, category: str) -> tuple[Decimal, Decimal]:
    """Low and high as the suites count: a share of a number's case is a part of one, per mille are percent."""
    unit = found.unit if isinstance(found, Candidate) else ""
    whole = {"‰": 10, "%": 1}.get(unit, 1) * (100 if unit in ("%", "‰") and category in ("a_numeral", "a_range") else 1)
    low, high = found.low / whole, found.high / whole
    return (low.quantize(CENT), high.quantize(CENT)) if category == "b_money" else (low, high)


def stated(found: Found, category: str) -> Decimal:
    """The figure that the words name: the upper end of 近4万, the middle of 约4万."""
    low, high = ends(found, category)
    bound = found.bound if isinstance(found, Candidate) else found.kind
    return {"under": high, "about": (low + high) / 2}.get(bound, low)


def agrees(found: Found, wanted: dict[str, Any], category: str) -> bool:
    """Whether a figure has the value, the two ends, or the words of an expectation."""
    value = wanted.get("numeric_value") or wanted.get("value")
    low, high = ends(found, category)
    if value is None:
        return True
    if isinstance(value, list):
        return [low, high] == [Decimal(each) for each in value]
    if interval := re.fullmatch(r"[(\[](.*),(.*)[)\]]", str(value)):
        return low == Decimal(interval[1]) and interval[2] in ("", str(high))
    return stated(found, category) == number_of(str(value), category)


def number_of(value: str, category: str) -> Decimal:
    """A suite's figure: 0.5, 22.5%, 3/4; money to the cent."""
    top, _, bottom = value.rstrip("%").partition("/")
    number = Decimal(top.replace(",", "")) / Decimal(bottom or 1)
    return number.quantize(CENT) if category == "b_money" else number


def passes(case: Case) -> bool:
    """Whether we read as many figures as expected, with their values."""
    wanted = [each for each in case["expected"] if each.get("value") is not None or "unit" not in each]
    found = read(case)
    return len(found) == len(wanted) and all(
        agrees(each, want, case["category"]) for each, want in zip(found, wanted, strict=True)
    )
