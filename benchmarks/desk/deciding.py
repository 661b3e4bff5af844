"""What an editor's decision costs: the request that accepts, publishes and leads to the next, by length of programme.

Each decision is taken back with its transaction, so that all meet the same diary.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from benchmarks.desk.clock import Measured, database_seconds
from diplomacy.communiques.models import Extraction, Proposal, ProposalKind, ProposalState
from diplomacy.communiques.reconcile import refresh
from diplomacy.vocabulary import ItemKind, Role
from tests import factories
from tests.desk.pages import as_shown

FEW, MANY = 3, 16  # items of a programme
MOVED = 6
OTHERS = 10  # proposals that wait for the same host
_KINDS = [kind.value for kind in (ItemKind.SPEECH, ItemKind.SIGNING, ItemKind.AUDIENCE)]
_ROLE = Role.HEAD_OF_DELEGATION.value


def decisions() -> Mapping[str, Callable[[Client], Proposal]]:
    """What is decided, by name: each makes the proposal to accept."""
    return {
        f"publish a new visit, {FEW} items": lambda client: _new(client, FEW),
        f"publish a new visit, {MANY} items": lambda client: _new(client, MANY),
        f"publish a new visit, {OTHERS} others wait for its host": lambda client: _among_others(client, FEW),
        f"accept a moved item of {FEW}": lambda client: _change(client, FEW, 1),
        f"accept a moved item of {MANY}": lambda client: _change(client, MANY, 1),
        f"accept {MOVED} moved items of {MANY}": lambda client: _change(client, MANY, MOVED),
    }


def measure(client: Client, make: Callable[[Client], Proposal], *, runs: int) -> Measured:
    """One decision, taken again and again; of the first run the queries are counted."""
    queries, spent, database = 0, [], 0.0
    for run in range(runs + 1):
        with transaction.atomic():
            proposal = make(client)
            form = {**as_shown(client.get(_address(proposal))), "publish": "1"}
            if run == 0:
                with CaptureQueriesContext(connection) as asked:
                    _send(client, proposal, form)
                queries = len(asked)
            else:
                before, began = database_seconds(), time.process_time()
                _send(client, proposal, form)
                own, in_database = time.process_time() - began, database_seconds() - before
                spent.append((own + in_database) * 1000)
                database += in_database * 1000 / runs
            transaction.set_rollback(True)
    return Measured(
        queries=queries, median_ms=median(spent or [0]), worst_ms=max(spent or [0]), database_ms=database
    )  # fmt: skip


def _send(client: Client, proposal: Proposal, form: Mapping[str, Any]) -> None:
    assert client.post(_address(proposal), form).status_code == 302
    assert Proposal.objects.get(pk=proposal.pk).state == ProposalState.ACCEPTED


def _address(proposal: Proposal) -> str:
    return f"/admin/review/{proposal.pk}/"


def _new(_client: Client, items: int) -> Proposal:
    return _proposal(_draft("Zed Quux", items))


def _among_others(client: Client, items: int) -> Proposal:
    for number in range(OTHERS):
        _proposal(_draft(f"Other{number} Person{number}", FEW))
    return _new(client, items)


def _change(client: Client, items: int, moved: int) -> Proposal:
    first = _new(client, items)
    _send(client, first, {**as_shown(client.get(_address(first))), "publish": "1"})
    draft = _draft("Zed Quux", items)
    for item in draft["items"][:moved]:
        item["start_time"] = "21:00"
    proposal = _proposal(draft, ProposalKind.CHANGE_VISIT)
    proposal.visit = Proposal.objects.get(pk=first.pk).visit
    proposal.save()
    refresh(proposal)
    return proposal


def _proposal(draft: dict[str, Any], kind: ProposalKind = ProposalKind.NEW_VISIT) -> Proposal:
    proposal = factories.proposal(draft, kind)
    Extraction.objects.filter(pk=proposal.extraction_id).update(reading={"visits": [draft], "items": []})
    Proposal.objects.filter(pk=proposal.pk).update(soonest_on=draft["start"])
    return Proposal.objects.get(pk=proposal.pk)


def _draft(who: str, items: int) -> dict[str, Any]:
    day = timezone.now().date() + dt.timedelta(days=3)
    return {
        "visitors": [{"name": who, "title": "Foreign Minister", "country": "BR", "role": _ROLE}],
        "host_country": "ML", "cities": ["Bamako"], "start": day.isoformat(),
        "end": (day + dt.timedelta(days=1)).isoformat(), "status": "announced", "evidence_spans": {},
        "items": [_item(number, day, who) for number in range(items)],
    }  # fmt: skip


def _item(number: int, day: dt.date, who: str) -> dict[str, Any]:
    return {
        "kind": _KINDS[number % len(_KINDS)], "date": day.isoformat(), "timezone": "Africa/Bamako",
        "start_time": f"{7 + number // 4:02}:{15 * (number % 4):02}", "time_precision": "exact",
        "place": f"Hall {number}", "participants": [who],
    }  # fmt: skip
