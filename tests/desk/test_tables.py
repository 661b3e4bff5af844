"""Import and export at the desk: a dry run does nothing, what is known is weighed, an export changes nothing."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from diplomacy.accounts.roles import DeskRole
from diplomacy.communiques.imported import RefusedError
from diplomacy.communiques.item_exchange import item_draft
from diplomacy.communiques.models import Proposal
from diplomacy.directory.models import Office, Person, Tenure
from diplomacy.directory.questions import NameQuestion
from diplomacy.tables import Row, TableFormat, read_table, write_table
from diplomacy.visits import lifecycle, programme
from diplomacy.visits.acts import Act
from diplomacy.visits.facts import ItemFacts, ItemPatch, Somebody
from diplomacy.visits.models import ProgrammeItem, Revision, Visit
from diplomacy.vocabulary import (
    ItemKind,
    ItemStatus,
    PartOfDay,
    Precision,
    PressAccess,
    Role,
    Side,
    VisitKind,
    VisitStatus,
)
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.integration]
ENGLISH = {"accept-language": "en"}
LATER = Act(now=factories.NOW + dt.timedelta(minutes=1))
HEAD = "visitors,host_country,cities,start,end,visit_kind,status\n"
NEW = HEAD + "Abdou Keïta | foreign minister | ML,SN,Dakar,2023-03-09,2023-03-10,official,announced\n"


@pytest.fixture(autouse=True)
def _on_the_day() -> object:
    with time_machine.travel(factories.NOW, tick=False):
        yield


def export(desk: Client, table: str, form: str = "csv") -> bytes:
    answer = desk.get(f"/admin/tables/{table}.{form}")
    assert answer.status_code == 200
    return answer.content


def dry(desk: Client, table: str, content: bytes | str) -> Any:
    sent = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile("table.csv", sent)
    return desk.post("/admin/tables/", {"table": table, "file": file}, headers=ENGLISH)


def verdicts(page: Any) -> list[str]:
    return [one.verdict.value for one, _label in page.context["outcomes"]]


def done(desk: Client, table: str, content: bytes | str) -> Any:
    """The dry run, and then its button."""
    page = dry(desk, table, content)
    hidden = {"table": table, "content": page.context["content"], "filename": "table.csv", "do": "1"}
    answer = desk.post("/admin/tables/", hidden, headers=ENGLISH)
    assert verdicts(answer) == verdicts(page)
    return answer


def everything() -> dict[str, list[Any]]:
    """All rows of the domain but those of what came in, which an import adds to."""
    kept = {"communique", "communiqueversion", "extraction", "proposal", "claim", "evidence", "source"}
    models = [model for model in apps.get_app_config("diplomacy").get_models() if model._meta.model_name not in kept]
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}


def _diary() -> None:
    """Visits of every state and shape, and a directory."""
    host = Somebody(name="Binta Sow", title="Ministre", country="ML", role=Role.COUNTERPART, side=Side.HOST)
    inviter = Somebody(name="Binta Sow", title="Ministre", country="ML", role=Role.INVITED_BY, side=Side.HOST)
    company = Somebody(name="Rui; Costa | Lima", title="=1+1", country="BR", role=Role.MEMBER)
    members = (*factories.VISIT.members, company, host, inviter)
    factories.visit(replace(factories.VISIT, members=members, kind=VisitKind.OFFICIAL, cities=("Bamako", "Mopti")),
                    factories.PRESS)  # fmt: skip
    statuses = (VisitStatus.CONFIRMED, VisitStatus.UNDER_WAY, VisitStatus.CONCLUDED)
    for number, status in enumerate(statuses, start=3):
        made = factories.visit(start_on=dt.date(2023, number, 7), end_on=dt.date(2023, number, 8))
        lifecycle.set_status(made, status, LATER)
    cancelled = factories.visit(start_on=dt.date(2024, 1, 7), end_on=dt.date(2024, 1, 8))
    lifecycle.cancel(cancelled, LATER)
    postponed = factories.visit(start_on=dt.date(2024, 5, 7), end_on=dt.date(2024, 5, 8))
    lifecycle.postpone(postponed, LATER, start_on=dt.date(2024, 6, 1), end_on=dt.date(2024, 6, 2))
    factories.visit(start_on=None, end_on=None, date_text="in spring", published=False)
    factories.tenure()
    factories.organisation()
    _diary_items()


def _diary_items() -> None:
    """Items of every precision, of a visit and of nobody's visit."""
    people = (Somebody(name="Ana Prado"), Somebody(title="Ministre; de tout"))
    of_visit = [
        replace(factories.PRESS, end_time=dt.time(0, 30), ends_next_day=True, title="=Point | presse", city="Mopti",
                venue="Hôtel; salle 2", participants=people, press_access=PressAccess.POOL),
        replace(factories.PRESS, precision=Precision.PART_OF_DAY, start_time=None, part_of_day=PartOfDay.EVENING),
        ItemFacts(kind=ItemKind.SIGNING, title="A"),
        ItemFacts(kind=ItemKind.SIGNING, title="B", status=ItemStatus.CANCELLED),
        ItemFacts(kind=ItemKind.WORKING_MEAL, precision=Precision.DURATION, duration_minutes=45),
        ItemFacts(kind=ItemKind.SPEECH, precision=Precision.TBC, day=dt.date(2023, 2, 8)),
        ItemFacts(kind=ItemKind.ARRIVAL, precision=Precision.DAY, day=dt.date(2023, 2, 7)),
    ]  # fmt: skip
    made = factories.visit(factories.VISIT, *of_visit, start_on=dt.date(2025, 2, 7), end_on=dt.date(2025, 2, 8))
    lifecycle.postpone(made, LATER)
    factories.item(participants=(Somebody(name="Ana Prado", country="BR"),), zone="America/Sao_Paulo")


