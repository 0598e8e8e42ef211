"""A review in, a page on this machine's loopback out: for one person, who holds the token, and for no other page."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable, Mapping
from contextvars import copy_context
from dataclasses import dataclass, field
from hmac import compare_digest
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ..corpus.errors import InputError, OutputError
from .amounts import Language
from .fields import SORTS, FieldError
from .review import Entry, Review
from .review_page import File, files, guessed, item_of, progress, start_of
from .review_sheet import At

HOST = "127.0.0.1"
LARGEST = 64 << 10
"""Bytes of what a page may send."""
PATIENCE = 20
"""Seconds that a page may take to ask."""
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
Json = dict[str, Any]


class RefusedError(Exception):
    """A request that is not answered, with its status and why."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(slots=True)
class Desk:
    """What the page may ask and say; one at a time."""

    review: Review
    files: Mapping[str, File]
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    lock: threading.Lock = field(default_factory=threading.Lock)
    port: int = 0

    def ask(self, path: str, query: Mapping[str, str]) -> Json:
        """The answer to a question."""
        return _QUESTIONS[path](self.review, query)

    def tell(self, path: str, said: Json) -> Json:
        """Do what is said; what the page shows then."""
        return _DEEDS[path](self.review, said)


def served(review: Review, lang: Language, port: int) -> tuple[ThreadingHTTPServer, str]:
    """A server that listens, and the address that opens its page.

    Raises:
        OutputError: where the port cannot be had.
    """
    desk = Desk(review, files(lang))
    try:
        server = _Server((HOST, port), _handler_of(desk))
    except (OSError, OverflowError) as error:
        raise OutputError(
            f"port {port}: cannot be used: {getattr(error, 'strerror', None) or error}; choose another --port (端口不可用)"
        ) from None
    desk.port = server.server_port
    return server, f"http://{HOST}:{desk.port}/?token={desk.token}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = False

    def __init__(self, *told: Any) -> None:
        super().__init__(*told)
        self._around = copy_context()

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Each thread sees what is in force where the server was made: the domain of the run."""
        self._around.copy().run(super().process_request_thread, request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A page that went away in the middle is no fault."""


# What is asked.


def _entry(review: Review, query: Mapping[str, str]) -> Json:
    """The record at a place, the one beside it, or the next of which nothing was said."""
    place, sort, step = _number(query, "place"), query.get("sort", ""), query.get("step", "")
    if sort not in ("", *SORTS):
        raise InputError(f"sort {sort!r}: choose of {', '.join(SORTS)} (没有这一类)")
    if step == "open":
        entry = review.next(place, sort)
    elif step:
        entry = review.beside(place, sort, -1 if step == "back" else 1)
    else:
        entry = review.entry(place)
    return _shown(review, entry)


def _shown(review: Review, entry: Entry | None) -> Json:
    return {"place": None, **progress(review)} if entry is None else item_of(review, entry)


def _guess(review: Review, query: Mapping[str, str]) -> Json:
    sort = query.get("sort", "")
    if sort not in SORTS:
        raise InputError(f"sort {sort!r}: choose of {', '.join(SORTS)} (没有这一类)")
    sheet = review.sheet(review.facts(query.get("article", ""))["article"])
    return {"fields": dict(guessed(sheet, sort, _number(query, "start"), _number(query, "end")))}


def _number(told: Mapping[str, Any], name: str) -> int:
    try:
        number = int(told.get(name, ""))
    except (TypeError, ValueError):
        raise InputError(f"{name}: expected a whole number (须为整数)") from None
    if not -1 <= number < 1 << 53:
        raise InputError(f"{name}: {number} is no place (超出范围)")
    return number


_QUESTIONS: Mapping[str, Callable[[Review, Mapping[str, str]], Json]] = {
    "/start": lambda review, _: start_of(review),
    "/record": _entry,
    "/guess": _guess,
}


# What is said.


def _at(said: Json) -> At:
    return At(_word(said, "sort"), _number(said, "start"), _number(said, "end"), _word(said, "kind"))


def _word(said: Json, name: str) -> str:
    word = said.get(name, "")
    if not isinstance(word, str):
        raise InputError(f"{name}: expected text (须为文字)")
    return word


def _fields(said: Json) -> dict[str, str]:
    fields = said.get("fields")
    if not isinstance(fields, dict) or not all(isinstance(word, str) for word in fields.values()):
        raise InputError("fields: expected an object of texts (须为文字)")
    return fields


def _place(said: Json) -> tuple[int, int]:
    return _number(said, "new_start"), _number(said, "new_end")


def _accept(review: Review, said: Json) -> Json:
    review.accept(_word(said, "article"), _at(said))
    return _after(review, said)


def _reject(review: Review, said: Json) -> Json:
    review.reject(_word(said, "article"), _at(said))
    return _after(review, said)


def _correct(review: Review, said: Json) -> Json:
    review.correct(_word(said, "article"), _at(said), _place(said), _fields(said))
    return _after(review, said)


def _add(review: Review, said: Json) -> Json:
    review.add(_word(said, "article"), _word(said, "sort"), _place(said), _fields(said))
    return _after(review, said)


