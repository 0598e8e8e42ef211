"""The bundled bulletins in, the pictures of their report for the documentation out: `python tests/pictures.py docs/pictures`."""

from __future__ import annotations

import importlib.util
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from jianbao.pipeline.report import write_report
from jianbao.pipeline.run import run

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[1]
BULLETINS = ROOT / "corpus" / "bulletins"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
LARGEST = 150_000
"""Bytes of a picture."""
_COLOURS = 256
_SMALLER = 0.75  # where colours cannot be made fewer


class Picture(NamedTuple):
    """What a picture shows: the size of the window, its light, and what is done before."""

    name: str
    width: int = 1200
    height: int = 800
    scheme: Literal["light", "dark"] = "light"
    prepare: Callable[[Page], None] = lambda page: None


def _open_evidence(page: Page) -> None:
    page.locator(".card .main").first.click()
    page.wait_for_selector("dialog[open] .mark.current")


def _show_map(page: Page) -> None:
    page.locator("#map select").select_option("-1")
    page.locator('[data-tile="330000"]').click()
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur(); location.hash = '#map'")


PICTURES = (
    Picture("light"),
    Picture("dark", scheme="dark"),
    Picture("narrow", 390, 844),
    Picture("evidence", prepare=_open_evidence),
    Picture("map", height=940, prepare=_show_map),
)


def take_pictures(folder: Path) -> list[Path]:
    """The pictures, as `report-NAME.png` in the folder."""
    from playwright.sync_api import sync_playwright

    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as out, sync_playwright() as driver:
        run([BULLETINS], out)
        page = write_report(out)
        opened = driver.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-dev-shm-usage"])
        paths = [_taken(opened, page, picture, folder / f"report-{picture.name}.png") for picture in PICTURES]
        opened.close()
    return paths


def _taken(browser: Browser, report: Path, picture: Picture, path: Path) -> Path:
    can_quantise = importlib.util.find_spec("PIL") is not None
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        device_scale_factor=1 if can_quantise else _SMALLER,
        color_scheme=picture.scheme,
        reduced_motion="reduce",
        offline=True,
    )
    page = context.new_page()
    page.goto(report.resolve().as_uri())
    picture.prepare(page)
    page.screenshot(path=path)
    context.close()
    if can_quantise:
        _quantise(path)
    return path


def _quantise(path: Path) -> None:
    """Fewer colours: a page has few, and the shades at the edges of letters are hardly missed."""
    from PIL import Image

    with Image.open(path) as image:
        image.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    for made in take_pictures(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures"):
        size = made.stat().st_size
        print(f"{made}  {size:,} bytes")
        if size > LARGEST:
            sys.exit(f"{made}: is larger than {LARGEST:,} bytes: show less of the page")
