"""The figures for those who run it: what they say, who may ask, and that each is explained."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from agenda.webhooks.models import Event
from diplomacy.communiques.models import JobState, ReadingJob, SourceHealth
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

_TABLE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "metrics.md"


@pytest.fixture
def asked(settings: Settings) -> Client:
    settings.AGENDA_METRICS_TOKEN = "kept apart"
    return Client(headers={"authorization": "Bearer kept apart"})


def figures(client: Client) -> dict[tuple[str, frozenset[str]], float]:
    """Each value by its name and labels, as Prometheus' own parser reads them."""
    text = client.get("/metrics").content.decode()
    found = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {(sample.name, frozenset(sample.labels.values())): sample.value for sample in found}


def test_it_says_how_sources_reading_review_and_delivery_stand(asked: Client) -> None:
    with time_machine.travel(factories.NOW + dt.timedelta(minutes=5), tick=False):
        source = factories.source()
        SourceHealth.objects.create(
            source=source, next_poll_at=factories.NOW, succeeded_at=factories.NOW, alarms=["quiet"]
        )
        version = factories.version()
        ReadingJob.objects.update_or_create(
            version=version, defaults={"state": JobState.WAITING, "queued_at": factories.NOW, "lease_until": None}
        )
        factories.proposal()
        factories.visit()
        said = figures(asked)
    assert said[("agenda_source_last_success_seconds", frozenset({source.slug}))] == factories.NOW.timestamp()
    assert said[("agenda_source_alarm", frozenset({source.slug, "quiet"}))] == 1
    assert said[("agenda_source_alarm", frozenset({source.slug, "failing"}))] == 0
    assert said[("agenda_reading_jobs", frozenset({"waiting"}))] >= 1
    assert said[("agenda_reading_oldest_wait_seconds", frozenset())] == 300
    assert said[("agenda_proposals_waiting", frozenset())] == 1
    unsent = Event.objects.filter(dispatched_at__isnull=True)
    assert said[("agenda_outbox_lag_seconds", frozenset())] == (300 if unsent.exists() else 0)


def test_more_sources_ask_the_database_no_more(asked: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            asked.get("/metrics")
        return len(seen)

    before = queries()
    for _number in range(3):
        SourceHealth.objects.create(source=factories.source(), next_poll_at=factories.NOW)
    assert queries() == before <= 8


def test_nobody_else_reads_them(asked: Client, settings: Settings) -> None:
    for shown in ({}, {"authorization": "Bearer wrong"}, {"authorization": "kept apart"}):
        answer = Client(headers=shown).get("/metrics")
        assert answer.status_code == 401
        assert b"agenda_" not in answer.content
    assert asked.post("/metrics").status_code == 405
    settings.AGENDA_METRICS_TOKEN = ""
    assert asked.get("/metrics").status_code == 404
    assert Client(headers={"authorization": "Bearer "}).get("/metrics").status_code == 404


def test_each_figure_is_explained(asked: Client) -> None:
    text = asked.get("/metrics").content.decode()
    told = set(re.findall(r"^# TYPE (\w+)", text, re.M))
    assert told == set(re.findall(r"^\| (agenda_\w+)", _TABLE.read_text(encoding="utf-8"), re.M))
