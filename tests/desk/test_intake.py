"""Everything received with its state, what failed and why, and a way to have it read again; cheap at any length."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

from diplomacy.accounts.roles import DeskRole
from diplomacy.communiques import extraction, tasks
from diplomacy.communiques.intake import Arrival, receive
from diplomacy.communiques.models import Communique, CommuniqueVersion, JobState, ReadingJob, Source
from diplomacy.communiques.repeats import Repeat
from diplomacy.communiques.troubles import kind_of_error, said, unexpected
from tests import factories
from tests.communiques.test_alike import TEXT as WORDS
from tests.documents.files import pdf
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.integration]
ENGLISH = {"accept-language": "en"}
TEXT = "Le ministre malien des Affaires étrangères, Abdou Keïta, effectue une visite à Dakar, au Sénégal, le 9 février."


@pytest.fixture
def source() -> Source:
    return factories.source()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What a worker would be told to read."""
    found: list[int] = []
    monkeypatch.setattr(tasks.read_version, "delay", found.append)
    return found


def received(text: str, source: Source, *, state: str = "", error: str = "", days: int = 0) -> Communique:
    """A communiqué in that state."""
    arrival = Arrival(
        original=text.encode(), received_at=NOW + dt.timedelta(days=days), published_on=NOW.date(), title=text[:60]
    )
    communique = receive(arrival, source).version.communique
    if state:
        Communique.objects.filter(pk=communique.pk).update(state=state, error=error)
        job = {"read": JobState.DONE, "failed": JobState.PARKED}.get(state, JobState.WAITING)
        ReadingJob.objects.filter(version__communique=communique).update(state=job)
    return communique


def shown(desk: Client, **filters: str) -> list[str]:
    """The titles that are listed."""
    return [row.communique.title for row in desk.get("/admin/intake/", filters).context["rows"]]


def counts(desk: Client, **filters: str) -> dict[str, int]:
    page = desk.get("/admin/intake/", filters, headers=ENGLISH)
    return {tab.name: tab.count for tab in page.context["tabs"]}


def test_each_state_is_counted_and_listed(desk: Client, source: Source) -> None:
    received("Queued", source)
    received("Under way", source, state="reading")
    received("Read", source, state="read")
    received("Broken", source, state="failed", error="file:damaged")
    receive(Arrival(original=b"Undated", received_at=NOW, title="Undated"), source)
    receive(Arrival(original=b"Read", received_at=NOW), factories.source())
    assert counts(desk) == {
        "received": 5, "waiting to be read": 1, "being read": 1, "read": 1, "waiting for a date": 1, "repeated": 1,
        "failed": 1,
    }  # fmt: skip
    assert len(shown(desk)) == 5
    assert shown(desk, state="failed") == ["Broken"]
    assert shown(desk, state="waiting_for_date") == ["Undated"]
    assert shown(desk, state="repeated") == ["Read"]
    assert len(shown(desk, state="nonsense")) == 5


def test_the_same_words_from_elsewhere_are_a_repeat_too(desk: Client, source: Source) -> None:
    agency = factories.source()
    for sender, text in ((source, WORDS), (agency, f"(Agence) {WORDS}")):
        tasks.read_version(received(text, sender).latest.pk)
    assert counts(desk)["repeated"] == 1
    assert shown(desk, state="repeated") == [WORDS[:60]]
    page = desk.get("/admin/intake/", headers=ENGLISH).content.decode()
    assert f"came again from: {agency.name}" in page


def test_filters_cut_the_list_and_the_counts(desk: Client, source: Source) -> None:
    received("Old", source, days=-10)
    received(TEXT, source)
    other = received("Elsewhere", factories.source())
    extraction.extract(CommuniqueVersion.objects.get(text=TEXT), now=NOW)
    assert shown(desk, source=str(other.source_id)) == ["Elsewhere"]
    assert shown(desk, text="dakar") == [TEXT[:60]]
    assert shown(desk, text="elsewh") == ["Elsewhere"]
    assert shown(desk, until="2023-02-01") == ["Old"]
    assert set(shown(desk, since="2023-02-07", until="2023-02-07")) == {TEXT[:60], "Elsewhere"}
    assert shown(desk, language="fr") == [TEXT[:60]]
    assert counts(desk, since="2023-02-07")["received"] == 2
    assert counts(desk, since="not a day")["received"] == 3
    page = desk.get("/admin/intake/", {"source": str(other.source_id)}, headers=ENGLISH).content.decode()
    assert f"?source={other.source_id}&amp;state=failed" in page, "another state is cut by the same filters"


def test_a_row_says_what_became_of_it(desk: Client, source: Source) -> None:
    communique = received(TEXT, source)
    tasks.read_version(communique.latest.pk)
    again = factories.source()
    receive(Arrival(original=TEXT.encode(), received_at=NOW), again)
    page = " ".join(desk.get("/admin/intake/", headers=ENGLISH).content.decode().split())
    assert "published 7 February 2023 · fr · proposals: 1" in page
    assert f"came again from: {again}" in page
    assert f"/admin/diplomacy/communique/{communique.pk}/change/" in page


