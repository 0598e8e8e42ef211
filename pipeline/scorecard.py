"""Scores for the eye and for programs: the tables of `jianbao score`, its list of errors, and all of it as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from .labelling import SORTS, RuleRow
from .reliability import bins, calibration_error, groups_of
from .scoring import Score, Scores, Wrong
from .showing import fit, width

NAMES = {
    "indicators": "indicators 指标",
    "value": "  value 数值",
    "unit": "  unit 单位",
    "dimension": "  dimension 量纲",
    "per": "  per 每",
    "status": "  status 状态",
    "full": "  all five 以上全对",
    "period": "  period 时期",
    "measure": "  measure 事项",
    "measure_exact": "  measure, word for word 逐字",
    "activity": "  activity 类型",
    "brand": "  brand 品牌",
    "region": "  region 地区",
    "part_of": "  is a part 是部分",
    "whole": "  part of that whole 所属总数",
    "brands": "brands 品牌",
    "kind": "  kind 种类",
    "types": "types of sentences 句子类型",
}
_HEAD = ("field 字段", "gold", "found", "right", "precision", "recall", "F1", "95 % of F1", "of matched")
_RELIABILITY_HEAD = ("confidence 置信度", "told", "count", "mean told", "right", "error")
_RULES_HEAD = ("rule 规则", "answers", "coverage", "overlap", "conflict", "right", "wrong", "precision")
_SORTS = {
    "quotations": "quotations 引号内",
    "names": "names without quotation marks 引号外",
    "sentences": "types of sentences 句子类型",
}
_GROUPS = {
    "figure": "figure: span, value, unit, dimension 数值",
    "meaning": "meaning: measure, activity, brand 含义",
    "time": "time: period, status 时间",
    "brand": "brands: span, kind 品牌",
    "activity": "types of sentences 句子类型",
}


def table(scores: Scores) -> Iterator[str]:
    """The lines of both tables: scores of each field, then how far confidence can be believed."""
    yield f"{scores.articles} articles, {len(scores.wrong)} errors; intervals by drawing articles anew"
    yield ""
    yield from _aligned([_HEAD, *map(_cells, scores.rows)])
    yield ""
    yield from _aligned([_RELIABILITY_HEAD, *_reliability(scores)])


def _cells(row: Score) -> Sequence[str]:
    return (
        NAMES[row.name], str(row.gold), str(row.found), str(row.right),
        f"{row.precision[0]:.3f}", f"{row.recall[0]:.3f}", f"{row.f1[0]:.3f}", f"{row.f1[1]:.3f}–{row.f1[2]:.3f}",
        f"{row.of_matched:.3f}" if row.name not in ("indicators", "brands", "types") else "",
    )  # fmt: skip


def _reliability(scores: Scores) -> Iterator[Sequence[str]]:
    for group in groups_of(scores.told):
        found = list(bins(scores.told, group))
        yield _GROUPS[group], "", str(sum(one.count for one in found)), "", "", f"{calibration_error(found):.3f}"
        for one in found:
            yield "", f"{one.low:.2f}–{one.high:.2f}", str(one.count), f"{one.told:.3f}", f"{one.right:.3f}", ""


def _aligned(lines: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns as wide as their widest cell, in terminal cells; the first to the left, the others to the right."""
    widths = [max(width(line[column]) for line in lines) for column in range(len(lines[0]))]
    for first, *others in lines:
        cells = [" " * (cells - width(cell)) + cell for cell, cells in zip(others, widths[1:], strict=True)]
        yield "  ".join([fit(first, widths[0]), *cells]).rstrip()


def wrong_line(wrong: Wrong) -> str:
    """An error on one line: its place, kind, the text around it, gold against found, and the rule at fault."""
    facing = f"gold {wrong.gold or '-'}; found {wrong.found or '-'}"
    return f"{wrong.path}:{wrong.line}: {wrong.kind}: {wrong.around} | {facing} | {wrong.rule}"


def as_json(scores: Scores) -> dict[str, Any]:
    """Everything of both tables and the list of errors as plain values; an interval is estimate, low, high."""
    groups = {group: list(bins(scores.told, group)) for group in groups_of(scores.told)}
    return {
        "articles": scores.articles,
        "fields": {
            row.name: {
                "gold": row.gold,
                "found": row.found,
                "right": row.right,
                "precision": _rounded(row.precision),
                "recall": _rounded(row.recall),
                "f1": _rounded(row.f1),
                "of_matched": round(row.of_matched, 4),
            }
            for row in scores.rows
        },
        "reliability": {
            group: {"calibration_error": calibration_error(found), "bins": [asdict(one) for one in found]}
            for group, found in groups.items()
        },
        "wrong": [asdict(wrong) for wrong in scores.wrong],
    }


def _rounded(interval: tuple[float, float, float]) -> list[float]:
    return [round(value, 4) for value in interval]


def rule_table(rows: Sequence[RuleRow]) -> Iterator[str]:
    """The lines of the table of rules: each sort with the number of its candidates, then its rules."""
    yield "each rule by itself, without learned models (逐条规则，不用模型)"
    yield ""
    cells: list[Sequence[str]] = [_RULES_HEAD]
    for sort in SORTS:
        found = [row for row in rows if row.sort == sort]
        candidates = f"{_SORTS[sort]} ({found[0].candidates if found else 0})"
        cells += [(candidates, *[""] * (len(_RULES_HEAD) - 1)), *map(_rule_cells, found)]
    yield from _aligned(cells)


def _rule_cells(row: RuleRow) -> Sequence[str]:
    coverage, overlap, conflict, precision = (
        "" if share is None else f"{share:.3f}" for share in (row.coverage, row.overlap, row.conflict, row.precision)
    )
    counts = str(row.right), str(row.wrong)
    return f"  {row.rule}", str(row.answers), coverage, overlap, conflict, *counts, precision


def rules_as_json(rows: Sequence[RuleRow]) -> dict[str, Any]:
    """The table of rules and some errors of each as plain values; a share of nothing is null."""
    return {
        "rules": [
            {
                "sort": row.sort,
                "rule": row.rule,
                "candidates": row.candidates,
                "answers": row.answers,
                **{name: _known(getattr(row, name)) for name in ("coverage", "overlap", "conflict", "precision")},
                "right": row.right,
                "wrong": row.wrong,
            }
            for row in rows
        ],
        "wrong": [asdict(wrong) for row in rows for wrong in row.instances],
    }


def _known(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
