"""Send thirty invented documents through every channel of the diary that ./run has started.

    .venv/bin/python scripts/try_every_channel.py [--mailbox NAME]

The files are made in the data folder (samples/DAY), text, mail, HTML, PDF, Word, OpenDocument and iCalendar in
French, English, Spanish and Portuguese. They are pasted and uploaded at the desk, submitted by the API, handed to
`manage.py receive`, put into a watched folder, and served on loopback as web page, news feed and calendar; two are put
into a mailbox where one is named that the settings know (AGENDA_MAILBOX_NAME). Its sources stay at the desk, paused.
AGENDA_MODE is demo unless it is set. Done twice on a day, everything is known the second time.
"""

from __future__ import annotations

import argparse
import datetime as dt
import html
import io
import os
import sys
import textwrap
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.chdir(ROOT)
os.environ.setdefault("AGENDA_MODE", "demo")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agenda.settings")

import django  # noqa: E402
import redis  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import DatabaseError  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from agenda.tokens.models import make_token, revoke_token  # noqa: E402
from diplomacy.accounts.models import User  # noqa: E402
from diplomacy.communiques import tasks  # noqa: E402
from diplomacy.communiques.models import Source, SourceKind  # noqa: E402
from diplomacy.communiques.samples import dated  # noqa: E402
from diplomacy.communiques.sources.mailbox import opened  # noqa: E402
from diplomacy.communiques.sources.outcome import SourceError, Tools  # noqa: E402
from diplomacy.communiques.sources.polling import CHANNELS  # noqa: E402
from tests.documents.files import mail, open_document, pdf, word  # noqa: E402
from tests.fetching.server import Web, web  # noqa: E402

TODAY = timezone.now().date()
HOST = "http://ministry.example"  # stands for any: it is served from loopback, nobody else is asked
EDITOR = "editor"


@dataclass(frozen=True, slots=True)
class Document:
    """One file with the channel it arrives by."""

    channel: str
    name: str
    text: str
    content: bytes


