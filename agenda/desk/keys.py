"""The keys of the desk and what each does, for the overlay; and what one of them undoes."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Where a session keeps the last decision: the proposal's id and title.
LAST = "desk_last_decision"
# Where a session keeps what was accepted together last: the proposals' ids.
LAST_TOGETHER = "desk_last_together"
# Where a session keeps the last answer to a question about a name: the question's id and text.
LAST_ANSWER = "desk_last_answer"

REVIEW: tuple[tuple[str, str | Promise], ...] = (
    ("j  k", _("next, previous field")),
    ("J  K", _("next, previous proposal")),
    ("a", _("field is right; with no field chosen: accept as a draft")),
    ("p", _("publish")),
    ("r", _("drop the field's value; with no field chosen: reject")),
    ("e", _("edit the field")),
    ("u", _("field as read; with no field chosen: undo the last decision")),
    ("q", _("questions about its names")),
    ("Esc", _("leave the field")),
    ("?", _("these keys")),
)
QUESTIONS: tuple[tuple[str, str | Promise], ...] = (
    ("1 … 9", _("it is the person with this number")),
    ("o", _("somebody else; of an office: ask no more")),
    ("n", _("not now")),
    ("h", _("name somebody known")),
    ("j  k", _("next, previous question")),
    ("u", _("undo the last answer")),
    ("?", _("these keys")),
)
QUEUE: tuple[tuple[str, str | Promise], ...] = (
    ("j  k", _("next, previous proposal")),
    ("Enter", _("open it")),
    ("u", _("undo the last decision")),
    ("?", _("these keys")),
)
