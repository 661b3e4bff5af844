"""Everything under /account/: django-allauth's pages, but for those that we do not offer."""

from django.urls import include, path, re_path

from agenda.signin import views

urlpatterns = [
    path("", views.home_view, name="account_home"),
    path("email/", views.closed_view),
    re_path(r"^confirm-email/.*$", views.closed_view),
    path("password/reset/", views.reset_view),
    path("", include("allauth.urls")),
]
