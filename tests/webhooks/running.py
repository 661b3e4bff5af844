"""A receiver that speaks TLS, a broker and a worker process, each for as long as a block runs."""

from __future__ import annotations

import os
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from queue import Queue

from agenda.environment import socket_path
from agenda.stack import valkey

ROOT = Path(__file__).resolve().parent.parent.parent
Got = tuple[dict[str, str], bytes]


@contextmanager
def receiver(folder: Path) -> Iterator[tuple[int, Queue[Got]]]:
    """A server with a certificate for receiver.example; its port, and what arrives."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=receiver.example", "-addext", "subjectAltName=DNS:receiver.example",
         "-keyout", str(folder / "key.pem"), "-out", str(folder / "ca.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    got: Queue[Got] = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.put((dict(self.headers.items()), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Nothing."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=True)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        try:
            yield server.server_address[1], got
        finally:
            server.shutdown()


@contextmanager
def broker(folder: Path) -> Iterator[Path]:
    """A Valkey of its own; its socket."""
    server = subprocess.Popen(valkey.command(folder), stdout=subprocess.DEVNULL)
    try:
        valkey.wait_until_ready(folder)
        yield socket_path(folder)
    finally:
        server.terminate()
        server.wait(timeout=10)


@contextmanager
def worker(environment: dict[str, str]) -> Iterator[None]:
    """A worker in a process of its own."""
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "tests.webhooks.worker", "worker", "--pool", "solo",
               "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]  # fmt: skip
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, start_new_session=True)
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=10)
