"""Makes files of every format and every damage: bytes of Word, ODF, EPUB, RTF and PDF files, sound, locked, broken or bombs."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from html import escape
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

TITLE = "侨务工作简报"
PARAGRAPHS = (
    "侨务工作简报",
    "今年以来，全市侨联系统走访归侨侨眷1,200余户，合力捐赠近4万元，举办“侨法宣传”活动36场，参加群众5800人次。",
    "截至11月底，引进侨资企业12家，到位资金2.35亿元，同比增长8.6%。",
)
ROWS = (("县区", "走访侨眷（户）", "捐款（万元）"), ("甲县", "1,200", "35.6"), ("乙区", "460", "7.05"))
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
Table = Sequence[Sequence[str]]


def packed(parts: Mapping[str, bytes | str]) -> bytes:
    """A zip of parts, `mimetype` first and stored as ODF and EPUB want it."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part, ZIP_STORED if name == "mimetype" else ZIP_DEFLATED)
    return file.getvalue()


# Word


def word_body(inner: str, title: str = "", extra: Mapping[str, bytes | str] | None = None) -> bytes:
    """A .docx whose body is given as WordprocessingML."""
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Target='
        '"word/document.xml" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>'
        "</Relationships>"
    )
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/word/document.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    core = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>作者</dc:creator><dcterms:created>2001-01-01T00:00:00Z</dcterms:created>"
        "</cp:coreProperties>"
    )
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": _DECLARED + types,
        "_rels/.rels": _DECLARED + relations,
        "word/document.xml": f"{_DECLARED}<w:document {_W}><w:body>{inner}<w:sectPr/></w:body></w:document>",
        "docProps/core.xml": _DECLARED + core,
    }
    return packed(parts | dict(extra or {}))


