"""What every template may ask."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language

from agenda.entries.addresses import absolute


def diary(request: HttpRequest) -> dict[str, object]:
    """Whether this is the demonstration; this page in the other languages as (code, path), and its address in each of
    them; whether an organisation's provider can be signed in with.
    """
    path = request.get_full_path()
    others = [(code, translate_url(path, code)) for code, _name in settings.LANGUAGES if code != (get_language() or "")]
    return {
        "is_demo": settings.AGENDA_DEMO,
        "other_languages": others,
        "address": absolute(path),
        "alternates": [(code, absolute(translate_url(path, code))) for code, _name in settings.LANGUAGES],
        "has_single_sign_on": settings.AGENDA_OIDC is not None,
    }
