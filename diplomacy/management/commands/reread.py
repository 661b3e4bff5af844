"""Read again, with the present parser, what was read before."""

from __future__ import annotations

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from diplomacy import parsing
from diplomacy.communiques.rereading import Counts, queue_all, reread_all, try_all


class Command(BaseCommand):
    """`manage.py reread --since 2023-02-07 [--dry-run | --inline]`."""

    help = "Have texts that an earlier parser read be read again; only what is read otherwise is proposed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The day (UTC) from which on texts were received, and by whom they are read."""
        parser.add_argument("--since", type=dt.date.fromisoformat, required=True, metavar="YYYY-MM-DD")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--dry-run", action="store_true", help="count what would differ, keep nothing")
        how.add_argument("--inline", action="store_true", help="read here and now instead of by the worker")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read or queue, and say how many."""
        since = dt.datetime.combine(options["since"], dt.time.min, tzinfo=dt.UTC)
        if options["dry_run"]:
            self._say(try_all(since), "would be proposed")
        elif options["inline"]:
            self._say(reread_all(since, now=timezone.now()), "proposed")
        else:
            counts = queue_all(since, now=timezone.now())
            self.stdout.write(f"Parser {parsing.PARSER_VERSION}: {counts.looked_at} queued to be read again.")

    def _say(self, counts: Counts, what: str) -> None:
        self.stdout.write(
            f"Parser {parsing.PARSER_VERSION}: {counts.looked_at} read again, {counts.same} say the same, "
            f"{counts.other} something else ({counts.proposals} {what}), {counts.failed} could not be read."
        )
