"""Promises of the command line on a folder of every format and every damage."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jianbao.pipeline.parts import FOLDER
from jianbao.pipeline.tables import COLUMNS, DERIVED
from jianbao.pipeline.texts import text_name
from made_calls import invoke
from made_calls import table as rows
from made_documents import DAMAGES as BROKEN_DOCUMENTS
from made_documents import FORMATS as DOCUMENTS
from made_tables_and_archives import DAMAGES as BROKEN_TABLES
from made_tables_and_archives import FORMATS, ROWS, page

Row = dict[str, str]
# Statuses that the articles of a damaged file may have; what is whole in it is read.
STATUSES = {"ok", "partial", "repeat", "failed"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every format and every damage, each in a folder of its own, and a plain text beside them."""
    place = tmp_path_factory.mktemp("in")
    made: dict[str, Callable[[], bytes]] = {
        **{f"documents/{name}": make for name, make in DOCUMENTS.items()},
        **{f"tables/{name}": make for name, make in FORMATS.items() if not name.endswith(".json")},
        **{f"受损/{name}": make for name, (make, _) in BROKEN_DOCUMENTS.items()},
        **{f"受损/{name}": make for name, make in BROKEN_TABLES.items() if not name.endswith(".json")},
        "pages/一.html": lambda: page(1),
        "pages/名为文本.txt": lambda: page(2),
        "纯文本.txt": lambda: "慰问侨眷\n2023-03-08\n区侨联走访侨眷7300户，送去慰问金92万元。\n".encode("gb18030"),
    }
    for name, make in made.items():
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_bytes(make())
    return place


@pytest.fixture(scope="module")
def out(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    place = tmp_path_factory.mktemp("run") / "out"
    result = invoke("run", folder, "--out", place, "--limit", "seconds=20", "--limit", "pages=100")
    assert (result.exit_code, result.exception) == (3, None) or isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    yield place
    assert not list(place.parent.glob("*.part"))


def test_every_file_of_the_folder_has_its_row(folder: Path, out: Path) -> None:
    told = [row["article"] for row in rows(out)]
    assert len(told) == len(set(told))
    for path in folder.rglob("*.*"):
        name = path.relative_to(folder).as_posix()
        assert any(article == name or article.startswith((f"{name}#", f"{name}/")) for article in told), name


def test_every_whole_file_is_read(out: Path) -> None:
    whole = [row for row in rows(out) if row["article"].startswith(("documents/", "tables/", "pages/"))]
    assert len(whole) > 60
    # the web archive holds a stub of a PDF
    assert {row["article"] for row in whole if row["status"] == "failed"} == {
        "tables/网页.warc#7", "tables/网页.warc.gz#7",
    }  # fmt: skip
    assert {row["format"] for row in whole} >= {
        "docx", "rtf", "odt", "epub", "pdf", "csv", "tsv", "jsonl", "xlsx", "parquet", "html", "text",
    }  # fmt: skip


@pytest.mark.parametrize("name", BROKEN_DOCUMENTS)
def test_a_damaged_document_has_the_status_that_it_deserves_and_says_why(out: Path, name: str) -> None:
    (row,) = [row for row in rows(out) if row["article"] == f"受损/{name}"]
    expected = BROKEN_DOCUMENTS[name][1]
    assert row["status"] in (expected, "repeat" if expected == "partial" else expected)
    assert row["message"]
    assert "a fault of jianbao" not in row["message"]


def test_no_damage_is_told_as_a_fault_of_ours_or_at_length(out: Path) -> None:
    broken = [row for row in rows(out) if row["article"].startswith("受损/")]
    assert {row["status"] for row in broken} <= STATUSES
    assert [row["message"] for row in broken if "fault of jianbao" in row["message"]] == []
    assert all("\n" not in row["message"] and len(row["message"]) < 400 for row in broken)
    assert all(row["message"] for row in broken if row["status"] in ("failed", "partial"))


def test_bombs_name_the_limit_that_they_met(out: Path) -> None:
    messages = {row["article"]: row["message"] for row in rows(out)}
    for name in ("炸弹.zip", "炸弹.txt.gz", "深.zip", "bomb.docx", "long.pdf"):
        told = [message for article, message in messages.items() if article.startswith(f"受损/{name}")]
        assert any("limit " in message and "--limit" in message for message in told), name


def test_offsets_count_in_the_text_beside_the_tables(folder: Path, out: Path) -> None:
    formats = {row["article"]: row["format"] for row in rows(out)}
    found = [row for name in ("indicators", "brands") for row in rows(out, name)]
    assert {formats[row["article"]] for row in found} >= {"csv", "epub", "html", "pdf", "text"}
    for row in found:
        if formats[row["article"]] != "text":
            text = (out / text_name(row["article"])).read_bytes().decode()
            assert text[int(row["start"]) : int(row["end"])] == row["text"]


def test_every_article_of_another_format_has_its_text_and_no_other_file_is_written(out: Path) -> None:
    wanted = {
        str(text_name(row["article"])) for row in rows(out) if row["format"] != "text" and row["characters"] != "0"
    }
    assert {path.relative_to(out).as_posix() for path in (out / "text").rglob("*") if path.is_file()} == wanted
    made = {*(f"{name}.csv" for name in (*COLUMNS, *DERIVED)), "run.json", "run.log", "totals.json", FOLDER, "text"}
    assert {path.name for path in out.iterdir()} == made


def test_nothing_is_written_outside_the_output_folder(out: Path) -> None:
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_the_columns_of_a_table_go_before_what_the_text_says(out: Path) -> None:
    told = {row["article"]: row for row in rows(out)}
    row = told["tables/表格.csv#1"]
    assert [row[name] for name in ("title", "published", "source", "contributor", "region")] == [
        "慰问归侨侨眷", "2021-03-08", "绍兴日报", "柯桥区侨联", "330603",
    ]  # fmt: skip


def test_the_same_rows_in_another_format_are_repeats(out: Path) -> None:
    told = [row for row in rows(out) if row["article"].startswith("tables/表格")]
    again = [row["article"] for row in told if row["status"] == "repeat"]
    assert len(told) > 20
    assert len(told) - len(again) <= len(ROWS)
    assert all("the same text as" in row["message"] for row in told if row["status"] == "repeat")
    assert not {row["article"] for row in rows(out, "indicators")} & set(again)


def test_figures_of_every_format_are_those_of_the_text(out: Path) -> None:
    found: dict[str, set[str]] = {}
    for row in rows(out, "indicators"):
        found.setdefault(row["article"], set()).add(row["text"])
    assert {"1,200余户", "近4万元", "36场", "5800人次", "12家", "2.35亿元", "8.6%"} <= found["documents/book.epub"]
    assert found["纯文本.txt"] == {"7300户", "92万元"}
    assert "101户" in found["pages/一.html"]


def test_the_run_says_how_it_read(out: Path) -> None:
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert record["limits"]["seconds"] == 20
    assert record["columns"] == {}
    statuses = [row["status"] for row in rows(out)]
    assert (record["read"], record["failed"]) == (len(statuses), statuses.count("failed"))
    assert record["repeated"] == statuses.count("repeat")
