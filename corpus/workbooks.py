"""Workbooks (xlsx) and parquet files in, a document for each of their rows out; nothing is held whole but shared strings."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, cast

from .document import Document, failed
from .errors import one_line
from .limits import LimitError, Limits
from .table_rows import Columns, NoTextError, Row, TableReader, documents_of, documents_under_header

_SHEET_MARKS = re.compile(r"[\\/:*?\[\]#!]|[^\S ]")


# --- xlsx


def _read_xlsx(file: BinaryIO, read_as: str, columns: Columns, limits: Limits) -> Iterator[Document]:
    import warnings

    from openpyxl import load_workbook

    _refuse_large(file, limits)
    warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
    book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    taken: set[str] = set()
    without: list[Document] = []  # sheets without a text, which are told where no sheet has one
    told = False
    for sheet in sheets:
        prefix = _sheet_prefix(sheet.title, taken) if len(sheets) > 1 else ""
        try:
            for document in documents_under_header(_sheet_rows(sheet, limits), prefix, read_as, columns, limits):
                told = True
                yield document
        except (LimitError, MemoryError):
            raise
        except NoTextError as error:
            without.append(failed(str(error), read_as, prefix.removesuffix("!")))
        except Exception as error:  # a broken sheet; the others may be whole
            message = f"the sheet is broken, what follows is not read: {one_line(error)} (工作表损坏，其后未读)"
            yield failed(message, read_as, prefix.removesuffix("!"))
    yield from () if told else without


def _sheet_prefix(title: str, taken: set[str]) -> str:
    """What stands before the row numbers of a sheet: harmless in a path, and of this sheet alone."""
    plain = free = _SHEET_MARKS.sub("_", title)[:60] or "_"
    number = 2
    while free in taken:
        free, number = f"{plain}~{number}", number + 1
    taken.add(free)
    return f"#{free}!"


def _refuse_large(file: BinaryIO, limits: Limits) -> None:
    """Refuse a workbook that would not fit: shared strings and styles are held in memory, sheets are streamed."""
    from zipfile import ZipFile

    with ZipFile(file) as archive:
        sizes = {info.filename: info.file_size for info in archive.infolist()}
    held = sum(size for name, size in sizes.items() if "worksheets/" not in name and "media/" not in name)
    if sum(sizes.values()) > limits.unpacked:
        raise LimitError("unpacked", f"a workbook of {sum(sizes.values())} bytes unpacked")
    if held > limits.memory // 4:
        raise LimitError("memory", f"a workbook with {held} bytes of shared strings")


def _sheet_rows(sheet: Any, limits: Limits) -> Iterator[Row]:
    """The rows of a sheet; what it says of its own size is not believed, what one row may hold is bounded."""
    sheet.reset_dimensions()
    opened, guards = sheet._get_source, list[_RowGuard]()

    def guarded() -> _RowGuard:
        guards.append(_RowGuard(opened(), limits))
        return guards[-1]

    sheet._get_source = guarded
    for cells in sheet.iter_rows(values_only=True):
        guards[-1].begin()
        yield Row(cells)


class _RowGuard(io.RawIOBase):
    """The XML of a sheet, as long as no row of it asks for too much."""

    def __init__(self, stream: BinaryIO, limits: Limits) -> None:
        self._stream, self._limits = stream, limits
        self._bytes = self._tags = 0

    def begin(self) -> None:
        """A row begins."""
        self._bytes = self._tags = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._bytes += len(data)
        self._tags += data.count(b"<")
        if self._bytes > max(4 * self._limits.text, 1 << 18):
            raise LimitError("text", f"a row of more than {self._bytes} bytes")
        if self._tags > 8 * self._limits.cells + (1 << 20):
            raise LimitError("cells", f"a row of more than {self._tags // 8} cells")
        return data

    def close(self) -> None:
        self._stream.close()
        super().close()


# --- parquet


def _read_parquet(file: BinaryIO, read_as: str, columns: Columns, limits: Limits) -> Iterator[Document]:
    try:
        from pyarrow.parquet import ParquetFile
    except ImportError:
        yield failed("parquet needs pyarrow: pip install 'jianbao[parquet]' (请先安装 pyarrow)", read_as)
        return
    table = ParquetFile(file, pre_buffer=False, buffer_size=1 << 20)
    header = list(table.schema_arrow.names)
    if len(header) > limits.cells:
        raise LimitError("cells", f"a table of {len(header)} columns")
    _refuse_unfolding(table.metadata, limits)
    yield from documents_of(header, _parquet_rows(table), "", read_as, columns, limits)


def _refuse_unfolding(metadata: Any, limits: Limits) -> None:
    """Refuse a table of which a column unfolds to more than its size warrants."""
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        chunks = (group.column(place) for place in range(group.num_columns))
        for size, packed in ((chunk.total_uncompressed_size, chunk.total_compressed_size) for chunk in chunks):
            if size > limits.ratio * max(packed, 1 << 20):
                raise LimitError("ratio", f"a column of {size} bytes in {packed}")


def _parquet_rows(table: Any) -> Iterator[Row]:
    for batch in table.iter_batches(batch_size=64, use_threads=False):
        columns = [_values(column) for column in batch.columns]
        for cells in zip(*columns, strict=True):
            yield Row(cells)


def _values(column: Any) -> list[object]:
    """The cells of a column as Python values; times to the microsecond, what has no such value is None."""
    import pyarrow

    try:
        if pyarrow.types.is_timestamp(column.type):
            column = column.cast(pyarrow.timestamp("us", column.type.tz), safe=False)
        return cast("list[object]", column.to_pylist())
    except (ValueError, OverflowError, ImportError):  # years beyond 9999, an unknown time zone
        return [None] * len(column)


READERS: Mapping[str, TableReader] = {"xlsx": _read_xlsx, "parquet": _read_parquet}
