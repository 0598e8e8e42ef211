"""Reads the ministry's table of divisions and dated tables of GB/T 2260, gives `divisions/divisions.tsv`.

    python -m jianbao.corpus.build_divisions divisions_v1.json REVISIONS

`divisions/SOURCE.md` says where both come from. The same input gives the same bytes.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .building import build_table
from .errors import DataError, InputError

FOLDER = Path(__file__).parent / "divisions"
HEADER = ("adcode", "name", "full_name", "level", "parent", "began", "ended")
NATION = ("100000", "中国", "中华人民共和国", "nation", "", "", "")
FIRST_DATED = 1990  # what the first table holds began at an unknown time
LAST_TABLE = 2019  # later changes stand in changes.tsv
_PSEUDO = re.compile(r"^(?:市辖区|市|县)$|直辖")  # headings of lists
_STATISTICAL = re.compile(r"\d{4}7\d")  # development zones that some tables list: 130171
_REVISION = re.compile(r"revision_(\d{4})(\d\d)\.py")
_MUNICIPALITIES = ("11", "12", "31", "50")
_PEOPLES = (
    "蒙古族|蒙古|回族|藏族|维吾尔族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|哈萨克|傣族|黎族|傈僳族|"
    "佤族|畲族|高山族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族|锡伯|"
    "阿昌族|普米族|塔吉克族|塔吉克|怒族|鄂温克族|德昂族|保安族|裕固族|独龙族|各族"
)
_AUTONOMOUS = re.compile(rf"^(?P<stem>.{{2,}}?)(?:(?:{_PEOPLES})*自治[区州县旗]|(?:{_PEOPLES})区)$")
_SUFFIX = re.compile(r"(?:(?<=..)(?:特别行政区|地区|特区|新区)|(?<=...)林区|省|市|盟|州|县|区|旗)$")
_KEPT = re.compile(r"(?:[左右前后中白蓝黄]旗|矿区)$")
Years = dict[tuple[str, str], tuple[int | None, int | None]]


@dataclass(frozen=True, slots=True)
class Row:
    """One name of one code and the years in which they held; None is unknown, or not yet."""

    adcode: str
    full_name: str
    parent: str
    began: int | None = None
    ended: int | None = None


def short_name(full: str) -> str:
    """The name without rank and peoples; never a single character.

    >>> [short_name(name) for name in ("浙江省", "景宁畲族自治县", "黔东南苗族侗族自治州", "鄂温克族自治旗", "沙县")]
    ['浙江', '景宁', '黔东南', '鄂温克', '沙县']
    """
    if full == "内蒙古自治区":
        return "内蒙古"
    if named := _AUTONOMOUS.match(full):
        return _without_people(named["stem"])
    if _KEPT.search(full):
        return full
    stem = _SUFFIX.sub("", full)
    return stem if len(stem) > 1 else full


def _without_people(stem: str) -> str:
    """鄂温克族 → 鄂温克: a people that is the whole name stays, without 族."""
    return stem.removesuffix("族") if len(stem) > 2 else stem


def level_of(adcode: str) -> str:
    """Province, prefecture or county, by the zeros of the code."""
    if adcode.endswith("0000"):
        return "province"
    return "prefecture" if adcode.endswith("00") else "county"


def current_rows(source: Path) -> Iterator[Row]:
    """The divisions of the ministry's table; raises `InputError` when it cannot be read."""
    try:
        provinces: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))["provinces"]
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{source}: no table of divisions ({error}); give divisions_v1.json") from error
    for province, held in provinces.items():
        code = held["code"][:6]
        yield Row(code, province, NATION[0])
        for city, below in held["cities"].items():
            yield from _city_rows(code, city, below)


def _city_rows(province: str, city: str, below: dict[str, Any]) -> Iterator[Row]:
    """A prefecture and its counties; the nameless one holds what is directly under the province."""
    parent = below["code"][:6] if below["code"] else province
    if below["code"]:
        yield Row(parent, city, province)
    for county, code in below["counties"].items():
        yield Row(code[:6], county, parent)


def dated_tables(folder: Path) -> list[tuple[int, dict[str, str]]]:
    """The last table of each year as (year, adcode → full name), oldest first, from the year before `FIRST_DATED`."""
    last: dict[int, tuple[str, Path]] = {}
    for path in sorted(folder.glob("revision_*.py")):
        found = _REVISION.match(path.name)
        if found and FIRST_DATED - 1 <= int(found[1]) <= LAST_TABLE:
            last[int(found[1])] = (found[2], path)
    if not last:
        raise InputError(f"{folder}: no file revision_YYYYMM.py; give the folder of dated tables")
    return [(year, _read_table(path)) for year, (_, path) in sorted(last.items())]


def _read_table(path: Path) -> dict[str, str]:
    """The literal of a dated table, without rows that name no division."""
    text = path.read_text(encoding="utf-8")
    table: dict[str, str] = ast.literal_eval(text[text.index("{") :])
    return {code: name for code, name in table.items() if not (_PSEUDO.search(name) or _STATISTICAL.match(code))}


