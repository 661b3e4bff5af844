"""A diary of any size, made up: entries as values, and the rows that readers are served from."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from typing import Any

from django.db import connection

from agenda.entries import view as views
from agenda.entries.entry import Certainty, Entry
from agenda.entries.models import DiaryEntry, Pulse, Telling, TellingKey
from agenda.feeds.models import Feed, Selection, Subscription
from agenda.feeds.tokens import token_digest
from diplomacy.directory.models import Country, Person
from diplomacy.directory.registry import country_coded
from diplomacy.visits.models import ProgrammeItem, Revision
from diplomacy.visits.visibility import Audience
from diplomacy.vocabulary import ItemKind, PressAccess

COUNTRIES = ("ML", "FR", "SN", "BR", "JP", "US", "DE", "KE", "MA", "IN", "GB", "ZA", "TN", "AU", "CA", "CN")
CITIES = {
    "Bamako": ("ML", "Africa/Bamako"), "Paris": ("FR", "Europe/Paris"), "Tokyo": ("JP", "Asia/Tokyo"),
    "New York": ("US", "America/New_York"), "Casablanca": ("MA", "Africa/Casablanca"),
    "New Delhi": ("IN", "Asia/Kolkata"), "Sydney": ("AU", "Australia/Sydney"), "London": ("GB", "Europe/London"),
}  # fmt: skip
KINDS = tuple(ItemKind)
ACCESSES = (PressAccess.OPEN, PressAccess.POOL, PressAccess.CLOSED, PressAccess.UNSPECIFIED)
PEOPLE = 500
_BATCH = 2000


def values(number: int, today: dt.date) -> list[Entry]:
    """Entries as the feed gets them: an hour each, in eight zones, with people, place and text."""
    rng = random.Random(number)  # noqa: S311  (the same diary each time)
    stamp = dt.datetime.combine(today, dt.time(8), dt.UTC)
    return [_value(index, rng, today, stamp) for index in range(number)]


def _value(index: int, rng: random.Random, today: dt.date, stamp: dt.datetime) -> Entry:
    city, (_country, zone) = rng.choice(list(CITIES.items()))
    start = dt.datetime.combine(today + dt.timedelta(days=index % 400 - 60), dt.time(8 + index % 11, 15 * (index % 4)))
    return Entry(
        uid=f"{uuid.UUID(int=rng.getrandbits(128), version=4)}@diary.example.org",
        sequence=index % 4,
        created=stamp - dt.timedelta(days=20),
        last_modified=stamp,
        certainty=Certainty.CONFIRMED,
        kind="bilateral_meeting",
        is_visit=False,
        summary=f"Entretien · Ministre {index % PEOPLE} – Son homologue · Palais, {city}",
        starts=start,
        ends=start + dt.timedelta(hours=1),
        zone=zone,
        description=f"Statut : prévu\nMinistre {index % PEOPLE}, ministre des affaires étrangères\nPresse : ouvert",
        location=f"Palais, {city}",
        latitude=12.65,
        longitude=-8.0,
        url=f"https://diary.example.org/items/{index}/",
        categories=("Entretien",),
    )


def fill(number: int, today: dt.date) -> None:
    """Rows of a diary of `number` items with an hour, spread over the window, told to both audiences."""
    people = _people()
    rng = random.Random(7)  # noqa: S311
    stamp = dt.datetime.combine(today, dt.time(8), dt.UTC)
    for start in range(0, number, _BATCH):
        batch = [_view(index, rng, today, people) for index in range(start, min(start + _BATCH, number))]
        _store(batch, stamp, start)
    _tell_subscribers_the_same()
    for audience in (Audience.PUBLIC, Audience.SUBSCRIBERS):
        Pulse.objects.update_or_create(name=audience, defaults={"position": number})


def _people() -> list[Person]:
    countries = [country_coded(code) for code in COUNTRIES]
    Person.objects.bulk_create(
        Person(name=f"Ministre {index}", slug=f"ministre-{index}", country=countries[index % len(countries)])
        for index in range(PEOPLE)
    )
    return list(Person.objects.order_by("slug"))


def _view(index: int, rng: random.Random, today: dt.date, people: list[Person]) -> dict[str, Any]:
    city, (country, zone) = rng.choice(list(CITIES.items()))
    identity = str(uuid.UUID(int=rng.getrandbits(128), version=4))
    members = [_member(person) for person in rng.sample(people, 2)]
    return {
        "id": identity, "uid": f"{identity}@diary.example.org", "kind": rng.choice(KINDS), "form": "", "title": "",
        "status": "scheduled", "precision": "exact", "day": str(today + dt.timedelta(days=index % 400 - 60)),
        "start_time": f"{8 + index % 11:02}:{15 * (index % 4):02}", "end_time": f"{9 + index % 11:02}:30",
        "ends_next_day": False, "part_of_day": "", "duration_minutes": None, "zone": zone, "original_day": None,
        "city": {"name": city, "country": country, "zone": zone, "latitude": 12.65, "longitude": -8.0},
        "venue": "Palais", "press_access": rng.choice(ACCESSES), "accreditation_until": None,
        "participants": members, "visits": [], "parents": [], "keys": [],
    }  # fmt: skip


def _member(person: Person) -> dict[str, Any]:
    return {
        "role": "participant", "side": None, "title": "ministre des affaires étrangères", "country": person.country_id,
        "person": {"id": str(person.pk), "slug": person.slug, "name": person.name}, "office": None,
    }  # fmt: skip


def _store(batch: list[dict[str, Any]], stamp: dt.datetime, first: int) -> None:
    items = ProgrammeItem.objects.bulk_create(
        ProgrammeItem(
            id=view["id"], uid=view["uid"], publication="published", kind=view["kind"], precision="exact",
            day=view["day"], start_time=view["start_time"], zone=view["zone"], created_at=stamp, published_at=stamp,
            revised_at=stamp, revision_number=1,
        )
        for view in batch
    )  # fmt: skip
    revisions = Revision.objects.bulk_create(
        Revision(item=item, number=1, sequence=0, made_at=stamp, snapshot={}) for item in items
    )
    entries = DiaryEntry.objects.bulk_create(
        DiaryEntry(
            uid=view["uid"], item=item, revision=revision, publication="published", visibility="public",
            kind=view["kind"], status="scheduled", precision="exact", press_access=view["press_access"],
            starts_on=view["day"], ends_on=view["day"], zone=view["zone"], sequence=0, created_at=stamp,
            revised_at=stamp, content={},
        )
        for view, item, revision in zip(batch, items, revisions, strict=True)
    )  # fmt: skip
    tellings = Telling.objects.bulk_create(
        _telling(view, entry, stamp, first + index + 1)
        for index, (view, entry) in enumerate(zip(batch, entries, strict=True))
    )
    keys = [
        (telling.pk, key)
        for telling, view in zip(tellings, batch, strict=True)
        for key in views.all_keys(view, is_visit=False)
    ]
    table = TellingKey._meta.db_table
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} (telling_id, key, is_lost) VALUES (%s, %s, {_FALSE})", keys)  # noqa: S608


_FALSE = "(1 = 0)"  # of the database's own type


def _tell_subscribers_the_same() -> None:
    """What the public was told, for subscribers too, copied by the database itself."""
    table, keys = Telling._meta.db_table, TellingKey._meta.db_table
    columns = [field.column for field in Telling._meta.concrete_fields if field.column not in {"id", "audience"}]
    names = ", ".join(connection.ops.quote_name(str(name)) for name in columns)
    public, subscribers = str(Audience.PUBLIC), str(Audience.SUBSCRIBERS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (audience, {names}) SELECT %s, {names} FROM {table} WHERE audience = %s",  # noqa: S608
            [subscribers, public],
        )
        cursor.execute(
            f"INSERT INTO {keys} (telling_id, key, is_lost) SELECT theirs.id, {keys}.key, {keys}.is_lost FROM {keys}"  # noqa: S608
            f" JOIN {table} AS ours ON ours.id = {keys}.telling_id AND ours.audience = %s"
            f" JOIN {table} AS theirs ON theirs.entry_id = ours.entry_id AND theirs.audience = %s",
            [public, subscribers],
        )


def _telling(view: dict[str, Any], entry: DiaryEntry, stamp: dt.datetime, position: int) -> Telling:
    day = dt.date.fromisoformat(view["day"])
    return Telling(
        entry=entry, audience=Audience.PUBLIC, position=position, uid=view["uid"], is_visit=False, is_shown=True,
        is_cancelled=False, sequence=0, created_at=stamp, changed_at=stamp, acted_at=stamp, starts_on=day, ends_on=day,
        start_clock=view["start_time"], earliest_on=day, latest_on=day, stands_alone=True,
        words=views.words_of(view), view=view, significant="", whole="",
    )  # fmt: skip


def private_feeds(number: int) -> list[str]:
    """`number` feeds with different filters, each with a private address; returns the paths."""
    people = list(Person.objects.filter(slug__startswith="ministre-"))
    countries = [country_coded(code) for code in COUNTRIES]
    feeds = Feed.objects.bulk_create(_filters(number, people, countries))
    tokens = [f"benchmark-{feed.pk:020}" for feed in feeds]
    Subscription.objects.bulk_create(
        Subscription(feed=feed, label="phone", token_sha256=token_digest(token))
        for feed, token in zip(feeds, tokens, strict=True)
    )
    return [f"/f/{token}/{feed.slug}.ics" for feed, token in zip(feeds, tokens, strict=True)]


def _filters(number: int, people: list[Person], countries: list[Country]) -> Iterator[Feed]:
    """A person each, narrowed in ever other ways."""
    for index in range(number):
        person = people[index % len(people)]
        narrowed: dict[str, Any] = {}
        if index >= len(people):
            narrowed["country"] = countries[index // len(people) % len(countries)]
        if index >= len(people) * len(countries):
            narrowed["words"] = "palais"
        yield Feed(
            slug=f"cut-{index}", language="fr", selection=Selection.SEARCH, person=person, is_public=False, **narrowed
        )
