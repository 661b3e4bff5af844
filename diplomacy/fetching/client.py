"""Ask for one page, or hand one thing over, with every size, wait and redirect bounded, at the very address that was
checked."""

from __future__ import annotations

import copy
import math
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin

import httpcore2
import truststore

from diplomacy.fetching.addresses import AddressError, WebAddress, is_public, web_address

MOST_BYTES = 10_000_000  # unpacked
SECONDS = 30.0  # for one page, with redirects and headers, once its name is resolved
_WAIT = 10.0  # seconds, for a connection and between bytes
_REDIRECTS = 5
_GZIP = 16 + zlib.MAX_WBITS

Resolve = Callable[[str, int], Sequence[str]]
Connect = Callable[[str, int, float | None], httpcore2.NetworkStream]


class Refusal(StrEnum):
    """Why a page was not had."""

    ADDRESS = "address"  # none of the public web
    NAME = "name"  # the host has no address
    CONNECTION = "connection"
    TIME = "time"
    SIZE = "size"
    REDIRECTS = "redirects"
    STATUS = "status"
    ANSWER = "answer"  # what was answered is no HTTP, or packed in a way nobody asked for


class FetchError(RuntimeError):
    """Raised for a page that could not be had. `detail` names host or status; never what the server wrote."""

    def __init__(self, refusal: Refusal, detail: str = "") -> None:
        super().__init__(f"{refusal}: {detail}" if detail else refusal.value)
        self.refusal = refusal
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a page from the last time: asked for again only if it has changed (RFC 9110, 13.1)."""

    etag: str = ""
    last_modified: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What was answered. `content` is None where nothing has changed; `url` is where it was found in the end."""

    url: str
    content: bytes | None
    media_type: str
    known: Known


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered to something handed over. `retry_after` is the header as it came (RFC 9110, 10.2.3)."""

    status: int
    retry_after: str = ""


def resolve(host: str, port: int) -> Sequence[str]:
    """The numeric addresses of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def connect(address: str, port: int, timeout: float | None) -> httpcore2.NetworkStream:
    """A connection to a numeric address."""
    return httpcore2.SyncBackend().connect_tcp(address, port, timeout=timeout)


class _TimedStream(httpcore2.NetworkStream):
    """A connection of which no step waits longer than there is `left` (seconds) of the whole: who sends byte by byte
    is not waited for anew with each. A TLS handshake has one timeout as it is.
    """

    def __init__(self, stream: httpcore2.NetworkStream, left: Callable[[], float]) -> None:
        self._stream, self._left = stream, left

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _within(timeout, self._left(), httpcore2.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _within(timeout, self._left(), httpcore2.WriteTimeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        wait = _within(timeout, self._left(), httpcore2.ConnectTimeout)
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, wait), self._left)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _within(timeout: float | None, left: float, late: type[httpcore2.TimeoutException]) -> float:
    """How long (seconds) a step may wait. Raises `late` where nothing is left."""
    if left <= 0:
        raise late
    return left if timeout is None else min(timeout, left)


class _CheckedBackend(httpcore2.NetworkBackend):
    """Resolves a host once, requires every answer to be public and connects to the one it checked, so that a second
    answer of the name server can change nothing. `left` is how long (seconds) all of it may still take."""

    def __init__(self, resolve: Resolve, connect: Connect, left: Callable[[], float]) -> None:
        self._resolve, self._connect, self._left = resolve, connect, left

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        try:
            addresses = self._resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise FetchError(Refusal.NAME, host) from error
        if not addresses:
            raise FetchError(Refusal.NAME, host)
        if not all(is_public(address) for address in addresses):
            raise FetchError(Refusal.ADDRESS, host)
        wait = _within(timeout, self._left(), httpcore2.ConnectTimeout)
        return _TimedStream(self._connect(addresses[0], port, wait), self._left)


