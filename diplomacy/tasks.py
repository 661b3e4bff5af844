"""The tasks of the domain, listed for Celery."""

from diplomacy.communiques.tasks import ask_second_opinion, read_version, sweep

__all__ = ["ask_second_opinion", "read_version", "sweep"]
