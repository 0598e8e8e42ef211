"""What happens in a run in, a line of JSON for each event behind the others in OUT/run.log out; and how fast it goes."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from .batches import Part, Tally
from .tables import COLUMNS

LOG = "run.log"


class Journal:
    """The log of an output folder. Lines of earlier runs stay; one that a killed run left half written stays alone."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / LOG

    def tell(self, event: str, **facts: object) -> None:
        """Add one event, with its time."""
        moment = time.strftime("%Y-%m-%dT%H:%M:%S%z")
        line = json.dumps({"time": moment, "event": event, **facts}, ensure_ascii=False)
        with self.path.open("ab") as file:
            file.write(self._break() + line.encode("utf-8", "backslashreplace") + b"\n")  # \udcff is JSON too

    def tell_part(self, part: Part) -> None:
        """Add a part that was done, and each article in it that failed."""
        tally = part.tally
        self.tell(
            "part",
            key=part.key,
            articles=tally.read,
            characters=tally.characters,
            records=records(part.rows),
            failed=tally.failed,
            seconds=round(part.seconds, 3),
        )
        for name, reason in _failures(part):
            self.tell("failed", article=name, message=reason)

    def _break(self) -> bytes:
        """What ends a line that a killed run left open."""
        with self.path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - 1))
            return b"" if file.read(1) in (b"", b"\n") else b"\n"


def records(rows: Mapping[str, int]) -> int:
    """How many records there are among the rows of the tables: all but those of articles and of derived tables."""
    return sum(rows.get(name, 0) for name in COLUMNS if name != "articles")


def _failures(part: Part) -> Iterator[tuple[str, str]]:
    if part.tally.failed:
        names = COLUMNS["articles"]
        text = io.StringIO(part.tables["articles"].decode("utf-8", "surrogatepass"), newline="")
        for cells in csv.reader(text):
            row = dict(zip(names, cells, strict=True))
            if row["status"] == "failed":
                yield row["article"], row["message"]


class Pace:
    """How many articles, characters and records a second are done, those aside that an earlier run had done."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._articles = self._characters = self._records = 0

    def add(self, tally: Tally, rows: Mapping[str, int]) -> None:
        """Count what was done."""
        self._articles += tally.read
        self._characters += tally.characters
        self._records += records(rows)

    def told(self, left: int) -> dict[str, object]:
        """The speeds, and the seconds left for so many articles; None where there is nothing to judge by."""
        seconds = max(time.monotonic() - self._started, 1e-6)
        counts = {"articles": self._articles, "characters": self._characters, "records": self._records}
        speeds = {f"{name}_a_second": round(count / seconds, 1) for name, count in counts.items()}
        known = self._articles or not left
        return {**speeds, "seconds_left": round(left * seconds / max(1, self._articles), 1) if known else None}
