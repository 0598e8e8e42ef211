"""Confidences that were told and whether they held, in; a reliability diagram as a PNG file, out."""

from __future__ import annotations

import io
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from ..corpus.errors import InputError, OutputError
from ..corpus.sources import readable
from ..models.calibration import GROUPS
from .reliability import EDGES, Bin, bins, calibration_error
from .scoring import Told

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Words of the diagram are English: few machines have a font with Chinese.
TITLES = {
    "figure": "figure:\nspan, value, unit, dimension",
    "meaning": "meaning:\nmeasure, activity, brand",
    "time": "time:\nperiod, status",
    "brand": "brands:\nspan, kind",
    "activity": "types of sentences",
}
RANGES = tuple(f"{low:g}–{high:g}" for low, high in pairwise(EDGES))
INCHES_A_PANEL, INCHES_HIGH, DOTS_AN_INCH = 2.6, 4.4, 100
DRAWN, DIAGONAL = "#1f5f8b", "#999999"


def draw(told: Sequence[Told], path: Path) -> None:
    """Write a diagram with a panel for each group of fields: the confidence told against the share right, with the
    diagonal on which both are the same, and below it how many records each bin holds.

    Raises:
        InputError: where the name does not end in `.png`, or matplotlib is not installed.
        OutputError: where the file cannot be written.
    """
    if path.suffix.lower() != ".png":
        raise InputError(f"{readable(path)}: the diagram is a PNG file; give a name in .png (文件名须以 .png 结尾)")
    image = _image({group: list(bins(told, group)) for group in GROUPS})
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(image)
    except OSError as error:
        raise OutputError(f"{readable(path)}: cannot be written: {error.strerror or error} (无法写入)") from None


def _image(groups: dict[str, list[Bin]]) -> bytes:
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise InputError(
            f"the diagram needs matplotlib ({error.name} is missing): pip install 'jianbao[plot]' (作图需要 matplotlib)"
        ) from None
    figure = Figure(figsize=(INCHES_A_PANEL * len(groups), INCHES_HIGH), dpi=DOTS_AN_INCH, layout="constrained")
    above, below = figure.subplots(2, len(groups), sharey="row", height_ratios=[3, 1])
    for (group, found), panel, counts in zip(groups.items(), above, below, strict=True):
        _draw_shares(panel, found)
        panel.set_title(TITLES[group], fontsize=9)
        _draw_counts(counts, found)
    above[0].set_ylabel("share right")
    below[0].set_ylabel("records")
    out = io.BytesIO()
    figure.savefig(out, format="png", metadata={"Software": None})
    return out.getvalue()


def _draw_shares(panel: Axes, found: Sequence[Bin]) -> None:
    panel.plot([0, 1], [0, 1], linestyle="--", linewidth=1, color=DIAGONAL)
    panel.plot([one.told for one in found], [one.right for one in found], marker="o", markersize=4, color=DRAWN)
    panel.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), xlabel="confidence told", aspect="equal")
    panel.text(0.04, 0.92, f"error {calibration_error(found):.3f}", fontsize=8)


def _draw_counts(panel: Axes, found: Sequence[Bin]) -> None:
    heights = {one.low: one.count for one in found}
    bars = panel.bar(range(len(RANGES)), [heights.get(low, 0) for low in EDGES[:-1]], color=DRAWN)
    panel.bar_label(bars, fontsize=6)
    panel.set_xticks(range(len(RANGES)), RANGES, rotation=90, fontsize=6)
    panel.margins(y=0.25)
