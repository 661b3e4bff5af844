"""The tasks of the diary, listed for Celery."""

from agenda.feeds.tasks import note_use, sweep_copies

__all__ = ["note_use", "sweep_copies"]
