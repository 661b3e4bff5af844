"""What an editor pastes or uploads, good and bad: each answer is a sentence that says what to do, nothing is lost,
and the worker goes on.
"""

from __future__ import annotations

import datetime as dt
import html
from pathlib import Path
from threading import BoundedSemaphore

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from diplomacy.accounts.models import User
from diplomacy.communiques import tasks
from diplomacy.communiques.intake import Arrival, RefusedError, receive
from diplomacy.communiques.models import Communique, CommuniqueVersion, Proposal, ReadingJob
from diplomacy.communiques.sources import web as sources_web
from diplomacy.communiques.sources.outcome import Tools
from tests import factories
from tests.documents.files import mail, pdf, word
from tests.fetching.server import web

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

TEXT = "Le ministre malien des Affaires étrangères, Abdou Keïta, effectue une visite à Dakar, au Sénégal, le 9 février."
DAY = "2023-02-07"
FIVE_MB = b"Visite officielle. " * (5_000_000 // 19)


@pytest.fixture(autouse=True)
def _read_after_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.read_version, "delay", tasks.read_version.run)


def post(desk: Client, **fields: object) -> str:
    """Post the form as a browser does that speaks English; the page one then sees."""
    form = {"text": "", "published_on": DAY, "language": "", "embargo": "", "embargo_zone": "", **fields}
    answer = desk.post("/admin/receive/", form, follow=True, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "There is no text. Paste the communiqué or choose a file that holds it."),
        ({"text": " \n\t "}, "There is no text."),
        (
            {"text": FIVE_MB.decode()},
            "at most 2 MB of text, 20 MB of a file and 300 pages are read. Send the part that speaks of the visit.",
        ),
        ({"file": SimpleUploadedFile("long.txt", FIVE_MB)}, "This is too large: at most 2 MB of text"),
        ({"file": SimpleUploadedFile("empty.txt", b"")}, "empty"),
        (
            {"file": SimpleUploadedFile("tool.txt", b"\x7fELF\x00\x00\x01\x02")},
            "tool.txt: This kind of file is not read.",
        ),
        (
            {"file": SimpleUploadedFile("photo.jpg", b"\xff\xd8\xff\xe0", content_type="image/jpeg")},
            "photo.jpg: This kind of file is not read. Send text, PDF, Word (.docx)",
        ),
        ({"file": [SimpleUploadedFile(f"{n}.txt", TEXT.encode()) for n in range(51)]}, "At most 50 files at once."),
        ({"text": TEXT, "published_on": "7th of Feb"}, "Enter a valid date."),
        ({"text": TEXT, "embargo": "2023-02-08T18:00"}, "Say in which time zone"),
    ],
    ids=[
        "nothing",
        "blank",
        "5 MB pasted",
        "5 MB file",
        "empty file",
        "binary",
        "image",
        "51 files",
        "no day",
        "no zone",
    ],
)
def test_what_cannot_be_kept_gets_a_sentence_and_keeps_nothing(
    desk: Client, fields: dict[str, object], says: str
) -> None:
    assert says in post(desk, **fields).replace("&quot;", '"')
    assert not CommuniqueVersion.objects.exists()


