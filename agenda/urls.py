"""Every address of the diary. Feeds and API have one address in all languages; pages one per language."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from agenda.feeds import views as feeds
from agenda.pages import views as pages

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("agenda.api.urls")),
    path("robots.txt", feeds.robots, name="robots"),
    path("feeds/all.ics", feeds.default_feed, name="default_feed"),
    path("feeds/<str:language>/<slug:slug>.ics", feeds.public_feed, name="public_feed"),
    path("f/<str:token>/<slug:slug>.ics", feeds.private_feed, name="private_feed"),
    *i18n_patterns(
        path("", pages.upcoming, name="upcoming"),
        path("visits/<slug:slug>/", pages.visit, name="visit"),
        path("items/<uuid:item_id>/", pages.item, name="item"),
        path("feeds/", pages.feeds, name="feeds"),
        prefix_default_language=False,
    ),
]
