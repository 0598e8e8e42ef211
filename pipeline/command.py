"""The command line: `jianbao run`, `demo`, `explain`, `score`, `train`, and those of `table_commands`."""

from __future__ import annotations

import io
import json
import logging
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from ..corpus.article import Article
from ..corpus.errors import InputError, JianbaoError, OutputError
from ..corpus.lexicons import in_force
from ..corpus.reading import Reading, from_document, read_documents
from ..corpus.records import Records
from ..corpus.sources import Source, list_sources, listed_sources, readable
from ..corpus.stores import Address
from .arguments import ANYWHERE, HERE
from .engines import Engine
from .extraction import Pipeline
from .options import engine_options, pipeline_options, reading_options
from .parts import FOLDER
from .progress import progress
from .review_commands import review_command
from .run import Report, run
from .table_commands import TABLE_COMMANDS

WRONG_USE, SOME_FAILED = 2, 3
BULLETINS = Path(__file__).parents[1] / "corpus" / "bulletins"


class _Commands(click.Group):
    """A group whose commands answer bad input with one line and an exit status, never with a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except JianbaoError as error:
            click.echo(f"jianbao: {_one_line(str(error))}", err=True)
            ctx.exit(WRONG_USE if isinstance(error, InputError | OutputError) else 1)


def _one_line(text: str) -> str:
    return " ".join(text.split())


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="jianbao", message="%(prog)s %(version)s")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors. 只报错误。")
@click.option("-v", "--verbose", is_flag=True, help="Name every article as it is read. 逐篇列出。")
@click.pass_context
def main(ctx: click.Context, quiet: bool, verbose: bool) -> None:
    """Turn Chinese work bulletins into tables of indicators, brands and activity types.

    把中文工作简报变成指标、品牌与活动类型的表格。

    Exit status: 0 all articles read; 3 some failed (they stand in articles.csv with the reason);
    2 the command was used wrongly; 1 anything else.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a character shows its number instead
            stream.reconfigure(errors="backslashreplace")
    logging.basicConfig(level=logging.DEBUG if verbose else logging.WARNING, format="%(message)s")
    ctx.obj = "quiet" if quiet else "verbose" if verbose else "normal"


@main.command("run")
@click.argument("inputs", nargs=-1, required=True, type=ANYWHERE)
@click.option("-o", "--out", required=True, type=ANYWHERE, help="Folder for the tables. 输出文件夹。")
@click.option("--encoding", default="utf-8-sig", show_default=True, help="Encoding of the CSV files. 表格编码。")
@click.option(
    "--update/--anew",
    default=True,
    help="Take what an earlier run into OUT did of the same articles, or do all anew. 沿用已完成的部分，或全部重做。",
)
@reading_options
@engine_options
@pipeline_options
@click.pass_context
def run_command(
    ctx: click.Context,
    inputs: tuple[Path | Address, ...],
    out: Path | Address,
    encoding: str,
    update: bool,
    pipeline: Pipeline,
    reading: Reading,
    engine: Engine | None,
) -> None:
    """Read INPUTS (files, or folders of them; - for a list of files on standard input) and write articles.csv,
    indicators.csv, brands.csv, activities.csv, the sums over regions (totals.csv) with the reason for each figure that
    was added or left out (ledger.csv), brand_registry.csv, brand_spread.csv and run.json into OUT.

    Read are texts, web pages, Word, RTF, PDF, EPUB, tables with a text column (CSV, TSV, Excel, JSON lines, Parquet),
    and zip, tar and WARC archives of all these; the texts of formats other than plain text go into OUT/text.

    A run that was stopped goes on where it was when the same command is given again.

    INPUTS and OUT may be addresses of shared storage, s3://bucket/folder, with pip install "jianbao[remote]" and the package
    for that kind of storage (s3fs, gcsfs, paramiko ...).

    读取文本、网页、Word、PDF、表格、压缩包或其文件夹，把表格写入输出文件夹；输入为 - 时从标准输入读取文件列表。
    中断后再次运行同一命令即可继续。输入与输出可以是共享存储的地址。
    """
    sources = _sources(inputs)
    with _stoppable(out), progress(ctx.obj) as shown:
        report = run(
            inputs,
            out,
            encoding=encoding,
            sources=sources,
            pipeline=pipeline,
            reading=reading,
            engine=engine,
            earlier="taken" if update else "ignored",
            **shown._asdict(),
        )
    _tell(report, out, ctx.obj)
    if not pipeline.models and ctx.obj != "quiet":
        click.echo("rules alone, without learned models (只用规则，未用模型)", err=True)
    ctx.exit(SOME_FAILED if report.tally.failed else 0)