def word_paragraph(text: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def word_table(rows: Table) -> str:
    width = '<w:tcPr><w:tcW w:w="2800" w:type="dxa"/></w:tcPr>'
    cells = ("".join(f"<w:tc>{width}{word_paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    columns = '<w:gridCol w:w="2800"/>' * len(rows[0])
    grid = f"<w:tblGrid>{columns}</w:tblGrid>"
    return f"<w:tbl><w:tblPr/>{grid}{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def docx(paragraphs: Sequence[str] = PARAGRAPHS, rows: Table = (), title: str = "") -> bytes:
    """A .docx of paragraphs, a table behind them where rows are given."""
    return word_body(
        "".join(map(word_paragraph, paragraphs)) + (word_table(rows) + word_paragraph("") if rows else ""), title
    )


def docx_with_external_link() -> bytes:
    """A .docx that asks for a picture and a template from elsewhere."""
    space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r9" '
        f'Type="{space}/image" Target="http://127.0.0.1:9/picture.png" TargetMode="External"/><Relationship Id="r8" '
        f'Type="{space}/attachedTemplate" Target="http://127.0.0.1:9/t.dotm" TargetMode="External"/></Relationships>'
    )
    return word_body("".join(map(word_paragraph, PARAGRAPHS)), extra={"word/_rels/document.xml.rels": links})


def docx_bomb(size: int = 300 << 20) -> bytes:
    """A .docx of some hundred kilobytes whose main part unfolds to so many bytes."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive, archive.open("word/document.xml", "w", force_zip64=True) as part:
        part.write(f"<w:document {_W}><w:body><w:p><w:r><w:t>".encode())
        for _ in range(size >> 20):
            part.write(b" " * (1 << 20))
        part.write(b"</w:t></w:r></w:p></w:body></w:document>")
    return file.getvalue()


def docx_with_entities() -> bytes:
    """A .docx whose main part declares entities that unfold to a billion letters."""
    declared = '<!ENTITY a0 "侨">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    part = (
        f"<!DOCTYPE d [{declared}]><w:document {_W}><w:body><w:p><w:r><w:t>&a9;</w:t></w:r></w:p></w:body></w:document>"
    )
    return packed({"word/document.xml": part})


def docx_without_main_part() -> bytes:
    return packed({"docProps/app.xml": "<Properties/>"})


def docx_of_broken_xml() -> bytes:
    """A .docx whose main part breaks off behind its paragraphs."""
    part = f"<w:document {_W}><w:body>{''.join(map(word_paragraph, PARAGRAPHS))}<w:p><w:r"
    return packed({"word/document.xml": part})


def docx_of_pictures() -> bytes:
    return word_body("<w:p><w:r><w:drawing/></w:r></w:p>")


def docx_encrypted() -> bytes:
    """What Word writes with a password: a compound file that holds an encrypted package (its first sector and names)."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1016) + "EncryptedPackage".encode("utf-16-le") + bytes(992)


# RTF


def rtf(paragraphs: Sequence[str] = PARAGRAPHS, rows: Table = ()) -> bytes:
    """An RTF file as Chinese programs write it: code page 936, letters as pairs of bytes."""
    text = "".join(f"\\pard {_pairs(paragraph)}\\par\n" for paragraph in paragraphs)
    table = "".join(
        "\\trowd " + "".join(f"\\pard\\intbl {_pairs(cell)}\\cell " for cell in row) + "\\row\n" for row in rows
    )
    fonts = "{\\fonttbl{\\f0\\fnil\\fcharset134 " + _pairs("宋体") + ";}}"
    return ("{\\rtf1\\ansi\\ansicpg936\\deff0" + fonts + "\\f0 " + text + table + "}").encode("ascii")


def _pairs(text: str) -> str:
    return "".join(
        f"\\'{byte:02x}" if byte > 127 or chr(byte) in "\\{}" else chr(byte) for byte in text.encode("gb18030")
    )


def rtf_of_units(paragraphs: Sequence[str] = PARAGRAPHS) -> bytes:
    """An RTF file as Western programs write it: numbers of UTF-16 units with a question mark to fall back on."""
    text = "".join("".join(map(_unit, paragraph)) + "\\par " for paragraph in paragraphs)
    return ("{\\rtf1\\ansi\\ansicpg1252\\uc1 " + text + "}").encode("ascii")


def _unit(letter: str) -> str:
    if letter.isascii():
        return letter
    data = letter.encode("utf-16-le")
    units = (int.from_bytes(data[at : at + 2], "little", signed=True) for at in range(0, len(data), 2))
    return "".join(f"\\u{unit}?" for unit in units)


# ODF and EPUB


def odt(paragraphs: Sequence[str] = PARAGRAPHS, rows: Table = (), title: str = "", manifest: str = "") -> bytes:
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "table", "manifest")
    )
    cells = (
        "".join(f"<table:table-cell><text:p>{escape(cell)}</text:p></table:table-cell>" for cell in row) for row in rows
    )
    table = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
    text = "".join(f"<text:p>{escape(paragraph)}</text:p>" for paragraph in paragraphs)
    columns = f'<table:table-column table:number-columns-repeated="{len(rows[0])}"/>' if rows else ""
    inner = text + (f"<table:table>{columns}{table}</table:table>" if rows else "")
    body = f"<office:body><office:text>{inner}</office:text></office:body>"
    kind = "application/vnd.oasis.opendocument.text"
    entries = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{of}"/>'
        for path, of in (("/", kind), ("content.xml", "text/xml"), ("meta.xml", "text/xml"))
    )
    meta = f'<dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">{escape(title)}</dc:title>'
    return packed(
        {
            "mimetype": kind,
            "content.xml": f"<office:document-content {spaces}>{body}</office:document-content>",
            "meta.xml": f"<office:document-meta {spaces}>{meta}</office:document-meta>",
            "META-INF/manifest.xml": f"<manifest:manifest {spaces}>{manifest or entries}</manifest:manifest>",
        }
    )


def odt_encrypted() -> bytes:
    entry = '<manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry>'
    return odt(("乱码",), manifest=entry)


