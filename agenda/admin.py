"""The lists of the desk. What has a life of its own is shown here and changed on the desk's pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agenda.desk.permission import may
from agenda.desk.rules import RuleInline
from agenda.desk.sources import rhythm_text, state_of_source
from agenda.desk.users import DeskUserAdmin
from agenda.desk.wikidata import WikidataField, link_to_wikidata
from agenda.feeds.models import CONDITIONS, Feed
from diplomacy.accounts.models import User
from diplomacy.communiques.models import Communique, Proposal, Source, SourceKind
from diplomacy.communiques.rules import VOUCHED
from diplomacy.communiques.second_eyes import SameEyesError, check_publishing
from diplomacy.communiques.sources.polling import CHANNELS
from diplomacy.communiques.unlisted import unlisted_among
from diplomacy.directory.merging import survivor
from diplomacy.directory.models import (
    Country,
    Office,
    OfficeTitle,
    Organisation,
    OrganisationName,
    Person,
    PersonName,
    Place,
    PlaceName,
    Spelling,
    Tenure,
)
from diplomacy.directory.spelling import fold
from diplomacy.visits import publication
from diplomacy.visits.acts import Act
from diplomacy.visits.models import ProgrammeItem, Visit
from diplomacy.vocabulary import Role

# Django's admin classes are generic for the type checker alone.
if TYPE_CHECKING:
    AnyAdmin = admin.ModelAdmin[Any]
else:
    AnyAdmin = admin.ModelAdmin


class ReadOnly(AnyAdmin):
    """A list and a page to look at; nothing is deleted at the desk."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody changes here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes here."""
        return False


