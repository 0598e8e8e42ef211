"""A review in, a file for another annotation tool out; and what was corrected there taken into the review."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ..corpus.errors import InputError, OutputError
from ..corpus.sources import readable
from . import doccano, label_studio
from .carried import Task
from .corrections import FOLDER
from .review import Review

Writer = Callable[[Iterator[Task]], str]
Reader = Callable[[str, str], Iterator[Task | InputError]]
_NAMES = {"labelstudio": "labelstudio.json", "doccano": "doccano.jsonl"}
_WRITERS: Mapping[str, Writer] = {"labelstudio": label_studio.to_tasks, "doccano": doccano.to_lines}
_READERS: Mapping[str, Reader] = {"labelstudio": label_studio.from_tasks, "doccano": doccano.from_lines}
_PART = ".part"


@dataclass(slots=True)
class Taken:
    """What was read: articles, stretches that others had corrected, and what could not be taken."""

    articles: int = 0
    stretches: int = 0
    refused: list[str] = field(default_factory=list)


def write_tasks(
    review: Review, tool: str, file: Path | None, out: Path, existing: Literal["refuse", "overwrite"]
) -> tuple[list[Path], int]:
    """Write all articles whose text is at hand, with the records that hold; the files, and how many articles were left out.

    Beside a file for Label Studio stands the labelling configuration that goes with it (`.xml`).

    Raises:
        OutputError: where a file is there already, or cannot be written.
    """
    place = file or out / FOLDER / _NAMES[tool]
    texts = {place: ""} | ({place.with_suffix(".xml"): label_studio.configuration()} if tool == "labelstudio" else {})
    for path in texts if existing == "refuse" else ():
        if path.exists():
            raise OutputError(
                f"{readable(path)}: is there already; ask to overwrite it, or choose another place (文件已存在)"
            )
    left_out: list[str] = []
    texts[place] = _WRITERS[tool](_tasks(review, left_out))
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        for path, text in texts.items():
            part = path.with_name(path.name + _PART)
            part.write_text(text, encoding="utf-8", errors="surrogatepass", newline="\n")
            part.replace(path)
    except OSError as error:
        raise OutputError(f"{readable(place)}: cannot be written: {error.strerror or error} (无法写入)") from None
    return list(texts), len(left_out)


def _tasks(review: Review, left_out: list[str]) -> Iterator[Task]:
    for article in review.articles():
        sheet = review.sheet(article)
        if sheet.home.text is None:
            left_out.append(article)
            continue
        facts = {name: review.facts(article)[name] for name in ("title", "published", "region")}
        yield Task(article, sheet.home.text, tuple(each.record for each in sheet.standing), facts)


def read_tasks(review: Review, tool: str, file: Path) -> Taken:
    """Take what was corrected in another tool. What its users submitted unchanged is accepted.

    Raises:
        InputError: where the file cannot be read or is no export of the tool.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig", "surrogatepass")
    except OSError as error:
        raise InputError(f"{readable(file)}: cannot be read: {error.strerror or error} (无法读取)") from None
    except UnicodeDecodeError:
        raise InputError(f"{readable(file)}: is no UTF-8 (须为 UTF-8)") from None
    taken, known = Taken(), set(review.articles())
    for task in _READERS[tool](text.replace("\r\n", "\n"), readable(file)):
        if isinstance(task, InputError):
            taken.refused.append(str(task))
        else:
            _take(review, task, known, taken)
    return taken


def _take(review: Review, task: Task, known: set[str], taken: Taken) -> None:
    if task.article not in known:
        taken.refused.append(f"{task.article}: the tables hold no such article (没有这篇文章)")
        return
    if review.sheet(task.article).home.text != task.text:
        taken.refused.append(f"{task.article}: its text is another than that which was exported (原文已变)")
        return
    try:
        taken.stretches += review.settle(task.article, task.records, task.confirmed)
        taken.articles += 1
    except InputError as error:
        taken.refused.append(str(error))