def epub(
    chapters: Sequence[Sequence[str]] = (PARAGRAPHS[:2], PARAGRAPHS[2:]), metadata: str = "", locked: str = ""
) -> bytes:
    """An EPUB whose chapters stand in the package in reverse order; the spine puts them right."""
    items = "".join(
        f'<item id="c{n}" href="c%20{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    book = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:opf="http://www.idpf.org/2007/opf" version="2.0">'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">{metadata}</metadata>'
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    parts: dict[str, bytes | str] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
        "OEBPS/book.opf": book,
    }
    for number, paragraphs in reversed(list(enumerate(chapters))):
        text = "".join(f"<p>{escape(paragraph)}</p>\n" for paragraph in paragraphs)
        parts[f"OEBPS/c {number}.xhtml"] = (
            '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x'
            f"</title><style>p {{}}</style></head><body>{text}</body></html>"
        )
    if locked:
        cipher = f'<e:EncryptedData><e:CipherData><e:CipherReference URI="{locked}"/></e:CipherData></e:EncryptedData>'
        parts["META-INF/encryption.xml"] = (
            f'<encryption xmlns:e="http://www.w3.org/2001/04/xmlenc#">{cipher}</encryption>'
        )
    return packed(parts)


# PDF

WIDTH, HEIGHT, SIZE, MARGIN = 595, 842, 12, 78
COLUMN = 36
_FONT = (
    "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType0/"
    "BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/DW 1000/FontDescriptor<</Type/"
    "FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/"
    "CapHeight 880/StemV 93>>>>]>>"
)


