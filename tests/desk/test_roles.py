"""Who may do what: every page of the desk and every act, for each role and for nobody."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from agenda.feeds.models import Feed
from diplomacy.accounts.roles import DeskRole
from diplomacy.visits.models import Visit
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

READER, CONTRIBUTOR, EDITOR, ADMINISTRATOR = (
    DeskRole.READER,
    DeskRole.CONTRIBUTOR,
    DeskRole.EDITOR,
    DeskRole.ADMINISTRATOR,
)
DESK = {CONTRIBUTOR, EDITOR, ADMINISTRATOR}
EDITORS = {EDITOR, ADMINISTRATOR}

# Page, and the roles that may open it. Everybody else is sent to sign in, or told that it is not theirs.
PAGES: list[tuple[str, set[DeskRole]]] = [
    ("/admin/", DESK),
    ("/admin/receive/", DESK),
    ("/admin/review/{proposal}/", DESK),
    ("/admin/communiques/{communique}/date/", EDITORS),
    ("/admin/subscriptions/", EDITORS),
    ("/admin/tokens/", DESK),
    ("/admin/diplomacy/communique/", DESK),
    ("/admin/diplomacy/proposal/", DESK),
    ("/admin/diplomacy/visit/", DESK),
    ("/admin/visits/{visit}/", DESK),
    ("/admin/diplomacy/programmeitem/", DESK),
    ("/admin/diplomacy/person/", DESK),
    ("/admin/diplomacy/person/add/", EDITORS),
    ("/admin/diplomacy/office/add/", EDITORS),
    ("/admin/diplomacy/place/add/", EDITORS),
    ("/admin/diplomacy/country/", DESK),
    ("/admin/diplomacy/source/add/", EDITORS),
    ("/admin/agenda/feed/", DESK),
    ("/admin/calendars/", EDITORS),
    ("/admin/coverage/", DESK),
    ("/admin/alerts/", DESK),
    ("/admin/rules/", DESK),
    ("/admin/tables/", DESK),
    ("/admin/tables/people.xlsx", DESK),
    ("/admin/merge/", EDITORS),
    ("/admin/calendars/{feed}/", DESK),
    ("/admin/diplomacy/user/", {ADMINISTRATOR}),
    ("/admin/diplomacy/user/add/", {ADMINISTRATOR}),
]
ROLES = [None, READER, CONTRIBUTOR, EDITOR, ADMINISTRATOR]


def browser(role: DeskRole | None) -> Client:
    """A browser in which somebody of that role is signed in; None is nobody."""
    client = Client()
    if role is not None:
        client.force_login(factories.user(role))
    return client


@pytest.mark.parametrize("role", ROLES, ids=str)
def test_each_page_opens_for_just_these_roles(role: DeskRole | None) -> None:
    proposal, visit = factories.proposal(), factories.visit()
    names: dict[str, object] = {
        "proposal": proposal.pk,
        "communique": proposal.extraction.version.communique_id,
        "visit": visit.pk,
    }
    names["feed"] = Feed.objects.get(language="en", slug="all").pk
    client = browser(role)
    refused = {302} if role in {None, READER} else {302, 403}
    for page, allowed in PAGES:
        status = client.get(page.format(**names)).status_code
        assert status == 200 if role in allowed else status in refused, (page, role, status)


Act = Callable[[Client], int]


def _publish(client: Client) -> int:
    visit = factories.visit(published=False)
    client.post("/admin/diplomacy/visit/", {"action": "publish_chosen", "_selected_action": str(visit.pk)})
    return 302 if Visit.objects.get(pk=visit.pk).is_published else 403


def _reject(client: Client) -> int:
    proposal = factories.proposal()
    return client.post(f"/admin/review/{proposal.pk}/", {"version": 1, "reject": "1"}).status_code


def _receive(client: Client) -> int:
    return client.post("/admin/receive/", {"text": "Visite officielle.", "published_on": "2023-02-07"}).status_code


def _retry(client: Client) -> int:
    version = factories.version()
    return client.post(f"/admin/communiques/{version.communique_id}/retry/").status_code


def _delete(client: Client) -> int:
    visit = factories.visit()
    client.post(f"/admin/diplomacy/visit/{visit.pk}/delete/", {"post": "yes"})
    return 302 if not Visit.objects.filter(pk=visit.pk).exists() else 403


ACTS: list[tuple[Act, set[DeskRole]]] = [
    (_receive, DESK),
    (_retry, EDITORS),
    (_reject, EDITORS),
    (_publish, EDITORS),
    (_delete, set()),
]


@pytest.mark.parametrize("role", [CONTRIBUTOR, EDITOR, ADMINISTRATOR], ids=str)
@pytest.mark.parametrize(("act", "allowed"), ACTS, ids=lambda value: getattr(value, "__name__", ""))
def test_each_act_is_for_just_these_roles(act: Act, allowed: set[DeskRole], role: DeskRole) -> None:
    assert act(browser(role)) == (302 if role in allowed else 403)


@pytest.mark.parametrize("role", [None, READER], ids=str)
def test_whoever_is_not_of_the_desk_is_sent_to_sign_in(role: DeskRole | None) -> None:
    answer = browser(role).post("/admin/receive/", {"text": "Visite.", "published_on": "2023-02-07"})
    assert answer.status_code == 302
    assert "/admin/login/" in answer["Location"]


@pytest.mark.parametrize(("role", "status"), [(READER, 403), (CONTRIBUTOR, 202), (EDITOR, 202)])
def test_the_api_takes_communiques_from_the_same_roles(role: DeskRole, status: int) -> None:
    body = {"text": f"Visite officielle ({role}).", "published_on": "2023-02-07"}
    client = browser(role)
    assert client.post("/api/v1/communiques/", body, content_type="application/json").status_code == status
