"""Whatever stands in a field of what is written is taken or refused by a problem, never a server error."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from django.test import Client

from agenda.tokens.models import make_token
from agenda.tokens.scopes import Scope
from diplomacy.accounts.roles import DeskRole
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.integration]
EACH = int(os.environ.get("AGENDA_TEST_EACH", "31"))  # 1: all of the 3,000; some of each are enough to run always

STRANGE: tuple[Any, ...] = (
    None, True, 0, -1, 10**400, 1.5, float("nan"), float("inf"), "", " ", "\0", "\ud800", "a" * 5000, "0001-01-01",
    "9999-12-31", "24:00", [], [[]], [None], {}, {"": {}}, {"name": {"a": 1}}, ["\0"], "\u0661\u0662:30", "\u202e",
    "2023-02-30", "1e400", "{}", ["a"] * 300,
)  # fmt: skip
ITEM = {
    "kind": "audience", "title": "a", "form": "b", "date": "2023-02-07", "start_time": "10:30", "end_time": "11:00",
    "timezone": "Africa/Bamako", "precision": "exact", "part_of_day": "morning", "duration_minutes": 30, "place": "c",
    "city": "Bamako", "participants": ["d"], "offices": ["e"], "status": "held", "press_access": "open",
    "accreditation_until": "2023-02-06T18:00",
}  # fmt: skip
SOMEBODY = {"name": "Ana Prado", "title": "Foreign Minister", "country": "BR", "aliases": ["A. Prado"]}
VISIT = {
    "visitors": [SOMEBODY], "delegation": [SOMEBODY], "host_country": "ML", "host": {"name": "a", "title": "b"},
    "at_invitation_of": "b", "cities": ["Bamako"], "start": "2023-02-07", "end": "2023-02-08", "date_text": "a",
    "visit_kind": "working", "status": "confirmed", "items": [ITEM],
}  # fmt: skip
TOKEN = {"label": "a", "scopes": ["parse"], "networks": ["192.0.2.0/24"], "expires_at": "2099-01-01T00:00:00Z"}
TEXT = {"text": "Visite.", "published_on": "2023-02-07", "language": "fr"}
DECISION = {"reason": "a", "publish": False, "taken": ["end"], "look_alikes_seen": []}


def twisted(body: Any) -> Iterator[Any]:
    """The body with each of its values in turn made strange."""
    yield from STRANGE
    parts = body.items() if isinstance(body, dict) else enumerate(body)
    for key, value in list(parts):
        inner = twisted(value) if isinstance(value, dict | list) else STRANGE
        for strange in inner:
            made = dict(body) if isinstance(body, dict) else list(body)
            made[key] = strange
            yield made


def test_no_body_is_a_server_error() -> None:
    for code in ("ML", "BR"):
        factories.country(code)
    _row, secret = make_token(factories.user(DeskRole.ADMINISTRATOR), label="all", scopes=list(Scope))
    client = Client(headers={"authorization": f"Token {secret}"}, raise_request_exception=False)
    proposal = factories.proposal()
    tag = client.get(f"/api/v1/proposals/{proposal.pk}/")["ETag"]
    record, decide = "/api/v1/visits/by-source/a/1/?validate=true", f"/api/v1/proposals/{proposal.pk}/"
    asked = [
        ("PUT", record, VISIT),
        ("POST", "/api/v1/visits/by-source/a/?validate=true", {"entries": [{"id": "1", "visit": {}}]}),
        ("POST", f"{decide}amend/", {**DECISION, "visit": VISIT, "look_alikes_seen": [str(proposal.pk)]}),
        ("POST", f"{decide}reject/", {"reason": []}),
        ("POST", "/api/v1/tokens/", TOKEN),
        ("POST", "/api/v1/communiques/", {**TEXT, "title": "a", "identity": "b", "url": "c"}),
        ("POST", "/api/v1/communiques/bulk/", {"entries": [TEXT]}),
        ("POST", "/api/v1/parse", TEXT),
    ]
    failed, seen = [], set()
    for method, path, whole in asked:
        for body in islice(twisted(whole), 7, None, EACH):
            answer = client.generic(
                method, path, json.dumps(body), content_type="application/json", headers={"if-match": tag}
            )
            seen.add(answer.status_code)
            if answer.status_code >= 500 or (answer.status_code >= 400 and "problem" not in answer["Content-Type"]):
                failed.append((method, path, body, answer.status_code))
    assert failed == []
    assert {200, 400} <= seen
