"""Makes corpora of a province with every trap of a sum, as articles, and knows each verdict and each total."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import strategies as st
from made_figures import PROVINCES, Corpus, Piece, Told
from made_plans import FullError, Planner
from made_traps import TABLE_TRAPS, Trap

# Letters of an article that a repeat is told by.
LONG = 200


def planned_corpus(seed: int, traps: Iterable[Trap], repeats: int = 1) -> Corpus:
    """The corpus of a seed: each trap in a division of its own choice; `repeats` articles come again."""
    random = Random(seed)
    plan = Planner(random, random.choice(list(PROVINCES)))
    for trap in traps:
        try:
            trap(plan, random.choice(plan.regions()))
        except FullError:
            continue
    pieces = list(plan.pieces.values())
    long = [piece for piece in pieces if len(piece.placed()[0]) > LONG]
    again = random.sample(long, min(repeats, len(long)))
    pieces += [_repeated(piece, f"9{number:02}.txt", random) for number, piece in enumerate(again)]
    return Corpus(plan.province, pieces)


def _repeated(piece: Piece, name: str, random: Random) -> Piece:
    """The same text under another name, which gives no rows, or a near copy, whose rows all stand for nothing."""
    if random.random() < 0.5:
        return Piece(name, piece.region, piece.published, [], piece.traditional, "repeat", piece)
    copies = {told: replace(told, reason="repeat", others=[]) for told in piece.figures()}
    for told in copies.values():
        told.whole = copies[told.whole] if told.whole else None
    head, *lines = [
        [copies[part] if isinstance(part, Told) else part for part in line] for line in (piece.head, *piece.lines)
    ]
    lines.append(["凝心聚力再出发。"])
    return Piece(name, piece.region, piece.published, lines, piece.traditional, "repeat", head=head)


def corpora(traps: Sequence[Trap] = TABLE_TRAPS) -> st.SearchStrategy[Corpus]:
    """Corpora for properties; they shrink to few traps."""
    lists = st.lists(st.sampled_from(traps), min_size=1, max_size=16)
    return st.builds(planned_corpus, st.integers(0, 10**6), lists, st.integers(0, 2))


# What the plan says of the sums.


def truth(corpus: Corpus) -> dict[str, dict[str, Any]]:
    """The rows of the totals by their id, from what was planned to count."""
    own: dict[str, dict[str, list[tuple[Piece, Told]]]] = {}
    for piece, told in corpus.told():
        if told.reason is None:
            key = "|".join((told.kind.activity, told.kind.dimension, told.kind.unit))
            own.setdefault(key, {}).setdefault(told.region or piece.region, []).append((piece, told))
    rows = {}
    for key, by_region in own.items():
        for region in by_region_upwards(corpus.province):
            here, below = by_region.get(region, []), _under(region, by_region, corpus.province)
            if here or below:
                rows[f"{region}|{key}"] = {**_summed("own", here), **_summed("below", below), **_of_both(here + below)}
    return rows


def _children(province: str) -> dict[str, Sequence[str]]:
    prefectures = PROVINCES[province]
    return {"100000": (province,), province: tuple(prefectures), **prefectures}


def by_region_upwards(province: str) -> list[str]:
    """Every division of a province, the province and the nation."""
    children = _children(province)
    return list(dict.fromkeys(code for codes in (*children.values(), children) for code in codes))


def _under(region: str, own: Mapping[str, list[tuple[Piece, Told]]], province: str) -> list[tuple[Piece, Told]]:
    found = []
    for child in _children(province).get(region, ()):
        found += own.get(child) or _under(child, own, province)
    return found


def _summed(side: str, told: Sequence[tuple[Piece, Told]]) -> dict[str, Any]:
    low = sum((figure.low for _, figure in told), Decimal(0)) if told else None
    high = sum((figure.high for _, figure in told), Decimal(0)) if told else None
    return {f"{side}_low": low, f"{side}_high": high, f"{side}_count": len(told)}


def _of_both(told: Sequence[tuple[Piece, Told]]) -> dict[str, Any]:
    return {
        "approximate": any(figure.low != figure.high for _, figure in told),
        "articles": len({piece.name for piece, _ in told}),
    }


# Rendered as articles.


def write_articles(folder: Path, corpus: Corpus) -> Path:
    """Each article as a text file."""
    folder.mkdir(parents=True, exist_ok=True)
    for piece in corpus.pieces:
        (folder / piece.name).write_text(piece.placed()[0], encoding="utf-8", newline="\n")
    return folder
