"""How fast calendars are made and answered, beside peers, printed as Markdown with the machine and the versions.

.venv/bin/python -m benchmarks.feeds [--sizes 100,1000,10000,100000] [--feeds 10000] [--without-radicale]

On SQLite and an embedded Valkey in a temporary folder, or on the database that DATABASE_URL names (an empty one).
Compare ratios, not the figures of two machines. The exit status is 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from pathlib import Path


def main() -> int:
    """Prepare a diary of its own and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="100,1000,10000,100000", help="how many entries, with commas")
    parser.add_argument("--feeds", type=int, default=10_000, help="how many private feeds")
    parser.add_argument("--without-radicale", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="agenda-benchmark-") as folder:
        os.environ.update(
            AGENDA_MODE="diary", AGENDA_DATA=folder, DJANGO_SETTINGS_MODULE="benchmarks.feeds.settings",
            AGENDA_BASE_URL="https://diary.example.org", AGENDA_DOMAIN="diary.example.org",
        )  # fmt: skip
        from benchmarks.feeds.server import valkey

        with valkey(Path(folder)) as services:
            os.environ.update(services)
            import django

            django.setup()
            from benchmarks.feeds import measure
            from benchmarks.reading.clocks import machine

            print(f"{machine()}; Python {platform.python_version()}\n", flush=True)
            sizes = [int(size) for size in options.sizes.split(",")]
            return measure.run(Path(folder), sizes, options.feeds, with_radicale=not options.without_radicale)


if __name__ == "__main__":
    sys.exit(main())
