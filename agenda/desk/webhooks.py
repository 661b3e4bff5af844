"""Webhooks at the desk: who is told of what, how it went, and what was given up sent again."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agenda.desk.access import current_feeds
from agenda.desk.permission import require
from agenda.feeds.catalogue import feed_name, feed_names
from agenda.feeds.models import Feed, Selection
from agenda.webhooks import keeping
from agenda.webhooks.delivering import HIDDEN
from agenda.webhooks.models import Delivery, DeliveryState, Stopped, Webhook
from agenda.webhooks.outbox import try_out
from diplomacy.accounts.models import User
from diplomacy.fetching import AddressError, Refusal
from diplomacy.visits.visibility import Audience

_VIEW, _ADD, _CHANGE = (f"agenda.{verb}_webhook" for verb in ("view", "add", "change"))
SHOWN = 50
_NAMING = tuple(f"feed__{name}" for name in ("visit", "person", "office", "country", "second_country"))
# Why there was no answer, in the words of whoever looks after the target.
_TROUBLES = {
    Refusal.ADDRESS: gettext_lazy("the name leads to no public address"),
    Refusal.NAME: gettext_lazy("the host has no address"),
    Refusal.CONNECTION: gettext_lazy("no connection"),
    Refusal.TIME: gettext_lazy("no answer in time"),
    Refusal.ANSWER: gettext_lazy("the answer is no HTTP"),
    HIDDEN: gettext_lazy("not sent, since it may not be read any more"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A delivery as the log shows it; `said` is the last answer, empty where none was asked for."""

    delivery: Delivery
    said: str
    may_replay: bool


