"""Promises of the Dask engine: the bytes of the serial one, whoever dies meanwhile; a clear word where there is no cluster."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from jianbao.corpus.article import Article
from jianbao.corpus.errors import DataError, InputError
from jianbao.corpus.limits import Limits
from jianbao.corpus.reading import Reading
from jianbao.corpus.records import Records
from jianbao.corpus.recurrence import Furniture
from jianbao.pipeline import cluster as cluster_module
from jianbao.pipeline import crew as crew_module
from jianbao.pipeline.batches import Batch, Part, Work
from jianbao.pipeline.cluster import AHEAD, Bench, dask
from jianbao.pipeline.engines import engine_of, size_of
from jianbao.pipeline.extraction import Pipeline
from jianbao.pipeline.parts import FOLDER
from jianbao.pipeline.run import run
from made_calls import COMMAND
from made_troubles import INPUTS, Troubled, awaited, bulletin, corpus, environment, marked, rows_but, tables, told

distributed = pytest.importorskip("distributed")

pytestmark = pytest.mark.usefixtures("small_batches")
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX system")
FLAG = "JIANBAO_TEST_FLAG"


class Deadly(Pipeline):
    """Kills the worker over which it is done: once where the text says so, else each time."""

    __slots__ = ()

    def __call__(self, article: Article) -> Records:
        if "（一击）" in article.text and not (flag := Path(os.environ[FLAG])).exists():
            flag.touch()
            os.kill(os.getppid(), signal.SIGKILL)
        if "（连击）" in article.text:
            os.kill(os.getppid(), signal.SIGKILL)
            time.sleep(60)
        return Pipeline.__call__(self, article)


class Broken(Pipeline):
    """Lacks its pack."""

    __slots__ = ()

    def __call__(self, _: Article) -> Records:
        raise DataError("types.json: is damaged")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler that has one worker of two threads, all in processes of their own."""
    folder = tmp_path_factory.mktemp("scheduler")
    address = f"tcp://127.0.0.1:{free_port()}"
    start = [sys.executable, "-m"]
    plain = ["--no-dashboard", "--local-directory", str(folder)]
    commands = (
        [
            "distributed.cli.dask_scheduler",
            "--host",
            address,
            "--no-dashboard",
            "--scheduler-file",
            str(folder / "file"),
        ],
        ["distributed.cli.dask_worker", address, "--nworkers", "1", "--nthreads", "2", "--no-nanny", *plain],
    )
    with (folder / "log").open("wb") as log:
        running = [
            subprocess.Popen([*start, *words], env=environment(), cwd=folder, stdout=log, stderr=log)
            for words in commands
        ]
        yield f"{address} {folder / 'file'}"
        for process in reversed(running):
            process.kill()
            process.wait()


@pytest.fixture
def address(scheduler: str) -> str:
    return scheduler.split()[0]


# A cluster of this machine.


