"""Gold lines: marked text in, articles with the records that a reader expects.

A gold file holds blocks parted by blank lines; a block is the text of one article with marks in it:

    @ published=2023-12-15 region=330113
    今年，走访侨商[140余人次|140..150 over|人次|person_times|走访侨商|visit|period=2023-01-01..2023-12-15 今年]，
    推出“{临贤贷|platform}”服务。<visit,service>

* `[surface|value|unit|dimension|measure|activity|name=value...]` an indicator. The value is `18`, `4000万..5000万 over`
  (low..high bound; exact where one number stands alone). Names: `per`, `brand`, `period` (start..end words), `status`,
  `part` (the surface of the whole, before it in the block, or `#2`: the second indicator of the block), `region`.
* `{surface|kind}` a brand; `<type,type>` behind a sentence its activity types. A backslash keeps the next character,
  in a mark and outside; a line that holds nothing but a backslash is an empty line of the text.
* `@ name=value ...` sets published, region for the blocks that follow; `#` opens a comment line. A block that was cut out
  of an article says `article` (spaces and `%` as in addresses: `%20`) and `start`, the place of its first character there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import NamedTuple, cast
from urllib.parse import quote, unquote

from .article import Article, Sentence, sentences
from .errors import DataError
from .records import (
    BOUNDS,
    BRAND_KINDS,
    DIMENSIONS,
    STATUSES,
    Activity,
    Bound,
    Brand,
    Indicator,
    Period,
    Quantity,
    Records,
    Status,
    activity_types,
)

_SCALES = {"万亿": Decimal(10) ** 12, "亿": Decimal(10) ** 8, "万": Decimal(10) ** 4}
_NAMES = frozenset({"per", "brand", "period", "status", "part", "region"})
_CONTEXT = frozenset({"published", "region", "article", "start"})
_UNSPOKEN = re.compile(r"[%\s\x00-\x20\x7f\ud800-\udfff]")
_NUMBERED = re.compile(r"#([0-9]{1,6})")
_MARK = re.compile(r"\\(.)|([\[{<])", re.DOTALL)
_CLOSE = {"[": "]", "{": "}", "<": ">"}
_INSIDE = {
    close: re.compile(rf"((?:\\.|[^\\{re.escape(close)}])*){re.escape(close)}", re.DOTALL) for close in _CLOSE.values()
}
_PART = re.compile(r"\\(.)|(\|)|([^\\|]+)", re.DOTALL)
EMPTY_LINE = "\\"


class Origin(NamedTuple):
    """The article of which a block is a piece, and where the piece begins in its text."""

    article: str
    start: int


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """A block of a gold file: the article without marks, its expected records, where each line of it stands, and of what
    it is a piece, if it says so."""

    article: Article
    records: Records
    path: str
    lines: tuple[int, ...]
    origin: Origin | None = None

    @property
    def line(self) -> int:
        """The line of the file where the block begins."""
        return self.lines[0]

    def line_at(self, position: int) -> int:
        """The line of the file that holds a position of the article's text."""
        return self.lines[self.article.text.count("\n", 0, position)]

    def _repr_html_(self) -> str:
        """The text with what is expected marked in it, for a notebook."""
        from .marked import marked_html

        return marked_html(self.article, self.records)


@dataclass(slots=True)
class _Block:
    """What is gathered while one block is read."""

    path: str
    lines: list[int]
    context: dict[str, str]
    text: str = ""
    indicators: list[Indicator] = field(default_factory=list)
    brands: list[Brand] = field(default_factory=list)
    types: list[tuple[int, list[str]]] = field(default_factory=list)
    numbered: list[tuple[int, int, int]] = field(default_factory=list)

    def fault(self, what: str, line: int) -> DataError:
        return DataError(f"{self.path}:{line}: {what}")


def read_gold(path: Path | str) -> list[GoldArticle]:
    """All articles of a gold file, or of every `*.txt` of a folder in name order.

    Raises:
        DataError: with file and line where a mark breaks the notation; with the file where it cannot be read.
    """
    place = Path(path)
    files = sorted(place.glob("*.txt")) if place.is_dir() else [place]
    return [gold for file in files for gold in parse_gold(_text_of(file), str(file))]


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise DataError(f"{file}:{line}: gold files are UTF-8; save it again in that encoding") from None
    except OSError as error:
        raise DataError(f"{file}: cannot be read: {error.strerror or error}") from None