def past_rows(tables: list[tuple[int, dict[str, str]]]) -> Iterator[Row]:
    """One row for each (code, name) of the dated tables; `ended` is the first year that lacks it.

    What a single table between two others holds is a slip or a statistical area, and is left out.
    """
    seen: dict[tuple[str, str], list[int]] = {}
    for index, (_, table) in enumerate(tables):
        for held in table.items():
            seen.setdefault(held, []).append(index)
    for (code, name), at in seen.items():
        first, last = at[0], at[-1]
        if 0 < first == last < len(tables) - 1:
            continue
        began = tables[first][0] if first else None
        ended = tables[last + 1][0] if last + 1 < len(tables) else None
        yield Row(code, name, _parent_in(code, tables[last][1]), began, ended)


def without_slips(rows: Iterable[Row]) -> Iterator[Row]:
    """Leave out a second name that a code had for a while beside its own: 墉桥区 for 埇桥区 in some years' tables."""
    by_code: dict[str, list[Row]] = {}
    for row in rows:
        by_code.setdefault(row.adcode, []).append(row)
    for held in by_code.values():
        for row in held:
            beside = [other for other in held if other is not row and _overlap(row, other)]
            if all(_years(row) > _years(other) for other in beside):
                first = min((row, *beside), key=lambda one: one.began or 0)
                yield Row(row.adcode, row.full_name, row.parent, first.began, row.ended)


def _years(row: Row) -> int:
    """How many years the row held, open ends counted far."""
    return (row.ended or 2100) - (row.began or 1900)


def _overlap(one: Row, other: Row) -> bool:
    """Whether both rows held in one year other than that of a change."""
    return (one.began or 1900) < (other.ended or 2100) and (other.began or 1900) < (one.ended or 2100)


def _parent_in(code: str, table: dict[str, str]) -> str:
    """The prefecture that the table holds for the code, else its province; the nation for a province."""
    if code.endswith("0000"):
        return NATION[0]
    prefecture = code[:4] + "00"
    under = prefecture in table and prefecture != code and code[:2] not in _MUNICIPALITIES
    return prefecture if under else code[:2] + "0000"


def read_changes(path: Path) -> Years:
    """(adcode, full name) → (began, ended) from changes.tsv; raises `DataError` with file and line."""
    years: Years = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], start=2):
        cells = line.split("\t")
        if len(cells) != 5 or not cells[2].isdigit() or cells[3] not in ("began", "ended"):
            raise DataError(f"{path}:{number}: want adcode, full_name, year, began or ended, basis")
        began, ended = years.get((cells[0], cells[1]), (None, None))
        year = int(cells[2])
        years[cells[0], cells[1]] = (year, ended) if cells[3] == "began" else (began, year)
    return years


def join_rows(current: list[Row], past: list[Row], changes: Years) -> list[Row]:
    """Current and past rows with their years; a row that ended later than the tables needs a line in changes.tsv."""
    rows = {(row.adcode, row.full_name): row for row in without_slips(past)}
    now = {(row.adcode, row.full_name) for row in current}
    for row in current:
        before = rows.get((row.adcode, row.full_name))
        rows[row.adcode, row.full_name] = Row(row.adcode, row.full_name, row.parent, before.began if before else None)
        if not before and (row.adcode, row.full_name) not in changes and row.adcode[:2] not in ("71", "81", "82"):
            raise DataError(f"changes.tsv: no year for the new {row.adcode} {row.full_name}; add a line")
    for key, (began, ended) in changes.items():
        row = rows[key]
        rows[key] = Row(row.adcode, row.full_name, row.parent, began or row.began, ended or row.ended)
    for key, row in rows.items():
        if key not in now and row.ended is None:
            raise DataError(f"changes.tsv: no year for the end of {row.adcode} {row.full_name}; add a line")
    return sorted(rows.values(), key=lambda row: (row.adcode, row.began or 0, row.ended or 9999))


def build(source: Path, revisions: Path) -> str:
    """The whole table as text, a header line first."""
    changes = read_changes(FOLDER / "changes.tsv")
    rows = join_rows(list(current_rows(source)), list(past_rows(dated_tables(revisions))), changes)
    lines = ["\t".join(HEADER), "\t".join(NATION)]
    for row in rows:
        years = (str(row.began or ""), str(row.ended or ""))
        lines.append(
            "\t".join((row.adcode, short_name(row.full_name), row.full_name, level_of(row.adcode), row.parent, *years))
        )
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Write the table; 2 and a usage line when the arguments are wrong, 1 where a source is missing or damaged."""
    return build_table(FOLDER / "divisions.tsv", build, ["SOURCE.json", "REVISIONS"], arguments)


if __name__ == "__main__":
    sys.exit(main())
