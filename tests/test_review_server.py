"""Promises of the review's server: it answers the one who holds the token, from its own page, and says nothing to others."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import jianbao
import pytest
from jianbao.corpus.domain import Domain
from jianbao.corpus.errors import OutputError
from jianbao.pipeline.outputs import opened
from jianbao.pipeline.review import Review
from jianbao.pipeline.review_server import LARGEST, served
from made_reviews import made_out, rows_of

PATIENCE = 60  # seconds


class Answer(NamedTuple):
    """What a server answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        return json.loads(self.body)


class Caller:
    """Somebody who knows the address, and asks with headers of their own."""

    def __init__(self, address: str) -> None:
        self.port = int(re.findall(r":(\d+)/", address)[0])
        self.token = address.partition("token=")[2]
        self.host = f"127.0.0.1:{self.port}"
        self.cookie = {"Cookie": f"jianbao-{self.port}={self.token}"}
        self.page = {**self.cookie, "Origin": f"http://{self.host}", "Content-Type": "application/json"}

    def ask(
        self, path: str, headers: dict[str, str] | None = None, method: str = "GET", body: bytes | None = None
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        connection.putrequest(method, path, skip_host=True)
        for name, value in {"Host": self.host, **(headers or {})}.items():
            connection.putheader(name, value)
        if body is not None and "Content-Length" not in (headers or {}):
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        answer = connection.getresponse()
        found = Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        connection.close()
        return found

    def say(self, path: str, said: object, headers: dict[str, str] | None = None) -> Answer:
        return self.ask(path, self.page if headers is None else headers, "POST", json.dumps(said).encode())


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_out(tmp_path_factory.mktemp("served"))


@contextmanager
def serving(out: Path) -> Iterator[Caller]:
    """A server of this process."""
    with opened(out, review="left") as connection:
        server, address = served(Review(out, connection), "zh", 0)
        with server:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            yield Caller(address)
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def caller(out: Path) -> Iterator[Caller]:
    with serving(out) as caller:
        yield caller


def said_of(caller: Caller) -> dict[str, Any]:
    """What may be said of the first record of the queue."""
    item = caller.ask("/record?place=0", caller.cookie).told
    found = item["found"]
    kind = found["fields"].get("type", "")
    return {"article": item["article"]["article"], "place": 0, "kind": kind} | {
        name: found[name] for name in ("sort", "start", "end")
    }


# Who is let in.


def test_the_token_of_the_address_becomes_a_cookie_that_no_script_and_no_other_site_gets(caller: Caller) -> None:
    answer = caller.ask(f"/?token={caller.token}")
    assert (answer.status, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert cookie == f"jianbao-{caller.port}={caller.token}; HttpOnly; SameSite=Strict; Path=/"
    assert len(caller.token) >= 32


@pytest.mark.parametrize("path", ["/", "/review.js", "/start", "/record?place=0", "/?token=guessed", "/?token="])
def test_without_the_token_nothing_is_shown(caller: Caller, path: str) -> None:
    for headers in ({}, {"Cookie": f"jianbao-{caller.port}=guessed"}, {"Cookie": f"other={caller.token}"}):
        answer = caller.ask(path, headers)
        assert answer.status == 403
        assert "set-cookie" not in answer.headers
        assert "临平" not in answer.body.decode()


def test_a_name_that_was_pointed_at_this_machine_is_refused(caller: Caller) -> None:
    for host in (
        "evil.example",
        f"evil.example:{caller.port}",
        "127.0.0.1",
        f"127.0.0.1:{caller.port + 1}",
        "",
        f"127.0.0.1.evil.example:{caller.port}",
    ):
        answer = caller.ask("/record?place=0", {**caller.cookie, "Host": host})
        assert answer.status == 421, host
        assert "临平" not in answer.body.decode()
    assert caller.ask("/start", {**caller.cookie, "Host": f"localhost:{caller.port}"}).status == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1", "http://localhost:1", ""])
def test_what_another_page_says_changes_nothing(caller: Caller, out: Path, origin: str) -> None:
    headers = {**caller.page, "Origin": origin}
    assert caller.say("/reject", said_of(caller), headers).status == 403
    assert caller.say("/reject", said_of(caller), {k: v for k, v in headers.items() if k != "Origin"}).status == 403
    assert not (out / "review").exists()


def test_a_form_of_another_page_is_no_json(caller: Caller, out: Path) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        assert caller.say("/reject", said_of(caller), {**caller.page, "Content-Type": kind}).status == 415
    assert not (out / "review").exists()


def test_it_listens_on_loopback_alone(caller: Caller) -> None:
    with socket.create_server(("127.0.0.2", caller.port)):
        pass  # the port of another address is free: the server holds none but its own
    with pytest.raises(OutputError, match="cannot be used"):
        served(None, "zh", caller.port)  # type: ignore[arg-type]


# What may be asked.


@pytest.mark.parametrize(
    "path",
    [
        "/../run.json",
        "/%2e%2e/run.json",
        "/review.txt",
        "/text/a.txt",
        "//etc/passwd",
        "/review.js/../../setup.cfg",
        "/.",
        "/desk/review.js",
    ],
)
def test_no_file_is_served_but_those_of_the_page(caller: Caller, path: str) -> None:
    answer = caller.ask(path, caller.cookie)
    assert answer.status == 404
    assert "version" not in answer.told


def test_the_page_allows_nothing_that_is_not_its_own(caller: Caller) -> None:
    for path in ("/", "/review.js", "/review.css", "/start"):
        answer = caller.ask(path, caller.cookie)
        assert answer.status == 200
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in answer.headers
    page = caller.ask("/", caller.cookie).body.decode()
    assert not re.search(r"<script(?![^>]*src=\"/review\.js\")|\son\w+=|style=|https?:", page)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "HEAD", "OPTIONS", "TRACE"])
