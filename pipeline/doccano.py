"""Articles with records in, JSON lines for doccano out; and what it exports back in.

A record is an entity with its label, its links are relations. doccano has no fields of entities: these travel in the
column `jianbao`, which doccano keeps as metadata of the document and exports again. It gives entities other ids, so they are known
by their place and label. A project without relations exports `label`: then links too are those that travelled.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from ..corpus.errors import InputError
from .carried import Json, Region, Span, Task, carried, label_of, links_of, rebuilt, uncarried
from .fields import sort_of


def to_lines(tasks: Iterable[Task]) -> str:
    """The file that doccano imports as JSONL (sequence labelling with relations)."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in map(_numbered, _ids(tasks)))


def _ids(tasks: Iterable[Task]) -> Iterator[tuple[Task, int]]:
    """The tasks, each with the first id of its entities: ids are told once in a file."""
    first = 1
    for task in tasks:
        yield task, first
        first += len(task.records)


def _numbered(pair: tuple[Task, int]) -> Json:
    return to_line(*pair)


def to_line(task: Task, first: int = 1) -> Json:
    """An article as a line of the file."""
    ids = {(sort_of(one), one.start, one.end): first + at for at, one in reversed(list(enumerate(task.records)))}
    entities = [
        {"id": first + at, "label": label_of(one), "start_offset": one.start, "end_offset": one.end}
        for at, one in enumerate(task.records)
    ]
    relations = [
        {"from_id": first + at, "to_id": ids["brand" if name == "brand" else "indicator", start, end], "type": name}
        for at, one in enumerate(task.records)
        for name, (start, end) in links_of(one, task.records).items()
    ]
    numbered = [{"id": at, **one} for at, one in enumerate(relations, start=first)]
    told = {"text": task.text, "entities": entities, "relations": numbered, "article": task.article, **task.facts}
    return {**told, "jianbao": carried(task.records)}


def from_lines(text: str, path: str) -> Iterator[Task | InputError]:
    """The articles of a file that doccano exported; in place of one that cannot be read what is wrong with it.

    Raises:
        InputError: with the line that is no JSON.
    """
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InputError(f"{path}:{number}: is no JSON: {error} (不是 doccano 的 JSONL)") from None
        try:
            yield from_line(told, f"{path}:{number}")
        except InputError as error:
            yield error
        except (KeyError, TypeError, ValueError, AttributeError):
            yield InputError(f"{path}:{number}: is not as doccano exports it (格式不符)")


def from_line(told: Json, where: str) -> Task:
    """The article of a line.

    Raises:
        InputError: where an entity cannot be a record.
    """
    text, article = told["text"], told["article"]
    regions = list(_entities(told) if "entities" in told else _labels(told))
    for one in regions:
        if not 0 <= one.start < one.end <= len(text):
            raise InputError(f"{where}: {one.start}-{one.end} lies outside the text (位置超出正文)")
    before = uncarried(told.get("jianbao"), text)
    facts = {name: told[name] for name in ("title", "published", "region") if isinstance(told.get(name), str)}
    return Task(article, text, rebuilt(regions, before, text, f"{where} ({article})"), facts)


def _entities(told: Json) -> Iterator[Region]:
    """The entities of a project with relations."""
    spans: dict[Any, Span] = {one["id"]: (one["start_offset"], one["end_offset"]) for one in told["entities"]}
    links: dict[Any, dict[str, Span]] = {}
    for one in told.get("relations", ()):
        links.setdefault(one["from_id"], {})[one["type"]] = spans[one["to_id"]]
    known = "relations" in told
    for one in told["entities"]:
        start, end = spans[one["id"]]
        yield Region(start, end, one["label"], None, links.get(one["id"], {}) if known else None)


def _labels(told: Json) -> Iterator[Region]:
    """The entities of a project without relations: `label` is a list of start, end and label."""
    labels: list[Any] = told.get("label") or told.get("labels") or []
    yield from (Region(start, end, label, None, None) for start, end, label in labels)
