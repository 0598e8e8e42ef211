"""Streets, towns and zones: the county that holds them, as a last resort behind named divisions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jianbao.corpus import build_localities
from jianbao.corpus.actors import actor_region
from jianbao.corpus.errors import DataError, InputError
from jianbao.corpus.localities import localities
from jianbao.corpus.places import places, resolve
from jianbao.corpus.regions import divisions
from jianbao.corpus.reporting import reporting_region


def named(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """The places that may speak for a division, with their candidates."""
    return [(place.text, place.candidates) for place in places(text) if place.kind == "division"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("大良街道侨联走访侨眷", [("大良街道", ("440606",))]),
        ("在柳市镇举办活动", [("柳市镇", ("330382",))]),
        ("城关镇侨联举办活动", []),
        ("太原街街道侨联", [("太原街街道", ("210102",))]),
        ("街道侨联与镇侨联", []),
        ("新型城镇化和乡镇建设", []),
        ("特色小镇与历史古镇", []),
        ("中心镇培育", []),
        ("新区与开发区、高新区", []),
        ("广州开发区侨商企业", [("广州开发区", ("440112",))]),
        ("雄安新区侨界人士", [("雄安新区", ("130600",))]),
        ("舟山群岛新区", [("舟山群岛新区", ("330900",))]),
        ("宁波国家高新区", [("宁波国家高新区", ("330212",))]),
        ("苏州开发区域合作", [("苏州", ("320500",))]),
    ],
)
def test_a_name_of_one_county_alone_stands_for_it(text: str, wanted: list[tuple[str, tuple[str, ...]]]) -> None:
    assert named(text) == wanted


def test_a_name_of_many_counties_needs_its_parent() -> None:
    assert len(localities()["城关镇"]) > 50
    found = places("西藏拉萨城关镇")
    assert [place.text for place in found][:2] == ["西藏", "拉萨"]
    assert named("西湖区北山街道")[0][1] == ("330106",)


def test_a_street_behind_a_county_never_overrides_it() -> None:
    assert named("余杭区临平街道侨联") == [("余杭区", ("330110",))]


@pytest.mark.parametrize(
    ("contributor", "source", "title", "body", "wanted"),
    [
        ("", "", "望京街道侨联成立海归志愿队", "", "110105"),
        ("柳市镇侨联", "", "座谈会召开", "", "330382"),
        ("顺德区侨联", "", "望京街道侨联来访", "", "440606"),
        ("", "", "望京街道侨联来访", "顺德区侨联接待了来访一行。", "440606"),
        ("青岛西海岸新区侨联", "", "慰问归侨专家", "", "370211"),
        ("杭州市西湖区北山街道侨联", "", "慰问归侨", "", "330106"),
        ("", "", "走访望京街道", "活动顺利举行。", None),
        ("", "", "南京路街道举办活动", "活动顺利举行。", None),
    ],
)
def test_the_reporting_division_asks_streets_last(
    contributor: str, source: str, title: str, body: str, wanted: str | None
) -> None:
    assert reporting_region(contributor, source, title, body, 2021)[0] == wanted


def test_a_street_in_a_clause_leaves_the_work_with_home() -> None:
    assert actor_region("大良街道累计走访侨眷30户", "440600", 2021) == "440600"


@pytest.mark.parametrize(
    ("text", "year", "wanted"),
    [
        ("大良街道侨联", 1998, "440681"), ("大良街道侨联", 2018, "440606"), ("大良街道侨联", None, "440606"),
        ("临平街道侨联", 2018, "330110"), ("临平街道侨联", 2023, "330113"), ("钱塘新区侨联", 2020, "330100"),
    ],
)  # fmt: skip
def test_a_locality_lies_in_what_held_it_in_the_year(text: str, year: int | None, wanted: str) -> None:
    assert resolve(places(text), year)[0] == wanted


def test_every_locality_lies_in_a_division_of_today() -> None:
    today = {row.adcode for row in divisions().rows if row.ended is None}
    assert len(localities()) > 20_000
    assert all(set(codes) <= today for codes in localities().values())


@pytest.mark.parametrize("name", ["重点镇", "特色小镇", "历史古镇", "蒲公英乡", "镇", "街道"])
def test_common_words_and_townships_are_no_names(name: str) -> None:
    assert build_localities.kind_of(name) is None


def test_the_table_is_made_of_townships_and_zones(tmp_path: Path) -> None:
    path = tmp_path / "townships.json"
    table = {"330106000000": {"county": "西湖区", "townships": {"北山街道": "330106001000", "某某乡": "330106200000"}}}
    path.write_text(json.dumps(table), encoding="utf-8")
    lines = build_localities.build(path).splitlines()
    assert "street\t330106\t北山街道" in lines
    assert any(line.startswith("zone\t440112\t") and "广州开发区" in line for line in lines)
    assert not any("某某乡" in line for line in lines)


def test_wrong_inputs_are_refused_with_their_places(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.json"):
        build_localities.read_townships(tmp_path / "absent.json")
    path = tmp_path / "zones.tsv"
    path.write_text("name\tadcode\n某某开发区\t330104\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"zones\.tsv:2"):
        build_localities.read_zones(path)
