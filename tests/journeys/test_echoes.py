"""The same text from another source: seen once, lost nowhere, told apart by an editor; a corrected one is no repeat."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from diplomacy.accounts.models import User
from diplomacy.communiques import extraction, review
from diplomacy.communiques.claims import Claim
from diplomacy.communiques.echoes import Echo, Shingle
from diplomacy.communiques.echoing import tell_apart
from diplomacy.communiques.intake import Arrival, receive
from diplomacy.communiques.models import CommuniqueVersion, Extraction, Proposal, Source
from diplomacy.communiques.undo import seal, standing, undo
from diplomacy.visits.acts import Act
from diplomacy.visits.models import Visit
from tests import factories
from tests.communiques.test_alike import TEXT
from tests.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.integration]


def read(text: str, source: Source | None = None, *, day: int = 7, **arrival: object) -> Extraction:
    given = {"published_on": dt.date(2023, 2, day), "received_at": NOW, **arrival}
    version = receive(Arrival(original=text.encode(), **given), source or factories.source()).version  # type: ignore[arg-type]
    return extraction.extract(version, now=NOW)


def states(read_in: Extraction) -> set[str]:
    return set(read_in.proposals.values_list("state", flat=True))


@pytest.fixture
def act(editor: User) -> Act:
    return Act(now=NOW, by=editor)


def test_a_repeat_waits_for_nobody_and_is_named_beside_what_it_repeats(desk: Client) -> None:
    first = read(TEXT)
    second = read(f"(Agence) {TEXT}")
    assert (states(first), states(second)) == ({"waiting"}, {"repeated"})
    assert second.version.echo_of.of == first.version
    page = desk.get("/admin/", headers={"accept-language": "en"}).content.decode()
    assert page.count("Abdou Keïta →") == 1
    assert f"also received from {second.version.communique.source}" in page


def test_a_changed_hour_is_no_repeat(desk: Client) -> None:
    read(TEXT)
    assert states(read(TEXT.replace("10 heures", "11 heures"))) == {"waiting"}
    assert not Echo.objects.exists()


@pytest.mark.parametrize("given", [{"day": 28}, {"embargoed_until": NOW + dt.timedelta(days=1)}])
def test_another_time_or_another_embargo_is_no_repeat(given: dict[str, object]) -> None:
    read(TEXT)
    read(f"(Agence) {TEXT}", **given)  # type: ignore[arg-type]
    assert not Echo.objects.exists()


def test_what_repeats_an_outdated_version_is_no_repeat(act: Act) -> None:
    source = factories.source()
    read(TEXT, source, identity="n-1")
    second = read(TEXT.replace("10 heures", "11 heures"), source, identity="n-1")
    late = read(f"(Agence) {TEXT}")
    assert (states(second), states(late)) == ({"waiting"}, {"waiting"})


def test_a_repeat_of_a_repeat_repeats_the_first() -> None:
    first, second, third = read(TEXT), read(f"(A) {TEXT}"), read(f"(B) {TEXT}")
    assert set(Echo.objects.values_list("version", "of")) == {
        (second.version_id, first.version_id), (third.version_id, first.version_id),
    }  # fmt: skip


def test_an_editor_tells_them_apart_once_and_for_all(desk: Client) -> None:
    first, second = read(TEXT), read(f"(Agence) {TEXT}")
    repeat = Echo.objects.get()
    answer = desk.post(f"/admin/echoes/{repeat.pk}/apart/", follow=True)
    assert answer.status_code == 200
    assert (states(first), states(second)) == ({"waiting"}, {"waiting"})
    extraction.extract(second.version, now=NOW)  # read again, it stays told apart
    assert states(second) == {"waiting"}
    repeat.refresh_from_db()
    assert repeat.ended_by is not None


def test_once_the_first_is_accepted_its_repeat_confirms_it(act: Act) -> None:
    first, second = read(TEXT), read(f"(Agence) {TEXT}")
    review.accept(first.proposals.get(), act)
    assert states(second) == {"confirming"}
    assert Claim.objects.filter(source=second.version.communique.source).exists()
    assert Visit.objects.count() == 1


def test_a_corrected_first_text_gives_its_repeats_back() -> None:
    source = factories.source()
    first = read(TEXT, source, identity="n-1")
    second, third = read(f"(A) {TEXT}"), read(f"(B) {TEXT}")
    corrected = read(TEXT.replace("10 heures", "11 heures"), source, identity="n-1")
    assert (states(first), states(corrected)) == ({"superseded"}, {"waiting"})
    assert (states(second), states(third)) == ({"waiting"}, {"repeated"})
    assert Echo.objects.get(ended_at=None).of == second.version


def test_a_corrected_repeat_speaks_for_itself() -> None:
    source = factories.source()
    read(TEXT)
    read(f"(A) {TEXT}", source, identity="n-1")
    corrected = read(f"(A) {TEXT}".replace("10 heures", "11 heures"), source, identity="n-1")
    assert states(corrected) == {"waiting"}


def test_telling_apart_twice_changes_nothing(act: Act) -> None:
    read(TEXT)
    read(f"(A) {TEXT}")
    repeat = Echo.objects.get()
    tell_apart(repeat, act)
    tell_apart(repeat, Act(now=NOW + dt.timedelta(days=1)))
    repeat.refresh_from_db()
    assert repeat.ended_at == NOW


def test_the_cost_of_a_new_text_does_not_grow(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    """With many near texts around, as few questions are asked as with one."""
    first = read(TEXT)
    versions = CommuniqueVersion.objects.bulk_create(
        CommuniqueVersion(
            communique=first.version.communique, number=number, original=b"x", sha256=f"{number:064}", text="x",
            media_type="text/plain", published_on=first.version.published_on, received_at=NOW,
        )
        for number in range(2, 400)
    )  # fmt: skip
    values = list(Shingle.objects.values_list("value", flat=True))
    Shingle.objects.bulk_create(
        Shingle(version=version, value=value, day=dt.date(2023, 2, 7)) for version in versions for value in values
    )
    second = receive(
        Arrival(original=f"(A) {TEXT}".encode(), published_on=first.version.published_on, received_at=NOW),
        factories.source(),
    ).version
    with django_assert_max_num_queries(60):
        extraction.extract(second, now=NOW)


def test_what_a_source_says_again_itself_is_left_to_its_editions() -> None:
    source = factories.source()
    read(TEXT, source)
    assert states(read(f"(A) {TEXT}", source)) != {"repeated"}
    assert not Echo.objects.exists()


def test_an_echo_that_is_dated_anew_and_then_says_something_else_is_none() -> None:
    text = TEXT.replace("le 9 février 2023", "jeudi")
    read(text)
    echo = read(f"(A) {text}")
    assert states(echo) == {"repeated"}
    version = echo.version
    version.published_on = dt.date(2023, 2, 15)
    version.save()
    again = extraction.extract(version, now=NOW)
    assert (states(echo), states(again)) == ({"superseded"}, {"waiting"})
    assert Echo.objects.get().ended_at == NOW


def test_an_echo_that_is_read_by_a_newer_parser_stays_one(monkeypatch: pytest.MonkeyPatch) -> None:
    first = read(TEXT)
    echo = read(f"(A) {TEXT}")
    monkeypatch.setattr("diplomacy.parsing.PARSER_VERSION", "next")
    again = extraction.extract(echo.version, now=NOW)
    assert states(again) == {"repeated"}
    assert states(extraction.extract(first.version, now=NOW)) == {"waiting"}
    assert Proposal.objects.filter(state="waiting").count() == 1


def test_an_acceptance_undone_lets_the_echo_rest_again(act: Act) -> None:
    first, echo = read(TEXT), read(f"(A) {TEXT}")
    proposal = first.proposals.get()
    before = standing(proposal)
    review.accept(proposal, act)
    proposal.refresh_from_db()
    assert states(echo) == {"confirming"}
    undo(proposal, seal(before, proposal), act)
    assert (states(first), states(echo)) == ({"waiting"}, {"repeated"})
    assert not Visit.objects.exists()


def test_an_hour_that_an_editor_corrected_is_not_asked_again_by_the_echo(act: Act) -> None:
    first, echo = read(TEXT), read(f"(A) {TEXT}")
    draft = dict(first.proposals.get().draft)
    draft["start"] = draft["end"] = "2023-02-10"
    review.accept(first.proposals.get(), act, amended=draft)
    assert states(echo) <= {"repeated", "confirming"}
    assert Proposal.objects.filter(state="waiting").count() == 0
