"""The Django app of the diary."""

from importlib import import_module

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
        import_module("diplomacy.tasks")  # so that the web server can queue them by name
        receivers.connect()
        post_migrate.connect(receivers.tell_first, sender=self)
        post_migrate.connect(receivers.keep_first, sender=self)
