"""Promises of `jianbao score --rules`: each rule's answers, agreement, contradictions and errors are those counted by hand."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import jianbao
import pytest
from jianbao.corpus.gold import GoldArticle, parse_gold, read_gold
from jianbao.corpus.records import ACTIVITY_TYPES, Brand
from jianbao.extractors import quoted_names, unquoted_names
from jianbao.extractors.brands import as_told, quotations
from jianbao.extractors.quoted_names import Quotation, Rule
from jianbao.extractors.scene import prepare
from jianbao.pipeline.extraction import Pipeline
from jianbao.pipeline.labelling import QUOTATIONS, RuleRow, tabulate
from jianbao.pipeline.scorecard import rule_table, rules_as_json
from jianbao.pipeline.scoring import score
from made_calls import invoke

GOLD = Path(jianbao.__file__).parent / "corpus" / "gold"
LEARNED_FROM = [path for path in sorted(GOLD.glob("*.txt")) if not path.name.startswith("apart_")]
SENTENCES = """\
# a comment
县侨联走访侨企12家。<visit>
县侨联走访侨企9家，举办培训班3期。<visit>
县侨联举办培训班5期。<training>
天气很好。
"""


def golds(text: str) -> list[GoldArticle]:
    return list(parse_gold(text, "甲.txt"))


def table_of(text: str, most: int = 10) -> dict[str, RuleRow]:
    return {row.rule: row for row in tabulate(golds(text), most)}


def counts(row: RuleRow) -> tuple[int, int, int, int, int]:
    return row.answers, row.shared, row.contradicted, row.right, row.wrong


# Quotations: three invented rules, the first that answers decides.


@pytest.fixture
def three_rules(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def holds(sign: str, kind: str, name: str) -> Rule:
        def answer(this: Quotation) -> str | None:
            return kind if sign in this.surface else None

        return Rule(name, answer, 0.9, "")

    rules = holds("乙", "", "refuse.b"), holds("甲", "project", "brand.a"), holds("丙", "project", "brand.c")
    monkeypatch.setattr(quoted_names, "RULES", rules)
    cast(Any, quotations).cache_clear()
    yield
    cast(Any, quotations).cache_clear()


@pytest.mark.usefixtures("three_rules")
class TestQuotations:
    TEXT = (
        "称“{甲子地|project}”，又称“甲丙地”，再称“{甲丁地|event}”。\n"
        "称“乙丑地”，又称“{乙甲地|project}”，再称“无名地”。\n\n称“{丙寅地|project}”和“{辰巳地|place}”。\n"
    )

    def test_the_first_rule_that_answers_is_right_or_wrong_and_none_besides(self) -> None:
        rows = table_of(self.TEXT)
        assert counts(rows["brand.a"]) == (3, 1, 0, 1, 2)
        assert counts(rows["brand.c"]) == (1, 0, 0, 1, 0)
        assert counts(rows["refuse.b"]) == (2, 0, 1, 1, 1)

    def test_a_quotation_that_no_rule_takes_counts_for_no_cue(self) -> None:
        assert counts(table_of(self.TEXT)["refuse.quote.no-cue"]) == (2, 0, 0, 1, 1)

    def test_shares_are_of_all_quotations_and_of_the_answers(self) -> None:
        row = table_of(self.TEXT)["brand.a"]
        assert (row.candidates, row.coverage) == (8, 3 / 8)
        assert (row.overlap, row.conflict, row.precision) == (1 / 3, 0, 1 / 3)

    def test_an_error_says_where_it_stands_and_what_gold_has_there(self) -> None:
        false, kind = table_of(self.TEXT)["brand.a"].instances
        assert (false.path, false.line, false.gold, false.found, false.rule) == ("甲.txt", 1, "", "project", "brand.a")
        assert false.around == "称“甲子地”，又称“[甲丙地]”，再称“甲丁地”。⏎称"
        assert (kind.gold, kind.found) == ("event", "project")
        [refused] = table_of(self.TEXT)["refuse.b"].instances
        assert (refused.line, refused.gold, refused.found) == (2, "project", "")

    def test_a_rule_that_never_speaks_has_a_row_without_shares(self) -> None:
        row = table_of("称“甲子地”。\n")["brand.c"]
        assert (row.coverage, row.overlap, row.conflict, row.precision) == (0, None, None, None)


def test_rules_are_asked_about_what_the_pipeline_asked_them() -> None:
    listed = [gold for path in LEARNED_FROM for gold in read_gold(path)]
    told: Counter[str] = Counter()
    for gold in listed:
        scene = prepare(gold.article)
        told.update(found.rule for found in quotations(scene.text, scene.quotes, as_told))
    assert {row.rule: row.answers for row in tabulate(listed) if row.sort == QUOTATIONS and row.answers} == told


# Names without quotation marks.

FUND, CAMPAIGN = "商会捐资设立竹溪助学基金。", "全县开展冬季暖企行动，实施道路工程。"


def test_names_outside_quotation_marks_are_counted_among_the_nouns_that_could_end_one() -> None:
    text = FUND.replace("竹溪助学基金", "{竹溪助学基金|fund}") + "\n" + CAMPAIGN + "\n发布“惠民工程”。\n"
    rows = table_of(text)
    fund, campaign = rows["brand.unquoted.fund"], rows["brand.unquoted.campaign"]
    assert [(row.candidates, *counts(row)) for row in (fund, campaign)] == [(3, 1, 0, 0, 1, 0), (3, 1, 0, 0, 0, 1)]
    assert [(error.line, error.gold, error.found) for error in campaign.instances] == [(2, "", "project")]


def test_another_rule_that_reads_another_name_there_contradicts(monkeypatch: pytest.MonkeyPatch) -> None:
    def all_of_it(text: str, start: int, end: int) -> Iterator[Brand]:
        place = text.find("竹溪", start, end)
        yield Brand(place, place + 4, text[place : place + 4], "brand.unquoted.listed", 0.1, "", "product")

    monkeypatch.setattr(unquoted_names, "listed", all_of_it)
    assert counts(table_of(FUND)["brand.unquoted.fund"])[:3] == (1, 0, 1)


def test_a_name_told_again_has_a_row_of_its_own() -> None:
    rows = table_of("开展“{莲心助学|project}”行动。\n{莲心助学|project}已有十年。\n")
    assert counts(rows["brand.again"]) == (1, 0, 0, 1, 0)


# Sentences.


def test_activity_rules_have_a_row_for_each_type() -> None:
    rows = table_of(SENTENCES)
    assert counts(rows["activity.act visit"]) == (2, 0, 1, 2, 0)
    assert counts(rows["activity.act training"]) == (2, 0, 0, 1, 1)
    assert rows["activity.act visit"].coverage == 2 / 4


def test_a_type_is_contradicted_by_a_false_one_on_its_sentence_not_by_a_right_one() -> None:
    right = table_of("县侨联走访侨企9家，举办培训班3期。<visit,training>\n")
    false = table_of("县侨联走访侨企9家，举办培训班3期。<study>\n")
    assert {row.conflict for rule, row in right.items() if rule.startswith("activity")} == {0}
    assert {row.conflict for rule, row in false.items() if rule.startswith("activity")} == {1}


def test_a_type_that_two_rules_hear_is_shared() -> None:
    row = table_of("侨商捐赠图书300册。<donation>\n侨商捐赠善款。<donation>\n")["activity.act donation"]
    heard_twice = table_of("侨商捐赠图书300册。<donation>\n")["activity.act donation"]
    assert (heard_twice.shared, row.shared, row.answers) == (1, 1, 2)


def test_an_error_of_a_sentence_names_all_types_of_gold() -> None:
    [error] = table_of(SENTENCES)["activity.act training"].instances
    assert (error.line, error.kind, error.gold, error.found) == (3, "sentence", "visit", "training")
    [two] = table_of("县侨联走访侨企9家。<study,honour>\n")["activity.act visit"].instances
    assert two.gold == "honour,study"


def test_right_types_are_those_that_the_scores_of_the_rules_count() -> None:
    listed = [gold for path in LEARNED_FROM[:8] for gold in read_gold(path)]
    rows = [row for row in tabulate(listed) if row.sort == "sentences"]
    [types] = [row for row in score(listed, Pipeline(models=False)).rows if row.name == "types"]
    assert (sum(row.answers for row in rows), sum(row.right for row in rows)) == (types.found, types.right)
    assert {row.rule.partition(" ")[2] for row in rows} <= set(ACTIVITY_TYPES)


# Rows.


def test_no_more_errors_are_kept_than_asked_for_but_all_are_counted() -> None:
    row = table_of("走访老人。<service>\n" * 5, most=2)["activity.act visit"]
    assert (row.wrong, [error.line for error in row.instances]) == (5, [1, 2])


def test_rows_add_up_over_articles() -> None:
    once, twice = table_of(SENTENCES), table_of(f"{SENTENCES}\n{SENTENCES}")
    assert {rule: counts(row) for rule, row in twice.items()} == {
        rule: (2 * row.answers, 2 * row.shared, 2 * row.contradicted, 2 * row.right, 2 * row.wrong)
        for rule, row in once.items()
    }


def test_without_gold_every_share_is_unknown() -> None:
    rows = tabulate([])
    assert {row.coverage for row in rows} == {None}
    assert len(list(rule_table(rows))) > len(rows)
    assert {row["coverage"] for row in rules_as_json(rows)["rules"]} == {None}


# The command.


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "甲.txt"
    path.write_text(SENTENCES, encoding="utf-8")
    return path


def test_rules_prints_their_table_instead_of_the_scores(file: Path) -> None:
    result = invoke("score", file, "--rules")
    assert result.exit_code == 0
    lines = {line.split("  ")[1].strip(): line.split() for line in result.output.splitlines() if line[:2] == "  "}
    assert lines["activity.act training"][-6:] == ["0.500", "0.000", "0.000", "1", "1", "0.500"]
    assert "types of sentences 句子类型 (4)" in result.output
    assert "quotations 引号内 (0)" in result.output
    assert "95 % of F1" not in result.output
    assert str(file) not in result.output


def test_rules_with_wrong_lists_errors_before_the_table(file: Path) -> None:
    first, blank, *_ = invoke("score", file, "--rules", "--wrong").output.splitlines()
    assert first.startswith(f"{file}:3: sentence: ")
    assert first.endswith("| gold visit; found training | activity.act training")
    assert blank == ""


def test_rules_as_json_say_the_same(file: Path) -> None:
    assert set(json.loads(invoke("score", file, "--rules", "--json").output)) == {"rules"}
    data = json.loads(invoke("score", file, "--rules", "--json", "--wrong").output)
    [row] = [row for row in data["rules"] if row["rule"] == "activity.act visit"]
    assert row == {
        "sort": "sentences", "rule": "activity.act visit", "candidates": 4, "answers": 2, "coverage": 0.5,
        "overlap": 0.0, "conflict": 0.5, "precision": 1.0, "right": 2, "wrong": 0,
    }  # fmt: skip
    assert [(error["line"], error["rule"]) for error in data["wrong"]] == [(3, "activity.act training")]


def test_bad_gold_is_one_line_with_file_and_line(file: Path) -> None:
    file.write_text("走访。\n走访[30户|30].\n", encoding="utf-8")
    result = invoke("score", file, "--rules")
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert result.output.startswith(f"jianbao: {file}:2: an indicator needs surface|value")


def test_missing_gold_is_one_line_and_2(tmp_path: Path) -> None:
    result = invoke("score", tmp_path / "乙", "--rules")
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert "no such file or folder" in result.output
