"""Names asked once and remembered; people merged and parted again."""

from __future__ import annotations

import datetime as dt

import pytest

from diplomacy import parsing
from diplomacy.accounts.models import User
from diplomacy.communiques import extraction, naming, review
from diplomacy.communiques.models import Extraction
from diplomacy.directory import asking, lexicon
from diplomacy.directory.merging import MergePeopleError, survivor
from diplomacy.directory.models import Person, PersonName, Tenure
from diplomacy.directory.questions import NameQuestion, PersonMerge
from diplomacy.directory.registry import known_person
from diplomacy.visits import people
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import Somebody
from diplomacy.visits.models import Visit
from diplomacy.vocabulary import Role
from tests import factories
from tests.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

ANNOUNCED = "Le ministre russe des Affaires étrangères, {name}, effectuera une visite à {city} les {days} février."


@pytest.fixture
def by(editor: User) -> Act:
    return Act(now=NOW, by=editor)


def read(name: str, city: str = "Bamako", days: str = "7 et 8") -> Extraction:
    return extraction.extract(factories.version(ANNOUNCED.format(name=name, city=city, days=days)), now=NOW)


def test_a_new_spelling_is_asked_once_and_remembered(by: Act) -> None:
    review.accept(read("Grigori Belavin").proposals.get(), by)
    read("Grigory Belavine")
    (question,) = naming.open_questions()
    known = Person.objects.get(name="Grigori Belavin")
    assert (question.text, list(question.candidates.all())) == ("Grigory Belavine", [known])
    naming.answer_same(question, known, by)
    assert known_person("GRIGORY BELAVINE", country=known.country) == known
    read("Grigory Belavine", city="Niamey", days="20 et 21")
    assert list(naming.open_questions()) == []


def test_somebody_else_is_not_asked_about_again(by: Act) -> None:
    review.accept(read("Grigori Belavin").proposals.get(), by)
    read("Grigori Belavine")
    (question,) = naming.open_questions()
    naming.answer_other(question, by)
    read("Grigori Belavine", city="Niamey")
    assert list(naming.open_questions()) == []
    assert NameQuestion.objects.count() == 1


def test_namesakes_of_another_country_and_other_names_are_no_question(by: Act) -> None:
    factories.person("Grigori Belavin", "BY")
    factories.person("Sergei Melnik", "RU")
    read("Grigory Belavine")
    assert list(naming.open_questions()) == []


def test_who_was_entered_under_the_spelling_meanwhile_is_merged(by: Act) -> None:
    review.accept(read("Grigori Belavin").proposals.get(), by)
    review.accept(read("Grigory Belavine", city="Niamey", days="20 et 21").proposals.get(), by, publish=True)
    assert Person.objects.filter(country="RU").count() == 2
    (question,) = naming.open_questions()
    known, double = Person.objects.get(name="Grigori Belavin"), Person.objects.get(name="Grigory Belavine")
    naming.answer_same(question, known, by)
    double.refresh_from_db()
    assert (double.merged_into, survivor(double)) == (known, known)
    assert known.memberships.count() == 2
    last = Visit.objects.get(host_country="NE").revisions.order_by("number").last()
    assert last is not None
    assert last.snapshot["members"][0]["person"]["id"] == str(known.pk)


def test_an_office_without_a_holder_is_asked_and_the_answer_holds(by: Act) -> None:
    person = factories.person("Grigori Belavin", "RU")
    title = "ministre russe des Affaires étrangères"
    asked = asking.ask_about_holder(title, country=person.country, on_day=NOW.date(), now=NOW)
    assert asked is not None
    naming.answer_same(asked, person, by)
    assert asking.holder_on(title, country=person.country, day=NOW.date()) == person
    assert asking.ask_about_holder(title, country=person.country, on_day=NOW.date(), now=NOW) is None


