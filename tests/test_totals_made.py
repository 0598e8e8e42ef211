"""Sums over made corpora: what was planned to count is what counts, and what must not matter does not matter."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import jianbao
import pytest
from duckdb import DuckDBPyConnection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jianbao.corpus.script import fold
from jianbao.pipeline.outputs import opened
from jianbao.pipeline.totals import Request
from made_corpora import corpora, planned_corpus, truth, write_articles
from made_figures import Corpus
from made_stores import TypedRow, fill, sums, typed_tables, write_tables
from made_traps import TABLE_TRAPS, TRAPS
from made_wild_tables import joined, random_tables, wild_tables
from plain_totals import Asked, reckon

FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


WORLDS = st.lists(wild_tables(), min_size=1, max_size=30)


CORPORA = st.lists(corpora(), min_size=1, max_size=12)


ASKED = st.builds(
    Request,
    by=st.sampled_from([("activity",), ("dimension",), ("activity", "brand"), ("measure",), ("period", "brand", "measure")]),
    level=st.sampled_from([None, None, "province", "prefecture", "county"]),
    year=st.sampled_from([None, None, 2022, 2023]),
    divisions=st.sampled_from([None, None, 2018, 2024]),
)  # fmt: skip


Tables = tuple[list[TypedRow], list[TypedRow]]


SIDES = [f"{side}_{name}" for side in ("own", "below") for name in ("low", "high", "count")]


def reckoned(store: DuckDBPyConnection, tables: Tables, request: Request | None = None) -> Tables:
    """Ledger and totals of tables, in a settled order."""
    fill(store, *tables)
    ledger, totals = sums(store, request)
    return sorted(ledger, key=_place), sorted(totals, key=lambda row: row["total"])


def _place(row: TypedRow) -> tuple[str, int]:
    return row["article"], row["start"]


# The plan.


def assert_as_planned(corpus: Corpus, ledger: Iterable[TypedRow], totals: Iterable[TypedRow]) -> None:
    """Each verdict and each sum is that of the plan, and nothing else stands in the tables."""
    found = {(row["article"], row["start"]): row for row in ledger}
    places = {told: (piece.name, span) for piece in corpus.pieces for told, span in piece.placed()[1].items()}
    assert found.keys() == {(name, start) for name, (start, _) in places.values()}
    for piece, told in corpus.told():
        row = found[piece.name, places[told][1][0]]
        assert (row["reason"], told.text) == (told.reason, told.text)
        assert (row["low"], row["high"], row["unit"]) == (_held(told.low), _held(told.high), told.kind.unit)
        others = {f"{name}:{start}-{end}" for name, (start, end) in (places[other] for other in told.others)}
        assert row["other"] in (others or {None})
    known = truth(corpus)
    rows = {row["total"]: row for row in totals}
    assert rows.keys() == known.keys()
    assert {total: {name: rows[total][name] for name in row} for total, row in known.items()} == known


def _held(figure: Decimal) -> Decimal | None:
    return figure if figure < 10**28 else None


@FEW
@given(made=CORPORA)
def test_verdicts_and_totals_are_those_of_the_plan(store: DuckDBPyConnection, made: list[Corpus]) -> None:
    ledger, totals = reckoned(store, joined(map(typed_tables, made)))
    for number, corpus in enumerate(made):
        assert_as_planned(corpus, _parted(ledger, number), _parted(totals, number))


def _parted(rows: Iterable[TypedRow], number: int) -> list[TypedRow]:
    """The rows of one of the joined corpora as if it were alone."""
    return [_alone(row, str(number)) for row in rows if _number(row) == str(number)]


def _number(row: TypedRow) -> str:
    return row["unit"][: len(row["unit"]) - len(row["unit"].lstrip("0123456789"))]


def _alone(row: TypedRow, number: str) -> TypedRow:
    unit = row["unit"].removeprefix(number)
    told = {name: row[name].removeprefix(f"{number}/") if row[name] else None for name in ("article", "other") if name in row and name != "articles"}  # fmt: skip
    total = row["total"].replace(f"|{number}{unit}", f"|{unit}") if row["total"] else None
    return row | told | {"unit": unit, "total": total}


@pytest.mark.parametrize("trap", TABLE_TRAPS, ids=lambda trap: trap.__name__)
def test_every_trap_alone_is_as_planned_in_plain_python(trap: Any) -> None:
    for seed in range(20):
        corpus = planned_corpus(seed, [trap], repeats=0)
        ledger, totals = reckon(*typed_tables(corpus))
        assert_as_planned(corpus, [row | {"other": next(iter(row["other"]), None)} for row in ledger], totals)


def test_the_made_corpora_hold_every_reason() -> None:
    corpus = planned_corpus(1, [*TABLE_TRAPS] * 3, repeats=6)
    reasons = {told.reason for _, told in corpus.told()}
    assert reasons == {
        None, "repeat", "planned", "ratio", "per", "no_region", "out_of_range", "part", "retold", "same_figure",
        "reported_again", "overlap",
    }  # fmt: skip


# Tables as a run leaves them, and articles as bodies write them.


def test_a_folder_of_tables_gives_the_totals_of_the_plan(tmp_path: Path) -> None:
    corpus = planned_corpus(5, [*TABLE_TRAPS] * 2, repeats=2)
    with opened(write_tables(tmp_path / "out", *typed_tables(corpus))) as connection:
        assert_as_planned(corpus, *sums(connection))


@pytest.mark.parametrize("seed", [3, 11, 29])
def test_a_run_over_articles_gives_the_totals_of_the_plan(tmp_path: Path, seed: int) -> None:
    traps = Random(seed).sample([*TRAPS] * 2, len(TRAPS) * 2)
    corpus = planned_corpus(seed, traps, repeats=3)
    jianbao.run(write_articles(tmp_path / "in", corpus), tmp_path / "out")
    with opened(tmp_path / "out") as connection:
        assert_as_planned(corpus, *sums(connection))
    ledger, totals = (list(_written(tmp_path / "out", name)) for name in ("ledger", "totals"))
    assert {row["article"]: row for row in ledger}.keys() == {piece.name for piece, _ in corpus.told()}
    planned = sorted((piece.name, told.reason or "") for piece, told in corpus.told())
    assert sorted((row["article"], row["reason"]) for row in ledger) == planned
    known = truth(corpus)
    assert {row["total"] for row in totals} == known.keys()
    for row in totals:
        assert [row[name] for name in SIDES] == [_cell(known[row["total"]][name]) for name in SIDES]


def _written(out: Path, name: str) -> Iterator[dict[str, str]]:
    with (out / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _cell(value: Decimal | int | None) -> str:
    return "" if value is None else f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def test_sentences_in_traditional_script_fold_back() -> None:
    corpus = planned_corpus(2, [trap for trap in TRAPS if trap.__name__ == "traditional"] * 9)
    pieces = [piece for piece in corpus.pieces if piece.traditional]
    assert pieces
    for piece in pieces:
        plain = replace(piece, traditional=False).placed()[0]
        assert piece.placed()[0] != plain
        assert fold(piece.placed()[0]) == plain


# The same sums twice: in SQL and in plain Python.


@settings(FEW, max_examples=25)
@given(worlds=WORLDS, request=ASKED)
def test_any_tables_have_the_sums_of_the_plain_reading(
    store: DuckDBPyConnection, worlds: list[Tables], request: Request
) -> None:
    assert_as_plain(store, joined(worlds), request)


@pytest.mark.parametrize(
    "asked",
    [Request(), Request(by=("brand", "period"), year=2023), Request(by=("measure",), divisions=2023)],
    ids=["all", "year", "divisions"],
)
def test_hundreds_of_tables_have_the_sums_of_the_plain_reading(store: DuckDBPyConnection, asked: Request) -> None:
    random = Random(6)
    assert_as_plain(store, joined(random_tables(random, random.randint(0, 12)) for _ in range(1500)), asked)


def assert_as_plain(store: DuckDBPyConnection, tables: Tables, request: Request) -> None:
    """Every cell of the ledger and of the totals; of several figures that may stand instead the ledger names one."""
    ledger, totals = reckoned(store, tables, request)
    plain, plain_totals = reckon(*tables, Asked(request.by, request.level, request.year, request.divisions))
    plain.sort(key=_place)
    assert [row | {"other": None} for row in ledger] == [row | {"other": None} for row in plain]
    for row, expected in zip(ledger, plain, strict=True):
        assert row["other"] in (expected["other"] or [None])
    known = {row["total"]: row for row in plain_totals}
    assert {row["total"]: {name: row[name] for name in known.get(row["total"], row)} for row in totals} == known


# What must hold of all sums.


@FEW
@given(worlds=WORLDS, request=ASKED)
def test_the_ledger_adds_up_to_the_totals(store: DuckDBPyConnection, worlds: list[Tables], request: Request) -> None:
    ledger, totals = reckoned(store, joined(worlds), replace(request, level=None))
    assert len(ledger) == sum(len(rows) for _, rows in worlds)
    added: dict[str, list[TypedRow]] = {}
    for row in ledger:
        if row["verdict"] == "counted":
            added.setdefault(row["total"], []).append(row)
    own = {row["total"]: tuple(row[name] for name in SIDES[:3]) for row in totals if row["own_count"]}
    assert own == {
        total: (sum(row["low"] for row in rows), sum(row["high"] for row in rows), len(rows))
        for total, rows in added.items()
    }


@FEW
@given(worlds=WORLDS, request=ASKED, random=st.randoms(use_true_random=False))
def test_the_order_of_articles_and_of_rows_does_not_matter(
    store: DuckDBPyConnection, worlds: list[Tables], request: Request, random: Random
) -> None:
    articles, rows = joined(worlds)
    shuffled = random.sample(articles, len(articles)), random.sample(rows, len(rows))
    assert reckoned(store, (articles, rows), request) == reckoned(store, shuffled, request)


@FEW
@given(worlds=WORLDS, random=st.randoms(use_true_random=False))
def test_a_repeat_changes_nothing(store: DuckDBPyConnection, worlds: list[Tables], random: Random) -> None:
    articles, rows = joined(worlds)
    again = random.sample(articles, random.randint(0, len(articles)))
    copies = [row | {"article": f"again/{row['article']}", "status": "repeat"} for row in again]
    names = {row["article"] for row in again}
    copied = [row | {"article": f"again/{row['article']}"} for row in rows if row["article"] in names]
    before, totals = reckoned(store, (articles, rows))
    after, totals_with = reckoned(store, (articles + copies, rows + copied))
    assert totals_with == totals
    assert [row for row in after if not row["article"].startswith("again/")] == before
    assert {row["reason"] for row in after if row["article"].startswith("again/")} <= {"repeat"}


@FEW
@given(made=corpora(TRAPS))
def test_telling_all_again_on_the_same_days_changes_no_sum(store: DuckDBPyConnection, made: Corpus) -> None:
    articles, rows = typed_tables(made)
    later = [row | {"article": f"z{row['article']}"} for row in articles]
    told = [row | {"article": f"z{row['article']}"} for row in rows]
    _, before = reckoned(store, (articles, rows))
    _, after = reckoned(store, (articles + later, rows + told))
    assert [[row["total"], *(row[name] for name in SIDES)] for row in after] == [
        [row["total"], *(row[name] for name in SIDES)] for row in before
    ]


@FEW
@given(worlds=WORLDS)
def test_own_figures_of_a_division_never_change_when_others_report(
    store: DuckDBPyConnection, worlds: list[Tables]
) -> None:
    articles, rows = joined(worlds)
    above = [row for row in rows if row["region"] in ("330000", "330100") and row["part_of"] is None]
    _, alone = reckoned(store, (articles, above))
    _, beside = reckoned(store, (articles, above + [row for row in rows if row["region"] not in ("330000", "330100", None) and row["part_of"] is None]))  # fmt: skip
    own = {row["total"]: [row[name] for name in SIDES[:3]] for row in beside}
    assert [row for row in alone if row["own_count"] and [row[name] for name in SIDES[:3]] != own[row["total"]]] == []


@FEW
@given(worlds=WORLDS, request=ASKED, level=st.sampled_from(["province", "prefecture", "county"]))
def test_level_only_filters(store: DuckDBPyConnection, worlds: list[Tables], request: Request, level: str) -> None:
    tables = joined(worlds)
    ledger, totals = reckoned(store, tables, replace(request, level=None))
    found, kept = reckoned(store, tables, replace(request, level=level))
    assert found == ledger
    assert kept == [row for row in totals if row["level"] == level]


@FEW
@given(worlds=WORLDS, name=st.sampled_from(["brand", "measure", "period", "activity"]))
def test_own_sums_by_more_add_up_to_those_by_less(store: DuckDBPyConnection, worlds: list[Tables], name: str) -> None:
    tables = joined(worlds)
    _, less = reckoned(store, tables, Request(by=("dimension",)))
    _, more = reckoned(store, tables, Request(by=("dimension", name)))
    added: dict[tuple[str, ...], list[Decimal]] = {}
    for row in (row for row in more if row["own_count"]):
        total = added.setdefault((row["region"], row["dimension"], row["unit"]), [Decimal(0)] * 3)
        added[row["region"], row["dimension"], row["unit"]] = [
            one + row[side] for one, side in zip(total, SIDES[:3], strict=True)
        ]
    own = {(row["region"], row["dimension"], row["unit"]): [row[side] for side in SIDES[:3]] for row in less if row["own_count"]}  # fmt: skip
    assert own == added
