"""Promises of the exchange with Label Studio and doccano: nothing is lost there and back, and what was edited there holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jianbao
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jianbao.corpus.errors import InputError
from jianbao.corpus.records import (
    ACTIVITY_TYPES,
    BOUNDS,
    BRAND_KINDS,
    DIMENSIONS,
    Activity,
    Brand,
    Indicator,
    Mention,
    Period,
    Quantity,
)
from jianbao.pipeline.carried import Task
from jianbao.pipeline.corrections import in_order
from jianbao.pipeline.doccano import from_line, from_lines, to_line, to_lines
from jianbao.pipeline.label_studio import (
    AREAS,
    CHOICES,
    configuration,
    from_task,
    from_tasks,
    span_in,
    to_task,
    to_tasks,
)
from made_calls import invoke
from made_reviews import SECOND, at, made_out, reviewing, rows_of, standing

Json = dict[str, Any]
WORDS = st.text("走访侨胞 \"\\|[]{}<>&'=，.😀𠮷e\u0301", max_size=6).map(str.strip)
DAYS = st.dates(date(1990, 1, 1), date(2030, 12, 31)) | st.none()


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    """An article with records of all sorts, which may overlap, with lines, and characters beyond the first plane."""
    text = draw(st.text("今年走访侨胞30万户。\n😀𠮷\U0002f800 ，“”\t<&>e\u0301", min_size=2, max_size=60))
    spans = st.integers(0, len(text) - 1).flatmap(
        lambda start: st.tuples(st.just(start), st.integers(start + 1, len(text)))
    )
    records: list[Mention] = []
    brands = [_brand(draw, text, span) for span in draw(st.lists(spans, unique=True, max_size=4))]
    figures = draw(st.lists(spans, unique=True, max_size=5))
    records += brands
    for span in figures:
        records.append(_indicator(draw, text, span, [each for each in figures if each != span], brands))
    for start, end in draw(st.lists(spans, unique=True, max_size=3)):
        for kind in draw(st.sets(st.sampled_from(list(ACTIVITY_TYPES)), min_size=1, max_size=3)):
            records.append(Activity(start, end, text[start:end], "activity.act", draw(st.floats(0, 1)), kind))
    facts = {"title": draw(WORDS), "published": "2023-05-06", "region": "330106"}
    return Task(draw(WORDS) + "a.txt#3", text, in_order(records), facts)


def _brand(draw: st.DrawFn, text: str, span: tuple[int, int]) -> Brand:
    surface = text[slice(*span)]
    return Brand(
        *span, surface, "brand.quoted", draw(st.floats(0, 1)), draw(WORDS), draw(st.sampled_from(list(BRAND_KINDS)))
    )


def _indicator(
    draw: st.DrawFn, text: str, span: tuple[int, int], others: list[tuple[int, int]], brands: list[Brand]
) -> Indicator:
    low = draw(st.decimals(0, 10**9, places=3))
    quantity = Quantity(
        low, low + draw(st.integers(0, 10**6)), draw(st.sampled_from(BOUNDS)), draw(WORDS),  # type: ignore[arg-type]
        draw(st.sampled_from(list(DIMENSIONS))), draw(WORDS),
    )  # fmt: skip
    first, last = draw(DAYS), draw(DAYS)
    period = Period(*((min(first, last), max(first, last)) if first and last else (first, last)), draw(WORDS))
    return Indicator(
        *span, text[slice(*span)], draw(st.sampled_from(["number.exact", "review"])), draw(st.floats(0, 1)), quantity,
        draw(WORDS), draw(st.sampled_from(["", *ACTIVITY_TYPES])),
        draw(st.sampled_from(["", "别处的品牌", *(one.name for one in brands)])),
        period if period.start or period.end or period.text else None, draw(st.sampled_from(["done", "planned"])),
        draw(st.sampled_from([None, *others])), draw(st.sampled_from([None, "330106"])), draw(st.floats(0, 1)),
        draw(st.floats(0, 1)),
    )  # fmt: skip


def through_label_studio(task: Task) -> Task:
    [again] = from_tasks(to_tasks([task]), "x.json")
    assert isinstance(again, Task)
    return again


def through_doccano(task: Task) -> Task:
    [again] = from_lines(to_lines([task]), "x.jsonl")
    assert isinstance(again, Task)
    return again


def exported(line: Json, numbers: Callable[[int], int] = lambda number: 7000 - number) -> Json:
    """A line as doccano exports it: other ids, entities in another order, a number and comments of its own."""
    entities = [{**one, "id": numbers(one["id"])} for one in reversed(line["entities"])]
    relations = [
        {"id": at, "from_id": numbers(one["from_id"]), "to_id": numbers(one["to_id"]), "type": one["type"]}
        for at, one in enumerate(reversed(line["relations"]), start=900)
    ]
    rest = {name: told for name, told in line.items() if name not in ("entities", "relations")}
    return {"id": 12, **rest, "entities": entities, "relations": relations, "Comments": []}


# There and back.


@given(tasks())
def test_label_studio_gives_back_every_record_and_field(task: Task) -> None:
    assert through_label_studio(task) == task


@given(tasks())
def test_doccano_gives_back_every_record_and_field(task: Task) -> None:
    assert through_doccano(task) == task


@given(tasks())
def test_what_doccano_renumbers_and_reorders_is_found_again(task: Task) -> None:
    assert from_line(json.loads(json.dumps(exported(to_line(task)))), "x") == task


@given(tasks())
def test_a_doccano_project_without_relations_loses_nothing_either(task: Task) -> None:
    line = to_line(task)
    plain = [[one["start_offset"], one["end_offset"], one["label"]] for one in line["entities"]]
    kept = {name: told for name, told in line.items() if name not in ("entities", "relations")}
    assert from_line({**kept, "label": plain}, "x") == task


@given(tasks())
def test_offsets_in_utf_16_units_are_told_by_the_words(task: Task) -> None:
    for one in task.records:
        start, end = (len(task.text[:at].encode("utf-16-le")) // 2 for at in (one.start, one.end))
        value = {"start": start, "end": end, "text": one.text}
        first, last = span_in(task.text, value, "x")
        assert task.text[first:last] == one.text


@given(tasks())
def test_label_studio_alone_tells_all_but_who_found_it(task: Task) -> None:
    told = to_task(task)
    del told["data"]["jianbao"]
    again = from_task(told, "x")
    assert [(one.start, one.end) for one in again.records] == [(one.start, one.end) for one in task.records]
    for one, other in zip(again.records, task.records, strict=True):
        if isinstance(one, Indicator) and isinstance(other, Indicator):
            assert (one.quantity, one.measure, one.period, one.status, one.part_of, one.region) == (
                other.quantity, other.measure, other.period, other.status, other.part_of, other.region,
            )  # fmt: skip


@given(st.lists(tasks(), max_size=3))
def test_doccano_gets_every_id_once(several: list[Task]) -> None:
    lines = [json.loads(line) for line in to_lines(several).split("\n") if line]
    ids = [one["id"] for line in lines for one in line["entities"]]
    assert len(set(ids)) == len(ids)


def test_the_configuration_names_every_control_that_the_tasks_use() -> None:
    page = ElementTree.fromstring(configuration())
    controls = {one.get("name") for one in page.iter() if one.get("toName") == "text"}
    assert controls == {"record", *CHOICES, *AREAS}
    labels = {one.get("value") for one in page.iter("Label")}
    assert {"indicator.money", "brand.place", "activity.visit"} <= labels
    assert len(labels) == len(DIMENSIONS) + len(BRAND_KINDS) + len(ACTIVITY_TYPES)
    assert {one.get("value") for one in page.iter("Relation")} == {"part_of", "brand"}
    assert all(one.get("perRegion") == "true" for one in page.iter() if one.get("name") in {*CHOICES, *AREAS})


# After a user's edit.


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return made_out(tmp_path)


def edited(out: Path, tool: str, edit: Callable[[Any], None]) -> Any:
    """Export, edit as the tool's users do, import."""
    place = out.parent / "file.json"
    told = invoke("review", out, "--to", tool, "--file", place, "--overwrite")
    assert told.exit_code == 0, told.output
    lines = place.read_text(encoding="utf-8")
    data = json.loads(lines) if tool == "labelstudio" else [json.loads(line) for line in lines.splitlines()]
    edit(data)
    text = json.dumps(data) if tool == "labelstudio" else "\n".join(map(json.dumps, data))
    place.write_text(text, encoding="utf-8")
    return invoke("review", out, "--from", tool, "--file", place)


