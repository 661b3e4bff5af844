"""The one command, for real: started, stopped, killed, started again."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent.parent
pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]


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


def test_it_serves_refuses_a_second_start_and_stops_whole(stack: Stack) -> None:
    launcher = stack.start()
    stack.wait_until_served(launcher)
    assert "password" in stack.log.read_text()
    second = stack.start("--port", "1")
    assert second.wait(timeout=30) != 0
    assert "already runs" in stack.log.read_text()
    launcher.send_signal(signal.SIGINT)
    time.sleep(0.3)
    launcher.send_signal(signal.SIGINT)  # impatience changes nothing
    assert launcher.wait(timeout=60) == 0
    assert "Traceback" not in stack.log.read_text()
    stack.wait_until_gone()


def test_a_taken_port_is_said(stack: Stack) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", stack.port))
        taken.listen()
        assert stack.start().wait(timeout=30) != 0
    assert f"Port {stack.port} is taken" in stack.log.read_text()
    assert "Traceback" not in stack.log.read_text()


def test_killed_in_mid_reading_nothing_is_lost_and_the_work_is_done_once(stack: Stack) -> None:
    launcher = stack.start()
    stack.wait_until_served(launcher)
    texts = [
        f"Le ministre malien des Affaires étrangères, Abdou Keïta, effectue une visite à Dakar, au Sénégal, "
        f"du {number} au {number + 1} mars."
        for number in range(1, 21)
    ]
    for number, text in enumerate(texts):
        path = stack.data.parent / f"{number}.txt"
        path.write_text(text, encoding="utf-8")
    files = [str(stack.data.parent / f"{number}.txt") for number in range(len(texts))]
    stack.manage("receive", "--published", "2023-02-07", *files)
    launcher.kill()
    launcher.wait(timeout=10)
    stack.wait_until_gone()
    again = stack.start()
    stack.wait_until_served(again)
    count = (
        "from diplomacy.models import CommuniqueVersion, Proposal, ReadingJob; "
        "done = ReadingJob.objects.filter(state='done').count(); "
        "print('FOUND', done, Proposal.objects.count(), CommuniqueVersion.objects.count())"
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        found = stack.manage("shell", "-v", "0", "-c", count)
        if "FOUND 20 20 20" in found:
            break
        time.sleep(3)
    assert "FOUND 20 20 20" in found
    again.send_signal(signal.SIGTERM)
    again.wait(timeout=60)
    stack.wait_until_gone()


def test_a_worker_killed_in_mid_task_leaves_the_work_to_be_done_once(stack: Stack) -> None:
    launcher = stack.start()
    stack.wait_until_served(launcher)
    path = stack.data.parent / "long.txt"
    news = (
        "Le ministre malien des Affaires étrangères, Abdou Keïta, effectue une visite à Dakar, au Sénégal, le 9 mars.\n"
    )
    path.write_text(news + "Les deux pays ont des relations anciennes et suivies. " * 7000, encoding="utf-8")
    stack.manage("receive", "--published", "2023-02-07", str(path))
    job = "SELECT state, attempts FROM diplomacy_readingjob"
    killed = _until(stack, job, lambda row: row[0] == "running")
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            mine = f"AGENDA_TEST_MARK={stack.data}".encode() in (folder / "environ").read_bytes()
            is_worker = b"\0agenda\0worker" in (folder / "cmdline").read_bytes()
        except OSError:
            continue  # it ended while we looked
        if mine and is_worker:
            os.kill(int(folder.name), signal.SIGKILL)
    assert killed == ("running", 1)
    done = _until(stack, job, lambda row: row[0] == "done")
    assert done == ("done", 2)
    assert _row(stack, "SELECT count(*) FROM diplomacy_extraction") == (1,)
    assert _row(stack, "SELECT count(*) FROM diplomacy_proposal") == (1,)
    launcher.send_signal(signal.SIGINT)
    launcher.wait(timeout=60)


def _row(stack: Stack, query: str) -> tuple[object, ...]:
    address = stack.environment.get("DATABASE_URL")
    if address:
        with psycopg.connect(address) as server:
            return tuple(server.execute(query).fetchone() or ("none",))
    with closing(sqlite3.connect(stack.data / "agenda.sqlite3", timeout=20)) as connection:
        return tuple(connection.execute(query).fetchone() or ("none",))


def _until(stack: Stack, query: str, wanted: Callable[[tuple[object, ...]], bool]) -> tuple[object, ...]:
    deadline = time.monotonic() + 110
    while time.monotonic() < deadline:
        row = _row(stack, query)
        if wanted(row):
            return row
        time.sleep(0.05)
    pytest.fail(f"{query}: still {row}\n{stack.log.read_text()[-2000:]}")
