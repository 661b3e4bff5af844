"""Shift or cancel a visit with its items, and take that back: at any time, by anybody who may, while nothing else
changed.
"""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from diplomacy.communiques import undo
from diplomacy.communiques.whole_acts import WholeAct, WholeActKind
from diplomacy.visits import lifecycle
from diplomacy.visits.acts import Act
from diplomacy.visits.models import Visit


@transaction.atomic
def shift(visit: Visit, days: int, act: Act) -> WholeAct:
    """Move the visit and the items that are its alone by so many days, earlier with a minus."""
    before = undo.standing_of(visit)
    lifecycle.shift(visit, days, act)
    return _keep(visit, WholeActKind.SHIFT, before, act, days=days)


@transaction.atomic
def cancel(visit: Visit, act: Act) -> WholeAct:
    """The visit will not take place, nor will the items that are its alone."""
    before = undo.standing_of(visit)
    lifecycle.cancel(visit, act)
    return _keep(visit, WholeActKind.CANCEL, before, act)


def last_of(visit: Visit) -> WholeAct | None:
    """The last such act that stands; None where there is none."""
    return WholeAct.objects.filter(visit=visit, undone_at=None).select_related("made_by").first()


def why_final(kept: WholeAct) -> str:
    """Why the act cannot be taken back, in the active language; empty where it can."""
    if kept.undone_at is not None:
        return _("This was undone already.")
    if kept.left == undo.versions_of(kept.visit):
        return ""
    return _(
        "The visit or an item of it was changed since. Correct it there instead: undoing would take that back too."
    )


@transaction.atomic
def take_back(kept: WholeAct, act: Act) -> None:
    """Let the visit and its items stand as before the act: one more published change.

    Raises UndoError where something changed since, or somebody undid it meanwhile.
    """
    visit = Visit.objects.select_for_update().get(pk=kept.visit_id)
    kept = WholeAct.objects.select_for_update().get(pk=kept.pk)
    kept.visit = visit
    refusal = why_final(kept)
    if refusal:
        raise undo.UndoError(refusal)
    undo.put_back(visit, kept.before, act)
    kept.undone_at, kept.undone_by = act.now, act.by
    kept.save(update_fields=["undone_at", "undone_by"])


def _keep(visit: Visit, kind: WholeActKind, before: undo.Standing, act: Act, *, days: int | None = None) -> WholeAct:
    return WholeAct.objects.create(
        visit=visit, kind=kind, days=days, before=before, left=undo.versions_of(visit), made_at=act.now,
        made_by=act.by, reason=act.reason,
    )  # fmt: skip
