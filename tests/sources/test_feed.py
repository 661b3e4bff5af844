"""A news feed: each entry once, a changed one as a new version, its day on the clock it states."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from diplomacy.communiques import tasks
from diplomacy.communiques.models import Communique, CommuniqueVersion, Source, SourceKind
from diplomacy.communiques.sources import feed
from diplomacy.communiques.sources.outcome import SourceError, Tools
from tests.fetching.server import Web

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

NOW = dt.datetime(2023, 2, 7, 9, tzinfo=dt.UTC)
HOST = "http://ministry.example"
TEXT = "Le ministre malien des Affaires étrangères effectue une visite à Dakar, au Sénégal, le 9 février. "


def rss(*items: str) -> bytes:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{"".join(items)}</channel></rss>'.encode()


def item(number: int, text: str, *, date: str = "Tue, 07 Feb 2023 00:30:00 +0300", link: bool = False) -> str:
    to = f"<link>{HOST}/news/{number}.html</link>" if link else ""
    return (
        f"<item><title>Communiqué {number}</title><guid>n-{number}</guid>{to}<pubDate>{date}</pubDate>"
        f"<description><![CDATA[<p>{text}</p>]]></description></item>"
    )


@pytest.fixture
def source(source_of: Callable[..., Source]) -> Source:
    return source_of(SourceKind.FEED, f"{HOST}/rss")


def serve(served: Web, content: bytes, **headers: str) -> None:
    served.pages[f"{HOST}/rss"] = (200, {"Content-Type": "application/rss+xml", **headers}, content)


def test_entries_are_received_once_with_their_title_and_their_day(source: Source, tools: Tools, served: Web) -> None:
    serve(served, rss(item(2, TEXT * 8), item(1, "Autre. " * 100)), ETag='"1"')
    outcome = feed.poll(source, {}, now=NOW, tools=tools)
    assert outcome.received == 2
    assert list(Communique.objects.order_by("pk").values_list("title", flat=True).order_by("title")) == [
        "Communiqué 1", "Communiqué 2",
    ]  # fmt: skip
    assert {v.published_on for v in CommuniqueVersion.objects.all()} == {dt.date(2023, 2, 7)}
    serve(served, b"")
    served.pages[f"{HOST}/rss"] = (304, {}, b"")
    again = feed.poll(source, outcome.memory, now=NOW, tools=tools)
    assert (again.received, again.memory) == (0, outcome.memory)
    assert served.asked[-1][1]["if-none-match"] == '"1"'


def test_a_changed_entry_is_a_new_version_of_the_same_communique(source: Source, tools: Tools, served: Web) -> None:
    serve(served, rss(item(1, TEXT * 8)))
    memory = feed.poll(source, {}, now=NOW, tools=tools).memory
    serve(served, rss(item(1, (TEXT * 8).replace("9 février", "10 février")), item(2, TEXT * 9)))
    outcome = feed.poll(source, memory, now=NOW, tools=tools)
    assert outcome.received == 2
    assert Communique.objects.get(identity="n-1").versions.count() == 2
    assert feed.poll(source, outcome.memory, now=NOW, tools=tools).received == 0


def test_a_short_entry_gives_the_page_it_links_to(source: Source, tools: Tools, served: Web) -> None:
    serve(served, rss(item(1, "Lire la suite", link=True)))
    served.pages[f"{HOST}/news/1.html"] = (200, {"Content-Type": "text/html"}, f"<html><body><p>{TEXT}".encode())
    feed.poll(source, {}, now=NOW, tools=tools)
    version = CommuniqueVersion.objects.get()
    tasks.read_version(version.pk)
    version.refresh_from_db()
    assert version.text == TEXT.strip()


def test_an_entry_whose_page_is_not_had_is_tried_again(source: Source, tools: Tools, served: Web) -> None:
    serve(served, rss(item(1, "Suite", link=True), item(2, TEXT * 8)), ETag='"1"')
    outcome = feed.poll(source, {}, now=NOW, tools=tools)
    assert (outcome.received, outcome.memory["etag"]) == (1, ""), "the feed is asked for whole again"
    assert outcome.refused == ["Communiqué 1: status: ministry.example answered 404"]
    served.pages[f"{HOST}/news/1.html"] = (200, {"Content-Type": "text/html"}, b"<p>Visite")
    assert feed.poll(source, outcome.memory, now=NOW, tools=tools).received == 1


@pytest.mark.parametrize(
    ("zone", "date", "day"),
    [
        ("", "Mon, 06 Feb 2023 23:30:00 GMT", dt.date(2023, 2, 6)),
        ("Africa/Nairobi", "Mon, 06 Feb 2023 23:30:00 GMT", dt.date(2023, 2, 7)),
        ("Africa/Nairobi", "Mon, 06 Feb 2023 23:30:00 -0500", dt.date(2023, 2, 6)),
        ("", "2023-02-06T23:30:00+01:00", dt.date(2023, 2, 6)),
        ("", "yesterday", None),
    ],
)
def test_the_day_is_that_of_the_clock_that_is_stated(
    source: Source, tools: Tools, served: Web, zone: str, date: str, day: dt.date | None
) -> None:
    source.zone = zone
    serve(served, rss(item(1, TEXT * 8, date=date)))
    feed.poll(source, {}, now=NOW, tools=tools)
    assert CommuniqueVersion.objects.get().published_on == day


def test_an_atom_feed_and_an_endless_one(source: Source, tools: Tools, served: Web) -> None:
    entries = "".join(
        f"<entry><id>a-{n}</id><title>T{n}</title><updated>2023-02-07T09:00:00Z</updated>"
        f"<content>{TEXT * 8}{n}</content></entry>"
        for n in range(60)
    )
    serve(served, f'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>{entries}</feed>'.encode())
    assert feed.poll(source, {}, now=NOW, tools=tools).received == 50


@pytest.mark.parametrize("content", [b"", b"<html><body>404", b"\x00\x01", b"{}"])
def test_what_is_no_feed_is_said(source: Source, tools: Tools, served: Web, content: bytes) -> None:
    serve(served, content)
    with pytest.raises(SourceError, match="no_feed"):
        feed.poll(source, {}, now=NOW, tools=tools)


def test_entities_are_not_expanded_and_nothing_else_is_asked(source: Source, tools: Tools, served: Web) -> None:
    head = '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "' + "ha" * 50 + '">]>'
    serve(served, head.encode() + rss(item(1, TEXT * 8).replace("Communiqué 1", "&a;&b;")).partition(b"?>")[2])
    feed.poll(source, {}, now=NOW, tools=tools)
    assert "root:" not in str(list(Communique.objects.values_list("title", flat=True)))
    assert [url for url, _headers in served.asked] == [f"{HOST}/robots.txt", f"{HOST}/rss"]
