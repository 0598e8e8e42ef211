"""Promises of shared storage: what stands at an address is read and written as a folder is, and a killed run goes on."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jianbao
import pytest
from click.testing import CliRunner
from jianbao.corpus.errors import InputError, OutputError
from jianbao.corpus.reading import Reading
from jianbao.corpus.sources import list_sources
from jianbao.corpus.stores import Address, Copies, Distant, place_of
from jianbao.pipeline import batches, readers
from jianbao.pipeline.batches import Work
from jianbao.pipeline.command import main
from jianbao.pipeline.engines import processes
from jianbao.pipeline.run import run
from jianbao.pipeline.tables import COLUMNS, DERIVED

fsspec = pytest.importorskip("fsspec", reason="shared storage needs fsspec")
TABLES = [f"{name}.csv" for name in (*COLUMNS, *DERIVED)]
TEXTS = {
    "第1期.txt": "2023年5月6日，杭州市临平区侨联走访慰问侨胞1700余人次，发放慰问金36万元。",
    "第2期.txt": "2023年6月1日，瑞安市侨联举办培训12场，捐赠图书500册。",
    "市/第3期.htm": "<html><head><title>活动</title></head><body><p>2023年7月8日，温州市侨联走访侨企40余家，培训侨胞300人次。"
    "</p></body></html>",
    "市/县/第4期": "2023年8月8日，青田县侨联捐赠口罩5000只。",
    "市/县/第5期.csv": "标题,正文\n捐赠,青田县侨联捐赠图书200册。\n培训,青田县侨联举办培训3场。\n",
    ".hidden.txt": "走访侨胞9人。",
    "readme.json": "{}",
}


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder of inputs."""
    for name, text in TEXTS.items():
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "in"


@pytest.fixture
def memory() -> Iterator[str]:
    """An address in the storage that this process holds."""
    place = f"/{uuid.uuid4().hex}"
    yield f"memory:/{place}"
    store = fsspec.filesystem("memory")
    for path in store.find(place):
        store.rm_file(path)


@pytest.fixture(params=["memory", "file"])
def there(request: pytest.FixtureRequest, here: Path, memory: str, tmp_path: Path) -> str:
    """An address that holds the same inputs in `in`."""
    if request.param == "file":
        return f"file://{tmp_path}"
    put(here, f"{memory}/in")
    return memory


@pytest.fixture
def local(here: Path, tmp_path: Path) -> Path:
    """The output folder of a run without any address."""
    run(here, tmp_path / "local")
    return tmp_path / "local"


def put(folder: Path, address: str) -> None:
    """A folder at an address, besides what lies in it already."""
    for path in folder.rglob("*"):
        if path.is_file():
            write(f"{address}/{path.relative_to(folder).as_posix()}", path.read_bytes())


def write(address: str, data: bytes) -> None:
    files, path = fsspec.core.url_to_fs(address)
    files.makedirs(path.rpartition("/")[0], exist_ok=True)
    files.pipe_file(path, data)


def read(address: str) -> bytes:
    with fsspec.open(address, "rb") as file:
        return bytes(file.read())


def names(address: str) -> set[str]:
    """All files below an address."""
    files, path = fsspec.core.url_to_fs(address)
    return {found.removeprefix(path).strip("/") for found in files.find(path)}


