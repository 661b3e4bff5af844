"""The tasks of the domain, listed for Celery."""

from diplomacy.communiques.tasks import ask_second_opinion, poll_source, poll_sources, read_version, sweep
from diplomacy.visits.tasks import release_due

__all__ = ["ask_second_opinion", "poll_source", "poll_sources", "read_version", "release_due", "sweep"]
