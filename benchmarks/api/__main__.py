"""How fast the API answers readers of a large diary, and whether that grows with it.

    .venv/bin/python -m benchmarks.api [--visits 10000]

On a PostgreSQL of its own (Debian's programs) with `seed_load`'s visits: measured with a tenth of them, then with all.
Printed for each question: its queries, and the processor time of the answer, Python's and the database's together,
median and p95 of the runs; so others at work on the machine count little. The exit status is 1 where a target is
missed.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile

from benchmarks.reading.clocks import machine
from tests.postgresql import Server, programs


def main() -> int:
    """Make the diary, measure it at both sizes, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visits", type=int, default=10_000, metavar="N", help="how many in the full size")
    options = parser.parse_args()
    found = programs()
    if found is None:
        print("Install PostgreSQL's server programs: the targets are for it.", file=sys.stderr)
        return 2
    server = Server(found)
    try:
        server.start()
        with tempfile.TemporaryDirectory(prefix="agenda-benchmark-") as folder:
            os.environ.update(
                DATABASE_URL=server.address, AGENDA_DATA=folder, AGENDA_MODE="diary",
                DJANGO_SETTINGS_MODULE="tests.settings",
            )  # fmt: skip
            import django

            django.setup()
            from benchmarks.api.measure import run

            print(f"{machine()}; Python {platform.python_version()}\n", flush=True)
            return run([max(options.visits // 10, 1), options.visits])
    finally:
        server.stop()
        server.remove()


if __name__ == "__main__":
    sys.exit(main())
