"""What the API says. Times come as the host's clock with zone and offset, and in UTC; what is unknown is null."""

from __future__ import annotations

import datetime as dt
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agenda.entries import hours, wording
from agenda.entries.addresses import absolute, page_path
from agenda.entries.models import DiaryEntry
from agenda.entries.queries import in_order
from diplomacy.directory.countries import country_name
from diplomacy.directory.models import Country, Office, Person

# Values of a snapshot that the API calls otherwise.
_NAMES = {"start_on": "starts_on", "end_on": "ends_on"}


class NamedPersonSerializer(serializers.Serializer[Any]):
    """A person as published."""

    id = serializers.UUIDField()
    slug = serializers.CharField()
    name = serializers.CharField()


class TitledOfficeSerializer(serializers.Serializer[Any]):
    """An office as published."""

    id = serializers.UUIDField()
    slug = serializers.CharField()
    title = serializers.CharField()


class MemberSerializer(serializers.Serializer[Any]):
    """Somebody's part: a person, an office said without its holder, or just a title."""

    role = serializers.CharField()
    side = serializers.CharField(allow_null=True)
    person = NamedPersonSerializer(allow_null=True)
    office = TitledOfficeSerializer(allow_null=True)
    title = serializers.CharField(help_text="As said.")
    country = serializers.CharField(allow_null=True)


class CitySerializer(serializers.Serializer[Any]):
    """A place; coordinates in degrees (WGS 84)."""

    name = serializers.CharField()
    country = serializers.CharField()
    zone = serializers.CharField(help_text="IANA; empty where it cannot be told.")
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)


class StopSerializer(CitySerializer):
    """A place of a visit, in order of travel."""

    arrives_on = serializers.DateField(allow_null=True)
    leaves_on = serializers.DateField(allow_null=True)


class QuoteSerializer(serializers.Serializer[Any]):
    """Words of a text that a value came from."""

    field = serializers.CharField(help_text="Of this API, that they speak for.")
    quote = serializers.CharField()
    sentence = serializers.CharField(help_text="The sentence or line around them.")
    confidence = serializers.FloatField(allow_null=True, help_text="How often a value read so is right, 0 to 1.")
    communique = serializers.UUIDField()


class SourceSerializer(serializers.Serializer[Any]):
    """A text that speaks for it, and whose it is."""

    communique = serializers.UUIDField()
    title = serializers.CharField()
    slug = serializers.CharField(help_text="Of the source: what `source` filters by.")
    name = serializers.CharField(help_text="Of the source.")
    published_on = serializers.DateField(allow_null=True)
    language = serializers.CharField(help_text="Empty where it cannot be told.")


class PublishedSerializer(serializers.ModelSerializer[DiaryEntry]):
    """What visits, items and entries share."""

    id = serializers.SerializerMethodField()
    title = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField()
    starts_at = serializers.SerializerMethodField()
    starts_at_utc = serializers.DateTimeField(source="starts_at", allow_null=True)
    ends_at = serializers.SerializerMethodField(help_text="Null where no source says when it ends.")
    ends_at_utc = serializers.SerializerMethodField()
    sequence = serializers.IntegerField(source="told_sequence", help_text="As in the feeds: what the public was told.")
    revised_at = serializers.DateTimeField(source="told_at", help_text="The last change that the public could see.")

    disputed = serializers.SerializerMethodField(
        help_text="Fields on whose value sources disagree until an editor picks; the value given is what stands."
    )

    evidence = QuoteSerializer(many=True, read_only=True, help_text="With `include=evidence`.")
    sources = SourceSerializer(many=True, read_only=True, help_text="With `include=sources`.")

    class Meta:
        model = DiaryEntry
        fields: tuple[str, ...] = (
            "id", "uid", "sequence", "title", "url", "kind", "status", "starts_on", "ends_on", "starts_at",
            "starts_at_utc", "ends_at", "ends_at_utc", "zone", "disputed", "revised_at", "evidence", "sources",
        )  # fmt: skip

    @extend_schema_field(serializers.UUIDField())
    def get_id(self, entry: DiaryEntry) -> str:
        """The id of the visit or item."""
        return str(entry.content["id"])

    @extend_schema_field(serializers.CharField())
    def get_title(self, entry: DiaryEntry) -> str:
        """As in the feeds, in the language asked for."""
        return wording.title(entry)

    @extend_schema_field(serializers.URLField())
    def get_url(self, entry: DiaryEntry) -> str:
        """The page of it."""
        return absolute(page_path(entry))

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_disputed(self, entry: DiaryEntry) -> list[str]:
        """By the names of this API's fields."""
        return [_NAMES.get(name, name) for name in entry.content.get("disputed") or ()]

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_starts_at(self, entry: DiaryEntry) -> str | None:
        """On the host's clock, with its offset."""
        return _iso(hours.starts(entry))

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_ends_at(self, entry: DiaryEntry) -> str | None:
        """On the host's clock, with its offset."""
        return _iso(hours.ends(entry))

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_ends_at_utc(self, entry: DiaryEntry) -> str | None:
        """The same moment in UTC."""
        ends = hours.ends(entry)
        return f"{ends.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}" if ends else None


