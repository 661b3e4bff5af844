"""The tasks of the diary, listed for Celery."""

from agenda.api.tasks import sweep_answers
from agenda.coverage.tasks import notify
from agenda.feeds.tasks import note_use, sweep_copies
from agenda.webhooks.tasks import deliver, dispatch, sweep_events

__all__ = ["deliver", "dispatch", "note_use", "notify", "sweep_answers", "sweep_copies", "sweep_events"]
