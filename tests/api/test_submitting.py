"""A communiqué is handed in as text, file or address, and says where it stands."""

from __future__ import annotations

from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from agenda.tokens.models import make_token
from diplomacy.accounts.roles import DeskRole
from diplomacy.communiques import tasks
from diplomacy.communiques.models import Communique, CommuniqueVersion
from diplomacy.communiques.sources import web as sources_web
from diplomacy.communiques.sources.outcome import Tools
from tests import factories
from tests.api.test_schema import valid
from tests.fetching.server import web

pytestmark = [pytest.mark.django_db, pytest.mark.integration]

SUBMIT = "/api/v1/communiques/"
TEXT = "Le ministre malien des Affaires étrangères, Abdoulaye Diop, se rendra à Dakar le 9 février."


def program(*scopes: str, role: DeskRole = DeskRole.EDITOR) -> Client:
    _row, secret = make_token(factories.user(role), label="newsroom", scopes=scopes or None)
    return Client(headers={"authorization": f"Token {secret}", "accept-language": "en"})


def sent(client: Client, body: Any, **headers: str) -> Any:
    return client.post(SUBMIT, body, content_type="application/json", headers=headers)


def read_all() -> None:
    for version in CommuniqueVersion.objects.filter(job__state="waiting"):
        tasks.read_version(version.pk)


def places(answer: Any) -> dict[str, str]:
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    return {error["pointer"]: error["detail"] for error in answer.json()["errors"]}


def places_of(client: Client, path: str, body: Any) -> set[str]:
    return set(places(client.post(path, body, content_type="application/json")))


def test_a_text_says_where_it_stands_until_it_is_read() -> None:
    client = program(role=DeskRole.CONTRIBUTOR)
    answer = sent(client, {"text": TEXT, "published_on": "2023-02-07", "identity": "afp-1"})
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    assert answer["Location"] == answer.json()["url"] == answer.json()["links"]["self"]
    valid(answer, SUBMIT, "post")
    where = answer["Location"]
    waits = client.get(where)
    assert (waits.json()["reading"], waits.json()["proposals"]) == (None, [])
    read_all()
    said = client.get(where)
    valid(said, f"{SUBMIT}{{id}}/")
    assert (said.json()["state"], said.json()["version"]) == ("read", 1)
    assert said.json()["reading"]["visits"][0]["host_country"] == "SN"
    (proposal,) = said.json()["proposals"]
    reader = program("proposals:read")
    assert reader.get(proposal["url"]).json()["draft"]["start"] == "2023-02-09"
    assert [one["id"] for one in reader.get(said.json()["links"]["proposals"]).json()["results"]] == [proposal["id"]]
    assert client.get(proposal["url"]).status_code == 403
    sent(client, {"text": TEXT.replace("9", "10"), "published_on": "2023-02-07", "identity": "afp-1"})
    assert (client.get(where).json()["version"], client.get(where).json()["reading"]) == (2, None)
    assert client.get(f"{SUBMIT}00000000-0000-4000-8000-000000000000/").status_code == 404
    assert client.get(f"{SUBMIT}nobody/").status_code == 404


def test_a_file_is_taken_like_at_the_desk_and_a_repeat_is_done_once(settings: Any) -> None:
    client = program()
    page = f"<html><body><p>{TEXT}</p></body></html>".encode()

    def upload(content: bytes = page, **said: str) -> Any:
        file = SimpleUploadedFile("visite.html", content, content_type="text/html")
        return client.post(SUBMIT, {"file": file, **said}, headers={"idempotency-key": "file-1"})

    first = upload(published_on="2023-02-07")
    again = upload(published_on="2023-02-07")  # another boundary, the same bytes
    assert (first.status_code, again.status_code, again.content) == (202, 202, first.content)
    assert upload(b"<p>else", published_on="2023-02-07").status_code == 409
    version = CommuniqueVersion.objects.get()
    assert (bytes(version.original), version.filename) == (page, "visite.html")
    read_all()
    assert client.get(first["Location"]).json()["reading"]["visits"][0]["start"] == "2023-02-09"
    program_file = SimpleUploadedFile("a.exe", b"MZ\x90\x00\x03\x00\x00\x00", content_type="application/x-msdownload")
    assert "not read" in places(client.post(SUBMIT, {"file": program_file}))["/file"]
    assert places(client.post(SUBMIT, {"text": "a", "colour": "red", "url": "b"})).keys() == {"/colour"}
    assert places(client.post(SUBMIT, {"text": "a", "url": "b"})).keys() == {"/url"}
    assert places(sent(client, {"file": "a"})).keys() == {"/file"}
    assert Communique.objects.count() == 1


