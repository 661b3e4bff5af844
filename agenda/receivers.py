"""What the diary does when the domain says that something published has changed."""

from __future__ import annotations

from diplomacy.visits.models import Revision
from diplomacy.visits.signals import revised


def connect() -> None:
    """Listen to the domain (called once, when Django is ready)."""
    revised.connect(_on_revised, dispatch_uid="agenda.receivers")


def _on_revised(revision: Revision, **_kwargs: object) -> None:
    from agenda.entries.build import store
    from agenda.feeds.catalogue import ensure_feeds

    entry = store(revision)
    # A visit takes the items along that wait to be shown with it.
    for row in (entry, *entry.programme.all()):
        ensure_feeds(row)
