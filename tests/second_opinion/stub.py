"""A server on loopback that speaks as much of the OpenAI protocol as is asked of it: real sockets, told answers."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Told:
    """One thing the server does: a status with its headers and bytes, after a pause, dripping if wanted."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    pause: float = 0.0
    drips: int = 0  # the body this many times, a pause before each; no length is announced


def answering(content: Any) -> Told:
    """A well-formed completion whose message is this JSON (or, if a string, just this)."""
    text = content if isinstance(content, str) else json.dumps(content)
    return Told(json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]}).encode())


class Stub:
    """The requests that came, and what is answered to each in turn; the last is repeated."""

    def __init__(self, *told: Told) -> None:
        self.told = list(told)
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.url = ""

    def next(self) -> Told:
        return self.told.pop(0) if len(self.told) > 1 else self.told[0]


@contextmanager
def serving(*told: Told) -> Iterator[Stub]:
    """A stub at `stub.url`, gone when the block ends."""
    stub = Stub(*told)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            stub.requests.append(json.loads(self.rfile.read(length)))
            stub.headers.append({key.lower(): value for key, value in self.headers.items()})
            stub.paths.append(self.path)
            self.answer(stub.next())

        def answer(self, said: Told) -> None:
            time.sleep(said.pause if not said.drips else 0)
            try:
                self.send_response(said.status)
                for key, value in said.headers.items():
                    self.send_header(key, value)
                if not said.drips:
                    self.send_header("Content-Length", str(len(said.body)))
                self.end_headers()
                for _ in range(said.drips or 1):
                    time.sleep(said.pause if said.drips else 0)
                    self.wfile.write(said.body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True  # the client had enough, as it should

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    stub.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=5)