class WebhookForm(forms.Form):
    """Whom to tell of what."""

    label = forms.CharField(
        label=gettext_lazy("For"), max_length=100, help_text=gettext_lazy("Which program listens: “planning system”.")
    )
    target = forms.CharField(
        label=gettext_lazy("Target"),
        max_length=2000,
        help_text=gettext_lazy("An https address of the public web, on its usual port."),
        widget=forms.URLInput,
    )
    feed = forms.ChoiceField(
        label=gettext_lazy("What it hears of"),
        required=False,
        help_text=gettext_lazy("What a calendar selects, on whatever day. Cut a calendar to hear of less."),
    )
    audience = forms.ChoiceField(label=gettext_lazy("Of that"), choices=Webhook.AUDIENCES)
    communiques = forms.BooleanField(
        label=gettext_lazy("Also what became of each communiqué"),
        required=False,
        help_text=gettext_lazy("Read, or not read; nothing of what the text says."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["feed"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("everything")), *feed_choices()]

    def clean_target(self) -> str:
        """An address that may be told something."""
        target: str = self.cleaned_data["target"]
        try:
            keeping.check_target(target)
        except AddressError as error:
            raise forms.ValidationError(
                _("This cannot be a target: give an https address of the public web, without port, name or password.")
            ) from error
        return target


def feed_choices() -> list[tuple[str, list[tuple[int, str]]]]:
    """Calendars by what they hold, each once: what one selects is the same in every language."""
    language = get_language()
    once: dict[str, Feed] = {}
    for feed in current_feeds():
        if feed.slug not in once or feed.language == language:
            once[feed.slug] = feed
    groups: dict[str, list[tuple[int, str]]] = {str(label): [] for label in Selection.labels}
    for feed, name in feed_names(feed for feed in once.values() if feed.selection != Selection.ALL):
        groups[str(Selection(feed.selection).label)].append((feed.pk, name))
    return [(label, choices) for label, choices in groups.items() if choices]


@require_http_methods(["GET", "POST"])
def webhooks_view(request: HttpRequest) -> HttpResponse:
    """The list, and a new one."""
    user = require(request, _ADD if request.method == "POST" else _VIEW)
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        hook, secret = keeping.make(
            label=form.cleaned_data["label"],
            target=form.cleaned_data["target"],
            audience=Audience(form.cleaned_data["audience"]),
            feed=Feed.objects.get(pk=form.cleaned_data["feed"]) if form.cleaned_data["feed"] else None,
            owner=user,
            now=timezone.now(),
            hears_of_communiques=form.cleaned_data["communiques"],
        )
        return _webhook_page(request, hook, secret)
    page = Paginator(Webhook.objects.select_related("owner", *_NAMING), SHOWN).get_page(request.GET.get("page"))
    dead = Delivery.objects.filter(webhook__in=list(page), state=DeliveryState.DEAD).order_by().values("webhook")
    given_up = {row["webhook"]: row["count"] for row in dead.annotate(count=Count("pk"))}
    names = {feed.pk: name for feed, name in feed_names({hook.feed for hook in page if hook.feed is not None})}
    context = {
        **admin.site.each_context(request),
        "title": _("Webhooks"),
        "form": form if user.has_perm(_ADD) else None,
        "hooks": [
            (hook, names[hook.feed_id] if hook.feed_id else _("everything"), given_up.get(hook.pk, 0)) for hook in page
        ],
        "page": page,
    }
    return TemplateResponse(request, "admin/desk/webhooks.html", context)


@require_safe
def webhook_view(request: HttpRequest, webhook_id: uuid.UUID) -> HttpResponse:
    """One webhook: what it hears of, how it is doing, and its log."""
    require(request, _VIEW)
    return _webhook_page(request, _hook(webhook_id))


@require_POST
def rotate_view(request: HttpRequest, webhook_id: uuid.UUID) -> HttpResponse:
    """Another secret; the one before is good for a while beside it."""
    require(request, _CHANGE)
    hook = _hook(webhook_id)
    secret = keeping.rotate(hook, now=timezone.now())
    messages.success(request, _("There is a new secret. For a day both sign; then the old one is good for nothing."))
    return _webhook_page(request, hook, secret)


@require_POST
def off_view(request: HttpRequest, webhook_id: uuid.UUID) -> HttpResponse:
    """Send it nothing any more."""
    require(request, _CHANGE)
    keeping.switch_off(_hook(webhook_id), now=timezone.now())
    messages.success(request, _("Switched off. It is sent nothing, and what waited is given up."))
    return redirect("admin:desk_webhook", webhook_id)


@require_POST
def on_view(request: HttpRequest, webhook_id: uuid.UUID) -> HttpResponse:
    """Send it what happens from here on."""
    require(request, _CHANGE)
    keeping.switch_on(_hook(webhook_id))
    messages.success(request, _("Switched on. It hears of what happens from now on."))
    return redirect("admin:desk_webhook", webhook_id)


@require_POST
def test_view(request: HttpRequest, webhook_id: uuid.UUID) -> HttpResponse:
    """Send it one message that says nothing."""
    require(request, _CHANGE)
    hook = _hook(webhook_id)
    if hook.stopped:
        messages.error(request, _("It is switched off. Switch it on first."))
    else:
        try_out(hook, now=timezone.now())
        messages.success(request, _("A test is on its way: load this page anew to see what was answered."))
    return redirect("admin:desk_webhook", webhook_id)


@require_POST
def replay_view(request: HttpRequest, webhook_id: uuid.UUID) -> HttpResponse:
    """Send one delivery again (`delivery`), or all that was given up."""
    require(request, _CHANGE)
    hook = _hook(webhook_id)
    if hook.stopped:
        messages.error(request, _("It is switched off. Switch it on first."))
        return redirect("admin:desk_webhook", webhook_id)
    chosen = request.POST.get("delivery", "")
    rows = hook.deliveries.filter(pk=int(chosen)) if chosen.isdecimal() else _dead(hook)
    count = keeping.replay(rows, now=timezone.now())
    messages.success(request, _("To be sent again: %(count)s.") % {"count": count})
    return redirect("admin:desk_webhook", webhook_id)


def stopped_webhooks(user: User) -> list[Webhook]:
    """Those that were switched off by themselves, for whoever may do something about it."""
    if not user.has_perm(_CHANGE):
        return []
    return list(Webhook.objects.filter(stopped__in=[Stopped.FAILING, Stopped.GONE])[:SHOWN])


def _hook(webhook_id: uuid.UUID) -> Webhook:
    return get_object_or_404(Webhook.objects.select_related("owner", *_NAMING), pk=webhook_id)


def _dead(hook: Webhook) -> QuerySet[Delivery]:
    return hook.deliveries.filter(state=DeliveryState.DEAD)


def _webhook_page(request: HttpRequest, hook: Webhook, secret: str = "") -> HttpResponse:
    may_change = request.user.has_perm(_CHANGE)
    rows = hook.deliveries.select_related("event").defer("event__body", "event__keys", "event__words", "event__before")
    page = Paginator(rows.order_by("-event__acted_at", "-event__position", "-pk"), SHOWN).get_page(
        request.GET.get("page")
    )
    context = {
        **admin.site.each_context(request),
        "title": hook.label,
        "hook": hook,
        "heard": feed_name(hook.feed) if hook.feed is not None else _("everything"),
        "secret": secret,
        "held": hook.held_until is not None and hook.held_until > timezone.now(),
        "overlaps": hook.overlap_until is not None and hook.overlap_until > timezone.now(),
        "lines": [_line(delivery, may_change and not hook.stopped) for delivery in page],
        "page": page,
        "dead": _dead(hook).count(),
        "may_change": may_change,
    }
    return TemplateResponse(request, "admin/desk/webhook.html", context)


def _line(delivery: Delivery, may_replay: bool) -> Line:
    said = str(_TROUBLES.get(delivery.trouble, delivery.trouble) or delivery.status or "")
    return Line(delivery, said, may_replay and delivery.state != DeliveryState.WAITING)