def main() -> int:
    """Make the files, send them, say where they are shown; 1 where a channel failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mailbox", metavar="NAME", help="a mailbox of the settings: AGENDA_MAILBOX_NAME")
    name: str | None = parser.parse_args().mailbox
    try:
        cache.get("anything")
        editor = User.objects.filter(username=EDITOR).first()
    except (DatabaseError, redis.RedisError):
        editor = None
    if editor is None:
        print("No diary is running. Start ./run, leave it running, and call this in another terminal.")
        return 1
    folder = settings.AGENDA_DATA / "samples" / TODAY.isoformat()
    folder.mkdir(parents=True, exist_ok=True)
    documents = list(made(folder))
    print(f"{len(documents)} documents made in {folder}")
    failed = send(documents, folder, editor, mailbox=name)
    print(
        f"Look at {settings.AGENDA_BASE_URL}/admin/intake/ (user {EDITOR}): read, waiting for a date, repeated, failed."
    )
    return 1 if failed else 0


def made(folder: Path) -> Iterable[Document]:
    """The documents of samples/channels.toml, dated around today, as files of the folder; those there stay, for a
    Word file made twice is never the same.
    """
    listed = tomllib.loads((ROOT / "samples" / "channels.toml").read_text(encoding="utf-8"))["document"]
    for number, one in enumerate(listed, start=1):
        text = dated(one["text"], one["language"], TODAY) if one["text"] else ""
        path = folder / f"{number:02}-{one['channel']}.{one['kind']}"
        if not path.exists():
            path.write_bytes(_file(one["kind"], text, number))
        yield Document(one["channel"], path.name, text, path.read_bytes())


def _file(kind: str, text: str, number: int) -> bytes:
    """A text as a file of a kind; a PDF without text is one of pictures."""
    if kind == "pdf":
        return pdf(textwrap.wrap(text, 90))
    if kind == "docx":
        return word(text)
    if kind == "odt":
        return open_document(f"<text:p>{html.escape(text)}</text:p>")
    if kind == "html":
        head = f'<title>Communiqué {number}</title><meta property="article:published_time" content="{TODAY}">'
        return f"<!doctype html><html><head>{head}</head><body><main><p>{html.escape(text)}</p></main></body>".encode()
    if kind == "eml":
        sent = dt.datetime.combine(TODAY, dt.time(8), tzinfo=dt.UTC).strftime("%a, %d %b %Y %H:%M:%S +0000")
        return mail(text, Subject=text[:60], Date=sent, Message_ID=f"<{TODAY}-{number}@ministry.example>")
    if kind == "ics":
        return _calendar(text, number)
    return text.encode()


def _calendar(text: str, number: int) -> bytes:
    event = {
        "UID": f"{number}@ministry.example", "DTSTAMP": f"{TODAY:%Y%m%d}T080000Z",
        "DTSTART;VALUE=DATE": f"{TODAY + dt.timedelta(days=8):%Y%m%d}",
        "SUMMARY": text.replace(",", "\\,"),
    }  # fmt: skip
    lines = [f"{name}:{value}" for name, value in event.items()]
    whole = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Ministry//Agenda//EN", "BEGIN:VEVENT", *lines]
    return "\r\n".join([*whole, "END:VEVENT", "END:VCALENDAR", ""]).encode()


def send(documents: list[Document], folder: Path, editor: User, *, mailbox: str | None) -> int:
    """Send everything, one channel after the other, with a line for each; how many channels failed."""
    failed = 0
    pasted = next(one for one in documents if one.channel == "paste")
    with web() as served:
        channels: dict[str, Callable[[list[Document]], str]] = {
            "paste": lambda those: _paste(those, editor),
            "upload": lambda those: _upload(those, editor),
            "api": lambda those: _submit(those, pasted, editor),
            "command": lambda those: _receive(those, folder),
            "folder": _folder,
            "page": lambda those: _page(those, served),
            "feed": lambda those: _feed(those, served),
            "calendar": lambda those: _subscribed(those, served),
        }
        if mailbox:
            channels["mailbox"] = lambda those: _mailbox(those, mailbox)
        else:
            channels["mailbox"] = lambda those: f"left out: no --mailbox is named; {_receive(those, folder)} instead"
        for channel, through in channels.items():
            those = [one for one in documents if one.channel == channel]
            try:
                print(f"  {channel:9} {through(those)}")
            except SourceError as error:
                failed += 1
                print(f"  {channel:9} FAILED: {error}")
    return failed


def _desk(editor: User) -> Client:
    client = Client(SERVER_NAME="127.0.0.1", headers={"accept-language": "en"})
    client.force_login(editor)
    return client


def _posted(editor: User, **fields: object) -> None:
    """Post the desk's form as a browser does."""
    desk = _desk(editor)
    form = {"text": "", "published_on": TODAY.isoformat(), "language": "", "embargo": "", "embargo_zone": "", **fields}
    answer = desk.post("/admin/receive/", form)
    desk.logout()
    if answer.headers.get("Location") != reverse("admin:index"):
        raise SourceError("unexpected", "the desk did not take it")


def _paste(documents: list[Document], editor: User) -> str:
    for one in documents:
        _posted(editor, text=one.text)
    return f"{len(documents)} pasted at the desk"


def _upload(documents: list[Document], editor: User) -> str:
    _posted(editor, file=[SimpleUploadedFile(one.name, one.content) for one in documents])
    return f"{len(documents)} uploaded at once"


