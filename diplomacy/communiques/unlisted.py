"""Items that their agenda no longer lists, and the three words an editor may say of one.

To drop out of an agenda is neither a cancellation nor a confirmation: nobody said anything.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from diplomacy.communiques.editions import LineState
from diplomacy.communiques.listings import EditionLine, Resolution
from diplomacy.visits import programme
from diplomacy.visits.acts import Act


class ResolveError(ValueError):
    """Raised for a line that is listed again, or resolved already; the message says so."""


def _last_lines() -> QuerySet[Any]:
    """The line that speaks last of an item (`of`, its id), where that is that it is listed no longer."""
    rows: QuerySet[Any] = EditionLine.objects.annotate(of=Coalesce("item_id", "before__item_id"))
    last = rows.filter(of=OuterRef("of")).order_by("-noticed_at", "-id").values("pk")[:1]
    return rows.filter(state=LineState.NO_LONGER_LISTED, pk=Subquery(last))


def is_unlisted(proposal: str) -> Exists:
    """As a condition: that a proposal, of this field of a query, is of a line which its agenda no longer lists."""
    return Exists(EditionLine.objects.filter(before=OuterRef(proposal), state=LineState.NO_LONGER_LISTED))


def unlisted_among(items: Iterable[uuid.UUID]) -> dict[uuid.UUID, EditionLine]:
    """Those of the items that their agenda no longer lists, by id, each with the line that says so."""
    rows = _last_lines().filter(of__in=list(items))
    rows = rows.select_related("resolved_by", "edition__version__communique__source")
    return {row.of: row for row in rows}


@transaction.atomic
def resolve(line: EditionLine, resolution: Resolution, act: Act) -> EditionLine:
    """Keep the item as it stands, cancel it, or note that its source is asked; the act's reason stays with it.

    Raises ResolveError.
    """
    line = EditionLine.objects.select_for_update(of=("self",)).select_related("item", "before__item").get(pk=line.pk)
    item = line.item or (line.before.item if line.before else None)
    if item is None or not _last_lines().filter(pk=line.pk).exists():
        raise ResolveError(_("A later edition speaks of it again."))
    if line.resolution in (Resolution.KEPT, Resolution.CANCELLED):
        raise ResolveError(_("This was decided meanwhile: %(what)s.") % {"what": line.get_resolution_display()})
    if resolution is Resolution.CANCELLED:
        programme.cancel_item(item, act)
    line.resolution, line.resolved_at, line.resolved_by, line.reason = resolution, act.now, act.by, act.reason[:500]
    line.save(update_fields=["resolution", "resolved_at", "resolved_by", "reason"])
    return line