def test_the_queries_do_not_grow(
    desk: Client, source: Source, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def heap(count: int, state: str) -> None:
        for number in range(count):
            received(f"{state} {number} {count}", source, state=state, error="file:damaged")
            receive(Arrival(original=f"{state} {number} {count}".encode(), received_at=NOW), factories.source())

    for state in ("failed", "read", "queued"):
        heap(1, state)
    for query in ({}, {"state": "failed"}, {"text": "read"}):
        desk.get("/admin/intake/", query)
        with CaptureQueriesContext(connection) as few:
            desk.get("/admin/intake/", query)
        heap(12, "failed" if query else "read")
        with django_assert_num_queries(len(few)):
            desk.get("/admin/intake/", query)


def test_a_long_list_has_pages(desk: Client, source: Source) -> None:
    for number in range(52):
        received(f"Note {number}", source, days=number)
    assert shown(desk)[0] == "Note 51"
    page = desk.get("/admin/intake/", {"text": "Note", "page": "2"})
    assert [row.communique.title for row in page.context["rows"]] == ["Note 1", "Note 0"]
    assert page.context["pages"] == {"before": "/admin/intake/?text=Note", "after": ""}


def test_progress_counts_the_batch_that_is_being_read(desk: Client, source: Source) -> None:
    received("Long ago", source, state="read", days=-3)
    assert desk.get("/admin/intake/").context["progress"].all == 0
    for number in range(4):
        received(f"Note {number}", source, state="read" if number < 3 else "")
    ReadingJob.objects.filter(version__text="Note 3").update(queued_at=NOW - dt.timedelta(seconds=1))
    page = desk.get("/admin/intake/", headers=ENGLISH)
    assert "Reading: 3 of 4 done" in page.content.decode()
    assert "agenda/intake.js" in page.content.decode()


def test_failures_are_grouped_by_kind_in_plain_words_and_retried_by_kind(
    desk: Client, source: Source, sent: list[int], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    for number, error in enumerate((KeyError("a"), KeyError("b"), ValueError("c"))):
        received(f"Note {number}", source, state="failed", error=unexpected(error))
    received("Scan", source, state="failed", error="file:scanned")
    page = desk.get("/admin/intake/", {"state": "failed"}, headers=ENGLISH)
    assert [(one.kind, one.count) for one in page.context["failures"]] == [
        ("unexpected KeyError", 2), ("file:scanned", 1), ("unexpected ValueError", 1),
    ]  # fmt: skip
    assert "Reading stopped unexpectedly." in page.content.decode()
    assert "The PDF holds pictures of pages and no text." in page.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        answer = desk.post("/admin/intake/retry/", {"kind": "unexpected KeyError"}, follow=True, headers=ENGLISH)
    assert "Queued to be read again: 2." in answer.content.decode()
    assert len(sent) == 2
    assert sorted(Communique.objects.values_list("title", "state")) == [
        ("Note 0", "queued"), ("Note 1", "queued"), ("Note 2", "failed"), ("Scan", "failed"),
    ]  # fmt: skip
    assert ReadingJob.objects.get(version__text="Note 0").attempts == 0


def test_errors_are_said_in_both_languages() -> None:
    with translation.override("fr"):
        assert said("stopped").startswith("Le processus de lecture")
        assert said(unexpected(KeyError("x"))).endswith("signalez-le. (KeyError: 'x')")
    assert said("an error kept in an earlier time") == "an error kept in an earlier time"
    assert kind_of_error("file:no_text") == "file:no_text"


def test_a_contributor_looks_and_a_stranger_does_not(source: Source, client: Client) -> None:
    received("Broken", source, state="failed", error="file:damaged")
    assert client.get("/admin/intake/").status_code == 302
    client.force_login(factories.user(DeskRole.CONTRIBUTOR))
    page = client.get("/admin/intake/", {"state": "failed"}, headers=ENGLISH)
    assert "Broken" in page.content.decode()
    assert "Read again" not in page.content.decode()
    assert client.post("/admin/intake/retry/", {"kind": "file:damaged"}).status_code == 403
    assert Communique.objects.get().state == "failed"


@pytest.mark.parametrize(
    ("back", "leads_to"),
    [
        ("/admin/intake/?state=failed", "/admin/intake/?state=failed"),
        ("", "/admin/"),
        ("https://elsewhere.example/", "/admin/"),
        ("//elsewhere.example/", "/admin/"),
    ],
)
def test_a_file_that_failed_without_a_date_is_queued_again(
    desk: Client, source: Source, sent: list[int], back: str, leads_to: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    version = receive(Arrival(original=pdf([TEXT]), received_at=NOW, filename="note.pdf"), source).version
    ReadingJob.objects.update(state=JobState.PARKED, attempts=5, error="file:too_slow")
    Communique.objects.update(state="failed", error="file:too_slow")
    with django_capture_on_commit_callbacks(execute=True):
        answer = desk.post(f"/admin/communiques/{version.communique_id}/retry/", {"next": back})
    assert (answer.status_code, answer["Location"]) == (302, leads_to)
    assert sent == [version.pk]
    assert (ReadingJob.objects.get().state, ReadingJob.objects.get().attempts) == ("waiting", 0)
    assert (Communique.objects.get().state, Communique.objects.get().error) == ("queued", "")


def test_a_text_without_a_date_is_sent_to_the_page_that_gives_it_one(
    desk: Client, source: Source, sent: list[int], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    communique = receive(Arrival(original=TEXT.encode(), received_at=NOW), source).version.communique
    with django_capture_on_commit_callbacks(execute=True):
        answer = desk.post(f"/admin/communiques/{communique.pk}/retry/")
    assert answer["Location"] == f"/admin/communiques/{communique.pk}/date/"
    assert sent == []
    assert Communique.objects.get().state == "waiting_for_date"


def test_a_repeat_is_kept_once_a_source_and_an_entry_seen_again_is_none(source: Source) -> None:
    entry = Arrival(original=b"Note", received_at=NOW, identity="entry-1")
    receive(entry, source)
    receive(entry, source)
    assert not Repeat.objects.exists()
    other = factories.source()
    for _ in range(2):
        receive(Arrival(original=b"Note", received_at=NOW + dt.timedelta(hours=1)), other)
    repeat = Repeat.objects.get()
    assert (repeat.source, repeat.received_at) == (other, NOW + dt.timedelta(hours=1))
    assert CommuniqueVersion.objects.count() == 1
