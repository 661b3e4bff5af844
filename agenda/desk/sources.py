"""How a source is doing, in a sentence for the desk, and which of them want looking into."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from diplomacy.communiques.models import Source, SourceHealth, SourceKind
from diplomacy.communiques.sources.polling import CHANNELS
from diplomacy.communiques.sources.wording import said_of_alarms, said_of_source


@dataclass(frozen=True, slots=True)
class Alarmed:
    """A source with an alarm, and what is said of it."""

    source: Source
    said: str


def state_of_source(source: Source) -> str:
    """What an editor should know of it: an error, an alarm, or when it was last looked into. Asks nothing of the
    database where the source came with its health.
    """
    if source.kind in (SourceKind.DESK, SourceKind.SAMPLE):
        return _("Not looked into: communiqués are handed in.")
    if not source.is_enabled:
        return _("Paused.")
    health: SourceHealth | None = getattr(source, "health", None)
    said = _said(health) if health else []
    if said:
        return " ".join(said)
    if source.kind not in CHANNELS:
        return _("Not looked into: communiqués are handed in.")
    if health is None or health.polled_at is None:
        return _("Not looked into yet.")
    when = date_format(localtime(health.polled_at), "SHORT_DATETIME_FORMAT")
    return _("Fine; last looked into %(when)s.") % {"when": when}


def alarmed_sources(sources: Iterable[Source] | None = None) -> list[Alarmed]:
    """The sources with an alarm, in one query; of these, if they are at hand with their health, without any."""
    rows = Source.objects.select_related("health") if sources is None else sources
    looked_into = [(row, getattr(row, "health", None)) for row in rows if row.is_enabled]
    return [Alarmed(source, " ".join(_said(health))) for source, health in looked_into if health and health.alarms]


def rhythm_text(pause: dt.timedelta | None) -> str:
    """The usual pause between arrivals in words; a dash where too few came to tell."""
    if pause is None:
        return "—"
    hours = round(pause.total_seconds() / 3600)
    if hours < 1:
        return _("several an hour")
    if hours < 48:
        return ngettext("every hour", "every %(hours)d hours", hours) % {"hours": hours}
    return _("every %(days)d days") % {"days": round(hours / 24)}


def _said(health: SourceHealth) -> list[str]:
    sentences = [said_of_source(health.error), *said_of_alarms(health.alarms)]
    return [sentence for sentence in sentences if sentence]
