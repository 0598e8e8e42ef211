"""Gold in, the pack of calibrated confidence out: each record that the pipeline finds on gold is a case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from ..corpus.errors import InputError, OutputError
from ..corpus.gold import GoldArticle, read_gold
from ..corpus.reading import readable
from ..models.calibration import APART, Case, fit, gold_hash, pack_text
from .confidence import rule_reading
from .extraction import Pipeline
from .scoring import GROUP_FIELDS, right_fields


def train(gold: Path, out: Path) -> int:
    """Fit the calibration on the gold of a folder, without files kept apart, and write the pack; returns its cases.

    Raises:
        InputError: where the folder holds no gold.
        DataError: with file and line where the gold is broken.
        OutputError: where the pack cannot be written.
    """
    files = sorted(path for path in gold.glob("*.txt") if not fnmatchcase(path.name, APART))
    if not files:
        raise InputError(f"{readable(gold)}: holds no gold to learn from (没有可供训练的标注)")
    found = list(cases([article for path in files for article in read_gold(path)]))
    text = pack_text(fit(found), gold_hash(gold))
    try:
        out.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise OutputError(f"{readable(out)}: cannot be written: {error.strerror or error} (无法写入)") from None
    return len(found)


def cases(golds: Sequence[GoldArticle]) -> Iterator[Case]:
    """How each record found on gold was read, and whether it is right."""
    find = Pipeline().find
    for gold in golds:
        found = find(gold.article)
        expected = {(one.start, one.end): one for one in gold.records.indicators}
        for one, reading in zip(found.records.indicators, found.readings, strict=True):
            known = expected.get((one.start, one.end))
            right = right_fields(known, one) if known is not None else frozenset()
            for group, names in GROUP_FIELDS.items():
                yield Case(group, reading[group], right.issuperset(names))
        brands = {(one.start, one.end, one.kind) for one in gold.records.brands}
        for brand in found.records.brands:
            yield Case("brand", rule_reading(brand), (brand.start, brand.end, brand.kind) in brands)
        types = {(one.start, one.type) for one in gold.records.activities}
        for activity in found.records.activities:
            yield Case("activity", rule_reading(activity), (activity.start, activity.type) in types)
