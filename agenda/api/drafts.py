"""Visits and items as programs write them: in the shape of a reading (docs/reference/reading.schema.json), without the
words a value came from. What is not said is left out or null.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from agenda.api.problems import StrictSerializer
from diplomacy.directory.models import LONGEST_NAME, Country
from diplomacy.directory.zones import is_iana_zone
from diplomacy.visits.choices import (
    ITEM_KINDS,
    ITEM_STATUSES,
    PARTS_OF_DAY,
    PRECISIONS,
    PRESS_ACCESSES,
    VISIT_KINDS,
    VISIT_STATUSES,
)
from diplomacy.vocabulary import ItemStatus, Precision, PressAccess, VisitKind, VisitStatus

_MOST = 200  # of people, cities or items in one list
_CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z"


def values_of(choices: Any) -> list[tuple[str, str]]:
    """The values alone: an interface for programs names no words for people."""
    return [(str(value), str(value)) for value, _said in choices]


VISIT_KIND_VALUES, VISIT_STATUS_VALUES = values_of(VISIT_KINDS), values_of(VISIT_STATUSES)
ITEM_KIND_VALUES, ITEM_STATUS_VALUES = values_of(ITEM_KINDS), values_of(ITEM_STATUSES)


def _text(longest: int, **kwargs: Any) -> serializers.CharField:
    return serializers.CharField(max_length=longest, required=False, allow_null=True, **kwargs)


def _day() -> serializers.DateField:
    return serializers.DateField(required=False, allow_null=True)


def _clock(said: str) -> serializers.RegexField:
    return serializers.RegexField(_CLOCK, required=False, allow_null=True, help_text=said)


def _names(most: int = _MOST) -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(max_length=LONGEST_NAME), required=False, max_length=most)


def _code() -> serializers.CharField:
    return serializers.CharField(
        max_length=8, required=False, allow_null=True, help_text="ISO 3166-1 alpha-2, or a body such as EU."
    )


class DraftPersonSerializer(StrictSerializer):
    """Somebody; an office without its holder has its title for a name."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    title = _text(300)
    country = _code()
    aliases = _names(20)


class DraftHostSerializer(StrictSerializer):
    """Who receives the visitor."""

    name = serializers.CharField(max_length=LONGEST_NAME)
    title = _text(300)
    aliases = _names(20)


class DraftItemSerializer(StrictSerializer):
    """A programme item, its time as precise as it is known."""

    kind = serializers.ChoiceField(choices=ITEM_KIND_VALUES)
    title = _text(300)
    form = _text(100)
    date = _day()
    start_time = _clock("On the host's clock, 24 hours.")
    end_time = _clock("On the host's clock.")
    timezone = _text(64, help_text="IANA name of that clock.")
    precision = serializers.ChoiceField(choices=values_of(PRECISIONS), required=False)
    part_of_day = serializers.ChoiceField(choices=values_of(PARTS_OF_DAY), required=False, allow_null=True)
    duration_minutes = serializers.IntegerField(min_value=1, max_value=30_000, required=False, allow_null=True)
    place = _text(300)
    city = _text(LONGEST_NAME)
    participants = _names()
    offices = _names()
    status = serializers.ChoiceField(choices=ITEM_STATUS_VALUES, required=False)
    press_access = serializers.ChoiceField(choices=values_of(PRESS_ACCESSES), required=False)
    accreditation_until = serializers.CharField(
        max_length=19, required=False, allow_null=True, help_text="On the host's clock: 2023-02-07T18:00."
    )

    def validate_timezone(self, said: str | None) -> str | None:
        """An IANA name."""
        if said and not is_iana_zone(said):
            raise serializers.ValidationError(_("Use an IANA name such as Africa/Bamako."))
        return said

    def validate_accreditation_until(self, said: str | None) -> str | None:
        """A moment without offset."""
        try:
            if said and dt.datetime.fromisoformat(said).tzinfo is None:
                return dt.datetime.fromisoformat(said).isoformat(timespec="minutes")
        except ValueError:
            pass
        else:
            if not said:
                return None
        raise serializers.ValidationError(_("Write it on the host's clock, without offset: 2023-02-07T18:00."))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """An hour belongs to a day, an end to a beginning. Whose clock it is may be unknown."""
        wrong: dict[str, list[str]] = {}
        if attrs.get("start_time") and not attrs.get("date"):
            wrong["date"] = [_("An hour needs its day.")]
        if attrs.get("end_time") and not attrs.get("start_time"):
            wrong["end_time"] = [_("An end needs its beginning.")]
        if wrong:
            raise serializers.ValidationError(wrong)
        return attrs