def test_two_workers_of_this_machine_give_the_bytes_of_one_process(
    inputs: Path, expected: dict[str, bytes], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run(inputs, tmp_path / "out", engine=dask(None, 2))
    assert tables(tmp_path / "out") == expected
    assert capfd.readouterr() == ("", "")


def test_no_cluster_is_started_where_there_is_nothing_to_do() -> None:
    started = time.monotonic()
    assert list(dask(None, 2)(Work(Pipeline(), Furniture(), 60), iter(()))) == []
    assert time.monotonic() - started < 0.5


@linux
def test_the_batch_of_a_worker_that_is_killed_is_done_again(
    inputs: Path, expected: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FLAG, str(tmp_path / "flag"))
    told_once = (inputs / "0050.txt").read_text(encoding="utf-8")
    marked_inputs = corpus(tmp_path / "in", INPUTS)
    (marked_inputs / "0050.txt").write_text(f"{told_once}（一击）\n", encoding="utf-8")
    run(marked_inputs, tmp_path / "out", pipeline=Deadly(), engine=dask(None, 2))
    assert (tmp_path / "flag").exists()
    assert {state for state, _ in told(tmp_path / "out").values()} == {"ok", "repeat", "failed"}
    assert told(tmp_path / "out")["0050.txt"] == ("ok", "")
    assert rows_but(tmp_path / "out", {"0050.txt"}) == rows_but(inputs.parent / "expected", {"0050.txt"})


@linux
@pytest.mark.usefixtures("expected")
def test_an_article_that_breaks_or_outstays_its_process_costs_its_own_row(inputs: Path, tmp_path: Path) -> None:
    folder = corpus(tmp_path / "in", INPUTS)
    for number, word in ((21, "中止"), (33, "沉睡")):
        (folder / f"{number:04}.txt").write_text(bulletin(1000 + number, f"（{word}）"), encoding="utf-8")
    reading = Reading(limits=Limits(article=1))
    run(folder, tmp_path / "out", pipeline=Troubled(), reading=reading, engine=dask(None, 2))
    states = told(tmp_path / "out")
    assert states["0021.txt"][0] == states["0033.txt"][0] == "failed"
    assert "crashed" in states["0021.txt"][1]
    assert "limit article met" in states["0033.txt"][1]
    bad = {"0021.txt", "0033.txt"}
    assert rows_but(tmp_path / "out", bad) == rows_but(inputs.parent / "expected", bad)


@linux
def test_an_article_that_kills_its_workers_is_found_and_put_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew_module, "ATTEMPTS", 1)
    folder = corpus(tmp_path / "in", 2)
    (folder / "0001.txt").write_text(bulletin(1001, "（连击）"), encoding="utf-8")
    run(folder, tmp_path / "out", pipeline=Deadly(), engine=dask(None, 2))
    states = told(tmp_path / "out")
    assert [state for state, _ in states.values()] == ["ok", "failed"]
    assert "its workers died over it" in states["0001.txt"][1]


def test_a_fault_that_the_user_can_mend_comes_through(inputs: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"types\.json: is damaged"):
        run(inputs, tmp_path / "out", pipeline=Broken(), engine=dask(None, 1))


@linux
def test_a_run_that_is_stopped_leaves_nobody_and_says_one_line(inputs: Path, tmp_path: Path) -> None:
    mark, out = f"{tmp_path.name}-{os.getpid()}", tmp_path / "out"
    for number in range(700):
        (tmp_path / "in" / f"{number % 7}").mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / f"{number % 7}" / f"{number}.txt").write_text(bulletin(number) * 3, encoding="utf-8")
    words = ["run", str(tmp_path / "in"), "-o", str(out), "--engine", "dask", "--workers", "2"]
    running = subprocess.Popen(
        [*COMMAND, *words],
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
        env=environment(JIANBAO_TEST_MARK=mark),
    )
    try:
        assert awaited(lambda: list(out.glob(f"{FOLDER}/*.json")), 60)
        os.killpg(running.pid, signal.SIGINT)
        _, said = running.communicate(timeout=60)
    finally:
        running.kill()
    assert running.returncode == 1
    assert len(said.splitlines()) == 1
    assert "give the same command again" in said
    assert awaited(lambda: not list(marked(mark)), 20)


# A cluster that runs elsewhere.


def test_the_command_uses_the_cluster_at_an_address(
    inputs: Path, expected: dict[str, bytes], tmp_path: Path, address: str
) -> None:
    words = ["run", str(inputs), "-o", str(tmp_path / "out"), "--engine", "dask", "--scheduler", address]
    done = subprocess.run([*COMMAND, *words], capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 3  # articles without a text
    assert "Traceback" not in done.stderr
    assert tables(tmp_path / "out") == expected


def test_few_batches_are_under_way_at_a_time(inputs: Path, tmp_path: Path, scheduler: str) -> None:
    most = taken = given = 0

    def observed(work: Work, every: Iterator[Batch]) -> Iterator[Part]:
        nonlocal given

        def counted() -> Iterator[Batch]:
            nonlocal most, taken
            for batch in every:
                taken += 1
                most = max(most, taken - given)
                yield batch

        for part in dask(scheduler.split()[1])(work, counted()):  # the scheduler's file
            given += 1
            yield part

    run(inputs, tmp_path / "out", engine=observed)
    assert taken == given > 2 * AHEAD * 2
    assert most <= AHEAD * 2 + 1


def test_what_nobody_waits_for_any_more_is_cancelled(address: str) -> None:
    work = Work(Pipeline(), Furniture(), 60)
    parts = dask(address)(work, (Batch(str(number), ()) for number in range(100)))
    next(parts)
    parts.close()  # type: ignore[attr-defined]
    with distributed.Client(address, set_as_default=False) as client:
        assert awaited(lambda: not client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)), 10)


