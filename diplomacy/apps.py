"""The Django app of the domain."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class DiplomacyConfig(AppConfig):
    """Domain: directory, visits, communiqués, accounts."""

    name = "diplomacy"
    verbose_name = _("Diplomacy")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Keep the countries of the directory complete after each migration."""
        from diplomacy.directory.sync import sync_countries_after_migrate

        post_migrate.connect(sync_countries_after_migrate, sender=self, dispatch_uid="diplomacy.sync_countries")