def test_the_holder_depends_on_the_day() -> None:
    old, new = factories.person("Rui Costa", "PT"), factories.person("Ines Prado", "PT")
    office = factories.office("ministre", "PT")
    Tenure.objects.create(person=old, office=office, ends_on=dt.date(2022, 12, 31))
    Tenure.objects.create(person=new, office=office, starts_on=dt.date(2023, 1, 1))
    assert asking.holder_on("Ministre", country=office.country, day=dt.date(2022, 6, 1)) == old
    assert asking.holder_on("Ministre", country=office.country, day=dt.date(2023, 6, 1)) == new
    assert asking.holder_on("Ministre", country=office.country, day=None) is None


def test_a_merger_moves_everything_and_can_be_undone(by: Act) -> None:
    one, other = factories.person("Rui Costa", "PT"), factories.person("Rui da Costa", "PT")
    head = Somebody(name="Rui da Costa", country="PT", role=Role.HEAD_OF_DELEGATION)
    visit = factories.visit(members=(head,))
    merger = people.merge(other, one, by)
    assert visit.members.get().person == one
    assert set(one.names.values_list("text", flat=True)) == {"Rui Costa", "Rui da Costa"}
    assert known_person("Rui da Costa", country=one.country) == one
    people.unmerge(merger, by)
    other.refresh_from_db()
    assert (other.merged_into, visit.members.get().person) == (None, other)
    assert list(one.names.values_list("text", flat=True)) == ["Rui Costa"]
    with pytest.raises(MergePeopleError):
        people.unmerge(merger, by)


def test_a_row_that_both_have_stays_where_it_is(by: Act) -> None:
    one, other = factories.person("Rui Costa", "PT"), factories.person("Ruy Costa", "PT")
    office = factories.office("ministre", "PT")
    for person in (one, other):
        Tenure.objects.create(person=person, office=office, starts_on=dt.date(2020, 1, 1))
    people.merge(other, one, by)
    assert (one.tenures.count(), other.tenures.count()) == (1, 1)


def test_nobody_is_merged_twice_or_with_themselves(by: Act) -> None:
    one, other = factories.person("Rui Costa", "PT"), factories.person("Ruy Costa", "PT")
    with pytest.raises(MergePeopleError):
        people.merge(one, one, by)
    people.merge(other, one, by)
    with pytest.raises(MergePeopleError):
        people.merge(other, one, by)
    assert PersonMerge.objects.count() == 1


def test_the_reading_knows_the_directory_and_each_new_spelling() -> None:
    person = factories.person("Grigori Belavin", "RU")
    known = lexicon.lexicon().find("Grigori BELAVIN")
    assert known is not None
    assert known.country == "RU"
    assert lexicon.lexicon() is lexicon.lexicon()
    PersonName.objects.create(person=person, text="G. Belavine", folded="g belavine")
    assert lexicon.lexicon().find("G. Belavine") == lexicon.lexicon().find("Grigori Belavin")
    assert parsing.read("Grigori Belavin est à Bamako.", published_on=NOW.date(), lexicon=lexicon.lexicon())


def test_a_question_keeps_the_words_it_came_from(by: Act) -> None:
    review.accept(read("Grigori Belavin").proposals.get(), by)
    again = read("Grigory Belavine")
    (question,) = naming.open_questions()
    (mention,) = question.mentions.all()
    assert mention.proposal == again.proposals.get()
    assert again.version.text[mention.start : mention.end] == "Grigory Belavine"
    assert list(naming.open_questions(proposal=mention.proposal)) == [question]
    third = read("Grigory Belavine", city="Niamey", days="20 et 21")
    assert {one.proposal for one in question.mentions.all()} == {mention.proposal, third.proposals.get()}


def test_what_is_put_off_stays_open_behind_the_others(by: Act) -> None:
    review.accept(read("Grigori Belavin").proposals.get(), by)
    read("Grigory Belavine")
    read("Grigorii Belavin", city="Dakar")
    first, second = naming.open_questions()
    asking.put_off(first, now=NOW)
    assert list(naming.open_questions()) == [second, first]


