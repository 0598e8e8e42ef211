"""Chromium where the machine has it, and what a page shows and offers in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("playwright.sync_api", reason="the browser tests need playwright")
pytest.importorskip("jinja2", reason="the report needs Jinja2")
if TYPE_CHECKING:
    from playwright.sync_api import Page


BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_browser = pytest.mark.skipif(BROWSER is None, reason="the browser tests need Chromium on the machine")
OPEN = "dialog[open]"
PATIENCE = 10_000  # milliseconds
Opening = Callable[..., "Page"]


def texts(page: Page, selector: str) -> list[str]:
    return [text.strip() for text in page.locator(selector).all_inner_texts()]


def choose(page: Page, section: str, label: str, value: str) -> None:
    field = page.locator(f"#{section} label", has=page.get_by_text(label, exact=True))
    field.locator("select").select_option(value)
