"""The command `jianbao review`: a page on this machine where records are accepted, corrected or rejected, and the way to other tools."""

from __future__ import annotations

import signal
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Literal

import click

from ..corpus.errors import InputError, OutputError
from ..corpus.sources import readable
from .arguments import HERE
from .corrections import FOLDER, read_opinions
from .review import Review

_TOOLS = ("labelstudio", "doccano")


@click.command("review")
@click.argument("out", type=HERE)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Port of the page; any free one by default. 端口。"
)
@click.option("--browser/--no-browser", default=True, help="Open the page, or only print its address. 是否打开浏览器。")
@click.option("--to", "to", type=click.Choice(_TOOLS), help="Write the records for this tool instead. 导出到标注工具。")
@click.option("--from", "origin", type=click.Choice(_TOOLS), help="Read what was corrected there. 从标注工具读回更正。")
@click.option("-o", "--file", "file", type=HERE, help="The tool's file, to write or to read. 该工具的文件。")
@click.option("--overwrite", is_flag=True, help="Replace a file that is there. 覆盖已有文件。")
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Words of the page. 页面语言。"
)
@click.option("--encoding", default="utf-8-sig", show_default=True, help="Encoding of the CSV files. 表格编码。")
@click.pass_context
def review_command(
    ctx: click.Context,
    out: Path,
    port: int,
    browser: bool,
    to: str | None,
    origin: str | None,
    file: Path | None,
    overwrite: bool,
    lang: Literal["zh", "en"],
    encoding: str,
) -> None:
    """Open a page on this machine where the records of OUT are accepted, corrected or rejected, the least sure first.
    Corrections are kept as gold lines in OUT/review; totals, export, report and the next run take them at once.

    With --to, write the records for Label Studio or doccano (--file, by default in OUT/review); with --from and --file,
    take what was corrected there.

    人工复核：在本机网页上逐条接受、更正或否决，最没把握的在前；更正存于 OUT/review，汇总、导出、报告随即采用。
    """
    if to and origin:
        raise InputError("--to and --from are two commands: give one (--to 与 --from 不能同用)")
    if origin and file is None:
        raise InputError(f"--from {origin} needs --file, what {origin} exported (请用 --file 指定其导出文件)")
    quiet = ctx.obj == "quiet"
    with _opened(out, encoding) as review:
        if to:
            _write(review, out, to, file, overwrite, quiet)
        elif origin and file:
            _read(review, origin, file, quiet)
        else:
            _serve(review, out, port, browser, lang, quiet)


@contextmanager
def _opened(out: Path, encoding: str) -> Iterator[Review]:
    """The review of a finished run, which no other command writes meanwhile."""
    from .lock import held
    from .outputs import opened
    from .report import finished
    from .reviewed import tell_lost

    finished(out)
    read_opinions(out)
    try:
        with held(out), opened(out, encoding=encoding, review="left") as connection:
            review = Review(out, connection)
            tell_lost(out, review.lost)
            yield review
    except OSError as error:
        raise OutputError(f"{readable(out)}: cannot be written: {error.strerror or error} (无法写入)") from None


def _serve(review: Review, out: Path, port: int, browser: bool, lang: Literal["zh", "en"], quiet: bool) -> None:
    """Serve the page until the user has enough."""
    from .review_server import served

    server, address = served(review, lang, port)
    click.echo(address)
    if not quiet:
        click.echo("open this address; Ctrl-C ends the review (打开此地址；按 Ctrl-C 结束)", err=True)
    if browser:
        webbrowser.open(address)
    with server, _ended():
        server.serve_forever(poll_interval=0.2)
    done = review.done()
    click.echo(
        f"jianbao: review ended: {done['accept']} accepted, {done['correct']} corrected, {done['reject']} rejected of"
        f" {review.count()}: {readable(out / FOLDER)} (复核结束)",
        err=True,
    )


@contextmanager
def _ended() -> Iterator[None]:
    """Ctrl-C, or the system's request to stop, is the way to end."""

    def stop(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        return
    finally:
        signal.signal(signal.SIGTERM, before)


def _write(review: Review, out: Path, to: str, file: Path | None, overwrite: bool, quiet: bool) -> None:
    from .review_exchange import write_tasks

    files, left_out = write_tasks(review, to, file, out, "overwrite" if overwrite else "refuse")
    for path in () if quiet else files:
        click.echo(f"  {readable(path)}")
    if left_out:
        click.echo(f"{left_out} articles left out: their texts are not at hand (原文不在，未导出)", err=True)


def _read(review: Review, origin: str, file: Path, quiet: bool) -> None:
    from .review_exchange import read_tasks

    taken = read_tasks(review, origin, file)
    for line in taken.refused:
        click.echo(f"jianbao: {line}", err=True)
    if not quiet:
        click.echo(f"{taken.articles} articles read, {taken.stretches} stretches corrected (已读入)")
