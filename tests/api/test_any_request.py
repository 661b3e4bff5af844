"""Whatever is asked, the API answers as its schema says, and never fails: requests made up from the schema itself.

`AGENDA_REQUESTS=2000` tries more of them, by hand.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
import time_machine
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from agenda.tokens.models import make_token
from agenda.tokens.scopes import Scope
from agenda.wsgi import application
from diplomacy.accounts.roles import DeskRole
from diplomacy.visits.facts import ItemFacts
from diplomacy.vocabulary import ItemKind
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

REQUESTS = int(os.environ.get("AGENDA_REQUESTS", "100"))
_PHASES = (Phase.explicit, Phase.generate)


@pytest.fixture(autouse=True)
def _on_the_day() -> Iterator[None]:
    with time_machine.travel(factories.NOW, tick=False):
        yield


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Requests keep the connection of the test, in whose transaction everything is: what Django's own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.timeout(3600 if REQUESTS > 200 else 600)
def test_any_request_is_answered_as_the_schema_says() -> None:
    visit = factories.visit(factories.VISIT, factories.PRESS, ItemFacts(kind=ItemKind.AUDIENCE))
    factories.visit(start_on=None, end_on=None, date_text="en mars")
    _row, token = make_token(factories.user(DeskRole.EDITOR), label="any", scopes=list(Scope.values))
    known = {"visit_id": str(visit.pk), "item_id": str(visit.items.all()[0].pk), "code": "ML"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", application)
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    tried: dict[str, int] = {}

    @settings(
        max_examples=REQUESTS, phases=_PHASES, deadline=None, database=None, derandomize=REQUESTS <= 200,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(
        case=st.one_of(*(one.as_strategy(generation_mode=mode) for one in operations for mode in GenerationMode)),
        is_known=st.booleans(),
    )
    def ask(case: Any, is_known: bool) -> None:
        if is_known:
            case.path_parameters |= {name: known[name] for name in case.path_parameters or () if name in known}
        tried[case.operation.label] = tried.get(case.operation.label, 0) + 1
        # No schema can say which cursor or which id of another system there is.
        case.call_and_validate(headers={"Authorization": f"Token {token}"}, excluded_checks=[positive_data_acceptance])

    ask()
    assert sum(tried.values()) >= REQUESTS
