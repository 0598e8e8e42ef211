"""Promises on the bundled bulletins: fields, figures that must be found and words that must not be figures."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import jianbao
import pytest
from jianbao.corpus.article import Article
from jianbao.corpus.records import Records
from jianbao.pipeline.extraction import Pipeline

BULLETINS = Path(jianbao.__file__).parent / "corpus" / "bulletins"
TABLE = Path(__file__).parent / "bulletins.tsv"
FIELDS = ("title", "published", "source", "contributor", "region")
_MASTHEAD = "heading: the masthead above the title is taken for the title"
_IMPRINT = "heading: a date beside the office that printed is not read"
# (file, field or words) that are known to be wrong, with the room and the reason.
KNOWN: dict[tuple[str, str], str] = {
    ("fuqing_qiaolian_2009.txt", "title"): _MASTHEAD,
    ("dujiangyan_honghui_2008.txt", "title"): _MASTHEAD,
    ("luoyang_weijianwei_2021.txt", "title"): _MASTHEAD,
    ("xiangyang_minge_2014.txt", "title"): _MASTHEAD,
    ("dadong_jiedao_2019.txt", "title"): _MASTHEAD,
    ("dujiangyan_honghui_2008.txt", "published"): _IMPRINT,
    ("xiji_minzhengju_2013.txt", "published"): _IMPRINT,
    ("xiangyun_sifaju_2023.txt", "region"): "reporting: 云南驿, a town, is read as 云南",
    ("changchun_canlian_2018.txt", "七公里多"): "candidates: 多 behind a unit",
    ("funan_renshe_2024.txt", "8/10"): "candidates: a fraction in figures at the end of a clause",
    ("dujiangyan_honghui_2008.txt", "十万元以上"): "refusals: a condition, 凡十万元以上的支出",
    ("wujiang_wenlvju_2025.txt", "阅读 1.3万+"): "body: the counter of a page",
    ("youyang_fulian_2020.txt", "提前十天"): "refusals: a duration",
}


class Expected(NamedTuple):
    """A row of the table; `have` and `lack` hold words parted by |."""

    file: str
    encoding: str
    title: str
    published: str
    source: str
    contributor: str
    region: str
    have: str
    lack: str


HEADER, *ROWS = (Expected(*line.split("\t")) for line in TABLE.read_text(encoding="utf-8").splitlines())


@cache
def read(name: str) -> tuple[Article, Records]:
    (article,) = jianbao.read(BULLETINS / name)
    return article, Pipeline()(article)


def cases(column: str) -> list[object]:
    """A test for each word of a column; known failures are marked."""
    return [
        pytest.param(row.file, words, id=f"{row.file}:{words}", marks=marks(row.file, words))
        for row in ROWS
        for words in filter(None, getattr(row, column).split("|"))
    ]


def marks(name: str, what: str) -> list[pytest.MarkDecorator]:
    """The mark of a known failure."""
    reason = KNOWN.get((name, what))
    return [pytest.mark.xfail(strict=True, reason=reason)] if reason else []


def decoded(row: Expected) -> str:
    """The file read as the table says; a byte-order mark is no text."""
    text = (BULLETINS / row.file).read_bytes().decode(row.encoding)
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def test_the_table_names_every_bulletin_once() -> None:
    assert sorted(row.file for row in ROWS) == sorted(path.name for path in BULLETINS.iterdir())
    assert HEADER[:7] == Expected._fields[:7]


def test_no_known_failure_is_idle() -> None:
    pairs = {(row.file, words) for row in ROWS for words in (*row.have.split("|"), *row.lack.split("|"))}
    assert set(KNOWN) <= pairs | {(row.file, field) for row in ROWS for field in FIELDS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.file)
def test_the_text_is_the_decoded_file(row: Expected) -> None:
    article, _ = read(row.file)
    assert article.text == decoded(row)
    assert (article.status, article.message) == ("ok", "")


@pytest.mark.parametrize(
    ("row", "field"),
    [
        pytest.param(row, field, id=f"{row.file}:{field}", marks=marks(row.file, field))
        for row in ROWS
        for field in FIELDS
    ],
)
def test_the_fields_of_the_article_are_right(row: Expected, field: str) -> None:
    article, _ = read(row.file)
    assert str(getattr(article, field) or "") == getattr(row, field)


@pytest.mark.parametrize(("name", "words"), cases("have"))
def test_a_figure_of_the_bulletin_is_found(name: str, words: str) -> None:
    article, records = read(name)
    assert words in article.text
    assert words in {found.text for found in records.indicators}


@pytest.mark.parametrize(("name", "words"), cases("lack"))
def test_words_that_only_look_like_a_figure_are_left_alone(name: str, words: str) -> None:
    article, records = read(name)
    place = article.text.find(words)
    assert place >= 0
    while place >= 0:
        end = place + len(words)
        assert [found.text for found in records.indicators if place <= found.start and found.end <= end] == []
        place = article.text.find(words, end)
