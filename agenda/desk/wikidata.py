"""The Wikidata identifier of somebody or something, as the desk takes and shows it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diplomacy.directory.wikidata import NoIdentifierError, item_id


class WikidataField(forms.CharField):
    """An identifier, or the address of its page, which is made the identifier."""

    def __init__(self, **kwargs: Any) -> None:
        said = gettext_lazy("Q and a number, such as Q42, or the address of the page at wikidata.org. May be empty.")
        super().__init__(
            **{"label": gettext_lazy("Wikidata identifier"), "required": False, "help_text": said, **kwargs}
        )

    def clean(self, value: Any) -> str:
        """The identifier; "" for none."""
        try:
            return item_id(super().clean(value))
        except NoIdentifierError as error:
            raise forms.ValidationError(_("This is no identifier of Wikidata. It is Q and a number: Q42.")) from error


def link_to_wikidata(identifier: str) -> str:
    """The page at wikidata.org; "—" without an identifier."""
    if not identifier:
        return "—"
    return format_html('<a href="https://www.wikidata.org/wiki/{}">{}</a>', identifier, identifier)
