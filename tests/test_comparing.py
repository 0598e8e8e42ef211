"""Promises of the comparison: what was added, lost or changed between two runs, each once, and nothing else."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import jianbao
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jianbao.corpus.errors import InputError, OutputError
from jianbao.pipeline.comparing import CHANGES, Comparison, Count, compare, write_comparison
from jianbao.pipeline.summing import sum_up
from jianbao.pipeline.tables import COLUMNS, write_rows
from jianbao.pipeline.totals import Request
from made_calls import table

BULLETINS = Path(jianbao.__file__).parent / "corpus" / "bulletins"
KEYS = {
    "articles": ("article",),
    "indicators": ("article", "start", "end"),
    "brands": ("article", "start", "end"),
    "activities": ("article", "start", "end", "type"),
    "totals": ("region", "activity", "dimension", "unit", "brand", "measure", "period"),
}
Row = dict[str, str]
Edit = Callable[[list[Row]], list[Row]]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source, folder = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("first")
    for path in sorted(BULLETINS.iterdir())[:6]:
        shutil.copy(path, source)
    jianbao.run(source, folder)
    return folder


def edited(out: Path, folder: Path, name: str, edit: Edit) -> Path:
    """A copy of an output folder with one table edited by hand."""
    shutil.copytree(out, folder, dirs_exist_ok=True)
    rows = table(out, name)
    with (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(rows[0])
        write_rows(writer, [list(row.values()) for row in edit([dict(row) for row in rows])])
    return folder


def rows_of(comparison: Comparison) -> list[Row]:
    rows = comparison.connection.execute("SELECT * FROM changes").fetchall()
    return [dict(zip(CHANGES, ["" if cell is None else str(cell) for cell in row], strict=True)) for row in rows]


def differences(first: Path, second: Path) -> list[Row]:
    with compare(first, second) as found:
        return rows_of(found)


def set_cell(place: int, column: str, cell: str) -> Edit:
    def edit(rows: list[Row]) -> list[Row]:
        rows[place][column] = cell
        return rows

    return edit


# What is found.


def test_a_run_is_the_same_as_itself(out: Path) -> None:
    with compare(out, out) as found:
        assert rows_of(found) == []
        assert found.counts == ()
        assert list(found.lines()) == ["no difference (没有差异)"]


@pytest.mark.parametrize(
    ("name", "column", "cell"),
    [
        ("articles", "title", "另一个标题"),
        ("articles", "published", "2020-02-29"),
        ("articles", "source", ""),
        ("indicators", "high", "123456789.5"),
        ("indicators", "measure", "另一件事"),
        ("indicators", "brand", "=1+2"),
        ("indicators", "period_end", ""),
        ("brands", "name", "另一个品牌"),
        ("brands", "kind", "fund"),
        ("activities", "rule", "another"),
        ("totals", "own_low", "1"),
        ("totals", "articles", "77"),
    ],
)
def test_a_changed_cell_is_told_with_its_column_before_and_after(
    out: Path, tmp_path: Path, name: str, column: str, cell: str
) -> None:
    place, row = next((place, row) for place, row in enumerate(table(out, name)) if row[column] not in (cell, ""))
    second = edited(out, tmp_path / "second", name, set_cell(place, column, cell))
    (found,) = differences(out, second)
    assert found == {
        "table": name,
        "change": "changed",
        "article": row["total" if name == "totals" else "article"],
        "start": row.get("start", ""),
        "end": row.get("end", ""),
        "column": column,
        "before": row[column],
        "after": cell,
        "type": row.get("type", ""),
    }


def test_a_row_with_several_changes_has_a_line_for_each_column(out: Path, tmp_path: Path) -> None:
    def edit(rows: list[Row]) -> list[Row]:
        rows[2] |= {"measure": "另一件事", "low": "1", "high": "2", "bound": "range"}
        return rows

    found = differences(out, edited(out, tmp_path / "second", "indicators", edit))
    assert [row["column"] for row in found] == ["low", "high", "bound", "measure"]


@pytest.mark.parametrize(("name", "word"), [("indicators", "text"), ("brands", "text"), ("activities", "type")])
def test_a_record_that_only_one_run_has_is_one_line_with_its_wording(
    out: Path, tmp_path: Path, name: str, word: str
) -> None:
    row = table(out, name)[1]
    second = edited(out, tmp_path / "second", name, lambda rows: [rows[0], *rows[2:]])
    (lost,), (added,) = differences(out, second), differences(second, out)
    place = {
        "table": name,
        "column": "",
        **{key: row[key] for key in ("article", "start", "end")},
        "type": row.get("type", ""),
    }
    assert lost == place | {"change": "lost", "before": row[word], "after": ""}
    assert added == place | {"change": "added", "before": "", "after": row[word]}


def test_an_article_that_only_one_run_has_is_told_by_its_title(out: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for path in sorted(BULLETINS.iterdir())[1:6]:
        shutil.copy(path, source)
    jianbao.run(source, tmp_path / "second")
    found = [row for row in differences(out, tmp_path / "second") if row["table"] == "articles" and not row["column"]]
    (article,) = (row for row in table(out, "articles") if row["article"] == min(BULLETINS.iterdir()).name)
    assert [(row["article"], row["change"], row["before"]) for row in found] == [
        (article["article"], "lost", article["title"])
    ]


def test_a_total_that_was_lost_is_told_with_its_sums(out: Path, tmp_path: Path) -> None:
    rows = table(out, "totals")
    place = next(place for place, row in enumerate(rows) if row["own_low"])
    second = edited(out, tmp_path / "second", "totals", lambda rows: rows[:place] + rows[place + 1 :])
    (lost,) = differences(out, second)
    assert lost["article"] == rows[place]["total"]
    assert lost["before"].startswith(f"own {rows[place]['own_low']}..{rows[place]['own_high']}")


@pytest.mark.parametrize(("cell", "changes"), [("0.004", 0), ("0.006", 1)])
def test_confidence_is_compared_as_it_is_rounded(out: Path, tmp_path: Path, cell: str, changes: int) -> None:
    first = edited(out, tmp_path / "first", "brands", set_cell(0, "confidence", "0.00"))
    second = edited(out, tmp_path / "second", "brands", set_cell(0, "confidence", cell))
    assert len(differences(first, second)) == changes


def test_figures_written_otherwise_are_the_same(out: Path, tmp_path: Path) -> None:
    low = table(out, "indicators")[0]["low"]
    second = edited(
        out, tmp_path / "second", "indicators", set_cell(0, "low", f"{low}.00" if "." not in low else f"{low}0")
    )
    assert differences(out, second) == []


def test_records_of_one_place_are_matched_one_by_one(out: Path, tmp_path: Path) -> None:
    second = edited(out, tmp_path / "second", "brands", lambda rows: [*rows, rows[0]])
    found = differences(out, second)
    assert [(row["change"], row["after"]) for row in found] == [("added", table(out, "brands")[0]["text"])]


EVERY_CHECK: list[HealthCheck] = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]


@settings(max_examples=12, deadline=None, suppress_health_check=EVERY_CHECK)
@given(data=st.data())
def test_any_edits_of_a_table_are_found_and_nothing_else(
    out: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(["indicators", "brands", "activities", "totals"]))
    rows = table(out, name)
    places = st.sets(st.integers(0, len(rows) - 1), max_size=8)
    lost, changed = data.draw(places), data.draw(places)
    column = {"totals": "region_name"}.get(name, "sentence")

    def edit(rows: list[Row]) -> list[Row]:
        for place in changed:
            rows[place][column] += "！"
        kept = [row for place, row in enumerate(rows) if place not in lost]
        return data.draw(st.permutations(kept[:9])) + kept[9:]

    second = edited(out, tmp_path_factory.mktemp("second"), name, edit)
    found = {
        (row["change"], row["column"], row["article"], row["start"], row["type"]) for row in differences(out, second)
    }

    def told(change: str, column: str, place: int) -> tuple[str, ...]:
        row = rows[place]
        return (
            change,
            column,
            row["total" if name == "totals" else "article"],
            row.get("start", ""),
            row.get("type", ""),
        )

    assert found == {told("lost", "", place) for place in lost} | {told("changed", column, p) for p in changed - lost}


def test_differences_stand_in_the_order_of_tables_articles_and_offsets(out: Path, tmp_path: Path) -> None:
    second = out
    for name in ("totals", "activities", "indicators"):
        second = edited(second, tmp_path / name, name, lambda rows: rows[::2])
    found = differences(out, second)
    order = list(KEYS)
    keys = [
        (order.index(row["table"]), row["article"], int(row["start"] or 0), int(row["end"] or 0), row["type"])
        for row in found
    ]
    assert len(found) > 50
    assert keys == sorted(keys)
    assert found == differences(out, second)


def test_counts_tell_table_change_and_column(out: Path, tmp_path: Path) -> None:
    def edit(rows: list[Row]) -> list[Row]:
        rows[0]["measure"], rows[1]["measure"], rows[1]["unit"] = "甲", "乙", "丙"
        return rows[:-2]

    with compare(out, edited(out, tmp_path / "second", "indicators", edit)) as found:
        assert found.counts == (
            Count("indicators", "changed", "measure", 2),
            Count("indicators", "changed", "unit", 1),
            Count("indicators", "lost", "", 2),
        )
        assert list(found.lines()) == ["indicators: 2 lost, 3 cells changed (measure 2, unit 1)"]


# What is said about the runs.


@pytest.mark.parametrize(
    ("setting", "value"), [("version", "9.9"), ("fingerprint", "0123456789abcdef"), ("models", False)]
)
def test_other_versions_rules_and_settings_are_told(out: Path, tmp_path: Path, setting: str, value: object) -> None:
    second = tmp_path / "second"
    shutil.copytree(out, second)
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    (second / "run.json").write_text(json.dumps(record | {setting: value}), encoding="utf-8")
    with compare(out, second) as found:
        (note,) = found.notes
        assert f"run.json: {setting}: " in note
        assert (value if isinstance(value, str) else json.dumps(value)) + " after" in note
        assert next(found.lines()) == note


@pytest.mark.parametrize("content", [None, "{", "[]"])
def test_a_record_of_the_run_that_cannot_be_read_is_told(out: Path, tmp_path: Path, content: str | None) -> None:
    second = tmp_path / "second"
    shutil.copytree(out, second)
    (second / "run.json").unlink()
    if content is not None:
        (second / "run.json").write_text(content, encoding="utf-8")
    with compare(out, second) as found:
        assert ["second has no run.json" in note for note in found.notes] == [True]


def test_totals_that_one_folder_lacks_are_told_and_the_rest_is_compared(out: Path, tmp_path: Path) -> None:
    second = edited(out, tmp_path / "second", "brands", lambda rows: rows[1:])
    (second / "totals.csv").unlink()
    with compare(out, second) as found:
        assert ["second has no totals.csv" in note for note in found.notes] == [True]
        assert found.counts == (Count("brands", "lost", "", 1),)


def test_totals_that_were_asked_otherwise_are_told(out: Path, tmp_path: Path) -> None:
    second = tmp_path / "second"
    shutil.copytree(out, second)
    sum_up(second, Request(("activity", "brand"), level="county"))
    with compare(out, second) as found:
        assert ["totals.json: asked" in note and '"level": "county"' in note for note in found.notes] == [True]


# The file.


def test_the_file_holds_every_difference_harmless_for_spreadsheets(out: Path, tmp_path: Path) -> None:
    second = edited(out, tmp_path / "second", "indicators", set_cell(0, "measure", "=1+2"))
    with compare(out, second) as found:
        path = write_comparison(found, tmp_path / "changes.csv")
        expected = rows_of(found)
    assert path == tmp_path / "changes.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf" + ",".join(CHANGES).encode() + b"\r\n")
    assert "'=1+2" in path.read_text(encoding="utf-8-sig")
    assert table(tmp_path, "changes") == expected


def test_a_folder_gets_a_file_comparison_csv(out: Path, tmp_path: Path) -> None:
    with compare(out, out) as found:
        assert write_comparison(found, tmp_path) == tmp_path / "comparison.csv"
    assert [path.name for path in tmp_path.iterdir()] == ["comparison.csv"]


def test_a_file_is_overwritten_only_where_that_is_asked(out: Path, tmp_path: Path) -> None:
    path = tmp_path / "changes.csv"
    path.write_text("mine", encoding="utf-8")
    with compare(out, out) as found:
        with pytest.raises(OutputError, match=r"changes.csv: is there already.*文件已存在"):
            write_comparison(found, path)
        assert path.read_text(encoding="utf-8") == "mine"
        write_comparison(found, path, existing="overwrite")
    assert path.read_text(encoding="utf-8-sig").startswith("table,change")


def test_what_cannot_be_written_leaves_nothing_behind(out: Path, tmp_path: Path) -> None:
    second = edited(out, tmp_path / "second", "indicators", set_cell(0, "measure", "侨"))
    (tmp_path / "file").write_text("", encoding="utf-8")
    with compare(out, second) as found:
        with pytest.raises(OutputError, match="cannot be written"):
            write_comparison(found, tmp_path / "file" / "changes.csv")
        with pytest.raises(OutputError, match="unknown encoding 'utf-99'"):
            write_comparison(found, tmp_path / "changes.csv", encoding="utf-99")
        with pytest.raises(OutputError, match=r"ascii: lacks a character.*无法写出"):
            write_comparison(found, tmp_path / "changes.csv", encoding="ascii")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "second"]


# Bad input.


@pytest.mark.parametrize("given_", [None, 3, ["a", "b"]])
def test_anything_but_a_folder_is_refused(out: Path, given_: object) -> None:
    with pytest.raises(InputError, match=r"two output folders.*两个输出文件夹"):
        compare(out, given_)  # type: ignore[arg-type]


def test_a_folder_that_is_no_output_is_told(out: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"articles.csv: no such table"):
        compare(tmp_path, out)


@pytest.mark.parametrize("name", [*COLUMNS, "totals"])
def test_a_broken_table_of_either_run_is_told_with_file_and_line(out: Path, tmp_path: Path, name: str) -> None:
    shutil.copytree(out, tmp_path / "second")
    path = tmp_path / "second" / f"{name}.csv"
    lines = path.read_bytes().split(b"\r\n")
    path.write_bytes(b"\r\n".join([lines[0], lines[1] + b",more", *lines[2:]]))
    for pair in ((out, tmp_path / "second"), (tmp_path / "second", out)):
        with pytest.raises(OutputError, match=rf"second/{name}.csv:[0-9]+: expected {len(lines[0].split(b','))} cells"):
            compare(*pair)
