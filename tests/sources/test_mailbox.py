"""A mailbox, on a real Dovecot: what was received leaves the inbox, what happens in between loses nothing."""

from __future__ import annotations

import datetime as dt
import imaplib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from diplomacy.communiques import intake, tasks
from diplomacy.communiques.models import Communique, CommuniqueVersion, Proposal, Source, SourceKind
from diplomacy.communiques.sources import mailbox
from diplomacy.communiques.sources.outcome import SourceError, Tools
from tests.documents.files import mail, word

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

NOW = dt.datetime(2023, 2, 7, 9, tzinfo=dt.UTC)
TEXT = "Le ministre malien des Affaires étrangères, Abdou Keïta, effectue une visite à Dakar, au Sénégal, le 9 février."
DOVECOT = shutil.which("dovecot") or "/usr/sbin/dovecot"

CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{folder}/mail
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
default_internal_user = {internal}
default_login_user = {login}
passdb {{
  driver = static
  args = password=s3cret/word
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    if not Path(DOVECOT).exists() or os.getuid() != 0:
        pytest.skip("Dovecot is not installed, or not root here: the mailbox is not tried (apt install dovecot-imapd)")
    # Not in pytest's folder: Dovecot's own users look into it, and each pytest that starts beside this one shuts that.
    folder = Path(tempfile.mkdtemp(prefix="agenda-dovecot-"))
    folder.chmod(0o755)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free: int = probe.getsockname()[1]
    (folder / "mail").mkdir()
    shutil.chown(folder, "nobody", "nogroup")
    shutil.chown(folder / "mail", "nobody", "nogroup")
    settings = {"user": "nobody", "group": "nogroup", "internal": "dovecot", "login": "dovenull"}
    (folder / "dovecot.conf").write_text(CONFIGURATION.format(folder=folder, port=free, **settings))
    server = subprocess.Popen([DOVECOT, "-F", "-c", str(folder / "dovecot.conf")])
    try:
        _wait_for(free, folder)
        yield free
    finally:
        server.terminate()
        server.wait(timeout=10)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(port: int, folder: Path) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as answer:
                if answer.recv(100).startswith(b"* OK"):
                    return
        except OSError:
            time.sleep(0.1)
    raise AssertionError((folder / "log").read_text())


@pytest.fixture
def inbox(port: int) -> Iterator[imaplib.IMAP4]:
    client = imaplib.IMAP4("127.0.0.1", port)
    client.login("desk", "s3cret/word")
    for folder in ("INBOX", "Agenda", "Agenda-refused"):
        if client.select(folder)[0] == "OK" and count(client, folder):
            client.store("1:*", "+FLAGS", "\\Deleted")
            client.expunge()
    client.select("INBOX")
    yield client
    client.logout()


@pytest.fixture
def with_mailbox(tools: Tools, port: int) -> Tools:
    return replace(tools, mailbox=lambda name: f"imap://desk:s3cret%2Fword@127.0.0.1:{port}/" if name == "DESK" else "")


@pytest.fixture
def source(source_of: Callable[..., Source]) -> Source:
    return source_of(SourceKind.MAILBOX, "DESK")


def put(inbox: imaplib.IMAP4, *messages: bytes) -> None:
    for message in messages:
        assert inbox.append("INBOX", "", imaplib.Time2Internaldate(0), message)[0] == "OK"


def count(inbox: imaplib.IMAP4, folder: str) -> int:
    return int(inbox.select(folder)[1][0] or b"0")


def test_mail_is_received_read_and_moved(source: Source, with_mailbox: Tools, inbox: imaplib.IMAP4) -> None:
    put(
        inbox,
        mail(TEXT, Message_ID="<1@x.example>", Subject="Visite à Dakar"),
        mail("Ci-joint.", files=[("n.docx", "application/zip", word(TEXT + " Fin."))], Message_ID="<2@x.example>"),
    )  # fmt: skip
    outcome = mailbox.poll(source, {}, now=NOW, tools=with_mailbox)
    assert (outcome.received, outcome.refused) == (2, [])
    assert (count(inbox, "INBOX"), count(inbox, "Agenda")) == (0, 2)
    assert Communique.objects.get(identity="<1@x.example>").title == "Visite à Dakar"
    for version in CommuniqueVersion.objects.filter(text=""):
        tasks.read_version(version.pk)
    for version in CommuniqueVersion.objects.filter(text=""):
        tasks.read_version(version.pk)
    assert Communique.objects.count() == 3, "the file sent with it is a communiqué of its own"
    assert [proposal.draft["start"] for proposal in Proposal.objects.all()] == ["2023-02-09"] * 2


def test_charsets_and_html(source: Source, with_mailbox: Tools, inbox: imaplib.IMAP4) -> None:
    plain = b"From: a@b.example\r\nContent-Type: text/plain; charset=windows-1252\r\n\r\n" + TEXT.encode("cp1252")
    put(inbox, plain, mail(page=f"<p>{TEXT}</p><script>x</script>"))
    mailbox.poll(source, {}, now=NOW, tools=with_mailbox)
    for version in CommuniqueVersion.objects.all():
        tasks.read_version(version.pk)
    assert {version.text for version in CommuniqueVersion.objects.all()} == {TEXT}


def test_one_that_could_not_be_kept_moves_apart(source: Source, with_mailbox: Tools, inbox: imaplib.IMAP4) -> None:
    put(inbox, mail("x" * 21_000_000), mail(TEXT))
    outcome = mailbox.poll(source, {}, now=NOW, tools=with_mailbox)
    assert (outcome.received, len(outcome.refused)) == (1, 1)
    assert (count(inbox, "INBOX"), count(inbox, "Agenda"), count(inbox, "Agenda-refused")) == (0, 1, 1)


def test_stopped_between_database_and_move_it_is_received_once(
    source: Source, with_mailbox: Tools, inbox: imaplib.IMAP4, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(inbox, mail(TEXT, Message_ID="<1@x.example>"))

    def stop(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("imap_tools.BaseMailBox.move", stop)
        with pytest.raises(KeyboardInterrupt):
            mailbox.poll(source, {}, now=NOW, tools=with_mailbox)
    assert (Communique.objects.count(), count(inbox, "INBOX")) == (1, 1)
    outcome = mailbox.poll(source, {}, now=NOW, tools=with_mailbox)
    assert (outcome.received, outcome.known, Communique.objects.count()) == (0, 1, 1)
    assert (count(inbox, "INBOX"), count(inbox, "Agenda")) == (0, 1)


def test_stopped_before_the_database_has_it_it_stays_in_the_inbox(
    source: Source, with_mailbox: Tools, inbox: imaplib.IMAP4, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(inbox, mail(TEXT))
    with monkeypatch.context() as patched:
        patched.setattr(intake, "_keep", lambda *_args, **_named: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            mailbox.poll(source, {}, now=NOW, tools=with_mailbox)
    assert count(inbox, "INBOX") == 1


def test_a_wrong_password_is_said_without_naming_it(source: Source, with_mailbox: Tools, port: int) -> None:
    wrong = replace(with_mailbox, mailbox=lambda _name: f"imap://desk:wr0ng@127.0.0.1:{port}/INBOX")
    with pytest.raises(SourceError, match=r"mailbox: 127\.0\.0\.1") as caught:
        mailbox.poll(source, {}, now=NOW, tools=wrong)
    assert "wr0ng" not in str(caught.value)


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ("", "no_mailbox"),
        ("imaps://desk@mail.example/", "mailbox_address"),
        ("https://desk:word@mail.example/", "mailbox_address"),
        ("imap://desk:word@mail.example/", "unencrypted"),
        ("imap://desk:word@127.0.0.1:1/", "connection"),
    ],
)
def test_settings_that_cannot_work_are_said(source: Source, tools: Tools, stated: str, code: str) -> None:
    with pytest.raises(SourceError) as caught:
        mailbox.poll(source, {}, now=NOW, tools=replace(tools, mailbox=lambda _name: stated))
    assert caught.value.code == code
    assert "word" not in str(caught.value)