def state(address: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(read(f"{address}/run.json"))
    return told


def events(address: str, event: str) -> list[dict[str, Any]]:
    lines = read(f"{address}/run.log").decode().splitlines()
    return [told for told in map(json.loads, lines) if told["event"] == event]


def differing(address: str, folder: Path) -> list[str]:
    """The tables and texts that are not the same bytes at an address and in a folder."""
    texts = [path.relative_to(folder).as_posix() for path in (folder / "text").rglob("*") if path.is_file()]
    return [name for name in (*TABLES, *texts) if read(f"{address}/{name}") != (folder / name).read_bytes()]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of two articles."""
    monkeypatch.setattr(batches, "MOST", 2)


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The articles that a pipeline was called for, as they are."""
    called: list[str] = []
    do = Work.__call__

    def told(work: Work, batch: batches.Batch, watch: Any = None) -> batches.Part:
        called.extend(task.record.id for task in batch.tasks)
        return do(work, batch, watch)

    monkeypatch.setattr(Work, "__call__", told)
    return called


# Inputs.


def test_inputs_at_an_address_have_the_names_of_a_folder(there: str, here: Path) -> None:
    expected = [source.id for source in list_sources(here)]
    assert [source.id for source in list_sources(f"{there}/in")] == expected
    assert expected == ["第1期.txt", "第2期.txt", "市/第3期.htm", "市/县/第4期", "市/县/第5期.csv"]


def test_inputs_at_an_address_give_the_tables_of_a_folder(there: str, local: Path, tmp_path: Path) -> None:
    run(f"{there}/in", tmp_path / "out")
    assert differing(f"file://{tmp_path / 'out'}", local) == []


def test_several_processes_read_what_was_fetched(here: Path, local: Path, tmp_path: Path) -> None:
    run(f"file://{here}", tmp_path / "out", engine=processes(2))
    assert differing(f"file://{tmp_path / 'out'}", local) == []


def test_a_file_at_an_address_is_an_input(there: str) -> None:
    (article,) = jianbao.read(f"{there}/in/第1期.txt")
    assert (article.id, article.status, article.text) == ("第1期.txt", "ok", TEXTS["第1期.txt"])


def test_inputs_of_the_same_name_are_told_apart_as_folders_are(there: str, here: Path) -> None:
    shutil.copytree(here, here.parent / "又")
    if there.startswith("memory"):
        put(here, f"{there}/又")
    expected = [source.id for source in list_sources([here, here.parent / "又"])]
    assert [source.id for source in list_sources([f"{there}/in", f"{there}/又"])] == expected
    assert "又/第1期.txt" in expected
    single = [source.id for source in list_sources([here, here / "第1期.txt"])]
    assert [source.id for source in list_sources([f"{there}/in", f"{there}/in/第1期.txt"])] == single


def test_what_a_run_wrote_at_an_address_is_no_input(there: str) -> None:
    run(f"{there}/in", f"{there}/in/out")
    before = len(list_sources(f"{there}/in"))
    assert before == 5


def test_few_files_are_fetched_at_a_time(there: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_SOURCES", 2)
    held: list[int] = []
    take = Copies.at_hand

    def counted(copies: Copies, place: Path | Distant) -> Any:
        found = take(copies, place)
        assert isinstance(found, Path)
        held.append(sum(path.is_file() for path in found.parents[1].rglob("*")))
        return found

    monkeypatch.setattr(Copies, "at_hand", counted)
    run(f"{there}/in", tmp_path / "out")
    assert held == [1, 2, 1, 2, 1]
    assert not [path for path in tmp_path.rglob("jianbao-*") if path.name != "jianbao-parts"]


def test_a_load_of_large_fetched_files_is_a_small_one(
    there: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "_COPIED", 1)
    with readers.Readers(Reading()) as reading:
        assert [len(load.items) for load in reading._loads(list_sources(f"{there}/in"))] == [1] * 5


def test_a_file_that_went_away_is_a_failed_article(there: str, tmp_path: Path) -> None:
    sources = list_sources(f"{there}/in")
    files, path = fsspec.core.url_to_fs(f"{there}/in/第1期.txt")
    files.rm_file(path)
    report = run(f"{there}/in", tmp_path / "out", sources=sources)
    assert (report.tally.read, report.tally.failed) == (6, 1)
    row = (tmp_path / "out" / "articles.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    assert row.startswith("第1期.txt,")
    assert "cannot be read: No such file" in row


def test_storage_that_stumbles_is_asked_again_and_one_that_is_away_stops_the_run(
    memory: str, here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(here, f"{memory}/in")
    kind = type(fsspec.filesystem("memory"))
    fetch: Callable[..., None] = kind.get_file
    faults: list[str] = []

    def stumbling(store: Any, path: str, *more: Any, **settings: Any) -> None:
        if path not in faults:
            faults.append(path)
            raise TimeoutError("the line is down")
        fetch(store, path, *more, **settings)

    monkeypatch.setattr(kind, "get_file", stumbling)
    report = run(f"{memory}/in", tmp_path / "out")
    assert (report.tally.failed, len(faults)) == (0, 5)
    before = (tmp_path / "out" / "articles.csv").read_bytes()

    def down(*_: Any, **__: Any) -> None:
        raise TimeoutError("the line is down")

    monkeypatch.setattr(kind, "get_file", down)
    with pytest.raises(InputError, match="the line is down") as raised:
        run(f"{memory}/in", tmp_path / "out")
    assert "\n" not in str(raised.value)
    assert (tmp_path / "out" / "articles.csv").read_bytes() == before


# Outputs.


def test_tables_at_an_address_are_those_of_a_folder(there: str, local: Path) -> None:
    report = run(f"{there}/in", f"{there}/out")
    assert differing(f"{there}/out", local) == []
    assert state(f"{there}/out")["state"] == "done"
    kept = {path.relative_to(local).as_posix() for path in local.rglob("*") if path.is_file()}
    assert names(f"{there}/out") == kept
    assert f"{there}/out/totals.csv" in map(str, report.files)


def test_what_is_kept_at_an_address_is_taken_by_the_next_run(
    there: str, local: Path, tried: list[str], small: None
) -> None:
    run(f"{there}/in", f"{there}/out")
    assert len(tried) == 6
    write(f"{there}/in/第2期.txt", TEXTS["第2期.txt"].replace("12", "13").encode())
    tried.clear()
    run(f"{there}/in", f"{there}/out")
    assert tried == ["第2期.txt"]
    assert b"13" in read(f"{there}/out/indicators.csv")
    assert len(events(f"{there}/out", "start")) == 2
    tried.clear()
    run(f"{there}/in", f"{there}/out")
    assert tried == []
    keys = {name.partition(".")[0] for name in names(f"{there}/out/jianbao-parts")}
    assert len(keys) == 3


def test_texts_of_an_earlier_run_go(there: str) -> None:
    run(f"{there}/in", f"{there}/out")
    assert "text/市/第3期.htm.txt" in names(f"{there}/out")
    run(f"{there}/in/第1期.txt", f"{there}/out")
    assert not [name for name in names(f"{there}/out") if name.startswith("text/")]


def test_a_stopped_run_keeps_its_parts_at_the_address(there: str, local: Path, small: None, tried: list[str]) -> None:
    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(f"{there}/in", f"{there}/out", advanced=stop)
    assert state(f"{there}/out")["state"] == "stopped"
    assert not names(f"{there}/out") & set(TABLES)
    done = len(tried)
    run(f"{there}/in", f"{there}/out")
    assert len(tried) == 6
    assert done == 2
    assert differing(f"{there}/out", local) == []


KILLED = """
import os, sys, time
from pathlib import Path
from jianbao.pipeline import batches
from jianbao.pipeline.run import run
batches.MOST = 2
parts = Path(sys.argv[2].removeprefix("file://")) / "jianbao-parts"
def advanced(count):
    while not list(parts.glob("*.json")):
        time.sleep(0.01)
    os.kill(os.getpid(), 9)
run(sys.argv[1], sys.argv[2], advanced=advanced)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9")
def test_a_killed_run_goes_on_from_what_stands_at_the_address(
    here: Path, local: Path, tmp_path: Path, small: None, tried: list[str]
) -> None:
    address = f"file://{tmp_path / 'out'}"
    killed = subprocess.run([sys.executable, "-c", KILLED, f"file://{here}", address], capture_output=True, check=False)
    assert killed.returncode == -9, killed.stderr.decode()
    assert not names(address) & set(TABLES)
    assert state(address)["state"] in ("reading", "extracting")
    run(f"file://{here}", address)
    assert 0 < len(tried) < 6
    assert differing(address, local) == []


def test_half_written_tables_are_told_and_made_whole_by_the_next_run(
    memory: str, here: Path, local: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(here, f"{memory}/out")
    before = {name: read(f"{memory}/out/{name}") for name in TABLES}
    (here / "第1期.txt").write_text(TEXTS["第1期.txt"].replace("1700", "1800"), encoding="utf-8")
    kind = type(fsspec.filesystem("memory"))
    send: Callable[..., None] = kind.put_file

    def breaking(store: Any, source: str, place: str, *more: Any, **settings: Any) -> None:
        if "totals.csv" in place:
            raise TimeoutError("the line is down")
        send(store, source, place, *more, **settings)

    monkeypatch.setattr(kind, "put_file", breaking)
    with pytest.raises(OutputError, match="give the same command again"):
        run(here, f"{memory}/out")
    assert state(f"{memory}/out")["state"] == "writing"
    assert {name: read(f"{memory}/out/{name}") for name in TABLES} == before
    monkeypatch.setattr(kind, "put_file", send)
    run(here, f"{memory}/out")
    run(here, local)
    assert differing(f"{memory}/out", local) == []
    assert not [name for name in names(f"{memory}/out") if name.endswith(".part")]


def test_a_fault_leaves_the_record_of_the_earlier_run(memory: str, here: Path) -> None:
    run(here, f"{memory}/out")
    before = state(f"{memory}/out")
    with pytest.raises(OutputError, match="unknown encoding"):
        run(here, f"{memory}/out", encoding="no-such")
    assert state(f"{memory}/out") == before


def test_tables_of_somebody_else_are_not_overwritten(there: str) -> None:
    write(f"{there}/out/totals.csv", b"mine")
    with pytest.raises(OutputError, match=r"holds totals\.csv, which no run of jianbao wrote"):
        run(f"{there}/in", f"{there}/out")
    assert names(f"{there}/out") == {"totals.csv"}


def test_a_file_is_no_output_folder(there: str) -> None:
    with pytest.raises(OutputError, match="is a file"):
        run(f"{there}/in", f"{there}/in/第1期.txt")


# What is asked wrongly.


def invoke(*words: str | Path) -> tuple[int, str]:
    told = CliRunner().invoke(main, [str(word) for word in words])
    return told.exit_code, told.stderr


def test_the_command_takes_addresses(there: str, local: Path) -> None:
    assert invoke("-q", "run", f"{there}/in", "--out", f"{there}/out") == (0, "")
    assert differing(f"{there}/out", local) == []


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("memory://nowhere-at-all", "no such file or folder"),
        ("nosuch://bucket/in", "nosuch"),
        ("webhdfs+odd://x", "odd"),
        ("file:///nowhere/at/all", "no such file or folder"),
    ],
)
def test_an_address_where_nothing_is_is_told_on_one_line(address: str, told: str, tmp_path: Path) -> None:
    status, line = invoke("run", address, "--out", tmp_path / "out")
    assert (status, line.count("\n")) == (2, 1)
    assert told in line
    assert not (tmp_path / "out").exists()


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, here: Path, tmp_path: Path) -> None:
    def absent(url: str) -> None:
        raise ImportError("Install s3fs to access S3")

    monkeypatch.setattr("fsspec.core.url_to_fs", absent)
    status, line = invoke("run", "s3://bucket/in", "--out", tmp_path / "out")
    assert (status, line.count("\n")) == (2, 1)
    assert "Install s3fs to access S3" in line
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    for words in (["s3://bucket/in", "--out", tmp_path / "out"], [here, "--out", "s3://bucket/out"]):
        status, line = invoke("run", *words)
        assert (status, line.count("\n")) == (2, 1)
        assert 'pip install "jianbao[remote]"' in line


def test_without_an_address_nothing_of_fsspec_is_loaded(here: Path, tmp_path: Path) -> None:
    program = "import sys; from jianbao.pipeline.command import main; main(standalone_mode=False); sys.exit('fsspec' in sys.modules)"
    assert (
        subprocess.run(
            [sys.executable, "-c", program, "-q", "run", str(here), "--out", str(tmp_path / "out")], check=False
        ).returncode
        == 0
    )


@pytest.mark.parametrize("command", ["totals", "report", "export", "regions", "explain", "score"])
def test_other_commands_say_that_they_take_a_folder_of_this_machine(command: str) -> None:
    more = {"export": ["--to", "csv"], "regions": ["--year", "2015"]}.get(command, [])
    status, line = invoke(command, "s3://bucket/out", *more)
    assert (status, line.count("\n")) == (2, 1)
    assert f"s3://bucket/out: `jianbao {command}` takes no address" in line


def test_a_password_is_shown_nowhere() -> None:
    address = Address("sftp://me:secret@host/简报")
    assert (str(address), repr(address / "a.txt")) == ("sftp://me:***@host/简报", "sftp://me:***@host/简报/a.txt")
    assert str(Address("https://host/a.csv?sig=secret")) == "https://host/a.csv?***"
    assert Address("https://host/a.csv?sig=secret").name == "a.csv"


def test_a_path_is_no_address() -> None:
    for path in ("简报", "C:/简报", "C://简报", "a/b.txt", "./s3:/x"):
        assert place_of(path) == Path(path)
