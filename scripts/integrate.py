"""What an integrator does with Agenda, done once on a diary of its own (docs/tutorials/integrate.md).

    sh docs/tutorials/integrate.sh

A web server, a broker, a worker, a receiver of webhooks that speaks TLS and a mail server are started on loopback, in a
temporary folder; everything is done over HTTP. The one thing that is not as in earnest: the receiver's name,
receiver.example, leads to loopback, which a diary refuses.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import Empty, Queue
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.chdir(ROOT)
PATIENCE = 60.0  # seconds, for each thing that is waited for
READER = "reader@example.org"
TEXT = """Le ministre kényan des Affaires étrangères, Joseph Kamau, effectuera une visite officielle à Bamako, au Mali,
du {first} au {last}.

Programme du {first} :
9 h 00 : entretien avec le ministre malien des Affaires étrangères, Moussa Keïta
{hour} : conférence de presse
"""


class Diary:
    """The diary over HTTP, as whoever has `token`."""

    def __init__(self, base: str, token: str) -> None:
        self.base, self.token = base, token

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[Any, dict[str, str]]:
        """The body (JSON made into values) and the headers of a good answer."""
        form = isinstance(body, str)
        sent = {"Accept-Language": "en", **headers}
        if path.startswith("/api/"):
            sent["Authorization"] = f"Token {self.token}"
        if body is not None and not form:
            sent["Content-Type"] = "application/json"
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode() if body is not None else None
        address = path if path.startswith("http") else self.base + path
        request = urllib.request.Request(  # noqa: S310  our own server on loopback
            address, data, {k.replace("_", "-"): v for k, v in sent.items()}, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                text = answer.read().decode()
                is_json = "json" in answer.headers.get("Content-Type", "")
                return (json.loads(text) if is_json and text else text), dict(answer.headers.items())
        except urllib.error.HTTPError as error:
            sys.exit(f"{method} {path}: {error.code} {error.read().decode()[:600]}")

    def get(self, path: str) -> Any:
        """What is there."""
        return self.ask("GET", path)[0]


def say(text: str) -> None:
    """One line of the tour."""
    print(f"  {text}", flush=True)


def until(what: str, found: Callable[[], Any]) -> Any:
    """What is found, once it is."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if value := found():
            return value
        time.sleep(0.1)
    sys.exit(f"waited in vain for {what}")


@contextmanager
def web(port: int) -> Iterator[None]:
    """The diary's web server."""
    command = [sys.executable, "-m", "gunicorn", "agenda.wsgi", "--bind", f"127.0.0.1:{port}", "--log-level", "warning",
               "--worker-class", "gthread", "--threads", "4"]  # fmt: skip
    process = subprocess.Popen(command)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=15)


def free_port() -> int:
    """A port nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def hand_in(diary: Diary, text: str, day: dt.date) -> str:
    """Hand a text in, wait until it is read; its id."""
    given = {"text": text, "published_on": day.isoformat(), "language": "fr", "identity": "visit"}
    communique = diary.ask("POST", "/api/v1/communiques/", given)[0]
    path = f"/api/v1/communiques/{communique['id']}/"
    state = until("the text to be read", lambda: (s := diary.get(path)["state"]) in {"read", "failed"} and s)
    say(f"handed in a text: {state}")
    return str(communique["id"])


def accept_all(diary: Diary, communique: str) -> int:
    """Accept everything that waits of a text, and show it to readers; how many proposals it was."""
    count = 0
    while found := diary.get(f"/api/v1/proposals/?communique={communique}&state=waiting")["results"]:
        path = f"/api/v1/proposals/{found[0]['id']}/"
        headers = diary.ask("GET", path)[1]
        diary.ask("POST", f"{path}accept/", {"publish": True}, If_Match=headers["ETag"])
        count += 1
    say(f"accepted and published: {count}")
    return count


def received(got: Queue[Any], secret: str, type_: str) -> dict[str, Any]:
    """The first webhook of that type, verified by the library of the specification's authors."""
    from standardwebhooks import Webhook

    while True:
        headers, body = got.get(timeout=PATIENCE)
        said: dict[str, Any] = Webhook(secret).verify(body, headers)
        say(f"webhook, verified: {said['type']}")
        if said["type"] == type_:
            return said


def follow_by_mail(diary: Diary, mails: Queue[Any]) -> None:
    """Ask to be told by mail, and confirm by the link in the mail."""
    diary.get("/feeds/en/all.ics")
    asked = {"email": READER, "rhythm": "at_once", "hour": 7, "weekday": 0, "zone": "UTC"}
    diary.ask("POST", "/en/alerts/?feed=all", urlencode(asked))
    text = mails.get(timeout=PATIENCE).get_content()
    link = next(line for line in text.splitlines() if line.startswith(diary.base))
    diary.ask("POST", link, urlencode({"act": "confirm"}))
    say("followed everything by mail, confirmed by the link of the mail")


