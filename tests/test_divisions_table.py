"""The table of divisions: its shape, its tree, its years, and the script that makes it."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from jianbao.corpus import build_divisions
from jianbao.corpus.errors import DataError, InputError
from jianbao.corpus.regions import Region, divisions

TABLE = divisions()
TODAY = [row for row in TABLE.rows if row.ended is None]


def test_the_nation_is_the_root_of_34_provincial_divisions() -> None:
    nation = TABLE.by_adcode("100000")
    assert nation is not None
    assert (nation.level, nation.parent) == ("nation", None)
    assert len(TABLE.children("100000")) == 34


def test_todays_counts_are_those_of_the_ministry() -> None:
    assert sum(row.level == "prefecture" for row in TODAY) == 333
    assert 2840 <= sum(row.level == "county" for row in TODAY) <= 2850


def test_every_parent_stands_in_the_table_and_is_of_a_higher_level() -> None:
    order = {"nation": 0, "province": 1, "prefecture": 2, "county": 3}
    for row in TABLE.rows:
        if row.level == "nation":
            continue
        parent = TABLE.by_adcode(row.parent or "")
        assert parent is not None, row
        assert order[parent.level] < order[row.level], row


def test_levels_follow_the_zeros_of_the_code() -> None:
    for row in TABLE.rows[1:]:
        assert row.level == build_divisions.level_of(row.adcode), row


def test_no_code_bears_two_names_in_one_period() -> None:
    by_code: dict[str, list[Region]] = {}
    for row in TABLE.rows:
        by_code.setdefault(row.adcode, []).append(row)
    for rows in by_code.values():
        spans = sorted((row.began or 0, row.ended or 9999) for row in rows)
        assert all(left[1] <= right[0] for left, right in pairwise(spans)), rows


def test_every_period_runs_forward_within_the_years_of_the_sources() -> None:
    for row in TABLE.rows:
        assert (row.began or 0) <= (row.ended or 9999), row
        assert all(1990 <= year <= 2026 for year in (row.began, row.ended) if year), row


def test_names_are_unpadded_and_never_one_character() -> None:
    for row in TABLE.rows:
        assert row.name == row.name.strip()
        assert len(row.name) > 1
        assert row.full_name.startswith(row.name) or row.level == "nation"
        assert row.full_name not in ("市辖区", "县")


@pytest.mark.parametrize(
    ("code", "full_name", "began", "ended"),
    [
        ("330113", "临平区", 2021, None),
        ("330114", "钱塘区", 2021, None),
        ("330103", "下城区", None, 2021),
        ("330104", "江干区", None, 2021),
        ("330110", "余杭区", 2001, None),
        ("500000", "重庆市", 1997, None),
        ("371200", "莱芜市", 1992, 2019),
        ("370116", "莱芜区", 2019, None),
        ("420600", "襄阳市", 2010, None),
        ("650000", "新疆维吾尔自治区", None, None),
        ("659012", "白杨市", 2022, None),
        ("540481", "米林市", 2023, None),
        ("110103", "崇文区", None, 2010),
        ("320503", "平江区", None, 2012),
        ("440303", "罗湖区", 1990, None),
        ("130503", "信都区", 2020, None),
        ("500105", "江北区", 1997, 2025),
        ("431181", "祁阳市", 2021, None),
    ],
)
def test_years_of_changes(code: str, full_name: str, began: int | None, ended: int | None) -> None:
    row = TABLE.by_adcode(code)
    assert row is not None
    assert (row.full_name, row.began, row.ended) == (full_name, began, ended)


@pytest.mark.parametrize(
    ("code", "parent"),
    [
        ("110105", "110000"), ("120101", "120000"), ("310115", "310000"), ("500101", "500000"), ("429004", "420000"),
        ("419001", "410000"), ("469001", "460000"), ("659001", "650000"), ("330106", "330100"), ("222401", "222400"),
        ("441900", "440000"), ("810000", "100000"),
    ],
)  # fmt: skip
def test_parents_skip_levels_that_do_not_exist(code: str, parent: str) -> None:
    row = TABLE.by_adcode(code)
    assert row is not None
    assert row.parent == parent


@pytest.mark.parametrize("code", ["441900", "442000", "460400", "620200"])
def test_cities_without_counties_have_no_children(code: str) -> None:
    assert TABLE.children(code) == []


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("浙江省", "浙江"), ("北京市", "北京"), ("内蒙古自治区", "内蒙古"), ("广西壮族自治区", "广西"),
        ("新疆维吾尔自治区", "新疆"), ("宁夏回族自治区", "宁夏"), ("西藏自治区", "西藏"), ("香港特别行政区", "香港"),
        ("延边朝鲜族自治州", "延边"), ("恩施土家族苗族自治州", "恩施"), ("黔东南苗族侗族自治州", "黔东南"),
        ("克孜勒苏柯尔克孜自治州", "克孜勒苏"), ("景宁畲族自治县", "景宁"), ("东乡族自治县", "东乡"),
        ("鄂温克族自治旗", "鄂温克"), ("积石山保安族东乡族撒拉族自治县", "积石山"), ("隆林各族自治县", "隆林"),
        ("科尔沁左翼后旗", "科尔沁左翼后旗"), ("锡林郭勒盟", "锡林郭勒"), ("大兴安岭地区", "大兴安岭"),
        ("神农架林区", "神农架"), ("浦东新区", "浦东"), ("碑林区", "碑林"), ("清新区", "清新"), ("沙县", "沙县"),
        ("城区", "城区"), ("瀍河回族区", "瀍河"), ("临平区", "临平"),
    ],
)  # fmt: skip
def test_short_names_drop_rank_and_peoples(full: str, short: str) -> None:
    assert build_divisions.short_name(full) == short


def test_walks_up_and_down_the_tree() -> None:
    assert TABLE.ancestors("330106") == ["330100", "330000", "100000"]
    assert TABLE.province_of("330106") == "330000"
    assert TABLE.prefecture_of("330106") == "330100"
    assert TABLE.prefecture_of("110105") is None
    assert "330113" in TABLE.children("330100")
    assert TABLE.by_adcode("999999") is None
    assert TABLE.ancestors("999999") == []


def _sources(folder: Path) -> tuple[Path, Path]:
    counties = {"西湖区": "330106000000", "临平区": "330113000000"}
    table = {"浙江省": {"code": "330000000000", "cities": {"杭州市": {"code": "330100000000", "counties": counties}}}}
    source = folder / "divisions_v1.json"
    source.write_text(json.dumps({"provinces": table}), encoding="utf-8")
    return source, folder


def test_dated_tables_give_the_years_and_lose_slips(tmp_path: Path) -> None:
    held = {"330000": "浙江省", "330100": "杭州市", "330101": "市辖区", "330106": "西湖区"}
    yearly = {
        1989: held,
        1990: {**held, "330199": "旧名县"},
        1991: held | {"330120": "新立县"},
        1992: held | {"330120": "新立县"},
    }
    for year, table in yearly.items():
        (tmp_path / f"revision_{year}12.py").write_text(f"division_schema = {table!r}\n", encoding="utf-8")
    rows = {row.full_name: row for row in build_divisions.past_rows(build_divisions.dated_tables(tmp_path))}
    assert set(rows) == {"浙江省", "杭州市", "西湖区", "新立县"}
    assert (rows["新立县"].began, rows["新立县"].ended, rows["新立县"].parent) == (1991, None, "330100")


def test_a_change_without_a_year_is_refused_by_name(tmp_path: Path) -> None:
    source, _ = _sources(tmp_path)
    with pytest.raises(DataError, match="330000 浙江省"):
        build_divisions.join_rows(list(build_divisions.current_rows(source)), [], {})


def test_a_wrong_source_is_refused_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.json"):
        list(build_divisions.current_rows(tmp_path / "absent.json"))
    with pytest.raises(InputError, match="revision_YYYYMM"):
        build_divisions.dated_tables(tmp_path)


def test_a_broken_line_of_changes_is_refused_with_its_number(tmp_path: Path) -> None:
    path = tmp_path / "changes.tsv"
    path.write_text("adcode\tfull_name\tyear\tchange\tbasis\n330113\t临平区\tsoon\tbegan\tx\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"changes\.tsv:2"):
        build_divisions.read_changes(path)
