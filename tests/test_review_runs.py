"""Promises of the review over time: what was said survives the next run, and is learned from when asked."""

from __future__ import annotations

import json
import logging
import shutil
from decimal import Decimal
from pathlib import Path

import jianbao
import pytest
from jianbao.pipeline.review_gold import reviewed_gold
from jianbao.pipeline.run import run
from jianbao.pipeline.training import train
from made_calls import invoke
from made_reviews import FIRST, at, bytes_of, change, reviewing, rows_of, standing

BULLETINS = Path(__file__).parents[1] / "corpus" / "bulletins"
SUM = {"region": "330113", "dimension": "person_times"}


@pytest.fixture
def out(reviewed_out: Path) -> Path:
    return reviewed_out


# The next run.


def test_corrections_survive_the_next_run_and_are_in_its_totals(out: Path) -> None:
    change(out, "a.txt", "1700余人次", low="17000", high="18000")
    before = bytes_of(out)
    run([out.parent / "in"], out)
    assert bytes_of(out) == before
    told = jianbao.read_tables(out)
    assert [row["own_low"] for row in rows_of(told["totals"], **SUM) if row["own_count"]] == [Decimal(17000)]
    assert rows_of(told["indicators"], text="1700余人次")[0]["rule"] == "review"


def test_a_correction_is_found_again_where_offsets_moved(out: Path) -> None:
    change(out, "a.txt", "260人", measure="受训侨眷")
    with reviewing(out) as review:
        review.accept("a.txt", at(standing(review, "a.txt", "36万元").record))
    (out.parent / "in" / "a.txt").write_text(
        FIRST.replace("今年以来，", "春暖花开时节，全区上下一心。\n今年以来，"), encoding="utf-8"
    )
    run([out.parent / "in"], out)
    rows = jianbao.read_tables(out)["indicators"]
    [row] = rows_of(rows, text="260人")
    assert (row["measure"], row["rule"]) == ("受训侨眷", "review")
    assert rows_of(rows, text="36万元")[0]["confidence"] == 1.0
    text = (out.parent / "in" / "a.txt").read_text(encoding="utf-8")
    assert text[row["start"] : row["end"]] == "260人"


def test_a_correction_whose_text_is_gone_is_told_and_kept(out: Path, caplog: pytest.LogCaptureFixture) -> None:
    change(out, "a.txt", "260人", measure="受训侨眷")
    kept = (out / "review" / "review.txt").read_bytes()
    (out.parent / "in" / "a.txt").write_text(FIRST.replace("培训260人", "培训300人"), encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        run([out.parent / "in"], out)
    assert "review.txt:5" in caplog.text
    assert "no longer stands" in caplog.text
    assert (out / "review" / "review.txt").read_bytes() == kept
    assert rows_of(jianbao.read_tables(out)["indicators"], text="300人")
    with reviewing(out) as review:
        assert [one.why for one in review.lost] == ["gone"]
        review.accept("b.txt", at(standing(review, "b.txt", "120名").record))
    assert "受训侨眷" in (out / "review" / "review.txt").read_text(encoding="utf-8")


def test_an_acceptance_holds_for_the_reading_that_was_accepted_alone(out: Path) -> None:
    with reviewing(out) as review:
        review.accept("b.txt", at(standing(review, "b.txt", "50万元").record))
    path = out / "indicators.csv"
    path.write_text(
        path.read_text(encoding="utf-8-sig").replace("500000,500000", "500000,600000"), encoding="utf-8-sig"
    )
    assert rows_of(jianbao.read_tables(out)["indicators"], text="50万元")[0]["confidence"] < 1.0
    with reviewing(out) as review:
        assert review.done()["accept"] == 0


def test_without_the_text_corrections_hold_where_they_stood(out: Path) -> None:
    change(out, "b.txt", "120名", measure="资助困难学生")
    shutil.rmtree(out.parent / "in")
    assert rows_of(jianbao.read_tables(out)["indicators"], text="120名")[0]["measure"] == "资助困难学生"


# Learning.


def test_only_sentences_that_were_gone_through_are_learned_from(out: Path) -> None:
    with reviewing(out) as review:
        review.accept("b.txt", at(standing(review, "b.txt", "50万元").record))
    assert reviewed_gold(out) == []
    with reviewing(out) as review:
        for each in review.sheet("b.txt").standing:
            review.accept("b.txt", at(each.record))
    texts = [gold.article.text for gold in reviewed_gold(out)]
    assert "西湖区侨联收到捐款50万元，资助学生120名。" in texts
    [gold] = [gold for gold in reviewed_gold(out) if "50万元" in gold.article.text]
    assert [one.text for one in gold.records.indicators] == ["50万元", "120名"]


def test_a_block_written_by_hand_is_learned_from(out: Path) -> None:
    sentence = "5月，举办法律培训班3期，培训260人。"
    (out / "review").mkdir()
    (out / "review" / "review.txt").write_text(
        f"@ article=a.txt start={FIRST.index(sentence)} region=330113\n"
        "5月，举办法律培训班[3期|3|期|events|举办法律培训班|rights]，培训260人。<rights>\n",
        encoding="utf-8",
    )
    [gold] = reviewed_gold(out)
    assert ([one.text for one in gold.records.indicators], gold.article.text) == (["3期"], sentence)
    assert rows_of(jianbao.read_tables(out)["indicators"], text="260人") == []


def test_training_takes_reviews_in_and_its_packs_say_so(out: Path, tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="training needs scikit-learn")
    gold = tmp_path / "gold"
    gold.mkdir()
    shutil.copy(Path(jianbao.__file__).parent / "corpus" / "gold" / "bulletins_qiaolian.txt", gold)
    with reviewing(out) as review:
        for each in review.sheet("b.txt").standing:
            review.accept("b.txt", at(each.record))
    alone = train(gold, tmp_path / "alone")
    told = invoke("train", "--gold", gold, "--review", out, "--out", tmp_path / "both")
    assert told.exit_code == 0, told.output
    packs = [json.loads((tmp_path / name / "types.json").read_text(encoding="utf-8")) for name in ("alone", "both")]
    assert packs[0]["gold"] != packs[1]["gold"]
    assert f"{alone['types']} cases" not in told.output
    assert "sentences of reviews taken in" in told.output
