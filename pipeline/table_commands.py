"""The commands that work on an output folder: `jianbao totals`, `export`, `compare`, `regions`, `report`, `dictionary`."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import click

from ..corpus.errors import OutputError
from ..corpus.sources import readable
from .arguments import HERE
from .exporting import FORMATS
from .tables import write_rows
from .totals import BY, LEVELS

Command = Callable[..., None]


def _encoding_option(command: Command) -> Command:
    return click.option(
        "--encoding", default="utf-8-sig", show_default=True, help="Encoding of the CSV files. 表格编码。"
    )(command)


def _language_option(command: Command) -> Command:
    return click.option(
        "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Words of headings. 表头语言。"
    )(command)


def _scope_options(command: Command) -> Command:
    """The options that say of which regions and which year sums are made."""
    for option in reversed(
        (
            click.option(
                "--level",
                type=click.Choice(LEVELS),
                help="Only regions of this level. 只列省、市或县。",
            ),
            click.option(
                "--year",
                type=int,
                metavar="YEAR",
                help="Only figures of this year, in its divisions. 只算这一年的数，按当年区划。",
            ),
            click.option(
                "--divisions",
                type=int,
                metavar="YEAR",
                help="Tell regions in the divisions of this year. 按这一年的行政区划。",
            ),
        )
    ):
        command = option(command)
    return command


def _request_options(command: Command) -> Command:
    """The options that say what is summed."""
    by = click.option(
        "--by",
        multiple=True,
        metavar="COLUMN",
        help=f"What parts a region's sums: any of {', '.join(BY)}, many with commas; by default activity. 按什么分组。",
    )
    return _scope_options(by(command))


def _existing(overwrite: bool) -> Literal["refuse", "overwrite"]:
    return "overwrite" if overwrite else "refuse"


def _split(by: tuple[str, ...]) -> tuple[str, ...]:
    """The columns of `--by activity,brand --by period`, each once; activity where none is said."""
    names = [name.strip() for told in by for name in told.split(",")]
    return tuple(dict.fromkeys(filter(None, names))) or ("activity",)


@click.command("totals")
@click.argument("out", type=HERE)
@_request_options
@_language_option
@click.option("--to", "target", type=HERE, metavar="FOLDER", help="Write here instead of OUT. 写到别处。")
@click.option("--overwrite", is_flag=True, help="Also over files that were changed by hand. 覆盖改动过的文件。")
@_encoding_option
@click.pass_context
def totals_command(
    ctx: click.Context,
    out: Path,
    level: str | None,
    year: int | None,
    divisions: int | None,
    by: tuple[str, ...],
    lang: Literal["zh", "en"],
    target: Path | None,
    overwrite: bool,
    encoding: str,
) -> None:
    """Sum the indicators of OUT over regions: totals.csv, with what each division itself reports beside what those below
    it do; ledger.csv, which says of each figure whether it was added and why not; wide.csv (regions as rows, indicators as
    columns) and wide_long.csv; brand_registry.csv and brand_spread.csv.

    按地区汇总：合计表、逐条台账（哪些数计入、哪些没有、为什么）、地区宽表、品牌名录。
    """
    from .summing import sum_up
    from .totals import Request

    request = Request(_split(by), level, year, divisions)
    summary = sum_up(out, request, target=target, lang=lang, encoding=encoding, existing=_existing(overwrite))
    if ctx.obj != "quiet":
        for path in summary.files:
            rows = summary.rows.get(path.stem) if path.suffix == ".csv" else None
            click.echo(f"  {readable(path)}" + (f"  {rows} rows" if rows is not None else ""))
        click.echo(_told(summary.verdicts))
    if year is not None and not summary.verdicts.get("counted"):
        click.echo(
            f"no figure of {year}: for all figures in the divisions of {year} use --divisions {year}"
            f" ({year} 年没有可计入的数；若要按该年区划汇总全部数据，请用 --divisions)",
            err=True,
        )


def _told(verdicts: dict[str, int]) -> str:
    """How many figures were added, and how many left out for which reason."""
    left_out = {name: count for name, count in verdicts.items() if name != "counted"}
    reasons = ", ".join(f"{name} {count}" for name, count in left_out.items())
    return f"{verdicts.get('counted', 0)} figures counted, {sum(left_out.values())} left out" + (
        f" ({reasons})" if reasons else ""
    )


@click.command("export")
@click.argument("out", type=HERE)
@click.option("--to", "form", required=True, type=click.Choice(FORMATS), help="The format. 格式。")
@click.option("-o", "--file", "target", type=HERE, help="File or folder to write; by default in OUT. 写到哪里。")
@click.option(
    "--table", "tables", multiple=True, metavar="NAME", help="Only this table, again for more. 只导出这些表。"
)
@click.option("--overwrite", is_flag=True, help="Replace what is there. 覆盖已有文件。")
@_request_options
@_language_option
@_encoding_option
@click.pass_context
def export_command(
    ctx: click.Context,
    out: Path,
    form: str,
    target: Path | None,
    tables: tuple[str, ...],
    overwrite: bool,
    level: str | None,
    year: int | None,
    divisions: int | None,
    by: tuple[str, ...],
    lang: Literal["zh", "en"],
    encoding: str,
) -> None:
    """Write the tables of OUT, with totals, ledger, wide table, brand registry and data dictionary, in another format:
    one Excel workbook, SQLite (with a metadata file for Datasette) or DuckDB file; or a folder of Parquet, JSON lines or
    CSV files, one for each table.

    把全部表格导出为 Excel、SQLite、DuckDB、Parquet、JSON Lines 或 CSV。
    """
    from .exporting import TABLES, export_folder
    from .totals import Request

    request = Request(_split(by), level, year, divisions)
    files = export_folder(
        out,
        form,
        target,
        request=request,
        lang=lang,
        encoding=encoding,
        existing=_existing(overwrite),
        tables=tables or TABLES,
    )
    for path in files if ctx.obj != "quiet" else ():
        click.echo(f"  {readable(path)}")


@click.command("compare")
@click.argument("first", metavar="OUT1", type=HERE)
@click.argument("second", metavar="OUT2", type=HERE)
@click.option("-o", "--out", "target", type=HERE, help="File for the differences. 差异表文件。")
@click.option("--overwrite", is_flag=True, help="Replace what is there. 覆盖已有文件。")
@_encoding_option
@click.pass_context
def compare_command(
    ctx: click.Context, first: Path, second: Path, target: Path | None, overwrite: bool, encoding: str
) -> None:
    """Say what was added, lost or changed from OUT1 to OUT2: articles, indicators, brands, activity types and totals;
    with --out, every difference as a row of a CSV file.

    比较两次运行：新增、丢失、变化的记录与合计。
    """
    from .comparing import compare, write_comparison

    with compare(first, second, encoding=encoding) as comparison:
        if ctx.obj != "quiet":
            for line in comparison.lines():
                click.echo(line)
        if target is not None:
            path = write_comparison(comparison, target, encoding=encoding, existing=_existing(overwrite))
            click.echo(f"  {readable(path)}")


@click.command("regions")
@click.argument("out", type=HERE)
@click.option("--year", required=True, type=int, metavar="YEAR", help="Divisions at the end of this year. 年末的区划。")
@_encoding_option
@click.pass_context
def regions_command(ctx: click.Context, out: Path, year: int, encoding: str) -> None:
    """Say where the regions of the tables in OUT lie in the divisions of a YEAR: OUT/regions.csv holds a row for each
    region and year in which it is told, with the division that holds it, and whether it was renamed, merged or split.

    把表中的地区换算为某一年的行政区划，写出对照表 regions.csv。
    """
    from .mapping import map_regions, write_mapped

    mapped = map_regions(out, year, encoding=encoding)
    path = write_mapped(mapped, out, year, encoding=encoding)
    for row in mapped if ctx.obj != "quiet" else ():
        if row.note:
            click.echo(row.note)
    if ctx.obj != "quiet":
        changed = sum(row.kind != "same" for row in mapped)
        click.echo(f"{len(mapped)} regions, {changed} of them others in {year}: {readable(path)}")


@click.command("dictionary")
@click.option("-o", "--out", "target", type=HERE, metavar="FILE.csv", help="Write it as a table instead. 写成表格。")
@_language_option
def dictionary_command(target: Path | None, lang: Literal["zh", "en"]) -> None:
    """Print the data dictionary: what each column of each table holds, and what each code means; with --out as a CSV file.

    数据字典：各表各列与各代码的含义。
    """
    from .dictionary import COLUMNS, dictionary_page, dictionary_rows

    if target is None:
        click.echo(dictionary_page(), nl=False)
        return
    try:
        with target.open("x", encoding="utf-8-sig", newline="") as file:
            write_rows(csv.writer(file, lineterminator="\r\n"), [COLUMNS, *dictionary_rows(lang)])
    except FileExistsError:
        raise OutputError(f"{readable(target)}: is there already; choose another place (文件已存在)") from None
    except OSError as error:
        raise OutputError(f"{readable(target)}: cannot be written: {error.strerror or error} (无法写入)") from None


@click.command("report")
@click.argument("out", type=HERE)
@click.option(
    "-o", "--file", "target", type=HERE, metavar="FILE", help="Write here instead of OUT/report.html. 写到别处。"
)
@click.option("--overwrite", is_flag=True, help="Also over a file that is no report. 覆盖其他文件。")
@_scope_options
@_language_option
@_encoding_option
@click.pass_context
def report_command(
    ctx: click.Context,
    out: Path,
    target: Path | None,
    overwrite: bool,
    level: str | None,
    year: int | None,
    divisions: int | None,
    lang: Literal["zh", "en"],
    encoding: str,
) -> None:
    """Write OUT/report.html: one page that anybody can open, without network, with every figure beside the text it stands in.

    Its sums are those of `jianbao totals` with the same options; with --level the table of regions opens at that level.

    生成单个网页报告：主要数据、地图、宽表、历年、品牌、台账，每个数可点开看原文。
    """
    from .report import write_report
    from .totals import Request

    request = Request(level=level, year=year, divisions=divisions)
    path = write_report(out, target, request=request, lang=lang, encoding=encoding, existing=_existing(overwrite))
    if ctx.obj != "quiet":
        click.echo(f"  {readable(path)}")


TABLE_COMMANDS = (
    totals_command,
    export_command,
    compare_command,
    regions_command,
    report_command,
    dictionary_command,
)
