"""Promises of the built site: nothing on it is fetched from elsewhere, and every command, column and output is there."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from jianbao.pipeline.command import main
from jianbao.pipeline.dictionary import entries
from made_docs import DOCS

pytest.importorskip("sphinx")

_FETCHED = re.compile(
    r"<(?:script|img|iframe|source|audio|video)\b[^>]*\bsrc=[\"']?((?:https?:)?//[^\"'> ]+)", re.IGNORECASE
)
_LINKED = re.compile(r"<link\b[^>]*\bhref=[\"']?((?:https?:)?//[^\"'> ]+)", re.IGNORECASE)
_STYLED = re.compile(r"@import|url\([\"']?(?:https?:)?//")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site that was built before (JIANBAO_SITE), else one built now; a warning is an error."""
    if built := os.environ.get("JIANBAO_SITE"):
        return Path(built)
    place = tmp_path_factory.mktemp("site")
    asked = ["-n", "-W", "--keep-going", "-q", "-d", str(place / "doctrees"), str(DOCS), str(place / "html")]
    done = subprocess.run([sys.executable, "-m", "sphinx", *asked], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return place / "html"


def words(page: Path) -> str:
    """The text of a page, its white space folded."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.read_text(encoding="utf-8"))).split())


def close(text: str) -> str:
    return "".join(text.split())


def test_nothing_is_fetched_from_elsewhere(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 15
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert [*_FETCHED.findall(text), *_LINKED.findall(text)] == [], page
    for style in site.rglob("*.css"):
        assert _STYLED.findall(style.read_text(encoding="utf-8")) == [], style


def test_every_page_of_the_folder_is_on_the_site(site: Path) -> None:
    for page in DOCS.rglob("*.md"):
        assert (site / page.relative_to(DOCS).with_suffix(".html")).is_file()


@pytest.mark.parametrize("name", ["", *sorted(main.commands)])
def test_the_page_of_commands_says_what_help_says(site: Path, name: str) -> None:
    page = close(words(site / "commands.html"))
    said = close(CliRunner().invoke(main, [name, "--help"] if name else ["--help"], prog_name="jianbao").output)
    top = click.Context(main, info_name="jianbao", **main.context_settings)
    command = main.commands[name] if name else main
    context = click.Context(command, top, name) if name else top
    for told in (command.get_usage(context).removeprefix("Usage: "), command.help or ""):
        assert close(told)
        assert close(told) in said
        assert close(told) in page
    records = [record for param in command.get_params(context) if (record := param.get_help_record(context))]
    assert records
    for names, told in records:
        assert close(names) + close(told) in said
        assert close(names) + close(told) in page


@pytest.mark.parametrize(("lang", "path"), [("en", "tables.html"), ("zh", "zh/tables.html")])
def test_every_row_of_the_data_dictionary_is_on_its_page(site: Path, lang: str, path: str) -> None:
    page = close(words(site / path))
    for entry in entries():
        meaning = entry.meaning_zh if lang == "zh" else entry.meaning_en
        assert close(meaning) in page, entry
    source = (site / path).read_text(encoding="utf-8")
    for entry in (entry for entry in entries() if entry.code or entry.table != "codes"):
        assert f'<span class="pre">{entry.code or entry.column or entry.table}</span>' in source, entry


@pytest.mark.parametrize("path", sorted((DOCS / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_is_shown_with_what_it_gave(site: Path, path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    outputs = sum(bool(cell["outputs"]) for cell in cells if cell["cell_type"] == "code")
    page = (site / "notebooks" / f"{path.stem}.html").read_text(encoding="utf-8")
    assert page.count('class="cell_output ') == outputs > 2


def test_pages_in_chinese_say_so_to_browsers(site: Path) -> None:
    for page in (site / "zh").glob("*.html"):
        assert 'lang="zh-CN"' in page.read_text(encoding="utf-8")[:500]
    assert 'lang="en"' in (site / "start.html").read_text(encoding="utf-8")[:500]


BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.mark.skipif(BROWSER is None, reason="needs Chromium on the machine")
@pytest.mark.parametrize(
    ("sought", "found"),
    [("慰问", "zh/start"), ("区间相加", "zh/totals"), ("mapInPandas", "batches"), ("scheduler", "commands")],
)
def test_the_search_finds_words_of_both_languages_without_a_server(site: Path, sought: str, found: str) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-dev-shm-usage"])
        page = browser.new_page()
        page.goto(f"{(site / 'search.html').as_uri()}?q={sought}")
        page.wait_for_selector(f"#search-results a[href*='{found}.html']", timeout=20_000)
        browser.close()
