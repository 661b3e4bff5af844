"""A heap of communiqués, read by two workers on PostgreSQL and Valkey while one after the other of these fails.

During the reading each worker is killed (kill -9), Valkey is killed and starts with an empty memory, and PostgreSQL is
stopped for some seconds; meanwhile everything is sent a second time, by a sender who cannot know. Nothing may be lost,
nothing may be there twice.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from agenda.environment import socket_path
from agenda.stack import valkey
from tests.postgresql import Server

ROOT = Path(__file__).resolve().parent.parent.parent
_UNSET = {"REDIS_URL", "REDIS_SOCKET", "DATABASE_URL", "DJANGO_SETTINGS_MODULE"}
_OPEN = "SELECT count(*) FROM diplomacy_readingjob WHERE state NOT IN ('done', 'parked')"
_DONE = "SELECT count(*) FROM diplomacy_readingjob WHERE state = 'done'"
# Every visit and every item without a visit of each reading is one proposal.
_SAID = """SELECT coalesce(sum(jsonb_array_length(reading->'visits') + jsonb_array_length(reading->'items')), 0)
FROM diplomacy_extraction"""
_COUNTS = {
    "versions": "SELECT count(*) FROM diplomacy_communiqueversion",
    "different": "SELECT count(DISTINCT sha256) FROM diplomacy_communiqueversion",
    "read": "SELECT count(*) FROM diplomacy_communique WHERE state = 'read'",
    "readings": "SELECT count(*) FROM diplomacy_extraction",
    "said": _SAID,
    "proposals": "SELECT count(*) FROM diplomacy_proposal",
    "proposed places": "SELECT count(DISTINCT (extraction_id, path)) FROM diplomacy_proposal",
}


class TooSlowError(RuntimeError):
    """Raised where something has not come about in time; says what, with the last lines of the workers."""


@dataclass(slots=True)
class Report:
    """What happened when (seconds since the workers started) and what is in the database at the end; `left` is how
    many texts were still to be read when each fault struck.
    """

    times: dict[str, float] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def is_whole(self, count: int) -> bool:
        """Whether each of so many communiqués is stored once, read once, and proposed once."""
        once = ("versions", "different", "read", "readings")
        is_proposed_once = self.counts["said"] == self.counts["proposals"] == self.counts["proposed places"] > 0
        return all(self.counts[name] == count for name in once) and is_proposed_once


class Diary:
    """Two workers, the scheduler and Valkey on a folder of their own, with the settings as shipped, on a database."""

    def __init__(self, folder: Path, database: Server) -> None:
        self.database = database
        self.data = folder / "data"
        self.data.mkdir()
        self._log = folder / "log"
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        kept = {name: value for name, value in os.environ.items() if name not in _UNSET}
        self.environment = {
            **kept, "AGENDA_MODE": "diary", "AGENDA_DATA": str(self.data), "DATABASE_URL": database.address,
            "REDIS_SOCKET": str(socket_path(self.data)),
        }  # fmt: skip
        celery = [sys.executable, "-m", "celery", "--quiet", "-A", "agenda"]
        worker = [*celery, "worker", "--concurrency", "1", "--loglevel", "WARNING", "--without-gossip", "-n"]
        schedule = str(self.data / "beat")
        self._commands = {
            "valkey": valkey.command(self.data),
            "first worker": [*worker, "first@%h"],
            "second worker": [*worker, "second@%h"],
            "beat": [*celery, "beat", "--loglevel", "WARNING", "--schedule", schedule, "--pidfile="],
        }

    def start(self, name: str) -> None:
        """Start one of its processes, in a group of its own."""
        with self._log.open("ab") as log:
            self._running[name] = subprocess.Popen(
                self._commands[name], cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        if name == "valkey":
            valkey.wait_until_ready(self.data, patience=60)

    def kill(self, name: str) -> None:
        """kill -9, with everything it started."""
        process = self._running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def wipe_valkey(self) -> None:
        """Kill Valkey and start it with nothing in its memory."""
        self.kill("valkey")
        shutil.rmtree(self.data / "appendonlydir")
        self.start("valkey")

    def stop(self) -> None:
        """Kill whatever runs."""
        for name in list(self._running):
            self.kill(name)

    def manage(self, *command: str) -> None:
        """Run a command of manage.py; raises CalledProcessError."""
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=self.environment, check=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def ask(self, question: str) -> int:
        """A number out of the database."""
        with psycopg.connect(self.database.address) as connection:
            row = connection.execute(question).fetchone()
            assert row is not None
            return int(row[0])

    def wait(self, until: Callable[[], bool], what: str, *, patience: float) -> None:
        """Wait for something to come about, and start again what ended by itself, as a service manager would.

        Raises TooSlowError.
        """
        deadline = time.monotonic() + patience
        while not until():
            if time.monotonic() > deadline:
                raise TooSlowError(f"{what}: not within {patience:.0f} s\n{self._log.read_text()[-3000:]}")
            for name in [name for name, process in self._running.items() if process.poll() is not None]:
                self.kill_rest(name)
                self.start(name)
            time.sleep(0.05)

    def kill_rest(self, name: str) -> None:
        """End what a process that ended has left behind."""
        process = self._running.pop(name)
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


@contextmanager
def diary(bin_folder: Path) -> Iterator[Diary]:
    """A diary on a PostgreSQL of its own, migrated, with Valkey running and nobody to read yet."""
    database = Server(bin_folder)
    database.start()
    try:
        with tempfile.TemporaryDirectory(prefix="agenda-faults-") as folder:
            made = Diary(Path(folder), database)
            try:
                made.start("valkey")
                made.manage("migrate", "--verbosity", "0")
                yield made
            finally:
                made.stop()
    finally:
        database.stop()
        database.remove()


def run(files: Mapping[str, bytes], made: Diary, *, published: str, away: float, patience: float) -> Report:
    """Store the files, have them read, and let everything fail in turn; PostgreSQL is away for so many seconds.

    Raises TooSlowError.
    """
    report = Report()
    heap = made.data.parent / "heap"
    heap.mkdir()
    for name, content in files.items():
        (heap / name).write_bytes(content)
    names = sorted(str(path) for path in heap.iterdir())
    begun = time.monotonic()
    made.manage("receive", "--published", published, *names)
    report.times["stored"] = time.monotonic() - begun
    begun = time.monotonic()
    for name in ("first worker", "second worker", "beat"):
        made.start(name)

    def fail(what: str, share: float, fault: Callable[[], None]) -> None:
        wanted = int(len(files) * share)
        made.wait(lambda: made.ask(_DONE) >= wanted, what, patience=patience)
        report.left[what] = made.ask(_OPEN)
        fault()
        report.times[what] = time.monotonic() - begun

    fail("first worker killed", 0.1, lambda: _restart(made, "first worker"))
    fail("second worker killed", 0.3, lambda: _restart(made, "second worker"))
    fail("Valkey wiped", 0.5, made.wipe_valkey)
    fail("PostgreSQL stopped", 0.6, lambda: _stop_for(made.database, away))
    last = time.monotonic()
    made.manage("receive", "--published", published, *names)
    made.wait(lambda: made.ask(_OPEN) == 0, "all read", patience=patience)
    report.times["all read"] = time.monotonic() - begun
    report.times["after the last fault"] = time.monotonic() - last
    report.counts = {name: made.ask(question) for name, question in _COUNTS.items()}
    return report


def _restart(made: Diary, name: str) -> None:
    made.kill(name)
    made.start(name)


def _stop_for(database: Server, seconds: float) -> None:
    database.stop()
    time.sleep(seconds)  # the fault itself
    database.start()
