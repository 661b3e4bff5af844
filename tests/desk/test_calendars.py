"""Calendars cut to need at the desk, their private addresses, and the public page that lists them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils import translation

from agenda.feeds.models import Feed, Selection, Subscription
from diplomacy.accounts.models import User
from diplomacy.accounts.roles import DeskRole
from diplomacy.directory.models import Office, Person
from diplomacy.visits.models import Visit
from tests import factories
from tests.conftest import NOW

from .test_access import secret_in

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

CUT = "/admin/calendars/"
# What the form sends where nothing was chosen.
BLANK = {
    "selection": "all", "language": "", "is_public": "1", "shows_cancelled": "1", "untimed_items": "text",
    "days_before": "90", "days_after": "400", "slug": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def visit(db: None) -> Visit:
    return factories.visit(factories.VISIT, factories.PRESS)


def cut(desk: Client, **chosen: Any) -> list[Feed]:
    """The calendars made by the form, one a language."""
    known = set(Feed.objects.values_list("pk", flat=True))
    answer = desk.post(CUT, BLANK | chosen)
    assert answer.status_code == 302, answer.context["form"].errors
    return list(Feed.objects.exclude(pk__in=known).order_by("language"))


def errors(desk: Client, **chosen: Any) -> dict[str, list[str]]:
    """What the form objects to; nothing was made."""
    before = Feed.objects.count()
    form = desk.post(CUT, BLANK | chosen, headers={"accept-language": "en"}).context["form"]
    assert Feed.objects.count() == before
    with translation.override("en"):
        return {name: [str(each) for each in said] for name, said in form.errors.items()}


def titles(path: str) -> set[str]:
    answer = Client().get(path)
    assert answer.status_code == 200
    return set(re.findall(r"^SUMMARY:(.*?)\r?$", answer.content.decode(), re.MULTILINE))


@pytest.mark.contract("F4")
@pytest.mark.parametrize(
    ("selection", "chosen"),
    [
        ("all", {}),
        ("visit", {"visit": Visit}),
        ("person", {"person": Person}),
        ("office", {"office": Office}),
        ("country", {"country": "ML"}),
        ("pair", {"country": "ML", "second_country": "BR"}),
        ("kind", {"kind": "press_conference"}),
        ("press", {"press_access": "unspecified"}),
        ("search", {"country": "ML", "kind": "press_conference", "press_access": "unspecified"}),
    ],
)
def test_each_selection_is_cut_in_every_language_and_served(
    desk: Client, visit: Visit, selection: str, chosen: dict[str, Any]
) -> None:
    values = {name: value if isinstance(value, str) else value.objects.get().slug for name, value in chosen.items()}
    made = cut(desk, selection=selection, slug="cut-to-need", **values)
    assert [feed.language for feed in made] == sorted(dict(settings.LANGUAGES))
    assert {feed.selection for feed in made} == {selection}
    shown = titles("/feeds/en/cut-to-need.ics")
    assert shown
    if selection in {"kind", "press", "search"}:
        assert all("Press conference" in title for title in shown)


@pytest.mark.contract("F4")
def test_every_choice_is_in_the_record(desk: Client, visit: Visit) -> None:
    [feed] = cut(
        desk, selection="country", country="ML", language="fr", is_public="0", shows_cancelled="0",
        untimed_items="days", days_before="7", days_after="30", slug="mali-a-venir",
    )  # fmt: skip
    assert (feed.language, feed.country_id, feed.slug) == ("fr", "ML", "mali-a-venir")
    assert (feed.is_public, feed.shows_cancelled, feed.untimed_items) == (False, False, "days")
    assert (feed.days_before, feed.days_after) == (7, 30)
    assert Client().get("/feeds/fr/mali-a-venir.ics").status_code == 404


def test_what_the_selection_does_not_need_is_left_out(desk: Client, visit: Visit) -> None:
    for feed in cut(desk, selection="country", country="ML", kind="press_conference", person="nobody", words="…"):
        assert (feed.country_id, feed.kind, feed.person, feed.words) == ("ML", "", None, "")


def test_an_address_is_made_of_what_it_holds(desk: Client, visit: Visit) -> None:
    assert {feed.slug for feed in cut(desk, selection="person", person="Ana PRADO")} == {"ana-prado"}
    assert {feed.slug for feed in cut(desk, selection="person", person="ana-prado")} == {"ana-prado-2"}
    assert {feed.slug for feed in cut(desk, selection="pair", country="ML", second_country="BR")} == {"ml-br"}
    assert {feed.slug for feed in cut(desk)} == {"everything"}


def test_a_name_of_two_people_asks_which(desk: Client, visit: Visit) -> None:
    other = factories.person("Ana Prado", "PT")
    said = errors(desk, selection="person", person="Ana Prado")["person"]
    assert other.slug in said[0]
    assert "ana-prado," in said[0]
    assert cut(desk, selection="person", person=other.slug)[0].person == other


@pytest.mark.parametrize(
    ("chosen", "field", "said"),
    [
        ({"selection": "person"}, "person", "Say which."),
        ({"selection": "person", "person": "Nobody Known"}, "person", "Nothing is known by this name"),
        ({"selection": "pair", "country": "ML"}, "second_country", "Say which."),
        ({"selection": "pair", "country": "ML", "second_country": "ML"}, "second_country", "two different countries"),
        ({"selection": "search"}, "__all__", "at least one condition"),
        ({"selection": "search", "words": "…"}, "words", "no word"),
        ({"slug": "country-fr"}, "slug", "given by themselves"),
        ({"slug": "all"}, "slug", "given by themselves"),
        ({"slug": "not a slug"}, "slug", "valid"),
        ({"selection": "everything else"}, "selection", "valid choice"),
        ({"days_before": "-1"}, "days_before", "greater than or equal to 0"),
        ({"selection": "person", "person": "\x00"}, "person", "Null characters"),
    ],
)
def test_what_cannot_be_cut_is_said_at_its_field(
    desk: Client, visit: Visit, chosen: dict[str, str], field: str, said: str
) -> None:
    found = errors(desk, **chosen)
    assert list(found) == [field]
    assert said in found[field][0]


def test_an_address_is_given_once_in_a_language(desk: Client) -> None:
    cut(desk, slug="ours", language="fr")
    assert errors(desk, slug="ours") == {"slug": ["Another calendar has this address."]}
    assert [feed.language for feed in cut(desk, slug="ours", language="en")] == ["en"]


def test_no_public_calendar_of_a_visit_nobody_was_told_of(desk: Client) -> None:
    draft = factories.visit(published=False)
    assert "has not been told" in errors(desk, selection="visit", visit=draft.slug)["visit"][0]
    assert draft.slug not in Client().get("/en/feeds/").content.decode()
    for feed in cut(desk, selection="visit", visit=draft.slug, is_public="0", slug="ours"):
        assert feed.visit == draft


def test_a_calendars_page_has_its_addresses_and_leads_to_a_private_one(desk: Client, visit: Visit) -> None:
    feed, _other = cut(desk, selection="country", country="ML", slug="mali")
    page = desk.get(f"/admin/calendars/{feed.pk}/", headers={"accept-language": "en"}).content.decode()
    for address in ("/feeds/en/mali.ics", "/feeds/en/mali.json", "/feeds/rich/en/mali.ics"):
        assert f"http://diary.test{address}" in page
        assert Client().get(address).status_code == 200
    assert "events: 2" in page
    assert f"/admin/subscriptions/?feed={feed.pk}" in page
    form = desk.get(f"/admin/subscriptions/?feed={feed.pk}").context["form"]
    assert form["feed"].value() == str(feed.pk)


@pytest.mark.contract("F5")
def test_whoever_builds_a_heavy_calendar_is_told(desk: Client, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    feed, _other = cut(desk, slug="heavy")
    path = f"/admin/calendars/{feed.pk}/"
    assert "choose fewer days" not in desk.get(path, headers={"accept-language": "en"}).content.decode()
    monkeypatch.setattr("agenda.desk.calendars.HEAVY_BYTES", 100)
    assert "choose fewer days" in desk.get(path, headers={"accept-language": "en"}).content.decode()
    sent = {"untimed_items": "text", "days_before": "90", "days_after": "400"}
    change = f"/admin/agenda/feed/{feed.pk}/change/"
    answer = desk.post(change, sent, follow=True, headers={"accept-language": "en"})
    assert answer.content.decode().count("choose fewer days") == 1


def test_the_lists_add_and_change_lead_to_the_calendars_own_pages(desk: Client, visit: Visit) -> None:
    feed, _other = cut(desk, slug="ours")
    assert desk.get("/admin/agenda/feed/add/").headers["location"] == CUT
    change = f"/admin/agenda/feed/{feed.pk}/change/"
    assert 'name="slug"' not in desk.get(change).content.decode()
    sent = {"is_public": "on", "untimed_items": "days", "days_before": "5", "days_after": "6", "slug": "theirs"}
    assert desk.post(change, sent).headers["location"] == f"/admin/calendars/{feed.pk}/"
    feed.refresh_from_db()
    assert (feed.slug, feed.untimed_items, feed.shows_cancelled) == ("ours", "days", False)
    assert (feed.days_before, feed.days_after) == (5, 6)


@pytest.mark.contract("F2")
def test_a_rotated_address_ends_and_the_new_one_is_shown_once(desk: Client, visit: Visit) -> None:
    feed = Feed.objects.get(language="en", slug="all")
    first = secret_in(desk.post("/admin/subscriptions/", {"feed": feed.pk, "label": "Ada, phone"}).content.decode())
    row = Subscription.objects.get()
    second = secret_in(desk.post(f"/admin/subscriptions/{row.pk}/rotate/").content.decode())
    assert first != second
    assert Client().get(first.removeprefix("http://diary.test")).status_code == 410
    assert Client().get(second.removeprefix("http://diary.test")).status_code == 200
    assert second.split("/")[-2] not in desk.get("/admin/subscriptions/").content.decode()
    assert {found.label for found in Subscription.objects.all()} == {"Ada, phone"}
    again = desk.post(f"/admin/subscriptions/{row.pk}/rotate/", follow=True, headers={"accept-language": "en"})
    assert "This address has ended" in again.content.decode()
    assert Subscription.objects.count() == 2


def test_given_addresses_are_found_by_whose_they_are(desk: Client, visit: Visit) -> None:
    feed = Feed.objects.get(language="en", slug="all")
    for number in range(60):
        Subscription.objects.create(feed=feed, label=f"Reader {number}", token_sha256=str(number))
    first = desk.get("/admin/subscriptions/")
    assert len(first.context["rows"]) == 50
    assert len(desk.get("/admin/subscriptions/?page=2").context["rows"]) == 10
    assert [row.label for row in desk.get("/admin/subscriptions/?q=reader 42").context["rows"]] == ["Reader 42"]
    assert desk.get("/admin/subscriptions/?q=nobody").context["rows"] == []


def test_who_may_not_cut_is_refused(client: Client) -> None:
    client.force_login(User.objects.create_with_role("bela", role=DeskRole.CONTRIBUTOR))
    assert client.post(CUT, BLANK).status_code == 403
    assert client.post("/admin/subscriptions/1/rotate/").status_code == 403


def test_the_public_page_links_every_form(client: Client, visit: Visit) -> None:
    page = client.get("/en/feeds/").content.decode()
    slug = f"visit-{visit.slug}"
    links = [f"/feeds/en/{slug}.json", f"/feeds/rich/en/{slug}.ics", f"/feeds/en/visits/{visit.slug}.ics"]
    links += ["/feeds/en/all.json", "/feeds/rich/en/all.ics"]
    for link in links:
        assert f'href="http://diary.test{link}"' in page
        assert client.get(link).status_code == 200
    item = visit.items.get()
    found = re.search(r'href="(/feeds/en/items/[^"]+)"', client.get(f"/en/items/{item.pk}/").content.decode())
    assert found
    assert client.get(found[1]).status_code == 200
    assert f"/feeds/en/visits/{visit.slug}.ics" in client.get(f"/en/visits/{visit.slug}/").content.decode()


def test_the_public_page_lists_a_visit_until_a_month_after_it(client: Client, visit: Visit) -> None:
    assert visit.slug in client.get("/en/feeds/").content.decode()
    with time_machine.travel("2023-03-10T00:00:00Z", tick=False):
        assert visit.slug in client.get("/en/feeds/").content.decode()
    with time_machine.travel("2023-03-11T00:00:00Z", tick=False):
        assert visit.slug not in client.get("/en/feeds/").content.decode()


def test_the_public_page_asks_as_much_of_many_visits_as_of_one(
    client: Client, visit: Visit, django_assert_max_num_queries: Any
) -> None:
    for number in range(8):
        factories.visit(cities=(f"Ville {number}",))
    assert Feed.objects.filter(selection=Selection.VISIT).count() == 18
    with django_assert_max_num_queries(3):
        client.get("/en/feeds/")