def annotation(task: Json) -> list[Json]:
    """The results of a task as its annotator submitted them."""
    task["annotations"] = [{"id": 1, "was_cancelled": False, "result": task["predictions"][0]["result"]}]
    return list(task["annotations"][0]["result"])


def results_of(task: Json, text: str) -> list[Json]:
    return [one for one in task["annotations"][0]["result"] if one.get("value", {}).get("text") == text]


def of_article(data: list[Json], name: str) -> Json:
    return next(one for one in data if one.get("data", one)["article"] == name)


def test_an_unedited_file_changes_nothing(out: Path) -> None:
    for tool in ("labelstudio", "doccano"):
        told = edited(out, tool, lambda data: None)
        assert (told.exit_code, told.output.strip()) == (0, "2 articles read, 0 stretches corrected (已读入)")
    assert not (out / "review" / "review.txt").exists()


def test_a_value_that_was_changed_in_label_studio_is_in_the_tables(out: Path) -> None:
    def edit(data: list[Json]) -> None:
        task = of_article(data, "b.txt")
        annotation(task)
        [low] = [
            one
            for one in task["annotations"][0]["result"]
            if one.get("from_name") == "low" and one["value"]["text"] == ["500000"]
        ]
        low["value"]["text"] = ["450000"]

    assert edited(out, "labelstudio", edit).exit_code == 0
    indicators = jianbao.read_tables(out)["indicators"]
    [row] = rows_of(indicators, text="50万元")
    assert (row["low"], row["high"], row["rule"]) == (Decimal(450000), Decimal(500000), "review")
    [other] = rows_of(indicators, text="120名")
    assert (other["rule"], other["confidence"]) == ("number.exact", 1.0)
    with reviewing(out) as review:
        assert review.done() == {"accept": len(review.sheet("b.txt").found) - 1, "reject": 0, "correct": 1}


