"""Which feeds there are: made as what they select is first published; an address once given stays."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from agenda.entries.models import Telling
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


def ensure_feeds(telling: Telling) -> None:
    """Public feeds, in every language, for what the public was told: the visit, people, offices, countries, kind."""
    if not telling.is_shown:
        return
    keys = [key.partition(":") for key in sorted(gained_keys(telling))]
    if not keys:
        return
    for language, _name in settings.LANGUAGES:
        _feed(language, "all", Selection.ALL)
    for name, _colon, value in keys:
        for slug, selection, chosen in _chosen(name, value, telling):
            for language, _name in settings.LANGUAGES:
                _feed(language, slug, selection, **chosen)


def _chosen(name: str, value: str, telling: Telling) -> Iterator[tuple[str, Selection, dict[str, Any]]]:
    """The feed of a key: its address, selection and columns. None for what has no public feed of its own."""
    if name == "country":
        yield f"country-{value.lower()}", Selection.COUNTRY, {"country_id": value}
    elif name == "person":
        yield f"person-{Person.objects.get(pk=value).slug}", Selection.PERSON, {"person_id": value}
    elif name == "office":
        yield f"office-{Office.objects.get(pk=value).slug}", Selection.OFFICE, {"office_id": value}
    elif name == "visit" and telling.is_visit:
        yield f"visit-{telling.view['slug']}", Selection.VISIT, {"visit_id": value}
    elif name == "kind":
        yield f"kind-{value.replace('_', '-')}", Selection.KIND, {"kind": value}


def _feed(language: str, slug: str, selection: Selection, **chosen: object) -> None:
    Feed.objects.get_or_create(language=language, slug=slug[:120], defaults={"selection": selection, **chosen})


def move_feeds(visit_id: uuid.UUID, into_id: uuid.UUID) -> None:
    """Send the readers of a visit's calendars to those of the visit it was merged into."""
    for feed in Feed.objects.filter(visit=visit_id, selection=Selection.VISIT, moved_to=None):
        other = Feed.objects.filter(visit=into_id, selection=Selection.VISIT, language=feed.language).first()
        if other is not None:
            feed.moved_to = other
            feed.save()


def feed_name(feed: Feed) -> str:
    """What the feed is called, in the active language."""
    selection = Selection(feed.selection)
    if selection is Selection.VISIT:
        return _visit_name(feed)
    if selection is Selection.PERSON:
        return str(feed.person)
    return " · ".join(_parts(feed)) or "Agenda"


def _parts(feed: Feed) -> Iterator[str]:
    """What is selected, part by part."""
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


def _visit_name(feed: Feed) -> str:
    """The visit's title as the public was told it."""
    telling = Telling.objects.filter(entry__visit=feed.visit_id, audience=Audience.PUBLIC).first()
    if telling is None:
        return feed.slug
    return title(row_of(telling)[0]) if telling.is_shown else _("Withdrawn")