def _submit(documents: list[Document], pasted: Document, editor: User) -> str:
    """By the API, and a text that was pasted once more: it is kept once and shown as repeated."""
    token, secret = make_token(editor, label="every channel")
    client = Client(SERVER_NAME="127.0.0.1", headers={"authorization": f"Token {secret}"})
    codes = []
    for one in (*documents, pasted):
        body = {"text": one.text, "published_on": TODAY.isoformat()}
        codes.append(client.post("/api/v1/communiques/", body, content_type="application/json").status_code)
    revoke_token(token, now=timezone.now())
    if set(codes) - {200, 202}:
        raise SourceError("unexpected", f"the API answered {codes}")
    return f"{len(documents)} submitted by the API, and a pasted one again"


def _receive(documents: list[Document], folder: Path) -> str:
    files = [str(folder / one.name) for one in documents]
    call_command("receive", *files, published=TODAY, stdout=io.StringIO())
    return f"{len(documents)} handed to manage.py receive"


def _folder(documents: list[Document]) -> str:
    """Two looks: what changes between them is still written to."""
    place = Path(settings.AGENDA_INBOX) / "samples"
    place.mkdir(parents=True, exist_ok=True)
    for one in documents:
        (place / one.name).write_bytes(one.content)
    _looked_into(SourceKind.FOLDER, "samples", tasks.tools(), looks=2)
    return f"{len(documents)} put into the watched folder {place}"


def _served(documents: list[Document], served: Web, kind: SourceKind, media_type: str) -> None:
    """Each at an address of its own, which is looked into."""
    for one in documents:
        address = f"{HOST}/{one.name}"
        served.pages[address] = (200, {"Content-Type": f"{media_type}; charset=utf-8"}, one.content)
        _looked_into(kind, address, _loopback(served))


def _page(documents: list[Document], served: Web) -> str:
    _served(documents, served, SourceKind.PAGE, "text/html")
    return f"{len(documents)} web page, served on loopback"


def _feed(documents: list[Document], served: Web) -> str:
    entries = ""
    for one in documents:
        link = f"{HOST}/{one.name}"
        served.pages[link] = (200, {"Content-Type": "text/html; charset=utf-8"}, one.content)
        entries += (
            f"<item><title>{html.escape(one.text[:60])}</title><link>{link}</link><guid>{link}</guid>"
            f"<pubDate>{TODAY:%d %b %Y} 08:00:00 GMT</pubDate></item>"
        )
    rss = f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{entries}</channel></rss>'
    served.pages[f"{HOST}/news.xml"] = (200, {"Content-Type": "application/rss+xml"}, rss.encode())
    _looked_into(SourceKind.FEED, f"{HOST}/news.xml", _loopback(served))
    return f"{len(documents)} entries of a news feed, served on loopback"


def _subscribed(documents: list[Document], served: Web) -> str:
    _served(documents, served, SourceKind.CALENDAR, "text/calendar")
    return f"{len(documents)} event of a calendar, served on loopback"


def _mailbox(documents: list[Document], name: str) -> str:
    with opened(tasks.tools().mailbox(name)) as box:
        for one in documents:
            box.append(one.content, box.folder.get() or "INBOX")
    _looked_into(SourceKind.MAILBOX, name, tasks.tools())
    return f"{len(documents)} put into the mailbox {name} and taken from it"


def _looked_into(kind: SourceKind, address: str, tools: Tools, *, looks: int = 1) -> None:
    """Look into a source as the worker does. It stays paused: the worker's own web has no ministry.example."""
    source, _made = Source.objects.get_or_create(
        kind=kind, address=address, is_enabled=False,
        defaults={"name": f"Every channel: {kind.label}", "slug": f"every-channel-{kind.value}"},
    )  # fmt: skip
    memory: dict[str, object] = {}
    for _look in range(looks):
        memory = CHANNELS[kind](source, memory, now=timezone.now(), tools=tools).memory


def _loopback(served: Web) -> Tools:
    """The web of this machine alone, past the guard that no address of it may be asked for: nothing leaves it."""
    return Tools(fetcher=served.fetcher(), pace=lambda _host, _patience: None, mailbox=lambda _name: "", inbox=Path())


if __name__ == "__main__":
    sys.exit(main())
