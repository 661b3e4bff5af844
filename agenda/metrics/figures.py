"""The figures, asked of the database when somebody asks for them; every process would give the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Min
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from agenda.webhooks.models import Delivery, DeliveryState, Event
from diplomacy.communiques.models import JobState, Proposal, ProposalState, ReadingJob, SourceHealth
from diplomacy.communiques.sources.alarms import Alarm


class Figures(Collector):
    """Intake by source, reading, review and delivery as they stand at `now` (aware)."""

    def __init__(self, now: dt.datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Each figure, by a number of queries that does not grow."""
        yield from self._sources()
        yield from self._reading()
        yield from self._deliveries()

    def _sources(self) -> Iterator[GaugeMetricFamily]:
        looked = GaugeMetricFamily(
            "agenda_source_last_success_seconds", "Unix time of the last look that worked.", labels=["source"]
        )
        arrived = GaugeMetricFamily(
            "agenda_source_last_arrival_seconds", "Unix time of the last arrival.", labels=["source"]
        )
        alarms = GaugeMetricFamily(
            "agenda_source_alarm", "1 where an editor should look into an enabled source.", labels=["source", "alarm"]
        )
        for health in SourceHealth.objects.filter(source__is_enabled=True).select_related("source"):
            slug = health.source.slug
            if health.succeeded_at:
                looked.add_metric([slug], health.succeeded_at.timestamp())
            if health.arrived_at:
                arrived.add_metric([slug], health.arrived_at.timestamp())
            for alarm in Alarm:
                alarms.add_metric([slug, alarm.value], float(alarm.value in health.alarms))
        yield from (looked, arrived, alarms)

    def _reading(self) -> Iterator[GaugeMetricFamily]:
        jobs = GaugeMetricFamily("agenda_reading_jobs", "Texts to be read, by state of the work.", labels=["state"])
        rows = ReadingJob.objects.order_by().values_list("state").annotate(count=Count("pk"))
        counts = dict(rows)
        for state in JobState.values:
            jobs.add_metric([state], counts.get(state, 0))
        yield jobs
        oldest = ReadingJob.objects.filter(state=JobState.WAITING).aggregate(at=Min("queued_at"))["at"]
        yield self._age("agenda_reading_oldest_wait_seconds", "How long the oldest text has waited.", oldest)
        waiting = Proposal.objects.filter(state=ProposalState.WAITING).count()
        yield GaugeMetricFamily("agenda_proposals_waiting", "Proposals that wait for an editor.", value=waiting)

    def _deliveries(self) -> Iterator[GaugeMetricFamily]:
        states = GaugeMetricFamily(
            "agenda_webhook_deliveries", "Deliveries that are not done, by state.", labels=["state"]
        )
        undone = Delivery.objects.exclude(state=DeliveryState.DELIVERED)
        counts = dict(undone.order_by().values_list("state").annotate(count=Count("pk")))
        for state in (DeliveryState.WAITING, DeliveryState.DEAD):
            states.add_metric([state.value], counts.get(state.value, 0))
        yield states
        due = Delivery.objects.filter(state=DeliveryState.WAITING, next_try_at__lte=self.now)
        late = due.aggregate(at=Min("next_try_at"))["at"]
        yield self._age("agenda_webhook_lag_seconds", "How long the delivery most overdue has been due.", late)
        unsent = Event.objects.filter(dispatched_at__isnull=True).aggregate(at=Min("acted_at"))["at"]
        yield self._age("agenda_outbox_lag_seconds", "Age of the oldest event not given to webhooks.", unsent)

    def _age(self, name: str, said: str, since: dt.datetime | None) -> GaugeMetricFamily:
        return GaugeMetricFamily(name, said, value=max(0.0, (self.now - since).total_seconds()) if since else 0.0)


def registry(now: dt.datetime) -> CollectorRegistry:
    """The figures at `now`, ready to be written."""
    found = CollectorRegistry(auto_describe=False)
    found.register(Figures(now))
    return found
