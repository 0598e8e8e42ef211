"""Promises of the report's content: one file, bounded, the same each time, and every figure beside the text it stands in."""

from __future__ import annotations

import csv
import json
import re
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jianbao.corpus.errors import InputError, OutputError
from jianbao.corpus.regions import NATION, divisions
from jianbao.pipeline.passages import AROUND, Told, passages, whole_text
from jianbao.pipeline.report import PAGE, embedded, phrases, tiles, write_report
from jianbao.pipeline.report_content import Bounds
from jianbao.pipeline.summing import sum_up
from jianbao.pipeline.tables import COLUMNS
from jianbao.pipeline.totals import Request
from made_calls import BULLETINS

pytest.importorskip("jinja2", reason="the report needs Jinja2")


SMALL = Bounds(totals=40, figures=30, brands=5, mentions=6, sentences=7, articles=3, characters=9000)
Rows = list[dict[str, Any]]


def data_of(page: Path) -> dict[str, Any]:
    found = re.search(r'id="data">(.*?)</script>', page.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    told: dict[str, Any] = json.loads(found[1])
    return told


def rows_of(table: dict[str, Any]) -> Rows:
    return [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]


def shown_at(data: dict[str, Any], row: dict[str, Any]) -> str:
    """What the page shows of a mention: the piece of its article from start to end."""
    for start, text in data["texts"].get(str(row["article"]), ()):
        if start <= row["start"] and row["end"] <= start + len(text):
            return str(text[row["start"] - start : row["end"] - start])
    return ""


def tables_of(folder: Path, articles: list[dict[str, str]], indicators: list[dict[str, str]]) -> Path:
    """An output folder made by hand; what is not told is empty or of no weight."""
    folder.mkdir(parents=True, exist_ok=True)
    defaults = {
        "articles": {"characters": "0", "status": "ok", "format": "text"},
        "indicators": {
            "bound": "exact", "dimension": "people", "unit": "人", "status": "done", "confidence": "0.9", "rule": "made",
            "confidence_meaning": "0.9", "confidence_time": "0.9", "low": "1", "high": "1",
        },
    }  # fmt: skip
    for name, columns in COLUMNS.items():
        rows = {"articles": articles, "indicators": indicators}.get(name, [])
        with (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows({**defaults.get(name, {}), **row} for row in rows)
    record = {"version": "0.1.0", "state": "done", "inputs": [], "characters": 0}
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


def told_of(**cells: str) -> dict[str, str]:
    """The row of 走访12人, but for the cells that are given."""
    return {"article": "a.txt", "start": "2", "end": "5", "text": "12人", "low": "12", "high": "12"} | cells


# The page.


def test_the_page_is_one_file_that_asks_for_nothing(bulletin_run: Path, tmp_path: Path) -> None:
    page = write_report(bulletin_run, tmp_path / "page.html").read_text(encoding="utf-8")
    frame = re.sub(r'id="data">.*?</script>', "", page, flags=re.DOTALL)
    assert not re.search(r"\b(src|href)=(?!\"#)|@import|url\(|fetch\(|XMLHttp|localStorage|innerHTML|eval\(", frame)
    assert "default-src 'none'" in page
    assert list(tmp_path.iterdir()) == [tmp_path / "page.html"]


def test_the_same_run_gives_the_same_page(bulletin_run: Path, tmp_path: Path) -> None:
    first = write_report(bulletin_run, tmp_path / "first.html").read_bytes()
    assert write_report(bulletin_run, tmp_path / "second.html").read_bytes() == first


def test_every_figure_and_name_stands_in_its_text(bulletin_run: Path, tmp_path: Path) -> None:
    data = data_of(write_report(bulletin_run, tmp_path / "page.html"))
    for name in ("figures", "mentions"):
        rows = rows_of(data[name])
        assert rows
        assert [(shown_at(data, row), row["text"]) for row in rows if shown_at(data, row) != row["text"]] == []
    assert all(row["whole"] for row in rows_of(data["articles"]))


def test_without_the_input_the_sentences_are_shown(bulletin_run: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    shutil.copytree(bulletin_run, moved)
    record = json.loads((moved / "run.json").read_text(encoding="utf-8"))
    (moved / "run.json").write_text(json.dumps({**record, "inputs": ["/nowhere"]}), encoding="utf-8")
    data = data_of(write_report(moved))
    assert not any(row["whole"] for row in rows_of(data["articles"]))
    wrong = [row for row in rows_of(data["figures"]) if shown_at(data, row) != row["text"]]
    assert wrong == []
    sentences = [row for row in rows_of(data["sentences"]) if row["end"] - row["start"] < AROUND]
    assert sentences
    assert all(shown_at(data, row) for row in sentences)


def test_each_sum_is_that_of_the_figures_it_opens(bulletin_run: Path, tmp_path: Path) -> None:
    data = data_of(write_report(bulletin_run, tmp_path / "page.html"))
    figures, totals = rows_of(data["figures"]), rows_of(data["totals"])
    for number, row in enumerate(totals):
        behind = [found for found in figures if found["total"] == number]
        assert len(behind) == row["own_count"]
        assert sum(found["high"] for found in behind) == pytest.approx(row["own_high"] or 0)


def test_the_page_is_bounded_and_says_so(bulletin_run: Path, tmp_path: Path) -> None:
    data = data_of(write_report(bulletin_run, tmp_path / "page.html", bounds=SMALL))
    counts = data["counts"]
    assert len(data["totals"]["rows"]) == counts["totals"][0] == 40 < counts["totals"][1]
    assert len(data["brands"]["rows"]) == counts["brands"][0] == 5 < counts["brands"][1]
    assert counts["figures"][0] < counts["figures"][1] == 531
    whole = [row for row in rows_of(data["articles"]) if row["whole"]]
    assert 0 < len(whole) < 24
    assert sum(row["characters"] for row in whole) <= SMALL.characters
    assert {row["region"] for row in rows_of(data["totals"])} >= {NATION}


def test_each_sum_keeps_some_evidence_when_figures_are_many(bulletin_run: Path, tmp_path: Path) -> None:
    with (bulletin_run / "ledger.csv").open(encoding="utf-8-sig", newline="") as file:
        ledger = list(csv.DictReader(file))
    groups, reasons = ({row[name] for row in ledger if row[name]} for name in ("total", "reason"))
    bounds = Bounds(figures=len(groups) + len(reasons), characters=0)
    figures = rows_of(data_of(write_report(bulletin_run, tmp_path / "page.html", bounds=bounds))["figures"])
    assert len({found["total"] for found in figures if found["total"] is not None}) == len(groups)
    assert {found["reason"] for found in figures if found["reason"]} == reasons


def test_the_reasons_are_counted_over_the_whole_ledger(bulletin_run: Path, tmp_path: Path) -> None:
    data = data_of(write_report(bulletin_run, tmp_path / "page.html", bounds=SMALL))
    told = json.loads((bulletin_run / "totals.json").read_text(encoding="utf-8"))["verdicts"]
    assert dict(data["reasons"]) == told


def test_what_the_text_says_ends_no_script() -> None:
    text = "</script><!-- \u2028 & 'quoted' \"twice\" \u202e"
    told = embedded({"title": text})
    assert not set("<>&\u2028\u2029") & set(told)
    assert json.loads(told)["title"] == text


def test_the_input_folder_is_named_without_its_place(bulletin_run: Path, tmp_path: Path) -> None:
    page = write_report(bulletin_run, tmp_path / "page.html").read_text(encoding="utf-8")
    assert str(BULLETINS.parent) not in page
    assert data_of(tmp_path / "page.html")["run"]["inputs"] == [BULLETINS.name]


# What is asked.


def asked(out: Path, target: Path, **settings: Any) -> dict[str, Any]:
    return data_of(write_report(out, target, request=Request(**settings)))


@pytest.mark.parametrize("settings", [{"year": 2023}, {"divisions": 2010}, {"year": 2023, "divisions": 2010}])
def test_the_sums_are_those_of_the_same_totals(bulletin_run: Path, tmp_path: Path, settings: dict[str, Any]) -> None:
    data = asked(bulletin_run, tmp_path / "page.html", **settings)
    summary = sum_up(bulletin_run, Request(**settings), target=tmp_path / "totals")
    assert dict(data["reasons"]) == summary.verdicts
    with (tmp_path / "totals" / "totals.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    expected = {(row["region"], row["own_count"], row["below_count"], row["articles"]) for row in rows}
    shown = {
        tuple(str(row[name]) for name in ("region", "own_count", "below_count", "articles"))
        for row in rows_of(data["totals"])
    }
    assert shown == expected
    names = {row["region"]: row["region_name"] for row in rows}
    assert {code: data["regions"][code][1] for code in names} == names
    levels = {row["region"]: row["level"] for row in rows}
    assert {code: data["regions"][code][2] for code in levels} == levels


def test_regions_lie_in_the_divisions_of_the_asked_year(tmp_path: Path) -> None:
    told = {"article": "a.txt", "start": "2", "end": "5", "text": "12人", "low": "12", "high": "12", "region": "371202"}
    article = {"article": "a.txt", "published": "2017-05-01"}
    out = tables_of(tmp_path / "out", [article], [told])
    data = asked(out, tmp_path / "page.html", year=2017)
    assert {row["region"] for row in rows_of(data["totals"])} == {"371202", "371200", "370000", NATION}
    assert data["regions"]["371202"][3] == "371200"
    assert data["regions"]["371200"][:3] == ["莱芜市", "山东省莱芜市", "prefecture"]
    assert data["headline"]["region"] == "371202"
    today = asked(out, tmp_path / "today.html", divisions=2022)
    assert [today["regions"][code][1] for code in ("370116", "370100")] == ["山东省济南市莱芜区", "山东省济南市"]


def test_a_level_leaves_the_sums_of_the_others_for_the_map(bulletin_run: Path, tmp_path: Path) -> None:
    data = asked(bulletin_run, tmp_path / "page.html", level="county")
    every = data_of(write_report(bulletin_run, tmp_path / "every.html"))
    assert data["request"] == {"year": None, "divisions": None, "level": "county"}
    assert {**data, "request": None} == {**every, "request": None}


def test_sums_that_the_page_cannot_lay_out_are_refused(bulletin_run: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="by activity and dimension alone"):
        write_report(bulletin_run, tmp_path / "page.html", request=Request(by=("brand",)))
    assert not (tmp_path / "page.html").exists()


# What may be little.


def test_an_empty_run_has_a_page(tmp_path: Path) -> None:
    data = data_of(write_report(tables_of(tmp_path / "out", [], [])))
    assert data["totals"]["rows"] == data["figures"]["rows"] == data["headline"]["totals"] == []


def test_figures_of_no_region_have_no_sum(tmp_path: Path) -> None:
    told = told_of(sentence="走访12人。")
    data = data_of(write_report(tables_of(tmp_path / "out", [{"article": "a.txt"}], [told])))
    (found,) = rows_of(data["figures"])
    assert (found["reason"], found["total"], data["totals"]["rows"]) == ("no_region", None, [])
    assert shown_at(data, found) == "12人"


def test_the_headline_is_that_of_the_division_that_holds_all(tmp_path: Path) -> None:
    told = told_of(region="330113")
    data = data_of(write_report(tables_of(tmp_path / "out", [{"article": "a.txt"}], [told])))
    assert data["headline"]["region"] == "330113"
    assert rows_of(data["totals"])[data["headline"]["totals"][0]]["own_zh"] == "12"


def test_a_figure_with_too_many_digits_is_shown_as_unknown(tmp_path: Path) -> None:
    told = told_of(text="极多人", start="0", end="3", low="9" * 40, high="9" * 40, region="330113")
    (found,) = rows_of(data_of(write_report(tables_of(tmp_path / "out", [{"article": "a.txt"}], [told])))["figures"])
    assert (found["low"], found["zh"], found["reason"]) == (None, None, "out_of_range")


def test_an_article_named_like_a_path_reads_no_file_outside(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("秘密", encoding="utf-8")
    (tmp_path / "in").mkdir()
    for article in ("../secret.txt", str(tmp_path / "secret.txt")):
        assert whole_text(tmp_path / "out", [tmp_path / "in"], article, "text", 2, []) is None
        assert whole_text(tmp_path / "in", [], article, "html", 2, []) is None
    assert whole_text(tmp_path / "out", [tmp_path], "secret.txt", "text", 2, []) == "秘密"


def test_a_file_that_changed_since_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("走访13人。", encoding="utf-8")
    told = Told(2, 5, "12人", "走访12人。")
    assert whole_text(tmp_path, [tmp_path], "a.txt", "text", 6, [told]) is None
    assert whole_text(tmp_path, [tmp_path], "a.txt", "text", 7, []) is None


# What is wrong with a folder.


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda out: shutil.rmtree(out), "no record of a run"),
        (lambda out: (out / "run.json").unlink(), "no record of a run"),
        (lambda out: (out / "run.json").write_text("[]"), "not done"),
        (lambda out: (out / "run.json").write_text('{"version": "0.1.0", "state": "extracting"}'), "not done"),
        (lambda out: (out / "brands.csv").unlink(), "no such table"),
        (lambda out: (out / "indicators.csv").write_text("article,number\r\n"), "another version"),
        (lambda out: (out / "report.html").mkdir(), "is a folder"),
        (lambda out: (out / "report.html").write_text("<p>mine"), "is there already"),
    ],
)
def test_what_is_wrong_with_the_folder_is_told_on_one_line(tmp_path: Path, spoil: Any, told: str) -> None:
    out = tables_of(tmp_path / "out", [], [])
    spoil(out)
    before = sorted(path.name for path in out.iterdir()) if out.exists() else []
    with pytest.raises(OutputError, match=told) as raised:
        write_report(out)
    assert "\n" not in str(raised.value)
    assert re.search(r"\([^)]*[\u4e00-\u9fff]", str(raised.value))
    assert (sorted(path.name for path in out.iterdir()) if out.exists() else []) == before


def test_a_report_of_ours_is_replaced_and_another_file_only_when_asked(tmp_path: Path) -> None:
    out = tables_of(tmp_path / "out", [], [])
    write_report(out)
    assert write_report(out, lang="en").read_text(encoding="utf-8").startswith('<!doctype html>\n<html lang="en">')
    (out / "report.html").write_text("<p>mine")
    assert "<p>mine" not in write_report(out, existing="overwrite").read_text(encoding="utf-8")


# Passages.


@st.composite
def told_texts(draw: st.DrawFn) -> tuple[str, list[Told]]:
    """A text of sentences, some of them twice, and mentions with their sentences as the tables hold them."""
    sentences = draw(
        st.lists(st.text("走访侨胞12人 、", min_size=1, max_size=12).map(lambda words: words + "。"), min_size=1)
    )
    text = "".join(sentences)
    mentions = []
    begin = 0
    for sentence in sentences:
        first = draw(st.integers(0, len(sentence) - 1))
        last = draw(st.integers(first + 1, len(sentence)))
        mentions.append(Told(begin + first, begin + last, sentence[first:last], sentence.strip()))
        begin += len(sentence)
    return text, mentions


@given(told_texts())
def test_passages_hold_every_mention_at_its_place(told: tuple[str, list[Told]]) -> None:
    _, mentions = told
    pieces = passages(mentions)
    assert all(one.end <= other.start for one, other in pairwise(pieces))
    held = [
        mention
        for mention in mentions
        for piece in pieces
        if piece.text[max(0, mention.start - piece.start) :][: mention.end - mention.start] == mention.text
    ]
    once = [each for each in mentions if each.text.strip() == each.text and len(_places(each.text, each.sentence)) == 1]
    assert {mention.start for mention in once} <= {mention.start for mention in held}


def _places(text: str, sentence: str) -> list[int]:
    return [place for place in range(len(sentence)) if sentence.startswith(text, place)]


# The words and the map.


def test_every_phrase_is_said_and_every_said_phrase_is_there() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in PAGE.iterdir() if path.suffix in (".js", ".j2"))
    said = set(re.findall(r'\bt\(\s*"(\w+)"', sources)) | set(re.findall(r'data-t(?:-label)?="(\w+)"', sources))
    said |= set(re.findall(r"words\.(\w+)", (PAGE / "report.html.j2").read_text(encoding="utf-8")))
    assert said <= set(phrases())
    assert [key for key in phrases() if f'"{key}"' not in sources and key not in said and not _made(key, sources)] == []
    assert all(told["zh"] and told["en"] for told in phrases().values())


def _made(key: str, sources: str) -> bool:
    """Whether a key is put together: held_texts of held_ and texts, figures_one of figures and _one."""
    return key.startswith(("held_", "mark_")) or key.endswith(("_one", "_mark")) or f"{key}," in sources


def test_the_map_has_one_tile_for_each_provincial_division() -> None:
    assert sorted(tile.code for tile in tiles()) == sorted(divisions().children(NATION))
    assert len({(tile.column, tile.row) for tile in tiles()}) == len(tiles())
    rows = {tile.code: divisions().by_adcode(tile.code) for tile in tiles()}
    assert [tile.zh for tile in tiles() if (row := rows[tile.code]) and tile.zh != row.name] == []
