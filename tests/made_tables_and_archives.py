"""Makes tables, archives and web archives as bytes, whole and damaged: FORMATS and DAMAGES by the name of the file."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

ROWS = (
    ("慰问归侨侨眷", "2021-03-08", "绍兴日报", "柯桥区侨联", "330603", "一年来，柯桥区侨联走访侨眷46户，最多一户送去慰问金2000元。"),
    ("侨企座谈会召开", "2022/11/5", "嘉兴在线", "平湖市侨联", "330482", "座谈会收集侨企诉求18条，已办结12条，\n其余6条限期办理。"),
    ("“侨助工坊”揭牌", "20230921", "丽水日报", "景宁县委统战部", "331127", "全县建成侨助工坊9家，带动低收入农户320人就业。"),
)  # fmt: skip
HEADER = ("标题", "发布日期", "来源", "供稿单位", "行政区划代码", "正文")
TEXTS = tuple(row[-1] for row in ROWS)
PAGE = (
    "<!doctype html><html><head><meta charset=utf-8><title>慰问归侨侨眷</title></head><body><h1>慰问归侨侨眷</h1>"
    "<p>2021-03-08 来源：绍兴日报</p><p>一年来，柯桥区侨联走访侨眷46户，最多一户送去慰问金2000元。</p></body></html>"
)
ARTICLE = f"{ROWS[0][0]}\n2021-03-08 来源：绍兴日报\n{TEXTS[0]}\n"
FILES = {"简报/第1期.txt": ARTICLE.encode(), "简报/第2期.txt": ARTICLE.replace("46", "58").encode("gbk")}
LONG = {
    f"{number}.txt": "".join(f"第{each}户侨眷，{each * number}元。\n" for each in range(900)).encode()
    for number in (1, 2, 3)
}

# --- tables


def page(number: int) -> bytes:
    """A page of its own: figures and words that no other has."""
    return PAGE.replace("46户", f"{number + 100}户").replace("柯桥区", f"柯桥区第{number}街道").encode()


def csv_table(
    rows: Iterable[Sequence[str]] = ROWS, header: Sequence[str] = HEADER, delimiter: str = ",", codec: str = "utf-8"
) -> bytes:
    import csv

    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([header, *rows])
    return out.getvalue().encode(codec)


def objects() -> list[dict[str, str]]:
    return [dict(zip(HEADER, row, strict=True)) for row in ROWS]


def jsonl_table(codec: str = "utf-8") -> bytes:
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in objects()).encode(codec)


def json_table(indent: int | None = 1) -> bytes:
    return json.dumps(objects(), ensure_ascii=False, indent=indent).encode()


def wrapped_json() -> bytes:
    return json.dumps({"RECORDS": objects()}, ensure_ascii=False).encode()


def xlsx_table(sheets: Mapping[str, Sequence[Sequence[Any]]] | None = None) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    del book[book.sheetnames[0]]
    for name, rows in (sheets or {"信息": (HEADER, *ROWS)}).items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def titled_workbook() -> bytes:
    return xlsx_table({"汇总": (("2023年信息汇总表",), (), HEADER, *ROWS)})


def many_sheets() -> bytes:
    return xlsx_table({"上半年": (HEADER, *ROWS[:2]), "下半年": (HEADER, ROWS[2]), "Sheet3": ()})


def parquet_table() -> bytes:
    import pyarrow
    from pyarrow import parquet

    out = io.BytesIO()
    parquet.write_table(pyarrow.Table.from_pylist(objects()), out)
    return out.getvalue()


# --- archives


def zip_archive(files: dict[str, bytes] | None = None, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in (FILES if files is None else files).items():
            archive.writestr(name, data)
    return out.getvalue()


def gbk_named_zip(files: dict[str, bytes] | None = None) -> bytes:
    """As Windows packs it: names in the code page of the system, without the flag for UTF-8."""
    files = FILES if files is None else files
    marks = {chr(65 + number) * len(name.encode("gbk")): name.encode("gbk") for number, name in enumerate(files)}
    data = zip_archive(dict(zip(marks, files.values(), strict=True)))
    for mark, name in marks.items():
        data = data.replace(mark.encode(), name)
    return data


def tar_archive(files: dict[str, bytes] | None = None, mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in (FILES if files is None else files).items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def nested_archive() -> bytes:
    return zip_archive(
        {"2022.zip": zip_archive(), "2023.tar.gz": tar_archive(mode="w:gz"), "说明.txt": ARTICLE.encode()}
    )


# --- web archives


def warc(compressed: bool = True) -> bytes:
    """A page, its request, a picture, a page that is missing, a plain text sent in chunks and packed, a resource."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    out = io.BytesIO()
    writer = WARCWriter(out, gzip=compressed)

    def add(url: str, kind: str, status: str, content_type: str, body: bytes, **headers: str) -> None:
        http = [("Content-Type", content_type), *((name.replace("_", "-"), value) for name, value in headers.items())]
        head = StatusAndHeaders(status, http, protocol="HTTP/1.1")
        record = writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(body),
            http_headers=head,
            warc_headers_dict={"WARC-Date": "2023-03-08T01:00:00Z"},
        )
        writer.write_record(record)

    writer.write_record(writer.create_warcinfo_record("made.warc", {"software": "made"}))
    add("http://www.example.cn/1.html", "response", "200 OK", "text/html; charset=UTF-8", PAGE.encode())
    writer.write_record(
        writer.create_warc_record(
            "http://www.example.cn/1.html",
            "request",
            http_headers=StatusAndHeaders("GET /1.html HTTP/1.1", [("Host", "www.example.cn")], is_http_request=True),
        )
    )
    add("http://www.example.cn/1.png", "response", "200 OK", "image/png", b"\x89PNG")
    add("http://www.example.cn/2.html", "response", "404 Not Found", "text/html", PAGE.encode())
    add(
        "http://www.example.cn/3.txt",
        "response",
        "200 OK",
        "text/plain; charset=gbk",
        chunked(gzip.compress(ARTICLE.encode("gbk"))),
        Transfer_Encoding="chunked",
        Content_Encoding="gzip",
    )
    writer.write_record(
        writer.create_warc_record(
            "http://www.example.cn/4.pdf",
            "resource",
            payload=io.BytesIO(b"%PDF-1.4 "),
            warc_content_type="application/pdf",
        )
    )
    return out.getvalue()