def parse_gold(text: str, path: str = "<gold>") -> Iterator[GoldArticle]:
    """Articles of a text in the gold notation.

    >>> [gold] = parse_gold("募集善款[800余万元|800万..900万 over|元|money|募集善款|donation]。<donation>")
    >>> gold.article.text, gold.records.indicators[0].quantity.high
    ('募集善款800余万元。', Decimal('9000000'))
    """
    context: dict[str, str] = {}
    block: _Block | None = None
    for number, raw in enumerate([*text.split("\n"), ""], start=1):
        if raw.startswith("#"):
            continue
        if raw.startswith("@"):
            context = dict(_pairs(raw[1:], path, number))
            continue
        if raw.strip():
            if block is None:
                block = _Block(path, [number], context)
            else:
                block.text += "\n"
                block.lines.append(number)
            if raw != EMPTY_LINE:
                _read_line(raw, block, number)
        elif block is not None:
            yield _finish(block)
            block = None


def _pairs(text: str, path: str, line: int) -> Iterator[tuple[str, str]]:
    for pair in text.split():
        name, equals, value = pair.partition("=")
        if not equals:
            raise DataError(f"{path}:{line}: expected name=value, found {pair!r}")
        if name not in _CONTEXT:
            raise DataError(f"{path}:{line}: {name!r} is none of {', '.join(sorted(_CONTEXT))}")
        if name == "published" and not _is_day(value):
            raise DataError(f"{path}:{line}: published={value}: dates are written 2023-12-31")
        if name == "start" and not (value.isascii() and value.isdecimal()):
            raise DataError(f"{path}:{line}: start={value}: expected a whole number")
        yield name, value


def spoken(article: str) -> str:
    """The name of an article as an `@` line can hold it; `unspoken` gives it back.

    >>> spoken("简报 第3期.txt"), unspoken("简报%20第3期.txt")
    ('简报%20第3期.txt', '简报 第3期.txt')
    """
    return _UNSPOKEN.sub(lambda found: quote(found[0], safe="", errors="surrogatepass"), article)


def unspoken(name: str) -> str:
    """The name of an article that an `@` line holds."""
    return unquote(name, errors="surrogatepass")


def _is_day(text: str) -> bool:
    try:
        return _day(text) is not None or not text
    except ValueError:
        return False


def _read_line(raw: str, block: _Block, line: int) -> None:
    position = 0
    while match := _MARK.search(raw, position):
        block.text += raw[position : match.start()]
        if match.group(1):
            block.text += match.group(1)
            position = match.end()
            continue
        opening = match.group(2)
        inside, position = _inside(raw, match.end(), _CLOSE[opening], block, line)
        {"[": _read_indicator, "{": _read_brand, "<": _read_types}[opening](inside, block, line)
    block.text += raw[position:]


def _inside(raw: str, start: int, close: str, block: _Block, line: int) -> tuple[str, int]:
    """What stands between a mark and its close; brands may stand inside no mark, so marks do not nest."""
    match = _INSIDE[close].match(raw, start)
    if match is None:
        raise block.fault(f"a mark is not closed by {close!r}", line)
    return match.group(1), match.end()


def _parts(inside: str) -> list[str]:
    """What the bars of a mark part, without the backslashes.

    >>> _parts(r"7个\\|8个|7")
    ['7个|8个', '7']
    """
    parts = [""]
    for kept, bar, plain in _PART.findall(inside):
        if bar:
            parts.append("")
        else:
            parts[-1] += kept or plain
    return parts


def _read_brand(inside: str, block: _Block, line: int) -> None:
    surface, *rest = _parts(inside)
    kind = "|".join(rest)
    if not surface:
        raise block.fault("a brand needs surface|kind", line)
    if kind not in BRAND_KINDS:
        raise block.fault(f"brand kind {kind!r} is none of {', '.join(BRAND_KINDS)}", line)
    start = len(block.text)
    block.text += surface
    block.brands.append(Brand(start, len(block.text), surface, "gold", 1.0, surface, kind))


def _read_types(inside: str, block: _Block, line: int) -> None:
    types = inside.split(",")
    for name in types:
        if name not in activity_types():
            raise block.fault(f"activity type {name!r} is none of {', '.join(activity_types())}", line)
    block.types.append((len(block.text), types))


