"""Which feeds there are: made as what they select is first published; an address once given stays."""

from __future__ import annotations

from django.conf import settings

from agenda.entries.models import DiaryEntry
from agenda.feeds.models import Feed, Selection
from diplomacy.directory.countries import country_name
from diplomacy.visits.choices import ITEM_KINDS, Publication

_KIND_NAMES = dict(ITEM_KINDS)


def ensure_feeds(entry: DiaryEntry) -> None:
    """Public feeds, in every language, for the entry's visit, its people, its countries and its kind."""
    if entry.publication != Publication.PUBLISHED:
        return
    for language, _name in settings.LANGUAGES:
        _feed(language, "all", Selection.ALL)
        if entry.visit is not None:
            _feed(language, f"visit-{entry.visit.slug}", Selection.VISIT, visit=entry.visit)
        else:
            _feed(language, f"kind-{entry.kind.replace('_', '-')}", Selection.KIND, kind=entry.kind)
        for person in entry.people.all():
            _feed(language, f"person-{person.slug}", Selection.PERSON, person=person)
        for country in entry.countries.all():
            _feed(language, f"country-{country.code.lower()}", Selection.COUNTRY, country=country)


def _feed(language: str, slug: str, selection: Selection, **chosen: object) -> None:
    Feed.objects.get_or_create(language=language, slug=slug[:120], defaults={"selection": selection, **chosen})


def feed_name(feed: Feed) -> str:
    """What the feed is called, in the active language."""
    selection = Selection(feed.selection)
    if selection is Selection.VISIT:
        return _visit_name(feed)
    if selection is Selection.PERSON:
        return str(feed.person)
    if selection is Selection.COUNTRY:
        return country_name(str(feed.country_id))
    return str(_KIND_NAMES[feed.kind]).capitalize() if selection is Selection.KIND else "Agenda"


def _visit_name(feed: Feed) -> str:
    from agenda.entries.wording import title

    entry = DiaryEntry.objects.filter(visit=feed.visit).first()
    return title(entry) if entry else feed.slug
