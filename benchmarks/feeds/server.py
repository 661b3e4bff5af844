"""The diary's web server as it runs in production: one gunicorn process with eight threads."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.feeds.load import Connection


def free_port() -> int:
    """A port nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def gunicorn(python: str, application: str, environment: dict[str, str], path: str) -> Iterator[tuple[int, int]]:
    """Serve a WSGI application while the block runs; yields its port and the process that answers."""
    port = free_port()
    command = [python, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread",
               "--workers", "1", "--threads", "8", "--log-level", "error", "--timeout", "600"]  # fmt: skip
    process = subprocess.Popen(command, env={**os.environ, **environment}, stderr=subprocess.DEVNULL)
    try:
        _wait(port, path, process)
        yield port, _worker_of(process.pid)
    finally:
        process.terminate()
        process.wait(timeout=120)


@contextmanager
def valkey(data: Path) -> Iterator[dict[str, str]]:
    """A Valkey of the benchmark's own, as the variables that lead to it."""
    from agenda.environment import socket_path
    from agenda.stack import valkey as embedded

    process = subprocess.Popen(embedded.command(data), stdout=subprocess.DEVNULL)
    try:
        embedded.wait_until_ready(data)
        yield {"REDIS_SOCKET": str(socket_path(data))}
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            connection = Connection(port)
            connection.get(path)
            connection.close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise TimeoutError("the server did not start")


def _worker_of(parent: int) -> int:
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text(encoding="ascii").split()
    return int(children[0])


def peak_megabytes(pid: int) -> float:
    """The most memory a process has held so far, in MB (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise LookupError("no peak is told")


def own_python() -> str:
    """The interpreter that runs the benchmark."""
    return sys.executable
