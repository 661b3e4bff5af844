"""Find who and where in the directory, or enter them. Exact spellings only: look-alikes are never merged here."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from diplomacy.directory.models import LONGEST_NAME, Country, Office, OfficeTitle, Person, PersonName, Place, PlaceName
from diplomacy.directory.spelling import display_name, fold
from diplomacy.vocabulary import Rank


class UnknownCountryError(ValueError):
    """Raised for a code that is no party of the directory."""


def country_coded(code: str) -> Country:
    """The party with that code.

    Raises UnknownCountryError where there is none.
    """
    country = Country.objects.filter(code=code).first()
    if country is None:
        raise UnknownCountryError(f"“{code}” is not a country or body of the directory.")
    return country


def known_person(name: str, *, country: Country | None, spellings: tuple[str, ...] = ()) -> Person | None:
    """The one person with one of these spellings (and not of another country); None if there is none or several."""
    folded = {fold(text) for text in (name, *spellings) if text}
    found = Person.objects.filter(names__folded__in=folded, merged_into=None).distinct()
    if country is not None:
        found = found.filter(country__in=[country]) | found.filter(country=None)
    people = list(found[:2])
    return people[0] if len(people) == 1 else None


@transaction.atomic
def person_named(name: str, *, country: Country | None, spellings: tuple[str, ...] = (), source: str = "") -> Person:
    """The person known by one of these spellings, else a new one; new spellings are kept with their source.

    Raises ValidationError for a name longer than `LONGEST_NAME`.
    """
    for text in (name, *spellings):
        _refuse_too_long(text)
    person = known_person(name, country=country, spellings=spellings)
    if person is None:
        person = new_person(name, country=country)
    elif person.country is None and country is not None:
        person.country = country
        person.save(update_fields=["country"])
    for text in dict.fromkeys((name, *spellings, person.name)):
        PersonName.objects.get_or_create(person=person, text=text, defaults={"folded": fold(text), "source": source})
    return person


def new_person(name: str, *, country: Country | None) -> Person:
    """Somebody of that name whoever else has it, without a spelling yet: for whoever knows that they are another."""
    shown = display_name(name)
    slug = free_slug(Person.objects.values_list("slug", flat=True), shown, "person")
    return Person.objects.create(name=shown[:LONGEST_NAME], slug=slug, country=country)


@transaction.atomic
def office_titled(title: str, *, country: Country | None, rank: Rank = Rank.OTHER, source: str = "") -> Office:
    """The office of that country with this wording of its title, else a new one."""
    folded = fold(title)
    office = Office.objects.filter(titles__folded=folded, country=country).first()
    if office is None:
        wanted = f"{country.code}-{title}" if country else title
        slug = free_slug(Office.objects.values_list("slug", flat=True), wanted, "office")
        office = Office.objects.create(title=title[:300], slug=slug, country=country, rank=rank)
    OfficeTitle.objects.get_or_create(office=office, text=title[:300], defaults={"folded": folded, "source": source})
    return office


@transaction.atomic
def place_named(name: str, *, country: Country, zone: str = "", source: str = "") -> Place:
    """The city of that name in the country, else a new one.

    A new place takes the zone handed in, else that of the gazetteer's city, else the country's only one.
    Raises ValidationError for a name longer than `LONGEST_NAME`.
    """
    _refuse_too_long(name)
    folded = fold(name)
    place = Place.objects.filter(names__folded=folded, country=country, within=None).first()
    if place is None:
        place = _new_place(name, country=country, zone=zone)
    PlaceName.objects.get_or_create(place=place, text=name, language="", defaults={"folded": folded, "source": source})
    return place


def _refuse_too_long(name: str) -> None:
    if len(name) > LONGEST_NAME:
        raise ValidationError(
            _("The name “%(start)s…” has %(size)d characters; a name has at most %(most)d. Shorten it."),
            params={"start": name[:60], "size": len(name), "most": LONGEST_NAME},
        )


def _new_place(name: str, *, country: Country, zone: str) -> Place:
    from diplomacy.parsing.gazetteer import city_in

    city = city_in(name, country.code)
    if city is None:
        return Place.objects.create(name=name, country=country, zone=zone or country.zone)
    known = Place.objects.filter(geonames_id=city.geonames_id).first()
    return known or Place.objects.create(
        name=name,
        country=country,
        zone=city.zone,
        latitude=city.latitude,
        longitude=city.longitude,
        geonames_id=city.geonames_id,
    )


def free_slug(taken: object, wanted: str, fallback: str) -> str:
    """A slug for `wanted` that the query set of slugs does not hold yet; "-2", "-3" ... are added as needed."""
    base = slugify(fold(wanted))[:100].strip("-") or fallback
    present = set(taken.filter(slug__startswith=base))  # type: ignore[attr-defined]
    if base not in present:
        return base
    return next(slug for number in range(2, len(present) + 3) if (slug := f"{base}-{number}") not in present)
