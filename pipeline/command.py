"""The command line: `jianbao run`, `demo`, `explain`, `score`, `train`, and those of `table_commands`."""

from __future__ import annotations

import io
import json
import logging
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from types import FrameType
from typing import Literal, NamedTuple

import click

from ..corpus.article import Article
from ..corpus.errors import InputError, JianbaoError, OutputError
from ..corpus.limits import DEFAULT as DEFAULT_LIMITS
from ..corpus.limits import limits_of, told
from ..corpus.reading import Reading, columns_of, from_document, read_documents
from ..corpus.records import Records
from ..corpus.segmenters import DEFAULT, NAMES, Segmentation
from ..corpus.sources import Source, list_sources, listed_sources, readable
from ..corpus.stores import Address
from .arguments import ANYWHERE, HERE
from .engines import NAMES as ENGINES
from .engines import Engine, engine_of
from .extraction import Pipeline
from .parts import FOLDER
from .run import Report, run
from .table_commands import TABLE_COMMANDS

WRONG_USE, SOME_FAILED = 2, 3
_MARKS = 50  # batches over which the speed is told
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


def _pipeline_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say how text is read; the command gets a `pipeline` made of them."""

    @wraps(command)
    def with_pipeline(
        *args: object, models: bool, segmenter: str, segmenter_model: Path | None, words: Path | None, **more: object
    ) -> None:
        pipeline = Pipeline(models, Segmentation(segmenter, segmenter_model, words))
        pipeline.check()
        command(*args, pipeline=pipeline, **more)

    for option in reversed(
        [
            click.option(
                "--models/--no-models", default=True, help="Let learned models judge what rules found. 是否使用模型。"
            ),
            click.option(
                "--segmenter",
                type=click.Choice(list(NAMES)),
                default=DEFAULT.name,
                show_default=True,
                help="What cuts sentences to words for the models. 分词器。",
            ),
            click.option("--segmenter-model", type=HERE, help="Folder of a pkuseg model. 分词模型。"),
            click.option("--words", type=HERE, help="File of words never cut. 用户词典。"),
        ]
    ):
        with_pipeline = option(with_pipeline)
    return with_pipeline


def _reading_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say how inputs are opened; the command gets a `reading` made of them."""

    @wraps(command)
    def with_reading(
        *args: object, text_column: str, column: tuple[str, ...], limit: tuple[str, ...], **more: object
    ) -> None:
        columns = columns_of([*column, *([f"text={text_column}"] if text_column else [])])
        command(*args, reading=Reading(columns, limits_of(limit)), **more)

    for option in (
        click.option(
            "--limit",
            multiple=True,
            metavar="NAME=NUMBER",
            help="Bound what one input may ask for: --limit seconds=30 --limit memory=512M. 限制单个输入的时间、内存等。"
            f" Defaults 默认: {told(DEFAULT_LIMITS)}.",
        ),
        click.option(
            "--column",
            multiple=True,
            metavar="FIELD=COLUMN",
            help="What a table's column holds: --column title=标题 (text, title, published, source, contributor,"
            " region, url). 表格各列的含义。",
        ),
        click.option(
            "--text-column",
            default="",
            metavar="COLUMN",
            help="Column of a table that holds the text. 表格中的正文列。",
        ),
    ):
        with_reading = option(with_reading)
    return with_reading


