"""Another system's visits: idempotent, weighed field by field, and never against an editor."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from agenda.tokens.models import make_token
from diplomacy.communiques import review
from diplomacy.communiques.models import Communique, Evidence, Proposal, Source
from diplomacy.communiques.records import RecordOutcome, take_record
from diplomacy.visits import lifecycle
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import VisitPatch
from diplomacy.visits.models import Visit
from tests import factories
from tests.api.test_schema import valid

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

WHERE = "/api/v1/visits/by-source/protocol/2023-17/"
HOUR = {"kind": "audience", "date": "2023-02-07", "start_time": "10:30", "timezone": "Africa/Bamako"}
VISIT = {
    "visitors": [{"name": "Ana Prado", "title": "Foreign Minister", "country": "BR"}], "host_country": "ML",
    "cities": ["Bamako"], "start": "2023-02-07", "end": "2023-02-08", "items": [HOUR],
}  # fmt: skip


@pytest.fixture(autouse=True)
def _countries() -> None:
    for code in ("ML", "BR", "SN"):
        factories.country(code)


def program(*scopes: str, remit: tuple[str, ...] = ()) -> Client:
    user = factories.user()
    user.remit = list(remit)
    user.save(update_fields=["remit"])
    _row, secret = make_token(user, label="protocol", scopes=scopes or ("visits:write", "visits:publish"))
    return Client(headers={"authorization": f"Token {secret}", "accept-language": "en"})


def put(client: Client, path: str = WHERE, tag: str = "", **said: object) -> Any:
    headers = {"if-match": tag} if tag else {}
    return client.put(path, {**VISIT, **said}, content_type="application/json", headers=headers)


def verdicts(answer: Any) -> dict[str, str]:
    assert answer.status_code in {200, 201}, answer.content
    return {f"{one['pointer']} {one['field']}": one["verdict"] for one in answer.json()["fields"]}


def test_it_is_published_once_and_changes_what_no_editor_decided() -> None:
    client = program()
    rehearsed = put(client, f"{WHERE}?validate=true")
    assert (rehearsed.status_code, rehearsed.json()["visit"], rehearsed.json()["is_rehearsal"]) == (200, None, True)
    assert set(verdicts(rehearsed).values()) == {"applied"}
    assert not Communique.objects.exists()
    assert not Source.objects.exists()
    assert client.get(WHERE).status_code == 404
    first = put(client)
    valid(first, "/api/v1/visits/by-source/{system}/{record}/", "put")
    assert (first.status_code, first.json()["is_published"], verdicts(first)) == (201, True, verdicts(rehearsed))
    visit = Visit.objects.get()
    assert str(visit.items.get().start_time) == "10:30:00"
    evidence = Evidence.objects.get(field="items.0.start_time")
    text = Communique.objects.get().latest.text
    assert text[evidence.start : evidence.end] == evidence.quote == "10:30"

    again = put(client)
    assert (again.status_code, again.json()["version"], set(verdicts(again).values())) == (200, 1, {"same"})
    assert (Visit.objects.count(), Proposal.objects.count()) == (1, 1)

    changed = put(client, end="2023-02-09")
    assert verdicts(changed)["/end end"] == "applied"
    assert verdicts(changed)["/start start"] == "same"
    visit.refresh_from_db()
    assert str(visit.end_on) == "2023-02-09"
    known = client.get(WHERE)
    valid(known, "/api/v1/visits/by-source/{system}/{record}/")
    assert (known.json()["visit"], known.json()["version"]) == (str(visit.pk), 2)
    assert put(client, tag=first["ETag"], end="2023-02-10").status_code == 412
    assert put(client, tag=known["ETag"], end="2023-02-09").status_code == 200
    off = put(client, end="2023-02-09", status="cancelled")
    assert verdicts(off)["/status status"] == "applied"
    visit.refresh_from_db()
    assert (visit.status, visit.is_published) == ("cancelled", True)  # readers are told, it is not gone


def test_what_an_editor_decided_waits_while_the_rest_is_applied() -> None:
    client, editor = program(), factories.user()
    put(client)
    visit = Visit.objects.get()
    lifecycle.change(visit, VisitPatch(end_on=dt.date(2023, 2, 10)), Act(now=factories.NOW, by=editor))
    assert set(verdicts(put(client)).values()) == {"same", "kept"}  # said before: the editor's stands
    answer = put(client, end="2023-02-09", visit_kind="working")
    assert (verdicts(answer)["/end end"], verdicts(answer)["/visit_kind visit_kind"]) == ("proposed", "applied")
    (waiting,) = answer.json()["proposals"]
    visit.refresh_from_db()
    assert (str(visit.end_on), visit.kind) == ("2023-02-10", "working")
    proposal = Proposal.objects.get(state="waiting")
    assert waiting.endswith(f"{proposal.pk}/")
    assert [one["key"] for one in proposal.changes if one["outcome"] == "conflict"] == ["end"]
    decided = Evidence.objects.filter(field="end", proposal__extraction__version__number=2)
    assert [one.proposal_id for one in decided] == [proposal.pk]
    repeated = put(client, end="2023-02-09", visit_kind="working")
    assert (verdicts(repeated)["/end end"], repeated.json()["proposals"]) == ("proposed", [waiting])
    put(client, end="2023-02-10", visit_kind="working")
    assert not Proposal.objects.filter(state="waiting").exists()


def test_without_the_scope_it_waits_and_several_have_an_answer_each() -> None:
    client = program("visits:write")
    answer = put(client)
    assert (answer.status_code, answer.json()["visit"]) == (201, None)
    assert set(verdicts(answer).values()) == {"proposed"}
    put(client, end="2023-02-09")
    assert [one.state for one in Proposal.objects.order_by("made_at")] == ["superseded", "waiting"]
    assert not Visit.objects.exists()
    for system in ("Protocol", "a b", "x" * 41):
        assert put(client, f"/api/v1/visits/by-source/{system}/1/").status_code == 404
    wrong = put(client, start="soon", colour="red", visitors=[{"name": "A", "country": "QQ"}])
    assert {one["pointer"] for one in wrong.json()["errors"]} == {"/start", "/colour"}
    for method in ("get", "head", "put", "delete"):
        answer = getattr(program("communiques:submit"), method)(WHERE)
        assert answer.status_code == (405 if method == "delete" else 403)

    several = "/api/v1/visits/by-source/protocol/"
    entries = [
        {"id": "2023-17", "visit": {**VISIT, "end": "2023-02-09"}},
        {"id": "2023-18", "visit": {**VISIT, "host_country": "SN", "cities": ["Dakar"]}},
        {"id": "2023-19", "visit": {**VISIT, "visitors": [{"name": "A", "country": "QQ"}], "items": []}},
        {"id": "2023-20", "visit": {**VISIT, "items": [{"kind": "party"}]}},
        {"id": "a b", "visit": VISIT},
    ]
    sent = {"entries": entries}
    answer = client.post(several, sent, content_type="application/json", headers={"idempotency-key": "b1"})
    valid(answer, "/api/v1/visits/by-source/{system}/", "post")
    results = answer.json()["results"]
    assert [one["status"] for one in results] == [200, 201, 400, 400, 400]
    places = [error["pointer"] for one in results for error in one["errors"]]
    assert places == [
        "/entries/2/visit/visitors/0/country", "/entries/3/visit/items/0/kind", "/entries/4/id",
    ]  # fmt: skip
    again = client.post(several, sent, content_type="application/json", headers={"idempotency-key": "b1"})
    assert again.content == answer.content
    assert Communique.objects.count() == 2
    refused = client.post(several, {"entries": []}, content_type="application/json")
    assert refused.json()["errors"][0]["pointer"] == "/entries"


def test_it_is_matched_to_what_is_known_and_never_led_to_another_host() -> None:
    client, visit = program(), factories.visit()
    answer = put(client, items=[], end="2023-02-09")
    for nobodys in ("%00", "%7F", "a%20b"):  # what can be no id is none of a known system either
        assert client.get(f"/api/v1/visits/by-source/protocol/{nobodys}/").status_code == 404
    assert (answer.status_code, answer.json()["visit"]) == (200, str(visit.pk))
    assert verdicts(answer)["/end end"] == "proposed"  # a visit made by hand is decided as a whole
    moved = put(client, host_country="SN", cities=[])
    assert (moved.status_code, moved.json()["errors"][0]["pointer"]) == (400, "/host_country")
    assert Visit.objects.count() == 1


def test_a_record_of_ones_own_countries_changes_no_visit_of_others() -> None:
    whole, limited, elsewhere = program(), program(remit=("SN",)), "/api/v1/visits/by-source/cabinet/7/"
    put(whole)
    visit = Visit.objects.get()
    both = [*VISIT["visitors"], {"name": "Awa Sarr", "title": "Minister of Trade", "country": "SN"}]
    for _each in range(2):  # recognised by what it says, and then known by its id
        answer = put(limited, elsewhere, end="2023-02-09", visitors=both)
        assert (answer.status_code, verdicts(answer)["/end end"]) == (200, "proposed")
        assert (answer.json()["visit"], len(answer.json()["proposals"])) == (str(visit.pk), 1)
    visit.refresh_from_db()
    assert (str(visit.end_on), visit.countries_concerned()) == ("2023-02-08", frozenset({"ML", "BR"}))
    assert verdicts(put(whole, elsewhere, end="2023-02-09", visitors=both))["/end end"] == "applied"
    theirs = put(limited, elsewhere, end="2023-02-10", visitors=both)  # the visit is of Senegal too by now
    assert verdicts(theirs)["/end end"] == "applied"


def test_what_is_sent_meanwhile_is_seen_by_if_match(monkeypatch: pytest.MonkeyPatch) -> None:
    client = program()
    tag = put(client)["ETag"]

    def after_another(source: Source, identity: str, draft: dict[str, Any], act: Act, **how: Any) -> RecordOutcome:
        other = {**draft, "end": "2023-02-11"}
        take_record(source, identity, other, act, may_publish=lambda _subject: True)
        return take_record(source, identity, draft, act, **how)

    monkeypatch.setattr("agenda.api.by_source.take_record", after_another)
    assert put(client, tag=tag, end="2023-02-09").status_code == 412
    assert put(client, end="2023-02-09").status_code == 200  # whoever says nothing of it is not asked


def test_what_an_editor_keeps_as_a_draft_is_not_published_by_a_program() -> None:
    put(program("visits:write"))
    proposal = Proposal.objects.get()
    review.accept(proposal, Act(now=factories.NOW, by=factories.user()))
    answer = put(program(), visit_kind="working")
    assert verdicts(answer)["/visit_kind visit_kind"] == "applied"
    visit = Visit.objects.get()
    assert (visit.kind, visit.is_published, answer.json()["is_published"]) == ("working", False, False)
