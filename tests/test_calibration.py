"""Promises of confidence: it is counted on gold, the pack is that of the gold, and each record carries its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import jianbao
import pytest
from jianbao.corpus.article import Article
from jianbao.corpus.errors import DataError
from jianbao.models.calibration import (
    GROUPS,
    HIGHEST,
    LOWEST,
    NAME,
    PACK,
    WEIGHT,
    Calibration,
    Case,
    calibration,
    fit,
    pack_text,
    read_counts,
)
from jianbao.models.packs import FORMAT, GOLD, gold_hash, read_pack
from jianbao.pipeline.extraction import Pipeline
from jianbao.pipeline.learned import PACKS, WORD_PACK
from made_calls import invoke

TEXT = "今年以来，区侨联走访侨眷46户，送去慰问金2000元，推出“侨助工坊”服务。"
BLOCK = "走访侨眷[30户|30|户|households|走访侨眷|visit]，送去[8万元|9万|元|money|送去慰问金|visit]。<visit>\n"


# The shipped pack.


def test_the_pack_was_fitted_on_the_gold_as_it_is() -> None:
    assert read_pack(PACK, NAME)["gold"] == gold_hash(), "the gold has changed since: run `jianbao train`"


def test_the_pack_is_small_sorted_and_a_reading_a_line() -> None:
    text = PACK.read_text(encoding="utf-8")
    assert len(text) < 50_000
    assert text == pack_text(read_counts(), read_pack(PACK, NAME)["gold"])
    assert json.dumps(json.loads(text), sort_keys=True) == json.dumps(json.loads(text))
    assert sum(line.count(": [") for line in text.splitlines()) > 20


def test_the_pack_holds_every_group_with_more_than_one_reading() -> None:
    counts = read_counts()
    assert set(counts) == set(GROUPS)
    assert all(len(leaves) > 1 for leaves in counts.values())
    assert all(0 <= right <= seen for leaves in counts.values() for right, seen in leaves.values())


def test_confidence_needs_no_learning_library() -> None:
    code = (
        f"import jianbao, sys; jianbao.extract({TEXT!r});"
        "print({'sklearn', 'numpy', 'jianbao.pipeline.training', 'jianbao.pipeline.scoring'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd="/")
    assert done.stdout == "set()\n"


# Probabilities.


def test_much_seen_readings_tell_their_own_share_and_rare_ones_lean_on_the_rest() -> None:
    known = Calibration({"brand": {("often",): (500, 1000), ("rare",): (1, 1)}})
    whole = 502 / 1003
    assert known.probability("brand", ("often",)) == pytest.approx((500 + WEIGHT * whole) / (1000 + WEIGHT), abs=1e-3)
    assert known.probability("brand", ("rare",)) == pytest.approx((1 + WEIGHT * whole) / (1 + WEIGHT), abs=1e-3)


def test_an_unseen_reading_has_the_probability_of_its_longest_seen_beginning() -> None:
    known = Calibration({"figure": {("money", "nothing", "unit"): (90, 100), ("other", "noun", "noun"): (10, 100)}})
    money, other = (known.probability("figure", (unit,)) for unit in ("money", "other"))
    assert known.probability("figure", ("money", "place", "noun")) == money
    assert known.probability("figure", ("goods", "nothing", "unit")) == known.probability("figure", ())
    assert money > known.probability("figure", ()) > other


def test_no_record_is_certain_and_none_impossible() -> None:
    known = Calibration({"brand": {("always",): (10**6, 10**6)}, "activity": {("never",): (0, 10**6)}})
    assert known.probability("brand", ("always",)) == HIGHEST
    assert known.probability("activity", ("never",)) == LOWEST


def test_cases_are_counted_by_group_and_reading() -> None:
    counts = fit([Case("brand", ("a",), True), Case("brand", ("a",), False), Case("activity", ("b",), True)])
    assert (counts["brand"], counts["activity"], counts["time"]) == ({("a",): (1, 2)}, {("b",): (1, 1)}, {})


# What records carry.


def test_every_record_carries_the_probability_of_its_reading() -> None:
    article = jianbao.Article("a", TEXT, body=((0, len(TEXT)),))
    pipeline = Pipeline(models=False)
    found, records = pipeline.find(article), pipeline(article)
    assert len(records.indicators) == len(found.readings) == 2
    for indicator, reading in zip(records.indicators, found.readings, strict=True):
        told = (indicator.confidence, indicator.confidence_meaning, indicator.confidence_time)
        known = calibration().probability
        assert told == tuple(known(group, reading[group]) for group in ("figure", "meaning", "time"))
        assert all(len(reading[group]) == len(GROUPS[group]) for group in reading)
    for mention in (*records.brands, *records.activities):
        group = "brand" if mention in records.brands else "activity"
        assert mention.confidence == calibration().probability(group, (mention.rule,))
    assert records.brands
    assert records.activities


def test_indicators_differ_in_confidence() -> None:
    records = jianbao.extract("募集善款40万元，走访侨眷46户，推出创意绣品23款，占六成。")
    assert len({indicator.confidence for indicator in records.indicators}) > 1


def test_a_text_without_body_has_no_records() -> None:
    assert Pipeline()(jianbao.Article("a", "")) == jianbao.Records()


# Training.


def test_train_gives_the_same_bytes_each_time_and_leaves_out_what_is_kept_apart(tmp_path: Path) -> None:
    gold, packs = tmp_path / "gold", [tmp_path / name for name in "ab"]
    gold.mkdir()
    (gold / "kept.txt").write_text(BLOCK, encoding="utf-8")
    assert invoke("train", "--gold", gold, "--out", packs[0]).exit_code == 0
    (gold / "apart_more.txt").write_text(BLOCK * 3, encoding="utf-8")
    assert invoke("train", "--gold", gold, "--out", packs[1]).exit_code == 0
    names = sorted(path.name for path in packs[0].iterdir())
    assert names == sorted(f"{name}.json" for name in (NAME, *PACKS, WORD_PACK))
    assert all((packs[0] / name).read_bytes() == (packs[1] / name).read_bytes() for name in names)
    counts = read_counts(packs[0] / "calibration.json")
    assert counts["figure"] == {("households", "nothing", "unit"): (1, 1), ("money", "nothing", "unit"): (0, 1)}
    assert sum(seen for _, seen in counts["activity"].values()) == 1


def test_the_hash_follows_names_and_words_but_not_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    hashes = []
    for data in (b"one\n", b"one\r\n", b"two\n"):
        path.write_bytes(data)
        hashes.append(gold_hash(tmp_path))
    path.rename(tmp_path / "b.txt")
    hashes.append(gold_hash(tmp_path))
    assert hashes[0] == hashes[1]
    assert len(set(hashes)) == 3


def test_the_shipped_pack_is_made_by_default_of_the_shipped_gold() -> None:
    assert Path(jianbao.__file__).parent / "models" / "calibration.json" == PACK
    assert sorted(GOLD.glob("*.txt"))
    assert "By default on the gold of the package" in " ".join(invoke("train", "--help").output.split())


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (["--gold", "empty"], 2, "holds no gold to learn from"),
        (["--gold", "bad"], 1, "bad.txt:1: an indicator needs"),
        (["--gold", "good", "--out", "taken"], 2, "cannot be written"),
    ],
)
def test_training_that_cannot_be_is_told_on_one_line(
    tmp_path: Path, words: list[str], status: int, message: str
) -> None:
    for name, text in (("bad", "走访[30户]。"), ("good", BLOCK)):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").write_text(text, encoding="utf-8")
    (tmp_path / "empty").mkdir()
    (tmp_path / "taken").write_text("", encoding="utf-8")
    result = invoke("train", *(word if word.startswith("-") else tmp_path / word for word in words))
    assert (result.exit_code, result.output.count("\n")) == (status, 1)
    assert message in result.output


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "cannot be read"),
        ("{", ":1: is no JSON"),
        ("[]", f"is no pack of format {FORMAT}"),
        ('{"format": 1}', f"is no pack of format {FORMAT}"),
        (f'{{"format": {FORMAT}, "pack": "types"}}', "is a pack of 'types', not of 'calibration'"),
        (f'{{"format": {FORMAT}, "pack": "calibration", "groups": {{}}}}', "was fitted on other features"),
        (f'{{"format": {FORMAT}, "pack": "calibration", "groups": []}}', "is damaged"),
    ],
)
def test_a_pack_that_cannot_be_used_says_to_train(tmp_path: Path, text: str | None, message: str) -> None:
    path = tmp_path / "pack.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_counts(path)
    assert message in str(caught.value)
    assert str(caught.value).endswith("run `jianbao train`")


def test_a_record_with_other_confidences_is_else_the_same() -> None:
    records = Pipeline()(Article("a", TEXT, body=((0, len(TEXT)),)))
    assert records.indicators
    assert records.brands
    assert records.activities
    for one in records.indicators:
        other = replace(one, confidence=0.1, confidence_meaning=0.2, confidence_time=0.3, part_of=(1, 2), region="33")
        assert replace(other, confidence=0.4, confidence_meaning=0.5, confidence_time=0.6) == other.believed(
            0.4, 0.5, 0.6
        )
    assert [replace(one, confidence=0.4) for one in records.brands] == [one.believed(0.4) for one in records.brands]
    types = records.activities
    assert [replace(one, confidence=0.4) for one in types] == [one.believed(0.4) for one in types]
