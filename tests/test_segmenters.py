"""Promises of the segmenters: nothing is lost, words of a dictionary stay whole, faults are told, nobody else interferes."""

from __future__ import annotations

import os
import pickle
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jianbao.corpus import segmenters
from jianbao.corpus.errors import DataError, InputError
from jianbao.corpus.segmenters import DEFAULT, NAMES, PKUSEG_FILES, Segmentation, read_words, segment
from jianbao.pipeline.segmenting import WORDS, train_pkuseg
from made_calls import invoke
from made_segmenters import PACKAGES, SENTENCE, cutter, hide, pkuseg

KEPT = ("侨助工坊", "联走", "46户，推", "K。", "以来，区侨联走访侨眷")
# Pieces of bulletins, and what cutters stumble over: blanks of all kinds, line ends, planes beyond the first, marks.
WORDLIKE = [
    "走访侨商",
    "侨助工坊",
    "1700余人次",
    "3.5%",
    "的",
    "，",
    "。",
    "“",
    "Wi-Fi",
    "a/b",
    "e.g.",
    "&",
    "C++",
    "１２",
]
BLANKS = [" ", "  ", "\t", "\u3000", "\xa0", "\u200b", "\ufeff", "\n", "\r\n", "\r", "\x85", "\u2028", "\x1c", "\x00"]
RARE = ["𠮷", "😀", "👩\u200d👧", "𝟙", "é", "e\u0301", "**Num", "**noWord", "\\0", "\ufffd"]
PIECES = st.sampled_from([*WORDLIKE, *BLANKS, *RARE])
TEXTS = st.lists(PIECES | st.text(max_size=4), max_size=25).map("".join)

relaxed = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture
def afresh() -> Iterator[None]:
    """No segmenter is kept from an earlier test, nor for a later one."""
    caches = (segmenters._made, segmenters._own_jieba)
    for kept in caches:
        kept.cache_clear()
    yield
    for kept in caches:
        kept.cache_clear()


def refused(*words: object) -> str:
    """The one line that a command answers a wrong use with."""
    result = invoke(*words)
    assert result.exit_code == 2, result.output
    (line,) = result.stderr.splitlines()
    assert line.startswith("jianbao: ")
    return line


# Nothing is lost.


@pytest.mark.parametrize("name", NAMES)
@given(text=TEXTS)
@relaxed
def test_every_segmenter_loses_nothing(name: str, pkuseg_model: Path, text: str) -> None:
    words = cutter(name, pkuseg_model)(text)
    assert "".join(words) == text
    assert all(words)


@pytest.mark.parametrize("name", NAMES)
def test_every_segmenter_gives_plain_strings_in_a_list_of_its_own(name: str, pkuseg_model: Path) -> None:
    cut = cutter(name, pkuseg_model)
    first = cut(SENTENCE)
    assert {type(word) for word in first} == {str}
    first.clear()
    assert "".join(cut(SENTENCE)) == SENTENCE


@pytest.mark.parametrize("name", sorted(set(NAMES) - {"characters", "spacy"}))
def test_segmenters_with_a_dictionary_or_a_model_find_words(name: str, pkuseg_model: Path) -> None:
    assert "服务" in cutter(name, pkuseg_model)(SENTENCE)


def test_a_setting_can_be_sent_to_another_process(pkuseg_model: Path) -> None:
    setting = Segmentation("pkuseg", pkuseg_model, WORDS)
    assert pickle.loads(pickle.dumps(setting)) == setting
    assert repr(setting) == f"Segmentation(name='pkuseg', model={pkuseg_model!r}, words={WORDS!r})"


def test_single_characters_are_the_default() -> None:
    assert Segmentation() == DEFAULT
    assert segment(SENTENCE) == list(SENTENCE)


# Words that are never cut.


@pytest.mark.parametrize("name", NAMES)
def test_words_of_a_dictionary_are_never_cut(name: str, pkuseg_model: Path, tmp_path: Path) -> None:
    for number, kept in enumerate(KEPT):
        path = tmp_path / f"{number}.txt"
        path.write_text(f"{kept}\n", encoding="utf-8")
        words = cutter(name, pkuseg_model, path)(SENTENCE)
        assert kept in words
        assert "".join(words) == SENTENCE


