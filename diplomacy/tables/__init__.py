"""Tables in and out (CSV, XLSX): rows of named texts, whatever they are of. No Django, no database."""

from diplomacy.tables.formats import (
    MOST_ROWS,
    TableError,
    TableFormat,
    TableTrouble,
    read_table,
    write_table,
)
from diplomacy.tables.outcome import RowOutcome, Verdict
from diplomacy.tables.rows import Row, joined, parted

__all__ = [
    "MOST_ROWS",
    "Row",
    "RowOutcome",
    "TableError",
    "TableFormat",
    "TableTrouble",
    "Verdict",
    "joined",
    "parted",
    "read_table",
    "write_table",
]
