"""Promises of the spaCy component: the records of a Doc are those of its text, on any tokens, and go wherever the Doc goes."""

from __future__ import annotations

import os
import pickle
import re
import subprocess
import sys
import warnings
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import jianbao
import pytest
from jianbao.corpus.errors import InputError
from jianbao.corpus.record_cells import cells_of, from_cells
from jianbao.corpus.records import ACTIVITY_TYPES, BRAND_KINDS, DIMENSIONS, Records
from jianbao.pipeline.extraction import Pipeline
from test_face import ARTICLES, TEXTS, check

spacy = pytest.importorskip("spacy", reason='needs spaCy: pip install "jianbao[spacy]"')

from hypothesis import given, settings  # noqa: E402
from jianbao.pipeline.spacy_component import colours  # noqa: E402
from jianbao.pipeline.spacy_spans import OF_DOC, OF_SPAN  # noqa: E402
from made_pipelines import KNOWN, SORTS, TEXT, assert_same, blank, cutting  # noqa: E402
from spacy import displacy  # noqa: E402
from spacy.displacy.render import DEFAULT_LABEL_COLORS  # noqa: E402
from spacy.lang.zh import Chinese  # noqa: E402
from spacy.language import Language  # noqa: E402
from spacy.scorer import Scorer  # noqa: E402
from spacy.tokens import Doc, DocBin, Span  # noqa: E402
from spacy.training import Example  # noqa: E402
from spacy.vocab import Vocab  # noqa: E402


@pytest.fixture(scope="module")
def nlp() -> Language:
    return blank(**KNOWN)


# What a Doc holds.


@pytest.mark.parametrize("segmenter", ["char", "jieba", "pkuseg"])
def test_the_records_of_a_doc_are_those_of_its_text_whatever_its_tokens(
    segmenter: str, request: pytest.FixtureRequest
) -> None:
    pipeline = cutting(segmenter, request)
    for article, doc in zip(ARTICLES.values(), pipeline.pipe(one.text for one in ARTICLES.values()), strict=True):
        assert doc.text == article.text
        assert doc._.records == jianbao.extract(article.text)
        for sort in SORTS:
            found = getattr(doc._.records, sort)
            assert len(found) == len(doc.spans[sort])
            for record, span in zip(found, doc.spans[sort], strict=True):
                assert span._.offsets == (record.start, record.end)
                assert span.start_char <= record.start < record.end <= span.end_char
                assert span[0].idx + len(span[0]) > record.start
                assert span[-1].idx < record.end


def test_a_token_that_cannot_carry_a_span_expands_it_and_the_offsets_stay_exact() -> None:
    text = "走访4400余家。"
    doc = Doc(Vocab(), words=["走访", "4400", "余家。"], spaces=[False] * 3)
    blank().get_pipe("jianbao")(doc)
    (span,) = doc.spans["indicators"]
    assert (span.text, span._.offsets, span._.indicator.text) == ("4400余家。", (2, 8), "4400余家")
    assert text[slice(*span._.offsets)] == "4400余家"


def test_spans_say_what_their_records_say(nlp: Language) -> None:
    doc = nlp(TEXT)
    people, money, part, *_ = doc.spans["indicators"]
    assert (people.text, people.label_, people._.measure) == ("1200余人次", "person_times", "走访慰问归侨侨眷")
    assert (people._.quantity.low, people._.quantity.unit) == (1200, "人次")
    assert people._.period.start == date(2024, 1, 1)
    assert people._.indicator is not None
    assert people._.indicator.region == "330381"
    assert people._.activity is None
    (brand,) = doc.spans["brands"]
    assert (brand.text, brand.label_, brand._.brand.name) == ("侨小二", "place", "侨小二")
    assert people._.brand == brand._.brand
    assert people.kb_id_ == brand.kb_id_ == brand.id_ == f"brand:{brand.start_char}-{brand.end_char}"
    assert part._.whole == money
    assert money._.whole is None
    assert {span.label_ for span in doc.spans["activities"]} >= {"visit"}
    assert doc.spans["activities"][0]._.activity.type == doc.spans["activities"][0].label_
    assert doc._.refused[-1].rule == "refuse.list-sum"
    assert doc._.records.refusals == ()


def test_spans_and_docs_without_records_have_the_stated_defaults(nlp: Language) -> None:
    for doc in (nlp("没有。"), nlp(""), spacy.blank("zh")(TEXT)):
        assert doc._.records == Records()
        assert doc._.refused == ()
    doc = nlp(TEXT)
    values = {name: getattr(doc[0:2]._, name) for name in OF_SPAN}
    assert values.pop("measure") == ""
    assert values.pop("offsets") == (0, 2)
    assert set(values.values()) == {None}


