"""The tasks of the diary, listed for Celery."""

from agenda.alerts.tasks import dispatch_alerts, send_alert, send_question, sweep_alerts
from agenda.api.tasks import sweep_answers
from agenda.coverage.tasks import notify
from agenda.feeds.tasks import note_use, sweep_copies
from agenda.webhooks.tasks import deliver, dispatch, sweep_events

__all__ = [
    "deliver",
    "dispatch",
    "dispatch_alerts",
    "note_use",
    "notify",
    "send_alert",
    "send_question",
    "sweep_alerts",
    "sweep_answers",
    "sweep_copies",
    "sweep_events",
]
