"""The folder `OUT/review` in, what people said of records out, and back: corrected text as gold lines, verdicts as JSON lines."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

from ..corpus.article import Article, sentences
from ..corpus.errors import DataError, InputError, OutputError
from ..corpus.gold import GoldArticle, Origin, parse_gold
from ..corpus.gold_writing import write_block
from ..corpus.records import Activity, Brand, Indicator, Mention, Records
from ..corpus.sources import readable
from .cells import holds, kind_of
from .fields import FIELDS, SORTS, as_review, sort_of

FOLDER = "review"
TEXT, VERDICTS = "review.txt", "verdicts.jsonl"
_PART = ".part"
_HEAD = """\
# Corrections of `jianbao review`, in the gold notation. A block says all that stands in its text: edit, add or drop marks.
# 复核更正（标注写法）：每块写明该段文字中的全部记录，可直接修改。
# [surface|value|unit|dimension|measure|activity|name=value]  {surface|kind}  <type,type>
"""
Said = Literal["accept", "reject", "correct"]
_SAID = ("accept", "reject", "correct")


@dataclass(frozen=True, slots=True)
class Correction:
    """All records of a stretch of an article as a person left them, with offsets into the stretch's own text."""

    article: str
    start: int
    text: str
    records: tuple[Mention, ...]
    written: str = field(compare=False, default="")
    line: int = field(compare=False, default=0)


class Verdict(NamedTuple):
    """What was said of a record that a run found: in which stretch it stood, where in it, and how it was read."""

    said: Said
    article: str
    start: int
    text: str
    sort: str
    first: int
    last: int
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Opinions:
    """All that people said of an output folder."""

    corrections: tuple[Correction, ...] = ()
    verdicts: tuple[Verdict, ...] = ()

    @property
    def articles(self) -> dict[str, None]:
        """The articles of which something was said, in that order."""
        told = [said.article for said in self.corrections]
        return dict.fromkeys([*told, *(said.article for said in self.verdicts)])


def read_opinions(out: Path) -> Opinions:
    """What stands in `out/review`; nothing where there is no such folder.

    Raises:
        InputError: with file and line where a file is broken.
    """
    folder = out / FOLDER
    if not folder.is_dir():
        return Opinions()
    return Opinions(
        tuple(_corrections(_text_of(folder / TEXT), folder / TEXT)),
        tuple(_verdicts(_text_of(folder / VERDICTS), folder / VERDICTS)),
    )


