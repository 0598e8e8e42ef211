"""Promises of a run with a domain: its types go whole through tables, sums and exports, and its content decides what is taken."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import jianbao
import pandas as pd  # type: ignore[import-untyped, unused-ignore]
import pytest
from click.testing import CliRunner
from jianbao import Domain
from jianbao.corpus.errors import InputError, OutputError
from jianbao.corpus.lexicons import own_name
from jianbao.corpus.records import ACTIVITY_TYPES
from jianbao.pipeline.cluster import dask
from jianbao.pipeline.command import main
from jianbao.pipeline.comparing import compare
from jianbao.pipeline.domains import domain_of
from jianbao.pipeline.engines import processes, serial
from jianbao.pipeline.exporting import export_folder
from jianbao.pipeline.extraction import Pipeline
from jianbao.pipeline.report import write_report
from jianbao.pipeline.summing import sum_up
from jianbao.pipeline.tables import COLUMNS, DERIVED

DOMAINS = Path(__file__).parents[1] / "docs" / "domains"
FILE = DOMAINS / "red_cross.toml"
RED_CROSS = Domain.read(FILE)
BULLETIN = """{place}红十字会2024年工作情况
发布日期：2025-01-10

2024年，{place}红十字会组织无偿献血活动46场，采集血液5200单位、血小板380个治疗量。
全年开展应急救护培训128场，新增持证救护员3400余人；投放AED 85台，启用“惠民献血屋”3处。
走访慰问困难家庭420户。学校学习七项基本原则。
"""
PLACES = ("临海市", "温岭市", "玉环市")


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bulletins")
    for number, place in enumerate(PLACES):
        text = BULLETIN.format(place=place).replace("128", str(128 + number)).replace("420", str(420 + number))
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def out(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with the domain, and its sums."""
    folder = tmp_path_factory.mktemp("out")
    jianbao.run(inputs, folder, domain=RED_CROSS)
    sum_up(folder)
    return folder


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def tables(folder: Path) -> dict[str, bytes]:
    return {name: (folder / f"{name}.csv").read_bytes() for name in (*COLUMNS, *DERIVED)}


# What a run writes.


def test_figures_and_sentences_carry_the_types_of_the_domain(out: Path) -> None:
    figures = {row["text"]: (row["activity"], row["rule"]) for row in rows_of(out / "indicators.csv")}
    assert figures["5200单位"] == figures["380个治疗量"] == ("blood", "domain.red_cross")
    assert figures["85台"] == ("first_aid", "domain.red_cross")
    assert figures["420户"] == ("visit", "number.exact")
    assert {"blood", "first_aid", "visit"} <= {row["type"] for row in rows_of(out / "activities.csv")}
    assert [row["rule"] for row in rows_of(out / "brands.csv")] == ["domain.red_cross"] * len(PLACES)


def test_the_record_of_the_run_holds_the_domain_whole(out: Path) -> None:
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))["domain"]
    assert record["types"] == {"blood": "三献工作", "first_aid": "应急救护"}
    assert Domain.recorded(record) == RED_CROSS
    assert domain_of(out) == RED_CROSS


def test_sums_and_wide_table_name_the_types(out: Path) -> None:
    sums = {(row["activity"], row["activity_name"], row["unit"]) for row in rows_of(out / "totals.csv")}
    assert {("blood", "三献工作", "治疗量"), ("first_aid", "应急救护", "台")} <= sums
    headings = list(rows_of(out / "wide.csv")[0])
    assert "三献工作（治疗量）" in headings
    assert headings.index("走访慰问（户）") < headings.index("三献工作（单位）") < headings.index("应急救护（台）")


def test_the_wide_table_names_types_and_units_in_english_too(out: Path, tmp_path: Path) -> None:
    sum_up(out, target=tmp_path, lang="en")
    headings = list(rows_of(tmp_path / "wide.csv")[0])
    assert "blood, stem cell and organ donation (therapeutic doses)" in headings


def test_the_ledger_counts_figures_of_the_domain(out: Path) -> None:
    counted = [row for row in rows_of(out / "ledger.csv") if row["activity"] == "blood"]
    assert {row["verdict"] for row in counted} == {"counted"}
    assert len(counted) == 3 * len(PLACES)


# Who reads the tables back.


def test_tables_and_frames_are_read_back_with_the_types(out: Path) -> None:
    read = jianbao.read_tables(out)
    assert "blood" in set(read["activities"]["type"])
    frame = jianbao.frame(out)
    assert list(frame["activity"].cat.categories[: len(ACTIVITY_TYPES) + 2]) == [*ACTIVITY_TYPES, "blood", "first_aid"]
    assert "三献工作" in set(jianbao.frame(out, "totals")["activity_name"])


