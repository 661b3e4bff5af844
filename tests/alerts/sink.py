"""A mail server on loopback that takes everything and keeps it (RFC 5321, as much as a sender needs)."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from queue import Queue


class _Session(socketserver.StreamRequestHandler):
    got: Queue[EmailMessage]

    def handle(self) -> None:
        self._say("220 sink")
        while line := self.rfile.readline():
            verb = line.split(b":")[0].split(b" ")[0].strip().upper()
            if verb == b"DATA":
                self._say("354 go on")
                self.got.put(message_from_bytes(self._message(), policy=default))
            self._say("221 bye" if verb == b"QUIT" else "250 taken")
            if verb == b"QUIT":
                return

    def _message(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def sink() -> Iterator[tuple[int, Queue[EmailMessage]]]:
    """Its port, and the mails that arrive."""
    got: Queue[EmailMessage] = Queue()
    session = type("Session", (_Session,), {"got": got})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), session) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield server.server_address[1], got
        finally:
            server.shutdown()
