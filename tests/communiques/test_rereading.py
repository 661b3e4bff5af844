"""Read again by a newer parser: what it reads as before stays, decided or not; what differs is weighed three ways."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import DjangoCaptureOnCommitCallbacks

from diplomacy import parsing
from diplomacy.accounts.models import User
from diplomacy.communiques import extraction, rereading, review, tasks
from diplomacy.communiques.carrying import same_drafts, says_the_same
from diplomacy.communiques.intake import Arrival, receive
from diplomacy.communiques.models import Communique, CommuniqueState, Extraction, Proposal, ReadingJob, Source
from diplomacy.parsing.reading import Reading
from diplomacy.visits.acts import Act
from diplomacy.visits.models import ProgrammeItem, Visit
from tests import factories
from tests.conftest import NOW
from tests.journeys.test_reissued_agenda import AGAIN as NEXT_EDITION
from tests.journeys.test_reissued_agenda import WEEK

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

ANNOUNCED = """Le ministre russe des Affaires étrangères, Grigori Belavin, effectuera une visite officielle à Bamako \
les 7 et 8 février. Une conférence de presse se tiendra le 8 février à 15 heures."""
TWO = """Le ministre russe des Affaires étrangères, Grigori Belavin, effectuera une visite officielle à Bamako les 7 \
et 8 février.

