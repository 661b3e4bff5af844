"""Proposals are decided by the API as at the desk: once, by who may, and on what they looked at."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agenda.handling import acts as handling
from agenda.tokens.models import make_token
from diplomacy.accounts.roles import DeskRole
from diplomacy.communiques.extraction import propose_one
from diplomacy.communiques.known import recognise
from diplomacy.communiques.models import Proposal, ProposalKind
from diplomacy.visits.models import Visit
from tests import factories
from tests.api.test_schema import valid

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

PROPOSALS = "/api/v1/proposals/"
EVERYTHING = ("proposals:read", "proposals:review", "visits:publish")


def program(*scopes: str, role: DeskRole = DeskRole.EDITOR) -> Client:
    _row, secret = make_token(factories.user(role), label="newsroom", scopes=scopes or EVERYTHING)
    return Client(headers={"authorization": f"Token {secret}", "accept-language": "en"})


def decide(client: Client, proposal: Proposal, act: str, body: Any = None, tag: str | None = "") -> Any:
    path = f"{PROPOSALS}{proposal.pk}/"
    tag = client.get(path)["ETag"] if tag == "" else tag
    headers = {"if-match": tag} if tag else {}
    return client.post(f"{path}{act}/", body or {}, content_type="application/json", headers=headers)


def code(answer: Any) -> tuple[int, str]:
    assert answer["Content-Type"] == "application/problem+json", answer.content
    return answer.status_code, answer.json()["errors"][0]["code"]


def change(**said: object) -> Proposal:
    """A text that tells the visit of the factory again, otherwise."""
    draft = {
        "visitors": [{"name": "Ana Prado", "title": "Foreign Minister", "country": "BR"}], "host_country": "ML",
        "cities": ["Bamako"], "start": "2023-02-07", "end": "2023-02-08", "items": [], **said,
    }  # fmt: skip
    extraction = factories.proposal().extraction
    Proposal.objects.filter(extraction=extraction).delete()
    match = recognise({"visits": [draft], "items": []}, communique=str(extraction.version.communique_id))
    return propose_one(
        extraction, "visits.0", ProposalKind.NEW_VISIT, draft, match.get("visits.0"), now=factories.NOW
    )  # fmt: skip


def test_a_proposal_is_accepted_on_what_was_looked_at_and_once() -> None:
    client, proposal = program(), factories.proposal()
    path = f"{PROPOSALS}{proposal.pk}/"
    shown = client.get(path)
    valid(shown, f"{PROPOSALS}{{id}}/")
    valid(client.get(PROPOSALS), PROPOSALS)
    assert code(decide(client, proposal, "accept", tag=None)) == (428, "header")
    assert code(decide(client, proposal, "accept", tag='"else"')) == (412, "header")
    assert code(decide(program("proposals:read"), proposal, "accept"))[0] == 403
    assert code(decide(program("proposals:read", "proposals:review"), proposal, "accept", {"publish": True}))[0] == 403
    contributor = program(role=DeskRole.CONTRIBUTOR)
    assert code(decide(contributor, proposal, "accept"))[0] == 403
    holder = factories.user()
    handling.hold(proposal, holder, timezone.now())
    assert code(decide(client, proposal, "accept")) == (409, "held")
    handling.let_go(proposal, holder)
    answer = decide(client, proposal, "accept", {"publish": True})
    valid(answer, f"{PROPOSALS}{{id}}/accept/", "post")
    assert (answer.status_code, answer.json()["state"]) == (200, "accepted")
    visit = Visit.objects.get(pk=answer.json()["visit"])
    assert visit.is_published
    assert answer["ETag"] != shown["ETag"]
    assert decide(client, proposal, "reject", {"reason": "late"}, tag=shown["ETag"]).status_code == 412
    assert code(decide(client, proposal, "reject", {"reason": "late"})) == (409, "decided")
    row = handling.handling_of(proposal)
    assert row is not None
    assert row.before is not None  # the desk can take it back
    same = factories.proposal()
    alike = decide(client, same, "accept")
    assert code(alike) == (409, "looks_alike")
    assert str(visit.pk) in alike.json()["detail"]
    assert decide(client, same, "accept", {"look_alikes_seen": [str(visit.pk)]}).status_code == 200
    assert [one["state"] for one in client.get(f"{PROPOSALS}?state=waiting").json()["results"]] == []
    assert client.get(f"{PROPOSALS}00000000-0000-4000-8000-000000000000/").status_code == 404


def test_a_proposal_is_amended_or_put_aside_with_a_reason() -> None:
    client = program("proposals:read", "proposals:review")
    first, second = factories.proposal(), factories.proposal()
    assert code(decide(client, first, "reject", {}))[0] == 400
    wrong = decide(client, first, "amend", {"visit": {"end": "2023-02-01", "colour": 1, "visitors": [{}]}}).json()
    assert {one["pointer"] for one in wrong["errors"]} == {"/visit/colour", "/visit/visitors/0/name"}
    wrong = decide(client, first, "amend", {"visit": {"end": "2023-02-01"}}).json()
    assert {one["pointer"] for one in wrong["errors"]} == {"/visit/end"}
    unknown = {"host_country": "QQ", "visitors": [{"name": "A"}, {"name": "B", "country": "QQ"}]}
    wrong = decide(client, first, "amend", {"visit": unknown}).json()
    assert {one["pointer"] for one in wrong["errors"]} == {"/visit/host_country", "/visit/visitors/1/country"}
    assert decide(client, first, "amend", {"item": {"title": "a"}}).json()["errors"][0]["pointer"] == "/item"
    hour = {"kind": "signing", "date": "2023-02-08", "start_time": "10:30", "timezone": "Africa/Bamako"}
    answer = decide(client, first, "amend", {"visit": {"end": "2023-02-09", "items": [hour]}, "reason": "by phone"})
    assert (answer.status_code, answer.json()["state"], answer.json()["reason"]) == (200, "amended", "by phone")
    visit = Visit.objects.get(pk=answer.json()["visit"])
    assert (visit.end_on.isoformat() if visit.end_on else "", visit.is_published) == ("2023-02-09", False)
    assert [str(one.start_time) for one in visit.items.all()] == ["10:30:00"]
    answer = decide(client, second, "reject", {"reason": "no visit"})
    assert (answer.json()["state"], answer.json()["decided_by"] is not None) == ("rejected", True)


def test_a_change_to_what_readers_see_needs_the_scope_and_takes_what_is_named(settings: Any) -> None:
    visit = factories.visit()
    proposal = change(end="2023-02-09", visit_kind="working")
    client = program()
    shown = client.get(f"{PROPOSALS}{proposal.pk}/").json()
    assert (shown["visit"], shown["kind"]) == (str(visit.pk), "change_visit")
    assert code(decide(program("proposals:read", "proposals:review"), proposal, "accept"))[0] == 403
    settings.AGENDA_SECOND_EYES = True
    assert code(decide(client, proposal, "accept")) == (409, "second_eyes")
    settings.AGENDA_SECOND_EYES = False
    answer = decide(client, proposal, "accept", {"taken": ["end"]})
    taken = {one["key"]: one["taken"] for one in answer.json()["changes"]}
    assert (taken["end"], taken["visit_kind"]) == (True, False)
    visit.refresh_from_db()
    assert (str(visit.end_on), visit.kind) == ("2023-02-09", "unspecified")
