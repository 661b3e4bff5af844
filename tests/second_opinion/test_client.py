"""One question over a real socket: what is tried again, what is not, and that nothing is without bounds."""

from __future__ import annotations

import datetime as dt
import json
import time
from typing import Any

import pytest

from diplomacy.second_opinion.client import LONGEST_WAIT, MAX_BYTES, ChatClient, Endpoint, NoAnswerError
from tests.second_opinion.stub import Stub, Told, answering, serving

MESSAGES = [{"role": "user", "content": "?"}]
NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


def client(stub: Stub, waits: list[float], **changed: Any) -> ChatClient:
    endpoint = Endpoint(base_url=stub.url, model="small", key="secret", **changed)
    return ChatClient(endpoint, sleep=waits.append, now=lambda: NOW)


def ask(stub: Stub, **changed: Any) -> tuple[Any, list[float]]:
    waits: list[float] = []
    return client(stub, waits, **changed).ask(MESSAGES, {"type": "object"}, json.loads), waits


def failure(stub: Stub, **changed: Any) -> tuple[str, list[float]]:
    waits: list[float] = []
    with pytest.raises(NoAnswerError) as caught:
        client(stub, waits, **changed).ask(MESSAGES, {"type": "object"}, json.loads)
    assert "secret" not in str(caught.value)
    return str(caught.value), waits


def test_what_is_asked() -> None:
    with serving(answering({"a": 1})) as stub:
        assert ask(stub) == ({"a": 1}, [])
    assert stub.paths == ["/v1/chat/completions"]
    assert stub.headers[0]["authorization"] == "Bearer secret"
    assert stub.requests[0] == {
        "model": "small",
        "temperature": 0,
        "messages": MESSAGES,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "reading", "strict": True, "schema": {"type": "object"}},
        },
    }


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again(status: int) -> None:
    with serving(Told(status=status), answering({"a": 1})) as stub:
        assert ask(stub) == ({"a": 1}, [1.0])
    assert len(stub.requests) == 2


def test_it_gives_up_after_three_attempts_that_lie_further_and_further_apart() -> None:
    with serving(Told(status=503)) as stub:
        assert failure(stub) == ("the server answered 503 (tried 3 times)", [1.0, 2.0])
    assert len(stub.requests) == 3


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("7", 7.0),
        ("86400", LONGEST_WAIT),
        ("99999999999999999999", LONGEST_WAIT),
        ("Mon, 02 Mar 2026 09:00:12 GMT", 12.0),
        ("Mon, 02 Mar 2026 08:00:00 GMT", 0.0),
        ("Wed, 02 Mar 2050 09:00:00 GMT", LONGEST_WAIT),
        ("soon", 1.0),
        ("-5", 1.0),
    ],
)
def test_retry_after_is_kept_to_but_never_beyond_its_bound(said: str, wait: float) -> None:
    with serving(Told(status=429, headers={"Retry-After": said}), answering({})) as stub:
        assert ask(stub) == ({}, [wait])


def test_a_wait_beyond_the_deadline_is_not_begun() -> None:
    with serving(Told(status=429, headers={"Retry-After": "20"})) as stub:
        assert failure(stub, deadline=10.0) == ("the server answered 429 (tried 1 times)", [])


@pytest.mark.parametrize("status", [301, 307, 400, 401, 403, 404, 422])
def test_a_refusal_is_not_asked_again_and_no_redirect_is_followed(status: int) -> None:
    with serving(Told(status=status, headers={"Location": "/elsewhere"}, body=b"secret")) as stub:
        assert failure(stub) == (f"the server answered {status}", [])
    assert len(stub.requests) == 1


def test_a_server_that_says_nothing_is_left_in_time_and_asked_again() -> None:
    started = time.monotonic()
    with serving(Told(pause=1.0)) as stub:
        reason, waits = failure(stub, read_timeout=0.1)
    assert reason == "the server did not answer in time (tried 3 times)"
    assert waits == [1.0, 2.0]
    assert time.monotonic() - started < 5


def test_a_server_that_drips_is_left_at_the_deadline() -> None:
    started = time.monotonic()
    with serving(Told(body=b" ", pause=0.1, drips=100)) as stub:
        assert failure(stub, deadline=0.5, read_timeout=0.4) == ("the answer took too long", [])
    assert time.monotonic() - started < 5


def test_a_server_that_is_not_there() -> None:
    with serving(answering({})) as stub:
        pass
    reason, waits = failure(stub)
    assert reason == "the server could not be reached (ConnectError) (tried 3 times)"
    assert waits == [1.0, 2.0]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not JSON",
        b"\xff\xfe",
        b"[]",
        b'{"choices": []}',
        b'{"choices": [{"message": {"content": null}}]}',
        b"[" * 100_000,
        answering("```json\n{}").body,
        answering('{"a": ').body,
    ],
)
def test_an_answer_that_is_not_understood_is_asked_for_again(body: bytes) -> None:
    with serving(Told(body), answering({"a": 1})) as stub:
        assert ask(stub) == ({"a": 1}, [1.0])
    with serving(Told(body)) as stub:
        assert failure(stub)[0].endswith("(tried 3 times)")
    assert len(stub.requests) == 3


@pytest.mark.parametrize("told", [Told(b"x" * (MAX_BYTES + 1)), Told(b"x" * 65_536, drips=100_000)])
def test_a_huge_answer_is_not_taken_in(told: Told) -> None:
    with serving(told) as stub:
        assert failure(stub) == (f"the answer is longer than {MAX_BYTES} bytes", [])


def test_a_compressed_answer_cannot_swell() -> None:
    with serving(Told(b"\x1f\x8b", headers={"Content-Encoding": "gzip"})) as stub:
        assert failure(stub)[0] == "the server compressed its answer although it was asked not to"


def test_the_environments_proxy_does_not_see_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with serving(answering({"a": 1})) as stub:
        assert ask(stub)[0] == {"a": 1}


def test_the_key_is_not_shown() -> None:
    assert "secret" not in repr(Endpoint(base_url="http://127.0.0.1", model="m", key="secret"))


def test_an_address_that_is_none() -> None:
    with pytest.raises(NoAnswerError):
        ChatClient(Endpoint(base_url="http://[", model="m"), sleep=lambda _: None).ask(MESSAGES, {}, json.loads)
    with pytest.raises(NoAnswerError):
        ChatClient(Endpoint(base_url="nowhere", model="m"), sleep=lambda _: None).ask(MESSAGES, {}, json.loads)
