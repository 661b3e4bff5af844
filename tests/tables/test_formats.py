"""Tables as CSV and XLSX: read back as written, formulas defused, hostile files refused."""

from __future__ import annotations

import csv
import io
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diplomacy.tables import TableError, TableFormat, joined, parted, read_table, write_table
from diplomacy.tables.formats import MOST_ROWS, armed, defused

FORMULAS = ["=1+1", "+33 1 23", "-5", "@SUM(A1)", "\t=1", "＝1", '=HYPERLINK("http://evil.example")', "'=1", "'x"]
FORMATS = list(TableFormat)


@pytest.mark.parametrize("form", FORMATS)
def test_what_is_written_is_read_back(form: TableFormat) -> None:
    rows = [{"a": text, "b": "é; | \n “ß” 大"} for text in [*FORMULAS, "2023-02-07", "007"]]
    assert [dict(row.cells) for row in read_table(write_table(("a", "b"), rows, form))] == rows


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_an_export_begins_a_formula(text: str) -> None:
    written = write_table(("a",), [{"a": text}], TableFormat.CSV).decode("utf-8-sig")
    (_head, (cell,)) = csv.reader(io.StringIO(written, newline=""))
    assert cell.startswith("'")
    book = openpyxl.load_workbook(io.BytesIO(write_table(("a",), [{"a": text}], TableFormat.XLSX)))
    found = book.worksheets[0]["A2"]
    assert (found.data_type, found.value[0]) == ("s", "'")


@given(st.text())
def test_defusing_is_undone_by_reading_and_leaves_no_formula(text: str) -> None:
    assert armed(defused(text)) == text
    assert not defused(text).startswith(("=", "+", "-", "@"))


@given(st.lists(st.lists(st.text(), min_size=1, max_size=3), max_size=4))
def test_several_things_in_one_cell(things: list[list[str]]) -> None:
    said = [[part.strip() for part in thing] for thing in things]
    expected = []
    for thing in said:
        while len(thing) > 1 and not thing[-1]:
            thing = thing[:-1]
        expected += [thing] if any(thing) else []
    assert parted(joined(said)) == expected


def test_a_semicolon_separates_where_the_head_says_so() -> None:
    (row,) = read_table(b"Name;Country\nAna Prado;BR\n;\n")
    assert (row.number, row["name"], row["country"], row["nothing"]) == (2, "Ana Prado", "BR", "")


def test_days_typed_in_a_spreadsheet_are_days() -> None:
    import datetime as dt

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["start", "number"])
    sheet.append([dt.datetime(2023, 2, 7), 3.0])  # noqa: DTZ001  a cell has no zone
    out = io.BytesIO()
    book.save(out)
    (row,) = read_table(out.getvalue())
    assert (row["start"], row["number"]) == ("2023-02-07", "3")


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 60_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "trouble"),
    [
        (b"", "no_head"),
        (b"a,a\n1,2\n", "no_head"),
        (b"\xff\xfe\x00", "damaged"),
        (b"PK\x03\x04nonsense", "damaged"),
        (b'a\n"unclosed', "damaged"),
        (b"a\n" + b"x\n" * (MOST_ROWS + 1), "too_large"),
        (b"a\n" + b"x" * 2_000_001, "too_large"),
        (_bomb(), "too_large"),
    ],
    ids=["empty", "column twice", "no text", "no zip", "quote", "rows", "bytes", "bomb"],
)
def test_what_is_no_table_is_refused(content: bytes, trouble: str) -> None:
    with pytest.raises(TableError) as found:
        read_table(content)
    assert found.value.trouble.value == trouble
