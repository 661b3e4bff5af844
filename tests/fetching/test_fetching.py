"""The public web is asked and nothing else: no internal address by any spelling, redirect or change of mind of a name
server. Every connection of these tests ends on loopback."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from itertools import count

import httpcore2
import pytest

from diplomacy.fetching import Fetcher, FetchError, Known, Refusal, client, is_public, web_address

from .server import PUBLIC, Web, web

HOST = "http://ministry.example"


@pytest.fixture
def served() -> Iterator[Web]:
    with web() as found:
        yield found


def refusal_of(served: Web, url: str) -> Refusal:
    with pytest.raises(FetchError) as caught:
        served.fetcher().get(url)
    return caught.value.refusal


def test_a_page_comes_whole_with_its_kind_and_what_to_ask_with_next_time(served: Web) -> None:
    served.pages[f"{HOST}/news?page=1"] = (
        200,
        {"Content-Type": "text/html; charset=utf-8", "ETag": '"7"', "Last-Modified": "Tue, 07 Feb 2023 09:00:00 GMT"},
        b"<p>Visite",
    )
    page = served.fetcher().get(f"{HOST}/news?page=1")
    assert (page.content, page.media_type, page.url) == (
        b"<p>Visite",
        "text/html; charset=utf-8",
        f"{HOST}/news?page=1",
    )
    assert page.known == Known('"7"', "Tue, 07 Feb 2023 09:00:00 GMT")
    assert served.connected == [PUBLIC]
    assert served.asked[0][1]["user-agent"] == "Agenda-test"


def test_what_has_not_changed_is_not_sent_again(served: Web) -> None:
    served.pages[f"{HOST}/"] = (304, {}, b"")
    known = Known('"7"', "Tue, 07 Feb 2023 09:00:00 GMT")
    page = served.fetcher().get(HOST, known)
    assert (page.content, page.known) == (None, known)
    headers = served.asked[0][1]
    assert (headers["if-none-match"], headers["if-modified-since"]) == (known.etag, known.last_modified)


def test_a_packed_page_is_unpacked(served: Web) -> None:
    served.pages[f"{HOST}/"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"Visite" * 1000))
    assert served.fetcher().get(HOST).content == b"Visite" * 1000


def test_redirects_are_followed_relative_ones_too(served: Web) -> None:
    served.pages[f"{HOST}/"] = (301, {"Location": "/fr"}, b"")
    served.pages[f"{HOST}/fr"] = (302, {"Location": "http://www.ministry.example/fr/"}, b"")
    served.pages["http://www.ministry.example/fr/"] = (200, {}, b"ici")
    assert served.fetcher().get(HOST).url == "http://www.ministry.example/fr/"


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1",
     "255.255.255.255", "198.18.0.1", "192.0.2.1", "::", "::1", "fe80::1", "fe80::1%eth0", "fd00::1", "ff02::1",
     "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2002:7f00:1::",
     "2001:0:53aa:64c:0:0:f5ff:fffe", "2001:db8::1", "not an address", ""],
)  # fmt: skip
def test_what_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", [PUBLIC, "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_what_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    ["ftp://ministry.example/", "file:///etc/passwd", "gopher://ministry.example/", "//ministry.example", "", "http://",
     "http://user@ministry.example/", "http://u:p@ministry.example/", "http://ministry.example:8080/",
     "https://ministry.example:80/", "http://ministry.example/a b", "http://ministry.example/\r\nHost: x",
     "http://[::1", "http://ministry.example:port/", f"http://ministry.example/{'a' * 2000}", "http://\u2025/"],
)  # fmt: skip
def test_addresses_that_are_never_asked(served: Web, url: str) -> None:
    assert refusal_of(served, url) is Refusal.ADDRESS
    assert not served.connected


@pytest.mark.parametrize(
    ("host", "means"),
    [("localhost", "127.0.0.1"), ("2130706433", "127.0.0.1"), ("0x7f000001", "127.0.0.1"), ("127.1", "127.0.0.1"),
     ("[::ffff:127.0.0.1]", "::ffff:127.0.0.1"), ("metadata.example", "169.254.169.254"), ("db.example", "10.0.0.5")],
)  # fmt: skip
def test_a_host_that_stands_for_an_internal_address_is_never_connected(served: Web, host: str, means: str) -> None:
    served.names[host.strip("[]")] = [[means]]
    assert refusal_of(served, f"http://{host}/") is Refusal.ADDRESS
    assert not served.connected


def test_one_internal_address_among_public_ones_is_enough(served: Web) -> None:
    served.names["ministry.example"] = [[PUBLIC, "127.0.0.1"]]
    assert refusal_of(served, HOST) is Refusal.ADDRESS
    assert not served.connected


def test_a_name_server_that_changes_its_mind_changes_nothing(served: Web) -> None:
    served.pages[f"{HOST}/"] = (200, {}, b"ici")
    served.names["ministry.example"] = [[PUBLIC], ["127.0.0.1"]]
    assert served.fetcher().get(HOST).content == b"ici"
    assert served.connected == [PUBLIC], "the address that was checked is the one that was asked"
    assert refusal_of(served, HOST) is Refusal.ADDRESS


@pytest.mark.parametrize(
    "location",
    ["http://localhost/", "http://2130706433/", "file:///etc/passwd", "http://u:p@ministry.example/",
     "http://ministry.example:22/"],
)  # fmt: skip
def test_a_redirect_to_an_internal_address_is_not_followed(served: Web, location: str) -> None:
    served.names |= {"localhost": [["127.0.0.1"]], "2130706433": [["127.0.0.1"]]}
    served.pages[f"{HOST}/"] = (302, {"Location": location}, b"")
    assert refusal_of(served, HOST) is Refusal.ADDRESS
    assert len(served.connected) == 1


def test_redirects_end(served: Web) -> None:
    served.pages[f"{HOST}/"] = (302, {"Location": "/"}, b"")
    assert refusal_of(served, HOST) is Refusal.REDIRECTS
    assert len(served.asked) == 6


@pytest.mark.parametrize("status", [400, 403, 404, 410, 429, 500, 503, 204])
def test_anything_but_a_page_is_said(served: Web, status: int) -> None:
    served.pages[f"{HOST}/"] = (status, {}, b"")
    with pytest.raises(FetchError, match=f"ministry.example answered {status}"):
        served.fetcher().get(HOST)


def test_an_unknown_host(served: Web) -> None:
    served.names["ministry.example"] = [[]]
    assert refusal_of(served, HOST) is Refusal.NAME


def test_too_large_a_page_is_left(served: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "MOST_BYTES", 1000)
    served.pages[f"{HOST}/"] = (200, {}, b"x" * 1000)
    assert len(served.fetcher().get(HOST).content or b"") == 1000
    served.pages[f"{HOST}/"] = (200, {}, b"x" * 1001)
    assert refusal_of(served, HOST) is Refusal.SIZE


def test_a_packed_bomb_bursts_at_the_limit(served: Web) -> None:
    served.pages[f"{HOST}/"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"\x00" * 300_000_000, 9))
    assert refusal_of(served, HOST) is Refusal.SIZE


@pytest.mark.parametrize(("packing", "content"), [("br", b"x"), ("deflate", b"x"), ("gzip", b"no gzip")])
def test_what_is_packed_otherwise_is_not_read(served: Web, packing: str, content: bytes) -> None:
    served.pages[f"{HOST}/"] = (200, {"Content-Encoding": packing}, content)
    assert refusal_of(served, HOST) is Refusal.ANSWER


def test_an_endless_page_ends_at_the_limit_of_time(served: Web) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"x" * 100)
        except OSError:
            return

    served.pages[f"{HOST}/"] = drip
    ticks = count(0, 5)
    with pytest.raises(FetchError) as caught:
        served.fetcher(clock=lambda: float(next(ticks))).get(HOST)
    assert caught.value.refusal is Refusal.TIME


class Dripping(httpcore2.NetworkStream):
    """A server that gives `answer`, then one byte every four seconds of a clock of its own, for ever."""

    def __init__(self, answer: bytes = b"") -> None:
        self.now, self.waits = 0.0, list[float | None]()
        self._answer = answer

    def connect(self, _address: str, _port: int, _timeout: float | None) -> httpcore2.NetworkStream:
        return self

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self.waits.append(timeout)
        self.now += 4
        given, self._answer = self._answer[:max_bytes] or b"x", b""
        return given

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Take everything."""

    def close(self) -> None:
        """Nothing."""