class Fetcher:
    """Gets pages. `agent` names us to the servers; resolver, connection and clock are handed in by tests."""

    def __init__(
        self,
        *,
        agent: str,
        resolve: Resolve = resolve,
        connect: Connect = connect,
        clock: Callable[[], float] = time.monotonic,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self.agent = agent
        self._resolve, self._connect = resolve, connect
        self._clock = clock
        self._last = math.inf
        self._trust = trust or truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    def within(self, seconds: float) -> Fetcher:
        """The same, for whom all that is asked for from now on ends within so many seconds."""
        hurried = copy.copy(self)
        hurried._last = self._clock() + seconds
        return hurried

    def get(self, url: str, known: Known | None = None) -> Page:
        """The page at an address, redirects followed, each checked like the first.

        Raises FetchError.
        """
        until = self._until()
        for _redirect in range(_REDIRECTS + 1):
            answer = self._ask(_checked(url), known or Known(), until)
            if isinstance(answer, Page):
                return answer
            url = urljoin(url, answer)
        raise FetchError(Refusal.REDIRECTS, f"more than {_REDIRECTS}")

    def post(self, url: str, content: bytes, headers: Mapping[str, str]) -> Reply:
        """Hand `content` over; what was answered, whichever status it is.

        A redirect is an answer like any other: it is not followed, so that nothing reaches an address that nobody
        named. What the server writes is not read. Raises FetchError where there was no answer.
        """
        sent = [("User-Agent", self.agent), ("Content-Length", str(len(content))), *headers.items()]
        with self._exchange("POST", _checked(url), sent, content, self._until()) as response:
            given = (text.decode("latin-1") for name, text in response.headers if name.lower() == b"retry-after")
            return Reply(int(response.status), next(given, "")[:100])

    def _until(self) -> float:
        """By when (of the clock) what is asked for now has ended."""
        return min(self._clock() + SECONDS, self._last)

    def _ask(self, address: WebAddress, known: Known, until: float) -> Page | str:
        """The page, or where it is said to be."""
        with self._exchange("GET", address, self._headers(known), None, until) as response:
            return self._answer(address, response, known)

    @contextmanager
    def _exchange(
        self, method: str, address: WebAddress, headers: list[tuple[str, str]], content: bytes | None, until: float
    ) -> Iterator[httpcore2.Response]:
        """The answer while it is read; what goes wrong meanwhile is a FetchError."""
        timeouts = dict.fromkeys(("connect", "read", "write", "pool"), _WAIT)
        backend = _CheckedBackend(self._resolve, self._connect, lambda: until - self._clock())
        try:
            with (
                httpcore2.ConnectionPool(ssl_context=self._trust, network_backend=backend) as pool,
                pool.stream(
                    method, str(address), headers=headers, content=content, extensions={"timeout": timeouts}
                ) as response,
            ):
                yield response
        except httpcore2.TimeoutException as error:
            raise FetchError(Refusal.TIME, address.host) from error
        except httpcore2.NetworkError as error:
            raise FetchError(Refusal.CONNECTION, address.host) from error
        except (httpcore2.ProtocolError, UnicodeError) as error:
            raise FetchError(Refusal.ANSWER, address.host) from error
        except OSError as error:
            raise FetchError(Refusal.CONNECTION, address.host) from error

    def _headers(self, known: Known) -> list[tuple[str, str]]:
        headers = [("User-Agent", self.agent), ("Accept", "*/*"), ("Accept-Encoding", "gzip")]
        if known.etag:
            headers.append(("If-None-Match", known.etag))
        if known.last_modified:
            headers.append(("If-Modified-Since", known.last_modified))
        return headers

    def _answer(self, address: WebAddress, response: httpcore2.Response, known: Known) -> Page | str:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
        status = response.status
        if status == HTTPStatus.NOT_MODIFIED:
            return Page(str(address), None, "", known)
        if 300 <= status < 400 and headers.get("location"):
            return headers["location"]
        if status != HTTPStatus.OK:
            raise FetchError(Refusal.STATUS, f"{address.host} answered {status}")
        found = Known(headers.get("etag", "")[:200], headers.get("last-modified", "")[:100])
        content = self._content(response, headers.get("content-encoding", ""), address)
        return Page(str(address), content, headers.get("content-type", ""), found)

    def _content(self, response: httpcore2.Response, packed: str, address: WebAddress) -> bytes:
        unpack = _unpacker(packed, address)
        content = bytearray()
        try:
            for piece in response.iter_stream():
                content += unpack(piece, MOST_BYTES + 1 - len(content))
                if len(content) > MOST_BYTES:
                    raise FetchError(Refusal.SIZE, f"{address.host} sent more than {MOST_BYTES} bytes")
        except zlib.error as error:
            raise FetchError(Refusal.ANSWER, address.host) from error
        return bytes(content)


def _checked(url: str) -> WebAddress:
    # A number for a host (decimal, hexadecimal, short) is judged as what it stands for, once it is resolved.
    try:
        return web_address(url)
    except AddressError as error:
        raise FetchError(Refusal.ADDRESS, str(error)) from error


def _unpacker(packed: str, address: WebAddress) -> Callable[[bytes, int], bytes]:
    """What unpacks an answer piece by piece, never to more than is asked for: a bomb bursts at the limit."""
    if packed in ("", "identity"):
        return lambda piece, _most: piece
    if packed not in ("gzip", "x-gzip"):
        raise FetchError(Refusal.ANSWER, f"{address.host}: {packed}")
    unpacking = zlib.decompressobj(_GZIP)
    return lambda piece, most: unpacking.decompress(piece, max(most, 1))