@pytest.mark.parametrize("form", list(TableFormat))
@pytest.mark.parametrize("table", ["visits", "items", "people", "offices", "tenures"])
def test_an_export_imported_changes_nothing(desk: Client, table: str, form: TableFormat) -> None:
    _diary()
    before = everything()
    answer = dry(desk, table, export(desk, table, form))
    assert set(verdicts(answer)) == {"same"}, [
        (one.verdict, one.what, one.why) for one, _l in answer.context["outcomes"]
    ]
    hidden = {"table": table, "content": answer.context["content"], "filename": "t", "do": "1"}
    desk.post("/admin/tables/", hidden)
    assert everything() == before
    assert not Proposal.objects.filter(state="waiting").exists()


def test_an_export_without_its_ids_is_recognised(desk: Client) -> None:
    factories.visit(factories.VISIT)
    rows = [{**row.cells, "id": ""} for row in read_table(export(desk, "visits"))]
    columns = tuple(rows[0])
    assert verdicts(done(desk, "visits", write_table(columns, rows, TableFormat.CSV))) == ["same"]
    assert Visit.objects.count() == 1


def test_a_dry_run_says_what_would_be_and_does_nothing(desk: Client) -> None:
    factories.visit(factories.VISIT)
    before, proposals = everything(), Proposal.objects.count()
    page = dry(
        desk,
        "visits",
        NEW + ",SN,,,,,\nX,ZZ,,,,,\nX,SN,,2023-13-01,,,\nX,SN,,2023-02-09,2023-02-01,,\nX,SN,,,,grand,\n",
    )
    assert verdicts(page) == ["made", "refused", "refused", "refused", "refused", "refused"]
    why = [one.why[0] for one, _label in page.context["outcomes"][1:]]
    assert "The visitor is missing" in why[0]
    assert "ZZ" in why[1]
    assert "2023-13-01" in why[2]
    assert "before the first" in why[3]
    assert "grand" in why[4]
    assert [one.number for one, _label in page.context["outcomes"]] == [2, 3, 4, 5, 6, 7]
    assert (everything(), Proposal.objects.count()) == (before, proposals)
    assert "Nothing has been done yet." in page.content.decode()


