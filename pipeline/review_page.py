"""A review in, what its page shows out: the page itself, and each record with the text around it as JSON."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ..corpus.article import Article
from ..corpus.records import BOUNDS, Indicator, Mention
from .amounts import Language
from .carried import value_in
from .dictionary import codes
from .extraction import Pipeline
from .fields import FIELDS, SORTS, fields_of, sort_of
from .passages import Passage
from .review import Entry, Review
from .review_sheet import Sheet
from .reviewed import Home
from .tables import region_name

DESK = Path(__file__).parent / "desk"
_SHARED = Path(__file__).parent / "page"
AROUND = 4000
"""Characters of an article that are shown on each side of a record."""
_CODES = {
    "activity": "activity", "dimension": "dimension", "bound": "bound", "status": "indicator status",
    "kind": "brand kind", "type": "activity",
}  # fmt: skip
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class File:
    """A file of the page: what it holds and its media type."""

    content: str
    type: str


@cache
def phrases() -> dict[str, dict[str, str]]:
    """The words of the page by key and language."""
    with (DESK / "phrases.tsv").open(encoding="utf-8", newline="") as file:
        return {row.pop("key"): row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}


def files(lang: Language) -> dict[str, File]:
    """The page, its style and its script, by their address."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    room = Environment(loader=FileSystemLoader(DESK), autoescape=True, undefined=StrictUndefined)
    words = {key: told[lang] for key, told in phrases().items()}
    page = room.get_template("review.html.j2").render(lang=lang, words=words)
    style = "\n".join(_text(place) for place in (_SHARED / "report.css", DESK / "review.css"))
    script = "\n".join(_text(place) for place in (_SHARED / "elements.js", DESK / "review.js"))
    return {
        "/": File(page, "text/html"),
        "/review.css": File(style, "text/css"),
        "/review.js": File(script, "text/javascript"),
    }


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def start_of(review: Review) -> Json:
    """What the page asks once: its words, the codes that a field may hold, and how far the review is."""
    lists = {field: _codes(name) for field, name in _CODES.items()}
    lists["activity"] = [["", "—", "—"], *lists["activity"]]
    return {"phrases": phrases(), "codes": lists, "fields": FIELDS, "lost": len(review.lost), **progress(review)}


def _codes(name: str) -> list[list[str]]:
    order = BOUNDS if name == "bound" else tuple(codes(name))
    return [[code, codes(name)[code].name("zh"), codes(name)[code].name("en")] for code in order if code]


def progress(review: Review) -> Json:
    """How many records there are, and of how many was said what."""
    return {"progress": {sort: {"count": review.count(sort), **review.done(sort)} for sort in ("", *SORTS)}}


def item_of(review: Review, entry: Entry) -> Json:
    """A record of the queue with its article: what the run found, and what holds there now."""
    sheet = review.sheet(entry.article)
    [found] = [one for one in sheet.found if (sort_of(one.record), one.number) == (entry.sort, entry.number)]
    window = _window(sheet.home, found.record)
    return {
        "place": entry.place,
        "said": review.said.get((entry.sort, entry.number), ""),
        "found": _told(found.record),
        "article": review.facts(entry.article),
        "text": {"start": window.start, "text": window.text, "whole": sheet.home.text is not None},
        "records": _standing(sheet, window),
        **progress(review),
    }


def _window(home: Home, record: Mention) -> Passage:
    """The text around a record, as much as the page shows."""
    for piece in home.pieces:
        if piece.start <= record.start and record.end <= piece.end:
            first, last = max(piece.start, record.start - AROUND), min(piece.end, record.end + AROUND)
            return Passage(first, piece.text[first - piece.start : last - piece.start])
    return Passage(record.start, record.text)


def _standing(sheet: Sheet, window: Passage) -> list[Json]:
    return [
        {**_told(each.record), "by_run": each.number is not None, "accepted": each.accepted}
        for each in sheet.standing
        if window.start <= each.record.start and each.record.end <= window.end
    ]


def _told(record: Mention) -> Json:
    sure = {"confidence": record.confidence}
    if isinstance(record, Indicator):
        sure |= {"confidence_meaning": record.confidence_meaning, "confidence_time": record.confidence_time}
    fields = fields_of(record)
    name = region_name(fields["region"]) if fields.get("region") else ""
    place = {"sort": sort_of(record), "start": record.start, "end": record.end, "text": record.text}
    return {**place, "fields": fields, "region_name": name, "rule": record.rule, **sure}


def guessed(sheet: Sheet, sort: str, start: int, end: int) -> Mapping[str, str]:
    """What the fields of a record at a place may be: as the rules read it there by itself, else nothing but its value."""
    home = sheet.home
    text = home.slice(start, end) or ""
    known = dict.fromkeys(FIELDS[sort], "")
    if sort != "indicator" or not text:
        return known
    piece = next(each for each in home.pieces if each.start <= start and end <= each.end)
    first = max(piece.text.rfind("\n", 0, start - piece.start) + 1, start - piece.start - AROUND)
    last = piece.text.find("\n", end - piece.start)
    around = piece.text[first : len(piece.text) if last < 0 else last][: 2 * AROUND]
    read = Article(home.article, around, published=home.published, region=home.region, body=((0, len(around)),))
    for one in Pipeline(models=False)(read).indicators:
        if (one.start + first + piece.start, one.end + first + piece.start) == (start, end):
            return {**known, **fields_of(one), "part_of": ""}
    return {**known, **value_in(text), "dimension": "other", "region": home.region or ""}
