"""Who is who: parties, places, organisations, people, the offices they hold and when.

Person, office and tenure are three things: an office outlives its holder, and a person may hold several.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from diplomacy.directory.countries import country_name
from diplomacy.directory.spelling import fold
from diplomacy.directory.zones import is_iana_zone
from diplomacy.vocabulary import PartyKind, Rank

PARTY_KINDS = [
    (PartyKind.STATE.value, _("state")),
    (PartyKind.TERRITORY.value, _("territory")),
    (PartyKind.ORGANISATION.value, _("organisation")),
]
RANKS = [
    (Rank.HEAD_OF_STATE.value, _("head of state")),
    (Rank.HEAD_OF_GOVERNMENT.value, _("head of government")),
    (Rank.DEPUTY_HEAD.value, _("deputy head of state or government")),
    (Rank.FOREIGN_MINISTER.value, _("foreign minister")),
    (Rank.MINISTER.value, _("minister")),
    (Rank.HEAD_OF_ORGANISATION.value, _("head of an organisation")),
    (Rank.SPEAKER.value, _("speaker of parliament")),
    (Rank.AMBASSADOR.value, _("ambassador")),
    (Rank.OTHER.value, _("other")),
]


LONGEST_NAME = 300  # code points, of a name in any spelling


def validate_zone(value: str) -> None:
    """Refuse a name that is no IANA time zone."""
    if not is_iana_zone(value):
        raise ValidationError(
            _("“%(zone)s” is not a time zone. Use an IANA name such as Africa/Bamako."), params={"zone": value}
        )


class Spelling(models.Model):
    """One way to write a name, kept with where it was read. `folded` is what look-ups compare."""

    text = models.CharField(_("as written"), max_length=LONGEST_NAME)
    folded = models.CharField(max_length=LONGEST_NAME, editable=False, db_index=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    source = models.CharField(_("where it was read"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """Keep the folded form true to the text."""
        self.folded = fold(self.text)


class OfCountry:
    """What is of one country, if that is known."""

    country: Any

    def countries_concerned(self) -> frozenset[str]:
        """That country."""
        return frozenset({self.country.code} if self.country else ())


class Country(models.Model):
    """A party to diplomacy: a state or territory by ISO 3166-1 alpha-2, or a body such as EU, UN, VA.

    Names in each language are the CLDR's (see `diplomacy.directory.countries`); rows are made from it.
    """

    code = models.CharField(_("code"), max_length=8, primary_key=True)
    kind = models.CharField(_("kind"), max_length=16, choices=PARTY_KINDS, default=PartyKind.STATE)
    zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        validators=[validate_zone],
        help_text=_("Empty where the country has several zones: then the place decides."),
    )

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return country_name(self.code)

    def countries_concerned(self) -> frozenset[str]:
        """Itself."""
        return frozenset({self.code})


class CountryName(Spelling):
    """A country's name in one language."""

    country = models.ForeignKey(Country, models.CASCADE, related_name="names")

    class Meta:
        verbose_name = _("country name")
        verbose_name_plural = _("country names")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["country", "language", "text"], name="country_name_once")
        ]


class Place(OfCountry, models.Model):
    """A city, or a venue within one."""

    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    country = models.ForeignKey(Country, models.PROTECT, related_name="places", verbose_name=_("country"))
    within = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="venues", verbose_name=_("within")
    )
    zone = models.CharField(_("time zone"), max_length=64, blank=True, validators=[validate_zone])
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    geonames_id = models.PositiveIntegerField(_("GeoNames number"), null=True, blank=True, unique=True)

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="place_latitude_on_earth",
                condition=Q(latitude__isnull=True) | Q(latitude__gte=-90, latitude__lte=90),
            ),
            models.CheckConstraint(
                name="place_longitude_on_earth",
                condition=Q(longitude__isnull=True) | Q(longitude__gte=-180, longitude__lte=180),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlaceName(Spelling):
    """A place's name in one spelling."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="names")

    class Meta:
        verbose_name = _("place name")
        verbose_name_plural = _("place names")
        constraints: ClassVar = [models.UniqueConstraint(fields=["place", "language", "text"], name="place_name_once")]


class Organisation(OfCountry, models.Model):
    """A ministry, a presidency, an international body."""

    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    country = models.ForeignKey(Country, models.PROTECT, null=True, blank=True, related_name="organisations")
    wikidata_id = models.CharField(_("Wikidata identifier"), max_length=16, blank=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class OrganisationName(Spelling):
    """An organisation's name in one spelling."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="names")

    class Meta:
        verbose_name = _("organisation name")
        verbose_name_plural = _("organisation names")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "language", "text"], name="organisation_name_once")
        ]


class Person(OfCountry, models.Model):
    """Somebody who travels, receives or speaks. The slug stays when the name changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    slug = models.SlugField(_("address"), max_length=120, unique=True)
    country = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("country")
    )
    wikidata_id = models.CharField(_("Wikidata identifier"), max_length=16, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged_from", verbose_name=_("merged into")
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="person_not_merged_into_itself", condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id"))
            )
        ]
        indexes: ClassVar = [models.Index(fields=["name", "id"], name="person_in_order")]

    def __str__(self) -> str:
        return self.name


class PersonName(Spelling):
    """One spelling of a person's name, in any script."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="names")

    class Meta:
        verbose_name = _("spelling")
        verbose_name_plural = _("spellings")
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "text"], name="person_name_once")]


class Office(OfCountry, models.Model):
    """A post that somebody holds: minister of foreign affairs of Mali. It outlives its holders."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("title"), max_length=300)
    slug = models.SlugField(_("address"), max_length=160, unique=True)
    country = models.ForeignKey(
        Country, models.PROTECT, null=True, blank=True, related_name="offices", verbose_name=_("country")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="offices", verbose_name=_("organisation")
    )
    rank = models.CharField(_("rank"), max_length=24, choices=RANKS, default=Rank.OTHER)
    wikidata_id = models.CharField(_("Wikidata identifier"), max_length=16, blank=True)

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering: ClassVar = ["title"]

    def __str__(self) -> str:
        return self.title


class OfficeTitle(Spelling):
    """One wording of an office's title."""

    office = models.ForeignKey(Office, models.CASCADE, related_name="titles")

    class Meta:
        verbose_name = _("wording of a title")
        verbose_name_plural = _("wordings of a title")
        constraints: ClassVar = [models.UniqueConstraint(fields=["office", "text"], name="office_title_once")]


class Tenure(models.Model):
    """Who held an office and when. Both days inclusive; None is open or unknown."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="tenures", verbose_name=_("person"))
    office = models.ForeignKey(Office, models.PROTECT, related_name="tenures", verbose_name=_("office"))
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    # Written by an import, and by no editor since: the next import may change its days.
    is_imported = models.BooleanField(_("as imported"), default=False, editable=False)

    class Meta:
        verbose_name = _("tenure")
        verbose_name_plural = _("tenures")
        ordering: ClassVar = [F("starts_on").desc(nulls_last=True)]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="tenure_ends_after_it_starts",
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
            models.UniqueConstraint(fields=["person", "office", "starts_on"], name="tenure_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.office}"

    def countries_concerned(self) -> frozenset[str]:
        """Those of the person and of the office."""
        return self.person.countries_concerned() | self.office.countries_concerned()
