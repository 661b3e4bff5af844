"""A communiqué at the desk: versions side by side, what was taken out and added, the originals."""

from __future__ import annotations

import time

import pytest
from django.test import Client

from agenda.desk.versions import side_by_side
from diplomacy.accounts.roles import DeskRole
from diplomacy.communiques import tasks
from diplomacy.communiques.intake import Arrival, receive
from diplomacy.communiques.models import Communique, Source
from tests import factories
from tests.conftest import NOW

EARLIER = "Entretien à 10 heures.\nDéjeuner <b>au</b> palais."
LATER = "Entretien à 11 heures.\nDéjeuner <b>au</b> grand palais."


@pytest.mark.parametrize(
    ("earlier", "later", "out", "added"),
    [
        (EARLIER, LATER, ["10"], ["11", " grand"]),
        ("a b c", "a b c", [], []),
        ("", "neuf", [], ["neuf"]),
        ("vieux", "", ["vieux"], []),
    ],
)
def test_words_that_differ_are_cut_out(earlier: str, later: str, out: list[str], added: list[str]) -> None:
    found = side_by_side(earlier, later)
    assert [run.text for run in found.earlier if run.is_other] == out
    assert [run.text for run in found.later if run.is_other] == added
    assert "".join(run.text for run in found.earlier) == earlier
    assert "".join(run.text for run in found.later) == later
    assert found.is_same == (earlier == later)


@pytest.mark.parametrize("line", ["un mot ", "un mot\n"])
def test_the_longest_texts_are_compared_in_bounded_time(line: str) -> None:
    earlier = line * 150_000
    later = earlier[:300_000] + "autre" + earlier[300_000:]
    started = time.process_time()
    found = side_by_side(earlier, later)
    assert time.process_time() - started < 5
    assert "".join(run.text for run in found.later) == later
    assert not found.is_same


def versions(*texts: str) -> Communique:
    source = Source.objects.create(name="Page", slug="page", kind="page", address="https://ministry.example/")
    for text in texts:
        version = receive(
            Arrival(original=text.encode(), identity="n-1", received_at=NOW, published_on=NOW.date()), source
        ).version
        tasks.read_version(version.pk)
    return version.communique


def page(desk: Client, communique: Communique, query: str = "") -> str:
    answer = desk.get(f"/admin/communiques/{communique.pk}/{query}", headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.django_db
@pytest.mark.integration
def test_the_last_two_versions_stand_side_by_side_and_any_two_may(desk: Client) -> None:
    communique = versions("Premier texte.", EARLIER, LATER)
    shown = page(desk, communique)
    assert "[taken out] </span>10</del>" in shown
    assert "[added] </span>11</ins>" in shown
    assert "<b>" not in shown
    assert shown.count("/admin/originals/") == 3
    assert "Premier</del>" in page(desk, communique, "?earlier=3&later=1").replace("[taken out] </span>", "")
    assert page(desk, communique, "?earlier=x&later=99")
    assert "/admin/communiques/" in desk.get(f"/admin/diplomacy/communique/{communique.pk}/change/").headers["location"]


@pytest.mark.django_db
@pytest.mark.integration
def test_one_version_and_none_with_text(desk: Client) -> None:
    assert "Visite officielle" in page(desk, factories.version().communique)
    mute = factories.version("%PDF-1.4 nothing", filename="a.pdf", media_type="application/pdf").communique
    assert "It has no text of its own, or none yet." in page(desk, mute)


@pytest.mark.django_db
@pytest.mark.integration
def test_readers_see_no_communique(client: Client) -> None:
    client.force_login(factories.user(DeskRole.READER))
    assert client.get(f"/admin/communiques/{factories.version().communique.pk}/").status_code in (302, 403)
