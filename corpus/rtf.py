"""Bytes of an RTF file in, its document out: paragraphs, table rows, boxes and notes in their order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .document import Document, Reader
from .limits import LimitError, Limits
from .lines import Lines, RefusalError, document_of, refusing

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|((?:\\'[0-9a-fA-F]{2})+)|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)",
    re.DOTALL,
)
_CHARSETS = {128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5hkscs", 238: "cp1250", 204: "cp1251", 161: "cp1253"}
_CODE_PAGES = {936: "gb18030", 54936: "gb18030", 950: "big5hkscs", 65001: "utf-8", 10008: "gb18030", 10002: "big5hkscs"}
_ONE_BYTE = "cp1252"
_SIGNS = {
    "tab": "\t", "line": "\n", "lbr": "\n", "page": "\n", "column": "\n", "emdash": "—", "endash": "–", "emspace": "\u2003",
    "enspace": "\u2002", "qmspace": "\u2005", "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "nestcell": "\t", "nestrow": "\n",
}  # fmt: skip
_SYMBOLS = {b"~": "\xa0", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\"}
_LEFT_OUT = frozenset(
    re.findall(
        r"\w+",
        "annotation atnauthor atndate atnid atnref atntime atrfend atrfstart author background bkmkend bkmkstart category "
        "colorschememapping colortbl comment company datastore defchp defpap doccomm docvar falt fchars ffname file filetbl "
        "fldinst fname fontemb footer footerf footerl footerr ftncn ftnsep ftnsepc generator header headerf headerl headerr info "
        "keywords latentstyles lchars levelnumbers leveltext listtable listoverridetable listpicture listtext lsdlockedexcept "
        "nesttableprops nonesttables nonshppict objclass objdata objname operator pgptbl picprop pict pn pnseclvl pntext private "
        "revtbl rsidtbl rxe shprslt sn sp stylesheet subject sv tc template themedata title txe upr userprops xe "
        "wgrffmtfilter xmlnstbl mmathPr do",
    )
)
# Destinations marked as skippable that hold text all the same.
_HOLDERS = frozenset({"shpinst", "shptxt", "fldrslt", "footnote"})


@dataclass(slots=True)
class _Group:
    skip: bool = False
    gone: bool = False
    encoding: str = ""
    fallback: int = 1
    place: bool = False


class _Rtf:
    """A walk over the tokens of RTF; bytes are decoded as the font's character set or the code page says."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.lines = Lines(limits)
        self._data, self._limits = data, limits
        self._groups = [_Group()]
        self._page, self._fonts, self._font, self._in_fonts = _ONE_BYTE, dict[int, str](), 0, 0
        self._bytes, self._units = bytearray(), list[str]()
        self._to_skip, self._starred, self._default = 0, False, 0
        self.whole = False

    def read(self) -> None:
        position, count = 0, 0
        while found := _TOKEN.match(self._data, position):
            position = found.end()
            count += 1
            if not count & 0xFFFF:
                self.lines.check_time()
            word, number, hexes, symbol, brace, plain = found.groups()
            if word == b"bin":
                position += max(int(number or 0), 0)
            elif word:
                self._word(word.decode("ascii"), None if number is None else int(number))
            elif hexes:
                self._take(bytes.fromhex(hexes.replace(b"\\'", b"").decode("ascii")))
            elif plain:
                self._take(plain)
            elif symbol:
                self._symbol(symbol)
            elif brace == b"{":
                self._begin()
            elif brace and not self._end():
                break
        self._flush()
        self.whole = len(self._groups) == 1

    def _begin(self) -> None:
        self._flush()
        if len(self._groups) > self._limits.nesting:
            raise LimitError("nesting", f"groups over {self._limits.nesting} deep")
        top = self._groups[-1]
        self._groups.append(_Group(top.skip, top.gone, top.encoding, top.fallback))
        self._to_skip, self._starred = 0, False

    def _end(self) -> bool:
        """Whether the document goes on after the end of a group."""
        self._flush()
        self._to_skip = 0
        if len(self._groups) == 1:
            return False
        group = self._groups.pop()
        if group.place:
            self.lines.close()
        if len(self._groups) < self._in_fonts:
            self._in_fonts = 0
        return len(self._groups) > 1

    def _take(self, data: bytes) -> None:
        skipped = min(self._to_skip, len(data))
        self._to_skip -= skipped
        if not self._groups[-1].skip and not self._groups[-1].gone and skipped < len(data):
            self._write_units()
            self._bytes += data[skipped:]

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self._starred = True
        elif symbol in b"\r\n":
            self._word("par", None)
        elif self._to_skip:
            self._to_skip -= 1
        elif symbol in _SYMBOLS:
            self._write(_SYMBOLS[symbol])

    def _word(self, word: str, number: int | None) -> None:
        starred, self._starred = self._starred, False
        group = self._groups[-1]
        if word == "u" and number is not None:
            self._unicode(number % 0x10000)
        elif word == "fonttbl":
            self._in_fonts, group.skip = len(self._groups), True
        elif word in _LEFT_OUT or (starred and word not in _HOLDERS):
            self._flush()
            group.skip = True
        elif self._in_fonts:
            self._font_word(word, number)
        elif not group.skip:
            self._set(word, number, group)

    def _unicode(self, unit: int) -> None:
        group = self._groups[-1]
        self._to_skip = group.fallback
        if not group.skip and not group.gone:
            self._write_bytes()
            self._units.append(chr(unit))

    def _font_word(self, word: str, number: int | None) -> None:
        if word == "f":
            self._font = number or 0
        elif word == "fcharset" and number in _CHARSETS:
            self._fonts[self._font] = _CHARSETS[number]
        elif word == "cpg" and number in _CODE_PAGES:
            self._fonts[self._font] = _CODE_PAGES[number]

    def _set(self, word: str, number: int | None, group: _Group) -> None:
        if word in _SIGNS:
            self._write(_SIGNS[word])
        elif word in ("par", "sect"):
            self._write("")
            self.lines.end_paragraph()
        elif word == "f":
            self._flush()
            group.encoding = self._fonts.get(number or 0, self._page)
        elif word == "plain":
            self._flush()
            group.encoding, group.gone = "", False
        elif word in ("v", "deleted"):
            self._flush()
            group.gone = number != 0
        elif word == "uc":
            group.fallback = min(max(number or 0, 0), 16)
        elif word == "deff":
            self._default = number or 0
        elif word == "ansicpg":
            self._page = _CODE_PAGES.get(number or 0, _ONE_BYTE)
        else:
            self._lay_out(word, group)

    def _lay_out(self, word: str, group: _Group) -> None:
        if word == "intbl" and self.lines.kind in ("page", "box"):
            self._flush()
            self.lines.open("row")
            self.lines.open("cell")
        elif word == "cell" and self.lines.kind == "cell":
            self._flush()
            self.lines.close()
            self.lines.open("cell")
        elif word == "row" and self.lines.kind == "cell":
            self._flush()
            self.lines.close()
            self.lines.close()
        elif word in ("shptxt", "footnote"):
            self._flush()
            self.lines.open("box" if word == "shptxt" else "note")
            group.place, group.skip = True, False

    def _write(self, text: str) -> None:
        if not self._groups[-1].skip and not self._groups[-1].gone:
            self._flush()
            self.lines.write(text)

    def _flush(self) -> None:
        self._write_bytes()
        self._write_units()

    def _write_bytes(self) -> None:
        if self._bytes:
            encoding = self._groups[-1].encoding or self._fonts.get(self._default, self._page)
            self.lines.write(self._bytes.decode(encoding, "replace"))
            self._bytes.clear()

    def _write_units(self) -> None:
        if self._units:
            units = "".join(self._units).encode("utf-16-le", "surrogatepass")
            self.lines.write(units.decode("utf-16-le", "replace"))
            self._units.clear()


def rtf_document(data: bytes, limits: Limits) -> Document:
    """The document of an RTF file; refused where it is none."""
    if not data.lstrip(b" \t\r\n\xef\xbb\xbf").startswith(b"{\\rtf"):
        raise RefusalError("not an RTF file inside: save it again (内容不是 RTF，请重新保存)")
    walk = _Rtf(data.lstrip(b" \t\r\n\xef\xbb\xbf"), limits)
    walk.read()
    return document_of(walk.lines, "rtf", walk.whole)


READERS: Mapping[str, Reader] = {"rtf": refusing(rtf_document, "rtf")}
