"""Packs, the JSON files that hold what was learned: written sorted and rounded, read with every fault told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from hashlib import sha256
from math import isfinite
from pathlib import Path
from typing import Any

from ..corpus.errors import DataError
from .linear import Linear

FORMAT = 2
FOLDER = Path(__file__).parent
GOLD = FOLDER.parent / "corpus" / "gold"
APART = "apart_*"
# Figures of a pack are rounded so: enough for the same answers, and the same bytes on every machine.
DIGITS = 2
SETTINGS = ("slope", "shift", "keep", "add", "margin", "silence")


def gold_hash(folder: Path = GOLD) -> str:
    """The hash of the gold that packs are fitted on: every `*.txt` of the folder that is not kept apart."""
    digest = sha256()
    for path in sorted(folder.glob("*.txt")):
        if not fnmatchcase(path.name, APART):
            digest.update(f"{path.name}\n".encode())
            digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:16]


def read_pack(path: Path, name: str) -> dict[str, Any]:
    """The pack as it stands in its file.

    Raises:
        DataError: where it is missing, no JSON, of another format, or a pack of something else.
    """
    try:
        pack = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise DataError(f"{path}:{error.lineno}: is no JSON: {error.msg}; run `jianbao train`") from None
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(f"{path}: cannot be read: {error}; run `jianbao train`") from None
    if not isinstance(pack, dict) or pack.get("format") != FORMAT:
        raise DataError(f"{path}:1: is no pack of format {FORMAT}; run `jianbao train`")
    if pack.get("pack") != name:
        raise DataError(f"{path}:1: is a pack of {pack.get('pack')!r}, not of {name!r}; run `jianbao train`")
    return pack


def linear_text(model: Linear, name: str, gold: str, **more: str) -> str:
    """A linear model as a pack: a line for each label with its bias, one for each feature with the weights of labels."""
    weights = {
        feature: {model.labels[label]: weight for label, weight in pairs} for feature, pairs in model.weights.items()
    }
    head = {
        "format": FORMAT,
        "gold": gold,
        "pack": name,
        **more,
        "labels": dict(zip(model.labels, model.biases, strict=True)),
    }
    head |= {setting: getattr(model, setting) for setting in SETTINGS}
    lines = [f' "{key}": {json.dumps(value, ensure_ascii=False)},' for key, value in head.items()]
    return "\n".join(["{", *lines, ' "weights": {', _lines(weights), " }", "}\n"])


def _lines(table: Mapping[str, Mapping[str, float]]) -> str:
    def line(key: str) -> str:
        return f"  {json.dumps(key, ensure_ascii=False)}: {json.dumps(table[key], ensure_ascii=False, sort_keys=True)}"

    return ",\n".join(map(line, sorted(table)))


def read_linear(path: Path, name: str) -> Linear:
    """The linear model of a pack.

    Raises:
        DataError: as `read_pack`, and where a label or a weight is missing or no number.
    """
    pack = read_pack(path, name)
    try:
        labels = tuple(pack["labels"])
        if not labels:
            raise ValueError("it holds no labels")
        place = {label: index for index, label in enumerate(labels)}
        weights = {feature: _placed(pairs, place) for feature, pairs in pack["weights"].items()}
        biases = tuple(_number(pack["labels"][label]) for label in labels)
        return Linear(labels, biases, weights, **_settings(pack))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise DataError(f"{path}: is damaged: {type(error).__name__} {error}; run `jianbao train`") from None


def _placed(pairs: Mapping[str, Any], place: Mapping[str, int]) -> tuple[tuple[int, float], ...]:
    """The weights of a feature with the places of their labels; a pack holds 100,000, so they are judged together."""
    weights = pairs.values()
    told = weights if {*map(type, weights)} <= {float} and all(map(isfinite, weights)) else map(_number, weights)
    return tuple(zip(map(place.__getitem__, pairs), told, strict=True))


def _settings(pack: Mapping[str, Any]) -> dict[str, float]:
    """The numbers beside the weights; sums are compared by them, so the slope rises and shares lie between 0 and 1."""
    settings = {setting: _number(pack[setting]) for setting in SETTINGS}
    if settings["slope"] <= 0 or not all(0 < settings[share] < 1 for share in ("keep", "add")):
        raise ValueError(f"slope, keep or add is out of range: {settings}")
    return settings


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise ValueError(f"{value!r} is no number")
    return float(value)
