"""Promises of web archives: what was captured with success and may be an article is given, the rest is counted."""

from __future__ import annotations

import gzip
import io
from collections import Counter
from datetime import UTC, datetime

import made_tables_and_archives as made
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jianbao.corpus.limits import DEFAULT, LimitError, Limits
from jianbao.corpus.warc import WebCapture, read_warc

PLAIN = made.warc(False)
FILES = {"plain": PLAIN, "gz": made.warc(), "one gz": gzip.compress(PLAIN)}


def captures(data: bytes, limits: Limits = DEFAULT, others: Counter[str] | None = None) -> list[WebCapture]:
    return list(read_warc(io.BytesIO(data), limits, others))


def record(url: str, http: bytes, kind: bytes = b"response", length: int | None = None) -> bytes:
    """A record written by hand, so that it may be wrong."""
    head = b"WARC/1.0\r\nWARC-Type: %s\r\nWARC-Target-URI: %s\r\n" % (kind, url.encode())
    size = len(http) if length is None else length
    return head + b"WARC-Date: 2023-03-08T01:00:00Z\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n" % (size, http)


def page(body: bytes = b"<p>1</p>", *headers: str, status: str = "200 OK", content_type: str = "text/html") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@pytest.mark.parametrize("name", FILES)
def test_pages_and_documents_are_given_with_address_and_time(name: str) -> None:
    others: Counter[str] = Counter()
    first, second, third = captures(FILES[name], others=others)
    assert (first.number, first.url, first.content_type, first.charset) == (
        2,
        "http://www.example.cn/1.html",
        "text/html",
        "utf-8",
    )
    assert first.captured == datetime(2023, 3, 8, 1, tzinfo=UTC)
    assert first.data == made.PAGE.encode()
    assert (second.number, second.data.decode("gbk"), second.charset) == (6, made.ARTICLE, "gbk")
    assert (third.number, third.data, third.content_type) == (7, b"%PDF-1.4 ", "application/pdf")
    assert others == {"warcinfo": 1, "request": 1, "image/png": 1, "status 404": 1}
    assert {each.message for each in (first, second, third)} == {""}


def test_a_document_without_a_telling_type_is_known_by_its_address() -> None:
    data = record("http://e.cn/a/1.DOC?x=1", page(b"doc", content_type="application/octet-stream"))
    assert captures(data)[0].content_type == "application/msword"
    others: Counter[str] = Counter()
    assert captures(record("http://e.cn/a.exe", page(content_type="application/octet-stream")), others=others) == []
    assert others == {"application/octet-stream": 1}


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("gzip", gzip.compress(b"<p>1</p>", mtime=0)), ("gzip", b"<p>1</p>"), ("identity", b"<p>1</p>")],
)
def test_the_content_encoding_is_undone_where_there_is_one(encoding: str, body: bytes) -> None:
    assert captures(record("http://e.cn/", page(body, f"Content-Encoding: {encoding}")))[0].data == b"<p>1</p>"


def test_an_unknown_content_encoding_is_told() -> None:
    (capture,) = captures(record("http://e.cn/", page(b"\x0b", "Content-Encoding: br")))
    assert (capture.data, "'br' is not read" in capture.message) == (b"", True)


def test_a_payload_that_is_broken_or_cut_off_is_told_and_given_as_far_as_it_goes() -> None:
    body = gzip.compress(made.LONG["1.txt"])
    (cut,) = captures(record("http://e.cn/", page(body[:-900], "Content-Encoding: gzip")))
    assert cut.data
    assert made.LONG["1.txt"].startswith(cut.data)
    assert "cut off" in cut.message


# Damage.


@pytest.mark.parametrize("name", ["坏.warc", "坏.warc.gz"])
def test_behind_a_broken_record_the_next_are_read(name: str) -> None:
    first, *rest = captures(made.DAMAGES[name]())
    assert (first.number, "broken" in first.message) == (2, True)
    assert [each.number for each in rest] == [6, 7]


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("share", [0.3, 0.5, 0.7, 0.9])
def test_a_file_that_breaks_off_says_so(compressed: bool, share: float) -> None:
    found = captures(made.cut(made.warc(compressed), share))
    assert found[-1].message
    assert {each.message for each in found[:-1]} <= {""}


def test_bytes_between_records_are_told_once() -> None:
    good = record("http://e.cn/", page())
    first, second, third = captures(good + b"junk\r\n" * 500 + good)
    assert (first.message, "no record begins here" in second.message, third.data) == ("", True, b"<p>1</p>")


@pytest.mark.parametrize("data", [b"", b"\n" * 100, b"not a WARC", gzip.compress(b"no WARC", mtime=0), b"\x1f\x8b\x08"])
def test_what_is_no_warc_says_so(data: bytes) -> None:
    assert captures(data)[-1].message


@pytest.mark.parametrize(
    "data",
    [
        record("http://e.cn/", b"no http"),
        record("http://e.cn/", page(), length=-1),
        record("", page()),
        b"WARC/1.0\r\nWARC-Type: response\r\n\r\n",
    ],
)
def test_a_record_against_the_rules_is_told(data: bytes) -> None:
    first, *rest = captures(data + record("http://e.cn/", page()))
    assert first.message
    assert rest[-1].data == b"<p>1</p>"


def test_damage_without_end_stops_the_reading() -> None:
    found = captures(b"\x1f\x8b\x08\xff" * 5000)
    assert len(found) < 1100
    assert "the rest is not read" in found[-1].message


# Limits.


def test_a_payload_over_the_limit_of_a_file_is_told_and_the_next_is_read() -> None:
    large = page(gzip.compress(made.LONG["1.txt"]), "Content-Encoding: gzip")
    found = captures(record("http://e.cn/1", large) + record("http://e.cn/2", page()), Limits(file=20_000))
    assert [(each.data, each.message[:11]) for each in found] == [(b"", "limit file "), (b"<p>1</p>", "")]
    long = record("http://e.cn/1", page(bytes(200_000)))
    assert "limit file" in captures(long, Limits(file=20_000))[0].message


def test_bombs_are_refused() -> None:
    bomb = page(gzip.compress(bytes(32 << 20)), "Content-Encoding: gzip")
    assert "limit ratio" in captures(record("http://e.cn/", bomb))[0].message
    with pytest.raises(LimitError, match="limit ratio"):
        captures(gzip.compress(record("http://e.cn/", page(bytes(32 << 20)))))
    with pytest.raises(LimitError, match="limit unpacked"):
        captures(gzip.compress(made.warc(False)), Limits(unpacked=1000))
    with pytest.raises(LimitError, match="limit members"):
        captures(record("http://e.cn/", page()) * 20, Limits(members=9))


@settings(max_examples=80, deadline=None)
@given(
    st.binary(max_size=500),
    st.sampled_from((b"", b"WARC/1.0\r\n", b"\x1f\x8b\x08\0", record("http://e.cn/", page())[:90])),
)
def test_random_bytes_never_raise(data: bytes, mark: bytes) -> None:
    assert captures(mark + data) is not None


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(sorted(FILES)), st.data())
def test_damaged_files_never_raise(name: str, data: st.DataObject) -> None:
    broken = bytearray(FILES[name])
    for _ in range(data.draw(st.integers(1, 4))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    assert captures(bytes(broken))