def _read_indicator(inside: str, block: _Block, line: int) -> None:
    parts = _parts(inside)
    if len(parts) < 6 or not parts[0]:
        raise block.fault("an indicator needs surface|value|unit|dimension|measure|activity", line)
    surface, value, unit, dimension, measure, activity = parts[:6]
    named = {}
    for part in parts[6:]:
        name, equals, content = part.partition("=")
        if not equals or name not in _NAMES:
            raise block.fault(f"expected one of {', '.join(sorted(_NAMES))} with =, found {part!r}", line)
        named[name] = content
    if dimension not in DIMENSIONS:
        raise block.fault(f"dimension {dimension!r} is none of {', '.join(DIMENSIONS)}", line)
    if activity and activity not in activity_types():
        raise block.fault(f"activity {activity!r} is none of {', '.join(activity_types())}", line)
    if named.get("status", "done") not in STATUSES:
        raise block.fault(f"status {named['status']!r} is none of {', '.join(sorted(STATUSES))}", line)
    low, high, bound = _value(value, block, line)
    start = len(block.text)
    block.text += surface
    block.indicators.append(
        Indicator(
            start,
            len(block.text),
            surface,
            "gold",
            1.0,
            Quantity(low, high, bound, unit, dimension, named.get("per", "")),
            measure,
            activity,
            named.get("brand", ""),
            _period(named.get("period"), block, line),
            cast(Status, named.get("status", "done")),
            _whole(named.get("part"), block, line),
            named.get("region", block.context.get("region")) or None,
        )
    )


def _value(text: str, block: _Block, line: int) -> tuple[Decimal, Decimal, Bound]:
    interval, _, bound = text.partition(" ")
    low, dots, high = interval.partition("..")
    bound = bound or "exact"
    if bound not in BOUNDS:
        raise block.fault(f"bound {bound!r} is none of {', '.join(sorted(BOUNDS))}", line)
    try:
        first = _number(low)
        last = _number(high) if dots else first
    except InvalidOperation:
        raise block.fault(f"{text!r} is no value: write 18, 2.1亿 or 4000万..5000万 over", line) from None
    if last < first:
        raise block.fault(f"{text!r}: high is below low", line)
    return first, last, bound


def _number(text: str) -> Decimal:
    """A figure with or without a scale; InvalidOperation where it is none.

    >>> _number("2.1亿")
    Decimal('210000000.0')
    """
    for scale, factor in _SCALES.items():
        if text.endswith(scale):
            return _number(text[: -len(scale)]) * factor
    figure = Decimal(text)
    if not figure.is_finite():
        raise InvalidOperation
    return figure


def _period(text: str | None, block: _Block, line: int) -> Period | None:
    if text is None:
        return None
    interval, _, words = text.partition(" ")
    start, dots, end = interval.partition("..")
    if not dots:
        raise block.fault(f"period {text!r}: expected start..end words", line)
    try:
        return Period(_day(start), _day(end), words)
    except ValueError:
        raise block.fault(f"period {text!r}: dates are written 2023-12-31", line) from None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _whole(surface: str | None, block: _Block, line: int) -> tuple[int, int] | None:
    if surface is None:
        return None
    if numbered := _NUMBERED.fullmatch(surface):
        block.numbered.append((len(block.indicators), int(numbered[1]), line))
        return None
    for indicator in reversed(block.indicators):
        if indicator.text == surface:
            return indicator.start, indicator.end
    raise block.fault(f"part={surface}: no such indicator before it", line)


def _finish(block: _Block) -> GoldArticle:
    published = _day(block.context.get("published", ""))
    region = block.context.get("region")
    _number_wholes(block)
    article = Article(
        f"{Path(block.path).name}:{block.lines[0]}",
        block.text,
        published=published,
        region=region,
        body=((0, len(block.text)),),
    )
    activities = tuple(
        Activity(sentence.start, sentence.end, sentence.text, "gold", 1.0, name)
        for sentence in sentences(block.text)
        for name in sorted(_types_in(block, sentence))
    )
    records = Records(tuple(block.indicators), tuple(block.brands), activities)
    return GoldArticle(article, records, block.path, tuple(block.lines), _origin(block.context))


def _number_wholes(block: _Block) -> None:
    """Give the indicators that name their whole by its number what they name: it may stand behind them."""
    for place, number, line in block.numbered:
        if not 1 <= number <= len(block.indicators) or number == place + 1:
            raise block.fault(f"part=#{number}: no such other indicator in the block", line)
        whole = block.indicators[number - 1]
        block.indicators[place] = replace(block.indicators[place], part_of=(whole.start, whole.end))


def _origin(context: Mapping[str, str]) -> Origin | None:
    return Origin(unspoken(context["article"]), int(context.get("start", 0))) if "article" in context else None


def _types_in(block: _Block, sentence: Sentence) -> set[str]:
    return {name for place, types in block.types if sentence.start < place <= sentence.end for name in types}
