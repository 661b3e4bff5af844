"""Who is who: parties, names in every spelling, places with their zone; and what the database itself refuses."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import translation

from diplomacy.directory.models import Office, Organisation, Person, Place, Tenure
from diplomacy.directory.registry import country_coded, known_person, office_titled, person_named, place_named
from diplomacy.visits.models import ItineraryStop, ProgrammeItem, Visit
from diplomacy.vocabulary import ItemKind
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "README.md"


@pytest.mark.parametrize(
    ("code", "kind", "name"),
    [("ML", "state", "Mali"), ("VA", "state", "Holy See"), ("GL", "territory", "Greenland"),
     ("NC", "territory", "New Caledonia"), ("EU", "organisation", "European Union"),
     ("UN", "organisation", "United Nations"), ("AFU", "organisation", "African Union")],
)  # fmt: skip
def test_states_territories_and_bodies_are_in_the_directory(code: str, kind: str, name: str) -> None:
    party = country_coded(code)
    with translation.override("en"):
        assert (party.kind, str(party)) == (kind, name)


def test_a_name_is_found_in_every_spelling() -> None:
    person = person_named("Sergey LAVROV", country=country_coded("RU"), spellings=("Sergei Lavrov", "Сергей Лавров"))
    for spelling in ("Sergei Lavrov", "sergey lavrov", "Сергей Лавров"):
        assert known_person(spelling, country=country_coded("RU")) == person
    assert known_person("Sergey Lavrov", country=country_coded("ML")) is None


def test_a_name_fits_its_column_whole_or_is_refused_with_a_sentence() -> None:
    mali = country_coded("ML")
    assert person_named("É" * 300, country=mali).name == "É" + "é" * 299
    assert place_named("B" * 300, country=mali).name == "B" * 300
    for enter in (  # each one character too long
        lambda: person_named("A" * 301, country=mali),
        lambda: person_named("Awa Traoré", country=mali, spellings=("A" * 301,)),
        lambda: place_named("A" * 301, country=mali),
    ):
        with pytest.raises(ValidationError) as caught:
            enter()
        with translation.override("en"):
            messages = caught.value.messages
        assert messages == [f"The name “{'A' * 60}…” has 301 characters; a name has at most 300. Shorten it."]
    assert not Person.objects.filter(names__text="Awa Traoré").exists()


def test_an_office_outlives_its_holder() -> None:
    office = office_titled("Foreign Minister", country=country_coded("BR"))
    for number, name in enumerate(("Ana Prado", "Rui Costa")):
        Tenure.objects.create(
            person=factories.person(name), office=office, starts_on=dt.date(2020 + number, 1, 1),
            ends_on=dt.date(2020 + number, 12, 31),
        )  # fmt: skip
    assert [str(tenure.person) for tenure in office.tenures.all()] == ["Rui Costa", "Ana Prado"]
    assert Office.objects.count() == 1


def test_a_city_has_its_zone_and_one_row_for_all_its_spellings() -> None:
    first = place_named("Bamako", country=country_coded("ML"))
    assert (first.zone, place_named("BAMAKO", country=country_coded("ML"))) == ("Africa/Bamako", first)


@pytest.mark.parametrize(
    ("page", "form", "model"),
    [
        ("person", {"name": "Ana Prado", "slug": "ana-prado", "wikidata_id": ""}, Person),
        ("office", {"title": "Foreign Minister", "slug": "fm", "rank": "foreign_minister"}, Office),
        ("place", {"name": "Bamako", "country": "ML", "zone": "Africa/Bamako"}, Place),
        ("organisation", {"name": "Itamaraty", "wikidata_id": ""}, Organisation),
    ],
)
def test_what_an_editor_enters_is_found_by_its_name(
    desk: Client, page: str, form: dict[str, str], model: type[Person | Office | Place | Organisation]
) -> None:
    rows = "titles" if page == "office" else "names"
    management = {f"{rows}-TOTAL_FORMS": "0", f"{rows}-INITIAL_FORMS": "0"}
    answer = desk.post(f"/admin/diplomacy/{page}/add/", {**form, **management})
    assert answer.status_code == 302, answer.context["errors"]
    (spelling,) = getattr(model.objects.get(), rows).all()
    assert spelling.text == form.get("name", form.get("title"))


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(ValidationError):
        Place(name="Atlantis", country=country_coded("ML"), zone="Atlantic/Atlantis").full_clean()


def _item(**fields: object) -> None:
    item = factories.item(published=False)
    ProgrammeItem.objects.filter(pk=item.pk).update(**fields)


def _visit(**fields: object) -> None:
    Visit.objects.filter(pk=factories.visit(published=False).pk).update(**fields)


def _stop(**fields: object) -> None:
    ItineraryStop.objects.create(visit=factories.visit(cities=()), place=factories.place(), **fields)


DAY = dt.date(2023, 2, 7)


@pytest.mark.parametrize(
    ("write", "fields"),
    [
        (_item, {"precision": "exact", "start_time": None}),
        (_item, {"precision": "day"}),
        (_item, {"precision": "day", "start_time": None, "day": None}),
        (_item, {"precision": "part_of_day", "start_time": None, "part_of_day": ""}),
        (_item, {"precision": "duration", "start_time": None, "duration_minutes": None}),
        (_item, {"end_time": dt.time(9)}),
        (_item, {"uid": "without-a-domain"}),
        (_item, {"publication": "published"}),
        (_visit, {"end_on": dt.date(2023, 2, 1)}),
        (_visit, {"publication": "withdrawn"}),
        (_stop, {"arrives_on": DAY, "leaves_on": dt.date(2023, 2, 6)}),
    ],
)
def test_the_database_refuses_what_cannot_be(write: object, fields: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        write(**fields)  # type: ignore[operator]


def test_the_itinerary_is_in_order_of_travel() -> None:
    visit = factories.visit(cities=("Bamako", "Ségou", "Bamako"))
    assert [str(stop.place) for stop in visit.stops.all()] == ["Bamako", "Ségou"]


@pytest.mark.skipif(not CORPUS.exists(), reason="the shared corpus is not here")
def test_the_twenty_kinds_are_spelt_as_in_the_corpus() -> None:
    listed = re.findall(r"`([a-z_]+)`", CORPUS.read_text(encoding="utf-8"))
    kinds = [kind.value for kind in ItemKind]
    assert len(kinds) == 20
    assert set(kinds) <= set(listed)
