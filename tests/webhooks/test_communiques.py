"""What became of a text that was handed in, for those who hear of it and for nobody else."""

from __future__ import annotations

import datetime as dt

import pytest

from agenda.webhooks.models import Delivery, Event
from diplomacy.communiques import intake, tasks
from diplomacy.communiques.models import JobState, ReadingJob, Source, SourceKind
from diplomacy.visits.visibility import Audience
from tests import factories
from tests.conftest import NOW
from tests.feeds.diary import BAMAKO

from .conftest import HookMaker, bodies

pytestmark = [pytest.mark.django_db, pytest.mark.integration]
TEXT = "Le ministre malien des Affaires étrangères, Abdou Keïta, effectue une visite à Dakar, au Sénégal, le 9 mars."


def hand_in(text: str, **given: object) -> intake.Receipt:
    source, _made = Source.objects.get_or_create(slug="api", defaults={"name": "API", "kind": SourceKind.API})
    values = {"original": text.encode(), "received_at": NOW, "published_on": NOW.date(), **given}
    return intake.receive(intake.Arrival(**values), source)  # type: ignore[arg-type]


def test_read_not_read_and_given_up_are_told_to_those_who_hear_of_it(
    hook: HookMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = hook()
    hand_in("Le ministre se rend à Bamako le 3 mars, pour rien.")
    tasks.read_version(ReadingJob.objects.get().version_id)
    assert not Event.objects.exists()  # nobody heard of it then
    ours = hook(hears_of_communiques=True)
    read = hand_in(TEXT).version
    tasks.read_version(read.pk)
    [said] = bodies()
    assert said["type"] == "communique.read"
    assert said["data"] == {
        "kind": "communique", "id": str(read.communique_id), "source": "api", "version": 1, "state": "read",
        "address": f"http://diary.test/admin/communiques/{read.communique_id}/", "error": None, "language": "fr",
        "proposals": 1,
    }  # fmt: skip

    def fail(*_args: object, **_kwargs: object) -> None:
        raise ValueError("a secret of the text")

    with monkeypatch.context() as broken:
        broken.setattr(tasks, "extract", fail)
        failing = hand_in(f"{TEXT} Il revient le 10 mars.").version
        tasks.read_version(failing.pk)
        assert Event.objects.count() == 1  # it is tried again: no end yet
        ReadingJob.objects.filter(version=failing).update(attempts=tasks.MAX_ATTEMPTS)
        tasks.sweep()
        tasks.sweep()
    failed = next(said for said in bodies() if said["type"] == "communique.failed")
    assert (failed["data"]["id"], failed["data"]["state"]) == (str(failing.communique_id), "failed")
    assert "secret" not in failed["data"]["error"]
    assert ReadingJob.objects.get(version=failing).state == JobState.PARKED
    undated = hand_in(f"{TEXT} Puis le 11.", published_on=None).version
    tasks.read_version(undated.pk)
    assert Event.objects.count() == 2  # it waits for its date: no end either
    factories.visit(BAMAKO)

    from agenda.webhooks import delivering

    assert delivering.fan_out(dt.datetime.now(dt.UTC)) == 3
    heard = {
        webhook: list(webhook.deliveries.values_list("event__audience", flat=True)) for webhook in (everybody, ours)
    }
    assert heard[everybody] == [Audience.PUBLIC]
    assert sorted(heard[ours]) == [Audience.DESK, Audience.DESK, Audience.PUBLIC]
    assert Delivery.objects.count() == 4
