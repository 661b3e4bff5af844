"""The form that cuts a calendar to need: what it holds, for whom, in which language, over which days."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agenda.feeds.catalogue import told_of
from agenda.feeds.models import CONDITIONS, NEEDS, Feed, Selection, UntimedItems
from diplomacy.communiques.review import countries
from diplomacy.directory.merging import survivor
from diplomacy.directory.models import Office, Person
from diplomacy.directory.registry import free_slug
from diplomacy.directory.spelling import fold
from diplomacy.visits.choices import ITEM_KINDS, PRESS_ACCESSES
from diplomacy.visits.models import Visit

# How many rows of the directory a field suggests; the others are found by typing their name or address.
SUGGESTED = 300
# Addresses that are given with the first publication of what they name (`agenda.feeds.catalogue`).
_GIVEN = ("visit-", "person-", "office-", "country-", "kind-")
_ANY = ("", "—")


class KnownField(forms.CharField):
    """A row of the directory by its address ("ana-prado") or by a name that is its alone; None where empty."""

    def __init__(self, rows: models.Manager[Any], names: str = "", **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self._rows, self._names = rows, names

    def clean(self, value: Any) -> Any:
        """The row. A name that several have, or none, is an error of the field."""
        text = super().clean(value)
        if not text:
            return None
        exact = self._rows.filter(slug=text).first()
        if exact is not None:
            return self.stands_for(exact)
        rows = self._rows.filter(**{self._names: fold(text)}).distinct().order_by("slug")[:4] if self._names else []
        found = list(dict.fromkeys(self.stands_for(row) for row in rows))
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(_("Nothing is known by this name. Choose from the list, or give its address."))
        slugs = ", ".join(str(row.slug) for row in found)
        raise forms.ValidationError(_("Several have this name. Give the address of one: %(slugs)s.") % {"slugs": slugs})

    def stands_for(self, row: Any) -> Any:
        """The row that answers for this one."""
        return row


class PersonField(KnownField):
    """Somebody of the directory; whoever was merged answers with the one who stays."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Person.objects, "names__folded", **kwargs)

    def stands_for(self, row: Person) -> Person:
        """The survivor."""
        return survivor(row)


