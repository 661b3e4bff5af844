"""Private addresses of feeds and tokens of the API: made here, shown once, revoked here."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from agenda.desk.permission import require
from agenda.entries.telling import ENDED_STAYS
from agenda.feeds.catalogue import feed_names
from agenda.feeds.models import Feed, Selection, Subscription
from agenda.feeds.subscriptions import revoke_subscription, rotate_subscription, subscribe
from agenda.tokens.models import ApiToken, make_token, revoke_token, tokens_of
from agenda.tokens.networks import MOST, networks
from agenda.tokens.scopes import PERMISSIONS, Scope, submitting
from diplomacy.accounts.models import User
from diplomacy.directory.spelling import writable

_MAY_SUBSCRIBE = "agenda.add_subscription"
_MAY_SUBMIT = "diplomacy.add_communique"
ROWS_SHOWN = 50
_NAMING = ("visit", "person", "office", "country", "second_country")  # what a feed's name is made of


@dataclass(frozen=True, slots=True)
class Given:
    """A key that was given out, for the list."""

    label: str
    what: str
    made_by: str
    made_at: dt.datetime
    last_used_on: dt.date | None
    revoked_at: dt.datetime | None
    revoke_path: str
    rotate_path: str = ""  # empty for what cannot be rotated
    scopes: str = ""
    networks: str = ""
    expires_at: dt.datetime | None = None
    is_over: bool = False


class TokenForm(forms.Form):
    """For which program a token is, what it may do, from where and until when."""

    label = forms.CharField(
        label=gettext_lazy("For"), max_length=100, help_text=gettext_lazy("Which program will use it: “wire import”.")
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("It may"), widget=forms.CheckboxSelectMultiple, choices=Scope.choices
    )
    networks = forms.CharField(
        label=gettext_lazy("Only from"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Addresses or networks, with commas: 192.0.2.7, 2001:db8::/32. Empty: from anywhere."),
    )
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Through this day (UTC). Empty: until it is revoked."),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["scopes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.initial = submitting()
        field.choices = [(scope.value, scope.label) for scope in Scope if user.has_perm(PERMISSIONS[scope])]

    def clean_networks(self) -> tuple[str, ...]:
        """The networks as they are kept."""
        try:
            return networks(self.cleaned_data["networks"])
        except ValueError as error:
            raise forms.ValidationError(
                _("Give at most %(most)d addresses or networks such as 192.0.2.0/24, with commas."),
                params={"most": MOST},
            ) from error

    def clean_ends_on(self) -> dt.date | None:
        """A day that is not over."""
        day: dt.date | None = self.cleaned_data["ends_on"]
        if day is not None and day < timezone.now().date():
            raise forms.ValidationError(_("This day is over."))
        return day

    def expires_at(self) -> dt.datetime | None:
        """When the last day is over."""
        day: dt.date | None = self.cleaned_data["ends_on"]
        if day is None:
            return None
        return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=dt.UTC)


class SubscriptionForm(forms.Form):
    """Which feed, and who will have its private address."""

    feed = forms.ChoiceField(label=gettext_lazy("Calendar"))
    label = forms.CharField(
        label=gettext_lazy("For"), max_length=100, help_text=gettext_lazy("Whose address it is: “Ada, phone”.")
    )

    def __init__(self, *args: Any, wanted: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["feed"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = _feed_choices(wanted)


@require_http_methods(["GET", "POST"])
def subscriptions_view(request: HttpRequest) -> HttpResponse:
    """Private addresses: the list, and a new one."""
    user = require(request, _MAY_SUBSCRIBE)
    _ensure_everything()
    wanted = request.GET.get("feed", "")
    form = SubscriptionForm(request.POST or None, initial={"feed": wanted}, wanted=wanted)
    secret = ""
    if request.method == "POST" and form.is_valid():
        feed = get_object_or_404(Feed, pk=form.cleaned_data["feed"])
        _row, secret = subscribe(feed, label=form.cleaned_data["label"], by=user)
        form = SubscriptionForm(initial={"feed": feed.pk}, wanted=wanted)
    return _subscriptions_page(request, form, secret)


@require_POST
def rotate_subscription_view(request: HttpRequest, subscription_id: int) -> HttpResponse:
    """Another address in place of one, which ends."""
    require(request, _MAY_SUBSCRIBE)
    row = get_object_or_404(Subscription.objects.select_related("feed", "user"), pk=subscription_id)
    if row.revoked_at is not None:
        messages.error(request, _("This address has ended. Make a new one instead."))
        return redirect("admin:desk_subscriptions")
    _new, secret = rotate_subscription(row, now=timezone.now())
    messages.success(request, _("The old address has ended. Give the new one to whoever had it."))
    return _subscriptions_page(request, SubscriptionForm(), secret)


def _subscriptions_page(request: HttpRequest, form: SubscriptionForm, secret: str) -> HttpResponse:
    found = Subscription.objects.select_related("user", *(f"feed__{name}" for name in _NAMING))
    sought = writable(request.GET.get("q", "")).strip()
    if sought:
        found = found.filter(Q(label__icontains=sought) | Q(feed__slug__icontains=sought))
    listed = Paginator(found, ROWS_SHOWN).get_page(request.GET.get("page"))
    names = {feed.pk: name for feed, name in feed_names(row.feed for row in listed)}
    return _page(
        request,
        title=_("Private addresses"),
        intro=_("A private address shows a calendar with what is for subscribers alone. Whoever has it reads it."),
        verb=_("Make an address"),
        form=form,
        secret=secret,
        rows=[_given_subscription(row, names[row.feed_id]) for row in listed],
        listed=listed,
        sought=sought,
    )


@require_POST
def revoke_subscription_view(request: HttpRequest, subscription_id: int) -> HttpResponse:
    """End a private address."""
    require(request, _MAY_SUBSCRIBE)
    revoke_subscription(get_object_or_404(Subscription, pk=subscription_id), now=timezone.now())
    messages.success(request, _("Revoked. The address answers that it has ended."))
    return redirect("admin:desk_subscriptions")


@require_http_methods(["GET", "POST"])
def tokens_view(request: HttpRequest) -> HttpResponse:
    """Tokens of the API: one's own (an administrator sees all), and a new one."""
    user = require(request, _MAY_SUBMIT)
    form = TokenForm(user, request.POST or None)
    secret = ""
    if request.method == "POST" and form.is_valid():
        _row, secret = make_token(
            user,
            label=form.cleaned_data["label"],
            scopes=form.cleaned_data["scopes"],
            networks=form.cleaned_data["networks"],
            expires_at=form.expires_at(),
        )
        form = TokenForm(user)
    return _page(
        request,
        title=_("API tokens"),
        intro=_("A program shows a token. It may do what you choose here, and no more than you may."),
        verb=_("Make a token"),
        form=form,
        secret=secret,
        rows=[_given_token(row) for row in tokens_of(user)],
    )


