"""django-allauth's forms where ours differ."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django.conf import settings
from django.utils.translation import gettext as _


class SignInForm(LoginForm):  # type: ignore[misc]
    """Name and password; the way to another password only where mails go out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
        self.fields["remember"].label = _("Stay signed in")
        if not settings.AGENDA_SMTP:
            self.fields["password"].help_text = ""
