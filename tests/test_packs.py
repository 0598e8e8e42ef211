"""Promises of the packs: they are those of the gold, read back whole, and tell every fault on one line."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jianbao
import pytest
from jianbao.corpus.errors import DataError
from jianbao.corpus.records import ACTIVITY_TYPES, BRAND_KINDS
from jianbao.models.linear import NONE
from jianbao.models.packs import DIGITS, FOLDER, FORMAT, gold_hash, linear_text, read_linear, read_pack
from jianbao.pipeline.learned import BRAND, NO_BRAND, PACKS, TYPE, learned
from made_calls import COMMAND

PACKAGE = Path(jianbao.__file__).parent
TEXT = "今年以来，区侨联走访侨眷46户，推出“侨助工坊”行动。“聚民心”，大家都在出力。\n"
LABELS = {"types": set(ACTIVITY_TYPES), "figures": {*ACTIVITY_TYPES, NONE}, "kinds": set(BRAND_KINDS)}
Damage = Callable[[dict[str, Any]], object]


# The shipped packs.


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_was_fitted_on_the_gold_as_it_is(name: str) -> None:
    assert read_pack(FOLDER / f"{name}.json", name)["gold"] == gold_hash(), (
        "the gold has changed since: run `jianbao train`"
    )


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_read_and_written_again_is_the_same_to_the_byte(name: str) -> None:
    path = FOLDER / f"{name}.json"
    pack, model = read_pack(path, name), read_linear(path, name)
    text = linear_text(model, name, pack["gold"], segmenter=pack["segmenter"])
    assert text.encode() == path.read_bytes().replace(b"\r\n", b"\n")


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_is_small_rounded_and_names_labels_of_the_house(name: str) -> None:
    path = FOLDER / f"{name}.json"
    model = read_linear(path, name)
    figures = [*model.biases, *(weight for pairs in model.weights.values() for _, weight in pairs)]
    assert path.stat().st_size < 1_500_000
    assert all(round(figure, DIGITS) == figure for figure in figures)
    assert set(model.labels) == LABELS.get(name, {"brand"})


# Packs that cannot be used.


def spoil(name: str, change: Damage) -> str:
    """The text of a shipped pack after a change to what it holds."""
    pack = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    change(pack)
    return json.dumps(pack)


def weigh(value: object) -> Damage:
    return lambda pack: pack["weights"].update(走访=dict.fromkeys(pack["labels"], value))


def put(**values: object) -> Damage:
    return lambda pack: pack.update(values)


DAMAGES: dict[str, tuple[str, Damage]] = {
    "a foreign pack": ("is a pack of 'calibration', not of", put(pack="calibration")),
    "an outdated format": (f"is no pack of format {FORMAT}", put(format=FORMAT - 1)),
    "no format": (f"is no pack of format {FORMAT}", lambda pack: pack.pop("format")),
    "no weights": ("is damaged", lambda pack: pack.pop("weights")),
    "weights without names": ("is damaged", put(weights=[])),
    "a weight that is a word": ("'heavy' is no number", weigh("heavy")),
    "a weight in quotation marks": ("'1.5' is no number", weigh("1.5")),
    "a weight that is true": ("True is no number", weigh(True)),
    "a weight that is null": ("None is no number", weigh(None)),
    "a weight that is not finite": ("nan is no number", weigh(float("nan"))),
    "a weight beyond all numbers": ("is damaged", weigh(10**400)),
    "a label missing": ("is damaged", lambda pack: pack["labels"].popitem()),
    "labels without biases": ("is damaged", lambda pack: pack.update(labels=list(pack["labels"]))),
    "no labels": ("it holds no labels", put(labels={}, weights={})),
    "a setting missing": ("is damaged", lambda pack: pack.pop("silence")),
    "a slope that does not rise": ("out of range", put(slope=0.0)),
    "a share that is certain": ("out of range", put(keep=1.0)),
}
WRECKS: dict[str, tuple[str, bytes | None]] = {
    "no file": ("cannot be read", None),
    "nothing": (":1: is no JSON", b""),
    "half a file": (":3: is no JSON", b'{\n "format": 2,\n "labels": {'),
    "no text": ("cannot be read", b"\xff\xfe\x00"),
    "a list": ("is no pack of format", b"[]"),
    "a figure too long to read": ("cannot be read", b'{"format": ' + b"9" * 5000 + b"}"),
    "brackets without end": ("cannot be read", b"[" * 200_000),
}


@pytest.mark.parametrize("name", PACKS)
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_pack_is_told_on_one_line_that_says_to_train(tmp_path: Path, damage: str, name: str) -> None:
    message, change = DAMAGES[damage]
    (tmp_path / "pack.json").write_text(spoil(name, change), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        read_linear(tmp_path / "pack.json", name)
    told = str(caught.value)
    assert message in told
    assert told.startswith(str(tmp_path / "pack.json"))
    assert told.endswith("run `jianbao train`")
    assert "\n" not in told


@pytest.mark.parametrize("wreck", WRECKS)
def test_a_file_that_is_no_pack_is_told_on_one_line_that_says_to_train(tmp_path: Path, wreck: str) -> None:
    message, data = WRECKS[wreck]
    if data is not None:
        (tmp_path / "types.json").write_bytes(data)
    with pytest.raises(DataError) as caught:
        learned(tmp_path)
    assert message in str(caught.value)
    assert str(caught.value).endswith("run `jianbao train`")
    assert "\n" not in str(caught.value)


# The command line with packs other than the shipped ones: on a copy of the package.


class House:
    """A copy of the package whose packs may be spoilt, and its command line in a process of its own."""

    def __init__(self, root: Path) -> None:
        self.root, self.packs = root, root / "jianbao" / "models"
        aside = shutil.ignore_patterns("__pycache__", "gold", "bulletins")
        for folder in ("corpus", "extractors", "models", "pipeline"):
            shutil.copytree(PACKAGE / folder, root / "jianbao" / folder, ignore=aside)
        shutil.copy(PACKAGE / "__init__.py", root / "jianbao")
        (root / "page.txt").write_text(TEXT, encoding="utf-8")

    def restore(self) -> None:
        for name in PACKS:
            shutil.copy(FOLDER / f"{name}.json", self.packs)

    def spoil(self, name: str, change: Damage) -> None:
        (self.packs / f"{name}.json").write_text(spoil(name, change), encoding="utf-8")

    def jianbao(self, *words: str) -> subprocess.CompletedProcess[str]:
        places = {"PYTHONPATH": str(self.root), "PYTHONUTF8": "1"}
        return subprocess.run(
            [*COMMAND, *words],
            capture_output=True,
            encoding="utf-8",
            cwd=self.root,
            env=os.environ | places,
        )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> House:
    return House(tmp_path_factory.mktemp("house"))


@pytest.fixture
def house(built: House) -> House:
    built.restore()
    return built


@pytest.mark.parametrize("damage", ["no file", "a foreign pack", "an outdated format", "a weight that is a word"])
def test_a_run_ends_on_one_line_where_a_pack_is_unfit(house: House, damage: str) -> None:
    if damage == "no file":
        (house.packs / "kinds.json").unlink()
    else:
        house.spoil("kinds", DAMAGES[damage][1])
    done = house.jianbao("run", "page.txt", "--out", "with")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "kinds.json" in done.stderr
    assert done.stderr.endswith("run `jianbao train`\n")
    assert not (house.root / "with").exists()


def test_a_run_without_models_needs_no_packs_of_models_and_says_what_it_was(house: House) -> None:
    for name in PACKS:
        (house.packs / f"{name}.json").unlink()
    done = house.jianbao("run", "page.txt", "--out", "without", "--no-models")
    assert (done.returncode, done.stderr) == (0, "rules alone, without learned models (只用规则，未用模型)\n")
    assert json.loads((house.root / "without" / "run.json").read_text(encoding="utf-8"))["models"] is False


def test_a_run_with_whole_packs_says_so_in_its_record_alone(house: House) -> None:
    done = house.jianbao("run", "page.txt", "--out", "whole")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads((house.root / "whole" / "run.json").read_text(encoding="utf-8"))["models"] is True


def lean(bias: float) -> Damage:
    """All labels alike, for or against whatever the rules say."""
    return lambda pack: pack.update(labels=dict.fromkeys(pack["labels"], bias))


def test_explain_names_the_rule_of_what_a_model_added_or_refused(house: House) -> None:
    house.spoil("types", lean(90))
    house.spoil("quotations", lean(90))
    eager = house.jianbao("explain", "page.txt")
    assert f"({TYPE})" in eager.stdout
    assert any("聚民心" in line and line.endswith(BRAND) for line in eager.stdout.splitlines())
    house.spoil("quotations", lean(-90))
    strict = house.jianbao("explain", "page.txt")
    assert any("侨助工坊" in line and line.endswith(NO_BRAND) for line in strict.stdout.splitlines())
    assert (eager.returncode, strict.returncode) == (0, 0)
