"""The tables of a DuckDB connection in, files that people open out: CSV, Excel, Parquet, JSON lines, SQLite, DuckDB."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ..corpus.errors import InputError, OutputError, one_line
from ..corpus.sources import readable
from .aside import aside, final_of, rename, settle
from .aside import drop as drop_parts
from .columns import Column, batches, columns_of, figure_text, quoted
from .dictionary import COLUMNS, Lang, described, dictionary_rows
from .mapping import HEADER, MAPPED
from .notes import Notes, notes_of, notes_rows
from .outputs import opened
from .store import insert, write_table
from .tables import check_header, plain

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from .totals import Request

Existing = Literal["refuse", "overwrite"]

FORMATS = ("csv", "xlsx", "parquet", "jsonl", "sqlite", "duckdb")
TABLES = (
    "totals", "wide", "wide_long", "ledger", "indicators", "brands", "brand_registry", "brand_spread", "activities",
    "articles", "regions", "comparison",
)  # fmt: skip
NOTES, DICTIONARY = "notes", "dictionary"
_MAPPED_COUNTS = ("year", "articles", "indicators")
_FOLDERS = frozenset({"csv", "parquet", "jsonl"})
_SIDES = {"sqlite": (".metadata.json",)}
_LEFTOVERS = {"sqlite": ("-wal", "-shm", "-journal"), "duckdb": (".wal",)}


def place_of(out: Path, to: str) -> Path:
    """Where an export goes when nobody says where: a file or a folder in the output folder.

    >>> place_of(Path("OUT"), "xlsx").name, place_of(Path("OUT"), "parquet").name
    ('jianbao.xlsx', 'jianbao-parquet')
    """
    return out / (f"jianbao-{to}" if to in _FOLDERS else f"jianbao.{to}")


def export(
    connection: DuckDBPyConnection,
    target: Path,
    to: str,
    *,
    lang: Lang = "zh",
    notes: Notes = Notes(),  # noqa: B008 (frozen)
    existing: Existing = "refuse",
    tables: Collection[str] = TABLES,
) -> list[Path]:
    """Write those of the tables that stand in the connection, a page of notes and a data dictionary; the files written.

    `target` is a folder for csv, parquet and jsonl, a file for xlsx, sqlite and duckdb. Files take their names when all
    are whole. `lang` is the language of notes, dictionary, sheets and headings; in all but sheets, columns keep the names
    that the contract gives.

    Raises:
        InputError: where the format or a table is unknown, or none of the tables is there.
        OutputError: where a file is there already, or cannot be written.
    """
    chosen = _choose(connection, to, tables)
    finals = _finals(target, to, (*chosen, NOTES, DICTIONARY))
    with _aside(target, to, finals, existing) as parts, _told(connection, chosen, lang, notes):
        _WRITERS[to](connection, (*chosen, NOTES, DICTIONARY), parts, lang)
    return finals


def export_folder(
    out: Path | str,
    to: str,
    target: Path | None = None,
    *,
    request: Request | None = None,
    lang: Lang = "zh",
    encoding: str = "utf-8-sig",
    existing: Existing = "refuse",
    tables: Collection[str] = TABLES,
) -> list[Path]:
    """Write the tables of an output folder, with the totals that are asked and all that is made of them; see `export`.

    Raises:
        InputError, OutputError: as `export` does, and where a table of the folder is missing or broken.
    """
    from .summing import derive
    from .totals import Request
    from .wide import widen

    folder, asked = Path(out), request or Request()
    place = target or place_of(folder, to)
    notes = notes_of(folder, asked)
    with opened(folder, encoding=encoding) as connection:
        derive(connection, asked)
        if asked.is_wide:
            widen(connection, lang)
        _load_regions(connection, folder / MAPPED, encoding)
        return export(connection, place, to, lang=lang, notes=notes, existing=existing, tables=tables)


def _load_regions(connection: DuckDBPyConnection, path: Path, encoding: str) -> None:
    """The table `regions`, where the folder holds one."""
    if not path.exists():
        return
    lines = check_header(path, HEADER, encoding)
    rows = [_mapped_row(path, line, list(map(plain, row))) for row, line in lines]
    columns = [[row[place] or None for row in rows] for place in range(len(HEADER))]
    insert(connection, "regions_text", HEADER, columns)
    typed = ", ".join(f"{name}::BIGINT AS {name}" for name in _MAPPED_COUNTS)
    connection.execute(f"CREATE OR REPLACE TABLE regions AS SELECT * REPLACE ({typed}) FROM regions_text")
    connection.execute("DROP TABLE regions_text")


def _mapped_row(path: Path, line: int, cells: list[str]) -> list[str]:
    """The cells of a row, whose counts are checked."""
    if len(cells) != len(HEADER):
        raise OutputError(f"{path}:{line}: expected {len(HEADER)} cells, found {len(cells)} (列数不符)")
    for column, cell in zip(HEADER, cells, strict=True):
        if column in _MAPPED_COUNTS and cell and not cell.isdecimal():
            raise OutputError(f"{path}:{line}: column {column}: expected a whole number, found {cell!r} (应为整数)")
    return cells


def _choose(connection: DuckDBPyConnection, to: str, tables: Collection[str]) -> tuple[str, ...]:
    """The tables to write, in the order in which people look at them."""
    if to not in FORMATS:
        raise InputError(f"export to {to!r}: choose of {', '.join(FORMATS)} (没有这种格式)")
    for name in tables:
        if name not in TABLES:
            raise InputError(f"table {name!r}: choose of {', '.join(TABLES)} (没有这张表)")
    standing = {name for (name,) in connection.execute("SHOW TABLES").fetchall()}
    chosen = tuple(name for name in TABLES if name in tables and name in standing)
    if not chosen:
        raise InputError(f"nothing to export: none of {', '.join(tables)} has been made (没有可导出的表)")
    return chosen


def _finals(target: Path, to: str, tables: Sequence[str]) -> list[Path]:
    if to in _FOLDERS:
        return [target / f"{name}.{to}" for name in tables]
    return [target, *(target.with_name(target.name + side) for side in _SIDES.get(to, ()))]


@contextmanager
def _aside(target: Path, to: str, finals: Sequence[Path], existing: Existing) -> Iterator[list[Path]]:
    """The places where the files are written before all of them are whole; after an error nothing of them is left."""
    import sqlite3

    import duckdb

    _refuse(target, to, finals, existing)
    parts = list(map(aside, finals))
    try:
        with _folder(finals[0].parent):
            try:
                _drop(parts, to)
                yield parts
                for part in parts:
                    rename(part)
                _drop([final.with_name(final.name + end) for final in finals for end in _LEFTOVERS.get(to, ())], to)
            finally:
                _drop(parts, to)
    except (OSError, sqlite3.Error, duckdb.Error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else one_line(error)
        raise OutputError(f"{readable(target)}: cannot be written: {reason} (无法写入)") from error


def _refuse(target: Path, to: str, finals: Sequence[Path], existing: Existing) -> None:
    """Nothing is overwritten unless that was asked, and never a folder by a file."""
    if to in _FOLDERS and target.exists() and not target.is_dir():
        raise OutputError(f"{readable(target)}: is a file; {to} needs a folder (输出位置是一个文件)")
    for final in finals:
        if final.is_dir():
            raise OutputError(f"{readable(final)}: is a folder; {to} needs the name of a file (输出位置是一个文件夹)")
        if existing == "refuse" and final.exists():
            raise OutputError(
                f"{readable(final)}: is there already; ask to overwrite it, or choose another place (文件已存在)"
            )


@contextmanager
def _folder(folder: Path) -> Iterator[None]:
    """The folder, made where it is missing, and gone again where nothing could be put into it."""
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        with suppress(OSError):
            for each in made:
                each.rmdir()
        raise


def _drop(paths: Sequence[Path], to: str) -> None:
    drop_parts(path.with_name(path.name + end) for path in paths for end in ("", *_LEFTOVERS.get(to, ())))


@contextmanager
def _told(connection: DuckDBPyConnection, tables: Sequence[str], lang: Lang, notes: Notes) -> Iterator[None]:
    """The tables `notes` and `dictionary`, for as long as they are needed."""
    known = dictionary_rows(lang, {*tables, NOTES, DICTIONARY})
    try:
        _keep(connection, NOTES, ("section", "item", "value"), list(notes_rows(connection, tables, lang, notes)))
        _keep(connection, DICTIONARY, COLUMNS, known)
        yield
    finally:
        for name in (NOTES, DICTIONARY):
            connection.execute(f"DROP TABLE IF EXISTS temp.{name}")


def _keep(connection: DuckDBPyConnection, name: str, columns: Sequence[str], rows: Sequence[tuple[str, ...]]) -> None:
    cells = [[row[place] or None for row in rows] for place in range(len(columns))]
    shown = ", ".join(f'unnest(?::VARCHAR[]) AS "{column}"' for column in columns)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT {shown}", cells)


# The writers.


def _write_csv(connection: DuckDBPyConnection, tables: Sequence[str], parts: Sequence[Path], _: Lang) -> None:
    for name, part in zip(tables, parts, strict=True):
        write_table(connection, name, part, "utf-8-sig")


def _write_parquet(connection: DuckDBPyConnection, tables: Sequence[str], parts: Sequence[Path], _: Lang) -> None:
    for name, part in zip(tables, parts, strict=True):
        connection.execute(f"COPY {name} TO '{_quoted(part)}' (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)")


def _write_json_lines(connection: DuckDBPyConnection, tables: Sequence[str], parts: Sequence[Path], _: Lang) -> None:
    for name, part in zip(tables, parts, strict=True):
        # One call, not a chain of ||: a wide table has more columns than an expression may be deep.
        pairs = f"concat_ws(',', {', '.join(map(_json_pair, columns_of(connection, name)))})"
        with part.open("w", encoding="utf-8", newline="\n") as file:
            for batch in batches(connection, name, [f"'{{' || {pairs} || '}}'"]):
                file.writelines(f"{line}\n" for (line,) in batch)
            settle(file)


def _json_pair(column: Column) -> str:
    """The SQL of a name and its value; a figure is a number with all its digits and no zeros behind them."""
    value = figure_text(column) if column.kind == "decimal" else f"to_json({column.sql})::VARCHAR"
    return f"'{_quoted(json.dumps(column.name, ensure_ascii=False))}:' || coalesce({value}, 'null')"


def _write_workbook(connection: DuckDBPyConnection, tables: Sequence[str], parts: Sequence[Path], lang: Lang) -> None:
    from .workbook import write_workbook

    first, *others = (tables[-2], *tables[:-2], tables[-1])
    write_workbook(connection, (first, *others), parts[0], lang)


def _write_sqlite(connection: DuckDBPyConnection, tables: Sequence[str], parts: Sequence[Path], lang: Lang) -> None:
    from .sqlite_file import write_sqlite

    write_sqlite(connection, tables, parts[0], parts[1], final_of(parts[0]).stem, lang)


def _write_duckdb(connection: DuckDBPyConnection, tables: Sequence[str], parts: Sequence[Path], lang: Lang) -> None:
    connection.execute(f"ATTACH '{_quoted(parts[0])}' AS exported")
    try:
        for name in tables:
            connection.execute(f"CREATE TABLE exported.main.{name} AS FROM {name}")
            _comment(connection, name, lang)
    finally:
        connection.execute("DETACH exported")


def _comment(connection: DuckDBPyConnection, table: str, lang: Lang) -> None:
    """What the dictionary says of a table and of its columns."""
    for column in ("", *(column.name for column in columns_of(connection, table))):
        entry = described(table, column)
        if entry is None:
            continue
        place = f"COLUMN exported.main.{table}.{quoted(column)}" if column else f"TABLE exported.main.{table}"
        connection.execute(f"COMMENT ON {place} IS '{_quoted(entry.meaning(lang))}'")


_WRITERS: Mapping[str, Callable[[DuckDBPyConnection, Sequence[str], Sequence[Path], Lang], None]] = {
    "csv": _write_csv,
    "xlsx": _write_workbook,
    "parquet": _write_parquet,
    "jsonl": _write_json_lines,
    "sqlite": _write_sqlite,
    "duckdb": _write_duckdb,
}


def _quoted(value: object) -> str:
    return str(value).replace("'", "''")