def _undo(review: Review, said: Json) -> Json:
    return {"undone": review.undo() is not None, **_after(review, said)}


def _after(review: Review, said: Json) -> Json:
    return _shown(review, review.entry(_number(said, "place")))


_DEEDS: Mapping[str, Callable[[Review, Json], Json]] = {
    "/accept": _accept,
    "/reject": _reject,
    "/correct": _correct,
    "/add": _add,
    "/undo": _undo,
}


# Who asks.


def _handler_of(desk: Desk) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        pass

    Handler.desk = desk
    return Handler


class _Handler(BaseHTTPRequestHandler):
    """Answers the page of the one who holds the token, under this host's own name, and nobody else."""

    desk: Desk
    server_version = "jianbao"
    sys_version = ""
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE

    def do_GET(self) -> None:
        """A file of the page, or a question."""
        self._answer(self._get)

    def do_POST(self) -> None:
        """Something is said."""
        self._answer(self._post)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (its name in the base class)
        """Nothing: a token is no matter for a log."""

    def _answer(self, method: Callable[[], None]) -> None:
        try:
            self._check_host()
            method()
        except RefusedError as refused:
            self.close_connection = True
            self._send(refused.status, {"error": str(refused)})
        except (InputError, OutputError) as error:
            named = {"field": error.field} if isinstance(error, FieldError) else {}
            self._send(HTTPStatus.UNPROCESSABLE_ENTITY, {"error": " ".join(str(error).split()), **named})

    def _get(self) -> None:
        address = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(address.query, keep_blank_values=True).items()}
        if address.path == "/" and "token" in query:
            self._enter(query["token"])
            return
        self._check_cookie()
        if address.path in self.desk.files:
            self._send_file(self.desk.files[address.path])
            return
        if address.path not in _QUESTIONS:
            raise RefusedError(HTTPStatus.NOT_FOUND, "there is nothing here (没有此页)")
        with self.desk.lock:
            answer = self.desk.ask(address.path, query)
        self._send(HTTPStatus.OK, answer)

    def _post(self) -> None:
        self._check_cookie()
        if self.headers.get("Origin") != f"http://{self.headers['Host']}":
            raise RefusedError(HTTPStatus.FORBIDDEN, "said by another page (来源不符)")
        if self.headers.get_content_type() != "application/json":
            raise RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "expected application/json (须为 JSON)")
        said = self._body()
        path = urlsplit(self.path).path
        if path not in _DEEDS:
            raise RefusedError(HTTPStatus.NOT_FOUND, "there is nothing here (没有此页)")
        with self.desk.lock:
            answer = self.desk.tell(path, said)
        self._send(HTTPStatus.OK, answer)

    def _enter(self, token: str) -> None:
        """The token of the address becomes a cookie, so that it stands in no history of a page."""
        if not self._is_token(token):
            raise RefusedError(HTTPStatus.FORBIDDEN, "open the address that jianbao printed (请打开终端中给出的地址)")
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", "/")
        self.send_header("Set-Cookie", f"{self._cookie()}={token}; HttpOnly; SameSite=Strict; Path=/")
        self._end(b"")

    def _cookie(self) -> str:
        """The cookie's name: cookies of one host are shared by its ports."""
        return f"jianbao-{self.desk.port}"

    def _is_token(self, token: str) -> bool:
        return compare_digest(token.encode("utf-8", "replace"), self.desk.token.encode())

    def _check_host(self) -> None:
        """A page elsewhere whose name was pointed at this machine asks under that name."""
        port = self.desk.port
        hosts = self.headers.get_all("Host") or []
        if len(hosts) != 1 or hosts[0].lower() not in (f"{HOST}:{port}", f"localhost:{port}"):
            raise RefusedError(HTTPStatus.MISDIRECTED_REQUEST, "asked under another name (主机名不符)")

    def _check_cookie(self) -> None:
        try:
            told = SimpleCookie(self.headers.get("Cookie", "")).get(self._cookie())
        except CookieError:
            told = None
        if told is None or not self._is_token(told.value):
            raise RefusedError(HTTPStatus.FORBIDDEN, "open the address that jianbao printed (请打开终端中给出的地址)")

    def _body(self) -> Json:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdecimal()) or "Transfer-Encoding" in self.headers:
            raise RefusedError(HTTPStatus.LENGTH_REQUIRED, "expected a Content-Length (缺少长度)")
        if len(length) > 9 or int(length) > LARGEST:
            raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"more than {LARGEST} bytes (内容过大)")
        try:
            said = json.loads(self.rfile.read(int(length)))
        except (ValueError, RecursionError):
            raise RefusedError(HTTPStatus.BAD_REQUEST, "is no JSON (不是 JSON)") from None
        if not isinstance(said, dict):
            raise RefusedError(HTTPStatus.BAD_REQUEST, "expected an object (须为对象)")
        return said

    def _send(self, status: HTTPStatus, answer: Json) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self._end(json.dumps(answer, ensure_ascii=True, default=str).encode())

    def _send_file(self, file: File) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", f"{file.type}; charset=utf-8")
        self._end(file.content.encode())

    def _end(self, body: bytes) -> None:
        for name, told in _HEADERS.items():
            self.send_header(name, told)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
