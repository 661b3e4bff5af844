"""The desk: Django's admin site, with the queue and the review page in front."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:  # models load after the site
    from diplomacy.accounts.models import User

_LISTS = (
    (_("Diary"), ("Visit", "ProgrammeItem", "Feed")),
    (_("What came in"), ("Communique", "Proposal", "Source")),
    (_("Directory"), ("Person", "Office", "Tenure", "Organisation", "Place", "Country")),
    (_("Access"), ("User",)),
)
# The desk's own pages that a list's section leads to, by its first model.
_LINKS = {
    "Person": (
        (_("Questions about names"), "admin:desk_questions"),
        (_("Merge two people"), "admin:desk_people_merge"),
        (_("People merged"), "admin:desk_mergers"),
    )
}


class DeskSite(AdminSite):
    """Queue, review, intake, and the plain lists of everything."""

    site_title = _("Agenda desk")
    site_header = _("Agenda desk")
    index_title = _("The desk")
    index_template = "admin/desk/index.html"
    enable_nav_sidebar = False

    def get_urls(self) -> list[URLResolver | URLPattern]:
        """The desk's own pages before the admin's."""
        from agenda.desk import (
            access,
            alerts,
            calendars,
            communiques,
            intake,
            merging,
            receiving,
            rules,
            tables,
            unlisted,
            views,
        )

        own: list[URLResolver | URLPattern] = [
            path("receive/", self.admin_view(receiving.receive_view), name="desk_receive"),
            path("intake/", self.admin_view(intake.intake_view), name="desk_intake"),
            path("intake/retry/", self.admin_view(intake.retry_kind_view), name="desk_retry_kind"),
            path("originals/<int:version_id>/", self.admin_view(receiving.original_view), name="desk_original"),
            *self._review_urls(),
            *self._visit_urls(),
            *self._coverage_urls(),
            *self._directory_urls(),
            path("tables/", self.admin_view(tables.tables_view), name="desk_tables"),
            path("tables/<str:name>.<str:form>", self.admin_view(tables.export_view), name="desk_export"),
            *self._webhook_urls(),
            path("alerts/", self.admin_view(alerts.alerts_view), name="desk_alerts"),
            path("alerts/<uuid:follow_id>/end/", self.admin_view(alerts.end_view), name="desk_alert_end"),
            path("rules/", self.admin_view(rules.ruled_view), name="desk_ruled"),
            path("rules/<uuid:proposal_id>/revoke/", self.admin_view(rules.revoke_view), name="desk_revoke"),
            path(
                "communiques/<uuid:communique_id>/",
                self.admin_view(communiques.communique_view),
                name="desk_communique",
            ),
            path("echoes/<int:echo_id>/apart/", self.admin_view(communiques.apart_view), name="desk_apart"),
            path("communiques/<uuid:communique_id>/date/", self.admin_view(views.date_view), name="desk_date"),
            path("communiques/<uuid:communique_id>/retry/", self.admin_view(views.retry_view), name="desk_retry"),
            path("unlisted/<int:line_id>/", self.admin_view(unlisted.resolve_view), name="desk_unlisted"),
            path("merge/", self.admin_view(merging.merge_view), name="desk_merge"),
            path("calendars/", self.admin_view(calendars.cut_view), name="desk_cut"),
            path("calendars/<int:feed_id>/", self.admin_view(calendars.calendar_view), name="desk_calendar"),
            path("subscriptions/", self.admin_view(access.subscriptions_view), name="desk_subscriptions"),
            path(
                "subscriptions/<int:subscription_id>/revoke/",
                self.admin_view(access.revoke_subscription_view),
                name="desk_revoke_subscription",
            ),
            path(
                "subscriptions/<int:subscription_id>/rotate/",
                self.admin_view(access.rotate_subscription_view),
                name="desk_rotate_subscription",
            ),
            path("tokens/", self.admin_view(access.tokens_view), name="desk_tokens"),
            path("tokens/<uuid:token_id>/revoke/", self.admin_view(access.revoke_token_view), name="desk_revoke_token"),
        ]
        return own + list(super().get_urls())

    def _review_urls(self) -> list[URLResolver | URLPattern]:
        from agenda.desk import pinning, reviewing, together

        acts: dict[str, Callable[..., HttpResponse]] = {
            "typed": reviewing.typed_view,
            "leave": reviewing.leave_view,
            "take-over": reviewing.take_over_view,
            "discard": reviewing.discard_view,
            "assign": reviewing.assign_view,
            "undo": reviewing.undo_view,
            "words": reviewing.words_view,
            "pin": pinning.review_pin_view,
        }
        one = "review/<uuid:proposal_id>/"
        return [
            path("together/", self.admin_view(together.together_view), name="desk_together"),
            path("together/undo/", self.admin_view(together.undo_view), name="desk_together_undo"),
            path(one, self.admin_view(reviewing.review_view), name="desk_review"),
            *(
                path(f"{one}{act}/", self.admin_view(view), name=f"desk_review_{act.replace('-', '_')}")
                for act, view in acts.items()
            ),
        ]

    def _visit_urls(self) -> list[URLResolver | URLPattern]:
        from agenda.desk import making, pinning, visiting, whole_undo, whole_visit

        one = "visits/<uuid:visit_id>/"
        return [
            path("visits/new/", self.admin_view(making.new_visit_view), name="desk_new_visit"),
            path(one, self.admin_view(visiting.visit_view), name="desk_visit"),
            path(f"{one}publish/", self.admin_view(visiting.publish_view), name="desk_visit_publish"),
            path(f"{one}whole/", self.admin_view(whole_visit.whole_visit_view), name="desk_whole_visit"),
            path(f"{one}whole/undo/", self.admin_view(whole_undo.undo_view), name="desk_whole_undo"),
            path(f"{one}pins/", self.admin_view(pinning.visit_pins_view), name="desk_visit_pins"),
            path(f"{one}settle/", self.admin_view(visiting.settle_view), name="desk_visit_settle"),
            path(f"{one}restore/<int:revision_id>/", self.admin_view(visiting.restore_view), name="desk_visit_restore"),
        ]

    def _coverage_urls(self) -> list[URLResolver | URLPattern]:
        from agenda.desk import covering

        return [
            path("coverage/", self.admin_view(covering.coverage_view), name="desk_coverage"),
            path("coverage/read/", self.admin_view(covering.read_view), name="desk_coverage_read"),
            path("items/<uuid:item_id>/coverage/", self.admin_view(covering.item_view), name="desk_coverage_item"),
        ]

    def _directory_urls(self) -> list[URLResolver | URLPattern]:
        from agenda.desk import people, questions

        one = "questions/<int:question_id>/"
        return [
            path("questions/", self.admin_view(questions.questions_view), name="desk_questions"),
            path(f"{one}answer/", self.admin_view(questions.answer_view), name="desk_question_answer"),
            path(f"{one}undo/", self.admin_view(questions.undo_view), name="desk_question_undo"),
            path("people/merge/", self.admin_view(people.merge_view), name="desk_people_merge"),
            path("people/mergers/", self.admin_view(people.mergers_view), name="desk_mergers"),
            path("people/mergers/<int:merger_id>/undo/", self.admin_view(people.unmerge_view), name="desk_unmerge"),
        ]

    def _webhook_urls(self) -> list[URLResolver | URLPattern]:
        from agenda.desk import webhooks

        one = "webhooks/<uuid:webhook_id>/"
        acts: dict[str, Callable[..., HttpResponse]] = {
            "rotate": webhooks.rotate_view,
            "off": webhooks.off_view,
            "on": webhooks.on_view,
            "replay": webhooks.replay_view,
            "test": webhooks.test_view,
        }
        return [
            path("webhooks/", self.admin_view(webhooks.webhooks_view), name="desk_webhooks"),
            path(one, self.admin_view(webhooks.webhook_view), name="desk_webhook"),
            *(path(f"{one}{act}/", self.admin_view(view), name=f"desk_webhook_{act}") for act, view in acts.items()),
        ]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The page where everybody signs in, with their second factor; whoever is not of the desk is told so."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        wanted = request.GET.get("next") or reverse("admin:index")
        return redirect_to_login(wanted, "account_login")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        """Where everybody signs out."""
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        """Where everybody changes theirs."""
        return redirect("account_change_password")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """The lists by what they are for, not by the package they live in."""
        if app_label is not None:
            return super().get_app_list(request, app_label)
        listed = {model["object_name"]: model for app in super().get_app_list(request) for model in app["models"]}
        return [
            {"name": name, "app_label": "desk", "app_url": "", "has_module_perms": True, "models": models,
             "links": [{"name": label, "url": reverse(to)} for label, to in _LINKS.get(wanted[0], ())]}
            for name, wanted in _LISTS
            if (models := [listed[each] for each in wanted if each in listed])
        ]  # fmt: skip

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """What waits, most urgent first, before the lists."""
        from agenda.desk.keys import LAST, QUEUE
        from agenda.desk.queue import queue_context
        from agenda.desk.webhooks import stopped_webhooks

        user = cast("User", request.user)
        context = queue_context(now=timezone.now(), user=user, asked=request.GET.dict())
        last = {"last": request.session.get(LAST), "keys": QUEUE, "stopped_webhooks": stopped_webhooks(user)}
        return super().index(request, {**(extra_context or {}), **context, **last})
