"""One small factory per model: valid rows with nothing surprising in them. Written through the domain where that has
a function for it, so that what a test starts from can exist.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from itertools import count

from diplomacy.accounts.models import User
from diplomacy.accounts.roles import DeskRole
from diplomacy.communiques.intake import Arrival, receive
from diplomacy.communiques.models import CommuniqueVersion, Extraction, Proposal, ProposalKind, Source, SourceKind
from diplomacy.directory.models import Country, Office, Organisation, Person, Place, Tenure
from diplomacy.directory.registry import country_coded, office_titled, person_named, place_named
from diplomacy.visits import lifecycle, programme, publication
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import ItemFacts, Release, Somebody, VisitFacts
from diplomacy.visits.models import ProgrammeItem, Visit
from diplomacy.vocabulary import ItemKind, Precision, Role

NOW = dt.datetime(2023, 2, 7, 9, 0, tzinfo=dt.UTC)
_numbers = count(1)


def user(role: DeskRole = DeskRole.EDITOR) -> User:
    """Somebody of that role, without a password."""
    return User.objects.create_with_role(f"user{next(_numbers)}", role=role)


def country(code: str = "ML") -> Country:
    """A party of the directory."""
    return country_coded(code)


def place(name: str = "Bamako", code: str = "ML") -> Place:
    """A city, with its zone."""
    return place_named(name, country=country(code))


def organisation(name: str = "Ministry of Foreign Affairs", code: str = "ML") -> Organisation:
    """A ministry."""
    return Organisation.objects.create(name=name, country=country(code))


def person(name: str = "Ana Prado", code: str = "BR") -> Person:
    """Somebody, with one spelling."""
    return person_named(name, country=country(code))


def office(title: str = "Foreign Minister", code: str = "BR") -> Office:
    """A post."""
    return office_titled(title, country=country(code))


def tenure() -> Tenure:
    """Who holds the post, since when."""
    return Tenure.objects.create(person=person(), office=office(), starts_on=dt.date(2022, 1, 1))


VISIT = VisitFacts(
    host_country="ML",
    members=(Somebody(name="Ana Prado", title="Foreign Minister", country="BR", role=Role.HEAD_OF_DELEGATION),),
    start_on=dt.date(2023, 2, 7),
    end_on=dt.date(2023, 2, 8),
    cities=("Bamako",),
)
PRESS = ItemFacts(
    kind=ItemKind.PRESS_CONFERENCE, precision=Precision.EXACT, day=dt.date(2023, 2, 8), start_time=dt.time(15)
)


def visit(
    facts: VisitFacts = VISIT,
    *items: ItemFacts,
    release: Release | None = None,
    published: bool = True,
    now: dt.datetime = NOW,
    **changes: object,
) -> Visit:
    """A visit of two days to Bamako, published; `changes` are of its facts."""
    act = Act(now=now)
    made = lifecycle.announce(replace(facts, **changes), items, act, release=release)  # type: ignore[arg-type]
    if published:
        publication.publish(made, act)
    return made


def item(
    facts: ItemFacts = PRESS, *, published: bool = True, now: dt.datetime = NOW, **changes: object
) -> ProgrammeItem:
    """A line of an official's own diary, published; `changes` are of its facts."""
    made = programme.add_item(replace(facts, **changes), Act(now=now))  # type: ignore[arg-type]
    if published:
        publication.publish_item(made, Act(now=now))
    return made


def source() -> Source:
    """Where communiqués come from."""
    number = next(_numbers)
    return Source.objects.create(name=f"Source {number}", slug=f"source-{number}", kind=SourceKind.DESK)


def version(text: str = "Visite officielle à Bamako.", **arrival: object) -> CommuniqueVersion:
    """A communiqué received and not read yet."""
    given = {"published_on": NOW.date(), "received_at": NOW, **arrival}
    return receive(Arrival(original=text.encode(), **given), source()).version  # type: ignore[arg-type]


def proposal(draft: Mapping[str, object] | None = None, kind: ProposalKind = ProposalKind.NEW_VISIT) -> Proposal:
    """A proposal that waits, as a reading would have made it."""
    read = dict(draft) if draft else {
        "visitors": [{"name": "Ana Prado", "title": "Foreign Minister", "country": "BR"}],
        "host_country": "ML", "cities": ["Bamako"], "start": "2023-02-07", "end": "2023-02-08", "items": [],
    }  # fmt: skip
    extraction = Extraction.objects.create(
        version=version(f"Communiqué {next(_numbers)}."), parser_version="test", reading={"visits": [], "items": []},
        published_on=NOW.date(), made_at=NOW,
    )  # fmt: skip
    return Proposal.objects.create(extraction=extraction, path="visits.0", kind=kind, draft=read, made_at=NOW)
