"""Promises on pages of twenty kinds of site, by someone who had not read the rules, not read by those who write them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

pytest.importorskip("lxml", reason="pages need lxml")

import test_pages_apart as apart

PAGES = sorted((Path(__file__).parent / "pages_unseen").glob("*.html"))


@cache
def verdicts() -> tuple[apart.Verdict, ...]:
    return tuple(apart.judge(page) for page in PAGES)


def articles() -> list[apart.Verdict]:
    return [verdict for verdict in verdicts() if verdict.told["article"]]


def others() -> list[apart.Verdict]:
    return [verdict for verdict in verdicts() if not verdict.told["article"]]


def table() -> str:
    kinds = sorted({verdict.told["kind"] for verdict in verdicts()})
    rows = [apart.row(kind, [verdict for verdict in verdicts() if verdict.told["kind"] == kind]) for kind in kinds]
    head = f"{'kind':<12}{'pages':>6}" + "".join(f"{field[:9]:>10}" for field in apart.FIELDS) + f"{'body':>8} article"
    read = [*articles(), *(other for other in others() if other.article)]
    return "\n".join(
        ["", head, *rows, apart.row("all", verdicts()), *(miss for one in read for miss in apart.misses(one))]
    )


def test_every_page_has_its_sidecar_and_the_table_is_printed() -> None:
    print(table())
    assert (len(articles()), len(others())) == (17, 3)
    assert [page.name for page in PAGES if not page.with_suffix(".json").exists()] == []


def test_titles_are_read_without_the_name_of_the_site() -> None:
    assert apart.share("title", articles()) >= 0.8


def test_dates_are_those_that_the_page_shows() -> None:
    assert apart.share("published", articles()) >= 0.8


def test_bodies_hold_the_article_and_little_else() -> None:
    assert sum(verdict.body for verdict in articles()) / len(articles()) >= 0.88


def test_pages_without_an_article_give_none() -> None:
    assert sum(not verdict.article for verdict in others()) >= 2
