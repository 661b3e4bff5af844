"""Office-holders of a file: read as exactly as they are said, taken in once, and never over an editor's word."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from diplomacy.directory import asking
from diplomacy.directory.models import Office, Person, PersonName, Tenure
from diplomacy.directory.officeholder_files import BadRow, Holder, SaidDay, UnreadableFileError, read_file
from diplomacy.directory.officeholders import Outcome, Taken, import_holders
from diplomacy.directory.questions import NameQuestion
from diplomacy.directory.wikidata import NoIdentifierError, item_id
from tests import factories
from tests.conftest import NOW

DATA = Path(__file__).parent / "data"
QUERY, PLAIN = DATA / "query.json", DATA / "plain.csv"
MINISTER = "ministre des Affaires étrangères du Mali"


def row(**said: str) -> dict[str, str]:
    return {"person": "Modibo Traoré Bah", "office": MINISTER, "country": "ML", "since": "2020-10-05", **said}


def rows(*said: dict[str, str]) -> list[Holder | BadRow]:
    return list(read_file(json.dumps(list(said)).encode()))


def take(*said: dict[str, str], dry_run: bool = False) -> list[Outcome]:
    return import_holders(rows(*said), source="Wikidata", now=NOW, dry_run=dry_run)


def taken(*said: dict[str, str]) -> list[str]:
    return [outcome.taken.value for outcome in take(*said)]


# ---- What a file says ----


def test_a_query_result_is_read_the_same_in_every_form_it_is_saved_in() -> None:
    plain = json.loads(QUERY.read_text())
    names = list(dict.fromkeys(name for entry in plain for name in entry))
    table = io.StringIO()
    writer = csv.DictWriter(table, names, restval="")
    writer.writeheader()
    writer.writerows(plain)
    verbose = {"results": {"bindings": [{name: {"value": text} for name, text in entry.items()} for entry in plain]}}
    forms = [QUERY.read_bytes(), json.dumps(verbose).encode(), table.getvalue().encode("utf-8-sig")]
    read = [
        [(type(one), getattr(one, "person", ""), getattr(one, "since", "")) for one in read_file(form)]
        for form in forms
    ]
    assert read[0] == read[1] == read[2]
    first = next(read_file(QUERY.read_bytes()))
    assert isinstance(first, Holder)
    assert (first.person, first.person_id, first.office_id) == ("Aminata Sow Keïta", "Q900001", "Q900100")
    assert first.until.day == dt.date(2020, 8, 18)


@pytest.mark.parametrize(
    ("said", "precision", "read"),
    [
        ("2020-10-05", "", SaidDay(dt.date(2020, 10, 5))),
        ("2020-10-01", "", SaidDay(dt.date(2020, 10, 1))),
        ("2020-10-05T00:00:00Z", "", SaidDay(dt.date(2020, 10, 5))),
        ("2020-10-01T00:00:00Z", "11", SaidDay(dt.date(2020, 10, 1))),
        ("2020-10-01T00:00:00Z", "10", SaidDay(None, "2020-10")),
        ("2020-01-01T00:00:00Z", "9", SaidDay(None, "2020")),
        ("2020-01-01T00:00:00Z", "", SaidDay(None, "2020-01-01, perhaps only the month or year")),
        ("2020", "", SaidDay(None, "2020")),
        ("2020-10", "", SaidDay(None, "2020-10")),
        ("t4711", "", SaidDay(None, "on an unknown day")),
        ("", "", SaidDay()),
    ],
)
def test_a_day_is_never_more_exact_than_it_is_said(said: str, precision: str, read: SaidDay) -> None:
    (found,) = rows(row(since=said, sincePrecision=precision))
    assert isinstance(found, Holder)
    assert found.since == read


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"person": ""}, "the person is missing"),
        ({"person": "Q900004"}, "has no name in the languages asked for, only Q900004"),
        ({"office": "http://www.wikidata.org/entity/Q1"}, "only Q1"),
        ({"person": "x" * 301}, "has 301 characters"),
        ({"country": ""}, "the country is missing"),
        ({"since": "5 October"}, "“5 October” is not a day"),
        ({"since": "2021-02-30"}, "not a day of the calendar"),
        ({"until": "2019-01-01"}, "it ends before it begins"),
        ({"until": "2021"}, "it ended (2021), no day is said"),
        ({"wikidata": "Q12x"}, "not an identifier of Wikidata"),
        ({"rank": "boss"}, "“boss” is no rank"),
    ],
)
def test_a_bad_row_is_named_with_its_reason_and_kept(wrong: dict[str, str], reason: str) -> None:
    said = row(**wrong)
    good, bad = rows(row(), said)
    assert isinstance(good, Holder)
    assert isinstance(bad, BadRow)
    assert reason in bad.reason
    assert (bad.place, dict(bad.raw)) == ("entry 2", said)


def test_lines_of_a_csv_are_counted_as_an_editor_sees_them() -> None:
    text = 'person;office;country\n"Ana\nLima";ministra;BR\n;presidente;BR\nBento;vice;BR;more\n'
    good, empty, long = read_file(text.encode())
    assert (good.place, empty.place, long.place) == ("line 2", "line 4", "line 5")
    assert isinstance(good, Holder)
    assert good.person == "Ana Lima"
    assert isinstance(long, BadRow)
    assert long.raw["…"] == "more"


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\xff\xfe", b"[1", b'{"head": 1}', b"{}"])
def test_what_is_no_list_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFileError):
        list(read_file(content))


def test_an_identifier_is_taken_from_its_address() -> None:
    assert [item_id(said) for said in ("Q42", " q42", "https://www.wikidata.org/wiki/Q42", "")] == ["Q42"] * 3 + [""]
    for wrong in ("42", "Q0", "P42", "https://example.org/Q42"):
        with pytest.raises(NoIdentifierError):
            item_id(wrong)


# ---- What becomes of it ----


@pytest.mark.django_db
@pytest.mark.integration
class TestImport:
    def test_a_change_of_holder_is_told_with_its_day(self) -> None:
        found = {
            outcome.place: outcome for outcome in import_holders(read_file(QUERY.read_bytes()), source="q", now=NOW)
        }
        assert [outcome.taken for outcome in found.values()] == ["new", "new", "new", "bad", "bad"]
        said = f"{MINISTER} (Mali): Modibo Traoré Bah since 2020-10-05, after Aminata Sow Keïta"
        assert found["entry 2"].said == said
        assert "since 2019" in found["entry 3"].said
        minister = Person.objects.get(wikidata_id="Q900002")
        assert asking.holder_on(MINISTER, country=minister.country, day=dt.date(2023, 2, 7)) == minister
        assert Office.objects.get(wikidata_id="Q900100").rank == "foreign_minister"
        assert PersonName.objects.filter(text="Аmината Кейта", person__wikidata_id="Q900001").exists()
        president = Person.objects.get(wikidata_id="Q900003").tenures.get()
        assert (president.starts_on, president.source) == (None, "q, since 2019")

    def test_a_second_time_changes_nothing(self) -> None:
        def everything() -> list[Any]:
            tables = (Person, PersonName, Office, Tenure, NameQuestion)
            return [list(table.objects.order_by("pk").values()) for table in tables]

        content = QUERY.read_bytes()
        import_holders(read_file(content), source="q", now=NOW)
        before = everything()
        again = import_holders(read_file(content), source="q", now=NOW)
        assert [outcome.taken for outcome in again] == ["same", "same", "same", "bad", "bad"]
        assert everything() == before

    def test_a_dry_run_says_the_same_and_writes_nothing(self) -> None:
        factories.person("Modibo Traore-Bah", "ML")
        looked = take(row(), row(person="Sira Diallo", office="présidente"), dry_run=True)
        assert not Tenure.objects.exists()
        assert not NameQuestion.objects.exists()
        assert Person.objects.count() == 1
        assert take(row(), row(person="Sira Diallo", office="présidente")) == looked

    def test_an_end_that_comes_later_is_taken_from_the_next_file(self) -> None:
        take(row(wikidata="Q1"))
        assert taken(row(wikidata="Q1", until="2022-12-31")) == ["changed"]
        assert Tenure.objects.get().ends_on == dt.date(2022, 12, 31)
        assert taken(row(wikidata="Q1", since="2020-10-06", until="2022-12-31")) == ["changed"]

    def test_what_says_less_erases_nothing(self) -> None:
        take(row(wikidata="Q1", until="2022-12-31"))
        assert taken(row(wikidata="Q1", since="2020", until="2022-12-31")) == ["same"]
        assert taken(row(wikidata="Q1")) == ["differs"]
        assert Tenure.objects.get().ends_on == dt.date(2022, 12, 31)

    def test_what_an_editor_saved_stays_and_the_difference_is_listed(self, desk: Client) -> None:
        take(row(wikidata="Q1"))
        tenure = Tenure.objects.get()
        form = {"person": tenure.person_id, "office": tenure.office_id, "starts_on": "2020-11-01", "source": "decree"}
        assert desk.post(f"/admin/diplomacy/tenure/{tenure.pk}/change/", form).status_code == 302
        (outcome,) = take(row(wikidata="Q1", until="2022-12-31"))
        assert outcome.taken is Taken.DIFFERS
        assert "here Modibo Traoré Bah since 2020-11-01; the file: since 2020-10-05 until 2022-12-31" in outcome.said
        tenure.refresh_from_db()
        assert (tenure.starts_on, tenure.ends_on) == (dt.date(2020, 11, 1), None)

    def test_nobody_is_put_beside_the_holder_an_editor_named(self) -> None:
        office, editors = factories.office(MINISTER, "ML"), factories.person("Sira Diallo", "ML")
        Tenure.objects.create(person=editors, office=office, starts_on=dt.date(2021, 1, 1))
        (outcome,) = take(row())
        assert outcome.taken is Taken.DIFFERS
        assert "here it is Sira Diallo since 2021-01-01" in outcome.said
        assert not Person.objects.filter(name="Modibo Traoré Bah").exists()
        assert taken(row(since="2018-01-01", until="2021-01-01")) == ["new"]

    def test_a_look_alike_is_asked_about_and_the_answer_decides(self) -> None:
        known = factories.person("Modibo Traore-Bah", "ML")
        (outcome,) = take(row(wikidata="Q1", person="Modibo Traorey Bah"))
        assert outcome.taken is Taken.ASKED
        assert "is “Modibo Traorey Bah” Modibo Traore-Bah?" in outcome.said
        assert not Tenure.objects.exists()
        asking.answer_same(NameQuestion.objects.get(), known, now=NOW)
        assert taken(row(wikidata="Q1", person="Modibo Traorey Bah")) == ["new"]
        known.refresh_from_db()
        assert (known.wikidata_id, known.tenures.count()) == ("Q1", 1)

    def test_somebody_else_is_entered_once_an_editor_said_so(self) -> None:
        known = factories.person("Modibo Traore-Bah", "ML")
        assert taken(row(person="Modibo Traorey Bah")) == ["asked"]
        asking.answer_other(NameQuestion.objects.get(), now=NOW)
        assert taken(row(person="Modibo Traorey Bah")) == ["new"]
        assert known.tenures.count() == 0

    def test_identifiers_tell_father_and_son_apart_without_a_question(self) -> None:
        father, son = (
            row(person="Idriss Maïga", wikidata="Q1", office="président"),
            row(person="Idriss Maïga", wikidata="Q2"),
        )
        longer = row(person="Mahamat Idriss Maïga", wikidata="Q3", office="ministre de la Défense")
        assert taken(father, son, longer) == ["new"] * 3
        assert {person.wikidata_id for person in Person.objects.filter(name="Idriss Maïga")} == {"Q1", "Q2"}
        assert taken(row(person="Idriss Maïga")) == ["differs"]

    def test_an_identifier_that_several_have_is_told(self) -> None:
        for name in ("Sira Diallo", "Awa Konaté"):
            Person.objects.filter(pk=factories.person(name, "ML").pk).update(wikidata_id="Q1")
        (outcome,) = take(row(wikidata="Q1"))
        assert outcome.taken is Taken.DIFFERS
        assert "several people: Awa Konaté, Sira Diallo; merge them" in outcome.said

    def test_one_identifier_is_one_person_whatever_the_spelling(self) -> None:
        take(row(wikidata="Q1"))
        assert taken(row(wikidata="Q1", person="Модибо Траоре Ба")) == ["same"]
        assert Person.objects.get().names.count() == 2

    def test_a_country_is_known_by_code_or_name(self) -> None:
        assert taken(row(country="Mali"), row(country="ml", office="président"), row(country="Atlantis")) == [
            "new",
            "new",
            "bad",
        ]


@pytest.mark.django_db
@pytest.mark.integration
class TestCommand:
    def test_good_rows_stand_bad_ones_are_named_and_written_out(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        left = tmp_path / "left.csv"
        with pytest.raises(CommandError, match="5 of 7 rows could not be read"):
            call_command("import_officeholders", str(PLAIN), "--left-over", str(left))
        said = capsys.readouterr().out
        assert "new      line 2: ministra das Relações Exteriores (Brazil): Ana Lima since 2021-03-29" in said
        assert "bad      line 3: “2021-02-30” is not a day of the calendar | person=Bento Dias" in said
        assert "7 rows: 2 new, 0 changed, 0 same, 0 asked, 0 differs, 5 bad." in said
        kept = list(csv.DictReader(left.read_text(encoding="utf-8").splitlines()))
        assert [one["person"] for one in kept] == ["Bento Dias", "Caio Reis", "Duda Melo", "Edu Paz, filho", "Hugo Sá"]
        assert kept[1]["left_over_because"].endswith("“Atlantis” is not a country of the directory")
        assert Tenure.objects.count() == 2

    def test_what_is_left_over_is_no_formula_and_comes_back_as_it_was(self, tmp_path: Path) -> None:
        file, left = tmp_path / "holders.json", tmp_path / "left.csv"
        file.write_text(json.dumps([row(person="=1+1", country="Atlantis")]))
        with pytest.raises(CommandError):
            call_command("import_officeholders", str(file), "--left-over", str(left))
        assert ",=1+1," not in f",{left.read_text()}"
        (again,) = read_file(left.read_bytes())
        assert isinstance(again, Holder)
        assert again.person == "=1+1"

    def test_a_dry_run_says_so(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(CommandError):
            call_command("import_officeholders", str(QUERY), "--dry-run")
        assert "Nothing was written." in capsys.readouterr().out
        assert not Person.objects.exists()

    def test_a_file_that_is_not_there_or_no_list_says_why(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="No such file"):
            call_command("import_officeholders", str(tmp_path / "none.csv"))
        (tmp_path / "a.csv").write_text("a,b\n")
        with pytest.raises(CommandError, match="must name the columns"):
            call_command("import_officeholders", str(tmp_path / "a.csv"))


@pytest.mark.django_db
@pytest.mark.integration
def test_an_identifier_is_edited_and_shown_at_the_desk(desk: Client) -> None:
    english = {"accept-language": "en"}
    person, office = factories.person("Ana Prado", "BR"), factories.office("Minister", "BR")
    for path, row_of, name in (("person", person, "name"), ("office", office, "title")):
        lines = {f"{names}-{count}": 0 for names in ("names", "titles") for count in ("TOTAL_FORMS", "INITIAL_FORMS")}
        page = f"/admin/diplomacy/{path}/{row_of.pk}/change/"
        form = {name: str(row_of), "slug": row_of.slug, "country": "BR", "rank": "other", **lines}
        wrong = desk.post(page, {**form, "wikidata_id": "Ana"}, headers=english)
        assert "This is no identifier of Wikidata." in wrong.content.decode()
        answer = desk.post(page, {**form, "wikidata_id": "https://www.wikidata.org/wiki/Q42"})
        assert answer.status_code == 302
        row_of.refresh_from_db()
        assert row_of.wikidata_id == "Q42"
        assert 'href="https://www.wikidata.org/wiki/Q42"' in desk.get(page).content.decode()
