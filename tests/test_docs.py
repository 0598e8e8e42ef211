"""Promises of the documentation: what a page shows is what the package does, and what it names is there."""

from __future__ import annotations

import csv
import importlib.metadata
import io
import os
import shlex
import subprocess
import sys
from contextlib import redirect_stdout
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import click
import jianbao
import pytest
from jianbao.corpus.gold import parse_gold
from jianbao.corpus.records import Records
from jianbao.pipeline.command import main
from jianbao.pipeline.run import run
from made_docs import CHECKOUT, DOCS, Block, all_blocks, blocks, inline_code, pages, tables

MARKED = all_blocks("{records}")
PYTHON = [block for block in all_blocks("{code-block} python") if "class" in block.options]
CONSOLE = all_blocks("console")
PAGES = pages()
SISTERS = sorted(page.name for page in (DOCS / "zh").glob("*.md"))
TYPES = ("Mention", "Indicator", "Brand", "Activity", "Refusal", "Quantity", "Period", "Region")


def page_id(page: Path) -> str:
    return page.relative_to(CHECKOUT).as_posix()


# Records.


def told(records: Records) -> dict[str, list[tuple[object, ...]]]:
    """All that a page says of records."""
    return {
        "indicators": [
            (one.start, one.end, one.quantity, one.measure, one.activity, one.brand, one.period, one.status, one.part_of, one.region)
            for one in records.indicators
        ],
        "brands": [(one.start, one.end, one.kind) for one in records.brands],
        "activities": sorted((one.start, one.end, one.type) for one in records.activities),
    }  # fmt: skip


@pytest.mark.parametrize("block", MARKED, ids=lambda block: block.place)
def test_marked_text_on_a_page_is_what_is_found_in_it(block: Block) -> None:
    golds = list(parse_gold(block.body, block.place))
    assert golds
    for gold in golds:
        assert told(jianbao.extract(gold.article)) == told(gold.records)


def test_the_guideline_shows_the_same_sentences_in_both_languages() -> None:
    english, chinese = (
        [block.body for block in blocks(DOCS / name) if block.info == "{records}"]
        for name in ("guideline.md", "zh/guideline.md")
    )
    assert len(english) > 15
    assert english == chinese


# Python.


@pytest.mark.parametrize("block", PYTHON, ids=lambda block: block.place)
def test_python_on_a_page_prints_what_stands_below_it(block: Block) -> None:
    needed = block.options["class"].partition("needs-")[2]
    if needed and find_spec(needed) is None:
        pytest.skip(f"{needed} is not installed")
    printed = _in_a_process(block.body) if needed else _printed(block.body)
    assert printed == _below(block)


def test_python_that_cannot_be_run_here_is_python() -> None:
    for block in all_blocks("python"):
        compile(block.body, block.place, "exec")


def _printed(code: str) -> str:
    with redirect_stdout(io.StringIO()) as printed:
        exec(compile(code, "<page>", "exec"), {"__name__": "page"})
    return printed.getvalue()


def _in_a_process(code: str) -> str:
    settings = {**os.environ, "PYSPARK_PYTHON": sys.executable, "RAY_AUTH_MODE": "disabled"}
    asked = [sys.executable, "-c", code]
    return subprocess.run(asked, capture_output=True, text=True, check=True, timeout=300, env=settings).stdout


def _below(block: Block) -> str:
    """The block of text that comes next on the page."""
    after = [other for other in blocks(CHECKOUT / block.page) if other.line > block.line]
    assert after
    assert after[0].info == "text"
    return after[0].body


# The worked example of totals.