@pytest.mark.parametrize(
    ("seconds", "waits"), [(None, [10, 10, 10, 10, 10, 10, 6, 2]), (20, [10, 10, 10, 8, 4]), (0, [])]
)
@pytest.mark.parametrize("answer", [b"", b"HTTP/1.1 200 OK\r\nX-Long: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_server_that_drips_is_left_at_the_limit_of_time(
    seconds: float | None, waits: list[float], answer: bytes
) -> None:
    server = Dripping(answer)
    fetcher = Fetcher(
        agent="Agenda-test", resolve=lambda *_: [PUBLIC], connect=server.connect, clock=lambda: server.now
    )
    with pytest.raises(FetchError) as caught:
        (fetcher if seconds is None else fetcher.within(seconds)).get(HOST)
    assert caught.value.refusal is Refusal.TIME
    assert server.waits == waits, "with each byte less is waited for"


def test_what_is_no_http(served: Web) -> None:
    def other(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"SSH-2.0-x\r\n\r\n")

    served.pages[f"{HOST}/"] = other
    assert refusal_of(served, HOST) is Refusal.ANSWER


def test_addresses_in_other_scripts_and_with_accents() -> None:
    assert str(web_address("https://Présidence.example/actualités?q=é#x")) == (
        "https://xn--prsidence-c4a.example/actualit%C3%A9s?q=%C3%A9"
    )
    assert web_address("http://ministry.example.").host == "ministry.example"


def test_what_is_handed_over_arrives_whole_and_no_redirect_is_followed(served: Web) -> None:
    got: list[tuple[str, bytes]] = []

    def take(headers: dict[str, str], body: bytes) -> int:
        got.append((headers["content-type"], body))
        return 204 if len(got) == 1 else 302

    served.posts = take
    post = served.fetcher().post
    assert post(f"{HOST}/hook", b'{"a":1}', {"Content-Type": "application/json"}).status == 204
    assert post(f"{HOST}/hook", b"", {"Content-Type": "application/json"}).status == 302
    assert got == [("application/json", b'{"a":1}'), ("application/json", b"")]
    assert served.connected == [PUBLIC, PUBLIC]


def test_nothing_is_handed_over_inside(served: Web) -> None:
    served.names["ministry.example"] = [["192.168.1.1"]]
    with pytest.raises(FetchError) as caught:
        served.fetcher().post(f"{HOST}/hook", b"secret", {})
    assert caught.value.refusal is Refusal.ADDRESS
    assert (served.connected, served.asked) == ([], [])
