"""Which feeds there are: made as what they select is first published; an address once given stays."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Concat, Replace, Substr
from django.utils.translation import gettext as _

from agenda.entries.models import Telling, TellingKey
from agenda.entries.telling import gained_keys
from agenda.entries.view import row_of
from agenda.entries.wording import title
from agenda.feeds.models import Feed, Selection
from diplomacy.directory.countries import country_name
from diplomacy.directory.models import Office, Person
from diplomacy.visits.choices import ITEM_KINDS, PRESS_ACCESSES
from diplomacy.visits.visibility import Audience

_KIND_NAMES = dict(ITEM_KINDS)
_ACCESS_NAMES = dict(PRESS_ACCESSES)


def ensure_feeds(tellings: Iterable[Telling]) -> None:
    """Public feeds, in every language, for what the public was told: visits, people, offices, countries, kinds. Asks
    as often for many as for one.
    """
    gained = [(key.partition(":"), one) for one in tellings if one.is_shown for key in sorted(gained_keys(one))]
    if not gained:
        return
    named: dict[str, Person | Office] = {}
    for model, kind in ((Person, "person"), (Office, "office")):
        ids = {value for (name, _colon, value), _one in gained if name == kind}
        named |= {str(row.pk): row for row in model.objects.filter(pk__in=ids)} if ids else {}
    wanted: dict[str, dict[str, Any]] = {"all": {"selection": Selection.ALL}}
    for (name, _colon, value), telling in gained:
        for slug, selection, chosen in _chosen(name, value, telling, named.get(value)):
            wanted[slug[:120]] = {"selection": selection, **chosen}
    _make(wanted)


def _make(wanted: Mapping[str, Mapping[str, Any]]) -> None:
    """Feeds by their address, in every language, where there is none."""
    there = set(Feed.objects.filter(slug__in=wanted).values_list("language", "slug"))
    missing = [
        Feed(language=language, slug=slug, **chosen)
        for slug, chosen in wanted.items()
        for language, _name in settings.LANGUAGES
        if (language, slug) not in there
    ]
    if missing:
        Feed.objects.bulk_create(missing, ignore_conflicts=True)  # somebody else may make it at this moment


def _chosen(
    name: str, value: str, telling: Telling, named: Person | Office | None
) -> Iterator[tuple[str, Selection, dict[str, Any]]]:
    """The feed of a key: its address, selection and columns. None for what has no public feed of its own. `named` is
    the person or office of the key.
    """
    if name == "country":
        yield f"country-{value.lower()}", Selection.COUNTRY, {"country_id": value}
    elif name == "person" and named is not None:
        yield f"person-{named.slug}", Selection.PERSON, {"person_id": value}
    elif name == "office" and named is not None:
        yield f"office-{named.slug}", Selection.OFFICE, {"office_id": value}
    elif name == "visit" and telling.is_visit:
        yield f"visit-{telling.view['slug']}", Selection.VISIT, {"visit_id": value}
    elif name == "kind":
        yield f"kind-{value.replace('_', '-')}", Selection.KIND, {"kind": value}


def move_feeds(visit_id: uuid.UUID, into_id: uuid.UUID) -> None:
    """Send the readers of a visit's calendars to those of the visit it was merged into."""
    for feed in Feed.objects.filter(visit=visit_id, selection=Selection.VISIT, moved_to=None):
        other = Feed.objects.filter(visit=into_id, selection=Selection.VISIT, language=feed.language).first()
        if other is not None:
            feed.moved_to = other
            feed.save()


def told_of(visit_id: uuid.UUID) -> bool:
    """Whether the public was ever told of a visit."""
    return Telling.objects.filter(entry__visit=visit_id, audience=Audience.PUBLIC).exists()


def with_something(feeds: QuerySet[Feed]) -> QuerySet[Feed]:
    """Those whose visit, person, office or country the public sees something of now; their addresses name them."""
    for name in ("visit", "person", "office"):
        told = Q(_is_told(f"{name}:", _dashed(f"{name}_id")))
        feeds = feeds.filter(Q(**{f"{name}__isnull": True}) | told)
    return feeds.filter(~Q(selection=Selection.COUNTRY) | Q(_is_told("country:", OuterRef("country_id"))))


def _is_told(name: str, value: Combinable) -> Exists:
    """Whether something is told to the public under the key of that name and value."""
    key = Concat(Value(name), value, output_field=CharField())
    told = {"is_lost": False, "telling__audience": Audience.PUBLIC, "telling__is_shown": True}
    return Exists(TellingKey.objects.filter(key=key, **told))


def _dashed(column: str) -> Combinable:
    """A UUID of the outer query as keys have it; SQLite keeps it without dashes."""
    plain = Replace(Cast(OuterRef(column), CharField(max_length=36)), Value("-"))
    parts: list[Combinable] = []
    for start, length in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12)):
        parts += [Value("-"), Substr(plain, start, length)] if parts else [Substr(plain, start, length)]
    return Concat(*parts, output_field=CharField())


def feed_name(feed: Feed) -> str:
    """What the feed is called, in the active language."""
    return next(feed_names([feed]))[1]


def feed_names(feeds: Iterable[Feed]) -> Iterator[tuple[Feed, str]]:
    """Each feed with what it is called, in the active language; one query for all their visits."""
    rows = list(feeds)
    visits = [feed.visit_id for feed in rows if feed.selection == Selection.VISIT]
    tellings = Telling.objects.filter(entry__visit__in=visits, audience=Audience.PUBLIC).select_related("entry")
    told = {telling.entry.visit_id: telling for telling in tellings} if visits else {}
    for feed in rows:
        selection = Selection(feed.selection)
        if selection is Selection.VISIT:
            yield feed, _visit_name(told.get(feed.visit_id))
        elif selection is Selection.PERSON:
            yield feed, str(feed.person)
        else:
            yield feed, " · ".join(_parts(feed)) or "Agenda"


def _parts(feed: Feed) -> Iterator[str]:
    """What is selected, part by part."""
    if feed.person is not None:
        yield str(feed.person)
    if feed.office is not None:
        yield str(feed.office)
    for code in (feed.country_id, feed.second_country_id):
        if code:
            yield country_name(str(code))
    if feed.kind:
        yield str(_KIND_NAMES[feed.kind]).capitalize()
    if feed.press_access:
        yield str(_ACCESS_NAMES[feed.press_access]).capitalize()
    if feed.words:
        yield f"« {feed.words} »"


def _visit_name(telling: Telling | None) -> str:
    """The visit's title as the public was told it; nothing of a visit that it was never told of."""
    if telling is None:
        return _("One visit")
    return title(row_of(telling)[0]) if telling.is_shown else _("Withdrawn")
