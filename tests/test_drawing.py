"""Promises of the reliability diagram: a PNG file with a panel for each group of fields, or an error that says why not."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from jianbao.corpus.errors import InputError, OutputError
from jianbao.models.calibration import GROUPS
from jianbao.pipeline.command import main
from jianbao.pipeline.drawing import DOTS_AN_INCH, INCHES_A_PANEL, INCHES_HIGH, TITLES, draw
from jianbao.pipeline.scoring import Told

SIGNATURE = b"\x89PNG\r\n\x1a\n"
TOLD = [Told("figure", 0.95, True), Told("figure", 0.55, False), Told("brand", 1.0, True), Told("activity", 0.2, False)]
GOLD = "走访侨眷[30户|30|户|households|走访侨眷|visit]。<visit>\n"


def size(image: bytes) -> tuple[int, int]:
    """Width and height in dots, as the header of a PNG file tells them."""
    return struct.unpack(">II", image[16:24])


def test_the_diagram_is_a_png_as_wide_as_its_panels(tmp_path: Path) -> None:
    draw(TOLD, tmp_path / "reliability.png")
    image = (tmp_path / "reliability.png").read_bytes()
    assert image.startswith(SIGNATURE)
    assert size(image) == (round(len(GROUPS) * INCHES_A_PANEL * DOTS_AN_INCH), round(INCHES_HIGH * DOTS_AN_INCH))


def test_other_confidences_give_another_picture_and_the_same_ones_the_same(tmp_path: Path) -> None:
    for name, told in (("one", TOLD), ("again", TOLD), ("fewer", TOLD[:2]), ("wrong", [Told("figure", 0.95, False)])):
        draw(told, tmp_path / f"{name}.png")
    one, again, fewer, wrong = (tmp_path / f"{name}.png" for name in ("one", "again", "fewer", "wrong"))
    assert one.read_bytes() == again.read_bytes()
    assert len({path.read_bytes() for path in (one, fewer, wrong)}) == 3


def test_nothing_told_gives_empty_panels(tmp_path: Path) -> None:
    draw([], tmp_path / "empty.png")
    assert (tmp_path / "empty.png").read_bytes().startswith(SIGNATURE)


def test_every_group_has_a_title_in_letters_that_every_font_has() -> None:
    assert TITLES.keys() == GROUPS.keys()
    assert all(title.isascii() for title in TITLES.values())


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    draw(TOLD, tmp_path / "plots" / "here" / "reliability.png")
    assert (tmp_path / "plots" / "here" / "reliability.png").is_file()


def test_a_folder_that_is_a_file_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "plots").write_text("no folder", encoding="utf-8")
    with pytest.raises(OutputError, match=r"reliability\.png: cannot be written: .*无法写入"):
        draw(TOLD, tmp_path / "plots" / "reliability.png")


@pytest.mark.parametrize("name", ["reliability", "reliability.pdf", "png"])
def test_a_name_not_in_png_is_an_input_error_and_writes_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=r"give a name in \.png"):
        draw(TOLD, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_without_matplotlib_the_error_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(InputError, match=r"pip install 'jianbao\[plot\]'"):
        draw(TOLD, tmp_path / "reliability.png")


def score(tmp_path: Path, *words: str) -> tuple[int, str]:
    """The exit status and the output of `jianbao score` on a small gold file."""
    (tmp_path / "gold.txt").write_text(GOLD, encoding="utf-8")
    result = CliRunner().invoke(main, ["score", str(tmp_path / "gold.txt"), *words])
    return result.exit_code, result.output


def test_score_draws_beside_its_tables(tmp_path: Path) -> None:
    plain = score(tmp_path)
    assert plain[0] == 0
    assert score(tmp_path, "--plot", str(tmp_path / "reliability.png")) == plain
    assert (tmp_path / "reliability.png").read_bytes().startswith(SIGNATURE)


def test_score_tells_in_one_line_why_it_cannot_draw(tmp_path: Path) -> None:
    status, output = score(tmp_path, "--plot", str(tmp_path / "gold.txt" / "reliability.png"))
    assert status == 2
    assert output.startswith("jianbao: ")
    assert output.count("\n") == 1


def test_rules_by_themselves_tell_no_confidence_to_draw(tmp_path: Path) -> None:
    status, output = score(tmp_path, "--rules", "--plot", str(tmp_path / "reliability.png"))
    assert (status, "--plot" in output) == (2, True)
    assert not (tmp_path / "reliability.png").exists()