def test_ids_are_unique_and_every_label_is_a_code() -> None:
    pipeline = blank()
    for doc in pipeline.pipe(article.text for article in ARTICLES.values()):
        ids = [span.id_ for sort in SORTS for span in doc.spans[sort]]
        assert len(set(ids)) == len(ids)
        assert {span.label_ for span in doc.spans["indicators"]} <= set(DIMENSIONS)
        assert {span.label_ for span in doc.spans["brands"]} <= set(BRAND_KINDS)
        assert {span.label_ for span in doc.spans["activities"]} <= set(ACTIVITY_TYPES)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_no_text_breaks_the_component(text: str) -> None:
    doc = PLAIN(text)
    check(doc.text, doc._.records)
    assert all(len(getattr(doc._.records, sort)) == len(doc.spans[sort]) for sort in SORTS)


PLAIN = blank(models=False)


# Settings.


def test_rules_alone_can_be_asked_for() -> None:
    article = ARTICLES["yongjia_qiaolian_2021.txt"]
    records = Pipeline(models=False)(article)
    assert PLAIN(article.text)._.records.indicators == records.indicators
    assert records.activities != Pipeline()(article).activities


def test_title_and_date_stand_where_the_settings_say() -> None:
    text = "今年以来，走访侨眷46户。"
    pipeline = blank(**KNOWN)
    doc = pipeline.make_doc(text)
    doc.user_data.update(published=datetime(2022, 5, 6, 7, 8), region="330106")
    (found,) = pipeline(doc)._.records.indicators
    assert (found.period and found.period.end, found.region) == (date(2022, 5, 6), "330106")
    (found,) = pipeline(text)._.records.indicators
    assert (found.period and found.period.end, found.region) == (date(2024, 11, 8), "330381")
    if not Doc.has_extension("day"):
        Doc.set_extension("day", default=None)
    other = blank(article={"published": "_.day", "title": "_.not_there"})
    doc = other.make_doc(text)
    doc._.day = "2021-02-03"
    (found,) = other(doc)._.records.indicators
    assert found.period
    assert found.period.end == date(2021, 2, 3)


def test_a_region_may_be_a_number_as_an_unquoted_one_in_a_config_file_is() -> None:
    (found,) = blank(region=330381)("走访侨眷46户。")._.records.indicators
    assert found.region == "330381"