def _text_of(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig") if path.exists() else ""
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise InputError(f"{readable(path)}:{line}: is no UTF-8; save it in that encoding (须为 UTF-8)") from None
    except OSError as error:
        raise InputError(f"{readable(path)}: cannot be read: {error.strerror or error} (无法读取)") from None
    return text.replace("\r\n", "\n")


# Corrected text.


def _corrections(text: str, path: Path) -> Iterator[Correction]:
    """The corrections of a file; blocks of one stretch are one, since marks that overlap cannot stand in one block."""
    merged: dict[tuple[str, int, str], Correction] = {}
    for chunk, line in _chunks(text):
        found = _read_chunk(chunk, line, path)
        if found is None:
            continue
        key = (found.article, found.start, found.text)
        merged[key] = _joined(merged[key], found) if key in merged else found
    yield from merged.values()


def _chunks(text: str) -> Iterator[tuple[str, int]]:
    """The stretches between blank lines, each with the number of its first line."""
    lines: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        if line.strip():
            lines.append(line)
        elif lines:
            yield "\n".join(lines) + "\n", number - len(lines)
            lines = []


def _read_chunk(chunk: str, line: int, path: Path) -> Correction | None:
    """The correction of a block; None for comments alone."""
    try:
        golds = list(parse_gold("\n" * (line - 1) + chunk, readable(path)))
    except DataError as error:
        raise InputError(f"{error} (标注有误)") from None
    if not golds:
        return None
    [gold] = golds
    if gold.origin is None:
        raise InputError(
            f"{readable(path)}:{line}: a block begins with `@ article=NAME start=NUMBER` (每块以 @ article=… start=… 开头)"
        )
    return Correction(gold.origin.article, gold.origin.start, gold.article.text, _mentions(gold.records), chunk, line)


def _mentions(records: Records) -> tuple[Mention, ...]:
    """The records of a block under the name of the rule that stands for a person."""
    return in_order(map(as_review, (*records.indicators, *records.brands, *records.activities)))


def _joined(one: Correction, other: Correction) -> Correction:
    records = dict.fromkeys((*one.records, *other.records))
    return replace(one, records=in_order(records), written=f"{one.written}\n{other.written}")


def in_order(records: Iterable[Mention]) -> tuple[Mention, ...]:
    """Records by sort, then as they stand in the text."""
    sorts = list(SORTS)
    return tuple(
        sorted(records, key=lambda one: (sorts.index(sort_of(one)), one.start, one.end, getattr(one, "type", "")))
    )


def correction(
    article: str, start: int, text: str, records: Iterable[Mention], published: Any, region: str | None
) -> Correction:
    """The correction that says these records of a stretch, written out.

    Raises:
        InputError: where a record cannot be told in the notation.
    """
    told = in_order(dict.fromkeys(map(as_review, _at_sentences(records, text))))
    base, origin = Article("", text, published=published, region=region), Origin(article, start)
    try:
        layers = [write_block(_gold(base, layer, origin)) for layer in _layers(told)]
    except DataError as error:
        raise InputError(f"{str(error).partition(': ')[2] or error} (无法写成标注)") from None
    return Correction(article, start, text, told, "\n".join(layers))


def gold_of(
    article: str, start: int, text: str, records: Iterable[Mention], published: Any, region: str | None
) -> GoldArticle:
    """The records of a stretch of an article as a block of gold."""
    told = in_order(dict.fromkeys(map(as_review, _at_sentences(records, text))))
    return _gold(
        Article("", text, published=published, region=region, body=((0, len(text)),)), told, Origin(article, start)
    )


def _at_sentences(records: Iterable[Mention], text: str) -> Iterator[Mention]:
    """The records, each type at the sentence of the stretch that it shares most with."""
    homes = list(sentences(text))
    for one in records:
        if isinstance(one, Activity) and homes:
            home = max(homes, key=lambda each: min(each.end, one.end) - max(each.start, one.start))
            yield replace(one, start=home.start, end=home.end, text=home.text)
        else:
            yield one


def _gold(base: Article, records: Sequence[Mention], origin: Origin) -> GoldArticle:
    """The block of some records; whoever found them, a block says only what they are."""
    plain = [replace(one, rule="gold") for one in records]
    told = Records(
        tuple(one for one in plain if isinstance(one, Indicator)),
        tuple(replace(one, name=one.text) for one in plain if isinstance(one, Brand)),
        tuple(one for one in plain if isinstance(one, Activity)),
    )
    return GoldArticle(base, told, "review", (1,), origin)


def _layers(records: Sequence[Mention]) -> list[list[Mention]]:
    """Records parted so that no marks of a part overlap, each part with the wholes that it names."""
    spans = [one for one in records if not isinstance(one, Activity)]
    layers: list[list[Mention]] = [[one for one in records if isinstance(one, Activity)]]
    for one in sorted(spans, key=lambda one: (one.start, one.end)):
        for layer in layers:
            if _fits(one, layer):
                break
        else:
            layer = []
            layers.append(layer)
        layer.append(one)
    return [_with_wholes(layer, spans) for layer in layers]


def _fits(one: Mention, layer: Iterable[Mention]) -> bool:
    return all(isinstance(other, Activity) or one.end <= other.start or other.end <= one.start for other in layer)


def _with_wholes(layer: list[Mention], spans: Sequence[Mention]) -> list[Mention]:
    """The layer, and the wholes that its records name where these stand elsewhere."""
    for one in layer:  # a whole that is added may name one itself
        whole = one.part_of if isinstance(one, Indicator) else None
        if whole is None or any((other.start, other.end) == whole and isinstance(other, Indicator) for other in layer):
            continue
        found = [other for other in spans if isinstance(other, Indicator) and (other.start, other.end) == whole]
        if found and _fits(found[0], layer):
            layer.append(found[0])
    return sorted(layer, key=lambda one: (one.start, one.end))


# Verdicts.


def _verdicts(text: str, path: Path) -> Iterator[Verdict]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield _read_verdict(line, f"{readable(path)}:{number}")


def _read_verdict(line: str, place: str) -> Verdict:
    try:
        told = json.loads(line)
        verdict = Verdict(**{name: told[name] for name in Verdict._fields})
    except (ValueError, KeyError, TypeError):
        raise InputError(
            f"{place}: expected a JSON object with {', '.join(Verdict._fields)} (每行应为一个 JSON 对象)"
        ) from None
    whole = all(isinstance(each, int) for each in (verdict.start, verdict.first, verdict.last))
    words = all(isinstance(each, str) for each in (verdict.article, verdict.text))
    if verdict.said not in _SAID or verdict.sort not in SORTS or not (whole and words):
        raise InputError(
            f"{place}: is no verdict: said is one of {', '.join(_SAID)}, sort of {', '.join(SORTS)} (内容不符)"
        )
    if not isinstance(verdict.fields, dict) or not _holds(verdict):
        raise InputError(f"{place}: fields are {', '.join(FIELDS[verdict.sort])}, each as its column has it (内容不符)")
    return verdict


def _holds(verdict: Verdict) -> bool:
    """Whether the fields are all there, and may stand in their columns."""
    table, names = SORTS[verdict.sort], FIELDS[verdict.sort]
    return verdict.fields.keys() == set(names) and all(
        isinstance(words, str) and holds(kind_of(table, name), words) for name, words in verdict.fields.items()
    )


def write_opinions(out: Path, opinions: Opinions) -> None:
    """Write both files aside and put them in their place.

    Raises:
        OutputError: where they cannot be written.
    """
    folder = out / FOLDER
    blocks = "".join(f"\n{said.written}" for said in opinions.corrections)
    lines = "".join(json.dumps(said._asdict(), ensure_ascii=False) + "\n" for said in opinions.verdicts)
    try:
        folder.mkdir(exist_ok=True)
        for name, text in ((TEXT, _HEAD + blocks), (VERDICTS, lines)):
            _put(folder / name, text.encode("utf-8", "surrogatepass"))
    except OSError as error:
        raise OutputError(f"{readable(folder)}: cannot be written: {error.strerror or error} (无法写入)") from None


def _put(path: Path, data: bytes) -> None:
    part = path.with_name(path.name + _PART)
    try:
        with part.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def signature(out: Path) -> tuple[Any, ...]:
    """What changes when somebody else writes one of the files."""
    paths = [out / FOLDER / name for name in (TEXT, VERDICTS)]
    return tuple((path.stat().st_mtime_ns, path.stat().st_size) if path.exists() else None for path in paths)


def stretch_of(text: str, first: int, last: int, records: Sequence[Mention]) -> tuple[int, int]:
    """The sentences of a text that hold `first..last`, with all records that they touch and the wholes of these.

    >>> stretch_of("今年很好。走访30户。募集5万元。", 7, 10, ())
    (5, 11)
    """
    while True:
        start, end = _sentences_over(text, first, last)
        for one in records:
            if one.start < end and one.end > start:
                whole = one.part_of if isinstance(one, Indicator) and one.part_of else (one.start, one.end)
                start, end = min(start, one.start, whole[0]), max(end, one.end, whole[1])
        if (start, end) == (first, last):
            return start, end
        first, last = start, end


def _sentences_over(text: str, first: int, last: int) -> tuple[int, int]:
    """Where the sentences begin and end that share something with the span; only the paragraphs around are looked at."""
    floor = text.rfind("\n", 0, first) + 1
    ceiling = text.find("\n", last)
    held = [
        each
        for each in sentences(text, floor, len(text) if ceiling < 0 else ceiling)
        if each.start < last and each.end > first
    ]
    return (min(first, held[0].start), max(last, held[-1].end)) if held else (first, last)
