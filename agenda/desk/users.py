"""Who uses the desk: made by an administrator, who hands over a link by which they set their password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda.desk.remit import RemitField
from agenda.signin.keeping import forget_second_factors, password_link, sign_out_everywhere
from diplomacy.accounts.models import User
from diplomacy.accounts.roles import DeskRole

# Django's admin classes and forms are generic for the type checker alone.
if TYPE_CHECKING:
    AnyUserAdmin = UserAdmin[User]
    AnyUserForm = forms.ModelForm[User]
else:
    AnyUserAdmin, AnyUserForm = UserAdmin, forms.ModelForm


class NewUserForm(AnyUserForm):
    """A name and a role; the password is theirs to set."""

    class Meta:
        model = User
        fields = ("username", "email", "role", "remit")

    def save(self, commit: bool = True) -> User:
        """The account, with which nobody can sign in yet."""
        self.instance.set_unusable_password()
        user: User = super().save(commit)
        return user


class DeskUserAdmin(AnyUserAdmin):
    """Who uses the desk; the role decides what they may do."""

    list_display = ("username", "role", "email", "is_active", "last_login")
    list_filter = ("role", "is_active")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (gettext_lazy("Person"), {"fields": ("first_name", "last_name", "email", "language", "time_zone")}),
        (gettext_lazy("Role"), {"fields": ("role", "remit", "is_active")}),
    )
    add_form = NewUserForm
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("username", "email", "role", "remit")}),)
    filter_horizontal = ()
    actions = ("link_chosen", "forget_factors_of_chosen", "sign_out_chosen")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Countries and regions are chosen by name."""
        if db_field.name == "remit":
            return RemitField(label=db_field.verbose_name, help_text=db_field.help_text)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Keep Django's flags true to the role."""
        obj.assign_role(DeskRole(obj.role))
        super().save_model(request, obj, form, change)

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: str | None = None) -> HttpResponse:
        """The link to hand over."""
        return self._link_page(request, obj)

    @admin.action(description=gettext_lazy("Make a link to set a password"), permissions=["change"])
    def link_chosen(self, request: HttpRequest, rows: QuerySet[User]) -> HttpResponse | None:
        """For somebody who has none, or forgot it."""
        chosen = list(rows[:2])
        if len(chosen) != 1:
            self.message_user(request, _("Choose one account."), messages.ERROR)
            return None
        return self._link_page(request, chosen[0])

    @admin.action(description=gettext_lazy("Take the second factor away"), permissions=["change"])
    def forget_factors_of_chosen(self, request: HttpRequest, rows: QuerySet[User]) -> None:
        """For somebody who lost theirs. All their sessions end."""
        for user in rows:
            forget_second_factors(user)
            sign_out_everywhere(user)
        self.message_user(request, _("Done. The password alone lets them in until they set up another one."))

    @admin.action(description=gettext_lazy("Sign out everywhere"), permissions=["change"])
    def sign_out_chosen(self, request: HttpRequest, rows: QuerySet[User]) -> None:
        """End every session."""
        for user in rows:
            sign_out_everywhere(user)
        self.message_user(request, _("Done."))

    def _link_page(self, request: HttpRequest, user: User) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("A link for %(name)s") % {"name": user},
            "link": password_link(user),
            "days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
        }
        return TemplateResponse(request, "admin/desk/password_link.html", context)
