"""Promises of a domain's file: every row is checked, faults name file and key, and what it changes is told."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from jianbao import Domain
from jianbao.corpus.errors import InputError
from jianbao.pipeline.command import main

DOMAINS = Path(__file__).parents[1] / "docs" / "domains"
KEYS = st.sampled_from(
    [
        "name", "bodies", "refused", "verbs", "statistics", "types", "nouns", "units", "cues", "brand_nouns", "visit", "aid", "acts",
        "objects", "pairs", "chinese", "english", "people", "word", "words", "dimension", "needs", "effect", "scope", "kind", "use",
    ]
)  # fmt: skip
SHIPPED = sorted(DOMAINS.glob("*.toml"))
WHOLE = """
name = "blood"
bodies = ["血站"]
refused = ["七项原则"]
verbs = ["采集"]
statistics = ["库存血量"]

[types.blood]
chinese = "无偿献血"
english = "blood donation"
acts = ["采血"]
objects = ["血液"]
pairs = [{ verbs = ["采集"], objects = ["成分血"] }]

[types.training]
acts = ["救护员培训"]

[nouns]
people = ["持证救护员"]

[[units]]
word = "治疗量"
dimension = "goods"

[[cues]]
words = ["筹建"]
effect = "planned"

[[brand_nouns]]
words = ["献血屋"]
kind = "place"
"""


def written(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    """The text as a file of a domain."""
    path = folder / "field.toml"
    path.write_bytes(text.encode(encoding))
    return path


def fault_of(folder: Path, text: str) -> str:
    """What is said of a file that holds the text."""
    with pytest.raises(InputError) as told:
        Domain.read(written(folder, text))
    message = str(told.value)
    assert message.startswith(str(folder / "field.toml")), message
    assert any("\u4e00" <= character <= "\u9fff" for character in message.rpartition("(")[2]), message
    return message


# Key that the message must name, and a file with one fault.
FAULTS = [
    ("nuons", "[nuons]\npeople = ['救护员']"),
    ("nouns.persons", "[nouns]\npersons = ['救护员']"),
    ("nouns.refused", "[nouns]\nrefused = ['七项原则']"),
    ("nouns.people", "[nouns]\npeople = '救护员'"),
    ("nouns.people", "[nouns]\npeople = ['员']"),
    ("nouns.people", "[nouns]\npeople = ['救护 员']"),
    ("nouns.people", "[nouns]\npeople = ['救护员，']"),
    ("nouns.people", "[nouns]\npeople = [3]"),
    ("nouns.people", f"[nouns]\npeople = ['{'员' * 21}']"),
    ("nouns.people", "[nouns]\npeople = ['救护员', '救护员']"),
    ("nouns.goods", "[nouns]\npeople = ['血样']\ngoods = ['血样']"),
    ("nouns", "nouns = ['救护员']"),
    ("types.first aid", "[types.'first aid']\nchinese = '救护'\nenglish = 'aid'"),
    ("types.none", "[types.none]\nchinese = '救护'\nenglish = 'aid'"),
    ("types.aid.chinese", "[types.aid]\nenglish = 'aid'"),
    ("types.aid.english", "[types.aid]\nchinese = '救护'"),
    ("types.aid.chinese", "[types.aid]\nchinese = '走访慰问'\nenglish = 'aid'"),
    ("types.b.chinese", "[types.a]\nchinese = '救护'\nenglish = 'a'\n[types.b]\nchinese = '救护'\nenglish = 'b'"),
    ("types.aid.chinese", "[types.aid]\nchinese = '=救护'\nenglish = 'aid'"),
    ("types.aid.english", "[types.aid]\nchinese = '救护'\nenglish = 'a\"id'"),
    ("types.visit.chinese", "[types.visit]\nchinese = '走访'"),
    ("types.visit.verbs", "[types.visit]\nverbs = ['走访']"),
    ("types.visit.objects", "[types.visit]\nacts = ['入户走访']\nobjects = ['入户走访']"),
    ("types.training.acts", "[types.visit]\nacts = ['入户走访']\n[types.training]\nacts = ['入户走访']"),
    ("types.visit.pairs[1]", "[[types.visit.pairs]]\nverbs = ['送去']"),
    ("types.visit.pairs", "[types.visit]\npairs = { verbs = ['送去'] }"),
    ("types.visit", "[types]\nvisit = ['走访']"),
    ("units[1].dimension", "[[units]]\nword = '治疗量'\ndimension = 'doses'"),
    ("units[1].dimension", "[[units]]\nword = '治疗量'"),
    (
        "units[2].needs",
        "[[units]]\nword = '袋'\ndimension = 'goods'\n[[units]]\nword = '单位'\ndimension = 'goods'\nneeds = 'place'",
    ),
    ("units[1].word", "[[units]]\nword = '千单位'\ndimension = 'goods'"),
    ("units[1].word", "[[units]]\ndimension = 'goods'"),
    ("units[1].english", "[[units]]\nword = '治疗量'\ndimension = 'goods'\nenglish = 3"),
    ("units", "[units]\nword = '治疗量'"),
    ("cues[1].effect", "[[cues]]\nwords = ['筹建']\neffect = 'later'"),
    ("cues[1].effect", "[[cues]]\nwords = ['每袋']\neffect = 'per:bag'"),
    ("cues[1].scope", "[[cues]]\nwords = ['筹建']\neffect = 'planned'\nscope = 'page'"),
    ("brand_nouns[1].kind", "[[brand_nouns]]\nwords = ['献血屋']\nkind = 'house'"),
    ("brand_nouns[1].use", "[[brand_nouns]]\nwords = ['献血屋']\nkind = 'place'\nuse = 'policy'"),
    ("name", "name = '红十字'\nrefused = ['七项原则']"),
    ("bodies", "bodies = '血站'"),
]


@pytest.mark.parametrize(("key", "text"), FAULTS, ids=[key for key, _ in FAULTS])
def test_a_fault_is_told_with_file_and_key(tmp_path: Path, key: str, text: str) -> None:
    assert f": {key}: " in fault_of(tmp_path, text)


def test_a_key_of_the_file_that_stands_below_a_section_is_told_where_it_belongs(tmp_path: Path) -> None:
    assert "above the first section" in fault_of(tmp_path, "[nouns]\nbodies = ['血站']")


VALUES = st.recursive(
    st.sampled_from(["救护员", "visit", "people", "planned", "place", "", "\t", "1", "千", "a" * 400])
    | st.integers()
    | st.booleans()
    | st.none(),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(KEYS, each, max_size=3),
    max_leaves=12,
)


@settings(max_examples=400, deadline=None)
@given(content=st.dictionaries(KEYS, VALUES, max_size=4))
def test_whatever_a_file_holds_is_read_or_told_as_wrong(content: dict[str, object]) -> None:
    told = ""
    domain = None
    try:
        domain = Domain.of(content)
    except InputError as error:
        told = str(error)
    assert told.startswith("domain: ") if domain is None else Domain.recorded(domain.record()) == domain
    assert len(told) < 1_000


def test_lists_without_end_are_told(tmp_path: Path) -> None:
    assert "without end" in fault_of(tmp_path, f"bodies = {'[' * 50_000}")


@pytest.mark.parametrize("text", ["", "# nothing\n", "name = 'blood'\n"])
def test_a_file_without_a_row_is_refused(tmp_path: Path, text: str) -> None:
    assert "holds no row" in fault_of(tmp_path, text)


def test_what_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    assert "line 2" in fault_of(tmp_path, "name = 'blood'\nbodies = 血站\n")


def test_a_file_that_is_not_there_or_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        Domain.read(tmp_path / "missing.toml")
    path = tmp_path / "field.toml"
    path.write_bytes(b"PK\x03\x04\0\0\0")
    with pytest.raises(InputError, match="no text file"):
        Domain.read(path)
    path.write_bytes(WHOLE.encode("gb18030") + b"# \xff\xff\n")
    with pytest.raises(InputError, match="save it in UTF-8"):
        Domain.read(path)


def test_a_file_has_no_more_rows_than_can_be_checked_by_eye(tmp_path: Path) -> None:
    words = ", ".join(f"'词{number}'" for number in range(10_001))
    assert "more than 10000 rows" in fault_of(tmp_path, f"verbs = [{words}]")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encoding_of_the_file_does_not_matter(tmp_path: Path, encoding: str) -> None:
    plain = Domain.of({"nouns": {"people": ["持证救护员"]}}, stem="field")
    assert Domain.read(written(tmp_path, "[nouns]\r\npeople = ['持证救护员']\r\n", encoding)) == plain


def test_words_are_read_in_traditional_script_too(tmp_path: Path) -> None:
    assert Domain.of({"nouns": {"people": ["持證救護員"]}}) == Domain.of({"nouns": {"people": ["持证救护员"]}})


def test_the_name_is_that_of_the_file_where_none_is_given(tmp_path: Path) -> None:
    assert Domain.read(written(tmp_path, "[nouns]\npeople = ['持证救护员']")).name == "field"
    assert Domain.read(written(tmp_path, WHOLE)).name == "blood"
    strange = tmp_path / "红十字会.toml"
    strange.write_text("[nouns]\npeople = ['持证救护员']", encoding="utf-8")
    assert Domain.read(strange).name == "domain"


def test_every_section_gives_its_rows(tmp_path: Path) -> None:
    rows = dict(Domain.read(written(tmp_path, WHOLE)).rows)
    assert rows["units"] == (("治疗量", "goods", "治疗量", "", ""),)
    assert rows["cues"] == (("筹建", "planned", "sentence", ""),)
    assert rows["nouns"] == (("持证救护员", "people"),)
    assert set(rows["activities"]) == {
        ("采血", "blood", "act"), ("血液", "blood", "object"), ("救护员培训", "training", "act"),
        ("库存血量", "none", "statistic"),
    }  # fmt: skip
    assert {row[0] for row in rows["deeds"]} == {"采集"}
    assert {row[1:] for row in rows["governing"]} == {("成分血", "blood")}
    assert set(rows["brand_nouns"]) == {("献血屋", "place", "name"), ("血站", "", "body")}
    assert rows["bodies"] == (("血站",),)
    assert rows["refused"] == (("七项原则",),)


def test_a_domain_comes_back_from_its_record_and_from_another_process(tmp_path: Path) -> None:
    domain = Domain.read(written(tmp_path, WHOLE))
    assert Domain.recorded(domain.record()) == domain
    assert Domain.recorded(domain.record()).digest == domain.digest
    assert pickle.loads(pickle.dumps(domain)) == domain
    assert domain.types == {"blood": "无偿献血"}


def test_another_content_is_another_domain(tmp_path: Path) -> None:
    before = Domain.read(written(tmp_path, WHOLE))
    after = Domain.read(written(tmp_path, WHOLE.replace("持证救护员", "救护师资")))
    assert before != after
    assert repr(before) != repr(after)
    assert repr(before) == repr(Domain.read(written(tmp_path, f"# a note\n{WHOLE}")))


def test_what_words_meant_before_is_told() -> None:
    rows = {"chinese": "三献", "english": "blood donation", "acts": ["献血"]}
    notes = Domain.of({"types": {"blood": rows}, "nouns": {"goods": ["志愿者"], "people": ["群众"]}}).notes
    assert "献血: blood (act) here, donation (act) in the package" in notes
    assert "志愿者: goods here, people in the package" in notes
    assert "群众: people here as in the package; the row may go" in notes
    assert any(note.startswith("无偿献血: stays donation (act)") for note in notes)


@pytest.mark.parametrize("path", SHIPPED, ids=[path.stem for path in SHIPPED])
def test_the_domains_of_the_documentation_hold_no_row_that_the_package_has(path: Path) -> None:
    domain = Domain.read(path)
    assert len([row for _, made in domain.rows for row in made]) > 20
    assert not [note for note in domain.notes if note.endswith("may go")]


@pytest.mark.parametrize("command", ["run", "explain", "score"])
def test_a_command_answers_a_broken_domain_with_one_line_and_status_2(tmp_path: Path, command: str) -> None:
    text = tmp_path / "简报.txt"
    text.write_text("走访慰问侨胞30户。", encoding="utf-8")
    path = written(tmp_path, "[nouns]\npersons = ['救护员']")
    words = [command, str(text), "--domain", str(path), *(["--out", str(tmp_path / "OUT")] if command == "run" else [])]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 2
    assert result.output.splitlines() == [line for line in result.output.splitlines() if "nouns.persons" in line]
    assert not (tmp_path / "OUT").exists()