@given(text=TEXTS, words=st.lists(st.sampled_from(["侨助", "侨助工坊", "工坊17", "a/b", "𠮷", "访侨"]), unique=True))
@relaxed
def test_the_longest_word_from_the_left_stays_whole_wherever_it_stands(text: str, words: list[str]) -> None:
    found = segmenters.protected(list, words)(text)
    assert "".join(found) == text
    assert all(len(word) == 1 or word in words for word in found)
    starts = [sum(map(len, found[:index])) for index in range(len(found))]
    for start, word in zip(starts, found, strict=True):
        here = [known for known in words if text.startswith(known, start)]
        assert word == max(here, key=len, default=text[start])


def test_a_dictionary_that_has_changed_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    for changed, kept in enumerate(KEPT, start=1):
        path.write_text(f"{kept}\n", encoding="utf-8")
        os.utime(path, (changed, changed))
        assert kept in Segmentation(words=path).segmenter()(SENTENCE)


def test_a_dictionary_may_hold_frequency_and_tag_comments_and_empty_lines(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes("\ufeff# 品牌\r\n侨助工坊 5 nz\r\n\r\n临贤贷\t3\r\n侨胞之家 n\r\nWi-Fi\r\n侨助工坊\r\n".encode())
    assert read_words(path) == ("侨助工坊", "临贤贷", "侨胞之家", "Wi-Fi")


def test_a_dictionary_in_gb18030_is_read(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes("侨助工坊\n归侨侨眷服务中心 10 n\n走访慰问\n".encode("gb18030"))
    assert read_words(path) == ("侨助工坊", "归侨侨眷服务中心", "走访慰问")


@pytest.mark.parametrize(
    "row", ["侨助工坊 多少", "侨助工坊 n 5", "侨助工坊 5 名词", "侨助工坊 5 n 又", "侨" * 41, "区侨联 走访 侨眷 46 户"]
)
def test_a_bad_row_of_a_dictionary_is_told_with_file_and_line(row: str, tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text(f"侨助工坊\n{row}\n", encoding="utf-8")
    with pytest.raises(DataError) as told:
        read_words(path)
    assert str(told.value).startswith(f"{path}:2: expected a word")


def test_a_dictionary_that_is_missing_or_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "words.xlsx").write_bytes(b"PK\x03\x04" + bytes(60))
    for name, told in (("none.txt", "cannot be read"), (".", "cannot be read"), ("words.xlsx", "is no text file")):
        with pytest.raises(InputError, match=told):
            read_words(tmp_path / name)


def test_a_dictionary_without_words_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("# 空\n", encoding="utf-8")
    assert Segmentation(words=tmp_path / "words.txt").segmenter()(SENTENCE) == list(SENTENCE)


# Faults.


def test_an_unknown_name_is_told_with_the_names_to_choose_from() -> None:
    with pytest.raises(InputError, match=r"no segmenter is called 'thulac': choose characters, jieba, .*spacy-pkuseg"):
        Segmentation("thulac")


@pytest.mark.parametrize("name", NAMES)
def test_a_segmenter_asks_for_a_model_if_and_only_if_it_needs_one(name: str, tmp_path: Path) -> None:
    given_model = None if NAMES[name].learned else tmp_path
    told = "needs the folder of a model" if NAMES[name].learned else "takes no model"
    with pytest.raises(InputError, match=f"{name}: {told}; see --segmenter-model"):
        Segmentation(name, given_model)


@pkuseg
@pytest.mark.parametrize("name", [name for name in NAMES if NAMES[name].learned])
@pytest.mark.parametrize("missing", [*PKUSEG_FILES, ""])
def test_a_model_that_is_not_whole_is_told_with_how_to_make_one(
    name: str, missing: str, pkuseg_model: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    if missing:
        shutil.copytree(pkuseg_model, folder)
        (folder / missing).unlink()
        (folder / "features.pkl").write_bytes(b"no pickle is ever opened")
    cutter(name, pkuseg_model)
    with pytest.raises(InputError, match="holds no pkuseg model; make one with `jianbao train --segmenter pkuseg"):
        Segmentation(name, folder).segmenter()


def _half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _nothing(path: Path) -> None:
    path.write_bytes(b"")


def _noise(path: Path) -> None:
    path.write_bytes(b"\xc1 no model" * 50)


@pkuseg
@pytest.mark.parametrize("file", PKUSEG_FILES)
@pytest.mark.parametrize("hurt", [_half, _nothing, _noise])
def test_a_damaged_model_is_told(hurt: object, file: str, pkuseg_model: Path, tmp_path: Path) -> None:
    assert callable(hurt)
    folder = tmp_path / "model"
    shutil.copytree(pkuseg_model, folder)
    hurt(folder / file)
    with pytest.raises(InputError, match=r"is no model that pkuseg can read: .*train it again") as told:
        Segmentation("pkuseg", folder).segmenter()
    assert "\n" not in str(told.value)


@pkuseg
def test_features_and_weights_of_two_trainings_are_refused_and_never_read_past_their_end(
    pkuseg_model: Path, few_lines: Path, tmp_path: Path
) -> None:
    other = tmp_path / "lines.txt"
    other.write_text("".join(few_lines.read_text(encoding="utf-8").splitlines(keepends=True)[:3]), encoding="utf-8")
    train_pkuseg(other, tmp_path / "other")
    shutil.copyfile(pkuseg_model / "features.msgpack", tmp_path / "other" / "features.msgpack")
    with pytest.raises(InputError, match="not of one training"):
        Segmentation("pkuseg", tmp_path / "other").segmenter()


@pytest.mark.usefixtures("afresh")
@pytest.mark.parametrize(("name", "package"), PACKAGES)
def test_a_missing_package_is_told_with_what_to_install(
    name: str, package: str, pkuseg_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [other for known, other in PACKAGES if known == name and other != package]
    if any(find_spec(other) is None for other in others):
        pytest.skip("needs the other package")
    hide(package, monkeypatch)
    with pytest.raises(
        InputError, match=rf"{name}: {package}\S* is not installed: pip install 'jianbao\[segmenters\]'"
    ):
        Segmentation(name, pkuseg_model if NAMES[name].learned else None).segmenter()


def test_faults_of_the_options_are_one_line_with_status_2(tmp_path: Path) -> None:
    page = tmp_path / "a.txt"
    page.write_text(SENTENCE, encoding="utf-8")
    command = ("run", page, "--out", tmp_path / "out")
    assert "needs the folder of a model" in refused(*command, "--segmenter", "pkuseg")
    assert "takes no model" in refused(*command, "--segmenter", "jieba", "--segmenter-model", tmp_path)
    assert "cannot be read" in refused(*command, "--words", tmp_path / "none.txt")
    assert "--out FOLDER" in refused("train", "--segmenter", "pkuseg")
    assert "no --gold" in refused("train", "--segmenter", "pkuseg", "--out", tmp_path, "--gold", tmp_path)
    assert not (tmp_path / "out").exists()


@pkuseg
def test_a_model_that_is_missing_is_one_line_with_status_2(tmp_path: Path) -> None:
    page = tmp_path / "a.txt"
    page.write_text(SENTENCE, encoding="utf-8")
    command = ("run", page, "--out", tmp_path / "out", "--segmenter", "pkuseg", "--segmenter-model", tmp_path / "none")
    assert "jianbao train --segmenter pkuseg" in refused(*command)


# Nobody else interferes.


@pytest.mark.usefixtures("afresh")
@pytest.mark.parametrize("name", NAMES)
def test_no_segmenter_touches_the_network(name: str, pkuseg_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **options: object) -> None:
        raise AssertionError("the network was asked")

    for way in ("socket", "create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, way, fail)
    assert "".join(cutter(name, pkuseg_model)(SENTENCE)) == SENTENCE


@pkuseg
def test_a_model_called_like_one_of_the_makers_is_not_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(socket, "socket", None)
    for name in ("news", "spacy_ontonotes"):
        with pytest.raises(InputError, match="holds no pkuseg model"):
            Segmentation("pkuseg", Path(name)).segmenter()
        (tmp_path / name).mkdir()
        with pytest.raises(InputError, match="holds no pkuseg model"):
            Segmentation("pkuseg", Path(name)).segmenter()


@pytest.mark.parametrize("name", ["jieba", "spacy-jieba"])
def test_what_others_tell_jieba_changes_nothing_and_jieba_stays_as_they_set_it(name: str, tmp_path: Path) -> None:
    cutter(name, tmp_path)
    code = f"""
import logging, os
from jianbao.corpus.segmenters import Segmentation, _made
cut = Segmentation({name!r}).segmenter()
text = "区侨联走访侨眷，东海街道落实欢迎词，张三丰来了"
told, folder = cut(text), os.environ["TMPDIR"]
assert os.listdir(folder) == [], "a cache is left in the temporary folder"
import jieba
level = jieba.default_logger.level
before = jieba.lcut(text)
jieba.add_word("侨联走访")
for word in before:
    jieba.del_word(word)
assert jieba.lcut(text) != before
_made.cache_clear()
assert cut(text) == Segmentation({name!r}).segmenter()(text) == told == before
assert jieba.default_logger.level == level
"""
    places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(tmp_path))
    done = subprocess.run([sys.executable, "-c", code], env=os.environ | places, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
