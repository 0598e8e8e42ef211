"""The record of a run, the request and the tables in, what is to be said about how the tables were made out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ..corpus.errors import OutputError
from .dictionary import Lang, codes, title

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from .totals import Request

_RUN = {
    "version": ("版本", "version"),
    "fingerprint": ("规则与词表指纹", "fingerprint of rules and lexicons"),
    "inputs": ("输入", "inputs"),
    "read": ("读入文章", "articles read"),
    "failed": ("失败", "failed"),
    "repeated": ("重复", "repeats"),
    "models": ("使用模型", "learned models used"),
    "domain": ("领域配置", "domain"),
}
_REQUEST = {
    "by": ("分组", "parted by"),
    "level": ("级别", "level"),
    "year": ("年份", "year"),
    "divisions": ("区划年份", "divisions of the year"),
}
_SPANS = {
    "articles": ("发布日期", "published", "min(published)", "max(published)"),
    "indicators": ("数据时期", "periods of figures", "min(period_start)", "max(period_end)"),
}
_SECTIONS = {
    "run": ("运行", "Run"),
    "span": ("日期范围", "Dates"),
    "rows": ("行数", "Rows"),
    "request": ("汇总要求", "Request"),
    "counting": ("合计办法", "How totals are made"),
    "verdict": ("计入与未计入", "Counted and left out"),
}


@dataclass(frozen=True, slots=True)
class Notes:
    """What the page about the totals tells beside what the tables show: the record of the run, and what was asked."""

    run: Mapping[str, object] = field(default_factory=dict)
    request: Mapping[str, object] = field(default_factory=dict)


def notes_of(out: Path, request: Request | None = None) -> Notes:
    """The notes of an output folder, from its `run.json`.

    Raises:
        OutputError: where the folder holds no record of a run.
    """
    path = out / "run.json"
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise OutputError(f"{path}: no record of a run; is this the OUT of `jianbao run`? (不是输出文件夹)") from None
    return Notes(record if isinstance(record, dict) else {}, asdict(request) if request else {})


def notes_rows(
    connection: DuckDBPyConnection, tables: Sequence[str], lang: Lang, notes: Notes
) -> Iterator[tuple[str, str, str]]:
    """Section, item and value of all that is to be said about how the tables were made."""
    at = 0 if lang == "zh" else 1
    for section, words, told in (("run", _RUN, notes.run), ("request", _REQUEST, notes.request)):
        for key in (key for key in words if key in told and (key != "domain" or told[key])):
            yield _SECTIONS[section][at], words[key][at], _text(told[key], lang)
    for table in (table for table in _SPANS if table in tables):
        *words_of, first, last = _SPANS[table]
        span = connection.execute(f"SELECT {first}, {last} FROM {table}").fetchone() or (None, None)
        yield _SECTIONS["span"][at], words_of[at], f"{span[0] or ''} .. {span[1] or ''}"
    for table in tables:
        yield _SECTIONS["rows"][at], title(table, lang), f"{_count(connection, table):,}"
    if "totals" in tables or "ledger" in tables:
        for rule in codes("counting").values():
            yield _SECTIONS["counting"][at], rule.name(lang), rule.meaning(lang)
    if "ledger" in tables:
        yield from ((_SECTIONS["verdict"][at], *verdict) for verdict in _verdicts(connection, lang))


def _text(value: object, lang: Lang) -> str:
    if value is None or value in ((), []):
        return "全部" if lang == "zh" else "all"
    if isinstance(value, bool):
        return ("是" if value else "否") if lang == "zh" else ("yes" if value else "no")
    if isinstance(value, Mapping):  # a domain: its name, and the types that it adds
        return "\n".join(
            [str(value.get("name")), *(f"{code}: {name}" for code, name in value.get("types", {}).items())]
        )
    return "\n".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _count(connection: DuckDBPyConnection, table: str) -> int:
    found = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(found[0]) if found else 0


def _verdicts(connection: DuckDBPyConnection, lang: Lang) -> Iterator[tuple[str, str]]:
    """How many figures were counted, and how many were left out for each reason."""
    found = connection.execute("SELECT coalesce(reason, verdict), count(*) FROM ledger GROUP BY ALL").fetchall()
    counts = dict(found)
    for code, entry in {"counted": codes("verdict")["counted"], **codes("reason")}.items():
        yield entry.name(lang), f"{counts.get(code, 0):,} · {entry.meaning(lang)}"