def test_several_files_are_a_communique_each_and_one_that_is_refused_does_not_hold_up_the_others(
    desk: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    files = [
        SimpleUploadedFile("note.pdf", pdf([TEXT]), content_type="application/pdf"),
        SimpleUploadedFile("photo.jpg", b"\xff\xd8\xff\xe0", content_type="image/jpeg"),
        SimpleUploadedFile("note.docx", word(TEXT), content_type="application/octet-stream"),
    ]
    with django_capture_on_commit_callbacks(execute=True):
        page = post(desk, file=files)
    assert "photo.jpg: This kind of file is not read." in page
    assert "Received: 2. Known already: 0." in page
    assert sorted(Communique.objects.values_list("state", "title")) == [("read", TEXT), ("read", TEXT)]
    assert [proposal.draft["start"] for proposal in Proposal.objects.all()] == ["2023-02-09"] * 2


def test_a_file_that_cannot_be_read_is_kept_and_says_why_in_the_queue(
    desk: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        post(desk, file=SimpleUploadedFile("scan.pdf", pdf([]), content_type="application/pdf"))
        post(desk, text=TEXT)
    page = desk.get("/admin/", headers={"accept-language": "en"}).content.decode()
    assert "The PDF holds pictures of pages and no text." in page
    failed = Communique.objects.get(title="scan.pdf")
    assert (failed.state, bytes(failed.latest.original)) == ("failed", pdf([]))
    assert Proposal.objects.count() == 1


def test_what_was_pasted_stays_in_the_form_after_an_error(desk: Client) -> None:
    assert TEXT in post(desk, text=TEXT, published_on="yesterday").replace("&#x27;", "'")


def test_without_a_date_it_waits_is_listed_and_is_read_once_dated(
    desk: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    page = post(desk, text=TEXT, published_on="")
    assert "Give its publication date so that it is read." in page
    assert "Give its date" in page
    communique = Communique.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"/admin/communiques/{communique.pk}/date/", {"published_on": DAY, "language": ""})
    assert Proposal.objects.get().draft["start"] == "2023-02-09"


def test_a_duplicate_is_kept_once_and_said(
    desk: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        post(desk, text=TEXT)
        assert "received before; it is kept once" in post(desk, text=TEXT)
    assert CommuniqueVersion.objects.count() == Proposal.objects.count() == 1


def test_an_unknown_language_is_said_at_the_desk_and_can_be_corrected(
    desk: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    finnish = "Tämä on tiedote ulkoministerin virallisesta vierailusta Helsingissä ensi viikolla."
    with django_capture_on_commit_callbacks(execute=True):
        post(desk, text=finnish)
    page = desk.get("/admin/", headers={"accept-language": "en"}).content.decode()
    assert "Read, nothing to propose" in page
    assert "Nothing was read in it. If its language was told wrongly, correct it." in page
    communique = Communique.objects.get()
    assert communique.latest.text == finnish
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"/admin/communiques/{communique.pk}/date/", {"published_on": DAY, "language": "en"})
    assert communique.latest.extractions.count() == 2


def test_after_bad_input_the_next_text_is_read(
    desk: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        post(desk, file=SimpleUploadedFile("tool.txt", b"\x7fELF\x00\x00\x01\x02"))
        post(desk, text="Zxcv qwpo. " * 50)
        post(desk, text=TEXT)
    assert set(ReadingJob.objects.values_list("state", flat=True)) == {"done"}
    assert Proposal.objects.count() == 1


def test_an_embargo_is_kept_with_its_zone(desk: Client) -> None:
    post(desk, text=TEXT, embargo="2023-02-08T18:00", embargo_zone="Africa/Nairobi")
    assert Communique.objects.get().embargoed_until == dt.datetime(2023, 2, 8, 15, tzinfo=dt.UTC)


def test_windows_text_is_read_as_written(desk: Client) -> None:
    post(desk, file=SimpleUploadedFile("note.txt", (TEXT + "\r\nL’œuvre").encode("cp1252"), content_type="text/plain"))
    assert CommuniqueVersion.objects.get().text == TEXT + "\nL’œuvre"


def test_the_original_bytes_are_kept(desk: Client) -> None:
    original = TEXT.encode("utf-16")
    post(desk, file=SimpleUploadedFile("note.txt", original, content_type="text/plain"))
    version = CommuniqueVersion.objects.get()
    assert (bytes(version.original), version.text) == (original, TEXT)


@pytest.mark.parametrize("original", [b"", b"x" * 2_000_001, b"\x00\x01\x02", b"\x89PNG\r\n\x1a\n\x00"])
def test_intake_itself_refuses_what_the_form_refuses(original: bytes) -> None:
    with pytest.raises(RefusedError):
        receive(Arrival(original=original, received_at=factories.NOW), factories.source())
    assert not Communique.objects.exists()


def test_a_mail_gives_its_day_and_each_file_sent_with_it_is_received_too(
    desk: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    files = (("programme.docx", "application/octet-stream", word(TEXT)), ("logo.png", "image/png", b"\x89PNG"))
    original = mail("Veuillez trouver le programme ci-joint.", files=files)
    with django_capture_on_commit_callbacks(execute=True):
        post(desk, file=SimpleUploadedFile("note.eml", original), published_on="")
    assert set(Communique.objects.values_list("title", "state")) == {("Communiqué", "read"), (TEXT, "read")}
    assert {version.published_on for version in CommuniqueVersion.objects.all()} == {dt.date(2023, 2, 7)}
    assert Proposal.objects.get().draft["start"] == "2023-02-09"
    with django_capture_on_commit_callbacks(execute=True):
        version = CommuniqueVersion.objects.get(communique__title="Communiqué")
        tasks.read_version(version.pk)
    assert CommuniqueVersion.objects.count() == 2, "reading it again receives nothing again"


def test_a_file_without_a_day_waits_for_one_after_its_text_is_known(
    desk: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        post(desk, file=SimpleUploadedFile("note.docx", word(TEXT)), published_on="")
    communique = Communique.objects.get()
    assert (communique.state, communique.latest.text) == ("waiting_for_date", TEXT)
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"/admin/communiques/{communique.pk}/date/", {"published_on": DAY, "language": ""})
    assert Proposal.objects.get().draft["start"] == "2023-02-09"


def test_the_bookmark_opens_the_form_and_keeps_nothing(desk: Client, editor: User, settings: Settings) -> None:
    settings.AGENDA_BASE_URL = "https://diary.example"
    page = html.unescape(desk.get("/admin/receive/").content.decode())
    opened = (
        "javascript:void(open(\"https://diary.example/admin/receive/\"+'?address='+encodeURIComponent(location.href)))"
    )
    assert opened in page
    address = 'http://ministry.example/?a=1&b="><script>'
    assert "<script>" not in desk.get("/admin/receive/", {"address": address}).content.decode().split("<form")[-1]
    assert not Communique.objects.exists()
    stranger = Client(enforce_csrf_checks=True)
    stranger.force_login(editor)
    assert stranger.post("/admin/receive/", {"address": address}).status_code == 403


def test_a_script_is_told_where_to_go(desk: Client) -> None:
    files = [SimpleUploadedFile(f"{number}.txt", f"{TEXT} {number}".encode()) for number in range(2)]
    form = {"file": files, "published_on": DAY}
    answer = desk.post("/admin/receive/", form, headers={"accept": "application/json", "accept-language": "en"})
    assert answer.json() == {"next": "/admin/"}
    assert "Received: 2. Known already: 0." in desk.get("/admin/", headers={"accept-language": "en"}).content.decode()
    refused = desk.post(
        "/admin/receive/", {"text": ""}, headers={"accept": "application/json", "accept-language": "en"}
    )
    assert 'id="receive"' in refused.content.decode()


def test_a_web_page_is_received_by_its_address(
    desk: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:  # fmt: skip
    address = "http://ministry.example/news/7.html"
    with web() as served:
        served.pages[address] = (200, {"Content-Type": "text/html"}, f"<html><body><p>{TEXT}".encode())
        tools = Tools(served.fetcher(), lambda _host, _patience: None, lambda _name: "", tmp_path)
        monkeypatch.setattr(tasks, "tools", lambda: tools)
        form = desk.get("/admin/receive/", {"address": address}).content.decode()
        assert f'value="{address}"' in form, "a bookmark can fill it in"
        with django_capture_on_commit_callbacks(execute=True):
            post(desk, address=address)
        assert Communique.objects.get().identity == address
        assert Proposal.objects.get().draft["start"] == "2023-02-09"
        page = post(desk, address="http://ministry.example/gone")
        assert "The server did not give the page." in page
        with monkeypatch.context() as busy:
            busy.setattr(sources_web, "_WAITING", BoundedSemaphore(1))
            assert sources_web._WAITING.acquire(blocking=False)  # somebody else waits
            assert "Too many pages are being asked for" in post(desk, address=address)
        served.names["localhost"] = [["127.0.0.1"]]
        assert "The address is none of the public web." in post(desk, address="http://localhost/")
    assert Communique.objects.count() == 1


def test_the_original_can_be_saved_again_and_never_opens_in_the_browser(desk: Client) -> None:
    original = b"<html><body><script>alert(1)</script>Visite</body></html>"
    post(desk, file=SimpleUploadedFile('a"b;\u00e9.html', original, content_type="text/html"))
    version = CommuniqueVersion.objects.get()
    answer = desk.get(f"/admin/originals/{version.pk}/")
    assert answer.content == original
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment; filename")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    page = desk.get(f"/admin/communiques/{version.communique_id}/").content.decode()
    assert f"/admin/originals/{version.pk}/" in page
    assert Client().get(f"/admin/originals/{version.pk}/").status_code == 302


@pytest.mark.parametrize(("server", "said"), [("mx.desk.example", "(proven: protocole.example)"), ("", "(not proven)")])
def test_a_senders_domain_is_proven_by_our_own_server_alone(
    desk: Client, settings: Settings, server: str, said: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:  # fmt: skip
    settings.AGENDA_MAIL_SERVER = server
    results = "mx.desk.example; dmarc=pass header.from=protocole.example"
    with django_capture_on_commit_callbacks(execute=True):
        post(desk, file=SimpleUploadedFile("n.eml", mail(TEXT, Authentication_Results=results)))
    communique = Communique.objects.get()
    page = desk.get(f"/admin/communiques/{communique.pk}/", headers={"accept-language": "en"})
    assert f"presse@protocole.example {said}" in page.content.decode()


def test_every_language_that_is_read_can_be_chosen(desk: Client) -> None:
    page = desk.get("/admin/receive/", headers={"accept-language": "fr"}).content.decode()
    assert '<option value="es">espagnol</option>' in page
    assert '<option value="ar">arabe</option>' in page
    text = "El ministro de Asuntos Exteriores viaja a Lima el 9 de febrero."
    desk.post("/admin/receive/", {"text": text, "published_on": DAY, "language": "es"})
    assert CommuniqueVersion.objects.get().language == "es"
