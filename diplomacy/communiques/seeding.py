"""A load to measure with: many years of visits, items and proposals, the same for the same seed number.

Visits stay drafts and nobody is told of them; people and texts are made up of syllables.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from django.db import transaction

from diplomacy.communiques.change import Change, ChangeKind, as_json
from diplomacy.communiques.models import (
    Communique,
    CommuniqueState,
    CommuniqueVersion,
    Evidence,
    Extraction,
    Proposal,
    ProposalKind,
    ProposalState,
    Source,
    SourceKind,
)
from diplomacy.communiques.threeway import Outcome
from diplomacy.directory.models import Country, Person, PersonName
from diplomacy.directory.spelling import fold
from diplomacy.visits.models import DelegationMember, ProgrammeItem, ProgrammeLine, Visit
from diplomacy.vocabulary import ItemKind, PartyKind, Precision, Role, Side, VisitKind, VisitStatus

YEARS_BACK, YEARS_AHEAD = 25, 1
BUSIEST_DAY = 60  # visits under way on one day, at most
ITEMS = (7, 13)
CHANGED = 0.08  # share of visits put off or cancelled
PEOPLE_PER_COUNTRY = 10
SKEW = 0.9  # the nth country is n ** -SKEW as busy as the first
_BATCH = 500
_SYLLABLES = ("ba", "do", "ka", "lin", "mo", "na", "pra", "ri", "so", "tel", "vi", "zan")
_STATES = (ProposalState.CONFIRMING, ProposalState.ACCEPTED, ProposalState.REJECTED, ProposalState.WAITING)
_STATE_SHARES = (0.6, 0.2, 0.1, 0.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedVisit:
    """A visit of the load, before it is written: host, visitor's country, days and status."""

    number: int
    host: str
    visitor: str
    head: int  # which of the country's people
    start_on: dt.date
    end_on: dt.date
    status: VisitStatus


def plan(number: int, *, seed: int, today: dt.date, countries: list[str]) -> Iterator[PlannedVisit]:
    """`number` visits from 25 years before `today` to one year after it; pure: the same arguments, the same plan.

    Raises ValueError where so many cannot lie there with at most `BUSIEST_DAY` on one day.
    """
    rng = random.Random(seed)  # noqa: S311  a load, no secret
    order = rng.sample(countries, len(countries))
    weights = list(accumulate((rank + 1) ** -SKEW for rank in range(len(order))))
    first = today - dt.timedelta(days=365 * YEARS_BACK)
    span = 365 * (YEARS_BACK + YEARS_AHEAD)
    if number * 2 > span * BUSIEST_DAY:
        raise ValueError(f"at most {span * BUSIEST_DAY // 2} visits lie in these years")
    busy: Counter[dt.date] = Counter()
    for index in range(number):
        host, visitor = rng.choices(order, cum_weights=weights, k=2)
        days = _free_days(rng, busy, first, span)
        yield PlannedVisit(
            number=index, host=host, visitor=visitor, head=rng.randrange(PEOPLE_PER_COUNTRY),
            start_on=days[0], end_on=days[-1], status=_status(rng, days, today),
        )  # fmt: skip


def _free_days(rng: random.Random, busy: Counter[dt.date], first: dt.date, span: int) -> list[dt.date]:
    while True:
        start = first + dt.timedelta(days=rng.randrange(span))
        days = [start + dt.timedelta(days=offset) for offset in range(rng.choice((1, 1, 2, 2, 3)))]
        if all(busy[day] < BUSIEST_DAY for day in days):
            busy.update(days)
            return days


def _status(rng: random.Random, days: list[dt.date], today: dt.date) -> VisitStatus:
    if rng.random() < CHANGED:
        return rng.choice((VisitStatus.POSTPONED, VisitStatus.CANCELLED))
    return VisitStatus.CONCLUDED if days[-1] < today else VisitStatus.ANNOUNCED


def load(number: int, *, seed: int, today: dt.date, domain: str) -> Iterator[int]:
    """Write the load, giving after each batch how many visits are written. About two proposals a visit.

    Raises ValueError where a load lies there already, or for too many visits.
    """
    source, made = Source.objects.get_or_create(
        slug=f"load-{seed}", defaults={"name": f"Load {seed}", "kind": SourceKind.API}
    )
    if not made:
        raise ValueError(f"the load of seed {seed} lies there already")
    codes = list(Country.objects.filter(kind=PartyKind.STATE).order_by("code").values_list("code", flat=True))
    rng = random.Random(f"{seed} rows")  # noqa: S311
    people = _people(rng, codes, seed)
    batch: list[PlannedVisit] = []
    for planned in plan(number, seed=seed, today=today, countries=codes):
        batch.append(planned)
        if len(batch) == _BATCH or planned.number == number - 1:
            with transaction.atomic():
                _store(batch, people, source, rng, seed=seed, domain=domain, today=today)
            yield planned.number + 1
            batch = []


