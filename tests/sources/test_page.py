"""A watched page: a new version when its words change, and politeness."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.core.cache import cache

from diplomacy.communiques import tasks
from diplomacy.communiques.models import Communique, CommuniqueVersion, Source, SourceKind
from diplomacy.communiques.sources import page
from diplomacy.communiques.sources.outcome import BusyError, Outcome, SourceError, Tools
from diplomacy.communiques.sources.web import PATIENCE, page_while_waiting
from tests.fetching.server import Web

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

NOW = dt.datetime(2023, 2, 7, 9, tzinfo=dt.UTC)
URL = "http://ministry.example/agenda"


@pytest.fixture
def source(source_of: Callable[..., Source]) -> Source:
    return source_of(SourceKind.PAGE, URL)


def look(source: Source, tools: Tools, served: Web, text: str, *, menu: str = "", **headers: str) -> Outcome:
    content = f"<html><head><title>Agenda</title></head><body><nav>{menu}</nav><p>{text}</p></body></html>"
    served.pages[URL] = (200, {"Content-Type": "text/html; charset=utf-8", **headers}, content.encode())
    outcome = page.poll(source, {}, now=NOW, tools=tools)
    for version in CommuniqueVersion.objects.filter(text=""):
        tasks.read_version(version.pk)
    return outcome


def test_a_page_is_a_new_version_each_time_its_words_change(source: Source, tools: Tools, served: Web) -> None:
    assert look(source, tools, served, "Le ministre se rendra à Dakar le 9 février.").received == 1
    again = look(source, tools, served, "Le ministre se rendra à Dakar le 9 février.", menu="<a>new menu</a>")
    assert (again.received, again.known) == (0, 1)
    assert look(source, tools, served, "Le ministre se rendra à Dakar le 10 février.").received == 1
    communique = Communique.objects.get()
    assert (communique.identity, communique.versions.count(), communique.title) == (URL, 2, "Agenda")
    assert communique.state == "waiting_for_date", "nobody said when it was published"


def test_it_is_asked_for_again_only_if_it_has_changed(source: Source, tools: Tools, served: Web) -> None:
    memory = look(source, tools, served, "Visite", ETag='"5"').memory
    served.pages[URL] = (304, {}, b"")
    outcome = page.poll(source, memory, now=NOW, tools=tools)
    assert (outcome.received, outcome.known, outcome.memory) == (0, 0, memory)
    assert served.asked[-1][1]["if-none-match"] == '"5"'


@pytest.mark.parametrize(
    ("robots", "code"),
    [
        ((200, {}, b"User-agent: *\nDisallow: /agenda"), "robots"),
        ((200, {}, b"User-agent: Agenda-test\nDisallow: /"), "robots"),
        ((503, {}, b""), "robots"),
        ((200, {}, b"User-agent: *\nDisallow: /private"), ""),
        ((200, {}, b"User-agent: other\nDisallow: /"), ""),
        ((404, {}, b""), ""),
        ((200, {}, b"\xff\xfe nonsense"), ""),
    ],
)
def test_robots_txt_is_asked_and_heeded(
    source: Source, tools: Tools, served: Web, robots: tuple[int, dict[str, str], bytes], code: str
) -> None:
    served.pages["http://ministry.example/robots.txt"] = robots
    if code:
        with pytest.raises(SourceError, match=code):
            look(source, tools, served, "Visite")
        assert len(served.asked) == 1
    else:
        assert look(source, tools, served, "Visite").received == 1


def test_a_page_that_is_a_file_is_received_as_one(source: Source, tools: Tools, served: Web) -> None:
    served.pages[URL] = (200, {"Content-Type": "text/plain"}, "Le ministre se rendra à Dakar.".encode())
    assert page.poll(source, {}, now=NOW, tools=tools).received == 1


def test_a_page_without_words_is_said(source: Source, tools: Tools, served: Web) -> None:
    served.pages[URL] = (200, {"Content-Type": "text/html"}, b"<html><body><script>app()</script></body></html>")
    with pytest.raises(SourceError, match="file:no_text"):
        page.poll(source, {}, now=NOW, tools=tools)


def test_an_internal_address_is_never_asked(source: Source, tools: Tools, served: Web) -> None:
    served.names["ministry.example"] = [["127.0.0.1"]]
    with pytest.raises(SourceError, match=r"address: ministry\.example"):
        page.poll(source, {}, now=NOW, tools=tools)
    assert not served.connected


def test_somebody_who_waits_is_turned_away_where_a_host_was_asked_just_now(
    monkeypatch: pytest.MonkeyPatch, tools: Tools, served: Web
) -> None:
    now = 0.0

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    monkeypatch.setattr(tasks, "time", SimpleNamespace(monotonic=lambda: now, sleep=sleep))
    monkeypatch.setattr(cache, "add", lambda *_args, **_given: False)
    with pytest.raises(BusyError, match=r"ministry\.example"):
        page_while_waiting(URL, replace(tools, pace=tasks._pace))
    assert now == pytest.approx(PATIENCE, abs=0.3)
    assert [url for url, _headers in served.asked] == ["http://ministry.example/robots.txt"]
