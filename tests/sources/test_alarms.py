"""A source that has gone quiet, yields nothing or cannot be reached says so at the desk, by its own past."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from agenda.desk.sources import alarmed_sources, rhythm_text, state_of_source
from diplomacy.communiques import extraction, tasks
from diplomacy.communiques.intake import Arrival, receive
from diplomacy.communiques.models import Communique, Source, SourceHealth, SourceKind
from diplomacy.communiques.sources.alarms import watch

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

NOW = dt.datetime(2023, 2, 7, 9, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
ENGLISH = {"accept-language": "en"}
VISIT = "Le ministre malien des Affaires étrangères, Abdou Keïta, effectue une visite à Dakar le 9 février."


def source_of(kind: SourceKind = SourceKind.FEED, **given: object) -> Source:
    number = Source.objects.count()
    return Source.objects.create(
        name=f"Source {number}", slug=f"s{number}", kind=kind, address="https://m.example/feed", **given
    )


def looked_into(source: Source, **given: object) -> None:
    defaults = {"next_poll_at": NOW, "polled_at": NOW, "succeeded_at": NOW, **given}
    SourceHealth.objects.update_or_create(source=source, defaults=defaults)


def daily(source: Source, days: int = 6, text: str = "Note") -> None:
    """One arrival a day from NOW on."""
    for number in range(days):
        arrival = Arrival(original=f"{text} {source.pk} {number}".encode(), received_at=NOW + number * DAY)
        receive(arrival, source)


def alarms_of(source: Source, now: dt.datetime) -> list[str]:
    watch(now)
    return list(SourceHealth.objects.get(source=source).alarms)


@pytest.mark.parametrize("kind", [SourceKind.FEED, SourceKind.MAILBOX, SourceKind.API])
def test_a_quiet_source_raises_an_alarm_by_its_own_rhythm(kind: SourceKind) -> None:
    source = source_of(kind)
    looked_into(source)
    daily(source)
    assert alarms_of(source, NOW + 7 * DAY) == []
    assert alarms_of(source, NOW + 9 * DAY) == ["quiet"]
    source = Source.objects.get()
    assert source.health.usual_pause == DAY
    with translation.override("en"):
        assert "Strangely quiet" in state_of_source(source)
    daily(source, 10)
    assert alarms_of(source, NOW + 10 * DAY) == [], "it speaks again"


def test_who_hands_in_by_hand_and_who_is_paused_raises_none() -> None:
    for source in (source_of(SourceKind.DESK), source_of(SourceKind.SAMPLE), source_of(is_enabled=False)):
        daily(source)
    assert watch(NOW + 100 * DAY) == 0
    assert not SourceHealth.objects.exists()


def test_a_paused_source_keeps_its_alarm_to_itself() -> None:
    source = source_of()
    daily(source)
    assert alarms_of(source, NOW + 30 * DAY) == ["quiet"]
    Source.objects.update(is_enabled=False)
    assert alarmed_sources() == []
    with translation.override("en"):
        assert state_of_source(Source.objects.get()) == "Paused."


def test_texts_that_give_nothing_raise_an_alarm_and_one_that_gives_something_does_not() -> None:
    source = source_of()
    looked_into(source)
    daily(source, 9, "Météo")
    Communique.objects.update(state="read")
    assert alarms_of(source, NOW + 9 * DAY) == []
    daily(source, 10, "Météo")
    Communique.objects.update(state="read")
    assert alarms_of(source, NOW + 9 * DAY) == ["barren"]
    arrival = Arrival(original=VISIT.encode(), received_at=NOW + 9 * DAY, published_on=NOW.date())
    extraction.extract(receive(arrival, source).version, now=NOW)
    Communique.objects.update(state="read")
    assert alarms_of(source, NOW + 9 * DAY) == []


def test_texts_that_are_not_read_yet_are_no_sign_of_a_wrong_page() -> None:
    source = source_of()
    looked_into(source)
    daily(source, 12, "Météo")
    assert alarms_of(source, NOW + 12 * DAY) == []


@pytest.mark.parametrize(
    ("error", "succeeded", "alarms"),
    [
        ("connection: m.example", NOW - dt.timedelta(minutes=50), []),
        ("connection: m.example", NOW - dt.timedelta(minutes=70), ["failing"]),
        ("connection: m.example", None, ["failing"]),
        ("", NOW - DAY, []),
    ],
)
def test_a_source_that_fails_for_some_time_raises_an_alarm_once_failing_does_not(
    error: str, succeeded: dt.datetime | None, alarms: list[str]
) -> None:
    source = source_of()
    looked_into(source, error=error, succeeded_at=succeeded)
    assert alarms_of(source, NOW) == alarms


def test_one_that_fails_is_not_called_quiet_too() -> None:
    source = source_of()
    looked_into(source, error="connection: m.example", succeeded_at=NOW)
    daily(source)
    assert alarms_of(source, NOW + 30 * DAY) == ["failing"]


def test_whoever_looks_into_a_source_meanwhile_keeps_it() -> None:
    source = source_of()
    looked_into(source, lease_until=NOW + DAY, memory={"etag": "x"})
    watch(NOW)
    health = SourceHealth.objects.get()
    assert (health.lease_until, health.memory) == (NOW + DAY, {"etag": "x"})


def test_the_task_judges_by_the_clock_and_finds_what_is_wrong(settings: object) -> None:
    daily(source_of())
    assert tasks.watch_sources() == 1
    scheduled = [one["task"] for one in getattr(settings, "CELERY_BEAT_SCHEDULE").values()]  # noqa: B009
    assert tasks.watch_sources.name in scheduled


def test_the_desk_shows_alarms_in_queue_and_intake_and_asks_no_more_for_more(
    desk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    good = source_of(SourceKind.API)
    daily(source_of())
    watch(NOW + 30 * DAY)
    for page in ("/admin/", "/admin/intake/"):
        shown = desk.get(page, headers=ENGLISH).content.decode()
        assert "Sources to look into" in shown
        assert "Strangely quiet" in shown
        assert f"/admin/diplomacy/source/{good.pk}/change/" not in shown
    for _ in range(5):
        daily(source_of())
    watch(NOW + 30 * DAY)
    with django_assert_num_queries(1):
        assert len(alarmed_sources()) == 6
    Source.objects.update(is_enabled=False)
    assert "Sources to look into" not in desk.get("/admin/", headers=ENGLISH).content.decode()


def test_the_list_of_sources_asks_no_more_for_more(
    desk: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    daily(source_of())
    watch(NOW + 30 * DAY)
    listed = "/admin/diplomacy/source/"
    desk.get(listed)
    with CaptureQueriesContext(connection) as few:
        desk.get(listed)
    for _ in range(5):
        daily(source_of())
    watch(NOW + 30 * DAY)
    with django_assert_num_queries(len(few)):
        assert desk.get(listed, headers=ENGLISH).content.decode().count("Strangely quiet") == 6


def test_a_source_shows_its_last_success_last_arrival_and_rhythm(desk: Client) -> None:
    source = source_of()
    looked_into(source, arrived_at=NOW)
    daily(source)
    watch(NOW + 6 * DAY)
    page = desk.get(f"/admin/diplomacy/source/{source.pk}/change/", headers=ENGLISH).content.decode()
    assert "every 24 hours" in page
    assert page.count('<div class="readonly">7 Feb 2023, 09:00</div>') == 2


@pytest.mark.parametrize(
    ("pause", "said"),
    [
        (None, "—"),
        (dt.timedelta(minutes=10), "several an hour"),
        (dt.timedelta(hours=1), "every hour"),
        (dt.timedelta(hours=5), "every 5 hours"),
        (dt.timedelta(days=7), "every 7 days"),
    ],
)
def test_a_rhythm_in_words(pause: dt.timedelta | None, said: str) -> None:
    with translation.override("en"):
        assert rhythm_text(pause) == said