def test_a_region_that_was_deleted_or_relabelled_in_label_studio_is_rejected_or_corrected(out: Path) -> None:
    def edit(data: list[Json]) -> None:
        task = of_article(data, "a.txt")
        results = annotation(task)
        [brand] = [one for one in results if one.get("value", {}).get("labels") == ["brand.place"]]
        brand["value"]["labels"] = ["brand.platform"]
        [gone] = [one["id"] for one in results if one.get("value", {}).get("text") == "3期"]
        task["annotations"][0]["result"] = [
            one for one in results if gone not in (one.get("id"), one.get("to_id"), one.get("from_id"))
        ]

    assert edited(out, "labelstudio", edit).exit_code == 0
    tables = jianbao.read_tables(out)
    assert rows_of(tables["indicators"], text="3期") == []
    assert rows_of(tables["brands"], text="侨心驿站")[0]["kind"] == "platform"


def test_links_drawn_in_label_studio_are_links_of_the_records(out: Path) -> None:
    def edit(data: list[Json]) -> None:
        task = of_article(data, "a.txt")
        results = annotation(task)
        ids = {one["value"]["text"]: one["id"] for one in results if one.get("type") == "labels"}
        kept = [one for one in results if one.get("type") != "relation"]
        drawn = [
            {
                "type": "relation",
                "from_id": ids["260人"],
                "to_id": ids["3期"],
                "direction": "right",
                "labels": ["part_of"],
            },
            {
                "type": "relation",
                "from_id": ids["260人"],
                "to_id": ids["侨心驿站"],
                "direction": "right",
                "labels": ["brand"],
            },
        ]
        task["annotations"][0]["result"] = [*kept, *drawn]

    assert edited(out, "labelstudio", edit).exit_code == 0
    indicators = jianbao.read_tables(out)["indicators"]
    [whole], [part] = rows_of(indicators, text="3期"), rows_of(indicators, text="260人")
    assert part["part_of"] == f"{whole['start']}-{whole['end']}"
    assert part["brand"] == "侨心驿站"
    assert rows_of(indicators, text="12万元")[0]["part_of"] == ""


