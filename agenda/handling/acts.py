"""Who works on a proposal: the lock with its name and time, what was typed and not decided, and whose task it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from agenda.handling.models import Handling
from diplomacy.accounts.models import User
from diplomacy.communiques import undo
from diplomacy.communiques.models import Proposal
from diplomacy.visits.acts import Act

# Whoever has a page open says so each minute; after this long in silence the proposal is free again.
HELD_FOR = dt.timedelta(minutes=3)


def held_by_other(handling: Handling | None, user: User, now: dt.datetime) -> Handling | None:
    """The handling if somebody else holds the proposal at `now`."""
    if handling is None or handling.holder_id in (None, user.pk) or handling.seen_at is None:
        return None
    return handling if now - handling.seen_at < HELD_FOR else None


def hold(
    proposal: Proposal, user: User, now: dt.datetime, *, take_over: bool = False, known: Handling | None = None
) -> Handling:
    """Take or keep the proposal, unless somebody else has it (`take_over`: even then). The answer says who does.
    `known` is its row where that was just read.
    """
    handling = known or handling_of(proposal)
    if handling is None:
        Handling.objects.get_or_create(proposal=proposal)
        handling = handling_of(proposal)
        assert handling is not None  # rows are never deleted alone
    is_fresh = handling.seen_at is not None and now - handling.seen_at < HELD_FOR
    since = handling.held_since if handling.holder_id == user.pk and is_fresh else now
    free = Q(holder=None) | Q(holder=user) | Q(seen_at__lte=now - HELD_FOR)
    rows = Handling.objects.filter(Q() if take_over else free, pk=handling.pk)
    if rows.update(holder=user, held_since=since, seen_at=now):
        handling.holder, handling.held_since, handling.seen_at = user, since, now
        return handling
    return handling_of(proposal) or handling


def handling_of(proposal: Proposal) -> Handling | None:
    """The row of a proposal, with its people; None where nobody has touched it."""
    return (
        Handling.objects.select_related("holder", "typed_by", "assignee", "endorsed_by")
        .filter(proposal=proposal)
        .first()
    )


def let_go(proposal: Proposal, user: User) -> None:
    """The user has closed the page."""
    Handling.objects.filter(proposal=proposal, holder=user).update(holder=None, held_since=None, seen_at=None)


def keep_typed(proposal: Proposal, user: User, typed: Mapping[str, str], now: dt.datetime) -> Handling:
    """Save what was typed, if the proposal is the user's to decide now. The answer says who holds it."""
    handling = hold(proposal, user, now)
    if handling.holder_id == user.pk:
        handling.typed, handling.typed_by, handling.typed_at = dict(typed), user, now
        handling.save(update_fields=["typed", "typed_by", "typed_at"])
    return handling


# What of a form is no decision of its own.
_ASIDE = ("reason", "settled", "assigned")


def as_endorsed(typed: Mapping[str, str] | None) -> dict[str, str]:
    """What a form decides, to be compared with what a second person decides."""
    return {name: value for name, value in (typed or {}).items() if name not in _ASIDE}


def endorse(
    proposal: Proposal, user: User, said: Mapping[str, str], typed: Mapping[str, str] | None, now: dt.datetime
) -> None:
    """The user would accept it as `said`; the proposal is free for somebody else, with the form as they left it."""
    handling = hold(proposal, user, now)
    handling.endorsed_by, handling.endorsed = user, dict(said)
    handling.typed, handling.typed_by, handling.typed_at = dict(typed or {}) or None, user, now
    handling.holder = handling.held_since = handling.seen_at = None
    handling.save()


def close(proposal: Proposal, before: dict[str, Any] | None) -> None:
    """The proposal is decided: nothing typed is left, nobody holds it; `before` is what undoing needs."""
    Handling.objects.update_or_create(
        proposal=proposal,
        defaults={
            "before": before, "typed": None, "typed_by": None, "typed_at": None,
            "holder": None, "held_since": None, "seen_at": None, "endorsed_by": None, "endorsed": None,
        },
    )  # fmt: skip


def take_back(proposal: Proposal, act: Act) -> dict[str, str] | None:
    """Undo the last decision; what was typed in the form that was sent, None where nothing was.

    Raises UndoError where nothing is decided or something builds on it, and ValidationError for what cannot stand.
    """
    held = handling_of(proposal)
    if held is None or held.before is None:
        raise undo.UndoError(_("There is nothing to undo: this proposal is not decided."))
    typed: dict[str, str] | None = held.before.get("typed")
    with transaction.atomic():
        undo.undo(proposal, held.before, act)
        close(proposal, None)
    return typed


def assign(proposal: Proposal, to: User | None) -> None:
    """Make it somebody's task, or nobody's."""
    Handling.objects.update_or_create(proposal=proposal, defaults={"assignee": to})
