"""A diary of its own for each test that asks for one."""

from __future__ import annotations

import os
import signal
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.stack.running import Stack


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    """On the embedded database, or on a new one of the PostgreSQL that DATABASE_URL leads to."""
    stack = Stack(tmp_path / "data")
    server = os.environ.get("DATABASE_URL")
    if server:
        name = f"stack_{uuid.uuid4().hex}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        stack.environment["DATABASE_URL"] = server.replace("/postgres?", f"/{name}?")
    yield stack
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            mine = f"AGENDA_TEST_MARK={stack.data}".encode() in (folder / "environ").read_bytes()
        except OSError:
            continue  # it ended while we looked
        if mine:
            os.kill(int(folder.name), signal.SIGKILL)
