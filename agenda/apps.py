"""The Django app of the diary."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AgendaConfig(AppConfig):
    """Entries, feeds, API, desk and pages."""

    name = "agenda"
    verbose_name = _("Diary")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Load Celery, so that tasks find their broker, and listen to what the domain tells."""
        from agenda import receivers
        from agenda.celery import app

        app.set_default()
        receivers.connect()
        post_migrate.connect(receivers.tell_first, sender=self)