def test_new_visits_are_drafts_with_the_words_of_their_row(desk: Client) -> None:
    done(desk, "visits", NEW)
    visit = Visit.objects.get()
    assert (visit.publication, visit.host_country_id, str(visit.start_on), visit.kind) == (
        "draft", "SN", "2023-03-09", "official",
    )  # fmt: skip
    page = desk.get(f"/admin/visits/{visit.pk}/", headers=ENGLISH).content.decode()
    assert "<q>2023-03-09</q>" in page
    for row in visit.evidence.select_related("proposal__extraction__version"):
        assert row.proposal.extraction.version.text[row.start : row.end] == row.quote
    assert verdicts(done(desk, "visits", NEW)) == ["same"]
    assert Visit.objects.count() == 1


def test_a_change_is_made_where_an_import_said_it_before(desk: Client) -> None:
    done(desk, "visits", NEW)
    page = done(desk, "visits", NEW.replace("2023-03-10", "2023-03-11"))
    assert verdicts(page) == ["changed"]
    assert str(Visit.objects.get().end_on) == "2023-03-11"


def test_what_an_editor_decided_becomes_a_proposal(desk: Client, editor: Any) -> None:
    done(desk, "visits", NEW)
    lifecycle.postpone(Visit.objects.get(), Act(now=factories.NOW, by=editor), start_on=dt.date(2023, 4, 1),
                       end_on=dt.date(2023, 4, 2))  # fmt: skip
    exported = export(desk, "visits").decode("utf-8-sig").replace("2023-04-01", "2023-04-05")
    page = done(desk, "visits", exported)
    assert verdicts(page) == ["waits"]
    visit = Visit.objects.get()
    assert str(visit.start_on) == "2023-04-01"
    assert Proposal.objects.get(state="waiting").visit == visit


def test_a_visit_made_by_hand_is_not_changed(desk: Client) -> None:
    visit = factories.visit(factories.VISIT)
    before = Revision.objects.count()
    changed = export(desk, "visits").decode("utf-8-sig").replace("2023-02-08", "2023-02-09")
    assert verdicts(done(desk, "visits", changed)) == ["waits"]
    visit.refresh_from_db()
    assert (str(visit.end_on), Revision.objects.count()) == ("2023-02-08", before)


def test_an_empty_cell_takes_nothing_away(desk: Client) -> None:
    done(desk, "visits", NEW)
    assert verdicts(done(desk, "visits", HEAD + "Abdou Keïta,SN,,2023-03-09,,,\n")) == ["same"]
    assert str(Visit.objects.get().end_on) == "2023-03-10"


def test_an_id_that_is_unknown_or_of_another_host_is_refused(desk: Client) -> None:
    visit = factories.visit(factories.VISIT)
    table = "id,visitors,host_country\n"
    for pk, host in (("00000000-0000-0000-0000-000000000000", "ML"), ("nonsense", "ML"), (str(visit.pk), "SN")):
        assert verdicts(done(desk, "visits", f"{table}{pk},Ana Prado,{host}\n")) == ["refused"]
    assert Visit.objects.count() == 1


def test_the_directory_is_filled_up_and_never_overwritten(desk: Client) -> None:
    person = factories.person()
    people = f"id,name,country,wikidata_id,spellings\n{person.pk},Ana Prado,FR,Q42,Ана Прадо\n,Zhang San,CN,,\n"
    page = done(desk, "people", people)
    assert verdicts(page) == ["changed", "made"]
    person.refresh_from_db()
    assert (person.country_id, person.wikidata_id) == ("BR", "Q42")
    assert {name.text for name in person.names.all()} == {"Ana Prado", "Ана Прадо"}
    assert "not France" in " ".join(page.context["outcomes"][0][0].why)
    assert verdicts(done(desk, "offices", "title,country,organisation,rank\nChancellor,DE,,head_of_government\n")) == [
        "made"
    ]
    assert Office.objects.get(title="Chancellor").rank == "head_of_government"
    tenures = "person,office,country,starts_on,ends_on\nZhang San,Chancellor,DE,2023-01-01,\nNobody,Chancellor,DE,,\n"
    assert verdicts(done(desk, "tenures", tenures)) == ["made", "refused"]
    assert verdicts(done(desk, "tenures", tenures.replace("2023-01-01,", "2023-01-01,2023-06-01"))) == [
        "changed",
        "refused",
    ]
    assert str(Tenure.objects.get().ends_on) == "2023-06-01"


