"""Notebooks are run anew, each in a kernel of its own; what they show must be what they hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
MOST_BYTES = 150_000
SECONDS = 600


def read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def shown(notebook: Any) -> list[str]:
    """The words that each cell shows, however many pieces they came in; pictures and standard error are no words."""
    return ["".join(map(words_of, cell.outputs)) for cell in notebook.cells if cell.cell_type == "code"]


def words_of(output: Any) -> str:
    if output.output_type == "stream":
        return "" if output.name == "stderr" else str(output.text)
    return str(output.get("data", {}).get("text/plain", output.output_type))


def test_there_are_notebooks() -> None:
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_shows_what_it_gives(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    notebook = read(path)
    held = shown(notebook)
    NotebookClient(notebook, timeout=SECONDS, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert shown(notebook) == held


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_small_and_tells_of_no_error_and_no_machine(path: Path) -> None:
    assert path.stat().st_size < MOST_BYTES
    notebook = read(path)
    assert any(shown(notebook))
    assert not [
        output for cell in notebook.cells for output in cell.get("outputs", ()) if output.output_type == "error"
    ]
    assert "/tmp/" not in path.read_text(encoding="utf-8")