def _engine_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say who does the work; the command gets an `engine` made of them, None where none is asked."""

    @wraps(command)
    def with_engine(
        *args: object,
        engine: Literal["serial", "processes", "dask"] | None,
        workers: int | None,
        scheduler: str | None,
        reading: Reading,
        **more: object,
    ) -> None:
        name = engine or ("dask" if scheduler else "processes" if workers else None)
        asked = engine_of(name, workers, scheduler, reading.limits.memory) if name else None
        command(*args, engine=asked, reading=reading, **more)

    for option in reversed(
        (
            click.option(
                "--engine",
                type=click.Choice(ENGINES),
                help="Who does the work: this process, several, or a Dask cluster; by default several where there are"
                " thousands of articles. 执行引擎。",
            ),
            click.option(
                "--workers", type=click.IntRange(1), metavar="N", help="Processes; by default one a core. 进程数。"
            ),
            click.option(
                "--scheduler", metavar="ADDRESS", help="Of a Dask cluster: tcp://host:8786. Dask 调度器地址。"
            ),
        )
    ):
        with_engine = option(with_engine)
    return with_engine


@main.command("run")
@click.argument("inputs", nargs=-1, required=True, type=ANYWHERE)
@click.option("-o", "--out", required=True, type=ANYWHERE, help="Folder for the tables. 输出文件夹。")
@click.option("--encoding", default="utf-8-sig", show_default=True, help="Encoding of the CSV files. 表格编码。")
@click.option(
    "--update/--anew",
    default=True,
    help="Take what an earlier run into OUT did of the same articles, or do all anew. 沿用已完成的部分，或全部重做。",
)
@_reading_options
@_engine_options
@_pipeline_options
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
    with _stoppable(out), _progress(ctx.obj) as progress:
        report = run(
            inputs,
            out,
            encoding=encoding,
            sources=sources,
            pipeline=pipeline,
            reading=reading,
            engine=engine,
            earlier="taken" if update else "ignored",
            **progress._asdict(),
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
    with _progress(ctx.obj) as progress:

        def keep(article: Article, records: Records) -> None:
            found.append((article, records))
            if progress.watch is not None:
                progress.watch(article, records)

        report = run([BULLETINS], out, watch=keep, counted=progress.counted, advanced=progress.advanced)
    if ctx.obj != "quiet":
        click.echo(show_rows(choose_rows(found, count)))
    _tell(report, out, ctx.obj)
    ctx.exit(SOME_FAILED if report.tally.failed else 0)


@main.command("explain")
@click.argument("file", type=HERE)
@click.option("--colour/--no-colour", default=None, help="Colours; by default on a terminal only. 颜色。")
@_reading_options
@_pipeline_options
@click.pass_context
def explain_command(ctx: click.Context, file: Path, colour: bool | None, pipeline: Pipeline, reading: Reading) -> None:
    """Print the text of FILE with each mention and the rule that made it, and each candidate that was refused
    with the rule that refused it. Of a table or an archive each article is explained in turn.

    逐句解释：哪条规则认出了什么，又为何拒绝了什么。
    """
    from .showing import explain

    if file.is_dir():
        raise InputError(f"{readable(file)}: is a folder; explain takes one file (explain 只接受单个文件)")
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
@_pipeline_options
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

    if rules and plot is not None:
        raise InputError("--plot draws the confidences of scores; leave --rules out (--plot 不能与 --rules 同用)")
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
    "--segmenter", type=click.Choice(["pkuseg"]), help="Train this segmenter instead, into --out. 改为训练分词器。"
)
@click.option("-o", "--out", type=HERE, help="Folder for what was learned. 输出文件夹。")
@click.pass_context
def train_command(ctx: click.Context, gold: Path | None, segmenter: str | None, out: Path | None) -> None:
    """Fit the models and the confidence of records on gold, files named apart_* excepted, and write their packs.

    By default on the gold of the package, over the packs of the package. 用标注训练模型、校准置信度。

    With --segmenter pkuseg: train a model for `run --segmenter pkuseg --segmenter-model OUT` on the hand-cut
    sentences of the package, in about 20 seconds. 用自带的分词语料训练分词模型。
    """
    from ..models.packs import FOLDER, GOLD
    from .segmenting import WORDS, train_pkuseg
    from .training import train

    target = out or FOLDER
    if segmenter is None:
        counts = train(gold or GOLD, target)
        told = [f"{count} cases learned: {readable(target / f'{name}.json')}" for name, count in counts.items()]
    elif out is None or gold is not None:
        raise InputError(f"--segmenter {segmenter} needs --out FOLDER and takes no --gold (请用 --out 指定文件夹)")
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


for _command in TABLE_COMMANDS:
    main.add_command(_command)


class _Progress(NamedTuple):
    """What is told while a run goes on: how many articles there are, how many more are done, and each of them."""

    counted: Callable[[int], None] | None = None
    advanced: Callable[[int], None] | None = None
    failed: Callable[[int], None] | None = None
    watch: Callable[[Article, Records], None] | None = None


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


@contextmanager
def _progress(verbosity: str) -> Iterator[_Progress]:
    """A progress bar on a terminal, nothing in a pipe; with --verbose a line for each article."""
    if verbosity == "verbose":
        yield _Progress(watch=lambda article, records: click.echo(_line(article, records), err=True))
    elif verbosity == "quiet" or not sys.stderr.isatty():
        yield _Progress()
    else:
        rate = _Rate()
        with click.progressbar(length=1, label="jianbao", file=sys.stderr, item_show_func=rate.told) as bar:

            def advanced(count: int) -> None:
                rate.add(count)
                bar.update(count, rate)

            yield _Progress(lambda count: setattr(bar, "length", max(1, count)), advanced, rate.fail)


class _Rate:
    """How fast articles were done of late, and how many failed: what stands behind the bar."""

    def __init__(self) -> None:
        self._failed = self._done = 0
        self._marks = deque([(time.monotonic(), 0)], maxlen=_MARKS)

    def add(self, count: int) -> None:
        """So many more articles are done."""
        self._done += count
        self._marks.append((time.monotonic(), self._done))

    def fail(self, count: int) -> None:
        """So many of them failed."""
        self._failed += count

    def told(self, _: object) -> str:
        """Of the last batches, so that what an earlier run had done is soon left out."""
        (first, before), (last, now) = self._marks[0], self._marks[-1]
        speed = (now - before) / (last - first) if last > first else 0.0
        return f"{speed:,.0f} articles/s, {self._failed} failed"


def _line(article: Article, records: Records) -> str:
    figures = f"{len(records.indicators)} indicators, {len(records.brands)} brands"
    return _one_line(f"{article.id}: {article.status}, {figures} {article.message}")


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