def test_somebody_who_looks_like_somebody_known_is_a_question(desk: Client) -> None:
    factories.person("Sergey Lavrov", "RU")
    table = "name,country\nSergei Lavrov,RU\n"
    assert verdicts(dry(desk, "people", table)) == ["waits"]
    assert not NameQuestion.objects.exists()
    done(desk, "people", table)
    assert (Person.objects.count(), NameQuestion.objects.get().text) == (1, "Sergei Lavrov")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"PK\x03\x04", b"colour\nblue\n"])
def test_a_file_that_is_no_table_of_ours_is_said(desk: Client, content: bytes) -> None:
    answer = dry(desk, "people", content)
    assert answer.status_code == 200
    assert re.search(r'class="errorlist', answer.content.decode())


def test_who_may_look_exports_and_who_may_decide_imports() -> None:
    factories.visit(factories.VISIT)
    contributor, anybody = Client(), Client()
    contributor.force_login(factories.user(DeskRole.CONTRIBUTOR))
    assert contributor.get("/admin/tables/visits.csv").status_code == 200
    for table in ("visits", "people"):
        assert dry(contributor, table, NEW).status_code == 403
    assert anybody.get("/admin/tables/visits.csv").status_code == 302
    assert contributor.get("/admin/tables/users.csv").status_code == 404
    assert contributor.get("/admin/tables/visits.exe").status_code == 404


def test_identifiers_go_out_and_come_in_as_identifiers(desk: Client) -> None:
    office = factories.office("Chancellor", "DE")
    page = "https://www.wikidata.org/wiki/Q4970706"
    table = f"id,title,country,wikidata_id\n{office.pk},Chancellor,DE,{page}\n,Speaker,DE,Q12x\n"
    assert verdicts(done(desk, "offices", table)) == ["changed", "refused"]
    office.refresh_from_db()
    assert office.wikidata_id == "Q4970706"
    assert b"Q4970706" in export(desk, "offices")


def test_a_tenure_that_an_editors_table_fills_up_is_the_editors(desk: Client) -> None:
    tenure = factories.tenure()
    Tenure.objects.update(is_imported=True)
    ids = f"{tenure.person_id},Ana Prado,{tenure.office_id},Foreign Minister,BR"
    head = "person_id,person,office_id,office,country,starts_on,ends_on\n"
    done(desk, "tenures", f"{head}{ids},2022-01-01,\n")
    assert Tenure.objects.get().is_imported
    done(desk, "tenures", f"{head}{ids},2022-01-01,2023-01-31\n")
    tenure.refresh_from_db()
    assert (tenure.ends_on, tenure.is_imported) == (dt.date(2023, 1, 31), False)


ITEM_HEAD = "visit,day,start_time,part_of_day,kind,title,city,venue,participants,zone\n"