def chunked(body: bytes) -> bytes:
    half = len(body) // 2
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:half], body[half:], b""))


# --- damage


def cut(data: bytes, share: float = 0.6) -> bytes:
    return data[: int(len(data) * share)]


def flip(data: bytes, mark: bytes, after: int) -> bytes:
    """The data with one bit changed so many bytes behind a mark."""
    at = data.index(mark) + len(mark) + after
    return data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]


def wrong_checksum() -> bytes:
    """A stored member of which a letter is not the one that was packed."""
    name, data = next(iter(FILES.items()))
    return zip_archive({name: data, "好.txt": data}, zipfile.ZIP_STORED).replace("46户".encode(), "47户".encode(), 1)


def encrypted_zip() -> bytes:
    """The flag alone: no reader comes further without the password."""
    data = bytearray(zip_archive({"密.txt": ARTICLE.encode()}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def unsafe_names() -> bytes:
    return zip_archive(
        {name: ARTICLE.encode() for name in ("../../上.txt", "/根.txt", "C:\\盘.txt", "a/../a/\x07b.txt", "A/B.txt")}
    )


def unsafe_tar() -> bytes:
    """Names that lead out, a link to a system's file, a device."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, kind in (
            ("../../上.txt", tarfile.REGTYPE),
            ("链.txt", tarfile.SYMTYPE),
            ("硬.txt", tarfile.LNKTYPE),
            ("设备", tarfile.CHRTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            info.size = len(ARTICLE.encode()) if kind == tarfile.REGTYPE else 0
            archive.addfile(info, io.BytesIO(ARTICLE.encode()) if info.size else None)
    return out.getvalue()


def zeros(size: int) -> Iterable[bytes]:
    block = bytes(1 << 20)
    for _ in range(size >> 20):
        yield block


def gz_of_zeros(size: int = 1 << 30) -> bytes:
    """A gigabyte of zeros; a longer one repeats the member."""
    engine = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(engine.compress(block) for block in zeros(min(size, 64 << 20))) + engine.flush()


def long_gz_of_zeros(size: int = 10 << 30) -> bytes:
    return gz_of_zeros(64 << 20) * (size // (64 << 20))


def zip_of_zeros(size: int = 512 << 20) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("好.txt", ARTICLE)
        with archive.open("零.txt", "w") as member:
            for block in zeros(size):
                member.write(block)
    return out.getvalue()


def overlapping_zip(count: int = 200) -> bytes:
    """Many names for the same bytes, as in a zip bomb without nesting."""
    body = zlib.compress("侨".encode() * 200_000, 9)[2:-4]
    check = zlib.crc32("侨".encode() * 200_000)
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 0, check, len(body), 600_000, 5, 0) + b"a.txt" + body
    entry = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 0, check, len(body), 600_000, 5, 0, 0, 0, 0, 0, 0)
    directory = (entry + b"a.txt") * count
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, count, count, len(directory), len(local), 0)
    return local + directory + end


def deep_zip(depth: int = 12) -> bytes:
    data = zip_archive()
    for _ in range(depth):
        data = zip_archive({"内.zip": data})
    return data


def wide_csv(width: int = 16_384) -> bytes:
    return csv_table([[""] * (width - 1) + [TEXTS[0]]], [f"c{number}" for number in range(width - 1)] + ["正文"])


def empty_rows(count: int = 100_000) -> bytes:
    return csv_table([*ROWS, *([("",) * len(HEADER)] * count)])


def far_cell() -> bytes:
    """A workbook whose last cell stands in the last row and column that a sheet has."""
    data = xlsx_table()
    return rewritten(
        data,
        "xl/worksheets/sheet1.xml",
        b"</sheetData>",
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>',
    )


def rewritten(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """A zip with something else in one of its members."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {info.filename: archive.read(info) for info in archive.infolist()}
    assert old in files[name]
    return zip_archive({**files, name: files[name].replace(old, new)})


def open_quote() -> bytes:
    return csv_table().replace("侨企座谈会召开".encode(), '"侨企座谈会召开'.encode())


def broken_line() -> bytes:
    first, second, third, _ = jsonl_table().split(b"\n")
    return b"\n".join((first, second[:-9], third, b""))


def broken_record(compressed: bool) -> bytes:
    """A web archive of which the second record is damaged."""
    data = warc(compressed)
    return flip(data, b"\x1f\x8b\x08", 400) if compressed else data.replace(b"WARC-Type: response", b"WARC-Typ\0", 1)


FORMATS: dict[str, Callable[[], bytes]] = {
    "表格.csv": csv_table,
    "表格-国标.csv": lambda: csv_table(codec="gb18030"),
    "表格-标记.csv": lambda: csv_table(codec="utf-8-sig"),
    "表格-双字节.csv": lambda: csv_table(codec="utf-16"),
    "表格-分号.csv": lambda: csv_table(delimiter=";"),
    "表格.tsv": lambda: csv_table(delimiter="\t"),
    "表格.jsonl": jsonl_table,
    "表格.json": json_table,
    "表格-导出.json": wrapped_json,
    "表格.xlsx": xlsx_table,
    "表格-题头.xlsx": titled_workbook,
    "表格-多表.xlsx": many_sheets,
    "表格.parquet": parquet_table,
    "压缩包.zip": zip_archive,
    "压缩包-国标.zip": gbk_named_zip,
    "压缩包.tar": tar_archive,
    "压缩包.tar.gz": lambda: tar_archive(mode="w:gz"),
    "压缩包.tar.bz2": lambda: tar_archive(mode="w:bz2"),
    "压缩包.tar.xz": lambda: tar_archive(mode="w:xz"),
    "简报.txt.gz": lambda: gzip.compress(ARTICLE.encode()),
    "简报.txt.bz2": lambda: bz2.compress(ARTICLE.encode()),
    "简报.txt.xz": lambda: lzma.compress(ARTICLE.encode()),
    "压缩包-嵌套.zip": nested_archive,
    "网页.warc": lambda: warc(False),
    "网页.warc.gz": warc,
}
DAMAGES: dict[str, Callable[[], bytes]] = {
    "空.csv": lambda: b"",
    "只有表头.csv": lambda: csv_table([]),
    "无正文列.csv": lambda: csv_table([("1", "甲"), ("2", "乙")], ("编号", "姓名")),
    "正文为空.csv": lambda: csv_table([(*ROWS[0][:-1], ""), ROWS[1]]),
    "坏字节.csv": lambda: csv_table().replace("走访".encode(), b"\xff\xfe\xfd"),
    "引号未闭合.csv": open_quote,
    "列数不符.csv": lambda: csv_table([(*ROWS[0], "多"), ROWS[1][:3], ROWS[2]]),
    "零字节.csv": lambda: csv_table().replace("走访".encode(), "走\0访".encode()),
    "过宽.csv": wide_csv,
    "空行.csv": empty_rows,
    "坏行.jsonl": broken_line,
    "截断.json": lambda: cut(json_table()),
    "截断.xlsx": lambda: cut(xlsx_table()),
    "远格.xlsx": far_cell,
    "截断.parquet": lambda: cut(parquet_table()),
    "坏.parquet": lambda: b"PAR1" + bytes(400) + b"PAR1",
    "截断.zip": lambda: cut(zip_archive(LONG), 0.5),
    "校验错.zip": wrong_checksum,
    "加密.zip": encrypted_zip,
    "路径.zip": unsafe_names,
    "路径.tar": unsafe_tar,
    "炸弹.zip": zip_of_zeros,
    "重叠.zip": overlapping_zip,
    "深.zip": deep_zip,
    "截断.tar": lambda: cut(tar_archive(LONG), 0.5),
    "坏头.tar": lambda: flip(tar_archive(LONG), b"2.txt", 143),
    "截断.tar.gz": lambda: cut(tar_archive(LONG, mode="w:gz")),
    "炸弹.txt.gz": lambda: long_gz_of_zeros(1 << 30),
    "截断.txt.gz": lambda: cut(gzip.compress(LONG["1.txt"])),
    "没有解压.7z": lambda: b"7z\xbc\xaf\x27\x1c" + bytes(64),
    "没有解压.rar": lambda: b"Rar!\x1a\x07\x01\x00" + bytes(64),
    "截断.warc.gz": lambda: cut(warc(), 0.5),
    "坏.warc": lambda: broken_record(False),
    "坏.warc.gz": lambda: broken_record(True),
}