def _people(rng: random.Random, codes: list[str], seed: int) -> dict[tuple[str, int], Person]:
    people = {
        (code, number): Person(
            id=_uuid(rng), name=_name(rng), slug=f"load-{seed}-{code.lower()}-{number}", country_id=code
        )
        for code in codes
        for number in range(PEOPLE_PER_COUNTRY)
    }
    Person.objects.bulk_create(people.values(), batch_size=_BATCH)
    names = [PersonName(person=one, text=one.name, folded=fold(one.name)) for one in people.values()]
    PersonName.objects.bulk_create(names, batch_size=_BATCH)
    return people


def _store(
    batch: list[PlannedVisit], people: dict[tuple[str, int], Person], source: Source, rng: random.Random,
    *, seed: int, domain: str, today: dt.date,
) -> None:  # fmt: skip
    visits, members, items, lines = [], [], [], []
    told: list[tuple[Visit, Person, list[ProgrammeItem]]] = []
    for planned in batch:
        visit = _visit(planned, rng, seed=seed, domain=domain)
        head = people[planned.visitor, planned.head]
        own = [_item(visit, rng, domain) for _number in range(rng.randint(*ITEMS))]
        visits.append(visit)
        members.append(
            DelegationMember(
                visit=visit, person=head, role=Role.HEAD_OF_DELEGATION, side=Side.VISITING, country_id=planned.visitor
            )
        )
        items += own
        lines += [ProgrammeLine(visit=visit, item=item, position=place) for place, item in enumerate(own, start=1)]
        told.append((visit, head, own))
    Visit.objects.bulk_create(visits)
    DelegationMember.objects.bulk_create(members)
    ProgrammeItem.objects.bulk_create(items, batch_size=_BATCH)
    ProgrammeLine.objects.bulk_create(lines, batch_size=_BATCH)
    _propose(told, source, rng, today)


def _visit(planned: PlannedVisit, rng: random.Random, *, seed: int, domain: str) -> Visit:
    identifier = _uuid(rng)
    is_put_off = planned.status is VisitStatus.POSTPONED
    return Visit(
        id=identifier, uid=f"{identifier}@{domain}", slug=f"load-{seed}-{planned.number}", status=planned.status,
        kind=rng.choice(list(VisitKind)), host_country_id=planned.host, start_on=planned.start_on,
        end_on=planned.end_on, original_start_on=planned.start_on - dt.timedelta(days=7) if is_put_off else None,
        created_at=_noon(planned.start_on, before=20),
    )  # fmt: skip


def _item(visit: Visit, rng: random.Random, domain: str) -> ProgrammeItem:
    identifier = _uuid(rng)
    assert visit.start_on is not None
    assert visit.end_on is not None
    day = visit.start_on + dt.timedelta(days=rng.randint(0, (visit.end_on - visit.start_on).days))
    kind = rng.choice(list(ItemKind))
    item = ProgrammeItem(
        id=identifier, uid=f"{identifier}@{domain}", kind=kind, title=kind.value.replace("_", " "),
        created_at=visit.created_at, precision=Precision.ORDER,
    )  # fmt: skip
    if rng.random() < 0.5:
        item.precision, item.day, item.zone = Precision.EXACT, day, "UTC"
        item.start_time = dt.time(rng.randint(8, 20), rng.choice((0, 15, 30, 45)))
    elif rng.random() < 0.5:
        item.precision, item.day = Precision.DAY, day
    return item


def _propose(
    told: list[tuple[Visit, Person, list[ProgrammeItem]]], source: Source, rng: random.Random, today: dt.date
) -> None:
    rows: list[tuple[Communique, CommuniqueVersion, Extraction, Proposal, Evidence]] = []
    for visit, head, items in told:
        state = rng.choices(_STATES, weights=_STATE_SHARES)[0]
        first = (ProposalKind.NEW_VISIT, ProposalState.ACCEPTED, list[dict[str, Any]]())
        for kind, became, changes in (first, (ProposalKind.CHANGE_VISIT, state, _move(items))):
            at = _received(visit, rng, today, before=15 if kind is ProposalKind.NEW_VISIT else 3)
            rows.append(_text(visit, head, source, rng, kind, became, changes, at))
    Communique.objects.bulk_create(row[0] for row in rows)
    CommuniqueVersion.objects.bulk_create(row[1] for row in rows)
    Extraction.objects.bulk_create(row[2] for row in rows)
    Proposal.objects.bulk_create(row[3] for row in rows)
    Evidence.objects.bulk_create(row[4] for row in rows)