def mirror(diary: Diary, begin: str) -> tuple[dict[str, Any], str]:
    """What changed from an address of `changes/` on, by id, and where to go on later."""
    rows: dict[str, Any] = {}
    address = begin
    while True:
        page = diary.get(address)
        rows |= {row["id"]: row["visit"] or row["item"] for row in page["results"]}
        address = page["next"]
        if not page["has_more"]:
            say(f"mirrored: {len(rows)} changed")
            return rows, address


def tour(diary: Diary, got: Queue[Any], mails: Queue[Any]) -> None:
    """The whole of it."""
    made = {"label": "tour", "target": "https://receiver.example/hook", "hears_of_communiques": True}
    secret = diary.ask("POST", "/api/v1/webhooks/", made)[0]["secret"]
    say("made a webhook; its secret was shown once")
    follow_by_mail(diary, mails)
    today = dt.datetime.now(dt.UTC).date()
    first, last = (format_date(today + dt.timedelta(days=days), "d MMMM y", locale="fr") for days in (1, 2))
    began = (dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)).isoformat().replace("+00:00", "Z")
    communique = hand_in(diary, TEXT.format(first=first, last=last, hour="11 h 15"), today)
    received(got, secret, "communique.read")
    accept_all(diary, communique)
    received(got, secret, "item.added")
    copy, later = mirror(diary, f"/api/v1/changes/?updated_since={began}")
    briefing = next(row for row in copy.values() if row["kind"] == "press_conference")
    hand_in(diary, TEXT.format(first=first, last=last, hour="14 h 15"), today)
    accept_all(diary, communique)
    moved = received(got, secret, "item.moved")["data"]
    say(f"  {moved['changes']}")
    check(moved["id"] == briefing["id"] and moved["now"]["start_time"] == "14:15", "the webhook")
    changed, _later = mirror(diary, later)
    check(briefing["id"] in changed, "the mirror")
    check("14:15" in json.dumps(diary.get(f"/api/v1/items/{briefing['id']}/")), "the API")
    check("T141500" in diary.get("/feeds/en/all.ics"), "the calendar")
    check("14:15" in diary.get("/feeds/en/all.atom"), "the feed of changes")
    try:
        mail = until("the mail", lambda: (m := mails.get(timeout=PATIENCE)) and "14:15" in text_of(m) and m)
    except Empty:
        sys.exit("no mail came")
    say(f"  {mail['Subject'].strip()}")
    check(any(part.get_content_type() == "text/calendar" for part in mail.walk()), "the mail, with its .ics")


def text_of(mail: Any) -> str:
    """The words of a mail."""
    return str(mail.get_body(("plain",)).get_content())


def check(holds: bool, where: str) -> None:
    """Say that the change arrived, or end."""
    if not holds:
        sys.exit(f"the change did not arrive in {where}")
    say(f"the move is in {where}")


def main() -> int:
    """Start everything, take the tour, stop everything."""
    from tests.alerts.sink import sink
    from tests.webhooks.running import broker, receiver, worker

    port = free_port()
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="agenda-tour-")))
        smtp, mails = running.enter_context(sink())
        receiving, got = running.enter_context(receiver(folder))
        environment = {
            "AGENDA_MODE": "diary", "AGENDA_DATA": str(folder), "PORT": str(port), "AGENDA_LANGUAGE": "fr",
            "AGENDA_SMTP": f"smtp://127.0.0.1:{smtp}", "DJANGO_SETTINGS_MODULE": "agenda.settings",
            "REDIS_SOCKET": str(running.enter_context(broker(folder))), "RECEIVER_PORT": str(receiving),
            "RECEIVER_CA": str(folder / "ca.pem"),
        }  # fmt: skip
        os.environ.update(environment)
        base, token = f"http://127.0.0.1:{port}", prepare()
        running.enter_context(web(port))
        running.enter_context(worker(environment))
        diary = Diary(base, token)
        until("the diary", lambda: is_up(base))
        print(f"A diary of its own on {base}:", flush=True)
        tour(diary, got, mails)
    print("The change arrived everywhere.")
    return 0


def is_up(base: str) -> bool:
    """Whether the web server answers."""
    try:
        with urllib.request.urlopen(f"{base}/robots.txt", timeout=5):  # noqa: S310
            return True
    except OSError:
        return False


def prepare() -> str:
    """Make the database and a token of an editor."""
    import django

    django.setup()
    from django.core.management import call_command

    from agenda.tokens.models import make_token
    from agenda.tokens.scopes import Scope
    from diplomacy.accounts.models import User
    from diplomacy.accounts.roles import DeskRole

    call_command("migrate", verbosity=0, interactive=False)
    editor = User.objects.create_with_role("integrator", role=DeskRole.EDITOR)
    _row, token = make_token(editor, label="tour", scopes=[scope.value for scope in Scope])
    return token


if __name__ == "__main__":
    sys.exit(main())
