"""Articles with records in, tasks and labelling configuration of Label Studio out; and what it exports back in.

Every record is a region (`labels`), its fields are choices and text areas of that region, its links relations. Offsets
count code points, as Label Studio's do since 2021; what an earlier one exported in UTF-16 units is told by its text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import Any
from xml.sax.saxutils import quoteattr

from ..corpus.errors import InputError
from ..corpus.records import BOUNDS, BRAND_KINDS, DIMENSIONS, STATUSES, activity_types
from .carried import NAMED, PART, Json, Region, Span, Task, carried, label_of, links_of, rebuilt, uncarried
from .dictionary import codes
from .fields import FIELDS, fields_of, sort_of

LABELS, TEXT = "record", "text"
CHOICES = ("bound", "status", "activity")
AREAS = tuple(name for name in FIELDS["indicator"] if name not in (*CHOICES, NAMED["indicator"], PART))
_COLOURS = {"indicator": "#e0b145", "brand": "#23704a", "activity": "#3c6ea8"}


def _choices_of() -> Mapping[str, Sequence[str]]:
    return {"bound": BOUNDS, "status": STATUSES, "activity": tuple(activity_types())}


def _codes_of() -> Mapping[str, Mapping[str, str]]:
    return {"indicator": DIMENSIONS, "brand": BRAND_KINDS, "activity": activity_types()}


def configuration() -> str:
    """The labelling configuration of a project, to be pasted into its settings."""
    labels = [
        f"    <Label value={quoteattr(f'{sort}.{code}')} background={quoteattr(_COLOURS[sort])} hint={quoteattr(name)}/>"
        for sort, known in _codes_of().items()
        for code, name in known.items()
    ]
    choices = [line for name, known in _choices_of().items() for line in _choices(name, known)]
    areas = [
        f'  <Header value={quoteattr(name)} size="6"/>\n  <TextArea name={quoteattr(name)} toName={quoteattr(TEXT)}'
        ' perRegion="true" visibleWhen="region-selected" maxSubmissions="1" rows="1" editable="true"/>'
        for name in AREAS
    ]
    relations = [f"    <Relation value={quoteattr(name)}/>" for name in (PART, "brand")]
    return "\n".join([
        "<View>", "  <Relations>", *relations, "  </Relations>", '  <Header value="$title" size="4"/>',
        f'  <Labels name="{LABELS}" toName="{TEXT}" showInline="true">', *labels, "  </Labels>",
        f'  <Text name="{TEXT}" value="$text" granularity="symbol" saveTextResult="yes"/>', *choices, *areas, "</View>", "",
    ])  # fmt: skip


def _choices(name: str, known: Sequence[str]) -> Iterator[str]:
    told = codes({"status": "indicator status"}.get(name, name))
    yield f'  <Header value={quoteattr(name)} size="6"/>'
    yield (
        f'  <Choices name="{name}" toName="{TEXT}" choice="single" perRegion="true" visibleWhen="region-selected"'
        ' showInline="true">'
    )
    yield from (f"    <Choice value={quoteattr(code)} hint={quoteattr(told[code].name('zh'))}/>" for code in known)
    yield "  </Choices>"


def to_tasks(tasks: Iterable[Task]) -> str:
    """The file that Label Studio imports."""
    return json.dumps([to_task(task) for task in tasks], ensure_ascii=False, indent=1) + "\n"


def to_task(task: Task) -> Json:
    """An article as a task: what was found stands in it as a prediction."""
    ids = {(sort_of(one), one.start, one.end): f"r{at}" for at, one in reversed(list(enumerate(task.records)))}
    results = [result for at, one in enumerate(task.records) for result in _results(f"r{at}", one)]
    for at, one in enumerate(task.records):
        for name, (start, end) in links_of(one, task.records).items():
            target = ids["brand" if name == "brand" else "indicator", start, end]
            results.append(
                {"type": "relation", "from_id": f"r{at}", "to_id": target, "direction": "right", "labels": [name]}
            )
    data = {"text": task.text, "article": task.article, **task.facts, "jianbao": carried(task.records)}
    return {"data": data, "predictions": [{"model_version": f"jianbao {version('jianbao')}", "result": results}]}


def _results(name: str, record: Any) -> Iterator[Json]:
    """The results of a record: its region, and each field that is not empty."""
    place = {"start": record.start, "end": record.end}
    yield _result(name, LABELS, "labels", {**place, "text": record.text, "labels": [label_of(record)]})
    fields = fields_of(record) if sort_of(record) == "indicator" else {}
    for field in CHOICES:
        if fields.get(field):
            yield _result(name, field, "choices", {**place, "choices": [fields[field]]})
    for field in AREAS:
        if fields.get(field):
            yield _result(name, field, "textarea", {**place, "text": [fields[field]]})


def _result(name: str, control: str, kind: str, value: Json) -> Json:
    return {"id": name, "from_name": control, "to_name": TEXT, "type": kind, "value": value}


def from_tasks(text: str, path: str) -> Iterator[Task | InputError]:
    """The articles of a file that Label Studio exported as JSON; in place of one that cannot be read what is wrong with it.

    Raises:
        InputError: where the file is no such export.
    """
    try:
        tasks = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: is no JSON export of Label Studio: {error} (不是 Label Studio 的 JSON)") from None
    if not isinstance(tasks, list):
        raise InputError(f"{path}: expected a list of tasks: export as JSON, not JSON-MIN (请导出为 JSON 格式)")
    for number, task in enumerate(tasks, start=1):
        try:
            yield from_task(task, f"{path}: task {number}")
        except InputError as error:
            yield error
        except (KeyError, TypeError, ValueError, AttributeError, IndexError):
            yield InputError(f"{path}: task {number}: is not as Label Studio exports it (格式不符)")


def from_task(task: Json, where: str) -> Task:
    """The article of a task: of its last annotation that was not cancelled, else of its prediction.

    Raises:
        InputError: where a region cannot be a record.
    """
    data = task["data"]
    text, article = data["text"], data["article"]
    done = [one for one in task.get("annotations") or [] if isinstance(one, dict) and not one.get("was_cancelled")]
    chosen = (done or task.get("predictions") or [{"result": []}])[-1]
    regions = list(_regions(chosen["result"], text, where))
    before = uncarried(data.get("jianbao"), text)
    facts = {name: data[name] for name in ("title", "published", "region") if isinstance(data.get(name), str)}
    return Task(article, text, rebuilt(regions, before, text, f"{where} ({article})"), facts, bool(done))


def _regions(results: Sequence[Json], text: str, where: str) -> Iterator[Region]:
    """The regions of an annotation, each with what was written in it and where its relations lead."""
    spans: dict[str, Span] = {}
    labels: dict[str, list[str]] = {}
    written: dict[str, dict[str, str]] = {}
    for one in results:
        if one["type"] == "labels":
            spans[one["id"]] = span_in(text, one["value"], where)
            labels.setdefault(one["id"], []).extend(one["value"]["labels"])
        elif one["type"] in ("choices", "textarea"):
            told = one["value"]["choices" if one["type"] == "choices" else "text"]
            written.setdefault(one["id"], {})[one["from_name"]] = told if isinstance(told, str) else "".join(told[-1:])
    links: dict[str, dict[str, Span]] = {}
    for one in results:
        if one["type"] == "relation" and one["to_id"] in spans:
            for name in one.get("labels") or []:
                links.setdefault(one["from_id"], {})[name] = spans[one["to_id"]]
    for name, (start, end) in spans.items():
        yield from (Region(start, end, label, written.get(name, {}), links.get(name, {})) for label in labels[name])


def span_in(text: str, value: Mapping[str, Any], where: str) -> Span:
    """The place of a region in the text, in code points; where it says its words and they stand elsewhere, the place that
    its offsets mean in UTF-16 units.

    >>> span_in("𠮷日走访30户", {"start": 5, "end": 8, "text": "30户"}, "")
    (4, 7)
    """
    start, end, said = int(value["start"]), int(value["end"]), value.get("text")
    if 0 <= start < end <= len(text) and said in (None, text[start:end]):
        return start, end
    first, last = _code_points(text, start), _code_points(text, end)
    if first is not None and last is not None and first < last and said in (None, text[first:last]):
        return first, last
    raise InputError(f"{where}: {said!r} does not stand at {start}-{end} of the text (文字与位置不符)")


def _code_points(text: str, units: int) -> int | None:
    """How many characters so many UTF-16 units are; None where a character is cut."""
    try:
        data = text.encode("utf-16-le", "surrogatepass")[: 2 * units]
        return len(data.decode("utf-16-le")) if len(data) == 2 * units else None
    except UnicodeDecodeError:
        return None
