"""Sources are looked into in their time, one never blocks another, and each says how it is doing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from agenda.desk.sources import state_of_source
from diplomacy.communiques import tasks
from diplomacy.communiques.models import Communique, Source, SourceHealth, SourceKind
from diplomacy.communiques.sources import polling, rhythm, wording
from diplomacy.communiques.sources.outcome import Tools

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

NOW = dt.datetime(2023, 2, 7, 9, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def source(source_of: Callable[..., Source], tmp_path: Path) -> Source:
    (tmp_path / "press").mkdir()
    return source_of(SourceKind.FOLDER, "press", interval_minutes=10)


def test_a_source_is_due_after_its_interval_and_not_while_somebody_is_at_it(source: Source, tools: Tools) -> None:
    assert polling.due(NOW) == [source.pk]
    assert polling.look_into(source.pk, now=NOW, tools=tools) is not None
    assert polling.due(NOW + 9 * MINUTE) == []
    assert polling.look_into(source.pk, now=NOW, tools=tools) is None
    assert polling.due(NOW + 10 * MINUTE) == [source.pk]
    SourceHealth.objects.update(lease_until=NOW + 16 * MINUTE)
    assert polling.due(NOW + 10 * MINUTE) == []
    assert polling.due(NOW + 17 * MINUTE) == [source.pk], "who held it is dead"


def test_paused_and_handed_in_ones_are_not_looked_into(source: Source, tools: Tools) -> None:
    Source.objects.create(name="Desk", slug="desk", kind=SourceKind.DESK)
    polling.due(NOW)
    Source.objects.filter(pk=source.pk).update(is_enabled=False)
    assert polling.due(NOW) == []
    assert polling.look_into(source.pk, now=NOW, tools=tools) is None


def test_one_that_fails_says_so_and_is_tried_again(source: Source, tools: Tools, tmp_path: Path) -> None:
    (tmp_path / "press").rmdir()
    polling.due(NOW)
    polling.look_into(source.pk, now=NOW, tools=tools)
    source.refresh_from_db()
    with translation.override("en"):
        assert "The folder is not there or cannot be written." in state_of_source(source)
    assert polling.due(NOW + 10 * MINUTE) == [source.pk]
    (tmp_path / "press").mkdir()
    polling.look_into(source.pk, now=NOW + 10 * MINUTE, tools=tools)
    source.refresh_from_db()
    with translation.override("en"):
        assert state_of_source(source).startswith("Fine; last looked into ")


def test_an_error_nobody_foresaw_frees_the_source_and_is_not_swallowed(
    source: Source, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    polling.due(NOW)
    monkeypatch.setitem(polling.CHANNELS, SourceKind.FOLDER, lambda *_args, **_named: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        polling.look_into(source.pk, now=NOW, tools=tools)
    assert SourceHealth.objects.get().error == "unexpected: ZeroDivisionError"
    assert polling.due(NOW + 10 * MINUTE) == [source.pk]


def test_the_task_takes_what_lies_in_the_folder(
    source: Source, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.AGENDA_INBOX = tmp_path
    monkeypatch.setattr(tasks.poll_source, "delay", tasks.poll_source.run)
    (tmp_path / "press" / "note.txt").write_text("Visite officielle")
    assert tasks.poll_sources() == 1
    assert tasks.poll_sources() == 0
    SourceHealth.objects.update(next_poll_at=NOW)
    assert tasks.poll_sources() == 1
    assert Communique.objects.get().title == "Visite officielle"
    assert SourceHealth.objects.get().arrived_at is not None


@pytest.mark.parametrize(
    ("kind", "address", "is_good"),
    [
        (SourceKind.FEED, "https://ministry.example/rss", True),
        (SourceKind.FEED, "https://user:word@ministry.example/rss", False),
        (SourceKind.PAGE, "ftp://ministry.example/", False),
        (SourceKind.PAGE, "", False),
        (SourceKind.FOLDER, "press-2", True),
        (SourceKind.FOLDER, "../etc", False),
        (SourceKind.FOLDER, "/etc", False),
        (SourceKind.FOLDER, "", False),
        (SourceKind.MAILBOX, "PRESS", True),
        (SourceKind.MAILBOX, "imaps://a:b@mail.example", False),
        (SourceKind.DESK, "", True),
    ],
)
def test_an_address_fits_its_channel(kind: SourceKind, address: str, is_good: bool) -> None:
    source = Source(name="x", slug="x", kind=kind, address=address)
    if is_good:
        source.full_clean()
    else:
        with pytest.raises(ValidationError, match="address"):
            source.full_clean()


@pytest.mark.parametrize(
    ("days", "now", "quiet"),
    [
        ([0, 7, 14, 21, 28], 35, False),
        ([0, 7, 14, 21, 28], 50, True),
        ([0, 7, 14], 400, False),
        ([0, 0, 0, 0, 0], 1, False),
        ([0, 0, 0, 0, 0], 3, True),
        ([], 3, False),
    ],
)
def test_quiet_is_judged_by_the_usual_pause(days: list[int], now: int, quiet: bool) -> None:
    day = dt.timedelta(days=1)
    assert rhythm.is_strangely_quiet([NOW + n * day for n in days], NOW + now * day) is quiet


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_error_has_a_sentence_in_both_languages(language: str) -> None:
    with translation.override(language):
        said = [wording.said_of_source(f"{code}: x.example") for code in wording._SENTENCES]
        assert wording.said_of_source("file:no_text").startswith("There is no" if language == "en" else "Il n")
    assert all(sentence.endswith(". (x.example)") for sentence in said)
    if language == "fr":
        assert not {str(text) for text in wording._SENTENCES.values()} & set(said)


def test_the_desk_lists_sources_and_an_editor_adds_one(desk: Client, source: Source) -> None:
    page = desk.get("/admin/diplomacy/source/", headers={"accept-language": "en"}).content.decode()
    assert "Not looked into yet." in page
    form = {
        "name": "Ministry", "slug": "ministry", "kind": "page", "address": "http://127.0.0.1:8000/", "is_enabled": "on",
        "interval_minutes": "15", "trust": "other", "language": "", "zone": "", "owner": "", "licence_note": "",
    }  # fmt: skip
    answer = desk.post("/admin/diplomacy/source/add/", form, headers={"accept-language": "en"})
    assert "Give a web address such as https://ministry.example/news" in answer.content.decode()
    form["address"] = "https://m.example/"
    assert desk.post("/admin/diplomacy/source/add/", form).status_code == 302
    added = Source.objects.get(slug="ministry")
    change = f"/admin/diplomacy/source/{added.pk}/change/"
    inlines = [one.formset for one in desk.get(change).context["inline_admin_formsets"]]
    shown = [field for one in inlines for part in (one.management_form, *one.forms) for field in part]
    values = {field.html_name: field.value() for field in shown}
    unchanged = {name: value for name, value in values.items() if value is not None and value is not False}
    answer = desk.post(change, {**form, **unchanged, "kind": "feed"})
    added.refresh_from_db()
    assert (answer.status_code, added.kind) == (302, "page"), "identities hang on the channel"
