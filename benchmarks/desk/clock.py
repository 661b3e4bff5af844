"""The processor time of an answer: Python's and the database's, so that others at work on the machine count little."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Measured:
    """An answer at one size: how many queries it asks, and its processor time in ms."""

    queries: int
    median_ms: float
    worst_ms: float
    database_ms: float  # the database's part, on average


def database_seconds() -> float:
    """The processor time of the database's process for this connection so far, which asks nobody for help (see
    `measure.run`).
    """
    fields = Path(f"/proc/{_backend()}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _backend() -> int:
    connection.ensure_connection()
    raw = connection.connection
    return int(raw.info.backend_pid)
