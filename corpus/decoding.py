"""Bytes to text: finds the encoding of a Chinese file, replaces what is broken, knows a binary file."""

from __future__ import annotations

from typing import NamedTuple

_REPLACEMENT = "\ufffd"
_UTF16_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_SAMPLE = 2048
_MAGIC = (
    b"\x89PNG", b"%PDF-", b"PK\x03\x04", b"PK\x05\x06", b"\x7fELF", b"GIF8", b"\xff\xd8\xff", b"\x1f\x8b",
    b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf", b"BZh", b"\xfd7zXZ",
)  # fmt: skip
_CONTROLS = bytes(code for code in range(32) if chr(code) not in "\t\n\v\f\r\x1a\x1b") + b"\x7f"
_COMMON = frozenset(
    "的一是了在有和人大中国年不为个上这来到时地们出会可也工作展发開开建设設社民区區市县縣省委员員部政府业業企学學习習生活动動务務服"
    "行经經济濟心全新进進推高加强強公与與及对對多家力平化体體主要事文明合同联聯侨僑日月前次下长長第实實施走访訪慰问問组織织"
    "以成后後产產万萬元亿億等参參加领領导導干幹用关關於于其他就能所法机機过過我方面自十二三四五六七八九，。、；：？！“”（）《》「」"
)


class Decoded(NamedTuple):
    """A file's text (line ends `\\n`, no byte-order mark), its encoding, and how many stretches were replaced."""

    text: str
    encoding: str
    replaced: int


def decode(data: bytes) -> Decoded:
    """Text of a file in UTF-8, UTF-16, GB18030 (so GBK and GB2312) or Big5; never raises.

    Bytes that the encoding does not know become U+FFFD and are counted in `replaced`.

    >>> decode("走访侨商30户\\r\\n".encode("gbk"))
    Decoded(text='走访侨商30户\\n', encoding='gb18030', replaced=0)
    """
    if data[:2] in _UTF16_MARKS:
        return _decode_as(data, _UTF16_MARKS[data[:2]])
    if b"\0" in data:
        return _decode_as(data, _likeliest(data[:_SAMPLE], ("utf-8", "utf-16-le", "utf-16-be", "gb18030")))
    try:
        return Decoded(_tidy(data.decode("utf-8")), "utf-8", 0)
    except UnicodeDecodeError as error:
        return _decode_as(data, _guess(data, error.start))


def is_binary(data: bytes) -> bool:
    """Whether bytes are no text at all: a known magic number, NUL outside UTF-16, more than 5 % control characters.

    >>> is_binary(b"%PDF-1.7"), is_binary("侨联".encode("utf-16"))
    (True, False)
    """
    if data.startswith(_MAGIC):
        return True
    sample = data[:_SAMPLE]
    if sample[:2] in _UTF16_MARKS:
        return False
    if b"\0" in data:
        return not _reads_as_utf16(sample)
    return (len(sample) - len(sample.translate(None, _CONTROLS))) * 20 > len(sample)


def _tidy(text: str) -> str:
    """The text without byte-order mark, its line ends as `\\n`."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.removeprefix("\ufeff")


def _decode_as(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(_tidy(data.decode(encoding)), encoding, 0)
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
    written = data.count(_REPLACEMENT.encode()) if encoding == "utf-8" else 0
    return Decoded(_tidy(text), encoding, text.count(_REPLACEMENT) - written)


def _guess(data: bytes, broken: int) -> str:
    """The encoding of bytes that are no valid UTF-8, judged from the head and from the line where UTF-8 breaks."""
    sample = data[:_SAMPLE]
    if broken > _SAMPLE // 2:
        line = data.rfind(b"\n", max(0, broken - _SAMPLE), broken) + 1
        start = line or broken
        sample += data[start : start + _SAMPLE]
    if _is_big5(data, sample):
        return "big5"
    return _likeliest(sample, ("gb18030", "utf-8", "utf-16-le", "utf-16-be"))


def _likeliest(sample: bytes, encodings: tuple[str, ...]) -> str:
    """The encoding under which the sample reads most like Chinese; of equals the first."""
    return max(encodings, key=lambda encoding: _fluency(sample.decode(encoding, "ignore")))


def _fluency(text: str) -> int:
    """How much a text reads like a page: common Chinese characters, a little for ASCII, less what no page holds.

    >>> _fluency("慰問僑眷") > _fluency("慰問僑眷".encode("big5").decode("gb18030", "ignore"))
    True
    """
    common = sum(character in _COMMON for character in text)
    ascii_letters = len(text.encode("ascii", "ignore"))
    return 4 * common + ascii_letters - 8 * text.count("\0")


def _is_big5(data: bytes, sample: bytes) -> bool:
    """Big5 only where it is certain: twice as fluent as GB18030 and UTF-8, and all bytes valid."""
    rivals = (sample.decode(encoding, "ignore") for encoding in ("gb18030", "utf-8"))
    if _fluency(sample.decode("big5", "ignore")) <= 2 * max(map(_fluency, rivals)):
        return False
    try:
        data.decode("big5")
    except UnicodeDecodeError:
        return False
    return True


def _reads_as_utf16(sample: bytes) -> bool:
    """Whether either byte order gives a text of which a quarter is common Chinese or all is ASCII."""
    texts = [sample.decode(encoding, "ignore") for encoding in ("utf-16-le", "utf-16-be")]
    return any(text and _fluency(text) >= len(text) for text in texts)
