"""Two states of one form side by side: what stands and what is proposed, what was decided and what was typed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from agenda.entries.days import days_text


@dataclass(frozen=True, slots=True)
class Difference:
    """A field with two values in words; empty is nothing said."""

    where: str
    field: str
    one: str
    other: str


def differences(one: tuple[Any, Any], other: tuple[Any, Any]) -> list[Difference]:
    """The fields in which two pairs of review forms (visit or None, items) say something else."""
    pairs = [(one[0], other[0], "")] if one[0] is not None and other[0] is not None else []
    pairs += [
        (first, second, _("Item %(number)d") % {"number": number})
        for number, (first, second) in enumerate(zip(one[1].forms, other[1].forms, strict=False), start=1)
    ]
    return [difference for first, second, where in pairs for difference in _of(first, second, where)]


def _of(first: forms.Form, second: forms.Form, where: str) -> Iterator[Difference]:
    for name in first.fields:
        if name in second.fields:
            said, typed = shown(first[name]), shown(second[name])
            if said != typed:
                yield Difference(where, str(first[name].label), said, typed)


def shown(field: forms.BoundField) -> str:
    """The value of a form's field as a reader sees it."""
    value = field.value()
    if isinstance(field.field, forms.ChoiceField):
        return str(dict(field.field.choices).get(value, value) or "")  # type: ignore[arg-type]
    if isinstance(field.field, forms.BooleanField):
        return _("yes") if value else _("no")
    if value in (None, ""):
        return ""
    try:
        value = field.field.clean(value)
    except forms.ValidationError:
        return str(value)
    if isinstance(field.field, forms.DateField):
        return days_text(value, None)
    return f"{value:%H:%M}" if isinstance(field.field, forms.TimeField) else str(value)
