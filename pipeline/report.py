"""An output folder in, one page out that anybody can open: `report.html`, with every figure beside the text it stands in."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from ..corpus.errors import InputError, OutputError
from ..corpus.sources import readable
from .amounts import Language
from .aside import put
from .notes import notes_of
from .outputs import opened
from .report_content import WHOLE, Bounds, content_of
from .summing import derive
from .totals import Request

PAGE = Path(__file__).parent / "page"
NAME = "report.html"
_SCRIPTS = ("elements.js", "data.js", "evidence.js", "tables.js", "map.js", "sections.js")
_SIGN = '<meta name="generator" content="jianbao">'
_HEAD = 2048  # characters at the beginning of a page that hold the sign
_UNSAFE = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


class Tile(NamedTuple):
    """A provincial division on the map: its place and its names."""

    code: str
    column: int
    row: int
    zh: str
    en: str


def write_report(
    out: Path | str,
    target: Path | None = None,
    *,
    request: Request | None = None,
    lang: Language = "zh",
    encoding: str = "utf-8-sig",
    existing: Literal["refuse", "overwrite"] = "refuse",
    bounds: Bounds = WHOLE,
) -> Path:
    """Write the report of an output folder into it, or to `target`; the file written.

    Totals are those that `jianbao totals` makes of the tables as they stand: of a year, in the divisions of one, as the
    `request` says; its level is the one at which the page opens, since the map and what lies below need the others too.
    `lang` is the language in which the page
    opens; it holds both. A report of an earlier time is replaced, any other file only where `existing` says so.

    Raises:
        OutputError: where a table is missing, broken or of another version, the run is not done, or a file stands in the
            way.
        InputError: where sums are asked that the page cannot lay out.
    """
    asked = request or Request()
    if not asked.is_wide:
        raise InputError("a report parts its sums by activity and dimension alone (报告只能按活动类型与量纲分组)")
    folder = Path(out)
    place = target or folder / NAME
    record = finished(folder)
    _refuse(place, existing)
    with opened(folder, encoding=encoding) as connection:
        derive(connection, replace(asked, level=None))
        content = content_of(connection, folder, record, asked, bounds)
    _put(place, render(content, lang))
    return place


def render(content: Mapping[str, Any], lang: Language = "zh") -> str:
    """The page that shows the content."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    room = Environment(
        loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    script = "\n".join((PAGE / name).read_text(encoding="utf-8") for name in _SCRIPTS)
    style = (PAGE / "report.css").read_text(encoding="utf-8")
    data = {**content, "phrases": phrases(), "tiles": tiles()}
    return room.get_template("report.html.j2").render(
        lang=lang,
        words={key: told[lang] for key, told in phrases().items()},
        style=style,
        script=script,
        data=embedded(data),
        style_hash=_hashed(style),
        script_hash=_hashed(script),
    )


def embedded(data: object) -> str:
    """JSON that ends no script element and no line of one.

    >>> embedded({"title": "</script>&"})
    '{"title":"\\\\u003c/script\\\\u003e\\\\u0026"}'
    """
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).translate(_UNSAFE)


@cache
def phrases() -> dict[str, dict[str, str]]:
    """The words of the page by key and language."""
    with (PAGE / "phrases.tsv").open(encoding="utf-8", newline="") as file:
        return {row.pop("key"): row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}


@cache
def tiles() -> tuple[Tile, ...]:
    """The provincial divisions where they stand on the map, from the north-west."""
    with (PAGE / "tiles.tsv").open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file, delimiter="\t")
    return tuple(Tile(code, int(column), int(row), zh, en) for code, column, row, zh, en in rows)


def _hashed(text: str) -> str:
    """The hash by which a page allows its own style and script, and no other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def finished(folder: Path) -> Mapping[str, Any]:
    """The record of a run that is done."""
    record = dict(notes_of(folder).run)
    state = record.get("state", "done")
    if state != "done" or not isinstance(record.get("version"), str):
        raise OutputError(
            f"{readable(folder / 'run.json')}: the run is not done ({state}): call `jianbao run` again, it goes on where it"
            " stopped (运行尚未完成，请再次运行)"
        )
    return record


def _refuse(place: Path, existing: Literal["refuse", "overwrite"]) -> None:
    if place.is_dir():
        raise OutputError(f"{readable(place)}: is a folder; give the name of a file (输出位置是一个文件夹)")
    if existing == "refuse" and place.exists() and not _is_ours(place):
        raise OutputError(
            f"{readable(place)}: is there already and no report of jianbao; ask to overwrite it, or choose another place"
            " (文件已存在)"
        )


def _is_ours(place: Path) -> bool:
    try:
        with place.open(encoding="utf-8", errors="replace") as file:
            return _SIGN in file.read(_HEAD)
    except OSError:
        return False


def _put(place: Path, page: str) -> None:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        put(place, page.encode("utf-8", "replace"))
    except OSError as error:
        raise OutputError(f"{readable(place)}: cannot be written: {error.strerror or error} (无法写入)") from None
