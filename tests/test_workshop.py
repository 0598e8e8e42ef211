"""Promises on reading aside: whatever a reader does, its document alone fails, and says why."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import pytest
from jianbao.corpus import workshop
from jianbao.corpus.document import Document
from jianbao.corpus.errors import InputError
from jianbao.corpus.limits import LimitError, Limits, limits_of
from jianbao.corpus.workshop import Workshop

# A process whose readers run the bytes of the document as a program: it does what damaged files make libraries do.
MISBEHAVING = """
import jianbao.corpus.workshop as workshop
from jianbao.corpus.document import Document
from jianbao.corpus.limits import LimitError
def reader_of(read_as, columns):
    def read(data, limits):
        space = {"Document": Document, "LimitError": LimitError, "limits": limits, "columns": columns}
        exec(data, space)
        return space["answer"]() if "answer" in space else iter([Document("走访侨眷30户", format=read_as)])
    return read
workshop.reader_of = reader_of
workshop.serve()
"""
FINE = b"pass"
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is bounded on Linux alone")


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    monkeypatch.setattr(workshop, "_PROGRAM", MISBEHAVING)
    with Workshop(Limits(seconds=3, memory=256 << 20)) as shop:
        yield shop


def only(shop: Workshop, program: str | bytes) -> Document:
    (document,) = shop.read("page", program.encode() if isinstance(program, str) else program)
    return document


def test_a_document_comes_back_as_the_reader_gave_it(shop: Workshop) -> None:
    given = (
        "import datetime\nanswer = lambda: iter([Document('萬戶\\ud800', 'page', '#1', published=datetime.date(2023, 3, 8),"
        " body=((0, 1),))])"
    )
    document = only(shop, given)
    assert (document.text, document.name, str(document.published)) == ("萬戶\ud800", "#1", "2023-03-08")
    assert document.body == ((0, 1),)


def test_many_documents_come_back_in_order(shop: Workshop) -> None:
    many = b"answer = lambda: (Document(str(n)) for n in range(5000))"
    assert [document.text for document in shop.read("page", many)] == [str(number) for number in range(5000)]


@pytest.mark.parametrize(
    ("program", "message"),
    [
        ("import time\ntime.sleep(60)", "limit seconds met"),
        ("while True: pass", "limit seconds met"),
        ("import os\nos._exit(7)", "crashed (status 7)"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", "crashed (status -11)"),
        ("raise ValueError('no such part')", "no such part"),
        ("raise LimitError('pages', '9000 pages')", "limit pages met: 9000 pages"),
        ("def deeper(): deeper()\ndeeper()", "limit nesting met"),
        ("import no_such_package", "no_such_package"),
        ("import socket\nsocket.create_connection(('127.0.0.1', 9))", "no network"),
        ("import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9/')", "no network"),
    ],
)
def test_a_reader_that_fails_fails_its_document_alone(shop: Workshop, program: str, message: str) -> None:
    assert only(shop, FINE).status == "ok"
    document = only(shop, program)
    assert document.status == "failed"
    assert message in document.message
    assert only(shop, FINE).text == "走访侨眷30户"


@linux
def test_a_reader_that_swells_meets_the_memory_limit(shop: Workshop) -> None:
    assert "limit memory met" in only(shop, "held = bytearray(1 << 30)").message
    assert "limit memory met" in only(shop, "held = [0]\nwhile True: held = held * 2").message
    assert only(shop, FINE).status == "ok"


def test_time_is_up_soon_after_the_limit(shop: Workshop) -> None:
    assert only(shop, FINE).status == "ok"
    started = time.monotonic()
    only(shop, "while True: pass")
    assert time.monotonic() - started < 8


def test_what_an_abandoned_document_had_to_say_is_not_for_the_next(shop: Workshop) -> None:
    documents = shop.read("page", b"answer = lambda: (Document(str(n)) for n in range(5000))")
    assert next(documents).text == "0"
    documents.close()  # type: ignore[attr-defined]
    assert only(shop, FINE).text == "走访侨眷30户"


def test_what_a_library_prints_is_no_answer(shop: Workshop) -> None:
    assert only(shop, "print('warning: font not found', flush=True)").text == "走访侨眷30户"


def test_a_file_over_the_limit_is_not_handed_over() -> None:
    with Workshop(Limits(file=10)) as shop:
        (document,) = shop.read("html", b"<html>" * 10)
    assert "limit file met" in document.message


def test_limits_are_read_from_settings() -> None:
    limits = limits_of(["seconds=30", "memory=512M", "rows=10"])
    assert (limits.seconds, limits.memory, limits.rows) == (30, 512 << 20, 10)
    assert limits.file == Limits().file


@pytest.mark.parametrize("setting", ["seconds", "seconds=", "seconds=-1", "seconds=0", "second=3", "memory=many", "=3"])
def test_a_setting_that_is_none_is_told(setting: str) -> None:
    with pytest.raises(InputError, match="--limit"):
        limits_of([setting])


def test_the_message_of_a_limit_says_how_to_raise_it() -> None:
    assert "--limit pages=" in str(LimitError("pages", "9000 pages"))
