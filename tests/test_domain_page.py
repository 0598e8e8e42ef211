"""Promises of the page about domains: its examples run, its files are read, its table names every key, invented bulletins gain."""

from __future__ import annotations

import doctest
import re
import tomllib
from pathlib import Path

import pytest
from jianbao import Domain, extract
from jianbao.corpus.errors import InputError
from jianbao.corpus.reading import from_text
from jianbao.corpus.records import ACTIVITY_TYPES, Records
from jianbao.pipeline.extraction import Pipeline

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "domain.md"
DOMAINS = sorted((ROOT / "docs" / "domains").glob("*.toml"))
TEXT = PAGE.read_text(encoding="utf-8")
# Bulletins of the fields: figures that the package alone reads in no way or another, and what is read with the domain.
GAINS = {
    "red_cross": {
        "全年采集血液5200单位，采集血小板380治疗量。": {"5200单位": "blood", "380治疗量": "blood"},
        "累计采集造血干细胞血样260人份。": {"260人份": "blood"},
        "开展应急救护培训128场，新增持证救护员3400余人。": {"128场": "first_aid", "3400余人": "first_aid"},
        "在景区、车站布设AED 85台。": {"85台": "first_aid"},
        "发放博爱家庭箱420只。": {"420只": "donation"},
        "无偿献血总量达90万毫升，组织无偿献血活动46场。": {"90万毫升": "blood", "46场": "blood"},
        "全年采血16万ml。": {"16万ml": "blood"},
    },
    "disabled_persons": {
        "为残疾儿童提供康复救助260人次。": {"260人次": "rehabilitation"},
        "完成困难重度残疾人家庭无障碍改造410户。": {"410户": "rehabilitation"},
        "适配辅助器具1800件。": {"1800件": "rehabilitation"},
        "安装假肢36条。": {"36条": "rehabilitation"},
    },
}
SAME = (
    "累计走访慰问侨胞1700余人次，发放慰问资金40余万元，户均超1500元。",
    "举办培训班12期，培训学员860人，推出“侨助工坊”服务品牌。",
    "到位资金28亿元，其中产业投资26.4亿元；力争年底前结对村社20个。",
    "共有20家单位、300个单位参加，收集意见建议45条，化解纠纷12起。",
    "每年资助困难学生60名，建成驿站18个，点击量达30万人次。",
    "医院的康复病房收治病人30名，康复期约2个月。",
)


def figures(records: Records) -> list[tuple[str, str, str, str]]:
    """What is told of the figures of an article."""
    return [(one.text, one.quantity.unit, one.measure, one.activity) for one in records.indicators]


def test_the_examples_of_the_page_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"^ *```pycon\n(.*?)^ *```", TEXT, re.DOTALL | re.MULTILINE)
    source = "\n".join(re.sub(r"^  (?=>>>|'|\.\.\.)", "", block, flags=re.MULTILINE) for block in blocks)
    case = doctest.DocTestParser().get_doctest(source, {}, "domain.md", str(PAGE), 0)
    assert len(case.examples) >= 6
    assert doctest.DocTestRunner().run(case).failed == 0


def test_the_file_that_the_page_shows_is_there() -> None:
    shown = re.findall(r"\{literalinclude\} (\S+)|\]\((domains/\S+)\)", TEXT)
    assert {path for pair in shown for path in pair if path} == {f"domains/{path.name}" for path in DOMAINS}


def test_the_table_names_every_section() -> None:
    named = set(re.findall(r"^\| (?:… )?`\[*([a-z_]+)[.\w]*\]*`", TEXT, re.MULTILINE))
    with pytest.raises(InputError) as told:
        Domain.of({"nothing": 1})
    sections = re.search(r"choose of (.*?) \(", str(told.value))
    assert sections is not None
    assert named - {"acts", "objects", "pairs"} == set(sections[1].split(", "))


@pytest.mark.parametrize("path", DOMAINS, ids=[path.stem for path in DOMAINS])
def test_invented_bulletins_gain_by_the_domain_what_they_lack_without(path: Path) -> None:
    domain = Domain.read(path)
    for text, wanted in GAINS[path.stem].items():
        before = {words: kind for words, _, _, kind in figures(extract(text))}
        after = {words: kind for words, _, _, kind in figures(extract(text, domain=domain))}
        assert wanted.items() <= after.items(), text
        assert not wanted.items() <= before.items(), text


@pytest.mark.parametrize("path", DOMAINS, ids=[path.stem for path in DOMAINS])
def test_what_is_of_no_field_stays_as_it_was(path: Path) -> None:
    domain = Domain.read(path)
    for text in SAME:
        assert figures(extract(text, domain=domain)) == figures(extract(text)), text
        kinds = {one.type for one in extract(text, domain=domain).activities}
        assert kinds == {one.type for one in extract(text).activities} <= set(ACTIVITY_TYPES), text


@pytest.mark.parametrize("path", DOMAINS, ids=[path.stem for path in DOMAINS])
def test_every_act_of_a_domain_is_heard(path: Path) -> None:
    """A row that no sentence can reach would stand there in vain; models, which judge types of the package, left aside."""
    pipeline = Pipeline(models=False, domain=Domain.read(path))
    for code, told in tomllib.loads(path.read_text(encoding="utf-8"))["types"].items():
        for word in told.get("acts", ()):
            found = pipeline(from_text(f"全年共{word}120次。"))
            assert code in {one.type for one in found.activities}, word