@require_POST
def revoke_token_view(request: HttpRequest, token_id: uuid.UUID) -> HttpResponse:
    """End a token: one's own; an administrator any."""
    user = require(request, _MAY_SUBMIT)
    revoke_token(get_object_or_404(tokens_of(user), public_id=token_id), now=timezone.now())
    messages.success(request, _("Revoked. The token opens nothing any more."))
    return redirect("admin:desk_tokens")


def _page(request: HttpRequest, *, rows: Iterable[Given], **shown: Any) -> HttpResponse:
    context = {**admin.site.each_context(request), **shown, "rows": list(rows)}
    return TemplateResponse(request, "admin/desk/access.html", context)


def _given_token(row: ApiToken) -> Given:
    return Given(
        label=row.label,
        what=f"{row.token_key}…",
        made_by=str(row.user),
        made_at=row.created,
        last_used_on=row.last_used_on,
        revoked_at=row.revoked_at,
        revoke_path=reverse("admin:desk_revoke_token", args=[row.public_id]),
        scopes=", ".join(row.scopes),
        networks=", ".join(row.networks),
        expires_at=row.expiry,
        is_over=row.expiry is not None and row.expiry <= timezone.now(),
    )


def _given_subscription(row: Subscription, name: str) -> Given:
    return Given(
        label=row.label,
        what=_in_language(row.feed, name),
        made_by=str(row.user or ""),
        made_at=row.created_at,
        last_used_on=row.last_used_at.date() if row.last_used_at else None,
        revoked_at=row.revoked_at,
        revoke_path=reverse("admin:desk_revoke_subscription", args=[row.pk]),
        rotate_path=reverse("admin:desk_rotate_subscription", args=[row.pk]),
    )


def _in_language(feed: Feed, name: str) -> str:
    return f"{name} · {dict(settings.LANGUAGES)[feed.language]}"


def _feed_choices(wanted: str) -> list[tuple[str, list[tuple[int, str]]]]:
    """Calendars by what they hold."""
    groups: dict[str, list[tuple[int, str]]] = {str(label): [] for label in Selection.labels}
    for feed, name in feed_names(current_feeds(wanted)):
        groups[str(Selection(feed.selection).label)].append((feed.pk, _in_language(feed, name)))
    return [(label, choices) for label, choices in groups.items() if choices]


def current_feeds(wanted: str = "") -> QuerySet[Feed]:
    """The calendars there are; of visits only those not long over, and the one that was asked for by its number."""
    since = timezone.now().date() - ENDED_STAYS
    current = ~Q(selection=Selection.VISIT) | Q(visit__end_on__gte=since) | Q(visit__end_on=None)
    if wanted.isdecimal():
        current |= Q(pk=int(wanted))
    return Feed.objects.filter(current, moved_to=None).select_related(*_NAMING).order_by("slug", "language")


def _ensure_everything() -> None:
    """The calendar of everything can be subscribed to before anything is published."""
    for language, _name in settings.LANGUAGES:
        Feed.objects.get_or_create(language=language, slug="all", defaults={"selection": Selection.ALL})
