"""The desk is Django's admin with a site of our own."""

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    """Admin at `/admin/`."""

    default_site = "agenda.desk.site.DeskSite"