@main.command("demo")
@click.option(
    "-o",
    "--out",
    default=Path("jianbao-demo"),
    show_default=True,
    type=HERE,
    help="Folder for the tables. 输出文件夹。",
)
@click.option(
    "--rows", "count", default=10, show_default=True, type=click.IntRange(1, 200), help="Rows to print. 打印行数。"
)
@click.pass_context
def demo_command(ctx: click.Context, out: Path, count: int) -> None:
    """Do the same on the bundled sample bulletins, and print some rows.

    用自带的示例简报演示，并打印若干行。
    """
    from .showing import choose_rows, show_rows

    found: list[tuple[Article, Records]] = []
    with progress(ctx.obj) as shown:

        def keep(article: Article, records: Records) -> None:
            found.append((article, records))
            if shown.watch is not None:
                shown.watch(article, records)

        report = run([BULLETINS], out, watch=keep, counted=shown.counted, advanced=shown.advanced)
    if ctx.obj != "quiet":
        click.echo(show_rows(choose_rows(found, count)))
    _tell(report, out, ctx.obj)
    ctx.exit(SOME_FAILED if report.tally.failed else 0)


@main.command("explain")
@click.argument("file", type=HERE)
@click.option("--colour/--no-colour", default=None, help="Colours; by default on a terminal only. 颜色。")
@reading_options
@pipeline_options
@click.pass_context
def explain_command(ctx: click.Context, file: Path, colour: bool | None, pipeline: Pipeline, reading: Reading) -> None:
    """Print the text of FILE with each mention and the rule that made it, and each candidate that was refused
    with the rule that refused it. Of a table or an archive each article is explained in turn.

    逐句解释：哪条规则认出了什么，又为何拒绝了什么。
    """
    from .showing import explain

    if file.is_dir():
        raise InputError(f"{readable(file)}: is a folder; explain takes one file (explain 只接受单个文件)")
    with in_force(pipeline.domain):
        for name, document in read_documents(list_sources([file]), reading):
            article = from_document(document, name)
            if article.status == "failed":
                raise InputError(f"{readable(file.parent / name)}: {article.message}")
            for line in explain(article, pipeline(article)):
                click.echo(line, color=colour)


@main.command("score")
@click.argument("gold", type=HERE)
@click.option("--texts", type=HERE, help="Folder of the texts of JSON gold. JSON 标注的文本。")
@click.option("--match", multiple=True, metavar="PATTERN", help="Only files so named: --match 'apart_*'. 只用这些。")
@click.option("--skip", multiple=True, metavar="PATTERN", help="No files so named. 不用这些。")
@click.option("--rules", is_flag=True, help="How each rule does by itself, instead of scores. 逐条规则评估。")
@click.option("--wrong", is_flag=True, help="List every error with the rule at fault. 列出每处错误。")
@click.option("--json", "as_data", is_flag=True, help="Print JSON instead of tables. 输出 JSON。")
@click.option("--plot", type=HERE, metavar="FILE.png", help="Draw the confidences against what is right. 置信度作图。")
@pipeline_options
def score_command(
    gold: Path,
    texts: Path | None,
    match: tuple[str, ...],
    skip: tuple[str, ...],
    rules: bool,
    wrong: bool,
    as_data: bool,
    plot: Path | None,
    pipeline: Pipeline,
) -> None:
    """Compare what is found in GOLD (a file or folder in the gold notation, or a folder of JSON) with what it says:
    precision, recall and F1 of each field, and how far each confidence can be believed.

    对照标注评分：各字段的精确率、召回率、F1，以及置信度是否可信。

    With --rules: how often each rule speaks, says what others say or contradict, and is right; with --wrong too, up
    to ten errors of each. 评估每条规则的覆盖、重合、冲突与对错。
    """
    from .drawing import draw
    from .labelling import tabulate
    from .scorecard import as_json, rule_table, rules_as_json, table, wrong_line
    from .scoring import gather, score

    if rules and pipeline.domain is not None:
        raise InputError("--rules looks at the rules of the package; leave --domain out (--rules 不能与 --domain 同用)")
    if rules and plot is not None:
        raise InputError("--plot draws the confidences of scores; leave --rules out (--plot 不能与 --rules 同用)")
    with in_force(pipeline.domain):
        golds = gather(gold, texts, match, skip)
    if rules:
        rows = tabulate(golds)
        told, lines, errors = rules_as_json(rows), rule_table(rows), [one for row in rows for one in row.instances]
    else:
        scores = score(golds, pipeline)
        told, lines, errors = as_json(scores), table(scores), list(scores.wrong)
        if plot is not None:
            draw(scores.told, plot)
    if as_data:
        shown = told if wrong else {name: value for name, value in told.items() if name != "wrong"}
        click.echo(json.dumps(shown, ensure_ascii=False, indent=1))
        return
    for line in [*map(wrong_line, errors), "", *lines] if wrong else lines:
        click.echo(line)