def test_groups_have_the_names_that_the_settings_give_and_an_empty_name_makes_none() -> None:
    doc = blank(spans={"indicators": "figures", "activities": ""})(TEXT)
    assert list(doc.spans) == ["figures", "brands"]


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"published": "8.11.2024"}, r"published: expected a day as 2024-11-08, found '8.11.2024' \(日期"),
        ({"region": "999999"}, r"region: no division has the code '999999': six figures as 330106"),
        ({"candidates": {"brands": "ner:ORG"}}, r"candidates 'ner:ORG': say `ents`"),
        ({"candidates": {"brands": "spans"}}, r"say `ents`, `ents:LABEL,LABEL`, `spans:GROUP`"),
        ({"candidates": {"figures": "ents"}}, r"candidates: no 'figures' here: choose of indicators, brands"),
        ({"spans": {"figures": "x"}}, r"spans: no 'figures' here: choose of indicators, brands, activities"),
        ({"spans": {"brands": "indicators"}}, r"spans: the group 'indicators' is named twice"),
        ({"candidates": {"brands": "spans:brands"}}, r"spans: the group 'brands' is named twice"),
        ({"article": {"published": "day"}}, r"article.published: say `_.NAME` or `user_data.NAME`, not 'day'"),
        ({"article": {"day": "_.day"}}, r"article: no 'day' here: choose of title, published"),
    ],
)
def test_a_wrong_setting_says_what_to_do(config: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        blank(**config)


def test_spacy_itself_checks_the_types_of_settings() -> None:
    with pytest.raises(Exception, match="models"):
        blank(models={"a": 1})


def test_somebody_elses_attribute_is_left_alone_and_a_prefix_gives_ours_other_names() -> None:
    ours = Span.get_extension("measure")
    Span.set_extension("measure", default="theirs", force=True)
    try:
        with pytest.raises(
            InputError, match=r"Span\._.measure is somebody else's attribute: set the component's `prefix`"
        ):
            blank()
        doc = blank(prefix="jianbao_")("走访侨眷46户。")
        (span,) = doc.spans["indicators"]
        assert (span._.measure, span._.jianbao_measure) == ("theirs", "走访侨眷")
        assert doc._.jianbao_records.indicators
    finally:
        Span.set_extension("measure", getter=ours[2], force=True)
        for owner, names in ((Span, OF_SPAN), (Doc, OF_DOC)):
            for name in names:
                if owner.has_extension(f"jianbao_{name}"):
                    owner.remove_extension(f"jianbao_{name}")


# Wherever a Doc or a pipeline goes.


def test_processes_give_the_same_docs_in_the_same_order(nlp: Language) -> None:
    texts = [TEXT, "没有。", *(article.text for article in list(ARTICLES.values())[:3]), TEXT]
    alone = [nlp(text) for text in texts]
    for n_process, batch_size in ((1, 2), (2, 2)):
        docs = list(nlp.pipe(texts, n_process=n_process, batch_size=batch_size))
        assert [doc.text for doc in docs] == texts
        for first, second in zip(docs, alone, strict=True):
            if second._.records.indicators:
                assert_same(first, second)


def test_processes_that_share_nothing_give_the_same(tmp_path: Path) -> None:
    script = tmp_path / "spawned.py"
    script.write_text(
        "import multiprocessing, spacy\n"
        "if __name__ == '__main__':\n"
        "    multiprocessing.set_start_method('spawn')\n"
        "    nlp = spacy.blank('zh')\n"
        "    nlp.add_pipe('jianbao')\n"
        "    docs = list(nlp.pipe(['走访侨眷46户。', '慰问12人。'], n_process=2, batch_size=1))\n"
        "    print(ascii([(span.text, span._.indicator.text) for doc in docs for span in doc.spans['indicators']]))\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ascii([("46户", "46户"), ("12人", "12人")])


def test_a_doc_survives_bytes_a_bin_and_pickle(nlp: Language, tmp_path: Path) -> None:
    doc = nlp(TEXT)
    assert_same(Doc(Vocab()).from_bytes(doc.to_bytes()), doc)
    assert_same(pickle.loads(pickle.dumps(doc)), doc)
    DocBin(docs=[doc], store_user_data=True).to_disk(tmp_path / "some.spacy")
    (again,) = DocBin().from_disk(tmp_path / "some.spacy").get_docs(Vocab())
    assert_same(again, doc)


@pytest.mark.parametrize("name", ARTICLES)
def test_records_survive_as_plain_values(name: str) -> None:
    records = Pipeline()(ARTICLES[name])
    assert from_cells(cells_of(records)) == records


def test_a_pipeline_is_saved_and_made_again_with_its_settings(tmp_path: Path) -> None:
    config: dict[str, Any] = {
        **KNOWN,
        "models": False,
        "spans": {"indicators": "figures"},
        "candidates": {"brands": "ents:ORG"},
    }
    first = blank(**config)
    first.to_disk(tmp_path / "saved")
    for again in (
        spacy.load(tmp_path / "saved"),
        spacy.util.load_model_from_path(spacy.util.ensure_path(str(tmp_path / "saved"))),
        Chinese.from_config(first.config),
        Chinese.from_config(first.config).from_bytes(first.to_bytes()),
    ):
        assert again.config.interpolate()["components"] == first.config.interpolate()["components"]
        component: Any = again.get_pipe("jianbao")
        made: Any = first.get_pipe("jianbao")
        assert component.settings == made.settings
        assert component.pipeline == Pipeline(models=False)
        assert again(TEXT)._.records == first(TEXT)._.records
        assert list(again(TEXT).spans) == ["figures", "brands", "activities"]


def test_a_pipeline_of_pipelines_can_source_the_component(nlp: Language) -> None:
    other = spacy.blank("zh")
    other.add_pipe("jianbao", source=nlp)
    assert other(TEXT)._.records == nlp(TEXT)._.records


def test_an_error_handler_gets_the_doc_that_fails_and_no_other() -> None:
    pipeline = blank()
    docs = [pipeline.make_doc(f"走访侨眷{count}户。") for count in (1, 2, 3)]
    docs[1].user_data["published"] = "yesterday"
    with pytest.raises(InputError, match=r"user_data\.published: expected a day"):
        list(pipeline.pipe(docs))
    with pytest.raises(InputError, match=r"user_data\.published: expected a day"):
        pipeline(docs[1])
    failed: list[str] = []
    handler: Any = lambda name, proc, docs, error: failed.extend(doc.text for doc in docs)  # noqa: E731
    pipeline.set_error_handler(handler)
    assert [doc.text for doc in pipeline.pipe(docs)] == ["走访侨眷1户。", "走访侨眷3户。"]
    assert failed == ["走访侨眷2户。"]


# What spaCy knows of it.


def test_spacy_finds_the_factory_by_itself() -> None:
    code = (
        "import spacy; nlp = spacy.blank('zh'); nlp.add_pipe('jianbao'); doc = nlp('\\u8d70\\u8bbf46\\u6237');"
        "print(len(doc.spans['indicators']), 'PERSON_TIMES' in spacy.displacy.SpanRenderer().colors)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd="/")
    assert done.stdout == "1 True\n"


def test_without_spacy_the_error_says_what_to_install() -> None:
    code = "import sys; sys.modules['spacy'] = None; import jianbao.pipeline.spacy_component"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, "PYTHONUTF8": "1"}
    )
    assert done.returncode == 1
    assert "ImportError: jianbao in a spaCy pipeline needs spaCy: pip install 'jianbao[spacy]'" in done.stderr


def test_neither_the_face_nor_extraction_loads_spacy() -> None:
    code = "import jianbao, sys; repr(jianbao.show('\\u8d70\\u8bbf46\\u6237')); print('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_a_pipeline_without_the_component_loads_none_of_it() -> None:
    code = "import spacy, sys; spacy.blank('zh'); print('jianbao.pipeline.extraction' in sys.modules, 'jianbao' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd="/")
    assert done.stdout == "False True\n"


def test_the_pipeline_tells_what_it_assigns_and_lacks_nothing(nlp: Language) -> None:
    analysis: Any = nlp.analyze_pipes()
    assert analysis["problems"] == {"jianbao": []}
    assert {"doc.spans", "doc._.records", "span._.indicator"} <= set(analysis["summary"]["jianbao"]["assigns"])


def test_the_spans_are_scored_as_those_of_any_component(nlp: Language) -> None:
    found = nlp(TEXT)
    gold: Any = nlp.make_doc(TEXT)
    gold.spans["indicators"] = [
        gold.char_span(span.start_char, span.end_char, label=span.label_)
        for span in list(found.spans["indicators"])[1:]
    ]
    scores = nlp.evaluate([Example(nlp.make_doc(TEXT), gold)])
    count = len(found.spans["indicators"])
    assert scores["spans_indicators_r"] == 1.0
    assert scores["spans_indicators_p"] == pytest.approx((count - 1) / count)
    assert scores.get("spans_brands_f") is None
    direct = Scorer.score_spans(
        [Example(found, gold)], "spans_indicators", getter=lambda doc, _: doc.spans["indicators"], allow_overlap=True
    )
    assert direct["spans_indicators_p"] == scores["spans_indicators_p"]


def test_displacy_shows_each_group_in_our_colours(nlp: Language) -> None:
    doc = nlp(TEXT)
    for sort in SORTS:
        html = displacy.render(doc, style="span", options={"spans_key": sort}, jupyter=False)
        for span in doc.spans[sort]:
            assert span.label_ in html
            assert {**colours(), **DEFAULT_LABEL_COLORS}[span.label_.upper()] in html


def test_hostile_names_stay_text_in_displacy() -> None:
    doc = blank()("推出“<img src=x onerror=alert(1)>”行动，走访侨眷46户，“<b>侨心</b>”行动走访30户。")
    for sort in SORTS:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # spaCy warns of a group without spans
            html = displacy.render(doc, style="span", options={"spans_key": sort}, jupyter=False)
        assert "<img" not in html
        assert "<b>" not in html


def test_colours_leave_spacys_own_as_they_are_and_are_light() -> None:
    shades = colours()
    assert DEFAULT_LABEL_COLORS.keys().isdisjoint(shades)
    labels = {label.upper() for label in (*DIMENSIONS, *BRAND_KINDS, *ACTIVITY_TYPES)}
    assert labels - DEFAULT_LABEL_COLORS.keys() == set(shades)
    for shade in shades.values():
        assert re.fullmatch("#[0-9a-f]{6}", shade)
        red, green, blue = (int(shade[place : place + 2], 16) for place in (1, 3, 5))
        assert 0.2126 * red + 0.7152 * green + 0.0722 * blue > 130
    dimensions = [shades[name.upper()] for name in DIMENSIONS if name.upper() in shades]
    assert all(one != other for one, other in pairwise(dimensions))