def _text(
    visit: Visit, head: Person, source: Source, rng: random.Random, kind: ProposalKind, state: ProposalState,
    changes: list[dict[str, Any]], at: dt.datetime,
) -> tuple[Communique, CommuniqueVersion, Extraction, Proposal, Evidence]:  # fmt: skip
    assert visit.start_on is not None
    is_first = kind is ProposalKind.NEW_VISIT
    text = f"{head.name} visits {visit.host_country_id} on {visit.start_on:%d %B %Y}. ({visit.slug}, {kind})"
    original = text.encode()
    communique = Communique(
        id=_uuid(rng), source=source, identity=hashlib.sha256(original).hexdigest(), title=text[:80],
        state=CommuniqueState.READ, received_at=at,
    )  # fmt: skip
    version = CommuniqueVersion(
        communique=communique, original=original, sha256=communique.identity, media_type="text/plain", text=text,
        published_on=at.date(), language="en", received_at=at,
    )  # fmt: skip
    extraction = Extraction(
        version=version, parser_version="load", published_on=at.date(), stated_language="en", language="en",
        reading={"visits": [], "items": [], "warnings": []}, made_at=at,
    )  # fmt: skip
    is_decided = state in {ProposalState.ACCEPTED, ProposalState.REJECTED}
    proposal = Proposal(
        id=_uuid(rng), extraction=extraction, path="visits.0", kind=kind, state=state, visit=visit, changes=changes,
        draft=_draft(visit, head), confidence=round(rng.uniform(0.3, 1), 2), soonest_on=visit.start_on, made_at=at,
        match_reason="" if is_first else "same_visitor,same_host,same_dates", match_score=None if is_first else 0.9,
        decided_at=at if is_decided else None,
    )  # fmt: skip
    evidence = Evidence(
        proposal=proposal, field="visitors.0.name", start=0, end=len(head.name), quote=head.name, rule="load",
        visit=visit,
    )  # fmt: skip
    return communique, version, extraction, proposal, evidence


def _draft(visit: Visit, head: Person) -> dict[str, Any]:
    assert visit.start_on is not None
    assert visit.end_on is not None
    return {
        "visitors": [{"name": head.name, "aliases": [], "title": None, "country": head.country_id}],
        "host_country": visit.host_country_id, "start": visit.start_on.isoformat(), "end": visit.end_on.isoformat(),
        "status": "announced", "visit_kind": visit.kind, "cities": [], "items": [],
    }  # fmt: skip


def _move(items: list[ProgrammeItem]) -> list[dict[str, Any]]:
    """An hour later for the first item that has one."""
    item = next((one for one in items if one.start_time is not None), None)
    if item is None or item.day is None or item.start_time is None:
        return []
    stands = {"date": item.day.isoformat(), "start_time": f"{item.start_time:%H:%M}"}
    says = stands | {"start_time": f"{item.start_time.hour + 1:02}:{item.start_time.minute:02}"}
    change = Change(
        kind=ChangeKind.MOVE_ITEM, key=f"{item.pk}/when", path="items.0", says=says, stands=stands,
        outcome=Outcome.CHANGE,
    )  # fmt: skip
    return [as_json(change)]


def _received(visit: Visit, rng: random.Random, today: dt.date, *, before: int) -> dt.datetime:
    """So many days before the visit; of one further ahead, some time in the last two months."""
    assert visit.start_on is not None
    return min(_noon(visit.start_on, before=before), _noon(today, before=rng.randint(1, 60)))


def _noon(day: dt.date, *, before: int) -> dt.datetime:
    return dt.datetime.combine(day - dt.timedelta(days=before), dt.time(12), dt.UTC)


def _uuid(rng: random.Random) -> uuid.UUID:
    return uuid.UUID(int=rng.getrandbits(128), version=4)


def _name(rng: random.Random) -> str:
    words = ("".join(rng.choices(_SYLLABLES, k=rng.randint(2, 3))) for _word in range(2))
    return " ".join(word.capitalize() for word in words)
