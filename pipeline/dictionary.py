"""The data dictionary (`corpus/lexicons/dictionary.tsv`) in, words for tables, columns and codes out: rows and a page."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from ..corpus.lexicons import lexical, rows
from ..corpus.records import ACTIVITY_TYPES, BRAND_KINDS, DIMENSIONS

Lang = Literal["zh", "en"]
CODES = "codes"
COLUMNS = ("table", "column", "code", "name", "type", "unit", "empty", "codes", "meaning")
_ANY = "*"
_WORDS: Mapping[str, Mapping[str, str]] = {
    "dimension": DIMENSIONS,
    "activity": ACTIVITY_TYPES,  # those of a domain bring their words along
    "brand kind": BRAND_KINDS,
}
_CHINESE = {
    "text": "文字", "integer": "整数", "decimal": "小数", "number": "数值", "date": "日期", "yes/no": "是否",
    "no": "否", "yes": "是",
    "unit": "见单位列", "characters": "字", "figures": "条", "indicators": "条", "articles": "篇", "regions": "个", "mentions": "次",
    "share": "0–1", "year": "年",
}  # fmt: skip


class Entry(NamedTuple):
    """What one row of the dictionary says: of a table (no column), of a column, or of a code (table `codes`).

    In `codes` the column is the name of the code list, and a row without a code is about the list.
    """

    table: str
    column: str
    code: str
    type: str
    unit: str
    empty: str
    codes: str
    english: str
    chinese: str
    meaning_en: str
    meaning_zh: str

    def name(self, lang: Lang) -> str:
        """The name in words."""
        return self.chinese if lang == "zh" else self.english

    def meaning(self, lang: Lang) -> str:
        """What it means."""
        return self.meaning_zh if lang == "zh" else self.meaning_en

    def row(self, lang: Lang) -> tuple[str, ...]:
        """The cells of `COLUMNS` in a language."""
        told = (self.type, self.unit, self.empty)
        words = told if lang == "en" else tuple(_CHINESE.get(word, word) for word in told)
        return (self.table, self.column, self.code, self.name(lang), *words, self.codes, self.meaning(lang))


@lexical
def entries() -> tuple[Entry, ...]:
    """The whole dictionary in its order; the Chinese of dimensions, types and kinds is that of `corpus/records.py`.

    Raises:
        DataError: with file and line where a row is broken.
    """
    told = [_worded(Entry(*row)) for row in rows("dictionary")]
    order = list(dict.fromkeys((found.table, found.column) for found in told if found.table == CODES))
    return tuple(sorted(told, key=lambda found: _place(found, order)))  # codes of a domain stand in their list


def _place(found: Entry, lists: Sequence[tuple[str, str]]) -> int:
    return lists.index((found.table, found.column)) + 1 if found.table == CODES else 0


def _worded(found: Entry) -> Entry:
    known = _WORDS.get(found.column, {}) if found.table == CODES else {}
    return found._replace(chinese=known[found.code]) if found.code in known else found


@lexical
def _by_place() -> Mapping[tuple[str, str, str], Entry]:
    return {(found.table, found.column, found.code): found for found in entries()}


def described(table: str, column: str = "") -> Entry | None:
    """What is said of a table or of its column, None where nothing is; `wide` has one entry for all its figures.

    >>> described("indicators", "low").chinese, described("ledger").english
    ('下限', 'Ledger')
    """
    known = _by_place()
    return known.get((table, column, "")) or (known.get((table, _ANY, "")) if column else None)


def heading(table: str, column: str, lang: Lang) -> str:
    """The column's name in words; the column itself where its entry holds for many, or there is none."""
    found = _by_place().get((table, column, ""))
    return found.name(lang) if found else column


def title(table: str, lang: Lang) -> str:
    """The table's name in words."""
    found = described(table)
    return found.name(lang) if found else table


def codes(name: str) -> dict[str, Entry]:
    """The codes of a list in their order.

    >>> codes("verdict")["left_out"].chinese
    '未计入'
    """
    return {found.code: found for found in entries() if (found.table, found.column) == (CODES, name) and found.code}


def dictionary_rows(lang: Lang, tables: Collection[str] | None = None) -> list[tuple[str, ...]]:
    """Rows with the cells of `COLUMNS`: all tables or the named ones, then every code list that their columns use."""
    kept = [found for found in entries() if found.table != CODES and (tables is None or found.table in tables)]
    lists = {found.codes for found in kept if found.codes} | {"format"}
    lists |= {"counting"} if any(found.table == "totals" for found in kept) else set()
    kept += [found for found in entries() if found.table == CODES and (tables is None or found.column in lists)]
    return [found.row(lang) for found in kept]


def dictionary_page() -> str:
    """The whole dictionary as a page of Markdown in English and Chinese."""
    return "\n".join(_page_lines()) + "\n"


def _page_lines() -> Iterator[str]:
    yield "# Data dictionary 数据字典"
    yield ""
    yield "Every column of every table and every code. An empty cell means unknown or not applicable, never 0."
    yield "各表各列与各代码的含义。空单元格表示未知或不适用，从不表示 0。"
    yield ""
    yield "This page is generated: `jianbao dictionary`. 本页由命令生成。"
    for found in entries():
        if found.column and (found.table != CODES or found.code):
            yield _page_row(found)
        else:
            yield from _page_head(found)


def _page_head(found: Entry) -> Iterator[str]:
    place = found.column if found.table == CODES else found.table
    kind = "Codes " if found.table == CODES else ""
    yield ""
    yield f"## {kind}`{place}`: {found.english} {found.chinese}"
    yield ""
    yield found.meaning_en
    yield found.meaning_zh
    yield ""
    columns = "code|name|meaning" if found.table == CODES else "column|name|type|unit|may be empty|codes|meaning"
    yield f"| {columns.replace('|', ' | ')} |"
    yield f"|{'---|' * (columns.count('|') + 1)}"


def _page_row(found: Entry) -> str:
    name, meaning = f"{found.english}<br>{found.chinese}", f"{found.meaning_en}<br>{found.meaning_zh}"
    shown = (found.type, found.unit, found.empty, found.codes)
    cells = (f"`{found.code}`", name, meaning) if found.code else (f"`{found.column}`", name, *shown, meaning)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
