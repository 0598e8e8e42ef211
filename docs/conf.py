"""Settings of the documentation (`sphinx-build -nW --keep-going docs SITE`), and what shows the package's own words on its pages.

`{commands}` gives the help of every command, `{dictionary}` the data dictionary, `{records}` marked text in the notation of
`corpus/gold.py` as a reader sees it. Nothing is fetched: no names of other projects are looked up, no fonts or scripts linked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import click
import jianbao
from docutils import nodes
from jianbao.corpus.gold import GoldArticle, parse_gold
from jianbao.corpus.records import Brand, Indicator, indicator_cells
from jianbao.corpus.regions import divisions
from jianbao.pipeline.command import main
from jianbao.pipeline.dictionary import CODES, Entry, Lang, entries, heading
from sphinx.application import Sphinx
from sphinx.search.en import SearchEnglish
from sphinx.util.docutils import SphinxDirective

project = "jianbao 简报"
author = "jianbao"
project_copyright = "jianbao contributors, MIT"
release = version = jianbao.__version__
language = "en"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build", "pictures", "domains"]
smartquotes = False  # of --out they make a dash
nitpicky = True
# What a batch holds is nobody's matter but ours.
nitpick_ignore = [
    ("py:class", f"jianbao.{name}")
    for name in ("corpus.recurrence.Furniture", "pipeline.batches.Task", "pipeline.batches.Share")
]
nitpick_ignore_regex = [("py:.*", r"(?!jianbao\.).*")]  # names of other projects: their pages would have to be fetched

nb_execution_mode = "off"  # the outputs that stand in the notebook; CI runs it elsewhere
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 80
napoleon_numpy_docstring = False

html_theme = "furo"
html_title = "jianbao 简报"
html_static_path = ["_static"]
html_css_files = ["own.css"]
html_search_language = "zh"
html_copy_source = html_show_sourcelink = False

Cell = str | Sequence[nodes.Node]
_SHOWN = ("text", "low", "high", "bound", "unit", "dimension", "per", "measure", "activity", "brand", "period_start", "period_end",
          "period_text", "status", "part_of", "region")  # fmt: skip
_ALWAYS = frozenset(("text", "low", "high", "unit", "dimension"))


def setup(app: Sphinx) -> None:
    """Tell Sphinx what stands here."""
    app.add_directive("commands", Commands)
    app.add_directive("dictionary", Dictionary)
    app.add_directive("records", MarkedText)
    app.add_search_language(Search)
    app.connect("html-page-context", _finish)
    app.connect("autodoc-process-docstring", _mark_code)


def _finish(_: Sphinx, name: str, __: str, context: dict[str, Any], ___: object) -> None:
    """Pages below zh/ are Chinese to browsers and readers of screens; what is wider than the page can be moved by keys."""
    if name.startswith("zh/"):
        context["language"] = "zh-CN"
    if "body" in context:
        context["body"] = re.sub(r'<(?=pre>|div class="table-wrapper)(\w+)', r'<\1 tabindex="0"', context["body"])


def _mark_code(_: Sphinx, __: str, ___: str, ____: object, _____: object, lines: list[str]) -> None:
    """Docstrings write `name`, reStructuredText ``name``."""
    lines[:] = [re.sub(r"(?<![`:\w])`([^`]+)`(?![`_])", r"``\1``", line) for line in lines]


# --- search


class Search(SearchEnglish):
    """English words, and of Chinese every two characters beside each other: on the pages and in what is sought."""

    lang = "zh"
    js_splitter_code = r"""
var splitQuery = (query) =>
  (query.match(/[\u4e00-\u9fff]+|[a-zA-Z0-9_]+/g) ?? []).flatMap((run) =>
    /^[\u4e00-\u9fff]{3,}$/.test(run) ? Array.from(run.slice(1), (letter, at) => run[at] + letter) : [run]);