def test_totals_of_a_frame_name_the_types_where_the_domain_is_given(out: Path) -> None:
    frame = jianbao.frame(out)
    assert "应急救护" in set(jianbao.totals(frame, domain=RED_CROSS).table["activity_name"])
    with pytest.raises(InputError, match=r"'(blood|first_aid)'"):
        jianbao.totals(frame)


def test_exports_hold_the_types_and_say_what_they_mean(out: Path, tmp_path: Path) -> None:
    export_folder(out, "csv", tmp_path / "csv")
    codes = {row["code"]: row for row in rows_of(tmp_path / "csv" / "dictionary.csv") if row["column"] == "activity"}
    assert list(codes) == ["", *ACTIVITY_TYPES, "blood", "first_aid"]
    assert (codes["blood"]["name"], codes["blood"]["meaning"][:4]) == ("三献工作", "无偿献血")
    notes = {row["item"]: row["value"] for row in rows_of(tmp_path / "csv" / "notes.csv")}
    assert notes["领域配置"].splitlines() == ["red_cross", "blood: 三献工作", "first_aid: 应急救护"]
    export_folder(out, "sqlite", tmp_path / "tables.sqlite")
    with sqlite3.connect(tmp_path / "tables.sqlite") as file:
        assert file.execute("SELECT count(*) FROM indicators WHERE activity = 'blood'").fetchone()[0] == 3 * len(PLACES)
    for form in ("xlsx", "parquet", "jsonl", "duckdb"):
        assert export_folder(out, form, tmp_path / form)


def test_the_report_names_the_types_in_both_languages(out: Path, tmp_path: Path) -> None:
    page = write_report(out, tmp_path / "report.html").read_text(encoding="utf-8")
    assert '"blood":["三献工作","blood, stem cell and organ donation"' in page


def test_runs_with_and_without_the_domain_are_compared(inputs: Path, out: Path, tmp_path: Path) -> None:
    jianbao.run(inputs, tmp_path)
    with compare(tmp_path, out) as found:
        assert any(note.startswith("run.json: domain: nothing before, red_cross ") for note in found.notes)
        assert ("indicators", "changed", "activity") in {(one.table, one.change, one.column) for one in found.counts}
    assert domain_of(tmp_path) is None
    assert own_name() == ""


def test_types_that_no_record_tells_are_no_codes(out: Path, tmp_path: Path) -> None:
    """The tables alone, or with a record that is damaged, are told as such."""
    for path in out.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    with pytest.raises(OutputError, match=r"(activity|type): expected one of visit"):
        jianbao.read_tables(tmp_path)
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    for broken in ({"name": "red_cross"}, "red_cross", {"name": "a", "rows": {"dictionary": [3]}}):
        (tmp_path / "run.json").write_text(json.dumps({**record, "domain": broken}), encoding="utf-8")
        with pytest.raises(OutputError, match="domain"):
            jianbao.read_tables(tmp_path)


def test_a_name_with_marks_of_other_languages_harms_no_table(tmp_path: Path) -> None:
    name, meaning = "献血’' 、（Blood & more/其他）", "=1+1'\"</script><b>"
    rows = {"chinese": name, "english": "donors' blood", "acts": ["采血"], "meaning_zh": meaning}
    text = tmp_path / "a.txt"
    text.write_text("2024年，临海市红十字会采血120人次。", encoding="utf-8")
    out = tmp_path / "out"
    jianbao.run(text, out, domain=Domain.of({"types": {"blood": rows}}))
    sum_up(out)
    assert {row["activity_name"] for row in rows_of(out / "totals.csv")} == {name}
    assert set(jianbao.read_tables(out)["totals"]["activity_name"]) == {name}
    assert f"{name}（人次）" in rows_of(out / "wide.csv")[0]
    for form in ("xlsx", "sqlite", "duckdb", "parquet"):
        assert export_folder(out, form, tmp_path / form)
    assert "</script><b>" not in write_report(out).read_text(encoding="utf-8")


# What is taken of earlier runs.


