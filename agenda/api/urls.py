"""Addresses of the API, version 1."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from agenda.api import (
    by_source,
    changes,
    directory,
    feeds,
    parse,
    proposals,
    reading,
    root,
    submitting,
    tokens,
    webhooks,
)
from agenda.api import schema as schema  # importing it tells the OpenAPI schema of our tokens

router = root.Router()
router.register("visits", reading.VisitViewSet, basename="api-visit")
router.register("items", reading.ItemViewSet, basename="api-item")
router.register("entries", reading.EntryViewSet, basename="api-entry")
router.register("people", directory.PersonViewSet, basename="api-person")
router.register("offices", directory.OfficeViewSet, basename="api-office")
router.register("countries", directory.CountryViewSet, basename="api-country")
router.register("feeds", feeds.FeedViewSet, basename="api-feed")
router.register("subscriptions", feeds.SubscriptionViewSet, basename="api-subscription")
router.register("communiques", submitting.CommuniqueViewSet, basename="api-communique")
router.register("proposals", proposals.ProposalViewSet, basename="api-proposal")
router.register("tokens", tokens.TokenViewSet, basename="api-token")
router.register("webhooks", webhooks.WebhookViewSet, basename="api-webhook")
router.register(r"webhooks/(?P<webhook_id>[0-9a-f-]{36})/deliveries", webhooks.DeliveryViewSet, basename="api-delivery")

urlpatterns = [
    path("visits/by-source/<str:system>/", by_source.RecordsView.as_view(), name="api-visits-by-source"),
    path("visits/by-source/<str:system>/<str:record>/", by_source.RecordView.as_view(), name="api-visit-by-source"),
    path("", include(router.urls)),
    path("parse/", parse.ParseView.as_view(), name="api-parse"),
    path("parse", parse.ParseView.as_view(schema=None)),  # a POST cannot be led on
    path("changes/", changes.ChangesView.as_view(), name="api-changes"),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
    re_path("", root.nothing_here),
]
