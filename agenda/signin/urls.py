"""Everything under /account/: django-allauth's pages, but for those that we do not offer."""

from django.conf import settings
from django.urls import include, path, re_path

from agenda.signin import views

urlpatterns = [
    path("", views.home_view, name="account_home"),
    path("email/", views.closed_view),
    re_path(r"^confirm-email/.*$", views.closed_view),
    # Without a mail server the page would promise a mail that never comes; an administrator makes a link instead.
    *([] if settings.AGENDA_SMTP else [path("password/reset/", views.closed_view)]),
    path("", include("allauth.urls")),
]
