"""The tasks of the diary, listed for Celery."""

from agenda.coverage.tasks import notify
from agenda.feeds.tasks import note_use, sweep_copies

__all__ = ["note_use", "notify", "sweep_copies"]
