"""Addresses of the API, version 1."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import DefaultRouter

from agenda.api import schema as schema  # importing it tells the OpenAPI schema of our tokens
from agenda.api import views

router = DefaultRouter()
router.register("visits", views.VisitViewSet, basename="api-visit")
router.register("items", views.ItemViewSet, basename="api-item")
router.register("entries", views.EntryViewSet, basename="api-entry")
router.register("communiques", views.CommuniqueViewSet, basename="api-communique")

urlpatterns = [
    path("", include(router.urls)),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
]