def test_a_changed_domain_takes_nothing_that_another_gave(inputs: Path, out: Path, tmp_path: Path) -> None:
    changed = Domain.read(
        _file(tmp_path, FILE.read_text(encoding="utf-8").replace('"AED", "自动', '"AED", "除颤柜", "自动'))
    )
    folder = tmp_path / "out"
    parts: list[set[str]] = []
    for domain in (None, RED_CROSS, changed, RED_CROSS):
        jianbao.run(inputs, folder, domain=domain)
        parts.append({path.name for path in (folder / "jianbao-parts").iterdir()})
    assert not parts[0] & parts[1]
    assert not parts[1] & parts[2]
    assert parts[1] == parts[3]
    assert tables(folder) == tables(out)


def test_the_same_domain_takes_what_it_gave(inputs: Path, tmp_path: Path) -> None:
    jianbao.run(inputs, tmp_path, domain=RED_CROSS)
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "jianbao-parts").iterdir()}
    jianbao.run(inputs, tmp_path, domain=Domain.read(_file(tmp_path, "# a note\n" + FILE.read_text(encoding="utf-8"))))
    assert kept == {path: path.stat().st_mtime_ns for path in (tmp_path / "jianbao-parts").iterdir()}


def _file(folder: Path, text: str) -> Path:
    path = folder / "red_cross.toml"
    path.write_text(text, encoding="utf-8")
    return path


# Engines, frames, the command.


@pytest.mark.parametrize(
    "engine", [lambda: serial, lambda: processes(2), lambda: dask(None, 1)], ids=["serial", "processes", "dask"]
)
def test_every_engine_gives_the_same_tables(
    inputs: Path, out: Path, tmp_path: Path, engine: Callable[[], object]
) -> None:
    jianbao.run(inputs, tmp_path, pipeline=Pipeline(domain=RED_CROSS), engine=engine())  # type: ignore[arg-type]
    assert tables(tmp_path) == tables(out)


def test_a_frame_of_articles_is_read_with_the_domain(inputs: Path, out: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(inputs.iterdir())]
    frame = pd.DataFrame({"article": [f"{number}.txt" for number in range(len(texts))], "text": texts})
    found = jianbao.extract_frame(frame, domain=RED_CROSS)
    assert list(found["rule"]) == [row["rule"] for row in rows_of(out / "indicators.csv")]
    brands = next(jianbao.extract_frames([frame], "brands", domain=RED_CROSS))
    assert list(brands["name"]) == ["惠民献血屋"] * len(PLACES)
    assert "blood" not in set(jianbao.extract_frame(frame)["activity"].dropna())


def test_the_command_takes_a_file_and_says_what_it_changes(inputs: Path, out: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["run", str(inputs), "--out", str(tmp_path), "--domain", str(FILE)])
    assert result.exit_code == 0
    assert "献血: blood (act) here, donation (act) in the package" in result.stderr
    assert tables(tmp_path) == tables(out)
    assert (
        not CliRunner().invoke(main, ["-q", "run", str(inputs), "--out", str(tmp_path), "--domain", str(FILE)]).output
    )


def test_explain_shows_the_rows_of_the_domain_at_work(inputs: Path) -> None:
    shown = CliRunner().invoke(main, ["explain", str(inputs / "0.txt"), "--domain", str(FILE)]).output
    assert "blood 三献工作 (domain.red_cross)" in shown
    assert "refused    七项" in shown
    assert "refuse.domain" in shown


def test_gold_of_a_domain_is_scored_with_it(tmp_path: Path) -> None:
    gold = tmp_path / "gold.txt"
    gold.write_text(
        "@ published=2024-12-31 region=331082\n采集血小板[380治疗量|380|治疗量|goods|采集血小板|blood]。<blood>\n",
        encoding="utf-8",
    )
    result = CliRunner().invoke(main, ["score", str(gold), "--domain", str(FILE), "--json"])
    assert result.exit_code == 0, result.output
    assert CliRunner().invoke(main, ["score", str(gold)]).exit_code == 1
    assert CliRunner().invoke(main, ["score", str(gold), "--domain", str(FILE), "--rules"]).exit_code == 2


# Who reports.


def test_a_body_of_the_domain_may_report(tmp_path: Path) -> None:
    text = "标题\n来源：临海血液中心\n发布日期：2025-01-10\n\n中心采集血液5200单位。"
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    assert [article.region for article in jianbao.read(path)] == [None]
    assert [article.region for article in jianbao.read(path, domain=RED_CROSS)] == ["331082"]
    assert {one.region for one in jianbao.extract(text, domain=RED_CROSS).indicators} == {"331082"}
    for engine in (serial, processes(2)):
        folder = tmp_path / "out"
        jianbao.run(path, folder, domain=RED_CROSS, engine=engine, earlier="ignored")
        assert [row["region"] for row in rows_of(folder / "articles.csv")] == ["331082"]
