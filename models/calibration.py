"""How often records read in a certain way are right: counted on gold, written as a pack, told as a confidence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..corpus.errors import DataError
from .packs import FOLDER, FORMAT, read_pack

NAME = "calibration"
PACK = FOLDER / f"{NAME}.json"
# For each group of fields what is known of a reading, the most telling first; pipeline/confidence.py makes it.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "figure": ("unit", "needs", "decided"),
    "meaning": ("beside", "length"),
    "time": ("status", "place"),
    "brand": ("rule",),
    "activity": ("rule",),
}
# A reading seen less often than this leans more on what it shares with others than on its own count.
WEIGHT = 20
LOWEST, HIGHEST = 0.01, 0.99
Reading = tuple[str, ...]
Counts = dict[str, dict[Reading, tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Case:
    """One record on gold: the group of fields that was judged, how it was read, and whether the group is right."""

    group: str
    reading: Reading
    right: bool


class Calibration:
    """Probabilities that a group of fields is right, by how it was read.

    >>> seen = Calibration({"brand": {("brand.verb",): (9, 10)}})
    >>> seen.probability("brand", ("brand.verb",)), seen.probability("brand", ("brand.unseen",))
    (0.856, 0.833)
    """

    def __init__(self, counts: Counts) -> None:
        self._known = {group: _probabilities(leaves) for group, leaves in counts.items()}

    def probability(self, group: str, reading: Reading) -> float:
        """The probability for a reading; for one never seen that of the longest beginning that was."""
        known = self._known[group]
        found = known.get(reading)
        if found is None:
            found = known[reading] = self.probability(group, reading[:-1])
        return found


def _probabilities(leaves: Mapping[Reading, tuple[int, int]]) -> dict[Reading, float]:
    """The probability of each reading and of each beginning of one, drawn to that of the beginning before."""
    seen: dict[Reading, list[int]] = {(): [0, 0]}
    for reading, (right, count) in leaves.items():
        for length in range(len(reading) + 1):
            total = seen.setdefault(reading[:length], [0, 0])
            total[0] += right
            total[1] += count
    right, count = seen[()]
    smooth: dict[Reading, float] = {(): (right + 1) / (count + 2)}
    for reading in sorted(seen.keys() - {()}, key=len):
        right, count = seen[reading]
        smooth[reading] = (right + WEIGHT * smooth[reading[:-1]]) / (count + WEIGHT)
    return {reading: round(min(HIGHEST, max(LOWEST, share)), 3) for reading, share in smooth.items()}


def fit(cases: Iterable[Case]) -> Counts:
    """How often each reading was right, and how often it was seen."""
    counts: Counts = {group: {} for group in GROUPS}
    for case in cases:
        right, seen = counts[case.group].get(case.reading, (0, 0))
        counts[case.group][case.reading] = (right + case.right, seen + 1)
    return counts


def pack_text(counts: Counts, gold: str) -> str:
    """The pack as JSON with sorted keys: a line for each reading, `unit | needs: [right, seen]`."""
    groups = {
        group: {
            "features": list(GROUPS[group]),
            "right_of_seen": {" | ".join(reading): list(pair) for reading, pair in leaves.items()},
        }
        for group, leaves in counts.items()
    }
    pack = {"format": FORMAT, "gold": gold, "groups": groups, "pack": NAME}
    lines = json.dumps(pack, ensure_ascii=False, indent=1, sort_keys=True)
    return _pairs_on_one_line(lines) + "\n"


def _pairs_on_one_line(text: str) -> str:
    return re.sub(r"\[\s+(\d+),\s+(\d+)\s+\]", r"[\1, \2]", text)


def read_counts(path: Path = PACK) -> Counts:
    """The counts of a pack.

    Raises:
        DataError: as `read_pack`, and where its features are not those that the pipeline makes.
    """
    groups = read_pack(path, NAME).get("groups", {})
    try:
        if {group: tuple(told.get("features", ())) for group, told in groups.items()} != dict(GROUPS):
            raise DataError(f"{path}: was fitted on other features; run `jianbao train`")
        return {
            group: {
                tuple(reading.split(" | ")): (int(right), int(seen))
                for reading, (right, seen) in told["right_of_seen"].items()
            }
            for group, told in groups.items()
        }
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataError(f"{path}: is damaged: {type(error).__name__} {error}; run `jianbao train`") from None


@cache
def calibration() -> Calibration:
    """The shipped calibration, read when first asked for."""
    return Calibration(read_counts())
