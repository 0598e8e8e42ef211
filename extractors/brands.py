"""An article in, the names under which its work is done out, quoted or not; a name found once is found again."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ..corpus.lexicons import Words, remembered
from ..corpus.records import Brand, Refusal
from .claims import Claim, inside, name_in
from .quoted_names import Quotation, judge, quotation
from .scene import Scene
from .unquoted_names import listed, unquoted

_OPEN = '“‘「『"'
_CLOSE = '”’」』"'
_STRAY = re.compile(r"[“”‘’「」『』\"\s]")
_WIDE = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
_PLAIN = re.compile(r"[一-龥A-Za-z0-9·、]*")
_INNER = re.compile(r"(?:\d{4}年?(?:度)?|第.{1,4}届|.{0,2})([‘「『])")
_YEAR = re.compile(r"\d{4}年?(?:度)?(?=[一-龥])")
_LEFT_REACH = 22
_RIGHT = re.compile(r"[一-龥A-Za-z0-9（）()]{0,20}")
_MARKS = re.compile(r"[，。；！？：、,;:!?\n\s“”‘’「」『』\"》]")
_LIST = 8
SHORTEST_AGAIN = 4
_FEW = 12
_JOINT = re.compile(r"[、，,·]")
_LOOSE = frozenset(f"refuse.quote.{rule}" for rule in ("no-cue", "figurative", "speech", "idea", "theme", "learned"))

# name, what it reads, an example
NO_CUE = ("refuse.quote.no-cue", "a quotation that no rule of quoted_names takes", "“聚民心”，各地都在行动。")
AGAIN = ("brand.again", "a name that is a brand elsewhere in the stretch", "开展“莲心助学”行动。莲心助学已有十年。")


# Has the last word on a quotation, given the text and what the rules made of it.
Judge = Callable[[str, "Brand | Refusal"], "Brand | Refusal"]


def as_told(text: str, found: Brand | Refusal) -> Brand | Refusal:
    """The judge that leaves everything as the rules told it."""
    return found


def brands(
    scene: Scene, start: int, end: int, judge: Judge = as_told, claims: Sequence[Claim] = ()
) -> Iterator[Brand | Refusal]:
    """Brands of `text[start:end]` in order; refused quotations as `Refusal`.

    A claim, of which there may be some in order, is a brand too, but where one of ours stands.
    """
    everywhere = quotations(scene.text, scene.quotes, judge)
    known = {found.name: found.kind for found in everywhere if isinstance(found, Brand)}
    first, last = bisect_left(everywhere, start, key=_start), bisect_left(everywhere, end, key=_start)
    quoted = [_again(this, known) for this in everywhere[first:last] if this.end <= end]
    closed = [this for this in quoted if _is_closed(this)]
    free = list(_apart(_unquoted(scene.text, start, end), closed))
    known.update((brand.name, brand.kind) for brand in free)
    claimed: list[Brand] = []
    unread: list[Refusal] = []
    if claims:
        named = [name_in(scene.text, claim, brand_name) for claim in inside(claims, start, end)]
        unread = [one for one in named if isinstance(one, Refusal)]
        ours = [found for found in (*quoted, *free) if isinstance(found, Brand)]
        claimed = list(_apart([one for one in named if isinstance(one, Brand)], ours))
        known.update((brand.name, brand.kind) for brand in claimed)
        quoted = [_again(this, known) for this in quoted if not _lies_over(this, claimed)]
        closed = [*(this for this in closed if not _lies_over(this, claimed)), *claimed]
    repeated = _apart(list(_repeated(scene.text, start, end, known)), [*free, *closed])
    yield from sorted([*quoted, *free, *claimed, *repeated, *unread], key=_start)


def _lies_over(this: Brand | Refusal, others: Sequence[Brand]) -> bool:
    return any(other.start < this.end and this.start < other.end for other in others)


def _start(found: Brand | Refusal) -> int:
    return found.start


def _is_closed(found: Brand | Refusal) -> bool:
    """No name is sought inside a quotation, but in that of a ceremony: “乡贤助学金发放仪式”."""
    return isinstance(found, Brand) or found.rule != "refuse.quote.ceremony"


def _unquoted(text: str, start: int, end: int) -> list[Brand]:
    found = [*unquoted(text, start, end), *listed(text, start, end)]
    found.sort(key=lambda brand: (brand.start, -brand.end))
    return found


def brand_name(surface: str) -> str:
    """The name without inner quotation marks, spaces and half/full-width differences.

    >>> brand_name("‘丝路情·同心圆梦’")
    '丝路情·同心圆梦'
    """
    return surface if _PLAIN.fullmatch(surface) else _STRAY.sub("", surface).translate(_WIDE)


def _apart(candidates: list[Brand], others: list[Brand | Refusal] | list[Brand]) -> Iterator[Brand]:
    """Candidates, which come in reading order, that lie neither in the others nor over one before."""
    if not candidates:
        return
    spans = sorted((other.start, other.end) for other in others)
    starts = [first for first, _ in spans]
    last = -1
    for brand in candidates:
        place = bisect_left(starts, brand.end) - 1
        if brand.start >= last and (place < 0 or spans[place][1] <= brand.start):
            last = brand.end
            yield brand


def _again(this: Brand | Refusal, known: dict[str, str]) -> Brand | Refusal:
    """A quotation that was refused here but is a brand elsewhere in the article is a brand."""
    if not known or isinstance(this, Brand) or this.rule not in _LOOSE:
        return this
    name = brand_name(this.text)
    return Brand(this.start, this.end, this.text, AGAIN[0], 0.7, name, known[name]) if name in known else this


def _repeated(text: str, start: int, end: int, known: dict[str, str]) -> Iterator[Brand]:
    """Known names without quotation marks, and with their inner marks left out: “A、B”行动 … AB行动."""
    spelled = {form: kind for name, kind in known.items() for form in (name, _JOINT.sub("", name))}
    forms = [form for form in spelled if len(form) >= SHORTEST_AGAIN]
    for first, last in _places(text, start, end, forms):
        form = text[first:last]
        yield Brand(first, last, form, AGAIN[0], 0.7, brand_name(form), spelled[form])


def _places(text: str, start: int, end: int, forms: list[str]) -> list[tuple[int, int]]:
    """Where the forms stand in `text[start:end]`, longest first from the left; an automaton pays for many forms."""
    if len(forms) > _FEW:
        return [(first, last) for _, first, last in Words(forms).find(text, start, end)]
    return _leftmost([span for form in forms for span in _found(text, start, end, form)])


def _found(text: str, start: int, end: int, form: str) -> Iterator[tuple[int, int]]:
    place = text.find(form, start, end)
    while place >= 0:
        yield place, place + len(form)
        place = text.find(form, place + 1, end)


def _leftmost(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of spans that overlap the leftmost, of those that begin together the longest."""
    apart: list[tuple[int, int]] = []
    for span in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not apart or span[0] >= apart[-1][1]:
            apart.append(span)
    return apart


