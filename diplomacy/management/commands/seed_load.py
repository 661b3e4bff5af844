"""Fill a database with a load to measure with."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from diplomacy.communiques.seeding import load


class Command(BaseCommand):
    """`manage.py seed_load --visits 100000`: the same rows for the same seed number and day."""

    help = "Fill an empty database with made-up visits, items and proposals to measure with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many visits, which seed number, and the day that is today in the load."""
        parser.add_argument("--visits", type=int, default=1000, metavar="N")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--today", type=dt.date.fromisoformat, default=dt.date(2026, 1, 1), metavar="YYYY-MM-DD")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the load and say how far it is."""
        written = 0
        try:
            for written in load(
                options["visits"], seed=options["seed"], today=options["today"], domain=settings.AGENDA_DOMAIN
            ):
                if written % 10_000 == 0:
                    self.stdout.write(f"{written} visits")
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{written} visits written")