def test_a_figure_that_was_marked_without_fields_has_the_value_of_its_words(out: Path) -> None:
    def in_doccano(data: list[Json]) -> None:
        line = of_article(data, "b.txt")
        line.update(exported(line))
        start = SECOND.index("120")
        line["entities"] = [one for one in line["entities"] if one["start_offset"] != start]
        line["relations"] = []
        line["entities"].append({"id": 1, "label": "indicator.people", "start_offset": start, "end_offset": start + 3})

    assert edited(out, "doccano", in_doccano).exit_code == 0
    indicators = jianbao.read_tables(out)["indicators"]
    assert rows_of(indicators, text="120名") == []
    [row] = rows_of(indicators, text="120")
    assert (row["low"], row["dimension"], row["rule"]) == (Decimal(120), "people", "review")


def test_a_label_that_was_changed_in_doccano_changes_one_field_alone(out: Path) -> None:
    before = rows_of(jianbao.read_tables(out)["indicators"], text="120名")[0]

    def edit(data: list[Json]) -> None:
        line = of_article(data, "b.txt")
        line.update(exported(line))
        for one in line["entities"]:
            if one["start_offset"] == before["start"] and one["label"].startswith("indicator"):
                one["label"] = "indicator.person_times"

    assert edited(out, "doccano", edit).exit_code == 0
    after = rows_of(jianbao.read_tables(out)["indicators"], text="120名")[0]
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"dimension", "rule", "confidence", "confidence_meaning", "confidence_time"}


def test_what_cannot_be_taken_is_told_and_the_rest_is_taken(out: Path) -> None:
    def edit(data: list[Json]) -> None:
        first, second = of_article(data, "a.txt"), of_article(data, "b.txt")
        first["entities"].append({"id": 9999, "label": "indicator.money", "start_offset": 0, "end_offset": 3})
        second["entities"] = [one for one in second["entities"] if not one["label"].startswith("brand")]
        data.append({**second, "article": "c.txt"})
        data.append({**second, "text": second["text"] + "。"})

    told = edited(out, "doccano", edit)
    assert told.exit_code == 0
    assert "'临平区' at 0-3: low" in told.output
    assert "c.txt: the tables hold no such article" in told.output
    assert "b.txt: its text is another" in told.output
    assert "1 articles read" in told.output


@pytest.mark.parametrize("tool", ["labelstudio", "doccano"])
@pytest.mark.parametrize("text", ["{", "[" * 50_000, "{}\n{]", "\xff"])
def test_a_file_that_is_no_export_is_told_on_one_line(out: Path, tool: str, text: str) -> None:
    place = out.parent / "broken"
    place.write_bytes(text.encode("latin-1"))
    told = invoke("review", out, "--from", tool, "--file", place)
    assert told.exit_code == 2 or (text == "{}\n{]" and "2 articles" not in told.output), told.output
    assert "Traceback" not in told.output


def test_a_region_that_is_elsewhere_than_its_words_is_refused() -> None:
    with pytest.raises(InputError, match="does not stand at 0-2"):
        span_in("走访30户", {"start": 0, "end": 2, "text": "30"}, "x")


def test_a_file_that_is_there_is_not_replaced_unasked(out: Path) -> None:
    assert invoke("review", out, "--to", "doccano").exit_code == 0
    again = invoke("review", out, "--to", "doccano")
    assert again.exit_code == 2
    assert "is there already" in again.output
    assert invoke("review", out, "--to", "labelstudio").exit_code == 0
    assert {path.name for path in (out / "review").iterdir()} == {
        "doccano.jsonl",
        "labelstudio.json",
        "labelstudio.xml",
    }


def test_two_ways_at_once_and_a_missing_file_are_refused(out: Path) -> None:
    for arguments in (
        ("--to", "doccano", "--from", "doccano", "--file", "x"),
        ("--from", "doccano"),
        ("--from", "doccano", "--file", out / "none"),
    ):
        told = invoke("review", out, *arguments)
        assert told.exit_code == 2
        assert len(told.output.splitlines()) == 1


def test_what_was_corrected_here_is_exported(out: Path) -> None:
    with reviewing(out) as review:
        review.reject("b.txt", at(standing(review, "b.txt", "50万元").record))
    invoke("review", out, "--to", "doccano")
    lines = (out / "review" / "doccano.jsonl").read_text(encoding="utf-8").splitlines()
    line = of_article([json.loads(each) for each in lines], "b.txt")
    assert SECOND.index("50万元") not in [one["start_offset"] for one in line["entities"]]
