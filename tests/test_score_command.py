"""Promises of `jianbao score` on the command line: tables, errors and JSON say the same, wrong use is one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jianbao.corpus.gold import parse_gold, read_gold
from jianbao.corpus.gold_json import to_json
from jianbao.pipeline.scorecard import as_json
from jianbao.pipeline.scoring import score
from made_calls import invoke

RIGHT = "募集善款[8万元|8万|元|money|募集善款|donation]。<donation>\n"


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    """A folder with a right file, and one that is wrong in a value, a kind, a type, and in what it misses and adds."""
    (tmp_path / "right.txt").write_text(RIGHT, encoding="utf-8")
    (tmp_path / "wrong.txt").write_text(
        "走访侨眷[30户|31|户|households|走访侨眷|visit]。<service>\n推出“{侨助工坊|team}”服务。\n"
        "第[37个|37|个|other|节日|]节日，慰问老人20户。\n",
        encoding="utf-8",
    )
    return tmp_path


def test_score_prints_both_tables_and_exits_with_0(gold: Path) -> None:
    result = invoke("score", gold)
    assert result.exit_code == 0
    assert result.output.startswith("2 articles, ")
    assert all(word in result.output for word in ("indicators 指标", "95 % of F1", "mean told", "figure: span"))
    assert "wrong.txt:" not in result.output


def test_wrong_lists_each_error_with_file_line_kind_and_rule(gold: Path) -> None:
    listed = invoke("score", gold, "--wrong").output.splitlines()
    path = gold / "wrong.txt"
    assert (
        f"{path}:1: value: 走访侨眷[30户]。⏎推出“侨助工坊”服务 | gold 31 exact; found 30 exact | number.exact" in listed
    )
    kinds = {line.split(": ")[1]: line.rpartition(" | ")[2] for line in listed if line.startswith(f"{path}:")}
    assert kinds["indicator missed"].startswith("refuse.")
    assert kinds["indicator false"] == "number.exact"
    assert kinds["kind"].startswith("brand.")
    assert kinds["type false"].startswith("activity.")
    assert kinds["type missed"] == "no candidate"
    assert not any(line.startswith(str(gold / "right.txt")) for line in listed)


def test_json_says_the_same(gold: Path) -> None:
    data = json.loads(invoke("score", gold, "--json").output)
    assert set(data) == {"articles", "fields", "reliability"}
    assert data["fields"]["indicators"]["gold"] == 3
    assert data["fields"]["value"]["right"] == data["fields"]["unit"]["right"] - 1
    assert {"figure", "meaning", "time"} <= set(data["reliability"])
    wrong = json.loads(invoke("score", gold, "--json", "--wrong").output)["wrong"]
    assert {"path", "line", "kind", "around", "gold", "found", "rule"} <= set(wrong[0])
    assert len(wrong) == len(as_json(score(read_gold(gold)))["wrong"])


@pytest.mark.parametrize(
    ("words", "count"),
    [(["--match", "r*"], 1), (["--match", "right.txt", "--match", "wrong"], 2), (["--skip", "wrong"], 1)],
)
def test_files_are_chosen_by_name(gold: Path, words: list[str], count: int) -> None:
    assert json.loads(invoke("score", gold, "--json", *words).output)["articles"] == count


def test_json_gold_with_its_texts_scores_as_the_notation_does(tmp_path: Path) -> None:
    page = "某区侨联晒账单\n2023-05-06\n"
    marked = "区侨联走访侨眷[46户|46|户|households|走访侨眷|visit]，送去[2000元|2001|元|money|送去慰问金|visit]慰问金。"
    [article] = parse_gold(page + marked)
    (tmp_path / "页.txt").write_text(article.article.text, encoding="utf-8")
    (tmp_path / "页.json").write_text(json.dumps(to_json(article)), encoding="utf-8")
    result = invoke("score", tmp_path, "--texts", tmp_path, "--wrong")
    assert result.exit_code == 0
    assert f"{tmp_path / '页.txt'}:3: value: " in result.output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nowhere"], "no such file or folder"),
        ([".", "--match", "apart_*"], "no gold file of that name"),
        (["empty"], "JSON gold needs --texts"),
        (["empty", "--texts", "nowhere"], "must both be folders"),
    ],
)
def test_wrong_use_is_one_line_and_2(gold: Path, words: list[str], message: str) -> None:
    (gold / "empty").mkdir()
    result = invoke("score", *(gold / word if not word.startswith("-") and "*" not in word else word for word in words))
    assert (result.exit_code, result.output.count("\n")) == (2, 1)
    assert message in result.output


def test_bad_gold_is_one_line_with_file_and_line(gold: Path) -> None:
    (gold / "bad.txt").write_text("走访。\n走访[30户|30].\n", encoding="utf-8")
    result = invoke("score", gold)
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    assert result.output.startswith(f"jianbao: {gold / 'bad.txt'}:2: an indicator needs surface|value")
