"""A visit's public page: what changed, and nothing that is kept back."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest
import time_machine
from django.test import Client
from pytest_django import Settings

from diplomacy.visits import programme, publication
from diplomacy.visits.acts import Act
from tests import factories
from tests.pages.test_diary import page

pytestmark = [pytest.mark.django_db, pytest.mark.integration]
_LATER = factories.NOW + dt.timedelta(hours=9, minutes=20)


def test_it_says_what_changed_from_what_to_what_and_when() -> None:
    with time_machine.travel(factories.NOW, tick=False):
        visit = factories.visit(factories.VISIT, factories.PRESS)
        assert "Changes" not in page(f"/en/visits/{visit.slug}/")
    with time_machine.travel(_LATER, tick=False):
        line = visit.programme.get().item
        programme.amend_item(line, replace(factories.PRESS, start_time=dt.time(16)), Act(now=_LATER))
        shown = page(f"/en/visits/{visit.slug}/").split("Changes")[1]
        publication.withdraw_item(line, Act(now=_LATER))
        assert "16:00" not in page(f"/en/visits/{visit.slug}/")  # nor its changes
    assert "7 February 2023, 18:20 UTC Moved: Press conference" in shown
    assert "Hour: 15:00 (Bamako, UTC+0) → 16:00 (Bamako, UTC+0)" in shown


def test_search_engines_are_told_of_published_visits_in_each_language_at_the_diarys_own_address(
    settings: Settings,
) -> None:
    with time_machine.travel(factories.NOW, tick=False):
        visit = factories.visit()
        factories.visit(published=False)
        client = Client(headers={"host": "testserver"})
        index = client.get("/sitemap.xml").content.decode()
        assert re.findall(r"<loc>(.*?)</loc>", index) == [
            f"{settings.AGENDA_BASE_URL}/sitemap-visits-{code}.xml" for code in ("fr", "en")
        ]
        listed = client.get("/sitemap-visits-en.xml").content.decode()
        assert re.findall(r"<loc>(.*?)</loc>", listed) == [f"{settings.AGENDA_BASE_URL}/en/visits/{visit.slug}/"]
        assert "<lastmod>2023-02-07</lastmod>" in listed
        shown = client.get(f"/en/visits/{visit.slug}/").content.decode()
    own = f"{settings.AGENDA_BASE_URL}/en/visits/{visit.slug}/"
    assert f'<link rel="canonical" href="{own}">' in shown
    assert f'hreflang="fr" href="{own.replace("/en/", "/")}"' in shown
    assert f'<meta property="og:url" content="{own}">' in shown
    assert "canonical" not in Client().get("/en/visits/nothing/").content.decode()
