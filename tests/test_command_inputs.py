"""Promises of the command line on what it reads: broken, odd, large and repeated inputs fail alone and hurt nothing."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jianbao
import pytest
from jianbao.corpus.article import Article
from jianbao.corpus.errors import DataError, InputError
from jianbao.corpus.sources import list_sources, readable
from jianbao.pipeline import extraction
from made_calls import FINAL, FOUND, PAGE, denied, invoke, names, page, posix, spawn, states, table

dice = random.Random(2023)


# Articles that cannot be read: 3, and the others are read.


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\xff\xfe", "empty"),
        (" \r\n\u3000\n\t".encode(), "empty"),
        (" \u3000\n".encode("utf-16"), "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "neither text"),
        (b"\x00\x01\x02\x03" * 5000, "neither text"),
        (bytes(range(256)) * 40, "neither text"),
        (b"%PDF-1.4\n" + PAGE.encode(), "broken"),
    ],
)
def test_a_file_that_holds_no_text_fails_and_the_others_are_read(tmp_path: Path, data: bytes, message: str) -> None:
    page(tmp_path / "in" / "b.txt")
    (tmp_path / "in" / "a.txt").write_bytes(data)
    result = invoke("run", tmp_path / "in", "--out", tmp_path / "out")
    assert result.exit_code == 3
    assert states(tmp_path / "out") == {"a.txt": "failed", "b.txt": "ok"}
    assert message in table(tmp_path / "out")[0]["message"]
    assert len(table(tmp_path / "out", "indicators")) == len(FOUND)


@pytest.mark.parametrize("suffix", [".docx", ".PDF", ".html", ".zip"])
def test_a_plain_text_is_read_whatever_its_suffix_says(tmp_path: Path, suffix: str) -> None:
    page(tmp_path / "in" / f"a{suffix}")
    assert invoke("run", tmp_path / "in", "--out", tmp_path / "out").exit_code == 0
    assert table(tmp_path / "out")[0]["format"] == "text"
    assert len(table(tmp_path / "out", "indicators")) == len(FOUND)


def test_a_file_without_permission_fails_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page(tmp_path / "in" / "a.txt")
    page(tmp_path / "in" / "b.txt", PAGE + "完\n")
    opened = Path.open
    monkeypatch.setattr(
        Path, "open", lambda path, *how, **more: denied() if path.name == "a.txt" else opened(path, *how, **more)
    )
    assert invoke("run", tmp_path / "in", "--out", tmp_path / "out").exit_code == 3
    assert states(tmp_path / "out") == {"a.txt": "failed", "b.txt": "ok"}
    assert "no permission" in table(tmp_path / "out")[0]["message"]
    explained = invoke("explain", tmp_path / "in" / "a.txt")
    assert explained.exit_code == 2
    assert "no permission" in explained.output


def test_a_broken_disk_is_named_in_the_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(path: Path, *how: Any, **more: Any) -> Any:
        if path.name != "a.txt":
            return opened(path, *how, **more)
        raise OSError(5, "Input/output error")

    page(tmp_path / "in" / "a.txt")
    opened = Path.open
    monkeypatch.setattr(Path, "open", broken)
    assert invoke("run", tmp_path / "in", "--out", tmp_path / "out").exit_code == 3
    assert "Input/output error" in table(tmp_path / "out")[0]["message"]


def test_a_folder_inside_that_cannot_be_listed_is_a_failed_row_not_a_hole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page(tmp_path / "in" / "a.txt")
    page(tmp_path / "in" / "secret" / "b.txt")
    scan = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: _denied_scan(path) if str(path).endswith("secret") else scan(path))
    assert invoke("run", tmp_path / "in", "--out", tmp_path / "out").exit_code == 3
    assert states(tmp_path / "out") == {"a.txt": "ok", "secret": "failed"}


def _denied_scan(path: object) -> object:
    raise PermissionError(13, "Permission denied", str(path))


def test_an_input_folder_without_permission_is_wrong_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page(tmp_path / "in" / "a.txt")
    monkeypatch.setattr(os, "access", lambda *_: False)
    result = invoke("run", tmp_path / "in", "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "is not readable" in result.output
    with pytest.raises(InputError, match="no permission"):
        list_sources(tmp_path / "in")


def test_a_fault_of_ours_in_one_article_does_not_lose_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(article: Article) -> Article:
        if article.id == "a.txt":
            raise ValueError("low is above high")
        return article

    page(tmp_path / "in" / "a.txt")
    page(tmp_path / "in" / "b.txt", PAGE + "完\n")
    monkeypatch.setattr(extraction, "folded", stumble)
    assert invoke("run", tmp_path / "in", "--out", tmp_path / "out").exit_code == 3
    assert states(tmp_path / "out") == {"a.txt": "failed", "b.txt": "ok"}
    assert table(tmp_path / "out")[0]["message"].startswith("ValueError: low is above high; a fault of jianbao")


def test_a_broken_lexicon_stops_the_run_and_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(article: Article) -> Article:
        raise DataError("nouns.tsv:3: '户' stands twice")

    monkeypatch.setattr(extraction, "folded", stumble)
    result = invoke("run", page(tmp_path / "a.txt"), "--out", tmp_path / "out")
    assert (result.exit_code, result.output) == (1, "jianbao: nouns.tsv:3: '户' stands twice\n")
    assert names(tmp_path / "out") == set()


# Encodings, names, repeats.


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_a_page_gives_the_same_rows_in_every_encoding(tmp_path: Path, encoding: str, ends: str) -> None:
    page(tmp_path / "a.txt", PAGE.replace("\n", ends), encoding)
    assert invoke("run", tmp_path / "a.txt", "--out", tmp_path / "out").exit_code == 0
    rows = table(tmp_path / "out", "indicators")
    assert [PAGE[int(row["start"]) : int(row["end"])] for row in rows] == FOUND
    assert table(tmp_path / "out")[0]["message"] == ""


def test_broken_bytes_make_an_article_partial_and_its_rows_stay(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(PAGE.encode() + "侨".encode()[:2] + b"\n" + b"\xff\xfe\n")
    assert invoke("run", tmp_path / "a.txt", "--out", tmp_path / "out").exit_code == 0
    (row,) = table(tmp_path / "out")
    assert row["status"] == "partial"
    assert "replaced by U+FFFD" in row["message"]
    assert [row["text"] for row in table(tmp_path / "out", "indicators")] == FOUND


@posix
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (b"my page.txt", "my page.txt"),
        ("简报（第一期）.txt".encode(), "简报（第一期）.txt"),
        ("😀.txt".encode(), "😀.txt"),
        (b"two\nlines.txt", "two\nlines.txt"),
        (b"-o.txt", "-o.txt"),
        (b'a,"b".txt', 'a,"b".txt'),
        (b"\xff.txt", "\ufffd.txt"),
        ("侨联简报.txt".encode("gbk"), "侨联简报.txt"),
        (b"UP.TXT", "UP.TXT"),
    ],
)
def test_odd_file_names_are_read_and_shown(tmp_path: Path, name: bytes, shown: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    path = Path(os.fsdecode(os.path.join(os.fsencode(folder), name)))
    try:
        page(path)
    except OSError:
        pytest.skip("the file system refuses such a name")
    for given in (folder, path):
        done = spawn("-v", "run", given, "--out", tmp_path / "out")
        assert done.returncode == 0
        assert states(tmp_path / "out") == {shown: "ok"}
        assert {row["article"] for row in table(tmp_path / "out", "indicators")} == {shown}
    assert spawn("explain", path).returncode == 0
    assert spawn("run", path.with_suffix(".none"), "--out", tmp_path / "out").returncode == 2


@posix
def test_an_output_folder_may_have_an_odd_name_too(tmp_path: Path) -> None:
    page(tmp_path / "a.txt")
    out = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff out\n"))
    done = spawn("run", tmp_path / "a.txt", "--out", out)
    assert done.returncode == 0
    assert names(out) == FINAL
    assert readable(out).encode()


def test_two_inputs_with_the_same_file_name_stay_apart(tmp_path: Path) -> None:
    for number, folder in enumerate(("甲", "乙", "丙/乙", "丁/乙")):
        page(tmp_path / folder / "a.txt", f"{PAGE}共{number + 1}次。\n")
    folders = [tmp_path / folder for folder in ("甲", "乙", "丙/乙", "丁/乙")]
    assert invoke("run", *folders, "--out", tmp_path / "out").exit_code == 0
    assert list(states(tmp_path / "out")) == ["a.txt", "乙/a.txt", "乙/a.txt~2", "乙/a.txt~3"]


def test_the_article_is_named_by_its_path_inside_the_input_folder(tmp_path: Path) -> None:
    page(tmp_path / "in" / "b" / "c" / "d.txt")
    page(tmp_path / "in" / "a.txt", PAGE + "完\n")
    assert invoke("run", tmp_path / "in", "--out", tmp_path / "out").exit_code == 0
    assert list(states(tmp_path / "out")) == ["a.txt", "b/c/d.txt"]


def test_the_same_text_twice_is_read_once_and_named(tmp_path: Path) -> None:
    page(tmp_path / "in" / "a.txt")
    page(tmp_path / "in" / "b.txt", PAGE, "gbk")
    result = invoke("run", tmp_path / "in", "--out", tmp_path / "out")
    assert result.exit_code == 0
    assert "1 done, 1 repeated" in result.output
    assert states(tmp_path / "out") == {"a.txt": "ok", "b.txt": "repeat"}
    assert table(tmp_path / "out")[1]["message"] == "the same text as a.txt (与 a.txt 相同)"
    assert {row["article"] for row in table(tmp_path / "out", "indicators")} == {"a.txt"}


def test_a_folder_and_a_file_in_it_are_not_counted_twice(tmp_path: Path) -> None:
    path = page(tmp_path / "in" / "a.txt")
    assert invoke("run", tmp_path / "in", path, "--out", tmp_path / "out").exit_code == 0
    assert list(states(tmp_path / "out").values()) == ["ok", "repeat"]
    assert len(table(tmp_path / "out", "indicators")) == len(FOUND)


def test_one_path_is_no_list_of_its_letters(tmp_path: Path) -> None:
    path = page(tmp_path / "a.txt")
    assert [source.path for source in list_sources(str(path))] == [path]
    assert [article.id for article in jianbao.read(str(path))] == ["a.txt"]
    assert jianbao.run(str(path), tmp_path / "out").tally.done == 1
    with pytest.raises(InputError):
        list_sources([])


@posix
def test_a_loop_of_links_ends_and_a_broken_link_fails(tmp_path: Path) -> None:
    page(tmp_path / "in" / "a.txt")
    (tmp_path / "in" / "again").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "self.txt").symlink_to("self.txt")
    (tmp_path / "in" / "gone.txt").symlink_to("nowhere.txt")
    done = spawn("run", tmp_path / "in", "--out", tmp_path / "out", timeout=30)
    assert done.returncode == 3
    assert states(tmp_path / "out") == {"a.txt": "ok", "gone.txt": "failed", "self.txt": "failed"}
    assert spawn("run", tmp_path / "in" / "self.txt", "--out", tmp_path / "out", timeout=30).returncode == 2


@posix
def test_a_pipe_or_a_device_is_refused_without_waiting(tmp_path: Path) -> None:
    page(tmp_path / "in" / "a.txt")
    os.mkfifo(tmp_path / "in" / "b.txt")
    done = spawn("run", tmp_path / "in", "/dev/zero", "--out", tmp_path / "out", timeout=30)
    assert done.returncode == 3
    assert states(tmp_path / "out") == {"a.txt": "ok", "b.txt": "failed", "zero": "failed"}


# Large and strange texts.


def limited() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))


@posix
@pytest.mark.parametrize(
    "make",
    [
        lambda: "今年以来走访慰问侨胞送去温暖" * 250_000,
        lambda: " ".join(map(str, range(1_400_000))),
        lambda: "侨" * 3_400_000,
    ],
    ids=["words", "numbers", "letter"],
)
def test_a_line_of_ten_megabytes_is_read_in_a_minute_and_two_gigabytes(tmp_path: Path, make: Callable[[], str]) -> None:
    path = page(tmp_path / "a.txt", make())
    assert path.stat().st_size > 9_500_000
    done = spawn("run", path, "--out", tmp_path / "out", timeout=60, preexec_fn=limited)
    assert done.returncode == 0
    assert states(tmp_path / "out") == {"a.txt": "ok"}
    assert spawn("explain", path, timeout=60, preexec_fn=limited).returncode == 0


@posix
def test_a_line_of_a_hundred_megabytes_fails_at_once_and_the_others_are_read(tmp_path: Path) -> None:
    page(tmp_path / "in" / "a.txt")
    (tmp_path / "in" / "b.txt").write_bytes("侨".encode() * 33_000_000)
    done = spawn("run", tmp_path / "in", "--out", tmp_path / "out", timeout=30, preexec_fn=limited)
    assert done.returncode == 3
    assert states(tmp_path / "out") == {"a.txt": "ok", "b.txt": "failed"}
    assert "split the file" in (tmp_path / "out" / "articles.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda count: "".join(f"走访{dice.randint(1, 9999)}户" for _ in range(count)), id="units"),
        pytest.param(lambda count: "今年，推出“侨助工坊”，走访侨眷46户，其中困难侨眷7户；" * (count // 4), id="brands"),
        pytest.param(lambda count: "走访30户\n" * count, id="lines"),
        pytest.param(lambda count: "1" * count * 4, id="digits"),
        pytest.param(lambda count: "一二三四五六七八九十百千万亿" * (count // 3), id="numerals"),
        pytest.param(lambda count: "“‘" * count * 2, id="quotes"),
    ],
)
def test_time_grows_with_the_length_of_the_text_and_no_faster(make: Callable[[int], str]) -> None:
    def seconds(text: str) -> float:
        started = time.process_time()
        jianbao.extract(text)
        return time.process_time() - started

    jianbao.extract(PAGE)
    short = min(seconds(make(1500)) for _ in range(2))
    assert seconds(make(6000)) < 8 * short + 0.2
