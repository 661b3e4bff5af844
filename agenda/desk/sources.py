"""How a source is doing, in a sentence for the desk."""

from __future__ import annotations

import datetime as dt

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from diplomacy.communiques.models import Communique, CommuniqueVersion, Proposal, Source, SourceHealth
from diplomacy.communiques.sources.polling import CHANNELS
from diplomacy.communiques.sources.rhythm import is_strangely_quiet
from diplomacy.communiques.sources.wording import said_of_source

_LOOKED_AT = 20  # arrivals by which its rhythm and its yield are judged


def state_of_source(source: Source, now: dt.datetime) -> str:
    """What an editor should know of it: an error, an alarm, or when it was last looked into. `now` is aware."""
    if source.kind not in CHANNELS:
        return _("Not looked into: communiqués are handed in.")
    if not source.is_enabled:
        return _("Paused.")
    health: SourceHealth | None = getattr(source, "health", None)
    if health is None or health.polled_at is None:
        return _("Not looked into yet.")
    said = [said_of_source(health.error), *alarms(source, now)]
    if not any(said):
        when = date_format(localtime(health.polled_at), "SHORT_DATETIME_FORMAT")
        said = [_("Fine; last looked into %(when)s.") % {"when": when}]
    return " ".join(sentence for sentence in said if sentence)


def alarms(source: Source, now: dt.datetime) -> list[str]:
    """Sentences on a source that is strangely quiet, or whose texts give nothing."""
    versions = CommuniqueVersion.objects.filter(communique__source=source).order_by("-received_at")
    arrivals = list(versions.values_list("received_at", flat=True)[:_LOOKED_AT])
    found = []
    if is_strangely_quiet(arrivals, now):
        found.append(_("Strangely quiet: nothing has come for much longer than usual."))
    read = Communique.objects.filter(source=source, state="read").order_by("-received_at")
    latest = list(read.values_list("pk", flat=True)[:_LOOKED_AT])
    enough = len(latest) >= _LOOKED_AT // 2
    if enough and not Proposal.objects.filter(extraction__version__communique__in=latest).exists():
        found.append(_("Nothing was read in its last texts: is it the right page?"))
    return found
