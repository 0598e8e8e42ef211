"""Promises of the house: the four laws that keep the root sound, the layers, the manners of modules and data."""

from __future__ import annotations

import ast
import configparser
import fnmatch
import importlib.metadata
import json
import re
import subprocess
import sys
from pathlib import Path

import jianbao
import pytest

CHECKOUT = Path(__file__).parents[1]
INSTALLED = Path(jianbao.__file__).parent
ROOMS = ("corpus", "extractors", "models", "pipeline")
# Who may import whom: the left one all of the right ones.
ARROWS = {
    "corpus": {"corpus"},
    "extractors": {"extractors", "corpus"},
    "models": {"models", "corpus"},
    "pipeline": {"pipeline", "extractors", "models", "corpus", ""},
}
MODULES = sorted(path for room in ROOMS for path in (INSTALLED / room).glob("*.py"))
LEXICONS = sorted((INSTALLED / "corpus" / "lexicons").glob("*.tsv"))
READMES = [CHECKOUT / "README.md", CHECKOUT / "README.zh.md"]


def settings() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(CHECKOUT / "setup.cfg", encoding="utf-8")
    return parser


def words(section: str, option: str) -> list[str]:
    return settings().get(section, option).split()


def python(code: str) -> str:
    """What an interpreter of its own, in a folder of its own, prints for the code."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd="/").stdout


def module_id(path: Path) -> str:
    return path.relative_to(INSTALLED).as_posix()


# Law 1: the face is lazy.


def test_the_face_stays_under_60_lines() -> None:
    assert len((INSTALLED / "__init__.py").read_text(encoding="utf-8").splitlines()) < 60


def test_import_jianbao_loads_nothing_of_ours_and_nothing_heavy() -> None:
    loaded = json.loads(python("import jianbao, sys, json; print(json.dumps(sorted(sys.modules)))"))
    assert [name for name in loaded if name.startswith("jianbao")] == ["jianbao"]
    assert {"pandas", "numpy", "click", "jieba", "sklearn"}.isdisjoint(loaded)


def test_extraction_loads_neither_pandas_nor_click() -> None:
    code = "import jianbao, sys; jianbao.extract('走访30户。'); print({'pandas', 'click'} & set(sys.modules))"
    assert python(code) == "set()\n"


def test_every_name_of_the_face_is_there_and_none_besides() -> None:
    assert dir(jianbao) == sorted(jianbao.__all__)
    assert all(getattr(jianbao, name) is not None for name in jianbao.__all__)
    with pytest.raises(AttributeError, match="no attribute 'extarct'"):
        _ = jianbao.extarct


# Law 2 and 3: one .py in the root, four flat rooms, everything listed.


def test_the_root_holds_no_other_python_file() -> None:
    assert [path.name for path in CHECKOUT.glob("*.py")] == ["__init__.py"]


def test_every_folder_with_code_is_listed_in_setup_cfg_and_the_rooms_are_flat() -> None:
    folders = {
        path.parent.relative_to(CHECKOUT).as_posix() for room in ROOMS for path in (CHECKOUT / room).rglob("*.py")
    }
    listed = {name.removeprefix("jianbao").lstrip(".").replace(".", "/") for name in words("options", "packages")}
    assert listed - {""} == folders == set(ROOMS)


def test_every_data_file_is_in_package_data_and_in_the_installed_package() -> None:
    patterns = [
        f"{name.removeprefix('jianbao').lstrip('.').replace('.', '/')}/{pattern}".lstrip("/")
        for name, lines in settings()["options.package_data"].items()
        for pattern in lines.split()
    ]
    data = [
        path.relative_to(CHECKOUT).as_posix()
        for room in ROOMS
        for path in (CHECKOUT / room).rglob("*")
        if path.is_file() and path.suffix not in (".py", ".md") and "__pycache__" not in path.parts
    ]
    assert len(data) > 40
    assert [name for name in data if not any(fnmatch.fnmatch(name, pattern) for pattern in patterns)] == []
    assert [name for name in data if not (INSTALLED / name).is_file()] == []
    assert (INSTALLED / "py.typed").is_file()


def test_no_pattern_of_package_data_is_idle() -> None:
    places = {"jianbao": "", **{f"jianbao.{room}": room for room in ROOMS}}
    for name, lines in settings()["options.package_data"].items():
        for pattern in lines.split():
            assert list((CHECKOUT / places[name]).glob(pattern)), f"{name}: {pattern}"


# The layers.


def imports(path: Path) -> list[tuple[int, str]]:
    """Line and room ('' the root) of each import of ours in a module of a room."""
    room = path.parent.name
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            inside = (node.module or "").split(".")
            if node.level == 1:
                found.append((node.lineno, room))
            elif node.level == 2:
                names = inside if inside[0] else [alias.name for alias in node.names]
                found += [(node.lineno, name if name in ROOMS else "") for name in names[:1]]
            elif node.level > 2 or inside[0] == "jianbao":
                found.append((node.lineno, "absolute or too far up"))
        elif isinstance(node, ast.Import):
            found += [(node.lineno, "absolute") for alias in node.names if alias.name.split(".")[0] == "jianbao"]
    return found


@pytest.mark.parametrize("path", MODULES, ids=module_id)
def test_imports_run_down_the_house_only(path: Path) -> None:
    allowed = ARROWS[path.parent.name]
    assert [(line, room) for line, room in imports(path) if room not in allowed] == []


def test_the_arrows_are_really_read() -> None:
    assert {room for path in MODULES for _, room in imports(path) if path.parent.name == "pipeline"} >= {
        "corpus",
        "extractors",
    }


# Manners.


@pytest.mark.parametrize("path", MODULES, ids=module_id)
def test_a_module_says_in_its_first_line_what_it_is_for(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    assert len(docstring.partition("\n")[0]) > 15
    assert docstring.partition("\n")[0].endswith(".")


@pytest.mark.parametrize("path", MODULES, ids=module_id)
def test_no_module_is_a_drawer_for_odds_and_ends(path: Path) -> None:
    assert not re.search(r"util|helper|common|manager|misc|_new|\d", path.stem)


@pytest.mark.parametrize("path", LEXICONS, ids=lambda path: path.stem)
def test_a_lexicon_is_a_table_without_faults(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    header, *lines = text.removesuffix("\n").split("\n")
    assert text.endswith("\n")
    assert "\r" not in text
    assert lines
    assert {line.count("\t") for line in lines} == {header.count("\t")}
    assert [line for line in lines if any(cell != cell.strip() for cell in line.split("\t"))] == []
    assert [line for line in lines if not line.split("\t")[0]] == []
    assert len(set(lines)) == len(lines)


def test_versions_agree() -> None:
    assert settings()["metadata"]["version"] == jianbao.__version__ == importlib.metadata.version("jianbao")


def test_both_readmes_show_the_same_commands() -> None:
    texts = [path.read_text(encoding="utf-8") if path.exists() else "" for path in READMES]
    if not all(texts):
        pytest.skip("README.md or README.zh.md is still empty")
    english, chinese = map(commands, texts)
    assert english
    assert english == chinese


def commands(page: str) -> list[list[str]]:
    """The command lines in the fenced blocks of a page, without their comments."""
    blocks = re.findall(r"^```.*?\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    lines = [line.strip().removeprefix("$ ").partition("  #")[0] for block in blocks for line in block.splitlines()]
    return [line.split() for line in lines if re.match(r"(?:jianbao|pip|python|git|cd) ", line)]