"""

    def split(self, input: str) -> list[str]:  # noqa: A002 (its name in Sphinx)
        """The words of a text.

        >>> Search({}).split("走访慰问 OUT")
        ['走访', '访慰', '慰问', 'OUT']
        """
        runs = re.findall(r"[\u4e00-\u9fff]+|[a-zA-Z0-9_]+", input)
        return [run[at : at + 2] if run[0] >= "\u4e00" else run for run in runs for at in _places(run)]


def _places(run: str) -> range:
    return range(len(run) - 1) if run[0] >= "\u4e00" and len(run) > 1 else range(1)


# --- nodes


def _paragraph(text: str, *classes: str) -> nodes.paragraph:
    return nodes.paragraph("", text, classes=list(classes))


def _code(text: str) -> nodes.literal:
    return nodes.literal("", text)


def _table(headings: Sequence[str], rows: Sequence[Sequence[Cell]], *classes: str) -> nodes.table:
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _ in headings), cols=len(headings))
    group += nodes.thead("", _row(headings))
    group += nodes.tbody("", *map(_row, rows))
    return nodes.table("", group, classes=["colwidths-auto", *classes])


def _row(cells: Sequence[Cell]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", _cell(cell)) for cell in cells))


def _cell(cell: Cell) -> nodes.paragraph:
    return _paragraph(cell) if isinstance(cell, str) else nodes.paragraph("", "", *cell)


# --- help of the commands


class Commands(SphinxDirective):
    """The help of `jianbao` and of each command, as click tells it."""

    def run(self) -> list[nodes.Node]:
        """A section for each."""
        context = click.Context(main, info_name="jianbao", **main.context_settings)
        named: list[tuple[click.Context, click.Command]] = [(context, main)]
        named += [(click.Context(command, context, name), command) for name, command in main.commands.items()]
        return [self._section(*each) for each in named]

    def _section(self, context: click.Context, command: click.Command) -> nodes.section:
        place = context.command_path.replace(" ", "-")
        section = nodes.section("", nodes.title("", "", _code(context.command_path)), ids=[place], names=[place])
        self.state.document.note_explicit_target(section, section)
        section += nodes.literal_block("", command.get_usage(context).removeprefix("Usage: "), language="text")
        section += [_paragraph(" ".join(said.split())) for said in (command.help or "").split("\n\n")]
        records = [param.get_help_record(context) for param in command.get_params(context)]
        section += nodes.definition_list(
            "", *(self._option(*record) for record in records if record), classes=["options"]
        )
        return section

    def _option(self, names: str, told: str) -> nodes.definition_list_item:
        term = nodes.term("", "", _code(names))
        return nodes.definition_list_item("", term, nodes.definition("", _paragraph(" ".join(told.split()))))


# --- the data dictionary

_WORDS = {
    "en": ("column", "name", "values", "meaning", "code", "may be empty", "codes"),
    "zh": ("列", "名称", "取值", "含义", "代码", "可为空", "代码表"),
}


class Dictionary(SphinxDirective):
    """Every table, column and code, in the language that is named."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """A section for each table and each list of codes."""
        lang: Lang = "zh" if self.arguments[0] == "zh" else "en"
        return [self._section(head, rows, lang) for head, rows in _tables()]

    def _section(self, head: Entry, rows: Sequence[Entry], lang: Lang) -> nodes.section:
        place = f"{head.table}-{head.column}".strip("-").replace(" ", "-")
        title = nodes.title("", head.name(lang) + " ", _code(head.column if head.table == CODES else head.table))
        section = nodes.section("", title, ids=[place], names=[f"{lang}-{place}"])
        self.state.document.note_explicit_target(section, section)
        column, name, values, meaning, code, *_ = _WORDS[lang]
        headings = (code, name, meaning) if head.table == CODES else (column, name, values, meaning)
        section += [_paragraph(head.meaning(lang)), _table(headings, [_told(row, lang) for row in rows], "dictionary")]
        return section


def _tables() -> Iterator[tuple[Entry, list[Entry]]]:
    """The entry of each table or list of codes, with those of its columns or codes."""
    found = entries()
    for head in found:
        if not (head.code if head.table == CODES else head.column):
            key = (head.table, head.column) if head.table == CODES else (head.table,)
            yield head, [row for row in found if row is not head and row[: len(key)] == key]


def _told(row: Entry, lang: Lang) -> list[Cell]:
    if row.code:
        return [[_code(row.code)], row.name(lang), row.meaning(lang)]
    _, _, _, _, kind, unit, _, _, meaning = row.row(lang)
    may_be, codes = _WORDS[lang][5:]
    told = [kind, unit, may_be if row.empty == "yes" else ""]
    values: list[nodes.Node] = [nodes.Text(" · ".join(filter(None, told)))]
    if row.codes:
        place = f"{CODES}-{row.codes}".replace(" ", "-")
        values += [nodes.Text(" · "), nodes.reference("", f"{codes} {row.codes}", refid=place, internal=True)]
    return [[_code(row.column)], row.name(lang), values, meaning]


# --- marked text


class MarkedText(SphinxDirective):
    """Lines of marked text: the sentence with what is found in it, and a table of its indicators.

    `:columns:` names those to show; the test of the pages checks them all.
    """

    has_content = True
    option_spec: ClassVar = {"columns": str.split}

    def run(self) -> list[nodes.Node]:
        """A box for each block of the text."""
        lang: Lang = "zh" if self.env.docname.startswith("zh/") else "en"
        return [self._box(gold, lang) for gold in parse_gold("\n".join(self.content), self.env.docname)]

    def _box(self, gold: GoldArticle, lang: Lang) -> nodes.container:
        box = nodes.container("", *_known(gold), nodes.paragraph("", "", *_marked(gold)), classes=["records"])
        if gold.records.indicators:
            cells = [_cells(gold, found) for found in gold.records.indicators]
            asked = self.options.get("columns") or [
                name
                for name in _SHOWN
                if name in _ALWAYS or any(row[name] not in ("", "done", "exact") for row in cells)
            ]
            told = [[row[name] for name in asked] for row in cells]
            box += _table([heading("indicators", name, lang) for name in asked], told)
        return box


def _known(gold: GoldArticle) -> list[nodes.Node]:
    """What is known of the article beside its text."""
    article = gold.article
    region = divisions().by_adcode(article.region) if article.region else None
    known = [
        article.published.isoformat() if article.published else "",
        f"{region.name} {region.adcode}" if region else "",
    ]
    return [_paragraph(" · ".join(filter(None, known)), "known")] if any(known) else []


def _marked(gold: GoldArticle) -> Iterator[nodes.Node]:
    """The text with its mentions in colour, the kind behind a brand and the types behind a sentence."""
    text, place, records = gold.article.text, 0, gold.records
    types = [(each.end, each.end, "type", each.type) for each in records.activities]
    for start, end, name, label in sorted([*map(_mark, records.indicators), *map(_mark, records.brands), *types]):
        yield nodes.Text(text[place:start])
        if end > start:
            yield nodes.inline("", text[start:end], classes=[name])
        place = end + (end > start and text[end : end + 1] in tuple("”’」"))
        yield nodes.Text(text[end:place])
        if label:
            yield nodes.inline("", label, classes=["label", name])
    yield nodes.Text(text[place:])


def _mark(found: Indicator | Brand) -> tuple[int, int, str, str]:
    name, label = ("brand", found.kind) if isinstance(found, Brand) else ("indicator", "")
    return found.start, found.end, name, label


def _cells(gold: GoldArticle, found: Indicator) -> dict[str, str]:
    """What the columns of the table `indicators` say."""
    whole = gold.article.text[slice(*found.part_of)] if found.part_of else ""
    region = found.region if found.region != gold.article.region else None
    return {"text": found.text, **indicator_cells(found), "part_of": whole, "region": region or ""}
