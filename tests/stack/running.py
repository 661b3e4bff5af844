"""A diary that runs for a test: started, asked, and its processes found."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


class Stack:
    """`manage.py stack` on a data folder of its own."""

    def __init__(self, data: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.data = data
        self.log = data.with_suffix(".log")
        unset = {"REDIS_URL", "REDIS_SOCKET", "DJANGO_SETTINGS_MODULE"}
        kept = {name: value for name, value in os.environ.items() if name not in unset}
        self.environment = {
            **kept, "AGENDA_MODE": "diary", "AGENDA_DATA": str(data), "PORT": str(self.port),
            "AGENDA_TEST_MARK": str(data),
        }  # fmt: skip

    def start(self, *extra: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            command = [sys.executable, "manage.py", "stack", *extra]
            return subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)

    def wait_until_served(self, launcher: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            assert launcher.poll() is None, self.log.read_text()
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=5).close()
            except (urllib.error.URLError, OSError):
                time.sleep(0.3)
            else:
                if "Agenda is ready" in self.log.read_text():
                    return
        pytest.fail(self.log.read_text())

    def manage(self, *command: str, feed: str = "") -> str:
        environment = {**self.environment, "REDIS_SOCKET": str(self.data / "valkey.sock")}
        done = subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, input=feed, text=True,
            capture_output=True, check=True,
        )  # fmt: skip
        return done.stdout

    def processes(self) -> list[str]:
        """Processes that were started by this stack and still run."""
        found = []
        mark = f"AGENDA_TEST_MARK={self.data}".encode()
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if (
                    mark in (folder / "environ").read_bytes()
                    and b"Z" not in (folder / "stat").read_bytes().split()[2:3]
                ):
                    found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:
                continue  # it ended while we looked
        return found

    def wait_until_gone(self) -> None:
        deadline = time.monotonic() + 40
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.3)
        assert self.processes() == []


def row_of(stack: Stack, query: str) -> tuple[object, ...]:
    address = stack.environment.get("DATABASE_URL")
    if address:
        with psycopg.connect(address) as server:
            return tuple(server.execute(query).fetchone() or ("none",))
    with closing(sqlite3.connect(stack.data / "agenda.sqlite3", timeout=20)) as connection:
        return tuple(connection.execute(query).fetchone() or ("none",))


def until(stack: Stack, query: str, wanted: Callable[[tuple[object, ...]], bool]) -> tuple[object, ...]:
    deadline = time.monotonic() + 110
    while time.monotonic() < deadline:
        row = row_of(stack, query)
        if wanted(row):
            return row
        time.sleep(0.05)
    pytest.fail(f"{query}: still {row}\n{stack.log.read_text()[-2000:]}")