@remembered(1)
def quotations(text: str, spans: tuple[tuple[int, int], ...], judge: Judge) -> tuple[Brand | Refusal, ...]:
    """Every quotation of the article, judged once; kept while the spans of one body are read."""
    quotes = [span for span in spans if text[span[0]] in _OPEN]
    return tuple(_agreed([judge(text, _judged(text, quotes, index)) for index in range(len(quotes))]))


def _agreed(judged: list[Brand | Refusal]) -> Iterator[Brand | Refusal]:
    """Mentions with one name are one brand: the surest mention tells the kind."""
    surest: dict[str, Brand] = {}
    for this in judged:
        if isinstance(this, Brand) and this.confidence > getattr(surest.get(this.name), "confidence", 0):
            surest[this.name] = this
    for this in judged:
        if isinstance(this, Brand) and this.kind != surest[this.name].kind:
            yield replace(this, kind=surest[this.name].kind)
        else:
            yield this


def _inner(text: str, first: int, last: int) -> tuple[int, int]:
    """Of nested marks the inner, if it stands at the head or behind a year, which stays outside.

    “‘丝路情·同心圆梦’——侨联…活动”, “2022‘月满西湖’晚会”, “2024年春风行动”; but ‘…’ before a dot is half a name.
    """
    if match := _INNER.match(text, first, last):
        close = text.find(_CLOSE[_OPEN.index(match[1])], match.end(), last)
        if close > 0 and text[close + 1] not in "·•":
            return match.end(), close
    if year := _YEAR.match(text, first, last):
        return year.end(), last
    return first, last


def _judged(text: str, quotes: list[tuple[int, int]], index: int) -> Brand | Refusal:
    first, last, this = quotation_at(text, quotes, index)
    rule, kind = judge(this)
    if rule is None or rule.name.startswith("refuse"):
        return Refusal(first, last, this.surface, rule.name if rule else NO_CUE[0])
    return Brand(first, last, this.surface, rule.name, rule.confidence, brand_name(this.surface), kind)


def quotation_at(text: str, quotes: list[tuple[int, int]], index: int) -> tuple[int, int, Quotation]:
    """Where the name of a quotation begins and ends, and the quotation as its rules see it."""
    outer = quotes[index]
    first, last = _inner(text, outer[0] + 1, outer[1] - 1)
    head, tail = _list_around(text, quotes, index)
    right = _right(text, last + 1, outer[1] - 1) if last + 1 < outer[1] else _right(text, tail, len(text))
    before = text[max(0, head - _LEFT_REACH) : head]
    return first, last, quotation(text[first:last], _MARKS.split(before)[-1], right, before[-6:])


def _right(text: str, first: int, end: int) -> str:
    """What follows up to the next mark."""
    match = _RIGHT.match(text, first, end)
    return match.group() if match else ""


def _list_around(text: str, quotes: list[tuple[int, int]], index: int) -> tuple[int, int]:
    """Where the list of quotations that holds this one begins and ends: “A”“B”和“C”."""
    head = tail = index
    while head and index - head < _LIST and _is_listed(text, quotes[head - 1][1], quotes[head][0]):
        head -= 1
    while tail + 1 < len(quotes) and tail - index < _LIST and _is_listed(text, quotes[tail][1], quotes[tail + 1][0]):
        tail += 1
    return quotes[head][0], quotes[tail][1]


def _is_listed(text: str, first: int, last: int) -> bool:
    return last == first or (last == first + 1 and text[first] in "、和及与暨")
