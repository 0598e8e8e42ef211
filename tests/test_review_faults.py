"""Promises of the review where something is wrong; and its page in the documentation, tried."""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from jianbao.corpus.errors import InputError, OutputError
from jianbao.corpus.gold import Origin, parse_gold
from jianbao.pipeline.lock import held
from jianbao.pipeline.review_page import DESK
from made_calls import invoke
from made_reviews import at, change, reviewing, standing

BULLETINS = Path(__file__).parents[1] / "corpus" / "bulletins"
SUM = {"region": "330113", "dimension": "person_times"}


@pytest.fixture
def out(reviewed_out: Path) -> Path:
    return reviewed_out


# What is wrong.


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("review.txt", "@ article=a.txt start=0\n[30户|三十|户|households||]\n", "review.txt:2"),
        ("review.txt", "走访[30户|30|户|households|走访|visit]。\n", "review.txt:1"),
        ("review.txt", "@ article=a.txt start=x\n走访。\n", "review.txt:1"),
        ("review.txt", "@ article=a.txt start=0\n\n# 空\n\n走访{侨舍|palace}。\n", "review.txt:5"),
        ("review.txt", b"@ article=a.txt start=0\n\xff\xfe\n", "review.txt:2"),
        ("verdicts.jsonl", '{"said": "accept"}\n', "verdicts.jsonl:1"),
        ("verdicts.jsonl", "\n{]\n", "verdicts.jsonl:2"),
    ],
)
@pytest.mark.parametrize("command", ["totals", "review"])
def test_a_broken_line_is_told_on_one_line_with_status_two(
    out: Path, file: str, text: str | bytes, told: str, command: str
) -> None:
    (out / "review").mkdir()
    (out / "review" / file).write_bytes(text if isinstance(text, bytes) else text.encode())
    answer = invoke(command, out, *(["--no-browser"] if command == "review" else []))
    assert answer.exit_code == 2, answer.output
    assert told in answer.output
    assert len(answer.output.splitlines()) == 1


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda out: shutil.rmtree(out), "no record of a run"),
        (lambda out: (out / "run.json").write_text('{"version": "0.1.0", "state": "extracting"}'), "not done"),
        (lambda out: (out / "brands.csv").unlink(), "no such table"),
        (lambda out: (out / "indicators.csv").write_text("article,number\r\n"), "another version"),
    ],
)
def test_what_is_wrong_with_the_folder_is_told_on_one_line(
    out: Path, spoil: Callable[[Path], object], told: str
) -> None:
    spoil(out)
    answer = invoke("review", out, "--no-browser")
    assert answer.exit_code == 2, answer.output
    assert told in answer.output
    assert len(answer.output.splitlines()) == 1


def test_one_review_at_a_time(out: Path) -> None:
    with held(out):
        answer = invoke("review", out, "--no-browser")
    assert answer.exit_code == 2
    assert "another run writes here" in answer.output


def test_a_record_that_is_there_no_more_is_told(out: Path) -> None:
    with reviewing(out) as review:
        place = at(standing(review, "b.txt", "50万元").record)
        review.reject("b.txt", place)
        with pytest.raises(InputError, match="load the page again"):
            review.accept("b.txt", place)
        with pytest.raises(InputError, match="no such article"):
            review.reject("../b.txt", place)


def test_a_folder_that_cannot_be_written_is_told(out: Path) -> None:
    (out / "review").write_text("a file in the way")
    with pytest.raises(OutputError, match="cannot be written"):
        change(out, "b.txt", "50万元", measure="甲")


# The page of the documentation.


def test_the_block_of_the_documentation_is_what_the_notation_says() -> None:
    page = (Path(__file__).parents[1] / "docs" / "review.md").read_text(encoding="utf-8")
    [block] = re.findall(r"^  ```text\n(.*?)^  ```", page, re.MULTILINE | re.DOTALL)
    [gold] = parse_gold(textwrap.dedent(block))
    assert gold.origin == Origin("linping.txt", 35)
    assert [(one.text, one.measure) for one in gold.records.indicators] == [("1700余人次", "走访慰问归侨侨眷")]
    assert [one.type for one in gold.records.activities] == ["visit"]


def test_the_keys_of_the_documentation_are_those_of_the_page() -> None:
    page = (Path(__file__).parents[1] / "docs" / "review.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`(.)`", "".join(re.findall(r"^\| (`.*?) \|", page, re.MULTILINE)))) | {"N"}
    [keys] = re.findall(r"const KEYS = \{(.*?)\};", (DESK / "review.js").read_text(encoding="utf-8"))
    assert told == {key.strip(' "') for key in re.findall(r"(?:^|,)\s*([a-zA-Z]|\"\?\"):", keys)}