def test_rows_of_items_are_added_changed_and_told_apart(desk: Client, editor: Any) -> None:
    """One file after the other, as an editor would send them; each row as far as it goes, nothing invented."""
    visit = factories.visit(factories.VISIT, factories.PRESS)
    slug, people, number = visit.slug, Person.objects.count(), visit.items.count()
    table = ITEM_HEAD + (
        f"{slug},2023-02-07,9:30,,signing,First,Mopti,Palace,Ana Prado,\n"
        f"{visit.pk},2023-02-07,16:00,,signing,Second,,,| Mayor,\n"
        f"{slug},2023-02-08,,evening,official_dinner,,,,,\n"
        f"{slug},2023-02-07,11:00,,press_conference,,,,,\n"
        ",2023-02-07,18:00,,phone_call,,,,Ana Prado,Africa/Bamako\n"
        ",2023-02-07,20:00,,phone_call,,,,Ana Prado,Africa/Bamako\n"
    )
    page = done(desk, "items", table)
    assert verdicts(page) == ["made", "made", "made", "waits", "made", "made"]
    assert "To change that one, give its id" in page.context["outcomes"][3][0].why[0]
    assert Proposal.objects.get(state="waiting").visit == visit
    assert (visit.items.count(), ProgrammeItem.objects.count(), Person.objects.count()) == (number + 3, 6, people)
    first, dinner = visit.items.get(title="First"), visit.items.get(kind="official_dinner")
    assert (str(first.start_time), str(first.place), first.zone, first.publication) == (
        "09:30:00", "Mopti", "Africa/Bamako", "draft",
    )  # fmt: skip
    assert (dinner.precision, dinner.start_time, str(dinner.day)) == ("part_of_day", None, "2023-02-08")
    quotes = {row.field: row for row in first.evidence.select_related("proposal__extraction__version")}
    assert quotes["items.0.start_time"].quote == "9:30"
    for row in quotes.values():
        assert row.proposal.extraction.version.text[row.start : row.end] == row.quote

    again = done(desk, "items", table)
    assert verdicts(again) == ["same", "same", "same", "kept", "same", "same"]
    assert ProgrammeItem.objects.count() == 6

    moved = f"id,visit,day,start_time,kind,venue,title\n{first.pk},{slug},2023-02-07,10:15,signing,,Other\n"
    page = done(desk, "items", moved)
    assert verdicts(page) == ["changed"]
    assert "“First” stays, “Other” is not taken" in page.context["outcomes"][0][0].why[-1]
    first.refresh_from_db()
    assert (str(first.start_time), first.venue, first.title) == ("10:15:00", "Palace", "First")
    programme.change_item(first, ItemPatch(venue="Town hall"), Act(now=factories.NOW, by=editor))
    table = f"id,kind,venue\n{first.pk},signing,Harbour\n"
    assert verdicts(done(desk, "items", table)) == ["waits"]
    first.refresh_from_db()
    assert first.venue == "Town hall"
    for waiting in Proposal.objects.filter(state="waiting"):
        answer = desk.get(f"/admin/review/{waiting.pk}/", headers=ENGLISH)
        assert (answer.status_code, "Harbour" in answer.content.decode()) == (200, waiting.item == first)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"kind": ""}, "kind"),
        ({"kind": "party"}, "kind"),
        ({"day": "07/02/2023"}, "day"),
        ({"start_time": "9h30"}, "start_time"),
        ({"start_time": "25:00"}, "start_time"),
        ({"day": "", "start_time": "9:30"}, "start_time"),
        ({"end_time": "9:30"}, "end_time"),
        ({"start_time": "9:30", "part_of_day": "morning"}, "part_of_day"),
        ({"precision": "exact"}, "precision"),
        ({"start_time": "9:30", "precision": "tbc"}, "precision"),
        ({"part_of_day": "morning", "precision": "order"}, "precision"),
        ({"duration_minutes": "an hour"}, "duration_minutes"),
        ({"zone": "CET or so"}, "zone"),
        ({"participants": "Ana Prado | minister"}, "participants"),
        ({"title": "x" * 301}, "title"),
    ],
)
def test_a_cell_that_cannot_be_read_is_said_with_its_column(cells: dict[str, str], column: str) -> None:
    row = Row(2, {"kind": "signing", "day": "2023-02-07", **cells})
    with translation.override("en"), pytest.raises(RefusedError, match=f"olumn “{column}”"):
        item_draft(row, 0)


def test_a_row_of_an_item_that_fits_nothing_known_is_refused(desk: Client) -> None:
    visit, line = factories.visit(factories.VISIT), factories.item()
    cancelled = factories.visit(start_on=dt.date(2024, 1, 7), end_on=dt.date(2024, 1, 8))
    lifecycle.cancel(cancelled, LATER)
    before = everything()
    page = dry(desk, "items", "id,visit,kind,city,participants\n" + (
        "nonsense,,press_conference,,\n"
        f"{line.pk},,signing,,\n"
        f"{line.pk},{visit.slug},press_conference,,\n"
        f"{line.pk},,press_conference,Bamako,\n"
        ",no-such-visit,signing,,\n"
        f",{visit.slug}; {cancelled.slug},signing,,\n"
        f",{cancelled.slug},signing,,\n"
        ",,signing,,\n"
        ",,signing,Bamako,Ana Prado\n"
    ))  # fmt: skip
    assert set(verdicts(page)) == {"refused"}
    columns = [re.search(r"Column “(\w+)”", one.why[0]) for one, _label in page.context["outcomes"][1:]]
    assert [found and found[1] for found in columns] == [
        "kind", "visit", "city", "visit", "visit", "visit", "participants", "city",
    ]  # fmt: skip
    assert everything() == before
