"""`/metrics`: for whoever shows the token of AGENDA_METRICS_TOKEN; without one set there is no such page."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from agenda.metrics.figures import registry


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures as Prometheus reads them. 401 without the token, 404 where none is set."""
    expected = settings.AGENDA_METRICS_TOKEN
    if not expected:
        raise Http404
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {expected}"):
        answer = HttpResponse("Show the token of AGENDA_METRICS_TOKEN: Authorization: Bearer …\n", status=401)
        answer.headers["WWW-Authenticate"] = "Bearer"
        answer.headers["Content-Type"] = "text/plain; charset=utf-8"
        return answer
    return HttpResponse(generate_latest(registry(timezone.now())), content_type=CONTENT_TYPE_LATEST)
