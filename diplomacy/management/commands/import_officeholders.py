"""Take office-holders of a file into the directory."""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from diplomacy.directory.officeholder_files import UnreadableFileError, read_file
from diplomacy.directory.officeholders import LEFT_OVER, Outcome, Taken, import_holders
from diplomacy.tables.formats import defused


class Command(BaseCommand):
    """`manage.py import_officeholders FILE [--dry-run]`."""

    help = "Take office-holders of a Wikidata query result or a CSV into the directory; --dry-run says who changes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and whether it is only to be looked at."""
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say who changes and since when; write nothing")
        parser.add_argument("--source", default="", help="where it is from; else the name of the file")
        parser.add_argument(
            "--left-over", type=Path, metavar="CSV", help="write the rows that were not taken, each with its reason"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Each row with what became of it; those that can be taken are, whatever becomes of the others."""
        file: Path = options["file"]
        try:
            rows = list(read_file(file.read_bytes()))
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except UnreadableFileError as error:
            raise CommandError(f"{file}: {error}") from error
        found = import_holders(
            rows, source=options["source"] or file.name, now=timezone.now(), dry_run=options["dry_run"]
        )
        for outcome in found:
            if outcome.taken is not Taken.SAME:
                self.stdout.write(_line(outcome))
        left = [outcome for outcome in found if outcome.taken in LEFT_OVER]
        if options["left_over"]:
            _write(options["left_over"], left)
        counts = Counter(outcome.taken for outcome in found)
        said = ", ".join(f"{counts[taken]} {taken}" for taken in Taken)
        self.stdout.write(f"{len(found)} rows: {said}." + (" Nothing was written." if options["dry_run"] else ""))
        if counts[Taken.BAD]:
            raise CommandError(f"{counts[Taken.BAD]} of {len(found)} rows could not be read; the others stand.")


def _line(outcome: Outcome) -> str:
    said = f"{outcome.taken:8} {outcome.place}: {outcome.said}"
    if outcome.taken is Taken.BAD:
        said += " | " + ", ".join(f"{name}={value}" for name, value in outcome.raw.items() if value)
    return said


def _write(path: Path, left: list[Outcome]) -> None:
    """The rows as they were, with where they stood and why they were not taken: corrected, they can be imported."""
    names = list(dict.fromkeys(name for outcome in left for name in outcome.raw))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [*names, "left_over", "left_over_because"], restval="")
        writer.writeheader()
        for outcome in left:
            cells = {**outcome.raw, "left_over": outcome.place, "left_over_because": outcome.said}
            writer.writerow({name: defused(cell) for name, cell in cells.items()})