def test_other_methods_do_nothing(caller: Caller, method: str) -> None:
    assert caller.ask("/record?place=0", caller.page, method).status == 501


@pytest.mark.parametrize("length", [str(LARGEST + 1), "9" * 30, "-1", "many", "1.5"])
def test_what_is_too_long_is_not_read(caller: Caller, length: str) -> None:
    answer = caller.ask("/accept", {**caller.page, "Content-Length": length}, "POST")
    assert answer.status in (411, 413)


def test_a_body_without_a_length_is_not_read(caller: Caller) -> None:
    assert caller.ask("/accept", caller.page, "POST").status == 411
    assert caller.ask("/accept", {**caller.page, "Transfer-Encoding": "chunked"}, "POST").status == 411


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff", b"[" * 20_000])
def test_what_is_no_object_is_refused(caller: Caller, body: bytes) -> None:
    assert caller.ask("/accept", caller.page, "POST", body).status == 400


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"article": "a.txt", "sort": "indicator", "start": 0, "end": 1, "place": 0},
        {"article": "../run.json", "sort": "indicator", "start": 0, "end": 1, "place": 0},
        {"article": ["a.txt"], "sort": "indicator", "start": 0, "end": 1, "place": 0},
        {"article": "a.txt", "sort": "indicator", "start": "x", "end": None, "place": 0},
        {"article": "a.txt", "sort": "indicator", "start": 10**30, "end": 1, "place": 0},
    ],
)
@pytest.mark.parametrize("deed", ["/accept", "/reject", "/correct", "/add"])
def test_what_cannot_be_meant_is_told_and_changes_nothing(
    caller: Caller, out: Path, said: dict[str, Any], deed: str
) -> None:
    answer = caller.say(deed, {**said, "new_start": 0, "new_end": 0, "fields": {}})
    assert answer.status == 422
    assert "\n" not in answer.told["error"]
    assert not (out / "review").exists()


def test_a_field_at_fault_is_named(caller: Caller) -> None:
    item = caller.ask("/record?place=-1&step=open&sort=indicator", caller.cookie).told
    found = item["found"]
    said = {"article": item["article"]["article"], "place": item["place"], "kind": ""}
    said |= {name: found[name] for name in ("sort", "start", "end")}
    span = {"new_start": found["start"], "new_end": found["end"]}
    answer = caller.say("/correct", {**said, **span, "fields": {**found["fields"], "low": "-"}})
    assert (answer.status, answer.told["field"]) == (422, "low")


def test_a_type_of_the_domain_of_the_run_can_be_chosen(tmp_path: Path) -> None:
    text, out = tmp_path / "a.txt", tmp_path / "out"
    text.write_text("2024年，临海市红十字会采血120人次。", encoding="utf-8")
    told = {"chinese": "献血", "english": "blood", "meaning_zh": "献血。", "acts": ["无偿献血"]}
    jianbao.run(text, out, domain=Domain.of({"types": {"blood": told}}))
    with serving(out) as caller:
        assert "blood" in {code for code, *_ in caller.ask("/start", caller.cookie).told["codes"]["type"]}
        item = caller.ask("/record?place=0", caller.cookie).told
        found = item["found"]
        said = {"article": item["article"]["article"], "place": item["place"], "kind": "", "sort": found["sort"]}
        span = {name: found[name] for name in ("start", "end")}
        new = {"new_start": found["start"], "new_end": found["end"], "fields": {"type": "blood"}}
        assert caller.say("/correct", {**said, **span, **new}).status == 200
    assert list(jianbao.read_tables(out)["activities"]["type"]) == ["blood"]


def test_many_that_ask_at_once_are_all_answered(caller: Caller) -> None:
    answers: list[int] = []
    idle = [
        socket.create_connection(("127.0.0.1", caller.port), PATIENCE) for _ in range(4)
    ]  # as a browser opens ahead
    crowd = [
        threading.Thread(target=lambda: answers.append(caller.ask("/record?place=0", caller.cookie).status))
        for _ in range(8)
    ]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join(PATIENCE)
    for each in idle:
        each.close()
    assert answers == [200] * 8


# The command.


def test_the_command_prints_its_address_serves_and_ends_with_one_line(tmp_path: Path) -> None:
    out = made_out(tmp_path)
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "jianbao.pipeline", "-q", "review", str(out), "--no-browser"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout
        caller = Caller(process.stdout.readline().strip())
        said = said_of(caller)
        answer = caller.say("/accept", said)
        assert answer.status == 200
        assert answer.told["progress"][""]["accept"] == 1
        assert caller.say("/undo", {"place": 0}).told["undone"] is True
        assert caller.say("/reject", said).status == 200
        process.send_signal(signal.SIGINT)
        told = process.communicate(timeout=PATIENCE)[1]
    assert process.returncode == 0
    assert [
        line.startswith("jianbao: review ended: 0 accepted, 0 corrected, 1 rejected") for line in told.splitlines()
    ] == [True]
    assert not (out / "run.lock").exists()
    table = jianbao.read_tables(out)[
        {"indicator": "indicators", "brand": "brands", "activity": "activities"}[said["sort"]]
    ]
    kind = {"type": said["kind"]} if said["kind"] else {}
    assert rows_of(table, article=said["article"], start=said["start"], **kind) == []
