"""A server on loopback that stands for the public web, and the connection that leads there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpcore2

from diplomacy.fetching import Fetcher

PUBLIC = "93.184.216.34"
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Web:
    """Pages by host and path; `asked` keeps every request, `names` what the name server answers, in turn."""

    port: int
    pages: dict[str, Answer | Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    names: dict[str, list[list[str]]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    connected: list[str] = field(default_factory=list)
    posts: Callable[[dict[str, str], bytes], int] | None = None  # takes what is handed over, gives the status
    retry_after: str = ""  # said with each answer to what is handed over

    def resolve(self, host: str, _port: int) -> list[str]:
        """The answer of a name server that may change its mind."""
        answers = self.names.get(host)
        if answers is None:
            return [PUBLIC]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def connect(self, address: str, _port: int, timeout: float | None) -> httpcore2.NetworkStream:
        """A connection to the server on loopback, whatever address was checked."""
        self.connected.append(address)
        return httpcore2.SyncBackend().connect_tcp("127.0.0.1", self.port, timeout=timeout)

    def fetcher(self, **given: object) -> Fetcher:
        """A fetcher that sees this web only."""
        return Fetcher(agent="Agenda-test", resolve=self.resolve, connect=self.connect, **given)  # type: ignore[arg-type]


@contextmanager
def web() -> Iterator[Web]:
    """A web for one test."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = f"http://{self.headers['Host']}{self.path}"
            served.asked.append((url, {name.lower(): value for name, value in self.headers.items()}))
            answer = served.pages.get(url, (404, {}, b""))
            if callable(answer):
                answer(self)
                return
            status, headers, content = answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            served.asked.append((f"http://{self.headers['Host']}{self.path}", headers))
            content = self.rfile.read(int(self.headers["Content-Length"]))
            status = served.posts(headers, content) if served.posts else 404
            self.send_response(status)
            if served.retry_after:
                self.send_header("Retry-After", served.retry_after)
            if 300 <= status < 400:
                self.send_header("Location", "http://127.0.0.1/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        served = Web(server.server_address[1])
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield served
        finally:
            server.shutdown()