def _objects(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of objects, the first of which is the catalogue."""
    data, places = bytearray(b"%PDF-1.5\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(data)


def _stream(content: bytes, entries: bytes = b"") -> bytes:
    packed_content = zlib.compress(content)
    return b"<</Length %d/Filter/FlateDecode%b>>stream\n%b\nendstream" % (len(packed_content), entries, packed_content)


def printed(text: str, left: float, bottom: float, size: float = SIZE) -> str:
    """The operators that print a line; every letter is as wide as it is high."""
    return f"BT /F1 {size} Tf {left} {bottom} Td <{text.encode('utf-16-be').hex()}> Tj ET\n"


def printed_in_two(text: str, left: float, bottom: float, late: str = "“”", size: float = SIZE) -> str:
    """The operators that print a line with a hole for each of some letters, and then these, as for letters of another font."""
    first = "".join(" -1000 " if letter in late else f"<{letter.encode('utf-16-be').hex()}>" for letter in text)
    second = "".join(f"<{letter.encode('utf-16-be').hex()}>" if letter in late else " -1000 " for letter in text)
    return "".join(f"BT /F1 {size} Tf {left} {bottom} Td [{shown}] TJ ET\n" for shown in (first, second))


def pdf_of_pages(contents: Sequence[str], title: str = "", rotate: int = 0) -> bytes:
    """A PDF whose pages are given as operators, in a Chinese font that is not embedded, with a picture /P1 to show."""
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(contents)))
    turned = f"/Rotate {rotate}" if rotate else ""
    marks = b"\xfe\xff" + title.encode("utf-16-be")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(contents)}/Kids[{kids}]/MediaBox[0 0 {WIDTH} {HEIGHT}]{turned}"
        f"/Resources<</Font<</F1 {_FONT}>>/XObject<</P1 3 0 R>>>>>>".encode(),
        _stream(
            bytes(64 * 64), b"/Type/XObject/Subtype/Image/Width 64/Height 64/ColorSpace/DeviceGray/BitsPerComponent 8"
        ),
        b"<</Title<%b>/CreationDate(D:20010101000000)>>" % marks.hex().encode(),
    ]
    for number, content in enumerate(contents):
        objects += [b"<</Type/Page/Parent 2 0 R/Contents %d 0 R>>" % (6 + 2 * number), _stream(content.encode("ascii"))]
    return _objects(objects, b"/Info 4 0 R")


def set_lines(paragraphs: Sequence[str], width: int = COLUMN) -> list[tuple[str, int]]:
    """Paragraphs broken into lines of a number of letters, the first of each two letters in; each with its indent."""
    lines: list[tuple[str, int]] = []
    for paragraph in paragraphs:
        lines.append((paragraph[: width - 2], 2))
        lines += [(paragraph[at : at + width], 0) for at in range(width - 2, len(paragraph), width)]
    return lines


def pdf(paragraphs: Sequence[str] = PARAGRAPHS, *, lines_a_page: int = 38, header: str = "", title: str = "") -> bytes:
    """A PDF of paragraphs in one column, its pages numbered; a running head where one is given."""
    lines = set_lines(paragraphs)
    pages = [lines[at : at + lines_a_page] for at in range(0, len(lines), lines_a_page)]
    contents = []
    for number, page in enumerate(pages, 1):
        content = printed(header, MARGIN, HEIGHT - 40, 9) if header else ""
        for row, (text, indent) in enumerate(page):
            content += printed(text, MARGIN + indent * SIZE, HEIGHT - 90 - row * 18)
        contents.append(content + printed(f"— {number} —", WIDTH / 2 - 20, 30, 9))
    return pdf_of_pages(contents, title)


_PICTURE = f"q {WIDTH} 0 0 {HEIGHT} 0 0 cm /P1 Do Q\n"


def scanned_pdf(pages: int = 2) -> bytes:
    """A PDF whose pages are pictures."""
    return pdf_of_pages([_PICTURE] * pages)


def partly_scanned_pdf() -> bytes:
    """A PDF of three pages, the second of which is a picture."""
    text = [printed(paragraph, MARGIN, 700) for paragraph in ("走访侨眷30户。", "捐款4万元。")]
    return pdf_of_pages([text[0], _PICTURE, text[1]])


def empty_pdf() -> bytes:
    return pdf_of_pages([""])


def encrypted_pdf(password: str = "secret", data: bytes = b"") -> bytes:
    """A PDF that wants a password to be opened; an empty one where only printing and changing are forbidden."""
    from pypdf import PdfReader, PdfWriter

    writer, file = PdfWriter(PdfReader(BytesIO(data or pdf()))), BytesIO()
    writer.encrypt(password, "owner", algorithm="RC4-128")
    writer.write(file)
    return file.getvalue()


def pdf_of_many_pages(pages: int = 6000) -> bytes:
    return pdf_of_pages([""] * pages)


def pdf_that_loops() -> bytes:
    """A PDF whose tree of pages holds itself."""
    return _objects([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 3/Kids[2 0 R 2 0 R 2 0 R]>>"])


def cut(data: bytes) -> bytes:
    """The first half of a file."""
    return data[: len(data) // 2]


# What a folder of every format holds: file name -> what makes it.
FORMATS: Mapping[str, Callable[[], bytes]] = {
    "word.docx": docx,
    "pairs.rtf": rtf,
    "units.rtf": rtf_of_units,
    "open.odt": odt,
    "book.epub": epub,
    "printed.pdf": pdf,
    "linked.docx": docx_with_external_link,
    "owned.pdf": lambda: encrypted_pdf(""),
}
# What a folder of every damage holds: file name -> what makes it, and the status that its article has.
DAMAGES: Mapping[str, tuple[Callable[[], bytes], str]] = {
    "bomb.docx": (docx_bomb, "failed"),
    "entities.docx": (docx_with_entities, "failed"),
    "headless.docx": (docx_without_main_part, "failed"),
    "broken.docx": (docx_of_broken_xml, "partial"),
    "pictures.docx": (docx_of_pictures, "failed"),
    "locked.docx": (docx_encrypted, "failed"),
    "cut.docx": (lambda: cut(docx()), "failed"),
    "cut.odt": (lambda: cut(odt()), "failed"),
    "cut.epub": (lambda: cut(epub()), "failed"),
    "cut.rtf": (lambda: cut(rtf()), "partial"),
    "locked.odt": (odt_encrypted, "failed"),
    "locked.epub": (lambda: epub(locked="OEBPS/c 0.xhtml"), "failed"),
    "scan.pdf": (scanned_pdf, "failed"),
    "half.pdf": (partly_scanned_pdf, "partial"),
    "empty.pdf": (empty_pdf, "failed"),
    "locked.pdf": (encrypted_pdf, "failed"),
    "long.pdf": (pdf_of_many_pages, "failed"),
    "loop.pdf": (pdf_that_loops, "failed"),
    "cut.pdf": (lambda: pdf()[:200], "failed"),
}
