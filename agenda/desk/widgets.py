"""Widgets of the review page, where a few hundred options are written for each proposal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe


class PlainSelect(forms.Select):
    """A select of ungrouped options, written without a template for each option: a tenth of the time."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The element, with the option of `value` selected."""
        chosen = "" if value is None else str(value)
        said = {**self.attrs, **(attrs or {}), "name": name}
        options = "".join(
            f'<option value="{escape(key)}"{" selected" if str(key) == chosen else ""}>{escape(label)}</option>'
            for key, label in self.choices
        )
        return mark_safe(f"<select{flatatt(said)}>{options}</select>")  # noqa: S308 (every part is escaped)