def test_an_answer_is_taken_back_whole(by: Act) -> None:
    review.accept(read("Grigori Belavin").proposals.get(), by)
    review.accept(read("Grigory Belavine", city="Niamey", days="20 et 21").proposals.get(), by)
    (question,) = naming.open_questions()
    known, double = Person.objects.get(name="Grigori Belavin"), Person.objects.get(name="Grigory Belavine")
    naming.answer_same(question, known, by)
    naming.take_back(question, by)
    question.refresh_from_db()
    double.refresh_from_db()
    assert (question.answer, question.person, question.answered_by) == ("open", None, None)
    assert double.merged_into is None
    assert list(known.names.values_list("text", flat=True)) == ["Grigori Belavin"]
    assert list(double.names.values_list("text", flat=True)) == ["Grigory Belavine"]
    assert (known.memberships.count(), double.memberships.count()) == (1, 1)
    assert list(naming.open_questions()) == [question]
    with pytest.raises(asking.AnsweredError):
        naming.take_back(question, by)


def test_taking_an_answer_back_leaves_a_spelling_that_was_known_before(by: Act) -> None:
    known = factories.person("Grigori Belavin", "RU")
    asked = asking.ask_about_name("Grigory Belavine", country=known.country, now=NOW)
    assert asked is not None
    PersonName.objects.create(person=known, text="Grigory Belavine", folded="grigory belavine")
    naming.answer_same(asked, known, by)
    naming.take_back(asked, by)
    assert known.names.count() == 2


def test_a_question_is_answered_once(by: Act) -> None:
    known = factories.person("Grigori Belavin", "RU")
    asked = asking.ask_about_name("Grigory Belavine", country=known.country, now=NOW)
    assert asked is not None
    same = NameQuestion.objects.get(pk=asked.pk)  # as another editor has it open
    naming.answer_other(asked, by)
    with pytest.raises(asking.AnsweredError):
        naming.answer_same(same, known, by)
    assert known.names.count() == 1


def test_a_holder_is_known_since_the_day_an_editor_says(by: Act) -> None:
    person = factories.person("Grigori Belavin", "RU")
    asked = asking.ask_about_holder("ministre russe", country=person.country, on_day=NOW.date(), now=NOW)
    assert asked is not None
    naming.answer_same(asked, person, by, since=dt.date(2020, 5, 1))
    assert person.tenures.get().starts_on == dt.date(2020, 5, 1)
    naming.take_back(asked, by)
    assert not person.tenures.exists()
    naming.answer_same(NameQuestion.objects.get(), person, by)
    person.tenures.update(ends_on=dt.date(2023, 3, 1))  # an editor's word, which stays
    naming.take_back(NameQuestion.objects.get(), by)
    assert person.tenures.count() == 1


def test_a_title_may_be_another_wording_of_a_known_office(by: Act) -> None:
    tenure = factories.tenure()
    asked = asking.ask_about_holder(
        "la cheffe de la diplomatie", country=factories.country("BR"), on_day=NOW.date(), now=NOW
    )
    assert asked is not None
    naming.answer_same(asked, tenure.person, by, office=tenure.office)
    assert asking.holder_on("La cheffe de la diplomatie", country=asked.country, day=NOW.date()) == tenure.person
    assert Tenure.objects.count() == 1
    naming.take_back(asked, by)
    assert asking.holder_on("La cheffe de la diplomatie", country=asked.country, day=NOW.date()) is None


def test_somebody_merged_holds_nothing_any_more(by: Act) -> None:
    one, other = factories.person("Rui Costa", "PT"), factories.person("Ruy Costa", "PT")
    office = factories.office("ministre", "PT")
    for person in (one, other):
        Tenure.objects.create(person=person, office=office, starts_on=dt.date(2020, 1, 1))
    people.merge(other, one, by)
    assert asking.holder_on("ministre", country=office.country, day=dt.date(2021, 1, 1)) == one


def test_the_reading_hears_of_a_merger_beside_one_undone(by: Act) -> None:
    one, other = factories.person("Rui Costa", "PT"), factories.person("Ruy Costa", "PT")
    first = people.merge(other, one, by)
    assert lexicon.lexicon().find("Ruy Costa") == lexicon.lexicon().find("Rui Costa")
    people.unmerge(first, by)
    assert lexicon.lexicon().find("Ruy Costa") != lexicon.lexicon().find("Rui Costa")
