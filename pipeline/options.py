"""What the command line is given in, the pipeline, reading and engine of a command out: the options that commands share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Literal

import click

from ..corpus.domain import Domain
from ..corpus.limits import DEFAULT as DEFAULT_LIMITS
from ..corpus.limits import limits_of, told
from ..corpus.reading import Reading, columns_of
from ..corpus.segmenters import DEFAULT, NAMES, Segmentation
from .arguments import HERE
from .engines import NAMES as ENGINES
from .engines import engine_of
from .extraction import Pipeline


def pipeline_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say how text is read; the command gets a `pipeline` made of them."""

    @wraps(command)
    def with_pipeline(
        *args: object,
        models: bool,
        segmenter: str,
        segmenter_model: Path | None,
        words: Path | None,
        domain: Path | None,
        **more: object,
    ) -> None:
        added = None if domain is None else Domain.read(domain)
        pipeline = Pipeline(models, Segmentation(segmenter, segmenter_model, words), added)
        pipeline.check()
        if added is not None and click.get_current_context().obj != "quiet":
            for note in added.notes:
                click.echo(f"{added.name}: {note}", err=True)
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
            click.option(
                "--domain",
                type=HERE,
                metavar="FILE.toml",
                help="Units, nouns, cues, activity words and types of your own field. 领域配置。",
            ),
        ]
    ):
        with_pipeline = option(with_pipeline)
    return with_pipeline


def reading_options(command: Callable[..., None]) -> Callable[..., None]:
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


def engine_options(command: Callable[..., None]) -> Callable[..., None]:
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