class CutForm(forms.Form):
    """One calendar, or the same in every language."""

    selection = forms.ChoiceField(label=gettext_lazy("What it holds"), choices=Selection.choices)
    visit = KnownField(Visit.objects, label=gettext_lazy("Visit"))
    person = PersonField(label=gettext_lazy("Person"))
    office = KnownField(Office.objects, "titles__folded", label=gettext_lazy("Office"))
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    second_country = forms.ChoiceField(label=gettext_lazy("Second country"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of item"), choices=[_ANY, *ITEM_KINDS], required=False)
    press_access = forms.ChoiceField(
        label=gettext_lazy("Press access"), choices=[_ANY, *PRESS_ACCESSES], required=False
    )
    words = forms.CharField(
        label=gettext_lazy("Words"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("All of them are looked for, in names, titles and places."),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[("", gettext_lazy("each language")), *settings.LANGUAGES],
        required=False,
    )
    is_public = forms.TypedChoiceField(
        label=gettext_lazy("Who may subscribe"),
        choices=[("1", gettext_lazy("anybody, at its address")), ("0", gettext_lazy("by private addresses alone"))],
        coerce=lambda value: value == "1",
    )
    shows_cancelled = forms.TypedChoiceField(
        label=gettext_lazy("What is cancelled"),
        choices=[("1", gettext_lazy("shown, and said to be")), ("0", gettext_lazy("hidden"))],
        coerce=lambda value: value == "1",
    )
    untimed_items = forms.ChoiceField(label=gettext_lazy("Items of unknown hour"), choices=UntimedItems.choices)
    days_before = forms.IntegerField(label=gettext_lazy("Days before today"), min_value=0, max_value=36500, initial=90)
    days_after = forms.IntegerField(label=gettext_lazy("Days after today"), min_value=0, max_value=36500, initial=400)
    slug = forms.SlugField(
        label=gettext_lazy("Address"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Last part of the address, such as “mali-brazil”. Made of what it holds if left empty."),
    )

    # The selections that each field serves, for the page.
    serves: ClassVar[dict[str, list[str]]] = {
        name: [each.value for each in Selection if name in NEEDS.get(each, CONDITIONS)] for name in CONDITIONS
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("country", "second_country"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [_ANY, *countries()]
        for name in ("visit", "person", "office"):
            self.fields[name].widget.attrs["list"] = f"known-{name}"

    def clean_words(self) -> str:
        """Words that can be looked for."""
        text: str = self.cleaned_data["words"]
        if text and not fold(text):
            raise forms.ValidationError(_("There is no word in this."))
        return text

    def clean_slug(self) -> str:
        """An address that the program does not give by itself."""
        slug: str = self.cleaned_data["slug"]
        if slug == "all" or slug.startswith(_GIVEN):
            raise forms.ValidationError(
                _("Addresses that begin so are given by themselves with what is published. Choose another.")
            )
        return slug

    def clean(self) -> dict[str, Any]:
        """What the selection needs and nothing else; an address that is free in each language."""
        data = super().clean() or {}
        if "selection" not in data:
            return data
        selection = Selection(data["selection"])
        for name in CONDITIONS:
            if selection.value not in self.serves[name]:
                self.errors.pop(name, None)
                data[name] = None if name in _KEYED else ""
        self._check(selection, data)
        if not self.errors:
            data["slug"] = data["slug"] or self._suggested(data)
            taken = Feed.objects.filter(slug=data["slug"], language__in=self.languages())
            if taken.exists():
                self.add_error("slug", _("Another calendar has this address."))
        return data

    def _check(self, selection: Selection, data: dict[str, Any]) -> None:
        for name in NEEDS.get(selection, ()):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _("Say which."))
        if selection is Selection.SEARCH and not self.errors and not any(data.get(name) for name in CONDITIONS):
            raise forms.ValidationError(_("Give at least one condition: a country, a kind, words."))
        if data.get("second_country") and data["second_country"] == data.get("country"):
            self.add_error("second_country", _("Choose two different countries."))
        if data.get("visit") and data.get("is_public") and not told_of(data["visit"].pk):
            self.add_error(
                "visit", _("The public has not been told of this visit: publish it first, or keep it private.")
            )

    def languages(self) -> list[str]:
        """The languages it is made in."""
        chosen: str = self.cleaned_data.get("language", "")
        return [chosen] if chosen else [code for code, _name in settings.LANGUAGES]

    def _suggested(self, data: dict[str, Any]) -> str:
        named = [getattr(data[name], "slug", data[name]) for name in CONDITIONS if data.get(name)]
        wanted = "-".join(str(name) for name in named) or "everything"
        wanted = f"only-{wanted}" if wanted.startswith(_GIVEN) else wanted
        return free_slug(Feed.objects.values_list("slug", flat=True), wanted, "calendar")

    @transaction.atomic
    def save(self) -> list[Feed]:
        """The calendars, one a language."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "language"}
        for name in ("country", "second_country"):
            values[f"{name}_id"] = values.pop(name) or None
        feeds = [Feed(language=language, **values) for language in self.languages()]
        for feed in feeds:
            feed.full_clean()
            feed.save()
        return feeds

    def suggestions(self) -> Iterable[tuple[str, list[tuple[str, str]]]]:
        """For each field that names a row: the address and name of those suggested, the newest visits first."""
        yield "visit", suggested_visits()
        people = Person.objects.filter(merged_into=None).order_by("name")[:SUGGESTED]
        yield "person", [(person.slug, person.name) for person in people]
        offices = Office.objects.order_by("title").select_related("country")[:SUGGESTED]
        yield "office", [(office.slug, str(office)) for office in offices]


_KEYED = ("visit", "person", "office")


def suggested_visits() -> list[tuple[str, str]]:
    """The newest visits, each by its address, with its days."""
    visits = Visit.objects.filter(merged_into=None).order_by(F("start_on").desc(nulls_last=True))[:SUGGESTED]
    return [(visit.slug, _days(visit)) for visit in visits]


def _days(visit: Visit) -> str:
    return " – ".join(dict.fromkeys(str(day) for day in (visit.start_on, visit.end_on) if day))
