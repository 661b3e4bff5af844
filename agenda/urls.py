"""Every address of the diary. Feeds and API have one address in all languages; pages one per language."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path, re_path

from agenda.feeds import views as feeds
from agenda.feeds.caldav import views as caldav
from agenda.feeds.copies import Form
from agenda.metrics.views import metrics
from agenda.pages import about, alerts, changes, diary
from agenda.pages import views as pages
from agenda.pages.sitemap import SITEMAPS, index

urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/", include("agenda.signin.urls")),
    path("api/v1/", include("agenda.api.urls")),
    path(".well-known/caldav", caldav.well_known),
    path("dav/", caldav.caldav, name="caldav"),
    re_path(r"^dav/(?P<name>calendar/[^/]*)$", caldav.caldav),
    path("metrics", metrics, name="metrics"),
    path("sitemap.xml", index, name="sitemaps"),
    path("sitemap-<section>.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("robots.txt", feeds.robots, name="robots"),
    path("feeds/all.ics", feeds.default_feed, name="default_feed"),
    path("feeds/<str:language>/<slug:slug>.ics", feeds.public_feed, name="public_feed"),
    path("feeds/<str:language>/<slug:slug>.json", feeds.public_feed, {"form": Form.JCAL}, name="public_jcal"),
    path("feeds/rich/<str:language>/<slug:slug>.ics", feeds.public_feed, {"form": Form.RICH}, name="public_rich"),
    path("feeds/<str:language>/visits/<slug:slug>.ics", feeds.visit_download, name="visit_download"),
    path("feeds/<str:language>/items/<uuid:item_id>.ics", feeds.item_download, name="item_download"),
    path("feeds/<str:language>/<slug:slug>.atom", changes.changes, name="changes_atom"),
    path("f/<str:token>/<slug:slug>.ics", feeds.private_feed, name="private_feed"),
    path("f/<str:token>/<slug:slug>.json", feeds.private_feed, {"form": Form.JCAL}, name="private_jcal"),
    path("f/<str:token>/rich/<slug:slug>.ics", feeds.private_feed, {"form": Form.RICH}, name="private_rich"),
    *i18n_patterns(
        path("", diary.upcoming, name="upcoming"),
        path("day/", diary.day, name="day"),
        path("week/", diary.week, name="week"),
        path("month/", diary.month, name="month"),
        path("people/<slug:slug>/", about.person, name="person"),
        path("offices/<slug:slug>/", about.office, name="office"),
        path("countries/<slug:code>/", about.country, name="country"),
        path("countries/<slug:code>/<slug:other>/", about.countries, name="countries"),
        path("visits/<slug:slug>/", pages.visit, name="visit"),
        path("items/<uuid:item_id>/", pages.item, name="item"),
        path("feeds/", pages.feeds, name="feeds"),
        path("alerts/", alerts.ask, name="alerts"),
        path("alerts/<str:token>/", alerts.alert, name="alert"),
        path("alerts/<str:token>/off/", alerts.off, name="alert_off"),
        prefix_default_language=False,
    ),
]
