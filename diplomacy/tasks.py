"""The tasks of the domain, listed for Celery."""

from diplomacy.communiques.tasks import read_version, sweep

__all__ = ["read_version", "sweep"]
