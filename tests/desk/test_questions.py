"""Questions about names at the desk: shown with their words, answered by one press, undone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from diplomacy.accounts.roles import DeskRole
from diplomacy.communiques import extraction, naming, review
from diplomacy.communiques.models import Extraction, Proposal
from diplomacy.directory.models import Person, Tenure
from diplomacy.directory.questions import NameQuestion
from diplomacy.directory.registry import known_person
from diplomacy.visits import people
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import Somebody
from diplomacy.vocabulary import Rank, Role
from tests import factories
from tests.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

QUESTIONS = "/admin/questions/"
ENGLISH = {"accept-language": "en"}
NAMED = "Le ministre russe des Affaires étrangères, {name}, effectuera une visite à {city} les 7 et 8 février."
UNNAMED = "Le ministre russe des Affaires étrangères effectuera une visite à {city} les 7 et 8 février."
TITLE = "ministre russe des Affaires étrangères"


def read(text: str, name: str = "", city: str = "Bamako") -> Extraction:
    return extraction.extract(factories.version(text.format(name=name, city=city)), now=NOW)


@pytest.fixture
def known(act: Act) -> Person:
    review.accept(read(NAMED, "Grigori Belavin").proposals.get(), act)
    return Person.objects.get(name="Grigori Belavin")


@pytest.fixture
def spelled(known: Person) -> NameQuestion:
    read(NAMED, "Grigory Belavine")
    return NameQuestion.objects.get()


@pytest.fixture
def unheld(db: None) -> NameQuestion:
    read(UNNAMED)
    return NameQuestion.objects.get()


def look(desk: Client, **of: str) -> str:
    page = desk.get(QUESTIONS, of, headers=ENGLISH)
    assert page.status_code == 200
    return page.content.decode()


def answer(desk: Client, question: NameQuestion, **said: object) -> str:
    page = desk.post(f"{QUESTIONS}{question.pk}/answer/", said, follow=True, headers=ENGLISH)
    assert page.status_code == 200
    return page.content.decode()


def test_a_question_shows_its_sentence_and_who_may_be_meant(desk: Client, spelled: NameQuestion) -> None:
    page = look(desk)
    assert "Is “Grigory Belavine” (Russia) the same person as Grigori Belavin?" in page
    assert "Le ministre russe des Affaires étrangères, <mark>Grigory Belavine</mark>, effectuera" in page
    assert str(spelled.mentions.get().proposal.extraction.version.communique)[:80] in page
    assert "questions about names: 1" in desk.get("/admin/", headers=ENGLISH).content.decode()


def test_the_same_person_is_one_press(desk: Client, spelled: NameQuestion, known: Person) -> None:
    page = answer(desk, spelled, chosen=f"person:{known.pk}")
    assert "“Grigory Belavine” is Grigori Belavin from now on." in page
    assert "Nothing is open." in page
    assert known_person("Grigory BELAVINE", country=known.country) == known
    spelled.refresh_from_db()
    assert str(spelled.answered_by) == "ada"


def test_an_answer_is_undone_by_one_press(desk: Client, spelled: NameQuestion, known: Person) -> None:
    assert "Answered last: Grigory Belavine" in answer(desk, spelled, chosen=f"person:{known.pk}")
    page = desk.post(f"{QUESTIONS}{spelled.pk}/undo/", follow=True, headers=ENGLISH).content.decode()
    assert "the same person as Grigori Belavin?" in page
    assert "Answered last" not in page
    assert known_person("Grigory Belavine", country=known.country) is None
    assert "cannot be taken back" in desk.post(
        f"{QUESTIONS}{spelled.pk}/undo/", follow=True, headers=ENGLISH
    ).content.decode()  # fmt: skip


def test_somebody_else_stays_somebody_else(desk: Client, spelled: NameQuestion, known: Person) -> None:
    assert "Somebody else. It is not asked again." in answer(desk, spelled, other="1")
    assert known.names.count() == 1
    spelled.refresh_from_db()
    assert (spelled.answer, spelled.person) == ("other", None)


def test_not_now_leads_to_the_next_and_decides_nothing(desk: Client, spelled: NameQuestion) -> None:
    read(UNNAMED, city="Dakar")
    other = NameQuestion.objects.exclude(pk=spelled.pk).get()
    said = {"later": "1", "following": other.pk}
    gone = desk.post(f"{QUESTIONS}{spelled.pk}/answer/", said)
    assert gone.headers["location"] == f"{QUESTIONS}#question-{other.pk}"
    assert list(naming.open_questions()) == [other, spelled]


def test_what_somebody_answered_meanwhile_is_said(desk: Client, spelled: NameQuestion, known: Person, act: Act) -> None:
    naming.answer_other(spelled, act)
    page = answer(desk, spelled, chosen=f"person:{known.pk}")
    assert "Somebody answered this meanwhile" in page
    assert "is somebody else" in page
    assert known.names.count() == 1


def test_another_known_person_is_named(desk: Client, spelled: NameQuestion, known: Person, act: Act) -> None:
    third = factories.person("Gregor Belavin-Orlov", "RU")
    assert "Nothing is known by this name" in answer(desk, spelled, name="Nobody Known")
    answer(desk, spelled, name="gregor belavin-orlov")
    assert known_person("Grigory Belavine", country=third.country) == third


def test_who_was_merged_is_offered_as_who_stays(desk: Client, spelled: NameQuestion, known: Person, act: Act) -> None:
    stays = factories.person("Grigoriy Belavin", "RU")
    people.merge(known, stays, act)
    assert "the same person as Grigoriy Belavin?" in look(desk)
    answer(desk, spelled, chosen=f"person:{known.pk}")
    assert stays.names.filter(text="Grigory Belavine").exists()


def test_an_unknown_holder_is_named_with_the_day_since(desk: Client, unheld: NameQuestion) -> None:
    holder = factories.person("Grigori Belavin", "RU")
    page = look(desk)
    assert f"Who held this office on 7 Feb 2023: “{TITLE}”, Russia?" in page
    assert f"Le <mark>{TITLE}</mark> effectuera" in page
    said = {"name": "grigori-belavin", "since": "2023-02-09"}
    assert "The text has them in office on 7 Feb 2023" in answer(desk, unheld, **said)
    answer(desk, unheld, name="grigori-belavin", since="2022-01-15")
    assert holder.tenures.get().starts_on == dt.date(2022, 1, 15)
    read(UNNAMED, city="Niamey")
    assert not naming.open_questions().exists()


def test_a_holder_nobody_knows_is_entered_only_if_asked(desk: Client, unheld: NameQuestion) -> None:
    assert "Nothing is known by this name" in answer(desk, unheld, name="Pavel Orlenko")
    assert not Person.objects.filter(name="Pavel Orlenko").exists()
    answer(desk, unheld, name="Pavel Orlenko", is_new="on", since="2023-02-07")
    assert Person.objects.get(name="Pavel Orlenko").tenures.get().starts_on == NOW.date()


def test_holders_of_the_country_are_offered_by_rank_and_day(desk: Client, unheld: NameQuestion) -> None:
    minister, head, gone = (factories.person(name, "RU") for name in ("Anna Orel", "Boris Lunin", "Ivan Past"))
    office = factories.office("Minister of Foreign Affairs of Russia", "RU")
    office.rank = Rank.FOREIGN_MINISTER
    office.save()
    top = factories.office("President of Russia", "RU")
    top.rank = Rank.HEAD_OF_STATE
    top.save()
    Tenure.objects.create(person=minister, office=office, starts_on=dt.date(2020, 1, 1))
    Tenure.objects.create(person=head, office=top)
    Tenure.objects.create(person=gone, office=office, ends_on=dt.date(2019, 12, 31))
    page = look(desk)
    assert page.index("Boris Lunin") < page.index("Minister of Foreign Affairs of Russia since 1 Jan 2020")
    assert "Ivan Past <span" not in page
    answer(desk, unheld, chosen=f"tenure:{minister.tenures.get().pk}")
    assert office.titles.filter(text=TITLE).exists()
    assert Tenure.objects.count() == 3


def test_whom_another_text_names_with_the_title_is_offered(desk: Client, unheld: NameQuestion) -> None:
    head = Somebody(name="Grigori Belavin", title=TITLE, country="RU", role=Role.HEAD_OF_DELEGATION)
    factories.visit(members=(head,))
    assert "named so in another text" in look(desk)
    person = Person.objects.get(name="Grigori Belavin")
    answer(desk, unheld, chosen=f"person:{person.pk}")
    assert person.tenures.get().starts_on == NOW.date()


def test_the_review_page_leads_to_its_questions_and_back(desk: Client, spelled: NameQuestion, known: Person) -> None:
    proposal = spelled.mentions.get().proposal
    review_page = desk.get(f"/admin/review/{proposal.pk}/", headers=ENGLISH).content.decode()
    assert f"{QUESTIONS}?of={proposal.pk}" in review_page
    assert "Grigory Belavine (Russia)" in review_page
    read(UNNAMED, city="Dakar")
    assert TITLE + "”" not in look(desk, of=str(proposal.pk))
    said = {"chosen": f"person:{known.pk}", "of": str(proposal.pk)}
    gone = desk.post(f"{QUESTIONS}{spelled.pk}/answer/", said)
    assert gone.headers["location"] == f"/admin/review/{proposal.pk}/"
    other = Proposal.objects.exclude(pk=proposal.pk).first()
    assert other is not None
    assert "Grigory Belavine (Russia)" not in desk.get(f"/admin/review/{other.pk}/", headers=ENGLISH).content.decode()


def test_a_contributor_looks_and_a_reader_does_not(spelled: NameQuestion, known: Person) -> None:
    client = Client()
    client.force_login(factories.user(DeskRole.CONTRIBUTOR))
    page = look(client)
    assert "the same person as" in page
    assert "<button name=" not in page
    said = {"chosen": f"person:{known.pk}"}
    assert client.post(f"{QUESTIONS}{spelled.pk}/answer/", said).status_code == 403
    assert client.post(f"{QUESTIONS}{spelled.pk}/undo/").status_code == 403
    client.force_login(factories.user(DeskRole.READER))
    assert client.get(QUESTIONS).status_code == 302


def test_more_questions_cost_no_more_queries(
    desk: Client, known: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    names = ["Grigory Belavine", "Grigorii Belavin", "Grigorij Belavin", "Grigoriy Belavine", "G. Belavin"]
    for name in names:
        read(NAMED, name)
    for city in ("Dakar", "Niamey"):
        read(UNNAMED, city=city)
    desk.get(QUESTIONS)
    with django_assert_max_num_queries(15):
        page = look(desk)
    assert page.count('class="question"') == 6


def test_a_known_holder_is_told_on_the_review_page_and_written_nowhere(desk: Client, unheld: NameQuestion) -> None:
    proposal = unheld.mentions.get().proposal
    page = desk.get(f"/admin/review/{proposal.pk}/", headers=ENGLISH).content.decode()
    assert "In office on" not in page
    holder = factories.person("Grigori Belavin", "RU")
    answer(desk, unheld, name="grigori-belavin", since="2022-01-15")
    page = desk.get(f"/admin/review/{proposal.pk}/", headers=ENGLISH).content.decode()
    assert f"In office on 7 Feb 2023, {TITLE}:" in page
    assert f'/admin/diplomacy/person/{holder.pk}/change/">Grigori Belavin' in page
    proposal.refresh_from_db()
    assert proposal.draft["visitors"][0]["name"] != "Grigori Belavin"
    holder.tenures.update(ends_on=dt.date(2023, 2, 6))
    assert "In office on" not in desk.get(f"/admin/review/{proposal.pk}/", headers=ENGLISH).content.decode()
