"""Be told by mail: ask for it, confirm it, end it. No page tells whether an address is known."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from agenda.alerts import asking, following
from agenda.alerts.forms import AddressForm
from agenda.alerts.models import Follow, Rhythm
from agenda.feeds.catalogue import feed_name
from agenda.feeds.models import Feed
from agenda.tokens.counting import address_of
from diplomacy.directory.spelling import writable


# Public pages set no cookie, so there is no token of a form to check; all that a foreign page could do is to ask for a
# question to be mailed, which it could do by itself.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """`/alerts/?feed=<slug>`: the form, and that a mail is on its way, which is said whatever was done."""
    if not settings.AGENDA_SMTP:
        raise Http404
    chosen = writable(request.GET.get("feed", "all"))[:120]
    feed = get_object_or_404(Feed, slug=chosen, language=get_language(), is_public=True, moved_to=None)
    form = AddressForm(request.POST or None)
    context = {"form": form, "what": feed_name(feed), "feed": feed}
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        if not asking.asks_too_often(address_of(request), at=now.timestamp()):
            wish = form.wish(get_language() or settings.LANGUAGE_CODE)
            asking.ask(form.cleaned_data["email"], feed, wish, now=now)
        return render(request, "alerts/asked.html", context)
    return render(request, "alerts/ask.html", context, status=400 if request.method == "POST" else 200)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def alert(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a follower: confirm it, or end it. Looking at it does neither, since mail programs look too."""
    row = following.by_token(token)
    if request.method == "POST" and row is not None:
        if request.POST.get("act") == "confirm":
            following.confirm(row, now=timezone.now())
        elif request.POST.get("act") == "end":
            following.end(row, now=timezone.now())
        row = following.by_token(token)
        return _page(request, row, token, has_ended=row is None)
    return _page(request, row, token)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def off(request: HttpRequest, token: str) -> HttpResponse:
    """`List-Unsubscribe`: a POST ends it, by a mail program itself (RFC 8058); a person who comes here sees the page.

    Whoever was told nothing any more is told so again, with 200: mail programs try twice.
    """
    row = following.by_token(token)
    if request.method != "POST":
        return _page(request, row, token)
    if row is not None:
        following.end(row, now=timezone.now())
    return _page(request, None, token, has_ended=True)


def _page(request: HttpRequest, row: Follow | None, token: str, *, has_ended: bool = False) -> HttpResponse:
    context = {
        "follow": row,
        "token": token,
        "what": feed_name(row.feed) if row is not None else "",
        "is_at_once": row is not None and row.rhythm == Rhythm.AT_ONCE,
        "is_weekly": row is not None and row.rhythm == Rhythm.WEEKLY,
        "has_ended": has_ended,
    }
    response = render(request, "alerts/alert.html", context, status=200 if row is not None or has_ended else 404)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
