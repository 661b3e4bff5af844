"""With the broker away whatever reaches us is kept all the same, and read once somebody can be told."""

from __future__ import annotations

import pytest

from diplomacy.communiques import tasks
from diplomacy.communiques.intake import Arrival, receive
from diplomacy.communiques.models import CommuniqueVersion, JobState, ReadingJob
from tests import factories


@pytest.mark.integration
@pytest.mark.django_db(transaction=True)
def test_with_the_broker_away_a_text_is_kept_and_whoever_sent_it_gets_a_receipt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away(_version_id: int) -> None:
        raise ConnectionError("no broker")

    monkeypatch.setattr(tasks.read_version, "delay", away)
    arrival = Arrival(original=b"Note", received_at=factories.NOW, published_on=factories.NOW.date())
    assert not receive(arrival, factories.source()).is_repeat
    told: list[int] = []
    monkeypatch.setattr(tasks.read_version, "delay", told.append)
    assert tasks.sweep() == 1
    assert told == [CommuniqueVersion.objects.get().pk]
    assert ReadingJob.objects.get().state == JobState.WAITING