class DraftVisitSerializer(StrictSerializer):
    """One visitor, with company, to one host country."""

    visitors = DraftPersonSerializer(many=True, help_text="The principal first.")
    delegation = DraftPersonSerializer(many=True, required=False)
    host_country = serializers.CharField(max_length=8, help_text="ISO 3166-1 alpha-2, or a body such as EU.")
    host = DraftHostSerializer(required=False, allow_null=True)
    at_invitation_of = _text(LONGEST_NAME)
    cities = _names()
    start = _day()
    end = _day()
    date_text = _text(200, help_text="Where no exact day can be had.")
    visit_kind = serializers.ChoiceField(choices=VISIT_KIND_VALUES, required=False)
    status = serializers.ChoiceField(choices=VISIT_STATUS_VALUES, required=False)
    items = DraftItemSerializer(many=True, required=False)
    is_whole = True  # what is left out is not said

    def validate_visitors(self, said: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Somebody, and not too many."""
        if not said:
            raise serializers.ValidationError(_("The visitor is missing. Say who visits."))
        return _few(said)

    def validate_delegation(self, said: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Not too many."""
        return _few(said)

    def validate_items(self, said: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Not too many."""
        return _few(said)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Days in their order, and countries that are known."""
        wrong: dict[str, Any] = {}
        if attrs.get("start") and attrs.get("end") and attrs["end"] < attrs["start"]:
            wrong["end"] = [_("The last day lies before the first.")]
        if attrs.get("end") and not attrs.get("start") and self.is_whole:
            wrong["start"] = [_("An end needs its beginning.")]
        known = set(Country.objects.filter(code__in=_codes(attrs)).values_list("code", flat=True))
        if "host_country" in attrs and attrs["host_country"] not in known:
            wrong["host_country"] = [_unknown(attrs["host_country"])]
        for name in ("visitors", "delegation"):
            for number, person in enumerate(attrs.get(name) or ()):
                if person.get("country") and person["country"] not in known:
                    wrong.setdefault(name, {})[number] = {"country": [_unknown(person["country"])]}
        if wrong:
            raise serializers.ValidationError(wrong)
        return attrs


class AmendedItemSerializer(DraftItemSerializer):
    """An item as it is to be: one that was read with what is to be otherwise of it, or a new one."""

    number_read = serializers.IntegerField(
        min_value=0, required=False, allow_null=True, help_text="Which of the draft's items it is, from 0; none: new."
    )

    def get_fields(self) -> dict[str, Any]:
        """The kind too can stay as it was read."""
        fields = super().get_fields()
        fields["kind"].required = False
        return fields

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A new one is whole; of the others only what is otherwise is said."""
        if attrs.get("number_read") is not None:
            return attrs
        if "kind" not in attrs:
            raise serializers.ValidationError({"kind": [_("Say what it is, or which item of the draft.")]}, "required")
        return super().validate(attrs)


class AmendedVisitSerializer(DraftVisitSerializer):
    """What is to be otherwise of a draft: these fields in place of what was read. Lists are given whole."""

    items = AmendedItemSerializer(many=True, required=False)
    is_whole = False

    def get_fields(self) -> dict[str, Any]:
        """Each can stay as it was read."""
        fields = super().get_fields()
        for field in fields.values():
            field.required = False
        return fields


class AmendedLineSerializer(AmendedItemSerializer):
    """What is to be otherwise of a line of a diary."""

    number_read = None  # type: ignore[assignment]  # it is one item

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Only what is otherwise is said."""
        return attrs


def amended_visit(draft: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """A draft with what was validated in place of what was read. Raises ValidationError for an item it has not."""
    given = plain(said)
    if "items" in given:
        given["items"] = [_amended_item(draft, one, order) for order, one in enumerate(given["items"])]
    for name in ("visitors", "delegation"):
        if name in given:
            given[name] = [_person(one) for one in given[name]]
    if given.get("host"):
        given["host"] = _person(given["host"])
    found = {**draft, **given}
    if found.get("start") and found.get("end") and found["end"] < found["start"]:
        raise serializers.ValidationError({"visit": {"end": [_("The last day lies before the first.")]}})
    return found


def amended_line(draft: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """A line of a diary, the same way."""
    return {**draft, **plain(said)}


def _amended_item(draft: dict[str, Any], given: dict[str, Any], place: int) -> dict[str, Any]:
    """An item with where it stood in the reading: its evidence goes by that number."""
    read = draft.get("items") or []
    number = given.get("number_read")
    if number is None:  # beyond all numbers of the reading: no words are its own
        return {**_item(given, place + 1), "number_read": len(read) + place}
    if number >= len(read):
        said = _("The draft has no item of this number.")
        where: Any = {"visit": {"items": {place: {"number_read": [said]}}}}
        raise serializers.ValidationError(where)
    return {**read[number], **given}


def _few(said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(said) > _MOST:
        raise serializers.ValidationError(_("At most %(most)d are taken.") % {"most": _MOST})
    return said


def _codes(attrs: dict[str, Any]) -> set[str]:
    people = [*(attrs.get("visitors") or ()), *(attrs.get("delegation") or ())]
    return {attrs.get("host_country") or "", *(person.get("country") or "" for person in people)}


def _unknown(code: str) -> str:
    return _("“%(code)s” is not the code of a country or body.") % {"code": code}


def plain(value: Any) -> Any:
    """What was validated as plain JSON."""
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def whole_visit(said: dict[str, Any]) -> dict[str, Any]:
    """A validated visit as a draft: every field is there, what was not said is null or empty. No words of a source."""
    given = plain(said)
    return {
        "visitors": [_person(one) for one in given["visitors"]],
        "delegation": [_person(one) for one in given.get("delegation") or ()],
        "host_country": given["host_country"],
        "host": _person(given["host"]) if given.get("host") else None,
        "at_invitation_of": given.get("at_invitation_of") or None,
        "cities": given.get("cities") or [],
        "start": given.get("start"),
        "end": given.get("end"),
        "original_start": None,
        "original_end": None,
        "date_text": given.get("date_text") or "",
        "visit_kind": given.get("visit_kind") or VisitKind.UNSPECIFIED.value,
        "status": given.get("status") or VisitStatus.ANNOUNCED.value,
        "items": [_item(one, order) for order, one in enumerate(given.get("items") or (), 1)],
    }


def _person(given: dict[str, Any]) -> dict[str, Any]:
    return {"aliases": [], "title": None, **given}


def _item(given: dict[str, Any], order: int) -> dict[str, Any]:
    empty = dict.fromkeys(
        ("form", "date", "start_time", "end_time", "timezone", "part_of_day", "duration_minutes", "place", "city",
         "accreditation_until")
    )  # fmt: skip
    usual = {
        "title": "",
        "precision": Precision.ORDER.value,
        "participants": [],
        "offices": [],
        "status": ItemStatus.SCHEDULED.value,
        "press_access": PressAccess.UNSPECIFIED.value,
    }
    return {**empty, **usual, **given, "order": order}
