"""Load the samples of the demonstration through the real intake, and publish some of them."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from diplomacy.communiques import review
from diplomacy.communiques.drafts import DraftError
from diplomacy.communiques.intake import Arrival, receive
from diplomacy.communiques.models import JobState, Proposal, ProposalState, ReadingJob, Source, SourceKind
from diplomacy.communiques.samples import Sample, samples
from diplomacy.visits.acts import Act

PATIENCE = 60.0


class Command(BaseCommand):
    """`manage.py load_samples`: once a data folder; later calls change nothing."""

    help = "Load the demonstration's samples; the worker reads them."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Receive in order, wait for the worker, publish what is marked so."""
        if not settings.AGENDA_DEMO:
            raise CommandError("Samples are for the demonstration alone (AGENDA_MODE=demo).")
        source, _made = Source.objects.get_or_create(
            slug="samples", defaults={"name": "Samples", "kind": SourceKind.SAMPLE}
        )
        if source.communiques.exists():
            self.stdout.write("The samples are here already.")
            return
        now = timezone.now()
        for sample in samples(settings.BASE_DIR / "samples", now.date()):
            self._load(sample, source)
        self.stdout.write("Samples loaded: some published, some waiting at the desk.")

    def _load(self, sample: Sample, source: Source) -> None:
        now = timezone.now()
        arrival = Arrival(
            original=sample.text.encode(),
            received_at=now,
            published_on=now.date(),
            language=sample.language,
            identity=sample.name,
            filename=f"{sample.name}.txt",
        )
        version = receive(arrival, source).version
        if not sample.is_published:
            return
        _wait_until_read(version.pk)
        for proposal in Proposal.objects.filter(extraction__version=version, state=ProposalState.WAITING):
            try:
                review.accept(proposal, Act(now=timezone.now(), reason="demonstration"), publish=True)
            except (DraftError, ValidationError) as error:
                self.stderr.write(f"{sample.name}: waits at the desk ({error})")


def _wait_until_read(version_id: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if not ReadingJob.objects.filter(version_id=version_id).exclude(state=JobState.DONE).exists():
            return
        time.sleep(0.2)
    raise CommandError("The worker has not read the samples. Is it running?")
