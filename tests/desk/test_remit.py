"""A desk for some countries: its editor sees everything and decides on what is theirs, by whatever way they try."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client

from agenda.tokens.models import make_token
from diplomacy.accounts.models import User
from diplomacy.accounts.roles import DeskRole
from diplomacy.communiques.listings import EditionLine
from diplomacy.communiques.models import Proposal, ProposalState
from diplomacy.communiques.whole_acts import WholeAct, WholeActKind
from diplomacy.directory import asking
from diplomacy.directory.models import Person
from diplomacy.visits.models import Visit
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

AFRICA, ELSEWHERE = "ML", "FR"
DRAFT = {
    "visitors": [{"name": "Ana Prado", "title": "Foreign Minister", "country": "BR"}], "cities": [],
    "start": "2023-02-07", "end": "2023-02-08", "items": [],
}  # fmt: skip

# Each act, with the form it sends. Names in braces are of what lies in one country.
ACTS: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("/admin/review/{proposal}/", {"version": "1", "reject": "1"}),
    ("/admin/review/{waiting}/typed/", {"version": "1"}),
    ("/admin/review/{waiting}/take-over/", {}),
    ("/admin/review/{waiting}/discard/", {}),
    ("/admin/review/{waiting}/leave/", {}),
    ("/admin/review/{waiting}/assign/", {"assignee": ""}),
    ("/admin/review/{waiting}/words/", {"assigned": ""}),
    ("/admin/review/{waiting}/pin/", {"change": ""}),
    ("/admin/review/{proposal}/undo/", {}),
    ("/admin/together/", {"proposal": "{waiting} 1"}),
    ("/admin/visits/{visit}/publish/", {"version": "1", "withdraw": "1"}),
    ("/admin/visits/{visit}/settle/", {"version": "1", "voice": ""}),
    ("/admin/visits/{visit}/restore/{revision}/", {"version": "1"}),
    ("/admin/visits/{visit}/pins/", {}),
    ("/admin/visits/{visit}/whole/", {"act": "cancel", "version": "1"}),
    ("/admin/visits/{visit}/whole/undo/", {"act": "{whole}"}),
    ("/admin/merge/", {"goes": "{slug}", "stays": "{other}", "goes_version": "1", "stays_version": "1"}),
    ("/admin/unlisted/{line}/", {"keep": "1"}),
    ("/admin/items/{item}/coverage/", {}),
    ("/admin/questions/{question}/answer/", {"later": "1"}),
    ("/admin/questions/{question}/undo/", {}),
    ("/admin/diplomacy/person/{person}/change/", {"name": "Somebody"}),
    ("/admin/visits/new/", {"visit-visitors": "Ana Prado | Foreign Minister | BR", "visit-host_country": "{country}",
                            "visit-cities": "", "visit-visit_kind": "working", "visit-status": "announced",
                            "visit-start": "2023-09-09", "visit-end": ""}),
)  # fmt: skip


def of_country(code: str) -> dict[str, Any]:
    """Something of everything, in one country."""
    visit = factories.visit(factories.VISIT, factories.PRESS, host_country=code, cities=())
    other = factories.visit(factories.VISIT, host_country=code, cities=())
    proposal, waiting = (factories.proposal({**DRAFT, "host_country": code}) for _ in range(2))
    line = EditionLine.objects.create(
        edition=proposal.extraction, state="no_longer_listed", before=waiting, item=visit.items.get(),
        noticed_at=factories.NOW,
    )  # fmt: skip
    kept = WholeAct.objects.create(
        visit=visit, kind=WholeActKind.SHIFT, days=1, before={}, left={}, made_at=factories.NOW
    )
    person = factories.person("Amadou Diallo", code)
    asked = asking.ask_about_name("A. Diallo", country=factories.country(code), now=factories.NOW)
    assert asked is not None
    return {
        "visit": visit.pk, "slug": visit.slug, "other": other.slug, "proposal": proposal.pk, "waiting": waiting.pk,
        "revision": visit.revisions.get().pk, "line": line.pk, "item": visit.items.get().pk, "question": asked.pk,
        "person": person.pk, "country": code, "whole": kept.pk,
    }  # fmt: skip


def signed_in(role: DeskRole, *remit: str) -> Client:
    user = factories.user(role)
    User.objects.filter(pk=user.pk).update(remit=list(remit))
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def send(client: Client, address: str, form: Mapping[str, str], names: Mapping[str, object]) -> int:
    data = {name: value.format(**names) for name, value in form.items()}
    return client.post(address.format(**names), data).status_code


def test_an_editor_decides_on_what_is_of_their_countries_alone() -> None:
    theirs, others = of_country(AFRICA), of_country(ELSEWHERE)
    editor = signed_in(DeskRole.EDITOR, "002")
    before = (Visit.objects.count(), list(Proposal.objects.filter(draft__host_country=ELSEWHERE).values()))
    for address, form in ACTS:
        assert send(editor, address, form, others) == 403, address
    assert (Visit.objects.count(), list(Proposal.objects.filter(draft__host_country=ELSEWHERE).values())) == before
    assert Visit.objects.get(pk=others["visit"]).is_published
    for address, form in ACTS:
        assert send(editor, address, form, theirs) not in {403, 404}, address
    assert Proposal.objects.get(pk=theirs["proposal"]).state == ProposalState.WAITING  # rejected, and undone
    assert not Visit.objects.get(pk=theirs["visit"]).is_published
    everywhere = signed_in(DeskRole.ADMINISTRATOR, "002")  # who has no limits
    assert send(everywhere, *ACTS[0], others) == 302


def test_the_lists_keep_to_the_countries_too_and_everybody_looks_at_everything() -> None:
    theirs, others = of_country(AFRICA), of_country(ELSEWHERE)
    editor = signed_in(DeskRole.EDITOR, AFRICA)
    both = [str(theirs["visit"]), str(others["visit"])]
    editor.post("/admin/diplomacy/visit/", {"action": "withdraw_chosen", "_selected_action": both})
    assert not Visit.objects.get(pk=theirs["visit"]).is_published
    assert Visit.objects.get(pk=others["visit"]).is_published
    factories.source()
    assert editor.get("/admin/diplomacy/source/1/change/").status_code in {200, 302}
    assert editor.post("/admin/tables/", {"table": "people"}).status_code == 403  # rows of any country
    looked_at = ("/admin/review/{waiting}/", "/admin/visits/{visit}/", "/admin/diplomacy/person/{person}/change/",
                 "/admin/items/{item}/coverage/")  # fmt: skip
    for address in looked_at:
        assert editor.get(address.format(**others)).status_code == 200, address
    page = editor.get(looked_at[0].format(**others)).content.decode()
    assert 'name="publish"' not in page
    assert 'name="publish"' in editor.get(looked_at[0].format(**theirs)).content.decode()
    person = {"name": "Moved", "slug": "moved", "country": ELSEWHERE}
    editor.post("/admin/diplomacy/person/{person}/change/".format(**theirs), person)
    assert not Person.objects.filter(name="Moved").exists()


def test_a_token_reaches_as_far_as_its_holder() -> None:
    theirs, others = (
        factories.proposal({**DRAFT, "host_country": AFRICA}),
        factories.proposal({**DRAFT, "host_country": ELSEWHERE}),
    )
    editor = factories.user(DeskRole.EDITOR)
    User.objects.filter(pk=editor.pk).update(remit=[AFRICA])
    scopes = ["proposals:read", "proposals:review", "visits:write", "visits:publish"]
    _row, token = make_token(editor, label="wire", scopes=scopes)
    client = Client(headers={"authorization": f"Token {token}", "accept-language": "en"})

    def decide(proposal: Proposal, act: str, **said: object) -> int:
        address = f"/api/v1/proposals/{proposal.pk}/"
        tag = client.get(address).headers["ETag"]  # seen by everybody of the desk
        sent = {**said, "reason": "by a program"}
        return client.post(f"{address}{act}/", sent, "application/json", headers={"if-match": tag}).status_code

    assert decide(others, "reject") == 403
    assert decide(others, "accept") == 403
    assert decide(theirs, "amend", visit={"host_country": ELSEWHERE}) == 403  # led out of the countries
    assert set(Proposal.objects.values_list("state", flat=True)) == {ProposalState.WAITING}
    assert decide(theirs, "accept") == 200
    visitor = {"name": "Joana Reis", "title": "Prime Minister", "country": "PT"}
    for code, published in ((AFRICA, True), (ELSEWHERE, False)):  # of another country it is only proposed
        said = {"visitors": [visitor], "host_country": code, "start": "2024-05-02", "end": "2024-05-03"}
        answer = client.put(f"/api/v1/visits/by-source/planner/{code}/", said, "application/json")
        assert (answer.status_code, answer.json()["is_published"]) == (201, published)


def test_the_queue_shows_their_countries_and_the_others_when_asked() -> None:
    for code in (AFRICA, ELSEWHERE):
        factories.proposal({**DRAFT, "host_country": code})
    factories.proposal({**DRAFT, "host_country": ELSEWHERE, "visitors": [{"name": "I. Keïta", "country": AFRICA}]})
    factories.proposal({**DRAFT, "host_country": None, "visitors": []})
    shown = {
        remit: len(signed_in(DeskRole.EDITOR, *remit).get("/admin/").context["queue"])
        for remit in ((), ("002",), ("RU",))
    }
    assert shown == {(): 4, ("002",): 2, ("RU",): 0}
    answer = signed_in(DeskRole.EDITOR, "002").get("/admin/?others=1")
    assert len(answer.context["queue"]) == 4
    assert "Your desk: Africa." in signed_in(DeskRole.EDITOR, "002").get("/admin/").content.decode()
    assert "Your desk" not in signed_in(DeskRole.EDITOR).get("/admin/").content.decode()


def test_an_administrator_gives_a_remit_by_name() -> None:
    administrator = signed_in(DeskRole.ADMINISTRATOR)
    form = {"username": "ada", "email": "", "role": "editor", "remit": ["002", "BR"]}
    assert administrator.post("/admin/diplomacy/user/add/", form).status_code == 200
    assert User.objects.get(username="ada").remit == ["002", "BR"]
    administrator.post("/admin/diplomacy/user/add/", {**form, "username": "eve", "remit": ["Atlantis"]})
    assert not User.objects.filter(username="eve").exists()