@pytest.fixture(scope="module")
def sums(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of the bulletins that stand on the page of totals."""
    place = tmp_path_factory.mktemp("totals")
    (place / "in").mkdir()
    for block in blocks(DOCS / "totals.md"):
        if "caption" in block.options:
            (place / "in" / block.options["caption"]).write_text(block.body, encoding="utf-8")
    run(place / "in", place / "out")
    return place / "out"


@cache
def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def shown(page: str, column: str) -> list[dict[str, str]]:
    """The table of a page with such a column."""
    (found,) = [table for table in tables(DOCS / page) if column in table[0]]
    return found


@pytest.mark.parametrize("page", ["totals.md", "zh/totals.md"])
def test_the_sums_of_the_example_are_those_of_a_run(sums: Path, page: str) -> None:
    example = shown(page, "own_low")
    assert example == [{name: row[name] for name in example[0]} for row in rows(sums / "totals.csv")]


@pytest.mark.parametrize("page", ["totals.md", "zh/totals.md"])
def test_the_verdicts_of_the_example_are_those_of_a_run(sums: Path, page: str) -> None:
    example = shown(page, "verdict")
    words = {(row["article"], row["start"]): row["text"] for row in rows(sums / "indicators.csv")}
    ledger = [row | {"text": words[row["article"], row["start"]]} for row in rows(sums / "ledger.csv")]
    assert example == [{name: row[name] for name in example[0]} for row in ledger]


def test_both_pages_of_totals_sum_the_same_bulletins() -> None:
    english, chinese = (
        [block.body for block in blocks(DOCS / name) if "caption" in block.options]
        for name in ("totals.md", "zh/totals.md")
    )
    assert len(english) == 3
    assert english == chinese


# Commands.


def options(command: click.Command) -> set[str]:
    """The options of a command with their short and negative forms."""
    context = click.Context(command, **main.context_settings)
    return {name for param in command.get_params(context) for name in (*param.opts, *param.secondary_opts)}


def lines(block: Block) -> list[str]:
    """The command lines of `jianbao` in a console block, without comments."""
    told = [line.removeprefix("$ ").partition("  #")[0] for line in block.body.splitlines()]
    parts = [part.strip() for line in told for part in line.split("&&")]
    return [part for part in parts if part.split()[:1] == ["jianbao"]]


@pytest.mark.parametrize("block", CONSOLE, ids=lambda block: block.place)
def test_a_command_line_on_a_page_is_one_that_jianbao_takes(block: Block) -> None:
    for line in lines(block):
        _, *words = shlex.split(line)
        if set(words) & options(main):
            continue
        assert words[0] in main.commands, line
        main.commands[words[0]].make_context(words[0], words[1:])


def test_command_lines_are_really_read() -> None:
    assert len([line for block in CONSOLE for line in lines(block)]) > 30


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_commands_and_options_that_a_page_names_are_there(page: Path) -> None:
    known = options(main).union(*(options(command) for command in main.commands.values()))
    for code in inline_code(page):
        first, *words = code.split()
        if first.startswith("--"):
            assert first.partition("=")[0] in known, code
        elif first == "jianbao" and words:
            named = words[0]
            assert named in main.commands or named in options(main), code
            allowed = options(main.commands[named]) if named in main.commands else options(main)
            assert {word.partition("=")[0] for word in words if word.startswith("--")} <= allowed, code


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_is_shown_on_a_page_beside_its_help(name: str) -> None:
    assert any(
        line.split()[1:2] == [name] for block in CONSOLE if block.page.startswith("docs/") for line in lines(block)
    )


# What is named and linked.


def test_the_page_of_python_names_all_that_the_package_gives() -> None:
    page = (DOCS / "api.md").read_text(encoding="utf-8")
    assert [name for name in jianbao.__all__ if name != "__version__" and f":: jianbao.{name}\n" not in page] == []
    assert [name for name in TYPES if f":: {name}\n" not in page] == []


@pytest.mark.parametrize("name", SISTERS)
def test_a_page_and_its_chinese_one_lead_to_each_other(name: str) -> None:
    assert f"](zh/{name})" in (DOCS / name).read_text(encoding="utf-8")
    assert f"](../{name})" in (DOCS / "zh" / name).read_text(encoding="utf-8")
    assert f"](zh/{name})" in (DOCS / "index.md").read_text(encoding="utf-8")


def test_tables_of_figures_are_taken_from_the_readme_and_not_copied() -> None:
    text = (DOCS / "performance.md").read_text(encoding="utf-8")
    assert "|" not in text
    for name in ("scores", "inputs", "peers", "scaling"):
        assert f":start-after: <!-- {name} -->" in text


def test_the_documentation_is_no_part_of_the_package() -> None:
    files = importlib.metadata.files("jianbao") or []
    assert files
    assert [file for file in files if "docs" in file.parts or "notebooks" in file.parts] == []
    assert [path.name for path in DOCS.rglob("*.py")] == ["conf.py"]


def test_what_the_page_of_words_says_stands_where_it_says() -> None:
    for row in next(table for table in tables(DOCS / "vocabulary.md") if "where" in table[0]):
        file = row["where"].rpartition("` in `")[2].strip("`")
        assert (CHECKOUT / file).is_file(), file
