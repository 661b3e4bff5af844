"""How fast one change leaves to many webhooks, and whether reading waits for it.

    .venv/bin/python -m benchmarks.webhooks [--hooks 1000]

On a PostgreSQL (Debian's programs) and a Valkey of its own: two senders and one worker that reads, as `./run` starts
them, and a receiver on loopback without TLS. Printed: seconds until the last delivery, the senders' processor time, and
how long texts take to be read with nothing else to do and while everything leaves. The exit status is 1 where a target
is missed.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.reading.clocks import machine
from tests.postgresql import Server, programs


@contextmanager
def broker(folder: Path) -> Iterator[Path]:
    """A Valkey of its own; its socket."""
    from agenda.environment import socket_path
    from agenda.stack import valkey

    server = subprocess.Popen(valkey.command(folder), stdout=subprocess.DEVNULL)
    try:
        valkey.wait_until_ready(folder)
        yield socket_path(folder)
    finally:
        server.terminate()
        server.wait(timeout=10)


def main() -> int:
    """Make the diary and its workers, let one change leave, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hooks", type=int, default=1000, metavar="N", help="how many webhooks hear of the change")
    options = parser.parse_args()
    found = programs()
    if found is None:
        print("Install PostgreSQL's server programs: the targets are for it.", file=sys.stderr)
        return 2
    server = Server(found)
    try:
        server.start()
        with tempfile.TemporaryDirectory(prefix="agenda-benchmark-") as folder, broker(Path(folder)) as socket:
            os.environ.update(
                DATABASE_URL=server.address, AGENDA_DATA=folder, AGENDA_MODE="diary",
                DJANGO_SETTINGS_MODULE="agenda.settings", REDIS_SOCKET=str(socket),
            )  # fmt: skip
            import django

            django.setup()
            from benchmarks.webhooks.measure import run

            print(f"{machine()}; Python {platform.python_version()}; load {os.getloadavg()[0]:.1f}\n", flush=True)
            return run(options.hooks, Path(folder))
    finally:
        server.stop()
        server.remove()


if __name__ == "__main__":
    sys.exit(main())
