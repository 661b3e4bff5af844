"""Receive communiqués from files or standard input."""

from __future__ import annotations

import datetime as dt
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from diplomacy.communiques.intake import Arrival, RefusedError, receive
from diplomacy.communiques.models import Source, SourceKind


class Command(BaseCommand):
    """`manage.py receive --published 2023-02-07 FILE…` (- for standard input)."""

    help = "Keep text files as communiqués and have them read."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Files, and the day they were published."""
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--published", type=dt.date.fromisoformat, metavar="YYYY-MM-DD")
        parser.add_argument("--language", default="")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Receive each file; what is refused is said and the others still received."""
        source, _made = Source.objects.get_or_create(slug="desk", defaults={"name": "Desk", "kind": SourceKind.DESK})
        refused = 0
        for name in options["files"]:
            try:
                original = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
                arrival = Arrival(
                    original=original,
                    received_at=timezone.now(),
                    filename="" if name == "-" else Path(name).name,
                    published_on=options["published"],
                    language=options["language"],
                )
                receipt = receive(arrival, source)
            except (OSError, RefusedError) as error:
                refused += 1
                self.stderr.write(f"{name}: {error}")
            else:
                self.stdout.write(f"{name}: {'known already' if receipt.is_repeat else 'received'}")
        if refused:
            raise CommandError(f"{refused} of {len(options['files'])} not received.")