def test_a_worker_with_other_rules_is_refused(
    inputs: Path, tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster_module, "_rules", lambda: "others")
    with pytest.raises(InputError, match=r"worker tcp://.*another version of jianbao"):
        run(inputs, tmp_path / "out", engine=dask(address))


@pytest.mark.parametrize(
    ("name", "version", "said"),
    [
        ("python", "3.12.1.final.0", "has Python 3.12, .*, here is Python 3.11"),
        ("dask", "2020.1.0", "dask 2020.1.0, .*, here is"),
        ("jianbao", None, "jianbao missing, here is"),
    ],
)
def test_another_version_there_is_refused(name: str, version: str | None, said: str) -> None:
    ours = {"python": "3.11.7.final.0", "dask": "2026.8.0", "distributed": "2026.8.0", "jianbao": "1.0"}
    here, there = {"packages": ours}, {"packages": {**ours, name: version}}
    for scheduler, workers in ((there, {}), (here, {"tcp://10.0.0.2:1": there})):
        found = {"client": here, "scheduler": scheduler, "workers": workers}
        client = SimpleNamespace(get_versions=lambda found=found, **_: found)
        with pytest.raises(InputError, match=rf"^tcp://10.0.0.1:8786: .*{said}"):
            cluster_module._check_versions(client, "tcp://10.0.0.1:8786")  # pyright: ignore[reportArgumentType]


def test_nobody_at_the_address_is_told_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert cluster_module.PATIENCE <= 10
    monkeypatch.setattr(cluster_module, "PATIENCE", 1)
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(InputError, match=rf"^{address}: no Dask scheduler answers within 1 s"):
        dask(address)


@pytest.mark.parametrize("address", ["nonsense", "ftp://127.0.0.1:1", "tcp://127.0.0.1:port"])
def test_an_address_that_is_none_is_told(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "PATIENCE", 1)
    with pytest.raises(InputError, match="^" + address):
        dask(address)


def test_a_scheduler_without_workers_is_told(tmp_path: Path, inputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "WAIT", 1)
    with distributed.LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0") as cluster:
        address = cluster.scheduler_address
        with pytest.raises(InputError, match=rf"^{address}: the scheduler has no worker after 1 s"):
            run(inputs, tmp_path / "out", engine=dask(address))


# What is asked wrongly.


def test_processes_of_this_machine_are_not_asked_of_a_cluster_elsewhere() -> None:
    with pytest.raises(InputError, match="--workers counts processes of this machine"):
        engine_of("dask", 2, "tcp://127.0.0.1:1", 1 << 30)


def test_an_engine_of_dask_says_how_many_processes_of_this_machine_it_has(address: str) -> None:
    for engine, size in ((dask(None, 2), 2), (dask(address), None)):
        assert size_of(engine) == size
        assert pickle.loads(pickle.dumps(engine)) == engine


def test_a_missing_dask_is_told_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InputError, match=r'pip install "jianbao\[dask\]"'):
        dask()


def test_a_pipeline_that_cannot_be_sent_is_told(tmp_path: Path, inputs: Path, address: str) -> None:
    class Homely(Pipeline):
        __slots__ = ()

    with pytest.raises(InputError, match="cannot be sent to a worker"):
        run(inputs, tmp_path / "out", pipeline=Homely(), engine=dask(address))


@posix
def test_a_bench_that_is_sent_on_takes_no_process_along(inputs: Path) -> None:
    bench = Bench(pickle.dumps((Work(Pipeline(), Furniture(), 60), 1 << 30)), cluster_module._rules())
    assert bench(Batch("key", ())).key == "key"
    again = pickle.loads(pickle.dumps(bench))
    assert (len(bench._hands), len(again._hands)) == (1, 0)
    hand = bench._hands[0]
    process = hand._process
    assert process is not None
    del bench
    assert process.poll() is not None
