"""Promises of `jianbao totals` and `export`: what they write, what they leave alone, and what they say."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path

import jianbao
import pytest
from jianbao.pipeline.tables import DERIVED
from made_calls import invoke

YEAR_2018 = "余杭区侨联年终盘点\n2018-12-28\n2018年，余杭区侨联走访侨眷46户，募集善款近4万元。\n"
YEAR_2023 = "临平区侨联年终盘点\n2023-12-28\n2023年，临平区侨联走访侨眷120余户，计划明年培训300人次。\n"
PREFECTURE = "杭州市侨联工作总结\n2023-12-30\n2023年，杭州市侨联走访侨眷800余户，增长5.5%。\n"
Row = dict[str, str]


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def visits(out: Path) -> dict[str, tuple[str, str, str, str]]:
    """Households visited: own and below by region."""
    found = [row for row in rows(out / "totals.csv") if row["unit"] == "户"]
    return {row["region"]: (row["own_low"], row["own_high"], row["below_low"], row["below_high"]) for row in found}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in (("2018.txt", YEAR_2018), ("2023.txt", YEAR_2023), ("city.txt", PREFECTURE)):
        (folder / name).write_text(text, encoding="utf-8")
    jianbao.run(folder, tmp_path / "out")
    return tmp_path / "out"


def test_a_run_writes_totals_and_ledger(out: Path) -> None:
    assert visits(out) == {
        "330110": ("46", "46", "", ""),
        "330113": ("120", "130", "", ""),
        "330100": ("800", "900", "166", "176"),
        "330000": ("", "", "800", "900"),
        "100000": ("", "", "800", "900"),
    }
    left_out = {(row["article"], row["reason"]) for row in rows(out / "ledger.csv") if row["verdict"] == "left_out"}
    assert left_out == {("2023.txt", "planned"), ("city.txt", "ratio")}


def test_the_ledger_of_a_run_adds_up_to_its_totals(out: Path) -> None:
    sums: dict[str, list[Decimal]] = {}
    for row in rows(out / "ledger.csv"):
        if row["verdict"] == "counted":
            low, high = sums.setdefault(row["total"], [Decimal(0), Decimal(0)])
            sums[row["total"]] = [low + Decimal(row["low"]), high + Decimal(row["high"])]
    own = [row for row in rows(out / "totals.csv") if row["own_count"] != "0"]
    assert {row["total"]: [Decimal(row["own_low"]), Decimal(row["own_high"])] for row in own} == sums
    assert sums


def test_a_year_has_its_own_figures_in_its_own_divisions(out: Path) -> None:
    assert invoke("totals", out, "--year", 2018).exit_code == 0
    assert visits(out)["330110"] == ("46", "46", "", "")
    assert "330113" not in visits(out)
    assert {row["reason"] for row in rows(out / "ledger.csv") if row["article"] == "2023.txt"} == {
        "other_year",
        "planned",
    }


def test_divisions_of_a_year_take_all_figures_and_tell_what_was_mapped(out: Path) -> None:
    assert invoke("totals", out, "--divisions", 2018, "--level", "county").exit_code == 0
    assert visits(out) == {"330110": ("166", "176", "", "")}
    mapped = {row["region"]: row["in_year"] for row in rows(out / "regions.csv")}
    assert mapped["330113"] == "330110"
    names = {row["region_name"] for row in rows(out / "totals.csv")}
    assert names == {"浙江省杭州市余杭区"}


def test_a_year_without_figures_says_how_to_ask_for_its_divisions(out: Path) -> None:
    told = invoke("totals", out, "--year", 2001)
    assert told.exit_code == 0
    assert "--divisions 2001" in told.stderr


def test_several_columns_may_part_the_sums(out: Path) -> None:
    assert invoke("totals", out, "--by", "activity,period", "--level", "prefecture").exit_code == 0
    found = [row for row in rows(out / "totals.csv") if row["unit"] == "户"]
    assert [(row["period"], row["own_low"], row["below_low"]) for row in found] == [
        ("2018", "", "46"),
        ("2023", "800", "120"),
    ]


def test_sums_by_period_leave_no_wide_table_of_other_sums_behind(out: Path) -> None:
    assert invoke("totals", out).exit_code == 0
    assert (out / "wide.csv").exists()
    assert invoke("totals", out, "--by", "period").exit_code == 0
    assert not (out / "wide.csv").exists()


def test_the_wide_table_reads_as_people_write(out: Path) -> None:
    assert invoke("totals", out).exit_code == 0
    found = {row["region"]: row for row in rows(out / "wide.csv")}
    column = next(name for name in found["330113"] if name.endswith("（户）"))
    assert found["330113"][column] == "120余"
    assert invoke("totals", out, "--lang", "en").exit_code == 0
    english = {row["region"]: row for row in rows(out / "wide.csv")}["330113"]
    assert "120+" in english.values()
    assert all(name.isascii() for name in english)


def test_totals_may_go_elsewhere_and_the_run_stays(out: Path, tmp_path: Path) -> None:
    before = (out / "totals.csv").read_bytes()
    assert invoke("totals", out, "--by", "brand", "--to", tmp_path / "sums").exit_code == 0
    assert (out / "totals.csv").read_bytes() == before
    assert {path.name for path in (tmp_path / "sums").iterdir()} == {
        *(f"{name}.csv" for name in DERIVED),
        "totals.json",
    }


def test_a_table_changed_by_hand_is_not_overwritten_unless_asked(out: Path) -> None:
    path = out / "ledger.csv"
    path.write_bytes(path.read_bytes() + b"note\r\n")
    refused = invoke("totals", out)
    assert refused.exit_code == 2
    assert "ledger.csv was changed" in refused.stderr
    assert path.read_bytes().endswith(b"note\r\n")
    assert invoke("totals", out, "--overwrite").exit_code == 0
    assert not path.read_bytes().endswith(b"note\r\n")


def test_a_figure_corrected_by_hand_counts_as_corrected(out: Path) -> None:
    path = out / "indicators.csv"
    path.write_bytes(path.read_bytes().replace(",46,46,exact,户,".encode(), ",47,47,exact,户,".encode()))
    assert invoke("totals", out).exit_code == 0
    assert visits(out)["330110"] == ("47", "47", "", "")


def test_a_broken_table_leaves_what_is_there(out: Path) -> None:
    before = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}
    before["indicators.csv"] = before["indicators.csv"].replace(b",330113,", b",330199,")
    (out / "indicators.csv").write_bytes(before["indicators.csv"])
    told = invoke("totals", out)
    assert told.exit_code == 2
    assert "indicators.csv:4: column region: expected an adcode" in told.stderr
    assert {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()} == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--by", "region"), "choose of activity, brand"),
        (("--level", "town"), "not one of"),
        (("--year", "1900"), "divisions are known from 1990"),
        (("--divisions", "2999"), "divisions are known from 1990"),
    ],
)
def test_what_cannot_be_asked_is_told(out: Path, words: tuple[str, ...], said: str) -> None:
    told = invoke("totals", out, *words)
    assert told.exit_code == 2
    assert said in told.stderr


def test_a_folder_without_tables_is_told(tmp_path: Path) -> None:
    told = invoke("totals", tmp_path)
    assert told.exit_code == 2
    assert "no such table" in told.stderr


def test_totals_json_tells_the_request_and_the_verdicts(out: Path) -> None:
    assert invoke("totals", out, "--year", 2023).exit_code == 0
    told = json.loads((out / "totals.json").read_text(encoding="utf-8"))
    assert told["request"] == {"by": ["activity"], "level": None, "year": 2023, "divisions": None}
    assert sum(told["verdicts"].values()) == len(rows(out / "ledger.csv"))


def test_what_was_exported_is_no_input_of_the_next_run(out: Path) -> None:
    for form in ("csv", "xlsx", "parquet", "jsonl", "sqlite", "duckdb"):
        assert invoke("export", out, "--to", form).exit_code == 0
    assert invoke("totals", out).exit_code == 0
    again = invoke("run", out.parent / "in", out, "--out", out.parent / "again")
    assert again.exit_code == 0, again.output
    assert {row["article"] for row in rows(out.parent / "again" / "articles.csv")} == {
        "2018.txt",
        "2023.txt",
        "city.txt",
    }


def test_an_export_is_not_overwritten_unless_asked(out: Path) -> None:
    assert invoke("export", out, "--to", "jsonl").exit_code == 0
    refused = invoke("export", out, "--to", "jsonl")
    assert refused.exit_code == 2
    assert invoke("export", out, "--to", "jsonl", "--overwrite").exit_code == 0
