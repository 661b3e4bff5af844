"""How fast a heap of communiqués is stored and read by the set-up that `./run --empty` starts.

    .venv/bin/python -m benchmarks.intake [--documents 1000] [--faults]

Mixed files (text, PDF, Word, HTML, mail), made of the project's own annotated texts, each different
from the others, are received at once, with one worker process. Halfway through the reading the
worker is killed (kill -9) and started again. Printed: when all were stored, when all were read, and what was stored
twice, lost, or failed. The exit status is 1 where a target is missed or anything was lost.

With --faults two workers read on Debian's PostgreSQL and a Valkey, and everything fails in turn: see `faults`.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from benchmarks.intake import faults
from benchmarks.reading.clocks import machine
from tests.postgresql import programs

ROOT = Path(__file__).resolve().parent.parent.parent
STORED_WITHIN, READ_WITHIN = 30.0, 180.0  # seconds, for 1,000 documents on two idle cores
RECOVERED_WITHIN = 90.0  # more, counted from the last fault
DAY = dt.date(2026, 3, 2)


def files(count: int) -> Iterator[tuple[str, bytes]]:
    """Names and contents: of ten files six are text, the others one each of PDF, Word, HTML and mail."""
    from tests.documents import files as make

    paths = sorted((ROOT / "tests" / "corpus" / "documents").glob("*.json"))
    texts = [json.loads(path.read_text(encoding="utf-8"))["text"] for path in paths]
    for number in range(count):
        text = f"Référence {number}\n\n{texts[number % len(texts)]}"
        kind = number % 10
        if kind == 6:
            plain = text.encode("latin-1", "replace").decode("latin-1")
            lines = [line[at : at + 90] for line in plain.split("\n") for at in range(0, len(line) or 1, 90)]
            yield f"{number}.pdf", make.pdf(*(lines[at : at + 50] for at in range(0, len(lines), 50)))
        elif kind == 7:
            yield f"{number}.docx", make.word(*text.split("\n"))
        elif kind == 8:
            paragraphs = "".join(f"<p>{line}</p>" for line in text.split("\n"))
            yield f"{number}.html", f"<!doctype html><html><body><main>{paragraphs}</main></body></html>".encode()
        elif kind == 9:
            yield f"{number}.eml", make.mail(text, Message_ID=f"<{number}@heap.example>")
        else:
            yield f"{number}.txt", text.encode()


class Diary:
    """The embedded set-up on a folder of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.environment = {**os.environ, "AGENDA_MODE": "diary", "AGENDA_DATA": str(data)}
        self.environment.pop("DATABASE_URL", None)
        self.environment["PORT"] = str(_free_port())

    def start(self) -> subprocess.Popen[bytes]:
        """Start it and wait until it serves."""
        log = (self.data.parent / "log").open("ab")
        with log:
            process = subprocess.Popen([sys.executable, "manage.py", "stack"], cwd=ROOT, env=self.environment,
                                       stdout=log, stderr=log)  # fmt: skip
        _wait(lambda: "Agenda is ready" in (self.data.parent / "log").read_text(), 120)
        return process

    def ask(self, question: str) -> int:
        """A number out of the database."""
        with closing(sqlite3.connect(self.data / "agenda.sqlite3", timeout=30)) as connection:
            found: int = connection.execute(question).fetchone()[0]
            return found

    def receive(self, folder: Path) -> float:
        """Have all files of a folder received, by the command that a mail server can pipe into; seconds it took."""
        names = sorted(str(path) for path in folder.iterdir())
        started = time.monotonic()
        subprocess.run(
            [sys.executable, "manage.py", "receive", "--published", DAY.isoformat(), *names], cwd=ROOT, check=True,
            env={**self.environment, "REDIS_SOCKET": str(self.data / "valkey.sock")}, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        return time.monotonic() - started

    def worker(self) -> int:
        """The process that reads: the youngest of the worker's."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
                mine = str(self.data).encode() in (folder / "environ").read_bytes()
            except OSError:
                continue  # it ended while we looked
            if mine and b"worker" in words:
                found.append(int(folder.name))
        return min(found)


def _free_port() -> int:
    from benchmarks.feeds.server import free_port

    return free_port()


def _wait(until: Callable[[], bool], seconds: float) -> float:
    started = time.monotonic()
    while not until():
        if time.monotonic() - started > seconds:
            raise SystemExit(f"not within {seconds:.0f} s")
        time.sleep(0.2)
    return time.monotonic() - started


def main() -> int:
    """Drop, wait, kill, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--faults", action="store_true", help="two workers on PostgreSQL, everything fails in turn")
    options = parser.parse_args()
    count: int = options.documents
    print(f"{machine()}; Python {platform.python_version()}\n", flush=True)
    return _with_faults(count) if options.faults else _embedded(count)


def _with_faults(count: int) -> int:
    bin_folder = programs()
    if bin_folder is None:
        print("SKIPPED: Debian's PostgreSQL is not installed")
        return 0
    with faults.diary(bin_folder) as diary:
        report = faults.run(dict(files(count)), diary, published=DAY.isoformat(), away=10.0, patience=1200)
    last = report.times.pop("after the last fault")
    print(f"| {count} documents, two workers | after | still to read | target |\n| --- | ---: | ---: | ---: |")
    for what, seconds in report.times.items():
        target = f"{STORED_WITHIN:.0f} s" if what == "stored" else ""
        print(f"| {what} | {seconds:.1f} s | {report.left.get(what, '')} | {target} |")
    print(f"| after the last fault | {last:.1f} s | | {READ_WITHIN + RECOVERED_WITHIN:.0f} s |")
    print(f"\nof {count}: {report.counts}")
    in_time = report.times["stored"] <= STORED_WITHIN and last <= READ_WITHIN + RECOVERED_WITHIN
    return 0 if report.is_whole(count) and in_time else 1


def _embedded(count: int) -> int:
    with tempfile.TemporaryDirectory(prefix="agenda-benchmark-") as folder:
        diary = Diary(Path(folder) / "data")
        diary.data.mkdir()
        process = diary.start()
        try:
            heap = Path(folder) / "heap"
            heap.mkdir()
            print(f"| {count} documents | took | target |\n| --- | ---: | ---: |", flush=True)
            return _measure(diary, heap, count)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


def _measure(diary: Diary, folder: Path, count: int) -> int:
    for name, content in files(count):
        (folder / name).write_bytes(content)
    started = time.monotonic()
    storing = diary.receive(folder)
    print(f"| stored | {storing:.1f} s | {STORED_WITHIN:.0f} s |", flush=True)
    done = "SELECT count(*) FROM diplomacy_readingjob WHERE state = 'done'"
    _wait(lambda: diary.ask(done) >= count // 2, 1200)
    os.kill(diary.worker(), signal.SIGKILL)
    still_open = "SELECT count(*) FROM diplomacy_readingjob WHERE state NOT IN ('done', 'parked')"
    _wait(lambda: diary.ask(still_open) == 0, 1200)
    reading = time.monotonic() - started
    print(f"| read, the worker killed halfway | {reading:.1f} s | {READ_WITHIN:.0f} s |", flush=True)
    counts = {
        "versions": diary.ask("SELECT count(*) FROM diplomacy_communiqueversion"),
        "read": diary.ask(done),
        "readings": diary.ask("SELECT count(*) FROM diplomacy_extraction"),
        "failed": diary.ask("SELECT count(*) FROM diplomacy_communique WHERE state = 'failed'"),
    }
    print(f"\nof {count}: {counts}")
    whole = counts["versions"] == counts["read"] == counts["readings"] == count
    return 0 if whole and storing <= STORED_WITHIN and reading <= READ_WITHIN else 1


if __name__ == "__main__":
    sys.exit(main())