def _iso(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment is not None else None


class EntrySerializer(PublishedSerializer):
    """One diary line."""

    is_visit = serializers.BooleanField()

    class Meta(PublishedSerializer.Meta):
        fields = (*PublishedSerializer.Meta.fields, "is_visit", "precision")


class VisitSerializer(PublishedSerializer):
    """A visit with its members, places and the order of its programme."""

    host_country = serializers.CharField(source="content.host_country")
    members = MemberSerializer(many=True, source="content.members")
    cities = StopSerializer(many=True, source="content.cities")
    original_start_on = serializers.DateField(source="content.original_start_on", allow_null=True)
    original_end_on = serializers.DateField(source="content.original_end_on", allow_null=True)
    date_text = serializers.CharField(source="content.date_text")
    programme = serializers.SerializerMethodField()

    class Meta(PublishedSerializer.Meta):
        fields = (
            *PublishedSerializer.Meta.fields, "host_country", "members", "cities", "original_start_on",
            "original_end_on", "date_text", "programme",
        )  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_programme(self, entry: DiaryEntry) -> list[str]:
        """Ids of the items this reader may see, by day, then in the order of the programme."""
        return [str(item.item_id) for item in in_order(entry.shown_items, entry)]  # type: ignore[attr-defined]


class ItemSerializer(PublishedSerializer):
    """A programme item, or a line of an official's own diary; its time as precise as the source."""

    form = serializers.CharField(source="content.form")
    as_said = serializers.CharField(source="content.title")
    day = serializers.DateField(source="starts_on", allow_null=True)
    start_time = serializers.CharField(source="content.start_time", allow_null=True)
    end_time = serializers.CharField(source="content.end_time", allow_null=True)
    part_of_day = serializers.CharField(source="content.part_of_day")
    duration_minutes = serializers.IntegerField(source="content.duration_minutes", allow_null=True)
    venue = serializers.CharField(source="content.venue")
    city = CitySerializer(source="content.city", allow_null=True)
    participants = MemberSerializer(many=True, source="content.participants")
    accreditation_until = serializers.SerializerMethodField(help_text="Null where no source says so.")
    visits = serializers.SerializerMethodField()

    class Meta(PublishedSerializer.Meta):
        fields = (
            *PublishedSerializer.Meta.fields, "form", "as_said", "precision", "day", "start_time", "end_time",
            "part_of_day", "duration_minutes", "venue", "city", "participants", "press_access", "accreditation_until",
            "visits",
        )  # fmt: skip

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_accreditation_until(self, entry: DiaryEntry) -> str | None:
        """On the item's clock with its offset, else in UTC."""
        return _iso(hours.accreditation(entry))

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_visits(self, entry: DiaryEntry) -> list[str]:
        """Ids of the visits this reader may see that the item belongs to."""
        return sorted(str(visit.visit_id) for visit in entry.shown_visits)  # type: ignore[attr-defined]


class PersonSerializer(serializers.ModelSerializer[Person]):
    """Somebody who takes part in what is published. `country` is the code of a party."""

    country = serializers.CharField(source="country_id", allow_null=True)

    class Meta:
        model = Person
        fields = ("id", "slug", "name", "country")


class OfficeSerializer(serializers.ModelSerializer[Office]):
    """A post that takes part in what is published; who holds it is said by the visits."""

    country = serializers.CharField(source="country_id", allow_null=True)

    class Meta:
        model = Office
        fields = ("id", "slug", "title", "country", "rank")


class CountrySerializer(serializers.ModelSerializer[Country]):
    """A party: a state or territory by ISO 3166-1 alpha-2, or a body such as EU."""

    name = serializers.SerializerMethodField()

    class Meta:
        model = Country
        fields = ("code", "kind", "name", "zone")

    @extend_schema_field(serializers.CharField())
    def get_name(self, country: Country) -> str:
        """In the language asked for."""
        return country_name(country.code)