@main.command("train")
@click.option("--gold", type=HERE, help="Folder of gold files. 标注文件夹。")
@click.option(
    "--review",
    "reviewed",
    multiple=True,
    type=HERE,
    metavar="OUT",
    help="Learn also from what was reviewed in this output folder, again for more. 连同该文件夹的复核结果一起训练。",
)
@click.option(
    "--segmenter", type=click.Choice(["pkuseg"]), help="Train this segmenter instead, into --out. 改为训练分词器。"
)
@click.option("-o", "--out", type=HERE, help="Folder for what was learned. 输出文件夹。")
@click.pass_context
def train_command(
    ctx: click.Context, gold: Path | None, reviewed: tuple[Path, ...], segmenter: str | None, out: Path | None
) -> None:
    """Fit the models and the confidence of records on gold, files named apart_* excepted, and write their packs.

    By default on the gold of the package, over the packs of the package. 用标注训练模型、校准置信度。

    With --review OUT: also on the sentences that were gone through in `jianbao review OUT`. 可加入人工复核过的句子。

    With --segmenter pkuseg: train a model for `run --segmenter pkuseg --segmenter-model OUT` on the hand-cut
    sentences of the package, in about 20 seconds. 用自带的分词语料训练分词模型。
    """
    from ..models.packs import FOLDER, GOLD
    from .review_gold import reviewed_gold
    from .segmenting import WORDS, train_pkuseg
    from .training import train

    target = out or FOLDER
    if segmenter is None:
        gone_through = [one for folder in reviewed for one in reviewed_gold(folder)]
        if reviewed and not gone_through:
            raise InputError("--review: no sentence was gone through there yet (尚无复核完的句子)")
        counts = train(gold or GOLD, target, gone_through)
        told = [f"{len(gone_through)} sentences of reviews taken in"] if reviewed else []
        told += [f"{count} cases learned: {readable(target / f'{name}.json')}" for name, count in counts.items()]
    elif out is None or gold is not None or reviewed:
        raise InputError(
            f"--segmenter {segmenter} needs --out FOLDER and takes no --gold or --review (请用 --out 指定文件夹)"
        )
    else:
        told = [f"{train_pkuseg(WORDS, out)} sentences learned: {readable(out)}"]
    for line in told if ctx.obj != "quiet" else ():
        click.echo(line)


def _sources(inputs: tuple[Path | Address, ...]) -> Sequence[Source]:
    """The files of the inputs, or those that standard input lists."""
    if str(inputs[0]) != "-":
        return list_sources(inputs)
    if len(inputs) > 1:
        raise InputError("- reads the list of files from standard input; name no other input beside it (- 须单独使用)")
    return listed_sources(sys.stdin.buffer.read())


for _command in (*TABLE_COMMANDS, review_command):
    main.add_command(_command)


@contextmanager
def _stoppable(out: Path | Address) -> Iterator[None]:
    """A request to stop, of a user or the system, ends the run between two articles; what is done is kept."""

    def stop(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        click.echo(
            f"jianbao: stopped; what was done is kept in {readable(out / FOLDER)}: give the same command again to go on"
            " (已停止；再次运行同一命令即可继续)",
            err=True,
        )
        click.get_current_context().exit(1)
    finally:
        signal.signal(signal.SIGTERM, before)


def _tell(report: Report, out: Path | Address, verbosity: str) -> None:
    """What was done, unless quiet; what failed, always."""
    tally = report.tally
    if verbosity != "quiet":
        click.echo(
            f"{tally.read} articles read: {tally.done} done, {tally.repeated} repeated, {tally.failed} failed"
            f" ({tally.characters:,} characters, {report.seconds:.1f} s)"
        )
        for path in report.files:
            rows = report.tables.get(path.stem) if path.suffix == ".csv" else None
            click.echo(f"  {readable(path)}" + (f"  {rows} rows" if rows is not None else ""))
    if tally.failed:
        table = readable(out / "articles.csv")
        click.echo(f"jianbao: {tally.failed} articles failed; see status and message in {table}", err=True)