def test_several_texts_have_an_answer_each_and_no_body_is_without_end(settings: Any) -> None:
    client, path = program(), f"{SUBMIT}bulk/"
    entries = [
        {"text": TEXT, "published_on": "2023-02-07"}, {"text": TEXT, "colour": "red"}, {"url": "http://a.example/"},
        {"text": TEXT}, {"text": "Autre visite."},
    ]  # fmt: skip
    answer = client.post(path, {"entries": entries}, content_type="application/json")
    valid(answer, path, "post")
    results = answer.json()["results"]
    assert [one["status"] for one in results] == [202, 400, 400, 200, 202]
    places = [error["pointer"] for one in results for error in one["errors"]]
    assert places == ["/entries/1/colour", "/entries/2/url"]
    assert Communique.objects.count() == 2
    assert places_of(client, path, {"entries": []}) == {"/entries"}
    assert places_of(client, path, {"entries": ["a"]}) == {"/entries/0"}
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100_000
    for body in (
        {"data": {"text": "a" * 200_000}, "content_type": "application/json"},
        {"data": {"text": "a" * 200_000}},
    ):
        large = client.post(SUBMIT, **body)
        assert (large.status_code, large["Content-Type"]) == (413, "application/problem+json")


def test_an_address_is_asked_for_with_all_guards(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    address, client = "http://ministry.example/news/7.html", program()
    with web() as served:
        served.pages[address] = (200, {"Content-Type": "text/html"}, f"<html><body><p>{TEXT}".encode())
        tools = Tools(served.fetcher(), lambda _host, _patience: None, lambda _name: "", tmp_path)
        monkeypatch.setattr(tasks, "tools", lambda: tools)
        assert sent(client, {"url": address, "published_on": "2023-02-07"}).status_code == 202
        assert Communique.objects.get().identity == address
        assert "did not give" in places(sent(client, {"url": "http://ministry.example/gone"}))["/url"]
        served.names["localhost"] = [["127.0.0.1"]]
        for wrong in ("http://localhost/", "file:///etc/passwd", "http://user:word@ministry.example/", "nothing"):
            assert "public web" in places(sent(client, {"url": wrong}))["/url"], wrong
        asked = len(served.asked)
        monkeypatch.setattr(sources_web, "_WAITING", BoundedSemaphore(2))
        for _place in range(2):
            assert sources_web._WAITING.acquire(blocking=False)  # somebody else waits
        busy = sent(client, {"url": address})
        assert (busy.status_code, busy["Content-Type"]) == (429, "application/problem+json")
        assert (busy["Retry-After"], busy.json()["errors"][0]["code"]) == ("20", "busy")
        valid(busy, SUBMIT, "post")
        assert len(served.asked) == asked
    assert Communique.objects.count() == 1


def test_a_text_is_read_and_nothing_of_it_is_kept(settings: Any) -> None:
    client, path = program("parse"), "/api/v1/parse"
    body = {"text": TEXT, "published_on": "2023-02-07"}
    for address in (path, f"{path}/"):
        answer = client.post(address, body, content_type="application/json")
        assert answer.json()["visits"][0]["start"] == "2023-02-09"
    valid(answer, f"{path}/", "post")
    assert not Communique.objects.exists()
    assert places(client.post(path, {**body, "text": " "}, content_type="application/json")).keys() == {"/text"}
    wrong = client.post(path, {"text": "", "colour": 1}, content_type="application/json")
    assert places(wrong).keys() == {"/text", "/published_on", "/colour"}
    large = client.post(path, {**body, "text": "é" * 50_001}, content_type="application/json")
    assert (large.status_code, large["Content-Type"]) == (413, "application/problem+json")
    assert client.post(path, "[" * 90_000, content_type="application/json").status_code == 400
    assert client.post(path, "a" * 900_000, content_type="application/json").status_code == 413
    assert program().post(path, body, content_type="application/json").status_code == 403
    settings.AGENDA_RATE_PARSE = 1
    answers = [client.post(path, body, content_type="application/json") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert '"parse";q=1;w=60' in answers[0]["RateLimit-Policy"]