class Published(ReadOnly):
    """What readers may see: published and withdrawn from the list."""

    actions: tuple[str, ...] = ("publish_chosen", "withdraw_chosen")

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Whether the user's role may publish this."""
        return request.user.has_perm(f"diplomacy.publish_{self.opts.model_name}")

    @admin.action(description=_("Publish"), permissions=["publish"])
    def publish_chosen(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        """Let readers see the chosen rows, but for what needs a second pair of eyes."""
        mine = []
        rows = self._of_the_users_desk(request, rows)
        for row in rows:
            try:
                check_publishing(row, cast("User", request.user))
            except SameEyesError as error:
                mine.append(row.pk)
                self.message_user(request, f"{row}: {error}", messages.ERROR)
        if len(mine) < len(rows):
            self._each(request, rows.exclude(pk__in=mine), publication.publish, publication.publish_item)

    @admin.action(description=_("Withdraw"), permissions=["publish"])
    def withdraw_chosen(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        """Take the chosen rows back from readers."""
        rows = self._of_the_users_desk(request, rows)
        self._each(request, rows, publication.withdraw, publication.withdraw_item)

    def _of_the_users_desk(self, request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the rows that the user's countries let them publish; of the others it is said."""
        user, permission = cast("User", request.user), f"diplomacy.publish_{self.opts.model_name}"
        outside = [row for row in rows if not may(user, permission, row)]
        for row in outside:
            self.message_user(request, _("%(row)s is not of your desk's countries.") % {"row": row}, messages.ERROR)
        return rows.exclude(pk__in=[row.pk for row in outside])

    def _each(
        self,
        request: HttpRequest,
        rows: QuerySet[Any],
        on_visit: Callable[[Visit, Act], None],
        on_item: Callable[[ProgrammeItem, Act], None],
    ) -> None:
        act = Act(now=timezone.now(), by=cast("User", request.user))
        for row in rows:
            if isinstance(row, Visit):
                on_visit(row, act)
            else:
                on_item(row, act)
        self.message_user(request, _("Done."))


class Kept(AnyAdmin):
    """Rows that may be changed, as far as the user's countries go, but never deleted."""

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether the user may change rows, or this one."""
        is_granted = super().has_change_permission(request, obj)
        return is_granted and (obj is None or self._may_change(request, obj))

    def _may_change(self, request: HttpRequest, row: Model) -> bool:
        return may(cast("User", request.user), f"{self.opts.app_label}.change_{self.opts.model_name}", row)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Keep it, unless it is now of countries that are not the user's.

        Raises PermissionDenied.
        """
        if not self._may_change(request, obj):
            raise PermissionDenied(_("This is of countries that are not your desk's. You may look at it."))
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody deletes at the desk."""
        return False


@admin.register(Communique)
class CommuniqueAdmin(ReadOnly):
    """Everything that reached us."""

    list_display = ("title", "source", "state", "received_at")
    list_filter = ("state", "source")
    search_fields = ("title",)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The desk's own page of the communiqué, where its row can be seen."""
        communique = self.get_object(request, object_id)
        if communique is None or not self.has_view_permission(request, communique):
            return super().change_view(request, object_id, form_url, extra_context)
        return redirect("admin:desk_communique", communique.pk)


@admin.register(Proposal)
class ProposalAdmin(ReadOnly):
    """Everything that was proposed, and what became of it."""

    list_display = ("__str__", "state", "soonest_on", "confidence", "decided_by")
    list_filter = ("state", "kind")


@admin.register(Visit)
class VisitAdmin(Published):
    """Visits, drafts included."""

    list_display = ("slug", "visitor", "host_country", "start_on", "end_on", "status", "publication", "visibility")
    list_filter = ("publication", "status", "kind")
    search_fields = ("slug", "members__person__name")
    actions = (*Published.actions, "merge_chosen")

    @admin.action(description=_("Merge"), permissions=["publish"])
    def merge_chosen(self, request: HttpRequest, rows: QuerySet[Visit]) -> HttpResponse | None:
        """Look at two visits that may be one."""
        chosen = list(rows.order_by("created_at").values_list("slug", flat=True)[:3])
        if len(chosen) != 2:
            self.message_user(request, _("Choose two visits to merge."), messages.ERROR)
            return None
        stays, goes = chosen
        return redirect(f"{reverse('admin:desk_merge')}?{urlencode({'goes': goes, 'stays': stays})}")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Visit]:
        """Visits with those who head them."""
        rows: QuerySet[Visit] = super().get_queryset(request)
        return rows.select_related("host_country").prefetch_related("members__person", "members__office")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The desk's own page of the visit, where its row can be seen."""
        visit = self.get_object(request, object_id)
        if visit is None or not self.has_view_permission(request, visit):
            return super().change_view(request, object_id, form_url, extra_context)
        return redirect("admin:desk_visit", visit.pk)

    @admin.display(description=_("Visitor"))
    def visitor(self, visit: Visit) -> str:
        """Who heads the delegation."""
        heads = [member for member in visit.members.all() if member.role == Role.HEAD_OF_DELEGATION]
        return ", ".join(str(head) for head in heads)


@admin.register(ProgrammeItem)
class ProgrammeItemAdmin(Published):
    """Programme items, drafts included."""

    list_display = ("title", "kind", "day", "start_time", "zone", "status", "publication")
    list_filter = ("publication", "kind")
    readonly_fields = ("coverage_link", "listing")

    @admin.display(description=_("listed in its agenda"))
    def listing(self, item: ProgrammeItem) -> str:
        """Whether its agenda's last edition leaves it out, and what was made of that."""
        line = unlisted_among([item.pk]).get(item.pk)
        if line is None:
            return "—"
        what = line.get_resolution_display() if line.resolution else gettext("see the queue")
        return gettext("no longer listed; %(what)s") % {"what": what}

    @admin.display(description=_("coverage"))
    def coverage_link(self, item: ProgrammeItem) -> str:
        """Where what is planned of it is shown and changed."""
        address = reverse("admin:desk_coverage_item", args=[item.pk])
        return format_html('<a href="{}">{}</a>', address, gettext("Coverage"))


class Spelled(Kept):
    """Something with names in every spelling. Its own name is one of them, so that a text finds it."""

    spelling: type[Spelling]
    owner: str  # the spelling's field that leads here
    own_name = "name"

    def get_inlines(self, request: HttpRequest, obj: Model | None = None) -> list[type[Any]]:
        """The rows of its spellings."""
        shown = {"model": self.spelling, "extra": 0, "fields": ("text", "language", "source")}
        return [type(f"{self.spelling.__name__}Inline", (admin.TabularInline,), shown)]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """An identifier may be given as the address of its page."""
        if db_field.name == "wikidata_id":
            return WikidataField()
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description="Wikidata")
    def on_wikidata(self, row: Any) -> str:
        """The page there."""
        return link_to_wikidata(row.wikidata_id)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Keep the name it has now among its spellings."""
        super().save_related(request, form, formsets, change)
        text = getattr(form.instance, self.own_name)
        rows: Any = self.spelling._default_manager
        if not rows.filter(**{self.owner: form.instance}, text=text).exists():
            rows.create(**{self.owner: form.instance}, text=text, folded=fold(text))


@admin.register(Person)
class PersonAdmin(Spelled):
    """People and the ways their names are written."""

    spelling, owner = PersonName, "person"
    list_display = ("name", "country", "merged_into")
    list_select_related = ("country", "merged_into")
    search_fields = ("name", "names__text", "wikidata_id")
    fields = ("name", "slug", "country", "wikidata_id", "on_wikidata", "merging")
    readonly_fields = ("on_wikidata", "merging")
    prepopulated_fields = {"slug": ("name",)}  # noqa: RUF012  Django's way
    actions = ("merge_chosen",)

    @admin.display(description=_("entered twice?"))
    def merging(self, person: Person) -> str:
        """Where somebody is merged with another; of whoever was merged, who answers."""
        if person._state.adding:
            return "—"
        if person.merged_into is not None:
            stays = survivor(person)
            to = reverse("admin:diplomacy_person_change", args=[stays.pk])
            return format_html(
                '{} <a href="{}">{}</a> · <a href="{}">{}</a>',
                gettext("merged into"), to, stays, reverse("admin:desk_mergers"), gettext("People merged"),
            )  # fmt: skip
        to = f"{reverse('admin:desk_people_merge')}?{urlencode({'goes': person.slug})}"
        return format_html('<a href="{}">{}</a>', to, gettext("Merge with another person"))

    @admin.action(description=_("Merge"), permissions=["change"])
    def merge_chosen(self, request: HttpRequest, rows: QuerySet[Person]) -> HttpResponse | None:
        """Look at two people who may be one."""
        chosen = list(rows.order_by("name").values_list("slug", flat=True)[:3])
        if len(chosen) != 2:
            self.message_user(request, _("Choose two people to merge."), messages.ERROR)
            return None
        stays, goes = chosen
        return redirect(f"{reverse('admin:desk_people_merge')}?{urlencode({'goes': goes, 'stays': stays})}")


@admin.register(Office)
class OfficeAdmin(Spelled):
    """Offices and the ways their titles are worded."""

    spelling, owner, own_name = OfficeTitle, "office", "title"
    list_display = ("title", "country", "rank", "on_wikidata")
    list_filter = ("rank",)
    search_fields = ("title", "titles__text", "wikidata_id")
    readonly_fields = ("on_wikidata",)
    prepopulated_fields = {"slug": ("title",)}  # noqa: RUF012  Django's way


@admin.register(Place)
class PlaceAdmin(Spelled):
    """Cities and venues, with their zones."""

    spelling, owner = PlaceName, "place"
    list_display = ("name", "country", "zone", "within")
    search_fields = ("name", "names__text")


@admin.register(Organisation)
class OrganisationAdmin(Spelled):
    """Ministries, presidencies, international bodies."""

    spelling, owner = OrganisationName, "organisation"
    list_display = ("name", "country")
    search_fields = ("name", "names__text")


@admin.register(Tenure)
class TenureAdmin(Kept):
    """Who held which office, and when."""

    list_display = ("person", "office", "starts_on", "ends_on", "is_imported")
    list_select_related = ("person", "office")
    search_fields = ("person__name", "office__title")
    autocomplete_fields = ("person", "office")

    def save_model(self, request: HttpRequest, obj: Tenure, form: Any, change: bool) -> None:
        """What an editor saved is the editor's: no import changes it."""
        obj.is_imported = False
        super().save_model(request, obj, form, change)


@admin.register(Feed)
class FeedAdmin(Kept):
    """Feeds: cut on a page of their own; what one holds, its language and its address stay as they were given."""

    list_display = ("slug", "language", "selection", "is_public")
    list_filter = ("language", "selection", "is_public")
    search_fields = ("slug",)
    fields = (
        "slug", "language", "selection", *CONDITIONS, "is_public", "shows_cancelled", "untimed_items", "days_before",
        "days_after", "moved_to",
    )  # fmt: skip
    readonly_fields = ("slug", "language", "selection", *CONDITIONS, "moved_to")

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The page that cuts one."""
        return redirect("admin:desk_cut")

    def response_change(self, request: HttpRequest, obj: Feed) -> HttpResponse:
        """Back to the calendar's page, which says so if it is heavy."""
        return redirect("admin:desk_calendar", obj.pk)


def _moment_text(moment: dt.datetime | None) -> str:
    return date_format(localtime(moment), "SHORT_DATETIME_FORMAT") if moment else "—"


@admin.register(Source)
class SourceAdmin(Kept):
    """The channels that communiqués arrive by, and how each is doing."""

    list_display = ("name", "kind", "is_enabled", "doing", "last_arrival")
    list_filter = ("kind", "is_enabled")
    search_fields = ("name", "address")
    fields = (
        "name", "slug", "kind", "address", "trust", "is_enabled", "interval_minutes", "language", "zone", "owner",
        "needs_second_eyes", "licence_note", "doing", "last_success", "last_arrival", "rhythm", "not_kept",
    )  # fmt: skip
    readonly_fields = ("doing", "last_success", "last_arrival", "rhythm", "not_kept")
    prepopulated_fields: ClassVar = {"slug": ("name",)}
    list_select_related = ("health",)
    inlines = (RuleInline,)

    def get_inlines(self, request: HttpRequest, obj: Source | None = None) -> tuple[type[RuleInline], ...]:
        """A rule is for a source that is known and vouched for by its channel."""
        return self.inlines if obj is not None and obj.kind in VOUCHED else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        """Without what their channels remember, which may be long."""
        rows: QuerySet[Source] = super().get_queryset(request)
        return rows.defer("health__memory")

    def get_fields(self, request: HttpRequest, obj: Source | None = None) -> tuple[str, ...]:
        """A new one is not doing anything yet."""
        return self.fields if obj else tuple(name for name in self.fields if name not in self.readonly_fields)

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only channels that are looked into are added by hand."""
        if db_field.name == "kind":
            kwargs["choices"] = [(kind.value, kind.label) for kind in SourceKind if kind in CHANNELS]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Source | None = None) -> tuple[str, ...]:
        """Of one that exists the channel and the short name stay: identities hang on them."""
        return (*self.readonly_fields, "slug", "kind") if obj else self.readonly_fields

    def get_prepopulated_fields(self, request: HttpRequest, obj: Source | None = None) -> Any:
        """Only where the field can be written."""
        return {} if obj else self.prepopulated_fields

    @admin.display(description=_("how it is doing"))
    def doing(self, source: Source) -> str:
        """In a sentence."""
        return state_of_source(source)

    @admin.display(description=_("last arrival"), ordering="health__arrived_at")
    def last_arrival(self, source: Source) -> str:
        """When something new came."""
        health = getattr(source, "health", None)
        return _moment_text(health.arrived_at if health else None)

    @admin.display(description=_("last success"))
    def last_success(self, source: Source) -> str:
        """When it was last looked into without an error."""
        health = getattr(source, "health", None)
        return _moment_text(health.succeeded_at if health else None)

    @admin.display(description=_("usual rhythm"))
    def rhythm(self, source: Source) -> str:
        """How often something comes."""
        health = getattr(source, "health", None)
        return rhythm_text(health.usual_pause if health else None)

    @admin.display(description=_("not kept at the last look"))
    def not_kept(self, source: Source) -> str:
        """What was refused, one a line."""
        health = getattr(source, "health", None)
        return "\n".join(health.refused) if health and health.refused else "—"


admin.site.unregister(Group)  # roles say what somebody may do (docs/decisions/0004)
admin.site.register(Country, Kept)
admin.site.register(User, DeskUserAdmin)
