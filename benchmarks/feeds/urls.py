"""The diary's addresses and a trivial one."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from agenda.urls import urlpatterns as own


def trivial(_request: HttpRequest) -> HttpResponse:
    """As little as a view can do."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [path("trivial", trivial), *own]
