"""Fixtures that several test files share: one run of the bundled bulletins, stores, exports, models, a browser."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jianbao
import pytest
from hypothesis import settings
from jianbao.corpus.article import Article
from jianbao.corpus.records import Records
from jianbao.pipeline import batches
from jianbao.pipeline.engines import serial
from jianbao.pipeline.exporting import FORMATS, export
from jianbao.pipeline.notes import notes_of
from jianbao.pipeline.outputs import opened
from jianbao.pipeline.report import write_report
from jianbao.pipeline.run import run
from jianbao.pipeline.segmenting import WORDS, train_pkuseg
from jianbao.pipeline.summing import derive, sum_up
from jianbao.pipeline.totals import Request
from jianbao.pipeline.wide import widen
from made_calls import BULLETINS
from made_exports import FIGURES, RISKY, add_article, add_indicator
from made_reviews import made_out
from made_stores import empty_store
from made_troubles import INPUTS, SMALL, corpus, tables

# How long an example takes says more of the machine than of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from made_browser import Opening
    from playwright.sync_api import Browser, Page

Pair = tuple[Article, Records]


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBPyConnection]:
    """The store of a run that found nothing, to fill with other rows."""
    with empty_store(tmp_path_factory.mktemp("store")) as connection:
        yield connection


# The bundled bulletins.


@pytest.fixture(scope="session")
def bulletin_records() -> list[Pair]:
    """The articles of `bulletin_run` with their records, once it has run."""
    return []


@pytest.fixture(scope="session")
def bulletin_run(tmp_path_factory: pytest.TempPathFactory, bulletin_records: list[Pair]) -> Iterator[Path]:
    """The output folder of the bundled bulletins, to be read: who writes takes a copy."""
    folder = tmp_path_factory.mktemp("bulletins")
    jianbao.run(BULLETINS, folder, watch=lambda article, records: bulletin_records.append((article, records)))
    before = bytes_in(folder)
    yield folder
    assert bytes_in(folder) == before


def bytes_in(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="session")
def summed_bulletins(bulletin_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same folder with the wide tables beside the sums."""
    folder = shutil.copytree(bulletin_run, tmp_path_factory.mktemp("summed"), dirs_exist_ok=True)
    sum_up(folder)
    return folder


@pytest.fixture(scope="session")
def bulletin_indicators(summed_bulletins: Path) -> Any:
    """Its indicators as a data frame."""
    from jianbao.pipeline.frames import frame

    return frame(summed_bulletins)


# Exports.


@pytest.fixture(scope="session")
def hard_tables(bulletin_run: Path) -> Iterator[DuckDBPyConnection]:
    """All tables of the bundled bulletins, with cells in them that are hard to write."""
    with opened(bulletin_run) as connection:
        derive(connection)
        widen(connection)
        for place, cell in enumerate((*RISKY, *FIGURES)):
            add_article(connection, f"难写/{place}.txt", cell)
        for place, figure in enumerate(FIGURES):
            add_indicator(connection, f"难写/{place}.txt", place, figure)
        yield connection


@pytest.fixture(scope="session")
def exported(
    hard_tables: DuckDBPyConnection, bulletin_run: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Every format once."""
    folder = tmp_path_factory.mktemp("files")
    places = {to: folder / (f"简报.{to}" if to in ("xlsx", "sqlite", "duckdb") else to) for to in FORMATS}
    for to, place in places.items():
        export(hard_tables, place, to, notes=notes_of(bulletin_run, Request()))
    return places


# Whole runs, disturbed and not.


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many batches of few articles."""
    monkeypatch.setattr(batches, "ONE_IN", SMALL[0])
    monkeypatch.setattr(batches, "MOST", SMALL[1])


@pytest.fixture(scope="session")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of short articles, which nobody changes; beside it, once asked for, `expected`."""
    return corpus(tmp_path_factory.mktemp("undisturbed") / "in", INPUTS)


@pytest.fixture(scope="session")
def expected(inputs: Path) -> dict[str, bytes]:
    """The tables that a run of one process makes of the inputs."""
    run(inputs, inputs.parent / "expected", engine=serial)
    return tables(inputs.parent / "expected")


# A browser.


@pytest.fixture(scope="session")
def bulletin_report(bulletin_run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of the bundled bulletins, in a folder of the tables that it tells of."""
    return write_report(shutil.copytree(bulletin_run, tmp_path_factory.mktemp("report"), dirs_exist_ok=True))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from made_browser import BROWSER
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        shown = driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield shown
        shown.close()


@pytest.fixture
def show(browser: Browser) -> Iterator[Opening]:
    """Open a page; at the end nothing was said on its console, nothing failed, and nothing was asked of the network."""
    from made_browser import PATIENCE

    faults: list[str] = []
    contexts = []

    def opening(page: Path, width: int = 1280, **settings: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, offline=True, **settings)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        shown = context.new_page()
        shown.on("console", lambda message: faults.append(message.text))
        shown.on("pageerror", lambda error: faults.append(str(error)))
        shown.on("request", lambda request: None if request.url.startswith("file:") else faults.append(request.url))
        shown.goto(page.resolve().as_uri())
        return shown

    yield opening
    for context in contexts:
        context.close()
    assert faults == []


# A model of a segmenter.


@pytest.fixture(scope="session")
def few_lines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few hand-cut sentences."""
    path = tmp_path_factory.mktemp("words") / "few.txt"
    path.write_text("".join(WORDS.read_text(encoding="utf-8").splitlines(keepends=True)[:20]), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def pkuseg_model(few_lines: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pkuseg model of them."""
    folder = tmp_path_factory.mktemp("model")
    if find_spec("spacy_pkuseg") is not None:
        train_pkuseg(few_lines, folder)
    return folder


# A review.


@pytest.fixture(scope="session")
def reviewed_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run over two bulletins."""
    return made_out(tmp_path_factory.mktemp("reviewed"))


@pytest.fixture
def reviewed_out(reviewed_run: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change, its inputs beside it."""
    shutil.copytree(reviewed_run.parent, tmp_path / "run")
    folder = tmp_path / "run" / "out"
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    record["inputs"] = [str(tmp_path / "run" / "in")]
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    return folder
