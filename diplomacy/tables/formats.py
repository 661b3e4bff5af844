"""CSV and XLSX as rows of texts, and back.

A cell that a spreadsheet would take for a formula is written with an apostrophe before it, which reading takes away
again: what is written is read back as it was, and nothing that a source said is ever run.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

import openpyxl
from lxml.etree import LxmlError
from openpyxl.utils.exceptions import InvalidFileException

from diplomacy.documents.limits import MOST_MEMBERS
from diplomacy.tables.rows import Row

MOST_BYTES = 2_000_000  # of a file
MOST_ROWS = 2_000
_MOST_UNPACKED = 40_000_000  # bytes of all members of an .xlsx
_MOST_COLUMNS = 60
_MOST_CELL = 10_000  # code points
# What spreadsheets take for the start of a formula, or skip before one.
_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class TableFormat(StrEnum):
    """How a table is written."""

    CSV = "csv"
    XLSX = "xlsx"


class TableTrouble(StrEnum):
    """Why a file is no table that can be read."""

    TOO_LARGE = "too_large"
    DAMAGED = "damaged"
    NO_HEAD = "no_head"


class TableError(ValueError):
    """Raised for a file that cannot be read as a table."""

    def __init__(self, trouble: TableTrouble) -> None:
        super().__init__(trouble.value)
        self.trouble = trouble


def write_table(columns: Sequence[str], rows: Iterable[Mapping[str, str]], form: TableFormat) -> bytes:
    """A table with a head; cells that are not given are empty."""
    lines = ([defused(row.get(column, "")) for column in columns] for row in rows)
    return _csv(columns, lines) if form is TableFormat.CSV else _xlsx(columns, lines)


def read_table(content: bytes) -> list[Row]:
    """The rows under the head that are not empty. The format is told by the first bytes.

    Raises TableError.
    """
    if len(content) > MOST_BYTES:
        raise TableError(TableTrouble.TOO_LARGE)
    lines = _read_xlsx(content) if content.startswith(b"PK\x03\x04") else _read_csv(content)
    head: list[str] = []
    rows = []
    for number, line in enumerate(lines, start=1):
        if number > MOST_ROWS + 1 or len(line) > _MOST_COLUMNS or any(len(cell) > _MOST_CELL for cell in line):
            raise TableError(TableTrouble.TOO_LARGE)
        if not head:
            head = [cell.strip().lower() for cell in line]
            if not any(head) or len(set(filter(None, head))) < len(list(filter(None, head))):
                raise TableError(TableTrouble.NO_HEAD)
        elif any(cell.strip() for cell in line):
            rows.append(Row(number, {name: armed(cell) for name, cell in zip(head, line, strict=False) if name}))
    if not head:
        raise TableError(TableTrouble.NO_HEAD)
    return rows


def defused(cell: str) -> str:
    """The cell as it may be written: no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith((*_STARTS, "'")) else cell


def armed(cell: str) -> str:
    """The cell that `defused` wrote, as it was."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith((*_STARTS, "'")) else cell


def _csv(columns: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    """With the mark by which Excel knows UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(lines)
    return text.getvalue().encode("utf-8-sig")


def _xlsx(columns: Sequence[str], lines: Iterable[Sequence[str]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in (columns, *lines):
        sheet.append([openpyxl.cell.WriteOnlyCell(sheet, value=_without_controls(cell)) for cell in line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _without_controls(cell: str) -> str:
    """An .xlsx cannot hold control characters."""
    return "".join(sign for sign in cell if sign >= " " or sign in "\t\n")


def _read_csv(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableError(TableTrouble.DAMAGED) from error
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise TableError(TableTrouble.DAMAGED) from error


def _read_xlsx(content: bytes) -> Iterator[list[str]]:
    """The first sheet. Formulas are read as what they came to last, never run."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > _MOST_UNPACKED:
                raise TableError(TableTrouble.TOO_LARGE)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for line in sheet.iter_rows(values_only=True, max_col=_MOST_COLUMNS + 1):
            yield _without_empty_end([_text(value) for value in line])
    except (
        zipfile.BadZipFile,
        InvalidFileException,
        LxmlError,
        KeyError,
        ValueError,
        IndexError,
        SyntaxError,
    ) as error:
        if isinstance(error, TableError):
            raise
        raise TableError(TableTrouble.DAMAGED) from error


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(timespec="minutes")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _without_empty_end(line: list[str]) -> list[str]:
    while line and not line[-1]:
        line.pop()
    return line
