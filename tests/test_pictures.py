"""Promises of the pictures for the documentation: all are made of the bundled bulletins, and none is large."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from pictures import BROWSERS, LARGEST, PICTURES, take_pictures

pytest.importorskip("playwright.sync_api", reason="pictures need playwright")
pytest.importorskip("jinja2", reason="the report needs Jinja2")


@pytest.mark.skipif(not any(map(shutil.which, BROWSERS)), reason="pictures need Chromium on the machine")
def test_each_picture_is_made_and_is_small(tmp_path: Path) -> None:
    paths = take_pictures(tmp_path)
    assert sorted(path.name for path in paths) == sorted(f"report-{picture.name}.png" for picture in PICTURES)
    assert [path.name for path in paths if not 5_000 < path.stat().st_size < LARGEST] == []


def test_the_pictures_of_the_documentation_are_all_there_and_small() -> None:
    folder = Path(__file__).parents[1] / "docs" / "pictures"
    assert {path.name for path in folder.glob("report-*")} == {f"report-{picture.name}.png" for picture in PICTURES}
    assert [path.name for path in folder.glob("report-*") if path.stat().st_size > LARGEST] == []
