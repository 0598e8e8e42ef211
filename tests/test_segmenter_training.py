"""Promises of `jianbao train --segmenter`: the same bytes again, faults told, and a run that uses the model and says so."""

from __future__ import annotations

import json
import os
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from jianbao.corpus.errors import InputError, OutputError
from jianbao.corpus.segmenters import NAMES, PKUSEG_FILES, Segmentation
from jianbao.pipeline import segmenting
from jianbao.pipeline.segmenting import WORDS, train_pkuseg
from made_calls import invoke
from made_segmenters import SENTENCE, cutter, hide, pkuseg

CUT_BY_HAND = [WORDS, WORDS.with_name("test.txt")]
posix = pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a folder that refuses writing")


# Training.


@pytest.mark.parametrize("path", CUT_BY_HAND, ids=lambda path: path.stem)
def test_hand_cut_sentences_hold_words_parted_by_one_blank(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    assert text.endswith("\n")
    rows = [line.split(" ") for line in text.removesuffix("\n").split("\n")]
    assert [row for row in rows if not all(row) or any(word != "".join(word.split()) for word in row)] == []
    assert [row for row in rows if len(row) < 2] == []


def test_hand_cut_sentences_are_a_fifth_test_and_stand_in_one_place_only() -> None:
    train, test = (["".join(line.split()) for line in path.read_text("utf-8").splitlines()] for path in CUT_BY_HAND)
    assert len(train) == 4 * len(test) > 400
    assert len({*train, *test}) == len(train) + len(test)


@pkuseg
def test_training_gives_the_same_bytes_again_and_leaves_nothing_else(
    pkuseg_model: Path,
    few_lines: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    assert train_pkuseg(few_lines, Path("../made/anew")) == 20
    made = tmp_path / "made" / "anew"
    assert {path.name for path in made.iterdir()} == set(PKUSEG_FILES)
    assert [name for name in PKUSEG_FILES if (made / name).read_bytes() != (pkuseg_model / name).read_bytes()] == []
    assert list(here.iterdir()) == []
    assert capfd.readouterr() == ("", "")


@pkuseg
@pytest.mark.parametrize("text", ["走访 侨商 30 户", "一\n", "走访 侨商\n\n  慰问\u3000侨眷 \n", "a/b , c\n"])
def test_training_works_on_a_line_or_two(text: str, tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text(text, encoding="utf-8")
    assert train_pkuseg(tmp_path / "words.txt", tmp_path / "model") == len([line for line in text.split("\n") if line])
    assert "".join(Segmentation("pkuseg", tmp_path / "model").segmenter()(SENTENCE)) == SENTENCE


@pkuseg
def test_a_model_learns_the_words_that_it_was_shown(few_lines: Path, pkuseg_model: Path) -> None:
    cut = Segmentation("pkuseg", pkuseg_model).segmenter()
    right = total = 0
    for line in few_lines.read_text(encoding="utf-8").splitlines():
        text, words = line.replace(" ", ""), line.split(" ")
        ends = [{sum(map(len, row[:count])) for count in range(len(row) + 1)} for row in (words, cut(text))]
        spans = set(pairwise(sorted(ends[0])))
        right, total = right + len(spans & set(pairwise(sorted(ends[1])))), total + len(spans)
    assert right / total > 0.9


@pkuseg
def test_faults_of_training_are_told(few_lines: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("\n \u3000\n", encoding="utf-8")
    (tmp_path / "words.xlsx").write_bytes(b"PK\x03\x04" + bytes(60))
    for name, told in (("none.txt", "cannot be read"), ("empty.txt", "no sentences"), ("words.xlsx", "no sentences")):
        with pytest.raises(InputError, match=told):
            train_pkuseg(tmp_path / name, tmp_path / "model")
    for out in (few_lines, few_lines / "inside"):
        with pytest.raises(OutputError, match="cannot be written"):
            train_pkuseg(few_lines, out)


@pkuseg
@posix
def test_a_folder_that_refuses_writing_is_told_before_training(few_lines: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="cannot be written"):
        train_pkuseg(few_lines, tmp_path)


@pkuseg
def test_a_trainer_that_fails_is_told_and_the_model_before_stays(
    few_lines: Path, pkuseg_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(pkuseg_model, tmp_path / "model")
    monkeypatch.setattr(segmenting, "_TRAINER", "raise MemoryError('too\\nmuch')")
    with pytest.raises(InputError, match=r"few\.txt: pkuseg cannot learn from it: much"):
        train_pkuseg(few_lines, tmp_path / "model")
    kept = {path.name: path.read_bytes() for path in (tmp_path / "model").iterdir()}
    assert kept == {path.name: path.read_bytes() for path in pkuseg_model.iterdir()}


def test_training_without_the_package_is_told(few_lines: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hide("spacy_pkuseg", monkeypatch)
    with pytest.raises(InputError, match=r"spacy_pkuseg is not installed: pip install 'jianbao\[segmenters\]'"):
        train_pkuseg(few_lines, tmp_path)


# The command line.


@pkuseg
def test_a_model_made_by_train_is_used_by_run_and_stands_in_run_json(
    few_lines: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segmenting, "WORDS", few_lines)
    model, words, page = (tmp_path / name for name in ("model", "words.txt", "a.txt"))
    words.write_text("侨助工坊 5 nz\n", encoding="utf-8")
    page.write_text(f"{SENTENCE}\n", encoding="utf-8")
    assert f"20 sentences learned: {model}" in invoke("train", "--segmenter", "pkuseg", "--out", model).output
    for name in ("pkuseg", "spacy-pkuseg"):
        cutter(name, model)
        options = ("--segmenter", name, "--segmenter-model", model, "--words", words)
        assert invoke("run", page, "--out", tmp_path / "out", *options).exit_code == 0
        record = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
        assert (record["segmenter"], record["segmenter_model"]) == (name, str(model))
        assert record["words"] == str(words)


@pytest.mark.parametrize("name", [name for name in NAMES if not NAMES[name].learned])
def test_the_segmenter_of_a_run_stands_in_run_json(name: str, tmp_path: Path) -> None:
    cutter(name, tmp_path)
    (tmp_path / "a.txt").write_text(f"{SENTENCE}\n", encoding="utf-8")
    assert invoke("run", tmp_path / "a.txt", "--out", tmp_path / "out", "--segmenter", name).exit_code == 0
    record = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert (record["segmenter"], record["segmenter_model"], record["words"]) == (name, None, None)
