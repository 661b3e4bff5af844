"""Follow at the desk: one's own alone."""

from __future__ import annotations

import pytest
from django.test import Client

from agenda.alerts.models import Follow
from agenda.feeds.models import Feed
from diplomacy.accounts.models import User
from diplomacy.accounts.roles import DeskRole
from tests import factories
from tests.feeds.diary import BAMAKO

pytestmark = [pytest.mark.django_db, pytest.mark.integration]
PAGE = "/admin/alerts/"


def test_an_editor_follows_and_ends_it_and_nobody_ends_another_s(desk: Client, editor: User, client: Client) -> None:
    factories.visit(BAMAKO)
    feed = Feed.objects.get(slug="country-ml", language="en")
    given = {"feed": feed.pk, "rhythm": "daily", "hour": 9, "weekday": 0, "zone": "Africa/Bamako"}
    shown = desk.post(PAGE, given, follow=True, headers={"accept-language": "en"}).content.decode()
    assert "once a day · 9:00 (Africa/Bamako)" in shown
    assert "AGENDA_SMTP" in shown  # no mail goes out from here
    row = Follow.objects.get()
    assert (row.user, row.feed, row.language) == (editor, feed, "en")
    assert row.confirmed_at is not None
    other = Client()
    other.force_login(factories.user(DeskRole.EDITOR))
    assert "Mali</strong>" not in other.get(PAGE).content.decode()
    other.post(f"{PAGE}{row.pk}/end/")
    row.refresh_from_db()
    assert row.ended_at is None
    desk.post(f"{PAGE}{row.pk}/end/")
    row.refresh_from_db()
    assert row.ended_at is not None
    assert "zone" in desk.post(PAGE, given | {"zone": "Mars"}).context["form"].errors