La ministre brésilienne des Affaires étrangères, Ana Prado, se rendra à Dakar, au Sénégal, le 9 février."""
SINCE = dt.datetime(2023, 2, 1, tzinfo=dt.UTC)
Newer = Callable[..., None]


def read(text: str, source: Source, *, days: int = 0, day: int = 6) -> list[Proposal]:
    """Received and read, as a worker does it."""
    moment = NOW + dt.timedelta(days=days)
    arrival = Arrival(original=text.encode(), received_at=moment, published_on=dt.date(2023, 2, day))
    version = receive(arrival, source).version
    found = extraction.extract(version, now=moment)
    Communique.objects.filter(pk=version.communique_id).update(state=CommuniqueState.READ)
    return list(found.proposals.order_by("path"))


def reread(days: int = 20) -> rereading.Counts:
    return rereading.reread_all(SINCE, now=NOW + dt.timedelta(days=days))


def asked(proposal: Proposal) -> dict[str, str]:
    """What an editor has work with, by kind of change."""
    return {one["kind"]: one["outcome"] for one in proposal.changes if one["outcome"] in {"change", "conflict"}}


@pytest.fixture
def by(editor: User) -> Act:
    return Act(now=NOW, by=editor)


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> Newer:
    """Have a newer parser from now on, which reads words otherwise (of the same length, so that evidence fits)."""

    def change(*words: tuple[str, str], version: str = "next") -> None:
        def read_otherwise(text: str, **given: Any) -> Reading:
            for was, now in words:
                text = text.replace(was, now)
            return present(text, **given)

        monkeypatch.setattr(parsing, "PARSER_VERSION", version)
        monkeypatch.setattr(parsing, "read", read_otherwise)

    present = parsing.read
    return change


def test_what_is_read_as_before_stays_whether_decided_or_not(newer: Newer, by: Act) -> None:
    first, second = read(TWO, factories.source())
    (third,) = read(ANNOUNCED, factories.source())
    review.reject(first, by)
    review.accept(second, by)
    before = list(Proposal.objects.order_by("pk").values("pk", "state", "version", "draft", "changes", "decided_at"))
    newer()
    assert reread() == rereading.Counts(looked_at=2, same=2)
    after = list(Proposal.objects.order_by("pk").values("pk", "state", "version", "draft", "changes", "decided_at"))
    assert after == before
    third.refresh_from_db()
    assert (third.state, third.extraction.parser_version) == ("waiting", "next")
    assert Extraction.objects.count() == 4
    assert reread() == rereading.Counts()


def test_words_and_confidence_alone_are_no_difference() -> None:
    visit = {"start": "2023-02-07", "confidence": {"start": 0.4}, "evidence": "a", "evidence_spans": {"start": []},
             "items": [{"kind": "audience", "confidence": {}, "evidence": "x"}]}  # fmt: skip
    same = {"start": "2023-02-07", "confidence": {"start": 0.9}, "evidence": "b", "evidence_spans": {},
            "items": [{"kind": "audience", "confidence": {"kind": 1}, "evidence": "y"}]}  # fmt: skip
    other = {**same, "items": [{"kind": "signing"}]}
    assert says_the_same({"visits": [visit], "items": []}, {"visits": [same], "items": []})
    assert not says_the_same({"visits": [visit], "items": []}, {"visits": [other], "items": []})
    assert not says_the_same({"visits": [visit], "items": []}, {"visits": [], "items": []})
    assert not says_the_same({"visits": [visit], "items": []}, {"visits": [same, same], "items": []})
    moved = same_drafts({"visits": [visit, other], "items": []}, {"visits": [other, same], "items": []})
    assert moved == {"visits.0": "visits.1", "visits.1": "visits.0"}


def test_of_two_visits_just_the_one_read_otherwise_is_proposed_anew(newer: Newer) -> None:
    first, second = read(TWO, factories.source())
    newer(("le 9 février", "le 8 février"))
    assert reread() == rereading.Counts(looked_at=1, other=1, proposals=1)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("waiting", "superseded")
    waiting = Proposal.objects.filter(state="waiting").order_by("path")
    assert [one.draft["start"] for one in waiting] == ["2023-02-07", "2023-02-08"]


def test_an_accepted_visit_read_otherwise_gets_a_change_of_just_that(newer: Newer, by: Act) -> None:
    (first,) = read(ANNOUNCED, factories.source())
    review.accept(first, by, amended={**first.draft, "end": "2023-02-09"})
    newer(("15 heures", "17 heures"))
    assert reread().proposals == 1
    first.refresh_from_db()
    change = Proposal.objects.exclude(pk=first.pk).get()
    assert first.state == "amended"
    assert (change.kind, change.state, change.visit) == ("change_visit", "waiting", Visit.objects.get())
    assert asked(change) == {"move_item": "change"}, "what the editor made of its end was weighed before"
    assert Visit.objects.get().end_on == dt.date(2023, 2, 9)
    assert ProgrammeItem.objects.get().start_time == dt.time(15)


def test_an_old_text_read_otherwise_takes_nothing_back_that_its_source_said_since(newer: Newer, by: Act) -> None:
    source = factories.source()
    review.accept(read(ANNOUNCED, source)[0], by)
    later = ANNOUNCED.replace("les 7 et 8", "les 7 au 9").replace("les 7 au", "du 7 au").replace("effectuera", "fera")
    (second,) = read(later, source, days=1, day=7)
    review.accept(second, by)
    assert Visit.objects.get().end_on == dt.date(2023, 2, 9)
    newer(("15 heures", "16 heures"))
    reread()
    anew = Proposal.objects.filter(state="waiting")
    assert anew.exists()
    assert [asked(one) for one in anew] == [{"move_item": "change"}] * len(anew)


def test_a_trial_keeps_nothing_and_counts_the_same(newer: Newer) -> None:
    read(TWO, factories.source())
    read(ANNOUNCED, factories.source())
    newer(("le 9 février", "le 8 février"))
    assert rereading.try_all(SINCE) == rereading.Counts(looked_at=2, same=1, other=1, proposals=1)
    assert Extraction.objects.count() == 2
    assert reread() == rereading.Counts(looked_at=2, same=1, other=1, proposals=1)


def test_what_was_not_read_or_is_not_the_newest_is_left_alone(newer: Newer) -> None:
    source = factories.source()
    given: dict[str, Any] = {"identity": "note", "published_on": NOW.date()}
    for number, text in enumerate((ANNOUNCED, ANNOUNCED + " Corrigé.")):
        version = receive(Arrival(original=text.encode(), received_at=NOW, **given), source).version
        extraction.extract(version, now=NOW + dt.timedelta(minutes=number))
    Communique.objects.update(state=CommuniqueState.READ)
    receive(Arrival(original=b"Sans date.", received_at=NOW), source)
    receive(Arrival(original=b"En attente.", received_at=NOW, published_on=NOW.date()), source)
    read("Visite ancienne.", source, days=-30)
    newer()
    assert list(rereading.to_be_reread(SINCE)) == [version]


def test_an_edition_that_a_later_one_took_over_is_not_read_again(newer: Newer) -> None:
    source = factories.source()
    read(WEEK, source, day=3)
    read(NEXT_EDITION, source, days=1, day=4)
    newer()
    (left,) = rereading.to_be_reread(SINCE)
    assert left.text.startswith(NEXT_EDITION[:60])
    assert "Mercredi 8" in left.text


def test_reading_an_old_edition_again_does_not_list_its_lines_twice() -> None:
    source = factories.source()
    first = read(WEEK, source, day=3)[0].extraction
    read(NEXT_EDITION, source, days=1, day=4)
    waiting = set(Proposal.objects.filter(state="waiting").values_list("pk", flat=True))
    extraction.extract(first.version, now=NOW)
    assert set(Proposal.objects.filter(state="waiting").values_list("pk", flat=True)) == waiting


def test_a_text_that_cannot_be_read_any_more_keeps_its_reading_and_holds_up_nothing(
    newer: Newer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first,) = read(ANNOUNCED, factories.source())
    read(TWO, factories.source())
    newer()
    present = parsing.read

    def fails(text: str, **given: Any) -> Reading:
        if text == ANNOUNCED:
            raise RuntimeError("broken rule")
        return present(text, **given)

    monkeypatch.setattr(parsing, "read", fails)
    assert reread() == rereading.Counts(looked_at=2, same=1, failed=1)
    first.refresh_from_db()
    assert first.state == "waiting"


def test_many_are_looked_at_in_batches(newer: Newer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rereading, "_BATCH", 2)
    source = factories.source()
    for number in range(5):
        read(f"Note {number}.", source)
    newer()
    assert reread().looked_at == 5


def test_the_command_queues_for_the_worker_and_twice_is_once(
    newer: Newer, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    read(TWO, factories.source())
    newer(("le 9 février", "le 8 février"))
    sent: list[int] = []
    monkeypatch.setattr(tasks.read_version, "delay", sent.append)
    with django_capture_on_commit_callbacks(execute=True):
        assert said("--since", "2023-02-01") == "Parser next: 1 queued to be read again.\n"
        assert said("--since", "2023-02-01") == "Parser next: 0 queued to be read again.\n"
    assert len(sent) == 1
    tasks.read_version(sent[0])
    assert ReadingJob.objects.get().state == "done"
    assert Proposal.objects.filter(state="waiting").count() == 2
    assert "0 queued" in said("--since", "2023-02-01")


def test_the_command_says_what_differs(newer: Newer) -> None:
    read(TWO, factories.source())
    newer(("le 9 février", "le 8 février"))
    trial = "Parser next: 1 read again, 0 say the same, 1 something else (1 would be proposed), 0 could not be read.\n"
    assert said("--since", "2023-02-01", "--dry-run") == trial
    assert said("--since", "2023-02-01", "--inline") == trial.replace("would be proposed", "proposed")
    assert "0 read again" in said("--since", "2023-02-01", "--inline")
    assert "0 read again" in said("--since", "2023-03-01", "--dry-run")


def said(*options: str) -> str:
    out = StringIO()
    call_command("reread", *options, stdout=out)
    return out.getvalue()
